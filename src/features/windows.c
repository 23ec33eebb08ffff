/* Sliding statistics without subtraction.
 *
 * A running sum that adds what enters and subtracts what leaves carries the rounding of everything
 * it ever held: the bits of a window would depend on where the run began, and a large value would
 * leave its error behind. Instead places are cut into blocks as long as the window (van Herk 1992;
 * Gil and Werman 1993). A window meets one border of blocks: it is the end of the block before the
 * border and the beginning of the one after it. Ends are folded backwards from the border,
 * beginnings forwards, and a window is the two joined: three steps a place for every width, from
 * the window's own values in an order that its place alone decides. Variances are joined as Chan,
 * Golub and LeVeque (1983) do, equation 2.1, each part by the updating formula of Welford (1962).
 * Order statistics are exact in any order: the values of a stretch get ranks, and a tree of counts
 * over the ranks (Fenwick 1994) finds the k-th of a window. */
#include "features/windows.h"

#include "features/feature.h"
#include "features/windows_lanes.h"

#include <stdlib.h>
#include <string.h>

#define KERNEL static inline __attribute__((always_inline))

static const char *const words[] = {"mean", "sum",   "std",    "min",
                                    "max",  "zeros", "median", "quantile"};

wsf__statistic wsf__statistic_of(const char *word) {
  int s = 0;
  while (s < WSF__STAT_QUANTILE && strcmp(words[s], word) != 0) ++s;
  return (wsf__statistic)s;
}

const char *wsf__statistic_word(wsf__statistic s) {
  return words[s];
}

/* What is known of some values: how many, their sum, mean, extreme or number of zeros, and the sum
 * of squares around the mean. */
typedef struct fold {
  int64_t n;
  double value, squares;
} fold;

/* inverse[n] = 1 / n, for n up to the width; NULL: it is computed. */
KERNEL double over(const double *inverse, int64_t n) {
  return inverse ? inverse[n] : 1 / (double)n;
}

KERNEL void add(wsf__statistic s, fold *f, double x, const double *inverse) {
  if (isnan(x)) return;
  const bool first = f->n++ == 0;
  switch (s) {
  case WSF__STAT_STD: {
    const double from = x - f->value;
    f->value += from * over(inverse, f->n);
    f->squares += from * (x - f->value);
    break;
  }
  case WSF__STAT_MIN:
    f->value = first || x < f->value ? x : f->value;
    break;
  case WSF__STAT_MAX:
    f->value = first || x > f->value ? x : f->value;
    break;
  case WSF__STAT_ZEROS:
    f->value += x == 0;
    break;
  default:
    f->value += x;
  }
}

KERNEL fold join(wsf__statistic s, fold a, fold b, const double *inverse) {
  if (a.n == 0) return b;
  if (b.n == 0) return a;
  const double from = b.value - a.value;
  const fold out = {.n = a.n + b.n};
  switch (s) {
  case WSF__STAT_STD:
    return (fold){out.n, 0,
                  a.squares + b.squares +
                      from * from * ((double)a.n * (double)b.n * over(inverse, out.n))};
  case WSF__STAT_MIN:
    return (fold){out.n, from < 0 ? b.value : a.value, 0};
  case WSF__STAT_MAX:
    return (fold){out.n, from > 0 ? b.value : a.value, 0};
  default:
    return (fold){out.n, a.value + b.value, 0};
  }
}

KERNEL float tell(wsf__statistic s, fold f, int64_t least) {
  if (f.n < least || f.n == 0) return NAN;
  switch (s) {
  case WSF__STAT_STD:
    return f.n < 2 ? NAN : wsf__feature_float(sqrt(f.squares / (double)(f.n - 1)));
  case WSF__STAT_MEAN:
  case WSF__STAT_ZEROS:
    return wsf__feature_float(f.value / (double)f.n);
  default:
    return wsf__feature_float(f.value);
  }
}

/* The windows that meet a border. end[width]: of z[i .. border), for each i of the block before it
 * that a window begins at. */
KERNEL void slide_block(const wsf__windows *w, wsf__statistic s, int64_t border, fold *end,
                        const double *inverse, float *x) {
  const int64_t last = w->n + w->width - 2; /* of z */
  fold f = {0};
  const int64_t from = border > w->width - 1 ? border - (w->width - 1) : 0;
  for (int64_t i = border - 1; i >= from; --i) {
    add(s, &f, w->z[i], inverse);
    end[i - from] = f;
  }
  f = (fold){0};
  for (int64_t i = border; i <= last && i < border + w->width; ++i) {
    add(s, &f, w->z[i], inverse);
    const int64_t begin = i - (w->width - 1);
    if (begin < 0) continue;
    const fold whole = begin < border ? join(s, end[begin - from], f, inverse) : f;
    x[begin] = tell(s, whole, w->least);
  }
}

static bool any_missing(const double *z, int64_t n) {
  int64_t missing = 0;
  for (int64_t i = 0; i < n; ++i) missing += isnan(z[i]) ? 1 : 0; /* to the end: in vectors */
  return missing > 0;
}

KERNEL void slide(const wsf__windows *w, wsf__statistic s, fold *end, const double *inverse,
                  void *room, float *x) {
  const int64_t width = w->width, places = w->n + width - 1, many = WSF__WINDOWS_LANES * width;
  int64_t place = w->anchor % width;
  if (place < 0) place += width;
  for (int64_t border = place == 0 ? 0 : width - place; border < places;) {
    /* Where fewer blocks are left than lanes, some go again: the bits are the same. */
    const int64_t left = (places - border) / width;
    const int64_t first = left < WSF__WINDOWS_LANES ? border + left * width - many : border;
    const int64_t from = first - (width - 1);
    if (left > 0 && from >= 0 && w->least <= width && !any_missing(w->z + from, width - 1 + many)) {
      wsf__windows_lanes(w->z + first, width, s, room, inverse, x + first);
      border = first + many;
    } else {
      slide_block(w, s, border, end, inverse, x);
      border += width;
    }
  }
}

KERNEL void grow(const wsf__windows *w, int64_t before, wsf__statistic s, float *x) {
  fold f = {0};
  for (int64_t i = 0; i < before + w->n; ++i) {
    add(s, &f, w->z[i], NULL);
    if (i >= before) x[i - before] = tell(s, f, w->least);
  }
}

/* ---- order statistics ---------------------------------------------------------------------- */

typedef struct ranked {
  double value;
  int64_t place;
} ranked;

static int by_value(const void *a, const void *b) {
  const ranked *x = a, *y = b;
  if (x->value != y->value) return x->value < y->value ? -1 : 1;
  return (x->place > y->place) - (x->place < y->place);
}

/* The values of a stretch by rank, and which of them are in the window. */
typedef struct ranks {
  ranked *sorted;
  int64_t *rank;  /* [places] of each; -1: missing */
  int64_t *count; /* [m + 1] Fenwick's tree, from 1 */
  int64_t m, top; /* values, and the largest power of two that is not more */
  int64_t inside;
} ranks;

static bool make_ranks(ranks *out, const double *z, int64_t places, wsf__arena *scratch) {
  *out = (ranks){.sorted = wsf__arena_new(scratch, (size_t)places, sizeof(ranked)),
                 .rank = wsf__arena_new(scratch, (size_t)places, sizeof(int64_t)),
                 .count = wsf__arena_zero(scratch, (size_t)places + 1, sizeof(int64_t)),
                 .top = 1};
  if (!out->sorted || !out->rank || !out->count) return false;
  for (int64_t i = 0; i < places; ++i) {
    out->rank[i] = -1;
    if (!isnan(z[i])) out->sorted[out->m++] = (ranked){z[i], i};
  }
  if (out->m > 0) qsort(out->sorted, (size_t)out->m, sizeof *out->sorted, by_value);
  for (int64_t r = 0; r < out->m; ++r) out->rank[out->sorted[r].place] = r;
  while (out->top * 2 <= out->m) out->top *= 2;
  return true;
}

static void put(ranks *r, int64_t place, int64_t change) {
  if (r->rank[place] < 0) return;
  r->inside += change;
  for (int64_t i = r->rank[place] + 1; i <= r->m; i += i & -i) r->count[i] += change;
}

/* The k-th value of the window, from 0. */
static double kth(const ranks *r, int64_t k) {
  int64_t at = 0;
  for (int64_t step = r->top; step > 0; step /= 2) {
    if (at + step > r->m || r->count[at + step] > k) continue;
    at += step;
    k -= r->count[at];
  }
  return r->sorted[at].value;
}

static float quantile(const ranks *r, double q, int64_t least) {
  if (r->inside < least || r->inside == 0) return NAN;
  const double h = q * (double)(r->inside - 1);
  const int64_t k = (int64_t)h;
  const double low = kth(r, k);
  if (h == (double)k) return wsf__feature_float(low + 0.0); /* one zero, whichever stood first */
  return wsf__feature_float(low + (h - (double)k) * (kth(r, k + 1) - low));
}

static bool slide_ranks(const wsf__windows *w, double q, wsf__arena *scratch, float *x) {
  ranks r;
  if (!make_ranks(&r, w->z, w->n + w->width - 1, scratch)) return false;
  for (int64_t i = 0; i < w->n + w->width - 1; ++i) {
    put(&r, i, 1);
    if (i < w->width - 1) continue;
    x[i - (w->width - 1)] = quantile(&r, q, w->least);
    put(&r, i - (w->width - 1), -1);
  }
  return true;
}

static bool grow_ranks(const wsf__windows *w, int64_t before, double q, wsf__arena *scratch,
                       float *x) {
  ranks r;
  if (!make_ranks(&r, w->z, before + w->n, scratch)) return false;
  for (int64_t i = 0; i < before + w->n; ++i) {
    put(&r, i, 1);
    if (i >= before) x[i - before] = quantile(&r, q, w->least);
  }
  return true;
}

/* ---- for features -------------------------------------------------------------------------- */

bool wsf__windows_slide(const wsf__windows *w, wsf__statistic statistic, wsf__arena *scratch,
                        float *x) {
  if (w->n <= 0) return true;
  if (statistic == WSF__STAT_MEDIAN) return slide_ranks(w, 0.5, scratch, x);
  if (statistic == WSF__STAT_QUANTILE) return slide_ranks(w, w->q, scratch, x);
  fold *end = wsf__arena_new(scratch, (size_t)w->width, sizeof *end);
  double *inverse = wsf__arena_new(scratch, (size_t)w->width + 1, sizeof *inverse);
  const int64_t lanes = w->n / w->width >= WSF__WINDOWS_LANES ? w->width : 0;
  void *room = wsf__arena_new(scratch, (size_t)lanes, 2 * WSF__WINDOWS_LANES * sizeof(double));
  if (!end || !inverse || !room) return false;
  for (int64_t i = 1; i <= w->width; ++i) inverse[i] = 1 / (double)i;
  switch (statistic) {
  case WSF__STAT_STD:
    slide(w, WSF__STAT_STD, end, inverse, room, x);
    break;
  case WSF__STAT_MIN:
    slide(w, WSF__STAT_MIN, end, inverse, room, x);
    break;
  case WSF__STAT_MAX:
    slide(w, WSF__STAT_MAX, end, inverse, room, x);
    break;
  case WSF__STAT_ZEROS:
    slide(w, WSF__STAT_ZEROS, end, inverse, room, x);
    break;
  case WSF__STAT_MEAN:
    slide(w, WSF__STAT_MEAN, end, inverse, room, x);
    break;
  default:
    slide(w, WSF__STAT_SUM, end, inverse, room, x);
  }
  return true;
}

bool wsf__windows_grow(const wsf__windows *w, int64_t before, wsf__statistic statistic,
                       wsf__arena *scratch, float *x) {
  switch (statistic) {
  case WSF__STAT_MEDIAN:
    return grow_ranks(w, before, 0.5, scratch, x);
  case WSF__STAT_QUANTILE:
    return grow_ranks(w, before, w->q, scratch, x);
  case WSF__STAT_STD:
    grow(w, before, WSF__STAT_STD, x);
    break;
  case WSF__STAT_MIN:
    grow(w, before, WSF__STAT_MIN, x);
    break;
  case WSF__STAT_MAX:
    grow(w, before, WSF__STAT_MAX, x);
    break;
  case WSF__STAT_ZEROS:
    grow(w, before, WSF__STAT_ZEROS, x);
    break;
  case WSF__STAT_MEAN:
    grow(w, before, WSF__STAT_MEAN, x);
    break;
  default:
    grow(w, before, WSF__STAT_SUM, x);
  }
  return true;
}
