/* Datasets: from expressions, Arrow streams and builders; described and analysed. */
#include "analysis/analysis.h"
#include "api/handle.h"

#include <string.h>

wsf_status wsf__give_dataset(wsf_dataset **out, wsf__panel *panel, wsf_context *ctx,
                             wsf_error *err) {
  wsf_dataset *ds = wsf__new(&ctx->env.alloc, 1, sizeof *ds);
  if (!ds) {
    wsf__panel_release(panel);
    return wsf__fail_memory(err);
  }
  atomic_init(&ds->references, 1);
  ds->ctx = wsf_context_retain(ctx);
  ds->panel = panel;
  *out = ds;
  return WSF_OK;
}

static wsf_status open_panel(wsf__panel **out, wsf__env *env, const char *expr, wsf_error *err) {
  wsf__arena arena;
  wsf__arena_init(&arena, &env->alloc);
  const wsf__node *node;
  wsf_status status =
      wsf__expr_parse(&node, &arena, wsf__engine_catalog(), "data", expr, strlen(expr), err);
  if (status == WSF_OK) status = wsf__ingest_open(out, env, node, err);
  wsf__arena_free(&arena);
  return status;
}

wsf_status wsf_dataset_open(wsf_dataset **out, wsf_context *ctx, const char *expr, wsf_error *err) {
  WSF__CHECK(err, {out, "out"});
  *out = NULL;
  WSF__CHECK(err, {ctx, "the context"}, {expr, "the data expression"});
  wsf_error found;
  wsf__error_clear(&found);
  wsf__panel *panel = NULL;
  wsf__env env;
  wsf_status status = wsf__start(&env, ctx, &found);
  if (status == WSF_OK) status = open_panel(&panel, &env, expr, &found);
  if (status == WSF_OK) wsf__ingest_log(&env, panel);
  if (status == WSF_OK) status = wsf__give_dataset(out, panel, ctx, &found);
  return wsf__answer(ctx, err, status, &found);
}

static wsf_status arrow_panel(wsf__panel **out, wsf__env *env, struct ArrowArrayStream *stream,
                              const char *options, wsf_error *err) {
  wsf__arena arena;
  wsf__arena_init(&arena, &env->alloc);
  const wsf__node *node;
  wsf_status status =
      wsf__expr_arguments(&node, &arena, wsf__engine_catalog(), &wsf__spec_rows, options, err);
  if (status == WSF_OK) status = wsf__ingest_arrow(out, env, stream, node, err);
  wsf__arena_free(&arena);
  return status;
}

static wsf_status from_arrow(wsf_dataset **out, wsf_context *ctx, struct ArrowArrayStream *stream,
                             const char *options, wsf_error *err) {
  WSF__CHECK(err, {out, "out"});
  *out = NULL;
  WSF__CHECK(err, {ctx, "the context"}, {stream, "the stream"});
  if (!stream->release) {
    return wsf__fail(err, WSF_E_ARGUMENT, "the stream has been released already");
  }
  wsf_error found;
  wsf__error_clear(&found);
  wsf__panel *panel = NULL;
  wsf__env env;
  wsf_status status = wsf__start(&env, ctx, &found);
  if (status == WSF_OK) status = arrow_panel(&panel, &env, stream, options, &found);
  if (status == WSF_OK) wsf__ingest_log(&env, panel);
  if (status == WSF_OK) status = wsf__give_dataset(out, panel, ctx, &found);
  return wsf__answer(ctx, err, status, &found);
}

wsf_status wsf_dataset_from_arrow(wsf_dataset **out, wsf_context *ctx,
                                  struct ArrowArrayStream *stream, const char *options,
                                  wsf_error *err) {
  const wsf_status status = from_arrow(out, ctx, stream, options, err);
  if (stream && stream->release) stream->release(stream); /* in every case */
  return status;
}

wsf_status wsf_dataset_with(wsf_dataset **out, const wsf_dataset *ds, wsf_context *ctx,
                            wsf_error *err) {
  WSF__CHECK(err, {out, "out"});
  *out = NULL;
  WSF__CHECK(err, {ds, "the dataset"}, {ctx, "the context"});
  wsf_error found;
  wsf__error_clear(&found);
  wsf_status status = wsf__same_allocator(ctx, ds->ctx, &found);
  if (status == WSF_OK) {
    status = wsf__give_dataset(out, wsf__panel_retain(ds->panel), ctx, &found);
  }
  return wsf__answer(ctx, err, status, &found);
}

wsf_dataset *wsf_dataset_retain(wsf_dataset *ds) {
  if (ds) wsf__retain(&ds->references);
  return ds;
}

void wsf_dataset_release(wsf_dataset *ds) {
  if (!ds || !wsf__release(&ds->references)) return;
  wsf_context *ctx = ds->ctx;
  wsf__panel_release(ds->panel);
  wsf__delete(&ctx->env.alloc, ds);
  wsf_context_release(ctx);
}

wsf_status wsf_dataset_describe(wsf_table **out, const wsf_dataset *ds, const char *what,
                                wsf_error *err) {
  WSF__CHECK(err, {out, "out"});
  *out = NULL;
  WSF__CHECK(err, {ds, "the dataset"}, {what, "the name of the view"});
  wsf_error found;
  wsf__error_clear(&found);
  wsf_table *table = NULL;
  const wsf__env env = wsf__env_call(&ds->ctx->env);
  wsf_status status = wsf__env_allows(&env, &found);
  if (status == WSF_OK) status = wsf__panel_describe(&table, &env, ds->panel, what, &found);
  if (status == WSF_OK) wsf__give_table(out, table, ds->ctx);
  return wsf__answer(ds->ctx, err, status, &found);
}

wsf_status wsf_dataset_propose(wsf_table **out, wsf_context *ctx, const char *path,
                               const char *what, wsf_error *err) {
  WSF__CHECK(err, {out, "out"});
  *out = NULL;
  WSF__CHECK(err, {ctx, "the context"}, {path, "the path"}, {what, "the name of the view"});
  wsf_error found;
  wsf__error_clear(&found);
  wsf_table *table = NULL;
  wsf__env env;
  wsf_status status = wsf__start(&env, ctx, &found);
  if (status == WSF_OK) status = wsf__propose(&table, &env, path, what, &found);
  if (status == WSF_OK) wsf__give_table(out, table, ctx);
  return wsf__answer(ctx, err, status, &found);
}

wsf_status wsf_dataset_propose_all(wsf_table **file, wsf_table **columns, wsf_table **expression,
                                   wsf_context *ctx, const char *path, wsf_error *err) {
  WSF__CHECK(err, {file, "file"}, {columns, "columns"}, {expression, "expression"});
  *file = *columns = *expression = NULL;
  WSF__CHECK(err, {ctx, "the context"}, {path, "the path"});
  wsf_error found;
  wsf__error_clear(&found);
  wsf_table *table[3] = {NULL, NULL, NULL}, **const out[] = {file, columns, expression};
  wsf__env env;
  wsf_status status = wsf__start(&env, ctx, &found);
  if (status == WSF_OK) {
    status = wsf__propose_all(&table[0], &table[1], &table[2], &env, path, &found);
  }
  for (int i = 0; i < 3; ++i) {
    if (table[i]) wsf__give_table(out[i], table[i], ctx);
  }
  return wsf__answer(ctx, err, status, &found);
}

static wsf_status analyze(wsf_table **out, wsf__env *env, const wsf__panel *panel,
                          const char *options, wsf_error *err) {
  wsf__arena arena;
  wsf__arena_init(&arena, &env->alloc);
  const wsf__node *node;
  wsf_status status =
      wsf__expr_arguments(&node, &arena, wsf__engine_catalog(), &wsf__spec_analyze, options, err);
  if (status == WSF_OK) status = wsf__analyze(out, env, panel, node, err);
  wsf__arena_free(&arena);
  return status;
}

wsf_status wsf_analyze(wsf_table **out, const wsf_dataset *ds, const char *options,
                       wsf_error *err) {
  WSF__CHECK(err, {out, "out"});
  *out = NULL;
  WSF__CHECK(err, {ds, "the dataset"});
  wsf_error found;
  wsf__error_clear(&found);
  wsf_table *table = NULL;
  wsf__env env;
  wsf_status status = wsf__start(&env, ds->ctx, &found);
  if (status == WSF_OK) status = analyze(&table, &env, ds->panel, options, &found);
  if (status == WSF_OK) wsf__give_table(out, table, ds->ctx);
  return wsf__answer(ds->ctx, err, status, &found);
}

static wsf_status builder_setup(wsf_builder *b, const char *options, wsf_error *err) {
  wsf__arena arena;
  wsf__arena_init(&arena, &b->ctx->env.alloc);
  const wsf__node *node;
  wsf_status status =
      wsf__expr_arguments(&node, &arena, wsf__engine_catalog(), &wsf__spec_rows, options, err);
  if (status == WSF_OK) status = wsf__collector_create(&b->collector, &b->env, node, err);
  wsf__arena_free(&arena);
  return status;
}

wsf_status wsf_builder_create(wsf_builder **out, wsf_context *ctx, const char *options,
                              wsf_error *err) {
  WSF__CHECK(err, {out, "out"});
  *out = NULL;
  WSF__CHECK(err, {ctx, "the context"});
  wsf_error found;
  wsf__error_clear(&found);
  wsf_builder *b = wsf__new_zero(&ctx->env.alloc, 1, sizeof *b);
  if (!b) return wsf__fail_memory(err);
  b->ctx = wsf_context_retain(ctx);
  b->env = wsf__env_call(&ctx->env);
  wsf_status status = wsf__env_allows(&b->env, &found);
  if (status == WSF_OK) status = builder_setup(b, options, &found);
  if (status == WSF_OK)
    *out = b;
  else
    wsf_builder_release(b);
  return wsf__answer(ctx, err, status, &found);
}

wsf_status wsf_builder_add(wsf_builder *b, const char *const *keys, const char *time, double target,
                           const double *columns, wsf_error *err) {
  WSF__CHECK(err, {b, "the builder"}, {time, "the time"});
  wsf_error found;
  wsf__error_clear(&found);
  wsf_status status = wsf__env_allows(&b->ctx->env, &found);
  if (status == WSF_OK) {
    status = wsf__collector_add(b->collector, keys, time, target, columns, &found);
  }
  return wsf__answer(NULL, err, status, &found);
}

wsf_status wsf_builder_finish(wsf_dataset **out, wsf_builder *b, wsf_error *err) {
  WSF__CHECK(err, {out, "out"});
  *out = NULL;
  WSF__CHECK(err, {b, "the builder"});
  wsf_error found;
  wsf__error_clear(&found);
  wsf__panel *panel = NULL;
  wsf_status status = wsf__start(&b->env, b->ctx, &found);
  if (status == WSF_OK) status = wsf__collector_finish(&panel, b->collector, &found);
  if (status == WSF_OK) wsf__ingest_log(&b->env, panel);
  if (status == WSF_OK) status = wsf__give_dataset(out, panel, b->ctx, &found);
  return wsf__answer(b->ctx, err, status, &found);
}

void wsf_builder_release(wsf_builder *b) {
  if (!b) return;
  wsf_context *ctx = b->ctx;
  wsf__collector_free(b->collector);
  wsf__delete(&ctx->env.alloc, b);
  wsf_context_release(ctx);
}
