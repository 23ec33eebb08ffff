/* Manual pages: wsf(1) and a wsf-COMMAND(1) for each command, in the man macros of roff, from the
 * tables that the help is made of. */
#include "cli.h"

/* Characters that mean something to roff, or that it would set as others than those typed. */
static void put(const char *text, size_t length) {
  for (size_t i = 0; i < length; ++i) {
    switch (text[i]) {
    case '\\':
      fputs("\\e", stdout);
      break;
    case '-':
      fputs("\\-", stdout);
      break;
    case '\'':
      fputs("\\(aq", stdout);
      break;
    case '`':
      fputs("\\(ga", stdout);
      break;
    case '^':
      fputs("\\(ha", stdout);
      break;
    case '~':
      fputs("\\(ti", stdout);
      break;
    case '|': /* where a long choice may be broken */
      fputs("|\\:", stdout);
      break;
    default:
      /* a line must not begin with a dot, which is a request */
      if (text[i] == '.' && i == 0) fputs("\\&", stdout);
      putchar(text[i]);
    }
  }
}

static void put_text(const char *text) {
  put(text, strlen(text));
}

/* Prose is filled; lines that are moved in are examples and stay as they are. */
static void put_lines(const char *text) {
  bool as_is = false;
  while (*text) {
    const size_t length = strcspn(text, "\n");
    const bool example = length > 2 && strncmp(text, "  ", 2) == 0;
    if (example != as_is) fputs(example ? ".PP\n.RS 4\n.nf\n" : ".fi\n.RE\n", stdout);
    as_is = example;
    if (length > 0) {
      put(text + (example ? 2 : 0), length - (example ? 2 : 0));
      putchar('\n');
    } else {
      fputs(".PP\n", stdout);
    }
    text += length + (text[length] == '\n');
  }
  if (as_is) fputs(".fi\n.RE\n", stdout);
}

static void put_title(const char *name) {
  printf(".TH \"%s\" 1 \"\" \"wsf %s\" \"libwsf\"\n.SH NAME\n", name, wsf_version());
}

static void put_flag(const cli_flag *f) {
  fputs(".TP\n", stdout);
  if (f->letter) printf("\\fB\\-%c\\fR, ", f->letter);
  fputs("\\fB\\-\\-", stdout);
  put_text(f->name);
  fputs("\\fR", stdout);
  if (*f->value) {
    fputs(" \\fI", stdout);
    put_text(f->value);
    fputs("\\fR", stdout);
  }
  putchar('\n');
  put_text(f->help ? f->help : f->text);
  fputs(f->needed ? " (needed)\n" : "\n", stdout);
}

static int man_of_command(const cli_command *command) {
  static cli_flags flags;
  const int code = cli_flags_read(&flags, command);
  if (code != CLI_OK) return code;
  char name[64];
  (void)snprintf(name, sizeof name, "wsf-%s", command->name);
  put_title(name);
  put_text(name);
  fputs(" \\- ", stdout);
  put_text(command->summary);
  printf("\n.SH SYNOPSIS\n.B wsf %s\n", command->name);
  put_text(command->usage);
  fputs("\n.SH DESCRIPTION\n", stdout);
  put_lines(command->text);
  fputs(".SH OPTIONS\n", stdout);
  for (int needed = 1; needed >= 0; --needed)
    for (int i = 0; i < flags.n; ++i)
      if (flags.flag[i].needed == (needed != 0)) put_flag(&flags.flag[i]);
  fputs(".SH EXAMPLES\n", stdout);
  put_lines(command->examples);
  fputs(".SH SEE ALSO\n.BR wsf (1)\n", stdout);
  return CLI_OK;
}

static void man_of_wsf(void) {
  put_title("wsf");
  fputs("wsf \\- forecasts of retail sales\n.SH SYNOPSIS\n.B wsf\n", stdout);
  fputs("\\fICOMMAND\\fR [\\fIOPTIONS\\fR]\n.br\n.B wsf help\n[\\fICOMMAND\\fR]\n", stdout);
  fputs(".br\n.B wsf \\-\\-version\n.SH COMMANDS\n", stdout);
  for (int i = 0; i < cli_n_commands; ++i) {
    printf(".TP\n.BR wsf\\-%s (1)\n", cli_commands[i].name);
    put_text(cli_commands[i].summary);
    putchar('\n');
  }
  fputs(".SH DESCRIPTION\n", stdout);
  put_lines(cli_lessons + strspn(cli_lessons, "\n"));
}

int cli_man(const char *name) {
  if (!name) return man_of_wsf(), CLI_OK;
  const cli_command *command = cli_find_command(name);
  return command ? man_of_command(command) : cli_unknown_command(name);
}
