/* Metrics against values computed by hand and against R's accuracy() on AirPassengers. */
#include "golden/classic.h"

#include "base/text.h"
#include "evaluate/metrics.h"
#include "math/stats.h"

#include <float.h>
#include <math.h>

static double value_of(const wsf__scored *s, int lo, int hi, const char *metric) {
  wsf__tally own, group = {0};
  wsf__tally_series(&own, s, lo, hi);
  wsf__tally_add(&group, &own);
  return wsf__tally_value(&group, wsf__metric_find(metric));
}

static void assert_near(double a, double b) {
  if (!(fabs(a - b) <= 1e-12 * fmax(1, fabs(b)))) fail_msg("%.17g is not %.17g", a, b);
}

static void by_hand(void **state) {
  (void)state;
  const double actual[] = {10, 0, NAN, -4}, forecast[] = {8, 1, 5, -1}, weight[] = {5, 1, 5, 1};
  const double q[] = {0.1, 0.9};
  const double quantile[] = {4, -1, 0, -3, 12, 3, 9, 2};
  const wsf__scored s = {.h = 4,
                         .actual = actual,
                         .forecast = forecast,
                         .weight = weight,
                         .n_q = 2,
                         .q = q,
                         .quantile = quantile,
                         .scale_season = 2,
                         .scale_sql = 4,
                         .scale_rmsse = 7};
  /* errors -2, 1, 3 */
  assert_near(value_of(&s, 0, 1, "wmae"), (5 * 2 + 1 + 3) / 7.0);
  assert_near(value_of(&s, 0, 1, "mae"), 2);
  assert_near(value_of(&s, 0, 1, "rmse"), sqrt(14 / 3.0));
  assert_near(value_of(&s, 0, 1, "mape"), (20 + 75) / 2.0);
  assert_near(value_of(&s, 0, 1, "smape"), (200 * 2 / 18.0 + 200 + 200 * 3 / 5.0) / 3);
  assert_near(value_of(&s, 0, 1, "mase"), 1);
  assert_near(value_of(&s, 0, 1, "rmsse"), sqrt(14 / 3.0 / 7));
  assert_near(value_of(&s, 0, 1, "wape"), 6 / 14.0);
  assert_near(value_of(&s, 0, 1, "bias"), 2 / 14.0);
  /* 2 x pinball: y=10: 1.2 and .4; y=0: .2 and .6; y=-4: 1.8 and 1.2 */
  const double loss = (0.8 + 0.4 + 1.5) / 3;
  assert_near(value_of(&s, 0, 1, "pinball"), loss);
  assert_near(value_of(&s, 0, 1, "sql"), loss / 4);
  assert_near(value_of(&s, 0, 1, "coverage"), 2 / 3.0);
  assert_near(value_of(&s, 0, 1, "winkler"), (8 + 4 + 5 + 2 / 0.2) / 3);
  assert_true(isnan(value_of(&s, -1, -1, "coverage")));
}

/* Squares that no double holds are no infinity; a value that none holds is the largest, and not
 * missing as one that is not there. */
static void nothing_overflows(void **state) {
  (void)state;
  const double actual[] = {3e200, 0, 1, 1e300}, forecast[] = {0, 4e200, 1, 1e300};
  wsf__scored s = {.h = 4,
                   .actual = actual,
                   .forecast = forecast,
                   .scale_season = 1,
                   .scale_sql = NAN,
                   .scale_rmsse = INFINITY};
  assert_near(value_of(&s, -1, -1, "rmse") / 1e200, 2.5);
  assert_near(value_of(&s, -1, -1, "mae") / 1e200, 7 / 4.0);
  assert_true(value_of(&s, -1, -1, "rmsse") == DBL_MAX);
  assert_true(isnan(value_of(&s, -1, -1, "sql")));
  const double huge[] = {1.7e308, 1.7e308, -1.7e308, -1.7e308}, opposite[] = {-1e308, 0, 1e308, 0};
  s.actual = huge, s.forecast = opposite;
  for (int m = 0; m < WSF__N_METRICS; ++m) {
    assert_false(isinf(value_of(&s, -1, -1, wsf__metric_name(m))));
  }
  static const char *const beyond[] = {"mae", "wmae", "rmse", "wape", "bias"};
  for (size_t m = 0; m < sizeof beyond / sizeof *beyond; ++m) {
    assert_true(value_of(&s, -1, -1, beyond[m]) == DBL_MAX);
  }
}

static void only_chosen_quantiles_count(void **state) {
  (void)state;
  const double actual[] = {10}, forecast[] = {8}, q[] = {0.1, 0.5}, quantile[] = {4, 8};
  const bool loss[] = {false, true};
  const wsf__scored s = {.h = 1,
                         .actual = actual,
                         .forecast = forecast,
                         .n_q = 2,
                         .q = q,
                         .loss = loss,
                         .quantile = quantile};
  assert_near(value_of(&s, -1, -1, "pinball"), 2);
}

static void nothing_to_measure(void **state) {
  (void)state;
  const double actual[] = {NAN, NAN}, forecast[] = {8, 1};
  const wsf__scored s = {.h = 2, .actual = actual, .forecast = forecast, .scale_season = NAN};
  for (int m = 0; m < WSF__N_METRICS; ++m) {
    assert_true(isnan(value_of(&s, -1, -1, wsf__metric_name(m))));
  }
  const double zero[] = {0, 0};
  const wsf__scored z = {.h = 2, .actual = zero, .forecast = zero, .scale_season = 0};
  assert_near(value_of(&z, -1, -1, "smape"), 0);
  assert_true(isnan(value_of(&z, -1, -1, "mase")));
  assert_true(isnan(value_of(&z, -1, -1, "wape")));
  assert_int_equal(wsf__metric_find("mse"), -1);
}

/* Pooled metrics add their sums, averaged ones their values. */
static void pooling(void **state) {
  (void)state;
  const double a[] = {10, 10}, fa[] = {9, 9}, b[] = {100}, fb[] = {90};
  const double q[] = {0.5};
  const wsf__scored x = {.h = 2,
                         .actual = a,
                         .forecast = fa,
                         .n_q = 1,
                         .q = q,
                         .quantile = fa,
                         .scale_season = 1,
                         .scale_sql = 1};
  const wsf__scored y = {.h = 1,
                         .actual = b,
                         .forecast = fb,
                         .n_q = 1,
                         .q = q,
                         .quantile = fb,
                         .scale_season = 5,
                         .scale_sql = 2};
  wsf__tally own, group = {0};
  wsf__tally_series(&own, &x, -1, -1);
  wsf__tally_add(&group, &own);
  wsf__tally_series(&own, &y, -1, -1);
  wsf__tally_add(&group, &own);
  assert_near(wsf__tally_value(&group, WSF__METRIC_mae), 12 / 3.0);
  assert_near(wsf__tally_value(&group, WSF__METRIC_wape), 12 / 120.0);
  assert_near(wsf__tally_value(&group, WSF__METRIC_mase), (1 + 2) / 2.0);
  assert_near(wsf__tally_value(&group, WSF__METRIC_sql), (1 + 1 + 10 / 2.0) / 3);
}

/* Against the closed forms of Student's distribution for 4 degrees of freedom and for 1. */
static void paired_test(void **state) {
  (void)state;
  const double a[] = {1, 2, NAN, 3, 4, 5}, b[] = {2, 2, 1, 5, 4, 9};
  double difference, p;
  wsf__paired_test(a, b, 6, &difference, &p);
  assert_near(difference, -1.4);
  const double t = 1.4 / sqrt(11.2 / 4 / 5), r = 1 + t * t / 4;
  assert_near(p, 1 - 2 * (3.0 / 8 * t / sqrt(r) * (1 - t * t / r / 12)));
  /* one degree of freedom: Cauchy, p = 1 - 2 / pi atan |t|, t = 3 */
  const double c[] = {1, 2}, d[] = {0, 0};
  wsf__paired_test(c, d, 2, &difference, &p);
  assert_near(p, 1 - 2 / 3.14159265358979323846 * atan(3));
  wsf__paired_test(c, c, 2, &difference, &p);
  assert_near(p, 1);
  wsf__paired_test(c, d, 1, &difference, &p);
  assert_true(isnan(p));
}

/* R forecast 8.20: accuracy(snaive(window(AirPassengers, end = c(1958, 12)), h = 24), ...): the
 * test row. */
static void like_r_on_air_passengers(void **state) {
  (void)state;
  double y[200];
  const int64_t n = classic_series("AirPassengers", y, 200);
  assert_int_equal(n, 144);
  const int train = 120;
  double forecast[24];
  for (int i = 0; i < 24; ++i) forecast[i] = y[train - 12 + i % 12];
  const wsf__scored s = {.h = 24,
                         .actual = y + train,
                         .forecast = forecast,
                         .scale_season = wsf__mean_abs_diff(y, train, 12)};
  assert_near(value_of(&s, -1, -1, "mae"), 71.25);
  assert_true(fabs(value_of(&s, -1, -1, "rmse") - 76.994589) < 5e-7);
  assert_true(fabs(value_of(&s, -1, -1, "mape") - 15.523355) < 5e-7);
  assert_true(fabs(value_of(&s, -1, -1, "mase") - 2.4935191) < 5e-8);
}

int test_metrics(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(by_hand),
      cmocka_unit_test(nothing_overflows),
      cmocka_unit_test(only_chosen_quantiles_count),
      cmocka_unit_test(nothing_to_measure),
      cmocka_unit_test(pooling),
      cmocka_unit_test(paired_test),
      cmocka_unit_test(like_r_on_air_passengers),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
