/* What each combinator does with the models inside it. */
#include "harness.h"

#include "math/normal.h"
#include "math/rng.h"

enum { N = 96, H = 12 };

static void near(double x, double expected, double tolerance) {
  if (!(fabs(x - expected) <= tolerance)) fail_msg("%.17g is not %.17g", x, expected);
}

static void noise(double *y, int64_t n, uint64_t stream) {
  wsf__rng r;
  wsf__rng_init(&r, 11, stream);
  for (int64_t t = 0; t < n; ++t) y[t] = wsf__rng_normal(&r);
}

/* A season that repeats, with a little noise. */
static void seasonal(double *y, int64_t n, double slope, uint64_t stream) {
  noise(y, n, stream);
  for (int64_t t = 0; t < n; ++t) {
    y[t] = 100 + 2 * y[t] + slope * (double)t + 40 * sin(2 * 3.14159265 * (double)t / 12);
  }
}

static void forecast_of(const char *model, const double *y, int64_t n, double *mean,
                        double *lower) {
  harness h;
  const double q = 0.1;
  harness_open(&h, model, 12, 1, &n, y);
  harness_forecast(&h, 0, H, &q, 1, mean, lower);
  harness_close(&h);
}

static int32_t reason_of(const char *model, const double *y, int64_t n) {
  harness h;
  harness_open(&h, model, 12, 1, &n, y);
  const int32_t reason = harness_reason(&h, 0);
  harness_close(&h);
  return reason;
}

static void fails(const char *model, const char *field, const char *part) {
  double y[N];
  seasonal(y, N, 0, 1);
  harness h;
  wsf_status status = harness_begin(&h, model, 12, 1, (int64_t[]){N}, y);
  if (status == WSF_OK) status = harness_fit(&h);
  assert_int_equal(status, WSF_E_VALUE);
  assert_string_equal(h.err.field, field);
  if (!strstr(h.err.message, part)) fail_msg("%s", h.err.message);
  assert_int_equal(h.err.byte, 0);
  harness_close(&h);
}

static void options_that_make_no_sense_are_named(void **state) {
  (void)state;
  fails("weighted(naive, drift, weights=[1,2,3])", "weights", "3 weights for 2 models");
  fails("weighted(naive, drift, weights=[0,0])", "weights", "all weights are 0");
  fails("clamp(naive, lo=3, hi=2)", "lo", "lo is 3, above hi, which is 2");
  fails("best(naive, drift, pool=Nowhere)", "pool", "expected series, all or a key column");
  fails("tslm(x=[Promo])", "x", "column 'Promo' does not exist");
}

static void mean_median_and_weights_are_levelwise(void **state) {
  (void)state;
  double y[N], a[2][H], b[2][H], c[2][H], out[2][H];
  seasonal(y, N, 0.5, 2);
  forecast_of("naive", y, N, a[0], a[1]);
  forecast_of("snaive", y, N, b[0], b[1]);
  forecast_of("drift", y, N, c[0], c[1]);
  forecast_of("mean(naive, snaive, drift)", y, N, out[0], out[1]);
  for (int k = 0; k < 2; ++k) {
    for (int i = 0; i < H; ++i) near(out[k][i], (a[k][i] + b[k][i] + c[k][i]) / 3, 1e-9);
  }
  forecast_of("weighted(naive, snaive, weights=[1,3])", y, N, out[0], out[1]);
  for (int k = 0; k < 2; ++k) {
    for (int i = 0; i < H; ++i) near(out[k][i], 0.25 * a[k][i] + 0.75 * b[k][i], 1e-9);
  }
  forecast_of("median(naive, snaive, drift)", y, N, out[0], out[1]);
  for (int k = 0; k < 2; ++k) {
    for (int i = 0; i < H; ++i) {
      const double lo = fmin(fmin(a[k][i], b[k][i]), c[k][i]);
      const double hi = fmax(fmax(a[k][i], b[k][i]), c[k][i]);
      near(out[k][i], a[k][i] + b[k][i] + c[k][i] - lo - hi, 1e-9);
    }
  }
}

static void what_cannot_be_fitted_is_left_out(void **state) {
  (void)state;
  double y[N], a[2][H], b[2][H];
  seasonal(y, N, 0, 3);
  y[17] = -1; /* no logarithm */
  forecast_of("snaive", y, N, a[0], a[1]);
  const char *const models[] = {"mean(tslm(log=true), snaive)",
                                "median(tslm(log=true), snaive)",
                                "weighted(tslm(log=true), snaive, weights=[1,0])",
                                "weighted(tslm(log=true), snaive)",
                                "fallback(tslm(log=true), snaive)",
                                "product(snaive, tslm(log=true))"};
  for (size_t m = 0; m < sizeof models / sizeof *models; ++m) {
    forecast_of(models[m], y, N, b[0], b[1]);
    assert_memory_equal(a, b, sizeof a);
    assert_int_equal(reason_of(models[m], y, N), WSF__REPLACED);
  }
  forecast_of("best(tslm(log=true), snaive)", y, N, b[0], b[1]);
  assert_memory_equal(a, b, sizeof a);
  assert_int_equal(reason_of("best(tslm(log=true), snaive)", y, N), WSF__OK);
  assert_int_equal(reason_of("mean(tslm(log=true))", y, N), WSF__NOT_POSITIVE);
  assert_int_equal(reason_of("fallback(tslm(log=true), tslm(log=true))", y, N), WSF__NOT_POSITIVE);
  assert_int_equal(reason_of("best(tslm(log=true))", y, N), WSF__NOT_POSITIVE);
  assert_int_equal(reason_of("conformal(tslm(log=true))", y, N), WSF__NOT_POSITIVE);
}

static void reasons_reach_the_top(void **state) {
  (void)state;
  double y[N];
  seasonal(y, N, 0, 3);
  assert_int_equal(reason_of("snaive", y, 7), WSF__SHORT_SEASON);
  assert_int_equal(reason_of("mean(naive, snaive)", y, 7), WSF__SHORT_SEASON);
  assert_int_equal(reason_of("clamp(snaive, lo=0)", y, 7), WSF__SHORT_SEASON);
  assert_int_equal(reason_of("tslm", y, 9), WSF__SHORT_SEASON);
}

static void best_finds_the_model_that_made_the_data(void **state) {
  (void)state;
  double y[N];
  harness h;
  seasonal(y, N, 0, 4);
  harness_open(&h, "best(naive, drift, snaive)", 12, 1, (int64_t[]){N}, y);
  assert_true(h.fitted->state[0].v[0] == 2);
  assert_int_equal(h.fitted->inner[0]->state[0].reason, WSF__SKIPPED);
  assert_int_equal(h.fitted->inner[2]->state[0].reason, WSF__OK);
  harness_close(&h);
  noise(y, N, 5);
  for (int t = 0; t < N; ++t) y[t] += 3 * t;
  const char *const by[] = {"mae", "wmae", "rmse", "smape", "mase"};
  for (int k = 0; k < 5; ++k) {
    char model[128];
    (void)snprintf(model, sizeof model, "best(average, drift, snaive, by=%s, windows=3)", by[k]);
    harness_open(&h, model, 12, 1, (int64_t[]){N}, y);
    assert_true(h.fitted->state[0].v[0] == 1);
    harness_close(&h);
  }
}

static void pools_decide_for_short_series(void **state) {
  (void)state;
  /* four seasonal series, and one too short to have a back-test window of its own */
  enum { SERIES = 5 };
  double y[4 * N + 3];
  int64_t length[SERIES] = {N, N, N, N, 3};
  for (int i = 0; i < 4; ++i) seasonal(y + i * N, N, 0, 20 + (uint64_t)i);
  seasonal(y + 4 * N, 3, 0, 30);
  harness h;
  harness_open(&h, "best(naive, snaive)", 12, SERIES, length, y);
  assert_true(h.fitted->state[4].v[0] == 0);
  assert_true(h.fitted->state[0].v[0] == 1);
  harness_close(&h);
  harness_open(&h, "best(naive, snaive, pool=all)", 12, SERIES, length, y);
  for (int i = 0; i < SERIES; ++i) assert_true(h.fitted->state[i].v[0] == 1);
  harness_close(&h);

  /* by a key: the first two series are of another kind than the others */
  for (int t = 0; t < 2 * N; ++t) y[t] = 5.0 * (t % N) + (t % 3);
  const char *const label[] = {"a", "b"};
  const int32_t code[SERIES] = {0, 0, 1, 1, 1};
  const wsf__key key = {"kind", false, 2, label, code};
  assert_int_equal(
      harness_begin(&h, "best(drift, snaive, pool=kind, shrink=1e6)", 12, SERIES, length, y),
      WSF_OK);
  h.panel.key = &key;
  h.panel.n_keys = 1;
  assert_int_equal(harness_fit(&h), WSF_OK);
  for (int i = 0; i < SERIES; ++i) assert_true(h.fitted->state[i].v[0] == (i < 2 ? 0 : 1));
  wsf__scope scope;
  assert_int_equal(wsf__class_of(h.root)->scope(&scope, h.root, &h.panel, &h.err), WSF_OK);
  assert_int_equal(scope.of, WSF__BY_KEY);
  assert_int_equal(scope.key, 0);
  harness_close(&h);
}

static void learned_weights_prefer_the_better_model(void **state) {
  (void)state;
  double y[N];
  seasonal(y, N, 0, 6);
  harness h;
  harness_open(&h, "weighted(naive, snaive)", 12, 1, (int64_t[]){N}, y);
  const double *v = h.fitted->state[0].v;
  near(v[0] + v[1], 1, 1e-12);
  assert_true(v[1] > 0.8);
  harness_close(&h);
  harness_open(&h, "weighted(naive, snaive)", 12, 1, (int64_t[]){3}, y); /* no window */
  near(h.fitted->state[0].v[0], 0.5, 0);
  harness_close(&h);
}

static void clamp_keeps_inside(void **state) {
  (void)state;
  double y[N], mean[H], lower[H];
  for (int t = 0; t < N; ++t) y[t] = 95 - t + (t % 2);
  forecast_of("clamp(drift, lo=0)", y, N, mean, lower);
  for (int i = 0; i < H; ++i) assert_true(mean[i] >= 0 && lower[i] >= 0);
  near(mean[H - 1], 0, 0);
  forecast_of("clamp(drift, range=0.05)", y, N, mean, lower);
  for (int i = 0; i < H; ++i) assert_true(lower[i] >= 1 - 0.05 * 94);
  near(mean[H - 1], 1 - 0.05 * 94, 1e-9);
}

static void product_takes_level_and_shape(void **state) {
  (void)state;
  double y[N], mean[H], lower[H], level[H], level_lower[H];
  for (int t = 0; t < N; ++t) y[t] = (t % 12 == 11 ? 320 : 100) * (t >= N - 24 ? 2.0 : 1.0);
  forecast_of("window(12)", y, N, level, level_lower);
  forecast_of("product(window(12), snaive)", y, N, mean, lower);
  for (int i = 0; i < H; ++i) {
    const double ratio = y[N - 12 + i] / level[i];
    near(mean[i], level[i] * ratio, 1e-9);
    assert_true(lower[i] < mean[i]);
  }
  /* a mean near zero carries no proportions: the level alone */
  for (int t = 0; t < N; ++t) y[t] = (t % 2 ? 1000 : -1000) + 1e-6 * t;
  forecast_of("window(12)", y, N, level, level_lower);
  forecast_of("product(window(12), snaive)", y, N, mean, lower);
  assert_memory_equal(mean, level, sizeof mean);
  /* and no ratio beyond the limit */
  for (int t = 0; t < N; ++t) y[t] = t % 12 == 0 ? 1200 : 0;
  forecast_of("product(window(12), snaive, limit=4)", y, N, mean, lower);
  near(mean[0], 400, 1e-9);
  near(mean[1], 0, 0);
}

/* Sales in three periods of ten, the shape zero wherever a season ago nothing was sold. */
static void product_of_intermittent_sales_has_intervals(void **state) {
  (void)state;
  enum { SERIES = 200, LONG = 80, AHEAD = 12 };
  static double y[SERIES * LONG], ahead[SERIES * AHEAD];
  static int64_t length[SERIES];
  for (int s = 0; s < SERIES; ++s) {
    wsf__rng r;
    wsf__rng_init(&r, 8, (uint64_t)s);
    length[s] = LONG;
    for (int t = 0; t < LONG + AHEAD; ++t) {
      const bool sold = wsf__rng_below(&r, 10) < 3;
      const double size = fmax(1, round(10 + 2.5 * wsf__rng_normal(&r)));
      *(t < LONG ? &y[s * LONG + t] : &ahead[s * AHEAD + t - LONG]) = sold ? size : 0;
    }
  }
  harness h;
  harness_open(&h, "product(window(8), snaive)", 12, SERIES, length, y);
  double inside = 0, above = 0;
  for (int s = 0; s < SERIES; ++s) {
    double mean[AHEAD], bound[2 * AHEAD];
    harness_forecast(&h, s, AHEAD, (double[]){0.025, 0.975}, 2, mean, bound);
    for (int i = 0; i < AHEAD; ++i) {
      const double x = ahead[s * AHEAD + i];
      inside += (fmin(bound[i], 0) <= x && x <= bound[AHEAD + i]) / (double)(SERIES * AHEAD);
      above += (x > bound[AHEAD + i]) / (double)(SERIES * AHEAD);
    }
  }
  harness_close(&h);
  /* nothing lies below zero, so what an honest bound leaves out is the 2.5 % above it; there were
   * 20 % above when the intervals had no width */
  if (!(inside >= 0.95 && above >= 0.005 && above <= 0.05)) {
    fail_msg("%.3f inside, %.3f above", inside, above);
  }
}

static void signs_of_both_kinds_carry_no_shape(void **state) {
  (void)state;
  double y[N], mean[H], lower[H], level[H], level_lower[H];
  for (int t = 0; t < N; ++t) y[t] = (t % 2 ? 60 : -40) + t * 7 % 5;
  forecast_of("window(8)", y, N, level, level_lower);
  forecast_of("product(window(8), snaive)", y, N, mean, lower);
  assert_memory_equal(mean, level, sizeof mean);
  assert_memory_equal(lower, level_lower, sizeof lower);
}

/* Share of what follows inside the 80 % interval, over many series. */
static double coverage(const char *model, double *width) {
  enum { SERIES = 200, LONG = 480 };
  static double y[SERIES * (LONG + H)];
  static double history[SERIES * LONG];
  static int64_t length[SERIES];
  for (int i = 0; i < SERIES; ++i) {
    double *series = y + i * (LONG + H);
    noise(series, LONG + H, 1000 + (uint64_t)i);
    for (int t = 1; t < LONG + H; ++t) series[t] += series[t - 1]; /* a random walk */
    memcpy(history + i * LONG, series, LONG * sizeof *series);
    length[i] = LONG;
  }
  harness h;
  harness_open(&h, model, 12, SERIES, length, history);
  const double q[] = {0.1, 0.9};
  double mean[H], quantile[2 * H], inside = 0;
  *width = 0;
  for (int i = 0; i < SERIES; ++i) {
    harness_forecast(&h, i, H, q, 2, mean, quantile);
    for (int k = 0; k < H; ++k) {
      const double truth = y[i * (LONG + H) + LONG + k];
      inside += (truth >= quantile[k] && truth <= quantile[H + k]) / (double)(SERIES * H);
      *width += (quantile[H + k] - quantile[k]) / (SERIES * H);
    }
  }
  harness_close(&h);
  return inside;
}

static void conformal_intervals_cover(void **state) {
  (void)state;
  double width, exact;
  near(coverage("naive", &exact), 0.8, 0.03); /* the true model: what the width should be */
  near(coverage("conformal(naive, windows=24, horizon=12)", &width), 0.8, 0.03);
  near(width, exact, 0.1 * exact);
  near(coverage("conformal(naive, windows=24, horizon=12, symmetric=true)", &width), 0.8, 0.03);
  near(width, exact, 0.1 * exact);
  /* errors of one window move together: few windows know the spread badly and cover less */
  near(coverage("conformal(naive, windows=6, horizon=12)", &width), 0.75, 0.03);
  near(width, exact, 0.1 * exact);
}

static void conformal_bounds_are_ranks_of_scores(void **state) {
  (void)state;
  /* one step a window: scores are the last 9 differences, so bounds are their ranks */
  double y[40];
  noise(y, 40, 77);
  harness h;
  harness_open(&h, "conformal(naive, windows=9, horizon=1)", 1, 1, (int64_t[]){40}, y);
  double d[9], mean[1], quantile[4];
  for (int w = 0; w < 9; ++w) d[w] = y[39 - w] - y[38 - w];
  for (int i = 0; i < 9; ++i) {
    for (int j = i + 1; j < 9; ++j) {
      if (d[j] < d[i]) {
        const double t = d[i];
        d[i] = d[j];
        d[j] = t;
      }
    }
  }
  const double q[] = {0.1, 0.5, 0.75, 0.9}; /* ranks 1, 5, ceil(7.5) = 8, 9 of 9 */
  harness_forecast(&h, 0, 1, q, 4, mean, quantile);
  near(quantile[0], y[39] + d[0], 1e-12);
  near(quantile[1], y[39] + d[4], 1e-12);
  near(quantile[2], y[39] + d[7], 1e-12);
  near(quantile[3], y[39] + d[8], 1e-12);
  harness_close(&h);
}

/* One value of sixty is another: errors are tied at nothing, and yet no interval is without width.
 */
static void conformal_of_ties_has_a_width(void **state) {
  (void)state;
  enum { N = 60, H = 7 };
  static const char *const models[] = {"naive", "average", "drift"};
  static const char *const options[] = {"", ", windows=8", ", symmetric=true",
                                        ", windows=8, symmetric=true"};
  static const double q[] = {0.025, 0.1, 0.4, 0.5, 0.6, 0.9, 0.975};
  static const int odd[] = {59, 58, 50, 30, 0};
  for (size_t m = 0; m < 3; ++m) {
    for (size_t o = 0; o < 4; ++o) {
      for (size_t k = 0; k < 5; ++k) {
        char text[96];
        double y[N], mean[H], quantile[7 * H];
        for (int t = 0; t < N; ++t) y[t] = t == odd[k] ? 51 : 50;
        (void)snprintf(text, sizeof text, "conformal(%s%s)", models[m], options[o]);
        harness h;
        harness_open(&h, text, 1, 1, (int64_t[]){N}, y);
        harness_forecast(&h, 0, H, q, 7, mean, quantile);
        assert_true(harness_check(&h));
        harness_close(&h);
        for (int t = 0; t < H; ++t) {
          for (int l = 1; l < 7; ++l) assert_true(quantile[(l - 1) * H + t] <= quantile[l * H + t]);
          if (!(quantile[H + t] < quantile[5 * H + t]))
            fail_msg("%s, %d: %g to %g", text, odd[k], quantile[H + t], quantile[5 * H + t]);
        }
      }
    }
  }
  /* what has never been wrong is not made unsure */
  double y[N], mean[H], quantile[2 * H];
  for (int t = 0; t < N; ++t) y[t] = 10 + t % 4;
  harness h;
  harness_open(&h, "conformal(snaive)", 4, 1, (int64_t[]){N}, y);
  harness_forecast(&h, 0, H, (double[]){0.1, 0.9}, 2, mean, quantile);
  for (int t = 0; t < H; ++t) assert_true(quantile[t] == mean[t] && quantile[H + t] == mean[t]);
  harness_close(&h);
}

static void conformal_of_a_short_series_is_the_random_walk(void **state) {
  (void)state;
  const double y[] = {1, 3, 2};
  double mean[H], lower[H], sigma = sqrt((4 + 1) / 2.0);
  forecast_of("conformal(average)", y, 3, mean, lower);
  for (int i = 0; i < H; ++i) {
    near(mean[i], 2, 1e-12);
    near(lower[i], 2 + sigma * sqrt(i + 1) * wsf__normal_quantile(0.1), 1e-12);
  }
}

int test_combinators(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(options_that_make_no_sense_are_named),
      cmocka_unit_test(mean_median_and_weights_are_levelwise),
      cmocka_unit_test(what_cannot_be_fitted_is_left_out),
      cmocka_unit_test(reasons_reach_the_top),
      cmocka_unit_test(best_finds_the_model_that_made_the_data),
      cmocka_unit_test(pools_decide_for_short_series),
      cmocka_unit_test(learned_weights_prefer_the_better_model),
      cmocka_unit_test(clamp_keeps_inside),
      cmocka_unit_test(product_takes_level_and_shape),
      cmocka_unit_test(product_of_intermittent_sales_has_intervals),
      cmocka_unit_test(signs_of_both_kinds_carry_no_shape),
      cmocka_unit_test(conformal_intervals_cover),
      cmocka_unit_test(conformal_of_ties_has_a_width),
      cmocka_unit_test(conformal_bounds_are_ranks_of_scores),
      cmocka_unit_test(conformal_of_a_short_series_is_the_random_walk),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
