/* forecaster.h: fit, save, load, predict: the same bits as before. */
#include <stdio.h>
#include <string.h>
#include <wsf/wsf.h>

int main(void) {
  const char *path = "example_forecaster.wsf";
  wsf_error err;
  wsf_context *ctx = NULL;
  wsf_dataset *ds = NULL;
  wsf_model *model = NULL;
  wsf_forecaster *f = NULL, *again = NULL;
  wsf_table *a = NULL, *b = NULL;
  wsf_status s = wsf_context_create(&ctx, NULL, NULL, NULL, &err);
  if (!s) s = wsf_dataset_open(&ds, ctx, "simulate(stores=2, depts=4)", &err);
  if (!s) s = wsf_model_parse(&model, ctx, "mean(snaive, ets)", &err);
  if (!s) s = wsf_fit(&f, model, ds, NULL, &err);
  if (!s) s = wsf_forecaster_save(f, path, &err);
  if (!s) s = wsf_forecaster_load(&again, ctx, path, &err);
  if (!s) s = wsf_predict(&a, f, NULL, "horizon=8, levels=[80,95]", &err);
  if (!s) s = wsf_predict(&b, again, NULL, "horizon=8, levels=[80,95]", &err);
  int same = !s;
  for (int64_t col = 0; same && col < wsf_table_columns(a); ++col) {
    const double *x = wsf_table_f64(a, col), *y = wsf_table_f64(b, col);
    if (x) same = memcmp(x, y, (size_t)wsf_table_rows(a) * sizeof *x) == 0;
  }
  if (s) fprintf(stderr, "%s\n", err.message);
  printf("%lld rows, %s\n", (long long)wsf_table_rows(a), same ? "the same bits" : "different");
  (void)remove(path);
  wsf_table_release(a);
  wsf_table_release(b);
  wsf_forecaster_release(f);
  wsf_forecaster_release(again);
  wsf_model_release(model);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
  return !same;
}
