/* Columns and features behind x= of every model that takes them: made-up days of three shops,
 * closed on Sundays (masked), with promotions and school holidays known ahead. */
#include "api_support.h"

enum { DAYS = 419, AHEAD = 28, SHOPS = 3, ROOM = 1 << 18 };

static const char *const models[] = {
    "tslm(season=1, x=[%s])", "log(tslm(season=1, x=[%s]))", "ets(season=1, x=[%s])",
    "arima(order=[1,0,0], season=1, x=[%s])", "ucm(model=level, x=[%s])"};
enum { MODELS = sizeof models / sizeof *models };

static const double by_weekday[] = {1.2, 1.0, 0.95, 0.95, 1.1, 1.3, 0}; /* Monday first */

static bool promoted(int t) {
  return t / 7 % 2 == 1 && t % 7 < 5;
}
static bool at_school(int t) {
  return t % 91 >= 14;
}

/* What a shop sells on a day that is not disturbed; day 0 is a Monday. */
static double expected(int shop, int t) {
  return (80 + 20 * shop) * by_weekday[t % 7] * (promoted(t) ? 1.4 : 1) * (at_school(t) ? 1 : 1.1);
}

/* Sundays have the target `sunday`; other days of the future none. */
static char *rows_of(const char *sunday) {
  char *text = malloc(ROOM);
  uint32_t seed = 7;
  size_t used = (size_t)snprintf(text, ROOM, "Store,Date,Sales,Closed,Promo,School,Twin\n");
  for (int i = 0; i < SHOPS; ++i) {
    for (int t = 0; t < DAYS + AHEAD; ++t) {
      static const int length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
      int year = 2018, month = 0, day = t; /* 2018 began with a Monday */
      for (; day >= length[month]; month = (month + 1) % 12) {
        day -= length[month];
        year += month == 11;
      }
      seed = seed * 1664525u + 1013904223u;
      const double noise = 0.98 + 0.04 * (double)(seed >> 8) / 16777216.0;
      char sales[32] = "";
      if (t < DAYS) (void)snprintf(sales, sizeof sales, "%.6f", expected(i, t) * noise);
      used += (size_t)snprintf(text + used, ROOM - used, "%d,%d-%02d-%02d,%s,%d,%d,%d,%d\n", i + 1,
                               year, month + 1, day + 1, t % 7 == 6 && t < DAYS ? sunday : sales,
                               t % 7 == 6, promoted(t), at_school(t), 3 * promoted(t) - 1);
    }
  }
  assert_true(used < ROOM);
  return text;
}

typedef struct shops {
  wsf_context *ctx;
  wsf_dataset *ds;
  char *text;
} shops;

static shops open_shops(const char *sunday) {
  shops s = {.ctx = new_context("threads=2"), .text = rows_of(sunday)};
  CALL(wsf_context_add_bytes(s.ctx, "sales", s.text, strlen(s.text), NULL, NULL, &err));
  CALL(wsf_dataset_open(&s.ds, s.ctx,
                        "csv(\"sales\", keys=Store, time=Date, target=Sales, "
                        "known=[Closed,Promo,School,Twin], mask=Closed)",
                        &err));
  return s;
}

static void close_shops(shops *s) {
  wsf_dataset_release(s->ds);
  wsf_context_release(s->ctx);
  free(s->text);
}

static wsf_forecaster *fit(const shops *s, const char *model, const char *x) {
  char text[256];
  (void)snprintf(text, sizeof text, model, x);
  return fitted(s->ctx, text, s->ds);
}

static wsf_table *predict(const wsf_forecaster *f) {
  return forecast(f, "horizon=28, levels=[80]");
}

/* Mean absolute error over what is expected, of the days on which shops are open. */
static double error_of(const wsf_table *t) {
  const double *mean = numbers(t, "forecast");
  double error = 0, size = 0;
  for (int i = 0; i < SHOPS; ++i) {
    for (int h = 0; h < AHEAD; ++h) {
      if ((DAYS + h) % 7 == 6) continue;
      error += fabs(mean[i * AHEAD + h] - expected(i, DAYS + h));
      size += expected(i, DAYS + h);
    }
  }
  return error / size;
}

static double forecast_error(const shops *s, const char *model, const char *x) {
  wsf_forecaster *f = fit(s, model, x);
  wsf_table *t = predict(f);
  const double error = error_of(t);
  wsf_table_release(t);
  wsf_forecaster_release(f);
  return error;
}

static void recipes_stand_where_columns_may(void **state) {
  (void)state;
  shops s = open_shops("0");
  for (int m = 0; m < MODELS; ++m) {
    const double with = forecast_error(&s, models[m], "calendar(weekday),Promo,School");
    const double without = forecast_error(&s, models[m], "Promo,School");
    /* noise of 1 % is left; effects that multiply are nearly sums */
    if (!(with < 0.03) || !(without > 2 * with)) {
      fail_msg("%s: %g with the weekday, %g without", models[m], with, without);
    }
  }
  close_shops(&s);
}

/* Closed days are no observations: whatever stands there, the forecasts have the same bits. */
static void masks_leave_no_trace(void **state) {
  (void)state;
  shops s = open_shops("0"), wild = open_shops("123456");
  for (int m = 0; m < MODELS; ++m) {
    static const char *const x = "calendar(weekday),Promo,School";
    wsf_forecaster *f = fit(&s, models[m], x), *g = fit(&wild, models[m], x);
    wsf_table *t = predict(f), *u = predict(g);
    assert_memory_equal(numbers(t, "forecast"), numbers(u, "forecast"),
                        SHOPS * AHEAD * sizeof(double));
    wsf_table_release(t);
    wsf_table_release(u);
    wsf_forecaster_release(f);
    wsf_forecaster_release(g);
  }
  close_shops(&s);
  close_shops(&wild);
}

static int64_t count_rows(const wsf_table *t, const char *name, const char *text) {
  int64_t n = 0;
  for (int64_t r = 0; r < wsf_table_rows(t); ++r) {
    const char *cell = wsf_table_text(t, wsf_table_find(t, name), r, NULL);
    n += cell && strcmp(cell, text) == 0;
  }
  return n;
}

/* Sunday has no observation, Twin says what Promo says. */
static void columns_left_out_are_named(void **state) {
  (void)state;
  shops s = open_shops("0");
  for (int m = 0; m < MODELS; ++m) {
    wsf_table *t = NULL;
    wsf_forecaster *f = fit(&s, models[m], "calendar(weekday),Promo,Twin");
    CALL(wsf_forecaster_describe(&t, f, "series", &err));
    assert_int_equal(count_rows(t, "reason", "fewer_columns"), SHOPS);
    wsf_table_release(t);
    CALL(wsf_forecaster_describe(&t, f, "coefficients", &err));
    assert_int_equal(count_rows(t, "coefficient", "x:calendar_weekday_Tuesday"), SHOPS);
    assert_int_equal(count_rows(t, "coefficient", "x:calendar_weekday_Monday"), 0);
    assert_int_equal(count_rows(t, "reason", "fewer_columns"), 2 * SHOPS);
    for (int64_t r = 0; r < wsf_table_rows(t); ++r) {
      const char *name = wsf_table_text(t, wsf_table_find(t, "coefficient"), r, NULL);
      const bool out = !wsf_table_is_null(t, wsf_table_find(t, "reason"), r);
      assert_int_equal(out, !strcmp(name, "x:Twin") || !strcmp(name, "x:calendar_weekday_Sunday"));
      if (out) assert_true(numbers(t, "estimate")[r] == 0);
    }
    wsf_table_release(t);
    wsf_forecaster_release(f);
  }
  close_shops(&s);
}

/* Each row of components adds up to the forecast, and a weekday's effect stands on its days. */
static void effects_are_told_by_name(void **state) {
  (void)state;
  shops s = open_shops("0");
  for (int m = 0; m < MODELS; ++m) {
    wsf_table *t = NULL;
    wsf_forecaster *f = fit(&s, models[m], "calendar(weekday),Promo");
    CALL(wsf_forecaster_describe(&t, f, "components(horizon=28)", &err));
    if (wsf_table_find(t, "x:calendar_weekday_Saturday") < 0 || wsf_table_find(t, "x:Promo") < 0) {
      fail_msg("%s does not name its regressors", models[m]);
    }
    const int64_t first = wsf_table_find(t, "forecast");
    for (int64_t r = 0; r < wsf_table_rows(t); ++r) {
      const int day = (DAYS + (int)(r % AHEAD)) % 7;
      const double forecast_r = wsf_table_f64(t, first)[r];
      double sum = 0;
      for (int64_t c = first + 1; c < wsf_table_columns(t); ++c) sum += wsf_table_f64(t, c)[r];
      assert_true(fabs(sum - forecast_r) < 1e-9 * fabs(forecast_r));
      assert_int_equal(numbers(t, "x:calendar_weekday_Saturday")[r] != 0, day == 5);
      assert_int_equal(numbers(t, "x:calendar_weekday_Tuesday")[r] != 0, day == 1);
    }
    wsf_table_release(t);
    wsf_forecaster_release(f);
  }
  close_shops(&s);
}

static void saved_forecasters_forecast_alike(void **state) {
  (void)state;
  shops s = open_shops("0");
  for (int m = 0; m < MODELS; ++m) {
    size_t size = 0;
    wsf_forecaster *back = NULL;
    wsf_forecaster *f = fit(&s, models[m], "calendar(weekday),Promo,Twin");
    CALL(wsf_forecaster_write(f, NULL, 0, &size, &err));
    void *bytes = malloc(size);
    CALL(wsf_forecaster_write(f, bytes, size, &size, &err));
    CALL(wsf_forecaster_read(&back, s.ctx, bytes, size, &err));
    wsf_table *t = predict(f), *u = predict(back);
    assert_memory_equal(numbers(t, "forecast"), numbers(u, "forecast"),
                        SHOPS * AHEAD * sizeof(double));
    wsf_table_release(t);
    wsf_table_release(u);
    wsf_forecaster_release(f);
    wsf_forecaster_release(back);
    free(bytes);
  }
  close_shops(&s);
}

static void what_reads_the_past_is_refused(void **state) {
  (void)state;
  shops s = open_shops("0");
  static const struct {
    const char *x, *says;
  } bad[] = {{"lags([1])", "lags reads earlier values of the target"},
             {"lags([1], of=[Promo])", "lags reads earlier values of columns"},
             {"calendar(week, hour)", "hour"},
             {"nowhere", "column 'nowhere' does not exist"},
             {"nowhere(1)", "nowhere"},
             {"[Promo]", "a list"}};
  for (int m = 0; m < MODELS; ++m) {
    for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
      char text[256];
      wsf_error err;
      wsf_model *model = NULL;
      wsf_forecaster *f = NULL;
      (void)snprintf(text, sizeof text, models[m], bad[i].x);
      wsf_status status = wsf_model_parse(&model, s.ctx, text, &err);
      if (status == WSF_OK) status = wsf_fit(&f, model, s.ds, NULL, &err);
      assert_int_not_equal(status, WSF_OK);
      if (!strstr(err.message, bad[i].says)) fail_msg("%s: %s", text, err.message);
      assert_true(err.byte >= 0);
      wsf_model_release(model);
    }
  }
  close_shops(&s);
}

int test_api_regressors(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(recipes_stand_where_columns_may),
      cmocka_unit_test(masks_leave_no_trace),
      cmocka_unit_test(columns_left_out_are_named),
      cmocka_unit_test(effects_are_told_by_name),
      cmocka_unit_test(saved_forecasters_forecast_alike),
      cmocka_unit_test(what_reads_the_past_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
