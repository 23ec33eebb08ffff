/* Minimum of a function of several variables, without derivatives.
 *
 * Nelder and Mead (1965), "A simplex method for function minimization", with their coefficients:
 * reflection 1, expansion 2, contraction 1/2, shrinkage 1/2. The simplex lives on the stack (n at
 * most WSF__NM_MAX). Finds a local minimum. A value that is NaN or infinite counts as the worst, so
 * a bound may be written as f = infinity outside; if the start is outside, nothing is promised. */
#include "optim/optim.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { POINTS = WSF__NM_MAX + 1 };

typedef struct problem {
  double (*f)(const double *x, int n, const void *user);
  const void *user;
  int n, evaluations;
} problem;

static double value(problem *p, const double *x) {
  ++p->evaluations;
  const double y = p->f(x, p->n, p->user);
  return isfinite(y) ? y : DBL_MAX;
}

/* out = centre + t * (worst - centre) */
static double along(problem *p, double *out, const double *centre, const double *worst, double t) {
  for (int i = 0; i < p->n; ++i) out[i] = centre[i] + t * (worst[i] - centre[i]);
  return value(p, out);
}

wsf__minimum wsf__nelder_mead(double (*f)(const double *x, int n, const void *user),
                              const void *user, int n, double *x, const double *step,
                              double tolerance, int max_evaluations) {
  double point[POINTS][WSF__NM_MAX], at[POINTS];
  double centre[WSF__NM_MAX], first[WSF__NM_MAX], second[WSF__NM_MAX];
  problem p = {f, user, n, 0};
  const size_t row = (size_t)n * sizeof *x;
  wsf__minimum result = {.converged = false};

  memcpy(point[0], x, row);
  at[0] = value(&p, point[0]);
  for (int k = 1; k <= n; ++k) {
    memcpy(point[k], x, row);
    point[k][k - 1] += step[k - 1];
    at[k] = value(&p, point[k]);
  }
  int best = 0;
  for (;;) {
    int worst = 0, next = -1;
    best = 0;
    for (int k = 1; k <= n; ++k) {
      if (at[k] < at[best]) best = k;
      if (at[k] > at[worst]) worst = k;
    }
    for (int k = 0; k <= n; ++k) {
      if (k != worst && (next < 0 || at[k] > at[next])) next = k;
    }
    result.converged = at[worst] - at[best] <= tolerance * (fabs(at[best]) + tolerance);
    if (result.converged || next < 0 || p.evaluations >= max_evaluations) break;

    for (int i = 0; i < n; ++i) {
      double sum = 0;
      for (int k = 0; k <= n; ++k) sum += k == worst ? 0 : point[k][i];
      centre[i] = sum / n;
    }
    const double reflected = along(&p, first, centre, point[worst], -1);
    const double *take = first;
    double take_at = reflected;
    if (reflected < at[best]) {
      const double expanded = along(&p, second, centre, point[worst], -2);
      if (expanded < reflected) take = second, take_at = expanded;
    } else if (reflected >= at[next]) {
      /* Contract towards the better of the worst point and its reflection. */
      const bool outside = reflected < at[worst];
      take_at = along(&p, second, centre, point[worst], outside ? -0.5 : 0.5);
      take = take_at < (outside ? reflected : at[worst]) ? second : NULL;
    }
    if (take) {
      memcpy(point[worst], take, row);
      at[worst] = take_at;
      continue;
    }
    for (int k = 0; k <= n; ++k) {
      if (k != best) at[k] = along(&p, point[k], point[best], point[k], 0.5);
    }
  }
  memcpy(x, point[best], row);
  result.f = at[best];
  result.evaluations = p.evaluations;
  return result;
}
