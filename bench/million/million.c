/* Back-tests nine simple models over very many short series through the public interface: lengths
 * 20 to 100, season 7, three in ten sell only now and then (made.h). The origins lie one period
 * apart, so that every series takes part in every window. million [SERIES [THREADS [WINDOWS]]] */
#include "made.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const models[] = {"naive",      "snaive",  "drift", "average", "window(7)",
                                     "swindow(2)", "croston", "tsb",   "adida"};
enum { MODELS = sizeof models / sizeof *models, HORIZON = 7 };

static void print_summary(const wsf_table *t) {
  for (int64_t row = 0; row < wsf_table_rows(t); ++row) {
    for (int64_t c = 0; c < wsf_table_columns(t); ++c) {
      char cell[64];
      const char *name = wsf_table_name(t, c);
      if (strcmp(name, "folds") == 0 || strcmp(name, "p_value") == 0) continue;
      if (wsf_table_is_null(t, c, row)) continue;
      (void)wsf_table_format(t, c, row, cell, sizeof cell);
      (void)printf("%s %s%s", c ? name : "", cell, c + 1 < wsf_table_columns(t) ? "  " : "\n");
    }
  }
}

int main(int argc, char **argv) {
  const int64_t series = argc > 1 ? atoll(argv[1]) : 1000000;
  const int threads = argc > 2 ? atoi(argv[2]) : 2;
  const int windows = argc > 3 ? atoi(argv[3]) : 7;
  wsf_context *ctx = NULL;
  wsf_dataset *ds = NULL;
  wsf_model *model[MODELS] = {0};
  wsf_table *out[WSF_BACKTEST_TABLES] = {0};
  wsf_error err = {0};
  const made kind = {.series = series, .shortest = 20, .longest = 100, .rare = 0.3};
  char text[128];
  (void)snprintf(text, sizeof text, "threads=%d", threads);
  wsf_status status = wsf_context_create(&ctx, text, NULL, NULL, &err);
  const double begin = made_clock(CLOCK_MONOTONIC);
  if (status == WSF_OK) status = made_dataset(&ds, ctx, &kind, &err);
  for (int i = 0; status == WSF_OK && i < MODELS; ++i) {
    status = wsf_model_parse(&model[i], ctx, models[i], &err);
  }
  const double loaded = made_clock(CLOCK_MONOTONIC), after = made_memory("VmRSS");
  const double cpu = made_clock(CLOCK_PROCESS_CPUTIME_ID);
  (void)snprintf(text, sizeof text, "horizon=%d, windows=%d, step=1, metrics=[mae,mase]", HORIZON,
                 windows);
  if (status == WSF_OK) {
    status = wsf_backtest(out, (const wsf_model *const *)model, MODELS, ds, text, &err);
  }
  const double end = made_clock(CLOCK_MONOTONIC), used = made_clock(CLOCK_PROCESS_CPUTIME_ID) - cpu;
  if (status == WSF_OK) {
    const double done = (double)series * MODELS * windows;
    print_summary(out[WSF_BACKTEST_SUMMARY]);
    (void)printf("%lld series made and loaded in %.1f s (%.0f MiB in memory)\n", (long long)series,
                 loaded - begin, after);
    (void)printf("%d models x %d windows, horizon %d: %.1f s on %d threads, %.1f CPU s, peak %.0f "
                 "MiB\n",
                 (int)MODELS, windows, HORIZON, end - loaded, threads, used, made_memory("VmHWM"));
    (void)printf("%.0f model-windows per core-second (published for statsforecast on Ray: 1705)\n",
                 done / used);
  } else {
    (void)fprintf(stderr, "million: %s\n", err.message);
  }
  for (int i = 0; i < WSF_BACKTEST_TABLES; ++i) wsf_table_release(out[i]);
  for (int i = 0; i < MODELS; ++i) wsf_model_release(model[i]);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
  return status == WSF_OK ? 0 : 1;
}
