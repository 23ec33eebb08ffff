/* The Kalman filter of a structural time series, with its exact diffuse start.
 *
 * Durbin and Koopman (2012), Time series analysis by state space methods, 4.3 and, for the start,
 * 5.2 (Koopman 1997): the covariance is kappa P_inf + P with kappa going to infinity in the
 * algebra, not a large number in the arithmetic. P_inf depends on neither the variances nor the
 * observed values, so its gains are found once for a series and every candidate uses them.
 *
 * No step costs more than one pass over the triangle of P, whatever the season: the season stands
 * still and the observation moves. With an effect for each of the m periods, all m are kept (they
 * add up to zero in expectation); since S(L) gamma = omega gives gamma[t] = gamma[t-m] + omega[t] -
 * omega[t-1], the transition is the identity and the noise touches two of them. Harmonics are kept
 * as amplitudes, which rotation leaves alone. A missing value moves without an update. */
#include "models/local/ucm/ucm.h"

#include "math/elementary.h"

#include <math.h>
#include <string.h>

static const double LEAST_F = 1e-13; /* of rounding, not of variance; units of the largest q */
static const double LEAST_INFINITE = 1e-9;

static inline double *row(double *p, int i) {
  return p + (size_t)i * ((size_t)i + 1) / 2;
}

bool wsf__ucm_open(wsf__ucm_filter *f, double *v, wsf__arena *scratch) {
  f->u = (wsf__ucm *)v;
  f->dim = wsf__ucm_dim(f->u);
  f->a = v + WSF__UCM_HEAD;
  f->p = f->a + f->dim;
  const size_t m = (size_t)f->u->m, dim = (size_t)f->dim;
  double *block = wsf__arena_new(scratch, 2 * m + 2 * dim, sizeof *block);
  if (!block) return false;
  f->cosine = block;
  f->sine = block + m;
  f->z = block + 2 * m;
  f->c = f->z + dim;
  f->expected = NULL;
  f->k = 0;
  f->design = NULL;
  f->scratch = scratch;
  if (f->u->harmonics > 0) {
    for (size_t i = 0; i < m; ++i) {
      const double angle = 6.283185307179586476925 * (double)i / (double)m;
      block[i] = wsf__cos(angle);
      block[m + i] = wsf__sin(angle);
    }
  }
  return true;
}

bool wsf__ucm_columns(wsf__ucm_filter *f, int k, double *columns, wsf__arena *scratch) {
  f->k = k;
  f->columns = columns;
  f->seen = wsf__arena_new(scratch, (size_t)k, sizeof *f->seen);
  return f->seen;
}

static int64_t phase(const wsf__ucm *u, int64_t later) {
  return (int64_t)fmod(u->n + (double)later, u->m);
}

/* What period u->n shows of a state: z of a trigonometric season; returns the index of the effect
 * of the other kind, 0 for none. */
static int look(wsf__ucm_filter *f) {
  const wsf__ucm *u = f->u;
  const int first = 1 + (u->slope > 0);
  if (u->m <= 1) return 0;
  if (u->harmonics == 0) return first + (int)phase(u, 0);
  const int64_t m = (int64_t)u->m, t = phase(u, 0);
  f->z[0] = 1;
  if (first == 2) f->z[1] = 0;
  int64_t at = 0;
  for (int i = first; i < f->dim; i += 2) {
    at = (at + t) % m;
    f->z[i] = f->cosine[at];
    if (i + 1 < f->dim) f->z[i + 1] = f->sine[at];
  }
  return 0;
}

/* f->c = P z; returns z' P z. */
static double covariance(wsf__ucm_filter *f, double *p, int effect) {
  const int dim = f->dim;
  double *restrict c = f->c;
  if (f->u->harmonics > 0) {
    const double *restrict z = f->z;
    double total = 0;
    for (int i = 0; i < dim; ++i) {
      const double *restrict r = row(p, i), zi = z[i];
      double sum = 0;
      for (int j = 0; j < i; ++j) sum += r[j] * z[j];
      for (int j = 0; j < i; ++j) c[j] += r[j] * zi;
      c[i] = sum + r[i] * zi;
    }
    for (int i = 0; i < dim; ++i) total += z[i] * c[i];
    return total;
  }
  for (int i = 0; i < dim; ++i) c[i] = row(p, i)[0];
  if (effect == 0) return c[0];
  const double *r = row(p, effect);
  for (int i = 0; i < effect; ++i) c[i] += r[i];
  for (int i = effect; i < dim; ++i) c[i] += row(p, i)[effect];
  return c[0] + c[effect];
}

/* Of the state a, y's or a column's. */
static double expectation(const wsf__ucm_filter *f, const double *a, int effect) {
  if (f->u->harmonics == 0) return effect ? a[0] + a[effect] : a[0];
  double sum = 0;
  for (int i = 0; i < f->dim; ++i) sum += f->z[i] * a[i];
  return sum;
}

/* The columns learn with y's gain times `size`. */
static void learn_columns(wsf__ucm_filter *f, int64_t t, int effect, const double *gain,
                          double size) {
  for (int j = 0; j < f->k; ++j) {
    double *a = f->columns + (size_t)j * (size_t)f->dim;
    f->seen[j] = f->x[t * f->stride + j] - expectation(f, a, effect);
    for (int i = 0; i < f->dim; ++i) a[i] += gain[i] * (f->seen[j] * size);
  }
}

static void gather(wsf__design *d, const double *seen, double y, double inverse_f) {
  double *row = d->product;
  for (int i = 0; i < d->n; ++i, row += d->stride) {
    const double weighted = seen[i] * inverse_f;
    for (int j = 0; j <= i; ++j) row[j] += weighted * seen[j];
  }
  for (int j = 0; j < d->n; ++j) row[j] += y * inverse_f * seen[j];
  d->squares += y * y * inverse_f;
  d->weight += inverse_f;
}

/* P -= c c' / f */
static void learn(double *p, const double *c, int dim, double inverse_f) {
  for (int i = 0; i < dim; ++i) {
    double *restrict r = row(p, i);
    const double k = c[i] * inverse_f;
    for (int j = 0; j <= i; ++j) r[j] -= k * c[j];
  }
}

/* The level takes the slope's step. */
static void slide(double *p, int dim) {
  double *one = row(p, 1);
  p[0] += 2 * one[0] + one[1];
  one[0] += one[1];
  for (int i = 2; i < dim; ++i) {
    double *r = row(p, i);
    r[0] += r[1];
  }
}

static void transition(wsf__ucm_filter *f) {
  wsf__ucm *u = f->u;
  double *p = f->p;
  int first = 1;
  if (u->slope > 0) {
    first = 2;
    f->a[0] += f->a[1];
    for (int j = 0; j < f->k; ++j) f->columns[j * f->dim] += f->columns[j * f->dim + 1];
    slide(p, f->dim);
    row(p, 1)[1] += u->q[WSF__UCM_SLOPE];
  }
  p[0] += u->q[WSF__UCM_LEVEL];
  const double q = u->q[WSF__UCM_SEASONAL];
  if (u->m > 1 && q > 0) {
    if (u->harmonics > 0) {
      for (int i = first; i < f->dim; ++i) row(p, i)[i] += q;
    } else {
      const int now = first + (int)phase(u, 1), next = first + (int)phase(u, 2);
      row(p, now)[now] += q;
      row(p, next)[next] += q;
      *(now > next ? row(p, now) + next : row(p, next) + now) -= q;
    }
  }
  u->n += 1;
}

/* P_inf before the first period: of effects, the one to come is minus the sum of the others. */
static void infinite(const wsf__ucm *u, double *p, int dim) {
  memset(p, 0, (size_t)dim * ((size_t)dim + 1) / 2 * sizeof *p);
  for (int i = 0; i < dim; ++i) row(p, i)[i] = 1;
  if (u->m <= 1 || u->harmonics > 0) return;
  const int first = 1 + (u->slope > 0), next = first + (int)phase(u, 1);
  for (int i = first; i < dim; ++i) *(i > next ? row(p, i) + next : row(p, next) + i) = -1;
  row(p, next)[next] = u->m - 1;
}

bool wsf__ucm_begin(wsf__ucm_start *start, wsf__ucm_filter *f, const double *y, int64_t n,
                    wsf__arena *scratch) {
  wsf__ucm *u = f->u;
  const int diffuse = wsf__ucm_diffuse(u), dim = f->dim;
  *start = (wsf__ucm_start){.gain = wsf__arena_new(scratch, (size_t)diffuse * (size_t)dim, 8),
                            .period = wsf__arena_new(scratch, (size_t)diffuse, 8)};
  if (!start->gain || !start->period) return false;
  const double before = u->n;
  infinite(u, f->p, dim);
  int left = diffuse;
  for (int64_t t = 0; t < n && left > 0 && !wsf__cut_short(scratch); ++t) {
    const int effect = look(f);
    if (!isnan(y[t])) {
      const double big = covariance(f, f->p, effect);
      if (big > LEAST_INFINITE) {
        double *gain = start->gain + (size_t)(diffuse - left) * (size_t)dim;
        for (int i = 0; i < dim; ++i) gain[i] = f->c[i] / big;
        learn(f->p, f->c, dim, 1 / big);
        start->log_f += wsf__ln(big);
        start->period[diffuse - left] = t;
        if (--left == 0) start->steps = t + 1;
      }
    }
    if (u->slope > 0) slide(f->p, dim);
    u->n += 1;
  }
  u->n = before;
  return true;
}

/* One observation in the first periods: 5.2.2 for a scalar, P_inf's part done by begin(). */
static void learn_diffuse(wsf__ucm_filter *f, const double *gain, double v, double variance) {
  for (int i = 0; i < f->dim; ++i) {
    double *restrict r = row(f->p, i);
    const double k = gain[i], c = f->c[i];
    for (int j = 0; j <= i; ++j) r[j] += k * (variance * gain[j] - f->c[j]) - c * gain[j];
    f->a[i] += k * v;
  }
}

wsf__ucm_sums wsf__ucm_run(wsf__ucm_filter *f, const double *y, int64_t n,
                           const wsf__ucm_start *start) {
  wsf__ucm_sums s = {0};
  const wsf__ucm *u = f->u;
  const int diffuse = start ? wsf__ucm_diffuse(u) : 0;
  int removed = 0;
  double product = 1; /* logarithms are taken of products that cannot overflow */
  for (int64_t t = 0; t < n && !wsf__cut_short(f->scratch); ++t) {
    const int effect = look(f);
    if (f->expected) f->expected[t] = removed < diffuse ? NAN : expectation(f, f->a, effect);
    if (!isnan(y[t])) {
      const double v = y[t] - expectation(f, f->a, effect);
      const double variance = covariance(f, f->p, effect) + u->q[WSF__UCM_IRREGULAR];
      if (removed < diffuse && start->period[removed] == t) {
        const double *gain = start->gain + (size_t)removed * (size_t)f->dim;
        learn_columns(f, t, effect, gain, 1);
        learn_diffuse(f, gain, v, variance);
        ++removed;
      } else if (variance > LEAST_F) {
        const double inverse = 1 / variance, push = v * inverse;
        for (int i = 0; i < f->dim; ++i) f->a[i] += f->c[i] * push;
        learn_columns(f, t, effect, f->c, inverse);
        if (f->design) gather(f->design, f->seen, v, inverse);
        learn(f->p, f->c, f->dim, inverse);
        s.rss += v * push;
        s.count += 1;
        s.last_f = variance;
        product *= variance;
        if (product > 1e100 || product < 1e-100) {
          s.log_f += wsf__ln(product);
          product = 1;
        }
      }
    }
    transition(f);
  }
  s.log_f += wsf__ln(product);
  return s;
}

void wsf__ucm_ahead(wsf__ucm_filter *f, double *mean, double *variance) {
  const int effect = look(f);
  *mean = expectation(f, f->a, effect);
  for (int j = 0; j < f->k; ++j) {
    f->seen[j] = expectation(f, f->columns + (size_t)j * (size_t)f->dim, effect);
  }
  *variance = covariance(f, f->p, effect) + f->u->q[WSF__UCM_IRREGULAR];
  transition(f);
}
