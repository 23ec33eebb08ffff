/* The command line as values. One table names every option, the commands it belongs to and its
 * help; popt reads the line with it and hands errors back as values, so that each becomes one
 * sentence of ours with a "did you mean". Numbers and lists are checked here, before any work. */
#include "cli.h"

#include <errno.h>
#include <popt.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum kind { TEXT, MODEL, WHOLE, FLAG, PERCENTS, SHARES, WORDS };

/* Bits of the commands; help.c gives each command its bit. */
enum {
  LOAD = 1,
  DESCRIBE = 2,
  MODELS = 4,
  ANALYZE = 8,
  BACKTEST = 16,
  FIT = 32,
  PREDICT = 64,
  FORECAST = 128,
  PLOT = 256,
  UPDATE = 512,
  FORECASTS = PREDICT | FORECAST,
  TABLES = LOAD | DESCRIBE | MODELS | ANALYZE | BACKTEST | FORECASTS,
  READERS = LOAD | DESCRIBE | ANALYZE | BACKTEST | FIT | UPDATE | FORECAST | PLOT,
  ALL = 1023
};

typedef struct option {
  const char *name;
  char letter;
  enum kind kind;
  const char *value; /* what stands for the argument in help */
  unsigned commands, needed;
  size_t offset;
  int64_t least, most; /* WHOLE */
  const char *help;
} option;

#define AT(member) offsetof(cli_args, member)

static const option options[] = {
    {"data", 'd', TEXT, "EXPR", READERS | PREDICT,
     LOAD | ANALYZE | BACKTEST | FIT | UPDATE | FORECAST | PLOT, AT(data), 0, 0,
     "where the sales come from, e.g. 'walmart(\"DIR\")' or 'simulate()'"},
    {"model", 'm', MODEL, "EXPR", BACKTEST | FIT | FORECAST | PLOT,
     BACKTEST | FIT | FORECAST | PLOT, AT(model), 0, 0,
     "what forecasts, e.g. ets or 'mean(ets, snaive)'; backtest takes several"},
    {"horizon", 'H', WHOLE, "N", BACKTEST | FORECASTS | PLOT, BACKTEST | FORECASTS | PLOT,
     AT(horizon), 1, 100000, "periods to forecast"},
    {"load", 'l', TEXT, "FILE", PREDICT | UPDATE | DESCRIBE, PREDICT | UPDATE, AT(load), 0, 0,
     "a forecaster saved by `wsf fit`"},
    {"save", 's', TEXT, "FILE", FIT | UPDATE, FIT | UPDATE, AT(save), 0, 0,
     "save the forecaster here"},
    {"windows", 'w', WHOLE, "K", BACKTEST, 0, AT(windows), 1, 100000,
     "forecast origins (default 1)"},
    {"step", 0, WHOLE, "S", BACKTEST, 0, AT(step), 1, 100000,
     "periods between two origins (default: the horizon)"},
    {"metrics", 0, WORDS, "A,B", BACKTEST, 0, AT(metrics), 0, 0,
     "wmae mae rmse mape smape mase rmsse wape bias pinball sql coverage winkler"},
    {"levels", 0, PERCENTS, "80,95", BACKTEST | FORECASTS | PLOT, 0, AT(levels), 0, 0,
     "prediction intervals, in percent"},
    {"quantiles", 'q', SHARES, "0.1,0.9", BACKTEST | FORECASTS, 0, AT(quantiles), 0, 0,
     "quantiles, between 0 and 1"},
    {"nonnegative", 0, FLAG, NULL, FORECASTS | PLOT, 0, AT(nonnegative), 0, 0,
     "no forecast below zero"},
    {"until", 'u', TEXT, "DATE", READERS, 0, AT(until), 0, 0, "cut the history after this date"},
    {"strict", 0, FLAG, NULL, READERS | PREDICT, 0, AT(strict), 0, 0,
     "a rejected row of the data is an error, not a note"},
    {"series", 0, TEXT, "KEY", ANALYZE | FORECASTS | PLOT, PLOT, AT(series), 0, 0,
     "one series by its keys, e.g. 1,1 or 1/1"},
    {"alone", 0, FLAG, NULL, PLOT, 0, AT(alone), 0, 0,
     "fit this series alone: quick, but models that learn across series see only it"},
    {"history", 0, WHOLE, "N", PLOT, 0, AT(history), 1, 1000000,
     "periods of history shown (default: three seasons)"},
    {"min-obs", 0, WHOLE, "N", BACKTEST, 0, AT(min_obs), 0, INT64_C(1000000000),
     "leave out series with fewer observations"},
    {"lags", 0, WHOLE, "N", ANALYZE, 0, AT(lags), 1, 100000,
     "lags of acf and pacf; the longest season looked for"},
    {"options", 0, TEXT, "LIST", ANALYZE, 0, AT(options), 0, 0,
     "more of the call's options, e.g. 'seasons=[24,168], robust=true'"},
    {"what", 0, TEXT, "WHAT", DESCRIBE | ANALYZE | BACKTEST, 0, AT(what), 0, 0,
     "which of its tables (see above)"},
    {"format", 'f', TEXT, "FORMAT", TABLES, 0, AT(format), 0, 0,
     "table, csv or json; default: table on a terminal, else csv"},
    {"out", 'o', TEXT, "FILE", TABLES | PLOT, PLOT, AT(out), 0, 0,
     "write here, whole or not at all; .json gives JSON"},
    {"threads", 't', WHOLE, "N", ALL & ~MODELS, 0, AT(threads), 0, 1024,
     "threads; default 0: one per core. Results never depend on it"},
    {"seed", 0, WHOLE, "N", ALL & ~MODELS, 0, AT(seed), 0, INT64_C(9007199254740991),
     "seed of everything random (default 1)"},
    {"quiet", 0, FLAG, NULL, ALL, 0, AT(quiet), 0, 0, "no progress bar and no notes"},
    {"help", 'h', FLAG, NULL, ALL, 0, AT(help), 0, 0, "this help"},
};
enum { N_OPTIONS = (int)(sizeof options / sizeof options[0]) };

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

bool cli_is_option(const cli_command *command, const char *name) {
  for (int i = 0; i < N_OPTIONS; ++i)
    if ((options[i].commands & command->bit) && strcmp(options[i].name, name) == 0) return true;
  return false;
}

void cli_args_help(FILE *to, const cli_command *command) {
  for (int needed = 1; needed >= 0; --needed)
    for (int i = 0; i < N_OPTIONS; ++i) {
      const option *o = &options[i];
      if (!(o->commands & command->bit) || ((o->needed & command->bit) != 0) != needed) continue;
      char left[64];
      (void)snprintf(left, sizeof left, "%s%c%s --%s%s%s", o->letter ? "-" : " ",
                     o->letter ? o->letter : ' ', o->letter ? "," : " ", o->name,
                     o->value ? " " : "", o->value ? o->value : "");
      fprintf(to, "  %-26s %s%s\n", left, o->help, needed ? " (needed)" : "");
    }
}

static int unknown_option(const cli_command *command, const char *given) {
  const char *bare = given + strspn(given, "-");
  char word[64];
  (void)snprintf(word, sizeof word, "%.*s", (int)strcspn(bare, "="), bare);
  const char *mine[N_OPTIONS];
  int n = 0;
  for (int i = 0; i < N_OPTIONS; ++i)
    if (options[i].commands & command->bit) mine[n++] = options[i].name;
  const char *near = cli_nearest(word, mine, n);
  if (near)
    cli_say("'%s' has no option --%s; did you mean --%s?", command->name, word, near);
  else
    cli_say("'%s' has no option %s; 'wsf help %s' lists them", command->name, given, command->name);
  return CLI_INPUT;
}

static int read_whole(int64_t *out, const option *o, const char *text) {
  char *end;
  errno = 0;
  const long long value = strtoll(text, &end, 10);
  if (end == text || *end || errno || value < o->least || value > o->most) {
    cli_say("--%s: '%s' is not a whole number from %lld to %lld", o->name, text,
            (long long)o->least, (long long)o->most);
    return CLI_INPUT;
  }
  *out = value;
  return CLI_OK;
}

/* "80,95" -> "[80,95]", each entry checked. Brackets may be written too. */
static int read_list(char **out, const option *o, const char *text) {
  const char *from = text + strspn(text, " [");
  size_t length = strlen(from);
  while (length > 0 && strchr(" ]", from[length - 1])) --length;
  cli_text list = {0};
  cli_add(&list, "[");
  int n = 0;
  for (size_t i = 0; i < length; ++n) {
    const size_t end_of_word = i + strcspn(from + i, ", ");
    const size_t word = (end_of_word < length ? end_of_word : length) - i;
    char entry[64];
    (void)snprintf(entry, sizeof entry, "%.*s", (int)(word < 63 ? word : 63), from + i);
    char *end;
    const double x = strtod(entry, &end);
    const bool number = end != entry && !*end && strspn(entry, "0123456789.eE+-") == word;
    const double top = o->kind == PERCENTS ? 100 : 1;
    const bool good =
        o->kind == WORDS
            ? word > 0 && strspn(entry, "abcdefghijklmnopqrstuvwxyz_0123456789") == word
            : number && x > 0 && x < top;
    if (!good) {
      cli_text_free(&list);
      if (o->kind == WORDS)
        cli_say("--%s: '%s' is not the name of a metric", o->name, entry);
      else
        cli_say("--%s: '%s' is not a number between 0 and %g", o->name, entry, top);
      return CLI_INPUT;
    }
    cli_add(&list, "%s%s", n ? "," : "", entry);
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
    cli_say("--%s: the list is empty", o->name);
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

/* Store one option's argument. Takes `text`. */
static int store(cli_args *args, const option *o, char *text) {
  void *slot = (char *)args + o->offset;
  if (o->kind == FLAG) {
    *(bool *)slot = true;
    return CLI_OK;
  }
  int code = keep(args, text);
  if (code != CLI_OK) return code;
  if (o->kind == WHOLE) return read_whole(slot, o, text);
  if (o->kind == MODEL) {
    const int most = args->command->bit == BACKTEST ? CLI_MAX_MODELS : 1;
    if (args->n_models == most) {
      cli_say("'%s' takes at most %d --model", args->command->name, most);
      return CLI_INPUT;
    }
    args->model[args->n_models++] = text;
    return CLI_OK;
  }
  if (*(const char **)slot) {
    cli_say("--%s is given twice", o->name);
    return CLI_INPUT;
  }
  if (o->kind == TEXT) {
    *(const char **)slot = text;
    return CLI_OK;
  }
  char *list = NULL;
  code = read_list(&list, o, text);
  if (code != CLI_OK) return code;
  *(const char **)slot = list;
  return keep(args, list);
}

static int popt_error(const cli_command *command, poptContext ctx, int code) {
  const char *bad = poptBadOption(ctx, POPT_BADOPTION_NOALIAS);
  if (code == POPT_ERROR_BADOPT) return unknown_option(command, bad);
  if (code == POPT_ERROR_NOARG)
    cli_say("%s needs an argument", bad);
  else if (code == POPT_ERROR_UNWANTEDARG)
    cli_say("%s takes no argument", bad);
  else
    cli_say("%s: %s", bad, poptStrerror(code));
  return CLI_INPUT;
}

static bool is_given(const cli_args *args, const option *o) {
  const void *slot = (const char *)args + o->offset;
  if (o->kind == MODEL) return args->n_models > 0;
  if (o->kind == FLAG) return *(const bool *)slot;
  if (o->kind == WHOLE) return *(const int64_t *)slot >= 0;
  return *(const char *const *)slot != NULL;
}

static int check_needed(const cli_args *args) {
  for (int i = 0; i < N_OPTIONS; ++i) {
    const option *o = &options[i];
    if (!(o->needed & args->command->bit) || is_given(args, o)) continue;
    cli_say("'%s' needs --%s %s; 'wsf help %s' shows how", args->command->name, o->name, o->value,
            args->command->name);
    return CLI_INPUT;
  }
  if (args->command->bit == DESCRIBE && !args->data == !args->load) {
    cli_say("'describe' needs either --data EXPR or --load FILE");
    return CLI_INPUT;
  }
  return CLI_OK;
}

int cli_args_parse(cli_args *args, const cli_command *command, int argc, const char **argv) {
  *args = (cli_args){.command = command,
                     .horizon = -1,
                     .windows = -1,
                     .step = -1,
                     .threads = -1,
                     .seed = -1,
                     .min_obs = -1,
                     .history = -1,
                     .lags = -1};
  struct poptOption table[N_OPTIONS + 1] = {{0}};
  for (int i = 0, n = 0; i < N_OPTIONS; ++i) {
    const option *o = &options[i];
    if (!(o->commands & command->bit)) continue;
    table[n++] = (struct poptOption){
        o->name, o->letter, o->kind == FLAG ? POPT_ARG_NONE : POPT_ARG_STRING, NULL, i + 1,
        NULL,    NULL};
  }
  poptContext ctx = poptGetContext("wsf", argc, argv, table, 0);
  if (!ctx) return cli_fail_memory();
  int code = CLI_OK, next;
  while (code == CLI_OK && (next = poptGetNextOpt(ctx)) > 0)
    code = store(args, &options[next - 1], poptGetOptArg(ctx));
  if (code == CLI_OK && next < -1) code = popt_error(command, ctx, next);
  const char *extra = code == CLI_OK ? poptGetArg(ctx) : NULL;
  if (extra && command->bit == MODELS) {
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
  if (code == CLI_OK && !args->help) code = check_needed(args);
  return code;
}

void cli_args_free(cli_args *args) {
  for (int i = 0; i < args->n_owned; ++i) free(args->owned[i]);
  free(args->owned);
  args->owned = NULL;
  args->n_owned = 0;
}
