#include "support.h"

#include <math.h>

#include "analysis/acf.h"
#include "analysis/analysis.h"
#include "analysis/decompose.h"
#include "analysis/demand.h"
#include "analysis/outliers.h"

/* ---- single series ------------------------------------------------------------------------ */

static int64_t read_classic(const char *folder, const char *name, double *y, int64_t most) {
  char path[4400], line[256];
  (void)snprintf(path, sizeof path, "%s/classic/%s.csv", folder, name);
  FILE *file = fopen(path, "rb");
  assert_non_null(file);
  assert_non_null(fgets(line, sizeof line, file));
  int64_t n = 0;
  while (n < most && fgets(line, sizeof line, file)) y[n++] = strtod(strchr(line, ',') + 1, NULL);
  (void)fclose(file);
  return n;
}

/* R 4.2.2: acf(AirPassengers, 12), pacf(AirPassengers, 12). Within 5e-9: eight printed digits. */
static void acf_and_pacf_are_rs(void **state) {
  (void)state;
  static const double acf[12] = {0.94804734, 0.87557484, 0.80668116, 0.75262542,
                                 0.71376997, 0.6817336,  0.66290439, 0.65561048,
                                 0.67094833, 0.70271992, 0.74324019, 0.76039504};
  static const double pacf[12] = {0.94804734,  -0.22942187,  0.038147781, 0.093785438,
                                  0.073606698, 0.0077276026, 0.12559713,  0.089951343,
                                  0.23248854,  0.16605126,   0.17127442,  -0.1354311};
  double y[200], found[12], partial[12], work[24];
  const int64_t n = read_classic(skip_without_data(), "AirPassengers", y, 200);
  assert_int_equal(n, 144);
  wsf__arena scratch;
  wsf__arena_init(&scratch, &wsf__alloc_libc);
  assert_true(wsf__acf(y, n, 12, found, &scratch));
  wsf__pacf(found, 12, partial, work, &scratch);
  for (int k = 0; k < 12; ++k) {
    assert_true(fabs(found[k] - acf[k]) < 6e-9);
    assert_true(fabs(partial[k] - pacf[k]) < 6e-9);
  }
}

/* By hand: mean 2; the missing value takes one pair from lag 1 and one from lag 2. */
static void acf_passes_over_missing(void **state) {
  (void)state;
  const double y[] = {1, 3, NAN, 1, 3};
  double acf[2];
  wsf__arena scratch;
  wsf__arena_init(&scratch, &wsf__alloc_libc);
  assert_true(wsf__acf(y, 5, 2, acf, &scratch));
  const double c0 = 4.0 / 4, c1 = -2.0 / (2 + 1), c2 = -1.0 / (1 + 2);
  assert_true(fabs(acf[0] - c1 / c0) < 1e-15);
  assert_true(fabs(acf[1] - c2 / c0) < 1e-15);
  const double flat[] = {2, 2, 2};
  assert_true(wsf__acf(flat, 3, 2, acf, &scratch));
  assert_true(isnan(acf[0]) && isnan(acf[1]));
}

/* Many lags of a long series come by another way: the same, with gaps too. */
static void acf_by_transform_is_the_same(void **state) {
  (void)state;
  enum { N = 30000, LAGS = 2000, FEW = 500 };
  double *y = malloc(N * sizeof *y), *many = malloc(LAGS * sizeof *many);
  double *few = malloc(FEW * sizeof *few);
  wsf__arena scratch;
  wsf__arena_init(&scratch, &wsf__alloc_libc);
  uint32_t x = 5;
  for (int gaps = 0; gaps < 2; ++gaps) {
    for (int t = 0; t < N; ++t) {
      x = x * 1664525u + 1013904223u;
      y[t] = 1e9 * (1 + sin(t / 9.0)) + (double)(x >> 8);
      if (gaps && x % 11 < 3) y[t] = NAN;
    }
    assert_true(wsf__acf(y, N, LAGS, many, &scratch));
    assert_true(wsf__acf(y, N, FEW, few, &scratch));
    for (int k = 0; k < FEW; ++k) assert_true(fabs(few[k] - many[k]) < 1e-12);
  }
  wsf__arena_free(&scratch);
  free(few);
  free(many);
  free(y);
}

/* An autoregression of order 1 has one partial autocorrelation. */
static void pacf_of_an_autoregression(void **state) {
  (void)state;
  double acf[20], pacf[20], work[40];
  for (int k = 0; k < 20; ++k) acf[k] = pow(0.7, k + 1);
  wsf__arena scratch;
  wsf__arena_init(&scratch, &wsf__alloc_libc);
  wsf__pacf(acf, 20, pacf, work, &scratch);
  assert_true(fabs(pacf[0] - 0.7) < 1e-15);
  for (int k = 1; k < 20; ++k) assert_true(fabs(pacf[k]) < 1e-14);
}

static void demand_has_four_patterns(void **state) {
  (void)state;
  const struct {
    double y[8];
    const char *pattern;
    double interval;
  } cases[] = {
      {{5, 6, 5, 6, 5, 6, 5, 6}, "smooth", 1},
      {{1, 20, 1, 1, 1, 1, 20, 1}, "erratic", 1},
      {{0, 5, 0, 6, 0, 5, 0, 6}, "intermittent", 2},
      {{0, 1, 0, 30, 0, 1, NAN, 1}, "lumpy", 7.0 / 4},
      {{0, 0, 0, 0, 0, 0, 0, 0}, "zero", NAN},
      {{0, 0, 0, 9, 0, 0, 0, 0}, "intermittent", 8},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
    const wsf__demand d = wsf__demand_of(cases[i].y, 8);
    assert_string_equal(d.pattern, cases[i].pattern);
    assert_true(d.interval == cases[i].interval || (isnan(d.interval) && i == 4));
  }
}

static double pseudo(uint32_t *seed) {
  *seed = *seed * 1664525u + 1013904223u;
  return (double)(*seed >> 8) / (1 << 24) - 0.5;
}

static void parts_add_up(void **state) {
  (void)state;
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  double y[160];
  uint32_t seed = 7;
  for (int t = 0; t < 160; ++t) y[t] = 100 + t + 20 * sin(t * 0.5235987755982988) + pseudo(&seed);
  y[17] = y[101] = NAN;
  const int64_t lengths[] = {1, 2, 3, 8, 24, 25, 160}, seasons[] = {1, 12};
  for (int l = 0; l < 7; ++l) {
    for (int s = 0; s < 2; ++s) {
      wsf__parts p;
      assert_true(wsf__decompose(&p, y, lengths[l], seasons[s], false, &arena));
      assert_int_equal(p.season, s == 1 && lengths[l] >= 25);
      for (int64_t t = 0; t < lengths[l]; ++t) {
        assert_true(isfinite(p.trend[t]) && isfinite(p.seasonal[t]));
        if (isnan(y[t]))
          assert_true(isnan(p.remainder[t]));
        else
          assert_true(fabs(p.trend[t] + p.seasonal[t] + p.remainder[t] - y[t]) < 1e-10);
      }
      if (lengths[l] < 160) continue;
      const double trend = wsf__strength(p.trend, p.remainder, 160);
      const double season = wsf__strength(p.seasonal, p.remainder, 160);
      if (s == 1)
        assert_true(trend > 0.99 && season > 0.99);
      else
        assert_true(season == 0);
    }
  }
  const double flat[] = {3, 3, 3, 3}, nothing[] = {0, 0, 0, 0};
  assert_true(isnan(wsf__strength(flat, nothing, 4)));
  wsf__arena_free(&arena);
}

/* A line is its own trend, also without a season. */
static void lines_are_trends(void **state) {
  (void)state;
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  double y[300];
  for (int t = 0; t < 300; ++t) y[t] = 5 + 0.25 * t;
  wsf__parts p;
  assert_true(wsf__decompose(&p, y, 300, 1, false, &arena));
  for (int t = 0; t < 300; ++t) assert_true(fabs(p.trend[t] - y[t]) < 1e-9);
  wsf__arena_free(&arena);
}

static void planted_outliers_are_found(void **state) {
  (void)state;
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  double y[156], expected[156], spread;
  for (int season = 1; season <= 52; season += 51) {
    uint32_t seed = 11;
    for (int t = 0; t < 156; ++t) {
      y[t] = 1000 + 2 * t + 40 * pseudo(&seed);
      if (season > 1) y[t] += 100 * sin(t * 0.12083048667653051);
    }
    for (int t = 46; season > 1 && t < 156; t += 52) y[t] += 1500; /* Christmas is none */
    y[33] += 2000;
    y[90] -= 900;
    y[120] = NAN;
    assert_true(wsf__outliers(y, 156, season, expected, &spread, &arena));
    int found = 0;
    for (int t = 0; t < 156; ++t) found += !isnan(expected[t]);
    assert_int_equal(found, 2);
    assert_true(fabs(expected[33] - (y[33] - 2000)) < 120);
    assert_true(fabs(expected[90] - (y[90] + 900)) < 120);
    assert_true(spread > 20 && spread < 400);
  }
  const double flat[] = {4, 4, 4, 4, 9, 4, 4, 4};
  assert_true(wsf__outliers(flat, 8, 1, expected, &spread, &arena));
  for (int t = 0; t < 8; ++t) assert_true(isnan(expected[t]) == (t != 4));
  assert_true(expected[4] == 4); /* the quartiles are equal: the mean distance measures */
  const double demand[] = {0, 0, 0, 0, 9, 0, 0, 0};
  assert_true(wsf__outliers(demand, 8, 1, expected, &spread, &arena));
  for (int t = 0; t < 8; ++t) assert_true(isnan(expected[t])); /* a sale, not a mistake */
  assert_true(wsf__outliers(flat, 1, 1, expected, &spread, &arena));
  assert_true(isnan(expected[0]));
  wsf__arena_free(&arena);
}

/* ---- the call ----------------------------------------------------------------------------- */

enum { STORES = 3, WEEKS = 120, ROWS = STORES * 2 * WEEKS };

typedef struct fixture {
  wsf__env env;
  wsf__panel *p;
  int32_t code[2][ROWS];
  int64_t time[ROWS];
  double target[ROWS];
} fixture;

static int setup(void **state) {
  fixture *f = calloc(1, sizeof *f);
  if (!f || !wsf__env_init(&f->env, &wsf__alloc_libc)) return -1;
  uint32_t seed = 5;
  for (int r = 0; r < ROWS; ++r) {
    const int t = r % WEEKS, series = r / WEEKS;
    f->code[0][r] = series / 2;
    f->code[1][r] = series % 2;
    f->time[r] = (14645 + 7 * (int64_t)t) * 86400;
    f->target[r] = 100 * (series + 1) + 30 * sin(t * 0.12083048667653051) + 5 * pseudo(&seed);
    if (series == 3) f->target[r] = t > 100 ? NAN : t % 4 == 0 ? 3 : 0;
  }
  f->target[50] = 900;
  static const char *const name[] = {"Store", "Dept"};
  static const char *const store[] = {"1", "2", "10"}, *const dept[] = {"a", "b"};
  const int32_t *const code[] = {f->code[0], f->code[1]};
  const char *const *const label[] = {store, dept};
  const wsf__rows rows = {.n = ROWS,
                          .n_keys = 2,
                          .key_name = name,
                          .key_code = code,
                          .key_label = label,
                          .n_labels = (const int32_t[]){3, 2},
                          .time_name = "Date",
                          .target_name = "Sales",
                          .time = f->time,
                          .time_form = WSF__FORM_DATE,
                          .target = f->target};
  const wsf__panel_rules rules = {.freq = WSF__WEEK};
  if (wsf__panel_build(&f->p, &f->env, &rows, &rules, NULL, NULL) != WSF_OK) return -1;
  *state = f;
  return 0;
}

static int teardown(void **state) {
  fixture *f = *state;
  wsf__panel_release(f->p);
  wsf__env_free(&f->env);
  free(f);
  return 0;
}

static const wsf__spec *no_spec(int i) {
  (void)i;
  return NULL;
}

static wsf_status ask(wsf_table **out, fixture *f, const char *options, wsf_error *err) {
  const wsf__catalog catalog = {no_spec};
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  const wsf__node *node;
  *out = NULL;
  wsf_status status =
      wsf__expr_arguments(&node, &arena, &catalog, &wsf__spec_analyze, options, err);
  if (status == WSF_OK) status = wsf__analyze(out, &f->env, f->p, node, err);
  wsf__arena_free(&arena);
  return status;
}

static wsf_table *table(fixture *f, const char *options) {
  wsf_table *t;
  wsf_error err;
  wsf__error_clear(&err);
  if (ask(&t, f, options, &err) != WSF_OK) fail_msg("%s", err.message);
  return t;
}

static const double *real(const wsf_table *t, const char *name) {
  const double *x = wsf_table_f64(t, wsf_table_find(t, name));
  assert_non_null(x);
  return x;
}

static void summary_has_a_row_per_series(void **state) {
  fixture *f = *state;
  wsf_table *t = table(f, NULL);
  assert_int_equal(wsf_table_rows(t), 6);
  assert_int_equal(wsf_table_i64(t, 0)[5], 10);
  assert_string_equal(wsf_table_text(t, wsf_table_find(t, "pattern"), 3, NULL), "intermittent");
  assert_string_equal(wsf_table_text(t, wsf_table_find(t, "pattern"), 1, NULL), "smooth");
  assert_int_equal(wsf_table_i64(t, wsf_table_find(t, "observations"))[3], 101);
  assert_int_equal(wsf_table_i64(t, wsf_table_find(t, "missing"))[3], 19);
  assert_int_equal(wsf_table_i64(t, wsf_table_find(t, "zeros"))[3], 75);
  assert_true(real(t, "season_strength")[1] > 0.9);
  assert_true(isnan(real(t, "season_strength")[3])); /* 101 values are no two seasons */
  assert_true(real(t, "acf1")[1] > 0.9);
  wsf_table_release(t);
  t = table(f, "series=\"2, b\", season=4");
  assert_int_equal(wsf_table_rows(t), 1);
  assert_true(real(t, "season_strength")[0] > 0.99);
  wsf_table_release(t);
}

static void tables_have_the_rows_they_promise(void **state) {
  fixture *f = *state;
  wsf_table *t = table(f, "what=acf");
  assert_int_equal(wsf_table_rows(t), 6 * 52);
  assert_int_equal(wsf_table_i64(t, wsf_table_find(t, "lag"))[52], 1);
  wsf_table_release(t);
  t = table(f, "what=pacf, lags=200, series=\"10/a\"");
  assert_int_equal(wsf_table_rows(t), 119);
  assert_true(real(t, "pacf")[0] > 0.9 && real(t, "limit")[0] > 0.178 &&
              real(t, "limit")[0] < 0.18);
  wsf_table_release(t);
  t = table(f, "what=decompose");
  assert_int_equal(wsf_table_rows(t), 5 * WEEKS + 101);
  assert_int_equal(wsf_table_type(t, 2), WSF_TYPE_DATE);
  assert_true(fabs(real(t, "trend")[7] + real(t, "adjusted")[7] + real(t, "seasonal")[7] -
                   real(t, "Sales")[7] - real(t, "trend")[7]) < 1e-9);
  wsf_table_release(t);
  t = table(f, "what=outliers, series=\"1,a\"");
  assert_int_equal(wsf_table_rows(t), 1);
  assert_true(real(t, "Sales")[0] == 900 && fabs(real(t, "expected")[0] - 100) < 60);
  assert_int_equal(wsf_table_i64(t, 2)[0], 14645 + 350);
  wsf_table_release(t);
}

/* Series 0 to 2, 4 and 5: a year of 52 weeks, two and a third times; series 3: every fourth week,
 * for 101. Series 0 has an outlier. */
static void structure_is_found(void **state) {
  fixture *f = *state;
  wsf_table *t = table(f, "what=seasons, series=\"10,b\"");
  assert_int_equal(wsf_table_rows(t), 1);
  assert_int_equal(wsf_table_i64(t, wsf_table_find(t, "rank"))[0], 1);
  assert_true(fabs(real(t, "period")[0] - 52) <= 2 && real(t, "p")[0] < 0.01);
  wsf_table_release(t);
  t = table(f, "what=seasons, series=\"2,b\", lags=20");
  assert_int_equal(wsf_table_rows(t), 1);
  assert_true(real(t, "period")[0] == 4 && real(t, "strength")[0] > 0.9);
  wsf_table_release(t);

  t = table(f, "what=mstl, seasons=[52,4,90]");
  assert_int_equal(wsf_table_rows(t), 5 * WEEKS + 101);
  const int64_t last = 3 * WEEKS;                /* first of series 3 */
  assert_true(isnan(real(t, "seasonal_90")[0])); /* no two of 90 weeks */
  assert_true(!isnan(real(t, "seasonal_52")[0]) && isnan(real(t, "seasonal_52")[last]));
  assert_true(fabs(real(t, "seasonal_4")[last + 40] - 2.25) < 1);
  for (int64_t row = 0; row < wsf_table_rows(t); row += 7) {
    const double year = real(t, "seasonal_52")[row], month = real(t, "seasonal_4")[row];
    const double sum = real(t, "trend")[row] + (isnan(year) ? 0 : year) + month;
    assert_true(fabs(sum + real(t, "remainder")[row] - real(t, "Sales")[row]) < 1e-9);
  }
  wsf_table_release(t);
  t = table(f, "what=mstl, season=1"); /* none: a trend and what is left */
  assert_int_equal(wsf_table_columns(t), 7);
  assert_true(real(t, "adjusted")[5] == real(t, "Sales")[5] && !isnan(real(t, "trend")[5]));
  wsf_table_release(t);

  t = table(f, "what=tests");
  assert_int_equal(wsf_table_rows(t), 6 * 8);
  const int64_t says = wsf_table_find(t, "says"), lags = wsf_table_find(t, "lags");
  const int64_t times = wsf_table_find(t, "differences");
  assert_string_equal(wsf_table_text(t, wsf_table_find(t, "test"), 7, NULL), "ocsb");
  assert_string_equal(wsf_table_text(t, wsf_table_find(t, "around"), 9, NULL), "line");
  assert_string_equal(wsf_table_text(t, says, 8 + 6, NULL), "difference"); /* a strong season */
  assert_null(wsf_table_text(t, says, 3 * 8 + 6, NULL)); /* 101 weeks are no two seasons */
  assert_true(wsf_table_is_null(t, lags, 6) && !wsf_table_is_null(t, lags, 7));
  assert_true(wsf_table_is_null(t, times, 1) && !wsf_table_is_null(t, times, 2));
  assert_int_equal(wsf_table_i64(t, times)[8 + 6], 1);
  wsf_table_release(t);
  t = table(f, "what=tests, season=1, series=\"1,a\"");
  assert_int_equal(wsf_table_rows(t), 6);
  wsf_table_release(t);
}

/* Series 3 stays as it is; made to sell ten times as much from week 60 on, it changes there. */
static void changes_are_found(void **state) {
  fixture *f = *state;
  double *y = (double *)(uintptr_t)f->p->y; /* the panel is this test's own */
  wsf_table *t = table(f, "what=changes, series=\"2,b\"");
  assert_int_equal(wsf_table_rows(t), 0);
  wsf_table_release(t);
  for (int i = 60; i < 101; ++i) y[f->p->offset[3] + i] += 30;
  t = table(f, "what=changes, series=\"2,b\"");
  assert_int_equal(wsf_table_rows(t), 1);
  assert_int_equal(wsf_table_i64(t, 2)[0], 14645 + 7 * 60);
  assert_true(fabs(real(t, "mean_after")[0] - real(t, "mean_before")[0] - 30) < 0.5);
  wsf_table_release(t);
  t = table(f, "what=changes, change=variance, penalty=1e9");
  assert_int_equal(wsf_table_rows(t), 0);
  wsf_table_release(t);
}

static void wrong_options_are_told(void **state) {
  fixture *f = *state;
  static const struct {
    const char *options, *field;
    wsf_status status;
  } bad[] = {{"what=mstl, seasons=[1]", "seasons", WSF_E_VALUE},
             {"what=mstl, seasons=[2,3,4,5,6,7,8,9,10]", "seasons", WSF_E_VALUE},
             {"what=changes, penalty=-1", "penalty", WSF_E_VALUE},
             {"what=changes, penalty=aic", "penalty", WSF_E_VALUE},
             {"what=changes, least=0", "least", WSF_E_VALUE},
             {"what=change", "what", WSF_E_VALUE}};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
    wsf_table *t;
    wsf_error err;
    const wsf_status status = ask(&t, f, bad[i].options, &err);
    if (status != bad[i].status || strcmp(err.field, bad[i].field) != 0)
      fail_msg("%s: %d %s: %s", bad[i].options, (int)status, err.field, err.message);
    assert_null(t);
  }
}

/* Constant, all missing, one and two observations: every table comes, finite or null. */
static void hard_series_break_no_table(void **state) {
  fixture *f = *state;
  double *y = (double *)(uintptr_t)f->p->y;
  for (int series = 0; series < 5; ++series) {
    double *x = y + f->p->offset[series];
    for (int t = 0; t < f->p->length[series]; ++t) {
      x[t] = series == 0 ? 7.1 : series == 1 ? 1e9 + t : NAN;
      if (series >= 3 && (t == 10 || (series == 4 && t == 11))) x[t] = 3 + t;
    }
  }
  static const char *const what[] = {"summary", "acf",   "pacf",    "decompose", "mstl",
                                     "seasons", "tests", "changes", "outliers"};
  for (size_t i = 0; i < sizeof what / sizeof *what; ++i) {
    for (int season = 1; season < 13; season += 11) {
      char options[64];
      (void)snprintf(options, sizeof options, "what=%s, season=%d", what[i], season);
      wsf_table *t = table(f, options);
      for (int64_t c = 0; c < wsf_table_columns(t); ++c) {
        const double *x = wsf_table_f64(t, c);
        for (int64_t row = 0; x && row < wsf_table_rows(t); ++row) assert_false(isinf(x[row]));
      }
      if (i == 6) {
        for (int64_t row = 0; row < wsf_table_rows(t); ++row) {
          const int64_t series = row / (season > 1 ? 8 : 6);
          if (series == 0 || series == 2 || series == 3)
            assert_true(isnan(real(t, "statistic")[row]));
        }
      }
      wsf_table_release(t);
    }
  }
}

static void unknown_series_are_told(void **state) {
  fixture *f = *state;
  const char *const bad[] = {"series=\"9,a\"", "series=\"1\"", "series=\"1,a,b\"", "series=\"1a\""};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
    wsf_table *t;
    wsf_error err;
    assert_int_equal(ask(&t, f, bad[i], &err), WSF_E_VALUE);
    assert_null(t);
    assert_string_equal(err.field, "series");
  }
}

static void threads_change_nothing(void **state) {
  fixture *f = *state;
  const char *const options[] = {"what=summary",   "what=acf",
                                 "what=decompose", "what=outliers",
                                 "what=tests",     "what=mstl, seasons=[4,26]",
                                 "what=seasons",   "what=changes, penalty=10"};
  for (int o = 0; o < 8; ++o) {
    f->env.threads = 1;
    wsf_table *one = table(f, options[o]);
    wsf_table *five = NULL;
    wsf__env env;
    assert_true(wsf__env_init(&env, &wsf__alloc_libc));
    env.threads = 5;
    fixture lent = {.p = f->p};
    lent.env = env;
    five = table(&lent, options[o]);
    assert_int_equal(wsf_table_rows(one), wsf_table_rows(five));
    for (int64_t c = 0; c < wsf_table_columns(one); ++c) {
      const double *x = wsf_table_f64(one, c), *y = wsf_table_f64(five, c);
      if (x) assert_memory_equal(x, y, (size_t)wsf_table_rows(one) * sizeof *x);
    }
    wsf_table_release(one);
    wsf_table_release(five);
    wsf__env_free(&lent.env);
  }
}

int test_analysis(void) {
#define WITH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(acf_and_pacf_are_rs),
      cmocka_unit_test(acf_passes_over_missing),
      cmocka_unit_test(acf_by_transform_is_the_same),
      cmocka_unit_test(pacf_of_an_autoregression),
      cmocka_unit_test(demand_has_four_patterns),
      cmocka_unit_test(parts_add_up),
      cmocka_unit_test(lines_are_trends),
      cmocka_unit_test(planted_outliers_are_found),
      WITH(summary_has_a_row_per_series),
      WITH(tables_have_the_rows_they_promise),
      WITH(structure_is_found),
      WITH(changes_are_found),
      WITH(wrong_options_are_told),
      WITH(hard_series_break_no_table),
      WITH(unknown_series_are_told),
      WITH(threads_change_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
