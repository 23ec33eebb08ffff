/* Days and civil dates of the proleptic Gregorian calendar. Howard Hinnant (2013), "chrono-
 * compatible low-level date algorithms", days_from_civil and civil_from_days: years start in March,
 * so that the leap day is the last of its year; 400 years have 146097 days. */
#include "calendar/calendar.h"

enum { ERA_DAYS = 146097, EPOCH_SHIFT = 719468 /* 0000-03-01 to 1970-01-01 */ };

int64_t wsf__days_from_civil(int64_t year, int month, int day) {
  const int64_t y = year - (month <= 2);
  const int64_t era = wsf__floor_div(y, 400), yoe = y - era * 400;
  const int64_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
  return era * ERA_DAYS + doe - EPOCH_SHIFT;
}

void wsf__civil_from_days(int64_t days, int64_t *year, int *month, int *day) {
  const int64_t z = days + EPOCH_SHIFT;
  const int64_t era = wsf__floor_div(z, ERA_DAYS), doe = z - era * ERA_DAYS;
  const int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  const int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const int64_t mp = (5 * doy + 2) / 153;
  *day = (int)(doy - (153 * mp + 2) / 5 + 1);
  *month = (int)(mp < 10 ? mp + 3 : mp - 9);
  *year = yoe + era * 400 + (*month <= 2);
}

int wsf__weekday(int64_t days) {
  const int64_t w = (days + 3) % 7; /* 1970-01-01 was a Thursday */
  return (int)(w < 0 ? w + 7 : w);
}

bool wsf__date_exists(int year, int month, int day) {
  static const int length[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day <= length[month - 1] + (month == 2 && leap);
}
