/* Least squares for complex exponential smoothing.
 *
 * First states: heuristic ones are carried forwards through the history and backwards again, and
 * what that forecasts for the time before it starts the pass that counts (backcasting). So only the
 * smoothing parameters are searched for, by the simplex of Nelder and Mead (1965) within the usual
 * bounds (those of the Python package statsforecast), from two starting points: with a1 near 1 the
 * sum of squares has several valleys. */
#include "models/local/ces.h"
#include "models/local/theta.h"
#include "optim/optim.h"

#include <math.h>
#include <string.h>

static const double least = 0.01, most[4] = {1.8, 1.9, 1.5, 1.5};

/* A row for each period: first m before the history, which hold the first states, then n, then m
 * after it, which are forecast and start the way back; m more forecast at its end are the first
 * states of the pass that counts. */
typedef struct work {
  const double *y;
  int64_t n, m;
  int kind;
  double count;
  double *first[2];    /* [m] heuristic rows */
  double level, other; /* heuristic */
  double *row[2];      /* [n + 2 m] */
  double start[2];     /* level and other that the counting pass began with */
  double *begin[2];    /* [m] rows that it began with */
} work;

/* Where a pass is: the row it writes, the way to the row a season before it, the value it reads. */
typedef struct walk {
  int64_t row, to_past, by;
  int64_t from;
} walk;
static walk walk_of(const work *w, bool back) {
  if (!back) return (walk){w->m, -w->m, 1, 0};
  return (walk){w->n + w->m - 1, w->m, -1, w->n - 1};
}

/* One pass over the history and `more` periods beyond it, the level lying a season back; returns
 * the sum of squares. */
static double pass_simple(const work *w, const double *p, bool back, int64_t more) {
  const double keep0 = 1 - p[0], keep1 = 1 - p[1], move = p[0] - p[1], turn = p[0] + p[1];
  const int64_t n = w->n, end = n + more;
  walk at = walk_of(w, back);
  double *level = w->row[0], *other = w->row[1], sse = 0;
  for (int64_t t = 0; t < end; ++t, at.row += at.by, at.from += at.by) {
    const double l = level[at.row + at.to_past], c = other[at.row + at.to_past];
    const double y = t < n ? w->y[at.from] : NAN;
    const double e = y == y ? y - l : 0;
    sse += e * e;
    level[at.row] = l - keep1 * c + move * e;
    other[at.row] = l + keep0 * c + turn * e;
  }
  return sse;
}

/* The same for a level that moves each period and a season that lies back. start: level and other
 * before the pass; after it, those of the first period beyond the history. */
static double pass_season(const work *w, const double *p, bool back, int64_t more,
                          double start[2]) {
  const double keep0 = 1 - p[0], keep1 = 1 - p[1], move = p[0] - p[1], turn = p[0] + p[1];
  const bool full = w->kind == WSF__CES_FULL;
  const double keep2 = 1 - p[2], keep3 = full ? 1 - p[3] : 0;
  const double season_move = full ? p[2] - p[3] : p[2], season_turn = full ? p[2] + p[3] : 0;
  const int64_t n = w->n, end = n + more;
  walk at = walk_of(w, back);
  double *season = w->row[0], *companion = w->row[1], sse = 0, l = start[0], c = start[1];
  for (int64_t t = 0; t < end; ++t, at.row += at.by, at.from += at.by) {
    const double s = season[at.row + at.to_past], z = companion[at.row + at.to_past];
    const double y = t < n ? w->y[at.from] : NAN;
    const double e = y == y ? y - (l + s) : 0, before = l;
    sse += e * e;
    l = before - keep1 * c + move * e;
    c = before + keep0 * c + turn * e;
    season[at.row] = s - keep3 * z + season_move * e;
    if (full) companion[at.row] = s + keep2 * z + season_turn * e;
    if (t == n) start[0] = l, start[1] = c;
  }
  return sse;
}

static double deviance(const double *x, int n, const void *user) {
  work *w = (work *)(uintptr_t)user;
  double p[4] = {0}, sse, start[2] = {w->level, w->other};
  for (int i = 0; i < n; ++i) p[i] = fmin(fmax(x[i], least), most[i]);
  const size_t bytes = (size_t)w->m * sizeof(double);
  for (int i = 0; i < 2; ++i) memcpy(w->row[i], w->first[i], bytes);
  const bool simple = w->kind == WSF__CES_NONE || w->kind == WSF__CES_SIMPLE;
  for (int back = 0; back <= 1; ++back) {
    if (simple)
      (void)pass_simple(w, p, back, w->m);
    else
      (void)pass_season(w, p, back, w->m, start);
  }
  for (int i = 0; i < 2; ++i) memcpy(w->begin[i], w->row[i], bytes);
  w->start[0] = start[0], w->start[1] = start[1];
  sse = simple ? pass_simple(w, p, false, 0) : pass_season(w, p, false, 0, start);
  /* Parameters that let the states grow overflow in a long history: not a perfect fit. */
  return isfinite(sse) ? w->count * log(fmax(sse, 1e-28 * w->count)) : INFINITY;
}

static bool heuristic(work *w, const double *full, wsf__arena *scratch) {
  double sum = 0;
  const int64_t head = w->kind == WSF__CES_NONE ? (w->n < 10 ? w->n : 10) : w->m;
  for (int64_t t = 0; t < head; ++t) sum += full[t];
  w->level = sum / (double)head;
  w->other = w->level / 1.1;
  if (w->kind == WSF__CES_NONE) {
    w->first[0][0] = w->level, w->first[1][0] = w->other;
    return true;
  }
  int kind;
  if (w->kind == WSF__CES_SIMPLE) {
    memcpy(w->first[0], full, (size_t)w->m * sizeof *full);
  } else if (!wsf__theta_season(w->first[0], &kind, full, w->n, w->m, WSF__THETA_DIFFERENCES,
                                scratch)) {
    return false;
  }
  for (int64_t j = 0; j < w->m; ++j) {
    w->first[1][j] = w->kind == WSF__CES_PARTIAL ? 0 : w->first[0][j] / 1.1;
  }
  return true;
}

bool wsf__ces_fit(wsf__ces *e, const double *y, const double *full, int64_t n,
                  double *least_deviance, wsf__arena *scratch) {
  static const double from[2][4] = {{1.3, 1, 0.1, 1}, {1.1, 1.01, 0.5, 1}};
  const wsf__mark mark = wsf__arena_mark(scratch);
  work w = {.y = y, .n = n, .m = (int64_t)e->m, .kind = (int)e->kind, .count = e->count};
  const size_t m = (size_t)w.m;
  double *block = wsf__arena_zero(scratch, 2 * ((size_t)n + 4 * m), sizeof *block);
  if (!block) return false;
  for (int i = 0; i < 2; ++i) {
    w.row[i] = block + (size_t)i * ((size_t)n + 4 * m);
    w.first[i] = w.row[i] + (size_t)n + 2 * m;
    w.begin[i] = w.first[i] + m;
  }
  if (!heuristic(&w, full, scratch)) return false;
  const int free = w.kind == WSF__CES_PARTIAL ? 3 : w.kind == WSF__CES_FULL ? 4 : 2;
  double best = INFINITY;
  for (int start = 0; start < 2; ++start) {
    double x[4], step[4];
    for (int i = 0; i < free; ++i) {
      x[i] = from[start][i];
      if (free == 4 && i == 2 && start == 0) x[i] = 1.3;
      step[i] = i == 1 ? -0.05 : 0.1;
    }
    const wsf__minimum found = wsf__nelder_mead(deviance, &w, free, x, step, 1e-9, 150 * free);
    if (!(found.f < best)) continue;
    best = found.f;
    for (int i = 0; i < free; ++i) e->p[i] = fmin(fmax(x[i], least), most[i]);
  }
  *least_deviance = best;
  if (isfinite(best)) {
    (void)deviance(e->p, free, &w); /* once more, for the states it began with */
    e->level = w.start[0], e->other = w.start[1];
    for (int i = 0; i < 2; ++i) memcpy(wsf__ces_row(e, i), w.begin[i], m * sizeof(double));
  }
  wsf__arena_reset(scratch, mark);
  return true;
}
