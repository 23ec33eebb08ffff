/* The minimum of least squares with absolute penalties is where its conditions hold (Karush, Kuhn
 * and Tucker): the gradient balances the penalty of what is not zero, and does not exceed that of
 * what is. */
#include "support.h"

#include "linalg/lasso.h"
#include "math/rng.h"

#include <math.h>

enum { MOST = 40, ROWS = 60 };

typedef struct problem {
  int n;
  double h[MOST * MOST], q[MOST], w[MOST], x[MOST];
} problem;

/* Columns that are much alike, as hinges side by side are. */
static void make(problem *p, int n, uint64_t seed, double penalty) {
  double a[ROWS][MOST], y[ROWS];
  wsf__rng r;
  wsf__rng_init(&r, seed, 1);
  memset(p, 0, sizeof *p);
  p->n = n;
  for (int i = 0; i < ROWS; ++i) {
    y[i] = 3 * sin(i / 7.0) + wsf__rng_normal(&r);
    for (int j = 0; j < n; ++j) {
      a[i][j] = j < n / 4 ? wsf__rng_normal(&r) : fmax(0, i - 1.3 * j) / ROWS;
    }
  }
  for (int j = 0; j < n; ++j) {
    p->w[j] = j < n / 4 ? 0 : penalty;
    p->x[j] = wsf__rng_uniform(&r) < 0.3 ? wsf__rng_normal(&r) : 0;
    for (int i = 0; i < ROWS; ++i) p->q[j] += a[i][j] * y[i];
    for (int l = 0; l < n; ++l) {
      for (int i = 0; i < ROWS; ++i) p->h[j * n + l] += a[i][j] * a[i][l];
    }
    p->h[j * n + j] += 1e-9;
  }
}

static void assert_minimum(const problem *p) {
  for (int j = 0; j < p->n; ++j) {
    double gradient = -p->q[j], scale = fabs(p->q[j]) + 1;
    for (int l = 0; l < p->n; ++l) gradient += p->h[j * p->n + l] * p->x[l];
    const double off = p->x[j] == 0 ? fmax(fabs(gradient) - p->w[j], 0)
                                    : fabs(gradient + (p->x[j] > 0 ? p->w[j] : -p->w[j]));
    if (!(off <= 1e-7 * scale)) fail_msg("coefficient %d is off by %g", j, off);
  }
}

static void conditions_hold(void **state) {
  (void)state;
  static const double penalty[] = {0, 0.01, 0.3, 5, 1e4};
  wsf__arena scratch;
  wsf__arena_init(&scratch, &wsf__alloc_libc);
  for (int n = 1; n <= MOST; n += 3) {
    for (int i = 0; i < 5; ++i) {
      for (uint64_t seed = 0; seed < 20; ++seed) {
        problem p;
        make(&p, n, seed, penalty[i]);
        assert_int_equal(wsf__lasso(p.n, p.h, p.q, p.w, p.x, &scratch), WSF__LASSO_GOOD);
        assert_minimum(&p);
      }
    }
  }
  wsf__arena_free(&scratch);
}

static void indefinite_is_told(void **state) {
  (void)state;
  const double h[4] = {1, 2, 2, 1}, q[2] = {1, 1}, w[2] = {0, 0};
  double x[2] = {0, 0};
  wsf__arena scratch;
  wsf__arena_init(&scratch, &wsf__alloc_libc);
  assert_int_equal(wsf__lasso(2, h, q, w, x, &scratch), WSF__LASSO_INDEFINITE);
  wsf__arena_free(&scratch);
}

int test_lasso(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(conditions_hold),
      cmocka_unit_test(indefinite_is_told),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
