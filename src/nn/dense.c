/* Dense layers and the squashing between them. */
#include "nn/kernels.h"

#include <string.h>

int64_t wsf__dense_weights(const wsf__dense *d) {
  return ((int64_t)d->in + 1) * d->out;
}

void wsf__dense_forward(const wsf__dense *d, const float *weights, int64_t rows, const float *x,
                        float *y) {
  const float *bias = weights + (int64_t)d->in * d->out;
  for (int64_t i = 0; i < rows; ++i) memcpy(y + i * d->out, bias, (size_t)d->out * sizeof *y);
  wsf__gemm(rows, d->out, d->in, x, d->in, 1, weights, d->out, 1, y, d->out);
}

void wsf__dense_backward(const wsf__dense *d, const float *weights, int64_t rows, const float *x,
                         const float *dy, float *d_weights, float *dx) {
  float *d_bias = d_weights + (int64_t)d->in * d->out;
  for (int64_t i = 0; i < rows; ++i) {
    for (int j = 0; j < d->out; ++j) d_bias[j] += dy[i * d->out + j];
  }
  wsf__gemm(d->in, d->out, rows, x, 1, d->in, dy, d->out, 1, d_weights, d->out);
  if (dx) wsf__gemm(rows, d->in, d->out, dy, d->out, 1, weights, 1, d->out, dx, d->in);
}

void wsf__tanh_forward(int64_t n, float *x) {
  wsf__kernels_here()->tanh(n, x);
}

void wsf__tanh_backward(int64_t n, const float *y, float *dy) {
  for (int64_t i = 0; i < n; ++i) dy[i] *= 1.0f - y[i] * y[i];
}
