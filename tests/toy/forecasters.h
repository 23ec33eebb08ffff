/* Forecasters over the retail panel, made, moved and compared: what the tests of pools share. */
#ifndef WSF_TESTS_TOY_FORECASTERS_H
#define WSF_TESTS_TOY_FORECASTERS_H

#include "unit/engine/panels.h"

#define OPTIONS "horizon=6, levels=[80]"

static wsf__env env;

static inline int start_env(void **state) {
  (void)state;
  return wsf__env_init(&env, &wsf__alloc_libc) ? 0 : -1;
}

static inline int end_env(void **state) {
  (void)state;
  wsf__env_free(&env);
  return 0;
}

static inline wsf__fitted_panel *fit(wsf__env *e, const char *model, wsf__panel *p) {
  wsf__fitted_panel *f = NULL;
  wsf_error err = {0};
  if (wsf__engine_fit(&f, e, model, p, NULL, &err) != WSF_OK)
    fail_msg("%s: %s", model, err.message);
  return f;
}

static inline wsf_table *predict(const wsf__fitted_panel *f) {
  wsf_table *t = NULL;
  wsf_error err = {0};
  assert_ok(wsf__engine_predict(&t, &env, f, NULL, OPTIONS, &err), &err);
  return t;
}

static inline wsf__writer save(wsf__env *e, const wsf__fitted_panel *f) {
  wsf__writer w;
  wsf_error err = {0};
  wsf__writer_init(&w, &e->alloc);
  assert_ok(wsf__engine_save(&w, f, &err), &err);
  return w;
}

static inline wsf__fitted_panel *load(wsf__env *e, const wsf__writer *w) {
  wsf__fitted_panel *f = NULL;
  wsf_error err = {0};
  assert_ok(wsf__engine_load(&f, e, w->data, w->length, &err), &err);
  return f;
}

static inline wsf__fitted_panel *update(wsf__env *e, const wsf__fitted_panel *old,
                                        const wsf__panel *p) {
  wsf__fitted_panel *f = NULL;
  wsf_error err = {0};
  assert_ok(wsf__engine_update(&f, e, old, p, NULL, &err), &err);
  return f;
}

static inline void assert_same_file(const wsf__fitted_panel *a, const wsf__fitted_panel *b) {
  wsf__writer x = save(&env, a), y = save(&env, b);
  assert_int_equal(x.length, y.length);
  assert_memory_equal(x.data, y.data, x.length);
  wsf__writer_free(&x);
  wsf__writer_free(&y);
}

#endif
