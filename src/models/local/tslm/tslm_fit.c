/* tslm: least squares, and the same row by row for an update; tslm.c says what the method is. */
#include "models/local/tslm/tslm.h"

#include "linalg/linalg.h"
#include "math/elementary.h"
#include "models/collinear.h"
#include "models/regressors.h"

#include <math.h>
#include <string.h>

static const double SHOWS = 0.975; /* the quantile that a t value of a trend has to pass */

int64_t wsf__tslm_size(const wsf__tslm_shape *z) {
  return WSF__TSLM_HEAD + z->k + (int64_t)z->k * z->k + z->groups * (2 + z->k);
}

static void count_columns(wsf__tslm_shape *z) {
  z->k = z->trend + 2 * z->pairs + z->covariates;
}

wsf__tslm_shape wsf__tslm_full(const wsf__node *node, const wsf__panel *panel, int covariates) {
  const int64_t m = wsf__season_of(node, panel);
  const int pairs = m > 1 ? (int)wsf__arg_int(node, "fourier") : 0;
  wsf__tslm_shape z = {.season = m,
                       .groups = pairs ? 1 : m,
                       .trend = wsf__arg_flag(node, "trend"),
                       .pairs = pairs,
                       .covariates = covariates};
  count_columns(&z);
  return z;
}

wsf__tslm_shape wsf__tslm_stored(const wsf__tslm *state, int64_t season) {
  wsf__tslm_shape z = {.season = season,
                       .groups = (int64_t)state->groups,
                       .trend = state->trend != 0,
                       .pairs = (int)state->pairs,
                       .covariates = (int)state->covariates};
  count_columns(&z);
  return z;
}

void wsf__tslm_columns(const wsf__tslm_shape *z, int64_t t, const double *x, double *out) {
  if (z->trend) *out++ = (double)t;
  wsf__fourier(z->pairs, z->season, t, out);
  out += 2 * z->pairs;
  for (int i = 0; i < z->covariates; ++i) *out++ = x[i];
}

double wsf__tslm_exp(double x) {
  return wsf__exp(x > 709 ? 709 : x);
}

/* At row i of a loop over rows, each of which reads all columns: whether to leave it. */
static bool stopped(const wsf__tslm_shape *z, int64_t i, const wsf__arena *scratch) {
  return (z->k > 64 || i % 1024 == 0) && wsf__cut_short(scratch);
}

typedef struct rows {
  int64_t n;
  int64_t *t;
  double *y, *x; /* x: row by row */
} rows;

/* The periods in which everything is there. */
static wsf_status collect(rows *r, wsf__regressors *regressors, const wsf__series *s, bool take_log,
                          wsf__fit *f) {
  wsf__arena *scratch = f->scratch;
  const int covariates = regressors->n;
  regressors->seen = s->n;
  r->n = 0;
  r->t = wsf__arena_new(scratch, (size_t)s->n, sizeof *r->t);
  r->y = wsf__arena_new(scratch, (size_t)s->n, sizeof *r->y);
  r->x = wsf__arena_new(scratch, (size_t)s->n * (size_t)covariates, sizeof *r->x);
  if (!r->t || !r->y || !r->x) return wsf__fail_memory(f->err);
  for (int64_t t = 0; t < s->n && !(t % 1024 == 0 && wsf__cut_short(scratch)); ++t) {
    bool whole;
    if (isnan(s->y[t])) continue;
    WSF__TRY(wsf__regressors_read(regressors, s, t, r->x + r->n * covariates, &whole));
    if (!whole) continue;
    r->t[r->n] = t;
    r->y[r->n++] = take_log ? wsf__ln(s->y[t]) : s->y[t];
  }
  return wsf__go_on(f->env, 0, f->err);
}

static bool seasonal(const wsf__tslm_shape *z) {
  return z->groups > 1 || z->pairs > 0;
}

/* Whether the mean step is beyond what steps of this spread come to by chance: the drift of a
 * random walk against its error. */
static bool steps_show(const rows *r) {
  if (r->n < 3) return false;
  const double span = (double)(r->t[r->n - 1] - r->t[0]), freedom = (double)(r->n - 2);
  const double slope = (r->y[r->n - 1] - r->y[0]) / span;
  double squares = 0;
  for (int64_t i = 1; i < r->n; ++i) {
    const double d = (double)(r->t[i] - r->t[i - 1]), e = r->y[i] - r->y[i - 1] - slope * d;
    squares += e * e / d;
  }
  return fabs(slope) > wsf__student_quantile(SHOWS, freedom) * sqrt(squares / freedom / span);
}

static int64_t groups_seen(const wsf__tslm_shape *z, const rows *r, bool *seen) {
  int64_t count = 0;
  memset(seen, 0, (size_t)z->groups * sizeof *seen);
  for (int64_t i = 0; i < r->n; ++i) {
    bool *g = &seen[r->t[i] % z->groups];
    count += !*g;
    *g = true;
  }
  return count;
}

static int64_t count_levels(wsf__tslm_shape *z, const rows *r, bool *seen) {
  count_columns(z);
  return groups_seen(z, r, seen);
}

/* Drop what leaves nothing for the error: of trend and season the trend, unless the steps show it,
 * then the season. SHORT: covariates alone are too many. The number of levels goes to `levels`. */
static int32_t simplify(wsf__tslm_shape *z, const rows *r, bool *seen, int64_t *levels) {
  const bool line = z->trend && steps_show(r);
  *levels = count_levels(z, r, seen);
  if (*levels + z->k >= r->n && seasonal(z)) {
    z->trend = false;
    *levels = count_levels(z, r, seen);
    if (line || *levels + z->k >= r->n) {
      z->groups = 1;
      z->pairs = 0;
    }
    z->trend = line && !seasonal(z);
  }
  if (z->season > 1 && !seasonal(z)) z->trend = line;
  *levels = count_levels(z, r, seen);
  if (*levels + z->k >= r->n) z->trend = false;
  *levels = count_levels(z, r, seen);
  return z->k == 0 || *levels + z->k < r->n ? WSF__OK : WSF__SHORT;
}

/* A row per level: mean of y, observations, means of the columns. Around the level's first row,
 * so that a constant stays exactly itself. */
static void level_means(const wsf__tslm_shape *z, const rows *r, const double *columns,
                        int64_t *first, double *table, const wsf__arena *scratch) {
  const int64_t stride = 2 + z->k;
  memset(table, 0, (size_t)(z->groups * stride) * sizeof *table);
  for (int64_t g = 0; g < z->groups; ++g) first[g] = -1;
  for (int64_t i = 0; i < r->n && !stopped(z, i, scratch); ++i) {
    const int64_t g = r->t[i] % z->groups;
    if (first[g] < 0) first[g] = i;
    double *row = table + g * stride;
    row[0] += r->y[i] - r->y[first[g]];
    row[1] += 1;
    for (int c = 0; c < z->k; ++c) {
      row[2 + c] += columns[c * r->n + i] - columns[c * r->n + first[g]];
    }
  }
  for (int64_t g = 0; g < z->groups; ++g) {
    if (first[g] < 0) continue;
    double *row = table + g * stride;
    row[0] = r->y[first[g]] + row[0] / row[1];
    for (int c = 0; c < z->k; ++c) {
      row[2 + c] = columns[c * r->n + first[g]] + row[2 + c] / row[1];
    }
  }
}

/* Columns to unit length, so that the decision on rank does not depend on units; those to `keep`
 * alone, NULL: all. */
static void to_unit_length(double *a, const double *columns, int64_t n, int k, const double *size,
                           const bool *keep, const wsf__arena *scratch) {
  for (int c = 0; c < k && !wsf__cut_short(scratch); ++c) {
    if (keep && !keep[c]) continue;
    for (int64_t i = 0; i < n; ++i) a[i] = columns[c * n + i] / size[c];
    a += n;
  }
}

/* Least squares on the columns that do not follow from those before them (collinear.h); the others
 * get coefficient 0 and zeros in r_inv. The rank; -1: no memory, or the call was stopped. */
static int solve(int64_t n, int k, const double *columns, const double *size, double *b,
                 double *beta, double *r_inv, wsf__arena *scratch) {
  double *a = wsf__arena_new(scratch, (size_t)n, (size_t)k * sizeof *a);
  double *own = wsf__arena_new(scratch, (size_t)k + 1, (size_t)k * sizeof *own);
  bool *keep = wsf__arena_new(scratch, (size_t)k, sizeof *keep);
  if (!a || !own || !keep) return -1;
  to_unit_length(a, columns, n, k, size, NULL, scratch);
  const int kept = wsf__collinear(a, n, k, keep, scratch);
  to_unit_length(a, columns, n, k, size, keep, scratch);
  memset(beta, 0, (size_t)k * sizeof *beta);
  memset(r_inv, 0, (size_t)k * (size_t)k * sizeof *r_inv);
  if (kept == 0) return 0;
  double *found = own + kept * kept;
  const int rank = wsf__least_squares((int)n, kept, a, b, found, own, 1e-9, scratch);
  for (int c = 0, from = 0; rank >= 0 && c < k; ++c) {
    if (!keep[c]) continue;
    beta[c] = found[from];
    for (int j = 0; j < kept; ++j) r_inv[j * k + c] = own[j * kept + from];
    ++from;
  }
  return rank;
}

/* Regress what the levels leave of y on what they leave of the columns. */
static bool regress(const wsf__tslm_shape *z, const rows *r, double *columns, wsf__tslm *out,
                    int64_t levels, const double *table, wsf__arena *scratch) {
  const int64_t stride = 2 + z->k, n = r->n;
  double *beta = out->rest, *r_inv = beta + z->k;
  double *b = wsf__arena_new(scratch, (size_t)n, sizeof *b);
  double *size = wsf__arena_zero(scratch, (size_t)z->k, sizeof *size);
  if (!b || !size) return false;
  for (int64_t i = 0; i < n && !stopped(z, i, scratch); ++i) {
    const double *row = table + r->t[i] % z->groups * stride;
    b[i] = r->y[i] - row[0];
    for (int c = 0; c < z->k; ++c) {
      double *x = &columns[c * n + i];
      *x -= row[2 + c];
      size[c] += *x * *x;
    }
  }
  for (int c = 0; c < z->k; ++c) size[c] = size[c] > 0 ? sqrt(size[c]) : 1;
  double *rest = wsf__arena_new(scratch, (size_t)n, sizeof *rest);
  if (!rest) return false;
  memcpy(rest, b, (size_t)n * sizeof *b);
  const int rank = z->k > 0 ? solve(n, z->k, columns, size, b, beta, r_inv, scratch) : 0;
  if (rank < 0) return false;
  for (int c = 0; c < z->k; ++c) {
    beta[c] /= size[c];
    for (int j = 0; j < z->k; ++j) r_inv[j * z->k + c] /= size[c];
  }
  for (int64_t i = 0; i < n && !stopped(z, i, scratch); ++i) {
    for (int c = 0; c < z->k; ++c) rest[i] -= columns[c * n + i] * beta[c];
    out->squares += rest[i] * rest[i];
  }
  out->freedom = (double)(n - levels - rank);
  return true;
}

/* Fit this shape to the rows; what the state says of the history is there already. false: no
 * memory, or the call was stopped. */
static bool estimate(wsf__tslm *state, const wsf__tslm_shape *z, const rows *r, int64_t levels,
                     int64_t *first, wsf__arena *scratch) {
  double *columns = wsf__arena_new(scratch, (size_t)r->n * (size_t)z->k, sizeof *columns);
  double *row = wsf__arena_new(scratch, (size_t)z->k, sizeof *row);
  if (!columns || !row) return false;
  for (int64_t i = 0; i < r->n && !stopped(z, i, scratch); ++i) {
    wsf__tslm_columns(z, r->t[i], r->x + i * z->covariates, row);
    for (int c = 0; c < z->k; ++c) columns[c * r->n + i] = row[c];
  }
  double *table = state->rest + z->k + (int64_t)z->k * z->k;
  state->groups = (double)z->groups;
  state->trend = z->trend;
  state->pairs = z->pairs;
  state->covariates = z->covariates;
  level_means(z, r, columns, first, table, scratch);
  return !wsf__cut_short(scratch) && regress(z, r, columns, state, levels, table, scratch);
}

/* Whether the trend, the first column, is beyond its error's bound. */
static bool trend_shows(const wsf__tslm *state, const wsf__tslm_shape *z) {
  const double *beta = state->rest, *r_inv = beta + z->k;
  double variance = 0; /* 0: the trend depends on others, left out */
  for (int j = 0; j < z->k; ++j) variance += r_inv[j * z->k] * r_inv[j * z->k];
  if (!(state->freedom > 0 && variance > 0)) return false;
  const double error = sqrt(state->squares / state->freedom * variance);
  return fabs(beta[0]) > wsf__student_quantile(SHOWS, state->freedom) * error;
}

/* What the regression says of each period whose columns are there. */
static wsf_status fill_history(wsf__fit *f, const wsf__series *s, wsf__regressors *regressors,
                               const wsf__tslm_shape *z, const wsf__tslm *state, bool from_log,
                               double *out) {
  const double *beta = state->rest, *table = beta + z->k + (int64_t)z->k * z->k;
  double *x = wsf__arena_new(f->scratch, (size_t)z->covariates + (size_t)z->k, sizeof *x);
  if (!x) return wsf__fail_memory(f->err);
  double *d = x + z->covariates;
  for (int64_t t = 0; t < s->n && !stopped(z, t, f->scratch); ++t) {
    const double *row = table + t % z->groups * (2 + z->k);
    bool whole;
    if (row[1] == 0) continue;
    WSF__TRY(wsf__regressors_read(regressors, s, t, x, &whole));
    if (!whole) continue;
    wsf__tslm_columns(z, t, x, d);
    double y = row[0];
    for (int c = 0; c < z->k; ++c) y += beta[c] * (d[c] - row[2 + c]);
    out[t] = from_log ? wsf__tslm_exp(y) : y;
  }
  return WSF_OK;
}

static int32_t reason_before(const wsf__series *s, const rows *r, bool take_log) {
  if (wsf__count_observed(s->y, s->n) == 0) return WSF__EMPTY;
  if (take_log && !(wsf__extent_of(s->y, s->n).least > 0)) return WSF__NOT_POSITIVE;
  return r->n == 0 ? WSF__MISSING_REGRESSOR : WSF__OK;
}

/* Whether a column beside the levels depends on others: it has zeros in R. */
static bool any_dependent(const wsf__tslm *state, const wsf__tslm_shape *z) {
  const double *r_inv = state->rest + z->k;
  for (int c = 0; c < z->k; ++c) {
    bool zeros = true;
    for (int j = 0; j < z->k; ++j) zeros = zeros && r_inv[j * z->k + c] == 0;
    if (zeros) return true;
  }
  return false;
}

/* `full` is what the expression asks for, z what the history can carry. */
static int32_t reason_after(const wsf__node *node, const wsf__tslm *state, const wsf__tslm_shape *z,
                            const wsf__tslm_shape *full) {
  const int32_t reason = wsf__extent_reason(state->extent);
  if (reason != WSF__OK) return reason;
  /* Waves that are faster than half a season follow from slower ones. */
  const bool fast = full->pairs > z->season / 2;
  const int pairs = fast ? (int)(z->season / 2) : full->pairs;
  if (z->groups < full->groups || z->pairs < pairs) return WSF__SHORT_SEASON;
  if (z->trend < full->trend) return WSF__SHORT_TREND;
  if (z->season == 1 && wsf__arg_int(node, "fourier") > 0) return WSF__NO_SEASON;
  return fast || any_dependent(state, z) ? WSF__FEWER_COLUMNS : WSF__OK;
}

wsf_status wsf__tslm_fit(wsf__fit *f, const wsf__series *s, wsf__fitted *out) {
  const bool take_log = wsf__arg_flag(out->node, "log");
  const bool all = wsf__arg_is(out->node, "terms", "all");
  wsf__regressors regressors;
  WSF__TRY(wsf__regressors_find(&regressors, out->node, f->panel, f->scratch, f->err));
  wsf__tslm_shape z = wsf__tslm_full(out->node, f->panel, regressors.n);
  const wsf__tslm_shape full = z;
  bool *seen = wsf__arena_new(f->scratch, (size_t)full.groups, sizeof *seen);
  int64_t *first = wsf__arena_new(f->scratch, (size_t)full.groups, sizeof *first);
  if (!seen || !first) return wsf__fail_memory(f->err);
  rows r;
  WSF__TRY(collect(&r, &regressors, s, take_log, f));
  int32_t reason = reason_before(s, &r, take_log);
  int64_t levels = count_levels(&z, &r, seen);
  WSF__TRY(wsf__go_on(f->env, 0, f->err));
  if (!all || levels + z.k >= r.n) {
    if (z.pairs > 0) z.pairs = wsf__fourier_seen(z.pairs, z.season, r.t, r.n, f->scratch);
    if (z.pairs < 0) return wsf__fail_memory(f->err);
    if (reason == WSF__OK) reason = simplify(&z, &r, seen, &levels);
  }
  WSF__TRY(wsf__go_on(f->env, 0, f->err));
  if (reason != WSF__OK) {
    wsf__state_fail(out, s, reason);
    return WSF_OK;
  }
  if (!all && z.trend && seasonal(&z) && 2 * r.n < 3 * z.season) {
    wsf__tslm *trial = wsf__arena_zero(f->scratch, (size_t)wsf__tslm_size(&z), sizeof(double));
    if (!trial || !estimate(trial, &z, &r, levels, first, f->scratch)) {
      return wsf__fail_memory(f->err);
    }
    z.trend = trend_shows(trial, &z);
    levels = count_levels(&z, &r, seen);
  }
  double *v = wsf__state_set(f, out, s, wsf__tslm_size(&z), WSF__OK);
  if (!v) return wsf__fail_memory(f->err);
  wsf__tslm *state = (wsf__tslm *)v;
  state->extent = wsf__extent_of(s->y, s->n);
  state->n = (double)s->n;
  if (!estimate(state, &z, &r, levels, first, f->scratch)) return wsf__fail_memory(f->err);
  out->state[s->slot].reason = reason_after(out->node, state, &z, &full);
  double *history = wsf__history_of(out, s);
  return history ? fill_history(f, s, &regressors, &z, state, take_log, history) : WSF_OK;
}

/* One more row: y and its columns d (overwritten), with 2 z->k numbers of work in f. With (a'a)^-1
 * = R R', the new cross products are a'a + w d d', w = n / (n + 1) as d is taken off the level's
 * mean; R by Potter's square root form (Bierman 1977, "Factorization Methods for Discrete
 * Sequential Estimation", II.5). Columns that depended on others at the fit have zeros in R, and
 * keep coefficient 0. Gives what the regression so far was off by; NaN for the first of a level. */
static double observe(wsf__tslm *state, const wsf__tslm_shape *z, double *row, double y, double *d,
                      double *f) {
  double *beta = state->rest, *r = beta + z->k;
  const double count = row[1], w = count / (count + 1);
  double error = y - row[0], q = 0;
  if (count == 0) { /* the first of its level says nothing of the rest */
    row[0] = y;
    row[1] = 1;
    for (int c = 0; c < z->k; ++c) row[2 + c] = d[c];
    return NAN;
  }
  row[0] += error / (count + 1);
  row[1] += 1;
  for (int c = 0; c < z->k; ++c) {
    d[c] -= row[2 + c];
    row[2 + c] += d[c] / (count + 1);
    error -= beta[c] * d[c];
  }
  for (int j = 0; j < z->k; ++j) {
    f[j] = 0;
    for (int c = 0; c < z->k; ++c) f[j] += r[j * z->k + c] * d[c];
    q += w * f[j] * f[j];
  }
  const double root = sqrt(1 + q), shrink = w / (root * (root + 1));
  state->squares += w * error * error / (1 + q);
  state->freedom += 1;
  double *gain = f + z->k;
  memset(gain, 0, (size_t)z->k * sizeof *gain);
  for (int j = 0; j < z->k; ++j) {
    for (int c = 0; c < z->k; ++c) gain[c] += r[j * z->k + c] * f[j];
  }
  for (int c = 0; c < z->k; ++c) beta[c] += w * gain[c] * error / (1 + q);
  for (int j = 0; j < z->k; ++j) {
    for (int c = 0; c < z->k; ++c) r[j * z->k + c] -= shrink * gain[c] * f[j];
  }
  return error;
}

wsf_status wsf__tslm_update(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                            wsf__fitted *out) {
  const bool take_log = wsf__arg_flag(out->node, "log");
  double *v = wsf__state_copy(f, old, s, out);
  if (!v) return wsf__fail_memory(f->err);
  wsf__tslm *state = (wsf__tslm *)v;
  const wsf__tslm_shape full = wsf__tslm_full(out->node, f->panel, (int)state->covariates),
                        z = wsf__tslm_stored(state, full.season);
  double *table = state->rest + z.k + (int64_t)z.k * z.k, *fitted = wsf__history_of(out, s);
  wsf__regressors regressors;
  double *x = wsf__arena_new(f->scratch, (size_t)z.covariates, sizeof *x);
  double *d = wsf__arena_new(f->scratch, (size_t)z.k, 3 * sizeof *d);
  if (!x || !d) return wsf__fail_memory(f->err);
  WSF__TRY(
      wsf__regressors_find_for(&regressors, out->node, f->panel, z.covariates, f->scratch, f->err));
  for (int64_t i = 0; i < s->n && !stopped(&z, i, f->scratch); ++i) {
    bool whole;
    const int64_t t = (int64_t)state->n++;
    wsf__extent_add(&state->extent, s->y[i]);
    if (take_log && s->y[i] <= 0) {
      wsf__state_fail(out, s, WSF__NOT_POSITIVE);
      return WSF_OK;
    }
    if (isnan(s->y[i])) continue;
    WSF__TRY(wsf__regressors_read(&regressors, s, i, x, &whole));
    if (!whole) continue;
    const double y = take_log ? wsf__ln(s->y[i]) : s->y[i];
    wsf__tslm_columns(&z, t, x, d);
    const double error = observe(state, &z, table + t % z.groups * (2 + z.k), y, d, d + z.k);
    if (fitted) fitted[i] = take_log ? wsf__tslm_exp(y - error) : y - error;
  }
  out->state[s->slot].reason = reason_after(out->node, state, &z, &full);
  return WSF_OK;
}
