/* The pieces of ets against each other: lanes and derivatives against the plain recursion,
 * variances against simulation, admissibility against the recursion's own memory. */
#include "support.h"

#include "models/local/ets/ets.h"

#include <math.h>

enum { N = 90, M = 4, WIDTH = 12 };

static const wsf__arena nobody = {0}; /* wants the work to end */

static double unit(uint32_t *seed) {
  *seed = *seed * 1664525u + 1013904223u;
  return (double)(*seed >> 8) / 16777216.0;
}

static void positive_series(double *y, int n) {
  uint32_t seed = 3;
  for (int t = 0; t < n; ++t) y[t] = 50 + 0.3 * t + 8 * (t % M) + 6 * unit(&seed);
  y[20] = y[21] = y[50] = NAN;
}

/* A plausible point of a form; `i` varies it. */
static wsf__ets point(wsf__ets_form form, double season[M], int i) {
  wsf__ets e = {.form = form, .m = form.season ? M : 1, .alpha = 0.1 + 0.08 * i, .season = season};
  e.phi = form.damped ? 0.8 + 0.02 * i : 1;
  e.level = 48 + i;
  if (form.trend) e.beta = 0.02 + 0.01 * i;
  if (form.trend) e.slope = form.trend == WSF__ETS_ADD ? 0.4 : 1.005;
  if (form.season) e.gamma = 0.05 + 0.02 * i;
  const bool multiply = form.season == WSF__ETS_MUL;
  for (int j = 0; j < e.m; ++j) {
    season[j] = !form.season ? 0 : multiply ? 0.9 + 0.06 * j + 0.003 * i : 8 * j - 12 + i;
  }
  return e;
}

static double deviance_of(const wsf__ets *start, const double *y, int n) {
  double season[M];
  wsf__ets e = *start;
  memcpy(season, start->season, sizeof season);
  e.season = season;
  wsf__ets_sums sums = {0};
  wsf__ets_filter(&e, y, n, &sums, &nobody);
  return sums.n * log(sums.sse) + 2 * sums.log_f;
}

static int all_forms(wsf__ets_form *form) {
  int n = 0;
  for (int e = 1; e <= 2; ++e) {
    for (int t = 0; t <= 2; ++t) {
      for (int s = 0; s <= 2; ++s) {
        for (int d = 0; d <= (t > 0); ++d) form[n++] = (wsf__ets_form){e, t, s, d > 0};
      }
    }
  }
  return n;
}

static void sums_of(const double *y, int n, double *count, double *log_y) {
  *count = *log_y = 0;
  for (int t = 0; t < n; ++t) {
    if (isnan(y[t])) continue;
    *count += 1;
    *log_y += log(y[t]);
  }
}

static void lanes_agree_with_the_recursion(void **state) {
  (void)state;
  double y[N];
  positive_series(y, N);
  wsf__ets_form form[30];
  assert_int_equal(all_forms(form), 30);
  _Alignas(64) double ring[M * WSF__ETS_LANES];
  for (int f = 0; f < 30; ++f) {
    double first[WSF__ETS_LANES];
    for (int lanes = WSF__ETS_LANES; lanes > 0; lanes -= 5) {
      wsf__ets_trial t = {.scratch = &nobody,
                          .trend = form[f].trend,
                          .season_kind = form[f].season,
                          .y = y,
                          .n = N,
                          .season = ring,
                          .m = form[f].season ? M : 1};
      sums_of(y, N, &t.count, &t.log_y);
      memset(ring, 0, sizeof ring);
      for (int i = 0; i < WSF__ETS_LANES; ++i) {
        double season[M];
        const wsf__ets e = point(form[f], season, i);
        t.relative[i] = form[f].error == WSF__ETS_MUL ? -1 : 0;
        t.smoothing[0][i] = e.alpha, t.smoothing[1][i] = e.beta;
        t.smoothing[2][i] = e.gamma, t.smoothing[3][i] = e.phi;
        t.level[i] = e.level, t.slope[i] = e.slope;
        for (int j = 0; j < e.m; ++j) ring[j * WSF__ETS_LANES + i] = season[j];
      }
      wsf__ets_try(&t, lanes);
      for (int i = 0; i < lanes; ++i) {
        double season[M];
        const wsf__ets e = point(form[f], season, i);
        const double expected = deviance_of(&e, y, N);
        assert_true(fabs(t.deviance[i] - expected) <= 1e-9 * fabs(expected));
        /* The same bits, however many lanes are at work. */
        if (lanes == WSF__ETS_LANES) first[i] = t.deviance[i];
        assert_true(t.deviance[i] == first[i]);
      }
    }
  }
}

static void a_lane_that_leaves_the_domain_is_infinite(void **state) {
  (void)state;
  double y[N];
  positive_series(y, N);
  _Alignas(64) double ring[M * WSF__ETS_LANES];
  wsf__ets_trial t = {.scratch = &nobody,
                      .trend = WSF__ETS_NONE,
                      .season_kind = WSF__ETS_NONE,
                      .y = y,
                      .n = N,
                      .season = ring,
                      .m = 1};
  sums_of(y, N, &t.count, &t.log_y);
  memset(ring, 0, sizeof ring);
  for (int i = 0; i < WSF__ETS_LANES; ++i) {
    t.relative[i] = -1;
    t.smoothing[0][i] = 0.2;
    t.smoothing[3][i] = 1;
    t.level[i] = i % 2 ? -50 : 50;
  }
  t.level[2] = NAN;
  wsf__ets_try(&t, WSF__ETS_LANES);
  for (int i = 0; i < WSF__ETS_LANES; ++i) {
    assert_int_equal(isfinite(t.deviance[i]) != 0, i % 2 == 0 && i != 2);
  }
}

static void derivatives_agree_with_differences(void **state) {
  (void)state;
  double y[N];
  positive_series(y, N);
  wsf__ets_form form[30];
  (void)all_forms(form);
  _Alignas(64) double d_level[WIDTH], d_slope[WIDTH], d_season[M * WIDTH], seed[4][WIDTH];
  _Alignas(64) double rows[WSF__ETS_ROWS * WIDTH], mean_log[WIDTH], gradient[WIDTH];
  _Alignas(64) double matrix[WIDTH * WIDTH];
  for (int f = 0; f < 30; ++f) {
    double season[M], ring[M];
    const wsf__ets e = point(form[f], season, 2);
    wsf__ets_tangent t = {.scratch = &nobody,
                          .form = form[f],
                          .y = y,
                          .n = N,
                          .m = e.m,
                          .width = WIDTH,
                          .smoothing = {e.alpha, e.beta, e.gamma, e.phi},
                          .level = e.level,
                          .slope = e.slope,
                          .season = ring,
                          .d_level = d_level,
                          .d_slope = d_slope,
                          .d_season = d_season,
                          .rows = rows,
                          .mean_log = mean_log,
                          .gradient = gradient,
                          .matrix = matrix};
    sums_of(y, N, &t.count, &t.log_y);
    memcpy(ring, season, sizeof ring);
    memset(d_level, 0, sizeof d_level);
    memset(d_slope, 0, sizeof d_slope);
    memset(d_season, 0, sizeof d_season);
    memset(seed, 0, sizeof seed);
    /* slots: alpha, beta, gamma, phi, level, slope, seasons */
    for (int i = 0; i < 4; ++i) {
      t.seed[i] = seed[i];
      seed[i][i] = 1;
    }
    d_level[4] = d_slope[5] = 1;
    for (int j = 0; j < M; ++j) d_season[j * WIDTH + 6 + j] = 1;
    wsf__ets_linearise(&t);
    const double expected = deviance_of(&e, y, N);
    assert_true(fabs(t.deviance - expected) <= 1e-9 * fabs(expected));
    double sse = 0;
    {
      double copy[M];
      wsf__ets_sums sums = {0};
      wsf__ets moved = e;
      memcpy(copy, season, sizeof copy);
      moved.season = copy;
      wsf__ets_filter(&moved, y, N, &sums, &nobody);
      sse = sums.sse;
    }
    for (int slot = 0; slot < 6 + M; ++slot) {
      if ((slot == 1 || slot == 5) && !form[f].trend) continue;
      if ((slot == 2 || slot >= 6) && !form[f].season) continue;
      if (slot == 3 && !form[f].damped) continue;
      double value[2];
      const double step = 1e-6 * (slot == 4 ? 50 : 1);
      for (int side = 0; side < 2; ++side) {
        double moved_season[M];
        wsf__ets moved = e;
        memcpy(moved_season, season, sizeof moved_season);
        moved.season = moved_season;
        double *const target[6] = {&moved.alpha, &moved.beta,  &moved.gamma,
                                   &moved.phi,   &moved.level, &moved.slope};
        *(slot < 6 ? target[slot] : &moved_season[slot - 6]) += side ? step : -step;
        value[side] = deviance_of(&moved, y, N);
      }
      /* deviance = n log S + ..: its derivative is 2 n gradient / S */
      const double numeric = (value[1] - value[0]) / (2 * step);
      const double exact = 2 * t.count * gradient[slot] / sse;
      if (!(fabs(numeric - exact) <= 1e-4 * (1 + fabs(numeric)))) {
        fail_msg("form %d slot %d: %.8g, differences %.8g", f, slot, exact, numeric);
      }
      assert_true(matrix[slot * WIDTH + slot] > 0);
    }
  }
}

static void two_pieces_filter_as_one(void **state) {
  (void)state;
  double y[N];
  positive_series(y, N);
  wsf__ets_form form[30];
  (void)all_forms(form);
  for (int f = 0; f < 30; ++f) {
    for (int cut = 1; cut < N; cut += 13) {
      double s1[M], s2[M];
      wsf__ets one = point(form[f], s1, 1), two = point(form[f], s2, 1);
      wsf__ets_sums a = {0}, b = {0};
      wsf__ets_filter(&one, y, N, &a, &nobody);
      wsf__ets_filter(&two, y, cut, &b, &nobody);
      wsf__ets_filter(&two, y + cut, N - cut, &b, &nobody);
      assert_memory_equal(&a, &b, sizeof a);
      assert_memory_equal(s1, s2, (size_t)one.m * sizeof *s1);
      assert_true(one.level == two.level && one.slope == two.slope);
      assert_true(wsf__ets_valid(&one));
    }
  }
}

/* Whether the errors that first states leave in a series of zeros die out. The conditions take beta
 * undamped, as R does; in this recursion that is beta / phi. */
static bool forgets(const wsf__ets_form *form, int m, const double p[4]) {
  enum { LONG = 2000 };
  static const double zeros[LONG];
  double season[12] = {1, -1};
  wsf__ets e = {.form = *form,
                .m = m,
                .alpha = p[0],
                .beta = p[1] / p[3],
                .gamma = p[2],
                .phi = p[3],
                .level = 1,
                .slope = 0.3,
                .season = season};
  double sse[20];
  for (int i = 0; i < 20; ++i) {
    wsf__ets_sums sums = {0};
    wsf__ets_filter(&e, zeros, LONG, &sums, &nobody);
    sse[i] = sums.sse;
  }
  return sse[19] < 1e-20 || sse[19] < sse[18];
}

static void admissible_models_forget(void **state) {
  (void)state;
  uint32_t seed = 5;
  int good = 0, bad = 0;
  for (int i = 0; i < 400; ++i) {
    const wsf__ets_form form = {WSF__ETS_ADD, WSF__ETS_ADD, i % 4 ? WSF__ETS_ADD : WSF__ETS_NONE,
                                i % 3 == 0};
    const int m = !form.season ? 1 : (const int[]){4, 7, 12}[i % 3];
    const double alpha = 0.01 + 0.98 * unit(&seed);
    const double p[4] = {alpha, (form.season ? 1.0 : 4.0) * unit(&seed),
                         form.season ? (1 - alpha) * unit(&seed) : 0,
                         form.damped ? 0.8 + 0.18 * unit(&seed) : 1};
    const bool admissible = wsf__ets_admissible(&form, m, p);
    if (admissible != forgets(&form, m, p)) {
      fail_msg("alpha %g beta %g gamma %g phi %g m %d: admissible %d", p[0], p[1], p[2], p[3], m,
               admissible);
    }
    ++*(admissible ? &good : &bad);
  }
  assert_true(good > 50 && bad > 50);
}

static void variances_agree_with_simulation(void **state) {
  (void)state;
  enum { STEPS = 12 };
  wsf__arena scratch;
  wsf__arena_init(&scratch, &wsf__alloc_libc);
  wsf__ets_form form[30];
  (void)all_forms(form);
  for (int f = 0; f < 30; ++f) {
    double season[M], mean[STEPS], sd[STEPS], work[2 * STEPS], quantile[2 * STEPS];
    wsf__ets e = point(form[f], season, 2);
    e.gamma = form[f].season ? 0.3 : 0;
    const double q[2] = {0.15865525393145707, 0.8413447460685429};
    const double sigma2 = form[f].error == WSF__ETS_MUL ? 0.0016 : 4;
    wsf__ets_mean(&e, sigma2, STEPS, mean, &scratch);
    assert_true(
        wsf__ets_quantiles(&e, sigma2, STEPS, 2, q, quantile, 8000, 99, NULL, NULL, &scratch));
    const bool formula = wsf__ets_has_variance(&form[f]);
    if (formula) wsf__ets_sd(&e, sigma2, STEPS, mean, sd, work, &scratch);
    for (int i = 0; i < STEPS; ++i) {
      const double simulated = (quantile[STEPS + i] - quantile[i]) / 2;
      if (formula && !(fabs(sd[i] / simulated - 1) < 0.05)) {
        fail_msg("form %d step %d: sd %g, simulated %g", f, i, sd[i], simulated);
      }
      assert_true(quantile[i] < mean[i] && mean[i] < quantile[STEPS + i]);
    }
    /* A shorter horizon sees the beginning of the same paths. */
    double shorter[2 * 5];
    assert_true(wsf__ets_quantiles(&e, sigma2, 5, 2, q, shorter, 8000, 99, NULL, NULL, &scratch));
    assert_memory_equal(shorter, quantile, 5 * sizeof *shorter);
  }
  wsf__arena_free(&scratch);
}

static void exploding_trends_stay_finite(void **state) {
  (void)state;
  enum { STEPS = 500 };
  wsf__arena scratch;
  wsf__arena_init(&scratch, &wsf__alloc_libc);
  double season[1] = {0};
  wsf__ets e = {.form = {WSF__ETS_MUL, WSF__ETS_MUL, WSF__ETS_NONE, false},
                .m = 1,
                .alpha = 0.9,
                .beta = 0.5,
                .phi = 1,
                .level = 100,
                .slope = 3,
                .season = season};
  double mean[STEPS], quantile[STEPS];
  const double q = 0.99;
  wsf__ets_mean(&e, 0.5, STEPS, mean, &scratch);
  assert_true(wsf__ets_quantiles(&e, 0.5, STEPS, 1, &q, quantile, 256, 1, NULL, NULL, &scratch));
  for (int i = 0; i < STEPS; ++i) {
    assert_true(mean[i] > 0 && mean[i] <= 1e5 && quantile[i] >= 0 && quantile[i] <= 1e5);
  }
  wsf__arena_free(&scratch);
}

int test_ets_parts(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(lanes_agree_with_the_recursion),
      cmocka_unit_test(a_lane_that_leaves_the_domain_is_infinite),
      cmocka_unit_test(derivatives_agree_with_differences),
      cmocka_unit_test(two_pieces_filter_as_one),
      cmocka_unit_test(admissible_models_forget),
      cmocka_unit_test(variances_agree_with_simulation),
      cmocka_unit_test(exploding_trends_stay_finite),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
