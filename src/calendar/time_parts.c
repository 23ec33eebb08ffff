/* Times in parts. A part is a number of a unit, which a word before the number says, or the name of
 * its column; or it is a text, a date or a time of day, which is read as if it stood by itself. */
#include "calendar/time_parts.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum { HOUR = 3600, DAY = 24 * HOUR };

/* ---- words -------------------------------------------------------------------------------- */

/* In English, German, Spanish, Portuguese, Italian, French, Dutch and Polish; `whole` ones are no
 * beginnings of other words. */
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
    {"he", WSF__UNIT_HOUR, true}, /* hour ending */
    {"hr", WSF__UNIT_HOUR, true},
    {"stunde", WSF__UNIT_HOUR, false},
    {"h", WSF__UNIT_HOUR, true},
    {"y", WSF__UNIT_YEAR, true},
    {"a\303\261o", WSF__UNIT_YEAR, true},
    {"anio", WSF__UNIT_YEAR, true},
    {"ano", WSF__UNIT_YEAR, true},
    {"anno", WSF__UNIT_YEAR, true},
    {"ann\303\251e", WSF__UNIT_YEAR, true},
    {"annee", WSF__UNIT_YEAR, true},
    {"jaar", WSF__UNIT_YEAR, true},
    {"rok", WSF__UNIT_YEAR, true},
    {"trimestre", WSF__UNIT_QUARTER, true},
    {"kwartaal", WSF__UNIT_QUARTER, true},
    {"kwarta\305\202", WSF__UNIT_QUARTER, true},
    {"kwartal", WSF__UNIT_QUARTER, true},
    {"mes", WSF__UNIT_MONTH, true},
    {"m\303\252s", WSF__UNIT_MONTH, true},
    {"mese", WSF__UNIT_MONTH, true},
    {"mois", WSF__UNIT_MONTH, true},
    {"maand", WSF__UNIT_MONTH, true},
    {"miesi\304\205c", WSF__UNIT_MONTH, true},
    {"miesiac", WSF__UNIT_MONTH, true},
    {"mies", WSF__UNIT_MONTH, true},
    {"semana", WSF__UNIT_WEEK, true},
    {"semaine", WSF__UNIT_WEEK, true},
    {"settimana", WSF__UNIT_WEEK, true},
    {"tydzie\305\204", WSF__UNIT_WEEK, true},
    {"tydzien", WSF__UNIT_WEEK, true},
    {"d\303\255a", WSF__UNIT_DAY, true},
    {"dia", WSF__UNIT_DAY, true},
    {"jour", WSF__UNIT_DAY, true},
    {"giorno", WSF__UNIT_DAY, true},
    {"dag", WSF__UNIT_DAY, true},
    {"dzie\305\204", WSF__UNIT_DAY, true},
    {"dzien", WSF__UNIT_DAY, true},
    {"hora", WSF__UNIT_HOUR, true},
    {"heure", WSF__UNIT_HOUR, true},
    {"uur", WSF__UNIT_HOUR, true},
};

/* A byte of a word in small letters: of ASCII, and those with accents, which lie 32 apart behind
 * 0xc3 and one apart behind 0xc4 and 0xc5, the great ones odd in the middle of 0xc5. */
static char small(const char *text, size_t i) {
  const unsigned char c = (unsigned char)text[i], before = i > 0 ? (unsigned char)text[i - 1] : 0;
  if (before == 0xc3) return (char)(c | 0x20);
  if (before == 0xc4) return (char)(c | 1);
  if (before == 0xc5) return (char)(c == 0x81 || c == 0x83 ? c + 1 : c);
  return c < 128 ? (char)(c | 32) : (char)c;
}

static bool upper(char c) {
  return c >= 'A' && c <= 'Z';
}

static bool lower(char c) {
  return c >= 'a' && c <= 'z';
}

/* The unit of the word at text[0 .. length - 1], which ends there or goes on with letters. */
static int32_t unit_of(const char *text, size_t length) {
  for (size_t i = 0; i < sizeof words / sizeof *words; ++i) {
    const size_t n = strlen(words[i].word);
    size_t same = 0;
    while (same < n && same < length && small(text, same) == words[i].word[same]) ++same;
    if (same == n && (n == length || !words[i].whole)) return words[i].unit;
  }
  return WSF__UNIT_NONE;
}

int32_t wsf__time_unit_called(const char *name) {
  for (size_t i = 0; name[i];) {
    size_t n = 0;
    while (wsf__is_word_byte(name[i + n]) &&
           (n == 0 || !upper(name[i + n]) || !lower(name[i + n - 1])))
      ++n;
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
  while (p < end && wsf__is_word_byte(*p)) ++p;
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

/* What numbers of units say; 0 where they say nothing. */
typedef struct parts {
  int of[WSF__UNIT_HOUR];
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

/* Seconds of a day of a number that a column's unit counts, as all of its words say; -1: none. */
static int64_t counted_seconds(int32_t unit, const char *text, size_t length) {
  int32_t told;
  int value;
  if (!wsf__time_unit_read(text, length, &told, &value)) return -1;
  if (unit == WSF__UNIT_HALF_HOUR) return value < 1 ? -1 : (value - 1) * INT64_C(1800);
  if (unit == WSF__UNIT_QUARTER_HOUR) return value < 1 ? -1 : (value - 1) * INT64_C(900);
  return value / 100 > 24 || value % 100 > 59 ? -1 : value / 100 * HOUR + value % 100 * 60;
}

/* One text into the numbers of units, the date or the time of day; false: it is none. */
typedef struct joined {
  parts p;
  const char *date, *clock;
  int64_t seconds;                      /* of the day; -1: no hour is told */
  char range[WSF__TIME_PART_BYTES + 1]; /* its first hour */
} joined;

static bool join_one(joined *j, int32_t unit, const char *text) {
  size_t length = strlen(text), used;
  int32_t told;
  int value;
  bool minutes;
  if (unit >= WSF__UNIT_CLOCK && unit <= WSF__UNIT_QUARTER_HOUR) {
    if (j->seconds >= 0) return false;
    j->seconds = counted_seconds(unit, text, length);
    return j->seconds >= 0;
  }
  if (unit == WSF__UNIT_NUMBERED) {
    used = wsf__time_month_at(text, length, &value);
    text += used;
    length -= used;
    unit = WSF__UNIT_MONTH;
  }
  if ((used = wsf__time_range(text, length, &minutes)) > 0 && (minutes || unit == WSF__UNIT_HOUR)) {
    memcpy(j->range, text, used);
    j->range[used] = '\0';
    text = j->range;
    length = used;
  }
  if (!wsf__time_unit_read(text, length, &told, &value)) {
    const char **place = length > 2 && (text[1] == ':' || text[2] == ':') ? &j->clock : &j->date;
    if (*place) return false;
    *place = text;
    return true;
  }
  const bool year = told == WSF__UNIT_YEAR && unit != WSF__UNIT_YEAR && unit;
  if (!told || year) told = unit;
  if (told == WSF__UNIT_YEAR && length == 2) value = wsf__short_year(value);
  if (told == WSF__UNIT_HOUR) {
    if (j->seconds >= 0 || value > 24) return false;
    j->seconds = (int64_t)value * HOUR;
    return true;
  }
  if (!told || j->p.of[told] || value == 0) return false;
  j->p.of[told] = value;
  return true;
}

bool wsf__time_join(const int32_t *unit, const char *const *text, int n,
                    const wsf__time_style *style, wsf__time *out, wsf__time_seen *seen) {
  joined j = {.seconds = -1};
  char dated[WSF__TIME_PART_BYTES + 16];
  if (n > WSF__TIME_PARTS) return false;
  for (int i = 0; i < n; ++i) {
    if (strlen(text[i]) > WSF__TIME_PART_BYTES) return false;
    if (!style->format && !join_one(&j, unit[i], text[i])) return false;
  }
  if (style->format) return join_format(text, n, style, out, seen);
  if (j.date && j.p.of[WSF__UNIT_DAY]) { /* 2023-01 and 31 */
    if (j.clock || !join_texts(j.date, NULL, style, out, seen)) return false;
    if (out->form != WSF__FORM_DATE || out->grain != WSF__GRAIN_MONTH) return false;
    int64_t year;
    int month, first;
    wsf__civil_from_days(wsf__floor_div(out->value, DAY), &year, &month, &first);
    out->value += (int64_t)(j.p.of[WSF__UNIT_DAY] - 1) * DAY;
    out->grain = WSF__GRAIN_DAY;
    return wsf__date_exists((int)year, month, j.p.of[WSF__UNIT_DAY]);
  }
  if (j.date) {
    for (int k = 0; k < WSF__UNIT_HOUR; ++k) {
      if (j.p.of[k] && k != WSF__UNIT_YEAR) return false;
    }
    if (j.p.of[WSF__UNIT_YEAR]) { /* 1-Jan */
      (void)snprintf(dated, sizeof dated, "%s %04d", j.date, j.p.of[WSF__UNIT_YEAR]);
      j.date = dated;
    }
    if (!join_texts(j.date, j.clock, style, out, seen)) return false;
  } else {
    int64_t days, year;
    int month, day;
    if (!days_of(&j.p, style->fiscal, &days)) return false;
    *out = (wsf__time){.form = WSF__FORM_DATE, .value = days * DAY};
    if (j.clock) {
      wsf__civil_from_days(days, &year, &month, &day);
      (void)snprintf(dated, sizeof dated, "%04lld-%02d-%02d", (long long)year, month, day);
      if (!join_texts(dated, j.clock, style, out, seen)) return false;
    }
  }
  if (j.seconds < 0) return true;
  if (out->form == WSF__FORM_TIME) return false;
  out->form = WSF__FORM_TIME;
  out->value += j.seconds;
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
