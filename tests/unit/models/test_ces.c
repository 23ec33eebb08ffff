/* ces: against published software on a classic series, season by choice, gaps, odd series. */
#include "golden/classic.h"
#include "harness.h"

#include "models/local/ces/ces.h"

enum { MOST = 400, STEPS = 12 };
static const double ends[2] = {0.025, 0.975};
static const char *const kinds[] = {"none", "simple", "partial", "full", "auto"};
enum { KINDS = sizeof kinds / sizeof *kinds };

/* n log sse of the Python package statsforecast 2.1.1 (AutoCES): ours is no larger. */
static void fits_no_worse_than_the_peer(void **state) {
  (void)state;
  static const double peer[4] = {1747.2662666260853, 1583.346015356925, 1482.3562862053673,
                                 1422.9259055527004};
  double y[MOST];
  const int64_t n = classic_series("AirPassengers", y, MOST);
  for (int i = 0; i < 4; ++i) {
    char model[64];
    (void)snprintf(model, sizeof model, "ces(season=%s)", kinds[i]);
    harness h;
    harness_open(&h, model, 12, 1, &n, y);
    assert_int_equal(harness_reason(&h, 0), WSF__OK);
    const wsf__ces *e = (const wsf__ces *)h.fitted->state[0].v;
    const double ours = (double)n * log(e->sse * e->scale * e->scale);
    if (!(ours < peer[i] + 0.05)) fail_msg("%s: %.4f, not %.4f", model, ours, peer[i]);
    harness_close(&h);
  }
}

static void wavy(double *y, int64_t n) {
  uint32_t seed = 5;
  for (int64_t t = 0; t < n; ++t) {
    seed = seed * 1664525u + 1013904223u;
    const double noise = (double)(seed >> 8) / 16777216.0 - 0.5;
    y[t] = 100 + 20 * sin(6.283185307179586 * (double)(t % 12) / 12) + 4 * noise;
  }
}

static void seasons_are_found_and_gaps_passed_over(void **state) {
  (void)state;
  double y[108], mean[STEPS], quantile[2 * STEPS];
  wavy(y, 108);
  const int64_t n = 96;
  for (int gaps = 0; gaps <= 1; ++gaps) {
    if (gaps) y[7] = y[40] = y[41] = y[95] = NAN;
    for (int i = 1; i < KINDS; ++i) {
      char model[64];
      (void)snprintf(model, sizeof model, "ces(season=%s)", kinds[i]);
      harness h;
      harness_open(&h, model, 12, 1, &n, y);
      harness_forecast(&h, 0, STEPS, ends, 2, mean, quantile);
      for (int step = 0; step < STEPS; ++step) {
        if (!(fabs(mean[step] / y[96 + step] - 1) < 0.12)) fail_msg("%s: %g", model, mean[step]);
        assert_true(quantile[step] < mean[step] && mean[step] < quantile[STEPS + step]);
      }
      harness_close(&h);
    }
  }
}

static void odd_histories_are_smoothed_somehow(void **state) {
  (void)state;
  double y[40], mean[40], quantile[80];
  for (int i = 0; i < KINDS; ++i) {
    for (int64_t n = 1; n <= 40; n += 1 + n / 12) {
      for (int kind = 0; kind < 5; ++kind) {
        wavy(y, n);
        for (int64_t t = 0; t < n; ++t) {
          if (kind == 1) y[t] = 3.5;
          if (kind == 2) y[t] = 0;
          if (kind == 3) y[t] = t % 5 == 0 ? 4 : 0;
          if (kind == 4 && t % 3 == 1) y[t] = NAN;
        }
        char model[64];
        (void)snprintf(model, sizeof model, "ces(season=%s)", kinds[i]);
        harness h;
        harness_open(&h, model, 12, 1, &n, y);
        assert_true(harness_reason(&h, 0) < WSF__NOT_FITTED);
        assert_true(harness_check(&h));
        if (kind == 1) assert_int_equal(harness_reason(&h, 0), WSF__CONSTANT);
        if (kind == 2) assert_int_equal(harness_reason(&h, 0), WSF__ZERO);
        harness_forecast(&h, 0, 40, ends, 2, mean, quantile);
        for (int step = 0; step < 40; ++step) {
          assert_true(isfinite(mean[step]) && quantile[step] <= quantile[40 + step]);
          if (kind == 1) assert_true(mean[step] == 3.5);
        }
        harness_close(&h);
      }
    }
  }
}

/* Trial parameters that let the states grow overflow in a long history; they are not chosen. */
static void long_histories_do_not_overflow(void **state) {
  (void)state;
  enum { LONG = 20000 };
  static double y[LONG];
  double mean[STEPS];
  const int64_t n = LONG;
  wavy(y, n);
  for (int i = 0; i < KINDS; ++i) {
    char model[64];
    (void)snprintf(model, sizeof model, "ces(season=%s)", kinds[i]);
    harness h;
    harness_open(&h, model, 12, 1, &n, y);
    assert_int_equal(harness_reason(&h, 0), WSF__OK);
    harness_forecast(&h, 0, STEPS, ends, 0, mean, NULL);
    for (int step = 0; step < STEPS; ++step) assert_true(mean[step] > 50 && mean[step] < 150);
    harness_close(&h);
  }
}

/* The level of a series far above its own changes does not decide how they are forecast. */
static void high_levels_are_fitted_as_well(void **state) {
  (void)state;
  static const double level[] = {1e5, 1e6, 1e7, 5e7, 1e8, 1e9};
  enum { N = 72, FIRST = 0 };
  double mean[STEPS], quantile[2 * STEPS], first_mean = 0, first_width = 0;
  const int64_t n = N;
  for (size_t l = 0; l < sizeof level / sizeof *level; ++l) {
    double y[N];
    uint32_t seed = 3;
    for (int t = 0; t < N; ++t) {
      seed = seed * 1664525u + 1013904223u;
      y[t] = level[l] + 100 + 0.5 * t + 8 * ((double)(seed >> 8) / 16777216.0 - 0.5);
    }
    harness h;
    harness_open(&h, "ces(season=none)", 1, 1, &n, y);
    harness_forecast(&h, 0, STEPS, ends, 2, mean, quantile);
    harness_close(&h);
    const double change = mean[STEPS - 1] - level[l];
    const double width = quantile[2 * STEPS - 1] - quantile[STEPS - 1];
    if (l == FIRST) {
      first_mean = change;
      first_width = width;
    }
    if (!(fabs(change - first_mean) < 0.05 && fabs(width / first_width - 1) < 0.01)) {
      fail_msg("level %g: %g and %g, not %g and %g", level[l], change, width, first_mean,
               first_width);
    }
  }
}

int test_ces(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(fits_no_worse_than_the_peer),
      cmocka_unit_test(seasons_are_found_and_gaps_passed_over),
      cmocka_unit_test(odd_histories_are_smoothed_somehow),
      cmocka_unit_test(long_histories_do_not_overflow),
      cmocka_unit_test(high_levels_are_fitted_as_well),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
