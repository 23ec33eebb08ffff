/* Minimum of a function of one variable on an interval, without derivatives.
 *
 * Brent (1973), "Algorithms for Minimization without Derivatives", chapter 5: golden-section steps,
 * replaced by the vertex of the parabola through the three best points whenever that falls well
 * inside the bracket. Finds a local minimum; a value that is NaN or infinite counts as the worst,
 * so the bracket shrinks away from it. */
#include "optim/optim.h"

#include <float.h>
#include <math.h>

static double value(double (*f)(double, const void *), const void *user, double x) {
  const double y = f(x, user);
  return isfinite(y) ? y : DBL_MAX;
}

double wsf__brent(double (*f)(double x, const void *user), const void *user, double a, double b,
                  double tolerance, int max_evaluations, double *f_min) {
  const double golden = 0.38196601125010515180; /* (3 - sqrt 5) / 2 */
  double x = a + golden * (b - a), w = x, v = x;
  double fx = value(f, user, x), fw = fx, fv = fx;
  double step = 0, last_step = 0;
  for (int used = 1; used < max_evaluations; ++used) {
    const double middle = 0.5 * (a + b);
    const double small = 1.5e-8 * fabs(x) + tolerance / 3;
    if (fabs(x - middle) <= 2 * small - 0.5 * (b - a)) break;
    bool parabola = false;
    if (fabs(last_step) > small) {
      const double r = (x - w) * (fx - fv), q = (x - v) * (fx - fw);
      double p = (x - v) * q - (x - w) * r, d = 2 * (q - r);
      if (d > 0) p = -p;
      d = fabs(d);
      /* The vertex must fall inside, and the steps must shrink, else golden section. */
      if (fabs(p) < fabs(0.5 * d * last_step) && p > d * (a - x) && p < d * (b - x)) {
        last_step = step;
        step = p / d;
        const double u = x + step;
        if (u - a < 2 * small || b - u < 2 * small) step = x < middle ? small : -small;
        parabola = true;
      }
    }
    if (!parabola) {
      last_step = (x < middle ? b : a) - x;
      step = golden * last_step;
    }
    const double u = x + (fabs(step) >= small ? step : step > 0 ? small : -small);
    const double fu = value(f, user, u);
    if (fu <= fx) {
      if (u < x)
        b = x;
      else
        a = x;
      v = w, fv = fw;
      w = x, fw = fx;
      x = u, fx = fu;
    } else {
      if (u < x)
        a = u;
      else
        b = u;
      if (fu <= fw || w == x) {
        v = w, fv = fw;
        w = u, fw = fu;
      } else if (fu <= fv || v == x || v == w) {
        v = u, fv = fu;
      }
    }
  }
  if (f_min) *f_min = fx;
  return x;
}
