/* Columns known ahead that lack many of the observed periods. A regression leaves out the periods
 * in which one of its columns has no value, so a column that was kept for half of a history costs
 * the other half, also of all columns beside it: whoever takes every column there is (`known`)
 * leaves such a one out. */
#include "panel/panel.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
  MOST_LACKING = 20, /* one observed period in so many may lack a value */
  NAMED = 5
};

/* Observed periods of all series, and those of them without a value; no text is one of its own
 * (features/feature_options.c). false: stopped. */
static bool count_lacking(const wsf__panel *p, const wsf__column *c, wsf__watch *watch,
                          int64_t *observed, int64_t *lacking) {
  const bool blank = c->n_categories > 0 && !c->vintages;
  for (int64_t i = 0; i < p->n; ++i) {
    if (wsf__watch_ends(watch, 1 + p->length[i])) return false;
    const double *y = p->y + p->offset[i];
    const double *value = c->group[i] < 0 ? NULL : c->value + c->group[i] * c->periods;
    for (int64_t t = 0; t < p->length[i]; ++t) {
      const int64_t at = p->first[i] + t;
      if (isnan(y[t])) continue;
      ++*observed;
      *lacking += !value || at >= c->periods || (isnan(value[at]) && !blank);
    }
  }
  return true;
}

wsf_status wsf__panel_note_sparse(wsf__panel *view, const wsf__panel *p, const wsf__env *env,
                                  wsf__arena *arena, wsf_error *err) {
  wsf__column *column = wsf__arena_new(arena, (size_t)p->n_columns, sizeof *column);
  if (!column) return wsf__fail_memory(err);
  if (p->n_columns > 0) memcpy(column, p->column, (size_t)p->n_columns * sizeof *column);
  wsf__watch watch = {.scratch = arena};
  for (int c = 0; c < p->n_columns; ++c) {
    int64_t observed = 0, lacking = 0;
    if (column[c].kind != WSF__KNOWN) continue;
    if (!count_lacking(p, &column[c], &watch, &observed, &lacking)) {
      return wsf__fail_stopped(env, err);
    }
    column[c].sparse = lacking > observed / MOST_LACKING;
  }
  wsf__panel_look(view, p);
  view->column = column;
  return WSF_OK;
}

const char *wsf__panel_sparse_text(char *out, size_t room, const wsf__panel *p) {
  size_t at = 0;
  int n = 0;
  out[0] = '\0';
  for (int c = 0; c < p->n_columns; ++c) {
    if (!p->column[c].sparse || n++ >= NAMED || at >= room) continue;
    at += (size_t)snprintf(out + at, room - at, "%s%.60s", at ? ", " : "", p->column[c].name);
  }
  if (n > NAMED && at < room) (void)snprintf(out + at, room - at, " and %d more", n - NAMED);
  return out;
}
