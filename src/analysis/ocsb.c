/* Seasonal unit root test.
 *
 * Osborn, Chui, Smith and Birchenhall (1988), "Seasonality and the order of integration for
 * consumption", Oxford Bulletin of Economics and Statistics 50, equation (17): the doubly
 * differenced series y = (1 - B)(1 - B^m) x on its own lags, on z4 = phi(B)(1 - B^m) x one period
 * back and on z5 = phi(B)(1 - B) x one season back, where phi is the autoregression of y. The
 * statistic is the t value of z5; near zero it speaks for a seasonal difference. Critical value:
 * the curve that Hyndman fitted to Monte Carlo results for seasons 2 to 365, in R's forecast.
 *
 * Conventions of R's ocsb.test: the AIC compares 1 .. most lags over the same rows, and the test is
 * done with one lag less than the best. Seasons cost nothing: the work is linear in n. */
#include "analysis/ocsb.h"

#include "analysis/regress.h"
#include "analysis/stl.h"
#include "analysis/unit_root.h"
#include "math/elementary.h"

#include <math.h>

enum { MOST_LAGS = 3 };

static double critical_value(int64_t m) {
  const double x = wsf__ln((double)m) - 0.7656451;
  return -0.2937411 * wsf__exp(-0.2850853 * x - 0.05983644 * x * x) - 1.652202;
}

/* (1 - B)(1 - B^m), (1 - B^m) and (1 - B) of x at t */
static double both(const double *x, int64_t t, int64_t m) {
  return (x[t] - x[t - 1]) - (x[t - m] - x[t - m - 1]);
}
static double at_season(const double *x, int64_t t, int64_t m) {
  return x[t] - x[t - m];
}
static double at_one(const double *x, int64_t t, int64_t m) {
  (void)m;
  return x[t] - x[t - 1];
}

/* phi(B) of the difference at t */
static double filtered(double (*difference)(const double *, int64_t, int64_t), const double *x,
                       int64_t t, int64_t m, const double *phi, int lags) {
  double z = difference(x, t, m);
  for (int k = 1; k <= lags; ++k) z -= phi[k - 1] * difference(x, t - k, m);
  return z;
}

/* Equation (17) with this many lags over the rows from m + 1 + skip. The coefficient of z5 is the
 * last. */
static bool fit(wsf__regression *out, const double *x, int64_t n, int64_t m, int lags, int skip,
                wsf__arena *arena) {
  const int64_t first = m + 1 + skip, rows = n > first ? n - first : 0;
  double *a = wsf__arena_new(arena, (size_t)rows, (size_t)(lags + 2) * sizeof *a);
  double *y = wsf__arena_new(arena, (size_t)rows, sizeof *y);
  wsf__regression ar = {0};
  if (!a || !y) return false;
  for (int64_t r = 0; r < rows; ++r) {
    y[r] = both(x, first + r, m);
    for (int k = 1; k <= lags; ++k) a[(k - 1) * rows + r] = both(x, first + r - k, m);
  }
  if (lags > 0 && !wsf__regress(&ar, a, y, rows, lags, 0, arena)) return false;
  for (int64_t r = 0; r < rows; ++r) {
    const int64_t t = first + r;
    a[lags * rows + r] = filtered(at_season, x, t - 1, m, ar.b, lags);
    a[(lags + 1) * rows + r] = filtered(at_one, x, t - m, m, ar.b, lags);
  }
  return wsf__regress(out, a, y, rows, lags + 2, wsf__rounding(x, n), arena);
}

static bool choose_lags(int *out, const double *x, int64_t n, int64_t m, int most_lags,
                        wsf__arena *arena) {
  double best = INFINITY;
  *out = 0;
  for (int lags = 1; lags <= most_lags; ++lags) {
    const wsf__mark mark = wsf__arena_mark(arena);
    wsf__regression r;
    if (!fit(&r, x, n, m, lags, most_lags, arena)) return false;
    const double rows = (double)(n - m - 1 - most_lags);
    const double aic = rows * wsf__ln(r.rss / rows) + 2 * r.rank;
    if (aic < best) {
      best = aic;
      *out = lags - 1;
    }
    wsf__arena_reset(arena, mark);
  }
  return true;
}

bool wsf__ocsb(wsf__ocsb_test *out, const double *x, int64_t n, int64_t m, int most_lags,
               wsf__arena *scratch) {
  const wsf__mark mark = wsf__arena_mark(scratch);
  wsf__regression r;
  *out = (wsf__ocsb_test){NAN, critical_value(m), 0};
  const bool enough = n - m - 1 - most_lags > most_lags + 2;
  if (!enough || wsf__is_flat(x, n)) return true;
  const bool ok = choose_lags(&out->lags, x, n, m, most_lags, scratch) &&
                  fit(&r, x, n, m, out->lags, out->lags, scratch);
  const int z4 = out->lags, z5 = out->lags + 1;
  if (ok && !isnan(wsf__t_value(&r, z4))) out->statistic = wsf__t_value(&r, z5);
  wsf__arena_reset(scratch, mark);
  return ok;
}

bool wsf__ocsb_differences(int *out, const double *y, int64_t n, int64_t m, int most,
                           wsf__arena *scratch) {
  *out = 0;
  if (m < 2 || n <= m || wsf__is_flat(y, n)) return true;
  const wsf__mark mark = wsf__arena_mark(scratch);
  double *x = wsf__arena_new(scratch, (size_t)n, sizeof *x);
  bool ok = x != NULL;
  if (ok) wsf__fill_missing(y, n, m, x);
  while (ok && *out < most) {
    wsf__ocsb_test test;
    ok = wsf__ocsb(&test, x, n, m, MOST_LAGS, scratch);
    if (!ok || !(test.statistic > test.critical)) break;
    ++*out;
    n = wsf__difference(x, n, m);
    if (wsf__is_flat(x, n) || n < 2 * m) break;
  }
  wsf__arena_reset(scratch, mark);
  return ok;
}
