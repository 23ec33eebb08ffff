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
 * between its neighbours. With log=true the forecast is the median.
 *
 * tslm_fit.c fits and updates, this file forecasts. Paths share the error of the coefficients, and
 * those of one season the error of its level, in the parts of which intervals are made; errors of
 * single periods hang together as the residuals do (blocks.c). */
#include "models/coefficients.h"
#include "models/components.h"
#include "models/local/tslm/tslm.h"
#include "models/regressors.h"

#include <math.h>
#include <string.h>

static const wsf__option options[] = {
    {"trend", WSF__FLAG, "true", 0, 0, NULL, "whether the level moves by the same amount a period"},
    {"season", WSF__INT, "0", 0, 100000, NULL,
     "periods in a season, each with its own level; 0 = the data's, 1 = none"},
    {"fourier", WSF__INT, "0", 0, 1000, NULL,
     "pairs of sine and cosine in place of a level per season; 0 = levels"},
    WSF__REGRESSORS_OPTION("columns and features known ahead that the target depends on"),
    {"log", WSF__FLAG, "false", 0, 0, NULL, "whether the regression is of the target's logarithm"},
    {"terms", WSF__WORD, "auto", 0, 0, "auto|all",
     "of trend and season in a history of less than one and a half seasons, auto: those that it "
     "shows, all: as R, every one that leaves something for the error"},
};

/* For predict: observations become variances of their mean, and a level that was never seen lies
 * between its neighbours. */
static void fill_unseen(const wsf__tslm_shape *z, bool *seen, double *table) {
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

static double exp_from(const void *how, double x) {
  (void)how;
  return wsf__tslm_exp(x);
}

/* What y is where every column is 0. */
static double intercept(const wsf__tslm_shape *z, const double *beta, const double *row) {
  double a = row[0];
  for (int c = 0; c < z->k; ++c) a -= beta[c] * row[2 + c];
  return a;
}

/* The mean of the seasons' intercepts, which is what they differ from. */
static double mean_intercept(const wsf__tslm_shape *z, const double *beta, const double *table) {
  double mean = 0;
  for (int64_t g = 0; g < z->groups; ++g) {
    mean += (intercept(z, beta, table + g * (2 + z->k)) - mean) / (double)(g + 1);
  }
  return mean;
}

/* One step of the regression: d is what its columns are beyond their means in `row`; level: the
 * mean intercept. The trend counts from the last period of the history. */
static void explain(const wsf__forecast *out, int64_t step, const wsf__tslm_shape *z,
                    const double *beta, const double *d, const double *row, double level,
                    double mean, const char *const *names) {
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

/* What the steps of one forecast have in common. */
typedef struct ahead {
  const wsf__tslm *state;
  wsf__tslm_shape z;
  wsf__regressors regressors;
  double *table;     /* of the state, levels that were never seen filled in */
  double *x, *d;     /* of one step: covariates, and columns beyond their means */
  const double *row; /* of its level */
} ahead;

static wsf_status look_ahead(ahead *a, wsf__predict *p, const wsf__fitted *m,
                             const wsf__series *s) {
  *a = (ahead){.state = (const wsf__tslm *)m->state[s->slot].v};
  a->z = wsf__tslm_stored(a->state, wsf__season_of(m->node, p->frame));
  const int k = a->z.k;
  const int64_t cells = a->z.groups * (2 + k);
  a->x = wsf__arena_new(p->scratch, (size_t)a->z.covariates, sizeof *a->x);
  a->d = wsf__arena_new(p->scratch, (size_t)k, sizeof *a->d);
  a->table = wsf__arena_new(p->scratch, (size_t)cells, sizeof *a->table);
  bool *seen = wsf__arena_new(p->scratch, (size_t)a->z.groups, sizeof *seen);
  if (!a->x || !a->d || !a->table || !seen) return wsf__fail_memory(p->err);
  memcpy(a->table, a->state->rest + k + (int64_t)k * k, (size_t)cells * sizeof *a->table);
  fill_unseen(&a->z, seen, a->table);
  return wsf__regressors_find_for(&a->regressors, m->node, p->frame, a->z.covariates, p->scratch,
                                  p->err);
}

/* d and the row of step i, counted from 0; known: every covariate has a value. */
static wsf_status step_ahead(ahead *a, const wsf__series *s, int64_t i, bool *known) {
  const int64_t t = (int64_t)a->state->n + i;
  WSF__TRY(wsf__regressors_ahead(&a->regressors, s, i + 1, a->x, known));
  a->row = a->table + t % a->z.groups * (2 + a->z.k);
  wsf__tslm_columns(&a->z, t, a->x, a->d);
  for (int c = 0; c < a->z.k; ++c) a->d[c] -= a->row[2 + c];
  return WSF_OK;
}

/* d along the j-th direction of the coefficients' root: their covariance over sigma^2 is R R', and
 * the variance of d' beta the sum of squares of what this is over all directions. */
static double along(const wsf__tslm_shape *z, const double *r_inv, int j, const double *d) {
  double sum = 0;
  for (int c = 0; c < z->k; ++c) sum += r_inv[j * z->k + c] * d[c];
  return sum;
}

static double variance_along(const wsf__tslm_shape *z, const double *r_inv, const double *d) {
  double sum = 0;
  for (int j = 0; j < z->k; ++j) {
    const double part = along(z, r_inv, j, d);
    sum += part * part;
  }
  return sum;
}

static wsf_status predict(wsf__predict *p, const wsf__fitted *m, const wsf__series *s,
                          wsf__forecast *out) {
  ahead a;
  WSF__TRY(look_ahead(&a, p, m, s));
  const wsf__tslm *state = a.state;
  const bool from_log = wsf__arg_flag(m->node, "log");
  const double *beta = state->rest, *r_inv = beta + a.z.k;
  double *student = wsf__arena_new(p->scratch, (size_t)out->n_q, sizeof *student);
  if (!student) return wsf__fail_memory(p->err);
  const double level = out->components ? mean_intercept(&a.z, beta, a.table) : 0;
  const double sigma = state->freedom > 0 ? sqrt(state->squares / state->freedom) : 0;
  for (int k = 0; k < out->n_q; ++k) {
    student[k] = state->freedom > 0 ? wsf__student_quantile(out->q[k], state->freedom) : 0;
  }
  for (int64_t i = 0; i < out->h && !wsf__cut_short(p->scratch); ++i) {
    bool known;
    WSF__TRY(step_ahead(&a, s, i, &known));
    if (!known) {
      wsf__forecast_unknown(out, i);
      continue;
    }
    double mean = a.row[0];
    for (int c = 0; c < a.z.k; ++c) mean += beta[c] * a.d[c];
    const double sd = sigma * sqrt(1 + a.row[1] + variance_along(&a.z, r_inv, a.d));
    explain(out, i, &a.z, beta, a.d, a.row, level, mean, a.regressors.name);
    out->mean[i] = from_log ? wsf__tslm_exp(mean) : mean;
    for (int k = 0; k < out->n_q; ++k) {
      const double bound = mean + student[k] * sd;
      out->quantile[k * out->h + i] = from_log ? wsf__tslm_exp(bound) : bound;
    }
  }
  if (from_log) wsf__components_through(out, exp_from, NULL);
  return WSF_OK;
}

/* The parts of that variance. Of a direction the sign is free: a steeper trend is positive. */
static wsf_status response(wsf__predict *p, const wsf__fitted *m, const wsf__series *s,
                           wsf__response *out) {
  ahead a;
  size_t cells;
  WSF__TRY(look_ahead(&a, p, m, s));
  const int k = a.z.k;
  const double *r_inv = a.state->rest + k;
  out->level = wsf__arena_new(p->scratch, (size_t)out->h, sizeof *out->level);
  out->season = a.z.groups;
  if (k > 0) {
    if (!wsf__mul((size_t)out->h, (size_t)k, &cells)) return wsf__fail_memory(p->err);
    out->shared = wsf__arena_new(p->scratch, cells, sizeof *out->shared);
    out->n_shared = k;
  }
  if (!out->level || !out->shared) return wsf__fail_memory(p->err);
  for (int64_t i = 0; i < out->h && !wsf__cut_short(p->scratch); ++i) {
    bool known; /* paths are asked for where every step is */
    WSF__TRY(step_ahead(&a, s, i, &known));
    out->level[i] = sqrt(a.row[1]);
    for (int j = 0; j < k; ++j) {
      const double sign = r_inv[j * k + j] < 0 ? -1 : 1;
      out->shared[j * out->h + i] = sign * along(&a.z, r_inv, j, a.d);
    }
  }
  return WSF_OK;
}

static bool check(const wsf__node *node, const wsf__panel *frame, const wsf__state *state) {
  if (state->n < WSF__TSLM_HEAD || !wsf__state_finite(state)) return false;
  const wsf__tslm *t = (const wsf__tslm *)state->v;
  const bool counted = wsf__whole(t->covariates, 0, WSF__LONGEST);
  if (!counted || !wsf__regressors_may_be(node, (int64_t)t->covariates)) return false;
  const wsf__tslm_shape full = wsf__tslm_full(node, frame, (int)t->covariates);
  if (!wsf__whole(t->n, 1, WSF__LONGEST)) return false;
  if (t->groups != 1 && t->groups != (double)full.groups) return false;
  if (t->trend != 0 && t->trend != (double)full.trend) return false;
  if (!wsf__whole(t->pairs, 0, full.pairs)) return false;
  const wsf__tslm_shape z = wsf__tslm_stored(t, full.season);
  return state->n == wsf__tslm_size(&z) && t->squares >= 0 && wsf__whole(t->freedom, 0, t->n);
}

/* As R's tslm: the intercept is that of the first season, one period before the history (where its
 * trend counts 0), other seasons are differences from it. A season that was never seen has none. */
static void coefficients(const wsf__fitted *m, const wsf__series *s, wsf__coefficients *out) {
  static const char *const wave[] = {"sin", "cos"};
  const wsf__tslm *state = (const wsf__tslm *)m->state[s->slot].v;
  const wsf__tslm_shape z = wsf__tslm_stored(state, wsf__season_of(m->node, out->frame));
  const double *beta = state->rest, *r_inv = beta + z.k;
  const double *table = r_inv + (int64_t)z.k * z.k, *first = table;
  const double sigma2 = state->freedom > 0 ? state->squares / state->freedom : NAN;
  double *d = wsf__arena_zero(out->arena, (size_t)z.k, sizeof *d);
  const char *const *names = wsf__coefficient_names(out, m->node, z.covariates);
  if (!d || !names) {
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
      wsf__coefficient_regressor(out, names[covariate], beta[c], error);
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
    .fit_series = wsf__tslm_fit,
    .predict_series = predict,
    .response = response,
    .blocks = true,
    .update = wsf__tslm_update,
    .check = check,
    .promise = {.units = WSF__EPSILON,
                .level = WSF__EPSILON,
                .update = WSF__NOT,
                .why = "columns that a first, short history left out stay out"},
    .coefficients = coefficients,
    .regresses = wsf__regressors_any,
};
