/* Problem: a season that was estimated from few cycles is partly noise. What is left when it is
 * taken off varies too little, and the season put back on is off by an error of its own.
 *
 * Method: STL and the classical decomposition smooth the values at each place of the cycle, a
 * linear smoother L (Cleveland et al. 1990, section 2.3, step 2). Of noise of variance sigma^2 the
 * last value of the season holds sigma^2 sum_j L_cj^2, and the rest (I - L) e has sigma^2 (n - tr(2
 * L - L L')) of squares (Hastie and Tibshirani 1990, "Generalized Additive Models", 3.4 and 3.5:
 * variance and degrees of freedom of a smoother). A mean of c cycles gives sigma^2 / c and shrinks
 * residuals by sqrt(1 - 1/c). Taking the mean of a cycle off the season, as step 3 does, leaves (1
 * - 1/m) of both. The trend's part in L is left out: against the weights found by impulses it
 * changes them by less than a twentieth.
 *
 * Limits: the cycles' loess is taken at every cycle; robustness weights count as 1. */
#include "analysis/season_noise.h"

#include <math.h>

typedef struct weights {
  double own;     /* sum of L_ii */
  double squares; /* sum of L_ij^2 */
  double last;    /* sum of L_cj^2 */
} weights;

static double tricube(double u) {
  const double v = 1 - u * u * u;
  return u < 1 ? v * v * v : 0;
}

/* Local means over `window` of c equidistant points, weighted as loess does (stl.c). */
static weights loess_weights(int64_t c, int64_t window) {
  const int64_t q = window < c ? window : c, half = (q + 1) / 2;
  weights w = {0};
  for (int64_t i = 0; i < c; ++i) {
    int64_t left = i - half + 1;
    if (left > c - q) left = c - q;
    if (left < 0) left = 0;
    const int64_t right = left + q - 1;
    const int64_t reach = (i - left > right - i ? i - left : right - i) + (window - q) / 2;
    const double h = (double)reach;
    double sum = 0, square = 0;
    for (int64_t j = left; j <= right; ++j) {
      const double x = j == i ? 1 : tricube(fabs((double)(j - i)) / h);
      sum += x;
      square += x * x;
    }
    w.own += 1 / sum;
    w.last = square / (sum * sum);
    w.squares += w.last;
  }
  return w;
}

/* Beyond a few windows every further cycle adds what the middle ones have. */
static weights weights_of(int64_t c, int64_t window) {
  if (window == 0) return (weights){1, 1, 1 / (double)c};
  const int64_t most = 4 * window;
  if (c <= most) return loess_weights(c, window);
  weights w = loess_weights(most, window);
  const weights less = loess_weights(most - 1, window);
  w.own += (double)(c - most) * (w.own - less.own);
  w.squares += (double)(c - most) * (w.squares - less.squares);
  return w;
}

double wsf__season_noise(double *variance, const wsf__season_smooth *s) {
  const double centred = 1 - 1 / (double)s->m;
  double lost = 0;
  weights w = {0};
  for (int64_t j = 0; j < s->m; ++j) {
    const int64_t used = s->used[j] > 1 ? s->used[j] : 1;
    const int64_t before = j == 0 ? 0 : s->used[j - 1] > 1 ? s->used[j - 1] : 1;
    if (used != before) w = weights_of(used, s->window);
    variance[j] = centred * w.last;
    lost += centred * (2 * w.own - w.squares * ((double)s->seen[j] / (double)used));
  }
  return lost;
}
