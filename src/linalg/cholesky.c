/* Problem: solve a x = b for a symmetric positive definite a.
 *
 * Method: Cholesky, a = l l', left-looking by columns (Golub and Van Loan 2013, 4.2.5). */
#include "linalg/linalg.h"
#include "linalg/kernels.h"

#include <math.h>

bool wsf__potrf(int n, double *a) {
  const size_t stride = (size_t)n;
  for (int j = 0; j < n; ++j) {
    double *column = a + (size_t)j * stride;
    for (int k = 0; k < j; ++k) {
      const double *before = a + (size_t)k * stride;
      wsf__axpy(-before[j], before + j, column + j, n - j);
    }
    if (!(column[j] > 0)) return false;
    const double root = sqrt(column[j]);
    column[j] = root;
    for (int i = j + 1; i < n; ++i) column[i] /= root;
  }
  return true;
}

void wsf__potrs(int n, const double *a, double *b) {
  for (int j = 0; j < n; ++j) {
    const double *column = a + (size_t)j * (size_t)n;
    b[j] /= column[j];
    wsf__axpy(-b[j], column + j + 1, b + j + 1, n - j - 1);
  }
  for (int j = n - 1; j >= 0; --j) {
    const double *column = a + (size_t)j * (size_t)n;
    b[j] = (b[j] - wsf__dot(column + j + 1, b + j + 1, n - j - 1)) / column[j];
  }
}

bool wsf__posv(int n, double *a, double *b) {
  if (!wsf__potrf(n, a)) return false;
  wsf__potrs(n, a, b);
  return true;
}
