/* Rows and cells of a CSV file that were left out, in words. */
#include "ingest/csv_file.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

const char *wsf__csv_reason_text(int reason) {
  static const char *const text[WSF__CSV_REASONS] = {
      [WSF__CSV_FIELDS] = "another number of fields than the header",
      [WSF__CSV_QUOTE] = "a quote that does not close",
      [WSF__CSV_NO_KEY] = "no key",
      [WSF__CSV_BAD_TIME] = "not a time of this column's form",
      [WSF__CSV_BAD_NUMBER] = "not a number",
      [WSF__CSV_BAD_TEXT] = "not UTF-8",
      [WSF__CSV_BAD_CELL] = "not a number",
      [WSF__CSV_NO_PERIOD] = "the year has no such period",
  };
  return reason >= 0 && reason < WSF__CSV_REASONS ? text[reason] : "";
}

void wsf__csv_reject_row(wsf__csv *csv, int reason, int column, int64_t row,
                         const char *const *text, int n) {
  wsf__csv_reject *r = &csv->reject[reason];
  if (r->count++ >= WSF__CSV_EXAMPLES) return;
  wsf__csv_example *e = &r->example[r->count - 1];
  *e = (wsf__csv_example){.line = csv->line[row], .column = column};
  size_t used = 0;
  for (int i = 0; i < n && used + 1 < sizeof e->text; ++i) {
    used += (size_t)snprintf(e->text + used, sizeof e->text - used, "%s%s", i ? " " : "", text[i]);
  }
  used = strlen(e->text); /* a text that was cut ends with a whole letter */
  while (used > 0 && !wsf__utf8_valid(e->text, used)) e->text[--used] = '\0';
}

void wsf__csv_keep(wsf__csv *csv, const bool *stays) {
  int64_t n = 0;
  for (int64_t row = 0; row < csv->rows; ++row) {
    if (!stays[row]) continue;
    csv->line[n] = csv->line[row];
    for (int k = 0; k < csv->n_columns; ++k) {
      const wsf__csv_column *c = &csv->column[k];
      if (c->number) c->number[n] = c->number[row];
      if (c->time) c->time[n] = c->time[row];
      if (c->code) c->code[n] = c->code[row];
    }
    ++n;
  }
  csv->rows = n;
}

wsf_status wsf__csv_fail_rejected(const wsf__csv *csv, const char *what, wsf_error *err) {
  int first = -1;
  for (int i = 0; i < WSF__CSV_BAD_CELL; ++i) {
    const wsf__csv_reject *r = &csv->reject[i];
    if (r->count && (first < 0 || r->example[0].line < csv->reject[first].example[0].line)) {
      first = i;
    }
  }
  if (first < 0) return wsf__fail(err, WSF_E_DATA, "%s", what);
  const wsf__csv_example *e = &csv->reject[first].example[0];
  const char *column = e->column >= 0 ? csv->column[e->column].name : "";
  const bool time = first == WSF__CSV_BAD_TIME;
  (void)wsf__fail(err, WSF_E_DATA, "%s; the first has \"%s\": %s%s%s", what, e->text,
                  wsf__csv_reason_text(first), time ? ". Times are " : "",
                  time ? wsf__time_forms : "");
  const char *file = csv->file;
  wsf__error_at_row(err, wsf__line_of(csv->part, csv->n_parts, e->line, &file));
  if (*column) wsf__error_at_field(err, column);
  wsf__error_at_file(err, file);
  return WSF_E_DATA;
}
