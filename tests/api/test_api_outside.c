/* A column ahead that lies far out of its history: the forecast is the model's, and what it stands
 * on is told by its reason, a line of the log and an interval that does not claim to know. */
#include "api_support.h"

enum { MONTHS = 38, AHEAD = 3, ROOM = 1 << 14 };

static char heard[1024];

static void hear(int32_t level, const char *line, void *user) {
  (void)user;
  if (level == 1) (void)snprintf(heard, sizeof heard, "%s", line);
}

/* Two shops whose sales fall with the price; `odd` is the price of the second in the first month
 * ahead, where the flag is `flag`. */
static wsf_dataset *open_shops(wsf_context *ctx, double odd, double flag) {
  static char text[ROOM];
  size_t used = (size_t)snprintf(text, ROOM, "Shop,Month,Sales,Price,Flag,Same\n");
  for (int i = 0; i < 2; ++i) {
    for (int t = 0; t < MONTHS + AHEAD; ++t) {
      const unsigned noise = (unsigned)(i * 7919 + t * 104729) * 2654435761u;
      const bool first = i == 1 && t == MONTHS;
      const double price = first ? odd : 2.5 + 0.25 * (t * t % 5);
      const double promo = first ? flag : t % 7 == 1;
      char sales[32] = "";
      if (t < MONTHS) {
        (void)snprintf(sales, sizeof sales, "%.3f",
                       100 - 20 * (price - 3) - 15 * promo + (noise >> 20) / 512.0);
      }
      used += (size_t)snprintf(text + used, ROOM - used, "%d,%d-%02d-01,%s,%g,%g,%d\n", i + 1,
                               2021 + t / 12, t % 12 + 1, sales, price, promo, t < MONTHS ? 7 : 9);
    }
  }
  wsf_dataset *ds = NULL;
  CALL(wsf_context_add_bytes(ctx, "shops", text, used, NULL, NULL, &err));
  CALL(wsf_dataset_open(&ds, ctx,
                        "csv(\"shops\", keys=Shop, time=Month, target=Sales, freq=month, "
                        "known=[Price,Flag,Same])",
                        &err));
  return ds;
}

static void expect_reasons(const wsf_table *t, const char *first, const char *second) {
  const int64_t column = wsf_table_find(t, "reason");
  for (int64_t row = 0; row < 2 * AHEAD; ++row) {
    char word[32];
    wsf_table_format(t, column, row, word, sizeof word);
    assert_string_equal(word, row < AHEAD ? first : second);
  }
}

static void expect_width(const wsf_table *t) {
  const double *mean = numbers(t, "forecast"), *lo = numbers(t, "lo-80"), *hi = numbers(t, "hi-80");
  for (int64_t row = 0; row < 2 * AHEAD; ++row) {
    assert_true(lo[row] <= mean[row] && mean[row] <= hi[row]);
    if (!(hi[row] - lo[row] > 1)) fail_msg("row %d: %g .. %g", (int)row, lo[row], hi[row]);
  }
}

static const char all[] = "horizon=3, levels=[80], reasons=true";

static void far_columns_are_told(void **state) {
  (void)state;
  static const char *const models[] = {
      "tslm(x=[Price,Flag])",
      "ets(season=1, x=[Price,Flag])",
      "arima(order=[0,1,1], season=1, x=[Price,Flag])",
      "prophet(n_changepoints=0, x=[Price,Flag])",
      "ucm(level, season=1, x=[Price,Flag])",
      "mean(naive, tslm(season=1, x=[Price,Flag]))",
      "fallback(tslm(season=1, x=[Price,Flag]), naive)",
  };
  wsf_context *ctx = new_context("threads=1");
  for (size_t m = 0; m < sizeof models / sizeof *models; ++m) {
    for (int k = 0; k < 2; ++k) {
      wsf_dataset *ds = k ? open_shops(ctx, 3, 100) : open_shops(ctx, 299, 0);
      wsf_context_set_log(ctx, hear, NULL);
      wsf_forecaster *f = fitted(ctx, models[m], ds);
      wsf_table *t = forecast(f, all);
      wsf_context_set_log(ctx, NULL, NULL);
      assert_string_equal(heard,
                          k ? "predict: column Flag at 2024-03-01 is 100, its history lies in 0 .. "
                              "1; 1 of 2 series are forecast far beyond what was seen of a "
                              "column, the first of series 2"
                            : "predict: column Price at 2024-03-01 is 299, its history lies in 2.5 "
                              ".. 3.5; 1 of 2 series are forecast far beyond what was seen of a "
                              "column, the first of series 2");
      expect_reasons(t, "ok", "extrapolated");
      expect_width(t);
      wsf_table_release(t);
      wsf_forecaster_release(f);
      wsf_dataset_release(ds);
    }
  }
  wsf_context_release(ctx);
}

/* A value beyond its history by no more than that is wide, one of a column that has no part in the
 * fit, and one of a call that does not forecast. */
static void others_are_not(void **state) {
  (void)state;
  static const struct {
    const char *model, *reason;
    double price;
  } cases[] = {
      {"tslm(season=1, x=[Price])", "ok", 4.49},
      {"tslm(season=1, x=[Price])", "extrapolated", 4.51},
      {"tslm(season=1, x=[Price])", "ok", 1.51},
      {"tslm(season=1, x=[Price])", "extrapolated", 1.49},
      {"tslm(season=1, x=[Flag,Same])", "fewer_columns", 299},
      {"fallback(naive, tslm(season=1, x=[Price]))", "ok", 299},
      {"naive", "ok", 299},
  };
  wsf_context *ctx = new_context("threads=1");
  for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
    wsf_dataset *ds = open_shops(ctx, cases[i].price, 0);
    wsf_forecaster *f = fitted(ctx, cases[i].model, ds);
    wsf_table *t = forecast(f, all);
    const bool far = strcmp(cases[i].reason, "extrapolated") == 0;
    expect_reasons(t, far ? "ok" : cases[i].reason, cases[i].reason);
    wsf_table_release(t);
    wsf_forecaster_release(f);
    wsf_dataset_release(ds);
  }
  wsf_context_release(ctx);
}

/* The history that a value is held against goes with the forecaster: through a file, to a forecast
 * of one series, and to one with a dataset of its own. */
static void a_saved_forecaster_tells_it(void **state) {
  (void)state;
  wsf_context *ctx = new_context("threads=1");
  wsf_dataset *plain = open_shops(ctx, 3, 0), *odd = open_shops(ctx, 299, 0);
  wsf_forecaster *f = fitted(ctx, "ets(season=1, x=[Price])", plain), *loaded = NULL;
  CALL(wsf_forecaster_save(f, "test_api_outside.wsf", &err));
  CALL(wsf_forecaster_load(&loaded, ctx, "test_api_outside.wsf", &err));
  wsf_table *t = NULL;
  CALL(wsf_predict(&t, loaded, odd, all, &err));
  expect_reasons(t, "ok", "extrapolated");
  wsf_table_release(t);
  CALL(wsf_predict(&t, loaded, NULL, all, &err));
  expect_reasons(t, "ok", "ok");
  wsf_table_release(t);
  CALL(wsf_predict(&t, loaded, odd, "horizon=3, series=[\"2\"], reasons=true", &err));
  char word[32];
  wsf_table_format(t, wsf_table_find(t, "reason"), 0, word, sizeof word);
  assert_string_equal(word, "extrapolated");
  wsf_table_release(t);
  wsf_forecaster_release(loaded);
  wsf_forecaster_release(f);
  wsf_dataset_release(odd);
  wsf_dataset_release(plain);
  wsf_context_release(ctx);
  (void)remove("test_api_outside.wsf");
}

/* A back-test tells it of the months that it holds out, after its forecaster is done with. */
static void a_backtest_tells_it(void **state) {
  (void)state;
  char text[2048];
  size_t used = (size_t)snprintf(text, sizeof text, "Month,Sales,Price\n");
  for (int t = 0; t < MONTHS; ++t) {
    const double price = t == MONTHS - 2 ? 299 : 2.5 + 0.25 * (t * t % 5);
    used += (size_t)snprintf(text + used, sizeof text - used, "%d-%02d-01,%d,%g\n", 2021 + t / 12,
                             t % 12 + 1, 100 + t * 7 % 13, price);
  }
  wsf_context *ctx = new_context("threads=1");
  wsf_dataset *ds = NULL;
  wsf_table *t[WSF_BACKTEST_TABLES];
  CALL(wsf_context_add_bytes(ctx, "shop", text, used, NULL, NULL, &err));
  CALL(wsf_dataset_open(
      &ds, ctx, "csv(\"shop\", time=Month, target=Sales, freq=month, known=[Price])", &err));
  wsf_context_set_log(ctx, hear, NULL);
  wsf_model *model = new_model(ctx, "tslm(season=1, x=[Price])");
  CALL(wsf_backtest(t, (const wsf_model *const[]){model}, 1, ds, "horizon=3", &err));
  wsf_context_set_log(ctx, NULL, NULL);
  assert_non_null(strstr(heard, "backtest: column Price at 2024-01-01 is 299"));
  for (int k = 0; k < WSF_BACKTEST_TABLES; ++k) wsf_table_release(t[k]);
  wsf_model_release(model);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

int test_api_outside(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(far_columns_are_told),
      cmocka_unit_test(others_are_not),
      cmocka_unit_test(a_saved_forecaster_tells_it),
      cmocka_unit_test(a_backtest_tells_it),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
