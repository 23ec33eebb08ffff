/* Exponential smoothing around a regression: y = x' b + z, z an additive form (Hyndman et al. 2008,
 * section 9.1, with constant coefficients).
 *
 * The innovations are linear in y, the first states and x: with the smoothing parameters given,
 * e = e(y) - U b, where column j of U is what the form's filter, started at zero, leaves of column
 * j of x. So b needs no search: every candidate of either search gets the b of least squares, by
 * normal equations gathered in the one pass that filters y and x side by side (variable
 * projection, Golub and Pereyra 1973). First states stay with the search, which begins them near
 * those of a decomposition; a maximum over them too would follow short histories too closely. The
 * search works on y less a first b from the differences of y on those of x, season by season.
 * Columns are counted from their mean; one that never changes, or follows from those before it
 * (collinear.h), gets the coefficient 0. */
#include "models/local/ets/ets.h"

#include "linalg/linalg.h"
#include "math/elementary.h"
#include "models/collinear.h"

#include <math.h>
#include <string.h>

enum { WIDE = 4, PARTS = WSF__ETS_LANES / WIDE };
typedef double lane __attribute__((vector_size(8 * WIDE)));
static const double DEPENDENT_SQUARE = 1e-13;

/* Divide columns of m rows by their lengths; *size: [n] lengths, 1 for nothing but zeros. */
static void to_unit_length(double *a, int64_t m, int n, double *size) {
  for (int j = 0; j < n; ++j) {
    double *column = a + (size_t)j * (size_t)m;
    double largest = 0, sum = 0;
    for (int64_t i = 0; i < m; ++i) largest = fmax(largest, fabs(column[i]));
    size[j] = 1;
    if (!(largest > 0)) continue;
    for (int64_t i = 0; i < m; ++i) sum += column[i] / largest * (column[i] / largest);
    size[j] = largest * sqrt(sum);
    for (int64_t i = 0; i < m; ++i) column[i] /= size[j];
  }
}

/* First b: differences of y on differences of x, both less their means by season. false: no
 * memory. */
static bool first_guess(wsf__ets_regress *r, const double *y, int64_t n, int m,
                        wsf__arena *scratch) {
  const int k = r->n;
  memset(r->b, 0, (size_t)k * sizeof *r->b);
  int64_t rows = 0;
  for (int64_t t = 1; t < n; ++t) rows += y[t] == y[t] && y[t - 1] == y[t - 1];
  if (rows < 2 * (int64_t)m) m = 1;
  if (k == 0 || rows < m + k + 1) return true;
  const wsf__mark mark = wsf__arena_mark(scratch);
  double *a = wsf__arena_new(scratch, (size_t)rows, ((size_t)k + 1) * sizeof *a);
  double *mean = wsf__arena_zero(scratch, (size_t)m, ((size_t)k + 2) * sizeof *mean);
  double *size = wsf__arena_new(scratch, (size_t)k + 1, sizeof *size);
  if (!a || !mean || !size) return false;
  for (int pass = 0; pass < 2; ++pass) {
    int64_t row = 0;
    for (int64_t t = 1; t < n; ++t) {
      if (!(y[t] == y[t] && y[t - 1] == y[t - 1])) continue;
      double *about = mean + (t % m) * (k + 2);
      for (int j = 0; j <= k; ++j) {
        const double d =
            j < k ? r->x[t * k + j] - r->x[(t - 1) * k + j] : y[t] - y[t - 1]; /* y comes last */
        if (pass == 0)
          about[j] += d;
        else
          a[(size_t)j * (size_t)rows + (size_t)row] = d - about[j] / about[k + 1];
      }
      about[k + 1] += pass == 0;
      ++row;
    }
  }
  to_unit_length(a, rows, k, size);
  const int rank =
      wsf__least_squares((int)rows, k, a, a + (size_t)k * (size_t)rows, r->b, NULL, 1e-6, scratch);
  for (int j = 0; j < k; ++j) r->b[j] = isfinite(r->b[j] / size[j]) ? r->b[j] / size[j] : 0;
  wsf__arena_reset(scratch, mark);
  return rank >= 0;
}

/* The means of the columns, and in r->from those that say something of their own. false: no memory.
 */
static bool select_columns(wsf__ets_regress *r, const double *y, int64_t n, int64_t rows,
                           wsf__arena *scratch) {
  const int k = r->n_all;
  const wsf__mark mark = wsf__arena_mark(scratch);
  double *a = wsf__arena_new(scratch, (size_t)rows, (size_t)k * sizeof *a);
  bool *keep = wsf__arena_new(scratch, (size_t)k, sizeof *keep);
  if (!a || !keep) return false;
  for (int j = 0; j < k; ++j) {
    double *to = a + j * rows;
    for (int64_t t = 0; t < n; ++t) {
      if (y[t] == y[t]) *to++ = r->x[t * k + j];
    }
    r->centre[j] = wsf__centre(a + j * rows, rows);
  }
  (void)wsf__collinear(a, rows, k, keep);
  for (int j = 0; j < k; ++j) {
    if (keep[j]) r->from[r->n++] = j;
  }
  wsf__arena_reset(scratch, mark);
  return true;
}

wsf__ets_columns wsf__ets_regress_new(wsf__ets_regress *r, double *y, int64_t n, int m, int k,
                                      double *x, wsf__arena *scratch) {
  const wsf__ets_columns failed = WSF__ETS_COLUMNS_MEMORY;
  *r = (wsf__ets_regress){.n_all = k, .x = x};
  r->centre = wsf__arena_zero(scratch, (size_t)k, sizeof *r->centre);
  r->b = wsf__arena_zero(scratch, (size_t)k, sizeof *r->b);
  r->cover = wsf__arena_zero(scratch, (size_t)k, (size_t)k * sizeof *r->cover);
  r->from = wsf__arena_new(scratch, (size_t)k, sizeof *r->from);
  if (!r->centre || !r->b || !r->cover || !r->from) return failed;
  int64_t rows = 0;
  for (int64_t t = 0; t < n; ++t) rows += y[t] == y[t];
  if (!select_columns(r, y, n, rows, scratch)) return failed;
  /* Close up the columns that are kept, counted from their means. */
  for (int64_t t = 0; t < n; ++t) {
    for (int j = 0; j < r->n; ++j) {
      const int from = r->from[j];
      x[t * r->n + j] = y[t] == y[t] ? x[t * k + from] - r->centre[from] : 0;
    }
  }
  if (r->n == 0) return WSF__ETS_COLUMNS_GOOD;
  if (rows < r->n + 2) return WSF__ETS_COLUMNS_SHORT;
  if (!first_guess(r, y, n, m, scratch)) return failed;
  wsf__ets_regress_take_off(r, y, n, r->b);
  return WSF__ETS_COLUMNS_GOOD;
}

void wsf__ets_regress_take_off(const wsf__ets_regress *r, double *y, int64_t n, const double *b) {
  for (int64_t t = 0; t < n; ++t) {
    double sum = 0;
    for (int j = 0; j < r->n; ++j) sum += b[j] * r->x[t * r->n + j];
    y[t] -= sum;
  }
}

bool wsf__ets_regress_room(wsf__ets_trial *t, const wsf__ets_regress *r, int m,
                           wsf__arena *scratch) {
  const size_t signals = (size_t)r->n + 1;
  t->n_x = r->n;
  t->x = r->x;
  if (r->n == 0) return true;
  t->x_work = wsf__arena_zero(scratch, signals * ((size_t)m + 3 + signals),
                              WSF__ETS_LANES * sizeof(double));
  t->b = wsf__arena_zero(scratch, (size_t)r->n, WSF__ETS_LANES * sizeof(double));
  t->products = wsf__arena_zero(scratch, signals, signals * sizeof(double));
  return t->x_work && t->b && t->products;
}

/* Where the parts of a trial's work are: lanes of each signal, y first. */
typedef struct signals {
  int n;
  lane *level, *slope, *error; /* [n][PARTS] */
  lane *product;               /* [n][n][PARTS], lower triangle */
  lane *season;                /* [n][m][PARTS] */
} signals;

static signals signals_of(const wsf__ets_trial *t) {
  signals s = {.n = t->n_x + 1, .level = (lane *)(void *)t->x_work};
  const size_t each = (size_t)s.n * PARTS;
  s.slope = s.level + each;
  s.error = s.slope + each;
  s.product = s.error + each;
  s.season = s.product + each * (size_t)s.n;
  return s;
}

/* with_season is a constant at every call. */
static inline __attribute__((always_inline)) void filter(wsf__ets_trial *t, const signals *s,
                                                         const bool with_season) {
  lane alpha[PARTS], beta[PARTS], gamma[PARTS], phi[PARTS];
  memcpy(alpha, t->smoothing[0], sizeof alpha);
  memcpy(beta, t->smoothing[1], sizeof beta);
  memcpy(gamma, t->smoothing[2], sizeof gamma);
  memcpy(phi, t->smoothing[3], sizeof phi);
  int at = 0;
  for (int64_t step = 0; step < t->n; ++step) {
    const bool seen = t->y[step] == t->y[step];
    for (int j = 0; j < s->n; ++j) {
      const double now = j == 0 ? t->y[step] : t->x[step * t->n_x + j - 1];
      for (int p = 0; p < PARTS; ++p) {
        lane *level = &s->level[j * PARTS + p], *slope = &s->slope[j * PARTS + p];
        lane *season = &s->season[((int64_t)j * t->m + at) * PARTS + p];
        *slope *= phi[p];
        *level += *slope;
        if (!seen) continue;
        const lane e = now - (with_season ? *level + *season : *level);
        *level += alpha[p] * e;
        *slope += beta[p] * e;
        if (with_season) *season += gamma[p] * e;
        s->error[j * PARTS + p] = e;
      }
    }
    if (++at == t->m) at = 0;
    if (!seen) continue;
    for (int j = 0; j < s->n; ++j) {
      for (int i = 0; i <= j; ++i) {
        for (int p = 0; p < PARTS; ++p) {
          s->product[(j * s->n + i) * PARTS + p] +=
              s->error[j * PARTS + p] * s->error[i * PARTS + p];
        }
      }
    }
  }
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void filter_wide(wsf__ets_trial *t, const signals *s) {
  if (t->season_kind)
    filter(t, s, true);
  else
    filter(t, s, false);
}
#endif

static void filter_plain(wsf__ets_trial *t, const signals *s) {
  if (t->season_kind)
    filter(t, s, true);
  else
    filter(t, s, false);
}

/* Least squares of the errors of y on those of x by the products of one lane: b, and what is left
 * of the sum of squares. a: [n][n] work, receives the Cholesky factor of the columns' products. */
static double solve(const signals *s, int lane_at, double *a, double *b) {
  const int n = s->n - 1, part = lane_at / WIDE, at = lane_at % WIDE;
  double left = s->product[part][at];
  for (int i = 0; i < n; ++i) {
    const lane *row = s->product + (size_t)(i + 1) * (size_t)s->n * PARTS + part;
    b[i] = row[0][at];
    for (int j = 0; j <= i; ++j) {
      const double whole = row[(j + 1) * PARTS][at];
      double sum = whole;
      for (int q = 0; q < j; ++q) sum -= a[i * n + q] * a[j * n + q];
      if (i != j)
        a[i * n + j] = sum / a[j * n + j];
      else /* what the others leave nothing of gets 0 */
        a[i * n + i] = sum > DEPENDENT_SQUARE * whole ? sqrt(sum) : INFINITY;
    }
    for (int q = 0; q < i; ++q) b[i] -= a[i * n + q] * b[q];
    b[i] /= a[i * n + i];
    left -= b[i] * b[i];
  }
  for (int i = n - 1; i >= 0; --i) {
    for (int q = i + 1; q < n; ++q) b[i] -= a[q * n + i] * b[q];
    b[i] /= a[i * n + i];
  }
  return left;
}

void wsf__ets_try_regress(wsf__ets_trial *t, int lanes) {
  const signals s = signals_of(t);
  memset(t->x_work, 0, (size_t)s.n * (size_t)(t->m + 3 + s.n) * PARTS * sizeof(lane));
  memcpy(s.level, t->level, sizeof t->level);
  memcpy(s.slope, t->slope, sizeof t->slope);
  memcpy(s.season, t->season, (size_t)t->m * PARTS * sizeof(lane));
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2"))
    filter_wide(t, &s);
  else
#endif
    filter_plain(t, &s);
  for (int i = 0; i < lanes; ++i) {
    const double left = solve(&s, i, t->products, t->b + (size_t)i * (size_t)t->n_x);
    const double d = t->count * wsf__ln(fmax(left, t->least_sse[i]));
    t->deviance[i] = isfinite(d) && left == left ? d : INFINITY;
  }
}

const double *wsf__ets_regress_at(wsf__ets_trial *t, const wsf__ets *e) {
  for (int i = 0; i < WSF__ETS_LANES; ++i) {
    t->smoothing[0][i] = e->alpha, t->smoothing[1][i] = e->beta;
    t->smoothing[2][i] = e->gamma, t->smoothing[3][i] = e->phi;
    t->level[i] = e->level, t->slope[i] = e->slope;
    for (int at = 0; at < e->m; ++at) t->season[at * WSF__ETS_LANES + i] = e->season[at];
  }
  t->season_kind = e->form.season;
  t->m = e->m;
  wsf__ets_try_regress(t, 1);
  return t->b;
}

void wsf__ets_regress_end(wsf__ets_regress *r, wsf__ets_trial *t, const wsf__ets *e) {
  const int k = r->n;
  const double *change = wsf__ets_regress_at(t, e), *root = t->products;
  for (int j = k - 1; j >= 0; --j) { /* to their places among all columns */
    const double b = r->b[j] + change[j];
    r->b[j] = 0;
    r->b[r->from[j]] = b;
  }
  /* cover = root^-1: (U'U)^-1 = cover' cover */
  for (int j = 0; j < k; ++j) {
    double *row = t->b; /* free now */
    for (int i = j; i < k; ++i) {
      double sum = i == j;
      for (int q = j; q < i; ++q) sum -= root[i * k + q] * row[q];
      row[i] = sum / root[i * k + i];
      r->cover[r->from[i] * r->n_all + r->from[j]] = row[i];
    }
  }
}
