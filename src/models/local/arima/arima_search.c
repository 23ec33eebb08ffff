/* Choice of the ARIMA order.
 *
 * Hyndman and Khandakar (2008), section 3: differences by tests (analysis/unit_root.c), then a walk
 * over the orders: four starts, and from the best so far to the first neighbour that has a smaller
 * criterion, each of p, q, P, Q one up or down, both of a pair, with and without the constant. The
 * sequence of neighbours, the limits and, up to 1,000 observations, the rule that leaves out models
 * with a root within 1.01 of the unit circle are those of R's auto.arima. Up to there every
 * candidate has the exact likelihood, beyond the conditional one; the criteria count the
 * observations left by differencing. With two seasons or less, where R has no test, a plain one
 * (analysis/plain_season.c) is differenced; max_D=0 is R's answer. */
#include "models/local/arima/arima.h"

#include "analysis/ocsb.h"
#include "analysis/plain_season.h"
#include "linalg/linalg.h"
#include "math/elementary.h"

#include <math.h>
#include <string.h>

enum { MOST_MODELS = 94, MANY = 1000 /* observations: their first p no longer matter */ };
/* R's distance from a unit root; less with more observations, as an estimate of a unit root then is
 * closer to it (Dickey and Fuller 1979: its error falls as 1 / n). */
static const double MARGIN = 0.01, MARGIN_TIMES_N = 10;

double wsf__arima_criterion(const wsf__arima_fit *fit, const wsf__arima_data *data, char ic) {
  if (!isfinite(fit->log_likelihood)) return INFINITY;
  const double k = wsf__arima_count(&fit->order) + fit->order.constant + fit->rank + 1;
  const double n = (double)data->observed, base = -2 * fit->log_likelihood;
  if (ic == 'b') return base + wsf__ln(n) * k;
  if (ic == 'a') return base + 2 * k;
  return n - k - 1 > 0 ? base + 2 * k * n / (n - k - 1) : INFINITY;
}

/* Whether all roots keep their distance from the unit circle. */
static bool well_inside(const wsf__arima_fit *fit, const wsf__arima_data *data) {
  const double margin = 1 + fmin(MARGIN, MARGIN_TIMES_N / (double)data->observed);
  const wsf__arima_order *o = &fit->order;
  const double *c = fit->c;
  for (int block = 0; block < 4; ++block) {
    const int n = block == 0 ? o->p : block == 1 ? o->q : block == 2 ? o->P : o->Q;
    double x[WSF__ARIMA_PARAMETERS];
    for (int i = 0; i < n; ++i) x[i] = block % 2 ? -c[i] : c[i];
    const double radius = block < 2 ? margin : wsf__pow(margin, o->m);
    if (!wsf__arima_roots_beyond(n, x, radius)) return false;
    c += n;
  }
  return true;
}

typedef struct walk {
  const wsf__arima_request *request;
  const wsf__arima_data *data;
  wsf__arima_method method; /* by which orders are compared */
  wsf__arima_order tried[MOST_MODELS];
  int n_tried;
  wsf__arima_fit *best;
  double criterion;
  wsf__env *env;
  wsf__arena *scratch;
  wsf_error *err;
} walk;

static bool same(const wsf__arima_order *a, const wsf__arima_order *b) {
  return a->p == b->p && a->q == b->q && a->P == b->P && a->Q == b->Q && a->constant == b->constant;
}

/* Fit an order; *better tells whether it is the best so far. */
static wsf_status try_order(walk *w, const wsf__arima_order *o, bool *better) {
  wsf__arima_fit fit;
  *better = false;
  if (wsf__stopped(w->env)) return wsf__fail_stopped(w->env, w->err);
  if (!wsf__arima_maximise(&fit, w->data, o, w->method, NULL, w->scratch)) {
    return wsf__fail_memory(w->err);
  }
  const double criterion = wsf__arima_criterion(&fit, w->data, w->request->ic);
  if (criterion < w->criterion && well_inside(&fit, w->data)) {
    *w->best = fit;
    w->criterion = criterion;
    *better = true;
  }
  return WSF_OK;
}

/* The same once for every order, within the limits. */
static wsf_status consider(walk *w, wsf__arima_order o, bool *better) {
  *better = false;
  const wsf__arima_request *r = w->request;
  if (o.p < 0 || o.q < 0 || o.P < 0 || o.Q < 0 || o.p > r->max_p || o.q > r->max_q ||
      o.P > r->max_P || o.Q > r->max_Q || w->n_tried == MOST_MODELS) {
    return WSF_OK;
  }
  for (int i = 0; i < w->n_tried; ++i) {
    if (same(&w->tried[i], &o)) return WSF_OK;
  }
  w->tried[w->n_tried++] = o;
  return try_order(w, &o, better);
}

static int least(int a, int b) {
  return a < b ? a : b;
}

static wsf_status walk_steps(walk *w, const wsf__arima_order *base, bool may_toggle) {
  /* Changes of P, Q, p, q in the order in which they are tried. */
  static const signed char neighbour[][4] = {
      {-1, 0, 0, 0},  {0, -1, 0, 0}, {1, 0, 0, 0},  {0, 1, 0, 0},  {-1, -1, 0, 0}, {-1, 1, 0, 0},
      {1, -1, 0, 0},  {1, 1, 0, 0},  {0, 0, -1, 0}, {0, 0, 0, -1}, {0, 0, 1, 0},   {0, 0, 0, 1},
      {0, 0, -1, -1}, {0, 0, -1, 1}, {0, 0, 1, -1}, {0, 0, 1, 1}};
  enum { NEIGHBOURS = sizeof neighbour / sizeof *neighbour };
  const wsf__arima_request *r = w->request;
  wsf__arima_order at = *base;
  bool better;
  at.p = least(r->start_p, r->max_p), at.q = least(r->start_q, r->max_q);
  at.P = least(r->start_P, r->max_P), at.Q = least(r->start_Q, r->max_Q);
  const wsf__arima_order first[5] = {
      at,
      *base,
      {r->max_p > 0, at.d, 0, r->max_P > 0, at.D, 0, at.m, at.constant},
      {0, at.d, r->max_q > 0, 0, at.D, r->max_Q > 0, at.m, at.constant},
      {0, at.d, 0, 0, at.D, 0, at.m, false}};
  for (int i = 0; i < (at.constant && may_toggle ? 5 : 4); ++i) {
    WSF__TRY(consider(w, first[i], &better));
    /* Without the constant only the orders move: the walk goes on with it, as R's does. */
    if (better) {
      const bool constant = at.constant;
      at = first[i];
      at.constant = constant;
    }
  }
  for (bool moved = true; moved;) {
    moved = false;
    for (int i = 0; i < NEIGHBOURS && !moved; ++i) {
      wsf__arima_order o = at;
      o.P += neighbour[i][0], o.Q += neighbour[i][1];
      o.p += neighbour[i][2], o.q += neighbour[i][3];
      WSF__TRY(consider(w, o, &moved));
      if (moved) at = o;
    }
    if (!moved && may_toggle) {
      wsf__arima_order o = at;
      o.constant = !o.constant;
      WSF__TRY(consider(w, o, &moved));
      if (moved) at = o;
    }
  }
  return WSF_OK;
}

static wsf_status try_all(walk *w, const wsf__arima_order *base, bool may_toggle) {
  const wsf__arima_request *r = w->request;
  bool better;
  wsf__arima_order o = *base;
  for (o.p = 0; o.p <= r->max_p; ++o.p) {
    for (o.q = 0; o.q <= r->max_q; ++o.q) {
      for (o.P = 0; o.P <= r->max_P; ++o.P) {
        for (o.Q = 0; o.Q <= r->max_Q; ++o.Q) {
          if (wsf__arima_count(&o) > r->max_order) continue;
          o.constant = base->constant;
          WSF__TRY(try_order(w, &o, &better));
          o.constant = false;
          if (base->constant && may_toggle) WSF__TRY(try_order(w, &o, &better));
        }
      }
    }
  }
  return WSF_OK;
}

static int64_t shrink(int most, int64_t limit) {
  return most < limit ? most : limit;
}

/* What a regression on x leaves of y: the series that the tests for differences look at. */
static bool regress_out(double *out, const double *y, int64_t n, const double *const *x, int k,
                        wsf__arena *scratch) {
  memcpy(out, y, (size_t)n * sizeof *out);
  if (k == 0) return true;
  const size_t columns = (size_t)k + 1;
  double *a = wsf__arena_new(scratch, (size_t)n * columns, sizeof *a);
  double *b = wsf__arena_new(scratch, (size_t)n + columns, sizeof *b), *beta = b + n;
  if (!a || !b) return false;
  int rows = 0;
  for (int64_t t = 0; t < n; ++t) rows += !isnan(y[t]);
  if (rows <= k) return true;
  for (int64_t t = 0, row = 0; t < n; ++t) {
    if (wsf__cut_short(scratch)) return false;
    if (isnan(y[t])) continue;
    b[row] = y[t];
    a[row] = 1;
    for (int i = 0; i < k; ++i) a[(i + 1) * rows + row] = x[i][t];
    ++row;
  }
  if (wsf__least_squares(rows, k + 1, a, b, beta, NULL, 1e-9, scratch) < 0) return false;
  for (int64_t t = 0; t < n && !wsf__cut_short(scratch); ++t) {
    for (int i = 0; i < k; ++i) out[t] -= beta[1 + i] * x[i][t];
  }
  return true;
}

/* What the length of the series allows, and the two numbers of differences. */
static wsf_status settle(wsf__arima_request *r, const double *given, int64_t n,
                         const double *const *regressor, int regressors, wsf__arena *scratch,
                         wsf_error *err) {
  double *y = wsf__arena_new(scratch, (size_t)n, sizeof *y);
  if (!y || !regress_out(y, given, n, regressor, regressors, scratch)) return wsf__fail_memory(err);
  int64_t count = 0;
  for (int64_t t = 0; t < n; ++t) count += !isnan(y[t]);
  wsf__arima_order *o = &r->order;
  r->max_p = (int)shrink(r->max_p, count / 3);
  r->max_q = (int)shrink(r->max_q, count / 3);
  r->max_P = (int)shrink(r->max_P, count / 3 / o->m);
  r->max_Q = (int)shrink(r->max_Q, count / 3 / o->m);
  if (count <= 3) r->ic = 'a';
  if (o->m == 1) r->max_P = r->max_Q = 0;
  if (r->fixed_cycle) {
    r->max_P = r->start_P = o->P;
    r->max_Q = r->start_Q = o->Q;
  }
  if (n < 10) {
    r->start_p = least(r->start_p, 1), r->start_q = least(r->start_q, 1);
    if (!r->fixed_cycle) r->start_P = r->start_Q = 0;
  }
  const bool chosen = !r->fixed_cycle && r->given_D < 0;
  if (chosen && !(r->ocsb ? wsf__ocsb_differences : wsf__seasonal_differences)(&o->D, y, n, o->m,
                                                                               r->max_D, scratch)) {
    return wsf__fail_memory(err);
  }
  if (!r->fixed_cycle && r->given_D > 0 && o->m > 1 && n > o->m) o->D = r->given_D;
  /* Two cycles are too few for R's tests, not to see the season. */
  if (chosen && r->max_D > 0 && o->m > 1 && n > o->m && n <= 2 * (int64_t)o->m) {
    o->D = wsf__is_plain_season(y, n, o->m);
  }
  double *x = wsf__arena_new(scratch, (size_t)n, sizeof *x);
  if (!x) return wsf__fail_memory(err);
  memcpy(x, y, (size_t)n * sizeof *x);
  for (int i = 0; i < o->D; ++i) n = wsf__difference(x, n, o->m);
  if (r->given_d >= 0) {
    o->d = r->given_d < n ? r->given_d : 0;
  } else if (!wsf__differences_by(r->test, &o->d, x, n, r->max_d, scratch)) {
    return wsf__fail_memory(err);
  }
  for (int i = 0; i < o->d; ++i) n = wsf__difference(x, n, 1);
  if (wsf__is_flat(x, n)) {
    r->max_p = r->max_q = r->max_P = r->max_Q = 0;
  } else if (o->m > 1) {
    if (r->max_P > 0) r->max_p = least(r->max_p, o->m - 1);
    if (r->max_Q > 0) r->max_q = least(r->max_q, o->m - 1);
  }
  return WSF_OK;
}

static int constant_of(const wsf__arima_request *r, const wsf__arima_order *o) {
  const int differences = o->d + o->D;
  return differences == 0 ? r->mean : differences == 1 ? r->drift : 0;
}

wsf_status wsf__arima_search(wsf__arima_fit *best, double *criterion, wsf__arima_data *data,
                             wsf__arima_detail *detail, const double *y, int64_t n,
                             const double *const *x, int regressors,
                             const wsf__arima_request *request, wsf__env *env, wsf__arena *scratch,
                             wsf_error *err) {
  wsf__arima_request r = *request;
  *best = (wsf__arima_fit){.log_likelihood = -INFINITY};
  *criterion = INFINITY;
  if (!r.fixed_order) {
    const wsf__mark mark = wsf__arena_mark(scratch);
    WSF__TRY(settle(&r, y, n, x, regressors, scratch, err));
    wsf__arena_reset(scratch, mark);
  }
  wsf__arima_order o = r.order;
  if (n <= wsf__arima_lost(&o)) return WSF_OK;
  const int constant = constant_of(&r, &o);
  if (!wsf__arima_prepare(data, y, n, x, regressors, o.d, o.D, o.m, scratch)) {
    return wsf__fail_memory(err);
  }
  const bool approximate = r.approximate > 0 || (r.approximate < 0 && data->observed > MANY &&
                                                 data->dummies <= WSF__ARIMA_FEW_GAPS);
  walk w = {.request = &r,
            .data = data,
            .method = approximate ? WSF__CSS : r.method,
            .best = best,
            .criterion = INFINITY,
            .env = env,
            .scratch = scratch,
            .err = err};
  if (r.fixed_order) {
    o.constant = constant > 0 || (constant < 0 && o.d + o.D == 0);
    *best = (wsf__arima_fit){.order = o};
  } else {
    o.constant = constant != 0;
    WSF__TRY(r.stepwise ? walk_steps(&w, &o, constant < 0) : try_all(&w, &o, constant < 0));
    if (!isfinite(w.criterion)) return WSF_OK;
  }
  /* Once more: for the likelihood, the expectations of what is missing and the coefficients. */
  const wsf__arima_order chosen = best->order;
  const size_t coefficients = (size_t)regressors + 1;
  detail->fill = wsf__arena_new(scratch, (size_t)data->dummies, sizeof *detail->fill);
  detail->beta = wsf__arena_new(scratch, coefficients, sizeof *detail->beta);
  detail->root = wsf__arena_zero(scratch, coefficients * coefficients, sizeof *detail->root);
  if (!detail->fill || !detail->beta || !detail->root ||
      !wsf__arima_maximise(best, data, &chosen, r.method, detail, scratch)) {
    return wsf__fail_memory(err);
  }
  for (int i = 0; i < data->dummies && isfinite(best->log_likelihood); ++i) {
    data->filled[data->missing[i]] = detail->fill[i];
  }
  *criterion = wsf__arima_criterion(best, data, r.ic);
  return WSF_OK;
}
