/* Deseasonalise with STL, forecast the rest with any model, put the last season back on.
 *
 * Method: stlf() of R's forecast package; decomposition: analysis/stl.c (periodic by default, as
 * fits short series). What happens around it, and its limits: unseason.c. */
#include "analysis/stl.h"
#include "models/combine/unseason.h"

#include <string.h>

static const wsf__option options[] = {
    {"inner", WSF__CALL, NULL, 0, 0, "model",
     "model of the seasonally adjusted series; its own season is 1 unless given"},
    {"season", WSF__INT, "0", 0, 100000, NULL, "periods in a season; 0: the data's"},
    {"window", WSF__INT, "periodic", 3, 1e6, "periodic",
     "cycles that shape the season (odd); periodic: the same season every cycle"},
    {"trend", WSF__INT, "0", 0, 1e6, NULL, "periods that shape the trend (odd); 0: by the season"},
    {"robust", WSF__FLAG, "false", 0, 0, NULL, "give outliers little weight"},
    WSF__UNSEASON_INTERVALS};

static int64_t odd(int64_t window) {
  return window % 2 || window == 0 ? window : window + 1;
}

static wsf_status take(wsf__fit *f, const wsf__node *node, const wsf__seasons *seasons,
                       wsf__series *s, double *cycle, wsf__season_error *error) {
  const int64_t m = seasons->m[0];
  double *seasonal = wsf__arena_new(f->scratch, (size_t)s->n, sizeof *seasonal);
  double *trend = wsf__arena_new(f->scratch, (size_t)s->n, sizeof *trend);
  const bool periodic = wsf__arg_is(node, "window", "periodic");
  const wsf__stl_options stl = {periodic ? 0 : odd(wsf__arg_int(node, "window")),
                                odd(wsf__arg_int(node, "trend")), wsf__arg_flag(node, "robust")};
  if (!seasonal || !trend || !wsf__stl(s->y, s->n, m, &stl, seasonal, trend, f->scratch)) {
    return wsf__fail_memory(f->err);
  }
  double *y = wsf__series_values(s);
  for (int64_t i = 0; i < s->n; ++i) {
    y[i] -= seasonal[i];
    trend[i] = y[i] - trend[i];
  }
  memcpy(cycle, seasonal + s->n - m, (size_t)m * sizeof *cycle);
  const wsf__season_fit fit = {.window = {stl.season_window},
                               .trend = stl.trend_window ? stl.trend_window : m + m / 2,
                               .end = s->n};
  return wsf__unseason_error(f, trend, s->n, seasons, &fit, error);
}

static const wsf__unseason how = {.seasons = wsf__unseason_one, .take = take};

static wsf_status fit(wsf__fit *f, const wsf__batch *b, wsf__fitted *out) {
  return wsf__unseason_fit(f, b, out, &how);
}

static wsf_status update(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                         wsf__fitted *out) {
  return wsf__unseason_update(f, old, s, out, &how);
}

static wsf_status predict(wsf__predict *p, const wsf__fitted *m, const wsf__batch *b,
                          wsf__forecast out[]) {
  return wsf__unseason_predict(p, m, b, out, &how);
}

static bool check(const wsf__node *node, const wsf__panel *frame, const wsf__state *state) {
  return wsf__unseason_check(node, frame, state, &how);
}

static wsf_status history(wsf__fit *f, const wsf__fitted *out, const wsf__series *s) {
  (void)f;
  wsf__unseason_history(out, s, false);
  return WSF_OK;
}

const wsf__model_class wsf__model_stl = {
    .spec = {"model", "combine", "stl", "season taken off by STL, any model for the rest",
             "Cleveland et al. 1990; Hyndman and Athanasopoulos 2021, 5.7", "0.1.0",
             "stl(ets, season=52)", options, sizeof options / sizeof *options},
    .fit = fit,
    .predict = predict,
    .update = update,
    .check = check,
    .promise = {.units = WSF__EPSILON,
                .level = WSF__EPSILON,
                .update = WSF__NOT,
                .needs_length = true,
                .why = "an update keeps the season"},
    .history = history,
    .takes_season = true};
