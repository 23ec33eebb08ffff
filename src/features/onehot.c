/* A column of 0 and 1 for each text of a text column or label of a key: each event of an event
 * column its own, with its days before and after where a window asks for them. Where the column has
 * a row and no text, none of the texts holds and all are 0; beyond its last row nothing is known.
 */
#include "features/feature_options.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

static const wsf__option options[] = {
    {"names", WSF__NAMES, NULL, 0, 0, NULL, "text columns known ahead or static, and keys"},
    WSF__OFFSETS_ROW};

static wsf_status check(const wsf__node *node, const wsf__panel *panel, wsf_error *err) {
  WSF__TRY(wsf__feature_offsets_check(node, err));
  WSF__TRY(wsf__feature_named_check(node, "names", panel, err));
  for (int i = 0; i < wsf__arg(node, "names")->n; ++i) {
    const wsf__named from = wsf__feature_named(node, "names", i, panel);
    if (from.n_categories > 0) continue;
    (void)wsf__fail(err, WSF_E_VALUE, "column '%.64s' holds numbers, onehot expects texts",
                    from.name);
    return wsf__feature_refuse(node, "names", err);
  }
  return WSF_OK;
}

static int64_t columns_of(const wsf__node *node, const wsf__named *from) {
  return wsf__feature_offsets(node, from).n * from->n_categories;
}

static int width(const wsf__node *node, const wsf__panel *panel) {
  int64_t n = 0;
  for (int i = 0; i < wsf__arg(node, "names")->n; ++i) {
    const wsf__named from = wsf__feature_named(node, "names", i, panel);
    n += columns_of(node, &from);
  }
  return n < INT_MAX ? (int)n : INT_MAX;
}

static wsf_status column(const wsf__node *node, const wsf__panel *panel, int c, wsf__arena *arena,
                         wsf__feature *out) {
  wsf__named from = wsf__feature_named(node, "names", 0, panel);
  for (int i = 1; c >= columns_of(node, &from); ++i) {
    c -= (int)columns_of(node, &from);
    from = wsf__feature_named(node, "names", i, panel);
  }
  const char *category = from.category[c % from.n_categories];
  const size_t room = strlen(from.name) + strlen(category) + 2;
  char *text = wsf__arena_new(arena, room, 1);
  if (!text) return WSF_E_MEMORY;
  (void)snprintf(text, room, "%s_%s", from.name, category);
  const int64_t offset = wsf__feature_offsets(node, &from).first + c / from.n_categories;
  *out = (wsf__feature){.name = wsf__feature_offset_name(arena, text, offset)};
  return out->name ? WSF_OK : WSF_E_MEMORY;
}

/* The code at a period: -1 where there is a row without a text, NaN where nothing is known. */
static double code_at(const wsf__feature_view *v, const wsf__named *from, int64_t period,
                      int64_t t) {
  const double code = wsf__feature_named_value(v, from, period, t);
  if (!isnan(code) || from->column < 0) return code;
  const wsf__column *c = &v->panel->column[from->column];
  const bool row = c->group[v->series] >= 0 && !c->vintages && period >= c->start &&
                   period - c->start < c->periods;
  return row || (!from->moves && c->group[v->series] >= 0) ? -1 : NAN;
}

static wsf_status fill(const wsf__feature_view *v, const wsf__node *node, int64_t t, int64_t rows,
                       float *x, int64_t stride) {
  for (int i = 0; i < wsf__arg(node, "names")->n; ++i) {
    const wsf__named from = wsf__feature_named(node, "names", i, v->panel);
    const wsf__offsets window = wsf__feature_offsets(node, &from);
    for (int64_t k = 0; k < window.n; ++k, x += from.n_categories * stride) {
      for (int64_t r = 0; r < rows; ++r) {
        const double code = code_at(v, &from, t + r - window.first - k, t + r);
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
