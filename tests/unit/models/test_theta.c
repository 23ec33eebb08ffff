/* theta: R's thetaf on classic series, lines, gaps, short and odd series. */
#include "golden/reference.h"
#include "harness.h"

#include "models/local/theta/theta.h"

enum { MOST = 400, STEPS = 12 };
static const double ends[2] = {0.025, 0.975};
static const char *const methods[] = {"stm", "otm", "dstm", "dotm", "auto"};
enum { METHODS = sizeof methods / sizeof *methods };

/* R leaves the width of an interval in the units of the adjusted series; ours has those of the
 * season, which are 1 on average. */
static void stm_is_thetaf(void **state) {
  (void)state;
  static const char *const series[] = {"AirPassengers", "USAccDeaths", "wineind", "Nile"};
  for (int i = 0; i < 4; ++i) {
    double y[MOST], mean[STEPS], quantile[2 * STEPS], width = 0;
    char block[64];
    (void)snprintf(block, sizeof block, "thetaf( %s )", series[i]);
    const int64_t n = classic_series(series[i], y, MOST);
    const r_forecast r = r_forecast_of(block);
    assert_int_equal(r.n, STEPS);
    harness h;
    harness_open(&h, "theta(intervals=model)", i == 3 ? 1 : 12, 1, &n, y);
    assert_int_equal(harness_reason(&h, 0), WSF__OK);
    const wsf__theta *e = (const wsf__theta *)h.fitted->state[0].v;
    assert_true(e->kind == (i == 3 ? WSF__THETA_PLAIN : WSF__THETA_TIMES));
    const double *figure = (const double *)(e + 1);
    harness_forecast(&h, 0, STEPS, ends, 2, mean, quantile);
    for (int step = 0; step < r.n; ++step) {
      if (!(fabs(mean[step] / r.mean[step] - 1) < 1e-4)) {
        fail_msg("%s, step %d: %g is not %g", series[i], step, mean[step], r.mean[step]);
      }
      const double factor = i == 3 ? 1 : figure[(n + step) % 12];
      width = (quantile[STEPS + step] - quantile[step]) / factor;
      if (!(fabs(width / (r.upper[step] - r.lower[step]) - 1) < 2e-3)) {
        fail_msg("%s, step %d: width %g, not %g", series[i], step, width,
                 r.upper[step] - r.lower[step]);
      }
    }
    harness_close(&h);
  }
}

static void noisy(double *y, int64_t n, int64_t m) {
  uint32_t seed = 11;
  for (int64_t t = 0; t < n; ++t) {
    seed = seed * 1664525u + 1013904223u;
    const double noise = (double)(seed >> 8) / 16777216.0 - 0.5;
    const double wave = m > 1 ? sin(6.283185307179586 * (double)(t % m) / (double)m) : 0;
    y[t] = (100 + 0.5 * (double)t) * (1 + 0.2 * wave) + 6 * noise;
  }
}

static double fitted_sse(const char *model, const double *y, int64_t n) {
  harness h;
  harness_open(&h, model, 1, 1, &n, y);
  const wsf__theta *e = (const wsf__theta *)h.fitted->state[0].v;
  const double sse = e->sse * e->scale * e->scale;
  harness_close(&h);
  return sse;
}

static void free_parameters_fit_no_worse(void **state) {
  (void)state;
  double y[90];
  noisy(y, 90, 1);
  for (int gaps = 0; gaps <= 1; ++gaps) {
    if (gaps) y[20] = y[21] = y[55] = y[88] = NAN;
    const double otm = fitted_sse("theta(method=otm)", y, 90);
    const double dstm = fitted_sse("theta(method=dstm)", y, 90);
    const double dotm = fitted_sse("theta(method=dotm)", y, 90);
    assert_true(dotm <= dstm * (1 + 1e-9));
    assert_true(fabs(fitted_sse("theta(method=auto)", y, 90) / fmin(otm, dotm) - 1) < 1e-12);
  }
}

/* One value typed a hundred times too large, wherever it stands, leaves the forecast where it was
 * and is told; two such values, or demand among zeros, are what sales do. */
static void one_stray_moves_nothing(void **state) {
  (void)state;
  enum { N = 60, H = 6 };
  static const int64_t at[] = {0, 1, 30, N - 2, N - 1};
  static const double unit[] = {1, 1e-9};
  for (int k = 0; k < METHODS * 5 * 2; ++k) {
    const int64_t n = N, stray = at[k / METHODS % 5];
    double y[N], mean[2][H], quantile[2 * H];
    char model[64];
    (void)snprintf(model, sizeof model, "theta(method=%s)", methods[k % METHODS]);
    for (int i = 0; i < 2; ++i) {
      harness h;
      noisy(y, n, 12);
      for (int t = 0; t < N; ++t) y[t] *= unit[k / METHODS / 5];
      if (i) y[stray] *= 100;
      harness_open(&h, model, 12, 1, &n, y);
      assert_int_equal(harness_reason(&h, 0), i ? WSF__STRAY : WSF__OK);
      harness_forecast(&h, 0, H, ends, 2, mean[i], quantile);
      harness_close(&h);
    }
    for (int step = 0; step < H; ++step) {
      if (!(fabs(mean[1][step] / mean[0][step] - 1) < 0.04)) {
        fail_msg("%s, stray at %d: %g is far from %g", model, (int)stray, mean[1][step],
                 mean[0][step]);
      }
    }
  }
  for (int kind = 0; kind < 3; ++kind) {
    const int64_t n = N;
    double y[N];
    noisy(y, n, 1);
    if (kind == 0) y[N - 1] *= 100, y[N - 2] *= 100;
    if (kind == 1) y[N - 1] *= 1.5;
    for (int t = 0; kind == 2 && t < N; ++t) y[t] = t % 3 == 0 ? 1 + t % 2 : 0;
    if (kind == 2) y[N - 3] = 90;
    harness h;
    harness_open(&h, "theta", 1, 1, &n, y);
    assert_int_equal(harness_reason(&h, 0), WSF__OK);
    harness_close(&h);
  }
}

/* The sum that was minimised is that of the recursion, gaps and moving line included. */
static void search_and_recursion_agree(void **state) {
  (void)state;
  double y[60];
  noisy(y, 60, 1);
  y[4] = y[30] = y[31] = y[58] = NAN;
  for (int i = 0; i < WSF__THETA_AUTO; ++i) {
    char model[64];
    (void)snprintf(model, sizeof model, "theta(method=%s)", methods[i]);
    const int64_t n = 60;
    harness h;
    harness_open(&h, model, 1, 1, &n, y);
    wsf__theta again = *(const wsf__theta *)h.fitted->state[0].v;
    double x[60], sse;
    for (int t = 0; t < 60; ++t) x[t] = y[t] / again.scale - again.base;
    const double expected = again.sse, alpha = again.alpha;
    assert_true(wsf__theta_fit(&again, x, 60, &sse, &h.arena));
    assert_true(again.alpha == alpha);
    assert_true(fabs(sse / expected - 1) < 1e-10);
    harness_close(&h);
  }
}

static void odd_series_give_a_forecast(void **state) {
  (void)state;
  double y[50];
  for (int i = 0; i < METHODS; ++i) {
    for (int64_t n = 1; n <= 50; ++n) {
      for (int kind = 0; kind < 6; ++kind) {
        noisy(y, n, 12);
        for (int64_t t = 0; t < n; ++t) {
          if (kind == 1) y[t] = 3.5;
          if (kind == 2) y[t] = 0;
          if (kind == 3) y[t] = t % 5 == 0 ? 4 : 0;
          if (kind == 4) y[t] = 10 + 2 * (double)t;
          if (kind == 5 && t % 3 == 1) y[t] = NAN;
        }
        char model[64];
        (void)snprintf(model, sizeof model, "theta(method=%s)", methods[i]);
        double mean[40], quantile[80];
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
          if (kind != 4 && n > 12) assert_true(fabs(mean[step]) < 1000);
        }
        harness_close(&h);
      }
    }
  }
}

static void every_decomposition_finds_the_season(void **state) {
  (void)state;
  static const char *const how[] = {"auto", "multiplicative", "additive", "stl"};
  double y[96], mean[STEPS];
  noisy(y, 96, 12);
  const int64_t n = 84;
  for (int i = 0; i < 4; ++i) {
    char model[64];
    (void)snprintf(model, sizeof model, "theta(method=dotm, decompose=%s)", how[i]);
    harness h;
    harness_open(&h, model, 12, 1, &n, y);
    harness_forecast(&h, 0, STEPS, NULL, 0, mean, NULL);
    harness_close(&h);
    for (int step = 0; step < STEPS; ++step) {
      assert_true(fabs(mean[step] / y[84 + step] - 1) < 0.1);
    }
  }
}

/* The width of a dynamic model's interval is that of simulated futures; the longer the history, the
 * nearer it comes to the standard model's formula. */
static void dynamic_intervals_widen(void **state) {
  (void)state;
  double y[300], mean[STEPS], quantile[2 * STEPS];
  noisy(y, 300, 1);
  const int64_t n = 300;
  harness h;
  harness_open(&h, "theta(method=dstm, intervals=model)", 1, 1, &n, y);
  const wsf__theta *e = (const wsf__theta *)h.fitted->state[0].v;
  harness_forecast(&h, 0, STEPS, ends, 2, mean, quantile);
  const double first = quantile[STEPS] - quantile[0];
  for (int step = 0; step < STEPS; ++step) {
    const double ratio = (quantile[STEPS + step] - quantile[step]) / first;
    assert_true(fabs(ratio / sqrt(1 + step * e->alpha * e->alpha) - 1) < 0.05);
  }
  harness_close(&h);
}

int test_theta(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(stm_is_thetaf),
      cmocka_unit_test(free_parameters_fit_no_worse),
      cmocka_unit_test(one_stray_moves_nothing),
      cmocka_unit_test(search_and_recursion_agree),
      cmocka_unit_test(odd_series_give_a_forecast),
      cmocka_unit_test(every_decomposition_finds_the_season),
      cmocka_unit_test(dynamic_intervals_widen),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
