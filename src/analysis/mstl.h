/* MSTL: a series as trend + several seasons + remainder. */
#ifndef WSF_ANALYSIS_MSTL_H
#define WSF_ANALYSIS_MSTL_H

#include "base/alloc.h"

#define WSF__PERIODIC (-1)
typedef struct wsf__mstl_options {
  int64_t season_window; /* odd, for every season; 0: 11, 15, 19, .. from the shortest season on;
                            WSF__PERIODIC: the same season every cycle */
  bool robust;
} wsf__mstl_options;

/* Cycles that shape the i-th season; 0: periodic. */
int64_t wsf__mstl_window(const wsf__mstl_options *options, int i);

/* The seasons that n values can show, ascending and each once: 2 or more periods, n >= 2 m + 1.
 * kept has room for count; returns how many there are. */
int wsf__mstl_seasons(int64_t *kept, const int64_t *season, int count, int64_t n);

/* Decompose y[n] (NaN = missing: the parts are there, too).
 * season[count] is as wsf__mstl_seasons leaves it, count >= 1. trend receives n values, seasonal
 * n for each season in turn; the remainder is y less all of them. false: out of memory. */
bool wsf__mstl(double *trend, double *seasonal, const double *y, int64_t n, const int64_t *season,
               int count, const wsf__mstl_options *options, wsf__arena *scratch);

#endif
