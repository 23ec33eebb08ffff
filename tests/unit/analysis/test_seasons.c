#include "unit/analysis/classic.h"

#include "analysis/seasons.h"

enum { MOST = 4096 };

static double pseudo(uint32_t *seed) {
  *seed = *seed * 1664525u + 1013904223u;
  return (double)(*seed >> 8) / 16777216 - 0.5;
}

/* The frequency that R gives these series; 0: no season. lynx: the cycle of about 9.6 years. */
static void classic_seasons_are_found(void **state) {
  (void)state;
  static const struct {
    const char *name;
    double period[2];
  } known[] = {{"AirPassengers", {12, 0}}, {"co2", {12, 0}},      {"gas", {12, 0}},
               {"ldeaths", {12, 0}},       {"nottem", {12, 0}},   {"USAccDeaths", {12, 0}},
               {"wineind", {12, 0}},       {"UKgas", {4, 0}},     {"JohnsonJohnson", {4, 0}},
               {"woolyrnq", {4, 0}},       {"taylor", {48, 336}}, {"lynx", {9.6, 0}},
               {"Nile", {0, 0}},           {"LakeHuron", {0, 0}}, {"WWWusage", {0, 0}}};
  static double y[MOST];
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  for (size_t i = 0; i < sizeof known / sizeof *known; ++i) {
    const int64_t n = read_classic(known[i].name, y, MOST);
    wsf__season found[WSF__MOST_SEASONS];
    int count;
    assert_true(wsf__find_seasons(found, &count, y, n, 1000, &arena));
    const int expected = (known[i].period[0] > 0) + (known[i].period[1] > 0);
    bool right = count == expected;
    for (int k = 0; k < count && right; ++k) {
      right = fabs(found[k].period - known[i].period[k]) <= 0.1 && found[k].p < 0.01 &&
              found[k].strength > 0.2 && found[k].strength < 1;
    }
    if (!right) {
      for (int k = 0; k < count; ++k)
        print_message("  %g strength %g acf %g p %g\n", found[k].period, found[k].strength,
                      found[k].acf, found[k].p);
      fail_msg("%s: %d seasons", known[i].name, count);
    }
  }
  wsf__arena_free(&arena);
}

/* One week in 52 sells three times as much: all harmonics have the same power. */
static void a_season_of_one_peak_is_found(void **state) {
  (void)state;
  double y[143];
  uint32_t seed = 4;
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  for (int t = 0; t < 143; ++t) y[t] = 100 + 20 * pseudo(&seed) + (t % 52 == 46 ? 200 : 0);
  y[20] = y[21] = y[90] = NAN;
  wsf__season found[WSF__MOST_SEASONS];
  int count;
  assert_true(wsf__find_seasons(found, &count, y, 143, 1000, &arena));
  assert_true(count >= 1 && fabs(found[0].period - 52) < 0.5);
  assert_true(wsf__find_seasons(found, &count, y, 143, 40, &arena)); /* not asked for */
  for (int k = 0; k < count; ++k) assert_true(found[k].period < 41);
  wsf__arena_free(&arena);
}

static void noise_has_no_season(void **state) {
  (void)state;
  double white[100], walk[100];
  uint32_t seed = 1;
  int false_alarms[2] = {0, 0};
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  for (int run = 0; run < 200; ++run) {
    for (int t = 0; t < 100; ++t) {
      white[t] = pseudo(&seed) + pseudo(&seed) + pseudo(&seed);
      walk[t] = (t > 0 ? walk[t - 1] : 0) + pseudo(&seed) + pseudo(&seed);
    }
    wsf__season found[WSF__MOST_SEASONS];
    int count;
    assert_true(wsf__find_seasons(found, &count, white, 100, 1000, &arena));
    false_alarms[0] += count > 0;
    assert_true(wsf__find_seasons(found, &count, walk, 100, 1000, &arena));
    false_alarms[1] += count > 0;
  }
  if (false_alarms[0] > 10 || false_alarms[1] > 20)
    fail_msg("%d, %d of 200", false_alarms[0], false_alarms[1]);
  wsf__arena_free(&arena);
}

static void series_that_say_nothing_have_none(void **state) {
  (void)state;
  double y[60];
  int count = 9;
  wsf__season found[WSF__MOST_SEASONS];
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  for (int kind = 0; kind < 3; ++kind) {
    for (int t = 0; t < 60; ++t) y[t] = kind == 0 ? 7.1 : kind == 1 ? NAN : 1e6 + 0.1 * t;
    for (int64_t n = 0; n <= 60; ++n) {
      assert_true(wsf__find_seasons(found, &count, y, n, 1000, &arena));
      assert_int_equal(count, 0);
    }
  }
  for (int t = 0; t < 60; ++t) y[t] = t % 4; /* a season and nothing else */
  for (int64_t n = 0; n <= 60; ++n) {
    assert_true(wsf__find_seasons(found, &count, y, n, 1000, &arena));
    assert_true(n < 20 || (count == 1 && found[0].period == 4 && found[0].strength > 0.9));
  }
  wsf__arena_free(&arena);
}

int test_seasons(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(classic_seasons_are_found),
      cmocka_unit_test(a_season_of_one_peak_is_found),
      cmocka_unit_test(noise_has_no_season),
      cmocka_unit_test(series_that_say_nothing_have_none),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
