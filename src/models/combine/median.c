/* Problem: as mean, but one bad forecast among several must not move the result.
 *
 * Method: the median of the forecasts, step by step and quantile by quantile (Stock and Watson
 * 2004, "Combination forecasts of output growth"). Medians of ordered quantiles stay ordered.
 * Models that could not be fitted to a series are left out. */
#include "models/combine/inner.h"
#include "math/stats.h"

static const wsf__option options[] = {
    {"models", WSF__CALLS, NULL, 0, 0, "model", "the models to take the median of"},
};

static wsf_status predict(wsf__predict *p, const wsf__fitted *m, const wsf__series *s,
                          wsf__forecast *out) {
  wsf__inner_forecasts a;
  WSF__TRY(wsf__inner_ask(&a, p, m, s, out));
  double *cell = wsf__arena_new(p->scratch, (size_t)a.n, sizeof *cell);
  if (!cell) return wsf__fail_memory(p->err);
  for (int64_t i = 0; i < out->h; ++i) {
    for (int j = 0; j < a.n; ++j) cell[j] = a.each[j].mean[i];
    out->mean[i] = wsf__median_inplace(cell, a.n);
  }
  for (int64_t i = 0; i < out->h * out->n_q; ++i) {
    for (int j = 0; j < a.n; ++j) cell[j] = a.each[j].quantile[i];
    out->quantile[i] = wsf__median_inplace(cell, a.n);
  }
  return WSF_OK;
}

const wsf__model_class wsf__model_median = {
    .spec = {.family = "model",
             .group = "combine",
             .name = "median",
             .summary = "the median of the forecasts of several models",
             .source = "Stock and Watson (2004), Combination forecasts of output growth",
             .since = "0.1.0",
             .example = "median(snaive, tslm, drift)",
             .options = options,
             .n_options = sizeof options / sizeof *options},
    .fit = wsf__fit_nothing,
    .predict = predict,
    .update = wsf__state_keep,
    .check = wsf__check_nothing,
};
