/* What combinators share: fitting what stands inside them, asking it, and blending their forecasts.
 */
#include "models/combine/inner.h"
#include "math/normal.h"

#include <math.h>
#include <string.h>

wsf_status wsf__inner_fit(wsf__fit *f, const wsf__batch *b, wsf__fitted *out) {
  for (int i = 0; i < out->node->n_inner; ++i) WSF__TRY(f->fit_inner(f, b, out->inner[i]));
  return WSF_OK;
}

int32_t wsf__inner_reason(const wsf__fitted *m, int64_t slot) {
  int32_t merged = WSF__OK;
  int fitted = 0;
  for (int i = 0; i < m->node->n_inner; ++i) {
    const int32_t reason = m->inner[i]->state[slot].reason;
    if (reason >= WSF__NOT_FITTED) continue;
    ++fitted;
    if (merged == WSF__OK) merged = reason;
  }
  if (fitted == 0) return m->inner[0]->state[slot].reason;
  return fitted < m->node->n_inner ? WSF__REPLACED : merged;
}

bool wsf__inner_fitted(wsf__fitted *out, const wsf__series *s, int32_t *reason) {
  const int32_t found = wsf__inner_reason(out, s->slot);
  if (reason) *reason = found;
  if (found < WSF__NOT_FITTED) return true;
  wsf__state_fail(out, s, found);
  return false;
}

void wsf__state_reason(wsf__fitted *out, const wsf__series *s, int32_t reason) {
  if (reason >= WSF__NOT_FITTED)
    wsf__state_fail(out, s, reason);
  else
    out->state[s->slot].reason = reason;
}

bool wsf__inner_pools(const wsf__node *node, const wsf__panel *panel) {
  const wsf__model_class *class = wsf__class_of(node);
  if (class->together && class->together(node, panel, NULL) != WSF__ALONE) return true;
  for (int i = 0; i < node->n_inner; ++i) {
    if (wsf__inner_pools(node->inner[i], panel)) return true;
  }
  return false;
}

static wsf_status nothing_fitted(wsf_error *err, const wsf__series *s) {
  (void)wsf__fail(err, WSF_E_FORMAT,
                  "the model holds no fitted call for a series that it says is fitted");
  wsf__error_at_series(err, s->id);
  return WSF_E_FORMAT;
}

wsf_status wsf__inner_ask(wsf__inner_forecasts *out, wsf__predict *p, const wsf__fitted *m,
                          const wsf__series *s, const wsf__forecast *like) {
  const int n = m->node->n_inner;
  *out = (wsf__inner_forecasts){.each = wsf__arena_new(p->scratch, (size_t)n, sizeof *out->each),
                                .which = wsf__arena_new(p->scratch, (size_t)n, sizeof *out->which)};
  if (!out->each || !out->which) return wsf__fail_memory(p->err);
  for (int i = 0; i < n; ++i) {
    if (m->inner[i]->state[s->slot].reason >= WSF__NOT_FITTED) continue;
    wsf__forecast *answer = &out->each[out->n];
    if (!wsf__forecast_like(answer, p->scratch, like)) return wsf__fail_memory(p->err);
    WSF__TRY(p->predict_inner(p, m->inner[i], s, answer));
    out->which[out->n++] = i;
  }
  return out->n ? WSF_OK : nothing_fitted(p->err, s);
}

static void add(double *sum, const double *x, int64_t n, double weight) {
  for (int64_t i = 0; i < n; ++i) sum[i] += weight * x[i];
}

void wsf__inner_forecasts_mean(const wsf__inner_forecasts *a, const double *weight,
                               wsf__forecast *out) {
  const int64_t cells = out->h * out->n_q;
  double total = 0;
  for (int i = 0; i < a->n; ++i) total += weight ? weight[a->which[i]] : 1;
  memset(out->mean, 0, (size_t)out->h * sizeof *out->mean);
  if (cells) memset(out->quantile, 0, (size_t)cells * sizeof *out->quantile);
  for (int i = 0; i < a->n; ++i) {
    /* all the weight may lie on calls that did not fit */
    const double share = total > 0 ? (weight ? weight[a->which[i]] : 1) / total : 1 / (double)a->n;
    add(out->mean, a->each[i].mean, out->h, share);
    add(out->quantile, a->each[i].quantile, cells, share);
  }
}

wsf_status wsf__inner_delegate(wsf__predict *p, const wsf__fitted *m, int call,
                               const wsf__series *s, wsf__forecast *out) {
  if (m->inner[call]->state[s->slot].reason >= WSF__NOT_FITTED) return nothing_fitted(p->err, s);
  return p->predict_inner(p, m->inner[call], s, out);
}

void wsf__forecast_widen(wsf__forecast *out, double sd) {
  for (int k = 0; k < out->n_q; ++k) {
    const double extra = sd * wsf__normal_quantile(out->q[k]);
    for (int64_t i = 0; i < out->h; ++i) {
      double *q = &out->quantile[k * out->h + i];
      const double inner = *q - out->mean[i];
      *q = out->mean[i] + copysign(hypot(inner, extra), inner != 0 ? inner : extra);
    }
  }
}

wsf_status wsf__inner_update(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                             wsf__fitted *out) {
  for (int i = 0; i < out->node->n_inner; ++i) {
    WSF__TRY(f->update_inner(f, old->inner[i], s, out->inner[i]));
  }
  return WSF_OK;
}

wsf_status wsf__state_keep(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                           wsf__fitted *out) {
  WSF__TRY(wsf__inner_update(f, old, s, out));
  if (!wsf__state_copy(f, old, s, out)) return wsf__fail_memory(f->err);
  wsf__state_reason(out, s, wsf__inner_reason(out, s->slot));
  return WSF_OK;
}

int32_t wsf__merged_reason(int32_t inner, wsf__extent own) {
  if (inner >= WSF__NOT_FITTED) return inner;
  const int32_t reason = wsf__extent_reason(own);
  if (reason != WSF__OK) return reason;
  return inner == WSF__ZERO || inner == WSF__CONSTANT ? WSF__OK : inner;
}

wsf_status wsf__fit_nothing(wsf__fit *f, const wsf__batch *b, wsf__fitted *out) {
  WSF__TRY(wsf__inner_fit(f, b, out));
  for (int64_t i = 0; i < b->n; ++i) {
    int32_t reason;
    if (!wsf__inner_fitted(out, &b->series[i], &reason)) continue;
    if (!wsf__state_set(f, out, &b->series[i], 0, reason)) return wsf__fail_memory(f->err);
  }
  return WSF_OK;
}

bool wsf__check_nothing(const wsf__node *node, const wsf__panel *frame, const wsf__state *state) {
  (void)node;
  (void)frame;
  return state->n == 0;
}

wsf_status wsf__predict_choice(wsf__predict *p, const wsf__fitted *m, const wsf__series *s,
                               wsf__forecast *out) {
  return wsf__inner_delegate(p, m, (int)m->state[s->slot].v[0], s, out);
}

wsf_status wsf__update_choice(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                              wsf__fitted *out) {
  const wsf__state before = old->state[s->slot];
  WSF__TRY(wsf__inner_update(f, old, s, out));
  if (!wsf__state_copy(f, old, s, out)) return wsf__fail_memory(f->err);
  const int32_t reason = out->inner[(int)before.v[0]]->state[s->slot].reason;
  const bool other = before.reason == WSF__REPLACED && reason < WSF__NOT_FITTED;
  wsf__state_reason(out, s, other ? WSF__REPLACED : reason);
  return WSF_OK;
}

bool wsf__check_choice(const wsf__node *node, const wsf__panel *frame, const wsf__state *state) {
  (void)frame;
  return state->n == 1 && wsf__whole(state->v[0], 0, node->n_inner - 1);
}

wsf_status wsf__inner_fit_wanted(wsf__fit *f, const wsf__batch *b, const int *want,
                                 wsf__fitted *out) {
  wsf__series *some = wsf__arena_new(f->scratch, (size_t)b->n, sizeof *some);
  if (!some) return wsf__fail_memory(f->err);
  for (int call = 0; call < out->node->n_inner; ++call) {
    int64_t n = 0;
    for (int64_t i = 0; i < b->n; ++i) {
      if (want[i] == call) some[n++] = b->series[i];
    }
    if (n == 0) continue;
    const bool all = wsf__inner_pools(out->node->inner[call], f->panel);
    const wsf__batch part = {n, some};
    WSF__TRY(f->fit_inner(f, all ? b : &part, out->inner[call]));
  }
  return WSF_OK;
}
