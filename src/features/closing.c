/* Days around a closing: people buy before the doors shut and come back when they open. For a
 * column known ahead that tells when a shop is closed, the periods since the last closed one and
 * until the next, of those around the period and not itself; both are 0 while it is closed. Beyond
 * `most` periods, and beyond what is known of the column, no closing is near: the count is `most`.
 * A period of which the column is not known has none. */
#include "features/feature_options.h"

static const wsf__option options[] = {
    {"names", WSF__NAMES, NULL, 0, 0, NULL,
     "columns of numbers known ahead: not 0 where it is closed"},
    {"most", WSF__INT, "14", 1, 1000, NULL, "periods that are looked at on each side"},
    {"open", WSF__FLAG, "false", 0, 0, NULL,
     "the columns tell when it is open: 0 where it is closed"}};

static wsf_status check(const wsf__node *node, const wsf__panel *panel, wsf_error *err) {
  const wsf__value *names = wsf__arg(node, "names");
  for (int i = 0; i < names->n; ++i) {
    int column;
    WSF__TRY(wsf__feature_find(&column, node, "names", names->strings[i], panel, err));
    WSF__TRY(wsf__feature_check_ahead(node, "names", names->strings[i], panel, err));
    const wsf__column *c = &panel->column[column];
    if (c->kind != WSF__STATIC && c->n_categories == 0) continue;
    (void)wsf__fail(err, WSF_E_VALUE, "column '%.64s' %s", names->strings[i],
                    c->kind == WSF__STATIC ? "does not change with time"
                                           : "holds texts, closing expects numbers");
    return wsf__feature_refuse(node, "names", err);
  }
  return WSF_OK;
}

static int width(const wsf__node *node, const wsf__panel *panel) {
  (void)panel;
  return 2 * wsf__arg(node, "names")->n;
}

static wsf_status column(const wsf__node *node, const wsf__panel *panel, int c, wsf__arena *arena,
                         wsf__feature *out) {
  (void)panel;
  const char *name = wsf__arg(node, "names")->strings[c / 2];
  const char *text = wsf__feature_text(arena, name, c % 2 ? "_closing_next" : "_closing_last");
  *out = (wsf__feature){.name = text};
  return text ? WSF_OK : WSF_E_MEMORY;
}

/* Periods from t to the nearest closed one in steps of `step`, as it was known for row t. */
static int64_t distance(const wsf__feature_view *v, int column, bool open, int64_t t, int64_t step,
                        int64_t most) {
  for (int64_t k = 1; k < most; ++k) {
    const double x = wsf__feature_column(v, column, t + k * step, t);
    if (!isnan(x) && (x == 0) == open) return k;
  }
  return most;
}

static wsf_status fill(const wsf__feature_view *v, const wsf__node *node, int64_t t, int64_t rows,
                       float *x, int64_t stride) {
  const wsf__value *names = wsf__arg(node, "names");
  const int64_t most = wsf__arg_int(node, "most");
  const bool open = wsf__arg_flag(node, "open");
  for (int i = 0; i < names->n; ++i, x += 2 * stride) {
    const int at = wsf__panel_find_column(v->panel, names->strings[i]);
    for (int64_t r = 0; r < rows; ++r) {
      const double own = wsf__feature_column(v, at, t + r, t + r);
      const bool closed = (own == 0) == open;
      for (int side = 0; side < 2; ++side) {
        x[side * stride + r] = isnan(own) ? NAN
                               : closed   ? 0
                                        : (float)distance(v, at, open, t + r, side ? 1 : -1, most);
      }
    }
  }
  return WSF_OK;
}

const wsf__feature_class wsf__feature_closing = {
    .spec = {.family = "feature",
             .group = "columns",
             .name = "closing",
             .summary = "periods since the last closing and until the next",
             .source = "",
             .since = "0.2.0",
             .example = "closing(price, most=7)",
             .options = options,
             .n_options = sizeof options / sizeof *options},
    .check = check,
    .width = width,
    .column = column,
    .lag = wsf__feature_no_lag,
    .fill = fill,
};
