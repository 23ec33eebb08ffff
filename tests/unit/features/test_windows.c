/* Sliding statistics against each window computed alone, in any stretch, with gaps, and where sums
 * that subtract lose everything. */
#include "recipes.h"

#include "features/windows.h"
#include "math/stats.h"

enum { N = 300 };

/* One window, by definition. */
static double plain(wsf__statistic s, const double *z, int64_t n, int64_t least, double q) {
  double kept[N];
  int64_t m = 0, zeros = 0;
  double sum = 0;
  for (int64_t i = 0; i < n; ++i) {
    if (isnan(z[i])) continue;
    kept[m++] = z[i];
    sum += z[i];
    zeros += z[i] == 0;
  }
  if (m < least || m == 0) return NAN;
  const double mean = sum / (double)m;
  double squares = 0;
  for (int64_t i = 0; i < m; ++i) squares += (kept[i] - mean) * (kept[i] - mean);
  wsf__sort(kept, m);
  switch (s) {
  case WSF__STAT_MEAN:
    return mean;
  case WSF__STAT_SUM:
    return sum;
  case WSF__STAT_STD:
    return m < 2 ? NAN : sqrt(squares / (double)(m - 1));
  case WSF__STAT_MIN:
    return kept[0];
  case WSF__STAT_MAX:
    return kept[m - 1];
  case WSF__STAT_ZEROS:
    return (double)zeros / (double)m;
  default:
    return wsf__quantile_sorted(kept, m, s == WSF__STAT_MEDIAN ? 0.5 : q);
  }
}

static void near(wsf__statistic s, double wanted, float found, double scale) {
  if (isnan(wanted) && isnan(found)) return;
  if (fabs(wanted - (double)found) <= 1e-6 * fabs(wanted) + 1e-12 * scale) return;
  fail_msg("statistic %d is %.9g, expected %.9g", (int)s, (double)found, wanted);
}

static void values(double *z, int k) {
  for (int i = 0; i < N; ++i) {
    z[i] = floor(noise(5, k, i) / 7);
    if (k == 3 ? i == N - 20 : i % (7 + k) == 3 || (k == 2 && i > 100 && i < 150)) z[i] = NAN;
  }
}

static void test_slide(void **state) {
  (void)state;
  static const int64_t width[] = {1, 2, 3, 7, 28, 64, 299};
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  double z[N];
  float x[N], one;
  for (int k = 0; k < 4; ++k) { /* 3: so few gaps that blocks go in lanes */
    values(z, k);
    for (int i = 0; i < 7; ++i) {
      for (int s = 0; s <= WSF__STAT_QUANTILE; ++s) {
        wsf__windows w = {
            .z = z, .n = N - width[i] + 1, .width = width[i], .anchor = k * 5 - 3, .least = 1 + k};
        w.q = 0.9;
        assert_true(wsf__windows_slide(&w, (wsf__statistic)s, &arena, x));
        const int64_t n = w.n;
        for (int64_t from = 0; from < n; ++from) {
          near((wsf__statistic)s, plain((wsf__statistic)s, z + from, width[i], w.least, w.q),
               x[from], 100);
          w.z = z + from;
          w.n = 1;
          w.anchor = k * 5 - 3 + from;
          assert_true(wsf__windows_slide(&w, (wsf__statistic)s, &arena, &one));
          assert_bits(&x[from], &one, 1, "alone");
        }
      }
    }
  }
  wsf__arena_free(&arena);
}

static void test_grow(void **state) {
  (void)state;
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  double z[N];
  float x[N], part[N];
  values(z, 1);
  for (int s = 0; s <= WSF__STAT_QUANTILE; ++s) {
    wsf__windows w = {.z = z, .n = N, .least = 3, .q = 0.25};
    assert_true(wsf__windows_grow(&w, 0, (wsf__statistic)s, &arena, x));
    for (int64_t i = 0; i < N; ++i) {
      near((wsf__statistic)s, plain((wsf__statistic)s, z, i + 1, 3, w.q), x[i], 100);
    }
    w.n = 40;
    assert_true(wsf__windows_grow(&w, 201, (wsf__statistic)s, &arena, part));
    assert_bits(x + 201, part, 40, "grow");
  }
  wsf__arena_free(&arena);
}

/* A value of 1e15 leaves no trace once it is out of the window; 1e9 + i keeps its spread. */
static void test_cancellation(void **state) {
  (void)state;
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  double z[N];
  float x[N];
  for (int i = 0; i < N; ++i) z[i] = i == 100 ? 1e15 : 0.1 * (i % 5);
  wsf__windows w = {.z = z, .n = N - 9, .width = 10, .least = 1};
  assert_true(wsf__windows_slide(&w, WSF__STAT_MEAN, &arena, x));
  for (int i = 101; i < w.n; ++i) assert_true(fabs((double)x[i] - 0.2) < 1e-7);
  assert_true(wsf__windows_slide(&w, WSF__STAT_STD, &arena, x));
  for (int i = 101; i < w.n; ++i) assert_true(fabs((double)x[i] - sqrt(0.2 / 9)) < 1e-7);
  for (int i = 0; i < N; ++i) z[i] = 1e9 + i % 10;
  assert_true(wsf__windows_slide(&w, WSF__STAT_STD, &arena, x));
  for (int i = 0; i < w.n; ++i) assert_true(fabs((double)x[i] - sqrt(82.5 / 9)) < 1e-6);
  /* what never changes has no spread at all */
  for (int i = 0; i < N; ++i) z[i] = 0.1;
  assert_true(wsf__windows_slide(&w, WSF__STAT_STD, &arena, x));
  for (int i = 0; i < w.n; ++i) assert_true(x[i] == 0);
  wsf__arena_free(&arena);
}

int test_windows(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_slide),
      cmocka_unit_test(test_grow),
      cmocka_unit_test(test_cancellation),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
