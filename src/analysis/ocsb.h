/* OCSB: does a series have a seasonal unit root? */
#ifndef WSF_ANALYSIS_OCSB_H
#define WSF_ANALYSIS_OCSB_H

#include "base/alloc.h"

typedef struct wsf__ocsb_test {
  double statistic; /* above critical: difference at the season. NaN: no answer (too short, or the
                       differences do not vary) */
  double critical;  /* at 5 %, for this season */
  int lags;         /* of the autoregression */
} wsf__ocsb_test;

/* x[n] without NaN, season m >= 2; the autoregression has up to most_lags - 1 lags (R's nsdiffs:
 * most_lags = 3), 0 = none. false: out of memory. */
bool wsf__ocsb(wsf__ocsb_test *out, const double *x, int64_t n, int64_t m, int most_lags,
               wsf__arena *scratch);
/* Differences at lag m, 0 .. most, while the test (most_lags = 3) finds a seasonal unit root; as
 * R's nsdiffs(test = "ocsb"). Gaps in y (NaN) are filled from the cycle before. */
bool wsf__ocsb_differences(int *out, const double *y, int64_t n, int64_t m, int most,
                           wsf__arena *scratch);

#endif
