/* Time of a step of learning, and of a pass without, of LSTM layers and a dense head:
 *   layers LAYERS HIDDEN INPUTS BATCH LENGTH STEPS THREADS -> "train CPU WALL infer CPU WALL loss
 * L" Seconds of all threads together, and by the clock. As models do, a batch is cut in pieces of
 * fixed size, whose gradients are added in their order. bench/networks/compare.py runs it beside
 * PyTorch with the same weights and data. */
#include "nn/nn.h"

#include <math.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST = 4, PIECE = 32, MOST_THREADS = 64 };

static double now(clockid_t clock) {
  struct timespec t;
  (void)clock_gettime(clock, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static float *room(int64_t n) {
  float *x = calloc((size_t)n, sizeof *x);
  if (!x) abort();
  return x;
}

static float number(int64_t i, int64_t seed, float scale) {
  return (float)((i * 37 + seed * 11) % 101 - 50) / 50 * scale;
}

typedef struct problem {
  int layers, hidden, in;
  int64_t batch, length, pieces, n;
  wsf__layer shape[MOST];
  wsf__dense head;
  int64_t at[MOST + 1]; /* where the weights of each layer stand, then those of the head */
  float *weight, *gradient /* [pieces][n] */;
  double *loss; /* [pieces] */
  int threads;
} problem;

/* What one thread works with, on its pieces one after the other. */
typedef struct worker {
  problem *p;
  int number;
  bool learns;
  wsf__layer_run run[MOST];
  float *d_out[MOST], *d_cell[MOST], *x, *y, *raw;
} worker;

static void furnish(worker *w, problem *p, int number, bool learns) {
  const int64_t rows = p->length * PIECE, states = (p->length + 1) * PIECE * p->hidden;
  *w = (worker){.p = p, .number = number, .learns = learns};
  w->x = room(rows * p->in);
  w->y = room(rows);
  w->raw = room(rows);
  for (int l = 0; l < p->layers; ++l) {
    w->run[l] = (wsf__layer_run){
        .steps = p->length,
        .batch = PIECE,
        .x = l > 0 ? w->run[l - 1].out + PIECE * p->hidden : w->x,
        .gate = learns ? room(rows * 4 * p->hidden) : NULL,
        .cell = room(states),
        .out = room(states),
        .room = room(wsf__layer_room(&p->shape[l])),
    };
    w->d_out[l] = learns ? room(states) : NULL;
    w->d_cell[l] = learns ? room(states) : NULL;
  }
}

static void show(worker *w, int64_t piece) {
  const problem *p = w->p;
  for (int64_t t = 0; t < p->length; ++t) {
    const int64_t from = t * p->batch + piece * PIECE;
    for (int64_t i = 0; i < PIECE * p->in; ++i) {
      w->x[t * PIECE * p->in + i] = number(from * p->in + i, 2, 1);
    }
    for (int64_t i = 0; i < PIECE; ++i) w->y[t * PIECE + i] = number(from + i, 3, 1);
  }
}

static void forward(worker *w) {
  const problem *p = w->p;
  for (int l = 0; l < p->layers; ++l) {
    wsf__layer_forward(&p->shape[l], p->weight + p->at[l], &w->run[l]);
  }
  wsf__dense_forward(&p->head, p->weight + p->at[p->layers], p->length * PIECE,
                     w->run[p->layers - 1].out + PIECE * p->hidden, w->raw);
}

static void backward(worker *w, int64_t piece) {
  static const float level[1] = {0.5f};
  const problem *p = w->p;
  const int64_t rows = p->length * PIECE, before = PIECE * p->hidden;
  const size_t states = (size_t)(rows * p->hidden + before) * sizeof(float);
  const int top = p->layers - 1;
  float *gradient = p->gradient + piece * p->n;
  memset(gradient, 0, (size_t)p->n * sizeof *gradient);
  p->loss[piece] = 0;
  for (int64_t i = 0; i < rows; ++i) { /* twice the loss of the median: the mean absolute error */
    float d = 0;
    const float weight = 2.0f / (float)(p->length * p->batch);
    p->loss[piece] +=
        (double)weight * (double)wsf__quantile_loss(1, level, &w->raw[i], w->y[i], weight, &d);
    w->raw[i] = d;
  }
  for (int l = 0; l < p->layers; ++l) {
    memset(w->d_out[l], 0, states);
    memset(w->d_cell[l], 0, states);
  }
  wsf__dense_backward(&p->head, p->weight + p->at[p->layers], rows, w->run[top].out + before,
                      w->raw, gradient + p->at[p->layers], w->d_out[top] + before);
  for (int l = top; l >= 0; --l) {
    wsf__layer_backward(&p->shape[l], p->weight + p->at[l], &w->run[l], w->d_out[l], w->d_cell[l],
                        gradient + p->at[l], l > 0 ? w->d_out[l - 1] + before : NULL);
  }
}

static void *work(void *user) {
  worker *w = user;
  for (int64_t piece = w->number; piece < w->p->pieces; piece += w->p->threads) {
    show(w, piece);
    forward(w);
    if (w->learns) backward(w, piece);
  }
  return NULL;
}

static void go(problem *p, worker w[]) {
  pthread_t thread[MOST_THREADS];
  for (int k = 1; k < p->threads; ++k) {
    if (pthread_create(&thread[k], NULL, work, &w[k]) != 0) abort();
  }
  (void)work(&w[0]);
  for (int k = 1; k < p->threads; ++k) (void)pthread_join(thread[k], NULL);
}

int main(int argc, char **argv) {
  if (argc != 8) return 2;
  problem p = {.layers = atoi(argv[1]),
               .hidden = atoi(argv[2]),
               .in = atoi(argv[3]),
               .batch = atoi(argv[4]),
               .length = atoi(argv[5]),
               .threads = atoi(argv[7])};
  const int steps = atoi(argv[6]);
  if (p.layers < 1 || p.layers > MOST || p.batch % PIECE != 0) return 2;
  if (p.threads < 1 || p.threads > MOST_THREADS) return 2;
  for (int l = 0; l < p.layers; ++l) {
    p.shape[l] = (wsf__layer){l > 0 ? p.hidden : p.in, p.hidden, 1, WSF__CELL_LSTM};
    p.at[l + 1] = p.at[l] + wsf__layer_weights(&p.shape[l]);
  }
  p.head = (wsf__dense){p.hidden, 1};
  p.n = p.at[p.layers] + wsf__dense_weights(&p.head);
  p.pieces = p.batch / PIECE;
  p.weight = room(p.n);
  p.gradient = room(p.pieces * p.n);
  p.loss = calloc((size_t)p.pieces, sizeof *p.loss);
  if (!p.loss) return 1;
  for (int64_t i = 0; i < p.n; ++i) p.weight[i] = number(i, 1, 0.1f);
  wsf__adam adam;
  wsf__adam_begin(&adam, p.n, room(p.n), room(p.n));
  adam.rate = 0.001;
  static worker w[MOST_THREADS], reader[MOST_THREADS];
  for (int k = 0; k < p.threads; ++k) {
    furnish(&w[k], &p, k, true);
    furnish(&reader[k], &p, k, false);
  }
  double cpu[2] = {0}, wall[2] = {0}, loss = 0;
  for (int s = 0; s < 2 * steps; ++s) {
    const int which = s < steps ? 0 : 1;
    const double cpu_from = now(CLOCK_PROCESS_CPUTIME_ID), from = now(CLOCK_MONOTONIC);
    go(&p, which == 0 ? w : reader);
    if (which == 0) {
      loss = p.loss[0];
      for (int64_t k = 1; k < p.pieces; ++k) {
        loss += p.loss[k];
        for (int64_t j = 0; j < p.n; ++j) p.gradient[j] += p.gradient[k * p.n + j];
      }
      wsf__adam_step(&adam, p.weight, p.gradient);
    }
    cpu[which] += (now(CLOCK_PROCESS_CPUTIME_ID) - cpu_from) / steps;
    wall[which] += (now(CLOCK_MONOTONIC) - from) / steps;
  }
  (void)printf("train %.6f %.6f infer %.6f %.6f loss %.6f\n", cpu[0], wall[0], cpu[1], wall[1],
               loss);
  return 0;
}
