#include <stdio.h>
#include <wsf/wsf.h>

/* Fifteen lines from data to forecast. */
int main(void) {
  wsf_error err;
  wsf_context *ctx = NULL;
  wsf_dataset *ds = NULL;
  wsf_model *model = NULL;
  wsf_forecaster *f = NULL;
  wsf_table *t = NULL;
  wsf_status s = wsf_context_create(&ctx, "threads=2", NULL, NULL, &err);
  if (!s) s = wsf_dataset_open(&ds, ctx, "simulate(stores=2, depts=3)", &err);
  if (!s) s = wsf_model_parse(&model, ctx, "mean(snaive, tslm)", &err);
  if (!s) s = wsf_fit(&f, model, ds, NULL, &err);
  if (!s) s = wsf_predict(&t, f, NULL, "horizon=4, levels=[80]", &err);
  if (s)
    fprintf(stderr, "%s\n", err.message);
  else
    printf("%lld rows of forecasts\n", (long long)wsf_table_rows(t));
  wsf_table_release(t);
  wsf_forecaster_release(f);
  wsf_model_release(model);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
  return s != WSF_OK;
}
