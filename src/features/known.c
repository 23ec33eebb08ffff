/* Everything that a panel knows ahead, whatever its columns are called: numbers as they are, a
 * column of 0 and 1 for each text of a text column, as onehot makes them. So an expression can be
 * written before the data is there. Columns that are the same for all times of a series, or hold
 * the weights of rows, say nothing of a period and are left out, and so are texts of too many kinds
 * to be events, and in a model columns that lack many periods, for which the model would have to
 * leave out those. */
#include "features/feature_options.h"

#include <limits.h>

static const wsf__option options[] = {
    {"which", WSF__WORD, "all", 0, 0, "all|flags",
     "all columns, or flags: those of two values and texts, such as promotions and events"},
    {"texts", WSF__INT, "60", 1, 10000, NULL,
     "most texts of a column; one that holds more is left out"}};

/* Columns that are made of column i. */
static int made_of(const wsf__node *node, const wsf__panel *panel, int i) {
  const wsf__column *c = &panel->column[i];
  if (c->kind != WSF__KNOWN || c->sparse || i == panel->weight) return 0;
  if (c->n_categories > 0) {
    return c->n_categories <= wsf__arg_int(node, "texts") ? (int)c->n_categories : 0;
  }
  return c->flag || wsf__arg_is(node, "which", "all");
}

static int width(const wsf__node *node, const wsf__panel *panel) {
  int64_t n = 0;
  for (int i = 0; i < panel->n_columns; ++i) n += made_of(node, panel, i);
  return n < INT_MAX ? (int)n : INT_MAX;
}

static wsf_status column(const wsf__node *node, const wsf__panel *panel, int c, wsf__arena *arena,
                         wsf__feature *out) {
  int i = 0;
  for (; c >= made_of(node, panel, i); ++i) c -= made_of(node, panel, i);
  const wsf__column *from = &panel->column[i];
  *out = (wsf__feature){.name = from->name};
  if (from->n_categories == 0) return WSF_OK;
  const char *stem = wsf__feature_text(arena, from->name, "_");
  out->name = stem ? wsf__feature_text(arena, stem, from->category[c]) : NULL;
  return out->name ? WSF_OK : WSF_E_MEMORY;
}

static void fill_texts(const wsf__feature_view *v, const char *name, int64_t t, int64_t rows,
                       float *x, int64_t stride) {
  const wsf__named from = wsf__feature_named(v->panel, name);
  for (int64_t r = 0; r < rows; ++r) {
    const double code = wsf__feature_code(v, &from, t + r, t + r);
    for (int32_t c = 0; c < from.n_categories; ++c) {
      x[c * stride + r] = isnan(code) ? NAN : (float)(code == c);
    }
  }
}

static wsf_status fill(const wsf__feature_view *v, const wsf__node *node, int64_t t, int64_t rows,
                       float *x, int64_t stride) {
  for (int i = 0; i < v->panel->n_columns; ++i) {
    const wsf__column *c = &v->panel->column[i];
    const int n = made_of(node, v->panel, i);
    if (n > 0 && c->n_categories > 0) {
      fill_texts(v, c->name, t, rows, x, stride);
    } else if (n > 0) {
      for (int64_t r = 0; r < rows; ++r) {
        x[r] = wsf__feature_float(wsf__feature_column(v, i, t + r, t + r));
      }
    }
    x += n * stride;
  }
  return WSF_OK;
}

const wsf__feature_class wsf__feature_known = {
    .spec = {.family = "feature",
             .group = "columns",
             .name = "known",
             .summary = "every column known ahead: numbers as they are, a column of 0 and 1 for "
                        "each text",
             .source = "",
             .since = "0.2.0",
             .example = "known(flags)",
             .options = options,
             .n_options = sizeof options / sizeof *options},
    .width = width,
    .column = column,
    .lag = wsf__feature_no_lag,
    .fill = fill,
};
