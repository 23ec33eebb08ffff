/* docs/update.md: week after week without a fit, the same bits as in one go. */
#include <stdio.h>
#include <string.h>
#include <wsf/wsf.h>

/* Put a forecaster that has seen the dataset in the place of *f. */
static wsf_status move_on(wsf_forecaster **f, wsf_context *ctx, const char *data, wsf_error *err) {
  wsf_dataset *ds = NULL;
  wsf_forecaster *moved = NULL;
  wsf_status s = wsf_dataset_open(&ds, ctx, data, err);
  if (!s) s = wsf_update(&moved, *f, ds, NULL, err);
  wsf_dataset_release(ds);
  if (s) return s;
  wsf_forecaster_release(*f);
  *f = moved;
  return WSF_OK;
}

int main(void) {
  const char *until[] = {"2012-09-14", "2012-09-21", "2012-10-12"};
  wsf_error err;
  wsf_context *ctx = NULL;
  wsf_dataset *past = NULL;
  wsf_model *model = NULL;
  wsf_forecaster *weekly = NULL, *at_once = NULL;
  wsf_table *a = NULL, *b = NULL;
  wsf_status s = wsf_context_create(&ctx, NULL, NULL, NULL, &err);
  if (!s) {
    s = wsf_dataset_open(&past, ctx, "simulate(stores=2, depts=4) | until(\"2012-09-07\")", &err);
  }
  if (!s) s = wsf_model_parse(&model, ctx, "mean(tslm, ets(ANN), log(drift))", &err);
  if (!s) s = wsf_fit(&weekly, model, past, NULL, &err);
  at_once = wsf_forecaster_retain(weekly);
  for (int i = 0; !s && i < 3; ++i) {
    char data[96];
    (void)snprintf(data, sizeof data, "simulate(stores=2, depts=4) | until(\"%s\")", until[i]);
    s = move_on(&weekly, ctx, data, &err);
    if (!s && i == 2) s = move_on(&at_once, ctx, data, &err);
  }
  if (!s) s = wsf_predict(&a, weekly, NULL, "horizon=8, levels=[80]", &err);
  if (!s) s = wsf_predict(&b, at_once, NULL, "horizon=8, levels=[80]", &err);
  int same = !s;
  for (int64_t col = 0; same && col < wsf_table_columns(a); ++col) {
    const double *x = wsf_table_f64(a, col), *y = wsf_table_f64(b, col);
    if (x) same = memcmp(x, y, (size_t)wsf_table_rows(a) * sizeof *x) == 0;
  }
  if (s) fprintf(stderr, "%s\n", err.message);
  printf("%lld rows, %s\n", (long long)wsf_table_rows(a), same ? "the same bits" : "different");
  wsf_table_release(a);
  wsf_table_release(b);
  wsf_forecaster_release(weekly);
  wsf_forecaster_release(at_once);
  wsf_model_release(model);
  wsf_dataset_release(past);
  wsf_context_release(ctx);
  return !same;
}
