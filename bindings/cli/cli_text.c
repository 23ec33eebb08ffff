/* A growing text, for expressions and option lists. A failed addition is remembered and checked
 * once, where the text is used. */
#include "cli.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static bool room(cli_text *t, size_t more) {
  if (t->failed) return false;
  if (t->length + more + 1 <= t->capacity) return true;
  size_t capacity = t->capacity ? t->capacity : 256;
  while (capacity < t->length + more + 1) capacity *= 2;
  char *data = realloc(t->data, capacity);
  if (!data) {
    t->failed = true;
    return false;
  }
  t->data = data;
  t->capacity = capacity;
  return true;
}

void cli_add(cli_text *t, const char *format, ...) {
  va_list list;
  va_start(list, format);
  const int n = vsnprintf(NULL, 0, format, list);
  va_end(list);
  if (n < 0 || !room(t, (size_t)n)) return;
  va_start(list, format);
  (void)vsnprintf(t->data + t->length, (size_t)n + 1, format, list);
  va_end(list);
  t->length += (size_t)n;
}

void cli_add_quoted(cli_text *t, const char *text) {
  cli_add(t, "\"");
  for (const char *c = text; *c; ++c) cli_add(t, *c == '"' || *c == '\\' ? "\\%c" : "%c", *c);
  cli_add(t, "\"");
}

void cli_add_shell(cli_text *t, const char *text) {
  static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._/-";
  if (*text && text[strspn(text, plain)] == '\0') {
    cli_add(t, "%s", text);
    return;
  }
  cli_add(t, "'");
  for (const char *c = text; *c; ++c) cli_add(t, *c == '\'' ? "'\\''" : "%c", *c);
  cli_add(t, "'");
}

void cli_number(char out[32], double x) {
  const bool whole = fabs(x) < 1e18 && x == floor(x);
  (void)snprintf(out, 32, whole ? "%.0f" : "%.15g", x);
}

void cli_text_free(cli_text *t) {
  free(t->data);
  *t = (cli_text){0};
}
