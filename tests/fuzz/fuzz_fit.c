/* Random expressions on random panels: fitted, described, forecast with paths, back-tested, or
 * refused with a sentence. The input is the seed of both. */
#include "soak/chance.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(int truth) {
  if (!truth) abort();
}

static void answered(wsf_status status, const wsf_table *t, const wsf_error *err) {
  expect((status == WSF_OK) == (t != NULL) && (t || err->message[0] != 0));
}

static void check_forecasts(const wsf_forecaster *f) {
  wsf_table *t = NULL;
  wsf_error err = {0};
  const wsf_status status = wsf_predict(&t, f, NULL, "horizon=5, levels=[80], paths=3", &err);
  answered(status, t, &err);
  const double *mean = t ? wsf_table_f64(t, wsf_table_find(t, "forecast")) : NULL;
  for (int64_t i = 0; mean && i < wsf_table_rows(t); ++i) expect(isfinite(mean[i]));
  wsf_table_release(t);
}

static void check_views(const wsf_forecaster *f) {
  static const char *const views[] = {"series", "report", "coefficients", "components(horizon=3)",
                                      "choice", "explain"};
  for (size_t i = 0; i < sizeof views / sizeof *views; ++i) {
    wsf_table *t = NULL;
    wsf_error err = {0};
    const wsf_status status = wsf_forecaster_describe(&t, f, views[i], &err);
    answered(status, t, &err);
    wsf_table_release(t);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  chance c = {wsf__hash(WSF__HASH_SEED, data, size)};
  wsf_context *ctx = NULL;
  wsf_model *m = NULL;
  wsf_forecaster *f = NULL;
  wsf_table *tables[WSF_BACKTEST_TABLES] = {NULL};
  wsf_error err = {0};
  wsf__text text;
  expect(wsf_context_create(&ctx, "max_seconds=3", NULL, NULL, NULL) == WSF_OK);
  wsf__text_init(&text, &wsf__alloc_libc, WSF__EXPR_BYTES);
  chance_call(&c, &text, "model", 0);
  wsf_dataset *ds = chance_dataset(&c, ctx);
  expect(wsf_model_parse(&m, ctx, text.data, &err) == WSF_OK);
  if (ds && wsf_fit(&f, m, ds, NULL, &err) == WSF_OK) {
    check_forecasts(f);
    check_views(f);
  } else {
    expect(!ds || err.message[0] != 0);
  }
  const wsf_model *models[] = {m};
  if (ds && wsf_backtest(tables, models, 1, ds, "horizon=2, windows=2", &err) != WSF_OK) {
    expect(err.message[0] != 0 && tables[0] == NULL);
  }
  for (int i = 0; i < WSF_BACKTEST_TABLES; ++i) wsf_table_release(tables[i]);
  wsf__text_free(&text);
  wsf_forecaster_release(f);
  wsf_model_release(m);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
  return 0;
}
