/* What the completions of the shells are made of: words of the tables, as each shell prints them.
 */
#include "completion.h"

int cli_behind(const cli_flag *f) {
  if (f->kind == CLI_FLAG) return CLI_BEHIND_FLAG;
  if (strcmp(f->value, "FILE") == 0) return CLI_BEHIND_FILE;
  return f->kind == CLI_MODEL || *f->words ? CLI_BEHIND_WORDS : CLI_BEHIND_OTHER;
}

const char *cli_flag_help(const cli_flag *f) {
  return f->help ? f->help : f->text;
}

void cli_put_commands(void) {
  for (int i = 0; i < cli_n_commands; ++i) printf("%s ", cli_commands[i].name);
}

void cli_put_names(const wsf_table *catalog, const char *family) {
  const int64_t name = wsf_table_find(catalog, "name"), of = wsf_table_find(catalog, "family");
  for (int64_t row = 0; row < wsf_table_rows(catalog); ++row)
    if (!family || strcmp(wsf_table_text(catalog, of, row, NULL), family) == 0)
      printf("%s ", wsf_table_text(catalog, name, row, NULL));
}

void cli_put_words(const cli_flag *f, const wsf_table *catalog) {
  if (f->kind == CLI_MODEL) cli_put_names(catalog, "model");
  for (const char *at = f->words; *at; ++at) putchar(*at == '|' ? ' ' : *at);
}

void cli_put_escaped(const char *text, const char *escaped, const char *quote) {
  for (; *text; ++text) {
    if (*text == '\'') {
      fputs(quote, stdout);
      continue;
    }
    if (strchr(escaped, *text)) putchar('\\');
    putchar(*text);
  }
}
