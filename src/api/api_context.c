/* Contexts, and what all handles share. */
#include "api/handle.h"

#include <string.h>
#include <unistd.h>

enum { MOST_THREADS = 1024 };

static const wsf__option context_options[] = {
    {"threads", WSF__INT, "1", 0, MOST_THREADS, NULL,
     "Threads to work with, the caller's included; 0: one per core."},
    {"seed", WSF__INT, "1", 0, 9007199254740992.0, NULL, "Seed of every random number."},
    {"paths", WSF__TEXT, "any", 0, 0, NULL,
     "Paths that may be opened: any, none, or those in the folder of this name, taken from there; "
     "absolute paths, .. and links are refused then. Sources may always be read."},
};
static const wsf__spec spec_context = {
    .family = "options",
    .group = "",
    .name = "context",
    .summary = "What a context works with.",
    .source = "",
    .since = "0.1.0",
    .example = "context(threads=4, seed=1)",
    .options = context_options,
    .n_options = sizeof context_options / sizeof *context_options,
};

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

static int threads_of(int64_t asked) {
  if (asked > 0) return (int)asked;
  const long cores = sysconf(_SC_NPROCESSORS_ONLN);
  return cores < 1 ? 1 : cores > MOST_THREADS ? MOST_THREADS : (int)cores;
}

static wsf_status context_setup(wsf_context *ctx, const char *options, wsf_error *err) {
  wsf__arena arena;
  wsf__arena_init(&arena, &ctx->env.alloc);
  const wsf__node *node;
  wsf_status status =
      wsf__expr_arguments(&node, &arena, wsf__engine_catalog(), &spec_context, options, err);
  if (status == WSF_OK) {
    ctx->env.access = wsf__access_create(&ctx->env.alloc, NULL);
    status = ctx->env.access
                 ? wsf__access_confine(ctx->env.access, wsf__arg_text(node, "paths"), err)
                 : wsf__fail_memory(err);
  }
  if (status == WSF_OK) {
    ctx->env.threads = threads_of(wsf__arg_int(node, "threads"));
    ctx->env.seed = (uint64_t)wsf__arg_int(node, "seed");
  }
  wsf__arena_free(&arena);
  return status;
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
  const wsf_status status = context_setup(ctx, options, &found);
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
