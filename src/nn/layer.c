/* Layers of recurrent cells, many series at a time.
 *
 * Some series go through all steps before the next do, so that their gates stay in the nearest
 * memory: the bias, what the inputs and what the states add are summed there, and one pass over
 * them makes the next states. The weights are brought together once for all steps. Backward goes
 * the same way from the end: the derivatives of gates, states and inputs step by step, then those
 * of the weights as products over all steps. */
#include "nn/kernels.h"

#include <string.h>

enum {
  BLOCK = 48 /* series at a time: eight tiles of a product */,
  DEPTH = 128,
  MOST_PARTS = 3,
  WIDTH = 2 * WSF__TILE_COLUMNS
};

/* Sums that inputs and states reach alike: `n` of the 4 hidden, from the at-th on. */
typedef struct part {
  int64_t at, n;
  int64_t x, out; /* their columns in the weights of inputs and states; -1: none reach them */
} part;

static int parts_of(const wsf__layer *l, part out[MOST_PARTS]) {
  const int64_t hidden = l->hidden;
  if (l->kind == WSF__CELL_LSTM) {
    out[0] = (part){0, 4 * hidden, 0, 0};
    return 1;
  }
  out[0] = (part){0, 2 * hidden, 0, 0};
  out[1] = (part){2 * hidden, hidden, 2 * hidden, -1};
  out[2] = (part){3 * hidden, hidden, -1, 2 * hidden};
  return 3;
}

static int64_t columns_of(const wsf__layer *l) {
  return (l->kind == WSF__CELL_LSTM ? 4 : 3) * (int64_t)l->hidden;
}

int64_t wsf__layer_weights(const wsf__layer *l) {
  return columns_of(l) * ((int64_t)l->in + l->hidden) + 4 * (int64_t)l->hidden;
}

int64_t wsf__layer_room(const wsf__layer *l) {
  part p[MOST_PARTS];
  int64_t there = 4 * (int64_t)l->hidden * BLOCK, back = 0;
  const int parts = parts_of(l, p);
  for (int k = 0; k < parts; ++k) {
    const int64_t rows = (p[k].x < 0 ? 0 : l->in) + (p[k].out < 0 ? 0 : l->hidden);
    there += wsf__packed_size(p[k].n, rows);
    back += wsf__packed_size(l->in, p[k].n) + wsf__packed_size(l->hidden, p[k].n);
  }
  return there > back ? there : back;
}

/* Weights of inputs and states of a part, as products read them. */
typedef struct packed {
  float *x, *out;
} packed;

static float *pack_forward(const wsf__layer *l, const float *weights, int parts, const part p[],
                           float *room, packed out[]) {
  const int64_t columns = columns_of(l);
  for (int k = 0; k < parts; ++k) {
    out[k].x = room;
    if (p[k].x >= 0) {
      wsf__pack(p[k].n, l->in, weights + p[k].x, columns, 1, room);
      room += wsf__packed_size(p[k].n, l->in);
    }
    out[k].out = room;
    if (p[k].out >= 0) {
      wsf__pack(p[k].n, l->hidden, weights + l->in * columns + p[k].out, columns, 1, room);
      room += wsf__packed_size(p[k].n, l->hidden);
    }
  }
  return room;
}

/* The sums of step s->t. */
static void sum_up(const wsf__stretch *s, const float *bias, int parts, const part p[],
                   const packed w[]) {
  const wsf__layer *l = s->l;
  const int64_t at = s->t * s->r->batch + s->first, width = 4 * (int64_t)l->hidden;
  const float *const x = s->r->x + at * l->in, *const out = s->r->out + at * l->hidden;
  for (int k = 0; k < parts; ++k) {
    float *const sums = s->sums + p[k].at;
    const float *from = bias + p[k].at;
    int64_t apart = 0; /* of the rows of `from` */
    if (p[k].x >= 0) {
      wsf__gemm_packed(s->rows, p[k].n, l->in, x, l->in, 1, w[k].x, from, apart, sums, width);
      from = sums;
      apart = width;
    }
    if (p[k].out < 0) continue;
    wsf__gemm_packed(s->rows, p[k].n, l->hidden, out, l->hidden, 1, w[k].out, from, apart, sums,
                     width);
  }
}

void wsf__layer_forward(const wsf__layer *l, const float *weights, const wsf__layer_run *r) {
  const float *const bias = weights + columns_of(l) * ((int64_t)l->in + l->hidden);
  const wsf__kernels *const kernels = wsf__kernels_here();
  part p[MOST_PARTS];
  packed w[MOST_PARTS];
  const int parts = parts_of(l, p);
  float *const sums = pack_forward(l, weights, parts, p, r->room, w);
  for (int64_t first = 0; first < r->batch; first += BLOCK) {
    wsf__stretch s = {l, r, 0, first, r->batch - first < BLOCK ? r->batch - first : BLOCK, sums};
    for (; s.t < r->steps; ++s.t) {
      sum_up(&s, bias, parts, p, w);
      kernels->step[l->kind](&s);
    }
  }
}

/* Adds a product of derivatives of sums, whose columns are brought together, to d. */
static void add_to(int64_t rows, int64_t n, int64_t depth, const float *a, const float *panel,
                   float *d, int64_t columns) {
  wsf__gemm_packed(rows, n, depth, a, 1, rows, panel, d, columns, d, columns);
}

/* From what became of the sums to what became of the weights. */
static void weights_back(const wsf__layer *l, const wsf__layer_run *r, int parts, const part p[],
                         float *d_weights) {
  const int64_t columns = columns_of(l), width = 4 * (int64_t)l->hidden;
  const int64_t all = r->steps * r->batch;
  float *const d_recurrent = d_weights + l->in * columns;
  float *const d_bias = d_recurrent + l->hidden * columns;
  float panels[DEPTH * WIDTH];
  for (int64_t q = 0; q < all; q += DEPTH) {
    const int64_t depth = all - q < DEPTH ? all - q : DEPTH;
    const float *const x = r->x + q * l->in, *const out = r->out + q * l->hidden;
    for (int k = 0; k < parts; ++k) {
      for (int64_t j = 0; j < p[k].n; j += WIDTH) {
        const int64_t n = p[k].n - j < WIDTH ? p[k].n - j : WIDTH;
        const float *const gate = r->gate + q * width + p[k].at + j;
        float *const bias = d_bias + p[k].at + j;
        wsf__pack(n, depth, gate, width, 1, panels);
        if (p[k].x >= 0) add_to(l->in, n, depth, x, panels, d_weights + p[k].x + j, columns);
        if (p[k].out >= 0) {
          add_to(l->hidden, n, depth, out, panels, d_recurrent + p[k].out + j, columns);
        }
        for (int64_t i = 0; i < depth; ++i) {
          for (int64_t c = 0; c < n; ++c) bias[c] += gate[i * width + c];
        }
      }
    }
  }
}

static void pack_backward(const wsf__layer *l, const float *weights, int parts, const part p[],
                          float *room, packed out[]) {
  const int64_t columns = columns_of(l);
  for (int k = 0; k < parts; ++k) {
    out[k].x = room;
    if (p[k].x >= 0) wsf__pack(l->in, p[k].n, weights + p[k].x, 1, columns, room);
    out[k].out = room += wsf__packed_size(l->in, p[k].n);
    if (p[k].out >= 0) {
      wsf__pack(l->hidden, p[k].n, weights + l->in * columns + p[k].out, 1, columns, room);
    }
    room += wsf__packed_size(l->hidden, p[k].n);
  }
}

void wsf__layer_backward(const wsf__layer *l, const float *weights, const wsf__layer_run *r,
                         float *d_out, float *d_cell, float *d_weights, float *dx) {
  const int64_t width = 4 * (int64_t)l->hidden, rows = r->batch;
  const wsf__kernels *const kernels = wsf__kernels_here();
  part p[MOST_PARTS];
  packed w[MOST_PARTS];
  const int parts = parts_of(l, p);
  pack_backward(l, weights, parts, p, r->room, w);
  for (int64_t first = 0; first < rows; first += BLOCK) {
    wsf__stretch s = {l, r, r->steps, first, rows - first < BLOCK ? rows - first : BLOCK, NULL};
    while (s.t-- > 0) {
      const int64_t at = s.t * rows + first;
      float *const before = d_out + at * l->hidden, *const inputs = dx ? dx + at * l->in : NULL;
      kernels->back[l->kind](&s, d_out, d_cell);
      for (int k = 0; k < parts; ++k) {
        const float *const gate = r->gate + at * width + p[k].at;
        if (p[k].out >= 0) {
          wsf__gemm_packed(s.rows, l->hidden, p[k].n, gate, width, 1, w[k].out, before, l->hidden,
                           before, l->hidden);
        }
        if (p[k].x < 0 || !inputs) continue;
        wsf__gemm_packed(s.rows, l->in, p[k].n, gate, width, 1, w[k].x, inputs, l->in, inputs,
                         l->in);
      }
    }
  }
  weights_back(l, r, parts, p, d_weights);
}
