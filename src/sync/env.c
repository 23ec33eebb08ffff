#include "sync/env.h"
#include "sync/pool.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

bool wsf__env_init(wsf__env *env, const wsf__alloc *a) {
  memset(env, 0, sizeof *env);
  env->alloc = *a;
  env->threads = 1;
  env->seed = 1;
  return pthread_mutex_init(&env->lock, NULL) == 0;
}

void wsf__env_free(wsf__env *env) {
  wsf__pool_free(env->pool);
  env->pool = NULL;
  pthread_mutex_destroy(&env->lock);
}

void wsf__log(wsf__env *env, int32_t level, const char *format, ...) {
  if (!env->log) return;
  char line[1024];
  va_list args;
  va_start(args, format);
  (void)vsnprintf(line, sizeof line, format, args);
  va_end(args);
  pthread_mutex_lock(&env->lock);
  env->log(level, line, env->log_user);
  pthread_mutex_unlock(&env->lock);
}

static int64_t now_ms(void) {
  struct timespec t;
  (void)clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void tell_progress(wsf__env *env, const char *stage, int64_t done, int64_t total) {
  if (!env->progress || !stage) return;
  if (env->progress(stage, done, total, env->progress_user) != 0) {
    atomic_store_explicit(&env->cancelled, 1, memory_order_relaxed);
  }
}

static wsf_status fail_cancelled(wsf_error *err) {
  return wsf__fail(err, WSF_E_CANCELLED, "the call was stopped by its caller");
}

wsf_status wsf__checkpoint(wsf__env *env, const char *stage, int64_t done, int64_t total,
                           wsf_error *err) {
  if (wsf__cancelled(env)) return fail_cancelled(err);
  pthread_mutex_lock(&env->lock);
  tell_progress(env, stage, done, total);
  pthread_mutex_unlock(&env->lock);
  return wsf__cancelled(env) ? fail_cancelled(err) : WSF_OK;
}

/* At most this often, in milliseconds, is progress told. */
enum { PROGRESS_MS = 50 };

typedef struct loop {
  wsf__env *env;
  const wsf__stage *stage;
  int64_t tasks;
  wsf__task_fn fn;
  void *user;
  atomic_llong next, done, told_ms;
  pthread_mutex_t lock; /* guards the three below */
  wsf_error error;
  wsf_status status;
  int64_t failed_task; /* lowest so far */
} loop;

static void report_progress(loop *l) {
  if (!l->env->progress || !l->stage->name) return;
  const int64_t now = now_ms();
  long long told = atomic_load_explicit(&l->told_ms, memory_order_relaxed);
  if (now - told < PROGRESS_MS) return;
  if (!atomic_compare_exchange_strong(&l->told_ms, &told, now)) return;
  pthread_mutex_lock(&l->env->lock);
  tell_progress(l->env, l->stage->name, l->stage->done + atomic_load(&l->done),
                l->stage->done + l->tasks);
  pthread_mutex_unlock(&l->env->lock);
}

static void worker(void *task, int64_t w) {
  (void)w;
  loop *l = task;
  wsf__arena scratch;
  wsf__arena_init(&scratch, &l->env->alloc);
  const wsf__mark empty = wsf__arena_mark(&scratch);
  for (;;) {
    const int64_t i = atomic_fetch_add_explicit(&l->next, 1, memory_order_relaxed);
    if (i >= l->tasks) break;
    wsf_error error;
    wsf__error_clear(&error);
    wsf_status status;
    if (wsf__cancelled(l->env)) {
      status = fail_cancelled(&error);
    } else {
      status = l->fn(l->user, i, &scratch, &error);
      wsf__arena_reset(&scratch, empty);
    }
    if (status != WSF_OK) {
      pthread_mutex_lock(&l->lock);
      if (l->status == WSF_OK || i < l->failed_task) {
        l->status = status;
        l->failed_task = i;
        l->error = error;
      }
      pthread_mutex_unlock(&l->lock);
      /* Tasks are handed out in order, so every lower task has started already: the lowest error
       * is the same for any number of workers. */
      atomic_store(&l->next, l->tasks);
      break;
    }
    atomic_fetch_add_explicit(&l->done, 1, memory_order_relaxed);
    report_progress(l);
  }
  wsf__arena_free(&scratch);
}

static wsf__pool *own_pool(wsf__env *env) {
  pthread_mutex_lock(&env->lock);
  if (!env->pool) env->pool = wsf__pool_create(&env->alloc, env->threads);
  wsf__pool *pool = env->pool;
  pthread_mutex_unlock(&env->lock);
  return pool;
}

wsf_status wsf__parallel_stage(wsf__env *env, wsf__stage *stage, int64_t tasks, wsf__task_fn fn,
                               void *user, wsf_error *err) {
  loop l = {.env = env, .stage = stage, .tasks = tasks, .fn = fn, .user = user};
  atomic_init(&l.next, 0);
  atomic_init(&l.done, 0);
  atomic_init(&l.told_ms, stage->told_ms);
  l.status = WSF_OK;
  if (pthread_mutex_init(&l.lock, NULL) != 0) return wsf__fail_memory(err);
  const bool wide = env->threads > 1 && tasks > 1;
  if (wide && env->executor) {
    env->executor(env->threads, worker, &l, env->executor_user);
  } else {
    wsf__pool *pool = wide ? own_pool(env) : NULL;
    if (!pool || !wsf__pool_run(pool, worker, &l)) worker(&l, 0);
  }
  pthread_mutex_destroy(&l.lock);
  if (l.status != WSF_OK) {
    if (err) *err = l.error;
    return l.status;
  }
  stage->done += tasks;
  stage->told_ms = atomic_load(&l.told_ms);
  return wsf__cancelled(env) ? fail_cancelled(err) : WSF_OK;
}

wsf_status wsf__parallel(wsf__env *env, const char *stage, int64_t tasks, wsf__task_fn fn,
                         void *user, wsf_error *err) {
  wsf__stage only = {.name = stage};
  WSF__TRY(wsf__parallel_stage(env, &only, tasks, fn, user, err));
  return wsf__checkpoint(env, stage, tasks, tasks, err);
}
