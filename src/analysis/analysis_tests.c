/* wsf_analyze(what=tests): the same rows for every series, one per test. KPSS, ADF and PP see the
 * observations without gaps; the seasonal tests see gaps filled. */
#include "analysis/analysis_tables.h"
#include "analysis/ocsb.h"
#include "analysis/stl.h"
#include "analysis/unit_root.h"

#include <math.h>

enum { KPSS, KPSS_LINE, ADF, ADF_LINE, PP, PP_LINE, STRENGTH, OCSB, TESTS };
enum { MOST_DIFFERENCES = 2, MOST_SEASONAL = 1, OCSB_LAGS = 3 };
static const double STRONG = 0.64, SIGNIFICANT = 0.05;
static const char *const test_name[TESTS] = {"kpss", "kpss", "adf",      "adf",
                                             "pp",   "pp",   "strength", "ocsb"};
static const char *const around[TESTS] = {"level", "line", "level",  "line",
                                          "level", "line", "season", "season"};

static int tests_of(const wsf__analysis *a) {
  return a->season >= 2 ? TESTS : STRENGTH;
}

/* Columns: whole = lags, differences (-1 = null); real = statistic, p, critical. */
static void put(const wsf__analysis *a, int64_t row, const wsf__root_test *test, double critical) {
  a->whole[0][row] = isnan(test->statistic) ? -1 : test->lags;
  a->whole[1][row] = -1;
  a->real[0][row] = test->statistic;
  a->real[1][row] = test->p;
  a->real[2][row] = critical;
}

static bool at_one(const wsf__analysis *a, const double *y, int64_t length, int64_t row,
                   wsf__arena *scratch) {
  double *x = wsf__arena_new(scratch, (size_t)length, sizeof *x);
  if (!x) return false;
  const int64_t n = wsf__close_gaps(x, y, length);
  for (int trend = 0; trend < 2; ++trend) {
    wsf__root_test test;
    if (!wsf__kpss(&test, x, n, trend, wsf__lags_short(n), scratch)) return false;
    put(a, row + KPSS + trend, &test, trend ? 0.146 : 0.463);
    if (!wsf__adf(&test, x, n, trend, wsf__lags_adf(n), scratch)) return false;
    put(a, row + ADF + trend, &test, wsf__dickey_fuller_critical(n - 1, trend));
    if (!wsf__pp(&test, NULL, x, n, trend, scratch)) return false;
    put(a, row + PP + trend, &test, wsf__dickey_fuller_critical(n - 1, trend));
  }
  for (int rule = 0; rule < 3; ++rule) {
    int d;
    if (!wsf__differences_by((wsf__root_rule)rule, &d, x, n, MOST_DIFFERENCES, scratch))
      return false;
    a->whole[1][row + KPSS + 2 * rule] = d;
  }
  return true;
}

static bool at_season(const wsf__analysis *a, const double *y, int64_t n, int64_t row,
                      wsf__arena *scratch) {
  const int64_t m = a->season;
  wsf__root_test strength = {NAN, NAN, -1};
  if (n > 2 * m && !wsf__is_flat(y, n) &&
      !wsf__seasonal_strength(&strength.statistic, y, n, m, scratch))
    return false;
  put(a, row + STRENGTH, &strength, STRONG);
  double *x = wsf__arena_new(scratch, (size_t)n, sizeof *x);
  if (!x) return false;
  wsf__fill_missing(y, n, m, x);
  wsf__ocsb_test ocsb;
  if (!wsf__ocsb(&ocsb, x, n, m, OCSB_LAGS, scratch)) return false;
  const wsf__root_test test = {ocsb.statistic, NAN, ocsb.lags};
  put(a, row + OCSB, &test, ocsb.critical);
  int d[2];
  if (!wsf__seasonal_differences(&d[0], y, n, m, MOST_SEASONAL, scratch) ||
      !wsf__ocsb_differences(&d[1], y, n, m, MOST_SEASONAL, scratch))
    return false;
  a->whole[1][row + STRENGTH] = d[0];
  a->whole[1][row + OCSB] = d[1];
  return true;
}

static wsf_status test_series(void *user, int64_t i, wsf__arena *scratch, wsf_error *err) {
  const wsf__analysis *a = user;
  if (!a->chosen[i]) return WSF_OK;
  const double *y = wsf__analysis_values(a, i);
  if (!at_one(a, y, a->length[i], a->at[i], scratch)) return wsf__fail_memory(err);
  if (a->season >= 2 && !at_season(a, y, a->length[i], a->at[i], scratch))
    return wsf__fail_memory(err);
  return WSF_OK;
}

/* What the test at this row says; NULL: nothing. */
static const char *verdict(const wsf__analysis *a, int test, int64_t row) {
  const double statistic = a->real[0][row], p = a->real[1][row];
  if (isnan(statistic)) return NULL;
  const bool difference = test < ADF        ? p < SIGNIFICANT
                          : test < STRENGTH ? p > SIGNIFICANT
                                            : statistic > a->real[2][row];
  return difference ? "difference" : "keep";
}

wsf_status wsf__analysis_tests(wsf_table **out, wsf__analysis *a, wsf__env *env, wsf_error *err) {
  static const char *const name[] = {"statistic", "p", "critical"};
  const int tests = tests_of(a);
  for (int64_t i = 0; i < a->p->n; ++i) a->rows[i] = a->chosen[i] ? tests : 0;
  WSF__TRY(wsf__analysis_begin(out, a, env, err));
  const int64_t text = wsf_table_columns(*out);
  int64_t column;
  WSF__TRY(wsf__table_add_text(*out, "test", &column, err));
  WSF__TRY(wsf__table_add_text(*out, "around", &column, err));
  WSF__TRY(wsf__analysis_add_reals(*out, a, name, 3, err));
  WSF__TRY(wsf__table_add_i64(*out, "lags", WSF_TYPE_I64, &a->whole[0], err));
  WSF__TRY(wsf__table_add_text(*out, "says", &column, err));
  WSF__TRY(wsf__table_add_i64(*out, "differences", WSF_TYPE_I64, &a->whole[1], err));
  WSF__TRY(wsf__parallel(env, "analyze", a->p->n, test_series, a, err));
  for (int64_t row = 0; row < a->n_rows; ++row) {
    const int test = (int)(row % tests);
    WSF__TRY(wsf__table_put(*out, text, test_name[test], err));
    WSF__TRY(wsf__table_put(*out, text + 1, around[test], err));
    WSF__TRY(wsf__table_put(*out, column, verdict(a, test, row), err));
    if (a->whole[0][row] < 0) wsf__table_set_null(*out, column - 1, row);
    if (a->whole[1][row] < 0) wsf__table_set_null(*out, column + 1, row);
  }
  return WSF_OK;
}
