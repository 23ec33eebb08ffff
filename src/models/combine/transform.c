/* Problem: a model that assumes a steady spread, on a series whose spread grows with its level.
 *
 * Method: the inner model sees w = ((y + offset)^lambda - 1) / lambda, the logarithm for lambda = 0
 * (Box and Cox 1964). Quantiles come back by the inverse. So would the mean, but what comes back is
 * then the median; with `bias` it is the mean of the inverse over the inner forecast's
 * distribution, by Gauss and Hermite's three points: 2/3 at its mean, 1/6 at each of its quantiles
 * at sqrt(3) standard deviations. To second order that is Guerrero's (1993) adjustment, but it can
 * neither explode nor leave the range of what it averages.
 *
 * Limits: with lambda <= 0 values must be positive, else not negative. Nothing comes back larger
 * than a thousand times the largest observation: a quantile past -1 / lambda has no inverse.
 * An update keeps lambda; observations without a transform end the fit (not_positive).
 * State: the struct below. */
#include "models/combine/transform.h"
#include "models/combine/inner.h"
#include "math/normal.h"

#include <math.h>

typedef struct transform_state {
  double lambda, offset;
  wsf__extent extent; /* of y: forecasts are negative only if some y was */
} transform_state;
enum { SIZE = sizeof(transform_state) / sizeof(double) };

static const double most_times = 1000;

static double forward(double x, double lambda) {
  return lambda == 0 ? log(x) : (pow(x, lambda) - 1) / lambda;
}

/* Whether all values so far have a transform. */
static bool takes(const transform_state *t) {
  const double least = t->extent.least + t->offset;
  return t->lambda > 0 ? least >= 0 : least > 0;
}

static double backward(const transform_state *t, double w) {
  const double most = fmin(most_times * (t->extent.largest + t->offset), 1e300);
  const double base = t->lambda * w + 1;
  double x = 0;
  if (t->lambda == 0)
    x = exp(w);
  else if (base > 0)
    x = pow(base, 1 / t->lambda);
  else if (t->lambda < 0)
    x = most;
  x = fmin(x, most) - t->offset;
  return t->extent.least < 0 ? x : fmax(x, 0);
}

static wsf_status transform_one(wsf__fit *f, wsf__fitted *out, wsf__series *s,
                                wsf__lambda_fn *lambda, double offset, bool *done) {
  transform_state t = {.offset = offset, .extent = wsf__extent_of(s->y, s->n)};
  *done = false;
  if (wsf__count_observed(s->y, s->n) == 0) {
    wsf__state_fail(out, s, WSF__EMPTY);
    return WSF_OK;
  }
  double *y = wsf__series_values(s);
  for (int64_t i = 0; i < s->n; ++i) y[i] += offset;
  if (t.extent.least + offset >= 0) t.lambda = lambda(f, out->node, s);
  if (!takes(&t)) {
    wsf__state_fail(out, s, WSF__NOT_POSITIVE);
    return WSF_OK;
  }
  double *v = wsf__state_set(f, out, s, SIZE, WSF__OK);
  if (!v) return wsf__fail_memory(f->err);
  *(transform_state *)v = t;
  for (int64_t i = 0; i < s->n; ++i) y[i] = forward(y[i], t.lambda);
  *done = true;
  return WSF_OK;
}

/* The model inside sees log(1) as zero; whether y is constant is for this one to say. */
static void set_reason(wsf__fitted *out, const wsf__series *s) {
  const transform_state *t = (const transform_state *)out->state[s->slot].v;
  wsf__state_reason(out, s, wsf__merged_reason(out->inner[0]->state[s->slot].reason, t->extent));
}

wsf_status wsf__transform_fit(wsf__fit *f, const wsf__batch *b, wsf__fitted *out,
                              wsf__lambda_fn *lambda, double offset) {
  wsf__series *copy = wsf__batch_copy(f, b);
  if (!copy) return wsf__fail_memory(f->err);
  int64_t n = 0;
  for (int64_t i = 0; i < b->n; ++i) {
    bool done;
    copy[n] = copy[i];
    WSF__TRY(transform_one(f, out, &copy[n], lambda, offset, &done));
    n += done;
  }
  const wsf__batch transformed = {n, copy};
  WSF__TRY(f->fit_inner(f, &transformed, out->inner[0]));
  for (int64_t i = 0; i < n; ++i) set_reason(out, &copy[i]);
  return WSF_OK;
}

wsf_status wsf__transform_update(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                                 wsf__fitted *out) {
  double *y = wsf__arena_new(f->scratch, (size_t)s->n, sizeof *y);
  double *v = wsf__state_copy(f, old, s, out);
  if (!y || !v) return wsf__fail_memory(f->err);
  transform_state *t = (transform_state *)v;
  for (int64_t i = 0; i < s->n; ++i) wsf__extent_add(&t->extent, s->y[i]);
  if (!takes(t)) {
    wsf__state_fail(out, s, WSF__NOT_POSITIVE);
    return WSF_OK;
  }
  for (int64_t i = 0; i < s->n; ++i) y[i] = forward(s->y[i] + t->offset, t->lambda);
  wsf__series transformed = *s;
  transformed.y = y;
  WSF__TRY(f->update_inner(f, old->inner[0], &transformed, out->inner[0]));
  set_reason(out, s);
  return WSF_OK;
}

/* The levels asked for and the two of the quadrature, ascending; at[k] is where level k went, then
 * those two. */
static void merge_levels(double *q, int *at, const wsf__forecast *out) {
  const double own[2] = {wsf__normal_cdf(-sqrt(3)), wsf__normal_cdf(sqrt(3))};
  int n = 0, k = 0;
  for (int o = 0; o <= 2; ++o) {
    for (; k < out->n_q && (o == 2 || out->q[k] < own[o]); ++k) {
      at[k] = n;
      q[n++] = out->q[k];
    }
    if (o == 2) break;
    at[out->n_q + o] = n;
    q[n++] = own[o];
  }
}

/* w is the forecast inside, with the levels that merge_levels made. */
static void bring_back(const transform_state *t, const int *at, const wsf__forecast *w,
                       wsf__forecast *out) {
  const double *lo = w->quantile + at[out->n_q] * w->h, *hi = w->quantile + at[out->n_q + 1] * w->h;
  for (int64_t i = 0; i < out->h; ++i) {
    const double middle = backward(t, w->mean[i]);
    out->mean[i] = middle + (backward(t, lo[i]) - middle) / 6 + (backward(t, hi[i]) - middle) / 6;
  }
  for (int k = 0; k < out->n_q; ++k) {
    for (int64_t i = 0; i < out->h; ++i) {
      out->quantile[k * out->h + i] = backward(t, w->quantile[at[k] * w->h + i]);
    }
  }
}

static wsf_status predict_unbiased(wsf__predict *p, const wsf__fitted *m, const wsf__batch *b,
                                   wsf__forecast out[]) {
  const size_t levels = (size_t)out[0].n_q + 2;
  double *q = wsf__arena_new(p->scratch, levels, sizeof *q);
  int *at = wsf__arena_new(p->scratch, levels, sizeof *at);
  wsf__forecast *w = wsf__arena_new(p->scratch, (size_t)b->n, sizeof *w);
  if (!q || !at || !w) return wsf__fail_memory(p->err);
  merge_levels(q, at, &out[0]);
  for (int64_t i = 0; i < b->n; ++i) {
    const wsf__forecast like = {.h = out[i].h, .n_q = (int)levels, .q = q};
    if (!wsf__forecast_like(&w[i], p->scratch, &like)) return wsf__fail_memory(p->err);
  }
  WSF__TRY(wsf__inner_delegate(p, m, 0, b, w));
  for (int64_t i = 0; i < b->n; ++i) {
    bring_back((const transform_state *)m->state[b->series[i].slot].v, at, &w[i], &out[i]);
  }
  return WSF_OK;
}

wsf_status wsf__transform_predict(wsf__predict *p, const wsf__fitted *m, const wsf__batch *b,
                                  wsf__forecast out[]) {
  if (wsf__arg_flag(m->node, "bias")) return predict_unbiased(p, m, b, out);
  WSF__TRY(wsf__inner_delegate(p, m, 0, b, out));
  for (int64_t j = 0; j < b->n; ++j) {
    const transform_state *t = (const transform_state *)m->state[b->series[j].slot].v;
    for (int64_t r = 0; r < wsf__forecast_rows(&out[j]); ++r) {
      double *row = wsf__forecast_row(&out[j], r);
      for (int64_t i = 0; i < out[j].h; ++i) row[i] = backward(t, row[i]);
    }
  }
  return WSF_OK;
}

bool wsf__transform_check(const wsf__node *node, const wsf__panel *frame, const wsf__state *state) {
  (void)node;
  (void)frame;
  if (state->n != SIZE || !wsf__state_finite(state)) return false;
  const transform_state *t = (const transform_state *)state->v;
  return fabs(t->lambda) <= 5 && t->extent.least <= t->extent.largest && takes(t);
}
