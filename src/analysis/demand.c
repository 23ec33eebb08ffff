#include "analysis/demand.h"

#include <math.h>
#include <stdbool.h>

/* Where the simple methods' expected errors cross (their section 3). */
static const double INTERVAL_CUT = 1.32, CV2_CUT = 0.49;

wsf__demand wsf__demand_of(const double *y, int64_t n) {
  int64_t observed = 0, sales = 0;
  double sum = 0, square = 0;
  for (int64_t t = 0; t < n; ++t) {
    if (isnan(y[t])) continue;
    ++observed;
    if (y[t] == 0) continue;
    ++sales;
    sum += y[t];
  }
  if (sales == 0) return (wsf__demand){NAN, NAN, "zero"};
  const double mean = sum / (double)sales;
  for (int64_t t = 0; t < n; ++t) {
    if (!isnan(y[t]) && y[t] != 0) square += (y[t] - mean) * (y[t] - mean);
  }
  wsf__demand d = {(double)observed / (double)sales, NAN, ""};
  if (sales > 1 && mean != 0) d.cv2 = square / (double)(sales - 1) / (mean * mean);
  const bool rare = d.interval >= INTERVAL_CUT, varied = d.cv2 >= CV2_CUT; /* NaN: not varied */
  d.pattern = rare ? (varied ? "lumpy" : "intermittent") : (varied ? "erratic" : "smooth");
  return d;
}
