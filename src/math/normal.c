#include "math/normal.h"
#include "math/elementary.h"

#include <math.h>

double wsf__normal_cdf(double x) {
  return 0.5 * wsf__erfc(-x * 0.70710678118654752440);
}

static double ratio(double r, const double a[8], const double b[7]) {
  double top = a[7], bottom = b[6];
  for (int i = 6; i >= 0; --i) top = top * r + a[i];
  for (int i = 5; i >= 0; --i) bottom = bottom * r + b[i];
  return top / (bottom * r + 1.0);
}

/* Coefficients as printed in AS 241. */
static const double A[8] = {3.3871328727963666080e0, 1.3314166789178437745e2,
                            1.9715909503065514427e3, 1.3731693765509461125e4,
                            4.5921953931549871457e4, 6.7265770927008700853e4,
                            3.3430575583588128105e4, 2.5090809287301226727e3};
static const double B[7] = {4.2313330701600911252e1, 6.8718700749205790830e2,
                            5.3941960214247511077e3, 2.1213794301586595867e4,
                            3.9307895800092710610e4, 2.8729085735721942674e4,
                            5.2264952788528545610e3};
static const double C[8] = {1.42343711074968357734e0,  4.63033784615654529590e0,
                            5.76949722146069140550e0,  3.64784832476320460504e0,
                            1.27045825245236838258e0,  2.41780725177450611770e-1,
                            2.27238449892691845833e-2, 7.74545014278341407640e-4};
static const double D[7] = {2.05319162663775882187e0,  1.67638483018380384940e0,
                            6.89767334985100004550e-1, 1.48103976427480074590e-1,
                            1.51986665636164571966e-2, 5.47593808499534494600e-4,
                            1.05075007164441684324e-9};
static const double E[8] = {6.65790464350110377720e0,  5.46378491116411436990e0,
                            1.78482653991729133580e0,  2.96560571828504891230e-1,
                            2.65321895265761230930e-2, 1.24266094738807843860e-3,
                            2.71155556874348757815e-5, 2.01033439929228813265e-7};
static const double F[7] = {5.99832206555887937690e-1, 1.36929880922735805310e-1,
                            1.48753612908506148525e-2, 7.86869131145613259100e-4,
                            1.84631831751005468180e-5, 1.42151175831644588870e-7,
                            2.04426310338993978564e-15};

double wsf__normal_quantile(double p) {
  const double q = p - 0.5;
  if (fabs(q) <= 0.425) return q * ratio(0.180625 - q * q, A, B);
  double r = q < 0 ? p : 1.0 - p;
  if (!(r > 0)) return q < 0 ? -INFINITY : INFINITY;
  r = sqrt(-wsf__ln(r));
  const double x = r <= 5 ? ratio(r - 1.6, C, D) : ratio(r - 5.0, E, F);
  return q < 0 ? -x : x;
}

/* Continued fraction of the incomplete beta function (Lentz's method; Abramowitz and Stegun
 * 26.5.8). */
static double beta_fraction(double a, double b, double x) {
  const double tiny = 1e-300;
  double c = 1, d = 1 - (a + b) * x / (a + 1);
  d = 1 / (fabs(d) < tiny ? tiny : d);
  double f = d;
  for (int m = 1; m <= 500; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 + even * d;
    c = 1 + even / c;
    d = 1 / (fabs(d) < tiny ? tiny : d);
    c = fabs(c) < tiny ? tiny : c;
    f *= d * c;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 + odd * d;
    c = 1 + odd / c;
    d = 1 / (fabs(d) < tiny ? tiny : d);
    c = fabs(c) < tiny ? tiny : c;
    f *= d * c;
    if (fabs(d * c - 1) < 1e-15) break;
  }
  return f;
}

static double log_gamma(double x) {
  /* Lanczos, g = 7, n = 9: lgamma() writes the global signgam, which threads would race on. */
  static const double k[9] = {0.99999999999980993,  676.5203681218851,     -1259.1392167224028,
                              771.32342877765313,   -176.61502916214059,   12.507343278686905,
                              -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7};
  double sum = k[0];
  for (int i = 1; i < 9; ++i) sum += k[i] / (x - 1 + i);
  const double t = x + 6.5;
  return 0.91893853320467274178 + (x - 0.5) * wsf__ln(t) - t + wsf__ln(sum);
}

double wsf__student_p(double t, double df) {
  if (!(df > 0) || isnan(t)) return NAN;
  const double x = df / (df + t * t), a = df / 2, b = 0.5;
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const double front = wsf__exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * wsf__ln(x) +
                                b * wsf__log1p(-x));
  if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(a, b, x) / a;
  return 1 - front * beta_fraction(b, a, 1 - x) / b;
}
