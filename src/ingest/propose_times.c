/* The time of an unknown file: the column of dates, or the whole numbers that are called so; where
 * neither stands there, a column of years and one of months, quarters or weeks; and beside dates,
 * their hours. Whole numbers that may be days of a spreadsheet or weeks of a year are proposed as
 * that where the column is called like a time, with both readings as a doubt. */
#include "ingest/propose.h"

#include "calendar/time_parts.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST_YEAR = 1900, MOST_YEAR = 2100, MONTHS = 12, WEEKS = 53, MONTH_WEEKS = 5, FOOTERS = 3 };

void wsf__propose_doubt(wsf__proposal *p, const char *format, ...) {
  va_list args;
  if (p->n_doubts == WSF__PROPOSE_DOUBTS) return;
  va_start(args, format);
  (void)vsnprintf(p->doubt[p->n_doubts++], WSF__PROPOSE_DOUBT_BYTES, format, args);
  va_end(args);
}

static bool stopped(const wsf__csv *csv, int64_t i) {
  return i % 16384 == 0 && wsf__stopped(csv->env);
}

/* Rows of a column of times that hold another word: remarks, totals. */
static void doubt_untimed(wsf__proposal *p, const wsf__csv_column *c) {
  const wsf__csv *csv = &p->csv;
  wsf__time_style style, none = {.format = p->dateformat};
  wsf__time_seen seen = {0};
  wsf__time t;
  int64_t n = 0, first = -1;
  int32_t bad = 0;
  for (int32_t i = 0; i < c->words.n; ++i) {
    const wsf__dict_entry *e = &c->words.entry[i];
    bad += !wsf__time_read(e->text, (size_t)e->length, &none, &t, &seen);
  }
  if (bad == 0) return;
  (void)wsf__time_settle(&style, &none, &seen);
  for (int64_t i = 0; i < csv->rows && !stopped(csv, i); ++i) {
    const wsf__dict_entry *e = c->code[i] < 0 ? NULL : &c->words.entry[c->code[i]];
    if (!e || wsf__time_read(e->text, (size_t)e->length, &style, &t, &seen)) continue;
    if (n++ == 0) first = i;
  }
  if (n == 0) return;
  wsf__propose_doubt(
      p, "%lld rows have no time and are left out, the first of them line %lld, \"%.48s\"",
      (long long)n, (long long)csv->line[first], c->words.entry[c->code[first]].text);
}

void wsf__propose_timeless(wsf__proposal *p, bool *untimed, int64_t rows) {
  const wsf__csv *csv = &p->csv;
  int times = 0;
  for (int k = 0; k < csv->n_columns; ++k) times += p->column[k].part == WSF__PART_TIME;
  for (int k = 0; k < csv->n_columns; ++k) {
    const wsf__csv_column *c = &csv->column[k];
    const wsf__time_style none = {.format = p->dateformat};
    wsf__time t;
    if (p->column[k].part != WSF__PART_TIME) continue;
    const int32_t words = c->code && times == 1 ? c->words.n : 0;
    bool *no = words ? wsf__arena_zero(&p->csv.arena, (size_t)words, sizeof *no) : NULL;
    /* Words that no style reads; those of several columns make a time together. */
    for (int32_t w = 0; no && w < words && !stopped(csv, w); ++w) {
      const wsf__dict_entry *e = &c->words.entry[w];
      wsf__time_seen seen = {0};
      no[w] = !wsf__time_read(e->text, (size_t)e->length, &none, &t, &seen) && !seen.bits;
    }
    for (int64_t i = 0; i < rows && !stopped(csv, i); ++i) {
      if (c->code)
        untimed[i] |= c->code[i] < 0 || (no && no[c->code[i]]);
      else
        untimed[i] |= c->number && isnan(c->number[i]);
    }
  }
}

void wsf__propose_left_out(wsf__proposal *p) {
  const wsf__csv *csv = &p->csv;
  const wsf__csv_reject *bad = &csv->reject[WSF__CSV_BAD_CELL];
  const wsf__csv_example *e = bad->example;
  int times = 0, time = 0;
  for (int k = 0; k < csv->n_columns; ++k) {
    if (p->column[k].part != WSF__PART_TIME) continue;
    ++times;
    time = k;
  }
  if (times == 1 && csv->column[time].code) doubt_untimed(p, &csv->column[time]);
  if (bad->count > 0) {
    wsf__propose_doubt(p,
                       "%lld cells are no numbers and are left out, the first of them \"%.40s\" in "
                       "line %lld of %.40s (na= says what stands for a missing one)",
                       (long long)bad->count, e->text, (long long)e->line,
                       csv->column[e->column].name);
  }
  for (int reason = 0; reason <= WSF__CSV_QUOTE; ++reason) {
    const wsf__csv_reject *row = &csv->reject[reason];
    if (row->count == 0) continue;
    wsf__propose_doubt(p, "%lld lines are left out, the first of them line %lld, \"%.48s\": %s",
                       (long long)row->count, (long long)row->example[0].line, row->example[0].text,
                       wsf__csv_reason_text(reason));
  }
}

/* ---- values ------------------------------------------------------------------------------- */

static bool whole(double x) {
  return fabs(x) < 1e15 && x == floor(x);
}

/* All of a column of numbers are whole and within the bounds; missing ones are passed over. */
static bool within(const wsf__csv *csv, const wsf__csv_column *c, int64_t least, int64_t most) {
  int64_t n = 0;
  for (int64_t i = 0; i < csv->rows && !stopped(csv, i); ++i) {
    const double x = c->number[i];
    if (isnan(x)) continue;
    if (!whole(x) || x < (double)least || x > (double)most) return false;
    ++n;
  }
  return n > 0;
}

static double largest(const wsf__csv *csv, const wsf__csv_column *c) {
  double most = -INFINITY;
  for (int64_t i = 0; c->number && i < csv->rows; ++i) most = fmax(most, c->number[i]);
  return most;
}

/* The word of a line that adds up those above it. */
static bool is_total(const wsf__dict_entry *e) {
  static const char *const total[] = {"total", "sum", "gesamt"};
  char lower[16];
  for (size_t i = 0; i < sizeof total / sizeof *total; ++i) {
    const size_t n = strlen(total[i]);
    for (size_t at = 0; at + n <= (size_t)e->length; ++at) {
      for (size_t k = 0; k < n; ++k) lower[k] = (char)(e->text[at + k] | 32);
      if (memcmp(lower, total[i], n) == 0) return true;
    }
  }
  return false;
}

/* Nearly all words, totals left out, and so many of the last that were found below the table. */
static bool nearly_all(const wsf__csv_column *c, int32_t good, int32_t below) {
  int32_t n = 0;
  for (int32_t i = 0; i < c->words.n - below; ++i) n += !is_total(&c->words.entry[i]);
  return good > below && good >= n - n / 20;
}

/* Whether nearly all words are times, and of which form. */
static int32_t words_are_times(wsf__proposal *p, const wsf__csv_column *c, bool *settled) {
  const bool called =
      wsf__propose_called(c->name, WSF__CALLED_TIME) || wsf__time_unit_called(c->name);
  wsf__time_style style = {0};
  wsf__time_seen seen = {0};
  wsf__time t;
  int32_t good = 0, below = 0, form = 0;
  for (int32_t i = 0; i < c->words.n && !stopped(&p->csv, i); ++i) {
    const wsf__dict_entry *e = &c->words.entry[i];
    (void)wsf__time_read(e->text, (size_t)e->length, &style, &t, &seen);
  }
  *settled = wsf__time_settle(&style, &p->csv.given_time, &seen);
  for (int32_t i = 0; i < c->words.n && !stopped(&p->csv, i); ++i) {
    const wsf__dict_entry *e = &c->words.entry[i];
    ++below;
    if (!wsf__time_read(e->text, (size_t)e->length, &style, &t, &seen)) continue;
    ++good;
    below = 0;
    if (form != WSF__FORM_TIME) form = t.form;
  }
  if (below > FOOTERS) below = 0;
  if (seen.bits & WSF__SEEN_MONTH_YEAR) {
    if (!called) return 0; /* sizes 10/12, 12/14 */
    wsf__csv_tell(&p->csv, WSF__NOTE_MONTH_YEAR, 0, 0, NULL);
  }
  return nearly_all(c, good, below) && form != WSF__FORM_INTEGER ? form : 0;
}

/* Rows at the end that stand below the table, as their time is none: remarks, sources. */
int64_t wsf__propose_footers(wsf__proposal *p) {
  const wsf__csv *csv = &p->csv;
  int64_t most = 0;
  for (int k = 0; k < csv->n_columns; ++k) {
    const wsf__csv_column *c = &csv->column[k];
    const wsf__time_style none = {0};
    wsf__time_seen seen = {0};
    wsf__time t;
    bool settled;
    int64_t n = 0;
    if (!c->code || c->words.n < 2) continue;
    const wsf__dict_entry *first = &c->words.entry[0], *second = &c->words.entry[1];
    (void)wsf__time_read(first->text, (size_t)first->length, &none, &t, &seen);
    if (!wsf__time_read(second->text, (size_t)second->length, &none, &t, &seen) && !seen.bits) {
      continue; /* the words of most columns are soon seen to be no times */
    }
    if (!words_are_times(p, c, &settled)) continue;
    for (; n < csv->rows; ++n) {
      const int32_t code = c->code[csv->rows - 1 - n];
      const wsf__dict_entry *e = code < 0 ? NULL : &c->words.entry[code];
      if (e && (wsf__time_read(e->text, (size_t)e->length, &none, &t, &seen) || is_total(e))) break;
    }
    most = n > most ? n : most;
  }
  return most <= FOOTERS ? most : 0;
}

/* What whole numbers and twelfths of a column show. */
static void see_numbers(const wsf__csv *csv, const wsf__csv_column *c, wsf__time_seen *seen) {
  const wsf__time_style none = {0};
  wsf__time t;
  const uint32_t nothing = WSF__SEEN_NO_YEAR | WSF__SEEN_NO_MONTH | WSF__SEEN_NO_DAY |
                           WSF__SEEN_NO_WEEK | WSF__SEEN_NO_SECOND | WSF__SEEN_NO_MILLI |
                           WSF__SEEN_NO_SHORT_WEEK;
  *seen = (wsf__time_seen){0};
  for (int64_t i = 0; i < csv->rows && !stopped(csv, i); ++i) {
    if ((seen->bits & nothing) == nothing) return; /* no value says more */
    if (whole(c->number[i])) {
      wsf__time_see_whole((int64_t)c->number[i], seen);
      continue;
    }
    char text[32];
    const size_t n = wsf__number_format(c->number[i], text);
    const bool year = wsf__time_read(text, n, &none, &t, seen) || (seen->bits & WSF__SEEN_YEAR);
    if (!year) seen->bits |= WSF__SEEN_NO_YEAR | WSF__SEEN_NO_MONTH | WSF__SEEN_NO_DAY;
    if (!year) seen->bits |= WSF__SEEN_NO_WEEK | WSF__SEEN_NO_SECOND | WSF__SEEN_NO_MILLI;
    if (!isnan(c->number[i])) seen->bits |= WSF__SEEN_NO_SHORT_WEEK;
  }
}

static bool dates(const wsf__time_seen *seen) {
  const wsf__time_style none = {0};
  wsf__time_style style;
  (void)wsf__time_settle(&style, &none, seen);
  return style.whole != WSF__WHOLE_NUMBERS || style.years;
}

static bool serials(const wsf__csv *csv, const wsf__csv_column *c) {
  wsf__time_seen seen = {0};
  for (int64_t i = 0; i < csv->rows && !stopped(csv, i); ++i) {
    if (isnan(c->number[i])) continue;
    if (!(fabs(c->number[i]) < 1e15)) return false;
    wsf__time_see_whole((int64_t)floor(c->number[i]), &seen);
  }
  return seen.bits && !(seen.bits & WSF__SEEN_NO_SERIAL);
}

/* ---- numbers of weeks --------------------------------------------------------------------- */

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

static void day_text(char out[32], int64_t days) {
  int64_t year;
  int month, day;
  wsf__civil_from_days(days, &year, &month, &day);
  (void)snprintf(out, 32, "%04lld-%02d-%02d", (long long)year, month, day);
}

/* Which numbering of weeks suits; both are told. */
static void settle_weeks(wsf__proposal *p, const week_set *w) {
  const int iso = amiss(w, false), nrf = amiss(w, true);
  const int year = (int)(w->first / 100), week = (int)(w->first % 100);
  int64_t day = 0, retail = 0;
  char text[2][32];
  p->fiscal = nrf < iso ? "nrf" : NULL;
  const bool both =
      wsf__iso_week(year, week, 1, &day) && wsf__fiscal_week(&wsf__fiscal_nrf, year, week, &retail);
  day_text(text[0], p->fiscal ? retail : day);
  day_text(text[1], p->fiscal ? day : retail);
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
static void propose_weeks(wsf__proposal *p, const double *value, const int64_t *number, int64_t n) {
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
  settle_weeks(p, w);
  if (!months) return;
  wsf__propose_doubt(p, "numbers that may be weeks yyyyww or months yyyymm, read as weeks (without "
                        "dateformat= they are months)");
}

/* 1yyww, each a week of Walmart's year, which ends on the last Friday of January. */
static bool propose_short_weeks(wsf__proposal *p, const wsf__csv_column *c) {
  static const char *const walmart = "last friday january";
  wsf__fiscal year;
  int64_t day, first = 0;
  char text[32];
  if (!wsf__fiscal_parse(walmart, &year)) return false;
  for (int64_t i = 0; i < p->csv.rows && !stopped(&p->csv, i); ++i) {
    if (isnan(c->number[i])) continue;
    const int64_t value = (int64_t)c->number[i];
    const int in = wsf__short_year((int)(value / 100 % 100));
    if (!wsf__fiscal_week(&year, in, (int)(value % 100), &day)) return false;
    if (!first) first = value;
  }
  if (!first) return false;
  (void)wsf__fiscal_week(&year, wsf__short_year((int)(first / 100 % 100)), (int)(first % 100),
                         &day);
  day_text(text, day);
  p->dateformat = "1%g%V";
  p->fiscal = walmart;
  wsf__propose_doubt(p,
                     "numbers, read as Walmart's weeks 1yyww: %lld is the one of %s (without "
                     "dateformat= they count periods, with a gap at the end of each year)",
                     (long long)first, text);
  return true;
}

static void propose_serials(wsf__proposal *p, int64_t first) {
  wsf__time t;
  char text[32] = "";
  if (wsf__time_of_serial((double)first, &t)) day_text(text, t.value / 86400);
  p->dateformat = "excel";
  wsf__propose_doubt(p,
                     "numbers, read as the days of a spreadsheet: %lld is %s (without dateformat= "
                     "they count periods)",
                     (long long)first, text);
}

void wsf__propose_period_numbers(wsf__proposal *p, const int64_t *value, int n) {
  wsf__time_seen seen = {0};
  if (n == 0) return;
  for (int i = 0; i < n; ++i) wsf__time_see_whole(value[i], &seen);
  if (!(seen.bits & WSF__SEEN_NO_SERIAL))
    propose_serials(p, value[0]);
  else if (!(seen.bits & WSF__SEEN_NO_WEEK) && (seen.bits & WSF__SEEN_NO_MONTH))
    propose_weeks(p, NULL, value, n);
}

/* ---- one column --------------------------------------------------------------------------- */

/* Numbers with a fraction are years, as R prints its times, where they lie in our centuries and
 * most steps from row to row are the least: halves of sales are neither. */
static bool decimal_years(const wsf__csv *csv, const wsf__csv_column *c) {
  enum { LEAST = 1800, MOST = 2200 };
  const double same = 0.01;
  double last = NAN, least = INFINITY;
  int64_t steps = 0, even = 0;
  for (int64_t i = 0; i < csv->rows && !stopped(csv, i); ++i) {
    const double x = c->number[i], step = fabs(x - last);
    if (isnan(x)) continue;
    if (!(x >= LEAST && x <= MOST)) return false;
    if (step > same) least = fmin(least, step);
    last = x;
  }
  last = NAN;
  for (int64_t i = 0; i < csv->rows && !stopped(csv, i); ++i) {
    const double step = fabs(c->number[i] - last);
    if (isnan(c->number[i])) continue;
    steps += step > same;
    even += step > same && step < least + same;
    last = c->number[i];
  }
  return 2 * even > steps;
}

static bool any_fraction(const wsf__csv *csv, const wsf__csv_column *c) {
  for (int64_t i = 0; i < csv->rows && !stopped(csv, i); ++i) {
    if (!isnan(c->number[i]) && !whole(c->number[i])) return true;
  }
  return false;
}

/* Whether whole numbers beside it are called like a time. */
static bool counted_beside(const wsf__proposal *p, int except) {
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const wsf__csv_column *c = &p->csv.column[k];
    if (k == except || !c->number || c->flag || wsf__propose_names(c->name)) continue;
    if (!wsf__propose_called(c->name, WSF__CALLED_TIME)) continue;
    if (within(&p->csv, c, INT64_MIN / 2, INT64_MAX / 2)) return true;
  }
  return false;
}

/* How sure a column is the time; 0: it is none. */
static int score_column(wsf__proposal *p, int k, bool *settled) {
  const wsf__csv_column *c = &p->csv.column[k];
  const bool called = wsf__propose_called(c->name, WSF__CALLED_TIME);
  wsf__time_seen seen;
  *settled = true;
  if (c->code) {
    const int32_t form = words_are_times(p, c, settled);
    if (!form) return 0;
    p->column[k].type = form == WSF__FORM_TIME ? "time" : "date";
    return called ? 6 : 5;
  }
  if (!c->number || c->flag || wsf__propose_names(c->name)) return 0; /* a column of values */
  see_numbers(&p->csv, c, &seen);
  if (any_fraction(&p->csv, c) && dates(&seen)) {
    if (!decimal_years(&p->csv, c) || (!called && counted_beside(p, k))) return 0;
  }
  if (dates(&seen)) return called ? 4 : 2;
  if (called && !(seen.bits & WSF__SEEN_NO_WEEK)) return 4;
  if (called && !(seen.bits & WSF__SEEN_NO_SHORT_WEEK)) return 3;
  if (called && serials(&p->csv, c)) return 3;
  const bool one = strcmp(c->name, "t") == 0 || strcmp(c->name, "T") == 0;
  return (one || called) && within(&p->csv, c, INT64_MIN / 2, INT64_MAX / 2);
}

/* Numbers that need a word to be read as what they are. */
static void settle_numbers(wsf__proposal *p, int k) {
  const wsf__csv_column *c = &p->csv.column[k];
  wsf__time_seen seen;
  if (!c->number || !wsf__propose_called(c->name, WSF__CALLED_TIME)) return;
  see_numbers(&p->csv, c, &seen);
  const bool weeks = !(seen.bits & WSF__SEEN_NO_WEEK) && p->csv.rows > 0;
  const bool months = !(seen.bits & WSF__SEEN_NO_MONTH);
  if (weeks && (!months || wsf__time_unit_called(c->name) == WSF__UNIT_WEEK)) {
    propose_weeks(p, c->number, NULL, p->csv.rows);
  } else if ((seen.bits & WSF__SEEN_WHOLE) && !(seen.bits & WSF__SEEN_NO_SHORT_WEEK) &&
             propose_short_weeks(p, c)) {
    return;
  } else if (!dates(&seen) && serials(&p->csv, c)) {
    int64_t i = 0;
    while (isnan(c->number[i])) ++i;
    propose_serials(p, (int64_t)floor(c->number[i]));
  }
}

/* ---- several columns ---------------------------------------------------------------------- */

/* One row may lack it, such as that of a total. */
static bool may_be_part(const wsf__proposal *p, int k) {
  return p->column[k].part == WSF__PART_PAST && p->column[k].missing <= p->csv.rows / 20 + 1;
}

/* Whether a column counts such a unit, by its name or its words, within what there is of it. */
static bool counts(const wsf__proposal *p, int k, int32_t unit) {
  static const int most[] = {0, MOST_YEAR, 4, MONTHS, WEEKS, 31, 24};
  const wsf__csv_column *c = &p->csv.column[k];
  const bool called = wsf__time_unit_called(c->name) == unit;
  const int least = unit == WSF__UNIT_YEAR ? LEAST_YEAR : unit == WSF__UNIT_HOUR ? 0 : 1;
  if (!may_be_part(p, k) || (unit == WSF__UNIT_DAY && strstr(c->name, "week"))) return false;
  if (c->number) return called && within(&p->csv, c, least, most[unit]);
  int32_t good = 0;
  for (int32_t i = 0; c->code && i < c->words.n; ++i) {
    const wsf__dict_entry *e = &c->words.entry[i];
    int32_t told;
    int value;
    if (!wsf__time_unit_read(e->text, (size_t)e->length, &told, &value)) continue;
    good += (told == unit || (!told && called)) && value >= least && value <= most[unit];
  }
  return nearly_all(c, good, 0);
}

static int find_unit(const wsf__proposal *p, int32_t unit) {
  for (int k = 0; k < p->csv.n_columns; ++k) {
    if (counts(p, k, unit)) return k;
  }
  return -1;
}

int wsf__propose_years(const wsf__proposal *p) {
  return find_unit(p, WSF__UNIT_YEAR);
}

static int number_in(const wsf__csv_column *c, int64_t row) {
  int32_t unit;
  int value = 0;
  if (c->number) return isnan(c->number[row]) ? 0 : (int)c->number[row];
  if (c->code[row] < 0) return 0;
  const wsf__dict_entry *e = &c->words.entry[c->code[row]];
  return wsf__time_unit_read(e->text, (size_t)e->length, &unit, &value) ? value : 0;
}

static void settle_year_weeks(wsf__proposal *p, int year, int week) {
  const wsf__csv_column *a = &p->csv.column[year], *b = &p->csv.column[week];
  week_set *w = wsf__arena_zero(&p->csv.arena, 1, sizeof *w);
  for (int64_t i = 0; w && i < p->csv.rows && !stopped(&p->csv, i); ++i) {
    const int y = number_in(a, i), n = number_in(b, i);
    if (y >= LEAST_YEAR && y <= MOST_YEAR && n >= 1 && n <= WEEKS) add_week(w, y * 100 + n);
  }
  if (w && w->first) settle_weeks(p, w);
}

void wsf__propose_week_columns(wsf__proposal *p, int year) {
  week_set *w = wsf__arena_zero(&p->csv.arena, 1, sizeof *w);
  for (int k = 0; w && k < p->csv.n_columns; ++k) {
    const wsf__csv_column *c = &p->csv.column[k];
    int32_t unit;
    int week;
    if (p->column[k].part != WSF__PART_PERIOD) continue;
    if (!wsf__time_unit_read(c->name, strlen(c->name), &unit, &week)) continue;
    for (int64_t i = 0; i < p->csv.rows && !stopped(&p->csv, i); ++i) {
      const int y = number_in(&p->csv.column[year], i);
      const bool there = !isnan(c->number[i]) && week >= 1 && week <= WEEKS;
      if (there && y >= LEAST_YEAR && y <= MOST_YEAR) add_week(w, y * 100 + week);
    }
  }
  if (w && w->first) settle_weeks(p, w);
}

static bool clock_words(const wsf__csv *csv, const wsf__csv_column *c) {
  int32_t good = 0;
  for (int32_t i = 0; c->code && i < c->words.n && !stopped(csv, i); ++i) {
    const int32_t unit[] = {0, 0};
    const wsf__time_style none = {0};
    const char *text[] = {"2000-01-01", c->words.entry[i].text};
    wsf__time_seen seen = {0};
    wsf__time t;
    good += strchr(text[1], ':') && wsf__time_join(unit, text, 2, &none, &t, &seen) && !t.zoned;
  }
  return good > 1 && good == c->words.n;
}

/* Hours or times of day beside a column of days. */
static int find_clock(const wsf__proposal *p) {
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const wsf__csv_column *c = &p->csv.column[k];
    if (!may_be_part(p, k)) continue;
    if (c->number && counts(p, k, WSF__UNIT_HOUR) && largest(&p->csv, c) > 1) return k;
    if (clock_words(&p->csv, c)) return k;
  }
  return -1;
}

/* Whether a word is a day of no year: 1-Jan. */
static bool is_yearless(const wsf__dict_entry *e) {
  static const int32_t unit[] = {WSF__UNIT_YEAR, WSF__UNIT_NONE};
  const wsf__time_style none = {0};
  const char *text[] = {"2000", e->text};
  wsf__time_seen seen = {0};
  int32_t told;
  int value;
  wsf__time t;
  return !wsf__time_unit_read(e->text, (size_t)e->length, &told, &value) &&
         wsf__time_join(unit, text, 2, &none, &t, &seen);
}

static int find_yearless(const wsf__proposal *p) {
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const wsf__csv_column *c = &p->csv.column[k];
    int32_t good = 0;
    for (int32_t i = 0; c->code && may_be_part(p, k) && i < c->words.n; ++i) {
      good += is_yearless(&c->words.entry[i]);
    }
    if (c->code && nearly_all(c, good, 0)) return k;
  }
  return -1;
}

/* Years and what parts them; false if they are not there. */
static bool find_parts(wsf__proposal *p) {
  const int year = find_unit(p, WSF__UNIT_YEAR), month = find_unit(p, WSF__UNIT_MONTH);
  int week = find_unit(p, WSF__UNIT_WEEK), quarter = find_unit(p, WSF__UNIT_QUARTER);
  int day = find_unit(p, WSF__UNIT_DAY);
  if (week >= 0 && p->csv.column[week].number && month >= 0 &&
      largest(&p->csv, &p->csv.column[week]) <= MONTH_WEEKS) {
    week = -1; /* of the month */
  }
  if (day >= 0 && largest(&p->csv, &p->csv.column[day]) <= 7) day = -1; /* of the week */
  const bool days = month >= 0 && day >= 0;
  int part = days ? month : week >= 0 ? week : month >= 0 ? month : quarter;
  if (year >= 0 && part < 0) part = find_yearless(p);
  if (year < 0 || part < 0) return false;
  p->column[year].part = p->column[part].part = WSF__PART_TIME;
  p->column[year].type = p->column[part].type = "date";
  if (days) {
    p->column[day].part = WSF__PART_TIME;
    p->column[day].type = "date";
  }
  if (part == week) settle_year_weeks(p, year, week);
  const int clock = days ? find_clock(p) : -1;
  if (clock < 0) return true;
  p->column[clock].part = WSF__PART_TIME;
  p->column[clock].type = "time";
  return true;
}

/* Words called like a time may be missing in more rows: totals have no day. */
static bool may_be_time(const wsf__proposal *p, int k) {
  const wsf__csv_column *c = &p->csv.column[k];
  if (may_be_part(p, k)) return true;
  return c->code && wsf__propose_called(c->name, WSF__CALLED_TIME) &&
         p->column[k].part == WSF__PART_PAST && p->column[k].missing <= p->csv.rows / 3;
}

/* The first word of a column that is no time; NULL: each is one. */
static const wsf__dict_entry *first_untimed(const wsf__proposal *p, const wsf__csv_column *c) {
  const wsf__time_style none = {0};
  wsf__time_seen seen = {0};
  wsf__time t;
  for (int32_t i = 0; i < c->words.n && !stopped(&p->csv, i); ++i) {
    const wsf__dict_entry *e = &c->words.entry[i];
    if (!is_total(e) && !wsf__time_read(e->text, (size_t)e->length, &none, &t, &seen)) return e;
  }
  return NULL;
}

void wsf__propose_untimed(wsf__proposal *p) {
  bool words = false;
  if (p->season) return;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    if (p->column[k].part == WSF__PART_TIME) return;
    words |= p->csv.column[k].code != NULL;
  }
  if (p->yearless) {
    wsf__propose_doubt(p,
                       "no column reads as times: '%.20s' of %.40s names no year (time=[YEAR,..] "
                       "with a column that does); rows count periods as they stand",
                       p->yearless->words.entry[0].text, p->yearless->name);
    return;
  }
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const wsf__csv_column *c = &p->csv.column[k];
    if (!c->code || !wsf__propose_called(c->name, WSF__CALLED_TIME)) continue;
    const wsf__dict_entry *e = first_untimed(p, c);
    if (!e) continue;
    wsf__propose_doubt(
        p,
        "no column reads as times: of %.40s not '%.*s' (dateformat= says how that is "
        "written); rows count periods as they stand",
        c->name, e->length < 40 ? (int)e->length : 40, e->text);
    return;
  }
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const wsf__csv_column *c = &p->csv.column[k];
    if (!c->number || c->flag || !wsf__propose_called(c->name, WSF__CALLED_TIME)) continue;
    wsf__propose_doubt(p,
                       "no column reads as times: the numbers of %.40s are none that are known "
                       "(dateformat= says how they are written); rows count periods as they stand",
                       c->name);
    return;
  }
  if (words) {
    wsf__propose_doubt(p, "no column reads as times: rows count periods as they stand (time= names "
                          "one, dateformat= says how it is written)");
  }
}

/* The frequency of R's ts, whose times are start, start + 1/frequency, ..: rows of one series in
 * their order. 0: these are no such times. */
static int ts_frequency(const wsf__csv *csv, const wsf__csv_column *c) {
  enum { LEAST_ROWS = 8, MOST = 1000000 };
  const int64_t n = csv->rows;
  if (!c->number || n < LEAST_ROWS || isnan(c->number[0]) || isnan(c->number[n - 1])) return 0;
  const double first = c->number[0], length = c->number[n - 1] - first;
  const double frequency = rint((double)(n - 1) / length);
  if (!(length > 0) || !(frequency >= 2 && frequency <= MOST)) return 0;
  for (int64_t i = 0; i < n && !stopped(csv, i); ++i) {
    if (!(fabs((c->number[i] - first) * frequency - (double)i) < 0.1)) return 0;
  }
  return (int)frequency;
}

static void find_ts(wsf__proposal *p) {
  for (int k = 0; k < p->csv.n_columns && !p->season; ++k) {
    p->season = ts_frequency(&p->csv, &p->csv.column[k]);
    if (!p->season) continue;
    p->column[k].part = WSF__PART_NONE;
    wsf__propose_doubt(p,
                       "%.40s counts units of %d rows, as R's ts(frequency=%d): rows are numbered, "
                       "season=%d is a unit",
                       p->csv.column[k].name, p->season, p->season, p->season);
  }
}

/* Dates that may be read two ways, by the first that shows it. */
static void doubt_order(wsf__proposal *p, const wsf__csv_column *c) {
  static const wsf__time_style month_first = {.order = WSF__MONTH_FIRST};
  static const wsf__time_style day_first = {.order = WSF__DAY_FIRST};
  wsf__time_seen seen = {0};
  for (int64_t i = 0; i < p->csv.rows; ++i) {
    wsf__time one, two;
    char text[2][32];
    const wsf__dict_entry *e = c->code[i] < 0 ? NULL : &c->words.entry[c->code[i]];
    if (!e || !wsf__time_read(e->text, (size_t)e->length, &month_first, &one, &seen)) continue;
    if (!wsf__time_read(e->text, (size_t)e->length, &day_first, &two, &seen)) continue;
    if (one.value == two.value) continue;
    day_text(text[0], wsf__floor_div(one.value, 86400));
    day_text(text[1], wsf__floor_div(two.value, 86400));
    wsf__propose_doubt(p,
                       "dates may be read month first or day first: %.24s in line %lld is %s or %s "
                       "(dayfirst=true)",
                       e->text, (long long)p->csv.line[i], text[0], text[1]);
    return;
  }
}

/* Months or weeks down and years across: the rows are no series. */
void wsf__propose_across(wsf__proposal *p) {
  static const int32_t unit[] = {WSF__UNIT_MONTH, WSF__UNIT_WEEK, WSF__UNIT_QUARTER};
  int years = 0, periods = 0;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    if (p->column[k].part != WSF__PART_PERIOD) continue;
    ++periods;
    years += wsf__propose_names(p->csv.column[k].name) == WSF__NAMES_YEAR;
  }
  for (size_t i = 0; i < sizeof unit / sizeof *unit && years > 0 && years == periods; ++i) {
    const int k = find_unit(p, unit[i]);
    if (k < 0) continue;
    wsf__propose_doubt(
        p,
        "rows of %.40s look like parts of the years across, one series; each is read "
        "as a series of years of its own (a column of years and one of %.40s, "
        "time=[..], is read right)",
        p->csv.column[k].name, p->csv.column[k].name);
    return;
  }
}

void wsf__propose_time(wsf__proposal *p) {
  int best = -1, most = 0;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    bool settled;
    if (!may_be_time(p, k)) continue;
    const int score = score_column(p, k, &settled);
    if (score <= most) continue;
    best = k;
    most = score;
    p->unsettled = !settled;
  }
  if (most < 3 && find_parts(p)) {
    p->unsettled = false;
    return;
  }
  if (best < 0) {
    const int yearless = find_yearless(p);
    if (yearless >= 0)
      p->yearless = &p->csv.column[yearless];
    else
      find_ts(p);
    return;
  }
  p->column[best].part = WSF__PART_TIME;
  if (p->unsettled) doubt_order(p, &p->csv.column[best]);
  if (most < 5) {
    settle_numbers(p, best);
    p->column[best].type = most > 1 || p->dateformat ? "date" : "integer";
    return;
  }
  const int clock = strcmp(p->column[best].type, "date") == 0 ? find_clock(p) : -1;
  if (clock < 0) return;
  p->column[clock].part = WSF__PART_TIME;
  p->column[clock].type = "time";
}
