/* States of arima: their layout, one period of the filter, and what the coefficients' uncertainty
 * adds to a forecast's variance.
 *
 * The filter runs over the series less its regressors' part, and over the constant's and each
 * regressor's column beside it. A column ahead less its own forecast is what an error in its
 * coefficient moves the forecast by: generalised least squares' prediction variance (Harvey 1989,
 * "Forecasting, structural time series models and the Kalman filter", 3.4.1). */
#include "models/local/arima/arima_state.h"

#include "models/history.h"

#include <math.h>
#include <string.h>

void wsf__arima_measure(wsf__arima_shape *z) {
  const wsf__arima_order *o = &z->order;
  const int p = o->p + o->P * o->m, q = o->q + o->Q * o->m;
  z->r = p > q ? p : q > 0 ? q : 1;
  z->lost = wsf__arima_lost(o);
  z->regressors = z->names + 2 * z->pairs;
  z->coefficients = z->regressors + o->constant;
  z->size = WSF__ARIMA_HEAD + wsf__arima_count(o) + 3 * z->r + z->lost + z->regressors +
            (int64_t)z->coefficients * (z->coefficients + z->r) + z->regressors * z->lost;
}

bool wsf__arima_read_shape(const wsf__arima_head *h, wsf__arima_shape *z) {
  if (!wsf__whole(h->p, 0, WSF__ARIMA_ORDER_MAX) || !wsf__whole(h->q, 0, WSF__ARIMA_ORDER_MAX) ||
      !wsf__whole(h->P, 0, WSF__ARIMA_CYCLE_MAX) || !wsf__whole(h->Q, 0, WSF__ARIMA_CYCLE_MAX) ||
      !wsf__whole(h->d, 0, WSF__ARIMA_ORDER_MAX) || !wsf__whole(h->D, 0, WSF__ARIMA_CYCLE_MAX) ||
      !wsf__whole(h->m, 1, WSF__ARIMA_SEASON_MAX) || !wsf__whole(h->constant, 0, 1) ||
      !wsf__whole(h->names, 0, WSF__ARIMA_NAMES_MAX) ||
      !wsf__whole(h->pairs, 0, WSF__ARIMA_PAIRS_MAX)) {
    return false;
  }
  *z = (wsf__arima_shape){.order = {(int)h->p, (int)h->d, (int)h->q, (int)h->P, (int)h->D,
                                    (int)h->Q, (int)h->m, h->constant > 0},
                          .names = (int)h->names,
                          .pairs = (int)h->pairs};
  wsf__arima_measure(z);
  return true;
}

bool wsf__arima_take_apart(wsf__arima_machine *x, double *v, wsf__arena *scratch) {
  x->head = (wsf__arima_head *)v;
  (void)wsf__arima_read_shape(x->head, &x->shape);
  const wsf__arima_shape *z = &x->shape;
  x->lost = (int)z->lost;
  x->difference = wsf__arena_new(scratch, (size_t)x->lost, sizeof *x->difference);
  x->states = wsf__arena_new(scratch, (size_t)z->coefficients + 1, sizeof *x->states);
  x->w = wsf__arena_new(scratch, (size_t)z->coefficients + 1 + (size_t)z->regressors, sizeof *x->w);
  if (!x->difference || !x->states || !x->w || !wsf__arma_new(&x->arma, &z->order, scratch)) {
    return false;
  }
  x->row = x->w + z->coefficients + 1;
  x->coefficient = v + WSF__ARIMA_HEAD;
  x->state = x->coefficient + wsf__arima_count(&z->order);
  x->filter = (wsf__arma_filter){.f = x->head->f,
                                 .m = x->head->change,
                                 .calm = (int)x->head->calm,
                                 .gain = x->state + x->arma.r,
                                 .change = x->state + 2 * x->arma.r};
  x->last = x->filter.change + x->arma.r;
  x->beta = x->last + x->lost;
  x->root = x->beta + z->regressors;
  x->states[0] = x->state;
  for (int i = 0; i < z->coefficients; ++i) {
    x->states[1 + i] = x->root + z->coefficients * z->coefficients + i * z->r;
  }
  x->past = x->root + z->coefficients * (z->coefficients + z->r);
  wsf__arma_set(&x->arma, &z->order, x->coefficient);
  wsf__arima_differences(&z->order, x->difference);
  return true;
}

double wsf__arima_carried(const wsf__arima_machine *x, const double *end) {
  double sum = 0;
  for (int j = 1; j <= x->lost; ++j) sum += x->difference[j - 1] * end[-j];
  return sum;
}

static void append(const wsf__arima_machine *x, double *last, double value) {
  if (x->lost == 0) return;
  memmove(last, last + 1, (size_t)(x->lost - 1) * sizeof *last);
  last[x->lost - 1] = value;
}

double wsf__arima_explained(const wsf__arima_machine *x, const double *row) {
  double sum = 0;
  for (int i = 0; i < x->shape.regressors; ++i) sum += x->beta[i] * row[i];
  return sum;
}

double wsf__arima_expected(const wsf__arima_machine *x, const double *row) {
  return wsf__arima_carried(x, x->last + x->lost) + x->head->mean + x->state[0] +
         wsf__arima_explained(x, row);
}

void wsf__arima_step(wsf__arima_machine *x, double y, const double *row) {
  const wsf__arima_shape *z = &x->shape;
  const bool seen = !isnan(y);
  double *column = x->w + 1;
  const double base = wsf__arima_carried(x, x->last + x->lost) + x->head->mean;
  if (seen) y -= wsf__arima_explained(x, row);
  x->w[0] = y - base;
  if (z->order.constant) *column++ = seen ? 1 : NAN;
  for (int i = 0; i < z->regressors; ++i) {
    double *past = x->past + i * x->lost;
    const double from = wsf__arima_carried(x, past + x->lost);
    const double expected = from + x->states[1 + z->order.constant + i][0];
    column[i] = seen ? row[i] - from : NAN;
    append(x, past, seen ? row[i] : expected);
  }
  if (!seen) y = base + x->state[0];
  wsf__arma_step(&x->arma, &x->filter, x->states, 1 + z->coefficients, x->w);
  append(x, x->last, y);
}

void wsf__arima_settle(wsf__arima_machine *x) {
  x->head->f = x->filter.f;
  x->head->change = x->filter.m;
  x->head->calm = x->filter.calm;
}

double wsf__arima_expect(const wsf__arima_machine *x, double *a) {
  const double w = a[0];
  const int r = x->arma.r;
  for (int i = 0; i < r; ++i) a[i] = (i + 1 < r ? a[i + 1] : 0) + x->arma.ar[i] * w;
  return w;
}

/* Distance of column c from its expectation: `actual` its values ahead, NaN where the series was
 * missing. */
static void distance(const wsf__arima_machine *x, int c, const double *actual, int64_t steps,
                     double *level, double *out, const wsf__arena *scratch) {
  const bool constant = x->shape.order.constant && c == 0;
  const double *past = x->past + (c - x->shape.order.constant) * x->lost;
  for (int i = 0; i < x->lost; ++i) level[i] = constant ? 0 : past[i];
  for (int64_t t = 0; t < steps && !(t % 256 == 0 && wsf__cut_short(scratch)); ++t) {
    double *at = level + x->lost + t;
    *at = wsf__arima_carried(x, at) + wsf__arima_expect(x, x->states[1 + c]);
    out[t] = isnan(actual[t]) ? 0 : actual[t] - *at;
  }
}

wsf_status wsf__arima_uncertainty(wsf__arima_machine *x, const double *rows, int64_t steps,
                                  wsf__arena *scratch, wsf_error *err, double *out) {
  const int k = x->shape.coefficients, constant = x->shape.order.constant;
  double *level = wsf__arena_new(scratch, (size_t)(x->lost + 2 * steps), sizeof *level);
  double *d = wsf__arena_new(scratch, (size_t)steps * (size_t)k, sizeof *d);
  if (!level || !d) return wsf__fail_memory(err);
  double *actual = level + x->lost + steps;
  for (int c = 0; c < k; ++c) {
    if (constant && c == 0) { /* the sums of ones */
      memset(level, 0, (size_t)x->lost * sizeof *level);
      for (int64_t t = 0; t < steps && !(t % 256 == 0 && wsf__cut_short(scratch)); ++t) {
        level[x->lost + t] = actual[t] = 1 + wsf__arima_carried(x, level + x->lost + t);
      }
    } else {
      memcpy(actual, rows + (c - constant) * steps, (size_t)steps * sizeof *actual);
    }
    distance(x, c, actual, steps, level, d + c * steps, scratch);
  }
  for (int64_t t = 0; t < steps && !(t % 256 == 0 && wsf__cut_short(scratch)); ++t) {
    for (int i = 0; i < k; ++i) {
      double along = 0;
      for (int j = 0; j <= i; ++j) along += x->root[i * k + j] * d[j * steps + t];
      out[t] += along * along;
    }
  }
  return WSF_OK;
}
