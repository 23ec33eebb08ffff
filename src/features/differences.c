/* How the target moved: the newest value that is known less the one some periods before it, or
 * divided by it. A ratio over nothing is missing. */
#include "features/feature_options.h"

#include <inttypes.h>
#include <stdio.h>

static const wsf__option options[] = {
    {"periods", WSF__INTS, NULL, 1, 100000, NULL, "periods between the two values, such as [1,52]"},
    WSF__LAG_ROW,
    {"as", WSF__WORDS, "difference", 0, 0, "difference|ratio", "one less the other, or over it"}};

static int width(const wsf__node *node, const wsf__panel *panel) {
  (void)panel;
  return wsf__arg(node, "as")->n * wsf__arg(node, "periods")->n * wsf__arg(node, "lag")->n;
}

static wsf_status column(const wsf__node *node, const wsf__panel *panel, int c, wsf__arena *arena,
                         wsf__feature *out) {
  (void)panel;
  const wsf__value *periods = wsf__arg(node, "periods"), *lag = wsf__arg(node, "lag");
  const int64_t back = (int64_t)lag->numbers[c % lag->n];
  c /= lag->n;
  char text[64];
  (void)snprintf(text, sizeof text, "%s_%" PRId64, wsf__arg(node, "as")->strings[c / periods->n],
                 (int64_t)periods->numbers[c % periods->n]);
  *out = (wsf__feature){.name = wsf__feature_lag_name(arena, text, back)};
  return out->name ? WSF_OK : WSF_E_MEMORY;
}

static int64_t lag(const wsf__node *node, int64_t *furthest) {
  *furthest = wsf__feature_most(node, "lag") + wsf__feature_most(node, "periods");
  return wsf__feature_least(node, "lag");
}

static double compare(double now, double then, bool ratio) {
  if (!ratio) return now - then;
  return then == 0 ? NAN : now / then;
}

static wsf_status fill(const wsf__feature_view *v, const wsf__node *node, int64_t t, int64_t rows,
                       float *x, int64_t stride) {
  const wsf__value *as = wsf__arg(node, "as"), *lags = wsf__arg(node, "lag");
  const wsf__value *periods = wsf__arg(node, "periods");
  for (int a = 0; a < as->n; ++a) {
    const bool ratio = as->strings[a][0] == 'r';
    for (int k = 0; k < periods->n; ++k) {
      for (int l = 0; l < lags->n; ++l, x += stride) {
        const int64_t start = t - (int64_t)lags->numbers[l];
        const int64_t before = start - (int64_t)periods->numbers[k];
        for (int64_t r = 0; r < rows; ++r) {
          x[r] = wsf__feature_float(compare(wsf__feature_target(v, start + r),
                                            wsf__feature_target(v, before + r), ratio));
        }
      }
    }
  }
  return WSF_OK;
}

const wsf__feature_class wsf__feature_differences = {
    .spec = {.family = "feature",
             .group = "history",
             .name = "differences",
             .summary = "differences and ratios of earlier values of the target",
             .source = "",
             .since = "0.2.0",
             .example = "differences([1,52], [difference,ratio])",
             .options = options,
             .n_options = sizeof options / sizeof *options},
    .width = width,
    .column = column,
    .lag = lag,
    .fill = fill,
};
