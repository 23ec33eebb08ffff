/* Observations that stand far from what surrounds them. */
#ifndef WSF_ANALYSIS_OUTLIERS_H
#define WSF_ANALYSIS_OUTLIERS_H

#include "base/alloc.h"

/* expected[t] is what y[t] should have been if y[t] is an outlier, else NaN. *spread receives the
 * distance from the quartiles beyond which it is one. false: out of memory. */
bool wsf__outliers(const double *y, int64_t n, int64_t m, double *expected, double *spread,
                   wsf__arena *scratch);

#endif
