/* Wide files whose times stand in two parts, one in the names of columns, one in each line: a line
 * for each year, or for each series and year, and columns called Jan, M01, Q1, Week 1 or 1; a line
 * for each month, quarter or week, and columns of years; a line for each day, and columns of hours.
 * Plain numbers up to 4 are quarters, up to 12 months, 24 of them hours, others weeks. */
#include "ingest/wide.h"

#include "calendar/time_parts.h"

#include <math.h>
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

/* What lines hold where columns are called by a unit: of years the part that the name of their
 * column says, or their words; of hours days; of anything else years. */
static int32_t unit_of_lines(const wsf__wide_periods *p, const wsf__csv *csv) {
  if (p->unit == WSF__UNIT_HOUR) return WSF__UNIT_NONE;
  return p->unit == WSF__UNIT_YEAR ? wsf__time_unit_called(csv->column[p->line].name)
                                   : WSF__UNIT_YEAR;
}

wsf_status wsf__wide_find_units(wsf__wide_periods *p, const wsf__csv *csv, const wsf__load *load,
                                bool *found, wsf_error *err) {
  enum { QUARTERS = 4, MONTHS = 12, HOURS = 24 };
  int32_t unit;
  int value, most = 0;
  *found = false;
  p->n = 0;
  p->line = load->time ? wsf__csv_lookup(csv, load->time) : -1;
  if (p->line < 0) return WSF_OK;
  if (load->time_parts.n > 0) {
    (void)wsf__fail(err, WSF_E_VALUE,
                    "time names %d columns; one, of the years, was expected with layout=wide",
                    load->time_parts.n);
    wsf__error_at_field(err, "time");
    return WSF_E_VALUE;
  }
  p->unit = -1;
  for (int k = csv->n_columns; k-- > 0;) {
    const char *name = csv->column[k].name;
    if (k == p->line || wsf__wide_named(load, name)) continue;
    if (names_date(name)) return WSF_OK;
    if (p->unit < 0 && names_unit(name, &unit, &value)) p->unit = unit;
  }
  for (int k = 0; k < csv->n_columns; ++k) {
    const char *name = csv->column[k].name;
    if (k == p->line || wsf__wide_named(load, name)) continue;
    if (!names_unit(name, &unit, &value) || unit != p->unit) continue;
    if (value > most) most = value;
    p->column[p->n++] = k;
  }
  if (p->n == 0) return WSF_OK;
  if (p->unit == WSF__UNIT_NONE) {
    p->unit = most <= QUARTERS                 ? WSF__UNIT_QUARTER
              : most <= MONTHS                 ? WSF__UNIT_MONTH
              : p->n == HOURS && most <= HOURS ? WSF__UNIT_HOUR
                                               : WSF__UNIT_WEEK;
  }
  p->line_unit = unit_of_lines(p, csv);
  *found = true;
  return WSF_OK;
}

/* The time of each word of the lines' column in each period, by a style; what is none stays so. */
static void join_all(wsf__wide_periods *p, const wsf__csv *csv, const wsf__time_style *style,
                     wsf__time_seen *seen) {
  const wsf__csv_column *c = &csv->column[p->line];
  wsf__unit_seen words = {0};
  for (int32_t i = 0; i < c->words.n; ++i) {
    wsf__unit_see(&words, c->words.entry[i].text, (size_t)c->words.entry[i].length);
  }
  const int32_t unit[] = {wsf__unit_settle(&words, p->line_unit, false), p->unit};
  for (int32_t i = 0; i < c->words.n; ++i) {
    for (int j = 0; j < p->n; ++j) {
      const char *text[] = {c->words.entry[i].text, csv->column[p->column[j]].name};
      const int64_t at = (int64_t)i * p->n + j;
      wsf__time t = {0};
      p->exists[at] = wsf__time_join(unit, text, 2, style, &t, seen) && !t.zoned;
      p->time[at] = t.value;
    }
  }
}

wsf_status wsf__wide_read_parts(wsf__wide_periods *p, wsf__arena *arena, wsf__csv *csv,
                                wsf_error *err) {
  const wsf__csv_column *c = &csv->column[p->line];
  wsf__time_style style;
  wsf__time_seen seen = {0};
  size_t cells;
  if (!wsf__mul((size_t)c->words.n, (size_t)p->n, &cells)) return wsf__fail_memory(err);
  p->form = p->unit == WSF__UNIT_HOUR ? WSF__FORM_TIME : WSF__FORM_DATE;
  p->time = wsf__arena_new(arena, cells, sizeof *p->time);
  p->exists = wsf__arena_zero(arena, cells, sizeof *p->exists);
  bool *part = wsf__arena_zero(arena, (size_t)c->words.n, sizeof *part);
  bool *stays = wsf__arena_new(arena, (size_t)csv->rows, sizeof *stays);
  if (!p->time || !p->exists || !part || !stays) return wsf__fail_memory(err);
  join_all(p, csv, &csv->given_time, &seen);
  if (!wsf__time_settle(&style, &csv->given_time, &seen)) {
    (void)wsf__fail(err, WSF_E_DATA,
                    "the dates may be read month first or day first; dayfirst=true or false says "
                    "which");
    wsf__error_at_field(err, c->name);
    return WSF_E_DATA;
  }
  if (style.order == WSF__DAY_FIRST) join_all(p, csv, &style, &seen);
  if (p->form == WSF__FORM_TIME) {
    WSF__TRY(wsf__csv_settle_cells(csv, p->line, p->time, (int64_t)cells, err));
  }
  for (size_t i = 0; i < cells; ++i) part[i / (size_t)p->n] |= p->exists[i];
  for (int64_t row = 0; row < csv->rows; ++row) {
    stays[row] = part[c->code[row]];
    const char *text = c->words.entry[c->code[row]].text;
    if (!stays[row]) wsf__csv_reject_row(csv, WSF__CSV_BAD_TIME, p->line, row, &text, 1);
  }
  wsf__csv_keep(csv, stays);
  /* A value in the 53rd week of a year of 52. */
  for (int64_t row = 0; row < csv->rows; ++row) {
    for (int j = 0; j < p->n; ++j) {
      if (p->exists[(int64_t)c->code[row] * p->n + j]) continue;
      if (isnan(csv->column[p->column[j]].number[row])) continue;
      const char *text = c->words.entry[c->code[row]].text; /* a year without the column's period */
      wsf__csv_reject_row(csv, WSF__CSV_NO_PERIOD, p->column[j], row, &text, 1);
    }
  }
  return wsf__load_check(csv, err);
}
