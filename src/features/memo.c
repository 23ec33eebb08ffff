#include "features/memo.h"

#include <string.h>

/* By the text of the call: the node may be gone, and its address another's, while the memo stays.
 */
typedef struct wsf__memory {
  const char *text;
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

static wsf_status make(memory **out, wsf__memo *memo, const wsf__node *node, wsf_error *err) {
  memory *m = wsf__arena_new(&memo->arena, 1, sizeof *m);
  if (!m) return wsf__fail_memory(err);
  *m = (memory){.text = wsf__node_text(&memo->arena, node), .next = memo->first};
  if (!m->text) return wsf__fail_memory(err);
  WSF__TRY(wsf__feature_class_of(node)->share(&m->shared, node, memo->panel, &memo->arena, err));
  *out = memo->first = m;
  return WSF_OK;
}

wsf_status wsf__memo_share(const void **out, const wsf__node *node, const wsf__panel *panel,
                           wsf__arena *arena, wsf_error *err) {
  wsf__memo *memo = arena->work_of ? arena->work_of->memo : NULL;
  if (!memo || memo->panel != panel) {
    return wsf__feature_class_of(node)->share(out, node, panel, arena, err);
  }
  const wsf__mark mark = wsf__arena_mark(arena);
  const char *text = wsf__node_text(arena, node);
  if (!text) return wsf__fail_memory(err);
  wsf_status status = WSF_OK;
  (void)wsf__lock_take(&memo->lock);
  memory *m = memo->first;
  while (m && strcmp(m->text, text) != 0) m = m->next;
  if (!m) status = make(&m, memo, node, err);
  if (status == WSF_OK) *out = m->shared;
  wsf__lock_give(&memo->lock);
  wsf__arena_reset(arena, mark);
  return status;
}
