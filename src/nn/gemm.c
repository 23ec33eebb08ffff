/* Products of matrices of floats, as networks have them: some hundreds by some hundreds.
 *
 * Six rows by sixteen columns of the result at a time stay in registers while k runs, and sixteen
 * columns of b are brought together once for all rows (Goto and van de Geijn 2008, without the
 * outer blocks, which matrices of this size do not need). Each element is one sum over k, from the
 * first to the last, by fused multiply-adds, each rounded once: the bits do not depend on sizes,
 * vectors, workers or processors. One that cannot fuse does the same by doubles, slowly. */
#include "nn/kernels.h"

#include <string.h>

enum { ROWS = WSF__TILE_ROWS, COLUMNS = WSF__TILE_COLUMNS, DEPTH = 256 };

typedef void tile_fn(int rows, const wsf__tile *t);

/* Columns 0 .. n-1 of k rows of b, zeros in the place of those that are not there. */
static void pack_panel(float *panel, int64_t k, int64_t n, const float *b, int64_t bp, int64_t bj) {
  for (int64_t p = 0; p < k; ++p, panel += COLUMNS) {
    if (n == COLUMNS && bj == 1) {
      memcpy(panel, b + p * bp, COLUMNS * sizeof *panel);
      continue;
    }
    for (int64_t j = 0; j < COLUMNS; ++j) panel[j] = j < n ? b[p * bp + j * bj] : 0;
  }
}

/* All m rows by n columns, which go through a place of sixteen where they are fewer. */
static void column_block(tile_fn *run, int64_t m, int64_t n, wsf__tile t) {
  const float *const from = t.from;
  float *const c = t.c;
  for (int64_t i = 0; i < m; i += ROWS, t.a += ROWS * t.ai) {
    const int rows = m - i < ROWS ? (int)(m - i) : ROWS;
    if (n == COLUMNS) {
      t.from = from + i * t.ldf;
      t.c = c + i * t.ldc;
      run(rows, &t);
      continue;
    }
    float edge[ROWS][COLUMNS] = {{0}};
    for (int r = 0; r < rows; ++r) {
      memcpy(edge[r], from + (i + r) * t.ldf, (size_t)n * sizeof *from);
    }
    run(rows, &(wsf__tile){t.depth, t.a, t.ai, t.ap, t.panel, edge[0], COLUMNS, edge[0], COLUMNS});
    for (int r = 0; r < rows; ++r) memcpy(c + (i + r) * t.ldc, edge[r], (size_t)n * sizeof *c);
  }
}

void wsf__gemm(int64_t m, int64_t n, int64_t k, const float *a, int64_t ai, int64_t ap,
               const float *b, int64_t bp, int64_t bj, float *c, int64_t ldc) {
  tile_fn *const run = wsf__kernels_here()->tile;
  float panel[DEPTH * COLUMNS];
  for (int64_t p = 0; p < k; p += DEPTH) {
    const int64_t depth = k - p < DEPTH ? k - p : DEPTH;
    for (int64_t j = 0; j < n; j += COLUMNS) {
      const int64_t columns = n - j < COLUMNS ? n - j : COLUMNS;
      pack_panel(panel, depth, columns, b + p * bp + j * bj, bp, bj);
      column_block(run, m, columns,
                   (wsf__tile){depth, a + p * ap, ai, ap, panel, c + j, ldc, c + j, ldc});
    }
  }
}

int64_t wsf__packed_size(int64_t n, int64_t k) {
  return (n + COLUMNS - 1) / COLUMNS * COLUMNS * k;
}

void wsf__pack(int64_t n, int64_t k, const float *b, int64_t bp, int64_t bj, float *packed) {
  for (int64_t j = 0; j < n; j += COLUMNS, packed += k * COLUMNS) {
    pack_panel(packed, k, n - j < COLUMNS ? n - j : COLUMNS, b + j * bj, bp, bj);
  }
}

void wsf__gemm_packed(int64_t m, int64_t n, int64_t k, const float *a, int64_t ai, int64_t ap,
                      const float *packed, const float *from, int64_t ldf, float *c, int64_t ldc) {
  tile_fn *const run = wsf__kernels_here()->tile;
  for (int64_t j = 0; j < n; j += COLUMNS, packed += k * COLUMNS) {
    const int64_t columns = n - j < COLUMNS ? n - j : COLUMNS;
    column_block(run, m, columns, (wsf__tile){k, a, ai, ap, packed, from + j, ldf, c + j, ldc});
  }
}
