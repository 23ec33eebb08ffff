/* Clients, their calls and the workers they share. */
#include "support.h"

#include "sync/env.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <time.h>

static void pause_ms(int ms) {
  const struct timespec t = {ms / 1000, (long)(ms % 1000) * 1000000};
  (void)nanosleep(&t, NULL);
}

/* ---- loops -------------------------------------------------------------------------------- */

typedef struct counting {
  atomic_int run[200];
  atomic_int fail_from;
} counting;

static wsf_status count_task(void *user, int64_t task, wsf__arena *scratch, wsf_error *err) {
  counting *c = user;
  if (!wsf__arena_new(scratch, 100, 1)) return wsf__fail_memory(err);
  atomic_fetch_add(&c->run[task], 1);
  if (task >= atomic_load(&c->fail_from)) {
    return wsf__fail(err, WSF_E_DATA, "task %d", (int)task);
  }
  return WSF_OK;
}

static void every_task_once(void **state) {
  (void)state;
  for (int threads = 1; threads <= 8; ++threads) {
    wsf__env env;
    wsf_error err = {0};
    assert_true(wsf__env_init(&env, &wsf__alloc_libc));
    env.threads = threads;
    for (int round = 0; round < 20; ++round) {
      counting c = {.fail_from = 1000};
      assert_int_equal(wsf__parallel(&env, "count", 200, count_task, &c, &err), WSF_OK);
      for (int i = 0; i < 200; ++i) assert_int_equal(atomic_load(&c.run[i]), 1);
    }
    counting c = {.fail_from = 70};
    assert_int_equal(wsf__parallel(&env, "count", 200, count_task, &c, &err), WSF_E_DATA);
    assert_string_equal(err.message, "task 70"); /* the lowest, whoever was first */
    wsf__env_free(&env);
  }
}

/* One loop holds both helpers with short tasks until another has been helped. */
typedef struct sharing {
  wsf__env *env;
  atomic_bool helped;
  atomic_int inside;
} sharing;

static wsf_status until_helped(void *user, int64_t task, wsf__arena *scratch, wsf_error *err) {
  sharing *s = user;
  (void)task, (void)scratch, (void)err;
  if (!atomic_load(&s->helped)) pause_ms(1);
  return WSF_OK;
}

static wsf_status want_help(void *user, int64_t task, wsf__arena *scratch, wsf_error *err) {
  sharing *s = user;
  (void)task, (void)scratch;
  atomic_fetch_add(&s->inside, 1);
  for (int wait = 0; wait < 20000 && !atomic_load(&s->helped); ++wait) {
    if (atomic_load(&s->inside) >= 2) atomic_store(&s->helped, true);
    pause_ms(1);
  }
  return atomic_load(&s->helped) ? WSF_OK : wsf__fail(err, WSF_E_INTERNAL, "nobody came");
}

static void *hold_helpers(void *user) {
  sharing *s = user;
  wsf_error err;
  assert_int_equal(wsf__parallel(s->env, NULL, 100000, until_helped, s, &err), WSF_OK);
  return NULL;
}

static void a_long_loop_lets_helpers_go(void **state) {
  (void)state;
  wsf__env env, fork;
  wsf_error err;
  pthread_t thread;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  env.threads = 3;
  assert_true(wsf__env_fork(&fork, &env));
  assert_ptr_equal(fork.pool, env.pool);
  sharing s = {.env = &env};
  assert_int_equal(pthread_create(&thread, NULL, hold_helpers, &s), 0);
  pause_ms(20);
  if (wsf__parallel(&fork, NULL, 2, want_help, &s, &err) != WSF_OK) fail_msg("%s", err.message);
  pthread_join(thread, NULL);
  wsf__env_free(&env);
  wsf__env_free(&fork);
}

/* ---- stopping ----------------------------------------------------------------------------- */

static wsf_status slow_task(void *user, int64_t task, wsf__arena *scratch, wsf_error *err) {
  (void)user, (void)task, (void)scratch, (void)err;
  pause_ms(2);
  return WSF_OK;
}

static void a_fork_is_cancelled_alone(void **state) {
  (void)state;
  wsf__env env, fork;
  wsf_error err = {0};
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  assert_true(wsf__env_fork(&fork, &env));
  atomic_store(&fork.client->cancelled, 1);
  assert_int_equal(wsf__parallel(&fork, "slow", 3, slow_task, NULL, &err), WSF_E_CANCELLED);
  assert_int_equal(wsf__parallel(&env, "slow", 3, slow_task, NULL, &err), WSF_OK);
  wsf__env_free(&env);
  wsf__env_free(&fork);
}

static void time_is_up(void **state) {
  (void)state;
  wsf__env env;
  wsf_error err = {0};
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  env.limits.milliseconds = 30;
  wsf__env call = wsf__env_call(&env);
  assert_int_equal(wsf__parallel(&call, "slow", 100000, slow_task, NULL, &err), WSF_E_LIMIT);
  assert_non_null(
      strstr(err.message, "the context allows 0.030 (max_seconds): 'slow' was cut off"));
  assert_non_null(strstr(err.message, " of 100000 steps"));
  assert_string_equal(err.field, "max_seconds");
  call = wsf__env_call(&env); /* every call has its own time */
  assert_int_equal(wsf__parallel(&call, "slow", 2, slow_task, NULL, &err), WSF_OK);
  pause_ms(40);
  assert_int_equal(wsf__checkpoint(&call, "serial", 1, 2, &err), WSF_E_LIMIT);
  assert_non_null(strstr(err.message, "'serial' was cut off after 1 of 2 steps"));
  wsf__env_free(&env);
}

static void limits_say_what_was_found(void **state) {
  (void)state;
  wsf__limits limits = {.most[WSF__MOST_rows] = 10};
  wsf_error err = {0};
  assert_int_equal(wsf__limit_check(&limits, WSF__MOST_rows, 10, &err), WSF_OK);
  assert_int_equal(wsf__limit_check(&limits, WSF__MOST_bytes, INT64_MAX, &err), WSF_OK);
  assert_int_equal(wsf__limit_check(&limits, WSF__MOST_rows, 11, &err), WSF_E_LIMIT);
  assert_string_equal(err.message, "11 rows; the context allows 10 (max_rows)");
  assert_string_equal(err.field, "max_rows");
  assert_int_equal(wsf__limit_product(&limits, WSF__MOST_rows, INT64_MAX, 2, &err), WSF_E_LIMIT);
  assert_int_equal(wsf__limit_product(&limits, WSF__MOST_rows, 5, 2, NULL), WSF_OK);
}

/* ---- callbacks ---------------------------------------------------------------------------- */

typedef struct listener {
  wsf__env *env;
  int lines;
} listener;

static void log_again(int32_t level, const char *line, void *user) {
  listener *l = user;
  (void)level;
  ++l->lines;
  assert_string_equal(line, "one");
  assert_true(wsf__in_callback(l->env));
  wsf__log(l->env, WSF__LOG_ERROR, "two"); /* silent, or it would wait for itself */
}

static void a_callback_does_not_wait_for_itself(void **state) {
  (void)state;
  wsf__env env;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  listener l = {.env = &env};
  env.log = log_again;
  env.log_user = &l;
  wsf__log(&env, WSF__LOG_WARNING, "%s", "one");
  assert_int_equal(l.lines, 1);
  assert_false(wsf__in_callback(&env));
  wsf__env_free(&env);
}

int test_env(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_task_once),
      cmocka_unit_test(a_long_loop_lets_helpers_go),
      cmocka_unit_test(a_fork_is_cancelled_alone),
      cmocka_unit_test(time_is_up),
      cmocka_unit_test(limits_say_what_was_found),
      cmocka_unit_test(a_callback_does_not_wait_for_itself),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
