/* tbats against R's package forecast 8.20 on classic series. At R's parameters and seeds the
 * recursion, its forecasts and their deviations are R's. Chosen and estimated, AIC is no larger
 * than R's, whose seeds belong to its starting point, and forecasts are near (R lets eigenvalues of
 * F - g w' reach 1.01, and uses that). Numbers by tbats_golden.R. */
#include "golden/classic.h"
#include "unit/models/harness.h"

#include "models/local/tbats/tbats.h"

enum { MOST = 600, STEPS = 12 };

static void near(const char *what, double x, double expected, double relative) {
  if (!(fabs(x - expected) <= relative * fabs(expected))) {
    fail_msg("%s: %.12g, not %.12g", what, x, expected);
  }
}

static void the_recursion_is_the_published_one(void **state) {
  (void)state;
  static const double seed[11] = {9357.62824152426219, -999.76784241031021, 279.84741014080413,
                                  -193.88870097030588, 143.51407680747209,  -35.59289286363379,
                                  -279.82036032330439, -319.15409207124895, -154.24981208141602,
                                  -70.33238054768722,  -256.67888800235880};
  static const double mean[STEPS] = {8307.59720920, 7533.68016602, 8305.19593108,  8616.92112088,
                                     9430.08754173, 9946.44796103, 10744.69044697, 10108.78079475,
                                     9034.78350108, 9336.86166149, 8819.68146704,  9099.34439294};
  static const double sd[STEPS] = {253.329066966, 287.262322665, 329.643813024, 363.752919292,
                                   394.880155378, 423.770551053, 450.043633284, 475.594800947,
                                   498.671819262, 521.847416545, 542.372158924, 563.754114489};
  double y[MOST];
  const int64_t n = classic_series("USAccDeaths", y, MOST);
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  wsf__tbats u = {.alpha = 0.59500115331535208,
                  .phi = 1,
                  .lambda = 1,
                  .seasons = 1,
                  .period = {12},
                  .harmonics = {5},
                  .gamma1 = {-0.01207202010370689},
                  .gamma2 = {0.01159708227568575}};
  wsf__tbats_machine m;
  assert_true(wsf__tbats_open(&m, &u, &arena));
  wsf__tbats_load(&m, seed);
  double sse = 0, error, variance = 0;
  for (int64_t t = 0; t < n; ++t) {
    (void)wsf__tbats_step(&m, y[t], &error);
    sse += error * error;
  }
  near("sse", sse, 4620644.364238839, 1e-11);
  for (int i = 0; i < STEPS; ++i) near("mean", wsf__tbats_step(&m, NAN, &error), mean[i], 1e-10);
  const double none[11] = {0};
  wsf__tbats_load(&m, none);
  double response = wsf__tbats_step(&m, 1, &error) + 1;
  for (int i = 0; i < STEPS; ++i) {
    variance += response * response;
    near("sd", sqrt(variance * sse / (double)n), sd[i], 1e-10);
    response = wsf__tbats_step(&m, NAN, &error);
  }
  wsf__arena_free(&arena);
}

static void estimates_are_no_worse_than_the_peer(void **state) {
  (void)state;
  static const struct {
    const char *series;
    int season;
    double aic, mean[3]; /* steps 1, 6, 12 */
  } table[] = {
      {"USAccDeaths", 12, 1132.91522028, {8307.5972, 9946.4480, 9099.3444}},
      {"AirPassengers", 12, 1397.01501082, {451.25441, 567.25317, 475.77358}},
      {"gas", 12, 9018.24135957, {55102.286, 44118.510, 63214.609}},
      {"Nile", 1, 1456.8905062, {805.23927, 805.23927, 805.23927}},
  };
  static const int at[3] = {0, 5, 11};
  for (size_t i = 0; i < sizeof table / sizeof *table; ++i) {
    double y[MOST], mean[STEPS], quantile[STEPS];
    const double middle = 0.5;
    const int64_t n = classic_series(table[i].series, y, MOST);
    harness h;
    harness_open(&h, "tbats(ic=aic)", table[i].season, 1, &n, y);
    const wsf__tbats *u = (const wsf__tbats *)h.fitted->state[0].v;
    if (!(u->aic <= table[i].aic)) fail_msg("%s: %.4f", table[i].series, u->aic);
    harness_forecast(&h, 0, STEPS, &middle, 1, mean, quantile);
    for (int k = 0; k < 3; ++k) near(table[i].series, mean[at[k]], table[i].mean[k], 0.05);
    harness_close(&h);
  }
}

int test_tbats_golden(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_recursion_is_the_published_one),
      cmocka_unit_test(estimates_are_no_worse_than_the_peer),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
