/* Dense layers and the squashing between them. */
#include "nn/lanes.h"
#include "nn/nn.h"

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

WSF__LANE_KERNEL void squash(int64_t n, float *x) {
  for (int64_t i = 0; i < n; i += WSF__LANES) {
    const int count = n - i < WSF__LANES ? (int)(n - i) : WSF__LANES;
    wsf__lane v;
    wsf__lane_load(&v, x + i, count);
    wsf__lane_tanh(&v);
    wsf__lane_store(x + i, &v, count);
  }
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void squash_wide(int64_t n, float *x) {
  squash(n, x);
}
#endif

static void squash_plain(int64_t n, float *x) {
  squash(n, x);
}

void wsf__tanh_forward(int64_t n, float *x) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) {
    squash_wide(n, x);
    return;
  }
#endif
  squash_plain(n, x);
}

void wsf__tanh_backward(int64_t n, const float *y, float *dy) {
  for (int64_t i = 0; i < n; ++i) dy[i] *= 1.0f - y[i] * y[i];
}
