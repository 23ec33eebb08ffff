/* Tables of an unknown file that hold a year's days in a square, months one way and days the other:
 * their time has three parts, of which the year stands in a column of its own, in the months, or in
 * the name of the file alone. */
#include "ingest/propose.h"

#include "calendar/time_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LEAST_DAYS = 28, MOST_DAYS = 31 };

/* A column of lines that counts such a unit; of days, to the end of a month. */
static int find_lines(const wsf__proposal *p, int32_t unit) {
  for (int k = 0; k < p->csv.n_columns; ++k) {
    if (p->column[k].part != WSF__PART_PAST || !wsf__propose_counts(p, k, unit)) continue;
    const wsf__csv_column *c = &p->csv.column[k];
    const int64_t values = c->code ? c->words.n : p->column[k].distinct;
    if (unit != WSF__UNIT_DAY || (values >= LEAST_DAYS && values <= MOST_DAYS)) return k;
  }
  return -1;
}

static void take_time(wsf__proposal *p, int k) {
  p->column[k].part = WSF__PART_TIME;
  p->column[k].type = "date";
}

bool wsf__propose_day_parts(wsf__proposal *p, int32_t unit, int n) {
  const bool days = unit == WSF__UNIT_NONE && n >= LEAST_DAYS && n <= MOST_DAYS;
  if (unit != WSF__UNIT_MONTH && !days) return false;
  const int k = find_lines(p, days ? WSF__UNIT_MONTH : WSF__UNIT_DAY);
  if (k < 0 || (days && wsf__time_unit_called(p->csv.column[k].name) != WSF__UNIT_MONTH)) {
    return false;
  }
  take_time(p, k);
  return true;
}

/* The one year of four digits that a path ends with; 0: there is none, or several. */
static int year_of_path(const char *path) {
  const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
  int found = 0;
  for (const char *at = name; *at;) {
    size_t digits = 0;
    int year = 0;
    while (wsf__is_digit(at[digits])) {
      if (digits < 4) year = year * 10 + (at[digits] - '0');
      ++digits;
    }
    if (digits == 4 && year >= 1900 && year <= 2100) {
      if (found && found != year) return 0;
      found = year;
    }
    at += digits > 0 ? digits : 1;
  }
  return found;
}

bool wsf__propose_day_lines(wsf__proposal *p) {
  const int day = find_lines(p, WSF__UNIT_DAY);
  const int year = day < 0 ? 0 : year_of_path(p->csv.file);
  if (day < 0) return false;
  const char *name = p->csv.column[day].name;
  if (year == 0 || wsf__time_unit_called(name) != WSF__UNIT_DAY) {
    wsf__propose_doubt(
        p,
        "%.40s counts days of the months across, of which nothing says the year; each "
        "day is a series of its own (time=%.40s, start=\"2023-01-01\" reads the days "
        "of that year)",
        name, name);
    return true;
  }
  take_time(p, day);
  p->years = true;
  (void)snprintf(p->start, sizeof p->start, "%d-01-01", year);
  wsf__propose_doubt(p,
                     "months and days are read as those of %d, which the file is called by "
                     "(start= says another year)",
                     year);
  return true;
}

/* The month that a text names, with its year and without a day. */
static bool is_month(const char *text, size_t length) {
  const wsf__time_style none = {0};
  wsf__time_seen seen = {0};
  wsf__time t;
  return wsf__time_read(text, length, &none, &t, &seen) && t.form == WSF__FORM_DATE &&
         t.grain == WSF__GRAIN_MONTH;
}

bool wsf__propose_days_across(wsf__proposal *p) {
  const wsf__csv *csv = &p->csv;
  int64_t day = 0, number;
  int time = -1, times = 0;
  for (int k = 0; k < csv->n_columns; ++k) {
    const char *name = csv->column[k].name;
    times += p->column[k].part == WSF__PART_TIME;
    if (p->column[k].part == WSF__PART_TIME) time = k;
    if (!csv->column[k].number || !wsf__integer_parse(name, strlen(name), &number)) continue;
    if (number != ++day) return false;
  }
  if (times != 1 || day < LEAST_DAYS || day > MOST_DAYS || p->dateformat) return false;
  const wsf__csv_column *c = &csv->column[time];
  for (int32_t i = 0; c->code && i < c->words.n && !wsf__propose_stopped(&p->csv, i); ++i) {
    const wsf__dict_entry *e = &c->words.entry[i];
    const bool none = wsf__propose_no_part(e->text, (size_t)e->length);
    if (!none && !is_month(e->text, (size_t)e->length)) return false;
  }
  if (!c->code) return false;
  p->layout = WSF__LAYOUT_WIDE;
  p->years = true;
  for (int k = 0; k < csv->n_columns; ++k) {
    const char *name = csv->column[k].name;
    if (!csv->column[k].number) continue;
    if (wsf__integer_parse(name, strlen(name), &number)) {
      p->column[k].part = WSF__PART_PERIOD;
    } else if (wsf__propose_total_name(name)) {
      p->total_column = true;
      p->column[k].part = WSF__PART_NONE;
    }
  }
  return true;
}
