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
#include "models/local/ets/ets.h"
#include "math/elementary.h"
#include "optim/optim.h"

#include <math.h>
#include <string.h>

enum { ALPHA, BETA, GAMMA, PHI, SMOOTHING };
enum { MAX_PASSES = 60 };
static const double ENOUGH = 1e-6; /* a pass that lowers the deviance by less is the last */

struct wsf__ets_work {
  const double *y;
  int64_t n;
  double count, log_y, scale, edge;
  bool started[3];
  wsf__ets_start start[3]; /* by kind of season */
  double *full, *work;     /* y without gaps; 2 n doubles */
  wsf__design *columns;    /* while errors are found; NULL: none */
  double *rest, *pass;     /* y less the regression, where there is one; of ets_regress.c */
  wsf__ets_tangent tangent;
  wsf__ets_trial trial;
  double *x, *change, *reduced, *candidate; /* [k]; candidate [LANES][k] */
};

/* Where each parameter stands: states first, then the free smoothing parameters. */
typedef struct plan {
  wsf__ets_form form;
  int m, states, k;
  int season;              /* slot of the first of m - 1 seasonal states */
  int slot[SMOOTHING];     /* -1: fixed, or not in the form */
  double value[SMOOTHING]; /* of those */
  double least[SMOOTHING], most[SMOOTHING];
  double beta[2], gamma[2]; /* least and most where beta and gamma are fractions of their room */
  bool usual, admissible;
} plan;

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

static void plan_make(plan *p, const wsf__ets_form *form, int m, const wsf__ets_limits *limits) {
  *p = (plan){.form = *form, .m = m, .usual = limits->usual, .admissible = limits->admissible};
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
static double room(const plan *p, int which, double alpha, double *by_alpha) {
  const double *ends = which == BETA ? p->beta : p->gamma;
  const double end = which == BETA ? alpha : 1 - alpha;
  const bool bound = end < ends[1];
  *by_alpha = !bound ? 0 : which == BETA ? 1 : -1;
  return larger((bound ? end : ends[1]) - ends[0], 0);
}

static void smoothing_of(const plan *p, const double *x, double s[SMOOTHING]) {
  for (int i = 0; i < SMOOTHING; ++i) s[i] = p->slot[i] < 0 ? p->value[i] : x[p->slot[i]];
  double unused;
  if (!p->usual) return;
  if (p->slot[BETA] >= 0) s[BETA] = p->beta[0] + s[BETA] * room(p, BETA, s[ALPHA], &unused);
  if (p->slot[GAMMA] >= 0) s[GAMMA] = p->gamma[0] + s[GAMMA] * room(p, GAMMA, s[ALPHA], &unused);
}

/* Derivatives of alpha, beta, gamma and phi by the parameters. */
static void seeds_of(const plan *p, const double *x, wsf__ets_tangent *t) {
  for (int i = 0; i < SMOOTHING; ++i) {
    memset(t->seed[i], 0, (size_t)t->width * sizeof *t->seed[i]);
    if (p->slot[i] < 0) continue;
    double by_alpha = 0, span = 1;
    if (p->usual && (i == BETA || i == GAMMA)) span = room(p, i, t->smoothing[ALPHA], &by_alpha);
    t->seed[i][p->slot[i]] = span;
    if (i != ALPHA && p->slot[ALPHA] >= 0) t->seed[i][p->slot[ALPHA]] = by_alpha * x[p->slot[i]];
  }
}

static double last_season(const plan *p, const double *x) {
  double sum = p->form.season == WSF__ETS_MUL ? p->m : 0;
  for (int i = 0; i < p->m - 1; ++i) sum -= x[p->season + i];
  return sum;
}

/* Deviance, gradient and matrix at x. */
static double linearise(wsf__ets_work *w, const plan *p, const double *x) {
  wsf__ets_tangent *t = &w->tangent;
  const size_t width = (size_t)t->width;
  smoothing_of(p, x, t->smoothing);
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
    t->season[p->m - 1] = last_season(p, x);
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

static bool admissible(const plan *p, const double *x) {
  double s[SMOOTHING];
  smoothing_of(p, x, s);
  return wsf__ets_admissible(&p->form, p->m, s);
}

/* Deviance of the candidates; infinite outside the domain. */
static void evaluate(wsf__ets_work *w, const plan *p) {
  wsf__ets_trial *t = &w->trial;
  bool inside[WSF__ETS_LANES];
  for (int lane = 0; lane < WSF__ETS_LANES; ++lane) {
    const double *x = w->candidate + (size_t)lane * (size_t)w->tangent.width;
    double s[SMOOTHING];
    smoothing_of(p, x, s);
    for (int i = 0; i < SMOOTHING; ++i) t->smoothing[i][lane] = s[i];
    t->level[lane] = x[0];
    t->slope[lane] = p->form.trend ? x[1] : 0;
    inside[lane] = p->usual || !p->admissible || admissible(p, x);
    if (!p->form.season) continue;
    for (int i = 0; i < p->m; ++i) {
      const double season = i < p->m - 1 ? x[p->season + i] : last_season(p, x);
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
static void pull_back(wsf__ets_work *w, const plan *p, const double *x, double *candidate) {
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
static void damped_step(const plan *p, const wsf__ets_tangent *t, const double *x, double damping,
                        double step[SMOOTHING]) {
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
static void complete_step(const plan *p, const wsf__ets_tangent *t, double *change) {
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
static double improve(wsf__ets_work *w, const plan *p, double *x, double deviance,
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

const wsf__ets_start *wsf__ets_work_start(wsf__ets_work *w, int m, int season) {
  if (!w->started[season]) {
    wsf__ets_start_states(&w->start[season], w->full, w->n, m, season, w->work, w->trial.scratch);
    w->started[season] = true;
  }
  return &w->start[season];
}

/* The best point of a coarse grid of smoothing parameters, with the heuristic states. */
static double begin(wsf__ets_work *w, const plan *p, double *x) {
  static const double alpha[WSF__ETS_LANES] = {0.02, 0.1, 0.25, 0.45, 0.65, 0.8, 0.92, 0.99};
  static const double others[2][SMOOTHING] = {{0, 0.05, 0.05, 0.9}, {0, 0.4, 0.3, 0.5}};
  const wsf__ets_start *start = wsf__ets_work_start(w, p->m, p->form.season);
  const int trend = p->form.trend;
  double best = INFINITY;
  const int rounds = p->slot[BETA] >= 0 || p->slot[GAMMA] >= 0 || p->slot[PHI] >= 0 ? 2 : 1;
  for (int round = 0; round < rounds; ++round) {
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

/* Give the work space to a plan. */
static void take_up(wsf__ets_work *w, const plan *p) {
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

void wsf__ets_maximise(wsf__ets_fit *out, wsf__ets_work *w, const wsf__ets_form *form, int m,
                       const wsf__ets_limits *limits, double cutoff) {
  plan p;
  plan_make(&p, form, form->season ? m : 1, limits);
  take_up(w, &p);
  double *x = w->x, damping = 1e-2;
  double deviance = begin(w, &p, x);
  for (int pass = 0; pass < MAX_PASSES && isfinite(deviance); ++pass) {
    if (wsf__cut_short(w->trial.scratch)) break;
    linearise(w, &p, x);
    const double lower = improve(w, &p, x, deviance, &damping);
    const double gain = deviance - lower;
    deviance = lower;
    if (gain < ENOUGH || (pass > 3 && deviance - 30 * gain > cutoff)) break;
  }

  double s[SMOOTHING];
  smoothing_of(&p, x, s);
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
    e->season[p.m - 1] = last_season(&p, x);
  }
  out->k = p.k;
  out->deviance = deviance;
}

/* Whether the search could not have gone on from here both ways. */
static bool at_bound(const wsf__ets *e, const wsf__ets_limits *limits, int which) {
  static const double NEAR = 1e-4;
  const double p[SMOOTHING] = {e->alpha, e->beta, e->gamma, e->phi};
  double most = limits->most[which];
  if (limits->usual && which == BETA) most = smaller(most, e->alpha);
  if (limits->usual && which == GAMMA) most = smaller(most, 1 - e->alpha);
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
  const plan *p;
} slice;

static double look(const double *smoothing, double *along, void *user) {
  const slice *at = user;
  const wsf__ets_tangent *t = &at->w->tangent;
  const int d = at->p->states;
  memcpy(at->w->x + d, smoothing, (size_t)(at->p->k - d) * sizeof *smoothing);
  const double deviance = linearise(at->w, at->p, at->w->x);
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
  plan p;
  plan_make(&p, &start->form, start->m, &held);
  take_up(w, &p);
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
    step[i] = smaller(PART / sqrt(unit * t->matrix[(d + i) * t->width + d + i]), LONGEST);
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

double wsf__ets_work_floor(const wsf__ets_work *w, int error) {
  const double unit = error == WSF__ETS_MUL ? 1 : w->scale;
  return w->count * unit * unit * 1e-18;
}

wsf__ets_trial *wsf__ets_work_trial(wsf__ets_work *w, int trend, int season, int m) {
  wsf__ets_trial *t = &w->trial;
  t->trend = trend;
  t->season_kind = season;
  t->m = m;
  t->y = w->y;
  t->n = w->n;
  t->count = w->count;
  t->log_y = w->log_y;
  memset(t->season, 0, WSF__ETS_LANES * sizeof *t->season);
  return t;
}

double wsf__ets_work_edge(const wsf__ets_work *w) {
  return w->edge;
}

wsf__ets_work *wsf__ets_work_new(wsf__arena *scratch, const wsf__ets_view *view, int64_t n, int m) {
  const double *y = view->y;
  const size_t width = (size_t)(m + 1 + SMOOTHING + 3) / 4 * 4;
  wsf__ets_work *w = wsf__arena_zero(scratch, 1, sizeof *w);
  if (!w) return NULL;
  w->tangent.scratch = w->trial.scratch = scratch;
  double **const array[] = {&w->tangent.season,
                            &w->tangent.seed[0],
                            &w->tangent.seed[1],
                            &w->tangent.seed[2],
                            &w->tangent.seed[3],
                            &w->tangent.d_level,
                            &w->tangent.d_slope,
                            &w->tangent.mean_log,
                            &w->tangent.gradient,
                            &w->x,
                            &w->change,
                            &w->reduced,
                            &w->start[1].season,
                            &w->start[2].season,
                            &w->tangent.d_season,
                            &w->tangent.matrix,
                            &w->tangent.rows,
                            &w->candidate,
                            &w->trial.season,
                            &w->full,
                            &w->work};
  const size_t length[] = {(size_t)m,
                           width,
                           width,
                           width,
                           width,
                           width,
                           width,
                           width,
                           width,
                           width,
                           width,
                           width,
                           (size_t)m,
                           (size_t)m,
                           (size_t)m * width,
                           width * width,
                           WSF__ETS_ROWS * width,
                           WSF__ETS_LANES * width,
                           WSF__ETS_LANES * (size_t)m,

                           (size_t)n,
                           (size_t)n};
  for (size_t i = 0; i < sizeof array / sizeof *array; ++i) {
    const size_t copies = array[i] == &w->work ? 2 : 1;
    size_t count;
    if (!wsf__mul(length[i], copies, &count)) return NULL;
    *array[i] = wsf__arena_zero(scratch, count, sizeof(double));
    if (!*array[i]) return NULL;
  }
  w->y = y;
  w->n = n;
  w->scale = view->size;
  w->edge = view->edge;
  double last = y[0];
  for (int64_t t = 0; t < n; ++t) {
    if (!isnan(y[t])) {
      w->count += 1;
      if (y[t] > 0) w->log_y += wsf__ln(y[t]);
    }
  }
  /* Gaps are filled along a line between their neighbours, for the heuristic states only. */
  for (int64_t t = 0; t < n;) {
    if (!isnan(y[t])) {
      w->full[t] = last = y[t];
      ++t;
      continue;
    }
    int64_t end = t;
    while (end < n && isnan(y[end])) ++end;
    const double next = end < n ? y[end] : last, step = (next - last) / (double)(end - t + 1);
    for (int64_t i = t; i < end; ++i) w->full[i] = last + step * (double)(i - t + 1);
    t = end;
  }
  return w;
}
