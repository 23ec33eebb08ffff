/* What the completions of the shells share: each is printed from the tables that the help is made
 * of. */
#ifndef WSF_CLI_COMPLETION_H
#define WSF_CLI_COMPLETION_H

#include "cli.h"

/* What may stand behind a flag; nothing is said of values that a shell cannot know. */
enum { CLI_BEHIND_OTHER, CLI_BEHIND_FLAG, CLI_BEHIND_FILE, CLI_BEHIND_WORDS };
int cli_behind(const cli_flag *f);
const char *cli_flag_help(const cli_flag *f);

/* Printed with a space behind each: the commands; names of the catalogue, of one family or all
 * (NULL); the words of a flag, which are models or a choice. */
void cli_put_commands(void);
void cli_put_names(const wsf_table *catalog, const char *family);
void cli_put_words(const cli_flag *f, const wsf_table *catalog);
/* Text with each of these characters behind a backslash, and ' as the shells' quote within quotes.
 */
void cli_put_escaped(const char *text, const char *escaped, const char *quote);

/* One shell each: everything from the first line to the last. An exit code. */
int cli_complete_bash(const wsf_table *catalog);
int cli_complete_zsh(const wsf_table *catalog);
int cli_complete_fish(const wsf_table *catalog);

#endif
