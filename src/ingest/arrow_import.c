/* An Arrow C stream of long-format rows -> panel.
 *
 * The columns named as keys, time and target play their parts; every other column becomes a
 * covariate, known ahead if `columns` names it, else known only in the past. Rows without a target
 * behind the last target of all carry what is known ahead. Arrays may have an offset, the struct
 * around them too, dictionaries may differ from batch to batch. A type that cannot be read is an
 * error that names its column, whether the column is needed or not: silence would lose data. */
#include "ingest/arrow_column.h"
#include "ingest/gather.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

typedef struct import {
  wsf__gather rows;
  struct ArrowSchema schema;
  int n_columns;
  wsf__arrow_column *column; /* [n_columns] children of the schema */
  int *key;                  /* [n_keys] child of each key */
  int time, target;
  int *covariate; /* [rows.n_columns] child of each covariate */
  wsf_error *err;
} import;

static wsf_status fail_column(const import *m, const char *name, wsf_status status,
                              const char *sentence) {
  (void)wsf__fail(m->err, status, "column '%s' %s", name, sentence);
  wsf__error_at_field(m->err, name);
  return status;
}

static wsf_status fail_cell(const import *m, const char *name, int64_t row, const char *sentence) {
  (void)fail_column(m, name, WSF_E_DATA, sentence);
  wsf__error_at_row(m->err, m->rows.n + row + 1);
  return WSF_E_DATA;
}

/* ---- schema ------------------------------------------------------------------------------- */

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
  wsf__arena_free(&names);
  (void)wsf__fail(m->err, WSF_E_DATA, "the stream has no column '%s'%s%s%s", name,
                  near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
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

static bool is_ahead(const wsf__gather *g, const char *name) {
  if (g->holiday_name && strcmp(g->holiday_name, name) == 0) return true;
  for (int k = 0; k < g->n_ahead; ++k) {
    if (strcmp(g->ahead_name[k], name) == 0) return true;
  }
  return false;
}

static bool has_part(const import *m, int column) {
  for (int k = 0; k < m->rows.n_keys; ++k) {
    if (m->key[k] == column) return true;
  }
  return column == m->time || column == m->target;
}

static wsf_status add_covariates(import *m) {
  wsf__gather *g = &m->rows;
  int found;
  for (int k = 0; k < g->n_ahead; ++k) WSF__TRY(find_column(m, g->ahead_name[k], &found));
  WSF__TRY(wsf__gather_columns(g, m->n_columns, m->err));
  m->covariate = wsf__arena_new(&g->names, (size_t)m->n_columns, sizeof *m->covariate);
  if (!m->covariate) return wsf__fail_memory(m->err);
  for (int c = 0; c < m->n_columns; ++c) {
    if (has_part(m, c)) continue;
    const wsf__arrow_column *column = &m->column[c];
    const bool text = column->is == WSF__ARROW_TEXT || column->is == WSF__ARROW_TEXT_CODE;
    if (!text) WSF__TRY(expect(m, c, number_classes, COUNT(number_classes), "numbers or texts"));
    WSF__TRY(find_column(m, column->name, &found));
    m->covariate[g->n_columns] = c;
    wsf__gather_add_column(g, column->name, is_ahead(g, column->name) ? WSF__KNOWN : WSF__PAST,
                           text);
  }
  return WSF_OK;
}

static wsf_status read_schema(import *m) {
  const struct ArrowSchema *s = &m->schema;
  wsf__gather *g = &m->rows;
  if (!s->format || strcmp(s->format, "+s") != 0) {
    return wsf__fail(m->err, WSF_E_DATA, "the stream has the Arrow type %s, a struct was expected",
                     s->format ? s->format : "(none)");
  }
  if (s->n_children < 0 || s->n_children > INT32_MAX / 2 || (s->n_children > 0 && !s->children)) {
    return wsf__fail(m->err, WSF_E_DATA, "the stream's schema has no list of columns");
  }
  m->n_columns = (int)s->n_children;
  m->column = wsf__arena_new(&g->names, (size_t)m->n_columns, sizeof *m->column);
  m->key = wsf__arena_new(&g->names, (size_t)g->n_keys, sizeof *m->key);
  if (!m->column || !m->key) return wsf__fail_memory(m->err);
  for (int c = 0; c < m->n_columns; ++c) m->column[c] = wsf__arrow_column_of(s->children[c]);
  for (int k = 0; k < g->n_keys; ++k) {
    WSF__TRY(find_column(m, g->key_name[k], &m->key[k]));
    WSF__TRY(expect(m, m->key[k], key_classes, COUNT(key_classes), "texts or whole numbers"));
  }
  WSF__TRY(find_column(m, g->time_name, &m->time));
  WSF__TRY(expect(m, m->time, time_classes, COUNT(time_classes),
                  "dates, times, whole numbers or texts"));
  WSF__TRY(find_column(m, g->target_name, &m->target));
  WSF__TRY(expect(m, m->target, number_classes, COUNT(number_classes), "numbers"));
  return add_covariates(m);
}

/* ---- batches ------------------------------------------------------------------------------ */

/* Texts of a slice, one after the other; those of a dictionary are looked at once. */
typedef struct texts {
  const import *m;
  const wsf__arrow_column *c;
  wsf__arrow_slice s;
  wsf__arrow_slice dictionary; /* TEXT_CODE */
  int64_t *seen;               /* [dictionary.n] what a caller made of it, -1 before */
} texts;

static wsf_status texts_open(texts *t, const import *m, const wsf__arrow_column *c,
                             wsf__arrow_slice s) {
  *t = (texts){.m = m, .c = c, .s = s};
  if (c->is != WSF__ARROW_TEXT_CODE || s.n == 0) return WSF_OK;
  const struct ArrowArray *d = s.array->dictionary;
  const wsf__arrow_column as_text = {.format = c->text_format, .is = WSF__ARROW_TEXT};
  t->dictionary = (wsf__arrow_slice){d, 0, d->length};
  if (!wsf__arrow_fits(&as_text, t->dictionary)) {
    return fail_column(m, c->name, WSF_E_DATA, "has a dictionary without its buffers");
  }
  t->seen = wsf__new(&m->rows.env->alloc, (size_t)d->length, sizeof *t->seen);
  if (!t->seen) return wsf__fail_memory(m->err);
  for (int64_t i = 0; i < d->length; ++i) t->seen[i] = -1;
  return WSF_OK;
}

static void texts_close(texts *t) {
  wsf__delete(&t->m->rows.env->alloc, t->seen);
}

/* Text of row i, NULL if missing, and where its meaning may be kept (NULL: nowhere). */
static wsf_status texts_get(texts *t, int64_t i, const char **text, size_t *length,
                            int64_t **seen) {
  wsf__arrow_slice s = t->s;
  const char *format = t->c->format;
  int64_t at = i;
  *text = NULL;
  *seen = NULL;
  if (!wsf__arrow_valid(s, i)) return WSF_OK;
  if (t->seen) {
    if (!wsf__arrow_integer(t->c, s, i, &at) || at < 0 || at >= t->dictionary.n) {
      return fail_cell(t->m, t->c->name, i, "has a code that its dictionary does not have");
    }
    s = t->dictionary;
    format = t->c->text_format;
    *seen = &t->seen[at];
    if (!wsf__arrow_valid(s, at)) return WSF_OK;
  }
  *text = wsf__arrow_text(format, s, at, length);
  if (!*text) return fail_cell(t->m, t->c->name, i, "has text offsets that are not in order");
  return WSF_OK;
}

static wsf_status label_of(texts *t, wsf__dict *d, int64_t i, int32_t *code, bool *missing) {
  const char *text;
  size_t length;
  int64_t *seen;
  WSF__TRY(texts_get(t, i, &text, &length, &seen));
  *missing = text == NULL;
  if (*missing) return WSF_OK;
  if (seen && *seen >= 0) {
    *code = (int32_t)*seen;
    return WSF_OK;
  }
  const wsf_status status = wsf__gather_label(code, d, text, length, t->m->err);
  if (status == WSF_E_DATA) {
    return fail_cell(t->m, t->c->name, i, "has a text that is not valid UTF-8 or holds a NUL");
  }
  if (seen) *seen = *code;
  return status;
}

static wsf_status read_text_key(import *m, int k, wsf__arrow_slice s) {
  const wsf__arrow_column *c = &m->column[m->key[k]];
  int32_t *code = m->rows.code[k] + m->rows.n;
  texts t;
  wsf_status status = texts_open(&t, m, c, s);
  for (int64_t i = 0; i < s.n && status == WSF_OK; ++i) {
    bool missing = false;
    status = label_of(&t, &m->rows.key[k], i, &code[i], &missing);
    if (status != WSF_OK) break;
    if (missing || m->rows.key[k].entry[code[i]].length == 0) {
      status = fail_cell(m, c->name, i, "has no value, a key was expected");
    }
  }
  texts_close(&t);
  return status;
}

static wsf_status read_integer_key(import *m, int k, wsf__arrow_slice s) {
  const wsf__arrow_column *c = &m->column[m->key[k]];
  int32_t *code = m->rows.code[k] + m->rows.n;
  int64_t before = 0, x = 0;
  for (int64_t i = 0; i < s.n; ++i) {
    if (!wsf__arrow_valid(s, i))
      return fail_cell(m, c->name, i, "has no value, a key was expected");
    if (c->is == WSF__ARROW_BOOL) {
      double truth;
      wsf__arrow_numbers(c, (wsf__arrow_slice){s.array, s.first + i, 1}, &truth);
      x = (int64_t)truth;
    } else if (!wsf__arrow_integer(c, s, i, &x)) {
      return fail_cell(m, c->name, i, "has a whole number beyond 63 bits");
    }
    /* rows mostly come series by series */
    if (i > 0 && x == before) {
      code[i] = code[i - 1];
      continue;
    }
    char text[24];
    const int length = snprintf(text, sizeof text, "%" PRId64, x);
    WSF__TRY(wsf__gather_label(&code[i], &m->rows.key[k], text, (size_t)length, m->err));
    before = x;
  }
  return WSF_OK;
}

/* As in text: whole numbers of at most 15 digits. */
#define MOST_INTEGER INT64_C(1000000000000000)

static wsf_status read_number_time(import *m, wsf__arrow_slice s) {
  const wsf__arrow_column *c = &m->column[m->time];
  int64_t *time = m->rows.time + m->rows.n;
  const bool integer = c->is == WSF__ARROW_INTEGER;
  for (int64_t i = 0; i < s.n; ++i) {
    if (!wsf__arrow_valid(s, i))
      return fail_cell(m, c->name, i, "has no value, a time was expected");
    const bool ok = integer ? wsf__arrow_integer(c, s, i, &time[i]) && time[i] <= MOST_INTEGER &&
                                  time[i] >= -MOST_INTEGER
                            : wsf__arrow_seconds(c, s, i, &time[i]);
    if (!ok) {
      return fail_cell(m, c->name, i,
                       integer ? "has a whole number of more than 15 digits"
                               : "has a time outside the years 1 to 9999");
    }
  }
  return wsf__gather_form(&m->rows,
                          integer                    ? WSF__FORM_INTEGER
                          : c->is == WSF__ARROW_DATE ? WSF__FORM_DATE
                                                     : WSF__FORM_TIME,
                          m->err);
}

static wsf_status read_text_time(import *m, wsf__arrow_slice s) {
  const wsf__arrow_column *c = &m->column[m->time];
  int64_t *time = m->rows.time + m->rows.n;
  texts t;
  wsf_status status = texts_open(&t, m, c, s);
  for (int64_t i = 0; i < s.n && status == WSF_OK; ++i) {
    const char *text;
    size_t length;
    int64_t *seen; /* a code that was parsed before: any row that had it */
    status = texts_get(&t, i, &text, &length, &seen);
    if (status != WSF_OK) break;
    if (text && seen && *seen >= 0) {
      time[i] = time[*seen];
      continue;
    }
    wsf__time parsed;
    if (!text || !wsf__time_parse(text, length, &parsed)) {
      status = fail_cell(m, c->name, i, "has no date, time or whole number");
      break;
    }
    time[i] = parsed.value;
    if (seen) *seen = i;
    status = wsf__gather_form(&m->rows, parsed.form, m->err);
    if (status != WSF_OK) wsf__error_at_row(m->err, m->rows.n + i + 1);
  }
  texts_close(&t);
  return status;
}

static wsf_status read_numbers(import *m, const wsf__arrow_column *c, wsf__arrow_slice s,
                               double *out) {
  wsf__arrow_numbers(c, s, out);
  for (int64_t i = 0; i < s.n; ++i) {
    if (isinf(out[i])) return fail_cell(m, c->name, i, "is infinite");
  }
  return WSF_OK;
}

static wsf_status read_words(import *m, int k, wsf__arrow_slice s) {
  wsf__gather_column *to = &m->rows.column[k];
  double *value = to->value + m->rows.n;
  texts t;
  wsf_status status = texts_open(&t, m, &m->column[m->covariate[k]], s);
  for (int64_t i = 0; i < s.n && status == WSF_OK; ++i) {
    bool missing = false;
    int32_t code = 0;
    status = label_of(&t, &to->words, i, &code, &missing);
    value[i] = missing ? NAN : code;
  }
  texts_close(&t);
  return status;
}

static wsf_status slice_of(const import *m, const struct ArrowArray *batch, int column,
                           wsf__arrow_slice *out) {
  *out = (wsf__arrow_slice){batch->children[column], batch->offset, batch->length};
  if (wsf__arrow_fits(&m->column[column], *out)) return WSF_OK;
  return fail_column(m, m->column[column].name, WSF_E_DATA,
                     "is shorter than its batch or has no buffers");
}

static wsf_status read_batch(import *m, const struct ArrowArray *batch) {
  wsf__gather *g = &m->rows;
  wsf__arrow_slice s;
  if (batch->length < 0 || batch->offset < 0 || batch->n_children != m->n_columns ||
      !batch->children) {
    return wsf__fail(m->err, WSF_E_DATA, "a batch of the stream does not follow its schema");
  }
  const void *valid = batch->n_buffers > 0 && batch->buffers ? batch->buffers[0] : NULL;
  for (int64_t i = 0; valid && batch->null_count != 0 && i < batch->length; ++i) {
    if (wsf__arrow_valid((wsf__arrow_slice){batch, 0, batch->length}, i)) continue;
    (void)wsf__fail(m->err, WSF_E_DATA, "a row of the stream is null as a whole");
    wsf__error_at_row(m->err, g->n + i + 1);
    return WSF_E_DATA;
  }
  WSF__TRY(wsf__gather_reserve(g, batch->length, m->err));
  for (int k = 0; k < g->n_keys; ++k) {
    WSF__TRY(slice_of(m, batch, m->key[k], &s));
    const wsf__arrow_class is = m->column[m->key[k]].is;
    const bool text = is == WSF__ARROW_TEXT || is == WSF__ARROW_TEXT_CODE;
    WSF__TRY(text ? read_text_key(m, k, s) : read_integer_key(m, k, s));
  }
  WSF__TRY(slice_of(m, batch, m->time, &s));
  const wsf__arrow_class is = m->column[m->time].is;
  const bool text = is == WSF__ARROW_TEXT || is == WSF__ARROW_TEXT_CODE;
  WSF__TRY(text ? read_text_time(m, s) : read_number_time(m, s));
  WSF__TRY(slice_of(m, batch, m->target, &s));
  WSF__TRY(read_numbers(m, &m->column[m->target], s, g->target + g->n));
  for (int k = 0; k < g->n_columns; ++k) {
    const wsf__arrow_column *c = &m->column[m->covariate[k]];
    WSF__TRY(slice_of(m, batch, m->covariate[k], &s));
    WSF__TRY(g->column[k].text ? read_words(m, k, s)
                               : read_numbers(m, c, s, g->column[k].value + g->n));
  }
  g->n += batch->length;
  return WSF_OK;
}

/* ---- stream ------------------------------------------------------------------------------- */

static wsf_status fail_stream(const import *m, struct ArrowArrayStream *stream, int code) {
  const char *why = stream->get_last_error ? stream->get_last_error(stream) : NULL;
  return wsf__fail(m->err, WSF_E_DATA, "the stream failed with error %d%s%.300s", code,
                   why ? ": " : "", why ? why : "");
}

static wsf_status read_stream(import *m, struct ArrowArrayStream *stream) {
  int code = stream->get_schema(stream, &m->schema);
  if (code != 0) {
    m->schema.release = NULL;
    return fail_stream(m, stream, code);
  }
  WSF__TRY(read_schema(m));
  for (;;) {
    WSF__TRY(wsf__checkpoint(m->rows.env, "read", m->rows.n, -1, m->err));
    struct ArrowArray batch = {0};
    code = stream->get_next(stream, &batch);
    if (code != 0) return fail_stream(m, stream, code);
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
