/* Sample paths of the tree as a whole, and sums over them.
 *
 * What comes out of the tree has the dependence of its leaves, blended and transformed on the way
 * up. Here the paths take the values of the whole tree's quantile function, after the
 * bounded-output contract: so they agree with the quantiles and keep the contract, whatever stands
 * in the expression. */
#include "engine/drive.h"
#include "math/stats.h"
#include "models/bounded.h"
#include "models/paths.h"

#include <math.h>

wsf_status wsf__sample_couple(wsf__predict *p, const wsf__fitted_panel *f, const wsf__fitted *tree,
                              const wsf__batch *b, wsf__forecast out[], const wsf__ask *ask) {
  const wsf__mark mark = wsf__arena_mark(p->scratch);
  const int64_t n = out[0].n_paths;
  const double *q = wsf__path_levels(p->scratch, n);
  wsf__forecast *own = wsf__arena_new(p->scratch, (size_t)b->n, sizeof *own);
  if (!q || !own) return wsf__fail_memory(p->err);
  for (int64_t i = 0; i < b->n; ++i) {
    const wsf__forecast like = {.h = out[i].h, .n_q = (int)n, .q = q};
    if (!wsf__forecast_like(&own[i], p->scratch, &like)) return wsf__fail_memory(p->err);
  }
  WSF__TRY(wsf__tree_predict(p, tree, b, own));
  for (int64_t i = 0; i < b->n; ++i) {
    const wsf__series *s = &b->series[i];
    const double least = f->least[s->slot];
    (void)wsf__bound(&own[i], least, f->largest[s->slot], wsf__floored(ask, least));
    if (!wsf__paths_couple(&out[i], own[i].quantile, p, s)) return wsf__fail_memory(p->err);
  }
  wsf__arena_reset(p->scratch, mark);
  return WSF_OK;
}

bool wsf__sample_add_up(wsf__forecast *out, wsf__arena *scratch) {
  const int64_t h = out->h, n = out->n_paths;
  const wsf__mark mark = wsf__arena_mark(scratch);
  double *sum = wsf__arena_new(scratch, (size_t)n, sizeof *sum);
  if (!sum) return false;
  for (int64_t i = 0; i < h && !wsf__cut_short(scratch); ++i) {
    if (i > 0) out->mean[i] += out->mean[i - 1];
    for (int64_t k = 0; k < n; ++k) {
      double *path = out->path + k * h;
      if (i > 0) path[i] += path[i - 1];
      sum[k] = path[i];
    }
    if (out->n_q == 0) continue;
    wsf__sort(sum, n);
    double *quantile = out->quantile + i;
    for (int k = 0; k < out->n_q; ++k) quantile[k * h] = wsf__quantile_sorted(sum, n, out->q[k]);
  }
  wsf__arena_reset(scratch, mark);
  return true;
}
