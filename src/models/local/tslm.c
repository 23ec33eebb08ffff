/* Problem: regression on a trend, a season and covariates: y = season[t mod m] + b t + x c + e,
 * with Fourier terms in place of the season's dummies if asked (Hyndman and Athanasopoulos 2021,
 * "Forecasting: principles and practice", 7.4; R's tslm).
 *
 * Method: the dummies are never formed. Taking each season's mean off y and off the other columns
 * leaves a regression on the trend and covariates alone, with the same coefficients and residuals
 * (Frisch and Waugh 1933; Lovell 1963): O(n) a series. Columns that depend on each other get
 * coefficient 0. Intervals count the error of the coefficients: s sqrt(1 + 1/n_g + |R^-T d|^2) with
 * d the distance from the season's mean, and Student quantiles at the residual degrees of freedom.
 * An update is recursive least squares (Plackett 1950): what a fit of the longer history gives, up
 * to rounding, as long as that has the same columns.
 *
 * Short histories: with terms=all every term is fitted that leaves something for the error, as R
 * does. By default a trend beside a season of less than one and a half cycles has to show: its t
 * value is beyond the 95 % bound. Where there is no room for a season, or for Fourier terms between
 * the observations, what is left of the season looks like a trend, so the mean step has to differ
 * from 0 by the spread of the steps. What was left out is the reason: short_season, short_trend.
 *
 * Limits: rows with a missing value are left out. A season that was never observed lies on the line
 * between its neighbours. With log=true the forecast is the median. */
#include "models/coefficients.h"
#include "models/components.h"
#include "models/history.h"
#include "models/regressors.h"

#include "linalg/linalg.h"

#include <math.h>
#include <string.h>

static const wsf__option options[] = {
    {"trend", WSF__FLAG, "true", 0, 0, NULL, "whether the level moves by the same amount a period"},
    {"season", WSF__INT, "0", 0, 100000, NULL,
     "periods in a season, each with its own level; 0 = the data's, 1 = none"},
    {"fourier", WSF__INT, "0", 0, 1000, NULL,
     "pairs of sine and cosine in place of a level per season; 0 = levels"},
    {"x", WSF__NAMES, "", 0, 0, NULL, "columns known ahead that the target depends on"},
    {"log", WSF__FLAG, "false", 0, 0, NULL, "whether the regression is of the target's logarithm"},
    {"terms", WSF__WORD, "auto", 0, 0, "auto|all",
     "of trend and season in a history of less than one and a half seasons, auto: those that it "
     "shows, all: as R, every one that leaves something for the error"},
};

typedef struct tslm_state {
  wsf__extent extent; /* of the target, before any logarithm */
  double n;           /* periods of history */
  double groups;      /* levels: the season, or 1 */
  double trend, pairs, covariates;
  double squares, freedom; /* of the residuals */
  double rest[];           /* beta[k], r_inv[k * k], then per group: mean y, rows, mean z[k] */
} tslm_state;
enum { HEAD = sizeof(tslm_state) / sizeof(double) };
static const double SHOWS = 0.975; /* the quantile that a t value of a trend has to pass */

/* What is left of the model for one series; k columns beside the levels. */
typedef struct shape {
  int64_t season, groups;
  bool trend;
  int pairs, covariates, k;
} shape;

static int64_t size_of(const shape *z) {
  return HEAD + z->k + (int64_t)z->k * z->k + z->groups * (2 + z->k);
}

static void count_columns(shape *z) {
  z->k = z->trend + 2 * z->pairs + z->covariates;
}

static shape full_shape(const wsf__node *node, const wsf__panel *panel) {
  const int64_t m = wsf__season_of(node, panel);
  const int pairs = m > 1 ? (int)wsf__arg_int(node, "fourier") : 0;
  shape z = {.season = m,
             .groups = pairs ? 1 : m,
             .trend = wsf__arg_flag(node, "trend"),
             .pairs = pairs,
             .covariates = wsf__arg(node, "x")->n};
  count_columns(&z);
  return z;
}

/* The columns beside the levels at index t of the series. */
static void fill_columns(const shape *z, int64_t t, const double *x, double *out) {
  if (z->trend) *out++ = (double)t;
  wsf__fourier(z->pairs, z->season, t, out);
  out += 2 * z->pairs;
  for (int i = 0; i < z->covariates; ++i) *out++ = x[i];
}

typedef struct rows {
  int64_t n;
  int64_t *t;
  double *y, *x; /* x: row by row */
} rows;

/* The periods in which everything is there. */
static bool collect(rows *r, const wsf__panel *panel, const wsf__series *s,
                    const wsf__regressors *regressors, bool take_log, wsf__arena *scratch) {
  const int covariates = regressors->n;
  r->n = 0;
  r->t = wsf__arena_new(scratch, (size_t)s->n, sizeof *r->t);
  r->y = wsf__arena_new(scratch, (size_t)s->n, sizeof *r->y);
  r->x = wsf__arena_new(scratch, (size_t)s->n * (size_t)covariates, sizeof *r->x);
  if (!r->t || !r->y || !r->x) return false;
  for (int64_t t = 0; t < s->n; ++t) {
    if (isnan(s->y[t])) continue;
    if (!wsf__regressors_read(regressors, panel, s, t, r->x + r->n * covariates)) continue;
    r->t[r->n] = t;
    r->y[r->n++] = take_log ? log(s->y[t]) : s->y[t];
  }
  return true;
}

static bool seasonal(const shape *z) {
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

static int64_t groups_seen(const shape *z, const rows *r, bool *seen) {
  int64_t count = 0;
  memset(seen, 0, (size_t)z->groups * sizeof *seen);
  for (int64_t i = 0; i < r->n; ++i) {
    bool *g = &seen[r->t[i] % z->groups];
    count += !*g;
    *g = true;
  }
  return count;
}

static int64_t count_levels(shape *z, const rows *r, bool *seen) {
  count_columns(z);
  return groups_seen(z, r, seen);
}

/* Drop what leaves nothing for the error: of trend and season the trend, unless the steps show it,
 * then the season. SHORT: covariates alone are too many. The number of levels goes to `levels`. */
static int32_t simplify(shape *z, const rows *r, bool *seen, int64_t *levels) {
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
static void level_means(const shape *z, const rows *r, const double *columns, int64_t *first,
                        double *table) {
  const int64_t stride = 2 + z->k;
  memset(table, 0, (size_t)(z->groups * stride) * sizeof *table);
  for (int64_t g = 0; g < z->groups; ++g) first[g] = -1;
  for (int64_t i = 0; i < r->n; ++i) {
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

/* For predict: observations become variances of their mean, and a level that was never seen lies
 * between its neighbours. */
static void fill_unseen(const shape *z, bool *seen, double *table) {
  const int64_t stride = 2 + z->k;
  for (int64_t g = 0; g < z->groups; ++g) {
    double *row = table + g * stride;
    seen[g] = row[1] > 0;
    if (seen[g]) row[1] = 1 / row[1];
  }
  for (int64_t g = 0; g < z->groups; ++g) {
    wsf__between b;
    if (seen[g] || !wsf__season_between(&b, seen, z->groups, g)) continue;
    const double *left = table + b.left * stride, *right = table + b.right * stride;
    const double w = b.weight;
    double *row = table + g * stride;
    for (int64_t c = 0; c < stride; ++c) row[c] = w * left[c] + (1 - w) * right[c];
    row[1] = w * w * left[1] + (1 - w) * (1 - w) * right[1];
  }
}

/* Regress what the levels leave of y on what they leave of the columns. */
static bool regress(const shape *z, const rows *r, double *columns, tslm_state *out, int64_t levels,
                    const double *table, wsf__arena *scratch) {
  const int64_t stride = 2 + z->k, n = r->n;
  double *beta = out->rest, *r_inv = beta + z->k;
  double *b = wsf__arena_new(scratch, (size_t)n, sizeof *b);
  double *a = wsf__arena_new(scratch, (size_t)n * (size_t)z->k, sizeof *a);
  double *size = wsf__arena_zero(scratch, (size_t)z->k, sizeof *size);
  if (!b || !a || !size) return false;
  for (int64_t i = 0; i < n; ++i) {
    const double *row = table + r->t[i] % z->groups * stride;
    b[i] = r->y[i] - row[0];
    for (int c = 0; c < z->k; ++c) {
      double *x = &columns[c * n + i];
      *x -= row[2 + c];
      size[c] += *x * *x;
    }
  }
  /* to unit length, so that the decision on rank does not depend on units */
  for (int c = 0; c < z->k; ++c) {
    size[c] = size[c] > 0 ? sqrt(size[c]) : 1;
    for (int64_t i = 0; i < n; ++i) a[c * n + i] = columns[c * n + i] / size[c];
  }
  double *rest = wsf__arena_new(scratch, (size_t)n, sizeof *rest);
  if (!rest) return false;
  memcpy(rest, b, (size_t)n * sizeof *b);
  int rank = 0;
  if (z->k > 0) {
    rank = wsf__least_squares((int)n, z->k, a, b, beta, r_inv, 1e-9, scratch);
    if (rank < 0) return false;
  }
  for (int c = 0; c < z->k; ++c) {
    beta[c] /= size[c];
    for (int j = 0; j < z->k; ++j) r_inv[j * z->k + c] /= size[c];
  }
  for (int64_t i = 0; i < n; ++i) {
    for (int c = 0; c < z->k; ++c) rest[i] -= columns[c * n + i] * beta[c];
    out->squares += rest[i] * rest[i];
  }
  out->freedom = (double)(n - levels - rank);
  return true;
}

/* Fit this shape to the rows; what the state says of the history is there already. */
static bool estimate(tslm_state *state, const shape *z, const rows *r, int64_t levels,
                     int64_t *first, wsf__arena *scratch) {
  double *columns = wsf__arena_new(scratch, (size_t)r->n * (size_t)z->k, sizeof *columns);
  double *row = wsf__arena_new(scratch, (size_t)z->k, sizeof *row);
  if (!columns || !row) return false;
  for (int64_t i = 0; i < r->n; ++i) {
    fill_columns(z, r->t[i], r->x + i * z->covariates, row);
    for (int c = 0; c < z->k; ++c) columns[c * r->n + i] = row[c];
  }
  double *table = state->rest + z->k + (int64_t)z->k * z->k;
  state->groups = (double)z->groups;
  state->trend = z->trend;
  state->pairs = z->pairs;
  state->covariates = z->covariates;
  level_means(z, r, columns, first, table);
  return regress(z, r, columns, state, levels, table, scratch);
}

/* Distance along the coefficients' root: beta's covariance over sigma^2 is R R', and d' R R' d the
 * variance of d' beta. */
static double variance_along(const shape *z, const double *r_inv, const double *d) {
  double sum = 0;
  for (int j = 0; j < z->k; ++j) {
    double along = 0;
    for (int c = 0; c < z->k; ++c) along += r_inv[j * z->k + c] * d[c];
    sum += along * along;
  }
  return sum;
}

/* Whether the trend, the first column, is beyond its error's bound. */
static bool trend_shows(const tslm_state *state, const shape *z) {
  const double *beta = state->rest, *r_inv = beta + z->k;
  double variance = 0; /* 0: the trend depends on others, left out */
  for (int j = 0; j < z->k; ++j) variance += r_inv[j * z->k] * r_inv[j * z->k];
  if (!(state->freedom > 0 && variance > 0)) return false;
  const double error = sqrt(state->squares / state->freedom * variance);
  return fabs(beta[0]) > wsf__student_quantile(SHOWS, state->freedom) * error;
}

/* exp, kept inside the range of doubles */
static double exp_inside(double x) {
  return exp(x > 709 ? 709 : x);
}

/* What the regression says of each period whose columns are there. */
static bool fill_history(const wsf__fit *f, const wsf__series *s, const wsf__regressors *regressors,
                         const shape *z, const tslm_state *state, bool from_log, double *out) {
  const double *beta = state->rest, *table = beta + z->k + (int64_t)z->k * z->k;
  double *x = wsf__arena_new(f->scratch, (size_t)z->covariates + (size_t)z->k, sizeof *x);
  if (!x) return false;
  double *d = x + z->covariates;
  for (int64_t t = 0; t < s->n; ++t) {
    const double *row = table + t % z->groups * (2 + z->k);
    if (row[1] == 0 || !wsf__regressors_read(regressors, f->panel, s, t, x)) continue;
    fill_columns(z, t, x, d);
    double y = row[0];
    for (int c = 0; c < z->k; ++c) y += beta[c] * (d[c] - row[2 + c]);
    out[t] = from_log ? exp_inside(y) : y;
  }
  return true;
}

static int32_t reason_before(const wsf__series *s, const rows *r, bool take_log) {
  if (wsf__count_observed(s->y, s->n) == 0) return WSF__EMPTY;
  if (take_log && !(wsf__extent_of(s->y, s->n).least > 0)) return WSF__NOT_POSITIVE;
  return r->n == 0 ? WSF__MISSING_REGRESSOR : WSF__OK;
}

/* `full` is what the expression asks for, z what the history can carry. */
static int32_t reason_after(const tslm_state *state, const shape *z, const shape *full) {
  const int32_t reason = wsf__extent_reason(state->extent);
  if (reason != WSF__OK) return reason;
  if (z->groups < full->groups || z->pairs < full->pairs) return WSF__SHORT_SEASON;
  return z->trend < full->trend ? WSF__SHORT_TREND : WSF__OK;
}

static wsf_status fit_series(wsf__fit *f, const wsf__series *s, wsf__fitted *out) {
  const bool take_log = wsf__arg_flag(out->node, "log");
  const bool all = wsf__arg_is(out->node, "terms", "all");
  shape z = full_shape(out->node, f->panel);
  const shape full = z;
  wsf__regressors regressors;
  bool *seen = wsf__arena_new(f->scratch, (size_t)full.groups, sizeof *seen);
  int64_t *first = wsf__arena_new(f->scratch, (size_t)full.groups, sizeof *first);
  if (!seen || !first) return wsf__fail_memory(f->err);
  WSF__TRY(wsf__regressors_find(&regressors, out->node, f->panel, f->scratch, f->err));

  rows r;
  if (!collect(&r, f->panel, s, &regressors, take_log, f->scratch)) {
    return wsf__fail_memory(f->err);
  }
  int32_t reason = reason_before(s, &r, take_log);
  int64_t levels = count_levels(&z, &r, seen);
  if (!all || levels + z.k >= r.n) {
    if (z.pairs > 0) z.pairs = wsf__fourier_seen(z.pairs, z.season, r.t, r.n, f->scratch);
    if (z.pairs < 0) return wsf__fail_memory(f->err);
    if (reason == WSF__OK) reason = simplify(&z, &r, seen, &levels);
  }
  if (reason != WSF__OK) {
    wsf__state_fail(out, s, reason);
    return WSF_OK;
  }
  if (!all && z.trend && seasonal(&z) && 2 * r.n < 3 * z.season) {
    tslm_state *trial = wsf__arena_zero(f->scratch, (size_t)size_of(&z), sizeof(double));
    if (!trial || !estimate(trial, &z, &r, levels, first, f->scratch)) {
      return wsf__fail_memory(f->err);
    }
    z.trend = trend_shows(trial, &z);
    levels = count_levels(&z, &r, seen);
  }
  double *v = wsf__state_set(f, out, s, size_of(&z), WSF__OK);
  if (!v) return wsf__fail_memory(f->err);
  tslm_state *state = (tslm_state *)v;
  state->extent = wsf__extent_of(s->y, s->n);
  state->n = (double)s->n;
  if (!estimate(state, &z, &r, levels, first, f->scratch)) return wsf__fail_memory(f->err);
  out->state[s->slot].reason = reason_after(state, &z, &full);
  double *history = wsf__history_of(out, s);
  if (history && !fill_history(f, s, &regressors, &z, state, take_log, history)) {
    return wsf__fail_memory(f->err);
  }
  return WSF_OK;
}

static shape stored_shape(const tslm_state *state, int64_t season) {
  shape z = {.season = season,
             .groups = (int64_t)state->groups,
             .trend = state->trend != 0,
             .pairs = (int)state->pairs,
             .covariates = (int)state->covariates};
  count_columns(&z);
  return z;
}

/* One more row: y and its columns d (overwritten). With (a'a)^-1 = R R', the new cross products are
 * a'a + w d d', w = n / (n + 1) as d is taken off the level's mean; R by Potter's square root form
 * (Bierman 1977, "Factorization Methods for Discrete Sequential Estimation", II.5). Columns that
 * depended on others at the fit have zeros in R, and keep coefficient 0. */
static void observe(tslm_state *state, const shape *z, double *row, double y, double *d,
                    double *f) {
  double *beta = state->rest, *r = beta + z->k;
  const double count = row[1], w = count / (count + 1);
  double error = y - row[0], q = 0;
  if (count == 0) { /* the first of its level says nothing of the rest */
    row[0] = y;
    row[1] = 1;
    for (int c = 0; c < z->k; ++c) row[2 + c] = d[c];
    return;
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
  for (int c = 0; c < z->k; ++c) {
    double gain = 0;
    for (int j = 0; j < z->k; ++j) gain += r[j * z->k + c] * f[j];
    beta[c] += w * gain * error / (1 + q);
    for (int j = 0; j < z->k; ++j) r[j * z->k + c] -= shrink * gain * f[j];
  }
}

static wsf_status update(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                         wsf__fitted *out) {
  const bool take_log = wsf__arg_flag(out->node, "log");
  double *v = wsf__state_copy(f, old, s, out);
  if (!v) return wsf__fail_memory(f->err);
  tslm_state *state = (tslm_state *)v;
  const shape full = full_shape(out->node, f->panel), z = stored_shape(state, full.season);
  double *table = state->rest + z.k + (int64_t)z.k * z.k;
  wsf__regressors regressors;
  double *x = wsf__arena_new(f->scratch, (size_t)z.covariates, sizeof *x);
  double *d = wsf__arena_new(f->scratch, (size_t)z.k, 2 * sizeof *d);
  if (!x || !d) return wsf__fail_memory(f->err);
  WSF__TRY(wsf__regressors_find(&regressors, out->node, f->panel, f->scratch, f->err));
  for (int64_t i = 0; i < s->n; ++i) {
    const int64_t t = (int64_t)state->n++;
    wsf__extent_add(&state->extent, s->y[i]);
    if (take_log && s->y[i] <= 0) {
      wsf__state_fail(out, s, WSF__NOT_POSITIVE);
      return WSF_OK;
    }
    if (isnan(s->y[i]) || !wsf__regressors_read(&regressors, f->panel, s, i, x)) continue;
    fill_columns(&z, t, x, d);
    observe(state, &z, table + t % z.groups * (2 + z.k), take_log ? log(s->y[i]) : s->y[i], d,
            d + z.k);
  }
  out->state[s->slot].reason = reason_after(state, &z, &full);
  return WSF_OK;
}

static double exp_from(const void *how, double x) {
  (void)how;
  return exp_inside(x);
}

/* What y is where every column is 0. */
static double intercept(const shape *z, const double *beta, const double *row) {
  double a = row[0];
  for (int c = 0; c < z->k; ++c) a -= beta[c] * row[2 + c];
  return a;
}

/* The mean of the seasons' intercepts, which is what they differ from. */
static double mean_intercept(const shape *z, const double *beta, const double *table) {
  double mean = 0;
  for (int64_t g = 0; g < z->groups; ++g) {
    mean += (intercept(z, beta, table + g * (2 + z->k)) - mean) / (double)(g + 1);
  }
  return mean;
}

/* One step of the regression: d is what its columns are beyond their means in `row`; level: the
 * mean intercept. The trend counts from the last period of the history. */
static void explain(const wsf__forecast *out, int64_t step, const shape *z, const double *beta,
                    const double *d, const double *row, double level, double mean,
                    const char *const *names) {
  if (!out->components) return;
  double season = intercept(z, beta, row) - level, rest = mean;
  for (int c = 0; c < z->k; ++c) {
    const double effect = beta[c] * (d[c] + row[2 + c]);
    const int covariate = c - z->trend - 2 * z->pairs;
    if (c < z->trend) {
      wsf__explain(out, step, WSF__TREND, beta[c] * (double)(step + 1));
      rest -= beta[c] * (double)(step + 1);
    } else if (covariate < 0) {
      season += effect;
    } else {
      wsf__explain_regressor(out, step, names[covariate], effect);
      rest -= effect;
    }
  }
  wsf__explain(out, step, WSF__SEASON, season);
  wsf__explain(out, step, WSF__BASE, rest - season);
}

static wsf_status predict(wsf__predict *p, const wsf__fitted *m, const wsf__series *s,
                          wsf__forecast *out) {
  const tslm_state *state = (const tslm_state *)m->state[s->slot].v;
  const bool from_log = wsf__arg_flag(m->node, "log");
  const shape z = stored_shape(state, wsf__season_of(m->node, p->frame));
  const double *beta = state->rest, *r_inv = beta + z.k;
  const int64_t n = (int64_t)state->n, cells = z.groups * (2 + z.k);
  wsf__regressors regressors;
  double *x = wsf__arena_new(p->scratch, (size_t)z.covariates, sizeof *x);
  double *d = wsf__arena_new(p->scratch, (size_t)z.k, sizeof *d);
  double *student = wsf__arena_new(p->scratch, (size_t)out->n_q, sizeof *student);
  double *table = wsf__arena_new(p->scratch, (size_t)cells, sizeof *table);
  bool *seen = wsf__arena_new(p->scratch, (size_t)z.groups, sizeof *seen);
  if (!x || !d || !student || !table || !seen) return wsf__fail_memory(p->err);
  memcpy(table, r_inv + (int64_t)z.k * z.k, (size_t)cells * sizeof *table);
  fill_unseen(&z, seen, table);
  const double level = out->components ? mean_intercept(&z, beta, table) : 0;
  const double sigma = state->freedom > 0 ? sqrt(state->squares / state->freedom) : 0;
  WSF__TRY(wsf__regressors_find(&regressors, m->node, p->frame, p->scratch, p->err));
  for (int k = 0; k < out->n_q; ++k) {
    student[k] = state->freedom > 0 ? wsf__student_quantile(out->q[k], state->freedom) : 0;
  }
  for (int64_t i = 0; i < out->h; ++i) {
    WSF__TRY(wsf__regressors_ahead(&regressors, p, m->node, s, i + 1, x));
    const double *row = table + (n + i) % z.groups * (2 + z.k);
    fill_columns(&z, n + i, x, d);
    double mean = row[0];
    for (int c = 0; c < z.k; ++c) {
      d[c] -= row[2 + c];
      mean += beta[c] * d[c];
    }
    const double sd = sigma * sqrt(1 + row[1] + variance_along(&z, r_inv, d));
    explain(out, i, &z, beta, d, row, level, mean, wsf__arg(m->node, "x")->strings);
    out->mean[i] = from_log ? exp_inside(mean) : mean;
    for (int k = 0; k < out->n_q; ++k) {
      const double bound = mean + student[k] * sd;
      out->quantile[k * out->h + i] = from_log ? exp_inside(bound) : bound;
    }
  }
  if (from_log) wsf__components_through(out, exp_from, NULL);
  return WSF_OK;
}

static bool check(const wsf__node *node, const wsf__panel *frame, const wsf__state *state) {
  if (state->n < HEAD || !wsf__state_finite(state)) return false;
  const shape full = full_shape(node, frame);
  const tslm_state *t = (const tslm_state *)state->v;
  if (!wsf__whole(t->n, 1, WSF__LONGEST)) return false;
  if (t->groups != 1 && t->groups != (double)full.groups) return false;
  if (t->trend != 0 && t->trend != (double)full.trend) return false;
  if (!wsf__whole(t->pairs, 0, full.pairs)) return false;
  if (t->covariates != full.covariates) return false;
  const shape z = stored_shape(t, full.season);
  return state->n == size_of(&z) && t->squares >= 0 && wsf__whole(t->freedom, 0, t->n);
}

/* As R's tslm: the intercept is that of the first season, one period before the history (where its
 * trend counts 0), other seasons are differences from it. A season that was never seen has none. */
static void coefficients(const wsf__fitted *m, const wsf__series *s, wsf__coefficients *out) {
  static const char *const wave[] = {"sin", "cos"};
  const tslm_state *state = (const tslm_state *)m->state[s->slot].v;
  const shape z = stored_shape(state, wsf__season_of(m->node, out->frame));
  const double *beta = state->rest, *r_inv = beta + z.k;
  const double *table = r_inv + (int64_t)z.k * z.k, *first = table;
  const double sigma2 = state->freedom > 0 ? state->squares / state->freedom : NAN;
  double *d = wsf__arena_zero(out->arena, (size_t)z.k, sizeof *d);
  if (!d) {
    out->failed = true;
    return;
  }
  for (int c = 0; c < z.k; ++c) d[c] = -first[2 + c];
  if (z.trend) d[0] -= 1;
  double at = first[0];
  for (int c = 0; c < z.k; ++c) at += beta[c] * d[c];
  wsf__coefficient_add(out, "intercept", 0, at,
                       sqrt(sigma2 * (1 / first[1] + variance_along(&z, r_inv, d))));
  for (int c = 0; c < z.k; ++c) {
    for (int i = 0; i < z.k; ++i) d[i] = i == c;
    const double variance = variance_along(&z, r_inv, d); /* 0: depends on others, left out */
    const double error = variance > 0 ? sqrt(sigma2 * variance) : NAN;
    const int wave_at = c - z.trend, covariate = wave_at - 2 * z.pairs;
    if (c < z.trend)
      wsf__coefficient_add(out, "trend", 0, beta[c], error);
    else if (covariate < 0)
      wsf__coefficient_add(out, wave[wave_at % 2], wave_at / 2 + 1, beta[c], error);
    else
      wsf__coefficient_regressor(out, wsf__arg(m->node, "x")->strings[covariate], beta[c], error);
  }
  for (int64_t g = 1; g < z.groups; ++g) {
    const double *row = table + g * (2 + z.k);
    if (row[1] == 0) continue;
    double step = row[0] - first[0];
    for (int c = 0; c < z.k; ++c) {
      d[c] = first[2 + c] - row[2 + c];
      step += beta[c] * d[c];
    }
    wsf__coefficient_add(out, "season", g + 1, step,
                         sqrt(sigma2 * (1 / first[1] + 1 / row[1] + variance_along(&z, r_inv, d))));
  }
  wsf__coefficient_add(out, "sigma2", 0, sigma2, NAN);
}

const wsf__model_class wsf__model_tslm = {
    .spec = {.family = "model",
             .group = "local",
             .name = "tslm",
             .summary = "regression on trend, season and columns known ahead",
             .source = "Hyndman and Athanasopoulos (2021), 7.4",
             .since = "0.1.0",
             .example = "tslm(season=52, x=[IsHoliday])",
             .options = options,
             .n_options = sizeof options / sizeof *options},
    .fit_series = fit_series,
    .predict_series = predict,
    .update = update,
    .check = check,
    .promise = {.units = WSF__EPSILON,
                .level = WSF__EPSILON,
                .update = WSF__NOT,
                .why = "columns that a first, short history left out stay out"},
    .coefficients = coefficients,
};
