/* What models ask of one history: how much was observed, and the small arithmetic of seasons that
 * were never seen. For files inside models/ only. */
#ifndef WSF_MODELS_HISTORY_H
#define WSF_MODELS_HISTORY_H

#include "models/model.h"

/* Least and largest observation so far: `constant` and `zero` are read from them. */
typedef struct wsf__extent {
  double least, largest;
} wsf__extent;
/* Of an array with at least one observation; {0, 0} if there is none. */
wsf__extent wsf__extent_of(const double *y, int64_t n);
static inline void wsf__extent_add(wsf__extent *e, double y) {
  if (y < e->least) e->least = y;
  if (y > e->largest) e->largest = y;
}
/* OK, CONSTANT or ZERO. */
static inline int32_t wsf__extent_reason(wsf__extent e) {
  if (e.least < e.largest) return WSF__OK;
  return e.least == 0 ? WSF__ZERO : WSF__CONSTANT;
}

int64_t wsf__count_observed(const double *y, int64_t n);
/* Periods up to the last observation. Those that follow it in a panel that goes on are no history:
 * seasons, trends and trials are read off what comes before, and the fit then walks over them. Two
 * seasons of a history with gaps are as many observations as two seasons have periods. */
int64_t wsf__known(const double *y, int64_t n);

/* Where a history lies, by one of its values, and how far from there the others are in the mean: a
 * search over distances from `at` has the same bits whatever is added to values that doubles hold.
 * spread 0: it has no such size. work: [n] */
typedef struct wsf__middle {
  double at, spread;
} wsf__middle;
wsf__middle wsf__middle_of(const double *y, int64_t n, double *work);

/* Eleven digits of a value within -1 .. 1: a search that follows every bit then takes the same way
 * whatever the unit was. NaN stays, and what is too small for them. */
double wsf__digits(double x);

/* The nearest seasons around j that were seen, on the circle of m, and the weight of the left one
 * on the line between them. false if none was seen. seen[j] itself gives j, j, 1. */
typedef struct wsf__between {
  int64_t left, right;
  double weight;
} wsf__between;
bool wsf__season_between(wsf__between *out, const bool *seen, int64_t m, int64_t j);

/* Quantile of Student's t with v >= 1 degrees of freedom: exact for 1 and 2, from 3 on the
 * expansion of Abramowitz and Stegun 26.7.5 (relative error 1e-3 at v = 3, 1e-6 at v = 20). */
double wsf__student_quantile(double p, double v);

/* For check: x is a whole number in [lo, hi]. */
static inline bool wsf__whole(double x, double lo, double hi) {
  return x >= lo && x <= hi && x == (double)(int64_t)x;
}
/* No history and no horizon is longer: keeps every index in a state far from overflow. */
#define WSF__LONGEST 1e15

#endif
