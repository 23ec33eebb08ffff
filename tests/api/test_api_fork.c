/* fork(): parent and child both go on, whatever the parent's threads were doing. */
#include "api_support.h"

#include <pthread.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SECONDS = 60 };

typedef struct shared {
  wsf_context *ctx;
  wsf_dataset *ds;
  wsf_model *model;
  wsf_forecaster *f;
  double first; /* of the forecasts */
  atomic_int stop, inside;
} shared;

static bool works(const shared *w) {
  wsf_forecaster *f = NULL;
  wsf_table *t = NULL;
  bool same = wsf_fit(&f, w->model, w->ds, NULL, NULL) == WSF_OK &&
              wsf_predict(&t, f, NULL, "horizon=3", NULL) == WSF_OK;
  same = same && wsf_table_f64(t, wsf_table_find(t, "forecast"))[0] == w->first;
  wsf_table_release(t);
  wsf_forecaster_release(f);
  return same;
}

static void close_shared(shared *w) {
  wsf_forecaster_release(w->f);
  wsf_model_release(w->model);
  wsf_dataset_release(w->ds);
  wsf_context_release(w->ctx); /* hung or crashed in a child */
}

static shared open_shared(const char *options) {
  shared w = {.ctx = new_context(options)};
  CALL(wsf_dataset_open(&w.ds, w.ctx, "simulate(stores=4, depts=10, weeks=60)", &err));
  w.model = new_model(w.ctx, "mean(drift, tslm(season=1))");
  w.f = fitted(w.ctx, "mean(drift, tslm(season=1))", w.ds);
  wsf_table *t = forecast(w.f, "horizon=3");
  w.first = wsf_table_f64(t, wsf_table_find(t, "forecast"))[0];
  wsf_table_release(t);
  return w;
}

/* The child's answer; a child that hangs is ended by its alarm. */
static void assert_child(pid_t child) {
  int status = 0;
  assert_true(child > 0);
  assert_int_equal(waitpid(child, &status, 0), child);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) fail_msg("the child ended with %d", status);
}

static pid_t fork_and_work(shared *w, int depth) {
  const pid_t child = fork();
  if (child != 0) return child;
  (void)alarm(SECONDS);
  bool good = works(w);
  if (depth > 0) {
    int status = 0;
    const pid_t grandchild = fork_and_work(w, depth - 1);
    good = good && waitpid(grandchild, &status, 0) == grandchild && status == 0 && works(w);
  }
  close_shared(w);
  _exit(good ? 0 : 1);
}

/* The address sanitizer's allocator may be locked by a thread that the child does not have:
 * a worker that still puts its things away is one. */
#if defined(__SANITIZE_ADDRESS__)
enum { LOCKED = 1 };
#else
enum { LOCKED = 0 };
#endif

static void test_parent_and_child_go_on(void **state) {
  (void)state;
  static const char *const options[] = {"threads=1", "threads=3"};
  for (int i = 0; i < (LOCKED ? 1 : 2); ++i) {
    shared w = open_shared(options[i]);
    const pid_t child = fork_and_work(&w, 1);
    assert_true(works(&w));
    assert_child(child);
    assert_true(works(&w));
    close_shared(&w);
  }
}

/* A call, or a callback, that is always going on in the parent. */
static void *keep_busy(void *user) {
  shared *w = user;
  while (!atomic_load(&w->stop)) {
    if (!works(w)) abort();
  }
  return NULL;
}

static void linger(int32_t level, const char *line, void *user) {
  (void)level, (void)line;
  shared *w = user;
  const struct timespec t = {0, 200000};
  atomic_fetch_add(&w->inside, 1);
  (void)nanosleep(&t, NULL);
}

static void test_while_others_call(void **state) {
  (void)state;
  if (LOCKED) return;
  shared w = open_shared("threads=3");
  wsf_context_set_log(w.ctx, linger, &w);
  pthread_t busy[2];
  for (int i = 0; i < 2; ++i) assert_int_equal(pthread_create(&busy[i], NULL, keep_busy, &w), 0);
  while (atomic_load(&w.inside) < 2) continue;
  for (int round = 0; round < 12; ++round) {
    const struct timespec t = {0, 500000L * round};
    (void)nanosleep(&t, NULL);
    assert_child(fork_and_work(&w, 0));
  }
  atomic_store(&w.stop, 1);
  for (int i = 0; i < 2; ++i) (void)pthread_join(busy[i], NULL);
  assert_true(works(&w));
  close_shared(&w);
}

/* A fork of a context, cancelled in the child, says nothing to the parent. */
static void test_cancel_stays_in_its_process(void **state) {
  (void)state;
  shared w = open_shared(LOCKED ? "threads=1" : "threads=2");
  const pid_t child = fork();
  if (child == 0) {
    (void)alarm(SECONDS);
    wsf_context_cancel(w.ctx);
    wsf_forecaster *f = NULL;
    const bool stopped = wsf_fit(&f, w.model, w.ds, NULL, NULL) == WSF_E_CANCELLED;
    wsf_context_resume(w.ctx);
    _exit(stopped && works(&w) ? 0 : 1);
  }
  assert_child(child);
  assert_true(works(&w));
  close_shared(&w);
}

/* The thread sanitizer ends a child that starts threads. */
#if defined(__SANITIZE_THREAD__)
enum { WATCHED = 1 };
#else
enum { WATCHED = 0 };
#endif

int test_api_fork(void) {
  if (WATCHED) return 0;
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_parent_and_child_go_on),
      cmocka_unit_test(test_while_others_call),
      cmocka_unit_test(test_cancel_stays_in_its_process),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
