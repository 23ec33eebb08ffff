/* Problem: demand that is mostly zero, as of spare parts and slow sellers.
 *
 * Method: sizes of sales and intervals between them are smoothed apart, and the forecast is size
 * over interval (Croston 1972, "Forecasting and stock control for intermittent demands"). Variants:
 * classic, one alpha for both; optimised, an alpha of its own for each, in 0.1 .. 0.3, with the
 * least squared one-step errors; sba, classic times 1 - alpha / 2, which takes off most of its bias
 * (Syntetos and Boylan 2005, eq. 6). Both start at their first value; the first interval counts
 * from the first observation. Missing periods are skipped, in intervals too.
 *
 * Intervals: demand_sizes.c, with a sale as likely as one in `interval` (sba: less alpha / 2), but
 * no likelier than the periods since the last sale leave believable: a product that sold in every
 * period, and then in none for a year, is not certain to sell.
 * Limits: between sales nothing is learnt, so the forecast of a product that stopped selling stays.
 * State: the struct below, moved one period at a time; an update keeps the alphas. */
#include "math/elementary.h"
#include "models/local/demand_sizes.h"
#include "models/local/smoothing.h"

#include <math.h>

static const wsf__option options[] = {
    {"variant", WSF__WORD, "classic", 0, 0, "classic|optimised|sba",
     "classic: one alpha; optimised: alphas with the least squared errors; sba: classic without "
     "most of its bias"},
    {"alpha", WSF__REAL, "0.1", 0, 1, NULL,
     "weight of the newest size and interval; optimised finds its own"}};

typedef struct croston_state {
  wsf__extent extent;
  double size_alpha, interval_alpha;
  double size, interval; /* smoothed; 0 before the first sale */
  double since;          /* periods observed after the last sale */
  double sizes[];
} croston_state;
enum { HEAD = sizeof(croston_state) / sizeof(double) };

/* The largest chance of a sale under which so many periods without one are no rarer than RARE. */
static const double RARE = 0.01;
static double believable(double since) {
  return since > 0 ? 1 - wsf__pow(RARE, 1 / since) : 1;
}

/* Demand of a period. */
static double rate_of(const croston_state *c, const wsf__node *node) {
  const double bias = wsf__arg_is(node, "variant", "sba") ? 1 - c->interval_alpha / 2 : 1;
  return c->interval > 0 ? bias * c->size / c->interval : 0;
}

/* fitted: NULL, or [n] what was forecast of each period, from the first sale on. */
static void advance(croston_state *c, const wsf__node *node, const double *y, int64_t n,
                    double *fitted) {
  for (int64_t t = 0; t < n; ++t) {
    if (fitted && c->interval > 0) fitted[t] = rate_of(c, node);
    if (isnan(y[t])) continue;
    wsf__extent_add(&c->extent, y[t]);
    c->since += 1;
    if (y[t] == 0) continue;
    const bool first = c->interval == 0;
    c->size = first ? y[t] : c->size + c->size_alpha * (y[t] - c->size);
    c->interval = first ? c->since : c->interval + c->interval_alpha * (c->since - c->interval);
    c->since = 0;
  }
}

static wsf_status find_alphas(wsf__fit *f, croston_state *c, const wsf__series *s, int64_t sales) {
  double *size = wsf__arena_new(f->scratch, (size_t)sales, sizeof *size);
  double *interval = wsf__arena_new(f->scratch, (size_t)sales, sizeof *interval);
  if (!size || !interval) return wsf__fail_memory(f->err);
  int64_t k = 0;
  double since = 0;
  for (int64_t t = 0; t < s->n; ++t) {
    if (isnan(s->y[t])) continue;
    since += 1;
    if (s->y[t] == 0) continue;
    size[k] = s->y[t];
    interval[k++] = since;
    since = 0;
  }
  c->size_alpha = wsf__smooth_alpha(size, sales, 0.1, 0.3);
  c->interval_alpha = wsf__smooth_alpha(interval, sales, 0.1, 0.3);
  return WSF_OK;
}

static wsf_status fit_series(wsf__fit *f, const wsf__series *s, wsf__fitted *out) {
  if (wsf__count_observed(s->y, s->n) == 0) {
    wsf__state_fail(out, s, WSF__EMPTY);
    return WSF_OK;
  }
  const int64_t sales = wsf__count_sales(s->y, s->n);
  double *v = wsf__demand_state(f, out, s, HEAD, NULL);
  if (!v) return wsf__fail_memory(f->err);
  croston_state *c = (croston_state *)v;
  c->extent = wsf__extent_of(s->y, s->n);
  c->size_alpha = c->interval_alpha = wsf__arg_number(out->node, "alpha");
  if (sales > 0 && wsf__arg_is(out->node, "variant", "optimised")) {
    WSF__TRY(find_alphas(f, c, s, sales));
  }
  advance(c, out->node, s->y, s->n, wsf__history_of(out, s));
  out->state[s->slot].reason = wsf__extent_reason(c->extent);
  return WSF_OK;
}

static wsf_status update(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                         wsf__fitted *out) {
  double *v = wsf__demand_state(f, out, s, HEAD, &old->state[s->slot]);
  if (!v) return wsf__fail_memory(f->err);
  croston_state *c = (croston_state *)v;
  advance(c, out->node, s->y, s->n, wsf__history_of(out, s));
  out->state[s->slot].reason = wsf__extent_reason(c->extent);
  return WSF_OK;
}

static wsf_status predict(wsf__predict *p, const wsf__fitted *m, const wsf__series *s,
                          wsf__forecast *out) {
  const wsf__state *state = &m->state[s->slot];
  const croston_state *c = (const croston_state *)state->v;
  const bool sba = wsf__arg_is(m->node, "variant", "sba");
  const double bias = sba ? 1 - c->interval_alpha / 2 : 1;
  const double sale = c->interval > 0 ? fmin(bias / c->interval, believable(c->since)) : 0;
  return wsf__forecast_demand(p, out, rate_of(c, m->node), sale, c->sizes, state->n - HEAD);
}

static bool check(const wsf__node *node, const wsf__panel *frame, const wsf__state *state) {
  (void)node;
  (void)frame;
  if (state->n < HEAD || state->n > HEAD + WSF__SIZES || !wsf__state_finite(state)) return false;
  const croston_state *c = (const croston_state *)state->v;
  const bool sold = state->n > HEAD;
  return c->size_alpha >= 0 && c->size_alpha <= 1 && c->interval_alpha >= 0 &&
         c->interval_alpha <= 1 && (sold ? c->interval >= 1 : c->interval == 0 && c->size == 0) &&
         wsf__whole(c->since, 0, WSF__LONGEST);
}

const wsf__model_class wsf__model_croston = {
    .spec = {.family = "model",
             .group = "local",
             .name = "croston",
             .summary = "intermittent demand: smoothed sizes over smoothed intervals",
             .source = "Croston (1972); Syntetos and Boylan (2005)",
             .since = "0.1.0",
             .example = "croston(sba)",
             .options = options,
             .n_options = sizeof options / sizeof *options},
    .fit_series = fit_series,
    .predict_series = predict,
    .blocks = true,
    .update = update,
    .check = check,
    .promise = {.constant = WSF__ROUNDING,
                .units = WSF__EPSILON,
                .level = WSF__EPSILON,
                .why = "a ratio is rounded"},
};
