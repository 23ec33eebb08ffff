/* wsf_update through the public headers: pieces, files in between, series without news, data that
 * begins late, and what a step costs. */
#include "api_support.h"

enum { SERIES = 4, FITTED = 60, WHOLE = 84 };

static const char *const models[] = {
    "snaive",
    "ets",
    "ets(AAA) | log",
    "theta",
    "ces(none)",
    "arima(order=[0,1,1], seasonal=[0,1,1])",
    "tslm(x=[promo])",
    "ets(AAN, x=[promo])",
    "croston(optimised)",
    "stl(ets(AAN))",
    "boxcox(drift)",
    "difference(average, lag=12)",
    "rebase(snaive)",
    "mean(ets(MAM), tslm, snaive)",
    "best(naive, tslm)",
    "clamp(weighted(drift, theta), lo=0) | conformal",
};
enum { MODELS = sizeof models / sizeof *models };

static double value(int series, int t) {
  if ((t + series) % 19 == 7) return NAN;
  const double season = 20 * sin(0.5235987755982988 * t + series);
  return 150 + 10 * series + 0.4 * t + season + (t * 31 + series * 17) % 11 +
         (t % 12 == 11 ? 30 : 0);
}

/* Months first .. end-1 of every series, ends[i] if it is given; promo is known `ahead` months
 * further, and there is no such column if that is less than 0. */
static wsf_dataset *some_months(wsf_context *ctx, int first, int end, const int *ends, int ahead) {
  wsf_builder *b = NULL;
  wsf_dataset *ds = NULL;
  CALL(wsf_builder_create(&b, ctx,
                          ahead < 0
                              ? "keys=[shop], time=month, target=units, freq=month"
                              : "keys=[shop], time=month, target=units, known=[promo], freq=month",
                          &err));
  for (int i = 0; i < SERIES; ++i) {
    const int last = ends ? ends[i] : end;
    for (int t = first; t < end + (ahead > 0 ? ahead : 0); ++t) {
      char shop[16], month[16];
      (void)snprintf(shop, sizeof shop, "shop %d", i);
      (void)snprintf(month, sizeof month, "%04d-%02d", 1900 + t / 12, 1 + t % 12);
      const char *keys[] = {shop};
      const double promo = t % 12 == 11, y = t < last ? value(i, t) : NAN;
      CALL(wsf_builder_add(b, keys, month, y, &promo, &err));
    }
  }
  CALL(wsf_builder_finish(&ds, b, &err));
  wsf_builder_release(b);
  return ds;
}

static wsf_dataset *months(wsf_context *ctx, int first, int end, const int *ends) {
  return some_months(ctx, first, end, ends, 12);
}

static wsf_forecaster *move(const wsf_forecaster *f, const wsf_dataset *ds) {
  wsf_forecaster *moved = NULL;
  CALL(wsf_update(&moved, f, ds, NULL, &err));
  return moved;
}

static void *image(const wsf_forecaster *f, size_t *size) {
  CALL(wsf_forecaster_write(f, NULL, 0, size, &err));
  void *bytes = malloc(*size);
  assert_non_null(bytes);
  CALL(wsf_forecaster_write(f, bytes, *size, size, &err));
  return bytes;
}

static void assert_same_forecaster(const wsf_forecaster *a, const wsf_forecaster *b) {
  size_t n, m;
  void *x = image(a, &n), *y = image(b, &m);
  assert_int_equal(n, m);
  assert_memory_equal(x, y, n);
  free(x);
  free(y);
}

/* A forecaster that has been written and read. */
static wsf_forecaster *again(wsf_context *ctx, wsf_forecaster *f) {
  size_t size;
  wsf_forecaster *loaded = NULL;
  void *bytes = image(f, &size);
  CALL(wsf_forecaster_read(&loaded, ctx, bytes, size, &err));
  free(bytes);
  wsf_forecaster_release(f);
  return loaded;
}

static void pieces_and_files_give_the_same_bytes(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  wsf_dataset *past = months(ctx, 0, FITTED, NULL), *whole = months(ctx, 0, WHOLE, NULL);
  wsf_dataset *tail = months(ctx, FITTED + 5, WHOLE, NULL);
  const int cuts[] = {FITTED + 1, FITTED + 5, FITTED + 6, FITTED + 17};
  for (int m = 0; m < MODELS; ++m) {
    wsf_forecaster *f = fitted(ctx, models[m], past), *at_once = move(f, whole);
    wsf_forecaster *steps = wsf_forecaster_retain(f);
    for (int k = 0; k <= 4; ++k) {
      wsf_dataset *more = k < 4 ? months(ctx, 0, cuts[k], NULL) : wsf_dataset_retain(whole);
      wsf_forecaster *next = again(ctx, move(steps, more));
      wsf_forecaster_release(steps);
      steps = next;
      wsf_dataset_release(more);
    }
    assert_same_forecaster(at_once, steps);
    wsf_forecaster_release(steps);

    /* the same from data that holds only what is new */
    wsf_dataset *some = months(ctx, 0, FITTED + 5, NULL);
    wsf_forecaster *first = move(f, some), *second = move(first, tail);
    wsf_table *a = forecast(at_once, "horizon=12, levels=[80]");
    wsf_table *b = forecast(second, "horizon=12, levels=[80]");
    assert_same_table(a, b);
    wsf_table_release(a);
    wsf_table_release(b);
    wsf_forecaster_release(first);
    wsf_forecaster_release(second);
    wsf_dataset_release(some);
    wsf_forecaster_release(at_once);
    wsf_forecaster_release(f);
  }
  wsf_dataset_release(tail);
  wsf_dataset_release(past);
  wsf_dataset_release(whole);
  wsf_context_release(ctx);
}

/* Where each series ends where it ends, those without news forecast what they did. */
static void series_without_news_stay(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  const int before[SERIES] = {FITTED, FITTED - 7, FITTED, FITTED - 2};
  const int after[SERIES] = {FITTED, FITTED - 7, WHOLE, WHOLE - 9};
  wsf_dataset *past = months(ctx, 0, FITTED, before), *some = months(ctx, 0, WHOLE, after);
  wsf_dataset *all = months(ctx, 0, WHOLE, NULL);
  for (int m = 0; m < MODELS; ++m) {
    wsf_forecaster *f = fitted(ctx, models[m], past), *moved = move(f, some);
    wsf_forecaster *later = move(moved, some); /* nothing new at all */
    assert_same_forecaster(moved, later);
    wsf_table *t = forecast(moved, "horizon=5");
    for (int64_t r = 0; r < wsf_table_rows(t); ++r)
      assert_true(isfinite(numbers(t, "forecast")[r]));
    wsf_forecaster *full = move(f, all);
    wsf_table *u = forecast(full, "horizon=5");
    /* series 2 has seen the same in both */
    for (int i = 0; i < 5; ++i) {
      assert_true(numbers(t, "forecast")[2 * 5 + i] == numbers(u, "forecast")[2 * 5 + i]);
    }
    wsf_table_release(t);
    wsf_table_release(u);
    wsf_forecaster_release(full);
    wsf_forecaster_release(later);
    wsf_forecaster_release(moved);
    wsf_forecaster_release(f);
  }
  wsf_dataset_release(past);
  wsf_dataset_release(some);
  wsf_dataset_release(all);
  wsf_context_release(ctx);
}

/* What an update by two months asks of the allocator, after a history of n months. */
static long long cost_after(const char *model, int n, long long *bytes) {
  counter count = {0};
  wsf_context *ctx = NULL;
  CALL(wsf_context_create(&ctx, NULL, counting_resize, &count, &err));
  wsf_dataset *past = some_months(ctx, 0, n, NULL, -1);
  wsf_dataset *more = some_months(ctx, n, n + 2, NULL, -1);
  wsf_forecaster *f = fitted(ctx, model, past);
  const long long calls = atomic_load(&count.calls), held = atomic_load(&count.bytes);
  wsf_forecaster *moved = move(f, more);
  const long long cost = atomic_load(&count.calls) - calls;
  *bytes = atomic_load(&count.bytes) - held;
  wsf_forecaster_release(moved);
  wsf_forecaster_release(f);
  wsf_dataset_release(past);
  wsf_dataset_release(more);
  wsf_context_release(ctx);
  return cost;
}

static void a_step_costs_the_same_after_any_history(void **state) {
  (void)state;
  for (int m = 0; m < MODELS; ++m) {
    long long few, many;
    if (strcmp(models[m], "ets") == 0) continue;  /* chooses another form */
    if (strstr(models[m], "x=[promo]")) continue; /* here there is none */
    const long long short_cost = cost_after(models[m], 12 * 12, &few);
    const long long long_cost = cost_after(models[m], 12 * 20, &many);
    if (short_cost != long_cost || few != many) {
      fail_msg("%s: %lld calls and %lld bytes, then %lld and %lld", models[m], short_cost, few,
               long_cost, many);
    }
  }
}

/* A series whose new observations the model cannot take gets the fallback and a reason. */
static void what_cannot_be_taken_is_said(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  wsf_dataset *ds[2];
  for (int k = 0; k < 2; ++k) {
    wsf_builder *b = NULL;
    CALL(wsf_builder_create(&b, ctx, "keys=[shop], time=month, target=units, freq=month", &err));
    for (int i = 0; i < 2; ++i) {
      for (int t = 0; t < 30 + 4 * k; ++t) {
        char month[16];
        (void)snprintf(month, sizeof month, "%04d-%02d", 1900 + t / 12, 1 + t % 12);
        const char *keys[] = {i ? "b" : "a"};
        CALL(wsf_builder_add(b, keys, month, i == 1 && t == 32 ? 0 : 5 + t % 12, NULL, &err));
      }
    }
    CALL(wsf_builder_finish(&ds[k], b, &err));
    wsf_builder_release(b);
  }
  wsf_forecaster *f = fitted(ctx, "log(naive)", ds[0]), *moved = move(f, ds[1]);
  wsf_table *report = NULL, *t = forecast(moved, "horizon=3");
  CALL(wsf_forecaster_describe(&report, moved, "series", &err));
  assert_string_equal(wsf_table_text(report, wsf_table_find(report, "reason"), 0, NULL), "ok");
  assert_string_equal(wsf_table_text(report, wsf_table_find(report, "reason"), 1, NULL),
                      "not_positive");
  /* fallback(snaive, average) on what the dataset holds */
  assert_true(numbers(t, "forecast")[3] == 5 + 34 % 12);
  wsf_table_release(t);
  wsf_table_release(report);
  wsf_forecaster_release(again(ctx, moved));
  wsf_forecaster_release(f);
  wsf_dataset_release(ds[0]);
  wsf_dataset_release(ds[1]);
  wsf_context_release(ctx);
}

static void a_word_without_update_is_named(void **state) {
  (void)state;
  static const char *const no[][2] = {{"mean(naive, lowrank(snaive))", "'lowrank'"},
                                      {"adida", "'adida'"},
                                      {"log(holiday_shift(naive))", "'holiday_shift'"}};
  wsf_context *ctx = new_context(NULL);
  wsf_dataset *ds = months(ctx, 0, FITTED, NULL);
  for (int m = 0; m < 3; ++m) {
    wsf_forecaster *f = fitted(ctx, no[m][0], ds), *moved = NULL;
    wsf_error err;
    assert_int_equal(wsf_update(&moved, f, ds, NULL, &err), WSF_E_UNSUPPORTED);
    assert_null(moved);
    assert_non_null(strstr(err.message, no[m][1]));
    wsf_forecaster_release(f);
  }
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

int test_api_update(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(pieces_and_files_give_the_same_bytes),
      cmocka_unit_test(series_without_news_stay),
      cmocka_unit_test(a_step_costs_the_same_after_any_history),
      cmocka_unit_test(what_cannot_be_taken_is_said),
      cmocka_unit_test(a_word_without_update_is_named),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
