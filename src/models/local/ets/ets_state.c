/* The state of a fitted exponential smoothing model as one vector, and how observations move it.
 *
 * With regressors, the forecast of step h depends on an error d of b by (x_h - what the form
 * forecasts of the column) d: each column is therefore filtered like a series of its own, from
 * zero, and its states are kept beside those of the level. */
#include "models/local/ets/ets.h"
#include "models/history.h"

#include <math.h>
#include <string.h>

int64_t wsf__ets_state_size(int m, int k) {
  return WSF__ETS_AT_SEASONS + m + (int64_t)k * (2 + k + 2 + m);
}

int wsf__ets_state_columns(const double *v, int64_t n) {
  if (n < WSF__ETS_AT_SEASONS + 1 || !wsf__whole(v[WSF__ETS_AT_M], 1, WSF__ETS_SEASON_MAX))
    return -1;
  const int m = (int)v[WSF__ETS_AT_M];
  int k = 0;
  while (wsf__ets_state_size(m, k + 1) <= n) ++k;
  const int64_t more = n - wsf__ets_state_size(m, k);
  return more == 0 || (more == m && m > 1) ? k : -1;
}

double *wsf__ets_state_errors(double *v, int64_t n) {
  const int64_t size = wsf__ets_state_size((int)v[WSF__ETS_AT_M], wsf__ets_state_columns(v, n));
  return n > size ? v + size : NULL;
}

void wsf__ets_turn(double *to, const double *from, int m, int64_t n) {
  for (int i = 0; i < m; ++i) to[i] = from[(i + n) % m];
}

double *wsf__ets_state_centre(double *v) {
  return v + WSF__ETS_AT_SEASONS + (int64_t)v[WSF__ETS_AT_M];
}

double *wsf__ets_state_b(double *v, int k) {
  return wsf__ets_state_centre(v) + k;
}

double *wsf__ets_state_cover(double *v, int k) {
  return wsf__ets_state_b(v, k) + k;
}

static double *column_of(double *v, int k, int j) {
  return wsf__ets_state_cover(v, k) + (int64_t)k * k + j * (2 + (int64_t)v[WSF__ETS_AT_M]);
}

void wsf__ets_state_write(double *v, const wsf__ets *e, int count, const wsf__ets_sums *sums,
                          double ic) {
  v[WSF__ETS_AT_ERROR] = e->form.error, v[WSF__ETS_AT_TREND] = e->form.trend,
  v[WSF__ETS_AT_SEASON] = e->form.season;
  v[WSF__ETS_AT_DAMPED] = e->form.damped, v[WSF__ETS_AT_M] = e->m, v[WSF__ETS_AT_K] = count;
  v[WSF__ETS_AT_ALPHA] = e->alpha, v[WSF__ETS_AT_BETA] = e->beta, v[WSF__ETS_AT_GAMMA] = e->gamma,
  v[WSF__ETS_AT_PHI] = e->phi;
  v[WSF__ETS_AT_N] = sums->n, v[WSF__ETS_AT_SSE] = sums->sse, v[WSF__ETS_AT_LOG_F] = sums->log_f,
  v[WSF__ETS_AT_IC] = ic;
  v[WSF__ETS_AT_LEVEL] = e->level, v[WSF__ETS_AT_SLOPE] = e->slope;
  memcpy(v + WSF__ETS_AT_SEASONS, e->season, (size_t)e->m * sizeof *v);
}

/* Form and smoothing parameters; the states are the caller's to set. */
static wsf__ets parameters(const double *v) {
  return (wsf__ets){.form = {(int)v[WSF__ETS_AT_ERROR], (int)v[WSF__ETS_AT_TREND],
                             (int)v[WSF__ETS_AT_SEASON], v[WSF__ETS_AT_DAMPED] > 0},
                    .m = (int)v[WSF__ETS_AT_M],
                    .alpha = v[WSF__ETS_AT_ALPHA],
                    .beta = v[WSF__ETS_AT_BETA],
                    .gamma = v[WSF__ETS_AT_GAMMA],
                    .phi = v[WSF__ETS_AT_PHI]};
}

wsf__ets wsf__ets_state_read(const double *v, double *season) {
  wsf__ets e = parameters(v);
  e.level = v[WSF__ETS_AT_LEVEL];
  e.slope = v[WSF__ETS_AT_SLOPE];
  e.season = season;
  memcpy(season, v + WSF__ETS_AT_SEASONS, (size_t)e.m * sizeof *season);
  return e;
}

wsf__ets wsf__ets_state_column(double *v, int k, int j) {
  double *column = column_of(v, k, j);
  wsf__ets e = parameters(v);
  e.level = column[0];
  e.slope = column[1];
  e.season = column + 2;
  return e;
}

bool wsf__ets_state_move(double *v, wsf__ets *e, wsf__ets_sums *sums, const double *y,
                         const double *x, int64_t n, int k, wsf__arena *scratch) {
  if (k == 0) {
    wsf__ets_filter(e, y, n, sums, scratch);
    return true;
  }
  const wsf__mark mark = wsf__arena_mark(scratch);
  double *rest = wsf__arena_new(scratch, (size_t)n, 2 * sizeof *rest);
  if (!rest) return false;
  double *one = rest + n;
  const double *centre = wsf__ets_state_centre(v), *b = wsf__ets_state_b(v, k);
  for (int64_t t = 0; t < n; ++t) {
    double sum = 0;
    for (int j = 0; j < k; ++j) sum += b[j] * (x[t * k + j] - centre[j]);
    rest[t] = isfinite(sum) ? y[t] - sum : NAN;
  }
  wsf__ets_filter(e, rest, n, sums, scratch);
  for (int64_t t = 0; sums->f && t < n; ++t) { /* NaN where a column is missing */
    for (int j = 0; j < k; ++j) sums->f[t] += b[j] * (x[t * k + j] - centre[j]);
  }
  for (int j = 0; j < k; ++j) {
    for (int64_t t = 0; t < n; ++t) one[t] = isnan(rest[t]) ? NAN : x[t * k + j] - centre[j];
    wsf__ets column = wsf__ets_state_column(v, k, j);
    wsf__ets_sums unused = {0};
    wsf__ets_filter(&column, one, n, &unused, scratch);
    double *state = column_of(v, k, j);
    state[0] = column.level;
    state[1] = column.slope;
  }
  wsf__arena_reset(scratch, mark);
  return true;
}

bool wsf__ets_state_check(const double *v, int64_t n, int k) {
  if (n < WSF__ETS_AT_SEASONS + 1) return false;
  if (!wsf__whole(v[WSF__ETS_AT_ERROR], 1, 2) || !wsf__whole(v[WSF__ETS_AT_TREND], 0, 2) ||
      !wsf__whole(v[WSF__ETS_AT_SEASON], 0, 2) || !wsf__whole(v[WSF__ETS_AT_DAMPED], 0, 1) ||
      !wsf__whole(v[WSF__ETS_AT_M], 1, WSF__ETS_SEASON_MAX) || wsf__ets_state_columns(v, n) != k ||
      !(v[WSF__ETS_AT_N] >= 0) || !(v[WSF__ETS_AT_K] >= 0) || !(v[WSF__ETS_AT_SSE] >= 0)) {
    return false;
  }
  if (k > 0 && (v[WSF__ETS_AT_ERROR] > 1 || v[WSF__ETS_AT_TREND] > 1 || v[WSF__ETS_AT_SEASON] > 1))
    return false;
  for (int64_t i = wsf__ets_state_size((int)v[WSF__ETS_AT_M], k); i < n; ++i) {
    if (v[i] < 0) return false;
  }
  double season[WSF__ETS_SEASON_MAX];
  const wsf__ets e = wsf__ets_state_read(v, season);
  const double most = 2 * (1 + 1 / e.phi); /* of the admissible region (ets_bounds.c) */
  return wsf__ets_valid(&e) && fabs(e.alpha) <= most && fabs(e.beta) <= most &&
         fabs(e.gamma) <= most && e.phi >= 0 && e.phi <= 1;
}
