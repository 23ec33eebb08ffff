/* A CSV file as a panel: roles of columns, checks, and the load report. */
#include "ingest/load.h"

#include "ingest/mask.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

void wsf__load_cleaning(wsf__load *load, const wsf__node *node) {
  wsf__panel_rules *r = &load->rules;
  r->duplicates = wsf__arg_is(node, "duplicates", "sum")    ? WSF__DUP_SUM
                  : wsf__arg_is(node, "duplicates", "last") ? WSF__DUP_LAST
                                                            : WSF__DUP_ERROR;
  r->gaps_zero = wsf__arg_is(node, "gaps", "zero");
  r->negatives_zero = wsf__arg_is(node, "negatives", "zero");
}

const char *wsf__load_path(wsf__arena *arena, const char *folder, const char *name) {
  const size_t length = strlen(folder), more = strlen(name);
  char *path = wsf__arena_new(arena, length + more + 2, 1);
  if (!path) return NULL;
  memcpy(path, folder, length);
  path[length] = '/';
  memcpy(path + length + 1, name, more + 1);
  return path;
}

/* ---- roles -------------------------------------------------------------------------------- */

/* Say what is wanted of a column; each column has one role. */
static wsf_status want(wsf__csv *csv, const char *name, int32_t kind, wsf_error *err) {
  int k;
  WSF__TRY(wsf__csv_find(csv, name, &k, err));
  if (csv->column[k].want != WSF__CSV_SKIP) {
    (void)wsf__fail(err, WSF_E_VALUE, "the column \"%s\" is given two roles", name);
    wsf__error_at_field(err, name);
    return WSF_E_VALUE;
  }
  csv->column[k].want = kind;
  return WSF_OK;
}

static wsf_status want_keys(wsf__csv *csv, const wsf__load *load, wsf_error *err) {
  for (int i = 0; i < load->keys.n; ++i) {
    WSF__TRY(want(csv, load->keys.name[i], WSF__CSV_KEY, err));
  }
  return WSF_OK;
}

static wsf_status want_times(wsf__csv *csv, const wsf__load *load, wsf_error *err) {
  WSF__TRY(wsf__load_check_parts(load, err));
  if (load->time_parts.n == 0)
    return load->time ? want(csv, load->time, WSF__CSV_TIME, err) : WSF_OK;
  for (int i = 0; i < load->time_parts.n; ++i) {
    WSF__TRY(want(csv, load->time_parts.name[i], WSF__CSV_KEY, err));
  }
  return WSF_OK;
}

static void want_covariates(wsf__csv *csv, const wsf__load *load) {
  for (int k = 0; k < csv->n_columns; ++k) {
    wsf__csv_column *c = &csv->column[k];
    if (c->want != WSF__CSV_SKIP || !c->name[0] || !wsf__load_role(load, c->name)) continue;
    c->named = wsf__load_names(load, c->name);
    c->want = wsf__names_have(&load->text, c->name)     ? WSF__CSV_CATEGORY
              : wsf__names_have(&load->number, c->name) ? WSF__CSV_NUMBER
                                                        : WSF__CSV_GUESS;
  }
}

/* ---- long layout -------------------------------------------------------------------------- */

static wsf_status covariates_of(wsf__rows *rows, wsf__arena *arena, const wsf__csv *csv,
                                const wsf__load *load, wsf_error *err) {
  wsf__row_column *column = wsf__arena_zero(arena, (size_t)csv->n_columns, sizeof *column);
  if (!column) return wsf__fail_memory(err);
  for (int k = 0; k < csv->n_columns; ++k) {
    const wsf__csv_column *c = &csv->column[k];
    if (c->want != WSF__CSV_NUMBER && c->want != WSF__CSV_FLAG && c->want != WSF__CSV_CATEGORY) {
      continue;
    }
    if (load->target && strcmp(c->name, load->target) == 0) continue;
    wsf__row_column *to = &column[rows->n_columns++];
    *to = (wsf__row_column){.name = c->name,
                            .kind = wsf__load_role(load, c->name),
                            .flag = c->flag,
                            .value = c->number};
    if (c->want == WSF__CSV_CATEGORY) {
      double *value;
      WSF__TRY(wsf__load_categories(csv, k, arena, &value, &to->category, &to->n_categories, err));
      to->value = value;
    }
  }
  rows->column = column;
  return WSF_OK;
}

static wsf_status load_long(wsf__rows *rows, wsf__arena *arena, wsf__csv *csv,
                            const wsf__load *load, wsf_error *err) {
  WSF__TRY(want_keys(csv, load, err));
  WSF__TRY(want_times(csv, load, err));
  if (load->target) {
    WSF__TRY(want(csv, load->target, WSF__CSV_NUMBER, err));
    csv->column[wsf__csv_lookup(csv, load->target)].cells = true;
  }
  WSF__TRY(wsf__load_check_names(csv, load, err));
  want_covariates(csv, load);
  WSF__TRY(wsf__csv_read(csv, err));
  WSF__TRY(wsf__load_check(csv, err));
  if (load->time) {
    WSF__TRY(wsf__load_times(&rows->time, &rows->time_form, arena, csv, load, err));
    rows->grain = wsf__load_grain(csv, load);
  }
  rows->n = csv->rows;
  rows->line = csv->line;
  rows->time_name = wsf__load_time_name(arena, load);
  if (!rows->time_name) return wsf__fail_memory(err);
  if (load->target) {
    rows->target_name = load->target;
    rows->target = csv->column[wsf__csv_lookup(csv, load->target)].number;
  }
  WSF__TRY(wsf__load_keys(rows, arena, csv, load, err));
  if (!load->time) WSF__TRY(wsf__load_number_rows(rows, arena, csv->env, err));
  return covariates_of(rows, arena, csv, load, err);
}

/* ---- panel -------------------------------------------------------------------------------- */

/* Row weights and holidays point at columns of the finished panel. */
static wsf_status mark(wsf__panel *p, const wsf__load *load, wsf_error *err) {
  p->holiday_weight = 1.0;
  if (load->weight) {
    p->weight = wsf__panel_find_column(p, load->weight);
    if (p->weight < 0 || p->column[p->weight].n_categories) {
      (void)wsf__fail(err, WSF_E_DATA, "the weight column \"%s\" holds text; numbers were expected",
                      load->weight);
      wsf__error_at_field(err, load->weight);
      return WSF_E_DATA;
    }
  }
  if (load->holiday) {
    p->holiday = wsf__panel_find_column(p, load->holiday);
    if (p->holiday < 0 || !p->column[p->holiday].flag) {
      (void)wsf__fail(err, WSF_E_DATA,
                      "the holiday column \"%s\" is not a flag; true and false or 0 and 1 were "
                      "expected",
                      load->holiday);
      wsf__error_at_field(err, load->holiday);
      return WSF_E_DATA;
    }
    p->holiday_weight = load->holiday_weight;
  }
  return WSF_OK;
}

/* The strptime words of whole numbers that are all 31122023 or 12312023, for a message; or NULL. */
static const char *packed_format(const wsf__rows *rows) {
  int64_t first = 0, second = 0;
  for (int64_t i = 0; i < rows->n; ++i) {
    const int64_t year = rows->time[i] % 10000, a = rows->time[i] / 1000000;
    const int64_t b = rows->time[i] / 10000 % 100;
    if (year < 1900 || year > 2100 || a < 1 || a > 31 || b < 1 || b > 31) return NULL;
    first = a > first ? a : first;
    second = b > second ? b : second;
  }
  if (first > 12 && second > 12) return NULL;
  return first > 12 ? "\"%d%m%Y\")" : second > 12 ? "\"%m%d%Y\")" : "\"%d%m%Y\" or \"%m%d%Y\")";
}

/* One mistyped year must not cost gigabytes: a span far beyond what the rows can fill is refused.
 */
static wsf_status check_span(const wsf__rows *rows, const wsf__panel_rules *rules,
                             const wsf__env *env, wsf_error *err) {
  int64_t first = 0, last = 0, series = 1;
  for (int64_t i = 1; i < rows->n; ++i) {
    WSF__TRY(wsf__go_on(env, i, err));
    if (rows->time[i] < rows->time[first]) first = i;
    if (rows->time[i] > rows->time[last]) last = i;
  }
  for (int k = 0; k < rows->n_keys; ++k) {
    series = rows->n_labels[k] > series ? rows->n_labels[k] : series;
  }
  const bool integers = rows->time_form == WSF__FORM_INTEGER;
  /* Without a frequency days are counted, so years may have 365 of them. */
  const int32_t freq = integers ? WSF__INTEGER : rules->freq ? rules->freq : WSF__DAY;
  int64_t step = rules->step;
  for (int64_t i = 0; step != 1 && integers && !rules->freq && !rules->step && i < rows->n; ++i) {
    int64_t ahead;
    WSF__TRY(wsf__go_on(env, i, err));
    if (__builtin_sub_overflow(rows->time[i], rows->time[first], &ahead)) ahead = 1;
    step = wsf__common_divisor(ahead, step);
  }
  const double unit = (double)wsf__freq_seconds(freq) * (double)(step > 0 ? step : 1);
  const double fill = integers || rules->freq ? 64.0 : 512.0;
  const double span = ((double)rows->time[last] - (double)rows->time[first]) / unit;
  if (span <= 65536.0 + fill * (double)rows->n / (double)series) return WSF_OK;
  const int64_t end[] = {first, last};
  char text[2][48];
  for (int i = 0; i < 2; ++i) {
    const int64_t time = rows->time[end[i]];
    int64_t year = 0;
    int month = 0, day = 0;
    if (!integers) wsf__civil_from_days(time / 86400, &year, &month, &day);
    if (integers)
      (void)snprintf(text[i], sizeof text[i], "%lld", (long long)time);
    else
      (void)snprintf(text[i], sizeof text[i], "%04lld-%02d-%02d", (long long)year, month, day);
  }
  const char *format = integers ? packed_format(rows) : NULL;
  const char *file[2] = {NULL, NULL};
  int64_t line[2];
  for (int i = 0; i < 2; ++i) {
    line[i] = wsf__line_of(rows->part, rows->n_parts, rows->line[end[i]], &file[i]);
  }
  (void)wsf__fail(
      err, WSF_E_DATA,
      "times reach from %s in line %lld%s%s to %s in line %lld%s%s, far more periods than "
      "rows%s%s",
      text[0], (long long)line[0], file[0] ? " of " : "", file[0] ? file[0] : "", text[1],
      (long long)line[1], file[1] ? " of " : "", file[1] ? file[1] : "",
      !integers ? " (na= with such a time, as the file writes it, leaves out its rows)"
      : format  ? " (dates in one number: dateformat="
                : "",
      format ? format : "");
  wsf__error_at_field(err, rows->time_name);
  return WSF_E_DATA;
}

/* Cells of a file that filldown= names get the value above them. */
static wsf_status fill_down(wsf__csv *csv, const wsf__load *load, wsf_error *err) {
  int64_t filled = 0;
  int first = -1, k;
  if (load->filldown.n == 0) return WSF_OK;
  if (csv->arrow) {
    (void)wsf__fail(err, WSF_E_VALUE, "filldown is of the cells of a file; a stream has columns");
    wsf__error_at_field(err, "filldown");
    return WSF_E_VALUE;
  }
  bool *fill = wsf__arena_zero(&csv->arena, (size_t)csv->n_columns, sizeof *fill);
  if (!fill) return wsf__fail_memory(err);
  for (int i = 0; i < load->filldown.n; ++i) {
    WSF__TRY(wsf__csv_find(csv, load->filldown.name[i], &k, err));
    fill[k] = true;
    first = i == 0 ? k : first;
  }
  WSF__TRY(wsf__csv_fill_down(csv, fill, &filled, err));
  if (filled == 0) return WSF_OK;
  wsf__csv_tell(csv, WSF__NOTE_FILLED, first, 0, NULL);
  csv->note[WSF__NOTE_FILLED].count = filled;
  return WSF_OK;
}

static wsf_status load_open(wsf__panel **out, wsf__csv *csv, const wsf__load *load,
                            wsf_error *err) {
  wsf__arena arena;
  wsf__report report;
  wsf__rows rows = {.file = csv->file, .n_parts = csv->n_parts, .part = csv->part};
  wsf__panel_counts counts = {0};
  wsf__panel *p = NULL;
  wsf__arena_init(&arena, &csv->env->alloc);
  wsf__report_init(&report, &csv->env->alloc);
  wsf__load_name_columns(csv, load);
  wsf_status status = fill_down(csv, load, err);
  if (status == WSF_OK) {
    status = load->layout == WSF__LAYOUT_WIDE    ? wsf__load_wide(&rows, &arena, csv, load, err)
             : load->layout == WSF__LAYOUT_PIVOT ? wsf__load_pivot(&rows, &arena, csv, load, err)
                                                 : load_long(&rows, &arena, csv, load, err);
  }
  if (status == WSF_OK) status = check_span(&rows, &load->rules, csv->env, err);
  if (status == WSF_OK) {
    status = wsf__panel_build(&p, csv->env, &rows, &load->rules, &counts, err);
  }
  if (status == WSF_OK && load->mask) status = wsf__mask(&p, csv->env, load->mask, err);
  if (status == WSF_OK) status = mark(p, load, err);
  if (status == WSF_OK) {
    wsf__report_csv(&report, csv);
    wsf__report_counts(&report, &counts, p, csv->file);
    wsf__report_quiet(&report, p, csv->file);
    status = wsf__report_attach(&report, p, err);
  }
  if (status != WSF_OK) {
    wsf__error_at_file(err, csv->file);
    wsf__panel_release(p);
    p = NULL;
  }
  wsf__report_free(&report);
  wsf__arena_free(&arena);
  wsf__csv_close(csv);
  *out = p;
  return status;
}

wsf_status wsf__load_csv(wsf__panel **out, wsf__env *env, const wsf__load *load, wsf_error *err) {
  wsf__csv csv;
  *out = NULL;
  if (load->paths.n > 0) {
    WSF__TRY(wsf__csv_open_many(&csv, env, load->paths.name, load->paths.n, load->format, err));
  } else {
    WSF__TRY(wsf__csv_open(&csv, env, load->path, load->format, err));
  }
  return load_open(out, &csv, load, err);
}

wsf_status wsf__load_memory(wsf__panel **out, wsf__env *env, const wsf__load *load,
                            const char *bytes, size_t length, wsf_error *err) {
  wsf__csv csv;
  *out = NULL;
  WSF__TRY(wsf__csv_from_memory(&csv, env, bytes, length, load->format, err));
  return load_open(out, &csv, load, err);
}
