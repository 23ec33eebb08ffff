/* The functions of the addon: a function of C each, with handles as objects and options as text.
 * What users see is made of them in lib/, which alone knows about names and columns. */
#include "native.h"

#include <stdlib.h>

/* ---- long calls: what they do on a thread of the pool */

/* Results are handed on to the context of the caller, since the call's own ends with it. */
static wsf_status keep_data(native_arguments *a, wsf_dataset *made, wsf_error *err) {
  wsf_status status = wsf_dataset_with(&a->made_data, made, a->base, err);
  wsf_dataset_release(made);
  return status;
}
static wsf_status keep_forecaster(native_arguments *a, wsf_forecaster *made, wsf_error *err) {
  wsf_status status = wsf_forecaster_with(&a->made, made, a->base, err);
  wsf_forecaster_release(made);
  return status;
}
/* The dataset or forecaster at hand, for the client that stops alone. */
static wsf_status lend_data(const native_arguments *a, wsf_dataset **mine, wsf_error *err) {
  return wsf_dataset_with(mine, a->data, a->client, err);
}
static wsf_status lend_forecaster(const native_arguments *a, wsf_forecaster **mine,
                                  wsf_error *err) {
  return wsf_forecaster_with(mine, a->forecaster, a->client, err);
}

static wsf_status work_open(native_arguments *a, wsf_error *err) {
  wsf_dataset *made = NULL;
  wsf_status status = wsf_dataset_open(&made, a->client, a->text, err);
  return status == WSF_OK ? keep_data(a, made, err) : status;
}
static wsf_status work_rows(native_arguments *a, wsf_error *err) {
  wsf_dataset *made = NULL;
  wsf_status status = wsf_dataset_from_arrow(&made, a->client, &a->stream, a->options, err);
  return status == WSF_OK ? keep_data(a, made, err) : status;
}
static wsf_status work_describe_dataset(native_arguments *a, wsf_error *err) {
  wsf_dataset *mine = NULL;
  wsf_status status = lend_data(a, &mine, err);
  if (status == WSF_OK) status = wsf_dataset_describe(&a->table, mine, a->text, err);
  wsf_dataset_release(mine);
  return status;
}
static wsf_status work_analyze(native_arguments *a, wsf_error *err) {
  wsf_dataset *mine = NULL;
  wsf_status status = lend_data(a, &mine, err);
  if (status == WSF_OK) status = wsf_analyze(&a->table, mine, a->options, err);
  wsf_dataset_release(mine);
  return status;
}
static wsf_status work_features(native_arguments *a, wsf_error *err) {
  wsf_dataset *mine = NULL;
  a->batches = calloc(1, sizeof *a->batches);
  if (!a->batches) return native_fail(err, WSF_E_MEMORY, wsf_status_text(WSF_E_MEMORY));
  atomic_init(&a->batches->references, 1);
  a->batches->client = wsf_context_retain(a->client);
  wsf_status status = lend_data(a, &mine, err);
  if (status == WSF_OK) status = wsf_features(&a->batches->stream, mine, a->text, a->options, err);
  wsf_dataset_release(mine);
  return status;
}
static wsf_status work_next(native_arguments *a, wsf_error *err) {
  return native_next_batch(a->batches, &a->table, err);
}
static wsf_status work_fit(native_arguments *a, wsf_error *err) {
  wsf_dataset *mine = NULL;
  wsf_forecaster *made = NULL;
  wsf_status status = lend_data(a, &mine, err);
  if (status == WSF_OK) status = wsf_fit(&made, a->models[0], mine, a->options, err);
  if (status == WSF_OK) status = keep_forecaster(a, made, err);
  wsf_dataset_release(mine);
  return status;
}
static wsf_status work_predict(native_arguments *a, wsf_error *err) {
  wsf_forecaster *mine = NULL;
  wsf_status status = lend_forecaster(a, &mine, err);
  if (status == WSF_OK) status = wsf_predict(&a->table, mine, a->other, a->options, err);
  wsf_forecaster_release(mine);
  return status;
}
static wsf_status work_update(native_arguments *a, wsf_error *err) {
  wsf_forecaster *mine = NULL, *made = NULL;
  wsf_status status = lend_forecaster(a, &mine, err);
  if (status == WSF_OK) status = wsf_update(&made, mine, a->data, a->options, err);
  if (status == WSF_OK) status = keep_forecaster(a, made, err);
  wsf_forecaster_release(mine);
  return status;
}
static wsf_status work_describe(native_arguments *a, wsf_error *err) {
  wsf_forecaster *mine = NULL;
  wsf_status status = lend_forecaster(a, &mine, err);
  if (status == WSF_OK) status = wsf_forecaster_describe(&a->table, mine, a->text, err);
  wsf_forecaster_release(mine);
  return status;
}
static wsf_status work_save(native_arguments *a, wsf_error *err) {
  wsf_forecaster *mine = NULL;
  wsf_status status = lend_forecaster(a, &mine, err);
  if (status == WSF_OK) status = wsf_forecaster_save(mine, a->text, err);
  wsf_forecaster_release(mine);
  return status;
}
static wsf_status work_write(native_arguments *a, wsf_error *err) {
  wsf_forecaster *mine = NULL;
  size_t needed = 0;
  wsf_status status = lend_forecaster(a, &mine, err);
  if (status == WSF_OK) status = wsf_forecaster_write(mine, NULL, 0, &needed, err);
  if (status == WSF_OK) {
    a->bytes = malloc(needed);
    a->size = a->bytes ? needed : 0;
    status = wsf_forecaster_write(mine, a->bytes, a->size, &needed, err);
  }
  wsf_forecaster_release(mine);
  return status;
}
static wsf_status work_load(native_arguments *a, wsf_error *err) {
  wsf_forecaster *made = NULL;
  wsf_status status = wsf_forecaster_load(&made, a->client, a->text, err);
  return status == WSF_OK ? keep_forecaster(a, made, err) : status;
}
static wsf_status work_read(native_arguments *a, wsf_error *err) {
  wsf_forecaster *made = NULL;
  wsf_status status = wsf_forecaster_read(&made, a->client, a->bytes, a->size, err);
  return status == WSF_OK ? keep_forecaster(a, made, err) : status;
}
static wsf_status work_backtest(native_arguments *a, wsf_error *err) {
  wsf_dataset *mine = NULL;
  wsf_status status = lend_data(a, &mine, err);
  if (status == WSF_OK)
    status = wsf_backtest(a->tables, (const wsf_model *const *)a->models, a->n_models, mine,
                          a->options, err);
  wsf_dataset_release(mine);
  return status;
}
static wsf_status work_evaluate(native_arguments *a, wsf_error *err) {
  wsf_dataset *mine = NULL;
  wsf_status status = lend_data(a, &mine, err);
  if (status == WSF_OK)
    status = wsf_evaluate(&a->table, a->forecasts, mine, a->other, a->options, err);
  wsf_dataset_release(mine);
  return status;
}
static wsf_status work_catalog(native_arguments *a, wsf_error *err) {
  return wsf_catalog(&a->table, a->client, a->text, err);
}
static wsf_status work_propose(native_arguments *a, wsf_error *err) {
  return wsf_dataset_propose(&a->table, a->client, a->text, a->options, err);
}

/* ---- what they give, on the thread of JavaScript */

/* The handle of a field of the arguments, which no longer own it. */
#define GIVE(noun, field)                                                                          \
  static napi_value give_##noun(napi_env env, native_arguments *a) {                               \
    void *handle = a->field;                                                                       \
    a->field = NULL;                                                                               \
    return native_wrap(env, &native_##noun, handle);                                               \
  }
GIVE(dataset, made_data)
GIVE(forecaster, made)
GIVE(table, table)
GIVE(batches_kind, batches)

static napi_value give_tables(napi_env env, native_arguments *a) {
  napi_value list;
  if (napi_create_array(env, &list) != napi_ok) return NULL;
  for (int i = 0; i < WSF_BACKTEST_TABLES; ++i) {
    wsf_table *handle = a->tables[i];
    a->tables[i] = NULL;
    napi_value table = native_wrap(env, &native_table, handle);
    if (!table || napi_set_element(env, list, (uint32_t)i, table) != napi_ok) return NULL;
  }
  return list;
}

static napi_value give_bytes(napi_env env, native_arguments *a) {
  napi_value buffer;
  if (!a->bytes) return native_refuse(env, "no memory for the bytes of a forecaster");
  return napi_create_buffer_copy(env, a->size, a->bytes, NULL, &buffer) == napi_ok ? buffer : NULL;
}

static napi_value give_nothing(napi_env env, native_arguments *a) {
  (void)a;
  napi_value nothing;
  return napi_get_undefined(env, &nothing) == napi_ok ? nothing : NULL;
}

static const native_operation operations[] = {
    {"open", "e", work_open, give_dataset},
    {"rows", "so", work_rows, give_dataset},
    {"describeDataset", "de", work_describe_dataset, give_table},
    {"analyze", "do", work_analyze, give_table},
    {"features", "deo", work_features, give_batches_kind},
    {"next", "x", work_next, give_table},
    {"fit", "Mdo", work_fit, give_forecaster},
    {"predict", "fDo", work_predict, give_table},
    {"update", "fdo", work_update, give_forecaster},
    {"describe", "fe", work_describe, give_table},
    {"save", "fe", work_save, give_nothing},
    {"write", "f", work_write, give_bytes},
    {"load", "e", work_load, give_forecaster},
    {"read", "b", work_read, give_forecaster},
    {"backtest", "Mdo", work_backtest, give_tables},
    {"evaluate", "tdDo", work_evaluate, give_table},
    {"catalog", "e", work_catalog, give_table},
    {"propose", "eo", work_propose, give_table},
};

/* ---- short calls */

static napi_value text_of(napi_env env, const char *text) {
  napi_value out;
  return napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &out) == napi_ok ? out : NULL;
}

static napi_value begin_version(napi_env env, napi_callback_info info) {
  (void)info;
  return text_of(env, wsf_version());
}

static napi_value begin_context(napi_env env, napi_callback_info info) {
  size_t n = 1;
  napi_value argument;
  native_state *state = native_state_of(env);
  if (!state || napi_get_cb_info(env, info, &n, &argument, NULL, NULL) != napi_ok) return NULL;
  char *options = native_text(env, argument);
  if (!options) return NULL;
  wsf_context *out = NULL;
  wsf_error err;
  wsf_status status = wsf_context_create(&out, options, native_resize, state->bytes, &err);
  free(options);
  return status == WSF_OK ? native_wrap(env, &native_context, out) : native_throw(env, &err);
}

static napi_value begin_fork(napi_env env, napi_callback_info info) {
  size_t n = 1;
  napi_value argument;
  if (napi_get_cb_info(env, info, &n, &argument, NULL, NULL) != napi_ok) return NULL;
  wsf_context *base = native_unwrap(env, argument, &native_context), *out = NULL;
  wsf_error err;
  if (!base) return NULL;
  return wsf_context_fork(&out, base, NULL, &err) == WSF_OK ? native_wrap(env, &native_context, out)
                                                            : native_throw(env, &err);
}

/* cancel(client), or of all calls. */
static napi_value begin_cancel(napi_env env, napi_callback_info info) {
  size_t n = 1;
  napi_value argument;
  napi_valuetype type;
  native_state *state = native_state_of(env);
  if (!state || napi_get_cb_info(env, info, &n, &argument, NULL, NULL) != napi_ok ||
      napi_typeof(env, argument, &type) != napi_ok)
    return NULL;
  wsf_context *client =
      type == napi_undefined ? NULL : native_unwrap(env, argument, &native_context);
  if (client || type == napi_undefined) native_cancel(state, client);
  return NULL;
}

static napi_value begin_remove(napi_env env, napi_callback_info info) {
  size_t n = 2;
  napi_value argument[2];
  if (napi_get_cb_info(env, info, &n, argument, NULL, NULL) != napi_ok) return NULL;
  wsf_context *ctx = native_unwrap(env, argument[0], &native_context);
  char *name = ctx ? native_text(env, argument[1]) : NULL;
  if (!name) return NULL;
  wsf_error err;
  wsf_status status = wsf_context_remove_source(ctx, name, &err);
  free(name);
  return status == WSF_OK ? NULL : native_throw(env, &err);
}

static napi_value begin_parse(napi_env env, napi_callback_info info) {
  size_t n = 2;
  napi_value argument[2];
  if (napi_get_cb_info(env, info, &n, argument, NULL, NULL) != napi_ok) return NULL;
  wsf_context *ctx = native_unwrap(env, argument[0], &native_context);
  char *text = ctx ? native_text(env, argument[1]) : NULL;
  if (!text) return NULL;
  wsf_model *out = NULL;
  wsf_error err;
  wsf_status status = wsf_model_parse(&out, ctx, text, &err);
  free(text);
  return status == WSF_OK ? native_wrap(env, &native_model, out) : native_throw(env, &err);
}

/* The canonical text of a model. */
static napi_value begin_model_text(napi_env env, napi_callback_info info) {
  size_t n = 1;
  napi_value argument;
  if (napi_get_cb_info(env, info, &n, &argument, NULL, NULL) != napi_ok) return NULL;
  const wsf_model *m = native_unwrap(env, argument, &native_model);
  return m ? text_of(env, wsf_model_text(m)) : NULL;
}

static napi_value begin_forecaster_text(napi_env env, napi_callback_info info) {
  size_t n = 1;
  napi_value argument;
  if (napi_get_cb_info(env, info, &n, &argument, NULL, NULL) != napi_ok) return NULL;
  const wsf_forecaster *f = native_unwrap(env, argument, &native_forecaster);
  return f ? text_of(env, wsf_forecaster_text(f)) : NULL;
}

/* The rows of a table. */
static napi_value begin_length(napi_env env, napi_callback_info info) {
  size_t n = 1;
  napi_value argument, out;
  if (napi_get_cb_info(env, info, &n, &argument, NULL, NULL) != napi_ok) return NULL;
  const wsf_table *t = native_unwrap(env, argument, &native_table);
  return t && napi_create_int64(env, wsf_table_rows(t), &out) == napi_ok ? out : NULL;
}

/* failing(function): what makes the exceptions of C errors. */
static napi_value begin_failing(napi_env env, napi_callback_info info) {
  size_t n = 1;
  napi_value argument;
  native_state *state = native_state_of(env);
  if (!state || napi_get_cb_info(env, info, &n, &argument, NULL, NULL) != napi_ok) return NULL;
  if (state->failed) (void)napi_delete_reference(env, state->failed);
  return napi_create_reference(env, argument, 1, &state->failed) == napi_ok
             ? NULL
             : native_refuse(env, "not a function");
}

/* ---- the environment */

native_state *native_state_of(napi_env env) {
  void *state = NULL;
  (void)napi_get_instance_data(env, &state);
  return state;
}

static void end(napi_env env, void *data, void *hint) {
  (void)env;
  (void)hint;
  native_state *state = data;
  native_let_go(state->bytes);
  free(state);
}

static bool add(napi_env env, napi_value exports, const char *name, napi_callback function,
                const void *data) {
  napi_value value;
  return napi_create_function(env, name, NAPI_AUTO_LENGTH, function, (void *)data, &value) ==
             napi_ok &&
         napi_set_named_property(env, exports, name, value) == napi_ok;
}

NAPI_MODULE_INIT() {
  static const struct {
    const char *name;
    napi_callback function;
  } functions[] = {
      {"version", begin_version},
      {"failing", begin_failing},
      {"context", begin_context},
      {"fork", begin_fork},
      {"cancel", begin_cancel},
      {"addBytes", native_add_bytes},
      {"addRows", native_add_rows},
      {"remove", begin_remove},
      {"parse", begin_parse},
      {"modelText", begin_model_text},
      {"forecasterText", begin_forecaster_text},
      {"length", begin_length},
      {"exported", native_exported},
  };
  native_state *state = calloc(1, sizeof *state);
  atomic_llong *bytes = calloc(1, sizeof *bytes);
  if (!state || !bytes) {
    free(state);
    free(bytes);
    return native_refuse(env, "no memory for wsf");
  }
  atomic_init(bytes, 1);
  state->bytes = bytes;
  state->env = env;
  if (napi_set_instance_data(env, state, end, NULL) != napi_ok) return end(env, state, NULL), NULL;
  for (size_t i = 0; i < sizeof functions / sizeof *functions; ++i)
    if (!add(env, exports, functions[i].name, functions[i].function, NULL)) return NULL;
  for (size_t i = 0; i < sizeof operations / sizeof *operations; ++i)
    if (!add(env, exports, operations[i].name, native_begin, &operations[i])) return NULL;
  return exports;
}
