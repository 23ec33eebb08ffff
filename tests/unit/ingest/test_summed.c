/* Rows that are added up, what their other columns become, and what the report tells of periods in
 * which nothing is sold. */
#include "data_support.h"

static wsf__env *env;

static wsf__panel *panel_of(const char *text, const char *options) {
  wsf__panel *p = NULL;
  wsf_error err = {0};
  if (open_text(&p, env, text, options, &err) != WSF_OK) fail_msg("%s", err.message);
  return p;
}

/* Count of the first line of the report that begins so; -1 without. *example: its. */
static int64_t told(const wsf__panel *p, const char *begins, const char **example) {
  const int64_t item = wsf_table_find(p->report, "item");
  for (int64_t i = 0; i < wsf_table_rows(p->report); ++i) {
    const char *text = wsf_table_text(p->report, item, i, NULL);
    if (strncmp(text, begins, strlen(begins)) != 0) continue;
    *example = wsf_table_text(p->report, wsf_table_find(p->report, "example"), i, NULL);
    return wsf_table_i64(p->report, wsf_table_find(p->report, "count"))[i];
  }
  return -1;
}

static double value(const wsf__panel *p, const char *column, int64_t period) {
  return wsf__panel_value(p, wsf__panel_find_column(p, column), 0, period);
}

static const char *const DIFFER = "doubt: rows that are added up differ";
static const char *const GAPS = "doubt: periods without a row";
static const char *const ZEROS = "doubt: the last values of all series are 0";
static const char *const WEEKDAYS = "doubt: no value stands on these days";

static const char *const LINES = "t,y,price,promo,area,coupon\n"
                                 "1,1,5,0,N,X\n1,1,7,1,N,\n"
                                 "2,1,5,0,N,X\n2,1,5,0,S,Z\n2,1,,0,N,Z\n"
                                 "3,1,5,0,N,Z\n";

static void test_columns_of_sums(void **state) {
  (void)state;
  const char *example;
  wsf__panel *p = panel_of(LINES, "time=t, target=y, duplicates=sum");
  assert_true(p->y[0] == 2 && p->y[1] == 3 && p->y[2] == 1);
  assert_true(value(p, "price", 0) == 6 && value(p, "price", 1) == 5);
  assert_true(value(p, "promo", 0) == 1 && value(p, "promo", 1) == 0);
  assert_true(value(p, "area", 0) == 0 && isnan(value(p, "area", 1)));
  assert_true(value(p, "coupon", 0) == 0 && isnan(value(p, "coupon", 1)));
  assert_true(value(p, "coupon", 2) == 1);
  assert_int_equal(told(p, DIFFER, &example), 4);
  assert_string_equal(example, "price, promo, area, coupon");
  wsf__panel_release(p);
  p = panel_of(LINES, "time=t, target=y, duplicates=last");
  assert_true(value(p, "price", 0) == 7 && isnan(value(p, "price", 1)));
  assert_int_equal(told(p, DIFFER, &example), -1);
  wsf__panel_release(p);
}

/* The word of a series is that of all its rows, those that are added up too. */
static void test_static_of_sums(void **state) {
  (void)state;
  wsf__panel *p = panel_of("t,y,area\n1,1,S\n1,1,N\n2,1,N\n", "time=t, target=y, static=area, "
                                                              "duplicates=sum");
  assert_int_equal(
      reported(p, "doubt: static, but it varies within series; the first value is taken"), 1);
  assert_true(value(p, "area", 0) == 1); /* S, of N and S */
  wsf__panel_release(p);
}

static void test_gaps_of_sums(void **state) {
  (void)state;
  static const char *const text = "t,y\n1,1\n1,1\n2,5\n4,2\n";
  const char *example;
  wsf__panel *p = panel_of(text, "time=t, target=y, duplicates=sum");
  assert_int_equal(told(p, GAPS, &example), 1);
  assert_string_equal(example, "1 of 4 periods");
  wsf__panel_release(p);
  p = panel_of(text, "time=t, target=y, duplicates=sum, gaps=zero");
  assert_int_equal(told(p, GAPS, &example), -1);
  wsf__panel_release(p);
  p = panel_of(text, "time=t, target=y, duplicates=last");
  assert_int_equal(told(p, GAPS, &example), -1);
  wsf__panel_release(p);
}

/* Days of January 2023, whose first is a Sunday, but for those of a weekday; 7: all. */
static wsf__panel *january(int closed, int zeros) {
  char text[1024];
  size_t n = (size_t)snprintf(text, sizeof text, "t,y\n");
  for (int d = 1; d < 32; ++d) {
    if (d % 7 == closed) continue;
    n +=
        (size_t)snprintf(text + n, sizeof text - n, "2023-01-%02d,%d\n", d, d > 31 - zeros ? 0 : d);
  }
  return panel_of(text, "time=t, target=y");
}

static void test_quiet_days(void **state) {
  (void)state;
  const char *example;
  wsf__panel *p = january(1, 0);
  assert_int_equal(told(p, WEEKDAYS, &example), 1);
  assert_string_equal(example, "Sunday");
  wsf__panel_release(p);
  p = january(7, 0);
  assert_int_equal(told(p, WEEKDAYS, &example), -1);
  wsf__panel_release(p);
}

static void test_zeros_at_the_end(void **state) {
  (void)state;
  const char *example;
  wsf__panel *p = january(7, 4);
  assert_int_equal(told(p, ZEROS, &example), 4);
  assert_string_equal(example, "until(\"2023-01-27\")");
  wsf__panel_release(p);
  p = january(7, 1); /* one value of one series may be 0 */
  assert_int_equal(told(p, ZEROS, &example), -1);
  wsf__panel_release(p);
  /* Zeros as long stood there before. */
  p = panel_of("t,y\n1,5\n2,5\n3,0\n4,0\n5,4\n6,5\n7,0\n8,0\n9,0\n", "time=t, target=y");
  assert_int_equal(told(p, ZEROS, &example), -1);
  wsf__panel_release(p);
  p = panel_of("k,t,y\na,1,5\na,2,5\na,3,1\na,4,2\na,5,4\na,6,0\nb,4,1\nb,5,4\nb,6,0\n",
               "keys=k, time=t, target=y");
  assert_int_equal(told(p, ZEROS, &example), 1);
  assert_string_equal(example, "until(5)");
  wsf__panel_release(p);
}

static int setup(void **state) {
  const int code = env_setup(state);
  env = *state;
  return code;
}

int test_summed(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_columns_of_sums),  cmocka_unit_test(test_static_of_sums),
      cmocka_unit_test(test_gaps_of_sums),     cmocka_unit_test(test_quiet_days),
      cmocka_unit_test(test_zeros_at_the_end),
  };
  return cmocka_run_group_tests(tests, setup, env_teardown);
}
