/* auto: what it looks at, what it makes of that, and what it does where there is nothing to see. */
#include "harness.h"

#include "math/rng.h"
#include "models/choice.h"

enum { SEASON = 12, N = 96, SERIES = 30, H = 12 };

static double noise(uint64_t *seed) {
  *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (double)(*seed >> 11) / 4503599627370496.0 - 1; /* -1 .. 1 */
}

/* Half of the series are a trend and a season, half a sale of eight in one month of three. */
static void fill(double *y) {
  uint64_t seed = 7;
  for (int i = 0; i < SERIES; ++i) {
    for (int t = 0; t < N; ++t) {
      const double season = 30 * sin(2 * 3.14159265358979 * t / SEASON);
      y[i * N + t] = i % 2 ? (noise(&seed) > 0.33 ? 8 + 2 * noise(&seed) : 0)
                           : 100 + 5 * i + t + season + 5 * noise(&seed);
    }
  }
}

static const wsf__choice *choice_of(const harness *h, int64_t i) {
  return wsf__class_of(h->fitted->node)->choice(h->fitted, i);
}

static void open_all(harness *h, const char *text, const double *y, int64_t n) {
  int64_t length[SERIES];
  for (int i = 0; i < SERIES; ++i) length[i] = n;
  harness_open(h, text, SEASON, SERIES, length, y);
}

static void kinds_have_mixes_of_their_own(void **state) {
  (void)state;
  static double y[SERIES * N];
  fill(y);
  harness h;
  open_all(&h, "auto(tsb, tslm, naive, horizon=12)", y, N);
  const wsf__choice *steady = choice_of(&h, 0), *rare = choice_of(&h, 1);
  assert_string_equal(steady->name, "steady");
  assert_string_equal(rare->name, "intermittent");
  assert_int_equal(steady->series, SERIES / 2);
  assert_int_equal(steady->cells, SERIES); /* two windows each */
  assert_int_equal(steady->horizon, 12);
  assert_true(steady->error[1] == 1 && steady->error[0] > 1.2 && steady->error[2] > 1.2);
  assert_true(steady->weight[1] == 1 && steady->weight[0] == 0);
  assert_true(rare->weight[0] > 0 && rare->weight[2] == 0 && rare->error[2] > 1.2);
  /* what has no part is not fitted */
  assert_int_equal(h.fitted->inner[0]->state[0].reason, WSF__SKIPPED);
  for (int64_t i = 0; i < SERIES; ++i) {
    double sum = 0;
    for (int k = 0; k < 3; ++k) sum += choice_of(&h, i)->weight[k];
    assert_float_equal(sum, 1, 1e-12);
  }
  harness_close(&h);
}

/* Two models that err in opposite directions are better together. */
static void mixes_what_mends_each_other(void **state) {
  (void)state;
  static double y[SERIES * N];
  uint64_t seed = 3;
  for (int i = 0; i < SERIES * N; ++i) y[i] = 50 + 10 * noise(&seed);
  harness h;
  open_all(&h, "auto(clamp(average, lo=52), clamp(average, hi=48), horizon=6)", y, N);
  const wsf__choice *c = choice_of(&h, 0);
  assert_true(c->weight[0] > 0.3 && c->weight[1] > 0.3);
  harness_close(&h);
}

static void short_and_strange_series_are_forecast(void **state) {
  (void)state;
  static const int64_t length[] = {1, 2, 3, 8, 30, 400, 60};
  enum { KINDS = sizeof length / sizeof *length };
  static double y[1024];
  int64_t at = 0;
  for (int i = 0; i < KINDS; ++i) {
    for (int64_t t = 0; t < length[i]; ++t, ++at) {
      y[at] = i == 6 ? 0 : i == 5 ? 7 : i == 4 && t % 3 ? NAN : 10 + (double)(t * 7 % 5);
    }
  }
  harness h;
  harness_open(&h, "auto", SEASON, KINDS, length, y);
  for (int64_t i = 0; i < KINDS; ++i) {
    double mean[H];
    assert_true(harness_reason(&h, i) < WSF__NOT_FITTED);
    harness_forecast(&h, i, H, NULL, 0, mean, NULL);
    for (int k = 0; k < H; ++k) assert_true(isfinite(mean[k]));
  }
  double mean[H];
  harness_forecast(&h, 5, H, NULL, 0, mean, NULL);
  for (int k = 0; k < H; ++k) assert_float_equal(mean[k], 7, 7e-5);
  assert_int_equal(harness_reason(&h, 5), WSF__CONSTANT);
  harness_forecast(&h, 6, H, NULL, 0, mean, NULL);
  for (int k = 0; k < H; ++k) assert_float_equal(mean[k], 0, 1e-9);
  harness_close(&h);
}

/* Weight of the calls that are snaive or stand around it. */
static double repeated(const harness *h, const wsf__choice *c) {
  double sum = 0;
  for (int k = 0; k < c->calls; ++k) {
    const wsf__node *call = h->root->inner[k];
    while (call->n_inner > 0) call = call->inner[0];
    sum += strcmp(call->spec->name, "snaive") == 0 ? c->weight[k] : 0;
  }
  return sum;
}

/* Lines of less than two seasons have none that comes again: values a season apart say so. */
static void lines_are_not_taken_for_a_season(void **state) {
  (void)state;
  enum { MANY = 8, LENGTH = 20, AHEAD = 6 };
  static double y[MANY * LENGTH];
  uint64_t seed = 5;
  int64_t length[MANY];
  for (int i = 0; i < MANY; ++i) {
    length[i] = LENGTH;
    for (int t = 0; t < LENGTH; ++t) {
      y[i * LENGTH + t] = 300 + (i % 2 ? 10 : -10) * t + noise(&seed);
    }
  }
  harness h;
  harness_open(&h, "auto(horizon=6)", SEASON, MANY, length, y);
  assert_float_equal(choice_of(&h, 0)->lean, 0, 0);
  for (int i = 0; i < MANY; ++i) {
    double mean[AHEAD];
    harness_forecast(&h, i, AHEAD, NULL, 0, mean, NULL);
    for (int t = 0; t < AHEAD; ++t) {
      const double truth = 300 + (i % 2 ? 10 : -10) * (LENGTH + t);
      if (fabs(mean[t] - truth) > 30) fail_msg("%d, %d: %g for %g", i, t, mean[t], truth);
    }
  }
  harness_close(&h);
}

/* Of histories of less than two seasons few windows see one: last season stands for it, as it was
 * or, once there is growth to see, corrected; of eight series a quarter of it. */
static void a_season_seen_once_is_not_left_out(void **state) {
  (void)state;
  enum { MANY = 8, LONGEST = 20, AHEAD = 6 };
  static double y[MANY * LONGEST];
  static const struct {
    int64_t n, horizon, windows;
  } at[] = {
      {12, 6, 0}, {20, 6, MANY}, {20, 3, 2 * MANY}}; /* windows that were fitted to a season */
  for (size_t k = 0; k < sizeof at / sizeof *at; ++k) {
    uint64_t seed = 7;
    int64_t length[MANY];
    for (int i = 0; i < MANY; ++i) {
      length[i] = at[k].n;
      for (int t = 0; t < at[k].n; ++t) {
        y[i * at[k].n + t] = 100 + 40 * sin(2 * 3.14159265358979 * t / SEASON) + noise(&seed);
      }
    }
    char text[64];
    (void)snprintf(text, sizeof text, "auto(horizon=%d)", (int)at[k].horizon);
    harness h, last;
    harness_open(&h, text, SEASON, MANY, length, y);
    const wsf__choice *c = choice_of(&h, 0);
    assert_string_equal(c->name, "steady, short");
    assert_float_equal(c->lean, 24.0 / (double)(24 + at[k].windows), 1e-12);
    const double grown = at[k].n > SEASON ? (double)MANY / (MANY + 24) : 0;
    assert_true(c->weight[0] >= c->lean * (1 - grown) - 1e-12 && c->weight[0] <= 1);
    assert_true(repeated(&h, c) >= c->lean - 1e-12);
    double mean[AHEAD], naive[AHEAD], error[2] = {0};
    harness_open(&last, "snaive", SEASON, MANY, length, y);
    for (int i = 0; i < MANY; ++i) {
      harness_forecast(&h, i, AHEAD, NULL, 0, mean, NULL);
      harness_forecast(&last, i, AHEAD, NULL, 0, naive, NULL);
      for (int64_t t = 0; t < AHEAD; ++t) {
        const double truth = 100 + 40 * sin(2 * 3.14159265358979 * (double)(at[k].n + t) / SEASON);
        error[0] += fabs(mean[t] - truth);
        error[1] += fabs(naive[t] - truth);
        if (at[k].windows == 0) assert_true(mean[t] == naive[t]);
      }
    }
    if (error[0] > 1.01 * error[1]) fail_msg("%d: %g and %g", (int)k, error[0], error[1]);
    harness_close(&h);
    harness_close(&last);
  }
  harness h;
  harness_open(&h, "auto(drift, average, horizon=6)", SEASON, 1, (int64_t[]){12}, y);
  assert_true(choice_of(&h, 0)->lean == 0);
  harness_close(&h);
}

/* Of a very long history the end alone says what to choose. */
static void old_times_do_not_choose(void **state) {
  (void)state;
  enum { LONG = 6000, ENOUGH = 4096 };
  static double y[LONG];
  uint64_t seed = 5;
  for (int t = 0; t < LONG; ++t) y[t] = (t < LONG - ENOUGH ? 9000 : 50) + 10 * noise(&seed);
  harness whole, end;
  harness_open(&whole, "auto(naive, average, horizon=12)", SEASON, 1, (int64_t[]){LONG}, y);
  harness_open(&end, "auto(naive, average, horizon=12)", SEASON, 1, (int64_t[]){ENOUGH},
               y + LONG - ENOUGH);
  const wsf__choice *a = choice_of(&whole, 0), *b = choice_of(&end, 0);
  assert_int_equal(a->cells, b->cells);
  for (int k = 0; k < 2; ++k) {
    assert_true(a->error[k] == b->error[k] && a->weight[k] == b->weight[k]);
  }
  harness_close(&whole);
  harness_close(&end);
}

/* ---- intervals ----------------------------------------------------------------------------- */

/* naive says of white noise what a random walk does: 97 for 80, growing with each step. */
static void intervals_hold_what_the_windows_show(void **state) {
  (void)state;
  enum { MANY = 200, LONG = 60, AHEAD = 12 };
  static double y[MANY * LONG], ahead[MANY * AHEAD];
  int64_t length[MANY];
  wsf__rng r;
  wsf__rng_init(&r, 5, 5);
  for (int i = 0; i < MANY; ++i) {
    length[i] = LONG;
    for (int t = 0; t < LONG; ++t) y[i * LONG + t] = 100 + (1 + i % 7) * wsf__rng_normal(&r);
    for (int t = 0; t < AHEAD; ++t) ahead[i * AHEAD + t] = 100 + (1 + i % 7) * wsf__rng_normal(&r);
  }
  static const double q[] = {0.025, 0.1, 0.9, 0.975};
  harness h;
  harness_open(&h, "auto(naive, horizon=12)", 1, MANY, length, y);
  const wsf__choice *c = choice_of(&h, 0);
  assert_int_equal(c->scored, 2 * MANY);
  assert_true(c->stretch[0] < 1 && c->stretch[1] < c->stretch[0]);
  double inside[2] = {0}, mean[AHEAD], quantile[4 * AHEAD];
  for (int i = 0; i < MANY; ++i) {
    harness_forecast(&h, i, AHEAD, q, 4, mean, quantile);
    for (int k = 0; k < AHEAD; ++k) {
      const double v = ahead[i * AHEAD + k], share = 1 / (double)(MANY * AHEAD);
      assert_true(mean[k] == y[i * LONG + LONG - 1]);
      inside[0] += (v >= quantile[AHEAD + k] && v <= quantile[2 * AHEAD + k]) * share;
      inside[1] += (v >= quantile[k] && v <= quantile[3 * AHEAD + k]) * share;
    }
  }
  harness_close(&h);
  if (fabs(inside[0] - 0.8) > 0.03 || fabs(inside[1] - 0.95) > 0.02) {
    fail_msg("%.3f and %.3f", inside[0], inside[1]);
  }
}

/* Series of a kind without windows take what the others show; without any, the models' own stay. */
static void kinds_lend_each_other_intervals(void **state) {
  (void)state;
  enum { LONG = 60 };
  static double y[SERIES * LONG + 2];
  int64_t length[SERIES + 1];
  wsf__rng r;
  wsf__rng_init(&r, 5, 6);
  for (int i = 0; i < SERIES * LONG; ++i) y[i] = 100 + wsf__rng_normal(&r);
  for (int i = 0; i < SERIES; ++i) length[i] = LONG;
  y[SERIES * LONG] = 90;
  y[SERIES * LONG + 1] = 100;
  length[SERIES] = 2;
  static const double q[] = {0.1, 0.9};
  double mean[H], with[2 * H], own[2 * H];
  harness h;
  harness_open(&h, "auto(naive, horizon=12)", 1, SERIES + 1, length, y);
  assert_string_equal(choice_of(&h, SERIES)->name, "new");
  harness_forecast(&h, SERIES, H, q, 2, mean, with);
  assert_float_equal(choice_of(&h, SERIES)->stretch[0], choice_of(&h, 0)->stretch[0], 0.05);
  harness_close(&h);
  harness_open(&h, "auto(naive, horizon=12)", 1, 1, (int64_t[]){2}, y + SERIES * LONG);
  assert_int_equal(choice_of(&h, 0)->scored, 0);
  harness_forecast(&h, 0, H, q, 2, mean, own);
  harness_close(&h);
  assert_true(with[2 * H - 1] - with[H - 1] < 0.5 * (own[2 * H - 1] - own[H - 1]));
  harness_open(&h, "naive", 1, 1, (int64_t[]){2}, y + SERIES * LONG);
  harness_forecast(&h, 0, H, q, 2, mean, with);
  harness_close(&h);
  assert_memory_equal(own, with, sizeof own);
}

enum { FEW = 10, SHORT_AHEAD = 6 };

/* Widths of the 80 and 95 % intervals of all but the last two of ten series, the last of which have
 * a level that moved inside a window. */
static void widths_beside(double width[2], const char *model, int moved) {
  enum { LONG = 60 };
  static const double q[] = {0.025, 0.1, 0.9, 0.975};
  static double y[FEW * LONG];
  double mean[SHORT_AHEAD], quantile[4 * SHORT_AHEAD];
  int64_t length[FEW];
  wsf__rng r;
  wsf__rng_init(&r, 5, 8);
  for (int i = 0; i < FEW; ++i) {
    length[i] = LONG;
    for (int t = 0; t < LONG; ++t) {
      const double level = i >= FEW - moved && t >= LONG - 11 ? 900 : 100 + 20 * i;
      const double season = 20 * sin(2 * 3.14159265358979 * t / SEASON);
      y[i * LONG + t] = level + season + 4 * wsf__rng_normal(&r);
    }
  }
  harness h;
  harness_open(&h, model, SEASON, FEW, length, y);
  width[0] = width[1] = 0;
  for (int i = 0; i < FEW - 2; ++i) {
    harness_forecast(&h, i, SHORT_AHEAD, q, 4, mean, quantile);
    for (int k = 0; k < SHORT_AHEAD; ++k) {
      width[0] += quantile[2 * SHORT_AHEAD + k] - quantile[SHORT_AHEAD + k];
      width[1] += quantile[3 * SHORT_AHEAD + k] - quantile[k];
    }
  }
  harness_close(&h);
}

/* In a small panel a fifth of the series decide nothing of the others. */
static void moved_series_widen_no_other(void **state) {
  (void)state;
  static const char *model[] = {"auto(snaive, ets, horizon=6)", "empirical(ets, horizon=6)"};
  for (int m = 0; m < 2; ++m) {
    double plain[2], beside[2];
    widths_beside(plain, model[m], 0);
    for (int moved = 1; moved <= 2; ++moved) {
      widths_beside(beside, model[m], moved);
      for (int k = 0; k < 2; ++k) {
        const double ratio = beside[k] / plain[k];
        if (ratio < 0.8 || ratio > 1.5) fail_msg("%s, %d moved: %g times", model[m], moved, ratio);
      }
    }
  }
}

static void without_a_window_nothing_is_measured(void **state) {
  (void)state;
  const double y[2] = {3, 5};
  harness h;
  harness_open(&h, "auto(naive, average)", SEASON, 1, (int64_t[]){2}, y);
  assert_int_equal(harness_reason(&h, 0), WSF__NO_BACKTEST);
  const wsf__choice *c = choice_of(&h, 0);
  assert_string_equal(c->name, "new");
  assert_true(c->weight[0] == 0.5 && c->weight[1] == 0.5 && isnan(c->error[0]));
  harness_close(&h);
}

/* Preset candidates regress where there is something to regress on. */
static void regressions_need_columns(void **state) {
  (void)state;
  static double y[2 * N], promo[2 * N + 2 * H];
  uint64_t seed = 5;
  for (int i = 0; i < 2; ++i) {
    for (int t = 0; t < N + H; ++t) {
      const bool on = noise(&seed) > 0.4;
      promo[i * (N + H) + t] = on;
      if (t < N) y[i * N + t] = 50 + 5 * noise(&seed) + (on ? 40 : 0);
    }
  }
  const int64_t length[2] = {N, N};
  const int32_t group[2] = {0, 1};
  for (int with = 0; with < 2; ++with) {
    const wsf__column column = {.name = "promo",
                                .kind = WSF__KNOWN,
                                .flag = true,
                                .n_groups = 2,
                                .periods = N + H,
                                .group = group,
                                .value = promo};
    harness h;
    assert_int_equal(harness_begin(&h, "auto(horizon=12)", 1, 2, length, y), WSF_OK);
    h.panel.column = &column;
    h.panel.n_columns = with;
    h.panel.weight = h.panel.holiday = -1;
    assert_int_equal(harness_fit(&h), WSF_OK);
    const wsf__choice *c = choice_of(&h, 0);
    double regressed = 0;
    for (int k = 0; k < c->calls; ++k) {
      const wsf__node *call = h.root->inner[k];
      while (call->n_inner > 0) call = call->inner[0];
      if (!wsf__class_of(call)->regresses || wsf__arg(call, "x")->n == 0) continue;
      regressed += c->weight[k];
      if (!with) assert_true(isnan(c->error[k]));
    }
    assert_true(with ? regressed > 0.9 : regressed == 0);
    harness_close(&h);
  }
}

static int64_t allocations_left;
static void *failing_resize(void *user, void *ptr, size_t old_size, size_t new_size) {
  (void)user;
  (void)old_size;
  if (new_size > 0) return allocations_left-- > 0 ? realloc(ptr, new_size) : NULL;
  free(ptr);
  return NULL;
}

/* With columns, and periods in which one of them calls a series closed. */
static void every_allocation_may_fail(void **state) {
  (void)state;
  enum { LONG = 40 };
  double y[LONG], value[2][LONG + H], mean[H], quantile[1], more[3] = {0, 9, 4};
  uint64_t seed = 9;
  for (int t = 0; t < LONG + H; ++t) {
    value[0][t] = t % 5 != 0;
    value[1][t] = noise(&seed) > 0;
    if (t < LONG) y[t] = value[0][t] * (5 + noise(&seed) + 3 * value[1][t]);
  }
  const int32_t group[1] = {0};
  wsf__column column[2];
  for (int c = 0; c < 2; ++c) {
    column[c] = (wsf__column){.name = c ? "promo" : "open",
                              .kind = WSF__KNOWN,
                              .flag = true,
                              .n_groups = 1,
                              .periods = LONG + H,
                              .group = group,
                              .value = value[c]};
  }
  bool done = false;
  for (int64_t k = 0; !done && k < 1000; ++k) {
    harness h;
    assert_int_equal(harness_begin(&h, "auto(tslm(x=[known(flags)]), average, horizon=6)", 1, 1,
                                   (int64_t[]){LONG}, y),
                     WSF_OK);
    h.panel.column = column;
    h.panel.n_columns = 2;
    h.panel.weight = h.panel.holiday = -1;
    const wsf__mark mark = wsf__arena_mark(&h.arena);
    assert_non_null(wsf__arena_new(&h.arena, 1 << 16, 1)); /* for the tree itself */
    wsf__arena_reset(&h.arena, mark);
    h.env.alloc.resize = failing_resize;
    allocations_left = k;
    wsf_status status = harness_fit(&h);
    if (status == WSF_OK) status = harness_try_forecast(&h, 0, H, NULL, 0, mean, quantile);
    if (status == WSF_OK) {
      assert_int_equal(harness_reason(&h, 0), WSF__CLOSED);
      for (int t = 0; t < H; ++t) assert_true((mean[t] == 0) == (value[0][LONG + t] == 0));
      status = harness_update(&h, 0, more, 3);
    }
    if (status != WSF_OK) assert_int_equal(status, WSF_E_MEMORY);
    done = status == WSF_OK;
    harness_close(&h);
  }
  assert_true(done);
}

int test_auto(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(kinds_have_mixes_of_their_own),
      cmocka_unit_test(mixes_what_mends_each_other),
      cmocka_unit_test(short_and_strange_series_are_forecast),
      cmocka_unit_test(a_season_seen_once_is_not_left_out),
      cmocka_unit_test(lines_are_not_taken_for_a_season),
      cmocka_unit_test(old_times_do_not_choose),
      cmocka_unit_test(intervals_hold_what_the_windows_show),
      cmocka_unit_test(kinds_lend_each_other_intervals),
      cmocka_unit_test(moved_series_widen_no_other),
      cmocka_unit_test(without_a_window_nothing_is_measured),
      cmocka_unit_test(regressions_need_columns),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
