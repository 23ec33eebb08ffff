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
/* The same at `step` periods, 1 or more, after a history of s->n: then the step is
 * wsf__forecast_unknown. */
bool wsf__regressors_ahead(const wsf__regressors *r, const wsf__panel *frame, const wsf__series *s,
                           int64_t step, double *x);
/* Whether every step 1 .. h has a value in every column behind x= of a call. */
bool wsf__regressors_reach(const wsf__node *node, const wsf__panel *panel, const wsf__series *s,
                           int64_t h);
/* The status that tells the first column and period without one. */
wsf_status wsf__regressors_fail(wsf_error *err, const wsf__node *node, const wsf__panel *panel,
                                const wsf__series *s, int64_t h);
/* `regresses` of a class whose states always have a coefficient for each column of x=. */
bool wsf__regressors_any(const wsf__node *node, const wsf__state *state);
/* Whether a call, or one inside it, regresses on columns. */
bool wsf__regressors_used(const wsf__node *node);
/* Whether a call, or one inside it, regresses on a column that has no value in steps 1 .. h. */
bool wsf__regressors_lack(const wsf__node *node, const wsf__panel *panel, const wsf__series *s,
                          int64_t h);
/* out[2 * pairs]: sine and cosine of 1 .. pairs turns a season, at index t. */
void wsf__fourier(int pairs, int64_t season, int64_t t, double *out);
/* How many Fourier pairs observations at t[n] can tell apart: the shortest wave needs two of them
 * a period (Nyquist), counted over the widest stretch of the season that was never seen; between
 * observations further apart the fit would swing freely. -1: no memory. */
int wsf__fourier_seen(int pairs, int64_t season, const int64_t *t, int64_t n, wsf__arena *scratch);

#endif
