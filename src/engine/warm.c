/* A fit that goes on from an earlier forecaster: the first call of a class that resumes takes what
 * the first call of that class there has learnt, the second what the second has. Trials inside a
 * fit know nothing of it, for they ask how a model does that has not seen the end. */
#include "engine/warm.h"

wsf_status wsf__warm_read(wsf__fitted_panel **out, wsf__env *env, const wsf__node *options,
                          wsf_error *err) {
  const char *path = wsf__arg_text(options, "warm");
  uint8_t *bytes = NULL;
  size_t size = 0;
  *out = NULL;
  if (!path || !*path) return WSF_OK;
  wsf_status status = wsf__file_load(&bytes, &size, env, path, wsf__container_begin, err);
  if (status == WSF_OK) status = wsf__engine_load(out, env, bytes, size, err);
  wsf__delete(&env->alloc, bytes);
  if (status != WSF_OK) {
    wsf__error_at_file(err, path);
    wsf__error_at_field(err, "warm");
  }
  return status;
}

/* The k-th call of a class, from the outermost on; *k counts down. */
static const wsf__fitted *call_of(const wsf__fitted *t, const wsf__spec *spec, int *k) {
  if (t->node->spec == spec && (*k)-- == 0) return t;
  for (int i = 0; i < t->node->n_inner; ++i) {
    const wsf__fitted *found = call_of(t->inner[i], spec, k);
    if (found) return found;
  }
  return NULL;
}

typedef struct loan {
  const wsf__fitted *root; /* of the earlier forecaster */
  const wsf__panel *frame;
  const int64_t *row;
  wsf__arena *arena;
  int given;
  const wsf__spec *missing; /* of a call that finds none there */
} loan;

/* How many calls of a class stand in front of t, below root. */
static bool count_before(const wsf__fitted *root, const wsf__fitted *t, int *n) {
  if (root == t) return true;
  *n += root->node->spec == t->node->spec;
  for (int i = 0; i < root->node->n_inner; ++i) {
    if (count_before(root->inner[i], t, n)) return true;
  }
  return false;
}

static bool lend(wsf__fitted *t, const wsf__fitted *root, loan *l) {
  if (wsf__class_of(t->node)->resumes) {
    int k = 0;
    (void)count_before(root, t, &k);
    wsf__warm *warm = wsf__arena_new(l->arena, 1, sizeof *warm);
    if (!warm) return false;
    *warm =
        (wsf__warm){.call = call_of(l->root, t->node->spec, &k), .frame = l->frame, .row = l->row};
    if (warm->call) {
      t->warm = warm;
      ++l->given;
    } else {
      l->missing = t->node->spec;
    }
  }
  for (int i = 0; i < t->node->n_inner; ++i) {
    if (!lend(t->inner[i], root, l)) return false;
  }
  return true;
}

wsf_status wsf__warm_lend(wsf__fitted *tree, const wsf__fitted_panel *old, const wsf__panel *panel,
                          const wsf__env *env, wsf__arena *arena, wsf_error *err) {
  int64_t *row;
  WSF__TRY(wsf__match_series(&row, env, arena, panel, old->frame, err));
  loan l = {.root = old->root, .frame = old->frame, .row = row, .arena = arena};
  if (!lend(tree, tree, &l)) return wsf__fail_memory(err);
  if (l.given > 0 && !l.missing) return WSF_OK;
  (void)(l.missing
             ? wsf__fail(err, WSF_E_VALUE,
                         "warm: the forecaster of %.200s has no call of %s to go on from",
                         old->text, l.missing->name)
             : wsf__fail(err, WSF_E_VALUE,
                         "warm: no call of the model goes on from an earlier fit, expected lstm or "
                         "esrnn"));
  wsf__error_at_field(err, "warm");
  return WSF_E_VALUE;
}

void wsf__warm_end(wsf__fitted *tree) {
  tree->warm = NULL;
  for (int i = 0; i < tree->node->n_inner; ++i) wsf__warm_end(tree->inner[i]);
}
