/* columns and onehot: what is known ahead, static or a key, as it is and as columns of 0 and 1. */
#include "recipes.h"

static void test_values(void **state) {
  (void)state;
  wsf__env env;
  wsf__arena arena;
  open_env(&env, &arena);
  wsf__panel *p = shops(&env, WSF__DAY, 0);
  const wsf__recipe r = recipe_of(&arena, p, "columns([size,price,event,shop], window=[-1,1])");
  static const char *const names[] = {
      "size",           "price_before_1", "price",         "price_after_1",
      "event_before_1", "event",          "event_after_1", "shop"};
  assert_int_equal(r.width, 8);
  for (int c = 0; c < 8; ++c) assert_string_equal(r.column[c].name, names[c]);
  assert_int_equal(r.column[2].n_categories, 0);
  assert_int_equal(r.column[5].n_categories, 2);
  assert_string_equal(r.column[7].category[2], "west");
  assert_int_equal(r.nearest, 0);
  assert_int_equal(wsf__recipe_reach(&(wsf__value){.n = 1, .inner = r.node}), 0);
  enum { N = PERIODS + AHEAD + 1 };
  float x[8 * N];
  for (int i = 0; i < SHOPS; ++i) {
    const wsf__feature_view v = view_of(&r, p, i, &arena);
    assert_int_equal(wsf__recipe_fill(&r, &v, 1, N, x, N), WSF_OK);
    for (int t = 1; t <= N; ++t) {
      const float *row = x + t - 1;
      assert_true(row[0] == 10.0F * (float)i && row[(size_t)7 * N] == (float)i);
      for (int k = 0; k < 3; ++k) {
        const int64_t from = t + 1 - k;
        const bool there = from < PERIODS + AHEAD;
        const float price = there ? (float)noise(1, i, from) : NAN;
        const float event = there ? (float)event_at(i, from) : NAN;
        assert_bits(&price, &row[(1 + k) * N], 1, "price");
        assert_bits(&event, &row[(4 + k) * N], 1, "event");
      }
    }
  }
  refused(p, "columns(visitors)", WSF_E_VALUE, 0, "column 'visitors' is not known ahead");
  refused(p, "columns(pride)", WSF_E_VALUE, 0, "did you mean 'price'?");
  refused(p, "columns(price, window=[2,1])", WSF_E_VALUE, 0, "window is no pair");
  close_env(&env, &arena, p);
}

static void test_closing(void **state) {
  (void)state;
  wsf__env env;
  wsf__arena arena;
  open_env(&env, &arena);
  wsf__panel *p = shops(&env, WSF__DAY, 0);
  wsf__column *price = (wsf__column *)(uintptr_t)&p->column[wsf__panel_find_column(p, "price")];
  double *value = (double *)(uintptr_t)price->value; /* days 10, 11, 15 of each shop are closed */
  for (int64_t k = 0; k < price->n_groups * price->periods; ++k) {
    const int64_t day = k % price->periods;
    value[k] = day == 10 || day == 11 || day == 15;
  }
  const wsf__recipe r = recipe_of(&arena, p, "closing(price, most=4)");
  assert_string_equal(r.column[0].name, "price_closing_last");
  assert_string_equal(r.column[1].name, "price_closing_next");
  static const float last[] = {4, 4, 4, 0, 0, 1, 2, 3, 0, 1, 2, 3, 4},
                     next[] = {3, 2, 1, 0, 0, 3, 2, 1, 0, 4, 4, 4, 4};
  enum { N = 13 };
  float x[2 * N];
  const wsf__feature_view v = view_of(&r, p, 1, &arena);
  assert_int_equal(wsf__recipe_fill(&r, &v, 7, N, x, N), WSF_OK);
  assert_bits(last, x, N, "last");
  assert_bits(next, x + N, N, "next");
  /* at the end of what is known no closing is near, beyond it nothing is */
  assert_int_equal(wsf__recipe_fill(&r, &v, PERIODS + AHEAD - 1, 2, x, 2), WSF_OK);
  assert_true(x[0] == 4 && x[2] == 4 && isnan(x[1]) && isnan(x[3]));
  for (int64_t k = 0; k < price->n_groups * price->periods; ++k) value[k] = value[k] == 0;
  const wsf__recipe turned = recipe_of(&arena, p, "closing(price, most=4, open=true)");
  assert_int_equal(wsf__recipe_fill(&turned, &v, 7, N, x, N), WSF_OK);
  assert_bits(next, x + N, N, "next");
  refused(p, "closing(size)", WSF_E_VALUE, 0, "column 'size' does not change with time");
  refused(p, "closing(event)", WSF_E_VALUE, 0, "column 'event' holds texts");
  refused(p, "closing(visitors)", WSF_E_VALUE, 0, "not known ahead");
  close_env(&env, &arena, p);
}

static void test_onehot(void **state) {
  (void)state;
  wsf__env env;
  wsf__arena arena;
  open_env(&env, &arena);
  wsf__panel *p = shops(&env, WSF__DAY, 0);
  const wsf__recipe r = recipe_of(&arena, p, "onehot([event,shop], window=[-1,0])");
  static const char *const names[] = {
      "event_fair_before_1", "event_sale_before_1", "event_fair", "event_sale",
      "shop_east",           "shop_north",          "shop_west"};
  assert_int_equal(r.width, 7);
  for (int c = 0; c < 7; ++c) {
    assert_string_equal(r.column[c].name, names[c]);
    assert_int_equal(r.column[c].n_categories, 0);
  }
  enum { N = PERIODS + AHEAD + 1 };
  float x[7 * N];
  for (int i = 0; i < SHOPS; ++i) {
    const wsf__feature_view v = view_of(&r, p, i, &arena);
    assert_int_equal(wsf__recipe_fill(&r, &v, 0, N, x, N), WSF_OK);
    for (int t = 0; t < N; ++t) {
      for (int c = 0; c < 4; ++c) {
        const int64_t from = t + (c < 2 ? 1 : 0);
        const float wanted =
            from >= PERIODS + AHEAD ? NAN : (float)(event_at(i, from) == (double)(c % 2));
        assert_bits(&wanted, &x[c * N + t], 1, names[c]);
      }
      for (int c = 4; c < 7; ++c) assert_true(x[c * N + t] == (float)(c - 4 == i));
    }
  }
  refused(p, "onehot(price)", WSF_E_VALUE, 0, "column 'price' holds numbers, onehot expects texts");
  refused(p, "onehot(weather)", WSF_E_VALUE, 0, "column 'weather' is not known ahead");
  close_env(&env, &arena, p);
}

static void test_ordinal(void **state) {
  (void)state;
  wsf__env env;
  wsf__arena arena;
  open_env(&env, &arena);
  wsf__panel *p = shops(&env, WSF__DAY, 0);
  const wsf__recipe r = recipe_of(&arena, p, "ordinal([shop,event])");
  assert_string_equal(r.column[1].name, "ordinal_event");
  assert_int_equal(r.column[0].n_categories, 0);
  float x[2 * PERIODS];
  const wsf__feature_view v = view_of(&r, p, 2, &arena);
  assert_int_equal(wsf__recipe_fill(&r, &v, 0, PERIODS, x, PERIODS), WSF_OK);
  for (int t = 0; t < PERIODS; ++t) {
    const float event = (float)event_at(2, t);
    assert_true(x[t] == 2);
    assert_bits(&event, &x[PERIODS + t], 1, "event");
  }
  close_env(&env, &arena, p);
}

/* Products where the combination holds, and codes of combinations. */
static void test_cross(void **state) {
  (void)state;
  wsf__env env;
  wsf__arena arena;
  open_env(&env, &arena);
  wsf__panel *p = shops(&env, WSF__DAY, 0);
  const wsf__recipe r = recipe_of(
      &arena, p, "cross(weekday, price), cross(event, weekday), cross(event, price, day)");
  assert_int_equal(r.width, 7 + 1 + 2);
  assert_string_equal(r.column[1].name, "Tuesday_x_price");
  assert_string_equal(r.column[7].name, "event_x_weekday");
  assert_int_equal(r.column[7].n_categories, 14);
  assert_string_equal(r.column[7].category[8], "sale_x_Tuesday");
  assert_string_equal(r.column[9].name, "sale_x_price_x_day");
  enum { N = PERIODS + AHEAD };
  float x[10 * N];
  const wsf__feature_view v = view_of(&r, p, 1, &arena);
  assert_int_equal(wsf__recipe_fill(&r, &v, 0, N, x, N), WSF_OK);
  for (int t = 0; t < N; ++t) {
    const double price = noise(1, 1, t), event = event_at(1, t);
    const int weekday = (t + 2) % 7; /* a Wednesday */
    int64_t year;
    int month, day;
    wsf__civil_from_days(wsf__days_from_civil(2019, 12, 25) + t, &year, &month, &day);
    for (int k = 0; k < 7; ++k) {
      assert_true(x[k * N + t] == (k == weekday ? (float)price : 0));
    }
    const float code = (float)(event * 7 + weekday);
    assert_bits(&code, &x[7 * N + t], 1, "codes");
    for (int k = 0; k < 2; ++k) {
      assert_true(x[(8 + k) * N + t] == (event == k ? (float)(price * day) : 0));
    }
  }
  refused(p, "cross(price)", WSF_E_VALUE, 0, "cross needs second");
  refused(p, "cross(price, visitors)", WSF_E_VALUE, 0, "is not known ahead");
  refused(p, "cross(price, weekdy)", WSF_E_VALUE, 0, "column 'weekdy' does not exist");
  wsf__panel_release(p);
  p = shops(&env, WSF__WEEK, 0);
  refused(p, "cross(price, weekday)", WSF_E_VALUE, 0, "weekday tells nothing of data by the week");
  wsf__panel_release(p);
  p = shops(&env, WSF__INTEGER, 0);
  refused(p, "cross(price, month)", WSF_E_VALUE, 0, "holds whole numbers");
  close_env(&env, &arena, p);
}

/* Columns known ahead by themselves: prices as they are, events as onehot has them. */
static void test_known(void **state) {
  (void)state;
  wsf__env env;
  wsf__arena arena;
  open_env(&env, &arena);
  wsf__panel *p = shops(&env, WSF__DAY, 0);
  const wsf__recipe r = recipe_of(&arena, p, "known");
  const wsf__recipe same = recipe_of(&arena, p, "columns(price), onehot(event)");
  static const char *const names[] = {"price", "event_fair", "event_sale"};
  enum { N = PERIODS + AHEAD + 1 };
  float x[3 * N], y[3 * N];
  assert_int_equal(r.width, 3);
  for (int c = 0; c < 3; ++c) assert_string_equal(r.column[c].name, names[c]);
  for (int i = 0; i < SHOPS; ++i) {
    const wsf__feature_view v = view_of(&r, p, i, &arena), w = view_of(&same, p, i, &arena);
    assert_int_equal(wsf__recipe_fill(&r, &v, 0, N, x, N), WSF_OK);
    assert_int_equal(wsf__recipe_fill(&same, &w, 0, N, y, N), WSF_OK);
    assert_bits(x, y, 3 * N, "known");
  }
  const wsf__recipe flags = recipe_of(&arena, p, "known(flags)");
  assert_int_equal(flags.width, 2);
  assert_string_equal(flags.column[0].name, "event_fair");
  assert_int_equal(recipe_of(&arena, p, "known(texts=1)").width, 1);
  assert_int_equal(recipe_of(&arena, p, "known(flags, texts=1)").width, 0);
  close_env(&env, &arena, p);
}

int test_columns_feature(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_values),  cmocka_unit_test(test_closing), cmocka_unit_test(test_onehot),
      cmocka_unit_test(test_ordinal), cmocka_unit_test(test_cross),   cmocka_unit_test(test_known),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
