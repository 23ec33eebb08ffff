/* The inner loops of linear algebra, for functions that are compiled twice, with and without AVX2.
 * Eight sums side by side: an order of additions that vectors of any width keep, so that both give
 * the same bits. */
#ifndef WSF_LINALG_KERNELS_H
#define WSF_LINALG_KERNELS_H

#define WSF__KERNEL static inline __attribute__((always_inline))

WSF__KERNEL double wsf__dot(const double *x, const double *y, int n) {
  double sum[8] = {0};
  int i = 0;
  for (; i + 8 <= n; i += 8) {
    for (int lane = 0; lane < 8; ++lane) sum[lane] += x[i + lane] * y[i + lane];
  }
  for (; i < n; ++i) sum[0] += x[i] * y[i];
  return ((sum[0] + sum[4]) + (sum[1] + sum[5])) + ((sum[2] + sum[6]) + (sum[3] + sum[7]));
}

/* y += c x */
WSF__KERNEL void wsf__axpy(double c, const double *restrict x, double *restrict y, int n) {
  for (int i = 0; i < n; ++i) y[i] += c * x[i];
}

#endif
