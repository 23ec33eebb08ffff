/* The parts of a panel that go unchanged, or nearly so, into one that is made from it. */
#include "panel/make.h"

#include <string.h>

static char *copy_text(wsf__panel *p, const char *text) {
  return wsf__arena_text(&p->arena, text, strlen(text));
}

wsf_status wsf__panel_head(wsf__panel *p, const wsf__panel *from, wsf_error *err) {
  p->calendar = from->calendar;
  p->season = from->season;
  p->season_told = from->season_told;
  p->grain = from->grain;
  p->inferred = from->inferred;
  p->moved = from->moved;
  p->own_end = from->own_end;
  p->holiday_weight = from->holiday_weight;
  p->time_name = copy_text(p, from->time_name);
  p->target_name = copy_text(p, from->target_name);
  p->source = copy_text(p, from->source);
  return p->time_name && p->target_name && p->source ? WSF_OK : wsf__fail_memory(err);
}

wsf_status wsf__panel_keys(wsf__panel *p, const wsf__panel *from, const int64_t *series,
                           wsf_error *err) {
  wsf__key *key = wsf__arena_new(&p->arena, (size_t)from->n_keys, sizeof *key);
  if (!key) return wsf__fail_memory(err);
  for (int k = 0; k < from->n_keys; ++k) {
    const wsf__key *old = &from->key[k];
    int32_t *code = wsf__arena_new(&p->arena, (size_t)p->n, sizeof *code);
    if (!code) return wsf__fail_memory(err);
    wsf__watch watch = {.scratch = &p->arena};
    for (int64_t i = 0; i < p->n; ++i) {
      WSF__TRY(wsf__panel_goes_on(p, &watch, 4, err));
      code[i] = old->code[series ? series[i] : i];
    }
    WSF__TRY(wsf__panel_key(&key[k], p, old->name, old->integer, old->label, old->n_labels, code,
                            p->n, err));
  }
  p->key = key;
  p->n_keys = from->n_keys;
  return WSF_OK;
}

wsf_status wsf__column_texts(wsf__column *c, wsf__arena *arena, wsf_error *err) {
  c->name = wsf__arena_text(arena, c->name, strlen(c->name));
  if (!c->name) return wsf__fail_memory(err);
  if (c->n_categories == 0) return WSF_OK;
  const char **category = wsf__arena_new(arena, (size_t)c->n_categories, sizeof *category);
  for (int32_t w = 0; category && w < c->n_categories; ++w) {
    category[w] = wsf__arena_text(arena, c->category[w], strlen(c->category[w]));
    if (!category[w]) category = NULL;
  }
  c->category = category;
  return category ? WSF_OK : wsf__fail_memory(err);
}

wsf_status wsf__panel_members(wsf__panel *p, const wsf__panel *from, const int32_t *place,
                              wsf_error *err) {
  const wsf__members *old = &from->members;
  if (!old->start) return WSF_OK;
  int64_t *start = wsf__arena_zero(&p->arena, (size_t)p->n + 1, sizeof *start);
  int32_t *member = wsf__arena_new(&p->arena, (size_t)old->start[from->n], sizeof *member);
  if (!start || !member) return wsf__fail_memory(err);
  int64_t n = 0;
  wsf__watch watch = {.scratch = &p->arena};
  for (int64_t i = 0; i < from->n; ++i) {
    const int32_t own = place ? place[i] : (int32_t)i;
    WSF__TRY(wsf__panel_goes_on(p, &watch, 8 + old->start[i + 1] - old->start[i], err));
    if (own < 0) continue;
    const int64_t begin = n;
    bool whole = true;
    for (int64_t m = old->start[i]; m < old->start[i + 1]; ++m) {
      const int32_t at = place ? place[old->member[m]] : old->member[m];
      whole = whole && at != -1;
      if (at >= 0) member[n++] = at;
    }
    if (!whole) n = begin;
    start[own + 1] = n; /* series keep their order */
  }
  p->members = (wsf__members){start, member};
  return WSF_OK;
}
