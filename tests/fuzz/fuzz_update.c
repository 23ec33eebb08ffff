/* A model file of which some bytes were changed, with checksums that fit: what loads is moved over
 * new observations and asked for forecasts. The first byte chooses the model, the second the new
 * data; then come triples of a place (two bytes) and a value. */
#include "mend.h"

#include <wsf/wsf.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(int truth) {
  if (!truth) abort();
}

/* Periods first .. end - 1 of two or three series. */
static wsf_dataset *make(wsf_context *ctx, int first, int end, int series, int step) {
  static const char *const shop[] = {"a", "b", "c"};
  wsf_builder *b = NULL;
  wsf_dataset *ds = NULL;
  expect(wsf_builder_create(&b, ctx, "keys=k, time=t, target=y, known=p, past=q, season=4", NULL) ==
         WSF_OK);
  for (int i = 0; i < series; ++i) {
    for (int t = first; t < end + 3; ++t) {
      char time[16];
      (void)snprintf(time, sizeof time, "%d", 1 + t * step);
      const double x[] = {t % 3 == 0, t};
      const double y = t < end && t % 7 != 5 ? 20 + 5 * (t % 4) + i + (t * 37 % 11) : NAN;
      expect(wsf_builder_add(b, &shop[i], time, y, x, NULL) == WSF_OK);
    }
  }
  expect(wsf_builder_finish(&ds, b, NULL) == WSF_OK);
  wsf_builder_release(b);
  return ds;
}

static void check(const wsf_forecaster *f) {
  wsf_table *t = NULL;
  if (wsf_predict(&t, f, NULL, "horizon=3, levels=[80]", NULL) != WSF_OK) return;
  const double *mean = wsf_table_f64(t, wsf_table_find(t, "forecast"));
  for (int64_t i = 0; mean && i < wsf_table_rows(t); ++i) expect(isfinite(mean[i]));
  wsf_table_release(t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const char *const models[] = {"naive",
                                       "swindow(2)",
                                       "tslm(x=p)",
                                       "ets(AAA)",
                                       "arima(order=[1,1,1], x=p)",
                                       "ces",
                                       "theta",
                                       "croston",
                                       "ucm(model=bsm)",
                                       "mean(drift, window(3))",
                                       "difference(tsb)",
                                       "product(log(drift), snaive)",
                                       "best(naive, drift)",
                                       "rebase(naive, by=all)",
                                       "lowrank(naive, rank=1, by=all)",
                                       "clamp(conformal(naive))"};
  if (size < 2) return 0;
  wsf_context *ctx = NULL;
  wsf_model *m = NULL;
  wsf_forecaster *f = NULL, *g = NULL, *moved = NULL;
  size_t n = 0;
  wsf_error err = {0};
  expect(wsf_context_create(&ctx, "max_seconds=5", NULL, NULL, NULL) == WSF_OK);
  wsf_dataset *old = make(ctx, 0, 24, 2, 1);
  wsf_dataset *news = make(ctx, 24 + data[1] % 8 - 4, 28 + data[1] / 32, 2 + (data[1] >> 4) % 2,
                           data[1] == 255 ? 1000000 : 1);
  expect(old && news && wsf_model_parse(&m, ctx, models[data[0] % 16], NULL) == WSF_OK);
  expect(wsf_fit(&f, m, old, NULL, NULL) == WSF_OK);
  expect(wsf_forecaster_write(f, NULL, 0, &n, NULL) == WSF_OK);
  uint8_t *bytes = malloc(n);
  expect(bytes && wsf_forecaster_write(f, bytes, n, &n, NULL) == WSF_OK);
  for (size_t i = 2; i + 2 < size; i += 3) {
    bytes[(data[i] + 256u * data[i + 1]) % n] = data[i + 2];
  }
  mend(bytes, n);
  if (wsf_forecaster_read(&g, ctx, bytes, n, &err) == WSF_OK) {
    check(g);
    if (wsf_update(&moved, g, news, NULL, &err) == WSF_OK)
      check(moved);
    else
      expect(err.message[0] != 0 && moved == NULL);
  } else {
    expect(err.message[0] != 0 && g == NULL);
  }
  free(bytes);
  wsf_forecaster_release(moved);
  wsf_forecaster_release(g);
  wsf_forecaster_release(f);
  wsf_model_release(m);
  wsf_dataset_release(old);
  wsf_dataset_release(news);
  wsf_context_release(ctx);
  return 0;
}
