/* The inner loops of networks. Three files include this one: for processors with AVX-512, with AVX2
 * and FMA, and for any. */
#ifndef WSF_NN_KERNEL_LOOPS_H
#define WSF_NN_KERNEL_LOOPS_H

#include "nn/kernels.h"
#include "nn/lanes.h"

/* ---- products ------------------------------------------------------------------------------ */

/* As much of a product as registers hold beside what it is made of. */
enum { VECTORS = WSF__TILE_COLUMNS / WSF__LANES };
#if defined(WSF__WIDE)
enum { MOST_ROWS = 12, MOST_PANELS = 2 };
#else
enum { MOST_ROWS = 6, MOST_PANELS = 1 };
#endif

WSF__LANE_KERNEL void rows_of(int rows, int panels, const wsf__tile *t, int64_t at) {
  wsf__lane sum[MOST_ROWS][MOST_PANELS * VECTORS], x[MOST_PANELS * VECTORS], s;
  const int vectors = panels * VECTORS;
  WSF__UNROLL for (int r = 0; r < rows; ++r) {
    WSF__UNROLL for (int v = 0; v < vectors; ++v) {
      wsf__lane_load(&sum[r][v], t->from + (at + r) * t->ldf + v * WSF__LANES, WSF__LANES);
    }
  }
  const float *a = t->a + at * t->ai, *panel = t->panel;
  const int64_t next = t->depth * WSF__TILE_COLUMNS;
  for (int64_t p = 0; p < t->depth; ++p, a += t->ap, panel += WSF__TILE_COLUMNS) {
    WSF__UNROLL for (int v = 0; v < vectors; ++v) {
      wsf__lane_load(&x[v], panel + v / VECTORS * next + v % VECTORS * WSF__LANES, WSF__LANES);
    }
    WSF__UNROLL for (int r = 0; r < rows; ++r) {
      wsf__lane_fill(&s, a[r * t->ai]);
      WSF__UNROLL for (int v = 0; v < vectors; ++v) wsf__lane_fma(&sum[r][v], &s, &x[v]);
    }
  }
  WSF__UNROLL for (int r = 0; r < rows; ++r) {
    WSF__UNROLL for (int v = 0; v < vectors; ++v) {
      wsf__lane_store(t->c + (at + r) * t->ldc + v * WSF__LANES, &sum[r][v], WSF__LANES);
    }
  }
}

/* How many rows and panels is a constant in each place, so that they stay in registers. */
WSF__LANE_KERNEL void panels_of(int64_t rows, int panels, const wsf__tile *t) {
  int64_t at = 0;
  for (; rows - at >= MOST_ROWS; at += MOST_ROWS) rows_of(MOST_ROWS, panels, t, at);
  for (; rows - at >= 4; at += 4) rows_of(4, panels, t, at);
  for (; rows - at >= 2; at += 2) rows_of(2, panels, t, at);
  for (; rows - at >= 1; at += 1) rows_of(1, panels, t, at);
}

static void go_on(wsf__tile *t, int panels) {
  t->panel += panels * t->depth * WSF__TILE_COLUMNS;
  t->from += panels * WSF__TILE_COLUMNS;
  t->c += panels * WSF__TILE_COLUMNS;
}

WSF__FOR_PROCESSOR static void product(int64_t rows, int64_t panels, const wsf__tile *t) {
  wsf__tile rest = *t;
  for (; panels >= MOST_PANELS; panels -= MOST_PANELS) {
    panels_of(rows, MOST_PANELS, &rest);
    go_on(&rest, MOST_PANELS);
  }
  for (; panels > 0; --panels) {
    panels_of(rows, 1, &rest);
    go_on(&rest, 1);
  }
}

/* ---- LSTM cells ---------------------------------------------------------------------------- */

/* Lanes of one row of gates, each in its place: i, f, g, o; r, z and both parts of the candidate.
 */
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

/* n cells: from the sums that reach their gates to the next states, and to the gates. */
WSF__LANE_KERNEL void cells(const float *sums, float *gate, int hidden, const float *before,
                            float *cell, float *out, int n) {
  gates x;
  wsf__lane c;
  load(&x, sums, hidden, n);
  wsf__lane_load(&c, before, n);
  wsf__lane_sigmoid(&x.i);
  wsf__lane_sigmoid(&x.f);
  wsf__lane_tanh(&x.g);
  wsf__lane_sigmoid(&x.o);
  if (gate) store(gate, &x, hidden, n);
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

WSF__FOR_PROCESSOR static void lstm_step(const wsf__stretch *s) {
  const int hidden = s->l->hidden;
  for (int64_t row = 0; row < s->rows; ++row) {
    const int64_t at = s->t * s->r->batch + s->first + row, then = at * hidden;
    const int64_t now = then + s->l->dilation * s->r->batch * hidden;
    const float *sums = s->sums + row * 4 * hidden, *before = s->r->cell + then;
    float *gate = s->r->gate ? s->r->gate + 4 * then : NULL;
    float *cell = s->r->cell + now, *out = s->r->out + now;
    for (int j = 0; j < hidden; j += WSF__LANES) {
      float *const kept = gate ? gate + j : NULL;
      if (hidden - j >= WSF__LANES) {
        cells(sums + j, kept, hidden, before + j, cell + j, out + j, WSF__LANES);
      } else {
        cells(sums + j, kept, hidden, before + j, cell + j, out + j, hidden - j);
      }
    }
  }
}

WSF__FOR_PROCESSOR static void lstm_back(const wsf__stretch *s, float *d_out, float *d_cell) {
  const int hidden = s->l->hidden;
  for (int64_t row = 0; row < s->rows; ++row) {
    const int64_t at = s->t * s->r->batch + s->first + row, then = at * hidden;
    const int64_t now = then + s->l->dilation * s->r->batch * hidden;
    float *gate = s->r->gate + 4 * then, *d_before = d_cell + then;
    const float *before = s->r->cell + then, *cell = s->r->cell + now;
    const float *dh = d_out + now, *dc = d_cell + now;
    for (int j = 0; j < hidden; j += WSF__LANES) {
      if (hidden - j >= WSF__LANES) {
        cells_back(gate + j, hidden, before + j, cell + j, dh + j, dc + j, d_before + j,
                   WSF__LANES);
      } else {
        cells_back(gate + j, hidden, before + j, cell + j, dh + j, dc + j, d_before + j,
                   hidden - j);
      }
    }
  }
}

/* ---- gated recurrent units ------------------------------------------------------------------ */

/* n units. i, f, g, o are reset, update, and what input and state say of the candidate; kept are
 * both gates, the candidate and what the state says. */
WSF__LANE_KERNEL void units(const float *sums, float *gate, int hidden, const float *before,
                            float *out, int n) {
  gates x;
  wsf__lane h;
  load(&x, sums, hidden, n);
  wsf__lane_load(&h, before, n);
  wsf__lane_sigmoid(&x.i);
  wsf__lane_sigmoid(&x.f);
  x.g += x.i * x.o;
  wsf__lane_tanh(&x.g);
  if (gate) store(gate, &x, hidden, n);
  h = x.g + x.f * (h - x.g);
  wsf__lane_store(out, &h, n);
}

/* n units: from what became of outputs to what became of sums and of the outputs before. */
WSF__LANE_KERNEL void units_back(float *gate, int hidden, const float *before, const float *d_out,
                                 float *d_before, int n) {
  gates x;
  wsf__lane old, dh, db;
  load(&x, gate, hidden, n);
  wsf__lane_load(&old, before, n);
  wsf__lane_load(&dh, d_out, n);
  wsf__lane_load(&db, d_before, n);
  db += dh * x.f;
  wsf__lane_store(d_before, &db, n);
  const wsf__lane candidate = dh * (1.0f - x.f) * (1.0f - x.g * x.g);
  const gates d = {candidate * x.o * x.i * (1.0f - x.i), dh * (old - x.g) * x.f * (1.0f - x.f),
                   candidate, candidate * x.i};
  store(gate, &d, hidden, n);
}

WSF__FOR_PROCESSOR static void gru_step(const wsf__stretch *s) {
  const int hidden = s->l->hidden;
  for (int64_t row = 0; row < s->rows; ++row) {
    const int64_t at = s->t * s->r->batch + s->first + row, then = at * hidden;
    const int64_t now = then + s->l->dilation * s->r->batch * hidden;
    const float *sums = s->sums + row * 4 * hidden, *before = s->r->out + then;
    float *gate = s->r->gate ? s->r->gate + 4 * then : NULL, *out = s->r->out + now;
    for (int j = 0; j < hidden; j += WSF__LANES) {
      float *const kept = gate ? gate + j : NULL;
      if (hidden - j >= WSF__LANES) {
        units(sums + j, kept, hidden, before + j, out + j, WSF__LANES);
      } else {
        units(sums + j, kept, hidden, before + j, out + j, hidden - j);
      }
    }
  }
}

WSF__FOR_PROCESSOR static void gru_back(const wsf__stretch *s, float *d_out, float *d_cell) {
  const int hidden = s->l->hidden;
  (void)d_cell;
  for (int64_t row = 0; row < s->rows; ++row) {
    const int64_t at = s->t * s->r->batch + s->first + row, then = at * hidden;
    const int64_t now = then + s->l->dilation * s->r->batch * hidden;
    float *gate = s->r->gate + 4 * then, *d_before = d_out + then;
    const float *before = s->r->out + then, *dh = d_out + now;
    for (int j = 0; j < hidden; j += WSF__LANES) {
      if (hidden - j >= WSF__LANES) {
        units_back(gate + j, hidden, before + j, dh + j, d_before + j, WSF__LANES);
      } else {
        units_back(gate + j, hidden, before + j, dh + j, d_before + j, hidden - j);
      }
    }
  }
}

/* ---- squashing ----------------------------------------------------------------------------- */

WSF__FOR_PROCESSOR static void squash(int64_t n, float *x) {
  for (int64_t i = 0; i < n; i += WSF__LANES) {
    const int count = n - i < WSF__LANES ? (int)(n - i) : WSF__LANES;
    wsf__lane v;
    wsf__lane_load(&v, x + i, count);
    wsf__lane_tanh(&v);
    wsf__lane_store(x + i, &v, count);
  }
}

#define WSF__KERNEL_LOOPS                                                                          \
  { product, {lstm_step, gru_step}, {lstm_back, gru_back}, squash }

#endif
