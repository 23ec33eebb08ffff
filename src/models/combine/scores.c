/* Back-test errors of every inner call on every series, each over the same hidden observations:
 * a call that could not be fitted in a window where another could has no error, it has lost. */
#include "models/combine/scores.h"

#include <math.h>

typedef struct tally {
  const wsf__fit *f;
  const wsf__batch *b;
  wsf__scores *scores;
  int call;
  wsf__by by;
} tally;

static double loss(wsf__by by, double y, double forecast) {
  const double e = fabs(y - forecast);
  if (by == WSF__BY_RMSE) return e * e;
  if (by != WSF__BY_SMAPE) return e;
  const double size = fabs(y) + fabs(forecast);
  return size > 0 ? 200 * e / size : 0;
}

static void collect(void *user, int64_t i, int64_t w, wsf__fold fold, const double *mean) {
  (void)w;
  const tally *t = user;
  const wsf__series *s = &t->b->series[i];
  double *error = &t->scores->error[i * t->scores->calls + t->call];
  double *weight = &t->scores->weight[i * t->scores->calls + t->call];
  for (int64_t k = 0; k < fold.h; ++k) {
    const double y = s->y[fold.origin + k];
    if (isnan(y)) continue;
    double share = 1;
    if (t->by == WSF__BY_WMAE) {
      share = wsf__panel_weight(t->f->panel, s->id, s->t0 + fold.origin + k);
    }
    *error += mean ? share * loss(t->by, y, mean[k]) : INFINITY;
    *weight += share;
  }
}

wsf_status wsf__scores_measure(wsf__scores *out, wsf__fit *f, const wsf__batch *b,
                               const wsf__fitted *m, const wsf__rolling *r, wsf__by by) {
  const int calls = m->node->n_inner;
  const size_t cells = (size_t)b->n * (size_t)calls;
  *out = (wsf__scores){calls, wsf__arena_zero(f->scratch, cells, sizeof(double)),
                       wsf__arena_zero(f->scratch, cells, sizeof(double))};
  if (!out->error || !out->weight) return wsf__fail_memory(f->err);
  for (int call = 0; call < calls; ++call) {
    tally t = {f, b, out, call, by};
    WSF__TRY(wsf__rolling_run(f, b, m->node->inner[call], r, collect, &t));
  }
  for (size_t i = 0; i < cells; ++i) {
    out->error[i] = out->weight[i] > 0 ? out->error[i] / out->weight[i] : NAN;
    if (by == WSF__BY_RMSE) out->error[i] = sqrt(out->error[i]);
    if (out->weight[i] > 0 && isnan(out->error[i])) out->error[i] = INFINITY;
  }
  return WSF_OK;
}
