/* The M5 folder at both levels. */
#include "data_support.h"

static wsf__panel *open_m5(wsf__env *env, const char *options) {
  char text[4608];
  wsf_error err;
  wsf__panel *p;
  (void)snprintf(text, sizeof text, "m5(\"%s/m5\"%s)", data_folder(), options);
  if (open_data(&p, env, text, &err) != WSF_OK) fail_msg("%s (%s)", err.message, err.file);
  return p;
}

static int64_t series(const wsf__panel *p, const char *label) {
  char text[128];
  for (int64_t i = 0; i < p->n; ++i) {
    wsf__panel_label(p, i, text, sizeof text);
    if (strcmp(text, label) == 0) return i;
  }
  fail_msg("no series %s", label);
  return -1;
}

static double at(const wsf__panel *p, const char *name, int64_t i, int64_t period) {
  return wsf__panel_value(p, wsf__panel_find_column(p, name), i, period);
}

static void test_departments(void **state) {
  (void)skip_without_data();
  wsf__panel *p = open_m5(*state, "");
  assert_int_equal(p->n, 70);
  assert_int_equal(p->T, 1941);
  assert_int_equal(p->ahead, 28);
  assert_int_equal(p->season, 7);
  assert_true(panel_sum(p) == 66927173);
  const int64_t i = series(p, "CA_1/HOBBIES_1");
  assert_true(p->y[p->offset[i]] == 528);
  /* 2011-02-01 is a SNAP day in California, not in Wisconsin; 2011-02-06 was the Super Bowl. */
  assert_true(at(p, "snap", i, 3) == 1 && at(p, "snap", series(p, "WI_1/FOODS_1"), 3) == 0);
  assert_true(at(p, "holiday", i, 8) == 1 && at(p, "holiday", i, 7) == 0);
  const wsf__column *event = &p->column[wsf__panel_find_column(p, "event_name_1")];
  assert_string_equal(event->category[(int)at(p, "event_name_1", i, 8)], "SuperBowl");
  assert_true(at(p, "mean_price", series(p, "CA_1/FOODS_1"), 0) == 2.9891);
  assert_true(at(p, "mean_price", series(p, "CA_1/FOODS_1"), 6) == 2.9891);
  assert_true(at(p, "mean_price", series(p, "CA_1/FOODS_1"), 7) == 3.0166);
  assert_false(isnan(at(p, "mean_price", i, 1968)));
  wsf__panel_release(p);
}

static void test_items(void **state) {
  (void)skip_without_data();
  wsf__panel *p = open_m5(*state, ", level=item");
  assert_int_equal(p->n, 280);
  assert_int_equal(p->T, 1941);
  assert_true(panel_sum(p) == 2978403);
  char first[32];
  wsf__calendar_text(&p->calendar, 0, first);
  assert_string_equal(first, "2011-01-29");
  assert_int_equal(p->column[wsf__panel_find_column(p, "dept_id")].kind, WSF__STATIC);
  assert_int_equal(p->column[wsf__panel_find_column(p, "sell_price")].kind, WSF__KNOWN);
  wsf__panel_release(p);
}

int test_m5(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_departments),
      cmocka_unit_test(test_items),
  };
  return cmocka_run_group_tests(tests, env_setup, env_teardown);
}
