/* Problem: choose the power of a Box-Cox transformation (Box and Cox 1964).
 *
 * Method: Guerrero (1993), "Time-series analysis supported by power transformations", eq. 4-6: cut
 * the history into blocks of a season (two periods without one), counted from the end; the lambda
 * for which sd / mean^(1 - lambda) varies least between blocks, by its coefficient of variation.
 * Minimised by Brent's method with the tolerance of R's optimize, so that R's answers come out.
 *
 * Limits: a block with fewer than two observations is left out; with fewer than two blocks left
 * nothing can be compared, and the series stays as it is. */
#include "analysis/boxcox_lambda.h"

#include "analysis/unit_root.h"
#include "math/elementary.h"
#include "math/stats.h"
#include "optim/optim.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

/* eps^(1/4), what R's optimize stops at */
static const double tolerance = 1.220703125e-4;

typedef struct history {
  const double *y; /* whole blocks */
  int64_t blocks, m;
  double unit; /* of the means, lest rounded powers of them depend on it */
  const wsf__arena *scratch;
} history;

/* Mean and standard deviation of block b; false with fewer than two observations. */
static bool block_moments(const history *s, int64_t b, double *mean, double *sd) {
  const double *y = s->y + b * s->m;
  double sum = 0, squares = 0, count = 0;
  for (int64_t i = 0; i < s->m; ++i) {
    if (isnan(y[i])) continue;
    sum += y[i];
    count += 1;
  }
  if (count < 2) return false;
  *mean = sum / count;
  for (int64_t i = 0; i < s->m; ++i) {
    if (!isnan(y[i])) squares += (y[i] - *mean) * (y[i] - *mean);
  }
  *sd = sqrt(squares / (count - 1));
  return true;
}

static double variation(double lambda, const void *user) {
  const history *s = user;
  double sum = 0, squares = 0, count = 0;
  for (int64_t b = 0; b < s->blocks; ++b) {
    if (b % 1024 == 0 && wsf__cut_short(s->scratch)) return NAN;
    double mean, sd;
    if (!block_moments(s, b, &mean, &sd) || mean <= 0) continue;
    /* Welford: one pass, and no difference of large squares */
    const double ratio = sd / wsf__pow(mean / s->unit, 1 - lambda), before = ratio - sum;
    count += 1;
    sum += before / count;
    squares += before * (ratio - sum);
  }
  return count < 2 ? NAN : sqrt(squares / (count - 1)) / sum;
}

double wsf__boxcox_lambda(const double *y, int64_t n, int64_t m, double lo,
                          const wsf__arena *scratch) {
  if (n <= 2 * m || wsf__is_flat(y, n)) return 1;
  const int64_t block = m > 2 ? m : 2, blocks = n / block;
  double largest = 0;
  for (int64_t t = 0; t < n; ++t) largest = fmax(largest, fabs(y[t]));
  const double unit = largest > 0 && isfinite(largest) ? wsf__power_of_two_below(largest) : 1;
  const history s = {y + n % block, blocks, block, unit, scratch};
  if (!isfinite(variation(1, &s))) return 1;
  return wsf__brent(variation, &s, lo, 2, tolerance, 200, NULL);
}
