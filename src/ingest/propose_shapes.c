/* What the shape of a table tells beside its parts: days of months across, periods that are counted
 * down, rows ahead of the last value that hold what is known of them, days of no year. */
#include "ingest/propose.h"

#include "base/text.h"
#include "calendar/time_read.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* 1, .., 31 beside months down. */
static void doubt_days(wsf__proposal *p) {
  enum { LEAST = 28, MOST = 31 };
  int series = 0, time = -1;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const char *name = p->csv.column[k].name;
    int64_t day;
    if (p->column[k].part == WSF__PART_TIME) time = k;
    if (p->column[k].part != WSF__PART_SERIES) continue;
    if (!wsf__integer_parse(name, strlen(name), &day) || day != ++series) return;
  }
  if (series < LEAST || series > MOST || time < 0) return;
  wsf__propose_doubt(
      p,
      "columns 1 to %d look like the days of %.40s, which no layout reads; each is a "
      "series of its own (a column of dates and one of values is read as one series "
      "of days)",
      series, p->csv.column[time].name);
}

/* M-12, .., M-1: a minus before numbers that fall from column to column. */
static void doubt_count_down(wsf__proposal *p) {
  enum { LEAST = 3 };
  const char *first = NULL, *last = NULL;
  int64_t before = INT64_MAX, number;
  int n = 0;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const char *name = p->csv.column[k].name;
    if (p->column[k].part != WSF__PART_PERIOD) continue;
    const size_t stem = wsf__propose_stem(name);
    if (stem == 0 || name[stem - 1] != '-' ||
        (stem > 1 && name[stem - 2] >= '0' && name[stem - 2] <= '9'))
      return;
    if (!wsf__integer_parse(name + stem, strlen(name + stem), &number) || number >= before) return;
    before = number;
    if (!first) first = name;
    last = name;
    ++n;
  }
  if (n < LEAST) return;
  wsf__propose_doubt(p,
                     "columns %.20s to %.20s count down to now, but their numbers are read as "
                     "periods that count up: the history is turned round (other names, 1, 2, .. "
                     "from the oldest on, keep it)",
                     first, last);
}

/* The rows whose time lies behind that of the last value of the target. ahead: scratch of rows. */
static int64_t rows_ahead(wsf__proposal *p, int time, const double *y, bool *ahead) {
  const wsf__csv *csv = &p->csv;
  const wsf__propose_words *w = wsf__propose_words_of(p, time);
  const int32_t *code = csv->column[time].code;
  int64_t last = INT64_MIN, n = 0;
  if (!w->form) return 0;
  for (int pass = 0; pass < 2; ++pass) {
    for (int64_t i = 0; i < csv->rows && !wsf__propose_stopped(csv, i); ++i) {
      const bool timed = code[i] >= 0 && code[i] < w->n && (w->is[code[i]] & WSF__WORD_TIME);
      if (!timed) continue;
      const int64_t at = w->time[code[i]];
      if (pass == 0 && !isnan(y[i]) && at > last) last = at;
      if (pass == 1 && at > last) ahead[i] = ++n > 0;
    }
  }
  return last == INT64_MIN ? 0 : n;
}

static void doubt_ahead(wsf__proposal *p) {
  const wsf__csv *csv = &p->csv;
  int time = -1, target = -1, times = 0, n = 0, length = 0;
  char text[96] = "";
  for (int k = 0; k < csv->n_columns; ++k) {
    times += p->column[k].part == WSF__PART_TIME;
    if (p->column[k].part == WSF__PART_TIME) time = k;
    if (p->column[k].part == WSF__PART_TARGET) target = k;
  }
  if (times != 1 || target < 0 || !csv->column[time].code || !csv->column[target].number) return;
  bool *ahead = wsf__arena_zero(&p->csv.arena, (size_t)csv->rows + 1, sizeof *ahead);
  const int64_t rows = ahead ? rows_ahead(p, time, csv->column[target].number, ahead) : 0;
  for (int k = 0; k < csv->n_columns && rows > 0; ++k) {
    const double *x = csv->column[k].number;
    bool filled = p->column[k].part == WSF__PART_PAST && x && csv->column[k].name[0];
    for (int64_t i = 0; i < csv->rows && filled; ++i) filled = !ahead[i] || !isnan(x[i]);
    if (!filled || n++ >= 3) continue;
    length += snprintf(text + length, sizeof text - (size_t)length, "%s%.24s", n > 1 ? "," : "",
                       csv->column[k].name);
  }
  if (n == 0) return;
  wsf__propose_doubt(p,
                     "%lld rows behind the last value of %.40s hold other columns (known=[%s%s] "
                     "takes these as known ahead; without it they are known of the past alone)",
                     (long long)rows, csv->column[target].name, text, n > 3 ? ",.." : "");
}

/* Months across from April to March beside years down: those of a company. They are read in the
 * calendar's year that the line says, or, where it says none, as series of years. */
static void doubt_months(wsf__proposal *p) {
  enum { MONTHS = 12 };
  const bool pivot = p->layout == WSF__LAYOUT_PIVOT;
  const wsf__part part = pivot ? WSF__PART_SERIES : WSF__PART_PERIOD;
  const char *first = NULL, *last = NULL, *time = NULL;
  int begin = 0, before = 0, n = 0;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const char *name = p->csv.column[k].name;
    size_t length = strlen(name);
    if (p->column[k].part == WSF__PART_TIME) time = name;
    if (p->column[k].part != part) continue;
    const int month = wsf__month_name(name, &length);
    if (!month || name[length] || (n > 0 && month != before % MONTHS + 1)) return;
    if (n++ == 0) first = name;
    if (!begin) begin = month;
    last = name;
    before = month;
  }
  if (n != MONTHS || !time || (!pivot && (!p->years || begin == 1))) return;
  if (pivot) {
    wsf__propose_doubt(
        p,
        "columns %.20s to %.20s are months, each of which is read as a series of its "
        "own, of years (a column of whole years in place of %.40s, called Year, "
        "makes them one series)",
        first, last, time);
    return;
  }
  wsf__propose_doubt(
      p,
      "columns run from %.20s to %.20s, as months of a fiscal year, but each is read "
      "in the calendar's year that %.40s says: %.20s as the %d. month of it (a line "
      "for each month, with its own year, tells which it is of)",
      first, last, time, last, before);
}

void wsf__propose_doubt_shape(wsf__proposal *p) {
  if (p->layout != WSF__LAYOUT_LONG) doubt_months(p);
  if (p->layout == WSF__LAYOUT_PIVOT) doubt_days(p);
  if (p->layout == WSF__LAYOUT_WIDE) doubt_count_down(p);
  if (p->layout == WSF__LAYOUT_LONG) doubt_ahead(p);
}

/* Jan 01: the month and the two digits; false: it is none such. */
static bool month_and_digits(const wsf__dict_entry *e, int *month, int *number) {
  size_t n = (size_t)e->length;
  *month = wsf__month_name(e->text, &n);
  if (!*month) return false;
  while (n < (size_t)e->length && strchr(" .-", e->text[n])) ++n;
  if ((size_t)e->length != n + 2) return false;
  const int tens = e->text[n] - '0', ones = e->text[n + 1] - '0';
  *number = 10 * tens + ones;
  return tens >= 0 && tens <= 3 && ones >= 0 && ones <= 9;
}

/* One month from its first day on: no series of Januaries begins in 2001 and goes on so. */
static bool one_month(const wsf__csv_column *c) {
  enum { LEAST = 3 };
  int month = 0, first = 0, number = 0;
  for (int32_t i = 0; i < c->words.n; ++i) {
    if (!month_and_digits(&c->words.entry[i], &month, &number) || number != i + 1) return false;
    if (i == 0) first = month;
    if (month != first) return false;
  }
  return c->words.n >= LEAST;
}

bool wsf__propose_days_of_month(const wsf__csv_column *c) {
  enum { LEAST = 28, MOST = 31 };
  int month = 0, number = 0, last_month = 0, last = 0;
  int32_t days = 0, turns = 0;
  for (int32_t i = 0; i < c->words.n; ++i) {
    if (!month_and_digits(&c->words.entry[i], &month, &number) || number > MOST) return false;
    const bool next = month == last_month % 12 + 1;
    days += month == last_month && number == last + 1;
    turns += next && last >= LEAST && number == 1;
    last_month = month;
    last = number;
  }
  return (turns > 0 && 2 * days > c->words.n) || one_month(c);
}
