/* Maximum likelihood of one exponential smoothing form: smoothing parameters and first states
 * together.
 *
 * The deviance is that of a sum of squares (ets_tangent.c), so it is lowered by Levenberg-Marquardt
 * steps (Marquardt 1963) instead of R's Nelder-Mead simplex: some ten passes with derivatives reach
 * a lower value than 2000 evaluations without. The states are nearly linear: each step solves for
 * them exactly and damps only the (at most four) smoothing parameters left after elimination, as
 * Golub and Pereyra (1973) and Kaufman (1975) do for separable problems. Each pass tries eight
 * dampings side by side (ets_lanes.c). Bounds hold by construction: the box is met by an active
 * set, and beta and gamma are written as fractions of their room beside alpha. A step out of the
 * admissible region is pulled back. Finds a local minimum from the best point of a coarse grid. */
#include "models/local/ets/ets_plan.h"

#include <math.h>
#include <string.h>

enum { MAX_PASSES = 60 };
static const double ENOUGH = 1e-6; /* a pass that lowers the deviance by less is the last */

static bool admissible(const wsf__ets_plan *p, const double *x) {
  double s[SMOOTHING];
  wsf__ets_plan_smoothing(p, x, s);
  return wsf__ets_admissible(&p->form, p->m, s);
}

/* Deviance of the candidates; infinite outside the domain. */
static void evaluate(wsf__ets_work *w, const wsf__ets_plan *p) {
  wsf__ets_trial *t = &w->trial;
  bool inside[WSF__ETS_LANES];
  for (int lane = 0; lane < WSF__ETS_LANES; ++lane) {
    const double *x = w->candidate + (size_t)lane * (size_t)w->tangent.width;
    double s[SMOOTHING];
    wsf__ets_plan_smoothing(p, x, s);
    for (int i = 0; i < SMOOTHING; ++i) t->smoothing[i][lane] = s[i];
    t->level[lane] = x[0];
    t->slope[lane] = p->form.trend ? x[1] : 0;
    inside[lane] = p->usual || !p->admissible || admissible(p, x);
    if (!p->form.season) continue;
    for (int i = 0; i < p->m; ++i) {
      const double season = i < p->m - 1 ? x[p->season + i] : wsf__ets_plan_last_season(p, x);
      t->season[i * WSF__ETS_LANES + lane] = season;
      if (p->form.season == WSF__ETS_MUL && !(season > 0)) inside[lane] = false;
    }
  }
  wsf__ets_try(t, WSF__ETS_LANES);
  for (int lane = 0; lane < WSF__ETS_LANES; ++lane) {
    if (!inside[lane]) t->deviance[lane] = INFINITY;
  }
}

/* Pull a candidate that is not admissible back towards the region: by its beta, which alone takes
 * parameters within the usual bounds out of it, else along the step from x. */
static void pull_back(wsf__ets_work *w, const wsf__ets_plan *p, const double *x,
                      double *candidate) {
  if (!p->admissible || (p->usual && !(p->form.season && p->form.trend))) return;
  if (admissible(p, candidate)) return;
  const int beta = p->usual ? p->slot[BETA] : -1;
  double low = 0, high = 1, far = beta >= 0 ? candidate[beta] : 0;
  for (int i = 0; i < 12; ++i) {
    const double part = 0.5 * (low + high);
    double *probe = w->reduced; /* free between solves */
    for (int j = 0; j < p->k; ++j) {
      probe[j] = beta >= 0 ? candidate[j] : x[j] + part * (candidate[j] - x[j]);
    }
    if (beta >= 0) probe[beta] = part * far;
    if (admissible(p, probe))
      low = part;
    else
      high = part;
  }
  if (beta >= 0) {
    candidate[beta] = low * far;
  } else {
    for (int j = 0; j < p->k; ++j) candidate[j] = x[j] + low * (candidate[j] - x[j]);
  }
}

/* Cholesky through the first d of k columns, in place, lower triangle of `width` columns; the rest
 * becomes the Schur complement. The gradient is carried along as one more row. */
static void eliminate(double *a, int width, int d, int k, double *gradient,
                      const wsf__arena *scratch) {
  for (int i = 0; i <= k && !wsf__cut_short(scratch); ++i) {
    double *row = i < k ? a + (size_t)i * (size_t)width : gradient;
    for (int j = 0; j < (i < k ? i + 1 : k); ++j) {
      const double *other = a + (size_t)j * (size_t)width;
      double sum = row[j];
      const int shared = j < d ? j : d;
      for (int q = 0; q < shared; ++q) sum -= row[q] * other[q];
      if (j < d) {
        if (i == j) {
          /* A state that the data do not determine stays where it is. */
          row[j] = sum > 1e-13 * row[j] ? sqrt(sum) : INFINITY;
          continue;
        }
        sum /= other[j];
      }
      row[j] = sum;
    }
  }
}

/* Damped step of the smoothing parameters within their box: s is the Schur complement, g its
 * gradient, at most 4 x 4. */
static void damped_step(const wsf__ets_plan *p, const wsf__ets_tangent *t, const double *x,
                        double damping, double step[SMOOTHING]) {
  const int d = p->states, n = p->k - d;
  bool held[SMOOTHING] = {false};
  double least[SMOOTHING], most[SMOOTHING];
  for (int i = 0, at = 0; i < SMOOTHING; ++i) {
    if (p->slot[i] < 0) continue;
    least[at] = p->least[i] - x[p->slot[i]];
    most[at] = p->most[i] - x[p->slot[i]];
    const double g = t->gradient[d + at];
    step[at] = 0;
    held[at] = (least[at] >= 0 && g > 0) || (most[at] <= 0 && g < 0);
    ++at;
  }
  for (int round = 0; round < SMOOTHING; ++round) {
    double a[SMOOTHING][SMOOTHING], b[SMOOTHING];
    int index[SMOOTHING], free_count = 0;
    for (int i = 0; i < n; ++i) {
      if (!held[i]) index[free_count++] = i;
    }
    for (int i = 0; i < free_count; ++i) {
      const double *row = t->matrix + (size_t)(d + index[i]) * (size_t)t->width + d;
      b[i] = -t->gradient[d + index[i]];
      for (int j = 0; j <= i; ++j) a[i][j] = row[index[j]];
      a[i][i] += damping * row[index[i]] + 1e-300;
      for (int j = 0; j < n; ++j) {
        if (!held[j]) continue;
        const int high = j > index[i] ? j : index[i], low = j > index[i] ? index[i] : j;
        b[i] -= t->matrix[(size_t)(d + high) * (size_t)t->width + (size_t)(d + low)] * step[j];
      }
    }
    for (int i = 0; i < free_count; ++i) {
      for (int j = 0; j <= i; ++j) {
        double sum = a[i][j];
        for (int q = 0; q < j; ++q) sum -= a[i][q] * a[j][q];
        if (i == j)
          a[i][i] = sum > 1e-13 * a[i][i] ? sqrt(sum) : INFINITY;
        else
          a[i][j] = sum / a[j][j];
      }
      for (int q = 0; q < i; ++q) b[i] -= a[i][q] * b[q];
      b[i] /= a[i][i];
    }
    for (int i = free_count - 1; i >= 0; --i) {
      for (int q = i + 1; q < free_count; ++q) b[i] -= a[q][i] * b[q];
      b[i] /= a[i][i];
    }
    bool all_inside = true;
    for (int i = 0; i < free_count; ++i) {
      const int at = index[i];
      step[at] = b[i];
      if (b[i] >= least[at] && b[i] <= most[at]) continue;
      step[at] = b[i] < least[at] ? least[at] : most[at];
      held[at] = true;
      all_inside = false;
    }
    if (all_inside) return;
  }
}

/* The whole step that belongs to a step of the smoothing parameters. */
static void complete_step(const wsf__ets_plan *p, const wsf__ets_tangent *t, double *change) {
  const int d = p->states;
  for (int j = 0; j < d; ++j) change[j] = -t->gradient[j];
  for (int i = d; i < p->k; ++i) {
    const double *row = t->matrix + (size_t)i * (size_t)t->width;
    for (int j = 0; j < d; ++j) change[j] -= row[j] * change[i];
  }
  for (int j = d - 1; j >= 0; --j) {
    const double *row = t->matrix + (size_t)j * (size_t)t->width;
    change[j] /= row[j];
    for (int q = 0; q < j; ++q) change[q] -= row[q] * change[j];
  }
}

/* One pass: x moves to the best of eight damped steps. Returns the new deviance. */
static double improve(wsf__ets_work *w, const wsf__ets_plan *p, double *x, double deviance,
                      double *damping) {
  static const double factor[WSF__ETS_LANES] = {1e-3, 1e-2, 0.1, 1, 10, 1e2, 1, 1e3};
  static const double length[2][WSF__ETS_LANES] = {{1, 1, 1, 1, 1, 1, 0.3, 0.5},
                                                   {0.1, 0.1, 0.1, 0.1, 1e-2, 1e-2, 1e-3, 1e-3}};
  wsf__ets_tangent *t = &w->tangent;
  eliminate(t->matrix, t->width, p->states, p->k, t->gradient, t->scratch);
  for (int attempt = 0; attempt < 2; ++attempt) {
    for (int lane = 0; lane < WSF__ETS_LANES; ++lane) {
      double *candidate = w->candidate + (size_t)lane * (size_t)t->width;
      damped_step(p, t, x, *damping * factor[lane], w->change + p->states);
      complete_step(p, t, w->change);
      for (int i = 0; i < p->k; ++i) candidate[i] = x[i] + length[attempt][lane] * w->change[i];
      pull_back(w, p, x, candidate);
    }
    evaluate(w, p);
    int best = 0;
    for (int lane = 1; lane < WSF__ETS_LANES; ++lane) {
      if (w->trial.deviance[lane] < w->trial.deviance[best]) best = lane;
    }
    if (w->trial.deviance[best] < deviance) {
      memcpy(x, w->candidate + (size_t)best * (size_t)t->width, (size_t)p->k * sizeof *x);
      *damping = fmin(fmax(*damping * factor[best], 1e-9), 1e9);
      return w->trial.deviance[best];
    }
  }
  return deviance;
}

/* Where it begins: at the best point of a coarse grid of smoothing parameters, with the heuristic
 * states. With a season it begins twice, for it may be the level that moves or the season, and
 * between a large alpha with a small gamma and the opposite there may be no way down. */
typedef enum moving { LEVEL_MOVES, SEASON_MOVES } moving;
static double begin(wsf__ets_work *w, const wsf__ets_plan *p, moving what, double *x) {
  static const double alphas[2][WSF__ETS_LANES] = {{0.02, 0.1, 0.25, 0.45, 0.65, 0.8, 0.92, 0.99},
                                                   {0.005, 0.01, 0.02, 0.04, 0.07, 0.1, 0.2, 0.3}};
  static const double others[3][SMOOTHING] = {
      {0, 0.05, 0.05, 0.9}, {0, 0.4, 0.3, 0.5}, {0, 0.05, 0.9, 0.9}};
  const double *alpha = alphas[what];
  const wsf__ets_start *start = wsf__ets_work_start(w, p->m, p->form.season);
  const int trend = p->form.trend;
  double best = INFINITY;
  const int rounds = p->slot[BETA] >= 0 || p->slot[GAMMA] >= 0 || p->slot[PHI] >= 0 ? 2 : 1;
  const int from = what == SEASON_MOVES ? 2 : 0, to = what == SEASON_MOVES ? 3 : rounds;
  for (int round = from; round < to; ++round) {
    for (int lane = 0; lane < WSF__ETS_LANES; ++lane) {
      double *c = w->candidate + (size_t)lane * (size_t)w->tangent.width;
      c[0] = start->level[trend];
      if (trend) c[1] = start->slope[trend];
      for (int i = 0; p->form.season && i < p->m - 1; ++i) c[p->season + i] = start->season[i];
      for (int i = 0; i < SMOOTHING; ++i) {
        if (p->slot[i] < 0) continue;
        const double part = i == ALPHA ? alpha[lane] : others[round][i];
        /* Beyond the usual bounds, still begin within them. */
        const double span = p->usual || i == PHI ? p->most[i] - p->least[i]
                            : i == BETA          ? alpha[lane]
                            : i == GAMMA         ? 1 - alpha[lane]
                                                 : 1;
        c[p->slot[i]] = (p->usual || i == PHI ? p->least[i] : 0) + part * span;
      }
      pull_back(w, p, c, c);
    }
    evaluate(w, p);
    for (int lane = 0; lane < WSF__ETS_LANES; ++lane) {
      if (!(w->trial.deviance[lane] < best)) continue;
      best = w->trial.deviance[lane];
      memcpy(x, w->candidate + (size_t)lane * (size_t)w->tangent.width, (size_t)p->k * sizeof *x);
    }
  }
  return best;
}

/* Down from there, as long as it may still come below the cutoff. */
static double descend(wsf__ets_work *w, const wsf__ets_plan *p, moving what, double cutoff,
                      double *x) {
  double damping = 1e-2, deviance = begin(w, p, what, x);
  for (int pass = 0; pass < MAX_PASSES && isfinite(deviance); ++pass) {
    if (wsf__cut_short(w->trial.scratch)) break;
    wsf__ets_plan_linearise(w, p, x);
    const double lower = improve(w, p, x, deviance, &damping);
    const double gain = deviance - lower;
    deviance = lower;
    if (gain < ENOUGH || (pass > 3 && deviance - 30 * gain > cutoff)) break;
  }
  return deviance;
}

void wsf__ets_maximise(wsf__ets_fit *out, wsf__ets_work *w, const wsf__ets_form *form, int m,
                       const wsf__ets_limits *limits, double cutoff) {
  wsf__ets_plan p;
  wsf__ets_plan_make(&p, form, form->season ? m : 1, limits);
  wsf__ets_plan_take_up(w, &p);
  double *x = w->x, *other = w->other, s[SMOOTHING];
  double deviance = descend(w, &p, LEVEL_MOVES, cutoff, x);
  if (p.slot[GAMMA] >= 0) {
    const double lower = descend(w, &p, SEASON_MOVES, fmin(cutoff, deviance), other);
    if (lower < deviance) {
      deviance = lower;
      x = other;
    }
  }
  wsf__ets_plan_smoothing(&p, x, s);
  wsf__ets *e = &out->start;
  *e = (wsf__ets){.form = *form,
                  .m = p.m,
                  .season = e->season,
                  .alpha = s[ALPHA],
                  .beta = s[BETA],
                  .gamma = s[GAMMA],
                  .phi = s[PHI]};
  e->level = x[0];
  e->slope = form->trend ? x[1] : 0;
  e->season[0] = 0;
  if (form->season) {
    memcpy(e->season, x + p.season, (size_t)(p.m - 1) * sizeof *x);
    e->season[p.m - 1] = wsf__ets_plan_last_season(&p, x);
  }
  out->k = p.k;
  out->deviance = deviance;
  out->prior = 0;
}
