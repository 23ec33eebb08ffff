/* A recurrent network that all series of a panel share.
 *
 * Retail tables are short and many, and a network that has to learn levels and seasons by itself
 * loses to last year's sales. So both are taken off before: each series is tracked by exponential
 * smoothing whose gains are chosen once for all, and the network of LSTM cells (Hochreiter and
 * Schmidhuber 1997) reads the errors of the tracking and says, directly for every step ahead, the
 * quantiles of what becomes of the series beside it (Wen and others 2017, "A multi-horizon quantile
 * recurrent forecaster"), in units of the series' own error. Labels of keys have embeddings, and
 * columns known ahead are seen both when they are read and when they are forecast with.
 *
 * The forecast is the median. Limits: weights come from random beginnings, and a search that stops
 * early: another seed or a digit more in the data gives another network, about as good; the mean of
 * some seeds is better. An update moves series on and learns nothing. */
#include "models/global/sequence.h"
#include "models/scope.h"

static const wsf__option options[] = {WSF__SEQUENCE_OPTIONS("1", "1")};

static wsf_status fit(wsf__fit *f, const wsf__batch *b, wsf__fitted *out) {
  return wsf__sequence_fit(f, b, out, false);
}

const wsf__model_class wsf__model_lstm = {
    .spec = {.family = "model",
             .group = "global",
             .name = "lstm",
             .summary = "a recurrent network that all series share, on tracked levels and seasons",
             .source = "Hochreiter and Schmidhuber (1997); Wen et al. (2017)",
             .since = "0.2.0",
             .example = "lstm(hidden=16, epochs=20)",
             .options = options,
             .n_options = sizeof options / sizeof *options},
    .fit = fit,
    .predict = wsf__sequence_predict,
    .response = wsf__sequence_response,
    .update = wsf__sequence_update,
    .start = wsf__sequence_start,
    .save_pool = wsf__sequence_save,
    .load_pool = wsf__sequence_load,
    .check = wsf__sequence_check,
    .coefficients = wsf__sequence_coefficients,
    .weights = wsf__sequence_weights,
    .scope = wsf__scope_by,
    .reach = wsf__inputs_reach,
    .regresses = wsf__regressors_any,
    .bridges = true,
    .resumes = true,
    .promise = {.units = WSF__NOT,
                .level = WSF__NOT,
                .update = WSF__NOT,
                .why = "learning amplifies roundings; an update learns nothing"},
};
