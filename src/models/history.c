/* Small questions about one history that several models ask. */
#include "models/history.h"

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

bool wsf__season_between(wsf__between *out, const bool *seen, int64_t m, int64_t j) {
  int64_t back = 0, ahead = 0;
  while (back < m && !seen[(j - back + m) % m]) ++back;
  if (back == m) return false;
  while (!seen[(j + ahead) % m]) ++ahead;
  *out = (wsf__between){(j - back + m) % m, (j + ahead) % m,
                        back == 0 ? 1.0 : (double)ahead / (double)(back + ahead)};
  return true;
}
