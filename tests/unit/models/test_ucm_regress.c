/* ucm on columns known ahead: its level with regressors is ARIMA(0,1,1) with regressors, in R too;
 * b that is known, updates, columns that the model's own states explain. */
#include "regress_data.h"

#include "models/local/ucm/ucm.h"

static const double *state_of(const harness *h, const double **b) {
  const double *v = h->fitted->state[0].v;
  const int64_t k = wsf__arg(h->root, "x")->n;
  *b = v + wsf__ucm_size((const wsf__ucm *)v) + k;
  return v;
}

static void level_is_arima_with_regressors(void **state) {
  (void)state;
  /* R: Arima(y, order = c(0,1,1), xreg = cbind(x1, x2), method = "ML") */
  static const double r_b[2] = {6.6841215828, -0.4887354180};
  static const double r_mean[H] = {55.00446742, 44.89919791, 40.01184373};
  data d;
  make(&d, 0, 0);
  harness h;
  assert_int_equal(open_with(&h, &d, "ucm(model=level, x=[x1,x2])", 1, N), WSF_OK);
  const double *b;
  const wsf__ucm *u = (const wsf__ucm *)state_of(&h, &b);
  for (int j = 0; j < 2; ++j) near(b[j] * u->scale, r_b[j], 2e-4 * fabs(r_b[j]));
  double mean[H];
  harness_forecast(&h, 0, H, NULL, 0, mean, NULL);
  for (int i = 0; i < H; ++i) near(mean[i], r_mean[i], 1e-4 * r_mean[i]);
  assert_true(harness_check(&h));
  harness_close(&h);
}

static void known_coefficients_are_found(void **state) {
  (void)state;
  static const char *const model[] = {"ucm(x=[x1,x2])", "ucm(model=bsm, x=[x1,x2])",
                                      "ucm(model=seasonal, form=trigonometric, x=[x1,x2])"};
  data d;
  make(&d, 0.2, 5);
  for (int t = 3; t < N; t += 17) d.y[t] = NAN;
  for (int m = 0; m < 3; ++m) {
    harness h;
    assert_int_equal(open_with(&h, &d, model[m], 4, N), WSF_OK);
    const double *b;
    const wsf__ucm *u = (const wsf__ucm *)state_of(&h, &b);
    near(b[0] * u->scale, 7, 1);
    near(b[1] * u->scale, -0.5, 0.05);
    harness_close(&h);
  }
}

/* The errors of b: what the forecast far from the columns' means does not know. */
static void intervals_count_the_coefficients(void **state) {
  (void)state;
  static const double ends[2] = {0.1, 0.9};
  double width[3], mean[H], quantile[2 * H];
  data d;
  make(&d, 0, 0);
  for (int i = 0; i < 3; ++i) {
    d.value[ALL + N] = 10 + 1000 * i;
    harness h;
    assert_int_equal(open_with(&h, &d, "ucm(model=level, x=[x2])", 1, N), WSF_OK);
    harness_forecast(&h, 0, H, ends, 2, mean, quantile);
    width[i] = quantile[H] - quantile[0];
    harness_close(&h);
  }
  assert_true(width[1] > 3 * width[0]);
  near(width[2] / width[1], 2, 0.2);
}

static void columns_that_states_explain_are_left_out(void **state) {
  (void)state;
  data d;
  make(&d, 0, 5);
  double with[H], without[H];
  for (int t = 0; t < ALL; ++t) d.value[2 * ALL + t] = t % 4 == 1; /* the season's own */
  harness h;
  assert_int_equal(open_with(&h, &d, "ucm(model=bsm, x=[x1,none])", 4, N), WSF_OK);
  assert_int_equal(harness_reason(&h, 0), WSF__FEWER_COLUMNS);
  harness_forecast(&h, 0, H, NULL, 0, with, NULL);
  harness_close(&h);
  assert_int_equal(open_with(&h, &d, "ucm(model=bsm, x=[x1])", 4, N), WSF_OK);
  assert_int_equal(harness_reason(&h, 0), WSF__OK);
  harness_forecast(&h, 0, H, NULL, 0, without, NULL);
  harness_close(&h);
  for (int i = 0; i < H; ++i) near(with[i], without[i], 1e-3 * fabs(without[i]));

  assert_int_equal(open_with(&h, &d, "ucm(x=[x1,twice])", 4, N), WSF_OK);
  assert_int_equal(harness_reason(&h, 0), WSF__FEWER_COLUMNS);
  harness_close(&h);
  for (int64_t n = 1; n < 12; ++n) { /* too short for anything but an answer */
    assert_int_equal(open_with(&h, &d, "ucm(x=[x1,x2])", 4, n), WSF_OK);
    if (harness_reason(&h, 0) < WSF__NOT_FITTED) assert_true(harness_check(&h));
    harness_close(&h);
  }
}

int test_ucm_regress(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(level_is_arima_with_regressors),
      cmocka_unit_test(known_coefficients_are_found),
      cmocka_unit_test(intervals_count_the_coefficients),
      cmocka_unit_test(columns_that_states_explain_are_left_out),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
