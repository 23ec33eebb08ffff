/* Problem: series that grow by per cents and whose season and noise grow with them.
 *
 * Method: any model of log(y + offset); see transform.c for the way back, bias and limits. Zeros
 * need an offset. */
#include "models/combine/transform.h"

static const wsf__option options[] = {
    {"inner", WSF__CALL, NULL, 0, 0, "model", "the model of the logarithms"},
    {"offset", WSF__REAL, "0", 0, 1e15, NULL, "added before the logarithm is taken"},
    {"bias", WSF__WORD, "true", 0, 0, "true|false|r",
     "true: forecast the mean as far as the history knows it; false: the median; r: the mean by "
     "R's "
     "formula, bounded"}};

static double zero(const wsf__fit *f, const wsf__node *node, const wsf__series *s) {
  (void)f;
  (void)node;
  (void)s;
  return 0;
}

static wsf_status fit(wsf__fit *f, const wsf__batch *b, wsf__fitted *out) {
  return wsf__transform_fit(f, b, out, zero, wsf__arg_number(out->node, "offset"));
}

const wsf__model_class wsf__model_log = {
    .spec = {.family = "model",
             .group = "combine",
             .name = "log",
             .summary = "any model of the logarithms",
             .source = "Hyndman and Athanasopoulos (2021), 3.1 and 5.6",
             .since = "0.1.0",
             .example = "drift | log",
             .options = options,
             .n_options = sizeof options / sizeof *options},
    .fit = fit,
    .predict = wsf__transform_predict,
    .update = wsf__transform_update,
    .check = wsf__transform_check,
    .promise = {.constant = WSF__ROUNDING,
                .units = WSF__EPSILON,
                .level = WSF__NOT,
                .update = WSF__EPSILON,
                .needs_positive = true,
                .why =
                    "exp(log(x)) is rounded; an update keeps what the model inside sees as zero"},
    .history = wsf__transform_history,
    .coefficients = wsf__transform_coefficients,
};
