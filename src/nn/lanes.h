/* Eight floats side by side, or sixteen, and the elementary functions of networks on them.
 * Additions, multiplications, fused multiply-adds and divisions alone, each rounded once, in one
 * order: so vectors of any width, and none, give the same bits. Vectors go by address: how they are
 * passed by value depends on the processor a caller was compiled for.
 *
 * A file that is for processors with AVX2 and FMA defines WSF__FUSED before it includes this one,
 * and WSF__WIDE, too, where they have AVX-512: the kernels themselves must be for them, for gcc
 * takes vectors that a processor lacks apart before it inlines. */
#ifndef WSF_NN_LANES_H
#define WSF_NN_LANES_H

#include <stdint.h>
#include <string.h>

#if defined(WSF__FUSED)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#if defined(WSF__WIDE)
enum { WSF__LANES = 16 };
#else
enum { WSF__LANES = 8 };
#endif
typedef float wsf__lane __attribute__((vector_size(4 * WSF__LANES)));
typedef int32_t wsf__lane_mask __attribute__((vector_size(4 * WSF__LANES)));
typedef uint32_t wsf__lane_bits __attribute__((vector_size(4 * WSF__LANES)));

#if defined(WSF__WIDE)
#define WSF__FOR_PROCESSOR __attribute__((target("avx512f,avx2,fma")))
#elif defined(WSF__FUSED)
#define WSF__FOR_PROCESSOR __attribute__((target("avx2,fma")))
#else
#define WSF__FOR_PROCESSOR
#endif
#define WSF__LANE_KERNEL WSF__FOR_PROCESSOR static inline __attribute__((always_inline))

/* Before a loop of few turns that is to become none, so that arrays become registers; clang does so
 * by itself. */
#if defined(__clang__)
#define WSF__UNROLL
#else
#define WSF__UNROLL _Pragma("GCC unroll 16")
#endif

/* The first n of the lanes, zeros behind them. */
WSF__LANE_KERNEL void wsf__lane_load(wsf__lane *out, const float *x, int n) {
  if (n < WSF__LANES) *out = (wsf__lane){0};
  memcpy(out, x, (size_t)(n < WSF__LANES ? n : WSF__LANES) * sizeof *x);
}

WSF__LANE_KERNEL void wsf__lane_store(float *x, const wsf__lane *from, int n) {
  memcpy(x, from, (size_t)(n < WSF__LANES ? n : WSF__LANES) * sizeof *x);
}

/* All lanes the same. */
WSF__LANE_KERNEL void wsf__lane_fill(wsf__lane *out, float x) {
#if defined(WSF__WIDE)
  *out = (wsf__lane)_mm512_set1_ps(x);
#else
  *out = (wsf__lane){x, x, x, x, x, x, x, x};
#endif
}

#if defined(WSF__WIDE)
/* sum += a b */
WSF__LANE_KERNEL void wsf__lane_fma(wsf__lane *sum, const wsf__lane *a, const wsf__lane *b) {
  *sum = (wsf__lane)_mm512_fmadd_ps((__m512)*a, (__m512)*b, (__m512)*sum);
}
#elif defined(WSF__FUSED)
WSF__LANE_KERNEL void wsf__lane_fma(wsf__lane *sum, const wsf__lane *a, const wsf__lane *b) {
  *sum = (wsf__lane)_mm256_fmadd_ps((__m256)*a, (__m256)*b, (__m256)*sum);
}
#elif defined(__aarch64__)
WSF__LANE_KERNEL void wsf__lane_fma(wsf__lane *sum, const wsf__lane *a, const wsf__lane *b) {
  float32x4_t s[2], x[2], y[2];
  memcpy(s, sum, sizeof s);
  memcpy(x, a, sizeof x);
  memcpy(y, b, sizeof y);
  s[0] = vfmaq_f32(s[0], x[0], y[0]);
  s[1] = vfmaq_f32(s[1], x[1], y[1]);
  memcpy(sum, s, sizeof s);
}
#else
/* Without an instruction: a product is exact in doubles, and a sum whose last bit is odd wherever
 * something was lost rounds to floats as the exact one would (Boldo and Melquiond 2008, "Emulation
 * of FMA and correctly rounded sums"). Slow, so not worth a copy at each place. */
__attribute__((noinline)) static void wsf__lane_fma(wsf__lane *sum, const wsf__lane *a,
                                                    const wsf__lane *b) {
  typedef double doubles __attribute__((vector_size(8 * WSF__LANES)));
  typedef int64_t whole __attribute__((vector_size(8 * WSF__LANES)));
  const doubles c = __builtin_convertvector(*sum, doubles);
  const doubles x = __builtin_convertvector(*a, doubles), y = __builtin_convertvector(*b, doubles);
  const doubles product = x * y, all = product + c, part = all - product;
  const doubles lost = (product - (all - part)) + (c - part);
  const whole even = ((whole)all & 1) - 1, any = (whole)(lost < 0) | (whole)(lost > 0);
  const whole away = (whole)((lost > 0) == (all > 0));
  *sum =
      __builtin_convertvector((doubles)((whole)all + (((away & 2) - 1) & even & any)), wsf__lane);
}
#endif

/* No lane below `least` or above `most`; NaN stays. */
WSF__LANE_KERNEL void wsf__lane_clamp(wsf__lane *x, float least, float most) {
#if defined(WSF__WIDE)
  const __m512 above = _mm512_max_ps(_mm512_set1_ps(least), (__m512)*x);
  *x = (wsf__lane)_mm512_min_ps(_mm512_set1_ps(most), above);
#elif defined(WSF__FUSED)
  const __m256 above = _mm256_max_ps(_mm256_set1_ps(least), (__m256)*x);
  *x = (wsf__lane)_mm256_min_ps(_mm256_set1_ps(most), above);
#else
  wsf__lane low, high;
  wsf__lane_fill(&low, least);
  wsf__lane_fill(&high, most);
  const wsf__lane_mask below = (wsf__lane_mask)(*x < low), above = (wsf__lane_mask)(*x > high);
  *x = (wsf__lane)(((wsf__lane_mask)low & below) | ((wsf__lane_mask)high & above) |
                   ((wsf__lane_mask)*x & ~(below | above)));
#endif
}

/* e^x to two units in the last place, for x between -87 and 88, beyond them as there. x is n times
 * ln 2 and a rest, whose exponential is a polynomial (Cephes, expf); n goes into the exponent. */
WSF__LANE_KERNEL void wsf__lane_exp(wsf__lane *x) {
  static const float ln2[] = {-0.693359375f, 2.12194440e-4f};
  static const float power[] = {1.3981999507e-3f, 8.3334519073e-3f, 4.1665795894e-2f,
                                1.6666665459e-1f, 5.0000001201e-1f};
  wsf__lane n, c, shift, t, p;
  wsf__lane_clamp(x, -87.0f, 88.0f);
  wsf__lane_fill(&shift, 12582912.0f); /* 1.5 * 2^23: a sum holds a whole number in its last bits */
  wsf__lane_fill(&c, 1.44269504f);
  t = shift;
  wsf__lane_fma(&t, x, &c);
  n = t - shift;
  WSF__UNROLL for (int k = 0; k < 2; ++k) {
    wsf__lane_fill(&c, ln2[k]);
    wsf__lane_fma(x, &n, &c);
  }
  wsf__lane_fill(&p, 1.9875691500e-4f);
  WSF__UNROLL for (int k = 0; k < 5; ++k) {
    wsf__lane_fill(&c, power[k]);
    wsf__lane_fma(&c, &p, x);
    p = c;
  }
  const wsf__lane square = *x * *x;
  wsf__lane_fma(x, &p, &square);
  *x += 1.0f;
  *x = (wsf__lane)((wsf__lane_bits)*x + ((wsf__lane_bits)t << 23));
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
