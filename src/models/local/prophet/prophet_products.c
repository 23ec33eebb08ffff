/* The products of the columns of prophet's derivatives: nearly all of what a fit costs. */
#include "models/local/prophet/prophet.h"

#include <string.h>

/* Four rows at a time. */
void wsf__prophet_products(double *out, const double *rows, int64_t n, int p,
                           const wsf__arena *scratch) {
  memset(out, 0, (size_t)p * (size_t)p * sizeof *out);
  int64_t i = 0;
  for (; i + 4 <= n && !(i % 256 == 0 && wsf__cut_short(scratch)); i += 4) {
    const double *r0 = rows + i * p, *r1 = r0 + p, *r2 = r1 + p, *r3 = r2 + p;
    for (int j = 0; j < p; ++j) {
      const double c0 = r0[j], c1 = r1[j], c2 = r2[j], c3 = r3[j];
      double *restrict to = out + (size_t)j * (size_t)p;
      for (int l = 0; l <= j; ++l) to[l] += (c0 * r0[l] + c1 * r1[l]) + (c2 * r2[l] + c3 * r3[l]);
    }
  }
  for (; i < n; ++i) {
    const double *row = rows + i * p;
    for (int j = 0; j < p; ++j) {
      for (int l = 0; l <= j; ++l) out[(size_t)j * (size_t)p + (size_t)l] += row[j] * row[l];
    }
  }
  for (int j = 0; j < p; ++j) {
    for (int l = 0; l < j; ++l) out[l * p + j] = out[j * p + l];
  }
}
