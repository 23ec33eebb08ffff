/* backtest, evidence, fit, update, predict, forecast: the work itself. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int which_table(const cli_args *args, int *out) {
  const char *names[WSF_BACKTEST_TABLES];
  *out = WSF_BACKTEST_SUMMARY;
  if (!args->what) return CLI_OK;
  for (int i = 0; i < WSF_BACKTEST_TABLES; ++i) {
    names[i] = wsf_backtest_name(i);
    if (strcmp(args->what, names[i]) == 0) {
      *out = i;
      return CLI_OK;
    }
  }
  const char *near = cli_nearest(args->what, names, WSF_BACKTEST_TABLES);
  cli_say("--what: '%s' is none of summary, folds, series, forecasts%s%s%s", args->what,
          near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
  return CLI_INPUT;
}

/* Which models were fitted as something less than they say, in how many fits. */
static void warn_models(const wsf_table *summary) {
  const int64_t model = wsf_table_find(summary, "model");
  const int64_t reasons = wsf_table_find(summary, "reasons");
  cli_text note = {0};
  for (int64_t row = 0; row < wsf_table_rows(summary); ++row) {
    const char *text = wsf_table_text(summary, reasons, row, NULL);
    if (text)
      cli_add(&note, "%s%s: %s", note.length ? "; " : "", wsf_table_text(summary, model, row, NULL),
              text);
  }
  if (note.length && !note.failed)
    cli_say("fits that are less than was asked for, by reason (docs/errors.md): %s", note.data);
  cli_text_free(&note);
}

int cli_run_backtest(const cli_args *args) {
  cli_session s;
  wsf_table *tables[WSF_BACKTEST_TABLES] = {NULL};
  cli_text options = {0};
  int which, code = cli_open(&s, args);
  if (code == CLI_OK) code = which_table(args, &which);
  if (code == CLI_OK) code = cli_open_models(&s);
  if (code == CLI_OK) code = cli_open_data(&s);
  if (code != CLI_OK) goto out;
  cli_add_options(&options, args, "backtest");
  if (which == WSF_BACKTEST_FORECASTS) cli_add(&options, ", forecasts=true");
  if (options.failed) {
    code = cli_fail_memory();
    goto out;
  }
  const wsf_model *models[CLI_MAX_MODELS];
  for (int i = 0; i < s.n_models; ++i) models[i] = s.model[i];
  wsf_error err;
  if (wsf_backtest(tables, models, s.n_models, s.data, options.data, &err) != WSF_OK) {
    code = cli_fail_call(&err, args);
    goto out;
  }
  const cli_view view = cli_view_all(tables[which]);
  code = cli_write(args, &view);
  if (code == CLI_OK && !args->quiet) warn_models(tables[WSF_BACKTEST_SUMMARY]);
out:
  cli_text_free(&options);
  for (int i = 0; i < WSF_BACKTEST_TABLES; ++i) wsf_table_release(tables[i]);
  cli_close(&s);
  return code;
}

int cli_run_evidence(const cli_args *args) {
  cli_session s;
  wsf_table *table = NULL;
  cli_text options = {0};
  wsf_error err;
  int code = cli_open(&s, args);
  if (code == CLI_OK) code = cli_open_models(&s);
  if (code == CLI_OK) code = cli_open_data(&s);
  if (code != CLI_OK) goto out;
  cli_add_options(&options, args, "evidence");
  if (options.failed) {
    code = cli_fail_memory();
  } else if (wsf_evidence(&table, s.model[0], s.data, options.data, &err) != WSF_OK) {
    code = err.byte < 0 ? cli_fail_call(&err, args) : cli_fail(&err, "--model", args->model[0]);
  } else {
    const cli_view view = cli_view_all(table);
    code = cli_write(args, &view);
  }
out:
  cli_text_free(&options);
  wsf_table_release(table);
  cli_close(&s);
  return code;
}

static int32_t to_stdout(const void *bytes, size_t size, void *user) {
  (void)user;
  return fwrite(bytes, 1, size, stdout) != size;
}

/* To standard output, which must have room for nothing else. */
static int check_save(const cli_args *args) {
  if (strcmp(args->save, "-") != 0) return cli_check_path("--save", args->save);
  if (isatty(STDOUT_FILENO)) {
    cli_say("--save: a forecaster is no text for a terminal; a file or a pipe was expected");
    return CLI_INPUT;
  }
  if ((args->what || args->format) && !args->out) {
    cli_say(
        "--save: the forecaster goes to standard output; --out FILE was expected for the table");
    return CLI_INPUT;
  }
  return CLI_OK;
}

static int save(const cli_session *s) {
  wsf_error err;
  if (strcmp(s->args->save, "-") == 0) {
    const wsf_status status = wsf_forecaster_write_to(s->forecaster, to_stdout, NULL, &err);
    if (status == WSF_OK && fflush(stdout) == 0) return CLI_OK;
    if (status != WSF_OK && status != WSF_E_IO) return cli_fail_writing(&err);
    cli_say("standard output cannot be written");
    return CLI_WORK;
  }
  if (wsf_forecaster_save(s->forecaster, s->args->save, &err) == WSF_OK) return CLI_OK;
  return cli_fail_writing(&err);
}

/* What became of the series, on standard error. */
static void tell_report(const cli_session *s) {
  wsf_table *report = NULL;
  cli_progress_end();
  if (!s->args->quiet &&
      wsf_forecaster_describe(&report, s->forecaster, "report", NULL) == WSF_OK) {
    const cli_view view = cli_view_all(report);
    (void)cli_write_table(stderr, &view, 0);
  }
  wsf_table_release(report);
}

int cli_run_fit(const cli_args *args) {
  cli_session s;
  int code = cli_open(&s, args);
  if (code == CLI_OK) code = check_save(args);
  if (code == CLI_OK) code = cli_open_models(&s);
  if (code == CLI_OK) code = cli_open_data(&s);
  if (code == CLI_OK) code = cli_fit(&s);
  if (code == CLI_OK) code = save(&s);
  if (code == CLI_OK) tell_report(&s);
  cli_close(&s);
  return code;
}

/* Sum of a column over the rows of a status (NULL: all); their number if there is no column. */
static int64_t sum_of(const wsf_table *t, const char *column, const char *status) {
  const int64_t *x = column ? wsf_table_i64(t, wsf_table_find(t, column)) : NULL;
  const int64_t statuses = wsf_table_find(t, "status");
  int64_t sum = 0;
  for (int64_t row = 0; row < wsf_table_rows(t); ++row)
    if (!status || strcmp(wsf_table_text(t, statuses, row, NULL), status) == 0)
      sum += x ? x[row] : 1;
  return sum;
}

/* Most periods that a series with news was moved over without an observation. */
static int64_t most_missing(const wsf_table *news) {
  const int64_t *missing = wsf_table_i64(news, wsf_table_find(news, "missing"));
  const int64_t statuses = wsf_table_find(news, "status");
  int64_t most = 0;
  for (int64_t row = 0; row < wsf_table_rows(news); ++row)
    if (strcmp(wsf_table_text(news, statuses, row, NULL), "added") == 0 && missing[row] > most)
      most = missing[row];
  return most;
}

static void add_count(cli_text *line, int64_t count, const char *what) {
  if (count > 0) cli_add(line, ", %lld %s", (long long)count, what);
}

static void add_cell(cli_text *line, const char *before, const wsf_table *t, int64_t col,
                     int64_t row) {
  char buffer[64];
  size_t length;
  const char *text = cli_cell(t, col, row, buffer, sizeof buffer, &length);
  cli_add(line, "%s%.*s", before, (int)length, text);
}

/* Observations to be told for where they lie, or for their size: how many, the series and the time
 * of the first. */
static void add_places(cli_text *line, const wsf_table *news, const char *counts, const char *first,
                       const char *where) {
  const int64_t count = sum_of(news, counts, NULL), column = wsf_table_find(news, first);
  const int64_t keys = wsf_table_find(news, "status");
  int64_t row = 0;
  if (count == 0) return;
  while (wsf_table_is_null(news, column, row)) ++row;
  cli_add(line, "; %lld observation%s %s, the first", (long long)count,
          count == 1 ? " is" : "s are", where);
  for (int64_t k = 0; k < keys; ++k) add_cell(line, k == 0 ? " of series " : "/", news, k, row);
  add_cell(line, " for ", news, column, row);
}

/* One line of what an update brought, in the place of the fit's report. */
static void tell_news(const cli_session *s) {
  wsf_table *news = NULL, *summary = NULL;
  cli_text line = {0};
  if (!s->args->quiet && wsf_forecaster_describe(&news, s->forecaster, "news", NULL) == WSF_OK &&
      wsf_forecaster_describe(&summary, s->forecaster, "summary", NULL) == WSF_OK) {
    const int64_t new = sum_of(news, NULL, "new");
    const int64_t unfitted =
        cli_summary_number(summary, "replaced") + cli_summary_number(summary, "empty");
    cli_add(&line, "%lld of %lld series moved on, %lld observations added",
            (long long)sum_of(news, NULL, "added"), (long long)(wsf_table_rows(news) - new),
            (long long)sum_of(news, "added", "added"));
    add_count(&line, sum_of(news, NULL, "none"), "without news");
    add_count(&line, sum_of(news, NULL, "absent"), "absent from the data");
    add_count(&line, new, "new, with a simple forecast until the next fit");
    add_count(&line, unfitted - new, "with a simple forecast (--what report says why)");
    add_count(&line, sum_of(news, "off_calendar", NULL), "rows off the calendar");
    const int64_t late = sum_of(news, "late", NULL);
    if (late > 0) {
      cli_add(&line, "; %lld observation%s came late for periods already passed and %s left out",
              (long long)late, late == 1 ? "" : "s", late == 1 ? "is" : "are");
    }
    const int64_t passed = most_missing(news);
    if (passed > 0) {
      cli_add(&line, "; up to %lld period%s of a series with news passed without an observation",
              (long long)passed, passed == 1 ? "" : "s");
    }
    const int64_t changed = sum_of(news, "changed", NULL);
    if (changed > 0) {
      cli_add(
          &line,
          "; %lld observation%s from what was seen and %s left out (a new fit takes %s; receipts "
          "that are added up come a whole period at a time)",
          (long long)changed, changed == 1 ? " differs" : "s differ", changed == 1 ? "is" : "are",
          changed == 1 ? "it" : "them");
    }
    add_places(&line, news, "early", "first_early",
               "from before their series' history and left out");
    add_places(&line, news, "large", "first_large",
               "more than a hundred times as large as any before (taken)");
    add_places(&line, news, "far", "first_far", "too far ahead and left out");
    if (sum_of(news, "far", NULL) > 0) cli_add(&line, " (--ahead N takes more)");
    if (!line.failed) cli_say("%s", line.data);
  }
  cli_text_free(&line);
  wsf_table_release(news);
  wsf_table_release(summary);
}

/* The view asked for: that of the news, if only a place or a form for it is. NULL: none. */
static int look_at_update(const cli_session *s, wsf_table **out) {
  const cli_args *args = s->args;
  const char *what = args->what ? args->what : args->out || args->format ? "news" : NULL;
  wsf_error err;
  if (!what || wsf_forecaster_describe(out, s->forecaster, what, &err) == WSF_OK) return CLI_OK;
  return cli_fail_view(&err, what);
}

int cli_run_update(const cli_args *args) {
  cli_session s;
  wsf_table *table = NULL;
  int code = cli_open(&s, args);
  if (code == CLI_OK) code = check_save(args);
  if (code == CLI_OK) code = cli_load(&s);
  if (code == CLI_OK) code = cli_open_data(&s);
  if (code == CLI_OK) code = cli_update(&s);
  if (code == CLI_OK) code = look_at_update(&s, &table);
  if (code == CLI_OK) code = save(&s);
  if (code == CLI_OK) tell_news(&s);
  if (code == CLI_OK && table) {
    const cli_view view = cli_view_all(table);
    code = cli_write(args, &view);
  }
  wsf_table_release(table);
  cli_close(&s);
  return code;
}

static int write_forecast(const cli_session *s, const wsf_table *forecasts) {
  const cli_view view = cli_view_all(forecasts);
  return cli_format(s->args) == CLI_KAGGLE ? cli_write_kaggle(s->args, s->data, &view)
                                           : cli_write(s->args, &view);
}

int cli_run_predict(const cli_args *args) {
  cli_session s;
  wsf_table *forecasts = NULL;
  int code = cli_open(&s, args);
  if (code == CLI_OK) code = cli_load(&s);
  if (code == CLI_OK && args->data) code = cli_open_data(&s);
  if (code == CLI_OK) code = cli_predict(&s, &forecasts);
  if (code == CLI_OK) code = write_forecast(&s, forecasts);
  wsf_table_release(forecasts);
  cli_close(&s);
  return code;
}

int cli_run_forecast(const cli_args *args) {
  cli_session s;
  wsf_table *forecasts = NULL;
  int code = cli_open(&s, args);
  if (code == CLI_OK) code = cli_open_models(&s);
  if (code == CLI_OK) code = cli_open_data(&s);
  if (code == CLI_OK) code = cli_fit(&s);
  if (code == CLI_OK) code = cli_predict(&s, &forecasts);
  if (code == CLI_OK) code = write_forecast(&s, forecasts);
  if (code == CLI_OK) cli_warn_fit(&s);
  wsf_table_release(forecasts);
  cli_close(&s);
  return code;
}
