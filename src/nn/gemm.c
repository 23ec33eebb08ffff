/* Products of matrices of floats, as networks have them: some hundreds by some hundreds.
 *
 * Some rows and columns of the result at a time stay in registers while k runs, and panels of
 * sixteen columns of b are brought together once for all rows (Goto and van de Geijn 2008, without
 * the outer blocks, which matrices of this size do not need). Each element is one sum over k, from
 * the first to the last, by fused multiply-adds, each rounded once: the bits do not depend on
 * sizes, vectors, workers or processors. One that cannot fuse does the same by doubles, slowly. */
#include "nn/kernels.h"

#include <string.h>

enum { ROWS = 16, COLUMNS = WSF__TILE_COLUMNS, PANELS = 2, DEPTH = 256 };

typedef void product_fn(int64_t rows, int64_t panels, const wsf__tile *t);

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

/* n columns of m rows. The last ones, where they are no panel, go through a place of one. */
static void columns_of(product_fn *run, int64_t m, int64_t n, wsf__tile t) {
  const int64_t panels = n / COLUMNS, whole = panels * COLUMNS;
  run(m, panels, &t);
  if (whole == n) return;
  const size_t edge_bytes = (size_t)(n - whole) * sizeof(float);
  t.panel += whole * t.depth;
  for (int64_t i = 0; i < m; i += ROWS, t.a += ROWS * t.ai) {
    const int64_t rows = m - i < ROWS ? m - i : ROWS;
    float edge[ROWS][COLUMNS] = {{0}};
    for (int r = 0; r < rows; ++r) memcpy(edge[r], t.from + (i + r) * t.ldf + whole, edge_bytes);
    run(rows, 1,
        &(wsf__tile){t.depth, t.a, t.ai, t.ap, t.panel, edge[0], COLUMNS, edge[0], COLUMNS});
    for (int r = 0; r < rows; ++r) memcpy(t.c + (i + r) * t.ldc + whole, edge[r], edge_bytes);
  }
}

void wsf__gemm(int64_t m, int64_t n, int64_t k, const float *a, int64_t ai, int64_t ap,
               const float *b, int64_t bp, int64_t bj, float *c, int64_t ldc) {
  product_fn *const run = wsf__kernels_here()->product;
  float panels[DEPTH * PANELS * COLUMNS];
  for (int64_t p = 0; p < k; p += DEPTH) {
    const int64_t depth = k - p < DEPTH ? k - p : DEPTH;
    for (int64_t j = 0; j < n; j += PANELS * COLUMNS) {
      const int64_t columns = n - j < PANELS * COLUMNS ? n - j : PANELS * COLUMNS;
      wsf__pack(columns, depth, b + p * bp + j * bj, bp, bj, panels);
      columns_of(run, m, columns,
                 (wsf__tile){depth, a + p * ap, ai, ap, panels, c + j, ldc, c + j, ldc});
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
  columns_of(wsf__kernels_here()->product, m, n,
             (wsf__tile){k, a, ai, ap, packed, from, ldf, c, ldc});
}
