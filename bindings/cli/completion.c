/* Completion of the shell, from the tables that the help is made of: commands, their flags, the
 * words of a choice, the names of the catalogue. Names of files are left to the shell. */
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

static const struct {
  const char *shell;
  int (*put)(const wsf_table *catalog);
} shells[] = {{"bash", cli_complete_bash}, {"zsh", cli_complete_zsh}, {"fish", cli_complete_fish}};
enum { N_SHELLS = sizeof shells / sizeof *shells };

static int unknown_shell(const char *shell) {
  cli_say("no completion for '%s', expected bash, zsh or fish", shell);
  return CLI_INPUT;
}

int cli_completion(const char *shell) {
  int which = 0;
  while (shell && which < N_SHELLS && strcmp(shells[which].shell, shell) != 0) ++which;
  if (which == N_SHELLS) return unknown_shell(shell);
  wsf_error err;
  wsf_context *ctx = NULL;
  wsf_table *catalog = NULL;
  const bool read = wsf_context_create(&ctx, NULL, NULL, NULL, &err) == WSF_OK &&
                    wsf_catalog(&catalog, ctx, NULL, &err) == WSF_OK;
  const int code = read ? shells[which].put(catalog) : cli_fail(&err, NULL, NULL);
  wsf_table_release(catalog);
  wsf_context_release(ctx);
  return code;
}
