/* The dates of holidays by rule, against published calendars. */
#include "support.h"

#include "calendar/calendar.h"
#include "calendar/holiday_rows.h"
#include "calendar/holidays.h"

#include <stdio.h>
#include <string.h>

static const wsf__holiday *named(const char *name) {
  for (int i = 0; i < wsf__n_holidays; ++i) {
    const wsf__holiday *h = &wsf__holidays[i];
    if (strcmp(h->country, "us") == 0 && strcmp(h->name, name) == 0) return h;
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
    assert_true(wsf__holiday_day(named(known[i].name), known[i].year, false, &at));
    const int64_t wanted = wsf__days_from_civil(known[i].year, known[i].month, known[i].day);
    if (at != wanted) fail_msg("%s of %d", known[i].name, (int)known[i].year);
  }
}

static void test_before_there_was_one(void **state) {
  (void)state;
  int64_t at;
  assert_false(wsf__holiday_day(named("juneteenth"), 2020, false, &at));
  assert_false(wsf__holiday_day(named("super_bowl"), 1966, false, &at));
  assert_true(wsf__holiday_day(named("martin_luther_king"), 1986, false, &at));
  assert_false(wsf__holiday_day(named("martin_luther_king"), 1985, false, &at));
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

/* The day of the only rule of an event that a year has; 0: none. */
static int64_t day_of(const char *country, const char *name, int64_t year, bool observed) {
  int64_t day = 0, at;
  for (int i = 0; i < wsf__n_holidays; ++i) {
    const wsf__holiday *h = &wsf__holidays[i];
    if (strcmp(h->country, country) != 0 || strcmp(h->name, name) != 0) continue;
    if (wsf__holiday_day(h, year, observed, &at)) day = at;
  }
  return day;
}

/* As gov.uk, the gazettes and the Python package holidays have them (bench/holidays/check.py). */
static void test_other_countries(void **state) {
  (void)state;
  static const struct {
    const char *country, *name;
    int64_t year;
    int month, day;
    bool observed;
  } known[] = {
      {"gb", "early_may", 2019, 5, 6, false},
      {"gb", "early_may", 2020, 5, 8, false},
      {"gb", "spring_bank", 2022, 6, 2, false},
      {"gb", "spring_bank", 2023, 5, 29, false},
      {"gb", "royal_day", 2023, 5, 8, false},
      {"gb", "mothers_day", 2024, 3, 10, false},
      {"gb", "new_year", 2022, 1, 3, true},
      {"gb", "christmas", 2021, 12, 27, true},
      {"gb", "boxing_day", 2021, 12, 28, true},
      {"gb", "christmas", 2022, 12, 27, true},
      {"gb", "boxing_day", 2022, 12, 26, true},
      {"us", "independence_day", 2020, 7, 3, true},
      {"us", "independence_day", 2021, 7, 5, true},
      {"us", "new_year", 2022, 1, 1, false},
      {"de", "ascension", 2024, 5, 9, false},
      {"de", "whit_monday", 2024, 5, 20, false},
      {"de", "reformation_day", 2017, 10, 31, false},
      {"fr", "mothers_day", 2024, 5, 26, false},
      {"fr", "mothers_day", 2020, 6, 7, false}, /* the 31 May was Pentecost */
      {"nl", "kings_day", 2025, 4, 26, false},  /* the 27th was a Sunday */
      {"nl", "kings_day", 2013, 4, 30, false},
      {"ca", "victoria_day", 2024, 5, 20, false},
      {"ca", "thanksgiving", 2024, 10, 14, false},
      {"mx", "inauguration_day", 2024, 10, 1, false},
      {"mx", "juarez_day", 2024, 3, 18, false},
      {"br", "carnival", 2024, 2, 13, false},
      {"br", "black_awareness_day", 2024, 11, 20, false},
      {"au", "mothers_day", 2024, 5, 12, false},
      {"au", "australia_day", 2025, 1, 27, true},
  };
  for (size_t i = 0; i < sizeof known / sizeof *known; ++i) {
    const int64_t wanted = wsf__days_from_civil(known[i].year, known[i].month, known[i].day);
    if (day_of(known[i].country, known[i].name, known[i].year, known[i].observed) != wanted) {
      fail_msg("%s of %d, %s", known[i].name, (int)known[i].year, known[i].country);
    }
  }
  assert_int_equal(day_of("us", "new_year", 2022, true), wsf__days_from_civil(2021, 12, 31));
  assert_int_equal(day_of("de", "reformation_day", 2018, false), 0);
  assert_int_equal(day_of("br", "black_awareness_day", 2023, false), 0);
}

/* Words of the options are those of the rows, and rules of an event stand together. */
static void test_words(void **state) {
  (void)state;
  static const char words[] = "|" WSF__HOLIDAY_WORDS "|",
                    countries[] = "|" WSF__HOLIDAY_COUNTRIES "|";
  char word[64];
  for (int i = 0; i < wsf__n_holidays; ++i) {
    const wsf__holiday *h = &wsf__holidays[i];
    (void)snprintf(word, sizeof word, "|%s|", h->name);
    if (!strstr(words, word)) fail_msg("%s", word);
    (void)snprintf(word, sizeof word, "|%s|", h->country);
    if (!strstr(countries, word)) fail_msg("%s", word);
    for (int k = 0; k < i - 1; ++k) {
      const bool one = strcmp(wsf__holidays[k].name, h->name) == 0 &&
                       strcmp(wsf__holidays[k].country, h->country) == 0;
      if (one && strcmp(h[-1].name, h->name) != 0) fail_msg("%s of %s", h->name, h->country);
    }
  }
  for (const char *at = words + 1; *at; at = strchr(at, '|') + 1) {
    const size_t length = strcspn(at, "|");
    int found = 0;
    for (int i = 0; i < wsf__n_holidays; ++i) {
      found += strlen(wsf__holidays[i].name) == length &&
               strncmp(wsf__holidays[i].name, at, length) == 0;
    }
    if (!found) fail_msg("%.*s", (int)length, at);
  }
}

int test_holidays(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_dates),    cmocka_unit_test(test_before_there_was_one),
      cmocka_unit_test(test_weekdays), cmocka_unit_test(test_other_countries),
      cmocka_unit_test(test_words),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
