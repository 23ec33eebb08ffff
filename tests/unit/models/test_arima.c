/* The pieces of arima: polynomials, the filter against dense covariance matrices, missing values,
 * the state over updates, options, and the choice of differences. */
#include "harness.h"

#include "math/rng.h"
#include "models/local/arima.h"

enum { LONGEST = 64, WEIGHTS = 6000 };

static void partial_correlations_go_both_ways(void **state) {
  (void)state;
  const double r[5] = {0.5, -0.9, 0.3, 0.99, -0.2};
  double c[5], back[5];
  wsf__arima_from_partial(5, r, c);
  assert_true(wsf__arima_to_partial(5, c, back));
  for (int i = 0; i < 5; ++i) assert_true(fabs(back[i] - r[i]) < 1e-12);
  const double beyond[2] = {1.2, -0.2}; /* a root at 1 */
  assert_false(wsf__arima_to_partial(2, beyond, back));
  const double half[1] = {0.5}; /* a root at 2 */
  assert_true(wsf__arima_roots_beyond(1, half, 1.9));
  assert_false(wsf__arima_roots_beyond(1, half, 2.1));
}

static void differences_multiply_out(void **state) {
  (void)state;
  const wsf__arima_order o = {.d = 1, .D = 1, .m = 4};
  const double expected[5] = {1, 0, 0, 1, -1};
  double d[5];
  wsf__arima_differences(&o, d);
  for (int i = 0; i < 5; ++i) assert_true(d[i] == expected[i]);
}

/* Autocovariances by the sum over many weights of the errors. */
static void covariances(const wsf__arma *a, int n, double *g) {
  static double psi[WEIGHTS];
  wsf__arima_psi(a, NULL, 0, WEIGHTS, psi);
  for (int k = 0; k < n; ++k) {
    g[k] = 0;
    for (int t = 0; t + k < WEIGHTS; ++t) g[k] += psi[t] * psi[t + k];
  }
}

/* Dense: e'e = y' V^-1 y and log |V| by Cholesky. */
static void dense(const double *g, const double *y, int n, double *square, double *log_det) {
  static double l[LONGEST][LONGEST], e[LONGEST];
  *square = *log_det = 0;
  for (int i = 0; i < n; ++i) {
    double left = y[i];
    for (int j = 0; j <= i; ++j) {
      double x = g[i - j];
      for (int k = 0; k < j; ++k) x -= l[i][k] * l[j][k];
      l[i][j] = j < i ? x / l[j][j] : sqrt(x);
      if (j < i) left -= l[i][j] * e[j];
    }
    e[i] = left / l[i][i];
    *square += e[i] * e[i];
    *log_det += 2 * log(l[i][i]);
  }
}

static const wsf__arima_order orders[] = {
    {.m = 1},
    {.p = 1, .m = 1},
    {.q = 2, .m = 1},
    {.p = 2, .q = 1, .m = 1},
    {.p = 1, .q = 3, .P = 1, .m = 4},
    {.p = 2, .q = 1, .P = 1, .Q = 1, .m = 4},
    {.p = 3, .q = 5, .Q = 2, .m = 3}, /* a season shorter than the first polynomial */
    {.P = 2, .Q = 1, .m = 12},
};

static const double phi[3] = {0.5, -0.3, 0.2}, theta[5] = {0.4, 0.3, -0.2, 0.1, 0.15};
static const double cycle_ar[2] = {0.6, 0.2}, cycle_ma[2] = {-0.5, 0.3};
static void coefficients(const wsf__arima_order *o, double *c) {
  memcpy(c, phi, (size_t)o->p * sizeof *c);
  memcpy(c + o->p, theta, (size_t)o->q * sizeof *c);
  memcpy(c + o->p + o->q, cycle_ar, (size_t)o->P * sizeof *c);
  memcpy(c + o->p + o->q + o->P, cycle_ma, (size_t)o->Q * sizeof *c);
}

static void random_walk(double *y, int n, uint64_t seed) {
  wsf__rng r;
  wsf__rng_init(&r, 11, seed);
  for (int t = 0; t < n; ++t) y[t] = 0.5 * (t > 0 ? y[t - 1] : 0) + wsf__rng_normal(&r);
}

static void filter_agrees_with_dense_matrices(void **state) {
  (void)state;
  double y[LONGEST], e[LONGEST], again[LONGEST], g[LONGEST], c[WSF__ARIMA_PARAMETERS];
  random_walk(y, LONGEST, 1);
  for (size_t i = 0; i < sizeof orders / sizeof *orders; ++i) {
    wsf__arena arena;
    wsf__arena_init(&arena, &wsf__alloc_libc);
    wsf__arma a;
    assert_true(wsf__arma_new(&a, &orders[i], &arena));
    coefficients(&orders[i], c);
    wsf__arma_set(&a, &orders[i], c);
    covariances(&a, LONGEST, g);
    double square, log_det;
    dense(g, y, LONGEST, &square, &log_det);

    double *work = wsf__arena_new(&arena, wsf__arma_work(&a) + 4 * (size_t)a.r, sizeof *work);
    assert_non_null(work);
    double *gain = work + wsf__arma_work(&a);
    wsf__arma_filter f = {.gain = gain, .change = gain + a.r};
    double *x = gain + 2 * a.r, log_f = 0, sum = 0;
    for (int pieces = 0; pieces < 2; ++pieces) {
      memset(x, 0, (size_t)a.r * sizeof *x);
      assert_true(wsf__arma_start(&a, &f, work));
      log_f = sum = 0;
      for (int t = 0; t < LONGEST;) {
        const int count = pieces ? 1 : LONGEST;
        const double *in = y + t;
        double *out = (pieces ? again : e) + t;
        wsf__arma_filter_run(&a, &f, &x, 1, count, &in, NULL, &out, &log_f);
        t += count;
      }
    }
    for (int t = 0; t < LONGEST; ++t) sum += e[t] * e[t];
    assert_memory_equal(e, again, sizeof e);
    if (!(fabs(sum - square) < 1e-9 * square) || !(fabs(log_f - log_det) < 1e-9)) {
      fail_msg("order %d: %.15g, %.15g; dense %.15g, %.15g", (int)i, sum, log_f, square, log_det);
    }
    wsf__arena_free(&arena);
  }
}

/* AR(1) with gaps: the likelihood of the observed values, each given the one before. */
static void missing_values_are_exact(void **state) {
  (void)state;
  double y[LONGEST];
  random_walk(y, LONGEST, 2);
  for (int t = 3; t < LONGEST - 1; t += 3 + t % 4) y[t] = NAN;
  y[20] = y[21] = y[22] = NAN;
  harness h;
  harness_open(&h, "arima(order=[1,0,0], mean=false)", 1, 1, (int64_t[]){LONGEST}, y);
  const double *v = h.fitted->state[0].v, coefficient = v[16], count_free = v[9] * v[9];
  double best = -INFINITY, at = 0, sse_at = 0;
  for (double x = coefficient - 0.01; x < coefficient + 0.01; x += 1e-5) {
    double square = y[0] * y[0] * (1 - x * x), log_det = -log(1 - x * x), count = 1;
    for (int t = 1, last = 0; t < LONGEST; ++t) {
      if (isnan(y[t])) continue;
      const double power = pow(x, t - last), f = (1 - power * power) / (1 - x * x);
      square += (y[t] - power * y[last]) * (y[t] - power * y[last]) / f;
      log_det += log(f);
      count += 1;
      last = t;
    }
    const double l =
        -0.5 * (count * (log(2 * 3.14159265358979323846 * square / count) + 1) + log_det);
    if (l > best) best = l, at = x, sse_at = square / (count - 1);
  }
  assert_true(fabs(v[10] - best) < 1e-6);
  assert_true(fabs(coefficient - at) < 3e-5);
  assert_true(fabs(count_free - sse_at) < 1e-3 * sse_at);
  harness_close(&h);
}

/* A state moved over appended values forecasts what a filter over all of them does: for AR(2) after
 * one difference, by hand. */
static void update_runs_the_filter(void **state) {
  (void)state;
  double y[LONGEST + 8], mean[3];
  random_walk(y, LONGEST + 8, 3);
  for (int t = 1; t < LONGEST + 8; ++t) y[t] += y[t - 1];
  harness h;
  harness_open(&h, "arima(order=[2,1,0])", 1, 1, (int64_t[]){LONGEST}, y);
  const double a = h.fitted->state[0].v[16], b = h.fitted->state[0].v[17];
  assert_int_equal(harness_update(&h, 0, y + LONGEST, 3), WSF_OK);
  assert_int_equal(harness_update(&h, 0, y + LONGEST + 3, 5), WSF_OK);
  assert_true(harness_check(&h));
  harness_forecast(&h, 0, 3, NULL, 0, mean, NULL);
  double level = y[LONGEST + 7], last = level - y[LONGEST + 6];
  double before = y[LONGEST + 6] - y[LONGEST + 5];
  for (int i = 0; i < 3; ++i) {
    const double next = a * last + b * before;
    level += next;
    assert_true(fabs(mean[i] - level) < 1e-10);
    before = last;
    last = next;
  }
  harness_close(&h);
}

/* The bits of a series do not depend on how its update is cut. */
static void update_in_pieces_gives_the_same_bits(void **state) {
  (void)state;
  double y[LONGEST], whole[6], pieces[6];
  random_walk(y, LONGEST, 4);
  y[50] = y[51] = y[60] = NAN;
  for (int cut = 0; cut < 2; ++cut) {
    harness h;
    harness_open(&h, "arima(order=[1,1,1], seasonal=[0,1,1])", 4, 1, (int64_t[]){40}, y);
    for (int t = 40; t < LONGEST;) {
      const int count = cut ? 1 : LONGEST - 40;
      assert_int_equal(harness_update(&h, 0, y + t, count), WSF_OK);
      t += count;
    }
    harness_forecast(&h, 0, 6, NULL, 0, cut ? pieces : whole, NULL);
    harness_close(&h);
  }
  assert_memory_equal(whole, pieces, sizeof whole);
}

static void drift_and_mean_follow_r(void **state) {
  (void)state;
  double y[LONGEST], mean[2];
  random_walk(y, LONGEST, 5);
  harness h;
  harness_open(&h, "arima(order=[0,0,0])", 1, 1, (int64_t[]){LONGEST}, y);
  double sum = 0;
  for (int t = 0; t < LONGEST; ++t) sum += y[t] / LONGEST;
  harness_forecast(&h, 0, 2, NULL, 0, mean, NULL);
  assert_true(fabs(mean[1] - sum) < 1e-12);
  harness_close(&h);
  harness_open(&h, "arima(order=[0,1,0])", 1, 1, (int64_t[]){LONGEST}, y);
  harness_forecast(&h, 0, 2, NULL, 0, mean, NULL);
  assert_true(mean[1] == y[LONGEST - 1]);
  harness_close(&h);
  harness_open(&h, "arima(order=[0,1,0], drift=true)", 1, 1, (int64_t[]){LONGEST}, y);
  harness_forecast(&h, 0, 2, NULL, 0, mean, NULL);
  const double drift = (y[LONGEST - 1] - y[0]) / (LONGEST - 1);
  assert_true(fabs(mean[1] - y[LONGEST - 1] - 2 * drift) < 1e-12);
  harness_close(&h);
}

static void series_too_short_for_the_order_walk(void **state) {
  (void)state;
  const double y[6] = {1, 4, 2, 6, 3, 5};
  double mean[2];
  harness h;
  harness_open(&h, "arima(order=[0,1,1], seasonal=[0,1,1])", 12, 1, (int64_t[]){6}, y);
  assert_int_equal(harness_reason(&h, 0), WSF__REPLACED);
  harness_forecast(&h, 0, 2, NULL, 0, mean, NULL);
  assert_true(mean[0] == 5 && mean[1] == 5);
  harness_close(&h);
}

static void orders_have_three_numbers(void **state) {
  (void)state;
  const double y[4] = {1, 4, 2, 6};
  harness h;
  assert_int_equal(harness_begin(&h, "arima(order=[1,1])", 1, 1, (int64_t[]){4}, y), WSF_OK);
  assert_int_equal(harness_fit(&h), WSF_E_VALUE);
  assert_non_null(strstr(h.err.message, "order has 2 numbers"));
  harness_close(&h);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(partial_correlations_go_both_ways),
      cmocka_unit_test(differences_multiply_out),
      cmocka_unit_test(filter_agrees_with_dense_matrices),
      cmocka_unit_test(missing_values_are_exact),
      cmocka_unit_test(update_runs_the_filter),
      cmocka_unit_test(update_in_pieces_gives_the_same_bits),
      cmocka_unit_test(drift_and_mean_follow_r),
      cmocka_unit_test(series_too_short_for_the_order_walk),
      cmocka_unit_test(orders_have_three_numbers),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
