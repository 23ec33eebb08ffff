/* Weeks of an unknown file: numbers of them, or years beside them, are those of ISO 8601 or of the
 * retailers' year, whichever has all that the file has; both readings are told. */
#include "ingest/propose.h"

#include "calendar/time_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LEAST_YEAR = 1900, MOST_YEAR = 2100, MONTHS = 12, WEEKS = 53 };

/* Weeks of years, as yyyyww. */
typedef struct week_set {
  bool has[MOST_YEAR - LEAST_YEAR + 2][WEEKS + 1];
  int64_t first; /* the earliest */
} week_set;

static bool has_53(int year, bool fiscal) {
  int64_t day;
  return fiscal ? wsf__fiscal_week(&wsf__fiscal_nrf, year, WEEKS, &day)
                : wsf__iso_week(year, WEEKS, 1, &day);
}

/* Weeks 53 that the numbering has not, which rows would lose, and those that it has between weeks
 * that are there, which would be missing. */
static int amiss(const week_set *w, bool fiscal) {
  int n = 0;
  for (int y = 0; y <= MOST_YEAR - LEAST_YEAR; ++y) {
    const bool has = w->has[y][WEEKS], exists = has_53(LEAST_YEAR + y, fiscal);
    n += has && !exists ? 100 : !has && exists && w->has[y][WEEKS - 1] && w->has[y + 1][1];
  }
  return n;
}

void wsf__propose_day_text(char out[32], int64_t days) {
  int64_t year;
  int month, day;
  wsf__civil_from_days(days, &year, &month, &day);
  (void)snprintf(out, 32, "%04lld-%02d-%02d", (long long)year, month, day);
}

/* Which numbering of weeks suits; both are told. Where both do, fiscal ones are the retailers'. */
static void settle_weeks(wsf__proposal *p, const week_set *w, bool fiscal) {
  const int iso = amiss(w, false), nrf = amiss(w, true);
  const int year = (int)(w->first / 100), week = (int)(w->first % 100);
  int64_t day = 0, retail = 0;
  char text[2][32];
  p->fiscal = nrf < iso || (fiscal && nrf == iso) ? "nrf" : NULL;
  const bool both =
      wsf__iso_week(year, week, 1, &day) && wsf__fiscal_week(&wsf__fiscal_nrf, year, week, &retail);
  wsf__propose_day_text(text[0], p->fiscal ? retail : day);
  wsf__propose_day_text(text[1], p->fiscal ? day : retail);
  if (!both) return;
  wsf__propose_doubt(p, "numbers of weeks, read as those of %s: %lld is %s (%s: of %s, %s)",
                     p->fiscal ? "the NRF's year" : "ISO 8601", (long long)w->first, text[0],
                     p->fiscal ? "without fiscal=" : "with fiscal=nrf",
                     p->fiscal ? "ISO 8601" : "the NRF's year", text[1]);
}

static void add_week(week_set *w, int64_t number) {
  w->has[number / 100 - LEAST_YEAR][number % 100] = true;
  if (w->first == 0 || number < w->first) w->first = number;
}

/* yyyyww, all of them of that form. */
void wsf__propose_week_numbers(wsf__proposal *p, const double *value, const int64_t *number,
                               int64_t n) {
  week_set *w = wsf__arena_zero(&p->csv.arena, 1, sizeof *w);
  bool months = true;
  if (!w) return;
  for (int64_t i = 0; i < n; ++i) {
    if (value && isnan(value[i])) continue;
    const int64_t x = value ? (int64_t)value[i] : number[i];
    add_week(w, x);
    months &= x % 100 <= MONTHS;
  }
  p->dateformat = "%G%V";
  settle_weeks(p, w, false);
  if (!months) return;
  wsf__propose_doubt(p, "numbers that may be weeks yyyyww or months yyyymm, read as weeks (without "
                        "dateformat= they are months)");
}

/* The numbers of FY23 W01 and 01.2023: a year, and a week beside it. */
static bool week_of_word(const char *text, int *year, int *week) {
  static const char *const digit = "0123456789";
  int value[2] = {0, 0};
  size_t digits[2];
  for (int i = 0; i < 2; ++i) {
    text += strcspn(text, digit);
    digits[i] = strspn(text, digit);
    for (size_t d = 0; d < digits[i] && d < 4; ++d) value[i] = value[i] * 10 + (text[d] - '0');
    text += digits[i] < 4 ? digits[i] : 4;
  }
  const bool last = digits[1] == 4;
  *year = value[last];
  *week = value[!last];
  if (digits[last] == 2) *year = wsf__short_year(*year);
  return *year >= LEAST_YEAR && *year <= MOST_YEAR && *week >= 1 && *week <= WEEKS;
}

int wsf__propose_last_week(const wsf__csv_column *c) {
  int year, week, last = 0;
  for (int32_t i = 0; i < c->words.n; ++i) {
    if (week_of_word(c->words.entry[i].text, &year, &week) && week > last) last = week;
  }
  return last;
}

void wsf__propose_fiscal_weeks(wsf__proposal *p, int k, bool fiscal) {
  const wsf__csv_column *c = &p->csv.column[k];
  week_set *w = wsf__arena_zero(&p->csv.arena, 1, sizeof *w);
  int year, week;
  for (int32_t i = 0; w && i < c->words.n && !wsf__propose_stopped(&p->csv, i); ++i) {
    if (week_of_word(c->words.entry[i].text, &year, &week)) add_week(w, year * 100 + week);
  }
  if (w && w->first) settle_weeks(p, w, fiscal);
}

/* 1yyww, each a week of Walmart's year, which ends on the last Friday of January. */
bool wsf__propose_short_weeks(wsf__proposal *p, const wsf__csv_column *c) {
  static const char *const walmart = "last friday january";
  wsf__fiscal year;
  int64_t day, first = 0;
  char text[32];
  if (!wsf__fiscal_parse(walmart, &year)) return false;
  for (int64_t i = 0; i < p->csv.rows && !wsf__propose_stopped(&p->csv, i); ++i) {
    if (isnan(c->number[i])) continue;
    const int64_t value = (int64_t)c->number[i];
    const int in = wsf__short_year((int)(value / 100 % 100));
    if (!wsf__fiscal_week(&year, in, (int)(value % 100), &day)) return false;
    if (!first) first = value;
  }
  if (!first) return false;
  (void)wsf__fiscal_week(&year, wsf__short_year((int)(first / 100 % 100)), (int)(first % 100),
                         &day);
  wsf__propose_day_text(text, day);
  p->dateformat = "1%g%V";
  p->fiscal = walmart;
  wsf__propose_doubt(p,
                     "numbers, read as Walmart's weeks 1yyww: %lld is the one of %s (without "
                     "dateformat= they count periods, with a gap at the end of each year)",
                     (long long)first, text);
  return true;
}

static int number_in(const wsf__csv_column *c, int64_t row) {
  int32_t unit;
  int value = 0;
  if (c->number) return isnan(c->number[row]) ? 0 : (int)c->number[row];
  if (c->code[row] < 0) return 0;
  const wsf__dict_entry *e = &c->words.entry[c->code[row]];
  return wsf__time_unit_read(e->text, (size_t)e->length, &unit, &value) ? value : 0;
}

/* Weeks 0: numbers as strftime counts them, from the first Monday or Sunday of the year, whichever
 * has all that the file has; what lies in two years is of one week and added up. */
static void propose_counted(wsf__proposal *p, const week_set *w, bool week_first) {
  int bad[2] = {0, 0};
  int64_t day = 0;
  char text[32];
  for (int y = 0; y <= MOST_YEAR - LEAST_YEAR; ++y) {
    for (int n = 0; n <= WEEKS; ++n) {
      for (int i = 0; i < 2 && w->has[y][n]; ++i) {
        bad[i] += !wsf__counted_week("WU"[i], LEAST_YEAR + y, n, &day);
      }
    }
  }
  const bool sunday = bad[1] < bad[0];
  (void)wsf__counted_week("WU"[sunday], (int)(w->first / 100), (int)(w->first % 100), &day);
  wsf__propose_day_text(text, day);
  p->dateformat = sunday ? (week_first ? "%U %Y" : "%Y %U") : week_first ? "%W %Y" : "%Y %W";
  p->summed = true;
  wsf__propose_doubt(
      p,
      "weeks from 0 are read as strftime's %%%c, from the first %s of the year: week "
      "%lld of %lld begins on %s; week 0 is added to the last of the year before "
      "(dateformat= says other ones, %%%c from the first %s)",
      "WU"[sunday], sunday ? "Sunday" : "Monday", (long long)(w->first % 100),
      (long long)(w->first / 100), text, "UW"[sunday], sunday ? "Monday" : "Sunday");
}

void wsf__propose_year_weeks(wsf__proposal *p, int year, int week) {
  const wsf__csv_column *a = &p->csv.column[year], *b = &p->csv.column[week];
  week_set *w = wsf__arena_zero(&p->csv.arena, 1, sizeof *w);
  bool zero = false;
  for (int64_t i = 0; w && i < p->csv.rows && !wsf__propose_stopped(&p->csv, i); ++i) {
    const int y = number_in(a, i), n = number_in(b, i);
    const bool none = b->number ? isnan(b->number[i]) : b->code[i] < 0;
    if (none || y < LEAST_YEAR || y > MOST_YEAR || n < 0 || n > WEEKS) continue;
    add_week(w, y * 100 + n);
    zero |= n == 0;
  }
  if (!w || !w->first) return;
  if (zero && a->number && b->number)
    propose_counted(p, w, week < year);
  else
    settle_weeks(p, w, false);
}

void wsf__propose_week_lines(wsf__proposal *p, int week) {
  week_set *w = wsf__arena_zero(&p->csv.arena, 1, sizeof *w);
  for (int k = 0; w && k < p->csv.n_columns; ++k) {
    const wsf__csv_column *c = &p->csv.column[k];
    int32_t unit;
    int year;
    if (p->column[k].part != WSF__PART_PERIOD) continue;
    if (!wsf__time_unit_read(c->name, strlen(c->name), &unit, &year)) continue;
    if (year < LEAST_YEAR || year > MOST_YEAR) continue;
    for (int64_t i = 0; i < p->csv.rows && !wsf__propose_stopped(&p->csv, i); ++i) {
      const int n = number_in(&p->csv.column[week], i);
      if (!isnan(c->number[i]) && n >= 1 && n <= WEEKS) add_week(w, year * 100 + n);
    }
  }
  if (w && w->first) settle_weeks(p, w, false);
}

void wsf__propose_week_columns(wsf__proposal *p, int year) {
  week_set *w = wsf__arena_zero(&p->csv.arena, 1, sizeof *w);
  for (int k = 0; w && k < p->csv.n_columns; ++k) {
    const wsf__csv_column *c = &p->csv.column[k];
    int32_t unit;
    int week;
    if (p->column[k].part != WSF__PART_PERIOD) continue;
    if (!wsf__time_unit_read(c->name, strlen(c->name), &unit, &week)) continue;
    for (int64_t i = 0; i < p->csv.rows && !wsf__propose_stopped(&p->csv, i); ++i) {
      const int y = number_in(&p->csv.column[year], i);
      const bool there = !isnan(c->number[i]) && week >= 1 && week <= WEEKS;
      if (there && y >= LEAST_YEAR && y <= MOST_YEAR) add_week(w, y * 100 + week);
    }
  }
  if (w && w->first) settle_weeks(p, w, false);
}
