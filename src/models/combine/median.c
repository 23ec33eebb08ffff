/* Problem: as mean, but one bad forecast among several must not move the result.
 *
 * Method: the median of the forecasts, step by step and quantile by quantile (Stock and Watson
 * 2004, "Combination forecasts of output growth"). Medians of ordered quantiles stay ordered.
 * Models that could not be fitted to a series are left out. */
#include "models/combine/inner.h"
#include "models/components.h"
#include "math/stats.h"

#include <math.h>

static const wsf__option options[] = {
    {"models", WSF__CALLS, NULL, 0, 0, "model", "the models to take the median of"},
};

/* The components of the forecast in the middle, or of the two that it is the mean of. */
static void explain(const wsf__forecast *out, int64_t step, const wsf__inner_forecasts *a) {
  for (int j = 0; out->components && j < a->n; ++j) {
    const double mean = a->each[j].mean[step];
    int rank = 0;
    for (int k = 0; k < a->n; ++k) {
      const double other = a->each[k].mean[step];
      rank += other < mean || (other == mean && k < j);
    }
    const double weight = 0.5 * (rank == (a->n - 1) / 2) + 0.5 * (rank == a->n / 2);
    if (weight > 0) wsf__components_add(out, step, a->each[j].components, weight);
  }
}

/* NaN if one of them is. */
static double median_of(double *cell, int n) {
  for (int j = 0; j < n; ++j) {
    if (isnan(cell[j])) return NAN;
  }
  return wsf__median_inplace(cell, n);
}

static void take_median(const wsf__inner_forecasts *a, double *cell, wsf__forecast *out) {
  for (int64_t i = 0; i < out->h; ++i) explain(out, i, a);
  for (int64_t r = 0; r < wsf__forecast_rows(out) && !wsf__forecast_stopped(out); ++r) {
    for (int64_t i = 0; i < out->h; ++i) {
      for (int j = 0; j < a->n; ++j) cell[j] = wsf__forecast_row(&a->each[j], r)[i];
      wsf__forecast_row(out, r)[i] = median_of(cell, a->n);
    }
  }
}

static wsf_status predict(wsf__predict *p, const wsf__fitted *m, const wsf__batch *b,
                          wsf__forecast out[]) {
  wsf__inner_forecasts *inner;
  WSF__TRY(wsf__inner_ask(&inner, p, m, b, out));
  double *cell = wsf__arena_new(p->scratch, (size_t)m->node->n_inner, sizeof *cell);
  if (!cell) return wsf__fail_memory(p->err);
  for (int64_t i = 0; i < b->n; ++i) take_median(&inner[i], cell, &out[i]);
  return WSF_OK;
}

static wsf_status history(wsf__fit *f, const wsf__fitted *out, const wsf__series *s) {
  const int calls = out->node->n_inner;
  double *to = wsf__history_of(out, s);
  double *cell = wsf__arena_new(f->scratch, (size_t)calls, sizeof *cell);
  if (!cell) return wsf__fail_memory(f->err);
  for (int64_t t = 0; t < s->n; ++t) {
    int n = 0;
    for (int i = 0; i < calls; ++i) {
      const wsf__history *inner = wsf__inner_history(out, i, s);
      if (inner) cell[n++] = inner->v[t];
    }
    to[t] = median_of(cell, n);
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
    .history = history,
    .blends = true,
};
