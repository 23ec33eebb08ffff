/* What the fit of prophet and its forecasts share: the state of a series, its time, its trend and
 * the columns of its seasons and regressors. */
#ifndef WSF_MODELS_PROPHET_H
#define WSF_MODELS_PROPHET_H

#include "models/history.h"
#include "models/regressors.h"

/* Seasons of the calendar, and the panel's own of times that are whole numbers. */
enum { WSF__YEARLY, WSF__WEEKLY, WSF__DAILY, WSF__OWN, WSF__PROPHET_SEASONS };
extern const char *const wsf__prophet_season_name[WSF__PROPHET_SEASONS];

typedef struct wsf__prophet {
  wsf__extent extent;
  double n; /* periods of history */
  double start,
      span;     /* first observation in days, days to the last: time is (day - start) / span */
  double scale; /* of y, beyond its floor */
  double k, m, sigma; /* growth, offset and spread of the errors, of scaled y */
  double changes, covariates, order[WSF__PROPHET_SEASONS]; /* numbers of each */
  double rest[]; /* time of change[changes], delta[changes], beta of seasons[2 * orders] and of
                  * covariates, centre[covariates], width[covariates] */
} wsf__prophet;
enum { WSF__PROPHET_HEAD = sizeof(wsf__prophet) / sizeof(double) };

/* A stretch of a season without an observation, between two phases that have one. */
typedef struct wsf__prophet_arc {
  double season, begin, length; /* in days */
} wsf__prophet_arc;
/* Behind the arrays; states from before it end there. Behind the arcs the memory (below). */
typedef struct wsf__prophet_tail {
  double lowest;  /* y counts from here */
  double unknown; /* variance for want of knowing the parameters, over that of the errors */
  /* Of a season with arcs, in units of its effects: its level where it was observed, which is taken
   * off, and its mean square there. */
  double level[WSF__PROPHET_SEASONS], spread[WSF__PROPHET_SEASONS];
  wsf__prophet_arc arc[];
} wsf__prophet_tail;
enum {
  WSF__PROPHET_TAIL = sizeof(wsf__prophet_tail) / sizeof(double),
  WSF__PROPHET_ARC = sizeof(wsf__prophet_arc) / sizeof(double)
};

typedef enum wsf__growth { WSF__LINEAR, WSF__LOGISTIC, WSF__FLAT } wsf__growth;

/* The arrays behind a state's head. */
typedef struct wsf__prophet_parts {
  int changes, waves, covariates; /* waves: columns of seasons */
  wsf__growth growth;
  bool multiplies;
  double *change, *delta, *beta, *centre, *width;
  const wsf__prophet_tail *tail;
  int64_t arcs;
  const wsf__prophet_arc *arc; /* [arcs] */
} wsf__prophet_parts;

wsf__growth wsf__prophet_growth(const wsf__node *node);
/* Without a tail. */
wsf__prophet_parts wsf__prophet_parts_of(const wsf__node *node, const wsf__prophet *state);
/* Of a state of n numbers. */
wsf__prophet_parts wsf__prophet_parts_in(const wsf__node *node, const double *v, int64_t n);
int64_t wsf__prophet_size(int changes, int waves, int covariates); /* without a tail */

/* When a period is, in days; of whole numbers without a frequency in periods. */
double wsf__prophet_day(const wsf__calendar *cal, int64_t period);
/* Days in a season; of the panel's own, periods of it. */
double wsf__prophet_period(const wsf__node *node, const wsf__panel *panel, int season);
/* What an order cannot exceed in a state. */
enum { WSF__PROPHET_ORDERS = 1000 };
/* Pairs of waves that each season gets, by the options and by what was seen: observations are
 * `apart` days from each other at least. *shorter: a season was left out for want of history. */
void wsf__prophet_choose_orders(wsf__prophet *state, const wsf__node *node, const wsf__panel *panel,
                                double apart, bool *shorter);
/* out[waves]: sines and cosines at a day. */
void wsf__prophet_waves(const wsf__prophet *state, const wsf__node *node, const wsf__panel *panel,
                        double day, double *out);
/* How many stretches of a state's seasons no observation at day[n] lies in, and which, unless out
 * is NULL; phase[n] is room to work in. */
int64_t wsf__prophet_arcs(wsf__prophet_arc *out, const wsf__prophet *state, const wsf__node *node,
                          const wsf__panel *panel, const wsf__series *s, const double *day,
                          int64_t n, double *phase);
/* What each season adds where its waves are. */
void wsf__prophet_effects(const wsf__prophet *state, const wsf__prophet_parts *z,
                          const double *waves, double effect[WSF__PROPHET_SEASONS]);
/* Variance of the effects at a day for want of observations. */
double wsf__prophet_unseen(const wsf__prophet_parts *z, const wsf__node *node,
                           const wsf__panel *panel, double day);

/* A bound of logistic growth: a number, or a column known ahead. */
typedef struct wsf__prophet_bound {
  int column; /* -1: the number */
  double value;
} wsf__prophet_bound;
/* Those that a call names; a status with the reason for what cannot serve. */
typedef struct wsf__prophet_bounds {
  wsf__prophet_bound cap, floor;
} wsf__prophet_bounds;
wsf_status wsf__prophet_bounds_find(wsf__prophet_bounds *out, const wsf__node *node,
                                    const wsf__panel *panel, wsf_error *err);
double wsf__prophet_bound_at(const wsf__prophet_bound *b, const wsf__panel *panel,
                             const wsf__series *s, int64_t t);

/* When a value of the calendar (wsf__calendar_value) is, in days. */
double wsf__prophet_day_of(const wsf__calendar *cal, double value);

/* The changes that a call names, in order and each once, as times of a history whose head is known:
 * out[n]. n is -1 if it names none. */
wsf_status wsf__prophet_given(double **out, int *n, const wsf__node *node, const wsf__panel *panel,
                              const wsf__prophet *head, wsf__arena *scratch, wsf_error *err);

/* Entry i of an option that is a list for each entry of x=, or one for all; NULL: not given. */
double wsf__prophet_prior_of(const wsf__node *node, int entry);
const char *wsf__prophet_word_of(const wsf__node *node, const char *option, int entry);
/* out[r->n]: whether the effect of a column is a share of the trend. A status with the reason if a
 * list is not as long as x=. */
wsf_status wsf__prophet_shares(const bool **out, const wsf__node *node, const wsf__regressors *r,
                               wsf__arena *scratch, wsf_error *err);
/* Of a fit: no option is given whose others are missing, as it would be ignored. */
wsf_status wsf__prophet_check(const wsf__node *node, wsf_error *err);

/* Growth from k and m along changes of it. offset[changes + 1] is the offset after each of them,
 * of logistic growth, which has to stay continuous: filled by wsf__prophet_offsets. */
void wsf__prophet_offsets(const wsf__prophet_parts *z, double k, double m, double *offset);
double wsf__prophet_trend(const wsf__prophet_parts *z, double k, double m, const double *offset,
                          double t, double cap);

/* Numbers that p parameters with normal (precision) and Laplace (weight) priors fit to errors of a
 * variance, of whose derivatives h[p][p] is the product; -1: no memory. */
double wsf__prophet_freedom(int p, const double *h, const double *precision, const double *weight,
                            const double *theta, double variance, wsf__arena *scratch);

/* out = J' J of n rows of p, whole. */
void wsf__prophet_products(double *out, const double *rows, int64_t n, int p,
                           const wsf__arena *scratch);
wsf_status wsf__prophet_fit(wsf__fit *f, const wsf__series *s, wsf__fitted *out);
/* The same with a search that begins at the parameters of another fit, of the same call. */
wsf_status wsf__prophet_fit_from(wsf__fit *f, const wsf__series *s, wsf__fitted *out,
                                 const wsf__state *from);

/* What an update needs, at the end of a state (prophet_memory.c). */
typedef struct wsf__prophet_memory {
  int64_t n, n_missing;   /* periods of the history; 0: it is not kept */
  const double *observed; /* [n - n_missing] */
  const double *missing;  /* [n_missing] periods */
  wsf__state fitted;      /* without a memory: the last fit, where updates begin */
} wsf__prophet_memory;
wsf__prophet_memory wsf__prophet_memory_of(const wsf__state *state);
void wsf__prophet_memory_read(double *y, const wsf__prophet_memory *m); /* y[n] */
bool wsf__prophet_memory_check(const wsf__prophet_memory *m);
/* Numbers of a state before its memory. */
int64_t wsf__prophet_bare(const double *v, int64_t n);
/* Of n periods and a fit of n_fitted numbers; 0 of those: the state itself is that fit. */
int64_t wsf__prophet_memory_size(int64_t n, int64_t n_fitted);
void wsf__prophet_memory_write(double *out, const wsf__series *s, const wsf__state *fitted);
/* theta[2 + changes + columns]: the parameters of a fit in the units of another, whose head, change
 * points and tail are known. */
void wsf__prophet_carry(double *theta, const wsf__node *node, const wsf__prophet *to,
                        const wsf__prophet_parts *z, const bool *share, const wsf__state *from);

/* How far the trend may turn out other than forecast (prophet_uncertainty.c). */
typedef struct wsf__prophet_future {
  double rate;     /* changes of growth in one unit of time */
  double scale;    /* mean size of one */
  double last[64]; /* quantiles of the step before, where a search begins */
} wsf__prophet_future;
void wsf__prophet_future_of(const wsf__prophet_parts *z, wsf__prophet_future *out);
/* Variance of the trend `ahead` units of time after the history. */
double wsf__prophet_trend_variance(const wsf__prophet_future *f, double ahead);
/* value[n]: quantiles at levels q of the sum of a normal error and what the trend does until then,
 * `times` as much. */
void wsf__prophet_quantiles(wsf__prophet_future *f, double sigma, double ahead, double times, int n,
                            const double *q, double *value);

#endif
