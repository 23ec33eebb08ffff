/* A column of 0 and 1 for each text of a text column or label of a key: each event of an event
 * column its own, with its days before and after where a window asks for them. Where the column has
 * a row and no text, none of the texts holds and all are 0; beyond its last row nothing is known.
 */
#include "features/feature_options.h"

static const wsf__option options[] = {
    {"names", WSF__NAMES, NULL, 0, 0, NULL, "text columns known ahead or static, and keys"},
    WSF__OFFSETS_ROW};

static wsf_status check(const wsf__node *node, const wsf__panel *panel, wsf_error *err) {
  WSF__TRY(wsf__feature_offsets_check(node, err));
  return wsf__feature_check_texts(node, "names", panel, err);
}

static int width(const wsf__node *node, const wsf__panel *panel) {
  return wsf__feature_names_width(node, panel, true);
}

static wsf_status column(const wsf__node *node, const wsf__panel *panel, int c, wsf__arena *arena,
                         wsf__feature *out) {
  const wsf__named from = wsf__feature_names_at(node, panel, true, &c);
  const char *stem = wsf__feature_text(arena, from.name, "_");
  const char *text =
      stem ? wsf__feature_text(arena, stem, from.category[c % from.n_categories]) : NULL;
  if (!text) return WSF_E_MEMORY;
  const int64_t offset = wsf__feature_offsets(node, &from).first + c / from.n_categories;
  *out = (wsf__feature){.name = wsf__feature_offset_name(arena, text, offset)};
  return out->name ? WSF_OK : WSF_E_MEMORY;
}

static wsf_status fill(const wsf__feature_view *v, const wsf__node *node, int64_t t, int64_t rows,
                       float *x, int64_t stride) {
  const wsf__value *names = wsf__arg(node, "names");
  for (int i = 0; i < names->n; ++i) {
    const wsf__named from = wsf__feature_named(v->panel, names->strings[i]);
    const wsf__offsets window = wsf__feature_offsets(node, &from);
    for (int64_t k = 0; k < window.n; ++k, x += from.n_categories * stride) {
      for (int64_t r = 0; r < rows; ++r) {
        const double code = wsf__feature_code(v, &from, t + r - window.first - k, t + r);
        for (int32_t c = 0; c < from.n_categories; ++c) {
          x[c * stride + r] = isnan(code) ? NAN : (float)(code == c);
        }
      }
    }
  }
  return WSF_OK;
}

const wsf__feature_class wsf__feature_onehot = {
    .spec = {.family = "feature",
             .group = "columns",
             .name = "onehot",
             .summary = "a column of 0 and 1 for each text of a column, such as an event",
             .source = "",
             .since = "0.2.0",
             .example = "onehot(shop)",
             .options = options,
             .n_options = sizeof options / sizeof *options},
    .check = check,
    .width = width,
    .column = column,
    .lag = wsf__feature_no_lag,
    .fill = fill,
};
