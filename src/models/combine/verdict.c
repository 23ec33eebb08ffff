/* Each kind of series has a mix of the calls by its own cells and by a few that the other kinds
 * lend, and its intervals by the errors of that mix: over the spread that its calls give it and by
 * how much the series of the last key move at each place of the season (places.c), drawn towards
 * those of all kinds (lines.c).
 *
 * A window shows what a call can do with the history before it. Of a history of less than two
 * seasons that leaves little of a season to see, and the mix leans on last season: as it was, and
 * as the calls correct it that look at its growth, as far as there are series to see growth by, and
 * a quarter of a season in each. Where values a season apart say that it has not come again, it
 * does not. */
#include "models/combine/verdict.h"

#include "math/elementary.h"
#include "models/combine/candidates.h"

#include <math.h>

enum {
  LENT_CELLS = 20,  /* kinds of fewer cells learn as much again from the others */
  LEAN_CELLS = 24,  /* as much as last season is worth where a season is hardly seen */
  GROWN_SERIES = 24 /* as much as no growth is worth */
};
/* Values a season apart that are as far from each other as these times what a season's values are
 * from their mean: up to the first noise does that, 1.4, or a season that grew; beyond the second a
 * walk, 2.4, and a line, 4. */
static const double REPEATS = 1.5, DOES_NOT = 2.25;

/* Whether a window was fitted to a season at least. */
static bool sees_season(const wsf__cell *cell, const wsf__batch *b, int64_t season) {
  if (cell->at < 0) return false;
  return b->series[cell->at].n - (cell->window + 1) * cell->h >= season;
}

static bool repeats(const wsf__verdict *v, const wsf__node *node, int call) {
  return !isnan(v->mix.error[call]) && wsf__candidates_repeat(node->inner[call]);
}

/* How far values a season apart are from each other, over how far the last season's are from their
 * mean. NaN: there are none. */
static double apart_of(const double *y, int64_t n, int64_t season) {
  double between = 0, mean = 0, within = 0;
  int64_t pairs = 0, known = 0;
  for (int64_t t = n - season; t < n; ++t) {
    if (isnan(y[t])) continue;
    mean += y[t];
    ++known;
    if (t < season || isnan(y[t - season])) continue;
    between += fabs(y[t] - y[t - season]);
    ++pairs;
  }
  mean /= (double)known;
  for (int64_t t = n - season; t < n; ++t) {
    if (!isnan(y[t])) within += fabs(y[t] - mean);
  }
  return pairs > 0 && within > 0 ? between / (double)pairs / (within / (double)known) : NAN;
}

/* The share of the lean that they leave, as if one series more had a season that comes again. */
static double repeats_at_all(const wsf__verdict *v) {
  const double apart = wsf__exp(v->apart / (v->told + 1));
  return fmax(0, fmin(1, (DOES_NOT - apart) / (DOES_NOT - REPEATS)));
}

/* Histories of one season and less than two: the windows before their ends see little of a season,
 * and what does well there may lack what the whole history shows. Last season's values stand for
 * it, until enough windows have seen one. */
static void lean(wsf__verdict *out, const wsf__evidence *e, const double *share,
                 const wsf__batch *b, const wsf__node *node, int64_t season) {
  const int plain = wsf__candidates_plain(node);
  if (plain < 0 || 2 * out->once <= out->series || !repeats(out, node, plain)) return;
  double seen = 0;
  for (int64_t j = 0; j < e->cells; ++j) {
    if (sees_season(&e->cell[j], b, season)) seen += share[j];
  }
  out->lean = repeats_at_all(out) * LEAN_CELLS / (LEAN_CELLS + seen);
  double repeat = 0;
  for (int call = 0; call < e->calls; ++call) repeat += repeats(out, node, call);
  const double grown = out->grown / ((double)out->once + GROWN_SERIES);
  const double each = out->lean * grown / repeat;
  const double rest = out->lean - repeat * each;
  for (int call = 0; call < e->calls; ++call) {
    const double part = (repeats(out, node, call) ? each : 0) + (call == plain ? rest : 0);
    out->mix.weight[call] = fmin(1, (1 - out->lean) * out->mix.weight[call] + part);
  }
}

static wsf_status find_mix(wsf__verdict *out, wsf__fit *f, const wsf__evidence *e, wsf__kin k,
                           const wsf__batch *b) {
  double *share = wsf__arena_new(f->scratch, (size_t)e->cells, sizeof *share);
  out->mix.weight = wsf__arena_new(f->scratch, (size_t)e->calls, sizeof(double));
  out->mix.error = wsf__arena_new(f->scratch, (size_t)e->calls, sizeof(double));
  if (!share || !out->mix.weight || !out->mix.error) return wsf__fail_memory(f->err);
  for (int64_t j = 0; j < e->cells; ++j) out->cells += e->cell[j].kin == k;
  const double others = (double)(e->cells - out->cells), lent = LENT_CELLS;
  for (int64_t j = 0; j < e->cells; ++j) {
    share[j] = e->cell[j].kin == k ? 1 : fmin(0.5, lent / others);
  }
  WSF__TRY(wsf__mix_find(&out->mix, &out->measured, f, e, share, wsf__kin_rare(k)));
  if (out->measured) lean(out, e, share, b, e->node, wsf__season_of(e->node, f->panel));
  return WSF_OK;
}

/* Without evidence: the candidates that were to be tried, alike. */
static void mix_all(wsf__mix *mix, const bool *tried, int calls) {
  double n = 0;
  for (int call = 0; call < calls; ++call) n += tried[call];
  for (int call = 0; call < calls; ++call) mix->weight[call] = tried[call] ? 1 / n : 0;
}

static void score_cell(wsf__scored *all, const wsf__verdicts *v, const wsf__cell *cell) {
  const wsf__verdict *kind = &v->of[cell->kin];
  const double *weight = kind->mix.weight;
  const wsf__series *s = cell->at >= 0 ? &v->b->series[cell->at] : NULL;
  /* Before there is a season, last season is another model. */
  wsf__scored_window(all, kind->lean == 0 || sees_season(cell, v->b, v->places.m));
  for (int64_t k = 0; k < cell->h; ++k) {
    double mean = 0, spread = 0, part = 1;
    for (int call = 0; call < v->evidence->calls; ++call) {
      if (!(weight[call] > 0)) continue;
      mean += weight[call] * cell->mean[call * cell->h + k];
      spread += weight[call] * cell->spread[call * cell->h + k];
    }
    if (s) {
      const int64_t from = s->t0 + s->n - (cell->window + 1) * cell->h;
      part = wsf__places_factor(&v->places, cell->at, from + k);
    }
    wsf__scored_add(all, k + 1, cell->y[k] - mean, spread * part);
  }
}

/* Lines of one kind, or of all: WSF__KINDS. */
static wsf_status draw_lines(wsf__lines *out, wsf__fit *f, wsf__arena *keep, const wsf__verdicts *v,
                             wsf__kin kind, const wsf__lines *towards, int64_t *windows) {
  size_t values = 0;
  for (int64_t j = 0; j < v->evidence->cells; ++j) values += (size_t)v->evidence->cell[j].h;
  wsf__scored all;
  if (!wsf__scored_room(&all, values, f->scratch)) return wsf__fail_memory(f->err);
  for (int64_t j = 0; j < v->evidence->cells; ++j) {
    const wsf__cell *cell = &v->evidence->cell[j];
    if (!v->of[cell->kin].measured) continue;
    if (kind == WSF__KINDS || kind == cell->kin) score_cell(&all, v, cell);
  }
  *windows = all.told;
  return wsf__lines_draw(out, f, keep, &all, towards);
}

wsf_status wsf__verdicts_find(wsf__verdicts *out, wsf__fit *f, const wsf__batch *b,
                              wsf__evidence *e, const wsf__kin *kin, const bool *tried) {
  const int64_t season = wsf__season_of(e->node, f->panel);
  wsf__groups groups;
  *out = (wsf__verdicts){.evidence = e, .b = b};
  WSF__TRY(wsf__evidence_locate(e, f, b));
  for (int64_t i = 0; i < b->n; ++i) {
    const int64_t n = b->series[i].n;
    ++out->of[kin[i]].series;
    if (!(season > 1 && n >= season && n < 2 * season)) continue;
    ++out->of[kin[i]].once;
    out->of[kin[i]].grown += fmin(1, 4 * (double)(n - season) / (double)season);
    const double apart = apart_of(b->series[i].y, n, season);
    if (isnan(apart)) continue;
    out->of[kin[i]].told += 1;
    out->of[kin[i]].apart += wsf__ln(fmax(0.25, fmin(4, apart)));
  }
  for (wsf__kin k = 0; k < WSF__KINDS; ++k) {
    if (out->of[k].series == 0) continue;
    WSF__TRY(find_mix(&out->of[k], f, e, k, b));
    if (!out->of[k].measured) mix_all(&out->of[k].mix, tried, e->calls);
  }
  WSF__TRY(wsf__groups_by(&groups, f, b, wsf__scope_last(f->panel)));
  WSF__TRY(wsf__places_find(&out->places, f, b, &groups, season));
  return draw_lines(&out->lines, f, f->scratch, out, WSF__KINDS, NULL, &out->windows);
}

wsf_status wsf__verdicts_lines(wsf__lines *out, wsf__fit *f, wsf__arena *keep,
                               const wsf__verdicts *v, wsf__kin kind) {
  *out = (wsf__lines){0};
  if (v->lines.n == 0) return WSF_OK;
  const wsf__mark mark = wsf__arena_mark(f->scratch);
  int64_t windows;
  WSF__TRY(draw_lines(out, f, keep, v, kind, &v->lines, &windows));
  wsf__arena_reset(f->scratch, mark);
  return WSF_OK;
}
