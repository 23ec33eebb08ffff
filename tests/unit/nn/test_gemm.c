/* Products of matrices: right for any sizes and transposes, and the same bits for any part of
 * them. */
#include "support.h"

#include "math/rng.h"
#include "nn/lanes.h"
#include "nn/nn.h"

#include <math.h>

enum { MOST = 300 * 40 };

static void fill(float *x, int n, uint64_t stream) {
  wsf__rng r;
  wsf__rng_init(&r, 7, stream);
  for (int i = 0; i < n; ++i) x[i] = (float)wsf__rng_normal(&r);
}

typedef struct sizes {
  int m, n, k;
} sizes;
static const sizes of[] = {{1, 1, 1},   {4, 16, 8},   {5, 17, 3},   {3, 40, 300},
                           {40, 1, 70}, {1, 33, 257}, {30, 15, 256}};

static void sums_are_those_of_the_definition(void **state) {
  (void)state;
  static float a[MOST], b[MOST], c[MOST], before[MOST];
  fill(a, MOST, 1);
  fill(b, MOST, 2);
  fill(before, MOST, 3);
  for (size_t s = 0; s < sizeof of / sizeof *of; ++s) {
    const int m = of[s].m, n = of[s].n, k = of[s].k;
    for (int turned = 0; turned < 4; ++turned) {
      const int64_t ai = turned & 1 ? 1 : k, ap = turned & 1 ? m : 1;
      const int64_t bp = turned & 2 ? 1 : n, bj = turned & 2 ? k : 1;
      memcpy(c, before, sizeof c);
      wsf__gemm(m, n, k, a, ai, ap, b, bp, bj, c, n);
      for (int i = 0; i < m; ++i) {
        for (int j = 0; j < n; ++j) {
          float sum = before[i * n + j]; /* one sum, in order, each product fused: to the bit */
          for (int p = 0; p < k; ++p) sum = fmaf(a[i * ai + p * ap], b[p * bp + j * bj], sum);
          assert_true(c[i * n + j] == sum);
        }
      }
      for (int i = m * n; i < MOST; ++i) assert_true(c[i] == before[i]);
    }
  }
}

static void a_part_has_the_bits_of_the_whole(void **state) {
  (void)state;
  enum { M = 37, N = 24, K = 130 };
  static float a[M * K], b[K * N], whole[M * N], parts[M * N];
  fill(a, M * K, 1);
  fill(b, K * N, 2);
  memset(whole, 0, sizeof whole);
  memset(parts, 0, sizeof parts);
  wsf__gemm(M, N, K, a, K, 1, b, N, 1, whole, N);
  for (int i = 0; i < M; i += 5) {
    const int rows = M - i < 5 ? M - i : 5;
    wsf__gemm(rows, N, 99, a + i * K, K, 1, b, N, 1, parts + i * N, N);
    wsf__gemm(rows, N, K - 99, a + i * K + 99, K, 1, b + 99 * N, N, 1, parts + i * N, N);
  }
  assert_memory_equal(whole, parts, sizeof whole);
}

static void a_packed_matrix_gives_the_same(void **state) {
  (void)state;
  enum { M = 13, N = 40, K = 70 };
  static float a[M * K], b[K * N], packed[48 * K], bias[N], c[M * N], sums[M * N];
  assert_int_equal(wsf__packed_size(N, K), 48 * K);
  fill(a, M * K, 1);
  fill(b, K * N, 2);
  fill(bias, N, 3);
  for (int turned = 0; turned < 2; ++turned) {
    const int64_t bp = turned ? 1 : N, bj = turned ? K : 1;
    for (int i = 0; i < M; ++i) memcpy(c + (ptrdiff_t)i * N, bias, sizeof bias);
    wsf__gemm(M, N, K, a, K, 1, b, bp, bj, c, N);
    wsf__pack(N, K, b, bp, bj, packed);
    wsf__gemm_packed(M, N, K, a, K, 1, packed, bias, 0, sums, N);
    assert_memory_equal(c, sums, sizeof c);
  }
}

/* Numbers of all sizes, cancelling sums and what has no digits to lose. */
static float of_any_size(wsf__rng *r) {
  const float special[] = {0, -0.0f, INFINITY, NAN, 1e-45f, 3.4e38f};
  const int64_t kind = wsf__rng_below(r, 20);
  if (kind < 6) return special[kind];
  return (float)ldexp(wsf__rng_normal(r), (int)wsf__rng_below(r, kind < 16 ? 8 : 240) - 120);
}

static void fused_without_an_instruction(void **state) {
  (void)state;
  wsf__rng r;
  wsf__rng_init(&r, 5, 1);
  for (int k = 0; k < 200000; ++k) {
    const float a = of_any_size(&r), b = of_any_size(&r);
    const float c = k % 2 ? of_any_size(&r) : nextafterf(-(a * b), of_any_size(&r));
    wsf__lane sum, x, y;
    wsf__lane_fill(&sum, c);
    wsf__lane_fill(&x, a);
    wsf__lane_fill(&y, b);
    wsf__lane_fma(&sum, &x, &y);
    const float wanted = fmaf(a, b, c), found = sum[3];
    if (isnan(wanted)) {
      assert_true(isnan(found));
      continue;
    }
    assert_memory_equal(&found, &wanted, sizeof wanted);
  }
}

int test_gemm(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sums_are_those_of_the_definition),
      cmocka_unit_test(a_part_has_the_bits_of_the_whole),
      cmocka_unit_test(a_packed_matrix_gives_the_same),
      cmocka_unit_test(fused_without_an_instruction),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
