/* How often a series must be differenced before it stays around a level. NaN = missing. */
#ifndef WSF_ANALYSIS_UNIT_ROOT_H
#define WSF_ANALYSIS_UNIT_ROOT_H

#include "base/alloc.h"

/* KPSS statistic of x[n], no NaN, around a level (trend = false) or a line. NaN if x does not vary.
 * Small-sample lags as the `forecast` package of R takes them: 3 sqrt(n) / 13. false: no memory. */
bool wsf__kpss(double *statistic, const double *x, int64_t n, bool trend, wsf__arena *scratch);
/* Differences at lag 1, 0 .. most, until the KPSS test at 5 % keeps the level. */
bool wsf__differences(int *out, const double *y, int64_t n, int most, wsf__arena *scratch);
/* Differences at lag m, 0 .. most, until the season's strength (Wang, Smith and Hyndman 2006) in an
 * STL decomposition is at most 0.64; 0 with two seasons or less. */
bool wsf__seasonal_differences(int *out, const double *y, int64_t n, int64_t m, int most,
                               wsf__arena *scratch);
/* x[t + lag] - x[t] in place; returns how many are left, 0 for n <= lag. */
int64_t wsf__difference(double *x, int64_t n, int64_t lag);
/* Whether the observed values are equal but for rounding; true if there are none. */
bool wsf__is_flat(const double *x, int64_t n);

#endif
