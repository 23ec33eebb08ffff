/* Columns as they are: prices, promotions, what describes a shop. A column known ahead has its
 * value of the period, and of periods around it where a window asks for them; a static one and a
 * key have one value for all times. Texts and keys are categories. What is only known afterwards
 * has lags. */
#include "features/feature_options.h"

static const wsf__option options[] = {
    {"names", WSF__NAMES, NULL, 0, 0, NULL, "columns known ahead, static columns and keys"},
    WSF__OFFSETS_ROW};

static wsf_status check(const wsf__node *node, const wsf__panel *panel, wsf_error *err) {
  WSF__TRY(wsf__feature_offsets_check(node, err));
  return wsf__feature_check_names(node, "names", panel, err);
}

static int width(const wsf__node *node, const wsf__panel *panel) {
  return wsf__feature_names_width(node, panel, false);
}

static wsf_status column(const wsf__node *node, const wsf__panel *panel, int c, wsf__arena *arena,
                         wsf__feature *out) {
  const wsf__named from = wsf__feature_names_at(node, panel, false, &c);
  const int64_t offset = wsf__feature_offsets(node, &from).first + c;
  *out = (wsf__feature){.name = wsf__feature_offset_name(arena, from.name, offset),
                        .n_categories = from.n_categories,
                        .category = from.category};
  return out->name ? WSF_OK : WSF_E_MEMORY;
}

static wsf_status fill(const wsf__feature_view *v, const wsf__node *node, int64_t t, int64_t rows,
                       float *x, int64_t stride) {
  const wsf__value *names = wsf__arg(node, "names");
  for (int i = 0; i < names->n; ++i) {
    const wsf__named from = wsf__feature_named(v->panel, names->strings[i]);
    const wsf__offsets window = wsf__feature_offsets(node, &from);
    for (int64_t k = 0; k < window.n; ++k, x += stride) {
      for (int64_t r = 0; r < rows; ++r) {
        const int64_t at = t + r - window.first - k;
        x[r] = wsf__feature_float(wsf__feature_named_value(v, &from, at, t + r));
      }
    }
  }
  return WSF_OK;
}

const wsf__feature_class wsf__feature_columns = {
    .spec = {.family = "feature",
             .group = "columns",
             .name = "columns",
             .summary = "columns known ahead, static columns and keys as they are",
             .source = "",
             .since = "0.2.0",
             .example = "columns([price,size])",
             .options = options,
             .n_options = sizeof options / sizeof *options},
    .check = check,
    .width = width,
    .column = column,
    .lag = wsf__feature_no_lag,
    .fill = fill,
};
