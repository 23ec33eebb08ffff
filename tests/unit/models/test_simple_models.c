/* Details of the naive family and the regression that no golden number shows: gaps, seasons never
 * seen, window means, what is dropped when a history is short. */
#include "harness.h"

#include "math/normal.h"

enum { H = 30 };
static const double one_sd = 0.8413447460685429;

static void near(double x, double expected, double tolerance) {
  if (!(fabs(x - expected) <= tolerance)) fail_msg("%.17g is not %.17g", x, expected);
}

/* Forecast and its standard deviation. */
static int32_t forecast_of(const char *model, int season, const double *y, int64_t n, double *mean,
                           double *sd) {
  harness h;
  harness_open(&h, model, season, 1, &n, y);
  const int32_t reason = harness_reason(&h, 0);
  harness_forecast(&h, 0, H, &one_sd, 1, mean, sd);
  for (int i = 0; i < H; ++i) sd[i] -= mean[i];
  harness_close(&h);
  return reason;
}

static void a_gap_widens_what_follows(void **state) {
  (void)state;
  const double y[] = {1, 2, NAN, NAN, 5, 3, NAN, NAN};
  double mean[H], sd[H];
  (void)forecast_of("naive", 1, y, 8, mean, sd);
  /* differences 1, 3 over three periods, -2 */
  const double sigma = sqrt((1 + 9 / 3.0 + 4) / 3);
  for (int i = 0; i < H; ++i) {
    near(mean[i], 3, 0);
    near(sd[i], sigma * sqrt(i + 3), 1e-12); /* two periods already gone */
  }
  (void)forecast_of("drift", 1, y, 8, mean, sd);
  near(mean[0], 3 + 3 * 2 / 5.0, 1e-12);
}

static void windows_average_the_last_observations(void **state) {
  (void)state;
  const double y[] = {9, 1, 2, NAN, 6, 4};
  double mean[H], sd[H];
  (void)forecast_of("window(3)", 1, y, 6, mean, sd);
  near(mean[0], 4, 1e-12);
  near(mean[H - 1], 4, 1e-12);
  near(sd[8] / sd[0], sqrt(1 + 8 * 0.25), 1e-12);
  (void)forecast_of("window(100)", 1, y, 6, mean, sd);
  near(mean[0], 22 / 5.0, 1e-12);
  /* window(1) is naive */
  double other[H], other_sd[H];
  (void)forecast_of("window(1)", 1, y, 6, mean, sd);
  (void)forecast_of("naive", 1, y, 6, other, other_sd);
  assert_memory_equal(mean, other, sizeof mean);
  assert_memory_equal(sd, other_sd, sizeof sd);
}

/* A window too long to be added up at each step: its means, by brute force. */
static void long_windows_average_as_short_ones(void **state) {
  (void)state;
  enum { LENGTH = 4000, WIDTH = 1500 };
  static double y[LENGTH];
  harness h;
  for (int t = 0; t < LENGTH; ++t) y[t] = t % 11 == 5 ? NAN : 1e3 + t % 7 + 0.1 * (t % 13);
  assert_int_equal(harness_begin(&h, "window(1500)", 1, 1, (int64_t[]){LENGTH}, y), WSF_OK);
  h.fitted_values = true;
  assert_int_equal(harness_fit(&h), WSF_OK);
  const double *fitted = h.fitted->history[0].v;
  for (int t = 1; t < LENGTH; ++t) {
    double sum = 0, count = 0;
    for (int i = t - 1; i >= 0 && count < WIDTH; --i) {
      if (isnan(y[i])) continue;
      sum += y[i];
      count += 1;
    }
    if (!(fabs(fitted[t] - sum / count) <= 1e-9)) {
      fail_msg("%d: %.17g is not %.17g", t, fitted[t], sum / count);
    }
  }
  harness_close(&h);
}

static void seasonal_windows_average_the_same_season(void **state) {
  (void)state;
  const double y[] = {1, 10, 100, 3, NAN, 300, 5, 30, 200};
  double mean[H], sd[H];
  (void)forecast_of("swindow(2)", 3, y, 9, mean, sd);
  near(mean[0], 4, 1e-12);
  near(mean[1], 20, 1e-12); /* the gap reaches one season further back */
  near(mean[2], 250, 1e-12);
  near(mean[3], 4, 1e-12);
  (void)forecast_of("swindow(1)", 3, y, 9, mean, sd);
  double other[H], other_sd[H];
  (void)forecast_of("snaive", 3, y, 9, other, other_sd);
  assert_memory_equal(mean, other, sizeof mean);
}

static void a_season_never_seen_lies_between_its_neighbours(void **state) {
  (void)state;
  double y[16], mean[H], sd[H];
  for (int t = 0; t < 16; ++t) y[t] = 10.0 * (t % 4);
  for (int t = 2; t < 16; t += 4) y[t] = NAN; /* season 2, between 10 and 30 */
  const char *const models[] = {"snaive", "swindow(2)", "tslm"};
  for (int m = 0; m < 3; ++m) {
    assert_int_equal(forecast_of(models[m], 4, y, 16, mean, sd), WSF__OK);
    for (int i = 0; i < H; ++i) near(mean[i], 10.0 * (i % 4), 1e-9);
  }
  for (int t = 0; t < 16; ++t) y[t] = t % 4 == 1 ? 7 : t % 4 == 0 ? 3 : NAN;
  (void)forecast_of("snaive", 4, y, 16, mean, sd); /* 2 and 3 lie on the way round from 7 to 3 */
  near(mean[2], 7 - 4 / 3.0, 1e-12);
  near(mean[3], 7 - 8 / 3.0, 1e-12);
}

static void histories_shorter_than_a_season_get_the_random_walk(void **state) {
  (void)state;
  const double y[] = {4, 6, 5, 9};
  double mean[H], sd[H], other[H], other_sd[H];
  (void)forecast_of("naive", 12, y, 4, other, other_sd);
  assert_int_equal(forecast_of("snaive", 12, y, 4, mean, sd), WSF__SHORT_SEASON);
  assert_memory_equal(mean, other, sizeof mean);
  for (int i = 0; i < H; ++i) near(sd[i], other_sd[i], 1e-12);
}

static void regression_drops_what_a_short_history_cannot_carry(void **state) {
  (void)state;
  double y[30], mean[H], sd[H];
  for (int t = 0; t < 30; ++t) y[t] = 2.0 * t + (t % 12 == 3 ? 50 : 0) + 0.5 * (t % 2);
  assert_int_equal(forecast_of("tslm", 12, y, 30, mean, sd), WSF__OK);
  near(mean[9], 2 * 39 + 50 + 0.5, 1e-9); /* the next t with t mod 12 = 3 */
  /* the trend shows in what a year changed; below a year it shows in the steps, or is left out */
  assert_int_equal(forecast_of("tslm", 12, y, 17, mean, sd), WSF__OK);
  near(mean[0], 2 * 17 + 0.5, 1e-9);
  near(mean[10], 2 * 27 + 50 + 0.5, 1e-9);
  assert_int_equal(forecast_of("tslm", 12, y + 4, 11, mean, sd), WSF__SHORT_SEASON);
  near(mean[1], 2 * 16 + 0.25, 0.5);
  assert_int_equal(forecast_of("tslm", 12, y, 11, mean, sd), WSF__SHORT_SEASON);
  assert_true(mean[0] == mean[H - 1]);
  assert_int_equal(forecast_of("tslm(season=1)", 12, y + 4, 11, mean, sd), WSF__OK);
  near(mean[1], 2 * 16 + 0.25, 0.5);
  assert_int_equal(forecast_of("tslm(fourier=2)", 12, y, 5, mean, sd), WSF__SHORT_SEASON);
  assert_true(mean[0] == mean[H - 1]);
  /* two observations: nothing is left for the error beside the level */
  assert_int_equal(forecast_of("tslm", 12, y, 2, mean, sd), WSF__SHORT_SEASON);
  near(mean[0], 1.25, 1e-12);
  assert_true(sd[0] > 0 && sd[0] == sd[H - 1]);
  assert_int_equal(forecast_of("tslm", 12, y, 1, mean, sd), WSF__ZERO);
}

static void one_difference_is_drift_or_noise(void **state) {
  (void)state;
  const double y[] = {10, NAN, 18};
  double mean[H], sd[H];
  assert_int_equal(forecast_of("drift", 1, (double[]){10, 14}, 2, mean, sd), WSF__OK);
  for (int i = 0; i < H; ++i) {
    near(mean[i], 14 + 4 * (i + 1), 1e-12);
    near(sd[i], 4 * sqrt((i + 1) * (1 + (i + 1))), 1e-9);
  }
  (void)forecast_of("drift", 1, y, 3, mean, sd); /* over two periods: variance of each is half */
  near(mean[0], 22, 1e-12);
  near(sd[0], 8 / sqrt(2) * sqrt(1.5), 1e-9);
  (void)forecast_of("difference(naive)", 1, (double[]){10, 14}, 2, mean, sd);
  for (int i = 0; i < H; ++i) near(sd[i], 4 * sqrt(i + 1), 1e-9);
}

/* A first value typed a hundred times too large does not turn the line, which goes on from where it
 * is in an update as in a fit; two of them, or one among zeros, are what sales do. */
static void drift_does_not_begin_astray(void **state) {
  (void)state;
  enum { N = 40, H = 12, LATER = 8 };
  const int64_t n = N, earlier = N - LATER;
  double y[N], mean[H], wanted[H], moved[H];
  for (int t = 0; t < N; ++t) y[t] = 10 + 0.1 * t + t * 7 % 5 * 0.1;
  harness h;
  harness_open(&h, "drift", 1, 1, &n, y);
  harness_forecast(&h, 0, H, NULL, 0, wanted, NULL);
  harness_close(&h);
  y[0] *= 100;
  harness_open(&h, "drift", 1, 1, &n, y);
  assert_int_equal(harness_reason(&h, 0), WSF__STRAY);
  harness_forecast(&h, 0, H, NULL, 0, mean, NULL);
  harness_close(&h);
  for (int i = 0; i < H; ++i) near(mean[i], wanted[i], 0.3);
  harness_open(&h, "drift", 1, 1, &earlier, y);
  assert_int_equal(harness_update(&h, 0, y + earlier, LATER), WSF_OK);
  assert_int_equal(harness_reason(&h, 0), WSF__STRAY);
  harness_forecast(&h, 0, H, NULL, 0, moved, NULL);
  harness_close(&h);
  assert_memory_equal(moved, mean, sizeof mean);
  y[3] *= 100;
  harness_open(&h, "drift", 1, 1, &n, y);
  assert_int_equal(harness_reason(&h, 0), WSF__OK);
  harness_close(&h);
}

static void a_trend_that_does_not_show_is_left_out_and_said(void **state) {
  (void)state;
  double y[17], mean[H], sd[H];
  for (int t = 0; t < 17; ++t) y[t] = 100 + t * 5 % 12 + (t < 12 ? 0 : 3 * (t % 2));
  assert_int_equal(forecast_of("tslm", 12, y, 17, mean, sd), WSF__SHORT_TREND);
  near(mean[0], y[5], 1e-12);
  near(mean[7], 0.5 * (y[0] + y[12]), 1e-12);
  assert_int_equal(forecast_of("tslm(fourier=2)", 12, y, 17, mean, sd), WSF__SHORT_TREND);
  assert_int_equal(forecast_of("tslm(trend=false)", 12, y, 17, mean, sd), WSF__OK);
  assert_int_equal(forecast_of("tslm(terms=all)", 12, y, 17, mean, sd), WSF__OK);
  double step = 0;
  for (int t = 0; t < 5; ++t) step += (y[t + 12] - y[t]) / 60;
  near(mean[0], y[5] + 12 * step, 1e-9);
  /* nothing left for the error: all terms are too many */
  assert_int_equal(forecast_of("tslm(terms=all)", 12, y, 13, mean, sd), WSF__SHORT_TREND);
  assert_int_equal(forecast_of("tslm(terms=all)", 12, y, 12, mean, sd), WSF__SHORT_SEASON);
}

static void fourier_does_not_swing_where_nothing_was_seen(void **state) {
  (void)state;
  /* two years of a season whose second half was never observed */
  double y[24], mean[H], sd[H];
  for (int t = 0; t < 24; ++t) y[t] = t % 12 < 6 ? 100 + 10 * (t % 3) + t % 2 : NAN;
  assert_int_equal(forecast_of("tslm(fourier=5)", 12, y, 24, mean, sd), WSF__SHORT_SEASON);
  for (int i = 0; i < H; ++i) near(mean[i], 110, 15);
}

static void regression_ignores_columns_that_say_nothing_new(void **state) {
  (void)state;
  enum { N = 48 };
  double y[N], value[3 * (N + H)], mean[H], sd[H], other[H], other_sd[H];
  for (int t = 0; t < N; ++t) y[t] = 3.0 * t + 10.0 * (t % 12) + (t * 7 % 5);
  for (int t = 0; t < N + H; ++t) {
    value[t] = 8;                           /* the level again */
    value[N + H + t] = 2.0 * t + 1;         /* the trend again */
    value[2 * (N + H) + t] = (t % 12) == 4; /* a season again */
  }
  (void)forecast_of("tslm", 12, y, N, other, other_sd);
  const int32_t group = 0;
  wsf__column column[3];
  const char *const names[] = {"a", "b", "c"};
  for (int i = 0; i < 3; ++i) {
    column[i] = (wsf__column){.name = names[i],
                              .kind = WSF__KNOWN,
                              .n_groups = 1,
                              .periods = N + H,
                              .group = &group,
                              .value = value + i * (N + H)};
  }
  harness h;
  assert_int_equal(harness_begin(&h, "tslm(x=[a,b,c])", 12, 1, (int64_t[]){N}, y), WSF_OK);
  h.panel.column = column;
  h.panel.n_columns = 3;
  assert_int_equal(harness_fit(&h), WSF_OK);
  harness_forecast(&h, 0, H, &one_sd, 1, mean, sd);
  for (int i = 0; i < H; ++i) {
    near(mean[i], other[i], 1e-8);
    near(sd[i] - mean[i], other_sd[i], 1e-8);
  }
  harness_close(&h);

  /* known in the past only; and never known */
  column[0].kind = WSF__PAST;
  assert_int_equal(harness_begin(&h, "tslm(x=[a])", 12, 1, (int64_t[]){N}, y), WSF_OK);
  h.panel.column = column;
  h.panel.n_columns = 3;
  assert_int_equal(harness_fit(&h), WSF_E_VALUE);
  assert_non_null(strstr(h.err.message, "'a' is not known ahead"));
  harness_close(&h);
  for (int t = 0; t < N + H; ++t) value[N + H + t] = NAN;
  assert_int_equal(harness_begin(&h, "tslm(x=[b])", 12, 1, (int64_t[]){N}, y), WSF_OK);
  h.panel.column = column;
  h.panel.n_columns = 3;
  assert_int_equal(harness_fit(&h), WSF_OK);
  assert_int_equal(harness_reason(&h, 0), WSF__MISSING_REGRESSOR);
  harness_close(&h);
}

static void reasons_have_words(void **state) {
  (void)state;
  assert_string_equal(wsf__reason_word(WSF__SHORT_SEASON), "short_season");
  assert_string_equal(wsf__reason_text(WSF__EMPTY), "no observation");
  assert_string_equal(wsf__reason_word(77), "unknown");
  assert_string_equal(wsf__reason_text(-1), "unknown");
}

static void every_class_is_whole(void **state) {
  (void)state;
  for (int i = 0; i < wsf__n_model_classes; ++i) {
    const wsf__model_class *class = wsf__model_classes[i];
    assert_true((class->fit != NULL) != (class->fit_series != NULL));
    assert_true(!class->predict != !class->predict_series);
    assert_non_null(class->check);
    assert_string_equal(class->spec.family, "model");
    assert_non_null(class->spec.summary);
    assert_non_null(class->spec.source);
    assert_non_null(class->spec.since);
    for (int j = 0; j < i; ++j) {
      assert_string_not_equal(class->spec.name, wsf__model_classes[j]->spec.name);
    }
    /* the example parses, and is about this model */
    harness h;
    const double y[] = {1, 2};
    if (harness_begin(&h, class->spec.example, 12, 1, (int64_t[]){2}, y) != WSF_OK) {
      fail_msg("%s: %s", class->spec.example, h.err.message);
    }
    assert_non_null(strstr(class->spec.example, class->spec.name));
    harness_close(&h);
  }
}

int test_simple_models(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_gap_widens_what_follows),
      cmocka_unit_test(windows_average_the_last_observations),
      cmocka_unit_test(long_windows_average_as_short_ones),
      cmocka_unit_test(seasonal_windows_average_the_same_season),
      cmocka_unit_test(a_season_never_seen_lies_between_its_neighbours),
      cmocka_unit_test(histories_shorter_than_a_season_get_the_random_walk),
      cmocka_unit_test(regression_drops_what_a_short_history_cannot_carry),
      cmocka_unit_test(a_trend_that_does_not_show_is_left_out_and_said),
      cmocka_unit_test(one_difference_is_drift_or_noise),
      cmocka_unit_test(drift_does_not_begin_astray),
      cmocka_unit_test(fourier_does_not_swing_where_nothing_was_seen),
      cmocka_unit_test(regression_ignores_columns_that_say_nothing_new),
      cmocka_unit_test(reasons_have_words),
      cmocka_unit_test(every_class_is_whole),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
