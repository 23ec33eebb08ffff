/* Every data word, and how a data expression is run: inner calls first. */
#include "ingest/sources.h"

const wsf__spec *const wsf__data_specs[] = {
    &wsf__spec_csv,       &wsf__spec_walmart,  &wsf__spec_m5,   &wsf__spec_simulate,
    &wsf__spec_join,      &wsf__spec_until,    &wsf__spec_keep, &wsf__spec_select,
    &wsf__spec_aggregate, &wsf__spec_resample, &wsf__spec_mask,
};
const int wsf__n_data_specs = sizeof wsf__data_specs / sizeof *wsf__data_specs;

typedef wsf_status (*open_fn)(wsf__panel **out, wsf__env *env, const wsf__node *node,
                              wsf_error *err);

/* In the order of the specs. */
static const open_fn open_by_spec[] = {
    wsf__open_csv,       wsf__open_walmart,  wsf__open_m5,   wsf__open_simulate,
    wsf__open_join,      wsf__open_until,    wsf__open_keep, wsf__open_select,
    wsf__open_aggregate, wsf__open_resample, wsf__open_mask,
};
_Static_assert(sizeof open_by_spec / sizeof *open_by_spec ==
                   sizeof wsf__data_specs / sizeof *wsf__data_specs,
               "every data word has a function");

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
    WSF__TRY(open_by_spec[i](out, env, node, err));
    const wsf_status status = name_source(*out, node, err);
    if (status != WSF_OK) {
      wsf__panel_release(*out);
      *out = NULL;
    }
    return status;
  }
  return wsf__fail(err, WSF_E_NAME, "\"%s\" is not a data word", node->spec->name);
}
