/* Deseasonalise classically, or with STL, by differences or factors; any model for the rest.
 *
 * Method: the season is the same in every cycle: the seasonal indices of classical decomposition
 * (analysis/classical.c), or STL's periodic season (analysis/stl.c), for factors that of the
 * logarithms. deseason(method=stl, type=add) is stl with its presets. What happens around it, and
 * its limits: unseason.c. Gaps are filled along the line between neighbours for the seasonal
 * indices only. Factors need positive values and none is less than 0.01. */
#include "analysis/classical.h"
#include "analysis/stl.h"
#include "math/elementary.h"
#include "models/combine/unseason.h"
#include "models/history.h"

#include <math.h>
#include <string.h>

static const wsf__option options[] = {
    {"inner", WSF__CALL, NULL, 0, 0, "model",
     "model of the seasonally adjusted series; its own season is 1 unless given"},
    {"method", WSF__WORD, "classical", 0, 0, "classical|stl",
     "classical: means of the distances to a moving average; stl: local regression"},
    {"type", WSF__WORD, "add", 0, 0, "add|mul",
     "whether the season is added to the rest or multiplies it; mul needs positive values"},
    {"season", WSF__INT, "0", 0, 100000, NULL, "periods in a season; 0: the data's"},
    WSF__UNSEASON_INTERVALS};

static bool multiplies(const wsf__node *node) {
  return wsf__arg_is(node, "type", "mul");
}

/* What the season is at y[0] .. y[m - 1]; y has no NaN. What it and the trend leave goes to
 * remainder[n], as a share of the trend where the season multiplies. false: out of memory. */
static bool seasonal_index(double *index, double *remainder, double *y, int64_t n, int64_t m,
                           const wsf__node *node, wsf__arena *scratch) {
  const bool factors = multiplies(node);
  double *work = wsf__arena_new(scratch, (size_t)n, 2 * sizeof *work);
  if (!work) return false;
  double *trend = work + n;
  if (wsf__arg_is(node, "method", "stl")) {
    const wsf__stl_options periodic = {0};
    for (int64_t t = 0; factors && t < n; ++t) y[t] = wsf__ln(y[t]);
    if (!wsf__stl(y, n, m, &periodic, work, trend, scratch)) return false;
    for (int64_t j = 0; j < m; ++j) index[j] = factors ? wsf__exp(work[j]) : work[j];
    for (int64_t t = 0; t < n; ++t) remainder[t] = y[t] - work[t] - trend[t];
  } else {
    (void)wsf__classical_season(index, y, n, m, factors, work, scratch);
    wsf__classical_trend(trend, y, n, m, scratch);
    for (int64_t t = 0; t < n; ++t) {
      const double rest = factors ? y[t] / index[t % m] : y[t] - index[t % m];
      remainder[t] = factors ? rest / fmax(trend[t], rest / 2) - 1 : rest - trend[t];
    }
  }
  for (int64_t j = 0; factors && j < m; ++j) index[j] = fmax(index[j], WSF__LEAST_RATIO);
  return true;
}

static wsf_status take(wsf__fit *f, const wsf__node *node, const wsf__seasons *seasons,
                       wsf__series *s, double *cycle, wsf__season_error *error) {
  const int64_t m = seasons->m[0], n = s->n;
  double *index = wsf__arena_new(f->scratch, (size_t)m, sizeof *index);
  double *full = wsf__arena_new(f->scratch, (size_t)n, sizeof *full);
  double *remainder = wsf__arena_new(f->scratch, (size_t)n, sizeof *remainder);
  if (!index || !full || !remainder) return wsf__fail_memory(f->err);
  wsf__fill_missing(s->y, n, m, full);
  const bool factors = multiplies(node);
  /* What the season adds to a line can take a filled value below zero. */
  const double least = wsf__extent_of(s->y, n).least;
  for (int64_t t = 0; factors && t < n; ++t) full[t] = fmax(full[t], least);
  if (!seasonal_index(index, remainder, full, n, m, node, f->scratch)) {
    return wsf__fail_memory(f->err);
  }
  double *y = wsf__series_values(s);
  for (int64_t t = 0; t < n; ++t) {
    y[t] = factors ? y[t] / index[t % m] : y[t] - index[t % m];
    if (isnan(y[t])) remainder[t] = NAN;
  }
  for (int64_t i = 0; i < m; ++i) cycle[i] = index[(n + i) % m];
  const bool classical = wsf__arg_is(node, "method", "classical");
  const wsf__season_fit fit = {.trend = classical ? 2 * m : m + m / 2,
                               .first = classical ? wsf__classical_first(m) : 0,
                               .end = classical ? wsf__classical_end(n, m) : n};
  WSF__TRY(wsf__unseason_error(f, remainder, n, seasons, &fit, error));
  for (int64_t i = 0; factors && i < m; ++i) error->sd[i] *= cycle[i];
  return WSF_OK;
}

static const wsf__unseason how = {wsf__unseason_one, take, multiplies};

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
  wsf__unseason_history(out, s, multiplies(out->node));
  return WSF_OK;
}

const wsf__model_class wsf__model_deseason = {
    .spec = {.family = "model",
             .group = "combine",
             .name = "deseason",
             .summary =
                 "season taken off by classical decomposition or STL, any model for the rest",
             .source = "Kendall and Stuart (1983); Hyndman and Athanasopoulos (2021), 3.4 and 5.7",
             .since = "0.1.0",
             .example = "ets | deseason(type=mul)",
             .options = options,
             .n_options = sizeof options / sizeof *options},
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
    .takes_season = true,
};
