/* stl, lowrank, rebase and holiday_shift: each against what its definition says by hand. */
#include "harness.h"

#include "calendar/holidays.h"

static void near(double a, double b, double tolerance) {
  if (!(fabs(a - b) <= tolerance)) fail_msg("%.10g is not within %g of %.10g", a, tolerance, b);
}

static void stl_puts_the_season_back(void **state) {
  (void)state;
  double y[48], mean[24];
  for (int i = 0; i < 48; ++i) y[i] = 100 + i + 10 * (i % 4 == 2) - 5 * (i % 4 == 0);
  harness h;
  harness_open(&h, "stl(drift)", 4, 1, (int64_t[]){48}, y);
  harness_forecast(&h, 0, 24, NULL, 0, mean, NULL);
  for (int i = 0; i < 24; ++i) {
    const int t = 48 + i;
    near(mean[i], 100 + t + 10 * (t % 4 == 2) - 5 * (t % 4 == 0), 0.5);
  }
  assert_true(harness_check(&h));
  harness_close(&h);
  /* of 12 periods not two, and nothing plain in a pair or two of them */
  harness_open(&h, "stl(naive)", 12, 1, (int64_t[]){15}, y);
  assert_int_equal(harness_reason(&h, 0), WSF__SHORT);
  harness_close(&h);
  harness_open(&h, "stl(drift)", 12, 1, (int64_t[]){20}, y);
  assert_int_equal(harness_reason(&h, 0), WSF__SHORT_SEASON);
  harness_forecast(&h, 0, 12, NULL, 0, mean, NULL);
  for (int t = 20; t < 32; ++t) {
    near(mean[t - 20], 100 + t + 10 * (t % 4 == 2) - 5 * (t % 4 == 0), 0.5);
  }
  harness_close(&h);
}

static void forecast_of(const char *model, const double *y, double mean[8]) {
  harness h;
  harness_open(&h, model, 4, 1, (int64_t[]){48}, y);
  harness_forecast(&h, 0, 8, NULL, 0, mean, NULL);
  assert_true(harness_check(&h));
  harness_close(&h);
}

static void stl_leaves_no_season_to_what_stands_inside(void **state) {
  (void)state;
  double y[48], flat[8], inside[8];
  for (int i = 0; i < 48; ++i) y[i] = 100 + (i * 7 + i * i) % 11 + 10 * (i % 4 == 2);
  forecast_of("stl(naive)", y, flat);
  forecast_of("stl(snaive)", y, inside);
  assert_memory_equal(flat, inside, sizeof flat);
  forecast_of("stl(median(snaive, naive, snaive))", y, inside);
  assert_memory_equal(flat, inside, sizeof flat);
  forecast_of("stl(snaive(season=4))", y, inside); /* asked for */
  assert_memory_not_equal(flat, inside, sizeof flat);
  forecast_of("snaive", y, flat);
  for (int i = 0; i < 8; ++i) near(inside[i], flat[i], 1e-9);
}

static void lowrank_keeps_a_shared_pattern_and_drops_noise(void **state) {
  (void)state;
  enum { N = 6, T = 24 };
  double y[N * T], mean[4], quantile[2 * 4];
  int64_t length[N];
  for (int i = 0; i < N; ++i) {
    length[i] = T;
    for (int t = 0; t < T; ++t)
      y[i * T + t] = (i + 1) * (10 + 5 * (t % 4)) + ((i * 7 + t * 5) % 3 - 1);
  }
  y[3 * T + 9] = NAN;
  harness h;
  harness_open(&h, "lowrank(snaive, rank=1)", 4, N, length, y);
  for (int i = 0; i < N; ++i) {
    harness_forecast(&h, i, 4, (double[]){0.1, 0.9}, 2, mean, quantile);
    for (int t = 0; t < 4; ++t) {
      near(mean[t], (i + 1) * (10 + 5 * (t % 4)), 1.0);
      assert_true(quantile[t] < mean[t] && mean[t] < quantile[4 + t]);
    }
  }
  assert_true(harness_check(&h));
  harness_close(&h);
  /* full rank: nothing changes */
  double plain[4];
  harness_open(&h, "snaive", 4, N, length, y);
  harness_forecast(&h, 2, 4, NULL, 0, plain, NULL);
  harness_close(&h);
  harness_open(&h, "lowrank(snaive, rank=6)", 4, N, length, y);
  harness_forecast(&h, 2, 4, NULL, 0, mean, NULL);
  assert_memory_equal(plain, mean, sizeof mean);
  harness_close(&h);
}

/* One series of four is as large as doubles go, or holds an infinity: the others are forecast. */
static void lowrank_is_not_poisoned_by_one_series(void **state) {
  (void)state;
  enum { N = 4, T = 12 };
  const double extreme[] = {1.7e308, INFINITY};
  for (size_t e = 0; e < sizeof extreme / sizeof *extreme; ++e) {
    double y[N * T], mean[2];
    for (int i = 0; i < N; ++i) {
      for (int t = 0; t < T; ++t)
        y[i * T + t] = i == 3 ? (t % 2 ? -1 : 1) * extreme[e] : 50 + t % 3;
    }
    y[4] = NAN;
    harness h;
    harness_open(&h, "lowrank(naive, rank=1)", 1, N, (int64_t[]){T, T, T, T}, y);
    for (int i = 0; i < 3; ++i) {
      assert_int_equal(harness_reason(&h, i), WSF__OK);
      harness_forecast(&h, i, 2, NULL, 0, mean, NULL);
      assert_true(isfinite(mean[0]) && isfinite(mean[1]));
      if (e == 1) near(mean[0], 52, 1e-9);
    }
    harness_close(&h);
  }
}

/* A series of zeros among others has no unit, and stays zero to the bit. */
static void lowrank_leaves_zeros(void **state) {
  (void)state;
  enum { N = 6, T = 24, H = 4 };
  double y[N * T], mean[H], quantile[2 * H];
  for (int i = 0; i < N; ++i) {
    for (int t = 0; t < T; ++t) y[i * T + t] = i == 2 ? 0 : (i * 7 + t * (5 + i)) % 9;
  }
  y[2 * T + 9] = NAN;
  harness h;
  harness_open(&h, "lowrank(drift, rank=4)", 4, N, (int64_t[]){T, T, T, T, T, T}, y);
  harness_forecast(&h, 2, H, (double[]){0.1, 0.9}, 2, mean, quantile);
  for (int k = 0; k < H; ++k) {
    assert_true(mean[k] == 0 && quantile[k] == 0 && quantile[H + k] == 0);
  }
  harness_close(&h);
}

/* A series in units of its own is forecast in them, to the bit where they are powers of two, and
 * the others do not notice. */
static void lowrank_knows_no_units(void **state) {
  (void)state;
  enum { N = 6, T = 24, H = 4 };
  static const char *const models[] = {"lowrank(drift, rank=2)", "lowrank(snaive, rank=1)"};
  static const double units[] = {0x1p-30, 0x1p40, 1e-9, 1e12};
  const int64_t length[N] = {T, T, T, T, T, T};
  double y[N * T];
  for (size_t m = 0; m < sizeof models / sizeof *models; ++m) {
    double plain[N][H], bounds[N][2 * H];
    for (size_t u = 0; u <= sizeof units / sizeof *units; ++u) {
      const double c = u > 0 ? units[u - 1] : 1;
      for (int i = 0; i < N; ++i) {
        for (int t = 0; t < T; ++t)
          y[i * T + t] = (i + 1) * (10 + 5 * (t % 4) + 0.1 * t) + ((i * 7 + t * 5) % 3 - 1);
      }
      y[3 * T + 9] = NAN;
      for (int t = 0; t < T; ++t) y[T + t] *= c;
      harness h;
      harness_open(&h, models[m], 4, N, length, y);
      for (int i = 0; i < N; ++i) {
        double mean[H], quantile[2 * H];
        harness_forecast(&h, i, H, (double[]){0.1, 0.9}, 2, mean, quantile);
        if (u == 0) {
          memcpy(plain[i], mean, sizeof mean);
          memcpy(bounds[i], quantile, sizeof quantile);
          continue;
        }
        const double unit = i == 1 ? c : 1, tolerance = u <= 2 ? 0 : 1e-9;
        for (int k = 0; k < H; ++k) near(mean[k] / unit, plain[i][k], tolerance);
        for (int k = 0; k < 2 * H; ++k) near(quantile[k] / unit, bounds[i][k], tolerance);
      }
      harness_close(&h);
    }
  }
}

static void rebase_is_shrunk_growth(void **state) {
  (void)state;
  enum { N = 2, T = 8 };
  double y[N * T], mean[4];
  for (int t = 0; t < T; ++t) {
    y[t] = t < 4 ? 100 : 120;     /* grew by 1.2 */
    y[T + t] = t < 4 ? 300 : 300; /* did not */
  }
  harness h;
  harness_open(&h, "rebase(snaive, window=4, own=0.5, group=0.25)", 4, N, (int64_t[]){T, T}, y);
  harness_forecast(&h, 0, 4, NULL, 0, mean, NULL);
  const double group = log((480.0 + 1200) / (400 + 1200));
  near(mean[0], 120 * exp(0.5 * log(1.2) + 0.25 * group), 1e-9);
  harness_forecast(&h, 1, 4, NULL, 0, mean, NULL);
  near(mean[0], 300 * exp(0.25 * group), 1e-9);
  assert_true(harness_check(&h));
  harness_close(&h);
}

/* Four seasons grew by 1.2; with the window hidden, a history of five periods has no
 * season left, and what snaive misses then is none of growth. */
static void a_lost_season_is_no_growth(void **state) {
  (void)state;
  static const double season[4] = {1, 2, 4, 9};
  double y[8], mean[4];
  for (int t = 0; t < 8; ++t) y[t] = season[t % 4] * (t < 4 ? 10 : 12);
  harness h;
  harness_open(&h, "rebase(snaive, window=2, own=1, group=0)", 4, 1, (int64_t[]){8}, y);
  harness_forecast(&h, 0, 4, NULL, 0, mean, NULL);
  for (int k = 0; k < 4; ++k) near(mean[k], 12 * season[k] * 1.2, 1e-9);
  harness_close(&h);
  harness_open(&h, "rebase(snaive, window=2, own=1, group=0)", 4, 1, (int64_t[]){5}, y);
  assert_int_equal(harness_reason(&h, 0), WSF__NO_BACKTEST);
  harness_forecast(&h, 0, 4, NULL, 0, mean, NULL);
  for (int k = 0; k < 4; ++k) near(mean[k], y[1 + k], 1e-9);
  harness_close(&h);
}

static void easter_is_where_the_church_says(void **state) {
  (void)state;
  assert_int_equal(wsf__easter(2010), wsf__days_from_civil(2010, 4, 4));
  assert_int_equal(wsf__easter(2011), wsf__days_from_civil(2011, 4, 24));
  assert_int_equal(wsf__easter(2012), wsf__days_from_civil(2012, 4, 8));
  assert_int_equal(wsf__easter(2000), wsf__days_from_civil(2000, 4, 23));
  assert_int_equal(wsf__easter(1961), wsf__days_from_civil(1961, 4, 2));
}

/* Weeks ending Friday from 2010-02-05, flat but for Easter (week of Good Friday) and Christmas. */
static void weekly_series(double *y, int64_t n, int64_t first_day) {
  for (int64_t t = 0; t < n; ++t) {
    y[t] = 100;
    for (int64_t year = 2010; year <= 2013; ++year) {
      const int64_t friday = wsf__easter(year) - 2, noel = wsf__days_from_civil(year, 12, 25);
      const int64_t from = first_day + 7 * t;
      if (friday >= from && friday < from + 7) y[t] = 200;
      /* 50 a day on the 14 days before Christmas */
      for (int64_t day = noel - 14; day < noel; ++day) {
        if (day >= from && day < from + 7) y[t] += 50;
      }
    }
  }
}

static void holidays_line_up(void **state) {
  (void)state;
  enum { T = 143, H = 39 };
  const int64_t first_day = wsf__days_from_civil(2010, 2, 5) - 6;
  double y[T + H], mean[2][H];
  weekly_series(y, T + H, first_day);
  for (int k = 0; k < 2; ++k) {
    harness h;
    const int64_t length = k ? 105 : T;
    assert_int_equal(harness_begin(&h, "holiday_shift(snaive)", 52, 1, &length, y), WSF_OK);
    h.panel.calendar = (wsf__calendar){.freq = WSF__WEEK,
                                       .step = 1,
                                       .form = WSF__FORM_DATE,
                                       .origin = wsf__days_from_civil(2010, 2, 5)};
    assert_int_equal(harness_fit(&h), WSF_OK);
    harness_forecast(&h, 0, H, NULL, 0, mean[k], NULL);
    double error = 0;
    for (int t = 0; t < H; ++t) error += fabs(mean[k][t] - y[length + t]);
    harness_close(&h);
    /* Easter 2012 exactly; Christmas 2012 (three days before it in its week, one the year before)
     * to within what a share of five weeks can say. */
    if (k)
      near(error, 0, 1e-9);
    else
      assert_true(error < 500);
    double naive = 0;
    for (int t = 0; t < H; ++t) naive += fabs(y[length + t - 52] - y[length + t]);
    assert_true(error < naive);
  }
}

static void open_weeks(harness *h, const double *y, int64_t n) {
  assert_int_equal(harness_begin(h, "holiday_shift(snaive)", 52, 1, &n, y), WSF_OK);
  h->panel.calendar = (wsf__calendar){.freq = WSF__WEEK,
                                      .step = 1,
                                      .form = WSF__FORM_DATE,
                                      .origin = wsf__days_from_civil(2010, 2, 5)};
  assert_int_equal(harness_fit(h), WSF_OK);
}

static double error_of(const harness *h, const double *actual, int64_t steps) {
  double mean[64], error = 0;
  harness_forecast((harness *)h, 0, steps, NULL, 0, mean, NULL);
  for (int64_t t = 0; t < steps; ++t) error += fabs(mean[t] - actual[t]);
  return error;
}

/* An update that ends anywhere, also between two places of Easter, is as good as a fit; a week at a
 * time it is the same. */
static void holidays_line_up_after_an_update(void **state) {
  (void)state;
  enum { FIT = 105, MOST = 52, H = 52 };
  double y[FIT + MOST + H];
  bool waited = false;
  weekly_series(y, FIT + MOST + H, wsf__days_from_civil(2010, 2, 5) - 6);
  harness weekly;
  open_weeks(&weekly, y, FIT);
  for (int n = 1; n <= MOST; ++n) {
    harness whole;
    open_weeks(&whole, y, FIT);
    assert_int_equal(harness_update(&whole, 0, y + FIT, n), WSF_OK);
    assert_int_equal(harness_update(&weekly, 0, y + FIT + n - 1, 1), WSF_OK);
    assert_true(harness_check(&whole));
    const wsf__state *a = whole.fitted->state, *b = weekly.fitted->state;
    assert_int_equal(a->n, b->n);
    assert_memory_equal(a->v, b->v, (size_t)a->n * sizeof *a->v);
    waited = waited || a->n > 1;
    const wsf__state *c = whole.fitted->inner[0]->state, *d = weekly.fitted->inner[0]->state;
    assert_int_equal(c->n, d->n);
    assert_memory_equal(c->v, d->v, (size_t)c->n * sizeof *c->v);
    const double *actual = y + FIT + n;
    double naive = 0;
    for (int t = 0; t < H; ++t) naive += fabs(actual[t - 52] - actual[t]);
    const double error = error_of(&whole, actual, H);
    assert_true(error < 500 && error < naive);
    harness_close(&whole);
  }
  assert_true(waited);
  harness_close(&weekly);
}

int test_wrappers(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(stl_puts_the_season_back),
      cmocka_unit_test(stl_leaves_no_season_to_what_stands_inside),
      cmocka_unit_test(lowrank_keeps_a_shared_pattern_and_drops_noise),
      cmocka_unit_test(lowrank_is_not_poisoned_by_one_series),
      cmocka_unit_test(lowrank_knows_no_units),
      cmocka_unit_test(lowrank_leaves_zeros),
      cmocka_unit_test(rebase_is_shrunk_growth),
      cmocka_unit_test(a_lost_season_is_no_growth),
      cmocka_unit_test(easter_is_where_the_church_says),
      cmocka_unit_test(holidays_line_up),
      cmocka_unit_test(holidays_line_up_after_an_update)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
