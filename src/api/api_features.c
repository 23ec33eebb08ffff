/* Features as an Arrow stream. */
#include "api/handle.h"
#include "features/feature_rows.h"

/* What a stream holds: the panel that rows are computed from, and the environment of a call. */
typedef struct feature_stream {
  wsf_context *ctx;
  wsf__panel *panel;
  wsf__env env; /* of its latest call */
  wsf__feature_rows rows;
} feature_stream;

static wsf_status columns(void *self, wsf_table **out, wsf_error *err) {
  feature_stream *s = self;
  wsf_table *table = NULL;
  wsf_status status = wsf__start(&s->env, s->ctx, err);
  if (status == WSF_OK) status = wsf__feature_rows_none(&s->rows, &table, err);
  wsf__give_table(out, table, s->ctx);
  return status;
}

static wsf_status next(void *self, wsf_table **out, wsf_error *err) {
  feature_stream *s = self;
  wsf_table *table = NULL;
  wsf_status status = wsf__start(&s->env, s->ctx, err);
  if (status == WSF_OK) status = wsf__feature_rows_next(&s->rows, &table, err);
  wsf__give_table(out, table, s->ctx);
  return status;
}

static void drop(void *self) {
  feature_stream *s = self;
  wsf_context *ctx = s->ctx;
  wsf__feature_rows_close(&s->rows);
  wsf__panel_release(s->panel);
  wsf__delete(&ctx->env.alloc, s);
  wsf_context_release(ctx);
}

static wsf_status open_stream(struct ArrowArrayStream *out, const wsf_dataset *ds,
                              const char *recipe, const char *options, wsf_error *err) {
  wsf_context *ctx = ds->ctx;
  feature_stream *s = wsf__new_zero(&ctx->env.alloc, 1, sizeof *s);
  if (!s) return wsf__fail_memory(err);
  wsf_status status = wsf__start(&s->env, ctx, err);
  if (status == WSF_OK) {
    status = wsf__feature_rows_open(&s->rows, &s->env, ds->panel, wsf__engine_catalog(), recipe,
                                    options, err);
  }
  if (status != WSF_OK) {
    wsf__delete(&ctx->env.alloc, s);
    return status;
  }
  s->ctx = wsf_context_retain(ctx);
  s->panel = wsf__panel_retain(ds->panel);
  const wsf__table_source source = {columns, next, drop, s};
  status = wsf__table_stream(out, &ctx->env.alloc, &source, err);
  if (status != WSF_OK) drop(s);
  return status;
}

wsf_status wsf_features(struct ArrowArrayStream *out, const wsf_dataset *ds, const char *recipe,
                        const char *options, wsf_error *err) {
  WSF__CHECK(err, {out, "out"});
  *out = (struct ArrowArrayStream){.release = NULL};
  WSF__CHECK(err, {ds, "the dataset"}, {recipe, "the recipe"});
  wsf_error found;
  wsf__error_clear(&found);
  return wsf__answer(ds->ctx, err, open_stream(out, ds, recipe, options, &found), &found);
}
