/* backtest, fit, update, predict, forecast: the work itself. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

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
out:
  cli_text_free(&options);
  for (int i = 0; i < WSF_BACKTEST_TABLES; ++i) wsf_table_release(tables[i]);
  cli_close(&s);
  return code;
}

/* Save, then tell on standard error what became of the series. */
static int save(const cli_session *s) {
  wsf_error err;
  wsf_table *report = NULL;
  if (wsf_forecaster_save(s->forecaster, s->args->save, &err) != WSF_OK) {
    return cli_fail_writing(&err);
  }
  cli_progress_end();
  if (!s->args->quiet &&
      wsf_forecaster_describe(&report, s->forecaster, "report", NULL) == WSF_OK) {
    const cli_view view = cli_view_all(report);
    (void)cli_write_table(stderr, &view, 0);
  }
  wsf_table_release(report);
  return CLI_OK;
}

int cli_run_fit(const cli_args *args) {
  cli_session s;
  int code = cli_open(&s, args);
  if (code == CLI_OK) code = cli_check_path("--save", args->save);
  if (code == CLI_OK) code = cli_open_models(&s);
  if (code == CLI_OK) code = cli_open_data(&s);
  if (code == CLI_OK) code = cli_fit(&s);
  if (code == CLI_OK) code = save(&s);
  cli_close(&s);
  return code;
}

int cli_run_update(const cli_args *args) {
  cli_session s;
  int code = cli_open(&s, args);
  if (code == CLI_OK) code = cli_check_path("--save", args->save);
  if (code == CLI_OK) code = cli_load(&s);
  if (code == CLI_OK) code = cli_open_data(&s);
  if (code == CLI_OK) code = cli_update(&s);
  if (code == CLI_OK) code = save(&s);
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
  if (code == CLI_OK) cli_warn_unfitted(&s);
  wsf_table_release(forecasts);
  cli_close(&s);
  return code;
}
