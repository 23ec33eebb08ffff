/* CSV as RFC 4180 has it, with LF line ends. Null is an empty cell. */
#include "cli.h"

#include <string.h>

void cli_write_csv_text(FILE *to, const char *text, size_t length) {
  size_t plain = 0;
  while (plain < length && !strchr(",\"\r\n", text[plain])) ++plain;
  const bool blank_end = length > 0 && (text[0] == ' ' || text[length - 1] == ' ');
  if (plain == length && !blank_end) {
    (void)fwrite(text, 1, length, to);
    return;
  }
  fputc('"', to);
  for (size_t i = 0; i < length; ++i) {
    if (text[i] == '"') fputc('"', to);
    fputc(text[i], to);
  }
  fputc('"', to);
}

bool cli_write_csv(FILE *to, const cli_view *view) {
  for (int64_t c = 0; view->before == 0 && c < view->columns; ++c) {
    if (c) fputc(',', to);
    const char *name = wsf_table_name(view->table, view->column ? view->column[c] : c);
    cli_write_csv_text(to, name, strlen(name));
  }
  if (view->before == 0) fputc('\n', to);
  for (int64_t r = 0; r < view->rows; ++r) {
    if (r % 1024 == 0 && cli_stopped()) return true;
    const int64_t row = view->row ? view->row[r] : r;
    for (int64_t c = 0; c < view->columns; ++c) {
      const int64_t col = view->column ? view->column[c] : c;
      char buffer[64];
      size_t length;
      const char *cell = cli_cell(view->table, col, row, buffer, sizeof buffer, &length);
      if (c) fputc(',', to);
      if (cell == buffer)
        (void)fwrite(cell, 1, length, to);
      else
        cli_write_csv_text(to, cell, length);
    }
    fputc('\n', to);
  }
  return true;
}
