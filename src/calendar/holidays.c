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

int64_t wsf__super_bowl(int64_t year) {
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
