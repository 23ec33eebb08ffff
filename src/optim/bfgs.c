/* Minimum of a smooth function of several variables, derivatives by central differences.
 *
 * The quasi-Newton method of Broyden, Fletcher, Goldfarb and Shanno with the inverse matrix, as
 * Nocedal and Wright (2006), "Numerical optimization", algorithm 6.1 and the first scaling (6.20);
 * step lengths from a ladder (sufficient decrease, their 3.4). Ends when the model, or
 * the last step, promises less than the tolerance. Finds a local minimum. */
#include "optim/optim.h"

#include <math.h>
#include <string.h>

static const double EDGE = 1e-4, FAR = 1;
/* Lengths of the step, tried as many at a time as the function takes; the best that goes down
 * enough is taken. With one at a time the first. */
static const double ladder[] = {1,    0.3,  0.1,  2.5,  0.03, 0.01, 3e-3, 1e-3,
                                3e-4, 1e-4, 3e-5, 1e-5, 3e-6, 1e-6, 1e-7, 1e-8};
/* What the matrix promises counts once it has learned from so many steps; before, a flat start must
 * be much flatter to be the end. */
static const double UNSURE = 1e-6;
enum { SURE = 2 };
enum { RUNGS = sizeof ladder / sizeof *ladder, MOST = WSF__BFGS_LANES, ABREAST = 4 };

typedef struct problem {
  wsf__objective *f;
  const void *user;
  int lanes, n, evaluations;
} problem;

static void values(problem *p, const double *x, int count, double *y) {
  p->evaluations += count;
  p->f(x, count, p->n, y, p->user);
  for (int i = 0; i < count; ++i) {
    if (!isfinite(y[i])) y[i] = INFINITY;
  }
}

/* false: a neighbour is out of the domain on both sides. */
static bool gradient(problem *p, const double *x, double at, double *g) {
  double points[MOST * WSF__BFGS_MAX], y[2 * WSF__BFGS_MAX] = {0};
  const int n = p->n;
  for (int done = 0; done < 2 * n;) {
    const int count = 2 * n - done < p->lanes ? 2 * n - done : p->lanes;
    for (int i = 0; i < count; ++i) {
      const int k = (done + i) / 2;
      memcpy(points + i * n, x, (size_t)n * sizeof *x);
      points[i * n + k] += (done + i) % 2 ? -EDGE : EDGE;
    }
    values(p, points, count, y + done);
    done += count;
  }
  for (int i = 0; i < n; ++i) {
    const double up = y[2 * i], down = y[2 * i + 1];
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

/* The lowest point along s that is low enough, into next; infinite if there is none. */
static double descend(problem *p, const double *x, double at, const double *s, double step,
                      double slope, double *next) {
  const int n = p->n, abreast = p->lanes < ABREAST ? 1 : ABREAST;
  double points[ABREAST * WSF__BFGS_MAX], y[ABREAST], lowest = INFINITY;
  for (int rung = 0; rung < RUNGS && !isfinite(lowest); rung += abreast) {
    for (int i = 0; i < abreast; ++i) {
      for (int j = 0; j < n; ++j) points[i * n + j] = x[j] + step * ladder[rung + i] * s[j];
    }
    values(p, points, abreast, y);
    for (int i = 0; i < abreast; ++i) {
      if (!(y[i] < lowest) || !(y[i] <= at + 1e-4 * step * ladder[rung + i] * slope)) continue;
      lowest = y[i];
      memcpy(next, points + i * n, (size_t)n * sizeof *next);
    }
  }
  return lowest;
}

wsf__minimum wsf__bfgs_lanes(wsf__objective *f, const void *user, int lanes, int n, double *x,
                             double tolerance, int max_evaluations) {
  double h[WSF__BFGS_MAX][WSF__BFGS_MAX], g[WSF__BFGS_MAX], before[WSF__BFGS_MAX];
  double next[WSF__BFGS_MAX] = {0}, s[WSF__BFGS_MAX];
  problem p = {f, user, lanes < MOST ? lanes : MOST, n, 0};
  wsf__minimum result = {.converged = n == 0};
  bool fresh = true;
  int learned = 0;
  values(&p, x, 1, &result.f);
  reset(h, n);
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
        learned = 0;
        continue;
      }
      if (!(-slope > (learned < SURE ? UNSURE * tolerance : tolerance))) {
        result.converged = true;
        break;
      }
      const double step = longest > FAR ? FAR / longest : 1;
      const double at = descend(&p, x, result.f, s, step, slope, next);
      if (!isfinite(at)) {
        if (fresh) {
          result.converged = true; /* no way down that the arithmetic can see */
          break;
        }
        reset(h, n);
        fresh = true;
        learned = 0;
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
      ++learned;
      if (learned > SURE && !(gain > 0.01 * tolerance)) {
        result.converged = true;
        break;
      }
    }
  }
  result.evaluations = p.evaluations;
  return result;
}

typedef struct single {
  double (*f)(const double *x, int n, const void *user);
  const void *user;
} single;

static void one_by_one(const double *x, int count, int n, double *value, const void *user) {
  const single *s = user;
  for (int i = 0; i < count; ++i) value[i] = s->f(x + i * n, n, s->user);
}

wsf__minimum wsf__bfgs(double (*f)(const double *x, int n, const void *user), const void *user,
                       int n, double *x, double tolerance, int max_evaluations) {
  const single s = {f, user};
  return wsf__bfgs_lanes(one_by_one, &s, 1, n, x, tolerance, max_evaluations);
}
