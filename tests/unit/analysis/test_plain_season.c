/* When a short history shows its season plainly, and what is taken of it. */
#include "support.h"

#include "analysis/plain_season.h"
#include "math/rng.h"

#include <math.h>
#include <string.h>

enum { MOST = 2000, TRIALS = 400 };

static void noise(double *y, int64_t n, double size, bool walk, uint64_t seed) {
  wsf__rng r;
  wsf__rng_init(&r, seed, 0);
  double level = 0;
  for (int64_t t = 0; t < n; ++t) {
    const double step = size * wsf__rng_normal(&r);
    y[t] = walk ? level += step : step;
  }
}

static double share(int64_t n, int64_t m, double wave, bool walk) {
  double y[MOST];
  int plain = 0;
  for (uint64_t i = 0; i < TRIALS; ++i) {
    noise(y, n, 1, walk, i);
    for (int64_t t = 0; t < n; ++t) {
      y[t] += 0.3 * (double)t + wave * sin(6.283185307179586 * (double)t / (double)m + (double)i);
    }
    plain += wsf__is_plain_season(y, n, m);
  }
  return (double)plain / TRIALS;
}

static void the_test_is_honest_and_sees(void **state) {
  (void)state;
  static const int64_t seasons[] = {7, 12, 24, 52};
  for (int i = 0; i < 4; ++i) {
    const int64_t m = seasons[i];
    for (int64_t n = m + 4; n < 3 * m; n += m / 3) {
      assert_true(share(n, m, 0, false) < 0.13);
      assert_true(share(n, m, 0, true) < 0.25);
    }
    assert_true(share(2 * m, m, 10, false) > 0.99);
    assert_true(share(m + m / 2 + 2, m, 10, false) > 0.95);
  }
  double y[MOST];
  for (int t = 0; t < 40; ++t) y[t] = 5 + 0.1 * t; /* roundings repeat themselves too */
  assert_false(wsf__is_plain_season(y, 40, 24));
  for (int t = 0; t < 40; ++t) y[t] = exp(0.1 * t);
  assert_false(wsf__is_plain_season(y, 40, 24));
}

static void the_season_is_found_beside_the_trend(void **state) {
  (void)state;
  wsf__arena scratch;
  wsf__arena_init(&scratch, &wsf__alloc_libc);
  static const struct {
    int64_t m, n;
    double noise, near;
  } all[] = {{12, 18, 0, 0.5} /* one is never seen */,
             {12, 24, 0, 1e-9},
             {7, 12, 0, 1.5},
             {52, 80, 1, 2},
             {52, 104, 1, 2},
             {52, 260, 1, 1.5},
             {500, 900, 0, 1e-6},
             {24, 60, 1, 2.5}};
  for (int i = 0; i < (int)(sizeof all / sizeof *all); ++i) {
    const int64_t m = all[i].m, n = all[i].n;
    double y[MOST], season[MOST], squares = 0;
    wsf__plain plain;
    noise(y, n, all[i].noise, false, 7);
    for (int64_t t = 0; t < n; ++t) {
      y[t] += 100 + 0.5 * (double)t + 10 * sin(6.283185307179586 * (double)t / (double)m);
    }
    y[m - 2] = NAN;
    assert_true(wsf__plain_season(season, &plain, WSF__PLAIN_SUMS, y, n, m, &scratch));
    assert_true(plain.found && !plain.factors);
    for (int64_t j = 0; j < m; ++j) {
      const double off = season[j] - 10 * sin(6.283185307179586 * (double)j / (double)m);
      squares += off * off / (double)m;
    }
    assert_true(sqrt(squares) < all[i].near);
    assert_true(fabs(plain.noise - all[i].noise) < 0.4);
  }
  wsf__arena_free(&scratch);
}

/* Sums or factors of a level that grows by half in a cycle: which of them is told as soon as the
 * pairs can tell, and it is near the right one. */
static void what_grows_with_the_level_is_a_factor(void **state) {
  (void)state;
  wsf__arena scratch;
  wsf__arena_init(&scratch, &wsf__alloc_libc);
  static const double cycles[] = {1.5, 2, 2.5, 4};
  for (int64_t m = 12; m <= 52; m += 20) {
    for (int c = 0; c < 4; ++c) {
      for (int times = 0; times <= 1; ++times) {
        const int64_t n = (int64_t)(cycles[c] * (double)m);
        double y[MOST], season[MOST], most = 0;
        wsf__plain plain;
        noise(y, n, 0.5, false, 3);
        for (int64_t t = 0; t < n; ++t) {
          const double level = 100 + 50 * (double)t / (double)m;
          const double wave = 0.3 * sin(6.283185307179586 * (double)t / (double)m);
          y[t] += level + (times ? level : 100) * wave;
        }
        assert_true(wsf__plain_season(season, &plain, WSF__PLAIN_EITHER, y, n, m, &scratch));
        assert_true(plain.found && plain.factors == (times == 1));
        for (int64_t j = 0; j < m; ++j) {
          const double wave = 0.3 * sin(6.283185307179586 * (double)j / (double)m);
          most = fmax(most, fabs(season[j] - (times ? 1 + wave : 100 * wave)) / (times ? 1 : 100));
        }
        assert_true(most < 0.06);
        y[n / 2] = 0;
        assert_true(wsf__plain_season(season, &plain, WSF__PLAIN_FACTORS, y, n, m, &scratch));
        assert_false(plain.found);
      }
    }
  }
  wsf__arena_free(&scratch);
}

int test_plain_season(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_test_is_honest_and_sees),
      cmocka_unit_test(the_season_is_found_beside_the_trend),
      cmocka_unit_test(what_grows_with_the_level_is_a_factor),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
