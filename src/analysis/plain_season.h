/* A season that a history of one cycle and a bit, or of a few, shows plainly. */
#ifndef WSF_ANALYSIS_PLAIN_SEASON_H
#define WSF_ANALYSIS_PLAIN_SEASON_H

#include "base/alloc.h"

/* Whether y[n] (NaN = missing) repeats after m periods what it did before, beyond what noise or a
 * level that wanders does by accident. m < n, m >= 2. */
bool wsf__is_plain_season(const double *y, int64_t n, int64_t m);
/* Kinds of season that may be taken; either: the likelier one. Factors are of positive values. */
typedef enum wsf__plain_kinds {
  WSF__PLAIN_SUMS,
  WSF__PLAIN_FACTORS,
  WSF__PLAIN_EITHER
} wsf__plain_kinds;
typedef struct wsf__plain {
  bool found;
  bool factors; /* the kind that is likelier, or the one asked for */
  double noise; /* standard deviation of what is around season and trend; relative for factors */
  double parameters; /* that the season took from the rest, in squares of noise; at most m - 1 */
  double wrong;      /* squares of noise that it is off by itself; m - 1 without shrinking */
} wsf__plain;
/* That season, shrunk by its noise: season[m], of y[0], y[1], .. first, with mean 0, or factors
 * around 1, none below WSF__LEAST_RATIO. Nothing but zeros unless it
 * is plain. false: no memory. */
bool wsf__plain_season(double *season, wsf__plain *plain, wsf__plain_kinds kinds, const double *y,
                       int64_t n, int64_t m, wsf__arena *scratch);
/* Standard errors of those values: error[m], of y[0], y[1], .. first. */
void wsf__plain_errors(double *error, const wsf__plain *plain, const double *season,
                       const double *y, int64_t n, int64_t m);

#endif
