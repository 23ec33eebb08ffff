/* Simple exponential smoothing from the first value on: what the methods for intermittent demand
 * do to sizes, intervals and sums. */
#ifndef WSF_MODELS_SMOOTHING_H
#define WSF_MODELS_SMOOTHING_H

#include <stdint.h>

/* The level after x[0 .. n), n >= 1, started at x[0]. */
double wsf__smooth(const double *x, int64_t n, double alpha);
/* The alpha in [lo, hi] with the least sum of squared one-step errors. */
double wsf__smooth_alpha(const double *x, int64_t n, double lo, double hi);

#endif
