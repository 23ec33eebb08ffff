/* Stable sort of 64-bit keys that carry a 32-bit index: least-significant-digit radix sort, digits
 * that all keys share skipped; insertion sort when there are few. */
#ifndef WSF_PANEL_RADIX_H
#define WSF_PANEL_RADIX_H

#include "sync/env.h"

typedef struct wsf__pair {
  uint64_t key;
  uint32_t at;
} wsf__pair;

/* Sorts pair[n]; spare holds n more. false: the call that scratch works for was stopped. */
bool wsf__radix_sort(wsf__pair *pair, wsf__pair *spare, size_t n, const wsf__arena *scratch);

/* Order of an int64 as an unsigned key. */
static inline uint64_t wsf__radix_key(int64_t value) {
  return (uint64_t)value ^ (UINT64_C(1) << 63);
}

#endif
