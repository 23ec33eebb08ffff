#include "features/memo.h"

#include <string.h>

/* By the text of the call: the node may be gone, and its address another's, while the memo stays.
 */
typedef struct wsf__memory {
  const char *text;
  bool table; /* shared is one of periods */
  const void *shared;
  struct wsf__memory *next;
} memory;

wsf_status wsf__memo_open(wsf__memo *memo, wsf__env *env, const wsf__panel *panel,
                          const wsf__foresight *foresight, wsf_error *err) {
  *memo = (wsf__memo){.env = env, .panel = panel, .foresight = foresight};
  if (!wsf__lock_init(&memo->lock)) return wsf__fail_memory(err);
  wsf__arena_init(&memo->arena, &env->alloc);
  memo->arena.work_of = env;
  env->memo = memo;
  return WSF_OK;
}

void wsf__memo_close(wsf__memo *memo, wsf__env *env) {
  env->memo = NULL;
  wsf__arena_free(&memo->arena);
  wsf__lock_free(&memo->lock);
}

/* What is asked for. width 0: what `share` makes; else a table of so many columns. */
typedef struct wish {
  const wsf__node *node;
  int width;
  int64_t periods;
} wish;

static wsf_status tabulate(const void **out, wsf__memo *memo, const wish *w, wsf_error *err) {
  float *x = wsf__arena_new(&memo->arena, (size_t)w->width * (size_t)w->periods, sizeof *x);
  if (!x) return wsf__fail_memory(err);
  *out = x;
  const wsf__feature_view v = {.panel = memo->panel, .scratch = &memo->arena, .err = err};
  const wsf__mark mark = wsf__arena_mark(&memo->arena);
  WSF__TRY(wsf__feature_class_of(w->node)->fill(&v, w->node, 0, w->periods, x, w->periods));
  wsf__arena_reset(&memo->arena, mark);
  return WSF_OK;
}

static wsf_status make(memory **out, wsf__memo *memo, const wish *w, wsf_error *err) {
  memory *m = wsf__arena_new(&memo->arena, 1, sizeof *m);
  if (!m) return wsf__fail_memory(err);
  *m = (memory){wsf__node_text(&memo->arena, w->node), w->width > 0, NULL, memo->first};
  if (!m->text) return wsf__fail_memory(err);
  const wsf__feature_class *class = wsf__feature_class_of(w->node);
  WSF__TRY(m->table ? tabulate(&m->shared, memo, w, err)
                    : class->share(&m->shared, w->node, memo->panel, &memo->arena, err));
  *out = memo->first = m;
  return WSF_OK;
}

static wsf_status find_or_make(const void **out, wsf__memo *memo, const wish *w, wsf__arena *arena,
                               wsf_error *err) {
  const wsf__mark mark = wsf__arena_mark(arena);
  const char *text = wsf__node_text(arena, w->node);
  if (!text) return wsf__fail_memory(err);
  wsf_status status = WSF_OK;
  (void)wsf__lock_take(&memo->lock);
  memory *m = memo->first;
  while (m && (m->table != (w->width > 0) || strcmp(m->text, text) != 0)) m = m->next;
  if (!m) status = make(&m, memo, w, err);
  if (status == WSF_OK) *out = m->shared;
  wsf__lock_give(&memo->lock);
  wsf__arena_reset(arena, mark);
  return status;
}

static wsf__memo *memo_of(const wsf__arena *arena, const wsf__panel *panel) {
  wsf__memo *memo = arena->work_of ? arena->work_of->memo : NULL;
  return memo && memo->panel == panel ? memo : NULL;
}

wsf_status wsf__memo_share(const void **out, const wsf__node *node, const wsf__panel *panel,
                           wsf__arena *arena, wsf_error *err) {
  wsf__memo *memo = memo_of(arena, panel);
  if (!memo) return wsf__feature_class_of(node)->share(out, node, panel, arena, err);
  return find_or_make(out, memo, &(wish){.node = node}, arena, err);
}

wsf_status wsf__memo_table(const float **out, const wsf__node *node, int width, int64_t periods,
                           const wsf__panel *panel, wsf__arena *arena, wsf_error *err) {
  wsf__memo *memo = memo_of(arena, panel);
  const void *table = NULL;
  if (memo) WSF__TRY(find_or_make(&table, memo, &(wish){node, width, periods}, arena, err));
  *out = table;
  return WSF_OK;
}
