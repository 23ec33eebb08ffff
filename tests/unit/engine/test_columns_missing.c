/* A column without a value, in the history or the future of one series: that series gets a reason
 * and a simpler forecast, all others the forecasts that they would have had, whatever stands around
 * the model that regresses on it. The wrappers are those of the registry. */
#include "panels.h"

#include "engine/drive.h"
#include "models/scope.h"

enum { SHOPS = 3, PAST = 44, AHEAD = 8, H = 6, ROOM = SHOPS * (PAST + AHEAD), B = 1 };

typedef enum gap {
  NONE,
  ONE_PRICE,   /* near the end of b's history */
  ONE_ROW,     /* neither price nor sales there */
  ALL_PRICES,  /* of b's history */
  NEXT_PRICES, /* b's future is known for two months */
  N_GAPS,
  MANY_PRICES /* of every third month of b's history */
} gap;

static double price_of(int shop, int t) {
  return 3 + noise(shop, 5, t) + shop;
}

static bool has_price(gap g, int t) {
  if (g == ONE_PRICE || g == ONE_ROW) return t != PAST - 3;
  if (g == ALL_PRICES) return t >= PAST;
  if (g == MANY_PRICES) return t % 3 != 0 || t >= PAST;
  return g != NEXT_PRICES || t < PAST + 2;
}

static int32_t kind_of_price = WSF__KNOWN; /* 0: there is no such column */

/* Of `missing` shops (a bit each) the prices have the gap. */
static wsf__panel *shops(wsf__env *env, gap g, int missing, int past) {
  static const char *const names[] = {"shop"}, *const labels[] = {"a", "b", "c"};
  static int32_t code[ROOM];
  static int64_t time[ROOM];
  static double y[ROOM], price[ROOM];
  const int32_t *codes[] = {code};
  const char *const *label[] = {labels};
  const int32_t n_labels[] = {SHOPS};
  const wsf__row_column column = {.name = "price", .kind = kind_of_price, .value = price};
  wsf__rows rows = {.n_keys = 1,
                    .key_name = names,
                    .key_code = codes,
                    .key_label = label,
                    .n_labels = n_labels,
                    .time_name = "month",
                    .target_name = "sales",
                    .time = time,
                    .target = y,
                    .n_columns = kind_of_price != 0,
                    .column = &column};
  for (int s = 0; s < SHOPS; ++s) {
    for (int t = 0; t < PAST + AHEAD; ++t) {
      char text[32];
      wsf__time at;
      (void)snprintf(text, sizeof text, "%04d-%02d-01", 2010 + t / 12, 1 + t % 12);
      assert_true(wsf__time_parse(text, strlen(text), &at));
      const bool whole = !(missing >> s & 1) || has_price(g, t);
      if (!whole && g == ONE_ROW) continue;
      if (t >= past && kind_of_price != WSF__KNOWN) continue;
      const int64_t r = rows.n++;
      code[r] = s;
      time[r] = at.value;
      rows.time_form = at.form;
      price[r] = whole ? price_of(s, t) : NAN;
      y[r] = t < past ? 100 + 10 * price_of(s, t) + 5 * sin(0.5235987755982988 * t) : NAN;
    }
  }
  const wsf__panel_rules rules = {.freq = WSF__MONTH};
  wsf__panel_counts counts;
  wsf_error err;
  wsf__panel *p = NULL;
  assert_ok(wsf__panel_build(&p, env, &rows, &rules, &counts, &err), &err);
  return p;
}

static wsf__env env;

static int start(void **state) {
  (void)state;
  return wsf__env_init(&env, &wsf__alloc_libc) ? 0 : -1;
}

static int end(void **state) {
  (void)state;
  wsf__env_free(&env);
  return 0;
}

static const char *const regressions[] = {"tslm(season=1, x=[price])",
                                          "arima(order=[1,0,0], season=1, x=[price])",
                                          "ets(ANN, x=[price])"};

typedef void each_fn(const char *text);

/* Every wrapper of the registry around every model that takes columns, and some nests. */
static void for_each_model(each_fn *each) {
  static const char *const more[] = {
      "mean(naive, log(tslm(season=1, x=[price])))",
      "log(mean(tslm(season=1, x=[price]), drift))",
      "best(fallback(tslm(season=1, x=[price]), snaive), naive, windows=3)",
      "weighted(median(naive, drift, ets(ANN, x=[price])), clamp(naive, lo=0))",
      "conformal(best(tslm(season=1, x=[price]), naive), windows=3)",
      "empirical(best(tslm(season=1, x=[price]), naive), windows=3)",
      "rebase(difference(tslm(season=1, trend=false, x=[price])), window=6)",
      "product(naive, tslm(season=1, x=[price]))",
  };
  char text[256];
  for (size_t m = 0; m < sizeof more / sizeof *more; ++m) each(more[m]);
  for (size_t m = 0; m < 3; ++m) {
    each(regressions[m]);
    for (int c = 0; c < wsf__n_model_classes; ++c) {
      const wsf__spec *spec = &wsf__model_classes[c]->spec;
      for (int o = 0; o < spec->n_options; ++o) {
        const wsf__option *option = &spec->options[o];
        const bool one = option->kind == WSF__CALL, many = option->kind == WSF__CALLS;
        if ((!one && !many) || strcmp(option->words, "model") != 0) continue;
        (void)snprintf(text, sizeof text, "%s(%s%s)", spec->name, regressions[m],
                       many ? ", naive" : "");
        each(text);
      }
    }
  }
}

static wsf__fitted_panel *fit(const char *text, wsf__panel *p) {
  wsf__fitted_panel *f = NULL;
  wsf_error err = {0};
  if (wsf__engine_fit(&f, &env, text, p, NULL, &err) != WSF_OK)
    fail_msg("%s: %s", text, err.message);
  return f;
}

static wsf_table *predict(const char *text, const wsf__fitted_panel *f) {
  wsf_table *t = NULL;
  wsf_error err = {0};
  if (wsf__engine_predict(&t, &env, f, NULL, "horizon=6, levels=[80], reasons=true", &err) !=
      WSF_OK) {
    fail_msg("%s: %s", text, err.message);
  }
  return t;
}

static void assert_finite(const char *text, const wsf_table *t) {
  static const char *const names[] = {"forecast", "lo-80", "hi-80"};
  for (int c = 0; c < 3; ++c) {
    const double *x = f64_column(t, names[c]);
    for (int r = 0; r < SHOPS * H; ++r) {
      if (!isfinite(x[r])) fail_msg("%s: %s of row %d is %g", text, names[c], r, x[r]);
    }
  }
}

static void assert_same_rows(const char *text, const wsf_table *a, const wsf_table *b, int shop) {
  static const char *const names[] = {"forecast", "lo-80", "hi-80"};
  for (int c = 0; c < 3; ++c) {
    const double *x = f64_column(a, names[c]), *y = f64_column(b, names[c]);
    for (int r = shop * H; r < (shop + 1) * H; ++r) {
      if (memcmp(&x[r], &y[r], sizeof *x) != 0)
        fail_msg("%s: %s of row %d is %.17g, not %.17g", text, names[c], r, x[r], y[r]);
    }
  }
}

static bool pools(const wsf__fitted_panel *f) {
  wsf__scope scope;
  return wsf__scope_of(&scope, f->node, f->frame, NULL) != WSF_OK || scope.of != WSF__ALONE;
}

static void one_gap(const char *text, gap g, wsf_table *whole, wsf_table *simple) {
  wsf__panel *p = shops(&env, g, 1 << B, PAST);
  wsf__fitted_panel *f = fit(text, p);
  wsf_table *t = predict(text, f);
  assert_finite(text, t);
  for (int s = 0; s < SHOPS; ++s) {
    if (s != B && !pools(f)) assert_same_rows(text, t, whole, s);
    if (s != B)
      assert_string_equal(text_cell(t, "reason", s * H), text_cell(whole, "reason", s * H));
  }
  const char *reason = text_cell(t, "reason", B * H);
  const bool told = g == ONE_PRICE && strcmp(reason, "gaps") == 0;
  if (!told && (g == ONE_PRICE || g == ONE_ROW))
    assert_string_equal(reason, text_cell(whole, "reason", B * H));
  else if (strcmp(reason, "missing_regressor") == 0)
    assert_same_rows(text, t, simple, B);
  else if (!told && strcmp(reason, "replaced") != 0 && !strstr(text, "best") &&
           !strstr(text, "auto"))
    fail_msg("%s, gap %d: %s", text, (int)g, reason);
  /* the same after saving and loading */
  wsf__writer w;
  wsf_error err;
  wsf__fitted_panel *loaded = NULL;
  wsf__writer_init(&w, &env.alloc);
  assert_ok(wsf__engine_save(&w, f, &err), &err);
  assert_ok(wsf__engine_load(&loaded, &env, w.data, w.length, &err), &err);
  wsf_table *again = predict(text, loaded);
  assert_same_table(t, again);
  wsf_table_release(again);
  wsf__fitted_panel_release(loaded);
  wsf__writer_free(&w);
  wsf_table_release(t);
  wsf__fitted_panel_release(f);
  wsf__panel_release(p);
}

static void gaps_of(const char *text) {
  wsf__panel *p = shops(&env, NONE, 0, PAST);
  wsf__fitted_panel *f = fit(text, p), *other = fit(wsf__fallback_text, p);
  wsf_table *whole = predict(text, f), *simple = predict(text, other);
  for (gap g = ONE_PRICE; g < N_GAPS; ++g) one_gap(text, g, whole, simple);
  wsf_table_release(whole);
  wsf_table_release(simple);
  wsf__fitted_panel_release(other);
  wsf__fitted_panel_release(f);
  wsf__panel_release(p);
}

static void the_others_get_their_forecasts(void **state) {
  (void)state;
  for_each_model(gaps_of);
}

static void backtest_of(const char *text) {
  for (gap g = ONE_PRICE; g < N_GAPS; ++g) {
    wsf__panel *p = shops(&env, g, 1 << B, PAST);
    const char *const models[] = {text, "naive"};
    wsf_table *out[4];
    wsf_error err;
    if (wsf__engine_backtest(out, &env, models, 2, p, "horizon=4, windows=2", &err) != WSF_OK)
      fail_msg("%s: %s", text, err.message);
    for (int m = 0; m < 2; ++m) assert_true(isfinite(f64_column(out[0], "mae")[m]));
    assert_string_equal(text_cell(out[0], "failed", 0) ? text_cell(out[0], "failed", 0) : "", "");
    for (int k = 2; k < 4; ++k) assert_int_equal(i64_column(out[1], "replaced")[k], 0); /* naive */
    for (int k = 0; k < 4; ++k) wsf_table_release(out[k]);
    wsf__panel_release(p);
  }
}

static void back_tests_go_on(void **state) {
  (void)state;
  for_each_model(backtest_of);
}

/* New rows may lack a price too; then the next forecast does not. */
static void update_of(const char *text) {
  wsf__panel *p = shops(&env, NONE, 0, PAST - 6), *more = shops(&env, ONE_PRICE, 1 << B, PAST);
  wsf__fitted_panel *f = fit(text, p), *g = NULL;
  wsf_error err;
  const wsf_status status = wsf__engine_update(&g, &env, f, more, NULL, &err);
  if (status != WSF_OK && status != WSF_E_UNSUPPORTED) fail_msg("%s: %s", text, err.message);
  if (status == WSF_OK) {
    wsf_table *t = predict(text, g);
    assert_finite(text, t);
    wsf_table_release(t);
  }
  wsf__fitted_panel_release(g);
  wsf__fitted_panel_release(f);
  wsf__panel_release(p);
  wsf__panel_release(more);
}

static void updates_go_on(void **state) {
  (void)state;
  for_each_model(update_of);
}

/* ---- who stands in ------------------------------------------------------------------------- */

static const char *const sales_by[][2] = {
    /* model, what forecasts b whose future prices are not known */
    {"fallback(tslm(season=1, x=[price]), naive)", "naive"},
    {"fallback(tslm(season=1, x=[price]), log(ets(ANN, x=[price])), drift)", "drift"},
    {"mean(tslm(season=1, x=[price]), naive, drift)", "mean(naive, drift)"},
    {"median(tslm(season=1, x=[price]), naive)", "naive"},
    {"weighted(tslm(season=1, x=[price]), naive, drift, weights=[2,1,3])",
     "weighted(naive, drift, weights=[1,3])"},
    {"log(fallback(tslm(season=1, x=[price]), naive))", "log(naive)"},
    {"product(naive, tslm(season=1, x=[price]))", "naive"},
    {"tslm(season=1, x=[price])", "fallback(snaive, average)"},
    {"conformal(tslm(season=1, x=[price]))", "fallback(snaive, average)"},
    {"log(mean(ets(ANN, x=[price]), tslm(season=1, x=[price])))", "fallback(snaive, average)"},
};

static void the_next_model_stands_in(void **state) {
  (void)state;
  wsf__panel *p = shops(&env, NEXT_PRICES, 1 << B, PAST);
  for (size_t m = 0; m < sizeof sales_by / sizeof *sales_by; ++m) {
    wsf__fitted_panel *f = fit(sales_by[m][0], p), *other = fit(sales_by[m][1], p);
    wsf_table *t = predict(sales_by[m][0], f), *wanted = predict(sales_by[m][1], other);
    assert_same_rows(sales_by[m][0], t, wanted, B);
    const bool whole = strstr(sales_by[m][1], "snaive") != NULL;
    assert_string_equal(text_cell(t, "reason", B * H), whole ? "missing_regressor" : "replaced");
    assert_string_equal(text_cell(t, "reason", 0), "ok");
    wsf_table_release(t);
    wsf_table_release(wanted);
    wsf__fitted_panel_release(f);
    wsf__fitted_panel_release(other);
  }
  wsf__panel_release(p);
}

static void keep_line(int32_t level, const char *line, void *user) {
  if (level == WSF__LOG_WARNING) (void)snprintf(user, 512, "%s", line);
}

/* Only if all lack something is that an error; else the log says it of the first. */
static void who_lacks_what_is_told(void **state) {
  (void)state;
  char line[512] = "";
  wsf_error err;
  wsf_table *t = NULL;
  wsf__panel *p = shops(&env, NEXT_PRICES, 1 << 1 | 1 << 2, PAST);
  wsf__fitted_panel *f = fit("tslm(season=1, x=[price])", p);
  env.log = keep_line;
  env.log_user = line;
  assert_ok(wsf__engine_predict(&t, &env, f, NULL, "horizon=2", &err), &err);
  assert_string_equal(line, "");
  wsf_table_release(t);
  assert_ok(wsf__engine_predict(&t, &env, f, NULL, "horizon=3", &err), &err);
  assert_string_equal(line,
                      "predict: 2 of 3 series lack a column ahead and are forecast by "
                      "fallback(snaive, average): column 'price' has no value for series b at "
                      "2013-11-01, expected one for every period of the forecast (predict with a "
                      "dataset, --data, brings it)");
  wsf_table_release(t);
  env.log = NULL;
  assert_int_equal(wsf__engine_predict(&t, &env, f, NULL, "horizon=3, series=[\"c\",\"b\"]", &err),
                   WSF_E_DATA);
  assert_string_equal(err.message,
                      "column 'price' has no value for series c at 2013-11-01, "
                      "expected one for every period of the forecast; a dataset for the "
                      "forecast brings it, fallback(.., snaive) needs none");
  assert_string_equal(err.field, "price");
  assert_int_equal(err.series, 2);
  wsf__fitted_panel_release(f);
  f = fit("mean(tslm(season=1, x=[price]), naive)", p); /* by what is left of the model */
  env.log = keep_line;
  assert_ok(wsf__engine_predict(&t, &env, f, NULL, "horizon=3", &err), &err);
  assert_non_null(strstr(line, "predict: 2 of 3 series lack a column ahead and are forecast by the "
                               "rest of the model: column 'price' has no value for series b"));
  wsf_table_release(t);
  env.log = NULL;
  wsf__fitted_panel_release(f);
  wsf__panel_release(p);
}

/* What a fit leaves out is told, and how much of it: first of all where a trend or a season that
 * the rest does not show may follow from it. */
static void periods_left_out_are_told(void **state) {
  (void)state;
  static const char *const models[] = {
      "tslm(x=[price])",    "arima(season=1, x=[price])",
      "ets(x=[price])",     "ucm(x=[price])",
      "prophet(x=[price])", "log(tslm(season=1, x=[price]))",
      "lstm(x=[price])",    "mean(tslm(x=[price]), ets(ANN, x=[price]))"};
  wsf__panel *many = shops(&env, MANY_PRICES, 1 << B, PAST),
             *one = shops(&env, ONE_PRICE, 1 << B, PAST);
  for (size_t m = 0; m < sizeof models / sizeof *models; ++m) {
    char line[512] = "";
    env.log = keep_line;
    env.log_user = line;
    wsf__fitted_panel *f = fit(models[m], many);
    env.log = NULL;
    if (f->root->state[B].reason != WSF__GAPS)
      fail_msg("%s: %s", models[m], wsf__reason_word(f->root->state[B].reason));
    for (int s = 0; s < SHOPS; ++s) assert_true(s == B || f->root->state[s].reason != WSF__GAPS);
    if (!strstr(line, "15 of 44 observed periods lack a value of price") ||
        !strstr(line, "of 1 of 3 series, most of b: 15 of 44")) {
      fail_msg("%s: %s", models[m], line);
    }
    assert_non_null(strstr(line, m == 6 ? "take its mean" : "have no part in the fit"));
    wsf__fitted_panel_release(f);
  }
  wsf__fitted_panel *f = fit("tslm(season=1, x=[price])", one);
  assert_int_equal(f->root->state[B].reason, WSF__GAPS); /* nothing else is to be told */
  wsf__fitted_panel_release(f);
  f = fit("tslm(season=12, trend=false, fourier=5, x=[price])", one);
  assert_int_equal(f->root->state[B].reason, WSF__GAPS);
  wsf__fitted_panel_release(f);
  f = fit("tslm(season=48, x=[price])", one); /* too long for the history, with every price */
  assert_int_equal(f->root->state[B].reason, f->root->state[0].reason);
  assert_true(f->root->state[B].reason != WSF__OK);
  wsf__fitted_panel_release(f);
  wsf__panel_release(one);
  wsf__panel_release(many);
}

static void keep_lines(int32_t level, const char *line, void *user) {
  char *all = user;
  const size_t used = strlen(all);
  if (level == WSF__LOG_WARNING) (void)snprintf(all + used, 2048 - used, "%s\n", line);
}

/* What is known ahead stays known where a feed has no such column, or tells only the past of it. */
static void a_feed_may_lack_the_column(void **state) {
  (void)state;
  wsf__panel *p = shops(&env, NONE, 0, PAST - 2), *whole = shops(&env, NONE, 0, PAST);
  wsf__panel *feed[2];
  wsf_error err;
  kind_of_price = 0;
  feed[0] = shops(&env, NONE, 0, PAST);
  kind_of_price = WSF__PAST;
  feed[1] = shops(&env, NONE, 0, PAST);
  kind_of_price = WSF__KNOWN;
  for (size_t m = 0; m < 3; ++m) {
    wsf__fitted_panel *f = fit(regressions[m], p), *wanted = NULL;
    assert_ok(wsf__engine_update(&wanted, &env, f, whole, NULL, &err), &err);
    wsf_table *t = predict(regressions[m], wanted);
    for (int k = 0; k < 2; ++k) {
      char lines[2048] = "";
      wsf__fitted_panel *g = NULL;
      env.log = keep_lines;
      env.log_user = lines;
      assert_ok(wsf__engine_update(&g, &env, f, feed[k], NULL, &err), &err);
      env.log = NULL;
      if (k == 0)
        assert_string_equal(lines, "update: the dataset has no column 'price' known ahead, the "
                                   "fit's values are used; the data has no column\n");
      else
        assert_string_equal(lines, "");
      wsf_table *u = predict(regressions[m], g);
      assert_same_table(t, u);
      wsf_table_release(u);
      wsf__fitted_panel_release(g);
    }
    wsf_table_release(t);
    wsf__fitted_panel_release(wanted);
    wsf__fitted_panel_release(f);
  }
  /* nor was it known: the model stays where it was, and says so */
  wsf__panel *dark = shops(&env, NEXT_PRICES, 7, PAST - 2);
  wsf__fitted_panel *f = fit("tslm(season=1, x=[price])", dark), *g = NULL;
  wsf__panel *later = (kind_of_price = 0, shops(&env, NONE, 0, PAST + 4));
  kind_of_price = WSF__KNOWN;
  char lines[2048] = "";
  env.log = keep_lines;
  env.log_user = lines;
  assert_ok(wsf__engine_update(&g, &env, f, later, NULL, &err), &err);
  env.log = NULL;
  assert_non_null(strstr(lines,
                         "update: x= of tslm: 6 of 18 observed periods lack a value of price "
                         "and have no part in the fit; of 3 of 3 series"));
  wsf__fitted_panel_release(g);
  wsf__fitted_panel_release(f);
  wsf__panel_release(later);
  wsf__panel_release(dark);
  wsf__panel_release(feed[0]);
  wsf__panel_release(feed[1]);
  wsf__panel_release(whole);
  wsf__panel_release(p);
}

/* A model that forecasts nobody at an origin is out of a back-test, and says why. */
static void out_of_the_comparison(void **state) {
  (void)state;
  wsf_error err;
  wsf_table *out[4];
  wsf__panel *p = shops(&env, ONE_PRICE, 7, PAST);
  const char *const models[] = {"tslm(season=1, x=[price])", "naive"};
  assert_ok(wsf__engine_backtest(out, &env, models, 2, p, "horizon=4", &err), &err);
  assert_string_equal(text_cell(out[0], "failed", 0),
                      "column 'price' has no value for series a at 2013-06-01, expected one for "
                      "every period of the forecast");
  assert_true(isfinite(f64_column(out[0], "mae")[1]));
  for (int k = 0; k < 4; ++k) wsf_table_release(out[k]);
  assert_int_equal(wsf__engine_backtest(out, &env, models, 1, p, "horizon=4", &err), WSF_E_DATA);
  wsf__panel_release(p);
  /* one that forecasts some is measured with the fallback for the others, and says for how many */
  p = shops(&env, ONE_PRICE, 1 << B, PAST);
  assert_ok(wsf__engine_backtest(out, &env, models, 2, p, "horizon=4, windows=2", &err), &err);
  assert_string_equal(text_cell(out[0], "reasons", 0), "1 missing_regressor");
  assert_int_equal(i64_column(out[1], "replaced")[0], 0);
  assert_int_equal(i64_column(out[1], "replaced")[1], 1);
  for (int k = 0; k < 4; ++k) wsf_table_release(out[k]);
  wsf__panel_release(p);
}

/* Trials leave the period out for all models alike: the exact one wins in spite of its gap. */
static void trials_leave_the_period_out(void **state) {
  (void)state;
  wsf__panel *p = shops(&env, ONE_PRICE, 7, PAST);
  wsf__fitted_panel *f = fit("best(naive, tslm(fourier=1, season=12, x=[price]), windows=2)", p);
  for (int s = 0; s < SHOPS; ++s) assert_true(f->root->state[s].v[0] == 1);
  wsf__fitted_panel_release(f);
  wsf__panel_release(p);
}

int test_columns_missing(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(the_others_get_their_forecasts, start, end),
      cmocka_unit_test_setup_teardown(back_tests_go_on, start, end),
      cmocka_unit_test_setup_teardown(updates_go_on, start, end),
      cmocka_unit_test_setup_teardown(the_next_model_stands_in, start, end),
      cmocka_unit_test_setup_teardown(who_lacks_what_is_told, start, end),
      cmocka_unit_test_setup_teardown(periods_left_out_are_told, start, end),
      cmocka_unit_test_setup_teardown(a_feed_may_lack_the_column, start, end),
      cmocka_unit_test_setup_teardown(out_of_the_comparison, start, end),
      cmocka_unit_test_setup_teardown(trials_leave_the_period_out, start, end),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
