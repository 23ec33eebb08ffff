/* Sources that the host names. */
#include "api/handle.h"
#include "wire/access.h"

static wsf_status add(wsf_context *ctx, const char *name, const wsf__source *source,
                      wsf_error *err) {
  wsf_error found;
  wsf__error_clear(&found);
  const wsf_status status = wsf__access_add(ctx->env.access, name, source, &found);
  return wsf__answer(ctx, err, status, &found);
}

wsf_status wsf_context_add_bytes(wsf_context *ctx, const char *name, const void *bytes, size_t size,
                                 wsf_source_destroy_fn destroy, void *user, wsf_error *err) {
  WSF__CHECK(err, {ctx, "the context"}, {name, "the name"});
  if (size > 0) WSF__CHECK(err, {bytes, "the bytes"});
  const wsf__source source = {.bytes = bytes, .size = size, .destroy = destroy, .user = user};
  return add(ctx, name, &source, err);
}

wsf_status wsf_context_add_reader(wsf_context *ctx, const char *name, wsf_source_open_fn open,
                                  wsf_source_read_fn read, wsf_source_close_fn close,
                                  wsf_source_destroy_fn destroy, void *user, wsf_error *err) {
  WSF__CHECK(err, {ctx, "the context"}, {name, "the name"});
  if (!open || !read) {
    return wsf__fail(err, WSF_E_ARGUMENT, "%s is NULL", open ? "read" : "open");
  }
  const wsf__source source = {
      .open = open, .read = read, .close = close, .destroy = destroy, .user = user};
  return add(ctx, name, &source, err);
}

wsf_status wsf_context_add_arrow(wsf_context *ctx, const char *name, wsf_source_stream_fn open,
                                 wsf_source_destroy_fn destroy, void *user, wsf_error *err) {
  WSF__CHECK(err, {ctx, "the context"}, {name, "the name"});
  if (!open) return wsf__fail(err, WSF_E_ARGUMENT, "open is NULL");
  const wsf__source source = {.stream = open, .destroy = destroy, .user = user};
  return add(ctx, name, &source, err);
}

wsf_status wsf_context_remove_source(wsf_context *ctx, const char *name, wsf_error *err) {
  WSF__CHECK(err, {ctx, "the context"}, {name, "the name"});
  wsf_error found;
  wsf__error_clear(&found);
  const wsf_status status = wsf__access_remove(ctx->env.access, name, &found);
  return wsf__answer(ctx, err, status, &found);
}
