/* The table: filled column by column by the call that returns it, then read-only and shared by
 * reference count. Nothing here locks: a reader sees only what was written before it was handed
 * the table. */
#include "table/layout.h"

#include <math.h>
#include <string.h>

const char *wsf_type_name(int32_t type) {
  static const char *const name[] = {
      [WSF_TYPE_I64] = "i64",   [WSF_TYPE_F64] = "f64",   [WSF_TYPE_TEXT] = "text",
      [WSF_TYPE_DATE] = "date", [WSF_TYPE_TIME] = "time", [WSF_TYPE_F32] = "f32",
  };
  return type >= 0 && type < (int32_t)(sizeof name / sizeof *name) ? name[type] : NULL;
}

static wsf_status make(wsf_table **out, const wsf__alloc *a, int64_t rows, const wsf__env *work_of,
                       wsf_error *err) {
  *out = NULL;
  if (rows < 0)
    return wsf__fail(err, WSF_E_INTERNAL, "a table was asked for with fewer than 0 rows");
  wsf_table *t = wsf__new_zero(a, 1, sizeof *t);
  if (!t) return wsf__fail_memory(err);
  atomic_init(&t->references, 1);
  t->alloc = *a;
  t->rows = rows;
  t->work_of = work_of;
  *out = t;
  return WSF_OK;
}

wsf_status wsf__table_create(wsf_table **out, const wsf__alloc *a, int64_t rows, wsf_error *err) {
  return make(out, a, rows, NULL, err);
}

wsf_status wsf__table_begin(wsf_table **out, const wsf__env *env, int64_t rows, wsf_error *err) {
  return make(out, &env->alloc, rows, env, err);
}

wsf_status wsf__table_goes_on(const wsf_table *t, wsf_error *err) {
  return t->work_of ? wsf__go_on(t->work_of, 0, err) : WSF_OK;
}

void wsf__table_own(wsf_table *t, void (*drop_owner)(void *owner), void *owner) {
  t->drop_owner = drop_owner;
  t->owner = owner;
  t->work_of = NULL;
}

wsf_table *wsf_table_retain(wsf_table *t) {
  if (t) atomic_fetch_add_explicit(&t->references, 1, memory_order_relaxed);
  return t;
}

static void column_free(const wsf__alloc *a, wsf__table_column *c) {
  wsf__delete(a, c->name);
  wsf__delete(a, c->f64);
  wsf__delete(a, c->f32);
  wsf__delete(a, c->i64);
  wsf__delete(a, c->offset);
  wsf__delete(a, c->bytes);
  wsf__delete(a, c->terminated);
  wsf__delete(a, c->code);
  wsf__dictionary_release(c->dictionary);
  wsf__delete(a, c->valid);
}

void wsf_table_release(wsf_table *t) {
  if (!t) return;
  if (atomic_fetch_sub_explicit(&t->references, 1, memory_order_acq_rel) != 1) return;
  /* The owner keeps the allocator alive, so it goes last. */
  const wsf__alloc a = t->alloc;
  void (*drop_owner)(void *) = t->drop_owner;
  void *owner = t->owner;
  for (int64_t i = 0; i < t->n_columns; ++i) column_free(&a, &t->column[i]);
  wsf__delete(&a, t->column);
  wsf__delete(&a, t);
  if (drop_owner) drop_owner(owner);
}

/* Append `c`, which is owned by the table from here on, whatever happens. */
static wsf_status column_append(wsf_table *t, const char *name, wsf__table_column c, bool whole,
                                wsf_error *err) {
  c.name = wsf__copy_text(&t->alloc, name, strlen(name));
  if (!whole || !c.name) goto fail;
  if (t->n_columns == t->capacity) {
    const int64_t capacity = t->capacity ? 2 * t->capacity : 8;
    wsf__table_column *grown =
        wsf__resize(&t->alloc, t->column, (size_t)capacity, sizeof *t->column);
    if (!grown) goto fail;
    t->column = grown;
    t->capacity = capacity;
  }
  t->column[t->n_columns++] = c;
  return WSF_OK;
fail:
  column_free(&t->alloc, &c);
  WSF__TRY(wsf__table_goes_on(t, err));
  return wsf__fail_memory(err);
}

void wsf__table_unfilled(wsf_table *t) {
  t->unfilled = true;
}

/* Cells for all rows, zeroed unless the table is filled anyway; NULL: no memory, or the call was
 * stopped. */
static void *new_cells(const wsf_table *t, size_t size) {
  enum { PIECE = 1 << 22 };
  char *cells = wsf__new(&t->alloc, (size_t)t->rows, size);
  const size_t bytes = (size_t)t->rows * size; /* wsf__new has multiplied them before */
  for (size_t at = 0; cells && !t->unfilled && at < bytes; at += PIECE) {
    if (wsf__table_goes_on(t, NULL) != WSF_OK) {
      wsf__delete(&t->alloc, cells);
      return NULL;
    }
    memset(cells + at, 0, bytes - at < PIECE ? bytes - at : PIECE);
  }
  return cells;
}

static uint8_t *all_valid(const wsf_table *t) {
  const size_t n = wsf__bitmap_bytes(t->rows);
  uint8_t *valid = wsf__new(&t->alloc, n, 1);
  if (valid) memset(valid, 0xff, n);
  return valid;
}

wsf_status wsf__table_add_f64(wsf_table *t, const char *name, double **cells, wsf_error *err) {
  wsf__table_column c = {.type = WSF_TYPE_F64};
  *cells = c.f64 = new_cells(t, sizeof *c.f64);
  return column_append(t, name, c, c.f64 != NULL, err);
}

wsf_status wsf__table_add_f32(wsf_table *t, const char *name, float **cells, wsf_error *err) {
  wsf__table_column c = {.type = WSF_TYPE_F32};
  *cells = c.f32 = new_cells(t, sizeof *c.f32);
  return column_append(t, name, c, c.f32 != NULL, err);
}

wsf_status wsf__table_add_i64(wsf_table *t, const char *name, int32_t type, int64_t **cells,
                              wsf_error *err) {
  wsf__table_column c = {.type = type};
  *cells = c.i64 = new_cells(t, sizeof *c.i64);
  c.valid = all_valid(t);
  return column_append(t, name, c, c.i64 && c.valid, err);
}

wsf_status wsf__table_add_text(wsf_table *t, const char *name, int64_t *column, wsf_error *err) {
  enum { FIRST_BYTES = 64 };
  wsf__table_column c = {.type = WSF_TYPE_TEXT, .capacity = FIRST_BYTES};
  *column = t->n_columns;
  c.offset = wsf__new_zero(&t->alloc, (size_t)t->rows + 1, sizeof *c.offset);
  c.valid = all_valid(t);
  c.bytes = wsf__new(&t->alloc, c.capacity, 1);
  c.terminated = wsf__new(&t->alloc, c.capacity + (size_t)t->rows, 1);
  return column_append(t, name, c, c.offset && c.valid && c.bytes && c.terminated, err);
}

wsf_status wsf__table_add_codes(wsf_table *t, const char *name, wsf__dictionary *d, int32_t **cells,
                                wsf_error *err) {
  wsf__table_column c = {.type = WSF_TYPE_TEXT, .dictionary = wsf__dictionary_retain(d)};
  *cells = c.code = new_cells(t, sizeof *c.code);
  c.valid = all_valid(t);
  return column_append(t, name, c, c.code && c.valid, err);
}

void wsf__table_truncate(wsf_table *t, int64_t rows) {
  if (rows < t->rows) t->rows = rows;
}

/* Arrow's 32-bit offsets cap a text column at 2 GiB. */
static bool text_reserve(wsf_table *t, wsf__table_column *c, size_t need) {
  if (need <= c->capacity) return true;
  if (need > INT32_MAX) return false;
  size_t capacity = 2 * c->capacity;
  if (capacity < need) capacity = need;
  if (capacity > INT32_MAX) capacity = INT32_MAX;
  char *bytes = wsf__resize(&t->alloc, c->bytes, capacity, 1);
  if (!bytes) return false;
  c->bytes = bytes;
  char *terminated = wsf__resize(&t->alloc, c->terminated, capacity + (size_t)t->rows, 1);
  if (!terminated) return false;
  c->terminated = terminated;
  c->capacity = capacity;
  return true;
}

static void clear_bit(wsf__table_column *c, int64_t row) {
  const uint8_t bit = (uint8_t)(1u << (row & 7));
  if (!(c->valid[row >> 3] & bit)) return;
  c->valid[row >> 3] &= (uint8_t)~bit;
  ++c->null_count;
}

wsf_status wsf__table_put_n(wsf_table *t, int64_t column, const char *text, size_t length,
                            wsf_error *err) {
  wsf__table_column *c = &t->column[column];
  if (c->type != WSF_TYPE_TEXT || c->dictionary || c->filled >= t->rows) {
    return wsf__fail(err, WSF_E_INTERNAL, "a text was put into a column that has no room for it");
  }
  if (!text) length = 0;
  const int64_t row = c->filled;
  if (t->work_of) WSF__TRY(wsf__go_on(t->work_of, row, err));
  const size_t at = (size_t)c->offset[row];
  if (length > INT32_MAX || !text_reserve(t, c, at + length)) return wsf__fail_memory(err);
  char *terminated = c->terminated + at + row;
  if (length) {
    memcpy(c->bytes + at, text, length);
    memcpy(terminated, text, length);
  }
  terminated[length] = '\0';
  c->offset[row + 1] = (int32_t)(at + length);
  if (!text) clear_bit(c, row);
  c->filled = row + 1;
  return WSF_OK;
}

wsf_status wsf__table_put(wsf_table *t, int64_t column, const char *text, wsf_error *err) {
  return wsf__table_put_n(t, column, text, text ? strlen(text) : 0, err);
}

void wsf__table_set_null(wsf_table *t, int64_t column, int64_t row) {
  wsf__table_column *c = &t->column[column];
  if (c->i64)
    c->i64[row] = 0;
  else
    c->code[row] = 0;
  clear_bit(c, row);
}

int64_t wsf_table_rows(const wsf_table *t) {
  return t ? t->rows : 0;
}

int64_t wsf_table_columns(const wsf_table *t) {
  return t ? t->n_columns : 0;
}

static const wsf__table_column *column_at(const wsf_table *t, int64_t col) {
  return t && col >= 0 && col < t->n_columns ? &t->column[col] : NULL;
}

const char *wsf_table_name(const wsf_table *t, int64_t col) {
  const wsf__table_column *c = column_at(t, col);
  return c ? c->name : NULL;
}

int64_t wsf_table_find(const wsf_table *t, const char *name) {
  if (!name) return -1;
  for (int64_t i = 0; i < wsf_table_columns(t); ++i) {
    if (strcmp(t->column[i].name, name) == 0) return i;
  }
  return -1;
}

int32_t wsf_table_type(const wsf_table *t, int64_t col) {
  const wsf__table_column *c = column_at(t, col);
  return c ? c->type : 0;
}

int32_t wsf_table_is_null(const wsf_table *t, int64_t col, int64_t row) {
  const wsf__table_column *c = column_at(t, col);
  if (!c || row < 0 || row >= t->rows) return 1;
  if (c->type == WSF_TYPE_F64) return isnan(c->f64[row]) ? 1 : 0;
  if (c->type == WSF_TYPE_F32) return isnan(c->f32[row]) ? 1 : 0;
  if (c->type == WSF_TYPE_TEXT && !c->dictionary && row >= c->filled) return 1;
  return (c->valid[row >> 3] >> (row & 7) & 1) ? 0 : 1;
}

const double *wsf_table_f64(const wsf_table *t, int64_t col) {
  const wsf__table_column *c = column_at(t, col);
  return c ? c->f64 : NULL;
}

const float *wsf_table_f32(const wsf_table *t, int64_t col) {
  const wsf__table_column *c = column_at(t, col);
  return c ? c->f32 : NULL;
}

const int64_t *wsf_table_i64(const wsf_table *t, int64_t col) {
  const wsf__table_column *c = column_at(t, col);
  return c ? c->i64 : NULL;
}

const char *wsf_table_text(const wsf_table *t, int64_t col, int64_t row, size_t *length) {
  if (length) *length = 0;
  if (wsf_table_type(t, col) != WSF_TYPE_TEXT || wsf_table_is_null(t, col, row)) return NULL;
  const wsf__table_column *c = &t->column[col];
  if (c->dictionary) return wsf_table_category(t, col, c->code[row], length);
  if (length) *length = (size_t)(c->offset[row + 1] - c->offset[row]);
  return c->terminated + c->offset[row] + row;
}

const int32_t *wsf_table_codes(const wsf_table *t, int64_t col) {
  const wsf__table_column *c = column_at(t, col);
  return c ? c->code : NULL;
}

int64_t wsf_table_categories(const wsf_table *t, int64_t col) {
  const wsf__table_column *c = column_at(t, col);
  return c && c->dictionary ? c->dictionary->n : 0;
}

const char *wsf_table_category(const wsf_table *t, int64_t col, int64_t code, size_t *length) {
  if (length) *length = 0;
  if (code < 0 || code >= wsf_table_categories(t, col)) return NULL;
  const wsf__dictionary *d = t->column[col].dictionary;
  if (length) *length = (size_t)(d->offset[code + 1] - d->offset[code]);
  return d->terminated + d->offset[code] + code;
}
