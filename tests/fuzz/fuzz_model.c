/* Any bytes as a model file: first as they are, then with checksums that fit, for a checksum stops
 * accidents only. What loads must forecast finite numbers in order, and be saved to bytes that load
 * again and are saved to the same. */
#include "mend.h"

#include <wsf/wsf.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(int truth) {
  if (!truth) abort();
}

static void check_forecasts(const wsf_forecaster *f) {
  wsf_table *t = NULL;
  if (wsf_predict(&t, f, NULL, "horizon=3, levels=[80], paths=2", NULL) != WSF_OK) {
    expect(t == NULL);
    return;
  }
  const double *mean = wsf_table_f64(t, wsf_table_find(t, "forecast"));
  const double *lo = wsf_table_f64(t, wsf_table_find(t, "lo-80"));
  const double *hi = wsf_table_f64(t, wsf_table_find(t, "hi-80"));
  const double *path = wsf_table_f64(t, wsf_table_find(t, "path-2"));
  /* a key of the file may have one of these names */
  for (int64_t i = 0; mean && lo && hi && i < wsf_table_rows(t); ++i) {
    expect(isfinite(mean[i]) && isfinite(lo[i]) && isfinite(hi[i]));
    expect(!path || isfinite(path[i]));
    expect(lo[i] <= mean[i] && mean[i] <= hi[i]);
  }
  wsf_table_release(t);
}

/* Every view is a table or says why not. */
static void check_views(const wsf_forecaster *f) {
  static const char *const views[] = {"series", "coefficients", "components(horizon=3)", "fitted"};
  for (size_t i = 0; i < sizeof views / sizeof *views; ++i) {
    wsf_table *t = NULL;
    wsf_error err;
    const wsf_status status = wsf_forecaster_describe(&t, f, views[i], &err);
    expect((status == WSF_OK) == (t != NULL) && (t || err.message[0]));
    wsf_table_release(t);
  }
}

static uint8_t *image(const wsf_forecaster *f, size_t *size) {
  expect(wsf_forecaster_write(f, NULL, 0, size, NULL) == WSF_OK);
  uint8_t *bytes = malloc(*size);
  expect(bytes != NULL);
  expect(wsf_forecaster_write(f, bytes, *size, size, NULL) == WSF_OK);
  return bytes;
}

static void check_canonical(wsf_context *ctx, const wsf_forecaster *f) {
  size_t n, n_again;
  uint8_t *bytes = image(f, &n);
  wsf_forecaster *g = NULL;
  expect(wsf_forecaster_read(&g, ctx, bytes, n, NULL) == WSF_OK);
  uint8_t *again = image(g, &n_again);
  expect(n == n_again && memcmp(bytes, again, n) == 0);
  free(bytes);
  free(again);
  wsf_forecaster_release(g);
}

static void try_bytes(wsf_context *ctx, const uint8_t *bytes, size_t size) {
  wsf_forecaster *f = NULL;
  wsf_error err;
  if (wsf_forecaster_read(&f, ctx, bytes, size, &err) != WSF_OK) {
    expect(f == NULL && err.message[0]);
    return;
  }
  check_forecasts(f);
  check_views(f);
  check_canonical(ctx, f);
  wsf_forecaster_release(f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const uint8_t nothing[1] = {0};
  wsf_context *ctx = NULL;
  expect(wsf_context_create(&ctx, NULL, NULL, NULL, NULL) == WSF_OK);
  try_bytes(ctx, size ? data : nothing, size);
  uint8_t *mended = malloc(size ? size : 1);
  expect(mended != NULL);
  if (size) memcpy(mended, data, size);
  mend(mended, size);
  try_bytes(ctx, mended, size);
  free(mended);
  wsf_context_release(ctx);
  return 0;
}
