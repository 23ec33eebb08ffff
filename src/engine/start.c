/* Series that a forecaster has never seen, in an update.
 *
 * A class whose series learn in common says what a pool tells of one more (`start`). Calls around
 * others are fitted to the series as ever, but that what stands inside them is started in its turn:
 * log takes logarithms, clamp the range, and mean goes on without the models that have no start.
 *
 * Nothing is back-tested: no window of a new series can be forecast as if its pool had not been
 * learnt yet. Who asks for a trial finds that it fitted nothing, and does what it does for a series
 * too short for one: weighted takes equal weights, best the first model that starts, conformal the
 * random walk's intervals, rebase no correction. The series is `replaced` then. */
#include "engine/drive.h"

static bool starts(const wsf__node *node) {
  const wsf__model_class *class = wsf__class_of(node);
  if (class->start) return true;
  for (int i = 0; class->fit && i < node->n_inner; ++i) {
    if (starts(node->inner[i])) return true;
  }
  return false;
}

/* ---- whose pool ---------------------------------------------------------------------------- */

static int count_calls(const wsf__node *node) {
  int n = 1;
  for (int i = 0; i < node->n_inner; ++i) n += count_calls(node->inner[i]);
  return n;
}

/* A series finds its pool at one of the same label that has one; sums over the key are one more
 * label. */
static wsf_status add_lender(wsf__lenders *l, wsf__arena *arena, const wsf__panel *frame,
                             const wsf__fitted *t, const wsf__fitted *old, wsf_error *err) {
  const wsf__model_class *class = wsf__class_of(t->node);
  wsf__scope scope = {.of = WSF__PANEL};
  if (class->scope) WSF__TRY(class->scope(&scope, t->node, frame, err));
  const wsf__key *key = scope.of == WSF__BY_KEY ? &frame->key[scope.key] : NULL;
  int32_t *number = wsf__arena_zero(arena, key ? (size_t)key->n_labels + 1 : 1, sizeof *number);
  if (!number) return wsf__fail_memory(err);
  for (int64_t j = frame->n - 1; j >= 0; --j) {
    const int32_t pool = old->state[j].pool;
    if (pool > 0) number[key ? key->code[j] + 1 : 0] = pool;
  }
  l->of[l->n++] = (wsf__lender){.call = t, .code = key ? key->code : NULL, .number = number};
  return WSF_OK;
}

static wsf_status add_lenders(wsf__lenders *l, wsf__arena *arena, const wsf__panel *frame,
                              const wsf__fitted *t, const wsf__fitted *old, wsf_error *err) {
  const wsf__model_class *class = wsf__class_of(t->node);
  if (class->start && class->load_pool) WSF__TRY(add_lender(l, arena, frame, t, old, err));
  for (int i = 0; i < t->node->n_inner; ++i) {
    WSF__TRY(add_lenders(l, arena, frame, t->inner[i], old->inner[i], err));
  }
  return WSF_OK;
}

wsf_status wsf__lenders_find(wsf__lenders *out, wsf__arena *arena, const wsf__panel *frame,
                             const wsf__fitted *tree, const wsf__fitted *old, wsf_error *err) {
  const size_t calls = (size_t)count_calls(tree->node);
  *out = (wsf__lenders){.of = wsf__arena_new(arena, calls, sizeof *out->of)};
  if (!out->of) return wsf__fail_memory(err);
  return add_lenders(out, arena, frame, tree, old, err);
}

static int32_t pool_for(const wsf__lenders *l, const wsf__fitted *t, const wsf__series *s) {
  for (int k = 0; k < l->n; ++k) {
    const wsf__lender *one = &l->of[k];
    if (one->call == t) return one->number[one->code ? one->code[s->id] + 1 : 0];
  }
  return 0;
}

/* ---- the states ---------------------------------------------------------------------------- */

static wsf_status from_pool(wsf__job *job, const wsf__series *s, wsf__fitted *t) {
  const wsf__model_class *class = wsf__class_of(t->node);
  const int32_t number = pool_for(job->lenders, t, s);
  if (class->load_pool && number == 0) return WSF_OK; /* nobody to learn from */
  WSF__TRY(class->start(&job->fit, number > 0 ? t->pool[number - 1] : NULL, s, t));
  t->state[s->slot].pool = number;
  return WSF_OK;
}

static wsf_status around_others(wsf__job *job, const wsf__series *s, wsf__fitted *t) {
  const bool tried = job->tried;
  job->tried = false;
  WSF__TRY(wsf__class_of(t->node)->fit(&job->fit, &(wsf__batch){.n = 1, .series = s}, t));
  wsf__state *state = &t->state[s->slot];
  if (job->tried && state->reason < WSF__NOT_FITTED) state->reason = WSF__REPLACED;
  job->tried = tried;
  return WSF_OK;
}

/* `fit_inner` of a start. */
static wsf_status start_inner(wsf__fit *f, const wsf__batch *b, wsf__fitted *t) {
  wsf__job *job = (wsf__job *)f;
  if (job->trial) job->tried = true;
  if (job->trial || !starts(t->node)) return WSF_OK;
  for (int64_t i = 0; i < b->n; ++i) {
    const wsf__series *s = &b->series[i];
    const wsf__mark mark = wsf__arena_mark(f->scratch);
    WSF__TRY(wsf__class_of(t->node)->start ? from_pool(job, s, t) : around_others(job, s, t));
    wsf__arena_reset(f->scratch, mark);
    wsf__tree_tidy(f, s, t);
  }
  return WSF_OK;
}

/* `fit_errors` of a start: nothing is known of a series that was never fitted. */
static wsf_status start_errors(wsf__fit *f, const wsf__batch *b, wsf__fitted *t, int64_t window,
                               double *error) {
  for (int64_t i = 0; i < b->n; ++i) {
    for (int64_t k = 0; k < window; ++k) error[b->series[i].slot * window + k] = NAN;
  }
  return start_inner(f, b, t);
}

wsf_status wsf__tree_start(wsf__job *job, const wsf__lenders *lenders, const wsf__series *s,
                           wsf__fitted *t) {
  wsf__fit *f = &job->fit;
  const wsf__fit lent = *f;
  job->lenders = lenders;
  f->fit_inner = start_inner;
  f->fit_errors = start_errors;
  const wsf_status status = start_inner(f, &(wsf__batch){.n = 1, .series = s}, t);
  f->fit_inner = lent.fit_inner;
  f->fit_errors = lent.fit_errors;
  return status;
}
