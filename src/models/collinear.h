/* Which columns of a regression say something of their own: one rule for every model with x=. */
#ifndef WSF_MODELS_COLLINEAR_H
#define WSF_MODELS_COLLINEAR_H

#include "sync/env.h"

/* Take the mean off x[n]; gives it. A column that never varies becomes zeros. */
double wsf__centre(double *x, int64_t n);
/* Of x[k][n], what the model's constant leaves of each column (destroyed): keep[j] is false for a
 * column of zeros and for one that follows from those kept before it. The number kept; worth
 * nothing when the call was stopped. */
int wsf__collinear(double *x, int64_t n, int k, bool *keep, const wsf__arena *scratch);

#endif
