/* The variances of a structural time series by maximum likelihood.
 *
 * Durbin and Koopman (2012), 7.2 and 7.3: the diffuse likelihood, with sigma^2 concentrated out, is
 * a function of ratios of variances. The largest variance is the unit, the logarithms of the others
 * are searched for by a coarse grid and quasi-Newton steps from its best points. A variance may
 * well be zero, which a logarithm cannot reach: those that can go without loss are set to zero, and
 * the search goes on with the others. */
#include "models/local/ucm/ucm.h"
#include "math/elementary.h"
#include "optim/optim.h"

#include <math.h>
#include <string.h>

static const double LOG_2PI = 1.8378770664093454836;
static const double LOWEST = -32, HIGHEST = 5; /* logarithms of ratios: beyond, a search is lost */
static const double NO_LOSS = 1e-6;            /* of twice the log likelihood */
enum { QUICK = 2000 };                         /* periods that lose no digits which count */
enum { SPARE = 2 }; /* observations beside diffuse states and variances */

typedef struct search {
  wsf__ucm_filter f;
  const double *y;
  int64_t n, errors; /* observations after the diffuse ones */
  wsf__ucm_start start;
  int unit, count, which[WSF__UCM_VARIANCES]; /* the variance that is 1; those searched for */
  wsf__ucm_sums sums;                         /* of the latest evaluation */
  bool quick;                                 /* by differences */
  wsf__ucm_differences differences;
} search;

/* Twice the negative log likelihood at the best sigma^2, but for a constant. */
static double concentrated(const search *s) {
  const double count = (double)s->errors;
  if (s->sums.count < s->errors) return INFINITY;
  return s->sums.log_f + count * wsf__ln(fmax(s->sums.rss / count, 1e-28));
}

static double filtered(search *s) {
  wsf__ucm *u = s->f.u;
  memset(s->f.a, 0, (wsf__ucm_size(u) - WSF__UCM_HEAD) * sizeof(double));
  u->n = 0;
  s->sums = wsf__ucm_run(&s->f, s->y, s->n, &s->start);
  return concentrated(s);
}

static double deviance(search *s) {
  if (wsf__cut_short(s->f.scratch)) return INFINITY;
  if (!s->quick) return filtered(s);
  s->sums = wsf__ucm_difference_run(&s->differences, s->f.u->q);
  return concentrated(s);
}

static double value(const double *x, int n, const void *user) {
  search *s = (search *)(uintptr_t)user;
  double *q = s->f.u->q;
  q[s->unit] = 1;
  for (int i = 0; i < n; ++i) q[s->which[i]] = wsf__exp(fmin(fmax(x[i], LOWEST), HIGHEST));
  return deviance(s);
}

/* Take the largest of q as the unit; x: logarithms of the others that are not zero. */
static void set_unit(search *s, const double *q, double *x) {
  double *own = s->f.u->q;
  s->unit = 0;
  for (int i = 1; i < WSF__UCM_VARIANCES; ++i) {
    if (q[i] > q[s->unit]) s->unit = i;
  }
  s->count = 0;
  const double most = q[s->unit];
  for (int i = 0; i < WSF__UCM_VARIANCES; ++i) {
    const double ratio = q[i] / most;
    own[i] = ratio;
    if (i == s->unit || !(ratio > 0)) continue;
    x[s->count] = wsf__ln(ratio);
    s->which[s->count++] = i;
  }
}

/* From q to the minimum; q: where that is. */
static double descend(search *s, double *q, bool *converged) {
  double x[WSF__UCM_VARIANCES];
  set_unit(s, q, x);
  *converged = true;
  double least = value(x, s->count, s);
  if (s->count > 0) {
    const wsf__minimum found = wsf__bfgs(value, s, s->count, x, 1e-9, 100 * s->count);
    *converged = found.converged;
    least = value(x, s->count, s);
  }
  memcpy(q, s->f.u->q, sizeof s->f.u->q);
  return least;
}

/* Set to zero what need not be there, the smallest first. */
static bool drop(search *s, double *q, double *least) {
  double x[WSF__UCM_VARIANCES];
  bool dropped = false;
  for (;;) {
    set_unit(s, q, x);
    int best = -1;
    double lowest = *least + NO_LOSS;
    for (int i = 0; i < s->count; ++i) {
      const double kept = s->f.u->q[s->which[i]];
      s->f.u->q[s->which[i]] = 0;
      const double without = deviance(s);
      s->f.u->q[s->which[i]] = kept;
      if (without < lowest) best = s->which[i], lowest = without;
    }
    if (best < 0) return dropped;
    q[best] = 0;
    *least = fmin(*least, lowest);
    dropped = true;
  }
}

/* The best points of a grid of ratios to the irregular. */
enum { STARTS = 2 };
static void grid(search *s, double (*q)[WSF__UCM_VARIANCES]) {
  static const double level[] = {0.01, 0.3, 10}, slope[] = {1e-6, 1e-3, 0.1};
  static const double season[] = {1e-4, 0.01, 0.5};
  const wsf__ucm *u = s->f.u;
  const int slopes = u->slope > 0 ? 3 : 1, seasons = u->m > 1 ? 3 : 1;
  double least[STARTS] = {INFINITY, INFINITY};
  memset(q, 0, STARTS * sizeof *q);
  for (int i = 0; i < 3 * slopes * seasons; ++i) {
    const double at[WSF__UCM_VARIANCES] = {1, level[i % 3],
                                           u->slope > 0 ? slope[i / 3 % slopes] : 0,
                                           u->m > 1 ? season[i / (3 * slopes)] : 0};
    double x[WSF__UCM_VARIANCES];
    set_unit(s, at, x);
    double d = deviance(s);
    for (int k = 0; k < STARTS; ++k) {
      if (!(d < least[k])) continue;
      if (k + 1 < STARTS) {
        least[k + 1] = least[k];
        memcpy(q[k + 1], q[k], sizeof *q);
      }
      least[k] = d;
      memcpy(q[k], at, sizeof at);
      break;
    }
  }
}

bool wsf__ucm_fit(wsf__ucm_found *out, double *v, const double *y, int64_t n, wsf__arena *scratch) {
  search s = {.y = y, .n = n};
  *out = (wsf__ucm_found){.deviance = INFINITY};
  if (!wsf__ucm_open(&s.f, v, scratch) || !wsf__ucm_begin(&s.start, &s.f, y, n, scratch)) {
    return false;
  }
  wsf__ucm *u = s.f.u;
  const int diffuse = wsf__ucm_diffuse(u), variances = 2 + (u->slope > 0) + (u->m > 1);
  int64_t observed = 0;
  for (int64_t t = 0; t < n; ++t) observed += !isnan(y[t]);
  s.errors = observed - diffuse;
  if (s.start.steps == 0 || s.errors < variances + SPARE) return true;

  s.quick = observed == n && n <= QUICK && (u->harmonics == 0 || u->harmonics == floor(u->m / 2));
  if (s.quick && !wsf__ucm_difference(&s.differences, u, y, n, scratch)) return false;

  double q[STARTS][WSF__UCM_VARIANCES], best[WSF__UCM_VARIANCES] = {1}, least = INFINITY;
  grid(&s, q);
  for (int k = 0; k < STARTS; ++k) {
    bool converged;
    double d = descend(&s, q[k], &converged);
    if (drop(&s, q[k], &d)) d = descend(&s, q[k], &converged);
    if (!(d < least)) continue;
    least = d;
    out->converged = converged;
    memcpy(best, q[k], sizeof best);
  }
  double x[WSF__UCM_VARIANCES];
  set_unit(&s, best, x);
  if (!isfinite(filtered(&s))) return true;
  const double count = (double)s.errors;
  u->sigma2 = s.sums.rss / count;
  out->fitted = true;
  out->parameters = variances + diffuse;
  out->innovation2 = u->sigma2 * s.sums.last_f;
  out->deviance = (count + diffuse) * LOG_2PI + s.start.log_f + s.sums.log_f + count +
                  count * wsf__ln(fmax(u->sigma2, 1e-28));
  return true;
}

/* Half of -2 log likelihood by the logarithms of the variances in units of the fit's sigma^2. */
static double look(const double *x, double *along, void *user) {
  search *s = user;
  wsf__ucm *u = s->f.u;
  (void)along;
  for (int i = 0; i < s->count; ++i) u->q[s->which[i]] = wsf__exp(x[i]);
  if (!isfinite(filtered(s))) return NAN;
  return 0.5 * (s->sums.log_f + s->sums.rss / u->sigma2);
}

bool wsf__ucm_errors(double out[WSF__UCM_VARIANCES], const wsf__ucm *fit, const double *y,
                     int64_t n, wsf__arena *scratch) {
  double x[WSF__UCM_VARIANCES], step[WSF__UCM_VARIANCES], a[WSF__UCM_VARIANCES];
  double h[WSF__UCM_VARIANCES * WSF__UCM_VARIANCES];
  double work[WSF__UCM_VARIANCES * (WSF__UCM_VARIANCES + 1)];
  search s = {.y = y, .n = n};
  double *v = wsf__arena_zero(scratch, wsf__ucm_size(fit), sizeof *v);
  if (!v) return false;
  memcpy(v, fit, sizeof *fit);
  if (!wsf__ucm_open(&s.f, v, scratch) || !wsf__ucm_begin(&s.start, &s.f, y, n, scratch)) {
    return false;
  }
  s.errors = -wsf__ucm_diffuse(fit);
  for (int64_t t = 0; t < n; ++t) s.errors += !isnan(y[t]);
  for (int i = 0; i < WSF__UCM_VARIANCES; ++i) {
    out[i] = NAN;
    step[i] = 1e-2;
    if (!(fit->q[i] > 0)) continue;
    x[s.count] = wsf__ln(fit->q[i]);
    s.which[s.count++] = i;
  }
  if (!(fit->sigma2 > 0) || !wsf__hessian(look, &s, s.count, x, step, 0, NULL, h)) return true;
  for (int i = 0; i < s.count; ++i) {
    memset(a, 0, sizeof a);
    a[i] = 1;
    out[s.which[i]] = wsf__error_along(h, s.count, a, work);
  }
  return true;
}
