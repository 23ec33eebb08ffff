/* Which rows belong to which series, in the order of time. */
#ifndef WSF_PANEL_ORDER_H
#define WSF_PANEL_ORDER_H

#include "panel/panel.h"

/* Rows are counted in 32 bits, half the memory of the permutation; series in 31, as groups are. */
#define WSF__ROWS_MOST INT64_C(0x7fffffff)

/* Series i has the rows row[start[i]] .. row[start[i] + count[i] - 1], times not falling, equal
 * times in the order of the input. row is NULL if that is the input's own order. */
typedef struct wsf__order {
  int64_t n;
  const uint32_t *start, *count;
  const uint32_t *row;
  int32_t *const *code; /* [n_keys][n] rank of each series' label */
} wsf__order;

/* rank[k][code] is the place of a label of key k. Series come out ordered by their ranks. */
wsf_status wsf__order_rows(wsf__order *out, wsf__env *env, const wsf__rows *rows,
                           const int32_t *const *rank, wsf__arena *arena, wsf_error *err);

static inline uint32_t wsf__order_row(const wsf__order *o, uint32_t position) {
  return o->row ? o->row[position] : position;
}

/* The step between all neighbours of n times, or 0 if there are different ones. */
static inline int64_t wsf__even_step(const int64_t *time, uint32_t n) {
  const int64_t step = n > 1 ? time[1] - time[0] : 0;
  int64_t other = 0;
  for (uint32_t i = 1; i < n; ++i) other |= (time[i] - time[i - 1]) ^ step;
  return other == 0 ? step : 0;
}

/* Series in blocks of about this many rows: the tasks of parallel passes. The cut depends on the
 * data alone, so sums over blocks in their order are the same for any number of threads. */
enum { WSF__BLOCK_ROWS = 32768 };
static inline int64_t wsf__order_blocks(int64_t rows, int64_t n) {
  const int64_t blocks = rows / WSF__BLOCK_ROWS + 1;
  return blocks < n ? blocks : n;
}
static inline int64_t wsf__block_begin(int64_t block, int64_t blocks, int64_t n) {
  return n / blocks * block + (block < n % blocks ? block : n % blocks);
}

#endif
