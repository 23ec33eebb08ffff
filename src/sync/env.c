#include "sync/env.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* ---- clients ------------------------------------------------------------------------------ */

static bool client_new(wsf__env *env) {
  wsf__client *client = wsf__new(&env->alloc, 1, sizeof *client);
  if (!client) return false;
  atomic_init(&client->speaker, 0);
  atomic_init(&client->cancelled, 0);
  if (!wsf__lock_init(&client->lock)) {
    wsf__delete(&env->alloc, client);
    return false;
  }
  env->client = client;
  return true;
}

bool wsf__env_init(wsf__env *env, const wsf__alloc *a) {
  *env = (wsf__env){.alloc = *a, .threads = 1, .seed = 1};
  env->pool = wsf__pool_create(a);
  if (env->pool && client_new(env)) return true;
  wsf__pool_release(env->pool);
  *env = (wsf__env){0};
  return false;
}

bool wsf__env_fork(wsf__env *env, const wsf__env *from) {
  *env = *from;
  env->progress = NULL;
  env->log = NULL;
  env->started = 0;
  if (!client_new(env)) {
    *env = (wsf__env){0};
    return false;
  }
  (void)wsf__pool_retain(env->pool);
  return true;
}

void wsf__env_free(wsf__env *env) {
  if (!env->client) return;
  wsf__pool_release(env->pool);
  wsf__lock_free(&env->client->lock);
  wsf__delete(&env->alloc, env->client);
  *env = (wsf__env){0};
}

int64_t wsf__nanoseconds(void) {
  struct timespec t;
  (void)clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int64_t milliseconds_since(int64_t started) {
  return (wsf__nanoseconds() - started) / 1000000;
}

wsf__env wsf__env_call(const wsf__env *client) {
  wsf__env env = *client;
  if (env.limits.milliseconds > 0) env.started = wsf__nanoseconds();
  return env;
}

void wsf__env_hurry(wsf__env *env, double seconds) {
  const int64_t most = (int64_t)ceil(1000 * seconds);
  if (most == 0) return;
  if (env->started != 0 && env->limits.milliseconds - milliseconds_since(env->started) <= most)
    return;
  env->started = wsf__nanoseconds();
  env->limits.milliseconds = most;
  env->hurried = true;
}

/* ---- stopping ----------------------------------------------------------------------------- */

bool wsf__late(const wsf__env *env) {
  return milliseconds_since(env->started) >= env->limits.milliseconds;
}

wsf_status wsf__fail_stopped(const wsf__env *env, wsf_error *err) {
  if (atomic_load_explicit(&env->client->cancelled, memory_order_relaxed) != 0) {
    return wsf__fail(err, WSF_E_CANCELLED, "the call was stopped by its caller");
  }
  const int64_t most = env->limits.milliseconds, ran = milliseconds_since(env->started);
  const char *option = env->hurried ? "seconds" : "max_seconds";
  const wsf_status status =
      wsf__fail(err, WSF_E_LIMIT,
                "the call ran for %" PRId64 ".%03d seconds; the %s allows %" PRId64 ".%03d (%s)",
                ran / 1000, (int)(ran % 1000), env->hurried ? "call" : "context", most / 1000,
                (int)(most % 1000), option);
  wsf__error_at_field(err, option);
  return status;
}

static const char WAS_CUT[] = " was cut off";

bool wsf__says_cut(const wsf_error *err) {
  return err && strstr(err->message, WAS_CUT) != NULL;
}

void wsf__say_cut(wsf_error *err, const wsf__env *env, const char *what, int64_t done, int64_t of,
                  const char *units) {
  if (!err || !what || err->status != WSF_E_LIMIT || env->started == 0 || !wsf__late(env)) return;
  const bool more = wsf__says_cut(err);
  const size_t used = strlen(err->message);
  char all[32] = "";
  if (of > 0) (void)snprintf(all, sizeof all, " of %" PRId64, of);
  (void)snprintf(err->message + used, sizeof err->message - used,
                 "%s '%s'%s after %" PRId64 "%s %s", more ? "," : ":", what, more ? "" : WAS_CUT,
                 done, all, units);
}

static const char STEPS[] = "steps";

/* ---- callbacks ---------------------------------------------------------------------------- */

/* Of this process: in a forked child the parent's speaker is not there, and another thread may have
 * been given its name. */
static uintptr_t this_thread(void) {
  return wsf__thread_self() ^
         (uintptr_t)wsf__process_self() * (uintptr_t)UINT64_C(0x9e3779b97f4a7c15);
}

bool wsf__in_callback(const wsf__env *env) {
  return atomic_load_explicit(&env->client->speaker, memory_order_relaxed) == this_thread();
}

wsf_status wsf__env_allows(const wsf__env *env, wsf_error *err) {
  if (!wsf__stopped(env)) return WSF_OK;
  return wsf__fail(err, WSF_E_CANCELLED, "the context has been cancelled");
}

wsf_status wsf__env_ready(const wsf__env *env, wsf_error *err) {
  if (wsf__in_callback(env)) {
    return wsf__fail(err, WSF_E_ARGUMENT,
                     "a callback of a context made a call of the same context; expected one of a "
                     "fork");
  }
  return wsf__env_allows(env, err);
}

/* One thread speaks at a time; one that is inside a callback stays silent, or it would wait for
 * itself. */
static bool begin_speaking(const wsf__env *env) {
  if (wsf__in_callback(env)) return false;
  (void)wsf__lock_take(&env->client->lock);
  atomic_store_explicit(&env->client->speaker, this_thread(), memory_order_relaxed);
  return true;
}

static void end_speaking(const wsf__env *env) {
  atomic_store_explicit(&env->client->speaker, 0, memory_order_relaxed);
  wsf__lock_give(&env->client->lock);
}

void wsf__log(const wsf__env *env, int32_t level, const char *format, ...) {
  if (!env->log) return;
  char line[1024];
  va_list args;
  va_start(args, format);
  (void)vsnprintf(line, sizeof line, format, args);
  va_end(args);
  if (!begin_speaking(env)) return;
  env->log(level, line, env->log_user);
  end_speaking(env);
}

static void report_progress(const wsf__env *env, const char *stage, int64_t done, int64_t total) {
  if (!env->progress || !stage || !begin_speaking(env)) return;
  if (env->progress(stage, done, total, env->progress_user) != 0) {
    atomic_store_explicit(&env->client->cancelled, 1, memory_order_relaxed);
  }
  end_speaking(env);
}

wsf_status wsf__checkpoint(wsf__env *env, const char *stage, int64_t done, int64_t total,
                           wsf_error *err) {
  if (!wsf__stopped(env)) report_progress(env, stage, done, total);
  if (!wsf__stopped(env)) return WSF_OK;
  const wsf_status status = wsf__fail_stopped(env, err);
  wsf__say_cut(err, env, stage, done, total, STEPS);
  return status;
}

/* ---- loops -------------------------------------------------------------------------------- */

/* At most this often, in nanoseconds, is progress reported. */
enum { PROGRESS_EVERY = 50 * 1000 * 1000 };

typedef struct loop {
  wsf__env *env;
  const wsf__stage *stage;
  int64_t tasks;
  wsf__task_fn fn;
  void *user;
  atomic_llong next, done, reported;
  wsf__mutex lock; /* guards the three below */
  wsf_error error;
  wsf_status status;
  int64_t failed_task; /* lowest so far */
} loop;

static void report_loop(loop *l) {
  if (!l->env->progress || !l->stage->name) return;
  const int64_t time = wsf__nanoseconds();
  long long reported = atomic_load_explicit(&l->reported, memory_order_relaxed);
  if (time - reported < PROGRESS_EVERY) return;
  if (!atomic_compare_exchange_strong(&l->reported, &reported, time)) return;
  report_progress(l->env, l->stage->name, l->stage->done + atomic_load(&l->done),
                  l->stage->done + l->tasks);
}

static wsf_status run_task(loop *l, int64_t i, wsf__arena *scratch, wsf_error *err) {
  if (wsf__stopped(l->env)) return wsf__fail_stopped(l->env, err);
  const wsf_status status = l->fn(l->user, i, scratch, err);
  if (status != WSF_OK && wsf__says_cut(err)) return status;
  return wsf__stopped(l->env) ? wsf__fail_stopped(l->env, err) : status;
}

/* wsf__work_fn */
static bool work(void *task, wsf__shift *shift) {
  loop *l = task;
  bool more = false;
  wsf__arena scratch;
  wsf__arena_init(&scratch, &l->env->alloc);
  scratch.work_of = l->env;
  const wsf__mark empty = wsf__arena_mark(&scratch);
  while (!more) {
    const int64_t i = atomic_fetch_add_explicit(&l->next, 1, memory_order_relaxed);
    if (i >= l->tasks) break;
    wsf_error error;
    wsf__error_clear(&error);
    const wsf_status status = run_task(l, i, &scratch, &error);
    wsf__arena_reset(&scratch, empty);
    if (status != WSF_OK) {
      wsf__mutex_take(&l->lock);
      if (l->status == WSF_OK || i < l->failed_task) {
        l->status = status;
        l->failed_task = i;
        l->error = error;
      }
      wsf__mutex_give(&l->lock);
      /* Tasks are handed out in order, so every lower task has started already: the lowest error
       * is the same for any number of workers. */
      atomic_store(&l->next, l->tasks);
      break;
    }
    atomic_fetch_add_explicit(&l->done, 1, memory_order_relaxed);
    report_loop(l);
    more = shift && wsf__pool_wanted(shift);
  }
  wsf__arena_free(&scratch);
  return more;
}

static void lent_work(void *task, int64_t worker) {
  (void)worker;
  (void)work(task, NULL);
}

wsf_status wsf__parallel_stage(wsf__env *env, wsf__stage *stage, int64_t tasks, wsf__task_fn fn,
                               void *user, wsf_error *err) {
  loop l = {.env = env, .stage = stage, .tasks = tasks, .fn = fn, .user = user};
  atomic_init(&l.next, 0);
  atomic_init(&l.done, 0);
  atomic_init(&l.reported, stage->reported);
  l.status = WSF_OK;
  if (!wsf__mutex_init(&l.lock)) return wsf__fail_memory(err);
  if (env->threads == 1 || tasks <= 1)
    (void)work(&l, NULL);
  else if (env->executor)
    env->executor(env->threads, lent_work, &l, env->executor_user);
  else
    wsf__pool_run(env->pool, env->threads, work, &l);
  wsf__mutex_free(&l.lock);
  if (l.status != WSF_OK) {
    wsf__say_cut(&l.error, env, stage->name, stage->done + atomic_load(&l.done),
                 stage->done + tasks, STEPS);
    if (err) *err = l.error;
    return l.status;
  }
  stage->done += tasks;
  stage->reported = atomic_load(&l.reported);
  if (!wsf__stopped(env)) return WSF_OK;
  const wsf_status status = wsf__fail_stopped(env, err);
  wsf__say_cut(err, env, stage->name, stage->done, stage->done, STEPS);
  return status;
}

wsf_status wsf__parallel(wsf__env *env, const char *stage, int64_t tasks, wsf__task_fn fn,
                         void *user, wsf_error *err) {
  wsf__stage only = {.name = stage};
  WSF__TRY(wsf__parallel_stage(env, &only, tasks, fn, user, err));
  return wsf__checkpoint(env, stage, tasks, tasks, err);
}
