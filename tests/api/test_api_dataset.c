/* wsf/dataset.h. */
#include "api_support.h"

static void test_open(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  wsf_dataset *ds = NULL;
  CALL(wsf_dataset_open(&ds, ctx, "simulate(stores=2, depts=2, weeks=60)", &err));
  wsf_dataset_release(ds);
  FAILS(WSF_E_ARGUMENT, wsf_dataset_open(NULL, ctx, "simulate()", err));
  FAILS(WSF_E_ARGUMENT, wsf_dataset_open(&ds, NULL, "simulate()", err));
  assert_null(ds);
  FAILS(WSF_E_ARGUMENT, wsf_dataset_open(&ds, ctx, NULL, err));
  FAILS(WSF_E_SYNTAX, wsf_dataset_open(&ds, ctx, "simulate(", err));
  FAILS(WSF_E_NAME, wsf_dataset_open(&ds, ctx, "simulat()", err));
  FAILS(WSF_E_NAME, wsf_dataset_open(&ds, ctx, "ets", err));
  FAILS(WSF_E_VALUE, wsf_dataset_open(&ds, ctx, "simulate(stores=-1)", err));
  FAILS(WSF_E_IO,
        wsf_dataset_open(&ds, ctx, "csv(\"/nowhere/at/all.csv\", time=a, target=b)", err));
  assert_null(ds);
  wsf_error err;
  assert_int_equal(wsf_dataset_open(&ds, ctx, "  simulate(store=1)", &err), WSF_E_NAME);
  assert_int_equal(err.byte, 11);
  assert_non_null(strstr(err.message, "'stores'"));
  wsf_context_release(ctx);
}

static void test_describe(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  wsf_dataset *ds = sample(ctx);
  static const char *const views[] = {"summary", "columns", "series", "report",
                                      "levels",  "sums",    "values", "request"};
  for (size_t i = 0; i < sizeof views / sizeof views[0]; ++i) {
    wsf_table *t = NULL;
    CALL(wsf_dataset_describe(&t, ds, views[i], &err));
    assert_non_null(t);
    assert_true(wsf_table_columns(t) > 0);
    if (strcmp(views[i], "series") == 0) assert_int_equal(wsf_table_rows(t), SAMPLE_SERIES);
    if (strcmp(views[i], "values") == 0) {
      assert_int_equal(wsf_table_rows(t), SAMPLE_SERIES * SAMPLE_MONTHS);
      const double *y = numbers(t, "units");
      for (int k = 0; k < SAMPLE_SERIES * SAMPLE_MONTHS; ++k) {
        assert_true(y[k] == sample_value(k / SAMPLE_MONTHS, k % SAMPLE_MONTHS));
      }
    }
    wsf_table_release(t);
  }
  wsf_table *t = NULL;
  FAILS(WSF_E_ARGUMENT, wsf_dataset_describe(NULL, ds, "series", err));
  FAILS(WSF_E_ARGUMENT, wsf_dataset_describe(&t, NULL, "series", err));
  FAILS(WSF_E_ARGUMENT, wsf_dataset_describe(&t, ds, NULL, err));
  FAILS(WSF_E_NAME, wsf_dataset_describe(&t, ds, "serie", err));
  assert_null(t);
  assert_ptr_equal(wsf_dataset_retain(ds), ds);
  wsf_dataset_release(ds);
  wsf_dataset_release(ds);
  wsf_dataset_release(NULL);
  assert_null(wsf_dataset_retain(NULL));
  wsf_context_release(ctx);
}

static void test_analyze(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  wsf_dataset *ds = sample(ctx);
  static const char *const options[] = {NULL,
                                        "what=summary",
                                        "what=acf, lags=12",
                                        "what=pacf",
                                        "what=decompose",
                                        "what=outliers",
                                        "what=summary, series=\"south\""};
  for (size_t i = 0; i < sizeof options / sizeof options[0]; ++i) {
    wsf_table *t = NULL;
    CALL(wsf_analyze(&t, ds, options[i], &err));
    assert_true(wsf_table_columns(t) > 0);
    wsf_table_release(t);
  }
  wsf_table *t = NULL;
  FAILS(WSF_E_ARGUMENT, wsf_analyze(NULL, ds, NULL, err));
  FAILS(WSF_E_ARGUMENT, wsf_analyze(&t, NULL, NULL, err));
  FAILS(WSF_E_NAME, wsf_analyze(&t, ds, "whta=acf", err));
  FAILS(WSF_E_VALUE, wsf_analyze(&t, ds, "what=everything", err));
  assert_null(t);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

static void test_builder(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  wsf_builder *b = NULL;
  wsf_dataset *ds = NULL;
  FAILS(WSF_E_ARGUMENT, wsf_builder_create(NULL, ctx, SAMPLE_OPTIONS, err));
  FAILS(WSF_E_ARGUMENT, wsf_builder_create(&b, NULL, SAMPLE_OPTIONS, err));
  FAILS(WSF_E_VALUE, wsf_builder_create(&b, ctx, NULL, err));
  FAILS(WSF_E_NAME, wsf_builder_create(&b, ctx, "tme=a", err));
  FAILS(WSF_E_SYNTAX, wsf_builder_create(&b, ctx, "time=a, ", err));
  assert_null(b);
  CALL(wsf_builder_create(&b, ctx, SAMPLE_OPTIONS, &err));
  const char *const keys[] = {"north"};
  const double one = 1, endless = INFINITY;
  FAILS(WSF_E_ARGUMENT, wsf_builder_add(NULL, keys, "2020-01-01", 1, &one, err));
  FAILS(WSF_E_ARGUMENT, wsf_builder_add(b, NULL, "2020-01-01", 1, &one, err));
  FAILS(WSF_E_ARGUMENT, wsf_builder_add(b, keys, NULL, 1, &one, err));
  FAILS(WSF_E_ARGUMENT, wsf_builder_add(b, keys, "2020-01-01", 1, NULL, err));
  FAILS(WSF_E_DATA, wsf_builder_add(b, keys, "soon", 1, &one, err));
  FAILS(WSF_E_DATA, wsf_builder_add(b, keys, "2020-01-01", INFINITY, &one, err));
  FAILS(WSF_E_DATA, wsf_builder_add(b, keys, "2020-01-01", 1, &endless, err));
  FAILS(WSF_E_ARGUMENT, wsf_builder_finish(NULL, b, err));
  FAILS(WSF_E_ARGUMENT, wsf_builder_finish(&ds, NULL, err));
  /* Refused rows leave no trace, and a builder may be used again. */
  for (int round = 0; round < 2; ++round) {
    CALL(add_sample(b, 24 + 12 * round, &err));
    CALL(wsf_builder_finish(&ds, b, &err));
    wsf_table *t = NULL;
    CALL(wsf_dataset_describe(&t, ds, "values", &err));
    assert_int_equal(wsf_table_rows(t), SAMPLE_SERIES * (24 + 12 * round));
    wsf_table_release(t);
    wsf_dataset_release(ds);
    ds = NULL;
  }
  wsf_builder_release(b);
  wsf_builder_release(NULL);
  wsf_context_release(ctx);
}

/* The panel in long form, exported and imported again, is the same panel. */
static void test_from_arrow(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  wsf_dataset *ds = sample(ctx), *again = NULL;
  wsf_table *values = NULL, *same = NULL;
  const char *options = "keys=[shop], time=month, target=units, freq=month";
  struct ArrowArrayStream stream;
  CALL(wsf_dataset_describe(&values, ds, "values", &err));
  CALL(wsf_table_export_stream(values, &stream, &err));
  CALL(wsf_dataset_from_arrow(&again, ctx, &stream, options, &err));
  assert_null(stream.release);
  CALL(wsf_dataset_describe(&same, again, "values", &err));
  assert_int_equal(wsf_table_rows(values), wsf_table_rows(same));
  assert_memory_equal(numbers(values, "units"), numbers(same, "units"),
                      (size_t)wsf_table_rows(values) * sizeof(double));
  wsf_table_release(same);
  wsf_dataset_release(again);
  /* The stream is released on every road. */
  static const struct {
    bool out, ctx;
    const char *options;
    wsf_status status;
  } bad[] = {
      {false, true, NULL, WSF_E_ARGUMENT}, {true, false, NULL, WSF_E_ARGUMENT},
      {true, true, "time=", WSF_E_SYNTAX}, {true, true, "tiem=a", WSF_E_NAME},
      {true, true, NULL, WSF_E_VALUE},     {true, true, "time=nowhere, target=units", WSF_E_DATA},
  };
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; ++i) {
    CALL(wsf_table_export_stream(values, &stream, &err));
    again = ds;
    wsf_error err = marked();
    const wsf_status status = wsf_dataset_from_arrow(
        bad[i].out ? &again : NULL, bad[i].ctx ? ctx : NULL, &stream, bad[i].options, &err);
    assert_int_equal(status, bad[i].status);
    assert_int_equal(err.status, status);
    assert_null(stream.release);
    if (bad[i].out) assert_null(again);
  }
  FAILS(WSF_E_ARGUMENT, wsf_dataset_from_arrow(&again, ctx, NULL, options, err));
  FAILS(WSF_E_ARGUMENT, wsf_dataset_from_arrow(&again, ctx, &stream, options, err));
  wsf_table_release(values);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

int test_api_dataset(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_open),       cmocka_unit_test(test_describe),
      cmocka_unit_test(test_analyze),    cmocka_unit_test(test_builder),
      cmocka_unit_test(test_from_arrow),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
