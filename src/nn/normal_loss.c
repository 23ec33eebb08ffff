/* The normal distribution, of which a network says mean and standard deviation. */
#include "math/elementary.h"
#include "nn/nn.h"
#include "nn/squareplus.h"

static const double LEAST = 1e-3; /* deviation, so that one value cannot be worth all others */

void wsf__normal_head(const float *raw, double *mean, double *deviation) {
  double slope;
  *mean = (double)raw[0];
  *deviation = LEAST + wsf__squareplus((double)raw[1], &slope);
}

double wsf__normal_loss(const float *raw, double y, float *d_raw) {
  double slope;
  const double deviation = LEAST + wsf__squareplus((double)raw[1], &slope);
  const double z = (y - (double)raw[0]) / deviation;
  d_raw[0] -= (float)(z / deviation);
  d_raw[1] += (float)((1 - z * z) / deviation * slope);
  return wsf__ln(deviation) + 0.5 * z * z;
}
