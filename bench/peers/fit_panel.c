/* Fits one model on a long CSV (unique_id, ds, y) through the public interface and forecasts it.
 * Prints one line of JSON: wall and CPU seconds of reading, fitting and forecasting, and the peak
 * memory of the process in MiB. With OUT, the forecasts go there (unique_id, ds, forecast); with
 * FITS, what `wsf_forecaster_describe` says of each series.
 *   fit_panel FILE SEASON HORIZON THREADS MODEL [OUT [FITS]] */
#include <wsf/wsf.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct clocks {
  double wall, cpu;
} clocks;

static double read_clock(clockid_t id) {
  struct timespec t;
  (void)clock_gettime(id, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* What has passed since *last, which moves on. */
static clocks lap(clocks *last) {
  const clocks now = {read_clock(CLOCK_MONOTONIC), read_clock(CLOCK_PROCESS_CPUTIME_ID)};
  const clocks gone = {now.wall - last->wall, now.cpu - last->cpu};
  *last = now;
  return gone;
}

/* Peak memory of this program in MiB. Not ru_maxrss: that remembers the process that started it. */
static double peak_memory(void) {
  double peak = 0;
  char line[256];
  FILE *file = fopen("/proc/self/status", "r");
  while (file && fgets(line, sizeof line, file)) {
    if (strncmp(line, "VmHWM:", 6) == 0) peak = strtod(line + 6, NULL) / 1024;
  }
  if (file) (void)fclose(file);
  return peak;
}

static void put(const char *name, clocks c) {
  (void)printf("\"%s\": %.6f, \"%s_cpu\": %.6f, ", name, c.wall, name, c.cpu);
}

static int write_table(const char *path, const wsf_table *t) {
  FILE *file = fopen(path, "w");
  if (!file) return 1;
  const int64_t columns = wsf_table_columns(t);
  for (int64_t c = 0; c < columns; ++c) {
    (void)fprintf(file, "%s%c", wsf_table_name(t, c), c + 1 < columns ? '\t' : '\n');
  }
  for (int64_t row = 0; row < wsf_table_rows(t); ++row) {
    for (int64_t c = 0; c < columns; ++c) {
      char cell[256];
      (void)wsf_table_format(t, c, row, cell, sizeof cell);
      (void)fprintf(file, "%s%c", cell, c + 1 < columns ? '\t' : '\n');
    }
  }
  return fclose(file) != 0;
}

int main(int argc, char **argv) {
  if (argc < 6 || argc > 8) {
    (void)fprintf(stderr, "usage: fit_panel FILE SEASON HORIZON THREADS MODEL [OUT [FITS]]\n");
    return 2;
  }
  wsf_context *ctx = NULL;
  wsf_dataset *ds = NULL;
  wsf_model *model = NULL;
  wsf_forecaster *fitted = NULL;
  wsf_table *forecasts = NULL, *fits = NULL;
  wsf_error err;
  char threads[32], data[4096], options[64];
  (void)snprintf(threads, sizeof threads, "threads=%s", argv[4]);
  (void)snprintf(data, sizeof data,
                 "csv(\"%s\", keys=[unique_id], time=ds, target=y, freq=integer, season=%s)",
                 argv[1], argv[2]);
  (void)snprintf(options, sizeof options, "horizon=%s", argv[3]);
  clocks last = {0}, reading = {0}, fitting = {0}, forecasting = {0};
  (void)lap(&last);
  wsf_status status = wsf_context_create(&ctx, threads, NULL, NULL, &err);
  if (status == WSF_OK) status = wsf_dataset_open(&ds, ctx, data, &err);
  reading = lap(&last);
  if (status == WSF_OK) status = wsf_model_parse(&model, ctx, argv[5], &err);
  if (status == WSF_OK) status = wsf_fit(&fitted, model, ds, NULL, &err);
  fitting = lap(&last);
  if (status == WSF_OK) status = wsf_predict(&forecasts, fitted, NULL, options, &err);
  forecasting = lap(&last);
  const double memory = peak_memory();
  int failed = status != WSF_OK;
  if (failed) (void)fprintf(stderr, "fit_panel: %s\n", err.message);
  if (!failed && argc > 6) failed = write_table(argv[6], forecasts);
  if (!failed && argc > 7) {
    failed = wsf_forecaster_describe(&fits, fitted, "series", &err) != WSF_OK ||
             write_table(argv[7], fits);
  }
  if (!failed) {
    (void)putchar('{');
    put("read", reading);
    put("fit", fitting);
    put("predict", forecasting);
    (void)printf("\"memory\": %.1f}\n", memory);
  }
  wsf_table_release(fits);
  wsf_table_release(forecasts);
  wsf_forecaster_release(fitted);
  wsf_model_release(model);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
  return failed;
}
