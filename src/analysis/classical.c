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
  for (int64_t t = wsf__classical_first(m); t < wsf__classical_end(n, m); ++t) {
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

void wsf__classical_trend(double *trend, const double *y, int64_t n, int64_t m) {
  const int64_t first = wsf__classical_first(m), last = wsf__classical_end(n, m) - 1;
  for (int64_t t = first; t <= last; ++t) trend[t] = around(y, m, t);
  const double slope = last > first ? (trend[last] - trend[first]) / (double)(last - first) : 0;
  for (int64_t t = 0; t < first; ++t) trend[t] = trend[first] - slope * (double)(first - t);
  for (int64_t t = last + 1; t < n; ++t) trend[t] = trend[last] + slope * (double)(t - last);
}
