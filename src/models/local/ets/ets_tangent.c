/* Deviance, gradient and Gauss-Newton matrix of one form at one point, in one pass.
 *
 * The derivatives of the states with respect to all parameters (smoothing parameters and first
 * states) run along with the recursion of ets_filter.c, side by side in vector lanes (forward
 * differentiation). With multiplicative errors the deviance n log(sum e^2) + 2 sum log f is
 * n log(sum r^2) for r = e G, G the geometric mean of f: a sum of squares again (the device of Box
 * and Cox for the Jacobian of a transformation). With de the derivative of e, g = d log G,
 * S = sum e^2, c = sum e de:
 *   gradient of S G^2 / 2:  G^2 (c + S g)
 *   Gauss-Newton matrix:    G^2 (sum de de' + g c' + c g' + S g g')
 * and G^2 cancels from every step, so it is left out. */
#include "models/local/ets/ets.h"

#include "math/elementary.h"

#include <math.h>
#include <string.h>

enum { WIDE = 4 };
typedef double lane __attribute__((vector_size(8 * WIDE)));

enum { LOG_EVERY = 32 };

/* matrix += rows' rows, lower triangle in blocks of WIDE x WIDE. */
static inline __attribute__((always_inline)) void gather_products(wsf__ets_tangent *t, int rows) {
  const int blocks = t->width / WIDE;
  const lane *row = (const lane *)(const void *)t->rows;
  lane *matrix = (lane *)(void *)t->matrix;
  for (int i = 0; i < blocks; ++i) {
    for (int j = 0; j <= i; j += 2) {
      const bool pair = j + 1 < blocks;
      lane left[WIDE], right[WIDE];
      for (int r = 0; r < WIDE; ++r) {
        left[r] = matrix[(i * WIDE + r) * blocks + j];
        right[r] = matrix[(i * WIDE + r) * blocks + j + pair];
      }
      for (int k = 0; k < rows; ++k) {
        const double *tall = t->rows + (size_t)k * (size_t)t->width + i * WIDE;
        const lane one = row[k * blocks + j], two = row[k * blocks + j + pair];
        for (int r = 0; r < WIDE; ++r) {
          left[r] += tall[r] * one;
          right[r] += tall[r] * two;
        }
      }
      for (int r = 0; r < WIDE; ++r) {
        matrix[(i * WIDE + r) * blocks + j + pair] = right[r];
        matrix[(i * WIDE + r) * blocks + j] = left[r];
      }
    }
  }
}

typedef void gather(wsf__ets_tangent *t, int rows);

/* trend and season are constants at every call: the branches on them vanish. */
static inline __attribute__((always_inline)) void body(wsf__ets_tangent *t, gather *products,
                                                       const int trend, const int season) {
  const int blocks = t->width / WIDE;
  const bool relative = t->form.error == WSF__ETS_MUL;
  const double alpha = t->smoothing[0], beta = t->smoothing[1], gamma = t->smoothing[2];
  const double phi = t->smoothing[3];
  const lane *d_alpha = (const lane *)(const void *)t->seed[0];
  const lane *d_beta = (const lane *)(const void *)t->seed[1];
  const lane *d_gamma = (const lane *)(const void *)t->seed[2];
  const lane *d_phi = (const lane *)(const void *)t->seed[3];
  lane *dl = (lane *)(void *)t->d_level, *db = (lane *)(void *)t->d_slope;
  lane *mean_log = (lane *)(void *)t->mean_log, *gradient = (lane *)(void *)t->gradient;
  double l = t->level, b = t->slope, sse = 0, factors = 1, log_ratio = 0;
  int at = 0, gathered = 0, rows = 0;
  memset(t->mean_log, 0, (size_t)t->width * sizeof *t->mean_log);
  memset(t->gradient, 0, (size_t)t->width * sizeof *t->gradient);
  memset(t->matrix, 0, (size_t)t->width * (size_t)t->width * sizeof *t->matrix);

  for (int64_t step = 0; step < t->n; ++step) {
    if (step % WSF__ETS_ROWS == 0 && wsf__cut_short(t->scratch)) break;
    const double y = t->y[step];
    double slope = b, q = l, by_slope = 0, by_phi = 0; /* derivatives of the damped slope */
    if (trend == WSF__ETS_ADD) {
      slope = phi * b;
      q = l + slope;
      by_slope = phi, by_phi = b;
    } else if (trend == WSF__ETS_MUL) {
      by_slope = 1;
      if (t->form.damped) {
        slope = wsf__pow(b, phi);
        by_slope = phi * slope / b;
        by_phi = slope * wsf__ln(b);
      }
      q = l * slope;
    }
    const double s = season ? t->season[at] : 0;
    lane *ds = (lane *)(void *)(t->d_season + (season ? (size_t)at * (size_t)t->width : 0));
    if (y == y) {
      double f = q, y_over_s = 0, y_over_q = 0;
      if (season == WSF__ETS_ADD) f = q + s;
      if (season == WSF__ETS_MUL) {
        f = q * s;
        y_over_s = y / s;
        y_over_q = y / q;
      }
      const double d = season == WSF__ETS_MUL ? y_over_s - q : y - f;
      const double e = relative ? y / f - 1 : y - f;
      const double weight = relative ? -y / (f * f) : -1, one_over_f = relative ? 1 / f : 0;
      const double d_by_s = season == WSF__ETS_MUL ? -y_over_s / s : -1;
      const double s_by_q = season == WSF__ETS_MUL ? -y_over_q / q : 0;
      const double one_over_l = trend == WSF__ETS_MUL ? 1 / l : 0;
      lane *row = (lane *)(void *)(t->rows + (size_t)rows * (size_t)t->width);
      for (int k = 0; k < blocks; ++k) {
        lane d_slope = db[k], dq = dl[k];
        if (trend == WSF__ETS_ADD) {
          d_slope = by_slope * db[k] + by_phi * d_phi[k];
          dq = dl[k] + d_slope;
        } else if (trend == WSF__ETS_MUL) {
          d_slope = by_slope * db[k] + by_phi * d_phi[k];
          dq = slope * dl[k] + l * d_slope;
        }
        lane df = dq, dd = -dq;
        if (season == WSF__ETS_ADD) {
          df = dq + ds[k];
          dd = -df;
          ds[k] += gamma * dd + d * d_gamma[k];
        } else if (season == WSF__ETS_MUL) {
          df = s * dq + q * ds[k];
          dd = d_by_s * ds[k] - dq;
          ds[k] += gamma * (s_by_q * dq - ds[k]) + (y_over_q - s) * d_gamma[k];
        }
        if (trend == WSF__ETS_ADD) db[k] = d_slope + beta * dd + d * d_beta[k];
        if (trend == WSF__ETS_MUL) {
          db[k] =
              d_slope + one_over_l * (beta * dd + d * d_beta[k] - beta * d * one_over_l * dl[k]);
        }
        dl[k] = dq + alpha * dd + d * d_alpha[k];
        if (relative) mean_log[k] += one_over_f * df;
        row[k] = weight * df;
        gradient[k] += e * row[k];
      }
      if (season == WSF__ETS_ADD) t->season[at] = s + gamma * d;
      if (season == WSF__ETS_MUL) t->season[at] = s + gamma * (y_over_q - s);
      if (trend == WSF__ETS_ADD) b = slope + beta * d;
      if (trend == WSF__ETS_MUL) b = slope + beta * d * one_over_l;
      l = q + alpha * d;
      sse += e * e;
      if (relative) {
        factors *= e + 1;
        if (++gathered == LOG_EVERY) {
          log_ratio += wsf__ln(fabs(factors));
          factors = 1;
          gathered = 0;
        }
      }
      if (++rows == WSF__ETS_ROWS) {
        products(t, rows);
        rows = 0;
      }
    } else {
      for (int k = 0; k < blocks; ++k) {
        const lane d_slope = trend ? by_slope * db[k] + by_phi * d_phi[k] : db[k];
        dl[k] = trend == WSF__ETS_MUL   ? slope * dl[k] + l * d_slope
                : trend == WSF__ETS_ADD ? dl[k] + d_slope
                                        : dl[k];
        db[k] = d_slope;
      }
      l = q;
      b = slope;
    }
    if (++at == t->m) at = 0;
  }
  products(t, rows);
  log_ratio += wsf__ln(fabs(factors));

  t->sse = sse;
  t->deviance = t->count * wsf__ln(fmax(sse, t->least_sse));
  if (!relative) return;
  t->deviance += 2 * (t->log_y - log_ratio);
  const double *g = t->mean_log;
  double *c = t->gradient;
  for (int i = 0; i < t->width; ++i) t->mean_log[i] /= t->count;
  for (int i = 0; i < t->width; ++i) {
    for (int j = 0; j <= i; ++j) {
      t->matrix[i * t->width + j] += g[i] * c[j] + c[i] * g[j] + sse * g[i] * g[j];
    }
  }
  for (int i = 0; i < t->width; ++i) c[i] += sse * g[i];
}

static inline __attribute__((always_inline)) void by_shape(wsf__ets_tangent *t, gather *products) {
  switch (3 * t->form.trend + t->form.season) {
  case 0:
    body(t, products, 0, 0);
    break;
  case 1:
    body(t, products, 0, 1);
    break;
  case 2:
    body(t, products, 0, 2);
    break;
  case 3:
    body(t, products, 1, 0);
    break;
  case 4:
    body(t, products, 1, 1);
    break;
  case 5:
    body(t, products, 1, 2);
    break;
  case 6:
    body(t, products, 2, 0);
    break;
  case 7:
    body(t, products, 2, 1);
    break;
  default:
    body(t, products, 2, 2);
    break;
  }
}

#if defined(__x86_64__)
#define WITH_AVX2 __attribute__((target("avx2")))
WITH_AVX2 static __attribute__((noinline)) void products_wide(wsf__ets_tangent *t, int rows) {
  gather_products(t, rows);
}
WITH_AVX2 static void linearise_wide(wsf__ets_tangent *t) {
  by_shape(t, products_wide);
}
#endif

static __attribute__((noinline)) void products_plain(wsf__ets_tangent *t, int rows) {
  gather_products(t, rows);
}

static void linearise_plain(wsf__ets_tangent *t) {
  by_shape(t, products_plain);
}

void wsf__ets_linearise(wsf__ets_tangent *t) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) {
    linearise_wide(t);
    return;
  }
#endif
  linearise_plain(t);
}
