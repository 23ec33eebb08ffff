/* What ets promises beyond R's numbers: every form, odd series, updates, options. */
#include "harness.h"

#include "math/rng.h"
#include "models/local/ets/ets.h"

enum { H = 30, MOST = 400 };
static const double levels[3] = {0.1, 0.5, 0.9};

/* Positive, with a trend, a season and some noise. */
static void monthly(double *y, int64_t n, int season) {
  uint32_t seed = 7;
  for (int64_t t = 0; t < n; ++t) {
    seed = seed * 1664525u + 1013904223u;
    const double noise = (double)(seed >> 8) / 16777216.0 - 0.5;
    const double wave = sin(6.283185307179586 * (double)(t % season) / season);
    y[t] = (100 + 0.5 * (double)t) * (1 + 0.2 * wave) + 6 * noise;
  }
}

static int32_t forecast_of(const char *model, int season, const double *y, int64_t n) {
  harness h;
  double mean[H], quantile[3 * H];
  harness_open(&h, model, season, 1, &n, y);
  const int32_t reason = harness_reason(&h, 0);
  if (reason < WSF__NOT_FITTED) {
    assert_true(harness_check(&h));
    harness_forecast(&h, 0, H, levels, 3, mean, quantile);
    for (int i = 0; i < H; ++i) {
      assert_true(isfinite(mean[i]) && isfinite(quantile[i]));
      assert_true(quantile[i] <= quantile[H + i] && quantile[H + i] <= quantile[2 * H + i]);
    }
  }
  harness_close(&h);
  return reason;
}

static void every_form_fits(void **state) {
  (void)state;
  double y[96];
  monthly(y, 96, 12);
  int forms = 0;
  for (const char *e = "AM"; *e; ++e) {
    for (const char *t = "NAM"; *t; ++t) {
      for (const char *s = "NAM"; *s; ++s) {
        for (int damped = 0; damped <= (*t != 'N'); ++damped) {
          for (int newton = 0; newton <= 1; ++newton) {
            char model[128];
            (void)snprintf(model, sizeof model,
                           "ets(%c%c%s%c, damped=%s, restrict=false, paths=64, search=%s)", *e, *t,
                           damped ? "d" : "", *s, damped ? "true" : "false",
                           newton ? "newton" : "simplex");
            assert_int_equal(forecast_of(model, 12, y, 96), WSF__OK);
          }
          ++forms;
        }
      }
    }
  }
  assert_int_equal(forms, 30);
}

static void odd_series_give_a_bounded_answer(void **state) {
  (void)state;
  double y[MOST];
  for (int season = 1; season <= 12; season += 11) {
    for (int64_t n = 1; n <= 40; ++n) {
      monthly(y, n, 12);
      const int32_t reason = forecast_of("ets", season, y, n);
      /* below three cycles the criterion seldom has room for the season's first states */
      const bool either = season == 12 && n >= 24 && n < 36;
      assert_true(either ? reason == WSF__SHORT_SEASON || reason == WSF__OK
                         : reason == (n < 5                    ? WSF__REPLACED
                                      : season == 12 && n < 24 ? WSF__SHORT_SEASON
                                                               : WSF__OK));
      assert_true(forecast_of("ets(MAM)", season, y, n) < WSF__NOT_FITTED);
      for (int64_t t = 0; t < n; ++t) y[t] = 3.5;
      assert_int_equal(forecast_of("ets", season, y, n), n == 1 ? WSF__REPLACED : WSF__CONSTANT);
      for (int64_t t = 0; t < n; ++t) y[t] = 0;
      assert_int_equal(forecast_of("ets", season, y, n), n == 1 ? WSF__REPLACED : WSF__ZERO);
      for (int64_t t = 0; t < n; ++t) y[t] = (double)(t % 5) - 1; /* zeros and negative values */
      assert_true(forecast_of("ets", season, y, n) < WSF__NOT_FITTED);
      for (int64_t t = 0; t < n; ++t) y[t] = 10 + 2 * (double)t; /* nothing left to explain */
      assert_true(forecast_of("ets", season, y, n) < WSF__NOT_FITTED);
      for (int64_t t = 0; t < n; ++t) y[t] = t % 9 == 0 ? 1e9 : 1e-9;
      assert_true(forecast_of("ets", season, y, n) < WSF__NOT_FITTED);
    }
  }
  monthly(y, 60, 12);
  y[30] = 0;
  assert_int_equal(forecast_of("ets(MAN)", 12, y, 60), WSF__NOT_POSITIVE);
  assert_int_equal(forecast_of("ets", 12, y, 60), WSF__OK);
  assert_int_equal(forecast_of("ets(ANA)", 1, y, 60), WSF__REPLACED);
}

static void gaps_are_passed_over(void **state) {
  (void)state;
  double y[120], full[12], gappy[12];
  monthly(y, 120, 12);
  const int64_t n = 120;
  harness h;
  harness_open(&h, "ets", 12, 1, &n, y);
  harness_forecast(&h, 0, 12, NULL, 0, full, NULL);
  harness_close(&h);
  for (int t = 5; t < 120; t += 7) y[t] = NAN;
  y[60] = y[61] = y[62] = y[119] = y[118] = NAN;
  harness_open(&h, "ets", 12, 1, &n, y);
  assert_int_equal(harness_reason(&h, 0), WSF__OK);
  assert_true(h.fitted->state[0].v[WSF__ETS_AT_SEASON] > 0);
  harness_forecast(&h, 0, 12, NULL, 0, gappy, NULL);
  harness_close(&h);
  for (int i = 0; i < 12; ++i) assert_true(fabs(gappy[i] / full[i] - 1) < 0.04);
}

static void update_goes_on_where_the_fit_ended(void **state) {
  (void)state;
  static const char *const model[] = {"ets(MAdM)", "ets(AAA)", "ets(MNN)", "ets(MMM)", "ets(ANN)"};
  double y[100];
  monthly(y, 100, 12);
  y[85] = NAN;
  const int64_t n = 80;
  for (size_t i = 0; i < sizeof model / sizeof *model; ++i) {
    harness one, two;
    harness_open(&one, model[i], 12, 1, &n, y);
    harness_open(&two, model[i], 12, 1, &n, y);
    assert_int_equal(harness_update(&one, 0, y + 80, 20), WSF_OK);
    assert_int_equal(harness_update(&two, 0, y + 80, 7), WSF_OK);
    assert_int_equal(harness_update(&two, 0, y + 87, 13), WSF_OK);
    const wsf__state *a = &one.fitted->state[0], *b = &two.fitted->state[0];
    assert_int_equal(a->n, b->n);
    assert_memory_equal(a->v, b->v, (size_t)a->n * sizeof *a->v);
    assert_true(a->v[WSF__ETS_AT_N] == 99);
    assert_true(harness_check(&one));
    harness_close(&one);
    harness_close(&two);
  }
}

static void options_are_obeyed(void **state) {
  (void)state;
  double y[80];
  monthly(y, 80, 12);
  const int64_t n = 80;
  harness h;
  for (int newton = 0; newton <= 1; ++newton) {
    char model[128];
    (void)snprintf(model, sizeof model, "ets(AAdA, alpha=0.3, gamma=0.2, phi=0.9, search=%s)",
                   newton ? "newton" : "simplex");
    harness_open(&h, model, 12, 1, &n, y);
    const double *v = h.fitted->state[0].v;
    assert_true(v[WSF__ETS_AT_ALPHA] == 0.3 && v[WSF__ETS_AT_GAMMA] == 0.2);
    assert_true(v[WSF__ETS_AT_PHI] == 0.9 && v[WSF__ETS_AT_BETA] <= 0.3);
    assert_true(v[WSF__ETS_AT_K] == 1 + 2 + 11);
    harness_close(&h);
    for (const char *const *b = (const char *const[]){"usual", "admissible", "both", NULL}; *b;
         ++b) {
      (void)snprintf(model, sizeof model, "ets(bounds=%s, ic=bic, search=%s)", *b,
                     newton ? "newton" : "simplex");
      assert_int_equal(forecast_of(model, 12, y, n), WSF__OK);
    }
  }
  assert_int_equal(forecast_of("ets(ZMZ, allow_multiplicative_trend=true)", 12, y, n), WSF__OK);

  static const char *const broken[] = {"ets(XYZ)",
                                       "ets(NNN)",
                                       "ets(AMM)",
                                       "ets(AA)",
                                       "ets(ANN, damped=true)",
                                       "ets(AAdN, damped=false)",
                                       "ets(alpha=0.9, beta=0.95)",
                                       "ets(alpha=0.7, gamma=0.4)",
                                       "ets(alpha=1.9, beta=0.3, bounds=admissible)"};
  for (size_t i = 0; i < sizeof broken / sizeof *broken; ++i) {
    assert_int_equal(harness_begin(&h, broken[i], 12, 1, &n, y), WSF_OK);
    assert_int_equal(harness_fit(&h), WSF_E_VALUE);
    assert_true(h.err.byte == 0 && h.err.message[0]);
    harness_close(&h);
  }
}

static void a_long_season_moves_by_its_letter_only(void **state) {
  (void)state;
  double y[160];
  monthly(y, 160, 52);
  const int64_t n = 160;
  harness h;
  harness_open(&h, "ets", 52, 1, &n, y);
  assert_true(h.fitted->state[0].v[WSF__ETS_AT_M] == 52);
  assert_true(h.fitted->state[0].v[WSF__ETS_AT_GAMMA] == 0);
  assert_int_equal(harness_reason(&h, 0), WSF__LONG_SEASON);
  harness_close(&h);
  harness_open(&h, "ets(search=r)", 52, 1, &n, y);
  assert_true(h.fitted->state[0].v[WSF__ETS_AT_M] == 1);
  assert_int_equal(harness_reason(&h, 0), WSF__LONG_SEASON);
  harness_close(&h);
  harness_open(&h, "ets(ZZA, damped=false)", 52, 1, &n, y);
  assert_true(h.fitted->state[0].v[WSF__ETS_AT_M] == 52);
  double mean[52];
  harness_forecast(&h, 0, 52, NULL, 0, mean, NULL);
  for (int i = 0; i < 52; ++i) {
    const double wave = sin(6.283185307179586 * (double)((160 + i) % 52) / 52);
    assert_true(fabs(mean[i] / ((180 + 0.5 * i) * (1 + 0.2 * wave)) - 1) < 0.15);
  }
  harness_close(&h);
}

/* A season that grows with the level is no trend: from one cycle and a bit on. */
static void a_long_season_may_grow_with_the_level(void **state) {
  (void)state;
  double y[200], mean[H];
  monthly(y, 200, 52);
  for (int64_t n = 60; n <= 160; n += 4) {
    harness h;
    harness_open(&h, "ets", 52, 1, &n, y);
    assert_int_equal(harness_reason(&h, 0), WSF__LONG_SEASON);
    assert_true(harness_check(&h));
    harness_forecast(&h, 0, H, NULL, 0, mean, NULL);
    harness_close(&h);
    double error = 0;
    for (int i = 0; i < H; ++i) error += fabs(mean[i] - y[n + i]) / H;
    assert_true(error < 5);
  }
}

static void a_series_alone_and_in_company_are_the_same(void **state) {
  (void)state;
  double y[200];
  monthly(y, 60, 12);
  monthly(y + 60, 140, 12);
  const int64_t lengths[2] = {60, 140}, alone = 140;
  harness both, one;
  harness_open(&both, "ets", 12, 2, lengths, y);
  harness_open(&one, "ets", 12, 1, &alone, y + 60);
  const wsf__state *a = &both.fitted->state[1], *b = &one.fitted->state[0];
  assert_int_equal(a->n, b->n);
  assert_memory_equal(a->v, b->v, (size_t)a->n * sizeof *a->v);
  harness_close(&both);
  harness_close(&one);
}

static void broken_states_are_refused(void **state) {
  (void)state;
  double y[60];
  monthly(y, 60, 12);
  const int64_t n = 60;
  harness h;
  harness_open(&h, "ets(MAM)", 12, 1, &n, y);
  double v[64];
  const wsf__state good = h.fitted->state[0];
  const wsf__model_class *class = wsf__class_of(h.root);
  static const struct {
    int at;
    double value;
  } broken[] = {{WSF__ETS_AT_ERROR, 0},    {WSF__ETS_AT_TREND, 3},   {WSF__ETS_AT_SEASON, 0.5},
                {WSF__ETS_AT_DAMPED, 2},   {WSF__ETS_AT_M, 13},      {WSF__ETS_AT_M, -1},
                {WSF__ETS_AT_M, 1e18},     {WSF__ETS_AT_K, -1},      {WSF__ETS_AT_ALPHA, 1e9},
                {WSF__ETS_AT_PHI, 2},      {WSF__ETS_AT_SSE, -1},    {WSF__ETS_AT_LEVEL, NAN},
                {WSF__ETS_AT_SEASONS, -1}, {WSF__ETS_AT_LEVEL, -1e3}};
  for (size_t i = 0; i < sizeof broken / sizeof *broken; ++i) {
    memcpy(v, good.v, (size_t)good.n * sizeof *v);
    v[broken[i].at] = broken[i].value;
    assert_false(class->check(h.root, &h.panel, &(wsf__state){.v = v, .n = good.n}));
  }
  assert_false(class->check(h.root, &h.panel, &(wsf__state){.v = v, .n = 3}));
  assert_true(class->check(h.root, &h.panel, &good));
  harness_close(&h);
}

/* Additive forms know no zero: the same form, weights and criterion to the bit at any level. */
static void a_level_changes_no_additive_fit(void **state) {
  (void)state;
  static const char *const models[] = {"ets(AAN,damped=false)", "ets(AAN)", "ets(AZZ)",
                                       "ets(AAA,search=newton)"};
  static const double above[] = {1e3, 1e5, 1e8, 1e10, 1e12};
  double y[72], x[72];
  const int64_t n = 72;
  monthly(y, n, 12);
  for (int64_t t = 0; t < n; ++t) y[t] = round(y[t] * 64) / 64;
  for (size_t m = 0; m < sizeof models / sizeof *models; ++m) {
    harness low;
    harness_open(&low, models[m], 12, 1, &n, y);
    const double *a = low.fitted->state[0].v;
    for (size_t i = 0; i < sizeof above / sizeof *above; ++i) {
      harness high;
      for (int64_t t = 0; t < n; ++t) x[t] = y[t] + above[i];
      harness_open(&high, models[m], 12, 1, &n, x);
      const double *b = high.fitted->state[0].v;
      assert_memory_equal(a, b, (WSF__ETS_AT_PHI + 1) * sizeof *a); /* the form and its weights */
      assert_true(a[WSF__ETS_AT_IC] == b[WSF__ETS_AT_IC]);
      const double level = b[WSF__ETS_AT_LEVEL] - above[i];
      assert_true(fabs(level - a[WSF__ETS_AT_LEVEL]) <= 1e-14 * above[i]);
      harness_close(&high);
    }
    harness_close(&low);
  }
}

/* Johnson & Johnson's quarterly earnings 1960 to 1980: the first fitted values of an additive
 * season are below zero, which is no reason to refuse multiplicative errors. R:
 * ets(JohnsonJohnson). */
static void fitted_values_may_be_negative(void **state) {
  (void)state;
  static const double y[84] = {
      .71,  .63,  .85,   .44,   .61,   .69,  .92,   .55,   .72,   .77,  .92,   .60,   .83,   .80,
      1.00, .77,  .92,   1.00,  1.24,  1.00, 1.16,  1.30,  1.45,  1.25, 1.26,  1.38,  1.86,  1.56,
      1.53, 1.59, 1.83,  1.86,  1.53,  2.07, 2.34,  2.25,  2.16,  2.43, 2.70,  2.25,  2.79,  3.42,
      3.69, 3.60, 3.60,  4.32,  4.32,  4.05, 4.86,  5.04,  5.04,  4.41, 5.58,  5.85,  6.57,  5.31,
      6.03, 6.39, 6.93,  5.85,  6.93,  7.74, 7.83,  6.12,  7.74,  8.91, 8.28,  6.84,  9.54,  10.26,
      9.54, 8.73, 11.88, 12.06, 12.15, 8.91, 14.04, 12.96, 14.85, 9.99, 16.20, 14.67, 16.02, 11.61};
  static const double r[4] = {17.53691, 16.20101, 17.50409, 13.18744};
  const int64_t n = 84;
  harness h;
  double mean[4];
  harness_open(&h, "ets(search=r)", 4, 1, &n, y);
  assert_int_equal(harness_reason(&h, 0), WSF__OK);
  harness_forecast(&h, 0, 4, NULL, 0, mean, NULL);
  for (int i = 0; i < 4; ++i) assert_true(fabs(mean[i] / r[i] - 1) < 1e-6);
  harness_close(&h);
  assert_int_equal(forecast_of("ets(MNA, search=newton)", 4, y, n), WSF__OK);
}

/* Degrees by the hour, of which the shape of a day moves slowly through the year: between a level
 * that moves and a season that does there is no way down, and the second is far more likely. */
static void the_season_may_be_what_moves(void **state) {
  (void)state;
  enum { HOURS = 480 };
  static const double turn = 6.283185307179586;
  const int64_t n = HOURS;
  double y[HOURS];
  for (int64_t t = 0; t < n; ++t) {
    const double hour = (double)(t % 24), year = turn * (double)(t + 4000) / 8760;
    const double day = (8 - 4 * cos(year)) * cos(turn * (hour - 14 - 1.5 * sin(year)) / 24);
    const double half = 1.5 * cos(2 * turn * (hour - 3 + cos(year)) / 24);
    y[t] = floor(10 * (55 - 6 * cos(year) + day + half) + 0.5) / 10;
  }
  harness h, chosen;
  harness_open(&h, "ets(ANA, search=newton)", 24, 1, &n, y);
  const double *v = h.fitted->state[0].v;
  assert_true(v[WSF__ETS_AT_ALPHA] < 0.2 && v[WSF__ETS_AT_GAMMA] > 0.8);
  assert_true(v[WSF__ETS_AT_IC] < 500); /* 757 where the level moves */
  harness_open(&chosen, "ets(ANA)", 24, 1, &n, y);
  assert_memory_equal(v, chosen.fitted->state[0].v, (size_t)h.fitted->state[0].n * sizeof *v);
  harness_close(&chosen);
  harness_close(&h);
  static const struct {
    const char *chosen, *simplex;
    int season;
    int64_t n;
  } others[] = {{"ets(ANA)", "ets(ANA, search=simplex)", 12, HOURS},
                {"ets(ANA)", "ets(ANA, search=simplex)", 48, HOURS},
                {"ets", "ets(search=simplex)", 24, 40}}; /* too short for the season */
  for (int i = 0; i < 3; ++i) {
    harness_open(&h, others[i].simplex, others[i].season, 1, &others[i].n, y);
    harness_open(&chosen, others[i].chosen, others[i].season, 1, &others[i].n, y);
    assert_memory_equal(h.fitted->state[0].v, chosen.fitted->state[0].v,
                        (size_t)h.fitted->state[0].n * sizeof *v);
    harness_close(&chosen);
    harness_close(&h);
  }
}

/* What is thought beforehand moves the forecasts of a short history, and hardly those of a long
 * one; search=newton has nothing but the likelihood. */
static void a_prior_matters_in_short_histories(void **state) {
  (void)state;
  enum { LONG = 300, AHEAD = 10 };
  static const char *const model[] = {"ets(ZZN)", "ets(ZZN, criterion=posterior)",
                                      "ets(ZZN, criterion=likelihood)"};
  static const int64_t length[] = {12, LONG};
  double y[LONG], mean[3][AHEAD], apart[2] = {0};
  wsf__rng r;
  wsf__rng_init(&r, 3, 0);
  for (int t = 0; t < LONG; ++t) y[t] = 100 + 2 * t + 5 * wsf__rng_normal(&r);
  for (int k = 0; k < 2; ++k) {
    for (int i = 0; i < 3; ++i) {
      harness h;
      harness_open(&h, model[i], 1, 1, &length[k], y);
      assert_int_equal(harness_reason(&h, 0), WSF__OK);
      assert_true(harness_check(&h));
      harness_forecast(&h, 0, AHEAD, NULL, 0, mean[i], NULL);
      harness_close(&h);
    }
    for (int i = 0; i < AHEAD; ++i) {
      assert_true(mean[0][i] == mean[1][i]);
      apart[k] = fmax(apart[k], fabs(mean[0][i] - mean[2][i]));
    }
  }
  assert_true(apart[0] > 1e-3 && apart[1] < 1);
}

int test_ets(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_form_fits),
      cmocka_unit_test(the_season_may_be_what_moves),
      cmocka_unit_test(a_prior_matters_in_short_histories),
      cmocka_unit_test(fitted_values_may_be_negative),
      cmocka_unit_test(a_level_changes_no_additive_fit),
      cmocka_unit_test(odd_series_give_a_bounded_answer),
      cmocka_unit_test(gaps_are_passed_over),
      cmocka_unit_test(update_goes_on_where_the_fit_ended),
      cmocka_unit_test(options_are_obeyed),
      cmocka_unit_test(a_long_season_moves_by_its_letter_only),
      cmocka_unit_test(a_long_season_may_grow_with_the_level),
      cmocka_unit_test(a_series_alone_and_in_company_are_the_same),
      cmocka_unit_test(broken_states_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
