/* What a season holds of white noise, against the weights that impulses find in the decompositions.
 */
#include "support.h"

#include "analysis/classical.h"
#include "analysis/season_noise.h"
#include "analysis/stl.h"

#include <math.h>

enum { MOST = 160 };
static double weight[MOST][MOST]; /* of observation k in the season at t */

static void find_weights(int n, int m, int window, bool classical) {
  wsf__arena a;
  wsf__arena_init(&a, &wsf__alloc_libc);
  for (int k = 0; k < n; ++k) {
    double y[MOST] = {0}, season[MOST], work[MOST];
    y[k] = 1;
    if (classical) {
      assert_true(wsf__classical_season(season, y, n, m, false, work, &a));
      for (int t = m; t < n; ++t) season[t] = season[t - m];
    } else {
      const wsf__stl_options options = {window, 0, false};
      assert_true(wsf__stl(y, n, m, &options, season, work, &a));
    }
    for (int t = 0; t < n; ++t) weight[t][k] = season[t];
  }
  wsf__arena_free(&a);
}

static void near(double x, double expected, double relative, int n, int m) {
  if (!(fabs(x - expected) <= relative * expected)) {
    fail_msg("%d of %d: %.4g, by impulses %.4g", n, m, x, expected);
  }
}

static void noise_in_a_season_is_that_of_its_weights(void **state) {
  (void)state;
  static const struct {
    int n, m, window;
    bool classical;
  } cases[] = {{143, 52, 0, false}, {143, 52, 11, false}, {104, 52, 0, false}, {30, 12, 0, false},
               {36, 12, 0, false},  {120, 12, 11, false}, {120, 12, 7, false}, {20, 4, 0, false},
               {60, 4, 11, false},  {143, 7, 11, false},  {143, 52, 0, true},  {104, 52, 0, true},
               {30, 12, 0, true},   {48, 12, 0, true},    {100, 7, 0, true}};
  for (size_t c = 0; c < sizeof cases / sizeof *cases; ++c) {
    const int n = cases[c].n, m = cases[c].m;
    find_weights(n, m, cases[c].window, cases[c].classical);
    int64_t used[52] = {0}, seen[52] = {0};
    const int64_t first = cases[c].classical ? wsf__classical_first(m) : 0;
    const int64_t end = cases[c].classical ? wsf__classical_end(n, m) : n;
    for (int t = 0; t < n; ++t) {
      seen[t % m] += 1;
      used[t % m] += t >= first && t < end;
    }
    double variance[52], rest = 0;
    const wsf__season_smooth smooth = {m, cases[c].window, used, seen};
    const double lost = wsf__season_noise(variance, &smooth);
    for (int t = 0; t < n; ++t) {
      double held = 0;
      for (int k = 0; k < n; ++k) {
        held += weight[t][k] * weight[t][k];
        rest += (weight[t][k] - (k == t)) * (weight[t][k] - (k == t));
      }
      if (t >= n - m) near(variance[t % m], held, 0.06, n, m);
    }
    near(n - lost, rest, 0.06, n, m);
  }
}

static void long_histories_go_on_as_the_middle_does(void **state) {
  (void)state;
  enum { CYCLES = 400 };
  const int64_t few = 44, many = CYCLES;
  double both[2], lost[2];
  int64_t used[2] = {few, few};
  lost[0] = wsf__season_noise(both, &(wsf__season_smooth){2, 11, used, used});
  used[0] = used[1] = many;
  lost[1] = wsf__season_noise(both, &(wsf__season_smooth){2, 11, used, used});
  near(lost[1] / (double)many, lost[0] / (double)few, 0.05, CYCLES, 2);
}

int test_season_noise(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(noise_in_a_season_is_that_of_its_weights),
      cmocka_unit_test(long_histories_go_on_as_the_middle_does),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
