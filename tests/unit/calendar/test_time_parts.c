/* Times in several texts, weeks by number, days of a spreadsheet. */
#include "support.h"

#include "calendar/time_parts.h"

#include <string.h>

static int64_t day(int64_t year, int month, int d) {
  return wsf__days_from_civil(year, month, d) * 86400;
}

static void names_say_what_they_count(void **state) {
  (void)state;
  const struct {
    const char *name;
    int32_t unit;
  } cases[] = {
      {"Year", WSF__UNIT_YEAR},
      {"SalesYear", WSF__UNIT_YEAR},
      {"fiscal_week", WSF__UNIT_WEEK},
      {"week_of_year", WSF__UNIT_WEEK},
      {"MonthOfYear", WSF__UNIT_MONTH},
      {"MONTH", WSF__UNIT_MONTH},
      {"day of month", WSF__UNIT_DAY},
      {"KW", WSF__UNIT_WEEK},
      {"Quartal", WSF__UNIT_QUARTER},
      {"hr", WSF__UNIT_HOUR},
      {"holiday", WSF__UNIT_NONE},
      {"Money", WSF__UNIT_NONE},
      {"sales", WSF__UNIT_NONE},
      {"", WSF__UNIT_NONE},
      {"A\303\221O", WSF__UNIT_YEAR},
      {"m\303\252s", WSF__UNIT_MONTH},
      {"MIESI\304\204C", WSF__UNIT_MONTH},
      {"Tydzie\305\204", WSF__UNIT_WEEK},
      {"ann\303\251e", WSF__UNIT_YEAR},
      {"names", WSF__UNIT_NONE},
      {"S\303\274d", WSF__UNIT_NONE},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
    const int32_t unit = wsf__time_unit_called(cases[i].name);
    if (unit != cases[i].unit) fail_msg("%s is %d", cases[i].name, (int)unit);
  }
}

static void words_say_what_they_count(void **state) {
  (void)state;
  const struct {
    const char *text;
    int32_t unit;
    int value; /* -1: it is none */
  } cases[] = {
      {"3", WSF__UNIT_NONE, 3},
      {"3.0", WSF__UNIT_NONE, 3},
      {"2019", WSF__UNIT_YEAR, 2019},
      {"Mar", WSF__UNIT_MONTH, 3},
      {"september", WSF__UNIT_MONTH, 9},
      {"Jan.", WSF__UNIT_MONTH, 1},
      {"M03", WSF__UNIT_MONTH, 3},
      {"Q1", WSF__UNIT_QUARTER, 1},
      {"4q", WSF__UNIT_QUARTER, 4},
      {"Week 5", WSF__UNIT_WEEK, 5},
      {"KW-07", WSF__UNIT_WEEK, 7},
      {"M\xc3\xa4r", WSF__UNIT_MONTH, 3},
      {"Mar 3", 0, -1},
      {"2019-01-03", 0, -1},
      {"x3", 0, -1},
      {"", 0, -1},
      {"12345", 0, -1},
      {"3.5", 0, -1},
      {"Week", 0, -1},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
    int32_t unit;
    int value;
    const bool read = wsf__time_unit_read(cases[i].text, strlen(cases[i].text), &unit, &value);
    if (read != (cases[i].value >= 0)) fail_msg("%s", cases[i].text);
    if (read && (unit != cases[i].unit || value != cases[i].value))
      fail_msg("%s is %d %d", cases[i].text, (int)unit, value);
  }
}

static void parts_make_one_time(void **state) {
  (void)state;
  enum { Y = WSF__UNIT_YEAR, Q, M, W, D, H, N = WSF__UNIT_NONE };
  const struct {
    int32_t unit[3];
    const char *text[3];
    int n;
    const char *format;
    int64_t value; /* -1: it is none */
  } cases[] = {
      {{Y, M}, {"2019", "3"}, 2, NULL, day(2019, 3, 1)},
      {{M, Y}, {"Mar", "2019.0"}, 2, NULL, day(2019, 3, 1)},
      {{N, N}, {"2019", "Mar"}, 2, NULL, day(2019, 3, 1)},
      {{Y, M}, {"19", "3"}, 2, NULL, day(2019, 3, 1)},
      {{Y, Q}, {"2019", "4"}, 2, NULL, day(2019, 10, 1)},
      {{Y, M}, {"2019", "Q4"}, 2, NULL, day(2019, 10, 1)},
      {{Y, W}, {"2020", "53"}, 2, NULL, day(2020, 12, 28)},
      {{Y, W}, {"2019", "53"}, 2, NULL, -1},
      {{Y, W, D}, {"2019", "1", "3"}, 3, NULL, day(2019, 1, 2)},
      {{Y, M, D}, {"2020", "2", "29"}, 3, NULL, day(2020, 2, 29)},
      {{Y, M, D}, {"2019", "2", "29"}, 3, NULL, -1},
      {{Y, D}, {"2020", "31"}, 2, NULL, day(2020, 1, 31)},
      {{N, H}, {"2019-01-31", "13"}, 2, NULL, day(2019, 1, 31) + 13 * 3600},
      {{N, H}, {"2019-01-31", "24"}, 2, NULL, day(2019, 2, 1)},
      {{N, H}, {"2019-01-31", "25"}, 2, NULL, -1},
      {{N, N}, {"1:30 PM", "2019-01-31"}, 2, NULL, day(2019, 1, 31) + 13 * 3600 + 1800},
      {{Y, M}, {"2019", "13"}, 2, NULL, -1},
      {{Y, M}, {"2019", "0"}, 2, NULL, -1},
      {{Y, M}, {"2019", "2019"}, 2, NULL, -1},
      {{Y, N}, {"2019", "3"}, 2, NULL, -1},
      {{Y, M}, {"Total", "3"}, 2, NULL, -1},
      {{M, N}, {"3", "4"}, 2, NULL, -1},
      {{Y, WSF__UNIT_NUMBERED}, {"2019", "03-March"}, 2, NULL, day(2019, 3, 1)},
      {{Y, N}, {"2019", "03-March"}, 2, NULL, day(2019, 3, 3)},
      {{N, WSF__UNIT_CLOCK}, {"2019-01-31", "930"}, 2, NULL, day(2019, 1, 31) + 34200},
      {{N, WSF__UNIT_CLOCK}, {"2019-01-31", "2400"}, 2, NULL, day(2019, 2, 1)},
      {{N, WSF__UNIT_CLOCK}, {"2019-01-31", "0960"}, 2, NULL, -1},
      {{N, WSF__UNIT_HALF_HOUR}, {"2019-01-31", "48"}, 2, NULL, day(2019, 1, 31) + 84600},
      {{N, WSF__UNIT_HALF_HOUR}, {"2019-01-31", "0"}, 2, NULL, -1},
      {{N, WSF__UNIT_QUARTER_HOUR}, {"2019-01-31", "2"}, 2, NULL, day(2019, 1, 31) + 900},
      {{N, H}, {"2019-01-31", "05 - 06"}, 2, NULL, day(2019, 1, 31) + 5 * 3600},
      {{N, H}, {"2019-01-31", "05 - 07"}, 2, NULL, -1},
      {{N, N}, {"2019-01-31", "05:30-06:00"}, 2, NULL, day(2019, 1, 31) + 19800},
      {{N, N}, {"2019-01-31", "HE05"}, 2, NULL, day(2019, 1, 31) + 5 * 3600},
      {{N, N}, {"2019", "3"}, 2, "%Y %m", day(2019, 3, 1)},
      {{N, N}, {"3", "2019"}, 2, "%m %Y", day(2019, 3, 1)},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
    const wsf__time_style style = {.format = cases[i].format};
    wsf__time_seen seen = {0};
    wsf__time t = {0};
    const bool read = wsf__time_join(cases[i].unit, cases[i].text, cases[i].n, &style, &t, &seen);
    if (read != (cases[i].value != -1) || (read && t.value != cases[i].value))
      fail_msg("%s and %s give %lld", cases[i].text[0], cases[i].text[1], (long long)t.value);
  }
}

static void columns_say_what_they_count(void **state) {
  (void)state;
  const struct {
    const char *word[4];
    int32_t called;
    bool dated;
    int32_t unit;
  } cases[] = {
      {{"01-January", "02-February"}, WSF__UNIT_MONTH, false, WSF__UNIT_NUMBERED},
      {{"10 Jan", "11 Feb", "12 Mar", "1 Apr"}, WSF__UNIT_NONE, false, WSF__UNIT_NUMBERED},
      {{"1-Jan", "2-Jan"}, WSF__UNIT_NONE, false, WSF__UNIT_NONE},
      {{"1-Jan", "1-Feb"}, WSF__UNIT_MONTH, false, WSF__UNIT_MONTH},
      {{"01-January", "02-February"}, WSF__UNIT_DAY, false, WSF__UNIT_DAY},
      {{"0", "30", "100", "2330"}, WSF__UNIT_NONE, false, WSF__UNIT_CLOCK},
      {{"100", "2400"}, WSF__UNIT_HOUR, true, WSF__UNIT_CLOCK},
      {{"0000", "0030"}, WSF__UNIT_NONE, true, WSF__UNIT_CLOCK},
      {{"2012", "2013"}, WSF__UNIT_NONE, true, WSF__UNIT_NONE},
      {{"100", "160"}, WSF__UNIT_NONE, true, WSF__UNIT_NONE},
      {{"1", "48"}, WSF__UNIT_NONE, true, WSF__UNIT_HALF_HOUR},
      {{"1", "48"}, WSF__UNIT_NONE, false, WSF__UNIT_NONE},
      {{"1", "48"}, WSF__UNIT_WEEK, true, WSF__UNIT_WEEK},
      {{"1", "96"}, WSF__UNIT_NONE, true, WSF__UNIT_QUARTER_HOUR},
      {{"1", "31"}, WSF__UNIT_NONE, true, WSF__UNIT_NONE},
      {{"1", "x"}, WSF__UNIT_NONE, true, WSF__UNIT_NONE},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
    wsf__unit_seen seen = {0};
    for (int w = 0; w < 4 && cases[i].word[w]; ++w) {
      wsf__unit_see(&seen, cases[i].word[w], strlen(cases[i].word[w]));
    }
    const int32_t unit = wsf__unit_settle(&seen, cases[i].called, cases[i].dated);
    if (unit != cases[i].unit) fail_msg("%s .. are %d", cases[i].word[0], (int)unit);
  }
}

/* The NRF's calendar: 2023 begins on 29 January and has 53 weeks, 2024 begins on 4 February; a year
 * that ends in August is called by its end. */
static void weeks_are_of_a_year(void **state) {
  (void)state;
  const wsf__time_style style = {.format = "%G%V", .fiscal = &wsf__fiscal_nrf};
  const struct {
    const char *text;
    int64_t value;
  } cases[] = {{"202301", day(2023, 1, 29)},
               {"202353", day(2024, 1, 28)},
               {"202401", day(2024, 2, 4)},
               {"202252", day(2023, 1, 22)},
               {"202253", -1},
               {"201753", day(2018, 1, 28)}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
    wsf__time t = {0};
    const bool read = wsf__time_format_read(&style, cases[i].text, strlen(cases[i].text), &t);
    if (read != (cases[i].value != -1) || (read && t.value != cases[i].value))
      fail_msg("%s gives %lld", cases[i].text, (long long)t.value);
  }
  wsf__fiscal august;
  int64_t first;
  assert_true(wsf__fiscal_parse("last saturday august", &august));
  assert_true(wsf__fiscal_week(&august, 2019, 1, &first));
  assert_int_equal(first * 86400, day(2018, 8, 26));
  assert_false(wsf__fiscal_week(&august, 2019, 0, &first));
}

static void days_of_a_spreadsheet(void **state) {
  (void)state;
  const wsf__time_style style = {.format = "excel"};
  const struct {
    const char *text;
    int64_t value;
  } cases[] = {{"43466", day(2019, 1, 1)},
               {"43466.0", day(2019, 1, 1)},
               {"43466.5", day(2019, 1, 1) + 43200},
               {"43466.041666666664", day(2019, 1, 1) + 3600},
               {"36526", day(2000, 1, 1)},
               {"2958465", day(9999, 12, 31)},
               {"2958466", -1},
               {"60", -1},
               {"-1", -1},
               {"nan", -1},
               {"1e300", -1},
               {"2019-01-01", -1}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
    wsf__time t = {0};
    const bool read = wsf__time_format_read(&style, cases[i].text, strlen(cases[i].text), &t);
    if (read != (cases[i].value != -1) || (read && t.value != cases[i].value))
      fail_msg("%s gives %lld", cases[i].text, (long long)t.value);
  }
}

int test_time_parts(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(names_say_what_they_count), cmocka_unit_test(words_say_what_they_count),
      cmocka_unit_test(parts_make_one_time),       cmocka_unit_test(weeks_are_of_a_year),
      cmocka_unit_test(days_of_a_spreadsheet),     cmocka_unit_test(columns_say_what_they_count),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
