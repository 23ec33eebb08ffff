/* arima with regressors, Fourier terms and inside boxcox, against R's package forecast 8.20 on
 * classic series; the numbers are printed by arima_x_golden.R. Where R differences, its diffuse
 * prior is a variance of 1e6 and the likelihoods differ by a constant: forecasts and coefficients
 * are compared, to what R's search leaves open. */
#include "golden/classic.h"
#include "unit/models/harness.h"

enum { MOST = 200, STEPS = 4, HEAD = 23 };

typedef struct golden {
  const char *series, *model;
  bool gaps;
  double log_likelihood; /* 0: differenced */
  double beta[2];        /* 0: not compared */
  double mean[STEPS], allowed;
} golden;

static const golden table[] = {
    {"USAccDeaths",
     "arima(order=[1,0,1], x=[five,root])",
     false,
     -569.581587914,
     {35.1624556, -97.3693354},
     {9100.325439, 8897.319412, 8788.547431, 8560.026185},
     2e-4},
    {"USAccDeaths",
     "arima(order=[0,1,1], seasonal=[0,1,1], x=[five,root])",
     false,
     0,
     {25.2758295, -228.4419104},
     {8387.875682, 7600.230546, 8422.579620, 8613.781708},
     1e-3},
    {"USAccDeaths",
     "arima(order=[1,1,0], drift=true, x=[five,root])",
     false,
     0,
     {32.9407241, -507.7051866},
     {9332.532466, 9400.072186, 9466.581515, 9368.526209},
     1e-3},
    {"USAccDeaths",
     "arima(order=[1,0,1], x=[five,root])",
     true,
     -546.843538302,
     {36.4645951, -94.3556273},
     {9095.660928, 8886.713874, 8778.359503, 8546.121061},
     2e-4},
    {"USAccDeaths",
     "arima(fourier=3)",
     false,
     0,
     {0, 0},
     {7865.747060, 7752.291224, 8178.380741, 8410.990496},
     2e-3},
    {"USAccDeaths",
     "arima(order=[2,0,1], fourier=4)",
     false,
     -517.809692279,
     {-277.768354, -999.952803},
     {8107.053999, 7763.512004, 8039.869862, 8832.973440},
     1e-6},
    {"AirPassengers",
     "arima | boxcox(bias=r)",
     false,
     0,
     {0, 0},
     {452.7810150, 427.1574584, 486.9157477, 498.9823867},
     2e-3},
};

static void near(const char *what, double x, double expected, double allowed) {
  if (!(fabs(x - expected) <= allowed)) fail_msg("%s: %.10g, R %.10g", what, x, expected);
}

static void regressors_agree_with_r(void **state) {
  (void)state;
  double y[MOST], value[2 * MOST], mean[STEPS];
  for (int t = 0; t < MOST; ++t) {
    value[t] = t % 5;
    value[MOST + t] = sqrt(t);
  }
  const int32_t group = 0;
  const char *const names[2] = {"five", "root"};
  wsf__column column[2];
  for (int i = 0; i < 2; ++i) {
    column[i] = (wsf__column){.name = names[i],
                              .kind = WSF__KNOWN,
                              .n_groups = 1,
                              .periods = MOST,
                              .group = &group,
                              .value = value + i * MOST};
  }
  for (size_t i = 0; i < sizeof table / sizeof *table; ++i) {
    const golden *g = &table[i];
    const int64_t n = classic_series(g->series, y, MOST);
    if (g->gaps) y[9] = y[29] = y[30] = NAN;
    harness h;
    assert_int_equal(harness_begin(&h, g->model, 12, 1, &n, y), WSF_OK);
    h.panel.column = column;
    h.panel.n_columns = 2;
    assert_int_equal(harness_fit(&h), WSF_OK);
    assert_true(harness_check(&h));
    harness_forecast(&h, 0, STEPS, NULL, 0, mean, NULL);
    for (int step = 0; step < STEPS; ++step) {
      near(g->model, mean[step], g->mean[step], g->allowed * g->mean[step]);
    }
    if (g->beta[0] != 0) {
      const double *v = h.fitted->state[0].v;
      const int p = (int)(v[0] + v[3] * v[6]), q = (int)(v[2] + v[5] * v[6]);
      const int r = p > q ? p : q > 1 ? q : 1, count = (int)(v[0] + v[2] + v[3] + v[5]);
      const double *beta = v + HEAD + count + 3 * r + (int)(v[1] + v[4] * v[6]);
      for (int k = 0; k < 2; ++k) near(g->model, beta[k], g->beta[k], 1e-2 * fabs(g->beta[k]));
    }
    if (g->log_likelihood != 0) {
      const double found = h.fitted->state[0].v[10];
      near(g->model, found, g->log_likelihood, 1e-4 * fabs(g->log_likelihood));
      assert_true(found >= g->log_likelihood - 1e-6);
    }
    harness_close(&h);
  }
}

typedef struct choice {
  const char *series, *model;
  int season;
  bool log;
  const char *order;
  double aicc; /* 0: another criterion */
} choice;

/* R's order, or a better criterion where `order` is R's and the search finds another. */
static const choice choices[] = {
    {"AirPassengers", "arima(seasonal_test=ocsb)", 12, true, "1 1 1 0 0 2", -384.6822289},
    {"nottem", "arima(seasonal_test=ocsb)", 12, false, "4 0 1 1 0 0", 1198.824436},
    {"USAccDeaths", "arima(test=adf)", 12, false, "0 1 1 0 1 1", 857.3163507},
    {"WWWusage", "arima(test=pp)", 1, false, "1 1 1 0 0 0", 514.5521032},
    {"WWWusage", "arima(stepwise=false)", 1, false, "3 1 0 0 0 0", 512.419516},
    {"woolyrnq", "arima(stepwise=false)", 4, false, "1 0 0 0 1 1", 1722.214306},
    {"LakeHuron", "arima(ic=bic)", 1, false, "0 1 0 0 0 0", 0},
};

static void tests_for_differences_choose_as_in_r(void **state) {
  (void)state;
  double y[MOST * 2];
  for (size_t i = 0; i < sizeof choices / sizeof *choices; ++i) {
    const choice *c = &choices[i];
    const int64_t n = classic_series(c->series, y, MOST * 2);
    for (int64_t t = 0; t < n && c->log; ++t) y[t] = log(y[t]);
    harness h;
    harness_open(&h, c->model, c->season, 1, &n, y);
    const double *v = h.fitted->state[0].v;
    char order[128];
    (void)snprintf(order, sizeof order, "%g %g %g %g %g %g", v[0], v[1], v[2], v[3], v[4], v[5]);
    const bool differenced_alike = order[2] == c->order[2] && order[8] == c->order[8];
    if (strcmp(order, c->order) != 0 && !(differenced_alike && v[11] < c->aicc)) {
      fail_msg("%s of %s: %s, %.8g; R %s, %.8g", c->model, c->series, order, v[11], c->order,
               c->aicc);
    }
    harness_close(&h);
  }
}

int test_arima_x_golden(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(regressors_agree_with_r),
      cmocka_unit_test(tests_for_differences_choose_as_in_r),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
