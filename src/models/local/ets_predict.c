/* Forecast means, variances and simulated quantiles of exponential smoothing.
 *
 * Variances: Hyndman, Koehler, Ord and Snyder (2005), "Prediction intervals for exponential
 * smoothing using two new classes of state space models"; book (2008), sections 6.1 to 6.4 and
 * table 6.2. Class 1 (additive throughout) and class 2 (multiplicative errors on an additive trend
 * and season) are exact; class 3 (multiplicative season) is exact for the first season and very
 * close after it (equations 6.11 to 6.13). All other forms have no formula: their quantiles come
 * from simulated normal errors. The damped slope enters the first step already damped, as in the
 * recursion. Multiplicative trends are stopped at a large multiple of the last level. */
#include "models/local/ets.h"
#include "math/rng.h"
#include "math/stats.h"

#include <math.h>
#include <string.h>

enum { BLOCK = 64 };           /* paths that move side by side */
static const double CAP = 1e3; /* times the last level */

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

/* Step h + 1 of the level and slope: phi_h = phi + .. + phi^h in *sum, phi^h in *power. */
static double trend_ahead(const wsf__ets *e, double *power, double *sum) {
  *power *= e->form.damped ? e->phi : 1;
  *sum += *power;
  if (e->form.trend == WSF__ETS_ADD) return e->level + *sum * e->slope;
  return e->form.trend == WSF__ETS_MUL ? e->level * pow(e->slope, *sum) : e->level;
}

void wsf__ets_mean(const wsf__ets *e, int64_t h, double *mean) {
  const double limit = limit_of(e);
  double power = 1, sum = 0;
  for (int64_t i = 0; i < h; ++i) {
    const double q = trend_ahead(e, &power, &sum), s = e->season[i % e->m];
    const double f = e->form.season == WSF__ETS_ADD   ? q + s
                     : e->form.season == WSF__ETS_MUL ? q * s
                                                      : q;
    mean[i] = e->form.trend == WSF__ETS_MUL ? fmax(fmin(f, limit), -limit) : f;
  }
}

void wsf__ets_sd(const wsf__ets *e, double sigma2, int64_t h, const double *mean, double *sd,
                 double *work) {
  const bool relative = e->form.error == WSF__ETS_MUL, multiply = e->form.season == WSF__ETS_MUL;
  const double limit = limit_of(e);
  double *c2 = work, *theta = work + h; /* c2[j - 1] = c_j^2 */
  double power = 1, sum = 0, grown = 0, level_power = 1, level_sum = 0;
  for (int64_t i = 0; i < h; ++i) {
    power *= e->form.damped ? e->phi : 1;
    sum += power;
    double c = e->alpha + (e->form.trend ? e->beta * sum : 0);
    if (e->form.season == WSF__ETS_ADD && (i + 1) % e->m == 0) c += e->gamma;
    c2[i] = c * c;
    double variance;
    if (!relative) {
      variance = sigma2 * (1 + grown);
      grown += c2[i];
    } else {
      const double q = trend_ahead(e, &level_power, &level_sum);
      const double mu = multiply ? q : mean[i];
      theta[i] = mu * mu;
      for (int64_t j = 1; j <= i; ++j) theta[i] += sigma2 * c2[j - 1] * theta[i - j];
      variance = (1 + sigma2) * theta[i] - mu * mu;
      if (multiply) {
        const double s = e->season[i % e->m], cycles = (double)(i / e->m);
        variance =
            s * s *
            (theta[i] * (1 + sigma2) * pow(1 + e->gamma * e->gamma * sigma2, cycles) - mu * mu);
      }
    }
    sd[i] = variance > 0 ? sqrt(variance) : 0;
    if (!(sd[i] < limit) && relative) sd[i] = limit;
  }
}

/* BLOCK paths of h steps: out[step * paths + first + i]. */
static void simulate(const wsf__ets *e, double sigma, int64_t h, wsf__rng *rng, double *season,
                     double *out, int64_t paths, double limit) {
  double level[BLOCK], slope[BLOCK], error[BLOCK];
  for (int i = 0; i < BLOCK; ++i) level[i] = e->level, slope[i] = e->slope;
  for (int at = 0; at < e->m; ++at) {
    for (int i = 0; i < BLOCK; ++i) season[at * BLOCK + i] = e->season[at];
  }
  const wsf__ets_form form = e->form;
  const bool positive = form.trend == WSF__ETS_MUL || form.season == WSF__ETS_MUL;
  const double least = positive ? 1e-12 * limit : -limit;
  for (int64_t step = 0; step < h; ++step) {
    double *s = season + (step % e->m) * BLOCK;
    for (int i = 0; i < BLOCK; ++i) error[i] = sigma * wsf__rng_normal(&rng[i]);
    for (int i = 0; i < BLOCK; ++i) {
      double b = form.damped && form.trend != WSF__ETS_MUL ? e->phi * slope[i] : slope[i];
      if (form.damped && form.trend == WSF__ETS_MUL) b = pow(slope[i], e->phi);
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
                        double *quantile, int64_t paths, uint64_t seed, wsf__arena *scratch) {
  paths = (paths + BLOCK - 1) / BLOCK * BLOCK;
  size_t values;
  if (!wsf__mul((size_t)paths, (size_t)h, &values)) return false;
  double *out = wsf__arena_new(scratch, values, sizeof *out);
  double *season = wsf__arena_new(scratch, (size_t)e->m * BLOCK, sizeof *season);
  if (!out || !season) return false;
  for (int64_t first = 0; first < paths; first += BLOCK) {
    /* A stream for each path: a longer horizon begins with the same paths. */
    wsf__rng rng[BLOCK];
    for (int i = 0; i < BLOCK; ++i) wsf__rng_init(&rng[i], seed, (uint64_t)(first + i));
    simulate(e, sqrt(fmax(sigma2, 0)), h, rng, season, out + first, paths, limit_of(e));
  }
  for (int64_t step = 0; step < h; ++step) {
    wsf__sort(out + step * paths, paths);
    for (int k = 0; k < n_q; ++k) {
      quantile[k * h + step] = wsf__quantile_sorted(out + step * paths, paths, q[k]);
    }
  }
  return true;
}
