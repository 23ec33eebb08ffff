/* Seasonal ARIMA: what its files share.
 *
 *   phi(B) Phi(B^m) (1 - B)^d (1 - B^m)^D (y[t] - c x[t]) = theta(B) Theta(B^m) e[t]
 *
 * with phi(B) = 1 - phi_1 B - .., theta(B) = 1 + theta_1 B + .., x[t] = 1 (mean, d + D = 0) or t
 * (drift, d + D = 1), as R's arima. Differenced series are called w; their constant regressor is 1,
 * so that its coefficient is the mean of w. */
#ifndef WSF_MODELS_ARIMA_H
#define WSF_MODELS_ARIMA_H

#include "analysis/unit_root.h"
#include "models/model.h"

enum {
  WSF__ARIMA_FEW_GAPS = 4,   /* with more missing values conditional sums are not cheaper */
  WSF__ARIMA_ORDER_MAX = 12, /* of p, q */
  WSF__ARIMA_CYCLE_MAX = 4,  /* of P, Q */
  WSF__ARIMA_SEASON_MAX = 366,
  WSF__ARIMA_NAMES_MAX = 4096, /* regressors in a state */
  WSF__ARIMA_PAIRS_MAX = 1000,
  WSF__ARIMA_GAP_MAX = 1 << 24, /* missing values at the end */
  WSF__ARIMA_PARAMETERS = 2 * (WSF__ARIMA_ORDER_MAX + WSF__ARIMA_CYCLE_MAX)
};

typedef struct wsf__arima_order {
  int p, d, q, P, D, Q, m;
  bool constant;
} wsf__arima_order;

/* Number of coefficients of the four polynomials. */
static inline int wsf__arima_count(const wsf__arima_order *o) {
  return o->p + o->q + o->P + o->Q;
}
/* Observations that differencing takes. */
static inline int wsf__arima_lost(const wsf__arima_order *o) {
  return o->d + o->D * o->m;
}

/* ---- arima_poly.c: polynomials ------------------------------------------------------------ */

/* Partial autocorrelations r[n], all in (-1, 1), to the coefficients c[n] of a stationary
 * 1 - c_1 B - ... (Monahan 1984; Jones 1980). */
void wsf__arima_from_partial(int n, const double *r, double *c);
/* The reverse. false: not stationary; r is then unfinished. */
bool wsf__arima_to_partial(int n, const double *c, double *r);
/* Whether every root of 1 - c_1 B - .. lies outside the circle of this radius. */
bool wsf__arima_roots_beyond(int n, const double *c, double radius);
/* out[d + m D]: coefficients of 1 - (1 - B)^d (1 - B^m)^D, lag 1 first. */
void wsf__arima_differences(const wsf__arima_order *o, double *out);

/* The process of w: 1 - a(B) on the left, 1 + b(B) on the right, seasonal parts multiplied in. */
typedef struct wsf__arma {
  int p, q, r;        /* degrees; states, max(p, q, 1) */
  double *ar, *ma;    /* [r] coefficients of lags 1 .. r, zeros after the degree */
  int n_ar, n_ma;     /* those that may differ from zero */
  int *ar_at, *ma_at; /* their lags, ascending */
} wsf__arma;
/* Room for orders up to this one's degrees. false: no memory. */
bool wsf__arma_new(wsf__arma *a, const wsf__arima_order *o, wsf__arena *arena);
/* c: phi[p], theta[q], Phi[P], Theta[Q] one after another. */
void wsf__arma_set(wsf__arma *a, const wsf__arima_order *o, const double *c);
/* psi[n]: weights of the errors at lags 0 .. n-1 in y, differencing included. */
void wsf__arima_psi(const wsf__arma *a, const double *difference, int lost, int64_t n, double *psi,
                    const wsf__arena *scratch);

/* ---- arima_lanes.c: innovations of several candidates ------------------------------------- */

enum { WSF__ARMA_LANES = 8 };
/* Candidates of one order side by side, over the same columns. */
typedef struct wsf__arma_trial {
  const wsf__arma *a; /* degrees and lags */
  bool exact;         /* else given zeros before value p */
  int k;              /* columns */
  int64_t n;
  const double *const *in;   /* [k][n], nothing missing */
  const int64_t *from;       /* [k] or NULL: before it the column is zero */
  double *ar, *ma;           /* [r][stride] coefficients of the lanes */
  double *work;              /* gain[r][stride] of the last step, and more */
  const wsf__arena *scratch; /* asked whether to leave: then nothing is good */
  /* Answers. gram: cross products of innovations over their variance / sigma^2, the lower triangle
   * row by row, [k (k + 1) / 2][stride]. */
  double *gram;
  double log_f[WSF__ARMA_LANES]; /* sum of the logarithms of those variances */
  double f[WSF__ARMA_LANES];     /* the last of them */
  double m[WSF__ARMA_LANES];     /* weight of the gain's change after the last step */
  bool good[WSF__ARMA_LANES];
} wsf__arma_trial;
/* Doubles between two elements of a lane. */
static inline int wsf__arma_stride(int lanes) {
  return lanes > 4 ? 8 : 4;
}
/* Room for trials of this shape. false: no memory. */
bool wsf__arma_trial_new(wsf__arma_trial *t, const wsf__arma *a, int k, wsf__arena *arena);
void wsf__arma_trial_clear(wsf__arma_trial *t); /* before the lanes are put */
void wsf__arma_trial_put(wsf__arma_trial *t, const wsf__arma *a, int place, int lanes);
void wsf__arma_try(wsf__arma_trial *t, int lanes);

/* ---- arima_gaps.c: the same past missing values -------------------------------------------- */

/* Columns are differences of filled paths; a trial's answers are those of what was observed. */
typedef struct wsf__arma_gaps {
  const bool *gap;             /* [n] the path is filled where this difference ends */
  int lost, size;              /* values that differencing takes; with the states */
  double *difference, *weight; /* [lost] of the values before, by lag; of the lags below */
  int *lag, n_lags, *noise;
  double *covariance, *work;
  double *record; /* [n][size + 2] for the expectations; NULL: nobody asks */
} wsf__arma_gaps;
/* For trials of this shape. false: no memory. */
bool wsf__arma_gaps_new(wsf__arma_gaps *g, const wsf__arma_trial *t, const wsf__arima_order *o,
                        const bool *gap, wsf__arena *arena);
void wsf__arma_try_gaps(wsf__arma_trial *t, const wsf__arma_gaps *g, int lanes);
/* After a trial whose first lane was recorded: out[n], what is to be added to the last column's
 * filled values. false: no memory. */
bool wsf__arma_expect_gaps(const wsf__arma_gaps *g, const wsf__arma *a, int64_t n, double *out,
                           wsf__arena *scratch);

/* ---- arima_filter.c: one process, step by step -------------------------------------------- */

/* Position of the filter of one process: the gains are shared by every series filtered with it. */
typedef struct wsf__arma_filter {
  double f, m;    /* variance of the innovation / sigma^2; weight of the gain's change */
  double *gain;   /* [r] */
  double *change; /* [r] */
  int calm;       /* steps in a row that changed nothing */
} wsf__arma_filter;
/* Stationary start. *sound: the process keeps away from a unit root. false: no memory. */
bool wsf__arma_start(const wsf__arma *a, wsf__arma_filter *f, wsf__arena *scratch, bool *sound);
/* Move k states [r] over w[k]; NaN in w stands for its expectation. */
void wsf__arma_step(const wsf__arma *a, wsf__arma_filter *f, double *const *state, int k,
                    const double *w);

/* ---- arima_fit.c: maximum likelihood of one order ----------------------------------------- */

typedef enum wsf__arima_method { WSF__CSS_ML, WSF__ML, WSF__CSS } wsf__arima_method;

/* A series and what it is regressed on, differenced: made once for all orders with the same d, D.
 */
typedef struct wsf__arima_data {
  int d, D, m;
  int64_t n; /* values of w */
  int regressors, dummies;
  double **column;  /* [2 + regressors][n]: w, constant, regressors */
  double scale;     /* w was multiplied by this power of two */
  double *centre;   /* [2 + regressors] what is subtracted where the order has a constant */
  double *filled;   /* [n + lost] the series, missing values filled by a guess */
  int64_t *missing; /* [dummies] their places, ascending */
  int early;        /* of them among the values that differencing takes */
  bool *gap;        /* [n] the value at which a difference ends is missing */
  int64_t observed; /* observations minus those lost by differencing */
} wsf__arima_data;
/* y ends with an observation; x[regressors][n], nothing missing. false: no memory. */
bool wsf__arima_prepare(wsf__arima_data *out, const double *y, int64_t n, const double *const *x,
                        int regressors, int d, int D, int m, wsf__arena *arena);

typedef struct wsf__arima_fit {
  wsf__arima_order order;
  double c[WSF__ARIMA_PARAMETERS]; /* phi, theta, Phi, Theta */
  double constant;                 /* mean of w, less the regressors' part */
  int rank;                        /* regressors that do not depend on others */
  double log_likelihood;           /* -inf: not fitted */
  double sse;                      /* sum of squared standardised innovations */
  bool converged;
} wsf__arima_fit;
/* What only the chosen order is asked for. */
typedef struct wsf__arima_detail {
  double *fill; /* [dummies] the missing values' expectations */
  double *beta; /* [regressors] */
  double *root; /* [K][K], K = constant + regressors: root' root is their covariance / sigma^2 */
} wsf__arima_detail;
/* detail may be NULL. false: no memory. */
bool wsf__arima_maximise(wsf__arima_fit *out, const wsf__arima_data *data,
                         const wsf__arima_order *order, wsf__arima_method method,
                         const wsf__arima_detail *detail, wsf__arena *scratch);

/* Standard errors of phi, theta, Phi, Theta, the constant (of y's differences) and the regressors'
 * coefficients, by the Hessian of the likelihood as R's arima has it; NaN where there is none. */
bool wsf__arima_errors(double *out, const wsf__arima_fit *fit, const wsf__arima_data *data,
                       wsf__arima_method method, wsf__arena *scratch);

/* ---- arima_search.c: the order ------------------------------------------------------------- */

typedef struct wsf__arima_request {
  wsf__arima_order order;        /* d, D, m; p, q, P, Q where fixed */
  bool fixed_order, fixed_cycle; /* (p, d, q), (P, D, Q) are given */
  int mean, drift;               /* 1: with, 0: without, -1: by the criterion */
  int max_p, max_q, max_P, max_Q, max_d, max_D, max_order;
  int given_d, given_D; /* of an order that is chosen; -1: by the tests */
  int start_p, start_q, start_P, start_Q;
  bool stepwise;
  int approximate; /* orders are compared by the conditional sum: 1 yes, 0 no, -1 if n is large */
  wsf__root_rule test; /* that chooses d */
  bool ocsb;           /* the test that chooses D; else the season's strength */
  char ic;             /* c: AICc, a: AIC, b: BIC */
  wsf__arima_method method;
} wsf__arima_request;

/* Criterion of a fit; infinite if it cannot be used. */
double wsf__arima_criterion(const wsf__arima_fit *fit, const wsf__arima_data *data, char ic);
/* The best order for y[n] on x[regressors][n], fitted; y[0] and y[n - 1] are observed and not all
 * are equal. data and detail live in scratch. best->log_likelihood is -inf if nothing could be
 * fitted. */
wsf_status wsf__arima_search(wsf__arima_fit *best, double *criterion, wsf__arima_data *data,
                             wsf__arima_detail *detail, const double *y, int64_t n,
                             const double *const *x, int regressors,
                             const wsf__arima_request *request, wsf__env *env, wsf__arena *scratch,
                             wsf_error *err);

#endif
