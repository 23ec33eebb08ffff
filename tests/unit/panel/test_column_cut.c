/* Columns of 1e7 values are laid on another calendar in loops that look for a cancel. */
#include "support.h"

#include "panel/match.h"
#include "panel/panel.h"

static void a_long_column_is_left_half_done(void **state) {
  (void)state;
  enum { PERIODS = 2 * WSF__WATCHED };
  wsf__env env;
  wsf_error err;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  double *value = calloc(PERIODS, sizeof *value);
  assert_non_null(value);
  const int32_t group[] = {0};
  const int64_t row[] = {0};
  const wsf__column column = {.name = "price",
                              .kind = WSF__KNOWN,
                              .n_groups = 1,
                              .periods = PERIODS,
                              .group = group,
                              .value = value};
  for (int stopped = 0; stopped < 2; ++stopped) {
    const wsf_status expected = stopped ? WSF_E_CANCELLED : WSF_OK;
    wsf__arena arena;
    wsf__column out;
    int64_t room = 4 * PERIODS;
    wsf__arena_init(&arena, &wsf__alloc_libc);
    arena.work_of = &env;
    atomic_store(&env.client->cancelled, stopped);
    assert_int_equal(wsf__match_column(&out, &arena, &column, &column, row, 1, 0, &room, &err),
                     expected);
    assert_int_equal(
        wsf__frame_join(&out, &arena, &arena, &column, &column, row, 1, 0, &room, &err), expected);
    wsf__arena_free(&arena);
  }
  free(value);
  wsf__env_free(&env);
}

int test_column_cut(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(a_long_column_is_left_half_done)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
