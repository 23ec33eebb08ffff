/* Several seasons, of whole or broken length, by exponential smoothing: the word `tbats`.
 *
 * De Livera, Hyndman and Snyder (2011), "Forecasting time series with complex seasonal patterns
 * using exponential smoothing", JASA 106: a Box-Cox power, a level, a slope that may be damped,
 * harmonics for each season, ARMA errors; which of them, and how many harmonics, by an
 * information criterion (tbats_fit.c); the paper's is AIC, which takes too many harmonics where a
 * season of 52 was seen two or three times. Likelihood with the best seeds for every parameter
 * (tbats_profile.c), so it is no lower than that of R's forecast::tbats, which keeps the seeds of
 * its starting point.
 *
 * Intervals: the errors' variance times the squares of the responses, carried back through the
 * power. Missing values move the states without an error. The power is in 0 .. 1 and needs positive
 * values; `auto` leaves it out otherwise. Forecasts stop at a thousand times the largest
 * observation. Update: the recursion goes on with the parameters of the fit. A history too short
 * for a level is followed by its last value. Limits: 8 seasons, 192 harmonics in all. */
#include "models/local/tbats/tbats.h"
#include "analysis/boxcox_lambda.h"
#include "math/elementary.h"
#include "math/normal.h"
#include "models/coefficients.h"
#include "models/components.h"
#include "models/history.h"

#include <math.h>
#include <string.h>

static const wsf__option options[] = {
    {"seasons", WSF__REALS, "", 2, 100000, NULL,
     "Steps in each season, broken numbers allowed; absent: the data's season."},
    {"harmonics", WSF__INTS, "", 1, WSF__TBATS_HARMONICS, NULL,
     "Pairs of sine and cosine for each of the seasons, at most half its steps; absent: chosen."},
    {"boxcox", WSF__WORD, "auto", 0, 0, "auto|true|false",
     "Whether a power of the values is modelled; auto: by the criterion, if all are positive."},
    {"trend", WSF__WORD, "auto", 0, 0, "auto|true|false", "Whether the level has a slope."},
    {"damped", WSF__WORD, "auto", 0, 0, "auto|true|false", "Whether the slope dies out."},
    {"arma", WSF__FLAG, "true", 0, 0, NULL, "Whether ARMA errors are tried."},
    {"ic", WSF__WORD, "aicc", 0, 0, "aicc|aic|bic",
     "Criterion that chooses harmonics, power, slope, damping and ARMA order; R's is aic."},
    {"bias", WSF__FLAG, "false", 0, 0, NULL,
     "Forecast the mean of a power's values; false: the median, as R."},
};

static const double CAP = 1000; /* times the largest observation */

static int read_choice(const wsf__node *node, const char *option) {
  return wsf__arg_is(node, option, "true") ? 1 : wsf__arg_is(node, option, "false") ? 0 : -1;
}

static wsf_status bad_option(const wsf__node *node, wsf_error *err, const char *what, int found,
                             int expected) {
  const wsf_status status =
      wsf__fail(err, WSF_E_VALUE, "%s: %d found where %d were expected", what, found, expected);
  wsf__error_at_byte(err, node->byte);
  return status;
}

static wsf_status bad_harmonics(const wsf__node *node, wsf_error *err, int found, int most,
                                double period) {
  (void)wsf__fail(err, WSF_E_VALUE,
                  "%d harmonics were given, expected at most %d, half of the season's %.6g periods",
                  found, most, period);
  wsf__error_at_byte(err, node->byte);
  wsf__error_at_field(err, "harmonics");
  return WSF_E_VALUE;
}

static wsf_status read_request(const wsf__node *node, const wsf__panel *panel,
                               wsf__tbats_request *r, wsf_error *err) {
  const wsf__value *seasons = wsf__arg(node, "seasons"), *harmonics = wsf__arg(node, "harmonics");
  const double own = (double)wsf__season_of(node, panel);
  const bool given = seasons->form == WSF__NUMBERS;
  const double *period = given ? seasons->numbers : &own;
  const int n = given ? seasons->n : own > 1;
  *r = (wsf__tbats_request){.box = read_choice(node, "boxcox"),
                            .trend = read_choice(node, "trend"),
                            .damped = read_choice(node, "damped"),
                            .arma = wsf__arg_flag(node, "arma"),
                            .ic = wsf__arg_is(node, "ic", "bic")   ? 'b'
                                  : wsf__arg_is(node, "ic", "aic") ? 'a'
                                                                   : 'c'};
  if (n > WSF__TBATS_SEASONS) {
    return bad_option(node, err, "too many seasons", n, WSF__TBATS_SEASONS);
  }
  const bool fixed = harmonics->form == WSF__NUMBERS;
  if (fixed && harmonics->n != n) {
    return bad_option(node, err, "numbers of harmonics", harmonics->n, n);
  }
  double total = 0;
  for (int i = 0; i < n; ++i) { /* ascending, as they are searched */
    const int most = (int)fmax(floor(period[i] / 2), 1);
    const int k = fixed ? (int)harmonics->numbers[i] : 0;
    if (k > most) return bad_harmonics(node, err, k, most, period[i]);
    int at = r->seasons++;
    for (; at > 0 && r->period[at - 1] > period[i]; --at) {
      r->period[at] = r->period[at - 1];
      r->harmonics[at] = r->harmonics[at - 1];
    }
    r->period[at] = period[i];
    r->harmonics[at] = k;
    total += k;
  }
  if (total > WSF__TBATS_HARMONICS) {
    return bad_option(node, err, "too many harmonics", (int)total, WSF__TBATS_HARMONICS);
  }
  return WSF_OK;
}

/* Drop seasons that were not seen twice. */
static bool drop_long(wsf__tbats_request *r, int64_t n) {
  int kept = 0;
  while (kept < r->seasons && floor(2 * r->period[kept]) <= (double)n) ++kept;
  const bool dropped = kept < r->seasons;
  r->seasons = kept;
  return dropped;
}

static double back(const wsf__tbats *u, double w) {
  const double most = CAP * fmax(fabs(u->least), fabs(u->largest));
  return fmin(fmax(wsf__tbats_backward(u, w) * u->scale, -most), most);
}

/* Keep a form: run over the series from its seeds. */
static wsf_status keep_form(wsf__fit *f, const wsf__series *s, wsf__fitted *out,
                            const wsf__tbats *form, const double *seed, int32_t reason) {
  const int dim = wsf__tbats_dim(form);
  double *v = wsf__state_set(f, out, s, WSF__TBATS_HEAD + dim, reason);
  if (!v) return wsf__fail_memory(f->err);
  wsf__tbats *u = (wsf__tbats *)v;
  *u = *form;
  memset(u->d, 0, sizeof u->d);
  memset(u->e, 0, sizeof u->e);
  wsf__tbats_machine m;
  if (!wsf__tbats_open(&m, u, f->scratch)) return wsf__fail_memory(f->err);
  wsf__tbats_load(&m, seed);
  double sse = 0, count = 0, *history = wsf__history_of(out, s);
  for (int64_t t = 0; t < s->n; ++t) {
    double error;
    const double w = wsf__tbats_step(&m, wsf__tbats_forward(u, s->y[t] / u->scale), &error);
    if (history) history[t] = back(u, w);
    sse += error * error;
    count += !isnan(s->y[t]);
  }
  wsf__tbats_store(&m, v + WSF__TBATS_HEAD);
  const double free =
      count - wsf__tbats_seeds(u) - (reason == WSF__REPLACED ? 0 : wsf__tbats_parameters(u));
  u->sigma2 = sse / fmax(free, 1);
  if (!wsf__state_finite(&out->state[s->slot])) wsf__state_fail(out, s, WSF__NOT_FINITE);
  return WSF_OK;
}

/* The last value again. */
static wsf_status keep_walk(wsf__fit *f, const wsf__series *s, wsf__fitted *out,
                            const wsf__tbats *head, int32_t reason) {
  wsf__tbats u = *head;
  u.alpha = u.lambda = u.phi = 1;
  const double seed = s->y[0] / u.scale;
  return keep_form(f, s, out, &u, &seed, reason);
}

static bool read_history(wsf__tbats_history *h, const wsf__series *s, double scale,
                         wsf__arena *scratch) {
  int64_t n = s->n;
  while (isnan(s->y[n - 1])) --n;
  double *x = wsf__arena_new(scratch, (size_t)n, 3 * sizeof *x), *log_x = x + n;
  double *distance = log_x + n;
  if (!x) return false;
  *h = (wsf__tbats_history){.x = x, .log_x = log_x, .distance = distance, .n = n};
  for (int64_t t = 0; t < n; ++t) {
    x[t] = wsf__digits(s->y[t] / scale);
    log_x[t] = x[t] > 0 ? wsf__ln(x[t]) : NAN;
    if (isnan(x[t])) {
      h->gaps = true;
      continue;
    }
    h->observed += 1;
    h->sum_log += log_x[t];
  }
  if (isnan(h->sum_log)) h->log_x = NULL;
  wsf__middle from = wsf__middle_of(s->y, n, distance);
  if (from.spread == 0) from.spread = scale;
  h->centre = from.at / scale;
  h->unit = from.spread / scale;
  for (int64_t t = 0; t < n; ++t) distance[t] = wsf__digits((s->y[t] - from.at) / from.spread);
  return true;
}

static wsf_status fit_one(wsf__fit *f, const wsf__series *series, const wsf__tbats_request *asked,
                          wsf__fitted *out) {
  wsf__series own = *series;
  while (own.n > 0 && isnan(own.y[0])) ++own.y, --own.n;
  if (own.n == 0) {
    wsf__state_fail(out, series, WSF__EMPTY);
    return WSF_OK;
  }
  const wsf__extent e = wsf__extent_of(own.y, own.n);
  const double largest = fmax(fabs(e.least), fabs(e.largest));
  wsf__tbats u = {.scale = largest > 0 ? largest : 1, .least = e.least, .largest = e.largest};
  int32_t reason = wsf__extent_reason(e);
  if (reason != WSF__OK) return keep_walk(f, &own, out, &u, reason);
  wsf__tbats_request r = *asked;
  wsf__tbats_history h;
  if (!read_history(&h, &own, u.scale, f->scratch)) return wsf__fail_memory(f->err);
  if (!h.log_x && r.box > 0) {
    wsf__state_fail(out, series, WSF__NOT_POSITIVE);
    return WSF_OK;
  }
  if (!h.log_x || (own.interval && r.box < 0)) r.box = 0;
  const int64_t m = r.seasons > 0 ? (int64_t)round(r.period[0]) : 1;
  if (drop_long(&r, h.n)) reason = WSF__SHORT_SEASON;
  const double lambda = r.box == 0 ? 1 : fmin(wsf__boxcox_lambda(own.y, h.n, m, 0, f->scratch), 1);
  wsf__tbats best;
  double *seed;
  bool converged;
  WSF__TRY(wsf__tbats_search(&best, &seed, &converged, &h, &r, lambda, f->env, f->scratch, f->err));
  if (!seed) return keep_walk(f, &own, out, &u, WSF__REPLACED);
  if (!converged && reason == WSF__OK) reason = WSF__NO_CONVERGENCE;
  if (out->errors) {
    double *errors = wsf__errors_set(f, out, series, wsf__tbats_parameters(&best));
    if (!errors || !wsf__tbats_errors(errors, &best, &h, f->scratch)) {
      return wsf__fail_memory(f->err);
    }
  }
  if (best.box == 0) {
    for (int i = 0; i < wsf__tbats_dim(&best); ++i) seed[i] *= h.unit;
    seed[0] += h.centre;
  }
  best.scale = u.scale;
  best.least = u.least;
  best.largest = u.largest;
  const double shift = 2 * (double)h.observed * wsf__ln(u.scale); /* to the units of y */
  best.deviance += shift;
  best.aic += shift;
  best.criterion += shift;
  return keep_form(f, &own, out, &best, seed, reason);
}

static wsf_status fit(wsf__fit *f, const wsf__batch *b, wsf__fitted *out) {
  wsf__tbats_request r;
  WSF__TRY(read_request(out->node, f->panel, &r, f->err));
  const wsf__mark mark = wsf__arena_mark(f->scratch);
  for (int64_t i = 0; i < b->n; ++i) {
    WSF__TRY(fit_one(f, &b->series[i], &r, out));
    wsf__arena_reset(f->scratch, mark);
  }
  return WSF_OK;
}

static wsf_status update(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                         wsf__fitted *out) {
  double *v = wsf__state_copy(f, old, s, out);
  wsf__tbats_machine m;
  const wsf__mark mark = wsf__arena_mark(f->scratch);
  if (!v || !wsf__tbats_open(&m, (wsf__tbats *)v, f->scratch)) return wsf__fail_memory(f->err);
  wsf__tbats *u = m.u;
  wsf__tbats_load(&m, v + WSF__TBATS_HEAD);
  bool positive = true;
  for (int64_t t = 0; t < s->n; ++t) {
    double error;
    positive = positive && !(u->box > 0 && s->y[t] <= 0);
    if (isfinite(s->y[t])) {
      u->least = fmin(u->least, s->y[t]);
      u->largest = fmax(u->largest, s->y[t]);
    }
    (void)wsf__tbats_step(&m, wsf__tbats_forward(u, s->y[t] / u->scale), &error);
  }
  wsf__tbats_store(&m, v + WSF__TBATS_HEAD);
  wsf__arena_reset(f->scratch, mark);
  int32_t *reason = &out->state[s->slot].reason;
  if (*reason == WSF__CONSTANT || *reason == WSF__ZERO) {
    *reason = wsf__extent_reason((wsf__extent){u->least, u->largest});
  }
  if (!positive) {
    wsf__state_fail(out, s, WSF__NOT_POSITIVE);
  } else if (!wsf__state_finite(&out->state[s->slot])) {
    wsf__state_fail(out, s, WSF__NOT_FINITE);
  }
  return WSF_OK;
}

/* How far an error of one moves each step after it, on the scale of w. */
static bool respond(const wsf__tbats *head, int64_t h, double *psi, wsf__arena *scratch) {
  wsf__tbats u = *head;
  wsf__tbats_machine m;
  if (!wsf__tbats_open(&m, &u, scratch)) return false;
  memset(u.d, 0, sizeof u.d);
  memset(u.e, 0, sizeof u.e);
  m.level = m.slope = 0;
  double error;
  psi[0] = wsf__tbats_step(&m, 1, &error) + 1;
  for (int64_t i = 1; i < h && !wsf__cut_short(scratch); ++i) {
    psi[i] = wsf__tbats_step(&m, NAN, &error);
  }
  return true;
}

static double back_from(const void *how, double w) {
  return back(how, w);
}

/* The next step on the scale of w, before it is taken; ARMA errors belong to the base. */
static double explain_step(const wsf__tbats_machine *m, double origin, const wsf__forecast *out,
                           int64_t step) {
  double season = 0;
  for (int i = 0; i < m->k; ++i) season += m->value[i];
  const double trend = m->level + m->u->phi * m->slope - origin;
  wsf__explain(out, step, WSF__TREND, trend);
  wsf__explain(out, step, WSF__SEASON, season);
  return trend + season;
}

static wsf_status predict(wsf__predict *p, const wsf__fitted *fitted, const wsf__series *s,
                          wsf__forecast *out) {
  const wsf__state *state = &fitted->state[s->slot];
  const wsf__mark mark = wsf__arena_mark(p->scratch);
  wsf__tbats u = *(const wsf__tbats *)state->v;
  wsf__tbats_machine m;
  double *sd = wsf__arena_new(p->scratch, (size_t)out->h, sizeof *sd);
  if (!sd || !wsf__tbats_open(&m, &u, p->scratch) || !respond(&u, out->h, sd, p->scratch)) {
    return wsf__fail_memory(p->err);
  }
  double variance = 0;
  for (int64_t i = 0; i < out->h; ++i) {
    variance += sd[i] * sd[i];
    sd[i] = sqrt(u.sigma2 * variance);
  }
  wsf__tbats_load(&m, state->v + WSF__TBATS_HEAD);
  const double far = wsf__arg_flag(fitted->node, "bias") && u.box > 0 ? sqrt(3) : 0;
  const double origin = m.level;
  for (int64_t i = 0; i < out->h && !wsf__cut_short(p->scratch); ++i) {
    double error;
    const double named = explain_step(&m, origin, out, i);
    const double w = wsf__tbats_step(&m, NAN, &error), middle = back(&u, w);
    wsf__explain(out, i, WSF__BASE, w - named);
    for (int k = 0; k < out->n_q; ++k) {
      out->quantile[k * out->h + i] = back(&u, w + sd[i] * wsf__normal_quantile(out->q[k]));
    }
    /* the mean over three points of a normal distribution, as boxcox takes it */
    out->mean[i] = middle + (back(&u, w - far * sd[i]) - middle) / 6 +
                   (back(&u, w + far * sd[i]) - middle) / 6;
    sd[i] = out->mean[i] - middle;
  }
  wsf__components_through(out, back_from, &u);
  for (int64_t i = 0; i < out->h; ++i) wsf__explain(out, i, WSF__REMAINDER, sd[i]);
  wsf__arena_reset(p->scratch, mark);
  return WSF_OK;
}

static wsf_status response(wsf__predict *p, const wsf__fitted *m, const wsf__series *s,
                           wsf__response *out) {
  const wsf__tbats *u = (const wsf__tbats *)m->state[s->slot].v;
  return respond(u, out->h, out->error, p->scratch) ? WSF_OK : wsf__fail_memory(p->err);
}

static bool check(const wsf__node *node, const wsf__panel *frame, const wsf__state *state) {
  (void)node;
  (void)frame;
  if (state->n <= WSF__TBATS_HEAD || !wsf__state_finite(state)) return false;
  const wsf__tbats *u = (const wsf__tbats *)state->v;
  if (!wsf__whole(u->trend, 0, 1) || !wsf__whole(u->damped, 0, u->trend) ||
      !wsf__whole(u->box, 0, 1) || !wsf__whole(u->seasons, 0, WSF__TBATS_SEASONS) ||
      !wsf__whole(u->p, 0, WSF__TBATS_ARMA) || !wsf__whole(u->q, 0, WSF__TBATS_ARMA)) {
    return false;
  }
  double total = 0;
  for (int i = 0; i < (int)u->seasons; ++i) {
    if (!wsf__whole(u->harmonics[i], 1, WSF__TBATS_HARMONICS) || !(u->period[i] >= 2)) return false;
    total += u->harmonics[i];
  }
  return total <= WSF__TBATS_HARMONICS && state->n == WSF__TBATS_HEAD + wsf__tbats_dim(u) &&
         u->lambda >= 0 && u->lambda <= 1 && u->phi >= 0 && u->phi <= 1 && u->scale > 0 &&
         u->sigma2 >= 0 && u->least <= u->largest;
}

static void coefficients(const wsf__fitted *m, const wsf__series *s, wsf__coefficients *out) {
  const wsf__tbats *u = (const wsf__tbats *)m->state[s->slot].v;
  if (u->box > 0) wsf__coefficient_add(out, "lambda", 0, u->lambda, NAN);
  wsf__coefficient_add(out, "alpha", 0, u->alpha, NAN);
  if (u->trend > 0) wsf__coefficient_add(out, "beta", 0, u->beta, NAN);
  if (u->damped > 0) wsf__coefficient_add(out, "phi", 0, u->phi, NAN);
  for (int i = 0; i < (int)u->seasons; ++i) {
    wsf__coefficient_add(out, "gamma1.", i + 1, u->gamma1[i], NAN);
    wsf__coefficient_add(out, "gamma2.", i + 1, u->gamma2[i], NAN);
  }
  for (int i = 0; i < (int)u->p; ++i) wsf__coefficient_add(out, "ar", i + 1, u->ar[i], NAN);
  for (int i = 0; i < (int)u->q; ++i) wsf__coefficient_add(out, "ma", i + 1, u->ma[i], NAN);
}

const wsf__model_class wsf__model_tbats = {
    .spec = {"model", "local", "tbats",
             "Several seasons, of whole or broken length, by exponential smoothing of harmonics.",
             "De Livera, Hyndman and Snyder (2011), Forecasting time series with complex seasonal "
             "patterns using exponential smoothing",
             "0.1.0", "tbats(seasons=[7,365.25])", options, sizeof options / sizeof *options},
    .fit = fit,
    .predict_series = predict,
    .response = response,
    .update = update,
    .check = check,
    .promise = {.units = WSF__CONVERGING,
                .level = 1e-3,
                .update = WSF__NOT,
                .why =
                    "where a flat search ends; a power has a zero; an update keeps the parameters"},
    .coefficients = coefficients,
};
