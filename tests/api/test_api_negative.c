/* A history without a negative value gets no negative forecast unless it is asked for; one with
 * them is left alone. */
#include "api_support.h"

enum { MONTHS = 40, H = 24 };

/* Falls towards zero with a wave; `below`: its last value is below. */
static wsf_dataset *falling(wsf_context *ctx, bool below) {
  wsf_builder *b = NULL;
  wsf_dataset *ds = NULL;
  CALL(wsf_builder_create(&b, ctx, "keys=[shop], time=month, target=units, freq=month", &err));
  for (int t = 0; t < MONTHS; ++t) {
    static const char *const shop[] = {"north"};
    char time[32];
    (void)snprintf(time, sizeof time, "%d-%02d-01", 2015 + t / 12, 1 + t % 12);
    const double wave = 6 * sin(6.283185307179586 * t / 12) + (t * 7 % 5);
    const double y = below && t == MONTHS - 1 ? -3 : fmax(120 - 3.0 * t + wave, 0.5);
    CALL(wsf_builder_add(b, shop, time, y, NULL, &err));
  }
  CALL(wsf_builder_finish(&ds, b, &err));
  wsf_builder_release(b);
  return ds;
}

static const char *const models[] = {"drift",
                                     "tslm",
                                     "ets(AAN)",
                                     "arima(order=[0,2,1])",
                                     "ucm(model=trend)",
                                     "mean(drift, ets(AAN))",
                                     "stl(drift)",
                                     "log(tslm)"};
enum { MODELS = sizeof models / sizeof *models };

static double least_of(const wsf_table *t, const char *name) {
  const double *x = numbers(t, name);
  double least = INFINITY;
  for (int64_t r = 0; r < wsf_table_rows(t); ++r) least = fmin(least, x[r]);
  return least;
}

static double least_at(wsf_context *ctx, const wsf_dataset *ds, const char *model,
                       const char *options) {
  wsf_forecaster *f = fitted(ctx, model, ds);
  wsf_table *t = forecast(f, options);
  double least = least_of(t, "forecast");
  if (wsf_table_find(t, "lo-95") >= 0) least = fmin(least, least_of(t, "lo-95"));
  if (wsf_table_find(t, "path") >= 0) least = fmin(least, least_of(t, "path"));
  wsf_table_release(t);
  wsf_forecaster_release(f);
  return least;
}

static void forecasts_end_at_zero(void **state) {
  (void)state;
  wsf_context *ctx = new_context("threads=2");
  wsf_dataset *ds = falling(ctx, false);
  int below = 0;
  for (int m = 0; m < MODELS; ++m) {
    assert_true(least_at(ctx, ds, models[m], "horizon=24, levels=[95]") >= 0);
    assert_true(least_at(ctx, ds, models[m], "horizon=24, paths=20") >= 0);
    below += least_at(ctx, ds, models[m], "horizon=24, levels=[95], negative=true") < 0;
  }
  assert_int_equal(below, MODELS - 1); /* all but the logarithm */
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

static void one_floor_is_asked_for(void **state) {
  (void)state;
  static const char *const both = "horizon=3, negative=true, nonnegative=true";
  wsf_context *ctx = new_context("threads=2");
  wsf_dataset *ds = falling(ctx, false);
  wsf_forecaster *f = fitted(ctx, "drift", ds);
  wsf_table *t = NULL;
  wsf_error err;
  assert_int_equal(wsf_predict(&t, f, NULL, both, &err), WSF_E_VALUE);
  assert_string_equal(err.message,
                      "nonnegative and negative are both asked for, expected one of them");
  assert_string_equal(err.field, "negative");
  wsf_forecaster_release(f);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

static void histories_below_zero_go_on(void **state) {
  (void)state;
  wsf_context *ctx = new_context("threads=2");
  wsf_dataset *ds = falling(ctx, true);
  assert_true(least_at(ctx, ds, "drift", "horizon=24, levels=[95]") < 0);
  assert_true(least_at(ctx, ds, "drift", "horizon=24, levels=[95], nonnegative=true") >= 0);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

int test_api_negative(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(forecasts_end_at_zero),
                                     cmocka_unit_test(one_floor_is_asked_for),
                                     cmocka_unit_test(histories_below_zero_go_on)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
