/* Linear algebra: the only floor that may include <lapacke.h>. Matrices by columns, workspace from
 * the caller's scratch. Our own kernels, which give the same bits on every machine, but for
 * singular values of large matrices (svd.c). Results do not depend on threads. */
#ifndef WSF_LINALG_LINALG_H
#define WSF_LINALG_LINALG_H

#include "sync/env.h"

/* The r largest singular values of the m x n matrix a (destroyed), descending, and their vectors by
 * rows: a is near sum over j of u[i * r + j] s[j] v[l * r + j]. r at most min(m, n). env may be
 * NULL. false: no memory, an entry that is not finite, no convergence, or the call was stopped. */
bool wsf__svd(int m, int n, int r, double *a, double *s, double *u, double *v, const wsf__env *env,
              wsf__arena *scratch);
/* The same by LAPACK, for large matrices; with WSF_LAPACK only. */
bool wsf__svd_lapack(int m, int n, int r, double *a, double *s, double *u, double *v,
                     wsf__arena *scratch);
/* Least squares by Householder QR with column pivoting and rank decision at rcond: solves
 * min |a x - b| for m >= n; dependent columns get coefficient 0. rank returned; r_inv (nullable,
 * n x n) receives the inverse of the triangular factor in the original column order, such that
 * (a'a)^-1 = r_inv r_inv'. -1: no memory, or the call was stopped. a and b are destroyed. */
int wsf__least_squares(int m, int n, double *a, double *b, double *x, double *r_inv, double rcond,
                       wsf__arena *scratch);
/* Cholesky solve of the symmetric positive definite n x n a (lower, destroyed), b overwritten by x.
 * false if a is not positive definite. */
bool wsf__posv(int n, double *a, double *b);
/* The same in two steps, for many b: a becomes its factor. */
bool wsf__potrf(int n, double *a);
void wsf__potrs(int n, const double *a, double *b);

#endif
