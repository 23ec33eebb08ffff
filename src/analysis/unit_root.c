/* Tests that decide how often a series is differenced.
 *
 * Kwiatkowski, Phillips, Schmidt and Shin (1992), "Testing the null hypothesis of stationarity",
 * J. Econometrics 54: statistic (13) with Bartlett's weights (10), critical values of table 1. The
 * seasonal rule is that of Hyndman and Athanasopoulos (2021), section 9.1: difference while the
 * strength of the season exceeds 0.64. Conventions (lags, season's window of 11, order of the
 * steps) are those of ndiffs and nsdiffs in R's forecast. */
#include "analysis/unit_root.h"

#include "analysis/stl.h"

#include <math.h>
#include <string.h>

static const double KPSS_LEVEL_5 = 0.463, STRONG = 0.64, ROUNDING = 1e-12;
enum { SEASON_WINDOW = 11 };

int64_t wsf__difference(double *x, int64_t n, int64_t lag) {
  if (n <= lag) return 0;
  for (int64_t t = 0; t + lag < n; ++t) x[t] = x[t + lag] - x[t];
  return n - lag;
}

bool wsf__is_flat(const double *x, int64_t n) {
  double least = INFINITY, most = -INFINITY;
  for (int64_t t = 0; t < n; ++t) {
    least = fmin(least, x[t]);
    most = fmax(most, x[t]);
  }
  return !(most - least > ROUNDING * fmax(fabs(most), fabs(least)));
}

bool wsf__kpss(double *statistic, const double *x, int64_t n, bool trend, wsf__arena *scratch) {
  const wsf__mark mark = wsf__arena_mark(scratch);
  double *e = wsf__arena_new(scratch, (size_t)n, sizeof *e);
  if (!e) return false;
  double mean = 0, centre = (double)(n - 1) / 2, cross = 0, square = 0;
  for (int64_t t = 0; t < n; ++t) mean += x[t] / (double)n;
  for (int64_t t = 0; t < n; ++t) {
    cross += ((double)t - centre) * (x[t] - mean);
    square += ((double)t - centre) * ((double)t - centre);
  }
  const double slope = trend && square > 0 ? cross / square : 0;
  double partial = 0, sums = 0, variance = 0;
  for (int64_t t = 0; t < n; ++t) {
    e[t] = x[t] - mean - slope * ((double)t - centre);
    partial += e[t];
    sums += partial * partial;
    variance += e[t] * e[t];
  }
  const int64_t lags = (int64_t)(3 * sqrt((double)n) / 13);
  for (int64_t k = 1; k <= lags && k < n; ++k) {
    double covariance = 0;
    for (int64_t t = k; t < n; ++t) covariance += e[t] * e[t - k];
    variance += 2 * (1 - (double)k / (double)(lags + 1)) * covariance;
  }
  *statistic = variance > 0 ? sums / (double)n / variance : NAN;
  wsf__arena_reset(scratch, mark);
  return true;
}

static int64_t drop_missing(double *x, const double *y, int64_t n) {
  int64_t count = 0;
  for (int64_t t = 0; t < n; ++t) {
    if (!isnan(y[t])) x[count++] = y[t];
  }
  return count;
}

bool wsf__differences(int *out, const double *y, int64_t n, int most, wsf__arena *scratch) {
  const wsf__mark mark = wsf__arena_mark(scratch);
  double *x = wsf__arena_new(scratch, (size_t)n, sizeof *x);
  bool ok = x != NULL;
  *out = 0;
  int64_t count = ok ? drop_missing(x, y, n) : 0;
  while (ok && !wsf__is_flat(x, count)) {
    double statistic;
    ok = wsf__kpss(&statistic, x, count, false, scratch);
    if (!ok || !(statistic > KPSS_LEVEL_5) || *out >= most) break;
    ++*out;
    count = wsf__difference(x, count, 1);
  }
  wsf__arena_reset(scratch, mark);
  return ok;
}

static double variance(const double *x, const double *plus, int64_t n) {
  double mean = 0, sum = 0;
  for (int64_t t = 0; t < n; ++t) mean += (x[t] + (plus ? plus[t] : 0)) / (double)n;
  for (int64_t t = 0; t < n; ++t) {
    const double d = x[t] + (plus ? plus[t] : 0) - mean;
    sum += d * d;
  }
  return sum;
}

/* Strength of the season of x[n] without gaps; work: 3 n. */
static bool strength(double *out, const double *x, int64_t n, int64_t m, double *work,
                     wsf__arena *scratch) {
  double *seasonal = work, *trend = work + n, *rest = work + 2 * n;
  const wsf__stl_options options = {SEASON_WINDOW, 0, false};
  if (!wsf__stl(x, n, m, &options, seasonal, trend, scratch)) return false;
  for (int64_t t = 0; t < n; ++t) rest[t] = x[t] - seasonal[t] - trend[t];
  const double all = variance(rest, seasonal, n);
  *out = all > 0 ? fmax(0, 1 - variance(rest, NULL, n) / all) : 0;
  return true;
}

bool wsf__seasonal_differences(int *out, const double *y, int64_t n, int64_t m, int most,
                               wsf__arena *scratch) {
  *out = 0;
  if (m < 2 || n <= 2 * m || wsf__is_flat(y, n)) return true;
  const wsf__mark mark = wsf__arena_mark(scratch);
  double *x = wsf__arena_new(scratch, (size_t)n, 4 * sizeof *x);
  bool ok = x != NULL;
  if (ok) wsf__fill_missing(y, n, m, x);
  while (ok && *out < most && n > 2 * m) {
    double f;
    ok = strength(&f, x, n, m, x + n, scratch);
    if (!ok || !(f > STRONG)) break;
    ++*out;
    n = wsf__difference(x, n, m);
    if (wsf__is_flat(x, n)) break;
  }
  wsf__arena_reset(scratch, mark);
  return ok;
}
