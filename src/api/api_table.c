/* Tables that come from outside. */
#include "api/handle.h"

static wsf_status import(wsf_table **out, wsf_context *ctx, const struct ArrowSchema *schema,
                         const struct ArrowArray *array, wsf_error *err) {
  WSF__CHECK(err, {out, "out"});
  *out = NULL;
  WSF__CHECK(err, {ctx, "the context"}, {schema, "the schema"}, {array, "the array"});
  if (!schema->release || !array->release) {
    return wsf__fail(err, WSF_E_ARGUMENT, "the schema or the array has been released already");
  }
  wsf_error found;
  wsf__error_clear(&found);
  wsf_table *table = NULL;
  const wsf_status status = wsf__ingest_table(&table, &ctx->env.alloc, schema, array, &found);
  if (status == WSF_OK) wsf__give_table(out, table, ctx);
  return wsf__answer(ctx, err, status, &found);
}

wsf_status wsf_table_import(wsf_table **out, wsf_context *ctx, const struct ArrowSchema *schema,
                            struct ArrowArray *array, wsf_error *err) {
  const wsf_status status = import(out, ctx, schema, array, err);
  if (array && array->release) array->release(array); /* in every case */
  return status;
}
