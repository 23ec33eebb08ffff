/* Vectors of candidates: several of one ARMA order are filtered side by side, one in each lane. The
 * operations are the same for every instruction set. */
#ifndef WSF_MODELS_ARIMA_VECTOR_H
#define WSF_MODELS_ARIMA_VECTOR_H

#include "math/elementary.h"
#include "models/local/arima/arima.h"

enum { WIDE = 4, PARTS = WSF__ARMA_LANES / WIDE, GATHER = 16 };
typedef double lane __attribute__((vector_size(8 * WIDE)));
typedef int64_t mask __attribute__((vector_size(8 * WIDE)));

static const double LOG_2 = 0.69314718055994530942;

/* Move the exponent of a product into a sum: it neither overflows nor needs a logarithm. */
static inline __attribute__((always_inline)) void set_aside(lane *product, mask *exponent) {
  const mask bits = (mask)*product;
  *exponent += ((bits >> 52) & 0x7ff) - 1023;
  *product = (lane)((bits & 0xfffffffffffff) | 0x3ff0000000000000);
}

static inline __attribute__((always_inline)) void raise_to(lane *x, double least) {
  const mask above = *x > least;
  *x = (lane)((above & (mask)*x) | (~above & (mask)((lane){0} + least)));
}

/* What a trial adds up: cross products of the innovations over their variance, and the product of
 * those. parts is a constant at every call. */
typedef struct tally {
  lane *gram; /* the lower triangle row by row */
  lane product[PARTS];
  mask exponent[PARTS];
  int gathered;
} tally;

/* The innovations now[k] of a step, of variance f = 1 / inverse. */
static inline __attribute__((always_inline)) void
gather(tally *x, int k, const lane *now, const lane *f, const lane *inverse, const int parts) {
  lane *gram = x->gram;
  for (int i = 0; i < k; ++i) {
    for (int s = 0; s < parts; ++s) {
      const lane e = now[i * parts + s] * inverse[s];
      for (int j = 0; j <= i; ++j) gram[j * parts + s] += e * now[j * parts + s];
    }
    gram += (i + 1) * parts;
  }
  for (int s = 0; s < parts; ++s) x->product[s] *= f[s];
  if (++x->gathered == GATHER) {
    for (int s = 0; s < parts; ++s) set_aside(&x->product[s], &x->exponent[s]);
    x->gathered = 0;
  }
}

/* The logarithm of that product, of one lane. */
static inline double log_product(const tally *x, int i) {
  const int part = i / WIDE, at = i % WIDE;
  return wsf__ln(x->product[part][at]) + LOG_2 * (double)x->exponent[part][at];
}

#endif
