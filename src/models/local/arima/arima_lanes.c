/* Exact or conditional cross products of innovations for several candidates of one ARMA order, one
 * in each vector lane.
 *
 * State form of Gardner, Harvey and Phillips (1980). The Kalman filter's covariance, r x r, is
 * never formed: started from the stationary distribution its change from step to step has rank one,
 * and the recursions of Morf, Sidhu and Kailath (1974) in the form of Pearlman (1980), Biometrika
 * 67, move the gain and that change as two vectors of length r. Both, and the states, lie in
 * windows that slide by one element a step, so that the shift of the state form costs nothing and
 * the autoregression touches its lags only: six operations an element and step. Once r steps in a
 * row changed the variance by nothing that can be seen, what is left is the recursion of the
 * residuals over the lags that exist: a step of a long series does not cost a season.
 *
 * Lanes meet in one thing only: the gain rests when it rests in all of them, so a neighbour may
 * move the last bits. The operations are the same for every instruction set. A candidate too close
 * to a unit root is not good. */
#include "models/local/arima/arima_vector.h"

#include <math.h>
#include <string.h>

enum { ROOM = 64 };

static const double CALM = 1e-15;

/* Positions of a sliding window of r + 1 elements. */
static size_t window(size_t r) {
  return 2 * r + 1 + ROOM;
}

bool wsf__arma_trial_new(wsf__arma_trial *t, const wsf__arma *a, int k, wsf__arena *arena) {
  const size_t p = (size_t)a->p, q = (size_t)a->q, r = (size_t)a->r, columns = (size_t)k;
  const size_t start = 2 * p + (p + q + 1) + (p + 1) + (q + 1) + q;
  const size_t run = (columns + 1) * window(r) + columns * window(q) + columns;
  const size_t most = r + (start > run ? start : run), bytes = WSF__ARMA_LANES * sizeof(double);
  *t = (wsf__arma_trial){.a = a, .k = k, .scratch = arena};
  t->ar = wsf__arena_new(arena, 2 * r, bytes);
  t->work = wsf__arena_new(arena, most, bytes);
  t->gram = wsf__arena_new(arena, columns * (columns + 1) / 2, bytes);
  if (!t->ar || !t->work || !t->gram) return false;
  t->ma = t->ar + r * WSF__ARMA_LANES;
  return true;
}

void wsf__arma_trial_clear(wsf__arma_trial *t) {
  memset(t->ar, 0, 2 * (size_t)t->a->r * WSF__ARMA_LANES * sizeof *t->ar);
}

void wsf__arma_trial_put(wsf__arma_trial *t, const wsf__arma *a, int place, int lanes) {
  const int stride = wsf__arma_stride(lanes);
  for (int j = 0; j < a->n_ar; ++j) {
    t->ar[(a->ar_at[j] - 1) * stride + place] = a->ar[a->ar_at[j] - 1];
  }
  for (int j = 0; j < a->n_ma; ++j) {
    t->ma[(a->ma_at[j] - 1) * stride + place] = a->ma[a->ma_at[j] - 1];
  }
}

static inline __attribute__((always_inline)) bool any(const mask *m) {
  return ((*m)[0] | (*m)[1] | (*m)[2] | (*m)[3]) != 0;
}

/* A trial taken apart for vectors; parts is a constant at every call. */
typedef struct machine {
  const wsf__arma *a;
  const lane *ar, *ma;
  lane *gain, *change, *state, *error, *now; /* windows of change, k states, k errors */
  tally sum;
  lane f[PARTS], m[PARTS];
  mask good[PARTS];
  const wsf__arena *scratch;
} machine;

/* Whether someone wants the work to end; asked now and then, and at each step where a step costs
 * the square of more than a few columns. */
enum { FEW = 16 };
static inline __attribute__((always_inline)) bool cut_short(const wsf__arena *scratch,
                                                            int64_t step) {
  return step % 64 == 0 && wsf__cut_short(scratch);
}

/* Autocovariances g[0 .. p + q] of the autoregression alone, unit errors: Durbin and Levinson
 * backwards to the partial autocorrelations, then forwards through the predictors of every order.
 */
static inline __attribute__((always_inline)) void
autoregression(machine *x, lane *row, lane *partial, lane *g, const int parts) {
  const int p = x->a->p;
  for (int s = 0; s < parts; ++s) g[s] = (lane){0} + 1;
  memcpy(row, x->ar, (size_t)(p * parts) * sizeof *row);
  for (int k = p; k > 0 && !cut_short(x->scratch, k); --k) {
    for (int s = 0; s < parts; ++s) {
      const lane last = row[(k - 1) * parts + s];
      lane rest = 1 - last * last;
      const mask sound = rest > 1e-12;
      x->good[s] &= sound;
      rest = (lane)((sound & (mask)rest) | (~sound & (mask)((lane){0} + 1)));
      const lane inverse = 1 / rest;
      partial[(k - 1) * parts + s] = last;
      g[s] *= inverse;
      for (int i = 0, j = k - 2; i <= j; ++i, --j) {
        lane *low = row + i * parts + s, *high = row + j * parts + s;
        const lane a = *low, b = *high;
        *low = (a + last * b) * inverse;
        *high = (b + last * a) * inverse;
      }
    }
  }
  for (int k = 1; k <= p && !cut_short(x->scratch, k); ++k) {
    for (int s = 0; s < parts; ++s) {
      const lane last = partial[(k - 1) * parts + s];
      for (int i = 0, j = k - 2; i <= j; ++i, --j) {
        lane *low = row + i * parts + s, *high = row + j * parts + s;
        const lane a = *low, b = *high;
        *low = a - last * b;
        *high = b - last * a;
      }
      row[(k - 1) * parts + s] = last;
      lane sum = {0};
      for (int j = 0; j < k; ++j) sum += row[j * parts + s] * g[(k - 1 - j) * parts + s];
      g[k * parts + s] = sum;
    }
  }
  for (int k = p + 1; k <= p + x->a->q; ++k) {
    for (int s = 0; s < parts; ++s) {
      lane sum = {0};
      for (int j = 0; j < x->a->n_ar; ++j) {
        const int lag = x->a->ar_at[j];
        sum += x->ar[(lag - 1) * parts + s] * g[(k - lag) * parts + s];
      }
      g[k * parts + s] = sum;
    }
  }
}

/* Gain and variance of the first step. */
static inline __attribute__((always_inline)) void start(machine *x, lane *work, const int parts) {
  const wsf__arma *a = x->a;
  const int p = a->p, q = a->q, r = a->r;
  lane *row = work, *partial = row + p * parts, *g = partial + p * parts;
  lane *cov = g + (p + q + 1) * parts, *square = cov + (p + 1) * parts;
  lane *psi = square + (q + 1) * parts;
  autoregression(x, row, partial, g, parts);
  memset(square, 0, (size_t)((q + 1) * parts) * sizeof *square);
  memset(x->gain, 0, (size_t)(r * parts) * sizeof *x->gain);
  for (int s = 0; s < parts; ++s) {
    /* theta(B) theta(1/B), then the covariances of w that the gain needs: lags 0 .. p - 1. */
    square[s] += 1;
    for (int k = 0; k < a->n_ma; ++k) {
      const int lag = a->ma_at[k];
      const lane b = x->ma[(lag - 1) * parts + s];
      square[lag * parts + s] += b;
      square[s] += b * b;
      for (int j = k + 1; j < a->n_ma; ++j) {
        square[(a->ma_at[j] - lag) * parts + s] += b * x->ma[(a->ma_at[j] - 1) * parts + s];
      }
    }
    const int most = p > 0 ? p - 1 : 0;
    for (int k = 0; k <= most; ++k) cov[k * parts + s] = square[s] * g[k * parts + s];
    for (int l = 1; l <= q; ++l) {
      const lane b = square[l * parts + s];
      const mask present = b != 0;
      if (p == 0 || !any(&present)) continue;
      for (int k = 0; k <= most; ++k) {
        cov[k * parts + s] += b * (g[(k + l) * parts + s] + g[(k > l ? k - l : l - k) * parts + s]);
      }
    }
    for (int t = 0; t < q; ++t) {
      lane sum = {0};
      if (t == 0) sum += 1;
      if (t > 0) sum = x->ma[(t - 1) * parts + s];
      for (int k = 0; k < a->n_ar && a->ar_at[k] <= t; ++k) {
        sum += x->ar[(a->ar_at[k] - 1) * parts + s] * psi[(t - a->ar_at[k]) * parts + s];
      }
      psi[t * parts + s] = sum;
    }
    for (int k = 0; k < a->n_ar; ++k) {
      const int lag = a->ar_at[k];
      const lane b = x->ar[(lag - 1) * parts + s];
      for (int i = 0; i < lag; ++i) x->gain[i * parts + s] += b * cov[(lag - 1 - i) * parts + s];
    }
    for (int k = 0; k < a->n_ma; ++k) {
      const int lag = a->ma_at[k];
      const lane b = x->ma[(lag - 1) * parts + s];
      for (int i = 0; i < lag; ++i) x->gain[i * parts + s] += b * psi[(lag - 1 - i) * parts + s];
    }
    x->f[s] = cov[s];
    x->good[s] &= (cov[s] >= 0.5) & (cov[s] < 1e300);
    for (int i = 0; i < WIDE; ++i) {
      if (!x->good[s][i]) x->f[s][i] = 1;
    }
    x->m[s] = -1 / x->f[s];
  }
}

static inline __attribute__((always_inline)) void slide(lane *at, size_t size, int base, int live,
                                                        int count, const int parts) {
  for (int i = 0; i < count; ++i) {
    lane *w = at + (size_t)i * size * (size_t)parts;
    memmove(w, w + base * parts, (size_t)(live * parts) * sizeof *w);
  }
}

/* The filter from the start until the gain is at rest; returns the steps made. *at: where the
 * windows of errors stand. */
static inline __attribute__((always_inline)) int64_t filter(machine *x, const wsf__arma_trial *t,
                                                            int *at, const int parts) {
  const wsf__arma *a = x->a;
  const int r = a->r, q = a->q, k = t->k;
  const size_t long_window = window((size_t)r), short_window = window((size_t)q);
  int calm = 0, base = 0, error_base = 0;
  int64_t step = 0;
  for (; step < t->n && calm < r && !cut_short(t->scratch, k > FEW ? 0 : step); ++step) {
    if (base + r + 1 > (int)long_window - 1) {
      slide(x->change, long_window, base, r, 1, parts);
      slide(x->state, long_window, base, r, k, parts);
      base = 0;
    }
    if (error_base + q + 1 > (int)short_window) {
      slide(x->error, short_window, error_base, q, k, parts);
      error_base = 0;
    }
    lane inverse[PARTS], last[PARTS] = {{0}};
    for (int s = 0; s < parts; ++s) inverse[s] = 1 / x->f[s];
    for (int c = 0; c < k; ++c) {
      lane *state = x->state + ((size_t)c * long_window + (size_t)base) * (size_t)parts;
      lane *now = x->now + c * parts;
      lane *error =
          x->error + ((size_t)c * short_window + (size_t)(error_base + q)) * (size_t)parts;
      const bool before = t->from && step < t->from[c];
      lane push[PARTS];
      for (int s = 0; s < parts; ++s) {
        const lane expected = state[s];
        now[s] = t->in[c][step] - expected;
        if (before) now[s] = (lane){0};
        error[s] = now[s];
        push[s] = now[s] * inverse[s];
        state[r * parts + s] = (lane){0};
        if (before) continue;
        for (int j = 0; j < a->n_ar; ++j) {
          state[a->ar_at[j] * parts + s] += x->ar[(a->ar_at[j] - 1) * parts + s] * expected;
        }
      }
      if (before || c == k - 1) { /* the last goes with the gain below */
        memcpy(last, push, sizeof last);
        continue;
      }
      for (int i = 0; i < r; ++i) {
        for (int s = 0; s < parts; ++s) {
          state[(i + 1) * parts + s] += x->gain[i * parts + s] * push[s];
        }
      }
    }
    gather(&x->sum, k, x->now, x->f, inverse, parts);
    lane *change = x->change + base * parts;
    lane push[PARTS], back[PARTS];
    mask moved = {0};
    for (int s = 0; s < parts; ++s) {
      const lane z = change[s];
      push[s] = x->m[s] * z;
      back[s] = z * inverse[s];
      lane after = x->f[s] + push[s] * z;
      raise_to(&after, 1); /* the error itself has variance 1 */
      moved |= x->f[s] - after > CALM * x->f[s];
      x->m[s] *= x->f[s] / after;
      x->f[s] = after;
      change[r * parts + s] = (lane){0};
      for (int j = 0; j < a->n_ar; ++j) {
        change[a->ar_at[j] * parts + s] += x->ar[(a->ar_at[j] - 1) * parts + s] * z;
      }
    }
    lane *restrict state =
        x->state + ((size_t)(k - 1) * long_window + (size_t)base + 1) * (size_t)parts;
    lane *restrict gain = x->gain, *restrict next = change + parts;
    for (int i = 0; i < r * parts; i += parts) {
      for (int s = 0; s < parts; ++s) {
        const lane g = gain[i + s], d = next[i + s];
        state[i + s] += g * last[s];
        next[i + s] = d - g * back[s];
        gain[i + s] = g + d * push[s];
      }
    }
    calm = any(&moved) ? 0 : calm + 1;
    ++base;
    ++error_base;
  }
  *at = error_base;
  return step;
}

/* Residuals from `step` on by the equation itself, errors before as their windows hold them. */
static inline __attribute__((always_inline)) void recur(machine *x, const wsf__arma_trial *t,
                                                        int64_t step, int base, const int parts) {
  const wsf__arma *a = x->a;
  const int q = a->q, k = t->k;
  const size_t size = window((size_t)q);
  lane inverse[PARTS];
  for (int s = 0; s < parts; ++s) inverse[s] = 1 / x->f[s];
  for (; step < t->n && !cut_short(t->scratch, t->k > FEW ? 0 : step); ++step) {
    if (base + q + 1 > (int)size) {
      slide(x->error, size, base, q, k, parts);
      base = 0;
    }
    for (int c = 0; c < k; ++c) {
      lane *error = x->error + ((size_t)c * size + (size_t)(base + q)) * (size_t)parts;
      const double *w = t->in[c] + step;
      for (int s = 0; s < parts; ++s) {
        lane e = (lane){0} + *w;
        for (int j = 0; j < a->n_ar; ++j) {
          e -= x->ar[(a->ar_at[j] - 1) * parts + s] * w[-a->ar_at[j]];
        }
        for (int j = 0; j < a->n_ma; ++j) {
          e -= x->ma[(a->ma_at[j] - 1) * parts + s] * error[-a->ma_at[j] * parts + s];
        }
        error[s] = e;
        x->now[c * parts + s] = e;
      }
    }
    gather(&x->sum, k, x->now, x->f, inverse, parts);
    ++base;
  }
}

static inline __attribute__((always_inline)) void body(wsf__arma_trial *t, int lanes,
                                                       const int parts) {
  const wsf__arma *a = t->a;
  const size_t p = (size_t)parts;
  const size_t long_window = window((size_t)a->r), short_window = window((size_t)a->q);
  machine x = {.a = a,
               .ar = (const lane *)(const void *)t->ar,
               .ma = (const lane *)(const void *)t->ma,
               .gain = (lane *)(void *)t->work,
               .sum = {.gram = (lane *)(void *)t->gram},
               .scratch = t->scratch};
  lane *work = x.gain + (size_t)a->r * p;
  x.change = work;
  x.state = x.change + long_window * p;
  x.error = x.state + (size_t)t->k * long_window * p;
  x.now = x.error + (size_t)t->k * short_window * p;
  for (int s = 0; s < parts; ++s) {
    x.f[s] = x.sum.product[s] = (lane){0} + 1;
    x.good[s] = ~(mask){0};
  }
  memset(x.sum.gram, 0, (size_t)(t->k * (t->k + 1) / 2) * p * sizeof *x.sum.gram);
  int64_t step = a->p;
  int at = 0;
  if (t->exact) start(&x, work, parts);
  for (int c = 0; c < t->k; ++c) {
    memset(x.state + (size_t)c * long_window * p, 0, (size_t)a->r * p * sizeof *x.state);
    memset(x.error + (size_t)c * short_window * p, 0, (size_t)a->q * p * sizeof *x.error);
  }
  if (t->exact) {
    memcpy(x.change, x.gain, (size_t)a->r * p * sizeof *x.change);
    step = filter(&x, t, &at, parts);
  }
  recur(&x, t, step, at, parts);
  for (int i = 0; i < lanes; ++i) {
    const int s = i / WIDE, j = i % WIDE;
    t->good[i] = x.good[s][j] != 0 && !wsf__cut_short(t->scratch);
    t->log_f[i] = log_product(&x.sum, i);
    t->f[i] = x.f[s][j];
    t->m[i] = x.m[s][j];
  }
}

static inline __attribute__((always_inline)) void by_parts(wsf__arma_trial *t, int lanes) {
  if (lanes > WIDE) {
    body(t, lanes, PARTS);
  } else {
    body(t, lanes, 1);
  }
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void wide(wsf__arma_trial *t, int lanes) {
  by_parts(t, lanes);
}
#endif

static void plain(wsf__arma_trial *t, int lanes) {
  by_parts(t, lanes);
}

void wsf__arma_try(wsf__arma_trial *t, int lanes) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) {
    wide(t, lanes);
    return;
  }
#endif
  plain(t, lanes);
}
