/* What a model regresses on beside the history: the columns and features behind its option x=, and
 * Fourier terms. */
#ifndef WSF_MODELS_REGRESSORS_H
#define WSF_MODELS_REGRESSORS_H

#include "features/recipe.h"
#include "models/model.h"

/* The columns of a regression, in the order of x=. Feature calls (features/feature.h) make theirs
 * from what is known ahead; a category becomes columns of 0 and 1 for all levels but the first. */
typedef struct wsf__regressors {
  int n;
  const char *const *name; /* [n] "Promo", "calendar_weekday_Tuesday" */
  const int *entry;        /* [n] of x=, that a column is of */
  const struct wsf__regressor *column;
  const wsf__panel *panel;
  wsf__recipe recipe; /* of the calls */
  float *block;       /* [recipe.width][rows] computed last, for ... */
  int64_t series, first, rows, end;
  int64_t seen; /* periods of the history that is fitted; 0: none is. See wsf__regressors_read */
  wsf__arena *scratch;
  wsf_error *err;
  wsf__watch watch;
} wsf__regressors;

/* What stands behind x= of a call; a status with the reason for what cannot serve. Lives in
 * scratch, for one panel or frame. */
wsf_status wsf__regressors_find(wsf__regressors *out, const wsf__node *node,
                                const wsf__panel *panel, wsf__arena *scratch, wsf_error *err);
/* The same for a state with coefficients for n columns, from a file perhaps: WSF_E_FORMAT if x=
 * makes others. */
wsf_status wsf__regressors_find_for(wsf__regressors *out, const wsf__node *node,
                                    const wsf__panel *panel, int64_t n, wsf__arena *scratch,
                                    wsf_error *err);
/* For a class's check: whether a state may have n coefficients. How many a feature makes is not
 * asked here: whoever reads the state does, by find_for. */
bool wsf__regressors_may_be(const wsf__node *node, int64_t n);
/* x[n] of a series at index t of its history; *whole: each of them has a value. A loop that reads
 * many needs no look for a cancel of its own: this fails then. A wave that is longer than the
 * history that is fitted is 0, as of a column that says nothing of its own: a season that was not
 * seen once through does not say how it goes on, and what fits a piece of it flies off behind. */
wsf_status wsf__regressors_read(wsf__regressors *r, const wsf__series *s, int64_t t, double *x,
                                bool *whole);
/* The same at `step` periods, 1 or more, after a history of s->n: if it is not whole then the step
 * is wsf__forecast_unknown. */
wsf_status wsf__regressors_ahead(wsf__regressors *r, const wsf__series *s, int64_t step, double *x,
                                 bool *whole);
/* How many observed periods of a history lack a value in a column behind x= of a call. */
wsf_status wsf__regressors_gaps(wsf__column_gaps *out, const wsf__node *node,
                                const wsf__panel *panel, const wsf__series *s, wsf__arena *scratch,
                                wsf_error *err);
/* The column or feature that stands at entry i of x=. */
const char *wsf__regressors_entry(const wsf__node *node, const wsf__panel *panel, int i);
/* The row of the option: so it is the same for every model. */
#define WSF__REGRESSORS_OPTION(doc)                                                                \
  { "x", WSF__MIXED, "", 0, 0, "feature", doc }
/* Whether every step 1 .. h has a value in every column behind x= of a call. */
bool wsf__regressors_reach(const wsf__node *node, const wsf__panel *panel, const wsf__series *s,
                           int64_t h, wsf__arena *scratch);
/* The status that tells the first column and period without one. */
wsf_status wsf__regressors_fail(wsf_error *err, const wsf__node *node, const wsf__panel *panel,
                                const wsf__series *s, int64_t h, wsf__arena *scratch);
/* `regresses` of a class whose states always have a coefficient for each column of x=. */
bool wsf__regressors_any(const wsf__node *node, const wsf__state *state);
/* Whether a call, or one inside it, regresses on columns. */
bool wsf__regressors_used(const wsf__node *node);
/* Periods of columns that are not known ahead that a forecast of this call reads by x=. */
int64_t wsf__regressors_past(const wsf__node *node);
/* Whether a call, or one inside it, regresses on whatever is known ahead: the feature `known`. */
bool wsf__regressors_know(const wsf__node *node);
/* Whether a call, or one inside it, regresses on a column that has no value in steps 1 .. h. */
bool wsf__regressors_lack(const wsf__node *node, const wsf__panel *panel, const wsf__series *s,
                          int64_t h, wsf__arena *scratch);
/* out[2 * pairs]: sine and cosine of 1 .. pairs turns a season, at index t. */
void wsf__fourier(int pairs, int64_t season, int64_t t, double *out);
/* How many Fourier pairs observations at t[n] can tell apart: the shortest wave needs two of them
 * a period (Nyquist), counted over the widest stretch of the season that was never seen; between
 * observations further apart the fit would swing freely. -1: no memory. */
int wsf__fourier_seen(int pairs, int64_t season, const int64_t *t, int64_t n, wsf__arena *scratch);

#endif
