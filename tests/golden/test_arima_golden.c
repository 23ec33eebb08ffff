/* arima against R's package forecast 8.20 on classic series: the blocks "### Arima(..)" and
 * "### auto.arima(..)" of reference/r_forecast_8.20.txt. The same order must be chosen, the AICc be
 * at most R's plus 1e-4 of its size (R's diffuse prior is a variance of 1e6, ours infinite), and
 * forecasts and bounds agree within 0.5 % of the forecast; R counts residuals before the first
 * difference, which makes its variance up to 4 % larger. Where R stops early, or searches with the
 * conditional sum of squares only (more than 150 observations), another order or maximum may be
 * found if its AICc is less than R's. lambda=0 is the logarithm, taken here. */
#include "golden/reference.h"
#include "unit/models/harness.h"

enum { MOST = 1024 };
enum { CONSTANT = 7, SIGMA = 9, CRITERION = 11 }; /* places in the state */

typedef struct golden {
  const char *block, *series, *model;
  int season;
  bool log, better;
} golden;

static const golden table[] = {
    {"Arima(AP,(0,1,1)(0,1,1),lambda=0)", "AirPassengers", "arima(order=[0,1,1], seasonal=[0,1,1])",
     12, true, false},
    {"Arima(AP,(2,1,1)(0,1,0))", "AirPassengers", "arima(order=[2,1,1], seasonal=[0,1,0])", 12,
     false, false},
    {"auto.arima(USAccDeaths)", "USAccDeaths", "arima(order=[0,1,1], seasonal=[0,1,1])", 12, false,
     false},
    {"auto.arima(WWWusage)", "WWWusage", "arima(order=[1,1,1])", 1, false, false},
    {"auto.arima(lynx)", "lynx", "arima(order=[2,0,2])", 1, false, false},
    {"auto.arima(Nile)", "Nile", "arima(order=[1,1,1])", 1, false, false},
    {"auto.arima(LakeHuron)", "LakeHuron", "arima(order=[0,1,0])", 1, false, false},
    {"auto.arima(wineind)", "wineind", "arima(order=[1,1,2], seasonal=[0,1,1])", 12, false, true},
    {"auto.arima(co2)", "co2", "arima(order=[1,1,1], seasonal=[1,1,2])", 12, false, false},
    {"auto.arima(woolyrnq)", "woolyrnq", "arima(order=[1,0,0], seasonal=[0,1,1])", 4, false, false},
    {"auto.arima(gas)", "gas", "arima(order=[2,1,1], seasonal=[0,1,1])", 12, false, false},
    {"auto.arima(AirPassengers)", "AirPassengers", "arima", 12, false, false},
    {"auto.arima(log AirPassengers: lambda=0)", "AirPassengers", "arima", 12, true, false},
    {"auto.arima(USAccDeaths)", "USAccDeaths", "arima", 12, false, false},
    {"auto.arima(WWWusage)", "WWWusage", "arima", 1, false, false},
    {"auto.arima(lynx)", "lynx", "arima", 1, false, false},
    {"auto.arima(Nile)", "Nile", "arima", 1, false, false},
    {"auto.arima(LakeHuron)", "LakeHuron", "arima", 1, false, false},
    {"auto.arima(wineind)", "wineind", "arima", 12, false, true},
    {"auto.arima(co2)", "co2", "arima", 12, false, true},
    {"auto.arima(woolyrnq)", "woolyrnq", "arima", 4, false, false},
    {"auto.arima(gas)", "gas", "arima", 12, false, true},
    /* R compares by the conditional sum where there are more than 150 observations */
    {"auto.arima(gas)", "gas", "arima(approximation=true)", 12, false, false},
    {"auto.arima(co2)", "co2", "arima(approximation=true)", 12, false, false},
};

static void near(const char *what, double x, double expected, double allowed) {
  if (!(fabs(x - expected) <= allowed)) fail_msg("%s: %.10g, R %.10g", what, x, expected);
}

static void classic_series_agree_with_r(void **state) {
  (void)state;
  static double y[MOST];
  for (size_t i = 0; i < sizeof table / sizeof *table; ++i) {
    const golden *g = &table[i];
    const int64_t n = classic_series(g->series, y, MOST);
    const r_forecast a = r_forecast_of(g->block);
    for (int64_t t = 0; t < n && g->log; ++t) y[t] = log(y[t]);
    harness h;
    char model[128];
    const char *end = strrchr(g->model, ')');
    (void)snprintf(model, sizeof model, "%.*s%sintervals=model)",
                   (int)(end ? end - g->model : (ptrdiff_t)strlen(g->model)), g->model,
                   end ? ", " : "(");
    harness_open(&h, model, g->season, 1, &n, y);
    assert_true(harness_check(&h));
    const double *v = h.fitted->state[0].v;
    char order[80];
    int length = snprintf(order, sizeof order, "ARIMA(%d,%d,%d)", (int)v[0], (int)v[1], (int)v[2]);
    if (v[3] + v[4] + v[5] > 0) {
      (void)snprintf(order + length, sizeof order - (size_t)length, "(%d,%d,%d)[%d]", (int)v[3],
                     (int)v[4], (int)v[5], (int)v[6]);
    }
    if (g->better) {
      assert_true(v[CRITERION] < a.aicc);
      harness_close(&h);
      continue;
    }
    assert_string_equal(order, a.method);
    near(g->block, fmax(v[CRITERION], a.aicc), a.aicc, 1e-4 * fabs(a.aicc));
    near(g->block, v[SIGMA] * v[SIGMA], a.sigma2, 4e-2 * a.sigma2);
    const double q[2] = {0.025, 0.975};
    double mean[R_STEPS], bounds[2 * R_STEPS];
    harness_forecast(&h, 0, a.n, q, 2, mean, bounds);
    for (int step = 0; step < a.n; ++step) {
      if (g->log) {
        mean[step] = exp(mean[step]);
        bounds[step] = exp(bounds[step]);
        bounds[a.n + step] = exp(bounds[a.n + step]);
      }
      const double allowed = 5e-3 * fabs(a.mean[step]);
      near(g->block, mean[step], a.mean[step], allowed);
      /* R leaves the uncertainty of a mean or drift out: ours are wider, by little. */
      const double wider = v[CONSTANT] > 0 ? 0.05 * (a.upper[step] - a.lower[step]) : 0;
      near(g->block, bounds[step], a.lower[step] - wider / 2, allowed + wider / 2);
      near(g->block, bounds[a.n + step], a.upper[step] + wider / 2, allowed + wider / 2);
    }
    harness_close(&h);
  }
}

int test_arima_golden(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(classic_series_agree_with_r),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
