/* The inner loops of networks, as the processor at hand runs them: the same bits on each. */
#ifndef WSF_NN_KERNELS_H
#define WSF_NN_KERNELS_H

#include "nn/nn.h"

enum { WSF__TILE_ROWS = 6 };

/* Some rows of c, WSF__TILE_COLUMNS columns wide, are those of `from` and a times the panel; rows
 * stand ldc, ldf and ai apart, columns of a ap. */
typedef struct wsf__tile {
  int64_t depth;
  const float *a;
  int64_t ai, ap;
  const float *panel, *from;
  int64_t ldf;
  float *c;
  int64_t ldc;
} wsf__tile;

/* Step t of `rows` series from the first-th on; sums: what reaches their gates, [rows][4 hidden].
 */
typedef struct wsf__stretch {
  const wsf__layer *l;
  const wsf__layer_run *r;
  int64_t t, first, rows;
  float *sums;
} wsf__stretch;

typedef struct wsf__kernels {
  void (*tile)(int rows, const wsf__tile *t); /* rows: 1 .. WSF__TILE_ROWS */
  /* From the sums to gates and next states, and from what became of states to that of the sums. */
  void (*step[WSF__CELL_KINDS])(const wsf__stretch *s);
  void (*back[WSF__CELL_KINDS])(const wsf__stretch *s, float *d_out, float *d_cell);
  void (*tanh)(int64_t n, float *x);
} wsf__kernels;

extern const wsf__kernels wsf__kernels_plain;
#if defined(__x86_64__)
extern const wsf__kernels wsf__kernels_fused;
#endif

static inline const wsf__kernels *wsf__kernels_here(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return &wsf__kernels_fused;
#endif
  return &wsf__kernels_plain;
}

#endif
