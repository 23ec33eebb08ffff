/* Problem: exp, log and what is made of them, to little more than half a unit in the last place,
 * the same bits on every machine (elementary.h).
 *
 * Method: tables of 2^(j / 128) and of logarithms near 1 + i / 128, and short polynomials between
 * them (Tang 1989, 1990; Muller 2016, chapter 6). A step that could lose more than the last
 * rounding keeps its rest: products of numbers with few enough bits are exact, and so are Dekker's
 * and Knuth's sums. So log has 67 bits, which is what pow needs: its exponent goes up to 745, and
 * an error of it is one of the result. */
#include "math/bits.h"
#include "math/elementary.h"
#include "math/elementary_tables.h"

#include <math.h>
#include <stdbool.h>

/* 2^(k / 128) as the exponent and the entry of POWER, for an integer k. */
typedef struct power {
  int64_t exponent;
  double high, low;
} power;

static inline power power_of(double k) {
  const int64_t steps = (int64_t)k, j = steps & 127;
  return (power){(steps - j) / 128, POWER[j].high, POWER[j].low};
}

static inline double scaled(double x, int64_t exponent) {
  return wsf__double_of(wsf__bits_of(x) + ((uint64_t)exponent << 52));
}

/* exp(high + low); |high| below 1100, low small. */
static inline double exponential(double high, double low) {
  const double k = wsf__nearest(high * STEPS_BY_LN2);
  const power p = power_of(k);
  const double r = (high - k * STEP_HIGH) - k * STEP_LOW + low, r2 = r * r;
  const double rest = p.low + r + r2 * (EXP[0] + r * EXP[1]) + r2 * r2 * (EXP[2] + r * EXP[3]);
  if (p.exponent < -1021 || p.exponent > 1022) {
    return ldexp(p.high + p.high * rest, (int)p.exponent);
  }
  const double scale = scaled(p.high, p.exponent);
  return scale + scale * rest;
}

double wsf__exp(double x) {
  if (fabs(x) < 745.2) return exponential(x, 0);
  if (isnan(x)) return x;
  return x < 0 ? 0 : INFINITY;
}

double wsf__expm1(double x) {
  if (fabs(x) < 0x1p-4) {
    if (fabs(x) < 0x1p-54) return x;
    double q = EXPM1[6];
    for (int i = 5; i >= 0; --i) q = q * x + EXPM1[i];
    return x + (0.5 * x * x + x * x * x * q);
  }
  if (!(x < 709)) return isnan(x) ? x : wsf__exp(x);
  if (x < -40) return -1;
  const double k = wsf__nearest(x * STEPS_BY_LN2);
  const power p = power_of(k);
  const double r = (x - k * STEP_HIGH) - k * STEP_LOW, r2 = r * r;
  const double rest = p.low + r + r2 * (EXP[0] + r * EXP[1]) + r2 * r2 * (EXP[2] + r * EXP[3]);
  const double scale = scaled(p.high, p.exponent);
  const wsf__pair less = wsf__sum(scale, -1);
  return less.high + (less.low + scale * rest);
}

double wsf__tanh(double x) {
  const double size = fabs(x);
  if (size > 20) return copysign(1, x);
  const double t = wsf__expm1(2 * size);
  return size > 1 ? copysign(1 - 2 / (t + 2), x) : copysign(t / (t + 2), x);
}

/* x = 2^k c (1 + r) for x normal and positive, with c near a multiple of 1/128. */
typedef struct reduced {
  wsf__pair r;      /* exact */
  double high, low; /* k log(2) + log(c) */
} reduced;

static inline reduced reduce(double x) {
  const uint64_t bits = wsf__bits_of(x), rounded = bits + (UINT64_C(1) << 44);
  /* from sqrt(2) on the table counts from 2 */
  const int i = (int)(rounded >> 45 & 127);
  const int64_t exponent = (int64_t)(rounded >> 52) - 1023;
  const double z = scaled(x, -exponent), k = (double)(exponent + (i >= 53));
  /* the upper part of z has 26 bits, 1 / c has 14 */
  const double above = wsf__upper(z), inverse = LOGARITHM[i].inverse;
  return (reduced){wsf__sum_ordered(above * inverse - 1, (z - above) * inverse),
                   k * LN2_HIGH + LOGARITHM[i].high, k * LN2_LOW + LOGARITHM[i].low};
}

/* (log(1 + r) - r + r^2 / 2) / r^3 */
static inline double cubic(double r) {
  const double r2 = r * r;
  return LOG[0] + r * LOG[1] + r2 * (LOG[2] + r * LOG[3]) + r2 * r2 * (LOG[4] + r * LOG[5]);
}

/* log(x 2^times) for x normal and positive. */
static inline double logarithm(double x, double times) {
  const reduced z = reduce(x);
  const double r = z.r.high, high = z.high + times * LN2_HIGH;
  const wsf__pair a = wsf__sum_ordered(high, r);
  const double rest = z.r.low + (z.low + times * LN2_LOW) + a.low;
  return a.high + (rest + r * r * (r * cubic(r) - 0.5));
}

/* The same in 67 bits. */
static inline wsf__pair long_logarithm(double x, double times) {
  const reduced z = reduce(x);
  const double r = z.r.high, top = wsf__upper(r);
  const wsf__pair a = wsf__sum_ordered(z.high + times * LN2_HIGH, r);
  const wsf__pair b = wsf__sum_ordered(a.high, -0.5 * top * top);
  const double rest = (z.low + times * LN2_LOW) + (z.r.low - r * z.r.low) + a.low + b.low -
                      0.5 * (r - top) * (r + top) + r * r * r * cubic(r);
  return wsf__sum_ordered(b.high, rest);
}

/* log(0), of less, of infinity and of NaN. */
static double no_logarithm(double x) {
  if (x == 0) return -INFINITY;
  return x > 0 || isnan(x) ? x : NAN;
}

double wsf__ln(double x) {
  if (!(x >= 0x1p-1022 && x < INFINITY)) {
    return x > 0 && x < INFINITY ? logarithm(x * 0x1p54, -54) : no_logarithm(x);
  }
  return logarithm(x, 0);
}

static wsf__pair any_logarithm(double x) {
  return x < 0x1p-1022 ? long_logarithm(x * 0x1p54, -54) : long_logarithm(x, 0);
}

double wsf__log1p(double x) {
  if (!(x > -1 && x < INFINITY)) return x == -1 ? -INFINITY : x > 0 || isnan(x) ? x : NAN;
  if (fabs(x) < 0x1p-29) return x - 0.5 * x * x;
  const wsf__pair s = wsf__sum(1, x), l = long_logarithm(s.high, 0);
  return l.high + (l.low + s.low / s.high);
}

double wsf__atanh(double x) {
  const double size = fabs(x);
  return copysign(0.5 * wsf__log1p(2 * size / (1 - size)), x);
}

double wsf__cbrt(double x) {
  if (x == 0 || !(fabs(x) < INFINITY)) return x;
  const wsf__pair l = any_logarithm(fabs(x));
  const double third = l.high / 3;
  return copysign(exponential(third, (l.high - 2 * third - third + l.low) / 3), x);
}

double wsf__log10(double x) {
  if (!(x > 0 && x < INFINITY)) return no_logarithm(x);
  const wsf__pair l = any_logarithm(x);
  const double above = wsf__upper(l.high);
  const double rest = l.high * LOG10_E_LOW + (l.high - above) * LOG10_E_HIGH + l.low * LOG10_E_HIGH;
  return above * LOG10_E_HIGH + rest;
}

/* 0: y is no integer; 1: odd; 2: even. */
static int parity(double y) {
  if (fabs(y) >= 0x1p53) return 2;
  const int64_t whole = (int64_t)y;
  if ((double)whole != y) return 0;
  return whole & 1 ? 1 : 2;
}

/* pow where x or y is zero, infinite, NaN or x is negative. */
static double special_power(double x, double y) {
  if (y == 0 || x == 1) return 1;
  if (isnan(x) || isnan(y)) return NAN;
  const double size = fabs(x);
  if (isinf(y)) {
    if (size == 1) return 1;
    return (size > 1) == (y > 0) ? INFINITY : 0;
  }
  const int kind = parity(y);
  const bool negative = signbit(x) && kind == 1;
  if (size == 0 || isinf(size)) {
    const double result = (size == 0) == (y > 0) ? 0 : INFINITY;
    return negative ? -result : result;
  }
  if (kind == 0) return NAN;
  const double result = wsf__pow(size, y);
  return negative ? -result : result;
}

double wsf__pow(double x, double y) {
  if (!(x > 0 && x < INFINITY && fabs(y) < INFINITY) || y == 0) return special_power(x, y);
  const wsf__pair l = any_logarithm(x);
  const double size = y * l.high;
  if (!(fabs(size) < 1000)) return size > 0 ? INFINITY : size < 0 ? 0 : 1;
  const double y_above = wsf__upper(y), l_above = wsf__upper(l.high);
  const double high = y_above * l_above;
  const double low = (y - y_above) * l.high + y_above * (l.high - l_above) + y * l.low;
  return exponential(high, low);
}

/* exp(-x^2) times a polynomial in (x - 3.75) / (x + 3.75), which brings all x >= 0 into one
 * interval (Shepherd and Laframboise 1981; the coefficients are ours). */
double wsf__erfc(double x) {
  const double size = fabs(x);
  if (size == 0) return 1;
  if (!(size < 28)) return isnan(x) ? x : x > 0 ? 0 : 2;
  const double t = (size - 3.75) / (size + 3.75);
  double p = ERFC[24];
  for (int i = 23; i >= 0; --i) p = p * t + ERFC[i];
  const double above = wsf__upper(size);
  const double bell = exponential(-above * above, -(size - above) * (size + above));
  const double result = bell * p / (1 + 2 * size);
  return x < 0 ? 2 - result : result;
}
