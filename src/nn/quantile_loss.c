/* Several quantiles at a time, learnt together. */
#include "nn/nn.h"

#include <math.h>

/* A positive number for any x: near x above, near -1 / x below. */
static float squareplus(float x, float *slope) {
  const float root = sqrtf(x * x + 4.0f);
  *slope = 0.5f * (1.0f + x / root);
  return 0.5f * (x + root);
}

void wsf__quantile_heads(int n, const float *raw, float *quantile) {
  const int middle = n / 2;
  float slope;
  quantile[middle] = raw[middle];
  for (int k = middle + 1; k < n; ++k) {
    quantile[k] = quantile[k - 1] + squareplus(raw[k], &slope);
  }
  for (int k = middle - 1; k >= 0; --k) {
    quantile[k] = quantile[k + 1] - squareplus(raw[k], &slope);
  }
}

/* The loss of one quantile, and its slope. */
static float one_loss(float level, float quantile, float y, float *slope) {
  const float error = y - quantile;
  *slope = error > 0 ? -level : 1 - level;
  return error > 0 ? level * error : (level - 1) * error;
}

/* From the outside in: a number moves its own quantile and all beyond it. */
float wsf__quantile_loss(int n, const float *level, const float *raw, float y, float weight,
                         float *d_raw) {
  float quantile[WSF__MOST_QUANTILES], slope[WSF__MOST_QUANTILES], sum = 0, d, outer = 0, all = 0;
  const int middle = n / 2;
  const float share = weight / (float)n;
  quantile[middle] = raw[middle];
  for (int k = middle + 1; k < n; ++k) {
    quantile[k] = quantile[k - 1] + squareplus(raw[k], &slope[k]);
  }
  for (int k = middle - 1; k >= 0; --k) {
    quantile[k] = quantile[k + 1] - squareplus(raw[k], &slope[k]);
  }
  for (int k = n - 1; k > middle; --k) {
    sum += one_loss(level[k], quantile[k], y, &d);
    outer += d;
    d_raw[k] += share * outer * slope[k];
  }
  all += outer;
  outer = 0;
  for (int k = 0; k < middle; ++k) {
    sum += one_loss(level[k], quantile[k], y, &d);
    outer += d;
    d_raw[k] -= share * outer * slope[k];
  }
  sum += one_loss(level[middle], quantile[middle], y, &d);
  d_raw[middle] += share * (all + outer + d);
  return sum / (float)n;
}
