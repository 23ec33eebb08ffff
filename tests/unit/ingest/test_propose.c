/* What an unknown file may be: the expression that is proposed, and that it loads. */
#include "data_support.h"

static wsf__env *env;

static void proposes(const char *text, const char *wanted) {
  char *path = file_of(text, strlen(text)), expected[512];
  wsf_table *t;
  wsf__panel *p;
  wsf_error err;
  if (wsf__propose(&t, env, path, "expression", &err) != WSF_OK) fail_msg("%s", err.message);
  (void)snprintf(expected, sizeof expected, "csv(\"%s\"%s)", path, wanted);
  assert_string_equal(wsf_table_text(t, 0, 0, NULL), expected);
  if (open_data(&p, env, expected, &err) != WSF_OK) fail_msg("%s: %s", expected, err.message);
  wsf__panel_release(p);
  wsf_table_release(t);
  for (int i = 0; i < 2; ++i) {
    assert_int_equal(wsf__propose(&t, env, path, i ? "file" : "columns", &err), WSF_OK);
    assert_true(wsf_table_rows(t) > 0);
    wsf_table_release(t);
  }
  (void)unlink(path);
  free(path);
}

static void test_parts_are_found(void **state) {
  (void)state;
  proposes("Store,Dept,Date,Weekly_Sales,IsHoliday\n1,1,2010-02-05,2.5,FALSE\n1,2,2010-02-05,3.5,"
           "FALSE\n1,1,2010-02-12,4.5,TRUE\n1,2,2010-02-12,3.5,TRUE\n2,1,2010-02-05,2.5,FALSE\n2,2,"
           "2010-02-05,3.5,FALSE\n2,1,2010-02-12,4.5,TRUE\n2,2,2010-02-12,3.5,TRUE\n",
           ", keys=[Store,Dept], time=Date, target=Weekly_Sales");
  /* A name and a number for one thing; what belongs to the series; a price before the sales. */
  proposes("filiale_id;filiale;datum;preis;umsatz\n1;Nord;01.02.2019;1,5;20\n2;S\xfc"
           "d;01.02.2019;1,5;30\n1;Nord;02.02.2019;1,5;21\n2;S\xfc"
           "d;02.02.2019;1,75;31\n1;Nord;13.02.2019;1,5;21\n2;S\xfc"
           "d;13.02.2019;1,75;31\n",
           ", keys=filiale_id, time=datum, target=umsatz, static=filiale");
  proposes("t,value\n1949,112\n1949.083,118\n1949.167,132\n", ", time=t, target=value");
  proposes("unique_id,ds,y\na,1,5\na,2,6\nb,1,7\nb,2,8\n", ", keys=unique_id, time=ds, target=y");
  proposes("month,units sold\n202301,5\n202302,6\n202303,7\n",
           ", time=month, target=\"units sold\"");
  proposes("1/2/2019,5\n1/3/2019,6\n1/4/2019,8\n",
           ", time=column1, target=column2, dayfirst=false");
  proposes("sku,d_1,d_2,d_3,d_4\na,1,2,3,4\nb,1,2,3,4\n", ", layout=wide, keys=sku");
  proposes("product,2019-01,2019-02,2019-03,2019-04\na,1,2,3,4\nb,1,2,3,4\n",
           ", layout=wide, keys=product");
  /* A row per day: numbered columns, whatever they are called like; names that mean no column of a
   * long file; what is a price or a flag goes with the day. */
  proposes("day,1001,1002,1003\n2023-01-02,5,6,7\n2023-01-03,5,6,7\n2023-01-04,6,6,8\n",
           ", layout=pivot, time=day");
  proposes("date,sales_1,sales_2\n2023-01-02,5,6\n2023-01-03,5,6\n2023-01-04,6,6\n",
           ", layout=pivot, time=date");
  proposes("date,milk,bread,eggs,promo\n2023-01-02,5,6,7,1\n2023-01-03,5,6,7,0\n2023-01-04,6,6,8,"
           "1\n",
           ", layout=pivot, time=date, past=promo");
  /* Of keys' words with labels two are enough, as are words that only hold one of a covariate. */
  proposes("date,Shop A,Shop B,Temp\n2023-01-02,5,6,7.5\n2023-01-03,5,6,7\n2023-01-04,6,6,8\n",
           ", layout=pivot, time=date, past=Temp");
  proposes("date,Madrid,Stockholm,York\n2023-01-02,5,6,7\n2023-01-03,5,6,7\n2023-01-04,6,6,8\n",
           ", layout=pivot, time=date");
  proposes("shop,date,milk,bread,eggs\nN,2023-01-02,5,6,7\nS,2023-01-02,5,6,7\nN,2023-01-03,6,6,"
           "8\nS,2023-01-03,6,6,8\n",
           ", layout=pivot, keys=shop, time=date");
  proposes("date,cpi,fuel,temp,umsatz\n2023-01-02,5,6,7,1.5\n2023-01-03,5,6,7,2\n",
           ", time=date, target=umsatz");
  proposes("date,units\n2019-01-01,5\n2019-01-01,6\n2019-01-02,7\n2019-01-03,7\n",
           ", time=date, target=units, duplicates=sum");
  proposes("y\n5\n6\n7.5\n", ", target=y");
  proposes("shop,date,units\nA,2019-01-01,5\nA,2019-01-02,6\nA Total,,11\nB,2019-01-01,5\n"
           "B,2019-01-02,6\nB Total,,11\nC,2019-01-01,5\nC,2019-01-02,6\nC Total,,11\n",
           ", keys=shop, time=date, target=units");
  proposes("time,units\n2019-01-01 00:00:00 UTC,5\n2019-01-02 00:00:00 UTC,6\n",
           ", time=time, target=units");
}

/* A wide file of so many rows, each of another name, or all of one. */
static void proposes_wide(int rows, bool same, const char *wanted) {
  char text[4096];
  size_t n = (size_t)snprintf(text, sizeof text, "Item,2023-01,2023-02,2023-03,2023-04\n");
  for (int i = 0; i < rows; ++i) {
    n += (size_t)snprintf(text + n, sizeof text - n, "I%d,%d,2,3,4\n", same ? 0 : i, i);
  }
  proposes(text, wanted);
}

static void test_names_of_a_wide_file_are_keys(void **state) {
  (void)state;
  for (int rows = 2; rows < 40; ++rows) proposes_wide(rows, false, ", layout=wide, keys=Item");
  proposes_wide(9, true, ", layout=wide, duplicates=sum");
  proposes("Item,Unit,2023-01,2023-02,2023-03,2023-04\na,pc,1,2,3,4\nb,kg,1,2,3,4\nc,pc,1,2,3,4\n"
           "d,pc,1,2,3,4\ne,pc,1,2,3,4\nf,pc,1,2,3,4\ng,pc,1,2,3,4\nh,pc,1,2,3,4\ni,pc,1,2,3,4\n",
           ", layout=wide, keys=Item");
  proposes("Store,Week 1,Week 2,Week 3,Week 4\nA,1,2,3,4\nB,3,4,5,6\n",
           ", layout=wide, keys=Store");
  proposes("Store,Week1,Week2,Week3,Week4\nA,1,2,3,4\nB,3,4,5,6\n", ", layout=wide, keys=Store");
  proposes("Item;2023;2024;2025\nA;1.000,5;2.000,5;7,1\nB;1.001,5;2.000,5;8,2\n",
           ", layout=wide, keys=Item");
  proposes("Item,13/1/2023,1/2/2023,2/2/2023\nA,1,2,3\nB,3,4,5\n", ", layout=wide, keys=Item");
  proposes("Item,1/1/2023,2/1/2023,3/1/2023\nA,1,2,3\nB,3,4,5\n",
           ", layout=wide, keys=Item, dayfirst=false");
  proposes("day,2001,2002,2003\n2023-01-02,5,6,7\n2023-01-03,5,6,7\n2023-01-04,6,6,8\n",
           ", layout=pivot, time=day");
}

static void test_missing_values_are_found(void **state) {
  (void)state;
  proposes("Item,2023,2024,2025\nA,1,2,-\nB,3,4,-\n", ", layout=wide, keys=Item, na=[\"-\"]");
  proposes("day,units\n2023-01-02,5\n2023-01-03,?\n2023-01-04,NA\n2023-01-05,6\n",
           ", time=day, target=units, na=[\"?\",\"NA\"]");
  /* Words are no numbers, whatever stands beside them. */
  proposes("day,note,units\n2023-01-02,-,5\n2023-01-03,rain,5\n2023-01-04,-,6\n",
           ", time=day, target=units");
}

/* Orders of three products each, a few of them a day. */
static void test_numbers_of_orders_are_no_keys(void **state) {
  (void)state;
  for (int words = 0; words < 2; ++words) {
    char text[8192];
    size_t n = (size_t)snprintf(text, sizeof text, "doc,day,what,pieces\n");
    for (int i = 0; i < 60; ++i) {
      for (int k = 0; k < 3; ++k) {
        n += (size_t)snprintf(text + n, sizeof text - n, "%s%d,2023-01-%02d,%c,%d\n",
                              words ? "R" : "", 100 + i, 1 + i / 4, 'a' + k, 1 + i % 3);
      }
    }
    proposes(text, ", keys=what, time=day, target=pieces, duplicates=sum");
  }
  proposes("day,doc,what,pieces\n2023-01-01,1,a,5\n2023-01-01,2,b,6\n2023-01-02,1,a,5\n"
           "2023-01-02,2,b,6\n2023-01-03,1,a,5\n2023-01-03,2,b,6\n",
           ", keys=what, time=day, target=pieces, static=doc");
}

/* The doubt that a file is shown with, or why nothing is proposed for it. */
static void says(const char *text, const char *what) {
  char *path = file_of(text, strlen(text));
  wsf_table *t;
  wsf_error err;
  bool found = false;
  assert_int_equal(wsf__propose(&t, env, path, "file", &err), WSF_OK);
  for (int64_t i = 0; i < wsf_table_rows(t); ++i) {
    found |= strcmp(wsf_table_text(t, 0, i, NULL), "doubt") == 0 &&
             strcmp(wsf_table_text(t, 1, i, NULL), what) == 0;
  }
  wsf_table_release(t);
  if (!found) {
    assert_int_equal(wsf__propose(&t, env, path, "expression", &err), WSF_E_DATA);
    assert_null(t);
    assert_string_equal(err.message, what);
  }
  (void)unlink(path);
  free(path);
}

static void test_nothing_is_guessed_in_silence(void **state) {
  (void)state;
  says("date,units\n2019-01-01,5\n2019-01-01,6\n2019-01-02,7\n",
       "1 rows have the keys and time of another; their values are added up (duplicates=)");
  says("Item,2023-01,2023-02,2023-03,2023-04\na,1,2,3,4\na,1,2,3,4\n",
       "1 rows have the keys and time of another; their values are added up (duplicates=)");
  says("shop,date,units\nA,2019-13-01,5\nA,2019-14-01,6\nB,2019-13-01,7\nB,2019-14-01,7\n",
       "no column reads as times: of date not '2019-13-01' (dateformat= says how that is written); "
       "rows count periods as they stand");
  says("shop,units\nA,5\nA,6\nB,7\nB,7\n",
       "no column reads as times: rows count periods as they stand (time= names one, dateformat= "
       "says how it is written)");
  says("a,b,c\n", "the file holds a header and no rows");
  says("date,units\n2022-01-01,5\n2022-01-02,6\n2022-01-03,7\n2022-01-04,8\n2022-01-05,5\n"
       "2032-01-06,6\n2022-01-07,7\n2022-01-08,8\n2022-01-09,5\n2022-01-10,6\n2022-01-11,7\n"
       "2022-01-12,8\n2022-01-13,5\n",
       "1 rows stand far ahead of all others, which forecasts follow, the first of them line 7, "
       "\"2032-01-06\" (until(\"2022-01-13\") leaves them out)");
  says("42\n", "the file holds a header and no rows");
  says("date,sex,n\n2019-01,m,5\n2019-01,f,6\n2019-01,both,11\n2019-02,m,7\n2019-02,f,6\n"
       "2019-02,both,13\n2019-03,m,8\n2019-03,f,6\n2019-03,both,14\n",
       "both of sex is the sum of all others at each of 3 times, and stays a series; if it is none "
       "of its own, | select(without=[\"both\"]) leaves it out");
  says("day,name\n2019-01-01,x\n2019-01-02,y\n",
       "no column holds numbers, so there is nothing to forecast (a file of the periods ahead is "
       "for predict --data)");
}

static void test_columns_are_described(void **state) {
  (void)state;
  static const char *const text =
      "shop,day,units,open,note,\nA,2019-01-01,5,TRUE,,1\nA,2019-01-02,,FALSE,x,2\n"
      "B,2019-01-01,5,TRUE,,3\nB,2019-01-02,6,FALSE,x,4\n";
  static const char *const expected[][3] = {{"shop", "words", "key"},      {"day", "date", "time"},
                                            {"units", "number", "target"}, {"open", "flag", "past"},
                                            {"note", "words", "past"},     {"", "empty", "none"}};
  char *path = file_of(text, strlen(text));
  wsf_table *t;
  wsf_error err;
  assert_int_equal(wsf__propose(&t, env, path, "columns", &err), WSF_OK);
  assert_int_equal(wsf_table_rows(t), 6);
  for (int64_t i = 0; i < 6; ++i) {
    for (int k = 0; k < 3; ++k) {
      assert_string_equal(wsf_table_text(t, k, i, NULL), expected[i][k]);
    }
  }
  assert_int_equal(wsf_table_i64(t, wsf_table_find(t, "missing"))[2], 1);
  assert_int_equal(wsf_table_i64(t, wsf_table_find(t, "distinct"))[0], 2);
  wsf_table_release(t);
  assert_int_equal(wsf__propose(&t, env, path, "rows", &err), WSF_E_NAME);
  assert_string_equal(err.message,
                      "a file has no view \"rows\"; file, columns or expression was expected");
  (void)unlink(path);
  free(path);
  assert_int_equal(wsf__propose(&t, env, "/no/such.csv", "file", &err), WSF_E_IO);
}

static int64_t until_failure;
static void *failing_resize(void *user, void *ptr, size_t old_size, size_t new_size) {
  if (new_size > 0 && --until_failure == 0) return NULL;
  return wsf__alloc_libc.resize(user, ptr, old_size, new_size);
}

/* Merged cells, and days below months, are read a second time. */
static void test_allocations_of_shapes(void **state) {
  (void)state;
  static const char *const text[] = {
      "Store,Month,Sales\nA,2023-01,5\n,2023-02,6\nB,2023-01,8\n,2023-02,9\n",
      "Year,Month,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28\n"
      "2023,2,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28\n"
      "2024,2,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28\n"};
  static const char *const holds[] = {"filldown=Store", "layout=wide, time=[Year,Month]"};
  wsf__env poor = *env;
  wsf_error err;
  poor.alloc.resize = failing_resize;
  for (int i = 0; i < 2; ++i) {
    char *path = file_of(text[i], strlen(text[i]));
    wsf_status status = WSF_E_MEMORY;
    wsf_table *t = NULL;
    for (int64_t k = 1; status != WSF_OK; ++k) {
      until_failure = k;
      status = wsf__propose(&t, &poor, path, "expression", &err);
      if (status != WSF_OK) assert_int_equal(status, WSF_E_MEMORY);
    }
    assert_non_null(strstr(wsf_table_text(t, 0, 0, NULL), holds[i]));
    wsf_table_release(t);
    (void)unlink(path);
    free(path);
  }
}

static void test_every_allocation_may_fail(void **state) {
  (void)state;
  static const char *const text = "shop;day;units\nA;13.1.2019;5\nB;13.1.2019;6\n";
  char *path = file_of(text, strlen(text)), *again = file_of(text, strlen(text)), list[128];
  wsf__env poor = *env;
  wsf_error err;
  poor.alloc.resize = failing_resize;
  (void)snprintf(list, sizeof list,
                 "csv([\"%s\",\"%s\"], target=units, time=day, keys=shop, "
                 "duplicates=sum)",
                 path, again);
  for (int what = 0; what < 3; ++what) {
    wsf_status status = WSF_E_MEMORY;
    for (int64_t k = 1; status != WSF_OK; ++k) {
      static const char *const view[] = {"file", "columns", "expression"};
      wsf_table *t;
      until_failure = k;
      status = wsf__propose(&t, &poor, path, view[what], &err);
      if (status == WSF_OK)
        wsf_table_release(t);
      else
        assert_int_equal(status, WSF_E_MEMORY);
    }
  }
  wsf_status status = WSF_E_MEMORY;
  for (int64_t k = 1; status != WSF_OK; ++k) {
    wsf__panel *p;
    until_failure = k;
    status = open_data(&p, &poor, list, &err);
    if (status == WSF_OK)
      wsf__panel_release(p);
    else
      assert_int_equal(status, WSF_E_MEMORY);
  }
  (void)unlink(path);
  (void)unlink(again);
  free(path);
  free(again);
}

static int setup(void **state) {
  const int failed = env_setup(state);
  env = *state;
  return failed;
}

int test_propose(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_parts_are_found),
      cmocka_unit_test(test_names_of_a_wide_file_are_keys),
      cmocka_unit_test(test_missing_values_are_found),
      cmocka_unit_test(test_numbers_of_orders_are_no_keys),
      cmocka_unit_test(test_nothing_is_guessed_in_silence),
      cmocka_unit_test(test_columns_are_described),
      cmocka_unit_test(test_every_allocation_may_fail),
      cmocka_unit_test(test_allocations_of_shapes),
  };
  return cmocka_run_group_tests(tests, setup, env_teardown);
}
