/* What features share is made once for a call, for the panel of the call alone. */
#include "recipes.h"

#include "features/memo.h"

static const void *shared_by(wsf__arena *scratch, const wsf__panel *p, const char *text) {
  return recipe_of(scratch, p, text).shared[0];
}

static void shared_once_for_a_call(void **state) {
  (void)state;
  wsf__env env;
  wsf__arena arena, bare;
  wsf_error err;
  open_env(&env, &arena);
  wsf__arena_init(&bare, &env.alloc);
  arena.work_of = &env;
  wsf__panel *p = shops(&env, WSF__DAY, 0), *other = shops(&env, WSF__DAY, 0);
  assert_true(shared_by(&arena, p, "relative(price, by=size)") !=
              shared_by(&arena, p, "relative(price, by=size)"));
  wsf__memo memo;
  assert_ok(wsf__memo_open(&memo, &env, p, NULL, &err), &err);
  const void *first = shared_by(&arena, p, "relative(price, by=size)");
  assert_non_null(first);
  /* another node of the same text, and in between another call */
  assert_true(shared_by(&arena, p, "relative(price, by=shop)") != first);
  assert_true(shared_by(&arena, p, "relative(price, by=size)") == first);
  /* another panel, and whoever does not work for the call */
  const void *elsewhere = shared_by(&arena, other, "relative(price, by=size)");
  assert_true(elsewhere != first);
  assert_true(shared_by(&arena, other, "relative(price, by=size)") != elsewhere);
  assert_true(shared_by(&bare, p, "relative(price, by=size)") != first);
  wsf__memo_close(&memo, &env);
  assert_null(env.memo);
  arena.work_of = NULL;
  wsf__arena_free(&bare);
  wsf__panel_release(other);
  close_env(&env, &arena, p);
}

/* Columns of the period alone stand in one table of the call, with what `fill` makes series by
 * series. */
static void tabulated_once_for_a_call(void **state) {
  (void)state;
  static const char *const text = "calendar(weekday, day), fourier(7, 2), holidays(us)";
  wsf__env env;
  wsf__arena arena;
  wsf_error err;
  open_env(&env, &arena);
  arena.work_of = &env;
  wsf__panel *p = shops(&env, WSF__DAY, 0);
  const wsf__recipe plain = recipe_of(&arena, p, text);
  assert_null(plain.table[0]);
  wsf__memo memo;
  assert_ok(wsf__memo_open(&memo, &env, p, NULL, &err), &err);
  const wsf__recipe r = recipe_of(&arena, p, text), again = recipe_of(&arena, p, text);
  for (int i = 0; i < r.n_nodes; ++i) {
    assert_non_null(r.table[i]);
    assert_ptr_equal(r.table[i], again.table[i]);
  }
  const int64_t rows = PERIODS + AHEAD + 5; /* some beyond the table */
  float *x = wsf__arena_zero(&arena, (size_t)r.width, (size_t)rows * sizeof *x);
  float *y = wsf__arena_zero(&arena, (size_t)r.width, (size_t)rows * sizeof *y);
  const wsf__feature_view v = wsf__recipe_view(&r, 1, NULL, 0, 0, &arena, &err);
  for (int64_t t = 0; t < rows; ++t) {
    assert_ok(wsf__recipe_fill(&r, &v, t, 1, x + t, rows), &err);
    assert_ok(wsf__recipe_fill(&plain, &v, t, 1, y + t, rows), &err);
  }
  assert_memory_equal(x, y, (size_t)r.width * (size_t)rows * sizeof *x);
  wsf__memo_close(&memo, &env);
  arena.work_of = NULL;
  close_env(&env, &arena, p);
}

/* A cancel is seen by whoever makes it, and nothing half made stays. */
static void a_cancel_leaves_nothing(void **state) {
  (void)state;
  wsf__env env;
  wsf__arena arena;
  wsf_error err;
  open_env(&env, &arena);
  arena.work_of = &env;
  wsf__panel *p = shops(&env, WSF__DAY, 0);
  wsf__memo memo;
  const wsf__value *calls;
  assert_ok(
      wsf__recipe_parse(&calls, &arena, wsf__engine_catalog(), "relative(price, by=size)", &err),
      &err);
  wsf__panel many = *p; /* so many periods that a look comes due */
  many.ahead += INT64_C(1) << 20;
  assert_ok(wsf__memo_open(&memo, &env, &many, NULL, &err), &err);
  atomic_store(&env.client->cancelled, 1);
  wsf__recipe r;
  assert_int_equal(wsf__recipe_make(&r, &arena, calls, &many, &err), WSF_E_CANCELLED);
  atomic_store(&env.client->cancelled, 0);
  assert_null(memo.first);
  wsf__memo_close(&memo, &env);
  arena.work_of = NULL;
  close_env(&env, &arena, p);
}

int test_memo(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(shared_once_for_a_call),
      cmocka_unit_test(tabulated_once_for_a_call),
      cmocka_unit_test(a_cancel_leaves_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
