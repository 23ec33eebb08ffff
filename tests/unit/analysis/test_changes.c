#include "unit/analysis/classic.h"

#include "analysis/changes.h"

/* The flow of the Nile falls after 1898 (Cobb 1978); R's changepoint and ruptures agree. */
static void the_nile_changes_after_1898(void **state) {
  (void)state;
  double y[100];
  assert_int_equal(read_classic("Nile", y, 100), 100);
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  for (int rule = 0; rule < 4; ++rule) {
    const wsf__change_rule r = {.variance = rule / 2, .mbic = rule % 2};
    wsf__change *found;
    int64_t count;
    assert_true(wsf__find_changes(&found, &count, y, 100, &r, &arena));
    assert_int_equal(count, 1);
    assert_int_equal(found->at, 1899 - 1871);
    assert_true(near_to(found->before[0], 1097.75, 1e-12));
    assert_true(near_to(found->after[0], 849.9722222222, 1e-12));
    assert_true(near_to(found->after[1], 124.7789, 1e-3));
    assert_true(found->gain > 3 * log(100));
  }
  y[27] = y[28] = y[60] = NAN;
  const wsf__change_rule r = {.mbic = true};
  wsf__change *found;
  int64_t count;
  assert_true(wsf__find_changes(&found, &count, y, 100, &r, &arena));
  assert_int_equal(count, 1);
  assert_int_equal(found->at, 29); /* the first that was observed */
  wsf__arena_free(&arena);
}

static double pseudo(uint32_t *seed) {
  *seed = *seed * 1664525u + 1013904223u;
  return (double)(*seed >> 8) / 16777216 - 0.5;
}

/* Twice the negative log-likelihood plus penalties, as the header of changes.c says. */
static double score(const double *y, int n, double sigma, const wsf__change_rule *r,
                    const int64_t *begin, int segments) {
  double total = 0;
  for (int k = 0; k < segments; ++k) {
    const int64_t to = k + 1 < segments ? begin[k + 1] : n, count = to - begin[k];
    double mean = 0, squares = 0;
    for (int64_t t = begin[k]; t < to; ++t) mean += y[t] / sigma / (double)count;
    for (int64_t t = begin[k]; t < to; ++t)
      squares += (y[t] / sigma - mean) * (y[t] / sigma - mean);
    if (r->variance) {
      const double v = fmax(squares / (double)count, 0.01);
      squares = (double)count * log(6.283185307179586 * v) + squares / v;
    }
    total += squares + (r->mbic ? log((double)count / n) : 0);
  }
  const int terms = (r->variance ? 2 : 1) + (r->mbic ? 2 : 1);
  return total + (segments - 1) * terms * log(n);
}

static double noise_of(const double *y, int n) {
  double d[64];
  for (int t = 0; t + 1 < n; ++t) d[t] = fabs(y[t + 1] - y[t]);
  for (int i = 0; i < n - 1; ++i) {
    for (int j = i; j > 0 && d[j] < d[j - 1]; --j) {
      const double swap = d[j];
      d[j] = d[j - 1];
      d[j - 1] = swap;
    }
  }
  const double median = n % 2 ? (d[(n - 2) / 2] + d[(n - 1) / 2]) / 2 : d[(n - 1) / 2];
  return 1.4826 * median / sqrt(2);
}

/* Of all segmentations with up to three changes none is better than the one found. */
static void no_segmentation_is_better(void **state) {
  (void)state;
  enum { N = 32 };
  uint32_t seed = 8;
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  int changes = 0;
  for (int run = 0; run < 24; ++run) {
    double y[N];
    const wsf__change_rule r = {.variance = run % 2, .mbic = run / 2 % 2, .least = 2 + run % 3};
    const double jump = run % 5, wide = run % 7 == 0 ? 5 : 1;
    for (int t = 0; t < N; ++t)
      y[t] = (t >= 11 ? jump : 0) + (t >= 20 ? -jump / 2 : 0) + pseudo(&seed) * (t > 15 ? wide : 1);
    wsf__change *found;
    int64_t count;
    assert_true(wsf__find_changes(&found, &count, y, N, &r, &arena));
    if (count > 3) continue;
    changes += (int)count;
    int64_t begin[4] = {0};
    for (int k = 0; k < count; ++k) begin[k + 1] = found[k].at;
    const double sigma = noise_of(y, N);
    const double ours = score(y, N, sigma, &r, begin, (int)count + 1) + 1e-9;
    assert_true(score(y, N, sigma, &r, (const int64_t[]){0}, 1) >= ours - 2e-9);
    for (int64_t i = r.least; i <= N - r.least; ++i) {
      assert_true(score(y, N, sigma, &r, (const int64_t[]){0, i}, 2) >= ours - 2e-9);
      for (int64_t j = i + r.least; j <= N - r.least; ++j) {
        assert_true(score(y, N, sigma, &r, (const int64_t[]){0, i, j}, 3) >= ours - 2e-9);
        for (int64_t k = j + r.least; k <= N - r.least; ++k) {
          assert_true(score(y, N, sigma, &r, (const int64_t[]){0, i, j, k}, 4) >= ours - 2e-9);
        }
      }
    }
  }
  assert_true(changes > 15);
  wsf__arena_free(&arena);
}

static void a_change_of_spread_needs_the_rule_for_it(void **state) {
  (void)state;
  double y[200];
  uint32_t seed = 2;
  for (int t = 0; t < 200; ++t) y[t] = 50 + pseudo(&seed) * (t < 120 ? 1 : 8);
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  wsf__change *found;
  int64_t count;
  const wsf__change_rule both = {.variance = true, .mbic = true};
  assert_true(wsf__find_changes(&found, &count, y, 200, &both, &arena));
  assert_int_equal(count, 1);
  assert_true(found->at >= 117 && found->at <= 123 && found->after[1] > 4 * found->before[1]);
  const wsf__change_rule dear = {.variance = true, .penalty = 1e6};
  assert_true(wsf__find_changes(&found, &count, y, 200, &dear, &arena));
  assert_int_equal(count, 0);
  wsf__arena_free(&arena);
}

static void series_that_say_nothing_do_not_change(void **state) {
  (void)state;
  double y[30];
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  wsf__change *found;
  int64_t count;
  for (int rule = 0; rule < 4; ++rule) {
    const wsf__change_rule r = {.variance = rule / 2, .mbic = rule % 2, .least = 1};
    for (int t = 0; t < 30; ++t) y[t] = 7.1;
    for (int64_t n = 0; n <= 30; ++n) {
      assert_true(wsf__find_changes(&found, &count, y, n, &r, &arena));
      assert_int_equal(count, 0);
    }
    for (int t = 0; t < 30; ++t) y[t] = NAN;
    assert_true(wsf__find_changes(&found, &count, y, 30, &r, &arena));
    assert_int_equal(count, 0);
    for (int t = 0; t < 30; ++t) y[t] = t < 17 ? 3 : 8; /* most steps are 0 */
    assert_true(wsf__find_changes(&found, &count, y, 30, &r, &arena));
    assert_true(count <= 1 && (count == 0 || found->at == 17));
    for (int64_t n = 0; n < 6; ++n) {
      y[n] = (double)(n * n);
      assert_true(wsf__find_changes(&found, &count, y, n, &r, &arena));
    }
  }
  wsf__arena_free(&arena);
}

int test_changes(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_nile_changes_after_1898),
      cmocka_unit_test(no_segmentation_is_better),
      cmocka_unit_test(a_change_of_spread_needs_the_rule_for_it),
      cmocka_unit_test(series_that_say_nothing_do_not_change),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
