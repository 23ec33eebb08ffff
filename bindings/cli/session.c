/* The handles a command works with: opened in order, closed together. Each step says what went
 * wrong and returns the exit code. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Levels are percents: 0.8 is hardly what it says. */
static void hint_levels(const cli_args *args) {
  const char *at = cli_given_text(args, "levels");
  for (char *end; at && *(at += strspn(at, "[, ]")); at = end) {
    const double level = strtod(at, &end);
    if (end == at) return;
    if (level < 1)
      cli_say("--levels: %g is an interval of %g %%; one of %g %% is written %g", level, level,
              100 * level, 100 * level);
  }
}

int cli_open(cli_session *s, const cli_args *args) {
  *s = (cli_session){.args = args};
  wsf_error err;
  cli_text options = {0};
  cli_add_options(&options, args, "context");
  /* The command works on every core, unless told otherwise; the library on one. */
  if (!cli_given_text(args, "threads"))
    cli_add(&options, "%sthreads=0", options.length ? ", " : "");
  if (options.failed) return cli_fail_memory();
  wsf_status status = wsf_context_create(&s->ctx, options.data, NULL, NULL, &err);
  if (status == WSF_OK) status = cli_add_standard_input(s->ctx, &err);
  cli_text_free(&options);
  if (status != WSF_OK) return cli_fail_call(&err, args);
  cli_catch_signals(s->ctx);
  cli_progress_start(s->ctx, args->quiet);
  if (!args->quiet) hint_levels(args);
  if (cli_is_option(args->command, "format") && !cli_format(args)) return CLI_INPUT;
  if (!args->out) return CLI_OK;
  const bool draws = cli_is(args->command, "plot") ||
                     (cli_is(args->command, "analyze") && cli_is_picture(args->out));
  const int code = draws ? CLI_OK : cli_check_table(args->out);
  return code == CLI_OK ? cli_check_path("--out", args->out) : code;
}

int cli_open_dataset(wsf_dataset **out, const cli_session *s, bool cut, const char *step) {
  const cli_args *args = s->args;
  cli_text source = {0};
  int code = cli_add_queries(&source, s->ctx, args->data);
  const int64_t written = (int64_t)source.length;
  if (cut && args->until) {
    cli_add(&source, " | until(");
    cli_add_quoted(&source, args->until);
    cli_add(&source, ")");
  }
  const int64_t until = (int64_t)source.length;
  if (step) cli_add(&source, " | %s", step);
  wsf_error err;
  if (code == CLI_OK && source.failed) {
    code = cli_fail_memory();
  } else if (code == CLI_OK && wsf_dataset_open(out, s->ctx, source.data, &err) != WSF_OK) {
    /* A fault in what --until or --series added is a fault of that option. */
    if (err.byte < written ||
        (err.byte == written && (until == written || err.status == WSF_E_SYNTAX))) {
      const bool unread = err.status == WSF_E_NAME || err.status == WSF_E_SYNTAX;
      source.data[written] = '\0';
      if (unread && access(args->data, F_OK) == 0) { /* what one types first */
        cli_text word = {0};
        cli_add_shell(&word, args->data);
        cli_say("--data: '%s' is a file, expected an expression; 'wsf load %s' prints the one that "
                "reads it, as in csv(\"%s\", time=.., target=..)",
                args->data, word.failed ? "FILE" : word.data, args->data);
        cli_text_free(&word);
        code = CLI_INPUT;
      } else {
        code = cli_fail(&err, "--data", source.data);
      }
    } else {
      code = cli_fail(&err, err.byte < until ? "--until" : "--series", NULL);
    }
  }
  cli_text_free(&source);
  return code;
}

static const char *text_at(const wsf_table *t, const char *column, int64_t row) {
  const char *text = wsf_table_text(t, wsf_table_find(t, column), row, NULL);
  return text ? text : "";
}

/* One line of the load report as a note: where, what, how many. */
static void tell_row(const wsf_table *report, int64_t row, const char *what, const char *counted,
                     int64_t count) {
  const int64_t line = wsf_table_i64(report, wsf_table_find(report, "line"))[row];
  const bool placed = wsf_table_is_null(report, wsf_table_find(report, "line"), row) == 0;
  const char *column = text_at(report, "column", row), *example = text_at(report, "example", row);
  const bool shown = placed && (*example || *column);
  char place[32] = "";
  if (placed) (void)snprintf(place, sizeof place, ", line %lld", (long long)line);
  cli_say("%s%s%s%s: %s%s%s%s%s; %s: %lld ('wsf load' tells more)", text_at(report, "file", row),
          place, *column ? ", column " : "", column, shown ? "'" : "", shown ? example : "",
          shown ? "'" : "",
          !shown                          ? ""
          : strncmp(what, "not ", 4) == 0 ? " is "
                                          : ": ",
          what, counted, (long long)count);
}

/* How something was read that could be read otherwise. */
static void tell_doubt(const wsf_table *report, int64_t row, const char *what) {
  const char *column = text_at(report, "column", row), *example = text_at(report, "example", row);
  cli_say("%s%s%s: %s%s%s", text_at(report, "file", row), *column ? ", column " : "", column, what,
          *example ? "; the first is " : "", example);
}

/* What the load report says was left out: a note; rows are an error with --strict. */
static int check_left_out(const cli_session *s, const wsf_dataset *data) {
  wsf_table *report = NULL;
  if (wsf_dataset_describe(&report, data, "report", NULL) != WSF_OK) return CLI_OK;
  const int64_t *count = wsf_table_i64(report, wsf_table_find(report, "count"));
  const char *rows = s->args->strict ? "rows rejected" : "rows left out";
  int64_t rejected = 0, first = -1, off = 0, varying = 0;
  for (int64_t row = 0; count && row < wsf_table_rows(report); ++row) {
    const char *item = text_at(report, "item", row);
    if (strcmp(item, "rows rejected") == 0) rejected += count[row];
    if (first < 0 && strncmp(item, "rejected: ", 10) == 0) first = row;
    if (count[row] <= 0) continue;
    if (strcmp(item, "dates off the calendar") == 0) {
      off += count[row];
      tell_row(report, row, "not on the calendar", rows, count[row]);
    } else if (strncmp(item, "cells rejected: ", 16) == 0) {
      off += count[row];
      tell_row(report, row, item + 16, s->args->strict ? "cells rejected" : "cells left out",
               count[row]);
    } else if (strcmp(item, "series moved from another weekday") == 0 && !s->args->quiet) {
      tell_row(report, row, "not on the panel's weekday", "series moved", count[row]);
    } else if (strcmp(item, "dates on another day of their month") == 0 && !s->args->quiet) {
      tell_row(report, row, "not on the panel's day of the month", "taken as their month",
               count[row]);
    } else if (s->args->strict && strncmp(item, "doubt: static, ", 15) == 0) {
      varying += count[row];
      tell_doubt(report, row, item + 7);
    } else if (strncmp(item, "doubt: ", 7) == 0 && !s->args->quiet) {
      tell_doubt(report, row, item + 7);
    } else if (strcmp(item, "series without an observation") == 0 && !s->args->quiet) {
      tell_row(report, row, "no value of the target", "series left out", count[row]);
    }
  }
  if (first >= 0) tell_row(report, first, text_at(report, "item", first) + 10, rows, rejected);
  wsf_table_release(report);
  return rejected + off + varying > 0 && s->args->strict ? CLI_INPUT : CLI_OK;
}

int cli_open_data(cli_session *s) {
  const int code = cli_open_dataset(&s->data, s, true, NULL);
  const bool told = cli_is(s->args->command, "load"); /* prints them anyway */
  const bool ask = s->args->strict || !(s->args->quiet || told);
  return code == CLI_OK && ask ? check_left_out(s, s->data) : code;
}

int cli_open_models(cli_session *s) {
  wsf_error err;
  for (int i = 0; i < s->args->n_models; ++i) {
    const char *text = s->args->model[i];
    if (wsf_model_parse(&s->model[i], s->ctx, text, &err) != WSF_OK)
      return cli_fail(&err, "--model", text);
    s->n_models = i + 1;
  }
  return CLI_OK;
}

/* Of a fit: which columns and periods are left out and which season is taken. What became of the
 * series is told by its report. */
static void tell_guesses(int32_t level, const char *line, void *user) {
  (void)user;
  const bool guess = strncmp(line, "fit: known ", 11) == 0 || strncmp(line, "fit: x= ", 8) == 0 ||
                     strncmp(line, "fit: a season ", 14) == 0;
  if (level == 1 && guess) cli_say("%s", line);
}

int cli_fit(cli_session *s) {
  wsf_error err;
  cli_text options = {0};
  cli_add_options(&options, s->args, "fit");
  if (options.failed) return cli_fail_memory();
  if (!s->args->quiet) wsf_context_set_log(s->ctx, tell_guesses, NULL);
  const wsf_status status = wsf_fit(&s->forecaster, s->model[0], s->data, options.data, &err);
  wsf_context_set_log(s->ctx, NULL, NULL);
  cli_text_free(&options);
  if (status == WSF_OK) return CLI_OK;
  if (err.byte < 0) return cli_fail_call(&err, s->args);
  return cli_fail(&err, "--model", s->args->model[0]);
}

/* A forecaster from standard input. */
static int load_stdin(cli_session *s) {
  char *bytes = NULL;
  size_t size = 0, room = 0;
  wsf_error err;
  int code = CLI_OK;
  for (size_t got = 1; got > 0; size += got) {
    if (size == room) {
      char *grown = realloc(bytes, room = room ? 2 * room : 65536);
      if (!grown) {
        free(bytes);
        return cli_fail_memory();
      }
      bytes = grown;
    }
    got = fread(bytes + size, 1, room - size, stdin);
  }
  if (wsf_forecaster_read(&s->forecaster, s->ctx, bytes, size, &err) != WSF_OK)
    code = cli_fail(&err, "standard input", NULL);
  free(bytes);
  return code;
}

int cli_load(cli_session *s) {
  wsf_error err;
  if (strcmp(s->args->load, "-") == 0) return load_stdin(s);
  if (wsf_forecaster_load(&s->forecaster, s->ctx, s->args->load, &err) == WSF_OK) return CLI_OK;
  return cli_fail(&err, s->args->load, NULL);
}

/* What the library warns of while it forecasts, such as series that lack a column ahead. */
static void tell_warning(int32_t level, const char *line, void *user) {
  (void)user;
  if (level == 1) cli_say("%s", line);
}

/* How an update reads the data; what became of the series stands in its line. */
static void tell_reading(int32_t level, const char *line, void *user) {
  const bool reading = strncmp(line, "data: ", 6) == 0 || strncmp(line, "update: x= ", 11) == 0 ||
                       strncmp(line, "update: the dataset ", 20) == 0;
  if (reading) tell_warning(level, line, user);
}

int cli_update(cli_session *s) {
  wsf_error err;
  wsf_forecaster *moved;
  cli_text options = {0};
  cli_add_options(&options, s->args, "update");
  if (s->args->strict) cli_add(&options, "%sstrict=true", options.length ? ", " : "");
  if (options.failed) return cli_fail_memory();
  if (!s->args->quiet) wsf_context_set_log(s->ctx, tell_reading, NULL);
  const wsf_status status = wsf_update(&moved, s->forecaster, s->data, options.data, &err);
  wsf_context_set_log(s->ctx, NULL, NULL);
  cli_text_free(&options);
  if (status != WSF_OK) return cli_fail_call(&err, s->args);
  wsf_forecaster_release(s->forecaster);
  s->forecaster = moved;
  return CLI_OK;
}

/* A list and nothing behind it, which would be another option; one cut short is told as such. */
static bool is_list(const char *text) {
  if (*text != '[') return false;
  bool quoted = false;
  for (; *text && (quoted || *text != ']'); ++text) {
    if (quoted && *text == '\\' && text[1])
      ++text;
    else if (*text == '"')
      quoted = !quoted;
  }
  return *text == 0 || text[1] == 0;
}

int cli_predict(cli_session *s, wsf_table **out) {
  const cli_args *args = s->args;
  cli_text options = {0};
  cli_add_options(&options, args, "predict");
  if (cli_is(args->command, "plot") && !cli_given_text(args, "levels"))
    cli_add(&options, ", levels=[80,95]");
  int64_t series_at = INT64_MAX; /* from there on a fault is one of --series */
  if (args->series) {
    cli_add(&options, ", series=");
    series_at = (int64_t)options.length;
    if (is_list(args->series)) /* of texts, as the grammar writes it */
      cli_add(&options, "%s", args->series);
    else
      cli_add_quoted(&options, args->series);
  }
  if (options.failed) return cli_fail_memory();
  wsf_error err;
  if (!args->quiet) wsf_context_set_log(s->ctx, tell_warning, NULL);
  const wsf_status status = wsf_predict(out, s->forecaster, s->data, options.data, &err);
  wsf_context_set_log(s->ctx, NULL, NULL);
  cli_text_free(&options);
  if (status == WSF_OK) return CLI_OK;
  if (err.byte >= series_at) {
    err.byte -= series_at;
    return cli_fail(&err, "--series", args->series);
  }
  const bool series = status == WSF_E_VALUE && strcmp(err.field, "series") == 0;
  return series ? cli_fail(&err, "--series", NULL) : cli_fail_call(&err, args);
}

void cli_close(cli_session *s) {
  cli_catch_signals(NULL);
  cli_progress_end();
  wsf_forecaster_release(s->forecaster);
  for (int i = 0; i < s->n_models; ++i) wsf_model_release(s->model[i]);
  wsf_dataset_release(s->data);
  wsf_context_release(s->ctx);
}

int64_t cli_summary_number(const wsf_table *summary, const char *name) {
  for (int64_t row = 0; row < wsf_table_rows(summary); ++row) {
    const char *word = wsf_table_text(summary, 0, row, NULL);
    const char *value = wsf_table_text(summary, 1, row, NULL);
    if (word && value && strcmp(word, name) == 0) return strtoll(value, NULL, 10);
  }
  return 0;
}

/* Whether a reason says that a series got less than what was asked for. */
static bool is_less(const char *reason) {
  static const char *const whole[] = {"ok", "constant", "zero"};
  for (size_t i = 0; i < sizeof whole / sizeof *whole; ++i)
    if (strcmp(reason, whole[i]) == 0) return false;
  return true;
}

void cli_warn_fit(const cli_session *s) {
  wsf_table *summary = NULL, *report = NULL;
  cli_text note = {0};
  if (s->args->quiet ||
      wsf_forecaster_describe(&summary, s->forecaster, "summary", NULL) != WSF_OK ||
      wsf_forecaster_describe(&report, s->forecaster, "report", NULL) != WSF_OK)
    goto out;
  const long long all = cli_summary_number(summary, "series");
  const long long replaced = cli_summary_number(summary, "replaced");
  const long long empty = cli_summary_number(summary, "empty");
  if (replaced + empty > 0)
    cli_add(&note,
            "%lld of %lld series could not be fitted by this model and got a simple forecast "
            "instead",
            replaced + empty, all);
  const int64_t *count = wsf_table_i64(report, wsf_table_find(report, "series"));
  for (int64_t row = 0; row < wsf_table_rows(report); ++row) {
    const char *reason = text_at(report, "reason", row);
    if (is_less(reason))
      cli_add(&note, "%s%lld of %lld: %s (%s)", note.length ? "; " : "", (long long)count[row], all,
              text_at(report, "meaning", row), reason);
  }
  if (note.length && !note.failed) cli_say("%s", note.data);
out:
  cli_text_free(&note);
  wsf_table_release(summary);
  wsf_table_release(report);
}
