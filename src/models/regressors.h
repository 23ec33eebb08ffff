/* What a model regresses on beside the history: the columns behind its option x=, and Fourier
 * terms. */
#ifndef WSF_MODELS_REGRESSORS_H
#define WSF_MODELS_REGRESSORS_H

#include "models/model.h"

typedef struct wsf__regressors {
  int n;
  int *column; /* [n] of the panel */
} wsf__regressors;

/* The panel's columns behind x=; a status with the reason for a name that cannot serve. */
wsf_status wsf__regressors_find(wsf__regressors *out, const wsf__node *node,
                                const wsf__panel *panel, wsf__arena *scratch, wsf_error *err);
/* x[n] of a series at index t of its history; false: one of them has no value. */
bool wsf__regressors_read(const wsf__regressors *r, const wsf__panel *panel, const wsf__series *s,
                          int64_t t, double *x);
/* The same at `step` periods, 1 or more, after a history of s->n; a status names a column without a
 * value. */
wsf_status wsf__regressors_ahead(const wsf__regressors *r, wsf__predict *p, const wsf__node *node,
                                 const wsf__series *s, int64_t step, double *x);
/* out[2 * pairs]: sine and cosine of 1 .. pairs turns a season, at index t. */
void wsf__fourier(int pairs, int64_t season, int64_t t, double *out);
/* How many Fourier pairs observations at t[n] can tell apart: the shortest wave needs two of them
 * a period (Nyquist), counted over the widest stretch of the season that was never seen; between
 * observations further apart the fit would swing freely. -1: no memory. */
int wsf__fourier_seen(int pairs, int64_t season, const int64_t *t, int64_t n, wsf__arena *scratch);

#endif
