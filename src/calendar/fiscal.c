/* A year ends on one weekday, the last of a month or the one nearest to the month's end, so it has
 * 52 or 53 weeks. Its quarters have 13, cut by a pattern such as 4-5-4; the 53rd goes to the last
 * month, as in the calendar that the National Retail Federation publishes. */
#include "calendar/fiscal.h"

#include "calendar/time_read.h"

#include <stdio.h>
#include <string.h>

enum { WEEK = 7, QUARTER = 13 * WEEK, MONTHS = 12, MAY = 5 };

const wsf__fiscal wsf__fiscal_nrf = {.pattern = 454, .weekday = 5, .month = 1};

static const int32_t pattern[] = {445, 454, 544};

/* ---- words -------------------------------------------------------------------------------- */

static bool read_word(const char *word, size_t length, wsf__fiscal *f) {
  size_t used = length;
  const int month = wsf__month_name(word, &used);
  if (month > 0 && used == length) {
    f->month = month;
    return true;
  }
  used = length;
  const int weekday = wsf__weekday_name(word, &used);
  if (weekday > 0 && used == length) {
    f->weekday = weekday - 1;
    return true;
  }
  int32_t digits = 0;
  for (size_t i = 0; i < length; ++i) {
    if (word[i] >= '0' && word[i] <= '9' && digits < 100)
      digits = digits * 10 + (word[i] - '0');
    else if (word[i] != '-')
      digits = 1000;
  }
  for (size_t i = 0; i < sizeof pattern / sizeof *pattern; ++i) {
    if (digits != pattern[i]) continue;
    f->pattern = digits;
    return true;
  }
  const bool last = length == 4 && memcmp(word, "last", length) == 0;
  const bool nearest = length == 7 && memcmp(word, "nearest", length) == 0;
  if (last || nearest) f->last = last;
  return last || nearest || (length == 3 && memcmp(word, "nrf", length) == 0);
}

bool wsf__fiscal_parse(const char *text, wsf__fiscal *out) {
  int words = 0;
  *out = wsf__fiscal_nrf;
  for (;;) {
    text += strspn(text, " ,");
    const size_t length = strcspn(text, " ,");
    if (length == 0) return words > 0;
    if (!read_word(text, length, out)) return false;
    text += length;
    ++words;
  }
}

void wsf__fiscal_text(const wsf__fiscal *f, char out[48]) {
  (void)snprintf(out, 48, "%d %s %s %s", (int)f->pattern, f->last ? "last" : "nearest",
                 wsf__weekday_word(f->weekday + 1), wsf__month_word(f->month));
}

int32_t wsf__fiscal_code(const wsf__fiscal *f) {
  const int32_t at = f->pattern == 445 ? 0 : f->pattern == 454 ? 1 : 2;
  return 1 + f->weekday + WEEK * (f->last + 2 * (at + 3 * f->begins));
}

wsf__fiscal wsf__fiscal_of(int32_t code, int32_t month) {
  const int32_t rest = (code - 1) / WEEK;
  return (wsf__fiscal){.pattern = pattern[rest / 2 % 3],
                       .weekday = (code - 1) % WEEK,
                       .month = month,
                       .last = rest % 2 != 0,
                       .begins = rest / 6 != 0};
}

/* ---- days --------------------------------------------------------------------------------- */

/* Last day of the year that ends in, or a few days after, a calendar year's month. */
static int64_t year_end(const wsf__fiscal *f, int64_t year) {
  const int64_t end = f->month == MONTHS ? wsf__days_from_civil(year + 1, 1, 1) - 1
                                         : wsf__days_from_civil(year, f->month + 1, 1) - 1;
  const int behind = (wsf__weekday(end) - f->weekday + WEEK) % WEEK;
  return end - behind + (!f->last && behind > 3 ? WEEK : 0);
}

/* Days of a quarter before its month 0, 1 or 2. */
static int64_t days_before(const wsf__fiscal *f, int64_t month) {
  return WEEK * (month == 0   ? 0
                 : month == 1 ? f->pattern / 100
                              : f->pattern / 100 + f->pattern / 10 % 10);
}

/* First day of a month. */
static int64_t first_day(const wsf__fiscal *f, int64_t month) {
  const int64_t year = wsf__floor_div(month, MONTHS), at = month - year * MONTHS;
  return year_end(f, year - 1) + 1 + at / 3 * QUARTER + days_before(f, at % 3);
}

void wsf__fiscal_days(const wsf__fiscal *f, int64_t month, int64_t n, int64_t *first,
                      int64_t *days) {
  *first = first_day(f, month);
  *days = first_day(f, month + n) - *first;
}

int64_t wsf__fiscal_year(const wsf__fiscal *f, int64_t end) {
  return end - (f->month <= MAY);
}

bool wsf__fiscal_week(const wsf__fiscal *f, int year, int week, int64_t *day) {
  const int64_t end = (int64_t)year + (f->month <= MAY);
  if (week < 1) return false;
  *day = year_end(f, end - 1) + 1 + (week - 1) * (int64_t)WEEK;
  return *day <= year_end(f, end);
}

int64_t wsf__fiscal_month(const wsf__fiscal *f, int64_t day) {
  int64_t year;
  int month, unused;
  wsf__civil_from_days(day, &year, &month, &unused);
  year += month > f->month;
  if (day > year_end(f, year)) ++year;
  if (day <= year_end(f, year - 1)) --year;
  const int64_t past = day - year_end(f, year - 1) - 1;
  const int64_t quarter = past / QUARTER < 4 ? past / QUARTER : 3; /* the 53rd week is the last's */
  const int64_t rest = past - quarter * QUARTER;
  return year * MONTHS + quarter * 3 + (rest >= days_before(f, 1)) + (rest >= days_before(f, 2));
}
