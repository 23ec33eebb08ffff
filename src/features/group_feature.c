/* What the group of a series sold: its department, its store, all series. The mean or the sum over
 * the series of the group that have a value, some periods back, or the mean of that over windows.
 * Sums that stand in the panel as series are no members. It reads other series' histories, so it is
 * for tables and for models that learn on a panel. */
#include "features/feature_options.h"
#include "features/groups.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const wsf__option options[] = {
    {"by", WSF__NAMES, "", 0, 0, NULL, "keys and static columns that a group shares; absent: all"},
    {"stats", WSF__WORDS, "mean", 0, 0, "mean|sum", "over the series of a group"},
    {"windows", WSF__INTS, "1", 1, 100000, NULL, "periods to take the mean of, one or several"},
    WSF__LAG_ROW};

/* Of each group and period, group after group. */
typedef struct shared {
  wsf__groups groups;
  const double *sum, *count;
} shared;

static wsf_status check(const wsf__node *node, const wsf__panel *panel, wsf_error *err) {
  return wsf__groups_check(node, "by", panel, err);
}

static int width(const wsf__node *node, const wsf__panel *panel) {
  (void)panel;
  return wsf__arg(node, "stats")->n * wsf__arg(node, "windows")->n * wsf__arg(node, "lag")->n;
}

static wsf_status column(const wsf__node *node, const wsf__panel *panel, int c, wsf__arena *arena,
                         wsf__feature *out) {
  (void)panel;
  const wsf__value *lag = wsf__arg(node, "lag"), *windows = wsf__arg(node, "windows");
  const int64_t back = (int64_t)lag->numbers[c % lag->n];
  c /= lag->n;
  char tail[64];
  (void)snprintf(tail, sizeof tail, "_%s_%" PRId64,
                 wsf__arg(node, "stats")->strings[c / windows->n],
                 (int64_t)windows->numbers[c % windows->n]);
  const char *text = wsf__groups_name(arena, "group", wsf__arg(node, "by"));
  if (text) text = wsf__feature_text(arena, text, tail);
  *out = (wsf__feature){.name = text ? wsf__feature_lag_name(arena, text, back) : NULL};
  return out->name ? WSF_OK : WSF_E_MEMORY;
}

static int64_t lag(const wsf__node *node, int64_t *furthest) {
  *furthest = wsf__feature_most(node, "lag") + wsf__feature_most(node, "windows") - 1;
  return wsf__feature_least(node, "lag");
}

static wsf_status share(const void **out, const wsf__node *node, const wsf__panel *panel,
                        wsf__arena *arena, wsf_error *err) {
  shared *s = wsf__arena_new(arena, 1, sizeof *s);
  if (!s) return wsf__fail_memory(err);
  WSF__TRY(wsf__groups_make(&s->groups, arena, panel, wsf__arg(node, "by"), err));
  size_t cells;
  if (!wsf__mul((size_t)s->groups.n, (size_t)panel->T, &cells)) return wsf__fail_memory(err);
  double *sum = wsf__arena_zero(arena, cells, sizeof *sum);
  double *count = wsf__arena_zero(arena, cells, sizeof *count);
  if (!sum || !count) return wsf__fail_memory(err);
  wsf__watch watch = {.scratch = arena};
  for (int64_t i = 0; i < panel->n; ++i) {
    if (wsf__watch_ends(&watch, panel->length[i])) return wsf__fail_stopped(arena->work_of, err);
    if (s->groups.of[i] < 0) continue;
    const double *y = panel->y + panel->offset[i];
    const int64_t row = s->groups.of[i] * panel->T + panel->first[i];
    for (int64_t t = 0; t < panel->length[i]; ++t) {
      if (isnan(y[t])) continue;
      sum[row + t] += y[t];
      count[row + t] += 1;
    }
  }
  s->sum = sum;
  s->count = count;
  *out = s;
  return WSF_OK;
}

static wsf_status fill(const wsf__feature_view *v, const wsf__node *node, int64_t t, int64_t rows,
                       float *x, int64_t stride) {
  const shared *s = v->shared;
  const int64_t T = v->panel->T, group = s->groups.of[v->series];
  const wsf__value *lags = wsf__arg(node, "lag"), *windows = wsf__arg(node, "windows");
  int64_t furthest;
  (void)lag(node, &furthest);
  double *z = wsf__arena_new(v->scratch, (size_t)(furthest + rows), sizeof *z);
  if (!z) return wsf__fail_memory(v->err);
  for (int k = 0; k < wsf__arg(node, "stats")->n; ++k) {
    const bool mean = strcmp(wsf__arg(node, "stats")->strings[k], "mean") == 0;
    for (int64_t i = 0; i < furthest + rows; ++i) {
      const int64_t at = t - furthest + i;
      const bool there = group >= 0 && at >= 0 && at < T && s->count[group * T + at] > 0;
      z[i] = there ? s->sum[group * T + at] / (mean ? s->count[group * T + at] : 1) : NAN;
    }
    for (int w = 0; w < windows->n; ++w) {
      for (int l = 0; l < lags->n; ++l, x += stride) {
        const int64_t back = (int64_t)lags->numbers[l], periods = (int64_t)windows->numbers[w];
        const int64_t first = t - back - periods + 1, unknown = v->end + back - t;
        const wsf__windows slide = {.z = z + (first - (t - furthest)),
                                    .n = rows,
                                    .width = periods,
                                    .anchor = first,
                                    .least = 1};
        if (!wsf__windows_slide(&slide, WSF__STAT_MEAN, v->scratch, x)) {
          return wsf__fail_memory(v->err);
        }
        for (int64_t r = unknown > 0 ? unknown : 0; r < rows; ++r) x[r] = NAN;
      }
    }
  }
  return WSF_OK;
}

const wsf__feature_class wsf__feature_group = {
    .spec = {.family = "feature",
             .group = "history",
             .name = "group",
             .summary = "what the department, the store or all series sold",
             .source = "",
             .since = "0.2.0",
             .example = "group(shop, [mean,sum], windows=[1,4])",
             .options = options,
             .n_options = sizeof options / sizeof *options},
    .check = check,
    .width = width,
    .column = column,
    .lag = lag,
    .share = share,
    .fill = fill,
    .others = true,
};
