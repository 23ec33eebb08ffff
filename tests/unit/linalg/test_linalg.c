/* Least squares, SVD and Cholesky obey their algebra, and give the bits of a call alone when
 * several threads call. */
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

typedef bool svd(int m, int n, int r, double *a, double *s, double *u, double *v, wsf__arena *room);
static bool own_svd(int m, int n, int r, double *a, double *s, double *u, double *v,
                    wsf__arena *room) {
  return wsf__svd(m, n, r, a, s, u, v, NULL, room);
}

static void decompose_by(svd *by, int m, int n, int rank) {
  const int k = m < n ? m : n;
  double *a = random_matrix(&scratch, m, n, 4);
  if (rank < n) { /* columns from `rank` on repeat earlier ones */
    for (int j = rank; j < n; ++j) {
      for (int i = 0; i < m; ++i) a[j * m + i] = rank ? a[j % rank * m + i] * (j + 1) : 0;
    }
  }
  double *s = wsf__arena_new(&scratch, (size_t)k, sizeof *s);
  double *u = wsf__arena_new(&scratch, (size_t)(m * k), sizeof *u);
  double *v = wsf__arena_new(&scratch, (size_t)(k * n), sizeof *v);
  assert_true(by(m, n, k, copy_of(a, (size_t)(m * n)), s, u, v, &scratch));
  for (int j = 0; j < k; ++j) {
    assert_true(s[j] >= 0 && (j == 0 || s[j] <= s[j - 1]));
    for (int l = 0; l < k; ++l) {
      double uu = 0, vv = 0;
      for (int i = 0; i < m; ++i) uu += u[i * k + j] * u[i * k + l];
      for (int i = 0; i < n; ++i) vv += v[i * k + j] * v[i * k + l];
      assert_near(uu, j == l, 1e-12);
      assert_near(vv, j == l, 1e-12);
    }
  }
  for (int i = 0; i < m; ++i) {
    for (int j = 0; j < n; ++j) {
      double sum = 0;
      for (int l = 0; l < k; ++l) sum += u[i * k + l] * s[l] * v[j * k + l];
      assert_near(sum, a[j * m + i], 1e-11 * (1 + fabs(a[j * m + i])));
    }
  }
}

static void decompose(int m, int n, int rank) {
  decompose_by(own_svd, m, n, rank);
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
  decompose(180, 143, 143);
}

#if WSF_LAPACK
static void svd_by_lapack_obeys_the_same_algebra(void **state) {
  (void)state;
  decompose_by(wsf__svd_lapack, 20, 8, 8);
  decompose_by(wsf__svd_lapack, 8, 20, 20);
  decompose_by(wsf__svd_lapack, 12, 6, 3);
}
#endif

static void svd_of_a_deficient_matrix_is_complete(void **state) {
  (void)state;
  decompose(12, 6, 3);
  decompose(12, 6, 0);
  decompose(60, 40, 5);
  decompose(40, 60, 1);
  decompose(180, 143, 20);
}

/* u s v' is known: a cluster, a repeated value, one near the limit of what counts, and zeros. */
static void svd_tells_values_that_lie_close(void **state) {
  (void)state;
  enum { SIDE = 24 };
  const double value[SIDE] = {7, 7, 7, 7 - 1e-13, 3, 3 + 1e-15, 1, 1e-8, 1e-14};
  double a[SIDE * SIDE] = {0}, s[SIDE], u[SIDE * SIDE], v[SIDE * SIDE];
  for (int j = 0; j < SIDE; ++j) { /* two reflections, x - 2 w (w'x) / w'w, turn diag(value) */
    for (int i = 0; i < SIDE; ++i) {
      double sum = 0;
      for (int k = 0; k < SIDE; ++k) {
        const double left = (i == k) - 2.0 / SIDE,
                     right = (j == k) - 2.0 * (j % 2 ? -1 : 1) * (k % 2 ? -1 : 1) / SIDE;
        sum += left * value[k] * right;
      }
      a[j * SIDE + i] = sum;
    }
  }
  assert_true(wsf__svd(SIDE, SIDE, SIDE, a, s, u, v, NULL, &scratch));
  const double expected[SIDE] = {7, 7, 7, 7 - 1e-13, 3 + 1e-15, 3, 1, 1e-8, 1e-14};
  for (int j = 0; j < SIDE; ++j) assert_near(s[j], expected[j], 2e-14);
}

/* The leading vectors alone are those of the whole; a power of two changes the values' exponents
 * and nothing else. */
static void svd_of_a_few_values_is_a_part_of_the_whole(void **state) {
  (void)state;
  enum { ROWS = 60, COLUMNS = 50, FEW = 3 };
  const double *a = random_matrix(&scratch, ROWS, COLUMNS, 9);
  double s[COLUMNS], few[FEW];
  double *u = wsf__arena_new(&scratch, ROWS * COLUMNS, sizeof *u);
  double *v = wsf__arena_new(&scratch, COLUMNS * COLUMNS, sizeof *v);
  double *left = wsf__arena_new(&scratch, ROWS * FEW, sizeof *left);
  double *right = wsf__arena_new(&scratch, COLUMNS * FEW, sizeof *right);
  double *large = copy_of(a, ROWS * COLUMNS);
  for (int i = 0; i < ROWS * COLUMNS; ++i) large[i] = ldexp(large[i], 1018);
  assert_true(
      wsf__svd(ROWS, COLUMNS, COLUMNS, copy_of(a, ROWS * COLUMNS), s, u, v, NULL, &scratch));
  assert_true(wsf__svd(ROWS, COLUMNS, FEW, large, few, left, right, NULL, &scratch));
  for (int j = 0; j < FEW; ++j) {
    assert_true(few[j] == ldexp(s[j], 1018));
    for (int i = 0; i < ROWS; ++i) assert_true(left[i * FEW + j] == u[i * COLUMNS + j]);
    for (int i = 0; i < COLUMNS; ++i) assert_true(right[i * FEW + j] == v[i * COLUMNS + j]);
  }
}

static void svd_stops_when_the_call_must_end(void **state) {
  (void)state;
  wsf__env client;
  assert_true(wsf__env_init(&client, &wsf__alloc_libc));
  double s[1], u[40], v[30];
  assert_true(wsf__svd(40, 30, 1, random_matrix(&scratch, 40, 30, 10), s, u, v, &client, &scratch));
  atomic_store(&client.client->cancelled, 1);
  assert_false(
      wsf__svd(40, 30, 1, random_matrix(&scratch, 40, 30, 10), s, u, v, &client, &scratch));
  wsf__env_free(&client);
}

/* One long problem looks for a cancel inside. */
static void least_squares_stop_when_the_call_must_end(void **state) {
  (void)state;
  enum { ROWS = 2000, COLUMNS = 200 };
  wsf__env client;
  assert_true(wsf__env_init(&client, &wsf__alloc_libc));
  wsf__arena work;
  wsf__arena_init(&work, &wsf__alloc_libc);
  work.work_of = &client;
  for (int stop = 0; stop < 2; ++stop) {
    double x[COLUMNS];
    atomic_store(&client.client->cancelled, stop);
    const int rank = wsf__least_squares(ROWS, COLUMNS, random_matrix(&work, ROWS, COLUMNS, 12),
                                        random_matrix(&work, ROWS, 1, 13), x, NULL, 1e-10, &work);
    assert_int_equal(rank, stop ? -1 : COLUMNS);
  }
  wsf__arena_free(&work);
  wsf__env_free(&client);
}

static void svd_refuses_what_is_not_finite(void **state) {
  (void)state;
  double a[4] = {1, NAN, 2, 3}, b[4] = {1, INFINITY, 2, 3}, s[2], u[4], v[4];
  assert_false(wsf__svd(2, 2, 2, a, s, u, v, NULL, &scratch));
  assert_false(wsf__svd(2, 2, 2, b, s, u, v, NULL, &scratch));
}

static void cholesky_solves(void **state) {
  (void)state;
  const int sizes[] = {1, 2, 9, 31, 50};
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
  double *u = wsf__arena_new(&own, M * N, sizeof *u), *v = wsf__arena_new(&own, N * N, sizeof *v);
  double *s = out;
  for (int i = 0; i < ROUNDS && u && v; ++i) {
    const wsf__mark mark = wsf__arena_mark(&own);
    double *a = random_matrix(&own, M, N, 8);
    if (!wsf__svd(M, N, N, a, s, u, v, NULL, &own)) s[0] = NAN;
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
#if WSF_LAPACK
    cmocka_unit_test(svd_by_lapack_obeys_the_same_algebra),
#endif
    cmocka_unit_test(svd_of_a_deficient_matrix_is_complete),
    cmocka_unit_test(svd_tells_values_that_lie_close),
    cmocka_unit_test(svd_of_a_few_values_is_a_part_of_the_whole),
    cmocka_unit_test(svd_stops_when_the_call_must_end),
    cmocka_unit_test(least_squares_stop_when_the_call_must_end),
    cmocka_unit_test(svd_refuses_what_is_not_finite),
    cmocka_unit_test(cholesky_solves),
    cmocka_unit_test(threads_do_not_disturb_each_other),
  };
  return cmocka_run_group_tests(tests, open_scratch, close_scratch);
}
