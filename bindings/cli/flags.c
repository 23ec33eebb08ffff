/* The flags of a command. Its own stand in a table here; the others are the options of the library
 * calls that it makes, read from the catalogue with their type, bounds, default and meaning: a new
 * option of a call is a flag the day it is there, and no bound is written twice. */
#include "cli.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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
  FEATURES = 1024,
  EVIDENCE = 2048,
  PROPHET = 4096,
  FORECASTS = PREDICT | FORECAST,
  TABLES = LOAD | DESCRIBE | MODELS | ANALYZE | BACKTEST | UPDATE | FORECASTS | FEATURES | EVIDENCE,
  READERS =
      LOAD | DESCRIBE | ANALYZE | BACKTEST | FIT | UPDATE | FORECAST | PLOT | FEATURES | EVIDENCE,
  ALL = 8191
};

typedef struct own_flag {
  unsigned commands, needed;
  cli_flag flag;
} own_flag;

#define AT(member) offsetof(cli_args, member)

static const own_flag own[] = {
    {READERS,
     LOAD | ANALYZE | BACKTEST | FIT | UPDATE | FORECAST | PLOT | FEATURES | EVIDENCE,
     {"data", 'd', CLI_TEXT, "EXPR", AT(data),
      .help = "where the sales come from, e.g. 'walmart(\"DIR\")' or 'simulate()'"}},
    {PROPHET,
     0,
     {"data", 'd', CLI_TEXT, "EXPR", AT(data),
      .help = "what the forecaster was fitted to, where x=, cap= or floor= name its columns"}},
    {PREDICT,
     0,
     {"data", 'd', CLI_TEXT, "EXPR", AT(data),
      .help = "newer values of columns known ahead, of all series or some"}},
    {BACKTEST | FIT | FORECAST | PLOT | EVIDENCE,
     BACKTEST | FIT,
     {"model", 'm', CLI_MODEL, "EXPR", AT(model),
      .help = "what forecasts, e.g. ets or 'mean(ets, snaive)'; backtest takes several; "
              "evidence, forecast and plot without one choose it (auto)"}},
    {FEATURES,
     FEATURES,
     {"recipe", 'r', CLI_TEXT, "LIST", AT(recipe),
      .help = "what to compute, e.g. 'lags([1:4,52]), calendar(week, month)'"}},
    {PREDICT | UPDATE | DESCRIBE | PROPHET,
     PREDICT | UPDATE,
     {"load", 'l', CLI_TEXT, "FILE", AT(load),
      .help = "a forecaster saved by `wsf fit`; -: standard input"}},
    {FIT | UPDATE,
     FIT | UPDATE,
     {"save", 's', CLI_TEXT, "FILE", AT(save),
      .help = "save the forecaster here; -: standard output"}},
    {READERS,
     0,
     {"until", 'u', CLI_TEXT, "DATE", AT(until), .help = "cut the history after this date"}},
    {UPDATE,
     0,
     {"strict", 0, CLI_FLAG, "", AT(strict),
      .help = "a rejected row of the data, a series without an observation in it, a late one or "
              "one too far ahead, is an error"}},
    {(READERS & ~(unsigned)UPDATE) | PREDICT,
     0,
     {"strict", 0, CLI_FLAG, "", AT(strict),
      .help = "a rejected row of the data is an error, not a note"}},
    {PROPHET,
     0,
     {"series", 0, CLI_TEXT, "KEY", AT(series),
      .help = "the series to write; of a forecaster of one it may be left out"}},
    {PROPHET,
     PROPHET,
     {"out", 'o', CLI_TEXT, "FILE", AT(out),
      .help =
          "write the model (.json) or the history (.csv) here, whole or not at all; -: standard "
          "output"}},
    {FORECASTS,
     0,
     /* not the option's list, whose commas would part the keys */
     {"series", 0, CLI_TEXT, "KEY", AT(series),
      .help = "one series by its keys, e.g. 1,1 or 1/1; several: '[\"1,1\", \"1,2\"]'"}},
    {PLOT,
     0,
     {"series", 0, CLI_TEXT, "KEY", AT(series),
      .help =
          "one series by its keys, e.g. 1,1 or 1/1; of data with one series it may be left out"}},
    {PLOT,
     0,
     {"alone", 0, CLI_FLAG, "", AT(alone),
      .help = "fit this series alone: quick, but models that learn across series see only it"}},
    {PLOT,
     0,
     {"components", 0, CLI_FLAG, "", AT(components),
      .help = "draw what the forecast is the sum of instead, a panel each"}},
    {PLOT,
     0,
     {"history", 0, CLI_WHOLE, "N", AT(history), 1, 1000000,
      .help = "periods of history shown (default: three seasons)"}},
    {ANALYZE,
     0,
     {"options", 0, CLI_TEXT, "LIST", AT(options),
      .help = "options of the call in the grammar, e.g. 'seasons=[24,168], robust=true'"}},
    {UPDATE,
     0,
     {"what", 0, CLI_TEXT, "WHAT", AT(what),
      .help = "print a view of the result: news, report, series, summary (see above)"}},
    {DESCRIBE | BACKTEST,
     0,
     {"what", 0, CLI_TEXT, "WHAT", AT(what), .help = "which of its tables (see above)"}},
    {TABLES,
     0,
     {"format", 'f', CLI_TEXT, "FORMAT", AT(format),
      .help = "table, csv or json; default: table on a terminal, else csv",
      .words = "table|csv|json"}},
    {TABLES,
     0,
     {"out", 'o', CLI_TEXT, "FILE", AT(out),
      .help = "write here, whole or not at all; .json gives JSON"}},
    {PLOT,
     PLOT,
     {"out", 'o', CLI_TEXT, "FILE", AT(out),
      .help = "write the picture here, whole or not at all: .svg, .png or .pdf"}},
    {ALL, 0, {"quiet", 0, CLI_FLAG, "", AT(quiet), .help = "no progress bar and no notes"}},
    {ALL, 0, {"help", 'h', CLI_FLAG, "", AT(help), .help = "this help"}},
};

/* What the command line adds to options of the catalogue. */
static const struct {
  const char *option;
  char letter;
  const char *value;
  const char *preset; /* in place of the library's; NULL: the library's */
} accents[] = {
    {"horizon", 'H', "N", NULL},  {"windows", 'w', "K", NULL},         {"step", 0, "S", NULL},
    {"levels", 0, "80,95", NULL}, {"quantiles", 'q', "0.1,0.9", NULL}, {"threads", 't', "N", "0"},
};

/* Options that are no flags: --what asks for forecasts, whoever types a command may open what he
 * may open anyway (`paths` of predict means something else), and a picture shows none of the rest.
 */
static const struct {
  unsigned commands;
  const char *call, *option;
} no_flags[] = {
    {BACKTEST, "backtest", "forecasts"},
    {ALL, "context", "paths"},
    {PLOT, "fit", "fitted"},
    {PLOT, "predict", "quantiles"},
    {PLOT, "predict", "paths"},
    {PLOT, "predict", "cumulative"},
};

static bool is_no_flag(const cli_command *command, const char *call, const char *option) {
  for (size_t i = 0; i < sizeof no_flags / sizeof *no_flags; ++i)
    if ((no_flags[i].commands & command->bit) && strcmp(no_flags[i].call, call) == 0 &&
        strcmp(no_flags[i].option, option) == 0)
      return true;
  return false;
}

static const char *cell(const wsf_table *t, const char *column, int64_t row) {
  const char *text = wsf_table_text(t, wsf_table_find(t, column), row, NULL);
  return text ? text : "";
}

/* By cli_kind: the catalogue's word for it, and what stands for the argument in help. */
static const struct {
  const char *type, *value;
} kinds[] = {
    [CLI_TEXT] = {"text", "TEXT"},      [CLI_MODEL] = {"", "EXPR"},
    [CLI_FLAG] = {"flag", ""},          [CLI_WORD] = {"word", "WORD"},
    [CLI_WHOLE] = {"integer", "N"},     [CLI_NUMBER] = {"number", "X"},
    [CLI_WHOLES] = {"integers", "N,N"}, [CLI_NUMBERS] = {"numbers", "X,X"},
    [CLI_NAMES] = {"names", "A,B"},
};
enum { N_KINDS = (int)(sizeof kinds / sizeof *kinds) };

/* N_KINDS: no flag can say it. */
static int kind_of(const char *type) {
  int kind = 0;
  while (kind < N_KINDS && strcmp(kinds[kind].type, type) != 0) ++kind;
  return kind;
}

static void copy(char *to, size_t capacity, const char *from) {
  (void)snprintf(to, capacity, "%s", from);
}

/* The last whole numbers that a double tells apart: nobody counts so far. */
#define ENDLESS 9007199254740991.0

/* "What it does (1 to 1000; default 1)", from one row of the catalogue. */
static void write_help(cli_flag *f, const char *meaning, const char *preset, bool bounded) {
  char bounds[160] = "", least[32], most[32];
  cli_number(least, f->least);
  cli_number(most, f->most);
  /* what the command says instead of leaving an option out comes as its default */
  const char *absent = *preset ? strstr(meaning, "; absent: ") : NULL;
  const size_t length = absent ? (size_t)(absent - meaning) : strlen(meaning);
  const int shown = (int)(length && meaning[length - 1] == '.' ? length - 1 : length);
  if (bounded && f->most >= ENDLESS)
    (void)snprintf(bounds, sizeof bounds, "%s or more", least);
  else if (bounded)
    (void)snprintf(bounds, sizeof bounds, "%s to %s", least, most);
  if (*f->words)
    (void)snprintf(bounds + strlen(bounds), sizeof bounds - strlen(bounds), "%s%.120s",
                   *bounds ? " or " : "", f->words);
  if (strlen(preset) > 24 || f->kind == CLI_FLAG) preset = "";
  const char *separator = *bounds && *preset ? "; " : "";
  const bool any = *bounds || *preset;
  (void)snprintf(f->text, sizeof f->text, "%.*s%s%s%s%s%s%s", shown, meaning, any ? " (" : "",
                 bounds, separator, *preset ? "default " : "", preset, any ? ")" : "");
}

static void add_option(cli_flags *flags, const cli_command *command, int c, const wsf_table *t,
                       int64_t row) {
  const char *option = cell(t, "option", row), *preset = cell(t, "default", row);
  const int kind = kind_of(cell(t, "type", row));
  if (kind == N_KINDS || is_no_flag(command, command->call[c], option)) return;
  cli_flag f = {.kind = kind, .value = kinds[kind].value, .calls = 1u << c};
  copy(f.option, sizeof f.option, option);
  copy(f.name, sizeof f.name, option);
  for (char *at = f.name; *at; ++at)
    if (*at == '_') *at = '-';
  for (size_t i = 0; i < sizeof accents / sizeof *accents; ++i) {
    if (strcmp(accents[i].option, option) != 0) continue;
    f.letter = accents[i].letter;
    f.value = accents[i].value;
    if (accents[i].preset) preset = accents[i].preset;
  }
  copy(f.words, sizeof f.words, cell(t, "words", row));
  const int64_t least = wsf_table_find(t, "least"), most = wsf_table_find(t, "most");
  const bool bounded = wsf_table_is_null(t, least, row) == 0;
  f.least = bounded ? wsf_table_f64(t, least)[row] : -INFINITY;
  f.most = bounded ? wsf_table_f64(t, most)[row] : INFINITY;
  f.needed = wsf_table_is_null(t, wsf_table_find(t, "default"), row) != 0;
  write_help(&f, cell(t, "meaning", row), preset, bounded);
  for (int i = 0; i < flags->n; ++i) {
    cli_flag *there = &flags->flag[i];
    if (strcmp(there->name, f.name) != 0) continue;
    /* What two calls take in one meaning is one flag; else the first call's. */
    if (there->calls && strcmp(there->text, f.text) == 0) {
      there->calls |= f.calls;
      there->needed = there->needed || f.needed;
    }
    return;
  }
  if (flags->n < CLI_MAX_FLAGS) flags->flag[flags->n++] = f;
}

int cli_flags_read(cli_flags *flags, const cli_command *command) {
  flags->n = 0;
  for (size_t i = 0; i < sizeof own / sizeof *own; ++i) {
    if (!(own[i].commands & command->bit)) continue;
    flags->flag[flags->n] = own[i].flag;
    flags->flag[flags->n++].needed = (own[i].needed & command->bit) != 0;
  }
  wsf_error err;
  wsf_context *ctx = NULL;
  if (wsf_context_create(&ctx, NULL, NULL, NULL, &err) != WSF_OK) return cli_fail(&err, NULL, NULL);
  int code = CLI_OK;
  for (int c = 0; c < CLI_MAX_CALLS && command->call[c] && code == CLI_OK; ++c) {
    wsf_table *t = NULL;
    if (wsf_catalog(&t, ctx, command->call[c], &err) != WSF_OK) {
      code = cli_fail(&err, NULL, NULL);
    } else {
      for (int64_t row = 0; row < wsf_table_rows(t); ++row) add_option(flags, command, c, t, row);
    }
    wsf_table_release(t);
  }
  wsf_context_release(ctx);
  return code;
}

bool cli_is_option(const cli_command *command, const char *name) {
  for (size_t i = 0; i < sizeof own / sizeof *own; ++i)
    if ((own[i].commands & command->bit) && strcmp(own[i].flag.name, name) == 0) return true;
  return false;
}
