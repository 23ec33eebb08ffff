/* Handles in any order: a host's garbage collector may give back the context first and the table
 * that was made from it last, and from other threads than the one that made them. */
#include "api_support.h"

#include <pthread.h>

enum { HANDLES = 9 };

typedef struct handles {
  wsf_context *ctx;
  wsf_builder *builder;
  wsf_dataset *ds;
  wsf_model *model;
  wsf_forecaster *f;
  wsf_table *forecast, *described, *catalog, *backtest[WSF_BACKTEST_TABLES];
  struct ArrowSchema schema;
  struct ArrowArray array;
} handles;

static void open_all(handles *h, counter *c) {
  memset(h, 0, sizeof *h);
  CALL(wsf_context_create(&h->ctx, NULL, counting_resize, c, &err));
  CALL(wsf_builder_create(&h->builder, h->ctx, SAMPLE_OPTIONS, &err));
  CALL(add_sample(h->builder, 30, &err));
  CALL(wsf_builder_finish(&h->ds, h->builder, &err));
  CALL(wsf_model_parse(&h->model, h->ctx, "snaive", &err));
  CALL(wsf_fit(&h->f, h->model, h->ds, NULL, &err));
  CALL(wsf_predict(&h->forecast, h->f, NULL, "horizon=3", &err));
  CALL(wsf_dataset_describe(&h->described, h->ds, "report", &err));
  CALL(wsf_catalog(&h->catalog, h->ctx, NULL, &err));
  const wsf_model *models[] = {h->model};
  CALL(wsf_backtest(h->backtest, models, 1, h->ds, "horizon=3", &err));
  CALL(wsf_table_export(h->forecast, &h->schema, &h->array, &err));
}

static void release(handles *h, int which) {
  switch (which) {
  case 0:
    wsf_context_release(h->ctx);
    break;
  case 1:
    wsf_builder_release(h->builder);
    break;
  case 2:
    wsf_dataset_release(h->ds);
    break;
  case 3:
    wsf_model_release(h->model);
    break;
  case 4:
    wsf_forecaster_release(h->f);
    break;
  case 5:
    wsf_table_release(h->forecast);
    break;
  case 6:
    wsf_table_release(h->described);
    wsf_table_release(h->catalog);
    break;
  case 7:
    for (int i = 0; i < WSF_BACKTEST_TABLES; ++i) wsf_table_release(h->backtest[i]);
    break;
  default:
    h->schema.release(&h->schema);
    h->array.release(&h->array);
    break;
  }
}

static void test_any_order(void **state) {
  (void)state;
  unsigned seed = 1;
  for (int round = 0; round < 60; ++round) {
    counter c = {0};
    handles h;
    int order[HANDLES];
    open_all(&h, &c);
    for (int i = 0; i < HANDLES; ++i) order[i] = i;
    for (int i = HANDLES - 1; i > 0; --i) {
      seed = seed * 1664525u + 1013904223u;
      const int j = (int)((seed >> 16) % (unsigned)(i + 1));
      const int keep = order[i];
      order[i] = order[j];
      order[j] = keep;
    }
    for (int i = 0; i < HANDLES; ++i) {
      assert_true(atomic_load(&c.blocks) > 0);
      release(&h, order[i]);
    }
    assert_balanced(&c);
  }
}

/* Each handle still works when all the others are gone. */
static void test_outliving(void **state) {
  (void)state;
  for (int last = 1; last < HANDLES; ++last) {
    counter c = {0};
    handles h;
    open_all(&h, &c);
    for (int i = 0; i < HANDLES; ++i) {
      if (i != last) release(&h, i);
    }
    wsf_table *t = NULL;
    wsf_dataset *ds = NULL;
    if (last == 1) {
      CALL(add_sample(h.builder, 24, &err));
      CALL(wsf_builder_finish(&ds, h.builder, &err));
      wsf_dataset_release(ds);
    }
    if (last == 2) CALL(wsf_dataset_describe(&t, h.ds, "values", &err));
    if (last == 3) assert_string_equal(wsf_model_text(h.model), "snaive");
    if (last == 4) CALL(wsf_predict(&t, h.f, NULL, "horizon=2", &err));
    if (last == 5) assert_int_equal(wsf_table_rows(h.forecast), 9);
    if (last == 8) assert_int_equal(h.array.length, 9);
    wsf_table_release(t);
    release(&h, last);
    assert_balanced(&c);
  }
}

static void *use_and_release(void *argument) {
  handles *h = argument;
  for (int i = 0; i < 200; ++i) {
    wsf_context_release(wsf_context_retain(h->ctx));
    wsf_dataset_release(wsf_dataset_retain(h->ds));
    wsf_model_release(wsf_model_retain(h->model));
    wsf_forecaster_release(wsf_forecaster_retain(h->f));
    wsf_table_release(wsf_table_retain(h->forecast));
    wsf_table *t = NULL;
    if (i % 20 == 0 && wsf_predict(&t, h->f, h->ds, "horizon=2", NULL) == WSF_OK) {
      wsf_table_release(t);
    }
  }
  for (int i = 0; i < 6; ++i) {
    if (i != 1) release(h, i);
  }
  return NULL;
}

static void test_shared_between_threads(void **state) {
  (void)state;
  enum { THREADS = 4 };
  counter c = {0};
  handles h;
  open_all(&h, &c);
  pthread_t thread[THREADS];
  for (int i = 0; i < THREADS; ++i) {
    (void)wsf_context_retain(h.ctx);
    (void)wsf_dataset_retain(h.ds);
    (void)wsf_model_retain(h.model);
    (void)wsf_forecaster_retain(h.f);
    (void)wsf_table_retain(h.forecast);
  }
  for (int i = 0; i < THREADS; ++i) {
    assert_int_equal(pthread_create(&thread[i], NULL, use_and_release, &h), 0);
  }
  for (int i = 0; i < HANDLES; ++i) release(&h, i);
  for (int i = 0; i < THREADS; ++i) pthread_join(thread[i], NULL);
  assert_balanced(&c);
}

int test_api_lifetime(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_any_order),
      cmocka_unit_test(test_outliving),
      cmocka_unit_test(test_shared_between_threads),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
