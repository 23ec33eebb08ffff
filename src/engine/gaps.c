/* Periods of a history that count for less, or not at all, as a column that a model regresses on
 * has no value there. What a fit or an update met of them is counted for every call that stays, and
 * is the reason of a series that has no other, or of which more than one observed period in 20 went
 * (panel/sparse.c): a season or trend that the rest does not show follows from that. */
#include "engine/drive.h"
#include "models/regressors.h"

#include <inttypes.h>
#include <stdio.h>

enum { MOST_LACKING = 20 };

static bool takes_columns(const wsf__node *node) {
  return wsf__class_of(node)->regresses && wsf__arg(node, "x")->n > 0;
}

bool wsf__gaps_room(wsf__fitted *t, wsf__arena *arena) {
  if (!takes_columns(t->node)) return true;
  t->gaps = wsf__arena_zero(arena, (size_t)t->n, sizeof *t->gaps);
  return t->gaps != NULL;
}

wsf_status wsf__gaps_count(wsf__fit *f, const wsf__series *s, const wsf__fitted *t) {
  if (!t->gaps || t->state[s->slot].reason >= WSF__NOT_FITTED) return WSF_OK;
  return wsf__regressors_gaps(&t->gaps[s->slot], t->node, f->panel, s, f->scratch, f->err);
}

void wsf__gaps_tell(const wsf__series *s, const wsf__fitted *t) {
  wsf__state *state = &t->state[s->slot];
  if (!t->gaps || state->reason >= WSF__NOT_FITTED || t->gaps[s->slot].lacking == 0) return;
  const wsf__column_gaps gaps = t->gaps[s->slot];
  const bool same = state->reason == WSF__CONSTANT || state->reason == WSF__ZERO;
  if (state->reason == WSF__OK || (!same && gaps.lacking > gaps.observed / MOST_LACKING)) {
    state->reason = WSF__GAPS;
  }
}

/* "promo, price": the first few entries of x= that lack something. */
static void list_entries(char *out, size_t room, const wsf__node *node, const wsf__panel *frame,
                         uint64_t entries) {
  enum { NAMED = 5 };
  const int n = wsf__arg(node, "x")->n;
  size_t used = 0;
  int named = 0;
  out[0] = '\0';
  for (int i = 0; i < n && used < room && named <= NAMED; ++i) {
    if (!(entries >> (i < 63 ? i : 63) & 1)) continue;
    const char *name = named == NAMED ? ".." : wsf__regressors_entry(node, frame, i);
    used += (size_t)snprintf(out + used, room - used, "%s%.60s", named++ ? ", " : "", name);
  }
}

static void log_call(const wsf__env *env, const char *what, const wsf__fitted *t,
                     const wsf__panel *frame) {
  wsf__column_gaps all = {0};
  int64_t series = 0, most = 0;
  for (int64_t i = 0; i < t->n; ++i) {
    const wsf__column_gaps *gaps = &t->gaps[i];
    if (t->state[i].reason >= WSF__NOT_FITTED || gaps->lacking == 0) continue;
    ++series;
    all.observed += gaps->observed;
    all.lacking += gaps->lacking;
    all.entries |= gaps->entries;
    if (gaps->lacking > t->gaps[most].lacking) most = i;
  }
  if (series == 0) return;
  char label[128], worst[200] = "", names[400];
  list_entries(names, sizeof names, t->node, frame, all.entries);
  wsf__panel_label(frame, most, label, sizeof label);
  if (*label) {
    (void)snprintf(worst, sizeof worst,
                   "; of %" PRId64 " of %" PRId64 " series, most of %s: %" PRId64 " of %" PRId64,
                   series, t->n, label, t->gaps[most].lacking, t->gaps[most].observed);
  }
  wsf__log(env, WSF__LOG_WARNING,
           "%s: x= of %s: %" PRId64 " of %" PRId64 " observed periods lack a value of %s and %s%s",
           what, t->node->spec->name, all.lacking, all.observed, names,
           wsf__class_of(t->node)->bridges ? "take its mean" : "have no part in the fit", worst);
}

void wsf__log_gaps(const wsf__env *env, const char *what, const wsf__fitted *t,
                   const wsf__panel *frame) {
  if (t->gaps) log_call(env, what, t, frame);
  for (int i = 0; i < t->node->n_inner; ++i) wsf__log_gaps(env, what, t->inner[i], frame);
}
