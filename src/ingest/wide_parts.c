/* Wide files whose times stand in parts, one in the names of columns, one or two in each line: a
 * line for each year, or for each series and year, and columns called Jan, M01, Q1, Week 1 or 1; a
 * line for each month, quarter or week, and columns of years; a line for each day, and columns of
 * hours; a line for each month and columns of its days, a line for each day and columns of the
 * year's months. Plain numbers up to 4 are quarters, up to 12 months, 24 of them hours, 28 to 31
 * beside months days, others weeks. */
#include "ingest/wide.h"

#include "calendar/time_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

bool wsf__wide_named(const wsf__load *load, const char *name) {
  return !name[0] || wsf__names_have(&load->keys, name) || wsf__names_have(&load->fixed, name) ||
         wsf__names_have(&load->text, name) || wsf__names_have(&load->number, name) ||
         wsf__names_have(&load->known, name) || wsf__names_have(&load->past, name);
}

/* H1, 00:00: an hour of the day; else what wsf__time_unit_read says. */
static bool names_unit(const char *name, int32_t *unit, int *value) {
  if (wsf__time_unit_read(name, strlen(name), unit, value)) return true;
  *unit = WSF__UNIT_HOUR;
  *value = 0;
  return wsf__time_is_clock(name);
}

static bool names_date(const char *name) {
  const wsf__time_style none = {0};
  wsf__time_seen seen = {0};
  wsf__time t;
  return wsf__time_read(name, strlen(name), &none, &t, &seen) && t.form != WSF__FORM_INTEGER;
}

/* What the one column of lines holds where columns are called by a unit: of years the part that the
 * name of their column says, or their words; of hours days; of days months; of months the days of
 * the one year that start= says; of anything else years. */
static int32_t unit_of_lines(const wsf__wide_periods *p, const wsf__csv *csv) {
  const int32_t called = wsf__time_unit_called(csv->column[p->line[0]].name);
  if (p->unit == WSF__UNIT_HOUR || p->unit == WSF__UNIT_DAY) return WSF__UNIT_NONE;
  if (p->unit == WSF__UNIT_MONTH && p->year[0]) return WSF__UNIT_DAY;
  return p->unit == WSF__UNIT_YEAR ? called : WSF__UNIT_YEAR;
}

/* The columns that `time` names: all of them, or none. */
static wsf_status find_lines(wsf__wide_periods *p, const wsf__csv *csv, const wsf__load *load,
                             wsf_error *err) {
  const int parts = load->time_parts.n;
  p->n_lines = 0;
  if (parts == 0) {
    p->line[0] = load->time ? wsf__csv_lookup(csv, load->time) : -1;
    p->n_lines = p->line[0] >= 0;
    return WSF_OK;
  }
  if (parts > WSF__WIDE_LINES) {
    (void)wsf__fail(err, WSF_E_VALUE,
                    "time names %d columns; one, or two such as of years and days, were expected "
                    "with layout=wide",
                    parts);
    wsf__error_at_field(err, "time");
    return WSF_E_VALUE;
  }
  for (int i = 0; i < parts; ++i) {
    const char *name = load->time_parts.name[i];
    WSF__TRY(wsf__csv_find(csv, name, &p->line[p->n_lines++], err));
    p->line_unit[i] = wsf__time_unit_called(name);
    if (p->line_unit[i]) continue;
    (void)wsf__fail(err, WSF_E_VALUE,
                    "the column may count anything; one called year, quarter, month, week or day "
                    "was expected, as time names two with layout=wide");
    wsf__error_at_field(err, name);
    return WSF_E_VALUE;
  }
  return WSF_OK;
}

static bool is_line(const wsf__wide_periods *p, int k) {
  return k == p->line[0] || (p->n_lines > 1 && k == p->line[1]);
}

/* What numbers count that columns are called by, up to `most`, beside what lines hold. */
static int32_t unit_of_numbers(const wsf__wide_periods *p, const wsf__csv *csv, int most) {
  enum { QUARTERS = 4, MONTHS = 12, HOURS = 24, DAYS = 31, LEAST_DAYS = 28 };
  bool months = false;
  for (int i = 0; i < p->n_lines; ++i)
    months |= wsf__time_unit_called(csv->column[p->line[i]].name) == WSF__UNIT_MONTH;
  if (months && p->n >= LEAST_DAYS && most <= DAYS) return WSF__UNIT_DAY;
  return most <= QUARTERS                 ? WSF__UNIT_QUARTER
         : most <= MONTHS                 ? WSF__UNIT_MONTH
         : p->n == HOURS && most <= HOURS ? WSF__UNIT_HOUR
                                          : WSF__UNIT_WEEK;
}

/* The year that start= says of months across and days down. */
static wsf_status find_year(wsf__wide_periods *p, const wsf__csv *csv, const wsf__load *load,
                            wsf_error *err) {
  wsf__time first;
  int64_t year;
  int month, day;
  const bool days = p->n_lines == 1 && p->unit == WSF__UNIT_MONTH &&
                    wsf__time_unit_called(csv->column[p->line[0]].name) == WSF__UNIT_DAY;
  if (!load->start || !days) return WSF_OK;
  const wsf_status status =
      wsf__time_read_alone(&first, load->start, strlen(load->start), WSF_E_VALUE, err);
  if (status != WSF_OK || !wsf__time_of_number(&first)) {
    if (status == WSF_OK) (void)wsf__fail(err, WSF_E_VALUE, "start is no date of a year");
    wsf__error_at_field(err, "start");
    return WSF_E_VALUE;
  }
  wsf__civil_from_days(wsf__floor_div(first.value, 86400), &year, &month, &day);
  (void)snprintf(p->year, sizeof p->year, "%04d", (int)year);
  return WSF_OK;
}

wsf_status wsf__wide_find_units(wsf__wide_periods *p, const wsf__csv *csv, const wsf__load *load,
                                bool *found, wsf_error *err) {
  int32_t unit;
  int value, most = 0;
  *found = false;
  p->n = 0;
  WSF__TRY(find_lines(p, csv, load, err));
  if (p->n_lines == 0) return WSF_OK;
  int units[WSF__UNIT_HOUR + 1] = {0}, dates = 0;
  p->unit = -1;
  for (int k = csv->n_columns; k-- > 0;) {
    const char *name = csv->column[k].name;
    if (is_line(p, k) || wsf__wide_named(load, name)) continue;
    if (names_date(name)) {
      ++dates;
    } else if (names_unit(name, &unit, &value)) {
      ++units[unit];
      if (p->unit < 0) p->unit = unit;
    }
  }
  for (unit = 0; unit <= WSF__UNIT_HOUR && p->unit >= 0; ++unit)
    p->unit = units[unit] > units[p->unit] ? unit : p->unit;
  if (dates > 0 && (p->unit < 0 || dates >= units[p->unit])) return WSF_OK;
  for (int k = 0; k < csv->n_columns; ++k) {
    const char *name = csv->column[k].name;
    if (is_line(p, k) || wsf__wide_named(load, name)) continue;
    if (!names_unit(name, &unit, &value) || unit != p->unit) continue;
    if (value > most) most = value;
    p->column[p->n++] = k;
  }
  if (p->n == 0) return WSF_OK;
  if (p->unit == WSF__UNIT_NONE) p->unit = unit_of_numbers(p, csv, most);
  WSF__TRY(find_year(p, csv, load, err));
  if (p->n_lines == 1) p->line_unit[0] = unit_of_lines(p, csv);
  *found = true;
  return WSF_OK;
}

/* Each row's combination of the words of its line's columns; row[i]: the first with the i-th. */
static wsf_status find_tuples(wsf__wide_periods *p, wsf__arena *arena, const wsf__csv *csv,
                              int64_t **row, int32_t *n, wsf_error *err) {
  wsf__dict found;
  p->tuple = wsf__arena_new(arena, (size_t)csv->rows, sizeof *p->tuple);
  *row = wsf__arena_new(arena, (size_t)csv->rows, sizeof **row);
  if (!p->tuple || !*row) return wsf__fail_memory(err);
  wsf__dict_init(&found, arena);
  wsf_status status = WSF_OK;
  for (int64_t i = 0; i < csv->rows && status == WSF_OK; ++i) {
    int32_t code[WSF__WIDE_LINES] = {0};
    for (int k = 0; k < p->n_lines; ++k) code[k] = csv->column[p->line[k]].code[i];
    const char *bytes = (const char *)code;
    const int32_t before = found.n;
    p->tuple[i] = wsf__dict_put(&found, bytes, sizeof code, wsf__dict_head(bytes, sizeof code));
    status = p->tuple[i] < 0 ? wsf__fail_memory(err) : wsf__go_on(csv->env, i, err);
    if (found.n > before) (*row)[before] = i;
  }
  *n = found.n;
  wsf__dict_free(&found);
  return status;
}

/* The texts of a row's parts, in the order of p->line, and the year of all, if there is one. */
static int texts_of(const wsf__wide_periods *p, const wsf__csv *csv, int64_t row,
                    const char *text[WSF__WIDE_LINES + 1]) {
  int n = 0;
  for (; n < p->n_lines; ++n) {
    const wsf__csv_column *c = &csv->column[p->line[n]];
    text[n] = c->words.entry[c->code[row]].text;
  }
  if (p->year[0]) text[n++] = p->year;
  return n;
}

/* The time of each combination in each period, by a style; what is none stays so. */
static void join_all(wsf__wide_periods *p, const wsf__csv *csv, const int64_t *row, int32_t tuples,
                     const wsf__time_style *style, wsf__time_seen *seen) {
  int32_t unit[WSF__WIDE_LINES + 2] = {0};
  for (int k = 0; k < p->n_lines; ++k) {
    const wsf__csv_column *c = &csv->column[p->line[k]];
    wsf__unit_seen words = {0};
    for (int32_t i = 0; i < c->words.n; ++i) {
      wsf__unit_see(&words, c->words.entry[i].text, (size_t)c->words.entry[i].length);
    }
    unit[k] = wsf__unit_settle(&words, p->line_unit[k], false);
  }
  if (p->year[0]) unit[p->n_lines] = WSF__UNIT_YEAR;
  for (int32_t i = 0; i < tuples; ++i) {
    const char *text[WSF__WIDE_LINES + 2];
    const int parts = texts_of(p, csv, row[i], text);
    unit[parts] = p->unit;
    for (int j = 0; j < p->n; ++j) {
      const int64_t at = (int64_t)i * p->n + j;
      wsf__time t = {0};
      text[parts] = csv->column[p->column[j]].name;
      p->exists[at] = wsf__time_join(unit, text, parts + 1, style, &t, seen) && !t.zoned;
      p->time[at] = t.value;
    }
  }
}

/* Only the lines that make a time; a value in the 53rd week of a year of 52, on 30 February, is
 * told. */
static void keep_lines(wsf__wide_periods *p, wsf__csv *csv, const bool *part, bool *stays) {
  const char *text[WSF__WIDE_LINES + 1];
  int64_t n = 0;
  for (int64_t row = 0; row < csv->rows; ++row) {
    stays[row] = part[p->tuple[row]];
    const int parts = texts_of(p, csv, row, text);
    if (!stays[row]) wsf__csv_reject_row(csv, WSF__CSV_BAD_TIME, p->line[0], row, text, parts);
    if (stays[row]) p->tuple[n++] = p->tuple[row];
  }
  wsf__csv_keep(csv, stays);
  for (int64_t row = 0; row < csv->rows; ++row) {
    for (int j = 0; j < p->n; ++j) {
      if (p->exists[(int64_t)p->tuple[row] * p->n + j]) continue;
      if (isnan(csv->column[p->column[j]].number[row])) continue;
      const int parts = texts_of(p, csv, row, text);
      wsf__csv_reject_row(csv, WSF__CSV_NO_PERIOD, p->column[j], row, text, parts);
    }
  }
}

wsf_status wsf__wide_read_parts(wsf__wide_periods *p, wsf__arena *arena, wsf__csv *csv,
                                wsf_error *err) {
  wsf__time_style style;
  wsf__time_seen seen = {0};
  int64_t *row;
  int32_t tuples;
  size_t cells;
  WSF__TRY(find_tuples(p, arena, csv, &row, &tuples, err));
  if (!wsf__mul((size_t)tuples, (size_t)p->n, &cells)) return wsf__fail_memory(err);
  p->form = p->unit == WSF__UNIT_HOUR ? WSF__FORM_TIME : WSF__FORM_DATE;
  p->time = wsf__arena_new(arena, cells, sizeof *p->time);
  p->exists = wsf__arena_zero(arena, cells, sizeof *p->exists);
  bool *part = wsf__arena_zero(arena, (size_t)tuples, sizeof *part);
  bool *stays = wsf__arena_new(arena, (size_t)csv->rows, sizeof *stays);
  if (!p->time || !p->exists || !part || !stays) return wsf__fail_memory(err);
  join_all(p, csv, row, tuples, &csv->given_time, &seen);
  if (!wsf__time_settle(&style, &csv->given_time, &seen)) {
    (void)wsf__fail(err, WSF_E_DATA,
                    "the dates may be read month first or day first; dayfirst=true or false says "
                    "which");
    wsf__error_at_field(err, csv->column[p->line[0]].name);
    return WSF_E_DATA;
  }
  if (style.order == WSF__DAY_FIRST) join_all(p, csv, row, tuples, &style, &seen);
  if (p->form == WSF__FORM_TIME) {
    WSF__TRY(wsf__csv_settle_cells(csv, p->line[0], p->time, (int64_t)cells, err));
  }
  for (size_t i = 0; i < cells; ++i) part[i / (size_t)p->n] |= p->exists[i];
  keep_lines(p, csv, part, stays);
  return wsf__load_check(csv, err);
}
