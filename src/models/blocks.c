/* Problem: a regression and the methods for intermittent demand have no recursion that says how an
 * error lives on, yet their errors do hang together: a good week is followed by a good one.
 *
 * Method: the errors of a path are those of the history in blocks of consecutive periods, on a
 * circle (Politis and Romano 1992, "A circular block-resampling procedure for stationary data"). A
 * block is as long as their autocorrelation asks for (Politis and White 2004, "Automatic
 * block-length selection for the dependent bootstrap", with the correction of Patton, Politis and
 * White 2009): one period where none is seen, and then errors are independent. Only ranks are
 * taken, as normal numbers: what a quantile is worth is the model's own business. A block begins
 * with the residual of the rank that the path's own error has there, so that paths of several
 * models still belong to the same numbers, and places among equal residuals are its to fill too.
 *
 * Limits: blocks begin at the same steps in all paths, so what hangs together across those borders
 * is lost; a sum from the first step on loses least. Missing periods are left out. */
#include "models/blocks.h"

#include "analysis/acf.h"
#include "math/elementary.h"
#include "math/normal.h"

#include <stdlib.h>

enum { FEWEST = 20 /* residuals that tell */ };

typedef struct ranked {
  double value;
  int64_t at;
} ranked;

static int by_value(const void *a, const void *b) {
  const ranked *x = a, *y = b;
  if (x->value != y->value) return x->value < y->value ? -1 : 1;
  return (x->at > y->at) - (x->at < y->at);
}

static void rank(wsf__blocks *b, ranked *order) {
  qsort(order, (size_t)b->n, sizeof *order, by_value);
  for (int64_t from = 0, end; from < b->n; from = end) {
    for (end = from; end < b->n && order[end].value == order[from].value; ++end) {
      b->at[end] = order[end].at;
    }
    for (int64_t k = from; k < end; ++k) {
      b->low[b->at[k]] = from;
      b->n_equal[b->at[k]] = end - from;
    }
  }
}

static double flat_top(double x) {
  return x <= 0.5 ? 1 : x <= 1 ? 2 * (1 - x) : 0;
}

/* From the autocorrelations rho[k - 1] of n values at lag k = 1 .. lags. `few` lags in a row that
 * are as good as zero end what is seen. */
static int64_t block_length(const double *rho, int64_t lags, int64_t few, int64_t n) {
  const double small = 2 * sqrt(wsf__log10((double)n) / (double)n);
  int64_t seen = 0;
  for (int64_t k = 1; k <= lags && k - seen <= few; ++k) {
    if (!(fabs(rho[k - 1]) < small)) seen = k;
  }
  const int64_t most = lags - few, reach = 2 * seen < most ? 2 * seen : most;
  double spectrum = 1, slope = 0;
  for (int64_t k = 1; k <= reach; ++k) {
    const double term = 2 * flat_top((double)k / (double)reach) * rho[k - 1];
    spectrum += term;
    slope += (double)k * term;
  }
  const double length = wsf__cbrt(1.5 * (slope / spectrum) * (slope / spectrum) * (double)n);
  const double longest = fmin(3 * sqrt((double)n), (double)n / 3);
  return length > 1 ? (int64_t)ceil(fmin(length, longest)) : 1;
}

bool wsf__blocks_make(wsf__blocks *out, const wsf__residuals *r, wsf__arena *arena) {
  const int64_t n = r->n;
  *out = (wsf__blocks){.n = n, .length = 1};
  if (n < FEWEST) return true;
  const int64_t few = 5, lags = (int64_t)ceil(sqrt((double)n)) + 2 * few;
  ranked *order = wsf__arena_new(arena, (size_t)n, sizeof *order);
  double *score = wsf__arena_new(arena, (size_t)n, sizeof *score);
  double *rho = wsf__arena_new(arena, (size_t)lags, sizeof *rho);
  out->at = wsf__arena_new(arena, (size_t)n, sizeof *out->at);
  out->low = wsf__arena_new(arena, (size_t)n, sizeof *out->low);
  out->n_equal = wsf__arena_new(arena, (size_t)n, sizeof *out->n_equal);
  if (!order || !score || !rho || !out->at || !out->low || !out->n_equal) return false;
  for (int64_t t = 0; t < n; ++t) order[t] = (ranked){r->v[t], t};
  rank(out, order);
  if (out->n_equal[0] == n) return true;
  for (int64_t t = 0; t < n; ++t) {
    const double middle = (double)out->low[t] + 0.5 * (double)out->n_equal[t];
    score[t] = wsf__normal_quantile(middle / (double)n);
  }
  if (!wsf__acf(score, n, lags, rho, arena)) return false;
  out->length = block_length(rho, lags, few, n);
  return true;
}

void wsf__blocks_follow(const wsf__blocks *b, double *z, int64_t h) {
  const double n = (double)b->n;
  int64_t t = 0;
  for (int64_t i = 0; b->length > 1 && i < h; ++i) {
    const double place = wsf__normal_cdf(z[i]) * n;
    int64_t whole = (int64_t)place;
    if (whole == b->n) --whole;
    t = i % b->length == 0 ? b->at[whole] : (t + 1) % b->n;
    const double among = (place - (double)whole) * (double)b->n_equal[t];
    z[i] = wsf__normal_quantile(((double)b->low[t] + among) / n);
  }
}
