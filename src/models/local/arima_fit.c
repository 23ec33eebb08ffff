/* Maximum likelihood of one ARIMA order.
 *
 * The series is differenced; the likelihood is that of the differences (Box and Jenkins), equal to
 * the diffuse likelihood of the series. Constant and missing values are regressors whose
 * coefficients are concentrated out by generalised least squares on their innovations; a missing
 * value is one with a flat prior, which adds log |X' V^-1 X| (Gomez, Maravall and Pena 1999,
 * "Missing observations in ARIMA models: skipping approach versus additive outlier approach"). The
 * variance is concentrated out too, so that the search is over the four polynomials: partial
 * autocorrelations x / sqrt(1 + x^2) each, hence stationary and invertible everywhere. As in R's
 * arima the start is the minimum of the conditional sum of squares. */
#include "models/local/arima.h"

#include "analysis/unit_root.h"
#include "optim/optim.h"

#include <math.h>
#include <string.h>

static const double TOLERANCE = 1e-9, NOTHING = 1e-24, DEPENDENT = 1e-10;
static const double START_MOST = 2, FAR = 20, ARRIVED = 1e5; /* of x: 0.894, 1 - 1e-3, 1 - 5e-11 */
enum { MOST_EVALUATIONS = 4000, FEW_GAPS = 4 /* with more, the start from zero is cheaper */ };

static double power_of_two_below(double x) {
  int exponent = 0;
  (void)frexp(x, &exponent);
  return ldexp(1, exponent - 1);
}

static void difference(double *x, int64_t n, int d, int D, int m) {
  for (int k = 0; k < d + D; ++k) n = wsf__difference(x, n, k < D ? m : 1);
}

/* Missing values along the line between their neighbours. */
static void fill_gaps(double *y, int64_t n) {
  for (int64_t t = 1, last = 0; t < n; ++t) {
    if (isnan(y[t])) continue;
    for (int64_t i = last + 1; i < t; ++i) {
      y[i] = y[last] + (y[t] - y[last]) * ((double)(i - last) / (double)(t - last));
    }
    last = t;
  }
}

bool wsf__arima_prepare(wsf__arima_data *out, const double *y, int64_t n, int d, int D, int m,
                        wsf__arena *arena) {
  int64_t missing = 0;
  for (int64_t t = 0; t < n; ++t) missing += isnan(y[t]) != 0;
  const int lost = d + D * m;
  *out = (wsf__arima_data){.d = d, .D = D, .m = m, .n = n - lost, .columns = (int)missing + 2};
  out->observed = out->n - missing;
  out->column = wsf__arena_new(arena, (size_t)out->columns, sizeof *out->column);
  out->filled = wsf__arena_new(arena, (size_t)n, sizeof *out->filled);
  out->missing = wsf__arena_new(arena, (size_t)missing, sizeof *out->missing);
  if (!out->column || !out->filled || !out->missing) return false;
  for (int c = 0; c < out->columns; ++c) {
    out->column[c] = wsf__arena_zero(arena, (size_t)n, sizeof **out->column);
    if (!out->column[c]) return false;
  }
  memcpy(out->filled, y, (size_t)n * sizeof *y);
  fill_gaps(out->filled, n);
  double *w = out->column[0];
  memcpy(w, out->filled, (size_t)n * sizeof *w);
  difference(w, n, d, D, m);
  double largest = 0, sum = 0;
  for (int64_t t = 0; t < out->n; ++t) sum += w[t] / (double)out->n;
  for (int64_t t = 0; t < out->n; ++t) largest = fmax(largest, fabs(w[t] - sum));
  out->scale = largest > 0 && isfinite(largest) ? 1 / power_of_two_below(largest) : 1;
  if (!isfinite(out->scale)) out->scale = 1;
  out->centre = sum * out->scale;
  for (int64_t t = 0; t < out->n; ++t) {
    w[t] *= out->scale;
    out->column[1][t] = 1;
  }
  for (int64_t t = 0, c = 2; t < n; ++t) {
    if (!isnan(y[t])) continue;
    out->missing[c - 2] = t;
    out->column[c][t] = 1;
    difference(out->column[c++], n, d, D, m);
  }
  return true;
}

/* The search for one order. */
typedef struct search {
  const wsf__arima_data *data;
  wsf__arima_order order;
  wsf__arma arma;
  wsf__arma_filter filter;
  double *work;   /* of wsf__arma_start */
  bool exact;     /* else conditional */
  int k, dummies; /* columns used: missing values, constant, w */
  const double **in;
  int64_t *from; /* before it the column is zero */
  double **e, **state;
  double *gram, *solution; /* [k][k], [k] */
  double *centred;
  double c[WSF__ARIMA_PARAMETERS];
  double sse, log_det, count; /* of the last evaluation */
} search;

static void read_block(const double *x, int n, double sign, double *c) {
  double r[WSF__ARIMA_PARAMETERS] = {0};
  for (int i = 0; i < n; ++i) r[i] = x[i] / sqrt(1 + x[i] * x[i]);
  wsf__arima_from_partial(n, r, c);
  for (int i = 0; i < n; ++i) c[i] *= sign;
}

static void read_parameters(const double *x, const wsf__arima_order *o, double *c) {
  read_block(x, o->p, 1, c);
  read_block(x + o->p, o->q, -1, c + o->p);
  read_block(x + o->p + o->q, o->P, 1, c + o->p + o->q);
  read_block(x + o->p + o->q + o->P, o->Q, -1, c + o->p + o->q + o->P);
}

/* In eight sums: the additions need not wait for each other. */
static double dot(const double *a, const double *b, int64_t n) {
  enum { LANES = 8 };
  typedef double lanes __attribute__((vector_size(LANES * sizeof(double)), aligned(8), may_alias));
  lanes sum = {0};
  int64_t t = 0;
  for (; t + LANES <= n; t += LANES) sum += *(const lanes *)(a + t) * *(const lanes *)(b + t);
  for (; t < n; ++t) sum[0] += a[t] * b[t];
  return ((sum[0] + sum[4]) + (sum[1] + sum[5])) + ((sum[2] + sum[6]) + (sum[3] + sum[7]));
}

/* Cholesky of the innovations' cross products with w last: its pivot is the sum of squares left. */
static void regress(search *s) {
  const int k = s->k;
  const int64_t n = s->data->n;
  for (int i = 0; i < k; ++i) {
    for (int j = 0; j <= i; ++j) {
      const int64_t t = s->from[i] > s->from[j] ? s->from[i] : s->from[j];
      s->gram[i * k + j] = dot(s->e[i] + t, s->e[j] + t, n - t);
    }
  }
  s->count = (double)n;
  for (int j = 0; j < k; ++j) {
    double *row = s->gram + j * k;
    const double whole = row[j], pivot = whole - dot(row, row, j);
    if (j == k - 1) {
      s->sse = fmax(pivot, 0);
      row[j] = sqrt(s->sse);
      break;
    }
    const bool dependent = !(pivot > DEPENDENT * whole);
    row[j] = dependent ? 0 : sqrt(pivot);
    if (!dependent && j < s->dummies) {
      s->count -= 1;
      s->log_det += log(pivot);
    }
    for (int i = j + 1; i < k; ++i) {
      const double x = s->gram[i * k + j] - dot(s->gram + i * k, row, j);
      s->gram[i * k + j] = dependent ? 0 : x / row[j];
    }
  }
}

/* Half the mean of -2 log likelihood, less constants. */
static double cost(const double *x, int n, const void *user) {
  (void)n;
  search *s = (search *)(uintptr_t)user;
  const wsf__arima_data *data = s->data;
  read_parameters(x, &s->order, s->c);
  wsf__arma_set(&s->arma, &s->order, s->c);
  s->log_det = 0;
  if (s->exact) {
    if (!wsf__arma_start(&s->arma, &s->filter, s->work)) return INFINITY;
    for (int i = 0; i < s->k; ++i) memset(s->state[i], 0, (size_t)s->arma.r * sizeof **s->state);
    wsf__arma_filter_run(&s->arma, &s->filter, s->state, s->k, data->n, s->in, s->from, s->e,
                         &s->log_det);
    regress(s);
  } else {
    for (int i = 0; i < s->k; ++i) {
      const int64_t from = s->from[i] > s->arma.p ? s->from[i] : s->arma.p;
      wsf__arma_conditional(&s->arma, data->n, from, s->in[i], s->e[i]);
    }
    regress(s);
    s->log_det = 0;
    s->count -= s->arma.p;
  }
  return 0.5 * (log(fmax(s->sse, NOTHING * s->count) / s->count) + s->log_det / s->count);
}

static bool make_room(search *s, wsf__arena *scratch) {
  const size_t n = (size_t)s->data->n, k = (size_t)s->k;
  if (!wsf__arma_new(&s->arma, &s->order, scratch)) return false;
  const size_t r = (size_t)s->arma.r;
  s->work = wsf__arena_new(scratch, wsf__arma_work(&s->arma) + 2 * r, sizeof *s->work);
  s->in = wsf__arena_new(scratch, k, sizeof *s->in);
  s->e = wsf__arena_new(scratch, 2 * k, sizeof *s->e);
  s->from = wsf__arena_zero(scratch, k, sizeof *s->from);
  s->gram = wsf__arena_new(scratch, k * (k + 1), sizeof *s->gram);
  s->centred = wsf__arena_new(scratch, n, sizeof *s->centred);
  double *space = wsf__arena_new(scratch, k * (n + r), sizeof *space);
  if (!s->work || !s->in || !s->e || !s->from || !s->gram || !s->centred || !space) return false;
  s->filter.gain = s->work + wsf__arma_work(&s->arma);
  s->filter.change = s->filter.gain + r;
  s->state = s->e + k;
  s->solution = s->gram + k * k;
  for (size_t i = 0; i < k; ++i) {
    s->e[i] = space + i * (n + r);
    s->state[i] = s->e[i] + n;
  }
  return true;
}

/* Coefficients of the regressors after the last evaluation. */
static void solve(search *s) {
  const int k = s->k;
  for (int j = k - 2; j >= 0; --j) {
    double x = s->gram[(k - 1) * k + j];
    for (int i = j + 1; i < k - 1; ++i) x -= s->gram[i * k + j] * s->solution[i];
    const double pivot = s->gram[j * k + j];
    s->solution[j] = pivot > 0 ? x / pivot : 0;
  }
}

/* A moving average on its way to a unit root arrives: the likelihood is level there, and where the
 * search stops would depend on rounding. */
static bool snap(search *s, double *x) {
  const wsf__arima_order *o = &s->order;
  const int n = wsf__arima_count(o);
  bool moved = false;
  for (int i = 0; i < n; ++i) {
    const bool average = (i >= o->p && i < o->p + o->q) || i >= o->p + o->q + o->P;
    if (!average || !(fabs(x[i]) > FAR)) continue;
    const double before = x[i], at = cost(x, n, s);
    x[i] = copysign(ARRIVED, before);
    if (cost(x, n, s) <= at + TOLERANCE) {
      moved = true;
    } else {
      x[i] = before;
    }
  }
  return moved;
}

bool wsf__arima_maximise(wsf__arima_fit *out, const wsf__arima_data *data,
                         const wsf__arima_order *order, wsf__arima_method method, double *fill,
                         wsf__arena *scratch) {
  const wsf__mark mark = wsf__arena_mark(scratch);
  const int n = wsf__arima_count(order);
  search s = {.data = data, .order = *order, .dummies = data->columns - 2};
  s.k = s.dummies + order->constant + 1;
  *out = (wsf__arima_fit){.order = *order, .log_likelihood = -INFINITY};
  if (data->observed < n + order->constant + 1) return true;
  if (!make_room(&s, scratch)) return false;
  for (int i = 0; i < s.dummies; ++i) {
    const int64_t from = data->missing[i] - wsf__arima_lost(order);
    s.in[i] = data->column[2 + i];
    s.from[i] = from > 0 ? from : 0;
  }
  if (order->constant) s.in[s.dummies] = data->column[1];
  for (int64_t t = 0; t < data->n; ++t) {
    s.centred[t] = data->column[0][t] - (order->constant ? data->centre : 0);
  }
  s.in[s.k - 1] = s.centred;

  double x[WSF__ARIMA_PARAMETERS] = {0};
  wsf__minimum found = {.converged = true};
  if (method == WSF__CSS || (method == WSF__CSS_ML && n > 0 && s.dummies <= FEW_GAPS &&
                             data->observed - s.arma.p > 2 * (n + order->constant + 1))) {
    found = wsf__bfgs(cost, &s, n, x, method == WSF__CSS ? TOLERANCE : 1e-6, MOST_EVALUATIONS);
  }
  if (method != WSF__CSS) {
    /* Conditional sums like unit roots; the likelihood may have a maximum there too, a lower one.
     */
    for (int i = 0; i < n; ++i) x[i] = fmin(fmax(x[i], -START_MOST), START_MOST);
    s.exact = true;
    found = wsf__bfgs(cost, &s, n, x, TOLERANCE, MOST_EVALUATIONS);
    bool far = !isfinite(found.f);
    for (int i = 0; i < n; ++i) far = far || fabs(x[i]) > FAR;
    if (far) {
      double other[WSF__ARIMA_PARAMETERS] = {0};
      const wsf__minimum again = wsf__bfgs(cost, &s, n, other, TOLERANCE, MOST_EVALUATIONS);
      if (again.f < found.f || !isfinite(found.f)) {
        found = again;
        memcpy(x, other, sizeof x);
      }
    }
  }
  if (snap(&s, x)) found = wsf__bfgs(cost, &s, n, x, TOLERANCE, MOST_EVALUATIONS);
  const double least = cost(x, n, &s);
  if (isfinite(least)) {
    solve(&s);
    memcpy(out->c, s.c, sizeof out->c);
    out->constant = order->constant ? (s.solution[s.dummies] + data->centre) / data->scale : 0;
    const double observed = method == WSF__CSS ? (double)data->observed : s.count;
    out->log_likelihood =
        -observed * (least + 0.5 * (1 + log(2 * 3.14159265358979323846)) - log(data->scale));
    out->sse = s.sse;
    out->converged = found.converged;
    for (int i = 0; fill && i < s.dummies; ++i) {
      /* The dummy carries what must be added to the guess, with the sign of a regressor. */
      fill[i] = data->filled[data->missing[i]] - s.solution[i] / data->scale;
    }
  }
  wsf__arena_reset(scratch, mark);
  return true;
}
