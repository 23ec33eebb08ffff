/* Regressions on short histories. The figures are those of R's package forecast 8.20, printed to
 * two decimals: a season that repeats, 5 more every period and normal noise of variance 1, on 0.4
 * to 1.5 seasons; tslm(y ~ trend + season) and tslm(y ~ trend + fourier(y, 1)), one step. */
#include "harness.h"

static const double y16[] = {109.35, 117.75, 123.33, 125.63, 129.91, 130.45, 130.46, 133.65,
                             137.36, 143.37, 151.03, 160.55, 168.26, 176.77, 182.52, 187.53};
static const double y20[] = {105.15, 112.65, 117.34, 124.6,  128.47, 136.22, 140.97,
                             145.34, 151.77, 157.53, 163.04, 166.96, 171.89, 178.14,
                             182.3,  187.72, 192.84, 194.94, 201.24, 206.53};
static const double y60[] = {
    106.11, 111.72, 118.69, 123.75, 129.56, 134.59, 141.46, 145.55, 152.75, 159.0,  161.24, 165.48,
    173.62, 180.49, 181.77, 186.23, 192.67, 195.74, 200.48, 204.96, 210.08, 213.31, 218.11, 221.74,
    225.12, 229.68, 233.09, 238.09, 241.04, 245.19, 251.91, 254.64, 258.96, 263.93, 267.5,  272.29,
    277.66, 282.34, 285.84, 292.89, 296.64, 301.46, 307.02, 313.03, 320.64, 323.52, 330.62, 334.14,
    342.16, 348.99, 353.8,  359.37, 366.2,  372.61, 378.5,  385.69, 389.75, 394.71, 400.86, 406.51};
static const double y77[] = {
    106.07, 111.88, 118.01, 122.05, 130.37, 134.73, 139.81, 147.22, 153.4,  157.97, 162.93,
    167.01, 175.87, 178.82, 181.63, 186.7,  192.17, 195.03, 201.16, 204.85, 210.77, 214.68,
    215.13, 221.96, 224.35, 231.11, 234.2,  238.63, 241.1,  248.11, 252.48, 253.63, 259.38,
    262.74, 267.89, 271.25, 279.1,  281.09, 286.7,  292.56, 296.58, 302.28, 307.35, 313.28,
    317.84, 324.26, 330.25, 335.95, 342.22, 347.79, 354.79, 359.68, 365.83, 371.25, 377.31,
    382.45, 390.06, 394.16, 400.24, 406.94, 412.49, 417.08, 420.75, 428.36, 433.26, 436.53,
    443.54, 446.78, 450.96, 456.68, 460.81, 465.51, 467.94, 475.53, 477.23, 480.37, 486.58};

/* A season of 12 has six waves: what is faster follows from them, and that is told. */
static void waves_that_are_too_fast_are_told(void **state) {
  (void)state;
  static const char *const models[] = {"tslm(fourier=7)", "tslm(fourier=30)",
                                       "arima(order=[1,0,0],fourier=30)"};
  static const char *const fewer[] = {"tslm(fourier=5)", "arima(order=[1,0,0],fourier=5)"};
  for (size_t k = 0; k < 5; ++k) {
    harness h;
    harness_open(&h, k < 3 ? models[k] : fewer[k - 3], 12, 1, (int64_t[]){77}, y77);
    assert_int_equal(harness_reason(&h, 0), k < 3 ? WSF__FEWER_COLUMNS : WSF__OK);
    harness_close(&h);
  }
}

static void short_histories_keep_their_trend_as_in_r(void **state) {
  (void)state;
  static const struct {
    const char *model;
    int season, n;
    const double *y;
    double mean, tolerance;
    int32_t reason;
  } cases[] = {
      {"tslm", 12, 16, y16, 189.67, 3e-5, WSF__OK},
      {"tslm(fourier=1)", 12, 16, y16, 188.85, 3e-5, WSF__OK},
      {"tslm(terms=all)", 12, 16, y16, 189.67, 3e-5, WSF__OK},
      {"tslm(terms=all, fourier=1)", 52, 20, y20, 210.69, 3e-5, WSF__OK},
      {"tslm", 52, 60, y60, 413.18, 3e-5, WSF__OK},
      {"tslm(fourier=1)", 52, 60, y60, 412.19, 3e-5, WSF__OK},
      {"tslm(terms=all)", 52, 60, y60, 413.18, 3e-5, WSF__OK},
      {"tslm", 52, 77, y77, 490.87, 3e-5, WSF__OK},
      {"tslm(fourier=1)", 52, 77, y77, 489.72, 3e-5, WSF__OK},
      {"tslm(terms=all, fourier=1)", 52, 77, y77, 489.72, 3e-5, WSF__OK},
      /* no room for a season: the line alone, 100 + 5 t and what the season added so far */
      {"tslm", 52, 20, y20, 210.69, 0.02, WSF__SHORT_SEASON},
      {"tslm(fourier=1)", 52, 20, y20, 210.69, 0.02, WSF__SHORT_SEASON},
      {"tslm(terms=all)", 52, 20, y20, 210.69, 0.02, WSF__SHORT_SEASON},
  };
  for (size_t k = 0; k < sizeof cases / sizeof *cases; ++k) {
    harness h;
    double mean;
    harness_open(&h, cases[k].model, cases[k].season, 1, (int64_t[]){cases[k].n}, cases[k].y);
    assert_int_equal(harness_reason(&h, 0), cases[k].reason);
    harness_forecast(&h, 0, 1, NULL, 0, &mean, NULL);
    const double off = fabs(mean - cases[k].mean);
    if (!(off <= cases[k].tolerance * cases[k].mean)) {
      fail_msg("%s of %d: %.6g, R %.6g", cases[k].model, cases[k].n, mean, cases[k].mean);
    }
    harness_close(&h);
  }
}

int test_tslm(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(waves_that_are_too_fast_are_told),
      cmocka_unit_test(short_histories_keep_their_trend_as_in_r),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
