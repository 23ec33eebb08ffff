/* What a call that chooses by back-tests goes by, as a table: a row per series looked at, window
 * and step, with what was observed there and what each candidate said. Rows of parts of a panel,
 * one behind the other, are the evidence of the whole. */
#include "engine/call_options.h"
#include "engine/drive.h"
#include "engine/evidence.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST_PARTS = 1000000 };

static const wsf__option options[] = {
    WSF__SECONDS_ROW,
    {"horizon", WSF__INT, "", WSF__HORIZON_BOUNDS, NULL, WSF__HORIZON_DOC},
    {"part", WSF__INT, "1", 1, MOST_PARTS, NULL,
     "Which of `parts` shares of the series to look at; the model still sees the whole dataset."},
    {"parts", WSF__INT, "1", 1, MOST_PARTS, NULL, "Shares that the series are cut into."},
};
const wsf__spec wsf__spec_evidence = {
    .family = "options",
    .group = "call",
    .name = "evidence",
    .summary = "Gather what auto chooses by, for a fit in another process.",
    .source = "",
    .since = "0.2.0",
    .example = "evidence(horizon=13, part=1, parts=3)",
    .options = options,
    .n_options = sizeof options / sizeof *options};

wsf_status wsf__evidence_wanted(const wsf__node *node, wsf_error *err) {
  if (wsf__class_of(node)->gather) return WSF_OK;
  (void)wsf__fail(err, WSF_E_UNSUPPORTED,
                  "%s does not choose by evidence; auto was expected as the outermost call",
                  node->spec->name);
  wsf__error_at_byte(err, node->byte);
  return WSF_E_UNSUPPORTED;
}

const char *wsf__evidence_spread(wsf__arena *arena, const wsf__node *call) {
  static const char before[] = "spread ";
  const char *name = wsf__node_text(arena, call);
  if (!name) return NULL;
  const size_t length = strlen(name) + sizeof before;
  char *text = wsf__arena_new(arena, length, 1);
  if (text) (void)snprintf(text, length, "%s%s", before, name);
  return text;
}

/* ---- the table ----------------------------------------------------------------------------- */

typedef struct columns {
  int64_t *time, *window, *step, *horizon;
  int64_t kind, panel; /* text */
  double *actual, **mean, **spread;
} columns;

static wsf_status add_columns(columns *c, wsf_table *t, const wsf__panel *p, const wsf__evidence *e,
                              const int64_t *id, int64_t rows, wsf__arena *arena, wsf_error *err) {
  c->mean = wsf__arena_new(arena, (size_t)e->calls, sizeof *c->mean);
  c->spread = wsf__arena_new(arena, (size_t)e->calls, sizeof *c->spread);
  if (!c->mean || !c->spread) return wsf__fail_memory(err);
  WSF__TRY(wsf__table_add_keys(t, p, id, rows, 1, err));
  WSF__TRY(wsf__table_add_time(t, p, p->time_name, &c->time, err));
  WSF__TRY(wsf__table_add_text(t, WSF__EVIDENCE_KIND, &c->kind, err));
  WSF__TRY(wsf__table_add_i64(t, WSF__EVIDENCE_WINDOW, WSF_TYPE_I64, &c->window, err));
  WSF__TRY(wsf__table_add_i64(t, WSF__EVIDENCE_STEP, WSF_TYPE_I64, &c->step, err));
  WSF__TRY(wsf__table_add_i64(t, WSF__EVIDENCE_HORIZON, WSF_TYPE_I64, &c->horizon, err));
  WSF__TRY(wsf__table_add_text(t, WSF__EVIDENCE_PANEL, &c->panel, err));
  WSF__TRY(wsf__table_add_f64(t, WSF__EVIDENCE_ACTUAL, &c->actual, err));
  for (int call = 0; call < e->calls; ++call) {
    const char *name = wsf__node_text(arena, e->node->inner[call]);
    if (!name) return wsf__fail_memory(err);
    WSF__TRY(wsf__table_add_f64(t, name, &c->mean[call], err));
  }
  for (int call = 0; call < e->calls; ++call) {
    const char *name = wsf__evidence_spread(arena, e->node->inner[call]);
    if (!name) return wsf__fail_memory(err);
    WSF__TRY(wsf__table_add_f64(t, name, &c->spread[call], err));
  }
  return wsf__table_distinct(t, p, err);
}

static wsf_status put_cell(const columns *c, wsf_table *t, const wsf__panel *p,
                           const wsf__evidence *e, const wsf__cell *cell, int64_t row,
                           wsf_error *err) {
  char panel[17];
  (void)snprintf(panel, sizeof panel, "%016" PRIx64, cell->panel);
  for (int64_t k = 0; k < cell->h; ++k, ++row) {
    WSF__TRY(wsf__table_put(t, c->kind, wsf__kin_name(cell->kin), err));
    WSF__TRY(wsf__table_put(t, c->panel, panel, err));
    c->time[row] = wsf__calendar_value(&p->calendar, cell->first + k);
    c->window[row] = cell->window + 1;
    c->step[row] = k + 1;
    c->horizon[row] = e->horizon;
    c->actual[row] = cell->y[k];
    for (int call = 0; call < e->calls; ++call) {
      const int64_t at = call * cell->h + k;
      c->mean[call][row] = cell->lost[call] ? NAN : cell->mean[at];
      c->spread[call][row] = cell->spread[at] > 0 ? cell->spread[at] : NAN;
    }
  }
  return WSF_OK;
}

static wsf_status make_table(wsf_table **out, const wsf__env *env, const wsf__panel *p,
                             const wsf__evidence *e, wsf__arena *arena, wsf_error *err) {
  int64_t rows = 0;
  for (int64_t j = 0; j < e->cells; ++j) rows += e->cell[j].h;
  int64_t *id = wsf__arena_new(arena, (size_t)rows, sizeof *id), row = 0;
  if (!id) return wsf__fail_memory(err);
  for (int64_t j = 0; j < e->cells; ++j) {
    for (int64_t k = 0; k < e->cell[j].h; ++k) id[row++] = e->cell[j].id;
  }
  columns c;
  WSF__TRY(wsf__limit_check(&env->limits, WSF__MOST_rows, rows, err));
  WSF__TRY(wsf__table_create(out, &env->alloc, rows, err));
  WSF__TRY(add_columns(&c, *out, p, e, id, rows, arena, err));
  row = 0;
  for (int64_t j = 0; j < e->cells; ++j) {
    if (wsf__stopped(env)) return wsf__fail_stopped(env, err);
    WSF__TRY(put_cell(&c, *out, p, e, &e->cell[j], row, err));
    row += e->cell[j].h;
  }
  return WSF_OK;
}

/* ---- the call ------------------------------------------------------------------------------ */

static wsf_status gather(wsf_table **out, wsf__env *env, const wsf__panel *panel,
                         const wsf__node *node, const wsf__node *o, wsf__arena *arena,
                         wsf_error *err) {
  const wsf__value *horizon = wsf__arg(o, "horizon");
  const wsf__share share = {wsf__arg_int(o, "part") - 1, wsf__arg_int(o, "parts")};
  if (share.part >= share.parts) {
    (void)wsf__fail(err, WSF_E_VALUE, "part is %" PRId64 ", expected 1 to %" PRId64, share.part + 1,
                    share.parts);
    wsf__error_at_field(err, "part");
    return WSF_E_VALUE;
  }
  wsf__arena scratch;
  wsf__memo memo;
  WSF__TRY(wsf__memo_open(&memo, env, panel, &wsf__engine_foresight, err));
  wsf__arena_init(&scratch, &env->alloc);
  wsf__batch whole;
  wsf__job job;
  wsf__evidence evidence = {0};
  wsf__job_init(&job, panel, env, &scratch, arena, err);
  job.fit.horizon = horizon->form == WSF__NUMBER ? (int64_t)horizon->number : 0;
  job.stage.name = "evidence";
  const wsf__fitted *root = wsf__tree_new(arena, node, panel->n);
  wsf_status status = root ? wsf__batch_whole(&whole, &scratch, panel, err) : wsf__fail_memory(err);
  if (status == WSF_OK) {
    status = wsf__class_of(node)->gather(&job.fit, &whole, root, share, &evidence);
  }
  if (status != WSF_OK && wsf__stopped(env) && !wsf__says_cut(err)) {
    status = wsf__fail_stopped(env, err);
    wsf__say_cut(err, env, job.stage.name, job.stage.done, 0, "steps");
  }
  if (status == WSF_OK) status = make_table(out, env, panel, &evidence, &scratch, err);
  wsf__job_free(&job);
  wsf__arena_free(&scratch);
  wsf__memo_close(&memo, env);
  if (status != WSF_OK) return status;
  return wsf__checkpoint(env, job.stage.name, job.stage.done, job.stage.done, err);
}

wsf_status wsf__engine_evidence(wsf_table **out, wsf__env *env, const char *model_text,
                                const wsf__panel *panel, const char *text, wsf_error *err) {
  wsf__arena arena;
  const wsf__node *o, *node;
  wsf__env own = *env;
  wsf__panel view;
  *out = NULL;
  wsf__arena_init(&arena, &env->alloc);
  arena.work_of = &own;
  const wsf__catalog *catalog = wsf__engine_catalog();
  wsf_status status = wsf__panel_need_target(panel, err);
  if (status == WSF_OK) {
    status = wsf__expr_arguments(&o, &arena, catalog, &wsf__spec_evidence, text, err);
  }
  if (status == WSF_OK) wsf__env_hurry(&own, wsf__arg_number(o, "seconds"));
  if (status == WSF_OK) {
    status = wsf__expr_parse(&node, &arena, catalog, "model", model_text, strlen(model_text), err);
  }
  if (status == WSF_OK) status = wsf__evidence_wanted(node, err);
  if (status == WSF_OK) status = wsf__panel_note_sparse(&view, panel, &own, &arena, err);
  if (status == WSF_OK) status = wsf__fit_season(&view, node, &own, &arena, err);
  if (status == WSF_OK) status = gather(out, &own, &view, node, o, &arena, err);
  if (status != WSF_OK) {
    wsf_table_release(*out);
    *out = NULL;
  }
  wsf__arena_free(&arena);
  return status;
}
