/* seasonal and seasonal_rolling: places of earlier seasons, and weeks whose holidays move. */
#include "recipes.h"

enum { WEEKS = 160 };

/* Column 0 of a recipe on weekly values of our own; week 0 ends on Wednesday, 2019-12-25. */
static void weekly(const char *text, const double *y, float *x) {
  wsf__env env;
  wsf__arena arena;
  open_env(&env, &arena);
  wsf__panel *p = shops(&env, WSF__WEEK, 0);
  const wsf__recipe r = recipe_of(&arena, p, text);
  assert_int_equal(r.width, 1);
  const wsf__feature_view v = wsf__recipe_view(&r, 0, y, 0, WEEKS, &arena, NULL);
  assert_int_equal(wsf__recipe_fill(&r, &v, 0, 2 * WEEKS, x, 2 * WEEKS), WSF_OK);
  close_env(&env, &arena, p);
}

/* Good Friday lies in weeks 16, 67, 121 and 172. */
static void test_easter(void **state) {
  (void)state;
  double y[WEEKS];
  float x[2 * WEEKS];
  for (int t = 0; t < WEEKS; ++t) y[t] = t == 16 || t == 67 || t == 121 ? 500 : 100;
  weekly("seasonal(1)", y, x);
  for (int t = 52; t < WEEKS + 45; ++t) {
    const bool easter = t == 67 || t == 121 || t == 172;
    assert_true(x[t] == (easter ? 500.0F : 100.0F));
  }
  weekly("seasonal(2)", y, x);
  for (int t = 104; t < WEEKS; ++t) assert_true(x[t] == (t == 121 ? 500.0F : 100.0F));
  weekly("seasonal(1, align=false)", y, x);
  for (int t = 52; t < WEEKS; ++t) assert_true(x[t] == (float)y[t - 52]);
  /* the weeks between close up: each week of a year is looked at once */
  for (int t = 0; t < WEEKS; ++t) y[t] = t;
  weekly("seasonal(1)", y, x);
  assert_true(x[66] == 14 && x[67] == 16 && x[68] == 15 && x[69] == 17);
  assert_true(x[118] == 66 && x[119] == 68 && x[120] == 69 && x[121] == 67 && x[122] == 70);
  for (int t = 0; t < 52; ++t) assert_true(isnan(x[t]));
}

/* Christmas of 2020 is the second day of week 53, that of 2021 the third of week 105. */
static void test_christmas(void **state) {
  (void)state;
  double y[WEEKS];
  float x[2 * WEEKS];
  for (int t = 0; t < WEEKS; ++t) y[t] = 100;
  y[50] = 200, y[51] = 300, y[52] = 400, y[53] = 150;
  weekly("seasonal(1)", y, x);
  for (int i = 0; i < 5; ++i) {
    const double wanted = 6.0 / 7 * y[49 + i] + 1.0 / 7 * y[49 + (i + 4) % 5];
    assert_true(fabs((double)x[101 + i] - wanted) < 1e-4);
  }
  assert_true(x[100] == 100 && x[106] == 100);
  /* no bulge: nothing moves */
  y[50] = y[51] = y[52] = 120;
  weekly("seasonal(1)", y, x);
  for (int i = 0; i < 5; ++i) assert_true(x[101 + i] == (float)y[49 + i]);
}

static void test_windows_of_seasons(void **state) {
  (void)state;
  double y[WEEKS];
  float x[2 * WEEKS];
  for (int t = 0; t < WEEKS; ++t) y[t] = t % 11 == 5 ? NAN : noise(9, 1, t);
  weekly("seasonal_rolling(mean, 3, season=4)", y, x);
  for (int t = 0; t < 2 * WEEKS; ++t) {
    double sum = 0, n = 0;
    for (int k = 1; k <= 3; ++k) {
      const int at = t - 4 * k;
      if (at < 0 || at >= WEEKS || isnan(y[at])) continue;
      sum += y[at];
      ++n;
    }
    if (t >= WEEKS + 4 || n == 0)
      assert_true(isnan(x[t]));
    else
      assert_true(fabs((double)x[t] - sum / n) < 1e-4);
  }
  weekly("seasonal_rolling(max, 2)", y, x);
  assert_true(x[140] == (float)fmax(y[140 - 52], y[140 - 104]));
}

static void test_columns(void **state) {
  (void)state;
  wsf__env env;
  wsf__arena arena;
  open_env(&env, &arena);
  wsf__panel *p = shops(&env, WSF__DAY, 0);
  const wsf__recipe r =
      recipe_of(&arena, p, "seasonal([1,3]), seasonal_rolling([mean,median], [2,3])");
  static const char *const names[] = {"seasonal_lag_1",
                                      "seasonal_lag_3",
                                      "seasonal_rolling_mean_2",
                                      "seasonal_rolling_mean_3",
                                      "seasonal_rolling_median_2",
                                      "seasonal_rolling_median_3"};
  assert_int_equal(r.width, 6);
  for (int c = 0; c < 6; ++c) assert_string_equal(r.column[c].name, names[c]);
  assert_int_equal(recipe_of(&arena, p, "seasonal([2,3], season=7)").nearest, 14);
  assert_int_equal(recipe_of(&arena, p, "seasonal([2,3], season=7)").furthest, 21);
  refused(p, "seasonal(21)", WSF_E_VALUE, 9, "lags is 21");
  close_env(&env, &arena, p);
}

int test_seasonal(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_easter),
      cmocka_unit_test(test_christmas),
      cmocka_unit_test(test_windows_of_seasons),
      cmocka_unit_test(test_columns),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
