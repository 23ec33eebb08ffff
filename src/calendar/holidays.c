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
