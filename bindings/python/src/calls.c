/* Long calls and errors.
 *
 * A long call runs on a thread of its own, and the thread of Python waits without the GIL. It wakes
 * every 10 ms to let Python look at its signals, which only Python's main thread does: Ctrl-C then
 * cancels the call, whatever the library is in the middle of, and the exception of the signal's
 * handler is what the caller sees. A handler that raises nothing stops nothing. Each call has a
 * fork of the context, so it is stopped alone. */
#include "native.h"

#include <errno.h>
#include <pthread.h>
#include <time.h>

enum { WAKE_NANOSECONDS = 10000000 };

PyObject *native_fail(PyObject *module, const wsf_error *err) {
  native_state *state = PyModule_GetState(module);
  PyObject *exception = PyObject_CallFunction(
      state->failed, "isssLLL", (int)err->status, err->message, err->field, err->file,
      (long long)err->series, (long long)err->row, (long long)err->byte);
  if (!exception) return NULL;
  PyErr_SetObject((PyObject *)Py_TYPE(exception), exception);
  Py_DECREF(exception);
  return NULL;
}

typedef struct call {
  native_work work;
  void *arguments;
  wsf_context *client;
  wsf_error err;
  wsf_status status;
  PyObject *progress;                 /* NULL: none */
  PyObject *type, *value, *traceback; /* what progress or a signal raised first */
  pthread_mutex_t lock;
  pthread_cond_t ended;
  int done;
} call;

/* Keeps the exception that is set, and clears it; the first one counts. */
static void keep_exception(call *c) {
  PyObject *type, *value, *traceback;
  PyErr_Fetch(&type, &value, &traceback);
  pthread_mutex_lock(&c->lock);
  int first = !c->type;
  if (first) {
    c->type = type;
    c->value = value;
    c->traceback = traceback;
  }
  pthread_mutex_unlock(&c->lock);
  if (first) return;
  Py_XDECREF(type);
  Py_XDECREF(value);
  Py_XDECREF(traceback);
}

static int32_t tell(const char *stage, int64_t done, int64_t total, void *user) {
  call *c = user;
  PyGILState_STATE gil = PyGILState_Ensure();
  PyObject *answer =
      PyObject_CallFunction(c->progress, "sLL", stage, (long long)done, (long long)total);
  int32_t stop = !answer || answer == Py_False;
  if (!answer) keep_exception(c);
  Py_XDECREF(answer);
  PyGILState_Release(gil);
  return stop;
}

static void *work_on(void *user) {
  call *c = user;
  wsf_status status = c->work(c->arguments, c->client, &c->err);
  pthread_mutex_lock(&c->lock);
  c->status = status;
  c->done = 1;
  pthread_cond_signal(&c->ended);
  pthread_mutex_unlock(&c->lock);
  return NULL;
}

/* Waits for the end of the call, or for the next look at signals; whether it ended. */
static int wait_for(call *c) {
  struct timespec until;
  clock_gettime(CLOCK_REALTIME, &until);
  until.tv_nsec += WAKE_NANOSECONDS;
  if (until.tv_nsec >= 1000000000) {
    until.tv_nsec -= 1000000000;
    ++until.tv_sec;
  }
  pthread_mutex_lock(&c->lock);
  while (!c->done && pthread_cond_timedwait(&c->ended, &c->lock, &until) != ETIMEDOUT) {
  }
  int done = c->done;
  pthread_mutex_unlock(&c->lock);
  return done;
}

int native_run(PyObject *module, wsf_context *base, PyObject *progress, native_work work,
               void *arguments) {
  call c = {
      .work = work, .arguments = arguments, .progress = progress == Py_None ? NULL : progress};
  if (c.progress && !PyCallable_Check(c.progress)) {
    PyErr_SetString(PyExc_TypeError, "progress is not callable");
    return -1;
  }
  if (wsf_context_fork(&c.client, base, NULL, &c.err) != WSF_OK) {
    native_fail(module, &c.err);
    return -1;
  }
  if (c.progress) wsf_context_set_progress(c.client, tell, &c);
  pthread_mutex_init(&c.lock, NULL);
  pthread_cond_init(&c.ended, NULL);
  pthread_t thread;
  int interrupted = 0;
  if (pthread_create(&thread, NULL, work_on, &c) == 0) {
    int done = 0;
    while (!done) {
      Py_BEGIN_ALLOW_THREADS done = wait_for(&c);
      Py_END_ALLOW_THREADS if (!interrupted && PyErr_CheckSignals() != 0) {
        interrupted = 1;
        wsf_context_cancel(c.client);
        keep_exception(&c);
      }
    }
    Py_BEGIN_ALLOW_THREADS pthread_join(thread, NULL);
    Py_END_ALLOW_THREADS
  } else { /* no thread is to be had: on this one, without a look at signals */
    Py_BEGIN_ALLOW_THREADS work_on(&c);
    Py_END_ALLOW_THREADS
  }
  pthread_cond_destroy(&c.ended);
  pthread_mutex_destroy(&c.lock);
  wsf_context_set_progress(c.client, NULL, NULL);
  wsf_context_release(c.client);
  if (c.type) {
    PyErr_Restore(c.type, c.value, c.traceback);
    return -1;
  }
  if (c.status == WSF_OK) return 0;
  native_fail(module, &c.err);
  return -1;
}

/* A capsule for each handle: its destructor and its maker. */
#define CAPSULE(noun)                                                                              \
  static void drop_##noun(PyObject *capsule) {                                                     \
    wsf_##noun##_release(PyCapsule_GetPointer(capsule, "wsf_" #noun));                             \
  }                                                                                                \
  PyObject *native_##noun(wsf_##noun *handle) {                                                    \
    PyObject *capsule = handle ? PyCapsule_New(handle, "wsf_" #noun, drop_##noun) : NULL;          \
    if (!capsule) wsf_##noun##_release(handle);                                                    \
    return capsule;                                                                                \
  }
CAPSULE(context)
CAPSULE(dataset)
CAPSULE(model)
CAPSULE(forecaster)
CAPSULE(table)
