/* Problem: a = q b p' with b upper bidiagonal, the first half of a singular value decomposition.
 *
 * Method: Householder reflections from both sides in turn (Golub and Kahan 1965; Golub and Van Loan
 * 2013, 5.4.8), for m >= n. A reflection from the right waits until the next one from the left
 * passes over the same columns, so that a step reads the matrix twice instead of three times
 * (Dongarra, Sorensen and Hammarling 1989). A reflection is x -= beta v (v'x); its v stays where it
 * made zeros. Entries are at most 1 in size; a vector whose squares vanish beside that counts as
 * zero. */
#include "linalg/bidiagonal.h"

#include "linalg/kernels.h"

#include <math.h>
#include <string.h>

/* Turn x into (result, 0, .., 0): x becomes v. */
WSF__KERNEL double reflector(double *x, int n, double *beta) {
  const double size = sqrt(wsf__dot(x, x, n));
  if (!(size > 1e-140)) {
    *beta = 0;
    return 0;
  }
  const double result = -copysign(size, x[0]);
  *beta = 1 / (size * (size + fabs(x[0])));
  x[0] -= result;
  return result;
}

/* Step k: column k ends at the diagonal, row k beside it. From the step before, the columns from k
 * on still miss a -= along across', with `across` in b->row and `along` by rows of a; this step
 * leaves both for the next. */
WSF__KERNEL bool step(wsf__bidiagonal *b, int k, const wsf__env *env) {
  const int rows = b->m - k, columns = b->n - k;
  const size_t stride = (size_t)b->m;
  double *x = b->a + (size_t)k * stride + k, *along = b->along + k;
  const double *across = b->row + k;
  double *row = b->row + k; /* entry j of across is read before entry j of row is written */
  if (k > 0) wsf__axpy(-across[0], along, x, rows);
  b->d[k] = reflector(x, rows, &b->left[k]);
  for (int j = 1; j < columns; ++j) {
    if (j % 512 == 0 && env && wsf__stopped(env)) return false;
    double *y = x + (size_t)j * stride;
    if (k > 0) wsf__axpy(-across[j], along, y, rows);
    wsf__axpy(-b->left[k] * wsf__dot(x, y, rows), x, y, rows);
    row[j] = y[0];
  }
  if (columns < 2) return true;
  b->e[k] = reflector(row + 1, columns - 1, &b->right[k]);
  memset(along, 0, (size_t)rows * sizeof *along);
  for (int j = 1; j < columns; ++j) {
    if (j % 512 == 0 && env && wsf__stopped(env)) return false;
    double *y = x + (size_t)j * stride;
    y[0] = row[j];
    wsf__axpy(b->right[k] * row[j], y + 1, along + 1, rows - 1);
  }
  return true;
}

WSF__KERNEL bool reduce(wsf__bidiagonal *b, const wsf__env *env) {
  for (int k = 0; k < b->n; ++k) {
    if (env && wsf__stopped(env)) return false;
    if (!step(b, k, env)) return false;
  }
  return true;
}

/* The first `count` rows of x, r entries each: x -= beta v (v'x). */
WSF__KERNEL void reflect(const double *v, size_t stride, double beta, double *x, int count, int r,
                         double *share) {
  memset(share, 0, (size_t)r * sizeof *share);
  for (int i = 0; i < count; ++i) {
    wsf__axpy(v[(size_t)i * stride], x + (size_t)i * (size_t)r, share, r);
  }
  for (int i = 0; i < count; ++i) {
    wsf__axpy(-beta * v[(size_t)i * stride], share, x + (size_t)i * (size_t)r, r);
  }
}

WSF__KERNEL bool back(const wsf__bidiagonal *b, double *u, double *v, int r, double *share,
                      const wsf__env *env) {
  const size_t stride = (size_t)b->m, width = (size_t)r;
  for (int k = b->n - 1; k >= 0; --k) {
    if (env && wsf__stopped(env)) return false;
    const double *x = b->a + (size_t)k * stride + k;
    const size_t at = (size_t)k * width;
    reflect(x, 1, b->left[k], u + at, b->m - k, r, share);
    if (k + 1 < b->n) {
      reflect(x + stride, stride, b->right[k], v + at + width, b->n - k - 1, r, share);
    }
  }
  return true;
}

#if defined(__x86_64__)
#define WITH_AVX2 __attribute__((target("avx2")))
WITH_AVX2 static bool reduce_wide(wsf__bidiagonal *b, const wsf__env *env) {
  return reduce(b, env);
}
WITH_AVX2 static bool back_wide(const wsf__bidiagonal *b, double *u, double *v, int r,
                                double *share, const wsf__env *env) {
  return back(b, u, v, r, share, env);
}
#endif

static bool reduce_plain(wsf__bidiagonal *b, const wsf__env *env) {
  return reduce(b, env);
}

static bool back_plain(const wsf__bidiagonal *b, double *u, double *v, int r, double *share,
                       const wsf__env *env) {
  return back(b, u, v, r, share, env);
}

bool wsf__bidiagonalise(wsf__bidiagonal *b, const wsf__env *env) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return reduce_wide(b, env);
#endif
  return reduce_plain(b, env);
}

bool wsf__bidiagonal_back(const wsf__bidiagonal *b, double *u, double *v, int r, double *share,
                          const wsf__env *env) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return back_wide(b, u, v, r, share, env);
#endif
  return back_plain(b, u, v, r, share, env);
}
