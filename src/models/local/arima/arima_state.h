/* The state of a fitted arima, and the machine that it is taken apart into: what fit, update and
 * predict move. */
#ifndef WSF_MODELS_ARIMA_STATE_H
#define WSF_MODELS_ARIMA_STATE_H

#include "models/local/arima/arima.h"
#include "models/trend_uncertainty.h"

/* The state begins with this; then come the coefficients; the filter's state, gain and change (r
 * each); the last d + m D values less the regressors' part; beta; the root of the coefficients'
 * covariance; a filter's state for each coefficient's column; the last d + m D values of each
 * regressor. */
typedef struct wsf__arima_head {
  double p, d, q, P, D, Q, m, constant;
  double mean;           /* of the differences */
  double sigma;          /* standard deviation of the errors */
  double log_likelihood; /* of the fit */
  double criterion;
  double ahead; /* missing values at the end */
  double f, change, calm;
  double names, pairs; /* regressors: columns of x=, Fourier terms */
  double periods;      /* of history */
  double freedom;      /* degrees, of sigma */
  double slope[WSF__SLOPES];
} wsf__arima_head;
enum { WSF__ARIMA_HEAD = sizeof(wsf__arima_head) / sizeof(double) };

/* What a state is made of. */
typedef struct wsf__arima_shape {
  wsf__arima_order order;
  int names, pairs, regressors, coefficients; /* coefficients: with the constant */
  int64_t r, lost, size;
} wsf__arima_shape;

/* Fills what follows from the order and the numbers of regressors. */
void wsf__arima_measure(wsf__arima_shape *z);
/* false: no such state. */
bool wsf__arima_read_shape(const wsf__arima_head *h, wsf__arima_shape *z);

/* A state taken apart: the arrays lie in v. */
typedef struct wsf__arima_machine {
  wsf__arima_head *head;
  wsf__arima_shape shape;
  int lost;
  wsf__arma arma;
  wsf__arma_filter filter;
  double *coefficient, *state, *last, *beta, *root, *past;
  double **states;    /* [1 + coefficients] of the series, then of the columns */
  double *difference; /* [lost], in scratch */
  double *row, *w;    /* [regressors], [1 + coefficients], in scratch */
} wsf__arima_machine;

/* v: a state whose head was read. false: no memory. */
bool wsf__arima_take_apart(wsf__arima_machine *x, double *v, wsf__arena *scratch);
/* What the last values, up to end[-1], contribute to the next one. */
double wsf__arima_carried(const wsf__arima_machine *x, const double *end);
/* The regressors' part of a value. */
double wsf__arima_explained(const wsf__arima_machine *x, const double *row);
/* What is expected of the next period. */
double wsf__arima_expected(const wsf__arima_machine *x, const double *row);
/* One period; y and the regressors' row may be missing, y then is NaN. */
void wsf__arima_step(wsf__arima_machine *x, double y, const double *row);
/* After the last step: what the filter knows goes back into the head. */
void wsf__arima_settle(wsf__arima_machine *x);
/* Expectation of a filter's next difference, and the step to the one after. */
double wsf__arima_expect(const wsf__arima_machine *x, double *a);
/* Adds to out[steps] the part of the variance / sigma^2 that the coefficients' uncertainty has at
 * each step. rows[regressors][steps]: values ahead, NaN where the series is missing. The columns'
 * states move. */
wsf_status wsf__arima_uncertainty(wsf__arima_machine *x, const double *rows, int64_t steps,
                                  wsf__arena *scratch, wsf_error *err, double *out);

#endif
