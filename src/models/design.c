/* A regression whose errors follow a model: which columns count, and their coefficients.
 *
 * Where a model is linear in its data, as exponential smoothing of additive form and structural
 * models are, the innovations of y - x' b are those of y less b times those of the columns, each
 * filtered like a series of its own from zero. Least squares of one on the other is b at its
 * maximum of likelihood, given the model's other parameters. A model therefore searches for those
 * with b held, then takes the b of least squares, and so on until neither moves: block coordinate
 * ascent of one likelihood, whose two blocks depend little on each other (for regressors that do
 * not look at y the information matrix has zeros between them: Harvey 1989, 7.3). The first b is
 * from the differences of y on those of x, less their means by season, which no walk of the level
 * drowns. */
#include "models/design.h"

#include "linalg/linalg.h"
#include "models/collinear.h"

#include <math.h>
#include <string.h>

static const double DEPENDENT = 1e-13, LEAST = 1e-14; /* squares */

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
static bool first_guess(wsf__design *d, const double *y, int64_t n, int64_t m,
                        wsf__arena *scratch) {
  const int k = d->n;
  memset(d->b, 0, (size_t)k * sizeof *d->b);
  int64_t rows = 0;
  for (int64_t t = 1; t < n; ++t) rows += y[t] == y[t] && y[t - 1] == y[t - 1];
  if (rows < 2 * m) m = 1;
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
        const double *x = d->x + t * d->stride + j; /* y comes last */
        const double step = j < k ? x[0] - x[-d->stride] : y[t] - y[t - 1];
        if (pass == 0)
          about[j] += step;
        else
          a[(size_t)j * (size_t)rows + (size_t)row] = step - about[j] / about[k + 1];
      }
      about[k + 1] += pass == 0;
      ++row;
    }
  }
  to_unit_length(a, rows, k, size);
  const int rank =
      wsf__least_squares((int)rows, k, a, a + (size_t)k * (size_t)rows, d->b, NULL, 1e-6, scratch);
  for (int j = 0; j < k; ++j) d->b[j] = isfinite(d->b[j] / size[j]) ? d->b[j] / size[j] : 0;
  wsf__arena_reset(scratch, mark);
  return rank >= 0;
}

/* The means of the columns, and in d->from those that say something of their own. false: no memory.
 */
static bool select_columns(wsf__design *d, const double *of, const double *y, int64_t n,
                           int64_t rows, wsf__arena *scratch) {
  const int k = d->n_all;
  const wsf__mark mark = wsf__arena_mark(scratch);
  double *a = wsf__arena_new(scratch, (size_t)rows, (size_t)k * sizeof *a);
  bool *keep = wsf__arena_new(scratch, (size_t)k, sizeof *keep);
  if (!a || !keep) return false;
  for (int j = 0; j < k; ++j) {
    double *to = a + j * rows;
    for (int64_t t = 0; t < n; ++t) {
      if (y[t] == y[t]) *to++ = of[t * k + j];
    }
    d->centre[j] = wsf__centre(a + j * rows, rows);
  }
  (void)wsf__collinear(a, rows, k, keep, scratch);
  for (int j = 0; j < k; ++j) {
    if (keep[j]) d->from[d->n++] = j;
  }
  wsf__arena_reset(scratch, mark);
  return true;
}

static bool make_room(wsf__design *d, wsf__arena *scratch) {
  const size_t n = (size_t)d->n;
  d->product = wsf__arena_new(scratch, n + 1, (size_t)d->stride * sizeof *d->product);
  d->factor = wsf__arena_zero(scratch, n, n * sizeof *d->factor);
  d->change = wsf__arena_zero(scratch, n, sizeof *d->change);
  d->energy = wsf__arena_zero(scratch, n, sizeof *d->energy);
  return d->product && d->factor && d->change && d->energy;
}

void wsf__design_take_off(const wsf__design *d, double *y, int64_t n, const double *b) {
  for (int64_t t = 0; t < n; ++t) {
    double sum = 0;
    for (int j = 0; j < d->n; ++j) sum += b[j] * d->x[t * d->stride + j];
    y[t] -= sum;
  }
}

wsf__design_state wsf__design_new(wsf__design *d, double *y, int64_t n, int64_t m, int k,
                                  const double *of, wsf__arena *scratch) {
  const wsf__design_state failed = WSF__DESIGN_MEMORY;
  *d = (wsf__design){.scratch = scratch, .n_all = k};
  d->centre = wsf__arena_zero(scratch, (size_t)k, sizeof *d->centre);
  d->b = wsf__arena_zero(scratch, (size_t)k, sizeof *d->b);
  d->cover = wsf__arena_zero(scratch, (size_t)k, (size_t)k * sizeof *d->cover);
  d->from = wsf__arena_new(scratch, (size_t)k, sizeof *d->from);
  if (!d->centre || !d->b || !d->cover || !d->from) return failed;
  int64_t rows = 0;
  for (int64_t t = 0; t < n; ++t) rows += y[t] == y[t];
  if (!select_columns(d, of, y, n, rows, scratch)) return failed;
  /* The columns that are kept, counted from their means. */
  const int stride = d->stride = wsf__design_stride(d->n);
  double *x = d->x = wsf__arena_new(scratch, (size_t)n, (size_t)stride * sizeof *x);
  if (!x) return failed;
  for (int64_t t = 0; t < n; ++t) {
    for (int j = 0; j < stride; ++j) {
      const int from = j < d->n ? d->from[j] : -1;
      x[t * stride + j] = from >= 0 && y[t] == y[t] ? of[t * k + from] - d->centre[from] : 0;
    }
  }
  if (d->n == 0) return WSF__DESIGN_GOOD;
  if (rows < d->n + 2) return WSF__DESIGN_SHORT;
  if (!make_room(d, scratch) || !first_guess(d, y, n, m, scratch)) return failed;
  wsf__design_take_off(d, y, n, d->b);
  for (int64_t t = 0; t < n; ++t) {
    for (int j = 0; j < d->n; ++j) d->energy[j] += x[t * stride + j] * x[t * stride + j];
  }
  return WSF__DESIGN_GOOD;
}

void wsf__design_clear(wsf__design *d) {
  memset(d->product, 0, (size_t)(d->n + 1) * (size_t)d->stride * sizeof *d->product);
  d->squares = 0;
  d->weight = 0;
}

/* Normal equations by Cholesky. A column of which the model's states, or the columns before it,
 * leave less than LEAST of its square gets no coefficient. */
double wsf__design_solve(wsf__design *d) {
  const int n = d->n;
  const double *with_y = d->product + n * d->stride;
  double *a = d->factor, *b = d->change, left = d->squares;
  for (int i = 0; i < n; ++i) {
    const double *row = d->product + i * d->stride;
    b[i] = with_y[i];
    for (int j = 0; j <= i; ++j) {
      double sum = row[j];
      for (int q = 0; q < j; ++q) sum -= a[i * n + q] * a[j * n + q];
      if (i != j)
        a[i * n + j] = sum / a[j * n + j];
      else
        a[i * n + i] = sum > DEPENDENT * row[i] && sum > LEAST * d->weight * d->energy[i]
                           ? sqrt(sum)
                           : INFINITY;
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

int wsf__design_rank(const wsf__design *d) {
  int rank = 0;
  for (int i = 0; i < d->n; ++i) rank += isfinite(d->factor[i * (d->n + 1)]);
  return rank;
}

void wsf__design_move(wsf__design *d, double *y, int64_t n) {
  for (int j = 0; j < d->n; ++j) d->b[j] += d->change[j];
  wsf__design_take_off(d, y, n, d->change);
}

void wsf__design_end(wsf__design *d) {
  const int k = d->n;
  const double *root = d->factor;
  double *column = d->change;
  for (int j = k - 1; j >= 0; --j) {
    const double b = d->b[j];
    d->b[j] = 0;
    d->b[d->from[j]] = b;
  }
  /* cover = root^-1: (U'U)^-1 = cover' cover */
  for (int j = 0; j < k; ++j) {
    for (int i = j; i < k; ++i) {
      double sum = i == j;
      for (int q = j; q < i; ++q) sum -= root[i * k + q] * column[q];
      column[i] = sum / root[i * k + i];
      d->cover[d->from[i] * d->n_all + d->from[j]] = column[i];
    }
  }
}
