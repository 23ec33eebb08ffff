/* Order statistics and moments of an array; NaN entries are skipped where it says so. */
#ifndef WSF_MATH_STATS_H
#define WSF_MATH_STATS_H

#include <stdint.h>

void wsf__sort(double *x, int64_t n); /* ascending; no NaN */
/* Quantile of a sorted array, Hyndman and Fan (1996) type 7; n >= 1, 0 <= p <= 1. */
double wsf__quantile_sorted(const double *x, int64_t n, double p);
/* The same of an unsorted array, in linear time: the median, and any quantile. They reorder x. */
double wsf__median_inplace(double *x, int64_t n);
double wsf__quantile_inplace(double *x, int64_t n, double p);
/* Mean of the finite entries, NaN if none. */
double wsf__mean(const double *x, int64_t n);
/* Seasonal difference scale: mean |x[t] - x[t-m]| over pairs that are both finite; NaN if none. */
double wsf__mean_abs_diff(const double *x, int64_t n, int64_t m);
double wsf__mean_sq_diff(const double *x, int64_t n, int64_t m);
/* The largest power of two that is no larger than x, finite and above 0: a unit that costs no
 * rounding. */
double wsf__power_of_two_below(double x);

#endif
