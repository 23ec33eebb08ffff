/* The functions of wsf._native: a function of C each, with handles as capsules and options as text.
 * What Python users see is made of them in wsf/, which alone knows about names and data frames. */
#include "native.h"

#include <string.h>

/* The handle of a capsule; None is NULL where it may be. */
static int capsule_of(PyObject *object, const char *name, int optional, void *out) {
  void *handle = NULL;
  if (!(optional && object == Py_None)) {
    handle = PyCapsule_GetPointer(object, name);
    if (!handle) return -1;
  }
  memcpy(out, &handle, sizeof handle);
  return 0;
}

#define CONVERTER(noun)                                                                            \
  static int to_##noun(PyObject *object, void *out) {                                              \
    return capsule_of(object, "wsf_" #noun, 0, out) == 0;                                          \
  }
CONVERTER(context)
CONVERTER(dataset)
CONVERTER(model)
CONVERTER(forecaster)
CONVERTER(table)

static int to_optional_dataset(PyObject *object, void *out) {
  return capsule_of(object, "wsf_dataset", 1, out) == 0;
}

/* A short call: without the GIL, without a look at signals. */
#define SHORT(call)                                                                                \
  wsf_status status;                                                                               \
  wsf_error err;                                                                                   \
  Py_BEGIN_ALLOW_THREADS status = call;                                                            \
  Py_END_ALLOW_THREADS if (status != WSF_OK) return native_fail(module, &err)

/* What the long calls take and make. */
typedef struct arguments {
  wsf_context *base;
  const char *text, *options;
  wsf_dataset *data, *other;
  wsf_model *model;
  wsf_forecaster *forecaster;
  wsf_table *forecasts;
  struct ArrowArrayStream stream;
  const void *bytes;
  size_t size;
  const wsf_model **models;
  int64_t n_models;
  wsf_dataset *made_data;
  wsf_forecaster *made;
  wsf_table *table, *tables[WSF_BACKTEST_TABLES];
} arguments;

/* Results are handed on to the context of the caller, since the call's own ends with it. */
static wsf_status keep_data(arguments *a, wsf_dataset *made, wsf_error *err) {
  wsf_status status = wsf_dataset_with(&a->made_data, made, a->base, err);
  wsf_dataset_release(made);
  return status;
}
static wsf_status keep_forecaster(arguments *a, wsf_forecaster *made, wsf_error *err) {
  wsf_status status = wsf_forecaster_with(&a->made, made, a->base, err);
  wsf_forecaster_release(made);
  return status;
}
/* The dataset or forecaster at hand, for the client that stops alone. */
static wsf_status lend_data(const arguments *a, wsf_dataset **mine, wsf_context *client,
                            wsf_error *err) {
  return wsf_dataset_with(mine, a->data, client, err);
}
static wsf_status lend_forecaster(const arguments *a, wsf_forecaster **mine, wsf_context *client,
                                  wsf_error *err) {
  return wsf_forecaster_with(mine, a->forecaster, client, err);
}

static wsf_status work_open(void *user, wsf_context *client, wsf_error *err) {
  arguments *a = user;
  wsf_dataset *made = NULL;
  wsf_status status = wsf_dataset_open(&made, client, a->text, err);
  return status == WSF_OK ? keep_data(a, made, err) : status;
}
static wsf_status work_rows(void *user, wsf_context *client, wsf_error *err) {
  arguments *a = user;
  wsf_dataset *made = NULL;
  wsf_status status = wsf_dataset_from_arrow(&made, client, &a->stream, a->options, err);
  return status == WSF_OK ? keep_data(a, made, err) : status;
}
static wsf_status work_analyze(void *user, wsf_context *client, wsf_error *err) {
  arguments *a = user;
  wsf_dataset *mine = NULL;
  wsf_status status = lend_data(a, &mine, client, err);
  if (status == WSF_OK) status = wsf_analyze(&a->table, mine, a->options, err);
  wsf_dataset_release(mine);
  return status;
}
static wsf_status work_fit(void *user, wsf_context *client, wsf_error *err) {
  arguments *a = user;
  wsf_dataset *mine = NULL;
  wsf_forecaster *made = NULL;
  wsf_status status = lend_data(a, &mine, client, err);
  if (status == WSF_OK) status = wsf_fit(&made, a->model, mine, a->options, err);
  if (status == WSF_OK) status = keep_forecaster(a, made, err);
  wsf_dataset_release(mine);
  return status;
}
static wsf_status work_predict(void *user, wsf_context *client, wsf_error *err) {
  arguments *a = user;
  wsf_forecaster *mine = NULL;
  wsf_status status = lend_forecaster(a, &mine, client, err);
  if (status == WSF_OK) status = wsf_predict(&a->table, mine, a->other, a->options, err);
  wsf_forecaster_release(mine);
  return status;
}
static wsf_status work_update(void *user, wsf_context *client, wsf_error *err) {
  arguments *a = user;
  wsf_forecaster *mine = NULL, *made = NULL;
  wsf_status status = lend_forecaster(a, &mine, client, err);
  if (status == WSF_OK) status = wsf_update(&made, mine, a->other, a->options, err);
  if (status == WSF_OK) status = keep_forecaster(a, made, err);
  wsf_forecaster_release(mine);
  return status;
}
static wsf_status work_describe(void *user, wsf_context *client, wsf_error *err) {
  arguments *a = user;
  wsf_forecaster *mine = NULL;
  wsf_status status = lend_forecaster(a, &mine, client, err);
  if (status == WSF_OK) status = wsf_forecaster_describe(&a->table, mine, a->text, err);
  wsf_forecaster_release(mine);
  return status;
}
static wsf_status work_read(void *user, wsf_context *client, wsf_error *err) {
  arguments *a = user;
  wsf_forecaster *made = NULL;
  wsf_status status = a->text ? wsf_forecaster_load(&made, client, a->text, err)
                              : wsf_forecaster_read(&made, client, a->bytes, a->size, err);
  return status == WSF_OK ? keep_forecaster(a, made, err) : status;
}
static wsf_status work_backtest(void *user, wsf_context *client, wsf_error *err) {
  arguments *a = user;
  wsf_dataset *mine = NULL;
  wsf_status status = lend_data(a, &mine, client, err);
  if (status == WSF_OK)
    status = wsf_backtest(a->tables, a->models, a->n_models, mine, a->options, err);
  wsf_dataset_release(mine);
  return status;
}
static wsf_status work_evaluate(void *user, wsf_context *client, wsf_error *err) {
  (void)client;
  arguments *a = user;
  return wsf_evaluate(&a->table, a->forecasts, a->data, a->other, a->options, err);
}

static PyObject *native_version(PyObject *module, PyObject *args) {
  (void)module;
  (void)args;
  return PyUnicode_FromString(wsf_version());
}

static PyObject *native_new_context(PyObject *module, PyObject *args) {
  const char *options;
  if (!PyArg_ParseTuple(args, "s", &options)) return NULL;
  wsf_context *out = NULL;
  SHORT(wsf_context_create(&out, options, NULL, NULL, &err));
  return native_context(out);
}

static PyObject *native_remove_source(PyObject *module, PyObject *args) {
  wsf_context *ctx;
  const char *name;
  if (!PyArg_ParseTuple(args, "O&s", to_context, &ctx, &name)) return NULL;
  SHORT(wsf_context_remove_source(ctx, name, &err));
  Py_RETURN_NONE;
}

static PyObject *native_open(PyObject *module, PyObject *args) {
  arguments a = {0};
  PyObject *progress;
  if (!PyArg_ParseTuple(args, "O&sO", to_context, &a.base, &a.text, &progress)) return NULL;
  return native_run(module, a.base, progress, work_open, &a) == 0 ? native_dataset(a.made_data)
                                                                  : NULL;
}

static PyObject *native_rows(PyObject *module, PyObject *args) {
  arguments a = {0};
  PyObject *progress, *rows;
  if (!PyArg_ParseTuple(args, "O&OsO", to_context, &a.base, &rows, &a.options, &progress))
    return NULL;
  if (native_take_stream(rows, &a.stream) != 0) return NULL;
  int failed = native_run(module, a.base, progress, work_rows, &a);
  if (a.stream.release) a.stream.release(&a.stream); /* no call was made */
  return failed == 0 ? native_dataset(a.made_data) : NULL;
}

static PyObject *native_describe_dataset(PyObject *module, PyObject *args) {
  wsf_dataset *ds;
  const char *what;
  if (!PyArg_ParseTuple(args, "O&s", to_dataset, &ds, &what)) return NULL;
  wsf_table *out = NULL;
  SHORT(wsf_dataset_describe(&out, ds, what, &err));
  return native_table(out);
}

static PyObject *native_analyze(PyObject *module, PyObject *args) {
  arguments a = {0};
  PyObject *progress;
  if (!PyArg_ParseTuple(args, "O&O&sO", to_context, &a.base, to_dataset, &a.data, &a.options,
                        &progress))
    return NULL;
  return native_run(module, a.base, progress, work_analyze, &a) == 0 ? native_table(a.table) : NULL;
}

static PyObject *native_features(PyObject *module, PyObject *args) {
  wsf_dataset *ds;
  const char *recipe, *options;
  if (!PyArg_ParseTuple(args, "O&ss", to_dataset, &ds, &recipe, &options)) return NULL;
  struct ArrowArrayStream out;
  SHORT(wsf_features(&out, ds, recipe, options, &err));
  return native_give_stream(&out);
}

static PyObject *native_parse(PyObject *module, PyObject *args) {
  wsf_context *ctx;
  const char *text;
  if (!PyArg_ParseTuple(args, "O&s", to_context, &ctx, &text)) return NULL;
  wsf_model *out = NULL;
  SHORT(wsf_model_parse(&out, ctx, text, &err));
  return native_model(out);
}

static PyObject *native_model_text(PyObject *module, PyObject *args) {
  (void)module;
  wsf_model *m;
  return PyArg_ParseTuple(args, "O&", to_model, &m) ? PyUnicode_FromString(wsf_model_text(m))
                                                    : NULL;
}

static PyObject *native_fit(PyObject *module, PyObject *args) {
  arguments a = {0};
  PyObject *progress;
  if (!PyArg_ParseTuple(args, "O&O&O&sO", to_context, &a.base, to_model, &a.model, to_dataset,
                        &a.data, &a.options, &progress))
    return NULL;
  return native_run(module, a.base, progress, work_fit, &a) == 0 ? native_forecaster(a.made) : NULL;
}

static PyObject *native_predict(PyObject *module, PyObject *args) {
  arguments a = {0};
  PyObject *progress;
  if (!PyArg_ParseTuple(args, "O&O&O&sO", to_context, &a.base, to_forecaster, &a.forecaster,
                        to_optional_dataset, &a.other, &a.options, &progress))
    return NULL;
  return native_run(module, a.base, progress, work_predict, &a) == 0 ? native_table(a.table) : NULL;
}

static PyObject *native_update(PyObject *module, PyObject *args) {
  arguments a = {0};
  PyObject *progress;
  if (!PyArg_ParseTuple(args, "O&O&O&sO", to_context, &a.base, to_forecaster, &a.forecaster,
                        to_dataset, &a.other, &a.options, &progress))
    return NULL;
  return native_run(module, a.base, progress, work_update, &a) == 0 ? native_forecaster(a.made)
                                                                    : NULL;
}

static PyObject *native_describe(PyObject *module, PyObject *args) {
  arguments a = {0};
  PyObject *progress;
  if (!PyArg_ParseTuple(args, "O&O&sO", to_context, &a.base, to_forecaster, &a.forecaster, &a.text,
                        &progress))
    return NULL;
  return native_run(module, a.base, progress, work_describe, &a) == 0 ? native_table(a.table)
                                                                      : NULL;
}

static PyObject *native_text(PyObject *module, PyObject *args) {
  (void)module;
  wsf_forecaster *f;
  return PyArg_ParseTuple(args, "O&", to_forecaster, &f)
             ? PyUnicode_FromString(wsf_forecaster_text(f))
             : NULL;
}

static PyObject *native_save(PyObject *module, PyObject *args) {
  wsf_forecaster *f;
  const char *path;
  if (!PyArg_ParseTuple(args, "O&s", to_forecaster, &f, &path)) return NULL;
  SHORT(wsf_forecaster_save(f, path, &err));
  Py_RETURN_NONE;
}

static PyObject *native_write(PyObject *module, PyObject *args) {
  wsf_forecaster *f;
  if (!PyArg_ParseTuple(args, "O&", to_forecaster, &f)) return NULL;
  size_t needed = 0, written = 0;
  SHORT(wsf_forecaster_write(f, NULL, 0, &needed, &err));
  PyObject *bytes = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)needed);
  if (!bytes) return NULL;
  char *buffer = PyBytes_AsString(bytes);
  Py_BEGIN_ALLOW_THREADS status = wsf_forecaster_write(f, buffer, needed, &written, &err);
  Py_END_ALLOW_THREADS if (status == WSF_OK) return bytes;
  Py_DECREF(bytes);
  return native_fail(module, &err);
}

static PyObject *native_load(PyObject *module, PyObject *args) {
  arguments a = {0};
  if (!PyArg_ParseTuple(args, "O&s", to_context, &a.base, &a.text)) return NULL;
  return native_run(module, a.base, Py_None, work_read, &a) == 0 ? native_forecaster(a.made) : NULL;
}

static PyObject *native_read(PyObject *module, PyObject *args) {
  arguments a = {0};
  Py_buffer view;
  if (!PyArg_ParseTuple(args, "O&y*", to_context, &a.base, &view)) return NULL;
  a.bytes = view.buf;
  a.size = (size_t)view.len;
  int failed = native_run(module, a.base, Py_None, work_read, &a);
  PyBuffer_Release(&view);
  return failed == 0 ? native_forecaster(a.made) : NULL;
}

static PyObject *native_backtest(PyObject *module, PyObject *args) {
  arguments a = {0};
  PyObject *models, *progress, *out = NULL;
  if (!PyArg_ParseTuple(args, "O&O!O&sO", to_context, &a.base, &PyTuple_Type, &models, to_dataset,
                        &a.data, &a.options, &progress))
    return NULL;
  a.n_models = PyTuple_Size(models);
  a.models = PyMem_Calloc((size_t)a.n_models + 1, sizeof *a.models);
  if (!a.models) return PyErr_NoMemory();
  for (int64_t i = 0; i < a.n_models; ++i) {
    a.models[i] = PyCapsule_GetPointer(PyTuple_GetItem(models, i), "wsf_model");
    if (!a.models[i]) goto done;
  }
  if (native_run(module, a.base, progress, work_backtest, &a) != 0) goto done;
  out = PyTuple_New(WSF_BACKTEST_TABLES);
  for (int i = 0; i < WSF_BACKTEST_TABLES; ++i) {
    PyObject *table = native_table(a.tables[i]);
    if (!out || !table || PyTuple_SetItem(out, i, table) != 0) Py_CLEAR(out);
  }
done:
  PyMem_Free(a.models);
  return out;
}

static PyObject *native_evaluate(PyObject *module, PyObject *args) {
  arguments a = {0};
  if (!PyArg_ParseTuple(args, "O&O&O&O&s", to_context, &a.base, to_table, &a.forecasts, to_dataset,
                        &a.data, to_dataset, &a.other, &a.options))
    return NULL;
  return native_run(module, a.base, Py_None, work_evaluate, &a) == 0 ? native_table(a.table) : NULL;
}

static PyObject *native_catalog(PyObject *module, PyObject *args) {
  wsf_context *ctx;
  const char *name;
  if (!PyArg_ParseTuple(args, "O&z", to_context, &ctx, &name)) return NULL;
  wsf_table *out = NULL;
  SHORT(wsf_catalog(&out, ctx, name, &err));
  return native_table(out);
}

static PyObject *native_propose(PyObject *module, PyObject *args) {
  wsf_context *ctx;
  const char *path, *what;
  if (!PyArg_ParseTuple(args, "O&ss", to_context, &ctx, &path, &what)) return NULL;
  wsf_table *out = NULL;
  SHORT(wsf_dataset_propose(&out, ctx, path, what, &err));
  return native_table(out);
}

static PyObject *native_shape(PyObject *module, PyObject *args) {
  (void)module;
  wsf_table *t;
  if (!PyArg_ParseTuple(args, "O&", to_table, &t)) return NULL;
  Py_ssize_t n = (Py_ssize_t)wsf_table_columns(t);
  PyObject *names = PyTuple_New(n), *types = PyTuple_New(n);
  for (Py_ssize_t i = 0; names && types && i < n; ++i) {
    PyObject *name = PyUnicode_FromString(wsf_table_name(t, i));
    PyObject *type = PyUnicode_FromString(wsf_type_name(wsf_table_type(t, i)));
    if (!name || PyTuple_SetItem(names, i, name) != 0) Py_CLEAR(names);
    if (!type || PyTuple_SetItem(types, i, type) != 0) Py_CLEAR(types);
  }
  PyObject *out =
      names && types ? Py_BuildValue("LOO", (long long)wsf_table_rows(t), names, types) : NULL;
  Py_XDECREF(names);
  Py_XDECREF(types);
  return out;
}

static PyObject *native_stream(PyObject *module, PyObject *args) {
  wsf_table *t;
  if (!PyArg_ParseTuple(args, "O&", to_table, &t)) return NULL;
  struct ArrowArrayStream out;
  SHORT(wsf_table_export_stream(t, &out, &err));
  return native_give_stream(&out);
}

#define FUNCTION(name, function)                                                                   \
  { name, function, METH_VARARGS, NULL }
static PyMethodDef functions[] = {
    FUNCTION("version", native_version),
    FUNCTION("context", native_new_context),
    FUNCTION("add_bytes", native_add_bytes),
    FUNCTION("add_arrow", native_add_arrow),
    FUNCTION("remove_source", native_remove_source),
    FUNCTION("open", native_open),
    FUNCTION("rows", native_rows),
    FUNCTION("describe_dataset", native_describe_dataset),
    FUNCTION("analyze", native_analyze),
    FUNCTION("features", native_features),
    FUNCTION("parse", native_parse),
    FUNCTION("model_text", native_model_text),
    FUNCTION("fit", native_fit),
    FUNCTION("predict", native_predict),
    FUNCTION("update", native_update),
    FUNCTION("describe", native_describe),
    FUNCTION("text", native_text),
    FUNCTION("save", native_save),
    FUNCTION("write", native_write),
    FUNCTION("load", native_load),
    FUNCTION("read", native_read),
    FUNCTION("backtest", native_backtest),
    FUNCTION("evaluate", native_evaluate),
    FUNCTION("catalog", native_catalog),
    FUNCTION("propose", native_propose),
    FUNCTION("shape", native_shape),
    FUNCTION("stream", native_stream),
    FUNCTION("stream_of", native_stream_of),
    FUNCTION("column", native_column),
    FUNCTION("cells", native_cells),
    {NULL, NULL, 0, NULL},
};

static int begin(PyObject *module) {
  native_state *state = PyModule_GetState(module);
  PyObject *errors = PyImport_ImportModule("wsf._errors");
  if (!errors) return -1;
  state->failed = PyObject_GetAttrString(errors, "failed");
  Py_DECREF(errors);
  if (!state->failed) return -1;
  state->column = (PyTypeObject *)native_column_type(module);
  if (!state->column) return -1;
  return PyModule_AddObjectRef(module, "Column", (PyObject *)state->column);
}

static int traverse(PyObject *module, visitproc visit, void *arg) {
  native_state *state = PyModule_GetState(module);
  Py_VISIT(state->failed);
  Py_VISIT(state->column);
  return 0;
}

static int clear(PyObject *module) {
  native_state *state = PyModule_GetState(module);
  Py_CLEAR(state->failed);
  Py_CLEAR(state->column);
  return 0;
}

static void end(void *module) {
  (void)clear(module);
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, begin}, {0, NULL}};
static PyModuleDef definition = {.m_base = PyModuleDef_HEAD_INIT,
                                 .m_name = "wsf._native",
                                 .m_size = sizeof(native_state),
                                 .m_methods = functions,
                                 .m_slots = slots,
                                 .m_traverse = traverse,
                                 .m_clear = clear,
                                 .m_free = end};

PyMODINIT_FUNC PyInit__native(void) {
  return PyModuleDef_Init(&definition);
}
