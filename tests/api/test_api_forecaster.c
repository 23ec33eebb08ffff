/* wsf/forecaster.h. */
#include "api_support.h"

#include <unistd.h>

typedef struct world {
  wsf_context *ctx;
  wsf_dataset *ds;
  wsf_forecaster *f;
} world;

static int open_world(void **state) {
  world *w = calloc(1, sizeof *w);
  w->ctx = new_context(NULL);
  w->ds = sample(w->ctx);
  w->f = fitted(w->ctx, "mean(ets, snaive)", w->ds);
  *state = w;
  return 0;
}

static int close_world(void **state) {
  world *w = *state;
  wsf_forecaster_release(w->f);
  wsf_dataset_release(w->ds);
  wsf_context_release(w->ctx);
  free(w);
  return 0;
}

static void test_fit(void **state) {
  const world *w = *state;
  wsf_model *m = new_model(w->ctx, "ets");
  wsf_forecaster *f = w->f;
  FAILS(WSF_E_ARGUMENT, wsf_fit(NULL, m, w->ds, NULL, err));
  FAILS(WSF_E_ARGUMENT, wsf_fit(&f, NULL, w->ds, NULL, err));
  assert_null(f);
  FAILS(WSF_E_ARGUMENT, wsf_fit(&f, m, NULL, NULL, err));
  assert_string_equal(wsf_forecaster_text(w->f), "mean(ets,snaive)");
  assert_null(wsf_forecaster_text(NULL));
  assert_ptr_equal(wsf_forecaster_retain(w->f), w->f);
  wsf_forecaster_release(w->f);
  wsf_forecaster_release(NULL);
  assert_null(wsf_forecaster_retain(NULL));
  wsf_model_release(m);
}

static void test_predict(void **state) {
  const world *w = *state;
  wsf_table *t = forecast(w->f, "horizon=6, levels=[80,95], quantiles=[0.1,0.5]");
  static const char *const columns[] = {"shop",  "month", "forecast", "lo-80", "hi-80",
                                        "lo-95", "hi-95", "q-0.1",    "q-0.5"};
  assert_int_equal(wsf_table_rows(t), SAMPLE_SERIES * 6);
  assert_int_equal(wsf_table_columns(t), 9);
  for (int i = 0; i < 9; ++i) assert_string_equal(wsf_table_name(t, i), columns[i]);
  const double *mean = numbers(t, "forecast");
  const double *lo = numbers(t, "lo-80"), *hi = numbers(t, "hi-80");
  const double *lower = numbers(t, "lo-95"), *higher = numbers(t, "hi-95");
  for (int r = 0; r < SAMPLE_SERIES * 6; ++r) {
    assert_true(isfinite(lower[r]) && isfinite(higher[r]));
    assert_true(lower[r] <= lo[r] && lo[r] <= mean[r] && mean[r] <= hi[r] && hi[r] <= higher[r]);
    const double truth = sample_value(r / 6, SAMPLE_MONTHS + r % 6);
    assert_true(fabs(mean[r] - truth) < 25);
  }
  char cell[32];
  (void)wsf_table_format(t, 1, 0, cell, sizeof cell);
  assert_string_equal(cell, "2020-01-01");
  wsf_table *other = NULL;
  CALL(wsf_predict(&other, w->f, w->ds, "horizon=6, levels=[80,95], quantiles=[0.1,0.5]", &err));
  assert_same_table(t, other);
  wsf_table_release(other);
  wsf_table_release(t);
  FAILS(WSF_E_ARGUMENT, wsf_predict(NULL, w->f, NULL, "horizon=3", err));
  FAILS(WSF_E_ARGUMENT, wsf_predict(&t, NULL, NULL, "horizon=3", err));
  assert_null(t);
  FAILS(WSF_E_VALUE, wsf_predict(&t, w->f, NULL, NULL, err));
  FAILS(WSF_E_VALUE, wsf_predict(&t, w->f, NULL, "horizon=0", err));
  FAILS(WSF_E_NAME, wsf_predict(&t, w->f, NULL, "horizont=3", err));
  FAILS(WSF_E_SYNTAX, wsf_predict(&t, w->f, NULL, "horizon=3,,", err));
  assert_null(t);
}

static void test_update(void **state) {
  const world *w = *state;
  wsf_forecaster *f = fitted(w->ctx, "snaive", w->ds), *moved = NULL;
  wsf_dataset *longer = sample_months(w->ctx, SAMPLE_MONTHS + 6);
  wsf_forecaster *fresh = fitted(w->ctx, "snaive", longer);
  wsf_table *a, *b;
  CALL(wsf_update(&moved, f, longer, NULL, &err));
  a = forecast(moved, "horizon=12");
  b = forecast(fresh, "horizon=12");
  assert_memory_equal(numbers(a, "forecast"), numbers(b, "forecast"),
                      (size_t)wsf_table_rows(a) * sizeof(double));
  wsf_table_release(a);
  wsf_table_release(b);
  wsf_forecaster_release(moved);
  moved = f;
  FAILS(WSF_E_ARGUMENT, wsf_update(NULL, f, longer, NULL, err));
  FAILS(WSF_E_ARGUMENT, wsf_update(&moved, NULL, longer, NULL, err));
  assert_null(moved);
  FAILS(WSF_E_ARGUMENT, wsf_update(&moved, f, NULL, NULL, err));
  wsf_forecaster_release(fresh);
  wsf_forecaster_release(f);
  wsf_dataset_release(longer);
}

static void test_describe_forecaster(void **state) {
  const world *w = *state;
  static const char *const views[] = {
      "report", "series", "summary", "components", "components(horizon=3)", "coefficients"};
  wsf_table *t = NULL;
  for (int i = 0; i < 6; ++i) {
    CALL(wsf_forecaster_describe(&t, w->f, views[i], &err));
    assert_true(wsf_table_rows(t) > 0);
    wsf_table_release(t);
  }
  t = NULL;
  FAILS(WSF_E_ARGUMENT, wsf_forecaster_describe(NULL, w->f, "report", err));
  FAILS(WSF_E_ARGUMENT, wsf_forecaster_describe(&t, NULL, "report", err));
  FAILS(WSF_E_ARGUMENT, wsf_forecaster_describe(&t, w->f, NULL, err));
  FAILS(WSF_E_NAME, wsf_forecaster_describe(&t, w->f, "reports", err));
  assert_null(t);
}

static void test_save_load(void **state) {
  const world *w = *state;
  char path[64];
  (void)snprintf(path, sizeof path, "test_api_forecaster.%ld.wsf", (long)getpid());
  wsf_forecaster *again = NULL;
  CALL(wsf_forecaster_save(w->f, path, &err));
  CALL(wsf_forecaster_load(&again, w->ctx, path, &err));
  assert_string_equal(wsf_forecaster_text(again), "mean(ets,snaive)");
  wsf_table *a = forecast(w->f, "horizon=9, levels=[50,90]");
  wsf_table *b = forecast(again, "horizon=9, levels=[50,90]");
  assert_same_table(a, b);
  wsf_table_release(a);
  wsf_table_release(b);
  wsf_forecaster_release(again);
  assert_int_equal(remove(path), 0);
  again = w->f;
  FAILS(WSF_E_ARGUMENT, wsf_forecaster_save(NULL, path, err));
  FAILS(WSF_E_ARGUMENT, wsf_forecaster_save(w->f, NULL, err));
  FAILS(WSF_E_IO, wsf_forecaster_save(w->f, "no/such/folder/model.wsf", err));
  FAILS(WSF_E_ARGUMENT, wsf_forecaster_load(NULL, w->ctx, path, err));
  FAILS(WSF_E_ARGUMENT, wsf_forecaster_load(&again, NULL, path, err));
  assert_null(again);
  FAILS(WSF_E_ARGUMENT, wsf_forecaster_load(&again, w->ctx, NULL, err));
  wsf_error err;
  assert_int_equal(wsf_forecaster_load(&again, w->ctx, path, &err), WSF_E_IO);
  assert_string_equal(err.file, path);
  assert_null(again);
}

static void test_write_read(void **state) {
  const world *w = *state;
  size_t needed = 0, same = 0;
  CALL(wsf_forecaster_write(w->f, NULL, 0, &needed, &err));
  assert_true(needed > 0);
  unsigned char *image = malloc(needed + 1), *small = malloc(needed);
  memset(small, 0x11, needed);
  CALL(wsf_forecaster_write(w->f, small, needed - 1, &same, &err));
  assert_int_equal(same, needed);
  for (size_t i = 0; i < needed; ++i) assert_int_equal(small[i], 0x11);
  CALL(wsf_forecaster_write(w->f, image, needed + 1, &same, &err));
  wsf_forecaster *again = NULL;
  CALL(wsf_forecaster_read(&again, w->ctx, image, needed, &err));
  wsf_table *a = forecast(w->f, "horizon=9, quantiles=0.25");
  wsf_table *b = forecast(again, "horizon=9, quantiles=0.25");
  assert_same_table(a, b);
  wsf_table_release(a);
  wsf_table_release(b);
  CALL(wsf_forecaster_write(again, small, needed, &same, &err));
  assert_int_equal(same, needed);
  assert_memory_equal(small, image, needed);
  wsf_forecaster_release(again);
  again = w->f;
  FAILS(WSF_E_ARGUMENT, wsf_forecaster_write(NULL, image, needed, &same, err));
  FAILS(WSF_E_ARGUMENT, wsf_forecaster_write(w->f, NULL, needed, &same, err));
  FAILS(WSF_E_ARGUMENT, wsf_forecaster_write(w->f, image, needed, NULL, err));
  FAILS(WSF_E_ARGUMENT, wsf_forecaster_read(NULL, w->ctx, image, needed, err));
  FAILS(WSF_E_ARGUMENT, wsf_forecaster_read(&again, NULL, image, needed, err));
  assert_null(again);
  FAILS(WSF_E_ARGUMENT, wsf_forecaster_read(&again, w->ctx, NULL, needed, err));
  FAILS(WSF_E_FORMAT, wsf_forecaster_read(&again, w->ctx, image, needed - 1, err));
  FAILS(WSF_E_FORMAT, wsf_forecaster_read(&again, w->ctx, image, 0, err));
  image[needed / 2] ^= 4;
  FAILS(WSF_E_FORMAT, wsf_forecaster_read(&again, w->ctx, image, needed, err));
  assert_null(again);
  free(image);
  free(small);
}

int test_api_forecaster(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_fit),       cmocka_unit_test(test_predict),
      cmocka_unit_test(test_update),    cmocka_unit_test(test_describe_forecaster),
      cmocka_unit_test(test_save_load), cmocka_unit_test(test_write_read),
  };
  return cmocka_run_group_tests(tests, open_world, close_world);
}
