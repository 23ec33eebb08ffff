/* The library's own workers: started when a loop first wants them, kept, and shared by every client
 * that holds a reference. Loops that run at once share them fairly: an idle helper joins the loop
 * with the fewest, and one that is between two tasks leaves for a loop with at least two fewer. The
 * thread that calls always works itself, so a loop never waits for a helper to become free. */
#ifndef WSF_SYNC_POOL_H
#define WSF_SYNC_POOL_H

#include "base/alloc.h"

typedef struct wsf__pool wsf__pool;
typedef struct wsf__shift wsf__shift; /* one loop, as the pool sees it */

/* Works through tasks until none is left (false), or until wsf__pool_wanted says to leave (true).
 * shift is NULL on the thread of the caller, who stays to the end. */
typedef bool (*wsf__work_fn)(void *task, wsf__shift *shift);

wsf__pool *wsf__pool_create(const wsf__alloc *a); /* no thread yet; NULL on failure */
wsf__pool *wsf__pool_retain(wsf__pool *pool);
void wsf__pool_release(wsf__pool *pool); /* the last one joins the threads */

/* Calls work here and on at most workers - 1 helpers, and returns when all have returned. */
void wsf__pool_run(wsf__pool *pool, int workers, wsf__work_fn work, void *task);
/* Whether a helper of this shift should go to another. */
bool wsf__pool_wanted(wsf__shift *shift);

#endif
