/* Where the parameters of a form stand, and the deviance with its derivatives there.
 *
 * States come first, then the smoothing parameters that are to be estimated. Within the usual
 * bounds beta and gamma are written as fractions of their room beside alpha, so that the bounds are
 * a box. The last season is what the others leave of their sum. */
#include "models/local/ets/ets_plan.h"

#include <math.h>
#include <string.h>

static double larger(double a, double b) {
  return a > b ? a : b;
}
static double smaller(double a, double b) {
  return a < b ? a : b;
}

static bool in_form(const wsf__ets_form *form, int which) {
  return which == ALPHA || (which == BETA && form->trend) || (which == GAMMA && form->season) ||
         (which == PHI && form->damped);
}

int wsf__ets_count(const wsf__ets_form *form, int m, const wsf__ets_limits *limits) {
  int k = 1 + (form->trend != 0) + (form->season ? m - 1 : 0);
  for (int i = 0; i < SMOOTHING; ++i) k += in_form(form, i) && isnan(limits->fixed[i]);
  return k;
}

void wsf__ets_plan_make(wsf__ets_plan *p, const wsf__ets_form *form, int m,
                        const wsf__ets_limits *limits) {
  *p = (wsf__ets_plan){
      .form = *form, .m = m, .usual = limits->usual, .admissible = limits->admissible};
  p->season = 1 + (form->trend != 0);
  p->states = p->k = p->season + (form->season ? m - 1 : 0);
  for (int i = 0; i < SMOOTHING; ++i) {
    const bool fixed = !isnan(limits->fixed[i]);
    p->slot[i] = in_form(form, i) && !fixed ? p->k++ : -1;
    p->value[i] = !in_form(form, i) ? (i == PHI ? 1 : 0) : limits->fixed[i];
    p->least[i] = limits->least[i];
    p->most[i] = limits->most[i];
  }
  if (!p->usual) return;
  /* alpha leaves room for beta <= alpha and gamma <= 1 - alpha. */
  const bool beta = form->trend != 0, gamma = form->season != 0;
  if (beta)
    p->least[ALPHA] = larger(p->least[ALPHA], p->slot[BETA] < 0 ? p->value[BETA] : p->least[BETA]);
  if (gamma) {
    p->most[ALPHA] =
        smaller(p->most[ALPHA], 1 - (p->slot[GAMMA] < 0 ? p->value[GAMMA] : p->least[GAMMA]));
  }
  p->most[ALPHA] = larger(p->least[ALPHA], p->most[ALPHA]);
  p->beta[0] = p->least[BETA], p->beta[1] = p->most[BETA];
  p->gamma[0] = p->least[GAMMA], p->gamma[1] = p->most[GAMMA];
  p->least[BETA] = p->least[GAMMA] = 0;
  p->most[BETA] = p->most[GAMMA] = 1;
}

/* Room of beta or gamma beside alpha, and its derivative by alpha. */
static double room(const wsf__ets_plan *p, int which, double alpha, double *by_alpha) {
  const double *ends = which == BETA ? p->beta : p->gamma;
  const double end = which == BETA ? alpha : 1 - alpha;
  const bool bound = end < ends[1];
  *by_alpha = !bound ? 0 : which == BETA ? 1 : -1;
  return larger((bound ? end : ends[1]) - ends[0], 0);
}

void wsf__ets_plan_smoothing(const wsf__ets_plan *p, const double *x, double s[SMOOTHING]) {
  for (int i = 0; i < SMOOTHING; ++i) s[i] = p->slot[i] < 0 ? p->value[i] : x[p->slot[i]];
  double unused;
  if (!p->usual) return;
  if (p->slot[BETA] >= 0) s[BETA] = p->beta[0] + s[BETA] * room(p, BETA, s[ALPHA], &unused);
  if (p->slot[GAMMA] >= 0) s[GAMMA] = p->gamma[0] + s[GAMMA] * room(p, GAMMA, s[ALPHA], &unused);
}

/* Derivatives of alpha, beta, gamma and phi by the parameters. */
static void seeds_of(const wsf__ets_plan *p, const double *x, wsf__ets_tangent *t) {
  for (int i = 0; i < SMOOTHING; ++i) {
    memset(t->seed[i], 0, (size_t)t->width * sizeof *t->seed[i]);
    if (p->slot[i] < 0) continue;
    double by_alpha = 0, span = 1;
    if (p->usual && (i == BETA || i == GAMMA)) span = room(p, i, t->smoothing[ALPHA], &by_alpha);
    t->seed[i][p->slot[i]] = span;
    if (i != ALPHA && p->slot[ALPHA] >= 0) t->seed[i][p->slot[ALPHA]] = by_alpha * x[p->slot[i]];
  }
}

double wsf__ets_plan_last_season(const wsf__ets_plan *p, const double *x) {
  double sum = p->form.season == WSF__ETS_MUL ? p->m : 0;
  for (int i = 0; i < p->m - 1; ++i) sum -= x[p->season + i];
  return sum;
}

void wsf__ets_plan_take_up(wsf__ets_work *w, const wsf__ets_plan *p) {
  const wsf__ets_form *form = &p->form;
  wsf__ets_tangent *t = &w->tangent;
  wsf__ets_trial *trial = wsf__ets_work_trial(w, form->trend, form->season, p->m);
  t->form = *form;
  t->m = p->m;
  t->width = (p->k + 3) / 4 * 4;
  t->y = w->y;
  t->n = w->n;
  t->count = w->count;
  t->log_y = w->log_y;
  t->least_sse = wsf__ets_work_floor(w, form->error);
  if (!form->season) t->season[0] = 0;
  for (int lane = 0; lane < WSF__ETS_LANES; ++lane) {
    trial->least_sse[lane] = t->least_sse;
    trial->relative[lane] = form->error == WSF__ETS_MUL ? -1 : 0;
  }
}

double wsf__ets_plan_linearise(wsf__ets_work *w, const wsf__ets_plan *p, const double *x) {
  wsf__ets_tangent *t = &w->tangent;
  const size_t width = (size_t)t->width;
  wsf__ets_plan_smoothing(p, x, t->smoothing);
  seeds_of(p, x, t);
  memset(t->d_level, 0, width * sizeof *t->d_level);
  memset(t->d_slope, 0, width * sizeof *t->d_slope);
  t->level = x[0];
  t->d_level[0] = 1;
  t->slope = p->form.trend ? x[1] : 0;
  if (p->form.trend) t->d_slope[1] = 1;
  if (p->form.season) {
    double *last = t->d_season + (size_t)(p->m - 1) * width;
    memset(t->d_season, 0, (size_t)p->m * width * sizeof *t->d_season);
    for (int i = 0; i < p->m - 1; ++i) {
      t->season[i] = x[p->season + i];
      t->d_season[(size_t)i * width + (size_t)(p->season + i)] = 1;
      last[p->season + i] = -1;
    }
    t->season[p->m - 1] = wsf__ets_plan_last_season(p, x);
  }
  if (w->columns) {
    /* At the b of least squares its own part of the gradient is zero. */
    const wsf__ets e = {.form = p->form,
                        .m = p->m,
                        .alpha = t->smoothing[ALPHA],
                        .beta = t->smoothing[BETA],
                        .gamma = t->smoothing[GAMMA],
                        .phi = t->smoothing[PHI],
                        .level = t->level,
                        .slope = t->slope,
                        .season = t->season};
    memcpy(w->rest, w->y, (size_t)w->n * sizeof *w->rest);
    (void)wsf__ets_regress(w->columns, w->pass, w->y, w->n, &e);
    wsf__design_take_off(w->columns, w->rest, w->n, w->columns->change);
    t->y = w->rest;
  }
  wsf__ets_linearise(t);
  return t->deviance;
}
