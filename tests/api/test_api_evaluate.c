/* wsf/evaluate.h. */
#include "api_support.h"

static void test_backtest(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  wsf_dataset *ds = sample(ctx);
  wsf_model *naive = new_model(ctx, "naive"), *seasonal = new_model(ctx, "snaive");
  const wsf_model *models[] = {naive, seasonal};
  wsf_table *t[WSF_BACKTEST_TABLES];
  CALL(wsf_backtest(t, models, 2, ds, "horizon=6, windows=3, metrics=[mase,wape], forecasts=true",
                    &err));
  assert_int_equal(wsf_table_rows(t[WSF_BACKTEST_SUMMARY]), 2);
  assert_int_equal(wsf_table_rows(t[WSF_BACKTEST_FOLDS]), 2 * 3);
  assert_int_equal(wsf_table_rows(t[WSF_BACKTEST_SERIES]), 2 * SAMPLE_SERIES);
  assert_int_equal(wsf_table_rows(t[WSF_BACKTEST_FORECASTS]), 2 * 3 * SAMPLE_SERIES * 6);
  const double *mase = numbers(t[WSF_BACKTEST_SUMMARY], "mase");
  assert_true(mase[1] < mase[0]);
  for (int i = 0; i < WSF_BACKTEST_TABLES; ++i) wsf_table_release(t[i]);
  CALL(wsf_backtest(t, models, 1, ds, "horizon=6", &err));
  for (int i = 0; i < WSF_BACKTEST_FORECASTS; ++i) assert_true(wsf_table_rows(t[i]) > 0);
  for (int i = 0; i < WSF_BACKTEST_TABLES; ++i) wsf_table_release(t[i]);

  FAILS(WSF_E_ARGUMENT, wsf_backtest(NULL, models, 2, ds, "horizon=6", err));
  FAILS(WSF_E_ARGUMENT, wsf_backtest(t, NULL, 2, ds, "horizon=6", err));
  FAILS(WSF_E_ARGUMENT, wsf_backtest(t, models, 2, NULL, "horizon=6", err));
  FAILS(WSF_E_ARGUMENT, wsf_backtest(t, models, 0, ds, "horizon=6", err));
  FAILS(WSF_E_ARGUMENT, wsf_backtest(t, models, 1001, ds, "horizon=6", err));
  models[1] = NULL;
  FAILS(WSF_E_ARGUMENT, wsf_backtest(t, models, 2, ds, "horizon=6", err));
  models[1] = seasonal;
  FAILS(WSF_E_VALUE, wsf_backtest(t, models, 2, ds, NULL, err));
  FAILS(WSF_E_NAME, wsf_backtest(t, models, 2, ds, "horizon=6, window=2", err));
  FAILS(WSF_E_SYNTAX, wsf_backtest(t, models, 2, ds, "horizon=6 windows=2", err));
  FAILS(WSF_E_NAME, wsf_backtest(t, models, 2, ds, "horizon=6, metrics=[wmea]", err));
  FAILS(WSF_E_DATA, wsf_backtest(t, models, 2, ds, "horizon=600", err));
  for (int i = 0; i < WSF_BACKTEST_TABLES; ++i) assert_null(t[i]);
  wsf_model_release(naive);
  wsf_model_release(seasonal);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

/* Levels and quantiles that are asked for are there, also those that are the presets. */
static void test_backtest_keeps_what_is_asked(void **state) {
  (void)state;
  static const struct {
    const char *options, *columns;
  } all[] = {
      {"", ""},
      {"levels=80", " lo-80 hi-80"},
      {"levels=[80,95]", " lo-80 hi-80 lo-95 hi-95"},
      {"levels=[80,90]", " lo-80 hi-80 lo-90 hi-90"},
      {"quantiles=[0.1,0.9]", " q-0.1 q-0.9"},
      {"quantiles=[0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9]",
       " q-0.1 q-0.2 q-0.3 q-0.4 q-0.5 q-0.6 q-0.7 q-0.8 q-0.9"},
      {"levels=[80,95], quantiles=[0.1,0.5]", " lo-80 hi-80 lo-95 hi-95 q-0.1 q-0.5"},
      {"levels=[50,80], quantiles=[0.1,0.5]", " lo-50 hi-50 lo-80 hi-80 q-0.1 q-0.5"},
  };
  wsf_context *ctx = new_context(NULL);
  wsf_dataset *ds = sample(ctx);
  wsf_model *naive = new_model(ctx, "naive");
  const wsf_model *models[] = {naive};
  for (size_t i = 0; i < sizeof all / sizeof *all; ++i) {
    char options[200], found[200] = "";
    wsf_table *t[WSF_BACKTEST_TABLES];
    (void)snprintf(options, sizeof options, "horizon=3, forecasts=true%s%s",
                   *all[i].options ? ", " : "", all[i].options);
    CALL(wsf_backtest(t, models, 1, ds, options, &err));
    const wsf_table *forecasts = t[WSF_BACKTEST_FORECASTS];
    for (int64_t c = 0; c < wsf_table_columns(forecasts); ++c) {
      const char *name = wsf_table_name(forecasts, c);
      const bool asked = strncmp(name, "lo-", 3) == 0 || strncmp(name, "hi-", 3) == 0 ||
                         strncmp(name, "q-", 2) == 0;
      if (!asked) continue;
      (void)strcat(strcat(found, " "), name);
    }
    assert_string_equal(found, all[i].columns);
    for (int k = 0; k < WSF_BACKTEST_TABLES; ++k) wsf_table_release(t[k]);
  }
  wsf_model_release(naive);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

/* Three series of four weeks in two stores, with their sums. */
static wsf_dataset *hierarchy(wsf_context *ctx) {
  static const char rows[] =
      "store,item,week,units\n"
      "a,x,2024-01-05,1\na,x,2024-01-12,2\na,x,2024-01-19,3\na,x,2024-01-26,5\n"
      "a,y,2024-01-05,10\na,y,2024-01-12,10\na,y,2024-01-19,10\na,y,2024-01-26,12\n"
      "b,x,2024-01-05,4\nb,x,2024-01-12,4\nb,x,2024-01-19,6\nb,x,2024-01-26,2\n";
  wsf_dataset *ds = NULL;
  CALL(wsf_context_add_bytes(ctx, "shops", rows, sizeof rows - 1, NULL, NULL, &err));
  CALL(wsf_dataset_open(&ds, ctx,
                        "csv(\"shops\", keys=[store,item], time=week, target=units, freq=week)"
                        " | aggregate(levels=[[],[store]])",
                        &err));
  return ds;
}

typedef struct level_row {
  const char *level, *store; /* NULL: null */
  int64_t series, best;
  double naive, average; /* WAPE */
} level_row;

static void assert_rows(const wsf_table *t, const level_row *want, int n, int64_t folds) {
  assert_int_equal(wsf_table_rows(t), 2 * n);
  const int64_t level = wsf_table_find(t, "level"), store = wsf_table_find(t, "store");
  const int64_t *series = wsf_table_i64(t, wsf_table_find(t, "series"));
  const int64_t *count = wsf_table_i64(t, wsf_table_find(t, "observations"));
  const int64_t *best = wsf_table_i64(t, wsf_table_find(t, "best"));
  const double *wape = numbers(t, "wape");
  for (int row = 0; row < 2 * n; ++row) {
    const level_row *w = &want[row / 2];
    const char *found = wsf_table_text(t, level, row, NULL);
    assert_true(w->level ? found && strcmp(found, w->level) == 0 : !found);
    found = wsf_table_text(t, store, row, NULL);
    assert_true(w->store ? found && strcmp(found, w->store) == 0 : !found);
    assert_string_equal(wsf_table_text(t, 0, row, NULL), row % 2 ? "average" : "naive");
    assert_int_equal(series[row], w->series);
    assert_int_equal(count[row], w->series * folds);
    assert_int_equal(best[row], row % 2 == w->best);
    assert_true(fabs(wape[row] - (row % 2 ? w->average : w->naive)) < 1e-12);
  }
}

/* The last week by hand: naive is off by 2, 2 and 4, by 4 and 4 in the stores, by 0 in total. */
static void test_backtest_by_level_and_key(void **state) {
  (void)state;
  static const level_row last[] = {
      {NULL, NULL, 6, 0, (0. + 8 + 8) / 57, (7. / 3 + 23. / 3 + 23. / 3) / 57},
      {"total", NULL, 1, 0, 0, 7. / 3 / 19},
      {"store", NULL, 2, 1, 8. / 19, (5 + 8. / 3) / 19},
      {"store/item", NULL, 3, 1, 8. / 19, (3 + 2 + 8. / 3) / 19},
      {"store", "a", 1, 0, 4. / 17, 5. / 17},
      {"store", "b", 1, 1, 4. / 2, 8. / 3 / 2},
      {"store/item", "a", 2, 0, 4. / 17, 5. / 17},
      {"store/item", "b", 1, 1, 4. / 2, 8. / 3 / 2},
  };
  static const level_row both[] = {
      {NULL, NULL, 6, 0, 25. / 114, (35. / 6 + 67. / 6 + 67. / 6) / 114},
      {"total", NULL, 1, 0, 3. / 38, 35. / 6 / 38},
      {"store", NULL, 2, 0, 11. / 38, 67. / 6 / 38},
      {"store/item", NULL, 3, 0, 11. / 38, 67. / 6 / 38},
      {"store", "a", 1, 0, 5. / 30, 6.5 / 30},
      {"store", "b", 1, 1, 6. / 8, 14. / 3 / 8},
      {"store/item", "a", 2, 0, 5. / 30, 6.5 / 30},
      {"store/item", "b", 1, 1, 6. / 8, 14. / 3 / 8},
  };
  wsf_context *ctx = new_context(NULL);
  wsf_dataset *ds = hierarchy(ctx);
  wsf_model *naive = new_model(ctx, "naive"), *average = new_model(ctx, "average");
  const wsf_model *models[] = {naive, average};
  wsf_table *t[WSF_BACKTEST_TABLES];
  CALL(wsf_backtest(t, models, 2, ds, "horizon=1, metrics=[wape], by=[level,store,level]", &err));
  assert_rows(t[WSF_BACKTEST_SUMMARY], last, 8, 1);
  for (int i = 0; i < WSF_BACKTEST_TABLES; ++i) wsf_table_release(t[i]);
  CALL(wsf_backtest(t, models, 2, ds, "horizon=1, windows=2, metrics=[wape], by=[level,store]",
                    &err));
  assert_rows(t[WSF_BACKTEST_SUMMARY], both, 8, 2);
  for (int i = 0; i < WSF_BACKTEST_TABLES; ++i) wsf_table_release(t[i]);
  CALL(wsf_backtest(t, models, 2, ds, "horizon=1, by=item", &err));
  assert_int_equal(wsf_table_rows(t[WSF_BACKTEST_SUMMARY]), 2 * (1 + 2)); /* no level keeps item */
  for (int i = 0; i < WSF_BACKTEST_TABLES; ++i) wsf_table_release(t[i]);
  wsf_error err;
  assert_int_equal(wsf_backtest(t, models, 2, ds, "horizon=1, by=[level,stor]", &err), WSF_E_NAME);
  assert_string_equal(err.message,
                      "the data has no key 'stor' to report by; did you mean 'store'?");
  assert_string_equal(err.field, "by");
  wsf_model_release(naive);
  wsf_model_release(average);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

static void test_evaluate(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  wsf_dataset *history = sample_months(ctx, SAMPLE_MONTHS - 6), *actual = sample(ctx);
  wsf_forecaster *f = fitted(ctx, "snaive", history);
  wsf_table *t = forecast(f, "horizon=6, levels=[80]"), *scores = NULL;
  CALL(wsf_evaluate(&scores, t, history, actual, "metrics=[mae,coverage,bias]", &err));
  assert_int_equal(wsf_table_rows(scores), 3);
  wsf_table_release(scores);
  CALL(wsf_evaluate(&scores, t, history, actual, NULL, &err));
  assert_true(wsf_table_rows(scores) > 3);
  wsf_table_release(scores);
  scores = t;
  FAILS(WSF_E_ARGUMENT, wsf_evaluate(NULL, t, history, actual, NULL, err));
  FAILS(WSF_E_ARGUMENT, wsf_evaluate(&scores, NULL, history, actual, NULL, err));
  assert_null(scores);
  FAILS(WSF_E_ARGUMENT, wsf_evaluate(&scores, t, NULL, actual, NULL, err));
  FAILS(WSF_E_ARGUMENT, wsf_evaluate(&scores, t, history, NULL, NULL, err));
  FAILS(WSF_E_NAME, wsf_evaluate(&scores, t, history, actual, "metrics=[made]", err));
  FAILS(WSF_E_NAME, wsf_evaluate(&scores, t, history, actual, "metric=[mae]", err));
  assert_null(scores);
  wsf_table_release(t);
  wsf_forecaster_release(f);
  wsf_dataset_release(history);
  wsf_dataset_release(actual);
  wsf_context_release(ctx);
}

int test_api_evaluate(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_backtest),
      cmocka_unit_test(test_backtest_keeps_what_is_asked),
      cmocka_unit_test(test_backtest_by_level_and_key),
      cmocka_unit_test(test_evaluate),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
