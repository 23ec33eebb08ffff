/* Forecast means, variances and simulated quantiles of exponential smoothing.
 *
 * Variances: Hyndman, Koehler, Ord and Snyder (2005), "Prediction intervals for exponential
 * smoothing using two new classes of state space models"; book (2008), sections 6.2 to 6.4. Class 1
 * is additive throughout, class 2 has multiplicative errors on an additive trend and season, class
 * 3 a multiplicative season, followed season by season instead of in the book's large matrices. All
 * other forms have no formula: their quantiles come from simulated normal errors. The damped slope
 * enters the first step already damped, as in the recursion. Means are expected values where there
 * is a formula (equation 6.13 for class 3, as in R), else the forecast without errors.
 * Multiplicative trends are stopped at a large multiple of the last level. */
#include "models/local/ets/ets.h"
#include "math/elementary.h"
#include "math/normal.h"
#include "math/rng.h"
#include "math/stats.h"
#include "sync/env.h"

#include <math.h>
#include <string.h>

enum { BLOCK = 64 };                              /* paths that move side by side */
static const double CAP = 1e3;                    /* times the last level */
static const double ONE_SD = 0.84134474606854293; /* level of the normal quantile 1 */

static double limit_of(const wsf__ets *e) {
  double widest = 1;
  for (int i = 0; i < e->m; ++i) widest = fmax(widest, fabs(e->season[i]));
  const double level = fmax(fabs(e->level), 1e-300);
  return e->form.season == WSF__ETS_ADD ? CAP * (level + widest) : CAP * level * widest;
}

bool wsf__ets_has_variance(const wsf__ets_form *form) {
  if (form->trend == WSF__ETS_MUL) return false;
  return form->error == WSF__ETS_MUL || form->season != WSF__ETS_MUL;
}

/* Class 3, whose mean is not the forecast without errors: the same error moves trend and season,
 * and the mean of their product grows by the variance. */
static bool is_product(const wsf__ets_form *form) {
  return form->error == WSF__ETS_MUL && form->season == WSF__ETS_MUL && form->trend != WSF__ETS_MUL;
}

/* Step h + 1 of the level and slope: phi_h = phi + .. + phi^h in *sum, phi^h in *power. */
static double trend_ahead(const wsf__ets *e, double *power, double *sum) {
  *power *= e->form.damped ? e->phi : 1;
  *sum += *power;
  if (e->form.trend == WSF__ETS_ADD) return e->level + *sum * e->slope;
  return e->form.trend == WSF__ETS_MUL ? e->level * wsf__pow(e->slope, *sum) : e->level;
}

void wsf__ets_path(const wsf__ets *e, int64_t h, double *path, double *factor) {
  const double limit = limit_of(e);
  double power = 1, sum = 0;
  for (int64_t i = 0; i < h; ++i) {
    const double q = trend_ahead(e, &power, &sum);
    path[i] = fmax(fmin(q, limit), -limit) - e->level;
    factor[i] = e->form.season == WSF__ETS_MUL ? e->season[i % e->m] : 1;
  }
}

/* Mean and standard deviation, of those that are not NULL, of the product of a trend x = (level,
 * slope) and a season s. Both move by the same error e: x' = (F + e G) x, and s' = (1 + gamma e) s
 * once in m steps, so the mean of x s and of (x s)(x s)' are followed for each season by itself. */
static void product(const wsf__ets *e, double sigma2, int64_t h, double limit, double *out_mean,
                    double *sd, const wsf__arena *scratch) {
  const double phi = e->form.trend ? e->phi : 0, a = e->alpha, b = e->beta, g = e->gamma;
  const double F[2][2] = {{1, phi}, {0, phi}}, G[2][2] = {{a, a * phi}, {b, b * phi}};
  for (int at = 0; at < e->m && at < h && !wsf__cut_short(scratch); ++at) {
    const double s = e->season[at], x[2] = {e->level * s, e->slope * s};
    double mean[2] = {x[0], x[1]}, square[2][2];
    for (int i = 0; i < 4; ++i) square[i / 2][i % 2] = x[i / 2] * x[i % 2];
    for (int64_t step = 0; step < h; ++step) {
      const bool mine = step % e->m == at;
      if (mine) {
        const double mu = mean[0] + phi * mean[1];
        if (out_mean) out_mean[step] = fmax(fmin(mu, limit), -limit);
        const double second = square[0][0] + 2 * phi * square[0][1] + phi * phi * square[1][1];
        const double variance = (1 + sigma2) * second - mu * mu;
        if (sd) sd[step] = variance > 0 ? fmin(sqrt(variance), limit) : 0;
      }
      /* (A + e B + e^2 C) square (A + e B + e^2 C)', e normal */
      double A[2][2], B[2][2], C[2][2], next[2][2] = {{0}}, moved[2] = {0};
      for (int i = 0; i < 4; ++i) {
        const int r = i / 2, c = i % 2;
        A[r][c] = F[r][c];
        B[r][c] = G[r][c] + (mine ? g * F[r][c] : 0);
        C[r][c] = mine ? g * G[r][c] : 0;
      }
      for (int r = 0; r < 2; ++r) {
        for (int c = 0; c < 2; ++c) {
          moved[r] += (A[r][c] + sigma2 * C[r][c]) * mean[c];
          for (int i = 0; i < 4; ++i) {
            const int p = i / 2, q = i % 2;
            next[r][c] += square[p][q] *
                          (A[r][p] * A[c][q] +
                           sigma2 * (B[r][p] * B[c][q] + A[r][p] * C[c][q] + C[r][p] * A[c][q]) +
                           3 * sigma2 * sigma2 * C[r][p] * C[c][q]);
          }
        }
      }
      memcpy(mean, moved, sizeof mean);
      memcpy(square, next, sizeof square);
    }
  }
}

void wsf__ets_mean(const wsf__ets *e, double sigma2, int64_t h, double *mean,
                   const wsf__arena *scratch) {
  const double limit = limit_of(e);
  const bool capped = e->form.trend == WSF__ETS_MUL;
  if (is_product(&e->form)) {
    product(e, sigma2, h, limit, mean, NULL, scratch);
    return;
  }
  double power = 1, sum = 0;
  for (int64_t i = 0; i < h; ++i) {
    const double q = trend_ahead(e, &power, &sum), s = e->season[i % e->m];
    const double f = e->form.season == WSF__ETS_ADD   ? q + s
                     : e->form.season == WSF__ETS_MUL ? q * s
                                                      : q;
    mean[i] = capped ? fmax(fmin(f, limit), -limit) : f;
  }
}

void wsf__ets_response(const wsf__ets *e, int64_t h, double *c) {
  double power = 1, sum = 0;
  c[0] = 1;
  for (int64_t i = 1; i < h; ++i) {
    power *= e->form.damped ? e->phi : 1;
    sum += power;
    c[i] = e->alpha + (e->form.trend ? e->beta * sum : 0);
    if (e->form.season && i % e->m == 0) c[i] += e->gamma;
  }
}

void wsf__ets_sd(const wsf__ets *e, double sigma2, int64_t h, const double *mean, double *sd,
                 double *work, const wsf__arena *scratch) {
  const bool relative = e->form.error == WSF__ETS_MUL;
  const double limit = limit_of(e);
  if (e->form.season == WSF__ETS_MUL) {
    product(e, sigma2, h, limit, NULL, sd, scratch);
    return;
  }
  double *c2 = work, *theta = work + h; /* c2[j] = c_j^2 */
  double grown = 0;
  wsf__ets_response(e, h, c2);
  for (int64_t i = 0; i < h && !(relative && wsf__cut_short(scratch)); ++i) {
    c2[i] *= c2[i];
    if (i > 0) grown += c2[i];
    double variance = sigma2 * (1 + grown);
    if (relative) {
      theta[i] = mean[i] * mean[i];
      for (int64_t j = 1; j <= i; ++j) theta[i] += sigma2 * c2[j] * theta[i - j];
      variance = (1 + sigma2) * theta[i] - mean[i] * mean[i];
    }
    sd[i] = variance > 0 ? sqrt(variance) : 0;
    if (relative && !(sd[i] < limit)) sd[i] = limit;
  }
}

/* BLOCK paths of h steps: out[step * paths + first + i]. */
static void simulate(const wsf__ets *e, double sigma, int64_t h, wsf__rng *rng, double *season,
                     double *out, int64_t paths, double limit, const wsf__arena *scratch) {
  double level[BLOCK], slope[BLOCK], error[BLOCK];
  for (int i = 0; i < BLOCK; ++i) level[i] = e->level, slope[i] = e->slope;
  for (int at = 0; at < e->m; ++at) {
    for (int i = 0; i < BLOCK; ++i) season[at * BLOCK + i] = e->season[at];
  }
  const wsf__ets_form form = e->form;
  const bool positive = form.trend == WSF__ETS_MUL || form.season == WSF__ETS_MUL;
  const double least = positive ? 1e-12 * limit : -limit;
  for (int64_t step = 0; step < h && !wsf__cut_short(scratch); ++step) {
    double *s = season + (step % e->m) * BLOCK;
    for (int i = 0; i < BLOCK; ++i) error[i] = sigma * wsf__rng_normal(&rng[i]);
    for (int i = 0; i < BLOCK; ++i) {
      double b = form.damped && form.trend != WSF__ETS_MUL ? e->phi * slope[i] : slope[i];
      if (form.damped && form.trend == WSF__ETS_MUL) b = wsf__pow(slope[i], e->phi);
      double q = form.trend == WSF__ETS_NONE  ? level[i]
                 : form.trend == WSF__ETS_ADD ? level[i] + b
                                              : level[i] * b;
      q = fmin(fmax(q, least), limit);
      const double f = form.season == WSF__ETS_NONE  ? q
                       : form.season == WSF__ETS_ADD ? q + s[i]
                                                     : q * s[i];
      const double y = form.error == WSF__ETS_MUL ? f * (1 + fmax(error[i], -1)) : f + error[i];
      out[step * paths + i] = fmin(fmax(y, -limit), limit);
      const double d = form.season == WSF__ETS_MUL ? y / s[i] - q : y - f;
      if (form.trend == WSF__ETS_ADD) slope[i] = b + e->beta * d;
      if (form.trend == WSF__ETS_MUL) {
        slope[i] = fmin(fmax(b + e->beta * d / level[i], 1e-2), 1e2);
      }
      if (form.season == WSF__ETS_ADD) s[i] += e->gamma * d;
      if (form.season == WSF__ETS_MUL) s[i] = fmax(s[i] + e->gamma * (y / q - s[i]), 1e-9);
      level[i] = fmin(fmax(q + e->alpha * d, least), limit);
    }
  }
}

bool wsf__ets_quantiles(const wsf__ets *e, double sigma2, int64_t h, int n_q, const double *q,
                        double *quantile, int64_t paths, uint64_t seed, const double *uncertainty,
                        const double *reach, wsf__arena *scratch) {
  paths = (paths + BLOCK - 1) / BLOCK * BLOCK;
  size_t values;
  if (!wsf__mul((size_t)paths, (size_t)h, &values)) return false;
  double *out = wsf__arena_new(scratch, values, sizeof *out);
  double *season = wsf__arena_new(scratch, (size_t)e->m * BLOCK, sizeof *season);
  if (!out || !season) return false;
  for (int64_t first = 0; first < paths && !wsf__cut_short(scratch); first += BLOCK) {
    /* A stream for each path: a longer horizon begins with the same paths. */
    wsf__rng rng[BLOCK];
    for (int i = 0; i < BLOCK; ++i) wsf__rng_init(&rng[i], seed, (uint64_t)(first + i));
    simulate(e, sqrt(fmax(sigma2, 0)), h, rng, season, out + first, paths, limit_of(e), scratch);
  }
  for (int64_t step = 0; step < h && !wsf__cut_short(scratch); ++step) {
    double *sorted = out + step * paths;
    wsf__sort(sorted, paths);
    const double middle = wsf__quantile_sorted(sorted, paths, 0.5);
    const double sd = 0.5 * (wsf__quantile_sorted(sorted, paths, ONE_SD) -
                             wsf__quantile_sorted(sorted, paths, 1 - ONE_SD));
    for (int k = 0; k < n_q; ++k) {
      double *x = &quantile[k * h + step];
      *x = wsf__quantile_sorted(sorted, paths, q[k]);
      if (!uncertainty) continue;
      /* The shape of the paths, as wide as both together and with the tails asked for. */
      const double normal = wsf__normal_quantile(q[k]);
      if (!(sd > 0))
        *x = middle + reach[k] * uncertainty[step];
      else if (fabs(normal) > 1e-9)
        *x =
            middle + (*x - middle) * (wsf__hypot(sd, uncertainty[step]) / sd) * (reach[k] / normal);
    }
  }
  return true;
}
