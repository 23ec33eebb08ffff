/* Problem: sums of products over all distances of two long series.
 *
 * Method: the fast Fourier transform of Cooley and Tukey (1965), "An algorithm for the machine
 * calculation of complex Fourier series", radix 2, with the roots in a table; a product of spectra
 * is the spectrum of the convolution, here of two real series side by side as one complex one. A
 * cancel is looked for after every CHUNK numbers. */
#include "linalg/spectrum.h"

#include "math/elementary.h"

#include <string.h>

enum { CHUNK = 1 << 16 };

bool wsf__spectrum_init(wsf__spectrum *s, int64_t least, wsf__arena *scratch) {
  *s = (wsf__spectrum){.size = 2, .scratch = scratch};
  while (s->size < least) s->size *= 2;
  s->root = wsf__arena_new(scratch, (size_t)s->size, sizeof *s->root);
  if (!s->root) return false;
  const int64_t half = s->size / 2;
  for (int64_t k = 0; k < half; ++k) {
    if (k % 1024 == 0 && wsf__cut_short(scratch)) break;
    const double angle = -3.14159265358979323846 * (double)k / (double)half;
    s->root[k] = wsf__cos(angle);
    s->root[half + k] = wsf__sin(angle);
  }
  return true;
}

static void reverse_bits(const wsf__spectrum *s, double *re, double *im) {
  for (int64_t i = 1, j = 0; i < s->size; ++i) {
    if (i % CHUNK == 0 && wsf__cut_short(s->scratch)) return;
    int64_t bit = s->size >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i >= j) continue;
    const double a = re[i], b = im[i];
    re[i] = re[j], im[i] = im[j];
    re[j] = a, im[j] = b;
  }
}

/* Places from .. end of the two halves that begin at re and im. */
static void butterflies(const wsf__spectrum *s, double *re, double *im, int64_t half, int64_t from,
                        int64_t end) {
  const int64_t stride = s->size / 2 / half;
  const double *cosine = s->root, *sine = s->root + s->size / 2;
  for (int64_t k = from; k < end; ++k) {
    const double c = cosine[k * stride], w = sine[k * stride];
    const double a = re[k + half] * c - im[k + half] * w;
    const double b = re[k + half] * w + im[k + half] * c;
    re[k + half] = re[k] - a, im[k + half] = im[k] - b;
    re[k] += a, im[k] += b;
  }
}

void wsf__spectrum_take(const wsf__spectrum *s, double *re, double *im) {
  int64_t done = 0;
  reverse_bits(s, re, im);
  for (int64_t half = 1; half < s->size; half *= 2) {
    for (int64_t at = 0; at < s->size; at += 2 * half) {
      for (int64_t k = 0; k < half; k += CHUNK) {
        const int64_t end = half - k < CHUNK ? half : k + CHUNK;
        butterflies(s, re + at, im + at, half, k, end);
        done += end - k;
        if (done < CHUNK) continue;
        done = 0;
        if (wsf__cut_short(s->scratch)) return;
      }
    }
  }
}

bool wsf__convolver_init(wsf__convolver *c, const double *weight, int64_t n, wsf__arena *scratch) {
  if (!wsf__spectrum_init(&c->s, 2 * n, scratch)) return false;
  const int64_t size = c->s.size;
  c->re = wsf__arena_zero(scratch, (size_t)size, 2 * sizeof *c->re);
  if (!c->re) return false;
  c->im = c->re + size;
  for (int64_t i = 0; i < n; ++i) c->re[i] = weight[i] / (double)size;
  wsf__spectrum_take(&c->s, c->re, c->im);
  return true;
}

void wsf__convolve(const wsf__convolver *c, double *a, double *b, int64_t n) {
  const int64_t size = c->s.size;
  const size_t rest = (size_t)(size - n) * sizeof *a;
  memset(a + n, 0, rest);
  memset(b + n, 0, rest);
  wsf__spectrum_take(&c->s, a, b);
  for (int64_t i = 0; i < size; ++i) {
    const double x = a[i], y = b[i];
    a[i] = x * c->re[i] - y * c->im[i];
    b[i] = x * c->im[i] + y * c->re[i];
  }
  wsf__spectrum_take(&c->s, b, a);
}
