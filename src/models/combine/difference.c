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
 * fitted without a difference.
 * State: the struct below, moved one period at a time. */
#include "models/combine/inner.h"
#include "math/elementary.h"
#include "models/components.h"
#include "models/paths.h"

#include <math.h>

static const wsf__option options[] = {
    {"inner", WSF__CALL, NULL, 0, 0, "model", "the model of the differences"},
    {"lag", WSF__INT, "1", 1, 100000, NULL, "periods between the two values of a difference"}};

typedef struct difference_state {
  wsf__extent extent;
  double n;          /* periods */
  double skipped;    /* of those, before the first difference */
  double sum, count; /* of the differences */
  struct {
    double at, value; /* the last observation at this place of the cycle; at -1: none */
  } cycle[];
} difference_state;
enum { HEAD = sizeof(difference_state) / sizeof(double) };

/* Moves the state over y[n] and writes the differences, which may stand where y stands. */
static void advance(difference_state *d, int64_t lag, const double *y, int64_t n, double *out) {
  for (int64_t t = 0; t < n; ++t, d->n += 1) {
    const int64_t place = (int64_t)d->n % lag;
    const double now = y[t];
    const bool both = d->cycle[place].at >= 0 && d->cycle[place].at == d->n - (double)lag;
    out[t] = both ? now - d->cycle[place].value : NAN;
    if (!isnan(out[t])) {
      d->sum += out[t];
      d->count += 1;
    }
    if (isnan(now)) continue;
    wsf__extent_add(&d->extent, now);
    d->cycle[place].at = d->n;
    d->cycle[place].value = now;
  }
}

/* The last cycle of the history, gaps filled from the cycles before and, with no observation in
 * any, from the neighbour. */
static void last_cycle(double *last, const difference_state *d, int64_t lag) {
  const int64_t start = (int64_t)d->n - lag;
  int64_t known = -1;
  for (int64_t j = 0; j < lag; ++j) {
    const int64_t place = (start + j) % lag, at = (int64_t)d->cycle[place].at;
    last[j] = NAN;
    if (at < 0) continue;
    const int64_t cycles = (start + j - at) / lag;
    last[j] = d->cycle[place].value + d->sum / d->count * (double)cycles;
    if (known < 0) known = j;
  }
  for (int64_t j = 0; j < known; ++j) last[j] = last[known];
  for (int64_t j = known; j < lag; ++j) last[j] = isnan(last[j]) ? last[j - 1] : last[j];
}

/* Puts differences in the place of values, from the first one on; false if there is none. */
static bool differences(difference_state *d, int64_t lag, wsf__series *s) {
  d->extent = wsf__extent_of(s->y, s->n);
  for (int64_t j = 0; j < lag; ++j) d->cycle[j].at = -1;
  advance(d, lag, s->y, s->n, wsf__series_values(s));
  if (d->count == 0) return false;
  int64_t start = 0;
  while (isnan(s->y[start])) ++start;
  d->skipped = (double)start;
  s->y += start;
  s->t0 += start;
  s->n -= start;
  return true;
}

/* No difference is zero, whatever the values' own zero means. */
static wsf__series with_zero(const wsf__series *s) {
  wsf__series changes = *s;
  changes.interval = false;
  changes.shift = 0;
  return changes;
}

static void set_reason(wsf__fitted *out, const wsf__series *s) {
  const difference_state *d = (const difference_state *)out->state[s->slot].v;
  wsf__state_reason(out, s, wsf__merged_reason(out->inner[0]->state[s->slot].reason, d->extent));
}

static wsf_status fit(wsf__fit *f, const wsf__batch *b, wsf__fitted *out) {
  const int64_t lag = wsf__arg_int(out->node, "lag");
  wsf__series *copy = wsf__batch_copy(f, b);
  if (!copy) return wsf__fail_memory(f->err);
  int64_t n = 0;
  for (int64_t i = 0; i < b->n; ++i) {
    const wsf__series *s = &b->series[i];
    copy[n] = with_zero(&copy[i]);
    if (wsf__count_observed(s->y, s->n) == 0 || s->n <= lag) {
      wsf__state_fail(out, s, wsf__count_observed(s->y, s->n) ? WSF__SHORT : WSF__EMPTY);
      continue;
    }
    double *v = wsf__state_set(f, out, s, HEAD + 2 * lag, WSF__OK);
    if (!v) return wsf__fail_memory(f->err);
    if (differences((difference_state *)v, lag, &copy[n]))
      ++n;
    else
      wsf__state_fail(out, s, WSF__SHORT);
  }
  const wsf__batch changes = {n, copy};
  WSF__TRY(f->fit_inner(f, &changes, out->inner[0]));
  for (int64_t i = 0; i < n; ++i) set_reason(out, &copy[i]);
  return WSF_OK;
}

static wsf_status update(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                         wsf__fitted *out) {
  double *y = wsf__arena_new(f->scratch, (size_t)s->n, sizeof *y);
  double *v = wsf__state_copy(f, old, s, out);
  if (!y || !v) return wsf__fail_memory(f->err);
  advance((difference_state *)v, wsf__arg_int(out->node, "lag"), s->y, s->n, y);
  wsf__series changes = with_zero(s);
  changes.y = y;
  WSF__TRY(f->update_inner(f, old->inner[0], &changes, out->inner[0]));
  set_reason(out, s);
  return WSF_OK;
}

/* x[i] becomes the distance that x[i], x[i - lag], .. make together. */
static void add_distances(double *x, int64_t h, int64_t lag) {
  for (int64_t i = lag; i < h; ++i) x[i] = wsf__distances_add(x[i], x[i - lag]);
}

/* Rows add up as the differences do. What was their base is the trend of the sum, whose own base
 * and season are those of the last cycle. */
static void explain(const wsf__forecast *out, int64_t lag, const double *last) {
  const wsf__components *c = out->components;
  if (!c) return;
  double level = 0;
  for (int64_t j = 0; j < lag; ++j) level += (last[j] - level) / (double)(j + 1);
  for (int k = 0; k < c->n; ++k) {
    for (int64_t i = lag; i < out->h; ++i) c->row[k].value[i] += c->row[k].value[i - lag];
  }
  double *base = c->row[0].value;
  for (int64_t i = 0; i < out->h; ++i) {
    wsf__explain(out, i, WSF__TREND, base[i]);
    wsf__explain(out, i, WSF__SEASON, last[i % lag] - level);
    base[i] = level;
  }
}

static void add_up(const double *last, int64_t lag, wsf__forecast *out) {
  const int64_t h = out->h;
  explain(out, lag, last);
  for (int k = 0; k < out->n_q && !wsf__forecast_stopped(out); ++k) {
    double *x = out->quantile + k * h;
    for (int64_t i = 0; i < h; ++i) x[i] -= out->mean[i];
    add_distances(x, h, lag);
  }
  for (int64_t k = -1; k < out->n_paths && !wsf__forecast_stopped(out); ++k) {
    double *x = k < 0 ? out->mean : out->path + k * h;
    for (int64_t i = 0; i < h; ++i) x[i] += i < lag ? last[i] : x[i - lag];
  }
  for (int k = 0; k < out->n_q && !wsf__forecast_stopped(out); ++k) {
    for (int64_t i = 0; i < h; ++i) out->quantile[k * h + i] += out->mean[i];
  }
}

/* One difference says how large the next ones are or how far they scatter: the inner model, which
 * saw one value, takes it for the first, the intervals for the second. */
static wsf_status doubt_only_one(wsf__predict *p, double difference, const wsf__series *s,
                                 wsf__forecast *out) {
  const wsf__mark mark = wsf__arena_mark(p->scratch);
  double *sd = wsf__arena_new(p->scratch, (size_t)out->h, sizeof *sd);
  if (!sd) return wsf__fail_memory(p->err);
  for (int64_t i = 0; i < out->h; ++i) sd[i] = fabs(difference);
  wsf__forecast_widen(out, NULL, sd);
  wsf__paths_widen(out, NULL, sd, out->h, p, s);
  wsf__arena_reset(p->scratch, mark);
  return WSF_OK;
}

static wsf_status predict(wsf__predict *p, const wsf__fitted *m, const wsf__batch *b,
                          wsf__forecast out[]) {
  const int64_t lag = wsf__arg_int(m->node, "lag");
  double *last = wsf__arena_new(p->scratch, (size_t)lag, sizeof *last);
  wsf__series *inner = wsf__arena_new(p->scratch, (size_t)b->n, sizeof *inner);
  if (!last || !inner) return wsf__fail_memory(p->err);
  for (int64_t i = 0; i < b->n; ++i) {
    const difference_state *d = (const difference_state *)m->state[b->series[i].slot].v;
    const int64_t skipped = (int64_t)fmin(d->skipped, (double)(b->series[i].n - 1));
    inner[i] = with_zero(&b->series[i]);
    inner[i].t0 += skipped;
    inner[i].n -= skipped;
  }
  const wsf__batch changes = {b->n, inner};
  WSF__TRY(wsf__inner_delegate(p, m, 0, &changes, out));
  for (int64_t i = 0; i < b->n; ++i) {
    const difference_state *d = (const difference_state *)m->state[b->series[i].slot].v;
    if (d->count == 1) WSF__TRY(doubt_only_one(p, d->sum, &b->series[i], &out[i]));
    last_cycle(last, d, lag);
    add_up(last, lag, &out[i]);
  }
  return WSF_OK;
}

static bool check(const wsf__node *node, const wsf__panel *frame, const wsf__state *state) {
  (void)frame;
  const int64_t lag = wsf__arg_int(node, "lag");
  if (state->n != HEAD + 2 * lag || !wsf__state_finite(state)) return false;
  const difference_state *d = (const difference_state *)state->v;
  if (!wsf__whole(d->n, (double)lag + 1, WSF__LONGEST)) return false;
  if (!wsf__whole(d->skipped, (double)lag, d->n - 1)) return false;
  if (!wsf__whole(d->count, 1, d->n)) return false;
  bool any = false;
  for (int64_t j = 0; j < lag; ++j) {
    const double at = d->cycle[j].at;
    if (at == -1) continue;
    if (!wsf__whole(at, 0, d->n - 1) || (int64_t)at % lag != j) return false;
    any = true;
  }
  return any;
}

/* An error of a difference is one of the value that ends it. */
static wsf_status history(wsf__fit *f, const wsf__fitted *out, const wsf__series *s) {
  (void)f;
  const wsf__history *inner = wsf__inner_history(out, 0, s);
  const int64_t skipped = s->n - inner->n;
  double *to = wsf__history_of(out, s) + skipped;
  for (int64_t t = 0; t < inner->n; ++t) to[t] = s->y[skipped + t] - (inner->y[t] - inner->v[t]);
  return WSF_OK;
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
    .update = update,
    .check = check,
    .promise = {.level = WSF__EPSILON, .needs_length = true, .why = "sums are rounded"},
    .history = history,
};
