/* Earlier values, of the target or of columns, one column of features for each distance. The value
 * `lag` periods before the one that is forecast is known when the forecast is for step `lag` or
 * nearer; for steps further out a model puts its own forecasts in the place of the target. A lag
 * that reaches back before the first observation, or into a gap, is missing. */
#include "features/feature_options.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const wsf__option options[] = {
    {"lags", WSF__INTS, NULL, 1, 100000, NULL, "periods back, such as [1:4,52]"},
    {"of", WSF__NAMES, "", 0, 0, NULL, "columns to read in place of the target"}};

static wsf_status check(const wsf__node *node, const wsf__panel *panel, wsf_error *err) {
  return wsf__feature_check_moving(node, "of", panel, err);
}

static int width(const wsf__node *node, const wsf__panel *panel) {
  (void)panel;
  const int columns = wsf__arg(node, "of")->n;
  return wsf__arg(node, "lags")->n * (columns > 0 ? columns : 1);
}

static wsf_status column(const wsf__node *node, const wsf__panel *panel, int c, wsf__arena *arena,
                         wsf__feature *out) {
  const wsf__value *lags = wsf__arg(node, "lags"), *of = wsf__arg(node, "of");
  const int64_t lag = (int64_t)lags->numbers[c % lags->n];
  const char *name = of->n > 0 ? of->strings[c / lags->n] : "";
  const size_t room = strlen(name) + 32;
  char *text = wsf__arena_new(arena, room, 1);
  if (!text) return WSF_E_MEMORY;
  (void)snprintf(text, room, "%s%slag_%" PRId64, name, *name ? "_" : "", lag);
  *out = (wsf__feature){.name = text};
  if (of->n == 0) return WSF_OK;
  const wsf__column *from = &panel->column[wsf__panel_find_column(panel, name)];
  out->n_categories = from->n_categories;
  out->category = from->category;
  return WSF_OK;
}

static int64_t lag(const wsf__node *node, int64_t *furthest) {
  *furthest = 0;
  if (wsf__arg(node, "of")->n > 0) return 0;
  *furthest = wsf__feature_most(node, "lags");
  return wsf__feature_least(node, "lags");
}

static int64_t reach(const wsf__node *node) {
  return wsf__arg(node, "of")->n > 0 ? wsf__feature_most(node, "lags") : 0;
}

static wsf_status fill(const wsf__feature_view *v, const wsf__node *node, int64_t t, int64_t rows,
                       float *x, int64_t stride) {
  const wsf__value *lags = wsf__arg(node, "lags"), *of = wsf__arg(node, "of");
  double *y = wsf__arena_new(v->scratch, (size_t)rows, sizeof *y);
  if (!y) return wsf__fail_memory(v->err);
  for (int k = 0; k < (of->n > 0 ? of->n : 1); ++k) {
    const int from = of->n > 0 ? wsf__panel_find_column(v->panel, of->strings[k]) : -1;
    for (int i = 0; i < lags->n; ++i, x += stride) {
      const int64_t start = t - (int64_t)lags->numbers[i];
      if (from < 0) wsf__feature_targets(v, start, rows, y);
      for (int64_t r = 0; from >= 0 && r < rows; ++r) {
        y[r] = wsf__feature_column(v, from, start + r, t + r);
      }
      for (int64_t r = 0; r < rows; ++r) x[r] = wsf__feature_float(y[r]);
    }
  }
  return WSF_OK;
}

const wsf__feature_class wsf__feature_lags = {
    .spec = {.family = "feature",
             .group = "history",
             .name = "lags",
             .summary = "earlier values of the target, or of columns",
             .source = "",
             .since = "0.2.0",
             .example = "lags([1:4,52])",
             .options = options,
             .n_options = sizeof options / sizeof *options},
    .check = check,
    .width = width,
    .column = column,
    .lag = lag,
    .reach = reach,
    .fill = fill,
};
