/* group, target_encoding and relative: what other series tell, each by its definition. */
#include "recipes.h"

enum { N = PERIODS + AHEAD };

typedef double (*definition)(int shop, int64_t t);

static double sold(int i, int64_t t) {
  return t < 0 || t >= PERIODS ? NAN : sales(i, t);
}

static void holds(const char *text, const char *name, definition wanted) {
  wsf__env env;
  wsf__arena arena;
  open_env(&env, &arena);
  wsf__panel *p = shops(&env, WSF__DAY, 0);
  const wsf__recipe r = recipe_of(&arena, p, text);
  int c = 0;
  while (c < r.width && strcmp(r.column[c].name, name) != 0) ++c;
  if (c == r.width) fail_msg("%s makes no %s", text, name);
  float *x = wsf__arena_new(&arena, (size_t)r.width * N, sizeof *x);
  for (int i = 0; i < SHOPS; ++i) {
    const wsf__feature_view v = view_of(&r, p, i, &arena);
    assert_int_equal(wsf__recipe_fill(&r, &v, 0, N, x, N), WSF_OK);
    for (int64_t t = 0; t < N; ++t) {
      const double want = wanted(i, t), found = (double)x[c * N + t];
      if (isnan(want) ? isnan(found) : fabs(want - found) <= 1e-5 * (1 + fabs(want))) continue;
      fail_msg("%s of shop %d at %d is %g, expected %g", name, i, (int)t, found, want);
    }
  }
  close_env(&env, &arena, p);
}

static double mean_of_all(int64_t t) {
  double sum = 0, n = 0;
  for (int i = 0; i < SHOPS; ++i) {
    if (isnan(sold(i, t))) continue;
    sum += sold(i, t);
    ++n;
  }
  return n > 0 ? sum / n : NAN;
}
static double all_before(int shop, int64_t t) {
  (void)shop;
  return mean_of_all(t - 2);
}
static double all_window(int shop, int64_t t) {
  double sum = 0, n = 0;
  (void)shop;
  for (int64_t k = t - 3; k < t; ++k) {
    if (k < 0 || isnan(mean_of_all(k))) continue;
    sum += mean_of_all(k);
    ++n;
  }
  return t > PERIODS || n == 0 ? NAN : sum / n;
}
static double own_before(int shop, int64_t t) {
  return sold(shop, t - 1);
}

static void test_group(void **state) {
  (void)state;
  holds("group(lag=2)", "group_mean_1_lag_2", all_before);
  holds("group(windows=[1,3])", "group_mean_3", all_window);
  holds("group(shop, sum)", "group_shop_sum_1", own_before);
  holds("group([size,shop])", "group_size_shop_mean_1", own_before);
}

/* Of the periods up to `last`: the mean of what was sold with the event that shop has at t. */
static double with_event(int shop, int64_t t, int64_t last, double weight) {
  double sum = 0, n = 0, all = 0, count = 0;
  const double event = t < N ? event_at(shop, t) : NAN;
  for (int64_t k = 0; k <= last; ++k) {
    for (int i = 0; i < SHOPS; ++i) {
      const double y = sold(i, k);
      if (isnan(y)) continue;
      all += y;
      ++count;
      if (!(event_at(i, k) == event)) continue;
      sum += y;
      ++n;
    }
  }
  return isnan(event) || count == 0 ? NAN : (sum + weight * all / count) / (n + weight);
}
static double encoded(int shop, int64_t t) {
  return with_event(shop, t, t - 3 < PERIODS ? t - 3 : PERIODS - 1, 10);
}
static double shop_mean(int shop, int64_t t) {
  double sum = 0, n = 0, all = 0, count = 0;
  for (int64_t k = 0; k < t; ++k) {
    for (int i = 0; i < SHOPS; ++i) {
      const double y = sold(i, k);
      if (isnan(y)) continue;
      all += y;
      ++count;
      if (i == shop) sum += y, ++n;
    }
  }
  return count == 0 ? NAN : n == 0 ? all / count : sum / n;
}

static void test_target_encoding(void **state) {
  (void)state;
  holds("target_encoding(event, lag=3)", "target_encoding_event_lag_3", encoded);
  holds("target_encoding([event,shop], weight=0)", "target_encoding_shop", shop_mean);
}

static double price(int shop, int64_t t) {
  return t < 0 || t >= N ? NAN : noise(1, shop, t);
}
static double over_past(int shop, int64_t t) {
  double sum = 0, n = 0;
  for (int64_t k = t - 4; k < t; ++k) {
    if (isnan(price(shop, k))) continue;
    sum += price(shop, k);
    ++n;
  }
  return n == 0 ? NAN : price(shop, t) / (double)(float)(sum / n);
}
static double over_group(int shop, int64_t t) {
  double sum = 0, n = 0;
  for (int i = 0; i < SHOPS; ++i) {
    if (4 * i >= t) continue;
    sum += price(i, t);
    ++n;
  }
  return n == 0 ? NAN : price(shop, t) / (sum / n);
}
static double over_itself(int shop, int64_t t) {
  return 4 * shop >= t ? NAN : 1;
}

static void test_relative(void **state) {
  (void)state;
  holds("relative(price, window=[2,4])", "price_relative_4", over_past);
  holds("columns(event), relative(price, by=shop)", "price_relative_shop", over_itself);
}

/* All shops of one region: relative to the mean of the shops that had begun. */
static void test_relative_to_group(void **state) {
  (void)state;
  wsf__env env;
  wsf__arena arena;
  open_env(&env, &arena);
  wsf__panel *p = shops(&env, WSF__DAY, 0);
  wsf__column *size = (wsf__column *)(uintptr_t)&p->column[3];
  for (int64_t g = 0; g < size->n_groups; ++g) ((double *)(uintptr_t)size->value)[g] = 7;
  const wsf__recipe r = recipe_of(&arena, p, "relative(price, by=size)");
  assert_string_equal(r.column[0].name, "price_relative_size");
  float x[N];
  for (int i = 0; i < SHOPS; ++i) {
    const wsf__feature_view v = view_of(&r, p, i, &arena);
    assert_int_equal(wsf__recipe_fill(&r, &v, 0, N, x, N), WSF_OK);
    for (int64_t t = 0; t < N; ++t) {
      const double want = over_group(i, t);
      assert_true(isnan(want) ? isnan(x[t]) : fabs((double)x[t] - want) <= 1e-6 * (1 + fabs(want)));
    }
  }
  close_env(&env, &arena, p);
}

static void test_refused(void **state) {
  (void)state;
  wsf__env env;
  wsf__arena arena;
  open_env(&env, &arena);
  wsf__panel *p = shops(&env, WSF__DAY, 0), *frame;
  wsf_error err;
  refused(p, "group(price)", WSF_E_VALUE, 0, "column 'price' changes with time");
  refused(p, "group(Shop)", WSF_E_VALUE, 0, "column 'Shop' does not exist");
  refused(p, "relative(price)", WSF_E_VALUE, 0, "neither window nor by");
  refused(p, "relative(size, window=3)", WSF_E_VALUE, 0, "does not change with time");
  refused(p, "relative(visitors, window=3)", WSF_E_VALUE, 0, "is not known ahead");
  refused(p, "relative(event, window=3)", WSF_E_VALUE, 0, "holds texts");
  refused(p, "target_encoding(price)", WSF_E_VALUE, 0, "holds numbers");
  assert_ok(wsf__panel_frame(&frame, NULL, p, 0, &err), &err);
  refused(frame, "age, group(shop)", WSF_E_VALUE, 5, "group reads the values of other series");
  wsf__panel_release(frame);
  close_env(&env, &arena, p);
}

int test_group_features(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_group),    cmocka_unit_test(test_target_encoding),
      cmocka_unit_test(test_relative), cmocka_unit_test(test_relative_to_group),
      cmocka_unit_test(test_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
