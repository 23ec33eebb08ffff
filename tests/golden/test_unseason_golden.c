/* deseason, stl and mstl against R's decompose(), stl(), rwf() and stlf() on AirPassengers and
 * taylor; the numbers come from unseason_golden.R. Compared within 1e-9 of their size (R's printed
 * digits), with the intervals that R has (intervals=model); around ets, where a search ends, within
 * 1e-5. */
#include "golden/classic.h"
#include "unit/models/harness.h"

enum { N = 144, STEPS = 14, HALF_HOURS = 3360, TWO_WEEKS = 672 };

static const struct golden {
  const char *model;
  double mean[STEPS], lo80[STEPS], hi95[STEPS];
} table[] = {
    {"deseason(drift, intervals=model)",
     {438.136045772, 428.961485484, 465.173288832, 461.642667938, 467.437804620, 509.611729180,
      540.304593134, 541.561851028, 497.523654376, 462.625609239, 431.939685315, 459.178003814,
      465.314049587, 456.139489299},
     {415.955788003, 397.485137214, 426.490088380, 416.822445661, 417.157117633, 454.346229329,
      480.411051791, 477.319886965, 429.159508586, 390.326814342, 355.864670436, 379.462679912,
      382.076493928, 369.483379819},
     {472.057822753, 477.100406019, 524.334138642, 530.189282686, 544.335479486, 594.133017443,
      631.903860066, 639.811456618, 602.077592887, 573.197074278, 548.286380441, 581.092071156,
      592.614905547, 588.668572159}},
    {"deseason(drift, type=mul, intervals=model)",
     {439.758128068, 429.114045045, 491.725235686, 478.808871102, 483.947614570, 551.526478662,
      610.986354659, 610.726958401, 533.568461373, 466.071384795, 407.105922037, 458.970919495,
      467.071305407, 455.628887826},
     {427.331997774, 411.995356607, 467.740893894, 451.887325284, 453.576863892, 513.675267669,
      565.771076645, 562.491663262, 488.945976154, 425.054222640, 369.592291272, 414.871318777,
      420.438812552, 408.500201655},
     {458.762254392, 455.294819742, 528.406121083, 519.981822414, 530.395669499, 609.414910398,
      680.137155018, 684.496476381, 601.812663386, 528.801721002, 464.478069367, 526.415438672,
      538.389548825, 527.705993434}},
    {"deseason(drift, method=stl, type=mul, intervals=model)",
     {438.168790406, 430.683037343, 492.944286436, 480.874419897, 482.840554459, 549.799078733,
      614.734232994, 613.632877304, 534.985143771, 468.469438324, 407.939506729, 458.937315888,
      465.349522940, 457.262012611},
     {425.832155077, 413.563518430, 468.986763177, 453.933590002, 452.647636266, 512.201120862,
      569.403727169, 565.340503934, 490.403098614, 427.387431304, 370.482144088, 414.996803651,
      419.052884709, 410.131040098},
     {457.036045993, 456.865082142, 529.584156425, 522.076863660, 529.016638073, 607.300193241,
      684.061259081, 687.489688906, 603.167498047, 531.298946194, 465.225599388, 526.138530231,
      536.154121036, 529.342614878}},
    {"stl(drift, intervals=model)",
     {440.524215324, 433.082417024, 467.557291976, 464.567133964, 469.410317498, 509.765658603,
      549.954324172, 550.041293525, 501.711604997, 465.491265588, 431.354264770, 459.377017944,
      467.901233268, 460.459434968},
     {418.749948337, 402.182216578, 429.582154657, 420.567307793, 420.049975787, 455.511746794,
      491.157083240, 486.975224059, 434.598806839, 394.515838733, 356.671738434, 381.120815349,
      386.187270378, 375.389491981},
     {473.825082984, 480.340195499, 525.635252671, 531.859061141, 544.900445730, 592.739856462,
      639.876944312, 646.492523521, 604.351772453, 574.038813859, 545.571332446, 579.059551816,
      592.871955167, 590.562685514}},
    {"stl(drift, window=11, intervals=model)",
     {445.937173797, 429.853499589, 473.222907541, 473.026920726, 482.601724044, 537.143894841,
      592.068846507, 590.320830889, 519.038436052, 472.568459270, 427.310863869, 461.137279795,
      475.074453593, 458.990779385},
     {432.364966575, 410.592969536, 449.552469711, 445.601209498, 451.834727997, 503.326667644,
      555.419698292, 551.010861738, 477.206083924, 428.328476284, 380.760193577, 412.359086768,
      424.140989884, 405.965486025},
     {466.694073529, 459.309938364, 509.423718256, 514.970926494, 529.655783970, 588.862880751,
      648.118881868, 650.440240705, 583.015497735, 540.227674599, 498.503970478, 535.737088444,
      552.970464304, 540.085967474}},
};

static void near(const char *model, double x, double expected) {
  const double digits = strstr(model, "ets") ? 1e-5 : 1e-9;
  if (!(fabs(x - expected) <= digits * fabs(expected))) {
    fail_msg("%s: %.12g, R %.12g", model, x, expected);
  }
}

static void seasons_come_off_and_on_as_in_r(void **state) {
  (void)state;
  double y[N], mean[STEPS], quantile[2 * STEPS];
  assert_int_equal(classic_series("AirPassengers", y, N), N);
  for (size_t k = 0; k < sizeof table / sizeof *table; ++k) {
    harness h;
    harness_open(&h, table[k].model, 12, 1, (int64_t[]){N}, y);
    harness_forecast(&h, 0, STEPS, (double[]){0.1, 0.975}, 2, mean, quantile);
    for (int i = 0; i < STEPS; ++i) {
      near(table[k].model, mean[i], table[k].mean[i]);
      near(table[k].model, quantile[i], table[k].lo80[i]);
      near(table[k].model, quantile[STEPS + i], table[k].hi95[i]);
    }
    harness_close(&h);
  }
}

/* mean, lower 80 % and upper 95 % at some steps */
typedef struct point {
  int step;
  double mean, lo80, hi95;
} point;
static const struct several {
  const char *series;
  int n, h;
  const char *model;
  point at[5]; /* step 0: no more */
} several[] = {
    {"taylor",
     HALF_HOURS,
     TWO_WEEKS,
     "mstl(naive, seasons=[48,336], intervals=model)",
     {{1, 22535.5030377, 22408.2383062, 22730.1376484},
      {2, 21937.5536068, 21757.5740976, 22212.8085131},
      {49, 24733.673079, 23842.8199589, 26096.1153543},
      {337, 22535.5030377, 20199.233126, 26108.5195342},
      {672, 23841, 20541.9211019, 28886.5057731}}},
    {"taylor",
     HALF_HOURS,
     TWO_WEEKS,
     "mstl(ets(intervals=model), seasons=[336,48], intervals=model)",
     {{1, 22535.4953701, 22408.1740462, 22730.2165315},
      {2, 21937.5459393, 21757.4949944, 22212.9100969},
      {49, 24733.6654114, 23842.384232, 26096.7623469},
      {337, 22535.4953701, 20196.2141471, 26113.11727},
      {672, 23840.9923324, 20534.5479579, 28897.7626296}}},
    {"AirPassengers",
     N,
     24,
     "mstl(naive, intervals=model)",
     {{1, 443.509067148, 429.676881538, 464.663569511},
      {12, 432, 384.083903489, 505.281345805},
      {24, 432, 364.236406458, 535.635473107}}},
    {"AirPassengers",
     N,
     48,
     "mstl(naive, seasons=[12,36], intervals=model)",
     {{1, 436.897685959, 423.810690443, 456.912518421},
      {12, 423.654406443, 378.31972414, 492.987819903},
      {24, 430.272569958, 366.159647399, 528.324823599},
      {37, 436.897685959, 357.292600002, 558.643158912},
      {48, 423.654406443, 332.985041837, 562.321233363}}},
};

static void several_seasons_come_off_and_on_as_in_r(void **state) {
  (void)state;
  static double y[HALF_HOURS], mean[TWO_WEEKS], quantile[2 * TWO_WEEKS];
  for (size_t k = 0; k < sizeof several / sizeof *several; ++k) {
    const struct several *s = &several[k];
    assert_int_equal(classic_series(s->series, y, s->n), s->n);
    harness h;
    harness_open(&h, s->model, 12, 1, (int64_t[]){s->n}, y);
    assert_true(harness_check(&h));
    harness_forecast(&h, 0, s->h, (double[]){0.1, 0.975}, 2, mean, quantile);
    for (int i = 0; i < 5 && s->at[i].step; ++i) {
      const int step = s->at[i].step - 1;
      near(s->model, mean[step], s->at[i].mean);
      near(s->model, quantile[step], s->at[i].lo80);
      near(s->model, quantile[s->h + step], s->at[i].hi95);
    }
    harness_close(&h);
  }
}

int test_unseason_golden(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(seasons_come_off_and_on_as_in_r),
                                     cmocka_unit_test(several_seasons_come_off_and_on_as_in_r)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
