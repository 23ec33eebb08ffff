#include "support.h"

#include "table/table.h"

#include <math.h>

static void count_drop(void *owner) {
  ++*(int *)owner;
}

static wsf_table *sample(int *drops) {
  wsf_table *t = NULL;
  double *f;
  int64_t *i, text;
  assert_int_equal(wsf__table_create(&t, &wsf__alloc_libc, 3, NULL), WSF_OK);
  wsf__table_own(t, count_drop, drops);
  assert_int_equal(wsf__table_add_i64(t, "store", WSF_TYPE_I64, &i, NULL), WSF_OK);
  i[0] = 7, i[1] = 8, i[2] = 9;
  wsf__table_set_null(t, 0, 1);
  assert_int_equal(wsf__table_add_f64(t, "sales", &f, NULL), WSF_OK);
  f[0] = 0.5, f[1] = 2, f[2] = NAN;
  assert_int_equal(wsf__table_add_text(t, "name", &text, NULL), WSF_OK);
  assert_int_equal(wsf__table_put(t, text, "ab", NULL), WSF_OK);
  assert_int_equal(wsf__table_put(t, text, NULL, NULL), WSF_OK);
  assert_int_equal(wsf__table_put(t, text, "cde", NULL), WSF_OK);
  assert_int_equal(wsf__table_add_i64(t, "day", WSF_TYPE_DATE, &i, NULL), WSF_OK);
  i[0] = 15373, i[1] = 1, i[2] = -1;
  assert_int_equal(wsf__table_add_i64(t, "at", WSF_TYPE_TIME, &i, NULL), WSF_OK);
  i[2] = 5;
  return t;
}

static void test_export(void **state) {
  (void)state;
  int drops = 0;
  wsf_table *t = sample(&drops);
  const double *sales = wsf_table_f64(t, 1);
  const int64_t *at = wsf_table_i64(t, 4);
  struct ArrowSchema schema;
  struct ArrowArray array;
  assert_int_equal(wsf_table_export(t, &schema, &array, NULL), WSF_OK);
  wsf_table_release(t);
  static const char *const format[] = {"l", "g", "u", "tdD", "tss:"};
  static const char *const name[] = {"store", "sales", "name", "day", "at"};
  static const int64_t nulls[] = {1, 1, 1, 0, 0};
  static const int64_t buffers[] = {2, 2, 3, 2, 2};
  assert_string_equal(schema.format, "+s");
  assert_int_equal(schema.n_children, 5);
  assert_int_equal(array.n_children, 5);
  assert_int_equal(array.n_buffers, 1);
  assert_int_equal(array.length, 3);
  for (int i = 0; i < 5; ++i) {
    assert_string_equal(schema.children[i]->format, format[i]);
    assert_string_equal(schema.children[i]->name, name[i]);
    assert_int_equal(schema.children[i]->flags, ARROW_FLAG_NULLABLE);
    assert_int_equal(array.children[i]->length, 3);
    assert_int_equal(array.children[i]->null_count, nulls[i]);
    assert_int_equal(array.children[i]->n_buffers, buffers[i]);
    assert_int_equal(array.children[i]->buffers[0] != NULL, nulls[i] != 0);
  }
  /* the very memory of the table, not a copy */
  assert_ptr_equal(array.children[1]->buffers[1], sales);
  assert_ptr_equal(array.children[4]->buffers[1], at);
  assert_int_equal(*(const uint8_t *)array.children[0]->buffers[0] & 7, 5);
  assert_int_equal(*(const uint8_t *)array.children[1]->buffers[0] & 7, 3);
  const int32_t *offset = array.children[2]->buffers[1];
  const int32_t expected[] = {0, 2, 2, 5};
  assert_memory_equal(offset, expected, sizeof expected);
  assert_memory_equal(array.children[2]->buffers[2], "abcde", 5);
  const int32_t days[] = {15373, 1, -1};
  assert_memory_equal(array.children[3]->buffers[1], days, sizeof days);
  schema.release(&schema);
  assert_null(schema.release);
  assert_int_equal(drops, 0);
  array.release(&array);
  assert_null(array.release);
  assert_int_equal(drops, 1);
}

/* A consumer may move children out and release the parent first. */
static void test_moved_child(void **state) {
  (void)state;
  int drops = 0;
  wsf_table *t = sample(&drops);
  struct ArrowSchema schema;
  struct ArrowArray array;
  assert_int_equal(wsf_table_export(t, &schema, &array, NULL), WSF_OK);
  wsf_table_release(t);
  struct ArrowArray child = *array.children[1];
  array.children[1]->release = NULL;
  struct ArrowSchema type = *schema.children[2];
  schema.children[2]->release = NULL;
  array.release(&array);
  schema.release(&schema);
  assert_int_equal(drops, 0);
  assert_true(((const double *)child.buffers[1])[0] == 0.5);
  assert_string_equal(type.name, "name");
  child.release(&child);
  assert_int_equal(drops, 0);
  type.release(&type);
  assert_int_equal(drops, 1);
}

static void test_stream(void **state) {
  (void)state;
  int drops = 0;
  wsf_table *t = sample(&drops);
  struct ArrowArrayStream stream;
  assert_int_equal(wsf_table_export_stream(t, &stream, NULL), WSF_OK);
  wsf_table_release(t);
  struct ArrowSchema schema;
  struct ArrowArray array, end;
  assert_int_equal(stream.get_schema(&stream, &schema), 0);
  assert_int_equal(stream.get_next(&stream, &array), 0);
  assert_non_null(array.release);
  assert_int_equal(stream.get_next(&stream, &end), 0);
  assert_null(end.release);
  assert_null(stream.get_last_error(&stream));
  stream.release(&stream);
  assert_int_equal(array.length, 3);
  assert_string_equal(schema.children[3]->format, "tdD");
  schema.release(&schema);
  array.release(&array);
  assert_int_equal(drops, 1);
}

static void test_empty(void **state) {
  (void)state;
  wsf_table *t = NULL;
  int64_t text;
  double *f;
  struct ArrowSchema schema;
  struct ArrowArray array;
  assert_int_equal(wsf__table_create(&t, &wsf__alloc_libc, 0, NULL), WSF_OK);
  assert_int_equal(wsf__table_add_text(t, "t", &text, NULL), WSF_OK);
  assert_int_equal(wsf__table_add_f64(t, "f", &f, NULL), WSF_OK);
  assert_int_equal(wsf_table_export(t, &schema, &array, NULL), WSF_OK);
  assert_int_equal(array.length, 0);
  assert_int_equal(((const int32_t *)array.children[0]->buffers[1])[0], 0);
  schema.release(&schema);
  array.release(&array);
  wsf_table_release(t);
}

static void test_refusals(void **state) {
  (void)state;
  wsf_table *t = NULL;
  int64_t text, *day;
  wsf_error err;
  struct ArrowSchema schema;
  struct ArrowArray array;
  struct ArrowArrayStream stream;
  assert_int_equal(wsf_table_export(NULL, &schema, &array, &err), WSF_E_ARGUMENT);
  assert_null(schema.release);
  assert_int_equal(wsf_table_export_stream(NULL, &stream, &err), WSF_E_ARGUMENT);
  assert_int_equal(wsf__table_create(&t, &wsf__alloc_libc, 1, NULL), WSF_OK);
  assert_int_equal(wsf_table_export_stream(t, NULL, &err), WSF_E_ARGUMENT);
  assert_int_equal(wsf_table_export(t, NULL, &array, &err), WSF_E_ARGUMENT);
  assert_int_equal(wsf__table_add_i64(t, "day", WSF_TYPE_DATE, &day, NULL), WSF_OK);
  day[0] = INT64_C(1) << 40;
  assert_int_equal(wsf_table_export(t, &schema, &array, &err), WSF_E_ARGUMENT);
  assert_non_null(strstr(err.message, "'day'"));
  day[0] = 0;
  assert_int_equal(wsf__table_add_text(t, "late", &text, NULL), WSF_OK);
  assert_int_equal(wsf_table_export(t, &schema, &array, &err), WSF_E_INTERNAL);
  wsf_table_release(t);
}

int test_table_arrow(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_export),   cmocka_unit_test(test_moved_child),
      cmocka_unit_test(test_stream),   cmocka_unit_test(test_empty),
      cmocka_unit_test(test_refusals),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
