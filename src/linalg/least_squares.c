/* Problem: min |a x - b| when columns may depend on each other.
 *
 * Method: Householder QR with column pivoting (Businger and Golub 1965): the next column is the one
 * with the largest remaining norm, and the rank is where that norm falls below rcond times the
 * first. Dependent columns get coefficient 0. A column of a panel fits the caches, so that blocks
 * of reflections would win nothing. */
#include "linalg/linalg.h"
#include "linalg/kernels.h"

#include <math.h>
#include <string.h>

static double norm_of(const double *x, int n) {
  /* scaled, so that squares neither overflow nor vanish */
  double largest = 0, sum = 0;
  for (int i = 0; i < n; ++i) largest = fmax(largest, fabs(x[i]));
  if (!(largest > 0)) return 0;
  for (int i = 0; i < n; ++i) sum += (x[i] / largest) * (x[i] / largest);
  return largest * sqrt(sum);
}

static void swap_columns(double *a, int m, int i, int j) {
  for (int r = 0; r < m; ++r) {
    const double t = a[(size_t)i * (size_t)m + (size_t)r];
    a[(size_t)i * (size_t)m + (size_t)r] = a[(size_t)j * (size_t)m + (size_t)r];
    a[(size_t)j * (size_t)m + (size_t)r] = t;
  }
}

/* x -= tau v (v'x) with v[0] = 1 implied */
WSF__KERNEL void reflect(const double *v, double tau, double *x, int n) {
  const double along = tau * (x[0] + wsf__dot(v + 1, x + 1, n - 1));
  x[0] -= along;
  wsf__axpy(-along, v + 1, x + 1, n - 1);
}

/* Norms of what is left of the columns: taken down by the row that was just finished, and counted
 * anew once little is left of the last count (LAPACK's dlaqp2). */
typedef struct norms {
  double *now, *counted;
} norms;
static void take_down(norms *w, int j, const double *column, int k, int m) {
  if (w->now[j] == 0) return;
  const double row = fabs(column[k]) / w->now[j];
  const double left = fmax((1 - row) * (1 + row), 0);
  const double share = w->now[j] / w->counted[j];
  if (left * share * share <= 1.5e-8) {
    w->now[j] = w->counted[j] = norm_of(column + k + 1, m - k - 1);
  } else {
    w->now[j] *= sqrt(left);
  }
}

/* R into the upper triangle of a, b := Q'b, perm[k] = original column of column k. Stops where the
 * rest is negligible: nothing is read from there on. false: the call was stopped. */
WSF__KERNEL bool factor(int m, int n, double *a, double *b, int *perm, norms w, double rcond,
                        wsf__watch *seen) {
  double first = 0;
  for (int j = 0; j < n; ++j) {
    w.now[j] = w.counted[j] = norm_of(a + (size_t)j * (size_t)m, m);
    if (wsf__watch_ends(seen, m)) return false;
  }
  for (int k = 0; k < n; ++k) {
    double *column = a + (size_t)k * (size_t)m;
    int best = k;
    for (int j = k + 1; j < n; ++j) {
      if (w.now[j] > w.now[best]) best = j;
    }
    if (best != k) {
      swap_columns(a, m, k, best);
      const int t = perm[k];
      perm[k] = perm[best];
      perm[best] = t;
      w.now[best] = w.now[k];
      w.counted[best] = w.counted[k];
    }
    const double norm = norm_of(column + k, m - k);
    if (k == 0) first = norm;
    if (!(norm > rcond * first)) {
      column[k] = 0;
      return true;
    }
    const double beta = column[k] > 0 ? -norm : norm;
    const double tau = (beta - column[k]) / beta;
    const double scale = 1 / (column[k] - beta);
    for (int i = k + 1; i < m; ++i) column[i] *= scale;
    for (int j = k + 1; j < n; ++j) {
      double *other = a + (size_t)j * (size_t)m;
      reflect(column + k, tau, other + k, m - k);
      take_down(&w, j, other, k, m);
      if (wsf__watch_ends(seen, m - k)) return false;
    }
    reflect(column + k, tau, b + k, m - k);
    column[k] = beta;
  }
  return true;
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static bool wide(int m, int n, double *a, double *b, int *perm,
                                                 norms w, double rcond, wsf__watch *seen) {
  return factor(m, n, a, b, perm, w, rcond, seen);
}
#endif

static bool plain(int m, int n, double *a, double *b, int *perm, norms w, double rcond,
                  wsf__watch *seen) {
  return factor(m, n, a, b, perm, w, rcond, seen);
}

/* Columns of the inverse of the leading r x r triangle, rows put back in their original order. The
 * triangle is read by rows, and so is its copy. false: no memory, or the call was stopped. */
static bool invert(const double *a, int m, int n, int r, const int *perm, double *r_inv,
                   wsf__watch *seen, wsf__arena *scratch) {
  const size_t side = (size_t)r;
  double *row = wsf__arena_new(scratch, side, side * sizeof *row);
  double *column = wsf__arena_new(scratch, side, sizeof *column);
  if (!row || !column) return false;
  for (size_t k = 0; k < side; ++k) {
    for (size_t i = 0; i <= k; ++i) row[i * side + k] = a[k * (size_t)m + i];
  }
  memset(r_inv, 0, (size_t)n * (size_t)n * sizeof *r_inv);
  for (int j = 0; j < r; ++j) {
    for (int i = j; i >= 0; --i) {
      const double *from = row + (size_t)i * side;
      double sum = i == j ? 1 : 0;
      for (int k = i + 1; k <= j; ++k) sum -= from[k] * column[k];
      column[i] = sum / from[i];
      r_inv[(size_t)j * (size_t)n + (size_t)perm[i]] = column[i];
      if (wsf__watch_ends(seen, j - i)) return false;
    }
  }
  return true;
}

int wsf__least_squares(int m, int n, double *a, double *b, double *x, double *r_inv, double rcond,
                       wsf__arena *scratch) {
  const wsf__mark mark = wsf__arena_mark(scratch);
  int *perm = wsf__arena_new(scratch, (size_t)n, sizeof *perm);
  const norms w = {wsf__arena_new(scratch, (size_t)n, sizeof *w.now),
                   wsf__arena_new(scratch, (size_t)n, sizeof *w.counted)};
  int rank = -1;
  if (!perm || !w.now || !w.counted) goto out;
  for (int k = 0; k < n; ++k) perm[k] = k;
  wsf__watch seen = {.scratch = scratch};
  bool whole;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2"))
    whole = wide(m, n, a, b, perm, w, rcond, &seen);
  else
#endif
    whole = plain(m, n, a, b, perm, w, rcond, &seen);
  if (!whole) goto out;

  const double first = n > 0 ? fabs(a[0]) : 0;
  for (rank = 0; rank < n; ++rank) {
    const double diagonal = fabs(a[(size_t)rank * (size_t)m + (size_t)rank]);
    if (!(diagonal > 0 && diagonal > rcond * first)) break;
  }
  for (int k = rank; k < n; ++k) x[perm[k]] = 0;
  for (int i = rank - 1; i >= 0; --i) {
    if (wsf__watch_ends(&seen, rank - i)) {
      rank = -1;
      goto out;
    }
    double sum = b[i];
    for (int k = i + 1; k < rank; ++k) sum -= a[(size_t)k * (size_t)m + (size_t)i] * x[perm[k]];
    x[perm[i]] = sum / a[(size_t)i * (size_t)m + (size_t)i];
  }
  if (r_inv && !invert(a, m, n, rank, perm, r_inv, &seen, scratch)) rank = -1;
out:
  wsf__arena_reset(scratch, mark);
  return rank;
}
