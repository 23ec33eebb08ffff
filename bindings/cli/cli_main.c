/* The entry of the `wsf` command: finds the command, reads its arguments, runs it. */
#include "cli.h"

#include <locale.h>
#include <string.h>

/* help [NAME], --man [NAME], --completion [SHELL]: what argv holds after "help". */
static int help(int argc, char **argv) {
  if (argc > 0 && strcmp(argv[0], "--completion") == 0)
    return cli_completion(argc > 1 ? argv[1] : NULL);
  if (argc > 0 && strcmp(argv[0], "--man") == 0) return cli_man(argc > 1 ? argv[1] : NULL);
  return cli_help(argc > 0 ? argv[0] : NULL);
}

int main(int argc, char **argv) {
  /* Only the character set: numbers stay as they are written everywhere. */
  (void)setlocale(LC_CTYPE, "");
  const char *first = argc > 1 ? argv[1] : NULL;
  if (!first) {
    cli_say("which command? 'wsf help' lists them");
    return CLI_INPUT;
  }
  if (strcmp(first, "--version") == 0 || strcmp(first, "-V") == 0) {
    printf("wsf %s\n", wsf_version());
    return CLI_OK;
  }
  if (strcmp(first, "--help") == 0 || strcmp(first, "-h") == 0) return cli_help(NULL);
  if (strcmp(first, "help") == 0) return help(argc - 2, argv + 2);
  if (first[0] == '-') {
    cli_say("the command comes first, then its options, as in 'wsf forecast %s'", first);
    return CLI_INPUT;
  }
  const cli_command *command = cli_find_command(first);
  if (!command) return cli_unknown_command(first);
  cli_args args;
  /* popt takes argv[0] for the program's name: here the command's. */
  int code = cli_args_parse(&args, command, argc - 1, (const char **)argv + 1);
  if (code == CLI_OK) code = args.help ? cli_help(command->name) : command->run(&args);
  cli_args_free(&args);
  if (fflush(stdout) != 0 && code == CLI_OK) code = CLI_WORK;
  return code;
}
