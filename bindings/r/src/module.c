/* The functions of the package: a function of C for each long call, and the few short ones. What
 * users see is made of them in R/, which alone knows about names and columns. */
#include "native.h"

#include <R_ext/Rdynload.h>
#include <R_ext/Visibility.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what calls do, on a thread of their own
 *
 * They run on the client; what they make is handed on to the context, as the client ends with the
 * call. */

static wsf_status keep_data(native_arguments *a, wsf_dataset *made, wsf_error *err) {
  const wsf_status status = wsf_dataset_with(&a->made_data, made, a->base, err);
  wsf_dataset_release(made);
  return status;
}

static wsf_status keep_forecaster(native_arguments *a, wsf_forecaster *made, wsf_error *err) {
  const wsf_status status = wsf_forecaster_with(&a->made, made, a->base, err);
  wsf_forecaster_release(made);
  return status;
}

static wsf_status no_memory(wsf_error *err) {
  *err = (wsf_error){.status = WSF_E_MEMORY, .series = -1, .row = -1, .byte = -1};
  (void)snprintf(err->message, sizeof err->message, "%s", wsf_status_text(WSF_E_MEMORY));
  return WSF_E_MEMORY;
}

/* Room for n tables, which are then the call's. */
static wsf_table **tables(native_arguments *a, int64_t n, wsf_error *err) {
  wsf_table **grown = realloc(a->tables, (size_t)(a->n_tables + n) * sizeof *grown);
  if (!grown) return (void)no_memory(err), NULL;
  a->tables = grown;
  for (int64_t i = 0; i < n; ++i) grown[a->n_tables + i] = NULL;
  a->n_tables += n;
  return grown + a->n_tables - n;
}

static wsf_status work_open(native_arguments *a, wsf_context *client, wsf_error *err) {
  wsf_dataset *made = NULL;
  const wsf_status status = wsf_dataset_open(&made, client, a->text, err);
  return status == WSF_OK ? keep_data(a, made, err) : status;
}

static wsf_status work_rows(native_arguments *a, wsf_context *client, wsf_error *err) {
  wsf_dataset *made = NULL;
  struct ArrowArrayStream stream;
  native_rows_stream(a->rows, &stream);
  const wsf_status status = wsf_dataset_from_arrow(&made, client, &stream, a->options, err);
  return status == WSF_OK ? keep_data(a, made, err) : status;
}

static wsf_status work_describe_data(native_arguments *a, wsf_context *client, wsf_error *err) {
  (void)client;
  wsf_table **out = tables(a, 1, err);
  return out ? wsf_dataset_describe(out, a->data, a->text, err) : WSF_E_MEMORY;
}

static wsf_status work_analyze(native_arguments *a, wsf_context *client, wsf_error *err) {
  wsf_dataset *mine = NULL;
  wsf_table **out = tables(a, 1, err);
  if (!out) return WSF_E_MEMORY;
  wsf_status status = wsf_dataset_with(&mine, a->data, client, err);
  if (status == WSF_OK) status = wsf_analyze(out, mine, a->options, err);
  wsf_dataset_release(mine);
  return status;
}

/* The library's own sentence stands behind the stream. */
static wsf_status fail_stream(struct ArrowArrayStream *stream, int code, wsf_error *err) {
  const char *text = stream->get_last_error(stream);
  *err = (wsf_error){.status = code == ECANCELED ? WSF_E_CANCELLED : WSF_E_MEMORY,
                     .series = -1,
                     .row = -1,
                     .byte = -1};
  (void)snprintf(err->message, sizeof err->message, "%s",
                 text ? text : wsf_status_text(err->status));
  return err->status;
}

/* All batches of features, a table each. */
static wsf_status read_stream(native_arguments *a, wsf_context *client,
                              struct ArrowArrayStream *stream, wsf_error *err) {
  struct ArrowSchema schema;
  int code = stream->get_schema(stream, &schema);
  if (code != 0) return fail_stream(stream, code, err);
  wsf_status status = WSF_OK;
  while (status == WSF_OK) {
    struct ArrowArray array;
    code = stream->get_next(stream, &array);
    if (code != 0) status = fail_stream(stream, code, err);
    if (code != 0 || !array.release) break;
    wsf_table **out = tables(a, 1, err);
    if (out) {
      status = wsf_table_import(out, client, &schema, &array, err);
    } else {
      array.release(&array);
      status = WSF_E_MEMORY;
    }
  }
  schema.release(&schema);
  return status;
}

static wsf_status work_features(native_arguments *a, wsf_context *client, wsf_error *err) {
  wsf_dataset *mine = NULL;
  struct ArrowArrayStream stream = {.release = NULL};
  wsf_status status = wsf_dataset_with(&mine, a->data, client, err);
  if (status == WSF_OK) status = wsf_features(&stream, mine, a->text, a->options, err);
  if (status == WSF_OK) status = read_stream(a, client, &stream, err);
  if (stream.release) stream.release(&stream);
  wsf_dataset_release(mine);
  return status;
}

/* The models, parsed; those that were made are to be released whatever is returned. */
static wsf_status parse(wsf_model **out, const native_arguments *a, wsf_context *client,
                        wsf_error *err) {
  wsf_status status = WSF_OK;
  for (int64_t i = 0; status == WSF_OK && i < a->n_models; ++i)
    status = wsf_model_parse(&out[i], client, a->models[i], err);
  return status;
}

static wsf_status work_fit(native_arguments *a, wsf_context *client, wsf_error *err) {
  wsf_dataset *mine = NULL;
  wsf_model *model = NULL;
  wsf_forecaster *made = NULL;
  wsf_status status = wsf_dataset_with(&mine, a->data, client, err);
  if (status == WSF_OK) status = wsf_model_parse(&model, client, a->text, err);
  if (status == WSF_OK) status = wsf_fit(&made, model, mine, a->options, err);
  if (status == WSF_OK) status = keep_forecaster(a, made, err);
  wsf_model_release(model);
  wsf_dataset_release(mine);
  return status;
}

static wsf_status work_backtest(native_arguments *a, wsf_context *client, wsf_error *err) {
  wsf_dataset *mine = NULL;
  wsf_table **out = tables(a, WSF_BACKTEST_TABLES, err);
  wsf_model **models = calloc((size_t)a->n_models + 1, sizeof(wsf_model *));
  wsf_status status = out && models ? WSF_OK : no_memory(err);
  if (status == WSF_OK) status = wsf_dataset_with(&mine, a->data, client, err);
  if (status == WSF_OK) status = parse(models, a, client, err);
  if (status == WSF_OK)
    status =
        wsf_backtest(out, (const wsf_model *const *)models, a->n_models, mine, a->options, err);
  for (int64_t i = 0; models && i < a->n_models; ++i) wsf_model_release(models[i]);
  free(models);
  wsf_dataset_release(mine);
  return status;
}

static wsf_status work_predict(native_arguments *a, wsf_context *client, wsf_error *err) {
  wsf_forecaster *mine = NULL;
  wsf_table **out = tables(a, 1, err);
  if (!out) return WSF_E_MEMORY;
  wsf_status status = wsf_forecaster_with(&mine, a->forecaster, client, err);
  if (status == WSF_OK) status = wsf_predict(out, mine, a->other, a->options, err);
  wsf_forecaster_release(mine);
  return status;
}

static wsf_status work_update(native_arguments *a, wsf_context *client, wsf_error *err) {
  wsf_forecaster *mine = NULL, *made = NULL;
  wsf_status status = wsf_forecaster_with(&mine, a->forecaster, client, err);
  if (status == WSF_OK) status = wsf_update(&made, mine, a->data, a->options, err);
  if (status == WSF_OK) status = keep_forecaster(a, made, err);
  wsf_forecaster_release(mine);
  return status;
}

static wsf_status work_describe(native_arguments *a, wsf_context *client, wsf_error *err) {
  wsf_forecaster *mine = NULL;
  wsf_table **out = tables(a, 1, err);
  if (!out) return WSF_E_MEMORY;
  wsf_status status = wsf_forecaster_with(&mine, a->forecaster, client, err);
  if (status == WSF_OK) status = wsf_forecaster_describe(out, mine, a->text, err);
  wsf_forecaster_release(mine);
  return status;
}

static wsf_status work_save(native_arguments *a, wsf_context *client, wsf_error *err) {
  (void)client;
  return wsf_forecaster_save(a->forecaster, a->text, err);
}

static wsf_status work_write(native_arguments *a, wsf_context *client, wsf_error *err) {
  (void)client;
  wsf_status status = wsf_forecaster_write(a->forecaster, NULL, 0, &a->size, err);
  if (status != WSF_OK) return status;
  a->image = malloc(a->size);
  if (a->image) return wsf_forecaster_write(a->forecaster, a->image, a->size, &a->size, err);
  return no_memory(err);
}

static wsf_status work_load(native_arguments *a, wsf_context *client, wsf_error *err) {
  wsf_forecaster *made = NULL;
  const wsf_status status = wsf_forecaster_load(&made, client, a->text, err);
  return status == WSF_OK ? keep_forecaster(a, made, err) : status;
}

static wsf_status work_read(native_arguments *a, wsf_context *client, wsf_error *err) {
  wsf_forecaster *made = NULL;
  const wsf_status status = wsf_forecaster_read(&made, client, a->bytes, a->size, err);
  return status == WSF_OK ? keep_forecaster(a, made, err) : status;
}

static wsf_status work_catalog(native_arguments *a, wsf_context *client, wsf_error *err) {
  wsf_table **out = tables(a, 1, err);
  return out ? wsf_catalog(out, client, a->text, err) : WSF_E_MEMORY;
}

static wsf_status work_propose(native_arguments *a, wsf_context *client, wsf_error *err) {
  wsf_table **out = tables(a, 1, err);
  return out ? wsf_dataset_propose(out, client, a->text, a->options, err) : WSF_E_MEMORY;
}

/* ---- what they give, on R's thread */

static SEXP give_dataset(native_arguments *a) {
  SEXP out = native_dataset_pointer();
  R_SetExternalPtrAddr(out, a->made_data);
  a->made_data = NULL;
  return out;
}

static SEXP give_forecaster(native_arguments *a) {
  SEXP out = native_forecaster_pointer();
  R_SetExternalPtrAddr(out, a->made);
  a->made = NULL;
  return out;
}

static SEXP give_frame(native_arguments *a) {
  return native_frame(a->tables[0]);
}

static SEXP give_frames(native_arguments *a) {
  SEXP out = PROTECT(Rf_allocVector(VECSXP, a->n_tables));
  for (int64_t i = 0; i < a->n_tables; ++i) SET_VECTOR_ELT(out, i, native_frame(a->tables[i]));
  UNPROTECT(1);
  return out;
}

static SEXP give_bytes(native_arguments *a) {
  SEXP out = Rf_allocVector(RAWSXP, (R_xlen_t)a->size);
  memcpy(RAW(out), a->image, a->size);
  return out;
}

static SEXP give_nothing(native_arguments *a) {
  (void)a;
  return R_NilValue;
}

const native_operation native_operations[] = {
    {"open", "e", work_open, give_dataset},
    {"rows", "so", work_rows, give_dataset},
    {"describe_data", "de", work_describe_data, give_frame},
    {"analyze", "do", work_analyze, give_frame},
    {"features", "deo", work_features, give_frames},
    {"fit", "edo", work_fit, give_forecaster},
    {"backtest", "Mdo", work_backtest, give_frames},
    {"predict", "fDo", work_predict, give_frame},
    {"update", "fdo", work_update, give_forecaster},
    {"describe", "fe", work_describe, give_frame},
    {"save", "fe", work_save, give_nothing},
    {"write", "f", work_write, give_bytes},
    {"load", "e", work_load, give_forecaster},
    {"read", "b", work_read, give_forecaster},
    {"catalog", "e", work_catalog, give_frame},
    {"propose", "eo", work_propose, give_frame},
    {NULL, NULL, NULL, NULL},
};

/* ---- short calls */

static SEXP context(SEXP options) {
  wsf_error err;
  wsf_context *made = NULL;
  SEXP out = PROTECT(native_context_pointer());
  if (wsf_context_create(&made, CHAR(STRING_ELT(options, 0)), NULL, NULL, &err) == WSF_OK)
    R_SetExternalPtrAddr(out, made);
  else
    out = native_failed(&err);
  UNPROTECT(1);
  return out;
}

static SEXP model(SEXP forecaster) {
  SEXP text = PROTECT(Rf_mkCharCE(wsf_forecaster_text(native_forecaster_of(forecaster)), CE_UTF8));
  SEXP out = Rf_ScalarString(text);
  UNPROTECT(1);
  return out;
}

static SEXP version(void) {
  return Rf_mkString(wsf_version());
}

static const R_CallMethodDef functions[] = {
    {"call", (DL_FUNC)native_call, 3},
    {"context", (DL_FUNC)context, 1},
    {"model", (DL_FUNC)model, 1},
    {"version", (DL_FUNC)version, 0},
    {NULL, NULL, 0},
};

/* Called by R; the only name that the shared object shows. */
void attribute_visible R_init_wsf(DllInfo *info) {
  R_registerRoutines(info, NULL, functions, NULL, NULL);
  R_useDynamicSymbols(info, FALSE);
  R_forceSymbols(info, TRUE);
}
