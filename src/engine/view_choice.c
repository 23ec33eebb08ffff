/* What calls that mix others chose for each kind of series, and on what evidence. */
#include "engine/drive.h"
#include "models/choice.h"

#include <math.h>
#include <string.h>

/* The columns; one row per call that mixes, kind of series and call inside it. */
typedef struct view {
  int64_t rows;
  wsf_table *table; /* NULL: rows are only counted */
  int64_t model, kind, candidate;
  int64_t *series, *windows;
  double *error, *weight;
  wsf__arena *arena;
} view;

static wsf_status add_choice(view *v, const wsf__fitted *t, const wsf__choice *c, wsf_error *err) {
  if (!v->table) {
    v->rows += c->calls;
    return WSF_OK;
  }
  const char *text = wsf__node_text(v->arena, t->node);
  for (int call = 0; call < c->calls; ++call, ++v->rows) {
    const char *candidate = wsf__node_text(v->arena, t->node->inner[call]);
    if (!text || !candidate) return wsf__fail_memory(err);
    WSF__TRY(wsf__table_put(v->table, v->model, text, err));
    WSF__TRY(wsf__table_put(v->table, v->kind, c->name, err));
    WSF__TRY(wsf__table_put(v->table, v->candidate, candidate, err));
    v->series[v->rows] = c->series;
    v->windows[v->rows] = c->cells;
    v->error[v->rows] = c->error[call];
    v->weight[v->rows] = c->weight[call];
  }
  return WSF_OK;
}

static wsf_status collect(view *v, const wsf__fitted *t, wsf_error *err) {
  const wsf__model_class *class = wsf__class_of(t->node);
  int32_t seen = 0; /* pools are numbered by first use */
  for (int64_t i = 0; class->choice && i < t->n; ++i) {
    if (t->state[i].reason >= WSF__NOT_FITTED || t->state[i].pool <= seen) continue;
    seen = t->state[i].pool;
    WSF__TRY(add_choice(v, t, class->choice(t, i), err));
  }
  for (int k = 0; k < t->node->n_inner; ++k) WSF__TRY(collect(v, t->inner[k], err));
  return WSF_OK;
}

wsf_status wsf__view_choice(wsf_table **t, wsf__env *env, const wsf__fitted_panel *f,
                            const wsf__node *node, wsf__arena *arena, wsf_error *err) {
  (void)env;
  (void)node;
  view v = {.arena = arena};
  WSF__TRY(collect(&v, f->root, err));
  WSF__TRY(wsf__table_begin(t, env, v.rows, err));
  WSF__TRY(wsf__table_add_text(*t, "model", &v.model, err));
  WSF__TRY(wsf__table_add_text(*t, "kind", &v.kind, err));
  WSF__TRY(wsf__table_add_i64(*t, "series", WSF_TYPE_I64, &v.series, err));
  WSF__TRY(wsf__table_add_i64(*t, "windows", WSF_TYPE_I64, &v.windows, err));
  WSF__TRY(wsf__table_add_text(*t, "candidate", &v.candidate, err));
  WSF__TRY(wsf__table_add_f64(*t, "error", &v.error, err));
  WSF__TRY(wsf__table_add_f64(*t, "weight", &v.weight, err));
  v.table = *t;
  v.rows = 0;
  return collect(&v, f->root, err);
}
