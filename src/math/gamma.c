/* ln gamma by Stirling's series (DLMF 5.11.1) from 10 up and the recurrence below: lgamma() writes
 * a global. Its derivative in the same way (DLMF 5.11.2). The distribution by its series and its
 * continued fraction (DLMF 8.7.1, 8.9.2), its quantile by Newton's steps inside a bracket, from
 * Wilson and Hilferty (1931) or the first term of the series. */
#include "math/gamma.h"
#include "math/elementary.h"
#include "math/normal.h"

#include <math.h>
#include <stdbool.h>

double wsf__ln_gamma(double x) {
  double shift = 0;
  for (; x < 10; x += 1) shift += wsf__ln(x);
  const double r = 1 / (x * x);
  const double tail = (1.0 / 12 - r * (1.0 / 360 - r * (1.0 / 1260 - r / 1680))) / x;
  return (x - 0.5) * wsf__ln(x) - x + 0.91893853320467274178 + tail - shift;
}

double wsf__digamma(double x) {
  double shift = 0;
  for (; x < 10; x += 1) shift += 1 / x;
  const double r = 1 / (x * x);
  const double tail = r * (1.0 / 12 - r * (1.0 / 120 - r * (1.0 / 252 - r / 240)));
  return wsf__ln(x) - 0.5 / x - tail - shift;
}

/* The density of x. */
static double density(double shape, double x) {
  return wsf__exp((shape - 1) * wsf__ln(x) - x - wsf__ln_gamma(shape));
}

static double below(double shape, double x) {
  const double front = density(shape, x) * x;
  if (x < shape + 1) {
    double term = 1 / shape, sum = term;
    for (int k = 1; k < 1000 && term > 1e-16 * sum; ++k) {
      term *= x / (shape + k);
      sum += term;
    }
    return front * sum;
  }
  double b = x + 1 - shape, c = 1e300, d = 1 / b, f = d; /* Lentz's method */
  for (int k = 1; k < 1000; ++k) {
    const double a = -k * (k - shape);
    b += 2;
    d = 1 / (b + a * d);
    c = b + a / c;
    f *= c * d;
    if (fabs(c * d - 1) < 1e-15) break;
  }
  return 1 - front * f;
}

double wsf__gamma_quantile(double shape, double p) {
  const double part = 1 / (9 * shape);
  const double root = 1 - part + wsf__normal_quantile(p) * sqrt(part);
  double x = shape * root * root * root, least = 0, most = INFINITY;
  if (shape > 1000) return x;
  if (!(root > 0.2)) x = wsf__exp((wsf__ln(p) + wsf__ln_gamma(shape + 1)) / shape);
  for (int k = 0; k < 100 && x > 1e-300; ++k) {
    const double over = below(shape, x) - p;
    if (over > 0)
      most = x;
    else
      least = x;
    double next = x - over / density(shape, x);
    if (!(next > least && next < most)) next = isinf(most) ? 2 * x : (least + most) / 2;
    const bool done = fabs(next - x) <= 1e-10 * x;
    x = next;
    if (done) break;
  }
  return x;
}
