/* A positive number for any x: near x above, near 1 / (4 |x|) below (Barron 2021). */
#ifndef WSF_NN_SQUAREPLUS_H
#define WSF_NN_SQUAREPLUS_H

#include <math.h>

static inline double wsf__squareplus(double x, double *slope) {
  const double root = sqrt(x * x + 1);
  *slope = x < 0 ? 0.5 / (root * (root - x)) : 0.5 * (1 + x / root);
  return x < 0 ? 0.5 / (root - x) : 0.5 * (x + root);
}

#endif
