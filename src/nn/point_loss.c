/* Losses of one number: its distance, and Huber's (1964), which is a square near by. */
#include "nn/nn.h"

#include <math.h>

double wsf__huber_loss(double delta, const float *raw, double y, float *d_raw) {
  const double error = y - (double)raw[0], size = fabs(error);
  if (size <= delta) {
    d_raw[0] -= (float)error;
    return 0.5 * error * error;
  }
  const double edge = delta > 0 ? delta : 1;
  d_raw[0] -= (float)(error > 0 ? edge : -edge);
  return edge * (size - 0.5 * delta);
}
