/* Pivot layout: a row per time, a column per series, as people turn sales about in a spreadsheet.
 * Every column without another role is a series and holds numbers; its name is the label of one
 * more key. `keys` may say what that key is called: the one name that is no column of the file. The
 * file becomes rows of one series and time each, series by series; what else a line holds goes with
 * each of its series. */
#include "ingest/load.h"

#include <string.h>

/* Columns that are series, in the order of the file. */
typedef struct pivot {
  int n;
  int *column;        /* [n] */
  const char **label; /* [n] */
  const char *key;    /* what their names are called */
} pivot;

static bool has_role(const wsf__load *load, const char *name) {
  return wsf__load_has_role(load, name) || wsf__names_have(&load->text, name);
}

/* The name among the keys that is no column of the file. */
static wsf_status find_key(pivot *p, const wsf__csv *csv, const wsf__load *load, wsf_error *err) {
  p->key = NULL;
  for (int i = 0; i < load->keys.n; ++i) {
    const char *name = load->keys.name[i];
    if (wsf__csv_lookup(csv, name) >= 0) continue;
    if (p->key) {
      (void)wsf__fail(err, WSF_E_VALUE,
                      "keys names \"%.64s\" and \"%.64s\", which are no columns; one name, of the "
                      "key that columns stand for, was expected",
                      p->key, name);
      wsf__error_at_field(err, "keys");
      return WSF_E_VALUE;
    }
    p->key = name;
  }
  if (!p->key) p->key = "series";
  if (wsf__csv_lookup(csv, p->key) < 0) return WSF_OK;
  (void)wsf__fail(err, WSF_E_VALUE,
                  "the file has a column \"series\"; keys= with another name for the key that "
                  "columns stand for was expected");
  wsf__error_at_field(err, "keys");
  return WSF_E_VALUE;
}

static wsf_status find_series(pivot *p, wsf__arena *arena, wsf__csv *csv, const wsf__load *load,
                              wsf_error *err) {
  p->n = 0;
  p->column = wsf__arena_new(arena, (size_t)csv->n_columns, sizeof *p->column);
  p->label = wsf__arena_new(arena, (size_t)csv->n_columns, sizeof *p->label);
  if (!p->column || !p->label) return wsf__fail_memory(err);
  for (int k = 0; k < csv->n_columns; ++k) {
    wsf__csv_column *c = &csv->column[k];
    if (!c->name[0]) continue;
    const bool time = wsf__load_is_time(load, c->name), key = wsf__names_have(&load->keys, c->name);
    if (time + key + wsf__load_has_role(load, c->name) > 1) {
      (void)wsf__fail(err, WSF_E_VALUE, "the column \"%.64s\" is given two roles", c->name);
      wsf__error_at_field(err, c->name);
      return WSF_E_VALUE;
    }
    if (time) {
      c->want = load->time_parts.n ? WSF__CSV_KEY : WSF__CSV_TIME;
    } else if (key) {
      c->want = WSF__CSV_KEY;
    } else if (has_role(load, c->name)) {
      c->named = true;
      c->want = wsf__names_have(&load->text, c->name)     ? WSF__CSV_CATEGORY
                : wsf__names_have(&load->number, c->name) ? WSF__CSV_NUMBER
                                                          : WSF__CSV_GUESS;
    } else if (!load->columns.given || wsf__names_have(&load->columns, c->name)) {
      c->want = WSF__CSV_NUMBER;
      c->cells = true;
      p->column[p->n] = k;
      p->label[p->n++] = c->name;
    }
  }
  if (p->n > 0) return WSF_OK;
  return wsf__fail(
      err, WSF_E_DATA,
      "every column has another role; a column of numbers for each series was expected");
}

/* A value of each line, once for each series. */
static void *spread(wsf__arena *arena, const void *value, size_t size, int64_t lines, int n) {
  char *out = wsf__arena_new(arena, (size_t)lines * (size_t)n, size);
  for (int j = 0; out && j < n; ++j) {
    memcpy(out + (size_t)j * (size_t)lines * size, value, (size_t)lines * size);
  }
  return out;
}

/* The file's own keys and, last or where `keys` has it, the one that columns stand for. */
static wsf_status pivot_keys(wsf__rows *rows, wsf__arena *arena, const wsf__csv *csv,
                             const wsf__load *load, const pivot *p, wsf_error *err) {
  const wsf__names *keys = &load->keys;
  const size_t most = (size_t)keys->n + 1;
  const char **name = wsf__arena_new(arena, most, sizeof *name);
  const int32_t **code = wsf__arena_new(arena, most, sizeof *code);
  const char *const **label = wsf__arena_new(arena, most, sizeof *label);
  int32_t *n_labels = wsf__arena_new(arena, most, sizeof *n_labels);
  int32_t *own = wsf__arena_new(arena, (size_t)rows->n, sizeof *own);
  if (!name || !code || !label || !n_labels || !own) return wsf__fail_memory(err);
  for (int j = 0; j < p->n; ++j) {
    WSF__TRY(wsf__go_on(csv->env, 0, err));
    for (int64_t i = 0; i < csv->rows; ++i) own[j * csv->rows + i] = j;
  }
  int n = 0;
  bool there = false;
  for (int k = 0; k <= keys->n; ++k) {
    const char *key = k < keys->n ? keys->name[k] : p->key;
    const int column = wsf__csv_lookup(csv, key);
    if (column < 0 && there) continue;
    name[n] = key;
    if (column < 0) {
      there = true;
      code[n] = own;
      label[n] = p->label;
      n_labels[n] = p->n;
    } else {
      const wsf__csv_column *c = &csv->column[column];
      code[n] = spread(arena, c->code, sizeof *c->code, csv->rows, p->n);
      label[n] = wsf__dict_labels(&c->words, arena);
      n_labels[n] = c->words.n;
      if (!code[n] || !label[n]) return wsf__fail_memory(err);
    }
    ++n;
  }
  rows->n_keys = n;
  rows->key_name = name;
  rows->key_code = code;
  rows->key_label = label;
  rows->n_labels = n_labels;
  return WSF_OK;
}

static wsf_status pivot_columns(wsf__rows *rows, wsf__arena *arena, const wsf__csv *csv,
                                const wsf__load *load, const pivot *p, wsf_error *err) {
  wsf__row_column *column = wsf__arena_zero(arena, (size_t)csv->n_columns, sizeof *column);
  if (!column) return wsf__fail_memory(err);
  for (int k = 0; k < csv->n_columns; ++k) {
    const wsf__csv_column *c = &csv->column[k];
    if (!c->named) continue;
    const int32_t kind = wsf__load_role(load, c->name);
    if (kind == 0) continue;
    wsf__row_column *to = &column[rows->n_columns++];
    *to = (wsf__row_column){.name = c->name, .kind = kind, .flag = c->flag};
    double *value = c->number;
    if (c->want == WSF__CSV_CATEGORY) {
      WSF__TRY(wsf__load_categories(csv, k, arena, &value, &to->category, &to->n_categories, err));
    }
    to->value = spread(arena, value, sizeof *value, csv->rows, p->n);
    if (!to->value) return wsf__fail_memory(err);
  }
  rows->column = column;
  return WSF_OK;
}

/* A column of dates that no option names was taken for a series. */
static wsf_status fail_no_time(const wsf__csv *csv, const wsf__csv_example *e, wsf_error *err) {
  const char *file = csv->file;
  const char *name = e->column >= 0 ? csv->column[e->column].name : "";
  (void)wsf__fail(err, WSF_E_DATA,
                  "without time= each column is a series, but \"%.64s\" holds \"%s\", which is not "
                  "a number; expected time= with the name of the column of times",
                  name, e->text);
  wsf__error_at_row(err, wsf__line_of(csv->part, csv->n_parts, e->line, &file));
  if (*name) wsf__error_at_field(err, name);
  wsf__error_at_file(err, file);
  return WSF_E_DATA;
}

wsf_status wsf__load_pivot(wsf__rows *rows, wsf__arena *arena, wsf__csv *csv, const wsf__load *load,
                           wsf_error *err) {
  pivot p;
  int k;
  WSF__TRY(wsf__load_check_parts(load, err));
  if (load->time) WSF__TRY(wsf__csv_find(csv, load->time, &k, err));
  for (int i = 0; i < load->time_parts.n; ++i) {
    WSF__TRY(wsf__csv_find(csv, load->time_parts.name[i], &k, err));
  }
  WSF__TRY(wsf__load_check_names(csv, load, err));
  if (load->target && wsf__csv_lookup(csv, load->target) >= 0) {
    (void)wsf__fail(
        err, WSF_E_VALUE,
        "target names the column \"%.64s\", but each column of a pivot file is a series; "
        "what to call their values was expected",
        load->target);
    wsf__error_at_field(err, "target");
    return WSF_E_VALUE;
  }
  WSF__TRY(find_key(&p, csv, load, err));
  WSF__TRY(find_series(&p, arena, csv, load, err));
  WSF__TRY(wsf__csv_read(csv, err));
  const wsf_status status = wsf__load_check(csv, err);
  const wsf__csv_reject *text = &csv->reject[WSF__CSV_BAD_CELL];
  if (status == WSF_E_DATA && !load->time && text->count > 0) {
    return fail_no_time(csv, &text->example[0], err);
  }
  if (status != WSF_OK) return status;

  const int64_t *time = NULL;
  if (load->time) WSF__TRY(wsf__load_times(&time, &rows->time_form, arena, csv, load, err));
  rows->grain = wsf__load_grain(csv, load);
  size_t n;
  WSF__TRY(wsf__limit_product(&csv->env->limits, WSF__MOST_rows, csv->rows, p.n, err));
  if (!wsf__mul((size_t)csv->rows, (size_t)p.n, &n)) return wsf__fail_memory(err);
  rows->n = (int64_t)n;
  double *target = wsf__arena_new(arena, n, sizeof *target);
  if (!target) return wsf__fail_memory(err);
  for (int j = 0; j < p.n; ++j) {
    const double *value = csv->column[p.column[j]].number;
    memcpy(target + (size_t)j * (size_t)csv->rows, value, (size_t)csv->rows * sizeof *target);
  }
  rows->target = target;
  rows->target_name = load->target ? load->target : "value";
  rows->time_name = wsf__load_time_name(arena, load);
  if (!rows->time_name) return wsf__fail_memory(err);
  rows->line = spread(arena, csv->line, sizeof *csv->line, csv->rows, p.n);
  if (!rows->line) return wsf__fail_memory(err);
  WSF__TRY(pivot_keys(rows, arena, csv, load, &p, err));
  if (load->time) {
    rows->time = spread(arena, time, sizeof *time, csv->rows, p.n);
    if (!rows->time) return wsf__fail_memory(err);
  } else {
    WSF__TRY(wsf__load_number_rows(rows, arena, csv->env, err));
  }
  return pivot_columns(rows, arena, csv, load, &p, err);
}
