/* How often a series must be differenced before it stays around a level, and the tests for it.
 * NaN = missing. */
#ifndef WSF_ANALYSIS_UNIT_ROOT_H
#define WSF_ANALYSIS_UNIT_ROOT_H

#include "base/alloc.h"

/* ---- one test of a series x[n] without NaN; false: out of memory -------------------------- */

typedef struct wsf__root_test {
  double statistic; /* NaN, and with it p: no answer, since x is too short or leaves no residual */
  double p;         /* interpolated in published tables and held at their ends */
  int64_t lags;     /* of the autoregression, or of the long-run variance */
} wsf__root_test;

/* Null hypothesis: x stays around a level (trend = false) or a line. p in 0.01 .. 0.1. */
bool wsf__kpss(wsf__root_test *out, const double *x, int64_t n, bool trend, int64_t lags,
               wsf__arena *scratch);
/* Null hypothesis: x has a unit root; against a level or a line. p in 0.01 .. 0.99. */
bool wsf__adf(wsf__root_test *out, const double *x, int64_t n, bool trend, int64_t lags,
              wsf__arena *scratch);
/* The same with a correction in place of lags in the regression. alpha (nullable) receives the test
 * on the coefficient itself, Z(alpha), which has a table only with a line. */
bool wsf__pp(wsf__root_test *out, wsf__root_test *alpha, const double *x, int64_t n, bool trend,
             wsf__arena *scratch);

/* Usual numbers of lags: 3 sqrt(n) / 13 (KPSS for differencing), 4 (n / 100)^(1/4) (KPSS, PP) and
 * (n - 1)^(1/3), at most 50 (ADF). */
int64_t wsf__lags_for_differences(int64_t n);
int64_t wsf__lags_short(int64_t n);
int64_t wsf__lags_adf(int64_t n);

/* What the tests share: Bartlett-weighted long-run variance of e[n], and the distribution of
 * Dickey and Fuller's t and of n (alpha - 1), from n differences. */
double wsf__long_run_variance(const double *e, int64_t n, int64_t lags, const wsf__arena *scratch);
double wsf__dickey_fuller_p(double t, int64_t n, bool trend);
double wsf__dickey_fuller_critical(int64_t n, bool trend); /* of t at 5 % */
double wsf__dickey_fuller_alpha_p(double z, int64_t n);
/* y at `at` on the line through the points, whose x ascends; beyond the ends the end's y. */
double wsf__interpolate(const double *x, const double *y, int n, double at);

/* ---- differences -------------------------------------------------------------------------- */

typedef enum wsf__root_rule { WSF__BY_KPSS, WSF__BY_ADF, WSF__BY_PP } wsf__root_rule;
/* Differences at lag 1, 0 .. most, until the test at 5 % keeps the level (KPSS) or rejects the unit
 * root (ADF with one lag, PP). Gaps are closed. wsf__differences: by KPSS. */
bool wsf__differences_by(wsf__root_rule rule, int *out, const double *y, int64_t n, int most,
                         wsf__arena *scratch);
bool wsf__differences(int *out, const double *y, int64_t n, int most, wsf__arena *scratch);
/* Differences at lag m, 0 .. most, until the season's strength (Wang, Smith and Hyndman 2006) in an
 * STL decomposition is at most 0.64; 0 with two seasons or less. */
bool wsf__seasonal_differences(int *out, const double *y, int64_t n, int64_t m, int most,
                               wsf__arena *scratch);
/* That strength. y[n] may have gaps; n > 2 m, m >= 2. */
bool wsf__seasonal_strength(double *out, const double *y, int64_t n, int64_t m,
                            wsf__arena *scratch);
/* x[t + lag] - x[t] in place; returns how many are left, 0 for n <= lag. */
int64_t wsf__difference(double *x, int64_t n, int64_t lag);
/* The observed values without gaps; returns how many. */
int64_t wsf__close_gaps(double *x, const double *y, int64_t n);
/* Whether the observed values are equal but for rounding; true if there are none. */
bool wsf__is_flat(const double *x, int64_t n);
/* What differences of x[n], no NaN, may be wrong by. */
double wsf__rounding(const double *x, int64_t n);

#endif
