/* The smallest model of a whole panel: for tests of what such models need of the house.
 *
 * Method: y / scale of a series, its mean size, is linear in the features of a recipe (least
 * squares over all rows of a group of series, with a little ridge); what is left is kept as means
 * of `cells` classes of rows, told apart by a hash of their features rounded, so that a pool can be
 * as large as a test wants. Features that are not known count as 0.
 *
 * Pool: the record below. State: scale, then the end of the history as far as the recipe reads it,
 * over scale, NaN where nothing was observed. A series never seen needs only that. */
#include "features/recipe.h"
#include "linalg/linalg.h"
#include "models/scope.h"

#include <math.h>
#include <string.h>

static const wsf__option options[] = {
    {"features", WSF__CALLS, NULL, 0, 0, "feature", "what the forecast is linear in"},
    {"cells", WSF__INT, "0", 0, 1e8, NULL, "classes of rows with a mean of their own"},
    WSF__OPTION_BY};

typedef struct toy_pool {
  int64_t width, cells;
  double sd;
  double *weight; /* [width + 1], the constant last */
  double *cell;   /* [cells] */
} toy_pool;

enum { BLOCK = 64 };

/* ---- rows --------------------------------------------------------------------------------- */

static int64_t furthest(const wsf__node *node) {
  const wsf__value *features = wsf__arg(node, "features");
  int64_t most = 0;
  for (int i = 0; i < features->n; ++i) {
    int64_t far = 0;
    (void)wsf__feature_class_of(features->inner[i])->lag(features->inner[i], &far);
    if (far > most) most = far;
  }
  return most;
}

static int64_t reach(const wsf__node *node) {
  return wsf__recipe_reach(wsf__arg(node, "features"));
}

static double known(float x) {
  return isfinite(x) ? (double)x : 0;
}

static int64_t cell_of(const toy_pool *p, const float *x, int64_t stride) {
  uint64_t h = WSF__HASH_SEED;
  for (int64_t c = 0; c < p->width; ++c) {
    const double rounded = floor(4 * known(x[c * stride]));
    h = wsf__hash(h, &rounded, sizeof rounded);
  }
  return (int64_t)(h % (uint64_t)p->cells);
}

static double linear(const toy_pool *p, const float *x, int64_t stride) {
  double sum = p->weight[p->width];
  for (int64_t c = 0; c < p->width; ++c) sum += p->weight[c] * known(x[c * stride]);
  return sum;
}

/* ---- fit ---------------------------------------------------------------------------------- */

/* One group of series of a batch. */
typedef struct work {
  const wsf__recipe *recipe;
  const wsf__series *series; /* of the batch, y over scale */
  const int64_t *at;         /* [n] the group's */
  int64_t n;
  double *sums; /* [blocks] normal equations: (w + 1) x (w + 1), then the right side */
} work;

static float *rows_of(wsf__fit *f, const wsf__recipe *r, const wsf__series *s) {
  float *x = wsf__arena_new(f->scratch, (size_t)s->n * (size_t)r->width, sizeof *x);
  if (!x) return NULL;
  const wsf__feature_view v = wsf__recipe_view(r, s->id, s->y, s->t0, s->n, f->scratch, f->err);
  return wsf__recipe_fill(r, &v, s->t0, s->n, x, s->n) == WSF_OK ? x : NULL;
}

static wsf_status add_block(wsf__fit *f, int64_t block, void *user) {
  const work *g = user;
  const int64_t w = g->recipe->width, m = w + 1;
  double *left = g->sums + block * m * (m + 1), *right = left + m * m;
  double *row = wsf__arena_new(f->scratch, (size_t)m, sizeof *row);
  if (!row) return wsf__fail_memory(f->err);
  const int64_t end = (block + 1) * BLOCK < g->n ? (block + 1) * BLOCK : g->n;
  for (int64_t j = block * BLOCK; j < end; ++j) {
    const wsf__series *s = &g->series[g->at[j]];
    const wsf__mark mark = wsf__arena_mark(f->scratch);
    const float *x = rows_of(f, g->recipe, s);
    if (!x) return wsf__fail_memory(f->err);
    for (int64_t t = 0; t < s->n; ++t) {
      if (isnan(s->y[t])) continue;
      for (int64_t c = 0; c < w; ++c) row[c] = known(x[c * s->n + t]);
      row[w] = 1;
      for (int64_t a = 0; a < m; ++a) {
        for (int64_t b = 0; b < m; ++b) left[a * m + b] += row[a] * row[b];
        right[a] += row[a] * s->y[t];
      }
    }
    wsf__arena_reset(f->scratch, mark);
  }
  return WSF_OK;
}

static wsf_status learn_weights(wsf__fit *f, work *g, toy_pool *p) {
  const int64_t m = p->width + 1, size = m * (m + 1), blocks = (g->n + BLOCK - 1) / BLOCK;
  g->sums = wsf__arena_zero(f->scratch, (size_t)(blocks * size), sizeof *g->sums);
  if (!g->sums) return wsf__fail_memory(f->err);
  WSF__TRY(f->parallel(f, blocks, add_block, g));
  for (int64_t i = size; i < blocks * size; ++i) g->sums[i % size] += g->sums[i];
  for (int64_t k = 0; k < m; ++k) g->sums[k * m + k] += 1e-6;
  memcpy(p->weight, g->sums + m * m, (size_t)m * sizeof *p->weight);
  if (!wsf__posv((int)m, g->sums, p->weight)) memset(p->weight, 0, (size_t)m * sizeof *p->weight);
  return WSF_OK;
}

static wsf_status learn_cells(wsf__fit *f, const work *g, toy_pool *p) {
  double *count = wsf__arena_zero(f->scratch, (size_t)p->cells, sizeof *count);
  if (!count) return wsf__fail_memory(f->err);
  double squares = 0, n = 0;
  for (int64_t j = 0; j < g->n; ++j) {
    const wsf__series *s = &g->series[g->at[j]];
    const wsf__mark mark = wsf__arena_mark(f->scratch);
    const float *x = rows_of(f, g->recipe, s);
    if (!x) return wsf__fail_memory(f->err);
    for (int64_t t = 0; t < s->n; ++t) {
      if (isnan(s->y[t])) continue;
      const double error = s->y[t] - linear(p, x + t, s->n);
      squares += error * error;
      n += 1;
      if (p->cells == 0) continue;
      const int64_t cell = cell_of(p, x + t, s->n);
      count[cell] += 1;
      p->cell[cell] += (error - p->cell[cell]) / count[cell];
    }
    wsf__arena_reset(f->scratch, mark);
  }
  p->sd = n > 0 ? sqrt(squares / n) : 0;
  return WSF_OK;
}

static toy_pool *pool_room(wsf__arena *keep, int64_t width, int64_t cells) {
  toy_pool *p = wsf__arena_new(keep, 1, sizeof *p);
  double *weight = wsf__arena_zero(keep, (size_t)width + 1, sizeof *weight);
  double *cell = wsf__arena_zero(keep, (size_t)cells, sizeof *cell);
  if (!p || !weight || !cell) return NULL;
  *p = (toy_pool){.width = width, .cells = cells, .weight = weight, .cell = cell};
  return p;
}

static double scale_of(const wsf__series *s) {
  double sum = 0, n = 0;
  for (int64_t t = 0; t < s->n; ++t) {
    if (isnan(s->y[t])) continue;
    n += 1;
    sum += (fabs(s->y[t]) - sum) / n;
  }
  return sum > 0 ? sum : 1;
}

/* s: y over scale. */
static wsf_status set_state(wsf__fit *f, wsf__fitted *out, const wsf__series *s, double scale) {
  const int64_t far = furthest(out->node);
  double *v = wsf__state_set(f, out, s, 1 + far, WSF__OK);
  if (!v) return wsf__fail_memory(f->err);
  v[0] = scale;
  for (int64_t k = 0; k < far; ++k) v[1 + k] = s->n < far - k ? NAN : s->y[s->n - far + k];
  return WSF_OK;
}

static wsf_status learn(wsf__fit *f, work *g, const double *scale, wsf__fitted *out) {
  int32_t number;
  wsf__arena *keep = f->pool_new(f, out, &g->series[g->at[0]], &number);
  toy_pool *p = keep ? pool_room(keep, g->recipe->width, wsf__arg_int(out->node, "cells")) : NULL;
  if (!p) return wsf__fail_memory(f->err);
  WSF__TRY(learn_weights(f, g, p));
  WSF__TRY(learn_cells(f, g, p));
  out->pool[number - 1] = p;
  for (int64_t j = 0; j < g->n; ++j) {
    const wsf__series *s = &g->series[g->at[j]];
    WSF__TRY(set_state(f, out, s, scale[g->at[j]]));
    out->state[s->slot].pool = number;
  }
  return WSF_OK;
}

static wsf_status fit(wsf__fit *f, const wsf__batch *b, wsf__fitted *out) {
  wsf__recipe recipe;
  wsf__groups groups;
  WSF__TRY(
      wsf__recipe_make(&recipe, f->scratch, wsf__arg(out->node, "features"), f->panel, f->err));
  WSF__TRY(wsf__groups_find(&groups, f, b, out->node));
  wsf__series *series = wsf__batch_copy(f, b);
  double *scale = wsf__arena_new(f->scratch, (size_t)b->n, sizeof *scale);
  if (!series || !scale) return wsf__fail_memory(f->err);
  for (int64_t i = 0; i < b->n; ++i) {
    double *y = wsf__series_values(&series[i]);
    scale[i] = scale_of(&series[i]);
    for (int64_t t = 0; t < series[i].n; ++t) y[t] /= scale[i];
  }
  for (int64_t k = 0; k < groups.n; ++k) {
    const wsf__mark mark = wsf__arena_mark(f->scratch);
    work g = {.recipe = &recipe,
              .series = series,
              .at = groups.order + groups.start[k],
              .n = groups.start[k + 1] - groups.start[k]};
    WSF__TRY(learn(f, &g, scale, out));
    wsf__arena_reset(f->scratch, mark);
  }
  return WSF_OK;
}

/* ---- what a fit left ---------------------------------------------------------------------- */

/* The future of one series, over its scale, written behind the end of its history. */
typedef struct path {
  wsf__feature_view view;
  double *y;
  int64_t far;
} path;

static wsf_status step(const wsf__recipe *r, const toy_pool *pool, path *p, float *x) {
  WSF__TRY(wsf__recipe_fill(r, &p->view, p->view.t0 + p->view.n, 1, x, 1));
  double y = linear(pool, x, 1);
  if (pool->cells > 0) y += pool->cell[cell_of(pool, x, 1)];
  p->y[p->view.n++] = y;
  return WSF_OK;
}

/* All series take a step before any takes the next, as a network would. */
static wsf_status predict(wsf__predict *p, const wsf__fitted *m, const wsf__batch *b,
                          wsf__forecast out[]) {
  wsf__recipe recipe;
  WSF__TRY(wsf__recipe_make(&recipe, p->scratch, wsf__arg(m->node, "features"), p->frame, p->err));
  path *paths = wsf__arena_new(p->scratch, (size_t)b->n, sizeof *paths);
  float *x = wsf__arena_new(p->scratch, (size_t)recipe.width, sizeof *x);
  if (!paths || !x) return wsf__fail_memory(p->err);
  int64_t longest = 0;
  for (int64_t i = 0; i < b->n; ++i) {
    const wsf__series *s = &b->series[i];
    const wsf__state *state = &m->state[s->slot];
    const int64_t far = state->n - 1, t0 = s->t0 + s->n - far;
    double *y = wsf__arena_new(p->scratch, (size_t)(far + out[i].h), sizeof *y);
    if (!y) return wsf__fail_memory(p->err);
    memcpy(y, state->v + 1, (size_t)far * sizeof *y);
    paths[i] = (path){wsf__recipe_view(&recipe, s->id, y, t0, far, p->scratch, p->err), y, far};
    if (out[i].h > longest) longest = out[i].h;
  }
  for (int64_t k = 0; k < longest; ++k) {
    for (int64_t i = 0; i < b->n; ++i) {
      if (k < out[i].h) WSF__TRY(step(&recipe, wsf__pool_of(m, &b->series[i]), &paths[i], x));
    }
  }
  double *sd = wsf__arena_new(p->scratch, (size_t)longest, sizeof *sd);
  if (!sd) return wsf__fail_memory(p->err);
  for (int64_t i = 0; i < b->n; ++i) {
    const toy_pool *pool = wsf__pool_of(m, &b->series[i]);
    const double scale = m->state[b->series[i].slot].v[0];
    for (int64_t k = 0; k < out[i].h; ++k) {
      out[i].mean[k] = scale * paths[i].y[paths[i].far + k];
      sd[k] = scale * pool->sd;
    }
    wsf__forecast_normal(&out[i], sd);
  }
  return WSF_OK;
}

static wsf_status update(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                         wsf__fitted *out) {
  const wsf__state *before = &old->state[s->slot];
  const int64_t far = before->n - 1;
  double *v = wsf__state_copy(f, old, s, out);
  if (!v) return wsf__fail_memory(f->err);
  for (int64_t k = 0; k < far; ++k) {
    const int64_t at = k + s->n; /* in the old end followed by what is new */
    v[1 + k] = at < far ? before->v[1 + at] : s->y[at - far] / before->v[0];
  }
  return WSF_OK;
}

static wsf_status start(wsf__fit *f, const void *pool, const wsf__series *s, wsf__fitted *out) {
  (void)pool; /* all that a series adds is its end */
  const wsf__batch one = {1, s};
  wsf__series *copy = wsf__batch_copy(f, &one);
  if (!copy) return wsf__fail_memory(f->err);
  const double scale = scale_of(s);
  double *y = wsf__series_values(copy);
  for (int64_t t = 0; t < s->n; ++t) y[t] /= scale;
  return set_state(f, out, copy, scale);
}

static void save_pool(wsf__writer *w, const wsf__node *node, const void *pool) {
  (void)node;
  const toy_pool *p = pool;
  wsf__write_i64(w, p->width);
  wsf__write_i64(w, p->cells);
  wsf__write_f64(w, p->sd);
  wsf__write_f64s(w, p->weight, p->width + 1);
  wsf__write_f64s(w, p->cell, p->cells);
}

static bool all_finite(const double *x, int64_t n) {
  for (int64_t i = 0; i < n; ++i) {
    if (!isfinite(x[i])) return false;
  }
  return true;
}

static const void *load_pool(wsf__reader *r, wsf__arena *keep, const wsf__node *node,
                             const wsf__panel *frame) {
  wsf__arena scratch;
  wsf__recipe recipe;
  wsf__arena_init(&scratch, &keep->alloc);
  const wsf_status status =
      wsf__recipe_make(&recipe, &scratch, wsf__arg(node, "features"), frame, r->err);
  wsf__arena_free(&scratch);
  if (status == WSF_E_MEMORY) r->failed = true;
  toy_pool *p = wsf__read_room(r, keep, 1, sizeof *p);
  if (status != WSF_OK || !p) return NULL;
  p->width = wsf__read_i64(r);
  p->cells = wsf__read_i64(r);
  if (p->width != recipe.width || p->cells != wsf__arg_int(node, "cells")) return NULL;
  p->sd = wsf__read_f64(r);
  p->weight = wsf__read_f64s(r, keep, p->width + 1);
  p->cell = wsf__read_f64s(r, keep, p->cells);
  if (r->failed) return NULL;
  const bool finite = all_finite(p->weight, p->width + 1) && all_finite(p->cell, p->cells);
  return finite && isfinite(p->sd) && p->sd >= 0 ? p : NULL;
}

static bool check(const wsf__node *node, const wsf__panel *frame, const wsf__state *state) {
  (void)frame;
  if (state->n != 1 + furthest(node)) return false;
  for (int64_t k = 1; k < state->n; ++k) {
    if (isinf(state->v[k])) return false; /* a gap is NaN */
  }
  return isfinite(state->v[0]) && state->v[0] > 0;
}

const wsf__model_class wsf__model_toy = {
    .spec = {.family = "model",
             .group = "global",
             .name = "toy",
             .summary = "one linear model of a whole panel, for tests",
             .source = "",
             .since = "0.2.0",
             .example = "toy(lags([1:4]))",
             .options = options,
             .n_options = sizeof options / sizeof *options},
    .fit = fit,
    .predict = predict,
    .update = update,
    .start = start,
    .save_pool = save_pool,
    .load_pool = load_pool,
    .check = check,
    .scope = wsf__scope_by,
    .reach = reach,
};
