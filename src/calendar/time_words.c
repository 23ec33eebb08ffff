/* The words of dates: English names of months and weekdays, years of two digits, weeks of
 * ISO 8601. */
#include "calendar/time_read.h"

#include <string.h>

int wsf__short_year(int two_digits) {
  return two_digits < 69 ? 2000 + two_digits : 1900 + two_digits;
}

bool wsf__iso_week(int year, int week, int weekday, int64_t *days) {
  /* 4 January lies in week 1; a week belongs to the year of its Thursday. */
  const int64_t fourth = wsf__days_from_civil(year, 1, 4);
  const int64_t monday = fourth - wsf__weekday(fourth) + 7 * (int64_t)(week - 1);
  int64_t thursday_year;
  int month, day;
  if (year < 1 || week < 1 || week > 53 || weekday < 1 || weekday > 7) return false;
  wsf__civil_from_days(monday + 3, &thursday_year, &month, &day);
  *days = monday + weekday - 1;
  return thursday_year == year;
}

/* The name of which `text` begins with three letters or more, up to the first byte that is no
 * letter. */
static int find_name(const char *const *name, int n, const char *text, size_t *length) {
  size_t letters = 0;
  while (letters < *length && (text[letters] | 32) >= 'a' && (text[letters] | 32) <= 'z') ++letters;
  if (letters < 3) return 0;
  for (int i = 0; i < n; ++i) {
    if (letters > strlen(name[i])) continue;
    size_t same = 0;
    while (same < letters && (text[same] | 32) == name[i][same]) ++same;
    if (same < letters) continue;
    *length = letters;
    return i + 1;
  }
  return 0;
}

static const char *const months[] = {"january",   "february", "march",    "april",
                                     "may",       "june",     "july",     "august",
                                     "september", "october",  "november", "december"};
static const char *const weekdays[] = {"monday", "tuesday",  "wednesday", "thursday",
                                       "friday", "saturday", "sunday"};

int wsf__month_name(const char *text, size_t *length) {
  return find_name(months, 12, text, length);
}

int wsf__weekday_name(const char *text, size_t *length) {
  return find_name(weekdays, 7, text, length);
}

const char *wsf__month_word(int month) {
  return months[month - 1];
}

const char *wsf__weekday_word(int weekday) {
  return weekdays[weekday - 1];
}
