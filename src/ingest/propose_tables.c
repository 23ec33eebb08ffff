/* A proposal as tables: what was seen of the file, its columns, the expression to copy. */
#include "ingest/csv_text.h"
#include "ingest/ingest.h"
#include "ingest/propose.h"

#include "base/text.h"

#include <stdio.h>

static const char *const part_name[] = {
    [WSF__PART_PAST] = "past",     [WSF__PART_KEY] = "key",       [WSF__PART_TIME] = "time",
    [WSF__PART_TARGET] = "target", [WSF__PART_STATIC] = "static", [WSF__PART_PERIOD] = "period",
    [WSF__PART_SERIES] = "series", [WSF__PART_NONE] = "none",
};

static const char *const layout_name[] = {
    [WSF__LAYOUT_LONG] = "long", [WSF__LAYOUT_WIDE] = "wide", [WSF__LAYOUT_PIVOT] = "pivot"};

static const wsf__spec *data_spec(int i) {
  return i < wsf__n_data_specs ? wsf__data_specs[i] : NULL;
}

/* ---- expression ---------------------------------------------------------------------------- */

static void add_quoted(wsf__text *t, const char *text) {
  wsf__text_add(t, "\"", 1);
  for (; *text; ++text) {
    if (*text == '"' || *text == '\\') wsf__text_add(t, "\\", 1);
    wsf__text_add(t, text, 1);
  }
  wsf__text_add(t, "\"", 1);
}

static void add_name(wsf__text *t, const char *name) {
  static const char *const taken[] = {"none", "auto", "true", "false", "yes", "no"};
  bool bare = (*name | 32) >= 'a' && (*name | 32) <= 'z';
  for (const char *p = name; *p && bare; ++p) {
    bare = ((*p | 32) >= 'a' && (*p | 32) <= 'z') || (*p >= '0' && *p <= '9') || *p == '_';
  }
  for (size_t i = 0; i < sizeof taken / sizeof *taken; ++i) bare &= strcmp(name, taken[i]) != 0;
  if (bare)
    wsf__text_addz(t, name);
  else
    add_quoted(t, name);
}

/* ", keys=[a,b]" of the columns with this part; one stands without brackets. */
static void add_list(wsf__text *t, const wsf__proposal *p, const char *option, wsf__part part) {
  int n = 0, total = 0;
  for (int k = 0; k < p->csv.n_columns; ++k) total += p->column[k].part == part;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    if (p->column[k].part != part) continue;
    if (n == 0) wsf__text_printf(t, ", %s=%s", option, total > 1 ? "[" : "");
    if (n++ > 0) wsf__text_add(t, ",", 1);
    add_name(t, p->csv.column[k].name);
  }
  if (total > 1) wsf__text_add(t, "]", 1);
}

/* Whether a column with a name has this part. */
static bool left_out(const wsf__proposal *p, wsf__part part) {
  bool found = false;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    found |= p->column[k].part == part && p->csv.column[k].name[0];
  }
  return found;
}

/* What alone goes with the series of a wide file: totals of a line change from year to year. */
static void add_statics(wsf__text *t, const wsf__proposal *p) {
  if (left_out(p, WSF__PART_STATIC))
    add_list(t, p, "columns", WSF__PART_STATIC);
  else
    wsf__text_addz(t, ", columns=none");
}

static wsf_status write_expression(wsf__text *t, const wsf__proposal *p, const char *path,
                                   wsf_error *err) {
  wsf__text_addz(t, "csv(");
  add_quoted(t, path);
  if (p->layout != WSF__LAYOUT_LONG) wsf__text_printf(t, ", layout=%s", layout_name[p->layout]);
  add_list(t, p, "keys", WSF__PART_KEY);
  add_list(t, p, "time", WSF__PART_TIME);
  add_list(t, p, "target", WSF__PART_TARGET);
  if (p->layout == WSF__LAYOUT_LONG) add_list(t, p, "static", WSF__PART_STATIC);
  if (p->layout == WSF__LAYOUT_PIVOT) add_list(t, p, "past", WSF__PART_PAST);
  if (p->layout == WSF__LAYOUT_PIVOT && left_out(p, WSF__PART_NONE)) {
    add_list(t, p, "columns", WSF__PART_SERIES);
  }
  if (p->years && left_out(p, WSF__PART_PAST)) add_statics(t, p);
  if (p->season) wsf__text_printf(t, ", season=%d", p->season);
  if (p->unsettled) wsf__text_addz(t, ", dayfirst=false");
  if (p->dateformat) wsf__text_printf(t, ", dateformat=\"%s\"", p->dateformat);
  if (p->daily) wsf__text_addz(t, ", freq=day");
  if (p->fiscal && p->years) wsf__text_addz(t, ", freq=week");
  if (p->fiscal) wsf__text_addz(t, ", fiscal=");
  if (p->fiscal) add_name(t, p->fiscal);
  if (p->format.header == WSF__HEADER_TWO) wsf__text_addz(t, ", header=two");
  if (p->format.single_quotes) wsf__text_addz(t, ", quote=single");
  if (p->format.skip) wsf__text_printf(t, ", skip=%lld", (long long)p->format.skip);
  if (p->format.comment) wsf__text_addz(t, ", comment=\"#\"");
  for (int i = 0; i < p->n_na; ++i) {
    wsf__text_addz(t, i == 0 ? ", na=[" : ",");
    add_quoted(t, p->na[i]);
  }
  if (p->n_na) wsf__text_addz(t, "]");
  if (p->twice) wsf__text_addz(t, ", duplicates=sum");
  wsf__text_addz(t, ")");
  return t->failed ? wsf__fail_memory(err) : WSF_OK;
}

/* What is proposed loads, and holds an observation; how many it holds. */
static wsf_status check(const wsf__proposal *p, const char *expression, int64_t *observations,
                        wsf_error *err) {
  static const wsf__catalog catalog = {data_spec};
  const wsf__node *node;
  wsf__arena arena;
  wsf__panel *panel = NULL;
  bool target = p->layout != WSF__LAYOUT_LONG;
  *observations = 0;
  WSF__TRY(wsf__load_check(&p->csv, err));
  for (int k = 0; k < p->csv.n_columns; ++k) target |= p->column[k].part == WSF__PART_TARGET;
  if (!target) {
    wsf__propose_nearest(p, err);
    return WSF_E_DATA;
  }
  wsf__arena_init(&arena, &p->csv.env->alloc);
  wsf_status status =
      wsf__expr_parse(&node, &arena, &catalog, "data", expression, strlen(expression), err);
  if (status == WSF_OK) status = wsf__ingest_open(&panel, p->csv.env, node, err);
  for (int64_t i = 0; panel && i < panel->n; ++i) {
    const double *y = panel->y + panel->offset[i];
    for (int64_t t = 0; t < panel->length[i]; ++t) *observations += y[t] == y[t];
  }
  if (status == WSF_OK && *observations == 0) {
    status = wsf__fail(err, WSF_E_DATA, "no row holds a time and a value that could be forecast");
    wsf__error_at_file(err, p->csv.file);
  }
  wsf__panel_release(panel);
  wsf__arena_free(&arena);
  return status;
}

/* Series that take turns every few days have the days in common only, which freq= tells where the
 * calendar of the first would leave out the others. */
static wsf_status settle_expression(wsf__text *text, wsf__proposal *p, const char *path,
                                    wsf_error *err) {
  int64_t found, daily;
  wsf_error other;
  WSF__TRY(write_expression(text, p, path, err));
  const wsf_status status = check(p, text->data, &found, err);
  if (!p->turns || (status != WSF_OK && status != WSF_E_DATA)) return status;
  wsf__text_free(text);
  wsf__text_init(text, &p->csv.env->alloc, WSF__EXPR_BYTES);
  p->daily = true;
  WSF__TRY(write_expression(text, p, path, err));
  if (check(p, text->data, &daily, &other) == WSF_OK && daily > found) return WSF_OK;
  wsf__text_free(text);
  wsf__text_init(text, &p->csv.env->alloc, WSF__EXPR_BYTES);
  p->daily = false;
  return status == WSF_OK ? write_expression(text, p, path, err) : status;
}

static wsf_status expression_table(wsf_table **out, wsf__proposal *p, const char *path,
                                   wsf_error *err) {
  const wsf__alloc *a = &p->csv.env->alloc;
  wsf__text text;
  wsf_table *t = NULL;
  int64_t column;
  wsf__text_init(&text, a, WSF__EXPR_BYTES);
  wsf_status status = settle_expression(&text, p, path, err);
  if (status == WSF_OK) status = wsf__table_create(&t, a, 1, err);
  if (status == WSF_OK) status = wsf__table_add_text(t, "expression", &column, err);
  if (status == WSF_OK) status = wsf__table_put(t, column, text.data, err);
  wsf__text_free(&text);
  *out = t;
  return status;
}

/* ---- columns and file ---------------------------------------------------------------------- */

static void example(const wsf__csv *csv, int k, char out[64]) {
  const wsf__csv_column *c = &csv->column[k];
  out[0] = '\0';
  if (c->words.n > 0) (void)snprintf(out, 64, "%.48s", c->words.entry[0].text);
  for (int64_t i = 0; c->number && i < csv->rows; ++i) {
    if (c->number[i] != c->number[i]) continue;
    out[wsf__number_format(c->number[i], out)] = '\0';
    return;
  }
  /* Cut at a character. */
  size_t n = strlen(out);
  const bool cut = n == 48;
  while (cut && n > 0 && !wsf__utf8_valid(out, n)) out[--n] = '\0';
}

/* Of the periods of a wide file, and the series of a pivot file, the first and the last are shown.
 */
static bool shown(const wsf__proposal *p, int k) {
  const wsf__part part = p->column[k].part;
  bool before = false, behind = false;
  if (part != WSF__PART_PERIOD && part != WSF__PART_SERIES) return true;
  for (int i = 0; i < k; ++i) before |= p->column[i].part == part;
  for (int i = k + 1; i < p->csv.n_columns; ++i) behind |= p->column[i].part == part;
  return !before || !behind;
}

static wsf_status columns_table(wsf_table **out, const wsf__proposal *p, wsf_error *err) {
  const wsf__csv *csv = &p->csv;
  wsf_table *t;
  int64_t name, type, part, first, *distinct, *missing;
  int64_t rows = 0, row = 0;
  for (int k = 0; k < csv->n_columns; ++k) rows += shown(p, k);
  WSF__TRY(wsf__table_begin(out, csv->env, rows, err));
  t = *out;
  WSF__TRY(wsf__table_add_text(t, "column", &name, err));
  WSF__TRY(wsf__table_add_text(t, "type", &type, err));
  WSF__TRY(wsf__table_add_text(t, "part", &part, err));
  WSF__TRY(wsf__table_add_i64(t, "distinct", WSF_TYPE_I64, &distinct, err));
  WSF__TRY(wsf__table_add_i64(t, "missing", WSF_TYPE_I64, &missing, err));
  WSF__TRY(wsf__table_add_text(t, "example", &first, err));
  for (int k = 0; k < csv->n_columns; ++k) {
    char text[64];
    if (!shown(p, k)) continue;
    example(csv, k, text);
    WSF__TRY(wsf__table_put(t, name, csv->column[k].name, err));
    WSF__TRY(wsf__table_put(t, type, p->column[k].type, err));
    WSF__TRY(wsf__table_put(t, part, part_name[p->column[k].part], err));
    WSF__TRY(wsf__table_put(t, first, text, err));
    distinct[row] = p->column[k].distinct;
    missing[row++] = p->column[k].missing;
  }
  return WSF_OK;
}

static wsf_status file_table(wsf_table **out, const wsf__proposal *p, wsf_error *err) {
  const wsf__csv *csv = &p->csv;
  enum { LINES = 16 + WSF__PROPOSE_DOUBTS + WSF__CSV_NOTES };
  const char *name[LINES], *value[LINES];
  char rows[24], files[24], delimiter[8] = "tab", decimal[2] = {csv->number.decimal, 0};
  int n = 0;
  (void)snprintf(rows, sizeof rows, "%lld", (long long)csv->rows);
  (void)snprintf(files, sizeof files, "%d", csv->n_parts ? csv->n_parts : 1);
  if (csv->delimiter != '\t') (void)snprintf(delimiter, sizeof delimiter, "%c", csv->delimiter);
#define SAY(what, text) (name[n] = (what), value[n++] = (text))
  SAY("files", files);
  SAY("rows", rows);
  SAY("layout", layout_name[p->layout]);
  if (!csv->arrow) {
    SAY("header", csv->note[WSF__NOTE_NO_HEADER].count  ? "none"
                  : p->format.header == WSF__HEADER_TWO ? "first two lines"
                                                        : "first line");
    SAY("delimiter", delimiter);
    SAY("decimal", decimal);
    SAY("encoding",
        csv->encoding == WSF__ENCODING_AUTO ? "utf8" : wsf__encoding_name(csv->encoding));
  }
  char skip[24];
  (void)snprintf(skip, sizeof skip, "%lld lines", (long long)p->format.skip);
  if (p->format.skip) SAY("skipped", skip);
  if (p->format.comment) SAY("comments", "#");
  if (p->format.single_quotes) SAY("quotes", "'");
  for (int i = 0; i < p->n_doubts; ++i) SAY("doubt", p->doubt[i]);
  char twice[128], missing[256];
  (void)snprintf(twice, sizeof twice,
                 "%lld rows have the keys and time of another; their values are added up "
                 "(duplicates=)",
                 (long long)p->twice);
  if (p->twice) SAY("doubt", twice);
  size_t used = 0;
  for (int i = 0; i < p->n_na && used < sizeof missing; ++i) {
    used +=
        (size_t)snprintf(missing + used, sizeof missing - used, "%s%s", i ? "  " : "", p->na[i]);
  }
  if (p->n_na) SAY("missing", missing);
  for (int kind = 0; kind < WSF__CSV_NOTES; ++kind) {
    const char *text = wsf__csv_note_text(kind), *colon = strchr(text, ':');
    if (csv->note[kind].count == 0) continue;
    SAY(*text == 'd' ? "doubt" : "read as", colon + 2);
  }
#undef SAY
  int64_t names, values;
  WSF__TRY(wsf__table_begin(out, csv->env, n, err));
  WSF__TRY(wsf__table_add_text(*out, "name", &names, err));
  WSF__TRY(wsf__table_add_text(*out, "value", &values, err));
  for (int i = 0; i < n; ++i) {
    WSF__TRY(wsf__table_put(*out, names, name[i], err));
    WSF__TRY(wsf__table_put(*out, values, value[i], err));
  }
  return WSF_OK;
}

typedef enum view { FILE_VIEW, COLUMNS_VIEW, EXPRESSION_VIEW } view;

static wsf_status view_table(wsf_table **out, wsf__proposal *p, view what, const char *path,
                             wsf_error *err) {
  *out = NULL;
  const wsf_status status = what == COLUMNS_VIEW ? columns_table(out, p, err)
                            : what == FILE_VIEW  ? file_table(out, p, err)
                                                 : expression_table(out, p, path, err);
  if (status == WSF_OK) return WSF_OK;
  wsf_table_release(*out);
  *out = NULL;
  return status;
}

wsf_status wsf__propose(wsf_table **out, wsf__env *env, const char *path, const char *what,
                        wsf_error *err) {
  static const char *const name[] = {"file", "columns", "expression"};
  wsf__proposal p;
  int i = 0;
  *out = NULL;
  while (i < 3 && strcmp(name[i], what) != 0) ++i;
  if (i == 3) {
    return wsf__fail(err, WSF_E_NAME,
                     "a file has no view \"%s\"; file, columns or expression was expected", what);
  }
  wsf_status status = wsf__propose_read(&p, env, path, err);
  if (status == WSF_OK) status = view_table(out, &p, (view)i, path, err);
  wsf__propose_free(&p, env);
  return status;
}

wsf_status wsf__propose_all(wsf_table **file, wsf_table **columns, wsf_table **expression,
                            wsf__env *env, const char *path, wsf_error *err) {
  wsf__proposal p;
  *file = *columns = *expression = NULL;
  wsf_status status = wsf__propose_read(&p, env, path, err);
  if (status == WSF_OK) status = view_table(file, &p, FILE_VIEW, path, err);
  if (status == WSF_OK) status = view_table(columns, &p, COLUMNS_VIEW, path, err);
  if (status == WSF_OK) status = view_table(expression, &p, EXPRESSION_VIEW, path, err);
  wsf__propose_free(&p, env);
  return status;
}
