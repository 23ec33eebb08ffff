/* The power that makes the spread of a series the same at every level. */
#ifndef WSF_ANALYSIS_BOXCOX_LAMBDA_H
#define WSF_ANALYSIS_BOXCOX_LAMBDA_H

#include "sync/env.h"

/* Box-Cox lambda in [lo, 2] for y[n], NaN = missing, none negative, of season m. 1 (no change) if
 * the history is no longer than two seasons or does not vary. lo < 2. */
double wsf__boxcox_lambda(const double *y, int64_t n, int64_t m, double lo,
                          const wsf__arena *scratch);

#endif
