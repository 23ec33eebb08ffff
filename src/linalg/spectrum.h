/* Fourier transforms of a power of two of numbers, and what they are for: convolutions of long
 * series in a time that is linear but for a logarithm. */
#ifndef WSF_LINALG_SPECTRUM_H
#define WSF_LINALG_SPECTRUM_H

#include "sync/env.h"

typedef struct wsf__spectrum {
  int64_t size;
  double *root; /* [size] cosines, then sines, of the angles of half a turn */
  const wsf__arena *scratch;
} wsf__spectrum;

/* For transforms of at least this many numbers; false: no memory. */
bool wsf__spectrum_init(wsf__spectrum *s, int64_t least, wsf__arena *scratch);
/* Forwards, in place; worth nothing when the call was stopped. Backwards is the same with the two
 * parts exchanged, on the way in and on the way out, and the result divided by the size. */
void wsf__spectrum_take(const wsf__spectrum *s, double *re, double *im);

/* A filter of real weights for series of as many steps: step i becomes the sum over j <= i of
 * weight[j] x[i - j], as the direct sum gives it up to roundings of the largest values. */
typedef struct wsf__convolver {
  wsf__spectrum s;
  double *re, *im; /* [size] the spectrum of the weights, divided by the size */
} wsf__convolver;
bool wsf__convolver_init(wsf__convolver *c, const double *weight, int64_t n, wsf__arena *scratch);
/* Two series at once, each with n steps in the first of c->s.size numbers; the rest is work. */
void wsf__convolve(const wsf__convolver *c, double *a, double *b, int64_t n);

#endif
