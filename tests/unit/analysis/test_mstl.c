#include "support.h"

#include "analysis/mstl.h"

#include <math.h>

static void seasons_are_sorted_and_those_too_long_left_out(void **state) {
  (void)state;
  int64_t kept[6];
  assert_int_equal(wsf__mstl_seasons(kept, (const int64_t[]){336, 7, 1, 48, 7, 50}, 6, 100), 2);
  assert_true(kept[0] == 7 && kept[1] == 48);
  assert_int_equal(wsf__mstl_seasons(kept, (const int64_t[]){50}, 1, 101), 1);
  assert_int_equal(wsf__mstl_seasons(kept, (const int64_t[]){2}, 1, 4), 0);
  assert_int_equal(wsf__mstl_seasons(kept, (const int64_t[]){2}, 1, 0), 0);
  assert_int_equal(wsf__mstl_seasons(kept, NULL, 0, 100), 0);
}

/* Two seasons on a line, with gaps: each part is found where it was put. */
static void planted_parts_are_found(void **state) {
  (void)state;
  enum { N = 400 };
  const double turn = 2 * 3.141592653589793;
  double y[N], trend[N], seasonal[2 * N];
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  for (int t = 0; t < N; ++t) {
    y[t] = 500 + t + 30 * sin(turn * t / 7) + 50 * cos(turn * t / 60);
    if (t % 41 == 3 || (t >= 200 && t < 205)) y[t] = NAN;
  }
  const wsf__mstl_options options[] = {{0, false}, {WSF__PERIODIC, false}, {0, true}, {13, true}};
  for (size_t o = 0; o < sizeof options / sizeof *options; ++o) {
    const int64_t season[] = {7, 60};
    assert_true(wsf__mstl(trend, seasonal, y, N, season, 2, &options[o], &arena));
    for (int t = 60; t < N - 60; ++t) {
      assert_true(fabs(trend[t] - 500 - t) < 3);
      assert_true(fabs(seasonal[t] - 30 * sin(turn * t / 7)) < 3);
      assert_true(fabs(seasonal[N + t] - 50 * cos(turn * t / 60)) < 3);
    }
  }
  wsf__arena_free(&arena);
}

static void flat_and_missing_series_stay_finite(void **state) {
  (void)state;
  double y[9], trend[9], seasonal[18];
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  for (int missing = 0; missing < 2; ++missing) {
    for (int robust = 0; robust < 2; ++robust) {
      for (int t = 0; t < 9; ++t) y[t] = missing ? NAN : 5;
      const wsf__mstl_options options = {0, robust};
      assert_true(wsf__mstl(trend, seasonal, y, 9, (const int64_t[]){2, 4}, 2, &options, &arena));
      for (int t = 0; t < 9; ++t) {
        assert_true(fabs(trend[t] - (missing ? 0 : 5)) < 1e-12);
        assert_true(fabs(seasonal[t]) < 1e-12 && fabs(seasonal[9 + t]) < 1e-12);
      }
    }
  }
  wsf__arena_free(&arena);
}

int test_mstl(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(seasons_are_sorted_and_those_too_long_left_out),
      cmocka_unit_test(planted_parts_are_found),
      cmocka_unit_test(flat_and_missing_series_stay_finite),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
