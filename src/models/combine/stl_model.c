/* Deseasonalise with STL, forecast the rest with any model, put the last season back on.
 *
 * Method: Hyndman and Athanasopoulos (2021), "Forecasting: principles and practice", 3rd ed., 5.7,
 * as stlf() of R's forecast package: the season repeats its last cycle; intervals are those of the
 * inner model, which looks for no other season unless told to by its own option. Decomposition:
 * analysis/stl.c (periodic by default, as stlf for short series).
 * An update takes the last season off the new observations as predict puts it on, and moves the
 * inner model; the season itself is not estimated again.
 * Limits: with fewer than two seasons no season can be told from noise: the series is not fitted,
 * so that combinations leave this model out instead of believing a forecast without a season. */
#include "analysis/stl.h"
#include "models/combine/inner.h"

#include <math.h>

static const wsf__option options[] = {
    {"inner", WSF__CALL, NULL, 0, 0, "model",
     "model of the seasonally adjusted series; its own season is 1 unless given"},
    {"season", WSF__INT, "0", 0, 100000, NULL, "periods in a season; 0: the data's"},
    {"window", WSF__INT, "periodic", 3, 1e6, "periodic",
     "cycles that shape the season (odd); periodic: the same season every cycle"},
    {"trend", WSF__INT, "0", 0, 1e6, NULL, "periods that shape the trend (odd); 0: by the season"},
    {"robust", WSF__FLAG, "false", 0, 0, NULL, "give outliers little weight"}};

typedef struct stl_state {
  wsf__extent extent; /* of y */
  double season[];    /* of steps 1 .. m after the end; none for m < 2 */
} stl_state;
enum { HEAD = sizeof(stl_state) / sizeof(double) };

static int64_t odd(int64_t window) {
  return window % 2 || window == 0 ? window : window + 1;
}

/* y without its season in place; the last cycle of that goes to the state. */
static wsf_status adjust(wsf__fit *f, const wsf__node *node, int64_t m, wsf__series *s,
                         stl_state *state) {
  const wsf__mark mark = wsf__arena_mark(f->scratch);
  double *seasonal = wsf__arena_new(f->scratch, (size_t)s->n, sizeof *seasonal);
  double *trend = wsf__arena_new(f->scratch, (size_t)s->n, sizeof *trend);
  const bool periodic = wsf__arg_is(node, "window", "periodic");
  const wsf__stl_options stl = {periodic ? 0 : odd(wsf__arg_int(node, "window")),
                                odd(wsf__arg_int(node, "trend")), wsf__arg_flag(node, "robust")};
  if (!seasonal || !trend || !wsf__stl(s->y, s->n, m, &stl, seasonal, trend, f->scratch)) {
    return wsf__fail_memory(f->err);
  }
  double *y = wsf__series_values(s);
  for (int64_t i = 0; i < s->n; ++i) y[i] -= seasonal[i];
  for (int64_t i = 0; i < m; ++i) state->season[i] = seasonal[s->n - m + i];
  wsf__arena_reset(f->scratch, mark);
  return WSF_OK;
}

/* Whether y is constant is not what the inner model saw. */
static void set_reason(wsf__fitted *out, const wsf__series *s) {
  const stl_state *state = (const stl_state *)out->state[s->slot].v;
  wsf__state_reason(out, s, wsf__remark(out->inner[0]->state[s->slot].reason, state->extent));
}

static wsf_status fit(wsf__fit *f, const wsf__batch *b, wsf__fitted *out) {
  const int64_t m = wsf__season_of(out->node, f->panel);
  wsf__series *copy = wsf__batch_copy(f, b);
  if (!copy) return wsf__fail_memory(f->err);
  int64_t n = 0;
  for (int64_t i = 0; i < b->n; ++i) {
    wsf__series *s = &copy[n];
    *s = copy[i];
    if (m >= 2 && s->n < 2 * m) {
      wsf__state_fail(out, s, WSF__SHORT);
      continue;
    }
    double *v = wsf__state_set(f, out, s, HEAD + (m >= 2 ? m : 0), WSF__OK);
    if (!v) return wsf__fail_memory(f->err);
    stl_state *state = (stl_state *)v;
    state->extent = wsf__extent_of(s->y, s->n);
    if (m >= 2) WSF__TRY(adjust(f, out->node, m, s, state));
    ++n;
  }
  const wsf__batch adjusted = {n, copy};
  WSF__TRY(f->fit_inner(f, &adjusted, out->inner[0]));
  for (int64_t i = 0; i < n; ++i) set_reason(out, &copy[i]);
  return WSF_OK;
}

static wsf_status update(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                         wsf__fitted *out) {
  const int64_t m = old->state[s->slot].n - HEAD;
  const stl_state *before = (const stl_state *)old->state[s->slot].v;
  double *y = wsf__arena_new(f->scratch, (size_t)s->n, sizeof *y);
  double *v = wsf__state_copy(f, old, s, out);
  if (!y || !v) return wsf__fail_memory(f->err);
  stl_state *state = (stl_state *)v;
  for (int64_t i = 0; i < m; ++i) state->season[i] = before->season[(i + s->n) % m];
  for (int64_t t = 0; t < s->n; ++t) {
    wsf__extent_add(&state->extent, s->y[t]);
    y[t] = m > 0 ? s->y[t] - before->season[t % m] : s->y[t];
  }
  wsf__series adjusted = *s;
  adjusted.y = y;
  WSF__TRY(f->update_inner(f, old->inner[0], &adjusted, out->inner[0]));
  set_reason(out, s);
  return WSF_OK;
}

static wsf_status predict(wsf__predict *p, const wsf__fitted *fitted, const wsf__series *s,
                          wsf__forecast *out) {
  WSF__TRY(p->predict_inner(p, fitted->inner[0], s, out));
  const stl_state *state = (const stl_state *)fitted->state[s->slot].v;
  const int64_t m = fitted->state[s->slot].n - HEAD;
  if (m == 0) return WSF_OK;
  for (int64_t i = 0; i < out->h; ++i) {
    const double season = state->season[i % m];
    out->mean[i] += season;
    for (int k = 0; k < out->n_q; ++k) out->quantile[k * out->h + i] += season;
  }
  return WSF_OK;
}

static bool check(const wsf__node *node, const wsf__panel *frame, const wsf__state *state) {
  return (state->n == HEAD || state->n == HEAD + wsf__season_of(node, frame)) &&
         wsf__state_finite(state);
}

const wsf__model_class wsf__model_stl = {
    .spec = {"model", "combine", "stl", "season taken off by STL, any model for the rest",
             "Cleveland et al. 1990; Hyndman and Athanasopoulos 2021, 5.7", "0.1.0",
             "stl(ets, season=52)", options, sizeof options / sizeof *options},
    .fit = fit,
    .predict = predict,
    .update = update,
    .check = check,
    .takes_season = true};
