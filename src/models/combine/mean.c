/* Problem: several models see different things in a history; which is right is not known.
 *
 * Method: the equal-weight mean of their forecasts, hard to beat by estimated weights (Clemen 1989;
 * Hyndman and Athanasopoulos 2021, 13.4), quantile by quantile. Models that could not be fitted to
 * a series are left out of its mean. */
#include "models/combine/inner.h"

static const wsf__option options[] = {
    {"models", WSF__CALLS, NULL, 0, 0, "model", "the models to average"},
};

static wsf_status fit(wsf__fit *f, const wsf__batch *b, wsf__fitted *out) {
  WSF__TRY(wsf__inner_fit(f, b, out));
  for (int64_t i = 0; i < b->n; ++i) {
    const wsf__series *s = &b->series[i];
    const int32_t reason = wsf__inner_reason(out, s->slot);
    if (reason >= WSF__NOT_FITTED)
      wsf__state_fail(out, s, reason);
    else if (!wsf__state_set(f, out, s, 0, reason))
      return wsf__fail_memory(f->err);
  }
  return WSF_OK;
}

static wsf_status predict(wsf__predict *p, const wsf__fitted *m, const wsf__series *s,
                          wsf__forecast *out) {
  wsf__answers answers;
  WSF__TRY(wsf__inner_ask(&answers, p, m, s, out));
  wsf__answers_mean(&answers, NULL, out);
  return WSF_OK;
}

static bool check(const wsf__node *node, const wsf__panel *frame, const wsf__state *state) {
  (void)node;
  (void)frame;
  return state->n == 0;
}

const wsf__model_class wsf__model_mean = {
    .spec = {.family = "model",
             .group = "combine",
             .name = "mean",
             .summary = "the mean of the forecasts of several models",
             .source = "Clemen (1989), Combining forecasts: a review and annotated bibliography",
             .since = "0.1.0",
             .example = "mean(snaive, tslm, drift)",
             .options = options,
             .n_options = sizeof options / sizeof *options},
    .fit = fit,
    .predict = predict,
    .update = wsf__state_keep,
    .check = check,
};
