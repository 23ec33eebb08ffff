/* Forecasts do not depend on threads, on the executor, on the order of the rows or on which other
 * series stand in the panel: not a bit of them. */
#include "panels.h"

#include <pthread.h>

#define OPTIONS "horizon=14, levels=[80,95], quantiles=[0.5,0.9]"

static const char *const local_models[] = {
    "naive",
    "snaive",
    "drift",
    "average",
    "mean(snaive, drift, average)",
    "median(naive, snaive, drift)",
    "fallback(swindow(3), average)",
    "stl(12, drift)",
    "mstl(drift, seasons=[3,12])",
    "deseason(outlier_clean(drift))",
    "tslm",
    "ets(ANN)",
};
static const char *const panel_models[] = {
    "best(naive, snaive, drift)",
    "conformal(snaive)",
    "empirical(mean(snaive, lowrank(drift, rank=2, by=item)), by=item)",
    "lowrank(snaive, rank=2, by=item)",
    "mean(pool(snaive, k=2, by=item), pool(drift, k=3, by=all))",
    "mean(lowrank(drift, rank=2, by=item), lowrank(snaive, rank=2, by=store))",
    "best(naive, best(snaive, drift), conformal(average))",
    "lstm(hidden=6, layers=2, epochs=2, batch=64)",
    "lstm(hidden=4, layers=2, epochs=2, batch=64, dropout=0.3, loss=gaussian)",
    "esrnn(hidden=4, epochs=2, batch=32)",
    "mean(lstm(hidden=4, epochs=1, by=item), snaive)",
};
enum {
  N_LOCAL = sizeof local_models / sizeof *local_models,
  N_PANEL = sizeof panel_models / sizeof *panel_models
};

static const char *model_at(int i) {
  return i < N_LOCAL ? local_models[i] : panel_models[i - N_LOCAL];
}

static wsf_table *with_env(wsf__env *env, const char *model, bool backwards) {
  wsf__panel *p = retail_panel(env, 0, PANEL_MONTHS, backwards, 0);
  wsf_table *t = forecast(env, model, p, OPTIONS);
  wsf__panel_release(p);
  return t;
}

static void any_threads(void **state) {
  (void)state;
  for (int i = 0; i < N_LOCAL + N_PANEL; ++i) {
    wsf__env one, many;
    assert_true(wsf__env_init(&one, &wsf__alloc_libc));
    wsf_table *a = with_env(&one, model_at(i), false);
    for (int threads = 2; threads <= 5; threads += 3) {
      assert_true(wsf__env_init(&many, &wsf__alloc_libc));
      many.threads = threads;
      wsf_table *b = with_env(&many, model_at(i), false);
      assert_same_table(a, b);
      wsf_table_release(b);
      wsf__env_free(&many);
    }
    wsf_table_release(a);
    wsf__env_free(&one);
  }
}

typedef struct lent {
  void (*run)(void *task, int64_t worker);
  void *task;
  int64_t worker;
} lent;

static void *lent_main(void *argument) {
  lent *l = argument;
  l->run(l->task, l->worker);
  return NULL;
}

/* A host's own threads; counts its calls. */
static void executor(int64_t workers, void (*run)(void *task, int64_t worker), void *task,
                     void *user) {
  pthread_t thread[8];
  lent work[8];
  assert_true(workers <= 8);
  ++*(int *)user;
  for (int64_t w = 0; w < workers; ++w) {
    work[w] = (lent){run, task, workers - 1 - w};
    assert_int_equal(pthread_create(&thread[w], NULL, lent_main, &work[w]), 0);
  }
  for (int64_t w = 0; w < workers; ++w) (void)pthread_join(thread[w], NULL);
}

static void any_executor(void **state) {
  (void)state;
  wsf__env own, host;
  int calls = 0;
  assert_true(wsf__env_init(&own, &wsf__alloc_libc));
  assert_true(wsf__env_init(&host, &wsf__alloc_libc));
  host.threads = 3;
  host.executor = executor;
  host.executor_user = &calls;
  wsf_table *a = with_env(&own, "mean(snaive, drift)", false);
  wsf_table *b = with_env(&host, "mean(snaive, drift)", false);
  assert_same_table(a, b);
  assert_true(calls >= 2);
  wsf_table_release(a);
  wsf_table_release(b);
  wsf__env_free(&own);
  wsf__env_free(&host);
}

static void any_order_of_rows(void **state) {
  (void)state;
  wsf__env env;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  for (int i = 0; i < N_LOCAL + N_PANEL; ++i) {
    wsf_table *a = with_env(&env, model_at(i), false), *b = with_env(&env, model_at(i), true);
    assert_same_table(a, b);
    wsf_table_release(a);
    wsf_table_release(b);
  }
  wsf__env_free(&env);
}

/* Rows of `part` are those of `all` with the same keys. */
static void assert_part(const wsf_table *all, const wsf_table *part) {
  int64_t from = 0;
  const int64_t *store = i64_column(all, "store"), *part_store = i64_column(part, "store");
  const int64_t *month = i64_column(all, "month"), *part_month = i64_column(part, "month");
  for (int64_t row = 0; row < wsf_table_rows(part); ++row, ++from) {
    const char *item = text_cell(part, "item", row);
    while (from < wsf_table_rows(all) &&
           (store[from] != part_store[row] || month[from] != part_month[row] ||
            strcmp(text_cell(all, "item", from), item) != 0)) {
      ++from;
    }
    assert_true(from < wsf_table_rows(all));
    for (int64_t c = 3; c < wsf_table_columns(all); ++c) {
      assert_memory_equal(&wsf_table_f64(all, c)[from], &wsf_table_f64(part, c)[row],
                          sizeof(double));
    }
  }
}

static void any_partition(void **state) {
  (void)state;
  wsf__env env;
  wsf_error err;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  wsf__panel *p = retail_panel(&env, 0, PANEL_MONTHS, false, 0);
  uint8_t *keep = malloc((size_t)p->n);
  assert_non_null(keep);
  for (int i = 0; i < N_LOCAL; ++i) {
    wsf_table *all = forecast(&env, local_models[i], p, OPTIONS);
    for (int part = 0; part < 2; ++part) {
      for (int64_t s = 0; s < p->n; ++s) keep[s] = (s * 7 / 3 % 2 == 0) == (part == 0);
      wsf__panel *half;
      assert_ok(wsf__panel_select(&half, NULL, p, keep, &err), &err);
      wsf_table *t = forecast(&env, local_models[i], half, OPTIONS);
      assert_part(all, t);
      wsf_table_release(t);
      wsf__panel_release(half);
    }
    wsf_table_release(all);
  }
  free(keep);
  wsf__panel_release(p);
  wsf__env_free(&env);
}

int test_same_bits(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(any_threads),
      cmocka_unit_test(any_executor),
      cmocka_unit_test(any_order_of_rows),
      cmocka_unit_test(any_partition),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
