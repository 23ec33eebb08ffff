/* Test for a unit root with any short memory in the errors.
 *
 * Phillips and Perron (1988), "Testing for a unit root in time series regression", Biometrika 75:
 * the series on its own value before and a constant (and a line), without lags; what the errors'
 * memory does to the coefficient alpha and its t value is taken off afterwards, by the difference
 * between their long-run variance and their variance: Z(alpha) and Z(t) of equations 9 to 14.
 * The sum of squares m in the correction is that of the values about their mean (as urca::ur.pp of
 * R), and with a line that of the values before about theirs, up to a factor n^2 / (n^2 - 1) (as
 * tseries::pp.test). */
#include "analysis/regress.h"
#include "analysis/unit_root.h"

#include <math.h>

static double about_mean(const double *x, int64_t n) {
  double mean = 0, sum = 0;
  for (int64_t t = 0; t < n; ++t) mean += x[t] / (double)n;
  for (int64_t t = 0; t < n; ++t) sum += (x[t] - mean) * (x[t] - mean);
  return sum;
}

bool wsf__pp(wsf__root_test *out, wsf__root_test *alpha, const double *x, int64_t n, bool trend,
             wsf__arena *scratch) {
  const int64_t rows = n - 1, lags = wsf__lags_short(rows);
  const int columns = trend ? 3 : 2;
  *out = (wsf__root_test){NAN, NAN, lags};
  if (alpha) *alpha = *out;
  if (rows <= columns || wsf__is_flat(x, n)) return true;
  const wsf__mark mark = wsf__arena_mark(scratch);
  double *a = wsf__arena_new(scratch, (size_t)rows, (size_t)columns * sizeof *a);
  double *y = wsf__arena_new(scratch, (size_t)rows, sizeof *y);
  wsf__regression r = {0};
  bool ok = a && y;
  if (ok) {
    double mean = 0;
    for (int64_t t = 0; t < n; ++t) mean += x[t] / (double)n;
    for (int64_t i = 0; i < rows; ++i) {
      y[i] = x[i + 1] - mean;
      a[i] = x[i] - mean;
      a[rows + i] = 1;
      if (trend) a[2 * rows + i] = (double)i - (double)(rows - 1) / 2;
    }
    ok = wsf__regress(&r, a, y, rows, columns, wsf__rounding(x, n), scratch);
  }
  if (ok && r.rank == columns && r.se[0] > 0) {
    const double count = (double)rows, size = count * count;
    const double s2 = r.rss / count,
                 long_run = wsf__long_run_variance(r.residual, rows, lags, scratch);
    const double free = r.rss / (double)(rows - columns); /* variance behind the standard errors */
    const double m = trend ? (size - 1) / (size * size) * free / (r.se[0] * r.se[0])
                           : about_mean(y, rows) / size;
    out->statistic = sqrt(s2 / long_run) * (r.b[0] - 1) / r.se[0] -
                     (long_run - s2) / (2 * sqrt(long_run) * sqrt(m));
    out->p = wsf__dickey_fuller_p(out->statistic, rows, trend);
    if (alpha) {
      alpha->statistic = count * (r.b[0] - 1) - (long_run - s2) / (2 * m);
      if (trend) alpha->p = wsf__dickey_fuller_alpha_p(alpha->statistic, rows);
    }
  }
  wsf__arena_reset(scratch, mark);
  return ok;
}
