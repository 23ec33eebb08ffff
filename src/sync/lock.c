#include "sync/lock.h"

bool wsf__lock_init(wsf__lock *lock) {
  atomic_init(&lock->process, wsf__process_self());
  return wsf__mutex_init(&lock->mutex);
}

/* In a child a mutex that the parent may hold cannot be destroyed, and needs not be. */
void wsf__lock_free(wsf__lock *lock) {
  if (atomic_load(&lock->process) == wsf__process_self()) wsf__mutex_free(&lock->mutex);
}

bool wsf__lock_take(wsf__lock *lock) {
  const int self = wsf__process_self();
  int process = atomic_load_explicit(&lock->process, memory_order_acquire);
  while (process != self) {
    /* -self: another thread of this process is at it, for some instructions */
    if (process != -self && atomic_compare_exchange_weak(&lock->process, &process, -self)) {
      (void)wsf__mutex_init(&lock->mutex);
      wsf__mutex_take(&lock->mutex);
      atomic_store_explicit(&lock->process, self, memory_order_release);
      return true;
    }
    process = atomic_load_explicit(&lock->process, memory_order_acquire);
  }
  wsf__mutex_take(&lock->mutex);
  return false;
}

void wsf__lock_give(wsf__lock *lock) {
  wsf__mutex_give(&lock->mutex);
}
