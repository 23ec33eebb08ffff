/* Tables and batches of features out: the buffers of the Arrow export as array buffers of
 * JavaScript.
 *
 * Columns are not copied: their array buffers keep the export, and so the table. The few bytes of a
 * dictionary are copied, since tables share one and V8 wants memory to be given to it once. So is
 * all the rest where the engine takes no memory from outside (Electron). */
#include "native.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* An export that is alive as long as one of its buffers is. */
typedef struct exported {
  atomic_int references;
  struct ArrowSchema schema;
  struct ArrowArray array;
} exported;

static void let_go(exported *e) {
  if (atomic_fetch_sub(&e->references, 1) > 1) return;
  if (e->schema.release) e->schema.release(&e->schema);
  if (e->array.release) e->array.release(&e->array);
  free(e);
}

static void finalize(napi_env env, void *data, void *hint) {
  (void)env;
  (void)data;
  let_go(hint);
}

/* An array buffer of `size` bytes; those of e where it is not NULL. */
static napi_value buffer_of(napi_env env, exported *e, const void *bytes, size_t size) {
  napi_value out = NULL;
  if (e && size > 0) {
    if (napi_create_external_arraybuffer(env, (void *)bytes, size, finalize, e, &out) == napi_ok) {
      atomic_fetch_add(&e->references, 1);
      return out;
    }
  }
  void *copy;
  if (napi_create_arraybuffer(env, size, &copy, &out) != napi_ok) return NULL;
  if (bytes && size > 0) memcpy(copy, bytes, size);
  return out;
}

/* Bytes of a buffer in the formats that a table exports. */
static size_t size_of(const struct ArrowArray *array, const char *format, int which) {
  const size_t n = (size_t)array->length;
  if (which == 0) return (n + 7) / 8;
  if (*format != 'u')
    return n * (strcmp(format, "l") == 0 || *format == 'g' || format[1] == 's' ? 8 : 4);
  const int32_t *offset = array->buffers[1];
  return which == 1 ? (n + 1) * sizeof *offset : (size_t)offset[n];
}

static bool set_text(napi_env env, napi_value object, const char *name, const char *text) {
  napi_value value;
  return napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &value) == napi_ok &&
         napi_set_named_property(env, object, name, value) == napi_ok;
}

static bool set_count(napi_env env, napi_value object, const char *name, int64_t count) {
  napi_value value;
  return napi_create_int64(env, count, &value) == napi_ok &&
         napi_set_named_property(env, object, name, value) == napi_ok;
}

/* {name, format, length, nulls, buffers: [validity or null, ..], words: the dictionary}. */
static napi_value column_of(napi_env env, exported *e, const struct ArrowSchema *schema,
                            const struct ArrowArray *array) {
  napi_value out, buffers;
  if (napi_create_object(env, &out) != napi_ok || !set_text(env, out, "name", schema->name) ||
      !set_text(env, out, "format", schema->format) ||
      !set_count(env, out, "length", array->length) ||
      !set_count(env, out, "nulls", array->null_count) ||
      napi_create_array(env, &buffers) != napi_ok)
    return NULL;
  for (int i = 0; i < array->n_buffers; ++i) {
    napi_value buffer;
    if (!array->buffers[i] && i == 0) {
      if (napi_get_null(env, &buffer) != napi_ok) return NULL;
    } else if (!(buffer =
                     buffer_of(env, e, array->buffers[i], size_of(array, schema->format, i)))) {
      return NULL;
    }
    if (napi_set_element(env, buffers, (uint32_t)i, buffer) != napi_ok) return NULL;
  }
  if (napi_set_named_property(env, out, "buffers", buffers) != napi_ok) return NULL;
  if (!schema->dictionary) return out;
  napi_value words = column_of(env, NULL, schema->dictionary, array->dictionary);
  return words && napi_set_named_property(env, out, "words", words) == napi_ok ? out : NULL;
}

napi_value native_exported(napi_env env, napi_callback_info info) {
  size_t n = 1;
  napi_value argument, list = NULL;
  if (napi_get_cb_info(env, info, &n, &argument, NULL, NULL) != napi_ok) return NULL;
  wsf_table *t = native_unwrap(env, argument, &native_table);
  if (!t) return NULL;
  wsf_error err;
  exported *e = calloc(1, sizeof *e);
  if (!e) return native_refuse(env, "no memory for a table");
  atomic_init(&e->references, 1);
  if (wsf_table_export(t, &e->schema, &e->array, &err) != WSF_OK) {
    (void)native_throw(env, &err);
    goto out;
  }
  if (napi_create_array(env, &list) != napi_ok) goto out;
  for (int64_t i = 0; i < e->array.n_children; ++i) {
    napi_value column = column_of(env, e, e->schema.children[i], e->array.children[i]);
    if (column && napi_set_element(env, list, (uint32_t)i, column) == napi_ok) continue;
    list = native_refuse(env, "no memory for the columns of a table");
    break;
  }
out:
  let_go(e);
  return list;
}

void native_batches_release(native_batches *batches) {
  if (!batches || atomic_fetch_sub(&batches->references, 1) > 1) return;
  if (batches->stream.release) batches->stream.release(&batches->stream);
  wsf_context_release(batches->client);
  free(batches);
}

static wsf_status fail_batch(native_batches *batches, int code, wsf_error *err) {
  const wsf_status status = code == ECANCELED ? WSF_E_CANCELLED : WSF_E_MEMORY;
  const char *text = batches->stream.get_last_error(&batches->stream);
  return native_fail(err, status, text ? text : wsf_status_text(status));
}

wsf_status native_next_batch(native_batches *batches, wsf_table **out, wsf_error *err) {
  struct ArrowArrayStream *stream = &batches->stream;
  struct ArrowSchema schema;
  struct ArrowArray array;
  int code = stream->get_schema(stream, &schema);
  if (code != 0) return fail_batch(batches, code, err);
  code = stream->get_next(stream, &array);
  wsf_status status = WSF_OK;
  if (code != 0)
    status = fail_batch(batches, code, err);
  else if (array.release)
    status = wsf_table_import(out, batches->client, &schema, &array, err);
  schema.release(&schema);
  return status;
}
