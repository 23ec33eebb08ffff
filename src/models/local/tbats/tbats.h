/* Trigonometric seasons by exponential smoothing, taken apart: the recursion (tbats_filter.c), the
 * seeds and errors of a history (tbats_profile.c) and the search (tbats_fit.c). For tbats*.c only.
 */
#ifndef WSF_MODELS_LOCAL_TBATS_H
#define WSF_MODELS_LOCAL_TBATS_H

#include "models/model.h"

enum {
  WSF__TBATS_SEASONS = 8,
  WSF__TBATS_HARMONICS = 192, /* of all seasons */
  WSF__TBATS_ARMA = 5
};

/* Head of a state; after it the states: level, slope if there is one, then each harmonic's value
 * and after all of them each one's companion. Observations enter as w = (x^lambda - 1) / lambda, or
 * w = x without `box`, with x = y / scale. */
typedef struct wsf__tbats {
  double trend, damped, box;
  double seasons;
  double p, q;
  double lambda, alpha, beta, phi;
  double ar[WSF__TBATS_ARMA], ma[WSF__TBATS_ARMA];
  double period[WSF__TBATS_SEASONS], harmonics[WSF__TBATS_SEASONS];
  double gamma1[WSF__TBATS_SEASONS], gamma2[WSF__TBATS_SEASONS];
  double d[WSF__TBATS_ARMA], e[WSF__TBATS_ARMA]; /* latest first */
  double scale, sigma2;
  double least, largest; /* observations of y: forecasts stay within a multiple */
  double criterion;      /* that chose the form */
  double deviance, aic;  /* n log sum e^2 - 2 (lambda - 1) sum log y; + 2 (parameters + seeds) */
} wsf__tbats;
enum { WSF__TBATS_HEAD = sizeof(wsf__tbats) / sizeof(double) };

static inline int wsf__tbats_harmonics(const wsf__tbats *u) {
  int k = 0;
  for (int i = 0; i < (int)u->seasons; ++i) k += (int)u->harmonics[i];
  return k;
}
static inline int wsf__tbats_dim(const wsf__tbats *u) {
  return 1 + (u->trend > 0) + 2 * wsf__tbats_harmonics(u);
}
/* Harmonic m/2 of a season of even length m, up and down in turn: its companion is never seen. */
static inline bool wsf__tbats_alternates(const wsf__tbats *u, int i) {
  return 2 * u->harmonics[i] == u->period[i];
}
/* Seeds that a history can tell, as criteria count them. */
static inline int wsf__tbats_seeds(const wsf__tbats *u) {
  int n = wsf__tbats_dim(u);
  for (int i = 0; i < (int)u->seasons; ++i) n -= wsf__tbats_alternates(u, i);
  return n;
}
static inline int wsf__tbats_parameters(const wsf__tbats *u) {
  return 1 + (u->box > 0) + (u->trend > 0) + (u->damped > 0) + 2 * (int)u->seasons + (int)u->p +
         (int)u->q;
}

/* What each harmonic is multiplied by, in lanes of four with zeros after the last. */
typedef struct wsf__tbats_machine {
  wsf__tbats *u;
  int k, padded, dim;
  double *cosine, *sine, *g1, *g2; /* [padded] */
  double *value, *companion;       /* [padded] where the states are now */
  double level, slope;
} wsf__tbats_machine;
/* Room for u's harmonics. false: no memory. */
bool wsf__tbats_open(wsf__tbats_machine *m, wsf__tbats *u, wsf__arena *scratch);
/* After a change of gamma1 and gamma2. */
void wsf__tbats_set(wsf__tbats_machine *m);
void wsf__tbats_load(wsf__tbats_machine *m, const double *x); /* x[dim], as in a state */
void wsf__tbats_store(const wsf__tbats_machine *m, double *x);
/* Expectation of the next period; then over it, w observed unless NaN. */
double wsf__tbats_step(wsf__tbats_machine *m, double w, double *error);
double wsf__tbats_forward(const wsf__tbats *u, double x);
double wsf__tbats_backward(const wsf__tbats *u, double w);

/* Sum of squared errors of a history over its best seeds. A power needs the zero of the values; a
 * form without one is told nothing of it, so that a level far above what moves costs no digits. */
typedef struct wsf__tbats_history {
  const double *x, *log_x; /* [n] y / scale or NaN; log_x NULL if some x is not positive */
  const double *distance;  /* [n] (x - centre) / unit, for forms without a power */
  double centre, unit;
  int64_t n, observed;
  bool gaps;
  double sum_log; /* of log x */
} wsf__tbats_history;
/* What a form makes of an observation. */
double wsf__tbats_seen(const wsf__tbats_history *h, const wsf__tbats *u, int64_t t);
typedef struct wsf__tbats_profile {
  wsf__tbats_machine machine;
  const wsf__tbats_history *history;
  double *w;               /* [n] */
  double *seed, *best;     /* [dim] errors are counted from; with the least squares */
  double *moments;         /* [dim + 1][stride] */
  double *row, *raw, *old; /* rows of the regression */
  double *channel;         /* with gaps: a path for each seed */
  int stride;
  const wsf__arena *scratch; /* asked whether to leave */
} wsf__tbats_profile;
bool wsf__tbats_profile_open(wsf__tbats_profile *p, wsf__tbats *u, const wsf__tbats_history *h,
                             wsf__arena *scratch);
/* n log of the least sum of squares, less 2 (lambda - 1) sum log x. p->best: the seeds of it. */
double wsf__tbats_deviance(wsf__tbats_profile *p);
/* How errors of the past live on: 0 unless the largest eigenvalue of F - g w' is beyond 1.0002
 * (1.007 for an undamped slope), then some 300 times the logarithm of what is beyond. */
double wsf__tbats_growth(wsf__tbats_profile *p);

/* What to choose from; -1: by the criterion. */
typedef struct wsf__tbats_request {
  int box, trend, damped;
  bool arma;
  char ic; /* c: AICc, a: AIC, b: BIC */
  int seasons;
  double period[WSF__TBATS_SEASONS];
  int harmonics[WSF__TBATS_SEASONS]; /* 0: by the criterion */
} wsf__tbats_request;
/* The best form: its head, with seeds in *seed (scratch). NULL *seed: none could be fitted. */
wsf_status wsf__tbats_search(wsf__tbats *best, double **seed, bool *converged,
                             const wsf__tbats_history *h, const wsf__tbats_request *request,
                             double lambda, wsf__env *env, wsf__arena *scratch, wsf_error *err);
/* Standard errors of a form's parameters, wsf__tbats_parameters of them in the order of the head;
 * NaN where one is at a bound or the likelihood has no maximum. false: no memory. */
bool wsf__tbats_errors(double *out, const wsf__tbats *fit, const wsf__tbats_history *h,
                       wsf__arena *scratch);

#endif
