/* Least squares with absolute penalties, from its normal equations: see lasso.c. */
#ifndef WSF_LINALG_LASSO_H
#define WSF_LINALG_LASSO_H

#include "base/alloc.h"

/* The x[n] that minimises 1/2 x' H x - q' x + sum_j w_j |x_j|: h[n][n] whole and symmetric,
 * positive definite over the coefficients with w_j = 0 and any others that are not 0 at the
 * minimum; w_j >= 0. x: where to begin, then the minimum. */
typedef enum wsf__lasso_end {
  WSF__LASSO_GOOD,
  WSF__LASSO_INDEFINITE, /* h is not positive definite, in doubles */
  WSF__LASSO_MEMORY      /* or the call was stopped */
} wsf__lasso_end;
wsf__lasso_end wsf__lasso(int n, const double *h, const double *q, const double *w, double *x,
                          wsf__arena *scratch);

#endif
