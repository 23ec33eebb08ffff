/* Datasets: from expressions, Arrow streams and builders; described and analysed. */
#include "analysis/analysis.h"
#include "api/handle.h"

#include <string.h>

static wsf_status open_panel(wsf__panel **out, wsf_context *ctx, const char *expr, wsf_error *err) {
  wsf__arena arena;
  wsf__arena_init(&arena, &ctx->env.alloc);
  const wsf__node *node;
  wsf_status status = wsf__start(ctx, err);
  if (status == WSF_OK) {
    status = wsf__expr_parse(&node, &arena, wsf__engine_catalog(), "data", expr, strlen(expr), err);
  }
  if (status == WSF_OK) status = wsf__ingest_open(out, &ctx->env, node, err);
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
  const wsf_status status = open_panel(&panel, ctx, expr, &found);
  if (status == WSF_OK) wsf__give_dataset(out, panel, ctx);
  return wsf__answer(err, status, &found);
}

static wsf_status arrow_panel(wsf__panel **out, wsf_context *ctx, struct ArrowArrayStream *stream,
                              const char *options, wsf_error *err) {
  wsf__arena arena;
  wsf__arena_init(&arena, &ctx->env.alloc);
  const wsf__node *node;
  wsf_status status = wsf__start(ctx, err);
  if (status == WSF_OK) {
    status =
        wsf__expr_arguments(&node, &arena, wsf__engine_catalog(), &wsf__spec_rows, options, err);
  }
  if (status == WSF_OK) status = wsf__ingest_arrow(out, &ctx->env, stream, node, err);
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
  const wsf_status status = arrow_panel(&panel, ctx, stream, options, &found);
  if (status == WSF_OK) wsf__give_dataset(out, panel, ctx);
  return wsf__answer(err, status, &found);
}

wsf_status wsf_dataset_from_arrow(wsf_dataset **out, wsf_context *ctx,
                                  struct ArrowArrayStream *stream, const char *options,
                                  wsf_error *err) {
  const wsf_status status = from_arrow(out, ctx, stream, options, err);
  if (stream && stream->release) stream->release(stream); /* in every case */
  return status;
}

wsf_dataset *wsf_dataset_retain(wsf_dataset *ds) {
  if (ds) (void)wsf__panel_retain(wsf__panel_of(ds));
  return ds;
}

void wsf_dataset_release(wsf_dataset *ds) {
  if (ds) wsf__panel_release(wsf__panel_of(ds));
}

wsf_status wsf_dataset_describe(wsf_table **out, const wsf_dataset *ds, const char *what,
                                wsf_error *err) {
  WSF__CHECK(err, {out, "out"});
  *out = NULL;
  WSF__CHECK(err, {ds, "the dataset"}, {what, "the name of the view"});
  wsf_error found;
  wsf__error_clear(&found);
  wsf_table *table = NULL;
  const wsf_status status = wsf__panel_describe(&table, wsf__panel_of(ds), what, &found);
  if (status == WSF_OK) wsf__give_table(out, table, wsf__context_of(ds));
  return wsf__answer(err, status, &found);
}

static wsf_status analyze(wsf_table **out, const wsf_dataset *ds, const char *options,
                          wsf_error *err) {
  wsf_context *ctx = wsf__context_of(ds);
  wsf__arena arena;
  wsf__arena_init(&arena, &ctx->env.alloc);
  const wsf__node *node;
  wsf_status status = wsf__start(ctx, err);
  if (status == WSF_OK) {
    status =
        wsf__expr_arguments(&node, &arena, wsf__engine_catalog(), &wsf__spec_analyze, options, err);
  }
  if (status == WSF_OK) status = wsf__analyze(out, &ctx->env, wsf__panel_of(ds), node, err);
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
  const wsf_status status = analyze(&table, ds, options, &found);
  if (status == WSF_OK) wsf__give_table(out, table, wsf__context_of(ds));
  return wsf__answer(err, status, &found);
}

static wsf_status builder_setup(wsf_builder *b, const char *options, wsf_error *err) {
  wsf__arena arena;
  wsf__arena_init(&arena, &b->ctx->env.alloc);
  const wsf__node *node;
  wsf_status status =
      wsf__expr_arguments(&node, &arena, wsf__engine_catalog(), &wsf__spec_rows, options, err);
  if (status == WSF_OK) status = wsf__collector_create(&b->collector, &b->ctx->env, node, err);
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
  const wsf_status status = builder_setup(b, options, &found);
  if (status == WSF_OK)
    *out = b;
  else
    wsf_builder_release(b);
  return wsf__answer(err, status, &found);
}

wsf_status wsf_builder_add(wsf_builder *b, const char *const *keys, const char *time, double target,
                           const double *columns, wsf_error *err) {
  WSF__CHECK(err, {b, "the builder"}, {time, "the time"});
  wsf_error found;
  wsf__error_clear(&found);
  const wsf_status status = wsf__collector_add(b->collector, keys, time, target, columns, &found);
  return wsf__answer(err, status, &found);
}

wsf_status wsf_builder_finish(wsf_dataset **out, wsf_builder *b, wsf_error *err) {
  WSF__CHECK(err, {out, "out"});
  *out = NULL;
  WSF__CHECK(err, {b, "the builder"});
  wsf_error found;
  wsf__error_clear(&found);
  wsf__panel *panel = NULL;
  wsf_status status = wsf__start(b->ctx, &found);
  if (status == WSF_OK) status = wsf__collector_finish(&panel, b->collector, &found);
  if (status == WSF_OK) wsf__give_dataset(out, panel, b->ctx);
  return wsf__answer(err, status, &found);
}

void wsf_builder_release(wsf_builder *b) {
  if (!b) return;
  wsf_context *ctx = b->ctx;
  wsf__collector_free(b->collector);
  wsf__delete(&ctx->env.alloc, b);
  wsf_context_release(ctx);
}
