/* Features of the past of a series, each against its definition on the values of `shops`. */
#include "recipes.h"

enum { N = PERIODS + AHEAD };

/* What shop i sold in period t, as a view knows it. */
static double sold(int i, int64_t t) {
  return t < 0 || t >= PERIODS ? NAN : sales(i, t);
}

typedef double (*definition)(int shop, int64_t t);

/* Column `name` of a recipe by the day, at every period of every shop. */
static void holds(const char *text, const char *name, int64_t nearest, int64_t furthest,
                  definition wanted) {
  wsf__env env;
  wsf__arena arena;
  open_env(&env, &arena);
  wsf__panel *p = shops(&env, WSF__DAY, 0);
  const wsf__recipe r = recipe_of(&arena, p, text);
  assert_int_equal(r.nearest, nearest);
  assert_true(r.furthest == furthest);
  int c = 0;
  while (c < r.width && strcmp(r.column[c].name, name) != 0) ++c;
  if (c == r.width) fail_msg("%s makes no %s", text, name);
  float *x = wsf__arena_new(&arena, (size_t)r.width * N, sizeof *x);
  for (int i = 0; i < SHOPS; ++i) {
    const wsf__feature_view v = view_of(&r, p, i, &arena);
    assert_int_equal(wsf__recipe_fill(&r, &v, 0, N, x, N), WSF_OK);
    for (int64_t t = 0; t < N; ++t) {
      const double want = wanted(i, t), found = (double)x[c * N + t];
      if (isnan(want) ? isnan(found) : fabs(want - found) <= 1e-6 * (1 + fabs(want))) continue;
      fail_msg("%s of shop %d at %d is %g, expected %g", name, i, (int)t, found, want);
    }
  }
  close_env(&env, &arena, p);
}

/* Of the values of a shop in periods from .. last: how many, their sum and sum of squares. */
typedef struct moments {
  double n, sum, squares, most;
} moments;
static moments of(int shop, int64_t from, int64_t last) {
  moments m = {.most = -INFINITY};
  for (int64_t t = from; t <= last; ++t) {
    const double y = sold(shop, t);
    if (isnan(y)) continue;
    m = (moments){m.n + 1, m.sum + y, m.squares + y * y, fmax(m.most, y)};
  }
  return m;
}

static double mean_13(int shop, int64_t t) {
  const moments m = of(shop, t - 13, t - 1);
  return t > PERIODS || m.n == 0 ? NAN : m.sum / m.n;
}
static double max_4_lag_7(int shop, int64_t t) {
  const moments m = of(shop, t - 10, t - 7);
  return t - 7 >= PERIODS || m.n < 3 ? NAN : m.most;
}
static double std_28(int shop, int64_t t) {
  const moments m = of(shop, t - 28, t - 1);
  return t > PERIODS || m.n < 2 ? NAN : sqrt((m.squares - m.sum * m.sum / m.n) / (m.n - 1));
}
static double mean_price(int shop, int64_t t) {
  double sum = 0, n = 0;
  for (int64_t k = t - 5; k <= t - 2; ++k) {
    if (k < 0) continue;
    sum += noise(1, shop, k);
    ++n;
  }
  return n == 0 ? NAN : sum / n;
}
static double all_mean(int shop, int64_t t) {
  const moments m = of(shop, 0, t - 3);
  return t - 3 >= PERIODS || t - 3 < 4 * shop || m.n == 0 ? NAN : m.sum / m.n;
}
static double smooth(int shop, int64_t t) {
  double level = NAN;
  for (int64_t k = 0; k < t; ++k) {
    const double y = sold(shop, k);
    level = isnan(level) ? y : isnan(y) ? level : 0.25 * y + 0.75 * level;
  }
  return t > PERIODS ? NAN : level;
}
static double week_apart(int shop, int64_t t) {
  return sold(shop, t - 2) - sold(shop, t - 9);
}
static double day_over(int shop, int64_t t) {
  return sold(shop, t - 1) / sold(shop, t - 2);
}
static double since(int shop, int64_t t) {
  for (int64_t k = t - 2; k >= 0 && t - 2 < PERIODS; --k) {
    if (sold(shop, k) > 0) return (double)(t - k);
  }
  return NAN;
}
static double how_old(int shop, int64_t t) {
  return t < 4 * shop ? NAN : (double)(t - 4 * shop);
}

static void test_rolling(void **state) {
  (void)state;
  holds("rolling(mean, [4,13])", "rolling_mean_13", 1, 13, mean_13);
  holds("rolling([mean,max], 4, lag=[1,7], least=3)", "rolling_max_4_lag_7", 1, 10, max_4_lag_7);
  holds("rolling(std, 28)", "rolling_std_28", 1, 28, std_28);
  holds("rolling(mean, 4, lag=2, of=[visitors,price])", "price_rolling_mean_4_lag_2", 0, 0,
        mean_price);
}

static void test_whole_history(void **state) {
  (void)state;
  holds("expanding(mean, lag=3)", "expanding_mean_lag_3", 3, WSF__FEATURE_WHOLE, all_mean);
  holds("ewm([0.1,0.25])", "ewm_0.25", 1, WSF__FEATURE_WHOLE, smooth);
  holds("since_sale([2,9])", "since_sale_lag_2", 2, WSF__FEATURE_WHOLE, since);
  holds("age", "age", 0, 0, how_old);
}

static void test_differences(void **state) {
  (void)state;
  holds("differences([1,7], lag=2)", "difference_7_lag_2", 2, 9, week_apart);
  holds("differences(1, [difference,ratio])", "ratio_1", 1, 2, day_over);
}

static void test_columns(void **state) {
  (void)state;
  wsf__env env;
  wsf__arena arena;
  open_env(&env, &arena);
  wsf__panel *p = shops(&env, WSF__DAY, 0);
  const wsf__recipe r =
      recipe_of(&arena, p, "rolling([quantile,mean], [4,8], q=[0.1,0.9], lag=[1,2])");
  static const char *const names[] = {
      "rolling_q0.1_4", "rolling_q0.1_4_lag_2", "rolling_q0.1_8", "rolling_q0.1_8_lag_2",
      "rolling_q0.9_4", "rolling_q0.9_4_lag_2", "rolling_q0.9_8", "rolling_q0.9_8_lag_2",
      "rolling_mean_4", "rolling_mean_4_lag_2", "rolling_mean_8", "rolling_mean_8_lag_2"};
  assert_int_equal(r.width, 12);
  for (int c = 0; c < r.width; ++c) assert_string_equal(r.column[c].name, names[c]);
  assert_int_equal(wsf__recipe_reach(&(wsf__value){.n = 1, .inner = r.node}), 0);
  const wsf__recipe prices = recipe_of(&arena, p, "rolling(max, [3,9], lag=2, of=price)");
  assert_int_equal(wsf__recipe_reach(&(wsf__value){.n = 1, .inner = prices.node}), 10);
  refused(p, "rolling(mean)", WSF_E_VALUE, 0, "rolling needs windows");
  refused(p, "rolling(mode, 4)", WSF_E_VALUE, 0, "column 'mode' does not exist");
  refused(p, "rolling(mean, 4, of=weather)", WSF_E_VALUE, 0, "rolling expects numbers");
  refused(p, "rolling(mean, 4, of=size)", WSF_E_VALUE, 0, "does not change with time");
  refused(p, "rolling(mean, 4, of=prize)", WSF_E_VALUE, 0, "did you mean 'price'?");
  refused(p, "ewm(2)", WSF_E_VALUE, 4, "alpha is 2");
  close_env(&env, &arena, p);
}

int test_history_features(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_rolling),
      cmocka_unit_test(test_whole_history),
      cmocka_unit_test(test_differences),
      cmocka_unit_test(test_columns),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
