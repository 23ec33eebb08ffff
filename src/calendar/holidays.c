#include "calendar/holidays.h"

#include "calendar/calendar.h"

int64_t wsf__easter(int64_t year) {
  const int64_t a = year % 19, b = year / 100, c = year % 100;
  const int64_t d = b / 4, e = b % 4, g = (8 * b + 13) / 25;
  const int64_t h = (19 * a + b - d - g + 15) % 30, i = c / 4, k = c % 4;
  const int64_t l = (32 + 2 * e + 2 * i - h - k) % 7, m = (a + 11 * h + 19 * l) / 433;
  const int64_t month = (h + l - 7 * m + 90) / 25;
  const int64_t day = (h + l - 7 * m + 33 * month + 19) % 32;
  return wsf__days_from_civil(year, (int)month, (int)day);
}

int64_t wsf__nth_weekday(int64_t year, int month, int weekday, int n) {
  const int64_t first = wsf__days_from_civil(year, month, 1);
  return first + (weekday - wsf__weekday(first) + 7) % 7 + 7 * (n - 1);
}

int64_t wsf__last_weekday(int64_t year, int month, int weekday) {
  const int64_t end = wsf__days_from_civil(year + month / 12, month % 12 + 1, 1);
  return end - 1 - (wsf__weekday(end - 1) - weekday + 7) % 7;
}

int64_t wsf__super_bowl(int64_t year) {
  static const int8_t january[] = {15, 14, 12, 11, 17, 16, 14, 13, 12, 18, 9,  15, 21,
                                   20, 25, 24, 30, 22, 20, 26, 25, 31, 22, 28, 27, 26,
                                   31, 30, 29, 28, 26, 25, 31, 30, 28, 34, 26}; /* 1967 .. 2003 */
  if (year >= 1967 && year <= 2003) {
    return wsf__days_from_civil(year, 1, 1) + january[year - 1967] - 1;
  }
  return wsf__nth_weekday(year, 2, 6, year < 2022 ? 1 : 2);
}

int64_t wsf__labor_day(int64_t year) {
  return wsf__nth_weekday(year, 9, 0, 1);
}

int64_t wsf__thanksgiving(int64_t year) {
  return wsf__nth_weekday(year, 11, 3, 4);
}

int64_t wsf__christmas(int64_t year) {
  return wsf__days_from_civil(year, 12, 25);
}

enum { FIXED, NTH, EASTER, GIVING, SUPER, BEFORE };

#define ROW(name, federal, rule, a, b, c, since) {#name, federal, rule, a, b, c, since},
const wsf__holiday wsf__us_holidays[] = {WSF__US_HOLIDAYS(ROW)};
const int wsf__n_us_holidays = sizeof wsf__us_holidays / sizeof *wsf__us_holidays;

bool wsf__holiday_day(const wsf__holiday *h, int64_t year, int64_t *day) {
  if (year < h->since) return false;
  switch (h->rule) {
  case NTH:
    *day =
        h->c > 0 ? wsf__nth_weekday(year, h->a, h->b, h->c) : wsf__last_weekday(year, h->a, h->b);
    return true;
  case EASTER:
    *day = wsf__easter(year) + h->a;
    return true;
  case GIVING:
    *day = wsf__thanksgiving(year) + h->a;
    return true;
  case SUPER:
    *day = wsf__super_bowl(year) + h->a;
    return true;
  default:
    *day = wsf__days_from_civil(year, h->a, h->b);
    if (h->rule == BEFORE) *day -= (wsf__weekday(*day - 1) - h->c + 7) % 7 + 1;
    return true;
  }
}
