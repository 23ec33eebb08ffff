/* Problem: solve a x = b for a symmetric positive definite a.
 *
 * Method: Cholesky, a = l l', left-looking by columns (Golub and Van Loan 2013, 4.2.5) below 32
 * rows, LAPACK's dposv from there. */
#include "linalg/linalg.h"

#include <lapacke.h>
#include <math.h>

enum { SMALL = 32 };

static bool factor(int n, double *a) {
  for (int j = 0; j < n; ++j) {
    double *column = a + j * n;
    for (int k = 0; k < j; ++k) {
      const double *before = a + k * n;
      for (int i = j; i < n; ++i) column[i] -= before[j] * before[i];
    }
    if (!(column[j] > 0)) return false;
    const double root = sqrt(column[j]);
    column[j] = root;
    for (int i = j + 1; i < n; ++i) column[i] /= root;
  }
  return true;
}

bool wsf__posv(int n, double *a, double *b) {
  if (n >= SMALL) return LAPACKE_dposv_work(LAPACK_COL_MAJOR, 'L', n, 1, a, n, b, n) == 0;
  if (!factor(n, a)) return false;
  for (int j = 0; j < n; ++j) {
    b[j] /= a[j * n + j];
    for (int i = j + 1; i < n; ++i) b[i] -= a[j * n + i] * b[j];
  }
  for (int j = n - 1; j >= 0; --j) {
    for (int i = j + 1; i < n; ++i) b[j] -= a[j * n + i] * b[i];
    b[j] /= a[j * n + j];
  }
  return true;
}
