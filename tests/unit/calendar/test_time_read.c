/* Times as people write them, and what a column of them settles. */
#include "support.h"

#include "calendar/time_read.h"

#include <string.h>

static int64_t day(int64_t year, int month, int d) {
  return wsf__days_from_civil(year, month, d) * 86400;
}

static void one_way_to_read(void **state) {
  (void)state;
  const int64_t jan5 = day(2024, 1, 5);
  const struct {
    const char *text;
    int32_t form;
    int64_t value;
  } good[] = {
      {"2024-01-05", WSF__FORM_DATE, jan5},
      {"2024-1-5", WSF__FORM_DATE, jan5},
      {"2024.01.05", WSF__FORM_DATE, jan5},
      {"5 Jan 2024", WSF__FORM_DATE, jan5},
      {"05-JAN-24", WSF__FORM_DATE, jan5},
      {"05JAN2024", WSF__FORM_DATE, jan5},
      {"Jan 5, 2024", WSF__FORM_DATE, jan5},
      {"January 5 2024", WSF__FORM_DATE, jan5},
      {"Friday, January 5, 2024", WSF__FORM_DATE, jan5},
      {"Fri 5 Jan 2024", WSF__FORM_DATE, jan5},
      {"2024-Jan-05", WSF__FORM_DATE, jan5},
      {"Jan 2024", WSF__FORM_DATE, day(2024, 1, 1)},
      {"Sept-24", WSF__FORM_DATE, day(2024, 9, 1)},
      {"May '99", WSF__FORM_DATE, day(1999, 5, 1)},
      {"2024 December", WSF__FORM_DATE, day(2024, 12, 1)},
      {"2024M02", WSF__FORM_DATE, day(2024, 2, 1)},
      {"2/2024", WSF__FORM_DATE, day(2024, 2, 1)},
      {"02.2024", WSF__FORM_DATE, day(2024, 2, 1)},
      {"2024/02", WSF__FORM_DATE, day(2024, 2, 1)},
      {"Q3 2024", WSF__FORM_DATE, day(2024, 7, 1)},
      {"2024 Q3", WSF__FORM_DATE, day(2024, 7, 1)},
      {"3Q2024", WSF__FORM_DATE, day(2024, 7, 1)},
      {"2022-W01", WSF__FORM_DATE, day(2022, 1, 3)},
      {"2020W53", WSF__FORM_DATE, day(2020, 12, 28)},
      {"2022-W01-7", WSF__FORM_DATE, day(2022, 1, 9)},
      {"1/31/2024", WSF__FORM_DATE, day(2024, 1, 31)},
      {"1/31/24", WSF__FORM_DATE, day(2024, 1, 31)},
      {"1/31/2024 12:05 AM", WSF__FORM_TIME, day(2024, 1, 31) + 300},
      {"1/31/2024 3:05:09 pm", WSF__FORM_TIME, day(2024, 1, 31) + 15 * 3600 + 309},
      {"5 Jan 2024, 4 p.m.", WSF__FORM_TIME, jan5 + 16 * 3600},
      {"2024-01-05 4:30PM", WSF__FORM_TIME, jan5 + 16 * 3600 + 1800},
      {"5 Jan 2024 16:30", WSF__FORM_TIME, jan5 + 16 * 3600 + 1800},
      {"202401", WSF__FORM_INTEGER, 202401},
      {"2024_02", WSF__FORM_DATE, day(2024, 2, 1)},
      {"5 de enero de 2024", WSF__FORM_DATE, jan5},
      {"enero de 2024", WSF__FORM_DATE, day(2024, 1, 1)},
      {"1er janvier 2024", WSF__FORM_DATE, day(2024, 1, 1)},
      {"5 stycznia 2024", WSF__FORM_DATE, jan5},
      {"Pa\305\272dziernik 2024", WSF__FORM_DATE, day(2024, 10, 1)},
      {"gru 2024", WSF__FORM_DATE, day(2024, 12, 1)},
      {"W/E 01/31/24", WSF__FORM_DATE, day(2024, 1, 31)},
      {"2024-01-05 - 2024-01-11", WSF__FORM_DATE, jan5},
      {"5 Jan 2024 00:15 - 5 Jan 2024 00:30", WSF__FORM_TIME, jan5 + 900},
      {"01/31/2024 23:00:00 - 02/01/2024 00:00:00", WSF__FORM_TIME, day(2024, 1, 31) + 82800},
      {"2024-01-05T01:00/2024-01-05T02:00", WSF__FORM_TIME, jan5 + 3600},
      {"5 Jan 2024 to 6 Jan 2024", WSF__FORM_DATE, jan5},
      {"Week ending 5 Jan 2024", WSF__FORM_DATE, jan5},
      {"05-JAN-24 12.30.05.000000000 AM", WSF__FORM_TIME, jan5 + 1805},
      {"2024\xe5\xb9\xb4"
       "1\xe6\x9c\x88"
       "5\xe6\x97\xa5",
       WSF__FORM_DATE, jan5},
      {"2024\xeb\x85\x84 1\xec\x9b\x94 5\xec\x9d\xbc", WSF__FORM_DATE, jan5},
      {"2024\xe5\xb9\xb4"
       "12\xe6\x9c\x88",
       WSF__FORM_DATE, day(2024, 12, 1)},
      {"2024-01-05\xc2\xa0", WSF__FORM_DATE, jan5},
      {"\xe2\x80\x8e"
       "1\xe2\x80\x8e/\xe2\x80\x8e"
       "31\xe2\x80\x8e/\xe2\x80\x8e"
       "2024",
       WSF__FORM_DATE, day(2024, 1, 31)},
      {"\xe2\x80\x8e"
       "2024-01-05",
       WSF__FORM_DATE, jan5},
      {"M\xc3\xa4r 2024", WSF__FORM_DATE, day(2024, 3, 1)},
      {"M\xc3\x84RZ 2024", WSF__FORM_DATE, day(2024, 3, 1)},
      {"5. Dezember 2024", WSF__FORM_DATE, day(2024, 12, 5)},
      {"Mai-24", WSF__FORM_DATE, day(2024, 5, 1)},
      {"f\xc3\xa9vr. 2024", WSF__FORM_DATE, day(2024, 2, 1)},
      {"ao\xc3\xbbt 2024", WSF__FORM_DATE, day(2024, 8, 1)},
      {"juin 2024", WSF__FORM_DATE, day(2024, 6, 1)},
      {"juil. 2024", WSF__FORM_DATE, day(2024, 7, 1)},
      {"ene 2024", WSF__FORM_DATE, day(2024, 1, 1)},
      {"dic-24", WSF__FORM_DATE, day(2024, 12, 1)},
      {"gen 2024", WSF__FORM_DATE, day(2024, 1, 1)},
      {"mrt 2024", WSF__FORM_DATE, day(2024, 3, 1)},
      {"mei 2024", WSF__FORM_DATE, day(2024, 5, 1)},
      {"2024-KW05", WSF__FORM_DATE, day(2024, 1, 29)},
      {"2024 KW 5", WSF__FORM_DATE, day(2024, 1, 29)},
      {"KW05/2024", WSF__FORM_DATE, day(2024, 1, 29)},
      {"W05 2024", WSF__FORM_DATE, day(2024, 1, 29)},
      {"Week 5, 2024", WSF__FORM_DATE, day(2024, 1, 29)},
      {"5. KW 2024", WSF__FORM_DATE, day(2024, 1, 29)},
      {"2024-Q1", WSF__FORM_DATE, day(2024, 1, 1)},
      {"2024 [YR2024]", WSF__FORM_INTEGER, 2024},
      {"02/24", WSF__FORM_DATE, day(2024, 2, 1)},
      {"1. Quartal 2024", WSF__FORM_DATE, day(2024, 1, 1)},
      {"2nd Quarter 2024", WSF__FORM_DATE, day(2024, 4, 1)},
      {"Quarter 3 2024", WSF__FORM_DATE, day(2024, 7, 1)},
      {"1Q24", WSF__FORM_DATE, day(2024, 1, 1)},
      {"Q2-24", WSF__FORM_DATE, day(2024, 4, 1)},
      {"Q2'24", WSF__FORM_DATE, day(2024, 4, 1)},
      {"2024-H2", WSF__FORM_DATE, day(2024, 7, 1)},
      {"H2 2024", WSF__FORM_DATE, day(2024, 7, 1)},
      {"1H24", WSF__FORM_DATE, day(2024, 1, 1)},
      {"2. Halbjahr 2024", WSF__FORM_DATE, day(2024, 7, 1)},
      {"2024m3", WSF__FORM_DATE, day(2024, 3, 1)},
      {"2024 W5", WSF__FORM_DATE, day(2024, 1, 29)},
      {"05JAN2024:16:30:00", WSF__FORM_TIME, jan5 + 16 * 3600 + 1800},
      {"January 5th, 2024", WSF__FORM_DATE, jan5},
      {"5th January 2024", WSF__FORM_DATE, jan5},
      {"5 Jan 2024 24:00", WSF__FORM_TIME, day(2024, 1, 6)},
  };
  const wsf__time_style any = {0};
  for (size_t i = 0; i < sizeof good / sizeof *good; ++i) {
    wsf__time t = {0};
    wsf__time_seen seen = {0};
    if (!wsf__time_read(good[i].text, strlen(good[i].text), &any, &t, &seen))
      fail_msg("%s was not read", good[i].text);
    if (t.form != good[i].form || t.value != good[i].value)
      fail_msg("%s was read as %d %lld", good[i].text, (int)t.form, (long long)t.value);
  }
  static const char *const bad[] = {"",
                                    "Jan",
                                    "5 Jan",
                                    "13 Foo 2024",
                                    "31/31/2024",
                                    "30 Feb 2024",
                                    "2021-W53",
                                    "Q5 2024",
                                    "2024M13",
                                    "0Q2024",
                                    "1/2/345",
                                    "2012.08",
                                    "1/31/2024 13:00 PM",
                                    "1/31/2024 x",
                                    "5 Jan 2024 4 qm",
                                    "2024-W1",
                                    "KW54/2024",
                                    "Week 5",
                                    "jui 2024",
                                    "2024-H3",
                                    "3H24",
                                    "H1",
                                    "2024m0",
                                    "5. Quartal 2024",
                                    "Q1'5",
                                    "5 Jan 2024 24:01",
                                    "2024 [YR2023]",
                                    "13/24",
                                    "1/2",
                                    "1.5",
                                    "100000-01-01"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
    wsf__time t;
    wsf__time_seen seen = {0};
    if (wsf__time_read(bad[i], strlen(bad[i]), &any, &t, &seen)) fail_msg("%s was read", bad[i]);
  }
}

static bool settle(wsf__time_style *style, const char *const *text, int n) {
  const wsf__time_style given = {0};
  wsf__time_seen all = {0};
  for (int i = 0; i < n; ++i) {
    wsf__time t;
    wsf__time_seen seen = {0};
    (void)wsf__time_read(text[i], strlen(text[i]), &given, &t, &seen);
    wsf__time_seen_add(&all, &seen);
  }
  return wsf__time_settle(style, &given, &all);
}
#define SETTLE(style, ...)                                                                         \
  settle(style, (const char *const[]){__VA_ARGS__},                                                \
         (int)(sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)))

static void a_column_settles_its_order(void **state) {
  (void)state;
  wsf__time_style s;
  assert_true(SETTLE(&s, "3/4/2024", "13/4/2024"));
  assert_int_equal(s.order, WSF__DAY_FIRST);
  assert_true(SETTLE(&s, "3/4/24", "3/14/24"));
  assert_int_equal(s.order, WSF__MONTH_FIRST);
  assert_true(SETTLE(&s, "1-2-2024", "25-2-2024"));
  assert_int_equal(s.order, WSF__DAY_FIRST);
  assert_false(SETTLE(&s, "3/4/2024", "4/4/2024"));
  assert_false(SETTLE(&s, "13/4/2024", "4/13/2024"));
  assert_true(SETTLE(&s, "4/4/2024", "5/5/2024")); /* both readings are one */
  assert_true(SETTLE(&s, "3.4.2024", "4.4.2024")); /* dots: the day is first */
  assert_int_equal(s.order, WSF__DAY_FIRST);
  assert_true(SETTLE(&s, "1/2/2024", "1/3/2024", "1/2/2025")); /* the first of months */
  assert_int_equal(s.order, WSF__DAY_FIRST);
  assert_true(SETTLE(&s, "2/1/2024", "3/1/2024", "2/1/2025"));
  assert_int_equal(s.order, WSF__MONTH_FIRST);
}

static void whole_numbers_are_months_where_they_can_be(void **state) {
  (void)state;
  wsf__time_style s;
  assert_true(SETTLE(&s, "202301", "202312"));
  assert_int_equal(s.whole, WSF__WHOLE_MONTHS);
  assert_true(SETTLE(&s, "202301", "202313"));
  assert_int_equal(s.whole, WSF__WHOLE_NUMBERS);
  assert_true(SETTLE(&s, "20230131", "20230228"));
  assert_int_equal(s.whole, WSF__WHOLE_DAYS);
  assert_true(SETTLE(&s, "20230131", "20230231"));
  assert_int_equal(s.whole, WSF__WHOLE_NUMBERS);
  assert_true(SETTLE(&s, "1546300800", "1546304400"));
  assert_int_equal(s.whole, WSF__WHOLE_SECONDS);
  assert_true(SETTLE(&s, "1546300800", "154630440"));
  assert_int_equal(s.whole, WSF__WHOLE_NUMBERS);
  assert_true(SETTLE(&s, "1546300800000", "1546304400999"));
  assert_int_equal(s.whole, WSF__WHOLE_MILLIS);
  wsf__time t;
  wsf__time_seen seen = {0};
  assert_true(wsf__time_read("1546304400999", 13, &s, &t, &seen));
  assert_true(t.form == WSF__FORM_TIME && t.value == 1546304400);
  assert_true(SETTLE(&s, "1", "2"));
  assert_int_equal(s.whole, WSF__WHOLE_NUMBERS);
  assert_true(SETTLE(&s, "2019", "2020"));
  assert_false(s.years);
  assert_true(SETTLE(&s, "1949", "1949.083", "1949.167", "1949.25"));
  assert_true(s.years);
  assert_true(SETTLE(&s, "2019.0027", "2019.0055"));
  assert_false(s.years);
  s = (wsf__time_style){.years = true};
  assert_true(wsf__time_read("1949.917", 8, &s, &t, &seen));
  assert_int_equal(t.value, day(1949, 12, 1));
  assert_true(wsf__time_read("1950", 4, &s, &t, &seen));
  assert_int_equal(t.value, day(1950, 1, 1));
}

static void formats_are_followed(void **state) {
  (void)state;
  const struct {
    const char *format, *text;
    int64_t value; /* -1: refused */
  } cases[] = {
      {"%d%b%Y", "05Jan2024", day(2024, 1, 5)},
      {"%Y%m%d", "20240105", day(2024, 1, 5)},
      {"%Y.%m", "2024.10", day(2024, 10, 1)},
      {"%m/%d/%y", "1/5/24", day(2024, 1, 5)},
      {"%G week %V", "2022 week 1", day(2022, 1, 3)},
      {"%G%V%u", "2022015", day(2022, 1, 7)},
      {"%d%m%Y", "01022024", day(2024, 2, 1)},
      {"%d%m%Y", "1022024", day(2024, 2, 1)}, /* its 0 lost as a number */
      {"%m%d%y", "10224", day(2024, 1, 2)},
      {"%y%j", "9032", day(2009, 2, 1)},
      {"%m%Y", "12024", day(2024, 1, 1)},
      {"1%y%j", "109305", day(2009, 11, 1)},
      {"%Y%m", "20241", day(2024, 1, 1)},     /* of a year none is lost */
      {"%Y %W", "2022 1", day(2022, 1, 3)},   /* a Monday */
      {"%Y %W", "2022 0", day(2021, 12, 27)}, /* of the days before it */
      {"%Y %U", "2022 1", day(2022, 1, 2)},
      {"%Y %U", "2021 52", day(2021, 12, 26)},
      {"%Y-%y", "2001-02", day(2002, 1, 1)},
      {"%Y-%j", "2024-366", day(2024, 12, 31)},
      {"%Y-%j", "2023-366", -1},
      {"%q/%Y", "2/2024", day(2024, 4, 1)},
      {"%A, %B %e, %Y", "Friday, January  5, 2024", day(2024, 1, 5)},
      {"%Y", "2024", day(2024, 1, 1)},
      {"%d.%m.%Y %H:%M", "05.01.2024 16:30", day(2024, 1, 5) + 59400},
      {"%F %I:%M %p", "2024-01-05 12:30 AM", day(2024, 1, 5) + 1800},
      {"%FT%T.%f", "2024-01-05T00:00:01.123456", day(2024, 1, 5) + 1},
      {"%d/%m/%Y", "2024-01-05", -1},
      {"%d/%m/%Y", "05/01/2024x", -1},
      {"%d/%m/%Y", "31/02/2024", -1},
      {"%d/%m/%Y", "", -1},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
    wsf__time t = {0};
    wsf_error err;
    assert_int_equal(wsf__time_format_check(cases[i].format, &err), WSF_OK);
    const wsf__time_style style = {.format = cases[i].format};
    const bool read = wsf__time_format_read(&style, cases[i].text, strlen(cases[i].text), &t);
    if (read != (cases[i].value != -1) || (read && t.value != cases[i].value))
      fail_msg("%s by %s gives %lld", cases[i].text, cases[i].format, (long long)t.value);
  }
  static const char *const bad[] = {"", "%", "%d/%m", "%H:%M", "%Y-%d", "%Q", "%V", "%m %"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
    wsf_error err;
    assert_int_equal(wsf__time_format_check(bad[i], &err), WSF_E_VALUE);
  }
}

static void one_time_alone_is_read_one_way(void **state) {
  (void)state;
  static const struct {
    const char *text, *sentence; /* NULL: it is read, as */
    int64_t day;
  } cases[] = {
      {"2024-04-03", NULL, 19816},
      {"3 Apr 2024", NULL, 19816},
      {"13/4/2024", NULL, 19826},
      {"4/13/2024", NULL, 19826},
      {"4/4/2024", NULL, 19817},
      {"4/2024", NULL, 19814},
      {"12024-04-03", NULL, 3672241},
      {"3/4/2024", "'3/4/2024' may be 2024-03-04 or 2024-04-03", 0},
      {"03.04.24", "may be 2024-03-04 or 2024-04-03", 0},
      {"3/4/2024 16:30", "may be 2024-03-04 or 2024-04-03", 0},
      {"soon", "'soon' is neither a date nor a time nor a whole number", 0},
      {"", "neither", 0},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
    wsf__time t = {0};
    wsf_error err;
    const wsf_status status =
        wsf__time_read_alone(&t, cases[i].text, strlen(cases[i].text), WSF_E_VALUE, &err);
    if ((status == WSF_OK) != !cases[i].sentence) fail_msg("%s: %d", cases[i].text, (int)status);
    if (status == WSF_OK && t.value != cases[i].day * 86400)
      fail_msg("%s gives day %lld", cases[i].text, (long long)(t.value / 86400));
    if (status != WSF_OK && !strstr(err.message, cases[i].sentence)) fail_msg("%s", err.message);
  }
}

/* How long what a time stands for is, and what a column makes of several lengths. */
static void times_say_how_long_they_are(void **state) {
  (void)state;
  const struct {
    const char *text;
    int32_t grain;
  } cases[] = {
      {"2024-01-05", WSF__GRAIN_DAY},  {"2024/1/5", WSF__GRAIN_DAY},
      {"5 Jan 2024", WSF__GRAIN_DAY},  {"2024-01-05 16:30", WSF__GRAIN_DAY},
      {"2024-W05-1", WSF__GRAIN_DAY},  {"1/31/24", WSF__GRAIN_DAY},
      {"2024-W05", WSF__GRAIN_WEEK},   {"KW 5/2024", WSF__GRAIN_WEEK},
      {"2024-01", WSF__GRAIN_MONTH},   {"Jan 2024", WSF__GRAIN_MONTH},
      {"2024M02", WSF__GRAIN_MONTH},   {"2/2024", WSF__GRAIN_MONTH},
      {"2024Q1", WSF__GRAIN_QUARTER},  {"2024-Q1", WSF__GRAIN_QUARTER},
      {"Q2 2024", WSF__GRAIN_QUARTER}, {"1Q24", WSF__GRAIN_QUARTER},
      {"H1 2024", WSF__GRAIN_HALF},    {"2024-H2", WSF__GRAIN_HALF},
      {"202401", WSF__GRAIN_NONE},
  };
  const wsf__time_style none = {0};
  wsf__time_style style;
  wsf__time_seen all = {0};
  wsf__time t;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
    wsf__time_seen seen = {0};
    const char *text = cases[i].text;
    assert_true(wsf__time_read(text, strlen(text), &none, &t, &seen));
    if (t.grain != cases[i].grain) fail_msg("%s: %d", text, t.grain);
    assert_int_equal(seen.grains[t.grain], 1);
  }
  const char *months[] = {"202401", "2024 Q1", "Feb 2024", "2024-03"};
  for (size_t i = 0; i < 4; ++i) {
    (void)wsf__time_read(months[i], strlen(months[i]), &none, &t, &all);
  }
  assert_true(wsf__time_settle(&style, &none, &all));
  assert_int_equal(style.grain, WSF__GRAIN_MONTH);
  for (size_t i = 0; i < 4; ++i) {
    const char *text = months[i];
    assert_true(wsf__time_read(text, strlen(text), &style, &t, &all) == (i != 1));
  }
  const wsf__time_style quarters = {.format = "%Y-%q"}, weeks = {.format = "%G%V"};
  assert_true(wsf__time_read("2024-2", 6, &quarters, &t, &all));
  assert_int_equal(t.grain, WSF__GRAIN_QUARTER);
  assert_true(wsf__time_read("202410", 6, &weeks, &t, &all));
  assert_int_equal(t.grain, WSF__GRAIN_WEEK);
}

int test_time_read(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(one_way_to_read),
      cmocka_unit_test(a_column_settles_its_order),
      cmocka_unit_test(whole_numbers_are_months_where_they_can_be),
      cmocka_unit_test(formats_are_followed),
      cmocka_unit_test(one_time_alone_is_read_one_way),
      cmocka_unit_test(times_say_how_long_they_are),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
