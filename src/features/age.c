/* Periods since the first observation of a series, which is 0: how new a product or a shop is. */
#include "features/feature.h"

static int width(const wsf__node *node, const wsf__panel *panel) {
  (void)node, (void)panel;
  return 1;
}

static wsf_status column(const wsf__node *node, const wsf__panel *panel, int c, wsf__arena *arena,
                         wsf__feature *out) {
  (void)node, (void)panel, (void)c, (void)arena;
  *out = (wsf__feature){.name = "age"};
  return WSF_OK;
}

static wsf_status fill(const wsf__feature_view *v, const wsf__node *node, int64_t t, int64_t rows,
                       float *x, int64_t stride) {
  (void)node, (void)stride;
  const int64_t first = v->panel->first[v->series];
  for (int64_t r = 0; r < rows; ++r) x[r] = t + r < first ? NAN : (float)(t + r - first);
  return WSF_OK;
}

const wsf__feature_class wsf__feature_age = {
    .spec = {.family = "feature",
             .group = "history",
             .name = "age",
             .summary = "periods since the first observation",
             .source = "",
             .since = "0.2.0",
             .example = "age"},
    .width = width,
    .column = column,
    .lag = wsf__feature_no_lag,
    .fill = fill,
};
