/* The Kaggle folder: the published totals, and the future that its features know. */
#include "data_support.h"

static wsf__panel *open_walmart(wsf__env *env, const char *options) {
  char text[4608];
  wsf_error err;
  wsf__panel *p;
  (void)snprintf(text, sizeof text, "walmart(\"%s/walmart\"%s)", data_folder(), options);
  if (open_data(&p, env, text, &err) != WSF_OK) fail_msg("%s (%s)", err.message, err.file);
  return p;
}

static double at(const wsf__panel *p, const char *name, int64_t series, int64_t period) {
  return wsf__panel_value(p, wsf__panel_find_column(p, name), series, period);
}

static void test_totals(void **state) {
  (void)skip_without_data();
  wsf__panel *p = open_walmart(*state, "");
  assert_int_equal(p->n, 3331);
  assert_int_equal(p->T, 143);
  assert_int_equal(p->ahead, 39);
  assert_int_equal(p->season, 52);
  assert_int_equal(p->calendar.freq, WSF__WEEK);
  assert_int_equal(reported(p, "rows read"), 421570);
  assert_int_equal(reported(p, "observations"), 421570);
  assert_int_equal(reported(p, "rows rejected"), 0);
  assert_int_equal(reported(p, "negative values"), 1285);
  assert_true(fabs(panel_sum(p) - 6737218987.11) < 0.005);
  assert_int_equal(wsf_table_rows(p->request), 115064);
  assert_int_equal(wsf_table_i64(p->request, 0)[115063], 45);
  assert_int_equal(wsf_table_type(p->request, 2), WSF_TYPE_DATE);
  wsf__panel_release(p);
}

static void test_covariates(void **state) {
  (void)skip_without_data();
  wsf__panel *p = open_walmart(*state, "");
  assert_int_equal(p->holiday, wsf__panel_find_column(p, "IsHoliday"));
  assert_true(wsf__panel_weight(p, 0, 0) == 1 && wsf__panel_weight(p, 0, 1) == 5);
  assert_true(at(p, "Temperature", 0, 0) == 42.31 && at(p, "CPI", 0, 0) == 211.0963582);
  assert_true(isnan(at(p, "MarkDown1", 0, 0)));
  assert_true(at(p, "IsHoliday", 0, 146) == 1); /* Thanksgiving 2012 */
  assert_false(isnan(at(p, "CPI", 0, 181)));
  const wsf__column *type = &p->column[wsf__panel_find_column(p, "Type")];
  assert_string_equal(type->category[(int)wsf__panel_value(p, (int)(type - p->column), 0, 0)], "A");
  assert_true(at(p, "Size", 0, 0) == 151315);
  wsf__panel_release(p);
  p = open_walmart(*state, ", fill=none");
  assert_true(isnan(at(p, "CPI", 0, 181)));
  wsf__panel_release(p);
}

static void test_same_panel_for_any_threads(void **state) {
  (void)skip_without_data();
  wsf__panel *one = open_walmart(*state, "");
  wsf__env many;
  assert_true(wsf__env_init(&many, &wsf__alloc_libc));
  many.threads = 5;
  wsf__panel *five = open_walmart(&many, "");
  assert_int_equal(one->n, five->n);
  assert_memory_equal(one->length, five->length, (size_t)one->n * sizeof *one->length);
  const int64_t last = one->n - 1, cells = one->offset[last] + one->length[last];
  assert_memory_equal(one->y, five->y, (size_t)cells * sizeof *one->y);
  for (int k = 0; k < one->n_columns; ++k) {
    const wsf__column *a = &one->column[k], *b = &five->column[k];
    assert_int_equal(a->n_groups * a->periods, b->n_groups * b->periods);
    assert_memory_equal(a->group, b->group, (size_t)one->n * sizeof *a->group);
    assert_memory_equal(a->value, b->value, (size_t)(a->n_groups * a->periods) * sizeof *a->value);
  }
  wsf__panel_release(five);
  wsf__env_free(&many);
  wsf__panel_release(one);
}

static void test_folder_missing(void **state) {
  wsf__panel *p;
  wsf_error err;
  assert_int_equal(open_data(&p, *state, "walmart(\"/no/folder\")", &err), WSF_E_IO);
  assert_string_equal(err.file, "/no/folder/train.csv");
}

int test_walmart(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_totals),
      cmocka_unit_test(test_covariates),
      cmocka_unit_test(test_same_panel_for_any_threads),
      cmocka_unit_test(test_folder_missing),
  };
  return cmocka_run_group_tests(tests, env_setup, env_teardown);
}
