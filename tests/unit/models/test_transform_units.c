/* Inside log and boxcox the zero of a value is an accident of the unit: y times c moves what the
 * models there see by a constant, and with a power it stretches it too. So no forecast may depend
 * on c but by the factor, whatever stands inside. */
#include "harness.h"

#include "math/rng.h"

enum { SEASON = 12, LENGTH = 75, SERIES = 5, STEPS = 18 };
static const double ENOUGH = WSF__CONVERGING; /* where a search ends */

static const char *const transforms[] = {"log(%s)", "boxcox(%s)", "boxcox(%s, lambda=0.3)"};

/* Beside every class of the registry. */
static const char *const variants[] = {
    "ets(AAA)",
    "ets(MAM)",
    "ets(MMM)",
    "ets(damped=true)",
    "ets(allow_multiplicative_trend=true)",
    "ets(search=newton)",
    "theta(method=auto)",
    "theta(decompose=multiplicative)",
    "ces(season=none)",
    "ces(season=partial)",
    "ces(season=full)",
    "ucm(model=bsm)",
    "arima(order=[0,1,1], seasonal=[0,1,1])",
    "tbats(seasons=[12], boxcox=false, arma=false)",
    "tslm(log=true)",
    "stl(ets)",
    "mstl(ces)",
    "deseason(theta, type=mul)",
    "difference(ets)",
    "difference(ets, lag=12)",
    "lowrank(snaive, rank=2, by=all)",
    "pool(ets, k=3, by=all)",
    "rebase(snaive, by=all)",
    "best(ets, snaive, by=smape)",
    "best(ets, theta, pool=all)",
    "weighted(ets, theta, snaive)",
    "product(window(3), snaive)",
    "conformal(ets, windows=2)",
    "clamp(drift, range=0.5)",
    "log(drift)",
};

/* Series that differ in size and shape: a season and a trend, without, gaps, short, noise. */
static int64_t make_panel(double *y, int64_t *length) {
  wsf__rng r;
  wsf__rng_init(&r, 5, 8);
  int64_t total = 0;
  for (int i = 0; i < SERIES; ++i) {
    length[i] = i == 3 ? 9 : LENGTH - 3 * i;
    for (int64_t t = 0; t < length[i]; ++t) {
      const double season = i < 3 ? sin(2 * 3.14159265 * (double)t / SEASON) : 0;
      const double w =
          3 + i + 0.01 * (double)t * (i == 0) + 0.3 * season + 0.1 * wsf__rng_normal(&r);
      y[total++] = i == 2 && t % 7 == 3 ? NAN : exp(w);
    }
  }
  return total;
}

typedef struct answers {
  int32_t reason[SERIES];
  double value[SERIES][3 * STEPS]; /* means and two quantiles */
} answers;

static void answers_of(const char *model, const double *y, const int64_t *length, answers *out) {
  static const double q[] = {0.1, 0.95};
  harness h;
  memset(out, 0, sizeof *out);
  harness_open(&h, model, SEASON, SERIES, length, y);
  for (int i = 0; i < SERIES; ++i) {
    out->reason[i] = harness_reason(&h, i);
    if (out->reason[i] >= WSF__NOT_FITTED) continue;
    harness_forecast(&h, i, STEPS, q, 2, out->value[i], out->value[i] + STEPS);
  }
  assert_true(harness_check(&h));
  harness_close(&h);
}

static void hold(const char *model, const double *y, const int64_t *length, int64_t total) {
  static const double units[] = {0x1p-30, 1e-12, 1e12};
  double x[SERIES * LENGTH];
  answers a, b;
  answers_of(model, y, length, &a);
  for (size_t u = 0; u < sizeof units / sizeof *units; ++u) {
    for (int64_t t = 0; t < total; ++t) x[t] = units[u] * y[t];
    answers_of(model, x, length, &b);
    for (int i = 0; i < SERIES; ++i) {
      if (a.reason[i] != b.reason[i]) fail_msg("%s, series %d times %g", model, i, units[u]);
      double size = 0;
      for (int k = 0; k < 3 * STEPS; ++k) size = fmax(size, fabs(a.value[i][k]));
      for (int k = 0; k < 3 * STEPS; ++k) {
        const double apart = fabs(b.value[i][k] / units[u] - a.value[i][k]) / fmax(size, 1e-300);
        if (!(apart <= ENOUGH))
          fail_msg("%s, series %d times %g: %g apart, %.9g and %.9g at %d", model, i, units[u],
                   apart, a.value[i][k], b.value[i][k] / units[u], k);
      }
    }
  }
}

static bool parses(const char *model) {
  harness h;
  const double y = 1;
  const bool done = harness_begin(&h, model, SEASON, 1, (int64_t[]){1}, &y) == WSF_OK;
  harness_close(&h);
  return done;
}

static void hold_inside(const char *inner) {
  double y[SERIES * LENGTH];
  int64_t length[SERIES];
  const int64_t total = make_panel(y, length);
  for (size_t k = 0; k < sizeof transforms / sizeof *transforms; ++k) {
    char model[160];
    (void)snprintf(model, sizeof model, transforms[k], inner);
    hold(model, y, length, total);
  }
}

static void every_model_inside_is_free_of_units(void **state) {
  (void)state;
  static const char *const inside[] = {"", "(drift)", "(naive, drift)"};
  for (int i = 0; i < wsf__n_model_classes; ++i) {
    char inner[64];
    bool found = false;
    for (size_t k = 0; !found && k < sizeof inside / sizeof *inside; ++k) {
      (void)snprintf(inner, sizeof inner, "%s%s", wsf__model_classes[i]->spec.name, inside[k]);
      found = parses(inner);
    }
    assert_true(found);
    hold_inside(inner);
  }
}

static void their_options_too(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof variants / sizeof *variants; ++i) hold_inside(variants[i]);
}

int test_transform_units(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_model_inside_is_free_of_units),
      cmocka_unit_test(their_options_too),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
