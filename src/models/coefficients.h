/* What was estimated for a series, for people: named numbers with their standard errors, told by a
 * class from a fitted state. */
#ifndef WSF_MODELS_COEFFICIENTS_H
#define WSF_MODELS_COEFFICIENTS_H

#include "models/model.h"

typedef struct wsf__coefficient {
  const char *name;         /* or the column of a regressor */
  int64_t index;            /* written after the name; 0: none */
  bool regressor, left_out; /* left_out: a regressor that has no part in the fit */
  double estimate;
  double error; /* standard error; NaN: none */
} wsf__coefficient;

struct wsf__coefficients {
  const wsf__panel *frame;
  wsf__arena *arena; /* of the rows, and for classes to work in */
  wsf__state errors; /* standard errors that the fit kept, by row: they stand before others */
  int64_t n, room;
  wsf__coefficient *row;
  bool failed; /* no memory: rows are missing */
};

/* The columns of n regressors; NULL: no memory. */
const char *const *wsf__coefficient_names(const wsf__coefficients *out, const wsf__node *node,
                                          int64_t n);
/* One more row. error: NaN where the method has none; of a regressor: where it was left out. */
void wsf__coefficient_add(wsf__coefficients *out, const char *name, int64_t index, double estimate,
                          double error);
void wsf__coefficient_regressor(wsf__coefficients *out, const char *column, double estimate,
                                double error);
/* The same of a method that has no standard errors. */
void wsf__coefficient_column(wsf__coefficients *out, const char *column, double estimate);
/* Those of a regression of k columns, in a unit: b, and the root of its covariance over the
 * variance of an error (design.h). */
void wsf__coefficient_design(wsf__coefficients *out, const wsf__node *node, int k, const double *b,
                             const double *cover, double unit, double variance);

#endif
