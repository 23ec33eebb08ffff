/* The command line as values. popt reads the line with the command's flags (flags.c) and hands
 * errors back as values, so that each becomes one sentence of ours with a "did you mean". Numbers,
 * words and lists are held against the catalogue here, before any work. */
#include "cli.h"

#include <errno.h>
#include <math.h>
#include <popt.h>
#include <stdlib.h>
#include <string.h>

/* Edit distance with swaps of neighbours, on names of at most 63 bytes. */
static int distance(const char *a, const char *b) {
  const int n = (int)strlen(a), m = (int)strlen(b);
  if (n > 63 || m > 63) return 99;
  int row[64][64];
  for (int i = 0; i <= n; ++i) row[i][0] = i;
  for (int j = 0; j <= m; ++j) row[0][j] = j;
  for (int i = 1; i <= n; ++i)
    for (int j = 1; j <= m; ++j) {
      int best = row[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
      if (row[i - 1][j] + 1 < best) best = row[i - 1][j] + 1;
      if (row[i][j - 1] + 1 < best) best = row[i][j - 1] + 1;
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped && row[i - 2][j - 2] + 1 < best) best = row[i - 2][j - 2] + 1;
      row[i][j] = best;
    }
  return row[n][m];
}

const char *cli_nearest(const char *word, const char *const *names, int n) {
  const char *best = NULL;
  int least = 99;
  for (int i = 0; i < n; ++i) {
    const int d = distance(word, names[i]);
    if (d < least) {
      least = d;
      best = names[i];
    }
    /* "hor" for "horizon": a beginning that fits one name only is as good as a typing error. */
    if (strlen(word) >= 3 && strncmp(names[i], word, strlen(word)) == 0) return names[i];
  }
  const int limit = (int)strlen(word) / 3 + 1;
  return best && least <= limit && least < (int)strlen(best) ? best : NULL;
}

int cli_args_help(FILE *to, const cli_command *command) {
  static cli_flags flags;
  const int code = cli_flags_read(&flags, command);
  for (int needed = 1; needed >= 0; --needed)
    for (int i = 0; i < flags.n; ++i) {
      const cli_flag *f = &flags.flag[i];
      if (f->needed != (needed != 0)) continue;
      char left[80], letter[8] = "    ";
      if (f->letter) (void)snprintf(letter, sizeof letter, "-%c, ", f->letter);
      (void)snprintf(left, sizeof left, "%s--%s %s", letter, f->name, f->value);
      fprintf(to, "  %-26s %s%s\n", left, f->help ? f->help : f->text, needed ? " (needed)" : "");
    }
  return code;
}

static int unknown_option(const cli_command *command, const cli_flags *flags, const char *given) {
  const char *bare = given + strspn(given, "-");
  char word[64];
  (void)snprintf(word, sizeof word, "%.*s", (int)strcspn(bare, "="), bare);
  const char *mine[CLI_MAX_FLAGS];
  for (int i = 0; i < flags->n; ++i) mine[i] = flags->flag[i].name;
  const char *near = cli_nearest(word, mine, flags->n);
  if (near)
    cli_say("'%s' has no option --%s; did you mean --%s?", command->name, word, near);
  else
    cli_say("'%s' has no option %s; 'wsf help %s' lists them", command->name, given, command->name);
  return CLI_INPUT;
}

/* ---- values --------------------------------------------------------------------------------- */

/* "a|b|c" holds the word; with `say`, it is said that it does not. */
static bool holds(const cli_flag *f, const char *word, bool say) {
  char words[sizeof f->words];
  const char *name[64] = {NULL};
  int n = 0;
  (void)snprintf(words, sizeof words, "%s", f->words);
  for (char *at = strtok(words, "|"); at && n < 64; at = strtok(NULL, "|")) name[n++] = at;
  for (int i = 0; i < n; ++i)
    if (strcmp(name[i], word) == 0) return true;
  if (!say) return false;
  cli_text list = {0};
  for (int i = 0; i < n; ++i) cli_add(&list, "%s%s", i ? ", " : "", name[i]);
  const char *near = cli_nearest(word, name, n);
  cli_say("--%s: '%s' is none of %s%s%s%s", f->name, word, list.failed ? "" : list.data,
          near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
  cli_text_free(&list);
  return false;
}

/* A number of the flag's bounds, up to `end`; false: said. */
static bool check_number(const cli_flag *f, const char *text) {
  const bool whole = f->kind == CLI_WHOLE || f->kind == CLI_WHOLES;
  char *end;
  errno = 0;
  const double x = strtod(text, &end);
  const bool number = end != text && !*end && !errno && isfinite(x) &&
                      strspn(text, "0123456789.eE+-") == strlen(text);
  if (number && x >= f->least && x <= f->most && (!whole || x == floor(x))) return true;
  if (*f->words && holds(f, text, false)) return true;
  char bounds[80] = "";
  if (isfinite(f->least)) {
    char least[32], most[32];
    cli_number(least, f->least);
    cli_number(most, f->most);
    (void)snprintf(bounds, sizeof bounds, " from %s to %s", least, most);
  }
  cli_say("--%s: '%s' is not a %snumber%s%s%s", f->name, text, whole ? "whole " : "", bounds,
          *f->words ? ", nor " : "", f->words);
  return false;
}

/* An entry of a list: a number, for whole ones a range a:b, or a name. */
static bool check_entry(const cli_flag *f, const char *entry) {
  if (f->kind == CLI_NAMES) return !*f->words || holds(f, entry, true);
  const char *colon = f->kind == CLI_WHOLES ? strchr(entry, ':') : NULL;
  if (!colon) return check_number(f, entry);
  char first[64];
  (void)snprintf(first, sizeof first, "%.*s", (int)(colon - entry), entry);
  return check_number(f, first) && check_number(f, colon + 1);
}

/* "80,95" -> "[80,95]", each entry checked. Brackets may be written too. */
static int read_list(char **out, const cli_flag *f, const char *text) {
  const char *from = text + strspn(text, " [");
  size_t length = strlen(from);
  while (length > 0 && strchr(" ]", from[length - 1])) --length;
  cli_text list = {0};
  cli_add(&list, "[");
  int n = 0;
  for (size_t i = 0; i < length; ++n) {
    const size_t end_of_word = i + strcspn(from + i, ", ");
    const size_t word = (end_of_word < length ? end_of_word : length) - i;
    char entry[4096]; /* also a path */
    (void)snprintf(entry, sizeof entry, "%.*s", (int)(word < 4095 ? word : 4095), from + i);
    if (!check_entry(f, entry)) {
      cli_text_free(&list);
      return CLI_INPUT;
    }
    cli_add(&list, "%s", n ? "," : "");
    if (f->kind == CLI_NAMES)
      cli_add_quoted(&list, entry);
    else
      cli_add(&list, "%s", entry);
    i += word;
    i += strspn(from + i, " ");
    if (from[i] == ',') i += 1 + strspn(from + i + 1, " ");
  }
  cli_add(&list, "]");
  if (list.failed) {
    cli_text_free(&list);
    return cli_fail_memory();
  }
  if (n == 0) {
    cli_text_free(&list);
    cli_say("--%s: the list is empty", f->name);
    return CLI_INPUT;
  }
  *out = list.data;
  return CLI_OK;
}

static int keep(cli_args *args, char *text) {
  char **owned = realloc(args->owned, sizeof(char *) * (size_t)(args->n_owned + 1));
  if (!owned) {
    free(text);
    return cli_fail_memory();
  }
  args->owned = owned;
  args->owned[args->n_owned++] = text;
  return CLI_OK;
}

/* The argument of an option of a call, as the grammar writes it; a new text, or `text` itself. */
static int read_value(char **out, const cli_flag *f, char *text) {
  *out = text;
  switch (f->kind) {
  case CLI_WHOLE:
  case CLI_NUMBER:
    return check_number(f, text) ? CLI_OK : CLI_INPUT;
  case CLI_WORD:
    return holds(f, text, true) ? CLI_OK : CLI_INPUT;
  case CLI_WHOLES:
  case CLI_NUMBERS:
  case CLI_NAMES:
    if (*f->words && f->kind != CLI_NAMES && holds(f, text, false)) return CLI_OK;
    return read_list(out, f, text);
  default: {
    cli_text quoted = {0};
    cli_add_quoted(&quoted, text);
    *out = quoted.data;
    if (!quoted.failed) return CLI_OK;
    cli_text_free(&quoted);
    return cli_fail_memory();
  }
  }
}

static int given_twice(const cli_flag *f) {
  cli_say("--%s is given twice", f->name);
  return CLI_INPUT;
}

/* An option of the library's calls. */
static int store_given(cli_args *args, const cli_flag *f, char *text) {
  if (cli_given_text(args, f->option)) return given_twice(f);
  cli_given *given = &args->given[args->n_given];
  *given = (cli_given){.calls = f->calls, .text = "true"};
  memcpy(given->option, f->option, sizeof given->option);
  if (f->kind != CLI_FLAG) {
    char *value;
    int code = read_value(&value, f, text);
    if (code == CLI_OK && value != text) code = keep(args, value);
    if (code != CLI_OK) return code;
    given->text = value;
  }
  ++args->n_given;
  return CLI_OK;
}

/* Store one flag's argument. Takes `text`. */
static int store(cli_args *args, const cli_flag *f, char *text) {
  void *slot = (char *)args + f->offset;
  int code = f->kind == CLI_FLAG ? CLI_OK : keep(args, text);
  if (code != CLI_OK) return code;
  if (f->calls) return store_given(args, f, text);
  switch (f->kind) {
  case CLI_FLAG:
    *(bool *)slot = true;
    return CLI_OK;
  case CLI_WHOLE:
    if (!check_number(f, text)) return CLI_INPUT;
    *(int64_t *)slot = strtoll(text, NULL, 10);
    return CLI_OK;
  case CLI_MODEL: {
    const int most = cli_is(args->command, "backtest") ? CLI_MAX_MODELS : 1;
    if (args->n_models == most) {
      cli_say("'%s' takes at most %d --model", args->command->name, most);
      return CLI_INPUT;
    }
    args->model[args->n_models++] = text;
    return CLI_OK;
  }
  default:
    if (*(const char **)slot) return given_twice(f);
    *(const char **)slot = text;
    return CLI_OK;
  }
}

const char *cli_given_text(const cli_args *args, const char *option) {
  for (int i = 0; i < args->n_given; ++i)
    if (strcmp(args->given[i].option, option) == 0) return args->given[i].text;
  return NULL;
}

void cli_add_options(cli_text *out, const cli_args *args, const char *call) {
  for (int i = 0; i < args->n_given; ++i) {
    const cli_given *given = &args->given[i];
    for (int c = 0; c < CLI_MAX_CALLS && args->command->call[c]; ++c) {
      if (!(given->calls & 1u << c) || strcmp(args->command->call[c], call) != 0) continue;
      cli_add(out, "%s%s=%s", out->length ? ", " : "", given->option, given->text);
    }
  }
}

int cli_fail_call(const wsf_error *err, const cli_args *args) {
  char origin[80];
  (void)snprintf(origin, sizeof origin, "--%s", err->field);
  for (char *at = origin; *at; ++at)
    if (*at == '_') *at = '-';
  return cli_fail(err, cli_given_text(args, err->field) ? origin : NULL, NULL);
}

/* ---- the line ------------------------------------------------------------------------------- */

static int popt_error(const cli_command *command, const cli_flags *flags, poptContext ctx,
                      int code) {
  const char *bad = poptBadOption(ctx, POPT_BADOPTION_NOALIAS);
  if (code == POPT_ERROR_BADOPT) return unknown_option(command, flags, bad);
  if (code == POPT_ERROR_NOARG)
    cli_say("%s needs an argument", bad);
  else if (code == POPT_ERROR_UNWANTEDARG)
    cli_say("%s takes no argument", bad);
  else
    cli_say("%s: %s", bad, poptStrerror(code));
  return CLI_INPUT;
}

static bool is_given(const cli_args *args, const cli_flag *f) {
  if (f->calls) return cli_given_text(args, f->option) != NULL;
  if (f->kind == CLI_MODEL) return args->n_models > 0;
  return *(const char *const *)((const char *)args + f->offset) != NULL;
}

static int check_needed(const cli_args *args, const cli_flags *flags) {
  for (int i = 0; i < flags->n; ++i) {
    const cli_flag *f = &flags->flag[i];
    if (!f->needed || is_given(args, f) || (args->name && cli_is(args->command, "load"))) continue;
    cli_say("'%s' needs --%s %s%s; 'wsf help %s' shows how", args->command->name, f->name, f->value,
            cli_is(args->command, "load") ? " or a FILE" : "", args->command->name);
    return CLI_INPUT;
  }
  if (cli_is(args->command, "prophet") && !args->name == !args->load) {
    cli_say("'prophet' needs either --load FILE, to write a model, or MODEL.json, to read one");
    return CLI_INPUT;
  }
  if (cli_is(args->command, "describe") && !args->data == !args->load) {
    cli_say("'describe' needs either --data EXPR or --load FILE");
    return CLI_INPUT;
  }
  return CLI_OK;
}

int cli_args_parse(cli_args *args, const cli_command *command, int argc, const char **argv) {
  static cli_flags flags;
  *args = (cli_args){.command = command, .history = -1};
  int code = cli_flags_read(&flags, command), next = -1;
  if (code != CLI_OK) return code;
  struct poptOption table[CLI_MAX_FLAGS + 1] = {{0}};
  for (int i = 0; i < flags.n; ++i) {
    const cli_flag *f = &flags.flag[i];
    table[i] = (struct poptOption){
        f->name, f->letter, f->kind == CLI_FLAG ? POPT_ARG_NONE : POPT_ARG_STRING, NULL, i + 1,
        NULL,    NULL};
  }
  poptContext ctx = poptGetContext("wsf", argc, argv, table, 0);
  if (!ctx) return cli_fail_memory();
  while (code == CLI_OK && (next = poptGetNextOpt(ctx)) > 0)
    code = store(args, &flags.flag[next - 1], poptGetOptArg(ctx));
  if (code == CLI_OK && next < -1) code = popt_error(command, &flags, ctx, next);
  const char *extra = code == CLI_OK ? poptGetArg(ctx) : NULL;
  if (extra && (cli_is(command, "models") || cli_is(command, "prophet") ||
                (cli_is(command, "load") && !args->data))) {
    char *name = strdup(extra);
    code = name ? keep(args, name) : cli_fail_memory();
    args->name = code == CLI_OK ? name : NULL;
    extra = code == CLI_OK ? poptGetArg(ctx) : NULL;
  }
  if (extra && !args->help) {
    cli_say("'%s' is not expected here; an expression with blanks needs quotes around it", extra);
    code = CLI_INPUT;
  }
  poptFreeContext(ctx);
  if (code == CLI_OK && !args->help) code = check_needed(args, &flags);
  for (int i = 0; code == CLI_OK && i < flags.n; ++i) {
    if (flags.flag[i].kind == CLI_MODEL && args->n_models == 0)
      args->model[args->n_models++] = "auto";
  }
  return code;
}

void cli_args_free(cli_args *args) {
  for (int i = 0; i < args->n_owned; ++i) free(args->owned[i]);
  free(args->owned);
  args->owned = NULL;
  args->n_owned = 0;
}
