/* What the parts of the `wsf` command share. The command is built on the public headers alone. */
#ifndef WSF_CLI_H
#define WSF_CLI_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <wsf/wsf.h>

/* Exit codes, documented in docs/cli.md and `wsf help`. */
enum {
  CLI_OK = 0,
  CLI_WORK = 1,     /* the work failed: no series fitted, a result could not be written */
  CLI_INPUT = 2,    /* arguments, an expression, data or a model file are not right */
  CLI_INSIDE = 3,   /* out of memory, or a fault of wsf itself */
  CLI_STOPPED = 130 /* Ctrl-C */
};

/* ---- text.c: a growing text ---- */

typedef struct cli_text {
  char *data;
  size_t length, capacity;
  bool failed;
} cli_text;
void cli_add(cli_text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
void cli_add_quoted(cli_text *t, const char *text); /* as a "text" of the grammar */
void cli_add_shell(cli_text *t, const char *text);  /* as one word of a shell's line */
void cli_text_free(cli_text *t);
/* A bound as a reader wrote it: whole numbers without an exponent, however large. */
void cli_number(char out[32], double x);

/* ---- arguments.c: the command line as values ---- */

enum { CLI_MAX_MODELS = 1000, CLI_MAX_CALLS = 4, CLI_MAX_FLAGS = 96 };

/* An option of the command's library calls, as the grammar writes it. */
typedef struct cli_given {
  char option[48];
  unsigned calls; /* bits of cli_command.call */
  const char *text;
} cli_given;

typedef struct cli_args {
  const struct cli_command *command;
  const char *data, *until, *load, *save, *out, *format, *what, *series, *options, *recipe;
  const char *name; /* positional, `wsf models NAME`, `wsf load FILE` */
  const char *model[CLI_MAX_MODELS];
  int n_models;
  int64_t history; /* -1: not given */
  bool alone, components, strict, quiet, help;
  cli_given given[CLI_MAX_FLAGS];
  int n_given;
  char **owned; /* every text above, for release */
  int n_owned;
} cli_args;

typedef struct cli_command {
  const char *name;
  const char *summary; /* one line of `wsf help` */
  const char *usage;   /* after "wsf NAME " */
  const char *text;    /* what it does and prints */
  const char *examples;
  unsigned bit; /* its bit in the table of flags */
  int (*run)(const cli_args *args);
  const char *call[CLI_MAX_CALLS]; /* the library calls whose options are flags of it */
} cli_command;

static inline bool cli_is(const cli_command *command, const char *name) {
  return strcmp(command->name, name) == 0;
}

/* Parse argv (after the command's name). Says what is wrong and returns CLI_INPUT, or CLI_OK. */
int cli_args_parse(cli_args *args, const cli_command *command, int argc, const char **argv);
void cli_args_free(cli_args *args);
/* Print the options of a command, one per line. */
int cli_args_help(FILE *to, const cli_command *command);
/* What was given of an option of a call, or NULL. */
const char *cli_given_text(const cli_args *args, const char *option);
/* Append what was given to one call: "horizon=3, levels=[80]". */
void cli_add_options(cli_text *out, const cli_args *args, const char *call);
/* What a failed call reported; its field is named as the flag it came from. */
int cli_fail_call(const wsf_error *err, const cli_args *args);
/* The nearest of n names, or NULL if none is near: for "did you mean". */
const char *cli_nearest(const char *word, const char *const *names, int n);

/* ---- flags.c: the flags of a command ---- */

enum cli_kind {
  CLI_TEXT,
  CLI_MODEL,
  CLI_FLAG,
  CLI_WORD,
  CLI_WHOLE,
  CLI_NUMBER,
  CLI_WHOLES,
  CLI_NUMBERS,
  CLI_NAMES
};

typedef struct cli_flag {
  char name[48]; /* without the dashes before it */
  char letter;
  int kind;           /* cli_kind */
  const char *value;  /* what stands for the argument in help */
  size_t offset;      /* in cli_args, of a flag of the command itself */
  double least, most; /* of a number, and of each entry of a list */
  const char *help;   /* NULL: in text */
  bool needed;
  char option[48]; /* of the calls below */
  unsigned calls;
  char words[256]; /* "a|b|c": the choice, or words that may stand for a number */
  char text[512];
} cli_flag;

typedef struct cli_flags {
  int n;
  cli_flag flag[CLI_MAX_FLAGS];
} cli_flags;

int cli_flags_read(cli_flags *flags, const cli_command *command);
/* Whether the command itself has a flag of this name. */
bool cli_is_option(const cli_command *command, const char *name);

/* ---- help.c: the commands, and what --help says ---- */

extern const cli_command cli_commands[];
extern const int cli_n_commands;
const cli_command *cli_find_command(const char *name);
extern const char cli_lessons[];
int cli_help(const char *name); /* NULL: the overview */
int cli_unknown_command(const char *name);

/* ---- man.c, completion.c and one more per shell: the same for man and for the shell ---- */

int cli_man(const char *name);         /* NULL: wsf(1) */
int cli_completion(const char *shell); /* NULL: bash */

/* ---- say.c: stderr, progress, Ctrl-C ---- */

/* "wsf: <sentence>" on stderr. */
void cli_say(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Say what a failed call reported and return the exit code that belongs to it. With an expression,
 * it is shown with a caret under the byte; `origin` is the option it came from. */
int cli_fail(const wsf_error *err, const char *origin, const char *expression);
/* The same for failures while writing: CLI_WORK where reading would give CLI_INPUT. */
int cli_fail_writing(const wsf_error *err);
static inline int cli_fail_memory(void) {
  cli_say("out of memory");
  return CLI_INSIDE;
}
void cli_catch_signals(wsf_context *ctx); /* NULL: stop handing them to a context */
bool cli_stopped(void);
void cli_progress_start(wsf_context *ctx, bool quiet);
void cli_progress_end(void);

/* ---- standard_input.c ---- */

/* Let "-" be standard input in every expression. */
wsf_status cli_add_standard_input(wsf_context *ctx, wsf_error *err);

/* ---- sql.c ---- */

/* Append the expression with each sql(DATABASE, QUERY, ..) made a source of the context; says what
 * is wrong and returns an exit code. */
int cli_add_queries(cli_text *out, wsf_context *ctx, const char *expression);

/* ---- session.c: the handles a command works with ---- */

typedef struct cli_session {
  const cli_args *args;
  wsf_context *ctx;
  wsf_dataset *data;
  wsf_model *model[CLI_MAX_MODELS];
  int n_models;
  wsf_forecaster *forecaster;
} cli_session;

/* Each says what is wrong and returns an exit code; CLI_OK goes on. */
int cli_open(cli_session *s, const cli_args *args);
int cli_open_data(cli_session *s);
/* The same with or without --until, and with a step after another "|" (NULL: none). */
int cli_open_dataset(wsf_dataset **out, const cli_session *s, bool cut, const char *step);
int cli_open_models(cli_session *s);
int cli_fit(cli_session *s);
int cli_load(cli_session *s);
/* Put the forecaster moved over the data in the place of the loaded one. */
int cli_update(cli_session *s);
int cli_predict(cli_session *s, wsf_table **out);
/* What a view that could not be made reported: a fault of its name, or of what it looks at. */
int cli_fail_view(const wsf_error *err, const char *what);
void cli_close(cli_session *s);
/* A number in a table of names and values; 0 if it is not there. */
int64_t cli_summary_number(const wsf_table *summary, const char *name);
/* Say once how many series got less than the model that was asked for, and why. */
void cli_warn_fit(const cli_session *s);

/* ---- output.c: where and in which form a result goes ---- */

enum { CLI_TABLE = 1, CLI_CSV, CLI_JSON, CLI_KAGGLE };

/* Rows and columns of a table, in an order; NULL = all. */
typedef struct cli_view {
  const wsf_table *table;
  const int64_t *row, *column;
  int64_t rows, columns;
  int64_t before; /* rows written already, of a table that comes in parts */
  bool more;      /* and whether more parts follow */
} cli_view;

typedef struct cli_sink {
  FILE *file;
  const char *path; /* NULL: standard output */
  char *temp;       /* temporary file in the same folder, renamed at the end */
} cli_sink;

/* The form asked for by --format, the file's extension, or what standard output is. */
int cli_format(const cli_args *args);
/* Before the work: has --out a name that a table may have? */
int cli_check_table(const char *path);
/* Before the work: could the file of this option be written at all? */
int cli_check_path(const char *option, const char *path);
int cli_sink_open(cli_sink *sink, const char *path);
/* keep: the whole result was written; else nothing is left behind. */
int cli_sink_close(cli_sink *sink, bool keep);
cli_view cli_view_all(const wsf_table *table);
/* Rows whose leading n_keys columns, joined, are the label ("1,1" or "1/1"); the caller frees
 * view->row. Says so when no row is. */
int cli_view_series(cli_view *view, int64_t n_keys, const char *label);
/* Write a view to --out or standard output in the form of the arguments. */
int cli_write(const cli_args *args, const cli_view *view);
/* One cell as text; `buffer` holds what is not text itself. */
const char *cli_cell(const wsf_table *t, int64_t col, int64_t row, char *buffer, size_t capacity,
                     size_t *length);

/* output_csv.c, output_json.c, output_table.c. false: interrupted or out of memory. */
bool cli_write_csv(FILE *to, const cli_view *view);
void cli_write_csv_text(FILE *to, const char *text, size_t length);
bool cli_write_json(FILE *to, const cli_view *view);
/* most: rows shown, the middle of a longer table is left out; 0: all. */
bool cli_write_table(FILE *to, const cli_view *view, int64_t most);

/* ---- kaggle.c ---- */

/* Id,target rows for those the dataset asks for, or for every forecast row. */
int cli_write_kaggle(const cli_args *args, const wsf_dataset *data, const cli_view *forecasts);

/* ---- plot.c, plot_axis.c, plot_series.c ---- */

typedef struct cli_ticks {
  int n;
  double at[64];
  char label[64][24];
} cli_ticks;
/* Round values that cover [lo, hi], some `want` of them. */
void cli_ticks_number(cli_ticks *out, double lo, double hi, int want);
/* Round dates or times inside [lo, hi] of a DATE, TIME or I64 column. */
void cli_ticks_time(cli_ticks *out, int32_t type, double lo, double hi, int want);

enum { CLI_MAX_BANDS = 4 };
/* One series, ready to draw; times in the units of the time column's type. */
typedef struct cli_chart {
  char title[256], subtitle[512];
  int32_t time_type;
  int64_t n_history, n_forecast, n_after, n_holidays, step_width;
  double *history_time, *history, *forecast_time, *forecast;
  double *after_time, *after; /* actuals after --until */
  double *holiday;            /* times of holiday periods */
  int n_bands;                /* widest first */
  char band_name[CLI_MAX_BANDS][16];
  double *lo[CLI_MAX_BANDS], *hi[CLI_MAX_BANDS];
} cli_chart;
int cli_draw(FILE *to, const char *path, const cli_chart *chart);
/* Whether the suffix is one of a picture; of a picture's path with another suffix it is said. */
bool cli_is_picture(const char *path);
int cli_check_picture(const char *path);

/* plot_panels.c: one series' table of wsf_analyze, or the components of its forecast, as a picture.
 * subtitle: nullable. */
int cli_draw_panels(const char *path, const wsf_table *table, const char *subtitle);

/* ---- prophet_write.c, prophet_read.c: models of the Prophet package ---- */

int cli_write_prophet(cli_session *s);

/* ---- the commands ---- */

int cli_run_load(const cli_args *args);
int cli_run_describe(const cli_args *args);
int cli_run_models(const cli_args *args);
int cli_run_features(const cli_args *args);
int cli_run_analyze(const cli_args *args);
int cli_run_backtest(const cli_args *args);
int cli_run_fit(const cli_args *args);
int cli_run_update(const cli_args *args);
int cli_run_predict(const cli_args *args);
int cli_run_forecast(const cli_args *args);
int cli_run_evidence(const cli_args *args);
int cli_run_plot(const cli_args *args);
int cli_run_prophet(const cli_args *args);

#endif
