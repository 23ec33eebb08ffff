/* Problem: a mean of models that trusts some more than others.
 *
 * Method: fixed weights as given, or, with weights=auto, weights in inverse proportion to each
 * model's mean absolute error in rolling-origin back-tests of the series itself (Bates and Granger
 * 1969, with absolute errors), quantile by quantile. A series too short for a window gets equal
 * weights; models that could not be fitted are left out and the others share their weight.
 *
 * State: one weight per model, summing to 1. */
#include "models/combine/inner.h"
#include "models/combine/scores.h"
#include "models/coefficients.h"

#include <math.h>

static const wsf__option options[] = {
    {"models", WSF__CALLS, NULL, 0, 0, "model", "the models to average"},
    {"weights", WSF__REALS, "auto", 0, 1e9, "auto",
     "one weight per model, or auto: from back-test errors"},
    {"windows", WSF__INT, "2", 1, 100, NULL, "back-test windows for auto, one after the other"},
    {"horizon", WSF__INT, "0", 0, 100000, NULL,
     "periods in a window; 0: those that the fit was told it will forecast, else a season (6 "
     "without one), at most a quarter of the history"},
    {"season", WSF__INT, "0", 0, 100000, NULL, "periods in a season; 0 = the data's"},
};

static wsf_status check_weights(const wsf__node *node, const wsf__value *weights, wsf_error *err) {
  double sum = 0;
  for (int i = 0; i < weights->n; ++i) sum += weights->numbers[i];
  if (weights->n == node->n_inner && sum > 0) return WSF_OK;
  if (weights->n != node->n_inner) {
    (void)wsf__fail(err, WSF_E_VALUE, "%d weights for %d models: expected one each", weights->n,
                    node->n_inner);
  } else {
    (void)wsf__fail(err, WSF_E_VALUE, "all weights are 0: expected a positive one");
  }
  wsf__error_at_field(err, "weights");
  wsf__error_at_byte(err, node->byte);
  return WSF_E_VALUE;
}

/* Inverse errors, or equal weights if none was measured: false; a perfect model does not silence
 * the others: errors count as at least a hundredth of their mean. */
static bool learn(const double *error, int calls, double *weight) {
  double sum = 0;
  int n = 0;
  for (int c = 0; c < calls; ++c) {
    if (!isfinite(error[c])) continue;
    sum += error[c];
    ++n;
  }
  for (int c = 0; c < calls; ++c) {
    if (n == 0 || !(sum > 0))
      weight[c] = !isinf(error[c]);
    else
      weight[c] = isfinite(error[c]) ? 1 / fmax(error[c] / sum, 0.01 / n) : 0;
  }
  return n > 0;
}

static void to_one(double *weight, int calls) {
  double sum = 0;
  for (int c = 0; c < calls; ++c) sum += weight[c];
  for (int c = 0; c < calls; ++c) weight[c] = sum > 0 ? weight[c] / sum : 1.0 / calls;
}

static wsf_status fit(wsf__fit *f, const wsf__batch *b, wsf__fitted *out) {
  const wsf__node *node = out->node;
  const wsf__value *given = wsf__arg(node, "weights");
  const bool fixed = given->form == WSF__NUMBERS;
  const int calls = node->n_inner;
  wsf__scores scores = {0};
  if (fixed) {
    WSF__TRY(check_weights(node, given, f->err));
  } else {
    const wsf__rolling r = wsf__rolling_of(node, f);
    WSF__TRY(wsf__scores_measure(&scores, f, b, out, &r, WSF__BY_MAE));
  }
  WSF__TRY(wsf__inner_fit(f, b, out));
  for (int64_t i = 0; i < b->n; ++i) {
    const wsf__series *s = &b->series[i];
    int32_t reason;
    if (!wsf__inner_fitted(out, s, &reason)) continue;
    double *v = wsf__state_set(f, out, s, calls, reason);
    if (!v) return wsf__fail_memory(f->err);
    const bool learnt = fixed || learn(scores.error + i * calls, calls, v);
    if (!learnt && calls > 1) {
      out->state[s->slot].reason = wsf__reason_or(reason, WSF__NO_BACKTEST);
    }
    for (int c = 0; fixed && c < calls; ++c) v[c] = given->numbers[c];
    to_one(v, calls);
  }
  return WSF_OK;
}

static wsf_status predict(wsf__predict *p, const wsf__fitted *m, const wsf__batch *b,
                          wsf__forecast out[]) {
  wsf__inner_forecasts *inner;
  WSF__TRY(wsf__inner_ask(&inner, p, m, b, out));
  for (int64_t i = 0; i < b->n; ++i) {
    wsf__inner_forecasts_mean(&inner[i], m->state[b->series[i].slot].v, &out[i]);
  }
  return WSF_OK;
}

static bool check(const wsf__node *node, const wsf__panel *frame, const wsf__state *state) {
  (void)frame;
  if (state->n != node->n_inner) return false;
  for (int64_t i = 0; i < state->n; ++i) {
    if (!(state->v[i] >= 0 && state->v[i] <= 1)) return false;
  }
  return true;
}

static void coefficients(const wsf__fitted *m, const wsf__series *s, wsf__coefficients *out) {
  for (int i = 0; i < m->node->n_inner; ++i) {
    wsf__coefficient_add(out, "weight", i + 1, m->state[s->slot].v[i], NAN);
  }
}

static wsf_status history(wsf__fit *f, const wsf__fitted *out, const wsf__series *s) {
  (void)f;
  wsf__history_mean(out, s, out->state[s->slot].v);
  return WSF_OK;
}

const wsf__model_class wsf__model_weighted = {
    .spec = {.family = "model",
             .group = "combine",
             .name = "weighted",
             .summary = "a weighted mean of the forecasts of several models",
             .source = "Bates and Granger (1969), The combination of forecasts",
             .since = "0.1.0",
             .example = "weighted(snaive, tslm, weights=[1,3])",
             .options = options,
             .n_options = sizeof options / sizeof *options},
    .fit = fit,
    .predict = predict,
    .update = wsf__state_keep,
    .check = check,
    .promise = {.update = WSF__NOT, .why = "an update keeps the weights"},
    .history = history,
    .coefficients = coefficients,
    .blends = true,
};
