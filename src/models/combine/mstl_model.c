/* Deseasonalise several seasons with MSTL, forecast the rest with any model, put each one's last
 * cycle back on.
 *
 * Method: mstl() and stlf() of R's forecast package on series with several seasons; decomposition:
 * analysis/mstl.c (Bandara, Hyndman and Bergmeir 2021). What happens around it, and its limits:
 * unseason.c. A season that is too long for a series is left out of it, as in R. With one season it
 * is stl with window=11, as R's default is; window=periodic is stl with its presets. */
#include "analysis/mstl.h"
#include "models/combine/unseason.h"

#include <string.h>

static const wsf__option options[] = {
    {"inner", WSF__CALL, NULL, 0, 0, "model",
     "model of the seasonally adjusted series; its own season is 1 unless given"},
    {"seasons", WSF__INTS, "", 2, 100000, "calendar",
     "periods in each season, at most 8; absent: the data's one; calendar: those of a day, a week "
     "and a year that the data's frequency has"},
    {"window", WSF__INT, "auto", 3, 1e6, "auto|periodic",
     "cycles that shape a season (odd); auto: 11, 15, 19, .. from the shortest season on; "
     "periodic: "
     "the same season every cycle"},
    {"robust", WSF__FLAG, "false", 0, 0, NULL, "give outliers little weight"},
    WSF__UNSEASON_INTERVALS};

static bool within_days(const wsf__calendar *c) {
  return c->freq == WSF__MINUTE || c->freq == WSF__HOUR || c->freq == WSF__DAY;
}

/* The whole periods in a day, a week and a year, of those that hold more than one. */
static int calendar_seasons(int64_t *m, const wsf__calendar *calendar) {
  static const int64_t lengths[] = {86400, 7 * 86400, 365 * 86400};
  const int64_t period = wsf__calendar_seconds(calendar);
  int count = 0;
  for (int i = 0; i < 3; ++i) {
    if (lengths[i] % period == 0 && lengths[i] > period) m[count++] = lengths[i] / period;
  }
  return count;
}

static wsf__seasons seasons(const wsf__node *node, const wsf__panel *panel) {
  const wsf__value *given = wsf__arg(node, "seasons");
  int64_t m[WSF__MOST_SEASONS];
  int count = 0;
  if (given->form == WSF__NUMBERS) {
    count = given->n < WSF__MOST_SEASONS ? given->n : WSF__MOST_SEASONS;
    for (int i = 0; i < count; ++i) m[i] = (int64_t)given->numbers[i];
  } else if (given->form == WSF__STRING && within_days(&panel->calendar)) {
    count = calendar_seasons(m, &panel->calendar);
  }
  if (count == 0) return wsf__unseason_one(node, panel);
  wsf__seasons out = {0};
  out.n = wsf__mstl_seasons(out.m, m, count, INT64_MAX);
  return out;
}

static wsf_status take(wsf__fit *f, const wsf__node *node, const wsf__seasons *of, wsf__series *s,
                       double *cycle, wsf__season_error *error) {
  const int64_t n = s->n, window = wsf__arg_is(node, "window", "auto") ? 0
                                   : wsf__arg_is(node, "window", "periodic")
                                       ? WSF__PERIODIC
                                       : wsf__arg_int(node, "window") / 2 * 2 + 1;
  const wsf__mstl_options mstl = {window, wsf__arg_flag(node, "robust")};
  double *trend = wsf__arena_new(f->scratch, (size_t)n, sizeof *trend);
  double *seasonal = wsf__arena_new(f->scratch, (size_t)n, (size_t)of->n * sizeof *seasonal);
  if (!trend || !seasonal ||
      !wsf__mstl(trend, seasonal, s->y, n, of->m, of->n, &mstl, f->scratch)) {
    return wsf__fail_memory(f->err);
  }
  double *y = wsf__series_values(s);
  for (int k = 0; k < of->n; ++k) {
    const double *season = seasonal + k * n;
    for (int64_t t = 0; t < n; ++t) y[t] -= season[t];
    memcpy(cycle, season + n - of->m[k], (size_t)of->m[k] * sizeof *cycle);
    cycle += of->m[k];
  }
  for (int64_t t = 0; t < n; ++t) trend[t] = y[t] - trend[t];
  const int64_t longest = of->m[of->n - 1];
  wsf__season_fit fit = {.trend = longest + longest / 2, .end = n};
  for (int k = 0; k < of->n; ++k) fit.window[k] = wsf__mstl_window(&mstl, k);
  return wsf__unseason_error(f, trend, n, of, &fit, error);
}

static const wsf__unseason how = {.seasons = seasons, .take = take};

static wsf_status fit(wsf__fit *f, const wsf__batch *b, wsf__fitted *out) {
  const wsf__value *given = wsf__arg(out->node, "seasons");
  if (given->form == WSF__NUMBERS && given->n > WSF__MOST_SEASONS) {
    (void)wsf__fail(f->err, WSF_E_VALUE, "'seasons' holds %d numbers, expected at most %d",
                    given->n, WSF__MOST_SEASONS);
    wsf__error_at_field(f->err, "seasons");
    wsf__error_at_byte(f->err, out->node->byte);
    return WSF_E_VALUE;
  }
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

const wsf__model_class wsf__model_mstl = {
    .spec = {.family = "model",
             .group = "combine",
             .name = "mstl",
             .summary = "several seasons taken off by MSTL, any model for the rest",
             .source = "Bandara, Hyndman and Bergmeir (2021), MSTL",
             .since = "0.1.0",
             .example = "mstl(ets, seasons=[7,364])",
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
                .why = "an update keeps the seasons"},
    .history = history,
    .takes_season = true,
};
