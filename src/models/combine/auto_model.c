/* Problem: which model, when nobody has said?
 *
 * Method: candidates that suit different data are back-tested over the horizon that will be
 * forecast (Tashman 2000), and series lend each other evidence by their kind (Fildes 1989,
 * "Evaluation of aggregate and individual forecast method selection rules"): those of steady and
 * those of intermittent demand (Syntetos, Boylan and Croston 2005), those with two seasons or more
 * and shorter ones, and those too short for any window. Kinds of few series borrow from the others.
 * Each kind gets one mix of the candidates (mix.c); what has no part in it is not fitted.
 *
 * Work is counted, not timed, so that the same is chosen on every machine: `effort` says how many
 * of the candidates, series and windows are looked at.
 *
 * Intervals come from the same windows, from errors that the series of a kind share; without a
 * window they are those of the mix (verdict.c).
 *
 * Limits: nothing is chosen for one series alone. Candidates that the shortened histories of the
 * windows cannot carry are not measured, and not chosen.
 *
 * Periods in which a column known ahead says that a series is closed are no observations, and are
 * forecast as 0; where it has no value the weekday decides, if that is plain (closed.c).
 *
 * State: how many closed periods the history began with, the weekdays on which the series is
 * closed, then what places of the season multiply (places.h); the pool of its kind says what was
 * measured, how the candidates are mixed and how far they err. */
#include "calendar/holiday_rows.h"
#include "models/choice.h"
#include "models/combine/candidates.h"
#include "models/combine/closed.h"
#include "models/combine/inner.h"
#include "models/combine/verdict.h"
#include "models/regressors.h"

#include <math.h>
#include <string.h>

static const wsf__option options[] = {
    {"country", WSF__WORD, "none", 0, 0, WSF__HOLIDAY_COUNTRIES "|none",
     "whose holidays the preset candidates regress on, where they regress"},
    {"models", WSF__CALLS, wsf__candidates, 0, 0, "model",
     "the candidates, those that take longest last"},
    {"horizon", WSF__INT, "0", 0, 100000, NULL,
     "periods that will be forecast; 0: those that the fit was told of, else as in the M4 "
     "competition, 6 years, 8 quarters, 18 months, 13 weeks, 14 days, 48 hours, else a season"},
    {"effort", WSF__WORD, "normal", 0, 0, "quick|normal|thorough",
     "how much is tried: the first 9 candidates on 200 series and one window, the first 18 on 1000 "
     "and two windows, all on 10000 and three windows"},
    {"season", WSF__INT, "0", 0, 100000, NULL, "periods in a season; 0 = the data's"},
};

static wsf_status scope(wsf__scope *out, const wsf__node *node, const wsf__panel *panel,
                        wsf_error *err) {
  (void)node;
  (void)panel;
  (void)err;
  *out = (wsf__scope){.of = WSF__PANEL};
  return WSF_OK;
}

static int64_t horizon_of(const wsf__node *node, const wsf__fit *f) {
  const int64_t asked = wsf__arg_int(node, "horizon");
  if (asked > 0) return asked;
  if (f->horizon > 0) return f->horizon;
  switch (f->panel->calendar.step == 1 ? f->panel->calendar.freq : 0) {
  case WSF__YEAR:
    return 6;
  case WSF__QUARTER:
    return 8;
  case WSF__MONTH:
    return 18;
  case WSF__WEEK:
    return 13;
  case WSF__DAY:
    return 14;
  case WSF__HOUR:
    return 48;
  default:
    return 0; /* rolling.c: a season, or six periods */
  }
}

/* ---- closed periods ------------------------------------------------------------------------ */

enum { LEAD, WEEKDAYS, PLACES }; /* in a state */

/* That a history may begin with. */
static const double LEAD_MOST = 9007199254740992.0;
static const double WEEKDAYS_MOST = 127;

/* A series from a later period of its history on. */
static wsf__series later(const wsf__series *s, int64_t periods) {
  wsf__series out = *s;
  out.y = s->y ? s->y + periods : NULL;
  out.n -= periods;
  out.t0 += periods;
  return out;
}

/* The batch without what stands in closed periods, each series from its first observation left. One
 * that was never open stays as it is. */
static wsf_status open_up(wsf__batch *some, wsf__fit *f, const wsf__batch *b,
                          const wsf__closed *closed) {
  *some = *b;
  if (closed->column < 0) return WSF_OK;
  wsf__series *copy = wsf__batch_copy(f, b);
  if (!copy) return wsf__fail_memory(f->err);
  for (int64_t i = 0; i < b->n; ++i) {
    if (wsf__stopped(f->env)) return wsf__fail_stopped(f->env, f->err);
    wsf__closed_mask(closed, f->panel, &copy[i]);
    int64_t lead = 0;
    while (lead < copy[i].n && isnan(copy[i].y[lead])) ++lead;
    copy[i] = lead < copy[i].n ? later(&copy[i], lead) : b->series[i];
  }
  some->series = copy;
  return WSF_OK;
}

/* What the series of a kind share. */
typedef struct learnt {
  wsf__choice choice;
  wsf__lines lines;
} learnt;

static const wsf__choice *choice_of(const wsf__fitted *m, const wsf__series *s) {
  const learnt *l = wsf__pool_of(m, s);
  return &l->choice;
}

static wsf__closed closed_of(const wsf__fitted *m, const wsf__series *s, const wsf__panel *panel) {
  const wsf__choice *c = choice_of(m, s);
  return (wsf__closed){.column = c->closed ? wsf__panel_find_column(panel, c->closed) : -1,
                       .when = c->closed_when,
                       .weekdays = (unsigned)m->state[s->slot].v[WEEKDAYS]};
}

/* A series as the calls inside saw it. */
static wsf__series open_series(const wsf__fitted *m, const wsf__series *s) {
  const double lead = m->state[s->slot].v[LEAD];
  return lead < (double)s->n ? later(s, (int64_t)lead) : *s;
}

/* ---- fit ----------------------------------------------------------------------------------- */

static wsf__rolling rolling_of(const wsf__fitted *m, const wsf__fit *f) {
  const bool given = f->evidence && f->evidence->node == m->node;
  return (wsf__rolling){.windows = wsf__effort_of(m->node).windows,
                        .horizon = given ? f->evidence->horizon : horizon_of(m->node, f),
                        .season = wsf__season_of(m->node, f->panel)};
}

static wsf__kin *kins_of(const wsf__fit *f, const wsf__batch *b, const wsf__rolling *r) {
  wsf__kin *kin = wsf__arena_new(f->scratch, (size_t)b->n, sizeof *kin);
  for (int64_t i = 0; kin && i < b->n; ++i) {
    kin[i] = wsf__stopped(f->env) ? 0 : wsf__kin_of(&b->series[i], r); /* nobody looks at it then */
  }
  return kin;
}

static wsf_status gather_open(wsf__fit *f, const wsf__batch *b, const wsf__fitted *m,
                              wsf__share share, wsf__evidence *out) {
  const wsf__effort e = wsf__effort_of(m->node);
  const wsf__rolling r = rolling_of(m, f);
  bool *tried = wsf__arena_new(f->scratch, (size_t)m->node->n_inner, sizeof *tried);
  const wsf__kin *kin = kins_of(f, b, &r);
  if (!tried || !kin) return wsf__fail_memory(f->err);
  WSF__TRY(wsf__candidates_try(tried, m->node, f, b));
  const wsf__look look = {tried, kin, e.series, share};
  return wsf__evidence_gather(out, f, b, m, &look, &r);
}

static wsf_status learn(wsf__verdicts *out, wsf__evidence *evidence, wsf__fit *f,
                        const wsf__batch *b, const wsf__fitted *m, const wsf__kin *kin) {
  if (f->evidence && f->evidence->node == m->node) {
    *evidence = *f->evidence;
    wsf__evidence_adopt(evidence, f, b, wsf__effort_of(m->node).series);
  } else {
    WSF__TRY(gather_open(f, b, m, (wsf__share){0, 1}, evidence));
  }
  wsf__evidence_close(evidence);
  evidence->own_units = b->n > 0 && b->series[0].interval;
  bool *tried = wsf__arena_new(f->scratch, (size_t)m->node->n_inner, sizeof *tried);
  if (!tried) return wsf__fail_memory(f->err);
  WSF__TRY(wsf__candidates_try(tried, m->node, f, b));
  return wsf__verdicts_find(out, f, b, evidence, kin, tried);
}

/* ---- what is kept -------------------------------------------------------------------------- */

static learnt *learnt_room(wsf__arena *keep, int calls) {
  learnt *l = wsf__arena_zero(keep, 1, sizeof *l);
  double *numbers = wsf__arena_zero(keep, (size_t)calls, 2 * sizeof *numbers);
  if (!l || !numbers) return NULL;
  l->choice = (wsf__choice){.calls = calls, .weight = numbers, .error = numbers + calls};
  return l;
}

static void tell_stretch(learnt *l) {
  l->choice.stretch[0] = wsf__lines_stretch(&l->lines, 1);
  l->choice.stretch[1] = wsf__lines_stretch(&l->lines, INT64_C(1) << l->lines.n);
}

static wsf_status keep_choice(wsf__fit *f, wsf__fitted *out, const wsf__series *first,
                              const wsf__verdicts *v, wsf__kin k, const wsf__closed *closed,
                              int64_t horizon, int32_t *number) {
  const int calls = out->node->n_inner;
  const wsf__verdict *what = &v->of[k];
  wsf__arena *keep = f->pool_new(f, out, first, number);
  learnt *l = keep ? learnt_room(keep, calls) : NULL;
  if (!l) return wsf__fail_memory(f->err);
  wsf__choice *c = &l->choice;
  memcpy(c->weight, what->mix.weight, (size_t)calls * sizeof *c->weight);
  memcpy(c->error, what->mix.error, (size_t)calls * sizeof *c->error);
  c->kind = k;
  c->name = wsf__kin_name(k);
  c->series = what->series;
  c->cells = what->cells;
  c->horizon = horizon;
  if (closed->column >= 0) {
    const char *name = f->panel->column[closed->column].name;
    c->closed = wsf__arena_text(keep, name, strlen(name));
    c->closed_when = closed->when;
    if (!c->closed) return wsf__fail_memory(f->err);
  }
  out->pool[*number - 1] = l;
  c->lean = what->lean;
  c->scored = v->windows;
  WSF__TRY(wsf__verdicts_lines(&l->lines, f, keep, v, k));
  tell_stretch(l);
  return WSF_OK;
}

/* Where all of a mix regress on columns, which a forecast may lack: the best call that does not
 * stands by, with no weight; -1: none has to. */
static int stand_by(const wsf__node *node, const wsf__mix *mix) {
  int best = -1;
  for (int call = 0; call < node->n_inner; ++call) {
    if (wsf__regressors_used(node->inner[call])) continue;
    if (mix->weight[call] > 0) return -1;
    if (isnan(mix->error[call])) continue;
    if (best < 0 || mix->error[call] < mix->error[best]) best = call;
  }
  return best;
}

/* Fit each candidate to the series of the kinds that want it. */
static wsf_status fit_wanted(wsf__fit *f, const wsf__batch *b, wsf__fitted *out,
                             const wsf__verdicts *v, const wsf__kin *kin) {
  int *want = wsf__arena_new(f->scratch, (size_t)b->n, sizeof *want);
  if (!want) return wsf__fail_memory(f->err);
  int spare[WSF__KINDS];
  for (wsf__kin k = 0; k < WSF__KINDS; ++k) {
    spare[k] = v->of[k].series > 0 ? stand_by(out->node, &v->of[k].mix) : -1;
  }
  for (int call = 0; call < out->node->n_inner; ++call) {
    for (int64_t i = 0; i < b->n; ++i) {
      const wsf__mix *mix = &v->of[kin[i]].mix;
      const bool wanted = mix->weight[call] > 0 || call == spare[kin[i]];
      want[i] = wanted ? call : -1;
    }
    const wsf_status status = wsf__inner_fit_wanted(f, b, want, out);
    if (status != WSF_OK) {
      wsf__say_cut(f->err, f->env, out->node->spec->name, call, out->node->n_inner,
                   "candidates, all of them measured");
      return status;
    }
    for (int64_t i = 0; i < b->n; ++i) {
      if (want[i] < 0) wsf__state_fail(out->inner[call], &b->series[i], WSF__SKIPPED);
    }
  }
  return WSF_OK;
}

/* Series that nothing of their mix could be fitted to take the first candidate that can. */
static wsf_status fit_others(wsf__fit *f, const wsf__batch *b, wsf__fitted *out) {
  int *want = wsf__arena_new(f->scratch, (size_t)b->n, sizeof *want);
  if (!want) return wsf__fail_memory(f->err);
  for (int call = 0; call < out->node->n_inner; ++call) {
    bool any = false;
    for (int64_t i = 0; i < b->n; ++i) {
      bool fitted = out->inner[call]->state[b->series[i].slot].reason != WSF__SKIPPED;
      for (int c = 0; c < out->node->n_inner; ++c) {
        fitted = fitted || out->inner[c]->state[b->series[i].slot].reason < WSF__NOT_FITTED;
      }
      want[i] = fitted ? -1 : call;
      any = any || !fitted;
    }
    if (any && !wsf__inner_pools(out->node->inner[call], f->panel)) {
      WSF__TRY(wsf__inner_fit_wanted(f, b, want, out));
    }
  }
  return WSF_OK;
}

/* What all calls in the mix say of a series. One that had to be simplified is no news where another
 * was not. */
static int32_t reason_of(const wsf__fitted *out, const wsf__choice *c, int64_t slot) {
  int32_t merged = WSF__SKIPPED, failed = WSF__SHORT;
  bool wanted = false;
  for (int call = 0; call < c->calls; ++call) {
    int32_t reason = out->inner[call]->state[slot].reason;
    if (reason == WSF__SKIPPED) continue;
    if (reason == WSF__REPLACED || reason == WSF__NO_EFFECT || reason == WSF__FEWER_COLUMNS) {
      reason = WSF__OK; /* its own affair */
    }
    if (reason >= WSF__NOT_FITTED) {
      failed = reason;
      continue;
    }
    if (merged == WSF__SKIPPED || reason == WSF__OK) merged = reason;
    wanted = wanted || c->weight[call] > 0;
  }
  if (merged == WSF__SKIPPED) return failed;
  return wanted ? merged : WSF__REPLACED;
}

static wsf_status fit_open(wsf__fit *f, const wsf__batch *whole, const wsf__batch *b,
                           const wsf__closed *closed, wsf__fitted *out) {
  const wsf__rolling r = rolling_of(out, f);
  const wsf__kin *kin = kins_of(f, b, &r);
  if (!kin) return wsf__fail_memory(f->err);
  wsf__evidence evidence;
  wsf__verdicts v;
  WSF__TRY(learn(&v, &evidence, f, b, out, kin));
  WSF__TRY(fit_wanted(f, b, out, &v, kin));
  WSF__TRY(fit_others(f, b, out));
  int32_t number[WSF__KINDS] = {0};
  for (int64_t i = 0; i < b->n; ++i) {
    const wsf__series *s = &b->series[i];
    const wsf__kin k = kin[i];
    if (number[k] == 0) {
      WSF__TRY(keep_choice(f, out, s, &v, k, closed, r.horizon, &number[k]));
    }
    const learnt *l = out->pool[number[k] - 1];
    const int32_t reason = reason_of(out, &l->choice, s->slot);
    if (reason >= WSF__NOT_FITTED) {
      wsf__state_fail(out, s, reason);
      continue;
    }
    const int32_t own = v.of[k].measured ? WSF__OK : WSF__NO_BACKTEST;
    const int32_t shut = closed->column < 0 ? WSF__OK : WSF__CLOSED;
    const int32_t all = wsf__merged_reason(reason, wsf__extent_of(s->y, s->n));
    const int32_t told = wsf__reason_or(wsf__reason_or(all, own), shut);
    const int64_t places = l->lines.n > 0 ? wsf__places_numbers(&v.places, i) : 0;
    double *state = wsf__state_set(f, out, s, PLACES + places, told);
    if (!state) return wsf__fail_memory(f->err);
    state[LEAD] = (double)(whole->series[i].n - s->n);
    state[WEEKDAYS] = wsf__closed_weekdays(closed, f->panel, &whole->series[i]);
    if (places > 0) wsf__places_keep(state + PLACES, &v.places, i, s);
    out->state[s->slot].pool = number[k];
  }
  return WSF_OK;
}

static wsf_status fit(wsf__fit *f, const wsf__batch *b, wsf__fitted *out) {
  const wsf__closed closed = wsf__closed_find(f->panel, b, f->scratch);
  wsf__batch some;
  WSF__TRY(open_up(&some, f, b, &closed));
  return fit_open(f, b, &some, &closed, out);
}

static wsf_status gather(wsf__fit *f, const wsf__batch *b, const wsf__fitted *m, wsf__share share,
                         wsf__evidence *out) {
  const wsf__closed closed = wsf__closed_find(f->panel, b, f->scratch);
  wsf__batch some;
  WSF__TRY(open_up(&some, f, b, &closed));
  return gather_open(f, &some, m, share, out);
}

/* ---- what a fit left ----------------------------------------------------------------------- */

static wsf_status predict(wsf__predict *p, const wsf__fitted *m, const wsf__batch *b,
                          wsf__forecast out[]) {
  wsf__inner_forecasts *inner;
  wsf__series *some = wsf__arena_new(p->scratch, (size_t)b->n, sizeof *some);
  wsf__forecast *own = wsf__arena_new(p->scratch, (size_t)b->n, sizeof *own);
  if (!some || !own) return wsf__fail_memory(p->err);
  bool pooled = false;
  for (int64_t i = 0; i < b->n; ++i) {
    const learnt *l = wsf__pool_of(m, &b->series[i]);
    pooled = pooled || l->lines.n > 0;
  }
  for (int64_t i = 0; i < b->n; ++i) {
    some[i] = open_series(m, &b->series[i]);
    own[i] = out[i];
    if (pooled && !wsf__lines_ask(&own[i], &out[i], p->scratch)) return wsf__fail_memory(p->err);
  }
  WSF__TRY(wsf__inner_ask(&inner, p, m, &(wsf__batch){b->n, some}, own));
  for (int64_t i = 0; i < b->n; ++i) {
    const learnt *l = wsf__pool_of(m, &b->series[i]);
    const wsf__state *state = &m->state[b->series[i].slot];
    const wsf__closed closed = closed_of(m, &b->series[i], p->frame);
    wsf__inner_forecasts_mean(&inner[i], l->choice.weight, &own[i]);
    if (pooled) {
      WSF__TRY(wsf__lines_forecast(p, &l->lines, state->v + PLACES, state->n - PLACES, &some[i],
                                   &own[i], &out[i]));
    }
    wsf__closed_forecast(&closed, p->frame, &some[i], &out[i]);
  }
  return WSF_OK;
}

static wsf_status update(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                         wsf__fitted *out) {
  const wsf__closed closed = closed_of(old, s, f->panel);
  wsf__series news = *s;
  if (closed.column >= 0) {
    const wsf__series *copy = wsf__batch_copy(f, &(wsf__batch){1, s});
    if (!copy) return wsf__fail_memory(f->err);
    news = *copy;
    wsf__closed_mask(&closed, f->panel, &news);
  }
  WSF__TRY(wsf__inner_update(f, old, &news, out));
  double *v = wsf__state_copy(f, old, s, out);
  if (!v) return wsf__fail_memory(f->err);
  if (closed.column >= 0) v[WEEKDAYS] = wsf__closed_weekdays_kept(&closed, f->panel, s);
  wsf__places_move(v + PLACES, old->state[s->slot].n - PLACES, s->n);
  const int32_t reason = reason_of(out, choice_of(old, s), s->slot);
  const int32_t before = old->state[s->slot].reason;
  const bool stays = before == WSF__NO_BACKTEST || before == WSF__CLOSED;
  wsf__state_reason(out, s, wsf__reason_or(reason, stays ? before : WSF__OK));
  return WSF_OK;
}

static wsf__untold untold(const wsf__predict *p, const wsf__fitted *m, const wsf__series *s,
                          int64_t h) {
  const wsf__closed closed = closed_of(m, s, p->frame);
  return (wsf__untold){wsf__closed_untold(&closed, p->frame, s, h), closed.column};
}

/* No candidate is fitted to a history that has only begun: that is for the next fit. */
static wsf_status start(wsf__fit *f, const void *pool, const wsf__series *s, wsf__fitted *out) {
  (void)f;
  (void)pool;
  wsf__state_fail(out, s, WSF__NEW);
  return WSF_OK;
}

static bool check(const wsf__node *node, const wsf__panel *frame, const wsf__state *state) {
  if (state->n < PLACES || !wsf__whole(state->v[LEAD], 0, LEAD_MOST)) return false;
  if (!wsf__whole(state->v[WEEKDAYS], 0, WEEKDAYS_MOST)) return false;
  return wsf__places_check(state->v + PLACES, state->n - PLACES, wsf__season_of(node, frame));
}

static void save_pool(wsf__writer *w, const wsf__node *node, const void *pool) {
  (void)node;
  const learnt *l = pool;
  const wsf__choice *c = &l->choice;
  wsf__write_i64(w, c->kind);
  wsf__write_i64(w, c->series);
  wsf__write_i64(w, c->cells);
  wsf__write_i64(w, c->horizon);
  wsf__write_f64s(w, c->weight, c->calls);
  wsf__write_f64s(w, c->error, c->calls);
  wsf__write_text(w, c->closed ? c->closed : "");
  wsf__write_f64(w, c->closed_when);
  wsf__write_f64(w, c->lean);
  wsf__write_i64(w, c->scored);
  wsf__lines_write(w, &l->lines);
}

static const void *load_pool(wsf__reader *r, wsf__arena *keep, const wsf__node *node,
                             const wsf__panel *frame) {
  learnt *l = wsf__read_room(r, keep, 1, sizeof *l);
  if (!l) return NULL;
  wsf__choice *c = &l->choice;
  *c = (wsf__choice){.calls = node->n_inner};
  c->kind = wsf__read_i64(r);
  c->series = wsf__read_i64(r);
  c->cells = wsf__read_i64(r);
  c->horizon = wsf__read_i64(r);
  c->weight = wsf__read_f64s(r, keep, c->calls);
  c->error = wsf__read_f64s(r, keep, c->calls);
  c->closed = wsf__read_text(r, keep);
  c->closed_when = wsf__read_f64(r);
  c->lean = wsf__read_f64(r);
  c->scored = wsf__read_i64(r);
  if (!wsf__lines_read(&l->lines, r, keep)) return NULL;
  tell_stretch(l);
  if (r->failed || c->kind < 0 || c->kind >= WSF__KINDS) return NULL;
  c->name = wsf__kin_name((wsf__kin)c->kind);
  if (!(c->lean >= 0 && c->lean <= 1)) return NULL;
  if (c->series < 1 || c->cells < 0 || c->horizon < 0 || c->scored < 0) return NULL;
  for (int call = 0; call < c->calls; ++call) {
    if (!(c->weight[call] >= 0 && c->weight[call] <= 1)) return NULL;
    if (!isnan(c->error[call]) && !(c->error[call] >= 1)) return NULL;
  }
  if (!c->closed[0])
    c->closed = NULL;
  else if (wsf__panel_find_column(frame, c->closed) < 0)
    return NULL;
  return l;
}

static wsf_status history(wsf__fit *f, const wsf__fitted *out, const wsf__series *s) {
  const wsf__choice *c = choice_of(out, s);
  const wsf__closed closed = closed_of(out, s, f->panel);
  const wsf__series open = open_series(out, s);
  wsf__history_mean(out, &open, c->weight);
  double *to = wsf__history_of(out, s);
  for (int64_t t = 0; t < s->n; ++t) {
    if (wsf__closed_at(&closed, f->panel, s, s->t0 + t)) to[t] = 0;
  }
  return WSF_OK;
}

static const wsf__choice *choice(const wsf__fitted *m, int64_t slot) {
  const learnt *l = m->pool[m->state[slot].pool - 1];
  return &l->choice;
}

const wsf__model_class wsf__model_auto = {
    .spec = {.family = "model",
             .group = "combine",
             .name = "auto",
             .summary = "what back-tests over the horizon find best for each kind of series",
             .source =
                 "Tashman (2000); Caruana et al. (2004), Ensemble selection from libraries of "
                 "models",
             .since = "0.2.0",
             .example = "auto(horizon=13)",
             .options = options,
             .n_options = sizeof options / sizeof *options},
    .fit = fit,
    .predict = predict,
    .update = update,
    .gather = gather,
    .start = start,
    .save_pool = save_pool,
    .load_pool = load_pool,
    .check = check,
    .choice = choice,
    .promise = {.update = WSF__NOT, .why = "an update keeps the choice"},
    .history = history,
    .scope = scope,
    .untold = untold,
    .blends = true,
};
