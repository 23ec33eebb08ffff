/* Maximum likelihood of one ARIMA order.
 *
 * The series is differenced; the likelihood is that of the differences (Box and Jenkins), equal to
 * the diffuse likelihood of the series. Constant and missing values are regressors whose
 * coefficients are concentrated out by generalised least squares on their innovations; a missing
 * value is one with a flat prior, which adds log |X' V^-1 X| (Gomez, Maravall and Pena 1999,
 * "Missing observations in ARIMA models: skipping approach versus additive outlier approach"). The
 * variance is concentrated out too, so that the search is over the four polynomials: partial
 * autocorrelations sin(x) each, hence stationary and invertible everywhere; the information about
 * x is nearly the same everywhere, and a unit root is an ordinary stationary point. As in R's
 * arima the start is the minimum of the conditional sum of squares.
 *
 * Coefficients of given columns are held while the polynomials are searched, then found by least
 * squares of the innovations at the polynomials found, and so on until neither moves: the two
 * depend little on each other, as models/design.c says, and a step filters one column in place of
 * all. */
#include "models/local/arima/arima.h"

#include "math/elementary.h"
#include "math/stats.h"
#include "optim/optim.h"

#include <math.h>
#include <string.h>

/* Of half the mean of -2 log likelihood: the maximum, and the conditional start for it. */
static const double TOLERANCE = 1e-9, START = 1e-6;
static const double NOTHING = 1e-24, DEPENDENT = 1e-10;
static const double START_MOST = 1.1, NEAR_ONE = 0.999, ARRIVED = 1.5707963267948966 - 1e-5;
enum { MOST_EVALUATIONS = 4000, MOST_ROUNDS = 20, ONE_ROUND = 1 };

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

/* Taken off w and the regressors where there is a constant: a level would drown what they tell. */
static double mean_of(const double *x, int64_t n) {
  double sum = 0;
  for (int64_t t = 0; t < n; ++t) sum += x[t] / (double)n;
  return sum;
}

bool wsf__arima_prepare(wsf__arima_data *out, const double *y, int64_t n, const double *const *x,
                        int regressors, int d, int D, int m, wsf__arena *arena) {
  int64_t missing = 0;
  for (int64_t t = 0; t < n; ++t) missing += isnan(y[t]) != 0;
  const int lost = d + D * m, fixed = 2 + regressors;
  *out = (wsf__arima_data){
      .d = d, .D = D, .m = m, .n = n - lost, .regressors = regressors, .dummies = (int)missing};
  out->observed = out->n - missing;
  const size_t columns = (size_t)fixed;
  out->column = wsf__arena_new(arena, columns, sizeof *out->column);
  out->centre = wsf__arena_zero(arena, (size_t)fixed, sizeof *out->centre);
  out->filled = wsf__arena_new(arena, (size_t)n, sizeof *out->filled);
  out->missing = wsf__arena_new(arena, (size_t)missing, sizeof *out->missing);
  out->gap = wsf__arena_zero(arena, (size_t)out->n, sizeof *out->gap);
  if (!out->column || !out->centre || !out->filled || !out->missing || !out->gap) return false;
  for (size_t c = 0; c < columns; ++c) {
    out->column[c] = wsf__arena_zero(arena, (size_t)n, sizeof **out->column);
    if (!out->column[c] || wsf__cut_short(arena)) return false;
  }
  memcpy(out->filled, y, (size_t)n * sizeof *y);
  fill_gaps(out->filled, n);
  double *w = out->column[0];
  memcpy(w, out->filled, (size_t)n * sizeof *w);
  difference(w, n, d, D, m);
  const double mean = mean_of(w, out->n);
  double largest = 0;
  for (int64_t t = 0; t < out->n; ++t) largest = fmax(largest, fabs(w[t] - mean));
  out->scale = largest > 0 && isfinite(largest) ? 1 / wsf__power_of_two_below(largest) : 1;
  if (!isfinite(out->scale)) out->scale = 1;
  out->centre[0] = mean * out->scale;
  for (int64_t t = 0; t < out->n; ++t) {
    w[t] *= out->scale;
    out->column[1][t] = 1;
  }
  for (int i = 0; i < regressors && !wsf__cut_short(arena); ++i) {
    double *column = out->column[2 + i];
    memcpy(column, x[i], (size_t)n * sizeof *column);
    difference(column, n, d, D, m);
    out->centre[2 + i] = mean_of(column, out->n);
  }
  for (int64_t t = 0, i = 0; t < n; ++t) {
    if (!isnan(y[t])) continue;
    out->missing[i++] = t;
    if (t >= lost)
      out->gap[t - lost] = true;
    else
      ++out->early;
  }
  return true;
}

/* The search for one order. */
typedef struct search {
  const wsf__arima_data *data;
  wsf__arima_order order;
  wsf__arma arma;
  wsf__arma_trial trial;
  bool passes; /* over missing values after the first; else each is a regressor */
  wsf__arma_gaps gaps;
  int k, dummies, constant;  /* columns used: missing values, constant, regressors, w */
  int all;                   /* k with the regressors; without them they are held */
  const double **in, **held; /* [k] the columns; [k] the same without regressors */
  double *rest;              /* [n] w less what the regressors explain */
  double *difference;        /* [lost] */
  int64_t *from;             /* before it the column is zero */
  double *gram, *solution;   /* [k][k], [k] */
  double c[WSF__ARIMA_PARAMETERS];
  double sse, log_det, count; /* of the last lane valued */
} search;

static void read_block(const double *x, int n, double sign, double *c) {
  double r[WSF__ARIMA_PARAMETERS] = {0};
  for (int i = 0; i < n; ++i) r[i] = wsf__sin(x[i]);
  wsf__arima_from_partial(n, r, c);
  for (int i = 0; i < n; ++i) c[i] *= sign;
}

static void read_parameters(const double *x, const wsf__arima_order *o, double *c) {
  read_block(x, o->p, 1, c);
  read_block(x + o->p, o->q, -1, c + o->p);
  read_block(x + o->p + o->q, o->P, 1, c + o->p + o->q);
  read_block(x + o->p + o->q + o->P, o->Q, -1, c + o->p + o->q + o->P);
}

/* Cholesky of the innovations' cross products with w last: its pivot is the sum of squares left. */
static void regress(search *s, int lane, int stride) {
  const int k = s->k;
  for (int i = 0, at = lane; i < k; ++i) {
    for (int j = 0; j <= i; ++j, at += stride) s->gram[i * k + j] = s->trial.gram[at];
  }
  s->count = (double)(s->passes ? s->data->observed + s->data->early : s->data->n);
  for (int j = 0; j < k && !wsf__cut_short(s->trial.scratch); ++j) {
    double *row = s->gram + j * k;
    const double whole = row[j];
    double pivot = whole;
    for (int l = 0; l < j; ++l) pivot -= row[l] * row[l];
    if (j == k - 1) {
      s->sse = pivot < 0 ? 0 : pivot; /* NaN stays */
      row[j] = sqrt(s->sse);
      break;
    }
    const bool dependent = !(pivot > DEPENDENT * whole);
    row[j] = dependent ? 0 : sqrt(pivot);
    if (!dependent && j < s->dummies) {
      s->count -= 1;
      s->log_det += wsf__ln(pivot);
    }
    for (int i = j + 1; i < k; ++i) {
      double *other = s->gram + i * k, x = other[j];
      for (int l = 0; l < j; ++l) x -= other[l] * row[l];
      other[j] = dependent ? 0 : x / row[j];
    }
  }
}

static void try_all(search *s, int count) {
  if (s->passes)
    wsf__arma_try_gaps(&s->trial, &s->gaps, count);
  else
    wsf__arma_try(&s->trial, count);
}

/* Half the mean of -2 log likelihood, less constants, of `count` candidates. */
static void cost(const double *x, int count, int n, double *value, const void *user) {
  search *s = (search *)(uintptr_t)user;
  wsf__arma_trial *t = &s->trial;
  const int stride = wsf__arma_stride(count);
  for (int i = 0; i < count; ++i) value[i] = INFINITY;
  if (wsf__cut_short(t->scratch)) return;
  wsf__arma_trial_clear(t);
  for (int i = 0; i < count; ++i) {
    read_parameters(x + i * n, &s->order, s->c);
    wsf__arma_set(&s->arma, &s->order, s->c);
    wsf__arma_trial_put(t, &s->arma, i, count);
  }
  try_all(s, count);
  for (int i = 0; i < count; ++i) {
    if (!t->good[i]) continue;
    s->log_det = t->exact ? t->log_f[i] : 0;
    regress(s, i, stride);
    if (!t->exact) {
      s->log_det = 0;
      s->count -= s->arma.p;
    }
    if (!(s->sse >= 0)) continue;
    value[i] = 0.5 * (wsf__ln(fmax(s->sse, NOTHING * s->count) / s->count) + s->log_det / s->count);
  }
}

static double cost_at(search *s, const double *x) {
  double value;
  cost(x, 1, wsf__arima_count(&s->order), &value, s);
  return value;
}

/* Whether many values are missing: the filter passes over them at the cost of the state's square,
 * each as a regressor costs a column, and its products with the others. */
static bool passes_gaps(const wsf__arima_data *data, const wsf__arima_order *o,
                        wsf__arima_method method) {
  const int p = o->p + o->m * o->P, q = o->q + o->m * o->Q, r = p > q ? p : q;
  const double late = data->dummies - data->early, size = r + 1 + wsf__arima_lost(o);
  return method != WSF__CSS && late * (late + 2 * (r + 1)) > size * size;
}

static search search_for(const wsf__arima_data *data, const wsf__arima_order *order,
                         wsf__arima_method method) {
  const bool passes = passes_gaps(data, order, method);
  const int dummies = passes ? data->early : data->dummies;
  return (search){.data = data,
                  .order = *order,
                  .passes = passes,
                  .dummies = dummies,
                  .constant = order->constant,
                  .k = dummies + order->constant + data->regressors + 1};
}

/* The differences of a column that is 1 at the value with which difference `from` ends. NULL: no
 * memory. */
static const double *make_dummy(const search *s, int64_t from, wsf__arena *scratch) {
  const int64_t n = s->data->n;
  const int lost = wsf__arima_lost(&s->order);
  double *x = wsf__arena_zero(scratch, (size_t)n, sizeof *x);
  if (!x || wsf__cut_short(scratch)) return NULL;
  if (from >= 0) x[from] = 1;
  for (int i = 0; i < lost; ++i) {
    const int64_t at = from + i + 1;
    if (at >= 0 && at < n) x[at] -= s->difference[i];
  }
  return x;
}

static bool make_room(search *s, wsf__arena *scratch) {
  const wsf__arima_data *data = s->data;
  const size_t k = (size_t)s->k, fixed = 2 + (size_t)data->regressors;
  if (!wsf__arma_new(&s->arma, &s->order, scratch) ||
      !wsf__arma_trial_new(&s->trial, &s->arma, s->k, scratch) ||
      (s->passes && !wsf__arma_gaps_new(&s->gaps, &s->trial, &s->order, data->gap, scratch))) {
    return false;
  }
  s->difference = wsf__arena_new(scratch, (size_t)wsf__arima_lost(&s->order), sizeof(double));
  if (!s->difference) return false;
  wsf__arima_differences(&s->order, s->difference);
  s->in = wsf__arena_new(scratch, 2 * k, sizeof *s->in);
  s->from = wsf__arena_zero(scratch, k, sizeof *s->from);
  s->gram = wsf__arena_new(scratch, k * (k + 1), sizeof *s->gram);
  double *centred = wsf__arena_new(scratch, (fixed + 1) * (size_t)data->n, sizeof *centred);
  if (!s->in || !s->from || !s->gram || !centred) return false;
  s->solution = s->gram + k * k;
  memset(s->solution, 0, k * sizeof *s->solution);
  const double **in = s->in;
  s->all = s->k;
  for (int i = 0; i < s->dummies; ++i) {
    const int64_t from = data->missing[i] - wsf__arima_lost(&s->order);
    s->from[i] = from > 0 ? from : 0;
    *in = make_dummy(s, from, scratch);
    if (!*in++) return false;
  }
  if (s->constant) *in++ = data->column[1];
  for (int i = 1; i <= data->regressors + 1 && !wsf__cut_short(scratch); ++i, centred += data->n) {
    const int c = i <= data->regressors ? 1 + i : 0; /* w comes last */
    for (int64_t t = 0; t < data->n; ++t) {
      centred[t] = data->column[c][t] - (s->constant ? data->centre[c] : 0);
    }
    *in++ = centred;
  }
  s->rest = centred;
  s->held = s->in + k;
  const int kept = s->dummies + s->constant;
  memcpy(s->held, s->in, (size_t)kept * sizeof *s->held);
  s->held[kept] = s->rest;
  s->trial.n = data->n;
  s->trial.in = s->in;
  s->trial.from = s->dummies ? s->from : NULL;
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

static bool moving_average(const wsf__arima_order *o, int i) {
  return (i >= o->p && i < o->p + o->q) || i >= o->p + o->q + o->P;
}

/* A moving average on its way to a unit root arrives: the likelihood is level there, and where the
 * search stops would depend on rounding. */
static bool snap(search *s, double *x) {
  const wsf__arima_order *o = &s->order;
  const int n = wsf__arima_count(o);
  bool moved = false;
  for (int i = 0; i < n; ++i) {
    if (!moving_average(o, i) || !(fabs(wsf__sin(x[i])) > NEAR_ONE)) continue;
    const double before = x[i], at = cost_at(s, x);
    x[i] = copysign(ARRIVED, wsf__sin(before));
    if (cost_at(s, x) <= at + TOLERANCE) {
      moved = true;
    } else {
      x[i] = before;
    }
  }
  return moved;
}

/* The inverse of the trailing triangle of Cholesky's factor: rows of dependent columns are zero. */
static void invert(const search *s, double *root) {
  const int first = s->dummies, size = s->k - 1 - first;
  for (int j = 0; j < size; ++j) {
    for (int i = 0; i < size && !wsf__cut_short(s->trial.scratch); ++i) {
      const double *row = s->gram + (first + i) * s->k + first;
      double x = i == j;
      for (int l = j; l < i; ++l) x -= row[l] * root[l * size + j];
      root[i * size + j] = i < j || !(row[i] > 0) ? 0 : x / row[i];
    }
  }
}

/* Expectations of the missing values that the filter passed over. */
static bool fill_passed(search *s, double *fill, wsf__arena *scratch) {
  const wsf__arima_data *data = s->data;
  const size_t n = (size_t)data->n;
  double *found = wsf__arena_new(scratch, n, sizeof *found);
  s->gaps.record = wsf__arena_new(scratch, n, ((size_t)s->gaps.size + 2) * sizeof *found);
  if (!found || !s->gaps.record) return false;
  memcpy(s->rest, s->in[s->all - 1], n * sizeof *s->rest);
  for (int i = 0; i < s->all - 1; ++i) {
    for (int64_t t = 0; t < data->n; ++t) s->rest[t] -= s->solution[i] * s->in[i][t];
  }
  const double *rest = s->rest;
  s->trial.in = &rest;
  s->trial.k = 1;
  try_all(s, 1);
  s->trial.in = s->in;
  s->trial.k = s->k;
  if (!wsf__arma_expect_gaps(&s->gaps, &s->arma, data->n, found, scratch)) return false;
  for (int i = data->early; i < data->dummies; ++i) {
    const int64_t t = data->missing[i];
    fill[i] = data->filled[t] + found[t - wsf__arima_lost(&s->order)] / data->scale;
  }
  return true;
}

static bool keep(wsf__arima_fit *out, search *s, const wsf__arima_detail *detail,
                 wsf__arena *scratch) {
  const wsf__arima_data *data = s->data;
  const double *beta = s->solution + s->dummies + s->constant;
  solve(s);
  out->sse = s->sse;
  for (int i = s->dummies; i < s->k - 1; ++i) out->rank += s->gram[i * s->k + i] > 0;
  out->rank -= s->constant;
  memcpy(out->c, s->c, sizeof out->c);
  if (s->constant) {
    double level = s->solution[s->dummies] + data->centre[0];
    for (int i = 0; i < data->regressors; ++i) level -= beta[i] * data->centre[2 + i];
    out->constant = level / data->scale;
  }
  if (!detail) return true;
  for (int i = 0; i < s->dummies; ++i) {
    /* The dummy carries what must be added to the guess, with the sign of a regressor. */
    detail->fill[i] = data->filled[data->missing[i]] - s->solution[i] / data->scale;
  }
  for (int i = 0; i < data->regressors; ++i) detail->beta[i] = beta[i] / data->scale;
  invert(s, detail->root);
  const int size = s->k - 1 - s->dummies;
  for (int i = 0; i < size && s->constant; ++i) { /* of the columns as they were given */
    for (int j = 1; j < size; ++j) {
      detail->root[i * size] -= detail->root[i * size + j] * data->centre[1 + j];
    }
  }
  return !s->passes || fill_passed(s, detail->fill, scratch);
}

/* From here on trials filter all columns, or with the regressors held at b none of theirs. */
static void release(search *s) {
  s->k = s->trial.k = s->all;
  s->trial.in = s->in;
}
static void hold(search *s, const double *b) {
  const int first = s->dummies + s->constant, regressors = s->all - 1 - first;
  const double *w = s->in[s->all - 1];
  memcpy(s->rest, w, (size_t)s->data->n * sizeof *w);
  for (int i = 0; i < regressors && !wsf__cut_short(s->trial.scratch); ++i) {
    const double *x = s->in[first + i];
    if (b[i] == 0) continue;
    for (int64_t t = 0; t < s->data->n; ++t) s->rest[t] -= b[i] * x[t];
  }
  s->k = s->trial.k = first + 1;
  s->trial.in = s->held;
}

/* At x, by least squares; their likelihood. */
static double find_regressors(search *s, const double *x) {
  release(s);
  const double at = cost_at(s, x);
  if (isfinite(at)) solve(s);
  hold(s, s->solution + s->dummies + s->constant);
  return at;
}

/* A round leaves less than a hundredth of what it gained: so it ends before one gains nothing. */
static const double ENOUGH = 100;

static wsf__minimum minimise(search *s, double *x, double tolerance, int rounds) {
  const int n = wsf__arima_count(&s->order);
  wsf__minimum found;
  if (s->data->regressors == 0) {
    return wsf__bfgs_lanes(cost, s, WSF__ARMA_LANES, n, x, tolerance, MOST_EVALUATIONS);
  }
  double gain = 0;
  (void)find_regressors(s, x);
  do {
    found = wsf__bfgs_lanes(cost, s, WSF__ARMA_LANES, n, x, tolerance, MOST_EVALUATIONS);
    if (--rounds == 0 || !isfinite(found.f)) break;
    const double at = find_regressors(s, x);
    gain = found.f - at;
    found.f = at;
  } while (gain > ENOUGH * tolerance);
  release(s);
  return found;
}

bool wsf__arima_maximise(wsf__arima_fit *out, const wsf__arima_data *data,
                         const wsf__arima_order *order, wsf__arima_method method,
                         const wsf__arima_detail *detail, wsf__arena *scratch) {
  const wsf__mark mark = wsf__arena_mark(scratch);
  const int n = wsf__arima_count(order), coefficients = order->constant + data->regressors;
  search s = search_for(data, order, method);
  *out = (wsf__arima_fit){.order = *order, .log_likelihood = -INFINITY};
  if (data->observed < n + coefficients + 1) return true;
  if (!make_room(&s, scratch)) return false;

  double x[WSF__ARIMA_PARAMETERS] = {0};
  wsf__minimum found = {.converged = true};
  if (method == WSF__CSS ||
      (method == WSF__CSS_ML && n > 0 && data->dummies <= WSF__ARIMA_FEW_GAPS && !s.passes &&
       data->observed - s.arma.p > 2 * (n + coefficients + 1))) {
    found = method == WSF__CSS ? minimise(&s, x, TOLERANCE, MOST_ROUNDS)
                               : minimise(&s, x, START, ONE_ROUND);
  }
  if (method != WSF__CSS) {
    /* Conditional sums like unit roots; the likelihood may have a maximum there too, a lower one.
     */
    for (int i = 0; i < n; ++i)
      x[i] = fmin(fmax(wsf__asin(wsf__sin(x[i])), -START_MOST), START_MOST);
    s.trial.exact = true;
    found = minimise(&s, x, TOLERANCE, MOST_ROUNDS);
    bool far = !isfinite(found.f);
    for (int i = 0; i < n; ++i) far = far || fabs(wsf__sin(x[i])) > NEAR_ONE;
    if (far) {
      double other[WSF__ARIMA_PARAMETERS] = {0};
      const wsf__minimum again = minimise(&s, other, TOLERANCE, MOST_ROUNDS);
      if (again.f < found.f || !isfinite(found.f)) {
        found = again;
        memcpy(x, other, sizeof x);
      }
    }
  }
  if (snap(&s, x)) found = minimise(&s, x, TOLERANCE, MOST_ROUNDS);
  const double least = cost_at(&s, x);
  if (isfinite(least)) {
    if (!keep(out, &s, detail, scratch)) return false;
    const double observed = method == WSF__CSS ? (double)data->observed : s.count;
    out->log_likelihood = -observed * (least + 0.5 * (1 + wsf__ln(2 * 3.14159265358979323846)) -
                                       wsf__ln(data->scale));
    out->converged = found.converged;
  }
  wsf__arena_reset(scratch, mark);
  return true;
}

/* Half the mean of -2 log likelihood at coefficients c and beta, and its gradient along beta. */
typedef struct slice {
  search *s;
  const double *beta; /* [n] constant and regressors, as `solution` has them */
  int n;
  double squares; /* what beta leaves */
  double *u;      /* [n + 1] */
} slice;

static double look(const double *c, double *along, void *user) {
  slice *at = user;
  search *s = at->s;
  const int k = s->k, first = s->dummies, size = at->n + 1;
  wsf__arma_trial_clear(&s->trial);
  wsf__arma_set(&s->arma, &s->order, c);
  wsf__arma_trial_put(&s->trial, &s->arma, 0, 1);
  try_all(s, 1);
  if (!s->trial.good[0]) return NAN;
  s->log_det = s->trial.exact ? s->trial.log_f[0] : 0;
  regress(s, 0, wsf__arma_stride(1));
  if (!s->trial.exact) {
    s->log_det = 0;
    s->count -= s->arma.p;
  }
  /* The cross products left by the dummies are L L'; u = L' (-beta, 1), and their sum of squares
   * is what beta leaves. */
  at->squares = 0;
  for (int j = 0; j < size; ++j) {
    at->u[j] = 0;
    for (int i = j; i < size; ++i) {
      const double v = i < at->n ? -at->beta[i] : 1;
      at->u[j] += s->gram[(first + i) * k + first + j] * v;
    }
    at->squares += at->u[j] * at->u[j];
  }
  for (int i = 0; i < at->n; ++i) {
    double sum = 0;
    for (int j = 0; j <= i; ++j) sum += s->gram[(first + i) * k + first + j] * at->u[j];
    along[i] = -sum / at->squares;
  }
  return 0.5 * (wsf__ln(at->squares / s->count) + s->log_det / s->count);
}

static const double STEP = 1e-3; /* R's optimHess */

/* The Hessian h[m][m] of the coefficients c and then beta; false: a step leaves the region where
 * there is a likelihood. */
static bool find_hessian(const double *c, slice *at, double *along, double *h) {
  const search *s = at->s;
  const int n = wsf__arima_count(&s->order), m = n + at->n, k = s->k, first = s->dummies;
  double step[WSF__ARIMA_PARAMETERS];
  for (int i = 0; i < n; ++i) step[i] = STEP;
  if (!wsf__hessian(look, at, n, c, step, at->n, along, h)) return false;
  if (!isfinite(look(c, along, at))) return false;
  for (int i = 0; i < at->n; ++i) {
    for (int j = 0; j <= i; ++j) {
      double product = 0;
      for (int l = 0; l <= j; ++l) {
        product += s->gram[(first + i) * k + first + l] * s->gram[(first + j) * k + first + l];
      }
      h[(n + i) * m + n + j] = h[(n + j) * m + n + i] = product / at->squares;
    }
  }
  return true;
}

bool wsf__arima_errors(double *out, const wsf__arima_fit *fit, const wsf__arima_data *data,
                       wsf__arima_method method, wsf__arena *scratch) {
  const wsf__arima_order *o = &fit->order;
  const int n = wsf__arima_count(o), linear = o->constant + data->regressors, m = n + linear;
  search s = search_for(data, o, method);
  const size_t size = (size_t)m;
  double *h = wsf__arena_zero(scratch, size, size * sizeof *h);
  double *work = wsf__arena_new(scratch, size + 4, size * sizeof *work);
  double *a = wsf__arena_new(scratch, size + 1, 4 * sizeof *a), *beta = a + m + 1;
  if (!h || !work || !a || !make_room(&s, scratch)) return false;
  s.trial.exact = method != WSF__CSS;
  double *along = beta + m + 1;
  slice at = {.s = &s, .beta = beta, .n = linear, .u = beta + 2 * (m + 1)};
  for (int i = 0; i < m; ++i) out[i] = NAN;
  memset(beta, 0, (size_t)linear * sizeof *beta);
  if (m == 0 || !isfinite(look(fit->c, along, &at))) return true;
  solve(&s);
  memcpy(beta, s.solution + s.dummies, (size_t)linear * sizeof *beta);
  if (!find_hessian(fit->c, &at, along, h)) return true;
  for (int i = n; i < m; ++i) { /* a column that depends on others has no coefficient */
    if (!(h[i * m + i] > 0)) h[i * m + i] = 1;
  }
  for (int i = 0; i < m; ++i) {
    const double unit = i < n ? 1 : 1 / data->scale;
    const bool constant = o->constant && i == n;
    if (i >= n && s.gram[(s.dummies + i - n) * (s.k + 1)] == 0) continue;
    memset(a, 0, size * sizeof *a);
    a[i] = unit;
    for (int j = 0; constant && j < data->regressors; ++j)
      a[i + 1 + j] = -data->centre[2 + j] * unit;
    out[i] = wsf__error_along(h, m, a, work) / sqrt(s.count) / (constant && o->D ? o->m : 1);
  }
  return true;
}
