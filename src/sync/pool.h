/* The library's own workers, started once and kept. One parallel loop at a time: a second caller
 * finds the pool busy and runs its loop on its own thread, which is always correct. */
#ifndef WSF_SYNC_POOL_H
#define WSF_SYNC_POOL_H

#include "base/alloc.h"

typedef struct wsf__pool wsf__pool;

/* workers counts the calling thread: workers - 1 threads are started. NULL on failure. */
wsf__pool *wsf__pool_create(const wsf__alloc *a, int workers);
void wsf__pool_free(wsf__pool *pool);
/* Calls run(task, w) for every worker; true when all have returned, false (and nothing done) if
 * the pool is busy. */
bool wsf__pool_run(wsf__pool *pool, void (*run)(void *task, int64_t worker), void *task);

#endif
