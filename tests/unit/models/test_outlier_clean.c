/* outlier_clean: what it replaces, what it leaves, and what it refuses. */
#include "harness.h"

#include "analysis/outliers.h"
#include "math/rng.h"

enum { N = 60, H = 4 };

static void forecast_of(const char *model, int season, const double *y, int64_t n, double *mean) {
  harness h;
  harness_open(&h, model, season, 1, &n, y);
  if (harness_reason(&h, 0) >= WSF__NOT_FITTED) fail_msg("%s", model);
  assert_true(harness_check(&h));
  harness_forecast(&h, 0, H, NULL, 0, mean, NULL);
  harness_close(&h);
}

static int32_t reason_of(const char *model, const double *y, int64_t n) {
  harness h;
  harness_open(&h, model, 12, 1, &n, y);
  const int32_t reason = harness_reason(&h, 0);
  harness_close(&h);
  return reason;
}

static void make(double *y) {
  wsf__rng r;
  wsf__rng_init(&r, 5, 5);
  for (int t = 0; t < N; ++t) {
    y[t] = 100 + 30 * sin(2 * 3.14159265358979 * t / 12) + wsf__rng_normal(&r);
  }
}

static void the_inner_model_sees_what_was_expected(void **state) {
  (void)state;
  double y[N], clean[N], expected[N], spread, mean[H], wanted[H];
  make(y);
  y[20] = 900;
  y[41] = -500;
  y[30] = NAN;
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  assert_true(wsf__outliers(y, N, 12, expected, &spread, &arena));
  wsf__arena_free(&arena);
  for (int t = 0; t < N; ++t) clean[t] = isnan(expected[t]) ? y[t] : expected[t];
  assert_true(clean[20] < 200 && clean[41] > 0);
  assert_true(isnan(clean[30]));
  const char *const inner[] = {"average", "tslm", "drift"};
  for (int k = 0; k < 3; ++k) {
    char model[64];
    (void)snprintf(model, sizeof model, "outlier_clean(%s)", inner[k]);
    forecast_of(model, 12, y, N, mean);
    forecast_of(inner[k], 12, clean, N, wanted);
    for (int i = 0; i < H; ++i) assert_true(fabs(mean[i] - wanted[i]) < 1e-9);
  }
}

static void missing_values_are_filled_if_asked(void **state) {
  (void)state;
  double y[N], mean[H];
  for (int t = 0; t < N; ++t) y[t] = t < 12 ? NAN : 5;
  y[0] = 1;
  forecast_of("outlier_clean(average, season=1)", 1, y, N, mean);
  double seen = 0, count = 0;
  for (int t = 12; t < N; ++t) seen += y[t], count += 1;
  assert_true(fabs(mean[0] - (seen + 1) / (count + 1)) < 1e-9);
  forecast_of("outlier_clean(average, fill=true, season=1)", 1, y, N, mean);
  double line = 0;
  for (int t = 0; t < 12; ++t) line += 1 + 4.0 * t / 12;
  assert_true(fabs(mean[0] - (seen + line) / N) < 1e-9);
}

static void a_peak_that_comes_again_stays(void **state) {
  (void)state;
  double y[N], mean[H], wanted[H];
  make(y);
  for (int t = 11; t < N; t += 12) y[t] += 300;
  forecast_of("outlier_clean(snaive)", 12, y, N, mean);
  forecast_of("snaive", 12, y, N, wanted);
  assert_memory_equal(mean, wanted, sizeof mean);
  /* one cycle and a half say nothing about peaks */
  forecast_of("outlier_clean(average)", 12, y, 18, mean);
  forecast_of("average", 12, y, 18, wanted);
  assert_memory_equal(mean, wanted, sizeof mean);
  forecast_of("outlier_clean(average, season=1)", 12, y, 18, mean);
  assert_true(mean[0] < wanted[0]);
}

static void a_positive_series_stays_positive(void **state) {
  (void)state;
  double y[N];
  wsf__rng r;
  wsf__rng_init(&r, 8, 8);
  for (int t = 0; t < N; ++t) y[t] = exp(wsf__rng_normal(&r) - 0.2 * t);
  y[50] = 1e4;
  assert_int_equal(reason_of("outlier_clean(log(drift), season=1)", y, N), WSF__OK);
}

static void reasons_are_those_of_the_series(void **state) {
  (void)state;
  double y[N];
  make(y);
  assert_int_equal(reason_of("outlier_clean(naive)", y, N), WSF__OK);
  assert_int_equal(reason_of("outlier_clean(naive)", y, 2), WSF__OK);
  assert_int_equal(reason_of("outlier_clean(difference(naive))", y, 1), WSF__SHORT);
  for (int t = 0; t < N; ++t) y[t] = 4;
  assert_int_equal(reason_of("outlier_clean(naive)", y, N), WSF__CONSTANT);
  for (int t = 0; t < N; ++t) y[t] = 0;
  assert_int_equal(reason_of("outlier_clean(naive, fill=true)", y, N), WSF__ZERO);
}

int test_outlier_clean(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_inner_model_sees_what_was_expected),
      cmocka_unit_test(missing_values_are_filled_if_asked),
      cmocka_unit_test(a_peak_that_comes_again_stays),
      cmocka_unit_test(a_positive_series_stays_positive),
      cmocka_unit_test(reasons_are_those_of_the_series),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
