/* The place of a text in its column's list, or of a label among its key's, as a number: for
 * learners that take numbers only, and for texts whose order means something (the list is sorted by
 * bytes: "1 low", "2 middle", "3 high"). */
#include "features/feature_options.h"

static const wsf__option options[] = {
    {"names", WSF__NAMES, NULL, 0, 0, NULL, "text columns known ahead or static, and keys"}};

static wsf_status check(const wsf__node *node, const wsf__panel *panel, wsf_error *err) {
  return wsf__feature_check_texts(node, "names", panel, err);
}

static int width(const wsf__node *node, const wsf__panel *panel) {
  (void)panel;
  return wsf__arg(node, "names")->n;
}

static wsf_status column(const wsf__node *node, const wsf__panel *panel, int c, wsf__arena *arena,
                         wsf__feature *out) {
  (void)panel;
  const char *name = wsf__feature_text(arena, "ordinal_", wsf__arg(node, "names")->strings[c]);
  *out = (wsf__feature){.name = name};
  return name ? WSF_OK : WSF_E_MEMORY;
}

static wsf_status fill(const wsf__feature_view *v, const wsf__node *node, int64_t t, int64_t rows,
                       float *x, int64_t stride) {
  const wsf__value *names = wsf__arg(node, "names");
  for (int i = 0; i < names->n; ++i, x += stride) {
    const wsf__named from = wsf__feature_named(v->panel, names->strings[i]);
    for (int64_t r = 0; r < rows; ++r) {
      x[r] = (float)wsf__feature_named_value(v, &from, t + r, t + r);
    }
  }
  return WSF_OK;
}

const wsf__feature_class wsf__feature_ordinal = {
    .spec = {.family = "feature",
             .group = "columns",
             .name = "ordinal",
             .summary = "texts and labels as numbers, by their order",
             .source = "",
             .since = "0.2.0",
             .example = "ordinal(event)",
             .options = options,
             .n_options = sizeof options / sizeof *options},
    .check = check,
    .width = width,
    .column = column,
    .lag = wsf__feature_no_lag,
    .fill = fill,
};
