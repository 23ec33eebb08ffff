/* Whether a history has a season, and its seasonal indices.
 *
 * Test (Assimakopoulos and Nikolopoulos 2000; R's forecast::thetaf): the autocorrelation at one
 * season is beyond 1.645 standard errors, Bartlett's sqrt((1 + 2 sum of squares of those before it)
 * / n); or the season is plain without it (analysis/plain_season.c), as a long one in a trend can
 * be. Figures: classical decomposition (analysis/classical.c) by ratios; these need positive data
 * and seasonal indices of at least 0.01, else differences take their place. STL's periodic season
 * is added on. Gaps are filled along the line between neighbours before all of this. With two
 * seasons or less only a plain one is taken; so it is with less than three where nothing else is
 * asked for, as the moving average leaves one of them. */
#include "analysis/acf.h"
#include "analysis/classical.h"
#include "analysis/plain_season.h"
#include "analysis/stl.h"
#include "models/history.h"
#include "models/local/theta/theta.h"

#include <math.h>
#include <string.h>

static const double BEYOND = 1.6448536269514722; /* normal quantile of 0.95 */

static bool is_seasonal(const double *y, int64_t n, int64_t m, double *acf, wsf__arena *scratch) {
  double squares = 0;
  if (!wsf__acf(y, n, m, acf, scratch)) return false;
  for (int64_t k = 0; k < m - 1; ++k) squares += acf[k] * acf[k];
  return fabs(acf[m - 1]) > BEYOND * sqrt((1 + 2 * squares) / (double)n);
}

bool wsf__theta_season(double *index, wsf__plain *plain, int *kind, const double *y, int64_t n,
                       int64_t m, wsf__theta_how how, wsf__arena *scratch) {
  *kind = WSF__THETA_PLAIN;
  *plain = (wsf__plain){0};
  if (m < 2 || how == WSF__THETA_NEVER || n <= m) return true;
  const bool tested = how == WSF__THETA_TESTED || how == WSF__THETA_TESTED_DIFFERENCES;
  const int64_t count = wsf__count_observed(y, n);
  const bool brief = count <= 2 * m;
  if (brief || (tested && count / 3 < m)) {
    const wsf__plain_kinds kinds = how == WSF__THETA_TESTED   ? WSF__PLAIN_EITHER
                                   : how == WSF__THETA_RATIOS ? WSF__PLAIN_FACTORS
                                                              : WSF__PLAIN_SUMS;
    if (!wsf__plain_season(index, plain, kinds, y, n, m, scratch)) return false;
    if (plain->found) *kind = plain->factors ? WSF__THETA_TIMES : WSF__THETA_PLUS;
    if (plain->found || brief) return true;
  }
  const wsf__mark mark = wsf__arena_mark(scratch);
  double *full = wsf__arena_new(scratch, (size_t)(n + m), sizeof *full);
  if (!full) return false;
  double *work = full + n;
  bool done = true;
  wsf__fill_missing(y, n, m, full);
  if (wsf__cut_short(scratch)) return false;
  if (how == WSF__THETA_LOESS) {
    const wsf__stl_options periodic = {0};
    double *seasonal = wsf__arena_new(scratch, (size_t)n, 2 * sizeof *seasonal);
    done = seasonal && wsf__stl(full, n, m, &periodic, seasonal, seasonal + n, scratch);
    if (done) memcpy(index, seasonal, (size_t)m * sizeof *index);
    *kind = WSF__THETA_PLUS;
  } else if (!tested || wsf__is_plain_season(y, n, m) || is_seasonal(full, n, m, work, scratch)) {
    bool ratios = how == WSF__THETA_TESTED || how == WSF__THETA_RATIOS;
    for (int64_t t = 0; t < n; ++t) ratios = ratios && full[t] > 0;
    ratios = ratios && wsf__classical_season(index, full, n, m, true, work, scratch);
    if (!ratios) (void)wsf__classical_season(index, full, n, m, false, work, scratch);
    *kind = ratios ? WSF__THETA_TIMES : WSF__THETA_PLUS;
  }
  wsf__arena_reset(scratch, mark);
  return done;
}
