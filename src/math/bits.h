/* Doubles by their bits, and sums that keep what rounding takes away. */
#ifndef WSF_MATH_BITS_H
#define WSF_MATH_BITS_H

#include <stdint.h>
#include <string.h>

static inline uint64_t wsf__bits_of(double x) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

static inline double wsf__double_of(uint64_t bits) {
  double x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

/* x cut to 26 bits: the product of two such numbers is exact. */
static inline double wsf__upper(double x) {
  return wsf__double_of(wsf__bits_of(x) & ~UINT64_C(0x7ffffff));
}

/* x to the nearest integer, |x| below 2^51: the sum has no room for a fraction. */
static inline double wsf__nearest(double x) {
  return (x + 0x1.8p52) - 0x1.8p52;
}

/* A number as the sum of two, the second below the last place of the first. */
typedef struct wsf__pair {
  double high, low;
} wsf__pair;

/* |a| >= |b| or a == 0 (Dekker 1971) */
static inline wsf__pair wsf__sum_ordered(double a, double b) {
  const double high = a + b;
  return (wsf__pair){high, (a - high) + b};
}

/* In any order (Knuth 1969) */
static inline wsf__pair wsf__sum(double a, double b) {
  const double high = a + b, part = high - a;
  return (wsf__pair){high, (a - (high - part)) + (b - part)};
}

#endif
