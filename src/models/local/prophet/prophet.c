/* Problem: forecast a series as a trend that changes its growth, seasons of the calendar and
 * regressors: y = g(t) + s(t) + x b + e, or g(t) (1 + s(t) + x b) + e (Taylor and Letham 2018,
 * "Forecasting at scale"; options bear the names of the Prophet package).
 *
 * Method: growth is linear, logistic below a cap, or none; its changes have a Laplace prior,
 * seasons are Fourier terms with a normal prior, as are regressors, which get mean 0 and deviation
 * 1 unless they are flags. The parameters are the mode of the posterior, found to the end
 * (prophet_fit.c). Holidays, events and further seasons are features of x=: holidays(us,
 * window=[-1,1]), fourier(91.3, 3), cross(..) for a season under a condition; weekly data sees the
 * holidays within its weeks.
 *
 * Intervals count the errors and changes of growth to come, in closed form where the trend is
 * linear in them (prophet_uncertainty.c), from sampled futures under a cap, each of at most a
 * thousand changes.
 *
 * Limits: rows with a missing value are left out. Intervals count how uncertain parameters are on
 * the average of the history (prophet_freedom.c), and what was never seen of a season
 * (prophet_season.c). A season is chosen by the data only if two of it were seen (a year: 730
 * days), which is the reason short_season otherwise. Times that are whole numbers without a
 * frequency have the season of the data. An update finds the parameters anew from the history that
 * a state keeps (prophet_memory.c). */
#include "models/coefficients.h"
#include "models/components.h"
#include "models/local/prophet/prophet.h"

#include "math/elementary.h"
#include "math/normal.h"
#include "math/rng.h"
#include "math/stats.h"

#include <string.h>

static const wsf__option options[] = {
    {"growth", WSF__WORD, "linear", 0, 0, "linear|logistic|flat", "form of the trend"},
    {"n_changepoints", WSF__INT, "25", 0, 1000, NULL, "periods in which growth may change"},
    {"changepoint_range", WSF__REAL, "0.8", 0, 1, NULL,
     "share of the history, from its beginning, that they are spread over"},
    {"changepoint_prior_scale", WSF__REAL, "0.05", 1e-6, 1e6, NULL,
     "how freely growth changes: scale of the Laplace prior"},
    {"yearly_seasonality", WSF__INT, "auto", 0, 1000, "auto|true|false",
     "pairs of Fourier terms of a year; auto: 10 if two years were seen"},
    {"weekly_seasonality", WSF__INT, "auto", 0, 1000, "auto|true|false",
     "the same of a week: 3 if periods are shorter and two weeks were seen"},
    {"daily_seasonality", WSF__INT, "auto", 0, 1000, "auto|true|false",
     "the same of a day: 4 if periods are shorter and two days were seen"},
    {"scaling", WSF__WORD, "auto", 0, 0, "auto|absmax|minmax",
     "size 1 of the target, on which priors are: its largest size, or its range, from its least "
     "value on; auto: the range where it is below a twentieth of the largest size, and inside a "
     "transform"},
    {"seasonality_mode", WSF__WORD, "additive", 0, 0, "additive|multiplicative",
     "whether seasons and regressors are added to the trend or are shares of it"},
    {"seasonality_prior_scale", WSF__REAL, "10", 1e-6, 1e6, NULL,
     "how large seasons may be: deviation of their normal prior"},
    WSF__REGRESSORS_OPTION("columns and features known ahead, such as holidays(us)"),
    {"holidays_prior_scale", WSF__REAL, "10", 1e-6, 1e6, NULL,
     "how large effects of x= may be: deviation of their normal prior"},
    {"cap", WSF__TEXT, "", 0, 0, NULL,
     "of logistic growth: what it saturates at, a number in quotes or a column known ahead"},
    {"floor", WSF__TEXT, "", 0, 0, NULL,
     "of logistic growth: what it begins from, a number in quotes or a column known ahead; else 0"},
    {"intervals", WSF__WORD, "adjusted", 0, 0, "adjusted|model|trend",
     "count errors of the parameters, or as the package those to come of errors and growth alone; "
     "trend: changes of growth alone"},
    {"changepoints", WSF__NAMES, "", 0, 0, NULL,
     "when growth may change, in place of n_changepoints: [\"2012-06-01\"]; those outside a "
     "history "
     "are left out of it"},
    {"x_prior_scale", WSF__REALS, "", 1e-6, 1e6, NULL,
     "holidays_prior_scale for each entry of x=, in their order; one number is for all"},
    {"x_mode", WSF__WORDS, "", 0, 0, "additive|multiplicative",
     "seasonality_mode for each entry of x=, in their order; one word is for all"},
    {"x_standardize", WSF__WORDS, "", 0, 0, "auto|true|false",
     "whether an entry of x= gets mean 0 and deviation 1; auto, which absent stands for: columns "
     "but flags, and features that leave -1 .. 1"},
    {"updates", WSF__FLAG, "true", 0, 0, NULL,
     "keep the history, which an update needs: 8 bytes a period"},
};

/* What the steps of one forecast have in common. */
typedef struct ahead {
  const wsf__prophet *state;
  wsf__prophet_parts z;
  wsf__regressors regressors;
  wsf__prophet_bounds bounds;
  wsf__prophet_future future;
  double *x, *waves, *offset; /* of one step; after each change */
  const bool *share;          /* covariate is a share of the trend */
} ahead;

static wsf_status look_ahead(ahead *a, wsf__predict *p, const wsf__fitted *m,
                             const wsf__series *s) {
  const wsf__state *state = &m->state[s->slot];
  *a = (ahead){.state = (const wsf__prophet *)state->v};
  a->z = wsf__prophet_parts_in(m->node, state->v, state->n);
  a->x = wsf__arena_new(p->scratch, (size_t)a->z.covariates, sizeof *a->x);
  a->waves = wsf__arena_new(p->scratch, (size_t)a->z.waves, sizeof *a->waves);
  a->offset = wsf__arena_new(p->scratch, (size_t)a->z.changes + 1, sizeof *a->offset);
  if (!a->x || !a->waves || !a->offset) return wsf__fail_memory(p->err);
  wsf__prophet_offsets(&a->z, a->state->k, a->state->m, a->offset);
  wsf__prophet_future_of(&a->z, &a->future);
  WSF__TRY(wsf__prophet_bounds_find(&a->bounds, m->node, p->frame, p->err));
  WSF__TRY(wsf__regressors_find_for(&a->regressors, m->node, p->frame, a->z.covariates, p->scratch,
                                    p->err));
  return wsf__prophet_shares(&a->share, m->node, &a->regressors, p->scratch, p->err);
}

/* One step, in units of the data but for the time. */
typedef struct step {
  double t, cap, floor; /* cap of scaled y */
  double trend, season[WSF__PROPHET_SEASONS];
  double shares,
      sums;     /* effects of seasons and covariates, as shares of the trend and as they are */
  double sigma; /* of the errors and what was never seen of the seasons */
  bool known;
} step;

static wsf_status step_ahead(ahead *a, wsf__predict *p, const wsf__fitted *m, const wsf__series *s,
                             int64_t i, step *out) {
  const wsf__prophet *state = a->state;
  const wsf__prophet_parts *z = &a->z;
  const double day = wsf__prophet_day(&p->frame->calendar, s->t0 + s->n + i);
  *out = (step){.t = (day - state->start) / state->span};
  WSF__TRY(wsf__regressors_ahead(&a->regressors, s, i + 1, a->x, &out->known));
  out->floor = wsf__prophet_bound_at(&a->bounds.floor, p->frame, s, s->n + i) + z->tail->lowest;
  out->cap = wsf__prophet_bound_at(&a->bounds.cap, p->frame, s, s->n + i) - out->floor;
  out->known = out->known && isfinite(out->floor) && isfinite(out->cap);
  if (!out->known) return WSF_OK;
  out->cap /= state->scale;
  out->trend = wsf__prophet_trend(z, state->k, state->m, a->offset, out->t, out->cap);
  wsf__prophet_waves(state, m->node, p->frame, day, a->waves);
  wsf__prophet_effects(state, z, a->waves, out->season);
  double *seasons = z->multiplies ? &out->shares : &out->sums;
  for (int k = 0; k < WSF__PROPHET_SEASONS; ++k) *seasons += out->season[k];
  for (int c = 0; c < z->covariates; ++c) {
    a->x[c] = z->beta[z->waves + c] * (a->x[c] - z->centre[c]) / z->width[c];
    *(a->share[c] ? &out->shares : &out->sums) += a->x[c];
  }
  const double unseen = z->arcs > 0 ? wsf__prophet_unseen(z, m->node, p->frame, day) : 0;
  const double unit = z->multiplies ? out->trend : 1;
  out->sigma = sqrt(state->sigma * state->sigma * (1 + z->tail->unknown) + unit * unit * unseen);
  if (wsf__arg_is(m->node, "intervals", "trend")) out->sigma = 0;
  return WSF_OK;
}

/* The trend before its changes after the history begin is the base. */
static void explain(const ahead *a, const wsf__forecast *out, int64_t i, const step *at) {
  if (!out->components) return;
  const double end = wsf__prophet_trend(&a->z, a->state->k, a->state->m, a->offset, 1, at->cap);
  const double unit = a->state->scale, share = at->trend * unit;
  wsf__explain(out, i, WSF__BASE, at->floor + end * unit);
  wsf__explain(out, i, WSF__TREND, (at->trend - end) * unit);
  for (int k = 0; k < WSF__PROPHET_SEASONS; ++k) {
    wsf__explain(out, i, wsf__prophet_season_name[k],
                 (a->z.multiplies ? share : unit) * at->season[k]);
  }
  for (int c = 0; c < a->z.covariates; ++c) {
    wsf__explain_regressor(out, i, a->regressors.name[c], (a->share[c] ? share : unit) * a->x[c]);
  }
}

/* Of scaled y, around a trend. */
static double around(const step *at, double trend) {
  return trend * (1 + at->shares) + at->sums;
}

enum { FUTURES = 1000, MOST_CHANGES = 1000 };

/* A future of growth below its cap: changes one after the other, as they come. */
typedef struct future {
  wsf__rng numbers;
  double next, k, offset; /* when growth changes again */
  int changes;            /* so far */
} future;

static double exponential(wsf__rng *r) {
  return -wsf__ln(wsf__rng_uniform(r));
}

static double future_at(future *f, const wsf__prophet_future *of, double t, double cap) {
  while (f->next <= t && f->changes++ < MOST_CHANGES) {
    const double size = of->scale * exponential(&f->numbers);
    const double after = f->k + (wsf__rng_uniform(&f->numbers) < 0.5 ? -size : size);
    f->offset += (f->next - f->offset) * (1 - f->k / after);
    f->k = after;
    f->next += exponential(&f->numbers) / of->rate;
  }
  return cap / (1 + wsf__exp(-f->k * (t - f->offset)));
}

static future *begin_futures(const ahead *a, wsf__predict *p, const wsf__series *s) {
  future *f = wsf__arena_new(p->scratch, FUTURES, sizeof *f);
  double k = a->state->k;
  for (int j = 0; j < a->z.changes; ++j) k += a->z.delta[j];
  for (int i = 0; f && i < FUTURES; ++i) {
    f[i] = (future){.k = k, .offset = a->offset[a->z.changes]};
    wsf__rng_init(&f[i].numbers, p->env->seed ^ wsf__panel_seed(p->frame, s->id), (uint64_t)i);
    f[i].next = a->future.rate > 0 ? 1 + exponential(&f[i].numbers) / a->future.rate : INFINITY;
  }
  return f;
}

/* Quantiles of the trend's futures, each with the normal error at its own level of chance, so that
 * the errors are spread as they should be. */
static void sample_quantiles(const ahead *a, const wsf__forecast *out, int64_t i, const step *at,
                             future *futures, const double *noise, double *work) {
  for (int j = 0; j < FUTURES; ++j) {
    const double y = around(at, future_at(&futures[j], &a->future, at->t, at->cap));
    work[j] = at->floor + a->state->scale * (y + at->sigma * noise[j]);
  }
  wsf__sort(work, FUTURES);
  for (int k = 0; k < out->n_q; ++k) {
    out->quantile[k * out->h + i] = wsf__quantile_sorted(work, FUTURES, out->q[k]);
  }
}

static wsf_status predict(wsf__predict *p, const wsf__fitted *m, const wsf__series *s,
                          wsf__forecast *out) {
  ahead a;
  WSF__TRY(look_ahead(&a, p, m, s));
  const bool samples = a.z.growth == WSF__LOGISTIC && out->n_q > 0;
  double *value = wsf__arena_new(p->scratch, (size_t)out->n_q, sizeof *value);
  double *noise = wsf__arena_new(p->scratch, 2 * FUTURES, sizeof *noise);
  future *futures = samples ? begin_futures(&a, p, s) : NULL;
  if (!value || !noise || (samples && !futures)) return wsf__fail_memory(p->err);
  for (int j = 0; samples && j < FUTURES; ++j) {
    /* 617 is prime to 1000: errors in an order that has nothing to do with the futures' */
    noise[j] = wsf__normal_quantile((j * 617 % FUTURES + 0.5) / FUTURES);
  }
  for (int64_t i = 0; i < out->h && !wsf__cut_short(p->scratch); ++i) {
    step at;
    WSF__TRY(step_ahead(&a, p, m, s, i, &at));
    if (!at.known) {
      wsf__forecast_unknown(out, i);
      continue;
    }
    out->mean[i] = at.floor + a.state->scale * around(&at, at.trend);
    explain(&a, out, i, &at);
    if (samples) {
      sample_quantiles(&a, out, i, &at, futures, noise, noise + FUTURES);
      continue;
    }
    wsf__prophet_quantiles(&a.future, at.sigma, fmax(at.t - 1, 0), 1 + at.shares, out->n_q, out->q,
                           value);
    for (int k = 0; k < out->n_q; ++k) {
      out->quantile[k * out->h + i] = out->mean[i] + a.state->scale * value[k];
    }
  }
  return WSF_OK;
}

/* Errors are of their own step, changes of growth of all steps after them. */
static wsf_status response(wsf__predict *p, const wsf__fitted *m, const wsf__series *s,
                           wsf__response *out) {
  ahead a;
  WSF__TRY(look_ahead(&a, p, m, s));
  out->error[0] = a.state->sigma > 0 ? a.state->sigma : 1;
  for (int64_t i = 0; i < out->h; ++i) {
    const double day = wsf__prophet_day(&p->frame->calendar, s->t0 + s->n + i);
    const double t = (day - a.state->start) / a.state->span;
    out->shared[i] = sqrt(wsf__prophet_trend_variance(&a.future, fmax(t - 1, 0)));
  }
  return WSF_OK;
}

/* A fit of the history that the state remembers and what is new. */
static wsf_status update(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                         wsf__fitted *out) {
  const wsf__prophet_memory memory = wsf__prophet_memory_of(&old->state[s->slot]);
  if (memory.n == 0) {
    return wsf__fail(f->err, WSF_E_UNSUPPORTED,
                     "'prophet' was fitted without a history to move on from (updates=false): fit "
                     "the model again");
  }
  wsf__series whole = *s;
  whole.t0 = s->t0 - memory.n;
  whole.n = memory.n + s->n;
  double *y = wsf__arena_new(f->scratch, (size_t)whole.n, sizeof *y);
  if (!y) return wsf__fail_memory(f->err);
  wsf__prophet_memory_read(y, &memory);
  memcpy(y + memory.n, s->y, (size_t)s->n * sizeof *y);
  whole.y = y;
  return wsf__prophet_fit_from(f, &whole, out, &memory.fitted);
}

static bool check_bare(const wsf__node *node, const wsf__state *state) {
  if (state->n < WSF__PROPHET_HEAD || !wsf__state_finite(state)) return false;
  const wsf__prophet *v = (const wsf__prophet *)state->v;
  const wsf__value *given = wsf__arg(node, "changepoints");
  const int64_t most = given->n > 0 ? given->n : wsf__arg_int(node, "n_changepoints");
  const bool counted = wsf__whole(v->changes, 0, (double)most) &&
                       wsf__whole(v->covariates, 0, WSF__LONGEST) &&
                       wsf__regressors_may_be(node, (int64_t)v->covariates);
  if (!counted || !wsf__whole(v->n, 1, WSF__LONGEST)) return false;
  for (int i = 0; i < WSF__PROPHET_SEASONS; ++i) {
    if (!wsf__whole(v->order[i], 0, WSF__PROPHET_ORDERS)) return false;
  }
  if (!(v->span > 1e-6 && v->scale > 0 && v->sigma >= 0)) return false;
  const wsf__prophet_parts z = wsf__prophet_parts_in(node, state->v, state->n);
  const int64_t size = wsf__prophet_size(z.changes, z.waves, z.covariates);
  if (state->n != size && state->n != size + WSF__PROPHET_TAIL + z.arcs * WSF__PROPHET_ARC) {
    return false;
  }
  for (int j = 1; j < z.changes; ++j) {
    if (!(z.change[j - 1] <= z.change[j])) return false;
  }
  for (int c = 0; c < z.covariates; ++c) {
    if (!(z.width[c] > 0)) return false;
  }
  for (int64_t i = 0; i < z.arcs; ++i) {
    if (!wsf__whole(z.arc[i].season, 0, WSF__PROPHET_SEASONS - 1)) return false;
  }
  for (int i = 0; i < WSF__PROPHET_SEASONS; ++i) {
    if (!(z.tail->spread[i] >= 0)) return false;
  }
  return z.tail->unknown >= 0;
}

static bool check(const wsf__node *node, const wsf__panel *frame, const wsf__state *state) {
  (void)frame;
  const wsf__state bare = {.v = state->v, .n = wsf__prophet_bare(state->v, state->n)};
  const wsf__prophet_memory memory = wsf__prophet_memory_of(state);
  if (!check_bare(node, &bare)) return false;
  if (memory.n == 0) return true;
  return (double)memory.n == ((const wsf__prophet *)state->v)->n &&
         wsf__prophet_memory_check(&memory) &&
         (memory.fitted.v == state->v || check_bare(node, &memory.fitted));
}

/* Of y divided by its scale, and time from 0 to 1, as the package tells them. */
static void coefficients(const wsf__fitted *m, const wsf__series *s, wsf__coefficients *out) {
  static const char *const mean_name[] = {"yearly_mean", "weekly_mean", "daily_mean",
                                          "season_mean"};
  const wsf__prophet *state = (const wsf__prophet *)m->state[s->slot].v;
  const wsf__prophet_parts z =
      wsf__prophet_parts_in(m->node, (const double *)state, m->state[s->slot].n);
  const char *const *names = wsf__coefficient_names(out, m->node, z.covariates);
  if (!names) return;
  wsf__coefficient_add(out, "k", 0, state->k, NAN);
  wsf__coefficient_add(out, "m", 0, state->m, NAN);
  for (int j = 0; j < z.changes; ++j) wsf__coefficient_add(out, "s", j + 1, z.change[j], NAN);
  for (int j = 0; j < z.changes; ++j) wsf__coefficient_add(out, "delta", j + 1, z.delta[j], NAN);
  const double *beta = z.beta;
  for (int i = 0; i < WSF__PROPHET_SEASONS; ++i) {
    for (int c = 0; c < 2 * (int)state->order[i]; ++c) {
      wsf__coefficient_add(out, wsf__prophet_season_name[i], c + 1, *beta++, NAN);
    }
  }
  for (int c = 0; c < z.covariates; ++c) {
    wsf__coefficient_column(out, names[c], *beta++);
  }
  for (int c = 0; c < z.covariates; ++c) {
    if (z.centre[c] == 0 && z.width[c] == 1) continue;
    wsf__coefficient_add(out, "mu", c + 1, z.centre[c], NAN);
    wsf__coefficient_add(out, "std", c + 1, z.width[c], NAN);
  }
  for (int64_t i = 0; i < z.arcs; ++i) { /* taken off the season, so that it counts from its mean */
    const int of = (int)z.arc[i].season;
    if (i > 0 && z.arc[i - 1].season == of) continue;
    wsf__coefficient_add(out, mean_name[of], 0, z.tail->level[of], NAN);
  }
  wsf__coefficient_add(out, "sigma_obs", 0, state->sigma, NAN);
  wsf__coefficient_add(out, "y_scale", 0, state->scale, NAN);
  wsf__coefficient_add(out, "y_min", 0, z.tail->lowest, NAN);
  wsf__coefficient_add(out, "start", 0, state->start, NAN);
  wsf__coefficient_add(out, "t_scale", 0, state->span, NAN);
}

const wsf__model_class wsf__model_prophet = {
    .spec = {.family = "model",
             .group = "local",
             .name = "prophet",
             .summary = "a trend that changes its growth, seasons of the calendar and regressors",
             .source = "Taylor and Letham (2018)",
             .since = "0.2.0",
             .example = "prophet(seasonality_mode=multiplicative)",
             .options = options,
             .n_options = sizeof options / sizeof *options},
    .fit_series = wsf__prophet_fit,
    .predict_series = predict,
    .response = response,
    .update = update,
    .check = check,
    .promise = {.binary = WSF__EXACT,
                .units = WSF__CONVERGING,
                .level = WSF__NOT,
                .update = WSF__CONVERGING,
                .needs_length = true,
                .why = "y is divided by its largest size, priors draw to zero, a search ends"},
    .coefficients = coefficients,
    .regresses = wsf__regressors_any,
    .refits = true,
};
