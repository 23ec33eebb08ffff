/* Contexts, and what all handles share. */
#include "api/handle.h"

#include <inttypes.h>
#include <stdio.h>

/* A failure in one line. That a caller stopped its own call is no error. */
static void log_failure(const wsf__env *env, const wsf_error *e) {
  char where[512] = "";
  size_t used = 0;
  const struct {
    const char *name;
    int64_t at;
  } position[] = {{"line", e->row}, {"series", e->series}, {"byte", e->byte}};
  if (e->file[0]) used += (size_t)snprintf(where, sizeof where, "; file %s", e->file);
  if (e->field[0]) {
    used += (size_t)snprintf(where + used, sizeof where - used, "; field %s", e->field);
  }
  for (size_t i = 0; i < sizeof position / sizeof *position; ++i) {
    if (position[i].at < 0) continue;
    used += (size_t)snprintf(where + used, sizeof where - used, "; %s %" PRId64, position[i].name,
                             position[i].at);
  }
  wsf__log(env, e->status == WSF_E_CANCELLED ? WSF__LOG_INFORMATION : WSF__LOG_ERROR, "%s: %s%s",
           wsf_status_name(e->status), e->message, where);
}

wsf_status wsf__answer(const wsf_context *ctx, wsf_error *err, wsf_status status,
                       const wsf_error *found) {
  if (status == WSF_OK) return WSF_OK;
  if (err) *err = *found;
  if (ctx && ctx->env.log) log_failure(&ctx->env, found);
  return status;
}

wsf_status wsf__check(const wsf__argument *argument, wsf_error *err) {
  for (; argument->name; ++argument) {
    if (argument->pointer) continue;
    return wsf__fail(err, WSF_E_ARGUMENT, "%s is NULL", argument->name);
  }
  return WSF_OK;
}

wsf_status wsf__start(wsf__env *env, const wsf_context *ctx, wsf_error *err) {
  *env = wsf__env_call(&ctx->env);
  return wsf__env_ready(env, err);
}

wsf_status wsf__same_allocator(const wsf_context *a, const wsf_context *b, wsf_error *err) {
  if (a->env.alloc.resize == b->env.alloc.resize && a->env.alloc.user == b->env.alloc.user) {
    return WSF_OK;
  }
  return wsf__fail(err, WSF_E_ARGUMENT,
                   "the context has an allocator of its own; expected the same or a fork");
}

static void drop_context(void *ctx) {
  wsf_context_release(ctx);
}

void wsf__give_table(wsf_table **out, wsf_table *table, wsf_context *ctx) {
  *out = table;
  if (table) wsf__table_own(table, drop_context, wsf_context_retain(ctx));
}

static wsf_status make_context(wsf_context **out, const wsf__alloc *a, const wsf__env *from,
                               const char *options, wsf_error *err) {
  wsf_error found;
  wsf__error_clear(&found);
  wsf_context *ctx = wsf__new(a, 1, sizeof *ctx);
  if (!ctx) return wsf__fail_memory(err);
  atomic_init(&ctx->references, 1);
  if (from ? !wsf__env_fork(&ctx->env, from) : !wsf__env_init(&ctx->env, a)) {
    wsf__delete(a, ctx);
    return wsf__fail_memory(err);
  }
  ctx->env.access = wsf__access_create(a, from ? from->access : NULL);
  const wsf_status status =
      ctx->env.access ? wsf__engine_context(&ctx->env, options, &found) : wsf__fail_memory(&found);
  if (status == WSF_OK)
    *out = ctx;
  else
    wsf_context_release(ctx);
  return wsf__answer(NULL, err, status, &found);
}

wsf_status wsf_context_create(wsf_context **out, const char *options, wsf_resize_fn resize,
                              void *user, wsf_error *err) {
  WSF__CHECK(err, {out, "out"});
  *out = NULL;
  const wsf__alloc a = resize ? (wsf__alloc){resize, user} : wsf__alloc_libc;
  return make_context(out, &a, NULL, options, err);
}

wsf_status wsf_context_fork(wsf_context **out, const wsf_context *ctx, const char *options,
                            wsf_error *err) {
  WSF__CHECK(err, {out, "out"});
  *out = NULL;
  WSF__CHECK(err, {ctx, "the context"});
  return make_context(out, &ctx->env.alloc, &ctx->env, options, err);
}

wsf_context *wsf_context_retain(wsf_context *ctx) {
  if (ctx) wsf__retain(&ctx->references);
  return ctx;
}

void wsf_context_release(wsf_context *ctx) {
  if (!ctx || !wsf__release(&ctx->references)) return;
  const wsf__alloc a = ctx->env.alloc;
  wsf__access_release(ctx->env.access);
  wsf__env_free(&ctx->env);
  wsf__delete(&a, ctx);
}

void wsf_context_set_progress(wsf_context *ctx, wsf_progress_fn fn, void *user) {
  if (!ctx) return;
  ctx->env.progress = fn;
  ctx->env.progress_user = user;
}

void wsf_context_set_log(wsf_context *ctx, wsf_log_fn fn, void *user) {
  if (!ctx) return;
  ctx->env.log = fn;
  ctx->env.log_user = user;
}

void wsf_context_set_executor(wsf_context *ctx, wsf_executor_fn fn, void *user) {
  if (!ctx) return;
  ctx->env.executor = fn;
  ctx->env.executor_user = user;
}

void wsf_context_cancel(wsf_context *ctx) {
  if (ctx) atomic_store_explicit(&ctx->env.client->cancelled, 1, memory_order_relaxed);
}

void wsf_context_resume(wsf_context *ctx) {
  if (ctx) atomic_store_explicit(&ctx->env.client->cancelled, 0, memory_order_relaxed);
}
