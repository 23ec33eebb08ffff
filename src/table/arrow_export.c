/* Export through the Arrow C data interface
 * (https://arrow.apache.org/docs/format/CDataInterface.html): column memory is handed out as it
 * lies. Two things are made at export, because the table does not hold them: the validity bitmap of
 * an F64 column with NaNs, and the days of a DATE column, which are 64 bits wide in the table and
 * 32 in Arrow. A consumer may take children out and release them one by one and in any order, so
 * each structure owns what it points to and one reference to the table. */
#include "table/layout.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct exported_schema {
  wsf_table *table;
  char *name;
  int64_t n_children;
  struct ArrowSchema **children, *child;
} exported_schema;

typedef struct exported_array {
  wsf_table *table;
  const void *buffers[3];
  void *valid, *days; /* made for this export, or NULL */
  int64_t n_children;
  struct ArrowArray **children, *child;
} exported_array;

static void schema_release(struct ArrowSchema *s) {
  exported_schema *own = s->private_data;
  wsf_table *table = own->table;
  for (int64_t i = 0; i < own->n_children; ++i) {
    /* NULL after the consumer moved the child out */
    if (own->child[i].release) own->child[i].release(&own->child[i]);
  }
  const wsf__alloc a = table->alloc;
  wsf__delete(&a, own->child);
  wsf__delete(&a, own->children);
  wsf__delete(&a, own->name);
  wsf__delete(&a, own);
  s->release = NULL;
  wsf_table_release(table);
}

static void array_release(struct ArrowArray *s) {
  exported_array *own = s->private_data;
  wsf_table *table = own->table;
  for (int64_t i = 0; i < own->n_children; ++i) {
    if (own->child[i].release) own->child[i].release(&own->child[i]);
  }
  const wsf__alloc a = table->alloc;
  wsf__delete(&a, own->child);
  wsf__delete(&a, own->children);
  wsf__delete(&a, own->valid);
  wsf__delete(&a, own->days);
  wsf__delete(&a, own);
  s->release = NULL;
  wsf_table_release(table);
}

static const char *arrow_format(int32_t type) {
  switch (type) {
  case WSF_TYPE_I64:
    return "l";
  case WSF_TYPE_F64:
    return "g";
  case WSF_TYPE_TEXT:
    return "u";
  case WSF_TYPE_DATE:
    return "tdD";
  default:
    return "tss:";
  }
}

/* Once `release` is set the structure can be released, whatever is missing below it. */
static exported_schema *schema_begin(wsf_table *t, struct ArrowSchema *out, const char *format,
                                     const char *name) {
  memset(out, 0, sizeof *out);
  exported_schema *own = wsf__new_zero(&t->alloc, 1, sizeof *own);
  if (!own) return NULL;
  own->table = wsf_table_retain(t);
  out->format = format;
  out->private_data = own;
  out->release = schema_release;
  out->name = own->name = wsf__copy_text(&t->alloc, name, strlen(name));
  return own->name ? own : NULL;
}

static bool schema_fill(wsf_table *t, struct ArrowSchema *out) {
  exported_schema *own = schema_begin(t, out, "+s", "");
  if (!own) return false;
  own->child = wsf__new_zero(&t->alloc, (size_t)t->n_columns, sizeof *own->child);
  own->children = wsf__new_zero(&t->alloc, (size_t)t->n_columns, sizeof(struct ArrowSchema *));
  if (!own->child || !own->children) return false;
  out->children = own->children;
  for (int64_t i = 0; i < t->n_columns; ++i) {
    own->children[i] = &own->child[i];
    own->n_children = out->n_children = i + 1;
    const wsf__table_column *c = &t->column[i];
    if (!schema_begin(t, &own->child[i], arrow_format(c->type), c->name)) return false;
    own->child[i].flags = ARROW_FLAG_NULLABLE;
  }
  return true;
}

static bool fill_f64(wsf_table *t, const wsf__table_column *c, exported_array *own,
                     struct ArrowArray *out) {
  for (int64_t i = 0; i < t->rows; ++i) out->null_count += isnan(c->f64[i]) ? 1 : 0;
  own->buffers[1] = c->f64;
  if (out->null_count == 0) return true;
  uint8_t *valid = wsf__new_zero(&t->alloc, wsf__bitmap_bytes(t->rows), 1);
  if (!valid) return false;
  for (int64_t i = 0; i < t->rows; ++i) {
    if (!isnan(c->f64[i])) valid[i >> 3] |= (uint8_t)(1u << (i & 7));
  }
  own->buffers[0] = own->valid = valid;
  return true;
}

static bool fill_date(wsf_table *t, const wsf__table_column *c, exported_array *own) {
  int32_t *days = wsf__new(&t->alloc, (size_t)t->rows, sizeof *days);
  if (!days) return false;
  for (int64_t i = 0; i < t->rows; ++i) days[i] = (int32_t)c->i64[i];
  own->buffers[1] = own->days = days;
  return true;
}

static exported_array *array_begin(wsf_table *t, struct ArrowArray *out) {
  memset(out, 0, sizeof *out);
  exported_array *own = wsf__new_zero(&t->alloc, 1, sizeof *own);
  if (!own) return NULL;
  own->table = wsf_table_retain(t);
  out->length = t->rows;
  out->n_buffers = 1;
  out->buffers = own->buffers;
  out->private_data = own;
  out->release = array_release;
  return own;
}

static bool column_fill(wsf_table *t, const wsf__table_column *c, struct ArrowArray *out) {
  exported_array *own = array_begin(t, out);
  if (!own) return false;
  out->n_buffers = c->type == WSF_TYPE_TEXT ? 3 : 2;
  if (c->type == WSF_TYPE_F64) return fill_f64(t, c, own, out);
  out->null_count = c->null_count;
  if (c->null_count > 0) own->buffers[0] = c->valid;
  if (c->type == WSF_TYPE_DATE) return fill_date(t, c, own);
  own->buffers[1] = c->type == WSF_TYPE_TEXT ? (const void *)c->offset : (const void *)c->i64;
  own->buffers[2] = c->bytes;
  return true;
}

static bool array_fill(wsf_table *t, struct ArrowArray *out) {
  exported_array *own = array_begin(t, out);
  if (!own) return false;
  own->child = wsf__new_zero(&t->alloc, (size_t)t->n_columns, sizeof *own->child);
  own->children = wsf__new_zero(&t->alloc, (size_t)t->n_columns, sizeof(struct ArrowArray *));
  if (!own->child || !own->children) return false;
  out->children = own->children;
  for (int64_t i = 0; i < t->n_columns; ++i) {
    own->children[i] = &own->child[i];
    own->n_children = out->n_children = i + 1;
    if (!column_fill(t, &t->column[i], &own->child[i])) return false;
  }
  return true;
}

/* What Arrow cannot carry, and what a careless builder left undone. */
static wsf_status exportable(const wsf_table *t, wsf_error *err) {
  for (int64_t k = 0; k < t->n_columns; ++k) {
    const wsf__table_column *c = &t->column[k];
    if (c->type == WSF_TYPE_TEXT && c->filled != t->rows) {
      return wsf__fail(err, WSF_E_INTERNAL, "column '%s' was not filled", c->name);
    }
    if (c->type != WSF_TYPE_DATE) continue;
    for (int64_t i = 0; i < t->rows; ++i) {
      if (c->i64[i] >= INT32_MIN && c->i64[i] <= INT32_MAX) continue;
      return wsf__fail(err, WSF_E_ARGUMENT,
                       "column '%s' holds a date beyond Arrow's 32-bit count of days", c->name);
    }
  }
  return WSF_OK;
}

wsf_status wsf_table_export(wsf_table *t, struct ArrowSchema *schema, struct ArrowArray *array,
                            wsf_error *err) {
  if (schema) memset(schema, 0, sizeof *schema);
  if (array) memset(array, 0, sizeof *array);
  if (!t || !schema || !array) {
    return wsf__fail(err, WSF_E_ARGUMENT, "the table, schema and array must not be NULL");
  }
  WSF__TRY(exportable(t, err));
  if (schema_fill(t, schema) && array_fill(t, array)) return WSF_OK;
  if (schema->release) schema->release(schema);
  if (array->release) array->release(array);
  return wsf__fail_memory(err);
}

typedef struct exported_stream {
  wsf_table *table;
  bool delivered;
  wsf_error error;
} exported_stream;

static int stream_fail(exported_stream *own, wsf_status status) {
  return status == WSF_E_MEMORY ? (wsf__fail_memory(&own->error), ENOMEM) : EINVAL;
}

static int stream_schema(struct ArrowArrayStream *s, struct ArrowSchema *out) {
  exported_stream *own = s->private_data;
  if (schema_fill(own->table, out)) return 0;
  if (out->release) out->release(out);
  return stream_fail(own, WSF_E_MEMORY);
}

static int stream_next(struct ArrowArrayStream *s, struct ArrowArray *out) {
  exported_stream *own = s->private_data;
  memset(out, 0, sizeof *out);
  if (own->delivered) return 0;
  const wsf_status status = exportable(own->table, &own->error);
  if (status != WSF_OK) return stream_fail(own, status);
  if (!array_fill(own->table, out)) {
    if (out->release) out->release(out);
    return stream_fail(own, WSF_E_MEMORY);
  }
  own->delivered = true;
  return 0;
}

static const char *stream_error(struct ArrowArrayStream *s) {
  const exported_stream *own = s->private_data;
  return own->error.message[0] ? own->error.message : NULL;
}

static void stream_release(struct ArrowArrayStream *s) {
  exported_stream *own = s->private_data;
  wsf_table *table = own->table;
  const wsf__alloc a = table->alloc;
  wsf__delete(&a, own);
  s->release = NULL;
  wsf_table_release(table);
}

wsf_status wsf_table_export_stream(wsf_table *t, struct ArrowArrayStream *out, wsf_error *err) {
  if (out) memset(out, 0, sizeof *out);
  if (!t || !out) return wsf__fail(err, WSF_E_ARGUMENT, "the table and stream must not be NULL");
  exported_stream *own = wsf__new_zero(&t->alloc, 1, sizeof *own);
  if (!own) return wsf__fail_memory(err);
  own->table = wsf_table_retain(t);
  wsf__error_clear(&own->error);
  out->get_schema = stream_schema;
  out->get_next = stream_next;
  out->get_last_error = stream_error;
  out->release = stream_release;
  out->private_data = own;
  return WSF_OK;
}
