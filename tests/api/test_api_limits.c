/* Limits of a context: each is exceeded, and each says what was found. */
#include "api_support.h"

#include <unistd.h>

#define SALES "test_api_limits.csv"

static void write_text(const char *path, const char *text) {
  FILE *file = fopen(path, "wb");
  assert_non_null(file);
  assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
  assert_int_equal(fclose(file), 0);
}

/* 3 shops of 4 months, 12 rows, 209 bytes. */
static void write_sales(void) {
  char text[1024] = "shop,month,sales\n";
  for (int i = 0; i < 12; ++i) {
    const size_t used = strlen(text);
    (void)snprintf(text + used, sizeof text - used, "%c,2020-%02d-01,%d\n", 'a' + i / 4, 1 + i % 4,
                   10 + i);
  }
  write_text(SALES, text);
}

static const char expr[] = "csv(\"" SALES "\", keys=shop, time=month, target=sales, freq=month)";

/* The call fails for this reason. */
#define LIMITED(option, sentence, call)                                                            \
  do {                                                                                             \
    FAILS(WSF_E_LIMIT, call);                                                                      \
    wsf_error limited_record = marked(), *err = &limited_record;                                   \
    assert_int_equal((call), WSF_E_LIMIT);                                                         \
    assert_string_equal(limited_record.field, (option));                                           \
    if (!strstr(limited_record.message, (sentence))) fail_msg("%s", limited_record.message);       \
  } while (0)

static void opens(const char *options) {
  wsf_context *ctx = new_context(options);
  wsf_dataset *ds = NULL;
  CALL(wsf_dataset_open(&ds, ctx, expr, &err));
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

static void refuses(const char *options, const char *text, const char *option,
                    const char *sentence) {
  wsf_context *ctx = new_context(options);
  wsf_dataset *ds = NULL;
  LIMITED(option, sentence, wsf_dataset_open(&ds, ctx, text, err));
  assert_null(ds);
  wsf_context_release(ctx);
}

static void test_data(void **state) {
  (void)state;
  write_sales();
  opens("max_bytes=209, max_rows=12, max_series=3, max_values=12");
  refuses("max_bytes=208", expr, "max_bytes", "209 bytes; the context allows 208 (max_bytes)");
  refuses("max_rows=11", expr, "max_rows", "12 rows; the context allows 11 (max_rows)");
  refuses("max_series=2", expr, "max_series", "3 series; the context allows 2 (max_series)");
  refuses("max_values=11", expr, "max_values", "12 values; the context allows 11 (max_values)");
  /* What an expression makes counts as what it reads. */
  refuses("max_rows=1000000", "simulate(stores=100, depts=100, weeks=1000)", "max_rows",
          "10000000 rows");
  refuses("max_series=9999", "simulate(stores=100, depts=100, weeks=1000)", "max_series",
          "10000 series");
  char sums[256];
  (void)snprintf(sums, sizeof sums, "%s | aggregate(levels=[[]])", expr);
  refuses("max_series=3", sums, "max_series", "4 series; the context allows 3 (max_series)");
  refuses("max_values=15", sums, "max_values", "16 values; the context allows 15 (max_values)");
  write_text(SALES, "shop,2020-01-01,2020-02-01,2020-03-01\na,1,2,3\nb,4,5,6\n");
  refuses("max_rows=5", "csv(\"" SALES "\", keys=shop, time=month, target=sales, layout=wide)",
          "max_rows", "6 rows");
  (void)unlink(SALES);
}

static void test_builder(void **state) {
  (void)state;
  wsf_context *ctx = new_context("max_rows=100");
  wsf_builder *b = NULL;
  wsf_error err = {0};
  CALL(wsf_builder_create(&b, ctx, SAMPLE_OPTIONS, &err));
  assert_int_equal(add_sample(b, 30, &err), WSF_E_LIMIT);
  assert_string_equal(err.message, "101 rows; the context allows 100 (max_rows)");
  wsf_builder_release(b);
  wsf_context_release(ctx);
}

static void test_arrow(void **state) {
  (void)state;
  wsf_context *plenty = new_context(NULL), *ctx = new_context("max_rows=50");
  wsf_dataset *ds = sample(plenty), *copy = NULL;
  wsf_table *values = NULL;
  CALL(wsf_dataset_describe(&values, ds, "values", &err));
  struct ArrowArrayStream stream;
  CALL(wsf_table_export_stream(values, &stream, &err));
  wsf_error err = {0};
  assert_int_equal(
      wsf_dataset_from_arrow(&copy, ctx, &stream, "keys=shop, time=month, target=units", &err),
      WSF_E_LIMIT);
  assert_string_equal(err.field, "max_rows");
  assert_null(copy);
  wsf_table_release(values);
  wsf_dataset_release(ds);
  wsf_context_release(plenty);
  wsf_context_release(ctx);
}

static wsf_status open_endless(void **stream, void *user, wsf_error *err) {
  (void)user, (void)err;
  *stream = NULL;
  return WSF_OK;
}

static int64_t read_endless(void *stream, void *buffer, int64_t capacity, wsf_error *err) {
  (void)stream, (void)err;
  memset(buffer, 'x', (size_t)capacity);
  return capacity;
}

static wsf_status open_stream(struct ArrowArrayStream *stream, void *user, wsf_error *err) {
  return wsf_table_export_stream(user, stream, err);
}

/* Sources of the host: bytes, a reader that never ends, columns. */
static void test_sources(void **state) {
  (void)state;
  static const char text[] = "shop,month,sales\na,2020-01-01,1\na,2020-02-01,2\n";
  wsf_context *plenty = new_context(NULL), *ctx = new_context("max_bytes=40, max_rows=50");
  wsf_dataset *sampled = sample(plenty), *ds = NULL;
  wsf_table *values = NULL;
  CALL(wsf_dataset_describe(&values, sampled, "values", &err));
  CALL(wsf_context_add_bytes(ctx, "bytes", text, strlen(text), NULL, NULL, &err));
  CALL(wsf_context_add_reader(ctx, "reader", open_endless, read_endless, NULL, NULL, NULL, &err));
  CALL(wsf_context_add_arrow(ctx, "rows", open_stream, NULL, values, &err));
  const char *const name[] = {"bytes", "reader"};
  for (int i = 0; i < 2; ++i) {
    char open[128];
    (void)snprintf(open, sizeof open, "csv(\"%s\", keys=shop, time=month, target=sales)", name[i]);
    LIMITED("max_bytes", "bytes; the context allows 40", wsf_dataset_open(&ds, ctx, open, err));
  }
  LIMITED("max_rows", "rows; the context allows 50",
          wsf_dataset_open(&ds, ctx, "csv(\"rows\", keys=shop, time=month, target=units)", err));
  assert_null(ds);
  wsf_table_release(values);
  wsf_dataset_release(sampled);
  wsf_context_release(plenty);
  wsf_context_release(ctx);
}

/* A fork starts with the limits of its parent. */
static void test_forecasts(void **state) {
  (void)state;
  wsf_context *plenty = new_context(NULL), *ctx = NULL, *fork = NULL;
  wsf_dataset *ds = sample(plenty), *mine = NULL;
  wsf_model *model = new_model(plenty, "snaive");
  wsf_forecaster *f = fitted(plenty, "snaive", ds), *g = NULL;
  CALL(wsf_context_fork(&ctx, plenty, "max_horizon=6, max_values=45", &err));
  CALL(wsf_context_fork(&fork, ctx, "max_values=44", &err));
  wsf_table *t = NULL;
  CALL(wsf_forecaster_with(&g, f, ctx, &err));
  CALL(wsf_predict(&t, g, NULL, "horizon=5, levels=[80]", &err)); /* 3 series, 5 months, 3 values */
  wsf_table_release(t);
  t = NULL;
  LIMITED("max_horizon", "7 periods to forecast; the context allows 6 (max_horizon)",
          wsf_predict(&t, g, NULL, "horizon=7", err));
  /* What explains forecasts makes them. */
  LIMITED("max_horizon", "7 periods to forecast; the context allows 6 (max_horizon)",
          wsf_forecaster_describe(&t, g, "components(horizon=7)", err));
  wsf_forecaster_release(g);
  CALL(wsf_forecaster_with(&g, f, fork, &err));
  LIMITED("max_values", "45 values; the context allows 44 (max_values)",
          wsf_predict(&t, g, NULL, "horizon=5, levels=[80]", err));
  LIMITED("max_horizon", "7 periods", wsf_predict(&t, g, NULL, "horizon=7", err));
  assert_null(t);
  wsf_table *tables[WSF_BACKTEST_TABLES];
  const wsf_model *models[] = {model};
  CALL(wsf_dataset_with(&mine, ds, fork, &err));
  LIMITED("max_horizon", "8 periods", wsf_backtest(tables, models, 1, mine, "horizon=8", err));
  wsf_forecaster_release(f);
  wsf_forecaster_release(g);
  wsf_dataset_release(ds);
  wsf_dataset_release(mine);
  wsf_model_release(model);
  wsf_context_release(plenty);
  wsf_context_release(ctx);
  wsf_context_release(fork);
}

static void test_images(void **state) {
  (void)state;
  wsf_context *plenty = new_context(NULL), *bytes = new_context("max_bytes=500"),
              *series = new_context("max_series=2");
  wsf_dataset *ds = sample(plenty);
  wsf_forecaster *f = fitted(plenty, "snaive", ds), *g = NULL;
  size_t needed = 0;
  CALL(wsf_forecaster_write(f, NULL, 0, &needed, &err));
  unsigned char *image = malloc(needed);
  assert_non_null(image);
  CALL(wsf_forecaster_write(f, image, needed, &needed, &err));
  CALL(wsf_forecaster_save(f, "test_api_limits.wsf", &err));
  LIMITED("max_bytes", "bytes; the context allows 500 (max_bytes)",
          wsf_forecaster_read(&g, bytes, image, needed, err));
  LIMITED("max_bytes", "bytes; the context allows 500 (max_bytes)",
          wsf_forecaster_load(&g, bytes, "test_api_limits.wsf", err));
  LIMITED("max_series", "3 series; the context allows 2 (max_series)",
          wsf_forecaster_read(&g, series, image, needed, err));
  assert_null(g);
  (void)unlink("test_api_limits.wsf");
  free(image);
  wsf_forecaster_release(f);
  wsf_dataset_release(ds);
  wsf_context_release(plenty);
  wsf_context_release(bytes);
  wsf_context_release(series);
}

/* ---- what is refused without any limit ---- */

/* Rows at two times, with six columns known ahead: room for one of them would still be there. */
static void test_stray_time(void **state) {
  (void)state;
  counter memory = {0};
  wsf_context *ctx = NULL;
  wsf_builder *b = NULL;
  wsf_dataset *ds = NULL;
  wsf_error err = {0};
  CALL(wsf_context_create(&ctx, NULL, counting_resize, &memory, &err));
  CALL(wsf_builder_create(&b, ctx, "keys=k, time=t, target=y, known=[a,b,c,d,e,f], freq=hour",
                          &err));
  const double x[] = {1, 2, 3, 4, 5, 6};
  for (int i = 0; i < 101; ++i) {
    char key[8];
    const char *const keys[] = {key};
    (void)snprintf(key, sizeof key, "%d", i % 100);
    CALL(wsf_builder_add(b, keys, i < 100 ? "2020-01-01T00:00:00" : "2420-01-01T00:00:00",
                         i < 100 ? 1 : NAN, x, &err));
  }
  assert_int_equal(wsf_builder_finish(&ds, b, &err), WSF_E_DATA);
  assert_non_null(strstr(err.message, "2420-01-01"));
  assert_non_null(strstr(err.message, "max_values"));
  wsf_builder_release(b);
  wsf_context_release(ctx);
  assert_true(atomic_load(&memory.peak) < 200 << 20);
}

static wsf_dataset *of_times(wsf_context *ctx, long first, int n) {
  wsf_builder *b = NULL;
  wsf_dataset *ds = NULL;
  CALL(wsf_builder_create(&b, ctx, "keys=k, time=t, target=y, past=x, freq=integer", &err));
  for (int i = 0; i < 2 * n; ++i) {
    char time[24];
    (void)snprintf(time, sizeof time, "%ld", first + i / 2);
    const char *const keys[] = {i % 2 ? "a" : "b"};
    const double x = i;
    CALL(wsf_builder_add(b, keys, time, 50 + i % 7, &x, &err));
  }
  CALL(wsf_builder_finish(&ds, b, &err));
  wsf_builder_release(b);
  return ds;
}

/* Whole-number times that are seconds since 1970 in the file of one night. */
static void test_far_update(void **state) {
  (void)state;
  counter memory = {0};
  wsf_context *ctx = NULL;
  CALL(wsf_context_create(&ctx, NULL, counting_resize, &memory, &err));
  wsf_dataset *old = of_times(ctx, 1, 30);
  wsf_forecaster *f = fitted(ctx, "naive", old), *g = NULL;
  static const long far[] = {200000000, 1700000000, 1000000000000};
  for (int i = 0; i < 3; ++i) {
    wsf_dataset *news = of_times(ctx, far[i], 3);
    FAILS(WSF_E_DATA, wsf_update(&g, f, news, NULL, err));
    wsf_dataset_release(news);
  }
  wsf_dataset *news = of_times(ctx, 10000, 3); /* a gap is no mistake */
  CALL(wsf_update(&g, f, news, NULL, &err));
  wsf_dataset_release(news);
  wsf_forecaster_release(g);
  wsf_forecaster_release(f);
  wsf_dataset_release(old);
  wsf_context_release(ctx);
  assert_true(atomic_load(&memory.peak) < 1 << 20);
}

static void test_state(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL), *wide = NULL, *narrow = NULL;
  wsf_dataset *ds = sample(ctx), *mine = NULL;
  wsf_model *huge = new_model(ctx, "mean(naive, swindow(1000, season=100000))"),
            *large = new_model(ctx, "swindow(1000, season=1200)"),
            *small = new_model(ctx, "snaive");
  wsf_forecaster *f = NULL;
  LIMITED("max_state", "swindow keeps 100200009 values for each of 3 series",
          wsf_fit(&f, huge, ds, NULL, err));
  LIMITED("max_state", "swindow keeps", wsf_fit(&f, large, ds, NULL, err));
  CALL(wsf_context_fork(&wide, ctx, "max_state=4000000", &err));
  CALL(wsf_dataset_with(&mine, ds, wide, &err));
  CALL(wsf_fit(&f, large, mine, NULL, &err));
  wsf_forecaster_release(f);
  wsf_dataset_release(mine);
  f = NULL;
  CALL(wsf_context_fork(&narrow, ctx, "max_state=100", &err));
  CALL(wsf_dataset_with(&mine, ds, narrow, &err));
  LIMITED("max_state", "snaive keeps", wsf_fit(&f, small, mine, NULL, err));
  wsf_dataset_release(mine);
  wsf_dataset_release(ds);
  wsf_model_release(huge);
  wsf_model_release(large);
  wsf_model_release(small);
  wsf_context_release(wide);
  wsf_context_release(narrow);
  wsf_context_release(ctx);
}

static void test_results(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL), *narrow = NULL;
  wsf_dataset *ds = sample(ctx);
  wsf_forecaster *f = fitted(ctx, "naive", ds), *mine = NULL;
  wsf_table *t = NULL;
  LIMITED("max_results", "values of results; the context allows 67108864",
          wsf_predict(&t, f, NULL, "horizon=100000, paths=300", err));
  /* every cell of the table, those of keys and times too */
  CALL(wsf_context_fork(&narrow, ctx, "max_results=74", &err));
  CALL(wsf_forecaster_with(&mine, f, narrow, &err));
  LIMITED("max_results", "75 values", wsf_predict(&t, mine, NULL, "horizon=5, levels=[80]", err));
  LIMITED("max_results", "90 values",
          wsf_predict(&t, mine, NULL, "horizon=5, levels=[80], reasons=true", err));
  CALL(wsf_predict(&t, mine, NULL, "horizon=4, levels=[80]", &err));
  wsf_table_release(t);
  wsf_forecaster_release(mine);
  wsf_forecaster_release(f);
  wsf_dataset_release(ds);
  wsf_context_release(narrow);
  wsf_context_release(ctx);
}

/* What is forecast is written into the table as it is made, and stands nowhere else; by default no
 * horizon asks for more than a table of half a gigabyte. */
static void test_a_forecast_is_held_once(void **state) {
  (void)state;
  enum { SERIES = 20, STEPS = 20000, CELLS = 8 };
  counter count = {0};
  wsf_context *ctx = NULL;
  wsf_dataset *ds = NULL;
  wsf_table *t = NULL;
  CALL(wsf_context_create(&ctx, "threads=1", counting_resize, &count, &err));
  CALL(wsf_dataset_open(&ds, ctx, "simulate(stores=5, depts=4)", &err));
  wsf_forecaster *f = fitted(ctx, "snaive", ds);
  const long long before = atomic_load(&count.bytes), table = 8LL * SERIES * STEPS * CELLS;
  atomic_store(&count.peak, before);
  CALL(wsf_predict(&t, f, NULL, "horizon=20000, levels=[80,95]", &err));
  assert_int_equal(wsf_table_rows(t), SERIES * STEPS);
  assert_int_equal(wsf_table_columns(t), CELLS);
  const long long peak = atomic_load(&count.peak) - before;
  if (peak > table + table / 4) fail_msg("%lld bytes for a table of %lld", peak, table);
  wsf_table_release(t);
  t = NULL;
  LIMITED("max_results", "values of results; the context allows 67108864 (max_results)",
          wsf_predict(&t, f, NULL,
                      "horizon=100000, levels=[50,60,70,80,90,95,98,99,99.5,99.9,"
                      "99.99,99.999,10,20,30,40]",
                      err));
  wsf_forecaster_release(f);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
  assert_balanced(&count);
}

static void test_columns(void **state) {
  (void)state;
  write_sales();
  opens("max_columns=3");
  refuses("max_columns=2", expr, "max_columns", "3 columns; the context allows 2 (max_columns)");
  (void)unlink(SALES);
}

/* A gigabyte that is no model file is not read to see that. */
static void test_large_file(void **state) {
  (void)state;
  const char path[] = "test_api_limits.large";
  counter memory = {0};
  wsf_context *ctx = NULL;
  wsf_forecaster *f = NULL;
  write_text(path, "");
  assert_int_equal(truncate(path, (off_t)1 << 30), 0);
  CALL(wsf_context_create(&ctx, NULL, counting_resize, &memory, &err));
  FAILS(WSF_E_FORMAT, wsf_forecaster_load(&f, ctx, path, err));
  wsf_context_release(ctx);
  (void)unlink(path);
  assert_true(atomic_load(&memory.peak) < 1 << 20);
}

static void test_seconds(void **state) {
  (void)state;
  for (int threads = 1; threads <= 3; threads += 2) {
    wsf_context *ctx = new_context(threads == 1 ? NULL : "threads=3"), *fork = NULL;
    wsf_dataset *ds = NULL, *mine = NULL;
    CALL(wsf_dataset_open(&ds, ctx, "simulate(stores=5, depts=10)", &err));
    CALL(wsf_context_fork(&fork, ctx, "max_seconds=0.05", &err));
    CALL(wsf_dataset_with(&mine, ds, fork, &err));
    wsf_model *m = new_model(ctx, "best(ets, conformal(ets))"), *quick = new_model(ctx, "naive");
    wsf_forecaster *f = NULL;
    LIMITED("max_seconds", "the context allows 0.050 (max_seconds): 'fit' was cut off after",
            wsf_fit(&f, m, mine, NULL, err));
    assert_null(f);
    wsf_table *tables[WSF_BACKTEST_TABLES];
    const wsf_model *models[] = {m};
    LIMITED("max_seconds", "(max_seconds)",
            wsf_backtest(tables, models, 1, mine, "horizon=5, windows=3", err));
    wsf_model_release(m);
    wsf_model_release(quick);
    wsf_dataset_release(ds);
    wsf_dataset_release(mine);
    wsf_context_release(fork);
    wsf_context_release(ctx);
  }
}

/* What a long call was at, by the name and the units of its model. */
static void time_says_what_it_cut_off(void **state) {
  (void)state;
  static const char *const at[][2] = {
      {"lstm(epochs=1000)", " epochs"},
      {"esrnn(epochs=1000)", " epochs"},
      {"auto(effort=thorough)", " candidates"},
      {"best(ets, arima(stepwise=false))", "'fit' was cut off after "}};
  wsf_context *ctx = new_context(NULL);
  wsf_dataset *ds = NULL;
  CALL(wsf_dataset_open(&ds, ctx, "simulate(stores=4, depts=10)", &err));
  for (size_t k = 0; k < sizeof at / sizeof *at; ++k) {
    wsf_model *m = new_model(ctx, at[k][0]);
    wsf_forecaster *f = NULL;
    bool said = false;
    for (double seconds = 0.1; !said; seconds *= 3) { /* slow machines come to it later */
      char options[32];
      wsf_error err;
      (void)snprintf(options, sizeof options, "seconds=%g", seconds);
      assert_int_equal(wsf_fit(&f, m, ds, options, &err), WSF_E_LIMIT);
      said = strstr(err.message, " was cut off after ") && strstr(err.message, at[k][1]);
      if (!said && seconds > 20) fail_msg("%s: %s", at[k][0], err.message);
    }
    wsf_model_release(m);
  }
  /* one series is one step */
  wsf_dataset *one = NULL;
  CALL(wsf_dataset_open(&one, ctx, "simulate(stores=1, depts=1, weeks=2000)", &err));
  wsf_model *m = new_model(ctx, "arima(stepwise=false)");
  wsf_forecaster *f = NULL;
  LIMITED("seconds", "'fit' was cut off after 0", wsf_fit(&f, m, one, "seconds=0.05", err));
  wsf_model_release(m);
  wsf_dataset_release(one);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

static void test_options(void **state) {
  (void)state;
  wsf_context *ctx = NULL;
  FAILS(WSF_E_VALUE, wsf_context_create(&ctx, "max_rows=0", NULL, NULL, err));
  FAILS(WSF_E_VALUE, wsf_context_create(&ctx, "max_seconds=0", NULL, NULL, err));
  FAILS(WSF_E_VALUE, wsf_context_create(&ctx, "max_bytes=1.5", NULL, NULL, err));
  FAILS(WSF_E_NAME, wsf_context_create(&ctx, "max_row=1", NULL, NULL, err));
  assert_null(ctx);
}

int test_api_limits(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_data),
      cmocka_unit_test(test_builder),
      cmocka_unit_test(test_arrow),
      cmocka_unit_test(test_sources),
      cmocka_unit_test(test_forecasts),
      cmocka_unit_test(test_images),
      cmocka_unit_test(test_stray_time),
      cmocka_unit_test(test_far_update),
      cmocka_unit_test(test_state),
      cmocka_unit_test(test_results),
      cmocka_unit_test(test_a_forecast_is_held_once),
      cmocka_unit_test(test_columns),
      cmocka_unit_test(test_large_file),
      cmocka_unit_test(test_seconds),
      cmocka_unit_test(time_says_what_it_cut_off),
      cmocka_unit_test(test_options),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
