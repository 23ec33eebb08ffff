/* Problem: min |a x - b| when columns may depend on each other.
 *
 * Method: Householder QR with column pivoting (Businger and Golub 1965): the next column is the one
 * with the largest remaining norm, and the rank is where that norm falls below rcond times the
 * first. Dependent columns get coefficient 0. From 32 columns LAPACK's dgeqp3 and dormqr factor;
 * below, our own loop is as fast and the same on every machine. */
#include "linalg/linalg.h"

#include <lapacke.h>
#include <math.h>
#include <string.h>

enum { SMALL = 32 };

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

/* Four sums side by side: additions in a row would wait for each other. */
static double dot(const double *x, const double *y, int n) {
  double sum[4] = {0, 0, 0, 0};
  int i = 0;
  for (; i + 4 <= n; i += 4) {
    for (int j = 0; j < 4; ++j) sum[j] += x[i + j] * y[i + j];
  }
  for (; i < n; ++i) sum[0] += x[i] * y[i];
  return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

/* x -= tau v (v'x) with v[0] = 1 implied */
static void reflect(const double *v, double tau, double *x, int n) {
  const double along = tau * (x[0] + dot(v + 1, x + 1, n - 1));
  x[0] -= along;
  for (int i = 1; i < n; ++i) x[i] -= along * v[i];
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
 * rest is negligible: nothing is read from there on. */
static void factor_small(int m, int n, double *a, double *b, int *perm, double rcond) {
  double now[SMALL], counted[SMALL], first = 0;
  norms w = {now, counted};
  for (int j = 0; j < n; ++j) now[j] = counted[j] = norm_of(a + (size_t)j * (size_t)m, m);
  for (int k = 0; k < n; ++k) {
    double *column = a + (size_t)k * (size_t)m;
    int best = k;
    for (int j = k + 1; j < n; ++j) {
      if (now[j] > now[best]) best = j;
    }
    if (best != k) {
      swap_columns(a, m, k, best);
      const int t = perm[k];
      perm[k] = perm[best];
      perm[best] = t;
      now[best] = now[k];
      counted[best] = counted[k];
    }
    const double norm = norm_of(column + k, m - k);
    if (k == 0) first = norm;
    if (!(norm > rcond * first)) {
      column[k] = 0;
      return;
    }
    const double beta = column[k] > 0 ? -norm : norm;
    const double tau = (beta - column[k]) / beta;
    const double scale = 1 / (column[k] - beta);
    for (int i = k + 1; i < m; ++i) column[i] *= scale;
    for (int j = k + 1; j < n; ++j) {
      double *other = a + (size_t)j * (size_t)m;
      reflect(column + k, tau, other + k, m - k);
      take_down(&w, j, other, k, m);
    }
    reflect(column + k, tau, b + k, m - k);
    column[k] = beta;
  }
}

static bool factor_large(int m, int n, double *a, double *b, int *perm, wsf__arena *scratch) {
  double ask_factor, ask_apply;
  lapack_int *pivot = wsf__arena_zero(scratch, (size_t)n, sizeof *pivot);
  double *tau = wsf__arena_new(scratch, (size_t)n, sizeof *tau);
  if (!pivot || !tau) return false;
  if (LAPACKE_dgeqp3_work(LAPACK_COL_MAJOR, m, n, a, m, pivot, tau, &ask_factor, -1) != 0 ||
      LAPACKE_dormqr_work(LAPACK_COL_MAJOR, 'L', 'T', m, 1, n, a, m, tau, b, m, &ask_apply, -1) !=
          0) {
    return false;
  }
  const lapack_int room = (lapack_int)fmax(ask_factor, ask_apply);
  double *work = wsf__arena_new(scratch, (size_t)room, sizeof *work);
  if (!work) return false;
  if (LAPACKE_dgeqp3_work(LAPACK_COL_MAJOR, m, n, a, m, pivot, tau, work, room) != 0 ||
      LAPACKE_dormqr_work(LAPACK_COL_MAJOR, 'L', 'T', m, 1, n, a, m, tau, b, m, work, room) != 0) {
    return false;
  }
  for (int k = 0; k < n; ++k) perm[k] = (int)pivot[k] - 1;
  return true;
}

/* Columns of the inverse of the leading r x r triangle, rows put back in their original order. */
static void invert(const double *a, int m, int n, int r, const int *perm, double *r_inv) {
  memset(r_inv, 0, (size_t)n * (size_t)n * sizeof *r_inv);
  for (int j = 0; j < r; ++j) {
    double *column = r_inv + (size_t)j * (size_t)n;
    for (int i = j; i >= 0; --i) {
      double sum = i == j ? 1 : 0;
      for (int k = i + 1; k <= j; ++k)
        sum -= a[(size_t)k * (size_t)m + (size_t)i] * column[perm[k]];
      column[perm[i]] = sum / a[(size_t)i * (size_t)m + (size_t)i];
    }
  }
}

int wsf__least_squares(int m, int n, double *a, double *b, double *x, double *r_inv, double rcond,
                       wsf__arena *scratch) {
  const wsf__mark mark = wsf__arena_mark(scratch);
  int *perm = wsf__arena_new(scratch, (size_t)n, sizeof *perm);
  int rank = -1;
  if (!perm) goto out;
  for (int k = 0; k < n; ++k) perm[k] = k;
  if (n < SMALL)
    factor_small(m, n, a, b, perm, rcond);
  else if (!factor_large(m, n, a, b, perm, scratch))
    goto out;

  const double first = n > 0 ? fabs(a[0]) : 0;
  for (rank = 0; rank < n; ++rank) {
    const double diagonal = fabs(a[(size_t)rank * (size_t)m + (size_t)rank]);
    if (!(diagonal > 0 && diagonal > rcond * first)) break;
  }
  for (int k = rank; k < n; ++k) x[perm[k]] = 0;
  for (int i = rank - 1; i >= 0; --i) {
    double sum = b[i];
    for (int k = i + 1; k < rank; ++k) sum -= a[(size_t)k * (size_t)m + (size_t)i] * x[perm[k]];
    x[perm[i]] = sum / a[(size_t)i * (size_t)m + (size_t)i];
  }
  if (r_inv) invert(a, m, n, rank, perm, r_inv);
out:
  wsf__arena_reset(scratch, mark);
  return rank;
}
