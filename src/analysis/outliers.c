/* Outliers, after Hyndman's tsoutliers() (R package forecast; "Detecting time series outliers",
 * 2021): what lies more than three interquartile ranges beyond the quartiles of the series'
 * distances from a smooth level. The level is the running median of Hampel (1974), which one value
 * cannot move.
 *
 * The season is not taken from a decomposition as there: with the two or three cycles that sales
 * histories have, a season fitted robustly goes through a third of the points, which leaves too
 * small a range, and one fitted otherwise bends to the outlier. Instead a value must be far from
 * its surroundings and also far from what the same season of the nearest other cycles leads to
 * expect: a Christmas peak is only the first, the year before an outlier only the second. Fewer
 * than five observations have no outliers. What the season tells but for a twentieth is none: in a
 * series that repeats exactly the range of what it leaves is next to nothing.
 *
 * Where more than three quarters of the distances are equal, the quartiles measure nothing, and the
 * mean absolute distance stands in their place, as large as a normal range of the quartiles would
 * be (Iglewicz and Hoaglin 1993, 3.2): a price that never moves may still be mistyped once. Not so
 * where the level is zero: what stands out there is demand. */
#include "analysis/outliers.h"
#include "math/stats.h"
#include "sync/env.h"

#include <math.h>

enum { HALF_WINDOW = 7, CYCLES = 5 /* on either side */, LEAST = 5 };
static const double RANGES = 3, TOLD = 0.05;

/* Median of the same season in the nearest other cycles of m periods; 0 if there are none. */
static double other_cycles(const double *x, int64_t n, int64_t m, int64_t t) {
  double value[2 * CYCLES];
  int64_t count = 0;
  for (int64_t k = 1; k <= CYCLES; ++k) {
    if (t - k * m >= 0 && !isnan(x[t - k * m])) value[count++] = x[t - k * m];
    if (t + k * m < n && !isnan(x[t + k * m])) value[count++] = x[t + k * m];
  }
  return count > 0 ? wsf__median_inplace(value, count) : 0;
}

/* Value at t of the line through x[lo .. hi] whose slope is the median over i of the median over j
 * of the slopes between i and j. */
static double repeated_median(const double *x, int64_t lo, int64_t hi, int64_t t) {
  double slope[2 * HALF_WINDOW], middle[2 * HALF_WINDOW + 1];
  int64_t lines = 0, count = 0;
  for (int64_t i = lo; i <= hi; ++i) {
    int64_t slopes = 0;
    for (int64_t j = lo; j <= hi; ++j) {
      if (j != i && !isnan(x[i]) && !isnan(x[j])) slope[slopes++] = (x[j] - x[i]) / (double)(j - i);
    }
    if (slopes > 0) middle[lines++] = wsf__median_inplace(slope, slopes);
  }
  const double rise = lines > 0 ? wsf__median_inplace(middle, lines) : 0;
  for (int64_t i = lo; i <= hi; ++i) {
    if (!isnan(x[i])) middle[count++] = x[i] - rise * (double)(i - t);
  }
  return count > 0 ? wsf__median_inplace(middle, count) : NAN;
}

/* Distance of each value from the level of those around it. */
static void surroundings(const double *x, int64_t n, double *distance, const wsf__arena *scratch) {
  for (int64_t t = 0; t < n && !wsf__cut_short(scratch); ++t) {
    const int64_t lo = t > HALF_WINDOW ? t - HALF_WINDOW : 0;
    const int64_t hi = t + HALF_WINDOW < n ? t + HALF_WINDOW : n - 1;
    distance[t] = x[t] - repeated_median(x, lo, hi, t);
  }
}

/* Bounds of what is not far; infinite if nothing says so. */
typedef struct bounds {
  double low, high, spread;
} bounds;

/* Interquartile range of a normal distribution over its mean absolute deviation. */
static const double RANGE_BY_MEAN = 1.6906;

/* y: the series that the distances are of. */
static bounds bounds_of(const double *distance, const double *y, int64_t n, double *work) {
  int64_t count = 0, zeros = 0;
  double mean = 0, largest = 0;
  for (int64_t t = 0; t < n; ++t) {
    if (isnan(distance[t])) continue;
    work[count++] = distance[t];
    mean += fabs(distance[t]);
    largest = fmax(largest, fabs(y[t]));
    zeros += y[t] == 0;
  }
  if (count < LEAST) return (bounds){-INFINITY, INFINITY, NAN};
  const double q1 = wsf__quantile_inplace(work, count, 0.25);
  const double q3 = wsf__quantile_inplace(work, count, 0.75);
  const double rounding = 1e-14 * largest;
  double spread = RANGES * (q3 - q1);
  if (!(spread > rounding) && 2 * zeros < count) {
    spread = RANGES * RANGE_BY_MEAN * mean / (double)count;
  }
  if (!(spread > rounding)) return (bounds){-INFINITY, INFINITY, spread};
  return (bounds){q1 - spread, q3 + spread, spread};
}

bool wsf__outliers(const double *y, int64_t n, int64_t m, double *expected, double *spread,
                   wsf__arena *scratch) {
  double *distance = wsf__arena_new(scratch, (size_t)n, sizeof *distance);
  double *adjusted = wsf__arena_new(scratch, (size_t)n, sizeof *adjusted);
  double *from_season = wsf__arena_new(scratch, (size_t)n, sizeof *from_season);
  double *work = wsf__arena_new(scratch, (size_t)n, sizeof *work);
  if (!distance || !adjusted || !from_season || !work) return false;
  surroundings(y, n, distance, scratch);
  for (int64_t t = 0; t < n && !wsf__cut_short(scratch); ++t) {
    adjusted[t] = y[t] - (m > 1 ? other_cycles(distance, n, m, t) : 0);
  }
  surroundings(adjusted, n, from_season, scratch);
  if (wsf__cut_short(scratch)) return false;
  const bounds near = bounds_of(distance, y, n, work);
  if (wsf__cut_short(scratch)) return false;
  const bounds usual = bounds_of(from_season, y, n, work);
  *spread = near.spread;
  for (int64_t t = 0; t < n; ++t) {
    const bool far = distance[t] < near.low || distance[t] > near.high;
    const bool told = fabs(from_season[t]) < TOLD * fabs(distance[t]);
    const bool unusual = !told && (from_season[t] < usual.low || from_season[t] > usual.high);
    expected[t] = far && unusual ? y[t] - from_season[t] : NAN;
  }
  return true;
}
