/* Least squares, SVD and Cholesky: the small kernels and LAPACK's must obey the same algebra, and
 * calls from several threads must give the bits of a call alone. */
#include "support.h"

#include "linalg/linalg.h"
#include "math/rng.h"

#include <math.h>
#include <pthread.h>

static wsf__arena scratch;

static void assert_near(double x, double expected, double tolerance) {
  if (!(fabs(x - expected) <= tolerance)) fail_msg("%.17g is not %.17g", x, expected);
}

static int open_scratch(void **state) {
  (void)state;
  wsf__arena_init(&scratch, &wsf__alloc_libc);
  return 0;
}
static int close_scratch(void **state) {
  (void)state;
  wsf__arena_free(&scratch);
  return 0;
}

static double *random_matrix(wsf__arena *arena, int m, int n, uint64_t stream) {
  wsf__rng r;
  wsf__rng_init(&r, 7, stream);
  double *a = wsf__arena_new(arena, (size_t)m * (size_t)n, sizeof *a);
  assert_non_null(a);
  for (int i = 0; i < m * n; ++i) a[i] = wsf__rng_normal(&r);
  return a;
}

static double *copy_of(const double *a, size_t n) {
  double *copy = wsf__arena_new(&scratch, n, sizeof *copy);
  assert_non_null(copy);
  memcpy(copy, a, n * sizeof *a);
  return copy;
}

/* Normal equations: a'(b - a x) = 0, and r_inv r_inv' a'a = 1. */
static void solve_full_rank(int m, int n) {
  const double *a = random_matrix(&scratch, m, n, 1), *b = random_matrix(&scratch, m, 1, 2);
  double *x = wsf__arena_new(&scratch, (size_t)n, sizeof *x);
  double *r = wsf__arena_new(&scratch, (size_t)(n * n), sizeof *r);
  assert_int_equal(wsf__least_squares(m, n, copy_of(a, (size_t)(m * n)), copy_of(b, (size_t)m), x,
                                      r, 1e-10, &scratch),
                   n);
  for (int j = 0; j < n; ++j) {
    double sum = 0;
    for (int i = 0; i < m; ++i) {
      double e = b[i];
      for (int k = 0; k < n; ++k) e -= a[k * m + i] * x[k];
      sum += a[j * m + i] * e;
    }
    assert_near(sum, 0, 1e-10);
  }
  double *g = wsf__arena_zero(&scratch, (size_t)(n * n), sizeof *g); /* a'a */
  for (int j = 0; j < n; ++j) {
    for (int k = 0; k < n; ++k) {
      for (int i = 0; i < m; ++i) g[k * n + j] += a[j * m + i] * a[k * m + i];
    }
  }
  for (int j = 0; j < n; ++j) {
    for (int k = 0; k < n; ++k) {
      double sum = 0;
      for (int p = 0; p < n; ++p) {
        double inverse = 0;
        for (int q = 0; q < n; ++q) inverse += r[q * n + j] * r[q * n + p];
        sum += inverse * g[k * n + p];
      }
      assert_near(sum, j == k, 1e-9);
    }
  }
}

static void least_squares_solves_the_normal_equations(void **state) {
  (void)state;
  solve_full_rank(1, 1);
  solve_full_rank(7, 7);
  solve_full_rank(60, 5);
  solve_full_rank(90, 31);
  solve_full_rank(90, 32);
  solve_full_rank(140, 55);
}

static void dependent_columns(int m, int n) {
  double *a = random_matrix(&scratch, m, n, 3);
  /* column 2 = 2 column 0 - column 1, the last column 0 */
  for (int i = 0; i < m; ++i) a[2 * m + i] = 2 * a[i] - a[m + i];
  for (int i = 0; i < m; ++i) a[(n - 1) * m + i] = 0;
  double *b = wsf__arena_zero(&scratch, (size_t)m, sizeof *b);
  for (int i = 0; i < m; ++i) b[i] = 3 * a[i] + a[m + i] - a[3 * m + i];
  double *x = wsf__arena_new(&scratch, (size_t)n, sizeof *x);
  assert_int_equal(wsf__least_squares(m, n, copy_of(a, (size_t)(m * n)), copy_of(b, (size_t)m), x,
                                      NULL, 1e-10, &scratch),
                   n - 2);
  assert_true(x[n - 1] == 0);
  int zeros = 0;
  for (int k = 0; k < 3; ++k) zeros += x[k] == 0;
  assert_int_equal(zeros, 1);
  for (int i = 0; i < m; ++i) {
    double fitted = 0;
    for (int k = 0; k < n; ++k) fitted += a[k * m + i] * x[k];
    assert_near(fitted, b[i], 1e-9);
  }
}

static void least_squares_drops_dependent_columns(void **state) {
  (void)state;
  dependent_columns(40, 6);
  dependent_columns(80, 40);
  double zero[6] = {0}, b[3] = {1, 2, 3}, x[2] = {9, 9}, r[4];
  assert_int_equal(wsf__least_squares(3, 2, zero, b, x, r, 1e-10, &scratch), 0);
  assert_true(x[0] == 0 && x[1] == 0);
}

static void decompose(int m, int n, int rank) {
  const int k = m < n ? m : n;
  double *a = random_matrix(&scratch, m, n, 4);
  if (rank < n) { /* columns from `rank` on repeat earlier ones */
    for (int j = rank; j < n; ++j) {
      for (int i = 0; i < m; ++i) a[j * m + i] = rank ? a[j % rank * m + i] * (j + 1) : 0;
    }
  }
  double *s = wsf__arena_new(&scratch, (size_t)k, sizeof *s);
  double *u = wsf__arena_new(&scratch, (size_t)(m * k), sizeof *u);
  double *vt = wsf__arena_new(&scratch, (size_t)(k * n), sizeof *vt);
  assert_true(wsf__gesdd(m, n, copy_of(a, (size_t)(m * n)), s, u, vt, &scratch));
  for (int j = 0; j < k; ++j) {
    assert_true(s[j] >= 0 && (j == 0 || s[j] <= s[j - 1]));
    for (int l = 0; l < k; ++l) {
      double uu = 0, vv = 0;
      for (int i = 0; i < m; ++i) uu += u[j * m + i] * u[l * m + i];
      for (int i = 0; i < n; ++i) vv += vt[i * k + j] * vt[i * k + l];
      assert_near(uu, j == l, 1e-12);
      assert_near(vv, j == l, 1e-12);
    }
  }
  for (int i = 0; i < m; ++i) {
    for (int j = 0; j < n; ++j) {
      double sum = 0;
      for (int l = 0; l < k; ++l) sum += u[l * m + i] * s[l] * vt[j * k + l];
      assert_near(sum, a[j * m + i], 1e-11 * (1 + fabs(a[j * m + i])));
    }
  }
}

static void svd_gives_back_the_matrix(void **state) {
  (void)state;
  decompose(1, 1, 1);
  decompose(5, 1, 1);
  decompose(1, 5, 5);
  decompose(20, 8, 8);
  decompose(8, 20, 20);
  decompose(143, 31, 31);
  decompose(45, 143, 143);
  decompose(143, 45, 45);
}

static void svd_of_a_deficient_matrix_is_complete(void **state) {
  (void)state;
  decompose(12, 6, 3);
  decompose(12, 6, 0);
  decompose(60, 40, 5);
}

static void svd_refuses_what_is_not_finite(void **state) {
  (void)state;
  double a[4] = {1, NAN, 2, 3}, s[2], u[4], vt[4];
  (void)wsf__gesdd(2, 2, a, s, u, vt, &scratch); /* any answer, no hang, no crash */
  double b[4] = {1, INFINITY, 2, 3};
  assert_false(wsf__gesdd(2, 2, b, s, u, vt, &scratch));
}

static void cholesky_solves(void **state) {
  (void)state;
  const int sizes[] = {1, 2, 9, 31, 32, 50};
  for (size_t z = 0; z < sizeof sizes / sizeof *sizes; ++z) {
    const int n = sizes[z];
    const double *r = random_matrix(&scratch, n, n, 5), *x = random_matrix(&scratch, n, 1, 6);
    double *a = wsf__arena_zero(&scratch, (size_t)(n * n), sizeof *a);
    double *b = wsf__arena_zero(&scratch, (size_t)n, sizeof *b);
    for (int i = 0; i < n; ++i) {
      for (int j = 0; j < n; ++j) {
        for (int k = 0; k < n; ++k) a[j * n + i] += r[k * n + i] * r[k * n + j];
        a[j * n + i] += i == j;
      }
    }
    for (int i = 0; i < n; ++i) {
      for (int j = 0; j < n; ++j) b[i] += a[j * n + i] * x[j];
    }
    assert_true(wsf__posv(n, a, b));
    for (int i = 0; i < n; ++i) assert_near(b[i], x[i], 1e-9);
  }
  double indefinite[4] = {1, 2, 2, 1}, b[2] = {1, 1};
  assert_false(wsf__posv(2, indefinite, b));
}

enum { M = 143, N = 45, ROUNDS = 10 };
static double together[4][N];

static void *svd_again_and_again(void *out) {
  wsf__arena own;
  wsf__arena_init(&own, &wsf__alloc_libc);
  double *u = wsf__arena_new(&own, M * N, sizeof *u), *vt = wsf__arena_new(&own, N * N, sizeof *vt);
  double *s = out;
  for (int i = 0; i < ROUNDS && u && vt; ++i) {
    const wsf__mark mark = wsf__arena_mark(&own);
    double *a = random_matrix(&own, M, N, 8);
    if (!wsf__gesdd(M, N, a, s, u, vt, &own)) s[0] = NAN;
    wsf__arena_reset(&own, mark);
  }
  wsf__arena_free(&own);
  return NULL;
}

static void threads_do_not_disturb_each_other(void **state) {
  (void)state;
  double alone[N];
  (void)svd_again_and_again(alone);
  pthread_t thread[4];
  for (int i = 0; i < 4; ++i) {
    assert_int_equal(pthread_create(&thread[i], NULL, svd_again_and_again, together[i]), 0);
  }
  for (int i = 0; i < 4; ++i) {
    assert_int_equal(pthread_join(thread[i], NULL), 0);
    assert_memory_equal(together[i], alone, sizeof alone);
  }
}

int test_linalg(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(least_squares_solves_the_normal_equations),
      cmocka_unit_test(least_squares_drops_dependent_columns),
      cmocka_unit_test(svd_gives_back_the_matrix),
      cmocka_unit_test(svd_of_a_deficient_matrix_is_complete),
      cmocka_unit_test(svd_refuses_what_is_not_finite),
      cmocka_unit_test(cholesky_solves),
      cmocka_unit_test(threads_do_not_disturb_each_other),
  };
  return cmocka_run_group_tests(tests, open_scratch, close_scratch);
}
