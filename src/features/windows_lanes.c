/* Sliding statistics of values without gaps, several blocks at a time, one in each vector lane.
 *
 * The folds of windows.c are chains of dependent operations, three deep for a variance: one block
 * leaves the processor waiting, eight take little longer. Lanes do what windows.c does to one
 * block, in its order and with no fused multiply-add, so the bits are the same. */
#include "features/windows_lanes.h"

#include "features/feature.h"

enum { LANES = WSF__WINDOWS_LANES, WIDE = 4, PARTS = LANES / WIDE };
typedef double lane __attribute__((vector_size(8 * WIDE)));
typedef int64_t mask __attribute__((vector_size(8 * WIDE)));

#define KERNEL static inline __attribute__((always_inline))

/* Of one place in every block: the sum, mean or extreme, and squares around the mean (STD). */
typedef struct folds {
  lane value[PARTS], squares[PARTS];
} folds;

/* out = yes where `which` is set, else as it was. Vectors go by address: how they are passed by
 * value depends on the processor a caller was compiled for. */
KERNEL void replace(lane *out, const mask *which, const lane *yes) {
  *out = (lane)(((mask)*yes & *which) | ((mask)*out & ~*which));
}

/* The values z[0], z[step], ... inverse: 1 over the number of values with these. */
KERNEL void add(wsf__statistic s, folds *f, const double *z, int64_t step, bool first,
                double inverse) {
  for (int p = 0; p < PARTS; ++p, z += WIDE * step) {
    const lane x = {z[0], z[step], z[2 * step], z[3 * step]}, one = (lane){0} + 1;
    const mask less = (x < f->value[p]), more = (x > f->value[p]), zero = (x == 0),
               any = ~(mask){0};
    lane zeros = {0};
    switch (s) {
    case WSF__STAT_STD: {
      const lane from = x - f->value[p];
      f->value[p] += from * inverse;
      f->squares[p] += from * (x - f->value[p]);
      break;
    }
    case WSF__STAT_MIN:
      replace(&f->value[p], first ? &any : &less, &x);
      break;
    case WSF__STAT_MAX:
      replace(&f->value[p], first ? &any : &more, &x);
      break;
    case WSF__STAT_ZEROS:
      replace(&zeros, &zero, &one);
      f->value[p] += zeros;
      break;
    default:
      f->value[p] += x;
    }
  }
}

/* Into a. weight: the numbers of values multiplied, over their sum. */
KERNEL void join(wsf__statistic s, folds *a, const folds *b, double weight) {
  for (int p = 0; p < PARTS; ++p) {
    const lane from = b->value[p] - a->value[p];
    const mask less = (from < 0), more = (from > 0);
    switch (s) {
    case WSF__STAT_STD:
      a->squares[p] = a->squares[p] + b->squares[p] + from * from * weight;
      break;
    case WSF__STAT_MIN:
      replace(&a->value[p], &less, &b->value[p]);
      break;
    case WSF__STAT_MAX:
      replace(&a->value[p], &more, &b->value[p]);
      break;
    default:
      a->value[p] += b->value[p];
    }
  }
}

KERNEL void tell(wsf__statistic s, const folds *f, int64_t width, float *x) {
  const lane most = (lane){0} + FLT_MAX, least = -most;
  for (int p = 0; p < PARTS; ++p) {
    lane out = s == WSF__STAT_STD ? f->squares[p] / (double)(width - 1) : f->value[p];
    if (s == WSF__STAT_STD) {
      for (int j = 0; j < WIDE; ++j) out[j] = sqrt(out[j]);
    }
    if (s == WSF__STAT_MEAN || s == WSF__STAT_ZEROS) out /= (double)width;
    const mask above = (out > FLT_MAX), below = (out < -FLT_MAX); /* as wsf__feature_float */
    replace(&out, &above, &most);
    replace(&out, &below, &least);
    for (int j = 0; j < WIDE; ++j, x += width) *x = (float)out[j];
  }
}

KERNEL void body(const double *z, int64_t width, wsf__statistic s, void *room,
                 const double *inverse, float *x) {
  folds *end = room; /* [width] of z[-i .. 0), for i < width */
  folds f = {{{0}}, {{0}}};
  for (int64_t i = 1; i < width; ++i) {
    add(s, &f, z - i, width, i == 1, inverse[i]);
    end[i] = f;
  }
  f = (folds){{{0}}, {{0}}};
  for (int64_t i = 1; i <= width; ++i) {
    add(s, &f, z + i - 1, width, i == 1, inverse[i]);
    folds whole = i < width ? end[width - i] : f;
    if (i < width) join(s, &whole, &f, (double)(width - i) * (double)i * inverse[width]);
    tell(s, &whole, width, x + i - width);
  }
}

/* s is a constant at every call: branches on it vanish. */
KERNEL void by_statistic(const double *z, int64_t width, wsf__statistic s, void *room,
                         const double *inverse, float *x) {
  switch (s) {
  case WSF__STAT_STD:
    body(z, width, WSF__STAT_STD, room, inverse, x);
    break;
  case WSF__STAT_MIN:
    body(z, width, WSF__STAT_MIN, room, inverse, x);
    break;
  case WSF__STAT_MAX:
    body(z, width, WSF__STAT_MAX, room, inverse, x);
    break;
  case WSF__STAT_ZEROS:
    body(z, width, WSF__STAT_ZEROS, room, inverse, x);
    break;
  case WSF__STAT_MEAN:
    body(z, width, WSF__STAT_MEAN, room, inverse, x);
    break;
  default:
    body(z, width, WSF__STAT_SUM, room, inverse, x);
  }
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void wide(const double *z, int64_t width, wsf__statistic s,
                                                 void *room, const double *inverse, float *x) {
  by_statistic(z, width, s, room, inverse, x);
}
#endif

static void plain(const double *z, int64_t width, wsf__statistic s, void *room,
                  const double *inverse, float *x) {
  by_statistic(z, width, s, room, inverse, x);
}

void wsf__windows_lanes(const double *z, int64_t width, wsf__statistic s, void *room,
                        const double *inverse, float *x) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) {
    wide(z, width, s, room, inverse, x);
    return;
  }
#endif
  plain(z, width, s, room, inverse, x);
}
