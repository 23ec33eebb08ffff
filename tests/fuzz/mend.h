/* Makes every checksum of a damaged model file fit again, so that what lies behind them is tested
 * too: a checksum stops accidents, not somebody who can compute one. */
#ifndef WSF_TESTS_MEND_H
#define WSF_TESTS_MEND_H

#include "wire/wire.h"

static inline uint64_t mend_get(const uint8_t *at, int bytes) {
  uint64_t x = 0;
  for (int i = 0; i < bytes; ++i) x |= (uint64_t)at[i] << (8 * i);
  return x;
}

static inline void mend_put(uint8_t *at, int bytes, uint64_t x) {
  for (int i = 0; i < bytes; ++i) at[i] = (uint8_t)(x >> (8 * i));
}

/* Offsets of docs/format.md: header of 32 bytes, entries of 24, 8 bytes behind them. */
static inline void mend(uint8_t *file, size_t length) {
  enum { HEADER = 32, ENTRY = 24 };
  if (length < HEADER + 16) return;
  size_t n = (size_t)mend_get(file + 24, 4);
  if (n > (length - HEADER - 16) / ENTRY) n = (length - HEADER - 16) / ENTRY;
  for (size_t i = 0; i < n; ++i) {
    uint8_t *entry = file + HEADER + ENTRY * i;
    const uint64_t offset = mend_get(entry + 8, 8), size = mend_get(entry + 16, 8);
    if (offset > length || size > length - offset) continue;
    mend_put(entry + 4, 4, wsf__crc32c(0, file + offset, (size_t)size));
  }
  mend_put(file + HEADER + ENTRY * n, 4, wsf__crc32c(0, file + HEADER, ENTRY * n));
  mend_put(file + 28, 4, wsf__crc32c(0, file, 28));
  mend_put(file + length - 8, 8, wsf__crc64(0, file, length - 8));
}

#endif
