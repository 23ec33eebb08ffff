/* What comes out of fit, predict, update and describe: the bounded-output contract, reasons,
 * fallbacks, names and types of columns, cancel, and failing memory. */
#include "panels.h"

#include "engine/drive.h"
#include "models/bounded.h"

#include <float.h>

static wsf__env env;

static int open_env(void **state) {
  (void)state;
  return wsf__env_init(&env, &wsf__alloc_libc) ? 0 : -1;
}

static int close_env(void **state) {
  (void)state;
  wsf__env_free(&env);
  return 0;
}

static void bounded_by_hand(void **state) {
  (void)state;
  const double q[] = {0.1, 0.5, 0.9};
  double mean[] = {NAN, 1e9, 50, -INFINITY};
  double quantile[] = {NAN, 9, 60, 5, INFINITY, 7, 55, NAN, 3, 8, 58, -1e9};
  wsf__forecast f = {.h = 4, .mean = mean, .n_q = 3, .q = q, .quantile = quantile};
  assert_true(wsf__bound(&f, 10, 20, false)); /* bounds -90 .. 120 */
  const double means[] = {15, 120, 50, -90};
  const double falls = 10 - 2 * (1 - q[2]) * 100; /* on the way to the bound of its mean */
  const double wanted[] = {3, 7, 55, -90, 15, 8, 58, falls, 120, 9, 60, 5};
  for (int i = 0; i < 4; ++i) assert_true(mean[i] == means[i]);
  for (int i = 0; i < 12; ++i) assert_true(quantile[i] == wanted[i]);
  assert_false(wsf__bound(&f, 10, 20, true)); /* what falls to zero is no news */
  for (int i = 0; i < 4; ++i) assert_true(mean[i] >= 0);
  for (int i = 0; i < 12; ++i) assert_true(quantile[i] >= 0);
  /* constant: at most eleven times itself; all zero: zero */
  double one[] = {1e9};
  wsf__forecast g = {.h = 1, .mean = one};
  assert_true(wsf__bound(&g, -4, -4, false));
  assert_true(one[0] == 36);
  (void)wsf__bound(&g, 0, 0, false);
  assert_true(one[0] == 0);
  /* the widest history there can be */
  one[0] = INFINITY;
  (void)wsf__bound(&g, -DBL_MAX, DBL_MAX, false);
  assert_true(one[0] == DBL_MAX);
}

/* Where a model has lost the scale altogether its interval still has a width, each quantile the
 * same whichever others are asked for; and a forecast in range is left alone. */
static void what_is_held_is_told_and_wide(void **state) {
  (void)state;
  const double q[] = {0.05, 0.5, 0.95};
  for (int k = 0; k < 2; ++k) {
    double mean[] = {k ? 1e9 : -1e9}, quantile[] = {mean[0] - 1, mean[0], mean[0] + 1};
    wsf__forecast f = {.h = 1, .mean = mean, .n_q = 3, .q = q, .quantile = quantile};
    assert_true(wsf__bound(&f, 10, 20, false));
    const double up[] = {30, 120, 120}, down[] = {-90, -90, 0};
    for (int i = 0; i < 3; ++i) assert_float_equal(quantile[i], (k ? up : down)[i], 1e-9);
    double one[] = {k ? mean[0] + 1e9 : mean[0] - 1e9}, same[] = {one[0]};
    wsf__forecast g = {.h = 1, .mean = one, .n_q = 1, .q = k ? q : q + 2, .quantile = same};
    assert_true(wsf__bound(&g, 10, 20, false));
    assert_true(same[0] == quantile[k ? 0 : 2]);
  }
  double mean[] = {100}, quantile[] = {-50, 100, 119};
  wsf__forecast f = {.h = 1, .mean = mean, .n_q = 3, .q = q, .quantile = quantile};
  assert_false(wsf__bound(&f, 10, 20, false));
  assert_true(quantile[0] == -50 && quantile[2] == 119);
  quantile[2] = 121; /* a quantile alone */
  assert_true(wsf__bound(&f, 10, 20, false));
}

/* Errors about a mean below zero are as wide about the zero that is forecast, for each quantile the
 * same whichever others are asked for; from a mean of zero on nothing changes. */
static void below_zero_is_wide(void **state) {
  (void)state;
  const double q[] = {0.05, 0.5, 0.95};
  double mean[] = {-100, -2, 0, 2};
  double quantile[] = {-105, -7, -5, -3, -100, -2, 0, 2, -95, 3, 5, 7};
  wsf__forecast f = {.h = 4, .mean = mean, .n_q = 3, .q = q, .quantile = quantile};
  assert_false(wsf__bound(&f, 0, 20, true));
  const double wanted[] = {0, 0, 0, 0, 0, 0, 0, 2, 5, 5, 5, 7};
  for (int i = 0; i < 12; ++i) assert_float_equal(quantile[i], wanted[i], 1e-12);
  double one[] = {-100}, same[] = {-95};
  wsf__forecast g = {.h = 1, .mean = one, .n_q = 1, .q = q + 2, .quantile = same};
  assert_false(wsf__bound(&g, 0, 20, true));
  assert_true(one[0] == 0 && same[0] == quantile[8]);
  double low[] = {-100}, own[] = {-95}; /* a floor that nobody asked for */
  wsf__forecast free = {.h = 1, .mean = low, .n_q = 1, .q = q + 2, .quantile = own};
  assert_false(wsf__bound(&free, 0, 20, false));
  assert_true(low[0] == -100 && own[0] == -95);
}

static void odd_series_stay_bounded(void **state) {
  (void)state;
  const char *const models[] = {"naive",
                                "snaive",
                                "drift",
                                "average",
                                "tslm",
                                "ets",
                                "stl(12, ets)",
                                "conformal(naive)",
                                "best(naive, drift)",
                                "swindow(3)",
                                "product(naive, average)"};
  wsf_error err;
  wsf__panel *all = retail_panel(&env, 0, PANEL_MONTHS, false, 0), *p;
  uint8_t keep[STORES * ITEMS] = {1, 1, 1, 1, 1, 1, 1, 1}; /* the odd ones and two others */
  assert_ok(wsf__panel_select(&p, NULL, all, keep, &err), &err);
  wsf__panel_release(all);
  for (size_t i = 0; i < sizeof models / sizeof *models; ++i) {
    wsf_table *t = forecast(&env, models[i], p, "horizon=30, levels=[50,99.9], quantiles=[0.5]");
    const double *mean = f64_column(t, "forecast"), *lo = f64_column(t, "lo-99.9");
    const double *hi = f64_column(t, "hi-99.9"), *lo50 = f64_column(t, "lo-50");
    const double *hi50 = f64_column(t, "hi-50"), *median = f64_column(t, "q-0.5");
    for (int64_t r = 0; r < wsf_table_rows(t); ++r) {
      assert_true(isfinite(lo[r]) && isfinite(hi[r]) && isfinite(median[r]));
      assert_true(lo[r] <= lo50[r] && lo50[r] <= mean[r] && mean[r] <= hi50[r] && hi50[r] <= hi[r]);
      assert_true(lo[r] <= median[r] && median[r] <= hi[r]);
      const int64_t series = r / 30;
      if (series == 0) assert_true(fabs(mean[r]) <= 77);
      if (series == 1) assert_true(mean[r] == 0 && lo[r] == 0 && hi[r] == 0);
    }
    wsf_table_release(t);
  }
  wsf__panel_release(p);
}

static void columns_of_the_forecast(void **state) {
  (void)state;
  wsf__panel *p = retail_panel(&env, 0, PANEL_MONTHS, false, 0);
  wsf_table *t = forecast(&env, "naive", p, "horizon=2, levels=[95,80,80], quantiles=[0.1,0.05]");
  const char *const names[] = {"store", "item",  "month", "forecast", "lo-80",
                               "hi-80", "lo-95", "hi-95", "q-0.05",   "q-0.1"};
  assert_int_equal(wsf_table_columns(t), 10);
  for (int c = 0; c < 10; ++c) assert_string_equal(wsf_table_name(t, c), names[c]);
  assert_int_equal(wsf_table_type(t, 0), WSF_TYPE_I64);
  assert_int_equal(wsf_table_type(t, 1), WSF_TYPE_TEXT);
  assert_int_equal(wsf_table_type(t, 2), WSF_TYPE_DATE);
  char month[32];
  wsf_table_format(t, 2, 1, month, sizeof month);
  assert_string_equal(month, "2012-02-01");
  assert_memory_equal(f64_column(t, "lo-80"), f64_column(t, "q-0.1"), sizeof(double));
  wsf_table_release(t);

  wsf_error err;
  wsf__fitted_panel *f;
  assert_ok(wsf__engine_fit(&f, &env, "naive", p, NULL, &err), &err);
  assert_int_equal(wsf__engine_predict(&t, &env, f, NULL, "horizon=0", &err), WSF_E_VALUE);
  assert_null(t);
  assert_int_equal(wsf__engine_predict(&t, &env, f, NULL, "horizn=3", &err), WSF_E_NAME);
  assert_int_equal(wsf__engine_predict(&t, &env, f, NULL, "", &err), WSF_E_VALUE);
  assert_int_equal(wsf__engine_predict(&t, &env, f, NULL, "horizon=3, levels=[100]", &err),
                   WSF_E_VALUE);
  wsf__fitted_panel_release(f);
  assert_int_equal(wsf__engine_fit(&f, &env, "naiv", p, NULL, &err), WSF_E_NAME);
  assert_null(f);
  wsf__panel_release(p);
}

/* The series that stands alone in a panel with one observation: stl needs two seasons. */
static wsf__panel *only(const wsf__panel *p, int64_t series) {
  wsf_error err;
  wsf__panel *one;
  uint8_t *keep = calloc((size_t)p->n, 1);
  assert_non_null(keep);
  keep[series] = 1;
  assert_ok(wsf__panel_select(&one, NULL, p, keep, &err), &err);
  free(keep);
  return one;
}

static void fallback_and_report(void **state) {
  (void)state;
  wsf_error err;
  wsf__fitted_panel *f;
  wsf_table *t;
  wsf__panel *p = retail_panel(&env, 0, PANEL_MONTHS, false, 0);
  assert_ok(wsf__engine_fit(&f, &env, "stl(12, naive)", p, NULL, &err), &err);
  assert_int_equal(f->root->state[2].reason, WSF__SHORT);
  assert_true(f->fallback->state[2].reason < WSF__NOT_FITTED);
  assert_ok(wsf__engine_predict(&t, &env, f, NULL, "horizon=3", &err), &err);
  for (int i = 0; i < 3; ++i) assert_true(f64_column(t, "forecast")[2 * 3 + i] == 3);
  wsf_table_release(t);

  assert_ok(wsf__engine_describe(&t, &env, f, "report", &err), &err);
  int64_t sum = 0;
  bool seen = false;
  for (int64_t r = 0; r < wsf_table_rows(t); ++r) {
    sum += i64_column(t, "series")[r];
    if (strcmp(text_cell(t, "reason", r), "short") != 0) continue;
    seen = true;
    assert_string_equal(text_cell(t, "used", r), "fallback(snaive,average)");
  }
  assert_true(seen);
  assert_int_equal(sum, p->n);
  wsf_table_release(t);

  assert_ok(wsf__engine_describe(&t, &env, f, "series", &err), &err);
  assert_int_equal(wsf_table_rows(t), p->n);
  assert_string_equal(text_cell(t, "reason", 2), "short");
  assert_string_equal(text_cell(t, "model", 2), "snaive");
  assert_string_equal(text_cell(t, "model", 20), "stl(naive,season=12)");
  assert_string_equal(text_cell(t, "form", 20), "");
  assert_true(wsf_table_is_null(t, wsf_table_find(t, "criterion"), 20));
  wsf_table_release(t);
  assert_ok(wsf__engine_describe(&t, &env, f, "summary", &err), &err);
  assert_string_equal(text_cell(t, "value", 0), "stl(naive,season=12)");
  wsf_table_release(t);
  assert_int_equal(wsf__engine_describe(&t, &env, f, "reprt", &err), WSF_E_NAME);
  assert_non_null(strstr(err.message, "did you mean 'report'?"));
  wsf__fitted_panel_release(f);

  static const char *const told[][2] = {
      {"ets(ANN)", "ETS(A,N,N)"},
      {"arima(order=[0,1,1])", "ARIMA(0,1,1)"},
      {"theta(method=otm, decompose=none)", "Theta(otm, no season)"},
      {"ces(season=none)", "CES(none)"}};
  for (size_t k = 0; k < sizeof told / sizeof *told; ++k) {
    assert_ok(wsf__engine_fit(&f, &env, told[k][0], p, NULL, &err), &err);
    assert_ok(wsf__engine_describe(&t, &env, f, "series", &err), &err);
    assert_string_equal(text_cell(t, "form", 20), told[k][1]);
    if (k < 2) assert_false(wsf_table_is_null(t, wsf_table_find(t, "criterion"), 20));
    wsf_table_release(t);
    wsf__fitted_panel_release(f);
  }

  wsf__panel *alone = only(p, 2);
  assert_int_equal(wsf__engine_fit(&f, &env, "stl(12, naive)", alone, NULL, &err), WSF_E_FIT);
  assert_null(f);
  assert_non_null(strstr(err.message, "1/corn: too few observations"));
  assert_int_equal(err.series, 0);
  wsf__panel_release(alone);
  wsf__panel_release(p);
}

/* naive, average and their mean, moved over new observations, are what a refit gives; the new data
 * may hold the whole history or begin later. */
static void update_equals_refit(void **state) {
  (void)state;
  wsf_error err;
  wsf__panel *past = retail_panel(&env, 0, 45, false, 0);
  wsf__panel *whole = retail_panel(&env, 0, PANEL_MONTHS, false, 0);
  const char *const models[] = {"naive", "average", "mean(naive, average)", "snaive"};
  for (int m = 0; m < 4; ++m) {
    wsf__fitted_panel *f, *moved;
    wsf_table *a = forecast(&env, models[m], whole, "horizon=15"), *b;
    assert_ok(wsf__engine_fit(&f, &env, models[m], past, NULL, &err), &err);
    assert_ok(wsf__engine_update(&moved, &env, f, whole, NULL, &err), &err);
    assert_ok(wsf__engine_predict(&b, &env, moved, NULL, "horizon=15", &err), &err);
    assert_same_table(a, b);
    wsf_table_release(b);
    wsf__fitted_panel_release(moved);
    assert_ok(wsf__engine_update(&moved, &env, f, past, NULL, &err), &err); /* nothing new */
    assert_ok(wsf__engine_predict(&b, &env, moved, NULL, "horizon=15", &err), &err);
    wsf_table_release(a);
    assert_ok(wsf__engine_predict(&a, &env, f, NULL, "horizon=15", &err), &err);
    assert_same_table(a, b);
    wsf_table_release(a);
    wsf_table_release(b);
    wsf__fitted_panel_release(moved);
    wsf__fitted_panel_release(f);
  }
  wsf__panel_release(past);
  wsf__panel_release(whole);
}

static void update_from_new_rows_only(void **state) {
  (void)state;
  wsf_error err;
  wsf__panel *p = retail_panel(&env, 0, 45, false, 0), *q = retail_panel(&env, 20, 48, false, 0);
  wsf__panel *r = retail_panel(&env, 0, PANEL_MONTHS, false, 0);
  wsf__fitted_panel *f, *moved;
  wsf_table *a = forecast(&env, "snaive", r, "horizon=15"), *b;
  assert_ok(wsf__engine_fit(&f, &env, "snaive", p, NULL, &err), &err);
  assert_ok(wsf__engine_update(&moved, &env, f, q, NULL, &err), &err);
  assert_ok(wsf__engine_predict(&b, &env, moved, NULL, "horizon=15", &err), &err);
  assert_same_table(a, b);
  wsf_table_release(a);
  wsf_table_release(b);
  wsf__fitted_panel_release(moved);
  wsf__fitted_panel_release(f);

  /* a series nobody has seen gets the fallback; one that is missing stays, or is said */
  wsf__panel *early = retail_panel(&env, 0, 30, false, 0);
  assert_true(early->n < r->n);
  assert_ok(wsf__engine_fit(&f, &env, "naive", early, NULL, &err), &err);
  assert_ok(wsf__engine_update(&moved, &env, f, r, NULL, &err), &err);
  assert_int_equal(moved->root->state[2].reason, WSF__NEW);
  assert_ok(wsf__engine_predict(&b, &env, moved, NULL, "horizon=1", &err), &err);
  assert_true(f64_column(b, "forecast")[2] == 3);
  wsf_table_release(b);
  wsf__fitted_panel *no;
  assert_int_equal(wsf__engine_update(&no, &env, moved, early, "strict=true", &err), WSF_E_DATA);
  assert_null(no);
  assert_ok(wsf__engine_update(&no, &env, moved, early, NULL, &err), &err);
  assert_int_equal(no->frame->n, r->n);
  assert_int_equal(no->root->state[2].reason, WSF__NEW);
  wsf__fitted_panel_release(no);
  wsf__fitted_panel_release(moved);
  wsf__fitted_panel_release(f);
  assert_ok(wsf__engine_fit(&f, &env, "mean(naive, adida)", r, NULL, &err), &err);
  assert_int_equal(wsf__engine_update(&no, &env, f, r, NULL, &err), WSF_E_UNSUPPORTED);
  assert_non_null(strstr(err.message, "'adida'"));
  wsf__fitted_panel_release(f);
  wsf__panel_release(early);
  wsf__panel_release(p);
  wsf__panel_release(q);
  wsf__panel_release(r);
}

static int32_t stop_at_once(const char *stage, int64_t done, int64_t total, void *user) {
  (void)stage;
  (void)done;
  (void)total;
  (void)user;
  return 1;
}

static void cancel_stops(void **state) {
  (void)state;
  wsf_error err;
  wsf__fitted_panel *f;
  wsf__panel *p = retail_panel(&env, 0, PANEL_MONTHS, false, 0);
  env.progress = stop_at_once;
  assert_int_equal(wsf__engine_fit(&f, &env, "naive", p, NULL, &err), WSF_E_CANCELLED);
  assert_null(f);
  env.progress = NULL;
  atomic_store(&env.client->cancelled, 0);
  wsf__panel_release(p);
}

/* Fails the k-th allocation and all after it. */
typedef struct budget {
  int64_t left;
} budget;

static void *resize_within(void *user, void *ptr, size_t old_size, size_t new_size) {
  budget *b = user;
  if (new_size == 0) {
    free(ptr);
    return NULL;
  }
  if (new_size > old_size && b->left-- <= 0) return NULL;
  return realloc(ptr, new_size);
}

static wsf_status everything(wsf__env *own, wsf__panel *past, wsf__panel *p, wsf_error *err) {
  wsf__fitted_panel *f = NULL, *moved = NULL;
  wsf_table *t = NULL, *four[4] = {NULL}, *e = NULL;
  const char *const models[] = {"best(naive, fallback(drift, average))", "average"};
  wsf_status status = wsf__engine_fit(&f, own, "mean(naive, drift)", past, NULL, err);
  if (status == WSF_OK) status = wsf__engine_update(&moved, own, f, p, NULL, err);
  if (status == WSF_OK) {
    status = wsf__engine_predict(&t, own, f, past, "horizon=3, levels=[80], quantiles=[0.5]", err);
  }
  if (status == WSF_OK) status = wsf__engine_evaluate(&e, own, t, past, p, "", err);
  wsf_table_release(t);
  wsf_table_release(e);
  t = NULL;
  if (status == WSF_OK) status = wsf__engine_describe(&t, &env, moved, "report", err);
  wsf_table_release(t);
  t = NULL;
  if (status == WSF_OK) status = wsf__engine_describe(&t, &env, moved, "series", err);
  wsf_table_release(t);
  if (status == WSF_OK) {
    status = wsf__engine_backtest(four, own, models, 2, p,
                                  "horizon=2, windows=2, forecasts=true, metrics=[sql,coverage], "
                                  "min_obs=3",
                                  err);
  }
  for (int i = 0; i < 4; ++i) wsf_table_release(four[i]);
  wsf__fitted_panel_release(moved);
  wsf__fitted_panel_release(f);
  return status;
}

static void failing_memory(void **state) {
  (void)state;
  budget b = {INT64_MAX};
  const wsf__alloc tight = {resize_within, &b};
  wsf__env own;
  wsf_error err;
  assert_true(wsf__env_init(&own, &tight));
  wsf__panel *all = retail_panel(&own, 0, PANEL_MONTHS, false, 0);
  uint8_t *keep = malloc((size_t)all->n);
  wsf__panel *p, *past;
  assert_non_null(keep);
  for (int64_t i = 0; i < all->n; ++i) keep[i] = i % 36 == 2 || i == 20;
  assert_ok(wsf__panel_select(&p, NULL, all, keep, &err), &err);
  assert_ok(wsf__panel_cut(&past, NULL, p, 44, &err), &err);
  assert_int_equal(past->n, p->n);
  free(keep);
  int64_t k = 0;
  for (;; ++k) {
    assert_true(k < 20000);
    b.left = k;
    const wsf_status status = everything(&own, past, p, &err);
    if (status == WSF_OK) break;
    if (status != WSF_E_MEMORY) fail_msg("allocation %d: %s", (int)k, err.message);
  }
  assert_true(k > 50);
  b.left = INT64_MAX;
  wsf__panel_release(past);
  wsf__panel_release(p);
  wsf__panel_release(all);
  wsf__env_free(&own);
}

int test_fit_predict(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(bounded_by_hand),
      cmocka_unit_test(what_is_held_is_told_and_wide),
      cmocka_unit_test(below_zero_is_wide),
      cmocka_unit_test(odd_series_stay_bounded),
      cmocka_unit_test(columns_of_the_forecast),
      cmocka_unit_test(fallback_and_report),
      cmocka_unit_test(update_equals_refit),
      cmocka_unit_test(update_from_new_rows_only),
      cmocka_unit_test(cancel_stops),
      cmocka_unit_test(failing_memory),
  };
  return cmocka_run_group_tests(tests, open_env, close_env);
}
