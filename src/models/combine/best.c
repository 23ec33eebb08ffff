/* Problem: which of several models suits a series?
 *
 * Method: rolling-origin back-tests of each (Tashman 2000); the least error wins and is fitted to
 * the whole history, the next best where that fails. With pool=all or pool=KEY the series lend each
 * other evidence: errors are made relative to their mean over the models, and a series' own are
 * shrunk towards the pool's mean with the strength of `shrink` observations, so that short series
 * follow the common winner (the empirical Bayes form of Fildes 1989's aggregate selection).
 *
 * Limits: a series too short for a window takes the pool's winner, without a pool the first model
 * written. Errors of few windows are noisy: a mean of the candidates is often as good.
 *
 * State: the number of the call chosen. */
#include "models/combine/inner.h"
#include "models/combine/scores.h"

#include <float.h>
#include <math.h>
#include <string.h>

static const wsf__option options[] = {
    {"models", WSF__CALLS, NULL, 0, 0, "model", "the candidates, the one to prefer first"},
    {"by", WSF__WORD, "mae", 0, 0, "mae|wmae|rmse|smape|mase", "the error that decides"},
    {"windows", WSF__INT, "2", 1, 100, NULL, "back-test windows, one after the other"},
    {"horizon", WSF__INT, "0", 0, 100000, NULL,
     "periods in a window; 0: those that the fit was told it will forecast, else a season (6 "
     "without one), at most a quarter of the history"},
    {"pool", WSF__TEXT, "series", 0, 0, NULL,
     "who lends evidence: series (nobody), all, or a key column"},
    {"shrink", WSF__REAL, "26", 0, 1e9, NULL,
     "observations of its own that outweigh half of the pool's evidence"},
    {"season", WSF__INT, "0", 0, 100000, NULL, "periods in a season; 0 = the data's"},
};

static wsf_status scope(wsf__scope *out, const wsf__node *node, const wsf__panel *panel,
                        wsf_error *err) {
  const char *pool = wsf__arg_text(node, "pool");
  const bool alone = strcmp(pool, "series") == 0;
  *out = (wsf__scope){.of = alone ? WSF__ALONE : WSF__PANEL};
  if (alone || strcmp(pool, "all") == 0) return WSF_OK;
  *out = (wsf__scope){WSF__BY_KEY, wsf__panel_find_key(panel, pool)};
  if (out->key >= 0) return WSF_OK;
  (void)wsf__fail(err, WSF_E_VALUE, "pool is '%s': expected series, all or a key column", pool);
  wsf__error_at_field(err, "pool");
  wsf__error_at_byte(err, node->byte);
  return WSF_E_VALUE;
}

/* mase divides by what all models of a series share, so it decides as mae does */
static wsf__by criterion(const wsf__node *node) {
  if (wsf__arg_is(node, "by", "wmae")) return WSF__BY_WMAE;
  if (wsf__arg_is(node, "by", "rmse")) return WSF__BY_RMSE;
  if (wsf__arg_is(node, "by", "smape")) return WSF__BY_SMAPE;
  return WSF__BY_MAE;
}

/* Errors relative to their mean over the models of the series; false if nothing was measured. A
 * model that lost stays infinite. */
static bool relative(double *error, int calls) {
  double sum = 0;
  int n = 0;
  for (int c = 0; c < calls; ++c) {
    if (!isfinite(error[c])) continue;
    sum += error[c];
    ++n;
  }
  if (n == 0) return false;
  const double mean = sum / n;
  for (int c = 0; c < calls; ++c) {
    if (isfinite(error[c])) error[c] = mean > 0 ? error[c] / mean : 1;
  }
  return true;
}

/* Which pool a series belongs to: a key's label, or 0 for sums over the key (key NULL: one for
 * all).
 */
static int64_t pool_of(const wsf__key *key, const wsf__series *s) {
  return key ? key->code[s->id] + 1 : 0;
}

static wsf_status lend_evidence(wsf__fit *f, const wsf__batch *b, const wsf__node *node,
                                wsf__scope who, wsf__scores *scores) {
  const int calls = scores->calls;
  const wsf__key *key = who.of == WSF__BY_KEY ? &f->panel->key[who.key] : NULL;
  const int64_t pools = key ? (int64_t)key->n_labels + 1 : 1;
  const double shrink = wsf__arg_number(node, "shrink");
  const size_t cells = (size_t)pools * (size_t)calls;
  double *sum = wsf__arena_zero(f->scratch, cells, sizeof *sum);
  double *count = wsf__arena_zero(f->scratch, cells, sizeof *count);
  bool *measured = wsf__arena_zero(f->scratch, (size_t)b->n, sizeof *measured);
  if (!sum || !count || !measured) return wsf__fail_memory(f->err);
  for (int64_t i = 0; i < b->n; ++i) {
    double *error = scores->error + i * calls;
    const int64_t pool = pool_of(key, &b->series[i]) * calls;
    measured[i] = relative(error, calls);
    for (int c = 0; c < calls; ++c) {
      if (!isfinite(error[c])) continue;
      sum[pool + c] += error[c];
      count[pool + c] += 1;
    }
  }
  for (int64_t i = 0; i < b->n; ++i) {
    double *error = scores->error + i * calls;
    const int64_t pool = pool_of(key, &b->series[i]) * calls;
    for (int c = 0; c < calls; ++c) {
      if (count[pool + c] == 0) continue; /* nobody knows anything about this model */
      const double common = sum[pool + c] / count[pool + c];
      const double weight = measured[i] ? scores->weight[i * calls + c] : 0;
      if (isinf(error[c])) continue;
      if (!measured[i] || isnan(error[c]))
        error[c] = common;
      else if (shrink > 0)
        error[c] = (weight * error[c] + shrink * common) / (weight + shrink);
    }
  }
  return WSF_OK;
}

/* Calls in the order to try: measured ones by error, then those with nothing to measure, then those
 * that could not be fitted; as written where equal. false: there was nothing to measure. */
static bool rank_calls(double *error, int calls, int *order) {
  bool measured = false;
  for (int c = 0; c < calls; ++c) {
    measured = measured || !isnan(error[c]);
    if (isnan(error[c])) error[c] = DBL_MAX;
    int at = c;
    for (; at > 0 && error[c] < error[order[at - 1]]; --at) order[at] = order[at - 1];
    order[at] = c;
  }
  return measured;
}

static wsf_status fit(wsf__fit *f, const wsf__batch *b, wsf__fitted *out) {
  const wsf__node *node = out->node;
  const int calls = node->n_inner;
  const wsf__rolling r = wsf__rolling_of(node, f);
  wsf__scope who;
  wsf__scores scores;
  WSF__TRY(scope(&who, node, f->panel, f->err));
  WSF__TRY(wsf__scores_measure(&scores, f, b, out, &r, criterion(node)));
  if (who.of != WSF__ALONE) WSF__TRY(lend_evidence(f, b, node, who, &scores));

  int *order = wsf__arena_new(f->scratch, (size_t)b->n * (size_t)calls, sizeof *order);
  int *want = wsf__arena_new(f->scratch, (size_t)b->n, sizeof *want);
  bool *done = wsf__arena_zero(f->scratch, (size_t)b->n, sizeof *done);
  bool *measured = wsf__arena_new(f->scratch, (size_t)b->n, sizeof *measured);
  if (!order || !want || !done || !measured) return wsf__fail_memory(f->err);
  for (int64_t i = 0; i < b->n; ++i) {
    measured[i] = rank_calls(scores.error + i * calls, calls, order + i * calls) || calls == 1;
  }
  for (int round = 0; round < calls; ++round) {
    for (int64_t i = 0; i < b->n; ++i) want[i] = done[i] ? -1 : order[i * calls + round];
    WSF__TRY(wsf__inner_fit_wanted(f, b, want, out));
    for (int64_t i = 0; i < b->n; ++i) {
      if (done[i]) continue;
      const wsf__series *s = &b->series[i];
      const int32_t reason = out->inner[want[i]]->state[s->slot].reason;
      if (reason >= WSF__NOT_FITTED) {
        if (round == 0) wsf__state_fail(out, s, reason);
        continue;
      }
      const int32_t told = wsf__reason_or(reason, measured[i] ? WSF__OK : WSF__NO_BACKTEST);
      double *v = wsf__state_set(f, out, s, 1, round == 0 ? told : WSF__REPLACED);
      if (!v) return wsf__fail_memory(f->err);
      v[0] = want[i];
      done[i] = true;
    }
  }
  return WSF_OK;
}

const wsf__model_class wsf__model_best = {
    .spec = {.family = "model",
             .group = "combine",
             .name = "best",
             .summary = "the model with the least back-test error, series by series",
             .source = "Tashman (2000), Out-of-sample tests of forecasting accuracy",
             .since = "0.1.0",
             .example = "best(snaive, tslm, drift, by=mae, windows=2)",
             .options = options,
             .n_options = sizeof options / sizeof *options},
    .fit = fit,
    .predict = wsf__predict_choice,
    .update = wsf__update_choice,
    .check = wsf__check_choice,
    .promise = {.update = WSF__NOT, .why = "an update keeps the choice"},
    .chooses = true,
    .scope = scope,
};
