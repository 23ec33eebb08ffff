/* Columns of parts whose words tell together what one of them does not: 1, .., 48 are half hours of
 * a day, 0, 15, .., 2345 times of day, 01-January, 02-February months with their numbers, which
 * alone is a day of no year; and hours as 00 - 01, which begin with the first. */
#include "calendar/time_parts.h"

#include "calendar/cursor.h"

#include <string.h>

enum { MONTHS = 12, HOURS = 24, HALVES = 48, QUARTERS = 96, CHANGE = 2 /* hours of a clock's */ };

static bool mark(char c) {
  return c == ' ' || c == '.' || c == '-' || c == '_';
}

size_t wsf__time_month_at(const char *text, size_t length, int *number) {
  wsf__cursor c = {text, text + length};
  const int digits = wsf__take_digits(&c, 3, number);
  const char *behind = c.at;
  while (c.at < c.end && mark(*c.at)) ++c.at;
  if (digits < 1 || digits > 2 || c.at == behind || *number < 1 || *number > MONTHS) return 0;
  size_t name = (size_t)(c.end - c.at);
  if (!wsf__month_name(c.at, &name) || c.at + name != c.end) return 0;
  return (size_t)(c.at - text);
}

/* 1, 01, 01:00. */
static bool hour(wsf__cursor *c, int *value, bool *minutes) {
  int minute = 0;
  const int digits = wsf__take_digits(c, 2, value);
  *minutes = wsf__take(c, ':');
  return digits > 0 && *value <= HOURS &&
         (!*minutes || (wsf__take_digits(c, 2, &minute) == 2 && minute < 60));
}

size_t wsf__time_range(const char *text, size_t length, bool *minutes) {
  wsf__cursor c = {text, text + length};
  int first, last;
  bool also;
  if (!hour(&c, &first, minutes)) return 0;
  const size_t used = (size_t)(c.at - text);
  while (wsf__take(&c, ' ')) continue;
  if (!wsf__take(&c, '-')) return 0;
  while (wsf__take(&c, ' ')) continue;
  if (!hour(&c, &last, &also) || c.at != c.end || also != *minutes) return 0;
  return *minutes || last % HOURS == (first + 1) % HOURS ? used : 0;
}

/* ---- columns ------------------------------------------------------------------------------ */

void wsf__unit_see_number(wsf__unit_seen *s, int64_t value) {
  if (s->n == 0 || value < s->least) s->least = value;
  if (s->n == 0 || value > s->most) s->most = value;
  s->no_clock |= value < 0 || value > HOURS * 100 || value % 100 >= 60;
  s->no_month = true;
  ++s->n;
}

void wsf__unit_see(wsf__unit_seen *s, const char *text, size_t length) {
  wsf__cursor c = {text, text + length};
  int number;
  const int digits = wsf__take_digits(&c, 5, &number);
  if (digits > 0 && digits < 5 && c.at == c.end) {
    wsf__unit_see_number(s, number);
    s->padded |= digits == 4;
    return;
  }
  s->no_clock = s->no_number = true;
  const size_t at = wsf__time_month_at(text, length, &number);
  size_t name = length - at;
  const int ahead = at ? (wsf__month_name(text + at, &name) - number + MONTHS) % MONTHS : -1;
  s->no_month |= ahead < 0 || (s->n > 0 && ahead != s->ahead);
  s->ahead = ahead;
  ++s->n;
}

int32_t wsf__unit_settle(const wsf__unit_seen *s, int32_t called, bool dated) {
  if (s->n < 2) return called;
  if (!s->no_month && called != WSF__UNIT_DAY) return WSF__UNIT_NUMBERED;
  if (s->no_number || (called != WSF__UNIT_NONE && called != WSF__UNIT_HOUR)) return called;
  /* What has hours before 10:00 is no year. */
  const bool hours = s->most >= 100 && s->least < 1000;
  if (!s->no_clock && (hours || (dated && s->padded && s->least == 0))) return WSF__UNIT_CLOCK;
  if (called || !dated || s->least != 1) return called;
  if (s->most >= HALVES - CHANGE && s->most <= HALVES + CHANGE) return WSF__UNIT_HALF_HOUR;
  if (s->most >= QUARTERS - 2 * CHANGE && s->most <= QUARTERS + 2 * CHANGE) {
    return WSF__UNIT_QUARTER_HOUR;
  }
  return called;
}
