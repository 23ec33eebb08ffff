/* Problem: models that know no trend (or no season), on a series that has one.
 *
 * Method: any model of y[t] - y[t - lag] (Box and Jenkins 1970, 4.1); its forecasts are added up,
 * each on the one `lag` steps before. A quantile stands as far from the mean as the root of the
 * summed squares of the distances of the steps added up: exact if the inner model's errors are
 * normal and independent from step to step.
 *
 * Limits: errors of the inner model that last (naive, ets) add up faster than that, so intervals
 * around such a model are too narrow: wrap this in conformal. A difference with a missing end is
 * missing. Where the history ends in a gap, its last value moves on by the mean difference. Not
 * fitted without a difference. No update: the inner model would be handed the values themselves.
 * State: the struct below. */
#include "models/combine/inner.h"

#include <math.h>

static const wsf__option options[] = {
    {"inner", WSF__CALL, NULL, 0, 0, "model", "the model of the differences"},
    {"lag", WSF__INT, "1", 1, 100000, NULL, "periods between the two values of a difference"}};

typedef struct difference_state {
  double skipped; /* periods before the first difference */
  double last[];  /* lag values, the last cycle of the history */
} difference_state;
enum { HEAD = sizeof(difference_state) / sizeof(double) };

/* The last cycle of y[n], gaps filled from the cycles before and, with no observation in any, from
 * the neighbour. */
static void last_cycle(double *last, const double *y, int64_t n, int64_t lag) {
  double sum = 0, count = 0;
  int64_t known = -1;
  for (int64_t t = lag; t < n; ++t) {
    if (isnan(y[t] - y[t - lag])) continue;
    sum += y[t] - y[t - lag];
    count += 1;
  }
  for (int64_t j = 0; j < lag; ++j) {
    int64_t t = n - lag + j;
    for (; t >= 0 && isnan(y[t]);) t -= lag;
    last[j] = t < 0 ? NAN : y[t] + sum / count * (double)((n - lag + j - t) / lag);
    if (t >= 0 && known < 0) known = j;
  }
  for (int64_t j = 0; j < known; ++j) last[j] = last[known];
  for (int64_t j = known; j < lag; ++j) last[j] = isnan(last[j]) ? last[j - 1] : last[j];
}

/* Puts differences in the place of values, from the first one on; false if there is none. */
static bool differences(wsf__series *s, int64_t lag) {
  double *y = wsf__series_values(s);
  for (int64_t t = s->n - 1; t >= lag; --t) y[t] -= y[t - lag];
  int64_t start = lag;
  while (start < s->n && isnan(y[start])) ++start;
  if (start >= s->n) return false;
  s->y += start;
  s->t0 += start;
  s->n -= start;
  return true;
}

static wsf_status fit(wsf__fit *f, const wsf__batch *b, wsf__fitted *out) {
  const int64_t lag = wsf__arg_int(out->node, "lag");
  wsf__series *copy = wsf__batch_copy(f, b);
  int32_t *reason = wsf__arena_new(f->scratch, (size_t)b->n, sizeof *reason);
  if (!copy || !reason) return wsf__fail_memory(f->err);
  int64_t n = 0;
  for (int64_t i = 0; i < b->n; ++i) {
    const wsf__series *s = &b->series[i];
    copy[n] = copy[i];
    if (!differences(&copy[n], lag)) {
      wsf__state_fail(out, s, wsf__count_observed(s->y, s->n) ? WSF__SHORT : WSF__EMPTY);
      continue;
    }
    reason[n] = wsf__extent_reason(wsf__extent_of(s->y, s->n));
    double *v = wsf__state_set(f, out, s, HEAD + lag, reason[n]);
    if (!v) return wsf__fail_memory(f->err);
    difference_state *d = (difference_state *)v;
    d->skipped = (double)(s->n - copy[n++].n);
    last_cycle(d->last, s->y, s->n, lag);
  }
  const wsf__batch changes = {n, copy};
  WSF__TRY(f->fit_inner(f, &changes, out->inner[0]));
  for (int64_t i = 0; i < n; ++i) {
    const int32_t inner = out->inner[0]->state[copy[i].slot].reason;
    if (inner >= WSF__NOT_FITTED)
      wsf__state_fail(out, &copy[i], inner);
    else if (inner > WSF__ZERO && reason[i] == WSF__OK)
      out->state[copy[i].slot].reason = inner;
  }
  return WSF_OK;
}

/* x[i] becomes the root of the summed squares of x[i], x[i - lag], .. with the sign of that sum if
 * each square has the sign of its x; nothing is squared that could overflow. */
static void add_distances(double *x, int64_t h, int64_t lag) {
  for (int64_t i = lag; i < h; ++i) {
    const double a = x[i], b = x[i - lag];
    const double longer = fmax(fabs(a), fabs(b)), shorter = fmin(fabs(a), fabs(b));
    const double size =
        (a < 0) == (b < 0) ? hypot(a, b) : sqrt(longer - shorter) * sqrt(longer + shorter);
    x[i] = copysign(size, fabs(a) >= fabs(b) ? a : b);
  }
}

static wsf_status predict(wsf__predict *p, const wsf__fitted *m, const wsf__series *s,
                          wsf__forecast *out) {
  const int64_t lag = wsf__arg_int(m->node, "lag"), h = out->h;
  const difference_state *d = (const difference_state *)m->state[s->slot].v;
  const int64_t skipped = (int64_t)fmin(d->skipped, (double)(s->n - 1));
  wsf__series inner = *s;
  inner.t0 += skipped;
  inner.n -= skipped;
  WSF__TRY(wsf__inner_delegate(p, m, 0, &inner, out));
  for (int k = 0; k < out->n_q; ++k) {
    double *x = out->quantile + k * h;
    for (int64_t i = 0; i < h; ++i) x[i] -= out->mean[i];
    add_distances(x, h, lag);
  }
  for (int64_t i = 0; i < h; ++i) out->mean[i] += i < lag ? d->last[i] : out->mean[i - lag];
  for (int k = 0; k < out->n_q; ++k) {
    for (int64_t i = 0; i < h; ++i) out->quantile[k * h + i] += out->mean[i];
  }
  return WSF_OK;
}

static bool check(const wsf__node *node, const wsf__panel *frame, const wsf__state *state) {
  (void)frame;
  const int64_t lag = wsf__arg_int(node, "lag");
  return state->n == HEAD + lag && wsf__state_finite(state) &&
         wsf__whole(state->v[0], (double)lag, WSF__LONGEST);
}

const wsf__model_class wsf__model_difference = {
    .spec = {.family = "model",
             .group = "combine",
             .name = "difference",
             .summary = "any model of the differences between periods or seasons",
             .source = "Box and Jenkins (1970), 4.1",
             .since = "0.1.0",
             .example = "average | difference(lag=12)",
             .options = options,
             .n_options = sizeof options / sizeof *options},
    .fit = fit,
    .predict = predict,
    .check = check,
};
