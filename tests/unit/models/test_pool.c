/* pool against its definition by hand, and what it does with series that have little to lend. */
#include "harness.h"

#include "math/rng.h"

enum { T = 30, H = 3 };

static void near(double a, double b) {
  if (!(fabs(a - b) <= 1e-9 * fmax(1, fabs(b)))) fail_msg("%.12g is not %.12g", a, b);
}

/* Mean and standard deviation over the periods where both are observed. */
static void moments(const double *x, const double *z, int n, double *mean, double *sd) {
  double sum = 0, square = 0, count = 0;
  for (int t = 0; t < n; ++t) {
    if (!isnan(x[t] + z[t])) sum += x[t], count += 1;
  }
  *mean = sum / count;
  for (int t = 0; t < n; ++t) {
    if (!isnan(x[t] + z[t])) square += (x[t] - *mean) * (x[t] - *mean);
  }
  *sd = sqrt(square / count);
}

static double correlation(const double *x, const double *z, int n) {
  double mx, sx, mz, sz, sum = 0, count = 0;
  moments(x, z, n, &mx, &sx);
  moments(z, x, n, &mz, &sz);
  for (int t = 0; t < n; ++t) {
    if (!isnan(x[t] + z[t])) sum += (x[t] - mx) * (z[t] - mz), count += 1;
  }
  return sum / count / (sx * sz);
}

static void the_closest_are_averaged(void **state) {
  (void)state;
  enum { N = 6 };
  double y[N * T], mean[T];
  int64_t length[N];
  wsf__rng r;
  wsf__rng_init(&r, 3, 3);
  for (int i = 0; i < N; ++i) {
    length[i] = T;
    for (int t = 0; t < T; ++t) {
      const double wave = i % 2 ? sin(t) : cos(0.7 * t);
      y[i * T + t] = (i + 1) * (100 + 20 * wave) + (4 + 2 * i) * wsf__rng_normal(&r);
    }
  }
  y[2 * T + 5] = y[4 * T + 9] = y[0 * T + 5] = y[0 * T + 11] = NAN;
  /* snaive of a season as long as the history shows what the inner model saw */
  harness h;
  harness_open(&h, "pool(snaive, k=3)", T, N, length, y);
  assert_true(harness_check(&h));
  for (int i = 0; i < N; ++i) {
    const double *own = y + i * T;
    int best[2] = {-1, -1};
    for (int rank = 0; rank < 2; ++rank) {
      for (int j = 0; j < N; ++j) {
        if (j == i || j == best[0]) continue;
        if (best[rank] < 0 ||
            correlation(own, y + j * T, T) > correlation(own, y + best[rank] * T, T)) {
          best[rank] = j;
        }
      }
    }
    assert_int_equal(best[0] % 2, i % 2);
    assert_int_equal(best[1] % 2, i % 2);
    harness_forecast(&h, i, T, NULL, 0, mean, NULL);
    double square = 0, count = 0;
    for (int t = 0; t < T; ++t) {
      double sum = isnan(own[t]) ? 0 : own[t], n = !isnan(own[t]);
      for (int k = 0; k < 2; ++k) {
        const double *other = y + best[k] * T;
        double m, s, mo, so;
        moments(own, other, T, &m, &s);
        moments(other, own, T, &mo, &so);
        if (isnan(other[t])) continue;
        sum += m + s / so * (other[t] - mo);
        n += 1;
      }
      near(mean[t], sum / n);
      if (!isnan(own[t])) square += (own[t] - sum / n) * (own[t] - sum / n), count += 1;
    }
    near(h.fitted->state[i].v[0], sqrt(square / count));
  }
  harness_close(&h);
}

static void forecast_of(const char *model, int64_t n, const int64_t *length, const double *y,
                        int64_t i, double *mean, double *quantile) {
  harness h;
  harness_open(&h, model, 4, n, length, y);
  assert_true(harness_reason(&h, i) < WSF__NOT_FITTED);
  assert_true(harness_check(&h));
  harness_forecast(&h, i, H, (double[]){0.1, 0.9}, 2, mean, quantile);
  harness_close(&h);
}

static void who_has_nothing_to_lend_changes_nothing(void **state) {
  (void)state;
  enum { N = 5 };
  double y[N * T], pooled[H], plain[H], around[2 * H], wider[2 * H];
  int64_t length[N] = {T, T, 7, T, T};
  wsf__rng r;
  wsf__rng_init(&r, 6, 6);
  double *own = y, *opposite = y + T, *brief = y + 2 * T, *constant = brief + 7,
         *gaps = constant + T;
  for (int t = 0; t < T; ++t) own[t] = 10 + wsf__rng_normal(&r);
  for (int t = 0; t < T; ++t) opposite[t] = 50 - 3 * own[t];
  for (int t = 0; t < 7; ++t) brief[t] = own[T - 7 + t];
  for (int t = 0; t < T; ++t) constant[t] = 8;
  for (int t = 0; t < T; ++t) gaps[t] = t % 3 == 0 ? 2 * own[t] : NAN;
  forecast_of("pool(naive)", N, length, y, 0, pooled, around);
  forecast_of("naive", N, length, y, 0, plain, wider);
  assert_memory_equal(pooled, plain, sizeof plain);
  assert_memory_equal(around, wider, sizeof wider);
  /* the gaps' own half lies in common: own lends to it, and fills it */
  forecast_of("pool(naive)", N, length, y, 4, pooled, around);
  near(pooled[0], 2 * own[T - 1]);
  /* opposites take part if asked for */
  forecast_of("pool(naive, correlation=-1)", N, length, y, 0, pooled, around);
  assert_true(pooled[0] != plain[0]);
  harness h;
  harness_open(&h, "pool(naive)", 4, N, length, y);
  assert_int_equal(harness_reason(&h, 3), WSF__CONSTANT);
  assert_int_equal(harness_reason(&h, 2), WSF__NO_EFFECT); /* too brief to have partners */
  harness_close(&h);
  /* alone */
  forecast_of("pool(naive)", 1, length, y, 0, pooled, around);
  assert_memory_equal(pooled, plain, sizeof plain);
  forecast_of("pool(naive, k=1)", N, length, y, 4, pooled, around);
  forecast_of("naive", N, length, y, 4, plain, wider);
  assert_memory_equal(pooled, plain, sizeof plain);
}

static void ties_go_to_the_first_and_order_does_not_matter(void **state) {
  (void)state;
  enum { N = 4 };
  double y[N * T], mean[H], quantile[2 * H];
  const int64_t length[N] = {T, T, T, T};
  wsf__rng r;
  wsf__rng_init(&r, 7, 7);
  for (int t = 0; t < T; ++t) {
    y[t] = wsf__rng_normal(&r);
    for (int i = 1; i < N; ++i) y[i * T + t] = y[t] + (t % 2 ? 0.1 : -0.1);
    y[3 * T + t] = y[2 * T + t];
  }
  y[T + T - 1] = NAN; /* the first of three equals, known by its gap */
  harness h;
  assert_int_equal(harness_begin(&h, "pool(average, k=2)", 4, N, length, y), WSF_OK);
  assert_int_equal(harness_fit(&h), WSF_OK);
  double forward[N], backward[N];
  for (int i = 0; i < N; ++i) {
    harness_forecast(&h, i, H, NULL, 0, mean, quantile);
    forward[i] = mean[0];
  }
  harness_close(&h);
  assert_int_equal(harness_begin(&h, "pool(average, k=2)", 4, N, length, y), WSF_OK);
  for (int i = 0; i < N / 2; ++i) {
    const wsf__series other = h.series[i];
    h.series[i] = h.series[N - 1 - i];
    h.series[N - 1 - i] = other;
  }
  assert_int_equal(harness_fit(&h), WSF_OK);
  for (int i = 0; i < N; ++i) {
    harness_forecast(&h, i, H, NULL, 0, mean, quantile);
    backward[h.series[i].id] = mean[0];
  }
  harness_close(&h);
  assert_memory_equal(forward, backward, sizeof forward);
  near(forward[2], forward[3]); /* equals lend each other */
}

int test_pool(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_closest_are_averaged),
      cmocka_unit_test(who_has_nothing_to_lend_changes_nothing),
      cmocka_unit_test(ties_go_to_the_first_and_order_does_not_matter),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
