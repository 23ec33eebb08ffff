/* The likelihood of a model with trigonometric seasons, its seeds concentrated out.
 *
 * De Livera, Hyndman and Snyder (2011), section 3: given the parameters, the errors are linear in
 * the states before the first period, e[t] = e0[t] - w' D^(t-1) x, D = F - g w', so the best seeds
 * are a regression. D is a rotation less a matrix of rank one: a row w' D^t costs as many
 * operations as there are states. Errors and rows are filtered by the ARMA part alike. Only the
 * moments of the rows are kept; e0 is counted from seeds that were good before, so that they lose
 * no digits. With missing values D is not the same in every period, and each seed's path is
 * followed instead. Sums are taken in one order whatever the instruction set. */
#include "models/local/tbats/tbats.h"

#include "math/elementary.h"

#include <math.h>
#include <string.h>

enum { WIDE = 4, ROWS = 4, PAST = 8 /* > WSF__TBATS_ARMA, a power of two */ };
typedef double lane __attribute__((vector_size(8 * WIDE)));

static const double LEAST_PIVOT = 1e-11;
enum { GROWTH_STEPS = 150 };
/* A slope that nothing moves has seven times the energy in the second half of the steps. */
static const double MARGINAL = 0.05, MARGINAL_SLOPE = 2;

bool wsf__tbats_profile_open(wsf__tbats_profile *p, wsf__tbats *u, const wsf__tbats_history *h,
                             wsf__arena *scratch) {
  *p = (wsf__tbats_profile){.history = h, .scratch = scratch};
  if (!wsf__tbats_open(&p->machine, u, scratch)) return false;
  const size_t dim = (size_t)p->machine.dim, stride = (dim + WIDE) / WIDE * WIDE;
  p->stride = (int)stride;
  p->w = wsf__arena_new(scratch, (size_t)h->n, sizeof(double));
  p->seed = wsf__arena_zero(scratch, 2 * dim, sizeof(double));
  p->moments = wsf__arena_zero(scratch, (dim + 1) * stride, sizeof(double));
  p->row = wsf__arena_zero(scratch, (ROWS + 2 * PAST) * stride, sizeof(double));
  if (!p->w || !p->seed || !p->moments || !p->row) return false;
  p->best = p->seed + dim;
  p->raw = p->row + ROWS * stride;
  p->old = p->raw + PAST * stride;
  if (!h->gaps) return true;
  p->channel = wsf__arena_zero(scratch, dim * stride, sizeof(double));
  return p->channel != NULL;
}

/* moments += the lower triangle of rows' rows. */
static inline __attribute__((always_inline)) void add_rows(wsf__tbats_profile *p) {
  const int size = p->machine.dim + 1, stride = p->stride;
  const double *row = p->row;
  const lane *x[ROWS];
  for (int r = 0; r < ROWS; ++r) x[r] = (const lane *)(const void *)(row + r * stride);
  for (int i = 0; i < size; ++i) {
    lane *m = (lane *)(void *)(p->moments + (size_t)i * (size_t)stride);
    const double a = row[i], b = row[stride + i], c = row[2 * stride + i], d = row[3 * stride + i];
    for (int j = 0; j <= i / WIDE; ++j) {
      m[j] += (x[0][j] * a + x[1][j] * b) + (x[2][j] * c + x[3][j] * d);
    }
  }
}

/* One row after the ARMA part: raw row less what lags explain. */
static inline __attribute__((always_inline)) void filter_row(wsf__tbats_profile *p, int64_t t,
                                                             double *row) {
  const wsf__tbats *u = p->machine.u;
  const int lanes = p->stride / WIDE;
  lane *out = (lane *)(void *)row;
  lane *raw = (lane *)(void *)p->raw, *old = (lane *)(void *)p->old;
  memcpy(raw + (t % PAST) * lanes, row, (size_t)p->stride * sizeof *row);
  for (int i = 1; i <= (int)u->p && i <= t; ++i) {
    const lane *lag = raw + ((t - i) % PAST) * lanes;
    for (int j = 0; j < lanes; ++j) out[j] -= u->ar[i - 1] * lag[j];
  }
  for (int i = 1; i <= (int)u->q && i <= t; ++i) {
    const lane *lag = old + ((t - i) % PAST) * lanes;
    for (int j = 0; j < lanes; ++j) out[j] -= u->ma[i - 1] * lag[j];
  }
  memcpy(old + (t % PAST) * lanes, row, (size_t)p->stride * sizeof *row);
}

/* A row w' D^t: its parts, and its product with g. */
typedef struct product {
  double level, slope, along;
  lane *value, *companion;
} product;

static inline __attribute__((always_inline)) void first_row(product *r, const wsf__tbats_machine *m,
                                                            double *room) {
  const wsf__tbats *u = m->u;
  r->value = (lane *)(void *)room;
  r->companion = (lane *)(void *)(room + m->padded);
  r->level = 1;
  r->slope = u->trend > 0 ? u->phi : 0;
  r->along = u->alpha + r->slope * u->beta;
  for (int i = 0; i < m->padded; ++i) {
    room[i] = i < m->k ? 1 : 0;
    room[m->padded + i] = 0;
    r->along += m->g1[i];
  }
}

/* r D = r F - (r g) w' */
static inline __attribute__((always_inline)) void next_row(product *r,
                                                           const wsf__tbats_machine *m) {
  const wsf__tbats *u = m->u;
  const lane *c = (const lane *)(const void *)m->cosine, *n = (const lane *)(const void *)m->sine;
  const lane *g1 = (const lane *)(const void *)m->g1, *g2 = (const lane *)(const void *)m->g2;
  const double along = r->along, slope = u->trend > 0 ? u->phi : 0;
  r->slope = slope * (r->level + r->slope - along);
  r->level -= along;
  lane sum = {0};
  for (int i = 0; i < m->padded / WIDE; ++i) {
    const lane before = r->value[i];
    r->value[i] = before * c[i] - r->companion[i] * n[i] - along;
    r->companion[i] = before * n[i] + r->companion[i] * c[i];
    sum += g1[i] * r->value[i] + g2[i] * r->companion[i];
  }
  r->along = u->alpha * r->level + u->beta * r->slope + ((sum[0] + sum[1]) + (sum[2] + sum[3]));
}

static inline __attribute__((always_inline)) void run_rows(wsf__tbats_profile *p) {
  wsf__tbats_machine *m = &p->machine;
  wsf__tbats *u = m->u;
  const int dim = m->dim, stride = p->stride, k = m->k;
  const bool arma = u->p + u->q > 0;
  double room[2 * WSF__TBATS_HARMONICS] __attribute__((aligned(sizeof(lane))));
  product r;
  first_row(&r, m, room);
  for (int64_t t = 0; t < p->history->n; ++t) {
    if (t % 256 == 0 && wsf__cut_short(p->scratch)) return;
    double *row = p->row + (t % ROWS) * stride, *out = row, error;
    *out++ = r.level;
    if (u->trend > 0) *out++ = r.slope;
    memcpy(out, r.value, (size_t)k * sizeof *out);
    memcpy(out + k, r.companion, (size_t)k * sizeof *out);
    row[dim] = 0;
    if (arma) filter_row(p, t, row);
    (void)wsf__tbats_step(m, p->w[t], &error);
    row[dim] = error;
    if (t % ROWS == ROWS - 1) add_rows(p);
    next_row(&r, m);
  }
}

/* One path for each seed, and what its errors are; with gaps, the last rows wait for add_rows. */
static inline __attribute__((always_inline)) int64_t run_paths(wsf__tbats_profile *p) {
  wsf__tbats_machine *m = &p->machine;
  const wsf__tbats *u = m->u;
  const int dim = m->dim, stride = p->stride, lanes = stride / WIDE, k = m->k;
  lane *state = (lane *)(void *)p->channel;
  lane *raw = (lane *)(void *)p->raw, *old = (lane *)(void *)p->old;
  memset(p->channel, 0, (size_t)dim * (size_t)stride * sizeof(double));
  for (int i = 0; i < dim; ++i) p->channel[(size_t)i * (size_t)stride + (size_t)i] = 1;
  lane *slope = u->trend > 0 ? state + lanes : NULL;
  lane *value = state + (slope ? 2 : 1) * lanes, *companion = value + (size_t)k * (size_t)lanes;
  int64_t rows = 0;
  for (int64_t t = 0; t < p->history->n; ++t) {
    if (t % 16 == 0 && wsf__cut_short(p->scratch)) return rows;
    const bool seen = !isnan(p->w[t]);
    double *row = p->row + (rows % ROWS) * stride, error;
    lane *out = (lane *)(void *)row, *d = raw + (t % PAST) * lanes, *e = old + (t % PAST) * lanes;
    for (int j = 0; j < lanes; ++j) {
      lane shown = state[j], expected = {0};
      if (slope) shown += u->phi * slope[j];
      for (int i = 0; i < k; ++i) shown += value[i * lanes + j];
      for (int i = 1; i <= (int)u->p && i <= t; ++i) {
        expected += u->ar[i - 1] * raw[((t - i) % PAST) * lanes + j];
      }
      for (int i = 1; i <= (int)u->q && i <= t; ++i) {
        expected += u->ma[i - 1] * old[((t - i) % PAST) * lanes + j];
      }
      e[j] = seen ? -shown - expected : (lane){0};
      d[j] = expected + e[j];
      if (slope) {
        state[j] += u->phi * slope[j];
        slope[j] = u->phi * slope[j] + u->beta * d[j];
      }
      state[j] += u->alpha * d[j];
      for (int i = 0; i < k; ++i) {
        lane *s = &value[i * lanes + j], *z = &companion[i * lanes + j];
        const lane before = *s;
        *s = before * m->cosine[i] + *z * m->sine[i] + m->g1[i] * d[j];
        *z = *z * m->cosine[i] - before * m->sine[i] + m->g2[i] * d[j];
      }
      if (seen) out[j] = -e[j];
    }
    (void)wsf__tbats_step(m, p->w[t], &error);
    if (!seen) continue;
    row[dim] = error;
    if (++rows % ROWS == 0) add_rows(p);
  }
  return rows;
}

static inline __attribute__((always_inline)) void run(wsf__tbats_profile *p) {
  const int64_t rows = p->history->gaps ? run_paths(p) : (run_rows(p), p->history->n);
  const int left = (int)(rows % ROWS);
  if (left == 0) return;
  memset(p->row + left * p->stride, 0, (size_t)((ROWS - left) * p->stride) * sizeof(double));
  add_rows(p);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void wide(wsf__tbats_profile *p) {
  run(p);
}
#endif

static void plain(wsf__tbats_profile *p) {
  run(p);
}

/* Cholesky of the moments, row by row; a column that others explain is left out. The last pivot is
 * the sum of squares that the rows leave of the errors; best = seed + coefficients. */
static double solve(wsf__tbats_profile *p) {
  const int dim = p->machine.dim, stride = p->stride;
  double *restrict a = p->moments;
  double rest = 0;
  for (int i = 0; i <= dim; ++i) {
    double *ai = a + (size_t)i * (size_t)stride;
    for (int j = 0; j < i; ++j) {
      const double *aj = a + (size_t)j * (size_t)stride;
      double sum[4] = {0}, x = ai[j];
      int l = 0;
      for (; l + 4 <= j; l += 4) {
        for (int s = 0; s < 4; ++s) sum[s] += ai[l + s] * aj[l + s];
      }
      for (; l < j; ++l) sum[0] += ai[l] * aj[l];
      x -= (sum[0] + sum[1]) + (sum[2] + sum[3]);
      ai[j] = aj[j] > 0 ? x / aj[j] : 0;
    }
    double left = ai[i];
    for (int l = 0; l < i; ++l) left -= ai[l] * ai[l];
    if (i == dim)
      rest = left;
    else
      ai[i] = left > LEAST_PIVOT * ai[i] ? sqrt(left) : 0;
  }
  double *y = a + (size_t)dim * (size_t)stride;
  for (int i = dim - 1; i >= 0; --i) {
    const double *ai = a + (size_t)i * (size_t)stride;
    y[i] = ai[i] > 0 ? y[i] / ai[i] : 0;
    for (int j = 0; j < i; ++j) y[j] -= ai[j] * y[i];
    p->best[i] = p->seed[i] + y[i];
  }
  return fmax(rest, 0);
}

double wsf__tbats_seen(const wsf__tbats_history *h, const wsf__tbats *u, int64_t t) {
  return u->box > 0 ? wsf__tbats_forward(u, h->x[t]) : h->distance[t];
}

double wsf__tbats_deviance(wsf__tbats_profile *p) {
  const wsf__tbats_history *h = p->history;
  wsf__tbats *u = p->machine.u;
  if (u->box > 0) {
    const bool logarithm = fabs(u->lambda) < 1e-6;
    for (int64_t t = 0; t < h->n; ++t) {
      if (t % 1024 == 0 && wsf__cut_short(p->scratch)) return INFINITY;
      p->w[t] = logarithm ? h->log_x[t] : wsf__expm1(u->lambda * h->log_x[t]) / u->lambda;
    }
  } else {
    memcpy(p->w, h->distance, (size_t)h->n * sizeof *p->w);
  }
  const size_t dim = (size_t)p->machine.dim;
  memset(p->moments, 0, (dim + 1) * (size_t)p->stride * sizeof *p->moments);
  memset(u->d, 0, sizeof u->d);
  memset(u->e, 0, sizeof u->e);
  wsf__tbats_load(&p->machine, p->seed);
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2"))
    wide(p);
  else
#endif
    plain(p);
  const double count = (double)h->observed, sse = solve(p);
  const double floor = 1e-26 * count;
  const double deviance = count * wsf__ln(fmax(sse, floor));
  return u->box > 0 ? deviance - 2 * (u->lambda - 1) * h->sum_log
                    : deviance + 2 * count * wsf__ln(h->unit);
}

double wsf__tbats_growth(wsf__tbats_profile *p) {
  const wsf__tbats_machine *m = &p->machine;
  double room[2 * WSF__TBATS_HARMONICS] __attribute__((aligned(sizeof(lane))));
  double level[2] = {0}, season[2] = {0};
  product r;
  first_row(&r, m, room);
  for (int t = 0; t < 2 * GROWTH_STEPS; ++t) {
    lane sum = {0};
    for (int i = 0; i < m->padded / WIDE; ++i) {
      sum += r.value[i] * r.value[i] + r.companion[i] * r.companion[i];
    }
    level[t / GROWTH_STEPS] += r.level * r.level + r.slope * r.slope;
    season[t / GROWTH_STEPS] += (sum[0] + sum[1]) + (sum[2] + sum[3]);
    next_row(&r, m);
  }
  if (!(level[1] + season[1] < 1e200)) return INFINITY;
  const bool slope = m->u->trend > m->u->damped;
  const double more = wsf__ln(level[1] / level[0]) - (slope ? MARGINAL_SLOPE : MARGINAL);
  const double again = m->k > 0 ? wsf__ln(season[1] / season[0]) - MARGINAL : 0;
  return fmax(more, 0) + fmax(again, 0);
}
