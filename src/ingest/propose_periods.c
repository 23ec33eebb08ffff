/* Years of an unknown file that are no calendar's, and their parts beside them: FY and Period 1 to
 * 13, 2018-19 and April. Periods 1 to 12, 4 or 53 are months, quarters or weeks of a dateformat=.
 * For what no calendar has, 13 periods or months that begin with April, rows are numbered where
 * they stand in the order of the years without a gap, with as many to the season. */
#include "ingest/propose.h"

#include "calendar/time_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LEAST_YEAR = 1900, MOST_YEAR = 2100, PREFIX = 8 };

/* Bytes before the first digit. */
static size_t prefix_of(const char *text) {
  size_t n = 0;
  while (text[n] && !wsf__is_digit(text[n])) ++n;
  return n;
}

/* FY2019, FY19, 2018-19, 2018/2019: the year that is named first; 0: it is none. */
static int year_of(const char *text, bool *split) {
  int value[2] = {0, 0};
  size_t digits[2] = {0, 0};
  const char *at = text + prefix_of(text);
  for (int i = 0; i < 2; ++i) {
    for (; wsf__is_digit(*at) && digits[i] < 5; ++digits[i])
      value[i] = value[i] * 10 + (*at++ - '0');
    if (i == 0 && (*at == '-' || *at == '/')) ++at;
  }
  *split = digits[1] > 0;
  if (*at || digits[0] == 3 || digits[0] < 2 || digits[0] > 4) return 0;
  if (digits[0] == 2) value[0] = wsf__short_year(value[0]);
  if (value[0] < LEAST_YEAR || value[0] > MOST_YEAR) return 0;
  return !*split || value[1] % 100 == (value[0] + 1) % 100 ? value[0] : 0;
}

static const char *word_of(const wsf__csv_column *c, int64_t row) {
  return c->code[row] < 0 ? NULL : c->words.entry[c->code[row]].text;
}

static int year_in(const wsf__csv_column *c, int64_t row) {
  bool split;
  if (c->number) return isnan(c->number[row]) ? 0 : (int)c->number[row];
  const char *text = word_of(c, row);
  return text ? year_of(text, &split) : 0;
}

/* 5, P05, Period 5, Q3, April, 01-April. */
static int part_of(const char *text) {
  int value;
  text += wsf__time_month_at(text, strlen(text), &value);
  size_t length = strlen(text);
  value = wsf__month_name(text, &length);
  if (value && !text[length]) return value;
  const char *at = text + prefix_of(text);
  value = 0;
  for (int n = 0; wsf__is_digit(*at) && n < 3; ++n) value = value * 10 + (*at++ - '0');
  return *at ? 0 : value;
}

static int part_in(const wsf__csv_column *c, int64_t row) {
  if (c->number) return isnan(c->number[row]) ? 0 : (int)c->number[row];
  const char *text = word_of(c, row);
  return text ? part_of(text) : 0;
}

/* ---- columns ------------------------------------------------------------------------------ */

typedef enum years { NO_YEARS, PLAIN, LETTERS, SPLIT } years;

static years years_of(const wsf__proposal *p, int k) {
  const wsf__csv_column *c = &p->csv.column[k];
  const bool fiscal = wsf__propose_called(c->name, WSF__CALLED_SEASON);
  if (!wsf__propose_may_be_part(p, k)) return NO_YEARS;
  if (c->number) {
    const bool called = fiscal || wsf__time_unit_called(c->name) == WSF__UNIT_YEAR;
    return called && wsf__propose_within(&p->csv, c, LEAST_YEAR, MOST_YEAR) ? PLAIN : NO_YEARS;
  }
  years all = SPLIT;
  for (int32_t i = 0; c->code && i < c->words.n && !wsf__propose_stopped(&p->csv, i); ++i) {
    bool split;
    if (!year_of(c->words.entry[i].text, &split)) return NO_YEARS;
    const bool fy = (c->words.entry[i].text[0] | 32) == 'f';
    const years is = split ? SPLIT : fy ? LETTERS : NO_YEARS;
    if (is < all) all = is;
  }
  return c->code && c->words.n > 0 ? all : NO_YEARS;
}

static bool called_period(const char *name) {
  static const char *const words[] = {"period", "Period", "PERIOD", "posting"};
  for (size_t i = 0; i < sizeof words / sizeof *words; ++i) {
    if (strstr(name, words[i])) return true;
  }
  return strcmp(name, "P") == 0 || strcmp(name, "Pd") == 0 || strcmp(name, "Per") == 0;
}

/* How many parts of a year a column of periods counts to; 0: it holds others. */
static int last_part(const wsf__csv *csv, const wsf__csv_column *c) {
  int last = 0, first = 99;
  for (int64_t i = 0; i < csv->rows && !wsf__propose_stopped(csv, i); ++i) {
    const bool none = c->number ? isnan(c->number[i]) : !c->code || c->code[i] < 0;
    if (none) continue;
    if (c->number && c->number[i] != floor(c->number[i])) return 0;
    if (c->number && !(c->number[i] >= 1 && c->number[i] <= 53)) return 0;
    const int part = part_in(c, i);
    if (part < 1 || part > 53) return 0;
    if (part > last) last = part;
    if (part < first) first = part;
  }
  const bool known = last == 4 || last == 12 || last == 13 || last == 52 || last == 53;
  return known && first == 1 ? last : 0;
}

/* The parts of a year in a column; 0: it holds none. */
static int parts_of(const wsf__proposal *p, int k, int32_t *unit) {
  *unit = WSF__UNIT_NONE;
  if (!wsf__propose_may_be_part(p, k)) return 0;
  for (*unit = WSF__UNIT_QUARTER; *unit <= WSF__UNIT_MONTH; ++*unit) {
    if (wsf__propose_counts(p, k, *unit)) return *unit == WSF__UNIT_MONTH ? 12 : 4;
  }
  *unit = WSF__UNIT_NONE;
  return called_period(p->csv.column[k].name) ? last_part(&p->csv, &p->csv.column[k]) : 0;
}

/* The part that the second year of the file begins with, or the file. */
static int first_part(const wsf__csv *csv, const wsf__csv_column *year,
                      const wsf__csv_column *part) {
  int before = 0;
  for (int64_t i = 0; i < csv->rows; ++i) {
    const int y = year_in(year, i);
    if (before && y == before + 1 && part_in(part, i) > 0) return part_in(part, i);
    if (y) before = y;
  }
  const int first = csv->rows > 0 ? part_in(part, 0) : 0;
  return first > 0 ? first : 1;
}

/* ---- formats ------------------------------------------------------------------------------ */

/* The words for a column's texts: FY%Y, P%m; false: they differ in what stands before a digit. */
static bool add_words(char out[2 * PREFIX], const wsf__csv_column *c, const char *four,
                      const char *two) {
  if (c->number) {
    (void)snprintf(out, 2 * PREFIX, "%s", four);
    return true;
  }
  const char *text = c->words.entry[0].text;
  const size_t n = prefix_of(text);
  if (!text[n]) {
    (void)snprintf(out, 2 * PREFIX, "%%b");
    return true;
  }
  for (int32_t i = 0; i < c->words.n; ++i) {
    const char *other = c->words.entry[i].text;
    if (prefix_of(other) != n || memcmp(other, text, n) != 0) return false;
  }
  if (n >= PREFIX || memchr(text, '%', n)) return false;
  (void)snprintf(out, 2 * PREFIX, "%.*s%s", (int)n, text, strlen(text + n) == 2 ? two : four);
  return true;
}

static bool set_format(wsf__proposal *p, int year, int part, int n) {
  const wsf__csv_column *a = &p->csv.column[year], *b = &p->csv.column[part];
  const bool weeks = n > 13;
  const char *word = weeks ? "%V" : n == 4 ? "%q" : "%m";
  char text[2][2 * PREFIX], both[4 * PREFIX + 1];
  if (!add_words(text[0], a, weeks ? "%G" : "%Y", weeks ? "%g" : "%y")) return false;
  if (!add_words(text[1], b, word, word)) return false;
  (void)snprintf(both, sizeof both, "%s %s", text[year > part], text[year < part]);
  p->dateformat = wsf__arena_text(&p->csv.arena, both, strlen(both));
  return p->dateformat != NULL;
}

bool wsf__propose_periods(wsf__proposal *p, int date) {
  int32_t unit = WSF__UNIT_NONE;
  int year = -1, part = -1, n = 0;
  years kind = NO_YEARS;
  for (int k = 0; k < p->csv.n_columns && year < 0; ++k) {
    kind = years_of(p, k);
    if (kind) year = k;
  }
  for (int k = 0; k < p->csv.n_columns && year >= 0 && part < 0; ++k) {
    n = k == year ? 0 : parts_of(p, k, &unit);
    if (n) part = k;
  }
  if (part < 0 || (date >= 0 && date != year && date != part)) return false;
  const wsf__csv_column *a = &p->csv.column[year], *b = &p->csv.column[part];
  const int start = unit == WSF__UNIT_MONTH ? first_part(&p->csv, a, b) : 1;
  if (kind == SPLIT || n == 13 || start != 1) {
    p->counted = (wsf__propose_count){.year = year, .part = part, .n = n, .start = start};
  } else if (n > 13 && !b->code && kind == PLAIN) {
    if (!set_format(p, year, part, n)) return false;
    wsf__propose_year_weeks(p, year, part);
  } else {
    if (!(kind == PLAIN && unit) && !set_format(p, year, part, n)) return false;
    wsf__propose_doubt(
        p,
        "%.40s of %.40s counts %s, read as those of the calendar's year, from January "
        "on",
        b->name, a->name,
        n > 13   ? "weeks"
        : n == 4 ? "quarters"
                 : "months");
  }
  p->column[year].part = p->column[part].part = WSF__PART_TIME;
  p->column[year].type = p->column[part].type = "date";
  return true;
}

/* ---- rows --------------------------------------------------------------------------------- */

/* The first row that does not follow the one before it of its series; -1: all do. */
static int64_t first_stray(const wsf__proposal *p) {
  const wsf__csv *csv = &p->csv;
  const wsf__propose_count *q = &p->counted;
  size_t slots = 16;
  while (slots < 2 * (size_t)csv->rows) slots *= 2;
  struct last {
    uint64_t key;
    int64_t at;
  } *slot = wsf__new_zero(&csv->env->alloc, slots, sizeof *slot);
  int64_t stray = slot ? -1 : 0;
  for (int64_t i = 0; slot && i < csv->rows && stray < 0 && !wsf__propose_stopped(csv, i); ++i) {
    const int year = year_in(&csv->column[q->year], i), part = part_in(&csv->column[q->part], i);
    const uint64_t hash = wsf__propose_hash(p, i, WSF__PART_KEY, -1);
    size_t s = (size_t)(hash >> 20) & (slots - 1);
    while (slot[s].key && slot[s].key != hash) s = (s + 1) & (slots - 1);
    const int64_t at = (int64_t)year * q->n + (part - q->start + q->n) % q->n;
    if (!year || part < 1 || part > q->n || (slot[s].key && at != slot[s].at + 1)) stray = i;
    slot[s].key = hash;
    slot[s].at = at;
  }
  wsf__delete(&csv->env->alloc, slot);
  return stray;
}

void wsf__propose_count_rows(wsf__proposal *p) {
  const wsf__propose_count *q = &p->counted;
  if (q->n == 0 || p->layout == WSF__LAYOUT_WIDE) return;
  const char *year = p->csv.column[q->year].name, *part = p->csv.column[q->part].name;
  const int64_t stray = first_stray(p);
  char first[32] = "";
  if (q->start != 1) (void)snprintf(first, sizeof first, " from month %d on", q->start);
  p->column[q->year].part = p->column[q->part].part = WSF__PART_PAST;
  p->season = q->n;
  p->twice = 0;
  if (stray < 0) {
    wsf__propose_doubt(p,
                       "%.40s and %.40s name %d periods of years of their own%s: rows are numbered "
                       "as they stand, season=%d is a year",
                       year, part, q->n, first, q->n);
    return;
  }
  wsf__propose_doubt(p,
                     "%.40s and %.40s name %d periods of years of their own%s, but line %lld does "
                     "not follow the one before it: rows are numbered as they stand (a line for "
                     "each period in order, or a column of dates, tells the time)",
                     year, part, q->n, first, (long long)p->csv.line[stray]);
}

void wsf__propose_doubt_fiscal(wsf__proposal *p) {
  enum { MONTHS = 12 };
  int year = -1, month = -1, times = 0;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    if (p->column[k].part != WSF__PART_TIME) continue;
    const bool of_years = wsf__time_unit_called(p->csv.column[k].name) == WSF__UNIT_YEAR;
    *(of_years ? &year : &month) = k;
    ++times;
  }
  if (times != 2 || year < 0 || month < 0) return;
  const wsf__csv_column *a = &p->csv.column[year], *b = &p->csv.column[month];
  const int start = first_part(&p->csv, a, b);
  if (start == 1 || start > MONTHS) return;
  p->counted = (wsf__propose_count){.year = year, .part = month, .n = MONTHS, .start = start};
  const int64_t stray = first_stray(p);
  p->counted = (wsf__propose_count){0};
  if (stray >= 0) return;
  wsf__propose_doubt(p,
                     "rows of each %.40s begin with month %d and go on without a gap, as those of "
                     "a fiscal year; they are read as of the calendar's (without time=, season=12 "
                     "numbers the rows as they stand)",
                     a->name, start);
}
