/* Problem: the covariance of n series from T periods is singular for n > T, and mostly noise.
 *
 * Method: lambda diag(W) + (1 - lambda) W with lambda = sum of var(r_ij) / sum of r_ij^2 over i !=
 * j (Schaefer and Strimmer 2005, "A shrinkage approach to large-scale covariance matrix
 * estimation", table 2 D; in this form Wickramasuriya, Athanasopoulos and Hyndman 2019, and their
 * package hts), where var(r_ij) = (sum of (x_it x_jt)^2 - (sum of x_it x_jt)^2 / T) / (T (T - 1)).
 * Errors are not centred. Both sums are had without an n x n matrix: of (x_i . x_j)^2 over all
 * pairs is the squared size of X X', which is that of the T x T matrix X'X. */
#include "reconcile/shrink.h"

#include <math.h>

/* The squared size of X'X or X X', whichever is smaller. */
static double cross_size(const double *const *x, int64_t n, int64_t T, wsf__arena *scratch) {
  double size = 0;
  if (n <= T) {
    for (int64_t i = 0; i < n; ++i) {
      for (int64_t j = 0; j <= i; ++j) {
        double sum = 0;
        for (int64_t t = 0; t < T; ++t) sum += x[i][t] * x[j][t];
        size += (i == j ? 1 : 2) * sum * sum;
      }
    }
    return size;
  }
  double *gram = wsf__arena_zero(scratch, (size_t)T * (size_t)T, sizeof *gram);
  if (!gram) return -1;
  for (int64_t i = 0; i < n; ++i) {
    for (int64_t a = 0; a < T; ++a) {
      const double xa = x[i][a];
      for (int64_t b = 0; b < a; ++b) gram[a * T + b] += xa * x[i][b];
      gram[a * T + a] += xa * xa;
    }
  }
  for (int64_t a = 0; a < T; ++a) {
    for (int64_t b = 0; b <= a; ++b) size += (a == b ? 1 : 2) * gram[a * T + b] * gram[a * T + b];
  }
  return size;
}

double wsf__shrinkage(const double *const *x, int64_t n, int64_t T, wsf__arena *scratch) {
  const wsf__mark mark = wsf__arena_mark(scratch);
  double fourth = 0, own = 0, together = 0;
  for (int64_t i = 0; i < n; ++i) {
    double sum = 0;
    for (int64_t t = 0; t < T; ++t) {
      const double square = x[i][t] * x[i][t];
      fourth += square * square;
      sum += square;
    }
    own += sum * sum;
  }
  for (int64_t t = 0; t < T; ++t) {
    double sum = 0;
    for (int64_t i = 0; i < n; ++i) sum += x[i][t] * x[i][t];
    together += sum * sum;
  }
  const double size = cross_size(x, n, T, scratch);
  wsf__arena_reset(scratch, mark);
  if (size < 0) return -1;
  const double periods = (double)T, pairs = size - own;
  const double variance = (together - fourth - pairs / periods) / (periods * (periods - 1));
  if (!(pairs > 0) || !(variance < pairs / (periods * periods))) return 1;
  return fmax(variance, 0) / (pairs / (periods * periods));
}
