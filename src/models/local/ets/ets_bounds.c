/* Whether smoothing parameters are admissible: the forecasts forget the distant past.
 *
 * Hyndman, Akram and Archibald (2008), "The admissible parameter space for exponential smoothing
 * models", as in Hyndman et al. (2008), chapter 10. Without a season the
 * region has closed form; with a trend and a season the roots of the characteristic polynomial
 * (degree m + 1) must lie inside the unit circle, which is decided without finding them by the
 * step-down recursion of Schur and Cohn. As in R's forecast, the conditions of the additive models
 * serve for the multiplicative ones, and beta enters damped forms as if it were not damped, which
 * leaves out a little more than it must. */
#include "models/local/ets/ets.h"

#include <math.h>

/* All roots of z^n + first z^(n-1) + middle (z^(n-2) + .. + z^2) + before z + last inside the unit
 * circle? A step down keeps this shape, so it takes a fixed number of operations. */
static bool roots_inside(int n, double first, double middle, double before, double last) {
  for (; n > 2; --n) {
    const double k = last;
    if (!(fabs(k) < 1)) return false;
    const double scale = 1 / (1 - k * k), next = (first - k * before) * scale;
    last = (before - k * first) * scale;
    before = middle = middle * (1 - k) * scale;
    first = next;
  }
  /* z^2 + first z + last */
  return fabs(last) < 1 && fabs(first) < 1 + last;
}

bool wsf__ets_admissible(const wsf__ets_form *form, int m, const double p[4]) {
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
  const double middle = a + b - a * phi;
  return roots_inside(m + 1, a + b - phi, middle, middle + g - 1, phi * (1 - a - g));
}
