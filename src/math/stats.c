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

static void exchange(double *a, double *b) {
  const double t = *a;
  *a = *b;
  *b = t;
}

/* The k-th smallest, from 0, to x[k], none larger before it and none smaller after it. Hoare
 * (1961), "Algorithm 65: find", around the median of three; what is left is sorted should that go
 * wrong. */
static void place(double *x, int64_t n, int64_t k) {
  int64_t lo = 0, hi = n - 1;
  for (int rounds = 0; hi - lo >= 32 && rounds < 128; ++rounds) {
    const int64_t mid = lo + (hi - lo) / 2;
    if (x[mid] < x[lo]) exchange(&x[mid], &x[lo]);
    if (x[hi] < x[lo]) exchange(&x[hi], &x[lo]);
    if (x[hi] < x[mid]) exchange(&x[hi], &x[mid]);
    const double pivot = x[mid];
    int64_t i = lo, j = hi;
    while (i <= j) {
      while (x[i] < pivot) ++i;
      while (pivot < x[j]) --j;
      if (i <= j) exchange(&x[i++], &x[j--]);
    }
    if (k <= j)
      hi = j;
    else if (k >= i)
      lo = i;
    else
      return;
  }
  wsf__sort(x + lo, hi - lo + 1);
}

double wsf__median_inplace(double *x, int64_t n) {
  place(x, n, n / 2);
  if (n % 2) return x[n / 2];
  double below = x[0];
  for (int64_t i = 1; i < n / 2; ++i) below = below < x[i] ? x[i] : below;
  return 0.5 * (below + x[n / 2]);
}

double wsf__quantile_inplace(double *x, int64_t n, double p) {
  const double at = p * (double)(n - 1);
  const int64_t low = (int64_t)at < n - 1 ? (int64_t)at : n - 1;
  place(x, n, low);
  if (low == n - 1) return x[low];
  for (int64_t i = low + 2; i < n; ++i) {
    if (x[i] < x[low + 1]) exchange(&x[i], &x[low + 1]);
  }
  const double part = at - (double)low;
  return part == 0 ? x[low] : x[low] + part * (x[low + 1] - x[low]);
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
