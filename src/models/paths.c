/* Problem: what is sold over a lead time is a sum of steps whose errors hang together, which
 * intervals step by step do not tell.
 *
 * Method: a path's errors are independent normal numbers that live on as the model says an error
 * does (`response`) or, where it does not, follow each other as the residuals did (blocks.c), plus
 * what all steps share. At each step the paths then take the values of the
 * model's own quantile function at (k + 1/2) / n in the order of those errors: a copula of normal
 * errors under the model's marginals (the Schaake shuffle: Clark et al. 2004, "The Schaake
 * shuffle"; Schefzik, Thorarinsdottir and Gneiting 2013, "Uncertainty quantification in complex
 * simulation models using ensemble copula coupling"). So paths agree with the quantiles by
 * construction. The numbers belong to the series' key, the path and the step, and are the same for
 * every model, so that paths of several models can be averaged path by path.
 *
 * Far ahead the sums of a dense response are found for two paths at once by Fourier transforms, in
 * a time that is linear but for a logarithm.
 *
 * Limits: the dependence is that of the linear model, to first order where a model is not. Series
 * are independent of each other, but where a call around them knows which errors happened together
 * (wsf__shocks): then all series take, path by path and step by step, the errors of one and the
 * same period. */
#include "models/paths.h"

#include "linalg/spectrum.h"
#include "math/normal.h"
#include "math/stats.h"
#include "models/blocks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum stream { SHOCKS = 1, NOISE, TIES, SHARED, LEVELS }; /* kinds of random numbers of a series */

static wsf__rng numbers(const wsf__predict *p, const wsf__series *s, enum stream kind, int64_t i) {
  wsf__rng r;
  wsf__rng_init(&r, p->env->seed ^ wsf__panel_seed(p->frame, s->id),
                (uint64_t)kind << 56 | (uint64_t)i);
  return r;
}

const double *wsf__path_levels(wsf__arena *arena, int64_t n) {
  double *q = wsf__arena_new(arena, (size_t)n, sizeof *q);
  for (int64_t k = 0; q && k < n; ++k) q[k] = ((double)k + 0.5) / (double)n;
  return q;
}

typedef struct ranked {
  double value;
  int64_t path;
} ranked;

static int by_value(const void *a, const void *b) {
  const ranked *x = a, *y = b;
  if (x->value != y->value) return x->value < y->value ? -1 : 1;
  return (x->path > y->path) - (x->path < y->path);
}

/* Paths with equal values have no order of their own: one by lot, or they would stay together. */
static void draw_lots(ranked *order, int64_t n, wsf__rng *r) {
  for (int64_t from = 0; from < n;) {
    int64_t end = from + 1;
    while (end < n && order[end].value == order[from].value) ++end;
    for (int64_t i = end - 1; i > from; --i) {
      const int64_t j = from + wsf__rng_below(r, i - from + 1), other = order[i].path;
      order[i].path = order[j].path;
      order[j].path = other;
    }
    from = end;
  }
}

bool wsf__paths_couple(wsf__forecast *out, const double *quantile, wsf__predict *p,
                       const wsf__series *s) {
  const int64_t n = out->n_paths, h = out->h;
  const wsf__mark mark = wsf__arena_mark(p->scratch);
  ranked *order = wsf__arena_new(p->scratch, (size_t)n, sizeof *order);
  double *value = wsf__arena_new(p->scratch, (size_t)n, sizeof *value);
  if (!order || !value) return false;
  for (int64_t i = 0; i < h && !wsf__cut_short(p->scratch); ++i) {
    wsf__rng lots = numbers(p, s, TIES, i);
    for (int64_t k = 0; k < n; ++k) {
      const double x = out->path[k * h + i];
      order[k] = (ranked){isnan(x) ? 0 : x, k};
      value[k] = quantile[k * h + i];
    }
    qsort(order, (size_t)n, sizeof *order, by_value);
    draw_lots(order, n, &lots);
    wsf__sort(value, n);
    for (int64_t k = 0; k < n; ++k) out->path[order[k].path * h + i] = value[k];
  }
  wsf__arena_reset(p->scratch, mark);
  return true;
}

wsf_status wsf__paths_place(wsf__forecast *out, wsf__bounds_fn *bounds, const void *user,
                            wsf__predict *p, const wsf__series *s) {
  const wsf__mark mark = wsf__arena_mark(p->scratch);
  const wsf__forecast like = {
      .h = out->h, .n_q = (int)out->n_paths, .q = wsf__path_levels(p->scratch, out->n_paths)};
  wsf__forecast own;
  if (!like.q || !wsf__forecast_like(&own, p->scratch, &like)) return wsf__fail_memory(p->err);
  memcpy(own.mean, out->mean, (size_t)out->h * sizeof *own.mean);
  bounds(&own, user);
  if (!wsf__paths_couple(out, own.quantile, p, s)) return wsf__fail_memory(p->err);
  wsf__arena_reset(p->scratch, mark);
  return WSF_OK;
}

/* How the errors of one series come about. */
typedef struct walk {
  wsf__response r;
  wsf__blocks blocks;
  int64_t lags, *lag; /* at which r.error is not 0 */
  wsf__convolver far; /* instead of the lags, where they are many */
  bool by_transform;
  double *z[2]; /* [h], or [far.s.size]: the shocks of a path and of the next */
} walk;

/* From so many products for a path on transforms take less time. Their rounding is that of the
 * largest response, which must not drown the errors of the first steps. */
static const double MANY = 4e6, LARGE = 1e6;

static bool is_many(const walk *w) {
  double largest = 0;
  if ((double)w->lags * (double)w->r.h <= MANY) return false;
  for (int64_t j = 0; j < w->r.h; ++j) largest = fmax(largest, fabs(w->r.error[j]));
  return largest <= LARGE;
}

wsf_status wsf__response_of(wsf__response *out, wsf__predict *p, const wsf__fitted *m,
                            const wsf__series *s, int64_t h) {
  const wsf__model_class *class = wsf__class_of(m->node);
  *out = (wsf__response){.h = h, .n_shared = 1};
  out->error = wsf__arena_zero(p->scratch, (size_t)h, sizeof *out->error);
  out->shared = wsf__arena_zero(p->scratch, (size_t)h, sizeof *out->shared);
  if (!out->error || !out->shared) return wsf__fail_memory(p->err);
  out->error[0] = 1;
  return class->response ? class->response(p, m, s, out) : WSF_OK;
}

static wsf_status begin_walk(walk *w, wsf__predict *p, const wsf__fitted *m, const wsf__series *s,
                             int64_t h) {
  *w = (walk){.blocks = {.length = 1}};
  WSF__TRY(wsf__response_of(&w->r, p, m, s, h));
  w->lag = wsf__arena_new(p->scratch, (size_t)h, sizeof *w->lag);
  if (!w->lag) return wsf__fail_memory(p->err);
  if (m->residuals && !wsf__blocks_make(&w->blocks, &m->residuals[s->slot], p->scratch)) {
    return wsf__fail_memory(p->err);
  }
  for (int64_t j = 0; j < h; ++j) {
    if (w->r.error[j] != 0) w->lag[w->lags++] = j;
  }
  w->by_transform = is_many(w);
  if (w->by_transform && !wsf__convolver_init(&w->far, w->r.error, h, p->scratch)) {
    return wsf__fail_memory(p->err);
  }
  const size_t room = (size_t)(w->by_transform ? w->far.s.size : h);
  for (int i = 0; i < 2; ++i) {
    w->z[i] = wsf__arena_zero(p->scratch, room, sizeof(double));
    if (!w->z[i]) return wsf__fail_memory(p->err);
  }
  return WSF_OK;
}

/* A normal number of a series' own, of the rank that its error had in a period. */
static double shock(const wsf__shocks *all, int64_t series, int64_t period, wsf__rng *own) {
  const int32_t rank = all->rank[series][period];
  const double u = wsf__rng_uniform(own);
  return wsf__normal_quantile(rank < 0 ? u : (rank + u) / all->n_ranks[series]);
}

/* The shocks of path k to w->z[side]; returns the one that all steps share. */
static double draw(const walk *w, const wsf__predict *p, const wsf__series *s, int64_t k,
                   int side) {
  const wsf__shocks *all = p->shocks && p->shocks->rank[s->id] ? p->shocks : NULL;
  wsf__rng shocks = numbers(p, s, SHOCKS, k), periods; /* the same for all series */
  wsf__rng_init(&periods, p->env->seed, (uint64_t)SHOCKS << 56 | (uint64_t)k);
  double common = 0;
  for (int64_t i = -1; i < w->r.h; ++i) {
    const double z = all ? shock(all, s->id, wsf__rng_below(&periods, all->n), &shocks)
                         : wsf__rng_normal(&shocks);
    if (i < 0)
      common = z;
    else
      w->z[side][i] = z;
  }
  wsf__blocks_follow(&w->blocks, w->z[side], w->r.h);
  return common;
}

/* What the shocks of w->z[side] do to later steps. */
static void live_on(const walk *w, const wsf__predict *p, int side, double common, double *e) {
  const wsf__response *r = &w->r;
  const double *z = w->z[side];
  for (int64_t i = 0; i < r->h; ++i) {
    double sum = r->shared[i] * common;
    if (w->by_transform) sum += z[i];
    if (i % 256 == 0 && wsf__cut_short(p->scratch)) return;
    for (int64_t j = 0; !w->by_transform && j < w->lags && w->lag[j] <= i; ++j) {
      sum += r->error[w->lag[j]] * z[i - w->lag[j]];
    }
    e[i] = sum;
  }
}

/* What steps of path k share beside the first cause. */
static void share(const walk *w, const wsf__predict *p, const wsf__series *s, int64_t k,
                  double *e) {
  const wsf__response *r = &w->r;
  wsf__rng shared = numbers(p, s, SHARED, k);
  for (int64_t row = 1; row < r->n_shared && !wsf__cut_short(p->scratch); ++row) {
    const double other = wsf__rng_normal(&shared);
    for (int64_t i = 0; i < r->h; ++i) e[i] += r->shared[row * r->h + i] * other;
  }
  if (!r->level) return;
  wsf__rng levels = numbers(p, s, LEVELS, k);
  double *own = w->z[0]; /* of each season */
  for (int64_t i = 0; i < r->h; ++i) {
    if (i < r->season) own[i] = wsf__rng_normal(&levels);
    e[i] += r->level[i] * own[i % r->season];
  }
}

/* The errors of paths k and k + 1, or of the last alone: e[i] = sum of response[j] z[i - j] + what
 * steps share. */
static void go(const walk *w, const wsf__predict *p, const wsf__series *s, int64_t k,
               wsf__forecast *out) {
  const int64_t h = out->h;
  const int paths = k + 1 < out->n_paths ? 2 : 1;
  double common[2] = {0};
  for (int i = 0; i < paths; ++i) common[i] = draw(w, p, s, k + i, i);
  if (w->by_transform) {
    if (paths == 1) memset(w->z[1], 0, (size_t)h * sizeof(double));
    wsf__convolve(&w->far, w->z[0], w->z[1], h);
  }
  for (int i = 0; i < paths; ++i) live_on(w, p, i, common[i], out->path + (k + i) * h);
  for (int i = 0; i < paths; ++i) share(w, p, s, k + i, out->path + (k + i) * h);
}

wsf_status wsf__paths_make(wsf__predict *p, const wsf__fitted *m, const wsf__series *s,
                           wsf__forecast *out) {
  const int64_t h = out->h, n = out->n_paths;
  const wsf__mark mark = wsf__arena_mark(p->scratch);
  const double *q = wsf__path_levels(p->scratch, n);
  walk w;
  wsf__forecast own;
  if (!q ||
      !wsf__forecast_like(&own, p->scratch, &(wsf__forecast){.h = h, .n_q = (int)n, .q = q})) {
    return wsf__fail_memory(p->err);
  }
  WSF__TRY(begin_walk(&w, p, m, s, h));
  for (int64_t k = 0; k < n; k += 2) {
    if (wsf__stopped(p->env)) return wsf__fail_stopped(p->env, p->err);
    go(&w, p, s, k, out);
  }
  WSF__TRY(p->predict_inner(p, m, &(wsf__batch){1, s}, &own));
  if (!wsf__paths_couple(out, own.quantile, p, s)) return wsf__fail_memory(p->err);
  wsf__arena_reset(p->scratch, mark);
  return WSF_OK;
}

void wsf__paths_widen(wsf__forecast *out, const double *stretch, const double *sd, int64_t period,
                      const wsf__predict *p, const wsf__series *s) {
  for (int64_t k = 0; k < out->n_paths && !wsf__forecast_stopped(out); ++k) {
    wsf__rng rng;
    for (int64_t i = 0; i < out->h; ++i) {
      if (i % period == 0) rng = numbers(p, s, NOISE, k);
      double *x = &out->path[k * out->h + i];
      *x += (stretch ? stretch[i] - 1 : 0) * (*x - out->mean[i]) + sd[i] * wsf__rng_normal(&rng);
    }
  }
}
