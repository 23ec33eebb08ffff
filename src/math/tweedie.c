/* Nothing with probability e^-rate, else the sum of one or more amounts. */
#include "math/counts.h"
#include "math/elementary.h"
#include "math/gamma.h"

#include <math.h>

double wsf__tweedie_quantile(double mean, double dispersion, double power, double q) {
  const double variance = dispersion * wsf__pow(mean, power);
  const double rate = mean * mean / variance / (2 - power);
  const double nothing = wsf__exp(-rate), some = -wsf__expm1(-rate);
  if (q <= nothing || !(some > 0)) return 0;
  /* moments of what is above 0 */
  const double mean_above = mean / some;
  const double square_above = (variance + mean * mean) / some;
  const double variance_above = square_above - mean_above * mean_above;
  if (!(variance_above > 0)) return mean_above;
  const double shape = mean_above * mean_above / variance_above;
  const double at = (q - nothing) / some;
  return mean_above / shape * wsf__gamma_quantile(shape, fmin(at, 1 - 1e-15));
}
