/* Seasonal ARIMA with automatic choice of the order: the word `arima`.
 *
 * Box, Jenkins, Reinsel and Ljung (2016); the search of Hyndman and Khandakar (2008), "Automatic
 * time series forecasting: the forecast package for R", with the conventions of R's Arima and
 * auto.arima for differences, mean, drift and the counting of parameters. The likelihood is exact,
 * missing values included. Forecasts are the filter's; intervals come from the psi weights and the
 * variance at n - d - m D - k degrees of freedom, without the uncertainty of the parameters.
 *
 * Update: the filter runs over what is appended with the parameters of the fit; a value missing
 * there counts as its forecast. State: what the filter needs for its next step, 3 r + d + m D
 * numbers with r = max(p + m P, q + m Q). A series too short for its order is forecast as a random
 * walk. Limits: seasons to 366. */
#include "models/local/arima.h"
#include "models/history.h"

#include <math.h>
#include <string.h>

static const wsf__option options[] = {
    {"order", WSF__INTS, "", 0, WSF__ARIMA_ORDER_MAX, NULL, "p, d and q; absent: chosen."},
    {"seasonal", WSF__INTS, "", 0, WSF__ARIMA_CYCLE_MAX, NULL,
     "P, D and Q; absent: chosen, or none if the order is given."},
    {"season", WSF__INT, "0", 0, WSF__ARIMA_SEASON_MAX, NULL,
     "Steps in a season; 0 is the data's."},
    {"mean", WSF__WORD, "auto", 0, 0, "auto|true|false",
     "Mean of a series that is not differenced; auto: yes for a given order, else by the "
     "criterion."},
    {"drift", WSF__WORD, "auto", 0, 0, "auto|true|false",
     "Drift of a series differenced once; auto: no for a given order, else by the criterion."},
    {"max_p", WSF__INT, "5", 0, WSF__ARIMA_ORDER_MAX, NULL, "Most autoregressive lags."},
    {"max_q", WSF__INT, "5", 0, WSF__ARIMA_ORDER_MAX, NULL, "Most moving-average lags."},
    {"max_P", WSF__INT, "2", 0, WSF__ARIMA_CYCLE_MAX, NULL, "Most seasonal autoregressive lags."},
    {"max_Q", WSF__INT, "2", 0, WSF__ARIMA_CYCLE_MAX, NULL, "Most seasonal moving-average lags."},
    {"max_d", WSF__INT, "2", 0, 2, NULL, "Most differences."},
    {"max_D", WSF__INT, "1", 0, 1, NULL, "Most seasonal differences."},
    {"max_order", WSF__INT, "5", 0, 32, NULL, "Most lags of all kinds, without stepwise search."},
    {"start_p", WSF__INT, "2", 0, WSF__ARIMA_ORDER_MAX, NULL, "p that the search begins with."},
    {"start_q", WSF__INT, "2", 0, WSF__ARIMA_ORDER_MAX, NULL, "q that the search begins with."},
    {"start_P", WSF__INT, "1", 0, WSF__ARIMA_CYCLE_MAX, NULL, "P that the search begins with."},
    {"start_Q", WSF__INT, "1", 0, WSF__ARIMA_CYCLE_MAX, NULL, "Q that the search begins with."},
    {"stepwise", WSF__FLAG, "true", 0, 0, NULL,
     "Search the neighbours only, instead of all orders."},
    {"ic", WSF__WORD, "aicc", 0, 0, "aicc|aic|bic", "Criterion that chooses the order."},
    {"method", WSF__WORD, "css_ml", 0, 0, "css_ml|ml|css",
     "Exact likelihood from a conditional start or from zero; or the conditional sum of squares."},
};

/* The state begins with this; then the coefficients, the filter's state, gain and change (r each),
 * the last d + m D values. */
typedef struct head {
  double p, d, q, P, D, Q, m, constant;
  double mean;           /* of the differences */
  double sigma;          /* standard deviation of the errors */
  double log_likelihood; /* of the fit */
  double criterion;
  double ahead; /* missing values at the end */
  double f, change, calm;
} head;
enum { HEAD = sizeof(head) / sizeof(double) };

static bool read_order(const head *h, wsf__arima_order *o) {
  if (!wsf__whole(h->p, 0, WSF__ARIMA_ORDER_MAX) || !wsf__whole(h->q, 0, WSF__ARIMA_ORDER_MAX) ||
      !wsf__whole(h->P, 0, WSF__ARIMA_CYCLE_MAX) || !wsf__whole(h->Q, 0, WSF__ARIMA_CYCLE_MAX) ||
      !wsf__whole(h->d, 0, WSF__ARIMA_ORDER_MAX) || !wsf__whole(h->D, 0, WSF__ARIMA_CYCLE_MAX) ||
      !wsf__whole(h->m, 1, WSF__ARIMA_SEASON_MAX) || !wsf__whole(h->constant, 0, 1)) {
    return false;
  }
  *o = (wsf__arima_order){(int)h->p, (int)h->d, (int)h->q, (int)h->P,
                          (int)h->D, (int)h->Q, (int)h->m, h->constant > 0};
  return true;
}

/* A state taken apart: the arrays lie in v. */
typedef struct machine {
  head *head;
  wsf__arima_order order;
  int lost;
  wsf__arma arma;
  wsf__arma_filter filter;
  double *coefficient, *state, *last;
  double *difference; /* [lost], in scratch */
} machine;

static int64_t state_size(const wsf__arima_order *o) {
  const int p = o->p + o->P * o->m, q = o->q + o->Q * o->m, r = p > q ? p : q > 0 ? q : 1;
  return HEAD + wsf__arima_count(o) + 3 * (int64_t)r + wsf__arima_lost(o);
}

/* false: no memory */
static bool take_apart(machine *x, double *v, wsf__arena *scratch) {
  x->head = (head *)v;
  (void)read_order(x->head, &x->order);
  x->lost = wsf__arima_lost(&x->order);
  x->difference = wsf__arena_new(scratch, (size_t)x->lost, sizeof *x->difference);
  if (!x->difference || !wsf__arma_new(&x->arma, &x->order, scratch)) return false;
  x->coefficient = v + HEAD;
  x->state = x->coefficient + wsf__arima_count(&x->order);
  x->filter = (wsf__arma_filter){.r = x->arma.r,
                                 .f = x->head->f,
                                 .m = x->head->change,
                                 .calm = (int)x->head->calm,
                                 .gain = x->state + x->arma.r,
                                 .change = x->state + 2 * x->arma.r};
  x->last = x->filter.change + x->arma.r;
  wsf__arma_set(&x->arma, &x->order, x->coefficient);
  wsf__arima_differences(&x->order, x->difference);
  return true;
}

/* What the last values contribute to the next one. */
static double carried(const machine *x, const double *end) {
  double sum = 0;
  for (int j = 1; j <= x->lost; ++j) sum += x->difference[j - 1] * end[-j];
  return sum;
}

static void step(machine *x, double y) {
  const double base = carried(x, x->last + x->lost);
  const double w = y - base - x->head->mean, *in = &w; /* NaN stays */
  double unused = 0;
  if (isnan(y)) y = base + x->head->mean + x->state[0];
  wsf__arma_filter_run(&x->arma, &x->filter, &x->state, 1, 1, &in, NULL, NULL, &unused);
  if (x->lost == 0) return;
  memmove(x->last, x->last + 1, (size_t)(x->lost - 1) * sizeof *x->last);
  x->last[x->lost - 1] = y;
}

static void advance(machine *x, const double *y, int64_t n) {
  for (int64_t t = 0; t < n; ++t) {
    if (isnan(y[t])) {
      x->head->ahead += 1;
      continue;
    }
    for (; x->head->ahead > 0; x->head->ahead -= 1) step(x, NAN);
    step(x, y[t]);
  }
  x->head->f = x->filter.f;
  x->head->change = x->filter.m;
  x->head->calm = x->filter.calm;
}

/* Keep a fit: run the filter over the series, whose gaps hold their expectations. */
static wsf_status keep_fit(wsf__fit *f, const wsf__series *s, wsf__fitted *out,
                           const wsf__arima_fit *fit, double sigma, double criterion,
                           const double *full, int64_t n, int64_t ahead, int32_t reason) {
  const wsf__arima_order *o = &fit->order;
  const int64_t size = state_size(o);
  double *v = wsf__state_set(f, out, s, size, reason);
  if (!v) return wsf__fail_memory(f->err);
  memset(v, 0, (size_t)size * sizeof *v);
  *(head *)v = (head){o->p,
                      o->d,
                      o->q,
                      o->P,
                      o->D,
                      o->Q,
                      o->m,
                      o->constant,
                      .mean = fit->constant,
                      .sigma = sigma,
                      .log_likelihood = isfinite(fit->log_likelihood) ? fit->log_likelihood : 0,
                      .criterion = isfinite(criterion) ? criterion : 0};
  memcpy(v + HEAD, fit->c, (size_t)wsf__arima_count(o) * sizeof *v);
  machine x;
  const wsf__mark mark = wsf__arena_mark(f->scratch);
  if (!take_apart(&x, v, f->scratch)) return wsf__fail_memory(f->err);
  double *work = wsf__arena_new(f->scratch, wsf__arma_work(&x.arma), sizeof *work);
  if (!work) return wsf__fail_memory(f->err);
  if (wsf__arma_start(&x.arma, &x.filter, work)) {
    memcpy(x.last, full, (size_t)x.lost * sizeof *full);
    advance(&x, full + x.lost, n - x.lost);
    x.head->ahead = (double)ahead;
  }
  if (!wsf__state_finite(&out->state[s->slot])) wsf__state_fail(out, s, WSF__NOT_FINITE);
  wsf__arena_reset(f->scratch, mark);
  return WSF_OK;
}

/* The mean of a constant, or a random walk: what needs no estimate but a variance. */
static wsf_status keep_simple(wsf__fit *f, const wsf__series *s, wsf__fitted *out, int64_t n,
                              int64_t ahead, int32_t reason) {
  wsf__arima_fit fit = {.order = {.m = 1, .d = 1}, .log_likelihood = -INFINITY};
  double squares = 0, count = 0, last = s->y[0];
  int64_t at = 0;
  for (int64_t t = 1; t < n; ++t) {
    if (isnan(s->y[t])) continue;
    const double x = (s->y[t] - last) / sqrt((double)(t - at));
    squares = hypot(squares, x);
    count += 1;
    last = s->y[t];
    at = t;
  }
  const double sigma = count > 0 ? squares / sqrt(count) : 0;
  return keep_fit(f, s, out, &fit, sigma, 0, &last, 1, ahead, reason);
}

static wsf_status bad_option(const wsf__node *node, const char *option, int found, wsf_error *err) {
  wsf_status status =
      wsf__fail(err, WSF_E_VALUE, "%s has %d numbers where 3 were expected", option, found);
  wsf__error_at_byte(err, node->byte);
  return status;
}

static int read_choice(const wsf__node *node, const char *option) {
  return wsf__arg_is(node, option, "true") ? 1 : wsf__arg_is(node, option, "false") ? 0 : -1;
}

static wsf_status read_request(const wsf__node *node, const wsf__panel *panel,
                               wsf__arima_request *r, wsf_error *err) {
  const wsf__value *order = wsf__arg(node, "order"), *cycle = wsf__arg(node, "seasonal");
  *r = (wsf__arima_request){.fixed_order = order->form == WSF__NUMBERS,
                            .fixed_cycle = cycle->form == WSF__NUMBERS,
                            .stepwise = wsf__arg_flag(node, "stepwise"),
                            .max_p = (int)wsf__arg_int(node, "max_p"),
                            .max_q = (int)wsf__arg_int(node, "max_q"),
                            .max_P = (int)wsf__arg_int(node, "max_P"),
                            .max_Q = (int)wsf__arg_int(node, "max_Q"),
                            .max_d = (int)wsf__arg_int(node, "max_d"),
                            .max_D = (int)wsf__arg_int(node, "max_D"),
                            .max_order = (int)wsf__arg_int(node, "max_order"),
                            .start_p = (int)wsf__arg_int(node, "start_p"),
                            .start_q = (int)wsf__arg_int(node, "start_q"),
                            .start_P = (int)wsf__arg_int(node, "start_P"),
                            .start_Q = (int)wsf__arg_int(node, "start_Q")};
  if (r->fixed_order && order->n != 3) return bad_option(node, "order", order->n, err);
  if (r->fixed_cycle && cycle->n != 3) return bad_option(node, "seasonal", cycle->n, err);
  const int64_t m = wsf__season_of(node, panel);
  r->order.m = m > WSF__ARIMA_SEASON_MAX ? 1 : (int)m;
  if (r->fixed_order) {
    r->order.p = (int)order->numbers[0];
    r->order.d = (int)order->numbers[1];
    r->order.q = (int)order->numbers[2];
    if (!r->fixed_cycle) r->fixed_cycle = true;
  }
  if (cycle->form == WSF__NUMBERS && r->order.m > 1) {
    r->order.P = (int)cycle->numbers[0];
    r->order.D = (int)cycle->numbers[1];
    r->order.Q = (int)cycle->numbers[2];
  }
  r->mean = read_choice(node, "mean");
  r->drift = read_choice(node, "drift");
  r->ic = wsf__arg_is(node, "ic", "bic") ? 'b' : wsf__arg_is(node, "ic", "aic") ? 'a' : 'c';
  r->method = wsf__arg_is(node, "method", "css")  ? WSF__CSS
              : wsf__arg_is(node, "method", "ml") ? WSF__ML
                                                  : WSF__CSS_ML;
  return WSF_OK;
}

static wsf_status fit_one(wsf__fit *f, const wsf__series *s, const wsf__arima_request *r,
                          wsf__fitted *out) {
  int64_t n = s->n, start = 0;
  while (n > 0 && isnan(s->y[n - 1])) --n;
  while (start < n && isnan(s->y[start])) ++start;
  if (start == n) {
    wsf__state_fail(out, s, WSF__EMPTY);
    return WSF_OK;
  }
  const double *y = s->y + start;
  const int64_t ahead = s->n - n;
  n -= start;
  wsf__series trimmed = *s;
  trimmed.y = y;
  const int32_t kind = wsf__extent_reason(wsf__extent_of(y, n));
  if (kind != WSF__OK) return keep_simple(f, &trimmed, out, n, ahead, kind);

  const wsf__mark mark = wsf__arena_mark(f->scratch);
  wsf__arima_fit best;
  wsf__arima_data data;
  double criterion;
  WSF__TRY(wsf__arima_search(&best, &criterion, &data, y, n, r, f->env, f->scratch, f->err));
  wsf_status status = WSF_OK;
  if (!isfinite(best.log_likelihood)) {
    status = keep_simple(f, &trimmed, out, n, ahead, WSF__REPLACED);
  } else {
    const double free =
        (double)(data.observed - wsf__arima_count(&best.order)) - best.order.constant;
    const double sigma = sqrt(best.sse / fmax(free, 1)) / data.scale;
    status = keep_fit(f, &trimmed, out, &best, sigma, criterion, data.filled, n, ahead,
                      best.converged ? WSF__OK : WSF__NO_CONVERGENCE);
  }
  wsf__arena_reset(f->scratch, mark);
  return status;
}

static wsf_status fit(wsf__fit *f, const wsf__batch *b, wsf__fitted *out) {
  wsf__arima_request r;
  WSF__TRY(read_request(out->node, f->panel, &r, f->err));
  for (int64_t i = 0; i < b->n; ++i) WSF__TRY(fit_one(f, &b->series[i], &r, out));
  return WSF_OK;
}

static wsf_status predict(wsf__predict *p, const wsf__fitted *m, const wsf__series *s,
                          wsf__forecast *out) {
  const wsf__state *state = &m->state[s->slot];
  const wsf__mark mark = wsf__arena_mark(p->scratch);
  double *v = wsf__arena_new(p->scratch, (size_t)state->n, sizeof *v);
  machine x;
  if (!v) return wsf__fail_memory(p->err);
  memcpy(v, state->v, (size_t)state->n * sizeof *v);
  if (!take_apart(&x, v, p->scratch)) return wsf__fail_memory(p->err);
  const int64_t ahead = (int64_t)x.head->ahead, steps = ahead + out->h;
  double *level = wsf__arena_new(p->scratch, (size_t)(x.lost + steps), sizeof *level);
  double *psi = wsf__arena_new(p->scratch, (size_t)(steps + out->h), sizeof *psi);
  if (!level || !psi) return wsf__fail_memory(p->err);
  memcpy(level, x.last, (size_t)x.lost * sizeof *level);
  double *a = x.state;
  for (int64_t t = 0; t < steps; ++t) {
    const double w = a[0];
    for (int i = 0; i < x.arma.r; ++i) {
      a[i] = (i + 1 < x.arma.r ? a[i + 1] : 0) + x.arma.ar[i] * w;
    }
    double *at = level + x.lost + t;
    *at = carried(&x, at) + x.head->mean + w;
    if (t >= ahead) out->mean[t - ahead] = *at;
  }
  if (out->n_q > 0) {
    double *sd = psi + steps, sum = 0;
    wsf__arima_psi(&x.arma, x.difference, x.lost, steps, psi);
    for (int64_t t = 0; t < steps; ++t) {
      sum += psi[t] * psi[t];
      if (t >= ahead) sd[t - ahead] = x.head->sigma * sqrt(sum);
    }
    wsf__forecast_normal(out, sd);
  }
  wsf__arena_reset(p->scratch, mark);
  return WSF_OK;
}

static wsf_status update(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                         wsf__fitted *out) {
  double *v = wsf__state_copy(f, old, s, out);
  if (!v) return wsf__fail_memory(f->err);
  const wsf__mark mark = wsf__arena_mark(f->scratch);
  machine x;
  if (!take_apart(&x, v, f->scratch)) return wsf__fail_memory(f->err);
  advance(&x, s->y, s->n);
  if (!wsf__state_finite(&out->state[s->slot])) wsf__state_fail(out, s, WSF__NOT_FINITE);
  wsf__arena_reset(f->scratch, mark);
  return WSF_OK;
}

static bool stationary(const double *c, int n, double sign) {
  double x[WSF__ARIMA_PARAMETERS];
  for (int i = 0; i < n; ++i) x[i] = sign * c[i];
  return wsf__arima_roots_beyond(n, x, 1 - 1e-6); /* the fit may come close */
}

static bool check(const wsf__node *node, const wsf__panel *frame, const wsf__state *state) {
  (void)node;
  (void)frame;
  if (state->n < HEAD || !wsf__state_finite(state)) return false;
  const head *h = (const head *)state->v;
  wsf__arima_order o;
  if (!read_order(h, &o) || state->n != state_size(&o)) return false;
  if (!(h->sigma >= 0) || !wsf__whole(h->ahead, 0, WSF__ARIMA_GAP_MAX) || !(h->f >= 1) ||
      !wsf__whole(h->calm, 0, 2 * WSF__LONGEST)) {
    return false;
  }
  const double *c = state->v + HEAD;
  return stationary(c, o.p, 1) && stationary(c + o.p, o.q, -1) &&
         stationary(c + o.p + o.q, o.P, 1) && stationary(c + o.p + o.q + o.P, o.Q, -1);
}

const wsf__model_class wsf__model_arima = {
    .spec =
        {"model", "local", "arima",
         "Seasonal ARIMA by exact maximum likelihood, its order chosen by an information "
         "criterion.",
         "Hyndman and Khandakar (2008), Automatic time series forecasting: the forecast package "
         "for R; conventions of R's forecast::auto.arima",
         "0.1.0", "arima(order=[0,1,1], seasonal=[0,1,1])", options,
         sizeof options / sizeof *options},
    .fit = fit,
    .predict = predict,
    .update = update,
    .check = check,
};
