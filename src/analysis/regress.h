/* Ordinary least squares with standard errors: what the unit root tests have in common. */
#ifndef WSF_ANALYSIS_REGRESS_H
#define WSF_ANALYSIS_REGRESS_H

#include "base/alloc.h"

typedef struct wsf__regression {
  double *b, *se; /* [columns]; se is NaN for a column that depends on the others, which has b = 0,
                     and for all columns if no degree of freedom is left */
  double *residual; /* [rows] */
  double rss;       /* 0 where it is rounding */
  int rank;
} wsf__regression;

/* y[rows] on the column-major a[rows x columns], which are kept. rows = 0 is allowed. rounding:
 * what a value of y may be wrong by (wsf__rounding in unit_root.h). The vectors live in the arena.
 * false: no memory, or more than INT_MAX rows. */
bool wsf__regress(wsf__regression *out, const double *a, const double *y, int64_t rows, int columns,
                  double rounding, wsf__arena *arena);
/* b[j] / se[j]; NaN if there is no standard error or the fit leaves no residual. */
double wsf__t_value(const wsf__regression *r, int j);

#endif
