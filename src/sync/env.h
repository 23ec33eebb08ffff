/* What every long piece of work is lent: allocator, workers, seed, progress, log, cancel. The
 * public context is this plus a reference count. */
#ifndef WSF_SYNC_ENV_H
#define WSF_SYNC_ENV_H

#include "base/alloc.h"
#include "base/error.h"

#include <pthread.h>
#include <stdatomic.h>

typedef struct wsf__pool wsf__pool;

typedef struct wsf__env {
  wsf__alloc alloc;
  struct wsf__access *access; /* what may be opened (wire/access.h); NULL: any path */
  int threads;                /* >= 1 */
  uint64_t seed;
  int32_t (*progress)(const char *stage, int64_t done, int64_t total, void *user);
  void *progress_user;
  void (*log)(int32_t level, const char *line, void *user);
  void *log_user;
  void (*executor)(int64_t workers, void (*run)(void *task, int64_t worker), void *task,
                   void *user);
  void *executor_user;
  wsf__pool *pool;      /* made on first use; NULL with one thread or an executor */
  pthread_mutex_t lock; /* pool, progress and log: one thread at a time */
  atomic_int cancelled; /* lock-free: set from signal handlers */
} wsf__env;

/* false if the lock could not be made */
bool wsf__env_init(wsf__env *env, const wsf__alloc *a);
void wsf__env_free(wsf__env *env); /* joins the pool */

/* Cheap enough for inner loops of some microseconds. */
static inline bool wsf__cancelled(const wsf__env *env) {
  return atomic_load_explicit(&((wsf__env *)(uintptr_t)env)->cancelled, memory_order_relaxed) != 0;
}

void wsf__log(wsf__env *env, int32_t level, const char *format, ...) WSF__PRINTF(3, 4);

/* One task of a parallel loop. scratch is the worker's own, reset between tasks. */
typedef wsf_status (*wsf__task_fn)(void *user, int64_t task, wsf__arena *scratch, wsf_error *err);

/* Run fn for task 0 .. tasks-1 on the workers, in any order; tasks write only what is theirs, so
 * results cannot depend on the number of workers. Reports progress under `stage` (NULL: silent),
 * honours cancel between tasks, and returns the error of the lowest failing task. */
wsf_status wsf__parallel(wsf__env *env, const char *stage, int64_t tasks, wsf__task_fn fn,
                         void *user, wsf_error *err);

/* Work of several loops, whose progress is told as one: tasks of loops that came before count as
 * done, those of loops to come are not known yet. Whoever began the stage tells its end. */
typedef struct wsf__stage {
  const char *name; /* NULL: silent */
  int64_t done;
  int64_t told_ms; /* when progress was last told */
} wsf__stage;
wsf_status wsf__parallel_stage(wsf__env *env, wsf__stage *stage, int64_t tasks, wsf__task_fn fn,
                               void *user, wsf_error *err);

/* For serial work: reports progress and returns WSF_E_CANCELLED if someone said stop. */
wsf_status wsf__checkpoint(wsf__env *env, const char *stage, int64_t done, int64_t total,
                           wsf_error *err);

#endif
