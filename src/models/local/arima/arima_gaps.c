/* Cross products of innovations of a series with many missing values, for several candidates of one
 * ARIMA order side by side, and what is expected of the values that are missing.
 *
 * The Kalman filter passes over what is missing (Jones 1980, Technometrics 22; with differences
 * Kohn and Ansley 1986, JASA 81). Its state is the last d + m D values and the r numbers of
 * arima_lanes.c, in the order of time, so that the values to come slide towards those that were:
 *
 *   y[t] = delta' (y[t - 1], ..) + x[0] + e,   x'[i] = x[i + 1] + ar[i] x[0] + (ar[i] + ma[i]) e.
 *
 * After a missing value the change of the covariance has no low rank, so the covariance is moved as
 * a whole; a missing value costs no more than another, while as a regressor each would cost as much
 * as the series. Values are told as distances from a filled path, whose differences are given:
 * those observed are exactly 0, and rows of them are left out. Before the first of them stand the
 * d + m D values that differencing takes; who misses one of those gives a regressor for it.
 *
 * Expectations of what is missing go backwards over the innovations (de Jong 1989, JASA 84): of a
 * value that is the sum over later innovations of its covariance with each, over their variance. */
#include "models/local/arima/arima_vector.h"

#include <math.h>
#include <string.h>

bool wsf__arma_gaps_new(wsf__arma_gaps *g, const wsf__arma_trial *t, const wsf__arima_order *o,
                        const bool *gap, wsf__arena *arena) {
  const size_t lost = (size_t)wsf__arima_lost(o), s = lost + (size_t)t->a->r;
  const size_t bytes = WSF__ARMA_LANES * sizeof(double);
  *g = (wsf__arma_gaps){.gap = gap, .lost = (int)lost, .size = (int)s};
  g->difference = wsf__arena_new(arena, lost, 2 * sizeof *g->difference);
  g->lag = wsf__arena_new(arena, lost, sizeof *g->lag);
  g->noise = wsf__arena_new(arena, (size_t)t->a->r, sizeof *g->noise);
  g->covariance = wsf__arena_new(arena, s * s, bytes);
  g->work = wsf__arena_new(arena, 5 * s + (size_t)t->k * (s + 1), bytes);
  if (!g->difference || !g->lag || !g->noise || !g->covariance || !g->work) return false;
  wsf__arima_differences(o, g->difference);
  g->weight = g->difference + lost;
  for (int i = 0; i < g->lost; ++i) {
    if (g->difference[i] == 0) continue;
    g->lag[g->n_lags] = i + 1;
    g->weight[g->n_lags++] = g->difference[i];
  }
  return true;
}

/* A filter taken apart for vectors; parts is a constant at every call. */
typedef struct machine {
  const wsf__arma *a;
  const lane *ar, *ma;
  int lost, size, low, since; /* rows before low are 0; steps since a value was missing */
  int n_delta;
  const int *delta_at; /* lags of the differences, and what they weigh */
  const double *delta;
  lane *p;                  /* [size][size] the lower triangle */
  lane *h, *first, *common; /* [size] P z, P's column of x[0]; covariance of y with what comes */
  lane *c, *half;           /* [r] ar + ma; room */
  int *noise, n_noise;      /* where c may differ from 0 */
  lane *state, *now;        /* [k][size], [k] */
  lane f[PARTS];
  tally sum;
} machine;

#define INLINE static inline __attribute__((always_inline))

INLINE lane *cell(const machine *x, int i, int j, const int parts) {
  return x->p + ((size_t)i * (size_t)x->size + (size_t)j) * (size_t)parts;
}
INLINE lane *either(const machine *x, int i, int j, const int parts) {
  return i < j ? cell(x, j, i, parts) : cell(x, i, j, parts);
}

/* The stationary covariance, from the gain of the first step by P = F P F' + c c'. */
INLINE void begin(machine *x, const lane *gain, const int parts) {
  const int r = x->a->r, lost = x->lost;
  for (int i = r - 1; i >= 0; --i) {
    for (int s = 0; s < parts; ++s) {
      x->c[i * parts + s] = x->ar[i * parts + s] + x->ma[i * parts + s];
      x->first[i * parts + s] =
          i == 0 ? x->f[s] - 1
                 : gain[(i - 1) * parts + s] - x->ar[(i - 1) * parts + s] * (x->f[s] - 1) -
                       (x->ar[(i - 1) * parts + s] + x->ma[(i - 1) * parts + s]);
    }
  }
  for (int i = r - 1; i >= 0; --i) {
    for (int j = i; j >= 0; --j) {
      for (int s = 0; s < parts; ++s) {
        const lane a = x->ar[i * parts + s], b = x->ar[j * parts + s];
        lane sum = x->c[i * parts + s] * x->c[j * parts + s] + a * b * x->first[s];
        if (j + 1 < r) sum += a * x->first[(j + 1) * parts + s];
        if (i + 1 < r) {
          sum += b * x->first[(i + 1) * parts + s];
          sum += cell(x, lost + i + 1, lost + j + 1, parts)[s];
        }
        cell(x, lost + i, lost + j, parts)[s] = sum;
      }
    }
  }
}

/* What the step brings: its variance f and, in common, its covariance with the state after it. */
INLINE void look(machine *x, const int parts) {
  const int lost = x->lost, size = x->size, r = x->a->r;
  for (int i = x->low; i < size; ++i) {
    const lane *from = either(x, i, lost, parts);
    for (int s = 0; s < parts; ++s) x->h[i * parts + s] = x->first[i * parts + s] = from[s];
  }
  for (int l = 0; l < x->n_delta; ++l) {
    const int at = lost - x->delta_at[l];
    for (int i = x->low; at >= x->low && i < size; ++i) {
      const lane *from = either(x, i, at, parts);
      for (int s = 0; s < parts; ++s) x->h[i * parts + s] += x->delta[l] * from[s];
    }
  }
  for (int s = 0; s < parts; ++s) {
    lane f = x->h[lost * parts + s] + 1;
    for (int l = 0; l < x->n_delta; ++l) {
      const int at = lost - x->delta_at[l];
      if (at >= x->low) f += x->delta[l] * x->h[at * parts + s];
    }
    raise_to(&f, 1); /* the error itself has variance 1 */
    x->f[s] = f;
    for (int i = x->low > 1 ? x->low : 1; i < lost; ++i)
      x->common[(i - 1) * parts + s] = x->h[i * parts + s];
    if (lost > 0) x->common[(lost - 1) * parts + s] = x->f[s];
    for (int i = 0; i < r; ++i) {
      lane sum = x->ar[i * parts + s] * x->h[lost * parts + s] + x->c[i * parts + s];
      if (i + 1 < r) sum += x->h[(lost + i + 1) * parts + s];
      x->common[(lost + i) * parts + s] = sum;
    }
  }
}

/* The covariance of the state after the step. */
INLINE void move(machine *x, bool observed, const int parts) {
  const int lost = x->lost, size = x->size, r = x->a->r, begin = x->low > 1 ? x->low : 1;
  for (int i = begin; i <= size; ++i) {
    if (i == lost) continue;
    const lane *row = cell(x, i < size ? i : 0, 0, parts), *common = x->common;
    lane *to = cell(x, i - 1, 0, parts), scaled[PARTS];
    for (int s = 0; s < parts; ++s) scaled[s] = common[(i - 1) * parts + s] / x->f[s];
    if (i == size) { /* nothing slides into the last row */
      for (int j = begin; j <= size; ++j) {
        for (int s = 0; s < parts; ++s)
          to[(j - 1) * parts + s] = observed ? -scaled[s] * common[(j - 1) * parts + s] : (lane){0};
      }
    } else if (observed) {
      for (int j = begin; j <= i; ++j) {
        for (int s = 0; s < parts; ++s)
          to[(j - 1) * parts + s] = row[j * parts + s] - scaled[s] * common[(j - 1) * parts + s];
      }
    } else {
      memmove(to + (begin - 1) * parts, row + begin * parts,
              (size_t)((i - begin + 1) * parts) * sizeof *to);
    }
  }
  for (int j = begin - 1; lost > 0 && j < size; ++j) { /* the value itself */
    lane *to = either(x, lost - 1, j, parts);
    for (int s = 0; s < parts; ++s) to[s] = observed ? (lane){0} : x->common[j * parts + s];
  }
  for (int j = 0; j < r; ++j) {
    for (int s = 0; s < parts; ++s) {
      lane sum = 0.5 * x->ar[j * parts + s] * x->first[lost * parts + s];
      if (j + 1 < r) sum += x->first[(lost + j + 1) * parts + s];
      x->half[j * parts + s] = sum;
    }
  }
  for (int k = 0; k < x->a->n_ar; ++k) {
    const int i = x->a->ar_at[k] - 1;
    const lane *ar = x->ar + i * parts;
    for (int j = 0; j < r; ++j) {
      lane *to = either(x, lost + i, lost + j, parts);
      for (int s = 0; s < parts; ++s) to[s] += (i == j ? 2 : 1) * ar[s] * x->half[j * parts + s];
    }
    for (int j = begin; j < lost; ++j) {
      lane *to = cell(x, lost + i, j - 1, parts);
      for (int s = 0; s < parts; ++s) to[s] += ar[s] * x->first[j * parts + s];
    }
  }
  for (int k = 0; k < x->n_noise; ++k) {
    for (int l = 0; l <= k; ++l) {
      const int i = x->noise[k], j = x->noise[l];
      lane *to = cell(x, lost + i, lost + j, parts);
      for (int s = 0; s < parts; ++s) to[s] += x->c[i * parts + s] * x->c[j * parts + s];
    }
  }
  x->since = observed ? x->since + 1 : 0;
  x->low = x->since >= lost ? lost : x->low > 1 ? x->low - 1 : 0;
}

/* One value of every column: its innovation into now, its state moved. */
INLINE void step_columns(machine *x, const wsf__arma_trial *t, int64_t step, bool observed,
                         const int parts) {
  const int lost = x->lost, size = x->size;
  for (int c = 0; c < t->k; ++c) {
    lane *state = x->state + (size_t)c * (size_t)(size * parts), push[PARTS], level[PARTS];
    for (int s = 0; s < parts; ++s) {
      lane v = t->in[c][step] - state[lost * parts + s];
      for (int l = 0; l < x->n_delta; ++l)
        v -= x->delta[l] * state[(lost - x->delta_at[l]) * parts + s];
      x->now[c * parts + s] = v;
      push[s] = observed ? v / x->f[s] : (lane){0};
      level[s] = state[lost * parts + s];
    }
    const lane *common = x->common;
    for (int i = 0; i < lost - 1; ++i) {
      for (int s = 0; s < parts; ++s) state[i * parts + s] = state[(i + 1) * parts + s];
    }
    for (int i = x->low > 0 ? x->low - 1 : 0; observed && i < lost - 1; ++i) {
      for (int s = 0; s < parts; ++s) state[i * parts + s] += common[i * parts + s] * push[s];
    }
    for (int s = 0; s < parts; ++s) {
      if (lost > 0) state[(lost - 1) * parts + s] = observed ? (lane){0} : -x->now[c * parts + s];
      for (int i = lost; i < size - 1; ++i)
        state[i * parts + s] = state[(i + 1) * parts + s] + common[i * parts + s] * push[s];
      state[(size - 1) * parts + s] = common[(size - 1) * parts + s] * push[s];
    }
    for (int k = 0; k < x->a->n_ar; ++k) {
      const int i = x->a->ar_at[k] - 1;
      for (int s = 0; s < parts; ++s)
        state[(lost + i) * parts + s] += x->ar[i * parts + s] * level[s];
    }
  }
}

/* For the way back, of the first lane: what a step brings with the state after it, the innovation
 * of the last column, its variance. */
INLINE void record(const machine *x, const wsf__arma_trial *t, double *row, const int parts) {
  const int from = x->low > 1 ? x->low - 1 : 0;
  for (int i = 0; i < x->size; ++i) row[i] = i < from ? 0 : x->common[i * parts][0];
  row[x->size] = x->now[(t->k - 1) * parts][0];
  row[x->size + 1] = x->f[0][0];
}

static int list_noise(const wsf__arma *a, int *noise) {
  int n = 0;
  for (int i = 0, j = 0; i < a->n_ar || j < a->n_ma;) {
    const int ar = i < a->n_ar ? a->ar_at[i] : INT32_MAX;
    const int ma = j < a->n_ma ? a->ma_at[j] : INT32_MAX;
    noise[n++] = (ar < ma ? ar : ma) - 1;
    i += ar <= ma;
    j += ma <= ar;
  }
  return n;
}

INLINE void body(wsf__arma_trial *t, const wsf__arma_gaps *g, const wsf__arma_trial *begun,
                 int lanes, const int parts) {
  const size_t size = (size_t)g->size, p = (size_t)parts, k = (size_t)t->k;
  machine x = {.a = t->a,
               .ar = (const lane *)(const void *)t->ar,
               .ma = (const lane *)(const void *)t->ma,
               .lost = g->lost,
               .size = g->size,
               .n_delta = g->n_lags,
               .delta_at = g->lag,
               .delta = g->weight,
               .low = g->lost,
               .since = g->lost,
               .p = (lane *)(void *)g->covariance,
               .h = (lane *)(void *)g->work,
               .noise = g->noise,
               .sum = {.gram = (lane *)(void *)t->gram}};
  x.first = x.h + size * p;
  x.common = x.first + size * p;
  x.c = x.common + size * p;
  x.half = x.c + size * p;
  x.state = x.half + size * p;
  x.now = x.state + k * size * p;
  x.n_noise = list_noise(t->a, x.noise);
  for (int i = 0; i < lanes; ++i) x.f[i / WIDE][i % WIDE] = begun->f[i];
  for (int s = 0; s < parts; ++s) {
    x.sum.product[s] = (lane){0} + 1;
    raise_to(&x.f[s], 1);
  }
  memset(x.sum.gram, 0, k * (k + 1) / 2 * p * sizeof *x.sum.gram);
  memset(x.state, 0, k * size * p * sizeof *x.state);
  begin(&x, (const lane *)(const void *)begun->work, parts);
  for (int64_t step = 0; step < t->n && !(step % 64 == 0 && wsf__cut_short(t->scratch)); ++step) {
    const bool observed = !g->gap[step];
    lane inverse[PARTS];
    look(&x, parts);
    step_columns(&x, t, step, observed, parts);
    for (int s = 0; s < parts; ++s) inverse[s] = 1 / x.f[s];
    if (observed) gather(&x.sum, t->k, x.now, x.f, inverse, parts);
    if (g->record) record(&x, t, g->record + (size_t)step * (size + 2), parts);
    move(&x, observed, parts);
  }
  for (int i = 0; i < lanes; ++i) {
    t->good[i] = begun->good[i] && !wsf__cut_short(t->scratch);
    t->log_f[i] = log_product(&x.sum, i);
  }
}

INLINE void by_parts(wsf__arma_trial *t, const wsf__arma_gaps *g, const wsf__arma_trial *begun,
                     int lanes) {
  if (lanes > WIDE) {
    body(t, g, begun, lanes, PARTS);
  } else {
    body(t, g, begun, lanes, 1);
  }
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void wide(wsf__arma_trial *t, const wsf__arma_gaps *g,
                                                 const wsf__arma_trial *begun, int lanes) {
  by_parts(t, g, begun, lanes);
}
#endif

static void plain(wsf__arma_trial *t, const wsf__arma_gaps *g, const wsf__arma_trial *begun,
                  int lanes) {
  by_parts(t, g, begun, lanes);
}

void wsf__arma_try_gaps(wsf__arma_trial *t, const wsf__arma_gaps *g, int lanes) {
  wsf__arma_trial begun = *t; /* without a value: the stationary start alone */
  begun.k = 0;
  begun.n = 0;
  begun.exact = true;
  wsf__arma_try(&begun, lanes);
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) {
    wide(t, g, &begun, lanes);
    return;
  }
#endif
  plain(t, g, &begun, lanes);
}

bool wsf__arma_expect_gaps(const wsf__arma_gaps *g, const wsf__arma *a, int64_t n, double *out,
                           wsf__arena *scratch) {
  const int size = g->size, lost = g->lost;
  const wsf__mark mark = wsf__arena_mark(scratch);
  double *r = wsf__arena_zero(scratch, (size_t)size, 2 * sizeof *r), *before = r + size;
  if (!r) return false;
  for (int64_t t = n - 1; t >= 0 && !(t % 64 == 0 && wsf__cut_short(scratch)); --t) {
    const double *common = g->record + (size_t)t * (size_t)(size + 2), v = common[size];
    double sum = 0;
    for (int i = 0; i < size; ++i) sum += common[i] * r[i];
    out[t] = g->gap[t] ? sum - v : 0;
    /* along: of the value itself, (v - what later ones say of it) / f if it was observed */
    const double own = lost > 0 ? r[lost - 1] : 0;
    const double along = g->gap[t] ? own : own + (v - sum) / common[size + 1];
    for (int i = 1; i < size; ++i) before[i] = i == lost ? 0 : r[i - 1];
    before[0] = 0;
    before[lost] = along;
    for (int k = 0; k < a->n_ar; ++k)
      before[lost] += a->ar[a->ar_at[k] - 1] * r[lost + a->ar_at[k] - 1];
    for (int j = 0; j < lost; ++j) before[lost - 1 - j] += g->difference[j] * along;
    memcpy(r, before, (size_t)size * sizeof *r);
  }
  wsf__arena_reset(scratch, mark);
  return true;
}
