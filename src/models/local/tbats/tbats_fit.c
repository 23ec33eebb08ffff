/* Parameters, harmonics and components of a model with trigonometric seasons.
 *
 * De Livera, Hyndman and Snyder (2011), sections 3.2 and 4: the deviance of a form, its seeds
 * concentrated out, is minimised over power, smoothing, damping and ARMA by quasi-Newton steps.
 * Harmonics are added or taken away, one season after another, while the criterion falls, beginning
 * at six; then it chooses among with and without power, slope, damping and season; an ARMA order
 * for the errors comes from the search of arima and stays if that is better. Each form starts from
 * the parameters of one fitted before. */
#include "models/local/tbats/tbats.h"
#include "math/elementary.h"
#include "models/local/arima/arima.h"
#include "optim/optim.h"

#include <math.h>
#include <string.h>

enum { MOST = 4 + 2 * WSF__TBATS_SEASONS + 2 * WSF__TBATS_ARMA, SPARE = 3 };
static const double SEARCH = 1e-2, POLISH = 1e-6; /* of a deviance */
static const double WALL = 30, FAR_OUT = 50;
static const double FIRST_BETA = 0.05, FIRST_PHI = 0.98;
static const double first_alpha[] = {0.09, 0.005, 0.5, 1.2};
static const double BETA_UNIT = 0.1, PHI_UNIT = 0.2,
                    GAMMA_UNIT = 0.3; /* of gamma times the length */

/* A form and how well it does. */
typedef struct form {
  wsf__tbats u;
  double *seed; /* room for every form's */
  bool converged;
} form;

typedef struct search {
  const wsf__tbats_history *history;
  const wsf__tbats_request *request;
  wsf__env *env;
  wsf__arena *scratch;
  wsf_error *err;
  double lambda;
  size_t most_seeds;
  form best;
} search;

static double clip(double x, double lo, double hi) {
  return fmin(fmax(x, lo), hi);
}

static double square(double x) {
  return x * x;
}

static int pack(const wsf__tbats *u, double n_obs, double *x) {
  const double gamma_unit = GAMMA_UNIT / n_obs;
  int n = 0;
  double partial[WSF__TBATS_ARMA] = {0}, c[WSF__TBATS_ARMA] = {0};
  if (u->box > 0) x[n++] = wsf__asin(sqrt(clip(u->lambda, 0.01, 0.99)));
  x[n++] = sqrt(fmax(u->alpha, 1e-6));
  if (u->damped > 0) x[n++] = wsf__asin(sqrt(clip((1 - u->phi) / PHI_UNIT, 0.01, 0.99)));
  if (u->trend > 0) x[n++] = sqrt(fmax(u->beta + u->alpha * (1 - u->phi), 1e-6) / BETA_UNIT);
  for (int i = 0; i < (int)u->seasons; ++i) {
    x[n++] = u->gamma1[i] / gamma_unit;
    x[n++] = u->gamma2[i] / gamma_unit;
  }
  for (int part = 0; part < 2; ++part) {
    const int order = (int)(part == 0 ? u->p : u->q);
    for (int i = 0; i < order; ++i) c[i] = part == 0 ? u->ar[i] : -u->ma[i];
    const bool inside = wsf__arima_to_partial(order, c, partial);
    for (int i = 0; i < order; ++i) x[n++] = inside ? wsf__atanh(clip(partial[i], -0.97, 0.97)) : 0;
  }
  return n;
}

static void unpack(wsf__tbats *u, double n_obs, const double *x) {
  const double gamma_unit = GAMMA_UNIT / n_obs;
  double partial[WSF__TBATS_ARMA];
  if (u->box > 0) u->lambda = square(wsf__sin(*x++));
  u->alpha = square(*x++);
  u->phi = u->damped > 0 ? 1 - PHI_UNIT * square(wsf__sin(*x++)) : 1;
  u->beta = u->trend > 0 ? square(*x++) * BETA_UNIT - u->alpha * (1 - u->phi) : 0;
  for (int i = 0; i < (int)u->seasons; ++i) {
    u->gamma1[i] = *x++ * gamma_unit;
    u->gamma2[i] = *x++ * gamma_unit;
  }
  for (int part = 0; part < 2; ++part) {
    const int order = (int)(part == 0 ? u->p : u->q);
    double *c = part == 0 ? u->ar : u->ma;
    for (int i = 0; i < order; ++i) partial[i] = 0.99 * wsf__tanh(*x++);
    wsf__arima_from_partial(order, partial, c);
    for (int i = 0; part == 1 && i < order; ++i) c[i] = -c[i];
  }
}

typedef struct attempt {
  wsf__tbats_profile profile;
  double wall; /* weight of what is beyond the admissible region */
} attempt;

static double value(const double *x, int n, const void *user) {
  (void)n;
  attempt *a = (attempt *)(uintptr_t)user;
  if (wsf__cut_short(a->profile.scratch)) return INFINITY;
  unpack(a->profile.machine.u, (double)a->profile.history->observed, x);
  wsf__tbats_set(&a->profile.machine);
  const double growth = wsf__tbats_growth(&a->profile);
  if (!(growth < FAR_OUT)) return INFINITY;
  return wsf__tbats_deviance(&a->profile) + a->wall * growth * growth;
}

/* The parameters a search begins with where nothing better is known. */
static void set_usual(wsf__tbats *u, double lambda, double alpha) {
  u->lambda = u->box > 0 ? lambda : 1;
  u->alpha = alpha;
  u->beta = u->trend > 0 ? FIRST_BETA : 0;
  u->phi = u->damped > 0 ? FIRST_PHI : 1;
  memset(u->gamma1, 0, sizeof u->gamma1);
  memset(u->gamma2, 0, sizeof u->gamma2);
}

/* From x to a minimum within the admissible region; the deviance there, or infinity. */
static double descend(attempt *a, double *x, int n, double tolerance, bool *converged) {
  const size_t bytes = (size_t)a->profile.machine.dim * sizeof(double);
  a->wall = WALL;
  (void)value(x, n, a);
  memcpy(a->profile.seed, a->profile.best, bytes);
  for (int round = 0; round < 3; ++round) {
    *converged = wsf__bfgs(value, a, n, x, tolerance, (tolerance > POLISH ? 30 : 60) * n).converged;
    if (isfinite(value(x, n, a)) && wsf__tbats_growth(&a->profile) < 0.1) {
      return wsf__tbats_deviance(&a->profile);
    }
    a->wall *= 10;
  }
  return INFINITY;
}

/* Minimise from the parameters in form->u or, if they do better, the usual ones; with ARMA errors,
 * from both. The criterion is infinite if there are too few observations. */
static wsf_status fit_form(search *s, form *f, double tolerance) {
  wsf__tbats *u = &f->u;
  const int dim = wsf__tbats_dim(u), count = wsf__tbats_parameters(u);
  u->criterion = u->aic = u->deviance = INFINITY;
  if (s->history->observed < dim + count + SPARE || (size_t)dim > s->most_seeds) return WSF_OK;
  if (wsf__stopped(s->env)) return wsf__fail_stopped(s->env, s->err);
  const wsf__mark mark = wsf__arena_mark(s->scratch);
  attempt a = {.wall = WALL};
  if (!wsf__tbats_profile_open(&a.profile, u, s->history, s->scratch)) {
    return wsf__fail_memory(s->err);
  }
  double x[MOST], other[MOST], best[MOST];
  wsf__tbats usual = *u;
  const int n = pack(u, (double)s->history->observed, x);
  double least = value(x, n, &a);
  for (size_t i = 0; i < sizeof first_alpha / sizeof *first_alpha; ++i) {
    set_usual(&usual, s->lambda, first_alpha[i]);
    (void)pack(&usual, (double)s->history->observed, other);
    const double here = value(other, n, &a);
    if (here < least) memcpy(x, other, sizeof x), least = here;
  }
  double deviance = descend(&a, x, n, tolerance, &f->converged);
  memcpy(best, x, sizeof best);
  if (!isfinite(deviance) || (u->p + u->q > 0 && tolerance > POLISH)) {
    set_usual(&usual, s->lambda, first_alpha[0]);
    memset(usual.ar, 0, sizeof usual.ar);
    memset(usual.ma, 0, sizeof usual.ma);
    (void)pack(&usual, (double)s->history->observed, x);
    bool converged;
    const double d = descend(&a, x, n, tolerance, &converged);
    if (d < deviance) {
      deviance = d;
      f->converged = converged;
      memcpy(best, x, sizeof best);
    }
  }
  (void)value(best, n, &a);
  u->deviance = deviance;
  memcpy(f->seed, a.profile.best, (size_t)dim * sizeof(double));
  /* As R counts: the states of ARMA errors too. */
  const double k = count + wsf__tbats_seeds(u) + u->p + u->q,
               observed = (double)s->history->observed;
  u->aic = deviance + 2 * k;
  u->criterion =
      deviance + (s->request->ic == 'b'   ? k * wsf__ln(observed)
                  : s->request->ic == 'a' ? 2 * k
                                          : 2 * k * observed / fmax(observed - k - 1, 0.1));
  wsf__arena_reset(s->scratch, mark);
  return WSF_OK;
}

static void take(form *to, const form *from, size_t most_seeds) {
  double *seed = to->seed;
  memcpy(seed, from->seed, most_seeds * sizeof *seed);
  *to = *from;
  to->seed = seed;
}

/* Errors of a form, zero where nothing was observed. */
static bool errors_of(const search *s, form *f, double *e) {
  const wsf__tbats_history *h = s->history;
  wsf__tbats_machine m;
  if (!wsf__tbats_open(&m, &f->u, s->scratch)) return false;
  wsf__tbats_load(&m, f->seed);
  memset(f->u.d, 0, sizeof f->u.d);
  memset(f->u.e, 0, sizeof f->u.e);
  for (int64_t t = 0; t < h->n; ++t) {
    if (t % 256 == 0 && wsf__cut_short(s->scratch)) return false;
    (void)wsf__tbats_step(&m, wsf__tbats_seen(h, &f->u, t), &e[t]);
  }
  return true;
}

/* The same form with ARMA errors, if some order is found for them; infinite criterion otherwise. */
static wsf_status fit_arma(search *s, const form *from, form *f) {
  const wsf__mark mark = wsf__arena_mark(s->scratch);
  take(f, from, s->most_seeds);
  double *e = wsf__arena_new(s->scratch, (size_t)s->history->n, sizeof *e);
  if (!e || !errors_of(s, f, e)) return wsf__fail_memory(s->err);
  f->u.criterion = INFINITY;
  const wsf__arima_request request = {.order = {.m = 1},
                                      .fixed_cycle = true,
                                      .mean = -1,
                                      .drift = 0,
                                      .max_p = WSF__TBATS_ARMA,
                                      .max_q = WSF__TBATS_ARMA,
                                      .max_order = 5,
                                      .start_p = 2,
                                      .start_q = 2,
                                      .stepwise = true,
                                      .ic = 'c',
                                      .method = WSF__CSS_ML};
  wsf__arima_fit found;
  wsf__arima_data data;
  wsf__arima_detail detail;
  double criterion;
  WSF__TRY(wsf__arima_search(&found, &criterion, &data, &detail, e, s->history->n, NULL, 0,
                             &request, s->env, s->scratch, s->err));
  wsf__arena_reset(s->scratch, mark);
  if (!isfinite(found.log_likelihood) || found.order.p + found.order.q == 0) return WSF_OK;
  f->u.p = found.order.p;
  f->u.q = found.order.q;
  memcpy(f->u.ar, found.c, (size_t)found.order.p * sizeof(double));
  memcpy(f->u.ma, found.c + found.order.p, (size_t)found.order.q * sizeof(double));
  return fit_form(s, f, SEARCH);
}

/* Harmonics of season i that no earlier season has. */
static int most_harmonics(const search *s, int i) {
  const wsf__tbats_request *r = s->request;
  int most = (int)fmin(floor(r->period[i] / 2), 32);
  for (int j = 1; j <= most; ++j) {
    for (int l = 0; l < i; ++l) {
      const double same = j * r->period[l] / r->period[i];
      if (fabs(same - round(same)) < 1e-9) return j - 1 > 1 ? j - 1 : 1;
    }
  }
  return most > 1 ? most : 1;
}

/* Try k harmonics of season i in place of f's; better: f becomes that. */
static wsf_status try_harmonics(search *s, form *f, form *other, int i, int k, bool *better) {
  take(other, f, s->most_seeds);
  other->u.harmonics[i] = k;
  WSF__TRY(fit_form(s, other, SEARCH));
  *better = other->u.criterion < f->u.criterion;
  if (*better) take(f, other, s->most_seeds);
  return WSF_OK;
}

/* One harmonic of season i more or fewer while that is better. */
static wsf_status walk_harmonics(search *s, form *f, form *other, int i, int step, int most) {
  for (bool better = true; better;) {
    const int k = (int)f->u.harmonics[i] + step;
    if (k < 1 || k > most) break;
    WSF__TRY(try_harmonics(s, f, other, i, k, &better));
  }
  return WSF_OK;
}

static wsf_status choose_harmonics(search *s, form *f, form *other, int i) {
  enum { MIDDLE = 6 };
  const int most = most_harmonics(s, i), middle = most < MIDDLE ? most : MIDDLE;
  bool better = false;
  int k = 1;
  if (middle > 1) WSF__TRY(try_harmonics(s, f, other, i, middle, &better));
  if (better) k = middle;
  const int step = k > 1 && k == middle ? -1 : 1;
  WSF__TRY(walk_harmonics(s, f, other, i, step, most));
  if (k > 1 && (int)f->u.harmonics[i] == middle) {
    WSF__TRY(walk_harmonics(s, f, other, i, 1, most));
  }
  /* Sharp peaks, as of a holiday, need nearly all or none: what lies between helps little. */
  if (most > (int)f->u.harmonics[i]) {
    WSF__TRY(try_harmonics(s, f, other, i, most, &better));
    if (better) WSF__TRY(walk_harmonics(s, f, other, i, -1, most));
  }
  return WSF_OK;
}

/* All components around the season that `from` has, and ARMA errors for the best of them. */
static wsf_status choose_components(search *s, const form *from, form *f, form *top) {
  const wsf__tbats_request *r = s->request;
  top->u.criterion = INFINITY;
  for (int i = 0; i < 6; ++i) {
    const int box = i / 3, trend = i % 3 > 0, damped = i % 3 > 1;
    if ((r->box >= 0 && box != r->box) || (r->trend >= 0 && trend != r->trend) ||
        (r->damped >= 0 && trend && damped != r->damped) || (r->damped > 0 && !trend)) {
      continue;
    }
    take(f, from, s->most_seeds);
    f->u.box = box;
    f->u.trend = trend;
    f->u.damped = damped;
    if (!box) f->u.lambda = 1;
    if (!trend) f->u.beta = 0;
    if (!damped) f->u.phi = 1;
    WSF__TRY(fit_form(s, f, SEARCH));
    if (f->u.criterion < top->u.criterion) take(top, f, s->most_seeds);
  }
  if (!isfinite(top->u.criterion)) return WSF_OK;
  if (top->u.criterion < s->best.u.criterion) take(&s->best, top, s->most_seeds);
  if (!r->arma) return WSF_OK;
  WSF__TRY(fit_arma(s, top, f));
  if (f->u.criterion < s->best.u.criterion) take(&s->best, f, s->most_seeds);
  return WSF_OK;
}

wsf_status wsf__tbats_search(wsf__tbats *best, double **seed, bool *converged,
                             const wsf__tbats_history *h, const wsf__tbats_request *r,
                             double lambda, wsf__env *env, wsf__arena *scratch, wsf_error *err) {
  search s = {h, r, env, scratch, err, .most_seeds = 2 + 2 * WSF__TBATS_HARMONICS};
  form from, f, other;
  double *room = wsf__arena_zero(scratch, 4 * s.most_seeds, sizeof *room);
  if (!room) return wsf__fail_memory(err);
  from = (form){.seed = room};
  f = (form){.seed = room + s.most_seeds};
  other = (form){.seed = room + 2 * s.most_seeds};
  s.best = (form){.u = {.criterion = INFINITY}, .seed = room + 3 * s.most_seeds};

  from.u = (wsf__tbats){.trend = r->trend != 0,
                        .damped = r->trend != 0 && r->damped != 0,
                        .box = r->box != 0,
                        .seasons = r->seasons,
                        .scale = 1};
  set_usual(&from.u, lambda, first_alpha[0]);
  const wsf__tbats first = from.u;
  for (int i = 0; i < r->seasons; ++i) {
    from.u.period[i] = r->period[i];
    from.u.harmonics[i] = r->harmonics[i] > 0 ? r->harmonics[i] : 1;
  }
  if (r->seasons > 0) {
    WSF__TRY(fit_form(&s, &from, SEARCH));
    for (int i = 0; i < r->seasons; ++i) {
      if (r->harmonics[i] == 0) WSF__TRY(choose_harmonics(&s, &from, &f, i));
    }
    WSF__TRY(choose_components(&s, &from, &f, &other));
  }
  from.u = first;
  from.u.seasons = 0;
  WSF__TRY(choose_components(&s, &from, &f, &other));
  *seed = NULL;
  if (!isfinite(s.best.u.criterion)) return WSF_OK;
  take(&f, &s.best, s.most_seeds);
  WSF__TRY(fit_form(&s, &f, POLISH));
  if (f.u.deviance <= s.best.u.deviance) take(&s.best, &f, s.most_seeds);
  *best = s.best.u;
  *seed = s.best.seed;
  *converged = s.best.converged;
  return WSF_OK;
}

/* Parameters that are estimated, where they stand in u; step: small beside any error of theirs. */
typedef struct slice {
  wsf__tbats_profile profile;
  wsf__tbats u;
  int n, count, which[MOST]; /* all of them; those that are not held */
  bool season[MOST];         /* gammas, which alone reach the wall where growth is of a season */
  double growth;             /* where the search ended, which may be a little outside */
  double *at[MOST], step[MOST];
} slice;

static void add(slice *s, double *at, double step, bool season) {
  s->season[s->n] = season;
  s->step[s->n] = step;
  s->at[s->n++] = at;
}

static void list(slice *s, double n_obs) {
  static const double STEP = 1e-3;
  wsf__tbats *u = &s->u;
  if (u->box > 0) add(s, &u->lambda, STEP, false);
  add(s, &u->alpha, STEP, false);
  if (u->trend > 0) add(s, &u->beta, STEP * BETA_UNIT, false);
  if (u->damped > 0) add(s, &u->phi, STEP * PHI_UNIT, false);
  for (int i = 0; i < (int)u->seasons; ++i) {
    add(s, &u->gamma1[i], 10 * STEP * GAMMA_UNIT / n_obs, true);
    add(s, &u->gamma2[i], 10 * STEP * GAMMA_UNIT / n_obs, true);
  }
  for (int i = 0; i < (int)u->p; ++i) add(s, &u->ar[i], STEP, false);
  for (int i = 0; i < (int)u->q; ++i) add(s, &u->ma[i], STEP, false);
}

static const double NOTICED = 0.1; /* of a growth */

/* Whether a search could be here, as far as this parameter moved it. */
static bool is_inside(slice *s) {
  const wsf__tbats *u = &s->u;
  double partial[WSF__TBATS_ARMA], ma[WSF__TBATS_ARMA];
  for (int i = 0; i < (int)u->q; ++i) ma[i] = -u->ma[i];
  wsf__tbats_set(&s->profile.machine);
  return u->lambda >= 0 && u->lambda <= 1 && u->alpha >= 0 && u->phi >= 1 - PHI_UNIT &&
         u->phi <= 1 && u->beta + u->alpha * (1 - u->phi) >= 0 &&
         wsf__arima_to_partial((int)u->p, u->ar, partial) &&
         wsf__arima_to_partial((int)u->q, ma, partial) &&
         wsf__tbats_growth(&s->profile) <= s->growth * (1 + NOTICED);
}

static bool at_bound(slice *s, int i) {
  const double value = *s->at[i];
  bool inside = !(s->season[i] && s->growth > 0);
  for (int side = 0; side < 2; ++side) {
    *s->at[i] = value + (side ? 2 : -2) * s->step[i];
    inside = inside && is_inside(s);
  }
  *s->at[i] = value;
  return !inside;
}

/* Half the deviance. */
static double look(const double *x, double *along, void *user) {
  slice *s = user;
  (void)along;
  for (int i = 0; i < s->count; ++i) *s->at[s->which[i]] = x[i];
  wsf__tbats_set(&s->profile.machine);
  return 0.5 * wsf__tbats_deviance(&s->profile);
}

bool wsf__tbats_errors(double *out, const wsf__tbats *fit, const wsf__tbats_history *h,
                       wsf__arena *scratch) {
  slice s = {.u = *fit};
  double x[MOST] = {0}, step[MOST], a[MOST], hessian[MOST * MOST], work[MOST * (MOST + 1)];
  if (!wsf__tbats_profile_open(&s.profile, &s.u, h, scratch)) return false;
  list(&s, (double)h->observed);
  wsf__tbats_set(&s.profile.machine);
  s.growth = wsf__tbats_growth(&s.profile);
  for (int i = 0; i < s.n; ++i) {
    out[i] = NAN;
    if (at_bound(&s, i)) continue;
    x[s.count] = *s.at[i];
    step[s.count] = s.step[i];
    s.which[s.count++] = i;
  }
  (void)look(x, NULL, &s);
  if (wsf__cut_short(scratch)) return false;
  memcpy(s.profile.seed, s.profile.best, (size_t)s.profile.machine.dim * sizeof(double));
  if (!wsf__hessian(look, &s, s.count, x, step, 0, NULL, hessian)) return true;
  for (int i = 0; i < s.count; ++i) {
    memset(a, 0, sizeof a);
    a[i] = 1;
    out[s.which[i]] = wsf__error_along(hessian, s.count, a, work);
  }
  return true;
}
