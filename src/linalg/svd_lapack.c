/* Problem: as in svd.c, for matrices of thousands of rows and columns.
 *
 * Method: LAPACK's divide and conquer (dgesdd; Gu and Eisenstat 1995), which works in blocks that
 * fit the caches and on all processors. The last bits depend on their number and kind, and it
 * cannot be stopped. */
#include "linalg/linalg.h"

#if WSF_LAPACK
#include <lapacke.h>
#include <string.h>

bool wsf__svd_lapack(int m, int n, int r, double *a, double *s, double *u, double *v,
                     wsf__arena *scratch) {
  const int k = m < n ? m : n;
  const size_t rows = (size_t)m, side = (size_t)k, width = (size_t)r;
  double ask;
  lapack_int *whole = wsf__arena_new(scratch, side * 8, sizeof *whole);
  double *all = wsf__arena_new(scratch, side, sizeof *all);
  double *left = wsf__arena_new(scratch, rows * side, sizeof *left);
  double *right = wsf__arena_new(scratch, side * (size_t)n, sizeof *right);
  if (!whole || !all || !left || !right ||
      LAPACKE_dgesdd_work(LAPACK_COL_MAJOR, 'S', m, n, a, m, all, left, m, right, k, &ask, -1,
                          whole) != 0) {
    return false;
  }
  const lapack_int room = (lapack_int)ask;
  double *work = wsf__arena_new(scratch, (size_t)room, sizeof *work);
  if (!work || LAPACKE_dgesdd_work(LAPACK_COL_MAJOR, 'S', m, n, a, m, all, left, m, right, k, work,
                                   room, whole) != 0) {
    return false;
  }
  memcpy(s, all, width * sizeof *s);
  for (size_t j = 0; j < width; ++j) {
    for (size_t i = 0; i < rows; ++i) u[i * width + j] = left[j * rows + i];
    for (size_t i = 0; i < (size_t)n; ++i) v[i * width + j] = right[i * side + j];
  }
  return true;
}
#endif
