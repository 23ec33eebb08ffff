/* Problem: series whose season and noise grow with the level, but not in proportion to it.
 *
 * Method: any model of a power of y (Box and Cox 1964), given or chosen for each series by Guerrero
 * (1993, analysis/boxcox_lambda.c) in -1 .. 2; see transform.c for the way back, bias and limits.
 * With zeros in the history the chosen power is at least 0.1: nearer to the logarithm a zero would
 * lie so far below everything else that nothing else counted. And it is no lower than lets the
 * history be repeated once more on top of itself before the power ends (-1 / lambda has no
 * inverse): one outlier calls for -1, whatever comes next is infinite then. */
#include "analysis/boxcox_lambda.h"
#include "math/elementary.h"
#include "models/combine/transform.h"
#include "models/history.h"

#include <math.h>

static const wsf__option options[] = {
    {"inner", WSF__CALL, NULL, 0, 0, "model", "the model of the transformed values"},
    {"lambda", WSF__REAL, "auto", -2, 2, "auto",
     "the power, 0 is the logarithm; auto: by Guerrero's method"},
    {"bias", WSF__WORD, "true", 0, 0, "true|false|r",
     "true: forecast the mean as far as the history knows it; false: the median; r: the mean by "
     "R's "
     "formula, bounded"},
    {"season", WSF__INT, "0", 0, 100000, NULL, "periods in a season; 0: the data's"}};

static double power(const wsf__fit *f, const wsf__node *node, const wsf__series *s) {
  if (!wsf__arg_is(node, "lambda", "auto")) return wsf__arg_number(node, "lambda");
  const wsf__extent e = wsf__extent_of(s->y, s->n);
  double lo = e.least > 0 ? -1 : 0.1;
  if (!wsf__transform_has_room(lo, e.least, e.largest))
    lo = -wsf__ln(2) / wsf__ln(e.largest / e.least);
  return wsf__boxcox_lambda(s->y, s->n, wsf__season_of(node, f->panel), lo, f->scratch);
}

static wsf_status fit(wsf__fit *f, const wsf__batch *b, wsf__fitted *out) {
  return wsf__transform_fit(f, b, out, power, 0);
}

const wsf__model_class wsf__model_boxcox = {
    .spec = {.family = "model",
             .group = "combine",
             .name = "boxcox",
             .summary = "any model of a power that evens the spread out",
             .source = "Box and Cox (1964); Guerrero (1993)",
             .since = "0.1.0",
             .example = "drift | boxcox(0.5)",
             .options = options,
             .n_options = sizeof options / sizeof *options},
    .fit = fit,
    .predict = wsf__transform_predict,
    .update = wsf__transform_update,
    .check = wsf__transform_check,
    .promise =
        {.constant = WSF__ROUNDING,
         .binary = WSF__CONVERGING,
         .units = WSF__CONVERGING,
         .level = WSF__NOT,
         .update = WSF__NOT,
         .needs_positive = true,
         .why = "powers are rounded, below 1 beside the 1 that is taken off, and have a zero; an "
                "update keeps lambda"},
    .history = wsf__transform_history,
    .coefficients = wsf__transform_coefficients,
};
