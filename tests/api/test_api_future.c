/* Forecasts that read columns known ahead: a dataset without a target holds their future, for all
 * series or some, and only wsf_predict takes it. */
#include "api_support.h"

#include <string.h>

enum { HISTORY = 24, HORIZON = 4 };

/* units = 3 price + (1 for shop b); price 2 + step % 3 in the history, from `future` on after it.
 */
static void add_rows(wsf_builder *b, const char *shop, int from, int until, double future) {
  for (int t = from; t < until; ++t) {
    char time[16];
    (void)snprintf(time, sizeof time, "%d", t);
    const double price = t < HISTORY ? 2 + t % 3 : future + t - HISTORY;
    const double units = t < HISTORY ? 3 * price + (shop[0] == 'b') : NAN;
    CALL(wsf_builder_add(b, &shop, time, units, &price, &err));
  }
}

static wsf_dataset *finish(wsf_builder *b) {
  wsf_dataset *ds;
  CALL(wsf_builder_finish(&ds, b, &err));
  wsf_builder_release(b);
  return ds;
}

static wsf_dataset *future_of(wsf_context *ctx, const char *shops, int until, double price) {
  wsf_builder *b;
  CALL(wsf_builder_create(&b, ctx, "keys=shop, time=t, known=price", &err));
  for (; *shops; ++shops) {
    const char shop[] = {*shops, '\0'};
    add_rows(b, shop, HISTORY, until, price);
  }
  return finish(b);
}

static wsf_forecaster *priced(wsf_context *ctx, int known_until) {
  wsf_builder *b;
  wsf_model *model;
  wsf_forecaster *f;
  CALL(
      wsf_builder_create(&b, ctx, "keys=shop, time=t, target=units, known=price, end=panel", &err));
  add_rows(b, "a", 0, known_until, 5);
  add_rows(b, "b", 0, known_until, 5);
  wsf_dataset *ds = finish(b);
  CALL(wsf_model_parse(&model, ctx, "tslm(trend=false, season=1, x=[price])", &err));
  CALL(wsf_fit(&f, model, ds, NULL, &err));
  wsf_model_release(model);
  wsf_dataset_release(ds);
  return f;
}

static void check(const wsf_table *t, double price_a, double price_b) {
  const int64_t shop = wsf_table_find(t, "shop");
  const double *forecast = wsf_table_f64(t, wsf_table_find(t, "forecast"));
  for (int64_t r = 0; r < wsf_table_rows(t); ++r) {
    const bool b = wsf_table_text(t, shop, r, NULL)[0] == 'b';
    const double price = (b ? price_b : price_a) + (double)(r % HORIZON);
    assert_true(fabs(forecast[r] - (3 * price + b)) < 1e-9);
  }
}

static void future_rows_are_enough(void **state) {
  (void)state;
  wsf_context *ctx = new_context("threads=2");
  wsf_forecaster *f = priced(ctx, HISTORY + HORIZON);
  wsf_table *t;
  wsf_dataset *both = future_of(ctx, "ab", HISTORY + HORIZON, 8);
  wsf_dataset *one = future_of(ctx, "b", HISTORY + HORIZON, 8);
  CALL(wsf_predict(&t, f, NULL, "horizon=4", &err));
  check(t, 5, 5);
  wsf_table_release(t);
  CALL(wsf_predict(&t, f, both, "horizon=4", &err));
  check(t, 8, 8);
  wsf_table_release(t);
  CALL(wsf_predict(&t, f, one, "horizon=4", &err)); /* a keeps what the fit saw */
  check(t, 5, 8);
  wsf_table_release(t);
  CALL(wsf_dataset_describe(&t, one, "values", &err));
  assert_int_equal(wsf_table_rows(t), HORIZON);
  assert_int_equal(wsf_table_find(t, "price"), 3); /* after the key, the time and the weight */
  wsf_table_release(t);
  wsf_dataset_release(both);
  wsf_dataset_release(one);
  wsf_forecaster_release(f);
  wsf_context_release(ctx);
}

static void what_is_missing_is_named_where_it_is_needed(void **state) {
  (void)state;
  wsf_context *ctx = new_context("threads=1");
  wsf_forecaster *f = priced(ctx, HISTORY); /* nothing known past the history */
  wsf_table *t;
  wsf_dataset *one = future_of(ctx, "b", HISTORY + HORIZON - 1, 8);
  wsf_error why;
  FAILS(WSF_E_DATA, wsf_predict(&t, f, one, "horizon=4", err));
  assert_int_equal(wsf_predict(&t, f, one, "horizon=4", &why), WSF_E_DATA);
  assert_string_equal(why.message,
                      "column 'price' has no value for series a at 24, expected one for "
                      "every period of the forecast; a dataset for the forecast brings it, "
                      "fallback(.., snaive) needs none");
  assert_string_equal(why.field, "price");
  assert_int_equal(why.series, 0);
  CALL(wsf_predict(&t, f, one, "horizon=3, series=b", &err));
  assert_int_equal(wsf_table_rows(t), 3);
  check(t, 0, 8);
  wsf_table_release(t);
  assert_int_equal(wsf_predict(&t, f, one, "horizon=4, series=b", &why), WSF_E_DATA);
  assert_non_null(strstr(why.message, "for series b at 27"));
  assert_int_equal(why.series, 1);
  wsf_dataset_release(one);
  wsf_forecaster_release(f);
  wsf_context_release(ctx);
}

/* One of them lacks a price: it gets the fallback and a reason, the other its forecast (by prices
 * twice those it ever had, which is told). */
static void the_others_go_on(void **state) {
  (void)state;
  wsf_context *ctx = new_context("threads=1");
  wsf_forecaster *f = priced(ctx, HISTORY);
  wsf_table *t;
  wsf_dataset *one = future_of(ctx, "b", HISTORY + HORIZON, 8);
  CALL(wsf_predict(&t, f, one, "horizon=4, reasons=true", &err));
  const double *forecast = wsf_table_f64(t, wsf_table_find(t, "forecast"));
  const int64_t reason = wsf_table_find(t, "reason");
  for (int64_t r = 0; r < 2 * HORIZON; ++r) {
    const bool b = r >= HORIZON;
    const double wanted = b ? 3 * (8 + (double)(r - HORIZON)) + 1 : 12; /* or its last value */
    assert_true(fabs(forecast[r] - wanted) < 1e-9);
    assert_string_equal(wsf_table_text(t, reason, r, NULL),
                        b ? "extrapolated" : "missing_regressor");
  }
  wsf_table_release(t);
  wsf_dataset_release(one);
  wsf_forecaster_release(f);
  wsf_context_release(ctx);
}

static void each_series_is_asked_for_once(void **state) {
  (void)state;
  static const char *const views[] = {"components(series=[\"b\",\"a\"])",
                                      "coefficients(series=[\"b\",\"a\"])"};
  wsf_context *ctx = new_context("threads=1");
  wsf_forecaster *f = priced(ctx, HISTORY + 12);
  wsf_table *t;
  wsf_error why;
  CALL(wsf_predict(&t, f, NULL, "horizon=1, series=[b,a]", &err)); /* in this order */
  assert_string_equal(wsf_table_text(t, 0, 0, NULL), "b");
  assert_string_equal(wsf_table_text(t, 0, 1, NULL), "a");
  wsf_table_release(t);
  FAILS(WSF_E_VALUE, wsf_predict(&t, f, NULL, "horizon=1, series=[b,a,b]", err));
  assert_int_equal(wsf_predict(&t, f, NULL, "horizon=1, series=[b,a,b]", &why), WSF_E_VALUE);
  assert_string_equal(why.message, "'b' asks for series b again, expected each once");
  assert_string_equal(why.field, "series");
  for (int v = 0; v < 2; ++v) {
    CALL(wsf_forecaster_describe(&t, f, views[v], &err));
    assert_string_equal(wsf_table_text(t, 0, 0, NULL), "b");
    assert_string_equal(wsf_table_text(t, 0, wsf_table_rows(t) - 1, NULL), "a");
    wsf_table_release(t);
  }
  FAILS(WSF_E_VALUE, wsf_forecaster_describe(&t, f, "components(series=[a,a])", err));
  FAILS(WSF_E_VALUE, wsf_forecaster_describe(&t, f, "coefficients(series=[a,a])", err));
  wsf_forecaster_release(f);
  wsf_context_release(ctx);
}

static void nothing_else_takes_it(void **state) {
  (void)state;
  wsf_context *ctx = new_context("threads=1");
  wsf_forecaster *f = priced(ctx, HISTORY), *other;
  wsf_dataset *future = future_of(ctx, "ab", HISTORY + HORIZON, 8);
  wsf_model *model;
  wsf_table *t, *tables[WSF_BACKTEST_TABLES];
  wsf_error why;
  CALL(wsf_model_parse(&model, ctx, "naive", &err));
  const wsf_model *models[] = {model};
  FAILS(WSF_E_DATA, wsf_fit(&other, model, future, NULL, err));
  assert_int_equal(wsf_fit(&other, model, future, NULL, &why), WSF_E_DATA);
  assert_string_equal(why.message, "the dataset has no target, only columns known ahead; expected "
                                   "target= to name one");
  FAILS(WSF_E_DATA, wsf_update(&other, f, future, NULL, err));
  FAILS(WSF_E_DATA, wsf_backtest(tables, models, 1, future, "horizon=1", err));
  FAILS(WSF_E_DATA, wsf_analyze(&t, future, "what=summary", err));
  struct ArrowArrayStream rows;
  FAILS(WSF_E_DATA, wsf_features(&rows, future, "lags(1)", NULL, err));
  CALL(wsf_predict(&t, f, future, "horizon=1", &err));
  wsf_table *ignored;
  FAILS(WSF_E_DATA, wsf_evaluate(&ignored, t, future, future, NULL, err));
  wsf_table_release(t);
  static const char *const whats[] = {"summary", "columns", "series",
                                      "report",  "levels",  "request"};
  for (size_t i = 0; i < sizeof whats / sizeof *whats; ++i) {
    CALL(wsf_dataset_describe(&t, future, whats[i], &err));
    wsf_table_release(t);
  }
  wsf_model_release(model);
  wsf_dataset_release(future);
  wsf_forecaster_release(f);
  wsf_context_release(ctx);
}

/* A feed of one period restates what it tells: the plan of later periods stays, also of the series
 * that the feed has. */
static void an_update_keeps_what_is_known_ahead(void **state) {
  (void)state;
  wsf_context *ctx = new_context("threads=1");
  wsf_forecaster *f = priced(ctx, HISTORY + HORIZON), *moved;
  static const double restated[] = {5, 9};
  static const char *const shop = "a";
  for (int rows = 1; rows <= 2; ++rows) {
    wsf_builder *b;
    wsf_table *t;
    CALL(wsf_builder_create(&b, ctx, "keys=shop, time=t, target=units, known=price, end=panel",
                            &err));
    CALL(wsf_builder_add(b, &shop, "24", 15, &restated[0], &err));
    if (rows == 2) CALL(wsf_builder_add(b, &shop, "25", NAN, &restated[1], &err));
    wsf_dataset *feed = finish(b);
    CALL(wsf_update(&moved, f, feed, NULL, &err));
    CALL(wsf_predict(&t, moved, NULL, "horizon=3", &err));
    const double *forecast = wsf_table_f64(t, wsf_table_find(t, "forecast"));
    for (int r = 0; r < 6; ++r) {
      const double price = r == 0 && rows == 2 ? 9 : 6 + r % 3;
      assert_true(fabs(forecast[r] - (3 * price + (r >= 3))) < 1e-9);
    }
    wsf_table_release(t);
    FAILS(WSF_E_DATA, wsf_predict(&t, moved, NULL, "horizon=4", err)); /* no further than it was */
    wsf_forecaster_release(moved);
    wsf_dataset_release(feed);
  }
  wsf_forecaster_release(f);
  wsf_context_release(ctx);
}

int test_api_future(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(future_rows_are_enough),
                                     cmocka_unit_test(what_is_missing_is_named_where_it_is_needed),
                                     cmocka_unit_test(the_others_go_on),
                                     cmocka_unit_test(each_series_is_asked_for_once),
                                     cmocka_unit_test(an_update_keeps_what_is_known_ahead),
                                     cmocka_unit_test(nothing_else_takes_it)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
