/* Arrow streams in and out, and the sources of a context.
 *
 * An object's __arrow_c_stream__ gives a capsule with a stream, which is moved out of it as the
 * specification of the interface asks. Columns that Python holds itself, numbers behind the buffer
 * protocol and lists of texts, become one batch: the numbers are borrowed, and the batch keeps
 * their buffers until it is released, on whatever thread that is. */
#include "native.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

int native_take_stream(PyObject *object, struct ArrowArrayStream *out) {
  PyObject *capsule = PyObject_CallMethod(object, "__arrow_c_stream__", NULL);
  if (!capsule) return -1;
  struct ArrowArrayStream *stream = PyCapsule_GetPointer(capsule, "arrow_array_stream");
  if (stream) {
    *out = *stream;
    stream->release = NULL;
  }
  Py_DECREF(capsule);
  return stream ? 0 : -1;
}

static void drop_stream(PyObject *capsule) {
  struct ArrowArrayStream *stream = PyCapsule_GetPointer(capsule, "arrow_array_stream");
  if (stream->release) stream->release(stream);
  free(stream);
}

PyObject *native_give_stream(struct ArrowArrayStream *stream) {
  struct ArrowArrayStream *kept = malloc(sizeof *kept);
  PyObject *capsule = NULL;
  if (kept) {
    *kept = *stream;
    capsule = PyCapsule_New(kept, "arrow_array_stream", drop_stream);
  } else {
    PyErr_NoMemory();
  }
  if (!capsule) {
    stream->release(stream);
    free(kept);
  }
  return capsule;
}

/* One batch over columns of Python: released as a whole when its schema, its array and its stream
 * are gone. */
typedef struct column {
  char *name;
  const char *format; /* of Arrow */
  Py_buffer view;     /* numbers; obj NULL: texts */
  int32_t *offsets;
  char *text;
  const void *buffers[3];
  struct ArrowArray array;
  struct ArrowSchema schema;
} column;

typedef struct batch {
  atomic_llong references;
  int64_t rows;
  Py_ssize_t n_columns;
  column *columns;
  struct ArrowArray **arrays;
  struct ArrowSchema **schemas;
  const void *no_buffer[1];
  int given;
} batch;

static void batch_release(batch *b) {
  if (atomic_fetch_sub(&b->references, 1) > 1) return;
  PyGILState_STATE gil = PyGILState_Ensure(); /* for the buffers */
  for (Py_ssize_t i = 0; b->columns && i < b->n_columns; ++i) {
    column *c = &b->columns[i];
    if (c->view.obj) PyBuffer_Release(&c->view);
    free(c->name);
    free(c->offsets);
    free(c->text);
  }
  PyGILState_Release(gil);
  free(b->columns);
  free(b->arrays);
  free(b->schemas);
  free(b);
}

static batch *batch_retain(batch *b) {
  atomic_fetch_add(&b->references, 1);
  return b;
}

static void release_array(struct ArrowArray *array) {
  array->release = NULL;
  if (array->private_data) batch_release(array->private_data);
}

static void release_schema(struct ArrowSchema *schema) {
  schema->release = NULL;
  if (schema->private_data) batch_release(schema->private_data);
}

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out) {
  batch *b = batch_retain(stream->private_data);
  for (Py_ssize_t i = 0; i < b->n_columns; ++i) {
    column *c = &b->columns[i];
    c->schema = (struct ArrowSchema){.format = c->format,
                                     .name = c->name,
                                     .flags = ARROW_FLAG_NULLABLE,
                                     .release = release_schema};
    b->schemas[i] = &c->schema;
  }
  *out = (struct ArrowSchema){.format = "+s",
                              .name = "",
                              .n_children = b->n_columns,
                              .children = b->schemas,
                              .release = release_schema,
                              .private_data = b};
  return 0;
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out) {
  batch *b = stream->private_data;
  memset(out, 0, sizeof *out);
  if (b->given) return 0;
  b->given = 1;
  batch_retain(b);
  for (Py_ssize_t i = 0; i < b->n_columns; ++i) {
    column *c = &b->columns[i];
    c->array = (struct ArrowArray){.length = b->rows,
                                   .n_buffers = c->offsets ? 3 : 2,
                                   .buffers = c->buffers,
                                   .release = release_array};
    b->arrays[i] = &c->array;
  }
  *out = (struct ArrowArray){.length = b->rows,
                             .n_buffers = 1,
                             .n_children = b->n_columns,
                             .buffers = b->no_buffer,
                             .children = b->arrays,
                             .release = release_array,
                             .private_data = b};
  return 0;
}

static const char *get_last_error(struct ArrowArrayStream *stream) {
  (void)stream;
  return NULL;
}

static void release_stream(struct ArrowArrayStream *stream) {
  stream->release = NULL;
  batch_release(stream->private_data);
}

/* The format of Arrow for that of a buffer, NULL for none. */
static const char *arrow_format(const Py_buffer *view) {
  static const char *const signed_of[9] = {[1] = "c", [2] = "s", [4] = "i", [8] = "l"};
  static const char *const unsigned_of[9] = {[1] = "C", [2] = "S", [4] = "I", [8] = "L"};
  const char *f = view->format ? view->format : "B";
  if (*f && strchr("@=<", *f)) ++f;
  if (!*f || f[1] || view->itemsize < 1 || view->itemsize > 8) return NULL;
  if (*f == 'd' && view->itemsize == 8) return "g";
  if (*f == 'f' && view->itemsize == 4) return "f";
  if (strchr("bhilqn", *f)) return signed_of[view->itemsize];
  return strchr("BHILQN", *f) ? unsigned_of[view->itemsize] : NULL;
}

static int numbers(column *c, PyObject *object, int64_t *rows) {
  if (PyObject_GetBuffer(object, &c->view, PyBUF_FORMAT | PyBUF_C_CONTIGUOUS) != 0) return -1;
  c->format = arrow_format(&c->view);
  if (!c->format || c->view.itemsize < 1 || c->view.ndim != 1) {
    PyErr_Format(
        PyExc_TypeError,
        "column '%s' is a buffer of format '%s' with %d dimensions, expected numbers in one",
        c->name, c->view.format ? c->view.format : "B", c->view.ndim);
    return -1;
  }
  c->buffers[1] = c->view.buf;
  *rows = c->view.len / c->view.itemsize;
  return 0;
}

static int texts(column *c, PyObject *list, int64_t *n_rows) {
  Py_ssize_t rows = PyList_Size(list);
  c->format = "u";
  c->offsets = malloc(((size_t)rows + 1) * sizeof *c->offsets);
  if (!c->offsets) return PyErr_NoMemory(), -1;
  size_t size = 0, room = 0;
  for (Py_ssize_t i = 0; i < rows; ++i) {
    Py_ssize_t length;
    PyObject *item = PyList_GetItem(list, i);
    if (item && !PyUnicode_Check(item)) {
      PyErr_Format(PyExc_TypeError, "column '%s' holds %R among texts", c->name, item);
      return -1;
    }
    const char *text = item ? PyUnicode_AsUTF8AndSize(item, &length) : NULL;
    if (!text) return -1;
    c->offsets[i] = (int32_t)size;
    if (size + (size_t)length > INT32_MAX) {
      PyErr_Format(PyExc_OverflowError, "column '%s' holds more than 2 GiB of text", c->name);
      return -1;
    }
    if (size + (size_t)length > room) {
      room = 2 * (size + (size_t)length) + 64;
      char *grown = realloc(c->text, room);
      if (!grown) return PyErr_NoMemory(), -1;
      c->text = grown;
    }
    if (length > 0) memcpy(c->text + size, text, (size_t)length);
    size += (size_t)length;
  }
  c->offsets[rows] = (int32_t)size;
  c->buffers[1] = c->offsets;
  c->buffers[2] = c->text ? c->text : "";
  *n_rows = rows;
  return 0;
}

static int fill_column(column *c, PyObject *name, PyObject *object, int64_t *rows) {
  Py_ssize_t length;
  const char *text = PyUnicode_AsUTF8AndSize(name, &length);
  if (!text) return -1;
  c->name = malloc((size_t)length + 1);
  if (!c->name) return PyErr_NoMemory(), -1;
  memcpy(c->name, text, (size_t)length + 1);
  return PyList_Check(object) ? texts(c, object, rows) : numbers(c, object, rows);
}

PyObject *native_stream_of(PyObject *module, PyObject *args) {
  (void)module;
  PyObject *names, *columns;
  if (!PyArg_ParseTuple(args, "O!O!", &PyTuple_Type, &names, &PyTuple_Type, &columns)) return NULL;
  Py_ssize_t n = PyTuple_Size(names);
  if (n == 0 || PyTuple_Size(columns) != n) {
    PyErr_SetString(PyExc_ValueError, "no columns, or not as many as names");
    return NULL;
  }
  batch *b = calloc(1, sizeof *b);
  if (!b) return PyErr_NoMemory();
  atomic_init(&b->references, 1);
  b->n_columns = n;
  b->columns = calloc((size_t)n, sizeof *b->columns);
  b->arrays = calloc((size_t)n, sizeof *b->arrays);
  b->schemas = calloc((size_t)n, sizeof *b->schemas);
  if (!b->columns || !b->arrays || !b->schemas) {
    batch_release(b);
    return PyErr_NoMemory();
  }
  for (Py_ssize_t i = 0; i < n; ++i) {
    int64_t rows;
    if (fill_column(&b->columns[i], PyTuple_GetItem(names, i), PyTuple_GetItem(columns, i),
                    &rows) != 0)
      goto failed;
    if (i > 0 && rows != b->rows) {
      PyErr_Format(PyExc_ValueError, "column '%s' has %lld values, those before have %lld",
                   b->columns[i].name, (long long)rows, (long long)b->rows);
      goto failed;
    }
    b->rows = rows;
  }
  struct ArrowArrayStream stream = {get_schema, get_next, get_last_error, release_stream, b};
  return native_give_stream(&stream);
failed:
  batch_release(b);
  return NULL;
}

static void destroy_bytes(void *user) {
  PyGILState_STATE gil = PyGILState_Ensure();
  PyBuffer_Release(user);
  free(user);
  PyGILState_Release(gil);
}

PyObject *native_add_bytes(PyObject *module, PyObject *args) {
  PyObject *capsule;
  const char *name;
  Py_buffer *view = malloc(sizeof *view);
  if (!view) return PyErr_NoMemory();
  if (!PyArg_ParseTuple(args, "Osy*", &capsule, &name, view)) {
    free(view);
    return NULL;
  }
  wsf_error err;
  wsf_context *ctx = PyCapsule_GetPointer(capsule, "wsf_context");
  if (ctx && wsf_context_add_bytes(ctx, name, view->buf, (size_t)view->len, destroy_bytes, view,
                                   &err) == WSF_OK)
    Py_RETURN_NONE;
  destroy_bytes(view);
  return ctx ? native_fail(module, &err) : NULL;
}

static wsf_status open_arrow(struct ArrowArrayStream *stream, void *user, wsf_error *err) {
  PyGILState_STATE gil = PyGILState_Ensure();
  wsf_status status = WSF_OK;
  if (native_take_stream(user, stream) != 0) {
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    PyObject *text = value ? PyObject_Str(value) : NULL;
    PyObject *utf8 = text ? PyUnicode_AsUTF8String(text) : NULL;
    if (utf8) strncat(err->message, PyBytes_AsString(utf8), sizeof err->message - 1);
    PyErr_Clear();
    Py_XDECREF(utf8);
    Py_XDECREF(text);
    Py_XDECREF(type);
    Py_XDECREF(value);
    Py_XDECREF(traceback);
    status = WSF_E_IO;
  }
  PyGILState_Release(gil);
  return status;
}

static void destroy_object(void *user) {
  PyGILState_STATE gil = PyGILState_Ensure();
  Py_DECREF((PyObject *)user);
  PyGILState_Release(gil);
}

PyObject *native_add_arrow(PyObject *module, PyObject *args) {
  PyObject *capsule, *object;
  const char *name;
  if (!PyArg_ParseTuple(args, "OsO", &capsule, &name, &object)) return NULL;
  wsf_error err;
  wsf_context *ctx = PyCapsule_GetPointer(capsule, "wsf_context");
  if (!ctx) return NULL;
  Py_INCREF(object);
  if (wsf_context_add_arrow(ctx, name, open_arrow, destroy_object, object, &err) == WSF_OK)
    Py_RETURN_NONE;
  Py_DECREF(object);
  return native_fail(module, &err);
}
