/* Back-tests and metrics. */
#include "api/handle.h"

#include <string.h>

enum { MOST_MODELS = 1000 };

static wsf_status backtest(wsf_table **table, wsf__env *env, const wsf_model *const *models,
                           int64_t n_models, wsf__panel *panel, const char *options,
                           wsf_error *err) {
  const char **text = wsf__new(&env->alloc, (size_t)n_models, sizeof *text);
  if (!text) return wsf__fail_memory(err);
  for (int64_t i = 0; i < n_models; ++i) text[i] = models[i]->text;
  const wsf_status status = wsf__engine_backtest(table, env, text, n_models, panel, options, err);
  wsf__delete(&env->alloc, text);
  return status;
}

wsf_status wsf_backtest(wsf_table **out, const wsf_model *const *models, int64_t n_models,
                        const wsf_dataset *ds, const char *options, wsf_error *err) {
  WSF__CHECK(err, {out, "out"});
  for (int i = 0; i < WSF_BACKTEST_TABLES; ++i) out[i] = NULL;
  WSF__CHECK(err, {models, "the list of models"}, {ds, "the dataset"});
  if (n_models < 1 || n_models > MOST_MODELS) {
    return wsf__fail(err, WSF_E_ARGUMENT, "%lld models; expected 1 to %d", (long long)n_models,
                     MOST_MODELS);
  }
  for (int64_t i = 0; i < n_models; ++i) WSF__CHECK(err, {models[i], "a model of the list"});
  wsf_error found;
  wsf__error_clear(&found);
  wsf_table *table[WSF_BACKTEST_TABLES] = {NULL};
  wsf__env env;
  wsf_status status = wsf__start(&env, ds->ctx, &found);
  if (status == WSF_OK) {
    status = backtest(table, &env, models, n_models, ds->panel, options, &found);
  }
  for (int i = 0; i < WSF_BACKTEST_TABLES && status == WSF_OK; ++i) {
    wsf__give_table(&out[i], table[i], ds->ctx);
  }
  return wsf__answer(ds->ctx, err, status, &found);
}

wsf_status wsf_evaluate(wsf_table **out, const wsf_table *forecasts, const wsf_dataset *history,
                        const wsf_dataset *actual, const char *options, wsf_error *err) {
  WSF__CHECK(err, {out, "out"});
  *out = NULL;
  WSF__CHECK(err, {forecasts, "the table of forecasts"}, {history, "the history"},
             {actual, "the dataset of actuals"});
  wsf_error found;
  wsf__error_clear(&found);
  wsf_table *table = NULL;
  wsf__env env = wsf__env_call(&history->ctx->env);
  wsf_status status = wsf__env_allows(&env, &found);
  if (status == WSF_OK) {
    status = wsf__engine_evaluate(&table, &env, forecasts, history->panel, actual->panel, options,
                                  &found);
  }
  if (status == WSF_OK) wsf__give_table(out, table, history->ctx);
  return wsf__answer(history->ctx, err, status, &found);
}
