/* Pivot files: a row per time, a column per series. */
#include "data_support.h"

static wsf__env *env;

static wsf__panel *load(const char *text, const char *options) {
  wsf__panel *p;
  wsf_error err;
  if (open_text(&p, env, text, options, &err) != WSF_OK) fail_msg("%s", err.message);
  return p;
}

static void refuses(const char *text, const char *options, const char *sentence) {
  wsf__panel *p;
  wsf_error err;
  assert_int_not_equal(open_text(&p, env, text, options, &err), WSF_OK);
  if (!strstr(err.message, sentence)) fail_msg("'%s' lacks '%s'", err.message, sentence);
}

static double value(const wsf__panel *p, const char *series, int64_t period) {
  int64_t i;
  wsf_error err;
  if (wsf__panel_find_series(&i, p, series, &err) != WSF_OK) fail_msg("%s", err.message);
  return p->y[p->offset[i] + period - p->first[i]];
}

static void test_columns_become_series(void **state) {
  (void)state;
  wsf__panel *p = load("day;Milk;Bread;Eggs\n2023-01-02;1,5;;30\n2023-01-03;2,5;20;31\n"
                       "2023-01-04;3,5;21;\n",
                       "layout=pivot, time=day");
  assert_int_equal(p->n, 3);
  assert_int_equal(p->T, 3);
  assert_string_equal(p->key[0].name, "series");
  assert_string_equal(p->target_name, "value");
  assert_true(value(p, "Milk", 2) == 3.5 && value(p, "Eggs", 1) == 31 &&
              value(p, "Bread", 1) == 20);
  assert_int_equal(reported(p, "observations"), 7);
  wsf__panel_release(p);
}

static void test_keys_and_columns_beside(void **state) {
  (void)state;
  static const char *const text =
      "shop,day,note,promo,1001,1002\nN,2023-01-02,a,1,1,2\nS,2023-01-02,b,0,3,4\n"
      "N,2023-01-03,a,0,5,6\nS,2023-01-03,b,0,7,8\nN,2023-01-04,c,1,,\n";
  wsf__panel *p =
      load(text, "layout=pivot, time=day, keys=[sku,shop], known=promo, text=note, target=units");
  assert_int_equal(p->n, 4);
  assert_int_equal(p->T, 2);
  assert_int_equal(p->ahead, 1);
  assert_string_equal(p->key[0].name, "sku");
  assert_string_equal(p->key[1].name, "shop");
  assert_string_equal(p->target_name, "units");
  assert_true(value(p, "1002,S", 1) == 8 && value(p, "1001,N", 0) == 1);
  const int promo = wsf__panel_find_column(p, "promo"), note = wsf__panel_find_column(p, "note");
  assert_true(promo >= 0 && p->column[promo].kind == WSF__KNOWN);
  assert_true(note >= 0 && p->column[note].n_categories == 3);
  int64_t i;
  assert_int_equal(wsf__panel_find_series(&i, p, "1002,N", NULL), WSF_OK);
  assert_true(wsf__panel_value(p, promo, i, 2) == 1 && wsf__panel_value(p, promo, i, 1) == 0);
  wsf__panel_release(p);
  p = load("a,b\n1,2\n3,4\n", "layout=pivot"); /* no times: rows count */
  assert_true(p->n == 2 && p->T == 2 && value(p, "b", 1) == 4);
  wsf__panel_release(p);
  p = load(text, "layout=pivot, time=day, keys=[sku,shop], known=promo, columns=[\"1002\"]");
  assert_int_equal(p->n, 2);
  assert_int_equal(p->n_columns, 1);
  assert_true(value(p, "1002,S", 1) == 8);
  wsf__panel_release(p);
}

static void test_what_is_refused(void **state) {
  (void)state;
  static const char *const text = "day,milk,series\n2023-01-02,1,2\n2023-01-03,1,2\n";
  refuses(text, "layout=pivot, time=day", "the file has a column \"series\"");
  refuses(text, "layout=pivot, time=day, keys=[a,b]", "keys names \"a\" and \"b\"");
  refuses(text, "layout=pivot, time=day, keys=a, target=milk", "target names the column \"milk\"");
  refuses(text, "layout=pivot, time=date, keys=a", "date");
  refuses(text, "layout=pivot, time=day, keys=[a,day]", "\"day\" is given two roles");
  refuses(text, "layout=pivot, time=day, keys=a, mask=day", "\"day\" is given two roles");
  refuses(",milk,tea\n2023-01-02,1,2\n", "layout=pivot, time=\"\"",
          "no column \"\". It has one without a name");
  refuses(text, "layout=pivot, time=day, keys=a, known=[milk,series]", "every column");
  refuses("day,milk,tea\n2023-01-02,1,x\n2023-01-03,1,x\n", "layout=pivot, time=day",
          "2 of 2 cells of the column are no numbers");
}

static void test_a_cell_is_rejected_alone(void **state) {
  (void)state;
  static const char *const text[] = {
      "Date,A,B,C\n2023-01-01,1,2,3\n2023-01-02,4,x,6\n2023-01-03,7,8,9\n",
      "series,2023-01-01,2023-01-02,2023-01-03\nA,1,4,7\nB,2,x,8\nC,3,6,9\n"};
  static const char *const options[] = {"layout=pivot, time=Date", "layout=wide, keys=series"};
  for (int i = 0; i < 2; ++i) {
    wsf__panel *p = load(text[i], options[i]);
    assert_true(value(p, "A", 1) == 4 && value(p, "C", 1) == 6 && isnan(value(p, "B", 1)));
    assert_true(value(p, "B", 0) == 2 && value(p, "B", 2) == 8);
    assert_int_equal(reported(p, "rows rejected"), 0);
    assert_int_equal(reported(p, "observations"), 8);
    assert_int_equal(reported(p, "cells rejected: not a number"), 1);
    int64_t row = 0;
    while (strncmp(wsf_table_text(p->report, 0, row, NULL), "cells", 5) != 0) ++row;
    assert_int_equal(wsf_table_i64(p->report, wsf_table_find(p->report, "line"))[row], 3);
    assert_string_equal(wsf_table_text(p->report, wsf_table_find(p->report, "column"), row, NULL),
                        i ? "2023-01-02" : "B");
    wsf__panel_release(p);
  }
}

static int setup(void **state) {
  const int failed = env_setup(state);
  env = *state;
  return failed;
}

int test_pivot(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_columns_become_series),
      cmocka_unit_test(test_keys_and_columns_beside),
      cmocka_unit_test(test_what_is_refused),
      cmocka_unit_test(test_a_cell_is_rejected_alone),
  };
  return cmocka_run_group_tests(tests, setup, env_teardown);
}
