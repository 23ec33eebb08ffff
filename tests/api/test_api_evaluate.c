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
      cmocka_unit_test(test_evaluate),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
