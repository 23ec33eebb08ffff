/* The work space of a series: every form up to its longest season is searched in it. */
#include "math/elementary.h"
#include "models/local/ets/ets_plan.h"

#include <math.h>
#include <string.h>

const wsf__ets_start *wsf__ets_work_start(wsf__ets_work *w, int m, int season) {
  if (!w->started[season]) {
    wsf__ets_start_states(&w->start[season], w->full, w->n, m, season, w->work, w->trial.scratch);
    w->started[season] = true;
  }
  return &w->start[season];
}

double wsf__ets_work_floor(const wsf__ets_work *w, int error) {
  const double unit = error == WSF__ETS_MUL ? 1 : w->scale;
  return w->count * unit * unit * 1e-18;
}

wsf__ets_trial *wsf__ets_work_trial(wsf__ets_work *w, int trend, int season, int m) {
  wsf__ets_trial *t = &w->trial;
  t->trend = trend;
  t->season_kind = season;
  t->m = m;
  t->y = w->y;
  t->n = w->n;
  t->count = w->count;
  t->log_y = w->log_y;
  memset(t->season, 0, WSF__ETS_LANES * sizeof *t->season);
  return t;
}

double wsf__ets_work_edge(const wsf__ets_work *w) {
  return w->edge;
}

wsf__ets_work *wsf__ets_work_new(wsf__arena *scratch, const wsf__ets_view *view, int64_t n, int m) {
  const double *y = view->y;
  const size_t width = (size_t)(m + 1 + SMOOTHING + 3) / 4 * 4;
  wsf__ets_work *w = wsf__arena_zero(scratch, 1, sizeof *w);
  if (!w) return NULL;
  w->tangent.scratch = w->trial.scratch = scratch;
  double **const array[] = {&w->tangent.season,
                            &w->tangent.seed[0],
                            &w->tangent.seed[1],
                            &w->tangent.seed[2],
                            &w->tangent.seed[3],
                            &w->tangent.d_level,
                            &w->tangent.d_slope,
                            &w->tangent.mean_log,
                            &w->tangent.gradient,
                            &w->x,
                            &w->other,
                            &w->change,
                            &w->reduced,
                            &w->start[1].season,
                            &w->start[2].season,
                            &w->tangent.d_season,
                            &w->tangent.matrix,
                            &w->tangent.rows,
                            &w->candidate,
                            &w->trial.season,
                            &w->full,
                            &w->work};
  const size_t length[] = {(size_t)m,
                           width,
                           width,
                           width,
                           width,
                           width,
                           width,
                           width,
                           width,
                           width,
                           width,
                           width,
                           width,
                           (size_t)m,
                           (size_t)m,
                           (size_t)m * width,
                           width * width,
                           WSF__ETS_ROWS * width,
                           WSF__ETS_LANES * width,
                           WSF__ETS_LANES * (size_t)m,

                           (size_t)n,
                           (size_t)n};
  for (size_t i = 0; i < sizeof array / sizeof *array; ++i) {
    const size_t copies = array[i] == &w->work ? 2 : 1;
    size_t count;
    if (!wsf__mul(length[i], copies, &count)) return NULL;
    *array[i] = wsf__arena_zero(scratch, count, sizeof(double));
    if (!*array[i]) return NULL;
  }
  w->y = y;
  w->n = n;
  w->scale = view->size;
  w->edge = view->edge;
  double last = y[0];
  for (int64_t t = 0; t < n; ++t) {
    if (!isnan(y[t])) {
      w->count += 1;
      if (y[t] > 0) w->log_y += wsf__ln(y[t]);
    }
  }
  /* Gaps are filled along a line between their neighbours, for the heuristic states only. */
  for (int64_t t = 0; t < n;) {
    if (!isnan(y[t])) {
      w->full[t] = last = y[t];
      ++t;
      continue;
    }
    int64_t end = t;
    while (end < n && isnan(y[end])) ++end;
    const double next = end < n ? y[end] : last, step = (next - last) / (double)(end - t + 1);
    for (int64_t i = t; i < end; ++i) w->full[i] = last + step * (double)(i - t + 1);
    t = end;
  }
  return w;
}
