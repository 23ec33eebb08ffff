/* calendar: its parts at every frequency, against dates whose week and weekday are known. */
#include "recipes.h"

/* The columns of `text` at a frequency, joined by blanks. */
static void named(wsf__env *env, int32_t freq, const char *text, const char *wanted) {
  wsf__arena arena;
  wsf__arena_init(&arena, &env->alloc);
  wsf__panel *p = shops(env, freq, 0);
  const wsf__recipe r = recipe_of(&arena, p, text);
  char found[512] = "";
  for (int c = 0; c < r.width; ++c) {
    if (c > 0) strcat(found, " ");
    strcat(found, r.column[c].name + strlen("calendar_"));
  }
  assert_string_equal(found, wanted);
  assert_int_equal(r.nearest, 0);
  wsf__panel_release(p);
  wsf__arena_free(&arena);
}

static void test_parts(void **state) {
  (void)state;
  wsf__env env;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  named(&env, WSF__HOUR, "calendar", "hour weekday day yearday week month quarter");
  named(&env, WSF__DAY, "calendar", "weekday day yearday week month quarter");
  named(&env, WSF__WEEK, "calendar", "day yearday week month quarter");
  named(&env, WSF__MONTH, "calendar", "month quarter");
  named(&env, WSF__QUARTER, "calendar", "quarter");
  named(&env, WSF__YEAR, "calendar", "year");
  named(&env, WSF__WEEK, "calendar(year, month)", "year month");
  wsf__env_free(&env);
}

typedef struct dated {
  int64_t year;
  int month, day, hour;
  const char *weekday;
  int yearday, week;
  const char *name, *quarter;
} dated;

/* Weeks by `date +%V`. */
static void test_values(void **state) {
  (void)state;
  static const dated days[] = {
      {2019, 12, 25, 0, "Wednesday", 359, 52, "December", "Q4"},
      {2019, 12, 29, 0, "Sunday", 363, 52, "December", "Q4"},
      {2019, 12, 30, 0, "Monday", 364, 1, "December", "Q4"},
      {2020, 1, 1, 0, "Wednesday", 1, 1, "January", "Q1"},
      {2020, 2, 29, 0, "Saturday", 60, 9, "February", "Q1"},
      {2020, 3, 1, 0, "Sunday", 61, 9, "March", "Q1"},
      {2020, 4, 1, 0, "Wednesday", 92, 14, "April", "Q2"},
      {2021, 1, 3, 0, "Sunday", 3, 53, "January", "Q1"},
      {2021, 1, 4, 0, "Monday", 4, 1, "January", "Q1"},
      {2023, 1, 1, 0, "Sunday", 1, 52, "January", "Q1"},
      {1969, 12, 31, 0, "Wednesday", 365, 1, "December", "Q4"},
  };
  wsf__env env;
  wsf__arena arena;
  open_env(&env, &arena);
  wsf__panel *p = shops(&env, WSF__DAY, 0);
  const wsf__recipe r =
      recipe_of(&arena, p, "calendar(year, quarter, month, week, yearday, day, weekday)");
  const wsf__feature_view v = view_of(&r, p, 0, &arena);
  for (size_t i = 0; i < sizeof days / sizeof *days; ++i) {
    const dated *d = &days[i];
    const int64_t t =
        wsf__days_from_civil(d->year, d->month, d->day) - wsf__days_from_civil(2019, 12, 25);
    float x[7];
    assert_int_equal(wsf__recipe_fill(&r, &v, t, 1, x, 1), WSF_OK);
    assert_true(x[0] == (float)d->year);
    assert_string_equal(r.column[1].category[(int)x[1]], d->quarter);
    assert_string_equal(r.column[2].category[(int)x[2]], d->name);
    assert_true(x[3] == (float)d->week);
    assert_true(x[4] == (float)d->yearday);
    assert_true(x[5] == (float)d->day);
    assert_string_equal(r.column[6].category[(int)x[6]], d->weekday);
  }
  assert_int_equal(r.column[1].n_categories, 4);
  assert_int_equal(r.column[2].n_categories, 12);
  assert_int_equal(r.column[3].n_categories, 0);
  assert_int_equal(r.column[6].n_categories, 7);
  close_env(&env, &arena, p);
}

static void test_hours(void **state) {
  (void)state;
  wsf__env env;
  wsf__arena arena;
  open_env(&env, &arena);
  wsf__panel *p = shops(&env, WSF__HOUR, 0);
  const wsf__recipe r = recipe_of(&arena, p, "calendar(hour, weekday)");
  const wsf__feature_view v = view_of(&r, p, 0, &arena);
  float x[2 * 60];
  assert_int_equal(wsf__recipe_fill(&r, &v, 0, 60, x, 60), WSF_OK);
  for (int t = 0; t < 60; ++t) {
    assert_true(x[t] == (float)(t % 24));
    assert_true(x[60 + t] == (float)(2 + t / 24)); /* a Wednesday */
  }
  close_env(&env, &arena, p);
}

/* Column c of a recipe at the period t of a calendar that begins on 2019-12-25. */
static float told(wsf__env *env, int32_t freq, const char *text, int c, int64_t t) {
  wsf__arena arena;
  wsf__arena_init(&arena, &env->alloc);
  wsf__panel *p = shops(env, freq, 0);
  const wsf__recipe r = recipe_of(&arena, p, text);
  const wsf__feature_view v = view_of(&r, p, 0, &arena);
  float x[8];
  assert_int_equal(wsf__recipe_fill(&r, &v, t, 1, x, 1), WSF_OK);
  wsf__panel_release(p);
  wsf__arena_free(&arena);
  return x[c];
}

/* What is counted over the days of a period. */
static void test_days_of_a_period(void **state) {
  (void)state;
  wsf__env env;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  static const char edges[] = "calendar(monthstart, monthend, payday)";
  assert_true(told(&env, WSF__DAY, edges, 0, 7) == 1); /* 2020-01-01 */
  assert_true(told(&env, WSF__DAY, edges, 1, 6) == 1 && told(&env, WSF__DAY, edges, 1, 7) == 0);
  assert_true(told(&env, WSF__DAY, edges, 1, 66) == 1); /* 2020-02-29 */
  /* Wednesday 2020-01-15; Saturday 2020-02-15 and 29 are paid on the Friday before */
  assert_true(told(&env, WSF__DAY, edges, 2, 21) == 1);
  assert_true(told(&env, WSF__DAY, edges, 2, 52) == 0 && told(&env, WSF__DAY, edges, 2, 51) == 1);
  assert_true(told(&env, WSF__DAY, edges, 2, 66) == 0 && told(&env, WSF__DAY, edges, 2, 65) == 1);
  assert_true(told(&env, WSF__HOUR, edges, 0, 7 * 24 + 5) == 1);
  /* the week to 2020-01-01 holds New Year's Eve, which is a pay-day, and New Year */
  for (int c = 0; c < 3; ++c) assert_true(told(&env, WSF__WEEK, edges, c, 1) == 1);
  assert_true(told(&env, WSF__WEEK, edges, 2, 2) == 0);
  /* Sunday 2020-03-01 is paid on 2020-02-28, in the month before */
  static const char first[] = "calendar(payday, paydays=1)";
  assert_true(told(&env, WSF__DAY, first, 0, 65) == 1 && told(&env, WSF__DAY, first, 0, 67) == 0);
  assert_true(told(&env, WSF__WEEK, first, 0, 10) == 1); /* to 2020-03-04, from 2020-02-27 */
  static const char days[] = "calendar(days, workdays)";
  assert_true(told(&env, WSF__MONTH, days, 0, 2) == 29 && told(&env, WSF__MONTH, days, 1, 2) == 20);
  assert_true(told(&env, WSF__QUARTER, days, 0, 1) == 92);            /* March to May 2020 */
  assert_true(told(&env, WSF__DAY, "calendar(workdays)", 0, 3) == 0); /* a Saturday */
  wsf__panel *p = shops(&env, WSF__WEEK, 0);
  refused(p, "calendar(workdays)", WSF_E_VALUE, 0, "workdays tells nothing of data by the week");
  wsf__panel_release(p);
  wsf__env_free(&env);
}

static void test_refused(void **state) {
  (void)state;
  wsf__env env;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  wsf__panel *whole = shops(&env, WSF__INTEGER, 0), *week = shops(&env, WSF__WEEK, 0);
  refused(whole, "lags(1), calendar(week)", WSF_E_VALUE, 9,
          "column 'date' holds whole numbers, calendar expects dates");
  refused(week, "calendar(month, weekday)", WSF_E_VALUE, 0,
          "weekday tells nothing of data by the week");
  refused(week, "calendar(month, month)", WSF_E_VALUE, 0, "two features are called calendar_month");
  wsf__arena arena;
  wsf__arena_init(&arena, &env.alloc);
  assert_int_equal(recipe_of(&arena, whole, "calendar(week, strict=false)").width, 0);
  const wsf__recipe r = recipe_of(&arena, week, "calendar(weekday, day, strict=false)");
  assert_int_equal(r.width, 1);
  assert_string_equal(r.column[0].name, "calendar_day");
  float day = 0;
  const wsf__feature_view v = view_of(&r, week, 0, &arena);
  assert_int_equal(wsf__recipe_fill(&r, &v, 1, 1, &day, 1), WSF_OK);
  assert_true(day == 1); /* 2020-01-01 */
  wsf__arena_free(&arena);
  refused(week, "calendar(mont)", WSF_E_VALUE, 9, "did you mean 'month'?");
  wsf__panel_release(whole);
  wsf__panel_release(week);
  wsf__env_free(&env);
}

int test_calendar_feature(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_parts),   cmocka_unit_test(test_values),
      cmocka_unit_test(test_hours),   cmocka_unit_test(test_days_of_a_period),
      cmocka_unit_test(test_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
