/* Wide layout: a row per series, a column per period. Period columns are those without another
 * role whose names are times (2011-01-29, Jan 2011, 1, 2, ..) or one word followed by a number
 * (d_1, d_2, ..; Jan, Feb, ..): the kind of time that most of them have decides
 * which, and columns called by times of another kind, such as a year among months, are left out.
 * Numbers count periods; with a start time the first of them stands for it and the others follow at
 * the frequency. Where `time` names a column of the file, that holds the year, and periods are its
 * months, quarters or weeks; or they are years or hours of what it holds (wide_parts.c). The file
 * becomes rows of one series, period and value each. Limits: period columns hold numbers only. */
#include "ingest/wide.h"

#include "base/text.h"
#include "calendar/time_read.h"

#include <math.h>

typedef wsf__wide_periods periods;

/* Times of numbered periods from the time of the first of them. */
static wsf_status from_start(periods *p, const wsf__load *load, wsf_error *err) {
  wsf__time first;
  wsf__calendar cal;
  const wsf_status status =
      wsf__time_read_alone(&first, load->start, strlen(load->start), WSF_E_VALUE, err);
  if (status != WSF_OK) {
    wsf__error_at_field(err, "start");
    return status;
  }
  if (!load->rules.freq) {
    return wsf__fail(err, WSF_E_VALUE,
                     "start was given without freq, so the periods have no length");
  }
  if (load->rules.freq != WSF__INTEGER && !wsf__time_of_number(&first)) {
    (void)wsf__fail(err, WSF_E_VALUE,
                    "start has the whole number %lld, expected a date such as 2012-02-03, "
                    "20120203 or 201202 (or freq=integer)",
                    (long long)first.value);
    wsf__error_at_field(err, "start");
    return WSF_E_VALUE;
  }
  const int32_t step = load->rules.step > 0 ? load->rules.step : 1;
  if (load->rules.freq == WSF__FISCAL) {
    wsf__fiscal year = load->rules.fiscal_given ? load->rules.fiscal : wsf__fiscal_nrf;
    const int64_t day = wsf__floor_div(first.value, 86400);
    int64_t begin, days;
    wsf__fiscal_days(&year, wsf__fiscal_month(&year, day), 1, &begin, &days);
    year.begins = day == begin;
    WSF__TRY(wsf__calendar_fiscal(&cal, &year, step, first, err));
  } else {
    WSF__TRY(wsf__calendar_init(&cal, load->rules.freq, step, first, err));
  }
  int64_t least = p->time[0];
  for (int i = 1; i < p->n; ++i) least = p->time[i] < least ? p->time[i] : least;
  for (int i = 0; i < p->n; ++i) {
    const int64_t value = wsf__calendar_value(&cal, p->time[i] - least);
    p->time[i] = cal.form == WSF__FORM_DATE ? value * 86400 : value;
  }
  p->form = cal.form;
  return WSF_OK;
}

/* Names of periods are a column of times that lies on its side. */
static bool settle_names(wsf__time_style *style, wsf__csv *csv, const wsf__load *load) {
  const wsf__time_style given = csv->given_time;
  wsf__time_seen seen = {0};
  wsf__time t;
  for (int k = 0; k < csv->n_columns; ++k) {
    const char *name = csv->column[k].name;
    wsf__time_seen one = {0};
    if (wsf__wide_named(load, name) || wsf__wide_sums_year(csv, k)) continue;
    const bool time = wsf__time_read(name, strlen(name), &given, &t, &one);
    if (time || (one.bits & ~(uint32_t)WSF__SEEN_NO_YEAR)) wsf__time_seen_add(&seen, &one);
    if (one.bits & WSF__SEEN_MONTH_YEAR) wsf__csv_tell(csv, WSF__NOTE_MONTH_YEAR, k, 1, name);
  }
  return wsf__time_settle(style, &given, &seen);
}

static wsf_status find_periods(periods *p, wsf__arena *arena, wsf__csv *csv, const wsf__load *load,
                               wsf_error *err) {
  p->column = wsf__arena_new(arena, (size_t)csv->n_columns, sizeof *p->column);
  p->time = wsf__arena_new(arena, (size_t)csv->n_columns, sizeof *p->time);
  p->other = wsf__arena_zero(arena, (size_t)csv->n_columns, sizeof *p->other);
  if (!p->column || !p->time || !p->other) return wsf__fail_memory(err);
  bool found;
  WSF__TRY(wsf__wide_find_units(p, csv, load, &found, err));
  if (found) return WSF_OK;
  p->n_lines = 0;
  wsf__wide_kind most = {0}, one;
  wsf__time_style style;
  const bool settled = settle_names(&style, csv, load);
  style.grain = csv->given_time.grain; /* all columns count */
  bool *skip = wsf__arena_new(arena, (size_t)csv->n_columns, sizeof *skip);
  if (!skip) return wsf__fail_memory(err);
  for (int k = 0; k < csv->n_columns; ++k) {
    p->other[k] = wsf__wide_sums_year(csv, k);
    skip[k] = p->other[k] || wsf__wide_named(load, csv->column[k].name);
  }
  if (wsf__wide_most(&most, csv, skip, &style)) {
    p->form = most.form;
    p->grain = most.grain;
  }
  for (int k = 0; k < csv->n_columns && most.name; ++k) {
    if (skip[k] || !wsf__wide_kind_of(&one, csv->column[k].name, &style)) continue;
    if (!wsf__wide_same_kind(&one, &most)) {
      p->other[k] = !one.counts;
      continue;
    }
    if (one.form == WSF__FORM_TIME) p->form = WSF__FORM_TIME;
    p->column[p->n] = k;
    p->time[p->n++] = one.value;
  }
  if (p->n == 0) {
    return wsf__fail(err, WSF_E_DATA,
                     "no column is named like a period; a date, a month or a word and a number "
                     "(d_1) was expected");
  }
  if (!settled && !most.counts) {
    (void)wsf__fail(err, WSF_E_DATA,
                    "the periods that columns are named by may be read month first or day first; "
                    "dayfirst=true or false says which");
    wsf__error_at_field(err, most.name);
    return WSF_E_DATA;
  }
  return load->start && p->form == WSF__FORM_INTEGER ? from_start(p, load, err) : WSF_OK;
}

/* Only the cells whose line has their period; n of them are left. */
static int64_t keep(void *array, size_t size, const bool *there, int64_t cells) {
  char *to = array;
  const char *from = array;
  for (int64_t i = 0; i < cells; ++i, from += size) {
    if (!there[i]) continue;
    if (to != from) memcpy(to, from, size);
    to += size;
  }
  return (to - (char *)array) / (int64_t)size;
}

/* A value of each file row, repeated for each of its periods. */
static wsf_status spread(double **out, wsf__arena *arena, const double *value, const wsf__csv *csv,
                         int n, wsf_error *err) {
  *out = wsf__arena_new(arena, (size_t)csv->rows * (size_t)n, sizeof **out);
  if (!*out) return wsf__fail_memory(err);
  for (int64_t i = 0; i < csv->rows; ++i) {
    WSF__TRY(wsf__go_on(csv->env, 0, err));
    for (int j = 0; j < n; ++j) (*out)[i * n + j] = value[i];
  }
  return WSF_OK;
}

/* A line's keys are those of all its periods. */
static wsf_status wide_keys(wsf__rows *rows, wsf__arena *arena, const wsf__csv *csv,
                            const wsf__load *load, int periods_n, const bool *there,
                            wsf_error *err) {
  WSF__TRY(wsf__load_keys(rows, arena, csv, load, err));
  const int32_t **code = wsf__arena_new(arena, (size_t)rows->n_keys, sizeof *code);
  if (!code) return wsf__fail_memory(err);
  for (int k = 0; k < rows->n_keys; ++k) {
    int32_t *to = wsf__arena_new(arena, (size_t)rows->n, sizeof *to);
    if (!to) return wsf__fail_memory(err);
    for (int64_t line = 0, r = 0; r < rows->n; ++line) {
      WSF__TRY(wsf__go_on(csv->env, 0, err));
      for (int j = 0; j < periods_n; ++j) to[r++] = rows->key_code[k][line];
    }
    if (there) (void)keep(to, sizeof *to, there, rows->n);
    code[k] = to;
  }
  rows->key_code = code;
  return WSF_OK;
}

wsf_status wsf__load_wide(wsf__rows *rows, wsf__arena *arena, wsf__csv *csv, const wsf__load *load,
                          wsf_error *err) {
  periods p = {0};
  int k;
  for (int i = 0; i < load->keys.n; ++i) {
    WSF__TRY(wsf__csv_find(csv, load->keys.name[i], &k, err));
    WSF__TRY(wsf__load_check_roles(load, load->keys.name[i], err));
  }
  WSF__TRY(wsf__load_check_names(csv, load, err));
  WSF__TRY(find_periods(&p, arena, csv, load, err));
  /* Whatever is neither a period nor a key belongs to the series. */
  for (k = 0; k < csv->n_columns; ++k) {
    const char *name = csv->column[k].name;
    const bool taken = !load->columns.given || wsf__names_have(&load->columns, name) ||
                       wsf__names_have(&load->fixed, name);
    const bool other = p.other[k] && taken && !load->columns.given;
    if (other) wsf__csv_tell(csv, WSF__NOTE_LEFT_OUT, k, 1, name);
    csv->column[k].want = !name[0]                               ? WSF__CSV_SKIP
                          : wsf__names_have(&load->keys, name)   ? WSF__CSV_KEY
                          : !taken || other                      ? WSF__CSV_SKIP
                          : wsf__names_have(&load->text, name)   ? WSF__CSV_CATEGORY
                          : wsf__names_have(&load->number, name) ? WSF__CSV_NUMBER
                                                                 : WSF__CSV_GUESS;
  }
  for (k = 0; k < csv->n_columns; ++k) {
    csv->column[k].named = wsf__load_names(load, csv->column[k].name);
  }
  for (int j = 0; j < p.n; ++j) {
    csv->column[p.column[j]].want = WSF__CSV_NUMBER;
    csv->column[p.column[j]].cells = true;
  }
  for (int i = 0; i < p.n_lines; ++i) csv->column[p.line[i]].want = WSF__CSV_KEY;
  WSF__TRY(wsf__csv_read(csv, err));
  WSF__TRY(wsf__load_check(csv, err));
  if (p.n_lines > 0) WSF__TRY(wsf__wide_read_parts(&p, arena, csv, err));

  size_t n;
  WSF__TRY(wsf__limit_product(&csv->env->limits, WSF__MOST_rows, csv->rows, p.n, err));
  if (!wsf__mul((size_t)csv->rows, (size_t)p.n, &n)) return wsf__fail_memory(err);
  rows->n = (int64_t)n;
  double *target = wsf__arena_new(arena, n, sizeof *target);
  int64_t *time = wsf__arena_new(arena, n, sizeof *time);
  int64_t *line = wsf__arena_new(arena, n, sizeof *line);
  wsf__row_column *column = wsf__arena_zero(arena, (size_t)csv->n_columns, sizeof *column);
  bool *there = p.exists ? wsf__arena_new(arena, n, sizeof *there) : NULL;
  if (!target || !time || !line || !column || (p.exists && !there)) return wsf__fail_memory(err);
  for (int j = 0; j < p.n; ++j) {
    const wsf__csv_column *c = &csv->column[p.column[j]];
    for (int64_t i = 0; i < csv->rows; ++i) {
      WSF__TRY(wsf__go_on(csv->env, i, err));
      target[i * p.n + j] = c->number[i];
    }
  }
  for (int64_t i = 0; i < csv->rows; ++i) {
    WSF__TRY(wsf__go_on(csv->env, 0, err));
    const int64_t part = there ? (int64_t)p.tuple[i] * p.n : 0;
    for (int j = 0; j < p.n; ++j) {
      time[i * p.n + j] = p.time[part + j];
      line[i * p.n + j] = csv->line[i];
      if (there) there[i * p.n + j] = p.exists[part + j];
    }
  }
  rows->time = time;
  rows->time_form = p.form;
  rows->grain = p.grain;
  rows->target = target;
  rows->line = line;
  rows->time_name = load->time && p.n_lines == 0 ? load->time : "time";
  rows->target_name = load->target ? load->target : "value";
  WSF__TRY(wide_keys(rows, arena, csv, load, p.n, there, err));
  int next = 0;
  for (k = 0; k < csv->n_columns; ++k) {
    const wsf__csv_column *c = &csv->column[k];
    if (next < p.n && p.column[next] == k) {
      ++next;
      continue;
    }
    if (c->want == WSF__CSV_SKIP || c->want == WSF__CSV_KEY) continue;
    wsf__row_column *to = &column[rows->n_columns++];
    *to = (wsf__row_column){.name = c->name, .kind = WSF__STATIC, .flag = c->flag};
    double *value = c->number;
    if (c->want == WSF__CSV_CATEGORY) {
      WSF__TRY(wsf__load_categories(csv, k, arena, &value, &to->category, &to->n_categories, err));
    }
    double *all;
    WSF__TRY(spread(&all, arena, value, csv, p.n, err));
    if (there) (void)keep(all, sizeof *all, there, rows->n);
    to->value = all;
  }
  rows->column = column;
  if (!there) return WSF_OK;
  (void)keep(target, sizeof *target, there, rows->n);
  (void)keep(line, sizeof *line, there, rows->n);
  rows->n = keep(time, sizeof *time, there, rows->n);
  return WSF_OK;
}
