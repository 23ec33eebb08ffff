/* Long calls and errors.
 *
 * A call works on a thread of its own, and R's thread waits for it: it wakes every 10 ms to let R
 * look at its interrupts. One cancels the call, whatever the library is in the middle of; the
 * interrupt is signalled again once the call has ended (R/calls.R). Each call has a fork of the
 * context, so it is stopped alone; what it makes is handed on to the context.
 *
 * What goes wrong is no error of R here but an object, from which R/calls.R alone makes conditions.
 */
#include "native.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WAKE_NANOSECONDS = 10000000 };

/* ---- handles */

#define KIND(noun)                                                                                 \
  static void drop_##noun(SEXP pointer) {                                                          \
    wsf_##noun##_release(R_ExternalPtrAddr(pointer));                                              \
    R_ClearExternalPtr(pointer);                                                                   \
  }                                                                                                \
  SEXP native_##noun##_pointer(void) {                                                             \
    SEXP pointer = PROTECT(R_MakeExternalPtr(NULL, Rf_install("wsf_" #noun), R_NilValue));         \
    R_RegisterCFinalizerEx(pointer, drop_##noun, TRUE);                                            \
    UNPROTECT(1);                                                                                  \
    return pointer;                                                                                \
  }                                                                                                \
  wsf_##noun *native_##noun##_of(SEXP pointer) {                                                   \
    if (TYPEOF(pointer) != EXTPTRSXP || R_ExternalPtrTag(pointer) != Rf_install("wsf_" #noun))     \
      Rf_error("not a " #noun " of wsf");                                                          \
    if (!R_ExternalPtrAddr(pointer)) Rf_error("a " #noun " of an earlier session of R");           \
    return R_ExternalPtrAddr(pointer);                                                             \
  }
KIND(context)
KIND(dataset)
KIND(forecaster)

/* ---- errors */

SEXP native_failed(const wsf_error *err) {
  static const char *const names[] = {"status", "message", "field", "file",
                                      "series", "row",     "byte",  ""};
  const char *name = wsf_status_name(err->status);
  const char *text[] = {name ? name : "E_INTERNAL", err->message, err->field, err->file};
  const double number[] = {(double)err->series, (double)err->row, (double)err->byte};
  SEXP out = PROTECT(Rf_mkNamed(VECSXP, (const char **)names));
  for (int i = 0; i < 4; ++i) {
    SEXP cell = PROTECT(Rf_mkCharCE(text[i], CE_UTF8));
    SET_VECTOR_ELT(out, i, Rf_ScalarString(cell));
    UNPROTECT(1);
  }
  for (int i = 0; i < 3; ++i) SET_VECTOR_ELT(out, 4 + i, Rf_ScalarReal(number[i]));
  Rf_classgets(out, PROTECT(Rf_mkString("wsf_failed")));
  UNPROTECT(2);
  return out;
}

static SEXP stopped(void) {
  SEXP out = PROTECT(Rf_allocVector(VECSXP, 0));
  Rf_classgets(out, PROTECT(Rf_mkString("wsf_stopped")));
  UNPROTECT(2);
  return out;
}

/* ---- the thread */

typedef struct call {
  const native_operation *operation;
  native_arguments *a;
  wsf_context *client;
  wsf_error err;
  wsf_status status;
  pthread_mutex_t lock;
  pthread_cond_t ended;
  bool done;
} call;

static void *work_on(void *user) {
  call *c = user;
  const wsf_status status = c->operation->work(c->a, c->client, &c->err);
  pthread_mutex_lock(&c->lock);
  c->status = status;
  c->done = true;
  pthread_cond_signal(&c->ended);
  pthread_mutex_unlock(&c->lock);
  return NULL;
}

/* Waits for the end of the call, or for the next look at interrupts; whether it ended. */
static bool wait_for(call *c) {
  struct timespec until;
  (void)clock_gettime(CLOCK_REALTIME, &until);
  until.tv_nsec += WAKE_NANOSECONDS;
  if (until.tv_nsec >= 1000000000) {
    until.tv_nsec -= 1000000000;
    ++until.tv_sec;
  }
  pthread_mutex_lock(&c->lock);
  while (!c->done && pthread_cond_timedwait(&c->ended, &c->lock, &until) != ETIMEDOUT) continue;
  const bool done = c->done;
  pthread_mutex_unlock(&c->lock);
  return done;
}

static void look(void *nothing) {
  (void)nothing;
  R_CheckUserInterrupt();
}

/* Signals are for R's thread. */
static bool begin(pthread_t *thread, call *c) {
  sigset_t all, before;
  (void)sigfillset(&all);
  (void)pthread_sigmask(SIG_SETMASK, &all, &before);
  const bool began = pthread_create(thread, NULL, work_on, c) == 0;
  (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
  return began;
}

/* Whether it was interrupted. */
static bool run(call *c) {
  pthread_t thread;
  bool interrupted = false;
  pthread_mutex_init(&c->lock, NULL);
  pthread_cond_init(&c->ended, NULL);
  if (begin(&thread, c)) {
    while (!wait_for(c)) {
      if (interrupted || R_ToplevelExec(look, NULL)) continue;
      interrupted = true;
      wsf_context_cancel(c->client);
    }
    pthread_join(thread, NULL);
  } else { /* no thread is to be had: on this one, without a look at interrupts */
    (void)work_on(c);
  }
  pthread_cond_destroy(&c->ended);
  pthread_mutex_destroy(&c->lock);
  return interrupted;
}

/* ---- arguments */

static const char *text_of(SEXP value) {
  if (TYPEOF(value) != STRSXP || XLENGTH(value) != 1 || STRING_ELT(value, 0) == NA_STRING)
    Rf_error("one text was expected");
  return CHAR(STRING_ELT(value, 0)); /* in UTF-8: R/calls.R sees to it */
}

static void take_models(native_arguments *a, SEXP texts) {
  if (TYPEOF(texts) != STRSXP) Rf_error("models are texts");
  a->models = calloc((size_t)XLENGTH(texts) + 1, sizeof *a->models);
  if (!a->models) Rf_error("no memory for the models");
  for (; a->n_models < XLENGTH(texts); ++a->n_models)
    a->models[a->n_models] = CHAR(STRING_ELT(texts, a->n_models));
}

/* One argument by its letter: d the data, D other data or NULL, M models, f a forecaster, s columns
 * as rows, e a text or NULL, o options, b bytes. */
static void take(native_arguments *a, char letter, SEXP value) {
  switch (letter) {
  case 'd':
    a->data = native_dataset_of(value);
    return;
  case 'D':
    a->other = Rf_isNull(value) ? NULL : native_dataset_of(value);
    return;
  case 'M':
    take_models(a, value);
    return;
  case 'f':
    a->forecaster = native_forecaster_of(value);
    return;
  case 's':
    native_rows_take(&a->rows, value);
    return;
  case 'e':
    a->text = Rf_isNull(value) ? NULL : text_of(value);
    return;
  case 'o':
    a->options = text_of(value);
    return;
  default:
    if (TYPEOF(value) != RAWSXP) Rf_error("bytes were expected");
    a->bytes = RAW(value);
    a->size = (size_t)XLENGTH(value);
  }
}

static void drop(SEXP holder) {
  native_arguments *a = R_ExternalPtrAddr(holder);
  R_ClearExternalPtr(holder);
  if (!a) return;
  native_rows_free(a->rows);
  free(a->models);
  wsf_dataset_release(a->made_data);
  wsf_forecaster_release(a->made);
  for (int64_t i = 0; i < a->n_tables; ++i) wsf_table_release(a->tables[i]);
  free(a->tables);
  free(a->image);
  free(a);
}

static const native_operation *find(const char *verb) {
  const native_operation *o = native_operations;
  while (o->name && strcmp(o->name, verb) != 0) ++o;
  if (!o->name) Rf_error("no call '%s'", verb);
  return o;
}

SEXP native_call(SEXP verb, SEXP context, SEXP given) {
  const native_operation *operation = find(text_of(verb));
  SEXP holder = PROTECT(R_MakeExternalPtr(NULL, R_NilValue, R_NilValue)), out;
  R_RegisterCFinalizerEx(holder, drop, TRUE);
  native_arguments *a = calloc(1, sizeof *a);
  if (!a) Rf_error("no memory for a call");
  R_SetExternalPtrAddr(holder, a);
  for (int i = 0; operation->takes[i]; ++i) take(a, operation->takes[i], VECTOR_ELT(given, i));
  a->base = native_context_of(context);
  call c = {.operation = operation, .a = a};
  c.status = wsf_context_fork(&c.client, a->base, NULL, &c.err);
  bool interrupted = false;
  if (c.status == WSF_OK) {
    interrupted = run(&c);
    wsf_context_release(c.client);
  }
  if (interrupted)
    out = stopped();
  else
    out = c.status == WSF_OK ? operation->give(a) : native_failed(&c.err);
  PROTECT(out);
  drop(holder);
  UNPROTECT(2);
  return out;
}
