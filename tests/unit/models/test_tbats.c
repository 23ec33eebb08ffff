/* tbats: the likelihood against direct sums, stability, components by choice, gaps, odd series,
 * updates. */
#include "harness.h"

#include "math/rng.h"
#include "models/local/tbats/tbats.h"

enum { MOST = 240, STEPS = 24 };

static void wavy(double *y, int64_t n) {
  wsf__rng r;
  wsf__rng_init(&r, 5, 1);
  for (int64_t t = 0; t < n; ++t) {
    y[t] = 100 + 0.3 * (double)t + 20 * sin(6.283185307179586 * (double)(t % 12) / 12) +
           2 * wsf__rng_normal(&r);
  }
}

static void prepare(wsf__tbats_history *h, const double *y, double *log_y, int64_t n) {
  *h = (wsf__tbats_history){.x = y, .log_x = log_y, .distance = y, .unit = 1, .n = n};
  for (int64_t t = 0; t < n; ++t) {
    log_y[t] = log(y[t]);
    h->gaps = h->gaps || isnan(y[t]);
    h->observed += !isnan(y[t]);
    if (!isnan(y[t])) h->sum_log += log_y[t];
  }
}

static const wsf__tbats forms[] = {
    {.alpha = 0.3, .phi = 1, .lambda = 1},
    {.trend = 1, .alpha = 0.3, .beta = 0.04, .phi = 1, .lambda = 1},
    {.trend = 1, .damped = 1, .box = 1, .alpha = 0.5, .beta = 0.1, .phi = 0.9, .lambda = 0.3},
    {.trend = 1,
     .damped = 1,
     .alpha = 0.2,
     .beta = 0.01,
     .phi = 0.95,
     .lambda = 1,
     .seasons = 1,
     .period = {12},
     .harmonics = {5},
     .gamma1 = {0.003},
     .gamma2 = {-0.002}},
    {.box = 1,
     .alpha = 0.1,
     .phi = 1,
     .lambda = 0,
     .seasons = 2,
     .period = {7, 30.4},
     .harmonics = {3, 4},
     .gamma1 = {0.01, 0.001},
     .gamma2 = {0.002, 0.003},
     .p = 2,
     .q = 1,
     .ar = {0.5, -0.3},
     .ma = {0.4}},
};
enum { FORMS = sizeof forms / sizeof *forms };

/* Sum of squared errors of the recursion from given seeds. */
static double sum_of_squares(const wsf__tbats *form, const double *seed, const double *y, int64_t n,
                             wsf__arena *arena) {
  wsf__tbats u = *form;
  wsf__tbats_machine m;
  assert_true(wsf__tbats_open(&m, &u, arena));
  wsf__tbats_load(&m, seed);
  double sum = 0;
  for (int64_t t = 0; t < n; ++t) {
    double e;
    (void)wsf__tbats_step(&m, wsf__tbats_forward(&u, y[t]), &e);
    sum += e * e;
  }
  return sum;
}

/* The concentrated likelihood is that of the recursion from the seeds it names, and no other seeds
 * do better; with gaps too. */
static void the_seeds_are_the_best_ones(void **state) {
  (void)state;
  static double y[MOST], log_y[MOST];
  for (int gaps = 0; gaps <= 1; ++gaps) {
    wavy(y, MOST);
    if (gaps) y[5] = y[6] = y[100] = y[238] = NAN;
    wsf__tbats_history h;
    prepare(&h, y, log_y, MOST);
    for (int i = 0; i < FORMS; ++i) {
      wsf__arena arena;
      wsf__arena_init(&arena, &wsf__alloc_libc);
      wsf__tbats u = forms[i];
      wsf__tbats_profile p;
      assert_true(wsf__tbats_profile_open(&p, &u, &h, &arena));
      (void)wsf__tbats_deviance(&p);
      const int dim = p.machine.dim;
      memcpy(p.seed, p.best, (size_t)dim * sizeof(double));
      const double deviance = wsf__tbats_deviance(&p);
      const double sse = sum_of_squares(&forms[i], p.best, y, MOST, &arena);
      double direct = (double)h.observed * log(sse);
      if (u.box > 0) direct -= 2 * (u.lambda - 1) * h.sum_log;
      if (!(fabs(direct - deviance) < 1e-9 * fabs(direct))) {
        fail_msg("form %d, gaps %d: %.12g, not %.12g", i, gaps, deviance, direct);
      }
      for (int k = 0; k < dim; ++k) {
        for (int sign = -1; sign <= 1; sign += 2) {
          const double kept = p.best[k];
          p.best[k] += sign * 0.05 * (1 + fabs(kept));
          assert_true(sum_of_squares(&forms[i], p.best, y, MOST, &arena) > sse);
          p.best[k] = kept;
        }
      }
      wsf__arena_free(&arena);
    }
  }
}

/* Both ways through the rows agree where both apply. */
static void paths_and_rows_agree(void **state) {
  (void)state;
  static double y[MOST], log_y[MOST];
  wavy(y, MOST);
  for (int i = 0; i < FORMS; ++i) {
    double deviance[2];
    for (int gaps = 0; gaps <= 1; ++gaps) {
      wsf__arena arena;
      wsf__arena_init(&arena, &wsf__alloc_libc);
      wsf__tbats_history h;
      prepare(&h, y, log_y, MOST);
      h.gaps = gaps > 0;
      wsf__tbats u = forms[i];
      wsf__tbats_profile p;
      assert_true(wsf__tbats_profile_open(&p, &u, &h, &arena));
      (void)wsf__tbats_deviance(&p);
      memcpy(p.seed, p.best, (size_t)p.machine.dim * sizeof(double));
      deviance[gaps] = wsf__tbats_deviance(&p);
      wsf__arena_free(&arena);
    }
    if (!(fabs(deviance[0] - deviance[1]) < 1e-9 * fabs(deviance[0]))) {
      fail_msg("form %d: %.12g and %.12g", i, deviance[0], deviance[1]);
    }
  }
}

/* Powers of F - g w' by brute force: growth is zero where they die out, and not where they do not.
 */
static void growth_is_seen(void **state) {
  (void)state;
  static const struct {
    wsf__tbats u;
    bool inside;
  } table[] = {
      {{.alpha = 0.3, .phi = 1}, true},
      {{.alpha = 1.9, .phi = 1}, true},
      {{.alpha = 2.1, .phi = 1}, false},
      {{.alpha = -0.01, .phi = 1}, false},
      {{.trend = 1, .alpha = 0.2, .beta = 0, .phi = 1}, true},
      {{.trend = 1, .alpha = 0.2, .beta = -0.02, .phi = 1}, false},
      {{.trend = 1, .damped = 1, .alpha = 0.2, .beta = 0.01, .phi = 0.9}, true},
      {{.alpha = 0.1, .phi = 1, .seasons = 1, .period = {12}, .harmonics = {5}}, true},
      {{.alpha = 0.1,
        .phi = 1,
        .seasons = 1,
        .period = {12},
        .harmonics = {1},
        .gamma1 = {0.01},
        .gamma2 = {-0.005}},
       true},
      {{.alpha = 0.1,
        .phi = 1,
        .seasons = 1,
        .period = {12},
        .harmonics = {1},
        .gamma1 = {-0.01},
        .gamma2 = {0.005}},
       false},
  };
  double y[4] = {1, 2, 3, 4}, log_y[4];
  wsf__tbats_history h;
  prepare(&h, y, log_y, 4);
  for (size_t i = 0; i < sizeof table / sizeof *table; ++i) {
    wsf__arena arena;
    wsf__arena_init(&arena, &wsf__alloc_libc);
    wsf__tbats u = table[i].u;
    wsf__tbats_profile p;
    assert_true(wsf__tbats_profile_open(&p, &u, &h, &arena));
    const bool inside = !(wsf__tbats_growth(&p) > 0);
    double first = 0, last = 0, seed[16] = {0};
    for (int k = 0; k < p.machine.dim; ++k) {
      seed[k] = 1;
      wsf__tbats_load(&p.machine, seed);
      seed[k] = 0;
      for (int t = 0; t < 4000; ++t) {
        double e;
        (void)wsf__tbats_step(&p.machine, 0, &e);
        if (t < 100) first = fmax(first, fabs(e));
        if (t >= 3900) last = fmax(last, fabs(e));
      }
    }
    const bool truth = last < 50 * first;
    if (inside != table[i].inside || truth != inside) fail_msg("%d: %d %d", (int)i, inside, truth);
    wsf__arena_free(&arena);
  }
}

static const double ends[2] = {0.025, 0.975};
static const char *const models[] = {
    "tbats",
    "tbats(boxcox=false, arma=false, ic=aic)",
    "tbats(boxcox=true, trend=false, bias=true)",
    "tbats(trend=true, damped=true, harmonics=3)",
    "tbats(seasons=[12,30.5], harmonics=[2,1], boxcox=false)",
};
enum { MODELS = sizeof models / sizeof *models };

static void a_season_is_found_through_gaps(void **state) {
  (void)state;
  double y[120], mean[STEPS], quantile[2 * STEPS];
  wavy(y, 120);
  const int64_t n = 96;
  for (int gaps = 0; gaps <= 1; ++gaps) {
    if (gaps) y[7] = y[40] = y[41] = y[95] = NAN;
    for (int i = 0; i < MODELS; ++i) {
      harness h;
      harness_open(&h, models[i], 12, 1, &n, y);
      assert_true(((const wsf__tbats *)h.fitted->state[0].v)->seasons > 0);
      harness_forecast(&h, 0, STEPS, ends, 2, mean, quantile);
      for (int step = 0; step < STEPS; ++step) {
        if (!(fabs(mean[step] / y[96 + step] - 1) < 0.2)) fail_msg("%s: %g", models[i], mean[step]);
        assert_true(quantile[step] < mean[step] && mean[step] < quantile[STEPS + step]);
      }
      harness_close(&h);
    }
  }
}

static void two_seasons_are_told_apart(void **state) {
  (void)state;
  static double y[560];
  wsf__rng r;
  wsf__rng_init(&r, 11, 0);
  for (int t = 0; t < 560; ++t) {
    y[t] = 50 + 8 * sin(6.283185307179586 * t / 7) + 5 * cos(6.283185307179586 * t / 45.6) +
           wsf__rng_normal(&r);
  }
  const int64_t n = 500;
  double mean[60], quantile[120], sum = 0;
  harness h;
  harness_open(&h, "tbats(seasons=[7,45.6], boxcox=false)", 7, 1, &n, y);
  const wsf__tbats *u = (const wsf__tbats *)h.fitted->state[0].v;
  assert_true(u->seasons == 2 && u->harmonics[0] >= 1 && u->harmonics[0] <= 3);
  harness_forecast(&h, 0, 60, ends, 2, mean, quantile);
  for (int t = 0; t < 60; ++t) sum += fabs(mean[t] - y[500 + t]);
  assert_true(sum / 60 < 1.2);
  harness_close(&h);
}

/* The last harmonic of an even season goes up and down in turn: with it any pattern can be told. */
static void even_seasons_alternate(void **state) {
  (void)state;
  static const double low_high[] = {18, 30}, fourth[] = {0, 0, 0, 12}, sixth[] = {5, 1, 4, 1, 5, 9};
  static const struct {
    const char *model;
    const double *pattern;
    int cycle, season;
  } cases[] = {{"tbats", low_high, 2, 2},
               {"tbats", low_high, 2, 12},
               {"tbats", fourth, 4, 4},
               {"tbats", fourth, 4, 12},
               {"tbats(harmonics=6)", fourth, 4, 12},
               {"tbats(arma=false, boxcox=false)", sixth, 6, 6}};
  const int64_t n = 36;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
    double y[36], mean[12];
    for (int t = 0; t < 36; ++t) y[t] = cases[i].pattern[t % cases[i].cycle];
    harness h;
    harness_open(&h, cases[i].model, cases[i].season, 1, &n, y);
    assert_true(harness_check(&h));
    const wsf__tbats *u = (const wsf__tbats *)h.fitted->state[0].v;
    assert_true(wsf__tbats_alternates(u, 0));
    harness_forecast(&h, 0, 12, NULL, 0, mean, NULL);
    for (int t = 0; t < 12; ++t) {
      assert_true(fabs(mean[t] - cases[i].pattern[(36 + t) % cases[i].cycle]) < 1e-6);
    }
    harness_close(&h);
  }
  /* More than there are is an error, not fewer. */
  const int seasons[] = {12, 7, 2}, most[] = {6, 3, 1};
  for (int i = 0; i < 3; ++i) {
    for (int more = 0; more < 2; ++more) {
      double y[36];
      char model[32];
      wavy(y, n);
      (void)snprintf(model, sizeof model, "tbats(harmonics=%d)", most[i] + more);
      harness h;
      const wsf_status status = harness_begin(&h, model, seasons[i], 1, &n, y);
      assert_int_equal(status == WSF_OK ? harness_fit(&h) : status, more ? WSF_E_VALUE : WSF_OK);
      harness_close(&h);
    }
  }
}

static void odd_histories_are_smoothed_somehow(void **state) {
  (void)state;
  double y[40], mean[40], quantile[80];
  for (int i = 0; i < MODELS; ++i) {
    for (int64_t n = 1; n <= 40; n += n < 3 ? 1 : n) {
      for (int kind = 0; kind < 7; ++kind) {
        wavy(y, n);
        for (int64_t t = 0; t < n; ++t) {
          if (kind == 1) y[t] = 3.5;
          if (kind == 2) y[t] = 0;
          if (kind == 3) y[t] = t % 5 == 0 ? 4 : 0;
          if (kind == 4 && t % 3 == 1) y[t] = NAN;
          if (kind == 5) y[t] = 3 + 2 * (double)t;
          if (kind == 6) y[t] -= 110;
        }
        harness h;
        harness_open(&h, models[i], 12, 1, &n, y);
        assert_true(harness_check(&h));
        const int32_t reason = harness_reason(&h, 0);
        if (kind == 1) assert_int_equal(reason, WSF__CONSTANT);
        if (kind == 2) assert_int_equal(reason, WSF__ZERO);
        if (reason >= WSF__NOT_FITTED) {
          assert_int_equal(reason, WSF__NOT_POSITIVE);
          assert_true(strstr(models[i], "boxcox=true") && (kind == 3 || kind == 6));
          harness_close(&h);
          continue;
        }
        harness_forecast(&h, 0, 40, ends, 2, mean, quantile);
        for (int step = 0; step < 40; ++step) {
          assert_true(isfinite(mean[step]) && quantile[step] <= quantile[40 + step]);
          assert_true(fabs(quantile[40 + step]) <= 1e3 * 200);
          if (kind == 1) assert_true(mean[step] == 3.5);
        }
        harness_close(&h);
      }
    }
  }
}

/* What is appended is filtered as if it had always been there, bit for bit. */
static void tbats_updates_are_the_longer_filter(void **state) {
  (void)state;
  double y[110];
  wavy(y, 110);
  y[30] = y[93] = y[100] = NAN;
  const int64_t n = 90;
  for (int i = 0; i < MODELS; ++i) {
    harness one, two;
    harness_open(&one, models[i], 12, 1, &n, y);
    harness_open(&two, models[i], 12, 1, &n, y);
    assert_int_equal(harness_update(&one, 0, y + 90, 20), WSF_OK);
    assert_int_equal(harness_update(&two, 0, y + 90, 7), WSF_OK);
    assert_int_equal(harness_update(&two, 0, y + 97, 13), WSF_OK);
    const wsf__state *a = &one.fitted->state[0], *b = &two.fitted->state[0];
    assert_int_equal(a->n, b->n);
    assert_memory_equal(a->v, b->v, (size_t)a->n * sizeof *a->v);
    assert_true(harness_check(&one));
    harness_close(&one);
    harness_close(&two);
  }
}

/* Variance of the forecast against many simulated futures. */
static void intervals_are_the_spread_of_futures(void **state) {
  (void)state;
  double y[96], mean[STEPS], quantile[2 * STEPS];
  wavy(y, 96);
  const int64_t n = 96;
  harness h;
  harness_open(&h, "tbats(boxcox=false, harmonics=2, trend=true)", 12, 1, &n, y);
  harness_forecast(&h, 0, STEPS, ends, 2, mean, quantile);
  const wsf__state *kept = &h.fitted->state[0];
  double square[STEPS] = {0};
  enum { PATHS = 20000 };
  wsf__rng r;
  wsf__rng_init(&r, 4, 4);
  wsf__tbats u;
  wsf__tbats_machine m;
  memcpy(&u, kept->v, sizeof u);
  assert_true(wsf__tbats_open(&m, &u, &h.arena));
  const double sd = sqrt(u.sigma2);
  for (int path = 0; path < PATHS; ++path) {
    memcpy(&u, kept->v, sizeof u);
    wsf__tbats_load(&m, kept->v + WSF__TBATS_HEAD);
    for (int t = 0; t < STEPS; ++t) {
      wsf__tbats before = u;
      const double e = sd * wsf__rng_normal(&r);
      double error;
      wsf__tbats_machine copy = m; /* what is expected here: a step without an observation */
      double value[8], companion[8];
      memcpy(value, m.value, (size_t)m.padded * sizeof *value);
      memcpy(companion, m.companion, (size_t)m.padded * sizeof *companion);
      const double f = wsf__tbats_step(&m, NAN, &error);
      u = before;
      m.level = copy.level;
      m.slope = copy.slope;
      memcpy(m.value, value, (size_t)m.padded * sizeof *value);
      memcpy(m.companion, companion, (size_t)m.padded * sizeof *companion);
      (void)wsf__tbats_step(&m, f + e, &error);
      const double x = (f + e) * u.scale - mean[t];
      square[t] += x * x;
    }
  }
  for (int t = 0; t < STEPS; ++t) {
    const double width = (quantile[STEPS + t] - quantile[t]) / (2 * 1.959963984540054);
    const double seen = sqrt(square[t] / PATHS);
    if (!(fabs(width / seen - 1) < 0.03)) fail_msg("step %d: %g, not %g", t + 1, width, seen);
  }
  harness_close(&h);
}

int test_tbats(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_seeds_are_the_best_ones),
      cmocka_unit_test(paths_and_rows_agree),
      cmocka_unit_test(growth_is_seen),
      cmocka_unit_test(a_season_is_found_through_gaps),
      cmocka_unit_test(two_seasons_are_told_apart),
      cmocka_unit_test(even_seasons_alternate),
      cmocka_unit_test(odd_histories_are_smoothed_somehow),
      cmocka_unit_test(tbats_updates_are_the_longer_filter),
      cmocka_unit_test(intervals_are_the_spread_of_futures),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
