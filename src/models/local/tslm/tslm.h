/* What the fit of tslm and its forecasts share: the state of a series and the columns of its
 * regression. */
#ifndef WSF_MODELS_TSLM_H
#define WSF_MODELS_TSLM_H

#include "models/history.h"

typedef struct wsf__tslm {
  wsf__extent extent; /* of the target, before any logarithm */
  double n;           /* periods of history */
  double groups;      /* levels: the season, or 1 */
  double trend, pairs, covariates;
  double squares, freedom; /* of the residuals */
  double rest[];           /* beta[k], r_inv[k * k], then per group: mean y, rows, mean z[k] */
} wsf__tslm;
enum { WSF__TSLM_HEAD = sizeof(wsf__tslm) / sizeof(double) };

/* What is left of the model for one series; k columns beside the levels. */
typedef struct wsf__tslm_shape {
  int64_t season, groups;
  bool trend;
  int pairs, covariates, k;
} wsf__tslm_shape;
/* What the expression asks for, and what a state has of it. */
wsf__tslm_shape wsf__tslm_full(const wsf__node *node, const wsf__panel *panel, int covariates);
wsf__tslm_shape wsf__tslm_stored(const wsf__tslm *state, int64_t season);
int64_t wsf__tslm_size(const wsf__tslm_shape *z); /* of the state */
/* The columns beside the levels at index t of the series. */
void wsf__tslm_columns(const wsf__tslm_shape *z, int64_t t, const double *x, double *out);
double wsf__tslm_exp(double x); /* kept inside the range of doubles */

wsf_status wsf__tslm_fit(wsf__fit *f, const wsf__series *s, wsf__fitted *out);
wsf_status wsf__tslm_update(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                            wsf__fitted *out);

#endif
