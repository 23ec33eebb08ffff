/* Times that are whole numbers tell no season. A model that chooses by what it sees (auto) looks
 * for one: of series from all over the panel each says which season is its clearest
 * (analysis/seasons.c), and the one that more than half of them name is taken. season= of the data
 * or of the call says another, or none: 1. */
#include "engine/drive.h"

#include "analysis/seasons.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum {
  LOOKED = 50,   /* series, evenly over the panel */
  NEWEST = 1000, /* observations of each */
  LONGEST = 400, /* season */
  LEAST = 12     /* observations: in fewer a season is an accident */
};

static bool wants_season(const wsf__node *node) {
  if (wsf__class_of(node)->gather && wsf__arg_int(node, "season") == 0) return true;
  for (int i = 0; i < node->n_inner; ++i) {
    if (wants_season(node->inner[i])) return true;
  }
  return false;
}

/* The clearest season of a series; 0: it has none. false: out of memory. */
static bool season_of(int *out, const wsf__panel *p, int64_t i, wsf__arena *scratch) {
  const int64_t n = p->length[i] < NEWEST ? p->length[i] : NEWEST;
  const wsf__mark mark = wsf__arena_mark(scratch);
  wsf__season found[WSF__MOST_SEASONS];
  int count = 0;
  const double *y = p->y + p->offset[i] + p->length[i] - n;
  if (!wsf__find_seasons(found, &count, y, n, LONGEST, scratch)) return false;
  wsf__arena_reset(scratch, mark);
  *out = count > 0 ? (int)lround(found[0].period) : 0;
  return true;
}

wsf_status wsf__fit_season(wsf__panel *view, const wsf__node *node, const wsf__env *env,
                           wsf__arena *scratch, wsf_error *err) {
  int votes[LONGEST + 1] = {0}, best = 0;
  int64_t looked = 0;
  if (view->calendar.freq != WSF__INTEGER || view->season > 1 || view->season_told) return WSF_OK;
  if (!wants_season(node)) return WSF_OK;
  const int64_t step = (view->n + LOOKED - 1) / LOOKED;
  for (int64_t i = 0; i < view->n; i += step) {
    int season;
    if (view->length[i] < LEAST) continue;
    const bool there = season_of(&season, view, i, scratch);
    if (wsf__stopped(env)) return wsf__fail_stopped(env, err);
    if (!there) return wsf__fail_memory(err);
    ++looked;
    ++votes[season];
  }
  for (int m = 2; m <= LONGEST; ++m) {
    if (2 * (int64_t)votes[m] > looked) best = m;
  }
  if (best == 0) return WSF_OK;
  view->season = best;
  wsf__log(env, WSF__LOG_WARNING,
           "fit: a season of %d is taken, which %d of %" PRId64
           " series looked at show (season= says another, 1 none)",
           best, votes[best], looked);
  return WSF_OK;
}
