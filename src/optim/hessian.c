/* Problem: how sharply a likelihood falls off around its maximum, for the standard errors of what
 * was estimated.
 *
 * Method: differences of differences, at the four corners of a step, as R's optimHess; where the
 * function gives its gradient along some parameters, one difference of that. Parameters at a bound
 * are the caller's to hold; the function must go on smoothly beyond those that are only near. */
#include "linalg/linalg.h"
#include "optim/optim.h"

#include <math.h>
#include <string.h>

bool wsf__hessian(wsf__curve *f, void *user, int n, const double *x, const double *step, int k,
                  double *along, double *h) {
  const int m = n + k;
  double point[WSF__HESSIAN_MAX];
  memcpy(point, x, (size_t)n * sizeof *x);
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j <= i; ++j) {
      double sum = 0;
      for (int corner = 0; corner < 4; ++corner) {
        const double a = corner & 1 ? step[i] : -step[i], b = corner & 2 ? step[j] : -step[j];
        point[i] += a;
        point[j] += b;
        const double value = f(point, along, user);
        if (!isfinite(value)) return false;
        sum += (a * b > 0 ? value : -value) / (4 * step[i] * step[j]);
        point[i] = x[i];
        point[j] = x[j];
      }
      h[i * m + j] = h[j * m + i] = sum;
    }
    for (int side = 0; side < 2 && k > 0; ++side) {
      point[i] = x[i] + (side ? step[i] : -step[i]);
      if (!isfinite(f(point, along, user))) return false;
      for (int j = 0; j < k; ++j) {
        double *cross = &h[i * m + n + j];
        *cross = side ? (along[j] - *cross) / (2 * step[i]) : along[j];
        h[(n + j) * m + i] = *cross;
      }
    }
    point[i] = x[i];
  }
  return true;
}

double wsf__error_along(const double *h, int m, const double *a, double *work) {
  double *factor = work, *x = work + m * m, sum = 0;
  memcpy(factor, h, (size_t)m * (size_t)m * sizeof *h);
  memcpy(x, a, (size_t)m * sizeof *a);
  if (!wsf__posv(m, factor, x)) return NAN;
  for (int i = 0; i < m; ++i) sum += a[i] * x[i];
  return sqrt(sum);
}
