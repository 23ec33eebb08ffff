/* Problem: the model one wants cannot be fitted to every series.
 *
 * Method: each series takes the first of the models, in the order written, that can be fitted to
 * it; later ones are fitted only where the earlier failed, or may fail yet because they regress on
 * columns: where one has no value in a period ahead, the next model forecasts the series. State:
 * the number of the call chosen. */
#include "models/combine/inner.h"
#include "models/regressors.h"

static const wsf__option options[] = {
    {"models", WSF__CALLS, NULL, 0, 0, "model", "the models, the one to prefer first"},
};

static wsf_status fit(wsf__fit *f, const wsf__batch *b, wsf__fitted *out) {
  const int n_inner = out->node->n_inner;
  int *want = wsf__arena_new(f->scratch, (size_t)b->n, sizeof *want);
  if (!want) return wsf__fail_memory(f->err);
  for (int64_t i = 0; i < b->n; ++i) {
    want[i] = 0;
    wsf__state_fail(out, &b->series[i], WSF__SKIPPED);
  }
  for (int call = 0; call < n_inner; ++call) {
    WSF__TRY(wsf__inner_fit_wanted(f, b, want, out));
    for (int64_t i = 0; i < b->n; ++i) {
      const wsf__series *s = &b->series[i];
      if (want[i] != call) continue;
      const int32_t reason = out->inner[call]->state[s->slot].reason;
      if (reason >= WSF__NOT_FITTED) {
        want[i] = call + 1;
        /* what the preferred model says is what the user wants to know */
        if (call == 0) wsf__state_fail(out, s, reason);
        continue;
      }
      want[i] = wsf__regressors_used(out->node->inner[call]) ? call + 1 : -1;
      if (out->state[s->slot].reason < WSF__NOT_FITTED) continue; /* it stands by */
      double *v = wsf__state_set(f, out, s, 1, call == 0 ? reason : WSF__REPLACED);
      if (!v) return wsf__fail_memory(f->err);
      v[0] = call;
    }
  }
  return WSF_OK;
}

const wsf__model_class wsf__model_fallback = {
    .spec = {.family = "model",
             .group = "combine",
             .name = "fallback",
             .summary = "the first of several models that can be fitted to a series",
             .source = "",
             .since = "0.1.0",
             .example = "fallback(tslm(log=true), snaive)",
             .options = options,
             .n_options = sizeof options / sizeof *options},
    .fit = fit,
    .predict = wsf__predict_choice,
    .update = wsf__update_choice,
    .check = wsf__check_choice,
    .chooses = true,
};
