/* A mutex that is open in a forked child, whoever held it in the parent.
 *
 * fork() copies memory but only the thread that called it: a mutex held by another thread would
 * stay locked in the child for ever, and so would whoever waits for a thread that is not there. The
 * lock remembers its process, and the first who takes it in another one makes it anew. (No fork
 * handler: the library has no global state, and handlers are not told of clone().) */
#ifndef WSF_SYNC_LOCK_H
#define WSF_SYNC_LOCK_H

#include "sync/threads.h"

#include <stdatomic.h>

typedef struct wsf__lock {
  wsf__mutex mutex;
  atomic_int process; /* the mutex is good there; negative: it is being made */
} wsf__lock;

bool wsf__lock_init(wsf__lock *lock);
void wsf__lock_free(wsf__lock *lock);
/* true: the first to take it in this process, which is not the one that made it. What other threads
 * were about, and what they waited for, is gone. */
bool wsf__lock_take(wsf__lock *lock);
void wsf__lock_give(wsf__lock *lock);

#endif
