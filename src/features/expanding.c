/* Statistics of all values from the first observation on, to `lag` periods before the one that is
 * forecast. Missing values are passed over; what ends after what is known is missing. A stretch of
 * periods costs its distance from the first observation. */
#include "features/feature_options.h"

#include <stdio.h>

static const wsf__option options[] = {
    WSF__STATISTICS_ROW,
    WSF__LAG_ROW,
    {"least", WSF__INT, "1", 1, 100000, NULL, "fewest observations to be told"},
    WSF__QUANTILES_ROW};

static int width(const wsf__node *node, const wsf__panel *panel) {
  (void)panel;
  return wsf__feature_statistics(node) * wsf__arg(node, "lag")->n;
}

static wsf_status column(const wsf__node *node, const wsf__panel *panel, int c, wsf__arena *arena,
                         wsf__feature *out) {
  (void)panel;
  const wsf__value *lag = wsf__arg(node, "lag");
  char statistic[40], text[64];
  wsf__feature_statistic_name(node, c / lag->n, statistic);
  (void)snprintf(text, sizeof text, "expanding_%s", statistic);
  *out =
      (wsf__feature){.name = wsf__feature_lag_name(arena, text, (int64_t)lag->numbers[c % lag->n])};
  return out->name ? WSF_OK : WSF_E_MEMORY;
}

/* Rows t .. of one statistic with one lag. */
static bool tell(const wsf__feature_view *v, wsf__windows *w, wsf__statistic statistic,
                 int64_t back, int64_t t, int64_t rows, float *x) {
  int64_t from = v->t0 + back - t, end = v->t0 + v->n + back - t; /* rows that see a value */
  from = from < 0 ? 0 : from > rows ? rows : from;
  end = end < from ? from : end > rows ? rows : end;
  for (int64_t r = 0; r < from; ++r) x[r] = NAN;
  for (int64_t r = end; r < rows; ++r) x[r] = NAN;
  w->z = v->y;
  w->n = end - from;
  if (w->n == 0) return true;
  return wsf__windows_grow(w, t + from - back - v->t0, statistic, v->scratch, x + from);
}

static wsf_status fill(const wsf__feature_view *v, const wsf__node *node, int64_t t, int64_t rows,
                       float *x, int64_t stride) {
  const wsf__value *lags = wsf__arg(node, "lag");
  for (int s = 0; s < wsf__feature_statistics(node); ++s) {
    wsf__windows w = {.least = wsf__arg_int(node, "least")};
    const wsf__statistic statistic = wsf__feature_statistic(node, s, &w.q);
    for (int l = 0; l < lags->n; ++l, x += stride) {
      const wsf__mark mark = wsf__arena_mark(v->scratch);
      if (!tell(v, &w, statistic, (int64_t)lags->numbers[l], t, rows, x)) {
        return wsf__fail_memory(v->err);
      }
      wsf__arena_reset(v->scratch, mark);
    }
  }
  return WSF_OK;
}

const wsf__feature_class wsf__feature_expanding = {
    .spec = {.family = "feature",
             .group = "history",
             .name = "expanding",
             .summary = "statistics of all values of the target so far",
             .source = "Welford 1962 (std)",
             .since = "0.2.0",
             .example = "expanding([mean,max])",
             .options = options,
             .n_options = sizeof options / sizeof *options},
    .width = width,
    .column = column,
    .lag = wsf__feature_whole_lag,
    .fill = fill,
};
