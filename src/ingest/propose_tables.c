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
  SAY("layout", wsf__propose_layout(p->layout));
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
  if (p->format.quote) SAY("quotes", wsf__propose_quote(p->format.quote));
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
    if (csv->note[kind].count == 0 || kind == WSF__NOTE_CURRENCIES) continue; /* named above */
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

static wsf_status expression_table(wsf_table **out, const wsf__proposal *p, wsf_error *err) {
  int64_t column;
  WSF__TRY(wsf__table_begin(out, p->csv.env, 1, err));
  WSF__TRY(wsf__table_add_text(*out, "expression", &column, err));
  return wsf__table_put(*out, column, p->expression.data, err);
}

typedef enum view { FILE_VIEW, COLUMNS_VIEW, EXPRESSION_VIEW } view;

static wsf_status view_table(wsf_table **out, wsf__proposal *p, view what, wsf_error *err) {
  *out = NULL;
  const wsf_status status = what == COLUMNS_VIEW ? columns_table(out, p, err)
                            : what == FILE_VIEW  ? file_table(out, p, err)
                                                 : expression_table(out, p, err);
  if (status == WSF_OK) return WSF_OK;
  wsf_table_release(*out);
  *out = NULL;
  return status;
}

/* Read and settle. Where nothing would load, which *loads tells, there is no expression, but what
 * was seen of the file can be looked at. */
static wsf_status look(wsf__proposal *p, wsf__env *env, const char *path, wsf_status *loads,
                       wsf_error *err) {
  WSF__TRY(wsf__propose_read(p, env, path, err));
  *loads = wsf__propose_settle(p, path, err);
  return *loads == WSF_E_MEMORY || *loads == WSF_E_CANCELLED ? *loads : WSF_OK;
}

wsf_status wsf__propose(wsf_table **out, wsf__env *env, const char *path, const char *what,
                        wsf_error *err) {
  static const char *const name[] = {"file", "columns", "expression"};
  wsf__proposal p;
  wsf_status loads = WSF_OK;
  int i = 0;
  *out = NULL;
  while (i < 3 && strcmp(name[i], what) != 0) ++i;
  if (i == 3) {
    return wsf__fail(err, WSF_E_NAME,
                     "a file has no view \"%s\"; file, columns or expression was expected", what);
  }
  wsf_status status = look(&p, env, path, &loads, err);
  if (status == WSF_OK && i == EXPRESSION_VIEW) status = loads;
  if (status == WSF_OK) status = view_table(out, &p, (view)i, err);
  wsf__propose_free(&p, env);
  return status;
}

wsf_status wsf__propose_all(wsf_table **file, wsf_table **columns, wsf_table **expression,
                            wsf__env *env, const char *path, wsf_error *err) {
  wsf__proposal p;
  wsf_status loads = WSF_OK;
  *file = *columns = *expression = NULL;
  wsf_status status = look(&p, env, path, &loads, err);
  if (status == WSF_OK) status = view_table(file, &p, FILE_VIEW, err);
  if (status == WSF_OK) status = view_table(columns, &p, COLUMNS_VIEW, err);
  if (status == WSF_OK) status = loads;
  if (status == WSF_OK) status = view_table(expression, &p, EXPRESSION_VIEW, err);
  wsf__propose_free(&p, env);
  return status;
}
