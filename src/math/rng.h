/* Counter-based random numbers: Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011, "Parallel random
 * numbers: as easy as 1, 2, 3"). A stream is (seed, stream); number i of it needs no other number,
 * so results depend on no order. */
#ifndef WSF_MATH_RNG_H
#define WSF_MATH_RNG_H

#include <stdint.h>

typedef struct wsf__rng {
  uint64_t seed, stream, counter;
  uint32_t block[4];
  int left; /* words of block not yet used */
} wsf__rng;

void wsf__rng_init(wsf__rng *r, uint64_t seed, uint64_t stream);
uint32_t wsf__rng_u32(wsf__rng *r);
double wsf__rng_uniform(wsf__rng *r);           /* in (0, 1), never an end */
double wsf__rng_normal(wsf__rng *r);            /* by inversion: one uniform a normal */
int64_t wsf__rng_below(wsf__rng *r, int64_t n); /* 0 .. n-1 */

#endif
