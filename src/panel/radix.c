#include "panel/radix.h"

#include <string.h>

enum { FEW = 48, BITS = 11, BUCKETS = 1 << BITS };

static void insertion_sort(wsf__pair *pair, size_t n) {
  for (size_t i = 1; i < n; ++i) {
    const wsf__pair p = pair[i];
    size_t j = i;
    for (; j > 0 && pair[j - 1].key > p.key; --j) pair[j] = pair[j - 1];
    pair[j] = p;
  }
}

bool wsf__radix_sort(wsf__pair *pair, wsf__pair *spare, size_t n, const wsf__arena *scratch) {
  if (n <= FEW) {
    insertion_sort(pair, n);
    return true;
  }
  uint64_t all_or = 0, all_and = UINT64_MAX;
  for (size_t i = 0; i < n; ++i) {
    all_or |= pair[i].key;
    all_and &= pair[i].key;
  }
  wsf__pair *from = pair, *to = spare;
  for (int shift = 0; shift < 64; shift += BITS) {
    if (wsf__cut_short(scratch)) return false;
    if ((((all_or ^ all_and) >> shift) & (BUCKETS - 1)) == 0) continue;
    size_t place[BUCKETS] = {0};
    for (size_t i = 0; i < n; ++i) ++place[(from[i].key >> shift) & (BUCKETS - 1)];
    size_t sum = 0;
    for (size_t b = 0; b < BUCKETS; ++b) {
      const size_t count = place[b];
      place[b] = sum;
      sum += count;
    }
    for (size_t i = 0; i < n; ++i) to[place[(from[i].key >> shift) & (BUCKETS - 1)]++] = from[i];
    wsf__pair *swap = from;
    from = to;
    to = swap;
  }
  if (from != pair) memcpy(pair, from, n * sizeof *pair);
  return true;
}
