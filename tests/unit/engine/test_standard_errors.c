/* Standard errors of smoothing parameters and variances, where the truth is known. */
#include "panels.h"

enum { MANY = 300, LONG = 120 };

typedef double next_fn(wsf__rng *r, double *state, double unit);

/* ets(ANN) with alpha 0.3. */
static double smoothed(wsf__rng *r, double *state, double unit) {
  const double e = wsf__rng_normal(r), y = state[0] + e;
  state[0] += 0.3 * e;
  return unit * (100 + y);
}

/* A level of variance 1 under an irregular of variance 2. */
static double walk(wsf__rng *r, double *state, double unit) {
  state[0] += wsf__rng_normal(r);
  return unit * (100 + state[0] + 1.4142135623730951 * wsf__rng_normal(r));
}

static wsf__panel *simulated(wsf__env *env, next_fn *next, double unit) {
  static const char *const names[] = {"shop"};
  static char text[MANY][8];
  static const char *labels[MANY];
  static int32_t code[MANY * LONG];
  static int64_t time[MANY * LONG];
  static double y[MANY * LONG];
  const int32_t *codes[] = {code}, n_labels[] = {MANY};
  const char *const *label[] = {labels};
  for (int i = 0; i < MANY; ++i) {
    wsf__rng r;
    double state[2] = {0};
    wsf__rng_init(&r, 7, (uint64_t)i);
    (void)snprintf(text[i], sizeof text[i], "%03d", i);
    labels[i] = text[i];
    for (int t = 0; t < LONG; ++t) {
      code[i * LONG + t] = i;
      time[i * LONG + t] = t;
      y[i * LONG + t] = next(&r, state, unit);
    }
  }
  const wsf__rows rows = {.n = MANY * LONG,
                          .n_keys = 1,
                          .key_name = names,
                          .key_code = codes,
                          .key_label = label,
                          .n_labels = n_labels,
                          .time_name = "t",
                          .target_name = "y",
                          .time = time,
                          .time_form = WSF__FORM_INTEGER,
                          .target = y};
  const wsf__panel_rules rules = {.freq = WSF__INTEGER, .season = 1};
  wsf__panel_counts counts;
  wsf_error err;
  wsf__panel *p = NULL;
  assert_ok(wsf__panel_build(&p, env, &rows, &rules, &counts, &err), &err);
  return p;
}

/* The coefficients of a model fitted with fitted=true. */
static wsf_table *estimated(wsf__env *env, wsf__panel *p, const char *model, const char *options) {
  wsf__fitted_panel *f;
  wsf_table *t;
  wsf_error err;
  assert_ok(wsf__engine_fit(&f, env, model, p, options, &err), &err);
  assert_ok(wsf__engine_describe(&t, env, f, "coefficients", &err), &err);
  wsf__fitted_panel_release(f);
  return t;
}

/* How often the interval of 95 % holds what is true; most series must have an error. */
static void covers(const wsf_table *t, const char *name, double truth) {
  int known = 0, held = 0;
  for (int64_t r = 0; r < wsf_table_rows(t); ++r) {
    if (strcmp(text_cell(t, "coefficient", r), name) != 0) continue;
    const double estimate = f64_column(t, "estimate")[r], error = f64_column(t, "std_error")[r];
    known += !isnan(error);
    held += fabs(estimate - truth) <= 1.96 * error;
  }
  const double share = (double)held / known;
  if (known < 0.9 * MANY || share < 0.85 || share > 0.99) {
    fail_msg("%s: %d errors, %.1f %% of their intervals hold %g", name, known, 100 * share, truth);
  }
}

static void intervals_hold_the_truth(void **state) {
  (void)state;
  wsf__env env;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  wsf__panel *p = simulated(&env, smoothed, 1);
  static const char *const smoothers[] = {"ets(ANN)", "ets(ANN, search=newton)", "theta"};
  for (size_t i = 0; i < sizeof smoothers / sizeof *smoothers; ++i) {
    wsf_table *t = estimated(&env, p, smoothers[i], "fitted=true");
    covers(t, "alpha", 0.3);
    wsf_table_release(t);
  }
  wsf__panel_release(p);
  p = simulated(&env, walk, 1);
  wsf_table *t = estimated(&env, p, "ucm(model=level)", "fitted=true");
  covers(t, "sigma2.level", 1);
  covers(t, "sigma2.irregular", 2);
  wsf_table_release(t);
  wsf__panel_release(p);
  wsf__env_free(&env);
}

/* In other units alpha's error is the same and a variance's is in theirs; without fitted=true there
 * is none. */
static void errors_have_the_units_of_estimates(void **state) {
  (void)state;
  static const struct {
    const char *model, *name;
    double power;
  } all[] = {{"ets(ANN, search=newton)", "alpha", 0},
             {"ets(AAdN, search=newton)", "beta", 0},
             {"theta(method=otm)", "theta", 0},
             {"ucm(model=level)", "sigma2.level", 2}};
  wsf__env env;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  for (size_t i = 0; i < sizeof all / sizeof *all; ++i) {
    wsf__panel *p = simulated(&env, walk, 1), *large = simulated(&env, walk, 1024);
    wsf_table *a = estimated(&env, p, all[i].model, "fitted=true");
    wsf_table *b = estimated(&env, large, all[i].model, "fitted=true");
    wsf_table *plain = estimated(&env, p, all[i].model, NULL);
    const double unit = pow(1024, all[i].power);
    int known = 0;
    for (int64_t r = 0; r < wsf_table_rows(a); ++r) {
      if (strcmp(text_cell(a, "coefficient", r), all[i].name) != 0) continue;
      const double x = f64_column(a, "std_error")[r] * unit, y = f64_column(b, "std_error")[r];
      assert_true(isnan(f64_column(plain, "std_error")[r]));
      assert_true(isnan(x) == isnan(y));
      if (!isnan(x) && !(fabs(x - y) <= 1e-4 * y)) fail_msg("%s: %g, %g", all[i].model, x, y);
      known += !isnan(x);
    }
    if (known < MANY / 20) fail_msg("%s: %d errors", all[i].model, known);
    wsf_table_release(a);
    wsf_table_release(b);
    wsf_table_release(plain);
    wsf__panel_release(p);
    wsf__panel_release(large);
  }
  wsf__env_free(&env);
}

/* What is given has none, and leaves the others theirs. */
static void given_parameters_have_none(void **state) {
  (void)state;
  static const struct {
    const char *model, *given, *estimated;
  } all[] = {{"ets(AAN, alpha=0.3)", "alpha", "beta"},
             {"ets(AAN, beta=0.1)", "beta", "alpha"},
             {"theta", "theta", "alpha"}};
  wsf__env env;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  wsf__panel *p = simulated(&env, walk, 1);
  for (size_t i = 0; i < sizeof all / sizeof *all; ++i) {
    wsf_table *t = estimated(&env, p, all[i].model, "fitted=true");
    int known = 0;
    for (int64_t r = 0; r < wsf_table_rows(t); ++r) {
      const double error = f64_column(t, "std_error")[r];
      if (strcmp(text_cell(t, "coefficient", r), all[i].given) == 0) assert_true(isnan(error));
      if (strcmp(text_cell(t, "coefficient", r), all[i].estimated) == 0) known += !isnan(error);
    }
    if (known < MANY / 20) fail_msg("%s: %d errors", all[i].model, known);
    wsf_table_release(t);
  }
  wsf__panel_release(p);
  wsf__env_free(&env);
}

/* Without season, slope and power tbats is ets(ANN). */
static void tbats_has_those_of_ets(void **state) {
  (void)state;
  wsf__env env;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  wsf__panel *p = simulated(&env, smoothed, 1);
  wsf_table *a = estimated(&env, p, "ets(ANN, search=newton)", "fitted=true");
  wsf_table *b = estimated(&env, p, "tbats(boxcox=false, trend=false, arma=false)", "fitted=true");
  assert_int_equal(wsf_table_rows(a), 3 * MANY); /* alpha, level, sigma2 */
  assert_int_equal(wsf_table_rows(b), MANY);
  int known = 0;
  for (int i = 0; i < MANY; ++i) {
    const double x = f64_column(a, "std_error")[3 * i], y = f64_column(b, "std_error")[i];
    const double beside = f64_column(a, "estimate")[3 * i] - f64_column(b, "estimate")[i];
    if (isnan(x) || isnan(y) || fabs(beside) > 1e-3) continue;
    if (!(fabs(x - y) <= 0.02 * x)) fail_msg("series %d: %g, ets %g", i, y, x);
    ++known;
  }
  if (known < 0.9 * MANY) fail_msg("%d errors", known);
  wsf_table_release(a);
  wsf_table_release(b);
  wsf__panel_release(p);
  wsf__env_free(&env);
}

int test_standard_errors(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(intervals_hold_the_truth),
      cmocka_unit_test(errors_have_the_units_of_estimates),
      cmocka_unit_test(given_parameters_have_none),
      cmocka_unit_test(tbats_has_those_of_ets),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
