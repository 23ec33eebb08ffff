/* CRC-32C (Castagnoli polynomial, RFC 3720 appendix B.4) and CRC-64/XZ (ECMA-182 polynomial, both
 * reflected, all ones in and out), as listed in the catalogue of parametrised CRC algorithms
 * (https://reveng.sourceforge.io/crc-catalogue/).
 *
 * Both take eight bytes a step: CRC-32C with the SSE 4.2 instruction where the processor has it,
 * else, like CRC-64, by slicing (Kounavis and Berry 2005). The tables are built on the stack at
 * every call, some microseconds: nothing global, nothing to initialise. */
#include "wire/wire.h"

#include <string.h>

#define POLY_32C UINT32_C(0x82f63b78)
#define POLY_64  UINT64_C(0xc96c5795d7870f42)

/* Below this a bit-by-bit loop costs less than a table. */
enum { SHORT_BYTES = 256 };

/* One routine for both widths: a reflected CRC is the same recurrence, only the polynomial says how
 * wide it is. `crc` is the raw register. */
static uint64_t crc_step(uint64_t crc, uint64_t poly) {
  return crc >> 1 ^ (poly & (0 - (crc & 1)));
}

static uint64_t crc_bits(uint64_t crc, uint64_t poly, const uint8_t *p, size_t n) {
  for (size_t i = 0; i < n; ++i) {
    crc ^= p[i];
    for (int b = 0; b < 8; ++b) crc = crc_step(crc, poly);
  }
  return crc;
}

/* Little-endian; written out, for compilers see one load in this form only. */
static uint64_t load64(const uint8_t *p) {
  return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 | (uint64_t)p[3] << 24 |
         (uint64_t)p[4] << 32 | (uint64_t)p[5] << 40 | (uint64_t)p[6] << 48 | (uint64_t)p[7] << 56;
}

static uint64_t crc_sliced(uint64_t crc, uint64_t poly, const uint8_t *p, size_t n) {
  if (n < SHORT_BYTES) return crc_bits(crc, poly, p, n);
  /* table[k][b]: the register after byte b and k zero bytes. */
  uint64_t table[8][256];
  for (unsigned b = 0; b < 256; ++b) {
    uint64_t x = b;
    for (int i = 0; i < 8; ++i) x = crc_step(x, poly);
    table[0][b] = x;
  }
  for (int k = 1; k < 8; ++k) {
    for (unsigned b = 0; b < 256; ++b) {
      const uint64_t x = table[k - 1][b];
      table[k][b] = x >> 8 ^ table[0][x & 0xff];
    }
  }
  for (; n >= 8; n -= 8, p += 8) {
    const uint64_t x = crc ^ load64(p);
    crc = table[7][x & 0xff] ^ table[6][x >> 8 & 0xff] ^ table[5][x >> 16 & 0xff] ^
          table[4][x >> 24 & 0xff] ^ table[3][x >> 32 & 0xff] ^ table[2][x >> 40 & 0xff] ^
          table[1][x >> 48 & 0xff] ^ table[0][x >> 56];
  }
  for (; n > 0; --n, ++p) crc = crc >> 8 ^ table[0][(crc ^ *p) & 0xff];
  return crc;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) static uint32_t crc32c_hardware(uint32_t crc, const uint8_t *p,
                                                                  size_t n) {
  uint64_t wide = crc;
  for (; n >= 8; n -= 8, p += 8) {
    uint64_t x;
    memcpy(&x, p, sizeof x);
    wide = __builtin_ia32_crc32di(wide, x);
  }
  crc = (uint32_t)wide;
  for (; n > 0; --n, ++p) crc = __builtin_ia32_crc32qi(crc, *p);
  return crc;
}
#endif

uint32_t wsf__crc32c_portable(uint32_t crc, const void *bytes, size_t n) {
  return ~(uint32_t)crc_sliced(~crc, POLY_32C, bytes, n);
}

uint32_t wsf__crc32c(uint32_t crc, const void *bytes, size_t n) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("sse4.2")) return ~crc32c_hardware(~crc, bytes, n);
#endif
  return wsf__crc32c_portable(crc, bytes, n);
}

uint64_t wsf__crc64(uint64_t crc, const void *bytes, size_t n) {
  return ~crc_sliced(~crc, POLY_64, bytes, n);
}
