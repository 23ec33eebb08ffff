/* What every long piece of work is lent: allocator, workers, seed, limits, progress, log, cancel.
 *
 * An environment belongs to one call. It is a copy of its client's, with the call's own deadline;
 * what calls share stands behind two pointers: the workers, which several clients may share, and
 * the client's own record. Nothing that outlives a call keeps a pointer to an environment. */
#ifndef WSF_SYNC_ENV_H
#define WSF_SYNC_ENV_H

#include "base/alloc.h"
#include "base/error.h"
#include "sync/limits.h"
#include "sync/lock.h"
#include "sync/pool.h"

/* Where the calls of one client meet. */
typedef struct wsf__client {
  wsf__lock lock;           /* progress and log: one thread at a time */
  atomic_uintptr_t speaker; /* the thread inside a callback; 0: none */
  atomic_int cancelled;     /* lock-free: set from signal handlers */
} wsf__client;

typedef struct wsf__env {
  wsf__alloc alloc;
  struct wsf__memo *memo;     /* what features share (features/memo.h); NULL: nobody keeps it */
  struct wsf__access *access; /* what may be opened (wire/access.h); NULL: any path */
  int threads;                /* >= 1 */
  uint64_t seed;
  wsf__limits limits;
  int32_t (*progress)(const char *stage, int64_t done, int64_t total, void *user);
  void *progress_user;
  void (*log)(int32_t level, const char *line, void *user);
  void *log_user;
  void (*executor)(int64_t workers, void (*run)(void *task, int64_t worker), void *task,
                   void *user);
  void *executor_user;
  wsf__pool *pool; /* used with more than one thread and no executor */
  wsf__client *client;
  int64_t started; /* of this call, in nanoseconds; 0: it may take as long as it likes */
  bool hurried;    /* limits.milliseconds is what the call itself asked for (seconds=) */
} wsf__env;

/* A client with workers of its own; false if memory ran out. */
bool wsf__env_init(wsf__env *env, const wsf__alloc *a);
/* A client that shares allocator, workers and executor with another and starts with its seed and
 * limits; progress, log and cancel are its own. */
bool wsf__env_fork(wsf__env *env, const wsf__env *from);
void wsf__env_free(wsf__env *env); /* of a client; its last one joins the workers */
/* The environment of a call that begins now. */
wsf__env wsf__env_call(const wsf__env *client);

int64_t wsf__nanoseconds(void); /* of a clock that never goes back */
/* Let the call take no more than these seconds from now on; 0: no more than before. */
void wsf__env_hurry(wsf__env *env, double seconds);

bool wsf__late(const wsf__env *env); /* whether the call has taken its seconds */

/* Whether the call must end. Cheap enough for inner loops of some microseconds. */
static inline bool wsf__stopped(const wsf__env *env) {
  if (atomic_load_explicit(&env->client->cancelled, memory_order_relaxed) != 0) return true;
  return env->started != 0 && wsf__late(env);
}
/* The same for a loop that knows no more than its scratch: what it leaves behind then is worth
 * nothing, and nobody looks at it, as the task fails whatever it answers. */
static inline bool wsf__cut_short(const wsf__arena *scratch) {
  return scratch->work_of && wsf__stopped(scratch->work_of);
}
/* The same for loops of many short steps: asked once every so many numbers that were worked on. */
typedef struct wsf__watch {
  const wsf__arena *scratch;
  int64_t done; /* since it was asked last */
} wsf__watch;
enum { WSF__WATCHED = 1 << 17 };
static inline bool wsf__watch_ends(wsf__watch *w, int64_t numbers) {
  w->done += numbers;
  if (w->done < WSF__WATCHED) return false;
  w->done = 0;
  return wsf__cut_short(w->scratch);
}
/* Why: WSF_E_CANCELLED or WSF_E_LIMIT. */
wsf_status wsf__fail_stopped(const wsf__env *env, wsf_error *err);

/* To an error of a call that ran too long: what was cut off, after so many of `of` units, such as
 * epochs (0: nobody knows how many). Loops around that loop add theirs. */
void wsf__say_cut(wsf_error *err, const wsf__env *env, const char *what, int64_t done, int64_t of,
                  const char *units);
/* Whether somebody has said so. */
bool wsf__says_cut(const wsf_error *err);

/* For a loop at step i, counted from 0: looks for a stop at the first and then every so often. */
static inline wsf_status wsf__go_on(const wsf__env *env, int64_t i, wsf_error *err) {
  return i % 8192 == 0 && wsf__stopped(env) ? wsf__fail_stopped(env, err) : WSF_OK;
}

/* Whether this thread is inside a callback of this client. */
bool wsf__in_callback(const wsf__env *env);
/* Whether anything may be done in the name of the client: WSF_E_CANCELLED after a cancel. */
wsf_status wsf__env_allows(const wsf__env *env, wsf_error *err);
/* Whether a call may begin: WSF_E_CANCELLED after a cancel, WSF_E_ARGUMENT inside a callback of the
 * same client, which would wait for itself. */
wsf_status wsf__env_ready(const wsf__env *env, wsf_error *err);

enum { WSF__LOG_ERROR = 0, WSF__LOG_WARNING = 1, WSF__LOG_INFORMATION = 2 };
void wsf__log(const wsf__env *env, int32_t level, const char *format, ...) WSF__PRINTF(3, 4);

/* One task of a parallel loop. scratch is the worker's own, reset between tasks. */
typedef wsf_status (*wsf__task_fn)(void *user, int64_t task, wsf__arena *scratch, wsf_error *err);

/* Run fn for task 0 .. tasks-1 on the workers, in any order; tasks write only what is theirs, so
 * results cannot depend on the number of workers. Reports progress under `stage` (NULL: silent),
 * honours cancel and the deadline between tasks, and returns the error of the lowest failing
 * task. */
wsf_status wsf__parallel(wsf__env *env, const char *stage, int64_t tasks, wsf__task_fn fn,
                         void *user, wsf_error *err);

/* Work of several loops, whose progress is reported as one: tasks of loops that came before count
 * as done, those of loops to come are not known yet. Whoever began the stage reports its end. */
typedef struct wsf__stage {
  const char *name; /* NULL: silent */
  int64_t done;
  int64_t reported; /* when progress was last reported, in nanoseconds */
} wsf__stage;
wsf_status wsf__parallel_stage(wsf__env *env, wsf__stage *stage, int64_t tasks, wsf__task_fn fn,
                               void *user, wsf_error *err);

/* For serial work: reports progress and fails if someone said stop or time is up. */
wsf_status wsf__checkpoint(wsf__env *env, const char *stage, int64_t done, int64_t total,
                           wsf_error *err);

#endif
