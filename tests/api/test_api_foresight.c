/* forecast(..) behind x=: a column that is known in the past only, forecast by a model of its own,
 * in every model that regresses on columns. Sales follow the weather, which has a season. */
#include "api_support.h"

enum { DAYS = 200, AHEAD = 14, SHOPS = 3 };

static const char *const models[] = {
    "tslm(season=1, x=[%s])",
    "ets(season=1, x=[%s])",
    "arima(order=[0,0,0], season=1, x=[%s])",
    "ucm(model=level, x=[%s])",
    "prophet(weekly_seasonality=false, x=[%s])",
    "lstm(hidden=2, epochs=1, by=all, x=[%s])",
    "stl(7, tslm(x=[%s]))", /* takes the season of the sales off, not the weather's */
};
enum { MODELS = sizeof models / sizeof *models };

static double weather(int shop, int t) {
  const unsigned noise = (unsigned)(shop * 7919 + t * 104729) * 2654435761u;
  return 15 + 2 * shop + 8 * sin(6.283185307179586 * t / 7) + (noise >> 20) / 4096.0;
}

static double sales(int shop, int t) {
  const unsigned noise = (unsigned)(shop * 104729 + t * 7919) * 2654435761u;
  return 100 + 10 * shop + 3 * weather(shop, t) + (noise >> 20) / 4096.0;
}

/* "2018-01-01" is day 0. */
static void date_of(char out[32], int t) {
  static const int length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  int month = 0;
  for (; t >= length[month]; ++month) t -= length[month];
  (void)snprintf(out, 32, "2018-%02d-%02d", month + 1, t + 1);
}

/* What the weather is said to be: AHEAD days of each shop from day `from` on. */
typedef struct saying {
  int from;
  const double *weather; /* [SHOPS * AHEAD]; NULL: it is what it was */
} saying;

#define PAST  "keys=[shop], time=day, target=sales, past=[weather]"
#define KNOWN "keys=[shop], time=day, target=sales, known=[weather]"

/* Days 0 .. days - 1 with sales, and `ahead` more without. */
static wsf_dataset *make(wsf_context *ctx, const char *options, int days, int ahead, saying said) {
  static const char *const shop[SHOPS] = {"north", "south", "west"};
  wsf_builder *b = NULL;
  wsf_dataset *ds = NULL;
  CALL(wsf_builder_create(&b, ctx, options, &err));
  for (int i = 0; i < SHOPS; ++i) {
    for (int t = 0; t < days + ahead; ++t) {
      const bool is_said = said.weather && t >= said.from && t < said.from + AHEAD;
      const double w = is_said ? said.weather[i * AHEAD + t - said.from] : weather(i, t);
      const char *const keys[] = {shop[i]};
      char date[32];
      date_of(date, t);
      CALL(wsf_builder_add(b, keys, date, t < days ? sales(i, t) : NAN, &w, &err));
    }
  }
  CALL(wsf_builder_finish(&ds, b, &err));
  wsf_builder_release(b);
  return ds;
}

/* The same days with the weather for a target, forecast by a model. */
static wsf_table *forecast_weather(wsf_context *ctx, const char *model, int days) {
  static const char *const shop[SHOPS] = {"north", "south", "west"};
  wsf_builder *b = NULL;
  wsf_dataset *ds = NULL;
  CALL(wsf_builder_create(&b, ctx, "keys=[shop], time=day, target=weather", &err));
  for (int i = 0; i < SHOPS; ++i) {
    for (int t = 0; t < days; ++t) {
      const char *const keys[] = {shop[i]};
      char date[32];
      date_of(date, t);
      CALL(wsf_builder_add(b, keys, date, weather(i, t), NULL, &err));
    }
  }
  CALL(wsf_builder_finish(&ds, b, &err));
  wsf_builder_release(b);
  wsf_forecaster *f = fitted(ctx, model, ds);
  wsf_table *t = forecast(f, "horizon=14");
  wsf_forecaster_release(f);
  wsf_dataset_release(ds);
  return t;
}

static wsf_forecaster *fit(wsf_context *ctx, const char *model, const char *x,
                           const wsf_dataset *ds) {
  char text[256];
  (void)snprintf(text, sizeof text, model, x);
  return fitted(ctx, text, ds);
}

static void assert_same_forecasts(const wsf_forecaster *f, const wsf_forecaster *g) {
  wsf_table *a = forecast(f, "horizon=14, levels=[80]");
  wsf_table *b = forecast(g, "horizon=14, levels=[80]");
  assert_same_table(a, b);
  wsf_table_release(b);
  wsf_table_release(a);
}

static wsf_forecaster *reloaded(wsf_context *ctx, const wsf_forecaster *f) {
  wsf_forecaster *out = NULL;
  size_t size = 0;
  CALL(wsf_forecaster_write(f, NULL, 0, &size, &err));
  void *bytes = malloc(size);
  CALL(wsf_forecaster_write(f, bytes, size, &size, &err));
  CALL(wsf_forecaster_read(&out, ctx, bytes, size, &err));
  free(bytes);
  return out;
}

/* The forecast of the column by hand, given as known ahead, and the feature: the same bits; after a
 * fit, a load, and an update. */
static void it_is_the_forecast_given_as_known(void **state) {
  (void)state;
  enum { EARLY = DAYS - 30 };
  wsf_context *ctx = new_context("threads=2");
  wsf_table *early = forecast_weather(ctx, "ets", EARLY),
            *late = forecast_weather(ctx, "ets", DAYS);
  const saying at_early = {EARLY, numbers(early, "forecast")};
  const saying at_late = {DAYS, numbers(late, "forecast")};
  const saying nothing = {0, NULL};
  wsf_dataset *past = make(ctx, PAST, EARLY, 0, nothing), *more = make(ctx, PAST, DAYS, 0, nothing);
  wsf_dataset *known = make(ctx, KNOWN, EARLY, AHEAD, at_early);
  wsf_dataset *known_more = make(ctx, KNOWN, DAYS, AHEAD, at_late);
  for (int m = 0; m < MODELS; ++m) {
    wsf_forecaster *f = fit(ctx, models[m], "forecast(weather, ets)", past);
    wsf_forecaster *by_hand = fit(ctx, models[m], "columns(weather)", known);
    wsf_forecaster *loaded = reloaded(ctx, f), *moved = NULL, *moved_by_hand = NULL;
    assert_same_forecasts(f, by_hand);
    assert_same_forecasts(f, loaded);
    CALL(wsf_update(&moved, loaded, more, NULL, &err));
    CALL(wsf_update(&moved_by_hand, by_hand, known_more, NULL, &err));
    assert_same_forecasts(moved, moved_by_hand);
    wsf_forecaster_release(moved_by_hand);
    wsf_forecaster_release(moved);
    wsf_forecaster_release(loaded);
    wsf_forecaster_release(by_hand);
    wsf_forecaster_release(f);
  }
  wsf_dataset_release(known_more);
  wsf_dataset_release(known);
  wsf_dataset_release(more);
  wsf_dataset_release(past);
  wsf_table_release(late);
  wsf_table_release(early);
  wsf_context_release(ctx);
}

static wsf_table *backtested(wsf_context *ctx, const char *model, const wsf_dataset *ds) {
  wsf_model *m = new_model(ctx, model);
  wsf_table *out[WSF_BACKTEST_TABLES] = {NULL};
  CALL(wsf_backtest(out, (const wsf_model *const *)&m, 1, ds, "horizon=14, forecasts=true", &err));
  for (int i = 0; i < WSF_BACKTEST_TABLES; ++i) {
    if (i != WSF_BACKTEST_FORECASTS) wsf_table_release(out[i]);
  }
  wsf_model_release(m);
  return out[WSF_BACKTEST_FORECASTS];
}

/* Whatever the weather became in the days that are tested, the forecasts made before are the same;
 * given as known ahead it moves them. */
static void a_backtest_does_not_see_the_column(void **state) {
  (void)state;
  static const char *const models_of[] = {"tslm(season=1, x=[forecast(weather)])",
                                          "best(tslm(x=[forecast(weather)]), snaive)",
                                          "conformal(ets(season=1, x=[forecast(weather, tslm)]))"};
  static double odd[SHOPS * AHEAD];
  for (int i = 0; i < SHOPS * AHEAD; ++i) odd[i] = 1000 * i;
  const saying as_it_was = {0, NULL}, wild = {DAYS - AHEAD, odd};
  wsf_context *ctx = new_context("threads=1");
  for (int known = 0; known < 2; ++known) {
    wsf_dataset *ds = make(ctx, known ? KNOWN : PAST, DAYS, 0, as_it_was);
    wsf_dataset *other = make(ctx, known ? KNOWN : PAST, DAYS, 0, wild);
    for (int m = 0; m < (known ? 1 : 3); ++m) {
      const char *model = known ? "tslm(season=1, x=[weather])" : models_of[m];
      wsf_table *a = backtested(ctx, model, ds), *b = backtested(ctx, model, other);
      assert_int_equal(wsf_table_rows(a), SHOPS * AHEAD);
      if (known)
        assert_true(fabs(numbers(a, "forecast")[1] - numbers(b, "forecast")[1]) > 100);
      else
        assert_same_table(a, b);
      wsf_table_release(b);
      wsf_table_release(a);
    }
    wsf_dataset_release(other);
    wsf_dataset_release(ds);
  }
  wsf_context_release(ctx);
}

/* A model inside may regress on a forecast itself, and threads do not show. */
static void forecasts_nest(void **state) {
  (void)state;
  wsf_table *table[2];
  for (int k = 0; k < 2; ++k) {
    wsf_context *ctx = new_context(k ? "threads=3" : "threads=1");
    wsf_dataset *ds = make(ctx, PAST, DAYS, 0, (saying){0, NULL});
    wsf_forecaster *f =
        fit(ctx, models[0], "forecast(weather, ets(x=[forecast(weather, snaive)]))", ds);
    table[k] = forecast(f, "horizon=80");
    wsf_forecaster_release(f);
    wsf_dataset_release(ds);
    wsf_context_release(ctx);
  }
  assert_same_table(table[0], table[1]);
  wsf_table_release(table[1]);
  wsf_table_release(table[0]);
}

static void refuses(wsf_context *ctx, const wsf_dataset *ds, const char *x, const char *why) {
  char text[256];
  wsf_error err = marked();
  wsf_forecaster *f = NULL;
  (void)snprintf(text, sizeof text, "tslm(x=[%s])", x);
  wsf_model *m = new_model(ctx, text);
  assert_int_equal(wsf_fit(&f, m, ds, NULL, &err), WSF_E_VALUE);
  if (!strstr(err.message, why)) fail_msg("%s: %s", x, err.message);
  assert_string_equal(err.field, strstr(x, "column") ? "column" : "x");
  wsf_model_release(m);
}

static void what_cannot_be_is_refused(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  wsf_dataset *past = make(ctx, PAST, DAYS, 0, (saying){0, NULL});
  wsf_dataset *known = make(ctx, KNOWN, DAYS, 0, (saying){0, NULL});
  refuses(ctx, past, "weather", "forecast(weather) forecasts it");
  refuses(ctx, past, "forecast(column=wether)", "column 'wether' does not exist");
  refuses(ctx, known, "forecast(column=weather)", "is known ahead and needs no forecast");
  refuses(ctx, past, "forecast(weather, lstm)", "several series together");
  refuses(ctx, past, "forecast(weather, mean(ets, ets(x=[rain])))", "'rain' does not exist");
  struct ArrowArrayStream stream;
  FAILS(WSF_E_VALUE, wsf_features(&stream, past, "forecast(weather)", NULL, err));
  wsf_dataset_release(known);
  wsf_dataset_release(past);
  wsf_context_release(ctx);
}

int test_api_foresight(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(it_is_the_forecast_given_as_known),
      cmocka_unit_test(a_backtest_does_not_see_the_column),
      cmocka_unit_test(forecasts_nest),
      cmocka_unit_test(what_cannot_be_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
