/* Steps of Adam. */
#include "nn/nn.h"

#include <math.h>
#include <string.h>

void wsf__adam_begin(wsf__adam *a, int64_t n, float *mean, float *square) {
  *a = (wsf__adam){.beta1 = 0.9,
                   .beta2 = 0.999,
                   .epsilon = 1e-8,
                   .clip = INFINITY,
                   .power1 = 1,
                   .power2 = 1,
                   .n = n,
                   .mean = mean,
                   .square = square};
  memset(mean, 0, (size_t)n * sizeof *mean);
  memset(square, 0, (size_t)n * sizeof *square);
}

void wsf__adam_step(wsf__adam *a, float *weight, const float *gradient) {
  double square = 0;
  for (int64_t i = 0; i < a->n; ++i) square += (double)gradient[i] * (double)gradient[i];
  const double length = sqrt(square);
  if (!isfinite(length)) return;
  const float cut = length > a->clip ? (float)(a->clip / length) : 1;
  a->power1 *= a->beta1;
  a->power2 *= a->beta2;
  const float b1 = (float)a->beta1, b2 = (float)a->beta2, epsilon = (float)a->epsilon;
  const float step = (float)(a->rate / (1 - a->power1)), root = (float)sqrt(1 - a->power2);
  const float keep = (float)fmax(0, 1 - a->rate * a->decay); /* to zero at most, never beyond */
  for (int64_t i = 0; i < a->n; ++i) {
    const float g = gradient[i] * cut;
    a->mean[i] = b1 * a->mean[i] + (1 - b1) * g;
    a->square[i] = b2 * a->square[i] + (1 - b2) * g * g;
    weight[i] = weight[i] * keep - step * a->mean[i] / (sqrtf(a->square[i]) / root + epsilon);
  }
}
