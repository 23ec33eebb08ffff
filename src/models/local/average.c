/* Problem: forecast a level that does not move: the mean of all observations (Hyndman and
 * Athanasopoulos 2021, "Forecasting: principles and practice", 5.2).
 *
 * Intervals: s sqrt(1 + 1 / T), the same book's 5.5, with s the standard deviation at T - 1 degrees
 * of freedom, and Student quantiles, as R's meanf. Missing values are left out. The moments are
 * Welford's (1962), moved one observation at a time, so an update equals a refit to the bit. With
 * one observation s is 0. */
#include "models/coefficients.h"
#include "models/history.h"

#include <math.h>

typedef struct average_state {
  wsf__extent extent;
  double count, mean, squares;
} average_state;
enum { SIZE = sizeof(average_state) / sizeof(double) };

/* fitted: NULL, or [n] the mean before each period. */
static void advance(average_state *a, const double *y, int64_t n, double *fitted) {
  for (int64_t t = 0; t < n; ++t) {
    if (fitted) fitted[t] = a->mean;
    if (isnan(y[t])) continue;
    if (a->count == 0) a->extent = (wsf__extent){y[t], y[t]};
    wsf__extent_add(&a->extent, y[t]);
    a->count += 1;
    const double e = y[t] - a->mean;
    a->mean += e / a->count;
    a->squares += e * (y[t] - a->mean);
  }
}

static wsf_status fit_series(wsf__fit *f, const wsf__series *s, wsf__fitted *out) {
  double *v = wsf__state_set(f, out, s, SIZE, WSF__OK);
  if (!v) return wsf__fail_memory(f->err);
  average_state *a = (average_state *)v;
  advance(a, s->y, s->n, NULL);
  out->state[s->slot].reason = a->count > 0 ? wsf__extent_reason(a->extent) : WSF__EMPTY;
  double *fitted = wsf__history_of(out, s);
  for (int64_t t = 0; fitted && t < s->n; ++t) fitted[t] = a->mean;
  return WSF_OK;
}

static wsf_status update(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                         wsf__fitted *out) {
  const average_state before = *(const average_state *)old->state[s->slot].v;
  double *v = wsf__state_set(f, out, s, SIZE, WSF__OK);
  if (!v) return wsf__fail_memory(f->err);
  average_state *a = (average_state *)v;
  *a = before;
  advance(a, s->y, s->n, wsf__history_of(out, s));
  out->state[s->slot].reason = wsf__extent_reason(a->extent);
  return WSF_OK;
}

static wsf_status predict(wsf__predict *p, const wsf__fitted *m, const wsf__series *s,
                          wsf__forecast *out) {
  const average_state *a = (const average_state *)m->state[s->slot].v;
  (void)p;
  const double freedom = a->count - 1;
  const double sd = freedom > 0 ? sqrt(a->squares / freedom * (1 + 1 / a->count)) : 0;
  for (int64_t i = 0; i < out->h; ++i) out->mean[i] = a->mean;
  for (int k = 0; k < out->n_q && !wsf__forecast_stopped(out); ++k) {
    const double t = freedom > 0 ? wsf__student_quantile(out->q[k], freedom) : 0;
    for (int64_t i = 0; i < out->h; ++i) out->quantile[k * out->h + i] = a->mean + t * sd;
  }
  return WSF_OK;
}

/* Steps share the uncertainty of the mean. */
static wsf_status response(wsf__predict *p, const wsf__fitted *m, const wsf__series *s,
                           wsf__response *out) {
  (void)p;
  const average_state *a = (const average_state *)m->state[s->slot].v;
  for (int64_t i = 0; i < out->h; ++i) out->shared[i] = 1 / sqrt(a->count);
  return WSF_OK;
}

static bool check(const wsf__node *node, const wsf__panel *frame, const wsf__state *state) {
  (void)node;
  (void)frame;
  if (state->n != SIZE || !wsf__state_finite(state)) return false;
  const average_state *a = (const average_state *)state->v;
  return wsf__whole(a->count, 1, WSF__LONGEST) && a->squares >= 0;
}

static void coefficients(const wsf__fitted *m, const wsf__series *s, wsf__coefficients *out) {
  const average_state *a = (const average_state *)m->state[s->slot].v;
  const double sigma2 = a->count > 1 ? a->squares / (a->count - 1) : NAN;
  wsf__coefficient_add(out, "mean", 0, a->mean, sqrt(sigma2 / a->count));
  wsf__coefficient_add(out, "sigma2", 0, sigma2, NAN);
}

const wsf__model_class wsf__model_average = {
    .spec = {.family = "model",
             .group = "local",
             .name = "average",
             .summary = "the mean of all observations",
             .source = "Hyndman and Athanasopoulos (2021), 5.2",
             .since = "0.1.0",
             .example = "average"},
    .fit_series = fit_series,
    .predict_series = predict,
    .response = response,
    .blocks = true,
    .update = update,
    .check = check,
    .promise = {.units = WSF__EPSILON, .level = WSF__EPSILON, .why = "sums are rounded"},
    .coefficients = coefficients,
};
