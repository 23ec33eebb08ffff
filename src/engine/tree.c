/* Fitted calls: the tree that mirrors an expression, and the recursions that fit it,
 * move it over new observations and forecast it.
 *
 * A fit begins with the whole panel. On the way down a batch is cut as soon as the calls below need
 * no more than its parts, and the parts are fitted side by side, so that mean(ets, rebase(snaive,
 * by=all)) keeps as many workers busy as ets alone. A part is not cut again.
 *
 * A tree belongs either to the forecaster or to a trial inside somebody's fit, whose states go when
 * the trial ends. Side by side, each part puts its states in an arena of its own, split off the
 * one that the whole would use. */
#include "engine/drive.h"
#include "models/components.h"
#include "models/paths.h"
#include "models/regressors.h"
#include "models/scope.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>

struct wsf__trial {
  wsf__trial *outer;
  const wsf__job *job; /* that it was begun in */
  wsf__fitted *root;
  wsf__arena keep; /* the tree and its states */
};

typedef struct tree {
  wsf__fitted fitted; /* first member */
  wsf__trial *trial;  /* NULL: the forecaster's */
} tree;

static wsf__fitted *tree_new(wsf__arena *arena, const wsf__node *node, int64_t n,
                             wsf__trial *trial) {
  tree *t = wsf__arena_zero(arena, 1, sizeof *t);
  wsf__state *state = wsf__arena_zero(arena, (size_t)n, sizeof *state);
  wsf__fitted **inner = wsf__arena_zero(arena, (size_t)node->n_inner, sizeof(wsf__fitted *));
  if (!t || !state || !inner) return NULL;
  for (int64_t i = 0; i < n; ++i) state[i].reason = WSF__SKIPPED;
  for (int i = 0; i < node->n_inner; ++i) {
    inner[i] = tree_new(arena, node->inner[i], n, trial);
    if (!inner[i]) return NULL;
  }
  t->fitted = (wsf__fitted){.node = node, .n = n, .state = state, .inner = inner};
  t->trial = trial;
  if (!trial && !wsf__residuals_room(&t->fitted, arena)) return NULL;
  if (!trial && !wsf__gaps_room(&t->fitted, arena)) return NULL;
  return wsf__pools_room(&t->fitted, arena) ? &t->fitted : NULL;
}

bool wsf__tree_keep_errors(wsf__fitted *t, wsf__arena *arena) {
  t->errors = wsf__arena_zero(arena, (size_t)t->n, sizeof *t->errors);
  bool done = t->errors != NULL;
  for (int i = 0; done && i < t->node->n_inner; ++i) {
    done = wsf__tree_keep_errors(t->inner[i], arena);
  }
  return done;
}

bool wsf__tree_keep_history(wsf__fitted *t, wsf__arena *arena) {
  t->history = wsf__arena_zero(arena, (size_t)t->n, sizeof *t->history);
  bool done = t->history != NULL;
  for (int i = 0; done && i < t->node->n_inner; ++i) {
    done = wsf__tree_keep_history(t->inner[i], arena);
  }
  return done;
}

/* Room for one-step forecasts of a batch. */
static wsf_status keep_history(wsf__fit *f, const wsf__batch *b, wsf__fitted *t) {
  for (int64_t i = 0; t->history && i < b->n; ++i) {
    const wsf__series *s = &b->series[i];
    wsf__arena *const told = ((wsf__job *)f)->told;
    double *v = wsf__arena_new(told ? told : f->keep, (size_t)s->n, sizeof *v);
    if (!v) return wsf__fail_memory(f->err);
    for (int64_t k = 0; k < s->n; ++k) v[k] = NAN;
    t->history[s->slot] = (wsf__history){v, s->n, s->y};
  }
  return WSF_OK;
}

/* What the calls inside forecast of the history is what this one does, or it knows better. */
static wsf_status take_history(wsf__fit *f, const wsf__batch *b, const wsf__fitted *t) {
  const wsf__model_class *class = wsf__class_of(t->node);
  for (int64_t i = 0; t->history && t->node->n_inner > 0 && i < b->n; ++i) {
    const wsf__series *s = &b->series[i];
    const wsf__state *state = &t->state[s->slot];
    if (state->reason >= WSF__NOT_FITTED) continue;
    if (class->history) {
      const wsf__mark mark = wsf__arena_mark(f->scratch);
      WSF__TRY(class->history(f, t, s));
      wsf__arena_reset(f->scratch, mark);
      continue;
    }
    const wsf__history *inner = &t->inner[class->chooses ? (int)state->v[0] : 0]->history[s->slot];
    for (int64_t k = 0; inner->n == s->n && k < s->n; ++k) t->history[s->slot].v[k] = inner->v[k];
  }
  return WSF_OK;
}

wsf__fitted *wsf__tree_new(wsf__arena *arena, const wsf__node *node, int64_t n) {
  return tree_new(arena, node, n, NULL);
}

static void pop_trial(wsf__job *job) {
  wsf__trial *t = job->trial;
  job->trial = t->outer;
  wsf__pools_release(t->root);
  wsf__arena_free(&t->keep);
  wsf__delete(&job->fit.env->alloc, t);
}

static wsf__fitted *trial(wsf__fit *f, const wsf__node *node, int64_t n) {
  wsf__job *job = (wsf__job *)f;
  wsf__trial *t = wsf__new(&f->env->alloc, 1, sizeof *t);
  if (!t) return NULL;
  *t = (wsf__trial){.outer = job->trial, .job = job};
  wsf__arena_init(&t->keep, &f->env->alloc);
  job->trial = t;
  t->root = tree_new(&t->keep, node, n, t);
  return t->root;
}

static void trial_end(wsf__fit *f, wsf__fitted *fitted) {
  wsf__job *job = (wsf__job *)f;
  assert(job->trial && job->trial->root == fitted);
  (void)fitted;
  pop_trial(job);
}

int64_t wsf__tree_reach(const wsf__node *node) {
  const wsf__model_class *class = wsf__class_of(node);
  int64_t most = class->reach ? class->reach(node) : 0;
  const int64_t past = wsf__regressors_past(node);
  if (past > most) most = past;
  for (int i = 0; i < node->n_inner; ++i) {
    const int64_t reach = wsf__tree_reach(node->inner[i]);
    if (reach > most) most = reach;
  }
  return most;
}

bool wsf__tree_together(const wsf__node *node, const wsf__panel *panel) {
  wsf__scope scope;
  const wsf__model_class *class = wsf__class_of(node);
  if (class->together && class->scope(&scope, node, panel, NULL) == WSF_OK &&
      scope.of != WSF__ALONE) {
    return true;
  }
  for (int i = 0; i < node->n_inner; ++i) {
    if (wsf__tree_together(node->inner[i], panel)) return true;
  }
  return false;
}

const wsf__fitted *wsf__tree_chosen(const wsf__fitted *t, int64_t slot) {
  while (wsf__class_of(t->node)->chooses && t->state[slot].reason < WSF__NOT_FITTED) {
    t = t->inner[(int)t->state[slot].v[0]];
  }
  return t;
}

bool wsf__state_valid(const wsf__fitted *t, const wsf__panel *frame, const wsf__state *state) {
  const wsf__model_class *class = wsf__class_of(t->node);
  const int32_t pool = state->pool;
  if (class->load_pool) {
    if (pool < 1 || pool > t->n_pools || !t->pool[pool - 1]) return false;
  } else if (pool != 0) {
    return false;
  }
  return class->check(t->node, frame, state);
}

void wsf__tree_tidy(const wsf__fit *f, const wsf__series *s, wsf__fitted *t) {
  const wsf__state *state = &t->state[s->slot];
  if (state->reason >= WSF__NOT_FITTED)
    wsf__state_fail(t, s, state->reason);
  else if (!wsf__state_valid(t, f->panel, state))
    wsf__state_fail(t, s, WSF__NOT_FINITE);
}

/* A state that the context does not allow, and a loop that was cut short, look to a class like
 * memory that ran out. */
static wsf_status tell_refused(wsf__fit *f, const wsf__fitted *t, wsf_status status) {
  if (status != WSF_OK && wsf__stopped(f->env) && !wsf__says_cut(f->err)) {
    return wsf__fail_stopped(f->env, f->err);
  }
  if (status != WSF_E_MEMORY || f->refused == 0) return status;
  (void)wsf__fail(f->err, WSF_E_LIMIT,
                  "%s keeps %" PRId64 " values for each of %" PRId64
                  " series; the context allows fewer (max_state allows more)",
                  t->node->spec->name, f->refused, t->n);
  wsf__error_at_field(f->err, wsf__limit_option(WSF__MOST_state));
  f->refused = 0;
  return WSF_E_LIMIT;
}

static wsf_status finish_series(wsf__fit *f, const wsf__series *s, wsf__fitted *t) {
  wsf__tree_tidy(f, s, t);
  WSF__TRY(wsf__gaps_count(f, s, t));
  wsf__gaps_tell(s, t);
  return WSF_OK;
}

static wsf_status fit_all(wsf__fit *f, const wsf__batch *b, wsf__fitted *t) {
  const wsf__model_class *class = wsf__class_of(t->node);
  WSF__TRY(keep_history(f, b, t));
  if (class->fit) {
    if (wsf__stopped(f->env)) return wsf__fail_stopped(f->env, f->err);
    const wsf__mark mark = wsf__arena_mark(f->scratch);
    WSF__TRY(class->fit(f, b, t));
    WSF__TRY(take_history(f, b, t));
    wsf__arena_reset(f->scratch, mark);
    for (int64_t i = 0; i < b->n; ++i) WSF__TRY(finish_series(f, &b->series[i], t));
    return WSF_OK;
  }
  for (int64_t i = 0; i < b->n; ++i) {
    if (wsf__stopped(f->env)) return wsf__fail_stopped(f->env, f->err);
    const wsf__series *s = &b->series[i];
    const wsf__mark mark = wsf__arena_mark(f->scratch);
    if (!wsf__residuals_begin(f, s, t)) return wsf__fail_memory(f->err);
    WSF__TRY(class->fit_series(f, s, t));
    WSF__TRY(finish_series(f, s, t));
    if (!wsf__residuals_end(f, NULL, s, t)) return wsf__fail_memory(f->err);
    wsf__arena_reset(f->scratch, mark);
  }
  return WSF_OK;
}

static wsf_status fit_class(wsf__fit *f, const wsf__batch *b, wsf__fitted *t) {
  return tell_refused(f, t, fit_all(f, b, t));
}

/* What a fit tells of its one-step errors (fit_errors of model.h). */
typedef struct telling {
  int64_t from, window; /* periods */
  double *error;        /* [slots * window] */
  bool keep;            /* somebody else wants what is told */
} telling;

static void tell_errors(const telling *told, const wsf__batch *b, const wsf__fitted *t) {
  for (int64_t i = 0; i < b->n; ++i) {
    const wsf__series *s = &b->series[i];
    const double *v = wsf__history_of(t, s);
    if (t->state[s->slot].reason >= WSF__NOT_FITTED) continue;
    for (int64_t k = 0; k < told->window; ++k) {
      const int64_t at = told->from + k - s->t0;
      if (at >= 0 && at < s->n) told->error[s->slot * told->window + k] = s->y[at] - v[at];
    }
  }
}

/* Fit one part; what it tells goes when it has been told, or the history of a whole panel would
 * stand beside the panel. */
static wsf_status fit_telling(wsf__fit *f, const wsf__batch *b, wsf__fitted *t,
                              const telling *told) {
  wsf__job *job = (wsf__job *)f;
  wsf__arena *const outer = job->told;
  wsf__arena own;
  wsf__arena_init(&own, &f->env->alloc);
  if (!told->keep) job->told = &own;
  const wsf_status status = fit_class(f, b, t);
  job->told = outer;
  if (status == WSF_OK) tell_errors(told, b, t);
  wsf__arena_free(&own);
  return status;
}

typedef struct part_of {
  const wsf__batch *batch;
  wsf__fitted *tree;
  const telling *told; /* NULL: nobody asks */
} part_of;

static wsf_status fit_part(wsf__fit *f, int64_t part, void *user) {
  const part_of *p = user;
  const wsf__batch *b = &p->batch[part];
  return p->told ? fit_telling(f, b, p->tree, p->told) : fit_class(f, b, p->tree);
}

/* A whole batch is cut as far as the tree allows. */
static wsf_status fit_whole(wsf__fit *f, const wsf__batch *b, wsf__fitted *t, const telling *told) {
  wsf__scope scope;
  wsf__batches cut;
  WSF__TRY(wsf__scope_of(&scope, t->node, f->panel, f->err));
  part_of p = {b, t, told};
  if (scope.of == WSF__PANEL) return fit_part(f, 0, &p);
  const wsf__mark mark = wsf__arena_mark(f->scratch);
  WSF__TRY(wsf__batches_cut(&cut, f->scratch, scope, f->panel, b, f->err));
  p.batch = cut.batch;
  WSF__TRY(f->parallel(f, cut.n, fit_part, &p));
  wsf__arena_reset(f->scratch, mark);
  return WSF_OK;
}

static wsf_status fit_into(wsf__fit *f, const wsf__batch *b, wsf__fitted *t, const telling *told) {
  if (b->n == 0) return WSF_OK;
  wsf__job *job = (wsf__job *)f;
  wsf__trial *trial = ((tree *)t)->trial;
  wsf__arena *const keep = f->keep;
  f->keep = trial && trial->job == job ? &trial->keep : job->keep;
  part_of whole = {b, t, told};
  const wsf_status status = job->piece ? fit_part(f, 0, &whole) : fit_whole(f, b, t, told);
  f->keep = keep;
  return status;
}

static wsf_status fit_inner(wsf__fit *f, const wsf__batch *b, wsf__fitted *t) {
  return fit_into(f, b, t, NULL);
}

static void forget_history(wsf__fitted *t) {
  t->history = NULL;
  for (int i = 0; i < t->node->n_inner; ++i) forget_history(t->inner[i]);
}

static wsf_status fit_errors(wsf__fit *f, const wsf__batch *b, wsf__fitted *t, int64_t window,
                             double *error) {
  int64_t end = INT64_MIN;
  for (int64_t i = 0; i < b->n; ++i) {
    const wsf__series *s = &b->series[i];
    if (s->t0 + s->n > end) end = s->t0 + s->n;
    for (int64_t k = 0; k < window; ++k) error[s->slot * window + k] = NAN;
  }
  if (b->n == 0) return WSF_OK;
  const telling told = {end - window, window, error, t->history != NULL};
  const wsf__mark mark = wsf__arena_mark(f->scratch);
  if (!told.keep && !wsf__tree_keep_history(t, f->scratch)) return wsf__fail_memory(f->err);
  const wsf_status status = fit_into(f, b, t, &told);
  if (!told.keep) forget_history(t);
  wsf__arena_reset(f->scratch, mark);
  return status;
}

typedef struct side {
  const wsf__job *job;
  wsf__arena *keep, *told; /* one each */
  wsf__piece_fn *fn;
  void *user;
} side;

static wsf_status run_piece(void *user, int64_t piece, wsf__arena *scratch, wsf_error *err) {
  const side *s = user;
  wsf__job job;
  wsf__job_init(&job, s->job->fit.panel, s->job->fit.env, scratch, &s->keep[piece], err);
  job.fit.horizon = s->job->fit.horizon;
  job.piece = true;
  job.told = s->told ? &s->told[piece] : NULL;
  const wsf_status status = s->fn(&job.fit, piece, s->user);
  wsf__job_free(&job);
  return status;
}

static wsf_status parallel(wsf__fit *f, int64_t pieces, wsf__piece_fn *fn, void *user) {
  wsf__job *job = (wsf__job *)f;
  if (job->piece || pieces < 2) {
    for (int64_t i = 0; i < pieces; ++i) {
      const wsf__mark mark = wsf__arena_mark(f->scratch);
      WSF__TRY(fn(f, i, user));
      wsf__arena_reset(f->scratch, mark);
    }
    job->stage.done += pieces;
    return WSF_OK;
  }
  side s = {job, wsf__arena_split(f->keep, (size_t)pieces), NULL, fn, user};
  if (job->told) s.told = wsf__arena_split(job->told, (size_t)pieces);
  if (!s.keep || (job->told && !s.told)) return wsf__fail_memory(f->err);
  return wsf__parallel_stage(f->env, &job->stage, pieces, run_piece, &s, f->err);
}

static void put_missing(wsf__forecast *out) {
  for (int64_t r = 0; r < wsf__forecast_rows(out) && !wsf__forecast_stopped(out); ++r) {
    for (int64_t i = 0; i < out->h; ++i) wsf__forecast_row(out, r)[i] = NAN;
  }
}

static wsf_status predict_class(wsf__predict *p, const wsf__batch *b, const wsf__fitted *t,
                                wsf__forecast out[]) {
  const wsf__model_class *class = wsf__class_of(t->node);
  if (class->predict) WSF__TRY(class->predict(p, t, b, out));
  for (int64_t i = 0; i < b->n && !class->predict; ++i) {
    if (wsf__stopped(p->env)) return wsf__fail_stopped(p->env, p->err);
    const wsf__mark mark = wsf__arena_mark(p->scratch);
    WSF__TRY(class->predict_series(p, t, &b->series[i], &out[i]));
    wsf__arena_reset(p->scratch, mark);
  }
  for (int64_t i = 0; i < b->n && t->node->n_inner == 0; ++i) {
    if (out[i].n_paths > 0) WSF__TRY(wsf__paths_make(p, t, &b->series[i], &out[i]));
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
  for (int64_t i = 0; i < n; ++i) wsf__components_close(&some[i], t->node->n_inner == 0);
  wsf__arena_reset(p->scratch, mark);
  return WSF_OK;
}

/* After an update: the old residuals and those of what s holds. */
static bool keep_residuals(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                           wsf__fitted *t) {
  return !t->residuals || wsf__residuals_end(f, &old->residuals[s->slot], s, t);
}

/* The states of a series as they are, in a forecaster of its own. */
static wsf_status copy_states(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                              wsf__fitted *t) {
  if (old->state[s->slot].reason >= WSF__NOT_FITTED)
    wsf__state_fail(t, s, old->state[s->slot].reason);
  else if (!wsf__state_copy(f, old, s, t) || !keep_residuals(f, old, s, t))
    return wsf__fail_memory(f->err);
  for (int i = 0; i < t->node->n_inner; ++i) {
    WSF__TRY(copy_states(f, old->inner[i], s, t->inner[i]));
  }
  return WSF_OK;
}

/* Nothing of a call that lost a series goes on: the calls inside would else stand where the piece
 * that broke it ended. */
static void stop_inner(wsf__fitted *t, const wsf__series *s) {
  for (int i = 0; i < t->node->n_inner; ++i) {
    wsf__fitted *inner = t->inner[i];
    wsf__state_fail(inner, s, WSF__SKIPPED);
    if (inner->residuals) inner->residuals[s->slot] = (wsf__residuals){0};
    stop_inner(inner, s);
  }
}

static wsf_status update_inner(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                               wsf__fitted *t) {
  if (s->n == 0 || old->state[s->slot].reason >= WSF__NOT_FITTED) return copy_states(f, old, s, t);
  const wsf__mark mark = wsf__arena_mark(f->scratch);
  if (!wsf__residuals_begin(f, s, t)) return wsf__fail_memory(f->err);
  WSF__TRY(tell_refused(f, t, wsf__class_of(t->node)->update(f, old, s, t)));
  t->state[s->slot].pool = old->state[s->slot].pool; /* an update learns nothing in common */
  wsf__tree_tidy(f, s, t);
  if (!keep_residuals(f, old, s, t)) return wsf__fail_memory(f->err);
  WSF__TRY(wsf__gaps_count(f, s, t));
  wsf__arena_reset(f->scratch, mark);
  if (t->state[s->slot].reason >= WSF__NOT_FITTED) stop_inner(t, s);
  return WSF_OK;
}

wsf_status wsf__tree_update(wsf__job *job, const wsf__fitted *old, const wsf__series *s,
                            wsf__fitted *t) {
  return update_inner(&job->fit, old, s, t);
}

/* A trial says nothing of a step without a column, and something of the others. */
static int32_t reason_inside_fit(const wsf__predict *p, const wsf__fitted *t, const wsf__series *s,
                                 int64_t h) {
  (void)p;
  (void)h;
  return t->state[s->slot].reason;
}

typedef struct asked {
  const wsf__fitted *tree;
  const wsf__batch *batch;
  wsf__forecast *out;
  int64_t size; /* of a block */
} asked;

static wsf_status predict_block(wsf__fit *f, int64_t block, void *user) {
  const asked *a = user;
  const int64_t i = block * a->size, left = a->batch->n - i;
  const wsf__batch some = {left < a->size ? left : a->size, a->batch->series + i};
  wsf__predict p = {.frame = f->panel,
                    .env = f->env,
                    .scratch = f->scratch,
                    .err = f->err,
                    .predict_inner = wsf__tree_predict,
                    .reason = reason_inside_fit};
  return wsf__tree_predict(&p, a->tree, &some, a->out + i);
}

/* In blocks, or a back-test of a whole panel would hold all its workspace at once; in one where
 * forecasts belong together. */
static wsf_status predict_inside_fit(wsf__fit *f, const wsf__fitted *t, const wsf__batch *b,
                                     wsf__forecast out[]) {
  asked a = {t, b, out, wsf__tree_together(t->node, f->panel) ? b->n : WSF__BATCH};
  return parallel(f, (b->n + a.size - 1) / a.size, predict_block, &a);
}

void wsf__job_init(wsf__job *job, const wsf__panel *panel, wsf__env *env, wsf__arena *scratch,
                   wsf__arena *keep, wsf_error *err) {
  *job = (wsf__job){.fit = {.panel = panel,
                            .env = env,
                            .scratch = scratch,
                            .keep = keep,
                            .err = err,
                            .fit_inner = fit_inner,
                            .fit_errors = fit_errors,
                            .predict_inner = predict_inside_fit,
                            .trial = trial,
                            .trial_end = trial_end,
                            .pool_new = wsf__pool_new,
                            .update_inner = update_inner,
                            .parallel = parallel},
                    .keep = keep};
  scratch->work_of = env;
}

void wsf__job_free(wsf__job *job) {
  while (job->trial) pop_trial(job);
}

wsf_status wsf__tree_fit(wsf__job *job, const wsf__batch *b, wsf__fitted *t) {
  return fit_inner(&job->fit, b, t);
}
