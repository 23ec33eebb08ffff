/* Masked periods leave no trace: whatever stands under the mask, every model, back-test, measure
 * and analysis gives the same bits. */
#include "api_support.h"

enum { MONTHS = 54, ROOM = 1 << 16 };

/* Closed: at both ends of north, some single months, and a stretch of west. */
static bool closed(int i, int t) {
  return i == 0 ? t < 3 || t >= MONTHS - 2 : i == 1 ? t % 17 == 5 : t >= 20 && t < 26;
}

/* Three shops as a CSV file; under the mask the values of `hidden`, if any. */
static char *rows_of(const char *const *hidden) {
  static const char *const shop[] = {"north", "south", "west"};
  char *text = malloc(ROOM);
  size_t used = (size_t)snprintf(text, ROOM, "shop,month,units,closed,promo\n");
  for (int i = 0; i < 3; ++i) {
    for (int t = 0; t < MONTHS + 12; ++t) {
      char units[32] = "";
      if (t < MONTHS) (void)snprintf(units, sizeof units, "%.6f", sample_value(i, t));
      if (t < MONTHS && closed(i, t) && hidden) {
        (void)snprintf(units, sizeof units, "%s", hidden[(i + t) % 4]);
      }
      used += (size_t)snprintf(text + used, ROOM - used, "%s,%d-%02d-01,%s,%d,%d\n", shop[i],
                               2015 + t / 12, 1 + t % 12, units, closed(i, t), t % 5 == 0);
    }
  }
  assert_true(used < ROOM);
  return text;
}

static const char *const wild[] = {"1e12", "-1e9", "", "0"};
static const char *const nothing[] = {"", "", "", ""};

static wsf_dataset *open(wsf_context *ctx, const char *text, const char *expr) {
  wsf_dataset *ds = NULL;
  CALL(wsf_context_add_bytes(ctx, "sales", text, strlen(text), NULL, NULL, &err));
  CALL(wsf_dataset_open(&ds, ctx, expr, &err));
  return ds;
}

#define CSV "csv(\"sales\", keys=shop, time=month, target=units, known=[closed,promo]"

typedef struct pair {
  wsf_context *ctx;
  wsf_dataset *plain, *wild; /* masked both */
  char *text[2];
} pair;

static pair make_pair(const char *expr) {
  pair p = {.ctx = new_context("threads=2")};
  p.text[0] = rows_of(NULL);
  p.text[1] = rows_of(wild);
  p.plain = open(p.ctx, p.text[0], expr);
  p.wild = open(p.ctx, p.text[1], expr);
  return p;
}

static void drop_pair(pair *p) {
  wsf_dataset_release(p->plain);
  wsf_dataset_release(p->wild);
  wsf_context_release(p->ctx);
  free(p->text[0]);
  free(p->text[1]);
}

static wsf_table *view(const wsf_dataset *ds, const char *what) {
  wsf_table *t = NULL;
  CALL(wsf_dataset_describe(&t, ds, what, &err));
  return t;
}

static int64_t reported(const wsf_dataset *ds, const char *item) {
  int64_t count = -1;
  wsf_table *t = view(ds, "report");
  for (int64_t r = 0; r < wsf_table_rows(t); ++r) {
    if (strcmp(wsf_table_text(t, wsf_table_find(t, "item"), r, NULL), item) != 0) continue;
    count = wsf_table_i64(t, wsf_table_find(t, "count"))[r];
  }
  wsf_table_release(t);
  return count;
}

static void test_target_is_missing(void **state) {
  (void)state;
  int64_t expected = 0;
  for (int i = 0; i < 3; ++i) {
    for (int t = 0; t < MONTHS; ++t) expected += closed(i, t);
  }
  pair p = make_pair(CSV ", mask=closed)");
  /* as if the file had held nothing there */
  char *text = rows_of(nothing);
  wsf_dataset *empty = open(p.ctx, text, CSV ")");
  wsf_table *a = view(p.plain, "values"), *b = view(p.wild, "values"), *c = view(empty, "values");
  assert_same_table(a, b);
  assert_same_table(a, c);
  assert_int_equal(reported(p.plain, "masked periods"), expected);
  assert_int_equal(reported(p.wild, "masked periods"), expected);
  assert_int_equal(reported(empty, "masked periods"), -1);
  const double *units = numbers(a, "units");
  int64_t seen = 0;
  for (int64_t r = 0; r < wsf_table_rows(a); ++r) seen += isfinite(units[r]);
  assert_int_equal(seen, 3 * MONTHS - expected);
  wsf_table_release(a);
  wsf_table_release(b);
  wsf_table_release(c);
  wsf_dataset_release(empty);
  free(text);
  drop_pair(&p);
}

/* The option of csv, the step, rows from a stream and rows added one by one say the same. */
static void test_every_way_in(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  char *text = rows_of(wild);
  wsf_dataset *option = open(ctx, text, CSV ", mask=closed)"), *arrow = NULL, *built = NULL;
  wsf_dataset *step = open(ctx, text, CSV ") | mask(closed)"), *raw = open(ctx, text, CSV ")");
  wsf_table *values = view(option, "values"), *other = view(step, "values");
  assert_same_table(values, other);
  wsf_table_release(other);

  struct ArrowArrayStream stream;
  wsf_table *rows = view(raw, "values");
  CALL(wsf_table_export_stream(rows, &stream, &err));
  CALL(wsf_dataset_from_arrow(
      &arrow, ctx, &stream,
      "keys=[shop], time=month, target=units, known=[closed,promo], mask=closed", &err));
  other = view(arrow, "values");
  assert_int_equal(wsf_table_rows(values), wsf_table_rows(other));
  assert_memory_equal(numbers(values, "units"), numbers(other, "units"),
                      (size_t)wsf_table_rows(values) * sizeof(double));
  wsf_table_release(other);

  wsf_builder *b = NULL;
  CALL(wsf_builder_create(
      &b, ctx, "keys=[shop], time=month, target=units, known=[closed], mask=closed", &err));
  for (int i = 0; i < 2; ++i) {
    const char *const keys[] = {i ? "b" : "a"};
    for (int t = 1; t <= 9; ++t) {
      char month[16];
      (void)snprintf(month, sizeof month, "2020-%02d-01", t);
      CALL(wsf_builder_add(b, keys, month, t == 5 ? 1e30 : t, &(double){t == 5}, &err));
    }
  }
  CALL(wsf_builder_finish(&built, b, &err));
  assert_int_equal(reported(built, "masked periods"), 2);
  other = view(built, "values");
  assert_true(isnan(numbers(other, "units")[4]) && numbers(other, "units")[5] == 6);
  wsf_table_release(other);
  wsf_builder_release(b);

  wsf_table_release(values);
  wsf_table_release(rows);
  wsf_dataset_release(option);
  wsf_dataset_release(step);
  wsf_dataset_release(raw);
  wsf_dataset_release(arrow);
  wsf_dataset_release(built);
  free(text);
  wsf_context_release(ctx);
}

static bool fits(wsf_forecaster **f, wsf_context *ctx, const char *expr, const wsf_dataset *ds) {
  wsf_model *m = new_model(ctx, expr);
  *f = NULL;
  const bool ok = wsf_fit(f, m, ds, NULL, NULL) == WSF_OK;
  wsf_model_release(m);
  return ok;
}

static void test_every_model(void **state) {
  (void)state;
  pair p = make_pair(CSV ", mask=closed)");
  wsf_table *names = NULL;
  CALL(wsf_catalog(&names, p.ctx, NULL, &err));
  int tried = 0;
  for (int64_t r = 0; r < wsf_table_rows(names); ++r) {
    if (strcmp(wsf_table_text(names, 0, r, NULL), "model") != 0) continue;
    const char *example = wsf_table_text(names, 4, r, NULL);
    wsf_forecaster *a, *b;
    /* An example may want data of another kind. */
    const bool ok = fits(&a, p.ctx, example, p.plain);
    assert_true(fits(&b, p.ctx, example, p.wild) == ok);
    if (!ok) continue;
    wsf_table *x = forecast(a, "horizon=6, levels=[80]"),
              *y = forecast(b, "horizon=6, levels=[80]");
    assert_same_table(x, y);
    wsf_table_release(x);
    wsf_table_release(y);
    wsf_forecaster_release(a);
    wsf_forecaster_release(b);
    ++tried;
  }
  assert_true(tried > 30);
  wsf_table_release(names);
  drop_pair(&p);
}

static void test_every_measure(void **state) {
  (void)state;
  pair p = make_pair(CSV ", mask=closed)");
  const wsf_model *const models[] = {new_model(p.ctx, "ets"), new_model(p.ctx, "snaive")};
  wsf_table *a[WSF_BACKTEST_TABLES], *b[WSF_BACKTEST_TABLES];
  static const char *const options =
      "horizon=6, windows=4, forecasts=true, metrics=[mae,rmse,smape,mase,wape,bias,wmae]";
  CALL(wsf_backtest(a, models, 2, p.plain, options, &err));
  CALL(wsf_backtest(b, models, 2, p.wild, options, &err));
  assert_same_table(a[WSF_BACKTEST_FORECASTS], b[WSF_BACKTEST_FORECASTS]);
  assert_same_table(a[WSF_BACKTEST_SERIES], b[WSF_BACKTEST_SERIES]);
  const int64_t mae = wsf_table_find(a[0], "mae");
  assert_memory_equal(wsf_table_f64(a[0], mae), wsf_table_f64(b[0], mae), 2 * sizeof(double));

  /* forecasts of a history measured against what came, masked */
  wsf_dataset *history = open(p.ctx, p.text[0], CSV ", mask=closed) | until(\"2018-06-01\")");
  wsf_forecaster *f = fitted(p.ctx, "snaive", history);
  wsf_table *forecasts = forecast(f, "horizon=12"), *x = NULL, *y = NULL;
  CALL(wsf_evaluate(&x, forecasts, history, p.plain, "metrics=[mae,mase]", &err));
  CALL(wsf_evaluate(&y, forecasts, history, p.wild, "metrics=[mae,mase]", &err));
  assert_same_table(x, y);
  wsf_table_release(x);
  wsf_table_release(y);
  wsf_table_release(forecasts);

  static const char *const what[] = {"summary", "acf",   "pacf",    "decompose", "mstl",
                                     "seasons", "tests", "changes", "outliers"};
  for (size_t i = 0; i < sizeof what / sizeof *what; ++i) {
    char text[64];
    (void)snprintf(text, sizeof text, "what=%s", what[i]);
    CALL(wsf_analyze(&x, p.plain, text, &err));
    CALL(wsf_analyze(&y, p.wild, text, &err));
    assert_same_table(x, y);
    wsf_table_release(x);
    wsf_table_release(y);
  }
  for (int t = 0; t < WSF_BACKTEST_TABLES; ++t) {
    wsf_table_release(a[t]);
    wsf_table_release(b[t]);
  }
  for (int m = 0; m < 2; ++m) wsf_model_release((wsf_model *)(uintptr_t)models[m]);
  wsf_forecaster_release(f);
  wsf_dataset_release(history);
  drop_pair(&p);
}

static wsf_table *features_of(wsf_context *ctx, const wsf_dataset *ds, const char *recipe) {
  struct ArrowArrayStream stream;
  struct ArrowSchema schema;
  struct ArrowArray array;
  wsf_table *t = NULL;
  CALL(wsf_features(&stream, ds, recipe, "dtype=f64, horizon=6", &err));
  assert_int_equal(stream.get_schema(&stream, &schema), 0);
  assert_int_equal(stream.get_next(&stream, &array), 0);
  CALL(wsf_table_import(&t, ctx, &schema, &array, &err));
  schema.release(&schema);
  stream.release(&stream);
  return t;
}

/* No lag and no window sees what is masked. */
static void test_every_feature(void **state) {
  (void)state;
  pair p = make_pair(CSV ", mask=closed)");
  wsf_table *names = NULL;
  CALL(wsf_catalog(&names, p.ctx, NULL, &err));
  int tried = 0;
  for (int64_t r = 0; r < wsf_table_rows(names); ++r) {
    if (strcmp(wsf_table_text(names, 0, r, NULL), "feature") != 0) continue;
    const char *example = wsf_table_text(names, 4, r, NULL);
    struct ArrowArrayStream stream;
    /* An example may want columns of another dataset. */
    if (wsf_features(&stream, p.plain, example, NULL, NULL) != WSF_OK) continue;
    stream.release(&stream);
    wsf_table *x = features_of(p.ctx, p.plain, example), *y = features_of(p.ctx, p.wild, example);
    assert_same_table(x, y);
    wsf_table_release(x);
    wsf_table_release(y);
    ++tried;
  }
  assert_true(tried > 0);
  wsf_table_release(names);
  drop_pair(&p);
}

/* An update over masked months is one over missing ones. */
static void test_update(void **state) {
  (void)state;
  pair p = make_pair(CSV ", mask=closed)");
  wsf_dataset *history = open(p.ctx, p.text[0], CSV ", mask=closed) | until(\"2018-06-01\")");
  wsf_forecaster *f = fitted(p.ctx, "ets", history), *a = NULL, *b = NULL;
  CALL(wsf_update(&a, f, p.plain, NULL, &err));
  CALL(wsf_update(&b, f, p.wild, NULL, &err));
  wsf_table *x = forecast(a, "horizon=6"), *y = forecast(b, "horizon=6");
  assert_same_table(x, y);
  wsf_table_release(x);
  wsf_table_release(y);
  wsf_forecaster_release(f);
  wsf_forecaster_release(a);
  wsf_forecaster_release(b);
  wsf_dataset_release(history);
  drop_pair(&p);
}

static void test_refusals(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  char *text = rows_of(NULL);
  wsf_dataset *ds = open(ctx, text, CSV ")");
  wsf_dataset_release(ds);
  ds = NULL;
  FAILS(WSF_E_DATA, wsf_dataset_open(&ds, ctx, CSV ", mask=close)", err));
  FAILS(WSF_E_VALUE, wsf_dataset_open(&ds, ctx, CSV ") | mask(close)", err));
  FAILS(WSF_E_VALUE, wsf_dataset_open(&ds, ctx, CSV ", text=promo) | mask(promo)", err));
  static const char *const all = "month,units,closed\n2020-01-01,1,1\n2020-02-01,2,1\n";
  CALL(wsf_context_add_bytes(ctx, "sales", all, strlen(all), NULL, NULL, &err));
  FAILS(WSF_E_DATA,
        wsf_dataset_open(&ds, ctx, "csv(\"sales\", time=month, target=units, mask=closed)", err));
  assert_null(ds);
  wsf_context_release(ctx);
  free(text);
}

int test_api_mask(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_target_is_missing), cmocka_unit_test(test_every_way_in),
      cmocka_unit_test(test_every_model),       cmocka_unit_test(test_every_measure),
      cmocka_unit_test(test_every_feature),     cmocka_unit_test(test_update),
      cmocka_unit_test(test_refusals),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
