/* Test for a unit root in an autoregression of unknown order.
 *
 * Said and Dickey (1984), "Testing for unit roots in autoregressive-moving average models of
 * unknown order", Biometrika 71: the differences on the level before, a constant (and a line) and
 * their own lags. The statistic is the t value of the level, whose distribution is that of Dickey
 * and Fuller (1979) whatever the lags. With a line as tseries::adf.test of R, without as
 * urca::ur.df(type = "drift"). */
#include "analysis/regress.h"
#include "analysis/unit_root.h"
#include "sync/env.h"

#include <math.h>

bool wsf__adf(wsf__root_test *out, const double *x, int64_t n, bool trend, int64_t lags,
              wsf__arena *scratch) {
  *out = (wsf__root_test){NAN, NAN, lags};
  const int columns = 2 + (trend ? 1 : 0) + (int)lags;
  const int64_t rows = n - 1 - lags;
  if (rows <= columns || wsf__is_flat(x, n)) return true;
  const wsf__mark mark = wsf__arena_mark(scratch);
  double *a = wsf__arena_new(scratch, (size_t)rows, (size_t)columns * sizeof *a);
  double *y = wsf__arena_new(scratch, (size_t)rows, sizeof *y);
  wsf__regression r;
  bool ok = a && y;
  if (ok) {
    double mean = 0; /* a level far from zero would look like the constant */
    for (int64_t t = 0; t < n; ++t) mean += x[t] / (double)n;
    for (int64_t i = 0; i < rows && !(i % 1024 == 0 && wsf__cut_short(scratch)); ++i) {
      const int64_t t = i + lags + 1;
      double *cell = a + i;
      y[i] = x[t] - x[t - 1];
      *cell = x[t - 1] - mean;
      *(cell += rows) = 1;
      if (trend) *(cell += rows) = (double)i - (double)(rows - 1) / 2;
      for (int64_t k = 1; k <= lags; ++k) *(cell += rows) = x[t - k] - x[t - k - 1];
    }
    ok = wsf__regress(&r, a, y, rows, columns, wsf__rounding(x, n), scratch);
  }
  if (ok) {
    out->statistic = wsf__t_value(&r, 0);
    out->p = wsf__dickey_fuller_p(out->statistic, n - 1, trend);
  }
  wsf__arena_reset(scratch, mark);
  return ok;
}
