/* ets on columns known ahead: against ARIMA(0,1,1) with regressors by hand and in R, against b that
 * is known, over updates and odd columns. */
#include "regress_data.h"

#include "models/local/ets/ets.h"

static void level_is_arima_with_regressors(void **state) {
  (void)state;
  /* R: Arima(y, order = c(0,1,1), xreg = cbind(x1, x2), method = "ML") */
  static const double r_b[2] = {6.6841215828, -0.4887354180}, r_alpha = 1 - 0.7563113484;
  static const double r_mean[H] = {55.00446742, 44.89919791, 40.01184373};
  data d;
  make(&d, 0, 0);
  for (int newton = 0; newton <= 1; ++newton) {
    harness h;
    const char *model = newton ? "ets(ANN, x=[x1,x2], search=newton)" : "ets(ANN, x=[x1,x2])";
    assert_int_equal(open_with(&h, &d, model, 1, N), WSF_OK);
    double *v = (double *)(uintptr_t)h.fitted->state[0].v;
    const double *b = wsf__ets_state_b(v, 2), *centre = wsf__ets_state_centre(v);
    const double alpha = v[WSF__ETS_AT_ALPHA];
    /* R's likelihood leaves the first innovation out, ours estimates the first level */
    near(alpha, r_alpha, 5e-3);
    near(b[0], r_b[0], 5e-3);
    near(b[1], r_b[1], 5e-4);
    near(v[WSF__ETS_AT_K], 4, 0);
    double mean[H], quantile[H];
    harness_forecast(&h, 0, H, (double[]){0.5}, 1, mean, quantile);
    for (int i = 0; i < H; ++i) near(mean[i], r_mean[i], 5e-3 * r_mean[i]);

    /* The moving average of the differences, innovation by innovation: dz = e - (1 - alpha) e_1.
     * What is left at the end is the level. The first level is the one for which this sum is least,
     * as far as the search went. */
    double least = INFINITY;
    for (double first = -3; first <= 3; first += 1e-3) {
      double e = first, sum = e * e;
      for (int t = 1; t < N; ++t) {
        double dz = d.y[t] - d.y[t - 1];
        for (int j = 0; j < 2; ++j) {
          dz -= b[j] * (d.value[j * ALL + t] - d.value[j * ALL + t - 1]);
        }
        e = dz + (1 - alpha) * e;
        sum += e * e;
      }
      least = fmin(least, sum);
    }
    near(v[WSF__ETS_AT_SSE] / least, 1, newton ? 1e-6 : 1e-4);
    double level = 0;
    for (int j = 0; j < 2; ++j) level += b[j] * (d.value[j * ALL + N] - centre[j]);
    near(mean[0], v[WSF__ETS_AT_LEVEL] + level, 1e-12 * fabs(mean[0]));
    harness_close(&h);
  }
}

static void innovations_are_those_of_arima(void **state) {
  (void)state;
  data d;
  make(&d, 0, 0);
  d.y[0] = d.y[1] = NAN; /* the series then begins at the first whole row */
  harness one, two;
  assert_int_equal(open_with(&one, &d, "ets(ANN, x=[x1,x2], alpha=0.3)", 1, N - 1), WSF_OK);
  assert_int_equal(open_with(&two, &d, "ets(ANN, x=[x1,x2], alpha=0.3)", 1, N - 2), WSF_OK);
  /* the last innovation, from two states; and by hand from the states before it */
  double *v = (double *)(uintptr_t)two.fitted->state[0].v;
  const double *b = wsf__ets_state_b(v, 2), *centre = wsf__ets_state_centre(v);
  double z = d.y[N - 2];
  for (int j = 0; j < 2; ++j) z -= b[j] * (d.value[j * ALL + N - 2] - centre[j]);
  const double e = z - v[WSF__ETS_AT_LEVEL], sse = v[WSF__ETS_AT_SSE], level = v[WSF__ETS_AT_LEVEL];
  assert_int_equal(harness_update(&two, 0, d.y + N - 2, 1), WSF_OK);
  v = (double *)(uintptr_t)two.fitted->state[0].v;
  near(v[WSF__ETS_AT_SSE] - sse, e * e, 1e-12 * sse);
  near(v[WSF__ETS_AT_LEVEL], level + 0.3 * e, 1e-12 * level);
  harness_close(&one);
  harness_close(&two);
}

static void known_coefficients_are_found(void **state) {
  (void)state;
  static const char *const model[] = {"ets(x=[x1,x2])", "ets(x=[x1,x2], search=newton)",
                                      "ets(AAA, x=[x1,x2])", "ets(AAdA, x=[x2,x1])"};
  data d;
  make(&d, 0.4, 5);
  for (size_t i = 0; i < sizeof model / sizeof *model; ++i) {
    harness h;
    assert_int_equal(open_with(&h, &d, model[i], 4, N), WSF_OK);
    assert_true(harness_check(&h));
    double *v = (double *)(uintptr_t)h.fitted->state[0].v;
    const double *b = wsf__ets_state_b(v, 2);
    const int swapped = i == 3;
    near(v[WSF__ETS_AT_ERROR], WSF__ETS_ADD, 0);
    near(v[WSF__ETS_AT_SEASON], WSF__ETS_ADD, 0);
    near(b[swapped], 7, 0.5);
    near(b[!swapped], -0.5, 0.02);
    harness_close(&h);
  }
}

static void updates_give_the_same_bits(void **state) {
  (void)state;
  data d;
  make(&d, 0.4, 5);
  d.y[180] = NAN;
  d.value[185] = NAN; /* a gap in a column is one in the series */
  harness one, two;
  const char *model = "ets(AAA, x=[x1,x2])";
  assert_int_equal(open_with(&one, &d, model, 4, 170), WSF_OK);
  assert_int_equal(open_with(&two, &d, model, 4, 170), WSF_OK);
  assert_int_equal(harness_update(&one, 0, d.y + 170, 30), WSF_OK);
  for (int t = 170; t < N; ++t) assert_int_equal(harness_update(&two, 0, d.y + t, 1), WSF_OK);
  const wsf__state *a = &one.fitted->state[0], *b = &two.fitted->state[0];
  assert_int_equal(a->n, b->n);
  assert_memory_equal(a->v, b->v, (size_t)a->n * sizeof *a->v);
  assert_true(a->v[WSF__ETS_AT_N] == N - 2);
  assert_true(harness_check(&one));
  harness_close(&one);
  harness_close(&two);
}

static double width_of(data *d, const char *model, int step) {
  harness h;
  double mean[H], quantile[H];
  assert_int_equal(open_with(&h, d, model, 1, N), WSF_OK);
  harness_forecast(&h, 0, H, (double[]){0.8413447460685429}, 1, mean, quantile);
  harness_close(&h);
  return quantile[step] - mean[step];
}

static void intervals_count_the_coefficients(void **state) {
  (void)state;
  data d;
  make(&d, 0, 0);
  const char *model = "ets(ANN, x=[x2], alpha=0.3)";
  d.value[ALL + N] = 10;
  const double close = width_of(&d, model, 0);
  d.value[ALL + N] = 1010;
  const double far = width_of(&d, model, 0);
  /* sqrt(sigma^2 + (1000 s)^2) with the standard error s of b */
  assert_true(far > 3 * close);
  d.value[ALL + N] = 2010;
  near(width_of(&d, model, 0) / far, 2, 0.2);
}

static void odd_columns(void **state) {
  (void)state;
  data d;
  make(&d, 0, 0);
  harness h;
  /* one that follows from those before it is left out: as if it had not been named */
  double with[H], without[H];
  assert_int_equal(open_with(&h, &d, "ets(x=[x1,twice])", 1, N), WSF_OK);
  assert_int_equal(harness_reason(&h, 0), WSF__FEWER_COLUMNS);
  assert_true(wsf__ets_state_b((double *)(uintptr_t)h.fitted->state[0].v, 2)[1] == 0);
  harness_forecast(&h, 0, H, NULL, 0, with, NULL);
  harness_close(&h);
  assert_int_equal(open_with(&h, &d, "ets(x=[x1])", 1, N), WSF_OK);
  harness_forecast(&h, 0, H, NULL, 0, without, NULL);
  harness_close(&h);
  assert_memory_equal(with, without, sizeof with);

  /* a column that never changes says nothing: 0, and not counted */
  assert_int_equal(open_with(&h, &d, "ets(x=[none,x2])", 1, N), WSF_OK);
  harness_forecast(&h, 0, H, NULL, 0, with, NULL);
  assert_true(wsf__ets_state_b((double *)(uintptr_t)h.fitted->state[0].v, 2)[0] == 0);
  harness_close(&h);
  assert_int_equal(open_with(&h, &d, "ets(x=[x2])", 1, N), WSF_OK);
  harness_forecast(&h, 0, H, NULL, 0, without, NULL);
  harness_close(&h);
  assert_memory_equal(with, without, sizeof with);

  for (int t = 0; t < N; ++t) d.value[2 * ALL + t] = NAN;
  assert_int_equal(open_with(&h, &d, "ets(x=[none])", 1, N), WSF_OK);
  assert_int_equal(harness_reason(&h, 0), WSF__MISSING_REGRESSOR);
  harness_close(&h);
  assert_int_equal(open_with(&h, &d, "ets(x=[nowhere])", 1, N), WSF_E_VALUE);
  harness_close(&h);
  assert_int_equal(open_with(&h, &d, "ets(MAN, x=[x1])", 1, N), WSF_E_VALUE);
  assert_non_null(strstr(h.err.message, "without the letter M"));
  harness_close(&h);
  for (int64_t n = 1; n < 12; ++n) { /* too short for anything but an answer */
    assert_int_equal(open_with(&h, &d, "ets(x=[x1,x2])", 4, n), WSF_OK);
    if (harness_reason(&h, 0) < WSF__NOT_FITTED) assert_true(harness_check(&h));
    harness_close(&h);
  }
}

int test_ets_regress(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(level_is_arima_with_regressors),
      cmocka_unit_test(innovations_are_those_of_arima),
      cmocka_unit_test(known_coefficients_are_found),
      cmocka_unit_test(updates_give_the_same_bits),
      cmocka_unit_test(intervals_count_the_coefficients),
      cmocka_unit_test(odd_columns),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
