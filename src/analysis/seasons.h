/* Which seasons a series has, if nobody says so. */
#ifndef WSF_ANALYSIS_SEASONS_H
#define WSF_ANALYSIS_SEASONS_H

#include "base/alloc.h"

enum { WSF__MOST_SEASONS = 4 };

typedef struct wsf__season {
  double period;   /* in periods of the series, not always a whole number */
  double strength; /* share of the variance that it explains once the trend and the seasons found
                      before it are gone, adjusted for its degrees of freedom */
  double acf;      /* autocorrelation at the period */
  double p;        /* of such a pattern in noise, all candidates counted */
} wsf__season;

/* Seasons of y[n] (NaN = missing) from 2 to min(longest, n / 2) periods, the clearest first; *count
 * of them, most often none or one. false: out of memory. */
bool wsf__find_seasons(wsf__season *out, int *count, const double *y, int64_t n, int64_t longest,
                       wsf__arena *scratch);

#endif
