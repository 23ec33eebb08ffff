#include "math/stats.h"

#include <math.h>
#include <stdlib.h>

static int compare(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

void wsf__sort(double *x, int64_t n) {
  if (n > 32) {
    qsort(x, (size_t)n, sizeof *x, compare);
    return;
  }
  for (int64_t i = 1; i < n; ++i) {
    const double v = x[i];
    int64_t j = i;
    for (; j > 0 && x[j - 1] > v; --j) x[j] = x[j - 1];
    x[j] = v;
  }
}

double wsf__quantile_sorted(const double *x, int64_t n, double p) {
  const double at = p * (double)(n - 1);
  const int64_t low = (int64_t)at;
  if (low >= n - 1) return x[n - 1];
  const double part = at - (double)low;
  return part == 0 ? x[low] : x[low] + part * (x[low + 1] - x[low]);
}

double wsf__median_inplace(double *x, int64_t n) {
  wsf__sort(x, n);
  return n % 2 ? x[n / 2] : 0.5 * (x[n / 2 - 1] + x[n / 2]);
}

double wsf__mean(const double *x, int64_t n) {
  double sum = 0;
  int64_t count = 0;
  for (int64_t i = 0; i < n; ++i) {
    if (!isfinite(x[i])) continue;
    sum += x[i];
    ++count;
  }
  return count ? sum / (double)count : NAN;
}

static double mean_power_diff(const double *x, int64_t n, int64_t m, int square) {
  double sum = 0;
  int64_t count = 0;
  for (int64_t i = m; i < n; ++i) {
    const double d = x[i] - x[i - m];
    if (!isfinite(d)) continue;
    sum += square ? d * d : fabs(d);
    ++count;
  }
  return count ? sum / (double)count : NAN;
}

double wsf__mean_abs_diff(const double *x, int64_t n, int64_t m) {
  return mean_power_diff(x, n, m, 0);
}

double wsf__mean_sq_diff(const double *x, int64_t n, int64_t m) {
  return mean_power_diff(x, n, m, 1);
}

double wsf__power_of_two_below(double x) {
  int exponent = 0;
  (void)frexp(x, &exponent);
  return ldexp(1, exponent - 1);
}
