/* Problem: intervals that hold what they say, for models whose own know too little: few windows of
 * one series say little of its errors, those of a panel say much.
 *
 * Method: empirical intervals (Williams and Goodman 1971, "A simple method for the construction of
 * empirical confidence limits for economic forecasts") of scores that series share. Errors of
 * back-tests are divided by the spread that the model inside gives them (locally weighted conformal
 * prediction: Lei, G'Sell, Rinaldo, Tibshirani and Wasserman 2018, section 5.2), and by how much
 * more or less than others the series of its group move at that place of the season, from the
 * seasonal differences of the history, shrunk towards 1. The scores of all series are pooled in
 * blocks of steps ahead, 1, 2 to 3, 4 to 7 and so on, and their quantiles put where the normal
 * distribution has its own: a straight line says that the model was right. It is shrunk towards
 * that line as by a few windows of a series, and by those where another call forecast than will.
 *
 * Errors of one window move together, which says where that window went and nothing of the next:
 * scores are taken from there. The means of the forecast stay as they are.
 *
 * Limits: between two windows all may change. Costs `windows` fits.
 *
 * State: place in the season of the first step, then what each place of the season multiplies; or
 * nothing. */
#include "math/normal.h"
#include "math/stats.h"
#include "models/combine/inner.h"
#include "models/combine/rolling.h"
#include "models/paths.h"
#include "models/scope.h"

#include <math.h>
#include <string.h>

static const wsf__option options[] = {
    {"inner", WSF__CALL, NULL, 0, 0, "model", "the model whose forecasts get intervals"},
    {"windows", WSF__INT, "3", 1, 100, NULL, "back-test windows, one after the other"},
    {"horizon", WSF__INT, "0", 0, 100000, NULL,
     "periods in a window; 0: those that will be forecast, else a season (6 without one), at most "
     "a "
     "quarter of the history"},
    {"by", WSF__TEXT, "auto", 0, 0, NULL,
     "key column whose series share how much each place of the season moves; auto: the last key "
     "(all series with fewer than two keys), all: the whole panel"},
    {"season", WSF__INT, "0", 0, 100000, NULL, "periods in a season; 0 = the data's"},
};

enum {
  POINTS = 49,           /* of a line of scores, over normal scores from -3 to 3 */
  MOST_SCORES = 1 << 16, /* of a block; more are thinned evenly */
  MOST_BLOCKS = 17,      /* the longest horizon has so many */
  PRIOR_WINDOWS = 8,     /* as much as the line of the model inside is worth */
  PRIOR_CHANGES = 20     /* as much as a factor of 1 is */
};
static const double WIDEST = 3;
static const double FAR = 10;   /* what lies beyond says no more of where the others went */
static const double MOST = 1e9; /* a score beyond says that the spread is none */
/* The levels that the model inside is asked for, and the distance of the upper one in standard
 * deviations of a normal distribution. */
static const double spread_levels[] = {0.1, 0.9};
static const double SPREAD = 1.2815515655446004;

typedef struct lines {
  int64_t n;     /* blocks of steps; 0: nothing was learnt */
  double *score; /* [n][POINTS] ascending */
} lines;

static int block_of(int64_t step) {
  int block = 0;
  while (step >> (block + 1)) ++block;
  return block;
}

static double normal_score(int point) {
  return WIDEST * (2.0 * point / (POINTS - 1) - 1);
}

/* ---- places of the season ------------------------------------------------------------------ */

typedef struct seasons {
  int64_t m;
  double **factor; /* [b->n] of a series, [m] by panel period modulo m; NULL: nothing is known */
} seasons;

static int64_t place(int64_t period, int64_t m) {
  return (period % m + m) % m;
}

static bool add_changes(double *sum, double *count, const wsf__series *s, int64_t m) {
  const double size = wsf__mean_abs_diff(s->y, s->n, m);
  if (!(size > 0) || isinf(size)) return false;
  for (int64_t t = m; t < s->n; ++t) {
    const double change = fabs(s->y[t] - s->y[t - m]) / size;
    if (!isfinite(change)) continue;
    sum[place(s->t0 + t, m)] += change;
    count[place(s->t0 + t, m)] += 1;
  }
  return true;
}

static wsf_status find_seasons(seasons *out, wsf__fit *f, const wsf__batch *b,
                               const wsf__node *node) {
  wsf__groups groups;
  WSF__TRY(wsf__groups_find(&groups, f, b, node));
  *out = (seasons){wsf__season_of(node, f->panel),
                   wsf__arena_zero(f->scratch, (size_t)b->n, sizeof *out->factor)};
  if (!out->factor) return wsf__fail_memory(f->err);
  if (out->m < 2) return WSF_OK;
  for (int64_t g = 0; g < groups.n; ++g) {
    if (wsf__stopped(f->env)) return wsf__fail_stopped(f->env, f->err);
    double *sum = wsf__arena_zero(f->scratch, (size_t)out->m, sizeof *sum);
    double *count = wsf__arena_zero(f->scratch, (size_t)out->m, sizeof *count);
    if (!sum || !count) return wsf__fail_memory(f->err);
    bool any = false;
    for (int64_t k = groups.start[g]; k < groups.start[g + 1]; ++k) {
      any = add_changes(sum, count, &b->series[groups.order[k]], out->m) || any;
    }
    if (!any) continue;
    for (int64_t i = 0; i < out->m; ++i) {
      sum[i] = (sum[i] + PRIOR_CHANGES) / (count[i] + PRIOR_CHANGES);
    }
    for (int64_t k = groups.start[g]; k < groups.start[g + 1]; ++k) {
      out->factor[groups.order[k]] = sum;
    }
  }
  return WSF_OK;
}

/* ---- scores -------------------------------------------------------------------------------- */

/* Of the model inside at a step; 0: it says that it cannot err, or nothing. */
static double spread_at(const wsf__forecast *own, int64_t i) {
  const double spread = (own->quantile[own->h + i] - own->quantile[i]) / (2 * SPREAD);
  return spread > 0 && isfinite(spread) ? spread : 0;
}

typedef struct scores {
  const wsf__batch *b;
  const wsf__fitted *inner; /* fitted to the whole histories */
  const seasons *seasons;
  int64_t n;
  double *score;
  int8_t *block;
  int64_t windows[MOST_BLOCKS]; /* windows of a series that have scores in a block */
  int64_t strange[MOST_BLOCKS]; /* windows in which the model inside was another */
  int64_t count[MOST_BLOCKS];
} scores;

static bool scores_room(scores *out, const wsf__batch *b, const wsf__rolling *r,
                        wsf__arena *scratch) {
  size_t room = 0;
  for (int64_t i = 0; i < b->n; ++i) {
    wsf__fold fold;
    for (int64_t w = 0; wsf__rolling_fold(&fold, r, b->series[i].n, w); ++w) {
      room += (size_t)fold.h;
    }
  }
  out->score = wsf__arena_new(scratch, room, sizeof *out->score);
  out->block = wsf__arena_new(scratch, room, sizeof *out->block);
  return out->score && out->block;
}

/* Whether a series was forecast by the same call in a window as it will be: short histories make
 * fallback choose another, and a model leave out its season. Of what is blended one or another may
 * be. */
static bool same_call(const wsf__fitted *a, int64_t i, const wsf__fitted *b, int64_t j) {
  while (a->node->n_inner == 1 || wsf__class_of(a->node)->chooses) {
    int call = 0;
    if (wsf__class_of(a->node)->chooses) {
      call = (int)a->state[i].v[0];
      if (call != (int)b->state[j].v[0]) return false;
    }
    a = a->inner[call];
    b = b->inner[call];
    if (a->state[i].reason >= WSF__NOT_FITTED || b->state[j].reason >= WSF__NOT_FITTED)
      return false;
  }
  return a->node->n_inner > 1 || a->state[i].reason == b->state[j].reason;
}

static void collect(void *user, int64_t i, int64_t w, wsf__fold fold, const wsf__forecast *own,
                    const wsf__fitted *fitted, int64_t slot) {
  (void)w;
  scores *all = user;
  const wsf__series *s = &all->b->series[i];
  if (!own || all->inner->state[s->slot].reason >= WSF__NOT_FITTED) return;
  const bool same = same_call(fitted, slot, all->inner, s->slot);
  const double *factor = all->seasons->factor[i];
  int last = -1;
  for (int64_t k = 0; k < fold.h; ++k) {
    const double spread = spread_at(own, k), error = s->y[fold.origin + k] - own->mean[k];
    const double part = factor ? factor[place(s->t0 + fold.origin + k, all->seasons->m)] : 1;
    const double score = error / (spread * part);
    if (!(spread > 0) || !(fabs(score) < MOST)) continue;
    const int block = block_of(k + 1);
    if (block != last) ++(same ? all->windows : all->strange)[block];
    last = block;
    if (!same) continue;
    all->score[all->n] = score;
    all->block[all->n++] = (int8_t)block;
    ++all->count[block];
  }
}

/* At a normal score, of n scores ranked from their median: the j-th stands at j / (n + 1), and what
 * lies beyond the first and the last goes on in their direction. */
static double score_at(const double *u, int64_t n, double z) {
  const double rank = wsf__normal_cdf(z) * (double)(n + 1);
  const double end = rank < 1 ? u[0] : u[n - 1];
  if (rank < 1 || rank > (double)n) {
    const double last = (double)(z > 0 ? n : 1) / (double)(n + 1);
    return end * z > 0 ? end * z / wsf__normal_quantile(last) : end;
  }
  const int64_t below = (int64_t)rank < n ? (int64_t)rank : n - 1;
  const double part = rank - (double)below;
  return below < 1 ? u[0] : u[below - 1] + part * (u[below] - u[below - 1]);
}

/* Where all went together, of sorted scores: the mean tells it, and the median if that is less. Of
 * rare demand most scores are those of zeros, below a mean that is right: nothing moved there. */
static double common_move(const double *u, int64_t n) {
  if (n == 0) return 0;
  double mean = 0;
  for (int64_t j = 0; j < n; ++j) mean += fmax(-FAR, fmin(FAR, u[j])) / (double)n;
  const double median = 0.5 * (u[(n - 1) / 2] + u[n / 2]);
  if (!(mean * median > 0)) return 0;
  return fabs(mean) < fabs(median) ? mean : median;
}

/* The line of a block into line[POINTS]; u has room for its scores. */
static void draw_line(double *line, const scores *all, int block, double *u) {
  const int64_t stride = (all->count[block] + MOST_SCORES - 1) / MOST_SCORES;
  int64_t n = 0, seen = 0;
  for (int64_t j = 0; j < all->n; ++j) {
    if (all->block[j] == block && seen++ % stride == 0) u[n++] = all->score[j];
  }
  wsf__sort(u, n);
  const double moved = common_move(u, n);
  for (int64_t j = 0; j < n; ++j) u[j] -= moved;
  const double known = n > 1 ? (double)all->windows[block] : 0;
  const double prior = PRIOR_WINDOWS + (double)all->strange[block];
  for (int k = 0; k < POINTS; ++k) {
    const double z = normal_score(k);
    const double score = n > 1 ? score_at(u, n, z) : 0;
    line[k] = (known * score + prior * z) / (known + prior);
    if (k > 0 && line[k] < line[k - 1]) line[k] = line[k - 1];
  }
}

static wsf_status learn(wsf__fit *f, wsf__fitted *out, const wsf__batch *b, const scores *all,
                        int32_t *number) {
  wsf__arena *keep = f->pool_new(f, out, &b->series[0], number);
  lines *l = keep ? wsf__arena_zero(keep, 1, sizeof *l) : NULL;
  if (!l) return wsf__fail_memory(f->err);
  out->pool[*number - 1] = l;
  for (int block = 0; block < MOST_BLOCKS; ++block) {
    if (all->count[block] > 1) l->n = block + 1;
  }
  l->score = wsf__arena_new(keep, (size_t)l->n * POINTS, sizeof *l->score);
  double *u = wsf__arena_new(f->scratch, (size_t)all->n, sizeof *u);
  if (!l->score || !u) return wsf__fail_memory(f->err);
  for (int block = 0; block < (int)l->n; ++block) {
    if (wsf__stopped(f->env)) return wsf__fail_stopped(f->env, f->err);
    draw_line(l->score + block * POINTS, all, block, u);
  }
  return WSF_OK;
}

static wsf_status keep(wsf__fit *f, wsf__fitted *out, const wsf__series *s, const double *factor,
                       int64_t m, int32_t number, int32_t reason) {
  double *v = wsf__state_set(f, out, s, factor ? 1 + m : 0, reason);
  if (!v) return wsf__fail_memory(f->err);
  out->state[s->slot].pool = number;
  if (!factor) return WSF_OK;
  v[0] = (double)place(s->t0 + s->n, m);
  memcpy(v + 1, factor, (size_t)m * sizeof *v);
  return WSF_OK;
}

static wsf_status fit(wsf__fit *f, const wsf__batch *b, wsf__fitted *out) {
  const wsf__node *node = out->node;
  const wsf__rolling r = wsf__rolling_of(node, f);
  seasons places;
  WSF__TRY(find_seasons(&places, f, b, node));
  WSF__TRY(wsf__inner_fit(f, b, out));
  scores all = {.b = b, .inner = out->inner[0], .seasons = &places};
  if (!scores_room(&all, b, &r, f->scratch)) return wsf__fail_memory(f->err);
  WSF__TRY(wsf__rolling_quantiles(f, b, node->inner[0], &r, 2, spread_levels, collect, &all));
  int32_t number;
  WSF__TRY(learn(f, out, b, &all, &number));
  const bool learnt = ((const lines *)out->pool[number - 1])->n > 0;
  for (int64_t i = 0; i < b->n; ++i) {
    const wsf__series *s = &b->series[i];
    int32_t reason;
    if (!wsf__inner_fitted(out, s, &reason)) continue;
    reason = wsf__reason_or(reason, learnt ? WSF__OK : WSF__NO_BACKTEST);
    WSF__TRY(keep(f, out, s, places.factor[i], places.m, number, reason));
  }
  return WSF_OK;
}

/* ---- what a fit left ----------------------------------------------------------------------- */

static double middle_of(int block) {
  return 1.5 * (double)((int64_t)1 << block) - 0.5;
}

/* Between the middles of two blocks, 1, 2.5, 5.5 and so on, what lies between their lines. */
static double line_at(const lines *l, int64_t step, int point) {
  int block = block_of(step);
  if (block > 0 && (double)step < middle_of(block)) --block;
  const double middle = middle_of(block);
  if (block >= l->n - 1) return l->score[(l->n - 1) * POINTS + point];
  const double part = ((double)step - middle) / (middle + 0.5);
  const double near = l->score[block * POINTS + point],
               far = l->score[(block + 1) * POINTS + point];
  return near + part * (far - near);
}

static double score_of(const lines *l, int64_t step, double z) {
  const double at = (z / WIDEST + 1) * (POINTS - 1) / 2;
  if (at <= 0 || at >= POINTS - 1) { /* goes on as it came */
    const double end = line_at(l, step, at <= 0 ? 0 : POINTS - 1);
    return end * z > 0 ? end * fabs(z) / WIDEST : end;
  }
  const int point = (int)at;
  const double below = line_at(l, step, point), above = line_at(l, step, point + 1);
  return below + (at - point) * (above - below);
}

/* Quantiles of the levels asked for around the mean. */
static void put_bounds(const lines *l, const wsf__state *state, const wsf__forecast *own,
                       wsf__forecast *out) {
  for (int k = 0; k < out->n_q && !wsf__forecast_stopped(out); ++k) {
    const double z = wsf__normal_quantile(out->q[k]);
    for (int64_t i = 0; i < out->h; ++i) {
      double spread = spread_at(own, i);
      if (state->n > 0) spread *= state->v[1 + ((int64_t)state->v[0] + i) % (state->n - 1)];
      out->quantile[k * out->h + i] = out->mean[i] + spread * score_of(l, i + 1, z);
    }
  }
}

/* The paths of the model inside, at the distances that the scores have from the mean. */
static wsf_status place_paths(wsf__predict *p, const lines *l, const wsf__state *state,
                              const wsf__series *s, const wsf__forecast *own, wsf__forecast *out) {
  const wsf__mark mark = wsf__arena_mark(p->scratch);
  const wsf__forecast like = {
      .h = out->h, .n_q = (int)out->n_paths, .q = wsf__path_levels(p->scratch, out->n_paths)};
  wsf__forecast levels;
  if (!like.q || !wsf__forecast_like(&levels, p->scratch, &like)) return wsf__fail_memory(p->err);
  memcpy(levels.mean, out->mean, (size_t)out->h * sizeof *levels.mean);
  put_bounds(l, state, own, &levels);
  if (!wsf__paths_couple(out, levels.quantile, p, s)) return wsf__fail_memory(p->err);
  wsf__arena_reset(p->scratch, mark);
  return WSF_OK;
}

static wsf_status predict(wsf__predict *p, const wsf__fitted *m, const wsf__batch *b,
                          wsf__forecast out[]) {
  bool learnt = false;
  for (int64_t i = 0; i < b->n; ++i) {
    const lines *l = wsf__pool_of(m, &b->series[i]);
    learnt = learnt || l->n > 0;
  }
  if (!learnt) return wsf__inner_delegate(p, m, 0, b, out);
  wsf__forecast *own = wsf__arena_new(p->scratch, (size_t)b->n, sizeof *own);
  if (!own) return wsf__fail_memory(p->err);
  for (int64_t i = 0; i < b->n; ++i) {
    own[i] = out[i];
    own[i].n_q = 2;
    own[i].q = spread_levels;
    own[i].quantile = wsf__arena_new(p->scratch, (size_t)out[i].h, 2 * sizeof(double));
    if (!own[i].quantile) return wsf__fail_memory(p->err);
  }
  WSF__TRY(wsf__inner_delegate(p, m, 0, b, own));
  for (int64_t i = 0; i < b->n; ++i) {
    const wsf__series *s = &b->series[i];
    const lines *l = wsf__pool_of(m, s);
    const wsf__state *state = &m->state[s->slot];
    if (l->n == 0) continue;
    put_bounds(l, state, &own[i], &out[i]);
    if (out[i].n_paths > 0) WSF__TRY(place_paths(p, l, state, s, &own[i], &out[i]));
  }
  return WSF_OK;
}

static wsf_status update(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                         wsf__fitted *out) {
  WSF__TRY(wsf__state_keep(f, old, s, out));
  const wsf__state *state = &out->state[s->slot];
  if (state->n == 0) return WSF_OK;
  double *first = (double *)(uintptr_t)state->v;
  *first = (double)place((int64_t)*first + s->n % (state->n - 1), state->n - 1);
  return WSF_OK;
}

/* Its like have shown how the model inside errs; nothing is known of its seasons. */
static wsf_status start(wsf__fit *f, const void *pool, const wsf__series *s, wsf__fitted *out) {
  (void)pool;
  WSF__TRY(wsf__inner_fit(f, &(wsf__batch){.n = 1, .series = s}, out));
  const int32_t reason = out->inner[0]->state[s->slot].reason;
  if (reason >= WSF__NOT_FITTED) {
    wsf__state_fail(out, s, reason == WSF__SKIPPED ? WSF__NEW : reason);
    return WSF_OK;
  }
  if (!wsf__state_set(f, out, s, 0, reason)) return wsf__fail_memory(f->err);
  return WSF_OK;
}

static void save_pool(wsf__writer *w, const wsf__node *node, const void *pool) {
  (void)node;
  const lines *l = pool;
  wsf__write_i64(w, l->n);
  wsf__write_f64s(w, l->score, l->n * POINTS);
}

static bool is_line(const double *line) {
  for (int k = 0; k < POINTS; ++k) {
    if (!isfinite(line[k]) || (k > 0 && line[k] < line[k - 1])) return false;
  }
  return true;
}

static const void *load_pool(wsf__reader *r, wsf__arena *keep, const wsf__node *node,
                             const wsf__panel *frame) {
  (void)node;
  (void)frame;
  lines *l = wsf__read_room(r, keep, 1, sizeof *l);
  if (!l) return NULL;
  l->n = wsf__read_count(r, POINTS * sizeof *l->score);
  if (r->failed || l->n > MOST_BLOCKS) return NULL;
  l->score = wsf__read_f64s(r, keep, l->n * POINTS);
  if (r->failed) return NULL;
  for (int64_t block = 0; block < l->n; ++block) {
    if (!is_line(l->score + block * POINTS)) return NULL;
  }
  return l;
}

static bool check(const wsf__node *node, const wsf__panel *frame, const wsf__state *state) {
  if (state->n == 0) return true;
  if (state->n - 1 != wsf__season_of(node, frame) || !wsf__state_finite(state)) return false;
  for (int64_t i = 1; i < state->n; ++i) {
    if (!(state->v[i] > 0)) return false;
  }
  return wsf__whole(state->v[0], 0, (double)(state->n - 2));
}

static wsf_status scope(wsf__scope *out, const wsf__node *node, const wsf__panel *panel,
                        wsf_error *err) {
  WSF__TRY(wsf__scope_by(out, node, panel, err)); /* whether there is such a key */
  *out = (wsf__scope){.of = WSF__PANEL};
  return WSF_OK;
}

const wsf__model_class wsf__model_empirical = {
    .spec = {.family = "model",
             .group = "combine",
             .name = "empirical",
             .summary = "intervals from back-test errors that all series share, for any model",
             .source =
                 "Williams and Goodman (1971); Lei et al. (2018), Distribution-free predictive "
                 "inference for regression",
             .since = "0.2.0",
             .example = "stl(ets) | empirical(windows=2)",
             .options = options,
             .n_options = sizeof options / sizeof *options},
    .fit = fit,
    .predict = predict,
    .update = update,
    .start = start,
    .save_pool = save_pool,
    .load_pool = load_pool,
    .check = check,
    .scope = scope,
    .promise = {.update = WSF__NOT, .why = "an update keeps the errors of the fit"},
};
