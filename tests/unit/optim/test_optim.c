#include "support.h"

#include "optim/optim.h"

#include <math.h>

static double cubic(double x, const void *user) {
  (void)user;
  return x * x * x - 2 * x - 5; /* minimum at sqrt(2/3) */
}

static const int use_infinity = 1;

static double edge(double x, const void *user) {
  return x < 0.25 ? (user ? INFINITY : NAN) : x;
}

static void brent_finds_the_minimum(void **state) {
  (void)state;
  double f = 0;
  const double x = wsf__brent(cubic, NULL, 0, 2, 1e-9, 200, &f);
  assert_true(fabs(x - sqrt(2.0 / 3)) < 1e-7);
  assert_true(fabs(f - cubic(x, NULL)) < 1e-15);
}

static void brent_stays_inside_and_away_from_nan(void **state) {
  (void)state;
  const double x = wsf__brent(cubic, NULL, 1, 2, 1e-9, 200, NULL);
  assert_true(x >= 1 && x < 1 + 1e-6);
  const double y = wsf__brent(edge, NULL, 0, 2, 1e-9, 200, NULL);
  assert_true(y >= 0.25 && y < 0.25 + 1e-6);
  const double z = wsf__brent(edge, &use_infinity, 0, 2, 1e-9, 200, NULL);
  assert_true(z >= 0.25 && z < 0.25 + 1e-6);
}

static double rosenbrock(const double *x, int n, const void *user) {
  (void)user;
  double sum = 0;
  for (int i = 0; i + 1 < n; ++i) {
    const double a = x[i + 1] - x[i] * x[i], b = 1 - x[i];
    sum += 100 * a * a + b * b;
  }
  return sum;
}

static double half_plane(const double *x, int n, const void *user) {
  (void)n;
  (void)user;
  return x[0] < 0.5 ? NAN : x[0] + x[1] * x[1];
}

static void nelder_mead_goes_down_the_valley(void **state) {
  (void)state;
  double x[2] = {-1.2, 1};
  const double step[2] = {0.1, 0.1};
  const wsf__minimum m = wsf__nelder_mead(rosenbrock, NULL, 2, x, step, 1e-14, 4000);
  assert_true(m.converged);
  assert_true(m.f < 1e-10);
  assert_true(fabs(x[0] - 1) < 1e-4 && fabs(x[1] - 1) < 1e-4);
  assert_true(m.evaluations < 1000);
}

static void nelder_mead_respects_a_wall(void **state) {
  (void)state;
  double x[2] = {2, 2};
  const double step[2] = {0.3, 0.3};
  const wsf__minimum m = wsf__nelder_mead(half_plane, NULL, 2, x, step, 1e-12, 2000);
  assert_true(x[0] >= 0.5 && m.f < 0.501);
}

static void nelder_mead_stops_when_told(void **state) {
  (void)state;
  double x[WSF__NM_MAX], step[WSF__NM_MAX];
  for (int i = 0; i < WSF__NM_MAX; ++i) x[i] = -1, step[i] = 0.1;
  const double start = rosenbrock(x, WSF__NM_MAX, NULL);
  const wsf__minimum m = wsf__nelder_mead(rosenbrock, NULL, WSF__NM_MAX, x, step, 1e-14, 500);
  assert_false(m.converged);
  assert_true(m.evaluations < 500 + WSF__NM_MAX + 2);
  assert_true(m.f < start && m.f == rosenbrock(x, WSF__NM_MAX, NULL));
}

int test_optim(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(brent_finds_the_minimum),
      cmocka_unit_test(brent_stays_inside_and_away_from_nan),
      cmocka_unit_test(nelder_mead_goes_down_the_valley),
      cmocka_unit_test(nelder_mead_respects_a_wall),
      cmocka_unit_test(nelder_mead_stops_when_told),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
