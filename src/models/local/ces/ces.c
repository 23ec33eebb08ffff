/* Complex exponential smoothing: the word `ces`.
 *
 * Svetunkov, Kourentzes and Ord (2022), "Complex exponential smoothing", Naval Research Logistics
 * 69: a level with an unobserved companion that holds what the level does not explain; one model
 * for stationary and trending series. The season (none, simple, partial, full) is the one with the
 * least AICc, counted as the Python package statsforecast does. Intervals: the error variance times
 * 1 + the squares of the responses to past errors, and what trend_uncertainty.c adds. A missing
 * value moves the states without an error. With less than three seasons a plain one
 * (analysis/plain_season.c) is taken off and stays as it is: partial with b0 = 0; its own error is
 * counted. Forecasts stop at a large multiple of the history's largest value. With fewer than 8
 * observations a level is followed with a fixed weight, which is ces with a1 = 1. */
#include "analysis/plain_season.h"
#include "analysis/stl.h"
#include "math/elementary.h"
#include "models/coefficients.h"
#include "models/components.h"
#include "models/history.h"
#include "models/local/ces/ces.h"
#include "models/season_errors.h"
#include "models/trend_uncertainty.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const wsf__option options[] = {
    {"season", WSF__WORD, "auto", 0, 0, "none|simple|partial|full|auto",
     "How the season enters: not at all, smoothed alone, beside the level, or with a companion of "
     "its own; auto: by AICc."},
    {"length", WSF__INT, "0", 0, 100000, NULL, "Steps in a season; 0 is the data's."},
    {"intervals", WSF__WORD, "adjusted", 0, 0, "adjusted|model",
     "adjusted: they count that the trend may change, that first states were estimated, and heavy "
     "tails; model: the formula alone, too narrow."},
};

enum { SHORTEST = 8 };
static const double SHORT_WEIGHT = 1.5; /* a0 of a series nothing can be estimated from */
static const double CAP = 1e3;          /* times the largest observation */

static const double *errors_of(const wsf__state *state) {
  const double m = ((const wsf__ces *)state->v)->m;
  return wsf__season_errors(state, WSF__CES_HEAD + 2 * (int64_t)m, m);
}

static bool is_simple(const wsf__ces *e) {
  return e->kind <= WSF__CES_SIMPLE;
}

/* One period from (a, b) to the next, by (p, q) and the error. */
static void turn(double *a, double *b, double p, double q, double e) {
  const double level = *a;
  *a = level - (1 - q) * *b + (p - q) * e;
  *b = level + (1 - p) * *b + (p + q) * e;
}

/* Forecast of the next period; y is observed unless NaN. */
static double move(wsf__ces *e, double y, double *error) {
  const int64_t at = (int64_t)fmod(e->n, e->m);
  double *row = wsf__ces_row(e, 0) + at, *companion = wsf__ces_row(e, 1) + at;
  const double f = is_simple(e) ? *row : e->level + *row;
  *error = isnan(y) ? 0 : y - f;
  if (is_simple(e)) {
    turn(row, companion, e->p[0], e->p[1], *error);
  } else {
    turn(&e->level, &e->other, e->p[0], e->p[1], *error);
    if (e->kind == WSF__CES_FULL)
      turn(row, companion, e->p[2], e->p[3], *error);
    else
      *row += e->p[2] * *error;
  }
  e->n += 1;
  return f;
}

void wsf__ces_filter(wsf__ces *e, const double *y, int64_t n, double *fitted,
                     const wsf__arena *scratch) {
  for (int64_t t = 0; t < n; ++t) {
    if (t % 1024 == 0 && wsf__cut_short(scratch)) return;
    double error;
    const double f = move(e, y[t] / e->scale, &error);
    if (fitted) fitted[t] = f * e->scale;
    e->sse += error * error;
    e->count += !isnan(y[t]);
  }
}

static int kind_of(const wsf__node *node) {
  static const char *const word[] = {"none", "simple", "partial", "full"};
  for (int i = 0; i < WSF__CES_AUTO; ++i) {
    if (wsf__arg_is(node, "season", word[i])) return i;
  }
  return WSF__CES_AUTO;
}

static double aicc(double deviance, double n, double k) {
  return deviance + 2 * k + 2 * k * (k + 1) / (n - k - 1);
}

/* The best of the kinds asked for, before the first period. false: no memory. */
static bool choose(wsf__ces *best, int kind, const double *y, int64_t n, int64_t m, double count,
                   wsf__arena *scratch) {
  const double scale = best->scale;
  double least = INFINITY;
  double *x = wsf__arena_new(scratch, (size_t)n, 2 * sizeof *x);
  wsf__ces *e = wsf__arena_zero(scratch, WSF__CES_HEAD + 2 * (size_t)m, sizeof(double));
  if (!x || !e) return false;
  for (int64_t t = 0; t < n; ++t) x[t] = wsf__digits(y[t] / scale);
  if (wsf__cut_short(scratch)) return false;
  wsf__fill_missing(x, n, m, x + n);
  for (int i = 0; i < WSF__CES_AUTO; ++i) {
    if ((kind != WSF__CES_AUTO && kind != i) || (i > 0 && m == 1)) continue;
    const double k = i == WSF__CES_FULL ? 5 : i == WSF__CES_PARTIAL ? 4 : 3;
    double deviance;
    *e = (wsf__ces){.kind = i, .m = i ? (double)m : 1, .scale = scale, .count = count, .k = k};
    if (!wsf__ces_fit(e, x, x + n, n, &deviance, scratch)) return false;
    if (!(aicc(deviance, count, k) < least)) continue;
    least = aicc(deviance, count, k);
    memcpy(best, e, (WSF__CES_HEAD + 2 * (size_t)e->m) * sizeof(double));
  }
  best->count = 0;
  return true;
}

/* A level, around a season that does not move if one is plain, before the first period. rest[n]: y
 * less that season; best has room for its errors, which there are if it is *plain. */
static bool choose_around(wsf__ces *best, wsf__plain *plain, const double *y, double *rest,
                          int64_t n, int64_t m, double count, wsf__arena *scratch) {
  double *season = wsf__arena_new(scratch, (size_t)m, 2 * sizeof *season);
  if (!season || !wsf__plain_season(season, plain, WSF__PLAIN_SUMS, y, n, m, scratch)) {
    return false;
  }
  wsf__plain_errors(season + m, plain, season, y, n, m);
  for (int64_t t = 0; t < n; ++t) rest[t] = y[t] - season[t % m];
  if (!plain->found) return choose(best, WSF__CES_NONE, y, n, 1, count, scratch);
  if (!choose(best, WSF__CES_NONE, rest, n, 1, count, scratch)) return false;
  best->level = wsf__ces_row(best, 0)[0], best->other = wsf__ces_row(best, 1)[0];
  best->kind = WSF__CES_PARTIAL;
  best->m = (double)m;
  for (int64_t j = 0; j < m; ++j) {
    wsf__ces_row(best, 0)[j] = season[j] / best->scale;
    wsf__ces_row(best, 1)[j] = 0;
    wsf__ces_row(best, 2)[j] = season[m + j] / best->scale;
  }
  return true;
}

static wsf_status fit_series(wsf__fit *f, const wsf__series *s, wsf__fitted *out) {
  int64_t start = 0;
  while (start < s->n && isnan(s->y[start])) ++start;
  if (start == s->n) {
    wsf__state_fail(out, s, WSF__EMPTY);
    return WSF_OK;
  }
  const double *y = s->y + start;
  const int64_t n = s->n - start, known = wsf__known(y, n), count = wsf__count_observed(y, known);
  const int64_t length = wsf__arg_int(out->node, "length");
  int64_t m = length > 0 ? length : wsf__season_of(out->node, f->panel);
  int kind = kind_of(out->node);
  const wsf__extent extent = wsf__extent_of(y, n);
  const double largest = fmax(fabs(extent.least), fabs(extent.largest));
  int32_t reason = wsf__extent_reason(extent);
  const bool varies = reason == WSF__OK, enough = count >= SHORTEST;
  if (varies && !enough) reason = WSF__REPLACED;
  const int64_t period = m;
  if (m == 1 && kind != WSF__CES_NONE && kind != WSF__CES_AUTO) {
    reason = wsf__reason_or(reason, WSF__NO_SEASON);
  }
  if (count <= 2 * m || kind == WSF__CES_NONE) {
    if (kind != WSF__CES_NONE && m > 1 && reason == WSF__OK) reason = WSF__SHORT_SEASON;
    if (known <= m || kind == WSF__CES_NONE) m = 1;
    kind = WSF__CES_NONE;
  }
  if (m == 1) kind = WSF__CES_NONE;

  const wsf__mark mark = wsf__arena_mark(f->scratch);
  wsf__ces *e = wsf__arena_zero(f->scratch, WSF__CES_HEAD + 3 * (size_t)m, sizeof(double));
  if (!e) return wsf__fail_memory(f->err);
  *e = (wsf__ces){.m = 1, .scale = largest > 0 ? largest : 1, .p = {SHORT_WEIGHT, 1}, .k = 1};
  wsf__ces_row(e, 0)[0] = y[0] / e->scale;
  const bool around = m > 1 && count / 3 < m && (kind == WSF__CES_NONE || kind == WSF__CES_AUTO);
  if (around) reason = wsf__reason_or(reason, WSF__SHORT_SEASON);
  double *rest = wsf__arena_new(f->scratch, (size_t)known, sizeof *rest);
  if (!rest) return wsf__fail_memory(f->err);
  memcpy(rest, y, (size_t)known * sizeof *rest);
  wsf__plain plain = {0};
  if (varies && enough &&
      !(around ? choose_around(e, &plain, y, rest, known, m, (double)count, f->scratch)
               : choose(e, kind, y, known, m, (double)count, f->scratch))) {
    return wsf__fail_memory(f->err);
  }
  if (!wsf__slopes(e->past, rest, known, period, f->scratch)) return wsf__fail_memory(f->err);
  for (int i = 0; i < WSF__SLOPES; ++i) e->past[i] /= e->scale;
  double *history = wsf__history_of(out, s);
  wsf__ces_filter(e, y, n, history ? history + start : NULL, f->scratch);
  const bool errors = plain.found && wsf__arg_is(out->node, "intervals", "adjusted");
  if (errors) e->k += plain.parameters;
  const wsf__state state = {.v = (const double *)e,
                            .n = WSF__CES_HEAD + (errors ? 3 : 2) * (int64_t)e->m,
                            .reason = reason};
  wsf_status status = WSF_OK;
  if (wsf__state_finite(&state)) {
    double *v = wsf__state_set(f, out, s, state.n, reason);
    if (v)
      memcpy(v, e, (size_t)state.n * sizeof *v);
    else
      status = wsf__fail_memory(f->err);
  } else {
    wsf__state_fail(out, s, WSF__NOT_FINITE);
  }
  wsf__arena_reset(f->scratch, mark);
  return status;
}

static wsf_status update(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                         wsf__fitted *out) {
  double *v = wsf__state_copy(f, old, s, out);
  if (!v) return wsf__fail_memory(f->err);
  wsf__ces_filter((wsf__ces *)v, s->y, s->n, NULL, f->scratch);
  if (!wsf__state_finite(&out->state[s->slot])) wsf__state_fail(out, s, WSF__NOT_FINITE);
  return WSF_OK;
}

/* How far an error of one moves each step after it. */
static void respond(const wsf__ces *e, int64_t h, double *psi) {
  const double *p = e->p;
  double level = p[0] - p[1], other = p[0] + p[1];
  double season = e->kind == WSF__CES_FULL ? p[2] - p[3] : p[2], companion = p[2] + p[3];
  int64_t phase = 0;
  psi[0] = 1;
  for (int64_t i = 1; i < h; ++i) {
    psi[i] = is_simple(e) ? 0 : level;
    if (++phase < (int64_t)e->m) {
      if (is_simple(e)) continue;
    } else {
      phase = 0;
      psi[i] = is_simple(e) ? level : level + season;
      if (e->kind == WSF__CES_FULL) turn(&season, &companion, p[2], p[3], 0);
    }
    turn(&level, &other, p[0], p[1], 0);
  }
}

/* By how much the forecast of step i moves the level, from the level of each step so far: the
 * movement since the first step, stretched over that step too; a simple season repeats its levels,
 * and moves from each to its next. */
static double path_of(const wsf__ces *e, const double *level, int64_t i) {
  const int64_t m = (int64_t)e->m;
  if (e->kind != WSF__CES_SIMPLE) {
    return i == 0 ? 0 : (level[i] - level[0]) * (double)(i + 1) / (double)i;
  }
  return level[i] - level[i % m];
}

/* A simple season is its own level: the mean over all periods is what it differs from. */
static double mean_level(wsf__ces *e) {
  double mean = 0;
  for (int64_t j = 0; j < (int64_t)e->m; ++j) {
    mean += (wsf__ces_row(e, 0)[j] - mean) / (double)(j + 1);
  }
  return mean;
}

/* What the season adds to the next period. */
static double season_of(wsf__ces *e, double middle) {
  const double now = wsf__ces_row(e, 0)[(int64_t)fmod(e->n, e->m)];
  return is_simple(e) ? now - middle : now;
}

/* Degrees of freedom of an error. First states: a level, a season; their companions follow from the
 * history too. A season with errors is in k. */
static double freedom_of(const wsf__state *state, bool adjusted) {
  const wsf__ces *e = (const wsf__ces *)state->v;
  const double first = adjusted ? 2 + (e->m > 1 && !errors_of(state) ? e->m : 0) : 0;
  return fmax(e->count - e->k - first, 1);
}

/* Mean of each step, still in units of the state, and how uncertain its trend is if that counts;
 * level[h] is workspace. */
static void look_ahead(wsf__ces *e, bool adjusted, wsf__forecast *out, double *uncertain,
                       double *level) {
  const double middle = mean_level(e);
  for (int64_t i = 0; i < out->h; ++i) {
    double error;
    level[i] = e->level;
    wsf__explain(out, i, WSF__SEASON, season_of(e, middle) * e->scale);
    out->mean[i] = move(e, NAN, &error);
    if (is_simple(e)) level[i] = out->mean[i];
    uncertain[i] =
        adjusted ? wsf__trend_uncertainty(e->past, (double)(i + 1), path_of(e, level, i)) : 0;
  }
}

static wsf_status predict(wsf__predict *p, const wsf__fitted *m, const wsf__series *s,
                          wsf__forecast *out) {
  const wsf__state *state = &m->state[s->slot];
  const wsf__mark mark = wsf__arena_mark(p->scratch);
  double *copy = wsf__arena_new(p->scratch, (size_t)state->n, sizeof *copy);
  double *sd = wsf__arena_new(p->scratch, (size_t)out->h, 4 * sizeof *sd);
  if (!copy || !sd) return wsf__fail_memory(p->err);
  double *psi = sd + out->h, *uncertain = psi + out->h, *level = uncertain + out->h;
  memcpy(copy, state->v, (size_t)state->n * sizeof *copy);
  wsf__ces *e = (wsf__ces *)copy;
  const bool adjusted = wsf__arg_is(m->node, "intervals", "adjusted");
  const wsf__ces *kept = (const wsf__ces *)state->v;
  const double *error = errors_of(state);
  const double freedom = freedom_of(state, adjusted), sigma = sqrt(e->sse / freedom);
  double variance = 0;
  respond(e, out->h, psi);
  look_ahead(e, adjusted, out, uncertain, level);
  for (int64_t i = 0; i < out->h; ++i) {
    variance += psi[i] * psi[i];
    sd[i] = sigma * sqrt(variance);
    if (adjusted) {
      sd[i] = wsf__hypot(sd[i], uncertain[i]);
      sd[i] = wsf__hypot(sd[i], wsf__season_error(error, kept->m, kept->n, i));
    }
    sd[i] = fmin(sd[i], CAP) * e->scale;
    out->mean[i] = fmin(fmax(out->mean[i], -CAP), CAP) * e->scale;
  }
  if (adjusted)
    wsf__forecast_student(out, sd, freedom);
  else
    wsf__forecast_normal(out, sd);
  wsf__arena_reset(p->scratch, mark);
  return WSF_OK;
}

static wsf_status response(wsf__predict *p, const wsf__fitted *m, const wsf__series *s,
                           wsf__response *out) {
  const wsf__state *state = &m->state[s->slot];
  double *copy = wsf__arena_new(p->scratch, (size_t)state->n, sizeof *copy);
  double *mean = wsf__arena_new(p->scratch, (size_t)out->h, 3 * sizeof *mean);
  if (!copy || !mean) return wsf__fail_memory(p->err);
  memcpy(copy, state->v, (size_t)state->n * sizeof *copy);
  wsf__ces *e = (wsf__ces *)copy;
  const bool adjusted = wsf__arg_is(m->node, "intervals", "adjusted");
  respond(e, out->h, out->error);
  const double sigma = sqrt(e->sse / freedom_of(state, adjusted));
  for (int64_t i = 0; i < out->h; ++i) out->error[i] *= sigma;
  look_ahead(e, adjusted, &(wsf__forecast){.h = out->h, .mean = mean}, out->shared, mean + out->h);
  const wsf__ces *kept = (const wsf__ces *)state->v;
  const double *error = errors_of(state);
  if (!adjusted || !error) return WSF_OK;
  out->level = mean + 2 * out->h;
  out->season = (int64_t)e->m;
  for (int64_t i = 0; i < out->h; ++i)
    out->level[i] = wsf__season_error(error, kept->m, kept->n, i);
  return WSF_OK;
}

static bool check(const wsf__node *node, const wsf__panel *frame, const wsf__state *state) {
  (void)node;
  (void)frame;
  if (state->n <= WSF__CES_HEAD || !wsf__state_finite(state)) return false;
  const wsf__ces *e = (const wsf__ces *)state->v;
  for (int i = 0; i < 4; ++i) {
    if (!(e->p[i] >= 0 && e->p[i] <= 2)) return false;
  }
  if (!wsf__whole(e->m, 1, WSF__LONGEST) || !wsf__whole(e->n, 1, WSF__LONGEST)) return false;
  return wsf__whole(e->kind, 0, WSF__CES_AUTO - 1) &&
         wsf__season_errors_check(state, WSF__CES_HEAD + 2 * (int64_t)e->m, e->m) &&
         wsf__whole(e->count, 0, e->n) && e->scale > 0 && e->sse >= 0 && e->k >= 0;
}

static void summarise(const wsf__state *state, wsf__summary *out) {
  static const char *const word[] = {"none", "simple", "partial", "full"};
  const wsf__ces *e = (const wsf__ces *)state->v;
  (void)snprintf(out->form, sizeof out->form, "CES(%s)", word[(int)e->kind]);
}

static void coefficients(const wsf__fitted *m, const wsf__series *s, wsf__coefficients *out) {
  static const char *const name[] = {"a0", "a1", "b0", "b1"};
  const wsf__ces *e = (const wsf__ces *)m->state[s->slot].v;
  const int n = e->kind == WSF__CES_FULL ? 4 : e->kind == WSF__CES_PARTIAL ? 3 : 2;
  for (int i = 0; i < n; ++i) wsf__coefficient_add(out, name[i], 0, e->p[i], NAN);
}

const wsf__model_class wsf__model_ces = {
    .spec = {"model", "local", "ces",
             "Complex exponential smoothing: a level and its companion, with a season by choice.",
             "Svetunkov, Kourentzes and Ord (2022), Complex exponential smoothing", "0.1.0",
             "ces(season=partial)", options, sizeof options / sizeof *options},
    .fit_series = fit_series,
    .predict_series = predict,
    .response = response,
    .update = update,
    .check = check,
    .promise = {.units = WSF__EPSILON,
                .level = WSF__NOT,
                .update = WSF__NOT,
                .why = "the complex state has a zero; an update keeps the smoothing"},
    .coefficients = coefficients,
    .summarise = summarise,
};
