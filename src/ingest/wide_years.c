/* Wide files with a line for each year, or for each series and year: period columns are called Jan,
 * M01, Q1, Week 1 or 1, and a column holds the year. Plain numbers up to 4 are quarters, up to 12
 * months, above them weeks. */
#include "ingest/wide.h"

#include "calendar/time_parts.h"

#include <math.h>
#include <string.h>

bool wsf__wide_named(const wsf__load *load, const char *name) {
  return !name[0] || wsf__names_have(&load->keys, name) || wsf__names_have(&load->fixed, name) ||
         wsf__names_have(&load->text, name) || wsf__names_have(&load->number, name) ||
         wsf__names_have(&load->known, name) || wsf__names_have(&load->past, name);
}

static bool names_unit(const char *name, int32_t *unit, int *value) {
  return wsf__time_unit_read(name, strlen(name), unit, value) && *unit != WSF__UNIT_YEAR;
}

static bool names_date(const char *name) {
  const wsf__time_style none = {0};
  wsf__time_seen seen = {0};
  wsf__time t;
  return wsf__time_read(name, strlen(name), &none, &t, &seen) && t.form != WSF__FORM_INTEGER;
}

wsf_status wsf__wide_find_units(wsf__wide_periods *p, const wsf__csv *csv, const wsf__load *load,
                                bool *found, wsf_error *err) {
  int32_t unit;
  int value, most = 0;
  *found = false;
  p->n = 0;
  p->year = load->time ? wsf__csv_lookup(csv, load->time) : -1;
  if (p->year < 0) return WSF_OK;
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
    if (k == p->year || wsf__wide_named(load, name)) continue;
    if (names_date(name)) return WSF_OK;
    if (p->unit < 0 && names_unit(name, &unit, &value)) p->unit = unit;
  }
  for (int k = 0; k < csv->n_columns; ++k) {
    const char *name = csv->column[k].name;
    if (k == p->year || wsf__wide_named(load, name)) continue;
    if (!names_unit(name, &unit, &value) || unit != p->unit) continue;
    if (value > most) most = value;
    p->column[p->n++] = k;
  }
  if (p->n == 0) return WSF_OK;
  if (p->unit == WSF__UNIT_NONE) {
    p->unit = most <= 4 ? WSF__UNIT_QUARTER : most <= 12 ? WSF__UNIT_MONTH : WSF__UNIT_WEEK;
  }
  *found = true;
  return WSF_OK;
}

wsf_status wsf__wide_read_years(wsf__wide_periods *p, wsf__arena *arena, wsf__csv *csv,
                                wsf_error *err) {
  const wsf__csv_column *c = &csv->column[p->year];
  const int32_t unit[] = {WSF__UNIT_YEAR, p->unit};
  wsf__time_seen seen = {0};
  size_t cells;
  if (!wsf__mul((size_t)c->words.n, (size_t)p->n, &cells)) return wsf__fail_memory(err);
  p->form = WSF__FORM_DATE;
  p->time = wsf__arena_new(arena, cells, sizeof *p->time);
  p->exists = wsf__arena_zero(arena, cells, sizeof *p->exists);
  bool *year = wsf__arena_zero(arena, (size_t)c->words.n, sizeof *year);
  bool *stays = wsf__arena_new(arena, (size_t)csv->rows, sizeof *stays);
  if (!p->time || !p->exists || !year || !stays) return wsf__fail_memory(err);
  for (int32_t i = 0; i < c->words.n; ++i) {
    for (int j = 0; j < p->n; ++j) {
      const char *text[] = {c->words.entry[i].text, csv->column[p->column[j]].name};
      const int64_t at = (int64_t)i * p->n + j;
      wsf__time t = {0};
      p->exists[at] = wsf__time_join(unit, text, 2, &csv->given_time, &t, &seen);
      p->time[at] = t.value;
      year[i] |= p->exists[at];
    }
  }
  for (int64_t row = 0; row < csv->rows; ++row) {
    stays[row] = year[c->code[row]];
    const char *text = c->words.entry[c->code[row]].text;
    if (!stays[row]) wsf__csv_reject_row(csv, WSF__CSV_BAD_TIME, p->year, row, &text, 1);
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
