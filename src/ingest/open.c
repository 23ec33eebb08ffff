/* How a data expression is run: inner calls first. */
#include "ingest/sources.h"

static wsf_status name_source(wsf__panel *p, const wsf__node *node, wsf_error *err) {
  wsf__text text;
  wsf__text_init(&text, &p->arena.alloc, WSF__EXPR_BYTES);
  wsf__expr_print(&text, node);
  const char *source = text.failed ? NULL : wsf__arena_text(&p->arena, text.data, text.length);
  wsf__text_free(&text);
  if (!source) return wsf__fail_memory(err);
  p->source = source;
  return WSF_OK;
}

wsf_status wsf__ingest_open(wsf__panel **out, wsf__env *env, const wsf__node *node,
                            wsf_error *err) {
  *out = NULL;
  for (int i = 0; i < wsf__n_data_specs; ++i) {
    if (node->spec != wsf__data_specs[i]) continue;
    WSF__TRY(wsf__data_open[i](out, env, node, err));
    const wsf_status status = name_source(*out, node, err);
    if (status != WSF_OK) {
      wsf__panel_release(*out);
      *out = NULL;
    }
    return status;
  }
  return wsf__fail(err, WSF_E_NAME, "\"%s\" is not a data word", node->spec->name);
}
