/* Autocorrelation as R's acf() computes it (Venables and Ripley 2002, "Modern applied statistics
 * with S", 14.1): covariances at every lag over the whole mean, divided by n, so that they form a
 * positive semi-definite sequence. With missing values (na.action = na.pass) a lag has the pairs
 * that are both there, and their number plus the lag takes the place of n; such values may lie
 * outside of -1 .. 1, as they may in R.
 *
 * Partial autocorrelation by Durbin (1960) and Levinson (1947): the last coefficient of the
 * autoregressions of order 1, 2, .. */
#include "analysis/acf.h"

#include "math/stats.h"

#include <math.h>
#include <string.h>

static double covariance(const double *y, int64_t n, int64_t lag, double mean) {
  double sum = 0;
  int64_t pairs = 0;
  for (int64_t t = 0; t + lag < n; ++t) {
    if (isnan(y[t]) || isnan(y[t + lag])) continue;
    sum += (y[t] - mean) * (y[t + lag] - mean);
    ++pairs;
  }
  return pairs > 0 ? sum / (double)(pairs + lag) : NAN;
}

void wsf__acf(const double *y, int64_t n, int64_t lags, double *acf) {
  const double mean = wsf__mean(y, n);
  const double variance = covariance(y, n, 0, mean);
  for (int64_t k = 1; k <= lags; ++k) {
    acf[k - 1] = variance > 0 ? covariance(y, n, k, mean) / variance : NAN;
  }
}

void wsf__pacf(const double *acf, int64_t lags, double *pacf, double *work) {
  double *phi = work, *before = work + lags;
  for (int64_t k = 0; k < lags; ++k) {
    double above = acf[k], below = 1;
    for (int64_t j = 0; j < k; ++j) {
      above -= phi[j] * acf[k - 1 - j];
      below -= phi[j] * acf[j];
    }
    pacf[k] = above / below;
    memcpy(before, phi, (size_t)k * sizeof *phi);
    for (int64_t j = 0; j < k; ++j) phi[j] = before[j] - pacf[k] * before[k - 1 - j];
    phi[k] = pacf[k];
  }
}
