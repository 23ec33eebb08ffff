/* Sums of series and longer periods, from the expression to the tables of every call. */
#include "api_support.h"

#include <math.h>

static const char *const SUMS = "simulate(stores=2, depts=3, weeks=120, seed=5) | "
                                "aggregate(levels=[[],[Store],[Dept]], missing=skip)";
enum { SERIES = 6, ALL = SERIES + 1 + 2 + 3 };

static wsf_dataset *opened(wsf_context *ctx, const char *expression) {
  wsf_dataset *ds = NULL;
  CALL(wsf_dataset_open(&ds, ctx, expression, &err));
  return ds;
}

static wsf_table *described(const wsf_dataset *ds, const char *what) {
  wsf_table *t = NULL;
  CALL(wsf_dataset_describe(&t, ds, what, &err));
  return t;
}

static void test_describe(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  wsf_dataset *ds = opened(ctx, SUMS);
  wsf_table *t = described(ds, "series");
  assert_int_equal(wsf_table_rows(t), ALL);
  /* The total comes first, without a label in any key; then the departments; then store 1. */
  assert_true(wsf_table_is_null(t, 0, 0) && wsf_table_is_null(t, 1, 0));
  assert_true(wsf_table_is_null(t, 0, 1) && wsf_table_i64(t, 1)[1] == 1);
  assert_true(wsf_table_i64(t, 0)[4] == 1 && wsf_table_is_null(t, 1, 4));
  wsf_table_release(t);
  t = described(ds, "levels");
  static const int64_t series[] = {1, 2, 3, SERIES};
  static const int64_t groups[] = {1, 2, 3, SERIES};
  assert_int_equal(wsf_table_rows(t), 4);
  for (int i = 0; i < 4; ++i) {
    assert_int_equal(wsf_table_i64(t, wsf_table_find(t, "series"))[i], series[i]);
    assert_int_equal(wsf_table_i64(t, wsf_table_find(t, "groups"))[i], groups[i]);
  }
  wsf_table_release(t);
  t = described(ds, "sums");
  assert_int_equal(wsf_table_rows(t), 3 * SERIES);
  assert_string_equal(wsf_table_text(t, 0, 0, NULL), "/");
  assert_string_equal(wsf_table_text(t, 1, 0, NULL), "1/1");
  assert_int_equal(wsf_table_i64(t, 2)[0], 0);
  assert_int_equal(wsf_table_i64(t, 3)[0], 5);
  wsf_table_release(t);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

/* At every period the sum of the series is what stands in the sums. */
static void test_values_add_up(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  wsf_dataset *ds = opened(ctx, SUMS);
  wsf_table *t = described(ds, "values");
  const int64_t *store = wsf_table_i64(t, 0), *dept = wsf_table_i64(t, 1);
  const int64_t *date = wsf_table_i64(t, 2);
  const double *y = wsf_table_f64(t, 3);
  const int64_t rows = wsf_table_rows(t);
  int64_t compared = 0;
  for (int64_t r = 0; r < rows; ++r) {
    const bool any_store = wsf_table_is_null(t, 0, r) != 0;
    const bool any_dept = wsf_table_is_null(t, 1, r) != 0;
    if ((!any_store && !any_dept) || isnan(y[r])) continue;
    double sum = 0;
    for (int64_t k = 0; k < rows; ++k) {
      if (wsf_table_is_null(t, 0, k) || wsf_table_is_null(t, 1, k) || isnan(y[k])) continue;
      if (date[k] != date[r] || (!any_store && store[k] != store[r])) continue;
      if (!any_dept && dept[k] != dept[r]) continue;
      sum += y[k];
    }
    assert_true(fabs(sum - y[r]) <= 1e-9 * fabs(sum));
    ++compared;
  }
  assert_true(compared > 500);
  wsf_table_release(t);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

static wsf_table *backtested(wsf_context *ctx, const wsf_dataset *ds, int which) {
  wsf_model *model = new_model(ctx, "snaive");
  const wsf_model *models[] = {model};
  wsf_table *out[WSF_BACKTEST_TABLES];
  CALL(wsf_backtest(out, models, 1, ds, "horizon=4, windows=2, forecasts=true", &err));
  for (int i = 0; i < WSF_BACKTEST_TABLES; ++i) {
    if (i != which) wsf_table_release(out[i]);
  }
  wsf_model_release(model);
  return out[which];
}

/* Fit, save, predict, update, back-test, evaluate: sums are series as others are. */
static void test_calls(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  wsf_dataset *ds = opened(ctx, SUMS), *old = NULL;
  char text[512];
  (void)snprintf(text, sizeof text, "%s | until(\"2012-03-30\")", SUMS);
  old = opened(ctx, text);
  wsf_forecaster *f = fitted(ctx, "mean(drift, stl(naive))", old), *moved = NULL;
  wsf_table *forecasts = forecast(f, "horizon=2, levels=[80]");
  assert_int_equal(wsf_table_rows(forecasts), 2 * ALL);
  assert_true(wsf_table_is_null(forecasts, 0, 0) && wsf_table_is_null(forecasts, 1, 0));
  wsf_table *measured = NULL;
  CALL(wsf_evaluate(&measured, forecasts, old, ds, "metrics=[wape]", &err));
  assert_true(numbers(measured, "value")[0] > 0 && numbers(measured, "value")[0] < 1);
  size_t size = 0;
  CALL(wsf_forecaster_write(f, NULL, 0, &size, &err));
  unsigned char *bytes = malloc(size);
  CALL(wsf_forecaster_write(f, bytes, size, &size, &err));
  wsf_forecaster *g = NULL;
  CALL(wsf_forecaster_read(&g, ctx, bytes, size, &err));
  wsf_table *again = forecast(g, "horizon=2, levels=[80]");
  assert_same_table(forecasts, again);
  CALL(wsf_update(&moved, g, ds, NULL, &err));
  wsf_table *later = forecast(moved, "horizon=2");
  assert_int_equal(wsf_table_rows(later), 2 * ALL);
  wsf_table *errors = backtested(ctx, ds, WSF_BACKTEST_SERIES);
  assert_int_equal(wsf_table_rows(errors), ALL);
  int64_t sums = 0;
  const int64_t store = wsf_table_find(errors, "Store"), dept = wsf_table_find(errors, "Dept");
  for (int64_t r = 0; r < wsf_table_rows(errors); ++r) {
    sums += wsf_table_is_null(errors, store, r) || wsf_table_is_null(errors, dept, r);
  }
  assert_int_equal(sums, ALL - SERIES);
  wsf_table_release(errors);
  wsf_table_release(later);
  wsf_table_release(again);
  wsf_table_release(measured);
  wsf_table_release(forecasts);
  free(bytes);
  wsf_forecaster_release(moved);
  wsf_forecaster_release(g);
  wsf_forecaster_release(f);
  wsf_dataset_release(old);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

/* Back-test forecasts of base series do not change when their sums stand beside them. */
static void test_base_is_untouched(void **state) {
  (void)state;
  wsf_context *ctx = new_context("threads=3");
  wsf_dataset *plain = opened(ctx, "simulate(stores=2, depts=3, weeks=120, seed=5)");
  wsf_dataset *ds = opened(ctx, SUMS);
  wsf_forecaster *a = fitted(ctx, "ets", plain), *b = fitted(ctx, "ets", ds);
  wsf_table *x = forecast(a, "horizon=5"), *y = forecast(b, "horizon=5");
  const double *fx = numbers(x, "forecast"), *fy = numbers(y, "forecast");
  int64_t row = 0;
  for (int64_t r = 0; r < wsf_table_rows(y); ++r) {
    if (wsf_table_is_null(y, 0, r) || wsf_table_is_null(y, 1, r)) continue;
    assert_true(fx[row++] == fy[r]);
  }
  assert_int_equal(row, wsf_table_rows(x));
  wsf_table_release(x);
  wsf_table_release(y);
  wsf_forecaster_release(a);
  wsf_forecaster_release(b);
  wsf_dataset_release(plain);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

static void test_longer_periods(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  wsf_dataset *ds = opened(ctx, "simulate(stores=2, depts=3, weeks=143) | "
                                "resample(freq=month, missing=skip) | aggregate(levels=[[]], "
                                "missing=skip)");
  wsf_table *t = described(ds, "summary");
  for (int64_t r = 0; r < wsf_table_rows(t); ++r) {
    const char *name = wsf_table_text(t, 0, r, NULL), *value = wsf_table_text(t, 1, r, NULL);
    if (strcmp(name, "frequency") == 0) assert_string_equal(value, "month");
    if (strcmp(name, "season") == 0) assert_string_equal(value, "12");
    if (strcmp(name, "first") == 0) assert_string_equal(value, "2010-02-28");
    if (strcmp(name, "sums") == 0) assert_string_equal(value, "1");
  }
  wsf_table_release(t);
  wsf_forecaster *f = fitted(ctx, "snaive", ds);
  t = forecast(f, "horizon=3");
  assert_int_equal(wsf_table_rows(t), 7 * 3);
  wsf_table_release(t);
  wsf_forecaster_release(f);
  wsf_dataset *none = NULL;
  FAILS(WSF_E_NAME, wsf_dataset_open(&none, ctx, "simulate() | aggregate(levels=[[shop]])", err));
  FAILS(WSF_E_SYNTAX, wsf_dataset_open(&none, ctx, "simulate() | aggregate(levels=[])", err));
  FAILS(WSF_E_VALUE, wsf_dataset_open(&none, ctx, "simulate() | resample(freq=minute)", err));
  FAILS(WSF_E_DATA, wsf_dataset_open(&none, ctx, "simulate() | resample(freq=week)", err));
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

int test_api_hierarchy(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_describe),       cmocka_unit_test(test_values_add_up),
      cmocka_unit_test(test_calls),          cmocka_unit_test(test_base_is_untouched),
      cmocka_unit_test(test_longer_periods),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
