/* Problem: the thin SVD of a dense column-major matrix.
 *
 * Method: below 32 in the smaller dimension one-sided Jacobi rotations (Hestenes 1958; the
 * threshold and order of Demmel and Veselic 1992), which are accurate to the last bits of small
 * singular values and the same on every machine; else LAPACK's divide and conquer, dgesdd.
 *
 * Columns of u and rows of vt that belong to a singular value of 0 are completed to an orthonormal
 * set in the small case too. */
#include "linalg/linalg.h"

#include <float.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

enum { SMALL = 32, MAX_SWEEPS = 60 };

static double dot(const double *x, const double *y, int n) {
  double sum = 0;
  for (int i = 0; i < n; ++i) sum += x[i] * y[i];
  return sum;
}

static void rotate(double *x, double *y, int n, double c, double s) {
  for (int i = 0; i < n; ++i) {
    const double t = x[i];
    x[i] = c * t - s * y[i];
    y[i] = s * t + c * y[i];
  }
}

/* Make the n columns of a (m x n) orthogonal by rotations that v (n x n) collects. */
static bool orthogonalise(int m, int n, double *a, double *v) {
  const double tolerance = DBL_EPSILON * sqrt((double)m);
  for (int sweep = 0; sweep < MAX_SWEEPS; ++sweep) {
    bool moved = false;
    for (int p = 0; p < n - 1; ++p) {
      for (int q = p + 1; q < n; ++q) {
        double *x = a + (size_t)p * (size_t)m, *y = a + (size_t)q * (size_t)m;
        const double xx = dot(x, x, m), yy = dot(y, y, m), xy = dot(x, y, m);
        if (!(fabs(xy) > tolerance * sqrt(xx) * sqrt(yy)) || fabs(xy) < DBL_MIN) continue;
        moved = true;
        const double zeta = (yy - xx) / (2 * xy);
        const double t = (zeta < 0 ? -1 : 1) / (fabs(zeta) + hypot(1, zeta));
        const double c = 1 / hypot(1, t);
        rotate(x, y, m, c, c * t);
        rotate(v + (size_t)p * (size_t)n, v + (size_t)q * (size_t)n, n, c, c * t);
      }
    }
    if (!moved) return true;
  }
  return false;
}

/* A unit vector in column j, orthogonal to the first j: the unit axis that they cover least,
 * orthogonalised twice. */
static void complete(double *u, int m, int j) {
  double *x = u + (size_t)j * (size_t)m;
  int axis = 0;
  double least = INFINITY;
  for (int r = 0; r < m; ++r) {
    double covered = 0;
    for (int k = 0; k < j; ++k) {
      covered += u[(size_t)k * (size_t)m + (size_t)r] * u[(size_t)k * (size_t)m + (size_t)r];
    }
    if (covered < least) {
      least = covered;
      axis = r;
    }
  }
  memset(x, 0, (size_t)m * sizeof *x);
  x[axis] = 1;
  for (int twice = 0; twice < 2; ++twice) {
    for (int k = 0; k < j; ++k) {
      const double *other = u + (size_t)k * (size_t)m;
      const double d = dot(x, other, m);
      for (int r = 0; r < m; ++r) x[r] -= d * other[r];
    }
    const double size = sqrt(dot(x, x, m));
    for (int r = 0; r < m; ++r) x[r] /= size;
  }
}

/* m >= n: a = u diag(s) v', singular values descending; u (m x n), v (n x n) by columns. a holds
 * the rotated columns afterwards. order: n ints. */
static bool jacobi(int m, int n, double *a, double *s, double *u, double *v, double *rotation,
                   int *order) {
  memset(rotation, 0, (size_t)n * (size_t)n * sizeof *rotation);
  for (int j = 0; j < n; ++j) rotation[(size_t)j * (size_t)n + (size_t)j] = 1;
  double largest = 0; /* scaled to 1, so that squares neither overflow nor vanish */
  for (size_t i = 0; i < (size_t)m * (size_t)n; ++i) largest = fmax(largest, fabs(a[i]));
  if (!(largest <= DBL_MAX)) return false;
  if (largest > 0) {
    for (size_t i = 0; i < (size_t)m * (size_t)n; ++i) a[i] /= largest;
  }
  if (!orthogonalise(m, n, a, rotation)) return false;
  for (int j = 0; j < n; ++j) {
    const double *x = a + (size_t)j * (size_t)m;
    const double size = sqrt(dot(x, x, m));
    int at = j;
    for (; at > 0 && s[at - 1] < size; --at) {
      s[at] = s[at - 1];
      order[at] = order[at - 1];
    }
    s[at] = size;
    order[at] = j;
  }
  for (int j = 0; j < n; ++j) {
    const double *x = a + (size_t)order[j] * (size_t)m;
    memcpy(v + (size_t)j * (size_t)n, rotation + (size_t)order[j] * (size_t)n,
           (size_t)n * sizeof *v);
    if (s[j] > s[0] * DBL_EPSILON * DBL_EPSILON) {
      for (int r = 0; r < m; ++r) u[(size_t)j * (size_t)m + (size_t)r] = x[r] / s[j];
    } else {
      s[j] = 0;
      complete(u, m, j);
    }
  }
  for (int j = 0; j < n; ++j) s[j] *= largest;
  return true;
}

static void transpose(const double *a, int m, int n, double *out) {
  for (int j = 0; j < n; ++j) {
    for (int i = 0; i < m; ++i) {
      out[(size_t)i * (size_t)n + (size_t)j] = a[(size_t)j * (size_t)m + (size_t)i];
    }
  }
}

static bool small(int m, int n, double *a, double *s, double *u, double *vt, wsf__arena *scratch) {
  const int tall = m >= n ? m : n, k = m >= n ? n : m;
  double *rotation = wsf__arena_new(scratch, (size_t)k * (size_t)k, sizeof *rotation);
  double *v = wsf__arena_new(scratch, (size_t)k * (size_t)k, sizeof *v);
  int *order = wsf__arena_new(scratch, (size_t)k, sizeof *order);
  if (!rotation || !v || !order) return false;
  if (m >= n) {
    if (!jacobi(tall, k, a, s, u, v, rotation, order)) return false;
    transpose(v, k, k, vt);
    return true;
  }
  /* a' = left diag(s) v', so u = v and vt = left' */
  double *flipped = wsf__arena_new(scratch, (size_t)tall * (size_t)k, sizeof *flipped);
  double *left = wsf__arena_new(scratch, (size_t)tall * (size_t)k, sizeof *left);
  if (!flipped || !left) return false;
  transpose(a, m, n, flipped);
  if (!jacobi(tall, k, flipped, s, left, u, rotation, order)) return false;
  transpose(left, tall, k, vt);
  return true;
}

static bool large(int m, int n, double *a, double *s, double *u, double *vt, wsf__arena *scratch) {
  const int k = m < n ? m : n;
  double ask;
  lapack_int *whole = wsf__arena_new(scratch, (size_t)k * 8, sizeof *whole);
  if (!whole) return false;
  if (LAPACKE_dgesdd_work(LAPACK_COL_MAJOR, 'S', m, n, a, m, s, u, m, vt, k, &ask, -1, whole) !=
      0) {
    return false;
  }
  const lapack_int room = (lapack_int)ask;
  double *work = wsf__arena_new(scratch, (size_t)room, sizeof *work);
  return work && LAPACKE_dgesdd_work(LAPACK_COL_MAJOR, 'S', m, n, a, m, s, u, m, vt, k, work, room,
                                     whole) == 0;
}

bool wsf__gesdd(int m, int n, double *a, double *s, double *u, double *vt, wsf__arena *scratch) {
  const int k = m < n ? m : n;
  if (k == 0) return true;
  const wsf__mark mark = wsf__arena_mark(scratch);
  const bool ok = k < SMALL ? small(m, n, a, s, u, vt, scratch) : large(m, n, a, s, u, vt, scratch);
  wsf__arena_reset(scratch, mark);
  return ok;
}
