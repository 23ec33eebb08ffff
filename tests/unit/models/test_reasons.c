/* What a model leaves out of what was asked for is a reason, never silence. */
#include "support.h"

#include "harness.h"

enum { MOST = 900 };

/* A season of m periods, a trend, and noise that is no function of time. */
static void fill(double *y, int64_t n, int m) {
  for (int64_t t = 0; t < n; ++t) {
    const unsigned noise = (unsigned)(t * 104729) * 2654435761u;
    y[t] = 100 + 0.3 * (double)t + 20 * sin(6.283185307179586 * (double)t / m) +
           (double)(noise >> 20) / 512.0;
  }
}

static void simplifications_have_a_reason(void **state) {
  (void)state;
  static const struct {
    const char *model;
    int season, n;
    int32_t reason;
  } all[] = {
      /* seasons that are too long for the model */
      {"ets", 12, 60, WSF__OK},
      {"ets", 52, 160, WSF__LONG_SEASON},
      {"ets(AAA)", 52, 160, WSF__OK},
      {"ets(AAN)", 52, 160, WSF__OK},
      {"ets(AAA)", 420, 860, WSF__LONG_SEASON},
      {"ucm(bsm)", 420, 860, WSF__LONG_SEASON},
      {"ucm(trend)", 420, 300, WSF__OK},
      {"arima(order=[0,1,1])", 400, 200, WSF__OK},
      {"arima(order=[0,1,1], seasonal=[0,1,1])", 400, 500, WSF__LONG_SEASON},
      {"arima(max_p=1, max_q=1, max_P=1, max_Q=1)", 400, 120, WSF__LONG_SEASON},
      {"mean(ets, naive)", 52, 160, WSF__LONG_SEASON},
      {"log(ets)", 52, 160, WSF__LONG_SEASON},
      {"stl(ets)", 52, 160, WSF__OK}, /* the season is taken off before */
      /* histories that are too short for it */
      {"ets", 12, 20, WSF__SHORT_SEASON},
      {"arima(max_p=1, max_q=1, max_P=1, max_Q=1)", 12, 20, WSF__SHORT_SEASON},
      {"arima(order=[1,0,0], fourier=4)", 12, 12, WSF__SHORT_SEASON},
      {"snaive", 12, 10, WSF__SHORT_SEASON},
      {"tslm", 12, 11, WSF__SHORT_SEASON},
      {"theta", 12, 20, WSF__SHORT_SEASON},
      {"ces", 12, 20, WSF__SHORT_SEASON},
      {"ucm(bsm)", 12, 20, WSF__SHORT_SEASON},
      /* and for what it was asked to take or to try */
      {"window(8)", 12, 8, WSF__OK},
      {"window(8)", 12, 7, WSF__FEW},
      {"naive", 12, 1, WSF__CONSTANT},
      {"auto", 12, 1, WSF__CONSTANT},
      {"auto", 12, 2, WSF__NO_BACKTEST},
      {"mean(window(20), naive)", 12, 19, WSF__FEW},
      {"arima", 1, 14, WSF__FEW},
      {"arima", 1, 15, WSF__OK},
      {"arima(max_p=2, max_q=2)", 1, 5, WSF__FEW},
      {"arima(max_p=2, max_q=2)", 1, 6, WSF__OK},
      {"arima(order=[3,0,3])", 1, 20, WSF__OK},
      {"arima", 12, 35, WSF__FEW},
      {"arima", 12, 36, WSF__OK},
      {"arima(max_P=0, max_Q=0)", 12, 35, WSF__OK},
      /* a season that is asked for, of data without one */
      {"snaive", 1, 40, WSF__NO_SEASON},
      {"arima(order=[0,1,1], seasonal=[0,1,1])", 1, 40, WSF__NO_SEASON},
      {"arima(order=[1,0,0], fourier=2)", 1, 40, WSF__NO_SEASON},
      {"tslm(fourier=2)", 1, 40, WSF__NO_SEASON},
      {"ucm(bsm)", 1, 40, WSF__NO_SEASON},
      {"ces(full)", 1, 40, WSF__NO_SEASON},
      {"theta(decompose=additive)", 1, 40, WSF__NO_SEASON},
      {"stl(naive)", 1, 40, WSF__NO_SEASON},
      {"deseason(naive)", 1, 40, WSF__NO_SEASON},
      {"ets", 1, 40, WSF__OK},
      {"theta", 1, 40, WSF__OK},
      {"ces", 1, 40, WSF__OK},
      {"tslm", 1, 40, WSF__OK},
      /* back-tests inside a fit */
      {"best(naive, average)", 12, 60, WSF__OK},
      {"best(naive, average)", 12, 3, WSF__NO_BACKTEST},
      {"best(naive)", 12, 3, WSF__OK},
      {"weighted(naive, average)", 12, 60, WSF__OK},
      {"weighted(naive, average)", 12, 3, WSF__NO_BACKTEST},
      {"weighted(naive, average, weights=[1,2])", 12, 3, WSF__OK},
      {"conformal(naive)", 12, 60, WSF__OK},
      {"conformal(naive)", 12, 3, WSF__NO_BACKTEST},
      {"rebase(naive)", 12, 60, WSF__OK},
      {"rebase(naive, window=6)", 12, 6, WSF__NO_BACKTEST},
      /* calls that find nothing to do */
      {"lowrank(naive)", 12, 60, WSF__NO_EFFECT},
      {"pool(naive)", 12, 60, WSF__NO_EFFECT},
      {"holiday_shift(naive)", 12, 60, WSF__NO_EFFECT},
  };
  static double y[MOST];
  for (size_t i = 0; i < sizeof all / sizeof *all; ++i) {
    fill(y, all[i].n, all[i].season > 1 ? all[i].season : 12);
    const int64_t n = all[i].n;
    harness h;
    harness_open(&h, all[i].model, all[i].season, 1, &n, y);
    if (harness_reason(&h, 0) != all[i].reason) {
      fail_msg("%s on %d periods with a season of %d: %s, expected %s", all[i].model, all[i].n,
               all[i].season, wsf__reason_word(harness_reason(&h, 0)),
               wsf__reason_word(all[i].reason));
    }
    harness_close(&h);
  }
}

/* Three months of a year have a regressor; it is set beside itself, and beside one that never
 * varies. */
static void columns_left_out_have_a_reason(void **state) {
  (void)state;
  enum { N = 60 };
  static double y[N], promo[N], still[N];
  static const int32_t group[] = {0};
  fill(y, N, 12);
  for (int t = 0; t < N; ++t) {
    promo[t] = t * 7 % 12 < 3;
    y[t] += 10 * promo[t];
    still[t] = 4;
  }
  const wsf__column column[] = {{.name = "promo",
                                 .kind = WSF__KNOWN,
                                 .n_groups = 1,
                                 .periods = N,
                                 .group = group,
                                 .value = promo},
                                {.name = "twin",
                                 .kind = WSF__KNOWN,
                                 .n_groups = 1,
                                 .periods = N,
                                 .group = group,
                                 .value = promo},
                                {.name = "still",
                                 .kind = WSF__KNOWN,
                                 .n_groups = 1,
                                 .periods = N,
                                 .group = group,
                                 .value = still}};
  static const struct {
    const char *model;
    int32_t reason;
  } all[] = {
      {"tslm(season=1, x=[promo])", WSF__OK},
      {"tslm(season=1, x=[promo,twin])", WSF__FEWER_COLUMNS},
      {"tslm(season=1, x=[still])", WSF__FEWER_COLUMNS},
      {"arima(order=[1,0,0], x=[promo])", WSF__OK},
      {"arima(order=[1,0,0], x=[promo,twin])", WSF__FEWER_COLUMNS},
      {"arima(order=[1,0,0], x=[still])", WSF__FEWER_COLUMNS},
      {"ets(AAA, x=[promo])", WSF__OK},
      {"ets(AAA, x=[still])", WSF__FEWER_COLUMNS},
      {"ets(AAA, x=[promo,still])", WSF__FEWER_COLUMNS},
      {"ets(AAA, x=[promo,twin])", WSF__FEWER_COLUMNS},
  };
  for (size_t i = 0; i < sizeof all / sizeof *all; ++i) {
    const int64_t n = N;
    harness h;
    assert_int_equal(harness_begin(&h, all[i].model, 12, 1, &n, y), WSF_OK);
    h.panel.column = column;
    h.panel.n_columns = 3;
    assert_int_equal(harness_fit(&h), WSF_OK);
    if (harness_reason(&h, 0) != all[i].reason) {
      fail_msg("%s: %s, expected %s", all[i].model, wsf__reason_word(harness_reason(&h, 0)),
               wsf__reason_word(all[i].reason));
    }
    harness_close(&h);
  }
}

/* Sixty steps of a season of 100 do not say how it goes on: what fits them flew off behind. */
static void waves_longer_than_the_history_have_no_part(void **state) {
  (void)state;
  enum { LONG = 120, SHORT = 60, AHEAD = 20 };
  static const char *const models[] = {"ets(x=[fourier(100, 5)])",
                                       "ets(search=newton, x=[fourier(100, 5)])",
                                       "tslm(season=1, x=[fourier(100, 5)])",
                                       "arima(x=[fourier(100, 5)])", "ucm(x=[fourier(100, 5)])"};
  double y[LONG], mean[AHEAD];
  for (int t = 0; t < LONG; ++t) y[t] = t == SHORT - 1 ? 6 : 5 + 0.01 * (t * 7 % 3);
  for (size_t i = 0; i < sizeof models / sizeof *models; ++i) {
    harness h;
    harness_open(&h, models[i], 1, 1, (int64_t[]){SHORT}, y);
    assert_int_equal(harness_reason(&h, 0), WSF__FEWER_COLUMNS);
    harness_forecast(&h, 0, AHEAD, NULL, 0, mean, NULL);
    for (int k = 0; k < AHEAD; ++k) {
      if (!(mean[k] > 4 && mean[k] < 8)) fail_msg("%s: %g", models[i], mean[k]);
    }
    harness_close(&h);
    harness_open(&h, models[i], 1, 1, (int64_t[]){LONG}, y);
    assert_int_equal(harness_reason(&h, 0), WSF__OK);
    harness_close(&h);
  }
}

int test_reasons(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(simplifications_have_a_reason),
                                     cmocka_unit_test(columns_left_out_have_a_reason),
                                     cmocka_unit_test(waves_longer_than_the_history_have_no_part)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
