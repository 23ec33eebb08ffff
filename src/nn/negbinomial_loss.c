/* The negative binomial distribution, of which a network says the mean and by how much it is wider
 * than Poisson's: a variance of mean + deviation^2, that is a size of mean^2 / deviation^2. */
#include "math/elementary.h"
#include "math/gamma.h"
#include "nn/nn.h"
#include "nn/squareplus.h"

static const double LEAST = 0.01; /* deviation, in units */

void wsf__negbinomial_head(const float *raw, double base, double unit, double *mean, double *size) {
  double slope;
  const double over = wsf__squareplus(base + (double)raw[0], &slope);
  const double deviation = LEAST + wsf__squareplus((double)raw[1], &slope);
  *mean = unit * over;
  *size = over / deviation * (over / deviation);
}

double wsf__negbinomial_loss(const float *raw, double base, double unit, double y, float *d_raw) {
  double slope[2];
  const double over = wsf__squareplus(base + (double)raw[0], &slope[0]);
  const double deviation = LEAST + wsf__squareplus((double)raw[1], &slope[1]);
  const double mean = unit * over, size = over / deviation * (over / deviation);
  const double all = size + mean;
  const double wider = wsf__log1p(mean / size), rarer = wsf__ln(mean / all);
  const double by_mean = (size + y) / all - y / mean;
  const double by_size = wsf__digamma(size) - wsf__digamma(y + size) + wider + (y - mean) / all;
  d_raw[0] += (float)((by_mean * unit + by_size * 2 * size / over) * slope[0]);
  d_raw[1] -= (float)(by_size * 2 * size / deviation * slope[1]);
  return wsf__ln_gamma(size) + wsf__ln_gamma(y + 1) - wsf__ln_gamma(y + size) + size * wider -
         y * rarer;
}
