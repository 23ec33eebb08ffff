/* Statistics of the target at the same place of the last seasons: the mean of this week in the last
 * three years, with the moving holidays of weekly data lined up (same_season.c). Seasons without an
 * observation are passed over. */
#include "features/feature_options.h"
#include "features/same_season.h"

#include <inttypes.h>
#include <stdio.h>

static const wsf__option options[] = {
    WSF__STATISTICS_ROW,
    {"windows", WSF__INTS, "2", 1, WSF__SEASONS_MOST, NULL, "seasons in a window, such as [2,4]"},
    WSF__SEASON_ROW,
    WSF__ALIGN_ROW,
    {"least", WSF__INT, "1", 1, WSF__SEASONS_MOST, NULL, "fewest observations to be told"},
    WSF__QUANTILES_ROW};

static int width(const wsf__node *node, const wsf__panel *panel) {
  (void)panel;
  return wsf__feature_statistics(node) * wsf__arg(node, "windows")->n;
}

static wsf_status column(const wsf__node *node, const wsf__panel *panel, int c, wsf__arena *arena,
                         wsf__feature *out) {
  (void)panel;
  const wsf__value *windows = wsf__arg(node, "windows");
  char statistic[40], tail[64];
  wsf__feature_statistic_name(node, c / windows->n, statistic);
  (void)snprintf(tail, sizeof tail, "%s_%" PRId64, statistic,
                 (int64_t)windows->numbers[c % windows->n]);
  *out = (wsf__feature){.name = wsf__feature_text(arena, "seasonal_rolling_", tail)};
  return out->name ? WSF_OK : WSF_E_MEMORY;
}

static int64_t lag(const wsf__node *node, int64_t *furthest) {
  return wsf__same_season_lag(node, 1, wsf__feature_most(node, "windows"), furthest);
}

static wsf_status fill(const wsf__feature_view *v, const wsf__node *node, int64_t t, int64_t rows,
                       float *x, int64_t stride) {
  const wsf__value *windows = wsf__arg(node, "windows");
  const wsf__same_season season = wsf__same_season_of(node, v->panel);
  const int64_t most = wsf__feature_most(node, "windows");
  const int statistics = wsf__feature_statistics(node);
  for (int64_t r = 0; r < rows; ++r) {
    double z[WSF__SEASONS_MOST]; /* the last season first */
    for (int64_t k = 0; k < most; ++k) z[k] = wsf__same_season_value(v, &season, k + 1, t + r);
    const bool known = t + r - season.season < v->t0 + v->n;
    for (int c = 0; c < statistics * windows->n; ++c) {
      wsf__windows w = {.z = z,
                        .n = 1,
                        .width = (int64_t)windows->numbers[c % windows->n],
                        .least = wsf__arg_int(node, "least")};
      const wsf__statistic statistic = wsf__feature_statistic(node, c / windows->n, &w.q);
      const wsf__mark mark = wsf__arena_mark(v->scratch);
      if (!wsf__windows_slide(&w, statistic, v->scratch, &x[c * stride + r])) {
        return wsf__fail_memory(v->err);
      }
      wsf__arena_reset(v->scratch, mark);
      if (!known) x[c * stride + r] = NAN;
    }
  }
  return WSF_OK;
}

const wsf__feature_class wsf__feature_seasonal_rolling = {
    .spec = {.family = "feature",
             .group = "history",
             .name = "seasonal_rolling",
             .summary = "statistics of the target at the same place of the last seasons",
             .source = "Meeus 1991 (Easter); winning entry, Walmart store sales 2014",
             .since = "0.2.0",
             .example = "seasonal_rolling(mean, [2,4])",
             .options = options,
             .n_options = sizeof options / sizeof *options},
    .width = width,
    .column = column,
    .lag = lag,
    .fill = fill,
};
