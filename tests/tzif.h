/* Files of the zone database, made by hand. */
#ifndef WSF_TESTS_TZIF_H
#define WSF_TESTS_TZIF_H

#include "support.h"

/* A TZif file made by hand: a first block of nothing, a second one, a rule. */
typedef struct file {
  char bytes[512];
  size_t n;
} file;

static inline void put(file *f, int64_t x, int n) {
  for (int k = n - 1; k >= 0; --k) f->bytes[f->n++] = (char)((uint64_t)x >> (8 * k));
}

static inline void put_header(file *f, int times, int types) {
  memcpy(f->bytes + f->n, "TZif2", 5);
  memset(f->bytes + f->n + 5, 0, 15);
  f->n += 20;
  const int counts[] = {0, 0, 0, times, types, 4};
  for (int k = 0; k < 6; ++k) put(f, counts[k], 4);
}

static inline void put_types(file *f, int types, const int32_t *offset) {
  for (int k = 0; k < types; ++k) {
    put(f, offset[k], 4);
    put(f, k % 2, 1);
    put(f, 0, 1);
  }
  put(f, 0x41424300, 4); /* "ABC" */
}

static inline file zone_file(int times, const int64_t *at, const char *type, int types,
                             const int32_t *offset, const char *rule) {
  file f = {.n = 0};
  put_header(&f, 0, 1);
  put_types(&f, 1, offset);
  put_header(&f, times, types);
  for (int i = 0; i < times; ++i) put(&f, at[i], 8);
  for (int i = 0; i < times; ++i) put(&f, type[i], 1);
  put_types(&f, types, offset);
  f.n += (size_t)snprintf(f.bytes + f.n, sizeof f.bytes - f.n, "\n%s\n", rule);
  return f;
}

#endif
