/* Fits a model on a long CSV (unique_id, ds, y) with one thread: prints the CPU seconds of the fit,
 * then one line of forecasts a row (unique_id, ds, forecast). Driven by compare.py.
 *   fit_ets FILE SEASON HORIZON MODEL */
#include <wsf/wsf.h>

#include <stdio.h>
#include <time.h>

static double cpu(void) {
  struct timespec t;
  (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int main(int argc, char **argv) {
  if (argc != 5) return 2;
  wsf_context *ctx = NULL;
  wsf_dataset *ds = NULL;
  wsf_model *model = NULL;
  wsf_forecaster *fitted = NULL;
  wsf_table *t = NULL;
  wsf_error err;
  char data[4096], options[64];
  (void)snprintf(data, sizeof data,
                 "csv(\"%s\", keys=[unique_id], time=ds, target=y, freq=integer, season=%s)",
                 argv[1], argv[2]);
  (void)snprintf(options, sizeof options, "horizon=%s", argv[3]);
  wsf_status status = wsf_context_create(&ctx, "threads=1", NULL, NULL, &err);
  if (status == WSF_OK) status = wsf_dataset_open(&ds, ctx, data, &err);
  if (status == WSF_OK) status = wsf_model_parse(&model, ctx, argv[4], &err);
  const double start = cpu();
  if (status == WSF_OK) status = wsf_fit(&fitted, model, ds, &err);
  const double took = cpu() - start;
  if (status == WSF_OK) status = wsf_predict(&t, fitted, NULL, options, &err);
  if (status == WSF_OK) {
    (void)printf("%.9f\n", took);
    const int64_t column[3] = {wsf_table_find(t, "unique_id"), wsf_table_find(t, "ds"),
                               wsf_table_find(t, "forecast")};
    for (int64_t row = 0; row < wsf_table_rows(t); ++row) {
      for (int i = 0; i < 3; ++i) {
        char cell[256];
        (void)wsf_table_format(t, column[i], row, cell, sizeof cell);
        (void)printf("%s%c", cell, i < 2 ? ',' : '\n');
      }
    }
  } else {
    (void)fprintf(stderr, "fit_ets: %s\n", err.message);
  }
  wsf_table_release(t);
  wsf_forecaster_release(fitted);
  wsf_model_release(model);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
  return status == WSF_OK ? 0 : 1;
}
