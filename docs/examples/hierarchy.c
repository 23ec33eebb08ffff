/* data.md, sums of series and longer periods: months of a made-up retailer, in total, by store and
 * by department. A key that was summed over is null. */
#include <stdio.h>
#include <wsf/wsf.h>

static const char *const expression =
    "simulate(stores=3, depts=4) | resample(freq=month, missing=skip)"
    " | aggregate(levels=[[],[Store],[Dept]], missing=skip)";

int main(void) {
  wsf_error err;
  wsf_context *ctx = NULL;
  wsf_dataset *ds = NULL;
  wsf_model *model = NULL;
  wsf_forecaster *f = NULL;
  wsf_table *sums = NULL, *t = NULL;
  wsf_status s = wsf_context_create(&ctx, NULL, NULL, NULL, &err);
  if (!s) s = wsf_dataset_open(&ds, ctx, expression, &err);
  if (!s) s = wsf_dataset_describe(&sums, ds, "sums", &err);
  if (!s) s = wsf_model_parse(&model, ctx, "snaive", &err);
  if (!s) s = wsf_fit(&f, model, ds, NULL, &err);
  if (!s) s = wsf_predict(&t, f, NULL, "horizon=3", &err);
  if (s) fprintf(stderr, "%s\n", err.message);
  for (int64_t row = 0; row < wsf_table_rows(t); ++row) {
    if (!wsf_table_is_null(t, 0, row) && !wsf_table_is_null(t, 1, row)) continue;
    for (int64_t col = 0; col < wsf_table_columns(t); ++col) {
      char cell[64];
      (void)wsf_table_format(t, col, row, cell, sizeof cell);
      printf("%s=%s ", wsf_table_name(t, col), *cell ? cell : "(all)");
    }
    printf("\n");
  }
  /* each of the 12 series stands in the total, in its store and in its department */
  const int ok = !s && wsf_table_rows(sums) == 3 * 12 && wsf_table_rows(t) == 3 * (12 + 1 + 3 + 4);
  wsf_table_release(t);
  wsf_table_release(sums);
  wsf_forecaster_release(f);
  wsf_model_release(model);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
  return !ok;
}
