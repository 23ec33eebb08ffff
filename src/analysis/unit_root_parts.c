/* What the tests for unit roots share: differences, numbers of lags, and what is no more than the
 * rounding of a series' values. Lags are those of R: ur.kpss "short", adf.test, ndiffs. */
#include "analysis/unit_root.h"
#include "math/elementary.h"

#include <math.h>

static const double FLAT = 1e-12, ROUNDING = 1e-14;
enum { MOST_ADF_LAGS = 50 };

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
  return !(most - least > FLAT * fmax(fabs(most), fabs(least)));
}

double wsf__rounding(const double *x, int64_t n) {
  double largest = 0;
  for (int64_t t = 0; t < n; ++t) largest = fmax(largest, fabs(x[t]));
  return ROUNDING * largest;
}

int64_t wsf__lags_for_differences(int64_t n) {
  return n > 0 ? (int64_t)(3 * sqrt((double)n) / 13) : 0;
}

int64_t wsf__lags_short(int64_t n) {
  return n > 0 ? (int64_t)(4 * wsf__pow((double)n / 100, 0.25)) : 0;
}

int64_t wsf__lags_adf(int64_t n) {
  const int64_t lags = (int64_t)wsf__pow((double)(n > 0 ? n - 1 : 0), 1.0 / 3);
  return lags < MOST_ADF_LAGS ? lags : MOST_ADF_LAGS;
}
