/* What every class of the registry promises (wsf__promise in models/model.h), and what holds of
 * all: a finite forecast or a reason, ordered quantiles, the same bits alone and in company, states
 * that pass their own check, and no forged state that makes predict read what is not there. */
#include "harness.h"

#include "math/rng.h"
#include "models/scope.h"

#include <float.h>

enum { SEASON = 12, H = 30, LONG = 75 };
static const double SPREAD = 16; /* of the histories below, about */

/* What every call of an expression promises. */
static wsf__promise promise_of(const wsf__node *node) {
  wsf__promise p = wsf__class_of(node)->promise;
  for (int i = 0; i < node->n_inner; ++i) {
    const wsf__promise inner = promise_of(node->inner[i]);
    p.constant = fmax(p.constant, inner.constant);
    p.binary = fmax(p.binary, inner.binary);
    p.units = fmax(p.units, inner.units);
    p.level = fmax(p.level, inner.level);
    p.update = fmax(p.update, inner.update);
    p.needs_length = p.needs_length || inner.needs_length;
    p.needs_positive = p.needs_positive || inner.needs_positive;
  }
  return p;
}

typedef struct model {
  const char *text;
  wsf__promise promise;
  bool alone;   /* every series by itself */
  bool updates; /* every call of it */
} model;

/* Forms that only add; whether a history may be too short. */
#define ADDITIVE(length)                                                                           \
  .promise = {.units = WSF__CONVERGING,                                                            \
              .level = WSF__CONVERGING,                                                            \
              .update = WSF__NOT,                                                                  \
              .needs_length = (length),                                                            \
              .why = "a search ends somewhere; an update keeps the parameters"}

/* Options and nestings beside the plain call of every class. Where an option changes what is
 * promised, that stands beside it. */
static const model variants[] = {
    {.text = "window(1)"},
    {.text = "window(5)"},
    {.text = "swindow(1)"},
    {.text = "swindow(3)"},
    {.text = "snaive(season=1)"},
    {.text = "tslm(trend=false)"},
    {.text = "tslm(season=1)"},
    {.text = "tslm(fourier=3)"},
    {.text = "tslm(fourier=6)"},
    {.text = "tslm(log=true)",
     .promise = {.constant = WSF__ROUNDING,
                 .binary = WSF__EPSILON,
                 .units = WSF__EPSILON,
                 .level = WSF__NOT,
                 .update = WSF__NOT,
                 .needs_positive = true,
                 .why = "a logarithm has a zero"}},
    {.text = "theta(method=dstm)"},
    {.text = "theta(method=auto, decompose=additive)",
     .promise = {.units = WSF__EPSILON,
                 .level = WSF__EPSILON,
                 .update = WSF__NOT,
                 .why = "a season that is added"}},
    {.text = "theta(method=dotm, decompose=stl)",
     .promise = {.units = WSF__EPSILON,
                 .level = WSF__EPSILON,
                 .update = WSF__NOT,
                 .why = "a season that is added"}},
    {.text = "ets(ANN)", ADDITIVE(false)},
    {.text = "ets(AAN)", ADDITIVE(false)},
    {.text = "ets(AAN, damped=false)", ADDITIVE(false)},
    {.text = "ets(AAA)", ADDITIVE(false)},
    {.text = "ets(AZZ)", ADDITIVE(false)},
    {.text = "ets(AAA, search=newton)", ADDITIVE(false)},
    {.text = "ets(AAN, bounds=admissible)", ADDITIVE(false)},
    {.text = "theta(method=stm, decompose=additive)", ADDITIVE(false)},
    {.text = "theta(method=otm, decompose=additive)", ADDITIVE(false)},
    {.text = "theta(method=dotm, decompose=additive)", ADDITIVE(false)},
    {.text = "stl(ets(AAN))", ADDITIVE(true)},
    {.text = "mstl(ets(AAN))", ADDITIVE(true)},
    {.text = "deseason(ets(AAN))", ADDITIVE(true)},
    {.text = "ces(season=none)"},
    {.text = "ces(season=partial)"},
    {.text = "ucm(model=level)"},
    {.text = "ucm(model=trend)"},
    {.text = "ucm(model=bsm, season=4)"},
    {.text = "ucm(model=seasonal, form=trigonometric, harmonics=2)"},
    {.text = "tbats(boxcox=false, arma=false)", ADDITIVE(false)},
    {.text = "tbats(seasons=[4,12.5], harmonics=[1,2], boxcox=false, trend=true, damped=false)",
     ADDITIVE(false)},
    {.text = "prophet(seasonality_mode=multiplicative)"},
    {.text = "prophet(growth=flat, n_changepoints=0, intervals=model)"},
    {.text = "prophet(changepoints=[\"5\",\"9\"])"},
    {.text = "prophet(scaling=minmax)",
     .promise = {.binary = WSF__EXACT,
                 .units = WSF__CONVERGING,
                 .level = WSF__CONVERGING,
                 .update = WSF__CONVERGING,
                 .needs_length = true,
                 .why = "the search ends"}},
    {.text = "prophet(growth=logistic, cap=\"1e6\")",
     .promise = {.constant = WSF__NOT,
                 .binary = WSF__NOT,
                 .units = WSF__NOT,
                 .level = WSF__NOT,
                 .update = WSF__NOT,
                 .needs_length = true,
                 .why = "a cap has a unit"}},
    {.text = "mean(naive, tslm)"},
    {.text = "mean(tslm(log=true), snaive)",
     .promise = {.constant = WSF__ROUNDING,
                 .binary = WSF__EPSILON,
                 .units = WSF__EPSILON,
                 .level = WSF__NOT,
                 .update = WSF__NOT,
                 .why = "a logarithm has a zero"}},
    {.text = "median(naive, drift, snaive, tslm)"},
    {.text = "weighted(naive, snaive, weights=[1,3])",
     .promise = {.units = WSF__EPSILON, .level = WSF__EPSILON, .why = "the weights are given"}},
    {.text = "weighted(naive, snaive, drift)"},
    {.text = "best(naive, snaive, tslm)"},
    {.text = "best(naive, drift, by=wmae, windows=3, horizon=4)"},
    {.text = "best(tslm(log=true), snaive, by=smape)",
     .promise = {.constant = WSF__ROUNDING,
                 .binary = WSF__EPSILON,
                 .units = WSF__EPSILON,
                 .level = WSF__NOT,
                 .update = WSF__NOT,
                 .why = "a logarithm has a zero"}},
    {.text = "fallback(tslm(log=true), drift)",
     .promise = {.constant = WSF__ROUNDING,
                 .binary = WSF__EPSILON,
                 .units = WSF__EPSILON,
                 .level = WSF__NOT,
                 .update = WSF__NOT,
                 .why = "a logarithm has a zero"}},
    {.text = "clamp(drift, lo=0)",
     .promise = {.units = WSF__EPSILON, .level = WSF__NOT, .why = "a bound has a zero"}},
    {.text = "clamp(drift, hi=50, range=0.5)",
     .promise =
         {.binary = WSF__NOT, .units = WSF__NOT, .level = WSF__NOT, .why = "a bound has a unit"}},
    {.text = "product(window(3), snaive)"},
    {.text = "product(naive, snaive, tslm, limit=2)"},
    {.text = "conformal(snaive)"},
    {.text = "conformal(mean(naive, tslm), symmetric=true, windows=5)"},
    {.text = "empirical(mean(naive, tslm), windows=5)"},
    {.text = "best(conformal(naive), weighted(drift, snaive))"},
    {.text = "conformal(best(naive, weighted(drift, snaive)), windows=2)"},
    {.text = "arima(max_p=1, max_q=1, max_P=1, max_Q=1)"},
    {.text = "arima(order=[0,1,1], seasonal=[0,1,1])"},
    {.text = "arima(order=[1,0,1], season=1)"},
    {.text = "arima(order=[0,1,0], drift=true)"},
    {.text = "croston(optimised)",
     .promise = {.constant = WSF__ROUNDING,
                 .units = WSF__EPSILON,
                 .level = WSF__EPSILON,
                 .update = WSF__NOT,
                 .why = "an update keeps the smoothing"}},
    {.text = "croston(sba)",
     .promise = {.constant = WSF__NOT,
                 .units = WSF__EPSILON,
                 .level = WSF__NOT,
                 .why = "less than classic by a factor"}},
    {.text = "tsb(alpha=0.3)"},
    {.text = "adida(level=7)"},
    {.text = "imapa(levels=12)"},
    {.text = "log(drift)"},
    {.text = "log(mean(naive, tslm), bias=false)"},
    {.text = "boxcox(drift)"},
    {.text = "boxcox(snaive, 0.5, bias=false)",
     .promise = {.constant = WSF__ROUNDING,
                 .binary = WSF__EPSILON,
                 .units = WSF__EPSILON,
                 .level = WSF__NOT,
                 .update = WSF__EPSILON,
                 .needs_positive = true,
                 .why = "lambda is given; an update keeps the zero inside"}},
    {.text = "boxcox(naive, -0.3)",
     .promise = {.constant = WSF__ROUNDING,
                 .binary = WSF__EPSILON,
                 .units = WSF__EPSILON,
                 .level = WSF__NOT,
                 .update = WSF__EPSILON,
                 .needs_positive = true,
                 .why = "lambda is given; an update keeps the zero inside"}},
    {.text = "difference(average)"},
    {.text = "difference(snaive, lag=12)"},
    {.text = "difference(difference(naive), lag=7)"},
    {.text = "stl(naive)"},
    {.text = "stl(tslm, window=7, robust=true)"},
    {.text = "mstl(naive, seasons=[4,12])"},
    {.text = "mstl(drift)"},
    {.text = "deseason(drift)"},
    {.text = "deseason(naive, type=mul)",
     .promise = {.binary = WSF__EPSILON,
                 .units = WSF__EPSILON,
                 .level = WSF__NOT,
                 .update = WSF__NOT,
                 .needs_length = true,
                 .needs_positive = true,
                 .why = "a season that multiplies has a zero"}},
    {.text = "deseason(tslm, method=stl)"},
    {.text = "deseason(average, method=stl, type=mul)",
     .promise = {.binary = WSF__EPSILON,
                 .units = WSF__EPSILON,
                 .level = WSF__NOT,
                 .update = WSF__NOT,
                 .needs_length = true,
                 .needs_positive = true,
                 .why = "a season that multiplies has a zero"}},
    {.text = "outlier_clean(drift)"},
    {.text = "outlier_clean(tslm, fill=true, season=1)"},
    {.text = "pool(snaive)"},
    {.text = "pool(drift, k=2, correlation=0.5)"},
    {.text = "snaive(season=7)"},
    {.text = "swindow(2)"},
    {.text = "mean(naive, drift)"},
    {.text = "median(naive, drift, snaive)"},
    {.text = "clamp(drift, range=0.5)"},
    {.text = "fallback(snaive, naive)"},
    {.text = "croston(alpha=0.3)"},
    {.text = "log(naive)"},
    {.text = "log(mean(drift, snaive))"},
    {.text = "boxcox(average, 0.5)",
     .promise = {.constant = WSF__ROUNDING,
                 .binary = WSF__EPSILON,
                 .units = WSF__EPSILON,
                 .level = WSF__NOT,
                 .update = WSF__EPSILON,
                 .needs_positive = true,
                 .why = "lambda is given; an update keeps the zero inside"}},
    {.text = "difference(naive)"},
    {.text = "difference(average, lag=12)"},
    {.text = "difference(difference(drift), lag=7)"},
    {.text = "clamp(difference(log(swindow(2)), lag=3), lo=0)"},
};
enum { VARIANTS = sizeof variants / sizeof *variants, MOST = VARIANTS + 200 };

static model models[MOST];
static int n_models;

/* Whether it parses; then it is the next of the list. */
static bool add_model(const char *text, const wsf__promise *own) {
  harness h;
  const double y = 1;
  wsf__scope scope;
  if (harness_begin(&h, text, SEASON, 1, (int64_t[]){1}, &y) != WSF_OK) {
    harness_close(&h);
    return false;
  }
  assert_int_equal(wsf__scope_of(&scope, h.root, &h.panel, &h.err), WSF_OK);
  models[n_models++] = (model){text, own->why ? *own : promise_of(h.root), scope.of == WSF__ALONE,
                               harness_updates(h.root)};
  harness_close(&h);
  return true;
}

/* Every class of the registry, by itself or around as few simple models as it takes. */
static int list_models(void **state) {
  (void)state;
  static const char *const inside[] = {"", "(drift)", "(naive, drift)"};
  static char text[MOST][64];
  assert_in_range(wsf__n_model_classes, 1, MOST - VARIANTS);
  for (int i = 0; i < wsf__n_model_classes; ++i) {
    const wsf__model_class *class = wsf__model_classes[i];
    bool added = false;
    for (size_t k = 0; !added && k < sizeof inside / sizeof *inside; ++k) {
      (void)snprintf(text[i], sizeof text[i], "%s%s", class->spec.name, inside[k]);
      added = add_model(text[i], &(wsf__promise){0});
    }
    if (!added) fail_msg("no call of %s parses", class->spec.name);
  }
  for (int i = 0; i < VARIANTS; ++i) {
    if (!add_model(variants[i].text, &variants[i].promise)) fail_msg("%s", variants[i].text);
  }
  return 0;
}

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
  for (int m = 0; m < n_models; ++m) {
    for (int kind = 0; kind < HISTORIES; ++kind) {
      double y[LONG];
      const int64_t n = make_history(kind, y);
      harness h;
      harness_open(&h, models[m].text, SEASON, 1, &n, y);
      answer a;
      answer_of(&h, 0, &a);
      if (!harness_check(&h))
        fail_msg("%s refuses its own state, history %d", models[m].text, kind);
      harness_close(&h);
      if (a.reason >= WSF__NOT_FITTED) {
        assert_string_not_equal(wsf__reason_word(a.reason), "unknown");
        const bool may = a.reason == WSF__NOT_POSITIVE ? models[m].promise.needs_positive
                                                       : models[m].promise.needs_length;
        if (!may) fail_msg("%s on %d: %s", models[m].text, kind, wsf__reason_word(a.reason));
        continue;
      }
      for (int i = 0; i < H; ++i) {
        bool valid = isfinite(a.mean[i]);
        for (int k = 0; k < NQ; ++k) {
          valid = valid && isfinite(a.quantile[k * H + i]);
          if (k > 0) valid = valid && a.quantile[k * H + i] >= a.quantile[(k - 1) * H + i];
        }
        if (!valid) fail_msg("%s on history %d, step %d", models[m].text, kind, i + 1);
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
  for (int m = 0; m < n_models; ++m) {
    if (!models[m].alone) continue; /* it is there for the company */
    harness h;
    harness_open(&h, models[m].text, SEASON, HISTORIES, length, y);
    int64_t offset = 0;
    for (int kind = 0; kind < HISTORIES; ++kind) {
      answer together, alone;
      answer_of(&h, kind, &together);
      one_answer(models[m].text, y + offset, length[kind], &alone);
      if (memcmp(&together, &alone, sizeof alone) != 0) fail_msg("%s on %d", models[m].text, kind);
      offset += length[kind];
    }
    harness_close(&h);
  }
}

/* The largest difference between x and scale * y + shift, relative to the size of a forecast. */
static double apart(const answer *x, const answer *y, double scale, double shift) {
  double most = 0, size = 0;
  for (int i = 0; i < H; ++i) size = fmax(size, fabs(scale * y->mean[i]));
  for (int i = 0; i < H + NQ * H; ++i) {
    const double was = i < H ? y->mean[i] : y->quantile[i - H];
    const double is = i < H ? x->mean[i] : x->quantile[i - H];
    const double want = scale * was + shift;
    if (is != want) most = fmax(most, fabs(is - want) / fmax(size, fabs(scale * was)));
    if (isnan(is) != isnan(was)) most = INFINITY;
  }
  return most;
}

static void keep(const model *m, double promised, double found, const char *what, int kind) {
  if (!(found <= promised))
    fail_msg("%s, history %d: %s holds to %g, promised is %g", m->text, kind, what, found,
             promised);
}

static void constants_are_forecast_as_themselves(void **state) {
  (void)state;
  for (int m = 0; m < n_models; ++m) {
    const model *const it = &models[m];
    for (int kind = CONSTANT; kind <= ZEROS; ++kind) {
      double y[LONG];
      const int64_t n = make_history(kind, y);
      answer a, same = {0};
      one_answer(it->text, y, n, &a);
      if (a.reason >= WSF__NOT_FITTED) continue;
      /* a trial inside a trial may see too little to say so, and a fallback says that it is one */
      if (!strstr(it->text, "(conformal") && !strstr(it->text, "best(naive, weighted") &&
          a.reason != WSF__REPLACED)
        assert_int_equal(a.reason, kind == ZEROS ? WSF__ZERO : WSF__CONSTANT);
      for (int i = 0; i < H; ++i) same.mean[i] = y[0];
      for (int i = 0; i < NQ * H; ++i) same.quantile[i] = y[0];
      keep(it, it->promise.constant, apart(&a, &same, 1, 0), "a constant", kind);
    }
  }
}

static void units_do_not_matter(void **state) {
  (void)state;
  const int kinds[] = {REGULAR, SHORT, GAPS, NEGATIVE};
  static const double units[] = {0x1p-40, 2, 1e-12, 250, 1e12};
  for (int m = 0; m < n_models; ++m) {
    const model *const it = &models[m];
    for (size_t z = 0; z < sizeof kinds / sizeof *kinds; ++z) {
      double y[LONG], x[LONG];
      const int64_t n = make_history(kinds[z], y);
      answer a, b;
      one_answer(it->text, y, n, &a);
      for (size_t u = 0; u < sizeof units / sizeof *units; ++u) {
        int exponent;
        const bool binary = frexp(units[u], &exponent) == 0.5;
        const double promised = binary ? it->promise.binary : it->promise.units;
        if (isinf(promised)) continue;
        for (int64_t t = 0; t < n; ++t) x[t] = units[u] * y[t];
        one_answer(it->text, x, n, &b);
        assert_int_equal(a.reason, b.reason);
        char what[32];
        (void)snprintf(what, sizeof what, "a unit of %g", units[u]);
        keep(it, promised, apart(&b, &a, units[u], 0), what, kinds[z]);
      }
    }
  }
}

/* false: not fitted. */
static bool fitted_values_of(const char *model, const double *y, int64_t n, double *out) {
  harness h;
  assert_int_equal(harness_begin(&h, model, SEASON, 1, &n, y), WSF_OK);
  h.fitted_values = true;
  assert_int_equal(harness_fit(&h), WSF_OK);
  const bool fitted = harness_reason(&h, 0) < WSF__NOT_FITTED;
  assert_int_equal(h.fitted->history[0].n, n);
  memcpy(out, h.fitted->history[0].v, (size_t)n * sizeof *out);
  harness_close(&h);
  return fitted;
}

/* What is promised of forecasts holds one step ahead inside the history too, which every class
 * has. */
static void fitted_values_keep_the_promise(void **state) {
  (void)state;
  const double unit = 250;
  for (int m = 0; m < n_models; ++m) {
    const model *const it = &models[m];
    double y[LONG], a[LONG], b[LONG], most = 0;
    const int64_t n = make_history(REGULAR, y);
    if (!fitted_values_of(it->text, y, n, a)) continue;
    for (int64_t t = 0; t < n; ++t) y[t] *= unit;
    assert_true(fitted_values_of(it->text, y, n, b));
    if (!isfinite(a[n - 1])) fail_msg("%s fits nothing", it->text);
    for (int64_t t = 0; t < n; ++t) {
      assert_int_equal(isnan(a[t]), isnan(b[t]));
      if (!isnan(a[t])) most = fmax(most, fabs(b[t] - unit * a[t]) / (1 + fabs(unit * a[t])));
    }
    keep(it, it->promise.units, most, "a fitted value", REGULAR);
  }
}

static void levels_shift_forecasts(void **state) {
  (void)state;
  const int kinds[] = {REGULAR, SHORT, GAPS, NEGATIVE};
  for (int m = 0; m < n_models; ++m) {
    const model *const it = &models[m];
    if (isinf(it->promise.level)) continue;
    for (size_t z = 0; z < sizeof kinds / sizeof *kinds; ++z) {
      double y[LONG];
      const int64_t n = make_history(kinds[z], y);
      answer a, b;
      one_answer(it->text, y, n, &a);
      if (a.reason >= WSF__NOT_FITTED) continue;
      for (int64_t t = 0; t < n; ++t) y[t] += 4096;
      one_answer(it->text, y, n, &b);
      keep(it, it->promise.level, apart(&b, &a, 1, 4096), "a level", kinds[z]);
    }
  }
}

/* A level far above what moves on it, added to values so that doubles hold the sums: what is lost
 * there are the model's own roundings. */
static void levels_far_away_shift_forecasts_too(void **state) {
  (void)state;
  const int kinds[] = {REGULAR, SHORT, GAPS, NEGATIVE};
  static const double spreads[] = {1e5, 1e8, 1e10};
  for (int m = 0; m < n_models; ++m) {
    const model *const it = &models[m];
    if (it->promise.level > WSF__CONVERGING) continue;
    for (size_t z = 0; z < sizeof kinds / sizeof *kinds; ++z) {
      double y[LONG], x[LONG];
      const int64_t n = make_history(kinds[z], y);
      answer a, b;
      for (int64_t t = 0; t < n; ++t) y[t] = round(y[t] * 0x1p8) * 0x1p-8;
      one_answer(it->text, y, n, &a);
      if (a.reason >= WSF__NOT_FITTED) continue;
      for (size_t i = 0; i < sizeof spreads / sizeof *spreads; ++i) {
        const double level = round(SPREAD * spreads[i]);
        for (int64_t t = 0; t < n; ++t) x[t] = y[t] + level;
        one_answer(it->text, x, n, &b);
        char what[48];
        (void)snprintf(what, sizeof what, "a level of %g spreads", spreads[i]);
        const double lost = WSF__CANCELLING * DBL_EPSILON * level / SPREAD;
        keep(it, it->promise.level + lost, apart(&b, &a, 1, level), what, kinds[z]);
      }
    }
  }
}

static void update_equals_refit(void **state) {
  (void)state;
  const int kinds[] = {REGULAR, CONSTANT, GAPS, SPARSE, STOPPED, TWO, YEAR_AND_ONE};
  for (int m = 0; m < n_models; ++m) {
    const model *const it = &models[m];
    if (!it->updates || isinf(it->promise.update)) continue;
    for (size_t z = 0; z < sizeof kinds / sizeof *kinds; ++z) {
      double y[LONG];
      const int64_t n = make_history(kinds[z], y);
      answer refit;
      one_answer(it->text, y, n, &refit);
      for (int64_t before = 1; before < n; before += 1 + n / 9) {
        harness h;
        answer moved;
        harness_open(&h, it->text, SEASON, 1, &before, y);
        if (harness_reason(&h, 0) < WSF__NOT_FITTED) { /* long enough */
          /* in two steps, to see that a moved state moves on */
          const int64_t some = (n - before) / 2;
          assert_int_equal(harness_update(&h, 0, y + before, some), WSF_OK);
          assert_int_equal(harness_update(&h, 0, y + before + some, n - before - some), WSF_OK);
          answer_of(&h, 0, &moved);
          assert_true(harness_check(&h));
          assert_int_equal(moved.reason, refit.reason);
          keep(it, it->promise.update, apart(&moved, &refit, 1, 0), "an update", kinds[z]);
        }
        harness_close(&h);
      }
    }
  }
}

/* Each record says why it does not hold to the bit, where it does not. */
static void promises_have_reasons(void **state) {
  (void)state;
  for (int i = 0; i < wsf__n_model_classes; ++i) {
    const wsf__promise *p = &wsf__model_classes[i]->promise;
    const bool exact =
        p->constant == 0 && p->binary == 0 && p->units == 0 && p->level == 0 && p->update == 0;
    if (!exact && !p->why) fail_msg("%s promises no reason", wsf__model_classes[i]->spec.name);
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
    t->state[0] = (wsf__state){.v = other, .n = n, .reason = good.reason, .pool = good.pool};
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
  for (int m = 0; m < n_models; ++m) {
    harness h;
    harness_open(&h, models[m].text, SEASON, 1, &n, y);
    forge(&h, h.fitted, models[m].text);
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
  for (int m = 0; m < n_models; ++m) {
    bool done = false;
    for (int64_t k = 0; !done && k < 1000; ++k) {
      harness h;
      assert_int_equal(harness_begin(&h, models[m].text, SEASON, 2, length, y), WSF_OK);
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
    if (!done) fail_msg("%s", models[m].text);
  }
}

/* Whatever was learnt from values that differ says how far it may be off, from the second on. */
static void histories_that_move_get_intervals_with_a_width(void **state) {
  (void)state;
  static const double bounds[] = {0.025, 0.975};
  for (int m = 0; m < n_models; ++m) {
    if (strstr(models[m].text, "range=")) continue; /* bounds that the trend may leave behind */
    for (int64_t n = 2; n <= 30; ++n) {
      double y[30], mean[H], quantile[2 * H];
      wsf__rng r;
      wsf__rng_init(&r, 4, (uint64_t)n);
      for (int64_t t = 0; t < n; ++t) y[t] = 100 + 2 * (double)t + 5 * wsf__rng_normal(&r);
      harness h;
      harness_open(&h, models[m].text, SEASON, 1, &n, y);
      if (harness_reason(&h, 0) < WSF__NOT_FITTED) {
        harness_forecast(&h, 0, H, bounds, 2, mean, quantile);
        for (int i = 0; i < H; ++i) {
          if (!(quantile[H + i] > quantile[i])) {
            fail_msg("%s on %d values: no width at step %d", models[m].text, (int)n, i + 1);
          }
        }
      }
      harness_close(&h);
    }
  }
}

int test_model_contract(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(promises_have_reasons),
      cmocka_unit_test(every_history_gets_a_bounded_forecast_or_a_reason),
      cmocka_unit_test(company_changes_nothing),
      cmocka_unit_test(constants_are_forecast_as_themselves),
      cmocka_unit_test(histories_that_move_get_intervals_with_a_width),
      cmocka_unit_test(units_do_not_matter),
      cmocka_unit_test(fitted_values_keep_the_promise),
      cmocka_unit_test(levels_shift_forecasts),
      cmocka_unit_test(levels_far_away_shift_forecasts_too),
      cmocka_unit_test(update_equals_refit),
      cmocka_unit_test(forged_states_are_refused_or_harmless),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, list_models, NULL);
}
