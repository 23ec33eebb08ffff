/* Times as they stand in files -> seconds since 1970 or a whole number. Strict: every digit is
 * where the form wants it, every date exists. The forms:
 *   2012-02-03  2012/02/03  12012-02-03               each with an optional T or blank and
 *   H:MM[:SS[.fff]][Z|+02|+0200|+02:00]               (parts of a second are cut off; 24:00 is
 *                                                     the next day's 0:00)
 *   2012-02  2012Q1  2012-Q1                          the first day of the month or quarter
 *   -7  20120203  7.0                                 whole numbers of at most 15 digits */
#include "base/text.h"
#include "calendar/calendar.h"
#include "calendar/cursor.h"

#include <string.h>

#define INTEGER_LIMIT INT64_C(1000000000000000)

/* A number of least .. most digits; -1 if it is not there. */
static int digits(wsf__cursor *c, int least, int most) {
  int value;
  return wsf__take_digits(c, most, &value) >= least ? value : -1;
}

/* 2012-02-03 and 2012-02, 2012/2/3, 2012Q1; years as forecasts may reach them. */
static bool parse_date(wsf__cursor *c, int *year, int *month, int *day, bool *whole_day) {
  *whole_day = true;
  *year = digits(c, 4, 5);
  if (*year >= 0 && wsf__take(c, '-')) {
    if (wsf__take(c, 'Q')) goto quarter;
    *month = digits(c, 2, 2);
    *whole_day = wsf__take(c, '-');
    *day = *whole_day ? digits(c, 2, 2) : 1;
    return true;
  }
  if (*year >= 0 && wsf__take(c, '/')) {
    *month = digits(c, 1, 2);
    if (!wsf__take(c, '/')) return false;
    *day = digits(c, 1, 2);
    return true;
  }
  if (*year < 0 || !wsf__take(c, 'Q')) return false;
quarter:
  *whole_day = false;
  *month = digits(c, 1, 1) * 3 - 2;
  *day = 1;
  return true;
}

/* Distance from UTC, if one stands there, perhaps behind a blank. */
static bool parse_offset(wsf__cursor *c, wsf__time *out) {
  if (c->at == c->end) return true;
  out->zoned = true;
  (void)wsf__take(c, ' ');
  if (wsf__take(c, 'Z')) return true;
  if (c->end - c->at == 3 && (!memcmp(c->at, "UTC", 3) || !memcmp(c->at, "GMT", 3))) {
    c->at = c->end;
    return true;
  }
  const bool behind = wsf__take(c, '-');
  if (!behind && !wsf__take(c, '+')) return false;
  const int hours = digits(c, 2, 2);
  (void)wsf__take(c, ':');
  const int minutes = c->at < c->end ? digits(c, 2, 2) : 0;
  if (hours < 0 || hours > 15 || minutes < 0 || minutes > 59 || minutes % 15 != 0) return false;
  const int quarters = hours * 4 + minutes / 15;
  out->ahead = (int8_t)(behind ? -quarters : quarters);
  return true;
}

static bool parse_clock(wsf__cursor *c, int64_t *seconds) {
  const int hour = digits(c, 1, 2);
  if (!wsf__take(c, ':')) return false;
  const int minute = digits(c, 2, 2);
  int second = 0;
  if (wsf__take(c, ':')) {
    second = digits(c, 2, 2);
    if (wsf__take(c, '.') && digits(c, 1, 9) < 0) return false;
  }
  const bool midnight = hour == 24 && minute == 0 && second == 0; /* the end of the day */
  if (hour < 0 || (hour > 23 && !midnight) || minute < 0 || minute > 59 || second < 0 ||
      second > 59)
    return false;
  *seconds = hour * INT64_C(3600) + minute * 60 + second;
  return true;
}

bool wsf__time_parse(const char *text, size_t length, wsf__time *out) {
  int64_t integer;
  /* "7.0": a whole number that went through a column of floating-point numbers. */
  const bool pointed = length > 2 && text[length - 2] == '.' && text[length - 1] == '0';
  if (wsf__integer_parse(text, pointed ? length - 2 : length, &integer)) {
    if (integer > INTEGER_LIMIT || integer < -INTEGER_LIMIT) return false;
    *out = (wsf__time){.form = WSF__FORM_INTEGER, .value = integer};
    return true;
  }
  wsf__cursor c = {text, text + length};
  int year, month, day;
  bool whole_day;
  if (!parse_date(&c, &year, &month, &day, &whole_day) || !wsf__date_exists(year, month, day)) {
    return false;
  }
  const int64_t midnight = wsf__days_from_civil(year, month, day) * 86400;
  if (c.at == c.end) {
    *out = (wsf__time){.form = WSF__FORM_DATE, .value = midnight};
    return true;
  }
  int64_t seconds;
  if (!whole_day || (!wsf__take(&c, 'T') && !wsf__take(&c, ' '))) return false;
  if (!parse_clock(&c, &seconds)) return false;
  *out = (wsf__time){.form = WSF__FORM_TIME, .value = midnight + seconds};
  return parse_offset(&c, out) && c.at == c.end;
}
