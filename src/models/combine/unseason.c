/* Deseasonalise, forecast the rest with any model, put the last cycle of each season back on.
 *
 * Method: Hyndman and Athanasopoulos (2021), "Forecasting: principles and practice", 3rd ed., 5.7:
 * each season repeats its last cycle; intervals are those of the inner model, moved by the season
 * or stretched by its factor. A factor is a known number, so the inner mean times the factor is a
 * mean again and needs no adjustment for bias.
 * An update takes the last cycle off the new observations as predict puts it on, and moves the
 * inner model; the season itself is not estimated again.
 * Limits: a season seen less than twice cannot be told from noise. A series with none of its
 * seasons is not fitted, so that combinations leave the model out instead of believing a forecast
 * without a season. A series without spread has no season to take off.
 * State: the struct below. */
#include "models/combine/unseason.h"
#include "models/combine/inner.h"
#include "models/components.h"

#include <math.h>

typedef struct unseason_state {
  wsf__extent extent; /* of y */
  double cycle[];     /* of the seasons that were long enough, shortest first; may be none */
} unseason_state;
enum { HEAD = sizeof(unseason_state) / sizeof(double) };

wsf__seasons wsf__unseason_one(const wsf__node *node, const wsf__panel *panel) {
  const int64_t m = wsf__season_of(node, panel);
  return (wsf__seasons){m >= 2, {m}};
}

/* Values of a state with these seasons. */
static int64_t size_of(const wsf__seasons *seasons) {
  int64_t size = HEAD;
  for (int k = 0; k < seasons->n; ++k) size += seasons->m[k];
  return size;
}

/* Those of the call's seasons that a state of n values has. */
static wsf__seasons seasons_of(const wsf__node *node, const wsf__panel *panel, int64_t n,
                               const wsf__unseason *how) {
  wsf__seasons seasons = how->seasons(node, panel);
  while (seasons.n > 0 && size_of(&seasons) > n) --seasons.n;
  return seasons;
}

static bool multiplies(const wsf__node *node, const wsf__unseason *how) {
  return how->multiplies && how->multiplies(node);
}

/* done: s is what the inner model is to see; else its state says why not. */
static wsf_status take_off(wsf__fit *f, wsf__series *s, wsf__fitted *out, const wsf__unseason *how,
                           bool *done) {
  const wsf__extent extent = wsf__extent_of(s->y, s->n);
  const bool flat = !(extent.least < extent.largest), factors = multiplies(out->node, how);
  wsf__seasons seasons = how->seasons(out->node, f->panel);
  const bool seasonal = seasons.n > 0;
  while (seasons.n > 0 && s->n < 2 * seasons.m[seasons.n - 1]) --seasons.n;
  int32_t refusal = WSF__OK;
  if (wsf__count_observed(s->y, s->n) == 0)
    refusal = WSF__EMPTY;
  else if (seasonal && seasons.n == 0)
    refusal = WSF__SHORT;
  else if (seasonal && factors && extent.least <= 0 && !flat)
    refusal = WSF__NOT_POSITIVE;
  *done = refusal == WSF__OK;
  if (refusal != WSF__OK) {
    wsf__state_fail(out, s, refusal);
    return WSF_OK;
  }
  const int64_t size = size_of(&seasons);
  double *v = wsf__state_set(f, out, s, size, WSF__OK);
  if (!v) return wsf__fail_memory(f->err);
  unseason_state *state = (unseason_state *)v;
  state->extent = extent;
  for (int64_t i = 0; factors && i < size - HEAD; ++i) state->cycle[i] = 1;
  if (flat || seasons.n == 0) return WSF_OK;
  const wsf__mark mark = wsf__arena_mark(f->scratch);
  WSF__TRY(how->take(f, out->node, &seasons, s, state->cycle));
  wsf__arena_reset(f->scratch, mark);
  return WSF_OK;
}

/* Whether y is constant is not what the inner model saw. */
static void set_reason(const wsf__fit *f, wsf__fitted *out, const wsf__series *s,
                       const wsf__unseason *how) {
  const wsf__state *state = &out->state[s->slot];
  const wsf__seasons all = how->seasons(out->node, f->panel);
  const unseason_state *u = (const unseason_state *)state->v;
  int32_t reason = wsf__merged_reason(out->inner[0]->state[s->slot].reason, u->extent);
  if (reason == WSF__OK && state->n < size_of(&all)) reason = WSF__SHORT_SEASON;
  wsf__state_reason(out, s, reason);
}

wsf_status wsf__unseason_fit(wsf__fit *f, const wsf__batch *b, wsf__fitted *out,
                             const wsf__unseason *how) {
  wsf__series *copy = wsf__batch_copy(f, b);
  if (!copy) return wsf__fail_memory(f->err);
  int64_t n = 0;
  for (int64_t i = 0; i < b->n; ++i) {
    bool done;
    copy[n] = copy[i];
    WSF__TRY(take_off(f, &copy[n], out, how, &done));
    n += done;
  }
  const wsf__batch adjusted = {n, copy};
  WSF__TRY(f->fit_inner(f, &adjusted, out->inner[0]));
  for (int64_t i = 0; i < n; ++i) set_reason(f, out, &copy[i], how);
  return WSF_OK;
}

wsf_status wsf__unseason_update(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                                wsf__fitted *out, const wsf__unseason *how) {
  const wsf__state *before = &old->state[s->slot];
  const wsf__seasons seasons = seasons_of(out->node, f->panel, before->n, how);
  const bool factors = multiplies(out->node, how);
  double *y = wsf__arena_new(f->scratch, (size_t)s->n, sizeof *y);
  double *v = wsf__state_copy(f, old, s, out);
  if (!y || !v) return wsf__fail_memory(f->err);
  unseason_state *state = (unseason_state *)v;
  for (int64_t t = 0; t < s->n; ++t) {
    y[t] = s->y[t];
    wsf__extent_add(&state->extent, y[t]);
  }
  const double *from = ((const unseason_state *)before->v)->cycle;
  double *to = state->cycle;
  for (int k = 0; k < seasons.n; ++k) {
    const int64_t m = seasons.m[k];
    for (int64_t t = 0; t < s->n; ++t) y[t] = factors ? y[t] / from[t % m] : y[t] - from[t % m];
    for (int64_t i = 0; i < m; ++i) to[i] = from[(i + s->n) % m];
    from += m;
    to += m;
  }
  wsf__series adjusted = *s;
  adjusted.y = y;
  WSF__TRY(f->update_inner(f, old->inner[0], &adjusted, out->inner[0]));
  set_reason(f, out, s, how);
  return WSF_OK;
}

static void put_on(const wsf__seasons *seasons, const double *cycle, bool factors,
                   wsf__forecast *out) {
  for (int j = 0; j < seasons->n; cycle += seasons->m[j++]) {
    for (int64_t r = 0; r < wsf__forecast_rows(out); ++r) {
      double *x = wsf__forecast_row(out, r);
      for (int64_t i = 0; i < out->h; ++i) {
        const double season = cycle[i % seasons->m[j]];
        if (r == 0) wsf__explain(out, i, WSF__SEASON, factors ? x[i] * (season - 1) : season);
        x[i] = factors ? x[i] * season : x[i] + season;
      }
    }
  }
}

wsf_status wsf__unseason_predict(wsf__predict *p, const wsf__fitted *m, const wsf__batch *b,
                                 wsf__forecast out[], const wsf__unseason *how) {
  WSF__TRY(wsf__inner_delegate(p, m, 0, b, out));
  for (int64_t i = 0; i < b->n; ++i) {
    const wsf__state *state = &m->state[b->series[i].slot];
    const wsf__seasons seasons = seasons_of(m->node, p->frame, state->n, how);
    put_on(&seasons, ((const unseason_state *)state->v)->cycle, multiplies(m->node, how), &out[i]);
  }
  return WSF_OK;
}

bool wsf__unseason_check(const wsf__node *node, const wsf__panel *frame, const wsf__state *state,
                         const wsf__unseason *how) {
  const wsf__seasons seasons = seasons_of(node, frame, state->n, how);
  if (size_of(&seasons) != state->n || !wsf__state_finite(state)) return false;
  for (int64_t i = HEAD; multiplies(node, how) && i < state->n; ++i) {
    if (state->v[i] <= 0) return false;
  }
  return true;
}

/* An error of the rest is one of the value; where the season multiplies, times its factor. */
void wsf__unseason_history(const wsf__fitted *out, const wsf__series *s, bool factors) {
  const wsf__history *inner = wsf__inner_history(out, 0, s);
  double *to = wsf__history_of(out, s);
  for (int64_t t = 0; t < s->n; ++t) {
    to[t] = factors ? inner->v[t] * (s->y[t] / inner->y[t]) : s->y[t] - (inner->y[t] - inner->v[t]);
  }
}
