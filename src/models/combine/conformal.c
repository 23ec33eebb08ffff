/* Problem: intervals for any model, also where its own are missing or wrong.
 *
 * Method: split-conformal prediction on rolling-origin errors, after the pooled out-of-sample
 * residuals of Xu and Xie (2021, "Conformal prediction interval for dynamic time series"). Errors
 * of step k are divided by s(k) = a + b k, fitted to their mean sizes (a, b >= 0), so that all
 * steps share one set of scores; the bound at level q is forecast + s(k) times the ceil((n+1)q)-th
 * smallest of n scores above the median, the floor((n+1)q)-th below. Past the last step tried, s
 * grows as a random walk does. With symmetric=true the sizes of the scores are ranked.
 * Scores of series that repeat themselves are tied: the interval between two equal ones would have
 * no width although values differ. There a level takes the scores' normal quantile, up to the next
 * score that differs; after a back-test without any error the model's own intervals stand.
 *
 * Limits: errors of one window move together and are not exchangeable (Barber, Candes, Ramdas and
 * Tibshirani 2023), so few windows cover less: on random walks 6 windows of 12 steps gave 75 % for
 * 80, 24 gave 80. A level beyond the extreme score takes a normal tail that starts no nearer; a
 * series too short for a window the random walk's intervals. Costs `windows` fits.
 *
 * State: the struct below. */
#include "models/combine/inner.h"
#include "models/combine/rolling.h"
#include "math/normal.h"
#include "math/stats.h"
#include "models/paths.h"

#include <math.h>
#include <string.h>

static const wsf__option options[] = {
    {"inner", WSF__CALL, NULL, 0, 0, "model", "the model whose forecasts get intervals"},
    {"windows", WSF__INT, "3", 1, 100, NULL, "back-test windows, one after the other"},
    {"horizon", WSF__INT, "0", 0, 100000, NULL,
     "periods in a window; 0 = a season (6 without one), at most a quarter of the history"},
    {"symmetric", WSF__FLAG, "false", 0, 0, NULL, "whether both sides share the error sizes"},
    {"season", WSF__INT, "0", 0, 100000, NULL, "periods in a season; 0 = the data's"},
};

enum { MOST_SCORES = 199 }; /* more are thinned to this many, evenly by rank */

typedef struct conformal_state {
  double level, slope; /* s(k) = level + slope k */
  double horizon;      /* last step tried; 0: no scores, level is the random walk's sigma, or 0 */
  double scores[];     /* ascending */
} conformal_state;
enum { HEAD = sizeof(conformal_state) / sizeof(double) };

typedef struct errors {
  const wsf__batch *b;
  int64_t stride; /* room per series */
  double *error;  /* step k (from 1) of error j in step[] */
  int32_t *step;
  int64_t *n;
  int64_t *horizon;
} errors;

static void collect(void *user, int64_t i, int64_t w, wsf__fold fold, const double *mean) {
  (void)w;
  errors *e = user;
  const double *y = e->b->series[i].y + fold.origin;
  for (int64_t k = 0; mean && k < fold.h; ++k) {
    const double error = y[k] - mean[k];
    if (!isfinite(error)) continue;
    const int64_t at = i * e->stride + e->n[i]++;
    e->error[at] = error;
    e->step[at] = (int32_t)(k + 1);
    e->horizon[i] = fold.h;
  }
}

static bool make_room(errors *e, const wsf__batch *b, const wsf__rolling *r, wsf__arena *scratch) {
  size_t cells;
  *e = (errors){.b = b};
  for (int64_t i = 0; i < b->n; ++i) {
    int64_t room = 0;
    wsf__fold fold;
    for (int64_t w = 0; wsf__rolling_fold(&fold, r, b->series[i].n, w); ++w) room += fold.h;
    if (room > e->stride) e->stride = room;
  }
  if (!wsf__mul((size_t)b->n, (size_t)e->stride, &cells)) return false;
  e->error = wsf__arena_new(scratch, cells, sizeof *e->error);
  e->step = wsf__arena_new(scratch, cells, sizeof *e->step);
  e->n = wsf__arena_zero(scratch, (size_t)b->n, sizeof *e->n);
  e->horizon = wsf__arena_zero(scratch, (size_t)b->n, sizeof *e->horizon);
  return e->error && e->step && e->n && e->horizon;
}

/* Least squares of |error| on the step, kept to level >= 0 and slope >= 0. */
static void fit_scale(conformal_state *c, const double *error, const int32_t *step, int64_t n) {
  double size = 0, at = 0, sxy = 0, sxx = 0;
  for (int64_t j = 0; j < n; ++j) {
    size += fabs(error[j]) / (double)n;
    at += (double)step[j] / (double)n;
  }
  for (int64_t j = 0; j < n; ++j) {
    sxy += ((double)step[j] - at) * (fabs(error[j]) - size);
    sxx += ((double)step[j] - at) * ((double)step[j] - at);
  }
  c->slope = sxx > 0 && sxy > 0 ? fmin(sxy / sxx, size / at) : 0;
  c->level = fmax(size - c->slope * at, 0);
}

static double scale_at(const conformal_state *c, double k) {
  if (c->horizon == 0) return c->level * sqrt(k);
  if (k <= c->horizon) return c->level + c->slope * k;
  return c->level + c->slope * sqrt(k * c->horizon);
}

/* Sigma of the random walk, over gaps too. */
static double walk_sigma(const double *y, int64_t n) {
  double squares = 0, count = 0;
  int64_t last = -1;
  for (int64_t t = 0; t < n; ++t) {
    if (isnan(y[t])) continue;
    if (last >= 0) {
      squares += (y[t] - y[last]) * (y[t] - y[last]) / (double)(t - last);
      count += 1;
    }
    last = t;
  }
  return count > 0 ? sqrt(squares / count) : 0;
}

static bool any_error(const double *error, int64_t n) {
  for (int64_t j = 0; j < n; ++j) {
    if (error[j] != 0) return true;
  }
  return false;
}

static wsf_status keep_scores(wsf__fit *f, wsf__fitted *out, const wsf__series *s, errors *e,
                              int64_t i, bool symmetric, int32_t reason) {
  double *error = e->error + i * e->stride;
  const int32_t *step = e->step + i * e->stride;
  const int64_t n = any_error(error, e->n[i]) ? e->n[i] : 0;
  const int64_t kept = n < MOST_SCORES ? n : MOST_SCORES;
  double *v = wsf__state_set(f, out, s, HEAD + kept, reason);
  if (!v) return wsf__fail_memory(f->err);
  conformal_state *c = (conformal_state *)v;
  if (e->n[i] == 0) {
    c->level = walk_sigma(s->y, s->n);
    out->state[s->slot].reason = wsf__reason_or(reason, WSF__NO_BACKTEST);
  }
  if (n == 0) return WSF_OK;
  c->horizon = (double)e->horizon[i];
  fit_scale(c, error, step, n);
  for (int64_t j = 0; j < n; ++j) {
    const double scale = scale_at(c, step[j]);
    error[j] = scale > 0 ? error[j] / scale : 0;
    if (symmetric) error[j] = fabs(error[j]);
  }
  wsf__sort(error, n);
  for (int64_t j = 0; j < kept; ++j) {
    c->scores[j] = kept == n ? error[j] : error[(j * (n - 1) + (kept - 1) / 2) / (kept - 1)];
  }
  return WSF_OK;
}

static wsf_status fit(wsf__fit *f, const wsf__batch *b, wsf__fitted *out) {
  const wsf__node *node = out->node;
  const wsf__rolling r = {wsf__arg_int(node, "windows"), wsf__arg_int(node, "horizon"),
                          wsf__season_of(node, f->panel)};
  const bool symmetric = wsf__arg_flag(node, "symmetric");
  errors e;
  if (!make_room(&e, b, &r, f->scratch)) return wsf__fail_memory(f->err);
  WSF__TRY(wsf__rolling_run(f, b, node->inner[0], &r, collect, &e));
  WSF__TRY(wsf__inner_fit(f, b, out));
  for (int64_t i = 0; i < b->n; ++i) {
    const wsf__series *s = &b->series[i];
    int32_t reason;
    if (!wsf__inner_fitted(out, s, &reason)) continue;
    WSF__TRY(keep_scores(f, out, s, &e, i, symmetric, reason));
  }
  return WSF_OK;
}

/* The score at a level of ranked scores of which so many around it are the same as the middle. */
static double tied_score(const double *u, int64_t n, double middle, double q) {
  double squares = 0, next = q > 0.5 ? INFINITY : -INFINITY;
  for (int64_t j = 0; j < n; ++j) {
    squares += (u[j] - middle) * (u[j] - middle) / (double)n;
    if (q > 0.5 && u[j] > middle) next = fmin(next, u[j]);
    if (q < 0.5 && u[j] < middle) next = fmax(next, u[j]);
  }
  const double score = middle + sqrt(squares) * wsf__normal_quantile(q);
  return q > 0.5 ? fmin(score, next) : fmax(score, next);
}

/* The score at a level, of scores ranked as they are. */
static double signed_score(const double *u, int64_t n, double q) {
  const double at = (double)(n + 1) * q, middle = 0.5 * (u[(n - 1) / 2] + u[n / 2]);
  if (q == 0.5) return middle;
  /* a hair of tolerance: (n + 1) q is a whole number in the reader's mind, not in binary */
  const double rank = q > 0.5 ? ceil(at - 1e-9) : floor(at + 1e-9);
  if (rank >= 1 && rank <= (double)n) {
    const double score = u[(int64_t)rank - 1];
    return score == middle ? tied_score(u, n, middle, q) : score;
  }
  double squares = 0;
  for (int64_t j = 0; j < n; ++j) squares += u[j] * u[j] / (double)n;
  const double tail = sqrt(squares) * wsf__normal_quantile(q);
  return q > 0.5 ? fmax(u[n - 1], tail) : fmin(u[0], tail);
}

/* Of sizes: the interval of coverage 2q - 1 around 0. */
static double size_score(const double *u, int64_t n, double q) {
  const double coverage = fabs(2 * q - 1);
  const double rank = ceil((double)(n + 1) * coverage - 1e-9);
  double size = 0;
  if (rank >= 1 && rank <= (double)n) size = u[(int64_t)rank - 1];
  if (coverage > 0 && size == 0) size = tied_score(u, n, 0, 0.5 + coverage / 2);
  if (rank > (double)n) {
    double squares = 0;
    for (int64_t j = 0; j < n; ++j) squares += u[j] * u[j] / (double)n;
    size = fmax(u[n - 1], sqrt(squares) * fabs(wsf__normal_quantile(q)));
  }
  return q < 0.5 ? -size : size;
}

/* Quantiles of n_q levels around the mean. */
typedef struct scored {
  const wsf__state *state;
  bool symmetric;
} scored;
static void put_bounds(wsf__forecast *out, const void *user) {
  const scored *of = user;
  const wsf__state *state = of->state;
  const conformal_state *c = (const conformal_state *)state->v;
  const int64_t n = state->n - HEAD;
  for (int k = 0; k < out->n_q && !wsf__forecast_stopped(out); ++k) {
    const double q = out->q[k];
    const double score = n == 0          ? wsf__normal_quantile(q)
                         : of->symmetric ? size_score(c->scores, n, q)
                                         : signed_score(c->scores, n, q);
    for (int64_t i = 0; i < out->h; ++i) {
      out->quantile[k * out->h + i] = out->mean[i] + score * scale_at(c, (double)(i + 1));
    }
  }
}

/* The back-test had no error. */
static bool is_exact(const wsf__state *state) {
  return state->n == HEAD && ((const conformal_state *)state->v)->level == 0;
}

static wsf_status predict(wsf__predict *p, const wsf__fitted *m, const wsf__batch *b,
                          wsf__forecast out[]) {
  const bool symmetric = wsf__arg_flag(m->node, "symmetric");
  wsf__forecast *mean = wsf__arena_new(p->scratch, (size_t)b->n, sizeof *mean);
  if (!mean) return wsf__fail_memory(p->err);
  for (int64_t i = 0; i < b->n; ++i) {
    mean[i] = out[i];
    mean[i].n_q = 0;
  }
  WSF__TRY(wsf__inner_delegate(p, m, 0, b, mean));
  for (int64_t i = 0; i < b->n; ++i) {
    const scored of = {&m->state[b->series[i].slot], symmetric};
    if (is_exact(of.state)) {
      wsf__forecast own = out[i];
      own.components = NULL; /* those of the mean are told */
      WSF__TRY(wsf__inner_delegate(p, m, 0, &(wsf__batch){1, &b->series[i]}, &own));
      continue;
    }
    put_bounds(&out[i], &of);
    if (out[i].n_paths == 0) continue;
    WSF__TRY(wsf__paths_place(&out[i], put_bounds, &of, p, &b->series[i]));
  }
  return WSF_OK;
}

static bool check(const wsf__node *node, const wsf__panel *frame, const wsf__state *state) {
  (void)node;
  (void)frame;
  if (state->n < HEAD || state->n > HEAD + MOST_SCORES || !wsf__state_finite(state)) return false;
  const conformal_state *c = (const conformal_state *)state->v;
  for (int64_t j = 1; j < state->n - HEAD; ++j) {
    if (c->scores[j] < c->scores[j - 1]) return false;
  }
  return c->level >= 0 && c->slope >= 0 && wsf__whole(c->horizon, 0, WSF__LONGEST);
}

const wsf__model_class wsf__model_conformal = {
    .spec = {.family = "model",
             .group = "combine",
             .name = "conformal",
             .summary = "intervals from back-test errors, for any model",
             .source = "Xu and Xie (2021), Conformal prediction interval for dynamic time series",
             .since = "0.1.0",
             .example = "mean(snaive, tslm) | conformal(windows=3)",
             .options = options,
             .n_options = sizeof options / sizeof *options},
    .fit = fit,
    .predict = predict,
    .update = wsf__state_keep,
    .check = check,
    .promise = {.update = WSF__NOT, .why = "an update keeps the errors of the fit"},
};
