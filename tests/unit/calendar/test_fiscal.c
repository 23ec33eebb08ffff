/* Years of 52 and 53 weeks, against the calendar that the National Retail Federation publishes
 * (nrf.com/resources/4-5-4-calendar: 53 weeks in 2000, 2006, 2012, 2017 and 2023; 2023 from
 * 2023-01-29 to 2024-02-03). */
#include "support.h"

#include "calendar/coarser.h"

static int64_t day(int64_t year, int month, int of_month) {
  return wsf__days_from_civil(year, month, of_month);
}

static void nrf_years_have_53_weeks(void **state) {
  (void)state;
  static const int long_year[] = {2000, 2006, 2012, 2017, 2023};
  for (int year = 2000; year < 2024; ++year) { /* named by where it begins */
    int64_t first, days;
    bool is_long = false;
    for (size_t i = 0; i < 5; ++i) is_long |= long_year[i] == year;
    wsf__fiscal_days(&wsf__fiscal_nrf, (year + 1) * 12, 12, &first, &days);
    if (days != (is_long ? 371 : 364)) fail_msg("%d has %d days", year, (int)days);
  }
}

static void nrf_2023_and_2024(void **state) {
  (void)state;
  static const struct {
    int year, month, day, weeks;
  } begins[] = {{2023, 1, 29, 4}, {2023, 2, 26, 5},  {2023, 4, 2, 4},   {2023, 4, 30, 4},
                {2023, 5, 28, 5}, {2023, 7, 2, 4},   {2023, 7, 30, 4},  {2023, 8, 27, 5},
                {2023, 10, 1, 4}, {2023, 10, 29, 4}, {2023, 11, 26, 5}, {2023, 12, 31, 5},
                {2024, 2, 4, 4},  {2024, 3, 3, 5}};
  for (int m = 0; m < 14; ++m) {
    int64_t first, days;
    wsf__fiscal_days(&wsf__fiscal_nrf, 2024 * 12 + m, 1, &first, &days);
    assert_int_equal(first, day(begins[m].year, begins[m].month, begins[m].day));
    assert_int_equal(days, 7 * begins[m].weeks);
  }
}

/* Apple's year: to the last Saturday of September, 53 weeks in 2017 and 2023. */
static void the_last_weekday_of_a_month(void **state) {
  (void)state;
  wsf__fiscal f;
  int64_t first, days;
  assert_true(wsf__fiscal_parse("last saturday september", &f));
  for (int year = 2013; year < 2025; ++year) {
    wsf__fiscal_days(&f, year * 12, 12, &first, &days);
    assert_int_equal(days, year == 2017 || year == 2023 ? 371 : 364);
  }
  assert_int_equal(first + days - 1, day(2024, 9, 28));
}

static void every_day_has_its_month(void **state) {
  (void)state;
  for (int32_t code = 1; code <= WSF__FISCAL_CODES; ++code) {
    for (int32_t month = 1; month <= 12; ++month) {
      const wsf__fiscal f = wsf__fiscal_of(code, month);
      char text[48];
      wsf__fiscal again;
      wsf__fiscal_text(&f, text);
      assert_true(wsf__fiscal_parse(text, &again));
      again.begins = f.begins;
      assert_int_equal(wsf__fiscal_code(&again), code);
      assert_int_equal(again.month, month);
      int64_t next = 0, first, days;
      for (int64_t m = 2019 * 12; m < 2025 * 12; ++m) {
        wsf__fiscal_days(&f, m, 1, &first, &days);
        if (next != 0) assert_int_equal(first, next);
        next = first + days;
        assert_int_equal(wsf__weekday(first), (f.weekday + 1) % 7);
        assert_true(days == 28 || days == 35 || (days == 42 && f.pattern == 445 && m % 12 == 11));
        for (int64_t d = first; d < next; d += days - 1) {
          assert_int_equal(wsf__fiscal_month(&f, d), m);
        }
        assert_int_equal(wsf__fiscal_month(&f, first + 13), m);
      }
    }
  }
}

static void words_of_a_year(void **state) {
  (void)state;
  static const struct {
    const char *text, *is; /* NULL: refused */
  } cases[] = {{"nrf", "454 nearest saturday january"},
               {"4-4-5", "445 nearest saturday january"},
               {"544 last fri dec", "544 last friday december"},
               {"june, sunday", "454 nearest sunday june"},
               {"", NULL},
               {"455", NULL},
               {"late saturday", NULL},
               {"nrf 4-5", NULL}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
    wsf__fiscal f;
    char text[48];
    assert_int_equal(wsf__fiscal_parse(cases[i].text, &f), cases[i].is != NULL);
    if (!cases[i].is) continue;
    wsf__fiscal_text(&f, text);
    assert_string_equal(text, cases[i].is);
  }
}

static void periods_of_a_calendar(void **state) {
  (void)state;
  for (int begins = 0; begins < 2; ++begins) {
    for (int32_t step = 1; step <= 12; step *= 3) {
      wsf__fiscal year = wsf__fiscal_nrf;
      wsf__calendar cal;
      wsf_error err;
      year.begins = begins != 0;
      int64_t stamp = begins ? day(2023, 1, 29) : day(2024, 2, 3);
      const wsf__time first = {.form = WSF__FORM_DATE, .value = stamp * 86400};
      assert_int_equal(wsf__calendar_fiscal(&cal, &year, step, first, &err), WSF_OK);
      assert_int_equal(wsf__calendar_value(&cal, 0), stamp);
      assert_int_equal(wsf__calendar_season(&cal), 12 % step ? 1 : 12 / step);
      int64_t covered, days, next = 0;
      for (int64_t t = -20; t < 20; ++t) {
        int64_t period;
        stamp = wsf__calendar_value(&cal, t);
        const wsf__time at = {.form = WSF__FORM_DATE, .value = stamp * 86400};
        assert_true(wsf__calendar_period(&cal, at, &period));
        assert_int_equal(period, t);
        assert_true(wsf__calendar_days(&cal, t, &covered, &days));
        if (next != 0) assert_int_equal(covered, next);
        next = covered + days;
        assert_int_equal(stamp, begins ? covered : next - 1);
        const wsf__time beside = {.form = WSF__FORM_DATE, .value = (stamp + 1) * 86400};
        assert_false(wsf__calendar_period(&cal, beside, &period));
      }
      wsf__calendar moved = cal;
      wsf__calendar_move(&moved, 5);
      assert_int_equal(wsf__calendar_value(&moved, 2), wsf__calendar_value(&cal, 7));
    }
  }
  char name[32];
  wsf__calendar cal;
  const wsf__time first = {.form = WSF__FORM_DATE, .value = day(2024, 2, 3) * 86400};
  assert_int_equal(wsf__calendar_init(&cal, WSF__FISCAL, 3, first, NULL), WSF_OK);
  wsf__calendar_name(&cal, name);
  assert_string_equal(name, "3 fiscal months 4-5-4");
}

int test_fiscal(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(nrf_years_have_53_weeks),
      cmocka_unit_test(nrf_2023_and_2024),
      cmocka_unit_test(the_last_weekday_of_a_month),
      cmocka_unit_test(every_day_has_its_month),
      cmocka_unit_test(words_of_a_year),
      cmocka_unit_test(periods_of_a_calendar),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
