#include "unit/analysis/classic.h"

#include "analysis/ocsb.h"

/* -0.5 .. 0.5 */
static double pseudo(uint32_t *seed) {
  *seed = *seed * 1664525u + 1013904223u;
  return (double)(*seed >> 8) / 16777216 - 0.5;
}

static void a_fixed_season_is_none_and_a_walk_is_one(void **state) {
  (void)state;
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  double y[520], walk[520];
  uint32_t seed = 3;
  for (int t = 0; t < 520; ++t) {
    y[t] = 100 + 20 * sin(2 * 3.141592653589793 * t / 52) + 3 * pseudo(&seed);
    walk[t] = t < 52 ? 10 * pseudo(&seed) : walk[t - 52] + 10 * pseudo(&seed);
  }
  int d;
  assert_true(wsf__ocsb_differences(&d, y, 520, 52, 2, &arena));
  assert_int_equal(d, 0);
  assert_true(wsf__ocsb_differences(&d, walk, 520, 52, 2, &arena));
  assert_int_equal(d, 1);
  assert_true(wsf__ocsb_differences(&d, walk, 520, 52, 0, &arena));
  assert_int_equal(d, 0);
  for (int t = 60; t < 80; ++t) y[t] = NAN;
  assert_true(wsf__ocsb_differences(&d, y, 520, 52, 2, &arena));
  assert_int_equal(d, 0);
  wsf__arena_free(&arena);
}

static void series_that_say_nothing_get_no_statistic(void **state) {
  (void)state;
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  double y[60];
  wsf__ocsb_test test;
  int d;
  for (int t = 0; t < 60; ++t) y[t] = 7;
  assert_true(wsf__ocsb(&test, y, 60, 12, 3, &arena));
  assert_true(isnan(test.statistic));
  assert_true(wsf__ocsb_differences(&d, y, 60, 12, 1, &arena));
  assert_int_equal(d, 0);
  for (int t = 0; t < 60; ++t)
    y[t] = 1e6 + t % 12 / 10.0 + 0.3 * t; /* both differences leave nothing */
  assert_true(wsf__ocsb(&test, y, 60, 12, 3, &arena));
  assert_true(isnan(test.statistic));
  for (int64_t n = 0; n < 24; ++n) {
    y[n] = sin((double)(n * n));
    assert_true(wsf__ocsb(&test, y, n, 12, 3, &arena));
    assert_true(n >= 22 || isnan(test.statistic));
    assert_true(wsf__ocsb_differences(&d, y, n, 12, 1, &arena));
  }
  for (int t = 0; t < 60; ++t) y[t] = NAN;
  assert_true(wsf__ocsb_differences(&d, y, 60, 12, 1, &arena));
  assert_int_equal(d, 0);
  wsf__arena_free(&arena);
}

int test_ocsb(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_fixed_season_is_none_and_a_walk_is_one),
      cmocka_unit_test(series_that_say_nothing_get_no_statistic),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
