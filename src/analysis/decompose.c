/* Decomposition for analysis. Seasonal series: STL with R's mstl() windows. Others: a local line
 * with tricube weights (Cleveland 1979, "Robust locally weighted regression", without the
 * robustness steps) over half of the series, at most 101 values, so that long series stay linear in
 * time.
 *
 * Strength of trend and season: Wang, Smith and Hyndman (2006), "Characteristic-based clustering
 * for time series data", section 3; in the form of Hyndman and Athanasopoulos (2021), section 4.3.
 */
#include "analysis/decompose.h"
#include "analysis/stl.h"
#include "sync/env.h"

#include <math.h>

enum { SEASON_WINDOW = 11, LEAST_WINDOW = 7, MOST_WINDOW = 101 };

/* Value at t of the line through y[lo .. hi), weighed by nearness to t. */
static double local_line(const double *y, int64_t lo, int64_t hi, int64_t t) {
  const double reach = (double)(t - lo > hi - 1 - t ? t - lo : hi - 1 - t) + 1;
  double w0 = 0, w1 = 0, w2 = 0, s0 = 0, s1 = 0;
  for (int64_t j = lo; j < hi; ++j) {
    const double x = (double)(j - t), d = fabs(x) / reach;
    const double c = 1 - d * d * d, w = c * c * c;
    w0 += w;
    w1 += w * x;
    w2 += w * x * x;
    s0 += w * y[j];
    s1 += w * x * y[j];
  }
  const double spread = w0 * w2 - w1 * w1;
  if (spread <= 1e-12 * w0 * w2) return s0 / w0; /* one value */
  return (w2 * s0 - w1 * s1) / spread;
}

static void smooth(const double *y, int64_t n, double *out, const wsf__arena *scratch) {
  int64_t window = n / 2 < MOST_WINDOW ? n / 2 : MOST_WINDOW;
  if (window < LEAST_WINDOW) window = LEAST_WINDOW;
  if (window > n) window = n;
  for (int64_t t = 0; t < n; ++t) {
    if (t % 256 == 0 && wsf__cut_short(scratch)) return;
    int64_t lo = t - window / 2;
    if (lo > n - window) lo = n - window;
    if (lo < 0) lo = 0;
    out[t] = local_line(y, lo, lo + window, t);
  }
}

bool wsf__decompose(wsf__parts *out, const double *y, int64_t n, int64_t m, bool robust,
                    wsf__arena *arena) {
  out->trend = wsf__arena_new(arena, (size_t)n, sizeof *out->trend);
  out->seasonal = wsf__arena_zero(arena, (size_t)n, sizeof *out->seasonal);
  out->remainder = wsf__arena_new(arena, (size_t)n, sizeof *out->remainder);
  if (!out->trend || !out->seasonal || !out->remainder) return false;
  int64_t known = n; /* periods up to the last observation */
  while (known > 0 && isnan(y[known - 1])) --known;
  out->season = m >= 2 && known >= 2 * m + 1;
  const wsf__mark mark = wsf__arena_mark(arena);
  if (out->season) {
    const wsf__stl_options options = {SEASON_WINDOW, 0, robust};
    if (!wsf__stl(y, n, m, &options, out->seasonal, out->trend, arena)) return false;
  } else {
    double *filled = wsf__arena_new(arena, (size_t)n, sizeof *filled);
    if (!filled) return false;
    wsf__fill_missing(y, n, 1, filled);
    smooth(filled, n, out->trend, arena);
  }
  wsf__arena_reset(arena, mark);
  for (int64_t t = 0; t < n; ++t) out->remainder[t] = y[t] - out->trend[t] - out->seasonal[t];
  return true;
}

/* Sum of squares about the mean of a + b where b is there; a may be NULL. */
static double spread(const double *a, const double *b, int64_t n, int64_t *count) {
  double mean = 0, sum = 0;
  *count = 0;
  for (int64_t t = 0; t < n; ++t) {
    if (isnan(b[t])) continue;
    mean += b[t] + (a ? a[t] : 0);
    ++*count;
  }
  mean /= (double)*count;
  for (int64_t t = 0; t < n; ++t) {
    if (isnan(b[t])) continue;
    const double x = b[t] + (a ? a[t] : 0) - mean;
    sum += x * x;
  }
  return sum;
}

double wsf__strength(const double *part, const double *remainder, int64_t n) {
  int64_t count;
  const double rest = spread(NULL, remainder, n, &count);
  const double both = spread(part, remainder, n, &count);
  if (count < 3 || !(both > 0)) return NAN;
  return fmax(0, 1 - rest / both);
}
