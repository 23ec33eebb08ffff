/* What series have learnt in common, network by network, as a table of numbers. */
#include "engine/drive.h"
#include "models/weights.h"

/* The columns; one row per number. */
typedef struct view {
  int64_t rows;
  wsf_table *table; /* NULL: rows are only counted */
  int64_t model, layer, part;
  int64_t *network, *row, *column;
  double *value;
  wsf__arena *arena;
} view;

static wsf_status add_block(view *v, const char *text, int64_t network, const wsf__weight_block *b,
                            wsf_error *err) {
  if (!v->table) {
    v->rows += b->rows * b->columns;
    return WSF_OK;
  }
  for (int64_t i = 0; i < b->rows * b->columns; ++i, ++v->rows) {
    if (i % 4096 == 0) WSF__TRY(wsf__table_goes_on(v->table, err));
    WSF__TRY(wsf__table_put(v->table, v->model, text, err));
    WSF__TRY(wsf__table_put(v->table, v->layer, b->layer, err));
    WSF__TRY(wsf__table_put(v->table, v->part, b->part, err));
    v->network[v->rows] = network;
    v->row[v->rows] = i / b->columns + 1;
    v->column[v->rows] = i % b->columns + 1;
    v->value[v->rows] = b->f ? (double)b->f[i] : b->d[i];
  }
  return WSF_OK;
}

static wsf_status collect(view *v, const wsf__fitted_panel *f, const wsf__fitted *t,
                          wsf_error *err) {
  const wsf__model_class *class = wsf__class_of(t->node);
  const char *text = class->weights ? wsf__node_text(v->arena, t->node) : "";
  wsf__weights *told = wsf__arena_new(v->arena, 1, sizeof *told);
  if (!text || !told) return wsf__fail_memory(err);
  for (int32_t k = 0; class->weights && k < t->n_pools; ++k) {
    told->n = 0;
    class->weights(t->node, f->frame, t->pool[k], told);
    for (int b = 0; b < told->n; ++b) WSF__TRY(add_block(v, text, k + 1, &told->block[b], err));
  }
  for (int i = 0; i < t->node->n_inner; ++i) WSF__TRY(collect(v, f, t->inner[i], err));
  return WSF_OK;
}

wsf_status wsf__view_weights(wsf_table **t, wsf__env *env, const wsf__fitted_panel *f,
                             const wsf__node *node, wsf__arena *arena, wsf_error *err) {
  (void)node;
  view v = {.arena = arena};
  WSF__TRY(collect(&v, f, f->root, err));
  WSF__TRY(wsf__table_begin(t, env, v.rows, err));
  WSF__TRY(wsf__table_add_text(*t, "model", &v.model, err));
  WSF__TRY(wsf__table_add_i64(*t, "network", WSF_TYPE_I64, &v.network, err));
  WSF__TRY(wsf__table_add_text(*t, "layer", &v.layer, err));
  WSF__TRY(wsf__table_add_text(*t, "part", &v.part, err));
  WSF__TRY(wsf__table_add_i64(*t, "row", WSF_TYPE_I64, &v.row, err));
  WSF__TRY(wsf__table_add_i64(*t, "column", WSF_TYPE_I64, &v.column, err));
  WSF__TRY(wsf__table_add_f64(*t, "value", &v.value, err));
  v.table = *t;
  v.rows = 0;
  return collect(&v, f, f->root, err);
}
