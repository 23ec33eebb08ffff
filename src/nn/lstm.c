/* LSTM cells, many series at a time.
 *
 * Some series go through all steps before the next do, so that their gates stay in the nearest
 * memory: the bias, what the inputs and what the states add are summed there, and one pass over
 * them makes the next states. The weights are brought together once for all steps. Backward goes
 * the same way from the end: the derivatives of gates, states and inputs step by step, then those
 * of the weights as products over all steps. */
#include "nn/kernels.h"

enum { BLOCK = 48 /* series at a time: eight tiles of a product */, DEPTH = 128 };

int64_t wsf__lstm_weights(const wsf__lstm *l) {
  return 4 * (int64_t)l->hidden * ((int64_t)l->in + l->hidden + 1);
}

int64_t wsf__lstm_room(const wsf__lstm *l) {
  const int64_t gates_n = 4 * (int64_t)l->hidden, there = wsf__packed_size(gates_n, l->in) +
                                                          wsf__packed_size(gates_n, l->hidden) +
                                                          BLOCK * gates_n;
  const int64_t back = wsf__packed_size(l->in, gates_n) + wsf__packed_size(l->hidden, gates_n);
  return there > back ? there : back;
}

void wsf__lstm_forward(const wsf__lstm *l, const float *weights, const wsf__lstm_run *r) {
  const int64_t gates_n = 4 * (int64_t)l->hidden, rows = r->batch;
  const float *recurrent = weights + l->in * gates_n, *bias = recurrent + l->hidden * gates_n;
  float *const of_x = r->room, *const of_out = of_x + wsf__packed_size(gates_n, l->in);
  float *const sums = of_out + wsf__packed_size(gates_n, l->hidden);
  const wsf__kernels *const kernels = wsf__kernels_here();
  wsf__pack(gates_n, l->in, weights, gates_n, 1, of_x);
  wsf__pack(gates_n, l->hidden, recurrent, gates_n, 1, of_out);
  for (int64_t first = 0; first < rows; first += BLOCK) {
    wsf__stretch s = {l, r, 0, first, rows - first < BLOCK ? rows - first : BLOCK, sums};
    for (; s.t < r->steps; ++s.t) {
      const int64_t at = s.t * rows + first;
      wsf__gemm_packed(s.rows, gates_n, l->in, r->x + at * l->in, l->in, 1, of_x, bias, 0, sums,
                       gates_n);
      wsf__gemm_packed(s.rows, gates_n, l->hidden, r->out + at * l->hidden, l->hidden, 1, of_out,
                       sums, gates_n, sums, gates_n);
      kernels->lstm_step(&s);
    }
  }
}

/* From what became of the gates to what became of the weights. */
static void weights_back(const wsf__lstm *l, const wsf__lstm_run *r, float *d_weights) {
  const int64_t gates_n = 4 * (int64_t)l->hidden, all = r->steps * r->batch;
  float *const d_recurrent = d_weights + l->in * gates_n;
  float *const d_bias = d_recurrent + l->hidden * gates_n;
  float panel[DEPTH * WSF__TILE_COLUMNS];
  for (int64_t p = 0; p < all; p += DEPTH) {
    const int64_t depth = all - p < DEPTH ? all - p : DEPTH;
    const float *const x = r->x + p * l->in, *const out = r->out + p * l->hidden;
    for (int64_t j = 0; j < gates_n; j += WSF__TILE_COLUMNS) {
      const int64_t n = gates_n - j < WSF__TILE_COLUMNS ? gates_n - j : WSF__TILE_COLUMNS;
      wsf__pack(n, depth, r->gate + p * gates_n + j, gates_n, 1, panel);
      wsf__gemm_packed(l->in, n, depth, x, 1, l->in, panel, d_weights + j, gates_n, d_weights + j,
                       gates_n);
      wsf__gemm_packed(l->hidden, n, depth, out, 1, l->hidden, panel, d_recurrent + j, gates_n,
                       d_recurrent + j, gates_n);
      for (int64_t q = 0; q < depth; ++q) {
        for (int64_t k = 0; k < n; ++k) d_bias[j + k] += panel[q * WSF__TILE_COLUMNS + k];
      }
    }
  }
}

void wsf__lstm_backward(const wsf__lstm *l, const float *weights, const wsf__lstm_run *r,
                        float *d_out, float *d_cell, float *d_weights, float *dx) {
  const int64_t gates_n = 4 * (int64_t)l->hidden, rows = r->batch;
  float *const to_out = r->room, *const to_x = to_out + wsf__packed_size(l->hidden, gates_n);
  const wsf__kernels *const kernels = wsf__kernels_here();
  wsf__pack(l->hidden, gates_n, weights + l->in * gates_n, 1, gates_n, to_out);
  if (dx) wsf__pack(l->in, gates_n, weights, 1, gates_n, to_x);
  for (int64_t first = 0; first < rows; first += BLOCK) {
    wsf__stretch s = {l, r, r->steps, first, rows - first < BLOCK ? rows - first : BLOCK, NULL};
    while (s.t-- > 0) {
      const int64_t at = s.t * rows + first;
      kernels->lstm_back(&s, d_out, d_cell);
      const float *const gate = r->gate + at * gates_n;
      float *const before = d_out + at * l->hidden;
      wsf__gemm_packed(s.rows, l->hidden, gates_n, gate, gates_n, 1, to_out, before, l->hidden,
                       before, l->hidden);
      if (!dx) continue;
      wsf__gemm_packed(s.rows, l->in, gates_n, gate, gates_n, 1, to_x, dx + at * l->in, l->in,
                       dx + at * l->in, l->in);
    }
  }
  weights_back(l, r, d_weights);
}
