/* What combinators share: fitting what stands inside them, asking it, and blending their forecasts.
 */
#include "models/combine/inner.h"
#include "math/elementary.h"
#include "models/components.h"
#include "math/normal.h"
#include "models/scope.h"

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
  wsf__scope scope;
  return wsf__scope_of(&scope, node, panel, NULL) != WSF_OK || scope.of != WSF__ALONE;
}

static wsf_status nothing_fitted(wsf_error *err, const wsf__series *s) {
  (void)wsf__fail(err, WSF_E_FORMAT,
                  "the model holds no fitted call for a series that it says is fitted");
  wsf__error_at_series(err, s->id);
  return WSF_E_FORMAT;
}

/* Series of a batch, and where their forecasts go, for one call. */
typedef struct subset {
  int64_t n;
  wsf__series *series;
  wsf__forecast *out;
} subset;

static bool subset_room(subset *some, wsf__predict *p, int64_t n) {
  *some = (subset){.series = wsf__arena_new(p->scratch, (size_t)n, sizeof *some->series),
                   .out = wsf__arena_new(p->scratch, (size_t)n, sizeof *some->out)};
  return some->series && some->out;
}

/* A forecast is its pointers, so a copy receives what the original is to hold. */
static void subset_add(subset *some, const wsf__series *s, const wsf__forecast *out) {
  some->series[some->n] = *s;
  some->out[some->n++] = *out;
}

static wsf_status subset_predict(subset *some, wsf__predict *p, const wsf__fitted *inner) {
  if (some->n == 0) return WSF_OK;
  const wsf__batch b = {some->n, some->series};
  some->n = 0;
  return p->predict_inner(p, inner, &b, some->out);
}

wsf_status wsf__inner_ask(wsf__inner_forecasts **out, wsf__predict *p, const wsf__fitted *m,
                          const wsf__batch *b, const wsf__forecast like[]) {
  const int calls = m->node->n_inner;
  const size_t all = (size_t)b->n * (size_t)calls;
  wsf__inner_forecasts *of = wsf__arena_new(p->scratch, (size_t)b->n, sizeof *of);
  wsf__forecast *each = wsf__arena_new(p->scratch, all, sizeof *each);
  int *which = wsf__arena_new(p->scratch, all, sizeof *which);
  subset some;
  if (!of || !each || !which || !subset_room(&some, p, b->n)) return wsf__fail_memory(p->err);
  for (int64_t i = 0; i < b->n; ++i) {
    of[i] = (wsf__inner_forecasts){0, each + i * calls, which + i * calls};
  }
  for (int call = 0; call < calls; ++call) {
    for (int64_t i = 0; i < b->n; ++i) {
      const wsf__series *s = &b->series[i];
      if (p->reason(p, m->inner[call], s, like[i].h) >= WSF__NOT_FITTED) continue;
      wsf__forecast *one = &of[i].each[of[i].n];
      if (!wsf__forecast_like(one, p->scratch, &like[i])) return wsf__fail_memory(p->err);
      of[i].which[of[i].n++] = call;
      subset_add(&some, s, one);
    }
    WSF__TRY(subset_predict(&some, p, m->inner[call]));
  }
  for (int64_t i = 0; i < b->n; ++i) {
    if (of[i].n == 0) return nothing_fitted(p->err, &b->series[i]);
  }
  *out = of;
  return WSF_OK;
}

static void add(double *sum, const double *x, int64_t n, double weight) {
  for (int64_t i = 0; i < n; ++i) sum[i] += weight * x[i];
}

void wsf__inner_forecasts_mean(const wsf__inner_forecasts *a, const double *weight,
                               wsf__forecast *out) {
  double total = 0;
  for (int i = 0; i < a->n; ++i) total += weight ? weight[a->which[i]] : 1;
  for (int64_t r = 0; r < wsf__forecast_rows(out) && !wsf__forecast_stopped(out); ++r) {
    memset(wsf__forecast_row(out, r), 0, (size_t)out->h * sizeof *out->mean);
  }
  for (int i = 0; i < a->n; ++i) {
    /* all the weight may lie on calls that did not fit */
    const double share = total > 0 ? (weight ? weight[a->which[i]] : 1) / total : 1 / (double)a->n;
    if (share == 0) continue;
    for (int64_t r = 0; r < wsf__forecast_rows(out) && !wsf__forecast_stopped(out); ++r) {
      add(wsf__forecast_row(out, r), wsf__forecast_row(&a->each[i], r), out->h, share);
    }
    for (int64_t t = 0; out->components && t < out->h; ++t) {
      wsf__components_add(out, t, a->each[i].components, share);
    }
  }
}

wsf_status wsf__inner_delegate(wsf__predict *p, const wsf__fitted *m, int call, const wsf__batch *b,
                               wsf__forecast out[]) {
  for (int64_t i = 0; i < b->n; ++i) {
    const wsf__series *s = &b->series[i];
    if (m->inner[call]->state[s->slot].reason >= WSF__NOT_FITTED) return nothing_fitted(p->err, s);
  }
  return p->predict_inner(p, m->inner[call], b, out);
}

double wsf__distances_add(double a, double b) {
  const double longer = fmax(fabs(a), fabs(b)), shorter = fmin(fabs(a), fabs(b));
  const bool same = shorter == 0 || (a < 0) == (b < 0);
  const double size = same ? wsf__hypot(a, b) : sqrt(longer - shorter) * sqrt(longer + shorter);
  return copysign(size, fabs(a) >= fabs(b) ? a : b);
}

void wsf__forecast_widen(wsf__forecast *out, const double *stretch, const double *sd) {
  for (int k = 0; k < out->n_q && !wsf__forecast_stopped(out); ++k) {
    const double z = wsf__normal_quantile(out->q[k]);
    for (int64_t i = 0; i < out->h; ++i) {
      double *q = &out->quantile[k * out->h + i];
      const double distance = (stretch ? stretch[i] : 1) * (*q - out->mean[i]);
      *q = out->mean[i] + wsf__distances_add(distance, sd[i] * z);
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

/* What the fit found of the call itself lasts until the next one. */
static int32_t lasting(int32_t before, int32_t inner) {
  return wsf__reason_or(inner, before == WSF__NO_BACKTEST ? before : WSF__OK);
}

wsf_status wsf__state_keep(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                           wsf__fitted *out) {
  WSF__TRY(wsf__inner_update(f, old, s, out));
  if (!wsf__state_copy(f, old, s, out)) return wsf__fail_memory(f->err);
  const int32_t before = old->state[s->slot].reason;
  wsf__state_reason(out, s, lasting(before, wsf__inner_reason(out, s->slot)));
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

/* The call that was chosen, or where it lacks what it needs ahead, another that was fitted. */
static int able(wsf__predict *p, const wsf__fitted *m, const wsf__series *s, int64_t h) {
  const int chosen = (int)m->state[s->slot].v[0];
  if (p->reason(p, m->inner[chosen], s, h) < WSF__NOT_FITTED) return chosen;
  for (int call = 0; call < m->node->n_inner; ++call) {
    if (p->reason(p, m->inner[call], s, h) < WSF__NOT_FITTED) return call;
  }
  return chosen;
}

wsf_status wsf__predict_choice(wsf__predict *p, const wsf__fitted *m, const wsf__batch *b,
                               wsf__forecast out[]) {
  subset some;
  int *choice = wsf__arena_new(p->scratch, (size_t)b->n, sizeof *choice);
  if (!choice || !subset_room(&some, p, b->n)) return wsf__fail_memory(p->err);
  for (int64_t i = 0; i < b->n; ++i) choice[i] = able(p, m, &b->series[i], out[i].h);
  for (int call = 0; call < m->node->n_inner; ++call) {
    for (int64_t i = 0; i < b->n; ++i) {
      const wsf__series *s = &b->series[i];
      if (choice[i] != call) continue;
      if (m->inner[call]->state[s->slot].reason >= WSF__NOT_FITTED) {
        return nothing_fitted(p->err, s);
      }
      subset_add(&some, s, &out[i]);
    }
    WSF__TRY(subset_predict(&some, p, m->inner[call]));
  }
  return WSF_OK;
}

wsf_status wsf__update_choice(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                              wsf__fitted *out) {
  const wsf__state before = old->state[s->slot];
  WSF__TRY(wsf__inner_update(f, old, s, out));
  if (!wsf__state_copy(f, old, s, out)) return wsf__fail_memory(f->err);
  const int32_t reason = out->inner[(int)before.v[0]]->state[s->slot].reason;
  const bool other = before.reason == WSF__REPLACED && reason < WSF__NOT_FITTED;
  wsf__state_reason(out, s, other ? WSF__REPLACED : lasting(before.reason, reason));
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

const wsf__history *wsf__inner_history(const wsf__fitted *m, int call, const wsf__series *s) {
  const wsf__fitted *inner = m->inner[call];
  return inner->state[s->slot].reason < WSF__NOT_FITTED ? &inner->history[s->slot] : NULL;
}

void wsf__history_mean(const wsf__fitted *out, const wsf__series *s, const double *weight) {
  double *to = wsf__history_of(out, s), total = 0;
  int n = 0;
  for (int i = 0; i < out->node->n_inner; ++i) {
    if (!wsf__inner_history(out, i, s)) continue;
    total += weight ? weight[i] : 1;
    ++n;
  }
  for (int64_t t = 0; t < s->n; ++t) to[t] = 0;
  for (int i = 0; i < out->node->n_inner; ++i) {
    const wsf__history *inner = wsf__inner_history(out, i, s);
    const double share = total > 0 ? (weight ? weight[i] : 1) / total : 1 / (double)n;
    if (inner && share > 0) add(to, inner->v, s->n, share);
  }
}
