/* Components add up to the forecast, for every class of the registry, alone and inside others,
 * after save and load and after an update; and they are what their names say. */
#include "panels.h"
#include "unit/ingest/data_support.h"

#include "models/local/ets/ets.h"
#include "panel/match.h"

enum { STEPS = 16 };
#define SHOPS "simulate(stores=2, depts=2, weeks=130)"

static wsf__panel *shops(wsf__env *env, const char *text) {
  wsf__panel *p;
  wsf_error err;
  assert_ok(open_data(&p, env, text, &err), &err);
  return p;
}

static wsf__fitted_panel *fit_model(wsf__env *env, wsf__panel *p, const char *model) {
  wsf__fitted_panel *f;
  wsf_error err;
  if (wsf__engine_fit(&f, env, model, p, NULL, &err) != WSF_OK) {
    fail_msg("%s: %s", model, err.message);
  }
  return f;
}

static wsf_table *describe(wsf__env *env, const wsf__fitted_panel *f, const char *what) {
  wsf_table *t;
  wsf_error err;
  assert_ok(wsf__engine_describe(&t, env, f, what, &err), &err);
  return t;
}

static bool has(const wsf_table *t, const char *name) {
  return wsf_table_find(t, name) >= 0;
}

/* Whether what was changed on the way is no sum, so that a remainder may be left. */
static bool may_leave(const char *model) {
  return strstr(model, "log") || strstr(model, "boxcox") || strstr(model, "clamp") ||
         strstr(model, "bias");
}

/* The table, after its rows were added up. */
static wsf_table *check_sums(wsf__env *env, const wsf__fitted_panel *f, const char *model) {
  wsf_error err;
  wsf_table *t = describe(env, f, "components(horizon=16, negative=true)"), *p;
  assert_ok(wsf__engine_predict(&p, env, f, NULL, "horizon=16, negative=true", &err), &err);
  const double *mean = f64_column(t, "forecast");
  const int64_t rows = wsf_table_rows(t), first = find_column(t, "forecast") + 1;
  assert_int_equal(rows, wsf_table_rows(p));
  assert_int_equal(rows, f->frame->n * STEPS);
  assert_string_equal(wsf_table_name(t, first), "base");
  assert_memory_equal(mean, f64_column(p, "forecast"), (size_t)rows * sizeof *mean);
  for (int64_t r = 0; r < rows; ++r) {
    double sum = 0, size = fabs(mean[r]);
    for (int64_t c = first; c < wsf_table_columns(t); ++c) {
      const double x = wsf_table_f64(t, c)[r];
      sum += x;
      size = fmax(size, fabs(x));
      const bool rest = strcmp(wsf_table_name(t, c), "remainder") == 0;
      if (rest && !may_leave(model) && fabs(x) > 1e-9 * size) {
        fail_msg("%s leaves %g of %g in row %lld", model, x, mean[r], (long long)r);
      }
    }
    if (!(fabs(sum - mean[r]) <= 1e-9 * size)) {
      fail_msg("%s: row %lld adds up to %.17g, not %.17g", model, (long long)r, sum, mean[r]);
    }
  }
  wsf_table_release(p);
  return t;
}

static bool can_update(const wsf__node *node) {
  for (int i = 0; i < node->n_inner; ++i) {
    if (!can_update(node->inner[i])) return false;
  }
  return wsf__class_of(node)->update != NULL;
}

static void check_model(wsf__env *env, wsf__panel *p, wsf__panel *longer, const char *model) {
  wsf_error err;
  wsf__fitted_panel *f, *other;
  const wsf_status status = wsf__engine_fit(&f, env, model, p, NULL, &err);
  /* differences have no logarithm */
  if (status == WSF_E_FIT && strstr(model, "| difference")) return;
  if (status != WSF_OK) fail_msg("%s: %s", model, err.message);
  wsf_table *t = check_sums(env, f, model);
  wsf__writer w;
  wsf__writer_init(&w, &env->alloc);
  assert_ok(wsf__engine_save(&w, f, &err), &err);
  assert_ok(wsf__engine_load(&other, env, w.data, w.length, &err), &err);
  wsf_table *again = check_sums(env, other, model);
  assert_same_table(t, again);
  wsf_table_release(again);
  wsf__fitted_panel_release(other);
  wsf__writer_free(&w);
  if (can_update(f->node)) {
    assert_ok(wsf__engine_update(&other, env, f, longer, NULL, &err), &err);
    wsf_table_release(check_sums(env, other, model));
    wsf__fitted_panel_release(other);
  }
  wsf_table_release(t);
  wsf__fitted_panel_release(f);
}

/* The next class around one other call, from *at on. */
static const char *wrapper(int *at) {
  for (;; ++*at) {
    const wsf__spec *s = &wsf__model_classes[*at % wsf__n_model_classes]->spec;
    if (s->n_options == 0 || s->options[0].kind != WSF__CALL) continue;
    ++*at;
    return s->name;
  }
}

static void every_class_adds_up(void **state) {
  (void)state;
  wsf__env env;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  wsf__panel *p = shops(&env, SHOPS " | until(\"2012-07-06\")"), *longer = shops(&env, SHOPS);
  int at = 0;
  for (int i = 0; i < wsf__n_model_classes; ++i) {
    char nested[512];
    const wsf__spec *spec = &wsf__model_classes[i]->spec;
    check_model(&env, p, longer, spec->example);
    const char *one = wrapper(&at), *two = wrapper(&at);
    (void)snprintf(nested, sizeof nested, "%s | %s | %s", spec->example, one, two);
    check_model(&env, p, longer, nested);
  }
  wsf__panel_release(longer);
  wsf__panel_release(p);
  wsf__env_free(&env);
}

/* Gaps, short and constant series, huge values; forms that multiply. */
static void odd_series_add_up(void **state) {
  (void)state;
  static const char *const models[] = {"ets",
                                       "ets(MAM)",
                                       "ets(MMdM, restrict=false)",
                                       "tslm(log=true)",
                                       "tslm(fourier=2)",
                                       "tbats(bias=true, arma=false, harmonics=2)",
                                       "ces(season=simple)",
                                       "ces(season=full)",
                                       "theta",
                                       "theta(method=dotm)",
                                       "ucm(model=bsm)",
                                       "ucm(model=bsm, form=trigonometric)",
                                       "difference(ets)",
                                       "difference(difference(average), lag=12)",
                                       "mean(ets, boxcox(theta), median(naive, snaive))",
                                       "weighted(swindow, clamp(drift, lo=0, hi=90))",
                                       "log(deseason(ets, type=mul), bias=true)",
                                       "best(ets, tslm, pool=all)",
                                       "product(ets, snaive, tslm)"};
  wsf__env env;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  wsf__panel *p = retail_panel(&env, 0, 44, false, 0);
  wsf__panel *longer = retail_panel(&env, 0, PANEL_MONTHS, false, 0);
  for (size_t i = 0; i < sizeof models / sizeof *models; ++i) {
    check_model(&env, p, longer, models[i]);
  }
  wsf__panel_release(longer);
  wsf__panel_release(p);
  wsf__env_free(&env);
}

/* y = 10 + 0.5 t + 3 price + (1, -2, -1, 2)[t mod 4]: what there is to find. */
enum { PAST = 40, KNOWN = 8 };
static const double effect[] = {1, -2, -1, 2};
static double price_at(int t) {
  return 1 + t * 7 % 5;
}
static double y_at(int t) {
  return 10 + 0.5 * t + 3 * price_at(t) + effect[t % 4];
}

enum { PRICED, LOGARITHMS, PLAIN };
static wsf__panel *made_with(wsf__env *env, int kind, const char *price_name) {
  static const char *const names[] = {"shop"}, *const labels[] = {"1"};
  static int32_t code[PAST + KNOWN];
  int64_t time[PAST + KNOWN];
  double y[PAST + KNOWN], price[PAST + KNOWN];
  const int32_t *codes[] = {code}, n_labels[] = {1};
  const char *const *label[] = {labels};
  const wsf__row_column column = {.name = price_name, .kind = WSF__KNOWN, .value = price};
  const wsf__rows rows = {.n = PAST + KNOWN,
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
  for (int t = 0; t < PAST + KNOWN; ++t) {
    time[t] = t;
    price[t] = price_at(t);
    y[t] = t < PAST ? y_at(t) : NAN;
    if (kind == LOGARITHMS) y[t] = exp(y[t] / 10);
    if (kind == PLAIN) y[t] -= 3 * price[t];
  }
  const wsf__panel_rules rules = {.freq = WSF__INTEGER, .season = 4, .own_end = 0};
  wsf__panel_counts counts;
  wsf_error err;
  wsf__panel *p = NULL;
  assert_ok(wsf__panel_build(&p, env, &rows, &rules, &counts, &err), &err);
  return p;
}

static wsf__panel *made(wsf__env *env, int kind) {
  return made_with(env, kind, "price");
}

static void near(double a, double b) {
  if (!(fabs(a - b) <= 1e-8 * fmax(1, fabs(b)))) fail_msg("%.12g is not %.12g", a, b);
}

static void regression_is_taken_apart(void **state) {
  (void)state;
  wsf__env env;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  wsf__panel *p = made(&env, PRICED), *logs = made(&env, LOGARITHMS);
  static const char *const models[] = {"tslm(x=[price])", "tslm(x=[price], fourier=1)",
                                       "fallback(tslm(x=[price]), naive) | conformal",
                                       "mean(tslm(x=[price]), tslm(x=[price], fourier=1))"};
  for (size_t m = 0; m < sizeof models / sizeof *models; ++m) {
    wsf__fitted_panel *f = fit_model(&env, p, models[m]);
    wsf_table *t = describe(&env, f, "components(horizon=8)");
    for (int i = 0; i < KNOWN; ++i) {
      near(f64_column(t, "forecast")[i], y_at(PAST + i));
      near(f64_column(t, "base")[i], 10 + 0.5 * (PAST - 1));
      near(f64_column(t, "trend")[i], 0.5 * (i + 1));
      near(f64_column(t, "season")[i], effect[(PAST + i) % 4]);
      near(f64_column(t, "x:price")[i], 3 * price_at(PAST + i));
    }
    assert_false(has(t, "remainder"));
    wsf_table_release(t);
    wsf__fitted_panel_release(f);
  }
  /* each row is what it changes of those before it: base, trend, season, price */
  static const char *const of_logs[] = {"tslm(x=[price], log=true)", "log(tslm(x=[price]))"};
  for (size_t m = 0; m < 2; ++m) {
    wsf__fitted_panel *f = fit_model(&env, logs, of_logs[m]);
    wsf_table *t = describe(&env, f, "components(horizon=8)");
    for (int i = 0; i < KNOWN; ++i) {
      const double part[] = {10 + 0.5 * (PAST - 1), 0.5 * (i + 1), effect[(PAST + i) % 4],
                             3 * price_at(PAST + i)};
      static const char *const name[] = {"base", "trend", "season", "x:price"};
      double sum = 0, before = 0;
      for (int k = 0; k < 4; ++k) {
        sum += part[k] / 10;
        near(f64_column(t, name[k])[i], exp(sum) - before);
        before = exp(sum);
      }
    }
    wsf_table_release(t);
    wsf__fitted_panel_release(f);
  }
  wsf__panel_release(logs);
  wsf__panel_release(p);
  wsf__env_free(&env);
}

/* A line and a season without noise: every model that has both finds them. */
static void structure_is_found(void **state) {
  (void)state;
  static const char *const models[] = {
      "ets(AAA)",
      "ets(AAA, x=[price])",
      "ucm(model=bsm)",
      "tslm",
      "ucm(model=bsm, form=trigonometric)",
      "stl(ets(AAN))",
      "stl(drift)",
      "tbats(boxcox=false, trend=true, damped=false, harmonics=2, arma=false)",
      "deseason(drift)"};
  wsf__env env;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  wsf__panel *p = made(&env, PLAIN);
  for (size_t m = 0; m < sizeof models / sizeof *models; ++m) {
    wsf__fitted_panel *f = fit_model(&env, p, models[m]);
    wsf_table *t = describe(&env, f, "components(horizon=8)");
    for (int i = 0; i < KNOWN; ++i) {
      const double base = f64_column(t, "base")[i] - 10 - 0.5 * (PAST - 1);
      const double trend = f64_column(t, "trend")[i] - 0.5 * (i + 1);
      const double season = f64_column(t, "season")[i] - effect[(PAST + i) % 4];
      if (!(fabs(base) < 0.1 && fabs(trend) < 0.1 && fabs(season) < 0.1)) {
        fail_msg("%s, step %d: off by %g, %g, %g", models[m], i + 1, base, trend, season);
      }
    }
    wsf_table_release(t);
    wsf__fitted_panel_release(f);
  }
  /* of the state, to the bit: level, slope and the season to come */
  wsf__fitted_panel *f = fit_model(&env, p, "ets(AAdA)");
  wsf_table *t = describe(&env, f, "components(horizon=8)");
  const double *v = f->root->state[0].v;
  double phi = 1, sum = 0;
  for (int i = 0; i < KNOWN; ++i) {
    phi *= v[WSF__ETS_AT_PHI];
    sum += phi;
    near(f64_column(t, "base")[i], v[WSF__ETS_AT_LEVEL]);
    near(f64_column(t, "trend")[i], sum * v[WSF__ETS_AT_SLOPE]);
    near(f64_column(t, "season")[i], v[WSF__ETS_AT_SEASONS + i % 4]);
  }
  wsf_table_release(t);
  wsf__fitted_panel_release(f);
  wsf__panel_release(p);
  wsf__env_free(&env);
}

static void simple_models_are_taken_apart(void **state) {
  (void)state;
  wsf__env env;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  wsf__panel *p = made(&env, PRICED);
  const double last = y_at(PAST - 1), slope = (last - y_at(0)) / (PAST - 1);
  double cycle = 0;
  for (int j = 1; j <= 4; ++j) cycle += y_at(PAST - j) / 4;
  wsf__fitted_panel *drift = fit_model(&env, p, "drift"), *snaive = fit_model(&env, p, "snaive");
  wsf__fitted_panel *walk = fit_model(&env, p, "difference(average)");
  wsf__fitted_panel *middle = fit_model(&env, p, "median(naive, drift, average)");
  wsf__fitted_panel *stretched = fit_model(&env, p, "product(naive, snaive)");
  wsf__fitted_panel *cut = fit_model(&env, p, "clamp(drift, hi=20)");
  wsf_table *a = describe(&env, drift, "components"), *b = describe(&env, snaive, "components");
  wsf_table *c = describe(&env, middle, "components"), *d = describe(&env, stretched, "components");
  wsf_table *e = describe(&env, cut, "components"), *g = describe(&env, walk, "components");
  assert_int_equal(wsf_table_rows(a), 12);
  for (int i = 0; i < 12; ++i) {
    near(f64_column(a, "base")[i], last);
    near(f64_column(a, "trend")[i], slope * (i + 1));
    near(f64_column(b, "base")[i], cycle);
    near(f64_column(b, "season")[i], y_at(PAST - 4 + i % 4) - cycle);
    near(f64_column(c, "base")[i], last); /* naive lies between the other two */
    near(f64_column(d, "base")[i], last);
    near(f64_column(d, "season")[i], last * (y_at(PAST - 4 + i % 4) / cycle - 1));
    near(f64_column(e, "trend")[i], slope * (i + 1));
    near(f64_column(e, "remainder")[i], 20 - last - slope * (i + 1));
    near(f64_column(g, "base")[i], last);
    near(f64_column(g, "trend")[i], slope * (i + 1));
  }
  assert_false(has(c, "trend"));
  wsf_table *all[] = {a, b, c, d, e, g};
  wsf__fitted_panel *fitted[] = {drift, snaive, walk, middle, stretched, cut};
  for (int i = 0; i < 6; ++i) wsf_table_release(all[i]);
  for (int i = 0; i < 6; ++i) wsf__fitted_panel_release(fitted[i]);
  wsf__panel_release(p);
  wsf__env_free(&env);
}

static void holidays_and_options(void **state) {
  (void)state;
  wsf__env env;
  wsf_error err;
  wsf_table *t, *one;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  wsf__panel *p = shops(&env, SHOPS);
  wsf__fitted_panel *f = fit_model(&env, p, "holiday_shift(snaive)");
  t = describe(&env, f, "components(horizon=39)");
  one = describe(&env, f, "components(39, series=\"2/2\")");
  double moved = 0;
  for (int i = 0; i < 39; ++i) {
    moved = fmax(moved, fabs(f64_column(t, "holiday")[i]));
  }
  assert_true(moved > 1);
  assert_int_equal(wsf_table_rows(one), 39);
  assert_int_equal(i64_column(one, "Store")[0], 2);
  assert_int_equal(i64_column(one, "Dept")[38], 2);
  const int64_t from = wsf_table_rows(t) - 39;
  assert_memory_equal(f64_column(one, "season"), f64_column(t, "season") + from, 39 * 8);
  wsf_table_release(t);
  wsf_table_release(one);
  const struct {
    const char *what, *message;
    wsf_status status;
  } bad[] = {
      {"componets", "did you mean 'components'?", WSF_E_NAME},
      {"components(horizon=0)", "horizon", WSF_E_VALUE},
      {"components(series=\"9,9\")", "no series is called '9,9'", WSF_E_VALUE},
      {"components(", "", WSF_E_SYNTAX},
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
    assert_int_equal(wsf__engine_describe(&t, &env, f, bad[i].what, &err), bad[i].status);
    assert_null(t);
    if (!strstr(err.message, bad[i].message)) fail_msg("%s", err.message);
  }
  wsf__fitted_panel_release(f);
  wsf__panel_release(p);
  wsf__env_free(&env);
}

static wsf__fitted_panel *fit_keeping(wsf__env *env, wsf__panel *p, const char *model) {
  wsf__fitted_panel *f;
  wsf_error err;
  if (wsf__engine_fit(&f, env, model, p, "fitted=true", &err) != WSF_OK) {
    fail_msg("%s: %s", model, err.message);
  }
  return f;
}

/* The history of every class, alone and inside others: kept to the bit, in files too. */
static void every_class_keeps_its_history(void **state) {
  (void)state;
  wsf__env env;
  wsf_error err;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  wsf__panel *p = shops(&env, SHOPS);
  int at = 0;
  for (int i = 0; i < wsf__n_model_classes; ++i) {
    const wsf__spec *spec = &wsf__model_classes[i]->spec;
    char nested[512];
    const char *one = wrapper(&at);
    if (strcmp(one, "difference") == 0) one = wrapper(&at); /* which leaves no logarithms */
    (void)snprintf(nested, sizeof nested, "%s | %s", spec->example, one);
    for (int k = 0; k < 2; ++k) {
      const char *model = k ? nested : spec->example;
      wsf__fitted_panel *f = fit_keeping(&env, p, model), *plain = fit_model(&env, p, model),
                        *again;
      wsf_table *t = describe(&env, f, "fitted"), *loaded;
      const double *target = f64_column(t, "target"), *fitted = f64_column(t, "fitted");
      const double *residual = f64_column(t, "residual");
      int64_t row = 0, known = 0;
      for (int64_t j = 0; j < p->n; ++j) {
        for (int64_t m = 0; m < p->length[j]; ++m, ++row) {
          assert_memory_equal(&target[row], &p->y[p->offset[j] + m], sizeof *target);
          known += isfinite(residual[row]);
          if (isnan(target[row]) || isnan(fitted[row]))
            assert_true(isnan(residual[row]));
          else
            assert_true(residual[row] == target[row] - fitted[row]);
        }
      }
      assert_int_equal(wsf_table_rows(t), row);
      if (known == 0) fail_msg("%s has no residual", model);
      /* to keep them changes nothing else */
      wsf_table *a = describe(&env, f, "components"), *b = describe(&env, plain, "components");
      assert_same_table(a, b);
      wsf__writer w;
      wsf__writer_init(&w, &env.alloc);
      assert_ok(wsf__engine_save(&w, f, &err), &err);
      assert_ok(wsf__engine_load(&again, &env, w.data, w.length, &err), &err);
      loaded = describe(&env, again, "fitted");
      assert_same_table(t, loaded);
      wsf_table *c = describe(&env, f, "coefficients"), *d = describe(&env, again, "coefficients");
      assert_same_table(c, d);
      wsf_table *all[] = {t, loaded, a, b, c, d};
      for (int m = 0; m < 6; ++m) wsf_table_release(all[m]);
      wsf__writer_free(&w);
      assert_int_equal(wsf__engine_describe(&t, &env, plain, "fitted", &err), WSF_E_UNSUPPORTED);
      wsf__fitted_panel_release(again);
      wsf__fitted_panel_release(plain);
      wsf__fitted_panel_release(f);
    }
  }
  wsf__panel_release(p);
  wsf__env_free(&env);
}

/* A step ahead from what came before, by a fit of that alone. */
static void history_is_one_step_ahead(void **state) {
  (void)state;
  static const char *const models[] = {"naive",
                                       "snaive(season=4)",
                                       "window(3)",
                                       "croston",
                                       "ets(ANN, alpha=0.3)",
                                       "tsb",
                                       "stl(naive)",
                                       "mean(naive, window(3))",
                                       "median(naive, window(3), croston)",
                                       "clamp(naive, lo=0, hi=40)",
                                       "difference(naive)",
                                       "log(naive, bias=false)"};
  wsf__env env;
  wsf_error err;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  wsf__panel *p = made(&env, PRICED);
  for (size_t m = 0; m < sizeof models / sizeof *models; ++m) {
    wsf__fitted_panel *f = fit_keeping(&env, p, models[m]);
    wsf_table *t = describe(&env, f, "fitted");
    const bool estimates = strstr(models[m], "ets") || strstr(models[m], "stl");
    for (int64_t back = 1; back < 12 && !estimates; ++back) {
      wsf__panel *cut;
      wsf__arena arena;
      int64_t *kept;
      wsf__arena_init(&arena, &env.alloc);
      assert_ok(wsf__panel_origin(&cut, &kept, NULL, &arena, p, back, &err), &err);
      wsf__fitted_panel *before = fit_model(&env, cut, models[m]);
      wsf_table *one;
      assert_ok(wsf__engine_predict(&one, &env, before, NULL, "horizon=1", &err), &err);
      near(f64_column(t, "fitted")[PAST - back], f64_column(one, "forecast")[0]);
      wsf_table_release(one);
      wsf__fitted_panel_release(before);
      wsf__panel_release(cut);
      wsf__arena_free(&arena);
    }
    wsf_table_release(t);
    wsf__fitted_panel_release(f);
  }
  /* the filter's own sum of squares is that of the residuals */
  wsf__fitted_panel *f = fit_keeping(&env, p, "ets(AAA)");
  wsf_table *t = describe(&env, f, "fitted");
  double squares = 0;
  for (int i = 0; i < PAST; ++i) squares += pow(f64_column(t, "residual")[i], 2);
  near(squares, f->root->state[0].v[WSF__ETS_AT_SSE]);
  wsf_table_release(t);
  wsf__fitted_panel_release(f);
  f = fit_keeping(&env, p, "tslm(x=[price])");
  t = describe(&env, f, "fitted");
  for (int i = 0; i < PAST; ++i) near(f64_column(t, "fitted")[i], y_at(i));
  wsf_table_release(t);
  wsf__fitted_panel_release(f);
  wsf__panel_release(p);
  wsf__env_free(&env);
}

static double number_of(const wsf_table *t, const char *coefficient, const char *column) {
  for (int64_t r = 0; r < wsf_table_rows(t); ++r) {
    if (strcmp(text_cell(t, "coefficient", r), coefficient) == 0) return f64_column(t, column)[r];
  }
  fail_msg("no coefficient %s", coefficient);
  return NAN;
}

static void coefficients_are_those_of_the_state(void **state) {
  (void)state;
  wsf__env env;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  wsf__panel *p = made(&env, PRICED);
  wsf__fitted_panel *f = fit_model(&env, p, "tslm(x=[price])");
  wsf_table *t = describe(&env, f, "coefficients(series=\"1\")");
  near(number_of(t, "intercept", "estimate"), 10 - 0.5 + effect[0]);
  near(number_of(t, "trend", "estimate"), 0.5);
  near(number_of(t, "x:price", "estimate"), 3);
  near(number_of(t, "season3", "estimate"), effect[2] - effect[0]);
  wsf_table_release(t);
  wsf__fitted_panel_release(f);
  f = fit_model(&env, p, "ets(AAdA)");
  const double *v = f->root->state[0].v;
  t = describe(&env, f, "coefficients");
  assert_true(number_of(t, "alpha", "estimate") == v[WSF__ETS_AT_ALPHA]);
  assert_true(number_of(t, "beta", "estimate") == v[WSF__ETS_AT_BETA]);
  assert_true(number_of(t, "gamma", "estimate") == v[WSF__ETS_AT_GAMMA]);
  assert_true(number_of(t, "phi", "estimate") == v[WSF__ETS_AT_PHI]);
  assert_true(number_of(t, "level", "estimate") == v[WSF__ETS_AT_LEVEL]);
  assert_true(number_of(t, "season4", "estimate") == v[WSF__ETS_AT_SEASONS + 3]);
  assert_true(isnan(number_of(t, "alpha", "std_error")));
  wsf_table_release(t);
  wsf__fitted_panel_release(f);
  /* a posterior's middle alone is looked for: no error, which is not one of 0 */
  f = fit_model(&env, p, "prophet(x=[price])");
  t = describe(&env, f, "coefficients(series=\"1\")");
  assert_true(isfinite(number_of(t, "x:price", "estimate")));
  for (int64_t r = 0; r < wsf_table_rows(t); ++r) {
    assert_true(isnan(f64_column(t, "std_error")[r]));
    assert_true(wsf_table_is_null(t, wsf_table_find(t, "reason"), r));
  }
  wsf_table_release(t);
  wsf__fitted_panel_release(f);
  /* of several calls, those that forecast the series; the winner is said through other calls */
  f = fit_model(&env, p, "conformal(best(tslm(x=[price]), fallback(log(drift), naive), ets))");
  t = describe(&env, f, "coefficients");
  assert_string_equal(text_cell(t, "model", 0), "tslm(x=price)");
  wsf_table_release(t);
  t = describe(&env, f, "series");
  assert_string_equal(text_cell(t, "model", 0), "conformal(tslm(x=price))");
  wsf_table_release(t);
  wsf__fitted_panel_release(f);
  f = fit_model(&env, p, "mean(stl(fallback(ets(ANN), naive)), drift)");
  t = describe(&env, f, "series");
  assert_string_equal(text_cell(t, "model", 0), "mean(stl(ets(model=ANN)),drift)");
  wsf_table_release(t);
  wsf__fitted_panel_release(f);
  wsf__panel_release(p);
  wsf__env_free(&env);
}

/* Two names may differ in their last letter alone, and every byte of one stands by the next. */
static void names_stay_whole(void **state) {
  (void)state;
  char name[303] = "x:", model[400];
  for (int i = 0; i < 150; ++i) memcpy(name + 2 + 2 * i, "\xc3\xa9", 3);
  (void)snprintf(model, sizeof model, "tslm(x=[\"%s\"])", name + 2);
  wsf__env env;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  wsf__panel *p = made_with(&env, PRICED, name + 2);
  wsf__fitted_panel *f = fit_model(&env, p, model);
  wsf_table *t = describe(&env, f, "coefficients");
  near(number_of(t, name, "estimate"), 3);
  wsf_table_release(t);
  t = describe(&env, f, "components(horizon=8)");
  near(f64_column(t, name)[0], 3 * price_at(PAST));
  wsf_table_release(t);
  wsf__fitted_panel_release(f);
  wsf__panel_release(p);
  wsf__env_free(&env);
}

int test_explain(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_class_adds_up),
      cmocka_unit_test(odd_series_add_up),
      cmocka_unit_test(regression_is_taken_apart),
      cmocka_unit_test(structure_is_found),
      cmocka_unit_test(simple_models_are_taken_apart),
      cmocka_unit_test(holidays_and_options),
      cmocka_unit_test(every_class_keeps_its_history),
      cmocka_unit_test(history_is_one_step_ahead),
      cmocka_unit_test(coefficients_are_those_of_the_state),
      cmocka_unit_test(names_stay_whole),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
