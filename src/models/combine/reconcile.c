/* Problem: forecasts of sums (`aggregate`) and of the series that they add up are made apart and do
 * not agree.
 *
 * Method: forecasts of the call inside for every series, made to agree: from the bottom up; from
 * one level down (reconcile/hand_down.c); or the nearest ones that agree, in the metric of a
 * covariance of their errors (reconcile/project.c): the identity (ols), the number of series in a
 * sum (wls_struct; Athanasopoulos, Hyndman, Kourentzes and Petropoulos 2017), the variances of
 * one-step errors (wls_var; Hyndman, Lee and Wang 2016), or their whole covariance shrunk to its
 * diagonal (mint; Wickramasuriya, Athanasopoulos and Hyndman 2019).
 *
 * The one-step errors of the newest `window` periods are reconciled as forecasts are. How much
 * larger or smaller that makes those of a series is how its quantiles are stretched about the new
 * mean: with errors of one size at every step that is the reconciled covariance. Paths of series
 * below sums take the values of those quantiles, with errors that happened together in one period;
 * those of a sum are the sums of them. An update keeps what the fit learnt of the errors.
 *
 * A series that only the fallback can forecast stays as it is, and its sums are made to agree with
 * it. A sum takes part if what it adds up is in the panel and ends when it does.
 *
 * State: wsf__reconcile_state. */
#include "models/combine/reconcile.h"
#include "ingest/hint.h"
#include "models/bounded.h"
#include "models/coefficients.h"
#include "models/combine/inner.h"

#include <string.h>

static const wsf__option options[] = {
    {"inner", WSF__CALL, NULL, 0, 0, "model", "model of every series and every sum"},
    {"method", WSF__WORD, "mint", 0, 0, "mint|wls_var|wls_struct|ols|bottom_up|top_down|middle_out",
     "how forecasts are made to agree: the nearest ones that do, by the shrunk covariance of "
     "errors, their variances, the sizes of sums, or plain distance; sums of the series; shares of "
     "the total, or of another level"},
    {"level", WSF__NAMES, "", 0, 0, NULL,
     "keys of the level that top_down and middle_out begin with; absent: the total"},
    {"proportions", WSF__WORD, "forecast_proportions", 0, 0,
     "forecast_proportions|average_proportions|proportion_averages",
     "shares of top_down and middle_out: as the forecasts are to each other, level by level; the "
     "average share of the past; the share of the average past"},
    {"nonnegative", WSF__FLAG, "false", 0, 0, NULL,
     "the nearest forecasts that agree and have none below zero"},
    {"window", WSF__INT, "128", 0, 100000, NULL,
     "newest periods whose errors tell how series err together; 0: all"},
};

enum { HEAD = WSF__RECONCILE_HEAD, L = WSF__COLUMNS };

static bool has_sums(const wsf__panel *p) {
  return p->members.start && p->members.start[p->n] > 0;
}

static wsf_status scope(wsf__scope *out, const wsf__node *node, const wsf__panel *panel,
                        wsf_error *err) {
  (void)node;
  (void)err;
  *out = (wsf__scope){.of = has_sums(panel) ? WSF__PANEL : WSF__ALONE};
  return WSF_OK;
}

/* ---- options ------------------------------------------------------------------------------- */

static wsf_status fail_option(const wsf__node *node, const char *option, wsf_status status,
                              wsf_error *err) {
  wsf__error_at_field(err, option);
  wsf__error_at_byte(err, node->byte);
  return status;
}

static wsf__reconcile_method method_of(const wsf__node *node) {
  static const char *const words[] = {"mint",      "wls_var",  "wls_struct", "ols",
                                      "bottom_up", "top_down", "middle_out"};
  int m = 0;
  while (m < WSF__MIDDLE_OUT && !wsf__arg_is(node, "method", words[m])) ++m;
  return (wsf__reconcile_method)m;
}

static wsf_status read_options(wsf__reconciling *h, const wsf__node *node, const wsf__panel *p,
                               wsf__arena *arena, wsf_error *err) {
  const wsf__value *level = wsf__arg(node, "level");
  h->method = method_of(node);
  h->averages = wsf__arg_is(node, "proportions", "proportion_averages");
  h->shares = h->averages || wsf__arg_is(node, "proportions", "average_proportions");
  if (level->form != WSF__STRINGS) return WSF_OK;
  int *key = wsf__arena_new(arena, (size_t)level->n, sizeof *key);
  if (!key) return wsf__fail_memory(err);
  for (int i = 0; i < level->n; ++i) {
    const int found = wsf__panel_find_key(p, level->strings[i]);
    if (found < 0) {
      char hint[WSF__HINT_BYTES];
      wsf__key_hint(hint, p, level->strings[i]);
      (void)wsf__fail(err, WSF_E_NAME, "the data has no key '%.64s' for a level%s",
                      level->strings[i], hint);
      return fail_option(node, "level", WSF_E_NAME, err);
    }
    int at = i;
    for (; at > 0 && key[at - 1] > found; --at) key[at] = key[at - 1];
    key[at] = found;
  }
  h->key = key;
  h->n_keys = level->n;
  return WSF_OK;
}

/* The user's level is one that the data has. */
static wsf_status check_level(const wsf__reconciling *h, const wsf__node *node, const wsf__panel *p,
                              wsf_error *err) {
  bool any = false;
  if (!wsf__hands_down(h)) {
    if (h->n_keys == 0) return WSF_OK;
    (void)wsf__fail(err, WSF_E_VALUE, "a level is for top_down and middle_out, the method is '%s'",
                    wsf__arg_text(node, "method"));
    return fail_option(node, "level", WSF_E_VALUE, err);
  }
  if (h->method == WSF__MIDDLE_OUT && h->n_keys == 0) {
    (void)wsf__fail(err, WSF_E_VALUE, "middle_out needs a level, such as level=[%s]",
                    p->n_keys > 0 ? p->key[0].name : "key");
    return fail_option(node, "level", WSF_E_VALUE, err);
  }
  for (int64_t i = 0; i < p->n; ++i) {
    const bool sum = p->members.start[i + 1] > p->members.start[i];
    any = any || (sum && wsf__at_level(p, i, h->key, h->n_keys));
  }
  if (any && (h->tree.nested || h->shares)) return WSF_OK;
  if (any) {
    (void)wsf__fail(err, WSF_E_VALUE,
                    "levels overlap below the one that is handed down, so that no forecasts say "
                    "how to share it; expected levels that nest, or average_proportions");
    return fail_option(node, "proportions", WSF_E_VALUE, err);
  }
  (void)wsf__fail(err, WSF_E_DATA,
                  "the data has no sums of its series at the level that is to be handed down, "
                  "expected it among the levels of aggregate");
  return fail_option(node, "level", WSF_E_DATA, err);
}

/* ---- what is common to fit and forecast ---------------------------------------------------- */

/* when: see wsf__structure_make. */
static wsf_status open_panel(wsf__reconciling *h, const wsf__node *node, const wsf__panel *p,
                             const int64_t *when, wsf__arena *arena, wsf_error *err) {
  const size_t n = (size_t)p->n;
  *h = (wsf__reconciling){0};
  WSF__TRY(read_options(h, node, p, arena, err));
  h->state = wsf__arena_zero(arena, n, sizeof *h->state);
  h->x = wsf__arena_zero(arena, n, sizeof *h->x);
  h->noise = wsf__arena_zero(arena, n, sizeof *h->noise);
  h->scale = wsf__arena_zero(arena, n, sizeof *h->scale);
  h->share = wsf__arena_zero(arena, n, sizeof *h->share);
  h->given = wsf__arena_new(arena, n, sizeof *h->given);
  if (!h->state || !h->x || !h->noise || !h->scale || !h->share || !h->given ||
      !wsf__structure_make(&h->s, arena, p, when)) {
    return wsf__fail_memory(err);
  }
  if (wsf__hands_down(h) && !wsf__tree_down_make(&h->tree, arena, &h->s, p, h->key, h->n_keys)) {
    return wsf__fail_memory(err);
  }
  return WSF_OK;
}

/* ---- fit ----------------------------------------------------------------------------------- */

static wsf_status keep_states(wsf__fit *f, const wsf__batch *b, const wsf__reconciling *h,
                              wsf__fitted *out) {
  bool *part = wsf__arena_zero(f->scratch, (size_t)f->panel->n, sizeof *part);
  if (!part) return wsf__fail_memory(f->err);
  for (int64_t r = 0; r < h->s.n_sums; ++r) part[h->s.sum[r]] = true;
  for (int64_t j = 0; j < h->s.n_bottom; ++j) part[h->s.bottom[j]] = true;
  for (int64_t i = 0; i < b->n; ++i) {
    const wsf__series *s = &b->series[i];
    int32_t reason;
    if (!wsf__inner_fitted(out, s, &reason)) continue;
    const bool in = part[s->id] && h->state[s->id];
    if (!part[s->id]) reason = wsf__reason_or(reason, WSF__NO_EFFECT);
    double *v = wsf__state_set(f, out, s, HEAD + (in ? h->window : 0), reason);
    if (!v) return wsf__fail_memory(f->err);
    if (!in) continue;
    memcpy(v, h->state[s->id], sizeof(wsf__reconcile_state));
    memcpy(v + HEAD, h->x[s->id], (size_t)h->window * sizeof *v);
  }
  return WSF_OK;
}

static wsf_status fit(wsf__fit *f, const wsf__batch *b, wsf__fitted *out) {
  wsf__reconciling h;
  int64_t longest = 0;
  int64_t *when = wsf__arena_new(f->scratch, (size_t)f->panel->n, sizeof *when);
  if (!when) return wsf__fail_memory(f->err);
  for (int64_t i = 0; i < f->panel->n; ++i) when[i] = -1;
  for (int64_t i = 0; i < b->n; ++i) {
    const wsf__series *s = &b->series[i];
    when[s->id] = s->t0 + s->n;
    if (s->n > longest) longest = s->n;
  }
  WSF__TRY(open_panel(&h, out->node, f->panel, when, f->scratch, f->err));
  if (has_sums(f->panel)) WSF__TRY(check_level(&h, out->node, f->panel, f->err));
  if (h.s.n_sums == 0) {
    WSF__TRY(f->fit_inner(f, b, out->inner[0]));
    return keep_states(f, b, &h, out);
  }
  h.window = wsf__arg_int(out->node, "window");
  if (h.window == 0 || h.window > longest) h.window = longest;
  size_t cells;
  double *error = NULL;
  if (wsf__mul((size_t)out->n, (size_t)h.window, &cells)) {
    error = wsf__arena_new(f->scratch, cells, sizeof *error);
  }
  if (!error) return wsf__fail_memory(f->err);
  WSF__TRY(f->fit_errors(f, b, out->inner[0], h.window, error));
  WSF__TRY(wsf__reconcile_learn(&h, f, b, out->inner[0], error));
  return keep_states(f, b, &h, out);
}

/* ---- forecast ------------------------------------------------------------------------------ */

typedef struct asked {
  const wsf__reconciling *h;
  wsf__forecast **at; /* [n] the forecast of a series, NULL: none */
  int64_t steps;
  bool *floored; /* [n] series that end at zero */
} asked;

/* Quantiles and paths of a step go with the mean, stretched as errors are by being reconciled. */
static void move(const asked *a, int64_t i, int64_t step, double from, double to) {
  const wsf__reconcile_state *v = a->h->state[i];
  wsf__forecast *f = a->at[i];
  const double stretch = v && v->size > 0 ? v->after / v->size : 1;
  for (int64_t r = 1; r < wsf__forecast_rows(f); ++r) {
    double *x = wsf__forecast_row(f, r) + step;
    *x = to + stretch * (*x - from);
    if (a->floored[i]) *x = fmax(*x, 0);
  }
  f->mean[step] = to;
}

static int64_t member_at(const wsf__structure *s, int64_t k) {
  return k < s->n_sums ? s->sum[k] : s->bottom[k - s->n_sums];
}

static wsf_status move_steps(wsf__predict *p, int64_t block, void *user) {
  const asked *a = user;
  const wsf__structure *s = &a->h->s;
  const int64_t n = s->n_sums + s->n_bottom, first = block * L;
  const int64_t steps = a->steps - first < L ? a->steps - first : L;
  double *y = wsf__arena_zero(p->scratch, (size_t)s->n * L, sizeof *y);
  if (!y) return wsf__fail_memory(p->err);
  for (int64_t k = 0; k < n; ++k) {
    const int64_t i = member_at(s, k);
    for (int c = 0; c < steps; ++c) y[i * L + c] = a->at[i]->mean[first + c];
  }
  if (!wsf__reconcile_columns(a->h, y, a->floored, p->scratch)) {
    return wsf__stopped(p->env) ? wsf__fail_stopped(p->env, p->err) : wsf__fail_memory(p->err);
  }
  for (int64_t k = 0; k < n; ++k) {
    const int64_t i = member_at(s, k);
    for (int c = 0; c < steps; ++c) move(a, i, first + c, a->at[i]->mean[first + c], y[i * L + c]);
  }
  return WSF_OK;
}

/* The paths of a sum are the sums of paths. */
static wsf_status add_paths(wsf__predict *p, int64_t r, void *user) {
  const asked *a = user;
  const wsf__structure *s = &a->h->s;
  const wsf__forecast *sum = a->at[s->sum[r]];
  (void)p;
  for (int64_t k = 0; k < sum->n_paths * sum->h; ++k) sum->path[k] = 0;
  for (int64_t e = s->row[r]; e < s->row[r + 1]; ++e) {
    const double *path = a->at[s->bottom[s->below[e]]]->path;
    for (int64_t k = 0; k < sum->n_paths * sum->h; ++k) sum->path[k] += path[k];
  }
  return WSF_OK;
}

/* The states of a file may come from different fits. */
static wsf_status find_states(wsf__reconciling *h, const wsf__fitted *m, const wsf__batch *b,
                              wsf_error *err) {
  for (int64_t i = 0; i < b->n; ++i) {
    const wsf__state *state = &m->state[b->series[i].slot];
    const int64_t window = state->n - HEAD, id = b->series[i].id;
    if (window == 0) continue;
    if (h->window > 0 && window != h->window) {
      return wsf__fail(err, WSF_E_FORMAT,
                       "reconcile keeps errors of %lld periods for one series and of %lld for "
                       "another, expected as many",
                       (long long)h->window, (long long)window);
    }
    h->window = window;
    h->state[id] = (const wsf__reconcile_state *)state->v;
    h->x[id] = h->state[id]->x;
  }
  return WSF_OK;
}

static wsf_status factor_block(wsf__predict *p, int64_t block, void *user) {
  wsf__reconciling *h = user;
  const bool done = wsf__projection_factor(&h->projection, block, p->scratch);
  return done ? WSF_OK : wsf__fail_memory(p->err);
}

/* The panel with what the fit learnt of it, ready for columns of forecasts. */
static wsf_status prepare(wsf__reconciling *h, wsf__predict *p, const wsf__fitted *m,
                          const wsf__batch *b, const int64_t *when) {
  WSF__TRY(open_panel(h, m->node, p->frame, when, p->scratch, p->err));
  WSF__TRY(find_states(h, m, b, p->err));
  wsf__reconcile_weigh(h);
  if (!wsf__projection_begin(&h->projection, p->scratch)) return wsf__fail_memory(p->err);
  WSF__TRY(wsf__predict_pieces(p, h->projection.blocks, factor_block, h));
  return wsf__projection_end(&h->projection, p->scratch) ? WSF_OK : wsf__fail_memory(p->err);
}

/* The forecasts of every series, and when each ends of those with the longest horizon. */
static void find_forecasts(asked *a, int64_t *when, const wsf__predict *p, const wsf__batch *b,
                           wsf__forecast out[]) {
  for (int64_t i = 0; i < b->n; ++i) {
    if (out[i].h > a->steps) a->steps = out[i].h;
  }
  for (int64_t i = 0; i < p->frame->n; ++i) {
    const bool other = p->others && p->others[i].mean;
    a->at[i] = other ? &p->others[i] : NULL;
    when[i] = other ? p->frame->first[i] + p->frame->length[i] : -1;
  }
  for (int64_t i = 0; i < b->n; ++i) {
    const wsf__series *s = &b->series[i];
    a->at[s->id] = &out[i];
    when[s->id] = out[i].h == a->steps ? s->t0 + s->n : -1;
  }
}

/* As forecasts of each series by itself would, and all of them if the user says so. */
static void find_floors(asked *a, const wsf__predict *p, const wsf__node *node,
                        const wsf__batch *b) {
  const bool all = p->nonnegative || wsf__arg_flag(node, "nonnegative");
  for (int64_t i = 0; i < p->frame->n; ++i) a->floored[i] = all;
  for (int64_t i = 0; p->least && !p->negative && i < b->n; ++i) {
    const wsf__series *s = &b->series[i];
    if (p->least[s->slot] >= 0) a->floored[s->id] = true;
  }
}

static void no_paths(wsf__forecast *f) {
  for (int64_t k = 0; k < f->n_paths * f->h; ++k) f->path[k] = NAN;
}

/* Forecast by the call inside, within the contract; sums that take part without paths. */
static wsf_status ask_inner(const asked *a, wsf__predict *p, const wsf__fitted *m,
                            const wsf__batch *b, wsf__forecast out[]) {
  const wsf__structure *s = &a->h->s;
  wsf__forecast *inner = wsf__arena_new(p->scratch, (size_t)b->n, sizeof *inner);
  bool *sum = wsf__arena_zero(p->scratch, (size_t)s->n, sizeof *sum);
  if (!inner || !sum) return wsf__fail_memory(p->err);
  for (int64_t r = 0; r < s->n_sums; ++r) sum[s->sum[r]] = true;
  for (int64_t i = 0; i < b->n; ++i) {
    inner[i] = out[i];
    if (!sum[b->series[i].id]) continue;
    no_paths(&out[i]);
    inner[i].n_paths = 0;
  }
  WSF__TRY(wsf__inner_delegate(p, m, 0, b, inner));
  for (int64_t i = 0; p->least && i < b->n; ++i) {
    const int64_t slot = b->series[i].slot;
    (void)wsf__bound(&inner[i], p->least[slot], p->largest[slot], a->floored[b->series[i].id]);
  }
  return WSF_OK;
}

/* Of a series with a step of which nothing is known there is nothing to agree with. */
static bool leave_out_unknown(int64_t *when, const wsf__batch *b, const wsf__forecast out[]) {
  bool any = false;
  for (int64_t i = 0; i < b->n; ++i) {
    for (int64_t t = 0; t < out[i].h; ++t) {
      if (!isnan(out[i].mean[t])) continue;
      when[b->series[i].id] = -1;
      any = true;
    }
  }
  return any;
}

static wsf_status predict(wsf__predict *p, const wsf__fitted *m, const wsf__batch *b,
                          wsf__forecast out[]) {
  wsf__reconciling h;
  const size_t n = (size_t)p->frame->n;
  asked a = {.h = &h};
  if (!has_sums(p->frame)) return wsf__inner_delegate(p, m, 0, b, out);
  int64_t *when = wsf__arena_new(p->scratch, n, sizeof *when);
  a.at = wsf__arena_new(p->scratch, n, sizeof *a.at);
  a.floored = wsf__arena_new(p->scratch, n, sizeof *a.floored);
  if (!when || !a.at || !a.floored) return wsf__fail_memory(p->err);
  find_floors(&a, p, m->node, b);
  find_forecasts(&a, when, p, b, out);
  WSF__TRY(prepare(&h, p, m, b, when));
  wsf__predict inside = *p;
  wsf__shocks shocks;
  const bool paths = b->n > 0 && out[0].n_paths > 0;
  if (paths && h.window > 0) {
    WSF__TRY(wsf__reconcile_shocks(&shocks, &h, p));
    inside.shocks = &shocks;
  }
  WSF__TRY(ask_inner(&a, &inside, m, b, out));
  if (leave_out_unknown(when, b, out)) WSF__TRY(prepare(&h, p, m, b, when));
  WSF__TRY(wsf__predict_pieces(p, (a.steps + L - 1) / L, move_steps, &a));
  return paths ? wsf__predict_pieces(p, h.s.n_sums, add_paths, &a) : WSF_OK;
}

/* ---- the rest ------------------------------------------------------------------------------ */

static wsf_status update(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                         wsf__fitted *out) {
  const bool none = old->state[s->slot].reason == WSF__NO_EFFECT;
  WSF__TRY(wsf__state_keep(f, old, s, out));
  const int32_t reason = out->state[s->slot].reason;
  if (none) wsf__state_reason(out, s, wsf__reason_or(reason, WSF__NO_EFFECT));
  return WSF_OK;
}

static bool check(const wsf__node *node, const wsf__panel *frame, const wsf__state *state) {
  (void)node;
  (void)frame;
  if (state->n < HEAD || !wsf__state_finite(state)) return false;
  const wsf__reconcile_state *v = (const wsf__reconcile_state *)state->v;
  return v->size >= 0 && v->after >= 0 && v->share >= 0 && v->lambda >= 0 && v->lambda <= 1 &&
         wsf__whole(v->observed, 0, (double)(state->n - HEAD));
}

static void coefficients(const wsf__fitted *m, const wsf__series *s, wsf__coefficients *out) {
  const wsf__state *state = &m->state[s->slot];
  const wsf__reconcile_state *v = (const wsf__reconcile_state *)state->v;
  if (state->n == HEAD) return;
  wsf__coefficient_add(out, "error", 0, v->size, NAN);
  wsf__coefficient_add(out, "reconciled_error", 0, v->after, NAN);
  wsf__coefficient_add(out, "shrinkage", 0, v->lambda, NAN);
  wsf__coefficient_add(out, "share", 0, v->share, NAN);
}

const wsf__model_class wsf__model_reconcile = {
    .spec = {.family = "model",
             .group = "combine",
             .name = "reconcile",
             .summary = "any model, its forecasts of series and of their sums made to agree",
             .source = "Wickramasuriya, Athanasopoulos and Hyndman (2019), Optimal forecast "
                       "reconciliation through trace minimization",
             .since = "0.2.0",
             .example = "reconcile(ets, method=mint)",
             .options = options,
             .n_options = sizeof options / sizeof *options},
    .fit = fit,
    .predict = predict,
    .update = update,
    .check = check,
    .coefficients = coefficients,
    .scope = scope,
    .promise = {.update = WSF__NOT, .why = "an update keeps the errors of the fit"},
    .together = true,
};
