/* Is one model better than another, or was it luck? Paired t-test on the losses per series (Diebold
 * and Mariano 1995, with series in place of periods, as the losses of one series at neighbouring
 * steps are far from independent). Two-sided p-value from the incomplete beta function by its
 * continued fraction (DLMF 8.17.22), evaluated by Lentz's method. */
#include "evaluate/metrics.h"
#include "math/elementary.h"
#include "math/gamma.h"

#include <math.h>

static double away_from_zero(double x) {
  return fabs(x) < 1e-300 ? 1e-300 : x;
}

static double beta_fraction(double a, double b, double x) {
  double c = 1, d = 1 / away_from_zero(1 - (a + b) * x / (a + 1)), f = d;
  for (int m = 1; m <= 1000; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away_from_zero(1 + even * d);
    c = away_from_zero(1 + even / c);
    f *= c * d;
    d = 1 / away_from_zero(1 + odd * d);
    c = away_from_zero(1 + odd / c);
    f *= c * d;
    if (fabs(c * d - 1) < 1e-15) break;
  }
  return f;
}

/* Regularised incomplete beta function. */
static double incomplete_beta(double a, double b, double x) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const double front = wsf__exp(wsf__ln_gamma(a + b) - wsf__ln_gamma(a) - wsf__ln_gamma(b) +
                                a * wsf__ln(x) + b * wsf__log1p(-x));
  if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(a, b, x) / a;
  return 1 - front * beta_fraction(b, a, 1 - x) / b;
}

void wsf__paired_test(const double *a, const double *b, int64_t n, double *difference,
                      double *p_value) {
  double count = 0, mean = 0, squares = 0; /* Welford (1962) */
  for (int64_t i = 0; i < n; ++i) {
    const double d = a[i] - b[i];
    if (!isfinite(d)) continue;
    count += 1;
    const double off = d - mean;
    mean += off / count;
    squares += off * (d - mean);
  }
  *difference = count > 0 ? mean : NAN;
  *p_value = NAN;
  if (count < 2) return;
  const double freedom = count - 1;
  const double variance = squares / freedom / count; /* of the mean */
  if (!(variance > 0)) {
    *p_value = mean == 0;
    return;
  }
  const double t2 = mean * mean / variance;
  *p_value = incomplete_beta(freedom / 2, 0.5, freedom / (freedom + t2));
}
