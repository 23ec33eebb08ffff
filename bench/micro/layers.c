/* Processor time of a step of learning, and of a pass without, of LSTM layers and a dense head:
 *   layers LAYERS HIDDEN INPUTS BATCH LENGTH STEPS -> "train SECONDS infer SECONDS loss LOSS"
 * One core. bench/networks/compare.py runs it beside PyTorch with the same weights and data. */
#include "nn/nn.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST = 4 };

static double now(void) {
  struct timespec t;
  (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static float *room(int64_t n) {
  float *x = calloc((size_t)n, sizeof *x);
  if (!x) abort();
  return x;
}

static void numbers(float *out, int64_t n, int64_t seed, float scale) {
  for (int64_t i = 0; i < n; ++i) {
    out[i] = (float)((i * 37 + seed * 11) % 101 - 50) / 50 * scale;
  }
}

int main(int argc, char **argv) {
  if (argc != 7) return 2;
  const int layers = atoi(argv[1]), hidden = atoi(argv[2]), in = atoi(argv[3]);
  const int64_t batch = atoi(argv[4]), length = atoi(argv[5]), rows = batch * length;
  const int steps = atoi(argv[6]);
  if (layers < 1 || layers > MOST) return 2;
  static const float level[1] = {0.5f};
  wsf__lstm shape[MOST];
  wsf__lstm_run run[MOST];
  float *d_out[MOST], *d_cell[MOST], *x = room(rows * in), *y = room(rows), *raw = room(rows);
  int64_t at[MOST + 1] = {0};
  for (int l = 0; l < layers; ++l) {
    const int64_t states = (length + 1) * batch * hidden;
    shape[l] = (wsf__lstm){l > 0 ? hidden : in, hidden, 1};
    at[l + 1] = at[l] + wsf__lstm_weights(&shape[l]);
    run[l] = (wsf__lstm_run){length,
                             batch,
                             l > 0 ? run[l - 1].out + batch * hidden : x,
                             room(rows * 4 * hidden),
                             room(states),
                             room(states)};
    d_out[l] = room(states);
    d_cell[l] = room(states);
  }
  const wsf__dense head = {hidden, 1};
  const int64_t n = at[layers] + wsf__dense_weights(&head);
  float *weight = room(n), *gradient = room(n);
  wsf__adam adam;
  wsf__adam_begin(&adam, n, room(n), room(n));
  adam.rate = 0.001;
  numbers(weight, n, 1, 0.1f);
  numbers(x, rows * in, 2, 1);
  numbers(y, rows, 3, 1);
  double loss = 0, infer = 0;
  const double begun = now();
  for (int s = 0; s < steps; ++s) {
    const double from = now();
    for (int l = 0; l < layers; ++l) wsf__lstm_forward(&shape[l], weight + at[l], &run[l]);
    wsf__dense_forward(&head, weight + at[layers], rows, run[layers - 1].out + batch * hidden, raw);
    infer += now() - from;
    loss = 0;
    memset(gradient, 0, (size_t)n * sizeof *gradient);
    for (int64_t i = 0; i < rows; ++i) {
      float d = 0;
      loss += 2 * (double)wsf__quantile_loss(1, level, &raw[i], y[i], 2.0f / (float)rows, &d) /
              (double)rows; /* twice the loss of the median: the mean absolute error */
      raw[i] = d;
    }
    for (int l = 0; l < layers; ++l) {
      memset(d_out[l], 0, (size_t)((length + 1) * batch * hidden) * sizeof(float));
      memset(d_cell[l], 0, (size_t)((length + 1) * batch * hidden) * sizeof(float));
    }
    wsf__dense_backward(&head, weight + at[layers], rows, run[layers - 1].out + batch * hidden, raw,
                        gradient + at[layers], d_out[layers - 1] + batch * hidden);
    for (int l = layers - 1; l >= 0; --l) {
      wsf__lstm_backward(&shape[l], weight + at[l], &run[l], d_out[l], d_cell[l], gradient + at[l],
                         l > 0 ? d_out[l - 1] + batch * hidden : NULL);
    }
    wsf__adam_step(&adam, weight, gradient);
  }
  (void)printf("train %.6f infer %.6f loss %.6f\n", (now() - begun) / steps, infer / steps, loss);
  return 0;
}
