/* Least squares by QR (linalg/least_squares.c) with what is reported about a coefficient: its
 * standard error from the residual variance with rows - rank degrees of freedom.
 *
 * Which columns depend on others must not change with the units that the values are in, while a
 * constant and a line have none. So each column is divided by the power of two next to its size,
 * which costs no digit, before the factorisation compares them. */
#include "analysis/regress.h"

#include "linalg/linalg.h"

#include <limits.h>
#include <math.h>
#include <string.h>

static const double DEPENDENT = 1e-10;

/* Exponent of the power of two above the largest value of x[n]; 0 for none but zeros. */
static int exponent_of(const double *x, size_t n) {
  double largest = 0;
  int exponent = 0;
  for (size_t t = 0; t < n; ++t) largest = fmax(largest, fabs(x[t]));
  if (isfinite(largest)) (void)frexp(largest, &exponent);
  return exponent;
}

bool wsf__regress(wsf__regression *out, const double *a, const double *y, int64_t rows, int columns,
                  double rounding, wsf__arena *arena) {
  const size_t n = (size_t)rows, k = (size_t)columns;
  if (rows > INT_MAX) return false;
  out->b = wsf__arena_zero(arena, k, sizeof *out->b);
  out->se = wsf__arena_new(arena, k, sizeof *out->se);
  out->residual = wsf__arena_new(arena, n, sizeof *out->residual);
  if (!out->b || !out->se || !out->residual) return false;
  for (int j = 0; j < columns; ++j) out->se[j] = NAN;
  memcpy(out->residual, y, n * sizeof *y);
  out->rss = 0;
  out->rank = 0;
  if (rows < columns) return true;

  const wsf__mark mark = wsf__arena_mark(arena);
  double *copy = wsf__arena_new(arena, n, k * sizeof *copy);
  double *right = wsf__arena_new(arena, n, sizeof *right);
  double *r_inv = wsf__arena_new(arena, k, k * sizeof *r_inv);
  int *exponent = wsf__arena_new(arena, k, sizeof *exponent);
  if (!copy || !right || !r_inv || !exponent) return false;
  for (size_t j = 0; j < k && !wsf__cut_short(arena); ++j) {
    exponent[j] = exponent_of(a + j * n, n);
    for (size_t t = 0; t < n; ++t) copy[j * n + t] = ldexp(a[j * n + t], -exponent[j]);
  }
  memcpy(right, y, n * sizeof *right);
  out->rank = wsf__least_squares((int)rows, columns, copy, right, out->b, r_inv, DEPENDENT, arena);
  if (out->rank < 0) return false;
  for (size_t j = 0; j < k && !wsf__cut_short(arena); ++j) {
    out->b[j] = ldexp(out->b[j], -exponent[j]);
    for (size_t t = 0; t < n; ++t) out->residual[t] -= out->b[j] * a[j * n + t];
  }
  for (size_t t = 0; t < n; ++t) out->rss += out->residual[t] * out->residual[t];
  if (out->rss <= (double)rows * rounding * rounding) out->rss = 0;
  const double sigma2 = rows > out->rank ? out->rss / (double)(rows - out->rank) : NAN;
  for (size_t j = 0; j < k; ++j) {
    double sum = 0;
    for (size_t i = 0; i < k; ++i) sum += r_inv[i * k + j] * r_inv[i * k + j];
    if (sum > 0) out->se[j] = ldexp(sqrt(sigma2 * sum), -exponent[j]);
  }
  wsf__arena_reset(arena, mark);
  return true;
}

double wsf__t_value(const wsf__regression *r, int j) {
  return r->se[j] > 0 ? r->b[j] / r->se[j] : NAN;
}
