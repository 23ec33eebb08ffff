/* The handles a command works with: opened in order, closed together. Each step says what went
 * wrong and returns the exit code. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

int cli_open(cli_session *s, const cli_args *args) {
  *s = (cli_session){.args = args};
  wsf_error err;
  char options[64];
  (void)snprintf(options, sizeof options, "threads=%lld, seed=%lld",
                 (long long)(args->threads < 0 ? 0 : args->threads),
                 (long long)(args->seed < 0 ? 1 : args->seed));
  if (wsf_context_create(&s->ctx, options, NULL, NULL, &err) != WSF_OK)
    return cli_fail(&err, NULL, NULL);
  cli_catch_signals(s->ctx);
  cli_progress_start(s->ctx, args->quiet);
  if (cli_is_option(args->command, "format") && !cli_format(args)) return CLI_INPUT;
  return args->out ? cli_check_path("--out", args->out) : CLI_OK;
}

int cli_open_data(cli_session *s, const char *step) {
  const cli_args *args = s->args;
  cli_add(&s->source, "%s", args->data);
  const size_t written = s->source.length;
  if (args->until) {
    cli_add(&s->source, " | until(");
    cli_add_quoted(&s->source, args->until);
    cli_add(&s->source, ")");
  }
  if (step) cli_add(&s->source, " | %s", step);
  if (s->source.failed) return cli_fail_memory();
  wsf_error err;
  if (wsf_dataset_open(&s->data, s->ctx, s->source.data, &err) == WSF_OK) return CLI_OK;
  /* A fault in what --until added is a fault of --until. */
  const bool own = err.byte < 0 || err.byte < (int64_t)written || !args->until;
  return cli_fail(&err, own ? "--data" : "--until", own ? s->source.data : NULL);
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

int cli_fit(cli_session *s) {
  wsf_error err;
  if (wsf_fit(&s->forecaster, s->model[0], s->data, &err) == WSF_OK) return CLI_OK;
  return cli_fail(&err, err.byte >= 0 ? "--model" : NULL, s->args->model[0]);
}

int cli_load(cli_session *s) {
  wsf_error err;
  if (wsf_forecaster_load(&s->forecaster, s->ctx, s->args->load, &err) == WSF_OK) return CLI_OK;
  return cli_fail(&err, s->args->load, NULL);
}

int cli_predict(cli_session *s, wsf_table **out) {
  const cli_args *args = s->args;
  cli_text options = {0};
  cli_add(&options, "horizon=%lld", (long long)args->horizon);
  if (args->levels) cli_add(&options, ", levels=%s", args->levels);
  if (args->quantiles) cli_add(&options, ", quantiles=%s", args->quantiles);
  if (args->nonnegative) cli_add(&options, ", nonnegative=true");
  if (options.failed) return cli_fail_memory();
  wsf_error err;
  const wsf_status status = wsf_predict(out, s->forecaster, s->data, options.data, &err);
  cli_text_free(&options);
  return status == WSF_OK ? CLI_OK : cli_fail(&err, NULL, NULL);
}

void cli_close(cli_session *s) {
  cli_catch_signals(NULL);
  cli_progress_end();
  cli_text_free(&s->source);
  wsf_forecaster_release(s->forecaster);
  for (int i = 0; i < s->n_models; ++i) wsf_model_release(s->model[i]);
  wsf_dataset_release(s->data);
  wsf_context_release(s->ctx);
}

void cli_warn_unfitted(const cli_session *s) {
  wsf_table *report = NULL;
  (void)s;
  wsf_table_release(report);
}
