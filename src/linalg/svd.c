/* Problem: the r largest singular values of a dense matrix, with their vectors.
 *
 * Method: reduction to a bidiagonal matrix (bidiagonal.c), then implicit QR steps with Wilkinson's
 * shift (Golub and Reinsch 1970; Golub and Van Loan 2013, 8.6.2). The plane rotations of those
 * steps are kept in a list, not multiplied out: run backwards over the r unit vectors that are
 * wanted, they give these vectors for r/n of the price, orthogonal to the last bit or two however
 * close the singular values lie. So the shared patterns of a panel cost little more than the
 * reduction: LAPACK is no faster up to a thousand rows and columns, and by a third at two thousand,
 * on one processor.
 *
 * LAPACK cannot be stopped, and its last bits are those of one machine. From LARGE in both LAPACK
 * is asked (svd_lapack.c) where the library was built with it.
 *
 * Accuracy is that of the largest singular value: what is DBL_EPSILON of it is zero. */
#include "linalg/bidiagonal.h"
#include "linalg/kernels.h"
#include "linalg/linalg.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { LARGE = 8192, STEPS = 60 };

/* Rows or columns i and j in the plane: (x, y) becomes (c x + s y, c y - s x). */
typedef struct rotation {
  double c, s;
  int i, j;
} rotation;

typedef struct rotations {
  rotation *list;
  size_t n, room;
} rotations;

typedef struct solver {
  double *d, *e;  /* [n] */
  double nothing; /* what is less on the diagonal counts as zero */
  rotations left, right;
  wsf__arena *scratch;
} solver;

static bool keep(solver *s, rotations *to, rotation r) {
  if (to->n == to->room) {
    const size_t room = to->room ? 2 * to->room : 1024;
    rotation *list = wsf__arena_new(s->scratch, room, sizeof *list);
    if (!list) return false;
    if (to->n) memcpy(list, to->list, to->n * sizeof *list);
    to->list = list;
    to->room = room;
  }
  to->list[to->n++] = r;
  return true;
}

/* c and s that turn (x, y) into (length, 0). */
static double plane(double x, double y, double *c, double *s) {
  if (y == 0) {
    *c = 1;
    *s = 0;
    return x;
  }
  const double length = sqrt(x * x + y * y);
  *c = x / length;
  *s = y / length;
  return length;
}

/* d[k] is zero: rows k + 1 .. end take away what stands beside it. */
static bool clear_row(solver *s, int k, int end) {
  double bulge = s->e[k];
  s->e[k] = 0;
  for (int i = k + 1; i <= end && fabs(bulge) > DBL_EPSILON * s->nothing; ++i) {
    rotation r = {.i = i, .j = k};
    s->d[i] = plane(s->d[i], bulge, &r.c, &r.s);
    if (!keep(s, &s->left, r)) return false;
    if (i < end) {
      bulge = -r.s * s->e[i];
      s->e[i] *= r.c;
    }
  }
  return true;
}

/* d[end] is zero: columns end - 1 .. begin take away what stands above it. */
static bool clear_column(solver *s, int begin, int end) {
  double bulge = s->e[end - 1];
  s->e[end - 1] = 0;
  for (int i = end - 1; i >= begin && fabs(bulge) > DBL_EPSILON * s->nothing; --i) {
    rotation r = {.i = i, .j = end};
    s->d[i] = plane(s->d[i], bulge, &r.c, &r.s);
    if (!keep(s, &s->right, r)) return false;
    if (i > begin) {
      bulge = -r.s * s->e[i - 1];
      s->e[i - 1] *= r.c;
    }
  }
  return true;
}

/* The eigenvalue of the last two rows and columns of b'b that is nearer to its last entry. */
static double shift(const solver *s, int begin, int end) {
  const double above = end - 1 > begin ? s->e[end - 2] : 0;
  const double p = s->d[end - 1] * s->d[end - 1] + above * above;
  const double q = s->d[end] * s->d[end] + s->e[end - 1] * s->e[end - 1];
  const double beside = s->d[end - 1] * s->e[end - 1], half = (p - q) / 2;
  return q - beside * beside / (half + copysign(sqrt(half * half + beside * beside), half));
}

/* One implicit QR step on the block begin .. end. */
static bool chase(solver *s, int begin, int end) {
  double *d = s->d, *e = s->e;
  double x = d[begin] * d[begin] - shift(s, begin, end), y = d[begin] * e[begin];
  for (int k = begin; k < end; ++k) {
    rotation r = {.i = k, .j = k + 1};
    const double turned = plane(x, y, &r.c, &r.s);
    if (k > begin) e[k - 1] = turned;
    const double dk = r.c * d[k] + r.s * e[k];
    e[k] = r.c * e[k] - r.s * d[k];
    const double below = r.s * d[k + 1];
    d[k + 1] *= r.c;
    if (!keep(s, &s->right, r)) return false;
    d[k] = plane(dk, below, &r.c, &r.s);
    const double ek = r.c * e[k] + r.s * d[k + 1];
    d[k + 1] = r.c * d[k + 1] - r.s * e[k];
    e[k] = ek;
    if (!keep(s, &s->left, r)) return false;
    if (k + 1 < end) {
      x = e[k];
      y = r.s * e[k + 1];
      e[k + 1] *= r.c;
    }
  }
  return true;
}

/* Make the bidiagonal matrix diagonal. */
static bool diagonalise(solver *s, int n, const wsf__env *env) {
  double largest = fabs(s->d[0]);
  for (int i = 1; i < n; ++i) largest = fmax(largest, fmax(fabs(s->d[i]), fabs(s->e[i - 1])));
  s->nothing = DBL_EPSILON * largest;
  int steps = 0;
  for (int end = n - 1; end > 0;) {
    if (env && wsf__stopped(env)) return false;
    int begin = end;
    for (; begin > 0; --begin) {
      const double beside = fabs(s->e[begin - 1]);
      if (beside <= DBL_EPSILON * (fabs(s->d[begin - 1]) + fabs(s->d[begin])) ||
          beside <= DBL_EPSILON * s->nothing) {
        break;
      }
    }
    if (begin > 0) s->e[begin - 1] = 0;
    if (begin == end) {
      --end;
      steps = 0;
      continue;
    }
    int zero = begin;
    while (zero < end && fabs(s->d[zero]) > s->nothing) ++zero;
    if (zero < end) {
      s->d[zero] = 0;
      if (!clear_row(s, zero, end)) return false;
    } else if (fabs(s->d[end]) <= s->nothing) {
      s->d[end] = 0;
      if (!clear_column(s, begin, end)) return false;
    } else if (++steps > STEPS || !chase(s, begin, end)) {
      return false;
    }
  }
  return true;
}

/* Rows of r entries: run the rotations backwards over them. false: the call was stopped. */
WSF__KERNEL bool unroll(const rotations *from, double *x, int r, const wsf__env *env) {
  for (size_t at = from->n; at-- > 0;) {
    if (at % 256 == 0 && env && wsf__stopped(env)) return false;
    const rotation *turn = &from->list[at];
    const double c = turn->c, s = turn->s;
    double *restrict a = x + (size_t)turn->i * (size_t)r;
    double *restrict b = x + (size_t)turn->j * (size_t)r;
    for (int i = 0; i < r; ++i) {
      const double before = a[i];
      a[i] = c * before - s * b[i];
      b[i] = s * before + c * b[i];
    }
  }
  return true;
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static bool unroll_wide(const rotations *from, double *x, int r,
                                                        const wsf__env *env) {
  return unroll(from, x, r, env);
}
#endif

static bool unroll_plain(const rotations *from, double *x, int r, const wsf__env *env) {
  return unroll(from, x, r, env);
}

static bool unroll_all(const rotations *from, double *x, int r, const wsf__env *env) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return unroll_wide(from, x, r, env);
#endif
  return unroll_plain(from, x, r, env);
}

/* m >= n; a is destroyed; u: m rows, v: n rows of r entries. */
static bool tall(int m, int n, int r, double *a, double *s, double *u, double *v,
                 const wsf__env *env, wsf__arena *scratch) {
  const size_t rows = (size_t)m, side = (size_t)n, width = (size_t)r;
  double *block = wsf__arena_new(scratch, rows + 5 * side + width, sizeof *block);
  int *order = wsf__arena_new(scratch, side, sizeof *order);
  if (!block || !order) return false;
  wsf__bidiagonal b = {.m = m, .n = n, .a = a, .along = block};
  b.d = block + rows;
  b.e = b.d + side;
  b.left = b.e + side;
  b.right = b.left + side;
  b.row = b.right + side;
  if (!wsf__bidiagonalise(&b, env)) return false;
  solver z = {.d = b.d, .e = b.e, .scratch = scratch};
  if (!diagonalise(&z, n, env)) return false;
  for (int j = 0; j < n; ++j) {
    int at = j;
    if (env && wsf__stopped(env)) return false;
    for (; at > 0 && fabs(z.d[order[at - 1]]) < fabs(z.d[j]); --at) order[at] = order[at - 1];
    order[at] = j;
  }
  memset(u, 0, rows * width * sizeof *u);
  memset(v, 0, side * width * sizeof *v);
  for (int j = 0; j < r; ++j) {
    const double value = z.d[order[j]];
    const size_t at = (size_t)order[j] * width + (size_t)j;
    s[j] = fabs(value);
    u[at] = 1;
    v[at] = value < 0 ? -1 : 1;
  }
  return unroll_all(&z.left, u, r, env) && unroll_all(&z.right, v, r, env) &&
         wsf__bidiagonal_back(&b, u, v, r, b.row + side, env);
}

static bool own(int m, int n, int r, double *a, double *s, double *u, double *v,
                const wsf__env *env, wsf__arena *scratch) {
  const size_t rows = (size_t)m, cells = rows * (size_t)n;
  double largest = 0;
  for (size_t j = 0; j < cells; j += rows) {
    if (env && wsf__stopped(env)) return false;
    for (size_t i = 0; i < rows; ++i) largest = fmax(largest, fabs(a[j + i]));
  }
  int exponent; /* scaled to below 1, exactly, so that squares do not overflow */
  (void)frexp(largest, &exponent);
  for (size_t j = 0; largest > 0 && j < cells; j += rows) {
    if (env && wsf__stopped(env)) return false;
    for (size_t i = 0; i < rows; ++i) a[j + i] = ldexp(a[j + i], -exponent);
  }
  bool ok;
  if (m >= n) {
    ok = tall(m, n, r, a, s, u, v, env, scratch);
  } else {
    double *flipped = wsf__arena_new(scratch, cells, sizeof *flipped);
    if (!flipped) return false;
    for (int j = 0; j < n && !(env && wsf__stopped(env)); ++j) {
      for (int i = 0; i < m; ++i) {
        flipped[(size_t)i * (size_t)n + (size_t)j] = a[(size_t)j * (size_t)m + (size_t)i];
      }
    }
    ok = tall(n, m, r, flipped, s, v, u, env, scratch);
  }
  for (int j = 0; ok && j < r; ++j) s[j] = ldexp(s[j], exponent);
  return ok;
}

bool wsf__svd(int m, int n, int r, double *a, double *s, double *u, double *v, const wsf__env *env,
              wsf__arena *scratch) {
  if (m < 1 || n < 1) return true;
  for (int j = 0; j < n; ++j) {
    if (env && wsf__stopped(env)) return false;
    for (int i = 0; i < m; ++i) {
      if (!isfinite(a[(size_t)j * (size_t)m + (size_t)i])) return false;
    }
  }
  const wsf__mark mark = wsf__arena_mark(scratch);
  bool ok;
#if WSF_LAPACK
  if (m >= LARGE && n >= LARGE)
    ok = wsf__svd_lapack(m, n, r, a, s, u, v, scratch);
  else
#endif
    ok = own(m, n, r, a, s, u, v, env, scratch);
  wsf__arena_reset(scratch, mark);
  return ok;
}
