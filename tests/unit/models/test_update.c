/* What every model that can be updated promises: one piece, single periods or ragged pieces give
 * the same bits of state and forecast; a state that has moved passes its own check; its size, and
 * so the time of a step, does not grow with the history; the reasons follow the observations. */
#include "harness.h"

enum { SEASON = 12, FITTED = 60, WHOLE = 96, H = 14, NQ = 2 };

/* Every class with an update stands in here at least once. */
static const char *const models[] = {
    "naive",
    "snaive",
    "drift",
    "average",
    "window(5)",
    "swindow(2)",
    "tslm",
    "tslm(trend=false, season=1)",
    "tslm(fourier=3)",
    "tslm(log=true)",
    "ets(ANN)",
    "ets(AAdA)",
    "ets(MAM)",
    "arima(order=[1,0,1], seasonal=[0,1,1])",
    "arima(order=[2,1,0], season=1)",
    "theta",
    "theta(method=otm)",
    "theta(method=dstm)",
    "theta(method=dotm, decompose=additive)",
    "ces(season=none)",
    "ces(season=simple)",
    "ces(season=partial)",
    "ces(season=full)",
    "croston(optimised)",
    "croston(sba)",
    "tsb(alpha=0.3)",
    "ucm(level)",
    "ucm(bsm, form=trigonometric)",
    "tbats(trend=false, harmonics=2, boxcox=false)",
    "prophet",
    "prophet(seasonality_mode=multiplicative, n_changepoints=5)",
    "prophet(growth=logistic, cap=\"400\")",
    "log(prophet(scaling=minmax, intervals=model))",
    "lstm(hidden=5, epochs=2)",
    "lstm(hidden=3, layers=2, epochs=1, patience=0)",
    "esrnn(hidden=3, epochs=1)",
    "stl(ets(AAN))",
    "stl(naive, window=7, robust=true)",
    "deseason(drift)",
    "mstl(naive, seasons=[4,12])",
    "deseason(naive, type=mul)",
    "log(ets(AAN))",
    "boxcox(drift)",
    "difference(average)",
    "difference(ets(ANN), lag=12)",
    "rebase(snaive, window=6)",
    "mean(snaive, log(drift), tslm)",
    "median(naive, theta, croston)",
    "weighted(ets(ANN), snaive)",
    "best(drift, snaive, tslm)",
    "auto(drift, snaive, tslm)",
    "fallback(log(tslm), difference(naive))",
    "product(window(3), snaive)",
    "clamp(drift, range=0.5)",
    "conformal(snaive)",
    "empirical(snaive)",
    "reconcile(drift)",
    "lowrank(ets(AAN), rank=1)",
    "pool(theta)",
    "holiday_shift(snaive)",
    "boxcox(0.5, clamp(difference(stl(tslm(season=1))), lo=-5))",
};
enum { MODELS = sizeof models / sizeof *models };

static bool mark_parts(const wsf__node *node, bool *seen) {
  bool all = true;
  for (int c = 0; c < wsf__n_model_classes; ++c) {
    if (wsf__model_classes[c] == wsf__class_of(node)) seen[c] = true;
  }
  for (int i = 0; i < node->n_inner; ++i) all = mark_parts(node->inner[i], seen) && all;
  return all && wsf__class_of(node)->update;
}

static void every_class_with_an_update_is_tested(void **state) {
  (void)state;
  bool *seen = calloc((size_t)wsf__n_model_classes, sizeof *seen);
  assert_non_null(seen);
  const double y[2] = {1, 2};
  for (int m = 0; m < MODELS; ++m) {
    harness h;
    if (harness_begin(&h, models[m], SEASON, 1, (int64_t[]){2}, y) != WSF_OK) {
      fail_msg("%s: %s", models[m], h.err.message);
    }
    if (!mark_parts(h.root, seen)) fail_msg("%s cannot be updated", models[m]);
    harness_close(&h);
  }
  for (int c = 0; c < wsf__n_model_classes; ++c) {
    if (wsf__model_classes[c]->update && !seen[c]) {
      fail_msg("%s has an update: expected a model with it in the list of this test",
               wsf__model_classes[c]->spec.name);
    }
  }
  free(seen);
}

enum { SEASONAL, INTERMITTENT, GAPS, SEAMS, NEGATIVE, GROWING, FLAT, KINDS };

static void make(int kind, double *y, int64_t n) {
  for (int64_t t = 0; t < n; ++t) {
    const double noise = (double)((t * 7919 + t * t * 31 + 17) % 101) / 50 - 1;
    const double season = sin(2 * 3.14159265 * (double)t / SEASON);
    y[t] = 100 + 0.3 * (double)t + 20 * season + 4 * noise;
    if (kind == INTERMITTENT) y[t] = t % 3 == 1 || t % 7 == 2 ? floor(5 + 4 * noise) : 0;
    if (kind == GAPS && (t % 11 == 5 || t % 13 == 6)) y[t] = NAN;
    if (kind == SEAMS && t >= FITTED - 3 && t < FITTED + 4) y[t] = NAN;
    if (kind == NEGATIVE) y[t] -= 120;
    if (kind == GROWING) y[t] = exp(y[t] / 30);
    if (kind == FLAT) y[t] = t < FITTED + 10 ? 5 : 5 + noise;
  }
}

static void same_states(const wsf__fitted *a, const wsf__fitted *b, const char *model, int kind) {
  const wsf__state *x = &a->state[0], *y = &b->state[0];
  if (x->reason != y->reason || x->n != y->n ||
      (x->n > 0 && memcmp(x->v, y->v, (size_t)x->n * sizeof *x->v) != 0)) {
    fail_msg("%s on %d: the state of %s depends on the pieces", model, kind, a->node->spec->name);
  }
  for (int i = 0; i < a->node->n_inner; ++i) {
    same_states(a->inner[i], b->inner[i], model, kind);
  }
}

typedef struct answer {
  double mean[H], quantile[NQ * H];
} answer;

static void ask(harness *h, answer *out) {
  static const double q[NQ] = {0.1, 0.8};
  harness_forecast(h, 0, H, q, NQ, out->mean, out->quantile);
}

static void pieces_give_the_same_bits(void **state) {
  (void)state;
  static const int64_t ragged[] = {5, 1, 11, 7, 12}; /* 36 */
  int fitted = 0;
  for (int m = 0; m < MODELS; ++m) {
    int kinds = 0;
    for (int kind = 0; kind < KINDS; ++kind) {
      double y[WHOLE];
      make(kind, y, WHOLE);
      const int64_t n = FITTED;
      harness h[3];
      for (int i = 0; i < 3; ++i) harness_open(&h[i], models[m], SEASON, 1, &n, y);
      if (harness_reason(&h[0], 0) < WSF__NOT_FITTED) {
        ++kinds;
        assert_int_equal(harness_update(&h[0], 0, y + n, WHOLE - n), WSF_OK);
        for (int64_t t = n; t < WHOLE; ++t) {
          assert_int_equal(harness_update(&h[1], 0, y + t, 1), WSF_OK);
        }
        for (int64_t t = n, i = 0; t < WHOLE; t += ragged[i++]) {
          assert_int_equal(harness_update(&h[2], 0, y + t, ragged[i]), WSF_OK);
        }
        same_states(h[0].fitted, h[1].fitted, models[m], kind);
        same_states(h[0].fitted, h[2].fitted, models[m], kind);
        if (harness_reason(&h[0], 0) < WSF__NOT_FITTED) {
          answer a, b, c;
          ask(&h[0], &a);
          ask(&h[1], &b);
          ask(&h[2], &c);
          assert_memory_equal(&a, &b, sizeof a);
          assert_memory_equal(&a, &c, sizeof a);
          if (!harness_check(&h[0])) fail_msg("%s refuses its own state", models[m]);
          for (int i = 0; i < H; ++i) assert_true(isfinite(a.mean[i]));
        }
      }
      for (int i = 0; i < 3; ++i) harness_close(&h[i]);
    }
    if (kinds < 3) fail_msg("%s was fitted to %d kinds only", models[m], kinds);
    fitted += kinds;
  }
  assert_true(fitted > MODELS * (KINDS - 3));
}

static bool refits(const wsf__node *node) {
  for (int i = 0; i < node->n_inner; ++i) {
    if (refits(node->inner[i])) return true;
  }
  return wsf__class_of(node)->refits;
}

static int64_t size_of(const wsf__fitted *t) {
  int64_t size = t->state[0].n;
  for (int i = 0; i < t->node->n_inner; ++i) size += size_of(t->inner[i]);
  return size;
}

/* All that an update reads is the state and the new observations, so where the state stays as large
 * as it was, a step takes the time it took; but what refits keeps the history, and so one number
 * more for each period. */
static void states_do_not_grow(void **state) {
  (void)state;
  enum { MORE = 600 };
  static double y[FITTED + MORE];
  for (int m = 0; m < MODELS; ++m) {
    make(SEASONAL, y, FITTED + MORE);
    const int64_t n = FITTED;
    harness h;
    harness_open(&h, models[m], SEASON, 1, &n, y);
    assert_int_equal(harness_update(&h, 0, y + n, 150), WSF_OK);
    const int64_t before = size_of(h.fitted);
    assert_int_equal(harness_update(&h, 0, y + n + 150, MORE - 150), WSF_OK);
    const int64_t grown = refits(h.root) ? MORE - 150 : 0;
    if (size_of(h.fitted) != before + grown) fail_msg("the state of %s grows", models[m]);
    harness_close(&h);
  }
}

/* Recursive least squares is what a fit of the longer history gives. */
static void regressions_equal_a_refit(void **state) {
  (void)state;
  static const char *const regression[] = {"tslm",           "tslm(trend=false)",
                                           "tslm(season=1)", "tslm(fourier=4)",
                                           "tslm(log=true)", "stl(tslm(season=1), season=1)"};
  static const int kinds[] = {SEASONAL, GAPS, SEAMS, GROWING, FLAT};
  for (size_t m = 0; m < sizeof regression / sizeof *regression; ++m) {
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; ++k) {
      double y[WHOLE];
      make(kinds[k], y, WHOLE);
      if (k == 2) { /* a month that the fit has never seen */
        for (int64_t t = 7; t < FITTED; t += SEASON) y[t] = NAN;
      }
      const int64_t n = FITTED, whole = WHOLE;
      harness moved, refit;
      answer a, b;
      harness_open(&moved, regression[m], SEASON, 1, &n, y);
      harness_open(&refit, regression[m], SEASON, 1, &whole, y);
      /* a fit that had to leave out Fourier terms does not take them up again */
      const bool same_columns = harness_reason(&moved, 0) != WSF__SHORT_SEASON;
      assert_int_equal(harness_update(&moved, 0, y + n, WHOLE - n), WSF_OK);
      if (same_columns) assert_int_equal(harness_reason(&moved, 0), harness_reason(&refit, 0));
      ask(&moved, &a);
      ask(&refit, &b);
      for (int i = 0; i < H && same_columns; ++i) {
        assert_true(fabs(a.mean[i] - b.mean[i]) <= 1e-9 * fabs(b.mean[i]));
        assert_true(fabs(a.quantile[i] - b.quantile[i]) <= 1e-9 * fabs(b.quantile[i]));
      }
      harness_close(&moved);
      harness_close(&refit);
    }
  }
}

static void a_value_without_a_logarithm_ends_the_fit(void **state) {
  (void)state;
  static const char *const logs[] = {"log(naive)", "boxcox(naive, 0)", "tslm(log=true)"};
  double y[FITTED], zero[2] = {3, 0};
  make(SEASONAL, y, FITTED);
  const int64_t n = FITTED;
  harness h;
  for (size_t m = 0; m < sizeof logs / sizeof *logs; ++m) {
    harness_open(&h, logs[m], SEASON, 1, &n, y);
    assert_int_equal(harness_update(&h, 0, zero, 2), WSF_OK);
    assert_int_equal(harness_reason(&h, 0), WSF__NOT_POSITIVE);
    harness_close(&h);
  }
  /* others go on without it, and say so */
  harness_open(&h, "mean(log(naive), average)", SEASON, 1, &n, y);
  assert_int_equal(harness_update(&h, 0, zero, 2), WSF_OK);
  assert_int_equal(harness_reason(&h, 0), WSF__REPLACED);
  answer a;
  ask(&h, &a);
  assert_true(a.mean[0] > 50);
  harness_close(&h);
  /* what was chosen is gone, and nothing else was fitted */
  harness_open(&h, "fallback(log(naive), average)", SEASON, 1, &n, y);
  assert_int_equal(harness_update(&h, 0, zero, 2), WSF_OK);
  assert_int_equal(harness_reason(&h, 0), WSF__NOT_POSITIVE);
  harness_close(&h);
  harness_open(&h, "product(log(naive), average)", SEASON, 1, &n, y);
  assert_int_equal(harness_update(&h, 0, zero, 2), WSF_OK);
  assert_int_equal(harness_reason(&h, 0), WSF__NOT_POSITIVE);
  harness_close(&h);
}

/* A value that breaks a call inside, in the first piece or in the middle of one. */
static void a_broken_call_breaks_alike_in_pieces(void **state) {
  (void)state;
  static const char *const logs[] = {"product(log(drift), snaive)",
                                     "product(log(drift), boxcox(naive, 0.5))",
                                     "clamp(product(log(naive), tslm))",
                                     "mean(product(log(drift), snaive), average)",
                                     "fallback(log(mean(naive, drift)), snaive)",
                                     "conformal(log(mean(naive, snaive)))",
                                     "empirical(log(mean(naive, snaive)))",
                                     "log(weighted(drift, snaive))",
                                     "stl(difference(naive))",
                                     "deseason(mean(naive, drift), type=mul)",
                                     "mean(log(drift), boxcox(snaive, 0))"};
  double y[FITTED], more[6] = {90, 0, 95, -3, 80, 85};
  make(SEASONAL, y, FITTED);
  const int64_t n = FITTED;
  for (size_t m = 0; m < sizeof logs / sizeof *logs; ++m) {
    for (int cut = 1; cut < 6; ++cut) {
      harness once, pieces;
      harness_open(&once, logs[m], SEASON, 1, &n, y);
      harness_open(&pieces, logs[m], SEASON, 1, &n, y);
      assert_int_equal(harness_update(&once, 0, more, 6), WSF_OK);
      assert_int_equal(harness_update(&pieces, 0, more, cut), WSF_OK);
      assert_int_equal(harness_update(&pieces, 0, more + cut, 6 - cut), WSF_OK);
      same_states(once.fitted, pieces.fitted, logs[m], cut);
      harness_close(&once);
      harness_close(&pieces);
    }
  }
}

static void reasons_follow_the_observations(void **state) {
  (void)state;
  static const char *const around[] = {"naive",
                                       "mean(naive, tslm)",
                                       "log(drift)",
                                       "difference(naive)",
                                       "stl(naive)",
                                       "rebase(naive)",
                                       "clamp(naive)",
                                       "conformal(naive)",
                                       "empirical(naive)",
                                       "best(naive, drift)"};
  double y[FITTED];
  for (int t = 0; t < FITTED; ++t) y[t] = 5;
  const int64_t n = FITTED;
  for (size_t m = 0; m < sizeof around / sizeof *around; ++m) {
    harness h;
    harness_open(&h, around[m], SEASON, 1, &n, y);
    assert_int_equal(harness_reason(&h, 0), WSF__CONSTANT);
    assert_int_equal(harness_update(&h, 0, y, 3), WSF_OK);
    if (harness_reason(&h, 0) != WSF__CONSTANT) fail_msg("%s forgot", around[m]);
    assert_int_equal(harness_update(&h, 0, (double[]){6, 7}, 2), WSF_OK);
    if (harness_reason(&h, 0) != WSF__OK) fail_msg("%s did not see", around[m]);
    harness_close(&h);
  }
}

static void calls_around_pass_reasons_on(void **state) {
  (void)state;
  static const char *const around[] = {"lowrank(naive)", "holiday_shift(naive)", "rebase(naive)",
                                       "stl(naive)"};
  double y[FITTED];
  for (int t = 0; t < FITTED; ++t) y[t] = 5;
  const int64_t n = FITTED;
  for (size_t m = 0; m < sizeof around / sizeof *around; ++m) {
    harness h;
    harness_open(&h, around[m], SEASON, 1, &n, y);
    if (harness_reason(&h, 0) != WSF__CONSTANT) fail_msg("%s kept it to itself", around[m]);
    harness_close(&h);
  }
}

/* The season goes on where it stood, whatever the length of the pieces. */
static void stl_keeps_its_season(void **state) {
  (void)state;
  double y[WHOLE], mean[SEASON];
  for (int t = 0; t < WHOLE; ++t) y[t] = 50 + 10 * (t % SEASON);
  const int64_t n = FITTED;
  harness h;
  harness_open(&h, "stl(naive)", SEASON, 1, &n, y);
  for (int64_t t = n; t < WHOLE - 5; t += 7) {
    assert_int_equal(harness_update(&h, 0, y + t, 7), WSF_OK);
    harness_forecast(&h, 0, SEASON, NULL, 0, mean, NULL);
    for (int i = 0; i < SEASON; ++i) assert_true(fabs(mean[i] - y[(t + 7 + i) % SEASON]) < 1e-6);
  }
  harness_close(&h);
}

static void some_models_cannot(void **state) {
  (void)state;
  static const char *const no[] = {"adida", "imapa", "outlier_clean(naive)", "mean(naive, adida)"};
  double y[WHOLE];
  make(SEASONAL, y, WHOLE);
  const int64_t n = FITTED;
  for (size_t m = 0; m < sizeof no / sizeof *no; ++m) {
    harness h;
    harness_open(&h, no[m], SEASON, 1, &n, y);
    assert_int_equal(harness_update(&h, 0, y + n, 3), WSF_E_UNSUPPORTED);
    harness_close(&h);
  }
}

int test_update(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_class_with_an_update_is_tested),
      cmocka_unit_test(pieces_give_the_same_bits),
      cmocka_unit_test(states_do_not_grow),
      cmocka_unit_test(regressions_equal_a_refit),
      cmocka_unit_test(a_value_without_a_logarithm_ends_the_fit),
      cmocka_unit_test(a_broken_call_breaks_alike_in_pieces),
      cmocka_unit_test(reasons_follow_the_observations),
      cmocka_unit_test(calls_around_pass_reasons_on),
      cmocka_unit_test(stl_keeps_its_season),
      cmocka_unit_test(some_models_cannot),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
