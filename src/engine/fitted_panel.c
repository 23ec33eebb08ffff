/* What a fit leaves of a panel: made by a fit or a file, shared by counting, let go of once. */
#include "engine/drive.h"

#include <string.h>

wsf__fitted_panel *wsf__fitted_panel_new(const wsf__alloc *a) {
  wsf__fitted_panel *f = wsf__new_zero(a, 1, sizeof *f);
  if (!f) return NULL;
  atomic_init(&f->references, 1);
  wsf__arena_init(&f->arena, a);
  return f;
}

wsf__fitted_panel *wsf__fitted_panel_retain(wsf__fitted_panel *f) {
  if (f) atomic_fetch_add_explicit(&f->references, 1, memory_order_relaxed);
  return f;
}

void wsf__fitted_panel_release(wsf__fitted_panel *f) {
  if (!f) return;
  if (atomic_fetch_sub_explicit(&f->references, 1, memory_order_acq_rel) != 1) return;
  const wsf__alloc a = f->arena.alloc;
  wsf__pools_release(f->root);
  wsf__pools_release(f->fallback);
  if (f->frame) wsf__panel_release(f->frame);
  wsf__arena_free(&f->arena);
  wsf__delete(&a, f);
}

wsf_status wsf__fitted_panel_parse(wsf__fitted_panel *f, const wsf__node **fallback_node,
                                   const char *model_text, wsf_error *err) {
  const wsf__catalog *catalog = wsf__engine_catalog();
  WSF__TRY(
      wsf__expr_parse(&f->node, &f->arena, catalog, "model", model_text, strlen(model_text), err));
  WSF__TRY(wsf__expr_parse(fallback_node, &f->arena, catalog, "model", wsf__fallback_text,
                           strlen(wsf__fallback_text), err));
  f->text = wsf__node_text(&f->arena, f->node);
  return f->text ? WSF_OK : wsf__fail_memory(err);
}

wsf_status wsf__fitted_panel_room(wsf__fitted_panel *f, const wsf__node *fallback_node, int64_t n,
                                  wsf__fitted **root, wsf__fitted **fallback, wsf_error *err) {
  *root = wsf__tree_new(&f->arena, f->node, n);
  *fallback = wsf__tree_new(&f->arena, fallback_node, n);
  if (!*root || !*fallback) return wsf__fail_memory(err);
  f->root = *root;
  f->fallback = *fallback;
  return WSF_OK;
}
