/* log, boxcox and difference: against closed forms, and the choice of lambda against R. */
#include "golden/classic.h"
#include "harness.h"

#include "analysis/boxcox_lambda.h"
#include "math/normal.h"
#include "math/rng.h"

static const wsf__arena nobody = {0}; /* wants the work to end */

static void near(double a, double b, double tolerance) {
  if (!(fabs(a - b) <= tolerance * fmax(1, fabs(b)))) {
    fail_msg("%.12g is not within %g of %.12g", a, tolerance, b);
  }
}

enum { N = 60, H = 5 };
static const double q[] = {0.01, 0.1, 0.5, 0.95, 0.99};

static void forecast_of(const char *model, const double *y, double *mean, double *quantile) {
  harness h;
  harness_open(&h, model, 1, 1, (int64_t[]){N}, y);
  assert_true(harness_reason(&h, 0) < WSF__NOT_FITTED);
  assert_true(harness_check(&h));
  harness_forecast(&h, 0, H, q, 5, mean, quantile);
  harness_close(&h);
}

static int32_t reason_of(const char *model, const double *y, int64_t n) {
  harness h;
  harness_open(&h, model, 4, 1, &n, y);
  const int32_t reason = harness_reason(&h, 0);
  harness_close(&h);
  return reason;
}

static void make_walk(double *y, double sd) {
  wsf__rng r;
  wsf__rng_init(&r, 4, 4);
  double level = 3;
  for (int t = 0; t < N; ++t) {
    level += 0.01 + sd * wsf__rng_normal(&r);
    y[t] = exp(level);
  }
}

static void log_is_the_model_of_logarithms_brought_back(void **state) {
  (void)state;
  double y[N], z[N], mean[H], quantile[5 * H], w[H], wq[5 * H];
  make_walk(y, 0.1);
  for (int t = 0; t < N; ++t) z[t] = log(y[t]);
  forecast_of("drift", z, w, wq);
  forecast_of("log(drift, bias=false)", y, mean, quantile);
  for (int i = 0; i < H; ++i) near(mean[i], exp(w[i]), 1e-12);
  for (int i = 0; i < 5 * H; ++i) near(quantile[i], exp(wq[i]), 1e-12);
  forecast_of("log(drift, bias=r)", y, mean, quantile);
  for (int i = 0; i < H; ++i) {
    const double sd = (wq[4 * H + i] - w[i]) / wsf__normal_quantile(0.99);
    near(mean[i], exp(w[i]) * (1 + 0.5 * sd * sd), 1e-6); /* the lognormal mean as R adjusts */
    assert_true(mean[i] > exp(w[i]));
  }
  /* steps so small that their square is less than the level's error: the median */
  forecast_of("log(drift)", y, mean, quantile);
  for (int i = 0; i < H; ++i) near(mean[i], exp(w[i]), 1e-12);
  /* an offset comes off again */
  for (int t = 0; t < N; ++t) y[t] -= 5;
  forecast_of("log(drift, offset=5, bias=false)", y, mean, quantile);
  for (int i = 0; i < H; ++i) near(mean[i], fmax(exp(w[i]) - 5, 0), 1e-12);
}

/* The mean over the median, for a relative spread s of one step: to second order, shrunk by the
 * squared errors of a level of N values and of the mean square of the steps of w. */
static double adjusted(double lambda, double s, const double *w) {
  const double gain = (1 - lambda) * s * s / 2, error = s / sqrt(N);
  double squares = 0, fourths = 0;
  for (int t = 1; t < N; ++t) {
    const double step = w[t] - w[t - 1];
    squares += step * step;
    fourths += step * step * step * step;
  }
  const double doubt = ((N - 1) * fourths / (squares * squares) - 1) / (N - 2);
  return gain > error ? 1 + gain * fmax(1 - error * error / (gain * gain) - doubt, 0) : 1;
}

/* What neighbours allow it to be: twice the excess of observations over the middle of those beside
 * them. */
static double beside(double lambda, const double *y, const double *w) {
  double observed = 0, middle = 0;
  for (int t = 1; t < N - 1; ++t) {
    const double between = (w[t - 1] + w[t + 1]) / 2;
    observed += y[t];
    middle += lambda == 0 ? exp(between) : pow(lambda * between + 1, 1 / lambda);
  }
  return 1 + 2 * (observed / middle - 1);
}

static void log_has_the_mean_of_a_lognormal_value(void **state) {
  (void)state;
  double y[N], z[N], mean[H], quantile[5 * H], w[H], wq[5 * H];
  make_walk(y, 0.4);
  for (int t = 0; t < N; ++t) z[t] = log(y[t]);
  forecast_of("drift", z, w, wq);
  forecast_of("log(drift)", y, mean, quantile);
  const double sd = (wq[4 * H] - w[0]) / wsf__normal_quantile(0.99);
  assert_true(adjusted(0, sd, z) > 1.02);
  const double factor = fmin(adjusted(0, sd, z), beside(0, y, z));
  for (int i = 0; i < H; ++i) near(mean[i], exp(w[i]) * factor, 1e-6);
  for (int i = 0; i < 5 * H; ++i) near(quantile[i], exp(wq[i]), 1e-12);
}

/* The adjustment stays within the ratio of the history's own mean to the inverse of the mean of its
 * transforms, however wide the inner intervals are, for every power. */
static void the_mean_stays_near_the_median(void **state) {
  (void)state;
  static const char *const power[] = {"-1", "-0.5", "0", "0.3", "1", "1.5", "2"};
  static const char *const inner[] = {"naive", "drift", "ets", "mean(naive, ets)"};
  double y[N], mean[H], median[H], quantile[5 * H];
  for (int t = 0; t < N; ++t) y[t] = 20 + t * 7 % 5;
  y[N / 3] = 250;
  for (size_t k = 0; k < sizeof power / sizeof *power; ++k) {
    for (size_t m = 0; m < sizeof inner / sizeof *inner; ++m) {
      char text[96];
      (void)snprintf(text, sizeof text, "boxcox(%s, lambda=%s)", inner[m], power[k]);
      forecast_of(text, y, mean, quantile);
      (void)snprintf(text, sizeof text, "boxcox(%s, lambda=%s, bias=false)", inner[m], power[k]);
      forecast_of(text, y, median, quantile);
      for (int i = 0; i < H; ++i) assert_true(mean[i] < 2 * median[i] && mean[i] > median[i] / 2);
    }
  }
}

/* One value far above the rest, the newest of all: no mean is a multiple of the median, no power is
 * chosen that ends where the next step leads, and one that was given says so. */
static void an_outlier_that_comes_last_is_no_explosion(void **state) {
  (void)state;
  static const char *const models[] = {"log(naive)", "log(drift)", "boxcox(naive)", "boxcox(drift)",
                                       "boxcox(naive, lambda=-1)"};
  for (int64_t n = 7; n <= N; n += 13) {
    double y[N], mean[H], median[H], quantile[5 * H];
    for (int64_t t = 0; t < n; ++t) y[t] = 5 + (n > 7 ? 0.1 * (double)(t * 7 % 5) : 0);
    y[n - 1] = 500;
    for (size_t m = 0; m < sizeof models / sizeof *models; ++m) {
      char plain[64];
      (void)snprintf(plain, sizeof plain, "%.*s, bias=false)", (int)strlen(models[m]) - 1,
                     models[m]);
      for (int k = 0; k < 2; ++k) {
        harness h;
        harness_open(&h, k == 0 ? models[m] : plain, 1, 1, &n, y);
        assert_int_equal(harness_reason(&h, 0), strchr(models[m], '=') ? WSF__NEAR_POLE : WSF__OK);
        harness_forecast(&h, 0, H, q, 5, k == 0 ? mean : median, quantile);
        harness_close(&h);
        for (int i = 0; i < H; ++i) assert_true(quantile[4 * H + i] > quantile[i]);
      }
      for (int i = 0; i < H; ++i) {
        if (!(mean[i] <= 1.5 * median[i]))
          fail_msg("%s on %d values: %g, median %g", models[m], (int)n, mean[i], median[i]);
        if (strstr(models[m], "naive")) assert_true(mean[i] < 750);
      }
    }
    /* past its end nothing is known but what was seen */
    harness h;
    harness_open(&h, "boxcox(drift, lambda=-1)", 1, 1, &n, y);
    assert_int_equal(harness_reason(&h, 0), WSF__NEAR_POLE);
    harness_forecast(&h, 0, H, q, 5, mean, quantile);
    harness_close(&h);
    for (int i = 0; i < H; ++i) {
      assert_true(fabs(mean[i] - 500) < 1e-9);
      assert_true(quantile[i] <= 500 && quantile[4 * H + i] > 500);
    }
  }
}

/* The figures of docs/errors.md, beside R's 55.1 (forecast 8.20, whose lambda is -1). */
static void the_power_leaves_room_for_an_outlier(void **state) {
  (void)state;
  static const struct {
    const char *model;
    double forecast;
  } at[] = {{"boxcox(ets)", 69.94}, {"boxcox(ets, lambda=-1)", 51.28}};
  static const double y[] = {20, 22, 19, 21, 23, 20, 22, 21, 20, 24,
                             22, 19, 23, 21, 22, 20, 21, 23, 24, 90};
  const int64_t n = sizeof y / sizeof *y;
  for (int k = 0; k < 2; ++k) {
    double mean[1];
    harness h;
    harness_open(&h, at[k].model, 1, 1, &n, y);
    harness_forecast(&h, 0, 1, NULL, 0, mean, NULL);
    if (k == 0) assert_true(fabs(*h.fitted->state[0].v + log(2) / log(90.0 / 19)) < 1e-3);
    if (!(fabs(mean[0] - at[k].forecast) < 0.02)) fail_msg("%s: %g", at[k].model, mean[0]);
    harness_close(&h);
  }
}

/* Histories of logarithms: growth, growth that wanders, a walk, noise around a line. */
enum { GROWING = 4, PAST = 24, AHEAD = 6, DRAWS = 60 };
static void make_growth(int kind, uint64_t draw, double *y) {
  static const double walk[GROWING] = {0.1, 0.05, 0.25, 0}, noise[GROWING] = {0.02, 0.05, 0, 0.3};
  wsf__rng r;
  wsf__rng_init(&r, 17 + (uint64_t)kind, draw);
  double level = 5, slope = kind == 2 ? 0 : 0.06;
  for (int t = 0; t < PAST + AHEAD; ++t) {
    if (kind == 1) slope += 0.03 * wsf__rng_normal(&r);
    level += slope + walk[kind] * wsf__rng_normal(&r);
    y[t] = exp(level + noise[kind] * wsf__rng_normal(&r));
  }
}

static double error_of(const char *model, const double *y) {
  double mean[AHEAD], sum = 0, scale = 0;
  harness h;
  harness_open(&h, model, 1, 1, (int64_t[]){PAST}, y);
  harness_forecast(&h, 0, AHEAD, NULL, 0, mean, NULL);
  harness_close(&h);
  for (int i = 0; i < AHEAD; ++i) sum += fabs(mean[i] - y[PAST + i]) / AHEAD;
  for (int t = 1; t < PAST; ++t) scale += fabs(y[t] - y[t - 1]) / (PAST - 1);
  return sum / scale;
}

/* The mean costs an absolute error next to nothing over the median, which is best for it. */
static void adjusting_never_hurts(void **state) {
  (void)state;
  static const char *const inner[] = {"drift", "ets", "theta", "tslm"};
  for (size_t m = 0; m < sizeof inner / sizeof *inner; ++m) {
    for (int kind = 0; kind < GROWING; ++kind) {
      double adjusted = 0, median = 0;
      char text[64], plain[64];
      (void)snprintf(text, sizeof text, "log(%s)", inner[m]);
      (void)snprintf(plain, sizeof plain, "log(%s, bias=false)", inner[m]);
      for (uint64_t draw = 0; draw < DRAWS; ++draw) {
        double y[PAST + AHEAD];
        make_growth(kind, draw, y);
        adjusted += error_of(text, y);
        median += error_of(plain, y);
      }
      if (!(adjusted <= 1.02 * median))
        fail_msg("%s, histories %d: %g adjusted, %g not", text, kind, adjusted / DRAWS,
                 median / DRAWS);
    }
  }
}

/* A level that has moved is no spread of values around it: neighbours say how far the mean may be
 * from the median, and they agree. */
static void what_moved_is_no_spread(void **state) {
  (void)state;
  static const char *const inner[] = {"average", "tslm", "drift"};
  double y[N], mean[H], median[H], quantile[5 * H];
  wsf__rng r;
  wsf__rng_init(&r, 8, 8);
  for (int t = 0; t < N; ++t) y[t] = exp((t < N / 3 ? 5 : 8) + 0.1 * wsf__rng_normal(&r));
  for (size_t m = 0; m < sizeof inner / sizeof *inner; ++m) {
    char text[96];
    (void)snprintf(text, sizeof text, "log(%s)", inner[m]);
    forecast_of(text, y, mean, quantile);
    (void)snprintf(text, sizeof text, "log(%s, bias=false)", inner[m]);
    forecast_of(text, y, median, quantile);
    for (int i = 0; i < H; ++i) assert_true(mean[i] >= median[i] && mean[i] <= 1.1 * median[i]);
  }
}

/* Around a level the mean is what is forecast, not the median, which sells short. */
static void adjusting_finds_the_mean(void **state) {
  (void)state;
  enum { LONG = 2000 };
  double y[LONG], mean[H], median[H], truth = exp(5 + 0.4 * 0.4 / 2);
  wsf__rng r;
  wsf__rng_init(&r, 6, 6);
  for (int t = 0; t < LONG; ++t) y[t] = exp(5 + 0.4 * wsf__rng_normal(&r));
  static const char *const models[] = {"log(average)", "log(average, bias=false)"};
  for (int m = 0; m < 2; ++m) {
    harness h;
    harness_open(&h, models[m], 1, 1, (int64_t[]){LONG}, y);
    harness_forecast(&h, 0, H, NULL, 0, m == 0 ? mean : median, NULL);
    harness_close(&h);
  }
  for (int i = 0; i < H; ++i) {
    assert_true(fabs(mean[i] / truth - 1) < 0.025);
    assert_true(median[i] < 0.95 * truth);
  }
}

static void boxcox_of_a_half_has_the_mean_of_a_square(void **state) {
  (void)state;
  double y[N], z[N], mean[H], quantile[5 * H], w[H], wq[5 * H];
  wsf__rng r;
  wsf__rng_init(&r, 5, 5);
  double root = 8; /* a walk of roots that ends there */
  for (int t = N - 1; t >= 0; --t) {
    y[t] = root * root;
    root = fabs(root + 4 * wsf__rng_normal(&r));
  }
  for (int t = 0; t < N; ++t) z[t] = (sqrt(y[t]) - 1) / 0.5;
  forecast_of("naive", z, w, wq);
  forecast_of("boxcox(naive, lambda=0.5)", y, mean, quantile);
  const double sd = (wq[4 * H] - w[0]) / wsf__normal_quantile(0.99);
  assert_true(adjusted(0.5, sd / (0.5 * w[0] + 1), z) > 1.02);
  for (int i = 0; i < H; ++i) {
    const double middle = 0.5 * w[i] + 1;
    const double factor = fmin(adjusted(0.5, sd / middle, z), beside(0.5, y, z));
    near(mean[i], middle * middle * factor, 1e-9);
    for (int k = 0; k < 5; ++k) {
      near(quantile[k * H + i], pow(fmax(0.5 * wq[k * H + i] + 1, 0), 2), 1e-9);
    }
  }
  make_walk(y, 0.1);
  for (int t = 0; t < N; ++t) z[t] = (sqrt(y[t]) - 1) / 0.5;
  forecast_of("naive", z, w, wq);
  forecast_of("boxcox(naive, lambda=0.5, bias=r)", y, mean, quantile);
  for (int i = 0; i < H; ++i) {
    const double own = (wq[4 * H + i] - w[i]) / wsf__normal_quantile(0.99);
    const double middle = 0.5 * w[i] + 1;
    near(mean[i], middle * middle + 0.25 * own * own, 1e-9);
  }
  forecast_of("boxcox(naive, lambda=0)", y, mean, quantile);
  forecast_of("log(naive)", y, w, wq);
  assert_memory_equal(mean, w, sizeof w);
  assert_memory_equal(quantile, wq, sizeof wq);
}

static void wrong_histories_are_refused(void **state) {
  (void)state;
  double y[N];
  make_walk(y, 0.1);
  y[7] = 0;
  assert_int_equal(reason_of("log(naive)", y, N), WSF__NOT_POSITIVE);
  assert_int_equal(reason_of("log(naive, offset=1)", y, N), WSF__OK);
  assert_int_equal(reason_of("boxcox(naive, 0)", y, N), WSF__NOT_POSITIVE);
  assert_int_equal(reason_of("boxcox(naive, 0.3)", y, N), WSF__OK);
  assert_int_equal(reason_of("boxcox(naive)", y, N), WSF__OK);
  y[8] = -1;
  assert_int_equal(reason_of("boxcox(naive)", y, N), WSF__NOT_POSITIVE);
  const double ones[] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
  assert_int_equal(reason_of("log(naive)", ones, 10), WSF__CONSTANT);
  assert_int_equal(reason_of("difference(average)", ones, 10), WSF__CONSTANT);
  assert_int_equal(reason_of("difference(average)", y, 1), WSF__SHORT);
  assert_int_equal(reason_of("difference(average, lag=12)", y, 12), WSF__SHORT);
  assert_int_equal(reason_of("difference(average, lag=12)", y, 13), WSF__OK);
}

static void nothing_explodes(void **state) {
  (void)state;
  double y[N], mean[H], quantile[5 * H];
  wsf__rng r;
  wsf__rng_init(&r, 9, 9);
  double level = 0, largest = 0;
  for (int t = 0; t < N; ++t) {
    level += 3 * wsf__rng_normal(&r);
    y[t] = exp(level);
    largest = fmax(largest, y[t]);
  }
  const char *const models[] = {"log(drift)", "boxcox(drift, -1)", "boxcox(drift, 2)"};
  for (int m = 0; m < 3; ++m) {
    forecast_of(models[m], y, mean, quantile);
    for (int i = 0; i < H; ++i) assert_true(mean[i] >= 0 && mean[i] <= 1000 * largest);
    for (int i = 0; i < 5 * H; ++i) {
      assert_true(quantile[i] >= 0 && quantile[i] <= 1000 * largest);
    }
  }
}

static void lambda_is_r_s(void **state) {
  (void)state;
  (void)skip_without_data();
  /* BoxCox.lambda(x, "guerrero") of R's forecast 8.20 */
  const struct {
    const char *name;
    int64_t m;
    double lambda;
  } theirs[] = {{"AirPassengers", 12, -0.294715585559},
                {"USAccDeaths", 12, -0.039756167831},
                {"lynx", 1, 0.152184872627},
                {"woolyrnq", 4, 1.613978334764},
                {"wineind", 12, -0.465413780867},
                {"Nile", 1, 0.998889361993},
                {"WWWusage", 1, 0.359625252669}};
  for (size_t i = 0; i < sizeof theirs / sizeof *theirs; ++i) {
    double y[512];
    const int64_t n = classic_series(theirs[i].name, y, 512);
    near(wsf__boxcox_lambda(y, n, theirs[i].m, -1, &nobody), theirs[i].lambda, 1e-6);
  }
}

static void short_or_flat_histories_keep_their_scale(void **state) {
  (void)state;
  const double y[] = {1, 5, 2, 8, 3, 9, 4, 7}, flat[] = {3, 3, 3, 3, 3, 3};
  assert_true(wsf__boxcox_lambda(y, 8, 4, -1, &nobody) == 1);
  assert_true(wsf__boxcox_lambda(y, 8, 3, -1, &nobody) != 1);
  assert_true(wsf__boxcox_lambda(flat, 6, 1, -1, &nobody) == 1);
}

static void difference_of_average_is_drift(void **state) {
  (void)state;
  double y[N], mean[H], quantile[5 * H], w[H], wq[5 * H];
  make_walk(y, 0.1);
  forecast_of("difference(average)", y, mean, quantile);
  forecast_of("drift", y, w, wq);
  for (int i = 0; i < H; ++i) near(mean[i], w[i], 1e-12);
  /* the steps of a random walk are independent: its spread grows with the root of the horizon */
  for (int i = 0; i < H; ++i) {
    const double first = quantile[3 * H] - mean[0];
    near(quantile[3 * H + i] - mean[i], first * sqrt(i + 1), 1e-9);
    near(mean[i] - quantile[H + i], (mean[0] - quantile[H]) * sqrt(i + 1), 1e-9);
  }
}

static void difference_keeps_season_and_gaps(void **state) {
  (void)state;
  double y[N], mean[H], quantile[5 * H];
  const double season[] = {5, -3, 1, 9};
  for (int t = 0; t < N; ++t) y[t] = 100 + season[t % 4] + 0.5 * t;
  forecast_of("difference(average, lag=4)", y, mean, quantile);
  for (int i = 0; i < H; ++i) near(mean[i], 100 + season[(N + i) % 4] + 0.5 * (N + i), 1e-12);
  y[10] = y[N - 1] = y[N - 2] = NAN;
  forecast_of("difference(average, lag=4)", y, mean, quantile);
  for (int i = 0; i < H; ++i) near(mean[i], 100 + season[(N + i) % 4] + 0.5 * (N + i), 1e-12);
}

int test_transforms(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(log_is_the_model_of_logarithms_brought_back),
      cmocka_unit_test(log_has_the_mean_of_a_lognormal_value),
      cmocka_unit_test(the_mean_stays_near_the_median),
      cmocka_unit_test(an_outlier_that_comes_last_is_no_explosion),
      cmocka_unit_test(the_power_leaves_room_for_an_outlier),
      cmocka_unit_test(adjusting_never_hurts),
      cmocka_unit_test(what_moved_is_no_spread),
      cmocka_unit_test(adjusting_finds_the_mean),
      cmocka_unit_test(boxcox_of_a_half_has_the_mean_of_a_square),
      cmocka_unit_test(wrong_histories_are_refused),
      cmocka_unit_test(nothing_explodes),
      cmocka_unit_test(lambda_is_r_s),
      cmocka_unit_test(short_or_flat_histories_keep_their_scale),
      cmocka_unit_test(difference_of_average_is_drift),
      cmocka_unit_test(difference_keeps_season_and_gaps),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
