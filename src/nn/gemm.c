/* Products of matrices of floats, as networks have them: some hundreds by some hundreds.
 *
 * Four rows by sixteen columns of the result at a time stay in registers while k runs, and sixteen
 * columns of b are brought together once for all rows (Goto and van de Geijn 2008, without the
 * outer blocks, which matrices of this size do not need). Each element is one sum over k, from the
 * first to the last, whatever the blocks: the bits do not depend on sizes, vectors or workers. No
 * fused multiply-add, for the same reason: processors with two adders beside two multipliers lose
 * nothing. */
#include "nn/lanes.h"
#include "nn/nn.h"

enum { ROWS = 4, COLUMNS = 2 * WSF__LANES, DEPTH = 256 };

/* Columns 0 .. n-1 of depth rows of b, zeros in the place of those that are not there. */
WSF__LANE_KERNEL void pack(float *panel, int64_t depth, int64_t n, const float *b, int64_t bp,
                           int64_t bj) {
  for (int64_t p = 0; p < depth; ++p, panel += COLUMNS) {
    if (n == COLUMNS && bj == 1) {
      memcpy(panel, b + p * bp, COLUMNS * sizeof *panel);
      continue;
    }
    for (int64_t j = 0; j < COLUMNS; ++j) panel[j] = j < n ? b[p * bp + j * bj] : 0;
  }
}

/* c[r][0 .. 15] += row r of a times the panel. */
WSF__LANE_KERNEL void tile(int64_t depth, const float *const row[ROWS], int64_t ap,
                           const float *panel, float *const c[ROWS]) {
  wsf__lane left[ROWS], right[ROWS];
  for (int r = 0; r < ROWS; ++r) {
    wsf__lane_load(&left[r], c[r], WSF__LANES);
    wsf__lane_load(&right[r], c[r] + WSF__LANES, WSF__LANES);
  }
  for (int64_t p = 0; p < depth; ++p) {
    wsf__lane x, y;
    wsf__lane_load(&x, panel + p * COLUMNS, WSF__LANES);
    wsf__lane_load(&y, panel + p * COLUMNS + WSF__LANES, WSF__LANES);
    for (int r = 0; r < ROWS; ++r) {
      left[r] += row[r][p * ap] * x;
      right[r] += row[r][p * ap] * y;
    }
  }
  for (int r = 0; r < ROWS; ++r) {
    wsf__lane_store(c[r], &left[r], WSF__LANES);
    wsf__lane_store(c[r] + WSF__LANES, &right[r], WSF__LANES);
  }
}

/* All rows by n columns. A row past the last is the last once more, and its sums go nowhere. */
WSF__LANE_KERNEL void column_block(int64_t m, int64_t n, int64_t depth, const float *a, int64_t ai,
                                   int64_t ap, const float *panel, float *c, int64_t ldc) {
  for (int64_t i = 0; i < m; i += ROWS) {
    float edge[ROWS][COLUMNS];
    const float *row[ROWS];
    float *to[ROWS];
    for (int r = 0; r < ROWS; ++r) {
      const int64_t at = i + r < m ? i + r : m - 1;
      row[r] = a + at * ai;
      to[r] = i + r < m && n == COLUMNS ? c + at * ldc : edge[r];
      if (to[r] != edge[r]) continue;
      for (int64_t j = 0; j < COLUMNS; ++j) edge[r][j] = j < n ? c[at * ldc + j] : 0;
    }
    tile(depth, row, ap, panel, to);
    for (int r = 0; r < ROWS && i + r < m && n < COLUMNS; ++r) {
      memcpy(c + (i + r) * ldc, edge[r], (size_t)n * sizeof *c);
    }
  }
}

WSF__LANE_KERNEL void product(int64_t m, int64_t n, int64_t k, const float *a, int64_t ai,
                              int64_t ap, const float *b, int64_t bp, int64_t bj, float *c,
                              int64_t ldc) {
  float panel[DEPTH * COLUMNS];
  for (int64_t p = 0; p < k; p += DEPTH) {
    const int64_t depth = k - p < DEPTH ? k - p : DEPTH;
    for (int64_t j = 0; j < n; j += COLUMNS) {
      const int64_t columns = n - j < COLUMNS ? n - j : COLUMNS;
      pack(panel, depth, columns, b + p * bp + j * bj, bp, bj);
      column_block(m, columns, depth, a + p * ap, ai, ap, panel, c + j, ldc);
    }
  }
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void wide(int64_t m, int64_t n, int64_t k, const float *a,
                                                 int64_t ai, int64_t ap, const float *b, int64_t bp,
                                                 int64_t bj, float *c, int64_t ldc) {
  product(m, n, k, a, ai, ap, b, bp, bj, c, ldc);
}
#endif

static void plain(int64_t m, int64_t n, int64_t k, const float *a, int64_t ai, int64_t ap,
                  const float *b, int64_t bp, int64_t bj, float *c, int64_t ldc) {
  product(m, n, k, a, ai, ap, b, bp, bj, c, ldc);
}

void wsf__gemm(int64_t m, int64_t n, int64_t k, const float *a, int64_t ai, int64_t ap,
               const float *b, int64_t bp, int64_t bj, float *c, int64_t ldc) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) {
    wide(m, n, k, a, ai, ap, b, bp, bj, c, ldc);
    return;
  }
#endif
  plain(m, n, k, a, ai, ap, b, bp, bj, c, ldc);
}
