/* Standard errors of the smoothing parameters: from the curvature of the likelihood in them and in
 * the first states together (optim/optim.h), with the regression's best coefficients if there are
 * columns. */
#include "models/local/ets/ets_plan.h"
#include "optim/optim.h"

#include <math.h>
#include <string.h>

/* Whether the search could not have gone on from here both ways. */
static bool at_bound(const wsf__ets *e, const wsf__ets_limits *limits, int which) {
  static const double NEAR = 1e-4;
  const double p[SMOOTHING] = {e->alpha, e->beta, e->gamma, e->phi};
  double most = limits->most[which];
  if (limits->usual && which == BETA) most = fmin(most, e->alpha);
  if (limits->usual && which == GAMMA) most = fmin(most, 1 - e->alpha);
  bool inside = p[which] - NEAR >= limits->least[which] && p[which] + NEAR <= most;
  for (int side = 0; side < 2 && limits->admissible; ++side) {
    double beside[SMOOTHING];
    memcpy(beside, p, sizeof p);
    beside[which] += side ? NEAR : -NEAR;
    inside = inside && wsf__ets_admissible(&e->form, e->m, beside);
  }
  return !inside;
}

/* Half the deviance by the smoothing parameters, and its gradient along the states. */
typedef struct slice {
  wsf__ets_work *w;
  const wsf__ets_plan *p;
} slice;

static double look(const double *smoothing, double *along, void *user) {
  const slice *at = user;
  const wsf__ets_tangent *t = &at->w->tangent;
  const int d = at->p->states;
  memcpy(at->w->x + d, smoothing, (size_t)(at->p->k - d) * sizeof *smoothing);
  const double deviance = wsf__ets_plan_linearise(at->w, at->p, at->w->x);
  for (int i = 0; i < d; ++i) along[i] = t->gradient[i] * t->count / t->sse;
  return t->sse > t->least_sse ? 0.5 * deviance : NAN;
}

bool wsf__ets_errors(double out[4], wsf__ets_work *w, wsf__design *columns, const wsf__ets *start,
                     const wsf__ets_limits *limits, wsf__arena *scratch) {
  static const double PART = 0.02, LONGEST = 1e-2; /* of an error that Gauss and Newton expect */
  const double value[SMOOTHING] = {start->alpha, start->beta, start->gamma, start->phi};
  wsf__ets_limits held = *limits;
  for (int i = 0; i < SMOOTHING; ++i) {
    out[i] = NAN;
    if (at_bound(start, limits, i)) held.fixed[i] = value[i];
  }
  held.usual = false; /* the parameters are themselves */
  wsf__ets_plan p;
  wsf__ets_plan_make(&p, &start->form, start->m, &held);
  wsf__ets_plan_take_up(w, &p);
  const int d = p.states, n = p.k - d;
  const size_t k = (size_t)p.k;
  double *h = wsf__arena_zero(scratch, k, k * sizeof *h);
  double *work = wsf__arena_new(scratch, k + 1, k * sizeof *work);
  double *a = wsf__arena_new(scratch, k, 2 * sizeof *a), *along = a + k;
  if (!h || !work || !a) return false;
  if (columns->n > 0) {
    w->columns = columns;
    w->rest = wsf__arena_new(scratch, (size_t)w->n, sizeof *w->rest);
    w->pass = wsf__ets_regress_room(columns, p.m, scratch);
    if (!w->rest || !w->pass) return false;
  }
  w->x[0] = start->level;
  if (p.form.trend) w->x[1] = start->slope;
  for (int i = 0; i < p.m - 1; ++i) w->x[p.season + i] = start->season[i];
  double smoothing[SMOOTHING], step[SMOOTHING];
  for (int i = 0; i < SMOOTHING; ++i) {
    if (p.slot[i] >= 0) smoothing[p.slot[i] - d] = value[i];
  }
  slice at = {w, &p};
  if (n == 0 || !isfinite(look(smoothing, along, &at))) return true;
  const wsf__ets_tangent *t = &w->tangent;
  const double unit = t->count / t->sse;
  for (int i = 0; i < n; ++i) {
    step[i] = fmin(PART / sqrt(unit * t->matrix[(d + i) * t->width + d + i]), LONGEST);
  }
  /* The states are nearly linear. What the data do not determine stays where it is. */
  for (int i = 0; i < d; ++i) {
    for (int j = 0; j <= i; ++j) {
      const double product = unit * t->matrix[i * t->width + j];
      h[(n + i) * p.k + n + j] = h[(n + j) * p.k + n + i] = product;
    }
    if (!(h[(n + i) * (p.k + 1)] > 0)) h[(n + i) * (p.k + 1)] = 1;
  }
  if (!wsf__hessian(look, &at, n, smoothing, step, d, along, h)) return true;
  for (int i = 0; i < SMOOTHING && !wsf__cut_short(scratch); ++i) {
    if (p.slot[i] < 0) continue;
    memset(a, 0, k * sizeof *a);
    a[p.slot[i] - d] = 1;
    out[i] = wsf__error_along(h, p.k, a, work);
  }
  return true;
}
