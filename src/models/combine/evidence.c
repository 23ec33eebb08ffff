/* Forecasts of the end of histories, call by call and step by step (Tashman 2000).
 *
 * The series that are looked at are those of the least ranks, which follow from their keys alone
 * ("bottom-k" sampling: Cohen and Kaplan 2007, "Summarizing data using bottom-k sketches"): the
 * least of a whole are among the least of its parts, so parts can be merged and cut to the series
 * that one process would have looked at. */
#include "models/combine/evidence.h"
#include "models/combine/inner.h"
#include "models/combine/lines.h"

#include <math.h>
#include <stdlib.h>

uint64_t wsf__evidence_rank(uint64_t seed) {
  /* The finaliser of SplitMix64 (Steele, Lea and Flood 2014): keys that differ in their last
   * letter end far apart. */
  uint64_t x = seed;
  x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
  return x ^ (x >> 31);
}

static uint64_t rank_of(const wsf__fit *f, const wsf__series *s) {
  return wsf__evidence_rank(wsf__panel_seed(f->panel, s->id));
}

/* The same for the same series in any order. */
static uint64_t panel_of(const wsf__fit *f, const wsf__batch *b) {
  uint64_t sum = 0;
  for (int64_t i = 0; i < b->n; ++i) sum += rank_of(f, &b->series[i]);
  return sum;
}

/* ---- who is looked at ---------------------------------------------------------------------- */

typedef struct ranked {
  uint64_t rank;
  int64_t at; /* place in the batch */
} ranked;

static int by_rank(const void *a, const void *b) {
  const ranked *x = a, *y = b;
  if (x->rank != y->rank) return x->rank < y->rank ? -1 : 1;
  return (x->at > y->at) - (x->at < y->at);
}

/* In the order of ranks; returns how many. */
static int64_t draw(ranked *drawn, const wsf__fit *f, const wsf__batch *b, const wsf__look *look) {
  int64_t of[WSF__KINDS] = {0}, n = 0, kept = 0;
  for (int64_t i = 0; i < b->n; ++i) {
    const uint64_t rank = rank_of(f, &b->series[i]);
    const bool mine = rank % (uint64_t)look->share.parts == (uint64_t)look->share.part;
    if (mine && look->kin[i] != WSF__NEWLY) drawn[n++] = (ranked){rank, i};
  }
  if (n > 0) qsort(drawn, (size_t)n, sizeof *drawn, by_rank);
  for (int64_t j = 0; j < n; ++j) {
    if (of[look->kin[drawn[j].at]]++ < look->most) drawn[kept++] = drawn[j];
  }
  return kept;
}

/* ---- windows ------------------------------------------------------------------------------- */

/* A window is fitted to no more than this of what lies before it, so that looking at a very long
 * history costs little beside its fit: what is older says little of which call to choose. */
enum { ENOUGH = 4096, ENOUGH_SEASONS = 20 };

static void shorten(wsf__series *s, const wsf__rolling *r) {
  const double seasons = (double)ENOUGH_SEASONS * (double)r->season;
  const double windows = 4 * (double)r->windows * (double)r->horizon; /* none gets shorter */
  const double enough = fmax(ENOUGH, fmax(seasons, windows));
  if (!((double)s->n > enough)) return;
  int64_t older = s->n - (int64_t)enough;
  while (older > 0 && isnan(s->y[older])) --older;
  s->y += older;
  s->t0 += older;
  s->n -= older;
}

static wsf__series *near_ends(const wsf__fit *f, const wsf__batch *b, const wsf__rolling *r) {
  wsf__series *near = wsf__arena_new(f->scratch, (size_t)b->n, sizeof *near);
  for (int64_t i = 0; near && i < b->n; ++i) {
    near[i] = b->series[i];
    shorten(&near[i], r);
  }
  return near;
}

/* A call at work on a window. */
typedef struct collector {
  wsf__evidence *to;
  const int64_t *place; /* [batch] number of the series among those looked at, -1: none of them */
  int64_t windows;
  int call;
} collector;

static void collect(void *user, int64_t i, int64_t w, wsf__fold fold, const wsf__forecast *own,
                    const wsf__fitted *fitted, int64_t slot) {
  (void)fitted;
  (void)slot;
  const collector *c = user;
  if (c->place[i] < 0) return;
  const wsf__cell *cell = &c->to->cell[c->place[i] * c->windows + w];
  const int64_t at = c->call * cell->h;
  for (int64_t k = 0; own && k < fold.h; ++k) {
    const bool known = isfinite(own->mean[k]);
    cell->mean[at + k] = known ? own->mean[k] : NAN;
    cell->spread[at + k] = known ? wsf__spread_at(own, k) : 0;
    if (known) cell->lost[c->call] = false;
  }
}

static bool make_cell(wsf__cell *cell, int calls, const wsf__series *s, wsf__fold fold,
                      wsf__arena *scratch) {
  size_t values;
  if (!wsf__mul((size_t)fold.h, (size_t)calls, &values)) return false;
  cell->h = fold.h;
  cell->first = s->t0 + fold.origin;
  cell->y = wsf__arena_new(scratch, (size_t)fold.h, sizeof *cell->y);
  cell->mean = wsf__arena_new(scratch, values, sizeof *cell->mean);
  cell->spread = wsf__arena_zero(scratch, values, sizeof *cell->spread);
  cell->lost = wsf__arena_new(scratch, (size_t)calls, sizeof *cell->lost);
  if (!cell->y || !cell->mean || !cell->spread || !cell->lost) return false;
  for (int64_t k = 0; k < fold.h; ++k) cell->y[k] = s->y[fold.origin + k];
  for (int call = 0; call < calls; ++call) cell->lost[call] = true;
  return true;
}

static bool make_cells(wsf__evidence *e, const wsf__fit *f, const wsf__batch *b,
                       const wsf__look *look, const ranked *drawn, int64_t n,
                       const wsf__rolling *r) {
  const uint64_t panel = panel_of(f, b);
  e->cell = wsf__arena_zero(f->scratch, (size_t)n, (size_t)r->windows * sizeof *e->cell);
  if (!e->cell) return false;
  e->cells = n * r->windows;
  for (int64_t j = 0; j < e->cells; ++j) {
    const ranked *of = &drawn[j / r->windows];
    const wsf__series *s = &b->series[of->at];
    wsf__cell *cell = &e->cell[j];
    wsf__fold fold;
    *cell = (wsf__cell){.rank = of->rank,
                        .panel = panel,
                        .id = s->id,
                        .at = -1,
                        .kin = look->kin[of->at],
                        .window = j % r->windows};
    if (!wsf__rolling_fold(&fold, r, s->n, cell->window)) continue;
    if (!make_cell(cell, e->calls, s, fold, f->scratch)) return false;
  }
  return true;
}

static wsf_status run(wsf__evidence *e, wsf__fit *f, const wsf__batch *b, const wsf__batch *some,
                      const wsf__fitted *m, const bool *tried, collector *c, const int64_t *whole,
                      const int64_t *own, const wsf__rolling *r) {
  int64_t all = 0, done = 0;
  for (int call = 0; call < e->calls; ++call) all += tried[call];
  for (c->call = 0; c->call < e->calls; ++c->call) {
    if (!tried[c->call]) continue;
    const wsf__node *node = m->node->inner[c->call];
    const bool pools = wsf__inner_pools(node, f->panel);
    c->place = pools ? whole : own;
    const wsf_status status = wsf__rolling_quantiles(
        f, pools ? b : some, node, r, WSF__SPREAD_LEVELS, wsf__spread_levels, collect, c);
    if (status != WSF_OK) {
      wsf__say_cut(f->err, f->env, m->node->spec->name, done, all, "candidates");
      return status;
    }
    ++done;
  }
  return WSF_OK;
}

wsf_status wsf__evidence_gather(wsf__evidence *out, wsf__fit *f, const wsf__batch *all,
                                const wsf__fitted *m, const wsf__look *look,
                                const wsf__rolling *r) {
  *out = (wsf__evidence){.node = m->node, .calls = m->node->n_inner, .horizon = r->horizon};
  ranked *drawn = wsf__arena_new(f->scratch, (size_t)all->n, sizeof *drawn);
  const wsf__series *near = near_ends(f, all, r);
  if (!drawn || !near) return wsf__fail_memory(f->err);
  const wsf__batch ends = {all->n, near}, *const b = &ends;
  const int64_t n = draw(drawn, f, b, look);
  wsf__series *some = wsf__arena_new(f->scratch, (size_t)n, sizeof *some);
  int64_t *whole = wsf__arena_new(f->scratch, (size_t)b->n, sizeof *whole);
  int64_t *own = wsf__arena_new(f->scratch, (size_t)n, sizeof *own);
  if (!some || !whole || !own || !make_cells(out, f, b, look, drawn, n, r)) {
    return wsf__fail_memory(f->err);
  }
  for (int64_t i = 0; i < b->n; ++i) whole[i] = -1;
  for (int64_t j = 0; j < n; ++j) {
    some[j] = b->series[drawn[j].at];
    whole[drawn[j].at] = own[j] = j;
  }
  const wsf__batch part = {n, some};
  collector c = {.to = out, .windows = r->windows};
  WSF__TRY(run(out, f, b, &part, m, look->tried, &c, whole, own, r));
  int64_t kept = 0;
  for (int64_t j = 0; j < out->cells; ++j) {
    if (out->cell[j].h > 0) out->cell[kept++] = out->cell[j];
  }
  out->cells = kept;
  return WSF_OK;
}

/* ---- what became of it --------------------------------------------------------------------- */

void wsf__evidence_adopt(wsf__evidence *e, const wsf__fit *f, const wsf__batch *b, int64_t most) {
  const uint64_t panel = panel_of(f, b);
  int64_t of[WSF__KINDS] = {0}, kept = 0;
  for (int64_t j = 0; j < e->cells; ++j) {
    const wsf__cell cell = e->cell[j];
    of[cell.kin] += j == 0 || cell.rank != e->cell[j - 1].rank;
    if (of[cell.kin] > most) continue;
    for (int call = 0; call < e->calls && cell.panel != panel; ++call) {
      if (wsf__inner_pools(e->node->inner[call], f->panel)) cell.lost[call] = true;
    }
    e->cell[kept++] = cell;
  }
  e->cells = kept;
}

wsf_status wsf__evidence_locate(wsf__evidence *e, wsf__fit *f, const wsf__batch *b) {
  ranked *all = wsf__arena_new(f->scratch, (size_t)b->n, sizeof *all);
  if (!all) return wsf__fail_memory(f->err);
  for (int64_t i = 0; i < b->n; ++i) all[i] = (ranked){rank_of(f, &b->series[i]), i};
  if (b->n > 0) qsort(all, (size_t)b->n, sizeof *all, by_rank);
  int64_t k = 0;
  for (int64_t j = 0; j < e->cells; ++j) { /* both in the order of ranks */
    while (k < b->n && all[k].rank < e->cell[j].rank) ++k;
    e->cell[j].at = k < b->n && all[k].rank == e->cell[j].rank ? all[k].at : -1;
  }
  return WSF_OK;
}

/* false: nothing is to be compared. */
static bool close_cell(const wsf__cell *cell, int calls) {
  int64_t compared = 0;
  int fitted = 0;
  for (int call = 0; call < calls; ++call) fitted += !cell->lost[call];
  for (int64_t k = 0; fitted > 0 && k < cell->h; ++k) {
    double sum = 0, spread = 0;
    for (int call = 0; call < calls; ++call) {
      if (cell->lost[call]) continue;
      sum += cell->mean[call * cell->h + k];
      spread += cell->spread[call * cell->h + k];
    }
    for (int call = 0; call < calls; ++call) {
      if (!cell->lost[call]) continue;
      cell->mean[call * cell->h + k] = sum / fitted;
      cell->spread[call * cell->h + k] = spread / fitted;
    }
    if (!isfinite(sum)) cell->y[k] = NAN;
    compared += !isnan(cell->y[k]);
  }
  return compared > 0;
}

void wsf__evidence_close(wsf__evidence *e) {
  int64_t kept = 0;
  for (int64_t j = 0; j < e->cells; ++j) {
    const wsf__cell cell = e->cell[j];
    if (close_cell(&cell, e->calls)) e->cell[kept++] = cell;
  }
  e->cells = kept;
}
