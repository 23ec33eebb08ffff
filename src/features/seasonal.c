/* The target at the same place of earlier seasons: a year ago, two years ago, with the moving
 * holidays of weekly data lined up (same_season.c). */
#include "features/feature_options.h"
#include "features/same_season.h"

#include <inttypes.h>
#include <stdio.h>

static const wsf__option options[] = {
    {"lags", WSF__INTS, "1", 1, WSF__SEASONS_MOST, NULL, "seasons back, such as [1,2]"},
    WSF__SEASON_ROW,
    WSF__ALIGN_ROW};

static int width(const wsf__node *node, const wsf__panel *panel) {
  (void)panel;
  return wsf__arg(node, "lags")->n;
}

static wsf_status column(const wsf__node *node, const wsf__panel *panel, int c, wsf__arena *arena,
                         wsf__feature *out) {
  (void)panel;
  char tail[32];
  (void)snprintf(tail, sizeof tail, "%" PRId64, (int64_t)wsf__arg(node, "lags")->numbers[c]);
  *out = (wsf__feature){.name = wsf__feature_text(arena, "seasonal_lag_", tail)};
  return out->name ? WSF_OK : WSF_E_MEMORY;
}

static int64_t lag(const wsf__node *node, int64_t *furthest) {
  return wsf__same_season_lag(node, wsf__feature_least(node, "lags"),
                              wsf__feature_most(node, "lags"), furthest);
}

static wsf_status fill(const wsf__feature_view *v, const wsf__node *node, int64_t t, int64_t rows,
                       float *x, int64_t stride) {
  const wsf__value *lags = wsf__arg(node, "lags");
  const wsf__same_season s = wsf__same_season_of(node, v->panel);
  for (int i = 0; i < lags->n; ++i, x += stride) {
    for (int64_t r = 0; r < rows; ++r) {
      x[r] = wsf__feature_float(wsf__same_season_value(v, &s, (int64_t)lags->numbers[i], t + r));
    }
  }
  return WSF_OK;
}

const wsf__feature_class wsf__feature_seasonal = {
    .spec = {.family = "feature",
             .group = "history",
             .name = "seasonal",
             .summary = "the target at the same place of earlier seasons, moving holidays lined up",
             .source = "Meeus 1991 (Easter); winning entry, Walmart store sales 2014",
             .since = "0.2.0",
             .example = "seasonal([1,2])",
             .options = options,
             .n_options = sizeof options / sizeof *options},
    .width = width,
    .column = column,
    .lag = lag,
    .fill = fill,
};
