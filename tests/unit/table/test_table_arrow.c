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

/* Floats and codes into a dictionary, which outlives whoever made it. */
static wsf_table *encoded(int *drops) {
  static const char *const words[] = {"ale", "", "corn"};
  wsf_table *t = NULL;
  wsf__dictionary *d = NULL;
  float *f;
  int32_t *code;
  assert_int_equal(wsf__table_create(&t, &wsf__alloc_libc, 9, NULL), WSF_OK);
  wsf__table_own(t, count_drop, drops);
  assert_int_equal(wsf__table_add_f32(t, "x", &f, NULL), WSF_OK);
  assert_int_equal(wsf__dictionary_create(&d, &wsf__alloc_libc, words, 3, NULL), WSF_OK);
  assert_int_equal(wsf__table_add_codes(t, "item", d, &code, NULL), WSF_OK);
  assert_int_equal(wsf__table_add_codes(t, "other", d, &code, NULL), WSF_OK);
  wsf__dictionary_release(d);
  f[0] = 0.1F, f[1] = NAN, f[2] = 16777216, f[3] = 1e-7F;
  code[0] = 2, code[1] = 1, code[2] = 2;
  wsf__table_set_null(t, 2, 2);
  wsf__table_truncate(t, 4);
  return t;
}

static void test_floats_and_codes(void **state) {
  (void)state;
  int drops = 0;
  wsf_table *t = encoded(&drops);
  assert_int_equal(wsf_table_rows(t), 4);
  assert_int_equal(wsf_table_type(t, 0), WSF_TYPE_F32);
  assert_int_equal(wsf_table_type(t, 2), WSF_TYPE_TEXT);
  assert_null(wsf_table_f64(t, 0));
  assert_null(wsf_table_f32(t, 2));
  assert_true(wsf_table_f32(t, 0)[0] == 0.1F);
  assert_null(wsf_table_codes(t, 0));
  assert_int_equal(wsf_table_codes(t, 2)[0], 2);
  assert_int_equal(wsf_table_categories(t, 0), 0);
  assert_int_equal(wsf_table_categories(t, 2), 3);
  size_t length = 9;
  assert_string_equal(wsf_table_category(t, 2, 0, &length), "ale");
  assert_int_equal(length, 3);
  assert_null(wsf_table_category(t, 2, 3, &length));
  assert_null(wsf_table_category(t, 2, -1, NULL));
  assert_null(wsf_table_category(t, 0, 0, NULL));
  assert_int_equal(length, 0);
  static const char *const text[3][4] = {
      {"0.1", "", "16777216", "1e-07"}, {"ale", "ale", "ale", "ale"}, {"corn", "", "", "ale"}};
  static const int null[3][4] = {{0, 1, 0, 0}, {0, 0, 0, 0}, {0, 0, 1, 0}};
  for (int c = 0; c < 3; ++c) {
    for (int r = 0; r < 4; ++r) {
      char cell[32];
      assert_int_equal(wsf_table_format(t, c, r, cell, sizeof cell), strlen(text[c][r]));
      assert_string_equal(cell, text[c][r]);
      assert_int_equal(wsf_table_is_null(t, c, r), null[c][r]);
      if (c > 0) assert_int_equal(wsf_table_text(t, c, r, NULL) == NULL, null[c][r]);
    }
  }
  assert_int_equal(wsf__table_put(t, 2, "ale", NULL), WSF_E_INTERNAL);
  wsf_table_release(t);
  assert_int_equal(drops, 1);
}

static void test_export_encoded(void **state) {
  (void)state;
  int drops = 0;
  wsf_table *t = encoded(&drops);
  struct ArrowSchema schema;
  struct ArrowArray array;
  assert_int_equal(wsf_table_export(t, &schema, &array, NULL), WSF_OK);
  const float *x = wsf_table_f32(t, 0);
  wsf_table_release(t);
  assert_string_equal(schema.children[0]->format, "f");
  assert_null(schema.children[0]->dictionary);
  assert_ptr_equal(array.children[0]->buffers[1], x);
  assert_int_equal(array.children[0]->null_count, 1);
  assert_int_equal(*(const uint8_t *)array.children[0]->buffers[0] & 15, 13);
  assert_string_equal(schema.children[2]->format, "i");
  assert_string_equal(schema.children[2]->dictionary->format, "u");
  const struct ArrowArray *item = array.children[2];
  assert_int_equal(item->length, 4);
  assert_int_equal(item->n_buffers, 2);
  assert_int_equal(item->null_count, 1);
  assert_int_equal(((const int32_t *)item->buffers[1])[0], 2);
  assert_int_equal(item->dictionary->length, 3);
  assert_int_equal(item->dictionary->n_buffers, 3);
  assert_int_equal(item->dictionary->null_count, 0);
  const int32_t offset[] = {0, 3, 3, 7};
  assert_memory_equal(item->dictionary->buffers[1], offset, sizeof offset);
  assert_memory_equal(item->dictionary->buffers[2], "alecorn", 7);
  /* the texts of both columns lie in memory once */
  assert_ptr_equal(item->dictionary->buffers[2], array.children[1]->dictionary->buffers[2]);
  /* a child that was moved out lives on without its parent */
  struct ArrowArray moved = *array.children[2];
  array.children[2]->release = NULL;
  schema.release(&schema);
  array.release(&array);
  assert_int_equal(drops, 0);
  assert_memory_equal(moved.dictionary->buffers[2], "alecorn", 7);
  moved.release(&moved);
  assert_int_equal(drops, 1);
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
      cmocka_unit_test(test_floats_and_codes), cmocka_unit_test(test_export_encoded),
      cmocka_unit_test(test_export),           cmocka_unit_test(test_moved_child),
      cmocka_unit_test(test_stream),           cmocka_unit_test(test_empty),
      cmocka_unit_test(test_refusals),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
