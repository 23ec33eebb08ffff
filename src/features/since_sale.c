/* Periods since the last sale: from the newest period with a target above 0, of those at least
 * `lag` periods back, to the one that is forecast. Before the first sale it is missing, and so it
 * is where the period `lag` back is not known. Croston's intervals, one period after the other. */
#include "features/feature_options.h"

static const wsf__option options[] = {
    {"lag", WSF__INTS, "1", 1, 100000, NULL, "periods back that are known, one or several"}};

static int width(const wsf__node *node, const wsf__panel *panel) {
  (void)panel;
  return wsf__arg(node, "lag")->n;
}

static wsf_status column(const wsf__node *node, const wsf__panel *panel, int c, wsf__arena *arena,
                         wsf__feature *out) {
  (void)panel;
  const int64_t lag = (int64_t)wsf__arg(node, "lag")->numbers[c];
  *out = (wsf__feature){.name = wsf__feature_lag_name(arena, "since_sale", lag)};
  return out->name ? WSF_OK : WSF_E_MEMORY;
}

static wsf_status fill(const wsf__feature_view *v, const wsf__node *node, int64_t t, int64_t rows,
                       float *x, int64_t stride) {
  const wsf__value *lags = wsf__arg(node, "lag");
  for (int l = 0; l < lags->n; ++l, x += stride) {
    const int64_t back = (int64_t)lags->numbers[l];
    int64_t sale = t - 1 - back; /* the newest before those of the rows, or before the first */
    if (sale >= v->t0 + v->n) sale = v->t0 + v->n - 1;
    while (sale >= v->t0 && !(wsf__feature_target(v, sale) > 0)) --sale;
    for (int64_t r = 0; r < rows; ++r) {
      const int64_t at = t + r - back;
      if (wsf__feature_target(v, at) > 0) sale = at;
      x[r] = sale < v->t0 || at >= v->t0 + v->n ? NAN : (float)(t + r - sale);
    }
  }
  return WSF_OK;
}

const wsf__feature_class wsf__feature_since_sale = {
    .spec = {.family = "feature",
             .group = "history",
             .name = "since_sale",
             .summary = "periods since the last sale",
             .source = "",
             .since = "0.2.0",
             .example = "since_sale",
             .options = options,
             .n_options = sizeof options / sizeof *options},
    .width = width,
    .column = column,
    .lag = wsf__feature_whole_lag,
    .fill = fill,
};
