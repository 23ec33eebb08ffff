/* Classical seasonal decomposition (Macaulay 1931; Kendall and Stuart 1983, "The Advanced Theory
 * of Statistics", vol. 3; as R's decompose()): the trend is a moving average over one season, the
 * ends of an even season with half the weight; the season is the mean, by its place in the cycle,
 * of the differences or ratios to that trend, normalised to mean 0 or 1. The first and last half
 * season have no trend and lend nothing. */
#include "analysis/classical.h"

#include <math.h>
#include <string.h>

/* Moving average over one season around t. */
static double around(const double *y, int64_t m, int64_t t) {
  const int64_t half = m / 2;
  double sum = 0;
  for (int64_t i = t - half + (m % 2 == 0); i < t + half; ++i) sum += y[i];
  if (m % 2) return (sum + y[t + half]) / (double)m;
  return (sum + 0.5 * (y[t - half] + y[t + half])) / (double)m;
}

bool wsf__classical_season(double *index, const double *y, int64_t n, int64_t m, bool ratios,
                           double *work) {
  double *seen = work;
  memset(index, 0, (size_t)m * sizeof *index);
  memset(seen, 0, (size_t)m * sizeof *seen);
  for (int64_t t = m / 2; t + m / 2 < n; ++t) {
    const double trend = around(y, m, t);
    index[t % m] += ratios ? y[t] / trend : y[t] - trend;
    seen[t % m] += 1;
  }
  double mean = 0;
  for (int64_t j = 0; j < m; ++j) {
    index[j] /= seen[j];
    mean += index[j] / (double)m;
  }
  bool usable = true;
  for (int64_t j = 0; j < m; ++j) {
    index[j] = ratios ? index[j] / mean : index[j] - mean;
    usable = usable && isfinite(index[j]) && (!ratios || index[j] >= WSF__LEAST_RATIO);
  }
  return usable;
}
