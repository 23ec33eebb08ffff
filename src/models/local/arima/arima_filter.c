/* The filter of one ARMA process, step by step: what states are moved with.
 *
 * The same recursions as in arima_lanes.c, one step at a time and with the gain kept in the state,
 * so that a series filtered in pieces gives the bits of the series filtered at once. Once r steps
 * in a row changed the variance by less than the last bit the gain is held. */
#include "models/local/arima/arima.h"

#include <math.h>
#include <string.h>

static const double CALM = 1e-16;

bool wsf__arma_start(const wsf__arma *a, wsf__arma_filter *f, wsf__arena *scratch, bool *sound) {
  const wsf__mark mark = wsf__arena_mark(scratch);
  wsf__arma_trial t;
  if (!wsf__arma_trial_new(&t, a, 0, scratch)) return false;
  wsf__arma_trial_clear(&t);
  wsf__arma_trial_put(&t, a, 0, 1);
  t.exact = true;
  wsf__arma_try(&t, 1);
  *sound = t.good[0];
  f->f = t.f[0];
  f->m = t.m[0];
  f->calm = 0;
  for (int i = 0; i < a->r; ++i) {
    f->gain[i] = f->change[i] = t.work[i * wsf__arma_stride(1)];
  }
  wsf__arena_reset(scratch, mark);
  return true;
}

/* Move the gain over one step whose gain was read already. */
static void move_gain(const wsf__arma *a, wsf__arma_filter *f) {
  const int r = a->r;
  const double z = f->change[0], push = f->m * z, before = f->f, back = z / before;
  double *restrict gain = f->gain, *restrict change = f->change;
  const double *restrict ar = a->ar;
  for (int i = 0; i < r - 1; ++i) {
    const double moved = change[i + 1] + ar[i] * z;
    change[i] = moved - gain[i] * back;
    gain[i] += moved * push;
  }
  const double moved = ar[r - 1] * z;
  change[r - 1] = moved - gain[r - 1] * back;
  gain[r - 1] += moved * push;
  const double after = fmax(before + push * z, 1); /* the error itself has variance 1 */
  f->m *= before / after;
  f->f = after;
  f->calm = before - after <= CALM * before ? f->calm + 1 : 0;
}

void wsf__arma_step(const wsf__arma *a, wsf__arma_filter *f, double *const *state, int k,
                    const double *w) {
  const int r = a->r;
  const double inverse = 1 / f->f;
  const double *restrict ar = a->ar, *restrict gain = f->gain;
  for (int c = 0; c < k; ++c) {
    double *restrict x = state[c];
    const double expected = x[0], push = isnan(w[c]) ? 0 : (w[c] - expected) * inverse;
    for (int i = 0; i < r - 1; ++i) x[i] = x[i + 1] + ar[i] * expected + gain[i] * push;
    x[r - 1] = ar[r - 1] * expected + gain[r - 1] * push;
  }
  if (f->calm < r) move_gain(a, f);
}
