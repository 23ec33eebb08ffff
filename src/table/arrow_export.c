/* Export through the Arrow C data interface
 * (https://arrow.apache.org/docs/format/CDataInterface.html): column memory is handed out as it
 * lies. Two things are made at export, because the table does not hold them: the validity bitmap of
 * an F64 or F32 column with NaNs, and the days of a DATE column, which are 64 bits wide in the
 * table and 32 in Arrow. A consumer may take children out and release them one by one and in any
 * order, so each structure owns what it points to and one reference to the table. */
#include "table/layout.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct exported_schema {
  wsf_table *table;
  char *name;
  int64_t n_children;
  struct ArrowSchema **children, *child, *dictionary;
} exported_schema;

typedef struct exported_array {
  wsf_table *table;
  const void *buffers[3];
  void *valid, *days; /* made for this export, or NULL */
  int64_t n_children;
  struct ArrowArray **children, *child, *dictionary;
} exported_array;

static void schema_release(struct ArrowSchema *s) {
  exported_schema *own = s->private_data;
  wsf_table *table = own->table;
  for (int64_t i = 0; i < own->n_children; ++i) {
    /* NULL after the consumer moved the child out */
    if (own->child[i].release) own->child[i].release(&own->child[i]);
  }
  if (own->dictionary && own->dictionary->release) own->dictionary->release(own->dictionary);
  const wsf__alloc a = table->alloc;
  wsf__delete(&a, own->child);
  wsf__delete(&a, own->children);
  wsf__delete(&a, own->dictionary);
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
  if (own->dictionary && own->dictionary->release) own->dictionary->release(own->dictionary);
  const wsf__alloc a = table->alloc;
  wsf__delete(&a, own->child);
  wsf__delete(&a, own->children);
  wsf__delete(&a, own->dictionary);
  wsf__delete(&a, own->valid);
  wsf__delete(&a, own->days);
  wsf__delete(&a, own);
  s->release = NULL;
  wsf_table_release(table);
}

static const char *arrow_format(const wsf__table_column *c) {
  switch (c->type) {
  case WSF_TYPE_I64:
    return "l";
  case WSF_TYPE_F64:
    return "g";
  case WSF_TYPE_TEXT:
    return c->dictionary ? "i" : "u";
  case WSF_TYPE_F32:
    return "f";
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

static bool column_schema(wsf_table *t, const wsf__table_column *c, struct ArrowSchema *out) {
  exported_schema *own = schema_begin(t, out, arrow_format(c), c->name);
  if (!own) return false;
  out->flags = ARROW_FLAG_NULLABLE;
  if (!c->dictionary) return true;
  own->dictionary = wsf__new_zero(&t->alloc, 1, sizeof *own->dictionary);
  out->dictionary = own->dictionary;
  return own->dictionary && schema_begin(t, own->dictionary, "u", "");
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
    if (!column_schema(t, &t->column[i], &own->child[i])) return false;
  }
  return true;
}

enum { STRETCH = 64 }; /* values looked at together, a multiple of 8 */

/* Of the values of a stretch from row i on. A loop for each type, so that vectors run it. */
static inline int count_nan(const wsf__table_column *c, int64_t i, int64_t rows) {
  const int n = rows - i < STRETCH ? (int)(rows - i) : STRETCH;
  int count = 0;
  if (c->f64) {
    for (int k = 0; k < n; ++k) count += isnan(c->f64[i + k]) ? 1 : 0;
  } else {
    for (int k = 0; k < n; ++k) count += isnan(c->f32[i + k]) ? 1 : 0;
  }
  return count;
}

static bool fill_real(wsf_table *t, const wsf__table_column *c, exported_array *own,
                      struct ArrowArray *out) {
  for (int64_t i = 0; i < t->rows; i += STRETCH) out->null_count += count_nan(c, i, t->rows);
  own->buffers[1] = c->f64 ? (const void *)c->f64 : (const void *)c->f32;
  if (out->null_count == 0) return true;
  uint8_t *valid = wsf__new_zero(&t->alloc, wsf__bitmap_bytes(t->rows), 1);
  if (!valid) return false;
  memset(valid, 0xff, (size_t)t->rows / 8);
  if (t->rows % 8 > 0) valid[t->rows / 8] = (uint8_t)((1U << t->rows % 8) - 1);
  for (int64_t i = 0; i < t->rows; i += STRETCH) {
    if (count_nan(c, i, t->rows) == 0) continue;
    for (int64_t k = i; k < t->rows && k < i + STRETCH; ++k) {
      if (c->f64 ? isnan(c->f64[k]) : isnan(c->f32[k])) valid[k / 8] ^= (uint8_t)(1U << k % 8);
    }
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

static bool fill_codes(wsf_table *t, const wsf__table_column *c, exported_array *own,
                       struct ArrowArray *out) {
  const wsf__dictionary *d = c->dictionary;
  own->buffers[1] = c->code;
  own->dictionary = wsf__new_zero(&t->alloc, 1, sizeof *own->dictionary);
  out->dictionary = own->dictionary;
  exported_array *words = own->dictionary ? array_begin(t, own->dictionary) : NULL;
  if (!words) return false;
  own->dictionary->length = d->n;
  own->dictionary->n_buffers = 3;
  words->buffers[1] = d->offset;
  words->buffers[2] = d->bytes;
  return true;
}

static bool column_fill(wsf_table *t, const wsf__table_column *c, struct ArrowArray *out) {
  exported_array *own = array_begin(t, out);
  if (!own) return false;
  out->n_buffers = c->type == WSF_TYPE_TEXT && !c->dictionary ? 3 : 2;
  if (c->f64 || c->f32) return fill_real(t, c, own, out);
  out->null_count = c->null_count;
  if (c->null_count > 0) own->buffers[0] = c->valid;
  if (c->type == WSF_TYPE_DATE) return fill_date(t, c, own);
  if (c->dictionary) return fill_codes(t, c, own, out);
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
    if (c->type == WSF_TYPE_TEXT && !c->dictionary && c->filled != t->rows) {
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

bool wsf__table_schema(wsf_table *t, struct ArrowSchema *out) {
  if (schema_fill(t, out)) return true;
  if (out->release) out->release(out);
  return false;
}

wsf_status wsf__table_array(wsf_table *t, struct ArrowArray *out, wsf_error *err) {
  WSF__TRY(exportable(t, err));
  if (array_fill(t, out)) return WSF_OK;
  if (out->release) out->release(out);
  return wsf__fail_memory(err);
}

wsf_status wsf_table_export(wsf_table *t, struct ArrowSchema *schema, struct ArrowArray *array,
                            wsf_error *err) {
  if (schema) memset(schema, 0, sizeof *schema);
  if (array) memset(array, 0, sizeof *array);
  if (!t || !schema || !array) {
    return wsf__fail(err, WSF_E_ARGUMENT, "the table, schema and array must not be NULL");
  }
  WSF__TRY(wsf__table_array(t, array, err));
  if (wsf__table_schema(t, schema)) return WSF_OK;
  array->release(array);
  return wsf__fail_memory(err);
}
