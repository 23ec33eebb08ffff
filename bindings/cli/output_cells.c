/* What of a table is shown: all of it or the rows of one series; and its cells as text. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

cli_view cli_view_all(const wsf_table *table) {
  return (cli_view){
      .table = table, .rows = wsf_table_rows(table), .columns = wsf_table_columns(table)};
}

const char *cli_cell(const wsf_table *t, int64_t col, int64_t row, char *buffer, size_t capacity,
                     size_t *length) {
  if (wsf_table_type(t, col) == WSF_TYPE_TEXT) {
    const char *text = wsf_table_text(t, col, row, length);
    if (!text) *length = 0;
    return text ? text : "";
  }
  const int64_t n = wsf_table_format(t, col, row, buffer, capacity);
  *length = n < 0 ? 0 : (size_t)n < capacity ? (size_t)n : capacity - 1;
  if (n < 0) buffer[0] = 0;
  return buffer;
}

/* Does the label name this row's keys? Parts are separated by "/" or ",", or by both alike. */
static bool row_matches(const wsf_table *t, int64_t row, int64_t n_keys, const char *label) {
  const char *at = label;
  for (int64_t k = 0; k < n_keys; ++k) {
    char buffer[64];
    size_t length;
    const char *key = cli_cell(t, k, row, buffer, sizeof buffer, &length);
    if (strncmp(at, key, length) != 0) return false;
    at += length;
    if (k + 1 < n_keys && *at != '/' && *at != ',') return false;
    if (k + 1 < n_keys) ++at;
    while (*at == ' ') ++at;
  }
  return *at == 0;
}

int cli_view_series(cli_view *view, int64_t n_keys, const char *label) {
  int64_t *row = malloc(sizeof(int64_t) * (size_t)(view->rows > 0 ? view->rows : 1));
  if (!row) return cli_fail_memory();
  int64_t n = 0;
  for (int64_t i = 0; i < view->rows; ++i)
    if (row_matches(view->table, i, n_keys, label)) row[n++] = i;
  view->row = row;
  view->rows = n;
  if (n > 0) return CLI_OK;
  char first[128] = "";
  for (int64_t k = 0; k < n_keys && wsf_table_rows(view->table) > 0; ++k) {
    char buffer[64];
    size_t length;
    const char *key = cli_cell(view->table, k, 0, buffer, sizeof buffer, &length);
    const size_t used = strlen(first);
    (void)snprintf(first + used, sizeof first - used, "%s%s", k ? "," : "", key);
  }
  cli_say("--series: there is no series '%s'; the first one is '%s'", label, first);
  return CLI_INPUT;
}
