/* Structural time series, taken apart: the filter (ucm_filter.c) and the search for the variances
 * (ucm_fit.c). For ucm*.c only. */
#ifndef WSF_MODELS_LOCAL_UCM_H
#define WSF_MODELS_LOCAL_UCM_H

#include "models/design.h"
#include "models/model.h"

enum { WSF__UCM_SEASON_MAX = 400 };
enum { WSF__UCM_IRREGULAR, WSF__UCM_LEVEL, WSF__UCM_SLOPE, WSF__UCM_SEASONAL, WSF__UCM_VARIANCES };

/* Head of a state; after it the state vector and the lower triangle of its covariance, row by row,
 * then, if there are k regressors: centre[k], b[k], cover[k][k] of design.h, and the state vector
 * that the filter, started at zero, has for each centred column.
 * Observations enter as y / scale - offset; variances are in units of sigma^2. */
typedef struct wsf__ucm {
  double slope;     /* 1: the level has one */
  double m;         /* periods in a season, 1 = none */
  double harmonics; /* of a trigonometric season; 0 = an effect for each period */
  double q[WSF__UCM_VARIANCES];
  double sigma2;
  double offset, scale;
  double n;              /* periods filtered */
  double log_likelihood; /* diffuse, of y */
  double aic;            /* in units of the series' own errors; see ucm_fit.c */
} wsf__ucm;
enum { WSF__UCM_HEAD = sizeof(wsf__ucm) / sizeof(double) };

static inline int wsf__ucm_dim(const wsf__ucm *u) {
  const int m = (int)u->m, k = (int)u->harmonics;
  return 1 + (u->slope > 0) + (m == 1 ? 0 : k == 0 ? m : 2 * k - (2 * k == m));
}
/* States without a finite variance before the first observation. */
static inline int wsf__ucm_diffuse(const wsf__ucm *u) {
  return wsf__ucm_dim(u) - (u->m > 1 && u->harmonics == 0);
}
static inline size_t wsf__ucm_size(const wsf__ucm *u) {
  const size_t dim = (size_t)wsf__ucm_dim(u);
  return WSF__UCM_HEAD + dim + dim * (dim + 1) / 2;
}

/* With k regressors behind it. */
static inline size_t wsf__ucm_size_with(const wsf__ucm *u, size_t k) {
  return wsf__ucm_size(u) + k * (2 + k + (size_t)wsf__ucm_dim(u));
}

/* The first periods, until every state has a finite variance. */
typedef struct wsf__ucm_start {
  int64_t steps;   /* periods, 0: it never has */
  double *gain;    /* [diffuse][dim], for those of them that remove a diffuse state */
  int64_t *period; /* [diffuse] when */
  double log_f;    /* sum of their log F_inf */
} wsf__ucm_start;

/* A state where the filter can move it. */
typedef struct wsf__ucm_filter {
  wsf__ucm *u;
  int dim;
  double *a, *p;               /* state and covariance, inside the vector that u heads */
  const double *cosine, *sine; /* [m] */
  double *z, *c;               /* [dim] what is observed; the covariance with it */
  const wsf__arena *scratch;   /* asked whether to leave */
  double *expected;            /* [n] of each period that is run over; NULL: nobody asks */
  /* Columns that are filtered beside y, with its gains. */
  int k;
  double *columns; /* [k][dim] their states */
  const double *x; /* [n][stride] of the periods that are run over */
  int stride;
  wsf__design *design; /* gathers the products of the innovations; NULL: nobody asks */
  double *seen;        /* [k] their innovations, and what they are expected to be ahead */
} wsf__ucm_filter;
/* v: a vector of wsf__ucm_size that begins with a head. false: no memory. */
bool wsf__ucm_open(wsf__ucm_filter *f, double *v, wsf__arena *scratch);
/* k columns beside y: their states. false: no memory. */
bool wsf__ucm_columns(wsf__ucm_filter *f, int k, double *columns, wsf__arena *scratch);
bool wsf__ucm_begin(wsf__ucm_start *start, wsf__ucm_filter *f, const double *y, int64_t n,
                    wsf__arena *scratch);

typedef struct wsf__ucm_sums {
  double rss, log_f; /* sum of v^2 / F and of log F over the periods that are not diffuse */
  double last_f;
  int64_t count;
} wsf__ucm_sums;
/* Run over n periods; y[t] as it enters. start: the series begins here; NULL: it goes on. */
wsf__ucm_sums wsf__ucm_run(wsf__ucm_filter *f, const double *y, int64_t n,
                           const wsf__ucm_start *start);
/* Expectation and variance (in sigma^2, irregular included) of the next period, and on to it; of
 * the columns the expectations go to f->seen. */
void wsf__ucm_ahead(wsf__ucm_filter *f, double *mean, double *variance);

/* The same sums from differences, for a history without gaps and a season with all its harmonics:
 * ucm_difference.c. The largest of q is 1. */
typedef struct wsf__ucm_differences {
  int64_t n;                                               /* differences */
  int r;                                                   /* their covariances end at this lag */
  double *cov[WSF__UCM_VARIANCES], *gain, *change, *state; /* [r + 1] */
  double *w;                                               /* [n] */
} wsf__ucm_differences;
bool wsf__ucm_difference(wsf__ucm_differences *d, const wsf__ucm *u, const double *y, int64_t n,
                         wsf__arena *scratch);
wsf__ucm_sums wsf__ucm_difference_run(wsf__ucm_differences *d, const double *q);

/* Maximum likelihood: v, headed by slope, m and harmonics, becomes the state after y[n]. `fitted`
 * is false if the variances cannot be found from these observations. */
typedef struct wsf__ucm_found {
  bool fitted, converged;
  double deviance;    /* -2 log likelihood of the y that entered, diffuse */
  double innovation2; /* variance of the next error */
  int parameters;     /* variances and diffuse states */
} wsf__ucm_found;
bool wsf__ucm_fit(wsf__ucm_found *out, double *v, const double *y, int64_t n, wsf__arena *scratch);
/* ucm_regress.c: b of least squares given the variances of v, a fit to y[n], which loses what b
 * explains beyond what it has lost so far; the deviance that this gains. INFINITY: no memory. */
double wsf__ucm_regress(wsf__design *d, const double *v, double *y, int64_t n, wsf__arena *scratch);
/* The filter over y and the columns with the variances of v, to the end of the history: states of
 * the columns go behind those of v, b and its covariance to the design. false: no memory. */
bool wsf__ucm_regress_end(wsf__design *d, double *v, const double *y, int64_t n,
                          wsf__arena *scratch);

/* Standard errors of the logarithms of the variances of a fit to y[n]; NaN where one is zero or the
 * likelihood has no maximum. false: no memory. */
bool wsf__ucm_errors(double out[WSF__UCM_VARIANCES], const wsf__ucm *fit, const double *y,
                     int64_t n, wsf__arena *scratch);

#endif
