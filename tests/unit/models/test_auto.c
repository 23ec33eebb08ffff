/* auto: what it looks at, what it makes of that, and what it does where there is nothing to see. */
#include "harness.h"

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

int test_auto(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(kinds_have_mixes_of_their_own),
      cmocka_unit_test(mixes_what_mends_each_other),
      cmocka_unit_test(short_and_strange_series_are_forecast),
      cmocka_unit_test(old_times_do_not_choose),
      cmocka_unit_test(without_a_window_nothing_is_measured),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
