/* The csv word: layouts, roles, cleaning, messages; and the small steps behind it. */
#include "data_support.h"

static wsf__env *env;

static wsf__panel *panel_of(const char *text, const char *options) {
  wsf__panel *p;
  wsf_error err;
  if (open_text(&p, env, text, options, &err) != WSF_OK) fail_msg("%s: %s", options, err.message);
  return p;
}

static void refuse(const char *text, const char *options, wsf_status status, const char *message) {
  wsf__panel *p;
  wsf_error err;
  assert_int_equal(open_text(&p, env, text, options, &err), status);
  assert_null(p);
  assert_string_equal(err.message, message);
}

static const char *const LONG = "shop,day,sales,open,promo,area,tag\n"
                                "B,2024-01-01,5,1,0.5,10,x\n"
                                "A,2024-01-02,2,1,,20,y\n"
                                "A,2024-01-01,1,0,0.25,20,x\n"
                                "A,2024-01-04,-4,1,0.75,20,NA\n"
                                "B,2024-01-02,,1,,10,x\n"
                                "A,2024-01-05,,0,1,20,\n";

static void test_long(void **state) {
  (void)state;
  wsf__panel *p = panel_of(LONG, "keys=shop, time=day, target=sales, known=[open,promo], "
                                 "static=area");
  assert_int_equal(p->n, 2);
  assert_int_equal(p->n_keys, 1);
  assert_string_equal(p->key[0].label[0], "A");
  assert_int_equal(p->calendar.freq, WSF__DAY);
  assert_int_equal(p->season, 7);
  assert_int_equal(p->T, 4);
  assert_int_equal(p->ahead, 1); /* the fifth has no sales, but its promotion is known */
  assert_string_equal(p->target_name, "sales");
  assert_true(p->y[p->offset[0]] == 1 && p->y[p->offset[0] + 3] == -4);
  assert_true(isnan(p->y[p->offset[0] + 2]));
  const int open = wsf__panel_find_column(p, "open"), promo = wsf__panel_find_column(p, "promo");
  const int area = wsf__panel_find_column(p, "area"), tag = wsf__panel_find_column(p, "tag");
  assert_true(p->column[open].flag && p->column[open].kind == WSF__KNOWN);
  assert_false(p->column[promo].flag);
  assert_true(wsf__panel_value(p, promo, 0, 4) == 1.0);
  assert_true(isnan(wsf__panel_value(p, promo, 0, 1)));
  assert_int_equal(p->column[area].kind, WSF__STATIC);
  assert_true(wsf__panel_value(p, area, 1, 0) == 10);
  assert_int_equal(p->column[tag].kind, WSF__PAST);
  assert_int_equal(p->column[tag].n_categories, 2);
  assert_string_equal(p->column[tag].category[1], "y");
  assert_true(wsf__panel_value(p, tag, 0, 1) == 1 && isnan(wsf__panel_value(p, tag, 0, 3)));
  assert_int_equal(reported(p, "rows read"), 6);
  assert_int_equal(reported(p, "negative values"), 1);
  assert_int_equal(reported(p, "observations"), 4);
  wsf__panel_release(p);
}

static void test_roles(void **state) {
  (void)state;
  wsf__panel *p = panel_of(LONG, "keys=shop, time=day, target=sales, past=none");
  assert_int_equal(p->n_columns, 0);
  wsf__panel_release(p);
  p = panel_of(LONG, "keys=shop, time=day, target=sales, past=[promo], text=[promo]");
  assert_int_equal(p->n_columns, 1);
  assert_int_equal(p->column[0].n_categories, 4);
  wsf__panel_release(p);
  p = panel_of(LONG, "keys=shop, time=day, target=sales, static=area, columns=[shop,promo]");
  assert_int_equal(p->n_columns, 2);
  assert_int_equal(p->column[wsf__panel_find_column(p, "promo")].kind, WSF__PAST);
  assert_int_equal(p->column[wsf__panel_find_column(p, "area")].kind, WSF__STATIC);
  wsf__panel_release(p);
  p = panel_of(LONG, "keys=shop, time=day, target=sales, past=none, weight=area, holiday=open, "
                     "holiday_weight=3");
  assert_int_equal(p->n_columns, 2);
  assert_int_equal(p->weight, wsf__panel_find_column(p, "area"));
  assert_int_equal(p->holiday, wsf__panel_find_column(p, "open"));
  assert_true(wsf__panel_weight(p, 1, 0) == 10);
  wsf__panel_release(p);
}

static void test_cleaning(void **state) {
  (void)state;
  static const char *const twice = "t,y\n1,1\n2,2\n2,3\n4,-1\n";
  refuse(twice, "time=t, target=y", WSF_E_DATA,
         "t 2 stands here again after line 3; expected one row per series and time (or "
         "duplicates=sum or last)");
  wsf__panel *p = panel_of(twice, "time=t, target=y, duplicates=sum, gaps=zero, negatives=zero");
  const double summed[] = {1, 5, 0, 0};
  assert_int_equal(p->length[0], 4);
  assert_memory_equal(p->y, summed, sizeof summed);
  assert_int_equal(reported(p, "duplicate rows"), 1);
  assert_int_equal(reported(p, "gaps"), 1);
  wsf__panel_release(p);
  p = panel_of(twice, "time=t, target=y, duplicates=last");
  assert_true(p->y[1] == 3 && isnan(p->y[2]) && p->y[3] == -1);
  wsf__panel_release(p);
}

static void test_no_time_and_no_keys(void **state) {
  (void)state;
  wsf__panel *p = panel_of("k,y\na,1\nb,10\na,2\nb,20\nb,30\n", "keys=k, target=y");
  assert_int_equal(p->n, 2);
  assert_int_equal(p->calendar.form, WSF__FORM_INTEGER);
  assert_int_equal(p->calendar.origin, 1);
  assert_int_equal(p->length[0], 2);
  assert_int_equal(p->length[1], 3);
  assert_true(p->own_end);
  wsf__panel_release(p);
  p = panel_of("y\n3\n4\n", "target=y, end=panel, season=4");
  assert_int_equal(p->n, 1);
  assert_int_equal(p->n_keys, 0);
  assert_int_equal(p->season, 4);
  assert_false(p->own_end);
  wsf__panel_release(p);
}

static void test_frequencies(void **state) {
  (void)state;
  static const struct {
    const char *text, *options;
    int32_t freq;
    int64_t periods;
  } file[] = {
      {"t,y\n2024-01-01T00:00,1\n2024-01-01T01:00,2\n2024-01-01T02:00,2\n", "", WSF__HOUR, 3},
      {"t,y\n2024-01-05,1\n2024-01-12,2\n2024-01-19,2\n", "", WSF__WEEK, 3},
      {"t,y\n1/31/2024,1\n2/29/2024,2\n3/31/2024,2\n", ", freq=month", WSF__MONTH, 3},
      {"t,y\n2024-01-01,1\n2024-04-01,2\n2024-07-01,2\n", "", WSF__QUARTER, 3},
      {"t,y\n2023-01-01,1\n2024-01-01,2\n2025-01-01,2\n", ", freq=year", WSF__YEAR, 3},
      {"t,y\n1990,1\n1991,2\n1993,2\n", ", freq=year", WSF__YEAR, 4},
  };
  for (size_t i = 0; i < sizeof file / sizeof *file; ++i) {
    char options[64];
    (void)snprintf(options, sizeof options, "time=t, target=y%s", file[i].options);
    wsf__panel *p = panel_of(file[i].text, options);
    assert_int_equal(p->calendar.freq, file[i].freq);
    assert_int_equal(p->T, file[i].periods);
    wsf__panel_release(p);
  }
}

static void test_wide(void **state) {
  (void)state;
  static const char *const wide = "item,dept,d_1,d_2,d_3,shop\ni1,a,1,2,,s1\ni1,a,,5,6,s2\n";
  wsf__panel *p = panel_of(wide, "layout=wide, keys=[item,shop]");
  assert_int_equal(p->n, 2);
  assert_int_equal(p->T, 3);
  assert_int_equal(p->calendar.form, WSF__FORM_INTEGER);
  assert_int_equal(p->first[1], 1);
  assert_true(p->y[p->offset[1]] == 5);
  assert_int_equal(p->n_columns, 1);
  assert_int_equal(p->column[0].kind, WSF__STATIC);
  assert_string_equal(p->column[0].category[0], "a");
  wsf__panel_release(p);
  p = panel_of(wide, "layout=wide, keys=[item,shop], columns=none");
  assert_int_equal(p->n_columns, 0);
  assert_int_equal(p->T, 3);
  wsf__panel_release(p);
  p = panel_of(wide, "layout=wide, keys=[item,shop], start=\"2024-01-31\", freq=month, "
                     "target=units, time=month");
  char last[32];
  wsf__calendar_text(&p->calendar, 2, last);
  assert_string_equal(last, "2024-03-31");
  assert_string_equal(p->target_name, "units");
  assert_string_equal(p->time_name, "month");
  wsf__panel_release(p);
  p = panel_of("k;2024-01-01;2024-01-02\n1;3;4\n2;5;6\n", "layout=wide, keys=k");
  assert_int_equal(p->calendar.freq, WSF__DAY);
  assert_true(p->key[0].integer);
  assert_true(panel_sum(p) == 18);
  wsf__panel_release(p);
  refuse("k,a,b\n1,3,4\n", "layout=wide, keys=k", WSF_E_DATA,
         "no column is named like a period; a date, a month or a word and a number (d_1) was "
         "expected");
  refuse(wide, "layout=wide, keys=[item,shop], static=shop", WSF_E_VALUE,
         "the column \"shop\" stands in two places of keys, time, target, known, past and static; "
         "one was expected");
  refuse(wide, "layout=wide, keys=item, static=dept, known=dept", WSF_E_VALUE,
         "the column \"dept\" stands in two places of keys, time, target, known, past and static; "
         "one was expected");
  refuse(wide, "layout=wide, keys=item, static=dpt", WSF_E_DATA,
         "the header has no column \"dpt\"; did you mean \"dept\"? It has item, dept, d_1, d_2, "
         "d_3, shop");
}

/* A time in several columns, and periods of a column of years. */
static void test_parts_of_time(void **state) {
  (void)state;
  static const char *const months = "k,year,mon,y,price\na,2019,11,1,5\na,2019,12,2,6\n"
                                    "a,2020,1,3,7\na,2020,13,4,8\nb,2020,,5,9\nb,2020,2,6,10\n";
  wsf__panel *p = panel_of(months, "keys=k, time=[year,mon], target=y, known=price");
  assert_string_equal(p->time_name, "year_mon");
  assert_int_equal(p->calendar.freq, WSF__MONTH);
  assert_int_equal(p->T, 4);
  assert_int_equal(reported(p, "rows rejected"), 2);
  assert_int_equal(reported(p, "rejected: not a time of this column's form"), 1);
  assert_int_equal(p->n_columns, 1);
  assert_true(wsf__panel_value(p, 0, 0, 2) == 7);
  assert_true(wsf__panel_value(p, 0, 1, 3) == 10);
  wsf__panel_release(p);
  p = panel_of("a,b,y\n3,2019,1\n4,2019,2\n", "time=[a,b], target=y, dateformat=\"%m %Y\"");
  assert_int_equal(p->T, 2);
  wsf__panel_release(p);
  refuse("a,b,y\n3,2019,1\n4,2019,2\n", "time=[a,b], target=y", WSF_E_DATA,
         "\"3\" may count anything; a column called year, quarter, month, week, day or hour, or "
         "dateformat= for all parts with a blank between them was expected");
  refuse("date,hour,y\n3/4/2019,1,1\n4/4/2019,1,2\n", "time=[date,hour], target=y", WSF_E_DATA,
         "the dates may be read month first or day first; dayfirst=true or false says which");
  wsf_error err;
  assert_int_equal(open_text(&p, env, months, "time=[year,k], target=y", &err), WSF_E_DATA);
  assert_non_null(
      strstr(err.message, "6 of 6 rows were rejected; the first has \"2019 a\": not a "));
  assert_int_equal(err.row, 2);
  refuse(months, "keys=year, time=[year,mon], target=y", WSF_E_VALUE,
         "the column \"year\" is given two roles");

  p = panel_of("k,Year,Jan,Feb,Mar\na,2019,1,2,3\na,2020,4,,\nb,2019,5,6,7\nb,Total,5,6,7\n",
               "layout=wide, keys=k, time=Year");
  assert_string_equal(p->time_name, "time");
  assert_int_equal(p->calendar.freq, WSF__MONTH);
  assert_int_equal(p->T, 13);
  assert_true(p->y[p->offset[0] + 12] == 4);
  assert_int_equal(reported(p, "rows rejected"), 1);
  wsf__panel_release(p);
  /* Week 53 of 2019 is none of ISO 8601; the NRF's 2023 has one. */
  p = panel_of("Year,W52,W53\n2019,1,9\n2020,2,3\n", "layout=wide, time=Year");
  assert_int_equal(reported(p, "cells rejected: the year has no such period"), 1);
  assert_int_equal(reported(p, "observations"), 3);
  wsf__panel_release(p);
  p = panel_of("Year,W52,W53\n2023,1,9\n2024,2,\n",
               "layout=wide, time=Year, freq=week, fiscal=nrf");
  char last[32];
  wsf__calendar_text(&p->calendar, 1, last);
  assert_string_equal(last, "2024-01-28");
  assert_true(p->y[1] == 9);
  wsf__panel_release(p);
  refuse("a,b,c,Jan\n1,2,3,4\n", "layout=wide, time=[a,b,c]", WSF_E_VALUE,
         "time names 3 columns; one, or two such as of years and days, were expected with "
         "layout=wide");
  refuse("Year,n,Jan\n2023,2,3\n", "layout=wide, time=[Year,n]", WSF_E_VALUE,
         "the column may count anything; one called year, quarter, month, week or day was "
         "expected, as time names two with layout=wide");
  refuse("week,y\n202301,1\n202302,2\n",
         "time=week, target=y, freq=day, fiscal=nrf, "
         "dateformat=\"%G%V\"",
         WSF_E_VALUE, "fiscal is given with freq=day; freq=fiscal_month was expected");
}

/* A year's days in a square, months one way and days the other. */
static void test_days_and_months(void **state) {
  (void)state;
  enum { FEBRUARY_28 = 58, MARCH_1 = 60 };
  char text[2048];
  size_t n = (size_t)snprintf(text, sizeof text, "Day,Jan,Feb,Mar\n");
  for (int d = 1; d < 32; ++d) {
    n += (size_t)snprintf(text + n, sizeof text - n, "%d,%d,%d,%d\n", d, d, 100 + d, 200 + d);
  }
  /* 30 and 31 February, of 2024 */
  wsf__panel *p = panel_of(text, "layout=wide, time=Day, start=\"2024-01-01\"");
  assert_int_equal(p->calendar.freq, WSF__DAY);
  assert_true(p->y[30] == 31 && p->y[FEBRUARY_28] == 128 && p->y[MARCH_1] == 201);
  assert_int_equal(reported(p, "cells rejected: the year has no such period"), 2);
  wsf__panel_release(p);
  refuse(text, "layout=wide, time=Day, start=\"Jan\"", WSF_E_VALUE,
         "'Jan' is neither a date nor a time nor a whole number");

  p = panel_of("k,Year,Day,Jan,Feb\na,2023,1,1,2\na,2023,2,3,4\nb,2024,1,5,6\nb,x,2,7,8\n",
               "layout=wide, keys=k, time=[Year,Day], freq=day");
  assert_int_equal(p->n, 2);
  assert_true(p->y[0] == 1 && p->y[1] == 3 && p->y[31] == 2 && p->y[32] == 4);
  assert_int_equal(p->first[1], 365);
  assert_int_equal(reported(p, "rows rejected"), 1);
  wsf__panel_release(p);

  const char *const month[] = {"Year,Month", "Month", "2023,Jan", "2023-01"};
  for (int i = 0; i < 2; ++i) {
    n = (size_t)snprintf(text, sizeof text, "%s", month[i]);
    for (int d = 1; d < 32; ++d) n += (size_t)snprintf(text + n, sizeof text - n, ",%d", d);
    n += (size_t)snprintf(text + n, sizeof text - n, "\n%s", month[2 + i]);
    for (int d = 1; d < 32; ++d) n += (size_t)snprintf(text + n, sizeof text - n, ",%d", d * d);
    (void)snprintf(text + n, sizeof text - n, "\n");
    p = panel_of(text, i ? "layout=wide, time=Month" : "layout=wide, time=[Year,Month]");
    assert_int_equal(p->T, 31);
    assert_int_equal(wsf__calendar_value(&p->calendar, 0), wsf__days_from_civil(2023, 1, 1));
    assert_true(p->y[30] == 961);
    wsf__panel_release(p);
  }
}

/* Rows without a target are the future of columns known ahead. */
static void test_no_target(void **state) {
  (void)state;
  static const char *const text = "k,t,price,area\n"
                                  "b,2024-01-09,3,7\n"
                                  "a,2024-01-08,1,6\n"
                                  "a,2024-01-10,2,6\n"
                                  "b,2024-01-10,,7\n";
  wsf__panel *p = panel_of(text, "keys=k, time=t, static=area, freq=day"), *b;
  wsf_error err;
  assert_int_equal(p->n, 2);
  assert_int_equal(p->T, 0);
  assert_int_equal(p->ahead, 3);
  assert_null(p->y);
  assert_string_equal(p->target_name, "");
  assert_int_equal(p->first[1], 1);
  assert_int_equal(p->length[0], 0);
  const int price = wsf__panel_find_column(p, "price");
  assert_int_equal(p->column[price].kind, WSF__KNOWN);
  assert_true(wsf__panel_value(p, price, 0, 2) == 2 && wsf__panel_value(p, price, 1, 1) == 3);
  assert_true(isnan(wsf__panel_value(p, price, 0, 1)) && isnan(wsf__panel_value(p, price, 1, 2)));
  assert_true(wsf__panel_value(p, wsf__panel_find_column(p, "area"), 1, 0) == 7);
  assert_int_equal(wsf__panel_need_target(p, &err), WSF_E_DATA);
  const uint8_t keep[] = {0, 1};
  assert_int_equal(wsf__panel_select(&b, NULL, p, keep, &err), WSF_OK);
  assert_int_equal(b->n, 1);
  assert_int_equal(b->length[0], 0);
  assert_true(wsf__panel_value(b, price, 0, 1) == 3);
  wsf__panel_release(b);
  wsf__panel_release(p);
  refuse("k,t\n1,1\n1,1\n", "keys=k, time=t", WSF_E_DATA,
         "k 1, t 1 stands here again after line 2; expected one row per series and time (or "
         "duplicates=sum or last)");
}

static void test_messages(void **state) {
  (void)state;
  refuse("Store,y\n", "keys=Store, target=y", WSF_E_DATA, "the file holds a header and no rows");
  refuse("Store,y\n1,2\n", "keys=Stor, target=y", WSF_E_DATA,
         "the header has no column \"Stor\"; did you mean \"Store\"? It has Store, y");
  refuse("k,y\n1,2\n", "keys=k, target=y, known=[zzz]", WSF_E_DATA,
         "the header has no column \"zzz\". It has k, y");
  refuse("k,y\n1,2\n", "keys=k, target=k", WSF_E_VALUE, "the column \"k\" is given two roles");
  refuse(
      "t,y\n1949,112\n1949.07,118\n1949.14,132\n", "time=t, target=y, freq=month", WSF_E_DATA,
      "2 of 3 rows were rejected; the first has \"1949.07\": not a time of this column's form. "
      "Times are 2012-02-03, 3/2/2012 (dayfirst= says which is the day), 3.2.12, 3 Feb 2012, Feb "
      "2012, 2012-02, 201202, 2012Q1, 2012-W05, KW5/2012, 2012.0833, each day also with a time as "
      "16:30 or "
      "4:30 PM, and whole numbers; dateformat= says any other");
  refuse(
      "t,y\n1,a\n2,b\n", "time=t, target=y", WSF_E_DATA,
      "2 of 2 cells of the column are no numbers; the first is \"a\" (na= says what stands for a "
      "missing one)");
  refuse(
      "t,y\n2024-01-01,1\n9024-01-02,2\n2024-01-03,3\n", "time=t, target=y, freq=day", WSF_E_DATA,
      "times reach from 2024-01-01 in line 2 to 9024-01-02 in line 3, far more periods than rows "
      "(na= with such a time, as the file writes it, leaves out its rows)");
  refuse("t,y\n01012023,1\n02012023,2\n31122022,3\n", "time=t, target=y", WSF_E_DATA,
         "times reach from 1012023 in line 2 to 31122022 in line 4, far more periods than rows "
         "(dates in one number: dateformat=\"%d%m%Y\")");
  refuse("t,y,w\n1,1,a\n", "time=t, target=y, weight=w", WSF_E_DATA,
         "the weight column \"w\" holds text; numbers were expected");
  refuse("t,y,h\n1,1,3\n", "time=t, target=y, holiday=h", WSF_E_DATA,
         "the holiday column \"h\" is not a flag; true and false or 0 and 1 were expected");
  wsf__panel *p;
  wsf_error err;
  assert_int_equal(open_data(&p, env, "csv(\"/no/file.csv\", target=y)", &err), WSF_E_IO);
  assert_string_equal(err.message, "the file could not be opened: no such file");
  assert_string_equal(err.file, "/no/file.csv");
}

static void test_report_examples(void **state) {
  (void)state;
  wsf__panel *p = panel_of("t,y\n1,1\n2,x\n3,3\n4\n5,z\n6,6\n7,7\n8,8\n", "time=t, target=y");
  assert_int_equal(reported(p, "rows read"), 8);
  assert_int_equal(reported(p, "rows rejected"), 1);
  assert_int_equal(reported(p, "rows kept"), 7);
  assert_int_equal(reported(p, "observations"), 5);
  assert_int_equal(reported(p, "cells rejected: not a number"), 2);
  const wsf_table *t = p->report;
  bool found = false;
  for (int64_t i = 0; i < wsf_table_rows(t); ++i) {
    const char *example = wsf_table_text(t, wsf_table_find(t, "example"), i, NULL);
    if (!example || strcmp(example, "z") != 0) continue;
    found = true;
    assert_int_equal(wsf_table_i64(t, wsf_table_find(t, "line"))[i], 6);
    assert_string_equal(wsf_table_text(t, wsf_table_find(t, "column"), i, NULL), "y");
    assert_true(wsf_table_is_null(t, wsf_table_find(t, "count"), i));
  }
  assert_true(found);
  wsf__panel_release(p);
}

static void test_steps(void **state) {
  (void)state;
  static const char *const rows = "k,j,t,y\n1,a,2024-01-05,1\n1,a,2024-01-12,2\n1,a,2024-01-19,3\n"
                                  "1,b,2024-01-19,4\n2,a,2024-01-12,5\n2,a,2024-01-19,6\n";
  static const struct {
    const char *step;
    int64_t n, T;
    double sum;
  } good[] = {
      {"until(\"2024-01-12\")", 2, 2, 8},
      {"until(\"2024-01-18\")", 2, 2, 8},
      {"until(\"2030-01-01\")", 3, 3, 21},
      {"keep(min_obs=2)", 2, 3, 17},
      {"select(\"1\")", 2, 3, 10},
      {"select(\"*/a\")", 2, 3, 17},
      {"select([\"1/b\",\"2/a\"])", 2, 2, 15},
      {"select(without=\"1/b\")", 2, 3, 17},
      {"select(\"1\", without=\"*/b\")", 1, 3, 6},
  };
  char *path = file_of(rows, strlen(rows)), text[256];
  wsf_error err;
  wsf__panel *p;
  for (size_t i = 0; i < sizeof good / sizeof *good; ++i) {
    (void)snprintf(text, sizeof text, "csv(\"%s\", keys=[k,j], time=t, target=y) | %s", path,
                   good[i].step);
    if (open_data(&p, env, text, &err) != WSF_OK) fail_msg("%s: %s", good[i].step, err.message);
    assert_int_equal(p->n, good[i].n);
    assert_true(panel_sum(p) == good[i].sum);
    wsf__panel_release(p);
  }
  static const char *const bad[] = {"until(\"2023-01-01\")", "until(7)",
                                    "until(\"soon\")",       "until()",
                                    "keep(min_obs=9)",       "select(\"3\")",
                                    "select(without=\"3\")", "select(without=[\"1\",\"2\"])"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
    (void)snprintf(text, sizeof text, "csv(\"%s\", keys=[k,j], time=t, target=y) | %s", path,
                   bad[i]);
    assert_int_not_equal(open_data(&p, env, text, &err), WSF_OK);
    assert_null(p);
    assert_true(err.message[0]);
  }
  (void)unlink(path);
  free(path);
}

/* Every allocation in turn fails: an error each time, nothing leaks (the sanitizer sees that). */
typedef struct failing {
  int64_t left;
} failing;

static void *failing_resize(void *user, void *ptr, size_t old_size, size_t new_size) {
  failing *f = user;
  if (new_size > 0 && f->left-- == 0) return NULL;
  return wsf__alloc_libc.resize(NULL, ptr, old_size, new_size);
}

static void test_every_allocation_fails_once(void **state) {
  (void)state;
  char *path = file_of(LONG, strlen(LONG)), text[256];
  (void)snprintf(text, sizeof text,
                 "csv(\"%s\", keys=shop, time=day, target=sales) | "
                 "join(\"%s\", on=[shop,day], prefix=j_) | keep(2)",
                 path, path);
  for (int64_t k = 0;; ++k) {
    failing f = {k};
    wsf__env scarce;
    wsf_error err;
    wsf__panel *p;
    if (!wsf__env_init(&scarce, &(wsf__alloc){failing_resize, &f})) continue;
    const wsf_status status = open_data(&p, &scarce, text, &err);
    if (p) wsf__panel_release(p);
    wsf__env_free(&scarce);
    if (status == WSF_OK) break;
    assert_int_equal(status, WSF_E_MEMORY);
    assert_true(k < 5000);
  }
  (void)unlink(path);
  free(path);
}

static int setup(void **state) {
  const int failed = env_setup(state);
  env = *state;
  return failed;
}

int test_csv(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_long),
      cmocka_unit_test(test_roles),
      cmocka_unit_test(test_cleaning),
      cmocka_unit_test(test_no_time_and_no_keys),
      cmocka_unit_test(test_frequencies),
      cmocka_unit_test(test_wide),
      cmocka_unit_test(test_parts_of_time),
      cmocka_unit_test(test_days_and_months),
      cmocka_unit_test(test_no_target),
      cmocka_unit_test(test_messages),
      cmocka_unit_test(test_report_examples),
      cmocka_unit_test(test_steps),
      cmocka_unit_test(test_every_allocation_fails_once),
  };
  return cmocka_run_group_tests(tests, setup, env_teardown);
}
