/* Options of single calls: the time that one may take, and series that an update lets go of. */
#include "api_support.h"

static const char *const RETAILER = "simulate(stores=10, depts=20, weeks=143)";

static wsf_dataset *opened(wsf_context *ctx, const char *expression) {
  wsf_dataset *ds = NULL;
  CALL(wsf_dataset_open(&ds, ctx, expression, &err));
  return ds;
}

static void test_seconds(void **state) {
  (void)state;
  for (int threads = 1; threads <= 3; threads += 2) {
    char options[32];
    (void)snprintf(options, sizeof options, "threads=%d", threads);
    wsf_context *ctx = new_context(options);
    wsf_dataset *ds = opened(ctx, RETAILER);
    wsf_model *slow = new_model(ctx, "conformal(ets, windows=20)"), *fast = new_model(ctx, "naive");
    wsf_forecaster *f = NULL;
    wsf_error err = marked();
    assert_int_equal(wsf_fit(&f, slow, ds, "seconds=0.02", &err), WSF_E_LIMIT);
    assert_null(f);
    assert_string_equal(err.field, "seconds");
    assert_non_null(strstr(err.message, "the call allows 0.020 (seconds)"));
    wsf_table *tables[WSF_BACKTEST_TABLES] = {NULL};
    const wsf_model *models[] = {slow};
    FAILS(WSF_E_LIMIT, wsf_backtest(tables, models, 1, ds, "horizon=4, seconds=0.02", err));
    assert_null(tables[0]);
    /* Time that is not used up changes nothing, and belongs to its call alone. */
    CALL(wsf_fit(&f, fast, ds, "seconds=1000", &err));
    wsf_table *a = forecast(f, "horizon=3"), *b = NULL;
    wsf_forecaster_release(f);
    CALL(wsf_fit(&f, fast, ds, NULL, &err));
    b = forecast(f, "horizon=3");
    assert_same_table(a, b);
    wsf_forecaster *none = NULL;
    FAILS(WSF_E_VALUE, wsf_fit(&none, fast, ds, "seconds=0", err));
    FAILS(WSF_E_NAME, wsf_fit(&none, fast, ds, "second=1", err));
    wsf_table_release(a);
    wsf_table_release(b);
    wsf_forecaster_release(f);
    wsf_model_release(slow);
    wsf_model_release(fast);
    wsf_dataset_release(ds);
    wsf_context_release(ctx);
  }
}

/* The stricter of a context's limit and a call's own holds. */
static void test_two_limits(void **state) {
  (void)state;
  wsf_context *ctx = new_context("max_seconds=0.02");
  wsf_dataset *ds = sample_months(ctx, 60);
  wsf_model *slow = new_model(ctx, "conformal(tbats, windows=20)");
  wsf_forecaster *f = NULL;
  wsf_error err = marked();
  assert_int_equal(wsf_fit(&f, slow, ds, "seconds=1000", &err), WSF_E_LIMIT);
  assert_string_equal(err.field, "max_seconds");
  wsf_model_release(slow);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

static void test_absent(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  wsf_dataset *old = opened(ctx, "simulate(stores=2, depts=2, weeks=100) | until(\"2011-11-25\")");
  wsf_dataset *all = opened(ctx, "simulate(stores=2, depts=2, weeks=100)");
  wsf_dataset *some = opened(ctx, "simulate(stores=2, depts=2, weeks=100) | select([\"2\"])");
  wsf_dataset *none = opened(ctx, "simulate(stores=3, depts=2, weeks=100) | select([\"3\"])");
  wsf_forecaster *f = fitted(ctx, "mean(drift, naive)", old), *moved = NULL, *whole = NULL;
  FAILS(WSF_E_DATA, wsf_update(&moved, f, some, "strict=true", err));
  FAILS(WSF_E_DATA, wsf_update(&moved, f, some, "absent=drop, strict=true", err));
  FAILS(WSF_E_DATA, wsf_update(&moved, f, none, "absent=drop", err));
  FAILS(WSF_E_DATA, wsf_update(&moved, f, none, NULL, err)); /* other keys */
  FAILS(WSF_E_VALUE, wsf_update(&moved, f, some, "absent=error", err));
  CALL(wsf_update(&moved, f, some, "absent=drop, seconds=1000", &err));
  CALL(wsf_update(&whole, f, all, "absent=drop", &err));
  wsf_table *a = forecast(moved, "horizon=4"), *b = forecast(whole, "horizon=4");
  assert_int_equal(wsf_table_rows(a), 2 * 4);
  assert_int_equal(wsf_table_rows(b), 4 * 4);
  for (int64_t r = 0; r < 8; ++r) { /* store 2 comes last */
    assert_true(numbers(a, "forecast")[r] == numbers(b, "forecast")[8 + r]);
  }
  wsf_table_release(a);
  wsf_table_release(b);
  wsf_forecaster_release(moved);
  wsf_forecaster_release(whole);
  wsf_forecaster_release(f);
  wsf_dataset_release(old);
  wsf_dataset_release(all);
  wsf_dataset_release(some);
  wsf_dataset_release(none);
  wsf_context_release(ctx);
}

int test_api_options(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_seconds),
      cmocka_unit_test(test_two_limits),
      cmocka_unit_test(test_absent),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
