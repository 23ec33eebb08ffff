#include "support.h"

#include "calendar/calendar.h"

static wsf__time at(const char *text) {
  wsf__time t = {.form = 0, .value = 0};
  if (!wsf__time_parse(text, strlen(text), &t)) fail_msg("%s was not read", text);
  return t;
}

static wsf__calendar calendar(int32_t freq, const char *first) {
  wsf__calendar cal;
  assert_int_equal(wsf__calendar_init(&cal, freq, 1, at(first), NULL), WSF_OK);
  return cal;
}

static void civil_dates_round_trip(void **state) {
  (void)state;
  assert_int_equal(wsf__days_from_civil(1970, 1, 1), 0);
  assert_int_equal(wsf__days_from_civil(2000, 2, 29), 11016);
  assert_int_equal(wsf__days_from_civil(2012, 10, 26), 15639);
  assert_int_equal(wsf__weekday(15639), 4); /* a Friday */
  assert_int_equal(wsf__weekday(-1), 2);
  int64_t last = wsf__days_from_civil(-400, 1, 1) - 1;
  for (int64_t d = wsf__days_from_civil(-400, 1, 1); d < 1000000; d += 13) {
    int64_t year;
    int month, day;
    wsf__civil_from_days(d, &year, &month, &day);
    assert_int_equal(wsf__days_from_civil(year, month, day), d);
    assert_true(month >= 1 && month <= 12 && day >= 1 && day <= 31 && d > last);
    last = d;
  }
}

static void times_are_read(void **state) {
  (void)state;
  const struct {
    const char *text;
    int32_t form;
    int64_t value;
  } good[] = {
      {"2012-02-03", WSF__FORM_DATE, INT64_C(15373) * 86400},
      {"2012/02/03", WSF__FORM_DATE, INT64_C(15373) * 86400},
      {"2012/2/3", WSF__FORM_DATE, INT64_C(15373) * 86400},
      {"1969-12-31", WSF__FORM_DATE, -86400},
      {"2012-02-29", WSF__FORM_DATE, INT64_C(15399) * 86400},
      {"2000-02-29", WSF__FORM_DATE, INT64_C(11016) * 86400},
      {"10000-01-01", WSF__FORM_DATE, INT64_C(253402300800)},
      {"99999-12-31T23:59:59", WSF__FORM_TIME, INT64_C(3093527980799)},
      {"2012-02", WSF__FORM_DATE, INT64_C(15371) * 86400},
      {"2012Q1", WSF__FORM_DATE, INT64_C(15340) * 86400},
      {"2012-Q2", WSF__FORM_DATE, INT64_C(15431) * 86400},
      {"2012-02-03T04:05", WSF__FORM_TIME, INT64_C(15373) * 86400 + 14700},
      {"2012-02-03 04:05:06", WSF__FORM_TIME, INT64_C(15373) * 86400 + 14706},
      {"2012-02-03T04:05:06.789Z", WSF__FORM_TIME, INT64_C(15373) * 86400 + 14706},
      {"2012-02-03T24:00", WSF__FORM_TIME, INT64_C(15374) * 86400},
      {"20120203", WSF__FORM_INTEGER, 20120203},
      {"0", WSF__FORM_INTEGER, 0},
      {"-7", WSF__FORM_INTEGER, -7},
      {"-7.0", WSF__FORM_INTEGER, -7},
  };
  for (size_t i = 0; i < sizeof good / sizeof *good; ++i) {
    const wsf__time t = at(good[i].text);
    if (t.form != good[i].form || t.value != good[i].value) fail_msg("%s", good[i].text);
  }
}

static void what_is_no_time_is_refused(void **state) {
  (void)state;
  const char *bad[] = {"",
                       "2012-02-30",
                       "2011-02-29",
                       "1900-02-29",
                       "2012-13-01",
                       "2012-00-01",
                       "2012-01-00",
                       "2012-1-1",
                       "2012-02-3",
                       "2012-02-03T",
                       "2012-02-03T24:01",
                       "2012-02-03T25:00",
                       "2012-02-03 04",
                       "13/1/2012",
                       "2/3/2012", /* time_read.c's, which asks which is the day */
                       "100000-01-01",
                       "2/30/2012",
                       "2/3/12",
                       "2012Q0",
                       "2012Q5",
                       "2012-02-03T04:60",
                       "2012-02-03 04:05:60",
                       "2012-02-",
                       "2012-02T04:05",
                       "2012-02-03T04:05+01:01",
                       "2012-02-03T04:05:06.",
                       "0000-01-01",
                       "12-02-03",
                       "a",
                       "1.5",
                       "1.00",
                       ".0",
                       "-.0",
                       "2012-02-03x",
                       " 2012-02-03",
                       "2012-Q",
                       "2012/02",
                       "99999999999999999",
                       "d_1",
                       "2012-02-03  04:05"};
  wsf__time t;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
    if (wsf__time_parse(bad[i], strlen(bad[i]), &t)) fail_msg("'%s' was read", bad[i]);
  }
}

/* Every period's text parses back to the same period; strides are those of the frequency. */
static void periods_round_trip(void **state) {
  (void)state;
  const struct {
    int32_t freq;
    const char *first, *later;
    int64_t period;
  } known[] = {
      {WSF__HOUR, "2012-02-28T22:30:00", "2012-03-01T00:30:00", 26},
      {WSF__HOUR, "1969-12-31T23:00:00", "1970-01-01T01:00:00", 2},
      {WSF__DAY, "2012-02-28", "2012-03-01", 2},
      {WSF__DAY, "2011-02-28T06:00:00", "2011-03-01T06:00:00", 1},
      {WSF__WEEK, "2010-02-05", "2012-10-26", 142},
      {WSF__MONTH, "2010-01-31", "2012-02-29", 25},
      {WSF__MONTH, "2012-02-29", "2013-02-28", 12},
      {WSF__MONTH, "2012-01-30", "2012-02-29", 1},
      {WSF__MONTH, "2012-01", "2013-01-01", 12},
      {WSF__MONTH, "2012-01-15T12:00:00", "2012-12-15T12:00:00", 11},
      {WSF__QUARTER, "2011Q4", "2012Q3", 3},
      {WSF__QUARTER, "2011-12-31", "2012-06-30", 2},
      {WSF__YEAR, "1999-02-28", "2000-02-29", 1},
      {WSF__YEAR, "2000-07-01", "2012-07-01", 12},
      {WSF__INTEGER, "-3", "4", 7},
      {WSF__MONTH, "5", "6", 1},
  };
  for (size_t i = 0; i < sizeof known / sizeof *known; ++i) {
    const wsf__calendar cal = calendar(known[i].freq, known[i].first);
    int64_t period = -99;
    char text[32];
    if (!wsf__calendar_period(&cal, at(known[i].later), &period) || period != known[i].period) {
      fail_msg("%s is period %d", known[i].later, (int)period);
    }
    for (int64_t t = -1500; t < 1500; ++t) {
      wsf__calendar_text(&cal, t, text);
      assert_true(wsf__calendar_period(&cal, at(text), &period));
      assert_int_equal(period, t);
    }
  }
}

static void week_of_any_weekday(void **state) {
  (void)state;
  for (int day = 1; day <= 7; ++day) {
    char first[32], text[32];
    (void)snprintf(first, sizeof first, "2012-02-%02d", day + 20);
    const wsf__calendar cal = calendar(WSF__WEEK, first);
    for (int64_t t = -60; t < 60; ++t) {
      const int64_t value = wsf__calendar_value(&cal, t);
      assert_int_equal(wsf__weekday(value), wsf__weekday(cal.origin));
      int64_t first_day, n_days;
      assert_true(wsf__calendar_days(&cal, t, &first_day, &n_days));
      assert_int_equal(first_day, value - 6);
      assert_int_equal(n_days, 7);
      wsf__calendar_text(&cal, t, text);
      int64_t period;
      assert_true(wsf__calendar_period(&cal, at(text), &period));
      const wsf__time next = {.form = WSF__FORM_DATE, .value = (value + 1) * 86400};
      assert_false(wsf__calendar_period(&cal, next, &period));
    }
  }
}

static void off_calendar_is_told(void **state) {
  (void)state;
  const struct {
    int32_t freq;
    const char *first, *off;
  } cases[] = {
      {WSF__HOUR, "2012-02-03T00:30:00", "2012-02-03T01:00:00"},
      {WSF__DAY, "2012-02-03T06:00:00", "2012-02-04T07:00:00"},
      {WSF__DAY, "2012-02-03", "2012-02-04T00:00:00"},
      {WSF__WEEK, "2012-02-03", "2012-02-04"},
      {WSF__MONTH, "2012-01-31", "2012-02-28"},
      {WSF__MONTH, "2012-01-30", "2012-03-31"},
      {WSF__QUARTER, "2012-01-01", "2012-05-01"},
      {WSF__YEAR, "2012-01-01", "2013-02-01"},
      {WSF__WEEK, "3", "2012-02-04"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
    const wsf__calendar cal = calendar(cases[i].freq, cases[i].first);
    int64_t period;
    if (wsf__calendar_period(&cal, at(cases[i].off), &period)) fail_msg("%s", cases[i].off);
  }
}

static void days_covered(void **state) {
  (void)state;
  const struct {
    int32_t freq;
    const char *first, *begin;
    int64_t n;
  } cases[] = {
      {WSF__HOUR, "2012-02-03T05:00:00", "2012-02-03", 1},
      {WSF__DAY, "2012-02-03", "2012-02-03", 1},
      {WSF__WEEK, "2010-02-05", "2010-01-30", 7},
      {WSF__MONTH, "2012-02-01", "2012-02-01", 29},
      {WSF__MONTH, "2012-02-29", "2012-02-01", 29},
      {WSF__QUARTER, "2012Q1", "2012-01-01", 91},
      {WSF__QUARTER, "2011-03-31", "2011-01-01", 90},
      {WSF__YEAR, "2012-01-01", "2012-01-01", 366},
      {WSF__YEAR, "2013-06-30", "2012-07-01", 365},
  };
  int64_t first_day, n_days;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
    const wsf__calendar cal = calendar(cases[i].freq, cases[i].first);
    assert_true(wsf__calendar_days(&cal, 0, &first_day, &n_days));
    assert_int_equal(first_day, at(cases[i].begin).value / 86400);
    assert_int_equal(n_days, cases[i].n);
    /* Days of neighbours touch. */
    int64_t next, ignored;
    assert_true(wsf__calendar_days(&cal, 24, &next, &ignored));
    for (int64_t t = 0; t < 24 && cases[i].freq != WSF__HOUR; ++t) {
      assert_true(wsf__calendar_days(&cal, t, &first_day, &n_days));
      assert_true(wsf__calendar_days(&cal, t + 1, &next, &ignored));
      assert_int_equal(next, first_day + n_days);
    }
  }
  const wsf__calendar integers = calendar(WSF__MONTH, "5");
  assert_false(wsf__calendar_days(&integers, 0, &first_day, &n_days));
}

static void forms_must_carry_the_frequency(void **state) {
  (void)state;
  wsf__calendar cal;
  wsf_error err;
  assert_int_equal(wsf__calendar_init(&cal, WSF__HOUR, 1, at("2012-02-03"), &err), WSF_E_DATA);
  assert_int_equal(wsf__calendar_init(&cal, WSF__INTEGER, 1, at("2012-02-03"), &err), WSF_E_DATA);
  assert_int_equal(wsf__calendar_init(&cal, 0, 1, at("2012-02-03"), &err), WSF_E_ARGUMENT);
  assert_int_equal(wsf__calendar_init(&cal, WSF__HOUR, 1, at("17"), &err), WSF_OK);
}

static void frequencies_have_names(void **state) {
  (void)state;
  const int season[] = {0, 24, 7, 52, 12, 4, 1, 1, 1440, 5};
  int32_t found;
  for (int32_t f = WSF__HOUR; f <= WSF__BUSINESS; ++f) {
    const wsf__calendar cal = {.freq = f, .step = 1};
    assert_int_equal(wsf__calendar_season(&cal), season[f]);
    assert_true(wsf__freq_parse(wsf__freq_name(f), &found));
    assert_int_equal(found, f);
  }
  assert_false(wsf__freq_parse("fortnight", &found));
  assert_int_equal(wsf__calendar_season(&(wsf__calendar){.freq = 99, .step = 1}), 1);
}

/* Every period stands where its text says and is found there again. */
static void check_texts(const wsf__calendar *cal, const char *const *text, int n) {
  for (int t = 0; t < n; ++t) {
    char found[32];
    int64_t period = -1;
    wsf__calendar_text(cal, t, found);
    assert_string_equal(found, text[t]);
    assert_true(wsf__calendar_period(cal, at(text[t]), &period));
    assert_int_equal(period, t);
    wsf__calendar moved = *cal;
    wsf__calendar_move(&moved, t);
    assert_int_equal(wsf__calendar_value(&moved, 0), wsf__calendar_value(cal, t));
  }
}

static void steps_of_several_units(void **state) {
  (void)state;
  static const struct {
    int32_t freq, step;
    const char *name;
    int season;
    const char *text[4], *off;
  } cases[] = {
      {WSF__MINUTE,
       15,
       "15 minutes",
       96,
       {"2024-02-28T23:30:00", "2024-02-28T23:45:00", "2024-02-29T00:00:00", "2024-02-29T00:15:00"},
       "2024-02-29T00:20:00"},
      {WSF__HOUR,
       6,
       "6 hours",
       4,
       {"2024-02-28T12:30:00", "2024-02-28T18:30:00", "2024-02-29T00:30:00", "2024-02-29T06:30:00"},
       "2024-02-29T07:30:00"},
      {WSF__DAY,
       2,
       "2 days",
       1,
       {"2024-02-27", "2024-02-29", "2024-03-02", "2024-03-04"},
       "2024-03-03"},
      {WSF__WEEK,
       2,
       "2 weeks",
       26,
       {"2024-02-09", "2024-02-23", "2024-03-08", "2024-03-22"},
       "2024-03-15"},
      {WSF__BUSINESS,
       1,
       "business",
       5,
       {"2024-02-29", "2024-03-01", "2024-03-04", "2024-03-05"},
       "2024-03-02"},
      {WSF__MONTH,
       6,
       "6 months",
       2,
       {"2023-08-31", "2024-02-29", "2024-08-31", "2025-02-28"},
       "2024-05-31"},
      {WSF__YEAR,
       5,
       "5 years",
       1,
       {"2001-07-01", "2006-07-01", "2011-07-01", "2016-07-01"},
       "2010-07-01"},
      {WSF__INTEGER, 10, "10 integers", 1, {"-10", "0", "10", "20"}, "15"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
    wsf__calendar cal;
    char name[32];
    int64_t period;
    assert_int_equal(
        wsf__calendar_init(&cal, cases[i].freq, cases[i].step, at(cases[i].text[0]), NULL), WSF_OK);
    wsf__calendar_name(&cal, name);
    assert_string_equal(name, cases[i].name);
    assert_int_equal(wsf__calendar_season(&cal), cases[i].season);
    check_texts(&cal, cases[i].text, 4);
    assert_false(wsf__calendar_period(&cal, at(cases[i].off), &period));
  }
}

static void business_days_go_on_for_years(void **state) {
  (void)state;
  const wsf__calendar cal = calendar(WSF__BUSINESS, "1999-12-31");
  int64_t period = -1, expected = 0;
  for (int64_t day = wsf__days_from_civil(1999, 12, 31); day < 20000; ++day) {
    const bool found = wsf__calendar_period(
        &cal, (wsf__time){.form = WSF__FORM_DATE, .value = day * 86400}, &period);
    assert_int_equal(found, wsf__weekday(day) < 5);
    if (!found) continue;
    assert_int_equal(period, expected);
    assert_int_equal(wsf__calendar_value(&cal, period), day);
    ++expected;
  }
  /* A weekend's calendar begins with the Monday after. */
  const wsf__calendar saturday = calendar(WSF__BUSINESS, "2024-03-02");
  assert_int_equal(wsf__calendar_value(&saturday, 0), at("2024-03-04").value / 86400);
}

static void months_end_on_business_days(void **state) {
  (void)state;
  static const char *const last[] = {"2024-08-30", "2024-09-30", "2024-10-31", "2024-11-29"};
  static const char *const first[] = {"2024-08-01", "2024-09-02", "2024-10-01", "2024-11-01"};
  wsf__calendar cal = calendar(WSF__MONTH, "2024-08-30");
  cal.anchor = WSF__LAST_BUSINESS_DAY;
  check_texts(&cal, last, 4);
  int64_t day, days;
  assert_true(wsf__calendar_days(&cal, 3, &day, &days));
  assert_int_equal(day, at("2024-11-01").value / 86400);
  assert_int_equal(days, 30);
  cal.anchor = WSF__FIRST_BUSINESS_DAY;
  check_texts(&cal, first, 4);
}

static void months_are_stamped_on_the_third_friday(void **state) {
  (void)state;
  static const char *const third[] = {"2024-08-16", "2024-09-20", "2024-10-18", "2024-11-15"};
  static const char *const last[] = {"2024-08-26", "2024-09-30", "2024-10-28", "2024-11-25"};
  static const char *const first[] = {"2024-08-01", "2024-09-05", "2024-10-03", "2024-11-07"};
  wsf__calendar cal = calendar(WSF__MONTH, "2024-08-16");
  cal.anchor = WSF__NTH_WEEKDAY + 2 * 7 + 4;
  check_texts(&cal, third, 4);
  cal.anchor = WSF__NTH_WEEKDAY + 4 * 7;
  check_texts(&cal, last, 4);
  cal.anchor = WSF__NTH_WEEKDAY + 3;
  check_texts(&cal, first, 4);
  cal.anchor = WSF__LAST_ANCHOR;
  static const char *const sunday[] = {"2024-08-25", "2024-09-29", "2024-10-27", "2024-11-24"};
  check_texts(&cal, sunday, 4);
}

/* Any day of a month names it; of a quarter or a year, of the month that names it. */
static void a_day_is_of_its_month(void **state) {
  (void)state;
  int64_t t;
  wsf__calendar cal = calendar(WSF__MONTH, "2024-01-31");
  assert_false(wsf__calendar_period(&cal, at("2024-03-28"), &t));
  assert_true(wsf__calendar_near(&cal, at("2024-03-28"), &t));
  assert_int_equal(t, 2);
  assert_true(wsf__calendar_near(&cal, at("2023-12-01"), &t));
  assert_int_equal(t, -1);
  cal = calendar(WSF__QUARTER, "2024-03-31");
  assert_true(wsf__calendar_near(&cal, at("2024-06-28"), &t));
  assert_int_equal(t, 1);
  assert_false(wsf__calendar_near(&cal, at("2024-05-31"), &t));
  cal = calendar(WSF__DAY, "2024-03-31");
  assert_false(wsf__calendar_near(&cal, at("2024-04-01"), &t));
}

static void steps_have_bounds(void **state) {
  (void)state;
  wsf__calendar cal;
  assert_int_equal(wsf__calendar_init(&cal, WSF__WEEK, 0, at("2024-03-01"), NULL), WSF_E_VALUE);
  assert_int_equal(wsf__calendar_init(&cal, WSF__WEEK, 10001, at("2024-03-01"), NULL), WSF_E_VALUE);
  assert_int_equal(wsf__calendar_init(&cal, WSF__INTEGER, 10001, at("5"), NULL), WSF_OK);
}

int test_calendar(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(civil_dates_round_trip),
      cmocka_unit_test(times_are_read),
      cmocka_unit_test(what_is_no_time_is_refused),
      cmocka_unit_test(periods_round_trip),
      cmocka_unit_test(week_of_any_weekday),
      cmocka_unit_test(off_calendar_is_told),
      cmocka_unit_test(days_covered),
      cmocka_unit_test(forms_must_carry_the_frequency),
      cmocka_unit_test(frequencies_have_names),
      cmocka_unit_test(steps_of_several_units),
      cmocka_unit_test(business_days_go_on_for_years),
      cmocka_unit_test(months_end_on_business_days),
      cmocka_unit_test(months_are_stamped_on_the_third_friday),
      cmocka_unit_test(a_day_is_of_its_month),
      cmocka_unit_test(steps_have_bounds),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
