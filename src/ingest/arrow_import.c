/* An Arrow C stream of long-format rows -> panel.
 *
 * The columns named as keys, time and target play their parts; the others become covariates as the
 * options known, past and static say. Rows without a target behind the last target of all carry
 * what is known ahead. Arrays may have an offset, the struct
 * around them too, dictionaries may differ from batch to batch. A type that cannot be read is an
 * error that names its column if somebody named it; else the column is left out, which the report
 * tells. */
#include "ingest/arrow_cells.h"
#include "ingest/gather.h"
#include "ingest/hint.h"

#include <math.h>

typedef struct import {
  wsf__gather rows;
  struct ArrowSchema schema;
  int n_columns;
  wsf__arrow_column *column; /* [n_columns] children of the schema */
  int *key;                  /* [n_keys] child of each key */
  int time, target;          /* target -1: none */
  int *covariate;            /* [rows.n_columns] child of each covariate */
  wsf_error *err;
} import;

static wsf_status fail_column(const import *m, const char *name, wsf_status status,
                              const char *sentence) {
  (void)wsf__fail(m->err, status, "column '%s' %s", name, sentence);
  wsf__error_at_field(m->err, name);
  return status;
}

/* ---- schema ------------------------------------------------------------------------------- */

static const char *column_name(const void *stream, int i) {
  return ((const import *)stream)->column[i].name;
}

static wsf_status find_column(const import *m, const char *name, int *out) {
  *out = -1;
  for (int c = 0; c < m->n_columns; ++c) {
    if (strcmp(m->column[c].name, name) != 0) continue;
    if (*out >= 0) return fail_column(m, name, WSF_E_DATA, "stands in the stream twice");
    *out = c;
  }
  if (*out >= 0) return WSF_OK;
  wsf__arena names;
  wsf__arena_init(&names, &m->rows.env->alloc);
  const char **all = wsf__arena_new(&names, (size_t)m->n_columns, sizeof *all);
  for (int c = 0; all && c < m->n_columns; ++c) all[c] = m->column[c].name;
  const char *near = all ? wsf__nearest(name, all, m->n_columns) : NULL;
  char list[240] = "";
  if (all && !near && m->n_columns > 0) {
    wsf__list_names(list, sizeof list, "; it has", column_name, m, m->n_columns);
  }
  wsf__arena_free(&names);
  (void)wsf__fail(m->err, WSF_E_DATA, "the stream has no column '%.64s'%s%s%s%s", name,
                  near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "", list);
  wsf__error_at_field(m->err, name);
  return WSF_E_DATA;
}

static bool is_any(wsf__arrow_class is, const wsf__arrow_class *of, size_t n) {
  for (size_t i = 0; i < n; ++i) {
    if (of[i] == is) return true;
  }
  return false;
}

static const wsf__arrow_class key_classes[] = {WSF__ARROW_TEXT, WSF__ARROW_TEXT_CODE,
                                               WSF__ARROW_INTEGER, WSF__ARROW_BOOL};
static const wsf__arrow_class time_classes[] = {
    WSF__ARROW_DATE, WSF__ARROW_TIME, WSF__ARROW_INTEGER, WSF__ARROW_TEXT, WSF__ARROW_TEXT_CODE};
static const wsf__arrow_class number_classes[] = {WSF__ARROW_BOOL, WSF__ARROW_INTEGER,
                                                  WSF__ARROW_REAL};
#define COUNT(list) (sizeof(list) / sizeof *(list))

static wsf_status expect(const import *m, int column, const wsf__arrow_class *of, size_t n,
                         const char *expected) {
  const wsf__arrow_column *c = &m->column[column];
  if (is_any(c->is, of, n)) return WSF_OK;
  (void)wsf__fail(m->err, WSF_E_DATA, "column '%s' has the Arrow type %s%s%s, %s expected", c->name,
                  c->format, c->text_format ? " with dictionary " : "",
                  c->text_format ? c->text_format : "", expected);
  wsf__error_at_field(m->err, c->name);
  return WSF_E_DATA;
}

static bool has_part(const import *m, int column) {
  for (int k = 0; k < m->rows.n_keys; ++k) {
    if (m->key[k] == column) return true;
  }
  return column == m->time || column == m->target;
}

/* Whether somebody wants the column, by whatever name. */
static bool named(const wsf__gather *g, const char *name) {
  const char *const one[] = {g->weight_name, g->holiday_name, g->mask_name};
  for (size_t k = 0; k < COUNT(one); ++k) {
    if (one[k] && strcmp(one[k], name) == 0) return true;
  }
  return wsf__names_have(&g->known, name) || wsf__names_have(&g->past, name) ||
         wsf__names_have(&g->fixed, name) || wsf__names_have(&g->columns, name);
}

static wsf_status add_covariates(import *m) {
  wsf__gather *g = &m->rows;
  int found;
  const wsf__names *const list[] = {&g->known, &g->past, &g->fixed, &g->columns};
  for (size_t l = 0; l < sizeof list / sizeof *list; ++l) {
    for (int i = 0; i < list[l]->n; ++i) WSF__TRY(find_column(m, list[l]->name[i], &found));
  }
  WSF__TRY(wsf__gather_columns(g, m->n_columns, m->err));
  m->covariate = wsf__arena_new(&g->names, (size_t)m->n_columns, sizeof *m->covariate);
  if (!m->covariate) return wsf__fail_memory(m->err);
  for (int c = 0; c < m->n_columns; ++c) {
    const wsf__arrow_column *column = &m->column[c];
    const int32_t role = wsf__gather_role(g, column->name);
    if (has_part(m, c) || role == 0) continue;
    const bool text = column->is == WSF__ARROW_TEXT || column->is == WSF__ARROW_TEXT_CODE;
    if (!text && !named(g, column->name) &&
        !is_any(column->is, number_classes, COUNT(number_classes))) {
      wsf__gather_left_out(g, column->name, column->format);
      continue;
    }
    if (!text) WSF__TRY(expect(m, c, number_classes, COUNT(number_classes), "numbers or texts"));
    WSF__TRY(find_column(m, column->name, &found));
    m->covariate[g->n_columns] = c;
    wsf__gather_add_column(g, column->name, role, text);
  }
  return WSF_OK;
}

static wsf_status read_schema(import *m) {
  const struct ArrowSchema *s = &m->schema;
  wsf__gather *g = &m->rows;
  WSF__TRY(wsf__arrow_columns(s, &g->names, &m->column, m->err));
  WSF__TRY(wsf__limit_check(&g->env->limits, WSF__MOST_columns, s->n_children, m->err));
  m->n_columns = (int)s->n_children;
  m->key = wsf__arena_new(&g->names, (size_t)g->n_keys, sizeof *m->key);
  if (!m->key) return wsf__fail_memory(m->err);
  for (int k = 0; k < g->n_keys; ++k) {
    WSF__TRY(find_column(m, g->key_name[k], &m->key[k]));
    WSF__TRY(expect(m, m->key[k], key_classes, COUNT(key_classes), "texts or whole numbers"));
  }
  WSF__TRY(find_column(m, g->time_name, &m->time));
  WSF__TRY(expect(m, m->time, time_classes, COUNT(time_classes),
                  "dates, times, whole numbers or texts"));
  const char *zone = wsf__arrow_zone(&m->column[m->time]);
  g->instants = zone != NULL;
  if (zone && !g->zone_asked) g->zone_name = zone;
  m->target = -1;
  if (g->target_name) {
    WSF__TRY(find_column(m, g->target_name, &m->target));
    WSF__TRY(expect(m, m->target, number_classes, COUNT(number_classes), "numbers"));
  }
  return add_covariates(m);
}

/* ---- batches ------------------------------------------------------------------------------ */

static wsf_status cells_of(const import *m, const struct ArrowArray *batch, int column,
                           wsf__arrow_cells *out) {
  return wsf__arrow_cells_of(out, m->rows.env, &m->column[column], batch->children[column], batch,
                             m->rows.n, m->err);
}

static wsf_status read_key(import *m, const struct ArrowArray *batch, int k) {
  wsf__arrow_cells cells;
  int32_t *code = m->rows.code[k] + m->rows.n;
  WSF__TRY(cells_of(m, batch, m->key[k], &cells));
  WSF__TRY(wsf__arrow_read_labels(&cells, &m->rows.key[k], code));
  for (int64_t i = 0; i < batch->length; ++i) {
    if (code[i] >= 0 && m->rows.key[k].entry[code[i]].length > 0) continue;
    return wsf__arrow_fail(&cells, i, "has no value, a key was expected");
  }
  return WSF_OK;
}

static wsf_status read_covariate(import *m, const struct ArrowArray *batch, int k) {
  wsf__arrow_cells cells;
  wsf__gather_column *to = &m->rows.column[k];
  double *value = to->value + m->rows.n;
  WSF__TRY(cells_of(m, batch, m->covariate[k], &cells));
  if (!to->text) return wsf__arrow_read_numbers(&cells, value);
  int32_t *code = wsf__new(&cells.env->alloc, (size_t)batch->length, sizeof *code);
  if (!code) return wsf__fail_memory(m->err);
  const wsf_status status = wsf__arrow_read_labels(&cells, &to->words, code);
  for (int64_t i = 0; status == WSF_OK && i < batch->length; ++i) {
    value[i] = code[i] < 0 ? NAN : code[i];
  }
  wsf__delete(&cells.env->alloc, code);
  return status;
}

static wsf_status read_batch(import *m, const struct ArrowArray *batch) {
  wsf__gather *g = &m->rows;
  wsf__arrow_cells cells;
  WSF__TRY(wsf__arrow_check_batch(batch, m->n_columns, g->n, m->err));
  if (batch->length == 0) return WSF_OK; /* and there may be no arrays yet */
  WSF__TRY(wsf__gather_reserve(g, batch->length, m->err));
  for (int k = 0; k < g->n_keys; ++k) WSF__TRY(read_key(m, batch, k));
  WSF__TRY(cells_of(m, batch, m->time, &cells));
  WSF__TRY(
      wsf__arrow_read_times(&cells, g->time + g->n, &g->form, &g->zoned, &g->grain, &g->style));
  if (m->target >= 0) {
    WSF__TRY(cells_of(m, batch, m->target, &cells));
    WSF__TRY(wsf__arrow_read_numbers(&cells, g->target + g->n));
  }
  for (int k = 0; k < g->n_columns; ++k) WSF__TRY(read_covariate(m, batch, k));
  g->n += batch->length;
  return WSF_OK;
}

/* ---- stream ------------------------------------------------------------------------------- */

static wsf_status read_stream(import *m, struct ArrowArrayStream *stream) {
  int code = stream->get_schema(stream, &m->schema);
  if (code != 0) m->schema.release = NULL;
  WSF__TRY(wsf__arrow_check_stream(stream, code, WSF_E_DATA, m->err));
  WSF__TRY(read_schema(m));
  for (;;) {
    WSF__TRY(wsf__checkpoint(m->rows.env, "read", m->rows.n, -1, m->err));
    struct ArrowArray batch = {0};
    code = stream->get_next(stream, &batch);
    WSF__TRY(wsf__arrow_check_stream(stream, code, WSF_E_DATA, m->err));
    if (!batch.release) return WSF_OK;
    const wsf_status status = read_batch(m, &batch);
    batch.release(&batch);
    if (status != WSF_OK) return status;
  }
}

wsf_status wsf__ingest_arrow(wsf__panel **out, wsf__env *env, struct ArrowArrayStream *stream,
                             const wsf__node *options, wsf_error *err) {
  *out = NULL;
import m = {.err = err };
  wsf_status status = wsf__gather_init(&m.rows, env, options, err);
  if (status == WSF_OK && !stream->release) {
    status = wsf__fail(err, WSF_E_ARGUMENT, "the stream was released before");
  }
  if (status == WSF_OK) status = read_stream(&m, stream);
  if (status == WSF_OK) status = wsf__gather_finish(out, &m.rows, err);
  wsf__gather_free(&m.rows);
  if (m.schema.release) m.schema.release(&m.schema);
  if (stream->release) stream->release(stream);
  return status;
}
