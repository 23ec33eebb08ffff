/* The dates of holidays by rule, against published calendars. */
#include "support.h"

#include "calendar/calendar.h"
#include "calendar/holidays.h"

#include <string.h>

static const wsf__holiday *named(const char *name) {
  for (int i = 0; i < wsf__n_us_holidays; ++i) {
    if (strcmp(wsf__us_holidays[i].name, name) == 0) return &wsf__us_holidays[i];
  }
  fail_msg("%s", name);
  return NULL;
}

static void test_dates(void **state) {
  (void)state;
  static const struct {
    const char *name;
    int64_t year;
    int month, day;
  } known[] = {
      {"new_year", 2024, 1, 1},
      {"martin_luther_king", 2024, 1, 15},
      {"martin_luther_king", 1986, 1, 20},
      {"presidents_day", 2024, 2, 19},
      {"memorial_day", 2024, 5, 27},
      {"memorial_day", 2021, 5, 31},
      {"juneteenth", 2021, 6, 19},
      {"independence_day", 2024, 7, 4},
      {"labor_day", 2023, 9, 4},
      {"columbus_day", 2023, 10, 9},
      {"veterans_day", 2023, 11, 11},
      {"thanksgiving", 2023, 11, 23},
      {"thanksgiving", 2012, 11, 22},
      {"thanksgiving", 2018, 11, 22},
      {"christmas", 2010, 12, 25},
      {"super_bowl", 1967, 1, 15},
      {"super_bowl", 1986, 1, 26},
      {"super_bowl", 2002, 2, 3},
      {"super_bowl", 2003, 1, 26},
      {"super_bowl", 2004, 2, 1},
      {"super_bowl", 2021, 2, 7},
      {"super_bowl", 2022, 2, 13},
      {"super_bowl", 2024, 2, 11},
      {"valentines_day", 2024, 2, 14},
      {"st_patricks_day", 2024, 3, 17},
      {"good_friday", 2024, 3, 29},
      {"easter", 2024, 3, 31},
      {"easter", 2011, 4, 24},
      {"cinco_de_mayo", 2016, 5, 5},
      {"mothers_day", 2024, 5, 12},
      {"fathers_day", 2024, 6, 16},
      {"halloween", 2023, 10, 31},
      {"black_friday", 2023, 11, 24},
      {"cyber_monday", 2023, 11, 27},
      {"cyber_monday", 2021, 11, 29},
      {"super_saturday", 2021, 12, 18},
      {"super_saturday", 2022, 12, 24},
      {"super_saturday", 2023, 12, 23},
      {"christmas_eve", 2023, 12, 24},
      {"new_years_eve", 2023, 12, 31},
  };
  for (size_t i = 0; i < sizeof known / sizeof *known; ++i) {
    int64_t at;
    assert_true(wsf__holiday_day(named(known[i].name), known[i].year, &at));
    const int64_t wanted = wsf__days_from_civil(known[i].year, known[i].month, known[i].day);
    if (at != wanted) fail_msg("%s of %d", known[i].name, (int)known[i].year);
  }
}

static void test_before_there_was_one(void **state) {
  (void)state;
  int64_t at;
  assert_false(wsf__holiday_day(named("juneteenth"), 2020, &at));
  assert_false(wsf__holiday_day(named("super_bowl"), 1966, &at));
  assert_true(wsf__holiday_day(named("martin_luther_king"), 1986, &at));
  assert_false(wsf__holiday_day(named("martin_luther_king"), 1985, &at));
}

static void test_weekdays(void **state) {
  (void)state;
  for (int64_t year = 1990; year < 2040; ++year) {
    for (int month = 1; month <= 12; ++month) {
      for (int weekday = 0; weekday < 7; ++weekday) {
        const int64_t last = wsf__last_weekday(year, month, weekday);
        int64_t y;
        int m, d;
        wsf__civil_from_days(last, &y, &m, &d);
        assert_true(y == year && m == month && wsf__weekday(last) == weekday);
        wsf__civil_from_days(last + 7, &y, &m, &d);
        assert_int_not_equal(m, month);
      }
    }
  }
}

int test_holidays(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_dates),
      cmocka_unit_test(test_before_there_was_one),
      cmocka_unit_test(test_weekdays),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
