/* docs/data.md: what was known of the weather at the end of two days, and a closed day that counts
 * for nothing. */
#include <stdio.h>
#include <string.h>
#include <wsf/wsf.h>

static const char sales[] = "day,units,closed\n"
                            "2024-07-01,12,0\n2024-07-02,15,0\n2024-07-03,0,1\n2024-07-04,14,0\n";
static const char weather[] = "day,issued,temperature\n"
                              "2024-07-01,2024-07-01,20\n2024-07-02,2024-07-02,21\n"
                              "2024-07-03,2024-07-02,22\n2024-07-04,2024-07-02,23\n"
                              "2024-07-04,2024-07-04,27\n";

static wsf_status show(wsf_context *ctx, const char *last_day, wsf_error *err) {
  char expr[256];
  wsf_dataset *ds = NULL;
  wsf_table *values = NULL;
  (void)snprintf(expr, sizeof expr,
                 "csv(\"sales\", time=day, target=units, mask=closed)"
                 " | join(\"weather\", on=day, known_at=issued) | until(\"%s\")",
                 last_day);
  wsf_status s = wsf_dataset_open(&ds, ctx, expr, err);
  if (!s) s = wsf_dataset_describe(&values, ds, "values", err);
  if (!s) {
    const double *units = wsf_table_f64(values, wsf_table_find(values, "units"));
    const double *degrees = wsf_table_f64(values, wsf_table_find(values, "temperature"));
    const int64_t rows = wsf_table_rows(values);
    printf("at the end of %s:", last_day);
    for (int64_t r = 0; r < rows; ++r) printf(" %g (%g)", units[r], degrees[r]);
    printf("\n");
  }
  wsf_table_release(values);
  wsf_dataset_release(ds);
  return s;
}

int main(void) {
  wsf_error err;
  wsf_context *ctx = NULL;
  wsf_status s = wsf_context_create(&ctx, NULL, NULL, NULL, &err);
  if (!s) s = wsf_context_add_bytes(ctx, "sales", sales, sizeof sales - 1, NULL, NULL, &err);
  if (!s) s = wsf_context_add_bytes(ctx, "weather", weather, sizeof weather - 1, NULL, NULL, &err);
  if (!s) s = show(ctx, "2024-07-02", &err);
  if (!s) s = show(ctx, "2024-07-04", &err);
  if (s) printf("%s: %s\n", wsf_status_text(s), err.message);
  wsf_context_release(ctx);
  return s != WSF_OK;
}
