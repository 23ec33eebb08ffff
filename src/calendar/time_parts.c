/* Times in parts. A part is a number of a unit, which a word before the number says, or the name of
 * its column; or it is a text, a date or a time of day, which is read as if it stood by itself. */
#include "calendar/time_parts.h"

#include <stdio.h>
#include <string.h>

enum { HOUR = 3600, DAY = 24 * HOUR };

/* ---- words -------------------------------------------------------------------------------- */

/* In English and German; `whole` ones are no beginnings of other words. */
static const struct {
  const char *word;
  int32_t unit;
  bool whole;
} words[] = {
    {"year", WSF__UNIT_YEAR, false},
    {"yr", WSF__UNIT_YEAR, true},
    {"yyyy", WSF__UNIT_YEAR, true},
    {"jahr", WSF__UNIT_YEAR, false},
    {"quarter", WSF__UNIT_QUARTER, false},
    {"qtr", WSF__UNIT_QUARTER, true},
    {"quartal", WSF__UNIT_QUARTER, false},
    {"q", WSF__UNIT_QUARTER, true},
    {"month", WSF__UNIT_MONTH, false},
    {"mon", WSF__UNIT_MONTH, true},
    {"mth", WSF__UNIT_MONTH, true},
    {"monat", WSF__UNIT_MONTH, false},
    {"m", WSF__UNIT_MONTH, true},
    {"week", WSF__UNIT_WEEK, false},
    {"wk", WSF__UNIT_WEEK, true},
    {"woche", WSF__UNIT_WEEK, false},
    {"kw", WSF__UNIT_WEEK, true},
    {"w", WSF__UNIT_WEEK, true},
    {"day", WSF__UNIT_DAY, false},
    {"tag", WSF__UNIT_DAY, true},
    {"d", WSF__UNIT_DAY, true},
    {"hour", WSF__UNIT_HOUR, false},
    {"hr", WSF__UNIT_HOUR, true},
    {"stunde", WSF__UNIT_HOUR, false},
    {"h", WSF__UNIT_HOUR, true},
    {"y", WSF__UNIT_YEAR, true},
};

static bool upper(char c) {
  return c >= 'A' && c <= 'Z';
}

static bool letter(char c) {
  return (c | 32) >= 'a' && (c | 32) <= 'z';
}

/* The unit of the word at text[0 .. length - 1], which ends there or goes on with letters. */
static int32_t unit_of(const char *text, size_t length) {
  for (size_t i = 0; i < sizeof words / sizeof *words; ++i) {
    const size_t n = strlen(words[i].word);
    size_t same = 0;
    while (same < n && same < length && (text[same] | 32) == words[i].word[same]) ++same;
    if (same == n && (n == length || !words[i].whole)) return words[i].unit;
  }
  return WSF__UNIT_NONE;
}

int32_t wsf__time_unit_called(const char *name) {
  for (size_t i = 0; name[i];) {
    size_t n = 0;
    while (letter(name[i + n]) && (n == 0 || !upper(name[i + n]) || upper(name[i + n - 1]))) ++n;
    const int32_t unit = unit_of(name + i, n);
    if (n > 0 && unit) return unit;
    i += n > 0 ? n : 1;
  }
  return WSF__UNIT_NONE;
}

/* ---- parts -------------------------------------------------------------------------------- */

static bool marks(char c) {
  return c == ' ' || c == '.' || c == '-' || c == '_';
}

bool wsf__time_unit_read(const char *text, size_t length, int32_t *unit, int *value) {
  const char *p = text, *end = text + length;
  size_t name = length;
  int digits = 0;
  *unit = WSF__UNIT_NONE;
  *value = wsf__month_name(text, &name);
  if (*value) {
    p += name;
    while (p < end && marks(*p)) ++p;
    *unit = WSF__UNIT_MONTH;
    return p == end;
  }
  while (p < end && letter(*p)) ++p;
  const size_t word = (size_t)(p - text);
  if (word > 0) {
    while (p < end && marks(*p)) ++p;
    *unit = unit_of(text, word);
    if (!*unit) return false;
  }
  for (; p < end && *p >= '0' && *p <= '9' && digits < 5; ++digits) {
    *value = *value * 10 + (*p++ - '0');
  }
  if (end - p == 2 && p[0] == '.' && p[1] == '0') p = end; /* of a column with missing values */
  if (end - p == 1 && (*p | 32) == 'q' && word == 0) {
    *unit = WSF__UNIT_QUARTER;
    p = end;
  }
  if (p != end || digits == 0 || digits > 4) return false;
  if (word == 0 && !*unit && digits == 4) *unit = WSF__UNIT_YEAR;
  return true;
}

/* What numbers of units say; 0 where they say nothing, but hour -1. */
typedef struct parts {
  int of[WSF__UNIT_HOUR + 1];
} parts;

static bool days_of(const parts *p, const wsf__fiscal *fiscal, int64_t *days) {
  const int year = p->of[WSF__UNIT_YEAR], week = p->of[WSF__UNIT_WEEK];
  const int quarter = p->of[WSF__UNIT_QUARTER], day = p->of[WSF__UNIT_DAY];
  int month = p->of[WSF__UNIT_MONTH];
  if (year < 1 || quarter > 4 || month > 12) return false;
  if (week) return day <= 7 && wsf__numbered_week(fiscal, year, week, day ? day : 1, days);
  if (!month && quarter) month = 3 * quarter - 2;
  if (!month && day) {
    *days = wsf__days_from_civil(year, 1, 1) + day - 1;
    return *days < wsf__days_from_civil(year + 1, 1, 1);
  }
  *days = wsf__days_from_civil(year, month ? month : 1, day ? day : 1);
  return wsf__date_exists(year, month ? month : 1, day ? day : 1);
}

static bool join_format(const char *const *text, int n, const wsf__time_style *style,
                        wsf__time *out, wsf__time_seen *seen) {
  char all[WSF__TIME_PARTS * (WSF__TIME_PART_BYTES + 1)];
  size_t used = 0;
  for (int i = 0; i < n; ++i) {
    const size_t length = strlen(text[i]);
    if (i > 0) all[used++] = ' ';
    memcpy(all + used, text[i], length);
    used += length;
  }
  return wsf__time_read(all, used, style, out, seen);
}

/* A date, a time of day behind it. */
static bool join_texts(const char *date, const char *clock, const wsf__time_style *style,
                       wsf__time *out, wsf__time_seen *seen) {
  char all[2 * (WSF__TIME_PART_BYTES + 16)];
  const int n = snprintf(all, sizeof all, "%s%s%s", date, clock ? " " : "", clock ? clock : "");
  return wsf__time_read(all, (size_t)n, style, out, seen) && out->form != WSF__FORM_INTEGER;
}

bool wsf__time_join(const int32_t *unit, const char *const *text, int n,
                    const wsf__time_style *style, wsf__time *out, wsf__time_seen *seen) {
  parts p = {{0}};
  const char *date = NULL, *clock = NULL;
  bool hours = false;
  int64_t days;
  if (n > WSF__TIME_PARTS) return false;
  for (int i = 0; i < n; ++i) {
    const size_t length = strlen(text[i]);
    int32_t told;
    int value;
    if (length > WSF__TIME_PART_BYTES) return false;
    if (style->format) continue;
    if (!wsf__time_unit_read(text[i], length, &told, &value)) {
      const char **place =
          strlen(text[i]) > 2 && (text[i][1] == ':' || text[i][2] == ':') ? &clock : &date;
      if (*place) return false;
      *place = text[i];
      continue;
    }
    const bool year = told == WSF__UNIT_YEAR && unit[i] != WSF__UNIT_YEAR && unit[i];
    if (!told || year) told = unit[i];
    if (told == WSF__UNIT_YEAR && length == 2) value = wsf__short_year(value);
    if (!told || p.of[told] || (value == 0 && told != WSF__UNIT_HOUR)) return false;
    hours |= told == WSF__UNIT_HOUR;
    p.of[told] = value;
  }
  if (style->format) return join_format(text, n, style, out, seen);
  if (date) {
    char dated[WSF__TIME_PART_BYTES + 16];
    for (int k = 0; k < WSF__UNIT_HOUR; ++k) {
      if (p.of[k] && k != WSF__UNIT_YEAR) return false;
    }
    if (p.of[WSF__UNIT_YEAR]) { /* 1-Jan */
      (void)snprintf(dated, sizeof dated, "%s %04d", date, p.of[WSF__UNIT_YEAR]);
      date = dated;
    }
    if (!join_texts(date, clock, style, out, seen)) return false;
  } else if (clock) {
    char day[WSF__TIME_PART_BYTES];
    int64_t year;
    int month, of_month;
    if (!days_of(&p, style->fiscal, &days)) return false;
    wsf__civil_from_days(days, &year, &month, &of_month);
    (void)snprintf(day, sizeof day, "%04lld-%02d-%02d", (long long)year, month, of_month);
    if (!join_texts(day, clock, style, out, seen)) return false;
  } else {
    if (!days_of(&p, style->fiscal, &days)) return false;
    *out = (wsf__time){.form = WSF__FORM_DATE, .value = days * DAY};
  }
  if (!hours) return true;
  const int hour = p.of[WSF__UNIT_HOUR];
  if (hour > 24 || out->form == WSF__FORM_TIME) return false;
  out->form = WSF__FORM_TIME;
  out->value += (int64_t)hour * HOUR;
  return true;
}

bool wsf__time_is_clock(const char *text) {
  const int32_t unit[] = {WSF__UNIT_NONE, WSF__UNIT_NONE};
  const wsf__time_style none = {0};
  const char *both[] = {"2000-01-01", text};
  wsf__time_seen seen = {0};
  wsf__time t;
  return strchr(text, ':') && wsf__time_join(unit, both, 2, &none, &t, &seen) && !t.zoned;
}
