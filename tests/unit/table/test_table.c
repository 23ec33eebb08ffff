#include "support.h"

#include "table/table.h"

#include <math.h>

static wsf_table *sample(void) {
  wsf_table *t = NULL;
  double *f;
  int64_t *i, text;
  assert_int_equal(wsf__table_create(&t, &wsf__alloc_libc, 3, NULL), WSF_OK);
  assert_int_equal(wsf__table_add_i64(t, "store", WSF_TYPE_I64, &i, NULL), WSF_OK);
  i[0] = 7, i[1] = INT64_MIN, i[2] = 9;
  wsf__table_set_null(t, 0, 2);
  wsf__table_set_null(t, 0, 2);
  assert_int_equal(wsf__table_add_f64(t, "sales", &f, NULL), WSF_OK);
  f[0] = 0.1, f[1] = NAN, f[2] = 1e300;
  assert_int_equal(wsf__table_add_text(t, "name", &text, NULL), WSF_OK);
  assert_int_equal(wsf__table_put(t, text, "M\xc3\xbcller", NULL), WSF_OK);
  assert_int_equal(wsf__table_put(t, text, NULL, NULL), WSF_OK);
  assert_int_equal(wsf__table_put_n(t, text, "abcdef", 3, NULL), WSF_OK);
  assert_int_equal(wsf__table_add_i64(t, "day", WSF_TYPE_DATE, &i, NULL), WSF_OK);
  i[0] = 0, i[1] = 15373, i[2] = -719528;
  assert_int_equal(wsf__table_add_i64(t, "at", WSF_TYPE_TIME, &i, NULL), WSF_OK);
  i[0] = -1, i[1] = 86399, i[2] = 1709210096; /* 2024-02-29T12:34:56 */
  return t;
}

static void cell(const wsf_table *t, int64_t col, int64_t row, const char *expected) {
  char text[64];
  assert_int_equal(wsf_table_format(t, col, row, text, sizeof text), (int64_t)strlen(expected));
  assert_string_equal(text, expected);
}

static void test_read(void **state) {
  (void)state;
  wsf_table *t = sample();
  assert_int_equal(wsf_table_rows(t), 3);
  assert_int_equal(wsf_table_columns(t), 5);
  assert_string_equal(wsf_table_name(t, 2), "name");
  assert_null(wsf_table_name(t, 5));
  assert_int_equal(wsf_table_find(t, "at"), 4);
  assert_int_equal(wsf_table_find(t, "AT"), -1);
  assert_int_equal(wsf_table_type(t, 3), WSF_TYPE_DATE);
  assert_int_equal(wsf_table_type(t, -1), 0);
  assert_int_equal(wsf_table_i64(t, 0)[2], 0);
  assert_null(wsf_table_f64(t, 0));
  assert_null(wsf_table_i64(t, 1));
  const int32_t nulls[5][3] = {{0, 0, 1}, {0, 1, 0}, {0, 1, 0}, {0, 0, 0}, {0, 0, 0}};
  for (int c = 0; c < 5; ++c) {
    for (int r = 0; r < 3; ++r) assert_int_equal(wsf_table_is_null(t, c, r), nulls[c][r]);
    assert_int_equal(wsf_table_is_null(t, c, 3), 1);
    assert_int_equal(wsf_table_is_null(t, c, -1), 1);
  }
  size_t length = 99;
  assert_string_equal(wsf_table_text(t, 2, 0, &length), "M\xc3\xbcller");
  assert_int_equal(length, 7);
  assert_null(wsf_table_text(t, 2, 1, &length));
  assert_int_equal(length, 0);
  assert_string_equal(wsf_table_text(t, 2, 2, NULL), "abc");
  assert_null(wsf_table_text(t, 0, 0, NULL));
  wsf_table_release(t);
}

static void test_format(void **state) {
  (void)state;
  wsf_table *t = sample();
  cell(t, 0, 0, "7");
  cell(t, 0, 1, "-9223372036854775808");
  cell(t, 0, 2, "");
  cell(t, 1, 0, "0.1");
  cell(t, 1, 1, "");
  cell(t, 1, 2, "1e+300");
  cell(t, 2, 0, "M\xc3\xbcller");
  cell(t, 2, 1, "");
  cell(t, 3, 0, "1970-01-01");
  cell(t, 3, 1, "2012-02-03");
  cell(t, 3, 2, "0000-01-01");
  cell(t, 4, 0, "1969-12-31T23:59:59");
  cell(t, 4, 1, "1970-01-01T23:59:59");
  cell(t, 4, 2, "2024-02-29T12:34:56");
  char small[4] = "zzz";
  assert_int_equal(wsf_table_format(t, 3, 0, small, sizeof small), 10);
  assert_string_equal(small, "197");
  assert_int_equal(wsf_table_format(t, 3, 0, NULL, 0), 10);
  assert_int_equal(wsf_table_format(t, 3, 3, small, sizeof small), -1);
  assert_int_equal(wsf_table_format(t, 5, 0, small, sizeof small), -1);
  wsf_table_release(t);
}

static void test_numbers_round_trip(void **state) {
  (void)state;
  enum { N = 2000 };
  wsf_table *t = NULL;
  double *f;
  assert_int_equal(wsf__table_create(&t, &wsf__alloc_libc, N, NULL), WSF_OK);
  assert_int_equal(wsf__table_add_f64(t, "x", &f, NULL), WSF_OK);
  uint64_t bits = 1;
  for (int i = 0; i < N; ++i) {
    bits = bits * UINT64_C(6364136223846793005) + 1442695040888963407u;
    memcpy(&f[i], &bits, sizeof f[i]);
    if (!isfinite(f[i])) f[i] = (double)i;
  }
  for (int i = 0; i < N; ++i) {
    char text[64];
    assert_in_range(wsf_table_format(t, 0, i, text, sizeof text), 1, 31);
    assert_true(strtod(text, NULL) == f[i]);
  }
  wsf_table_release(t);
}

/* Days in order, month by month: the text must count as a calendar does. */
static void test_every_day(void **state) {
  (void)state;
  static const int days_of[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  wsf_table *t = NULL;
  int64_t *day;
  assert_int_equal(wsf__table_create(&t, &wsf__alloc_libc, 1, NULL), WSF_OK);
  assert_int_equal(wsf__table_add_i64(t, "d", WSF_TYPE_DATE, &day, NULL), WSF_OK);
  day[0] = -25567; /* 1900-01-01 */
  for (int y = 1900; y < 2101; ++y) {
    const int leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    for (int m = 1; m <= 12; ++m) {
      for (int d = 1; d <= days_of[m - 1] + (m == 2 && leap); ++d, ++day[0]) {
        char expected[32];
        (void)snprintf(expected, sizeof expected, "%04d-%02d-%02d", y, m, d);
        cell(t, 0, 0, expected);
      }
    }
  }
  day[0] = 2932896;
  cell(t, 0, 0, "9999-12-31");
  day[0] = 2932897;
  cell(t, 0, 0, "10000-01-01");
  day[0] = 364522971;
  cell(t, 0, 0, "999999-12-31");
  day[0] = 364522972; /* no year that anyone means: the number itself */
  cell(t, 0, 0, "364522972");
  day[0] = INT64_MAX;
  cell(t, 0, 0, "9223372036854775807");
  wsf_table_release(t);
}

static void test_null_handles(void **state) {
  (void)state;
  wsf_table_release(NULL);
  assert_null(wsf_table_retain(NULL));
  assert_int_equal(wsf_table_rows(NULL), 0);
  assert_int_equal(wsf_table_columns(NULL), 0);
  assert_null(wsf_table_name(NULL, 0));
  assert_int_equal(wsf_table_find(NULL, "x"), -1);
  assert_int_equal(wsf_table_is_null(NULL, 0, 0), 1);
  assert_int_equal(wsf_table_format(NULL, 0, 0, NULL, 0), -1);
}

static void count_drop(void *owner) {
  ++*(int *)owner;
}

static void test_owner(void **state) {
  (void)state;
  int drops = 0;
  wsf_table *t = sample();
  wsf__table_own(t, count_drop, &drops);
  wsf_table *again = wsf_table_retain(t);
  wsf_table_release(t);
  assert_int_equal(drops, 0);
  wsf_table_release(again);
  assert_int_equal(drops, 1);
}

static void test_overfull_text(void **state) {
  (void)state;
  wsf_table *t = NULL;
  int64_t text;
  wsf_error err;
  assert_int_equal(wsf__table_create(&t, &wsf__alloc_libc, 1, NULL), WSF_OK);
  assert_int_equal(wsf__table_add_text(t, "a", &text, NULL), WSF_OK);
  assert_int_equal(wsf_table_is_null(t, text, 0), 1);
  assert_int_equal(wsf__table_put(t, text, "", NULL), WSF_OK);
  assert_int_equal(wsf_table_is_null(t, text, 0), 0);
  assert_int_equal(wsf__table_put(t, text, "x", &err), WSF_E_INTERNAL);
  wsf_table_release(t);
}

/* Fails the k-th allocation; the table must survive or say so, and nothing may leak (ASan). */
typedef struct budget {
  int left;
} budget;

static void *limited(void *user, void *ptr, size_t old_size, size_t new_size) {
  budget *b = user;
  if (new_size > 0 && b->left-- <= 0) return NULL;
  return wsf__alloc_libc.resize(NULL, ptr, old_size, new_size);
}

static wsf_status build_limited(const wsf__alloc *a) {
  wsf_table *t = NULL;
  double *f;
  int64_t *i, text;
  wsf_error err;
  wsf_status s = wsf__table_create(&t, a, 100, &err);
  if (s == WSF_OK) s = wsf__table_add_f64(t, "f", &f, &err);
  if (s == WSF_OK) s = wsf__table_add_i64(t, "i", WSF_TYPE_I64, &i, &err);
  if (s == WSF_OK) s = wsf__table_add_text(t, "t", &text, &err);
  for (int r = 0; s == WSF_OK && r < 100; ++r) s = wsf__table_put(t, text, "abcdefgh", &err);
  for (int c = 0; s == WSF_OK && c < 10; ++c) s = wsf__table_add_f64(t, "g", &f, &err);
  struct ArrowSchema schema;
  struct ArrowArray array;
  struct ArrowArrayStream stream;
  if (s == WSF_OK) {
    s = wsf_table_export(t, &schema, &array, &err);
    if (s == WSF_OK) {
      schema.release(&schema);
      array.release(&array);
    }
  }
  if (s == WSF_OK) {
    s = wsf_table_export_stream(t, &stream, &err);
    if (s == WSF_OK) {
      if (stream.get_schema(&stream, &schema) == 0)
        schema.release(&schema);
      else
        s = WSF_E_MEMORY;
      if (s == WSF_OK && stream.get_next(&stream, &array) == 0)
        array.release(&array);
      else
        s = WSF_E_MEMORY;
      stream.release(&stream);
    }
  }
  wsf_table_release(t);
  return s;
}

static void test_allocation_failures(void **state) {
  (void)state;
  int k = 0;
  wsf_status s;
  do {
    budget b = {k++};
    const wsf__alloc a = {limited, &b};
    s = build_limited(&a);
    assert_true(s == WSF_OK || s == WSF_E_MEMORY);
  } while (s != WSF_OK && k < 1000);
  assert_int_equal(s, WSF_OK);
  assert_true(k > 20);
}

int test_table(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_read),
      cmocka_unit_test(test_format),
      cmocka_unit_test(test_numbers_round_trip),
      cmocka_unit_test(test_every_day),
      cmocka_unit_test(test_null_handles),
      cmocka_unit_test(test_owner),
      cmocka_unit_test(test_overfull_text),
      cmocka_unit_test(test_allocation_failures),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
