/* Classical seasonal decomposition (Macaulay 1931; Kendall and Stuart 1983, "The Advanced Theory
 * of Statistics", vol. 3; as R's decompose()): the trend is a moving average over one season, the
 * ends of an even season with half the weight; the season is the mean, by its place in the cycle,
 * of the differences or ratios to that trend, normalised to mean 0 or 1. The first and last half
 * season have no trend and lend nothing. */
#include "analysis/classical.h"

#include <math.h>
#include <string.h>

/* Moving average over one season, period after period. A long season is not added up anew for each:
 * the sum moves on, and begins again after as many periods as it holds, so that roundings do not
 * gather. */
typedef struct average {
  const double *y;
  int64_t m, left; /* periods until it begins again */
  double sum;      /* around the last period, without the ends */
  const wsf__arena *scratch;
} average;
enum { LONG = 1024 };

static double around(average *a, int64_t t) {
  const double *y = a->y;
  const int64_t m = a->m, half = m / 2, from = t - half + (m % 2 == 0);
  if (a->left > 0) {
    a->sum += y[t + half - 1] - y[from - 1];
    --a->left;
  } else {
    a->sum = 0;
    for (int64_t i = from; i < t + half; ++i) a->sum += y[i];
    a->left = m > LONG ? m : 0;
  }
  if (m % 2) return (a->sum + y[t + half]) / (double)m;
  return (a->sum + 0.5 * (y[t - half] + y[t + half])) / (double)m;
}

static bool stopped(const average *a, int64_t t) {
  return t % 1024 == 0 && wsf__cut_short(a->scratch);
}

bool wsf__classical_season(double *index, const double *y, int64_t n, int64_t m, bool ratios,
                           double *work, const wsf__arena *scratch) {
  average level = {.y = y, .m = m, .scratch = scratch};
  double *seen = work;
  memset(index, 0, (size_t)m * sizeof *index);
  memset(seen, 0, (size_t)m * sizeof *seen);
  for (int64_t t = wsf__classical_first(m); t < wsf__classical_end(n, m); ++t) {
    if (stopped(&level, t)) return false;
    const double trend = around(&level, t);
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

void wsf__classical_trend(double *trend, const double *y, int64_t n, int64_t m,
                          const wsf__arena *scratch) {
  average level = {.y = y, .m = m, .scratch = scratch};
  const int64_t first = wsf__classical_first(m), last = wsf__classical_end(n, m) - 1;
  for (int64_t t = first; t <= last && !stopped(&level, t); ++t) trend[t] = around(&level, t);
  const double slope = last > first ? (trend[last] - trend[first]) / (double)(last - first) : 0;
  for (int64_t t = 0; t < first; ++t) trend[t] = trend[first] - slope * (double)(first - t);
  for (int64_t t = last + 1; t < n; ++t) trend[t] = trend[last] + slope * (double)(t - last);
}
