/* wsf_analyze(what=seasons|mstl|changes): what a series is made of. Seasons and changes are as many
 * as are found; changes are looked for twice, once to count the rows, rather than kept. */
#include "analysis/analysis_tables.h"
#include "analysis/decompose.h"
#include "analysis/mstl.h"
#include "analysis/unit_root.h"
#include "math/elementary.h"
#include "math/stats.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LONGEST = 1000 };

static int64_t time_of(const wsf__analysis *a, int64_t i, int64_t t) {
  return wsf__calendar_value(&a->p->calendar, a->p->first[i] + t);
}

/* ---- seasons ------------------------------------------------------------------------------ */

static wsf_status find_seasons(void *user, int64_t i, wsf__arena *scratch, wsf_error *err) {
  const wsf__analysis *a = user;
  if (!a->chosen[i]) return WSF_OK;
  int count;
  if (!wsf__find_seasons(a->found + i * WSF__MOST_SEASONS, &count, wsf__analysis_values(a, i),
                         a->length[i], a->lags > 0 ? a->lags : LONGEST, scratch))
    return wsf__fail_memory(err);
  a->rows[i] = count;
  return WSF_OK;
}

wsf_status wsf__analysis_seasons(wsf_table **out, wsf__analysis *a, wsf__env *env, wsf_error *err) {
  static const char *const name[] = {"period", "strength", "acf", "p"};
  WSF__TRY(wsf__parallel(env, "analyze", a->p->n, find_seasons, a, err));
  WSF__TRY(wsf__analysis_begin(out, a, env, err));
  WSF__TRY(wsf__table_add_i64(*out, "rank", WSF_TYPE_I64, &a->whole[0], err));
  WSF__TRY(wsf__analysis_add_reals(*out, a, name, 4, err));
  for (int64_t i = 0; i < a->p->n; ++i) {
    for (int64_t k = 0; k < a->rows[i]; ++k) {
      const wsf__season *s = &a->found[i * WSF__MOST_SEASONS + k];
      const int64_t row = a->at[i] + k;
      a->whole[0][row] = k + 1;
      a->real[0][row] = s->period;
      a->real[1][row] = s->strength;
      a->real[2][row] = s->acf;
      a->real[3][row] = s->p;
    }
  }
  return WSF_OK;
}

/* ---- mstl --------------------------------------------------------------------------------- */

/* Columns: target, trend, a season each, remainder, adjusted. */
static wsf_status take_apart(void *user, int64_t i, wsf__arena *scratch, wsf_error *err) {
  const wsf__analysis *a = user;
  const int64_t n = a->rows[i], row = a->at[i];
  if (n == 0) return WSF_OK;
  const double *y = wsf__analysis_values(a, i);
  int64_t kept[WSF__SEASONS_ASKED];
  const int count = wsf__mstl_seasons(kept, a->seasons, a->n_seasons, n);
  double *trend = a->real[1] + row;
  double *seasonal = wsf__arena_new(scratch, (size_t)n, (size_t)(count + 1) * sizeof *seasonal);
  if (!seasonal) return wsf__fail_memory(err);
  if (count > 0) {
    const wsf__mstl_options options = {0, a->robust};
    if (!wsf__mstl(trend, seasonal, y, n, kept, count, &options, scratch))
      return wsf__fail_memory(err);
  } else {
    wsf__parts parts;
    if (!wsf__decompose(&parts, y, n, 1, false, scratch)) return wsf__fail_memory(err);
    memcpy(trend, parts.trend, (size_t)n * sizeof *trend);
  }
  double *remainder = a->real[a->n_seasons + 2] + row, *adjusted = a->real[a->n_seasons + 3] + row;
  for (int64_t t = 0; t < n; ++t) {
    a->whole[0][row + t] = time_of(a, i, t);
    a->real[0][row + t] = adjusted[t] = y[t];
  }
  for (int k = 0, from = 0; k < a->n_seasons; ++k) {
    const bool there = from < count && kept[from] == a->seasons[k];
    for (int64_t t = 0; t < n; ++t) {
      const double s = there ? seasonal[from * n + t] : NAN;
      a->real[2 + k][row + t] = s;
      if (there) adjusted[t] -= s;
    }
    from += there;
  }
  for (int64_t t = 0; t < n; ++t) remainder[t] = adjusted[t] - trend[t];
  return WSF_OK;
}

wsf_status wsf__analysis_mstl(wsf_table **out, wsf__analysis *a, wsf__env *env, wsf_error *err) {
  char label[WSF__SEASONS_ASKED][32];
  const char *name[WSF__SEASONS_ASKED + 4];
  int columns = 0;
  name[columns++] = a->p->target_name;
  name[columns++] = "trend";
  for (int k = 0; k < a->n_seasons; ++k) {
    (void)snprintf(label[k], sizeof label[k], "seasonal_%lld", (long long)a->seasons[k]);
    name[columns++] = label[k];
  }
  name[columns++] = "remainder";
  name[columns++] = "adjusted";
  for (int64_t i = 0; i < a->p->n; ++i) a->rows[i] = a->chosen[i] ? a->length[i] : 0;
  WSF__TRY(wsf__analysis_begin(out, a, env, err));
  WSF__TRY(wsf__analysis_add_time(*out, a, err));
  WSF__TRY(wsf__analysis_add_reals(*out, a, name, columns, err));
  return wsf__parallel(env, "analyze", a->p->n, take_apart, a, err);
}

/* ---- changes ------------------------------------------------------------------------------ */

/* n log of what the segments between changes leave of x[n], and a log n for each number it takes:
 * Schwarz's criterion. Changes come with their places in time, as x does. */
static double criterion(const double *x, int64_t n, const wsf__change *change, int64_t count,
                        int64_t parameters) {
  double squares = 0, observed = 0;
  for (int64_t k = 0; k <= count; ++k) {
    const int64_t from = k > 0 ? change[k - 1].at : 0, to = k < count ? change[k].at : n;
    const double mean = wsf__mean(x + from, to - from);
    for (int64_t t = from; t < to; ++t) {
      if (isnan(x[t])) continue;
      observed += 1;
      squares += (x[t] - mean) * (x[t] - mean);
    }
  }
  const double rounding = wsf__rounding(x, n);
  return observed * wsf__ln(fmax(squares / observed, rounding * rounding)) +
         (double)(parameters + 2 * count) * wsf__ln(observed);
}

/* Of the series without its season, if it has two of them, or as it is where fewer changes explain
 * it better: a season that is taken from a step is none. */
static bool changes_of(wsf__change **out, int64_t *count, const wsf__analysis *a, int64_t i,
                       wsf__arena *scratch) {
  const double *y = wsf__analysis_values(a, i);
  const int64_t n = a->length[i];
  if (!wsf__find_changes(out, count, y, n, &a->change, scratch)) return false;
  if (a->season < 2 || n < 2 * a->season + 1) return true;
  double *x = wsf__arena_new(scratch, (size_t)n, sizeof *x);
  wsf__parts parts = {0};
  wsf__change *without;
  int64_t fewer;
  if (!x || !wsf__decompose(&parts, y, n, a->season, a->robust, scratch)) return false;
  for (int64_t t = 0; t < n; ++t) x[t] = y[t] - parts.seasonal[t];
  if (!wsf__find_changes(&without, &fewer, x, n, &a->change, scratch)) return false;
  if (*count >= fewer ||
      criterion(x, n, without, fewer, a->season - 1) <= criterion(y, n, *out, *count, 0)) {
    *out = without;
    *count = fewer;
  }
  return true;
}

static wsf_status count_changes(void *user, int64_t i, wsf__arena *scratch, wsf_error *err) {
  const wsf__analysis *a = user;
  wsf__change *change;
  if (!a->chosen[i]) return WSF_OK;
  return changes_of(&change, &a->rows[i], a, i, scratch) ? WSF_OK : wsf__fail_memory(err);
}

static wsf_status put_changes(void *user, int64_t i, wsf__arena *scratch, wsf_error *err) {
  const wsf__analysis *a = user;
  wsf__change *change;
  int64_t count;
  if (a->rows[i] == 0) return WSF_OK;
  if (!changes_of(&change, &count, a, i, scratch)) return wsf__fail_memory(err);
  for (int64_t k = 0; k < count; ++k) {
    const int64_t row = a->at[i] + k;
    a->whole[0][row] = time_of(a, i, change[k].at);
    for (int c = 0; c < 2; ++c) {
      a->real[c][row] = change[k].before[c];
      a->real[2 + c][row] = change[k].after[c];
    }
    a->real[4][row] = change[k].gain;
  }
  return WSF_OK;
}

wsf_status wsf__analysis_changes(wsf_table **out, wsf__analysis *a, wsf__env *env, wsf_error *err) {
  static const char *const name[] = {"mean_before", "sd_before", "mean_after", "sd_after", "gain"};
  WSF__TRY(wsf__parallel(env, "analyze", a->p->n, count_changes, a, err));
  WSF__TRY(wsf__analysis_begin(out, a, env, err));
  WSF__TRY(wsf__analysis_add_time(*out, a, err));
  WSF__TRY(wsf__analysis_add_reals(*out, a, name, 5, err));
  return wsf__parallel(env, "analyze", a->p->n, put_changes, a, err);
}
