/* Forecasts that do not add up, moved to the nearest ones that do: see project.c.
 *
 * The covariance of the forecast errors is diag(noise) + V V', where V has a row for each series
 * and a column for each of `periods` periods: V[i][t] = scale[i] * x[i][t]. Columns of forecasts
 * are worked on WSF__COLUMNS at a time, side by side: value of series i in column c at [i *
 * WSF__COLUMNS + c]. What becomes of a column does not depend on those beside it. */
#ifndef WSF_RECONCILE_PROJECT_H
#define WSF_RECONCILE_PROJECT_H

#include "reconcile/structure.h"

enum { WSF__COLUMNS = 8 };

typedef struct wsf__projection {
  const wsf__structure *s;
  const double *noise;    /* [n] at least 0 */
  int64_t periods;        /* 0: no V */
  const double *const *x; /* [n][periods]; NULL: zeros */
  const double *scale;    /* [n] */
  /* filled by begin, factor and end */
  double *inverse;    /* [n_sums] of the diagonal of C diag(noise) C' */
  int64_t blocks;     /* of periods */
  double *u, *solved; /* [blocks][n_sums * WSF__COLUMNS] C V, and the inverse times it */
  double *core;       /* [periods * periods] factor of 1 + u' solved */
  /* With no more sums than periods there is no `solved`, and core is the factor of C W C',
   * [n_sums * n_sums], its rows and columns times unit, [n_sums]. */
  bool few;
  double *unit;
} wsf__projection;

/* Begin with the fields above filled; then factor every block of periods, in any order; then end.
 * false = out of memory; from end also: not positive definite. */
bool wsf__projection_begin(wsf__projection *p, wsf__arena *arena);
bool wsf__projection_factor(wsf__projection *p, int64_t block, wsf__arena *scratch);
bool wsf__projection_end(wsf__projection *p, wsf__arena *arena);
/* y: [n * WSF__COLUMNS]; false = out of memory. */
bool wsf__project(const wsf__projection *p, double *y, wsf__arena *scratch);

/* Forecasts that add up, moved to the nearest ones that do and have none below zero of the series
 * below sums that are floored, [n], in the distance of diag(noise) alone (nonnegative.c). */
bool wsf__project_nonnegative(const wsf__projection *p, const bool *floored, double *y,
                              wsf__arena *scratch);

/* For nonnegative.c: z = (C diag(noise) C')^-1 d, both [n_sums * WSF__COLUMNS]; `free`, [n_bottom *
 * WSF__COLUMNS], is 0 for series below that do not count and 1 for others (NULL: all do). */
bool wsf__normal_solve(const wsf__projection *p, const double *d, const double *free, double *z,
                       wsf__arena *scratch);
/* w[j] = sum of z over the sums that bottom j stands in; [n_bottom * WSF__COLUMNS]. */
void wsf__spread(const wsf__structure *s, const double *z, double *w);
/* d = y of each sum less those of what is below it, where it counts. */
void wsf__gaps(const wsf__structure *s, const double *y, const double *free, double *d);
/* wsf__add_up for columns. */
void wsf__add_up_columns(const wsf__structure *s, double *y);

#endif
