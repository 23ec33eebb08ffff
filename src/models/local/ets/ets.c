/* Exponential smoothing in state-space form with automatic selection: the word `ets`.
 *
 * Hyndman, Koehler, Snyder and Grose (2002), "A state space framework for automatic forecasting
 * using exponential smoothing methods"; Hyndman, Koehler, Ord and Snyder (2008). Thirty forms of
 * error, trend and season; the one with the least AICc (AIC, BIC) wins, with the conventions of R's
 * forecast::ets: bounds, counting of parameters, forms left out by `restrict`, no season longer
 * than 24 unless the season's letter is given. A season that is longer, or that the criterion
 * refuses, since in few cycles first states cost more than they can earn, is taken off, or divided
 * by, if it is plain (analysis/plain_season.c) and stays as it is: gamma = 0; search=r leaves it
 * out as R does. What is made largest is a posterior density, and kinds of trend are averaged
 * (ets_prior.c, ets_average.c), unless criterion=likelihood asks for R's. Missing values move the
 * states without an error. Forms with a multiplicative part need positive data. A series too short
 * for any form follows its level with a fixed weight. */
#include "math/elementary.h"
#include "models/coefficients.h"
#include "models/components.h"
#include "models/local/ets/ets_request.h"
#include "models/trend_uncertainty.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const wsf__option options[] = {
    {"model", WSF__TEXT, "ZZZ", 0, 0, NULL,
     "Letters of error, trend and season: N none, A additive, M multiplicative, Z chosen; Ad or Md "
     "for a damped trend. Inside log and boxcox what is chosen is additive."},
    {"damped", WSF__WORD, "auto", 0, 0, "auto|true|false", "Whether the trend is damped."},
    {"season", WSF__INT, "0", 0, WSF__ETS_SEASON_MAX, NULL,
     "Steps in a season; 0 is the data's. Above 24 only with the letter A or M for the season."},
    {"ic", WSF__WORD, "aicc", 0, 0, "aicc|aic|bic", "Information criterion that chooses the form."},
    {"criterion", WSF__WORD, "auto", 0, 0, "auto|posterior|likelihood",
     "What is made as large as it can be. posterior: the likelihood of any first level and slope, "
     "and of a trend that moves little, kinds of trend averaged by their weights. "
     "likelihood: R's, opt.crit=\"lik\". auto: likelihood with search=r or newton, where a trend "
     "may multiply and in data with seasons above 24, else posterior."},
    {"bounds", WSF__WORD, "both", 0, 0, "both|usual|admissible",
     "Region of the smoothing parameters."},
    {"alpha", WSF__REAL, "", 0, 2, NULL, "Weight of the level, if not estimated."},
    {"beta", WSF__REAL, "", 0, 4, NULL, "Weight of the slope, if not estimated."},
    {"gamma", WSF__REAL, "", 0, 2, NULL, "Weight of the season, if not estimated."},
    {"phi", WSF__REAL, "", 0, 1, NULL, "Damping of the slope, if not estimated."},
    {"search", WSF__WORD, "auto", 0, 0, "auto|simplex|r|newton",
     "simplex stops as R's does, near the first states of a decomposition, in any unit at the same "
     "place; r is R's to the last step and depends on the units; newton goes on to the "
     "likelihood's maximum, is faster, and may fit the first states too closely. auto: newton "
     "where a form holds a season of 24, too many states for a simplex."},
    {"restrict", WSF__FLAG, "true", 0, 0, NULL, "Leave out forms with an infinite variance."},
    {"allow_multiplicative_trend", WSF__FLAG, "false", 0, 0, NULL,
     "Try multiplicative trends where the trend is chosen."},
    WSF__REGRESSORS_OPTION("Columns and features known ahead that the target depends on, around "
                           "which it is smoothed; forms then are additive."),
    {"intervals", WSF__WORD, "adjusted", 0, 0, "adjusted|model",
     "adjusted: they count that the trend may change, and heavy tails; model: the formula alone as "
     "R "
     "has "
     "it, too narrow for short histories."},
    {"paths", WSF__INT, "2000", 64, 100000, NULL,
     "Simulated paths for the quantiles of forms without a variance formula."},
};

static int letter(char c) {
  return c == 'N'   ? WSF__ETS_NONE
         : c == 'A' ? WSF__ETS_ADD
         : c == 'M' ? WSF__ETS_MUL
         : c == 'Z' ? -1
                    : -2;
}

static bool allowed(int wanted, int kind, bool by_choice) {
  return wanted == kind || (wanted < 0 && by_choice);
}

static wsf_status refuse(const wsf__node *node, wsf_error *err, wsf_status status) {
  wsf__error_at_byte(err, node->byte);
  return status;
}

static wsf_status read_forms(const wsf__node *node, wsf__ets_request *r, wsf_error *err) {
  const char *text = wsf__arg_text(node, "model");
  const size_t length = strlen(text);
  int damped = wsf__arg_is(node, "damped", "true")    ? 1
               : wsf__arg_is(node, "damped", "false") ? 0
                                                      : -1;
  int kind[3] = {-2, -2, -2};
  if (length == 3 || (length == 4 && text[2] == 'd' && damped != 0)) {
    if (length == 4) damped = 1;
    kind[0] = letter(text[0]), kind[1] = letter(text[1]), kind[2] = letter(text[length - 1]);
  }
  if (kind[0] < -1 || kind[0] == WSF__ETS_NONE || kind[1] < -1 || kind[2] < -1) {
    return refuse(
        node, err,
        wsf__fail(
            err, WSF_E_VALUE,
            "the form \"%.16s\" was found where letters such as ZZZ, ANN or MAdM were expected",
            text));
  }
  const bool additive = wsf__arg(node, "x")->n > 0;
  if (additive && strchr(text, 'M')) {
    return refuse(
        node, err,
        wsf__fail(err, WSF_E_VALUE,
                  "the form \"%.16s\" was found where x= needs a form without the letter M", text));
  }
  const bool restricted = wsf__arg_flag(node, "restrict");
  const bool powers = wsf__arg_flag(node, "allow_multiplicative_trend");
  r->season_chosen = kind[2] < 0;
  r->ratios = powers || strchr(text, 'M');
  r->n_forms = 0;
  for (int s = 0; s <= 2; ++s) {
    for (int t = 0; t <= 2; ++t) {
      for (int d = 0; d <= (t > 0); ++d) {
        for (int e = 1; e <= 2; ++e) {
          if (!allowed(kind[0], e, true) || !allowed(kind[1], t, t < 2 || powers) ||
              !allowed(kind[2], s, true) || (damped >= 0 && t > 0 && damped != d) ||
              (damped > 0 && t == 0 && kind[1] == 0)) {
            continue;
          }
          if (additive && (e == 2 || t == 2 || s == 2)) continue;
          /* Infinite forecast variance, or worse (book, section 15.2). */
          if (restricted && ((e == 1 && (s == 2 || t == 2)) || (e == 2 && t == 2 && s == 1))) {
            continue;
          }
          r->form[r->n_forms++] = (wsf__ets_form){e, t, s, d > 0};
        }
      }
    }
  }
  if (r->n_forms > 0) return WSF_OK;
  return refuse(node, err,
                wsf__fail(err, WSF_E_VALUE,
                          "the form \"%.16s\" with these options leaves no form to fit", text));
}

/* Parameters that were given must leave room for each other. */
static wsf_status check_fixed(const wsf__node *node, const wsf__ets_limits *limits,
                              wsf_error *err) {
  const double a = limits->fixed[0], b = limits->fixed[1], g = limits->fixed[2];
  const double phi = isnan(limits->fixed[3]) ? 1 : limits->fixed[3];
  const double most_b = limits->usual ? a : (1 + phi) * (2 - a);
  const double most_g = limits->usual ? 1 - a : 1 + 1 / phi - a;
  const bool beta = b > most_b, gamma = g > most_g; /* false for NaN */
  if (!beta && !gamma) return WSF_OK;
  return refuse(node, err,
                wsf__fail(err, WSF_E_VALUE,
                          "%s=%g was found where at most %g was expected beside alpha=%g",
                          beta ? "beta" : "gamma", beta ? b : g, beta ? most_b : most_g, a));
}

static wsf_status read_request(const wsf__node *node, wsf__fit *f, wsf__ets_request *r) {
  static const char *const name[4] = {"alpha", "beta", "gamma", "phi"};
  memset(r, 0, sizeof *r);
  WSF__TRY(read_forms(node, r, f->err));
  WSF__TRY(wsf__regressors_find(&r->x, node, f->panel, f->scratch, f->err));
  for (int i = 0; i < 4; ++i) {
    r->limits.fixed[i] =
        wsf__arg(node, name[i])->form == WSF__NUMBER ? wsf__arg_number(node, name[i]) : NAN;
  }
  r->limits.usual = !wsf__arg_is(node, "bounds", "admissible");
  r->limits.admissible = !wsf__arg_is(node, "bounds", "usual");
  WSF__TRY(check_fixed(node, &r->limits, f->err));
  static const double most[4] = {2, 4, 2, 0.98};
  for (int i = 0; i < 4; ++i) {
    r->limits.least[i] = i == 3 ? 0.8 : r->limits.usual ? 1e-4 : i == 1 ? -1 : 0;
    r->limits.most[i] = r->limits.usual && i < 3 ? 0.9999 : most[i];
  }
  const int64_t m = wsf__season_of(node, f->panel);
  r->m = m > WSF__ETS_SEASON_MAX ? 1 : (int)m;
  r->period = m;
  r->long_season = m > (r->season_chosen ? WSF__ETS_SEASON_AUTO : WSF__ETS_SEASON_MAX);
  const bool posterior = wsf__arg_is(node, "criterion", "posterior");
  r->simplex = !wsf__arg_is(node, "search", "newton");
  r->hours = r->m == WSF__ETS_SEASON_AUTO && wsf__arg_is(node, "search", "auto") && !posterior;
  r->as_given = wsf__arg_is(node, "search", "r");
  if (posterior && (!r->simplex || r->as_given)) {
    return refuse(node, f->err,
                  wsf__fail(f->err, WSF_E_VALUE,
                            "criterion=posterior was found where search=%s needs the likelihood",
                            wsf__arg_text(node, "search")));
  }
  /* The prior was not found for powers, nor for data with a season that no form holds: on Walmart
   * after 67 weeks it costs 8 % there. */
  bool without = f->panel->season > WSF__ETS_SEASON_AUTO;
  for (int i = 0; i < r->n_forms; ++i) without = without || r->form[i].trend == WSF__ETS_MUL;
  r->limits.prior = posterior || (!without && wsf__arg_is(node, "criterion", "auto") &&
                                  r->simplex && !r->as_given);
  r->ic = wsf__arg_is(node, "ic", "bic") ? 'b' : wsf__arg_is(node, "ic", "aic") ? 'a' : 'c';
  return WSF_OK;
}

static wsf_status fit(wsf__fit *f, const wsf__batch *b, wsf__fitted *out) {
  wsf__ets_request r;
  WSF__TRY(read_request(out->node, f, &r));
  for (int64_t i = 0; i < b->n; ++i) WSF__TRY(wsf__ets_choose(f, &b->series[i], &r, out));
  return WSF_OK;
}

static double variance_of(const double *v) {
  const double free = v[WSF__ETS_AT_N] - v[WSF__ETS_AT_K];
  return v[WSF__ETS_AT_SSE] / (free > 1 ? free : 1);
}

/* Add the regression to the means, and the uncertainty of its coefficients to sd. */
static wsf_status add_regression(wsf__predict *p, const wsf__fitted *m, const wsf__series *s,
                                 double sigma2, double *sd, wsf__forecast *out) {
  const int64_t h = out->h;
  double *v = (double *)(uintptr_t)m->state[s->slot].v; /* read only */
  wsf__regressors r;
  WSF__TRY(wsf__regressors_find_for(
      &r, m->node, p->frame, wsf__ets_state_columns(v, m->state[s->slot].n), p->scratch, p->err));
  const int k = r.n;
  double *x = wsf__arena_new(p->scratch, (size_t)h + 1, (size_t)k * sizeof *x);
  double *path = wsf__arena_new(p->scratch, (size_t)h, sizeof *path);
  if (!x || !path) return wsf__fail_memory(p->err);
  const double *centre = wsf__ets_state_centre(v), *b = wsf__ets_state_b(v, k);
  const double *cover = wsf__ets_state_cover(v, k);
  for (int64_t i = 0; i < h; ++i) {
    double *now = x + i * k;
    bool whole;
    WSF__TRY(wsf__regressors_ahead(&r, s, i + 1, now, &whole));
    if (!whole) out->mean[i] = NAN; /* and so will its quantiles be */
    for (int j = 0; j < k; ++j) {
      wsf__explain_regressor(out, i, r.name[j], b[j] * now[j]);
      now[j] -= centre[j];
      out->mean[i] += b[j] * now[j];
    }
  }
  for (int j = 0; j < k; ++j) {
    const wsf__ets column = wsf__ets_state_column(v, k, j);
    wsf__ets_mean(&column, 0, h, path, p->scratch);
    for (int64_t i = 0; i < h; ++i) x[i * k + j] -= path[i];
  }
  for (int64_t i = 0; i < h; ++i) {
    double spread = 0;
    for (int row = 0; row < k; ++row) {
      double along = 0;
      for (int j = 0; j < k; ++j) along += cover[row * k + j] * x[i * k + j];
      spread += along * along;
    }
    sd[i] = sqrt(sd[i] * sd[i] + sigma2 * spread);
  }
  return WSF_OK;
}

/* The same model with a slope that stays: what beta adds to the variance is how slopes to come may
 * differ, and so is wsf__trend_uncertainty. Both are estimates of one thing; the larger counts. */
static wsf__ets slope_stays(const wsf__ets *e) {
  wsf__ets out = *e;
  out.beta = 0;
  return out;
}

/* How uncertain the trend makes each step; factor[h] is workspace. */
static void trend_uncertainty(const double *v, const wsf__ets *e, int64_t h, double *uncertainty,
                              double *factor) {
  wsf__ets_path(e, h, uncertainty, factor);
  for (int64_t i = 0; i < h; ++i) {
    uncertainty[i] =
        factor[i] * wsf__trend_uncertainty(v + WSF__ETS_AT_PAST, (double)(i + 1), uncertainty[i]);
  }
}

/* Standard error of the season of step i, relative to it where it multiplies. */
static double season_error(const double *error, const wsf__ets *e, int64_t i) {
  if (!error) return 0;
  const int64_t j = i % e->m;
  return e->form.season == WSF__ETS_MUL ? error[j] / e->season[j] : error[j];
}

/* Quantiles by the formula for the variance, or from simulated paths. */
static wsf_status spread(wsf__predict *p, const wsf__fitted *m, const wsf__series *s,
                         const wsf__ets *e, wsf__forecast *out) {
  const double *v = m->state[s->slot].v, sigma2 = variance_of(v);
  const bool adjusted = wsf__arg_is(m->node, "intervals", "adjusted");
  const double freedom = fmax(v[WSF__ETS_AT_N] - v[WSF__ETS_AT_K], 1);
  const size_t h = (size_t)out->h;
  double *sd = wsf__arena_new(p->scratch, h, 5 * sizeof *sd);
  double *reach = wsf__arena_new(p->scratch, (size_t)out->n_q, sizeof *reach);
  if (!sd || !reach) return wsf__fail_memory(p->err);
  double *uncertainty = sd + h, *factor = uncertainty + h, *work = factor + h;
  if (adjusted) trend_uncertainty(v, e, out->h, uncertainty, factor);
  if (!wsf__ets_has_variance(&e->form)) {
    for (int k = 0; k < out->n_q; ++k) reach[k] = wsf__student_unit_quantile(out->q[k], freedom);
    const uint64_t seed = p->env->seed ^ wsf__panel_seed(p->frame, s->id);
    const bool done = wsf__ets_quantiles(e, sigma2, out->h, out->n_q, out->q, out->quantile,
                                         wsf__arg_int(m->node, "paths"), seed,
                                         adjusted ? uncertainty : NULL, reach, p->scratch);
    return done ? WSF_OK : wsf__fail_memory(p->err);
  }
  wsf__ets_sd(e, sigma2, out->h, out->mean, sd, work, p->scratch);
  if (adjusted) {
    const double *fixed = sd; /* of a slope that stays, as most do */
    if (e->form.trend && e->beta != 0) {
      const wsf__ets steady = slope_stays(e);
      wsf__ets_sd(&steady, sigma2, out->h, out->mean, factor, work, p->scratch);
      fixed = factor;
    }
    for (int64_t i = 0; i < out->h; ++i) {
      sd[i] = fmax(sd[i], wsf__hypot(fixed[i], uncertainty[i]));
    }
  }
  if (wsf__arg(m->node, "x")->n > 0) {
    WSF__TRY(add_regression(p, m, s, sigma2, sd, out));
  }
  if (!adjusted) {
    wsf__forecast_normal(out, sd);
    return WSF_OK;
  }
  const double *error =
      wsf__ets_state_errors((double *)(uintptr_t)v, m->state[s->slot].n); /* read only */
  for (int64_t i = 0; i < out->h; ++i) {
    const double scale = e->form.season == WSF__ETS_MUL ? fabs(out->mean[i]) : 1;
    sd[i] = wsf__hypot(sd[i], scale * season_error(error, e, i));
  }
  wsf__forecast_student(out, sd, freedom);
  return WSF_OK;
}

/* Level, trend and season in this order: each is what it changes of those before. */
static wsf_status explain(wsf__predict *p, const wsf__ets *e, const wsf__forecast *out) {
  if (!out->components) return WSF_OK;
  double *path = wsf__arena_new(p->scratch, (size_t)out->h, 2 * sizeof *path);
  if (!path) return wsf__fail_memory(p->err);
  wsf__ets_path(e, out->h, path, path + out->h);
  for (int64_t i = 0; i < out->h; ++i) {
    const double season = e->form.season ? out->mean[i] - e->level - path[i] : 0;
    wsf__explain(out, i, WSF__TREND, path[i]);
    wsf__explain(out, i, WSF__SEASON, season);
  }
  return WSF_OK;
}

static wsf_status predict(wsf__predict *p, const wsf__fitted *m, const wsf__series *s,
                          wsf__forecast *out) {
  const double *v = m->state[s->slot].v;
  const wsf__mark mark = wsf__arena_mark(p->scratch);
  double *season = wsf__arena_new(p->scratch, (size_t)v[WSF__ETS_AT_M], sizeof *season);
  if (!season) return wsf__fail_memory(p->err);
  const wsf__ets e = wsf__ets_state_read(v, season);
  wsf__ets_mean(&e, variance_of(v), out->h, out->mean, p->scratch);
  wsf_status status = explain(p, &e, out);
  if (status == WSF_OK && (out->n_q > 0 || wsf__arg(m->node, "x")->n > 0)) {
    status = spread(p, m, s, &e, out);
  }
  wsf__arena_reset(p->scratch, mark);
  return status;
}

static wsf_status response(wsf__predict *p, const wsf__fitted *m, const wsf__series *s,
                           wsf__response *out) {
  const double *v = m->state[s->slot].v, sigma2 = variance_of(v);
  double *season = wsf__arena_new(p->scratch, (size_t)v[WSF__ETS_AT_M], sizeof *season);
  double *mean = wsf__arena_new(p->scratch, (size_t)out->h, 3 * sizeof *mean);
  if (!season || !mean) return wsf__fail_memory(p->err);
  const wsf__ets e = wsf__ets_state_read(v, season);
  const bool adjusted = wsf__arg_is(m->node, "intervals", "adjusted");
  const wsf__ets steady = slope_stays(&e);
  wsf__ets_response(adjusted ? &steady : &e, out->h, out->error);
  for (int64_t i = 0; i < out->h; ++i) out->error[i] *= sqrt(fmax(sigma2, 0));
  if (!adjusted) return WSF_OK;
  trend_uncertainty(v, &e, out->h, out->shared, mean);
  const double *error =
      wsf__ets_state_errors((double *)(uintptr_t)v, m->state[s->slot].n); /* read only */
  if (error) out->level = mean + 2 * out->h, out->season = e.m;
  for (int64_t i = 0; error && i < out->h; ++i) out->level[i] = season_error(error, &e, i);
  if (e.form.error != WSF__ETS_MUL) return WSF_OK;
  wsf__ets_mean(&e, sigma2, out->h, mean, p->scratch); /* errors are relative to it */
  for (int64_t i = 0; i < out->h; ++i) {
    out->shared[i] = mean[i] != 0 ? out->shared[i] / fabs(mean[i]) : 0;
  }
  return WSF_OK;
}

static wsf_status update(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                         wsf__fitted *out) {
  const wsf__state *state = &old->state[s->slot];
  const wsf__mark mark = wsf__arena_mark(f->scratch);
  double *season = wsf__arena_new(f->scratch, (size_t)state->v[WSF__ETS_AT_M], sizeof *season);
  wsf__regressors r;
  WSF__TRY(wsf__regressors_find_for(
      &r, old->node, f->panel, wsf__ets_state_columns(state->v, state->n), f->scratch, f->err));
  double *x = wsf__arena_new(f->scratch, (size_t)s->n, (size_t)r.n * sizeof *x);
  double *v = wsf__state_copy(f, old, s, out);
  if (!season || !x || !v) return wsf__fail_memory(f->err);
  for (int64_t t = 0; t < s->n; ++t) {
    bool whole; /* a gap moves the states alone */
    WSF__TRY(wsf__regressors_read(&r, s, t, x + t * r.n, &whole));
  }
  double *errors = wsf__ets_state_errors(v, state->n);
  if (errors) wsf__ets_turn(errors, state->v + (errors - v), (int)v[WSF__ETS_AT_M], s->n);
  wsf__ets e = wsf__ets_state_read(v, season);
  wsf__ets_sums sums = {
      .n = v[WSF__ETS_AT_N], .sse = v[WSF__ETS_AT_SSE], .log_f = v[WSF__ETS_AT_LOG_F]};
  if (!wsf__ets_state_move(v, &e, &sums, s->y, x, s->n, r.n, f->scratch)) {
    return wsf__fail_memory(f->err);
  }
  if (wsf__ets_valid(&e) && isfinite(sums.sse)) {
    wsf__ets_state_write(v, &e, (int)v[WSF__ETS_AT_K], &sums, v[WSF__ETS_AT_IC]);
  } else {
    wsf__state_fail(out, s, WSF__NOT_FINITE);
  }
  wsf__arena_reset(f->scratch, mark);
  return WSF_OK;
}

static bool check(const wsf__node *node, const wsf__panel *frame, const wsf__state *state) {
  (void)frame;
  if (!wsf__state_finite(state)) return false;
  const int k = wsf__ets_state_columns(state->v, state->n);
  return wsf__regressors_may_be(node, k) && wsf__ets_state_check(state->v, state->n, k);
}

static void summarise(const wsf__state *state, wsf__summary *out) {
  static const char *const letter[] = {"N", "A", "M"};
  const double *v = state->v;
  (void)snprintf(out->form, sizeof out->form, "ETS(%s,%s%s,%s)", letter[(int)v[WSF__ETS_AT_ERROR]],
                 letter[(int)v[WSF__ETS_AT_TREND]], v[WSF__ETS_AT_DAMPED] > 0 ? "d" : "",
                 letter[(int)v[WSF__ETS_AT_SEASON]]);
  if (v[WSF__ETS_AT_IC] != 0) out->criterion = v[WSF__ETS_AT_IC];
}

/* Parameters of the form, the states at the end of the history, and the regression, whose errors
 * are those of least squares given the parameters. */
static void coefficients(const wsf__fitted *m, const wsf__series *s, wsf__coefficients *out) {
  double *v = (double *)(uintptr_t)m->state[s->slot].v; /* read only */
  const int k = wsf__ets_state_columns(v, m->state[s->slot].n);
  const bool trend = v[WSF__ETS_AT_TREND] > 0, season = v[WSF__ETS_AT_SEASON] > 0;
  wsf__coefficient_add(out, "alpha", 0, v[WSF__ETS_AT_ALPHA], NAN);
  if (trend) wsf__coefficient_add(out, "beta", 0, v[WSF__ETS_AT_BETA], NAN);
  if (season) wsf__coefficient_add(out, "gamma", 0, v[WSF__ETS_AT_GAMMA], NAN);
  if (v[WSF__ETS_AT_DAMPED] > 0) wsf__coefficient_add(out, "phi", 0, v[WSF__ETS_AT_PHI], NAN);
  wsf__coefficient_add(out, "level", 0, v[WSF__ETS_AT_LEVEL], NAN);
  if (trend) wsf__coefficient_add(out, "slope", 0, v[WSF__ETS_AT_SLOPE], NAN);
  for (int j = 0; season && j < (int)v[WSF__ETS_AT_M]; ++j) {
    wsf__coefficient_add(out, "season", j + 1, v[WSF__ETS_AT_SEASONS + j], NAN);
  }
  wsf__coefficient_design(out, m->node, k, wsf__ets_state_b(v, k), wsf__ets_state_cover(v, k), 1,
                          variance_of(v));
  wsf__coefficient_add(out, "sigma2", 0, variance_of(v), NAN);
}

const wsf__model_class wsf__model_ets = {
    .spec = {"model", "local", "ets",
             "Exponential smoothing in state-space form, its error, trend and season chosen by an "
             "information criterion.",
             "Hyndman, Koehler, Ord and Snyder (2008), Forecasting with Exponential Smoothing; "
             "conventions of R's forecast::ets",
             "0.1.0", "ets(MAM, damped=false)", options, sizeof options / sizeof *options},
    .fit = fit,
    .predict_series = predict,
    .response = response,
    .update = update,
    .check = check,
    .promise = {.units = WSF__CONVERGING,
                .level = WSF__NOT,
                .update = WSF__NOT,
                .why = "a search ends somewhere; what multiplies has a zero; an update keeps the "
                       "parameters"},
    .coefficients = coefficients,
    .summarise = summarise,
    .regresses = wsf__regressors_any,
};
