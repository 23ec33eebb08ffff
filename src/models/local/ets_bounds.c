/* Whether smoothing parameters are admissible: the forecasts forget the distant past.
 *
 * Hyndman, Akram and Archibald (2008), "The admissible parameter space for exponential smoothing
 * models", as in Hyndman et al. (2008), chapter 10, tables 10.1 and 10.2. Without a season the
 * region has closed form; with a trend and a season the roots of the characteristic polynomial
 * (degree m + 1) must lie inside the unit circle, which is decided without finding them by the
 * step-down recursion of Schur and Cohn. As in R's forecast, the conditions of the additive models
 * serve for the multiplicative ones. */
#include "models/local/ets.h"

#include <math.h>

/* All roots of z^n + p[1] z^(n-1) + ... + p[n] inside the unit circle? Destroys p. */
static bool roots_inside(double *p, double *reversed, int n) {
  for (; n > 0; --n) {
    const double k = p[n];
    if (!(fabs(k) < 1)) return false;
    const double scale = 1 / (1 - k * k);
    for (int i = 0; i < n; ++i) reversed[i] = (p[i] - k * p[n - i]) * scale;
    for (int i = 0; i < n; ++i) p[i] = reversed[i];
  }
  return true;
}

bool wsf__ets_admissible(const wsf__ets_form *form, int m, const double p[4], double *work) {
  const double a = p[0], b = form->trend ? p[1] : 0, g = p[2];
  const double phi = form->damped ? p[3] : 1;
  if (!(phi > 0 && phi <= 1)) return false;
  if (!form->season) {
    if (a < 1 - 1 / phi || a > 1 + 1 / phi) return false;
    return !form->trend || (b >= a * (phi - 1) && b <= (1 + phi) * (2 - a));
  }
  if (g < fmax(1 - 1 / phi - a, 0) || g > 1 + 1 / phi - a) return false;
  if (a < 1 - 1 / phi - g * (1 - m + phi + phi * m) / (2 * phi * m)) return false;
  if (!form->trend) return true; /* the polynomial's unit root cancels: nothing is left to check */
  if (b < -(1 - phi) * (g / m + a)) return false;
  double *poly = work, *reversed = work + m + 2;
  poly[0] = 1;
  poly[1] = a + b - phi;
  for (int i = 2; i < m; ++i) poly[i] = a + b - a * phi;
  poly[m] = a + b - a * phi + g - 1;
  poly[m + 1] = phi * (1 - a - g);
  return roots_inside(poly, reversed, m + 1);
}
