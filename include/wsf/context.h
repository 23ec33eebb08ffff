/**
 * @file context.h
 * @brief The context: allocator, threads, seed, log, progress, executor, cancel. Every other
 * handle is made with one and keeps it alive.
 *
 * A context may be shared by threads. The `set` functions are the exception: call them before the
 * context is shared and while no call that uses it is running.
 *
 * A callback may cancel its context, fork it, and call with other contexts. A call that runs on the
 * very context whose callback it stands in is refused with WSF_E_ARGUMENT. Since 0.1.0.
 */
#ifndef WSF_CONTEXT_H
#define WSF_CONTEXT_H

#include <wsf/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Opaque, reference-counted. */
typedef struct wsf_context wsf_context;

/**
 * @brief The one allocator function.
 *
 * `resize(user, NULL, 0, n)` allocates, `resize(user, p, old, n)` resizes keeping the common bytes,
 * `resize(user, p, old, 0)` frees and returns NULL. Blocks are aligned for any type. NULL on
 * failure leaves the old block untouched. With threads > 1 several threads call it at once.
 */
typedef void *(*wsf_resize_fn)(void *user, void *ptr, size_t old_size, size_t new_size);

/** Progress: called at most some 20 times a second, one thread at a time. Non-zero means stop, as
 * by wsf_context_cancel: calls of this context fail until wsf_context_resume. done never falls;
 * total may grow while a fit runs trials. */
typedef int32_t (*wsf_progress_fn)(const char *stage, int64_t done, int64_t total, void *user);

/**
 * @brief A line of log, without its end of line; one thread at a time.
 *
 * level 0: a call failed; its status, message and position (2 if it was cancelled). 1: something
 * was left out or replaced (rows rejected, series that no model could be fitted to, a model out of
 * a back-test). 2: what was loaded, fitted, updated, saved, and each fold of a back-test. Lines are
 * for people: their words may change.
 */
typedef void (*wsf_log_fn)(int32_t level, const char *line, void *user);

/** One unit of work lent to an executor. */
typedef void (*wsf_task_fn)(void *task, int64_t worker);

/**
 * @brief A host's thread pool. Must call `run(task, w)` once for every w in 0 .. workers-1, in any
 * order, on any threads, at once or one after the other, and return when all have returned.
 */
typedef void (*wsf_executor_fn)(int64_t workers, wsf_task_fn run, void *task, void *user);

/**
 * @brief Create a context.
 * @param[out] out the context, owned by the caller; NULL on failure
 * @param options `key=value` list in the expression grammar, or NULL: `threads=1` (which creates
 *   none; 0 = one per core), `seed=1`, `paths=any` (which paths may be opened: any, none, or those
 *   in the folder of this name, taken from there; since 0.2.0), and limits for what comes from
 *   others (since 0.2.0; generous ones or none if absent): `max_bytes`, `max_rows`, `max_series`,
 *   `max_columns`, `max_values`, `max_state`, `max_results`, `max_horizon`, `max_seconds`. A call
 *   that asks for more fails with WSF_E_LIMIT (docs/errors.md). wsf_catalog(.., "context") has all
 * with their bounds
 * @param resize allocator, or NULL for the C library's
 * @param user passed to `resize`
 * @param[out] err nullable
 * @return WSF_OK, WSF_E_MEMORY, WSF_E_ARGUMENT, WSF_E_SYNTAX, WSF_E_NAME, WSF_E_VALUE,
 *   WSF_E_IO if `paths` names no folder
 * @note Thread-safe. Since 0.1.0.
 */
WSF_API WSF_MUST_USE wsf_status wsf_context_create(wsf_context **out, const char *options,
                                                   wsf_resize_fn resize, void *user,
                                                   wsf_error *err);

/**
 * @brief Another client of the same workers: a context that shares allocator, threads and executor
 * with `ctx` and has its own cancel, progress, log and limits. A server forks one context for each
 * of its clients and gives them the handles they share by wsf_forecaster_with and wsf_dataset_with:
 * who hangs up stops only what it asked for. Calls that run at once share the workers.
 * @param[out] out the context, owned by the caller; NULL on failure; it needs `ctx` no longer
 * @param ctx a context; its progress and log are not taken over
 * @param options as in wsf_context_create, or NULL; what is absent is as in `ctx`. Paths can
 *   only be narrowed: none, or a folder inside that of `ctx`; any is whatever `ctx` may open.
 *   Limits may be wider than those of `ctx`. The sources of `ctx` are seen
 * @param[out] err nullable
 * @return as wsf_context_create
 * @note Thread-safe, also inside a callback of `ctx`. Since 0.2.0.
 */
WSF_API WSF_MUST_USE wsf_status wsf_context_fork(wsf_context **out, const wsf_context *ctx,
                                                 const char *options, wsf_error *err);

/**
 * @brief One more reference.
 * @param ctx a context
 * @return ctx
 * @note Thread-safe. Since 0.1.0.
 */
WSF_API wsf_context *wsf_context_retain(wsf_context *ctx);

/**
 * @brief Give back a reference; the last one frees. NULL is a no-op.
 * @param ctx a context or NULL
 * @note Thread-safe. Since 0.1.0.
 */
WSF_API void wsf_context_release(wsf_context *ctx);

/**
 * @brief Watch and stop long calls.
 * @param ctx a context that no call is using
 * @param fn callback or NULL
 * @param user passed to fn
 * @note Not thread-safe. Since 0.1.0.
 */
WSF_API void wsf_context_set_progress(wsf_context *ctx, wsf_progress_fn fn, void *user);

/**
 * @brief Receive log lines; without this the library is silent.
 * @param ctx a context that no call is using
 * @param fn callback or NULL
 * @param user passed to fn
 * @note Not thread-safe. Since 0.1.0.
 */
WSF_API void wsf_context_set_log(wsf_context *ctx, wsf_log_fn fn, void *user);

/**
 * @brief Run on the host's threads instead of the library's own pool.
 * @param ctx a context that no call is using
 * @param fn executor, or NULL for the own pool
 * @param user passed to fn
 * @note Not thread-safe. Since 0.1.0.
 */
WSF_API void wsf_context_set_executor(wsf_context *ctx, wsf_executor_fn fn, void *user);

/**
 * @brief Stop every running and future call of this context with WSF_E_CANCELLED, those that only
 * describe, save or parse too. What is in hand can still be read, released, forked from and handed
 * to other contexts.
 * @param ctx a context
 * @note Thread-safe and async-signal-safe. Since 0.1.0.
 */
WSF_API void wsf_context_cancel(wsf_context *ctx);

/**
 * @brief Allow calls again after a cancel.
 * @param ctx a context that no call is using
 * @note Async-signal-safe; not to be raced with running calls. Since 0.1.0.
 */
WSF_API void wsf_context_resume(wsf_context *ctx);

#ifdef __cplusplus
}
#endif
#endif
