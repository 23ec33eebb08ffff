/* Model files of every released version must load and forecast what they did when they were saved.
 *
 * With WSF_WRITE_SAMPLES set, the files of this version and the seeds of the model fuzzer are
 * written instead: done once before a release, never after it. */
#include "support.h"

#include <wsf/wsf.h>

#include <math.h>

static const char *const versions[] = {"0.1.0"};

static const char everything[] =
    "mean(naive, snaive, drift, average, window(3), swindow(2), tslm, ets, stl(12, drift), "
    "product(average, naive), clamp(naive), rebase(average), median(naive, drift), "
    "fallback(snaive, naive), conformal(naive), best(naive, drift), "
    "weighted(naive, drift, weights=[2,1]), lowrank(naive, 2), holiday_shift(naive))";

static const char *const seeds[][2] = {
    {"naive", "naive"},        {"ets", "ets"},         {"mean", "mean(snaive, average)"},
    {"stl", "stl(12, drift)"}, {"regression", "tslm"}, {"conformal", "conformal(drift)"}};

static const char forecast_options[] = "horizon=4, levels=[80,95]";

static const char *path_of(const char *folder, const char *name, const char *ending) {
  static char path[4096];
  (void)snprintf(path, sizeof path, "%s/tests/%s/%s%s", WSF_SOURCE_DIR, folder, name, ending);
  return path;
}

static wsf_context *context(void) {
  wsf_context *ctx = NULL;
  assert_int_equal(wsf_context_create(&ctx, NULL, NULL, NULL, NULL), WSF_OK);
  return ctx;
}

static wsf_dataset *sales(wsf_context *ctx, int series, int months) {
  wsf_builder *b = NULL;
  wsf_dataset *ds = NULL;
  assert_int_equal(wsf_builder_create(&b, ctx,
                                      "keys=[store,dept], time=month, target=sales, "
                                      "known=[promo], holiday=promo, freq=month",
                                      NULL),
                   WSF_OK);
  for (int i = 0; i < series; ++i) {
    for (int t = 0; t < months + 4; ++t) {
      char store[16], time[16];
      (void)snprintf(store, sizeof store, "%d", 7 + i);
      (void)snprintf(time, sizeof time, "%04d-%02d", 2020 + t / 12, 1 + t % 12);
      const char *keys[] = {store, i % 2 ? "toys" : "food"};
      const double promo = t % 12 == 11;
      /* whole numbers: the same on every machine */
      const double y = 100 + 10 * i + 2 * t + (t * 31 + i * 17) % 11 + 30 * promo;
      assert_int_equal(wsf_builder_add(b, keys, time, t < months ? y : NAN, &promo, NULL), WSF_OK);
    }
  }
  assert_int_equal(wsf_builder_finish(&ds, b, NULL), WSF_OK);
  wsf_builder_release(b);
  return ds;
}

static wsf_forecaster *fit(wsf_context *ctx, const char *text, const wsf_dataset *ds) {
  wsf_model *m = NULL;
  wsf_forecaster *f = NULL;
  wsf_error err;
  if (wsf_model_parse(&m, ctx, text, &err) != WSF_OK) fail_msg("%s: %s", text, err.message);
  if (wsf_fit(&f, m, ds, NULL, &err) != WSF_OK) fail_msg("%s: %s", text, err.message);
  wsf_model_release(m);
  return f;
}

static wsf_table *predict(const wsf_forecaster *f) {
  wsf_table *t = NULL;
  wsf_error err;
  if (wsf_predict(&t, f, NULL, forecast_options, &err) != WSF_OK) fail_msg("%s", err.message);
  return t;
}

static void write_csv(const wsf_table *t, const char *path) {
  FILE *out = fopen(path, "wb");
  assert_non_null(out);
  for (int64_t r = -1; r < wsf_table_rows(t); ++r) {
    for (int64_t c = 0; c < wsf_table_columns(t); ++c) {
      char cell[64];
      if (r >= 0) (void)wsf_table_format(t, c, r, cell, sizeof cell);
      (void)fprintf(out, "%s%s", c ? "," : "", r < 0 ? wsf_table_name(t, c) : cell);
    }
    (void)fputs("\n", out);
  }
  assert_int_equal(fclose(out), 0);
}

static void write_samples(void) {
  wsf_context *ctx = context();
  wsf_dataset *ds = sales(ctx, 3, 40), *small = sales(ctx, 2, 26);
  wsf_forecaster *f = fit(ctx, everything, ds);
  assert_int_equal(wsf_forecaster_save(f, path_of("compat", wsf_version(), ".wsf"), NULL), WSF_OK);
  wsf_table *t = predict(f);
  write_csv(t, path_of("compat", wsf_version(), ".csv"));
  wsf_table_release(t);
  wsf_forecaster_release(f);
  for (size_t i = 0; i < sizeof seeds / sizeof *seeds; ++i) {
    f = fit(ctx, seeds[i][1], small);
    assert_int_equal(
        wsf_forecaster_save(f, path_of("fuzz/corpus/model", seeds[i][0], ".wsf"), NULL), WSF_OK);
    wsf_forecaster_release(f);
  }
  wsf_dataset_release(ds);
  wsf_dataset_release(small);
  wsf_context_release(ctx);
}

static wsf_forecaster *load(wsf_context *ctx, const char *path) {
  wsf_forecaster *f = NULL;
  wsf_error err;
  if (wsf_forecaster_load(&f, ctx, path, &err) != WSF_OK) {
    fail_msg("%s, byte %lld: %s", path, (long long)err.byte, err.message);
  }
  return f;
}

/* Texts exactly; numbers to nine digits, for math libraries differ in the last ones. */
static void compare_csv(const wsf_table *t, const char *path) {
  FILE *in = fopen(path, "rb");
  assert_non_null(in);
  char line[1024];
  assert_non_null(fgets(line, sizeof line, in));
  for (int64_t r = 0; r < wsf_table_rows(t); ++r) {
    assert_non_null(fgets(line, sizeof line, in));
    char *at = line;
    for (int64_t c = 0; c < wsf_table_columns(t); ++c) {
      char cell[64];
      const size_t n = strcspn(at, ",\n");
      at[n] = '\0';
      if (wsf_table_type(t, c) == WSF_TYPE_F64) {
        const double expected = strtod(at, NULL), found = wsf_table_f64(t, c)[r];
        assert_true(fabs(found - expected) <= 1e-9 * fabs(expected));
      } else {
        (void)wsf_table_format(t, c, r, cell, sizeof cell);
        assert_string_equal(cell, at);
      }
      at += n + 1;
    }
  }
  (void)fclose(in);
}

static void test_released_versions(void **state) {
  (void)state;
  if (getenv("WSF_WRITE_SAMPLES")) write_samples();
  for (size_t i = 0; i < sizeof versions / sizeof *versions; ++i) {
    wsf_context *ctx = context();
    wsf_forecaster *f = load(ctx, path_of("compat", versions[i], ".wsf"));
    wsf_table *t = predict(f);
    assert_int_equal(wsf_table_rows(t), 12);
    compare_csv(t, path_of("compat", versions[i], ".csv"));
    wsf_table_release(t);
    assert_int_equal(wsf_predict(&t, f, NULL, "horizon=4, paths=3, cumulative=true", NULL), WSF_OK);
    wsf_table_release(t);
    wsf_forecaster_release(f);
    wsf_context_release(ctx);
  }
}

/* Seeds that no longer load would leave the fuzzer blind behind the first check. */
static void test_fuzz_seeds(void **state) {
  (void)state;
  wsf_context *ctx = context();
  for (size_t i = 0; i < sizeof seeds / sizeof *seeds; ++i) {
    wsf_forecaster_release(load(ctx, path_of("fuzz/corpus/model", seeds[i][0], ".wsf")));
  }
  wsf_context_release(ctx);
}

int test_compat(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_released_versions),
                                     cmocka_unit_test(test_fuzz_seeds)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
