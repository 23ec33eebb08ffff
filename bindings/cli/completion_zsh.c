/* Completion for zsh: one function, which hands the flags of a command to _arguments. */
#include "completion.h"

static const char opening[] =
    "#compdef wsf\n"
    "# Completion of wsf in zsh, printed by `wsf help --completion zsh`.\n"
    "_wsf() {\n"
    "  local -a commands=(\n";

static const char branch[] = "  )\n"
                             "  if (( CURRENT == 2 )); then\n"
                             "    _describe command commands\n"
                             "    return\n"
                             "  fi\n"
                             "  shift words\n"
                             "  (( CURRENT -= 1 ))\n"
                             "  case $words[1] in\n";

/* The file is run whole when it is found in fpath, and read by `source`. */
static const char ending[] =
    "  esac\n"
    "}\n"
    "if [[ $funcstack[1] == _wsf ]]; then _wsf \"$@\"; else compdef _wsf wsf; fi\n";

static const char quote[] = "'\\''";

/* "[help]:VALUE:action" of _arguments */
static void put_rest(const cli_flag *f, const wsf_table *catalog) {
  const int behind = cli_behind(f);
  putchar('[');
  cli_put_escaped(cli_flag_help(f), "[]\\", quote);
  putchar(']');
  if (behind == CLI_BEHIND_FLAG) return;
  putchar(':');
  cli_put_escaped(f->value, ":\\", quote);
  putchar(':');
  if (behind == CLI_BEHIND_FILE) {
    fputs("_files", stdout);
  } else if (behind == CLI_BEHIND_WORDS) {
    putchar('(');
    cli_put_words(f, catalog);
    putchar(')');
  } else {
    putchar(' ');
  }
}

static void put_flag(const cli_flag *f, const wsf_table *catalog) {
  fputs("      '", stdout);
  if (f->kind == CLI_MODEL)
    putchar('*'); /* several may be given */
  else if (f->letter)
    printf("(-%c --%s)", f->letter, f->name);
  if (f->letter) printf("'{-%c,--%s}'", f->letter, f->name);
  if (!f->letter) printf("--%s", f->name);
  put_rest(f, catalog);
  fputs("' \\\n", stdout);
}

static int put_command(const cli_command *command, const wsf_table *catalog) {
  static cli_flags flags;
  const int code = cli_flags_read(&flags, command);
  if (code != CLI_OK) return code;
  printf("  %s)\n    _arguments \\\n", command->name);
  for (int i = 0; i < flags.n; ++i) put_flag(&flags.flag[i], catalog);
  if (cli_is(command, "models")) {
    fputs("      '1:name:(", stdout);
    cli_put_names(catalog, NULL);
    fputs(")'\n", stdout);
  } else {
    puts(cli_is(command, "load") || cli_is(command, "prophet") ? "      '1:file:_files'"
                                                               : "      '*: :'");
  }
  fputs("    ;;\n", stdout);
  return CLI_OK;
}

int cli_complete_zsh(const wsf_table *catalog) {
  int code = CLI_OK;
  fputs(opening, stdout);
  for (int i = 0; i < cli_n_commands; ++i) {
    printf("    '%s:", cli_commands[i].name);
    cli_put_escaped(cli_commands[i].summary, ":\\", quote);
    fputs("'\n", stdout);
  }
  printf("    'help:what a command does, and its flags'\n%s", branch);
  for (int i = 0; i < cli_n_commands && code == CLI_OK; ++i)
    code = put_command(&cli_commands[i], catalog);
  fputs("  help) _arguments '1:command:(", stdout);
  cli_put_commands();
  printf(")' ;;\n%s", ending);
  return code;
}
