/* What a fitted tree can forecast: a model that regresses on columns may be fitted to a series and
 * yet have nothing to say of its future, for want of a value there.
 *
 * A call around others forecasts as far as those inside do: best and fallback by another call that
 * was fitted, mean, median and weighted by the rest, all others by their first one only. */
#include "engine/drive.h"
#include "models/regressors.h"

static bool lacks(const wsf__fitted *t, const wsf__panel *frame, const wsf__series *s, int64_t h,
                  wsf__arena *scratch) {
  const wsf__model_class *class = wsf__class_of(t->node);
  return class->regresses && class->regresses(t->node, &t->state[s->slot]) &&
         !wsf__regressors_reach(t->node, frame, s, h, scratch);
}

int32_t wsf__tree_reason(const wsf__predict *p, const wsf__fitted *t, const wsf__series *s,
                         int64_t h) {
  const wsf__model_class *class = wsf__class_of(t->node);
  const wsf__state *state = &t->state[s->slot];
  if (state->reason >= WSF__NOT_FITTED) return state->reason;
  if (lacks(t, p->frame, s, h, p->scratch)) return WSF__MISSING_REGRESSOR;
  const bool any = class->chooses || class->blends;
  const int first = class->chooses ? (int)state->v[0] : 0;
  bool able = false, lost = false, changed = false;
  for (int i = 0; i < t->node->n_inner; ++i) {
    const int32_t before = t->inner[i]->state[s->slot].reason;
    if (before >= WSF__NOT_FITTED) continue;
    const int32_t now = wsf__tree_reason(p, t->inner[i], s, h);
    if (now >= WSF__NOT_FITTED)
      lost = true;
    else if (any || i == first)
      able = true;
    if (now != before && (i == first || !class->chooses)) changed = true;
  }
  if (lost && !able) return WSF__MISSING_REGRESSOR;
  return changed ? WSF__REPLACED : state->reason;
}

wsf__untold wsf__tree_untold(const wsf__predict *p, const wsf__fitted *t, const wsf__series *s,
                             int64_t h) {
  const wsf__model_class *class = wsf__class_of(t->node);
  wsf__untold most = {0};
  if (t->state[s->slot].reason >= WSF__NOT_FITTED) return most;
  if (class->untold) return class->untold(p, t, s, h);
  if (class->chooses) return wsf__tree_untold(p, wsf__tree_chosen(t, s->slot), s, h);
  for (int i = 0; i < t->node->n_inner; ++i) {
    const wsf__untold inner = wsf__tree_untold(p, t->inner[i], s, h);
    if (inner.periods > most.periods) most = inner;
  }
  return most;
}

wsf_status wsf__tree_outside(wsf__outside *out, const wsf__fitted *t, const wsf__panel *frame,
                             const wsf__series *s, int64_t h, wsf__arena *scratch, wsf_error *err) {
  const wsf__model_class *class = wsf__class_of(t->node);
  const wsf__state *state = &t->state[s->slot];
  *out = (wsf__outside){0};
  if (state->reason >= WSF__NOT_FITTED) return WSF_OK;
  if (class->regresses && class->regresses(t->node, state)) {
    return wsf__outside_find(out, t->node, frame, s, h, scratch, err);
  }
  if (class->chooses) {
    return wsf__tree_outside(out, wsf__tree_chosen(t, s->slot), frame, s, h, scratch, err);
  }
  for (int i = 0; i < t->node->n_inner && out->step == 0; ++i) {
    WSF__TRY(wsf__tree_outside(out, t->inner[i], frame, s, h, scratch, err));
  }
  return WSF_OK;
}

bool wsf__tree_depends(const wsf__fitted *t, int64_t slot) {
  const wsf__model_class *class = wsf__class_of(t->node);
  const wsf__state *state = &t->state[slot];
  if (state->reason >= WSF__NOT_FITTED) return true;
  if (class->regresses && class->regresses(t->node, state)) return true;
  if (!class->chooses && !class->blends) {
    return t->node->n_inner > 0 && wsf__tree_depends(t->inner[0], slot);
  }
  for (int i = 0; i < t->node->n_inner; ++i) {
    if (!wsf__tree_depends(t->inner[i], slot)) return false;
  }
  return true;
}

wsf_status wsf__tree_lacking(wsf_error *err, const wsf__fitted *t, const wsf__panel *frame,
                             const wsf__series *s, int64_t h, wsf__arena *scratch) {
  if (t->state[s->slot].reason >= WSF__NOT_FITTED) return WSF_OK;
  if (lacks(t, frame, s, h, scratch)) {
    return wsf__regressors_fail(err, t->node, frame, s, h, scratch);
  }
  for (int i = 0; i < t->node->n_inner; ++i) {
    WSF__TRY(wsf__tree_lacking(err, t->inner[i], frame, s, h, scratch));
  }
  return WSF_OK;
}
