/* Problem: intermittent demand, without betting on one scale of aggregation.
 *
 * Method: the forecasts of adida with blocks of 1, 2, .. periods, up to the mean interval between
 * sales, are averaged (Petropoulos and Kourentzes 2015, "Forecast combinations for intermittent
 * demand", section 3.3). Details, intervals and limits: aggregate.c. */
#include "models/local/aggregate.h"

static const wsf__option options[] = {
    {"levels", WSF__INT, "0", 0, 100000, NULL,
     "periods in the longest block; 0: the mean interval between sales, rounded"}};

static wsf_status fit_series(wsf__fit *f, const wsf__series *s, wsf__fitted *out) {
  return wsf__aggregate_fit(f, s, out, wsf__arg_int(out->node, "levels"), true);
}

const wsf__model_class wsf__model_imapa = {
    .spec = {.family = "model",
             .group = "local",
             .name = "imapa",
             .summary = "intermittent demand: the mean of forecasts at several scales",
             .source = "Petropoulos and Kourentzes (2015)",
             .since = "0.1.0",
             .example = "imapa",
             .options = options,
             .n_options = sizeof options / sizeof *options},
    .fit_series = fit_series,
    .predict_series = wsf__aggregate_predict,
    .blocks = true,
    .check = wsf__aggregate_check,
    .promise = {.constant = WSF__ROUNDING,
                .units = WSF__EPSILON,
                .level = WSF__EPSILON,
                .why = "sums over blocks are rounded"},
};
