/* How much of the noise of a series a season that was estimated from it holds. */
#ifndef WSF_ANALYSIS_SEASON_NOISE_H
#define WSF_ANALYSIS_SEASON_NOISE_H

#include <stdint.h>

/* How a season is estimated: at each place of the cycle `used` of the `seen` observations are
 * smoothed, the last value repeats. */
typedef struct wsf__season_smooth {
  int64_t m;                  /* periods in a cycle */
  int64_t window;             /* cycles, odd: loess of degree 0; 0: the mean of all */
  const int64_t *used, *seen; /* [m] */
} wsf__season_smooth;

/* Of white noise of variance 1: variance[j] is that of the season's value at place j after the
 * history. Returns by how much the sum of squares over the observations is less, in expectation,
 * once the season is taken off. */
double wsf__season_noise(double *variance, const wsf__season_smooth *s);

#endif
