/* Least squares for complex exponential smoothing.
 *
 * First states: heuristic ones are carried forwards through the history and backwards again, and
 * what that forecasts for the time before it starts the pass that counts (backcasting). So only the
 * smoothing parameters are searched for, within the usual bounds (those of the Python package
 * statsforecast), by the steps of Levenberg (1944) and Marquardt (1963). On either side of 1 in a0
 * and a1 lies a valley of its own: each is entered at the best point of a grid, and left when it
 * falls behind.
 *
 * Eight candidates run side by side in vector lanes, since one alone leaves the processor waiting
 * for its own last state. A round asks twice: for the points and their neighbours, one a parameter,
 * whose errors give the derivatives; then for several dampings of the steps. */
#include "models/local/ces/ces.h"
#include "math/elementary.h"
#include "models/local/theta/theta.h"

#include <math.h>
#include <string.h>

enum { WIDE = 4, PARTS = 2, LANES = WIDE * PARTS, FREE = 4, STARTS = 4, MOST_ROUNDS = 40 };
typedef double lane __attribute__((vector_size(8 * WIDE)));
static const double least = 0.01, most[FREE] = {1.8, 1.9, 1.5, 1.5};
static const double NUDGE = 1e-5;    /* for derivatives */
static const double ENOUGH = 1e-3;   /* by which a round must lower the deviance, to go on */
static const double ORDINARY = 1e-3; /* range of a history, as a share of its level, or more */
static const double HOPE = 5;        /* rounds as good as the last must reach the best valley */

/* A row for each period: first m before the history, which hold the first states, then n, then m
 * after it, which are forecast and start the way back; m more forecast at its end are the first
 * states of the pass that counts. Each value has its lanes. */
typedef struct work {
  const double *y;
  int64_t n, m;
  int kind, free;
  double count;
  double *first[2];    /* [m] heuristic rows */
  double level, other; /* heuristic */
  lane *row[2];        /* [n + 2 m][PARTS] */
  lane *error;         /* [n][PARTS] of the pass that counts */
  lane *begin[2];      /* [m][PARTS] rows that it began with */
  lane start[2][PARTS];
  double narrow; /* 0 .. 1: how much nearer to 1 than usual a1 is looked for */
  double p[FREE][LANES], deviance[LANES];
  const wsf__arena *scratch; /* asked whether to leave */
} work;

/* Where a pass is: the row it writes, the way to the row a season before it, the value it reads. */
typedef struct walk {
  int64_t row, to_past, by;
  int64_t from;
} walk;
static inline walk walk_of(const work *w, bool back) {
  if (!back) return (walk){w->m, -w->m, 1, 0};
  return (walk){w->n + w->m - 1, w->m, -1, w->n - 1};
}

typedef struct weights {
  lane keep0, keep1, move, turn;
} weights;
static inline __attribute__((always_inline)) weights weights_of(const work *w, int which,
                                                                int part) {
  lane p, q;
  memcpy(&p, &w->p[which][part * WIDE], sizeof p);
  memcpy(&q, &w->p[which + 1][part * WIDE], sizeof q);
  return (weights){1 - p, 1 - q, p - q, p + q};
}

/* One pass over the history and, unless it counts, m periods beyond it. The level lies a season
 * back: m = 1 is that of no season. */
static inline __attribute__((always_inline)) void pass_simple(work *w, bool back, bool counts) {
  weights a[PARTS];
  for (int i = 0; i < PARTS; ++i) a[i] = weights_of(w, 0, i);
  const int64_t n = w->n, end = counts ? n : n + w->m;
  walk at = walk_of(w, back);
  for (int64_t t = 0; t < end; ++t, at.row += at.by, at.from += at.by) {
    if (t % 1024 == 0 && wsf__cut_short(w->scratch)) return;
    const double y = t < n ? w->y[at.from] : NAN;
    const lane *level = &w->row[0][(at.row + at.to_past) * PARTS];
    const lane *other = &w->row[1][(at.row + at.to_past) * PARTS];
    for (int i = 0; i < PARTS; ++i) {
      const lane l = level[i], c = other[i];
      const lane e = y == y ? y - l : (lane){0};
      w->row[0][at.row * PARTS + i] = l - a[i].keep1 * c + a[i].move * e;
      w->row[1][at.row * PARTS + i] = l + a[i].keep0 * c + a[i].turn * e;
      if (counts) w->error[t * PARTS + i] = e;
    }
  }
}

/* The same for a level that moves each period and a season that lies back. start: level and other
 * before the pass; after it, those of the first period beyond the history. */
static inline __attribute__((always_inline)) void pass_season(work *w, bool back, bool counts,
                                                              const bool full) {
  weights a[PARTS], b[PARTS];
  lane l[PARTS], c[PARTS];
  for (int i = 0; i < PARTS; ++i) {
    a[i] = weights_of(w, 0, i);
    b[i] = weights_of(w, 2, i);
    if (!full) memcpy(&b[i].move, &w->p[2][i * WIDE], sizeof b[i].move);
    l[i] = w->start[0][i];
    c[i] = w->start[1][i];
  }
  const int64_t n = w->n, end = counts ? n : n + w->m;
  walk at = walk_of(w, back);
  for (int64_t t = 0; t < end; ++t, at.row += at.by, at.from += at.by) {
    if (t % 1024 == 0 && wsf__cut_short(w->scratch)) return;
    const double y = t < n ? w->y[at.from] : NAN;
    const int64_t past = (at.row + at.to_past) * PARTS;
    for (int i = 0; i < PARTS; ++i) {
      const lane s = w->row[0][past + i], before = l[i];
      const lane e = y == y ? y - (before + s) : (lane){0};
      l[i] = before - a[i].keep1 * c[i] + a[i].move * e;
      c[i] = before + a[i].keep0 * c[i] + a[i].turn * e;
      if (full) {
        const lane z = w->row[1][past + i];
        w->row[0][at.row * PARTS + i] = s - b[i].keep1 * z + b[i].move * e;
        w->row[1][at.row * PARTS + i] = s + b[i].keep0 * z + b[i].turn * e;
      } else {
        w->row[0][at.row * PARTS + i] = s + b[i].move * e;
      }
      if (counts) w->error[t * PARTS + i] = e;
      if (t == n) w->start[0][i] = l[i], w->start[1][i] = c[i];
    }
  }
}

static inline __attribute__((always_inline)) void pass(work *w, bool back, bool counts) {
  if (w->kind <= WSF__CES_SIMPLE)
    pass_simple(w, back, counts);
  else if (w->kind == WSF__CES_PARTIAL)
    pass_season(w, back, counts, false);
  else
    pass_season(w, back, counts, true);
}

static inline __attribute__((always_inline)) void all_passes(work *w) {
  const lane zero = {0};
  for (int r = 0; r < 2; ++r) {
    for (int64_t j = 0; j < w->m * PARTS; ++j) w->row[r][j] = zero + w->first[r][j / PARTS];
  }
  for (int i = 0; i < PARTS; ++i)
    w->start[0][i] = zero + w->level, w->start[1][i] = zero + w->other;
  pass(w, false, false);
  pass(w, true, false);
  const size_t bytes = (size_t)w->m * PARTS * sizeof(lane);
  for (int r = 0; r < 2; ++r) memcpy(w->begin[r], w->row[r], bytes);
  lane start[2][PARTS];
  memcpy(start, w->start, sizeof start);
  pass(w, false, true);
  memcpy(w->start, start, sizeof start);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void all_passes_wide(work *w) {
  all_passes(w);
}
#endif

static void all_passes_plain(work *w) {
  all_passes(w);
}

/* Deviance of the candidates in w->p, and their errors. */
static void try(work *w) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2"))
    all_passes_wide(w);
  else
#endif
    all_passes_plain(w);
  if (wsf__cut_short(w->scratch)) {
    for (int i = 0; i < LANES; ++i) w->deviance[i] = INFINITY;
    return;
  }
  lane sse[PARTS] = {{0}};
  for (int64_t t = 0; t < w->n; ++t) {
    for (int i = 0; i < PARTS; ++i) sse[i] += w->error[t * PARTS + i] * w->error[t * PARTS + i];
  }
  for (int i = 0; i < LANES; ++i) {
    /* Parameters that let the states grow overflow in a long history: not a perfect fit. */
    const double one = sse[i / WIDE][i % WIDE];
    w->deviance[i] = isfinite(one) ? w->count * wsf__ln(fmax(one, 1e-28 * w->count)) : INFINITY;
  }
}

static void put(work *w, int at, const double x[FREE]) {
  for (int i = 0; i < FREE; ++i) w->p[i][at] = i < w->free ? x[i] : 0;
}

static bool heuristic(work *w, const double *full, wsf__arena *scratch) {
  double sum = 0;
  const int64_t head = w->kind == WSF__CES_NONE ? (w->n < 10 ? w->n : 10) : w->m;
  double least_value = full[0], most_value = full[0];
  for (int64_t t = 0; t < head; ++t) sum += full[t];
  for (int64_t t = 0; t < w->n; ++t) {
    least_value = fmin(least_value, full[t]);
    most_value = fmax(most_value, full[t]);
  }
  w->level = sum / (double)head;
  /* The level goes into each step by 1 - a1: high above its own changes, only an a1 that is as much
   * nearer to 1 leaves it where it is. */
  const double share = (most_value - least_value) / fabs(w->level);
  w->narrow = share < ORDINARY ? share / ORDINARY : 1;
  w->other = w->level / 1.1;
  if (w->kind == WSF__CES_NONE) {
    w->first[0][0] = w->level, w->first[1][0] = w->other;
    return true;
  }
  int kind;
  wsf__plain plain;
  if (w->kind == WSF__CES_SIMPLE) {
    memcpy(w->first[0], full, (size_t)w->m * sizeof *full);
  } else if (!wsf__theta_season(w->first[0], &plain, &kind, full, w->n, w->m,
                                WSF__THETA_DIFFERENCES, scratch)) {
    return false;
  }
  for (int64_t j = 0; j < w->m; ++j) {
    w->first[1][j] = w->kind == WSF__CES_PARTIAL ? 0 : w->first[0][j] / 1.1;
  }
  return true;
}

/* A way downhill; several go at once, each in its own `span` lanes. */
typedef struct way {
  double x[FREE], deviance, damping;
  bool done;
} way;

/* Normal matrix and gradient of half the sum of squares, by differences between the lanes of one
 * way: the first is the point itself. */
static void linearise(const work *w, const double nudge[FREE], int from, double a[FREE][FREE],
                      double g[FREE]) {
  memset(a, 0, FREE * sizeof *a);
  memset(g, 0, FREE * sizeof *g);
  for (int64_t t = 0; t < w->n; ++t) {
    const double *e = (const double *)(const void *)&w->error[t * PARTS] + from;
    double d[FREE];
    for (int i = 0; i < w->free; ++i) {
      d[i] = (e[i + 1] - e[0]) / nudge[i];
      g[i] += d[i] * e[0];
      for (int j = 0; j <= i; ++j) a[i][j] += d[i] * d[j];
    }
  }
}

/* Damped step within the bounds: a parameter that would leave them is held where they are, and the
 * rest is solved for again. */
static void damped(const work *w, double a[FREE][FREE], const double g[FREE], const double x[FREE],
                   double damping, double out[FREE]) {
  bool held[FREE] = {false};
  double step[FREE] = {0};
  for (int round = 0; round <= w->free; ++round) {
    double l[FREE][FREE], b[FREE];
    int index[FREE], n = 0;
    for (int i = 0; i < w->free; ++i) {
      if (!held[i]) index[n++] = i;
    }
    for (int i = 0; i < n; ++i) {
      b[i] = -g[index[i]];
      for (int j = 0; j < w->free; ++j) {
        const int high = j > index[i] ? j : index[i], low = j > index[i] ? index[i] : j;
        if (held[j]) b[i] -= a[high][low] * step[j];
      }
      for (int j = 0; j <= i; ++j) {
        double sum = a[index[i]][index[j]];
        if (i == j) sum += damping * sum + 1e-300;
        for (int q = 0; q < j; ++q) sum -= l[i][q] * l[j][q];
        l[i][j] = i > j ? sum / l[j][j] : sum > 0 ? sqrt(sum) : INFINITY;
      }
      for (int q = 0; q < i; ++q) b[i] -= l[i][q] * b[q];
      b[i] /= l[i][i];
    }
    for (int i = n - 1; i >= 0; --i) {
      for (int q = i + 1; q < n; ++q) b[i] -= l[q][i] * b[q];
      b[i] /= l[i][i];
    }
    bool inside = true;
    for (int i = 0; i < n; ++i) {
      const int at = index[i];
      step[at] = b[i];
      if (x[at] + b[i] >= least && x[at] + b[i] <= most[at]) continue;
      step[at] = (b[i] < 0 ? least : most[at]) - x[at];
      held[at] = true;
      inside = false;
    }
    if (inside) break;
  }
  for (int i = 0; i < w->free; ++i) out[i] = fmin(fmax(x[i] + step[i], least), most[i]);
}

static void descend(work *w, way *ways, int count, double *least_deviance) {
  static const double factor[2][LANES] = {{1e-3, 1e-2, 0.1, 1, 10, 100, 1e3, 1e4},
                                          {1e-2, 0.3, 10, 1e3}};
  const int span = LANES / count;
  bool running = true;
  for (int round = 0; round < MOST_ROUNDS && running && !wsf__cut_short(w->scratch); ++round) {
    double nudge[PARTS][FREE], a[PARTS][FREE][FREE], g[PARTS][FREE], point[LANES][FREE];
    for (int i = 0; i < LANES; ++i) put(w, i, ways[i / span].x);
    for (int c = 0; c < count; ++c) {
      for (int i = 0; i < w->free; ++i) {
        const double by = i == 1 ? NUDGE * w->narrow : NUDGE;
        double *p = &w->p[i][c * span + 1 + i];
        *p += ways[c].x[i] + by > most[i] ? -by : by;
        nudge[c][i] = *p - ways[c].x[i];
      }
    }
    try(w);
    for (int c = 0; c < count; ++c) linearise(w, nudge[c], c * span, a[c], g[c]);
    for (int i = 0; i < LANES; ++i) {
      const int c = i / span;
      damped(w, a[c], g[c], ways[c].x, ways[c].damping * factor[count - 1][i % span], point[i]);
      put(w, i, point[i]);
    }
    try(w);
    running = false;
    for (int c = 0; c < count; ++c) {
      way *one = &ways[c];
      int best = c * span;
      for (int i = best + 1; i < (c + 1) * span; ++i) {
        if (w->deviance[i] < w->deviance[best]) best = i;
      }
      const double gain = one->deviance - w->deviance[best];
      if (!one->done && gain > 0) {
        memcpy(one->x, point[best], sizeof one->x);
        one->deviance = w->deviance[best];
        one->damping *= factor[count - 1][best % span];
        one->damping = fmin(fmax(one->damping, 1e-7), 1e7);
      }
      *least_deviance = fmin(*least_deviance, one->deviance);
      one->done = one->done || !(gain > ENOUGH) ||
                  (round > 1 && one->deviance - HOPE * gain > *least_deviance);
      running = running || !one->done;
    }
  }
}

/* The best point of a grid on either side of 1 in a0 and a1; with a full season, then of some of
 * its parameters. */
static void begin(work *w, way ways[STARTS]) {
  enum { COLUMNS = 6 };
  static const double a0[LANES] = {0.5, 0.75, 0.95, 1.05, 1.2, 1.35, 1.5, 1.7};
  static const double a1[COLUMNS] = {-0.15, -0.03, -0.003, 0.003, 0.03, 0.2}; /* - 1 */
  for (int i = 0; i < STARTS; ++i) ways[i] = (way){.deviance = INFINITY, .damping = 1e-2};
  for (int c = 0; c < COLUMNS; ++c) {
    const bool odd = c % 2 > 0, full = w->free == FREE;
    double point[LANES][FREE];
    for (int i = 0; i < LANES; ++i) {
      const double b0 = full ? (odd ? 1.2 : 0.95) : odd ? 0.3 : 0.05;
      const double x[FREE] = {a0[i], 1 + w->narrow * a1[c], b0, i % 2 ? 0.998 : 1.002};
      memcpy(point[i], x, sizeof x);
      put(w, i, x);
    }
    try(w);
    for (int i = 0; i < LANES; ++i) {
      way *one = &ways[2 * (a0[i] > 1) + (a1[c] > 0)];
      if (!(w->deviance[i] < one->deviance)) continue;
      one->deviance = w->deviance[i];
      memcpy(one->x, point[i], sizeof one->x);
    }
  }
  static const double b[LANES][2] = {{0.9, 0.998}, {0.98, 1.002}, {1.1, 0.98}, {1.2, 1.02},
                                     {1.3, 0.998}, {1.45, 1.1},   {1.45, 1},   {1.3, 1.15}};
  for (int s = 0; s < STARTS && w->free == FREE; ++s) {
    way *one = &ways[s];
    double point[LANES][FREE];
    for (int i = 0; i < LANES; ++i) {
      const double x[FREE] = {one->x[0], one->x[1], b[i][0], b[i][1]};
      memcpy(point[i], x, sizeof x);
      put(w, i, x);
    }
    try(w);
    for (int i = 0; i < LANES; ++i) {
      if (!(w->deviance[i] < one->deviance)) continue;
      one->deviance = w->deviance[i];
      memcpy(one->x, point[i], sizeof one->x);
    }
  }
}

bool wsf__ces_fit(wsf__ces *e, const double *y, const double *full, int64_t n,
                  double *least_deviance, wsf__arena *scratch) {
  const wsf__mark mark = wsf__arena_mark(scratch);
  work w = {.y = y,
            .n = n,
            .m = (int64_t)e->m,
            .kind = (int)e->kind,
            .count = e->count,
            .scratch = scratch};
  const size_t m = (size_t)w.m, rows = (size_t)n + 2 * m;
  w.free = w.kind == WSF__CES_PARTIAL ? 3 : w.kind == WSF__CES_FULL ? 4 : 2;
  lane *block = wsf__arena_zero(scratch, 2 * (rows + m) + (size_t)n, PARTS * sizeof *block);
  double *first = wsf__arena_zero(scratch, m, 2 * sizeof *first);
  if (!block || !first) return false;
  for (int i = 0; i < 2; ++i) {
    w.first[i] = first + (size_t)i * m;
    w.row[i] = block + (size_t)i * (rows + m) * PARTS;
    w.begin[i] = w.row[i] + rows * PARTS;
  }
  w.error = w.begin[1] + m * PARTS;
  if (!heuristic(&w, full, scratch)) return false;
  double best = INFINITY;
  way ways[STARTS];
  begin(&w, ways);
  for (int i = 1; i < STARTS; ++i) { /* the best first: others are measured by it */
    for (int j = i; j > 0 && ways[j].deviance < ways[j - 1].deviance; --j) {
      const way swap = ways[j];
      ways[j] = ways[j - 1];
      ways[j - 1] = swap;
    }
  }
  const int together = w.free == FREE ? 1 : 2; /* lanes for a point and its neighbours */
  for (int i = 0; i < STARTS; i += together) descend(&w, ways + i, together, &best);
  best = INFINITY;
  for (int i = 0; i < STARTS; ++i) {
    if (!(ways[i].deviance < best)) continue;
    best = ways[i].deviance;
    memcpy(e->p, ways[i].x, (size_t)w.free * sizeof *e->p);
  }
  *least_deviance = best;
  if (isfinite(best)) {
    put(&w, 0, e->p);
    try(&w); /* once more, for the states it began with */
    e->level = w.start[0][0][0], e->other = w.start[1][0][0];
    for (int i = 0; i < 2; ++i) {
      for (size_t j = 0; j < m; ++j) wsf__ces_row(e, i)[j] = w.begin[i][j * PARTS][0];
    }
  }
  wsf__arena_reset(scratch, mark);
  return true;
}
