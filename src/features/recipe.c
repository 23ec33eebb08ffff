#include "features/recipe.h"

#include "features/memo.h"

#include <string.h>

enum { TABLE_MOST = 1 << 22 }; /* cells of a table of periods */

static const wsf__option options[] = {
    {"features", WSF__CALLS, NULL, 0, 0, "feature", "What to compute, column after column."},
};
const wsf__spec wsf__spec_recipe = {"options",
                                    "call",
                                    "recipe",
                                    "Features, one call after the other.",
                                    "",
                                    "0.2.0",
                                    "recipe(lags([1:4,52]), calendar(week, month))",
                                    options,
                                    sizeof options / sizeof *options};

wsf_status wsf__recipe_parse(const wsf__value **out, wsf__arena *arena, const wsf__catalog *catalog,
                             const char *text, wsf_error *err) {
  const wsf__node *node;
  *out = NULL;
  WSF__TRY(wsf__expr_arguments(&node, arena, catalog, &wsf__spec_recipe, text, err));
  *out = wsf__arg(node, "features");
  return WSF_OK;
}

static wsf_status count_columns(wsf__recipe *r, int *first, wsf_error *err) {
  for (int i = 0; i < r->n_nodes; ++i) {
    const wsf__feature_class *class = wsf__feature_class_of(r->node[i]);
    if (class->others && !r->panel->y) {
      (void)wsf__fail(
          err, WSF_E_VALUE,
          "%s reads the values of other series, and only columns are known of them here",
          r->node[i]->spec->name);
      wsf__error_at_byte(err, r->node[i]->byte);
      return WSF_E_VALUE;
    }
    if (class->check) WSF__TRY(class->check(r->node[i], r->panel, err));
    first[i] = r->width;
    const int width = class->width(r->node[i], r->panel);
    if (width > WSF__RECIPE_MOST - r->width) {
      (void)wsf__fail(err, WSF_E_VALUE, "%s makes %d columns, expected at most %d in all",
                      r->node[i]->spec->name, width, WSF__RECIPE_MOST);
      wsf__error_at_byte(err, r->node[i]->byte);
      return WSF_E_VALUE;
    }
    r->width += width;
    int64_t furthest = 0;
    const int64_t nearest = class->lag(r->node[i], &furthest);
    if (nearest > 0 && (r->nearest == 0 || nearest < r->nearest)) r->nearest = nearest;
    if (furthest > r->furthest) r->furthest = furthest;
  }
  return WSF_OK;
}

static wsf_status share(wsf__recipe *r, wsf__arena *arena, wsf_error *err) {
  const void **shared = wsf__arena_zero(arena, (size_t)r->n_nodes, sizeof *shared);
  if (!shared) return wsf__fail_memory(err);
  r->shared = shared;
  for (int i = 0; i < r->n_nodes; ++i) {
    const wsf__feature_class *class = wsf__feature_class_of(r->node[i]);
    if (class->share) WSF__TRY(wsf__memo_share(&shared[i], r->node[i], r->panel, arena, err));
  }
  return WSF_OK;
}

/* Models and tables find columns by name. */
static wsf_status all_different(const wsf__recipe *r, wsf__arena *arena, wsf_error *err) {
  size_t size = 16;
  while (size < 2 * (size_t)r->width) size *= 2;
  int *slot = wsf__arena_zero(arena, size, sizeof *slot); /* column + 1 */
  if (!slot) return wsf__fail_memory(err);
  int i = 0;
  for (int c = 0; c < r->width; ++c) {
    while (i + 1 < r->n_nodes && r->first[i + 1] <= c) ++i;
    const char *name = r->column[c].name;
    size_t at = wsf__hash(WSF__HASH_SEED, name, strlen(name)) & (size - 1);
    for (; slot[at]; at = (at + 1) & (size - 1)) {
      if (strcmp(r->column[slot[at] - 1].name, name) != 0) continue;
      (void)wsf__fail(err, WSF_E_VALUE, "two features are called %.160s, expected it once", name);
      wsf__error_at_byte(err, r->node[i]->byte);
      return WSF_E_VALUE;
    }
    slot[at] = c + 1;
  }
  return WSF_OK;
}

static int width_of(const wsf__recipe *r, int node) {
  return (node + 1 < r->n_nodes ? r->first[node + 1] : r->width) - r->first[node];
}

/* Cells of the table of a call over so many periods; 0: it needs more than the period, or the table
 * would be large. */
static size_t table_cells(const wsf__recipe *r, int node, int64_t periods) {
  const wsf__feature_class *class = wsf__feature_class_of(r->node[node]);
  size_t cells;
  if (!class->of_period || !class->of_period(r->node[node]) || periods < 1 ||
      !wsf__mul((size_t)width_of(r, node), (size_t)periods, &cells) || cells > TABLE_MOST) {
    return 0;
  }
  return cells;
}

/* Those that the call has in its memo. A frame is for few periods of many. */
static wsf_status read_tables(wsf__recipe *r, wsf__arena *arena, wsf_error *err) {
  const int64_t periods = r->panel->T + r->panel->ahead;
  const float **table = wsf__arena_zero(arena, (size_t)r->n_nodes, sizeof *table);
  if (!table) return wsf__fail_memory(err);
  for (int i = 0; r->panel->y && i < r->n_nodes; ++i) {
    if (table_cells(r, i, periods) == 0) continue;
    WSF__TRY(wsf__memo_table(&table[i], r->node[i], width_of(r, i), periods, r->panel, arena, err));
  }
  r->table = table;
  r->from = 0;
  r->periods = periods;
  return WSF_OK;
}

wsf_status wsf__recipe_make(wsf__recipe *out, wsf__arena *arena, const wsf__value *features,
                            const wsf__panel *panel, wsf_error *err) {
  *out = (wsf__recipe){.panel = panel, .n_nodes = features->n, .node = features->inner};
  int *first = wsf__arena_new(arena, (size_t)features->n, sizeof *first);
  if (!first) return wsf__fail_memory(err);
  out->first = first;
  WSF__TRY(count_columns(out, first, err));
  wsf__feature *column = wsf__arena_zero(arena, (size_t)out->width, sizeof *column);
  if (!column) return wsf__fail_memory(err);
  out->column = column;
  for (int i = 0; i < out->n_nodes; ++i) {
    const wsf__node *node = out->node[i];
    const wsf__feature_class *class = wsf__feature_class_of(node);
    const int width = class->width(node, panel);
    for (int c = 0; c < width; ++c) {
      if (class->column(node, panel, c, arena, column++) != WSF_OK) return wsf__fail_memory(err);
    }
  }
  WSF__TRY(all_different(out, arena, err));
  WSF__TRY(share(out, arena, err));
  return read_tables(out, arena, err);
}

int64_t wsf__recipe_reach(const wsf__value *features) {
  int64_t most = 0;
  for (int i = 0; i < features->n; ++i) {
    const wsf__feature_class *class = wsf__feature_class_of(features->inner[i]);
    const int64_t reach = class->reach ? class->reach(features->inner[i]) : 0;
    if (reach > most) most = reach;
  }
  return most;
}

wsf_status wsf__recipe_tabulate(wsf__recipe *recipe, wsf__arena *arena, int64_t from,
                                int64_t periods, wsf_error *err) {
  const float **table = wsf__arena_zero(arena, (size_t)recipe->n_nodes, sizeof *table);
  if (!table) return wsf__fail_memory(err);
  const wsf__feature_view v = {.panel = recipe->panel, .scratch = arena, .err = err};
  for (int i = 0; i < recipe->n_nodes; ++i) {
    const wsf__feature_class *class = wsf__feature_class_of(recipe->node[i]);
    const size_t cells = table_cells(recipe, i, periods);
    if (cells == 0) continue;
    float *x = wsf__arena_new(arena, cells, sizeof *x);
    if (!x) return wsf__fail_memory(err);
    const wsf__mark mark = wsf__arena_mark(arena);
    WSF__TRY(class->fill(&v, recipe->node[i], from, periods, x, periods));
    wsf__arena_reset(arena, mark);
    table[i] = x;
  }
  recipe->table = table;
  recipe->from = from;
  recipe->periods = periods;
  return WSF_OK;
}

/* The columns of a call, from the table if it holds them. */
static wsf_status fill_node(const wsf__recipe *r, const wsf__feature_view *v, int i, int64_t t,
                            int64_t rows, float *x, int64_t stride) {
  const float *table = r->table ? r->table[i] : NULL;
  if (!table || t < r->from || t + rows > r->from + r->periods) {
    wsf__feature_view own = *v;
    own.shared = r->shared[i];
    return wsf__feature_class_of(r->node[i])->fill(&own, r->node[i], t, rows, x, stride);
  }
  for (int c = 0; c < width_of(r, i); ++c) {
    memcpy(x + c * stride, table + c * r->periods + (t - r->from), (size_t)rows * sizeof *x);
  }
  return WSF_OK;
}

wsf_status wsf__recipe_fill(const wsf__recipe *recipe, const wsf__feature_view *v, int64_t t,
                            int64_t rows, float *x, int64_t stride) {
  for (int i = 0; i < recipe->n_nodes; ++i) {
    const wsf__mark mark = wsf__arena_mark(v->scratch);
    WSF__TRY(fill_node(recipe, v, i, t, rows, x + recipe->first[i] * stride, stride));
    wsf__arena_reset(v->scratch, mark);
  }
  return WSF_OK;
}

wsf__feature_view wsf__recipe_view(const wsf__recipe *recipe, int64_t series, const double *y,
                                   int64_t t0, int64_t n, wsf__arena *scratch, wsf_error *err) {
  return (wsf__feature_view){.panel = recipe->panel,
                             .series = series,
                             .y = y,
                             .t0 = t0,
                             .n = n,
                             .end = t0 + n,
                             .scratch = scratch,
                             .err = err};
}
