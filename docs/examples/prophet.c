/* docs/prophet.md: growth, seasons and holidays of a forecast add up to it. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <wsf/wsf.h>

/* The largest distance between a forecast and the sum of the columns behind it. */
static double distance(const wsf_table *t) {
  const int64_t forecast = wsf_table_find(t, "forecast");
  double most = 0;
  for (int64_t row = 0; row < wsf_table_rows(t); ++row) {
    double rest = wsf_table_f64(t, forecast)[row];
    for (int64_t c = forecast + 1; c < wsf_table_columns(t); ++c) rest -= wsf_table_f64(t, c)[row];
    if (fabs(rest) > most) most = fabs(rest);
  }
  return most;
}

int main(void) {
  wsf_error err;
  wsf_context *ctx = NULL;
  wsf_dataset *ds = NULL;
  wsf_model *model = NULL;
  wsf_forecaster *f = NULL;
  wsf_table *parts = NULL, *coefficients = NULL;
  wsf_status s = wsf_context_create(&ctx, NULL, NULL, NULL, &err);
  if (!s) s = wsf_dataset_open(&ds, ctx, "simulate(stores=2, depts=3)", &err);
  if (!s) {
    s = wsf_model_parse(&model, ctx, "prophet(seasonality_mode=multiplicative, x=[holidays(us)])",
                        &err);
  }
  if (!s) s = wsf_fit(&f, model, ds, NULL, &err);
  if (!s) s = wsf_forecaster_describe(&parts, f, "components(horizon=26)", &err);
  if (!s) s = wsf_forecaster_describe(&coefficients, f, "coefficients(series=\"1,1\")", &err);
  const double most = s ? INFINITY : distance(parts);
  if (s) fprintf(stderr, "%s\n", err.message);
  if (!s) {
    printf("columns:");
    for (int64_t c = wsf_table_find(parts, "base"); c < wsf_table_columns(parts); ++c)
      printf(" %s", wsf_table_name(parts, c));
    printf("; %lld coefficients\n", (long long)wsf_table_rows(coefficients));
  }
  wsf_table_release(parts);
  wsf_table_release(coefficients);
  wsf_forecaster_release(f);
  wsf_model_release(model);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
  return !(most < 1e-6);
}
