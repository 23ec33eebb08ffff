/* What was estimated, series by series and call by call, as a table. */
#include "engine/drive.h"
#include "models/coefficients.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* One call's rows for one series. */
typedef struct block {
  int64_t series;
  const char *text; /* of the call */
  wsf__coefficients rows;
} block;

typedef struct view {
  const wsf__panel *frame;
  wsf__arena *arena;
  int64_t n, room, rows;
  block *block;
} view;

static block *new_block(view *v) {
  if (v->n == v->room) {
    const int64_t room = v->room ? 2 * v->room : 64;
    block *grown = wsf__arena_new(v->arena, (size_t)room, sizeof *grown);
    if (!grown) return NULL;
    if (v->n > 0) memcpy(grown, v->block, (size_t)v->n * sizeof *grown);
    v->block = grown;
    v->room = room;
  }
  return &v->block[v->n++];
}

/* Texts of calls, which are the same for every series. */
typedef struct texts {
  const wsf__node *node[WSF__EXPR_DEPTH];
  const char *text[WSF__EXPR_DEPTH];
  int n;
} texts;

static const char *text_of(texts *known, const wsf__node *node, wsf__arena *arena) {
  for (int i = 0; i < known->n; ++i) {
    if (known->node[i] == node) return known->text[i];
  }
  const char *text = wsf__node_text(arena, node);
  if (text && known->n < WSF__EXPR_DEPTH) {
    known->node[known->n] = node;
    known->text[known->n++] = text;
  }
  return text;
}

/* A call that forecasts this series, then those inside it. */
static wsf_status collect(view *v, const wsf__fitted *t, int64_t i, texts *known, wsf_error *err) {
  t = wsf__tree_chosen(t, i);
  if (t->state[i].reason >= WSF__NOT_FITTED) return WSF_OK;
  const wsf__model_class *class = wsf__class_of(t->node);
  if (class->coefficients) {
    const wsf__series s = {.n = v->frame->length[i], .t0 = v->frame->first[i], .id = i, .slot = i};
    block *b = new_block(v);
    if (!b) return wsf__fail_memory(err);
    *b = (block){i, text_of(known, t->node, v->arena), {.frame = v->frame, .arena = v->arena}};
    if (!b->text) return wsf__fail_memory(err);
    if (t->errors) b->rows.errors = t->errors[i];
    class->coefficients(t, &s, &b->rows);
    if (b->rows.failed) return wsf__fail_memory(err);
    v->rows += b->rows.n;
  }
  for (int k = 0; k < t->node->n_inner; ++k) WSF__TRY(collect(v, t->inner[k], i, known, err));
  return WSF_OK;
}

/* As long as its column's. */
static const char *name_of(const wsf__coefficient *c, wsf__arena *arena) {
  if (!c->regressor && c->index <= 0) return c->name;
  const size_t size = strlen(c->name) + sizeof "x:-9223372036854775808";
  char *text = wsf__arena_new(arena, size, 1);
  if (!text) return NULL;
  const int n = snprintf(text, size, "%s%s", c->regressor ? "x:" : "", c->name);
  if (c->index > 0) (void)snprintf(text + n, size - (size_t)n, "%lld", (long long)c->index);
  return text;
}

static wsf_status fill_table(wsf_table *t, const view *v, wsf_error *err) {
  int64_t *series = wsf__arena_new(v->arena, (size_t)v->rows, sizeof *series), row = 0;
  int64_t model, name, reason;
  double *estimate, *error;
  if (!series) return wsf__fail_memory(err);
  for (int64_t b = 0; b < v->n; ++b) {
    for (int64_t k = 0; k < v->block[b].rows.n; ++k) series[row++] = v->block[b].series;
  }
  WSF__TRY(wsf__table_add_keys(t, v->frame, series, v->rows, 1, err));
  WSF__TRY(wsf__table_add_text(t, "model", &model, err));
  WSF__TRY(wsf__table_add_text(t, "coefficient", &name, err));
  WSF__TRY(wsf__table_add_f64(t, "estimate", &estimate, err));
  WSF__TRY(wsf__table_add_f64(t, "std_error", &error, err));
  WSF__TRY(wsf__table_add_text(t, "reason", &reason, err));
  row = 0;
  for (int64_t b = 0; b < v->n; ++b) {
    const block *one = &v->block[b];
    WSF__TRY(wsf__table_goes_on(t, err));
    for (int64_t k = 0; k < one->rows.n; ++k, ++row) {
      const wsf__coefficient *c = &one->rows.row[k];
      const char *text = name_of(c, v->arena);
      if (!text) return wsf__fail_memory(err);
      WSF__TRY(wsf__table_put(t, model, one->text, err));
      WSF__TRY(wsf__table_put(t, name, text, err));
      estimate[row] = isfinite(c->estimate) ? c->estimate : NAN;
      const char *why = c->left_out ? wsf__reason_word(WSF__FEWER_COLUMNS) : NULL;
      WSF__TRY(wsf__table_put(t, reason, why, err));
      error[row] = isfinite(c->error) ? c->error : NAN;
    }
  }
  return WSF_OK;
}

wsf_status wsf__view_coefficients(wsf_table **t, wsf__env *env, const wsf__fitted_panel *f,
                                  const wsf__node *node, wsf__arena *arena, wsf_error *err) {
  wsf__ask ask = {0};
  WSF__TRY(wsf__ask_series(&ask, arena, f->frame, wsf__arg(node, "series"), err));
  view v = {.frame = f->frame, .arena = arena};
  texts known = {.n = 0};
  for (int64_t j = 0; j < ask.n; ++j) {
    const int64_t i = wsf__asked(&ask, j);
    const bool fitted = f->root->state[i].reason < WSF__NOT_FITTED;
    if (wsf__stopped(env)) return wsf__fail_stopped(env, err);
    WSF__TRY(collect(&v, fitted ? f->root : f->fallback, i, &known, err));
  }
  WSF__TRY(wsf__table_begin(t, env, v.rows, err));
  return fill_table(*t, &v, err);
}
