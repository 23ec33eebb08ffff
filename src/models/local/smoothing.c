/* Problem: the smoothing constant with the least sum of squared one-step errors, to the last digit:
 * a minimum searched by values alone is known to half the digits only, and forecasts would then
 * depend on the unit of the data.
 *
 * Method: squared errors and their slope together, by the derivative of the recursion
 * l = l + alpha e, l' = (1 - alpha) l' + e; a grid picks the valley, and the zero of the slope in
 * it is found by false position in the Illinois form (Dowell and Jarratt 1971).
 *
 * Limits: two valleys between neighbours of the grid count as one. */
#include "models/local/smoothing.h"

#include <math.h>

enum { GRID = 9, MOST_STEPS = 60 };

double wsf__smooth(const double *x, int64_t n, double alpha) {
  double level = x[0];
  for (int64_t t = 1; t < n; ++t) level += alpha * (x[t] - level);
  return level;
}

typedef struct fit_at {
  double squares, slope;
} fit_at;

static fit_at try_alpha(const double *x, int64_t n, double alpha) {
  fit_at f = {0, 0};
  double level = x[0], slope = 0;
  for (int64_t t = 1; t < n; ++t) {
    const double e = x[t] - level;
    f.squares += e * e;
    f.slope -= e * slope;
    slope = (1 - alpha) * slope + e;
    level += alpha * e;
  }
  return f;
}

static double zero_of_slope(const double *x, int64_t n, double a, double fa, double b, double fb) {
  for (int i = 0; i < MOST_STEPS && fabs(b - a) > 1e-15; ++i) {
    const double c = b - fb * (b - a) / (fb - fa), fc = try_alpha(x, n, c).slope;
    if (fc == 0) return c;
    if ((fc > 0) != (fb > 0)) {
      a = b;
      fa = fb;
    } else {
      fa *= 0.5; /* the end that stays loses weight, or it would stay for good */
    }
    b = c;
    fb = fc;
  }
  return b;
}

double wsf__smooth_alpha(const double *x, int64_t n, double lo, double hi) {
  fit_at f[GRID];
  int best = 0;
  const double step = (hi - lo) / (GRID - 1);
  for (int i = 0; i < GRID; ++i) {
    f[i] = try_alpha(x, n, lo + step * i);
    if (f[i].squares < f[best].squares) best = i;
  }
  const int other = best + (f[best].slope < 0 ? 1 : -1);
  const double alpha = lo + step * best;
  if (f[best].slope == 0 || other < 0 || other == GRID) return alpha;
  if ((f[other].slope > 0) == (f[best].slope > 0)) return alpha;
  return zero_of_slope(x, n, lo + step * other, f[other].slope, alpha, f[best].slope);
}
