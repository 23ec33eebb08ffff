/* Times by strptime words. The library's own, as the C library's follows the host's locale. */
#include "calendar/time_read.h"

#include "base/text.h"
#include "calendar/cursor.h"

#include <math.h>
#include <string.h>

/* ---- words -------------------------------------------------------------------------------- */

/* What the words of a format have said; 0 where they said nothing, but hour -1. */
typedef struct parts {
  int year, month, day, yearday, quarter, week_year, week, weekday;
  char counted; /* U or W: week is the one that strftime counts so */
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

/* Digits of a word that is a number of so many; 0: it is none. */
static int width_of(char letter) {
  return strchr("YG", letter)            ? 4
         : letter == 'j'                 ? 3
         : strchr("ymdgVUWHIMS", letter) ? 2
         : strchr("qu", letter)          ? 1
                                         : 0;
}

/* Whether the digits here are one too few for the words %d%m%Y that take them: of 01012023 the
 * first 0 is lost where it went through a column of numbers. */
static bool lost_zero(const wsf__cursor *c, const char *format) {
  int wanted = 0, width;
  if (format[0] != '%' || !format[1] || !strchr("dmygVH", format[1])) return false;
  for (; format[0] == '%' && format[1] && (width = width_of(format[1])) > 0; format += 2) {
    wanted += width;
  }
  const char *p = c->at;
  while (p < c->end && *p >= '0' && *p <= '9') ++p;
  return wanted > 2 && p - c->at == wanted - 1;
}

/* One word; false if the text has something else, or there is no such word. `two`: digits of a
 * number of two. */
static bool word(wsf__cursor *c, char letter, int two, parts *p) {
  int x;
  switch (letter) {
  case 'Y':
    return number(c, 4, 1, 9999, &p->year);
  case 'y':
    if (!number(c, two, 0, 99, &x)) return false;
    p->year = wsf__short_year(x);
    return true;
  case 'm':
    return number(c, two, 1, 12, &p->month);
  case 'b':
  case 'B':
  case 'h':
    return name(c, wsf__month_name, &p->month);
  case 'd':
  case 'e':
    skip_blanks(c);
    return number(c, two, 1, 31, &p->day);
  case 'j':
    return number(c, 3, 1, 366, &p->yearday);
  case 'q':
    return number(c, 1, 1, 4, &p->quarter);
  case 'G':
    return number(c, 4, 1, 9999, &p->week_year);
  case 'g':
    if (!number(c, two, 0, 99, &x)) return false;
    p->week_year = wsf__short_year(x);
    return true;
  case 'V':
    return number(c, two, 1, 53, &p->week);
  case 'U':
  case 'W':
    p->counted = letter;
    return number(c, 2, 0, 53, &p->week);
  case 'u':
    return number(c, 1, 1, 7, &p->weekday);
  case 'a':
  case 'A':
    return name(c, wsf__weekday_name, &x);
  case 'H':
    return number(c, two, 0, 23, &p->hour);
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
  int two = lost_zero(c, format) ? 1 : 2;
  for (; *format; ++format) {
    if (*format == ' ') {
      skip_blanks(c);
    } else if (*format != '%') {
      if (c->at == c->end || *c->at++ != *format) return false;
    } else if (!word(c, *++format, two, p)) {
      return false;
    } else {
      two = 2;
    }
  }
  return true;
}

bool wsf__numbered_week(const wsf__fiscal *fiscal, int year, int week, int weekday, int64_t *days) {
  if (!fiscal) return wsf__iso_week(year, week, weekday, days);
  if (!wsf__fiscal_week(fiscal, year, week, days)) return false;
  *days += weekday - 1;
  return true;
}

bool wsf__counted_week(char word, int year, int week, int64_t *days) {
  const int64_t new_year = wsf__days_from_civil(year, 1, 1);
  const int begins = word == 'U' ? 6 : 0; /* Sunday; Monday */
  const int64_t first = new_year + (begins - wsf__weekday(new_year) + 7) % 7;
  *days = first + 7 * (int64_t)(week - 1);
  return *days + 6 >= new_year && *days < wsf__days_from_civil(year + 1, 1, 1);
}

/* Midnight of the day that the parts say, in days. */
static bool day_of(const parts *p, const wsf__fiscal *fiscal, int64_t *days) {
  if (p->week_year) {
    return wsf__numbered_week(fiscal, p->week_year, p->week, p->weekday ? p->weekday : 1, days);
  }
  if (p->counted) return wsf__counted_week(p->counted, p->year, p->week, days);
  if (p->yearday) {
    *days = wsf__days_from_civil(p->year, 1, 1) + p->yearday - 1;
    return *days < wsf__days_from_civil(p->year + 1, 1, 1);
  }
  const int month = p->quarter ? 3 * p->quarter - 2 : p->month ? p->month : 1;
  const int day = p->day ? p->day : 1;
  *days = wsf__days_from_civil(p->year, month, day);
  return wsf__date_exists(p->year, month, day);
}

static int32_t grain_of(const parts *p) {
  if (p->day || p->yearday || p->weekday) return WSF__GRAIN_DAY;
  if (p->week_year || p->counted) return WSF__GRAIN_WEEK;
  return p->quarter ? WSF__GRAIN_QUARTER : p->month ? WSF__GRAIN_MONTH : WSF__GRAIN_YEAR;
}

bool wsf__time_of_serial(double serial, wsf__time *out) {
  enum { FIRST = 367, LAST = 2958465 }; /* 1901-01-01, 9999-12-31 */
  const int64_t epoch = wsf__days_from_civil(1899, 12, 30);
  if (!(serial >= FIRST && serial < LAST + 1)) return false;
  const int64_t second = (int64_t)rint(serial * 86400);
  out->value = epoch * 86400 + second;
  out->form = second % 86400 ? WSF__FORM_TIME : WSF__FORM_DATE;
  out->zoned = false;
  return true;
}

/* 43466.5, and 43466,5 where the decimals of the file are written so. */
static bool serial_number(const char *text, size_t length, double *out) {
  char plain[32];
  const char *comma = memchr(text, ',', length);
  if (!comma || length >= sizeof plain) return wsf__number_parse(text, length, out);
  memcpy(plain, text, length);
  plain[comma - text] = '.';
  return wsf__number_parse(plain, length, out);
}

static bool is_serial(const char *format) {
  return strcmp(format, "excel") == 0;
}

bool wsf__time_format_read(const wsf__time_style *style, const char *text, size_t length,
                           wsf__time *out) {
  wsf__cursor c = {text, text + length};
  parts p = {.hour = -1};
  int64_t days;
  double serial;
  if (is_serial(style->format)) {
    *out = (wsf__time){0};
    return serial_number(text, length, &serial) && wsf__time_of_serial(serial, out);
  }
  if (!follow(&c, style->format, &p) || c.at != c.end || !day_of(&p, style->fiscal, &days))
    return false;
  if (p.hour < 0) {
    *out =
        (wsf__time){.form = WSF__FORM_DATE, .value = days * 86400, .grain = (int8_t)grain_of(&p)};
    return true;
  }
  if (p.twelve) p.hour = p.hour % 12 + (p.afternoon ? 12 : 0);
  const int64_t second = p.hour * INT64_C(3600) + p.minute * 60 + p.second;
  *out =
      (wsf__time){.form = WSF__FORM_TIME, .value = days * 86400 + second, .grain = WSF__GRAIN_DAY};
  return true;
}

wsf_status wsf__time_format_check(const char *format, wsf_error *err) {
  static const char *const words = "YymbBhdejqGgVUWuaAHIpMSfFDTR%";
  bool has[256] = {false};
  if (is_serial(format)) return WSF_OK;
  for (const char *p = format; *p; ++p) {
    if (*p != '%') continue;
    ++p;
    if (!*p || !strchr(words, *p)) {
      return wsf__fail(
          err, WSF_E_VALUE,
          "dateformat is \"%s\"; after %% one of Y y m b B d e j q G g V U W u a A H I p M S "
          "f F D T R was expected",
          format);
    }
    has[(unsigned char)*p] = true;
  }
  const bool year = has['Y'] || has['y'], month = has['m'] || has['b'] || has['B'] || has['h'];
  const bool day = has['d'] || has['e'];
  const bool date =
      has['F'] || has['D'] || ((has['G'] || has['g']) && has['V']) || (year && (!day || month));
  if (date) return WSF_OK;
  return wsf__fail(err, WSF_E_VALUE,
                   "dateformat is \"%s\", which gives no date; a year (%%Y, %%y), a month before a "
                   "day (%%m, %%b and %%d), a week (%%G and %%V), or excel was expected",
                   format);
}
