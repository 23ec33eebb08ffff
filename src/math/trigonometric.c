/* Problem: sine, cosine and arcsine, and the length of (x, y), the same bits on every machine
 * (elementary.h).
 *
 * Method: the angle less the nearest multiple of pi / 2, which is subtracted in four parts so that
 * nothing is lost (Cody and Waite 1980), then polynomials of our own computing on a quarter turn.
 */
#include "math/bits.h"
#include "math/elementary.h"
#include "math/elementary_tables.h"

#include <math.h>

/* x less quadrant * pi / 2, as a pair. */
static wsf__pair fold(double x, int *quadrant) {
  if (fabs(x) > 0x1p20) x = fmod(x, 0x1p18 * HALF_PI);
  const double n = wsf__nearest(x * TWO_BY_PI);
  *quadrant = (int)((int64_t)n & 3);
  const wsf__pair a = wsf__sum(x - n * HALF_PI_1, -n * HALF_PI_2);
  const wsf__pair b = wsf__sum(a.high, -n * HALF_PI_3);
  return wsf__sum(b.high, a.low + b.low - n * HALF_PI_4);
}

static double polynomial(const double *c, int degree, double x) {
  double sum = c[degree];
  for (int i = degree - 1; i >= 0; --i) sum = sum * x + c[i];
  return sum;
}

static double sine(wsf__pair x) {
  const double z = x.high * x.high;
  const double rest = x.high * z * polynomial(SINE, 5, z);
  return x.high + (rest + x.low * (1 - 0.5 * z));
}

static double cosine(wsf__pair x) {
  const double z = x.high * x.high;
  const wsf__pair first = wsf__sum_ordered(1, -0.5 * z);
  return first.high + (first.low + (z * z * polynomial(COSINE, 5, z) - x.high * x.low));
}

static double turned(wsf__pair x, int quadrant) {
  const double size = quadrant & 1 ? cosine(x) : sine(x);
  return quadrant & 2 ? -size : size;
}

double wsf__sin(double x) {
  if (!(fabs(x) < INFINITY)) return NAN;
  if (fabs(x) < 0x1p-27) return x;
  int quadrant;
  const wsf__pair r = fold(x, &quadrant);
  return turned(r, quadrant);
}

double wsf__cos(double x) {
  if (!(fabs(x) < INFINITY)) return NAN;
  int quadrant;
  const wsf__pair r = fold(x, &quadrant);
  return turned(r, quadrant + 1);
}

double wsf__asin(double x) {
  const double size = fabs(x);
  if (!(size <= 1)) return NAN;
  if (size <= 0.5) {
    const double z = x * x;
    return x + x * (z * polynomial(ARCSINE, 13, z));
  }
  /* pi / 2 - 2 asin(s), s the root of (1 - |x|) / 2 as a pair */
  const double z = (1 - size) / 2, root = sqrt(z), above = wsf__upper(root);
  const double low = root > 0 ? (z - above * above) / (root + above) : 0;
  const double rest = root * (z * polynomial(ARCSINE, 13, z));
  const wsf__pair most = wsf__sum_ordered(HALF_PI, -2 * above);
  return copysign(most.high + (most.low + (HALF_PI_REST - 2 * (low + rest))), x);
}

double wsf__hypot(double x, double y) {
  const double a = fmax(fabs(x), fabs(y)), b = fmin(fabs(x), fabs(y));
  if (isinf(x) || isinf(y)) return INFINITY;
  if (isnan(x) || isnan(y)) return NAN;
  if (a < 0x1p500 && b > 0x1p-450) return sqrt(a * a + b * b);
  if (!(a > 0) || b < a * 0x1p-60) return a;
  int exponent;
  (void)frexp(a, &exponent);
  const double p = ldexp(a, -exponent), q = ldexp(b, -exponent);
  return ldexp(sqrt(p * p + q * q), exponent);
}
