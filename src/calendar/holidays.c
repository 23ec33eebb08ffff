#include "calendar/holidays.h"

#include "calendar/calendar.h"
#include "calendar/holiday_rows.h"

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

enum { FIXED, NTH, EASTER, GIVING, SUPER, BEFORE, FETE };
enum { STAYS, NEAREST, MONDAY, TWO };

#define ROW(country, name, official, rule, a, b, c, since, until, weekend)                         \
  {#country, #name, official, rule, a, b, c, since, until, weekend},
const wsf__holiday wsf__holidays[] = {WSF__HOLIDAYS(ROW)};
const int wsf__n_holidays = sizeof wsf__holidays / sizeof *wsf__holidays;

static int64_t own_day(const wsf__holiday *h, int64_t year) {
  int64_t day;
  switch (h->rule) {
  case NTH:
    return h->c > 0 ? wsf__nth_weekday(year, h->a, h->b, h->c)
                    : wsf__last_weekday(year, h->a, h->b);
  case EASTER:
    return wsf__easter(year) + h->a;
  case GIVING:
    return wsf__thanksgiving(year) + h->a;
  case SUPER:
    return wsf__super_bowl(year) + h->a;
  case BEFORE:
    day = wsf__days_from_civil(year, h->a, h->b);
    return day - (wsf__weekday(day - 1) - h->c + 7) % 7 - 1;
  case FETE:
    day = wsf__last_weekday(year, 5, 6);
    return day == wsf__easter(year) + 49 ? day + 7 : day;
  default:
    day = wsf__days_from_civil(year, h->a, h->b);
    return wsf__weekday(day) == 6 ? day + h->c : day;
  }
}

bool wsf__holiday_day(const wsf__holiday *h, int64_t year, bool observed, int64_t *day) {
  if (year < h->since || (h->until > 0 && year > h->until)) return false;
  *day = own_day(h, year);
  const int past = observed ? wsf__weekday(*day) - 5 : -1; /* days into the weekend */
  if (past < 0 || h->weekend == STAYS) return true;
  *day += h->weekend == TWO ? 2 : h->weekend == MONDAY || past == 1 ? 2 - past : -1;
  return true;
}
