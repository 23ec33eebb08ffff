/* Long calls and errors.
 *
 * A long call is a promise. Its arguments are read and kept on the thread of JavaScript, its work
 * runs on a thread of libuv's pool, and its end is told on the thread of JavaScript again. It runs
 * on a client, a fork of the context that lib/calls.js makes for it, so that it is stopped alone.
 * What it makes is handed on to the context.
 *
 * An environment that ends (a worker's, or the process) stops what it has under way; the engine
 * then waits for the end of the work before it lets go of the environment. */
#include "native.h"

#include <stdlib.h>
#include <string.h>

struct native_call {
  const native_operation *operation;
  native_arguments a;
  wsf_status status;
  wsf_error err;
  napi_async_work work;
  napi_deferred deferred;
  napi_threadsafe_function progress;
  native_call *next, **link; /* among those that run */
};

napi_value native_refuse(napi_env env, const char *sentence) {
  napi_throw_type_error(env, NULL, sentence);
  return NULL;
}

wsf_status native_fail(wsf_error *err, wsf_status status, const char *sentence) {
  *err = (wsf_error){.status = status, .series = -1, .row = -1, .byte = -1};
  strncat(err->message, sentence, sizeof err->message - 1);
  return status;
}

napi_value native_throw(napi_env env, const wsf_error *err) {
  napi_value error = native_error(env, err);
  if (error) (void)napi_throw(env, error);
  return NULL;
}

napi_value native_error(napi_env env, const wsf_error *err) {
  native_state *state = native_state_of(env);
  napi_value failed, nobody, out = NULL, argument[7];
  if (!state || napi_get_reference_value(env, state->failed, &failed) != napi_ok ||
      napi_get_undefined(env, &nobody) != napi_ok)
    return NULL;
  const char *name = wsf_status_name(err->status);
  const char *text[] = {name ? name : "E_INTERNAL", err->message, err->field, err->file};
  const int64_t number[] = {err->series, err->row, err->byte};
  for (int i = 0; i < 4; ++i)
    if (napi_create_string_utf8(env, text[i], NAPI_AUTO_LENGTH, &argument[i]) != napi_ok)
      return NULL;
  for (int i = 0; i < 3; ++i)
    if (napi_create_int64(env, number[i], &argument[4 + i]) != napi_ok) return NULL;
  return napi_call_function(env, nobody, failed, 7, argument, &out) == napi_ok ? out : NULL;
}

char *native_text(napi_env env, napi_value value) {
  size_t length, written;
  if (napi_get_value_string_utf8(env, value, NULL, 0, &length) != napi_ok) {
    native_refuse(env, "not a text");
    return NULL;
  }
  char *text = malloc(length + 1);
  if (!text || napi_get_value_string_utf8(env, value, text, length + 1, &written) != napi_ok ||
      strlen(text) != length) {
    native_refuse(env, text ? "a text with a character 0" : "no memory for a text");
    free(text);
    return NULL;
  }
  return text;
}

static void drop_arguments(native_arguments *a) {
  wsf_context_release(a->base);
  wsf_context_release(a->client);
  free(a->text);
  free(a->options);
  wsf_dataset_release(a->data);
  wsf_dataset_release(a->other);
  for (uint32_t i = 0; a->models && i < a->n_models; ++i) wsf_model_release(a->models[i]);
  free(a->models);
  wsf_forecaster_release(a->forecaster);
  wsf_table_release(a->forecasts);
  if (a->stream.release) a->stream.release(&a->stream);
  native_batches_release(a->batches);
  free(a->bytes);
  wsf_dataset_release(a->made_data);
  wsf_forecaster_release(a->made);
  wsf_table_release(a->table);
  for (int i = 0; i < WSF_BACKTEST_TABLES; ++i) wsf_table_release(a->tables[i]);
}

/* Ends the call on the thread of JavaScript. */
static void drop_call(napi_env env, native_call *c) {
  if (c->link) {
    *c->link = c->next;
    if (c->next) c->next->link = c->link;
  }
  if (c->a.client) wsf_context_set_progress(c->a.client, NULL, NULL);
  if (c->progress) napi_release_threadsafe_function(c->progress, napi_tsfn_release);
  if (c->work) napi_delete_async_work(env, c->work);
  drop_arguments(&c->a);
  free(c);
}

/* ---- progress: from whichever thread it is told on to that of JavaScript */

typedef struct step {
  int64_t done, total;
  char stage[];
} step;

static int32_t tell(const char *stage, int64_t done, int64_t total, void *user) {
  const native_call *c = user;
  const size_t size = strlen(stage) + 1;
  step *s = malloc(sizeof *s + size);
  if (!s) return 0;
  s->done = done;
  s->total = total;
  memcpy(s->stage, stage, size);
  if (napi_call_threadsafe_function(c->progress, s, napi_tsfn_nonblocking) != napi_ok) free(s);
  return 0; /* who wants to stop cancels the client */
}

/* A worker that is terminated runs no JavaScript any more, but waits for the calls that it began,
 * and hears of their steps meanwhile. */
static bool is_ending(napi_env env) {
  napi_value global;
  bool has;
  return napi_get_global(env, &global) != napi_ok ||
         napi_has_named_property(env, global, "undefined", &has) != napi_ok;
}

static void hear(napi_env env, napi_value function, void *context, void *data) {
  (void)context;
  step *s = data;
  napi_value nobody, argument[3];
  native_state *state = env ? native_state_of(env) : NULL;
  if (state && is_ending(env))
    native_cancel(state, NULL);
  else if (state && function && napi_get_undefined(env, &nobody) == napi_ok &&
           napi_create_string_utf8(env, s->stage, NAPI_AUTO_LENGTH, &argument[0]) == napi_ok &&
           napi_create_int64(env, s->done, &argument[1]) == napi_ok &&
           napi_create_int64(env, s->total, &argument[2]) == napi_ok)
    (void)napi_call_function(env, nobody, function, 3, argument, NULL);
  free(s);
}

static bool listen_to(napi_env env, native_call *c, napi_value function) {
  napi_valuetype type;
  napi_value name;
  if (napi_typeof(env, function, &type) != napi_ok ||
      napi_create_string_utf8(env, "wsf progress", NAPI_AUTO_LENGTH, &name) != napi_ok ||
      napi_create_threadsafe_function(env, type == napi_undefined ? NULL : function, NULL, name, 0,
                                      1, NULL, NULL, NULL, hear, &c->progress) != napi_ok)
    return false;
  wsf_context_set_progress(c->a.client, tell, c);
  return true;
}

/* ---- arguments */

static bool take_models(napi_env env, native_arguments *a, napi_value list) {
  uint32_t n;
  if (napi_get_array_length(env, list, &n) != napi_ok) return false;
  a->models = calloc((size_t)n + 1, sizeof *a->models);
  for (; a->models && a->n_models < n; ++a->n_models) {
    napi_value item;
    wsf_model *m = napi_get_element(env, list, a->n_models, &item) == napi_ok
                       ? native_unwrap(env, item, &native_model)
                       : NULL;
    if (!m) return false;
    a->models[a->n_models] = wsf_model_retain(m);
  }
  return a->models != NULL;
}

static wsf_dataset *take_dataset(napi_env env, napi_value value) {
  wsf_dataset *ds = native_unwrap(env, value, &native_dataset);
  return ds ? wsf_dataset_retain(ds) : NULL;
}

static bool is_nothing(napi_env env, napi_value value) {
  napi_valuetype type;
  return napi_typeof(env, value, &type) == napi_ok && (type == napi_undefined || type == napi_null);
}

/* One argument by its letter; false with an exception, as a rule. */
static bool take(napi_env env, native_arguments *a, char letter, napi_value value) {
  void *handle;
  switch (letter) {
  case 'd':
    return (a->data = take_dataset(env, value)) != NULL;
  case 'D':
    return is_nothing(env, value) || (a->other = take_dataset(env, value)) != NULL;
  case 'M':
    return take_models(env, a, value);
  case 'f':
    if (!(handle = native_unwrap(env, value, &native_forecaster))) return false;
    a->forecaster = wsf_forecaster_retain(handle);
    return true;
  case 't':
    if (!(handle = native_unwrap(env, value, &native_table))) return false;
    a->forecasts = wsf_table_retain(handle);
    return true;
  case 's':
    return native_take_rows(env, value, &a->stream);
  case 'x':
    if (!(handle = native_unwrap(env, value, &native_batches_kind))) return false;
    a->batches = handle;
    atomic_fetch_add(&a->batches->references, 1);
    return true;
  case 'e':
    return is_nothing(env, value) || (a->text = native_text(env, value)) != NULL;
  case 'o':
    return (a->options = native_text(env, value)) != NULL;
  default:
    return (a->bytes = native_copy(env, value, &a->size)) != NULL;
  }
}

enum { ARGUMENTS_MOST = 8 };

static bool take_all(napi_env env, native_call *c, const napi_value *value) {
  wsf_context *base = native_unwrap(env, value[0], &native_context);
  wsf_context *client = base ? native_unwrap(env, value[1], &native_context) : NULL;
  if (!client) return false;
  c->a.base = wsf_context_retain(base);
  c->a.client = wsf_context_retain(client);
  for (size_t i = 0; c->operation->takes[i]; ++i)
    if (!take(env, &c->a, c->operation->takes[i], value[3 + i])) return false;
  return listen_to(env, c, value[2]);
}

/* ---- the call */

static void execute(napi_env env, void *data) {
  (void)env;
  native_call *c = data;
  c->status = c->operation->work(&c->a, &c->err);
}

static void complete(napi_env env, napi_status ended, void *data) {
  native_call *c = data;
  if (ended == napi_cancelled) /* before a thread was free */
    c->status = native_fail(&c->err, WSF_E_CANCELLED, wsf_status_text(WSF_E_CANCELLED));
  napi_value out = c->status == WSF_OK ? c->operation->give(env, &c->a) : NULL;
  if (out) {
    (void)napi_resolve_deferred(env, c->deferred, out);
  } else {
    napi_value error = c->status == WSF_OK ? NULL : native_error(env, &c->err);
    if (!error) (void)napi_get_and_clear_last_exception(env, &error);
    if (error) (void)napi_reject_deferred(env, c->deferred, error);
  }
  drop_call(env, c);
  native_tell(env);
}

napi_value native_begin(napi_env env, napi_callback_info info) {
  void *operation;
  size_t n = ARGUMENTS_MOST;
  napi_value value[ARGUMENTS_MOST], promise, name;
  native_state *state = native_state_of(env);
  native_call *c = calloc(1, sizeof *c);
  if (!state || !c || napi_get_cb_info(env, info, &n, value, NULL, &operation) != napi_ok)
    return free(c), native_refuse(env, "no memory for a call");
  c->operation = operation;
  if (!take_all(env, c, value)) {
    bool pending = false;
    (void)napi_is_exception_pending(env, &pending);
    drop_call(env, c);
    return pending ? NULL : native_refuse(env, "arguments of another kind");
  }
  if (napi_create_string_utf8(env, c->operation->name, NAPI_AUTO_LENGTH, &name) != napi_ok ||
      napi_create_async_work(env, NULL, name, execute, complete, c, &c->work) != napi_ok ||
      napi_create_promise(env, &c->deferred, &promise) != napi_ok ||
      napi_queue_async_work(env, c->work) != napi_ok) {
    drop_call(env, c);
    return native_refuse(env, "no memory for a call");
  }
  c->next = state->calls;
  if (c->next) c->next->link = &c->next;
  c->link = &state->calls;
  state->calls = c;
  return promise;
}

void native_cancel(native_state *state, const wsf_context *client) {
  for (native_call *c = state->calls; c; c = c->next) {
    if (client && c->a.client != client) continue;
    wsf_context_cancel(c->a.client);
    (void)napi_cancel_async_work(state->env, c->work); /* refused once it runs */
  }
}
