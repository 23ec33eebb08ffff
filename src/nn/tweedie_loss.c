/* Half the unit deviance of Tweedie's distributions between Poisson's and the gamma (Jorgensen
 * 1987), of which a network says the mean. */
#include "math/elementary.h"
#include "nn/nn.h"
#include "nn/squareplus.h"

double wsf__tweedie_mean(const float *raw, double base) {
  double slope;
  return wsf__squareplus(base + (double)raw[0], &slope);
}

double wsf__tweedie_loss(double power, const float *raw, double base, double y, float *d_raw) {
  double slope;
  const double mean = wsf__squareplus(base + (double)raw[0], &slope);
  const double part = wsf__pow(mean, 1 - power);
  const double own = y > 0 ? wsf__pow(y, 2 - power) / ((1 - power) * (2 - power)) : 0;
  d_raw[0] += (float)(part / mean * (mean - y) * slope);
  return own - y * part / (1 - power) + mean * part / (2 - power);
}
