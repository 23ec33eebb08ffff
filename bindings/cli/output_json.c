/* JSON: an array of objects, one per row and line, written as it goes so that a large table needs
 * no second copy. Jansson checks and escapes text; numbers keep the library's shortest form, which
 * Jansson 2.14 cannot print. Null and what is not finite is null. */
#include "cli.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* A JSON string literal, to be freed; bytes that are not UTF-8 become U+FFFD. */
static char *literal(const char *text, size_t length) {
  json_t *string = json_stringn(text, length);
  if (!string) {
    char *clean = malloc(3 * length + 1);
    if (!clean) return NULL;
    size_t n = 0;
    for (size_t i = 0; i < length; ++i) {
      const bool ascii = (unsigned char)text[i] < 0x80;
      memcpy(clean + n, ascii ? &text[i] : "\xef\xbf\xbd", ascii ? 1 : 3);
      n += ascii ? 1 : 3;
    }
    string = json_stringn(clean, n);
    free(clean);
    if (!string) return NULL;
  }
  char *out = json_dumps(string, JSON_ENCODE_ANY);
  json_decref(string);
  return out;
}

static bool write_cell(FILE *to, const wsf_table *t, int64_t col, int64_t row) {
  char buffer[64];
  size_t length;
  if (wsf_table_is_null(t, col, row)) return fputs("null", to) >= 0;
  const int32_t type = wsf_table_type(t, col);
  const char *cell = cli_cell(t, col, row, buffer, sizeof buffer, &length);
  if (type == WSF_TYPE_I64 || type == WSF_TYPE_F64 || type == WSF_TYPE_F32) {
    const bool finite = length > 0 && !strpbrk(cell, "nN"); /* nan, inf */
    fputs(finite ? cell : "null", to);
    return true;
  }
  char *text = literal(cell, length);
  if (!text) return false;
  fputs(text, to);
  free(text);
  return true;
}

bool cli_write_json(FILE *to, const cli_view *view) {
  bool good = true;
  char **name = calloc((size_t)view->columns + 1, sizeof *name);
  if (!name) return false;
  for (int64_t c = 0; c < view->columns && good; ++c) {
    const char *text = wsf_table_name(view->table, view->column ? view->column[c] : c);
    name[c] = literal(text, strlen(text));
    good = name[c] != NULL;
  }
  if (good && view->before == 0) fputs("[", to);
  for (int64_t r = 0; r < view->rows && good && !(r % 1024 == 0 && cli_stopped()); ++r) {
    fputs(r || view->before ? ",\n {" : "\n {", to);
    for (int64_t c = 0; c < view->columns && good; ++c) {
      fprintf(to, "%s%s: ", c ? ", " : "", name[c]);
      good = write_cell(to, view->table, view->column ? view->column[c] : c,
                        view->row ? view->row[r] : r);
    }
    fputs("}", to);
  }
  if (good && !view->more) fputs("\n]\n", to);
  for (int64_t c = 0; c < view->columns; ++c) free(name[c]);
  free(name);
  return good;
}
