/* Forecasts of the end of histories, call by call and step by step (Tashman 2000). A step that one
 * of the calls could not forecast for want of a column is left out for all. */
#include "models/combine/evidence.h"
#include "models/combine/inner.h"

#include <math.h>

/* A call at work on a window. */
typedef struct collector {
  wsf__evidence *to;
  const int64_t *place; /* [batch] number of the series among those looked at, -1: none of them */
  int64_t windows;
  int call;
} collector;

static void collect(void *user, int64_t i, int64_t w, wsf__fold fold, const double *mean) {
  const collector *c = user;
  if (c->place[i] < 0) return;
  const wsf__cell *cell = &c->to->cell[c->place[i] * c->windows + w];
  double *to = cell->mean + c->call * cell->h;
  for (int64_t k = 0; mean && k < fold.h; ++k) to[k] = mean[k];
  cell->lost[c->call] = !mean;
}

static bool make_cells(wsf__evidence *e, const wsf__batch *b, const int64_t *at, int64_t n,
                       const wsf__rolling *r, wsf__arena *scratch) {
  e->cell = wsf__arena_zero(scratch, (size_t)n, (size_t)r->windows * sizeof *e->cell);
  if (!e->cell) return false;
  e->cells = n * r->windows;
  for (int64_t j = 0; j < e->cells; ++j) {
    wsf__cell *cell = &e->cell[j];
    const wsf__series *s = &b->series[at[j / r->windows]];
    wsf__fold fold;
    cell->series = at[j / r->windows];
    if (!wsf__rolling_fold(&fold, r, s->n, j % r->windows)) continue;
    size_t values;
    if (!wsf__mul((size_t)fold.h, (size_t)e->calls, &values)) return false;
    cell->h = fold.h;
    cell->y = wsf__arena_new(scratch, (size_t)fold.h, sizeof *cell->y);
    cell->mean = wsf__arena_new(scratch, values, sizeof *cell->mean);
    cell->lost = wsf__arena_new(scratch, (size_t)e->calls, sizeof *cell->lost);
    if (!cell->y || !cell->mean || !cell->lost) return false;
    for (int64_t k = 0; k < fold.h; ++k) cell->y[k] = s->y[fold.origin + k];
    for (int call = 0; call < e->calls; ++call) cell->lost[call] = true;
  }
  return true;
}

/* Steps that all can be compared at, and what stands for a call that was lost; false: nothing. */
static bool close_cell(const wsf__cell *cell, int calls) {
  int64_t compared = 0;
  int fitted = 0;
  for (int call = 0; call < calls; ++call) fitted += !cell->lost[call];
  for (int64_t k = 0; fitted > 0 && k < cell->h; ++k) {
    double sum = 0;
    for (int call = 0; call < calls; ++call) {
      if (!cell->lost[call]) sum += cell->mean[call * cell->h + k];
    }
    for (int call = 0; call < calls; ++call) {
      if (cell->lost[call]) cell->mean[call * cell->h + k] = sum / fitted;
    }
    if (!isfinite(sum)) cell->y[k] = NAN;
    compared += !isnan(cell->y[k]);
  }
  return compared > 0;
}

static wsf_status run(wsf__evidence *e, wsf__fit *f, const wsf__batch *b, const wsf__batch *some,
                      const wsf__fitted *m, const bool *tried, collector *c, const int64_t *whole,
                      const int64_t *own, const wsf__rolling *r) {
  for (c->call = 0; c->call < e->calls; ++c->call) {
    if (!tried[c->call]) continue;
    const wsf__node *node = m->node->inner[c->call];
    const bool pools = wsf__inner_pools(node, f->panel);
    c->place = pools ? whole : own;
    WSF__TRY(wsf__rolling_run(f, pools ? b : some, node, r, collect, c));
  }
  return WSF_OK;
}

wsf_status wsf__evidence_gather(wsf__evidence *out, wsf__fit *f, const wsf__batch *b,
                                const wsf__fitted *m, const bool *tried, const int64_t *at,
                                int64_t n, const wsf__rolling *r) {
  *out = (wsf__evidence){.calls = m->node->n_inner};
  wsf__series *some = wsf__arena_new(f->scratch, (size_t)n, sizeof *some);
  int64_t *whole = wsf__arena_new(f->scratch, (size_t)b->n, sizeof *whole);
  int64_t *own = wsf__arena_new(f->scratch, (size_t)n, sizeof *own);
  if (!some || !whole || !own || !make_cells(out, b, at, n, r, f->scratch)) {
    return wsf__fail_memory(f->err);
  }
  for (int64_t i = 0; i < b->n; ++i) whole[i] = -1;
  for (int64_t j = 0; j < n; ++j) {
    some[j] = b->series[at[j]];
    whole[at[j]] = own[j] = j;
  }
  const wsf__batch part = {n, some};
  collector c = {.to = out, .windows = r->windows};
  WSF__TRY(run(out, f, b, &part, m, tried, &c, whole, own, r));
  int64_t kept = 0;
  for (int64_t j = 0; j < out->cells; ++j) {
    const wsf__cell cell = out->cell[j];
    if (cell.h > 0 && close_cell(&cell, out->calls)) out->cell[kept++] = cell;
  }
  out->cells = kept;
  return WSF_OK;
}
