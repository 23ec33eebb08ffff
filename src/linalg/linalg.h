/* Linear algebra: the only floor that includes <lapacke.h>. Column-major, LAPACK's names and
 * conventions; workspace from the caller's scratch; never row-major (LAPACKE copies). Below
 * n = 32 our own kernels. One BLAS call at a time a thread; results do not depend on threads. */
#ifndef WSF_LINALG_LINALG_H
#define WSF_LINALG_LINALG_H

#include "base/alloc.h"

/* Thin SVD of the m x n column-major matrix a (destroyed): a = u diag(s) vt, k = min(m, n).
 * u: m x k, s: k descending, vt: k x n. false: no memory or no convergence. dgesdd. */
bool wsf__gesdd(int m, int n, double *a, double *s, double *u, double *vt, wsf__arena *scratch);
/* Least squares by Householder QR with column pivoting (dgeqp3) and rank decision at rcond: solves
 * min |a x - b| for m >= n; dependent columns get coefficient 0. rank returned; r_inv (nullable,
 * n x n) receives the inverse of the triangular factor in the original column order, such that
 * (a'a)^-1 = r_inv r_inv'. -1: no memory. a and b are destroyed. */
int wsf__least_squares(int m, int n, double *a, double *b, double *x, double *r_inv, double rcond,
                       wsf__arena *scratch);
/* Cholesky solve of the symmetric positive definite n x n a (lower, destroyed), b overwritten by x.
 * false if a is not positive definite. */
bool wsf__posv(int n, double *a, double *b);

#endif
