/* Minimum of a smooth function of several variables, derivatives by central differences.
 *
 * The quasi-Newton method of Broyden, Fletcher, Goldfarb and Shanno with the inverse matrix, as
 * Nocedal and Wright (2006), "Numerical optimization", algorithm 6.1 and the first scaling (6.20);
 * step lengths by backtracking with quadratic interpolation (their 3.5). Ends when the model, or
 * the last step, promises less than the tolerance. Finds a local minimum. */
#include "optim/optim.h"

#include <math.h>
#include <string.h>

static const double EDGE = 1e-4, FAR = 4;

typedef struct problem {
  double (*f)(const double *x, int n, const void *user);
  const void *user;
  int n, evaluations;
} problem;

static double value(problem *p, const double *x) {
  ++p->evaluations;
  const double y = p->f(x, p->n, p->user);
  return isfinite(y) ? y : INFINITY;
}

/* false: a neighbour is out of the domain on both sides. */
static bool gradient(problem *p, double *x, double at, double *g) {
  for (int i = 0; i < p->n; ++i) {
    const double centre = x[i];
    x[i] = centre + EDGE;
    const double up = value(p, x);
    x[i] = centre - EDGE;
    const double down = value(p, x);
    x[i] = centre;
    g[i] = isfinite(up) && isfinite(down) ? (up - down) / (2 * EDGE)
           : isfinite(up)                 ? (up - at) / EDGE
                                          : (at - down) / EDGE;
    if (!isfinite(g[i])) return false;
  }
  return true;
}

static double dot(const double *a, const double *b, int n) {
  double sum = 0;
  for (int i = 0; i < n; ++i) sum += a[i] * b[i];
  return sum;
}

static void reset(double (*h)[WSF__BFGS_MAX], int n) {
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j < n; ++j) h[i][j] = i == j ? 1 : 0;
  }
}

/* h becomes the inverse matrix after a step s that changed the gradient by y (6.17). */
static void learn(double (*h)[WSF__BFGS_MAX], int n, const double *s, const double *y, bool first) {
  const double sy = dot(s, y, n), yy = dot(y, y, n);
  if (!(sy > 1e-12 * yy)) return;
  double hy[WSF__BFGS_MAX];
  if (first) {
    for (int i = 0; i < n; ++i) h[i][i] = sy / yy;
  }
  for (int i = 0; i < n; ++i) hy[i] = dot(h[i], y, n);
  const double more = (1 + dot(y, hy, n) / sy) / sy;
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j < n; ++j) h[i][j] += more * s[i] * s[j] - (hy[i] * s[j] + s[i] * hy[j]) / sy;
  }
}

wsf__minimum wsf__bfgs(double (*f)(const double *x, int n, const void *user), const void *user,
                       int n, double *x, double tolerance, int max_evaluations) {
  double h[WSF__BFGS_MAX][WSF__BFGS_MAX], g[WSF__BFGS_MAX], before[WSF__BFGS_MAX];
  double next[WSF__BFGS_MAX], s[WSF__BFGS_MAX];
  problem p = {f, user, n, 0};
  wsf__minimum result = {.f = value(&p, x)};
  bool fresh = true;
  reset(h, n);
  result.converged = n == 0;
  if (n > 0 && isfinite(result.f) && gradient(&p, x, result.f, g)) {
    while (p.evaluations < max_evaluations) {
      double slope = 0, longest = 0;
      for (int i = 0; i < n; ++i) {
        s[i] = -dot(h[i], g, n);
        slope += s[i] * g[i];
        longest = fmax(longest, fabs(s[i]));
      }
      if (!(slope < 0) && !fresh) {
        reset(h, n);
        fresh = true;
        continue;
      }
      if (!(-slope > tolerance)) {
        result.converged = true;
        break;
      }
      double step = longest > FAR ? FAR / longest : 1, at = INFINITY;
      int tries = 0;
      for (; tries < 30; ++tries) {
        for (int i = 0; i < n; ++i) next[i] = x[i] + step * s[i];
        at = value(&p, next);
        if (at <= result.f + 1e-4 * step * slope) break;
        const double best = isfinite(at) ? -slope * step / (2 * (at - result.f - slope * step)) : 0;
        step *= fmin(fmax(best, 0.1), 0.5);
      }
      if (tries == 30) {
        if (fresh) {
          result.converged = true; /* no way down that the arithmetic can see */
          break;
        }
        reset(h, n);
        fresh = true;
        continue;
      }
      const double gain = result.f - at;
      for (int i = 0; i < n; ++i) {
        s[i] = next[i] - x[i];
        before[i] = g[i];
      }
      memcpy(x, next, (size_t)n * sizeof *x);
      result.f = at;
      if (!gradient(&p, x, at, g)) break;
      for (int i = 0; i < n; ++i) before[i] = g[i] - before[i];
      learn(h, n, s, before, fresh);
      fresh = false;
      if (!(gain > 0.01 * tolerance)) {
        result.converged = true;
        break;
      }
    }
  }
  result.evaluations = p.evaluations;
  return result;
}
