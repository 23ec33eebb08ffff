/* What the files of reconcile share: the series of a panel, their sums, and how their errors hang
 * together. Vectors are by series of the panel. */
#ifndef WSF_MODELS_RECONCILE_H
#define WSF_MODELS_RECONCILE_H

#include "models/model.h"
#include "reconcile/hand_down.h"
#include "reconcile/project.h"

typedef enum wsf__reconcile_method {
  WSF__MINT,
  WSF__WLS_VAR,
  WSF__WLS_STRUCT,
  WSF__OLS,
  WSF__BOTTOM_UP,
  WSF__TOP_DOWN,
  WSF__MIDDLE_OUT
} wsf__reconcile_method;

/* The state of a series. Of one that has no part in any sum all is 0, without x. */
typedef struct wsf__reconcile_state {
  double size;     /* root mean square of its one-step errors in the window; 0: none are known */
  double after;    /* the same of the reconciled errors */
  double share;    /* of the sum that is handed down; 0: unknown */
  double lambda;   /* the shrinkage, of all series alike */
  double observed; /* errors in the window */
  double x[];      /* [window] errors over their size, before (mint) or after they are reconciled;
                    * -0 where there is none, as an error of zero has no sign */
} wsf__reconcile_state;
enum { WSF__RECONCILE_HEAD = sizeof(wsf__reconcile_state) / sizeof(double) };

static inline bool wsf__no_error(double x) {
  return x == 0 && signbit(x);
}

typedef struct wsf__reconciling {
  wsf__reconcile_method method;
  bool shares, averages; /* proportions of the past; the share of averages */
  const int *key;        /* [n_keys] of the level, rising */
  int n_keys;
  wsf__structure s;
  wsf__tree_down tree;
  wsf__projection projection;
  int64_t window;
  const wsf__reconcile_state **state; /* NULL: its forecasts stay as they are */
  const double **x;
  double *noise, *scale, *share;
  bool *given;
} wsf__reconciling;

static inline bool wsf__hands_down(const wsf__reconciling *h) {
  return h->method == WSF__TOP_DOWN || h->method == WSF__MIDDLE_OUT;
}

/* reconcile_columns.c: once states, x and the window are known, the covariance of the errors. */
void wsf__reconcile_weigh(wsf__reconciling *h);
/* Columns of forecasts become ones that agree; none below zero of series that are floored (NULL: of
 * none). false = out of memory. */
bool wsf__reconcile_columns(const wsf__reconciling *h, double *y, const bool *floored,
                            wsf__arena *scratch);

/* reconcile_errors.c: what a fit learns of the errors of the call inside, error[slot * window + k]:
 * the states of all series that it was fitted to, and their x. */
wsf_status wsf__reconcile_learn(wsf__reconciling *h, wsf__fit *f, const wsf__batch *b,
                                const wsf__fitted *inner, double *error);
/* Which errors happened together, after they are reconciled. */
wsf_status wsf__reconcile_shocks(wsf__shocks *out, const wsf__reconciling *h, wsf__predict *p);

#endif
