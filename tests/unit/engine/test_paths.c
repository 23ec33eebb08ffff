/* Sample paths: their marginals are the quantiles, for every model; sums over steps have the
 * intervals that the closed forms say; nothing depends on threads, on the series asked for or on
 * how far ahead. */
#include "models/model.h"
#include "panels.h"

enum { N = 200 };

static const double *path_cells(const wsf_table *t, int k) {
  char name[32];
  (void)snprintf(name, sizeof name, "path-%d", k + 1);
  return f64_column(t, name);
}

static int compare(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* The class' word with calls inside if it takes them. */
static void expression_of(const wsf__spec *spec, char *out, size_t capacity) {
  const char *inside = "";
  for (int i = 0; i < spec->n_options; ++i) {
    if (spec->options[i].kind == WSF__CALL) inside = "(theta)";
    if (spec->options[i].kind == WSF__CALLS) inside = "(theta, snaive)";
  }
  (void)snprintf(out, capacity, "%s%s", spec->name, inside);
}

/* Between the predicted quantiles one path to either side. */
static void check_marginals(const wsf_table *t, const char *model) {
  static const double level[] = {0.1, 0.5, 0.9};
  for (int64_t row = 0; row < wsf_table_rows(t); ++row) {
    double sorted[N];
    for (int k = 0; k < N; ++k) sorted[k] = path_cells(t, k)[row];
    qsort(sorted, N, sizeof *sorted, compare);
    for (int l = 0; l < 3; ++l) {
      char lower[16], upper[16];
      (void)snprintf(lower, sizeof lower, "q-%g", level[l] - 1.0 / N);
      (void)snprintf(upper, sizeof upper, "q-%g", level[l] + 1.0 / N);
      const double x = sorted[(int)(level[l] * N)];
      if (!(f64_column(t, lower)[row] <= x && x <= f64_column(t, upper)[row])) {
        fail_msg("%s, row %d, level %g: %.17g outside of %.17g .. %.17g", model, (int)row, level[l],
                 x, f64_column(t, lower)[row], f64_column(t, upper)[row]);
      }
    }
  }
}

static void marginals_are_the_quantiles(void **state) {
  (void)state;
  wsf__env env;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  wsf__panel *p = retail_panel(&env, 0, PANEL_MONTHS, false, 0);
  uint8_t keep[STORES * ITEMS] = {0};
  wsf__panel *some;
  wsf_error err;
  for (int i = 0; i < 8; ++i) keep[i < 6 ? i : 20 * i] = 1; /* the odd ones, and two */
  assert_ok(wsf__panel_select(&some, p, keep, &err), &err);
  for (int i = 0; i < wsf__n_model_classes; ++i) {
    char model[64];
    expression_of(&wsf__model_classes[i]->spec, model, sizeof model);
    wsf_table *t = forecast(
        &env, model, some, "horizon=3, paths=200, quantiles=[0.095,0.105,0.495,0.505,0.895,0.905]");
    check_marginals(t, model);
    wsf_table_release(t);
  }
  wsf__panel_release(some);
  wsf__panel_release(p);
  wsf__env_free(&env);
}

static void same_paths(void **state) {
  (void)state;
  static const char *const model =
      "mean(lowrank(log(theta), rank=3), conformal(drift), difference(naive))";
  wsf_table *all[2], *some, *plain;
  wsf_error err;
  for (int threads = 1; threads <= 3; threads += 2) {
    wsf__env env;
    assert_true(wsf__env_init(&env, &wsf__alloc_libc));
    env.threads = threads;
    wsf__panel *p = retail_panel(&env, 0, PANEL_MONTHS, threads == 3, 0);
    wsf__fitted_panel *f;
    assert_ok(wsf__engine_fit(&f, &env, model, p, NULL, &err), &err);
    assert_ok(wsf__engine_predict(&all[threads == 3], &env, f, NULL,
                                  "horizon=4, levels=[80], paths=9", &err),
              &err);
    if (threads == 3) {
      assert_ok(wsf__engine_predict(&some, &env, f, NULL, "horizon=9, paths=9, series=[\"5,kale\"]",
                                    &err),
                &err);
      assert_ok(wsf__engine_predict(&plain, &env, f, NULL, "horizon=4, levels=[80]", &err), &err);
    }
    wsf__fitted_panel_release(f);
    wsf__panel_release(p);
    wsf__env_free(&env);
  }
  assert_same_table(all[0], all[1]);
  const int64_t row = (4 * ITEMS + 10) * 4;
  for (int k = 0; k < 9; ++k) {
    assert_memory_equal(path_cells(some, k), path_cells(all[0], k) + row, 4 * sizeof(double));
  }
  static const char *const columns[] = {"forecast", "lo-80", "hi-80"};
  for (int c = 0; c < 3; ++c) {
    assert_memory_equal(f64_column(plain, columns[c]), f64_column(all[0], columns[c]),
                        (size_t)wsf_table_rows(plain) * sizeof(double));
  }
  for (int i = 0; i < 2; ++i) wsf_table_release(all[i]);
  wsf_table_release(some);
  wsf_table_release(plain);
}

enum { LONG = 400, LEAD = 12, MANY = 10000 };

/* One series of whole-number times. */
static wsf__panel *one_series(wsf__env *env, const double *y) {
  int64_t time[LONG];
  for (int t = 0; t < LONG; ++t) time[t] = t;
  const wsf__rows rows = {.n = LONG,
                          .time_name = "t",
                          .target_name = "y",
                          .time = time,
                          .time_form = WSF__FORM_INTEGER,
                          .target = y};
  const wsf__panel_rules rules = {.freq = WSF__INTEGER};
  wsf__panel_counts counts;
  wsf_error err;
  wsf__panel *p;
  assert_ok(wsf__panel_build(&p, env, &rows, &rules, &counts, &err), &err);
  return p;
}

/* The interval of the sum of LEAD steps, in standard deviations of a step's error as the interval
 * of step 1 tells them, is as wide as `sd` says: within five standard errors of an empirical 90 %
 * quantile. */
static void sum_is(wsf__env *env, wsf__panel *p, const char *model, double sd) {
  static const double z90 = 1.2815515655446004, density = 0.1754983319324868;
  wsf__fitted_panel *f;
  wsf_table *each, *sum;
  wsf_error err;
  assert_ok(wsf__engine_fit(&f, env, model, p, NULL, &err), &err);
  assert_ok(wsf__engine_predict(&each, env, f, NULL, "horizon=12, levels=[80]", &err), &err);
  assert_ok(wsf__engine_predict(&sum, env, f, NULL,
                                "horizon=12, levels=[80], paths=10000, cumulative=true", &err),
            &err);
  double total = 0;
  for (int i = 0; i < LEAD; ++i) {
    total += f64_column(each, "forecast")[i];
    assert_true(fabs(f64_column(sum, "forecast")[i] - total) <= 1e-9 * fabs(total));
  }
  const double sigma = (f64_column(each, "hi-80")[0] - f64_column(each, "forecast")[0]) / z90;
  const double error = 5 * sqrt(0.09 / MANY) / density;
  const double up = (f64_column(sum, "hi-80")[LEAD - 1] - total) / (sigma * sd);
  const double down = (total - f64_column(sum, "lo-80")[LEAD - 1]) / (sigma * sd);
  if (fabs(up - z90) > error || fabs(down - z90) > error) {
    fail_msg("%s: %g and %g, expected %g", model, down, up, z90);
  }
  double above = 0;
  for (int k = 0; k < MANY; ++k)
    above += path_cells(sum, k)[LEAD - 1] > f64_column(sum, "hi-80")[LEAD - 1];
  assert_true(fabs(above / MANY - 0.1) < 0.001);
  wsf_table_release(each);
  wsf_table_release(sum);
  wsf__fitted_panel_release(f);
}

/* sd of a sum of LEAD steps of an error that moves later steps by psi, in sd of an error. */
static double sum_of(double psi(int lag)) {
  double variance = 0;
  for (int k = 0; k < LEAD; ++k) {
    double moves = 0;
    for (int j = 0; j < LEAD - k; ++j) moves += psi(j);
    variance += moves * moves;
  }
  return sqrt(variance);
}

static double all(int lag) {
  (void)lag;
  return 1;
}
static double every_fourth(int lag) {
  return lag % 4 == 0;
}
static double half_forever(int lag) {
  return lag == 0 ? 1 : 0.5;
}
static double fading(int lag) {
  return pow(0.6, lag);
}

static void sums_have_the_closed_forms(void **state) {
  (void)state;
  wsf__env env;
  double walk[LONG], noise_only[LONG], fades[LONG];
  wsf__rng r;
  wsf__rng_init(&r, 7, 1);
  for (int t = 0; t < LONG; ++t) {
    noise_only[t] = 100 + wsf__rng_normal(&r);
    walk[t] = (t > 0 ? walk[t - 1] : 100) + noise_only[t] - 100;
    fades[t] = 100 + (t > 0 ? 0.6 * (fades[t - 1] - 100) : 0) + noise_only[t] - 100;
  }
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  wsf__panel *p = one_series(&env, walk), *q = one_series(&env, noise_only),
             *fade = one_series(&env, fades);
  sum_is(&env, p, "naive", sum_of(all));
  sum_is(&env, p, "clamp(naive, lo=-1000)", sum_of(all));
  sum_is(&env, p, "mean(naive, naive)", sum_of(all));
  sum_is(&env, p, "arima(order=[0,1,0], intervals=model)", sum_of(all));
  sum_is(&env, p, "snaive(season=4)", sum_of(every_fourth));
  sum_is(&env, p, "window(3)", sum_of(half_forever));
  sum_is(&env, p, "ets(ANN, alpha=0.5, intervals=model)", sum_of(half_forever));
  /* sums of 12 of n + 12: the steps share the error of the mean, and each is sqrt(1 + 1/n) wide */
  sum_is(&env, q, "average", sqrt((LEAD + (double)LEAD * LEAD / LONG) / (1 + 1.0 / LONG)));
  /* phi is estimated: about 0.6 */
  sum_is(&env, fade, "arima(order=[1,0,0], intervals=model)", sum_of(fading));
  wsf__panel_release(p);
  wsf__panel_release(q);
  wsf__panel_release(fade);
  wsf__env_free(&env);
}

static void contract_and_bounds(void **state) {
  (void)state;
  wsf__env env;
  wsf_error err;
  wsf__fitted_panel *f;
  wsf_table *t;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  wsf__panel *p = retail_panel(&env, 0, PANEL_MONTHS, false, 0);
  assert_ok(wsf__engine_fit(&f, &env, "mean(naive, drift)", p, NULL, &err), &err);
  for (int cumulative = 0; cumulative < 2; ++cumulative) {
    assert_ok(wsf__engine_predict(&t, &env, f, NULL,
                                  cumulative
                                      ? "horizon=30, paths=5, nonnegative=true, levels=[80], "
                                        "cumulative=true"
                                      : "horizon=30, paths=5, nonnegative=true",
                                  &err),
              &err);
    for (int k = 0; k < 5; ++k) {
      for (int64_t row = 0; row < wsf_table_rows(t); ++row) {
        const double x = path_cells(t, k)[row];
        assert_true(isfinite(x) && x >= 0);
        if (cumulative && row % 30 > 0) assert_true(x >= path_cells(t, k)[row - 1]);
      }
    }
    for (int64_t row = 0; cumulative && row < wsf_table_rows(t); ++row) {
      assert_true(f64_column(t, "lo-80")[row] <= f64_column(t, "forecast")[row]);
      assert_true(f64_column(t, "forecast")[row] <= f64_column(t, "hi-80")[row]);
    }
    wsf_table_release(t);
  }
  /* paths for the intervals of sums are made, not given */
  assert_ok(wsf__engine_predict(&t, &env, f, NULL, "horizon=2, levels=[80], cumulative=true", &err),
            &err);
  assert_int_equal(wsf_table_find(t, "path-1"), -1);
  wsf_table_release(t);
  assert_int_equal(wsf__engine_predict(&t, &env, f, NULL, "horizon=1, paths=10001", &err),
                   WSF_E_VALUE);
  assert_int_equal(wsf__engine_predict(&t, &env, f, NULL, "horizon=100000, paths=10000", &err),
                   WSF_E_VALUE);
  assert_string_equal(err.field, "paths");
  assert_string_equal(err.message, "10000 paths of 100000 steps for 144 series are 144000000000 "
                                   "numbers, expected at most 268435456");
  wsf__fitted_panel_release(f);
  wsf__panel_release(p);
  wsf__env_free(&env);
}

int test_paths(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(marginals_are_the_quantiles), cmocka_unit_test(same_paths),
      cmocka_unit_test(sums_have_the_closed_forms), cmocka_unit_test(contract_and_bounds)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
