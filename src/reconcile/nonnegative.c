/* Problem: coherent forecasts may have series below zero, and sales may not.
 *
 * Method: the nearest coherent forecasts without any, min (y - S b)' N^-1 (y - S b) over b >= 0, by
 * block principal pivoting (Judice and Pires 1994; Wickramasuriya, Turlach and Hyndman 2020,
 * "Optimal non-negative forecast reconciliation", section 3.2): series are free or held at zero;
 * those on the wrong side change places, all at once while that leaves fewer of them, three more
 * times at most, and else the last one alone. With z = N^-1 (y - S b) of the sums, a series below
 * is u = y + N A'z where it is free, and rightly held where u <= 0: no gradient is needed. What is
 * within a millionth of a millionth of the largest forecast counts as zero. */
#include "reconcile/project.h"

#include <math.h>
#include <string.h>

enum { L = WSF__COLUMNS, PATIENCE = 3, MOST = 300 };

typedef struct pivots {
  const wsf__structure *s;
  const bool *floored; /* [n] those that may not be below zero */
  double small[L];
  int64_t fewest[L];
  int patience[L];
} pivots;

/* Whether series j of column c is on the wrong side. */
static bool wrong(const pivots *v, const double *free, const double *u, int64_t j, int c) {
  const double x = u[j * L + c];
  if (!v->floored[v->s->bottom[j]]) return false;
  return free[j * L + c] > 0 ? x < -v->small[c] : x > v->small[c];
}

/* Let series change places; false: none had to. */
static bool exchange(pivots *v, int64_t n, double *free, const double *u) {
  bool any = false;
  for (int c = 0; c < L; ++c) {
    int64_t count = 0, last = -1;
    for (int64_t j = 0; j < n; ++j) {
      if (!wrong(v, free, u, j, c)) continue;
      ++count;
      last = j;
    }
    if (count == 0) continue;
    any = true;
    const bool fewer = count < v->fewest[c];
    if (fewer) v->fewest[c] = count;
    v->patience[c] = fewer ? PATIENCE : v->patience[c] - 1;
    for (int64_t j = v->patience[c] >= 0 ? 0 : last; j <= last; ++j) {
      if (wrong(v, free, u, j, c)) free[j * L + c] = 1 - free[j * L + c];
    }
  }
  return any;
}

bool wsf__project_nonnegative(const wsf__projection *p, const bool *floored, double *y,
                              wsf__arena *scratch) {
  const wsf__structure *s = p->s;
  const wsf__mark mark = wsf__arena_mark(scratch);
  const size_t below = (size_t)s->n_bottom * L, sums = (size_t)s->n_sums * L;
  double *free = wsf__arena_new(scratch, below, sizeof *free);
  double *u = wsf__arena_new(scratch, below, sizeof *u);
  double *d = wsf__arena_new(scratch, sums, sizeof *d);
  double *z = wsf__arena_new(scratch, sums, sizeof *z);
  if (!free || !u || !d || !z) return false;
  pivots v = {.s = s, .floored = floored};
  for (int c = 0; c < L; ++c) {
    v.fewest[c] = s->n_bottom + 1;
    v.patience[c] = PATIENCE;
    v.small[c] = 0;
  }
  for (int64_t j = 0; j < s->n_bottom; ++j) {
    memcpy(u + j * L, y + s->bottom[j] * L, L * sizeof *u);
    for (int c = 0; c < L; ++c) {
      free[j * L + c] = 1;
      v.small[c] = fmax(v.small[c], 1e-12 * fabs(u[j * L + c]));
    }
  }
  for (int k = 0; k < MOST && exchange(&v, s->n_bottom, free, u); ++k) {
    wsf__gaps(s, y, free, d);
    if (wsf__cut_short(scratch) || !wsf__normal_solve(p, d, free, z, scratch)) return false;
    wsf__spread(s, z, u);
    for (int64_t j = 0; j < s->n_bottom; ++j) {
      const int64_t i = s->bottom[j];
      for (int c = 0; c < L; ++c) u[j * L + c] = y[i * L + c] + p->noise[i] * u[j * L + c];
    }
  }
  for (int64_t j = 0; j < s->n_bottom; ++j) {
    const int64_t i = s->bottom[j];
    for (int c = 0; c < L; ++c) {
      y[i * L + c] = !floored[i] ? u[j * L + c] : free[j * L + c] > 0 ? fmax(u[j * L + c], 0) : 0;
    }
  }
  wsf__add_up_columns(s, y);
  wsf__arena_reset(scratch, mark);
  return true;
}
