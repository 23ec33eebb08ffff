/* KPSS statistics and numbers of differences as R's urca::ur.kpss (lags 3 sqrt(n) / 13),
 * forecast::ndiffs and forecast::nsdiffs give them. */
#include "support.h"

#include "analysis/unit_root.h"

#include <math.h>
#include <stdio.h>

enum { MOST = 1024 };

typedef struct golden {
  const char *series;
  int m, seasonal, first; /* first: after the seasonal differences */
  double level, trend;    /* KPSS */
} golden;

static const golden table[] = {
    {"AirPassengers", 12, 1, 1, 4.342286797, 0.1026422883},
    {"co2", 12, 1, 1, 9.3401614, 1.095456482},
    {"gas", 12, 1, 1, 7.701765727, 1.04185777},
    {"JohnsonJohnson", 4, 1, 1, 2.587885436, 0.6271034245},
    {"LakeHuron", 1, 0, 1, 1.221218569, 0.2355390088},
    {"ldeaths", 12, 1, 0, 0.2779174011, 0.03078412847},
    {"lynx", 1, 0, 0, 0.06946508209, 0.03699393364},
    {"Nile", 1, 0, 1, 1.315226463, 0.2966023307},
    {"nottem", 12, 1, 0, 0.03181644068, 0.008004108288},
    {"UKgas", 4, 1, 1, 3.308195967, 0.3100278349},
    {"USAccDeaths", 12, 1, 1, 0.2912338042, 0.139804704},
    {"wineind", 12, 1, 1, 0.8345313711, 0.3268706037},
    {"woolyrnq", 4, 1, 0, 2.135279858, 0.4282597735},
    {"WWWusage", 1, 0, 1, 0.7219743181, 0.3176461927},
};

static int64_t read_series(const char *name, double *y) {
  char path[4352], line[256];
  (void)snprintf(path, sizeof path, "%s/classic/%s.csv", skip_without_data(), name);
  FILE *f = fopen(path, "r");
  assert_non_null(f);
  assert_non_null(fgets(line, sizeof line, f));
  int64_t n = 0;
  while (n < MOST && fgets(line, sizeof line, f)) y[n++] = strtod(strchr(line, ',') + 1, NULL);
  (void)fclose(f);
  return n;
}

static void classic_series_are_differenced_as_in_r(void **state) {
  (void)state;
  static double y[MOST];
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  for (size_t i = 0; i < sizeof table / sizeof *table; ++i) {
    const golden *g = &table[i];
    int64_t n = read_series(g->series, y);
    const int64_t lags = wsf__lags_for_differences(n);
    wsf__root_test level_test, trend_test;
    assert_true(wsf__kpss(&level_test, y, n, false, lags, &arena));
    assert_true(wsf__kpss(&trend_test, y, n, true, lags, &arena));
    const double level = level_test.statistic, trend = trend_test.statistic;
    if (!(fabs(level - g->level) < 1e-8 * level) || !(fabs(trend - g->trend) < 1e-8 * trend)) {
      fail_msg("%s: %.10g, %.10g", g->series, level, trend);
    }
    int seasonal, first;
    assert_true(wsf__seasonal_differences(&seasonal, y, n, g->m, 1, &arena));
    for (int k = 0; k < seasonal; ++k) n = wsf__difference(y, n, g->m);
    assert_true(wsf__differences(&first, y, n, 2, &arena));
    if (seasonal != g->seasonal || first != g->first) {
      fail_msg("%s: %d, %d", g->series, seasonal, first);
    }
  }
  wsf__arena_free(&arena);
}

static void flat_and_short_series_stay(void **state) {
  (void)state;
  const double flat[4] = {0.3, NAN, 0.3, 0.3}, line[5] = {1, 2, 3, 4, 5}, none[1] = {NAN};
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  int d = 9;
  assert_true(wsf__is_flat(flat, 4) && wsf__is_flat(none, 1) && !wsf__is_flat(line, 5));
  assert_true(wsf__differences(&d, flat, 4, 2, &arena));
  assert_int_equal(d, 0);
  assert_true(wsf__differences(&d, line, 5, 2, &arena));
  assert_int_equal(d, 1); /* the differences are flat */
  assert_true(wsf__seasonal_differences(&d, line, 5, 12, 1, &arena));
  assert_int_equal(d, 0);
  wsf__arena_free(&arena);
}

/* All tests of x[n]: none may say more than it can know. */
static int answers(const double *x, int64_t n, wsf__arena *arena) {
  wsf__root_test test[8];
  int found = 0, d;
  for (int trend = 0; trend < 2; ++trend) {
    assert_true(wsf__kpss(&test[trend], x, n, trend, wsf__lags_short(n), arena));
    assert_true(wsf__adf(&test[2 + trend], x, n, trend, wsf__lags_adf(n), arena));
    assert_true(wsf__pp(&test[4 + trend], &test[6 + trend], x, n, trend, arena));
  }
  for (int k = 0; k < 8; ++k) {
    found += !isnan(test[k].statistic);
    assert_true(isnan(test[k].statistic) || isfinite(test[k].statistic));
    assert_true(isnan(test[k].p) || (test[k].p >= 0.01 && test[k].p <= 0.99));
    assert_true(k == 6 || isnan(test[k].p) == isnan(test[k].statistic));
  }
  for (int rule = 0; rule < 3; ++rule) {
    assert_true(wsf__differences_by((wsf__root_rule)rule, &d, x, n, 2, arena));
    assert_true(d >= 0 && d <= 2);
  }
  return found;
}

static void series_that_say_nothing_have_no_statistic(void **state) {
  (void)state;
  double x[60];
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  for (int t = 0; t < 60; ++t) x[t] = 7.1;
  for (int64_t n = 0; n <= 60; ++n) assert_int_equal(answers(x, n, &arena), 0);
  for (int t = 0; t < 60; ++t) x[t] = 1e9 + 0.1 * t; /* a line: only KPSS against a level answers */
  assert_int_equal(answers(x, 60, &arena), 1);
  for (int t = 0; t < 60; ++t) x[t] = sin((double)(t * t));
  for (int64_t n = 0; n <= 60; ++n) {
    const int found = answers(x, n, &arena);
    assert_true(n >= 2 || found == 0);
    assert_true(n < 15 || found == 8);
  }
  for (int t = 0; t < 60; ++t) x[t] = NAN;
  int d = 9;
  assert_true(wsf__differences_by(WSF__BY_ADF, &d, x, 60, 2, &arena));
  assert_int_equal(d, 0);
  for (int t = 0; t < 60; ++t) x[t] = t == 40; /* one sale */
  (void)answers(x, 60, &arena);
  wsf__arena_free(&arena);
}

/* In other units a test says the same: to the bit for powers of two, else up to rounding. */
static void units_do_not_matter(void **state) {
  (void)state;
  static const double unit[] = {0x1p40, 0x1p-40, 1e12, 1e-12, 3};
  enum { N = 72 };
  double x[N], other[N];
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  for (int t = 0; t < N; ++t) x[t] = 100 + 0.8 * t + 5 * sin((double)(t * t));
  for (size_t u = 0; u < sizeof unit / sizeof *unit; ++u) {
    for (int t = 0; t < N; ++t) other[t] = unit[u] * x[t];
    for (int trend = 0; trend < 2; ++trend) {
      wsf__root_test a[4], b[4];
      for (int k = 0; k < 2; ++k) {
        wsf__root_test *out = k ? b : a;
        const double *y = k ? other : x;
        assert_true(wsf__kpss(&out[0], y, N, trend, wsf__lags_short(N), &arena));
        assert_true(wsf__adf(&out[1], y, N, trend, wsf__lags_adf(N), &arena));
        assert_true(wsf__pp(&out[2], &out[3], y, N, trend, &arena));
      }
      for (int k = 0; k < 4; ++k) {
        const double epsilon = u < 2 ? 0 : 1e-9 * fabs(a[k].statistic);
        assert_true(fabs(a[k].statistic - b[k].statistic) <= epsilon);
      }
    }
    for (int rule = 0; rule < 3; ++rule) {
      int d[2];
      assert_true(wsf__differences_by((wsf__root_rule)rule, &d[0], x, N, 2, &arena));
      assert_true(wsf__differences_by((wsf__root_rule)rule, &d[1], other, N, 2, &arena));
      assert_int_equal(d[0], d[1]);
    }
  }
  wsf__arena_free(&arena);
}

int test_unit_root(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(classic_series_are_differenced_as_in_r),
      cmocka_unit_test(flat_and_short_series_stay),
      cmocka_unit_test(series_that_say_nothing_have_no_statistic),
      cmocka_unit_test(units_do_not_matter),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
