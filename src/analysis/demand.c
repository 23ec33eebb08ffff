#include "analysis/demand.h"

#include <math.h>
#include <stdbool.h>

/* Where the simple methods' expected errors cross (their section 3). */
static const double INTERVAL_CUT = 1.32, CV2_CUT = 0.49;

wsf__demand wsf__demand_of(const double *y, int64_t n) {
  int64_t observed = 0, sales = 0;
  double first = 0, sum = 0, square = 0; /* from the first sale on: equal ones differ by nothing */
  for (int64_t t = 0; t < n; ++t) {
    if (isnan(y[t])) continue;
    ++observed;
    if (y[t] == 0) continue;
    if (sales++ == 0) first = y[t];
    sum += y[t] - first;
  }
  if (sales == 0) return (wsf__demand){NAN, NAN, "zero"};
  const double mean = first + sum / (double)sales;
  for (int64_t t = 0; t < n; ++t) {
    if (!isnan(y[t]) && y[t] != 0) square += (y[t] - mean) * (y[t] - mean);
  }
  wsf__demand d = {(double)observed / (double)sales, NAN, ""};
  if (sales > 1 && mean != 0) d.cv2 = square / (double)(sales - 1) / (mean * mean);
  const bool rare = d.interval >= INTERVAL_CUT, varied = d.cv2 >= CV2_CUT; /* NaN: not varied */
  d.pattern = rare ? (varied ? "lumpy" : "intermittent") : (varied ? "erratic" : "smooth");
  return d;
}
