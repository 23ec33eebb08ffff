/* Rules that decide how often a series is differenced.
 *
 * At lag 1: while KPSS rejects the level, or ADF or PP keep the unit root, at 5 %. At the season:
 * Hyndman and Athanasopoulos (2021), "Forecasting: principles and practice", section 9.1, while the
 * strength of the season exceeds 0.64. Conventions (lags, season's window of 11, order of the
 * steps) are those of ndiffs and nsdiffs in R's forecast; the critical values of ADF and PP are
 * interpolated in the series' length, where R takes ADF's from the next row of the table. */
#include "analysis/unit_root.h"

#include "analysis/stl.h"

#include <math.h>
#include <string.h>

static const double SIGNIFICANT = 0.05, STRONG = 0.64;
enum { SEASON_WINDOW = 11 };

int64_t wsf__close_gaps(double *x, const double *y, int64_t n) {
  int64_t count = 0;
  for (int64_t t = 0; t < n; ++t) {
    if (!isnan(y[t])) x[count++] = y[t];
  }
  return count;
}

/* Whether x[n] should be differenced once more. */
static bool should_difference(wsf__root_rule rule, bool *out, const double *x, int64_t n,
                              wsf__arena *scratch) {
  wsf__root_test test;
  bool ok;
  switch (rule) {
  case WSF__BY_ADF:
    ok = wsf__adf(&test, x, n, false, 1, scratch);
    break;
  case WSF__BY_PP:
    ok = wsf__pp(&test, NULL, x, n, false, scratch);
    break;
  default:
    ok = wsf__kpss(&test, x, n, false, wsf__lags_for_differences(n), scratch);
  }
  *out = rule == WSF__BY_KPSS ? test.p < SIGNIFICANT : test.p > SIGNIFICANT;
  return ok;
}

bool wsf__differences_by(wsf__root_rule rule, int *out, const double *y, int64_t n, int most,
                         wsf__arena *scratch) {
  const wsf__mark mark = wsf__arena_mark(scratch);
  double *x = wsf__arena_new(scratch, (size_t)n, sizeof *x);
  bool ok = x != NULL;
  *out = 0;
  int64_t count = ok ? wsf__close_gaps(x, y, n) : 0;
  while (ok && *out < most && !wsf__is_flat(x, count)) {
    bool more = false;
    ok = should_difference(rule, &more, x, count, scratch);
    if (!ok || !more) break;
    ++*out;
    count = wsf__difference(x, count, 1);
  }
  wsf__arena_reset(scratch, mark);
  return ok;
}

bool wsf__differences(int *out, const double *y, int64_t n, int most, wsf__arena *scratch) {
  return wsf__differences_by(WSF__BY_KPSS, out, y, n, most, scratch);
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

bool wsf__seasonal_strength(double *out, const double *y, int64_t n, int64_t m,
                            wsf__arena *scratch) {
  const wsf__mark mark = wsf__arena_mark(scratch);
  double *x = wsf__arena_new(scratch, (size_t)n, 4 * sizeof *x);
  if (!x) return false;
  wsf__fill_missing(y, n, m, x);
  const bool ok = strength(out, x, n, m, x + n, scratch);
  wsf__arena_reset(scratch, mark);
  return ok;
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
