/* Problem: several models see different things in a history; which is right is not known.
 *
 * Method: the equal-weight mean of their forecasts, hard to beat by estimated weights (Clemen 1989;
 * Hyndman and Athanasopoulos 2021, 13.4), quantile by quantile. Models that could not be fitted to
 * a series are left out of its mean. */
#include "models/combine/inner.h"

static const wsf__option options[] = {
    {"models", WSF__CALLS, NULL, 0, 0, "model", "the models to average"},
};

static wsf_status predict(wsf__predict *p, const wsf__fitted *m, const wsf__batch *b,
                          wsf__forecast out[]) {
  wsf__inner_forecasts *inner;
  WSF__TRY(wsf__inner_ask(&inner, p, m, b, out));
  for (int64_t i = 0; i < b->n; ++i) wsf__inner_forecasts_mean(&inner[i], NULL, &out[i]);
  return WSF_OK;
}

static wsf_status history(wsf__fit *f, const wsf__fitted *out, const wsf__series *s) {
  (void)f;
  wsf__history_mean(out, s, NULL);
  return WSF_OK;
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
    .fit = wsf__fit_nothing,
    .predict = predict,
    .update = wsf__state_keep,
    .check = wsf__check_nothing,
    .history = history,
    .blends = true,
};
