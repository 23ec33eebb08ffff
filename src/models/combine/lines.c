/* Method: empirical intervals (Williams and Goodman 1971, "A simple method for the construction of
 * empirical confidence limits for economic forecasts") of scores that series share. Errors of
 * back-tests are divided by the spread that the model gives them (locally weighted conformal
 * prediction: Lei, G'Sell, Rinaldo, Tibshirani and Wasserman 2018, section 5.2). The scores of all
 * series are pooled in blocks of steps ahead, 1, 2 to 3, 4 to 7 and so on, and their quantiles put
 * where the normal distribution has its own: a straight line says that the model was right. It is
 * shrunk towards that line, or another, as by a few windows of a series, and by those where another
 * call forecast than will.
 *
 * Errors of one window move together, which says where that window went and nothing of the next:
 * scores are taken from there. A window of a series whose level has moved says little of the
 * others, unless there are many. */
#include "models/combine/lines.h"

#include "math/elementary.h"
#include "math/normal.h"
#include "math/stats.h"
#include "models/combine/places.h"
#include "models/paths.h"

#include <string.h>

enum {
  POINTS = 49,           /* of a line of scores, over normal scores from -3 to 3 */
  MOST_SCORES = 1 << 16, /* of a block; more are thinned evenly */
  PRIOR_WINDOWS = 8,     /* as much as what a line is drawn towards is worth */
  PRIOR_ASTRAY = 100     /* windows, of which hardly one goes far astray */
};
static const double WIDEST = 3;
static const double FAR = 10;   /* what lies beyond says no more of where the others went */
static const double MOST = 1e9; /* a score beyond says that the spread is none */
static const double MAD_SIGMA = 1.4826;
static const double NEAR = 2;           /* spreads from the middle: no window stands out there */
static const double LEAST_SPREAD = 0.5; /* of what a few normal scores have for their mean size */
const double wsf__spread_levels[WSF__SPREAD_LEVELS] = {0.1, 0.9};
/* The upper one in standard deviations of a normal distribution. */
static const double SPREAD = 1.2815515655446004;

double wsf__spread_at(const wsf__forecast *own, int64_t step) {
  const double spread = (own->quantile[own->h + step] - own->quantile[step]) / (2 * SPREAD);
  return spread > 0 && isfinite(spread) ? spread : 0;
}

static int block_of(int64_t step) {
  int block = 0;
  while (step >> (block + 1)) ++block;
  return block;
}

static double normal_score(int point) {
  return WIDEST * (2.0 * point / (POINTS - 1) - 1);
}

/* ---- scores -------------------------------------------------------------------------------- */

bool wsf__scored_room(wsf__scored *out, size_t values, wsf__arena *scratch) {
  *out = (wsf__scored){.score = wsf__arena_new(scratch, values, sizeof *out->score),
                       .block = wsf__arena_new(scratch, values, sizeof *out->block),
                       .window = wsf__arena_new(scratch, values, sizeof *out->window)};
  return out->score && out->block && out->window;
}

void wsf__scored_window(wsf__scored *all, bool same) {
  all->same = same;
  all->last = -1;
}

void wsf__scored_add(wsf__scored *all, int64_t step, double error, double spread) {
  const double score = error / spread;
  if (!(spread > 0) || !(fabs(score) < MOST)) return;
  const int block = block_of(step);
  if (all->last < 0) ++all->told;
  if (block != all->last) ++(all->same ? all->windows : all->strange)[block];
  all->last = block;
  if (!all->same) return;
  all->score[all->n] = score;
  all->window[all->n] = all->told - 1;
  all->block[all->n++] = (int8_t)block;
  ++all->count[block];
}

/* ---- windows far astray --------------------------------------------------------------------- */

/* Mean sizes of the scores of each window into size[told], 0 where it has none. */
static void measure_windows(double *size, double *count, const wsf__scored *all) {
  for (int64_t j = 0; j < all->n; ++j) {
    size[all->window[j]] += fabs(all->score[j]);
    count[all->window[j]] += 1;
  }
  for (int64_t w = 0; w < all->told; ++w) size[w] = size[w] > 0 ? size[w] / count[w] : 0;
}

/* Their logarithms' median and spread, at least what a few normal scores have; u has room for them.
 * false: there are none. */
static bool usual_size(const double *size, int64_t told, double *u, double *middle,
                       double *spread) {
  int64_t n = 0;
  for (int64_t w = 0; w < told; ++w) {
    if (size[w] > 0) u[n++] = wsf__ln(size[w]);
  }
  if (n == 0) return false;
  *middle = wsf__median_inplace(u, n);
  for (int64_t j = 0; j < n; ++j) u[j] = fabs(u[j] - *middle);
  *spread = fmax(MAD_SIGMA * wsf__median_inplace(u, n), LEAST_SPREAD);
  return true;
}

/* One series whose level has moved says much of itself and little of the others: a window that went
 * much further than most is brought to their size, by Stein's rule (1981), which leaves what is
 * near and takes nearly all of what is far. As far as there are many windows it stays: then so many
 * go astray. false = out of memory. */
static bool tame(const wsf__scored *all, wsf__arena *scratch) {
  double *size = wsf__arena_zero(scratch, (size_t)all->told, sizeof *size);
  double *u = wsf__arena_zero(scratch, (size_t)all->told, sizeof *u);
  double middle, spread;
  if (!size || !u) return false;
  measure_windows(size, u, all);
  if (!usual_size(size, all->told, u, &middle, &spread)) return true;
  const double few = PRIOR_ASTRAY / (PRIOR_ASTRAY + (double)all->told);
  for (int64_t w = 0; w < all->told; ++w) {
    const double beyond = size[w] > 0 ? (wsf__ln(size[w]) - middle) / (NEAR * spread) : 0;
    size[w] = beyond > 1 ? wsf__exp(-few * NEAR * spread * (beyond - 1 / beyond)) : 1;
  }
  for (int64_t j = 0; j < all->n; ++j) all->score[j] *= size[all->window[j]];
  return true;
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

/* ---- lines --------------------------------------------------------------------------------- */

static double middle_of(int block) {
  return 1.5 * (double)((int64_t)1 << block) - 0.5;
}

/* Between the middles of two blocks, 1, 2.5, 5.5 and so on, what lies between their lines. */
static double line_at(const wsf__lines *l, int64_t step, int point) {
  int block = block_of(step);
  if (block > 0 && (double)step < middle_of(block)) --block;
  const double middle = middle_of(block);
  if (block >= l->n - 1) return l->score[(l->n - 1) * POINTS + point];
  const double part = ((double)step - middle) / (middle + 0.5);
  const double near = l->score[block * POINTS + point],
               far = l->score[(block + 1) * POINTS + point];
  return near + part * (far - near);
}

/* The line of a block, or of the last that there is. */
static double block_at(const wsf__lines *l, int64_t block, int point) {
  return l->score[(block < l->n ? block : l->n - 1) * POINTS + point];
}

static double score_of(const wsf__lines *l, int64_t step, double z) {
  if (l->n == 0) return z;
  const double at = (z / WIDEST + 1) * (POINTS - 1) / 2;
  if (at <= 0 || at >= POINTS - 1) { /* goes on as it came */
    const double end = line_at(l, step, at <= 0 ? 0 : POINTS - 1);
    return end * z > 0 ? end * fabs(z) / WIDEST : end;
  }
  const int point = (int)at;
  const double below = line_at(l, step, point), above = line_at(l, step, point + 1);
  return below + (at - point) * (above - below);
}

/* The line of a block into line[POINTS]; u has room for its scores. */
static void draw_line(double *line, const wsf__scored *all, int block, const wsf__lines *towards,
                      double *u) {
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
    const double z = normal_score(k), score = n > 1 ? score_at(u, n, z) : 0;
    const double before = towards ? block_at(towards, block, k) : z;
    line[k] = (known * score + prior * before) / (known + prior);
    if (k > 0 && line[k] < line[k - 1]) line[k] = line[k - 1];
  }
}

wsf_status wsf__lines_draw(wsf__lines *out, wsf__fit *f, wsf__arena *keep, const wsf__scored *all,
                           const wsf__lines *towards) {
  if (!tame(all, f->scratch)) return wsf__fail_memory(f->err);
  out->n = towards ? towards->n : 0;
  for (int block = 0; block < WSF__MOST_BLOCKS; ++block) {
    if (all->count[block] > 1 && out->n <= block) out->n = block + 1;
  }
  double *score = wsf__arena_new(keep, (size_t)out->n * POINTS, sizeof *score);
  double *u = wsf__arena_new(f->scratch, (size_t)all->n, sizeof *u);
  if (!score || !u) return wsf__fail_memory(f->err);
  for (int block = 0; block < (int)out->n; ++block) {
    if (wsf__stopped(f->env)) return wsf__fail_stopped(f->env, f->err);
    draw_line(score + block * POINTS, all, block, towards, u);
  }
  out->score = score;
  return WSF_OK;
}

double wsf__lines_stretch(const wsf__lines *l, int64_t step) {
  if (l->n == 0) return 1;
  return (score_of(l, step, SPREAD) - score_of(l, step, -SPREAD)) / (2 * SPREAD);
}

/* ---- forecasts ----------------------------------------------------------------------------- */

bool wsf__lines_ask(wsf__forecast *own, const wsf__forecast *out, wsf__arena *scratch) {
  *own = *out;
  own->n_q = WSF__SPREAD_LEVELS;
  own->q = wsf__spread_levels;
  own->quantile = wsf__arena_new(scratch, (size_t)out->h, WSF__SPREAD_LEVELS * sizeof(double));
  return own->quantile != NULL;
}

/* Quantiles of the levels asked for around the mean. */
typedef struct placed {
  const wsf__lines *lines;
  const double *place;
  int64_t n_place;
  const wsf__forecast *own;
} placed;
static void put_bounds(wsf__forecast *out, const void *user) {
  const placed *at = user;
  for (int k = 0; k < out->n_q && !wsf__forecast_stopped(out); ++k) {
    const double z = wsf__normal_quantile(out->q[k]);
    for (int64_t i = 0; i < out->h; ++i) {
      const double spread = wsf__spread_at(at->own, i) * wsf__places_at(at->place, at->n_place, i);
      out->quantile[k * out->h + i] = out->mean[i] + spread * score_of(at->lines, i + 1, z);
    }
  }
}

wsf_status wsf__lines_forecast(wsf__predict *p, const wsf__lines *l, const double *place,
                               int64_t n_place, const wsf__series *s, const wsf__forecast *own,
                               wsf__forecast *out) {
  const placed at = {l, place, n_place, own};
  put_bounds(out, &at);
  return out->n_paths > 0 ? wsf__paths_place(out, put_bounds, &at, p, s) : WSF_OK;
}

/* ---- files --------------------------------------------------------------------------------- */

void wsf__lines_write(wsf__writer *w, const wsf__lines *l) {
  wsf__write_i64(w, l->n);
  wsf__write_f64s(w, l->score, l->n * POINTS);
}

static bool is_line(const double *line) {
  for (int k = 0; k < POINTS; ++k) {
    if (!isfinite(line[k]) || (k > 0 && line[k] < line[k - 1])) return false;
  }
  return true;
}

bool wsf__lines_read(wsf__lines *out, wsf__reader *r, wsf__arena *keep) {
  out->n = wsf__read_count(r, POINTS * sizeof *out->score);
  if (r->failed || out->n > WSF__MOST_BLOCKS) return false;
  out->score = wsf__read_f64s(r, keep, out->n * POINTS);
  if (r->failed) return false;
  for (int64_t block = 0; block < out->n; ++block) {
    if (!is_line(out->score + block * POINTS)) return false;
  }
  return true;
}
