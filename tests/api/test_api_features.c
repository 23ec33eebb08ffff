/* Features as a stream: columns, rows, batches, lifetimes, cancel, and many streams at once. */
#include "api_support.h"

#include <errno.h>
#include <pthread.h>

#define RECIPE "lags([1,12]), calendar(month, year), lags(1, of=[promo])"

typedef struct open_stream {
  struct ArrowArrayStream stream;
  struct ArrowSchema schema;
} open_stream;

static open_stream opened(const wsf_dataset *ds, const char *recipe, const char *options) {
  open_stream s;
  CALL(wsf_features(&s.stream, ds, recipe, options, &err));
  assert_int_equal(s.stream.get_schema(&s.stream, &s.schema), 0);
  return s;
}

static void closed(open_stream *s) {
  s->schema.release(&s->schema);
  s->stream.release(&s->stream);
  assert_null(s->stream.release);
}

/* The next batch as a table; NULL at the end. */
static wsf_table *batch(wsf_context *ctx, open_stream *s) {
  struct ArrowArray array;
  wsf_table *t = NULL;
  assert_int_equal(s->stream.get_next(&s->stream, &array), 0);
  if (!array.release) return NULL;
  CALL(wsf_table_import(&t, ctx, &s->schema, &array, &err));
  assert_null(array.release);
  return t;
}

static int64_t column_of(const wsf_table *t, const char *name) {
  const int64_t c = wsf_table_find(t, name);
  if (c < 0) fail_msg("no column %s", name);
  return c;
}

static void test_columns(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  wsf_dataset *ds = sample(ctx);
  open_stream s = opened(ds, RECIPE, NULL);
  static const char *const name[] = {"shop",   "month",          "units",         "lag_1",
                                     "lag_12", "calendar_month", "calendar_year", "promo_lag_1"};
  static const char *const format[] = {"i", "tdD", "g", "f", "f", "i", "f", "f"};
  assert_int_equal(s.schema.n_children, 8);
  for (int c = 0; c < 8; ++c) {
    assert_string_equal(s.schema.children[c]->name, name[c]);
    assert_string_equal(s.schema.children[c]->format, format[c]);
    assert_int_equal(s.schema.children[c]->dictionary != NULL, format[c][0] == 'i');
  }
  wsf_table *t = batch(ctx, &s);
  assert_null(batch(ctx, &s));
  assert_null(batch(ctx, &s)); /* the end stays the end */
  assert_int_equal(wsf_table_rows(t), SAMPLE_SERIES * SAMPLE_MONTHS);
  const float *lag = wsf_table_f32(t, column_of(t, "lag_12"));
  const float *promo = wsf_table_f32(t, column_of(t, "promo_lag_1"));
  const double *units = numbers(t, "units");
  for (int i = 0; i < SAMPLE_SERIES; ++i) {
    for (int m = 0; m < SAMPLE_MONTHS; ++m) {
      const int64_t row = i * SAMPLE_MONTHS + m;
      static const char *const shop[] = {"north", "south", "west"};
      static const char *const months[] = {"January",   "February", "March",    "April",
                                           "May",       "June",     "July",     "August",
                                           "September", "October",  "November", "December"};
      assert_string_equal(wsf_table_text(t, 0, row, NULL), shop[i]);
      assert_string_equal(wsf_table_text(t, 5, row, NULL), months[m % 12]);
      assert_true(units[row] == sample_value(i, m));
      if (m < 12)
        assert_int_equal(wsf_table_is_null(t, 4, row), 1);
      else
        assert_true(lag[row] == (float)sample_value(i, m - 12));
      if (m > 0) assert_true(promo[row] == (float)((m - 1) % 5 == 0));
    }
  }
  wsf_table_release(t);
  closed(&s);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

/* After the end: what is known then, and nothing else. */
static void test_horizon(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  wsf_dataset *ds = sample(ctx);
  open_stream s = opened(ds, RECIPE, "horizon=14, rows=complete, dtype=f64");
  wsf_table *t = batch(ctx, &s);
  const int64_t rows = SAMPLE_MONTHS - 12 + 14; /* the first year lacks its lag */
  assert_int_equal(wsf_table_rows(t), SAMPLE_SERIES * rows);
  const double *near = numbers(t, "lag_1"), *far = numbers(t, "lag_12");
  const double *promo = numbers(t, "promo_lag_1"), *units = numbers(t, "units");
  for (int64_t row = 0; row < wsf_table_rows(t); ++row) {
    const int64_t step = row % rows - (rows - 14) + 1; /* 1: the first after the end */
    assert_int_equal(isnan(units[row]), step > 0);
    assert_int_equal(isnan(near[row]), step > 1);
    assert_int_equal(isnan(far[row]), step > 12);
    assert_int_equal(isnan(promo[row]), step > 13); /* known for 12 months */
    assert_int_equal(wsf_table_is_null(t, 5, row), 0);
  }
  wsf_table_release(t);
  closed(&s);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

/* Batches of any size hold the same rows, one after the other. */
static void test_batches(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  wsf_dataset *ds = simulated(ctx);
  static const char recipe[] = "lags([1,52]), calendar(week), lags(2, of=[Temperature])";
  static const int sizes[] = {1, 7, 110, 111, 1000000};
  for (int k = 0; k < 5; ++k) {
    for (int rule = 0; rule < 2; ++rule) {
      const char *rows = rule ? "complete" : "all";
      char options[64];
      (void)snprintf(options, sizeof options, "horizon=3, rows=%s", rows);
      open_stream whole = opened(ds, recipe, options);
      wsf_table *all = batch(ctx, &whole);
      (void)snprintf(options, sizeof options, "horizon=3, rows=%s, batch=%d", rows, sizes[k]);
      open_stream parts = opened(ds, recipe, options);
      int64_t row = 0;
      for (wsf_table *t; (t = batch(ctx, &parts)); wsf_table_release(t)) {
        assert_in_range(wsf_table_rows(t), 1, sizes[k]);
        for (int64_t r = 0; r < wsf_table_rows(t); ++r, ++row) {
          for (int64_t c = 0; c < wsf_table_columns(t); ++c) {
            char x[64], y[64];
            (void)wsf_table_format(t, c, r, x, sizeof x);
            (void)wsf_table_format(all, c, row, y, sizeof y);
            assert_string_equal(x, y);
          }
        }
      }
      assert_int_equal(row, wsf_table_rows(all));
      wsf_table_release(all);
      closed(&whole);
      closed(&parts);
    }
  }
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

/* Series that are sums have no label in the keys that they sum over. */
static void test_sums(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  wsf_dataset *ds = NULL;
  CALL(wsf_dataset_open(
      &ds, ctx, "simulate(stores=2, depts=2, weeks=60) | aggregate(levels=[[],[Store]])", &err));
  open_stream s = opened(ds, "lags(1)", NULL);
  wsf_table *t = batch(ctx, &s), *values = NULL;
  CALL(wsf_dataset_describe(&values, ds, "values", &err));
  assert_int_equal(wsf_table_rows(t), wsf_table_rows(values));
  int64_t nulls = 0;
  for (int64_t c = 0; c < 4; ++c) {
    for (int64_t r = 0; r < wsf_table_rows(t); ++r) {
      char x[64], y[64];
      (void)wsf_table_format(t, c, r, x, sizeof x);
      (void)wsf_table_format(values, c, r, y, sizeof y);
      assert_string_equal(x, y);
      nulls += c < 2 && wsf_table_is_null(t, c, r);
    }
  }
  assert_true(nulls > 0);
  wsf_table_release(values);
  wsf_table_release(t);
  closed(&s);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

/* Batches, schema and stream in any order, after every handle is gone; nothing is left behind. */
static void test_lifetimes(void **state) {
  (void)state;
  for (int order = 0; order < 6; ++order) {
    counter count = {0};
    wsf_context *ctx = NULL;
    CALL(wsf_context_create(&ctx, NULL, counting_resize, &count, &err));
    wsf_dataset *ds = sample(ctx);
    open_stream s = opened(ds, RECIPE, "batch=50");
    wsf_dataset_release(ds);
    wsf_context_release(ctx);
    struct ArrowArray array, unread;
    assert_int_equal(s.stream.get_next(&s.stream, &unread), 0);
    assert_int_equal(s.stream.get_next(&s.stream, &array), 0);
    for (int turn = 0; turn < 3; ++turn) {
      switch ((order / 2 + (order % 2 ? turn : 3 - turn)) % 3) {
      case 0:
        assert_int_equal(array.length, 50);
        assert_true(((const double *)array.children[2]->buffers[1])[0] == sample_value(0, 50));
        array.release(&array);
        break;
      case 1:
        s.schema.release(&s.schema);
        break;
      default:
        s.stream.release(&s.stream);
      }
    }
    /* texts are there until the last batch goes */
    const struct ArrowArray *words = unread.children[0]->dictionary;
    assert_memory_equal(words->buffers[2], "northsouthwest", 14);
    unread.release(&unread);
    assert_balanced(&count);
  }
}

static void test_cancel(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  wsf_dataset *ds = sample(ctx);
  open_stream s = opened(ds, RECIPE, "batch=100");
  wsf_table *first = batch(ctx, &s);
  struct ArrowArray array;
  wsf_context_cancel(ctx);
  assert_int_equal(s.stream.get_next(&s.stream, &array), ECANCELED);
  assert_null(array.release);
  assert_string_equal(s.stream.get_last_error(&s.stream), "the context has been cancelled");
  struct ArrowArrayStream other;
  FAILS(WSF_E_CANCELLED, wsf_features(&other, ds, RECIPE, NULL, err));
  wsf_context_resume(ctx);
  wsf_table *second = batch(ctx, &s);
  assert_int_equal(wsf_table_rows(first) + wsf_table_rows(second), SAMPLE_SERIES * SAMPLE_MONTHS);
  wsf_table_release(first);
  wsf_table_release(second);
  closed(&s);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

static void test_refused(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  wsf_dataset *ds = sample(ctx);
  struct ArrowArrayStream s;
  FAILS(WSF_E_ARGUMENT, wsf_features(NULL, ds, RECIPE, NULL, err));
  FAILS(WSF_E_ARGUMENT, wsf_features(&s, NULL, RECIPE, NULL, err));
  FAILS(WSF_E_ARGUMENT, wsf_features(&s, ds, NULL, NULL, err));
  FAILS(WSF_E_VALUE, wsf_features(&s, ds, "", NULL, err));
  FAILS(WSF_E_SYNTAX, wsf_features(&s, ds, "lags(1", NULL, err));
  FAILS(WSF_E_NAME, wsf_features(&s, ds, "lagz(1)", NULL, err));
  FAILS(WSF_E_VALUE, wsf_features(&s, ds, "calendar(weekday)", NULL, err));   /* monthly data */
  FAILS(WSF_E_VALUE, wsf_features(&s, ds, "lags(1, of=[price])", NULL, err)); /* no such column */
  FAILS(WSF_E_VALUE, wsf_features(&s, ds, "lags(1)", "rows=some", err));
  FAILS(WSF_E_NAME, wsf_features(&s, ds, "lags(1)", "row=all", err));
  assert_null(s.release);
  wsf_error err;
  assert_int_equal(wsf_features(&s, ds, "lags([1:4]), calendar(wekk)", NULL, &err), WSF_E_VALUE);
  assert_int_equal(err.byte, 22);
  assert_non_null(strstr(err.message, "did you mean 'week'?"));
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

/* One dataset, a stream for each thread. */
typedef struct reader {
  wsf_dataset *ds;
  double sum;
  int64_t rows;
} reader;

static void *read_all(void *user) {
  reader *r = user;
  struct ArrowArrayStream s;
  struct ArrowArray array;
  if (wsf_features(&s, r->ds, "lags([1,4]), calendar", "batch=77", NULL) != WSF_OK) return NULL;
  while (s.get_next(&s, &array) == 0 && array.release) {
    const float *x = array.children[4]->buffers[1];
    for (int64_t i = 0; i < array.length; ++i) r->sum += isnan(x[i]) ? 0 : (double)x[i];
    r->rows += array.length;
    array.release(&array);
  }
  s.release(&s);
  return NULL;
}

static void test_threads(void **state) {
  (void)state;
  enum { READERS = 4 };
  wsf_context *ctx = new_context("threads=2");
  wsf_dataset *ds = simulated(ctx);
  reader r[READERS];
  pthread_t thread[READERS];
  for (int i = 0; i < READERS; ++i) {
    r[i] = (reader){.ds = ds};
    assert_int_equal(pthread_create(&thread[i], NULL, read_all, &r[i]), 0);
  }
  for (int i = 0; i < READERS; ++i) assert_int_equal(pthread_join(thread[i], NULL), 0);
  for (int i = 0; i < READERS; ++i) {
    assert_true(r[i].rows > 500);
    assert_int_equal(r[i].rows, r[0].rows);
    assert_true(r[i].sum == r[0].sum);
  }
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

/* A table that goes out comes back the same, codes as texts. */
static void test_import(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  wsf_dataset *ds = simulated(ctx);
  wsf_table *values = NULL, *back = NULL;
  CALL(wsf_dataset_describe(&values, ds, "values", &err));
  struct ArrowSchema schema;
  struct ArrowArray array;
  CALL(wsf_table_export(values, &schema, &array, &err));
  CALL(wsf_table_import(&back, ctx, &schema, &array, &err));
  assert_same_table(values, back);
  wsf_table_release(back);
  schema.release(&schema);
  CALL(wsf_table_export(values, &schema, &array, &err));
  FAILS(WSF_E_ARGUMENT, wsf_table_import(NULL, ctx, &schema, &array, err));
  assert_null(array.release); /* in every case */
  FAILS(WSF_E_ARGUMENT, wsf_table_import(&back, ctx, &schema, &array, err));
  FAILS(WSF_E_ARGUMENT, wsf_table_import(&back, NULL, &schema, NULL, err));
  schema.release(&schema);
  CALL(wsf_table_export(values, &schema, &array, &err));
  schema.children[0]->format = "w:16"; /* bytes of fixed width: no column of a table */
  wsf_error err;
  assert_int_equal(wsf_table_import(&back, ctx, &schema, &array, &err), WSF_E_DATA);
  assert_null(array.release);
  assert_null(back);
  assert_non_null(strstr(err.message, "has the Arrow type w:16"));
  schema.release(&schema);
  wsf_table_release(values);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

int test_api_features(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_columns), cmocka_unit_test(test_horizon),
      cmocka_unit_test(test_batches), cmocka_unit_test(test_lifetimes),
      cmocka_unit_test(test_cancel),  cmocka_unit_test(test_refused),
      cmocka_unit_test(test_threads), cmocka_unit_test(test_import),
      cmocka_unit_test(test_sums),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
