/* The parts of the extension wsf._native: calls, streams, and the functions of the module.
 *
 * Handles are capsules, named after their C type, which release what they hold. All state stands in
 * the module or in an object; the limited API of 3.11 is all that is used. */
#ifndef WSF_PYTHON_NATIVE_H
#define WSF_PYTHON_NATIVE_H

#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030b0000
#include <Python.h>
#include <wsf/wsf.h>

typedef struct native_state {
  PyObject *failed; /* wsf._errors.failed(status, ..): the exception of a C error */
  PyTypeObject *column;
} native_state;

/* ---- calls.c */

/* Raises the exception of a C error; returns NULL. */
PyObject *native_fail(PyObject *module, const wsf_error *err);

/* The work of a long call, on a thread of its own. It runs on `client`, a fork of the context. */
typedef wsf_status (*native_work)(void *arguments, wsf_context *client, wsf_error *err);

/* Runs work without the GIL, watching for signals: a KeyboardInterrupt cancels it within 10 ms or
 * as soon as the library looks. `progress` is None or called with (stage, done, total). 0, or -1
 * with an exception. */
int native_run(PyObject *module, wsf_context *base, PyObject *progress, native_work work,
               void *arguments);

/* A new capsule of a handle, released where it cannot be made; NULL stays NULL. */
PyObject *native_context(wsf_context *handle);
PyObject *native_dataset(wsf_dataset *handle);
PyObject *native_model(wsf_model *handle);
PyObject *native_forecaster(wsf_forecaster *handle);
PyObject *native_table(wsf_table *handle);

/* ---- streams.c */

/* The stream of an object with __arrow_c_stream__, moved out of its capsule. 0, or -1. */
int native_take_stream(PyObject *object, struct ArrowArrayStream *out);

/* A capsule "arrow_array_stream" that takes the stream over. */
PyObject *native_give_stream(struct ArrowArrayStream *stream);

/* stream(names, columns): a capsule of one batch over buffers of numbers (borrowed, not copied) and
 * lists of texts. */
PyObject *native_stream_of(PyObject *module, PyObject *args);

/* Sources of a context. */
PyObject *native_add_bytes(PyObject *module, PyObject *args);
PyObject *native_add_arrow(PyObject *module, PyObject *args);

/* ---- column.c */

/* The type of a column's memory: the buffer protocol over a table, which it keeps alive. */
PyObject *native_column_type(PyObject *module);
PyObject *native_column(PyObject *module, PyObject *args);
PyObject *native_cells(PyObject *module, PyObject *args);

#endif
