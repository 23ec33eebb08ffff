/* A series as trend + season + remainder, whatever its length; and how strong each is. */
#ifndef WSF_ANALYSIS_DECOMPOSE_H
#define WSF_ANALYSIS_DECOMPOSE_H

#include "base/alloc.h"

/* Parts of y[n] (NaN = missing, n >= 1), each with n values and without NaN in trend and seasonal.
 * With two seasons of length m and one value more: STL. Else the trend is a local line and the
 * season is 0. remainder is NaN where y is. Returns false if out of memory. */
typedef struct wsf__parts {
  double *trend, *seasonal, *remainder;
  bool season; /* there was enough for a season */
} wsf__parts;
bool wsf__decompose(wsf__parts *out, const double *y, int64_t n, int64_t m, bool robust,
                    wsf__arena *arena);

/* max(0, 1 - var(remainder) / var(part + remainder)) over the observed values; NaN if there are
 * fewer than three or they do not vary. */
double wsf__strength(const double *part, const double *remainder, int64_t n);

#endif
