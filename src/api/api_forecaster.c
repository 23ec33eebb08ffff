/* Forecasters: fit, predict, update, describe, save, load. */
#include "api/handle.h"

#include <string.h>

/* Takes `fitted` over, also on failure. */
static wsf_status give_forecaster(wsf_forecaster **out, wsf__fitted_panel *fitted, wsf_context *ctx,
                                  wsf_error *err) {
  wsf_forecaster *f = wsf__new(&ctx->env.alloc, 1, sizeof *f);
  if (!f) {
    wsf__fitted_panel_release(fitted);
    return wsf__fail_memory(err);
  }
  atomic_init(&f->references, 1);
  f->ctx = wsf_context_retain(ctx);
  f->fitted = fitted;
  *out = f;
  return WSF_OK;
}

wsf_status wsf_fit(wsf_forecaster **out, const wsf_model *model, const wsf_dataset *ds,
                   const char *options, wsf_error *err) {
  WSF__CHECK(err, {out, "out"});
  *out = NULL;
  WSF__CHECK(err, {model, "the model"}, {ds, "the dataset"});
  wsf_error found;
  wsf__error_clear(&found);
  wsf__fitted_panel *fitted = NULL;
  wsf__env env;
  wsf_status status = wsf__start(&env, ds->ctx, &found);
  if (status == WSF_OK) {
    status = wsf__engine_fit(&fitted, &env, model->text, ds->panel, options, &found);
  }
  if (status == WSF_OK) status = give_forecaster(out, fitted, ds->ctx, &found);
  return wsf__answer(ds->ctx, err, status, &found);
}

wsf_status wsf_evidence(wsf_table **out, const wsf_model *model, const wsf_dataset *ds,
                        const char *options, wsf_error *err) {
  WSF__CHECK(err, {out, "out"});
  *out = NULL;
  WSF__CHECK(err, {model, "the model"}, {ds, "the dataset"});
  wsf_error found;
  wsf__error_clear(&found);
  wsf_table *table = NULL;
  wsf__env env;
  wsf_status status = wsf__start(&env, ds->ctx, &found);
  if (status == WSF_OK) {
    status = wsf__engine_evidence(&table, &env, model->text, ds->panel, options, &found);
  }
  if (status == WSF_OK) wsf__give_table(out, table, ds->ctx);
  return wsf__answer(ds->ctx, err, status, &found);
}

wsf_status wsf_predict(wsf_table **out, const wsf_forecaster *f, const wsf_dataset *ds,
                       const char *options, wsf_error *err) {
  WSF__CHECK(err, {out, "out"});
  *out = NULL;
  WSF__CHECK(err, {f, "the forecaster"});
  wsf_error found;
  wsf__error_clear(&found);
  const wsf__panel *covariates = ds ? ds->panel : NULL;
  wsf_table *table = NULL;
  wsf__env env;
  wsf_status status = wsf__start(&env, f->ctx, &found);
  if (status == WSF_OK) {
    status = wsf__engine_predict(&table, &env, f->fitted, covariates, options, &found);
  }
  if (status == WSF_OK) wsf__give_table(out, table, f->ctx);
  return wsf__answer(f->ctx, err, status, &found);
}

wsf_status wsf_update(wsf_forecaster **out, const wsf_forecaster *f, const wsf_dataset *ds,
                      const char *options, wsf_error *err) {
  WSF__CHECK(err, {out, "out"});
  *out = NULL;
  WSF__CHECK(err, {f, "the forecaster"}, {ds, "the dataset"});
  wsf_error found;
  wsf__error_clear(&found);
  wsf__fitted_panel *fitted = NULL;
  wsf__env env;
  wsf_status status = wsf__start(&env, f->ctx, &found);
  if (status == WSF_OK) {
    status = wsf__engine_update(&fitted, &env, f->fitted, ds->panel, options, &found);
  }
  if (status == WSF_OK) status = give_forecaster(out, fitted, f->ctx, &found);
  return wsf__answer(f->ctx, err, status, &found);
}

wsf_status wsf_forecaster_describe(wsf_table **out, const wsf_forecaster *f, const char *what,
                                   wsf_error *err) {
  WSF__CHECK(err, {out, "out"});
  *out = NULL;
  WSF__CHECK(err, {f, "the forecaster"}, {what, "the name of the view"});
  wsf_error found;
  wsf__error_clear(&found);
  wsf_table *table = NULL;
  wsf__env env = wsf__env_call(&f->ctx->env); /* a view that works asks whether it may */
  wsf_status status = wsf__env_allows(&env, &found);
  if (status == WSF_OK) status = wsf__engine_describe(&table, &env, f->fitted, what, &found);
  if (status == WSF_OK) wsf__give_table(out, table, f->ctx);
  return wsf__answer(f->ctx, err, status, &found);
}

const char *wsf_forecaster_text(const wsf_forecaster *f) {
  return f ? f->fitted->text : NULL;
}

/* wsf__fill_fn */
static wsf_status fill_image(wsf__writer *w, const void *fitted, wsf_error *err) {
  return wsf__engine_save(w, fitted, err);
}

wsf_status wsf_forecaster_save(const wsf_forecaster *f, const char *path, wsf_error *err) {
  WSF__CHECK(err, {f, "the forecaster"}, {path, "the path"});
  wsf_error found;
  wsf__error_clear(&found);
  wsf__env env = wsf__env_call(&f->ctx->env);
  wsf_status status = wsf__env_allows(&env, &found);
  if (status == WSF_OK) status = wsf__file_save(&env, path, fill_image, f->fitted, &found);
  if (status == WSF_OK) wsf__log_image(&env, "save", f->fitted, path);
  if (status != WSF_OK) wsf__error_at_file(&found, path);
  return wsf__answer(f->ctx, err, status, &found);
}

static wsf_status read_bytes(wsf_forecaster **out, wsf_context *ctx, wsf__env *env,
                             const void *bytes, size_t size, const char *where, wsf_error *err) {
  wsf__fitted_panel *fitted;
  WSF__TRY(wsf__engine_load(&fitted, env, bytes, size, err));
  wsf__log_image(env, "load", fitted, where);
  return give_forecaster(out, fitted, ctx, err);
}

wsf_status wsf_forecaster_load(wsf_forecaster **out, wsf_context *ctx, const char *path,
                               wsf_error *err) {
  WSF__CHECK(err, {out, "out"});
  *out = NULL;
  WSF__CHECK(err, {ctx, "the context"}, {path, "the path"});
  wsf_error found;
  wsf__error_clear(&found);
  uint8_t *bytes = NULL;
  size_t size = 0;
  wsf__env env;
  wsf_status status = wsf__start(&env, ctx, &found);
  if (status == WSF_OK) {
    status = wsf__file_load(&bytes, &size, &env, path, wsf__container_begin, &found);
  }
  if (status == WSF_OK) status = read_bytes(out, ctx, &env, bytes, size, path, &found);
  wsf__delete(&ctx->env.alloc, bytes);
  if (status != WSF_OK) wsf__error_at_file(&found, path);
  return wsf__answer(ctx, err, status, &found);
}

static bool put_memory(void *user, const void *bytes, size_t n) {
  uint8_t **at = user;
  memcpy(*at, bytes, n);
  *at += n;
  return true;
}

/* The image into a sink. */
static wsf_status pour(const wsf_forecaster *f, const wsf__env *env, wsf__sink_fn sink, void *user,
                       wsf_error *err) {
  wsf__writer w;
  wsf__writer_to(&w, &env->alloc, sink, user);
  w.env = env;
  wsf_status status = wsf__engine_save(&w, f->fitted, err);
  wsf__writer_flush(&w);
  if (status == WSF_OK) status = wsf__writer_status(&w, err);
  wsf__writer_free(&w);
  return status;
}

wsf_status wsf_forecaster_write(const wsf_forecaster *f, void *buffer, size_t capacity,
                                size_t *needed, wsf_error *err) {
  WSF__CHECK(err, {f, "the forecaster"}, {needed, "the place for the bytes needed"});
  *needed = 0;
  if (capacity > 0) WSF__CHECK(err, {buffer, "the buffer"});
  wsf_error found;
  wsf__error_clear(&found);
  const wsf__env env = wsf__env_call(&f->ctx->env);
  size_t bytes = 0;
  wsf_status status = wsf__env_allows(&env, &found);
  if (status == WSF_OK) {
    status = wsf__engine_image_size(&bytes, &env.alloc, f->fitted, &found);
  }
  if (status == WSF_OK && bytes <= capacity) {
    uint8_t *at = buffer;
    status = pour(f, &env, put_memory, &at, &found);
  }
  if (status == WSF_OK) *needed = bytes;
  return wsf__answer(f->ctx, err, status, &found);
}

typedef struct host_sink {
  wsf_sink_fn fn;
  void *user;
  int64_t taken;
  bool refused;
} host_sink;

static bool put_host(void *user, const void *bytes, size_t n) {
  host_sink *s = user;
  s->refused = s->fn(bytes, n, s->user) != 0;
  if (!s->refused) s->taken += (int64_t)n;
  return !s->refused;
}

wsf_status wsf_forecaster_write_to(const wsf_forecaster *f, wsf_sink_fn sink, void *user,
                                   wsf_error *err) {
  WSF__CHECK(err, {f, "the forecaster"});
  if (!sink) return wsf__fail(err, WSF_E_ARGUMENT, "the sink is NULL");
  wsf_error found;
  wsf__error_clear(&found);
  host_sink s = {.fn = sink, .user = user};
  const wsf__env env = wsf__env_call(&f->ctx->env);
  wsf_status status = wsf__env_allows(&env, &found);
  if (status == WSF_OK) status = pour(f, &env, put_host, &s, &found);
  if (s.refused) {
    status = wsf__fail(&found, WSF_E_IO, "the sink took %lld bytes and refused the next",
                       (long long)s.taken);
  }
  if (status == WSF_OK) wsf__log_image(&f->ctx->env, "save", f->fitted, "a sink of the host");
  return wsf__answer(f->ctx, err, status, &found);
}

wsf_status wsf_forecaster_read(wsf_forecaster **out, wsf_context *ctx, const void *bytes,
                               size_t size, wsf_error *err) {
  WSF__CHECK(err, {out, "out"});
  *out = NULL;
  WSF__CHECK(err, {ctx, "the context"}, {bytes, "the image"});
  wsf_error found;
  wsf__error_clear(&found);
  wsf__env env;
  wsf_status status = wsf__start(&env, ctx, &found);
  if (status == WSF_OK) status = read_bytes(out, ctx, &env, bytes, size, "memory", &found);
  return wsf__answer(ctx, err, status, &found);
}

wsf_status wsf_forecaster_with(wsf_forecaster **out, const wsf_forecaster *f, wsf_context *ctx,
                               wsf_error *err) {
  WSF__CHECK(err, {out, "out"});
  *out = NULL;
  WSF__CHECK(err, {f, "the forecaster"}, {ctx, "the context"});
  wsf_error found;
  wsf__error_clear(&found);
  wsf_status status = wsf__same_allocator(ctx, f->ctx, &found);
  if (status == WSF_OK) {
    status = give_forecaster(out, wsf__fitted_panel_retain(f->fitted), ctx, &found);
  }
  return wsf__answer(ctx, err, status, &found);
}

wsf_forecaster *wsf_forecaster_retain(wsf_forecaster *f) {
  if (f) wsf__retain(&f->references);
  return f;
}

void wsf_forecaster_release(wsf_forecaster *f) {
  if (!f || !wsf__release(&f->references)) return;
  wsf_context *ctx = f->ctx;
  wsf__fitted_panel_release(f->fitted);
  wsf__delete(&ctx->env.alloc, f);
  wsf_context_release(ctx);
}
