/* Times by strptime words, and the words of dates: English names of months and weekdays, years of
 * two digits, weeks of ISO 8601. The library's own, as the C library's follows the host's locale.
 */
#include "calendar/time_read.h"

#include "calendar/cursor.h"

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

/* ---- words -------------------------------------------------------------------------------- */

/* What the words of a format have said; 0 where they said nothing, but hour -1. */
typedef struct parts {
  int year, month, day, yearday, quarter, week_year, week, weekday;
  int hour, minute, second;
  bool twelve, afternoon; /* %I, %p */
} parts;

static bool number(wsf__cursor *c, int most_digits, int least, int most, int *out) {
  return wsf__take_digits(c, most_digits, out) > 0 && *out >= least && *out <= most;
}

static void skip_blanks(wsf__cursor *c) {
  while (c->at < c->end && (*c->at == ' ' || *c->at == '\t')) ++c->at;
}

static bool name(wsf__cursor *c, int (*find)(const char *, size_t *), int *out) {
  size_t length = (size_t)(c->end - c->at);
  *out = find(c->at, &length);
  if (*out) c->at += length;
  return *out != 0;
}

static bool half_of_day(wsf__cursor *c, bool *afternoon) {
  if (c->end - c->at < 2 || (c->at[1] | 32) != 'm') return false;
  const int letter = c->at[0] | 32;
  if (letter != 'a' && letter != 'p') return false;
  *afternoon = letter == 'p';
  c->at += 2;
  return true;
}

static bool follow(wsf__cursor *c, const char *format, parts *p);

/* One word; false if the text has something else, or there is no such word. */
static bool word(wsf__cursor *c, char letter, parts *p) {
  int x;
  switch (letter) {
  case 'Y':
    return number(c, 4, 1, 9999, &p->year);
  case 'y':
    if (!number(c, 2, 0, 99, &x)) return false;
    p->year = wsf__short_year(x);
    return true;
  case 'm':
    return number(c, 2, 1, 12, &p->month);
  case 'b':
  case 'B':
  case 'h':
    return name(c, wsf__month_name, &p->month);
  case 'd':
  case 'e':
    skip_blanks(c);
    return number(c, 2, 1, 31, &p->day);
  case 'j':
    return number(c, 3, 1, 366, &p->yearday);
  case 'q':
    return number(c, 1, 1, 4, &p->quarter);
  case 'G':
    return number(c, 4, 1, 9999, &p->week_year);
  case 'V':
    return number(c, 2, 1, 53, &p->week);
  case 'u':
    return number(c, 1, 1, 7, &p->weekday);
  case 'a':
  case 'A':
    return name(c, wsf__weekday_name, &x);
  case 'H':
    return number(c, 2, 0, 23, &p->hour);
  case 'I':
    p->twelve = true;
    return number(c, 2, 1, 12, &p->hour);
  case 'p':
    return half_of_day(c, &p->afternoon);
  case 'M':
    return number(c, 2, 0, 59, &p->minute);
  case 'S':
    return number(c, 2, 0, 59, &p->second);
  case 'f':
    return number(c, 9, 0, 999999999, &x);
  case 'F':
    return follow(c, "%Y-%m-%d", p);
  case 'D':
    return follow(c, "%m/%d/%y", p);
  case 'T':
    return follow(c, "%H:%M:%S", p);
  case 'R':
    return follow(c, "%H:%M", p);
  case '%':
    return c->at < c->end && *c->at++ == '%';
  default:
    return false;
  }
}

static bool follow(wsf__cursor *c, const char *format, parts *p) {
  for (; *format; ++format) {
    if (*format == ' ') {
      skip_blanks(c);
    } else if (*format != '%') {
      if (c->at == c->end || *c->at++ != *format) return false;
    } else if (!word(c, *++format, p)) {
      return false;
    }
  }
  return true;
}

/* Midnight of the day that the parts say, in days. */
static bool day_of(const parts *p, int64_t *days) {
  if (p->week_year) return wsf__iso_week(p->week_year, p->week, p->weekday ? p->weekday : 1, days);
  if (p->yearday) {
    *days = wsf__days_from_civil(p->year, 1, 1) + p->yearday - 1;
    return *days < wsf__days_from_civil(p->year + 1, 1, 1);
  }
  const int month = p->quarter ? 3 * p->quarter - 2 : p->month ? p->month : 1;
  const int day = p->day ? p->day : 1;
  *days = wsf__days_from_civil(p->year, month, day);
  return wsf__date_exists(p->year, month, day);
}

bool wsf__time_format_read(const char *format, const char *text, size_t length, wsf__time *out) {
  wsf__cursor c = {text, text + length};
  parts p = {.hour = -1};
  int64_t days;
  if (!follow(&c, format, &p) || c.at != c.end || !day_of(&p, &days)) return false;
  if (p.hour < 0) {
    *out = (wsf__time){.form = WSF__FORM_DATE, .value = days * 86400};
    return true;
  }
  if (p.twelve) p.hour = p.hour % 12 + (p.afternoon ? 12 : 0);
  const int64_t second = p.hour * INT64_C(3600) + p.minute * 60 + p.second;
  *out = (wsf__time){.form = WSF__FORM_TIME, .value = days * 86400 + second};
  return true;
}

wsf_status wsf__time_format_check(const char *format, wsf_error *err) {
  static const char *const words = "YymbBhdejqGVuaAHIpMSfFDTR%";
  bool has[256] = {false};
  for (const char *p = format; *p; ++p) {
    if (*p != '%') continue;
    ++p;
    if (!*p || !strchr(words, *p)) {
      return wsf__fail(
          err, WSF_E_VALUE,
          "dateformat is \"%s\"; after %% one of Y y m b B d e j q G V u a A H I p M S "
          "f F D T R was expected",
          format);
    }
    has[(unsigned char)*p] = true;
  }
  const bool year = has['Y'] || has['y'], month = has['m'] || has['b'] || has['B'] || has['h'];
  const bool day = has['d'] || has['e'];
  const bool date = has['F'] || has['D'] || (has['G'] && has['V']) || (year && (!day || month));
  if (date) return WSF_OK;
  return wsf__fail(err, WSF_E_VALUE,
                   "dateformat is \"%s\", which gives no date; a year (%%Y, %%y), a month before a "
                   "day (%%m, %%b and %%d), or a week of ISO 8601 (%%G and %%V) was expected",
                   format);
}
