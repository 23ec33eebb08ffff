/* join: by key and time, by key alone, by time alone. */
#include "data_support.h"

static wsf__env *env;

static const char *const SALES = "shop,dept,week,sales,hol\n"
                                 "1,a,2024-01-05,1,FALSE\n1,a,2024-01-12,2,TRUE\n"
                                 "1,b,2024-01-05,3,FALSE\n1,b,2024-01-12,4,TRUE\n"
                                 "2,a,2024-01-05,5,FALSE\n3,a,2024-01-12,6,TRUE\n";

/* Join `other` to the sales. */
static wsf_status joined(wsf__panel **out, const char *source, const char *other,
                         const char *options, wsf_error *err) {
  char text[512];
  char *a = file_of(SALES, strlen(SALES)), *b = file_of(other, strlen(other));
  (void)snprintf(text, sizeof text,
                 "csv(\"%s\", keys=[shop,dept], time=week, target=sales, %s) | join(\"%s\", %s)", a,
                 source, b, options);
  const wsf_status status = open_data(out, env, text, err);
  (void)unlink(a);
  (void)unlink(b);
  free(a);
  free(b);
  return status;
}

static wsf__panel *join(const char *source, const char *other, const char *options) {
  wsf__panel *p;
  wsf_error err;
  if (joined(&p, source, other, options, &err) != WSF_OK) fail_msg("%s: %s", options, err.message);
  return p;
}

static double value(const wsf__panel *p, const char *name, int64_t series, int64_t period) {
  const int k = wsf__panel_find_column(p, name);
  assert_true(k >= 0);
  return wsf__panel_value(p, k, series, period);
}

static const char *const WEATHER = "week,shop,temp,sky,hol\n"
                                   "2024-01-12,1,2.5,sun,TRUE\n2024-01-05,1,1.5,rain,FALSE\n"
                                   "2024-01-26,1,4.5,,TRUE\n2024-01-05,2,9,sun,FALSE\n"
                                   "2024-01-06,2,8,sun,FALSE\n2023-12-29,2,7,sun,FALSE\n"
                                   "2024-01-05,2,10,rain,FALSE\n2024-01-19,4,3,sun,FALSE\n";

static void test_by_key_and_time(void **state) {
  (void)state;
  wsf__panel *p = join("past=none", WEATHER, "on=[shop,week]");
  assert_int_equal(p->T, 2);
  assert_int_equal(p->ahead, 2);
  const wsf__column *temp = &p->column[wsf__panel_find_column(p, "temp")];
  assert_int_equal(temp->kind, WSF__KNOWN);
  assert_int_equal(temp->periods, 4);
  assert_int_equal(temp->n_groups, 3);              /* shops 1, 2 and 4 of the file */
  assert_int_equal(temp->group[0], temp->group[1]); /* both departments share their shop's */
  assert_true(value(p, "temp", 0, 0) == 1.5 && value(p, "temp", 1, 1) == 2.5);
  assert_true(value(p, "temp", 0, 3) == 4.5 && isnan(value(p, "temp", 0, 2)));
  assert_true(value(p, "temp", 2, 0) == 10); /* the last of two rows */
  assert_true(isnan(value(p, "temp", 3, 0)));
  const wsf__column *sky = &p->column[wsf__panel_find_column(p, "sky")];
  assert_int_equal(sky->n_categories, 2);
  assert_string_equal(sky->category[(int)value(p, "sky", 0, 1)], "sun");
  assert_true(p->column[wsf__panel_find_column(p, "hol")].flag);
  assert_int_equal(reported(p, "series without a match"), 1);
  wsf__panel_release(p);
}

static void test_fill_forward(void **state) {
  (void)state;
  wsf__panel *p = join("past=none", WEATHER, "on=[shop,week], fill=forward, columns=[temp,hol]");
  assert_int_equal(p->n_columns, 2);
  assert_true(value(p, "temp", 0, 2) == 2.5 && value(p, "temp", 0, 3) == 4.5);
  assert_true(value(p, "temp", 2, 3) == 10);
  assert_true(isnan(value(p, "hol", 0, 2))); /* a flag is not repeated */
  wsf__panel_release(p);
}

static void test_kinds(void **state) {
  (void)state;
  wsf__panel *p = join("past=none", WEATHER, "on=[shop,week], kind=past, prefix=w_");
  assert_int_equal(p->ahead, 0);
  assert_int_equal(p->column[wsf__panel_find_column(p, "w_temp")].kind, WSF__PAST);
  wsf__panel_release(p);
  p = join("past=none", WEATHER, "on=[shop,week], known=[hol]");
  assert_int_equal(p->column[wsf__panel_find_column(p, "temp")].kind, WSF__PAST);
  assert_int_equal(p->column[wsf__panel_find_column(p, "hol")].kind, WSF__KNOWN);
  assert_int_equal(p->ahead, 2);
  assert_true(value(p, "hol", 0, 3) == 1);
  wsf__panel_release(p);
}

/* The sales file's own holiday flag ends with the sales; the joined one goes on. */
static void test_same_name(void **state) {
  (void)state;
  wsf__panel *p = join("holiday=hol, holiday_weight=5", WEATHER, "on=[shop,week]");
  assert_int_equal(p->holiday, wsf__panel_find_column(p, "hol"));
  assert_true(value(p, "hol", 0, 0) == 0 && value(p, "hol", 0, 1) == 1);
  assert_true(value(p, "hol", 0, 3) == 1);
  assert_true(wsf__panel_weight(p, 0, 1) == 5);
  wsf__panel_release(p);
  p = join("past=[hol]", WEATHER, "on=[shop,week]");
  assert_int_equal(p->column[wsf__panel_find_column(p, "hol")].kind, WSF__PAST);
  assert_int_equal(reported(p, "columns that were there already"), 1);
  wsf__panel_release(p);
  p = join("past=none", WEATHER, "on=[shop,week], holiday=hol, holiday_weight=5");
  assert_true(p->holiday >= 0 && p->holiday_weight == 5);
  wsf__panel_release(p);
}

static void test_by_key_or_time_alone(void **state) {
  (void)state;
  wsf__panel *p = join("past=none", "size,shop,kind\r10,1,A\r20,2,B\r30,3,A", "on=shop");
  const wsf__column *size = &p->column[wsf__panel_find_column(p, "size")];
  assert_int_equal(size->kind, WSF__STATIC);
  assert_true(value(p, "size", 1, 1) == 10 && value(p, "size", 3, 0) == 30);
  assert_int_equal(p->column[wsf__panel_find_column(p, "kind")].n_categories, 2);
  wsf__panel_release(p);
  p = join("past=none", "week,event\n2024-01-19,x\n2024-01-05,\n", "on=week");
  const wsf__column *event = &p->column[wsf__panel_find_column(p, "event")];
  assert_int_equal(event->n_groups, 1);
  assert_int_equal(p->ahead, 1);
  assert_true(value(p, "event", 3, 2) == 0 && isnan(value(p, "event", 3, 0)));
  wsf__panel_release(p);
}

static void test_refusals(void **state) {
  (void)state;
  static const struct {
    const char *file, *options, *message;
  } bad[] = {
      {"shop,x\n1,2\n", "on=[shop,week]", "the header has no column \"week\". It has shop, x"},
      {"shop,x\n1,2\n", "on=[x]",
       "on names \"x\", which is neither a key nor the time \"week\"; the keys are shop, dept"},
      {"shop,x\n9,2\n", "on=shop", "no series has a row in the file"},
      {"week,x\n7,2\n", "on=week", "the column \"week\" holds whole numbers; dates were expected"},
      {"week,x\n2024-01-05,2\n", "on=week, columns=[y]",
       "the header has no column \"y\". It has week, x"},
      {"week,x\n2024-01-05,2\n", "on=week, holiday=x",
       "the holiday column \"x\" is not a flag known ahead"},
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
    wsf__panel *p;
    wsf_error err;
    assert_int_not_equal(joined(&p, "past=none", bad[i].file, bad[i].options, &err), WSF_OK);
    assert_null(p);
    assert_string_equal(err.message, bad[i].message);
  }
}

/* The time in several columns on both sides, rows in another order, one that is no month. */
static void test_parts_of_time(void **state) {
  (void)state;
  static const char *const sales = "shop,year,month,sales\na,2019,11,1\na,2019,12,2\na,2020,1,3\n"
                                   "b,2019,11,4\nb,2019,12,5\nb,2020,1,6\n";
  static const char *const other = "month,year,shop,price\nFeb,2020,a,9\nJan,2020,a,3.5\n"
                                   "Nov,2019,a,1.5\n12,2019,b,2.5\n13,2019,b,7\n";
  char text[512];
  char *a = file_of(sales, strlen(sales)), *b = file_of(other, strlen(other));
  wsf__panel *p;
  wsf_error err;
  (void)snprintf(text, sizeof text,
                 "csv(\"%s\", keys=shop, time=[year,month], target=sales) | join(\"%s\", "
                 "on=[shop,year,month])",
                 a, b);
  if (open_data(&p, env, text, &err) != WSF_OK) fail_msg("%s", err.message);
  assert_int_equal(p->T, 3);
  assert_int_equal(p->ahead, 1);
  assert_true(value(p, "price", 0, 0) == 1.5 && value(p, "price", 0, 2) == 3.5);
  assert_true(value(p, "price", 0, 3) == 9 && value(p, "price", 1, 1) == 2.5);
  assert_true(isnan(value(p, "price", 1, 0)));
  wsf__panel_release(p);
  (void)snprintf(text, sizeof text,
                 "csv(\"%s\", keys=shop, time=[year,month], target=sales) | join(\"%s\", "
                 "on=[month,year])",
                 a, b);
  assert_int_equal(open_data(&p, env, text, &err), WSF_E_NAME);
  assert_string_equal(
      err.message,
      "on names \"month\", which is neither a key nor the time \"year_month\"; the key is shop");
  (void)unlink(a);
  (void)unlink(b);
  free(a);
  free(b);
}

static int setup(void **state) {
  const int failed = env_setup(state);
  env = *state;
  return failed;
}

int test_join(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_by_key_and_time),
      cmocka_unit_test(test_fill_forward),
      cmocka_unit_test(test_kinds),
      cmocka_unit_test(test_same_name),
      cmocka_unit_test(test_by_key_or_time_alone),
      cmocka_unit_test(test_refusals),
      cmocka_unit_test(test_parts_of_time),
  };
  return cmocka_run_group_tests(tests, setup, env_teardown);
}
