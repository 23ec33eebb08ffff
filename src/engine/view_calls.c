/* The model as calls and their options, for programs that ask what a forecaster was told without
 * reading its text: every option with the value that holds, written or preset. Calls are numbered
 * as they stand in the text, 1 is the outermost; lists have a row for each item. A word behind x=
 * that may be a column or a feature is what it was for the data of the fit. */
#include "engine/drive.h"

#include <math.h>

/* The columns; one row for each call, and one for each item of its options. */
typedef struct view {
  int64_t rows, calls;
  wsf_table *table; /* NULL: rows are only counted */
  const wsf__panel *frame;
  int64_t name, option, text, inside_at, item_at, inner_at;
  int64_t *call, *inside, *item, *inner, *given;
  double *number;
} view;

/* What a row says of an option; NULL, NaN and 0: nothing. */
typedef struct cell {
  const char *option, *text;
  double number;
  int64_t item, inner;
  bool given;
} cell;

static void put_count(view *v, int64_t *cells, int64_t column, int64_t count) {
  cells[v->rows] = count;
  if (count == 0) wsf__table_set_null(v->table, column, v->rows);
}

static wsf_status put(view *v, const wsf__node *node, int64_t call, int64_t inside, const cell *c,
                      wsf_error *err) {
  if (v->table) {
    v->call[v->rows] = call;
    v->number[v->rows] = c->number;
    v->given[v->rows] = c->given;
    put_count(v, v->inside, v->inside_at, inside);
    put_count(v, v->item, v->item_at, c->item);
    put_count(v, v->inner, v->inner_at, c->inner);
    WSF__TRY(wsf__table_put(v->table, v->name, node->spec->name, err));
    WSF__TRY(wsf__table_put(v->table, v->option, c->option, err));
    WSF__TRY(wsf__table_put(v->table, v->text, c->text, err));
  }
  ++v->rows;
  return WSF_OK;
}

/* The call that item i of a value is; NULL: it is none. */
static const wsf__node *call_of(const view *v, const wsf__value *value, int i) {
  if (value->form == WSF__INNER) return value->inner[i];
  if (value->form != WSF__NAMES_AND_CALLS) return NULL;
  const bool column = value->strings[i] && wsf__panel_find_column(v->frame, value->strings[i]) >= 0;
  return column ? NULL : value->inner[i];
}

static int count_items(const wsf__value *value) {
  const bool single =
      value->form == WSF__NUMBER || value->form == WSF__TRUTH || value->form == WSF__STRING;
  return value->form == WSF__ABSENT ? 0 : single ? 1 : value->n;
}

/* Item i of a value that is no call. */
static void read_item(cell *c, const wsf__value *value, int i) {
  switch (value->form) {
  case WSF__TRUTH:
    c->text = value->number != 0 ? "true" : "false";
    return;
  case WSF__NUMBER:
    c->number = value->number;
    return;
  case WSF__NUMBERS:
    c->number = value->numbers[i];
    return;
  case WSF__STRING:
    c->text = value->text;
    return;
  case WSF__STRINGS:
  case WSF__NAMES_AND_CALLS:
    c->text = value->strings[i];
    return;
  default:
    return;
  }
}

/* One row a name; the lists are told apart by their items. */
static wsf_status put_lists(view *v, const wsf__node *node, int64_t call, int64_t inside, cell c,
                            const wsf__value *value, wsf_error *err) {
  for (int i = 0; i < value->n; ++i) {
    c.item = i + 1;
    for (int k = 0; k < value->lists[i].n; ++k) {
      c.text = value->lists[i].strings[k];
      WSF__TRY(put(v, node, call, inside, &c, err));
    }
  }
  return WSF_OK;
}

static wsf_status add_call(view *v, const wsf__node *node, int64_t inside, wsf_error *err) {
  const int64_t call = ++v->calls;
  WSF__TRY(put(v, node, call, inside, &(cell){.number = NAN}, err));
  for (int o = 0; o < node->spec->n_options; ++o) {
    const wsf__value *value = &node->arg[o];
    const cell c = {.option = node->spec->options[o].name, .number = NAN, .given = value->given};
    if (value->form == WSF__STRING_LISTS) {
      WSF__TRY(put_lists(v, node, call, inside, c, value, err));
      continue;
    }
    for (int i = 0; i < count_items(value); ++i) {
      const wsf__node *inner = call_of(v, value, i);
      cell at = c;
      at.item = i + 1;
      if (inner)
        at.inner = v->calls + 1;
      else
        read_item(&at, value, i);
      WSF__TRY(put(v, node, call, inside, &at, err));
      if (inner) WSF__TRY(add_call(v, inner, call, err));
    }
  }
  return WSF_OK;
}

static wsf_status add_columns(view *v, wsf_error *err) {
  wsf_table *t = v->table;
  WSF__TRY(wsf__table_add_i64(t, "call", WSF_TYPE_I64, &v->call, err));
  WSF__TRY(wsf__table_add_text(t, "name", &v->name, err));
  v->inside_at = wsf_table_columns(t);
  WSF__TRY(wsf__table_add_i64(t, "inside", WSF_TYPE_I64, &v->inside, err));
  WSF__TRY(wsf__table_add_text(t, "option", &v->option, err));
  v->item_at = wsf_table_columns(t);
  WSF__TRY(wsf__table_add_i64(t, "item", WSF_TYPE_I64, &v->item, err));
  WSF__TRY(wsf__table_add_text(t, "text", &v->text, err));
  WSF__TRY(wsf__table_add_f64(t, "number", &v->number, err));
  v->inner_at = wsf_table_columns(t);
  WSF__TRY(wsf__table_add_i64(t, "inner", WSF_TYPE_I64, &v->inner, err));
  return wsf__table_add_i64(t, "given", WSF_TYPE_I64, &v->given, err);
}

wsf_status wsf__view_calls(wsf_table **t, wsf__env *env, const wsf__fitted_panel *f,
                           const wsf__node *node, wsf__arena *arena, wsf_error *err) {
  (void)node;
  (void)arena;
  view v = {.frame = f->frame};
  WSF__TRY(add_call(&v, f->node, 0, err));
  WSF__TRY(wsf__table_begin(t, env, v.rows, err));
  v.table = *t;
  WSF__TRY(add_columns(&v, err));
  v.rows = v.calls = 0;
  return add_call(&v, f->node, 0, err);
}
