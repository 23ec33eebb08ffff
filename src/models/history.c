/* Small questions about one history that several models ask. */
#include "models/history.h"

#include "math/elementary.h"
#include "math/normal.h"
#include "math/stats.h"

#include <math.h>

wsf__extent wsf__extent_of(const double *y, int64_t n) {
  wsf__extent e = {0, 0};
  bool any = false;
  for (int64_t t = 0; t < n; ++t) {
    if (isnan(y[t])) continue;
    if (!any) e = (wsf__extent){y[t], y[t]};
    any = true;
    wsf__extent_add(&e, y[t]);
  }
  return e;
}

int64_t wsf__count_observed(const double *y, int64_t n) {
  int64_t count = 0;
  for (int64_t t = 0; t < n; ++t) count += !isnan(y[t]);
  return count;
}

int64_t wsf__known(const double *y, int64_t n) {
  while (n > 0 && isnan(y[n - 1])) --n;
  return n;
}

wsf__middle wsf__middle_of(const double *y, int64_t n, double *work) {
  wsf__middle m = {0, 0};
  int64_t count = 0;
  for (int64_t t = 0; t < n; ++t) {
    if (!isnan(y[t])) work[count++] = y[t];
  }
  if (count == 0) return m;
  (void)wsf__median_inplace(work, count);
  m.at = work[count / 2]; /* one of them, also where the median lies between two */
  for (int64_t i = 0; i < count; ++i) m.spread += fabs(work[i] - m.at) / (double)count;
  return isnormal(m.spread) ? m : (wsf__middle){0, 0};
}

double wsf__digits(double x) {
  const double rounded = ldexp(round(ldexp(x, 36)), -36);
  return rounded != 0 ? rounded : x;
}

bool wsf__season_between(wsf__between *out, const bool *seen, int64_t m, int64_t j) {
  int64_t back = 0, ahead = 0;
  while (back < m && !seen[(j - back + m) % m]) ++back;
  if (back == m) return false;
  while (!seen[(j + ahead) % m]) ++ahead;
  *out = (wsf__between){(j - back + m) % m, (j + ahead) % m,
                        back == 0 ? 1.0 : (double)ahead / (double)(back + ahead)};
  return true;
}

double wsf__student_quantile(double p, double v) {
  if (v < 1.5) {
    const double angle = 3.14159265358979323846 * (p - 0.5);
    return wsf__sin(angle) / wsf__cos(angle);
  }
  if (v < 2.5) return (2 * p - 1) / sqrt(2 * p * (1 - p));
  const double x = wsf__normal_quantile(p), q = x * x;
  const double g1 = (q + 1) / 4;
  const double g2 = ((5 * q + 16) * q + 3) / 96;
  const double g3 = (((3 * q + 19) * q + 17) * q - 15) / 384;
  const double g4 = ((((79 * q + 776) * q + 1482) * q - 1920) * q - 945) / 92160;
  return x * (1 + (g1 + (g2 + (g3 + g4 / v) / v) / v) / v);
}
