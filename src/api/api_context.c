/* Contexts, and what all handles share. */
#include "api/handle.h"

wsf_status wsf__answer(wsf_error *err, wsf_status status, const wsf_error *found) {
  if (status != WSF_OK && err) *err = *found;
  return status;
}

wsf_status wsf__check(const wsf__argument *argument, wsf_error *err) {
  for (; argument->name; ++argument) {
    if (argument->pointer) continue;
    return wsf__fail(err, WSF_E_ARGUMENT, "%s is NULL", argument->name);
  }
  return WSF_OK;
}

wsf_status wsf__start(const wsf_context *ctx, wsf_error *err) {
  if (!wsf__cancelled(&ctx->env)) return WSF_OK;
  return wsf__fail(err, WSF_E_CANCELLED, "the context has been cancelled");
}

void wsf__drop_context(void *ctx) {
  wsf_context_release(ctx);
}

void wsf__give_table(wsf_table **out, wsf_table *table, wsf_context *ctx) {
  *out = table;
  if (table) wsf__table_own(table, wsf__drop_context, wsf_context_retain(ctx));
}

void wsf__give_dataset(wsf_dataset **out, wsf__panel *panel, wsf_context *ctx) {
  panel->drop_owner = wsf__drop_context;
  panel->owner = wsf_context_retain(ctx);
  *out = (wsf_dataset *)panel;
}

wsf_status wsf_context_create(wsf_context **out, const char *options, wsf_resize_fn resize,
                              void *user, wsf_error *err) {
  WSF__CHECK(err, {out, "out"});
  *out = NULL;
  wsf_error found;
  wsf__error_clear(&found);
  const wsf__alloc a = resize ? (wsf__alloc){resize, user} : wsf__alloc_libc;
  wsf_context *ctx = wsf__new(&a, 1, sizeof *ctx);
  if (!ctx) return wsf__fail_memory(err);
  atomic_init(&ctx->references, 1);
  if (!wsf__env_init(&ctx->env, &a)) {
    wsf__delete(&a, ctx);
    return wsf__fail_memory(err);
  }
  const wsf_status status = wsf__engine_context(&ctx->env, options, &found);
  if (status == WSF_OK)
    *out = ctx;
  else
    wsf_context_release(ctx);
  return wsf__answer(err, status, &found);
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
  if (ctx) atomic_store_explicit(&ctx->env.cancelled, 1, memory_order_relaxed);
}

void wsf_context_resume(wsf_context *ctx) {
  if (ctx) atomic_store_explicit(&ctx->env.cancelled, 0, memory_order_relaxed);
}
