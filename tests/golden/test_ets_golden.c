/* ets against R's package forecast 8.20 on classic series: the blocks "### ets(..)" of
 * reference/r_forecast_8.20.txt. The same form must be chosen; the log likelihood must be at least
 * R's less 1e-6 of its size; forecasts and bounds agree within 0.5 % (R carries the slope of damped
 * multiplicative-season forms one step further undamped, hence not closer). */
#include "golden/reference.h"
#include "unit/models/harness.h"

#include "models/local/ets/ets.h"

enum { MOST = 1024 };

typedef struct golden {
  const char *block, *series, *model;
  int season;
} golden;

static const golden table[] = {
    {"ets(AirPassengers)", "AirPassengers", "ets(intervals=model, search=r)", 12},
    {"ets(AP,MAM,damped=FALSE)", "AirPassengers",
     "ets(MAM, damped=false, intervals=model, search=r)", 12},
    {"ets(AP,ANN)", "AirPassengers", "ets(ANN, intervals=model, search=r)", 12},
    {"ets(AP,AAN,damped=FALSE)", "AirPassengers",
     "ets(AAN, damped=false, intervals=model, search=r)", 12},
    {"ets(AP,AAA,damped=TRUE)", "AirPassengers", "ets(AAdA, intervals=model, search=r)", 12},
    {"ets(USAccDeaths)", "USAccDeaths", "ets(intervals=model, search=r)", 12},
    {"ets(Nile)", "Nile", "ets(intervals=model, search=r)", 1},
    {"ets(wineind)", "wineind", "ets(intervals=model, search=r)", 12},
    {"ets(co2)", "co2", "ets(intervals=model, search=r)", 12},
};

static void near(const char *what, double x, double expected, double relative) {
  if (!(fabs(x - expected) <= relative * fabs(expected))) {
    fail_msg("%s: %.10g, R %.10g", what, x, expected);
  }
}

static void classic_series_agree_with_r(void **state) {
  (void)state;
  static double y[MOST];
  for (size_t i = 0; i < sizeof table / sizeof *table; ++i) {
    const golden *g = &table[i];
    const int64_t n = classic_series(g->series, y, MOST);
    const r_forecast a = r_forecast_of(g->block);
    harness h;
    harness_open(&h, g->model, g->season, 1, &n, y);
    assert_int_equal(harness_reason(&h, 0), WSF__OK);
    assert_true(harness_check(&h));
    const double *v = h.fitted->state[0].v;
    char method[32];
    (void)snprintf(method, sizeof method, "ETS(%c,%c%s,%c)", "NAM"[(int)v[WSF__ETS_AT_ERROR]],
                   "NAM"[(int)v[WSF__ETS_AT_TREND]], v[WSF__ETS_AT_DAMPED] > 0 ? "d" : "",
                   "NAM"[(int)v[WSF__ETS_AT_SEASON]]);
    assert_string_equal(method, a.method);
    const double log_likelihood =
        -0.5 * v[WSF__ETS_AT_N] * log(v[WSF__ETS_AT_SSE]) - v[WSF__ETS_AT_LOG_F];
    if (log_likelihood < a.log_likelihood) near(g->block, log_likelihood, a.log_likelihood, 1e-6);
    const double mse = v[WSF__ETS_AT_SSE] / (v[WSF__ETS_AT_N] - v[WSF__ETS_AT_K]);
    near(g->block, mse, a.sigma2, 5e-3);
    near(g->block, v[WSF__ETS_AT_IC], a.aicc, 1e-4);

    const double q[2] = {0.025, 0.975};
    double mean[R_STEPS], bounds[2 * R_STEPS];
    harness_forecast(&h, 0, a.n, q, 2, mean, bounds);
    for (int step = 0; step < a.n; ++step) {
      near(g->block, mean[step], a.mean[step], 5e-3);
      near(g->block, bounds[step], a.lower[step], 5e-3);
      near(g->block, bounds[a.n + step], a.upper[step], 5e-3);
    }
    harness_close(&h);
  }
}

/* The search for the likelihood's maximum must never stop below R. */
static void newton_is_at_least_as_likely(void **state) {
  (void)state;
  static double y[MOST];
  static const golden forms[] = {
      {"ets(AP,MAM,damped=FALSE)", "AirPassengers", "ets(MAM, damped=false, search=newton)", 12},
      {"ets(AP,AAA,damped=TRUE)", "AirPassengers", "ets(AAdA, search=newton)", 12},
      {"ets(USAccDeaths)", "USAccDeaths", "ets(ANA, search=newton)", 12},
      {"ets(wineind)", "wineind", "ets(MAdM, search=newton)", 12},
      {"ets(Nile)", "Nile", "ets(MNN, search=newton)", 1},
      {"ets(co2)", "co2", "ets(MAdM, search=newton)", 12},
  };
  for (size_t i = 0; i < sizeof forms / sizeof *forms; ++i) {
    const int64_t n = classic_series(forms[i].series, y, MOST);
    const r_forecast a = r_forecast_of(forms[i].block);
    harness h;
    harness_open(&h, forms[i].model, forms[i].season, 1, &n, y);
    assert_true(h.fitted->state[0].v[WSF__ETS_AT_IC] <= a.aicc + 1e-4);
    harness_close(&h);
  }
}

/* R 4.2, forecast 8.20: forecast(ets(UKgas, "MAM", damped = FALSE), h = 16)$mean. From the second
 * year on it is 0.15, 0.3 and 0.6 % above the forecast without errors: the mean of the product of a
 * level and a season that the same errors move. */
static void a_product_of_states_has_the_mean_of_r(void **state) {
  (void)state;
  static const double r[16] = {1258.8236182, 652.6178333, 357.2009531, 878.9540630,
                               1370.5191709, 709.3041375, 387.5873173, 952.2145339,
                               1483.6664586, 766.7414877, 418.3839250, 1026.4825194,
                               1598.3833171, 824.9897050, 449.6228531, 1101.8353792};
  double y[MOST], mean[16];
  const int64_t n = classic_series("UKgas", y, MOST);
  harness h;
  harness_open(&h, "ets(MAM, damped=false, search=r)", 4, 1, &n, y);
  harness_forecast(&h, 0, 16, NULL, 0, mean, NULL);
  for (int i = 0; i < 16; ++i) near("UKgas", mean[i], r[i], 1e-5);
  harness_close(&h);
}

int test_ets_golden(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(classic_series_agree_with_r),
      cmocka_unit_test(a_product_of_states_has_the_mean_of_r),
      cmocka_unit_test(newton_is_at_least_as_likely),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
