/* wsf/status.h and wsf/context.h. */
#include "api_support.h"

#include <pthread.h>
#include <time.h>

static void test_version(void **state) {
  (void)state;
  char text[32];
  (void)snprintf(text, sizeof text, "%d.%d.%d", WSF_VERSION_MAJOR, WSF_VERSION_MINOR,
                 WSF_VERSION_PATCH);
  assert_string_equal(wsf_version(), text);
  assert_int_equal(wsf_version_number(),
                   10000 * WSF_VERSION_MAJOR + 100 * WSF_VERSION_MINOR + WSF_VERSION_PATCH);
}

static void test_status(void **state) {
  (void)state;
#define ROW(name, value, sentence)                                                                 \
  assert_int_equal(WSF_##name, value);                                                             \
  assert_string_equal(wsf_status_name(WSF_##name), #name);                                         \
  assert_string_equal(wsf_status_text(WSF_##name), sentence);
  WSF_STATUS_TABLE(ROW)
#undef ROW
  assert_null(wsf_status_name(999));
  assert_null(wsf_status_name(-1));
  assert_string_equal(wsf_status_text(999), "unknown status");
}

static void test_create(void **state) {
  (void)state;
  static const char *const good[] = {NULL,        "",
                                     " ",         "threads=1",
                                     "threads=0", "threads=1024",
                                     "seed=9",    "threads=2, seed=123456789"};
  for (size_t i = 0; i < sizeof good / sizeof good[0]; ++i) {
    wsf_context_release(new_context(good[i]));
  }
  wsf_context *ctx = (wsf_context *)&ctx;
  FAILS(WSF_E_ARGUMENT, wsf_context_create(NULL, NULL, NULL, NULL, err));
  FAILS(WSF_E_VALUE, wsf_context_create(&ctx, "threads=1025", NULL, NULL, err));
  assert_null(ctx);
  FAILS(WSF_E_VALUE, wsf_context_create(&ctx, "threads=-1", NULL, NULL, err));
  FAILS(WSF_E_VALUE, wsf_context_create(&ctx, "seed=0.5", NULL, NULL, err));
  FAILS(WSF_E_SYNTAX, wsf_context_create(&ctx, "threads=", NULL, NULL, err));
  wsf_error err;
  assert_int_equal(wsf_context_create(&ctx, "seed=1, thread=2", NULL, NULL, &err), WSF_E_NAME);
  assert_null(ctx);
  assert_int_equal(err.byte, 8);
  assert_int_equal(err.row, -1);
  assert_int_equal(err.series, -1);
  assert_string_equal(err.message,
                      "context has no option 'thread'; did you mean 'threads'? it also has seed, "
                      "paths, max_bytes, max_rows, max_series, max_columns, max_values, max_state, "
                      "max_results, max_horizon, max_seconds");
}

static void test_null_context(void **state) {
  (void)state;
  assert_null(wsf_context_retain(NULL));
  wsf_context_release(NULL);
  wsf_context_set_progress(NULL, NULL, NULL);
  wsf_context_set_log(NULL, NULL, NULL);
  wsf_context_set_executor(NULL, NULL, NULL);
  wsf_context_cancel(NULL);
  wsf_context_resume(NULL);
}

static void test_allocator(void **state) {
  (void)state;
  counter c = {0};
  wsf_context *ctx = NULL;
  CALL(wsf_context_create(&ctx, "threads=3", counting_resize, &c, &err));
  assert_ptr_equal(wsf_context_retain(ctx), ctx);
  wsf_context_release(ctx);
  wsf_dataset *ds = sample(ctx);
  wsf_forecaster *f = fitted(ctx, "mean(ets, snaive)", ds);
  wsf_table *t = forecast(f, "horizon=5, levels=[80]");
  assert_true(atomic_load(&c.blocks) > 0);
  wsf_table_release(t);
  wsf_forecaster_release(f);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
  assert_balanced(&c);
  /* A call that fails gives everything back too. */
  assert_int_equal(wsf_context_create(&ctx, "threads=x", counting_resize, &c, NULL), WSF_E_VALUE);
  assert_balanced(&c);
}

static void *no_memory(void *user, void *ptr, size_t old_size, size_t new_size) {
  (void)user;
  (void)ptr;
  (void)old_size;
  (void)new_size;
  return NULL;
}

static void test_no_memory(void **state) {
  (void)state;
  wsf_context *ctx = NULL;
  FAILS(WSF_E_MEMORY, wsf_context_create(&ctx, NULL, no_memory, NULL, err));
  assert_null(ctx);
}

static int32_t drop(const void *bytes, size_t size, void *user) {
  (void)bytes, (void)size, (void)user;
  return 0;
}

static void test_cancel(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  wsf_dataset *ds = sample(ctx);
  wsf_model *m = new_model(ctx, "ets");
  wsf_forecaster *f = NULL, *g = fitted(ctx, "snaive", ds);
  wsf_table *t = NULL, *before = forecast(g, "horizon=3"), *tables[WSF_BACKTEST_TABLES];
  wsf_dataset *other = NULL;
  const wsf_model *models[] = {m};
  wsf_context_cancel(ctx);
  FAILS(WSF_E_CANCELLED, wsf_fit(&f, m, ds, NULL, err));
  FAILS(WSF_E_CANCELLED, wsf_predict(&t, g, NULL, "horizon=3", err));
  FAILS(WSF_E_CANCELLED, wsf_update(&f, g, ds, NULL, err));
  FAILS(WSF_E_CANCELLED, wsf_backtest(tables, models, 1, ds, "horizon=3", err));
  FAILS(WSF_E_CANCELLED, wsf_analyze(&t, ds, NULL, err));
  FAILS(WSF_E_CANCELLED, wsf_dataset_open(&other, ctx, "simulate()", err));
  assert_null(f);
  assert_null(t);
  assert_null(other);
  for (int i = 0; i < WSF_BACKTEST_TABLES; ++i) assert_null(tables[i]);
  /* So does what takes no time. */
  wsf_model *other_model = NULL;
  wsf_builder *b = NULL;
  unsigned char byte = 0;
  size_t needed = 0;
  FAILS(WSF_E_CANCELLED, wsf_dataset_describe(&t, ds, "summary", err));
  FAILS(WSF_E_CANCELLED, wsf_forecaster_describe(&t, g, "summary", err));
  FAILS(WSF_E_CANCELLED, wsf_forecaster_save(g, "test_api_context.wsf", err));
  FAILS(WSF_E_CANCELLED, wsf_forecaster_load(&f, ctx, "test_api_context.wsf", err));
  FAILS(WSF_E_CANCELLED, wsf_forecaster_write(g, NULL, 0, &needed, err));
  FAILS(WSF_E_CANCELLED, wsf_forecaster_write_to(g, drop, NULL, err));
  FAILS(WSF_E_CANCELLED, wsf_forecaster_read(&f, ctx, &byte, 1, err));
  FAILS(WSF_E_CANCELLED, wsf_model_parse(&other_model, ctx, "naive", err));
  FAILS(WSF_E_CANCELLED, wsf_catalog(&t, ctx, NULL, err));
  FAILS(WSF_E_CANCELLED, wsf_builder_create(&b, ctx, "time=t, target=y", err));
  FAILS(WSF_E_CANCELLED, wsf_evaluate(&t, before, ds, ds, NULL, err));
  wsf_context_resume(ctx);
  CALL(wsf_dataset_describe(&t, ds, "summary", &err));
  wsf_table_release(t);
  wsf_table_release(before);
  CALL(wsf_fit(&f, m, ds, NULL, &err));
  wsf_forecaster_release(f);
  wsf_forecaster_release(g);
  wsf_model_release(m);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

typedef struct watch {
  int calls, stop_at;
  bool backwards, strange;
  int64_t last;
} watch;

static int32_t watching(const char *stage, int64_t done, int64_t total, void *user) {
  watch *w = user;
  ++w->calls;
  w->backwards |= done < 0;
  w->strange |= !stage || !stage[0] || done > total;
  w->last = done;
  return w->stop_at > 0 && w->calls >= w->stop_at;
}

static void test_progress(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  wsf_dataset *ds = sample(ctx);
  wsf_model *m = new_model(ctx, "ets");
  wsf_forecaster *f = NULL;
  watch w = {0};
  wsf_context_set_progress(ctx, watching, &w);
  CALL(wsf_fit(&f, m, ds, NULL, &err));
  assert_true(w.calls > 0);
  assert_false(w.backwards || w.strange);
  wsf_forecaster_release(f);
  w = (watch){.stop_at = 1};
  f = NULL;
  assert_int_equal(wsf_fit(&f, m, ds, NULL, NULL), WSF_E_CANCELLED);
  assert_null(f);
  wsf_context_resume(ctx);
  wsf_context_set_progress(ctx, NULL, NULL);
  CALL(wsf_fit(&f, m, ds, NULL, &err));
  wsf_forecaster_release(f);
  wsf_model_release(m);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

static void *cancel_soon(void *ctx) {
  const struct timespec soon = {0, 20 * 1000 * 1000};
  (void)nanosleep(&soon, NULL);
  wsf_context_cancel(ctx);
  return NULL;
}

/* Another thread stops a long call at once: far sooner than the work would take. */
static void test_cancel_from_thread(void **state) {
  (void)state;
  wsf_context *ctx = new_context("threads=2");
  wsf_dataset *ds = NULL;
  CALL(wsf_dataset_open(&ds, ctx, "simulate(stores=20, depts=40)", &err));
  wsf_model *m = new_model(ctx, "best(ets, conformal(ets))");
  wsf_forecaster *f = NULL;
  pthread_t thread;
  assert_int_equal(pthread_create(&thread, NULL, cancel_soon, ctx), 0);
  struct timespec start, end;
  (void)clock_gettime(CLOCK_MONOTONIC, &start);
  assert_int_equal(wsf_fit(&f, m, ds, NULL, NULL), WSF_E_CANCELLED);
  (void)clock_gettime(CLOCK_MONOTONIC, &end);
  pthread_join(thread, NULL);
  assert_null(f);
  /* 50 ms by contract; sanitizers and busy machines are given more. */
  assert_true((double)(end.tv_sec - start.tv_sec) + 1e-9 * (double)(end.tv_nsec - start.tv_nsec) <
              2.0);
  wsf_model_release(m);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

typedef struct lend {
  int64_t runs, workers;
} lend;

/* The contract allows any order, one after the other. */
static void backwards_executor(int64_t workers, wsf_task_fn run, void *task, void *user) {
  lend *l = user;
  ++l->runs;
  l->workers = workers;
  for (int64_t w = workers - 1; w >= 0; --w) run(task, w);
}

typedef struct piece {
  wsf_task_fn run;
  void *task;
  int64_t worker;
} piece;

static void *run_piece(void *argument) {
  const piece *p = argument;
  p->run(p->task, p->worker);
  return NULL;
}

static void threads_executor(int64_t workers, wsf_task_fn run, void *task, void *user) {
  (void)user;
  pthread_t thread[8];
  piece part[8];
  assert_in_range(workers, 1, 8);
  for (int64_t w = 0; w < workers; ++w) {
    part[w] = (piece){run, task, w};
    assert_int_equal(pthread_create(&thread[w], NULL, run_piece, &part[w]), 0);
  }
  for (int64_t w = 0; w < workers; ++w) pthread_join(thread[w], NULL);
}

static void test_executor(void **state) {
  (void)state;
  wsf_table *expected = NULL;
  for (int kind = 0; kind < 4; ++kind) {
    wsf_context *ctx = new_context(kind == 0 ? "threads=1" : "threads=4");
    lend l = {0};
    if (kind == 2) wsf_context_set_executor(ctx, backwards_executor, &l);
    if (kind == 3) wsf_context_set_executor(ctx, threads_executor, NULL);
    wsf_dataset *ds = NULL;
    CALL(wsf_dataset_open(&ds, ctx, "simulate(stores=6, depts=25, weeks=60)", &err));
    wsf_forecaster *f = fitted(ctx, "mean(snaive, drift)", ds);
    wsf_table *t = forecast(f, "horizon=4, levels=[80]");
    if (kind == 2) assert_true(l.runs > 0 && l.workers == 4);
    if (!expected) expected = wsf_table_retain(t);
    assert_same_table(t, expected);
    wsf_table_release(t);
    wsf_forecaster_release(f);
    wsf_dataset_release(ds);
    wsf_context_release(ctx);
  }
  wsf_table_release(expected);
}

static void count_log(int32_t level, const char *line, void *user) {
  assert_in_range(level, 0, 2);
  assert_true(line && line[0]);
  ++*(int *)user;
}

static void test_log(void **state) {
  (void)state;
  int lines = 0;
  wsf_context *ctx = new_context(NULL);
  wsf_context_set_log(ctx, count_log, &lines);
  wsf_dataset_release(sample(ctx));
  wsf_context_set_log(ctx, NULL, NULL);
  wsf_dataset_release(sample(ctx));
  wsf_context_release(ctx);
}

int test_api_context(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_version),
      cmocka_unit_test(test_status),
      cmocka_unit_test(test_create),
      cmocka_unit_test(test_null_context),
      cmocka_unit_test(test_allocator),
      cmocka_unit_test(test_no_memory),
      cmocka_unit_test(test_cancel),
      cmocka_unit_test(test_progress),
      cmocka_unit_test(test_cancel_from_thread),
      cmocka_unit_test(test_executor),
      cmocka_unit_test(test_log),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
