/* Problem: intermittent demand, forecast at the scale where it is not intermittent.
 *
 * Method: demand is summed over blocks of periods as long as the mean interval between sales, the
 * sums are smoothed, the forecast is spread evenly over its block (Nikolopoulos, Syntetos, Boylan,
 * Petropoulos and Assimakopoulos 2011, "An aggregate-disaggregate intermittent demand approach
 * (ADIDA) to forecasting"). Details, intervals and limits: aggregate.c. */
#include "models/local/aggregate.h"

static const wsf__option options[] = {
    {"level", WSF__INT, "0", 0, 100000, NULL,
     "periods in a block; 0: the mean interval between sales, rounded"}};

static wsf_status fit_series(wsf__fit *f, const wsf__series *s, wsf__fitted *out) {
  return wsf__aggregate_fit(f, s, out, wsf__arg_int(out->node, "level"), false);
}

const wsf__model_class wsf__model_adida = {
    .spec = {.family = "model",
             .group = "local",
             .name = "adida",
             .summary = "intermittent demand: sums over blocks of periods, smoothed and spread",
             .source = "Nikolopoulos et al. (2011)",
             .since = "0.1.0",
             .example = "adida",
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
