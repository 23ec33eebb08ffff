/* Groups of series smoothed before the inner model sees them; what the smoothing took away is noise
 * to the forecast, and widens its intervals. */
#include "models/combine/smoothed.h"

#include "models/combine/inner.h"
#include "models/paths.h"
#include "models/scope.h"

/* The noise of a series that nothing was averaged with. */
static const double UNTOUCHED = -1;

typedef struct work {
  const wsf__node *node;
  wsf__smoother *smooth;
  wsf__series *copy;
  double *noise;
  wsf__groups groups;
} work;

static wsf_status smooth_group(wsf__fit *f, int64_t g, void *user) {
  const work *w = user;
  if (wsf__stopped(f->env)) return wsf__fail_stopped(f->env, f->err);
  const int64_t from = w->groups.start[g], n = w->groups.start[g + 1] - from;
  return w->smooth(f, w->node, w->copy, w->groups.order + from, n, w->noise);
}

wsf_status wsf__smoothed_fit(wsf__fit *f, const wsf__batch *b, wsf__fitted *out,
                             wsf__smoother *smooth) {
  wsf__series *copy = wsf__batch_copy(f, b);
  double *noise = wsf__arena_new(f->scratch, (size_t)b->n, sizeof *noise);
  if (!copy || !noise) return wsf__fail_memory(f->err);
  for (int64_t i = 0; i < b->n; ++i) noise[i] = UNTOUCHED;
  work w = {.node = out->node, .smooth = smooth, .copy = copy, .noise = noise};
  WSF__TRY(wsf__groups_find(&w.groups, f, b, out->node));
  WSF__TRY(f->parallel(f, w.groups.n, smooth_group, &w));
  const wsf__batch smoothed = {b->n, copy};
  WSF__TRY(f->fit_inner(f, &smoothed, out->inner[0]));
  for (int64_t i = 0; i < b->n; ++i) {
    const wsf__series *s = &b->series[i];
    if (!wsf__inner_fitted(out, s, NULL)) continue;
    /* the inner model saw smoothed values: whether y is constant is read from y */
    const int32_t inner = out->inner[0]->state[s->slot].reason;
    const int32_t reason = wsf__merged_reason(inner, wsf__extent_of(s->y, s->n));
    const bool alone = noise[i] == UNTOUCHED;
    double *v =
        wsf__state_set(f, out, s, 1, wsf__reason_or(reason, alone ? WSF__NO_EFFECT : WSF__OK));
    if (!v) return wsf__fail_memory(f->err);
    v[0] = alone ? 0 : noise[i];
  }
  return WSF_OK;
}

wsf_status wsf__smoothed_predict(wsf__predict *p, const wsf__fitted *m, const wsf__batch *b,
                                 wsf__forecast out[]) {
  WSF__TRY(wsf__inner_delegate(p, m, 0, b, out));
  for (int64_t i = 0; i < b->n; ++i) {
    const wsf__mark mark = wsf__arena_mark(p->scratch);
    double *noise = wsf__arena_new(p->scratch, (size_t)out[i].h, sizeof *noise);
    if (!noise) return wsf__fail_memory(p->err);
    for (int64_t t = 0; t < out[i].h; ++t) noise[t] = m->state[b->series[i].slot].v[0];
    wsf__forecast_widen(&out[i], NULL, noise);
    wsf__paths_widen(&out[i], NULL, noise, out[i].h, p, &b->series[i]);
    wsf__arena_reset(p->scratch, mark);
  }
  return WSF_OK;
}

wsf_status wsf__smoothed_update(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                                wsf__fitted *out) {
  return wsf__state_keep(f, old, s, out);
}

bool wsf__smoothed_check(const wsf__node *node, const wsf__panel *frame, const wsf__state *state) {
  (void)node;
  (void)frame;
  return state->n == 1 && wsf__state_finite(state) && state->v[0] >= 0;
}
