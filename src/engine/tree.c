/* Fitted calls: the tree that mirrors an expression, and the recursions that fit it,
 * move it over new observations and forecast it.
 *
 * A tree belongs either to the forecaster (its states live in the batch's keep arena) or to a trial
 * inside somebody's fit (its states live in the scratch that was current when the trial began, and
 * go when the caller resets that). A worker has two scratch arenas: while one collects the states
 * of a trial, the workspace of its fits is the other one, so that marks nest properly in both at
 * any depth of trials inside trials. */
#include "engine/drive.h"

#include <math.h>

typedef struct tree {
  wsf__fitted fitted; /* first member */
  wsf__arena *home;
} tree;

wsf__fitted *wsf__tree_new(wsf__arena *arena, const wsf__node *node, int64_t n, wsf__arena *home) {
  tree *t = wsf__arena_zero(arena, 1, sizeof *t);
  wsf__state *state = wsf__arena_zero(arena, (size_t)n, sizeof *state);
  wsf__fitted **inner = wsf__arena_zero(arena, (size_t)node->n_inner, sizeof(wsf__fitted *));
  if (!t || !state || !inner) return NULL;
  for (int64_t i = 0; i < n; ++i) state[i].reason = WSF__SKIPPED;
  for (int i = 0; i < node->n_inner; ++i) {
    inner[i] = wsf__tree_new(arena, node->inner[i], n, home);
    if (!inner[i]) return NULL;
  }
  t->fitted = (wsf__fitted){.node = node, .n = n, .state = state, .inner = inner};
  t->home = home;
  return &t->fitted;
}

static wsf__fitted *trial(wsf__fit *f, const wsf__node *node, int64_t n) {
  return wsf__tree_new(f->scratch, node, n, f->scratch);
}

void wsf__tree_tidy(const wsf__series *s, wsf__fitted *t) {
  const wsf__state *state = &t->state[s->slot];
  if (state->reason >= WSF__NOT_FITTED)
    wsf__state_fail(t, s, state->reason);
  else if (!wsf__state_finite(state))
    wsf__state_fail(t, s, WSF__NOT_FINITE);
}

static wsf_status stop(wsf_error *err) {
  return wsf__fail(err, WSF_E_CANCELLED, "the call was stopped by its caller");
}

static wsf_status fit_class(wsf__fit *f, const wsf__batch *b, wsf__fitted *t) {
  const wsf__model_class *class = wsf__class_of(t->node);
  if (class->fit) {
    if (wsf__cancelled(f->env)) return stop(f->err);
    const wsf__mark mark = wsf__arena_mark(f->scratch);
    WSF__TRY(class->fit(f, b, t));
    wsf__arena_reset(f->scratch, mark);
    for (int64_t i = 0; i < b->n; ++i) wsf__tree_tidy(&b->series[i], t);
    return WSF_OK;
  }
  for (int64_t i = 0; i < b->n; ++i) {
    if (wsf__cancelled(f->env)) return stop(f->err);
    const wsf__mark mark = wsf__arena_mark(f->scratch);
    WSF__TRY(class->fit_series(f, &b->series[i], t));
    wsf__arena_reset(f->scratch, mark);
    wsf__tree_tidy(&b->series[i], t);
  }
  return WSF_OK;
}

static wsf_status fit_inner(wsf__fit *f, const wsf__batch *b, wsf__fitted *t) {
  if (b->n == 0) return WSF_OK;
  wsf__job *job = (wsf__job *)f;
  wsf__arena *const home = ((tree *)t)->home;
  wsf__arena *const scratch = f->scratch, *const keep = f->keep;
  f->keep = home ? home : job->keep;
  if (scratch == f->keep) f->scratch = scratch == job->scratch ? &job->other : job->scratch;
  const wsf_status status = fit_class(f, b, t);
  f->scratch = scratch;
  f->keep = keep;
  return status;
}

static void put_missing(wsf__forecast *out) {
  for (int64_t r = 0; r < wsf__forecast_rows(out); ++r) {
    for (int64_t i = 0; i < out->h; ++i) wsf__forecast_row(out, r)[i] = NAN;
  }
}

static wsf_status predict_class(wsf__predict *p, const wsf__batch *b, const wsf__fitted *t,
                                wsf__forecast out[]) {
  const wsf__model_class *class = wsf__class_of(t->node);
  if (class->predict) return class->predict(p, t, b, out);
  for (int64_t i = 0; i < b->n; ++i) {
    if (wsf__cancelled(p->env)) return stop(p->err);
    const wsf__mark mark = wsf__arena_mark(p->scratch);
    WSF__TRY(class->predict_series(p, t, &b->series[i], &out[i]));
    wsf__arena_reset(p->scratch, mark);
  }
  return WSF_OK;
}

wsf_status wsf__tree_predict(wsf__predict *p, const wsf__fitted *t, const wsf__batch *b,
                             wsf__forecast out[]) {
  const wsf__mark mark = wsf__arena_mark(p->scratch);
  wsf__series *series = wsf__arena_new(p->scratch, (size_t)b->n, sizeof *series);
  wsf__forecast *some = wsf__arena_new(p->scratch, (size_t)b->n, sizeof *some);
  if (!series || !some) return wsf__fail_memory(p->err);
  int64_t n = 0;
  for (int64_t i = 0; i < b->n; ++i) {
    const wsf__series *s = &b->series[i];
    if (t->state[s->slot].reason >= WSF__NOT_FITTED) {
      put_missing(&out[i]);
      continue;
    }
    series[n] = *s;
    series[n].y = NULL; /* a forecast follows from the state alone */
    some[n++] = out[i];
  }
  if (n > 0) WSF__TRY(predict_class(p, &(wsf__batch){n, series}, t, some));
  wsf__arena_reset(p->scratch, mark);
  return WSF_OK;
}

/* The states of a series as they are, in a forecaster of its own. */
static wsf_status copy_states(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                              wsf__fitted *t) {
  if (old->state[s->slot].reason >= WSF__NOT_FITTED)
    wsf__state_fail(t, s, old->state[s->slot].reason);
  else if (!wsf__state_copy(f, old, s, t))
    return wsf__fail_memory(f->err);
  for (int i = 0; i < t->node->n_inner; ++i) {
    WSF__TRY(copy_states(f, old->inner[i], s, t->inner[i]));
  }
  return WSF_OK;
}

static wsf_status update_inner(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                               wsf__fitted *t) {
  if (s->n == 0 || old->state[s->slot].reason >= WSF__NOT_FITTED) return copy_states(f, old, s, t);
  const wsf__mark mark = wsf__arena_mark(f->scratch);
  WSF__TRY(wsf__class_of(t->node)->update(f, old, s, t));
  wsf__arena_reset(f->scratch, mark);
  wsf__tree_tidy(s, t);
  return WSF_OK;
}

wsf_status wsf__tree_update(wsf__job *job, const wsf__fitted *old, const wsf__series *s,
                            wsf__fitted *t) {
  return update_inner(&job->fit, old, s, t);
}

/* In blocks, or a back-test of a whole panel would hold all its workspace at once. */
static wsf_status predict_inside_fit(wsf__fit *f, const wsf__fitted *t, const wsf__batch *b,
                                     wsf__forecast out[]) {
  wsf__predict p = {.frame = f->panel,
                    .env = f->env,
                    .scratch = f->scratch,
                    .err = f->err,
                    .predict_inner = wsf__tree_predict};
  for (int64_t i = 0; i < b->n; i += WSF__BATCH) {
    const wsf__batch some = {b->n - i < WSF__BATCH ? b->n - i : WSF__BATCH, b->series + i};
    WSF__TRY(wsf__tree_predict(&p, t, &some, out + i));
  }
  return WSF_OK;
}

void wsf__job_init(wsf__job *job, const wsf__panel *panel, wsf__env *env, wsf__arena *scratch,
                   wsf__arena *keep, wsf_error *err) {
  *job = (wsf__job){.fit = {.panel = panel,
                            .env = env,
                            .scratch = scratch,
                            .keep = keep,
                            .err = err,
                            .fit_inner = fit_inner,
                            .predict_inner = predict_inside_fit,
                            .trial = trial,
                            .update_inner = update_inner},
                    .keep = keep,
                    .scratch = scratch};
  wsf__arena_init(&job->other, &env->alloc);
}

void wsf__job_free(wsf__job *job) {
  wsf__arena_free(&job->other);
}

wsf_status wsf__tree_fit(wsf__job *job, const wsf__batch *b, wsf__fitted *t) {
  return fit_inner(&job->fit, b, t);
}
