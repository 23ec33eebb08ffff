/* a = q b p' with b upper bidiagonal; q and p are kept as reflections. */
#ifndef WSF_LINALG_BIDIAGONAL_H
#define WSF_LINALG_BIDIAGONAL_H

#include "sync/env.h"

typedef struct wsf__bidiagonal {
  int m, n;             /* m >= n >= 1 */
  double *a;            /* m x n by columns, entries at most 1; becomes the reflections */
  double *d, *e;        /* [n] the diagonal, and beside it */
  double *left, *right; /* [n] the factors of the reflections */
  double *row, *along;  /* [n], [m] workspace */
} wsf__bidiagonal;

/* false: the call was stopped. env may be NULL. */
bool wsf__bidiagonalise(wsf__bidiagonal *b, const wsf__env *env);
/* u := q u for m rows of r entries, v := p v for n of them; share: r numbers of workspace. false:
 * the call was stopped. */
bool wsf__bidiagonal_back(const wsf__bidiagonal *b, double *u, double *v, int r, double *share,
                          const wsf__env *env);

#endif
