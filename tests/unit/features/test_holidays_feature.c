/* holidays: days, shares of weeks, windows, at every frequency. */
#include "recipes.h"

/* Column `name` of a recipe at the period that is stamped with a date. */
static double at(wsf__env *env, int32_t freq, const char *text, const char *name, int64_t t) {
  wsf__arena arena;
  wsf__arena_init(&arena, &env->alloc);
  wsf__panel *p = shops(env, freq, 0);
  const wsf__recipe r = recipe_of(&arena, p, text);
  int c = 0;
  while (c < r.width && strcmp(r.column[c].name, name) != 0) ++c;
  if (c == r.width) fail_msg("no column %s", name);
  enum { N = 60 };
  float *x = wsf__arena_new(&arena, (size_t)r.width * N, sizeof *x);
  const wsf__feature_view v = view_of(&r, p, 0, &arena);
  /* alone, and in the middle of a stretch */
  assert_int_equal(wsf__recipe_fill(&r, &v, t, 1, x, 1), WSF_OK);
  const float alone = x[c];
  assert_int_equal(wsf__recipe_fill(&r, &v, t - 30, N, x, N), WSF_OK);
  assert_bits(&alone, &x[c * N + 30], 1, name);
  wsf__panel_release(p);
  wsf__arena_free(&arena);
  return (double)alone;
}

/* The calendars of `shops` begin on 2019-12-25, a Wednesday. */
static void test_days(void **state) {
  (void)state;
  wsf__env env;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  static const char all[] = "holidays(us, window=[-1,2])";
  assert_true(at(&env, WSF__DAY, all, "holiday_christmas", 0) == 1);
  assert_true(at(&env, WSF__DAY, all, "holiday_christmas", 1) == 0);
  assert_true(at(&env, WSF__DAY, all, "holiday_christmas_after_1", 1) == 1);
  assert_true(at(&env, WSF__DAY, all, "holiday_christmas_after_2", 2) == 1);
  assert_true(at(&env, WSF__DAY, all, "holiday_christmas_before_1", -1) == 1);
  assert_true(at(&env, WSF__DAY, all, "holiday_christmas_eve", -1) == 1);
  assert_true(at(&env, WSF__DAY, all, "holiday_new_year_before_1", 6) == 1);
  assert_true(at(&env, WSF__DAY, all, "holiday_easter", 109) == 1); /* 2020-04-12 */
  assert_true(at(&env, WSF__DAY, all, "holiday_good_friday_after_2", 109) == 1);
  assert_true(at(&env, WSF__DAY, "holidays(us, days=[-3,0])", "holiday_christmas", -3) == 0.25);
  /* every hour of the day, and the hours of the day before */
  assert_true(at(&env, WSF__HOUR, all, "holiday_christmas", 23) == 1);
  assert_true(at(&env, WSF__HOUR, all, "holiday_christmas", 24) == 0);
  assert_true(at(&env, WSF__HOUR, all, "holiday_christmas_before_1", -1) == 1);
  assert_true(at(&env, WSF__HOUR, all, "holiday_christmas_after_2", 71) == 1);
  wsf__env_free(&env);
}

/* The week stamped t ends on its Wednesday. */
static void test_shares_of_weeks(void **state) {
  (void)state;
  wsf__env env;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  static const char all[] = "holidays(us, [christmas,easter,retail], window=[-1,0])";
  assert_true(at(&env, WSF__WEEK, all, "holiday_christmas", 0) == 1);
  /* Friday 2020-12-25: the week to Wednesday the 23rd holds 5 of the 7 days before, the next 2 */
  assert_true(at(&env, WSF__WEEK, all, "holiday_christmas", 52) == (double)(5 / 7.0F));
  assert_true(at(&env, WSF__WEEK, all, "holiday_christmas", 53) == (double)(2 / 7.0F));
  assert_true(at(&env, WSF__WEEK, all, "holiday_christmas_before_1", 51) == (double)(5 / 7.0F));
  assert_true(at(&env, WSF__WEEK, all, "holiday_christmas", 54) == 0);
  /* Easter of 2020-04-12, a Sunday: Monday to Wednesday, then Thursday to Sunday */
  assert_true(at(&env, WSF__WEEK, all, "holiday_easter", 15) == (double)(3 / 7.0F));
  assert_true(at(&env, WSF__WEEK, all, "holiday_easter", 16) == (double)(4 / 7.0F));
  assert_true(at(&env, WSF__WEEK, "holidays(us, days=[0,0])", "holiday_easter", 16) == 1);
  assert_true(at(&env, WSF__WEEK, "holidays(us, days=[0,0])", "holiday_easter", 15) == 0);
  /* Easter of 2024-03-31 lies in the first quarter, its six days before too */
  assert_true(at(&env, WSF__QUARTER, all, "holiday_easter", 17) == 1);
  assert_true(at(&env, WSF__MONTH, all, "holiday_easter", 51) == 1);
  /* 2021-04-04: 4 of 7 in April */
  assert_true(at(&env, WSF__MONTH, all, "holiday_easter", 16) == (double)(4 / 7.0F));
  wsf__env_free(&env);
}

static void test_one(void **state) {
  (void)state;
  wsf__env env;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  static const char one[] = "holidays(us, federal, as=one, window=[-1,0])";
  assert_true(at(&env, WSF__DAY, one, "holiday", 0) == 1);
  assert_true(at(&env, WSF__DAY, one, "holiday", -1) == 0); /* Christmas Eve is none */
  assert_true(at(&env, WSF__DAY, one, "holiday_before_1", -1) == 1);
  assert_true(at(&env, WSF__DAY, "holidays(us, as=one)", "holiday", -1) == 1);
  wsf__env_free(&env);
}

/* Christmas of 2021 was a Saturday, the 732nd day; New Year's Day a week later. */
static void test_countries(void **state) {
  (void)state;
  wsf__env env;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  static const char gb[] = "holidays(gb)", off[] = "holidays(gb, public, observed=true)";
  assert_true(at(&env, WSF__DAY, gb, "holiday_gb_christmas", 731) == 1);
  assert_true(at(&env, WSF__DAY, gb, "holiday_gb_christmas", 733) == 0);
  assert_true(at(&env, WSF__DAY, off, "holiday_gb_christmas", 731) == 0);
  assert_true(at(&env, WSF__DAY, off, "holiday_gb_christmas", 733) == 1);
  assert_true(at(&env, WSF__DAY, off, "holiday_gb_boxing_day", 734) == 1);
  assert_true(at(&env, WSF__DAY, "holidays(us, observed=true)", "holiday_new_year", 737) == 1);
  assert_true(at(&env, WSF__DAY, "holidays(us, observed=true)", "holiday_new_year", 738) == 0);
  /* Of the two royal days of 2022 each has its own rule, and the event one column. */
  assert_true(at(&env, WSF__DAY, gb, "holiday_gb_royal_day", 891) == 1);
  assert_true(at(&env, WSF__DAY, gb, "holiday_gb_royal_day", 999) == 1);
  assert_true(at(&env, WSF__DAY, gb, "holiday_gb_royal_day", 1000) == 0);
  assert_true(at(&env, WSF__DAY, "holidays(de, as=one)", "holiday", 1) == 1);
  wsf__env_free(&env);
}

static void test_columns(void **state) {
  (void)state;
  wsf__env env;
  wsf__arena arena;
  open_env(&env, &arena);
  wsf__panel *p = shops(&env, WSF__DAY, 0);
  assert_int_equal(recipe_of(&arena, p, "holidays(us)").width, 25);
  assert_int_equal(recipe_of(&arena, p, "holidays(us, federal)").width, 11);
  assert_int_equal(recipe_of(&arena, p, "holidays(us, retail, window=[-1,1])").width, 42);
  const wsf__recipe r = recipe_of(&arena, p, "holidays(us, [halloween,new_year], window=[1,2])");
  static const char *const names[] = {"holiday_new_year_after_1", "holiday_new_year_after_2",
                                      "holiday_halloween_after_1", "holiday_halloween_after_2"};
  assert_int_equal(r.width, 4);
  for (int c = 0; c < 4; ++c) assert_string_equal(r.column[c].name, names[c]);
  assert_int_equal(recipe_of(&arena, p, "holidays(de, public)").width, 10);
  assert_int_equal(recipe_of(&arena, p, "holidays(us), holidays(ca)").width, 44);
  refused(p, "holidays(us, epiphany)", WSF_E_VALUE, 0, "us has no epiphany");
  assert_int_equal(recipe_of(&arena, p, "holidays(none, window=[-1,1])").width, 0);
  assert_int_equal(recipe_of(&arena, p, "holidays(none, as=one), age").width, 1);
  refused(p, "holidays(mars)", WSF_E_VALUE, 9, "takes 'mars'");
  refused(p, "holidays(us, window=[1,-1])", WSF_E_VALUE, 0, "window is no pair of offsets");
  refused(p, "holidays(us, window=3)", WSF_E_VALUE, 0, "window is no pair of offsets");
  refused(p, "holidays(us, days=[0,-6])", WSF_E_VALUE, 0, "days is no pair");
  wsf__panel_release(p);
  p = shops(&env, WSF__YEAR, 0);
  refused(p, "holidays(us)", WSF_E_VALUE, 0, "every year has the same holidays");
  wsf__panel_release(p);
  p = shops(&env, WSF__INTEGER, 0);
  refused(p, "holidays(us)", WSF_E_VALUE, 0, "column 'date' holds whole numbers");
  assert_int_equal(recipe_of(&arena, p, "holidays(none)").width, 0);
  close_env(&env, &arena, p);
}

int test_holidays_feature(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_days),      cmocka_unit_test(test_shares_of_weeks),
      cmocka_unit_test(test_one),       cmocka_unit_test(test_columns),
      cmocka_unit_test(test_countries),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
