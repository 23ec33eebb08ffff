/* The completion of bash, from the tables that the help is made of: commands, their flags, the
 * words of a choice, the names of the catalogue. Names of files are left to the shell. */
#include "cli.h"

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

static void put_commands(void) {
  for (int i = 0; i < cli_n_commands; ++i) printf("%s ", cli_commands[i].name);
}

/* The names of the catalogue, of one family or all (NULL). */
static void put_names(const wsf_table *catalog, const char *family) {
  const int64_t name = wsf_table_find(catalog, "name"), of = wsf_table_find(catalog, "family");
  for (int64_t row = 0; row < wsf_table_rows(catalog); ++row)
    if (!family || strcmp(wsf_table_text(catalog, of, row, NULL), family) == 0)
      printf("%s ", wsf_table_text(catalog, name, row, NULL));
}

/* What may stand behind a flag; nothing is said of values that a shell cannot know. */
static void put_flag(const cli_flag *f, const wsf_table *catalog) {
  const bool file = strcmp(f->value, "FILE") == 0;
  if (f->kind != CLI_FLAG && f->kind != CLI_MODEL && !file && !*f->words) return;
  printf("    --%s", f->name);
  if (f->letter) printf(" | -%c", f->letter);
  if (f->kind == CLI_FLAG) {
    fputs(") words=$flags ;;\n", stdout);
    return;
  }
  if (file) {
    printf(") %s ;;\n", files);
    return;
  }
  fputs(") words='", stdout);
  if (f->kind == CLI_MODEL) put_names(catalog, "model");
  for (const char *at = f->words; *at; ++at) putchar(*at == '|' ? ' ' : *at);
  fputs("' ;;\n", stdout);
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
    put_names(catalog, NULL);
    fputs("' ;;\n", stdout);
  } else if (cli_is(command, "load") || cli_is(command, "prophet")) {
    printf("    %s) [[ $word == -* ]] && words=$flags || %s ;;\n", command->name, files);
  }
  fputs("    -*) ;;\n    *) words=$flags ;;\n    esac\n    ;;\n", stdout);
  return CLI_OK;
}

int cli_completion(void) {
  wsf_error err;
  wsf_context *ctx = NULL;
  wsf_table *catalog = NULL;
  int code = CLI_OK;
  if (wsf_context_create(&ctx, NULL, NULL, NULL, &err) != WSF_OK ||
      wsf_catalog(&catalog, ctx, NULL, &err) != WSF_OK) {
    code = cli_fail(&err, NULL, NULL);
  } else {
    fputs(opening, stdout);
    put_commands();
    fputs("help --help --version' ;;\n", stdout);
    for (int i = 0; i < cli_n_commands && code == CLI_OK; ++i)
      code = put_command(&cli_commands[i], catalog);
    fputs("  2:help) words='", stdout);
    put_commands();
    printf("' ;;\n%s", ending);
  }
  wsf_table_release(catalog);
  wsf_context_release(ctx);
  return code;
}
