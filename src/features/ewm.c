/* Exponentially weighted means of the target (Brown 1959): each observation moves the mean by the
 * share alpha of its distance, the first one is where it begins, a missing one leaves it. A stretch
 * of periods costs its distance from the first observation. */
#include "features/feature_options.h"

#include <stdio.h>

static const wsf__option options[] = {
    {"alpha", WSF__REALS, NULL, 0, 1, NULL, "weights of the newest observation: [0.1,0.5]"},
    WSF__LAG_ROW};

static int width(const wsf__node *node, const wsf__panel *panel) {
  (void)panel;
  return wsf__arg(node, "alpha")->n * wsf__arg(node, "lag")->n;
}

static wsf_status column(const wsf__node *node, const wsf__panel *panel, int c, wsf__arena *arena,
                         wsf__feature *out) {
  (void)panel;
  const wsf__value *alpha = wsf__arg(node, "alpha"), *lag = wsf__arg(node, "lag");
  char text[48];
  (void)snprintf(text, sizeof text, "ewm_%.15g", alpha->numbers[c / lag->n]);
  *out =
      (wsf__feature){.name = wsf__feature_lag_name(arena, text, (int64_t)lag->numbers[c % lag->n])};
  return out->name ? WSF_OK : WSF_E_MEMORY;
}

/* Rows t .. of one mean: value i of the history is seen by row t0 + i + back. */
static void tell(const wsf__feature_view *v, double alpha, int64_t back, int64_t t, int64_t rows,
                 float *x) {
  double mean = NAN;
  for (int64_t r = 0; r < rows; ++r) x[r] = NAN;
  const int64_t first = v->t0 + back - t;
  for (int64_t i = 0; i < v->n && first + i < rows; ++i) {
    const double y = v->y[i];
    if (isnan(mean))
      mean = y;
    else if (!isnan(y))
      mean += alpha * (y - mean);
    if (first + i >= 0) x[first + i] = wsf__feature_float(mean);
  }
}

static wsf_status fill(const wsf__feature_view *v, const wsf__node *node, int64_t t, int64_t rows,
                       float *x, int64_t stride) {
  const wsf__value *alpha = wsf__arg(node, "alpha"), *lags = wsf__arg(node, "lag");
  for (int a = 0; a < alpha->n; ++a) {
    for (int l = 0; l < lags->n; ++l, x += stride) {
      tell(v, alpha->numbers[a], (int64_t)lags->numbers[l], t, rows, x);
    }
  }
  return WSF_OK;
}

const wsf__feature_class wsf__feature_ewm = {
    .spec = {.family = "feature",
             .group = "history",
             .name = "ewm",
             .summary = "exponentially weighted means of the target",
             .source = "Brown 1959",
             .since = "0.2.0",
             .example = "ewm([0.1,0.5])",
             .options = options,
             .n_options = sizeof options / sizeof *options},
    .width = width,
    .column = column,
    .lag = wsf__feature_whole_lag,
    .fill = fill,
};
