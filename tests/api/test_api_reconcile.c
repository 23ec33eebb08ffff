/* Forecasts that add up, from the expression to every table: for any number of threads, some series
 * only, after a save, an update, and where a series cannot be forecast by the model. */
#include "api_support.h"

static const char *const SUMS = "simulate(stores=3, depts=3, weeks=140, seed=5) | "
                                "aggregate(levels=[[],[Store],[Dept]], missing=skip)";
enum { SERIES = 9, ALL = SERIES + 1 + 3 + 3 };

static wsf_dataset *opened(wsf_context *ctx, const char *expression) {
  wsf_dataset *ds = NULL;
  CALL(wsf_dataset_open(&ds, ctx, expression, &err));
  return ds;
}

static const double *column(const wsf_table *t, const char *name) {
  return wsf_table_f64(t, wsf_table_find(t, name));
}

/* At every step the series of a sum add up to it, in the column and to that many parts of it. */
static void assert_adds_up(const wsf_table *t, int64_t horizon, const char *name, double parts) {
  const double *x = column(t, name);
  const int64_t n = wsf_table_rows(t) / horizon;
  for (int64_t sum = 0; sum < n; ++sum) {
    const int64_t row = sum * horizon;
    const bool by_store = !wsf_table_is_null(t, 0, row), by_dept = !wsf_table_is_null(t, 1, row);
    if (by_store && by_dept) continue;
    for (int64_t h = 0; h < horizon; ++h) {
      double total = 0;
      for (int64_t i = 0; i < n; ++i) {
        const int64_t at = i * horizon;
        if (wsf_table_is_null(t, 0, at) || wsf_table_is_null(t, 1, at)) continue;
        if (by_store && wsf_table_i64(t, 0)[at] != wsf_table_i64(t, 0)[row]) continue;
        if (by_dept && wsf_table_i64(t, 1)[at] != wsf_table_i64(t, 1)[row]) continue;
        total += x[at + h];
      }
      if (fabs(total - x[row + h]) > parts * fabs(total)) {
        fail_msg("%s of series %d, step %d: %.17g, its series make %.17g", name, (int)sum,
                 (int)h + 1, x[row + h], total);
      }
    }
  }
}

static void test_every_method_adds_up(void **state) {
  (void)state;
  static const char *const methods[] = {
      "mint",
      "mint, window=20",
      "mint, window=0, nonnegative=true",
      "wls_var",
      "wls_struct",
      "ols, nonnegative=true",
      "bottom_up",
      "top_down, proportions=average_proportions",
      "middle_out, level=[Store], proportions=proportion_averages",
      "middle_out, level=Dept",
  };
  wsf_context *ctx = new_context("threads=2");
  wsf_dataset *ds = opened(ctx, SUMS);
  for (size_t m = 0; m < sizeof methods / sizeof *methods; ++m) {
    char text[128];
    (void)snprintf(text, sizeof text, "reconcile(ets, %s)", methods[m]);
    wsf_forecaster *f = fitted(ctx, text, ds);
    wsf_table *t = forecast(f, "horizon=5, levels=[80], paths=3, nonnegative=true");
    assert_int_equal(wsf_table_rows(t), 5 * ALL);
    assert_adds_up(t, 5, "forecast", 0);
    assert_adds_up(t, 5, "path-2", 0);
    for (int64_t row = 0; row < 5 * ALL; ++row) {
      assert_true(column(t, "lo-80")[row] <= column(t, "forecast")[row]);
      assert_true(column(t, "hi-80")[row] >= column(t, "forecast")[row]);
      assert_true(column(t, "forecast")[row] >= 0);
    }
    wsf_table_release(t);
    t = forecast(f, "horizon=4, cumulative=true, levels=[80], paths=50");
    assert_adds_up(t, 4, "forecast", 1e-14);
    wsf_table_release(t);
    wsf_forecaster_release(f);
  }
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

static void test_threads_and_files_change_nothing(void **state) {
  (void)state;
  static const char *const threads[] = {"threads=1", "threads=2", "threads=3", "threads=8"};
  static const char *const models[] = {"reconcile(mean(snaive, window(4)))",
                                       "mean(reconcile(drift, ols), snaive)"};
  for (int m = 0; m < 2; ++m) {
    wsf_table *first = NULL;
    for (int k = 0; k < 4; ++k) {
      wsf_context *ctx = new_context(threads[k]);
      wsf_dataset *ds = opened(ctx, SUMS);
      wsf_forecaster *f = fitted(ctx, models[m], ds), *again = NULL;
      size_t bytes = 0;
      CALL(wsf_forecaster_write(f, NULL, 0, &bytes, &err));
      void *image = malloc(bytes);
      assert_non_null(image);
      CALL(wsf_forecaster_write(f, image, bytes, &bytes, &err));
      CALL(wsf_forecaster_read(&again, ctx, image, bytes, &err));
      free(image);
      wsf_table *t = forecast(again, "horizon=6, levels=[80,95], paths=4");
      if (first)
        assert_same_table(t, first);
      else
        first = wsf_table_retain(t);
      /* some of the series, in another order */
      wsf_table *some =
          forecast(again, "horizon=6, levels=[80,95], paths=4, series=[\"2/\",\"1/3\"]");
      assert_int_equal(wsf_table_rows(some), 12);
      for (int64_t row = 0; row < 12; ++row) {
        bool found = false;
        for (int64_t at = 0; at < 6 * ALL; ++at) {
          found = found || (column(t, "forecast")[at] == column(some, "forecast")[row] &&
                            column(t, "hi-95")[at] == column(some, "hi-95")[row] &&
                            column(t, "path-4")[at] == column(some, "path-4")[row]);
        }
        assert_true(found);
      }
      wsf_table_release(some);
      wsf_table_release(t);
      wsf_forecaster_release(again);
      wsf_forecaster_release(f);
      wsf_dataset_release(ds);
      wsf_context_release(ctx);
    }
    wsf_table_release(first);
  }
}

/* A model that some series cannot have: the fallback's forecasts are taken as they are, and their
 * sums agree with them. */
static void test_what_the_fallback_forecasts(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  static char csv[1 << 16];
  size_t n = (size_t)snprintf(csv, sizeof csv, "Store,Dept,month,units\n");
  for (int i = 0; i < 9; ++i) {
    for (int t = 0; t < 48; ++t) {
      const double y = i == 4 ? -5 - t % 7 : sample_value(i, t);
      n += (size_t)snprintf(csv + n, sizeof csv - n, "%d,%d,%d-%02d-01,%.17g\n", i / 3, i % 3,
                            2015 + t / 12, 1 + t % 12, y);
    }
  }
  CALL(wsf_context_add_bytes(ctx, "sales", csv, n, NULL, NULL, &err));
  wsf_dataset *ds = opened(ctx, "csv(\"sales\", keys=[Store,Dept], time=month, target=units, "
                                "freq=month) | aggregate(levels=[[],[Store],[Dept]])");
  wsf_forecaster *f = fitted(ctx, "reconcile(tslm(log=true))", ds);
  wsf_table *t = forecast(f, "horizon=3, reasons=true, levels=[80], paths=2");
  assert_adds_up(t, 3, "forecast", 0);
  assert_adds_up(t, 3, "path-1", 0);
  wsf_forecaster *alone = fitted(ctx, "tslm(log=true)", ds);
  wsf_table *own = forecast(alone, "horizon=3, reasons=true");
  const int64_t reason = wsf_table_find(t, "reason"), was = wsf_table_find(own, "reason");
  int not_positive = 0;
  for (int64_t row = 0; row < wsf_table_rows(t); ++row) {
    if (strcmp(wsf_table_text(t, reason, row, NULL), "not_positive") != 0) continue;
    ++not_positive;
    assert_string_equal(wsf_table_text(own, was, row, NULL), "not_positive");
    if (wsf_table_is_null(t, 0, row) || wsf_table_is_null(t, 1, row)) continue;
    assert_true(column(t, "forecast")[row] == column(own, "forecast")[row]);
  }
  assert_int_equal(not_positive, 3);
  wsf_table_release(own);
  wsf_table_release(t);
  wsf_forecaster_release(alone);
  wsf_forecaster_release(f);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

/* An update moves what is inside, takes a new series in, and forecasts still add up. */
static void test_update(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  wsf_dataset *before =
      opened(ctx, "simulate(stores=3, depts=3, weeks=140, seed=5) | until(\"2012-06-01\") | "
                  "select([\"1\",\"2\",\"3/1\",\"3/2\"]) | "
                  "aggregate(levels=[[],[Store],[Dept]], missing=skip)");
  wsf_dataset *after = opened(ctx, SUMS);
  wsf_forecaster *f = fitted(ctx, "reconcile(ets, wls_var)", before), *moved = NULL;
  CALL(wsf_update(&moved, f, after, NULL, &err));
  wsf_table *t = forecast(moved, "horizon=3, levels=[80]");
  assert_int_equal(wsf_table_rows(t), 3 * ALL);
  assert_adds_up(t, 3, "forecast", 0);
  wsf_table_release(t);
  wsf_forecaster_release(moved);
  wsf_forecaster_release(f);
  wsf_dataset_release(after);
  wsf_dataset_release(before);
  wsf_context_release(ctx);
}

/* Sums without their series, and no sums at all: the model inside alone, with a reason. */
static void test_nothing_to_agree_with(void **state) {
  (void)state;
  static const char *const data[] = {
      "simulate(stores=2, depts=2, weeks=120)",
      "simulate(stores=2, depts=2, weeks=120) | aggregate(levels=[[],[Store]], base=false)",
      "simulate(stores=2, depts=2, weeks=120) | aggregate(levels=[[]]) | select([\"/\",\"1\"])",
  };
  wsf_context *ctx = new_context(NULL);
  for (int k = 0; k < 3; ++k) {
    wsf_dataset *ds = opened(ctx, data[k]);
    wsf_forecaster *f = fitted(ctx, "reconcile(snaive)", ds), *g = fitted(ctx, "snaive", ds);
    wsf_table *t = forecast(f, "horizon=3, levels=[80], reasons=true");
    wsf_table *u = forecast(g, "horizon=3, levels=[80]");
    for (int64_t row = 0; row < wsf_table_rows(t); ++row) {
      assert_string_equal(wsf_table_text(t, wsf_table_find(t, "reason"), row, NULL), "no_effect");
      assert_true(column(t, "forecast")[row] == column(u, "forecast")[row]);
      assert_true(column(t, "hi-80")[row] == column(u, "hi-80")[row]);
    }
    wsf_table_release(u);
    wsf_table_release(t);
    wsf_forecaster_release(g);
    wsf_forecaster_release(f);
    wsf_dataset_release(ds);
  }
  wsf_context_release(ctx);
}

/* A back-test measures every level; models around it see forecasts that add up in their trials. */
static void test_backtest(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  wsf_dataset *ds = opened(ctx, SUMS);
  const char *const text[] = {"reconcile(drift)", "best(reconcile(drift, bottom_up), snaive)",
                              "conformal(reconcile(snaive, ols))"};
  const wsf_model *model[3];
  for (int m = 0; m < 3; ++m) {
    wsf_model *one = NULL;
    CALL(wsf_model_parse(&one, ctx, text[m], &err));
    model[m] = one;
  }
  wsf_table *tables[WSF_BACKTEST_TABLES];
  CALL(wsf_backtest(tables, model, 3, ds, "horizon=4, windows=2, metrics=[wape,coverage]", &err));
  assert_int_equal(wsf_table_rows(tables[WSF_BACKTEST_SERIES]), 3 * ALL);
  for (int64_t m = 0; m < 3; ++m) {
    const int64_t failed = wsf_table_find(tables[WSF_BACKTEST_SUMMARY], "failed");
    assert_true(wsf_table_is_null(tables[WSF_BACKTEST_SUMMARY], failed, m));
    assert_true(column(tables[WSF_BACKTEST_SUMMARY], "wape")[m] < 0.5);
  }
  for (int t = 0; t < WSF_BACKTEST_TABLES; ++t) wsf_table_release(tables[t]);
  for (int m = 0; m < 3; ++m) wsf_model_release((wsf_model *)(uintptr_t)model[m]);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

int test_api_reconcile(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_every_method_adds_up),
      cmocka_unit_test(test_threads_and_files_change_nothing),
      cmocka_unit_test(test_what_the_fallback_forecasts),
      cmocka_unit_test(test_update),
      cmocka_unit_test(test_nothing_to_agree_with),
      cmocka_unit_test(test_backtest),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
