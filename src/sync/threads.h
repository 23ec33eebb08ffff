/* What the library takes of POSIX threads, and the same where there are none (WSF_NO_THREADS).
 *
 * Without threads nobody else can hold a lock, no worker can be started, so nobody waits for one:
 * a pool that gets fewer helpers than it asked for gives the same results. */
#ifndef WSF_SYNC_THREADS_H
#define WSF_SYNC_THREADS_H

#include <stdbool.h>
#include <stdint.h>

#ifndef WSF_NO_THREADS

#include <pthread.h>
#include <unistd.h>

typedef pthread_mutex_t wsf__mutex;
typedef pthread_cond_t wsf__condition;
typedef pthread_t wsf__thread;

static inline bool wsf__mutex_init(wsf__mutex *m) {
  return pthread_mutex_init(m, NULL) == 0;
}
static inline void wsf__mutex_free(wsf__mutex *m) {
  (void)pthread_mutex_destroy(m);
}
static inline void wsf__mutex_take(wsf__mutex *m) {
  (void)pthread_mutex_lock(m);
}
static inline void wsf__mutex_give(wsf__mutex *m) {
  (void)pthread_mutex_unlock(m);
}
static inline void wsf__condition_init(wsf__condition *c) {
  (void)pthread_cond_init(c, NULL);
}
static inline void wsf__condition_free(wsf__condition *c) {
  (void)pthread_cond_destroy(c);
}
static inline void wsf__condition_tell(wsf__condition *c) {
  (void)pthread_cond_broadcast(c);
}
static inline void wsf__condition_wait(wsf__condition *c, wsf__mutex *m) {
  (void)pthread_cond_wait(c, m);
}
static inline bool wsf__thread_start(wsf__thread *t, void *(*run)(void *), void *user) {
  return pthread_create(t, NULL, run, user) == 0;
}
static inline void wsf__thread_join(wsf__thread t) {
  (void)pthread_join(t, NULL);
}
static inline uintptr_t wsf__thread_self(void) {
  return (uintptr_t)pthread_self();
}
static inline int wsf__process_self(void) {
  return (int)getpid();
}

#else

typedef char wsf__mutex, wsf__condition, wsf__thread;

static inline bool wsf__mutex_init(wsf__mutex *m) {
  *m = 0;
  return true;
}
static inline void wsf__mutex_free(wsf__mutex *m) {
  (void)m;
}
static inline void wsf__mutex_take(wsf__mutex *m) {
  (void)m;
}
static inline void wsf__mutex_give(wsf__mutex *m) {
  (void)m;
}
static inline void wsf__condition_init(wsf__condition *c) {
  *c = 0;
}
static inline void wsf__condition_free(wsf__condition *c) {
  (void)c;
}
static inline void wsf__condition_tell(wsf__condition *c) {
  (void)c;
}
static inline void wsf__condition_wait(wsf__condition *c, wsf__mutex *m) {
  (void)c, (void)m;
}
static inline bool wsf__thread_start(wsf__thread *t, void *(*run)(void *), void *user) {
  (void)t, (void)run, (void)user;
  return false;
}
static inline void wsf__thread_join(wsf__thread t) {
  (void)t;
}
static inline uintptr_t wsf__thread_self(void) {
  return 1;
}
static inline int wsf__process_self(void) {
  return 1;
}

#endif
#endif
