/* Which form of exponential smoothing a series gets: those that its data can carry are searched as
 * far as they may still win, and the one with the least information criterion is kept.
 *
 * Conventions of R's forecast::ets (Hyndman and Khandakar 2008, section 2): how parameters are
 * counted, and which forms short series are left with. Regressors are found by turns with the form
 * (models/design.c). */
#include "analysis/plain_season.h"
#include "math/elementary.h"
#include "models/history.h"
#include "models/local/ets/ets_request.h"
#include "models/trend_uncertainty.h"

#include <math.h>
#include <string.h>

enum { SHORTEST = 5 /* observations that a form with two parameters needs */ };
static const double SHORT_ALPHA = 0.5; /* weight of the level of a shorter series */

/* Parameters of a form that a prior holds: they are not free. */
static int held(const wsf__ets_form *form, const wsf__ets_limits *limits) {
  return limits->prior *
         ((form->trend && isnan(limits->fixed[1])) + (form->damped && isnan(limits->fixed[3])));
}

static double penalty(char ic, double n, int k) {
  const double p = k + 1; /* and the variance of the errors */
  if (ic == 'b') return wsf__ln(n) * p;
  return 2 * p + (ic == 'a' ? 0 : 2 * p * (p + 1) / (n - p - 1));
}

/* One history on the way to a fit. */
typedef struct task {
  const wsf__ets_request *r;
  const wsf__series *s;
  wsf__ets_view view[2]; /* of forms that only add, and of the others */
  wsf__regressors *source;
  const double *x; /* [n][n_x], as the panel has it */
  wsf__design columns;
  double past[WSF__SLOPES];
  double *around;      /* [r->period] a season of a view that does not move; NULL: none */
  const double *error; /* [r->period] its standard errors, of values or factors */
  int parameters;      /* that it is worth */
  bool factors;        /* it divides */
} task;

/* Filter the history from its first states and keep what is left. */
static wsf_status keep_fit(wsf__fit *f, const task *job, wsf__fitted *out, wsf__ets *e, int count,
                           double ic, int32_t reason) {
  const wsf__series *s = job->s;
  const int k = job->r->x.n;
  const bool errors = job->around && wsf__arg_is(out->node, "intervals", "adjusted");
  const int64_t size = wsf__ets_state_size(e->m, k);
  double *v = wsf__state_set(f, out, s, size + (errors ? e->m : 0), reason);
  if (!v) return wsf__fail_memory(f->err);
  memset(v, 0, (size_t)out->state[s->slot].n * sizeof *v);
  if (errors) wsf__ets_turn(v + size, job->error, e->m, s->n);
  wsf__ets_sums sums = {.f = wsf__history_of(out, s)};
  wsf__ets_state_write(v, e, count, &sums, 0);
  memcpy(v + WSF__ETS_AT_PAST, job->past, sizeof job->past);
  if (k > 0) {
    memcpy(wsf__ets_state_centre(v), job->columns.centre, (size_t)k * sizeof *v);
    memcpy(wsf__ets_state_b(v, k), job->columns.b, (size_t)k * sizeof *v);
    memcpy(wsf__ets_state_cover(v, k), job->columns.cover, (size_t)(k * k) * sizeof *v);
  }
  if (!wsf__ets_state_move(v, e, &sums, s->y, job->x, s->n, k, f->scratch)) {
    return wsf__fail_memory(f->err);
  }
  if (wsf__ets_valid(e) && isfinite(sums.sse)) {
    wsf__ets_state_write(v, e, count, &sums, isfinite(ic) ? ic : 0);
  } else {
    wsf__state_fail(out, s, WSF__NOT_FINITE);
  }
  return WSF_OK;
}

/* A level alone, with a fixed weight: series that nothing can be estimated from. */
static wsf_status keep_level(wsf__fit *f, task *job, wsf__fitted *out, double alpha,
                             int32_t reason) {
  double season = 0;
  wsf__ets e = {.form = {.error = WSF__ETS_ADD},
                .m = 1,
                .alpha = alpha,
                .phi = 1,
                .level = job->s->y[0],
                .season = &season};
  for (int j = 0; j < job->r->x.n; ++j) job->columns.b[j] = 0;
  return keep_fit(f, job, out, &e, 1, 0, reason);
}

static bool same_form(const wsf__ets_form *a, const wsf__ets_form *b) {
  return a->error == b->error && a->trend == b->trend && a->season == b->season &&
         a->damped == b->damped;
}

static bool multiplies(const wsf__ets_form *form) {
  return form->error == WSF__ETS_MUL || form->trend == WSF__ETS_MUL || form->season == WSF__ETS_MUL;
}

/* All the forms of one view and one shape: kind of season, and multiplicative or other trend. unit:
 * of the view in those of forms that add, so that criteria are of the same values; the logarithm of
 * a unit of the values themselves would round differently in each. */
enum { SHAPES = 6 };
static wsf_status fit_shape(wsf__fit *f, const wsf__ets_request *r, wsf__ets_work *w, double unit,
                            bool powers, const wsf__ets_form *form, int n_forms, int n_columns,
                            int shape, int m, double count, wsf__ets_fit *best, double *best_ic) {
  wsf__ets_form mine[WSF__ETS_LANES];
  wsf__ets_fit fitted[WSF__ETS_LANES];
  double cost[WSF__ETS_LANES], ic[WSF__ETS_LANES], bound = *best_ic;
  const double of_unit = 2 * count * wsf__ln(unit);
  int n = 0, winner = -1;
  for (int i = 0; i < n_forms; ++i) {
    if (multiplies(&form[i]) != powers) continue;
    if (form[i].season + 3 * (form[i].trend == WSF__ETS_MUL) != shape) continue;
    mine[n] = form[i];
    fitted[n].start.season = best->start.season + (n + 1) * m;
    const int k = wsf__ets_count(&form[i], m, &r->limits) - held(&form[i], &r->limits);
    ic[n] = penalty(r->ic, count, k + n_columns);
    cost[n] = ic[n] + of_unit;
    ++n;
  }
  if (n == 0) return WSF_OK;
  if (wsf__stopped(f->env)) return wsf__fail_stopped(f->env, f->err);
  const wsf__mark mark = wsf__arena_mark(f->scratch);
  if (r->simplex) {
    if (!wsf__ets_simplex(fitted, mine, cost, n, w, m, &r->limits, &bound, f->scratch)) {
      return wsf__fail_memory(f->err);
    }
  }
  for (int i = 0; i < n; ++i) {
    if (!r->simplex) {
      wsf__ets_maximise(&fitted[i], w, &mine[i], m, &r->limits, *best_ic - cost[i]);
    }
    ic[i] += fitted[i].deviance + fitted[i].prior; /* in any unit the same bits */
    const double own = fitted[i].deviance + fitted[i].prior + cost[i];
    if (!(own < *best_ic)) continue;
    *best_ic = own;
    winner = i;
    double *season = best->start.season;
    memcpy(season, fitted[i].start.season, (size_t)fitted[i].start.m * sizeof *season);
    *best = fitted[i];
    best->start.season = season;
  }
  if (winner >= 0 && r->limits.prior && n_columns == 0) {
    wsf__ets_average(best, fitted, ic, n, ic[winner], &r->limits);
  }
  wsf__arena_reset(f->scratch, mark);
  return WSF_OK;
}

/* The series from its first whole row on, with gaps where a column has one. */
static wsf_status read_columns(wsf__fit *f, const wsf__series *s, task *job, wsf__series *rest,
                               int32_t *reason) {
  const int k = job->r->x.n;
  double *x = wsf__arena_new(f->scratch, (size_t)s->n, (size_t)k * sizeof *x);
  double *y = wsf__arena_new(f->scratch, (size_t)s->n, sizeof *y);
  if (!x || !y) return wsf__fail_memory(f->err);
  job->source->seen = s->n;
  int64_t first = -1, observed = 0;
  for (int64_t t = 0; t < s->n; ++t) {
    bool whole;
    WSF__TRY(wsf__regressors_read(job->source, s, t, x + t * k, &whole));
    observed += !isnan(s->y[t]);
    y[t] = whole ? s->y[t] : NAN;
    if (first < 0 && !isnan(y[t])) first = t;
  }
  if (first < 0) {
    *reason = observed ? WSF__MISSING_REGRESSOR : WSF__EMPTY;
    return WSF_OK;
  }
  *rest = *s;
  rest->y = y + first;
  rest->n = s->n - first;
  rest->t0 = s->t0 + first;
  job->s = rest;
  job->x = x + first * k;
  return WSF_OK;
}

/* The regression's part of the work; y: the values, then what a first regression leaves. */
static wsf_status take_off(wsf__fit *f, task *job, int m, double *y, int32_t *reason) {
  const wsf__design_state made =
      wsf__design_new(&job->columns, y, job->s->n, m, job->r->x.n, job->x, f->scratch);
  if (made == WSF__DESIGN_MEMORY) return wsf__fail_memory(f->err);
  if (made == WSF__DESIGN_SHORT) *reason = WSF__SHORT;
  return WSF_OK;
}

/* The forms the data can carry; n_columns regressors are to be estimated beside them. */
typedef struct choice {
  wsf__ets_form form[WSF__ETS_FORMS];
  int n, widest;
  int32_t reason;
} choice;
static bool can_carry(const wsf__ets_request *r, const wsf__ets_form *form, int64_t count, int m,
                      int n_columns) {
  return count >= wsf__ets_count(form, m, &r->limits) + n_columns + 3;
}
static choice choose_forms(const wsf__ets_request *r, const wsf__series *s, int64_t count,
                           double least, int n_columns) {
  /* of values without a zero nothing is chosen that multiplies */
  const bool additive = s->interval && !r->ratios;
  choice c = {.widest = 1};
  bool any_positive = false, season_lost = false, season_long = false;
  for (int i = 0; i < r->n_forms; ++i) {
    const wsf__ets_form *form = &r->form[i];
    if (multiplies(form) && (additive || !(least > 0))) continue;
    any_positive = true;
    if (form->season) {
      season_long = r->long_season;
      if (r->m == 1 || season_long) continue;
      if (count < 2 * (int64_t)r->m || !can_carry(r, form, count, r->m, n_columns)) {
        season_lost = true;
        continue;
      }
    }
    if (!can_carry(r, form, count, r->m, n_columns)) continue;
    if (form->season) c.widest = r->m;
    c.form[c.n++] = *form;
  }
  c.reason = !any_positive                  ? WSF__NOT_POSITIVE
             : season_long                  ? WSF__LONG_SEASON
             : season_lost && c.widest == 1 ? WSF__SHORT_SEASON
                                            : WSF__OK;
  if (!any_positive || c.n > 0) return c;
  /* The letters ask for more than there is: leave out the season, then the trend. */
  for (int without = 1; without <= 2 && c.n == 0; ++without) {
    for (int i = 0; i < r->n_forms; ++i) {
      wsf__ets_form form = r->form[i];
      if ((additive || !(least > 0)) && (form.error == 2 || form.trend == 2)) continue;
      form.season = WSF__ETS_NONE;
      if (without == 2) form.trend = WSF__ETS_NONE, form.damped = false;
      bool known = !can_carry(r, &form, count, 1, n_columns);
      for (int j = 0; j < c.n && !known; ++j) known = same_form(&c.form[j], &form);
      if (!known) c.form[c.n++] = form;
    }
  }
  if (c.reason == WSF__OK) c.reason = WSF__REPLACED;
  return c;
}

/* Whether a form can stand around a season that does not move: what is smoothed then is the same
 * form without one, of the differences to that season or of the ratios. */
static bool stands_around(const wsf__ets_form *form, bool factors) {
  const bool relative = form->error == WSF__ETS_MUL;
  return form->trend != WSF__ETS_MUL && factors == relative &&
         form->season == (factors ? WSF__ETS_MUL : WSF__ETS_ADD);
}

/* The season that forms without one may stand around: the data's, if it is plain. */
static wsf_status find_around(wsf__fit *f, task *job) {
  const wsf__ets_request *r = job->r;
  const int64_t n = wsf__known(job->s->y, job->s->n), m = r->period;
  bool sums = false, factors = false;
  for (int i = 0; i < r->n_forms; ++i) {
    sums = sums || stands_around(&r->form[i], false);
    factors = factors || stands_around(&r->form[i], true);
  }
  factors = factors && (r->ratios || !job->s->interval);
  if (!(sums || factors) || r->as_given || m < 2 || m > WSF__ETS_SEASON_MAX || n <= m) {
    return WSF_OK;
  }
  const wsf__plain_kinds kinds = sums ? WSF__PLAIN_EITHER : WSF__PLAIN_FACTORS;
  wsf__plain plain = {0};
  double *season = wsf__arena_new(f->scratch, (size_t)m, 2 * sizeof *season);
  const double *adding = job->view[0].y, *multiplying = job->view[1].y;
  if (!season ||
      (factors && !wsf__plain_season(season, &plain, kinds, multiplying, n, m, f->scratch)) ||
      (sums && !plain.factors &&
       !wsf__plain_season(season, &plain, WSF__PLAIN_SUMS, adding, n, m, f->scratch))) {
    return wsf__fail_memory(f->err);
  }
  if (!plain.found) return WSF_OK;
  wsf__plain_errors(season + m, &plain, season, adding, n, m);
  for (int64_t j = 0; !plain.factors && j < m; ++j) season[m + j] *= job->view[0].unit;
  job->parameters = (int)(plain.parameters + 0.5);
  job->around = season, job->error = season + m, job->factors = plain.factors;
  return WSF_OK;
}

/* The forms without a season that stand around it. */
static choice forms_around(const task *job, int64_t count) {
  const wsf__ets_request *r = job->r;
  choice c = {.widest = 1};
  for (int i = 0; job->around && i < r->n_forms; ++i) {
    wsf__ets_form form = r->form[i];
    if (!stands_around(&form, job->factors)) continue;
    form.season = WSF__ETS_NONE;
    if (can_carry(r, &form, count, 1, job->columns.n)) c.form[c.n++] = form;
  }
  return c;
}

/* Take the season off what its forms see, and tell the sum of the logarithms of the divisors. */
static double strip(task *job) {
  const int64_t m = job->r->period;
  double logs = 0, *y = job->view[job->factors].y;
  for (int64_t t = 0; t < job->s->n; ++t) {
    if (!job->factors) {
      y[t] -= job->around[t % m];
    } else if (!isnan(y[t])) {
      y[t] /= job->around[t % m];
      logs += wsf__ln(job->around[t % m]);
    }
  }
  return logs;
}

/* The best of some forms. */
static wsf_status search(wsf__fit *f, const task *job, const wsf__ets_form *form, int n_forms,
                         int m, double count, wsf__ets_fit *best, double *best_ic) {
  *best_ic = INFINITY;
  for (int powers = 0; powers <= 1; ++powers) {
    bool any = false;
    for (int i = 0; i < n_forms; ++i) any = any || multiplies(&form[i]) == powers;
    if (!any) continue;
    const wsf__mark mark = wsf__arena_mark(f->scratch);
    const wsf__ets_view *view = &job->view[powers];
    wsf__ets_work *w = wsf__ets_work_new(f->scratch, view, job->s->n, m);
    if (!w) return wsf__fail_memory(f->err);
    for (int shape = 0; shape < SHAPES; ++shape) {
      const double unit = view->unit / job->view[0].unit;
      WSF__TRY(fit_shape(f, job->r, w, unit, powers, form, n_forms, job->columns.n, shape, m, count,
                         best, best_ic));
    }
    wsf__arena_reset(f->scratch, mark);
  }
  return WSF_OK;
}

/* Forms are searched with b held and b is found for the form, by turns; the view, of forms that
 * add, is what b leaves. The first b is rough, so all forms are tried with the second one too. A
 * turn that gains less than ENOUGH of the deviance is the last. */
enum { TURNS = 8 };
static const double ENOUGH = 1e-3;
static wsf_status take_turns(wsf__fit *f, task *job, const choice *c, double count,
                             wsf__ets_fit *best, double *best_ic) {
  const int m = c->widest;
  double *y = job->view[0].y;
  double *own = wsf__arena_new(f->scratch, (size_t)m, (1 + WSF__ETS_LANES) * sizeof *own);
  double *pass = wsf__ets_regress_room(&job->columns, m, f->scratch);
  if (!own || !pass) return wsf__fail_memory(f->err);
  *best_ic = INFINITY;
  for (int turn = 0; turn < TURNS; ++turn) {
    const wsf__ets_form held = best->start.form;
    const bool all = turn < 2;
    wsf__ets_fit now = {.start.season = own};
    double ic;
    WSF__TRY(search(f, job, all ? c->form : &held, all ? c->n : 1, m, count, &now, &ic));
    if (!(ic < *best_ic)) break;
    double *season = best->start.season;
    memcpy(season, own, (size_t)now.start.m * sizeof *season);
    *best = now;
    best->start.season = season;
    *best_ic = ic;
    if (job->columns.n == 0) break;
    const double deviance = wsf__ets_regress(&job->columns, pass, y, job->s->n, &best->start);
    const double gain = best->deviance - deviance;
    if (!(gain > 0) || !isfinite(gain)) break;
    wsf__design_move(&job->columns, y, job->s->n);
    best->deviance -= gain;
    *best_ic -= gain;
    if (gain < ENOUGH) break;
  }
  return WSF_OK;
}

/* Errors of the smoothing parameters, in the order of `coefficients`, which begins with them. */
static wsf_status keep_errors(wsf__fit *f, task *job, wsf__fitted *out, const wsf__ets *e) {
  const wsf__ets_view *view = &job->view[multiplies(&e->form)];
  const bool there[4] = {true, e->form.trend, e->form.season || job->around, e->form.damped};
  double found[4];
  const int64_t n = 1 + there[1] + there[2] + there[3];
  double *errors = wsf__errors_set(f, out, job->s, n);
  wsf__ets_work *w = wsf__ets_work_new(f->scratch, view, job->s->n, e->m);
  if (!errors || !w || !wsf__ets_errors(found, w, &job->columns, e, &job->r->limits, f->scratch)) {
    return wsf__fail_memory(f->err);
  }
  for (int i = 0; i < 4; ++i) {
    if (there[i]) *errors++ = found[i];
  }
  return WSF_OK;
}

/* What the search sees. A simplex has one first edge for states and smoothing parameters, a tenth
 * of the level, and stops by the size of the deviance: so where it ends depends on the units, and
 * how far its states go on how high the values lie. Forms that multiply get values around LEVEL, at
 * which the edge is wide enough in every direction and most of what R's search was tried on lies.
 * Forms that only add know no zero: they get distances from one of the values, SPREAD in the mean
 * as such series have them at LEVEL, and the edge that they have there. */
static const double LEVEL = 1000, SPREAD = 200, EDGE = 100;
static wsf_status look(wsf__fit *f, task *job) {
  const wsf__series *s = job->s;
  const double count = (double)wsf__count_observed(s->y, s->n);
  double *room = wsf__arena_new(f->scratch, (size_t)s->n, 2 * sizeof *room), size = 0;
  if (!room) return wsf__fail_memory(f->err);
  const wsf__middle from = wsf__middle_of(s->y, s->n, room);
  for (int64_t t = 0; t < s->n; ++t) {
    if (!isnan(s->y[t])) size += fabs(s->y[t]) / count;
  }
  const bool level = !job->r->as_given && isnormal(size / LEVEL);
  const bool spread = !job->r->as_given && isnormal(from.spread / SPREAD);
  wsf__ets_view *adding = &job->view[0], *multiplying = &job->view[1];
  *multiplying = (wsf__ets_view){.unit = level ? size / LEVEL : 1, .size = size};
  *adding = *multiplying;
  if (spread) {
    *adding = (wsf__ets_view){
        .centre = from.at, .unit = from.spread / SPREAD, .size = from.spread, .edge = EDGE};
  }
  for (int i = 0; i <= 1; ++i) {
    wsf__ets_view *v = &job->view[i];
    v->size /= v->unit;
    v->y = room + i * s->n;
    for (int64_t t = 0; t < s->n; ++t) v->y[t] = (s->y[t] - v->centre) / v->unit;
  }
  return WSF_OK;
}

/* A fit to a view is one to the values themselves. */
static void to_values(wsf__ets *e, task *job) {
  const wsf__ets_view *v = &job->view[multiplies(&e->form)];
  e->level = v->centre + e->level * v->unit;
  if (e->form.trend != WSF__ETS_MUL) e->slope *= v->unit;
  for (int j = 0; e->form.season == WSF__ETS_ADD && j < e->m; ++j) e->season[j] *= v->unit;
  for (int j = 0; j < job->r->x.n; ++j) job->columns.b[j] *= v->unit;
}

/* Of the seasons that a form may be chosen for, that of hours has more first states than a simplex
 * of 2000 evaluations finds its way among. A longer one was asked for, and is seen two or three
 * times: going on to the maximum costs 4 to 9 % there (docs/accuracy.md). */
static const wsf__ets_request *seasonal_request(wsf__ets_request *own, const wsf__ets_request *r) {
  *own = *r;
  if (r->hours) own->simplex = own->limits.prior = false;
  return own;
}

static wsf_status fit_task(wsf__fit *f, task *job, wsf__fitted *out) {
  const wsf__ets_request *r = job->r;
  const wsf__series *s = job->s;
  const wsf__extent extent = wsf__extent_of(s->y, s->n);
  const int64_t count = wsf__count_observed(s->y, s->n);
  int32_t reason = WSF__OK;
  WSF__TRY(look(f, job));
  double *y = job->view[0].y;
  if (r->x.n > 0) WSF__TRY(take_off(f, job, r->m, y, &reason));
  if (!wsf__slopes(job->past, y, s->n, r->m, f->scratch)) return wsf__fail_memory(f->err);
  for (int i = 0; i < WSF__SLOPES; ++i) job->past[i] *= job->view[0].unit;
  if (extent.least == extent.largest && count > 1) {
    return keep_level(f, job, out, 0.99999, wsf__extent_reason(extent));
  }
  if (count < SHORTEST) return keep_level(f, job, out, SHORT_ALPHA, WSF__REPLACED);
  if (reason != WSF__OK) {
    wsf__state_fail(out, s, reason);
    return WSF_OK;
  }
  const choice c = choose_forms(r, s, count, extent.least, job->columns.n);
  if (c.reason == WSF__NOT_POSITIVE) {
    wsf__state_fail(out, s, c.reason);
    return WSF_OK;
  }
  if (c.n == 0) return keep_level(f, job, out, SHORT_ALPHA, WSF__REPLACED);

  double *season = wsf__arena_new(f->scratch, (size_t)c.widest, sizeof *season);
  if (!season) return wsf__fail_memory(f->err);
  wsf__ets_fit best = {.start.season = season};
  double best_ic = INFINITY;
  wsf__ets_request seasonal;
  if (c.widest > 1) {
    job->r = seasonal_request(&seasonal, r);
    const wsf_status status = take_turns(f, job, &c, (double)count, &best, &best_ic);
    job->r = r;
    if (status != WSF_OK) return status;
  }
  if (!best.start.form.season) WSF__TRY(find_around(f, job));
  const choice around = forms_around(job, count);
  wsf__ets_request plain;
  if (around.n == 0) {
    job->around = NULL;
    if (c.widest == 1) WSF__TRY(take_turns(f, job, &c, (double)count, &best, &best_ic));
  } else {
    /* What a season of a cycle and a bit leaves is not a short series: the season took its part. */
    plain = *r, plain.limits.prior = false, job->r = &plain;
    const double logs = strip(job);
    const wsf__ets_view *view = &job->view[job->factors];
    WSF__TRY(take_turns(f, job, &around, (double)count, &best, &best_ic));
    best_ic += 2 * logs;
    if (!wsf__slopes(job->past, view->y, s->n, 1, f->scratch)) return wsf__fail_memory(f->err);
    for (int i = 0; i < WSF__SLOPES; ++i) job->past[i] *= view->unit;
  }
  if (!isfinite(best_ic)) {
    job->around = NULL;
    return keep_level(f, job, out, SHORT_ALPHA, WSF__REPLACED);
  }
  if (out->errors) WSF__TRY(keep_errors(f, job, out, &best.start));
  if (job->columns.n > 0) {
    double *pass = wsf__ets_regress_room(&job->columns, best.start.m, f->scratch);
    if (!pass) return wsf__fail_memory(f->err);
    (void)wsf__ets_regress(&job->columns, pass, y, s->n, &best.start);
    wsf__design_end(&job->columns);
  }
  const bool fewer = wsf__design_rank(&job->columns) < r->x.n;
  if (job->around) {
    best.start.form.season = job->factors ? WSF__ETS_MUL : WSF__ETS_ADD;
    best.start.m = (int)r->period;
    best.start.season = job->around;
    best.k += job->parameters;
  }
  to_values(&best.start, job);
  const bool brief = job->around && count / 3 < r->period;
  const int32_t simpler = wsf__reason_or(c.reason, brief ? WSF__SHORT_SEASON : WSF__OK);
  const int32_t told = wsf__reason_or(simpler, fewer ? WSF__FEWER_COLUMNS : WSF__OK);
  best_ic += 2 * (double)count * wsf__ln(job->view[0].unit);
  return keep_fit(f, job, out, &best.start, best.k + job->columns.n, best_ic, told);
}

wsf_status wsf__ets_choose(wsf__fit *f, const wsf__series *s, wsf__ets_request *r,
                           wsf__fitted *out) {
  const wsf__mark mark = wsf__arena_mark(f->scratch);
  task job = {.r = r, .s = s, .source = &r->x};
  wsf__series rest;
  int32_t reason = wsf__count_observed(s->y, s->n) ? WSF__OK : WSF__EMPTY;
  wsf_status status = WSF_OK;
  if (r->x.n > 0) status = read_columns(f, s, &job, &rest, &reason);
  if (status == WSF_OK && reason != WSF__OK) {
    wsf__state_fail(out, s, reason);
  } else if (status == WSF_OK) {
    status = fit_task(f, &job, out);
  }
  wsf__arena_reset(f->scratch, mark);
  return status;
}
