/* stl, mstl and deseason: their season by hand, what they refuse, and that they are one mechanism.
 */
#include "harness.h"

#include "math/rng.h"

enum { M = 4, N = 40, H = 10 };
static const double q[] = {0.1, 0.9};

static void near(double a, double b, double tolerance) {
  if (!(fabs(a - b) <= tolerance * fmax(1, fabs(b)))) {
    fail_msg("%.12g is not within %g of %.12g", a, tolerance, b);
  }
}

static int32_t reason_of(const char *model, int season, const double *y, int64_t n) {
  harness h;
  harness_open(&h, model, season, 1, &n, y);
  const int32_t reason = harness_reason(&h, 0);
  harness_close(&h);
  return reason;
}

static void forecast_of(const char *model, int season, const double *y, int64_t n, double *mean,
                        double *quantile) {
  harness h;
  harness_open(&h, model, season, 1, &n, y);
  if (harness_reason(&h, 0) >= WSF__NOT_FITTED) fail_msg("%s", model);
  assert_true(harness_check(&h));
  harness_forecast(&h, 0, H, q, 2, mean, quantile);
  harness_close(&h);
}

static const double summand[M] = {10, -20, 35, -25}, factor[M] = {1.2, 0.5, 1.5, 0.8};

static void a_season_of_summands_goes_on(void **state) {
  (void)state;
  double y[N], mean[H], quantile[2 * H];
  for (int t = 0; t < N; ++t) y[t] = 100 + 3 * t + summand[t % M];
  forecast_of("deseason(drift)", M, y, N, mean, quantile);
  for (int i = 0; i < H; ++i) near(mean[i], 100 + 3 * (N + i) + summand[(N + i) % M], 1e-12);
  /* in the middle of a cycle, with gaps, below zero */
  for (int t = 0; t < N; ++t) y[t] -= 400;
  y[17] = y[18] = y[30] = NAN;
  forecast_of("deseason(drift)", M, y, N - 2, mean, quantile);
  for (int i = 0; i < H; ++i) near(mean[i], -300 + 3 * (N - 2 + i) + summand[(N - 2 + i) % M], 4);
}

static void a_season_of_factors_stretches_intervals(void **state) {
  (void)state;
  double y[N], flat[N], mean[H], quantile[2 * H], plain[H], around[2 * H];
  wsf__rng r;
  wsf__rng_init(&r, 1, 1);
  for (int t = 0; t < N; ++t) {
    flat[t] = 200 + 5 * wsf__rng_normal(&r);
    y[t] = flat[t] * factor[t % M];
  }
  forecast_of("average", M, flat, N, plain, around);
  const char *const models[] = {"deseason(average, type=mul, intervals=model)",
                                "deseason(average, type=mul, method=stl, intervals=model)"};
  for (int k = 0; k < 2; ++k) {
    forecast_of(models[k], M, y, N, mean, quantile);
    for (int i = 0; i < H; ++i) {
      const double f = factor[(N + i) % M];
      near(mean[i], plain[i] * f, 0.02);
      near((quantile[i] - mean[i]) / f, around[i] - plain[i], 0.2);
      near((quantile[H + i] - mean[i]) / f, around[H + i] - plain[i], 0.2);
      /* a factor moves the mean with the quantiles: the middle stays the mean */
      near(0.5 * (quantile[i] + quantile[H + i]), mean[i], 1e-12);
    }
  }
}

static void stl_by_another_name_is_stl(void **state) {
  (void)state;
  double y[N], mean[2][H], quantile[2][2 * H];
  wsf__rng r;
  wsf__rng_init(&r, 2, 2);
  for (int t = 0; t < N; ++t) y[t] = 50 + t + summand[t % M] + 4 * wsf__rng_normal(&r);
  y[11] = NAN;
  forecast_of("stl(drift)", M, y, N, mean[0], quantile[0]);
  forecast_of("deseason(drift, method=stl)", M, y, N, mean[1], quantile[1]);
  for (int i = 0; i < H; ++i) near(mean[0][i], mean[1][i], 1e-12);
  for (int i = 0; i < 2 * H; ++i) near(quantile[0][i], quantile[1][i], 1e-12);
  /* what stands inside sees no season */
  forecast_of("deseason(naive)", M, y, N, mean[0], quantile[0]);
  forecast_of("deseason(snaive)", M, y, N, mean[1], quantile[1]);
  assert_memory_equal(mean[0], mean[1], sizeof mean[0]);
}

static void several_seasons_are_each_repeated(void **state) {
  (void)state;
  enum { LONG = 80, WEEK = 3 };
  static const double other[WEEK] = {3, -1, -2};
  double y[LONG], mean[2][H], quantile[2][2 * H];
  for (int t = 0; t < LONG; ++t) y[t] = 10 + t + summand[t % M] + other[t % WEEK];
  forecast_of("mstl(drift, seasons=[4,3], window=periodic)", 1, y, LONG, mean[0], quantile[0]);
  for (int i = 0; i < H; ++i) {
    const int t = LONG + i;
    near(mean[0][i], 10 + t + summand[t % M] + other[t % WEEK], 0.01);
  }
  /* order and repetition say nothing */
  forecast_of("mstl(drift, seasons=[3,4,3], window=periodic)", 1, y, LONG, mean[1], quantile[1]);
  assert_memory_equal(mean[0], mean[1], sizeof mean[0]);
  /* one season is stl's */
  forecast_of("mstl(drift)", M, y, N, mean[0], quantile[0]);
  forecast_of("stl(drift, window=11)", M, y, N, mean[1], quantile[1]);
  for (int i = 0; i < H; ++i) near(mean[0][i], mean[1][i], 1e-12);
  for (int i = 0; i < 2 * H; ++i) near(quantile[0][i], quantile[1][i], 1e-12);
  /* what is too long and not plain is left out, and said */
  forecast_of("mstl(drift, seasons=[4,22])", 1, y, N, mean[1], quantile[1]);
  assert_memory_equal(mean[0], mean[1], sizeof mean[0]);
  assert_int_equal(reason_of("mstl(drift, seasons=[4,22])", 1, y, N), WSF__SHORT_SEASON);
  assert_int_equal(reason_of("mstl(drift, seasons=[21,30])", 1, y, N), WSF__SHORT);
  harness h;
  assert_int_equal(
      harness_begin(&h, "mstl(drift, seasons=[2,3,4,5,6,7,8,9,10])", 1, 1, (int64_t[]){LONG}, y),
      WSF_OK);
  assert_int_equal(harness_fit(&h), WSF_E_VALUE);
  harness_close(&h);
}

static void refusals_have_a_reason(void **state) {
  (void)state;
  double y[N];
  for (int t = 0; t < N; ++t) y[t] = 100 + t % 7 + summand[t % M];
  const char *const all[] = {"stl(naive)",
                             "mstl(naive)",
                             "deseason(naive)",
                             "deseason(naive, type=mul)",
                             "deseason(naive, method=stl)",
                             "deseason(naive, method=stl, type=mul)"};
  for (size_t k = 0; k < sizeof all / sizeof *all; ++k) {
    const bool factors = strstr(all[k], "mul") != NULL;
    assert_int_equal(reason_of(all[k], M, y, N), WSF__OK);
    assert_int_equal(reason_of(all[k], M, y, 2 * M), WSF__OK);
    assert_int_equal(reason_of(all[k], M, y, 2 * M - 1), WSF__SHORT);
    assert_int_equal(reason_of(all[k], M, y, 2), WSF__SHORT);
    assert_int_equal(reason_of(all[k], 1, y, 2), WSF__NO_SEASON); /* no season to take off */
    double other[N];
    for (int t = 0; t < N; ++t) other[t] = y[t] - 110;
    assert_int_equal(reason_of(all[k], M, other, N), factors ? WSF__NOT_POSITIVE : WSF__OK);
    memcpy(other, y, sizeof y);
    other[9] = 0;
    assert_int_equal(reason_of(all[k], M, other, N), factors ? WSF__NOT_POSITIVE : WSF__OK);
    for (int t = 0; t < N; ++t) other[t] = -3;
    assert_int_equal(reason_of(all[k], M, other, N), WSF__CONSTANT);
    for (int t = 0; t < N; ++t) other[t] = 0;
    assert_int_equal(reason_of(all[k], M, other, N), WSF__ZERO);
    for (int t = 0; t < N; ++t) other[t] = NAN;
    assert_int_equal(reason_of(all[k], M, other, N), WSF__EMPTY);
  }
  /* the inner call's own */
  assert_int_equal(reason_of("deseason(difference(naive, lag=39))", M, y, N), WSF__OK);
  assert_int_equal(reason_of("deseason(difference(naive, lag=40))", M, y, N), WSF__SHORT);
}

static void an_update_goes_on_with_the_same_season(void **state) {
  (void)state;
  double y[N], mean[H], moved[H], quantile[2 * H];
  for (int t = 0; t < N; ++t) y[t] = (200 + t % 7) * factor[t % M];
  const char *const models[] = {"stl(naive)", "mstl(naive, seasons=[4,7])", "deseason(naive)",
                                "deseason(naive, type=mul)"};
  for (int k = 0; k < 4; ++k) {
    harness h;
    harness_open(&h, models[k], M, 1, (int64_t[]){N - 3}, y);
    harness_forecast(&h, 0, H, q, 2, mean, quantile);
    const double more[3] = {mean[0], NAN, mean[2]};
    assert_int_equal(harness_update(&h, 0, more, 1), WSF_OK);
    assert_int_equal(harness_update(&h, 0, more + 1, 2), WSF_OK);
    assert_true(harness_check(&h));
    assert_int_equal(harness_reason(&h, 0), WSF__OK);
    harness_forecast(&h, 0, H, q, 2, moved, quantile);
    for (int i = 3; i < H; ++i) near(moved[i - 3], mean[i], 1e-12);
    harness_close(&h);
  }
}

static void a_factor_near_zero_is_held_up(void **state) {
  (void)state;
  double y[N], mean[H], quantile[2 * H];
  for (int t = 0; t < N; ++t) y[t] = t % M == 2 ? 1e-9 : 100 + t;
  const char *const models[] = {"deseason(naive, type=mul)",
                                "deseason(naive, type=mul, method=stl)"};
  for (int k = 0; k < 2; ++k) {
    forecast_of(models[k], M, y, N, mean, quantile);
    for (int i = 0; i < H; ++i) assert_true(mean[i] >= 0 && mean[i] < 1000);
  }
}

/* Weeks of a season and noise over two and three quarters of a year, and the 13 weeks after them:
 * shares of 80 % and 95 % intervals that hold. */
static void shares_held(const char *model, bool factors, double share[2]) {
  enum { WEEKS = 143, SEASON = 52, AHEAD = 13, SERIES = 150 };
  static const double bounds[] = {0.025, 0.1, 0.9, 0.975};
  static double y[SERIES * WEEKS], ahead[SERIES][AHEAD];
  int64_t length[SERIES];
  for (int s = 0; s < SERIES; ++s) {
    wsf__rng r;
    wsf__rng_init(&r, 52, (uint64_t)s);
    double season[SEASON];
    for (int j = 0; j < SEASON; ++j) season[j] = 8 * wsf__rng_normal(&r);
    length[s] = WEEKS;
    for (int t = 0; t < WEEKS + AHEAD; ++t) {
      const double noise = 5 * wsf__rng_normal(&r), level = 100 + season[t % SEASON];
      const double value = factors ? level * (1 + noise / 100) : level + noise;
      if (t < WEEKS)
        y[s * WEEKS + t] = value;
      else
        ahead[s][t - WEEKS] = value;
    }
  }
  harness h;
  harness_open(&h, model, SEASON, SERIES, length, y);
  share[0] = share[1] = 0;
  for (int s = 0; s < SERIES; ++s) {
    double mean[AHEAD], bound[4 * AHEAD];
    harness_forecast(&h, s, AHEAD, bounds, 4, mean, bound);
    for (int i = 0; i < AHEAD; ++i) {
      const double x = ahead[s][i];
      share[0] += (bound[AHEAD + i] <= x && x <= bound[2 * AHEAD + i]) / (double)(SERIES * AHEAD);
      share[1] += (bound[i] <= x && x <= bound[3 * AHEAD + i]) / (double)(SERIES * AHEAD);
    }
  }
  harness_close(&h);
}

static void intervals_count_that_the_season_is_an_estimate(void **state) {
  (void)state;
  static const char *const models[] = {"stl(average)",
                                       "mstl(average)",
                                       "mstl(average, window=periodic)",
                                       "deseason(average)",
                                       "deseason(average, method=stl)",
                                       "deseason(average, type=mul)",
                                       "deseason(average, method=stl, type=mul)"};
  for (size_t k = 0; k < sizeof models / sizeof *models; ++k) {
    double share[2];
    shares_held(models[k], strstr(models[k], "mul") != NULL, share);
    if (!(fabs(share[0] - 0.8) < 0.03 && fabs(share[1] - 0.95) < 0.02)) {
      fail_msg("%s holds %.3f for 0.80 and %.3f for 0.95", models[k], share[0], share[1]);
    }
  }
  double share[2];
  shares_held("stl(average, intervals=model)", false, share); /* as R's: too narrow */
  assert_true(share[0] < 0.65 && share[1] < 0.87);
}

/* A file of a version that knew no errors holds the cycles alone. */
static void a_state_without_errors_is_read(void **state) {
  (void)state;
  double y[N], mean[H], quantile[2 * H], other[H], wide[2 * H];
  for (int t = 0; t < N; ++t) y[t] = 100 + summand[t % M] + t * 7 % 5;
  harness h;
  harness_open(&h, "stl(naive, intervals=model)", M, 1, (int64_t[]){N}, y);
  harness_forecast(&h, 0, H, q, 2, mean, quantile);
  const wsf__state old = h.fitted->state[0];
  assert_int_equal(old.n, 2 + M);
  harness now;
  harness_open(&now, "stl(naive)", M, 1, (int64_t[]){N}, y);
  assert_int_equal(now.fitted->state[0].n, 2 + 1 + 2 * M);
  harness_forecast(&now, 0, H, q, 2, other, wide);
  assert_memory_equal(mean, other, sizeof mean);
  for (int i = 0; i < H; ++i) assert_true(wide[i] < quantile[i] && wide[H + i] > quantile[H + i]);
  now.fitted->state[0] = old;
  assert_true(harness_check(&now));
  harness_forecast(&now, 0, H, q, 2, other, wide);
  assert_memory_equal(mean, other, sizeof mean);
  assert_memory_equal(quantile, wide, sizeof wide);
  harness_close(&now);
  harness_close(&h);
}

/* By how much the noise of the rest is stretched: growth from step 1 to a season later of the
 * squared width, over that of the rest alone; the season's error is the same at both. */
static double stretched(const char *inner, const double *y) {
  char text[96];
  double mean[H], alone[2 * H], whole[2 * H];
  (void)snprintf(text, sizeof text, "stl(%s, intervals=model)", inner);
  forecast_of(text, M, y, N, mean, alone);
  (void)snprintf(text, sizeof text, "stl(%s)", inner);
  forecast_of(text, M, y, N, mean, whole);
  const double w[] = {whole[H] - whole[0], whole[H + M] - whole[M]};
  const double a[] = {alone[H] - alone[0], alone[H + M] - alone[M]};
  return (w[1] * w[1] - w[0] * w[0]) / (a[1] * a[1] - a[0] * a[0]);
}

static void only_noise_has_lost_noise(void **state) {
  (void)state;
  double y[N];
  wsf__rng r;
  wsf__rng_init(&r, 5, 1);
  for (int t = 0; t < N; ++t) y[t] = 100 + summand[t % M] + 8 * wsf__rng_normal(&r);
  const double all = stretched("naive", y), part = stretched("drift", y);
  assert_true(all > 1.05 && part > 1.001);
  assert_true(part < all - 0.001); /* drift counts its slope, which the season has nothing of */
}

int test_unseason(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_season_of_summands_goes_on),
      cmocka_unit_test(a_season_of_factors_stretches_intervals),
      cmocka_unit_test(stl_by_another_name_is_stl),
      cmocka_unit_test(several_seasons_are_each_repeated),
      cmocka_unit_test(refusals_have_a_reason),
      cmocka_unit_test(an_update_goes_on_with_the_same_season),
      cmocka_unit_test(a_factor_near_zero_is_held_up),
      cmocka_unit_test(intervals_count_that_the_season_is_an_estimate),
      cmocka_unit_test(a_state_without_errors_is_read),
      cmocka_unit_test(only_noise_has_lost_noise),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
