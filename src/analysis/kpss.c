/* Test of stationarity.
 *
 * Kwiatkowski, Phillips, Schmidt and Shin (1992), "Testing the null hypothesis of stationarity
 * against the alternative of a unit root", J. Econometrics 54: the partial sums of the residuals
 * around a level or a line, squared and divided by the long-run variance (equations 10, 11 and 13).
 * Residuals of a stationary series cross zero again and again, so that their sums stay small.
 * Critical values: the paper's table 1, which ends at 0.01 and 0.1. */
#include "analysis/unit_root.h"
#include "sync/env.h"

#include <math.h>

double wsf__long_run_variance(const double *e, int64_t n, int64_t lags, const wsf__arena *scratch) {
  double sum = 0;
  for (int64_t t = 0; t < n; ++t) sum += e[t] * e[t];
  for (int64_t k = 1; k <= lags && k < n && !wsf__cut_short(scratch); ++k) {
    double covariance = 0;
    for (int64_t t = k; t < n; ++t) covariance += e[t] * e[t - k];
    sum += 2 * (1 - (double)k / (double)(lags + 1)) * covariance;
  }
  return sum / (double)n;
}

bool wsf__kpss(wsf__root_test *out, const double *x, int64_t n, bool trend, int64_t lags,
               wsf__arena *scratch) {
  static const double level_table[] = {0.347, 0.463, 0.574, 0.739};
  static const double line_table[] = {0.119, 0.146, 0.176, 0.216};
  static const double p[] = {0.1, 0.05, 0.025, 0.01};
  *out = (wsf__root_test){NAN, NAN, lags};
  if (wsf__is_flat(x, n)) return true;
  const wsf__mark mark = wsf__arena_mark(scratch);
  double *e = wsf__arena_new(scratch, (size_t)n, sizeof *e);
  if (!e) return false;
  double mean = 0, cross = 0, square = 0, partial = 0, sums = 0, left = 0;
  const double centre = (double)(n - 1) / 2;
  for (int64_t t = 0; t < n; ++t) mean += x[t] / (double)n;
  for (int64_t t = 0; t < n; ++t) {
    cross += ((double)t - centre) * (x[t] - mean);
    square += ((double)t - centre) * ((double)t - centre);
  }
  const double slope = trend ? cross / square : 0;
  for (int64_t t = 0; t < n; ++t) {
    e[t] = x[t] - mean - slope * ((double)t - centre);
    partial += e[t];
    sums += partial * partial;
    left += e[t] * e[t];
  }
  const double variance = wsf__long_run_variance(e, n, lags, scratch);
  const double rounding = wsf__rounding(x, n);
  if (left > (double)n * rounding * rounding && variance > 0) { /* else x is the line */
    out->statistic = sums / (double)n / (double)n / variance;
    out->p = wsf__interpolate(trend ? line_table : level_table, p, 4, out->statistic);
  }
  wsf__arena_reset(scratch, mark);
  return true;
}
