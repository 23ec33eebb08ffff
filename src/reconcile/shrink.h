/* How far an empirical covariance is shrunk towards its diagonal: see shrink.c. */
#ifndef WSF_RECONCILE_SHRINK_H
#define WSF_RECONCILE_SHRINK_H

#include "base/alloc.h"

/* x: n rows of `periods` standardised errors, their mean square 1, 0 where there is none. Returns
 * the intensity, 0 to 1; negative: out of memory. */
double wsf__shrinkage(const double *const *x, int64_t n, int64_t periods, wsf__arena *scratch);

#endif
