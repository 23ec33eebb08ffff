/* Exponential smoothing in state-space form with automatic selection: the word `ets`.
 *
 * Hyndman, Koehler, Snyder and Grose (2002), "A state space framework for automatic forecasting
 * using exponential smoothing methods"; Hyndman, Koehler, Ord and Snyder (2008). Thirty forms of
 * error, trend and season; the one with the least AICc (AIC, BIC) wins, with the conventions of R's
 * forecast::ets: bounds, counting of parameters, forms left out by `restrict`, no season longer
 * than 24 unless the season's letter is given. Missing values move the states without an error.
 * Forms with a multiplicative part need positive data. A series too short for any form follows its
 * level with a fixed weight. */
#include "models/model.h"
#include "models/local/ets.h"

#include <math.h>
#include <string.h>

static const wsf__option options[] = {
    {"model", WSF__TEXT, "ZZZ", 0, 0, NULL,
     "Letters of error, trend and season: N none, A additive, M multiplicative, Z chosen; Ad or Md "
     "for a damped trend."},
    {"damped", WSF__WORD, "auto", 0, 0, "auto|true|false", "Whether the trend is damped."},
    {"season", WSF__INT, "0", 0, WSF__ETS_SEASON_MAX, NULL,
     "Steps in a season; 0 is the data's. Above 24 only with the letter A or M for the season."},
    {"ic", WSF__WORD, "aicc", 0, 0, "aicc|aic|bic", "Information criterion that chooses the form."},
    {"bounds", WSF__WORD, "both", 0, 0, "both|usual|admissible",
     "Region of the smoothing parameters."},
    {"alpha", WSF__REAL, "", 0, 2, NULL, "Weight of the level, if not estimated."},
    {"beta", WSF__REAL, "", 0, 4, NULL, "Weight of the slope, if not estimated."},
    {"gamma", WSF__REAL, "", 0, 2, NULL, "Weight of the season, if not estimated."},
    {"phi", WSF__REAL, "", 0, 1, NULL, "Damping of the slope, if not estimated."},
    {"search", WSF__WORD, "simplex", 0, 0, "simplex|newton",
     "simplex stops where R does, near the first states of a decomposition; newton goes on to the "
     "likelihood's maximum, is faster, and may fit the first states too closely."},
    {"restrict", WSF__FLAG, "true", 0, 0, NULL, "Leave out forms with an infinite variance."},
    {"allow_multiplicative_trend", WSF__FLAG, "false", 0, 0, NULL,
     "Try multiplicative trends where the trend is chosen."},
    {"paths", WSF__INT, "2000", 64, 100000, NULL,
     "Simulated paths for the quantiles of forms without a variance formula."},
};

enum { FORMS = 30, SHORTEST = 5 /* observations that a form with two parameters needs */ };
static const double SHORT_ALPHA = 0.5; /* weight of the level of a shorter series */

/* What the options say, once for a batch. */
typedef struct request {
  wsf__ets_form form[FORMS];
  int n_forms;
  bool season_chosen; /* letter Z */
  bool simplex;
  wsf__ets_limits limits;
  int m;
  char ic; /* c: AICc, a: AIC, b: BIC */
} request;

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

static wsf_status read_forms(const wsf__node *node, request *r, wsf_error *err) {
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
    wsf_status status = wsf__fail(
        err, WSF_E_VALUE,
        "the form \"%.16s\" was found where letters such as ZZZ, ANN or MAdM were expected", text);
    wsf__error_at_byte(err, node->byte);
    return status;
  }
  const bool restricted = wsf__arg_flag(node, "restrict");
  const bool powers = wsf__arg_flag(node, "allow_multiplicative_trend");
  r->season_chosen = kind[2] < 0;
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
  wsf_status status = wsf__fail(
      err, WSF_E_VALUE, "the form \"%.16s\" with these options leaves no form to fit", text);
  wsf__error_at_byte(err, node->byte);
  return status;
}

static wsf_status read_request(const wsf__node *node, const wsf__panel *panel, request *r,
                               wsf_error *err) {
  static const char *const name[4] = {"alpha", "beta", "gamma", "phi"};
  memset(r, 0, sizeof *r);
  WSF__TRY(read_forms(node, r, err));
  for (int i = 0; i < 4; ++i) {
    r->limits.fixed[i] =
        wsf__arg(node, name[i])->form == WSF__NUMBER ? wsf__arg_number(node, name[i]) : NAN;
  }
  r->limits.usual = !wsf__arg_is(node, "bounds", "admissible");
  r->limits.admissible = !wsf__arg_is(node, "bounds", "usual");
  static const double most[4] = {2, 4, 2, 0.98};
  for (int i = 0; i < 4; ++i) {
    r->limits.least[i] = i == 3 ? 0.8 : r->limits.usual ? 1e-4 : i == 1 ? -1 : 0;
    r->limits.most[i] = r->limits.usual && i < 3 ? 0.9999 : most[i];
  }
  r->simplex = wsf__arg_is(node, "search", "simplex");
  const int64_t m = wsf__season_of(node, panel);
  r->m = m > WSF__ETS_SEASON_MAX ? 1 : (int)m;
  r->ic = wsf__arg_is(node, "ic", "bic") ? 'b' : wsf__arg_is(node, "ic", "aic") ? 'a' : 'c';
  return WSF_OK;
}

static double penalty(char ic, double n, int k) {
  const double p = k + 1; /* and the variance of the errors */
  if (ic == 'b') return log(n) * p;
  return 2 * p + (ic == 'a' ? 0 : 2 * p * (p + 1) / (n - p - 1));
}

static double *state_write(double *v, const wsf__ets *e, int k, const wsf__ets_sums *sums,
                           double ic) {
  v[WSF__ETS_AT_ERROR] = e->form.error, v[WSF__ETS_AT_TREND] = e->form.trend,
  v[WSF__ETS_AT_SEASON] = e->form.season;
  v[WSF__ETS_AT_DAMPED] = e->form.damped, v[WSF__ETS_AT_M] = e->m, v[WSF__ETS_AT_K] = k;
  v[WSF__ETS_AT_ALPHA] = e->alpha, v[WSF__ETS_AT_BETA] = e->beta, v[WSF__ETS_AT_GAMMA] = e->gamma,
  v[WSF__ETS_AT_PHI] = e->phi;
  v[WSF__ETS_AT_N] = sums->n, v[WSF__ETS_AT_SSE] = sums->sse, v[WSF__ETS_AT_LOG_F] = sums->log_f,
  v[WSF__ETS_AT_IC] = ic;
  v[WSF__ETS_AT_LEVEL] = e->level, v[WSF__ETS_AT_SLOPE] = e->slope;
  memcpy(v + WSF__ETS_AT_SEASONS, e->season, (size_t)e->m * sizeof *v);
  return v;
}

/* season: [m] space for the seasonal states. */
static wsf__ets state_read(const double *v, double *season) {
  wsf__ets e = {.form = {(int)v[WSF__ETS_AT_ERROR], (int)v[WSF__ETS_AT_TREND],
                         (int)v[WSF__ETS_AT_SEASON], v[WSF__ETS_AT_DAMPED] > 0},
                .m = (int)v[WSF__ETS_AT_M],
                .alpha = v[WSF__ETS_AT_ALPHA],
                .beta = v[WSF__ETS_AT_BETA],
                .gamma = v[WSF__ETS_AT_GAMMA],
                .phi = v[WSF__ETS_AT_PHI],
                .level = v[WSF__ETS_AT_LEVEL],
                .slope = v[WSF__ETS_AT_SLOPE],
                .season = season};
  memcpy(season, v + WSF__ETS_AT_SEASONS, (size_t)e.m * sizeof *season);
  return e;
}

/* Filter the history from its first states and keep what is left. */
static wsf_status keep_fit(wsf__fit *f, const wsf__series *s, wsf__fitted *out, wsf__ets *e, int k,
                           double ic, int32_t reason) {
  wsf__ets_sums sums = {0};
  wsf__ets_filter(e, s->y, s->n, &sums);
  if (!wsf__ets_sane(e) || !isfinite(sums.sse)) {
    wsf__state_fail(out, s, WSF__NOT_FINITE);
    return WSF_OK;
  }
  double *v = wsf__state_set(f, out, s, WSF__ETS_AT_SEASONS + e->m, reason);
  if (!v) return wsf__fail_memory(f->err);
  state_write(v, e, k, &sums, isfinite(ic) ? ic : 0);
  return WSF_OK;
}

/* A level alone, with a fixed weight: series that nothing can be estimated from. */
static wsf_status keep_level(wsf__fit *f, const wsf__series *s, wsf__fitted *out, double alpha,
                             int32_t reason) {
  double season = 0;
  wsf__ets e = {.form = {.error = WSF__ETS_ADD},
                .m = 1,
                .alpha = alpha,
                .phi = 1,
                .level = s->y[0],
                .season = &season};
  return keep_fit(f, s, out, &e, 1, 0, reason);
}

static bool same_form(const wsf__ets_form *a, const wsf__ets_form *b) {
  return a->error == b->error && a->trend == b->trend && a->season == b->season &&
         a->damped == b->damped;
}

/* All the forms of one shape: kind of season, and multiplicative or other trend. */
enum { SHAPES = 6 };
static wsf_status fit_shape(wsf__fit *f, const request *r, wsf__ets_work *w,
                            const wsf__ets_form *form, int n_forms, int shape, int m, double count,
                            wsf__ets_fit *best, double *best_ic) {
  wsf__ets_form mine[WSF__ETS_LANES];
  wsf__ets_fit fitted[WSF__ETS_LANES];
  double cost[WSF__ETS_LANES], bound = *best_ic;
  int n = 0;
  for (int i = 0; i < n_forms; ++i) {
    if (form[i].season + 3 * (form[i].trend == WSF__ETS_MUL) != shape) continue;
    mine[n] = form[i];
    fitted[n].start.season = best->start.season + (n + 1) * m;
    cost[n] = penalty(r->ic, count, wsf__ets_count(&form[i], m, &r->limits));
    ++n;
  }
  if (n == 0) return WSF_OK;
  if (wsf__cancelled(f->env)) return wsf__fail(f->err, WSF_E_CANCELLED, "the call was stopped");
  const wsf__mark mark = wsf__arena_mark(f->scratch);
  if (r->simplex) {
    if (!wsf__ets_simplex(fitted, mine, cost, n, w, m, &r->limits, &bound, f->scratch)) {
      return wsf__fail_memory(f->err);
    }
  }
  for (int i = 0; i < n; ++i) {
    if (!r->simplex) {
      wsf__ets_maximise(&fitted[i], w, &mine[i], m, &r->limits, *best_ic - cost[i]);
    }
    if (!(fitted[i].deviance + cost[i] < *best_ic)) continue;
    *best_ic = fitted[i].deviance + cost[i];
    double *season = best->start.season;
    memcpy(season, fitted[i].start.season, (size_t)fitted[i].start.m * sizeof *season);
    *best = fitted[i];
    best->start.season = season;
  }
  wsf__arena_reset(f->scratch, mark);
  return WSF_OK;
}

static wsf_status fit_one(wsf__fit *f, const wsf__series *s, const request *r, wsf__fitted *out) {
  double least = INFINITY, most = -INFINITY;
  int64_t count = 0;
  for (int64_t t = 0; t < s->n; ++t) {
    if (isnan(s->y[t])) continue;
    least = fmin(least, s->y[t]);
    most = fmax(most, s->y[t]);
    ++count;
  }
  if (count == 0) {
    wsf__state_fail(out, s, WSF__EMPTY);
    return WSF_OK;
  }
  if (least == most && count > 1) {
    return keep_level(f, s, out, 0.99999, least == 0 ? WSF__ZERO : WSF__CONSTANT);
  }
  if (count < SHORTEST) return keep_level(f, s, out, SHORT_ALPHA, WSF__REPLACED);

  /* Which forms the data can carry. */
  wsf__ets_form form[FORMS];
  int n_forms = 0, widest = 1;
  bool any_positive = false, season_lost = false;
  for (int i = 0; i < r->n_forms; ++i) {
    const wsf__ets_form *c = &r->form[i];
    const bool power = c->error == 2 || c->trend == 2 || c->season == 2;
    if (power && !(least > 0)) continue;
    any_positive = true;
    if (c->season) {
      if (r->m == 1 || (r->season_chosen && r->m > WSF__ETS_SEASON_AUTO)) continue;
      if (count < 2 * (int64_t)r->m || count < wsf__ets_count(c, r->m, &r->limits) + 3) {
        season_lost = true;
        continue;
      }
    }
    if (count < wsf__ets_count(c, r->m, &r->limits) + 3) continue;
    if (c->season) widest = r->m;
    form[n_forms++] = *c;
  }
  if (!any_positive) {
    wsf__state_fail(out, s, WSF__NOT_POSITIVE);
    return WSF_OK;
  }
  int32_t reason = season_lost && widest == 1 ? WSF__SHORT_SEASON : WSF__OK;
  if (n_forms == 0) {
    /* The letters ask for more than there is: leave out the season, then the trend. */
    for (int without = 1; without <= 2 && n_forms == 0; ++without) {
      for (int i = 0; i < r->n_forms; ++i) {
        wsf__ets_form c = r->form[i];
        if (!(least > 0) && (c.error == 2 || c.trend == 2)) continue;
        c.season = WSF__ETS_NONE;
        if (without == 2) c.trend = WSF__ETS_NONE, c.damped = false;
        bool known = count < wsf__ets_count(&c, 1, &r->limits) + 3;
        for (int j = 0; j < n_forms && !known; ++j) known = same_form(&form[j], &c);
        if (!known) form[n_forms++] = c;
      }
    }
    if (reason == WSF__OK) reason = WSF__REPLACED;
  }
  if (n_forms == 0) return keep_level(f, s, out, SHORT_ALPHA, WSF__REPLACED);

  const wsf__mark mark = wsf__arena_mark(f->scratch);
  wsf_status status = WSF_OK;
  wsf__ets_work *w = wsf__ets_work_new(f->scratch, s->y, s->n, widest);
  double *season =
      wsf__arena_new(f->scratch, (size_t)widest, (1 + WSF__ETS_LANES) * sizeof *season);
  if (!w || !season) return wsf__fail_memory(f->err);
  wsf__ets_fit best = {.start.season = season};
  double best_ic = INFINITY;
  for (int shape = 0; shape < SHAPES && status == WSF_OK; ++shape) {
    status = fit_shape(f, r, w, form, n_forms, shape, widest, (double)count, &best, &best_ic);
  }
  if (status == WSF_OK && isfinite(best_ic)) {
    status = keep_fit(f, s, out, &best.start, best.k, best_ic, reason);
  } else if (status == WSF_OK) {
    status = keep_level(f, s, out, SHORT_ALPHA, WSF__REPLACED);
  }
  wsf__arena_reset(f->scratch, mark);
  return status;
}

static wsf_status fit(wsf__fit *f, const wsf__batch *b, wsf__fitted *out) {
  request r;
  WSF__TRY(read_request(out->node, f->panel, &r, f->err));
  for (int64_t i = 0; i < b->n; ++i) WSF__TRY(fit_one(f, &b->series[i], &r, out));
  return WSF_OK;
}

static double variance_of(const double *v) {
  const double free = v[WSF__ETS_AT_N] - v[WSF__ETS_AT_K];
  return v[WSF__ETS_AT_SSE] / (free > 1 ? free : 1);
}

static wsf_status predict(wsf__predict *p, const wsf__fitted *m, const wsf__series *s,
                          wsf__forecast *out) {
  const double *v = m->state[s->slot].v;
  const wsf__mark mark = wsf__arena_mark(p->scratch);
  double *season = wsf__arena_new(p->scratch, (size_t)v[WSF__ETS_AT_M], sizeof *season);
  double *work = wsf__arena_new(p->scratch, (size_t)out->h, 3 * sizeof *work);
  if (!season || !work) return wsf__fail_memory(p->err);
  const wsf__ets e = state_read(v, season);
  wsf_status status = WSF_OK;
  wsf__ets_mean(&e, out->h, out->mean);
  if (out->n_q > 0 && wsf__ets_has_variance(&e.form)) {
    double *sd = work + 2 * out->h;
    wsf__ets_sd(&e, variance_of(v), out->h, out->mean, sd, work);
    wsf__forecast_normal(out, sd);
  } else if (out->n_q > 0) {
    const uint64_t seed = p->env->seed ^ wsf__panel_seed(p->frame, s->id);
    if (!wsf__ets_quantiles(&e, variance_of(v), out->h, out->n_q, out->q, out->quantile,
                            wsf__arg_int(m->node, "paths"), seed, p->scratch)) {
      status = wsf__fail_memory(p->err);
    }
  }
  wsf__arena_reset(p->scratch, mark);
  return status;
}

static wsf_status update(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                         wsf__fitted *out) {
  const wsf__state *state = &old->state[s->slot];
  const wsf__mark mark = wsf__arena_mark(f->scratch);
  double *season = wsf__arena_new(f->scratch, (size_t)state->v[WSF__ETS_AT_M], sizeof *season);
  if (!season) return wsf__fail_memory(f->err);
  wsf__ets e = state_read(state->v, season);
  wsf__ets_sums sums = {state->v[WSF__ETS_AT_N], state->v[WSF__ETS_AT_SSE],
                        state->v[WSF__ETS_AT_LOG_F]};
  wsf__ets_filter(&e, s->y, s->n, &sums);
  wsf_status status = WSF_OK;
  if (wsf__ets_sane(&e) && isfinite(sums.sse)) {
    double *v = wsf__state_set(f, out, s, state->n, state->reason);
    if (v)
      state_write(v, &e, (int)state->v[WSF__ETS_AT_K], &sums, state->v[WSF__ETS_AT_IC]);
    else
      status = wsf__fail_memory(f->err);
  } else {
    wsf__state_fail(out, s, WSF__NOT_FINITE);
  }
  wsf__arena_reset(f->scratch, mark);
  return status;
}

static bool whole(double x, double low, double high) {
  return x >= low && x <= high && x == floor(x);
}

static bool check(const wsf__node *node, const wsf__panel *frame, const wsf__state *state) {
  (void)node;
  (void)frame;
  const double *v = state->v;
  if (state->n < WSF__ETS_AT_SEASONS + 1 || !wsf__state_finite(state)) return false;
  if (!whole(v[WSF__ETS_AT_ERROR], 1, 2) || !whole(v[WSF__ETS_AT_TREND], 0, 2) ||
      !whole(v[WSF__ETS_AT_SEASON], 0, 2) || !whole(v[WSF__ETS_AT_DAMPED], 0, 1) ||
      !whole(v[WSF__ETS_AT_M], 1, WSF__ETS_SEASON_MAX) ||
      state->n != WSF__ETS_AT_SEASONS + (int64_t)v[WSF__ETS_AT_M] || !(v[WSF__ETS_AT_N] >= 0) ||
      !(v[WSF__ETS_AT_K] >= 0) || !(v[WSF__ETS_AT_SSE] >= 0)) {
    return false;
  }
  double season[WSF__ETS_SEASON_MAX];
  const wsf__ets e = state_read(v, season);
  return wsf__ets_sane(&e) && fabs(e.alpha) <= 4 && fabs(e.beta) <= 4 && fabs(e.gamma) <= 4 &&
         e.phi >= 0 && e.phi <= 1;
}

const wsf__model_class wsf__model_ets = {
    .spec = {"model", "local", "ets",
             "Exponential smoothing in state-space form, its error, trend and season chosen by an "
             "information criterion.",
             "Hyndman, Koehler, Ord and Snyder (2008), Forecasting with Exponential Smoothing; "
             "conventions of R's forecast::ets",
             "0.1.0", "ets(MAM, damped=false)", options, sizeof options / sizeof *options},
    .fit = fit,
    .predict = predict,
    .update = update,
    .check = check,
};
