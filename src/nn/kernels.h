/* The inner loops of networks, as the processor at hand runs them: the same bits on each. */
#ifndef WSF_NN_KERNELS_H
#define WSF_NN_KERNELS_H

#include "nn/nn.h"

#include <stdbool.h>

/* Some rows of c are those of `from` and a times some panels, each of `depth` rows of
 * WSF__TILE_COLUMNS columns, one behind the other; rows stand ldc, ldf and ai apart, columns of a
 * ap. */
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
  void (*product)(int64_t rows, int64_t panels, const wsf__tile *t);
  /* From the sums to gates and next states, and from what became of states to that of the sums. */
  void (*step[WSF__CELL_KINDS])(const wsf__stretch *s);
  void (*back[WSF__CELL_KINDS])(const wsf__stretch *s, float *d_out, float *d_cell);
  void (*tanh)(int64_t n, float *x);
} wsf__kernels;

enum { WSF__MOST_KERNELS = 3 };
extern const wsf__kernels wsf__kernels_plain;
#if defined(__x86_64__)
extern const wsf__kernels wsf__kernels_fused, wsf__kernels_wide;
#endif

/* Those that the processor at hand can run, the fastest first; how many. */
static inline int wsf__kernels_list(const wsf__kernels *out[WSF__MOST_KERNELS]) {
  int n = 0;
#if defined(__x86_64__)
  const bool fused = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (fused && __builtin_cpu_supports("avx512f")) out[n++] = &wsf__kernels_wide;
  if (fused) out[n++] = &wsf__kernels_fused;
#endif
  out[n++] = &wsf__kernels_plain;
  return n;
}

static inline const wsf__kernels *wsf__kernels_here(void) {
  const wsf__kernels *all[WSF__MOST_KERNELS];
  (void)wsf__kernels_list(all);
  return all[0];
}

#endif
