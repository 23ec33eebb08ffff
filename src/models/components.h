/* What a forecast's mean is made of, for people: named rows of one value a step that add up to it.
 *
 * A class says so where it computes the mean, in predict: it calls wsf__explain for what it knows
 * of (trend, season, a regressor), beside the statement that adds it. What a leaf does not name is
 * its base; what a call around others changes without a word is a remainder. So rows add up by
 * construction, and there is no second recursion that could say something else. Nobody asks while
 * models are fitted or forecast: then forecast->components is NULL and these calls return at once.
 */
#ifndef WSF_MODELS_COMPONENTS_H
#define WSF_MODELS_COMPONENTS_H

#include "models/model.h"

/* Rows stand in this order; between holiday and remainder the regressors, as first named.
 *   base       the level at the end of the history, with whatever else has no name of its own
 *   trend      what the level has moved by since then
 *   season     what the season adds; or yearly, weekly, daily, each its own
 *   holiday    what lining up holidays changes
 *   remainder  what is not a sum: the correction for bias of a transform, a bound that was met */
#define WSF__BASE   "base"
#define WSF__TREND  "trend"
#define WSF__SEASON "season"
/* of a model that knows several by name */
#define WSF__SEASON_YEARLY "yearly"
#define WSF__SEASON_WEEKLY "weekly"
#define WSF__SEASON_DAILY  "daily"
#define WSF__HOLIDAY       "holiday"
#define WSF__REMAINDER     "remainder"

typedef struct wsf__component {
  const char *name; /* one of those above, or a copy of the column of a regressor */
  bool regressor;
  double *value; /* [h] */
} wsf__component;

struct wsf__components {
  int64_t h;
  int n, room;
  wsf__component *row;
  wsf__arena *arena; /* of the one who asks: scratch goes while rows must stay */
  bool failed;       /* no memory: rows are missing */
};

/* No rows yet; NULL = out of memory. */
wsf__components *wsf__components_new(wsf__arena *arena, int64_t h);
/* Add to a row at one step. */
void wsf__explain(const wsf__forecast *out, int64_t step, const char *name, double value);
void wsf__explain_regressor(const wsf__forecast *out, int64_t step, const char *column,
                            double value);
/* Add rows of another forecast's, `weight` times, at one step. */
void wsf__components_add(const wsf__forecast *out, int64_t step, const wsf__components *from,
                         double weight);
/* Multiply every row at one step. */
void wsf__components_scale(const wsf__forecast *out, int64_t step, double factor);
/* Rows of x become rows of back(x): in their order, each gets the change that it makes to those
 * before it. */
typedef double wsf__back_fn(const void *how, double x);
void wsf__components_through(const wsf__forecast *out, wsf__back_fn *back, const void *how);
/* Put what the rows leave of the mean into the base of a leaf, else into the remainder. */
void wsf__components_close(const wsf__forecast *out, bool leaf);

#endif
