/* LSTM cells, many series at a time.
 *
 * What the inputs add to the gates is one product for all steps; then each step adds what the
 * series' states add, and one pass over the gates makes the next states. Backward goes the same way
 * from the end: the derivatives of all gates first, step by step, then those of the weights and
 * inputs as three products over all steps. */
#include "nn/lanes.h"
#include "nn/nn.h"

int64_t wsf__lstm_weights(const wsf__lstm *l) {
  return 4 * (int64_t)l->hidden * ((int64_t)l->in + l->hidden + 1);
}

/* Lanes of one row of gates, each in its place: i, f, g, o. */
typedef struct gates {
  wsf__lane i, f, g, o;
} gates;

WSF__LANE_KERNEL void load(gates *out, const float *gate, int hidden, int n) {
  wsf__lane_load(&out->i, gate, n);
  wsf__lane_load(&out->f, gate + hidden, n);
  wsf__lane_load(&out->g, gate + 2 * hidden, n);
  wsf__lane_load(&out->o, gate + 3 * hidden, n);
}

WSF__LANE_KERNEL void store(float *gate, const gates *from, int hidden, int n) {
  wsf__lane_store(gate, &from->i, n);
  wsf__lane_store(gate + hidden, &from->f, n);
  wsf__lane_store(gate + 2 * hidden, &from->g, n);
  wsf__lane_store(gate + 3 * hidden, &from->o, n);
}

/* n cells: from the sums that reach their gates to the next states. */
WSF__LANE_KERNEL void cells(float *gate, int hidden, const float *before, float *cell, float *out,
                            int n) {
  gates x;
  wsf__lane c;
  load(&x, gate, hidden, n);
  wsf__lane_load(&c, before, n);
  wsf__lane_sigmoid(&x.i);
  wsf__lane_sigmoid(&x.f);
  wsf__lane_tanh(&x.g);
  wsf__lane_sigmoid(&x.o);
  store(gate, &x, hidden, n);
  c = x.f * c + x.i * x.g;
  wsf__lane_store(cell, &c, n);
  wsf__lane_tanh(&c);
  c *= x.o;
  wsf__lane_store(out, &c, n);
}

/* n cells: from what became of their states to what became of the sums that reached their gates and
 * of the cells before. */
WSF__LANE_KERNEL void cells_back(float *gate, int hidden, const float *before, const float *cell,
                                 const float *d_out, const float *d_cell, float *d_before, int n) {
  gates x;
  wsf__lane c, old, dh, dc, db;
  load(&x, gate, hidden, n);
  wsf__lane_load(&c, cell, n);
  wsf__lane_load(&old, before, n);
  wsf__lane_load(&dh, d_out, n);
  wsf__lane_load(&dc, d_cell, n);
  wsf__lane_load(&db, d_before, n);
  wsf__lane_tanh(&c);
  dc += dh * x.o * (1.0f - c * c);
  db += dc * x.f;
  wsf__lane_store(d_before, &db, n);
  const gates d = {dc * x.g * x.i * (1.0f - x.i), dc * old * x.f * (1.0f - x.f),
                   dc * x.i * (1.0f - x.g * x.g), dh * c * x.o * (1.0f - x.o)};
  store(gate, &d, hidden, n);
}

WSF__LANE_KERNEL void step(const wsf__lstm *l, const wsf__lstm_run *r, int64_t t) {
  const int hidden = l->hidden;
  const int64_t rows = r->batch;
  for (int64_t b = 0; b < rows; ++b) {
    float *gate = r->gate + (t * rows + b) * 4 * hidden;
    const float *before = r->cell + (t * rows + b) * hidden;
    const int64_t now = ((t + l->dilation) * rows + b) * hidden;
    int j = 0;
    for (; j + WSF__LANES <= hidden; j += WSF__LANES) {
      cells(gate + j, hidden, before + j, r->cell + now + j, r->out + now + j, WSF__LANES);
    }
    if (j < hidden) {
      cells(gate + j, hidden, before + j, r->cell + now + j, r->out + now + j, hidden - j);
    }
  }
}

WSF__LANE_KERNEL void step_back(const wsf__lstm *l, const wsf__lstm_run *r, int64_t t,
                                const float *d_out, float *d_cell) {
  const int hidden = l->hidden;
  const int64_t rows = r->batch;
  for (int64_t b = 0; b < rows; ++b) {
    float *gate = r->gate + (t * rows + b) * 4 * hidden;
    const int64_t then = (t * rows + b) * hidden, now = ((t + l->dilation) * rows + b) * hidden;
    int j = 0;
    for (; j + WSF__LANES <= hidden; j += WSF__LANES) {
      cells_back(gate + j, hidden, r->cell + then + j, r->cell + now + j, d_out + now + j,
                 d_cell + now + j, d_cell + then + j, WSF__LANES);
    }
    if (j < hidden) {
      cells_back(gate + j, hidden, r->cell + then + j, r->cell + now + j, d_out + now + j,
                 d_cell + now + j, d_cell + then + j, hidden - j);
    }
  }
}

#if defined(__x86_64__)
#define WITH_AVX2 __attribute__((target("avx2")))
WITH_AVX2 static void step_wide(const wsf__lstm *l, const wsf__lstm_run *r, int64_t t) {
  step(l, r, t);
}
WITH_AVX2 static void step_back_wide(const wsf__lstm *l, const wsf__lstm_run *r, int64_t t,
                                     const float *d_out, float *d_cell) {
  step_back(l, r, t, d_out, d_cell);
}
#endif

static void take_step(const wsf__lstm *l, const wsf__lstm_run *r, int64_t t) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) {
    step_wide(l, r, t);
    return;
  }
#endif
  step(l, r, t);
}

static void take_step_back(const wsf__lstm *l, const wsf__lstm_run *r, int64_t t,
                           const float *d_out, float *d_cell) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) {
    step_back_wide(l, r, t, d_out, d_cell);
    return;
  }
#endif
  step_back(l, r, t, d_out, d_cell);
}

void wsf__lstm_forward(const wsf__lstm *l, const float *weights, const wsf__lstm_run *r) {
  const int64_t gates_n = 4 * (int64_t)l->hidden, rows = r->batch;
  const float *recurrent = weights + l->in * gates_n, *bias = recurrent + l->hidden * gates_n;
  for (int64_t i = 0; i < r->steps * rows; ++i) {
    memcpy(r->gate + i * gates_n, bias, (size_t)gates_n * sizeof *bias);
  }
  wsf__gemm(r->steps * rows, gates_n, l->in, r->x, l->in, 1, weights, gates_n, 1, r->gate, gates_n);
  for (int64_t t = 0; t < r->steps; ++t) {
    wsf__gemm(rows, gates_n, l->hidden, r->out + t * rows * l->hidden, l->hidden, 1, recurrent,
              gates_n, 1, r->gate + t * rows * gates_n, gates_n);
    take_step(l, r, t);
  }
}

void wsf__lstm_backward(const wsf__lstm *l, const float *weights, const wsf__lstm_run *r,
                        float *d_out, float *d_cell, float *d_weights, float *dx) {
  const int64_t gates_n = 4 * (int64_t)l->hidden, rows = r->batch, all = r->steps * rows;
  const float *recurrent = weights + l->in * gates_n;
  for (int64_t t = r->steps - 1; t >= 0; --t) {
    take_step_back(l, r, t, d_out, d_cell);
    wsf__gemm(rows, l->hidden, gates_n, r->gate + t * rows * gates_n, gates_n, 1, recurrent, 1,
              gates_n, d_out + t * rows * l->hidden, l->hidden);
  }
  float *d_recurrent = d_weights + l->in * gates_n, *d_bias = d_recurrent + l->hidden * gates_n;
  wsf__gemm(l->in, gates_n, all, r->x, 1, l->in, r->gate, gates_n, 1, d_weights, gates_n);
  wsf__gemm(l->hidden, gates_n, all, r->out, 1, l->hidden, r->gate, gates_n, 1, d_recurrent,
            gates_n);
  for (int64_t i = 0; i < all; ++i) {
    for (int64_t j = 0; j < gates_n; ++j) d_bias[j] += r->gate[i * gates_n + j];
  }
  if (dx) wsf__gemm(all, l->in, gates_n, r->gate, gates_n, 1, weights, 1, gates_n, dx, l->in);
}
