/* The naive family and tslm against R's package forecast 8.20 on AirPassengers; the numbers come
 * from simple_golden.R. Compared within 1e-9 of their size (R's printed digits); bounds with
 * Student quantiles within 1e-7, the error of the expansion at 131 degrees of freedom. */
#include "golden/classic.h"
#include "unit/models/harness.h"

enum { N = 144, MOST = 26 };
static double passengers[N];

static void read_passengers(void) {
  assert_int_equal(classic_series("AirPassengers", passengers, N), N);
}

static void near(double x, double expected, double relative) {
  if (!(fabs(x - expected) <= relative * fabs(expected))) fail_msg("%.12g, R %.12g", x, expected);
}

/* Expected values of steps 1..n; a 0 is not compared. */
typedef struct golden {
  const char *model;
  int n;
  double mean[MOST], lo80[MOST], hi95[MOST];
  double tolerance;
} golden;

static const golden table[] = {
    {"naive",
     6,
     {432, 432, 432, 432, 432, 432},
     {388.798373836, 370.903674362, 357.172588514, 345.596747672, 335.398227159, 326.178059840},
     {498.071185609, 525.438766771, 546.438650392, 564.142371219, 579.739662376, 593.840691444},
     1e-9},
    {"snaive",
     26,
     {417, 391, 419, 461, 472, 535, 622, 606, 508, 461, 390, 432, 417,
      391, 419, 461, 472, 535, 622, 606, 508, 461, 390, 432, 417, 391},
     {370.459500169, 344.459500169, 372.459500169, 414.459500169, 425.459500169, 488.459500169,
      575.459500169, 559.459500169, 461.459500169, 414.459500169, 343.459500169, 385.459500169,
      351.181793939, 325.181793939, 353.181793939, 395.181793939, 406.181793939, 469.181793939,
      556.181793939, 540.181793939, 442.181793939, 395.181793939, 324.181793939, 366.181793939,
      336.389489683, 310.389489683},
     {488.177552229, 462.177552229, 490.177552229, 532.177552229, 543.177552229, 606.177552229,
      693.177552229, 677.177552229, 579.177552229, 532.177552229, 461.177552229, 503.177552229,
      517.660259699, 491.660259699, 519.660259699, 561.660259699, 572.660259699, 635.660259699,
      722.660259699, 706.660259699, 608.660259699, 561.660259699, 490.660259699, 532.660259699,
      540.283136820, 514.283136820},
     1e-9},
    {"drift",
     6,
     {434.237762238, 436.475524476, 438.713286713, 440.951048951, 443.188811189, 445.426573427},
     {390.828922170, 374.873365374, 363.006643480, 353.233679706, 344.784801522, 337.266818509},
     {500.625854166, 530.687896770, 554.496606025, 575.103188561, 593.684756937, 610.842644004},
     1e-9},
    {"average",
     3,
     {280.298611111, 280.298611111, 280.298611111},
     {125.306628855, 125.306628855, 125.306628855},
     {518.257059836, 518.257059836, 518.257059836},
     1e-7},
    {"tslm",
     14,
     {449.255681818, 442.505681818, 477.672348485, 474.589015152, 479.339015152, 519.172348485,
      558.839015152, 558.589015152, 509.922348485, 474.089015152, 440.339015152, 469.339015152,
      481.179632867, 474.429632867},
     {413.557351108, 406.807351108, 441.974017774, 438.890684441, 443.640684441, 483.474017774,
      523.140684441, 522.890684441, 474.224017774, 438.390684441, 404.640684441, 433.640684441,
      445.350109529, 438.600109529},
     {504.082710807, 497.332710807, 532.499377474, 529.416044140, 534.166044140, 573.999377474,
      613.666044140, 613.416044140, 564.749377474, 528.916044140, 495.166044140, 524.166044140,
      536.208153126, 529.458153126},
     1e-7},
    {"tslm(log=true)",
     3,
     {486.266610749, 480.473000642, 552.839079457},
     {448.699683918, 443.353663923, 510.129041819},
     {550.179073635, 543.623980253, 625.501496260},
     1e-7},
    {"tslm(fourier=3)",
     3,
     {443.365329805, 454.456764157, 468.536866961},
     {407.614968379, 418.667476917, 432.758189823},
     {498.263687503, 509.414896447, 523.478706347},
     1e-7},
};

static void compare(harness *h, const golden *g) {
  const double q[] = {0.1, 0.975};
  double mean[MOST], quantile[2 * MOST];
  harness_forecast(h, 0, g->n, q, 2, mean, quantile);
  for (int i = 0; i < g->n; ++i) {
    near(mean[i], g->mean[i], 1e-9);
    near(quantile[i], g->lo80[i], g->tolerance);
    near(quantile[g->n + i], g->hi95[i], g->tolerance);
  }
}

static void forecasts_equal_those_of_r(void **state) {
  (void)state;
  read_passengers();
  for (size_t k = 0; k < sizeof table / sizeof *table; ++k) {
    harness h;
    harness_open(&h, table[k].model, 12, 1, (int64_t[]){N}, passengers);
    compare(&h, &table[k]);
    harness_close(&h);
  }
}

static void regression_on_a_covariate_equals_that_of_r(void **state) {
  (void)state;
  static const golden g = {
      "tslm(x=[x])",
      6,
      {447.023094754, 442.952199231, 478.342124604, 475.035532564, 480.008791271, 516.939761420},
      {410.719013413, 407.126981628, 442.491808285, 439.210314961, 444.158474952, 480.635680080},
      {502.782285770, 497.975906699, 533.404381018, 530.059240033, 535.071047685, 572.698952437},
      1e-7};
  read_passengers();
  double x[N + 6];
  for (int t = 0; t < N + 6; ++t) x[t] = (t + 1) % 5 == 0;
  const int32_t group = 0;
  const wsf__column column = {.name = "x",
                              .kind = WSF__KNOWN,
                              .n_groups = 1,
                              .periods = N + 6,
                              .group = &group,
                              .value = x};
  harness h;
  assert_int_equal(harness_begin(&h, g.model, 12, 1, (int64_t[]){N}, passengers), WSF_OK);
  h.panel.column = &column;
  h.panel.n_columns = 1;
  h.panel.ahead = 6;
  assert_int_equal(harness_fit(&h), WSF_OK);
  assert_true(harness_check(&h));
  compare(&h, &g);
  double mean[7];
  harness_forecast(&h, 0, 7, NULL, 0, mean, NULL);
  assert_true(isfinite(mean[5]) && isnan(mean[6])); /* nothing is said without the column */
  harness_close(&h);
}

static void regression_leaves_out_missing_values_as_r_does(void **state) {
  (void)state;
  static const golden g = {"tslm",
                           3,
                           {449.784490628, 443.034490628, 474.759110230},
                           {413.608053177, 406.858053177, 438.523183443},
                           {505.357163485, 498.607163485, 530.423168022},
                           1e-7};
  read_passengers();
  const int gaps[] = {3, 17, 18, 40, 100, 144};
  for (size_t i = 0; i < sizeof gaps / sizeof *gaps; ++i) passengers[gaps[i] - 1] = NAN;
  harness h;
  harness_open(&h, g.model, 12, 1, (int64_t[]){N}, passengers);
  compare(&h, &g);
  harness_close(&h);
}

static void accuracy_of_snaive_equals_that_of_r(void **state) {
  (void)state;
  read_passengers();
  harness h;
  harness_open(&h, "snaive", 12, 1, (int64_t[]){N - 24}, passengers);
  double mean[24], upper[24], error = 0, size = 0, square = 0;
  const double q = 0.8413447460685429; /* one standard deviation */
  harness_forecast(&h, 0, 24, &q, 1, mean, upper);
  for (int i = 0; i < 24; ++i) {
    const double e = passengers[N - 24 + i] - mean[i];
    error += e / 24;
    size += fabs(e) / 24;
    square += e * e / 24;
  }
  near(error, 71.25, 1e-12);
  near(size, 71.25, 1e-12);
  near(sqrt(square), 76.994589, 1e-8);
  near(upper[0] - mean[0], 32.506125, 1e-8); /* RMSE of the training set */
  harness_close(&h);
}

int test_simple_golden(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(forecasts_equal_those_of_r),
      cmocka_unit_test(regression_on_a_covariate_equals_that_of_r),
      cmocka_unit_test(regression_leaves_out_missing_values_as_r_does),
      cmocka_unit_test(accuracy_of_snaive_equals_that_of_r),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
