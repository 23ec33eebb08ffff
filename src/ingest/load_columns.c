/* Columns of a CSV file that was read: which are named, whether enough rows were good, texts as
 * codes in order, keys, roles. For every layout and for joins. */
#include "ingest/load.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A column that is mostly no numbers is none of cells. */
static wsf_status check_cells(const wsf__csv *csv, wsf_error *err) {
  for (int k = 0; k < csv->n_columns; ++k) {
    const wsf__csv_column *c = &csv->column[k];
    if (c->bad * 2 <= csv->rows) continue;
    const wsf__csv_reject *r = &csv->reject[WSF__CSV_BAD_CELL];
    const wsf__csv_example *e = &r->example[0];
    const char *file = csv->file;
    while (e - r->example < WSF__CSV_EXAMPLES - 1 && e->column != k) ++e;
    const bool shown = e->column == k && e - r->example < r->count;
    (void)wsf__fail(err, WSF_E_DATA,
                    "%lld of %lld cells of the column are no numbers%s%s%s (na= says what stands "
                    "for a missing one)",
                    (long long)c->bad, (long long)csv->rows, shown ? "; the first is \"" : "",
                    shown ? e->text : "", shown ? "\"" : "");
    if (shown) {
      wsf__error_at_row(err, wsf__line_of(csv->part, csv->n_parts, e->line, &file));
      wsf__error_at_file(err, file);
    }
    wsf__error_at_field(err, c->name);
    return WSF_E_DATA;
  }
  return WSF_OK;
}

wsf_status wsf__load_check(const wsf__csv *csv, wsf_error *err) {
  char what[128];
  wsf_status status;
  WSF__TRY(wsf__csv_check_times(csv, err));
  if (csv->read == 0) {
    status = wsf__fail(err, WSF_E_DATA, "the file holds a header and no rows");
  } else if (csv->rows * 2 < csv->read - csv->empty) {
    (void)snprintf(what, sizeof what, "%lld of %lld rows were rejected",
                   (long long)(csv->read - csv->rows), (long long)csv->read);
    status = wsf__csv_fail_rejected(csv, what, err);
  } else {
    status = check_cells(csv, err);
    if (status == WSF_OK) return WSF_OK;
  }
  wsf__error_at_file(err, csv->file);
  return status;
}

typedef struct category_rank {
  const char *text;
  int32_t code;
} category_rank;

static int by_text(const void *a, const void *b) {
  return strcmp(((const category_rank *)a)->text, ((const category_rank *)b)->text);
}

wsf_status wsf__load_categories(const wsf__csv *csv, int column, wsf__arena *arena, double **value,
                                const char *const **category, int32_t *n_categories,
                                wsf_error *err) {
  const wsf__csv_column *c = &csv->column[column];
  const int32_t n = c->words.n;
  category_rank *sorted = wsf__arena_new(arena, (size_t)n, sizeof *sorted);
  double *rank = wsf__arena_new(arena, (size_t)n, sizeof *rank);
  const char **text = wsf__arena_new(arena, (size_t)n, sizeof *text);
  *value = wsf__arena_new(arena, (size_t)csv->rows, sizeof **value);
  if (!sorted || !rank || !text || !*value) return wsf__fail_memory(err);
  for (int32_t i = 0; i < n; ++i) sorted[i] = (category_rank){c->words.entry[i].text, i};
  if (n) qsort(sorted, (size_t)n, sizeof *sorted, by_text);
  for (int32_t i = 0; i < n; ++i) {
    text[i] = sorted[i].text;
    rank[sorted[i].code] = i;
  }
  for (int64_t i = 0; i < csv->rows; ++i) {
    WSF__TRY(wsf__go_on(csv->env, i, err));
    (*value)[i] = c->code[i] < 0 ? NAN : rank[c->code[i]];
  }
  *category = text;
  *n_categories = n;
  return WSF_OK;
}

wsf_status wsf__load_keys(wsf__rows *rows, wsf__arena *arena, const wsf__csv *csv,
                          const wsf__load *load, wsf_error *err) {
  const size_t n = (size_t)load->keys.n;
  const int32_t **code = wsf__arena_new(arena, n, sizeof *code);
  const char *const **label = wsf__arena_new(arena, n, sizeof *label);
  int32_t *n_labels = wsf__arena_new(arena, n, sizeof *n_labels);
  if (!code || !label || !n_labels) return wsf__fail_memory(err);
  for (size_t i = 0; i < n; ++i) {
    const wsf__csv_column *c = &csv->column[wsf__csv_lookup(csv, load->keys.name[i])];
    code[i] = c->code;
    label[i] = wsf__dict_labels(&c->words, arena);
    n_labels[i] = c->words.n;
    if (!label[i]) return wsf__fail_memory(err);
  }
  rows->n_keys = load->keys.n;
  rows->key_name = load->keys.name;
  rows->key_code = code;
  rows->key_label = label;
  rows->n_labels = n_labels;
  return WSF_OK;
}

/* ---- names -------------------------------------------------------------------------------- */

static void name_column(wsf__csv *csv, const char *name) {
  static const char *const word = "column";
  const size_t n = strlen(word);
  int64_t place;
  if (!name || strncmp(name, word, n) != 0 || wsf__csv_lookup(csv, name) >= 0) return;
  if (!wsf__integer_parse(name + n, strlen(name + n), &place)) return;
  if (place < 1 || place > csv->n_columns || csv->column[place - 1].name[0]) return;
  csv->column[place - 1].name = name;
}

void wsf__load_name_columns(wsf__csv *csv, const wsf__load *load) {
  const wsf__names *list[] = {&load->keys,  &load->time_parts, &load->known,  &load->past,
                              &load->fixed, &load->text,       &load->number, &load->filldown};
  for (size_t l = 0; l < sizeof list / sizeof *list; ++l) {
    for (int i = 0; i < list[l]->n; ++i) name_column(csv, list[l]->name[i]);
  }
  name_column(csv, load->time);
  name_column(csv, load->target);
}

/* ---- roles -------------------------------------------------------------------------------- */

static bool is(const char *a, const char *b) {
  return a && b && strcmp(a, b) == 0;
}

bool wsf__load_is_time(const wsf__load *load, const char *name) {
  return load->time_parts.n ? wsf__names_have(&load->time_parts, name) : is(load->time, name);
}

int32_t wsf__load_grain(const wsf__csv *csv, const wsf__load *load) {
  const bool one = load->time && load->time_parts.n == 0;
  return one ? csv->column[wsf__csv_lookup(csv, load->time)].grain : WSF__GRAIN_NONE;
}

int32_t wsf__load_role(const wsf__load *load, const char *name) {
  if (wsf__names_have(&load->fixed, name)) return WSF__STATIC;
  if (wsf__names_have(&load->known, name) || is(load->holiday, name)) return WSF__KNOWN;
  if (wsf__names_have(&load->past, name) || is(load->weight, name) || is(load->mask, name)) {
    return WSF__PAST;
  }
  if (load->past.given) return 0;
  if (load->columns.given && !wsf__names_have(&load->columns, name)) return 0;
  return load->target ? WSF__PAST : WSF__KNOWN;
}

bool wsf__load_has_role(const wsf__load *load, const char *name) {
  return wsf__names_have(&load->known, name) || wsf__names_have(&load->past, name) ||
         wsf__names_have(&load->fixed, name) || is(load->weight, name) || is(load->holiday, name) ||
         is(load->mask, name);
}

bool wsf__load_names(const wsf__load *load, const char *name) {
  return wsf__load_has_role(load, name) || wsf__names_have(&load->columns, name);
}

wsf_status wsf__load_check_roles(const wsf__load *load, const char *name, wsf_error *err) {
  const int places = wsf__names_have(&load->keys, name) + wsf__load_is_time(load, name) +
                     is(load->target, name) + wsf__names_have(&load->known, name) +
                     wsf__names_have(&load->past, name) + wsf__names_have(&load->fixed, name);
  if (places < 2) return WSF_OK;
  (void)wsf__fail(err, WSF_E_VALUE,
                  "the column \"%s\" stands in two places of keys, time, target, known, past and "
                  "static; one was expected",
                  name);
  wsf__error_at_field(err, name);
  return WSF_E_VALUE;
}

wsf_status wsf__load_check_names(const wsf__csv *csv, const wsf__load *load, wsf_error *err) {
  const wsf__names *list[] = {&load->known, &load->past,   &load->fixed,
                              &load->text,  &load->number, &load->columns};
  int k;
  for (size_t l = 0; l < sizeof list / sizeof *list; ++l) {
    for (int i = 0; i < list[l]->n; ++i) {
      WSF__TRY(wsf__csv_find(csv, list[l]->name[i], &k, err));
      if (l < 3) WSF__TRY(wsf__load_check_roles(load, list[l]->name[i], err));
    }
  }
  if (load->weight) WSF__TRY(wsf__csv_find(csv, load->weight, &k, err));
  if (load->holiday) WSF__TRY(wsf__csv_find(csv, load->holiday, &k, err));
  if (load->mask) WSF__TRY(wsf__csv_find(csv, load->mask, &k, err));
  return WSF_OK;
}

wsf_status wsf__load_number_rows(wsf__rows *rows, wsf__arena *arena, const wsf__env *env,
                                 wsf_error *err) {
  int64_t *time = wsf__arena_new(arena, (size_t)rows->n, sizeof *time);
  wsf__dict series; /* key codes, as bytes, to series */
  int64_t *count = wsf__arena_zero(arena, (size_t)rows->n, sizeof *count);
  int32_t *tuple = wsf__arena_new(arena, (size_t)rows->n_keys + 1, sizeof *tuple);
  if (!time || !count || !tuple) return wsf__fail_memory(err);
  wsf__dict_init(&series, arena);
  const size_t bytes = (size_t)rows->n_keys * sizeof *tuple;
  wsf_status status = WSF_OK;
  for (int64_t i = 0; i < rows->n && status == WSF_OK; ++i) {
    for (int k = 0; k < rows->n_keys; ++k) tuple[k] = rows->key_code[k][i];
    const char *text = (const char *)tuple;
    const int32_t s = wsf__dict_put(&series, text, bytes, wsf__dict_head(text, bytes));
    status = wsf__go_on(env, i, err);
    if (s < 0)
      status = wsf__fail_memory(err);
    else
      time[i] = ++count[s];
  }
  wsf__dict_free(&series);
  rows->time = time;
  rows->time_form = WSF__FORM_INTEGER;
  return status;
}
