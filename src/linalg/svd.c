/* Problem: the thin SVD of a dense column-major matrix.
 *
 * Method: below 96 in the smaller dimension Householder QR, then one-sided Jacobi rotations
 * (Hestenes 1958; Drmac and Veselic 2008), the same on every machine and for any number of BLAS
 * threads (45 stores are the case that matters, and there they are as fast); else LAPACK's divide
 * and conquer, dgesdd.
 *
 * Columns of u and rows of vt that belong to a singular value of 0 are completed to an orthonormal
 * set in the small case too. */
#include "linalg/linalg.h"

#include <float.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

enum { SMALL = 96, MAX_SWEEPS = 60 };

/* Eight sums side by side: an order that vector lanes of any width keep. */
static double dot(const double *x, const double *y, int n) {
  double sum[8] = {0};
  int i = 0;
  for (; i + 8 <= n; i += 8) {
    for (int lane = 0; lane < 8; ++lane) sum[lane] += x[i + lane] * y[i + lane];
  }
  for (; i < n; ++i) sum[0] += x[i] * y[i];
  return ((sum[0] + sum[4]) + (sum[1] + sum[5])) + ((sum[2] + sum[6]) + (sum[3] + sum[7]));
}

static void rotate(double *x, double *y, int n, double c, double s) {
  for (int i = 0; i < n; ++i) {
    const double t = x[i];
    x[i] = c * t - s * y[i];
    y[i] = s * t + c * y[i];
  }
}

/* Make the n columns of a (n x n) orthogonal by rotations that v (n x n) collects. norm: n squared
 * lengths, kept up to date through the rotations and computed afresh every sweep. */
static bool orthogonalise(int n, double *a, double *v, double *norm) {
  const double tolerance = DBL_EPSILON * sqrt((double)n);
  const size_t stride = (size_t)n;
  for (int sweep = 0; sweep < MAX_SWEEPS; ++sweep) {
    bool moved = false;
    double total = 0;
    for (int j = 0; j < n; ++j) {
      const double *x = a + (size_t)j * stride;
      total += norm[j] = dot(x, x, n);
    }
    /* What is left of dependent columns is rounding noise, which never becomes orthogonal. */
    const double noise = DBL_EPSILON * DBL_EPSILON * total;
    for (int p = 0; p < n - 1; ++p) {
      for (int q = p + 1; q < n; ++q) {
        if (norm[p] <= noise || norm[q] <= noise) continue;
        double *x = a + (size_t)p * stride, *y = a + (size_t)q * stride;
        const double xy = dot(x, y, n);
        if (!(fabs(xy) > tolerance * sqrt(norm[p]) * sqrt(norm[q]))) continue;
        moved = true;
        const double zeta = (norm[q] - norm[p]) / (2 * xy);
        const double t = (zeta < 0 ? -1 : 1) / (fabs(zeta) + sqrt(1 + zeta * zeta));
        const double c = 1 / sqrt(1 + t * t);
        rotate(x, y, n, c, c * t);
        rotate(v + (size_t)p * stride, v + (size_t)q * stride, n, c, c * t);
        norm[p] -= t * xy;
        norm[q] += t * xy;
      }
    }
    if (!moved) return true;
  }
  return false;
}

/* a (m x n, m >= n) = q r by Householder reflections (Golub and Van Loan 2013, 5.2.2): the vectors
 * stay below the diagonal of a with their first entry in head, r above it. */
static void householder(int m, int n, double *a, double *head, double *beta) {
  for (int j = 0; j < n; ++j) {
    double *x = a + (size_t)j * (size_t)m + (size_t)j;
    const int length = m - j;
    const double size = sqrt(dot(x, x, length));
    head[j] = x[0] + copysign(size, x[0]);
    const double diagonal = -copysign(size, x[0]);
    x[0] = head[j];
    const double square = dot(x, x, length);
    beta[j] = square > 0 ? 2 / square : 0;
    for (int k = j + 1; k < n; ++k) {
      double *y = a + (size_t)k * (size_t)m + (size_t)j;
      const double share = beta[j] * dot(x, y, length);
      for (int i = 0; i < length; ++i) y[i] -= share * x[i];
    }
    x[0] = diagonal;
  }
}

/* y (m) = q y, with q as householder() left it. */
static void apply_q(int m, int n, const double *a, const double *head, const double *beta,
                    double *y) {
  for (int j = n - 1; j >= 0; --j) {
    const double *x = a + (size_t)j * (size_t)m + (size_t)j;
    const int rest = m - j - 1;
    const double share = beta[j] * (head[j] * y[j] + dot(x + 1, y + j + 1, rest));
    y[j] -= share * head[j];
    for (int i = 1; i <= rest; ++i) y[j + i] -= share * x[i];
  }
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

typedef struct jacobi_space {
  double *lower, *rotation, *norm, *head, *beta; /* n x n, n x n, n, n, n */
  int *order;                                    /* n */
} jacobi_space;

/* m >= n: a = u diag(s) v', singular values descending; u (m x n), v (n x n) by columns; a is
 * destroyed. a = q r first (Drmac and Veselic 2008): the rotations then work on the columns of r',
 * which are short and nearly orthogonal; r' = v diag(s) w' makes a = (q w) diag(s) v'. */
static bool jacobi(int m, int n, double *a, double *s, double *u, double *v,
                   const jacobi_space *w) {
  const size_t rows = (size_t)m, side = (size_t)n;
  double largest = 0; /* scaled to 1, so that squares neither overflow nor vanish */
  for (size_t i = 0; i < rows * side; ++i) largest = fmax(largest, fabs(a[i]));
  if (!(largest <= DBL_MAX)) return false;
  for (size_t i = 0; largest > 0 && i < rows * side; ++i) a[i] /= largest;
  householder(m, n, a, w->head, w->beta);
  memset(w->lower, 0, side * side * sizeof *w->lower);
  memset(w->rotation, 0, side * side * sizeof *w->rotation);
  for (size_t j = 0; j < side; ++j) {
    w->rotation[j * side + j] = 1;
    for (size_t i = 0; i <= j; ++i) w->lower[i * side + j] = a[j * rows + i];
  }
  if (!orthogonalise(n, w->lower, w->rotation, w->norm)) return false;
  double total = 0;
  for (int j = 0; j < n; ++j) {
    const double *x = w->lower + (size_t)j * side;
    const double square = dot(x, x, n), size = sqrt(square);
    total += square;
    int at = j;
    for (; at > 0 && s[at - 1] < size; --at) {
      s[at] = s[at - 1];
      w->order[at] = w->order[at - 1];
    }
    s[at] = size;
    w->order[at] = j;
  }
  for (int j = 0; j < n; ++j) {
    const double *x = w->lower + (size_t)w->order[j] * side;
    double *left = u + (size_t)j * rows, *right = v + (size_t)j * side;
    memset(left, 0, rows * sizeof *left);
    memcpy(left, w->rotation + (size_t)w->order[j] * side, side * sizeof *left);
    apply_q(m, n, a, w->head, w->beta, left);
    if (s[j] > DBL_EPSILON * sqrt(total)) {
      for (int r = 0; r < n; ++r) right[r] = x[r] / s[j];
    } else {
      s[j] = 0;
      complete(v, n, j);
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
  const size_t square = (size_t)k * (size_t)k;
  double *block = wsf__arena_new(scratch, 3 * square + 3 * (size_t)k, sizeof *block);
  int *order = wsf__arena_new(scratch, (size_t)k, sizeof *order);
  if (!block || !order) return false;
  double *v = block, *vectors = block + 3 * square;
  const jacobi_space w = {block + square, block + 2 * square,      vectors,
                          vectors + k,    vectors + 2 * (size_t)k, order};
  if (m >= n) {
    if (!jacobi(tall, k, a, s, u, v, &w)) return false;
    transpose(v, k, k, vt);
    return true;
  }
  /* a' = left diag(s) v', so u = v and vt = left' */
  double *flipped = wsf__arena_new(scratch, (size_t)tall * (size_t)k, sizeof *flipped);
  double *left = wsf__arena_new(scratch, (size_t)tall * (size_t)k, sizeof *left);
  if (!flipped || !left) return false;
  transpose(a, m, n, flipped);
  if (!jacobi(tall, k, flipped, s, left, u, &w)) return false;
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
