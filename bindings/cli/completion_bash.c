/* Completion for bash: one function, a case for each command, and in it one for the word before. */
#include "completion.h"

static const char opening[] =
    "# Completion of wsf in bash, printed by `wsf help --completion`.\n"
    "_wsf() {\n"
    "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} flags words=\n"
    "  COMPREPLY=()\n"
    "  case $COMP_CWORD:${COMP_WORDS[1]} in\n"
    "  1:*) words='";

static const char ending[] = "  esac\n"
                             "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
                             "}\n"
                             "complete -F _wsf wsf\n";

static const char files[] = "{ compopt -o default; return; }";

static void put_flag(const cli_flag *f, const wsf_table *catalog) {
  const int behind = cli_behind(f);
  if (behind == CLI_BEHIND_OTHER) return;
  printf("    --%s", f->name);
  if (f->letter) printf(" | -%c", f->letter);
  if (behind == CLI_BEHIND_FLAG) {
    fputs(") words=$flags ;;\n", stdout);
  } else if (behind == CLI_BEHIND_FILE) {
    printf(") %s ;;\n", files);
  } else {
    fputs(") words='", stdout);
    cli_put_words(f, catalog);
    fputs("' ;;\n", stdout);
  }
}

static int put_command(const cli_command *command, const wsf_table *catalog) {
  static cli_flags flags;
  const int code = cli_flags_read(&flags, command);
  if (code != CLI_OK) return code;
  printf("  *:%s)\n    flags='", command->name);
  for (int i = 0; i < flags.n; ++i) printf("--%s ", flags.flag[i].name);
  fputs("'\n    case $before in\n", stdout);
  for (int i = 0; i < flags.n; ++i) put_flag(&flags.flag[i], catalog);
  /* what may stand behind the command itself */
  if (cli_is(command, "models")) {
    fputs("    models) words=\"$flags\"'", stdout);
    cli_put_names(catalog, NULL);
    fputs("' ;;\n", stdout);
  } else if (cli_is(command, "load") || cli_is(command, "prophet")) {
    printf("    %s) [[ $word == -* ]] && words=$flags || %s ;;\n", command->name, files);
  }
  fputs("    -*) ;;\n    *) words=$flags ;;\n    esac\n    ;;\n", stdout);
  return CLI_OK;
}

int cli_complete_bash(const wsf_table *catalog) {
  int code = CLI_OK;
  fputs(opening, stdout);
  cli_put_commands();
  fputs("help --help --version' ;;\n", stdout);
  for (int i = 0; i < cli_n_commands && code == CLI_OK; ++i)
    code = put_command(&cli_commands[i], catalog);
  fputs("  2:help) words='", stdout);
  cli_put_commands();
  printf("' ;;\n%s", ending);
  return code;
}
