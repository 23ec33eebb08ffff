/* The theta method: the word `theta`.
 *
 * Assimakopoulos and Nikolopoulos (2000), "The theta model: a decomposition approach to
 * forecasting"; Hyndman and Billah (2003), "Unmasking the theta method": exponential smoothing with
 * half of the trend line's slope as drift, the method stm, with the conventions of R's
 * forecast::thetaf; Fiorucci et al. (2016): otm, dstm and dotm, where theta is estimated or the
 * line follows the history. auto takes the smaller one-step error of otm and dotm, which contain
 * the standard models. Intervals are those of the single-source-of-error form: 1 + (h - 1) alpha^2
 * times the error variance for the standard models, the covariance recursion for the dynamic ones,
 * both in the units of the season, and what trend_uncertainty.c adds. A missing value moves the
 * level by its forecast and leaves the line where it was, and so does the one observation that lies
 * far beyond all others (models/stray.c), which is an error all the same. With fewer than 5
 * observations (7 for theta estimated) smoothing has a fixed weight. Of a plain season its own
 * error is counted too. */
#include "math/elementary.h"
#include "models/coefficients.h"
#include "models/components.h"
#include "models/history.h"
#include "models/local/theta/theta.h"
#include "models/season_errors.h"
#include "models/stray.h"
#include "models/trend_uncertainty.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const wsf__option options[] = {
    {"method", WSF__WORD, "stm", 0, 0, "stm|otm|dstm|dotm|auto",
     "Standard or optimised theta, with a fixed or a dynamic line."},
    {"season", WSF__INT, "0", 0, 100000, NULL, "Steps in a season; 0 is the data's."},
    {"decompose", WSF__WORD, "auto", 0, 0, "auto|multiplicative|additive|stl|none",
     "How the season is taken off; auto: multiplicative where the data are positive, else "
     "additive, "
     "and only a season that a test finds. The others do not test."},
    {"intervals", WSF__WORD, "adjusted", 0, 0, "adjusted|model",
     "adjusted: they count that the trend may change, that the season was estimated, and heavy "
     "tails; "
     "model: the formula alone, too narrow."},
};

enum { SHORTEST = 5, SHORTEST_FREE = 7 /* observations to estimate from */, UNCOUNTED = 3 };
static const double SHORT_ALPHA = 0.5;

static const double *indices(const wsf__theta *e) {
  return (const double *)(e + 1);
}

/* An observation without its season, in the state's units. */
static double strip(const wsf__theta *e, double y, double period) {
  const double index = indices(e)[(int64_t)fmod(period, e->m)];
  y /= e->scale;
  if (e->kind == WSF__THETA_TIMES) y /= index;
  if (e->kind == WSF__THETA_PLUS) y -= index;
  return y - e->base;
}

/* The reverse, of an expectation. */
static double put_season(const wsf__theta *e, double x, double period) {
  const double index = indices(e)[(int64_t)fmod(period, e->m)];
  x += e->base + (e->kind == WSF__THETA_PLUS ? index : 0);
  return x * e->scale * (e->kind == WSF__THETA_TIMES ? index : 1);
}

static bool is_dynamic(const wsf__theta *e) {
  return e->method == WSF__THETA_DSTM || e->method == WSF__THETA_DOTM;
}

/* What the line adds to the level, per unit of weight. stm starts its line at the level. */
static double drift_of(const wsf__theta *e) {
  if (e->method == WSF__THETA_STM) return e->slope * (1 - e->fade) / e->alpha;
  return e->fade * e->line + e->slope * (1 - (1 - e->alpha) * e->fade) / e->alpha;
}

/* Move the state over n observations, in one order of operations for fit and update. fitted: NULL,
 * or [n] what was forecast of each. The observation `stray` (-1: none) is an error and no more. */
static void filter(wsf__theta *e, const double *y, int64_t n, int64_t stray, double *fitted,
                   const wsf__arena *scratch) {
  const bool plain = e->method == WSF__THETA_STM, dynamic = is_dynamic(e);
  wsf__theta_line line = {e->middle, e->line, e->slope};
  for (int64_t t = 0; t < n; ++t) {
    if (t % 1024 == 0 && wsf__cut_short(scratch)) return;
    const double x = isnan(y[t]) ? NAN : strip(e, y[t], e->n);
    const double drift = plain ? 0 : e->weight * drift_of(e);
    if (fitted) fitted[t] = put_season(e, e->level + e->weight * drift_of(e), e->n);
    if (!isnan(x) && (plain || e->n >= UNCOUNTED)) {
      const double error = x - e->level - drift;
      e->sse += error * error;
      e->count += 1;
    }
    const double taken = t == stray ? NAN : x;
    e->level += e->alpha * (isnan(taken) ? drift : taken - e->level);
    if (dynamic) {
      wsf__theta_line_move(&line, taken, e->n);
      e->middle = line.middle, e->line = line.line, e->slope = line.slope;
    }
    e->fade *= 1 - e->alpha;
    e->n += 1;
  }
}

static wsf__theta_how how_of(const wsf__node *node, const wsf__series *s) {
  return wsf__arg_is(node, "decompose", "multiplicative") ? WSF__THETA_RATIOS
         : wsf__arg_is(node, "decompose", "additive")     ? WSF__THETA_DIFFERENCES
         : wsf__arg_is(node, "decompose", "stl")          ? WSF__THETA_LOESS
         : wsf__arg_is(node, "decompose", "none")         ? WSF__THETA_NEVER
         : s->interval                                    ? WSF__THETA_TESTED_DIFFERENCES
                                                          : WSF__THETA_TESTED;
}

static int method_of(const wsf__node *node) {
  static const char *const word[] = {"stm", "otm", "dstm", "dotm"};
  for (int i = 0; i < WSF__THETA_AUTO; ++i) {
    if (wsf__arg_is(node, "method", word[i])) return i;
  }
  return WSF__THETA_AUTO;
}

/* The best fit of the methods asked for, from the state before the first period. */
static bool choose(wsf__theta *e, int method, const double *x, int64_t n, wsf__arena *scratch) {
  const wsf__theta before = *e;
  double least = INFINITY;
  for (int i = 0; i < WSF__THETA_AUTO; ++i) {
    if (method == WSF__THETA_AUTO ? i != WSF__THETA_OTM && i != WSF__THETA_DOTM : i != method) {
      continue;
    }
    double sse;
    wsf__theta one = before;
    one.method = i;
    if (!wsf__theta_fit(&one, x, n, &sse, scratch)) return false;
    if (!(sse < least)) continue;
    least = sse;
    *e = one;
  }
  if (e->method == WSF__THETA_STM) e->weight = 0.5;
  return true;
}

/* Scale and season of a history that varies, in e (with room for m seasonal indices and their
 * errors, which stay 0 unless it is plain, *plain); x: the history in the state's units. false: no
 * memory.
 */
static bool prepare(wsf__theta *e, wsf__plain *plain, double *x, const double *y, int64_t n,
                    int64_t m, wsf__theta_how how, wsf__arena *scratch) {
  double *index = (double *)(e + 1), largest = 0;
  int exponent, kind;
  for (int64_t t = 0; t < n; ++t) {
    if (fabs(y[t]) > largest) largest = fabs(y[t]);
  }
  (void)frexp(largest, &exponent);
  e->scale = ldexp(1, exponent - 1);
  for (int64_t t = 0; t < n; ++t) x[t] = y[t] / e->scale;
  if (!wsf__theta_season(index, plain, &kind, x, n, m, how, scratch)) return false;
  if (plain->found) wsf__plain_errors(index + m, plain, index, x, n, m);
  e->kind = kind;
  e->m = kind == WSF__THETA_PLAIN ? 1 : (double)m;
  e->base = strip(e, y[0], 0);
  if (wsf__cut_short(scratch)) return false;
  for (int64_t t = 0; t < n; ++t) x[t] = isnan(y[t]) ? NAN : strip(e, y[t], (double)t);
  return true;
}

static wsf_status keep_fit(wsf__fit *f, const wsf__series *s, wsf__fitted *out, wsf__theta *e,
                           bool errors, const double *y, int64_t n, int64_t stray, int32_t reason) {
  e->fade = 1;
  double *history = wsf__history_of(out, s);
  filter(e, y, n, stray, history ? history + s->n - n : NULL, f->scratch);
  const wsf__state state = {.v = (const double *)e,
                            .n = WSF__THETA_HEAD + (errors ? 2 : 1) * (int64_t)e->m,
                            .reason = reason};
  if (!wsf__state_finite(&state)) {
    wsf__state_fail(out, s, WSF__NOT_FINITE);
    return WSF_OK;
  }
  double *v = wsf__state_set(f, out, s, state.n, reason);
  if (!v) return wsf__fail_memory(f->err);
  memcpy(v, e, (size_t)state.n * sizeof *v);
  return WSF_OK;
}

/* Errors of the first two coefficients. */
static bool keep_errors(wsf__fit *f, const wsf__series *s, wsf__fitted *out, const wsf__theta *e,
                        const double *x, int64_t n) {
  double *errors = out->errors ? wsf__errors_set(f, out, s, 2) : NULL;
  return !out->errors || (errors && wsf__theta_errors(errors, e, x, n, f->scratch));
}

/* y, the history as it is seen, without the observation at `stray`. */
static wsf_status fit_seen(wsf__fit *f, const wsf__series *s, const double *y, int64_t stray,
                           wsf__fitted *out) {
  const wsf__node *node = out->node;
  int64_t start = 0;
  while (start < s->n && isnan(y[start])) ++start;
  if (start == s->n) {
    wsf__state_fail(out, s, WSF__EMPTY);
    return WSF_OK;
  }
  y += start;
  const int64_t n = s->n - start, known = wsf__known(y, n), count = wsf__count_observed(y, known);
  int64_t m = wsf__season_of(node, f->panel);
  const wsf__theta_how how = how_of(node, s);
  const bool tested = how == WSF__THETA_TESTED || how == WSF__THETA_TESTED_DIFFERENCES;
  int32_t reason = wsf__extent_reason(wsf__extent_of(y, n));
  const bool varies = reason == WSF__OK;
  int method = method_of(node);
  if (count < SHORTEST_FREE && method != WSF__THETA_STM) {
    method = WSF__THETA_STM;
    reason = WSF__REPLACED;
  }
  if (count < SHORTEST) reason = WSF__REPLACED;
  if (!varies) reason = wsf__extent_reason(wsf__extent_of(y, n));
  if (m == 1 && !tested && how != WSF__THETA_NEVER) {
    reason = wsf__reason_or(reason, WSF__NO_SEASON);
  }
  if (count <= 2 * m) {
    if (m > 1 && how != WSF__THETA_NEVER && reason == WSF__OK) reason = WSF__SHORT_SEASON;
    if (known <= m) m = 1;
  }

  const wsf__mark mark = wsf__arena_mark(f->scratch);
  double *block = wsf__arena_zero(f->scratch, (size_t)(WSF__THETA_HEAD + 2 * m), sizeof *block);
  double *x = wsf__arena_new(f->scratch, (size_t)known, sizeof *x);
  if (!block || !x) return wsf__fail_memory(f->err);
  wsf__theta *e = (wsf__theta *)block;
  *e = (wsf__theta){.m = 1, .scale = 1, .alpha = SHORT_ALPHA, .weight = 0.5, .k = 1};
  wsf__plain plain = {0};
  bool done = true;
  if (!varies) {
    e->base = y[0];
  } else {
    done = prepare(e, &plain, x, y, known, m, how, f->scratch) &&
           choose(e, method, x, known, f->scratch) && wsf__slopes(e->past, x, known, 1, f->scratch);
    if (count >= SHORTEST) {
      done = done && keep_errors(f, s, out, e, x, known);
    } else {
      e->alpha = SHORT_ALPHA;
      e->level = 0; /* the first observation, as everything counts from it */
      e->k = 1;
    }
  }
  const bool errors = plain.found && wsf__arg_is(node, "intervals", "adjusted");
  if (errors) e->k += plain.parameters;
  if (stray >= 0 && (reason == WSF__OK || !varies)) reason = WSF__STRAY;
  const wsf_status status =
      done ? keep_fit(f, s, out, e, errors, s->y + start, n, stray - start, reason)
           : wsf__fail_memory(f->err);
  wsf__arena_reset(f->scratch, mark);
  return status;
}

static wsf_status fit_series(wsf__fit *f, const wsf__series *s, wsf__fitted *out) {
  const wsf__mark mark = wsf__arena_mark(f->scratch);
  int64_t stray = -1;
  double *seen = NULL;
  if (!s->interval && !wsf__stray(&stray, s->y, s->n, f->scratch)) {
    return wsf__fail_memory(f->err);
  }
  if (stray >= 0) {
    seen = wsf__arena_new(f->scratch, (size_t)s->n, sizeof *seen);
    if (!seen) return wsf__fail_memory(f->err);
    memcpy(seen, s->y, (size_t)s->n * sizeof *seen);
    seen[stray] = NAN;
  }
  const wsf_status status = fit_seen(f, s, seen ? seen : s->y, stray, out);
  wsf__arena_reset(f->scratch, mark);
  return status;
}

static wsf_status update(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                         wsf__fitted *out) {
  double *v = wsf__state_copy(f, old, s, out);
  if (!v) return wsf__fail_memory(f->err);
  filter((wsf__theta *)v, s->y, s->n, -1, NULL, f->scratch);
  if (!wsf__state_finite(&out->state[s->slot])) wsf__state_fail(out, s, WSF__NOT_FINITE);
  return WSF_OK;
}

/* P' = F P F' + b b' with F = diag + b a', for the state (level, middle, slope). */
static void spread(double P[3][3], const double diagonal[3], double from_middle, const double a[3],
                   const double b[3]) {
  double F[3][3], half[3][3] = {{0}};
  for (int r = 0; r < 3; ++r) {
    for (int c = 0; c < 3; ++c) F[r][c] = b[r] * a[c] + (r == c ? diagonal[r] : 0);
  }
  F[2][1] += from_middle;
  for (int r = 0; r < 3; ++r) {
    for (int c = 0; c < 3; ++c) {
      for (int i = 0; i < 3; ++i) half[r][c] += F[r][i] * P[i][c];
    }
  }
  for (int r = 0; r < 3; ++r) {
    for (int c = 0; c < 3; ++c) {
      P[r][c] = b[r] * b[c];
      for (int i = 0; i < 3; ++i) P[r][c] += half[r][i] * F[c][i];
    }
  }
}

/* Means and variances (in units of the errors' own) without the season: Fiorucci et al., 3.2. An
 * expected observation moves all states as an observed one does. */
static void ahead(wsf__theta e, int64_t h, double *mean, double *variance) {
  const double q = 1 - e.alpha, w = e.weight;
  const bool dynamic = is_dynamic(&e);
  double P[3][3] = {{0}};
  wsf__theta_line line = {e.middle, e.line, e.slope};
  for (int64_t i = 0; i < h; ++i) {
    const double t = e.n, one = t + 1;
    const double mu = e.level + w * drift_of(&e);
    mean[i] = mu;
    if (dynamic) {
      const double by_slope = (1 - q * e.fade) / e.alpha - e.fade * one / 2;
      const double a[3] = {1, w * e.fade, w * by_slope};
      const double b[3] = {e.alpha, 1 / one, 6 / (one * (t + 2))};
      variance[i] = 1;
      for (int j = 0; j < 9; ++j) variance[i] += a[j / 3] * a[j % 3] * P[j / 3][j % 3];
      const double diagonal[3] = {q, t / one, (t - 1) / (t + 2)};
      spread(P, diagonal, -b[2], a, b);
      wsf__theta_line_move(&line, mu, t);
      e.line = line.line, e.slope = line.slope;
    } else {
      variance[i] = 1 + (double)i * e.alpha * e.alpha;
    }
    e.level += e.alpha * (mu - e.level);
    e.fade *= q;
    e.n += 1;
  }
}

static const double *errors_of(const wsf__state *state) {
  const double m = ((const wsf__theta *)state->v)->m;
  return wsf__season_errors(state, WSF__THETA_HEAD + (int64_t)m, m);
}

/* Degrees of freedom of an error. A season with errors is in k. */
static double freedom_of(const wsf__state *state, bool adjusted) {
  const wsf__theta *e = (const wsf__theta *)state->v;
  const bool season = adjusted && e->kind != WSF__THETA_PLAIN && !errors_of(state);
  return fmax(e->count - e->k - (season ? e->m - 1 : 0), 1);
}

/* Standard error of step i from that of its seasonal index, as if the season were taken off; mean:
 * of the step, without its season. */
static double season_error(const wsf__state *state, double mean, int64_t i) {
  const wsf__theta *e = (const wsf__theta *)state->v;
  const double error = wsf__season_error(errors_of(state), e->m, e->n, i);
  const double index = indices(e)[(int64_t)fmod(e->n + (double)i, e->m)];
  return e->kind == WSF__THETA_TIMES ? fabs(mean + e->base) * (error / index) : error;
}

static wsf_status predict(wsf__predict *p, const wsf__fitted *m, const wsf__series *s,
                          wsf__forecast *out) {
  const wsf__theta *e = (const wsf__theta *)m->state[s->slot].v;
  const bool adjusted = wsf__arg_is(m->node, "intervals", "adjusted");
  double *sd = wsf__arena_new(p->scratch, (size_t)out->h, sizeof *sd);
  if (!sd) return wsf__fail_memory(p->err);
  const double freedom = freedom_of(&m->state[s->slot], adjusted), sigma = sqrt(e->sse / freedom);
  ahead(*e, out->h, out->mean, sd);
  for (int64_t i = 0; i < out->h; ++i) {
    const double index = indices(e)[(int64_t)fmod(e->n + (double)i, e->m)];
    const double factor = e->scale * (e->kind == WSF__THETA_TIMES ? index : 1);
    sd[i] = sigma * sqrt(sd[i]);
    if (adjusted) {
      sd[i] = wsf__hypot(sd[i],
                         wsf__trend_uncertainty(e->past, (double)(i + 1), out->mean[i] - e->level));
      sd[i] = wsf__hypot(sd[i], season_error(&m->state[s->slot], out->mean[i], i));
    }
    sd[i] *= factor;
    wsf__explain(out, i, WSF__TREND, (out->mean[i] - e->level) * e->scale);
    wsf__explain(out, i, WSF__SEASON,
                 e->kind == WSF__THETA_PLUS ? index * e->scale
                                            : (out->mean[i] + e->base) * (factor - e->scale));
    out->mean[i] += e->base + (e->kind == WSF__THETA_PLUS ? index : 0);
    out->mean[i] *= factor;
  }
  if (adjusted)
    wsf__forecast_student(out, sd, freedom);
  else
    wsf__forecast_normal(out, sd);
  return WSF_OK;
}

/* Of the smoothing, a trend that may change, and a season that was estimated. */
static wsf_status response(wsf__predict *p, const wsf__fitted *m, const wsf__series *s,
                           wsf__response *out) {
  const wsf__state *state = &m->state[s->slot];
  const wsf__theta *e = (const wsf__theta *)state->v;
  const bool adjusted = wsf__arg_is(m->node, "intervals", "adjusted");
  double *mean = wsf__arena_new(p->scratch, (size_t)out->h, 3 * sizeof *mean);
  if (!mean) return wsf__fail_memory(p->err);
  if (adjusted && errors_of(state)) out->level = mean + 2 * out->h, out->season = (int64_t)e->m;
  const double sigma = sqrt(e->sse / freedom_of(state, adjusted));
  ahead(*e, out->h, mean, mean + out->h);
  for (int64_t i = 0; i < out->h; ++i) {
    out->error[i] = i == 0 ? sigma : sigma * e->alpha;
    if (adjusted) {
      out->shared[i] = wsf__trend_uncertainty(e->past, (double)(i + 1), mean[i] - e->level);
      if (out->level) out->level[i] = season_error(state, mean[i], i);
    }
  }
  return WSF_OK;
}

static bool check(const wsf__node *node, const wsf__panel *frame, const wsf__state *state) {
  (void)node;
  (void)frame;
  if (state->n <= WSF__THETA_HEAD || !wsf__state_finite(state)) return false;
  const wsf__theta *e = (const wsf__theta *)state->v;
  if (!wsf__whole(e->m, 1, WSF__LONGEST)) return false;
  return wsf__whole(e->method, 0, WSF__THETA_AUTO - 1) && wsf__whole(e->kind, 0, 2) &&
         wsf__season_errors_check(state, WSF__THETA_HEAD + (int64_t)e->m, e->m) &&
         wsf__whole(e->n, 1, WSF__LONGEST) && wsf__whole(e->count, 0, e->n) && e->scale > 0 &&
         e->alpha >= 1e-5 && e->alpha < 1 && e->weight >= 0 && e->weight <= 1 && e->fade >= 0 &&
         e->fade <= 1 && e->sse >= 0 && e->k >= 0;
}

static void summarise(const wsf__state *state, wsf__summary *out) {
  static const char *const method[] = {"stm", "otm", "dstm", "dotm"};
  static const char *const season[] = {"no", "multiplicative", "additive"};
  const wsf__theta *e = (const wsf__theta *)state->v;
  (void)snprintf(out->form, sizeof out->form, "Theta(%s, %s season)", method[(int)e->method],
                 season[(int)e->kind]);
}

/* Level and slope at the end of the history, without its season. */
static void coefficients(const wsf__fitted *m, const wsf__series *s, wsf__coefficients *out) {
  const wsf__theta *e = (const wsf__theta *)m->state[s->slot].v;
  wsf__coefficient_add(out, "alpha", 0, e->alpha, NAN);
  wsf__coefficient_add(out, "theta", 0, e->weight < 1 ? 1 / (1 - e->weight) : NAN, NAN);
  wsf__coefficient_add(out, "level", 0, (e->level + e->base) * e->scale, NAN);
  wsf__coefficient_add(out, "slope", 0, e->slope * e->scale, NAN);
  for (int64_t j = 0; e->kind != WSF__THETA_PLAIN && j < (int64_t)e->m; ++j) {
    const double index = indices(e)[(int64_t)fmod(e->n + (double)j, e->m)];
    wsf__coefficient_add(out, "season", j + 1,
                         e->kind == WSF__THETA_TIMES ? index : index * e->scale, NAN);
  }
}

const wsf__model_class wsf__model_theta = {
    .spec = {"model", "local", "theta",
             "Theta lines: exponential smoothing with a share of the history's slope, as it is or "
             "with theta estimated.",
             "Assimakopoulos and Nikolopoulos (2000); Hyndman and Billah (2003); Fiorucci et al. "
             "(2016); conventions of R's forecast::thetaf",
             "0.1.0", "theta(method=dotm)", options, sizeof options / sizeof *options},
    .fit_series = fit_series,
    .predict_series = predict,
    .response = response,
    .update = update,
    .check = check,
    .promise = {.units = WSF__EPSILON,
                .level = WSF__NOT,
                .update = WSF__NOT,
                .why = "a season that multiplies has a zero; an update keeps the smoothing"},
    .coefficients = coefficients,
    .summarise = summarise,
};
