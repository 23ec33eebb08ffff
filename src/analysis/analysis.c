/* wsf_analyze: one table for all series or one. The length of every series' part is known before
 * anything is computed (outliers: after a pass that finds them), so that series fill their rows in
 * parallel. Values after a series' last observation are not looked at. */
#include "analysis/analysis.h"
#include "analysis/acf.h"
#include "analysis/analysis_tables.h"
#include "analysis/decompose.h"
#include "analysis/mstl.h"
#include "analysis/outliers.h"
#include "analysis/unit_root.h"
#include "math/elementary.h"
#include "math/stats.h"
#include "panel/rows_out.h"

#include <math.h>
#include <string.h>

static const wsf__option options[] = {
    {"what", WSF__WORD, "summary", 0, 0,
     "summary|acf|pacf|decompose|mstl|seasons|tests|changes|outliers",
     "summary: a row per series; acf, pacf: per lag; decompose, mstl: per period; seasons, "
     "changes, outliers: per one found; tests: per unit root test"},
    {"lags", WSF__INT, "0", 0, 100000, NULL,
     "acf, pacf: lags 1 to this; 0: a season, at least 10 log10(observations); seasons: the "
     "longest looked for; 0: 1000"},
    {"series", WSF__TEXT, "", 0, 0, NULL,
     "one series, by its key labels in order: \"1,2\"; absent: all"},
    {"season", WSF__INT, "0", 0, 1000000, NULL, "periods in a season; 0: the data's"},
    {"seasons", WSF__INTS, "", 2, 1000000, NULL,
     "mstl: periods in each season; absent: the data's, and of hourly data the week, of daily the "
     "year"},
    {"robust", WSF__FLAG, "false", 0, 0, NULL,
     "decompose, mstl, changes: give outliers little weight in the season"},
    {"change", WSF__WORD, "mean", 0, 0, "mean|variance",
     "changes: of the mean, or of mean and variance"},
    {"penalty", WSF__REAL, "mbic", 1e-6, 1e12, "mbic|bic",
     "changes: what one must add to twice the log-likelihood"},
    {"least", WSF__INT, "5", 1, 1000000, NULL, "changes: observations between two"},
};

const wsf__spec wsf__spec_analyze = {
    .family = "options",
    .group = "call",
    .name = "analyze",
    .summary =
        "What the series look like: demand pattern, trend, seasons, autocorrelation, unit roots, "
        "changes, outliers.",
    .source = "docs/analysis.md names the paper of each table",
    .since = "0.1.0",
    .example = "analyze(what=acf, lags=26)",
    .options = options,
    .n_options = sizeof options / sizeof *options,
};

/* ---- which series ------------------------------------------------------------------------- */

static wsf_status choose(uint8_t *chosen, const wsf__panel *p, const char *name, wsf_error *err) {
  if (!name || !*name) {
    memset(chosen, 1, (size_t)p->n);
    return WSF_OK;
  }
  int64_t series;
  WSF__TRY(wsf__panel_find_series(&series, p, name, err));
  memset(chosen, 0, (size_t)p->n);
  chosen[series] = 1;
  return WSF_OK;
}

/* ---- one series --------------------------------------------------------------------------- */

/* The values in a unit of their size, a power of two, so that their squares are numbers; NULL: no
 * memory. */
static const double *in_units(double *unit, const double *y, int64_t n, wsf__arena *scratch) {
  double largest = 0, *z = wsf__arena_new(scratch, (size_t)n, sizeof *z);
  for (int64_t t = 0; t < n; ++t) largest = fmax(largest, fabs(y[t])); /* not of NaN */
  *unit = largest > 0 ? wsf__power_of_two_below(largest) : 1;
  for (int64_t t = 0; z && t < n; ++t) z[t] = y[t] / *unit;
  return z;
}

static wsf_status summarise(void *user, int64_t i, wsf__arena *scratch, wsf_error *err) {
  const wsf__analysis *a = user;
  if (!a->chosen[i]) return WSF_OK;
  const int64_t n = a->length[i], row = a->at[i];
  int64_t observed = 0, zeros = 0;
  double square = 0, unit;
  const double *y = in_units(&unit, wsf__analysis_values(a, i), n, scratch);
  if (!y) return wsf__fail_memory(err);
  const bool flat = wsf__is_flat(y, n); /* but for rounding, of which no part is strong */
  const double mean = flat ? y[0] : wsf__mean(y, n);
  for (int64_t t = 0; t < n; ++t) {
    if (isnan(y[t])) continue;
    ++observed;
    zeros += y[t] == 0;
    square += flat ? 0 : (y[t] - mean) * (y[t] - mean);
  }
  wsf__parts parts;
  if (!wsf__decompose(&parts, y, n, a->season, false, scratch)) return wsf__fail_memory(err);
  a->whole[0][row] = observed;
  a->whole[1][row] = a->p->length[i] - observed;
  a->whole[2][row] = zeros;
  a->real[0][row] = mean * unit;
  a->real[1][row] =
      observed > 1 && mean != 0 ? sqrt(square / (double)(observed - 1)) / fabs(mean) : NAN;
  a->real[6][row] = NAN;
  if (n > 1 && !wsf__acf(y, n, 1, &a->real[6][row], scratch)) return wsf__fail_memory(err);
  a->demand[i] = wsf__demand_of(y, n);
  a->real[2][row] = a->demand[i].interval;
  a->real[3][row] = a->demand[i].cv2;
  const bool season = parts.season && !flat;
  a->real[4][row] = flat ? NAN : wsf__strength(parts.trend, parts.remainder, n);
  a->real[5][row] = season ? wsf__strength(parts.seasonal, parts.remainder, n) : NAN;
  return WSF_OK;
}

static wsf_status correlate(void *user, int64_t i, wsf__arena *scratch, wsf_error *err) {
  const wsf__analysis *a = user;
  const int64_t lags = a->rows[i], row = a->at[i];
  if (lags == 0) return WSF_OK;
  int64_t observed = 0;
  for (int64_t t = 0; t < a->length[i]; ++t) observed += !isnan(wsf__analysis_values(a, i)[t]);
  double *acf = wsf__arena_new(scratch, (size_t)lags, sizeof *acf);
  double *work = wsf__arena_new(scratch, 2 * (size_t)lags, sizeof *work);
  if (!acf || !work) return wsf__fail_memory(err);
  double unit;
  const double *y = in_units(&unit, wsf__analysis_values(a, i), a->length[i], scratch);
  if (!y || !wsf__acf(y, a->length[i], lags, acf, scratch)) return wsf__fail_memory(err);
  if (a->partial)
    wsf__pacf(acf, lags, a->real[0] + row, work, scratch);
  else
    memcpy(a->real[0] + row, acf, (size_t)lags * sizeof *acf);
  for (int64_t k = 0; k < lags; ++k) {
    a->whole[0][row + k] = k + 1;
    a->real[1][row + k] = 1.959963984540054 / sqrt((double)observed);
  }
  return WSF_OK;
}

static wsf_status take_apart(void *user, int64_t i, wsf__arena *scratch, wsf_error *err) {
  const wsf__analysis *a = user;
  const int64_t n = a->rows[i], row = a->at[i];
  if (n == 0) return WSF_OK;
  wsf__parts parts;
  const double *y = wsf__analysis_values(a, i);
  if (!wsf__decompose(&parts, y, n, a->season, a->robust, scratch)) return wsf__fail_memory(err);
  for (int64_t t = 0; t < n; ++t) {
    a->whole[0][row + t] = wsf__calendar_value(&a->p->calendar, a->p->first[i] + t);
    a->real[0][row + t] = y[t];
    a->real[4][row + t] = y[t] - parts.seasonal[t];
  }
  memcpy(a->real[1] + row, parts.trend, (size_t)n * sizeof(double));
  memcpy(a->real[2] + row, parts.seasonal, (size_t)n * sizeof(double));
  memcpy(a->real[3] + row, parts.remainder, (size_t)n * sizeof(double));
  return WSF_OK;
}

static wsf_status find_outliers(void *user, int64_t i, wsf__arena *scratch, wsf_error *err) {
  const wsf__analysis *a = user;
  if (!a->chosen[i]) return WSF_OK;
  double *expected = a->expected + a->p->offset[i];
  if (!wsf__outliers(wsf__analysis_values(a, i), a->length[i], a->season, expected, &a->spread[i],
                     scratch)) {
    return wsf__fail_memory(err);
  }
  for (int64_t t = 0; t < a->length[i]; ++t) a->rows[i] += !isnan(expected[t]);
  return WSF_OK;
}

/* ---- the table ---------------------------------------------------------------------------- */

static wsf_status summary_table(wsf_table **out, wsf__analysis *a, wsf__env *env, wsf_error *err) {
  static const char *const count[] = {"observations", "missing", "zeros"};
  static const char *const name[] = {
      "mean", "cv", "interval", "cv2", "trend_strength", "season_strength", "acf1"};
  int64_t pattern;
  for (int64_t i = 0; i < a->p->n; ++i) a->rows[i] = a->chosen[i];
  WSF__TRY(wsf__analysis_begin(out, a, env, err));
  for (int c = 0; c < 3; ++c) {
    WSF__TRY(wsf__table_add_i64(*out, count[c], WSF_TYPE_I64, &a->whole[c], err));
  }
  WSF__TRY(wsf__analysis_add_reals(*out, a, name, 7, err));
  WSF__TRY(wsf__table_add_text(*out, "pattern", &pattern, err));
  WSF__TRY(wsf__parallel(env, "analyze", a->p->n, summarise, a, err));
  for (int64_t i = 0; i < a->p->n; ++i) {
    if (a->chosen[i]) WSF__TRY(wsf__table_put(*out, pattern, a->demand[i].pattern, err));
  }
  return WSF_OK;
}

static wsf_status acf_table(wsf_table **out, wsf__analysis *a, wsf__env *env, wsf_error *err) {
  for (int64_t i = 0; i < a->p->n; ++i) {
    const int64_t n = a->length[i];
    int64_t lags = a->lags;
    if (lags == 0) lags = (int64_t)(10 * wsf__log10((double)n));
    if (a->lags == 0 && lags < a->season) lags = a->season;
    a->rows[i] = !a->chosen[i] ? 0 : lags < n ? lags : n - 1;
  }
  WSF__TRY(wsf__analysis_begin(out, a, env, err));
  const char *const name[] = {a->partial ? "pacf" : "acf", "limit"};
  WSF__TRY(wsf__table_add_i64(*out, "lag", WSF_TYPE_I64, &a->whole[0], err));
  WSF__TRY(wsf__analysis_add_reals(*out, a, name, 2, err));
  return wsf__parallel(env, "analyze", a->p->n, correlate, a, err);
}

static wsf_status parts_table(wsf_table **out, wsf__analysis *a, wsf__env *env, wsf_error *err) {
  const char *const name[] = {a->p->target_name, "trend", "seasonal", "remainder", "adjusted"};
  for (int64_t i = 0; i < a->p->n; ++i) a->rows[i] = a->chosen[i] ? a->length[i] : 0;
  WSF__TRY(wsf__analysis_begin(out, a, env, err));
  WSF__TRY(wsf__analysis_add_time(*out, a, err));
  WSF__TRY(wsf__analysis_add_reals(*out, a, name, 5, err));
  return wsf__parallel(env, "analyze", a->p->n, take_apart, a, err);
}

static wsf_status outlier_table(wsf_table **out, wsf__analysis *a, wsf__env *env, wsf_error *err) {
  const char *const name[] = {a->p->target_name, "expected", "limit"};
  WSF__TRY(wsf__parallel(env, "analyze", a->p->n, find_outliers, a, err));
  WSF__TRY(wsf__analysis_begin(out, a, env, err));
  WSF__TRY(wsf__analysis_add_time(*out, a, err));
  WSF__TRY(wsf__analysis_add_reals(*out, a, name, 3, err));
  int64_t row = 0;
  for (int64_t i = 0; i < a->p->n; ++i) {
    const double *expected = a->expected + a->p->offset[i];
    for (int64_t t = 0; a->rows[i] > 0 && t < a->length[i]; ++t) {
      if (isnan(expected[t])) continue;
      a->whole[0][row] = wsf__calendar_value(&a->p->calendar, a->p->first[i] + t);
      a->real[0][row] = wsf__analysis_values(a, i)[t];
      a->real[1][row] = expected[t];
      a->real[2][row++] = a->spread[i];
    }
  }
  return WSF_OK;
}

/* Seasons of mstl: those asked for, or the one of the data and the next of its calendar. */
static wsf_status ask_seasons(wsf__analysis *a, const wsf__node *node, wsf_error *err) {
  const wsf__value *given = wsf__arg(node, "seasons");
  int64_t asked[WSF__SEASONS_ASKED] = {a->season};
  int n = 1;
  if (given->form == WSF__NUMBERS && given->n > WSF__SEASONS_ASKED) {
    const wsf_status status = wsf__fail(err, WSF_E_VALUE,
                                        "%d seasons were given, expected at most "
                                        "%d",
                                        given->n, WSF__SEASONS_ASKED);
    wsf__error_at_field(err, "seasons");
    return status;
  }
  if (given->form == WSF__NUMBERS) {
    n = given->n;
    for (int k = 0; k < n; ++k) asked[k] = (int64_t)given->numbers[k];
  } else {
    const wsf__calendar *cal = &a->p->calendar;
    const int64_t length = wsf__calendar_seconds(cal), week = wsf__freq_seconds(WSF__WEEK);
    const bool hours = cal->freq == WSF__HOUR || cal->freq == WSF__MINUTE;
    if (hours && week % length == 0) asked[n++] = week / length;
    if (cal->freq == WSF__DAY && cal->step == 1) asked[n++] = 365;
  }
  a->n_seasons = wsf__mstl_seasons(a->seasons, asked, n, INT64_MAX);
  return WSF_OK;
}

static wsf_status run(wsf_table **out, wsf__analysis *a, wsf__env *env, const wsf__node *node,
                      wsf__arena *arena, wsf_error *err) {
  const wsf__panel *p = a->p;
  const size_t n = (size_t)p->n;
  uint8_t *chosen = wsf__arena_new(arena, n, 1);
  a->length = wsf__arena_new(arena, n, sizeof *a->length);
  a->rows = wsf__arena_zero(arena, n, sizeof *a->rows);
  a->at = wsf__arena_new(arena, n, sizeof *a->at);
  a->demand = wsf__arena_new(arena, n, sizeof *a->demand);
  a->spread = wsf__arena_new(arena, n, sizeof *a->spread);
  if (!chosen || !a->length || !a->rows || !a->at || !a->demand || !a->spread) {
    return wsf__fail_memory(err);
  }
  WSF__TRY(choose(chosen, p, wsf__arg_text(node, "series"), err));
  a->chosen = chosen;
  size_t cells = 0;
  for (size_t i = 0; i < n; ++i) {
    a->length[i] = p->length[i];
    while (a->length[i] > 1 && isnan(p->y[p->offset[i] + a->length[i] - 1])) --a->length[i];
    cells += (size_t)p->length[i];
  }
  if (wsf__arg_is(node, "what", "tests")) return wsf__analysis_tests(out, a, env, err);
  if (wsf__arg_is(node, "what", "changes")) return wsf__analysis_changes(out, a, env, err);
  if (wsf__arg_is(node, "what", "mstl")) {
    WSF__TRY(ask_seasons(a, node, err));
    return wsf__analysis_mstl(out, a, env, err);
  }
  if (wsf__arg_is(node, "what", "seasons")) {
    a->found = wsf__arena_new(arena, n, WSF__MOST_SEASONS * sizeof *a->found);
    if (!a->found) return wsf__fail_memory(err);
    return wsf__analysis_seasons(out, a, env, err);
  }
  if (wsf__arg_is(node, "what", "summary")) return summary_table(out, a, env, err);
  if (wsf__arg_is(node, "what", "decompose")) return parts_table(out, a, env, err);
  if (wsf__arg_is(node, "what", "outliers")) {
    a->expected = wsf__arena_new(arena, cells, sizeof *a->expected);
    if (!a->expected) return wsf__fail_memory(err);
    return outlier_table(out, a, env, err);
  }
  a->partial = wsf__arg_is(node, "what", "pacf");
  return acf_table(out, a, env, err);
}

wsf_status wsf__analyze(wsf_table **out, wsf__env *env, const wsf__panel *p, const wsf__node *node,
                        wsf_error *err) {
  WSF__TRY(wsf__panel_need_target(p, err));
  const bool bic = wsf__arg_is(node, "penalty", "bic"), mbic = wsf__arg_is(node, "penalty", "mbic");
  wsf__analysis a = {.p = p,
                     .season = wsf__arg_int(node, "season"),
                     .lags = wsf__arg_int(node, "lags"),
                     .robust = wsf__arg_flag(node, "robust"),
                     .change = {.variance = wsf__arg_is(node, "change", "variance"),
                                .mbic = mbic,
                                .penalty = bic || mbic ? 0 : wsf__arg_number(node, "penalty"),
                                .least = wsf__arg_int(node, "least")}};
  if (a.season == 0) a.season = p->season;
  wsf_table *t = NULL;
  wsf__arena arena;
  wsf__arena_init(&arena, &env->alloc);
  const wsf_status status = run(&t, &a, env, node, &arena, err);
  wsf__arena_free(&arena);
  *out = NULL;
  if (status != WSF_OK) {
    wsf_table_release(t);
    return status;
  }
  *out = t;
  return WSF_OK;
}
