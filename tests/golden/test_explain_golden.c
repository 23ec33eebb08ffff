/* Coefficients and standard errors against R 4.2 (lm, arima): explain_golden.R prints the numbers.
 * Least squares agree to rounding. R's arima differences its likelihood twice, from where its
 * search stops and with a diffuse prior for differences: errors agree to a thousandth. */
#include "golden/classic.h"
#include "unit/engine/panels.h"

enum { MOST = 128, ROWS = 14 };

typedef struct golden {
  const char *series, *model;
  int season, n;
  double allowed;      /* relative */
  double row[ROWS][2]; /* estimate and error; in the order of the view */
} golden;

static const golden table[] = {
    {"USAccDeaths",
     "tslm(x=[five])",
     12,
     14,
     1e-7,
     {{8385.0976549, 209.59857977},
      {-11.5996982, 2.58500372},
      {11.0957937, 37.87907253},
      {-750.4162674, 259.59362773},
      {37.8341318, 259.85966122},
      {260.5845311, 260.30244618},
      {1119.3349304, 260.92108276},
      {1609.3318244, 259.8265646},
      {2476.5822236, 260.0391465},
      {1782.6659562, 260.42849255},
      {743.5830221, 260.99381169},
      {1043.1667547, 261.73396365},
      {539.1636487, 260.78920988},
      {802.414048, 261.12444558}}},
    {"USAccDeaths",
     "arima(order=[0,1,1], seasonal=[0,1,1])",
     12,
     2,
     1e-3,
     {{-0.430278483, 0.122801695}, {-0.552772007, 0.178372148}}},
    {"LakeHuron",
     "arima(order=[2,0,0], x=[five])",
     1,
     4,
     1e-3,
     {{1.0392331477, 0.0990870565},
      {-0.2428964521, 0.1022135875},
      {579.0163228726, 0.341475632},
      {0.0170764556, 0.0367850637}}},
    {"LakeHuron",
     "arima(order=[1,0,1])",
     1,
     3,
     1e-3,
     {{0.744899843, 0.07765060}, {0.320587988, 0.113529565}, {579.055455191, 0.350099109}}},
};

static wsf__panel *panel_of(wsf__env *env, const golden *g) {
  static const char *const names[] = {"one"}, *const labels[] = {"1"};
  static int32_t code[MOST];
  double y[MOST], five[MOST];
  int64_t time[MOST];
  const int64_t n = classic_series(g->series, y, MOST);
  const int32_t *codes[] = {code}, n_labels[] = {1};
  const char *const *label[] = {labels};
  const wsf__row_column column = {.name = "five", .kind = WSF__KNOWN, .value = five};
  const wsf__rows rows = {.n = n,
                          .n_keys = 1,
                          .key_name = names,
                          .key_code = codes,
                          .key_label = label,
                          .n_labels = n_labels,
                          .time_name = "t",
                          .target_name = "y",
                          .time = time,
                          .time_form = WSF__FORM_INTEGER,
                          .target = y,
                          .n_columns = 1,
                          .column = &column};
  for (int64_t t = 0; t < n; ++t) {
    time[t] = t;
    five[t] = (double)(t % 5);
  }
  const wsf__panel_rules rules = {.freq = WSF__INTEGER, .season = g->season};
  wsf__panel_counts counts;
  wsf_error err;
  wsf__panel *p = NULL;
  assert_ok(wsf__panel_build(&p, env, &rows, &rules, &counts, &err), &err);
  return p;
}

static void near(const golden *g, const char *what, double x, double expected, double allowed) {
  if (fabs(x - expected) <= allowed * fabs(expected)) return;
  fail_msg("%s of %s: %.10g, R %.10g", what, g->model, x, expected);
}

static void errors_agree_with_r(void **state) {
  (void)state;
  wsf__env env;
  wsf_error err;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  for (size_t i = 0; i < sizeof table / sizeof *table; ++i) {
    const golden *g = &table[i];
    wsf__panel *p = panel_of(&env, g);
    wsf__fitted_panel *f;
    wsf_table *t;
    assert_ok(wsf__engine_fit(&f, &env, g->model, p, "fitted=true", &err), &err);
    assert_ok(wsf__engine_describe(&t, &env, f, "coefficients", &err), &err);
    assert_int_equal(wsf_table_rows(t), g->n + 1); /* and the variance */
    for (int r = 0; r < g->n; ++r) {
      near(g, text_cell(t, "coefficient", r), f64_column(t, "estimate")[r], g->row[r][0],
           g->allowed);
      near(g, "the error", f64_column(t, "std_error")[r], g->row[r][1], g->allowed);
    }
    wsf_table_release(t);
    wsf__fitted_panel_release(f);
    wsf__panel_release(p);
  }
  wsf__env_free(&env);
}

/* ets(ANN) is ARIMA(0,1,1) with theta = alpha - 1; R's has no first level to estimate. */
static void smoothing_agrees_with_r(void **state) {
  (void)state;
  static const double nile[2] = {0.267058615, 0.11432076};
  wsf__env env;
  wsf_error err;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  const golden g = {.series = "Nile", .model = "ets(ANN)", .season = 1};
  wsf__panel *p = panel_of(&env, &g);
  wsf__fitted_panel *f;
  wsf_table *t;
  assert_ok(wsf__engine_fit(&f, &env, g.model, p, "fitted=true", &err), &err);
  assert_ok(wsf__engine_describe(&t, &env, f, "coefficients", &err), &err);
  near(&g, "alpha", f64_column(t, "estimate")[0], nile[0], 0.1);
  near(&g, "the error", f64_column(t, "std_error")[0], nile[1], 0.05);
  wsf_table_release(t);
  wsf__fitted_panel_release(f);
  wsf__panel_release(p);
  wsf__env_free(&env);
}

int test_explain_golden(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(errors_agree_with_r),
                                     cmocka_unit_test(smoothing_agrees_with_r)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
