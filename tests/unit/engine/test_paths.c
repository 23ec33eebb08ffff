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
  assert_ok(wsf__panel_select(&some, NULL, p, keep, &err), &err);
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

/* A quantile is what it is, whichever others are asked for beside it, first and last of a list or
 * not; an interval is that and the mean. */
static void quantiles_stand_alone(void **state) {
  (void)state;
  static const char *const model[] = {"stl(croston)",
                                      "deseason(tsb)",
                                      "mstl(imapa)",
                                      "difference(croston)",
                                      "product(croston, snaive)",
                                      "log(naive)",
                                      "croston",
                                      "empirical(log(naive))",
                                      "stl(log(ets))"};
  int64_t outside = 0; /* quantiles on the other side of the mean */
  wsf__env env;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  wsf__panel *p = retail_panel(&env, 0, PANEL_MONTHS, false, 0);
  for (size_t i = 0; i < sizeof model / sizeof *model; ++i) {
    wsf_table *few = forecast(&env, model[i], p, "horizon=3, levels=[4], quantiles=[0.48,0.52]");
    wsf_table *many = forecast(
        &env, model[i], p,
        "horizon=3, quantiles=[0.01,0.05,0.1,0.2,0.3,0.4,0.48,0.499,0.5,0.52,0.7,0.8,0.9,0.95]");
    for (int64_t row = 0; row < wsf_table_rows(few); ++row) {
      const double mean = f64_column(few, "forecast")[row];
      for (int k = 0; k < 2; ++k) {
        const char *name = k ? "q-0.52" : "q-0.48";
        const double a = f64_column(few, name)[row], b = f64_column(many, name)[row];
        if (fabs(a - b) > 1e-12 * fabs(a)) {
          fail_msg("%s, row %d, %s: %.17g alone, %.17g among others", model[i], (int)row, name, a,
                   b);
        }
        const double bound = f64_column(few, k ? "hi-4" : "lo-4")[row];
        assert_true(bound == (k ? fmax(a, mean) : fmin(a, mean)));
        outside += k ? a < mean : a > mean;
      }
    }
    wsf_table_release(few);
    wsf_table_release(many);
  }
  assert_true(outside > 0);
  wsf__panel_release(p);
  wsf__env_free(&env);
}

static void same_paths(void **state) {
  (void)state;
  static const char *const model =
      "mean(lowrank(log(theta), rank=3), conformal(drift), empirical(difference(naive)))";
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

/* Far ahead errors are added up by transforms, before that directly: the paths are the same. */
static void longer_paths_begin_as_shorter_ones(void **state) {
  (void)state;
  enum { NEAR = 1500, FAR = 2600 };
  static const char *const model[] = {"naive",  "drift", "ets(AAA)", "arima(order=[1,1,1])",
                                      "snaive", "theta"};
  wsf__env env;
  wsf_error err;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  wsf__panel *p = retail_panel(&env, 0, PANEL_MONTHS, false, 0);
  for (size_t i = 0; i < sizeof model / sizeof *model; ++i) {
    wsf__fitted_panel *f;
    wsf_table *near, *far;
    assert_ok(wsf__engine_fit(&f, &env, model[i], p, NULL, &err), &err);
    assert_ok(wsf__engine_predict(&near, &env, f, NULL,
                                  "horizon=1500, paths=5, series=[\"5,kale\"]", &err),
              &err);
    assert_ok(wsf__engine_predict(&far, &env, f, NULL, "horizon=2600, paths=5, series=[\"5,kale\"]",
                                  &err),
              &err);
    assert_int_equal(wsf_table_rows(far), FAR);
    for (int k = 0; k < 5; ++k) {
      assert_memory_equal(path_cells(far, k), path_cells(near, k), NEAR * sizeof(double));
    }
    wsf_table_release(near);
    wsf_table_release(far);
    wsf__fitted_panel_release(f);
  }
  wsf__panel_release(p);
  wsf__env_free(&env);
}

enum { LONG = 400, LEAD = 12, MANY = 10000 };

/* One series of whole-number times. */
static wsf__panel *one_series(wsf__env *env, const double *y, int n) {
  int64_t time[LONG];
  for (int t = 0; t < n; ++t) time[t] = t;
  const wsf__rows rows = {.n = n,
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
  wsf__panel *p = one_series(&env, walk, LONG), *q = one_series(&env, noise_only, LONG),
             *fade = one_series(&env, fades, LONG);
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

/* A regression's steps share the errors of its coefficients: of the slope and of the level of their
 * season, as textbooks have the variance of a sum of forecasts. */
static void sums_share_the_coefficients(void **state) {
  (void)state;
  enum { SHORT = 40 };
  wsf__env env;
  double y[SHORT];
  wsf__rng r;
  wsf__rng_init(&r, 7, 1);
  for (int t = 0; t < SHORT; ++t) y[t] = 100 + 0.5 * t + wsf__rng_normal(&r);
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  wsf__panel *p = one_series(&env, y, SHORT);
  for (int m = 1; m <= 4; m += 3) {
    /* per season n / m rows; x less its season's mean has these squares, and these values ahead */
    const double n = SHORT, l = LEAD, squares = n * (n * n - (double)m * m) / 12;
    double ahead = 0, first = 0;
    for (int i = 0; i < LEAD; ++i) {
      const double x = n + i - (i % m + (n - m) / 2);
      if (i == 0) first = 1 + m / n + x * x / squares;
      ahead += x;
    }
    const double level = l * l / n; /* m seasons of l / m steps: m (l / m)^2 / (n / m) */
    char model[32];
    (void)snprintf(model, sizeof model, "tslm(season=%d)", m);
    sum_is(&env, p, model, sqrt((l + level + ahead * ahead / squares) / first));
    assert_true(ahead * ahead / squares > l); /* or the test could not tell */
  }
  wsf__panel_release(p);
  wsf__env_free(&env);
}

/* Half the width of the 80 % interval of a sum of LEAD steps. */
static double half_width(wsf__env *env, const wsf__fitted_panel *f) {
  wsf_table *sum;
  wsf_error err;
  assert_ok(wsf__engine_predict(&sum, env, f, NULL,
                                "horizon=12, levels=[80], paths=10000, cumulative=true", &err),
            &err);
  const double width =
      0.5 * (f64_column(sum, "hi-80")[LEAD - 1] - f64_column(sum, "lo-80")[LEAD - 1]);
  wsf_table_release(sum);
  return width;
}

static void forget_residuals(const wsf__fitted *t) {
  if (t->residuals) memset(t->residuals, 0, (size_t)t->n * sizeof *t->residuals);
  for (int i = 0; i < t->node->n_inner; ++i) forget_residuals(t->inner[i]);
}

static int warnings;
static void count_warnings(int32_t level, const char *message, void *user) {
  (void)user;
  warnings += level == WSF__LOG_WARNING && strstr(message, "hold no residuals") != NULL;
}

/* How much wider a sum of LEAD one-step errors is than one of independent errors, where the series
 * is an autoregression (0.6) and the forecast its mean (alpha 0) or its level, smoothed with alpha.
 */
static double wider_by(double alpha) {
  enum { FAR = 200 };
  double y = 1, error[FAR] = {1}, covariance[LEAD] = {0};
  for (int t = 1; t < FAR; ++t) {
    error[t] = alpha > 0 ? (1 - alpha) * error[t - 1] + 0.6 * y - y : 0.6 * y;
    y *= 0.6;
  }
  for (int k = 0; k < LEAD; ++k) {
    for (int t = k; t < FAR; ++t) covariance[k] += error[t] * error[t - k];
  }
  double variance = LEAD * covariance[0];
  for (int k = 1; k < LEAD; ++k) variance += 2 * (LEAD - k) * covariance[k];
  return sqrt(variance / (LEAD * covariance[0]));
}

/* Errors that live on do so in the paths of models without a recursion for it, in blocks of
 * residuals; without residuals steps are independent, and that is said. */
static void sums_follow_the_residuals(void **state) {
  (void)state;
  const struct {
    const char *model;
    double wider;
  } expected[] = {{"average", wider_by(0)},
                  {"tslm(season=1, trend=false)", wider_by(0)},
                  {"mean(average, tslm(season=1, trend=false))", wider_by(0)},
                  {"log(average)", wider_by(0)},
                  {"croston", wider_by(0.1)},
                  {"tsb", wider_by(0.1)},
                  {"adida", 1.2},
                  {"imapa", 1.2}}; /* with a weight of their own */
  wsf__env env;
  wsf_error err;
  wsf__rng r;
  double y[LONG];
  wsf__rng_init(&r, 7, 1);
  for (int t = 0; t < LONG; ++t) {
    y[t] = 100 + (t > 0 ? 0.6 * (y[t - 1] - 100) : 0) + wsf__rng_normal(&r);
  }
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  env.log = count_warnings;
  wsf__panel *p = one_series(&env, y, LONG);
  for (size_t m = 0; m < sizeof expected / sizeof *expected; ++m) {
    const char *const model = expected[m].model;
    wsf__fitted_panel *f, *loaded;
    assert_ok(wsf__engine_fit(&f, &env, model, p, NULL, &err), &err);
    const double width = half_width(&env, f);
    wsf__writer w;
    wsf__writer_init(&w, &env.alloc);
    assert_ok(wsf__engine_save(&w, f, &err), &err);
    assert_ok(wsf__engine_load(&loaded, &env, w.data, w.length, &err), &err);
    assert_true(half_width(&env, loaded) == width);
    assert_int_equal(warnings, 0);
    wsf__fitted_panel_release(loaded);
    const size_t with = w.length;
    wsf__writer_free(&w);
    forget_residuals(f->root); /* as in a file of an older version */
    wsf__writer_init(&w, &env.alloc);
    assert_ok(wsf__engine_save(&w, f, &err), &err);
    assert_true(w.length < with);
    assert_ok(wsf__engine_load(&loaded, &env, w.data, w.length, &err), &err);
    const double wider = width / half_width(&env, loaded);
    assert_int_equal(warnings, 1);
    warnings = 0;
    if (fabs(wider / expected[m].wider - 1) > 0.2) {
      fail_msg("%s: wider by %g, expected %g", model, wider, expected[m].wider);
    }
    wsf__fitted_panel_release(loaded);
    wsf__writer_free(&w);
    wsf__fitted_panel_release(f);
  }
  wsf__panel_release(p);
  wsf__env_free(&env);
}

/* Sales that come in runs, as intermittent demand does: sums of 0 and large sums are likelier. */
static void runs_of_sales_widen_sums(void **state) {
  (void)state;
  static const char *const models[] = {"croston", "croston(sba)", "tsb", "adida", "imapa"};
  wsf__env env;
  wsf_error err;
  wsf__rng r;
  double y[LONG];
  bool sells = false;
  wsf__rng_init(&r, 7, 2);
  for (int t = 0; t < LONG; ++t) {
    sells = wsf__rng_uniform(&r) < (sells ? 0.8 : 0.1);
    y[t] = sells ? 1 + (double)wsf__rng_below(&r, 3) : 0;
  }
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  wsf__panel *p = one_series(&env, y, LONG);
  for (size_t m = 0; m < sizeof models / sizeof *models; ++m) {
    wsf__fitted_panel *f;
    assert_ok(wsf__engine_fit(&f, &env, models[m], p, NULL, &err), &err);
    const double width = half_width(&env, f);
    forget_residuals(f->root);
    const double wider = width / half_width(&env, f);
    if (!(wider > 1.1)) fail_msg("%s: wider by %g", models[m], wider);
    wsf__fitted_panel_release(f);
  }
  wsf__panel_release(p);
  wsf__env_free(&env);
}

/* An update goes on with the residuals of the fit, in one piece or in two. */
static void updates_carry_residuals_on(void **state) {
  (void)state;
  static const char *const models[] = {"croston", "tsb", "average", "tslm(season=1)",
                                       "tslm(log=true, season=1)"};
  wsf__env env;
  wsf_error err;
  wsf__rng r;
  double y[LONG];
  wsf__rng_init(&r, 7, 1);
  for (int t = 0; t < LONG; ++t) y[t] = t % 7 == 3 ? NAN : exp(0.3 * wsf__rng_normal(&r));
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  wsf__panel *p[3];
  for (int i = 0; i < 3; ++i) p[i] = one_series(&env, y, LONG - 90 + 45 * i);
  for (size_t m = 0; m < sizeof models / sizeof *models; ++m) {
    wsf__fitted_panel *first, *half, *twice, *once, *refit;
    assert_ok(wsf__engine_fit(&first, &env, models[m], p[0], NULL, &err), &err);
    assert_ok(wsf__engine_fit(&refit, &env, models[m], p[2], "fitted=true", &err), &err);
    assert_ok(wsf__engine_update(&half, &env, first, p[1], NULL, &err), &err);
    assert_ok(wsf__engine_update(&twice, &env, half, p[2], NULL, &err), &err);
    assert_ok(wsf__engine_update(&once, &env, first, p[2], NULL, &err), &err);
    const wsf__residuals *a = once->root->residuals, *b = twice->root->residuals;
    const wsf__residuals *c = refit->root->residuals;
    const size_t bytes = WSF__RESIDUALS * sizeof *a->v;
    assert_int_equal(a->n, WSF__RESIDUALS);
    assert_int_equal(b->n, WSF__RESIDUALS);
    assert_memory_equal(a->v, b->v, bytes);
    if (m < 2) assert_memory_equal(a->v, c->v, bytes); /* whose recursion sees the past alone */
    /* those of a fit are what it can be asked to keep */
    int64_t k = WSF__RESIDUALS;
    for (int64_t t = LONG - 1; k > 0; --t) {
      if (isfinite(y[t])) assert_true(c->v[--k] == y[t] - refit->one_step[0][t]);
    }
    wsf__fitted_panel *all[] = {first, half, twice, once, refit};
    for (int i = 0; i < 5; ++i) wsf__fitted_panel_release(all[i]);
  }
  for (int i = 0; i < 3; ++i) wsf__panel_release(p[i]);
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
      cmocka_unit_test(marginals_are_the_quantiles),
      cmocka_unit_test(quantiles_stand_alone),
      cmocka_unit_test(same_paths),
      cmocka_unit_test(longer_paths_begin_as_shorter_ones),
      cmocka_unit_test(sums_have_the_closed_forms),
      cmocka_unit_test(sums_share_the_coefficients),
      cmocka_unit_test(sums_follow_the_residuals),
      cmocka_unit_test(runs_of_sales_widen_sums),
      cmocka_unit_test(updates_carry_residuals_on),
      cmocka_unit_test(contract_and_bounds),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
