/* The cells of a table's column: the memory of numbers through the buffer protocol, without a copy,
 * or a list of Python's own values. */
#include "native.h"

typedef struct column_object {
  PyObject_HEAD wsf_table *table; /* kept alive */
  void *values;
  Py_ssize_t rows;
  Py_ssize_t size; /* of a value */
  const char *format;
} column_object;

static void column_dealloc(PyObject *self) {
  PyTypeObject *type = Py_TYPE(self);
  wsf_table_release(((column_object *)self)->table);
  PyObject_Free(self);
  Py_DECREF(type);
}

static int column_buffer(PyObject *self, Py_buffer *view, int flags) {
  column_object *c = (column_object *)self;
  if (PyBuffer_FillInfo(view, self, c->values, c->rows * c->size, 1, flags) != 0) return -1;
  view->itemsize = c->size;
  if (flags & PyBUF_FORMAT) view->format = (char *)c->format;
  if (view->shape) view->shape = &c->rows;
  if (view->strides) view->strides = &c->size;
  return 0;
}

static Py_ssize_t column_length(PyObject *self) {
  return ((column_object *)self)->rows;
}

static PyType_Slot slots[] = {
    {Py_tp_dealloc, column_dealloc},
    {Py_bf_getbuffer, column_buffer},
    {Py_sq_length, column_length},
    {Py_tp_doc, "The numbers of a column, read-only, where the table has them: numpy.asarray(c) "
                "copies nothing."},
    {0, NULL},
};

PyObject *native_column_type(PyObject *module) {
  PyType_Spec spec = {.name = "wsf._native.Column",
                      .basicsize = sizeof(column_object),
                      .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE |
                               Py_TPFLAGS_DISALLOW_INSTANTIATION,
                      .slots = slots};
  return PyType_FromModuleAndSpec(module, &spec, NULL);
}

/* The table and column of (table, index), or NULL. */
static wsf_table *cell_arguments(PyObject *args, long long *at) {
  PyObject *capsule;
  if (!PyArg_ParseTuple(args, "OL", &capsule, at)) return NULL;
  wsf_table *t = PyCapsule_GetPointer(capsule, "wsf_table");
  if (t && wsf_table_type(t, *at) == 0) {
    PyErr_SetString(PyExc_IndexError, "no such column");
    return NULL;
  }
  return t;
}

PyObject *native_column(PyObject *module, PyObject *args) {
  long long at;
  wsf_table *t = cell_arguments(args, &at);
  if (!t) return NULL;
  int32_t type = wsf_table_type(t, at);
  if (type == WSF_TYPE_TEXT) {
    PyErr_SetString(PyExc_TypeError, "texts have no memory of numbers");
    return NULL;
  }
  native_state *state = PyModule_GetState(module);
  column_object *c = PyObject_New(column_object, state->column);
  if (!c) return NULL;
  c->table = wsf_table_retain(t);
  c->rows = (Py_ssize_t)wsf_table_rows(t);
  c->size = type == WSF_TYPE_F32 ? 4 : 8;
  c->format = type == WSF_TYPE_F64 ? "d" : type == WSF_TYPE_F32 ? "f" : "q";
  c->values = type == WSF_TYPE_F64   ? (void *)wsf_table_f64(t, at)
              : type == WSF_TYPE_F32 ? (void *)wsf_table_f32(t, at)
                                     : (void *)wsf_table_i64(t, at);
  return (PyObject *)c;
}

static PyObject *cell(const wsf_table *t, int32_t type, int64_t at, int64_t row) {
  if (wsf_table_is_null(t, at, row)) Py_RETURN_NONE;
  if (type == WSF_TYPE_F64) return PyFloat_FromDouble(wsf_table_f64(t, at)[row]);
  if (type == WSF_TYPE_F32) return PyFloat_FromDouble((double)wsf_table_f32(t, at)[row]);
  if (type != WSF_TYPE_TEXT) return PyLong_FromLongLong(wsf_table_i64(t, at)[row]);
  size_t length;
  const char *text = wsf_table_text(t, at, row, &length);
  return PyUnicode_DecodeUTF8(text, (Py_ssize_t)length, "replace");
}

PyObject *native_cells(PyObject *module, PyObject *args) {
  (void)module;
  long long at;
  wsf_table *t = cell_arguments(args, &at);
  if (!t) return NULL;
  int32_t type = wsf_table_type(t, at);
  Py_ssize_t rows = (Py_ssize_t)wsf_table_rows(t);
  PyObject *list = PyList_New(rows);
  for (Py_ssize_t i = 0; list && i < rows; ++i) {
    PyObject *value = cell(t, type, at, i);
    if (!value || PyList_SetItem(list, i, value) != 0) Py_CLEAR(list);
  }
  return list;
}
