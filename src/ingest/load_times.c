/* Times that stand in several columns, time=[year, month]: the texts of a row are one time
 * (calendar/time_parts.h), read once for each combination that the file holds. A row whose parts
 * make no time is rejected, as one whose only column holds none. */
#include "ingest/load.h"

#include "calendar/time_parts.h"

#include <string.h>

typedef struct parts {
  int n;
  int column[WSF__TIME_PARTS];
  int32_t unit[WSF__TIME_PARTS];
  int64_t rows;
  int32_t *tuple; /* [rows] the combination of each row */
  int64_t n_tuples;
  int64_t *row;       /* [n_tuples] the first row of each */
  wsf__time *time;    /* [n_tuples] */
  bool *good, *stays; /* [n_tuples], [rows] */
} parts;

const char *wsf__load_time_name(wsf__arena *arena, const wsf__load *load) {
  if (load->time_parts.n == 0) return load->time ? load->time : "time";
  size_t length = 0;
  for (int i = 0; i < load->time_parts.n; ++i) length += strlen(load->time_parts.name[i]) + 1;
  char *name = wsf__arena_new(arena, length, 1), *at = name;
  for (int i = 0; name && i < load->time_parts.n; ++i) {
    const size_t n = strlen(load->time_parts.name[i]);
    memcpy(at, load->time_parts.name[i], n);
    at += n;
    *at++ = i + 1 < load->time_parts.n ? '_' : '\0';
  }
  return name;
}

wsf_status wsf__load_check_parts(const wsf__load *load, wsf_error *err) {
  if (load->time_parts.n <= WSF__TIME_PARTS) return WSF_OK;
  (void)wsf__fail(err, WSF_E_VALUE, "time names %d columns, expected at most %d",
                  load->time_parts.n, (int)WSF__TIME_PARTS);
  wsf__error_at_field(err, "time");
  return WSF_E_VALUE;
}

/* ---- combinations ------------------------------------------------------------------------- */

static void texts_of(const parts *p, const wsf__csv *csv, int64_t row,
                     const char *text[WSF__TIME_PARTS]) {
  for (int i = 0; i < p->n; ++i) {
    const wsf__csv_column *c = &csv->column[p->column[i]];
    text[i] = c->words.entry[c->code[row]].text;
  }
}

static wsf_status find_tuples(parts *p, wsf__arena *arena, const wsf__csv *csv, wsf_error *err) {
  const size_t rows = (size_t)csv->rows, bytes = (size_t)p->n * sizeof(int32_t);
  wsf__dict found;
  p->rows = csv->rows;
  p->tuple = wsf__arena_new(arena, rows, sizeof *p->tuple);
  p->stays = wsf__arena_zero(arena, rows, sizeof *p->stays);
  if (!p->tuple || !p->stays) return wsf__fail_memory(err);
  wsf__dict_init(&found, arena);
  wsf_status status = WSF_OK;
  for (int64_t row = 0; row < csv->rows && status == WSF_OK; ++row) {
    int32_t code[WSF__TIME_PARTS];
    status = wsf__go_on(csv->env, row, err);
    if (status != WSF_OK) break;
    for (int i = 0; i < p->n; ++i) code[i] = csv->column[p->column[i]].code[row];
    p->tuple[row] =
        wsf__dict_put(&found, (const char *)code, bytes, wsf__dict_head((const char *)code, bytes));
    if (p->tuple[row] < 0) status = wsf__fail_memory(err);
  }
  p->n_tuples = found.n;
  wsf__dict_free(&found);
  WSF__TRY(status);
  p->row = wsf__arena_new(arena, (size_t)p->n_tuples, sizeof *p->row);
  p->time = wsf__arena_new(arena, (size_t)p->n_tuples, sizeof *p->time);
  p->good = wsf__arena_zero(arena, (size_t)p->n_tuples, sizeof *p->good);
  if (!p->row || !p->time || !p->good) return wsf__fail_memory(err);
  for (int64_t row = csv->rows; row-- > 0;) p->row[p->tuple[row]] = row;
  return WSF_OK;
}

/* Whether a column holds days, by its first word. */
static bool is_dated(const wsf__csv_column *c) {
  const wsf__time_style none = {0};
  wsf__time_seen seen = {0};
  wsf__time t = {0};
  if (c->words.n == 0) return false;
  const wsf__dict_entry *e = &c->words.entry[0];
  const bool read = wsf__time_read(e->text, (size_t)e->length, &none, &t, &seen);
  return (read && t.form == WSF__FORM_DATE) || (seen.bits & WSF__SEEN_DAY_FIRST);
}

/* What columns count by all of their words, beside what they are called. */
static void see_units(parts *p, const wsf__csv *csv) {
  for (int i = 0; i < p->n && !csv->given_time.format; ++i) {
    const wsf__csv_column *c = &csv->column[p->column[i]];
    wsf__unit_seen seen = {0};
    bool dated = false;
    for (int k = 0; k < p->n; ++k) dated |= k != i && is_dated(&csv->column[p->column[k]]);
    for (int32_t w = 0; w < c->words.n; ++w) {
      wsf__unit_see(&seen, c->words.entry[w].text, (size_t)c->words.entry[w].length);
    }
    p->unit[i] = wsf__unit_settle(&seen, p->unit[i], dated);
  }
}

/* A column that says by no name what its numbers count. */
static wsf_status check_units(const parts *p, const wsf__csv *csv, wsf_error *err) {
  for (int i = 0; i < p->n; ++i) {
    const wsf__csv_column *c = &csv->column[p->column[i]];
    int32_t unit;
    int value;
    if (p->unit[i] || csv->given_time.format || c->words.n == 0) continue;
    const wsf__dict_entry *e = &c->words.entry[0];
    if (!wsf__time_unit_read(e->text, (size_t)e->length, &unit, &value) || unit) continue;
    (void)wsf__fail(err, WSF_E_DATA,
                    "\"%.48s\" may count anything; a column called year, quarter, month, week, day "
                    "or hour, or dateformat= for all parts with a blank between them was expected",
                    e->text);
    wsf__error_at_field(err, c->name);
    return WSF_E_DATA;
  }
  return WSF_OK;
}

/* The style that all combinations settle, then their times. */
static wsf_status read_tuples(parts *p, const wsf__csv *csv, int32_t *form, wsf_error *err) {
  const char *text[WSF__TIME_PARTS];
  wsf__time_style style = csv->given_time;
  wsf__time_seen seen = {0};
  for (int64_t i = 0; i < p->n_tuples; ++i) {
    texts_of(p, csv, p->row[i], text);
    (void)wsf__time_join(p->unit, text, p->n, &style, &p->time[i], &seen);
  }
  if (!wsf__time_settle(&style, &csv->given_time, &seen)) {
    return wsf__fail(err, WSF_E_DATA,
                     "the dates may be read month first or day first; dayfirst=true or false says "
                     "which");
  }
  *form = WSF__FORM_DATE;
  for (int64_t i = 0; i < p->n_tuples; ++i) {
    texts_of(p, csv, p->row[i], text);
    p->good[i] = wsf__time_join(p->unit, text, p->n, &style, &p->time[i], &seen) &&
                 !p->time[i].zoned && p->time[i].form != WSF__FORM_INTEGER;
    if (p->good[i] && p->time[i].form == WSF__FORM_TIME) *form = WSF__FORM_TIME;
  }
  return WSF_OK;
}

static void tell_row(const parts *p, wsf__csv *csv, int64_t row) {
  const char *text[WSF__TIME_PARTS];
  texts_of(p, csv, row, text);
  wsf__csv_reject_row(csv, WSF__CSV_BAD_TIME, p->column[0], row, text, p->n);
}

/* ---- columns ------------------------------------------------------------------------------ */

wsf_status wsf__load_times(const int64_t **time, int32_t *form, wsf__arena *arena, wsf__csv *csv,
                           const wsf__load *load, wsf_error *err) {
  parts p = {.n = load->time_parts.n};
  if (p.n == 0) {
    const wsf__csv_column *c = &csv->column[wsf__csv_lookup(csv, load->time)];
    *time = c->time;
    *form = c->time_form;
    return WSF_OK;
  }
  for (int i = 0; i < p.n; ++i) {
    p.column[i] = wsf__csv_lookup(csv, load->time_parts.name[i]);
    p.unit[i] = wsf__time_unit_called(load->time_parts.name[i]);
  }
  WSF__TRY(find_tuples(&p, arena, csv, err));
  see_units(&p, csv);
  WSF__TRY(check_units(&p, csv, err));
  WSF__TRY(read_tuples(&p, csv, form, err));
  for (int64_t row = 0; row < p.rows; ++row) {
    p.stays[row] = p.good[p.tuple[row]];
    if (!p.stays[row]) tell_row(&p, csv, row);
  }
  wsf__csv_keep(csv, p.stays);
  int64_t *out = wsf__arena_new(arena, (size_t)p.rows, sizeof *out), n = 0;
  if (!out) return wsf__fail_memory(err);
  for (int64_t row = 0; row < p.rows; ++row) {
    if (p.stays[row]) out[n++] = p.time[p.tuple[row]].value;
  }
  if (*form == WSF__FORM_TIME) WSF__TRY(wsf__csv_settle_rows(csv, p.column[0], out, err));
  *time = out;
  return wsf__load_check(csv, err);
}
