/* One call that pools does not make the whole tree one task: a batch is cut on the way down, as far
 * as the calls below allow, also in the trials of a fit; and forecasts and files have the same bits
 * for any number of threads. */
#include "panels.h"

#include "wire/wire.h"

#define OPTIONS "horizon=14, levels=[80], quantiles=[0.5]"

/* Local models see batches of up to 64 series, but 64 of them where that is more. */
enum {
  SERIES = STORES * ITEMS,
  EACH = (SERIES + 63) / 64,
  PARTS = (SERIES + EACH - 1) / EACH,
  BLOCKS = (SERIES + 63) / 64 /* in which a trial forecasts */
};

typedef struct watch {
  int64_t done, total;
  int calls, stop_at;
} watch;

static int32_t watching(const char *stage, int64_t done, int64_t total, void *user) {
  watch *w = user;
  if (strcmp(stage, "fit") != 0) return 0;
  assert_true(done <= total && done >= w->done && total >= w->total);
  w->done = done;
  w->total = total;
  return ++w->calls == w->stop_at;
}

/* Tasks of a fit, as progress tells them. */
static int64_t tasks(const char *model, int threads) {
  wsf__env env;
  watch w = {0};
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  env.threads = threads;
  env.progress = watching;
  env.progress_user = &w;
  wsf__panel *p = retail_panel(&env, 0, PANEL_MONTHS, false, 0);
  wsf_table_release(forecast(&env, model, p, OPTIONS));
  wsf__panel_release(p);
  wsf__env_free(&env);
  assert_int_equal(w.done, w.total);
  return w.total;
}

static void tasks_of_a_tree(void **state) {
  (void)state;
  static const struct {
    const char *model;
    int64_t tasks;
  } expected[] = {
      {"naive", PARTS},
      {"mean(naive, drift)", PARTS},
      {"rebase(naive, by=item)", ITEMS},
      {"mean(naive, rebase(naive, by=item))", ITEMS},
      /* two keys: each has its own cut */
      {"mean(rebase(naive, by=store), rebase(naive, by=item))", STORES + ITEMS},
      /* the inner call twice, once for the trial */
      {"rebase(naive, by=all)", PARTS + BLOCKS + PARTS},
      {"mean(naive, rebase(naive, by=all))", 3 * PARTS + BLOCKS},
      {"mean(naive, lowrank(naive, by=all))", PARTS + 1 + PARTS},
      /* groups are smoothed side by side where the batch holds several */
      {"lowrank(mean(naive, lowrank(naive, rank=2, by=store)), rank=2, by=item)", ITEMS + STORES},
      /* partners are found side by side too */
      {"pool(naive, by=all)", 1 + SERIES / 16 + PARTS},
      {"mean(naive, log(rebase(naive, by=all)))", 3 * PARTS + BLOCKS},
  };
  for (size_t i = 0; i < sizeof expected / sizeof *expected; ++i) {
    for (int threads = 1; threads <= 3; threads += 2) {
      const int64_t found = tasks(expected[i].model, threads);
      if (found < expected[i].tasks || found > expected[i].tasks + SERIES / 8) {
        fail_msg("%s: %lld tasks, expected %lld and some for the fallback", expected[i].model,
                 (long long)found, (long long)expected[i].tasks);
      }
    }
  }
  assert_true(tasks("best(naive, drift, pool=all, windows=2)", 2) >= 5 * PARTS);
  assert_true(tasks("mean(ets(ANN), conformal(rebase(snaive, by=all)))", 2) >= 6 * PARTS);
}

static const char *const models[] = {
    "ets(ANN)",
    "mean(ets(ANN), rebase(snaive, by=all))",
    "mean(ets(ANN), lowrank(snaive, rank=2, by=all))",
    "best(naive, rebase(snaive, by=item), drift, pool=all, windows=2)",
    "conformal(mean(ets(ANN), rebase(rebase(snaive, by=store), by=all)), windows=2)",
    "pool(conformal(snaive), k=3, by=all) | log",
    "weighted(snaive, lowrank(mean(drift, rebase(naive, by=store)), rank=2, by=item))",
};
enum { N_MODELS = sizeof models / sizeof *models };

static void fit_and_save(const char *model, int threads, wsf_table **t, wsf__writer *w) {
  wsf__env env;
  wsf_error err = {0};
  wsf__fitted_panel *f;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  env.threads = threads;
  wsf__panel *p = retail_panel(&env, 0, PANEL_MONTHS, false, 0);
  assert_ok(wsf__engine_fit(&f, &env, model, p, NULL, &err), &err);
  assert_ok(wsf__engine_predict(t, &env, f, NULL, OPTIONS, &err), &err);
  wsf__writer_init(w, &wsf__alloc_libc);
  assert_ok(wsf__engine_save(w, f, &err), &err);
  wsf__fitted_panel_release(f);
  wsf__panel_release(p);
  wsf__env_free(&env);
}

static void same_bits_and_files(void **state) {
  (void)state;
  static const int threads[] = {2, 3, 8};
  for (int m = 0; m < N_MODELS; ++m) {
    wsf_table *one, *many;
    wsf__writer file, other;
    fit_and_save(models[m], 1, &one, &file);
    for (int k = 0; k < 3; ++k) {
      fit_and_save(models[m], threads[k], &many, &other);
      assert_same_table(one, many);
      assert_int_equal(file.length, other.length);
      assert_memory_equal(file.data, other.data, file.length);
      wsf_table_release(many);
      wsf__writer_free(&other);
    }
    wsf_table_release(one);
    wsf__writer_free(&file);
  }
}

/* Whole items: what is pooled by item does not see that the others are gone. */
static void any_partition_by_the_key(void **state) {
  (void)state;
  wsf__env env;
  wsf_error err;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  env.threads = 3;
  wsf__panel *p = retail_panel(&env, 0, PANEL_MONTHS, false, 0), *part;
  uint8_t keep[SERIES];
  const char *model = "mean(ets(ANN), lowrank(snaive, rank=2, by=item), rebase(naive, by=item))";
  for (int64_t i = 0; i < p->n; ++i) keep[i] = p->key[1].code[i] % 3 == 1;
  assert_ok(wsf__panel_select(&part, NULL, p, keep, &err), &err);
  wsf_table *all = forecast(&env, model, p, OPTIONS), *some = forecast(&env, model, part, OPTIONS);
  const double *x = f64_column(all, "forecast"), *y = f64_column(some, "forecast");
  const int64_t h = wsf_table_rows(all) / p->n;
  for (int64_t i = 0, j = 0; i < p->n; ++i) {
    if (!keep[i]) continue;
    assert_memory_equal(x + i * h, y + j++ * h, (size_t)h * sizeof *x);
  }
  wsf_table_release(all);
  wsf_table_release(some);
  wsf__panel_release(part);
  wsf__panel_release(p);
  wsf__env_free(&env);
}

/* Stopped in the middle of a trial: nothing is left behind. */
static void a_stop_inside_a_trial(void **state) {
  (void)state;
  for (int threads = 1; threads <= 3; threads += 2) {
    wsf__env env;
    wsf_error err;
    wsf__fitted_panel *f;
    watch w = {.stop_at = 1};
    assert_true(wsf__env_init(&env, &wsf__alloc_libc));
    env.threads = threads;
    env.progress = watching;
    env.progress_user = &w;
    wsf__panel *p = retail_panel(&env, 0, PANEL_MONTHS, false, 0);
    const char *model = "conformal(best(rebase(ets, by=all), drift, pool=all))";
    assert_int_equal(wsf__engine_fit(&f, &env, model, p, NULL, &err), WSF_E_CANCELLED);
    assert_null(f);
    wsf__panel_release(p);
    wsf__env_free(&env);
  }
}

int test_cut(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(tasks_of_a_tree),
      cmocka_unit_test(same_bits_and_files),
      cmocka_unit_test(any_partition_by_the_key),
      cmocka_unit_test(a_stop_inside_a_trial),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
