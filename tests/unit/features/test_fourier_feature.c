/* fourier: its waves against sine and cosine of the date, its columns, what it refuses. */
#include "recipes.h"

static void test_values(void **state) {
  (void)state;
  wsf__env env;
  wsf__arena arena;
  open_env(&env, &arena);
  wsf__panel *p = shops(&env, WSF__DAY, 0);
  const wsf__recipe r = recipe_of(&arena, p, "fourier([7,365.25], [3,2])");
  assert_int_equal(r.width, 10);
  assert_string_equal(r.column[0].name, "fourier_7_sin_1");
  assert_string_equal(r.column[5].name, "fourier_7_cos_3");
  assert_string_equal(r.column[6].name, "fourier_365.25_sin_1");
  assert_string_equal(r.column[9].name, "fourier_365.25_cos_2");
  assert_int_equal(r.nearest, 0);
  enum { N = PERIODS + AHEAD + 50 };
  float x[10 * N];
  const wsf__feature_view v = view_of(&r, p, 0, &arena);
  assert_int_equal(wsf__recipe_fill(&r, &v, -20, N, x, N), WSF_OK);
  for (int c = 0; c < 10; ++c) {
    const double length = c < 6 ? 7 : 365.25;
    const int k = (c < 6 ? c : c - 6) / 2 + 1;
    for (int i = 0; i < N; ++i) {
      const double day = (double)wsf__days_from_civil(2019, 12, 25) - 20 + i;
      const double angle = 2 * 3.14159265358979323846 * k * day / length;
      assert_true(fabs((double)x[c * N + i] - (c % 2 ? cos(angle) : sin(angle))) < 1e-6);
    }
  }
  close_env(&env, &arena, p);
}

/* A panel that begins later has the same waves on the same dates. */
static void test_anchored(void **state) {
  (void)state;
  static const int32_t freq[] = {WSF__HOUR, WSF__DAY, WSF__WEEK, WSF__MONTH, WSF__QUARTER};
  wsf__env env;
  wsf__arena arena;
  open_env(&env, &arena);
  for (int k = 0; k < 5; ++k) {
    wsf__panel *p = shops(&env, freq[k], 0);
    wsf__recipe r = recipe_of(&arena, p, "fourier(52.18, 2)");
    float x[4 * 30], y[4 * 30];
    wsf__feature_view v = view_of(&r, p, 0, &arena);
    assert_int_equal(wsf__recipe_fill(&r, &v, 11, 30, x, 30), WSF_OK);
    wsf__calendar_move(&p->calendar, 11);
    assert_int_equal(wsf__recipe_fill(&r, &v, 0, 30, y, 30), WSF_OK);
    assert_bits(x, y, 120, wsf__freq_name(freq[k]));
    wsf__panel_release(p);
  }
  wsf__arena_free(&arena);
  wsf__env_free(&env);
}

/* The wave of two periods is its cosine alone: 1, -1, 1, .. */
static void test_nyquist(void **state) {
  (void)state;
  wsf__env env;
  wsf__arena arena;
  open_env(&env, &arena);
  wsf__panel *p = shops(&env, WSF__MONTH, 0);
  const wsf__recipe r = recipe_of(&arena, p, "fourier([4,2], [2,1])");
  static const char *const names[] = {"fourier_4_sin_1", "fourier_4_cos_1", "fourier_4_cos_2",
                                      "fourier_2_cos_1"};
  assert_int_equal(r.width, 4);
  for (int c = 0; c < 4; ++c) assert_string_equal(r.column[c].name, names[c]);
  float x[4 * 12];
  const wsf__feature_view v = view_of(&r, p, 0, &arena);
  assert_int_equal(wsf__recipe_fill(&r, &v, 0, 12, x, 12), WSF_OK);
  const float first = x[24]; /* December 2019 is an odd month since year 0 */
  assert_true(first == -1.0F);
  for (int i = 0; i < 12; ++i) {
    assert_true(x[24 + i] == (i % 2 ? -first : first));
    assert_true(x[36 + i] == x[24 + i]);
  }
  close_env(&env, &arena, p);
}

/* The seasons of the calendar that are longer than the data's own. */
static void test_calendar_seasons(void **state) {
  (void)state;
  static const struct {
    int32_t freq;
    int width;
    const char *first;
  } wanted[] = {{WSF__HOUR, 8, "fourier_168_sin_1"},
                {WSF__DAY, 4, "fourier_365.25_sin_1"},
                {WSF__WEEK, 0, NULL},
                {WSF__MONTH, 0, NULL},
                {WSF__YEAR, 0, NULL},
                {WSF__INTEGER, 0, NULL}};
  for (size_t k = 0; k < sizeof wanted / sizeof *wanted; ++k) {
    wsf__env env;
    wsf__arena arena;
    open_env(&env, &arena);
    wsf__panel *p = shops(&env, wanted[k].freq, 0);
    const wsf__recipe r = recipe_of(&arena, p, "fourier(calendar, 2), age");
    assert_int_equal(r.width, wanted[k].width + 1);
    if (wanted[k].first) assert_string_equal(r.column[0].name, wanted[k].first);
    if (wanted[k].freq == WSF__DAY) {
      const wsf__recipe same = recipe_of(&arena, p, "fourier(365.25, 2)");
      float x[5 * PERIODS], y[4 * PERIODS];
      const wsf__feature_view v = view_of(&r, p, 0, &arena), w = view_of(&same, p, 0, &arena);
      assert_int_equal(wsf__recipe_fill(&r, &v, 0, PERIODS, x, PERIODS), WSF_OK);
      assert_int_equal(wsf__recipe_fill(&same, &w, 0, PERIODS, y, PERIODS), WSF_OK);
      assert_bits(x, y, 4 * PERIODS, "the year");
    }
    close_env(&env, &arena, p);
  }
}

/* 0 where the condition does not hold, unknown where nobody knows whether it does. */
static void test_condition(void **state) {
  (void)state;
  wsf__env env;
  wsf__arena arena;
  open_env(&env, &arena);
  wsf__panel *p = shops(&env, WSF__DAY, 0);
  const wsf__column *price = &p->column[wsf__panel_find_column(p, "price")];
  double *value = (double *)(uintptr_t)price->value;
  for (int64_t g = 0; g < price->n_groups; ++g) {
    for (int64_t t = 0; t < price->periods; ++t)
      value[g * price->periods + t] = t == 11 ? NAN : (t + g) % 5 < 2;
  }
  const wsf__recipe r = recipe_of(&arena, p,
                                  "fourier([7,30], [3,1], condition_name=price), "
                                  "fourier([7,30], [3,1])");
  assert_int_equal(r.width, 16);
  assert_string_equal(r.column[0].name, "fourier_7_sin_1_price");
  assert_string_equal(r.column[7].name, "fourier_30_cos_1_price");
  float x[16 * 40];
  for (int64_t i = 0; i < p->n; ++i) {
    const wsf__feature_view v = view_of(&r, p, i, &arena);
    assert_int_equal(wsf__recipe_fill(&r, &v, 3, 40, x, 40), WSF_OK);
    for (int c = 0; c < 8; ++c) {
      for (int t = 0; t < 40; ++t) {
        const float holds = (float)((3 + t + price->group[i]) % 5 < 2);
        if (3 + t == 11)
          assert_true(isnan(x[c * 40 + t]));
        else
          assert_true(x[c * 40 + t] == holds * x[(8 + c) * 40 + t]);
      }
    }
  }
  close_env(&env, &arena, p);
}

static void test_refused(void **state) {
  (void)state;
  wsf__env env;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  wsf__panel *p = shops(&env, WSF__DAY, 0);
  refused(p, "fourier", WSF_E_VALUE, 0, "fourier needs period");
  refused(p, "fourier(7, 4)", WSF_E_VALUE, 0,
          "K is 4 for a season of 7 periods, expected at most 3: two periods a wave");
  refused(p, "fourier([7,30], [1,2,3])", WSF_E_VALUE, 0,
          "K has 3 numbers for 2 seasons, expected one for each");
  refused(p, "fourier(1)", WSF_E_VALUE, 8, "period is 1");
  refused(p, "fourier(7,2), fourier([7],1)", WSF_E_VALUE, 14, "fourier_7_sin_1");
  refused(p, "fourier(7, condition_name=event)", WSF_E_VALUE, 0,
          "column 'event' holds texts, condition_name expects 0 and 1");
  refused(p, "fourier(7, condition_name=size)", WSF_E_VALUE, 0,
          "column 'size' holds 10, condition_name expects 0 and 1");
  refused(p, "fourier(7, condition_name=visitors)", WSF_E_VALUE, 0, "is not known ahead");
  refused(p, "fourier(7, condition_name=prices)", WSF_E_VALUE, 0, "column 'prices' does not exist");
  wsf__panel_release(p);
  wsf__env_free(&env);
}

int test_fourier_feature(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_values),    cmocka_unit_test(test_anchored),
      cmocka_unit_test(test_nyquist),   cmocka_unit_test(test_calendar_seasons),
      cmocka_unit_test(test_condition), cmocka_unit_test(test_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
