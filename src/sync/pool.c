#include "sync/pool.h"

#include "sync/lock.h"

struct wsf__shift {
  wsf__pool *pool;
  wsf__shift *next;
  wsf__work_fn work;
  void *task;
  int most, helpers; /* helpers wanted; inside now */
  bool over;         /* no task left: nobody joins any more */
};

struct wsf__pool {
  atomic_int references;
  wsf__alloc alloc;
  wsf__lock lock; /* guards all below */
  wsf__condition wake, done;
  wsf__thread *thread;
  int threads, capacity; /* started; room for */
  wsf__shift *first;
  atomic_int shifts; /* in the list; read without the lock */
  bool stop;
};

/* In a forked child there are no helpers yet, and the shifts of the parent are none of its own. */
static void take(wsf__pool *pool) {
  if (!wsf__lock_take(&pool->lock)) return;
  wsf__condition_init(&pool->wake);
  wsf__condition_init(&pool->done);
  pool->threads = 0;
  pool->first = NULL;
  atomic_store(&pool->shifts, 0);
}

/* The shift with the fewest helpers of those that want more. */
static wsf__shift *choose(const wsf__pool *pool) {
  wsf__shift *best = NULL;
  for (wsf__shift *s = pool->first; s; s = s->next) {
    if (s->over || s->helpers >= s->most) continue;
    if (!best || s->helpers < best->helpers) best = s;
  }
  return best;
}

static void *help(void *argument) {
  wsf__pool *pool = argument;
  take(pool);
  for (;;) {
    wsf__shift *s = choose(pool);
    if (!s) {
      if (pool->stop) break;
      wsf__condition_wait(&pool->wake, &pool->lock.mutex);
      continue;
    }
    ++s->helpers;
    wsf__lock_give(&pool->lock);
    const bool more = s->work(s->task, s);
    take(pool);
    s->over |= !more;
    if (--s->helpers == 0) wsf__condition_tell(&pool->done);
  }
  wsf__lock_give(&pool->lock);
  return NULL;
}

wsf__pool *wsf__pool_create(const wsf__alloc *a) {
  wsf__pool *pool = wsf__new_zero(a, 1, sizeof *pool);
  if (!pool) return NULL;
  pool->alloc = *a;
  atomic_init(&pool->references, 1);
  atomic_init(&pool->shifts, 0);
  if (!wsf__lock_init(&pool->lock)) {
    wsf__delete(a, pool);
    return NULL;
  }
  wsf__condition_init(&pool->wake);
  wsf__condition_init(&pool->done);
  return pool;
}

wsf__pool *wsf__pool_retain(wsf__pool *pool) {
  atomic_fetch_add_explicit(&pool->references, 1, memory_order_relaxed);
  return pool;
}

void wsf__pool_release(wsf__pool *pool) {
  if (!pool) return;
  if (atomic_fetch_sub_explicit(&pool->references, 1, memory_order_acq_rel) != 1) return;
  take(pool);
  pool->stop = true;
  wsf__condition_tell(&pool->wake);
  wsf__lock_give(&pool->lock);
  for (int i = 0; i < pool->threads; ++i) wsf__thread_join(pool->thread[i]);
  wsf__condition_free(&pool->wake);
  wsf__condition_free(&pool->done);
  wsf__lock_free(&pool->lock);
  const wsf__alloc a = pool->alloc;
  wsf__delete(&a, pool->thread);
  wsf__delete(&a, pool);
}

/* With the lock held. Fewer helpers than asked for give the same results, later. */
static void start_threads(wsf__pool *pool, int threads) {
  if (threads > pool->capacity) {
    wsf__thread *grown =
        wsf__resize(&pool->alloc, pool->thread, (size_t)threads, sizeof *pool->thread);
    if (!grown) return;
    pool->thread = grown;
    pool->capacity = threads;
  }
  while (pool->threads < threads) {
    if (!wsf__thread_start(&pool->thread[pool->threads], help, pool)) return;
    ++pool->threads;
  }
}

void wsf__pool_run(wsf__pool *pool, int workers, wsf__work_fn work, void *task) {
  wsf__shift own = {.pool = pool, .work = work, .task = task, .most = workers - 1};
  take(pool);
  start_threads(pool, own.most);
  own.next = pool->first;
  pool->first = &own;
  atomic_fetch_add_explicit(&pool->shifts, 1, memory_order_relaxed);
  wsf__condition_tell(&pool->wake);
  wsf__lock_give(&pool->lock);
  (void)work(task, NULL);
  take(pool);
  own.over = true;
  while (own.helpers > 0) wsf__condition_wait(&pool->done, &pool->lock.mutex);
  wsf__shift **link = &pool->first;
  while (*link != &own) link = &(*link)->next;
  *link = own.next;
  atomic_fetch_sub_explicit(&pool->shifts, 1, memory_order_relaxed);
  wsf__lock_give(&pool->lock);
}

bool wsf__pool_wanted(wsf__shift *shift) {
  wsf__pool *pool = shift->pool;
  if (atomic_load_explicit(&pool->shifts, memory_order_relaxed) < 2) return false;
  take(pool);
  const wsf__shift *other = choose(pool);
  const bool wanted = other && other->helpers + 1 < shift->helpers;
  wsf__lock_give(&pool->lock);
  return wanted;
}
