/* Problem: forecast a level. `window(k)` is the mean of the last k observations; `naive` is k = 1,
 * the random walk (Hyndman and Athanasopoulos 2021, "Forecasting: principles and practice", 5.2).
 *
 * Intervals: a mean of k values has the mean age of exponential smoothing with alpha = 2 / (k + 1)
 * (Brown 1963), whose error grows as sigma^2 (1 + (h - 1) alpha^2) (the same book, table 8.8 row
 * ANN). For naive this is sigma sqrt(h), its 5.5. sigma^2 is the mean squared one-step error.
 *
 * Missing values: the last k observations count wherever they lie; an error after a gap of d steps
 * is divided by its own growth factor, which for naive is the maximum likelihood estimate of the
 * random walk. A gap at the end counts as steps already ahead.
 *
 * State: the struct below, moved one period at a time, so an update equals a refit to the bit. */
#include "models/history.h"

#include <math.h>

typedef struct window_state {
  wsf__extent extent;
  double gap;            /* periods since the last observation */
  double squares, count; /* standardised one-step errors */
  double observed;
  double ring[]; /* observation number i at i mod k */
} window_state;
enum { HEAD = sizeof(window_state) / sizeof(double) };

static const wsf__option window_options[] = {
    {"k", WSF__INT, "4", 1, 100000, NULL, "how many of the last observations are averaged"},
};

static int64_t width_of(const wsf__node *node) {
  return node->spec->n_options ? wsf__arg_int(node, "k") : 1;
}

/* The mean around the first value: exact for a constant. */
static double ring_mean(const window_state *w, int64_t k) {
  const int64_t n = w->observed < (double)k ? (int64_t)w->observed : k;
  double sum = 0;
  for (int64_t i = 1; i < n; ++i) sum += w->ring[i] - w->ring[0];
  return w->ring[0] + sum / (double)n;
}

static double growth(double steps, int64_t k) {
  const double alpha = 2.0 / (double)(k + 1);
  return 1 + (steps - 1) * alpha * alpha;
}

/* The same sum for a window that is too long to be added up at every step, as a binary tree over
 * the ring: leaf i, at node[leaves + i], is ring[i] - ring[0], and node[1] the sum of all. It says
 * nothing that the ring does not, so histories in pieces give the same bits. */
typedef struct tree {
  double *node; /* NULL: the window is short */
  int64_t leaves;
} tree;
enum { SHORT = 1024, STRIDE = 1024 /* steps between two looks at a cancel */ };

static void rebuild(tree *sums, const window_state *w, int64_t k) {
  const int64_t n = w->observed < (double)k ? (int64_t)w->observed : k;
  for (int64_t i = 0; i < n; ++i) sums->node[sums->leaves + i] = w->ring[i] - w->ring[0];
  for (int64_t j = sums->leaves - 1; j > 0; --j) {
    sums->node[j] = sums->node[2 * j] + sums->node[2 * j + 1];
  }
}

/* ring[at] is new. The first of the ring moves all leaves, once in k steps. */
static void take_in(tree *sums, const window_state *w, int64_t k, int64_t at) {
  if (!sums->node) return;
  if (at == 0) {
    rebuild(sums, w, k);
    return;
  }
  int64_t j = sums->leaves + at;
  sums->node[j] = w->ring[at] - w->ring[0];
  while ((j /= 2) > 0) sums->node[j] = sums->node[2 * j] + sums->node[2 * j + 1];
}

static bool plant(tree *sums, const window_state *w, int64_t k, wsf__arena *scratch) {
  *sums = (tree){.leaves = 1};
  if (k <= SHORT) return true;
  while (sums->leaves < k) sums->leaves *= 2;
  sums->node = wsf__arena_zero(scratch, 2 * (size_t)sums->leaves, sizeof *sums->node);
  if (!sums->node) return false;
  rebuild(sums, w, k);
  return true;
}

static double level_of(const window_state *w, int64_t k, const tree *sums) {
  if (!sums->node) return ring_mean(w, k);
  return w->ring[0] + sums->node[1] / fmin(w->observed, (double)k);
}

/* fitted: NULL, or [n] what was forecast of each period. false: no memory. */
static bool advance(window_state *w, int64_t k, const double *y, int64_t n, double *fitted,
                    wsf__arena *scratch) {
  tree sums;
  if (!plant(&sums, w, k, scratch)) return false;
  for (int64_t t = 0; t < n; ++t) {
    if (t % STRIDE == 0 && wsf__cut_short(scratch)) break;
    const double level = w->observed > 0 ? level_of(w, k, &sums) : NAN;
    if (fitted && w->observed > 0) fitted[t] = level;
    if (isnan(y[t])) {
      w->gap += 1;
      continue;
    }
    if (w->observed > 0) {
      const double e = y[t] - level;
      w->squares += e * e / growth(w->gap + 1, k);
      w->count += 1;
      wsf__extent_add(&w->extent, y[t]);
    } else {
      w->extent = (wsf__extent){y[t], y[t]};
    }
    const int64_t at = (int64_t)w->observed % k;
    w->ring[at] = y[t];
    w->observed += 1;
    w->gap = 0;
    take_in(&sums, w, k, at);
  }
  return true;
}

static int32_t reason_of(const window_state *w, int64_t k) {
  if (!(w->observed > 0)) return WSF__EMPTY;
  return wsf__reason_or(wsf__extent_reason(w->extent),
                        w->observed < (double)k ? WSF__FEW : WSF__OK);
}

static wsf_status fit_series(wsf__fit *f, const wsf__series *s, wsf__fitted *out) {
  const int64_t k = width_of(out->node);
  double *v = wsf__state_set(f, out, s, HEAD + k, WSF__OK);
  if (!v) return wsf__fail_memory(f->err);
  window_state *w = (window_state *)v;
  if (!advance(w, k, s->y, s->n, wsf__history_of(out, s), f->scratch)) {
    return wsf__fail_memory(f->err);
  }
  out->state[s->slot].reason = reason_of(w, k);
  return WSF_OK;
}

static wsf_status update(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                         wsf__fitted *out) {
  const wsf__state *from = &old->state[s->slot];
  const int64_t k = width_of(out->node);
  const double *before = from->v;
  double *v = wsf__state_set(f, out, s, HEAD + k, WSF__OK);
  if (!v) return wsf__fail_memory(f->err);
  for (int64_t i = 0; i < HEAD + k; ++i) v[i] = before[i];
  window_state *w = (window_state *)v;
  if (!advance(w, k, s->y, s->n, NULL, f->scratch)) return wsf__fail_memory(f->err);
  out->state[s->slot].reason = reason_of(w, k);
  return WSF_OK;
}

static wsf_status predict(wsf__predict *p, const wsf__fitted *m, const wsf__series *s,
                          wsf__forecast *out) {
  const int64_t k = width_of(m->node);
  const window_state *w = (const window_state *)m->state[s->slot].v;
  double *sd = wsf__arena_new(p->scratch, (size_t)out->h, sizeof *sd);
  if (!sd) return wsf__fail_memory(p->err);
  const double level = ring_mean(w, k);
  const double sigma = w->count > 0 ? sqrt(w->squares / w->count) : 0;
  for (int64_t i = 0; i < out->h; ++i) {
    out->mean[i] = level;
    sd[i] = sigma * sqrt(growth(w->gap + (double)(i + 1), k));
  }
  wsf__forecast_normal(out, sd);
  return WSF_OK;
}

/* Of the smoothing that the intervals assume: a share alpha of an error stays in the level. */
static wsf_status response(wsf__predict *p, const wsf__fitted *m, const wsf__series *s,
                           wsf__response *out) {
  (void)p;
  const window_state *w = (const window_state *)m->state[s->slot].v;
  const double alpha = 2.0 / (double)(width_of(m->node) + 1);
  for (int64_t i = 1; i < out->h; ++i) out->error[i] = alpha;
  for (int64_t i = 0; i < out->h; ++i) out->shared[i] = alpha * sqrt(w->gap);
  return WSF_OK;
}

static bool check(const wsf__node *node, const wsf__panel *frame, const wsf__state *state) {
  (void)frame;
  if (state->n != HEAD + width_of(node) || !wsf__state_finite(state)) return false;
  const window_state *w = (const window_state *)state->v;
  return wsf__whole(w->observed, 1, WSF__LONGEST) && wsf__whole(w->gap, 0, WSF__LONGEST) &&
         wsf__whole(w->count, 0, WSF__LONGEST) && w->squares >= 0;
}

const wsf__model_class wsf__model_naive = {
    .spec = {.family = "model",
             .group = "local",
             .name = "naive",
             .summary = "the last observation again: the random walk",
             .source = "Hyndman and Athanasopoulos (2021), 5.2",
             .since = "0.1.0",
             .example = "naive"},
    .fit_series = fit_series,
    .predict_series = predict,
    .response = response,
    .update = update,
    .check = check,
    .promise = {.units = WSF__EPSILON, .level = WSF__EPSILON, .why = "differences are rounded"},
};

const wsf__model_class wsf__model_window = {
    .spec = {.family = "model",
             .group = "local",
             .name = "window",
             .summary = "the mean of the last observations",
             .source = "Brown (1963), Smoothing, Forecasting and Prediction",
             .since = "0.1.0",
             .example = "window(8)",
             .options = window_options,
             .n_options = sizeof window_options / sizeof *window_options},
    .fit_series = fit_series,
    .predict_series = predict,
    .response = response,
    .update = update,
    .check = check,
    .promise = {.units = WSF__EPSILON, .level = WSF__EPSILON, .why = "sums are rounded"},
};
