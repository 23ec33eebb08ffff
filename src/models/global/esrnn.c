/* Exponential smoothing and a recurrent network, learnt together (Smyl 2020, "A hybrid method of
 * exponential smoothing and recurrent neural networks for time series forecasting", the winner of
 * the M4 competition; batched over series as in Redd, Khin and Marini 2019).
 *
 * As lstm, but that each series has gains of its own for level and season: the loss of the
 * forecasts goes back through the network and the recursion of the smoothing (gain_search.c), and
 * the gains take steps beside the weights. Layers of cells are dilated (Chang and others 2017): the
 * second remembers what was three periods ago.
 *
 * Against the paper: level and season are added, not multiplied, so that zero and negative sales
 * have a place (log(esrnn) multiplies); one network in place of an ensemble of specialists; seven
 * quantiles in place of one. Limits: those of lstm. */
#include "models/global/sequence.h"
#include "models/scope.h"

static const wsf__option options[] = {WSF__SEQUENCE_OPTIONS("2", "[1,3]")};

static wsf_status fit(wsf__fit *f, const wsf__batch *b, wsf__fitted *out) {
  return wsf__sequence_fit(f, b, out, true);
}

const wsf__model_class wsf__model_esrnn = {
    .spec =
        {.family = "model",
         .group = "global",
         .name = "esrnn",
         .summary =
             "exponential smoothing of each series and one recurrent network, learnt together",
         .source =
             "Smyl (2020), A hybrid method of exponential smoothing and recurrent neural networks",
         .since = "0.2.0",
         .example = "esrnn(hidden=16, epochs=20)",
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
