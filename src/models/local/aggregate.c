/* Problem: sums of intermittent demand over blocks of periods have few zeros, and can be smoothed
 * like any other series.
 *
 * Method: blocks stand one after the other up to the last observation (what is left over at the
 * beginning is not used); their sums are smoothed with the alpha in 0.1 .. 0.3 that has the least
 * squared errors, and the last level is spread evenly over a block. The mean interval counts from
 * the first observation to the last sale, as published implementations have it, and halves round
 * to even. Missing periods are left out before blocks are cut.
 *
 * One step ahead a period is what blocks that end right before it forecast, of the lengths and with
 * the alphas of the fit: the blocks that end at t and those that end at t - 1 have no sum in
 * common, so there is a recursion for each place in a block, and all of them together cost one
 * pass. A history shorter than a block is one block, as in a fit.
 *
 * Intervals: demand_sizes.c. Limits: no update, for appended observations cut the blocks anew.
 * State: the struct below. */
#include "models/local/aggregate.h"
#include "models/local/demand_sizes.h"
#include "models/local/smoothing.h"

#include <math.h>

typedef struct aggregate_state {
  double mean;  /* of one period */
  double share; /* of periods with a sale */
  double sizes[];
} aggregate_state;
enum { HEAD = sizeof(aggregate_state) / sizeof(double) };

static double mean_with(const double *y, int64_t n, int64_t block, double *sums, double *alpha) {
  const int64_t blocks = n / block;
  const double *from = y + n % block;
  for (int64_t b = 0; b < blocks; ++b) {
    sums[b] = 0;
    for (int64_t i = 0; i < block; ++i) sums[b] += from[b * block + i];
  }
  *alpha = wsf__smooth_alpha(sums, blocks, 0.1, 0.3);
  return wsf__smooth(sums, blocks, *alpha) / (double)block;
}

/* The sum of the last `block` values at each period that has them. None is taken off another, which
 * would leave its rounding behind: each is what remains of one stretch and what the next one has
 * had so far. */
static void sum_blocks(const double *y, int64_t n, int64_t block, double *sum) {
  for (int64_t start = 0; start + block <= n; start += block) {
    const int64_t end = start + block, next_end = end + block - 1 < n ? end + block - 1 : n;
    double rest = 0, next = 0;
    for (int64_t t = end - 1; t >= start; --t) {
      rest += y[t];
      if (t + block - 1 < n) sum[t + block - 1] = rest;
    }
    for (int64_t t = end; t < next_end; ++t) {
      next += y[t];
      sum[t] += next;
    }
  }
}

/* Add to ahead[k] what these blocks forecast after k observations, from a whole block on. */
static void add_ahead(const double *y, int64_t n, int64_t block, double alpha, double *level,
                      double *ahead) {
  sum_blocks(y, n, block, level);
  for (int64_t t = block - 1; t < n; ++t) {
    if (t >= 2 * block - 1) level[t] = level[t - block] + alpha * (level[t] - level[t - block]);
    ahead[t + 1] += level[t] / (double)block;
  }
}

static void fill_history(const wsf__series *s, const double *ahead, int64_t longest, bool all,
                         double *fitted) {
  int64_t k = 0;
  double sum = 0;
  for (int64_t t = 0; t < s->n; ++t) {
    const int64_t lengths = !all ? 1 : k < longest ? k : longest;
    if (k > 0) fitted[t] = !all && k < longest ? sum / (double)k : ahead[k] / (double)lengths;
    if (isnan(s->y[t])) continue;
    sum += s->y[t];
    ++k;
  }
}

wsf_status wsf__aggregate_fit(wsf__fit *f, const wsf__series *s, wsf__fitted *out, int64_t longest,
                              bool all) {
  const int64_t observed = wsf__count_observed(s->y, s->n);
  const int64_t sales = wsf__count_sales(s->y, s->n);
  if (observed == 0) {
    wsf__state_fail(out, s, WSF__EMPTY);
    return WSF_OK;
  }
  const int32_t reason = wsf__extent_reason(wsf__extent_of(s->y, s->n));
  double *v = wsf__demand_state(f, out, s, HEAD, NULL);
  double *y = wsf__arena_new(f->scratch, (size_t)observed, sizeof *y);
  double *sums = wsf__arena_new(f->scratch, (size_t)observed, sizeof *sums);
  double *ahead = wsf__arena_zero(f->scratch, (size_t)observed + 1, sizeof *ahead);
  if (!v || !y || !sums || !ahead) return wsf__fail_memory(f->err);
  out->state[s->slot].reason = reason;
  aggregate_state *a = (aggregate_state *)v;
  double *fitted = wsf__history_of(out, s), alpha;
  int64_t n = 0, last = 0;
  for (int64_t t = 0; t < s->n; ++t) {
    if (isnan(s->y[t])) continue;
    y[n++] = s->y[t];
    if (s->y[t] != 0) last = n;
  }
  if (longest == 0 && sales > 0) longest = (int64_t)nearbyint((double)last / (double)sales);
  longest = longest > n ? n : longest;
  if (longest < 1) longest = 1;
  const int64_t shortest = all ? 1 : longest;
  for (int64_t block = shortest; block <= longest; ++block) {
    if (wsf__stopped(f->env)) return wsf__fail_stopped(f->env, f->err);
    a->mean += mean_with(y, n, block, sums, &alpha) / (double)(longest - shortest + 1);
    if (fitted) add_ahead(y, n, block, alpha, sums, ahead);
  }
  if (fitted) fill_history(s, ahead, longest, all, fitted);
  a->share = (double)sales / (double)observed;
  return WSF_OK;
}

wsf_status wsf__aggregate_predict(wsf__predict *p, const wsf__fitted *m, const wsf__series *s,
                                  wsf__forecast *out) {
  const wsf__state *state = &m->state[s->slot];
  const aggregate_state *a = (const aggregate_state *)state->v;
  const int64_t n = state->n - HEAD;
  const double sale = wsf__sale_probability(a->mean, a->share, a->sizes, n);
  return wsf__forecast_demand(p, out, a->mean, sale, a->sizes, n);
}

bool wsf__aggregate_check(const wsf__node *node, const wsf__panel *frame, const wsf__state *state) {
  (void)node;
  (void)frame;
  if (state->n < HEAD || state->n > HEAD + WSF__SIZES || !wsf__state_finite(state)) return false;
  const aggregate_state *a = (const aggregate_state *)state->v;
  return a->share >= 0 && a->share <= 1 && (a->share > 0) == (state->n > HEAD);
}
