/* How the parameters of one form stand in an array, and the work space of a series: shared by the
 * search (ets_fit.c), the standard errors (ets_errors.c) and what they begin with (ets_work.c). */
#ifndef WSF_MODELS_LOCAL_ETS_PLAN_H
#define WSF_MODELS_LOCAL_ETS_PLAN_H

#include "models/local/ets/ets.h"

enum { ALPHA, BETA, GAMMA, PHI, SMOOTHING };

struct wsf__ets_work {
  const double *y;
  int64_t n;
  double count, log_y, scale, edge;
  bool started[3];
  wsf__ets_start start[3]; /* by kind of season */
  double *full, *work;     /* y without gaps; 2 n doubles */
  wsf__design *columns;    /* while errors are found; NULL: none */
  double *rest, *pass;     /* y less the regression, where there is one; of ets_regress.c */
  wsf__ets_tangent tangent;
  wsf__ets_trial trial;
  double *x, *other, *change, *reduced, *candidate; /* [k]; candidate [LANES][k] */
};

/* Where each parameter stands: states first, then the free smoothing parameters. */
typedef struct wsf__ets_plan {
  wsf__ets_form form;
  int m, states, k;
  int season;              /* slot of the first of m - 1 seasonal states */
  int slot[SMOOTHING];     /* -1: fixed, or not in the form */
  double value[SMOOTHING]; /* of those */
  double least[SMOOTHING], most[SMOOTHING];
  double beta[2], gamma[2]; /* least and most where beta and gamma are fractions of their room */
  bool usual, admissible;
} wsf__ets_plan;

void wsf__ets_plan_make(wsf__ets_plan *p, const wsf__ets_form *form, int m,
                        const wsf__ets_limits *limits);
/* alpha, beta, gamma and phi at x. */
void wsf__ets_plan_smoothing(const wsf__ets_plan *p, const double *x, double s[SMOOTHING]);
double wsf__ets_plan_last_season(const wsf__ets_plan *p, const double *x);
/* Give the work space to a plan. */
void wsf__ets_plan_take_up(wsf__ets_work *w, const wsf__ets_plan *p);
/* Deviance, gradient and matrix at x. */
double wsf__ets_plan_linearise(wsf__ets_work *w, const wsf__ets_plan *p, const double *x);

#endif
