/* The seasonal indices of classical decomposition. */
#ifndef WSF_ANALYSIS_CLASSICAL_H
#define WSF_ANALYSIS_CLASSICAL_H

#include "sync/env.h"

/* index[j] is what y[j], y[j + m], .. deviate from a centred moving average over one season: the
 * mean difference, or the mean ratio. The m seasonal indices have mean 0, or 1. y has no NaN; n >=
 * 2 m, m >= 2; work: m values. false: an index is not finite, or a ratio is less than 0.01, too
 * small to be a divisor (all seasonal indices are written). */
bool wsf__classical_season(double *index, const double *y, int64_t n, int64_t m, bool ratios,
                           double *work, const wsf__arena *scratch);
#define WSF__LEAST_RATIO 0.01
/* That moving average of y[n]; before and after it, the line from its first to its last value. */
void wsf__classical_trend(double *trend, const double *y, int64_t n, int64_t m,
                          const wsf__arena *scratch);
/* Where it begins and ends: it is there for first <= t < end. */
static inline int64_t wsf__classical_first(int64_t m) {
  return m / 2;
}
static inline int64_t wsf__classical_end(int64_t n, int64_t m) {
  return n - m / 2;
}

#endif
