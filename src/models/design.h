/* The columns of a regression whose errors follow a model that filters y and columns alike: which
 * of them count, their coefficients by least squares of the innovations, and the covariance of
 * those. The model gives the products of the innovations (ets_regress.c, ucm_filter.c). */
#ifndef WSF_MODELS_DESIGN_H
#define WSF_MODELS_DESIGN_H

#include "base/alloc.h"

typedef struct wsf__design {
  int n_all, n, stride; /* columns; those that count; numbers in a row of x and product */
  double *x;            /* [rows][stride], counted from the mean; 0 where y is missing */
  int *from;            /* [n] which of all columns */
  double *centre;       /* [n_all] */
  double *b;            /* that of [n]; after wsf__design_end of [n_all], 0 for those left out */
  double *cover;        /* [n_all][n_all] root of the covariance of b over that of an error */
  /* What the model fills: sums of products of the columns' innovations, [n][stride], the lower
   * triangle at least, then those with y's, [stride]; and the sum of squares of y's. */
  double *product, squares;
  double weight;             /* and the mean weight of a period in them */
  double *energy;            /* [n] sums of squares of x: what innovations are measured by */
  double *factor, *change;   /* [n][n] Cholesky's; [n] of b */
  const wsf__arena *scratch; /* asked whether to leave a loop over periods */
} wsf__design;

typedef enum wsf__design_state {
  WSF__DESIGN_GOOD,
  WSF__DESIGN_SHORT, /* fewer rows than columns and two */
  WSF__DESIGN_MEMORY
} wsf__design_state;

/* Numbers in a row of k columns: whole vectors. */
static inline int wsf__design_stride(int k) {
  return (k + 3) / 4 * 4;
}
/* y[n], NaN where it or a column is missing, loses what a first b explains, which is found from
 * differences season by season; x[n][k]. */
wsf__design_state wsf__design_new(wsf__design *d, double *y, int64_t n, int64_t season, int k,
                                  const double *x, wsf__arena *scratch);
void wsf__design_take_off(const wsf__design *d, double *y, int64_t n, const double *b);
void wsf__design_clear(wsf__design *d); /* the products */
/* The change of b of least squares; what it leaves of the squares. */
double wsf__design_solve(wsf__design *d);
/* After that: columns with a coefficient. Others follow from what the model itself explains. */
int wsf__design_rank(const wsf__design *d);
/* Take that change; y loses what it explains. */
void wsf__design_move(wsf__design *d, double *y, int64_t n);
/* b to its places among all columns, and its covariance. */
void wsf__design_end(wsf__design *d);

#endif
