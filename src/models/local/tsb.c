/* Problem: intermittent demand of products that may stop selling, which croston never notices.
 *
 * Method: the size of a sale is smoothed when there is one, the probability of a sale in every
 * period; the forecast is probability times size (Teunter, Syntetos and Babai 2011, "Intermittent
 * demand: linking forecasting to inventory obsolescence", section 3). Both start at their first
 * value: the probability at 1 or 0. Missing periods are skipped.
 *
 * Intervals: demand_sizes.c. Limits: the constants are given, not estimated; with a first period
 * without a sale the probability starts at 0 and takes some 1 / beta periods to forget it.
 * State: the struct below, moved one period at a time, so an update equals a refit to the bit. */
#include "models/local/demand_sizes.h"

#include <math.h>

static const wsf__option options[] = {
    {"alpha", WSF__REAL, "0.1", 0, 1, NULL, "weight of the newest size"},
    {"beta", WSF__REAL, "0.1", 0, 1, NULL, "weight of the newest period in the probability"}};

typedef struct tsb_state {
  wsf__extent extent;
  double n;           /* periods observed */
  double sales;       /* of those, with a sale */
  double size;        /* smoothed; 0 before the first sale */
  double probability; /* smoothed */
  double sizes[];
} tsb_state;
enum { HEAD = sizeof(tsb_state) / sizeof(double) };

/* fitted: NULL, or [n] what was forecast of each period, from the second observation on. */
static void advance(tsb_state *b, const wsf__node *node, const double *y, int64_t n,
                    double *fitted) {
  const double alpha = wsf__arg_number(node, "alpha"), beta = wsf__arg_number(node, "beta");
  for (int64_t t = 0; t < n; ++t) {
    if (fitted && b->n > 0) fitted[t] = b->probability * b->size;
    if (isnan(y[t])) continue;
    wsf__extent_add(&b->extent, y[t]);
    const double sold = y[t] != 0;
    b->probability = b->n == 0 ? sold : b->probability + beta * (sold - b->probability);
    b->n += 1;
    if (sold == 0) continue;
    b->size = b->sales == 0 ? y[t] : b->size + alpha * (y[t] - b->size);
    b->sales += 1;
  }
}

static wsf_status fit_series(wsf__fit *f, const wsf__series *s, wsf__fitted *out) {
  if (wsf__count_observed(s->y, s->n) == 0) {
    wsf__state_fail(out, s, WSF__EMPTY);
    return WSF_OK;
  }
  double *v = wsf__demand_state(f, out, s, HEAD, NULL);
  if (!v) return wsf__fail_memory(f->err);
  tsb_state *b = (tsb_state *)v;
  b->extent = wsf__extent_of(s->y, s->n);
  advance(b, out->node, s->y, s->n, wsf__history_of(out, s));
  out->state[s->slot].reason = wsf__extent_reason(b->extent);
  return WSF_OK;
}

static wsf_status update(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                         wsf__fitted *out) {
  double *v = wsf__demand_state(f, out, s, HEAD, &old->state[s->slot]);
  if (!v) return wsf__fail_memory(f->err);
  tsb_state *b = (tsb_state *)v;
  advance(b, out->node, s->y, s->n, wsf__history_of(out, s));
  out->state[s->slot].reason = wsf__extent_reason(b->extent);
  return WSF_OK;
}

static wsf_status predict(wsf__predict *p, const wsf__fitted *m, const wsf__series *s,
                          wsf__forecast *out) {
  const wsf__state *state = &m->state[s->slot];
  const tsb_state *b = (const tsb_state *)state->v;
  return wsf__forecast_demand(p, out, b->probability * b->size, b->probability, b->sizes,
                              state->n - HEAD);
}

static bool check(const wsf__node *node, const wsf__panel *frame, const wsf__state *state) {
  (void)node;
  (void)frame;
  if (state->n < HEAD || state->n > HEAD + WSF__SIZES || !wsf__state_finite(state)) return false;
  const tsb_state *b = (const tsb_state *)state->v;
  return wsf__whole(b->n, 1, WSF__LONGEST) && wsf__whole(b->sales, 0, b->n) &&
         (b->sales > 0) == (state->n > HEAD) && b->probability >= 0 && b->probability <= 1;
}

const wsf__model_class wsf__model_tsb = {
    .spec = {.family = "model",
             .group = "local",
             .name = "tsb",
             .summary =
                 "intermittent demand that may end: smoothed probability times smoothed size",
             .source = "Teunter, Syntetos and Babai (2011)",
             .since = "0.1.0",
             .example = "tsb(alpha=0.2, beta=0.05)",
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
                .why = "a product is rounded"},
};
