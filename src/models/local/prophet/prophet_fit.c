/* The most probable parameters of prophet for a series: the mode of the posterior that Taylor and
 * Letham (2018) give to Stan.
 *
 * What is least is n log sigma + squares / (2 sigma^2) + 2 sigma^2 + (k^2 + m^2) / 50 +
 * sum |delta| / tau + sum beta^2 / (2 s^2), of y divided by its largest size and time from 0 to 1.
 * With sigma given a Gauss-Newton step is least squares with absolute penalties, solved to the end
 * by the feature-sign search (linalg/lasso.h), and a step that does not descend is halved; with the
 * rest given sigma has a closed form. Where growth is linear and seasons are added the first step
 * is the minimum and the products of the columns are formed once. L-BFGS, by which Stan goes, ends
 * before the kinks of the absolute penalty do. */
#include "models/local/prophet/prophet.h"

#include "linalg/lasso.h"
#include "math/elementary.h"
#include "math/stats.h"

#include <string.h>

enum { STEPS = 200, HALVINGS = 30 };
static const double PRIOR = 1.0 / 25;   /* precision of k and m: normal with deviation 5 */
static const double CLOSE = 1e-8;       /* descent of the posterior that ends the search */
static const double LEAST_SIGMA = 1e-5; /* of the range: for the solver, where nothing errs */
static const double MOST_FITTED = 0.8;  /* of observations, that intervals may count as fitted */
/* Where values vary by less than this share of their size priors on that scale say nothing. */
static const double LEAST_RANGE = 0.05;

typedef struct problem {
  wsf__fit *f;
  const wsf__state *from; /* a fit to begin at; NULL: none */
  wsf__prophet_parts z;
  int64_t n;
  int p, columns;              /* parameters: k, m, delta, beta; of which beta */
  double *t, *day, *y, *cap;   /* [n] */
  int64_t *at;                 /* [n] period of the history */
  int n_given;                 /* changes that the call names; -1: it does not */
  double *given;               /* [n_given] */
  const bool *share;           /* [covariates] effect is a share of the trend */
  double range;                /* largest y less the least; 1 if they are equal */
  double *x;                   /* [n][columns] */
  double *taken;               /* [columns] off a season with arcs: the means of its waves */
  double *theta, *trial;       /* [p] */
  double *precision, *weight;  /* [p] of the normal and the Laplace priors */
  double *residual, *jacobian; /* [n], [n][p] */
  double *h, *q;               /* [p][p], [p] */
  double *offset, *moved; /* [changes + 1], and what each parameter moves it by, [changes + 1][p] */
} problem;

/* The periods in which everything is there. */
static wsf_status collect(problem *b, wsf__regressors *r, const wsf__prophet_bounds *bounds,
                          const wsf__series *s, double *x) {
  const wsf__panel *panel = b->f->panel;
  for (int64_t t = 0; t < s->n && !(t % 1024 == 0 && wsf__cut_short(b->f->scratch)); ++t) {
    bool whole;
    if (isnan(s->y[t])) continue;
    WSF__TRY(wsf__regressors_read(r, s, t, x + b->n * r->n, &whole));
    const double floor = wsf__prophet_bound_at(&bounds->floor, panel, s, t);
    const double cap = wsf__prophet_bound_at(&bounds->cap, panel, s, t) - floor;
    const bool logistic = b->z.growth == WSF__LOGISTIC;
    if (!whole || !isfinite(floor) || (logistic && !(cap > 0))) continue;
    b->at[b->n] = t;
    b->day[b->n] = wsf__prophet_day(&panel->calendar, s->t0 + t);
    b->cap[b->n] = cap;
    b->y[b->n++] = s->y[t] - floor;
  }
  return WSF_OK;
}

/* As Prophet places them: on observations, evenly over the first part of the history. */
static int place_changes(const problem *b, const wsf__node *node, double *change) {
  if (b->n_given >= 0) {
    if (change) memcpy(change, b->given, (size_t)b->n_given * sizeof *change);
    return b->n_given;
  }
  const int64_t most = (int64_t)floor((double)b->n * wsf__arg_number(node, "changepoint_range"));
  int64_t n = b->z.growth == WSF__FLAT ? 0 : wsf__arg_int(node, "n_changepoints");
  if (n + 1 > most) n = most - 1;
  for (int64_t j = 1; change && j <= n; ++j) {
    change[j - 1] = b->t[(int64_t)rint((double)j * (double)(most - 1) / (double)n)];
  }
  return n > 0 ? (int)n : 0;
}

/* Regressors get mean 0 and deviation 1, as told; untold all but flags, features between -1 and 1,
 * such as holidays and Fourier terms, and what never varies. */
static void standardise(const problem *b, const wsf__node *node, const wsf__regressors *r,
                        const double *x, int covariate) {
  const int stride = b->z.covariates, entry = r->entry[covariate];
  const bool feature = r->name[covariate] != wsf__arg(node, "x")->strings[entry];
  const char *how = wsf__prophet_word_of(node, "x_standardize", entry);
  double least = INFINITY, largest = -INFINITY, mean = 0, squares = 0;
  bool flag = true;
  for (int64_t i = 0; i < b->n; ++i) {
    const double v = x[i * stride + covariate], d = v - mean;
    mean += d / (double)(i + 1);
    squares += d * (v - mean);
    least = fmin(least, v);
    largest = fmax(largest, v);
    flag = flag && (v == 0 || v == 1);
  }
  bool keep = flag || (feature && least >= -1 && largest <= 1);
  if (how && strcmp(how, "auto") != 0) keep = !strcmp(how, "false");
  if (!(least < largest)) keep = true;
  b->z.centre[covariate] = keep ? 0 : mean;
  b->z.width[covariate] = keep ? 1 : sqrt(squares / (double)(b->n - 1));
}

static void fill_columns(problem *b, const wsf__prophet *state, const wsf__node *node,
                         const double *x) {
  const wsf__prophet_parts *z = &b->z;
  for (int64_t i = 0; i < b->n && !(i % 256 == 0 && wsf__cut_short(b->f->scratch)); ++i) {
    double *row = b->x + i * b->columns;
    wsf__prophet_waves(state, node, b->f->panel, b->day[i], row);
    for (int c = 0; c < z->covariates; ++c) {
      row[z->waves + c] = (x[i * z->covariates + c] - z->centre[c]) / z->width[c];
    }
  }
}

/* Two observations lie on a line whatever they are: it is no growth. */
static bool shows_growth(const problem *b) {
  return b->z.growth == WSF__LOGISTIC || (b->z.growth == WSF__LINEAR && b->n > 2);
}

/* The way from the first observation to the last. */
static void begin_cold(problem *b) {
  double first = b->y[0], last = b->y[b->n - 1];
  if (!shows_growth(b)) {
    b->theta[1] = wsf__mean(b->y, b->n);
    return;
  }
  b->theta[0] = last - first;
  b->theta[1] = first;
  if (b->z.growth == WSF__LINEAR) return;
  first = b->cap[0] / fmax(0.01 * b->cap[0], fmin(0.99 * b->cap[0], first));
  last = b->cap[b->n - 1] / fmax(0.01 * b->cap[b->n - 1], fmin(0.99 * b->cap[b->n - 1], last));
  if (fabs(first - last) <= 0.01) first *= 1.05;
  const double from = wsf__ln(first - 1), to = wsf__ln(last - 1);
  b->theta[0] = from - to;
  b->theta[1] = from / (from - to);
}

static bool has_arcs(const wsf__prophet_parts *z, int season) {
  for (int64_t i = 0; i < z->arcs; ++i) {
    if (z->arc[i].season == season) return true;
  }
  return false;
}

/* What each parameter moves the offsets of logistic growth by. */
static void move_offsets(const problem *b, const double *theta) {
  const int changes = b->z.changes;
  double k = theta[0];
  memset(b->moved, 0, (size_t)(changes + 1) * (size_t)b->p * sizeof *b->moved);
  b->moved[1] = 1;
  for (int j = 0; j < changes; ++j) {
    const double after = k + theta[2 + j], away = b->z.change[j] - b->offset[j];
    const double *from = b->moved + (int64_t)j * b->p;
    double *to = b->moved + (int64_t)(j + 1) * b->p;
    for (int c = 0; c < 2 + changes; ++c) {
      const double before = c == 0 || (c >= 2 && c < 2 + j), now = before || c == 2 + j;
      to[c] = from[c] * k / after + away * (k * now - after * before) / (after * after);
    }
    k = after;
  }
}

/* Row i of the derivatives of the trend, and the trend. */
static double trend_row(const problem *b, const double *theta, int64_t i, double *row) {
  const wsf__prophet_parts *z = &b->z;
  const double t = b->t[i];
  const double g = wsf__prophet_trend(z, theta[0], theta[1], b->offset, t, b->cap[i]);
  memset(row, 0, (size_t)b->p * sizeof *row);
  if (z->growth != WSF__LOGISTIC) {
    row[1] = 1;
    if (!shows_growth(b)) return g;
    row[0] = t;
    for (int j = 0; j < z->changes && z->change[j] < t; ++j) row[2 + j] = t - z->change[j];
    return g;
  }
  double k = theta[0];
  int j = 0;
  for (; j < z->changes && z->change[j] <= t; ++j) k += theta[2 + j];
  const double slope = g * (1 - g / b->cap[i]);
  const double *moved = b->moved + (int64_t)j * b->p;
  for (int c = 0; c < 2 + z->changes; ++c) {
    const double grows = c == 0 || (c >= 2 && c < 2 + j);
    row[c] = slope * ((t - b->offset[j]) * grows - k * moved[c]);
  }
  return g;
}

/* The residuals at theta; their derivatives, with the sign of the model's, if asked for. Returns
 * the sum of squares. */
static double evaluate(const problem *b, const double *theta, bool derive) {
  const wsf__prophet_parts *z = &b->z;
  const int first = 2 + z->changes;
  const double *beta = theta + first;
  double squares = 0;
  memcpy(z->delta, theta + 2, (size_t)z->changes * sizeof *theta);
  wsf__prophet_offsets(z, theta[0], theta[1], b->offset);
  if (derive && z->growth == WSF__LOGISTIC) move_offsets(b, theta);
  for (int64_t i = 0; i < b->n && !(i % 256 == 0 && wsf__cut_short(b->f->scratch)); ++i) {
    const double *x = b->x + i * b->columns;
    double *row = b->jacobian + i * b->p, effect = 0, sums = 0, g;
    for (int c = 0; c < z->waves; ++c) effect += beta[c] * x[c];
    if (!z->multiplies) sums = effect, effect = 0;
    for (int c = z->waves; c < b->columns; ++c) {
      *(b->share[c - z->waves] ? &effect : &sums) += beta[c] * x[c];
    }
    if (derive)
      g = trend_row(b, theta, i, row);
    else
      g = wsf__prophet_trend(z, theta[0], theta[1], b->offset, b->t[i], b->cap[i]);
    b->residual[i] = b->y[i] - (g * (1 + effect) + sums);
    squares += b->residual[i] * b->residual[i];
    if (!derive) continue;
    for (int c = 0; c < first; ++c) row[c] *= 1 + effect;
    for (int c = 0; c < z->waves; ++c) row[first + c] = z->multiplies ? g * x[c] : x[c];
    for (int c = z->waves; c < b->columns; ++c) {
      row[first + c] = b->share[c - z->waves] ? g * x[c] : x[c];
    }
  }
  return squares;
}

/* There, or where an earlier fit ended if that is nearer to the data. */
static void begin(problem *b, const wsf__prophet *state, const wsf__node *node) {
  begin_cold(b);
  if (!b->from) return;
  const double cold = evaluate(b, b->theta, false);
  wsf__prophet_carry(b->trial, node, state, &b->z, b->share, b->from);
  if (evaluate(b, b->trial, false) < cold) {
    memcpy(b->theta, b->trial, (size_t)b->p * sizeof *b->theta);
  }
}

/* What the priors say against theta. */
static double against(const problem *b, const double *theta) {
  double sum = 0;
  for (int c = 0; c < b->p; ++c) {
    sum += b->precision[c] * theta[c] * theta[c] / 2 + b->weight[c] * fabs(theta[c]);
  }
  return sum;
}

static double best_variance(const problem *b, double squares) {
  const double n = (double)b->n, least = LEAST_SIGMA * fmin(1, b->range);
  return fmax(2 * squares / (n + sqrt(n * n + 16 * squares)), least * least);
}

/* Where the quadratic at theta is least goes to b->trial, for this variance of the errors. h holds
 * J' J before and after. */
static wsf__lasso_end solve(problem *b, double variance) {
  const int p = b->p;
  wsf__arena *scratch = b->f->scratch;
  double *weight = wsf__arena_new(scratch, (size_t)p, sizeof *weight);
  if (!weight) return WSF__LASSO_MEMORY;
  memset(b->q, 0, (size_t)p * sizeof *b->q);
  for (int64_t i = 0; i < b->n; ++i) {
    const double *row = b->jacobian + i * p, e = b->residual[i];
    for (int c = 0; c < p; ++c) b->q[c] += e * row[c];
  }
  for (int c = 0; c < p; ++c) {
    for (int l = 0; l < p; ++l) b->q[c] += b->h[c * p + l] * b->theta[l];
  }
  for (int c = 0; c < p; ++c) {
    b->h[c * p + c] += variance * b->precision[c];
    weight[c] = variance * b->weight[c];
  }
  memcpy(b->trial, b->theta, (size_t)p * sizeof *b->trial);
  const wsf__lasso_end end = wsf__lasso(p, b->h, b->q, weight, b->trial, scratch);
  for (int c = 0; c < p; ++c) b->h[c * p + c] -= variance * b->precision[c];
  return end;
}

/* From theta towards trial as far as the posterior of this variance falls: theta moves, and the
 * squares there are returned; those before where nothing falls. */
static double descend(problem *b, double variance, double squares) {
  const double before = squares / (2 * variance) + against(b, b->theta);
  double *at = b->q; /* solved with already */
  for (int i = 0; i < HALVINGS && !wsf__cut_short(b->f->scratch); ++i) {
    const double share = ldexp(1, -i);
    for (int c = 0; c < b->p; ++c) at[c] = b->theta[c] + share * (b->trial[c] - b->theta[c]);
    const double now = evaluate(b, at, false);
    if (!(now / (2 * variance) + against(b, at) <= before)) continue;
    memcpy(b->theta, at, (size_t)b->p * sizeof *at);
    return now;
  }
  return squares;
}

/* b->theta and the variance; *reason where the search ended early. */
static wsf__lasso_end search(problem *b, double *variance, int32_t *reason) {
  bool linear = b->z.growth != WSF__LOGISTIC && !b->z.multiplies;
  for (int c = 0; c < b->z.covariates; ++c) linear = linear && !b->share[c];
  double squares = evaluate(b, b->theta, true), last = INFINITY;
  wsf__prophet_products(b->h, b->jacobian, b->n, b->p, b->f->scratch);
  for (int i = 0; i < STEPS; ++i) {
    const wsf__mark mark = wsf__arena_mark(b->f->scratch);
    *variance = best_variance(b, squares);
    const double value = (double)b->n * wsf__ln(*variance) / 2 + squares / (2 * *variance) +
                         2 * *variance + against(b, b->theta);
    if (!(last - value > CLOSE)) return WSF__LASSO_GOOD;
    last = value;
    if (i > 0 && !linear) {
      squares = evaluate(b, b->theta, true);
      wsf__prophet_products(b->h, b->jacobian, b->n, b->p, b->f->scratch);
    }
    const wsf__lasso_end end = solve(b, *variance);
    if (end != WSF__LASSO_GOOD) return end;
    squares = descend(b, *variance, squares);
    wsf__arena_reset(b->f->scratch, mark);
    if (wsf__cut_short(b->f->scratch)) return WSF__LASSO_MEMORY;
  }
  *reason = WSF__NO_CONVERGENCE;
  return WSF__LASSO_GOOD;
}

static bool allocate(problem *b) {
  wsf__arena *scratch = b->f->scratch;
  const size_t p = (size_t)b->p, n = (size_t)b->n;
  b->x = wsf__arena_new(scratch, n, (size_t)b->columns * sizeof *b->x);
  b->theta = wsf__arena_zero(scratch, p, 5 * sizeof *b->theta);
  b->residual = wsf__arena_new(scratch, n, sizeof *b->residual);
  b->jacobian = wsf__arena_new(scratch, n, p * sizeof *b->jacobian);
  b->h = wsf__arena_new(scratch, p, (p + 1) * sizeof *b->h);
  b->offset = wsf__arena_new(scratch, (size_t)b->z.changes + 1, sizeof *b->offset);
  b->moved = wsf__arena_new(scratch, (size_t)b->z.changes + 1, p * sizeof *b->moved);
  if (!b->x || !b->theta || !b->residual || !b->jacobian || !b->h || !b->offset || !b->moved) {
    return false;
  }
  b->trial = b->theta + b->p;
  b->precision = b->trial + b->p;
  b->weight = b->precision + b->p;
  b->taken = b->weight + b->p;
  b->q = b->h + (int64_t)b->p * b->p;
  return true;
}

/* Of a season with stretches that nobody saw: waves count from their means, and the smoother ones
 * go first (prophet_season.c). */
static void smooth_season(problem *b, int first, int columns) {
  double *precision = b->precision + 2 + b->z.changes;
  for (int c = first; c < first + columns; ++c) {
    const int wave = (c - first) / 2 + 1;
    const double square = (double)wave * wave, least = 1 / (b->range * b->range);
    precision[c] = fmax(precision[c], least) * square * square;
    double mean = 0;
    for (int64_t i = 0; i < b->n; ++i) mean += (b->x[i * b->columns + c] - mean) / (double)(i + 1);
    for (int64_t i = 0; i < b->n; ++i) b->x[i * b->columns + c] -= mean;
    b->taken[c] = mean;
  }
}

static void smooth_seasons(problem *b, const wsf__prophet *state) {
  int first = 0;
  for (int i = 0; i < WSF__PROPHET_SEASONS; ++i) {
    const int columns = 2 * (int)state->order[i];
    if (has_arcs(&b->z, i)) smooth_season(b, first, columns);
    first += columns;
  }
}

/* Of those seasons: their levels, which the waves as they are do not have, and mean squares. */
static void measure_seasons(const problem *b, const wsf__prophet *state, wsf__prophet_tail *tail) {
  int first = 0;
  for (int s = 0; s < WSF__PROPHET_SEASONS; ++s) {
    const int columns = 2 * (int)state->order[s];
    for (int64_t i = 0; has_arcs(&b->z, s) && i < b->n; ++i) {
      double effect = 0;
      for (int c = first; c < first + columns; ++c)
        effect += b->z.beta[c] * b->x[i * b->columns + c];
      tail->spread[s] += effect * effect / (double)b->n;
    }
    for (int c = first; c < first + columns; ++c) tail->level[s] += b->z.beta[c] * b->taken[c];
    first += columns;
  }
}

static void set_priors(problem *b, const wsf__node *node, const wsf__regressors *r) {
  const int first = 2 + b->z.changes;
  b->precision[0] = b->precision[1] = PRIOR;
  for (int c = 2; c < first; ++c) {
    b->weight[c] = 1 / wsf__arg_number(node, "changepoint_prior_scale");
  }
  for (int c = 0; c < b->columns; ++c) {
    const double deviation = c < b->z.waves ? wsf__arg_number(node, "seasonality_prior_scale")
                                            : wsf__prophet_prior_of(node, r->entry[c - b->z.waves]);
    b->precision[first + c] = 1 / (deviation * deviation);
  }
}

/* What the model says of the periods it was fitted to. */
static void fill_history(const problem *b, const wsf__prophet *state, const wsf__series *s,
                         const wsf__fitted *fitted) {
  double *out = b->from ? NULL : wsf__history_of(fitted, s);
  for (int64_t i = 0; out && i < b->n; ++i) {
    out[b->at[i]] = s->y[b->at[i]] - state->scale * b->residual[i];
  }
}

/* As many numbers as observations leave no error: the steps from one to the next stand in. */
static double stand_in(const problem *b, double variance) {
  double squares = 0;
  if (2 + b->columns < b->n) return variance;
  for (int64_t i = 1; i < b->n; ++i) squares += (b->y[i] - b->y[i - 1]) * (b->y[i] - b->y[i - 1]);
  return fmax(variance, squares / (double)(b->n - 1));
}

/* Of a series that never varies Prophet takes the value as it is; else the mode is found. */
static wsf_status estimate(problem *b, wsf__prophet *state, wsf__prophet_tail *tail,
                           const wsf__series *s, wsf__fitted *out) {
  double variance = 0;
  int32_t reason = WSF__OK;
  if (!(state->extent.least < state->extent.largest) && b->z.growth != WSF__LOGISTIC) {
    state->m = state->scale > 0 ? b->y[0] : 0;
    memset(b->residual, 0, (size_t)b->n * sizeof *b->residual);
    fill_history(b, state, s, out);
    return WSF_OK;
  }
  begin(b, state, out->node);
  const wsf__lasso_end end = search(b, &variance, &reason);
  if (end == WSF__LASSO_MEMORY) return wsf__fail_memory(b->f->err);
  if (end == WSF__LASSO_INDEFINITE) {
    wsf__state_fail(out, s, WSF__NOT_FINITE);
    return WSF_OK;
  }
  (void)evaluate(b, b->theta, false);
  state->k = b->theta[0];
  state->m = b->theta[1];
  state->sigma = sqrt(stand_in(b, variance));
  memcpy(b->z.delta, b->theta + 2, (size_t)(b->z.changes + b->columns) * sizeof *b->theta);
  if (wsf__arg_is(out->node, "intervals", "adjusted")) {
    const double n = (double)b->n;
    const double freedom = wsf__prophet_freedom(b->p, b->h, b->precision, b->weight, b->theta,
                                                variance, b->f->scratch);
    if (freedom < 0) return wsf__fail_memory(b->f->err);
    const double fitted = fmin(freedom, MOST_FITTED * n);
    tail->unknown = 2 * fitted / (n - fitted);
  }
  wsf__state *known = &out->state[s->slot];
  known->reason = wsf__reason_or(known->reason, reason);
  fill_history(b, state, s, out);
  return WSF_OK;
}

static int32_t reason_before(const problem *b, const wsf__series *s) {
  const int64_t observed = wsf__count_observed(s->y, s->n);
  if (observed == 0) return WSF__EMPTY;
  if (observed < 2) return WSF__SHORT;
  return b->n < 2 ? WSF__MISSING_REGRESSOR : WSF__OK;
}

/* Shortest distance between two observations, in days. */
static double least_apart(const problem *b) {
  double apart = INFINITY;
  for (int64_t i = 1; i < b->n; ++i) apart = fmin(apart, b->day[i] - b->day[i - 1]);
  return apart;
}

/* Whether y counts from its least value: as asked, else where its zero means nothing to the priors,
 * as it lies far away or is that of a transform. Under a cap, and where seasons multiply, it does.
 */
static bool counts_from_least(const problem *b, const wsf__node *node, const wsf__series *s,
                              double size, double range) {
  if (!wsf__arg_is(node, "scaling", "auto")) return wsf__arg_is(node, "scaling", "minmax");
  if (b->z.growth == WSF__LOGISTIC || b->z.multiplies || !(range > 0)) return false;
  return s->interval || range < LEAST_RANGE * size;
}

/* Time to 0 .. 1, y and its cap to sizes of 1; returns what y counts from. */
static double scale(problem *b, wsf__prophet *state, const wsf__node *node, const wsf__series *s) {
  double size = 0, least = INFINITY, largest = -INFINITY, cap = 0;
  state->start = b->day[0];
  state->span = b->day[b->n - 1] - b->day[0];
  for (int64_t i = 0; i < b->n; ++i) {
    size = fmax(size, fabs(b->y[i]));
    least = fmin(least, b->y[i]);
    largest = fmax(largest, b->y[i]);
    cap = fmax(cap, b->cap[i]);
  }
  const bool from_least = counts_from_least(b, node, s, size, largest - least);
  const bool floored = b->z.growth == WSF__LOGISTIC && wsf__arg_text(node, "floor");
  const double lowest = from_least && !floored ? least : 0;
  state->scale = !from_least ? size : floored ? cap : largest - least;
  if (!(state->scale > 0)) state->scale = 1;
  b->range = largest > least ? (largest - least) / state->scale : 1;
  for (int64_t i = 0; i < b->n; ++i) {
    b->t[i] = (b->day[i] - state->start) / state->span;
    b->y[i] = (b->y[i] - lowest) / state->scale;
    b->cap[i] = (b->cap[i] - lowest) / state->scale;
  }
  return lowest;
}

static bool allocate_rows(problem *b, int64_t n) {
  wsf__arena *scratch = b->f->scratch;
  b->t = wsf__arena_new(scratch, (size_t)n, sizeof *b->t);
  b->day = wsf__arena_new(scratch, (size_t)n, sizeof *b->day);
  b->y = wsf__arena_new(scratch, (size_t)n, sizeof *b->y);
  b->cap = wsf__arena_new(scratch, (size_t)n, sizeof *b->cap);
  b->at = wsf__arena_new(scratch, (size_t)n, sizeof *b->at);
  return b->t && b->day && b->y && b->cap && b->at;
}

/* What is needed of a state is known: make it, with a tail, and a memory if it is to have one. */
static wsf_status make_state(problem *b, const wsf__prophet *head, double lowest,
                             const wsf__series *s, wsf__fitted *out, int32_t reason) {
  const wsf__node *node = out->node;
  const wsf__panel *panel = b->f->panel;
  double *phase = wsf__arena_new(b->f->scratch, (size_t)b->n, sizeof *phase);
  if (!phase) return wsf__fail_memory(b->f->err);
  const int64_t arcs = wsf__prophet_arcs(NULL, head, node, panel, s, b->day, b->n, phase);
  const int waves = wsf__prophet_parts_of(node, head).waves;
  const int64_t size = wsf__prophet_size((int)head->changes, waves, (int)head->covariates);
  const int64_t bare = size + WSF__PROPHET_TAIL + arcs * WSF__PROPHET_ARC;
  const bool kept = wsf__arg_flag(node, "updates");
  const int64_t n = bare + (kept ? wsf__prophet_memory_size(s->n, b->from ? b->from->n : 0) : 0);
  double *v =
      wsf__state_set(b->f, out, s, n, wsf__reason_or(reason, arcs > 0 ? WSF__FEW : WSF__OK));
  if (!v) return wsf__fail_memory(b->f->err);
  memset(v, 0, (size_t)bare * sizeof *v);
  *(wsf__prophet *)v = *head;
  wsf__prophet_tail *tail = (wsf__prophet_tail *)(v + size);
  tail->lowest = lowest;
  (void)wsf__prophet_arcs(tail->arc, head, node, panel, s, b->day, b->n, phase);
  if (kept) wsf__prophet_memory_write(v + bare, s, b->from);
  b->z = wsf__prophet_parts_in(node, v, n);
  return WSF_OK;
}

wsf_status wsf__prophet_fit(wsf__fit *f, const wsf__series *s, wsf__fitted *out) {
  return wsf__prophet_fit_from(f, s, out, NULL);
}

wsf_status wsf__prophet_fit_from(wsf__fit *f, const wsf__series *s, wsf__fitted *out,
                                 const wsf__state *from) {
  const wsf__node *node = out->node;
  wsf__prophet head = {.extent = wsf__extent_of(s->y, s->n), .n = (double)s->n};
  problem b = {.f = f, .from = from, .z = wsf__prophet_parts_of(node, &head)};
  wsf__regressors regressors;
  wsf__prophet_bounds bounds;
  WSF__TRY(wsf__prophet_check(node, f->err));
  WSF__TRY(wsf__regressors_find(&regressors, node, f->panel, f->scratch, f->err));
  WSF__TRY(wsf__prophet_bounds_find(&bounds, node, f->panel, f->err));
  WSF__TRY(wsf__prophet_shares(&b.share, node, &regressors, f->scratch, f->err));
  double *x = wsf__arena_new(f->scratch, (size_t)s->n, (size_t)regressors.n * sizeof *x);
  if (!x || !allocate_rows(&b, s->n)) return wsf__fail_memory(f->err);
  WSF__TRY(collect(&b, &regressors, &bounds, s, x));
  const int32_t before = reason_before(&b, s);
  if (before != WSF__OK) {
    wsf__state_fail(out, s, before);
    return WSF_OK;
  }
  bool shorter;
  const double lowest = scale(&b, &head, node, s);
  wsf__prophet_choose_orders(&head, node, f->panel, least_apart(&b), &shorter);
  WSF__TRY(wsf__prophet_given(&b.given, &b.n_given, node, f->panel, &head, f->scratch, f->err));
  const int changes = place_changes(&b, node, NULL);
  const wsf__value *given = wsf__arg(node, "changepoints");
  const int64_t asked = given->n > 0 ? given->n : wsf__arg_int(node, "n_changepoints");
  const bool fewer = b.z.growth != WSF__FLAT && changes < asked;
  head.changes = changes;
  head.covariates = regressors.n;
  int32_t reason = wsf__extent_reason(head.extent);
  if (b.z.growth == WSF__LINEAR && !shows_growth(&b))
    reason = wsf__reason_or(reason, WSF__SHORT_TREND);
  reason = wsf__reason_or(reason, shorter ? WSF__SHORT_SEASON : fewer ? WSF__FEW : WSF__OK);
  WSF__TRY(make_state(&b, &head, lowest, s, out, reason));
  b.columns = b.z.waves + b.z.covariates;
  b.p = 2 + changes + b.columns;
  (void)place_changes(&b, node, b.z.change);
  if (!allocate(&b)) return wsf__fail_memory(f->err);
  set_priors(&b, node, &regressors);
  for (int c = 0; c < b.z.covariates; ++c) standardise(&b, node, &regressors, x, c);
  wsf__prophet *state = (wsf__prophet *)(uintptr_t)out->state[s->slot].v;
  fill_columns(&b, state, node, x);
  smooth_seasons(&b, state);
  wsf__prophet_tail *tail = (wsf__prophet_tail *)(uintptr_t)b.z.tail;
  WSF__TRY(estimate(&b, state, tail, s, out));
  measure_seasons(&b, state, tail);
  return WSF_OK;
}
