/* Back-tests against sums done here by hand, and evaluate() against back-tests. */
#include "panels.h"

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

static void backtest(wsf_table *out[4], const char *const *models, int n, wsf__panel *p,
                     const char *options) {
  wsf_error err;
  assert_ok(wsf__engine_backtest(out, &env, models, n, p, options, &err), &err);
  for (int i = 0; i < 4; ++i) assert_non_null(out[i]);
}

static void release(wsf_table *out[4]) {
  for (int i = 0; i < 4; ++i) wsf_table_release(out[i]);
}

static double at(const wsf__panel *p, int64_t i, int64_t index) {
  return index < p->length[i] ? p->y[p->offset[i] + index] : NAN;
}

/* Sum of |e| of naive over one fold; n counts what was observed, series those that existed. */
static double naive_error(const wsf__panel *p, int64_t back, int64_t h, double *n,
                          int64_t *series) {
  double sum = 0;
  *n = 0;
  *series = 0;
  for (int64_t i = 0; i < p->n; ++i) {
    const int64_t seen = p->own_end ? p->length[i] - back : p->T - back - p->first[i];
    if (seen <= 0) continue;
    ++*series;
    double last = NAN;
    for (int64_t t = seen - 1; t >= 0 && isnan(last); --t) last = at(p, i, t);
    for (int64_t t = seen; t < seen + h; ++t) {
      if (isnan(at(p, i, t))) continue;
      sum += fabs(at(p, i, t) - last);
      ++*n;
    }
  }
  return sum;
}

/* The panel without the series of enormous numbers, which would hide all others in a sum. */
static wsf__panel *ordinary(int own_end) {
  wsf_error err;
  wsf__panel *all = retail_panel(&env, 0, PANEL_MONTHS, false, own_end), *p;
  uint8_t keep[STORES * ITEMS];
  assert_true(all->n <= STORES * ITEMS);
  for (int64_t i = 0; i < all->n; ++i) keep[i] = i != 4;
  assert_ok(wsf__panel_select(&p, NULL, all, keep, &err), &err);
  wsf__panel_release(all);
  return p;
}

static void naive_by_hand(void **state) {
  (void)state;
  for (int own_end = 0; own_end < 2; ++own_end) {
    wsf__panel *p = ordinary(own_end);
    assert_int_equal(p->own_end, own_end);
    const char *const models[] = {"naive", "average"};
    wsf_table *out[4];
    backtest(out, models, 2, p, "horizon=3, windows=2, step=2, metrics=[mae,wmae,mase]");
    double n[2];
    int64_t series[2];
    double sum[2];
    for (int k = 0; k < 2; ++k) sum[k] = naive_error(p, 3 + (1 - k) * 2, 3, &n[k], &series[k]);
    const double *fold = f64_column(out[1], "mae"), *whole = f64_column(out[0], "mae");
    for (int k = 0; k < 2; ++k) {
      assert_true(fabs(fold[k] - sum[k] / n[k]) < 1e-9);
      assert_int_equal(i64_column(out[1], "observations")[k], (int64_t)n[k]);
      assert_int_equal(i64_column(out[1], "left_out")[k], p->n - series[k]);
      assert_int_equal(i64_column(out[1], "fold")[k], k + 1);
      assert_int_equal(wsf_table_is_null(out[1], wsf_table_find(out[1], "origin"), k), own_end);
    }
    assert_true(fabs(whole[0] - (sum[0] + sum[1]) / (n[0] + n[1])) < 1e-9);
    assert_true(f64_column(out[0], "wmae")[0] == whole[0]);
    assert_int_equal(wsf_table_rows(out[0]), 2);
    assert_int_equal(wsf_table_rows(out[1]), 4);
    assert_int_equal(wsf_table_rows(out[2]), 2 * p->n);
    assert_int_equal(wsf_table_rows(out[3]), 0);
    const int64_t *best = i64_column(out[0], "best");
    assert_int_equal(best[0] + best[1], 1);
    assert_true(best[0] == (whole[0] <= whole[1]));
    const double *p_value = f64_column(out[0], "p_value");
    assert_true(isnan(p_value[best[0] ? 0 : 1]));
    assert_true(p_value[best[0] ? 1 : 0] >= 0 && p_value[best[0] ? 1 : 0] <= 1);
    release(out);
    wsf__panel_release(p);
  }
}

/* Series that are not there before an origin are left out of it and counted. */
static void late_series_are_left_out(void **state) {
  (void)state;
  wsf__panel *p = ordinary(0);
  const char *const models[] = {"snaive"};
  wsf_table *out[4];
  backtest(out, models, 1, p, "horizon=6, metrics=[mae], forecasts=true");
  /* 0/fish starts in month 44, one of 48 */
  assert_int_equal(i64_column(out[1], "left_out")[0], 1);
  assert_int_equal(wsf_table_rows(out[3]), (p->n - 1) * 6);
  assert_int_equal(i64_column(out[3], "step")[5], 6);
  const double *actual = f64_column(out[3], "actual");
  assert_true(actual[0] == 7);
  char month[32];
  wsf_table_format(out[3], wsf_table_find(out[3], "month"), 0, month, sizeof month);
  assert_string_equal(month, "2011-07-01");
  wsf_table_format(out[1], wsf_table_find(out[1], "origin"), 0, month, sizeof month);
  assert_string_equal(month, "2011-06-01");
  assert_int_equal(wsf_table_columns(out[3]), 8); /* no interval was asked for */
  release(out);

  backtest(out, models, 1, p, "horizon=6, metrics=[mae,coverage,sql], min_obs=10, forecasts=true");
  assert_int_equal(i64_column(out[1], "left_out")[0], 0);
  assert_true(i64_column(out[0], "series")[0] < p->n - 1);
  assert_int_equal(wsf_table_columns(out[3]), 8 + 4 + 9);
  const double coverage = f64_column(out[0], "coverage")[0];
  assert_true(coverage > 0.5 && coverage <= 1);
  release(out);
  wsf__panel_release(p);
}

static void same_for_any_threads(void **state) {
  (void)state;
  const char *const models[] = {"naive", "mean(snaive, drift)", "best(naive, average)"};
  wsf__env five;
  wsf_error err;
  assert_true(wsf__env_init(&five, &wsf__alloc_libc));
  five.threads = 5;
  wsf__panel *p = ordinary(1), *q = retail_panel(&five, 0, PANEL_MONTHS, true, 1), *r;
  uint8_t keep[STORES * ITEMS];
  for (int64_t i = 0; i < q->n; ++i) keep[i] = i != 4;
  assert_ok(wsf__panel_select(&r, NULL, q, keep, &err), &err);
  wsf_table *a[4], *b[4];
  const char *options = "horizon=4, windows=3, forecasts=true, metrics=[mase,sql,winkler]";
  backtest(a, models, 3, p, options);
  assert_ok(wsf__engine_backtest(b, &five, models, 3, r, options, &err), &err);
  for (int i = 0; i < 4; ++i) assert_same_table(a[i], b[i]);
  release(a);
  release(b);
  wsf__panel_release(p);
  wsf__panel_release(q);
  wsf__panel_release(r);
  wsf__env_free(&five);
}

static void evaluate_agrees(void **state) {
  (void)state;
  wsf_error err;
  wsf__panel *p = ordinary(0), *past;
  const char *const models[] = {"mean(snaive, drift)"};
  const char *metrics = "metrics=[wmae,mae,rmse,mape,smape,mase,rmsse,wape,bias,pinball,sql,"
                        "coverage,winkler]";
  char options[256];
  wsf_table *out[4], *t, *e;
  (void)snprintf(options, sizeof options, "horizon=6, %s", metrics);
  backtest(out, models, 1, p, options);
  assert_ok(wsf__panel_cut(&past, NULL, p, p->T - 7, &err), &err);
  t = forecast(&env, models[0], past,
               "horizon=6, levels=[80,95], quantiles=[.1,.2,.3,.4,.5,.6,.7,.8,.9]");
  assert_ok(wsf__engine_evaluate(&e, &env, t, past, p, metrics, &err), &err);
  assert_int_equal(wsf_table_rows(e), 13);
  for (int64_t m = 0; m < 13; ++m) {
    const double *wanted = f64_column(out[0], text_cell(e, "metric", m));
    const double value = f64_column(e, "value")[m];
    if (fabs(value - *wanted) > 1e-12 * fabs(*wanted)) {
      fail_msg("%s: %.17g, expected %.17g", text_cell(e, "metric", m), value, *wanted);
    }
  }
  wsf_table_release(e);
  assert_int_equal(wsf__engine_evaluate(&e, &env, out[0], past, p, metrics, &err), WSF_E_DATA);
  assert_null(e);
  release(out);
  wsf_table_release(t);
  wsf__panel_release(past);
  wsf__panel_release(p);
}

static void mistakes_are_said(void **state) {
  (void)state;
  wsf_error err;
  wsf__panel *p = ordinary(0);
  const char *const models[] = {"naive"}, *const bad[] = {"naive", "naivv"};
  wsf_table *out[4];
  assert_int_equal(wsf__engine_backtest(out, &env, models, 1, p, "horizon=3, metrics=[wap]", &err),
                   WSF_E_NAME);
  assert_string_equal(err.message, "there is no metric 'wap'; did you mean 'wape'?");
  assert_string_equal(err.field, "metrics");
  assert_int_equal(wsf__engine_backtest(out, &env, bad, 2, p, "horizon=3", &err), WSF_E_NAME);
  assert_int_equal(wsf__engine_backtest(out, &env, models, 1, p, "horizon=48", &err), WSF_E_DATA);
  assert_int_equal(wsf__engine_backtest(out, &env, models, 1, p, "horizon=3, min_obs=99", &err),
                   WSF_E_DATA);
  for (int i = 0; i < 4; ++i) assert_null(out[i]);
  wsf__panel_release(p);
}

/* log(naive) has nothing to fit where every series has a zero. */
static void a_model_that_fails_leaves_the_others(void **state) {
  (void)state;
  wsf_error err;
  wsf__panel *p = ordinary(0);
  double *y = (double *)(uintptr_t)p->y;
  for (int64_t i = 0; i < p->n; ++i) y[p->offset[i]] = 0;
  const char *const models[] = {"naive", "log(naive)", "average"}, *const others[] = {"naive",
                                                                                      "average"};
  const char *const options = "horizon=3, windows=2, metrics=[mae], forecasts=true";
  wsf_table *out[4], *without[4];
  backtest(out, models, 3, p, options);
  backtest(without, others, 2, p, options);
  const int64_t failed = wsf_table_find(out[0], "failed");
  assert_true(wsf_table_is_null(out[0], failed, 0) && wsf_table_is_null(out[0], failed, 2));
  assert_non_null(strstr(wsf_table_text(out[0], failed, 1, NULL), "needs positive values"));
  assert_true(isnan(f64_column(out[0], "mae")[1]));
  assert_int_equal(i64_column(out[0], "folds")[1], 0);
  for (int i = 0; i < 2; ++i) {
    assert_true(f64_column(out[0], "mae")[2 * i] == f64_column(without[0], "mae")[i]);
    assert_int_equal(i64_column(out[0], "best")[2 * i], i64_column(without[0], "best")[i]);
  }
  assert_int_equal(wsf_table_rows(out[3]), wsf_table_rows(without[3]));
  release(out);
  release(without);
  const char *const none[] = {"log(naive)", "log(average)"};
  for (int n = 1; n <= 2; ++n) {
    assert_int_equal(wsf__engine_backtest(out, &env, none, n, p, options, &err), WSF_E_FIT);
    assert_int_equal(wsf__engine_backtest(out, &env, none, n, p, options, NULL), WSF_E_FIT);
    assert_non_null(strstr(err.message, "needs positive values"));
    for (int i = 0; i < 4; ++i) assert_null(out[i]);
  }
  wsf__panel_release(p);
}

int test_backtest(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(naive_by_hand),
      cmocka_unit_test(late_series_are_left_out),
      cmocka_unit_test(same_for_any_threads),
      cmocka_unit_test(evaluate_agrees),
      cmocka_unit_test(mistakes_are_said),
      cmocka_unit_test(a_model_that_fails_leaves_the_others),
  };
  return cmocka_run_group_tests(tests, open_env, close_env);
}
