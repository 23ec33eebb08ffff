/* The parts of the addon: handles, calls, rows in, tables out, and the functions of the module.
 *
 * Every environment (the main thread, each worker) has a record of its own: nothing is global, and
 * no handle crosses from one to another. Node-API version 8 is all that is used. */
#ifndef WSF_NODE_NATIVE_H
#define WSF_NODE_NATIVE_H

#define NAPI_VERSION 8
#include <node_api.h>
#include <wsf/wsf.h>

#include <stdatomic.h>
#include <stdbool.h>

typedef struct native_call native_call;

/* What an environment owns. */
typedef struct native_state {
  napi_env env;
  napi_ref failed;     /* of lib/errors.js: the exception of a C error */
  atomic_llong *bytes; /* held by the library for this environment, and one for the environment */
  int64_t told;        /* of them, what the garbage collector was told */
  native_call *calls;  /* that run */
} native_state;

native_state *native_state_of(napi_env env);

/* ---- handles.c */

/* A kind of handle: an object that holds a pointer, known by its tag, released with the object. */
typedef struct native_kind {
  const char *name;
  napi_type_tag tag;
  void (*release)(void *handle);
} native_kind;
extern const native_kind native_context, native_dataset, native_model, native_forecaster,
    native_table, native_batches_kind;

/* The object of a handle, which it takes over; undefined for NULL, NULL with an exception. */
napi_value native_wrap(napi_env env, const native_kind *kind, void *handle);

/* The handle of an object, borrowed; NULL with an exception. */
void *native_unwrap(napi_env env, napi_value object, const native_kind *kind);

/* The allocator of every context: counts the bytes that an environment's objects hold. */
void *native_resize(void *user, void *ptr, size_t old_size, size_t new_size);

/* Gives back an environment's own byte: the last byte frees the counter. */
void native_let_go(atomic_llong *bytes);

/* Tells the garbage collector how much memory hangs on its objects by now. */
void native_tell(napi_env env);

/* ---- calls.c */

/* Throws a TypeError; returns NULL. */
napi_value native_refuse(napi_env env, const char *sentence);

/* An error of the addon's own in the record of the library; returns the status. */
wsf_status native_fail(wsf_error *err, wsf_status status, const char *sentence);

/* The exception of a C error, and the same thrown, which returns NULL. */
napi_value native_error(napi_env env, const wsf_error *err);
napi_value native_throw(napi_env env, const wsf_error *err);

/* A text, to be freed; NULL with an exception. */
char *native_text(napi_env env, napi_value value);

/* What a call takes, and what it makes; all of it is its own. */
typedef struct native_arguments {
  wsf_context *base, *client;
  char *text, *options;
  wsf_dataset *data, *other;
  wsf_model **models;
  uint32_t n_models;
  wsf_forecaster *forecaster;
  wsf_table *forecasts;
  struct ArrowArrayStream stream;
  struct native_batches *batches;
  void *bytes;
  size_t size;
  wsf_dataset *made_data;
  wsf_forecaster *made;
  wsf_table *table, *tables[WSF_BACKTEST_TABLES];
} native_arguments;

/* A long call: how its arguments are read, what it does on a thread of the pool, what it gives.
 * takes: a letter for each argument after base, client and progress: d the data, D other data or
 * null, M models, f a forecaster, t a table of forecasts, s a stream of rows, x batches of
 * features, e an expression or other text, o options, b bytes. */
typedef struct native_operation {
  const char *name, *takes;
  wsf_status (*work)(native_arguments *a, wsf_error *err);
  napi_value (*give)(napi_env env, native_arguments *a);
} native_operation;

/* The function of an operation, which stands in its data: a promise. */
napi_value native_begin(napi_env env, napi_callback_info info);

/* Stops every call of a client, or of all: those that run as soon as the library looks, those that
 * wait for a thread at once. */
void native_cancel(native_state *state, const wsf_context *client);

/* ---- rows.c */

/* Rows of JavaScript, copied into an Arrow stream: false with an exception. */
bool native_take_rows(napi_env env, napi_value rows, struct ArrowArrayStream *out);

/* add_bytes(context, name, bytes), add_rows(context, name, rows): sources. */
napi_value native_add_bytes(napi_env env, napi_callback_info info);
napi_value native_add_rows(napi_env env, napi_callback_info info);

/* Bytes of a typed array, copied, to be freed; NULL with an exception. */
void *native_copy(napi_env env, napi_value array, size_t *size);

/* ---- tables.c */

/* exported(table): its columns as Arrow has them, {name, format, nulls, buffers, words}, where the
 * table has them. */
napi_value native_exported(napi_env env, napi_callback_info info);

/* Batches of features, read one at a time. */
typedef struct native_batches {
  atomic_int references;
  struct ArrowArrayStream stream;
  wsf_context *client; /* whose cancel stops them */
} native_batches;
void native_batches_release(native_batches *batches);
wsf_status native_next_batch(native_batches *batches, wsf_table **out, wsf_error *err);

#endif
