/* Eight floats side by side, and the elementary functions of networks on them. Additions,
 * multiplications, divisions and square roots alone, in one order and never contracted, so that
 * vectors of any width, and none, give the same bits. Vectors go by address: how they are passed by
 * value depends on the processor a caller was compiled for. */
#ifndef WSF_NN_LANES_H
#define WSF_NN_LANES_H

#include <stdint.h>
#include <string.h>

enum { WSF__LANES = 8 };
typedef float wsf__lane __attribute__((vector_size(4 * WSF__LANES)));
typedef int32_t wsf__lane_mask __attribute__((vector_size(4 * WSF__LANES)));
typedef uint32_t wsf__lane_bits __attribute__((vector_size(4 * WSF__LANES)));

#define WSF__LANE_KERNEL static inline __attribute__((always_inline))

/* The first n of the eight, zeros behind them. */
WSF__LANE_KERNEL void wsf__lane_load(wsf__lane *out, const float *x, int n) {
  if (n < WSF__LANES) *out = (wsf__lane){0};
  memcpy(out, x, (size_t)(n < WSF__LANES ? n : WSF__LANES) * sizeof *x);
}

WSF__LANE_KERNEL void wsf__lane_store(float *x, const wsf__lane *from, int n) {
  memcpy(x, from, (size_t)(n < WSF__LANES ? n : WSF__LANES) * sizeof *x);
}

/* No lane below `least` or above `most`; NaN stays. */
WSF__LANE_KERNEL void wsf__lane_clamp(wsf__lane *x, float least, float most) {
  const wsf__lane low = (wsf__lane){0} + least, high = (wsf__lane){0} + most;
  const wsf__lane_mask below = (wsf__lane_mask)(*x < low), above = (wsf__lane_mask)(*x > high);
  *x = (wsf__lane)(((wsf__lane_mask)low & below) | ((wsf__lane_mask)high & above) |
                   ((wsf__lane_mask)*x & ~(below | above)));
}

/* e^x to two units in the last place, for x between -87 and 88, beyond them as there. x is n times
 * ln 2 and a rest, whose exponential is a polynomial (Cephes, expf); n goes into the exponent. */
WSF__LANE_KERNEL void wsf__lane_exp(wsf__lane *x) {
  const float shift = 12582912.0f; /* 1.5 * 2^23: the sum holds a whole number in its last bits */
  wsf__lane_clamp(x, -87.0f, 88.0f);
  const wsf__lane t = *x * 1.44269504f + shift, n = t - shift;
  const wsf__lane r = *x - n * 0.693359375f - n * -2.12194440e-4f;
  wsf__lane p = r * 1.9875691500e-4f + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * (r * r) + r + 1.0f;
  *x = (wsf__lane)((wsf__lane_bits)p + ((wsf__lane_bits)t << 23));
}

/* 1 / (1 + e^-x) */
WSF__LANE_KERNEL void wsf__lane_sigmoid(wsf__lane *x) {
  wsf__lane e = -*x;
  wsf__lane_exp(&e);
  *x = 1.0f / (1.0f + e);
}

/* Absolute error below 2e-7. */
WSF__LANE_KERNEL void wsf__lane_tanh(wsf__lane *x) {
  wsf__lane e = *x * 2.0f;
  wsf__lane_exp(&e);
  *x = 1.0f - 2.0f / (1.0f + e);
}

#endif
