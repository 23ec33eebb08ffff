/* STL: a series as seasonal + trend + remainder. */
#ifndef WSF_ANALYSIS_STL_H
#define WSF_ANALYSIS_STL_H

#include "base/alloc.h"

typedef struct wsf__stl_options {
  int64_t season_window; /* odd; 0 = periodic: the same season every cycle */
  int64_t trend_window;  /* odd; 0 = the smallest odd number >= 1.5 m / (1 - 1.5 / season_window) */
  bool robust;           /* 15 outer loops with bisquare weights instead of none */
} wsf__stl_options;

/* Decompose y (n values, NaN = missing: filled along the line between neighbours plus the season
 * one cycle away) with period m. Needs n >= 2 m + 1, m >= 2. seasonal and trend receive n values
 * each; the remainder is y - seasonal - trend. false: out of memory. */
bool wsf__stl(const double *y, int64_t n, int64_t m, const wsf__stl_options *options,
              double *seasonal, double *trend, wsf__arena *scratch);

/* The fill that wsf__stl uses, for callers that need it: out[n] without NaN (all zero if nothing
 * was observed). */
void wsf__fill_missing(const double *y, int64_t n, int64_t m, double *out);

#endif
