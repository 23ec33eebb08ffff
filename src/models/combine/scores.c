/* Back-test errors of every inner call on every series, each over the same hidden observations: a
 * period for which one of them lacks a column is left out for all, and a call that could not be
 * fitted in a window where another could has no error, it has lost. */
#include "models/combine/scores.h"
#include "models/regressors.h"

#include <math.h>

/* What every call said of one window of every series. */
typedef struct window {
  const wsf__fit *f;
  const wsf__batch *b;
  int calls, call;
  const wsf__node *node; /* of the call */
  int64_t stride;
  double *mean;    /* [b->n][calls][stride]; infinity: lost, NaN: the period is left out */
  wsf__fold *fold; /* [b->n]; h = 0: the series is too short */
} window;

static double loss(wsf__by by, double y, double forecast) {
  const double e = fabs(y - forecast);
  if (by == WSF__BY_RMSE) return e * e;
  if (by != WSF__BY_SMAPE) return e;
  const double size = fabs(y) + fabs(forecast);
  return size > 0 ? 200 * e / size : 0;
}

static void collect(void *user, int64_t i, int64_t w, wsf__fold fold, const double *mean) {
  (void)w;
  window *v = user;
  wsf__series s = v->b->series[i];
  s.n = fold.origin;
  double *to = v->mean + (i * v->calls + v->call) * v->stride;
  bool lost = !mean;
  for (int64_t k = 0; !lost && k < fold.h; ++k) {
    to[k] = mean[k];
    /* a value that is missing for no such reason is no forecast */
    lost = isnan(mean[k]) && !wsf__regressors_lack(v->node, v->f->panel, &s, fold.h, v->f->scratch);
  }
  for (int64_t k = 0; lost && k < fold.h; ++k) to[k] = INFINITY;
  v->fold[i] = fold;
}

static bool left_out(const window *v, int64_t i, int64_t k) {
  for (int call = 0; call < v->calls; ++call) {
    if (isnan(v->mean[(i * v->calls + call) * v->stride + k])) return true;
  }
  return false;
}

static void add_series(const window *v, int64_t i, wsf__by by, wsf__scores *out) {
  const wsf__series *s = &v->b->series[i];
  const int64_t origin = v->fold[i].origin;
  for (int64_t k = 0; k < v->fold[i].h; ++k) {
    const double y = s->y[origin + k];
    if (isnan(y) || left_out(v, i, k)) continue;
    double share = 1;
    if (by == WSF__BY_WMAE) share = wsf__panel_weight(v->f->panel, s->id, s->t0 + origin + k);
    for (int call = 0; call < v->calls; ++call) {
      const int64_t at = i * v->calls + call;
      const double mean = v->mean[at * v->stride + k];
      out->error[at] += isinf(mean) ? INFINITY : share * loss(by, y, mean);
      out->weight[at] += share;
    }
  }
}

static bool make_room(window *v, const wsf__batch *b, const wsf__rolling *r, int calls,
                      wsf__arena *scratch) {
  size_t rows, cells;
  v->stride = 0;
  for (int64_t i = 0; i < b->n; ++i) {
    wsf__fold fold;
    if (wsf__rolling_fold(&fold, r, b->series[i].n, 0) && fold.h > v->stride) v->stride = fold.h;
  }
  if (!wsf__mul((size_t)b->n, (size_t)calls, &rows) || !wsf__mul(rows, (size_t)v->stride, &cells)) {
    return false;
  }
  v->mean = wsf__arena_new(scratch, cells, sizeof *v->mean);
  v->fold = wsf__arena_new(scratch, (size_t)b->n, sizeof *v->fold);
  return v->mean && v->fold;
}

wsf_status wsf__scores_measure(wsf__scores *out, wsf__fit *f, const wsf__batch *b,
                               const wsf__fitted *m, const wsf__rolling *r, wsf__by by) {
  const int calls = m->node->n_inner;
  const size_t cells = (size_t)b->n * (size_t)calls;
  *out = (wsf__scores){calls, wsf__arena_zero(f->scratch, cells, sizeof(double)),
                       wsf__arena_zero(f->scratch, cells, sizeof(double))};
  if (!out->error || !out->weight) return wsf__fail_memory(f->err);
  const wsf__mark mark = wsf__arena_mark(f->scratch);
  window v = {.f = f, .b = b, .calls = calls};
  if (!make_room(&v, b, r, calls, f->scratch)) return wsf__fail_memory(f->err);
  for (int64_t w = 0; w < r->windows; ++w) {
    for (int64_t i = 0; i < b->n; ++i) v.fold[i].h = 0;
    for (v.call = 0; v.call < calls; ++v.call) {
      v.node = m->node->inner[v.call];
      WSF__TRY(wsf__rolling_window(f, b, v.node, r, w, collect, &v));
    }
    for (int64_t i = 0; i < b->n; ++i) add_series(&v, i, by, out);
  }
  wsf__arena_reset(f->scratch, mark);
  for (size_t i = 0; i < cells; ++i) {
    out->error[i] = out->weight[i] > 0 ? out->error[i] / out->weight[i] : NAN;
    if (by == WSF__BY_RMSE) out->error[i] = sqrt(out->error[i]);
    if (out->weight[i] > 0 && isnan(out->error[i])) out->error[i] = INFINITY;
  }
  return WSF_OK;
}
