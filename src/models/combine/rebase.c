/* Correct a model's level by what it has lately got wrong, with help from the series' group.
 *
 * The inner model is fitted without the last `window` periods and forecasts them. The ratio of
 * the actuals to the forecasts, R = sum y / sum f, is a noisy growth factor per series and a steady
 * one per group; the log factor applied to the forecast is shrunk linearly towards the group's and
 * towards zero, log c = own log R_series + group log R_group (a linear empirical-Bayes estimate;
 * Efron and Morris 1975, with fixed weights). A series without a usable ratio takes its group's.
 * On a seasonal naive forecast this is growth over last year, pooled by department. Where the
 * shorter history has lost its season, what it missed is that season and no growth: no ratio.
 * An update moves the inner model and keeps the factors.
 * Limits: a level shift only; factors lie within 1/limit .. limit; positive sums only. */
#include "models/combine/inner.h"
#include "math/elementary.h"
#include "models/coefficients.h"
#include "models/components.h"
#include "models/scope.h"

#include <math.h>

static const wsf__option options[] = {
    {"inner", WSF__CALL, NULL, 0, 0, "model", "model to correct"},
    {"window", WSF__INT, "0", 0, 100000, NULL,
     "periods at the end that are compared; 0: a quarter of a season"},
    {"own", WSF__REAL, "0.5", 0, 1, NULL, "weight of the series' own log ratio"},
    {"group", WSF__REAL, "0.3", 0, 1, NULL, "weight of the group's log ratio"},
    {"limit", WSF__REAL, "1.5", 1, 100, NULL, "largest factor, and one over the smallest"},
    WSF__OPTION_BY};

typedef struct sums {
  double actual, forecast;
  int64_t count;
} sums;

/* A model that has its season when it forecasts, and had not when it was tried. */
static bool lost_season(const wsf__state *tried, const wsf__state *fitted) {
  const bool without = tried->reason == WSF__SHORT_SEASON || tried->reason == WSF__NO_SEASON;
  return without && tried->reason != fitted->reason;
}

/* Fit inner again without the last window periods and add up what it said of them. */
static wsf_status look_back(wsf__fit *f, const wsf__batch *b, const wsf__fitted *inner,
                            int64_t window, sums *sum) {
  wsf__series *cut = wsf__arena_new(f->scratch, (size_t)b->n, sizeof *cut);
  wsf__forecast *forecast = wsf__arena_new(f->scratch, (size_t)b->n, sizeof *forecast);
  if (!cut || !forecast) return wsf__fail_memory(f->err);
  int64_t n = 0;
  for (int64_t i = 0; i < b->n; ++i) {
    if (b->series[i].n <= window) continue;
    cut[n] = b->series[i];
    cut[n].n -= window;
    cut[n].slot = i;
    ++n;
  }
  if (n == 0) return WSF_OK;
  const wsf__batch shorter = {n, cut};
  wsf__fitted *trial = f->trial(f, inner->node, b->n);
  if (!trial) return wsf__fail_memory(f->err);
  WSF__TRY(f->fit_inner(f, &shorter, trial));
  const wsf__forecast like = {.h = window};
  for (int64_t j = 0; j < n; ++j) {
    if (!wsf__forecast_like(&forecast[j], f->scratch, &like)) return wsf__fail_memory(f->err);
  }
  WSF__TRY(f->predict_inner(f, trial, &shorter, forecast));
  for (int64_t j = 0; j < n; ++j) {
    const int64_t i = cut[j].slot;
    if (trial->state[i].reason >= WSF__NOT_FITTED) continue;
    if (lost_season(&trial->state[i], &inner->state[b->series[i].slot])) continue;
    const double *y = b->series[i].y + cut[j].n;
    for (int64_t t = 0; t < window; ++t) {
      if (isnan(y[t]) || isnan(forecast[j].mean[t])) continue;
      sum[i].actual += y[t];
      sum[i].forecast += forecast[j].mean[t];
      ++sum[i].count;
    }
  }
  f->trial_end(f, trial);
  return WSF_OK;
}

static double log_ratio(const sums *s, double limit) {
  return fmax(-wsf__ln(limit), fmin(wsf__ln(limit), wsf__ln(s->actual / s->forecast)));
}

static wsf_status fit(wsf__fit *f, const wsf__batch *b, wsf__fitted *out) {
  const wsf__node *node = out->node;
  const double own = wsf__arg_number(node, "own"), pooled = wsf__arg_number(node, "group");
  const double limit = wsf__arg_number(node, "limit");
  int64_t window = wsf__arg_int(node, "window");
  if (window == 0) window = f->panel->season / 4;
  if (window == 0) window = 1;
  wsf__fitted *inner = out->inner[0];
  sums *sum = wsf__arena_zero(f->scratch, (size_t)b->n, sizeof *sum);
  double *factor = wsf__arena_new(f->scratch, (size_t)b->n, sizeof *factor);
  bool *known = wsf__arena_new(f->scratch, (size_t)b->n, sizeof *known);
  if (!sum || !factor || !known) return wsf__fail_memory(f->err);
  WSF__TRY(f->fit_inner(f, b, inner));
  WSF__TRY(look_back(f, b, inner, window, sum));
  wsf__groups groups;
  WSF__TRY(wsf__groups_find(&groups, f, b, node));
  for (int64_t g = 0; g < groups.n; ++g) {
    sums all = {0};
    for (int64_t j = groups.start[g]; j < groups.start[g + 1]; ++j) {
      const sums *s = &sum[groups.order[j]];
      if (!(s->actual > 0 && s->forecast > 0)) continue;
      /* on an interval scale each series has a unit of its own */
      const double unit = b->series[groups.order[j]].interval ? s->forecast : 1;
      all.actual += s->actual / unit;
      all.forecast += s->forecast / unit;
    }
    const double group_log = all.forecast > 0 ? log_ratio(&all, limit) : 0;
    for (int64_t j = groups.start[g]; j < groups.start[g + 1]; ++j) {
      const sums *s = &sum[groups.order[j]];
      /* Half a window observed, or the ratio says little. */
      const bool usable = s->actual > 0 && s->forecast > 0 && 2 * s->count >= window;
      known[groups.order[j]] = usable || all.forecast > 0;
      factor[groups.order[j]] =
          wsf__exp(own * (usable ? log_ratio(s, limit) : group_log) + pooled * group_log);
    }
  }
  for (int64_t i = 0; i < b->n; ++i) {
    const wsf__series *s = &b->series[i];
    int32_t reason;
    if (!wsf__inner_fitted(out, s, &reason)) continue;
    double *v =
        wsf__state_set(f, out, s, 1, wsf__reason_or(reason, known[i] ? WSF__OK : WSF__NO_BACKTEST));
    if (!v) return wsf__fail_memory(f->err);
    v[0] = factor[i];
  }
  return WSF_OK;
}

static wsf_status predict(wsf__predict *p, const wsf__fitted *m, const wsf__batch *b,
                          wsf__forecast out[]) {
  WSF__TRY(wsf__inner_delegate(p, m, 0, b, out));
  for (int64_t j = 0; j < b->n; ++j) {
    const double factor = m->state[b->series[j].slot].v[0];
    for (int64_t i = 0; i < out[j].h; ++i) wsf__components_scale(&out[j], i, factor);
    for (int64_t r = 0; r < wsf__forecast_rows(&out[j]) && !wsf__forecast_stopped(&out[j]); ++r) {
      double *row = wsf__forecast_row(&out[j], r);
      for (int64_t i = 0; i < out[j].h; ++i) row[i] *= factor;
    }
  }
  return WSF_OK;
}

static bool check(const wsf__node *node, const wsf__panel *frame, const wsf__state *state) {
  (void)node;
  (void)frame;
  return state->n == 1 && wsf__state_finite(state) && state->v[0] > 0;
}

static void coefficients(const wsf__fitted *m, const wsf__series *s, wsf__coefficients *out) {
  wsf__coefficient_add(out, "factor", 0, m->state[s->slot].v[0], NAN);
}

static wsf_status history(wsf__fit *f, const wsf__fitted *out, const wsf__series *s) {
  (void)f;
  const wsf__history *inner = wsf__inner_history(out, 0, s);
  double *to = wsf__history_of(out, s);
  for (int64_t t = 0; t < s->n; ++t) to[t] = out->state[s->slot].v[0] * inner->v[t];
  return WSF_OK;
}

const wsf__model_class wsf__model_rebase = {
    .spec = {"model", "combine", "rebase", "any model, its level corrected by its latest errors",
             "Efron and Morris 1975", "0.1.0", "rebase(snaive, window=13)", options,
             sizeof options / sizeof *options},
    .fit = fit,
    .predict = predict,
    .update = wsf__state_keep,
    .check = check,
    .promise = {.level = WSF__NOT,
                .update = WSF__NOT,
                .why = "a ratio has a zero; an update keeps it"},
    .history = history,
    .coefficients = coefficients,
    .scope = wsf__scope_by};
