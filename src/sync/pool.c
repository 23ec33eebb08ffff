#include "sync/pool.h"

#include <pthread.h>

struct wsf__pool {
  const wsf__alloc *alloc;
  pthread_t *thread;
  int threads; /* started */
  pthread_mutex_t lock;
  pthread_cond_t wake, done;
  void (*run)(void *task, int64_t worker);
  void *task;
  uint64_t round; /* counts loops, so that a worker runs each once */
  int busy;       /* workers that have not finished this round */
  bool taken, stop;
};

typedef struct start {
  wsf__pool *pool;
  int worker;
} start;

static void *worker_main(void *argument) {
  start *s = argument;
  wsf__pool *pool = s->pool;
  const int worker = s->worker;
  wsf__delete(pool->alloc, s);
  uint64_t seen = 0;
  pthread_mutex_lock(&pool->lock);
  for (;;) {
    while (!pool->stop && pool->round == seen) pthread_cond_wait(&pool->wake, &pool->lock);
    if (pool->stop) break;
    seen = pool->round;
    pthread_mutex_unlock(&pool->lock);
    pool->run(pool->task, worker);
    pthread_mutex_lock(&pool->lock);
    if (--pool->busy == 0) pthread_cond_signal(&pool->done);
  }
  pthread_mutex_unlock(&pool->lock);
  return NULL;
}

wsf__pool *wsf__pool_create(const wsf__alloc *a, int workers) {
  wsf__pool *pool = wsf__new_zero(a, 1, sizeof *pool);
  if (!pool) return NULL;
  pool->alloc = a;
  pool->thread = wsf__new_zero(a, (size_t)workers, sizeof *pool->thread);
  if (!pool->thread) {
    wsf__delete(a, pool);
    return NULL;
  }
  pthread_mutex_init(&pool->lock, NULL);
  pthread_cond_init(&pool->wake, NULL);
  pthread_cond_init(&pool->done, NULL);
  for (int w = 1; w < workers; ++w) {
    start *s = wsf__new(a, 1, sizeof *s);
    if (!s) break;
    *s = (start){pool, w};
    if (pthread_create(&pool->thread[pool->threads], NULL, worker_main, s) != 0) {
      wsf__delete(a, s);
      break; /* fewer workers give the same results, later */
    }
    ++pool->threads;
  }
  return pool;
}

void wsf__pool_free(wsf__pool *pool) {
  if (!pool) return;
  pthread_mutex_lock(&pool->lock);
  pool->stop = true;
  pthread_cond_broadcast(&pool->wake);
  pthread_mutex_unlock(&pool->lock);
  for (int i = 0; i < pool->threads; ++i) pthread_join(pool->thread[i], NULL);
  pthread_cond_destroy(&pool->wake);
  pthread_cond_destroy(&pool->done);
  pthread_mutex_destroy(&pool->lock);
  wsf__delete(pool->alloc, pool->thread);
  wsf__delete(pool->alloc, pool);
}

bool wsf__pool_run(wsf__pool *pool, void (*run)(void *task, int64_t worker), void *task) {
  pthread_mutex_lock(&pool->lock);
  if (pool->taken) {
    pthread_mutex_unlock(&pool->lock);
    return false;
  }
  pool->taken = true;
  pool->run = run;
  pool->task = task;
  pool->busy = pool->threads;
  ++pool->round;
  pthread_cond_broadcast(&pool->wake);
  pthread_mutex_unlock(&pool->lock);
  run(task, 0);
  pthread_mutex_lock(&pool->lock);
  while (pool->busy > 0) pthread_cond_wait(&pool->done, &pool->lock);
  pool->taken = false;
  pthread_mutex_unlock(&pool->lock);
  return true;
}
