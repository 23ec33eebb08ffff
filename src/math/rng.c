#include "math/rng.h"
#include "math/normal.h"

static void philox(const uint64_t seed, const uint64_t stream, const uint64_t counter,
                   uint32_t out[4]) {
  uint32_t c0 = (uint32_t)counter, c1 = (uint32_t)(counter >> 32);
  uint32_t c2 = (uint32_t)stream, c3 = (uint32_t)(stream >> 32);
  uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
  for (int round = 0; round < 10; ++round) {
    const uint64_t p0 = (uint64_t)0xD2511F53u * c0, p1 = (uint64_t)0xCD9E8D57u * c2;
    c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
    c1 = (uint32_t)p1;
    c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
    c3 = (uint32_t)p0;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  out[0] = c0, out[1] = c1, out[2] = c2, out[3] = c3;
}

void wsf__rng_init(wsf__rng *r, uint64_t seed, uint64_t stream) {
  *r = (wsf__rng){.seed = seed, .stream = stream};
}

uint32_t wsf__rng_u32(wsf__rng *r) {
  if (r->left == 0) {
    philox(r->seed, r->stream, r->counter++, r->block);
    r->left = 4;
  }
  return r->block[4 - r->left--];
}

double wsf__rng_uniform(wsf__rng *r) {
  const uint64_t high = wsf__rng_u32(r), low = wsf__rng_u32(r);
  return ((double)(((high << 32) | low) >> 12) + 0.5) * 0x1p-52;
}

double wsf__rng_normal(wsf__rng *r) {
  return wsf__normal_quantile(wsf__rng_uniform(r));
}

int64_t wsf__rng_below(wsf__rng *r, int64_t n) {
  return (int64_t)(wsf__rng_uniform(r) * (double)n);
}
