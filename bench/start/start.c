/* From nothing to the first number: one series of 100 observations, built, fitted and forecast
 * through the public interface; prints the first forecast. run.py measures it from outside. With a
 * second argument it prints where the time inside main goes.
 *   start MODEL [clocks] */
#include <wsf/wsf.h>

#include <stdio.h>
#include <time.h>

static double now(void) {
  struct timespec t;
  (void)clock_gettime(CLOCK_MONOTONIC, &t);
  return 1e3 * (double)t.tv_sec + 1e-6 * (double)t.tv_nsec;
}

int main(int argc, char **argv) {
  static const double week[7] = {80, 75, 78, 90, 120, 160, 110};
  wsf_context *ctx = NULL;
  wsf_builder *rows = NULL;
  wsf_dataset *ds = NULL;
  wsf_model *model = NULL;
  wsf_forecaster *fitted = NULL;
  wsf_table *t = NULL;
  wsf_error err = {0};
  const double begin = now();
  wsf_status status = wsf_context_create(&ctx, NULL, NULL, NULL, &err);
  if (status == WSF_OK) {
    status = wsf_builder_create(&rows, ctx, "time=day, target=sold, freq=integer, season=7", &err);
  }
  for (int i = 0; status == WSF_OK && i < 100; ++i) {
    char time[16];
    (void)snprintf(time, sizeof time, "%d", i);
    const double noise = (double)(i * 7919 % 101) / 101 - 0.5;
    status =
        wsf_builder_add(rows, NULL, time, week[i % 7] * (1 + 0.002 * i) + 20 * noise, NULL, &err);
  }
  if (status == WSF_OK) status = wsf_builder_finish(&ds, rows, &err);
  const double built = now();
  if (status == WSF_OK) {
    status = wsf_model_parse(&model, ctx, argc > 1 ? argv[1] : "ets", &err);
  }
  if (status == WSF_OK) status = wsf_fit(&fitted, model, ds, NULL, &err);
  const double fit = now();
  if (status == WSF_OK) status = wsf_predict(&t, fitted, NULL, "horizon=7", &err);
  const double end = now();
  if (status == WSF_OK) {
    (void)printf("%.6f\n", wsf_table_f64(t, wsf_table_find(t, "forecast"))[0]);
    if (argc > 2) {
      (void)printf("build %.3f ms, fit %.3f ms, predict %.3f ms\n", built - begin, fit - built,
                   end - fit);
    }
  } else {
    (void)fprintf(stderr, "start: %s\n", err.message);
  }
  wsf_table_release(t);
  wsf_forecaster_release(fitted);
  wsf_model_release(model);
  wsf_dataset_release(ds);
  wsf_builder_release(rows);
  wsf_context_release(ctx);
  return status == WSF_OK ? 0 : 1;
}
