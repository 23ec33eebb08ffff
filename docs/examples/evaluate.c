/* evaluate.h: three models, two windows, one table: of all series, then by level of a hierarchy. */
#include <stdio.h>
#include <wsf/wsf.h>

static const char *const expression =
    "simulate(stores=3, depts=5) | aggregate(levels=[[],[Store]], missing=skip)";

int main(void) {
  const char *text[3] = {"snaive", "tslm", "mean(snaive, tslm)"};
  wsf_error err;
  wsf_context *ctx = NULL;
  wsf_dataset *ds = NULL;
  wsf_model *model[3] = {NULL};
  wsf_table *t[WSF_BACKTEST_TABLES] = {NULL};
  wsf_status s = wsf_context_create(&ctx, NULL, NULL, NULL, &err);
  if (!s) s = wsf_dataset_open(&ds, ctx, expression, &err);
  for (int i = 0; !s && i < 3; ++i) s = wsf_model_parse(&model[i], ctx, text[i], &err);
  if (!s) {
    s = wsf_backtest(t, (const wsf_model *const *)model, 3, ds,
                     "horizon=8, windows=2, metrics=[wmae,mase], by=level", &err);
  }
  if (s) fprintf(stderr, "%s\n", err.message);
  const wsf_table *summary = t[WSF_BACKTEST_SUMMARY];
  for (int64_t row = 0; row < wsf_table_rows(summary); ++row) {
    const char *level = wsf_table_text(summary, wsf_table_find(summary, "level"), row, NULL);
    printf("%-20s %-10s wmae %.1f\n",
           wsf_table_text(summary, wsf_table_find(summary, "model"), row, NULL),
           level ? level : "(all)", wsf_table_f64(summary, wsf_table_find(summary, "wmae"))[row]);
  }
  const int ok = !s && wsf_table_rows(summary) == 3 * (1 + 3); /* total, Store, Store/Dept */
  for (int i = 0; i < WSF_BACKTEST_TABLES; ++i) wsf_table_release(t[i]);
  for (int i = 0; i < 3; ++i) wsf_model_release(model[i]);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
  return !ok;
}
