#include "sync/lock.h"

#include <unistd.h>

bool wsf__lock_init(wsf__lock *lock) {
  atomic_init(&lock->process, (int)getpid());
  return pthread_mutex_init(&lock->mutex, NULL) == 0;
}

/* In a child a mutex that the parent may hold cannot be destroyed, and needs not be. */
void wsf__lock_free(wsf__lock *lock) {
  if (atomic_load(&lock->process) == (int)getpid()) pthread_mutex_destroy(&lock->mutex);
}

bool wsf__lock_take(wsf__lock *lock) {
  const int self = (int)getpid();
  int process = atomic_load_explicit(&lock->process, memory_order_acquire);
  while (process != self) {
    /* -self: another thread of this process is at it, for some instructions */
    if (process != -self && atomic_compare_exchange_weak(&lock->process, &process, -self)) {
      (void)pthread_mutex_init(&lock->mutex, NULL);
      (void)pthread_mutex_lock(&lock->mutex);
      atomic_store_explicit(&lock->process, self, memory_order_release);
      return true;
    }
    process = atomic_load_explicit(&lock->process, memory_order_acquire);
  }
  (void)pthread_mutex_lock(&lock->mutex);
  return false;
}

void wsf__lock_give(wsf__lock *lock) {
  (void)pthread_mutex_unlock(&lock->mutex);
}
