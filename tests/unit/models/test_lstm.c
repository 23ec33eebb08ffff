/* Sequence networks: that they learn what series share, whose intervals hold, and that any bytes
 * are safe to load as what they have learnt. */
#include "harness.h"

#include "math/rng.h"
#include "models/global/sequence.h"

enum { SERIES = 24, N = 60, SEASON = 12, H = 6 };

typedef struct shops {
  double y[SERIES * N], ahead[SERIES][H], promo[SERIES * (N + H)];
  int64_t length[SERIES];
  int32_t group[SERIES];
} shops;

/* Seasons of their own, noise, and promotions that lift every series by the same share of its
 * size. */
static void open_shops(shops *s, double noise) {
  for (int i = 0; i < SERIES; ++i) {
    wsf__rng r;
    wsf__rng_init(&r, 5, (uint64_t)i);
    const double size = 20 * (1 + wsf__rng_uniform(&r)), turn = 6.28 * wsf__rng_uniform(&r);
    s->length[i] = N;
    s->group[i] = i;
    for (int t = 0; t < N + H; ++t) {
      const bool promo = wsf__rng_uniform(&r) < 0.25;
      const double y = size * (1 + 0.3 * sin(6.2832 * t / SEASON + turn) + 0.5 * promo +
                               noise * wsf__rng_normal(&r));
      s->promo[i * (N + H) + t] = promo;
      if (t < N)
        s->y[i * N + t] = y;
      else
        s->ahead[i][t - N] = y;
    }
  }
}

/* Mean error over the mean size; *held: the share within 80 % intervals. */
static double error_of(const shops *s, const char *model, double *held) {
  const double q[] = {0.1, 0.9};
  const wsf__column promo = {.name = "promo",
                             .kind = WSF__KNOWN,
                             .flag = true,
                             .n_groups = SERIES,
                             .periods = N + H,
                             .group = s->group,
                             .value = s->promo};
  double sum = 0, size = 0, inside = 0;
  harness h;
  assert_int_equal(harness_begin(&h, model, SEASON, SERIES, s->length, s->y), WSF_OK);
  h.panel.column = &promo;
  h.panel.n_columns = 1;
  h.panel.ahead = H;
  assert_int_equal(harness_fit(&h), WSF_OK);
  assert_true(harness_check(&h));
  for (int i = 0; i < SERIES; ++i) {
    double mean[H], quantile[2 * H];
    harness_forecast(&h, i, H, q, 2, mean, quantile);
    for (int t = 0; t < H; ++t) {
      sum += fabs(s->ahead[i][t] - mean[t]);
      size += s->ahead[i][t];
      inside += s->ahead[i][t] >= quantile[t] && s->ahead[i][t] <= quantile[H + t];
    }
  }
  harness_close(&h);
  if (held) *held = inside / (SERIES * H);
  return sum / size;
}

static void what_series_share_is_learnt(void **state) {
  (void)state;
  static shops s;
  double held;
  open_shops(&s, 0.05);
  const double without = error_of(&s, "lstm(hidden=16, epochs=60, batch=32)", NULL);
  const double with = error_of(&s, "lstm(hidden=16, epochs=60, batch=32, x=promo)", &held);
  const double gated =
      error_of(&s, "lstm(cell=gru, hidden=16, epochs=60, batch=32, x=promo)", NULL);
  const double season = error_of(&s, "snaive", NULL);
  if (!(without < season)) fail_msg("%g, last season %g", without, season);
  if (!(with < 0.6 * without)) fail_msg("%g with promotions, %g without", with, without);
  if (!(gated < 0.6 * without)) fail_msg("%g with promotions and gated units", gated);
  if (!(held > 0.65 && held < 0.95)) fail_msg("80 %% intervals hold %g", held);
}

/* Each loss learns promotions, and its 80 % intervals hold about that. */
static void every_loss_learns(void **state) {
  (void)state;
  static const char *const losses[] = {"mae", "huber", "gaussian", "tweedie"};
  static shops s;
  open_shops(&s, 0.05);
  const double season = error_of(&s, "snaive", NULL);
  for (size_t k = 0; k < sizeof losses / sizeof *losses; ++k) {
    char model[96];
    double held;
    (void)snprintf(model, sizeof model, "lstm(hidden=16, epochs=40, batch=32, x=promo, loss=%s)",
                   losses[k]);
    const double error = error_of(&s, model, &held);
    if (!(error < 0.7 * season)) fail_msg("%s: %g, last season %g", losses[k], error, season);
    if (!(held > 0.6 && held < 0.98)) fail_msg("%s: 80 %% intervals hold %g", losses[k], held);
  }
}

/* Counts are learnt as counts, quantiles are whole, and what is none has a reason. */
static void counts_are_counts(void **state) {
  (void)state;
  static shops s;
  double mean[H], quantile[2 * H];
  const double q[] = {0.1, 0.9}, half[] = {2.5};
  open_shops(&s, 0.3);
  for (int i = 0; i < SERIES * N; ++i) s.y[i] = floor(fmax(0, s.y[i] / 8));
  s.y[N] = 0.5;
  s.y[2 * N] = -3;
  harness h;
  harness_open(&h, "esrnn(hidden=8, epochs=10, batch=32, loss=negbinomial)", SEASON, SERIES,
               s.length, s.y);
  assert_int_equal(harness_reason(&h, 1), WSF__NOT_COUNTS);
  assert_int_equal(harness_reason(&h, 2), WSF__NOT_COUNTS);
  for (int i = 0; i < SERIES; i += 5) {
    harness_forecast(&h, i, H, q, 2, mean, quantile);
    for (int t = 0; t < H; ++t) {
      assert_true(mean[t] > 0 && quantile[t] >= 0 && quantile[H + t] > quantile[t]);
      assert_true(quantile[t] == floor(quantile[t]) && quantile[H + t] == floor(quantile[H + t]));
    }
  }
  assert_int_equal(harness_update(&h, 0, half, 1), WSF_OK);
  assert_int_equal(harness_reason(&h, 0), WSF__NOT_COUNTS);
  harness_close(&h);
  harness_open(&h, "lstm(hidden=3, epochs=1, loss=tweedie)", SEASON, SERIES, s.length, s.y);
  assert_int_equal(harness_reason(&h, 1), WSF__OK);
  assert_int_equal(harness_reason(&h, 2), WSF__BELOW_ZERO);
  harness_close(&h);
}

/* The sum of what a small network says, each weighed, with some of it left out or not. */
typedef struct whole {
  wsf__network net;
  wsf__samples s;
  float weight[1024], wanted[256];
} whole;

static double whole_value(whole *w) {
  double sum = 0;
  wsf__network_read(&w->net, w->weight, &w->s);
  wsf__network_say(&w->net, w->weight, &w->s);
  const int64_t n = w->s.origins * w->s.n * w->s.horizon * w->net.says;
  for (int64_t j = 0; j < n; ++j) sum += (double)w->s.raw[j] * (double)w->wanted[j];
  return sum;
}

static void networks_have_slopes(void **state) {
  (void)state;
  for (int drops = 0; drops < 2; ++drops) {
    static whole w;
    static float gradient[1024];
    wsf__arena arena;
    wsf__arena_init(&arena, &wsf__alloc_libc);
    wsf__rng r;
    wsf__rng_init(&r, 3, 1);
    w = (whole){.net = {.layers = 2,
                        .layer = {{2, 5, 1, WSF__CELL_LSTM}, {5, 4, 2, WSF__CELL_GRU}},
                        .n_tables = 1,
                        .table = {{3, 2, 0}},
                        .ahead = 3,
                        .width = 4,
                        .says = 2},
                .s = {.n = 3, .steps = 6, .origins = 2, .horizon = 2}};
    assert_true(wsf__network_settle(&w.net) && w.net.n <= 1024);
    assert_true(wsf__samples_room(&w.s, &w.net, true, &arena));
    if (drops) assert_true(wsf__samples_drop(&w.s, &w.net, 0.4, &r, &arena));
    for (int64_t j = 0; j < w.net.n; ++j) w.weight[j] = (float)(0.4 * wsf__rng_normal(&r));
    for (int j = 0; j < 256; ++j) w.wanted[j] = (float)wsf__rng_normal(&r);
    for (int j = 0; j < 6 * 3 * 2; ++j) w.s.x[j] = (float)wsf__rng_normal(&r);
    for (int j = 0; j < 2 * 3 * 2 * 3; ++j) w.s.ahead[j] = (float)wsf__rng_normal(&r);
    for (int j = 0; j < 3; ++j) w.s.code[j] = j - 1;
    (void)whole_value(&w);
    memcpy(w.s.raw, w.wanted, 2 * 3 * 2 * 2 * sizeof *w.wanted);
    memset(gradient, 0, sizeof gradient);
    wsf__network_learn(&w.net, w.weight, &w.s, gradient);
    for (int64_t j = 0; j < w.net.n; ++j) {
      const float at = w.weight[j];
      w.weight[j] = at + 1e-2f;
      const double more = whole_value(&w);
      w.weight[j] = at - 1e-2f;
      const double slope = (more - whole_value(&w)) / (2 * (double)1e-2f);
      w.weight[j] = at;
      if (!(fabs(slope - (double)gradient[j]) < 5e-3 * (1 + fabs(slope)))) {
        fail_msg("weight %d: %g, by differences %g", (int)j, (double)gradient[j], slope);
      }
    }
    wsf__arena_free(&arena);
  }
}

/* A column that tells, when a period is over, how the next ones will be. */
static void columns_of_the_past_are_read(void **state) {
  (void)state;
  static shops s;
  static double lead[SERIES * (N + H)];
  double error[2] = {0};
  open_shops(&s, 0.02);
  for (int i = 0; i < SERIES; ++i) {
    wsf__rng r;
    wsf__rng_init(&r, 8, (uint64_t)i);
    double *z = lead + (ptrdiff_t)i * (N + H);
    for (int t = 0; t < N + H; ++t) {
      z[t] = (t > 0 ? 0.9 * z[t - 1] : 0) + 0.5 * wsf__rng_normal(&r);
      const double add = 12 * (t < H ? 0 : z[t - H]) - 10 * s.promo[i * (N + H) + t];
      if (t < N)
        s.y[i * N + t] += add;
      else
        s.ahead[i][t - N] += add;
    }
    for (int t = N; t < N + H; ++t) z[t] = NAN;
  }
  const wsf__column column = {.name = "lead",
                              .kind = WSF__PAST,
                              .n_groups = SERIES,
                              .periods = N + H,
                              .group = s.group,
                              .value = lead};
  for (int with = 0; with < 2; ++with) {
    harness h;
    double mean[H];
    assert_int_equal(harness_begin(&h,
                                   with ? "lstm(hidden=16, epochs=40, batch=32, past=lead)"
                                        : "lstm(hidden=16, epochs=40, batch=32)",
                                   SEASON, SERIES, s.length, s.y),
                     WSF_OK);
    h.panel.column = &column;
    h.panel.n_columns = 1;
    assert_int_equal(harness_fit(&h), WSF_OK);
    assert_true(harness_check(&h));
    for (int i = 0; i < SERIES; ++i) {
      harness_forecast(&h, i, H, NULL, 0, mean, NULL);
      for (int t = 0; t < H; ++t) error[with] += fabs(s.ahead[i][t] - mean[t]);
    }
    harness_close(&h);
  }
  if (!(error[1] < 0.85 * error[0])) fail_msg("%g with, %g without", error[1], error[0]);
}

static void columns_that_are_not_there_are_told(void **state) {
  (void)state;
  static shops s;
  open_shops(&s, 0.02);
  harness h;
  assert_int_equal(harness_begin(&h, "lstm(past=[visits])", SEASON, SERIES, s.length, s.y), WSF_OK);
  assert_int_equal(harness_fit(&h), WSF_E_VALUE);
  assert_non_null(strstr(h.err.message, "'visits' does not exist"));
  harness_close(&h);
}

static void a_seed_gives_a_network(void **state) {
  (void)state;
  static const char *const models[] = {
      "lstm(hidden=4, epochs=2)", "lstm(hidden=4, epochs=2, seed=0)",
      "lstm(hidden=4, epochs=2, seed=7)", "lstm(hidden=4, epochs=2, dropout=0.3)"};
  static shops s;
  double mean[4][H];
  open_shops(&s, 0.05);
  for (int m = 0; m < 4; ++m) {
    harness h;
    harness_open(&h, models[m], SEASON, SERIES, s.length, s.y);
    harness_forecast(&h, 3, H, NULL, 0, mean[m], NULL);
    harness_close(&h);
  }
  assert_memory_equal(mean[0], mean[1], sizeof mean[0]);
  assert_memory_not_equal(mean[0], mean[2], sizeof mean[0]);
  assert_memory_not_equal(mean[0], mean[3], sizeof mean[0]);
}

/* Derivatives of a loss that the tracking's numbers have, against finite differences. */
static void gains_have_slopes(void **state) {
  (void)state;
  static shops s;
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  open_shops(&s, 0.3);
  s.y[17] = s.y[30] = NAN;
  for (int seasonal = 0; seasonal < 2; ++seasonal) {
    const int64_t m = seasonal ? SEASON : 1;
    const wsf__gains at = {0.3, 0.4};
    double season[SEASON], weight[3][N], value[4];
    wsf__tracked place = {.season = season};
    wsf__track k;
    wsf__rng r;
    wsf__rng_init(&r, 9, 1);
    for (int t = 0; t < 3 * N; ++t) weight[t / N][t % N] = wsf__rng_normal(&r);
    assert_true(wsf__track_make(&k, &place, s.y, N, m, at, &arena, &arena));
    const double step = 1e-3;
    for (int side = 0; side < 4; ++side) {
      const double by = side % 2 ? -step : step;
      wsf__track_again(
          &k, (wsf__gains){at.level + (side < 2 ? by : 0), at.season + (side < 2 ? 0 : by)});
      value[side] = 0;
      for (int64_t t = k.start; t < N; ++t) {
        value[side] += weight[0][t] * (double)k.error[t] + weight[1][t] * (double)k.level[t] +
                       weight[2][t] * (double)k.season[t];
      }
    }
    wsf__track_again(&k, at);
    const wsf__gains d = wsf__track_slope(&k, at, N - 1, weight[0], weight[1], weight[2]);
    const double level = (value[0] - value[1]) / (2 * step),
                 by_season = (value[2] - value[3]) / (2 * step);
    if (!(fabs(d.level - level) < 1e-2 * (1 + fabs(level)))) fail_msg("%g, %g", d.level, level);
    if (!(fabs(d.season - by_season) < 1e-2 * (1 + fabs(by_season)))) {
      fail_msg("%g, %g", d.season, by_season);
    }
  }
  wsf__arena_free(&arena);
}

static void gains_are_learnt(void **state) {
  (void)state;
  static shops s;
  open_shops(&s, 0.05);
  const double season = error_of(&s, "snaive", NULL);
  const double error = error_of(&s, "esrnn(hidden=8, epochs=30, batch=32, x=promo)", NULL);
  if (!(error < 0.8 * season)) fail_msg("%g, last season %g", error, season);
  harness h;
  harness_open(&h, "esrnn(hidden=4, epochs=4, batch=32)", SEASON, SERIES, s.length, s.y);
  const wsf__standing a =
      wsf__standing_of((double *)(uintptr_t)h.fitted->state[0].v, h.root, &h.panel);
  const wsf__standing b =
      wsf__standing_of((double *)(uintptr_t)h.fitted->state[1].v, h.root, &h.panel);
  assert_true(a.gains[0] != b.gains[0] && a.gains[1] != b.gains[1]);
  harness_close(&h);
}

/* Weights that are pulled towards zero do not swing beyond it and away: what is left can be saved.
 */
static void a_strong_pull_ends_at_zero(void **state) {
  (void)state;
  static shops s;
  open_shops(&s, 0.05);
  harness h;
  harness_open(&h, "lstm(hidden=4, epochs=12, patience=0, batch=32, rate=0.5, decay=6)", SEASON,
               SERIES, s.length, s.y);
  assert_int_equal(harness_reason(&h, 0), WSF__OK);
  const wsf__sequence *q = h.fitted->pool[h.fitted->state[0].pool - 1];
  assert_true(wsf__sequence_sound(q));
  for (int64_t i = 0; i < q->net.n; ++i) assert_true(fabsf(q->weight[i]) < 10);
  harness_close(&h);
}

/* Steps beyond those that were learnt, more than are forecast at a time. */
static void far_steps_are_forecast(void **state) {
  (void)state;
  enum { FAR = 150 };
  static shops s;
  double mean[FAR], quantile[2 * FAR];
  const double q[] = {0.0001, 0.9999};
  open_shops(&s, 0.05);
  harness h;
  harness_open(&h, "lstm(hidden=4, epochs=2, horizon=3)", SEASON, SERIES, s.length, s.y);
  harness_forecast(&h, 0, FAR, q, 2, mean, quantile);
  for (int t = 0; t < FAR; ++t) {
    assert_true(isfinite(mean[t]) && quantile[t] < mean[t] && mean[t] < quantile[FAR + t]);
  }
  harness_close(&h);
}

static void a_series_never_seen_starts(void **state) {
  (void)state;
  static shops s;
  open_shops(&s, 0.05);
  harness h;
  double mean[H];
  harness_open(&h, "lstm(hidden=4, epochs=2)", SEASON, SERIES, s.length, s.y);
  wsf__job job;
  wsf__job_init(&job, &h.panel, &h.env, &h.scratch, &h.keep, &h.err);
  const int32_t number = h.fitted->state[0].pool;
  wsf__series young = h.series[0];
  young.n = 5;
  assert_int_equal(
      wsf__class_of(h.root)->start(&job.fit, h.fitted->pool[number - 1], &young, h.fitted), WSF_OK);
  h.fitted->state[0].pool = number;
  wsf__job_free(&job);
  assert_int_equal(harness_reason(&h, 0), WSF__SHORT_SEASON);
  assert_true(harness_check(&h));
  harness_forecast(&h, 0, H, NULL, 0, mean, NULL);
  for (int t = 0; t < H; ++t) assert_true(isfinite(mean[t]));
  harness_close(&h);
}

/* Loads bytes as a pool and forecasts with it, if it is one; false if it was refused. */
static bool used(harness *h, const uint8_t *bytes, size_t n) {
  wsf__arena keep;
  wsf__arena_init(&keep, &wsf__alloc_libc);
  wsf__reader r = {.data = bytes, .length = n, .err = &h->err};
  const void *pool = wsf__class_of(h->root)->load_pool(&r, &keep, h->root, &h->panel);
  const int32_t number = h->fitted->state[0].pool;
  const void *own = h->fitted->pool[number - 1];
  const bool taken = pool && !r.failed && r.at == n;
  if (taken) {
    double mean[H], quantile[H];
    const double q = 0.9, more[] = {3, NAN, 8};
    wsf__fitted *const fitted = h->fitted;
    h->fitted->pool[number - 1] = pool;
    harness_forecast(h, 0, H, &q, 1, mean, quantile);
    if (harness_update(h, 0, more, 3) == WSF_OK) {
      h->series[0].n -= 3;
      h->fitted = fitted;
    }
    h->fitted->pool[number - 1] = own;
  }
  wsf__arena_free(&keep);
  return taken;
}

static void try_bytes(const char *model) {
  static shops s;
  open_shops(&s, 0.05);
  harness h;
  harness_open(&h, model, SEASON, SERIES, s.length, s.y);
  wsf__writer w;
  wsf__writer_init(&w, &wsf__alloc_libc);
  wsf__class_of(h.root)->save_pool(&w, h.root, h.fitted->pool[h.fitted->state[0].pool - 1]);
  assert_true(used(&h, w.data, w.length));
  uint8_t *copy = malloc(w.length);
  assert_non_null(copy);
  for (size_t n = 0; n < w.length; ++n) {
    memcpy(copy, w.data, w.length);
    assert_false(used(&h, copy, n));
    for (int bit = 0; bit < 8; bit += n < 80 ? 1 : 7) {
      copy[n] = (uint8_t)(w.data[n] ^ (1u << bit));
      (void)used(&h, copy, w.length);
    }
  }
  free(copy);
  wsf__writer_free(&w);
  harness_close(&h);
}

static void any_bytes_are_a_pool_or_refused(void **state) {
  (void)state;
  try_bytes("esrnn(hidden=3, epochs=1)");
  try_bytes("lstm(hidden=2, epochs=1, loss=tweedie)");
}

int test_lstm(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_series_share_is_learnt),
      cmocka_unit_test(every_loss_learns),
      cmocka_unit_test(counts_are_counts),
      cmocka_unit_test(networks_have_slopes),
      cmocka_unit_test(columns_of_the_past_are_read),
      cmocka_unit_test(columns_that_are_not_there_are_told),
      cmocka_unit_test(a_seed_gives_a_network),
      cmocka_unit_test(gains_have_slopes),
      cmocka_unit_test(gains_are_learnt),
      cmocka_unit_test(a_strong_pull_ends_at_zero),
      cmocka_unit_test(far_steps_are_forecast),
      cmocka_unit_test(a_series_never_seen_starts),
      cmocka_unit_test(any_bytes_are_a_pool_or_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
