/* Models, which are their canonical text, and the catalogue. */
#include "api/handle.h"

#include <string.h>

/* Keys and long numbers make the canonical text longer than the given one, but it must parse too.
 */
static wsf_status canonical(char **out, const wsf__alloc *a, const wsf__node *node,
                            wsf_error *err) {
  wsf__text text;
  wsf__text_init(&text, a, (size_t)64 * WSF__EXPR_BYTES);
  wsf__expr_print(&text, node);
  wsf_status status = WSF_OK;
  if (text.failed) {
    status = wsf__fail_memory(err);
  } else if (text.length > WSF__EXPR_BYTES) {
    status = wsf__fail(err, WSF_E_SYNTAX, "a canonical text of %zu bytes; expected at most %d",
                       text.length, WSF__EXPR_BYTES);
    wsf__error_at_byte(err, 0);
  } else {
    *out = wsf__copy_text(a, text.data, text.length);
    if (!*out) status = wsf__fail_memory(err);
  }
  wsf__text_free(&text);
  return status;
}

static wsf_status model_setup(wsf_model *m, const char *expr, wsf_error *err) {
  const wsf__alloc *a = &m->ctx->env.alloc;
  wsf__arena arena;
  wsf__arena_init(&arena, a);
  const wsf__node *node;
  wsf_status status =
      wsf__expr_parse(&node, &arena, wsf__engine_catalog(), "model", expr, strlen(expr), err);
  if (status == WSF_OK) status = canonical(&m->text, a, node, err);
  wsf__arena_free(&arena);
  return status;
}

wsf_status wsf_model_parse(wsf_model **out, wsf_context *ctx, const char *expr, wsf_error *err) {
  WSF__CHECK(err, {out, "out"});
  *out = NULL;
  WSF__CHECK(err, {ctx, "the context"}, {expr, "the model expression"});
  wsf_error found;
  wsf__error_clear(&found);
  wsf_model *m = wsf__new_zero(&ctx->env.alloc, 1, sizeof *m);
  if (!m) return wsf__fail_memory(err);
  atomic_init(&m->references, 1);
  m->ctx = wsf_context_retain(ctx);
  wsf_status status = wsf__env_allows(&ctx->env, &found);
  if (status == WSF_OK) status = model_setup(m, expr, &found);
  if (status == WSF_OK)
    *out = m;
  else
    wsf_model_release(m);
  return wsf__answer(ctx, err, status, &found);
}

wsf_model *wsf_model_retain(wsf_model *m) {
  if (m) wsf__retain(&m->references);
  return m;
}

void wsf_model_release(wsf_model *m) {
  if (!m || !wsf__release(&m->references)) return;
  wsf_context *ctx = m->ctx;
  wsf__delete(&ctx->env.alloc, m->text);
  wsf__delete(&ctx->env.alloc, m);
  wsf_context_release(ctx);
}

const char *wsf_model_text(const wsf_model *m) {
  return m ? m->text : NULL;
}

wsf_status wsf_catalog(wsf_table **out, wsf_context *ctx, const char *name, wsf_error *err) {
  WSF__CHECK(err, {out, "out"});
  *out = NULL;
  WSF__CHECK(err, {ctx, "the context"});
  wsf_error found;
  wsf__error_clear(&found);
  wsf_table *table = NULL;
  wsf_status status = wsf__env_allows(&ctx->env, &found);
  if (status == WSF_OK) status = wsf__catalog_table(&table, &ctx->env.alloc, name, &found);
  if (status == WSF_OK) wsf__give_table(out, table, ctx);
  return wsf__answer(ctx, err, status, &found);
}
