/* Completion of the shell, from the tables that the help is made of: commands, their flags, the
 * words of a choice, the names of the catalogue. Names of files are left to the shell. */
#include "completion.h"

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
