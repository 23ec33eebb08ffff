/* What every model promises, whatever it does: a finite forecast or a reason, ordered quantiles,
 * the same bits alone and in company, states that pass their own check, and no forged state that
 * makes predict read what is not there. */
#include "harness.h"

#include "math/rng.h"

enum { SEASON = 12, H = 30, LONG = 75 };

static const char *const models[] = {
    "naive",
    "snaive",
    "drift",
    "average",
    "window(1)",
    "window(5)",
    "swindow(1)",
    "swindow(3)",
    "snaive(season=1)",
    "tslm",
    "tslm(trend=false)",
    "tslm(season=1)",
    "tslm(fourier=3)",
    "tslm(fourier=6)",
    "tslm(log=true)",
    "theta",
    "theta(method=dstm)",
    "theta(method=auto, decompose=additive)",
    "theta(method=dotm, decompose=stl)",
    "ces(season=none)",
    "ces(season=partial)",
    "ucm",
    "ucm(model=level)",
    "ucm(model=trend)",
    "ucm(model=bsm, season=4)",
    "ucm(model=seasonal, form=trigonometric, harmonics=2)",
    "tbats(boxcox=false, arma=false)",
    "tbats(seasons=[4,12.5], harmonics=[1,2], boxcox=false, trend=true, damped=false)",
    "mean(naive, tslm)",
    "mean(tslm(log=true), snaive)",
    "median(naive, drift, snaive, tslm)",
    "weighted(naive, snaive, weights=[1,3])",
    "weighted(naive, snaive, drift)",
    "best(naive, snaive, tslm)",
    "best(naive, drift, by=wmae, windows=3, horizon=4)",
    "best(tslm(log=true), snaive, by=smape)",
    "fallback(tslm(log=true), drift)",
    "clamp(drift, lo=0)",
    "clamp(drift, hi=50, range=0.5)",
    "product(window(3), snaive)",
    "product(naive, snaive, tslm, limit=2)",
    "conformal(snaive)",
    "conformal(mean(naive, tslm), symmetric=true, windows=5)",
    "best(conformal(naive), weighted(drift, snaive))",
    "conformal(best(naive, weighted(drift, snaive)), windows=2)",
    "arima(max_p=1, max_q=1, max_P=1, max_Q=1)",
    "arima(order=[0,1,1], seasonal=[0,1,1])",
    "arima(order=[1,0,1], season=1)",
    "arima(order=[0,1,0], drift=true)",
    "croston",
    "croston(optimised)",
    "croston(sba)",
    "tsb(alpha=0.3)",
    "adida",
    "adida(level=7)",
    "imapa",
    "imapa(levels=12)",
    "log(drift)",
    "log(mean(naive, tslm), bias=false)",
    "boxcox(drift)",
    "boxcox(snaive, 0.5, bias=false)",
    "boxcox(naive, -0.3)",
    "difference(average)",
    "difference(snaive, lag=12)",
    "difference(difference(naive), lag=7)",
    "stl(naive)",
    "stl(tslm, window=7, robust=true)",
    "mstl(naive, seasons=[4,12])",
    "mstl(drift)",
    "deseason(drift)",
    "deseason(naive, type=mul)",
    "deseason(tslm, method=stl)",
    "deseason(average, method=stl, type=mul)",
    "outlier_clean(drift)",
    "outlier_clean(tslm, fill=true, season=1)",
    "pool(snaive)",
    "pool(drift, k=2, correlation=0.5)",
};
enum { MODELS = sizeof models / sizeof *models };

/* Histories that break models. */
enum {
  REGULAR,
  CONSTANT,
  ZEROS,
  ONE,
  TWO,
  SHORT,
  YEAR,
  YEAR_AND_ONE,
  GAPS,
  SPARSE,
  STOPPED,
  NEGATIVE,
  LEVEL_SHIFT,
  HUGE_VALUES,
  TINY_VALUES,
  SPIKE,
  HISTORIES
};

static bool transforms(const char *model) { /* takes positive values only */
  return strstr(model, "log=true") || strstr(model, "log(") || strstr(model, "boxcox") ||
         strstr(model, "type=mul");
}
/* takes histories of more than a difference, or of two seasons, only */
static bool needs_length(const char *model) {
  return strstr(model, "difference") || strstr(model, "stl(") || strstr(model, "deseason");
}

static int64_t make_history(int kind, double *y) {
  wsf__rng r;
  wsf__rng_init(&r, 3, (uint64_t)kind);
  int64_t n = LONG;
  if (kind == ONE) n = 1;
  if (kind == TWO) n = 2;
  if (kind == SHORT) n = 7;
  if (kind == YEAR) n = SEASON;
  if (kind == YEAR_AND_ONE) n = SEASON + 1;
  for (int64_t t = 0; t < n; ++t) {
    y[t] = 100 + 0.5 * (double)t + 20 * sin(2 * 3.14159265 * (double)t / SEASON) +
           5 * wsf__rng_normal(&r);
    if (kind == CONSTANT) y[t] = 0.1;
    if (kind == ZEROS) y[t] = 0;
    if (kind == GAPS && t % 5 == 3) y[t] = NAN;
    if (kind == SPARSE && t % 17 != 0) y[t] = NAN;
    if (kind == STOPPED && t > 40) y[t] = NAN;
    if (kind == NEGATIVE) y[t] -= 110;
    if (kind == LEVEL_SHIFT && t > 50) y[t] *= 10;
    if (kind == HUGE_VALUES) y[t] *= 1e150;
    if (kind == TINY_VALUES) y[t] *= 1e-150;
    if (kind == SPIKE) y[t] = t == 37 ? 1e6 : 0;
  }
  return n;
}

static const double q[] = {0.005, 0.1, 0.5, 0.9, 0.995};
enum { NQ = sizeof q / sizeof *q };
typedef struct answer {
  int32_t reason;
  double mean[H], quantile[NQ * H];
} answer;

static void answer_of(harness *h, int64_t i, answer *out) {
  memset(out, 0, sizeof *out);
  out->reason = harness_reason(h, i);
  if (out->reason < WSF__NOT_FITTED) {
    harness_forecast(h, i, H, q, NQ, out->mean, out->quantile);
  }
}

static void one_answer(const char *model, const double *y, int64_t n, answer *out) {
  harness h;
  harness_open(&h, model, SEASON, 1, &n, y);
  answer_of(&h, 0, out);
  harness_close(&h);
}

static void every_history_gets_a_bounded_forecast_or_a_reason(void **state) {
  (void)state;
  for (int m = 0; m < MODELS; ++m) {
    for (int kind = 0; kind < HISTORIES; ++kind) {
      double y[LONG];
      const int64_t n = make_history(kind, y);
      harness h;
      harness_open(&h, models[m], SEASON, 1, &n, y);
      answer a;
      answer_of(&h, 0, &a);
      if (!harness_check(&h)) fail_msg("%s refuses its own state, history %d", models[m], kind);
      harness_close(&h);
      if (a.reason >= WSF__NOT_FITTED) {
        assert_string_not_equal(wsf__reason_word(a.reason), "unknown");
        /* nobody else may refuse a history with an observation */
        if (!transforms(models[m]) && !needs_length(models[m]))
          fail_msg("%s on %d: %d", models[m], kind, a.reason);
        continue;
      }
      for (int i = 0; i < H; ++i) {
        bool valid = isfinite(a.mean[i]);
        for (int k = 0; k < NQ; ++k) {
          valid = valid && isfinite(a.quantile[k * H + i]);
          if (k > 0) valid = valid && a.quantile[k * H + i] >= a.quantile[(k - 1) * H + i];
        }
        if (!valid) fail_msg("%s on history %d, step %d", models[m], kind, i + 1);
      }
    }
  }
}

static void company_changes_nothing(void **state) {
  (void)state;
  double y[HISTORIES * LONG];
  int64_t length[HISTORIES], total = 0;
  for (int kind = 0; kind < HISTORIES; ++kind) {
    length[kind] = make_history(kind, y + total);
    total += length[kind];
  }
  for (int m = 0; m < MODELS; ++m) {
    if (strstr(models[m], "pool")) continue; /* it is there for the company */
    harness h;
    harness_open(&h, models[m], SEASON, HISTORIES, length, y);
    int64_t offset = 0;
    for (int kind = 0; kind < HISTORIES; ++kind) {
      answer together, alone;
      answer_of(&h, kind, &together);
      one_answer(models[m], y + offset, length[kind], &alone);
      if (memcmp(&together, &alone, sizeof alone) != 0) fail_msg("%s on %d", models[m], kind);
      offset += length[kind];
    }
    harness_close(&h);
  }
}

static void constants_are_forecast_as_themselves(void **state) {
  (void)state;
  for (int m = 0; m < MODELS; ++m) {
    if (transforms(models[m])) continue;      /* exp(log(x)) may miss by a bit */
    if (strstr(models[m], "sba")) continue;   /* less than classic by its definition */
    if (strstr(models[m], "level")) continue; /* so may sums over blocks */
    for (int kind = CONSTANT; kind <= ZEROS; ++kind) {
      double y[LONG];
      const int64_t n = make_history(kind, y);
      answer a;
      one_answer(models[m], y, n, &a);
      if (!strstr(models[m], "(conformal") && !strstr(models[m], "best(naive, weighted")) {
        assert_int_equal(a.reason, kind == ZEROS ? WSF__ZERO : WSF__CONSTANT);
      }
      for (int i = 0; i < H; ++i) {
        if (!(fabs(a.mean[i] - y[0]) < 1e-15)) fail_msg("%s: %.17g", models[m], a.mean[i]);
        if (!(fabs(a.quantile[i] - y[0]) < 1e-15)) fail_msg("%s: lower", models[m]);
      }
    }
  }
}

static void near(const char *model, double x, double expected) {
  double digits = 1e-9;
  if (strstr(model, "arima") || strstr(model, "ucm")) digits = 1e-5; /* where a search ends */
  if (strstr(model, "tbats")) digits = 1e-3;
  if (!(fabs(x - expected) <= digits * (1 + fabs(expected)))) {
    fail_msg("%s: %.17g is not %.17g", model, x, expected);
  }
}

static void units_do_not_matter(void **state) {
  (void)state;
  const int kinds[] = {REGULAR, SHORT, GAPS, NEGATIVE};
  for (int m = 0; m < MODELS; ++m) {
    if (strstr(models[m], "hi=50")) continue; /* a bound has a unit */
    for (size_t z = 0; z < sizeof kinds / sizeof *kinds; ++z) {
      double y[LONG];
      const int64_t n = make_history(kinds[z], y);
      answer a, b;
      one_answer(models[m], y, n, &a);
      for (int64_t t = 0; t < n; ++t) y[t] *= 250;
      one_answer(models[m], y, n, &b);
      assert_int_equal(a.reason, b.reason);
      for (int i = 0; i < H; ++i) near(models[m], b.mean[i], 250 * a.mean[i]);
      for (int i = 0; i < NQ * H; ++i) near(models[m], b.quantile[i], 250 * a.quantile[i]);
    }
  }
}

static void levels_shift_forecasts(void **state) {
  (void)state;
  const int kinds[] = {REGULAR, SHORT, GAPS, NEGATIVE};
  for (int m = 0; m < MODELS; ++m) {
    if (transforms(models[m]) || strstr(models[m], "lo=0") || strstr(models[m], "hi=50") ||
        strstr(models[m], "product") || strstr(models[m], "ces") || strstr(models[m], "sba")) {
      continue; /* these promise none */
    }
    if (strcmp(models[m], "theta") == 0 || strcmp(models[m], "theta(method=dstm)") == 0) {
      continue; /* a season that multiplies */
    }
    for (size_t z = 0; z < sizeof kinds / sizeof *kinds; ++z) {
      double y[LONG];
      const int64_t n = make_history(kinds[z], y);
      answer a, b;
      one_answer(models[m], y, n, &a);
      if (a.reason >= WSF__NOT_FITTED) continue;
      for (int64_t t = 0; t < n; ++t) y[t] += 4096;
      one_answer(models[m], y, n, &b);
      for (int i = 0; i < H; ++i) near(models[m], b.mean[i] - 4096, a.mean[i]);
      for (int i = 0; i < NQ * H; ++i) near(models[m], b.quantile[i] - 4096, a.quantile[i]);
    }
  }
}

static const char *const recursive[] = {
    "naive",
    "snaive",
    "drift",
    "average",
    "window(5)",
    "swindow(2)",
    "snaive(season=7)",
    "mean(naive, drift)",
    "median(naive, drift, snaive)",
    "weighted(naive, snaive, weights=[1,3])",
    "clamp(drift, range=0.5)",
    "product(window(3), snaive)",
    "fallback(snaive, naive)",
    "croston(alpha=0.3)",
    "croston(sba)",
    "tsb",
    "log(naive)",
    "log(mean(drift, snaive))",
    "boxcox(average, 0.5)",
    "difference(naive)",
    "difference(average, lag=12)",
    "difference(difference(drift), lag=7)",
    "clamp(difference(log(swindow(2)), lag=3), lo=0)",
};

static void update_equals_refit(void **state) {
  (void)state;
  const int kinds[] = {REGULAR, CONSTANT, GAPS, SPARSE, STOPPED, TWO, YEAR_AND_ONE};
  for (size_t m = 0; m < sizeof recursive / sizeof *recursive; ++m) {
    for (size_t z = 0; z < sizeof kinds / sizeof *kinds; ++z) {
      double y[LONG];
      const int64_t n = make_history(kinds[z], y);
      for (int64_t before = 1; before < n; before += 1 + n / 9) {
        harness h;
        answer moved, refit;
        harness_open(&h, recursive[m], SEASON, 1, &before, y);
        if (harness_reason(&h, 0) >= WSF__NOT_FITTED) { /* too short for a difference */
          harness_close(&h);
          continue;
        }
        /* in two steps, to see that a moved state moves on */
        const int64_t some = (n - before) / 2;
        assert_int_equal(harness_update(&h, 0, y + before, some), WSF_OK);
        assert_int_equal(harness_update(&h, 0, y + before + some, n - before - some), WSF_OK);
        answer_of(&h, 0, &moved);
        assert_true(harness_check(&h));
        harness_close(&h);
        one_answer(recursive[m], y, n, &refit);
        if (memcmp(&moved, &refit, sizeof refit) != 0) {
          fail_msg("%s on %d from %d", recursive[m], kinds[z], (int)before);
        }
      }
    }
  }
}

/* Forecast and update with whatever check let through; the tree stays as it was. */
static void use(harness *h) {
  double mean[H], quantile[NQ * H];
  const double more[] = {5, NAN, 0, -1e300, 7};
  wsf__fitted *const fitted = h->fitted;
  (void)harness_try_forecast(h, 0, H, q, NQ, mean, quantile);
  if (harness_update(h, 0, more, 5) == WSF_OK) {
    h->series[0].n -= 5;
    h->fitted = fitted;
  }
}

/* Change one state in ways a file could; whatever check lets through must be safe to use. */
static void forge(harness *h, wsf__fitted *t, const char *model) {
  static const double values[] = {NAN, INFINITY, -1,  -0.5, 0,     0.5,   1,
                                  2,   13,       1e9, 1e15, 1e300, -1e300};
  const wsf__model_class *class = wsf__class_of(t->node);
  const wsf__state good = t->state[0];
  double *copy = malloc((size_t)(good.n + 1) * sizeof *copy);
  assert_non_null(copy);
  assert_non_null(class->check);
  for (int64_t i = 0; i < good.n; ++i) {
    for (size_t k = 0; k < sizeof values / sizeof *values; ++k) {
      if (good.n) memcpy(copy, good.v, (size_t)good.n * sizeof *copy);
      copy[i] = values[k];
      t->state[0].v = copy;
      if (class->check(t->node, &h->panel, &t->state[0])) {
        use(h);
        if (!isfinite(values[k])) fail_msg("%s takes a state that is not finite", model);
      }
    }
  }
  free(copy);
  for (int64_t n = 0; n <= good.n + 1; ++n) {
    if (n == good.n) continue;
    double *other = calloc((size_t)n + 1, sizeof *other);
    assert_non_null(other);
    if (good.n) memcpy(other, good.v, (size_t)(n < good.n ? n : good.n) * sizeof *other);
    t->state[0] = (wsf__state){.v = other, .n = n, .reason = good.reason};
    if (class->check(t->node, &h->panel, &t->state[0])) {
      use(h);
    }
    free(other);
  }
  t->state[0] = good;
  for (int i = 0; i < t->node->n_inner; ++i) {
    if (t->inner[i]->state[0].reason < WSF__NOT_FITTED) forge(h, t->inner[i], model);
  }
}

static void forged_states_are_refused_or_harmless(void **state) {
  (void)state;
  double y[LONG];
  const int64_t n = make_history(GAPS, y);
  for (int m = 0; m < MODELS; ++m) {
    harness h;
    harness_open(&h, models[m], SEASON, 1, &n, y);
    forge(&h, h.fitted, models[m]);
    harness_close(&h);
  }
}

/* The k-th allocation fails. */
static int64_t allocations_left;
static void *failing_resize(void *user, void *ptr, size_t old_size, size_t new_size) {
  (void)user;
  (void)old_size;
  if (new_size == 0) {
    free(ptr);
    return NULL;
  }
  return allocations_left-- > 0 ? realloc(ptr, new_size) : NULL;
}

static void every_allocation_may_fail(void **state) {
  (void)state;
  double y[2 * LONG], mean[H], quantile[NQ * H];
  int64_t length[2];
  length[0] = make_history(GAPS, y);
  length[1] = make_history(YEAR_AND_ONE, y + length[0]);
  for (int m = 0; m < MODELS; ++m) {
    bool done = false;
    for (int64_t k = 0; !done && k < 1000; ++k) {
      harness h;
      assert_int_equal(harness_begin(&h, models[m], SEASON, 2, length, y), WSF_OK);
      /* room for the tree itself, which the harness insists on */
      const wsf__mark mark = wsf__arena_mark(&h.arena);
      assert_non_null(wsf__arena_new(&h.arena, 1 << 16, 1));
      wsf__arena_reset(&h.arena, mark);
      h.env.alloc.resize = failing_resize;
      allocations_left = k;
      wsf_status status = harness_fit(&h);
      if (status == WSF_OK) status = harness_try_forecast(&h, 0, H, q, NQ, mean, quantile);
      if (status == WSF_OK) status = harness_update(&h, 0, y, 3);
      if (status == WSF_E_UNSUPPORTED) status = WSF_OK;
      if (status != WSF_OK) assert_int_equal(status, WSF_E_MEMORY);
      done = status == WSF_OK;
      harness_close(&h);
    }
    if (!done) fail_msg("%s", models[m]);
  }
}

int test_model_contract(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_history_gets_a_bounded_forecast_or_a_reason),
      cmocka_unit_test(company_changes_nothing),
      cmocka_unit_test(constants_are_forecast_as_themselves),
      cmocka_unit_test(units_do_not_matter),
      cmocka_unit_test(levels_shift_forecasts),
      cmocka_unit_test(update_equals_refit),
      cmocka_unit_test(forged_states_are_refused_or_harmless),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
