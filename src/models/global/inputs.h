/* The columns that a sequence network reads: those of x=, which it also sees ahead, and behind them
 * those of past=, which only what is past knows. */
#ifndef WSF_MODELS_GLOBAL_INPUTS_H
#define WSF_MODELS_GLOBAL_INPUTS_H

#include "models/regressors.h"

typedef struct wsf__inputs {
  wsf__regressors regressors;
  const wsf__panel *panel;
  int64_t n;  /* all of them */
  int n_past; /* the last ones */
  int *past;  /* [n_past] columns of the panel */
} wsf__inputs;

/* What stands behind x= and past= of a call; a status with the reason for what cannot serve. */
wsf_status wsf__inputs_find(wsf__inputs *out, const wsf__node *node, const wsf__panel *panel,
                            wsf__arena *scratch, wsf_error *err);
/* The same for weights that have learnt n columns of x=, from a file perhaps. */
wsf_status wsf__inputs_find_for(wsf__inputs *out, const wsf__node *node, const wsf__panel *panel,
                                int64_t n, wsf__arena *scratch, wsf_error *err);
/* x[n] at index t of the history of s; NaN: not known. */
wsf_status wsf__inputs_read(wsf__inputs *in, const wsf__series *s, int64_t t, double *x);
/* How many past= has. */
int wsf__inputs_past(const wsf__node *node);
/* For a class's reach: an update reads past columns from the last period of the fit on. */
int64_t wsf__inputs_reach(const wsf__node *node);

#define WSF__INPUTS_PAST_OPTION                                                                    \
  { "past", WSF__NAMES, "", 0, 0, NULL, "columns known only when a period is over, that are read" }

#endif
