/* The groups of series that a back-test is reported by: the levels of a hierarchy, and the labels
 * of a key. Labels are told apart by level, too, because a sum and what it adds up hold the same
 * sales twice. A level is named as `describe levels` names it: its keys joined by "/", or "total".
 */
#include "engine/backtest.h"

#include "ingest/hint.h"

#include <stdlib.h>
#include <string.h>

static int labelled(const wsf__panel *p, int64_t series) {
  int n = 0;
  for (int k = 0; k < p->n_keys; ++k) n += p->key[k].code[series] >= 0;
  return n;
}

/* The total first, then the levels of fewer keys; among as many, the one with the earlier key. */
static int compare_levels(const wsf__panel *p, int64_t a, int64_t b) {
  const int more = labelled(p, a) - labelled(p, b);
  if (more != 0) return more;
  for (int k = 0; k < p->n_keys; ++k) {
    const bool has_a = p->key[k].code[a] >= 0, has_b = p->key[k].code[b] >= 0;
    if (has_a != has_b) return has_a ? -1 : 1;
  }
  return 0;
}

static const char *level_name(wsf__arena *arena, const wsf__panel *p, int64_t series) {
  if (labelled(p, series) == 0) return "total";
  size_t bytes = 0, used = 0;
  for (int k = 0; k < p->n_keys; ++k) bytes += strlen(p->key[k].name) + 1;
  char *name = wsf__arena_new(arena, bytes, 1);
  if (!name) return NULL;
  for (int k = 0; k < p->n_keys; ++k) {
    if (p->key[k].code[series] < 0) continue;
    const size_t length = strlen(p->key[k].name);
    if (used > 0) name[used++] = '/';
    memcpy(name + used, p->key[k].name, length);
    used += length;
  }
  name[used] = '\0';
  return name;
}

typedef struct levels {
  int n;
  int64_t *series; /* [n] one of each, in their order */
  const char **name;
  int *of; /* [panel->n] */
} levels;

static int level_of(const levels *l, const wsf__panel *p, int64_t series) {
  int at = 0;
  while (at < l->n && compare_levels(p, l->series[at], series) < 0) ++at;
  return at;
}

static wsf_status find_levels(levels *l, wsf__backtest *b, wsf_error *err) {
  const wsf__panel *p = b->panel;
  l->series = wsf__arena_new(b->arena, (size_t)p->n, sizeof *l->series);
  l->of = wsf__arena_new(b->arena, (size_t)p->n, sizeof *l->of);
  if (!l->series || !l->of) return wsf__fail_memory(err);
  for (int64_t i = 0; i < p->n; ++i) {
    const int at = level_of(l, p, i);
    if (at < l->n && compare_levels(p, l->series[at], i) == 0) continue;
    memmove(l->series + at + 1, l->series + at, (size_t)(l->n - at) * sizeof *l->series);
    l->series[at] = i;
    ++l->n;
  }
  for (int64_t i = 0; i < p->n; ++i) {
    if (i % 1024 == 0 && wsf__stopped(b->env)) return wsf__fail_stopped(b->env, err);
    l->of[i] = level_of(l, p, i);
  }
  l->name = wsf__arena_new(b->arena, (size_t)l->n, sizeof *l->name);
  if (!l->name) return wsf__fail_memory(err);
  for (int k = 0; k < l->n; ++k) {
    l->name[k] = level_name(b->arena, p, l->series[k]);
    if (!l->name[k]) return wsf__fail_memory(err);
  }
  return WSF_OK;
}

typedef struct place {
  int level;
  int32_t label; /* -1: by level alone */
  int64_t series;
} place;

static int by_place(const void *a, const void *b) {
  const place *x = a, *y = b;
  if (x->level != y->level) return x->level < y->level ? -1 : 1;
  if (x->label != y->label) return x->label < y->label ? -1 : 1;
  return x->series < y->series ? -1 : 1;
}

/* What is asked for: WSF__BY_LEVEL or a key, each once. */
static wsf_status read_by(wsf__backtest_groups *g, wsf__backtest *b, const wsf__value *by,
                          wsf_error *err) {
  const wsf__panel *p = b->panel;
  int *asked = wsf__arena_new(b->arena, (size_t)by->n, sizeof *asked);
  if (!asked) return wsf__fail_memory(err);
  for (int i = 0; i < by->n; ++i) {
    const char *name = by->strings[i];
    const bool level = strcmp(name, "level") == 0;
    const int key = level ? WSF__BY_LEVEL : wsf__panel_find_key(p, name);
    if (!level && key < 0) {
      char hint[WSF__HINT_BYTES];
      wsf__key_hint(hint, p, name);
      (void)wsf__fail(err, WSF_E_NAME, "the data has no key '%.64s' to report by%s", name, hint);
      wsf__error_at_field(err, "by");
      return WSF_E_NAME;
    }
    bool twice = false;
    for (int k = 0; k < g->n_by; ++k) twice = twice || asked[k] == key;
    if (!twice) asked[g->n_by++] = key;
  }
  g->by = asked;
  return WSF_OK;
}

/* The groups of one thing asked for, behind those that are there. */
static wsf_status add_groups(wsf__backtest_groups *g, const wsf__backtest *b, const levels *l,
                             int key, place *places, int64_t *member, wsf_error *err) {
  const wsf__panel *p = b->panel;
  int64_t n = 0;
  for (int64_t i = 0; i < p->n; ++i) {
    const int32_t label = key == WSF__BY_LEVEL ? -1 : p->key[key].code[i];
    if (key == WSF__BY_LEVEL || label >= 0) places[n++] = (place){l->of[i], label, i};
  }
  if (n > 0) qsort(places, (size_t)n, sizeof *places, by_place);
  if (wsf__stopped(b->env)) return wsf__fail_stopped(b->env, err);
  for (int64_t i = 0; i < n; ++i) {
    const place *now = &places[i];
    if (i == 0 || now->level != now[-1].level || now->label != now[-1].label) {
      g->group[g->n++] = (wsf__backtest_group){key, l->name[now->level], 0, member + i};
    }
    g->group[g->n - 1].n++;
    member[i] = now->series;
  }
  return WSF_OK;
}

wsf_status wsf__backtest_by(wsf__backtest *b, const wsf__value *by, wsf_error *err) {
  if (by->n == 0) return WSF_OK;
  wsf__backtest_groups *g = &b->groups;
  const int64_t n = b->panel->n;
  levels l = {0};
  size_t all;
  WSF__TRY(read_by(g, b, by, err));
  WSF__TRY(find_levels(&l, b, err));
  if (!wsf__mul((size_t)n, (size_t)g->n_by, &all)) return wsf__fail_memory(err);
  place *places = wsf__arena_new(b->arena, (size_t)n, sizeof *places);
  int64_t *member = wsf__arena_new(b->arena, all, sizeof *member);
  g->group = wsf__arena_new(b->arena, all, sizeof *g->group);
  if (!l.name || !places || !member || !g->group) return wsf__fail_memory(err);
  for (int k = 0; k < g->n_by; ++k) {
    WSF__TRY(add_groups(g, b, &l, g->by[k], places, member + k * n, err));
  }
  return WSF_OK;
}
