/* Any bytes as evidence: auto fits with them, or says what is wrong. */
#include "api/api_support.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(int truth) {
  if (!truth) abort();
}

static void open_all(wsf_context **ctx, wsf_dataset **ds, wsf_model **m, wsf_builder **b) {
  expect(wsf_context_create(ctx, "max_seconds=3", NULL, NULL, NULL) == WSF_OK);
  expect(wsf_builder_create(b, *ctx, SAMPLE_OPTIONS, NULL) == WSF_OK);
  expect(add_sample(*b, 30, NULL) == WSF_OK);
  expect(wsf_builder_finish(ds, *b, NULL) == WSF_OK);
  expect(wsf_model_parse(m, *ctx, "auto(naive, lowrank(snaive, rank=1))", NULL) == WSF_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  wsf_context *ctx = NULL;
  wsf_dataset *ds = NULL;
  wsf_model *m = NULL;
  wsf_builder *b = NULL;
  wsf_forecaster *f = NULL;
  wsf_table *t = NULL;
  wsf_error err = {0};
  open_all(&ctx, &ds, &m, &b);
  expect(wsf_context_add_bytes(ctx, "rows", data, size, NULL, NULL, NULL) == WSF_OK);
  if (wsf_fit(&f, m, ds, "evidence=rows", &err) == WSF_OK) {
    expect(wsf_predict(&t, f, NULL, "horizon=3", &err) == WSF_OK);
    const double *mean = wsf_table_f64(t, wsf_table_find(t, "forecast"));
    for (int64_t i = 0; i < wsf_table_rows(t); ++i) expect(isfinite(mean[i]));
  } else {
    expect(f == NULL && err.message[0] != 0);
  }
  wsf_table_release(t);
  wsf_forecaster_release(f);
  wsf_model_release(m);
  wsf_dataset_release(ds);
  wsf_builder_release(b);
  wsf_context_release(ctx);
  return 0;
}
