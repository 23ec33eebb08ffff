/* Problem: forecasts of sums and of what they add up are made apart and do not agree.
 *
 * Method: the coherent forecasts nearest to them in the metric of a covariance W of their errors
 * (Wickramasuriya, Athanasopoulos and Hyndman 2019, "Optimal forecast reconciliation for
 * hierarchical and grouped time series through trace minimization", eq. 5 and 6): y - W C' (C W
 * C')^-1 C y, where C y are the sums less what they add up. W = N + V V' with N diagonal, so that
 * by Woodbury's identity only C N C' is inverted: by conjugate gradients with the diagonal as
 * preconditioner (Saad 2003, "Iterative methods for sparse linear systems", algorithm 9.1), to a
 * residual of 1e-12 in its norm, with C applied by its entries. Where there are no more sums than
 * periods, C W C' itself is the smaller matrix, and is factored. No matrix of series x series is
 * ever formed. N may have zeros: a series below stays as it is, a sum has no say. Sums are added up
 * last, from the series below, so that they agree to the bit. */
#include "reconcile/project.h"
#include "linalg/linalg.h"

#include <math.h>
#include <string.h>

enum { L = WSF__COLUMNS };
static const double tolerance = 1e-12;
enum { MOST = 5000 /* iterations */ };

void wsf__spread(const wsf__structure *s, const double *restrict z, double *restrict w) {
  for (int64_t j = 0; j < s->n_bottom; ++j) {
    double sum[L] = {0};
    for (int64_t e = s->column[j]; e < s->column[j + 1]; ++e) {
      const double *from = z + (int64_t)s->above[e] * L;
      for (int c = 0; c < L; ++c) sum[c] += from[c];
    }
    for (int c = 0; c < L; ++c) w[j * L + c] = sum[c];
  }
}

void wsf__gaps(const wsf__structure *s, const double *restrict y, const double *restrict free,
               double *restrict d) {
  for (int64_t r = 0; r < s->n_sums; ++r) {
    double sum[L] = {0};
    for (int64_t e = s->row[r]; e < s->row[r + 1]; ++e) {
      const int64_t j = s->below[e];
      const double *from = y + s->bottom[j] * L;
      for (int c = 0; c < L; ++c) sum[c] += free ? free[j * L + c] * from[c] : from[c];
    }
    for (int c = 0; c < L; ++c) d[r * L + c] = y[s->sum[r] * L + c] - sum[c];
  }
}

void wsf__add_up_columns(const wsf__structure *s, double *y) {
  for (int64_t r = 0; r < s->n_sums; ++r) {
    double sum[L] = {0};
    for (int64_t e = s->row[r]; e < s->row[r + 1]; ++e) {
      const double *from = y + s->bottom[s->below[e]] * L;
      for (int c = 0; c < L; ++c) sum[c] += from[c];
    }
    memcpy(y + s->sum[r] * L, sum, sizeof sum);
  }
}

/* ---- C N C' -------------------------------------------------------------------------------- */

/* q = C N C' z; w: [n_bottom * L] work. */
static void multiply(const wsf__projection *p, const double *free, const double *restrict z,
                     double *restrict w, double *restrict q) {
  const wsf__structure *s = p->s;
  wsf__spread(s, z, w);
  for (int64_t j = 0; j < s->n_bottom; ++j) {
    const double noise = p->noise[s->bottom[j]];
    for (int c = 0; c < L; ++c) w[j * L + c] *= free ? free[j * L + c] * noise : noise;
  }
  for (int64_t r = 0; r < s->n_sums; ++r) {
    double sum[L];
    for (int c = 0; c < L; ++c) sum[c] = p->noise[s->sum[r]] * z[r * L + c];
    for (int64_t e = s->row[r]; e < s->row[r + 1]; ++e) {
      const double *from = w + (int64_t)s->below[e] * L;
      for (int c = 0; c < L; ++c) sum[c] += from[c];
    }
    for (int c = 0; c < L; ++c) q[r * L + c] = sum[c];
  }
}

/* One over the diagonal of C N C' in each column; 0: the sum has no say, its z stays 0. */
static void precondition(const wsf__projection *p, const double *free, double *inverse) {
  const wsf__structure *s = p->s;
  for (int64_t r = 0; r < s->n_sums; ++r) {
    double sum[L];
    for (int c = 0; c < L; ++c) sum[c] = p->noise[s->sum[r]];
    for (int64_t e = s->row[r]; e < s->row[r + 1]; ++e) {
      const int64_t j = s->below[e];
      for (int c = 0; c < L; ++c) sum[c] += free[j * L + c] * p->noise[s->bottom[j]];
    }
    const bool says = p->noise[s->sum[r]] > 0;
    for (int c = 0; c < L; ++c) inverse[r * L + c] = says ? 1 / sum[c] : 0;
  }
}

/* sum[c] = x' diag y in column c. */
static void products(int64_t n, const double *restrict x, const double *restrict y, double *sum) {
  for (int c = 0; c < L; ++c) sum[c] = 0;
  for (int64_t r = 0; r < n; ++r) {
    for (int c = 0; c < L; ++c) sum[c] += x[r * L + c] * y[r * L + c];
  }
}

/* A power of two near the largest of each column: squares of the largest doubles would overflow. */
static void sizes(int64_t n, const double *x, int *exponent) {
  for (int c = 0; c < L; ++c) {
    double most = 0;
    for (int64_t r = 0; r < n; ++r) most = fmax(most, fabs(x[r * L + c]));
    exponent[c] = 0;
    if (isfinite(most)) (void)frexp(most, &exponent[c]);
  }
}

typedef struct search {
  double *r, *d, *q, *w, *s, *inverse;
} search;

static bool search_new(search *it, const wsf__projection *p, const double *free,
                       wsf__arena *scratch) {
  const size_t n = (size_t)p->s->n_sums * L, below = (size_t)p->s->n_bottom * L;
  *it = (search){.r = wsf__arena_new(scratch, n, sizeof(double)),
                 .d = wsf__arena_new(scratch, n, sizeof(double)),
                 .q = wsf__arena_new(scratch, n, sizeof(double)),
                 .w = wsf__arena_new(scratch, below, sizeof(double)),
                 .s = wsf__arena_new(scratch, n, sizeof(double)),
                 .inverse = wsf__arena_new(scratch, n, sizeof(double))};
  if (!it->r || !it->d || !it->q || !it->w || !it->s || !it->inverse) return false;
  if (free) {
    precondition(p, free, it->inverse);
    return true;
  }
  for (size_t k = 0; k < n; ++k) it->inverse[k] = p->inverse[k / L];
  return true;
}

bool wsf__normal_solve(const wsf__projection *p, const double *d, const double *free, double *z,
                       wsf__arena *scratch) {
  const int64_t n = p->s->n_sums;
  const wsf__mark mark = wsf__arena_mark(scratch);
  search it;
  if (!search_new(&it, p, free, scratch)) return false;
  double rho[L], least[L], next[L], along[L];
  int exponent[L];
  sizes(n, d, exponent);
  for (int64_t k = 0; k < n * L; ++k) {
    z[k] = 0;
    it.r[k] = ldexp(d[k], -exponent[k % L]);
    it.s[k] = it.d[k] = it.inverse[k] * it.r[k];
  }
  products(n, it.r, it.s, rho);
  for (int c = 0; c < L; ++c) least[c] = rho[c] * tolerance * tolerance;
  for (int i = 0; i < MOST && !wsf__cut_short(scratch); ++i) {
    bool more = false;
    for (int c = 0; c < L; ++c) more = more || rho[c] > least[c];
    if (!more) break;
    multiply(p, free, it.d, it.w, it.q);
    products(n, it.d, it.q, along);
    double step[L], turn[L];
    for (int c = 0; c < L; ++c) step[c] = rho[c] > least[c] && along[c] > 0 ? rho[c] / along[c] : 0;
    for (int64_t r = 0; r < n; ++r) {
      for (int c = 0; c < L; ++c) {
        const int64_t k = r * L + c;
        z[k] += step[c] * it.d[k];
        it.r[k] -= step[c] * it.q[k];
        it.s[k] = it.inverse[k] * it.r[k];
      }
    }
    products(n, it.r, it.s, next);
    for (int c = 0; c < L; ++c) {
      turn[c] = step[c] > 0 ? next[c] / rho[c] : 0;
      rho[c] = step[c] > 0 ? next[c] : 0; /* a column that is done stays as it is */
    }
    for (int64_t r = 0; r < n; ++r) {
      for (int c = 0; c < L; ++c) it.d[r * L + c] = it.s[r * L + c] + turn[c] * it.d[r * L + c];
    }
  }
  for (int64_t k = 0; k < n * L; ++k) z[k] = ldexp(z[k], exponent[k % L]);
  wsf__arena_reset(scratch, mark);
  return true;
}

/* ---- the projection ------------------------------------------------------------------------ */

bool wsf__projection_begin(wsf__projection *p, wsf__arena *arena) {
  const wsf__structure *s = p->s;
  size_t cells = 0;
  p->blocks = (p->periods + L - 1) / L;
  p->few = p->periods > 0 && s->n_sums <= p->periods;
  if (!wsf__mul((size_t)(p->blocks * L), (size_t)s->n_sums, &cells)) return false;
  p->inverse = wsf__arena_new(arena, (size_t)s->n_sums, sizeof *p->inverse);
  p->u = wsf__arena_new(arena, cells, sizeof *p->u);
  p->solved = wsf__arena_new(arena, p->few ? 0 : cells, sizeof *p->solved);
  if (!p->inverse || !p->u || !p->solved) return false;
  for (int64_t r = 0; r < s->n_sums; ++r) {
    double sum = p->noise[s->sum[r]];
    for (int64_t e = s->row[r]; e < s->row[r + 1]; ++e) sum += p->noise[s->bottom[s->below[e]]];
    p->inverse[r] = p->noise[s->sum[r]] > 0 ? 1 / sum : 0;
  }
  return true;
}

/* Row i of V in the periods of a block. */
static void factor_row(const wsf__projection *p, int64_t i, int64_t block, double *out) {
  for (int c = 0; c < L; ++c) {
    const int64_t t = block * L + c;
    out[c] = p->x[i] && t < p->periods ? p->scale[i] * p->x[i][t] : 0;
  }
}

bool wsf__projection_factor(wsf__projection *p, int64_t block, wsf__arena *scratch) {
  const wsf__structure *s = p->s;
  const wsf__mark mark = wsf__arena_mark(scratch);
  double *v = wsf__arena_zero(scratch, (size_t)s->n * L, sizeof *v);
  if (!v) return false;
  for (int64_t r = 0; r < s->n_sums; ++r) factor_row(p, s->sum[r], block, v + s->sum[r] * L);
  for (int64_t j = 0; j < s->n_bottom; ++j) {
    factor_row(p, s->bottom[j], block, v + s->bottom[j] * L);
  }
  const int64_t at = block * s->n_sums * L;
  wsf__gaps(s, v, NULL, p->u + at);
  const bool done = p->few || wsf__normal_solve(p, p->u + at, NULL, p->solved + at, scratch);
  wsf__arena_reset(scratch, mark);
  return done;
}

/* sum[a * L + c] = x' y of column a of one block and column c of another. */
static void cross_products(int64_t n, const double *restrict x, const double *restrict y,
                           double *sum) {
  for (int k = 0; k < L * L; ++k) sum[k] = 0;
  for (int64_t r = 0; r < n; ++r) {
    for (int a = 0; a < L; ++a) {
      for (int c = 0; c < L; ++c) sum[a * L + c] += x[r * L + a] * y[r * L + c];
    }
  }
}

/* Where there are few sums: of one without a say, 1 in the diagonal and nothing beside it. */
static bool factor_sums(wsf__projection *p, wsf__arena *arena) {
  const wsf__structure *s = p->s;
  const int64_t n = s->n_sums;
  size_t cells;
  if (n > INT32_MAX || !wsf__mul((size_t)n, (size_t)n, &cells)) return false;
  p->core = wsf__arena_zero(arena, cells, sizeof *p->core);
  p->unit = wsf__arena_new(arena, (size_t)n, sizeof *p->unit);
  if (!p->core || !p->unit) return false;
  for (int64_t r = 0; r < n; ++r) {
    p->unit[r] = sqrt(p->inverse[r]);
    p->core[r * n + r] = p->unit[r] > 0 ? p->noise[s->sum[r]] * p->inverse[r] : 1;
  }
  for (int64_t j = 0; j < s->n_bottom; ++j) {
    const double noise = p->noise[s->bottom[j]];
    for (int64_t a = s->column[j]; a < s->column[j + 1]; ++a) {
      for (int64_t b = s->column[j]; b < s->column[j + 1]; ++b) {
        const int64_t i = s->above[a], k = s->above[b];
        if (i >= k) p->core[k * n + i] += p->unit[i] * noise * p->unit[k];
      }
    }
  }
  for (int64_t block = 0; block < p->blocks && !wsf__cut_short(arena); ++block) {
    double *u = p->u + block * n * L;
    for (int64_t r = 0; r < n; ++r) {
      for (int c = 0; c < L; ++c) u[r * L + c] *= p->unit[r];
    }
    for (int64_t k = 0; k < n; ++k) {
      for (int64_t i = k; i < n; ++i) {
        double sum = 0;
        for (int c = 0; c < L; ++c) sum += u[i * L + c] * u[k * L + c];
        p->core[k * n + i] += sum;
      }
    }
  }
  return n == 0 || wsf__potrf((int)n, p->core);
}

bool wsf__projection_end(wsf__projection *p, wsf__arena *arena) {
  if (p->few) return factor_sums(p, arena);
  const int64_t n = p->s->n_sums, T = p->periods;
  size_t cells;
  if (T > INT32_MAX || !wsf__mul((size_t)T, (size_t)T, &cells)) return false;
  p->core = wsf__arena_new(arena, cells, sizeof *p->core);
  if (!p->core) return false;
  for (int64_t a = 0; a < p->blocks; ++a) {
    for (int64_t b = 0; b <= a; ++b) {
      double sum[L * L];
      cross_products(n, p->u + a * n * L, p->solved + b * n * L, sum);
      for (int64_t k = 0; k < L * L; ++k) {
        const int64_t i = a * L + k / L, j = b * L + k % L;
        if (i < T && j < T) p->core[j * T + i] = sum[k] + (i == j);
      }
    }
  }
  return T == 0 || wsf__potrf((int)T, p->core);
}

/* What V has to do with z: z -= solved y, and the result is y = (1 + u' solved)^-1 u' z. */
static bool correct(const wsf__projection *p, double *z, double *y, wsf__arena *scratch) {
  const int64_t n = p->s->n_sums, T = p->periods;
  double *one = wsf__arena_new(scratch, (size_t)T, sizeof *one), sum[L * L];
  if (!one) return false;
  for (int64_t b = 0; b < p->blocks; ++b) {
    cross_products(n, p->u + b * n * L, z, sum);
    memcpy(y + b * L * L, sum, sizeof sum);
  }
  for (int c = 0; c < L; ++c) {
    for (int64_t t = 0; t < T; ++t) one[t] = y[t * L + c];
    wsf__potrs((int)T, p->core, one);
    for (int64_t t = 0; t < T; ++t) y[t * L + c] = one[t];
  }
  return true;
}

/* The same where there are few sums: z becomes (C W C')^-1 d, and the result is y = u' z. */
static bool solve_sums(const wsf__projection *p, const double *d, double *z, double *y,
                       wsf__arena *scratch) {
  const int64_t n = p->s->n_sums;
  double *one = wsf__arena_new(scratch, (size_t)n, sizeof *one), sum[L * L];
  if (!one) return false;
  int exponent[L];
  sizes(n, d, exponent);
  for (int c = 0; c < L; ++c) {
    for (int64_t r = 0; r < n; ++r) one[r] = p->unit[r] * ldexp(d[r * L + c], -exponent[c]);
    wsf__potrs((int)n, p->core, one);
    for (int64_t r = 0; r < n; ++r) z[r * L + c] = ldexp(one[r], exponent[c]);
  }
  for (int64_t b = 0; b < p->blocks; ++b) {
    cross_products(n, p->u + b * n * L, z, sum); /* u has its unit already */
    memcpy(y + b * L * L, sum, sizeof sum);
  }
  for (int64_t r = 0; r < n; ++r) {
    for (int c = 0; c < L; ++c) z[r * L + c] *= p->unit[r];
  }
  return true;
}

/* z = (C W C')^-1 d and shared = V' C' z. */
static bool solve(const wsf__projection *p, const double *d, double *z, double *shared,
                  wsf__arena *scratch) {
  if (p->few) return solve_sums(p, d, z, shared, scratch);
  if (!wsf__normal_solve(p, d, NULL, z, scratch)) return false;
  if (p->periods > 0 && !correct(p, z, shared, scratch)) return false;
  const int64_t n = p->s->n_sums;
  for (int64_t t = 0; t < p->periods; ++t) {
    const double *solved = p->solved + t / L * n * L + t % L;
    for (int64_t r = 0; r < n; ++r) {
      for (int c = 0; c < L; ++c) z[r * L + c] -= solved[r * L] * shared[t * L + c];
    }
  }
  return true;
}

bool wsf__project(const wsf__projection *p, double *y, wsf__arena *scratch) {
  const wsf__structure *s = p->s;
  const wsf__mark mark = wsf__arena_mark(scratch);
  double *d = wsf__arena_new(scratch, (size_t)s->n_sums * L, sizeof *d);
  double *z = wsf__arena_new(scratch, (size_t)s->n_sums * L, sizeof *z);
  double *w = wsf__arena_new(scratch, (size_t)s->n_bottom * L, sizeof *w);
  double *shared = wsf__arena_zero(scratch, (size_t)(p->blocks * L) * L, sizeof *shared);
  if (!d || !z || !w || !shared) return false;
  wsf__gaps(s, y, NULL, d);
  if (!solve(p, d, z, shared, scratch)) return false;
  wsf__spread(s, z, w);
  for (int64_t j = 0; j < s->n_bottom; ++j) {
    const int64_t i = s->bottom[j];
    for (int c = 0; c < L; ++c) y[i * L + c] += p->noise[i] * w[j * L + c];
    for (int64_t t = 0; p->periods > 0 && p->x[i] && t < p->periods; ++t) {
      const double v = p->scale[i] * p->x[i][t];
      for (int c = 0; c < L; ++c) y[i * L + c] -= v * shared[t * L + c];
    }
  }
  wsf__add_up_columns(s, y);
  wsf__arena_reset(scratch, mark);
  return true;
}
