/* Exponential smoothing in state-space form, shared by the ets_*.c files. Notation of Hyndman,
 * Koehler, Ord and Snyder (2008), "Forecasting with Exponential Smoothing", table 2.2-2.3:
 *
 *   trend:   none q = l        additive q = l + phi b        multiplicative q = l b^phi
 *   season:  none f = q        additive f = q + s            multiplicative f = q s
 *   error:   additive e = y - f                              multiplicative e = (y - f) / f
 *
 * The states move by the same rule for both kinds of error; only the likelihood differs. */
#ifndef WSF_MODELS_LOCAL_ETS_H
#define WSF_MODELS_LOCAL_ETS_H

#include "models/design.h"
#include "sync/env.h"

#include <stdbool.h>
#include <stdint.h>

enum { WSF__ETS_NONE = 0, WSF__ETS_ADD = 1, WSF__ETS_MUL = 2 };
/* The longest season that can be asked for, and the longest one that selection tries by itself. */
enum { WSF__ETS_SEASON_MAX = 400, WSF__ETS_SEASON_AUTO = 24 };

typedef struct wsf__ets_form {
  int error, trend, season; /* WSF__ETS_* */
  bool damped;
} wsf__ets_form;

/* A form with its parameters and states: all that a forecast needs. season[0] is the next one. */
typedef struct wsf__ets {
  wsf__ets_form form;
  int m; /* length of season, 1 without one */
  double alpha, beta, gamma, phi;
  double level, slope;
  double *season;
} wsf__ets;

/* The state of a fitted series, in order; the m seasonal states follow, the next one first, then,
 * if there are k regressors: centre[k], b[k], cover[k][k] of wsf__ets_regress, and what the filter,
 * started at zero, makes of each centred column: level, slope, season[m]; and for a plain season
 * (analysis/plain_season.h) its m standard errors, in the order of the states. */
enum {
  WSF__ETS_AT_ERROR,
  WSF__ETS_AT_TREND,
  WSF__ETS_AT_SEASON,
  WSF__ETS_AT_DAMPED,
  WSF__ETS_AT_M,
  WSF__ETS_AT_K, /* estimated smoothing parameters and first states */
  WSF__ETS_AT_ALPHA,
  WSF__ETS_AT_BETA,
  WSF__ETS_AT_GAMMA,
  WSF__ETS_AT_PHI,
  WSF__ETS_AT_N, /* wsf__ets_sums */
  WSF__ETS_AT_SSE,
  WSF__ETS_AT_LOG_F,
  WSF__ETS_AT_IC, /* of the fit; 0 where none was computed */
  WSF__ETS_AT_LEVEL,
  WSF__ETS_AT_SLOPE,
  WSF__ETS_AT_PAST, /* slopes of the thirds of the history */
  WSF__ETS_AT_SEASONS = WSF__ETS_AT_PAST + 3
};

/* Sums of a filtered history. */
typedef struct wsf__ets_sums {
  double n;     /* observations that were not missing */
  double sse;   /* sum of e^2 */
  double log_f; /* sum of log f; only for multiplicative errors */
  double *f;    /* [n] what was forecast of each period, missing or not; NULL: nobody asks */
} wsf__ets_sums;

/* Smoothing parameters in one array: alpha, beta, gamma, phi. NaN in `fixed` = to be estimated. */
typedef struct wsf__ets_limits {
  double fixed[4];
  double least[4], most[4];
  bool usual;      /* beta <= alpha and gamma <= 1 - alpha, and the limits above */
  bool admissible; /* the forecasts forget the past (book, chapter 10) */
  bool prior;      /* what is thought of them beforehand counts (ets_prior.c) */
} wsf__ets_limits;

/* ets_filter.c: move the states over n observations (NaN: the states move without an error) and
 * add to the sums. One operation order for fit and update, so both give the same bits. */
void wsf__ets_filter(wsf__ets *e, const double *y, int64_t n, wsf__ets_sums *sums,
                     const wsf__arena *scratch);
/* Whether every state and parameter can be used in a forecast. */
bool wsf__ets_valid(const wsf__ets *e);

/* ets_state.c: that vector. */
int64_t wsf__ets_state_size(int m, int k);
/* The k of a state of n numbers; -1: there is none. */
int wsf__ets_state_columns(const double *v, int64_t n);
/* Standard errors of the season of such a state; NULL: it has none. */
double *wsf__ets_state_errors(double *v, int64_t n);
/* to[m]: what belongs to the steps of a season as it stands n periods later. */
void wsf__ets_turn(double *to, const double *from, int m, int64_t n);
void wsf__ets_state_write(double *v, const wsf__ets *e, int count, const wsf__ets_sums *sums,
                          double ic);
/* season: [m] space for the seasonal states. */
wsf__ets wsf__ets_state_read(const double *v, double *season);
bool wsf__ets_state_check(const double *v, int64_t n, int k);
/* Regression of a state, and its j-th column as a form of its own. */
double *wsf__ets_state_centre(double *v);
double *wsf__ets_state_b(double *v, int k);
double *wsf__ets_state_cover(double *v, int k);
wsf__ets wsf__ets_state_column(double *v, int k, int j);
/* Move e, the sums and the columns of v over n observations; x: [n][k], not finite = missing. One
 * order of operations for fit and update. false: no memory. */
bool wsf__ets_state_move(double *v, wsf__ets *e, wsf__ets_sums *sums, const double *y,
                         const double *x, int64_t n, int k, wsf__arena *scratch);

/* ets_start.c: heuristic states before the first observation. */
typedef struct wsf__ets_start {
  double level[3], slope[3]; /* by kind of trend */
  double *season;            /* [m] */
} wsf__ets_start;
/* full: y without gaps; work: 2 n doubles. Season none leaves out->season alone. */
void wsf__ets_start_states(wsf__ets_start *out, const double *full, int64_t n, int m, int season,
                           double *work, const wsf__arena *scratch);

/* ets_plan.c: estimated smoothing parameters and first states. */
int wsf__ets_count(const wsf__ets_form *form, int m, const wsf__ets_limits *limits);

/* ets_bounds.c: admissibility of (alpha, beta, gamma, phi). */
bool wsf__ets_admissible(const wsf__ets_form *form, int m, const double p[4]);

/* ets_lanes.c: candidates side by side, one in each vector lane. */
enum { WSF__ETS_LANES = 8 };
typedef struct wsf__ets_trial {
  int trend, season_kind; /* WSF__ETS_*; a lane without a trend has slope and beta 0 */
  const double *y;
  int64_t n;
  int m;
  double count, log_y; /* observations, and the sum of their logarithms (if all are positive) */
  int64_t relative[WSF__ETS_LANES]; /* -1: multiplicative error, 0: additive */
  double least_sse[WSF__ETS_LANES]; /* a perfect fit is not infinitely likely */
  double smoothing[4][WSF__ETS_LANES];
  double level[WSF__ETS_LANES], slope[WSF__ETS_LANES];
  double *season;                  /* [m][LANES], 64-byte aligned, destroyed */
  double deviance[WSF__ETS_LANES]; /* out: n log sse (+ 2 sum log f); infinite when infeasible */
  const wsf__arena *scratch;       /* asked whether to leave */
} wsf__ets_trial;
/* The first `lanes` lanes, at least. */
void wsf__ets_try(wsf__ets_trial *t, int lanes);

/* ets_tangent.c: deviance, gradient and Gauss-Newton matrix at one point. Every parameter
 * has a slot. */
enum { WSF__ETS_ROWS = 64 }; /* steps whose derivatives wait for the matrix product */
typedef struct wsf__ets_tangent {
  wsf__ets_form form;
  const double *y;
  int64_t n;
  int m, width; /* slots, a multiple of 4; those without a parameter stay zero */
  double count, log_y, least_sse;
  double smoothing[4], level, slope;
  double *season;            /* [m], destroyed */
  double *seed[4];           /* [width] derivatives of alpha, beta, gamma, phi */
  double *d_level, *d_slope; /* [width] derivatives of the states, destroyed */
  double *d_season;          /* [m][width] */
  double *rows;              /* [WSF__ETS_ROWS][width] */
  double *mean_log;          /* [width] out: derivative of the mean log f */
  double *gradient;          /* [width] out */
  double *matrix;            /* [width][width] out, lower triangle */
  double sse;                /* out */
  double deviance;           /* out */
  const wsf__arena *scratch; /* asked whether to leave */
} wsf__ets_tangent;
void wsf__ets_linearise(wsf__ets_tangent *t);

/* ets_regress.c: what a form, with its states before the first observation, makes of the columns:
 * the products of d, its factor and the change of b for y, which is left of it so far. The deviance
 * with that change; NaN or infinite: there is none. work: of wsf__ets_regress_room (NULL: no
 * memory), for seasons up to m. */
double *wsf__ets_regress_room(const wsf__design *d, int m, wsf__arena *scratch);
double wsf__ets_regress(wsf__design *d, double *work, const double *y, int64_t n,
                        const wsf__ets *e);

/* ets_prior.c: -2 log density before the data are seen, for the forms and smoothing parameters in
 * the lanes of a trial. */
void wsf__ets_prior(double out[WSF__ETS_LANES], const wsf__ets_trial *t,
                    const wsf__ets_form *const form[], int lanes, const wsf__ets_limits *limits);

/* ets_work.c: space for the search of one series, and where it begins. */
typedef struct wsf__ets_work wsf__ets_work;
/* A series as a search sees it: y is what it is, less `centre`, in units of `unit`. */
typedef struct wsf__ets_view {
  double centre, unit;
  double size; /* mean distance from zero, of y as it first was */
  double edge; /* first edge of a simplex; 0: R's, a tenth of the largest parameter */
  double *y;
} wsf__ets_view;
/* Space for every form of a series of n observations and seasons up to m. NULL: no memory. */
wsf__ets_work *wsf__ets_work_new(wsf__arena *scratch, const wsf__ets_view *view, int64_t n, int m);
const wsf__ets_start *wsf__ets_work_start(wsf__ets_work *w, int m, int season);
/* What ets_simplex.c needs of it. */
wsf__ets_trial *wsf__ets_work_trial(wsf__ets_work *w, int trend, int season, int m);
double wsf__ets_work_floor(const wsf__ets_work *w, int error);
double wsf__ets_work_edge(const wsf__ets_work *w);

/* ets_fit.c: maximum likelihood of one form. */
typedef struct wsf__ets_fit {
  int k;           /* estimated smoothing parameters and states */
  double deviance; /* -2 log likelihood as R states it; infinite: not fitted */
  double prior;    /* what the prior adds to it; 0 without one */
  wsf__ets start;  /* states before the first observation */
} wsf__ets_fit;
/* out->start.season: [m] space of the caller. Stops early once the deviance cannot fall below
 * `cutoff` by any likely step. */
void wsf__ets_maximise(wsf__ets_fit *out, wsf__ets_work *w, const wsf__ets_form *form, int m,
                       const wsf__ets_limits *limits, double cutoff);

/* ets_average.c: `best` becomes the mean of itself and what differs from it in the kind of additive
 * trend among n forms of one season, weighed by their criteria; `least` is its own. */
void wsf__ets_average(wsf__ets_fit *best, const wsf__ets_fit *fit, const double *ic, int n,
                      double least, const wsf__ets_limits *limits);

/* ets_errors.c: standard errors of alpha, beta, gamma and phi at a fit, of the likelihood with the
 * best b of `columns` if there are any; NaN where one is not in the form, given, at a bound, or the
 * likelihood has no maximum. false: no memory. */
bool wsf__ets_errors(double out[4], wsf__ets_work *w, wsf__design *columns, const wsf__ets *start,
                     const wsf__ets_limits *limits, wsf__arena *scratch);

/* ets_simplex.c: the same as R's search, for up to WSF__ETS_LANES forms at once, of one kind of
 * season and not of both kinds of trend. cost[i] is added to the deviance of form i; *best is the
 * least sum so far, of other forms too: forms far above it are given up. false: no memory, or the
 * call was stopped. */
bool wsf__ets_simplex(wsf__ets_fit *out, const wsf__ets_form *form, const double *cost, int count,
                      wsf__ets_work *w, int m, const wsf__ets_limits *limits, double *best,
                      wsf__arena *scratch);

/* ets_predict.c: means and standard deviations of steps 1 .. h; sigma2: variance of an error. A
 * form without a formula for the variance has simulated quantiles instead, quantile[k * h + step]
 * for level q[k]. */
void wsf__ets_mean(const wsf__ets *e, double sigma2, int64_t h, double *mean,
                   const wsf__arena *scratch);
bool wsf__ets_has_variance(const wsf__ets_form *form);
/* work: 2 h doubles */
void wsf__ets_sd(const wsf__ets *e, double sigma2, int64_t h, const double *mean, double *sd,
                 double *work, const wsf__arena *scratch);
/* uncertainty: [h] standard deviations to be added, or NULL; reach: [n_q], what stands for the
 * normal quantiles, or NULL. false: no memory. */
bool wsf__ets_quantiles(const wsf__ets *e, double sigma2, int64_t h, int n_q, const double *q,
                        double *quantile, int64_t paths, uint64_t seed, const double *uncertainty,
                        const double *reach, wsf__arena *scratch);
/* How far an error of one moves the step it falls on and those after it: c_0 = 1, c_1, .. of the
 * book's table 6.1, in relative terms for multiplicative forms. */
void wsf__ets_response(const wsf__ets *e, int64_t h, double *c);
/* The level of steps 1 .. h without its season, less the last level; and what a season multiplies
 * it by. */
void wsf__ets_path(const wsf__ets *e, int64_t h, double *path, double *factor);

#endif
