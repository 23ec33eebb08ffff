/* ucm: the filter against the density of differences, form by choice, gaps, odd series, updates. */
#include "harness.h"

#include "math/rng.h"
#include "models/local/ucm/ucm.h"

enum { MOST = 200, STEPS = 24 };
static const double ends[2] = {0.025, 0.975};
static const char *const kinds[] = {"level",
                                    "trend",
                                    "seasonal",
                                    "bsm",
                                    "auto",
                                    "bsm, form=trigonometric",
                                    "seasonal, form=trigonometric, harmonics=2"};
enum { KINDS = sizeof kinds / sizeof *kinds };

static const char *word(int kind) {
  static char model[96];
  (void)snprintf(model, sizeof model, "ucm(model=%s)", kinds[kind]);
  return model;
}

static void wavy(double *y, int64_t n) {
  wsf__rng r;
  wsf__rng_init(&r, 5, 1);
  for (int64_t t = 0; t < n; ++t) {
    y[t] = 100 + 0.3 * (double)t + 20 * sin(6.283185307179586 * (double)(t % 12) / 12) +
           2 * wsf__rng_normal(&r);
  }
}

/* The basic structural model's (1 - L)(1 - L^m) y is a moving average whose covariances are known:
 * its density, by Cholesky, has the same differences between variances as the diffuse likelihood
 * of y. */
static double dense(const double *q, const double *y, int n, int m, double *w, double *g) {
  const int k = n - m - 1;
  for (int t = 0; t < k; ++t) w[t] = y[t + m + 1] - y[t + m] - y[t + 1] + y[t];
  for (int i = 0; i < k; ++i) {
    for (int j = 0; j <= i; ++j) {
      const int lag = i - j;
      double c = lag == 0 ? 4 : lag == 1 ? -2 : 0;
      if (lag == m - 1 || lag == m + 1) c += 1;
      if (lag == m) c -= 2;
      c *= q[0];
      c += q[1] * (lag == 0 ? 2 : lag == m ? -1 : 0);
      c += q[2] * (lag < m ? m - lag : 0);
      c += q[3] * (lag == 0 ? 6 : lag == 1 ? -4 : lag == 2 ? 1 : 0);
      g[i * k + j] = c;
    }
  }
  double sum = 0;
  for (int i = 0; i < k; ++i) {
    double z = w[i];
    for (int j = 0; j <= i; ++j) {
      double x = g[i * k + j];
      for (int l = 0; l < j; ++l) x -= g[i * k + l] * g[j * k + l];
      g[i * k + j] = i == j ? sqrt(x) : x / g[j * k + j];
      if (j < i) z -= g[i * k + j] * w[j];
    }
    w[i] = z / g[i * k + i];
    sum += w[i] * w[i] + 2 * log(g[i * k + i]);
  }
  return sum;
}

static void the_filter_is_the_density_of_differences(void **state) {
  (void)state;
  static const double q[][4] = {{1, 0.2, 0.01, 0.05}, {0, 1, 0, 0.3}, {1, 0, 1e-4, 0}};
  static double w[MOST], g[MOST * MOST];
  double y[MOST];
  wavy(y, MOST);
  for (int m = 4; m <= 52; m = m == 4 ? 7 : m == 7 ? 12 : m == 12 ? 52 : 99) {
    double shift = 0;
    for (size_t i = 0; i < sizeof q / sizeof *q; ++i) {
      wsf__arena arena;
      wsf__arena_init(&arena, &wsf__alloc_libc);
      wsf__ucm head = {.slope = 1, .m = m};
      memcpy(head.q, q[i], sizeof head.q);
      double *v = wsf__arena_zero(&arena, wsf__ucm_size(&head), sizeof *v);
      assert_non_null(v);
      *(wsf__ucm *)v = head;
      wsf__ucm_filter f;
      wsf__ucm_start start;
      assert_true(wsf__ucm_open(&f, v, &arena) && wsf__ucm_begin(&start, &f, y, MOST, &arena));
      assert_int_equal(start.steps, m + 1);
      memset(f.a, 0, (wsf__ucm_size(&head) - WSF__UCM_HEAD) * sizeof *v);
      const wsf__ucm_sums s = wsf__ucm_run(&f, y, MOST, &start);
      assert_int_equal(s.count, MOST - m - 1);
      const double difference = s.rss + s.log_f - dense(q[i], y, MOST, m, w, g);
      if (i == 0) shift = difference;
      if (!(fabs(difference - shift) < 1e-7 * fabs(s.rss + s.log_f))) {
        fail_msg("season %d, variances %d: %g", m, (int)i, difference - shift);
      }
      wsf__arena_free(&arena);
    }
  }
}

/* The quick sums are the filter's, for each form that has them. */
static void differences_give_the_sums_of_the_filter(void **state) {
  (void)state;
  static const wsf__ucm forms[] = {
      {.m = 1, .q = {1, 0.1}},
      {.slope = 1, .m = 1, .q = {0.3, 1, 0.02}},
      {.m = 12, .q = {1, 0.2, 0, 0.05}},
      {.slope = 1, .m = 12, .q = {0.5, 1, 0.001, 0.3}},
      {.slope = 1, .m = 52, .q = {1, 0.1, 1e-5, 0}},
      {.m = 52, .q = {0, 1, 0, 0.5}},
      {.slope = 1, .m = 12, .harmonics = 6, .q = {1, 0.2, 0.001, 0.01}},
      {.m = 7, .harmonics = 3, .q = {1, 0.2, 0, 0.01}},
  };
  double y[MOST];
  wavy(y, MOST);
  for (size_t i = 0; i < sizeof forms / sizeof *forms; ++i) {
    wsf__arena arena;
    wsf__arena_init(&arena, &wsf__alloc_libc);
    double *v = wsf__arena_zero(&arena, wsf__ucm_size(&forms[i]), sizeof *v);
    assert_non_null(v);
    *(wsf__ucm *)v = forms[i];
    wsf__ucm_filter f;
    wsf__ucm_start start;
    wsf__ucm_differences d;
    assert_true(wsf__ucm_open(&f, v, &arena) && wsf__ucm_begin(&start, &f, y, MOST, &arena));
    assert_true(wsf__ucm_difference(&d, &forms[i], y, MOST, &arena));
    memset(f.a, 0, (wsf__ucm_size(&forms[i]) - WSF__UCM_HEAD) * sizeof *v);
    const wsf__ucm_sums a = wsf__ucm_run(&f, y, MOST, &start);
    const wsf__ucm_sums b = wsf__ucm_difference_run(&d, forms[i].q);
    assert_int_equal(a.count, b.count);
    if (!(fabs(a.rss / b.rss - 1) < 1e-7 && fabs(a.log_f - b.log_f) < 1e-7 * (1 + fabs(a.log_f)))) {
      fail_msg("%d: %g and %g, %g and %g", (int)i, a.rss, b.rss, a.log_f, b.log_f);
    }
    wsf__arena_free(&arena);
  }
}

static void auto_takes_the_season_that_is_there(void **state) {
  (void)state;
  double y[96];
  wavy(y, 96);
  const int64_t n = 96;
  harness h;
  harness_open(&h, "ucm", 12, 1, &n, y);
  assert_true(((const wsf__ucm *)h.fitted->state[0].v)->m == 12);
  harness_close(&h);
  wsf__rng r;
  wsf__rng_init(&r, 9, 9);
  for (int64_t t = 0; t < n; ++t) y[t] = 50 + wsf__rng_normal(&r);
  harness_open(&h, "ucm", 12, 1, &n, y);
  const wsf__ucm *u = (const wsf__ucm *)h.fitted->state[0].v;
  assert_true(u->m == 1 && u->slope == 0);
  harness_close(&h);
}

static void gaps_are_passed_over(void **state) {
  (void)state;
  double y[120], mean[STEPS], quantile[2 * STEPS];
  wavy(y, 120);
  const int64_t n = 96;
  y[7] = y[40] = y[41] = y[95] = NAN;
  for (int i = 2; i < KINDS; ++i) {
    harness h;
    harness_open(&h, word(i), 12, 1, &n, y);
    harness_forecast(&h, 0, STEPS, ends, 2, mean, quantile);
    for (int step = 0; step < STEPS; ++step) {
      if (!(fabs(mean[step] / y[96 + step] - 1) < 0.2)) fail_msg("%s: %g", word(i), mean[step]);
      assert_true(quantile[step] < mean[step] && mean[step] < quantile[STEPS + step]);
      if (step > 0) {
        assert_true(quantile[STEPS + step] - quantile[step] >
                    0.9 * (quantile[STEPS + step - 1] - quantile[step - 1]));
      }
    }
    harness_close(&h);
  }
}

static void odd_histories_are_followed_somehow(void **state) {
  (void)state;
  double y[40], mean[40], quantile[80];
  for (int i = 0; i < KINDS; ++i) {
    for (int64_t n = 1; n <= 40; n += 1 + n / 12) {
      for (int kind = 0; kind < 7; ++kind) {
        wavy(y, n);
        for (int64_t t = 0; t < n; ++t) {
          if (kind == 1) y[t] = 3.5;
          if (kind == 2) y[t] = 0;
          if (kind == 3) y[t] = t % 5 == 0 ? 4 : 0;
          if (kind == 4 && t % 3 == 1) y[t] = NAN;
          if (kind == 5) y[t] = 3 + 2 * (double)t;
          if (kind == 6) y[t] = (double)(t % 12);
        }
        harness h;
        harness_open(&h, word(i), 12, 1, &n, y);
        assert_true(harness_reason(&h, 0) < WSF__NOT_FITTED);
        assert_true(harness_check(&h));
        if (kind == 1) assert_int_equal(harness_reason(&h, 0), WSF__CONSTANT);
        if (kind == 2) assert_int_equal(harness_reason(&h, 0), WSF__ZERO);
        harness_forecast(&h, 0, 40, ends, 2, mean, quantile);
        for (int step = 0; step < 40; ++step) {
          assert_true(isfinite(mean[step]) && quantile[step] <= quantile[40 + step]);
          if (kind == 1) assert_true(mean[step] == 3.5);
        }
        harness_close(&h);
      }
    }
  }
}

/* What is appended is filtered as if it had always been there, bit for bit. */
static void ucm_updates_are_the_longer_filter(void **state) {
  (void)state;
  double y[100], x[100];
  wavy(y, 100);
  y[30] = y[83] = y[90] = NAN;
  const int64_t n = 80;
  for (int i = 0; i < KINDS; ++i) {
    harness one, two;
    harness_open(&one, word(i), 12, 1, &n, y);
    harness_open(&two, word(i), 12, 1, &n, y);
    wsf__ucm head = *(const wsf__ucm *)one.fitted->state[0].v;
    assert_int_equal(harness_update(&one, 0, y + 80, 20), WSF_OK);
    assert_int_equal(harness_update(&two, 0, y + 80, 7), WSF_OK);
    assert_int_equal(harness_update(&two, 0, y + 87, 13), WSF_OK);
    const wsf__state *a = &one.fitted->state[0], *b = &two.fitted->state[0];
    assert_int_equal(a->n, b->n);
    assert_memory_equal(a->v, b->v, (size_t)a->n * sizeof *a->v);
    assert_true(harness_check(&one));

    for (int t = 0; t < 100; ++t) x[t] = y[t] / head.scale - head.offset;
    double *v = wsf__arena_zero(&one.arena, wsf__ucm_size(&head), sizeof *v);
    assert_non_null(v);
    head.n = 0;
    *(wsf__ucm *)v = head;
    wsf__ucm_filter f;
    wsf__ucm_start start;
    assert_true(wsf__ucm_open(&f, v, &one.arena));
    assert_true(wsf__ucm_begin(&start, &f, x, 100, &one.arena));
    memset(f.a, 0, (wsf__ucm_size(&head) - WSF__UCM_HEAD) * sizeof *v);
    (void)wsf__ucm_run(&f, x, 100, &start);
    assert_memory_equal(a->v, v, (size_t)a->n * sizeof *v);
    harness_close(&one);
    harness_close(&two);
  }
}

int test_ucm(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_filter_is_the_density_of_differences),
      cmocka_unit_test(differences_give_the_sums_of_the_filter),
      cmocka_unit_test(auto_takes_the_season_that_is_there),
      cmocka_unit_test(gaps_are_passed_over),
      cmocka_unit_test(odd_histories_are_followed_somehow),
      cmocka_unit_test(ucm_updates_are_the_longer_filter),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
