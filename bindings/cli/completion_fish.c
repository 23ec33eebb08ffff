/* Completion for fish: a line for each command and for each flag of each. */
#include "completion.h"

static const char opening[] =
    "# Completion of wsf in fish, printed by `wsf help --completion fish`.\n"
    "complete -c wsf -f\n"
    "complete -c wsf -n __fish_use_subcommand -a help -d 'what a command does, and its flags'\n"
    "complete -c wsf -n __fish_use_subcommand -l help -d 'this help'\n"
    "complete -c wsf -n __fish_use_subcommand -l version -d 'version of wsf'\n";

static void put_text(const char *text) {
  putchar('\'');
  cli_put_escaped(text, "\\", "\\'");
  putchar('\'');
}

static void put_condition(const char *command) {
  printf("complete -c wsf -n '__fish_seen_subcommand_from %s'", command);
}

static void put_flag(const cli_flag *f, const char *command, const wsf_table *catalog) {
  const int behind = cli_behind(f);
  put_condition(command);
  printf(" -l %s", f->name);
  if (f->letter) printf(" -s %c", f->letter);
  if (behind == CLI_BEHIND_FILE) fputs(" -r -F", stdout);
  if (behind == CLI_BEHIND_OTHER) fputs(" -x", stdout);
  if (behind == CLI_BEHIND_WORDS) {
    fputs(" -x -a '", stdout);
    cli_put_words(f, catalog);
    putchar('\'');
  }
  fputs(" -d ", stdout);
  put_text(cli_flag_help(f));
  putchar('\n');
}

static int put_command(const cli_command *command, const wsf_table *catalog) {
  static cli_flags flags;
  const int code = cli_flags_read(&flags, command);
  if (code != CLI_OK) return code;
  printf("complete -c wsf -n __fish_use_subcommand -a %s -d ", command->name);
  put_text(command->summary);
  putchar('\n');
  for (int i = 0; i < flags.n; ++i) put_flag(&flags.flag[i], command->name, catalog);
  if (cli_is(command, "models")) {
    put_condition(command->name);
    fputs(" -a '", stdout);
    cli_put_names(catalog, NULL);
    fputs("'\n", stdout);
  } else if (cli_is(command, "load") || cli_is(command, "prophet")) {
    put_condition(command->name);
    fputs(" -F\n", stdout);
  }
  return CLI_OK;
}

int cli_complete_fish(const wsf_table *catalog) {
  int code = CLI_OK;
  fputs(opening, stdout);
  for (int i = 0; i < cli_n_commands && code == CLI_OK; ++i)
    code = put_command(&cli_commands[i], catalog);
  put_condition("help");
  fputs(" -a '", stdout);
  cli_put_commands();
  fputs("'\n", stdout);
  return code;
}
