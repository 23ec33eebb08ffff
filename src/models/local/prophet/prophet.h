/* What the fit of prophet and its forecasts share: the state of a series, its time, its trend and
 * the columns of its seasons and regressors. */
#ifndef WSF_MODELS_PROPHET_H
#define WSF_MODELS_PROPHET_H

#include "models/history.h"
#include "models/regressors.h"

/* Seasons of the calendar, and the panel's own of times that are whole numbers. */
enum { WSF__YEARLY, WSF__WEEKLY, WSF__DAILY, WSF__OWN, WSF__PROPHET_SEASONS };

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

typedef enum wsf__growth { WSF__LINEAR, WSF__LOGISTIC, WSF__FLAT } wsf__growth;

/* The arrays behind a state's head. */
typedef struct wsf__prophet_parts {
  int changes, waves, covariates; /* waves: columns of seasons */
  wsf__growth growth;
  bool multiplies;
  double *change, *delta, *beta, *centre, *width;
} wsf__prophet_parts;

wsf__growth wsf__prophet_growth(const wsf__node *node);
wsf__prophet_parts wsf__prophet_parts_of(const wsf__node *node, const wsf__prophet *state);
int64_t wsf__prophet_size(int changes, int waves, int covariates);

/* When a period is, in days; of whole numbers without a frequency in periods. */
double wsf__prophet_day(const wsf__calendar *cal, int64_t period);
/* Days in a season; of the panel's own, periods of it. */
double wsf__prophet_period(const wsf__node *node, const wsf__panel *panel, int season);
/* What an order cannot exceed in a state. */
enum { WSF__PROPHET_ORDERS = 1000 };
/* out[waves]: sines and cosines at a day. */
void wsf__prophet_waves(const wsf__prophet *state, const wsf__node *node, const wsf__panel *panel,
                        double day, double *out);

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

/* Growth from k and m along changes of it. offset[changes + 1] is the offset after each of them,
 * of logistic growth, which has to stay continuous: filled by wsf__prophet_offsets. */
void wsf__prophet_offsets(const wsf__prophet_parts *z, double k, double m, double *offset);
double wsf__prophet_trend(const wsf__prophet_parts *z, double k, double m, const double *offset,
                          double t, double cap);

wsf_status wsf__prophet_fit(wsf__fit *f, const wsf__series *s, wsf__fitted *out);

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
