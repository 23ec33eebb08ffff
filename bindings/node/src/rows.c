/* Rows in: what lib/rows.js makes of a table of apache-arrow, of columns or of rows, as an Arrow
 * stream.
 *
 *   {columns: [{name, format, words}],                      words: the format of a dictionary
 *    batches: [{length, columns: [{nulls, buffers, words: {length, nulls, buffers}}]}]}
 *
 * Everything is copied when it is handed over: JavaScript may change or detach an array buffer at
 * any time, and the library reads on another thread, a source even later. Lengths are checked
 * against the formats here, since offsets from outside the program may lie and the library believes
 * them. */
#include "native.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { BUFFERS_MOST = 3 };

typedef struct piece {
  int64_t length, nulls;
  int64_t n_buffers;
  void *buffer[BUFFERS_MOST];
  size_t size[BUFFERS_MOST];
  struct piece *words;
} piece;

typedef struct field {
  char *name, *format, *words;
} field;

typedef struct rows {
  atomic_int references;
  uint32_t n_columns, n_batches;
  field *fields;
  int64_t *lengths; /* of the batches */
  piece *pieces;    /* [batch][column] */
} rows;

static void free_piece(piece *p) {
  for (int i = 0; i < BUFFERS_MOST; ++i) free(p->buffer[i]);
  if (p->words) free_piece(p->words);
  free(p->words);
}

static void rows_release(void *user) {
  rows *r = user;
  if (atomic_fetch_sub(&r->references, 1) > 1) return;
  for (uint32_t i = 0; r->fields && i < r->n_columns; ++i) {
    free(r->fields[i].name);
    free(r->fields[i].format);
    free(r->fields[i].words);
  }
  for (size_t i = 0; r->pieces && i < (size_t)r->n_batches * r->n_columns; ++i)
    free_piece(&r->pieces[i]);
  free(r->fields);
  free(r->lengths);
  free(r->pieces);
  free(r);
}

static rows *rows_retain(rows *r) {
  atomic_fetch_add(&r->references, 1);
  return r;
}

/* ---- the stream: structures of a schema or a batch in one block, which holds the rows */

typedef struct schemas {
  rows *rows;
  struct ArrowSchema **children;
  struct ArrowSchema node[]; /* a column and its dictionary, one behind the other */
} schemas;

typedef struct arrays {
  rows *rows;
  struct ArrowArray **children;
  const void *none[1];
  struct ArrowArray node[];
} arrays;

static void release_schema(struct ArrowSchema *schema) {
  schemas *s = schema->private_data;
  schema->release = NULL;
  if (!s) return;
  rows_release(s->rows);
  free(s->children);
  free(s);
}

static void release_array(struct ArrowArray *array) {
  arrays *a = array->private_data;
  array->release = NULL;
  if (!a) return;
  rows_release(a->rows);
  free(a->children);
  free(a);
}

typedef struct reader {
  rows *rows;
  uint32_t next;
} reader;

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out) {
  rows *r = ((reader *)stream->private_data)->rows;
  schemas *s = calloc(1, sizeof *s + 2 * (size_t)r->n_columns * sizeof s->node[0]);
  struct ArrowSchema **children = calloc((size_t)r->n_columns + 1, sizeof *children);
  if (!s || !children) return free(s), free(children), ENOMEM;
  s->rows = rows_retain(r);
  s->children = children;
  for (uint32_t i = 0; i < r->n_columns; ++i) {
    struct ArrowSchema *node = children[i] = &s->node[(size_t)2 * i];
    const field *f = &r->fields[i];
    *node = (struct ArrowSchema){.format = f->format,
                                 .name = f->name,
                                 .flags = ARROW_FLAG_NULLABLE,
                                 .release = release_schema};
    if (!f->words) continue;
    node->dictionary = node + 1;
    node[1] = (struct ArrowSchema){.format = f->words, .name = "", .release = release_schema};
  }
  *out = (struct ArrowSchema){.format = "+s",
                              .name = "",
                              .n_children = r->n_columns,
                              .children = children,
                              .release = release_schema,
                              .private_data = s};
  return 0;
}

static struct ArrowArray array_of(const piece *p) {
  return (struct ArrowArray){.length = p->length,
                             .null_count = p->nulls,
                             .n_buffers = p->n_buffers,
                             .buffers = (const void **)p->buffer,
                             .release = release_array};
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out) {
  reader *at = stream->private_data;
  rows *r = at->rows;
  memset(out, 0, sizeof *out);
  if (at->next == r->n_batches) return 0;
  arrays *a = calloc(1, sizeof *a + 2 * (size_t)r->n_columns * sizeof a->node[0]);
  struct ArrowArray **children = calloc((size_t)r->n_columns + 1, sizeof *children);
  if (!a || !children) return free(a), free(children), ENOMEM;
  a->rows = rows_retain(r);
  a->children = children;
  const piece *first = &r->pieces[(size_t)at->next * r->n_columns];
  for (uint32_t i = 0; i < r->n_columns; ++i) {
    struct ArrowArray *node = children[i] = &a->node[(size_t)2 * i];
    *node = array_of(&first[i]);
    if (!first[i].words) continue;
    node->dictionary = node + 1;
    node[1] = array_of(first[i].words);
  }
  *out = (struct ArrowArray){.length = r->lengths[at->next++],
                             .n_buffers = 1,
                             .n_children = r->n_columns,
                             .buffers = a->none,
                             .children = children,
                             .release = release_array,
                             .private_data = a};
  return 0;
}

static const char *get_last_error(struct ArrowArrayStream *stream) {
  (void)stream;
  return NULL;
}

static void release_stream(struct ArrowArrayStream *stream) {
  rows_release(((reader *)stream->private_data)->rows);
  free(stream->private_data);
  stream->release = NULL;
}

/* A fresh stream of the rows; the signature is that of a source. */
static wsf_status open_stream(struct ArrowArrayStream *out, void *user, wsf_error *err) {
  (void)err;
  reader *at = calloc(1, sizeof *at);
  if (!at) return WSF_E_MEMORY;
  at->rows = rows_retain(user);
  *out = (struct ArrowArrayStream){get_schema, get_next, get_last_error, release_stream, at};
  return WSF_OK;
}

/* ---- from JavaScript */

static bool get(napi_env env, napi_value object, const char *name, napi_value *out) {
  return napi_get_named_property(env, object, name, out) == napi_ok;
}

static bool is_a(napi_env env, napi_value value, napi_valuetype wanted) {
  napi_valuetype type;
  return napi_typeof(env, value, &type) == napi_ok && type == wanted;
}

static bool get_count(napi_env env, napi_value object, const char *name, int64_t *out) {
  napi_value value;
  return get(env, object, name, &value) && napi_get_value_int64(env, value, out) == napi_ok &&
         *out >= 0 && *out < INT64_C(1) << 48;
}

static bool get_list(napi_env env, napi_value object, const char *name, napi_value *out,
                     uint32_t *n) {
  return get(env, object, name, out) && napi_get_array_length(env, *out, n) == napi_ok;
}

void *native_copy(napi_env env, napi_value array, size_t *size) {
  napi_typedarray_type type;
  void *bytes;
  bool is = false;
  if (napi_is_typedarray(env, array, &is) != napi_ok || !is ||
      napi_get_typedarray_info(env, array, &type, size, &bytes, NULL, NULL) != napi_ok ||
      type != napi_uint8_array) {
    native_refuse(env, "not an array of bytes");
    return NULL;
  }
  void *copy = malloc(*size + 1);
  if (!copy) return native_refuse(env, "no memory for a copy of the data");
  if (*size > 0) memcpy(copy, bytes, *size);
  return copy;
}

/* Bits of a value in a format, 0 for one whose values nobody reads. */
static size_t bits_of(const char *format) {
  static const char letters[] = "bcCsSiIlLfg";
  static const unsigned char bits[] = {1, 8, 8, 16, 16, 32, 32, 64, 64, 32, 64};
  const char *letter = format[0] && !format[1] ? strchr(letters, format[0]) : NULL;
  if (letter) return bits[letter - letters];
  if (strcmp(format, "tdD") == 0) return 32;
  if (strcmp(format, "tdm") == 0 || strncmp(format, "ts", 2) == 0) return 64;
  if (strncmp(format, "d:", 2) != 0) return 0;
  const char *comma = strchr(format, ',');
  comma = comma ? strchr(comma + 1, ',') : NULL;
  const long width = comma ? strtol(comma + 1, NULL, 10) : 128;
  return width >= 8 ? (size_t)width : 128;
}

/* Whether offsets of 4 or 8 bytes rise and end within the texts. */
static bool offsets_fit(const piece *p, bool large) {
  const size_t n = (size_t)p->length + 1;
  if (p->size[1] / (large ? 8 : 4) < n) return false;
  const int32_t *narrow = p->buffer[1];
  const int64_t *wide = p->buffer[1];
  int64_t last = 0;
  for (size_t i = 0; i < n; ++i) {
    const int64_t offset = large ? wide[i] : narrow[i];
    if (offset < last) return false;
    last = offset;
  }
  return (uint64_t)last <= p->size[2];
}

static bool fits(const piece *p, const char *format) {
  if (p->length == 0) return true;
  if (p->buffer[0] && p->size[0] < ((size_t)p->length + 7) / 8) return false;
  if (strcmp(format, "u") == 0 || strcmp(format, "U") == 0)
    return p->buffer[1] && p->buffer[2] && offsets_fit(p, *format == 'U');
  const size_t bits = bits_of(format);
  return bits == 0 || (p->buffer[1] && p->size[1] >= ((size_t)p->length * bits + 7) / 8);
}

static bool take_piece(napi_env env, napi_value object, const char *format, int64_t length,
                       piece *out) {
  napi_value list;
  uint32_t n;
  out->length = length;
  if (!get_count(env, object, "nulls", &out->nulls) ||
      !get_list(env, object, "buffers", &list, &n) || n > BUFFERS_MOST)
    return false;
  out->n_buffers = n;
  for (uint32_t i = 0; i < n; ++i) {
    napi_value buffer;
    if (napi_get_element(env, list, i, &buffer) != napi_ok) return false;
    if (is_a(env, buffer, napi_null)) continue;
    if (!(out->buffer[i] = native_copy(env, buffer, &out->size[i]))) return false;
  }
  return fits(out, format);
}

static bool take_column(napi_env env, napi_value object, const field *f, int64_t length,
                        piece *out) {
  if (!take_piece(env, object, f->format, length, out)) return false;
  if (!f->words) return true;
  napi_value words;
  int64_t n;
  return get(env, object, "words", &words) && get_count(env, words, "length", &n) &&
         (out->words = calloc(1, sizeof *out->words)) != NULL &&
         take_piece(env, words, f->words, n, out->words);
}

static bool take_batch(napi_env env, napi_value batch, rows *r, uint32_t at) {
  napi_value columns, column;
  uint32_t n;
  if (!get_count(env, batch, "length", &r->lengths[at]) ||
      !get_list(env, batch, "columns", &columns, &n) || n != r->n_columns)
    return false;
  for (uint32_t i = 0; i < n; ++i)
    if (napi_get_element(env, columns, i, &column) != napi_ok ||
        !take_column(env, column, &r->fields[i], r->lengths[at], &r->pieces[(size_t)at * n + i]))
      return false;
  return true;
}

static bool take_field(napi_env env, napi_value column, field *out) {
  napi_value name, format, words;
  return get(env, column, "name", &name) && (out->name = native_text(env, name)) &&
         get(env, column, "format", &format) && (out->format = native_text(env, format)) &&
         get(env, column, "words", &words) &&
         (is_a(env, words, napi_undefined) || (out->words = native_text(env, words)));
}

static rows *take_rows(napi_env env, napi_value value) {
  napi_value columns, batches, item;
  uint32_t n, n_batches;
  rows *r = calloc(1, sizeof *r);
  if (!r) return NULL;
  atomic_init(&r->references, 1);
  if (!get_list(env, value, "columns", &columns, &n) ||
      !get_list(env, value, "batches", &batches, &n_batches))
    goto failed;
  r->fields = calloc((size_t)n + 1, sizeof *r->fields);
  r->lengths = calloc((size_t)n_batches + 1, sizeof *r->lengths);
  r->pieces = calloc((size_t)n * n_batches + 1, sizeof *r->pieces);
  if (!r->fields || !r->lengths || !r->pieces) goto failed;
  r->n_columns = n;
  r->n_batches = n_batches;
  for (uint32_t i = 0; i < n; ++i)
    if (napi_get_element(env, columns, i, &item) != napi_ok ||
        !take_field(env, item, &r->fields[i]))
      goto failed;
  for (uint32_t i = 0; i < n_batches; ++i)
    if (napi_get_element(env, batches, i, &item) != napi_ok || !take_batch(env, item, r, i))
      goto failed;
  return r;
failed:
  rows_release(r);
  bool pending = false;
  (void)napi_is_exception_pending(env, &pending);
  if (!pending)
    native_refuse(env, "a column is shorter than its batch, or its offsets lie outside");
  return NULL;
}

bool native_take_rows(napi_env env, napi_value value, struct ArrowArrayStream *out) {
  rows *r = take_rows(env, value);
  if (!r) return false;
  const bool made = open_stream(out, r, NULL) == WSF_OK;
  rows_release(r);
  if (!made) native_refuse(env, "no memory for the rows");
  return made;
}

/* The context, name and data of a source; false with an exception. */
static bool source_arguments(napi_env env, napi_callback_info info, wsf_context **ctx, char **name,
                             napi_value *data) {
  size_t n = 3;
  napi_value argument[3];
  if (napi_get_cb_info(env, info, &n, argument, NULL, NULL) != napi_ok) return false;
  *ctx = native_unwrap(env, argument[0], &native_context);
  *data = argument[2];
  return *ctx && (*name = native_text(env, argument[1])) != NULL;
}

napi_value native_add_bytes(napi_env env, napi_callback_info info) {
  wsf_context *ctx;
  char *name;
  napi_value data;
  wsf_error err;
  size_t size;
  if (!source_arguments(env, info, &ctx, &name, &data)) return NULL;
  void *bytes = native_copy(env, data, &size);
  if (!bytes) return free(name), NULL;
  wsf_status status = wsf_context_add_bytes(ctx, name, bytes, size, free, bytes, &err);
  if (status != WSF_OK) free(bytes);
  free(name);
  return status == WSF_OK ? NULL : native_throw(env, &err);
}

napi_value native_add_rows(napi_env env, napi_callback_info info) {
  wsf_context *ctx;
  char *name;
  napi_value data;
  wsf_error err;
  if (!source_arguments(env, info, &ctx, &name, &data)) return NULL;
  rows *r = take_rows(env, data);
  if (!r) return free(name), NULL;
  wsf_status status = wsf_context_add_arrow(ctx, name, open_stream, rows_release, r, &err);
  if (status != WSF_OK) rows_release(r);
  free(name);
  return status == WSF_OK ? NULL : native_throw(env, &err);
}
