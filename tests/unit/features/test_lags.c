/* lags: which values, which names, of the target and of columns. */
#include "recipes.h"

static void test_target(void **state) {
  (void)state;
  wsf__env env;
  wsf__arena arena;
  open_env(&env, &arena);
  wsf__panel *p = shops(&env, WSF__DAY, 0);
  const wsf__recipe r = recipe_of(&arena, p, "lags([1:3,30])");
  static const int lags[] = {1, 2, 3, 30};
  assert_int_equal(r.width, 4);
  assert_string_equal(r.column[0].name, "lag_1");
  assert_string_equal(r.column[3].name, "lag_30");
  assert_int_equal(r.column[3].n_categories, 0);
  assert_int_equal(r.nearest, 1);
  assert_int_equal(r.furthest, 30);
  assert_int_equal(wsf__recipe_reach(&(wsf__value){.n = 1, .inner = r.node}), 0);
  enum { N = 50, STRIDE = 60 };
  float x[4 * STRIDE];
  for (int64_t i = 0; i < p->n; ++i) {
    const wsf__feature_view v = view_of(&r, p, i, &arena);
    for (int64_t t = p->first[i] - 2; t < PERIODS + AHEAD - N; t += 13) {
      assert_int_equal(wsf__recipe_fill(&r, &v, t, N, x, STRIDE), WSF_OK);
      for (int c = 0; c < 4; ++c) {
        for (int k = 0; k < N; ++k) {
          const int64_t at = t + k - lags[c];
          const float wanted = at >= PERIODS ? NAN : (float)sales((int)i, at);
          assert_bits(&wanted, &x[c * STRIDE + k], 1, r.column[c].name);
        }
      }
    }
  }
  close_env(&env, &arena, p);
}

/* Recursive forecasts: the last of the history, followed by forecasts. */
static void test_window(void **state) {
  (void)state;
  wsf__env env;
  wsf__arena arena;
  open_env(&env, &arena);
  wsf__panel *p = shops(&env, WSF__WEEK, 0);
  const wsf__recipe r = recipe_of(&arena, p, "lags([2,5]), lags([1], of=[visitors])");
  const int64_t end = p->first[1] + p->length[1];
  double y[9];
  memcpy(y, p->y + p->offset[1] + p->length[1] - r.furthest, sizeof(double[5]));
  for (int h = 0; h < 4; ++h) y[r.furthest + h] = 1000 + h;
  wsf__feature_view v = wsf__recipe_view(&r, 1, y, end - r.furthest, r.furthest, &arena, NULL);
  v.n += 4;
  float x[3 * 6];
  assert_int_equal(wsf__recipe_fill(&r, &v, end, 6, x, 6), WSF_OK);
  for (int h = 0; h < 6; ++h) {
    const int64_t near = end + h - 2, far = end + h - 5;
    const float wanted[] = {(float)(near < end ? sales(1, near) : 1000 + (double)(near - end)),
                            (float)(far < end ? sales(1, far) : 1000 + (double)(far - end)),
                            h == 0 ? (float)noise(2, 1, end - 1) : NAN};
    for (int c = 0; c < 3; ++c) assert_bits(&wanted[c], &x[c * 6 + h], 1, r.column[c].name);
  }
  close_env(&env, &arena, p);
}

static void test_columns(void **state) {
  (void)state;
  wsf__env env;
  wsf__arena arena;
  open_env(&env, &arena);
  wsf__panel *p = shops(&env, WSF__MONTH, 1);
  const wsf__recipe r = recipe_of(&arena, p, "lags([1,4], of=[price,weather])");
  assert_int_equal(r.width, 4);
  assert_string_equal(r.column[1].name, "price_lag_4");
  assert_string_equal(r.column[2].name, "weather_lag_1");
  assert_int_equal(r.column[1].n_categories, 0);
  assert_int_equal(r.column[2].n_categories, 3);
  assert_string_equal(r.column[2].category[2], "snow");
  assert_int_equal(r.nearest, 0);
  assert_int_equal(r.furthest, 0);
  assert_int_equal(wsf__recipe_reach(&(wsf__value){.n = 1, .inner = r.node}), 4);
  float x[4 * 20];
  const wsf__feature_view v = view_of(&r, p, 2, &arena);
  assert_int_equal(wsf__recipe_fill(&r, &v, v.end - 3, 20, x, 20), WSF_OK);
  for (int k = 0; k < 20; ++k) {
    const int64_t t = v.end - 3 + k;
    const float price = (float)noise(1, 2, t - 1);
    assert_bits(&price, &x[k], 1, "price");
    /* the weather of the end and later is not known */
    assert_int_equal(isnan(x[3 * 20 + k]), t - 4 >= v.end);
  }
  close_env(&env, &arena, p);
}

static void test_refused(void **state) {
  (void)state;
  wsf__env env;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  wsf__panel *p = shops(&env, WSF__DAY, 0);
  refused(p, "lags", WSF_E_VALUE, 0, "lags needs lags");
  refused(p, "lags([0,1])", WSF_E_VALUE, 6, "lags is 0; expected whole numbers from 1 to 100000");
  refused(p, "lags(1, of=[prise])", WSF_E_VALUE, 0,
          "column 'prise' does not exist; did you mean 'price'?");
  refused(p, "lags(2), lags(1, of=size)", WSF_E_VALUE, 9,
          "column 'size' does not change with time");
  refused(p, "lags([1,2]), lags([3,2])", WSF_E_VALUE, 13, "two features are called lag_2");
  refused(p, "lags(1:40000), lags(30000:65000)", WSF_E_SYNTAX, 20, "65536 entries");
  refused(p, "lags(1:30000, of=[price,visitors,weather])", WSF_E_VALUE, 0,
          "lags makes 90000 columns, expected at most 65536 in all");
  refused(p, "lag(1)", WSF_E_NAME, 0, "no feature is named 'lag'; did you mean 'lags'?");
  refused(p, "ets", WSF_E_NAME, 0, "'ets' is of family model; expected a feature");
  refused(p, "", WSF_E_VALUE, 0, "recipe needs features");
  wsf__panel_release(p);
  wsf__env_free(&env);
}

/* What a float cannot hold stays finite. */
static void test_huge(void **state) {
  (void)state;
  wsf__env env;
  wsf__arena arena;
  open_env(&env, &arena);
  wsf__panel *p = shops(&env, WSF__DAY, 0);
  const wsf__recipe r = recipe_of(&arena, p, "lags(1)");
  const double y[] = {1e300, -1e300, 0.1};
  const wsf__feature_view v = wsf__recipe_view(&r, 0, y, 0, 3, &arena, NULL);
  float x[3];
  assert_int_equal(wsf__recipe_fill(&r, &v, 1, 3, x, 3), WSF_OK);
  assert_true(x[0] == FLT_MAX && x[1] == -FLT_MAX && x[2] == 0.1F);
  close_env(&env, &arena, p);
}

int test_lags(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_target),  cmocka_unit_test(test_window), cmocka_unit_test(test_columns),
      cmocka_unit_test(test_refused), cmocka_unit_test(test_huge),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
