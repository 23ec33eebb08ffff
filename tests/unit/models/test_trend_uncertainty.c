/* The uncertainty of the trend, and what exponential smoothing and its kin make of it. */
#include "harness.h"

#include "models/trend_uncertainty.h"

static void near(double a, double b, double tolerance) {
  if (!(fabs(a - b) <= tolerance)) fail_msg("%.12g is not %.12g", a, b);
}

static void slopes_are_those_of_the_thirds(void **state) {
  (void)state;
  wsf__arena scratch;
  wsf__arena_init(&scratch, &wsf__alloc_libc);
  double y[38], slope[WSF__SLOPES];
  /* two odd observations first: whole seasons count from the end */
  for (int t = 0; t < 38; ++t) {
    const int i = t - 2;
    y[t] = 7 + (i < 12 ? 2.0 * i : i < 24 ? 24 : 24 - 3.0 * (i - 24));
  }
  assert_true(wsf__slopes(slope, y, 38, 1, &scratch));
  assert_true(wsf__slopes(slope, y + 2, 36, 1, &scratch));
  near(slope[0], 2, 1e-12);
  near(slope[1], 0, 1e-12);
  near(slope[2], -3, 1e-12);
  y[6] = y[7] = y[20] = NAN; /* gaps leave a line a line */
  assert_true(wsf__slopes(slope, y + 2, 36, 1, &scratch));
  near(slope[0], 2, 1e-12);
  near(slope[2], -3, 1e-12);
  for (int t = 0; t < 38; ++t) y[t] = 0.5 * t + 100 * (t % 4 == 3);
  assert_true(wsf__slopes(slope, y, 38, 4, &scratch));
  for (int i = 0; i < WSF__SLOPES; ++i) near(slope[i], 0.5, 0.02);
  assert_true(wsf__slopes(slope, y, 6, 4, &scratch)); /* no two seasons: as it is */
  double one = 4;
  assert_true(wsf__slopes(slope, &one, 1, 12, &scratch));
  for (int i = 0; i < WSF__SLOPES; ++i) near(slope[i], 0, 0);
  wsf__arena_free(&scratch);
}

/* A first value typed a hundred times too large does not make the intervals. */
static void one_mistyped_value_moves_no_slope(void **state) {
  (void)state;
  wsf__arena scratch;
  wsf__arena_init(&scratch, &wsf__alloc_libc);
  double y[36], clean[WSF__SLOPES], typed[WSF__SLOPES];
  for (int t = 0; t < 36; ++t) y[t] = 48 + 0.1 * t + t * 7 % 5;
  for (int64_t m = 1; m <= 12; m += 11) {
    y[0] = 48;
    assert_true(wsf__slopes(clean, y, 36, m, &scratch));
    y[0] = 4800;
    assert_true(wsf__slopes(typed, y, 36, m, &scratch));
    for (int i = 0; i < WSF__SLOPES; ++i) near(typed[i], clean[i], 0.5);
  }
  wsf__arena_free(&scratch);
}

static void uncertainty_is_the_distance_of_the_lines(void **state) {
  (void)state;
  near(wsf__trend_uncertainty((double[]){2, 2, 2}, 3, 6), sqrt(36.0 / 4), 1e-12);
  near(wsf__trend_uncertainty((double[]){1, 0, -1}, 2, 0), sqrt(8.0 / 4), 1e-12);
  near(wsf__trend_uncertainty((double[]){0, 0, 0}, 9, 0), 0, 0);
  near(wsf__trend_uncertainty((double[]){1e200, 0, 0}, 2, 0) / 1e200, 1, 1e-12);
}

static void tails_are_heavy(void **state) {
  (void)state;
  /* t with 8 degrees: 1.8595 and 2.3060, of variance 8/6 */
  near(wsf__student_unit_quantile(0.95, 1e9), 1.8595 * sqrt(0.75), 1e-3);
  near(wsf__student_unit_quantile(0.975, 1e9), 2.3060 * sqrt(0.75), 1e-3);
  near(wsf__student_unit_quantile(0.5, 3), 0, 0);
  assert_true(wsf__student_unit_quantile(0.975, 5) > wsf__student_unit_quantile(0.975, 20));
}

static double width(const char *text, double level, const double *y, int64_t n, int step) {
  harness h;
  double mean[40], quantile[80];
  harness_open(&h, text, 1, 1, &n, y);
  harness_forecast(&h, 0, 40, (double[]){1 - level, level}, 2, mean, quantile);
  harness_close(&h);
  return quantile[40 + step] - quantile[step];
}

static void short_histories_with_a_bend_are_doubted(void **state) {
  (void)state;
  static const char *const model[] = {"ets(",   "ets(AAN, ",           "ets(MMN, restrict=false, ",
                                      "theta(", "theta(method=dotm, ", "ces("};
  double y[20];
  for (int t = 0; t < 20; ++t) y[t] = 100 + (t < 10 ? 8.0 * t : 80) + (t * 7 % 5);
  for (size_t i = 0; i < sizeof model / sizeof *model; ++i) {
    char text[2][96];
    (void)snprintf(text[0], sizeof text[0], "%sintervals=adjusted)", model[i]);
    (void)snprintf(text[1], sizeof text[1], "%sintervals=model)", model[i]);
    /* wider the further ahead, but never beyond what the history's steepest third would reach */
    const double near_by = width(text[0], 0.975, y, 20, 0), far = width(text[0], 0.975, y, 20, 5);
    assert_true(near_by > 0 && far > near_by);
    assert_true(far > 1.2 * width(text[1], 0.975, y, 20, 5));
    assert_true(width(text[0], 0.975, y, 20, 39) < 40 * 8 * 6.0 + 10 * far);
  }
}

/* A slope that moves far is what the formula says it is, and not that and the lines too. */
static void a_moving_slope_is_counted_once(void **state) {
  (void)state;
  double y[40], ratio[2];
  for (int t = 0; t < 40; ++t) y[t] = 100 + t + 6 * (t * 7 % 5);
  for (int i = 0; i < 2; ++i) {
    const int step = i ? 39 : 9;
    ratio[i] =
        width("ets(AAN, damped=false, alpha=0.9, beta=0.5)", 0.975, y, 40, step) /
        width("ets(AAN, damped=false, alpha=0.9, beta=0.5, intervals=model)", 0.975, y, 40, step);
  }
  near(ratio[0], ratio[1], 1e-9);
  near(ratio[0], wsf__student_unit_quantile(0.975, 36) / 1.959964, 1e-2);
}

int test_trend_uncertainty(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(slopes_are_those_of_the_thirds),
      cmocka_unit_test(one_mistyped_value_moves_no_slope),
      cmocka_unit_test(uncertainty_is_the_distance_of_the_lines),
      cmocka_unit_test(tails_are_heavy),
      cmocka_unit_test(short_histories_with_a_bend_are_doubted),
      cmocka_unit_test(a_moving_slope_is_counted_once),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
