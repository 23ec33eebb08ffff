/* A panel with the series of another one beside its own: what a forecaster keeps of series that new
 * data do not mention. Labels of both stand in one order, and so do the series, whichever of the
 * two they come from. */
#include "base/text.h"
#include "panel/match.h"

#include <stdlib.h>
#include <string.h>

typedef int compare(const void *a, const void *b);

/* Labels of two keys as those of one, and the new code of each old one. */
typedef struct merged {
  wsf__key key;
  int32_t *code[2]; /* [n_labels of each] */
} merged;

typedef struct labelled {
  const char *label;
  int source;
  int32_t at; /* among the labels of its key */
} labelled;

static int by_value(const void *a, const void *b) {
  const labelled *x = a, *y = b;
  int64_t i = 0, j = 0;
  (void)wsf__integer_parse(x->label, strlen(x->label), &i);
  (void)wsf__integer_parse(y->label, strlen(y->label), &j);
  return (i > j) - (i < j);
}

static int by_bytes(const void *a, const void *b) {
  const labelled *x = a, *y = b;
  return strcmp(x->label, y->label);
}

/* Merge the runs v[0 .. m) and v[m .. n), each in order, into `to`. */
static bool merge_runs(char *to, const char *v, size_t m, size_t n, size_t size, compare *order,
                       wsf__watch *watch) {
  size_t i = 0, j = m;
  for (size_t k = 0; k < n; ++k) {
    const bool left = j >= n || (i < m && order(v + i * size, v + j * size) <= 0);
    memcpy(to + k * size, v + (left ? i++ : j++) * size, size);
    if (wsf__watch_ends(watch, 16)) return false;
  }
  return true;
}

/* Natural merge sort: what comes from two panels are two runs, as a rule, so that it is linear. */
static wsf_status sort(void *base, int64_t n, size_t size, compare *order, wsf__arena *arena,
                       wsf_error *err) {
  const wsf__mark mark = wsf__arena_mark(arena);
  char *v = base, *spare = wsf__arena_new(arena, (size_t)n, size), *from = v;
  wsf__watch watch = {.scratch = arena};
  if (!spare) return wsf__fail_memory(err);
  for (int64_t runs = 2; runs > 1;) {
    char *to = from == v ? spare : v;
    runs = 0;
    for (int64_t begin = 0, end; begin < n; begin = end, ++runs) {
      int64_t middle = 0;
      for (end = begin + 1; end < n; ++end) {
        if (order(from + (end - 1) * (int64_t)size, from + end * (int64_t)size) <= 0) continue;
        if (middle > 0) break;
        middle = end;
      }
      if (middle == 0) middle = end;
      if (!merge_runs(to + begin * (int64_t)size, from + begin * (int64_t)size,
                      (size_t)(middle - begin), (size_t)(end - begin), size, order, &watch)) {
        return wsf__fail_stopped(arena->work_of, err);
      }
    }
    from = to;
  }
  if (from != v && n > 0) memcpy(v, from, (size_t)n * size);
  wsf__arena_reset(arena, mark);
  return WSF_OK;
}

static wsf_status merge_labels(merged *out, wsf__arena *arena, const wsf__key *const from[2],
                               wsf_error *err) {
  const bool whole = from[0]->integer && from[1]->integer;
  compare *const order = whole ? by_value : by_bytes;
  const int64_t n = (int64_t)from[0]->n_labels + from[1]->n_labels;
  labelled *all = wsf__arena_new(arena, (size_t)n, sizeof *all);
  const char **label = wsf__arena_new(arena, (size_t)n, sizeof *label);
  if (!all || !label || n > INT32_MAX) return wsf__fail_memory(err);
  int64_t at = 0;
  for (int s = 0; s < 2; ++s) {
    out->code[s] = wsf__arena_new(arena, (size_t)from[s]->n_labels, sizeof *out->code[s]);
    if (!out->code[s]) return wsf__fail_memory(err);
    for (int32_t l = 0; l < from[s]->n_labels; ++l) {
      all[at++] = (labelled){from[s]->label[l], s, l};
    }
  }
  WSF__TRY(sort(all, n, sizeof *all, order, arena, err));
  int32_t kept = 0;
  for (int64_t l = 0; l < n; ++l) {
    if (l == 0 || order(&all[l - 1], &all[l]) != 0) label[kept++] = all[l].label;
    out->code[all[l].source][all[l].at] = kept - 1;
  }
  out->key = (wsf__key){.name = from[0]->name, .integer = whole, .n_labels = kept, .label = label};
  return WSF_OK;
}

/* A series to be, by its codes; `source` 0: of p, 1: of the other panel. */
typedef struct entry {
  const int32_t *code; /* [n_keys] */
  int n_keys, source;
  int64_t series;
} entry;

static int by_codes(const void *a, const void *b) {
  const entry *x = a, *y = b;
  for (int k = 0; k < x->n_keys; ++k) {
    if (x->code[k] != y->code[k]) return x->code[k] < y->code[k] ? -1 : 1;
  }
  return 0;
}

typedef struct widening {
  const wsf__panel *from[2];
  wsf__arena *arena;
  wsf_error *err;
  int64_t n;
  entry *entry;      /* [n] in order */
  int32_t *place[2]; /* [from[s]->n] where a series stands in the result */
} widening;

static wsf_status order_series(widening *w, wsf__key *key, const int64_t *row) {
  const wsf__panel *p = w->from[0], *more = w->from[1];
  const int n_keys = p->n_keys;
  size_t cells;
  merged *merge = wsf__arena_new(w->arena, (size_t)n_keys, sizeof *merge);
  int *at = wsf__arena_new(w->arena, (size_t)n_keys, sizeof *at);
  if (!merge || !at || !wsf__mul((size_t)w->n, (size_t)n_keys, &cells)) {
    return wsf__fail_memory(w->err);
  }
  int32_t *code = wsf__arena_new(w->arena, cells, sizeof *code);
  w->entry = wsf__arena_new(w->arena, (size_t)w->n, sizeof *w->entry);
  if (!code || !w->entry) return wsf__fail_memory(w->err);
  for (int k = 0; k < n_keys; ++k) {
    at[k] = wsf__panel_find_key(more, p->key[k].name);
    const wsf__key *const pair[2] = {&p->key[k], &more->key[at[k]]};
    WSF__TRY(merge_labels(&merge[k], w->arena, pair, w->err));
  }
  int64_t e = 0;
  for (int s = 0; s < 2; ++s) {
    for (int64_t i = 0; i < w->from[s]->n; ++i) {
      if (s == 1 && row[i] >= 0) continue; /* p has it */
      for (int k = 0; k < n_keys; ++k) {
        const int32_t old = w->from[s]->key[s ? at[k] : k].code[i];
        code[e * n_keys + k] = old < 0 ? -1 : merge[k].code[s][old];
      }
      w->entry[e] = (entry){code + e * n_keys, n_keys, s, i};
      ++e;
    }
  }
  WSF__TRY(sort(w->entry, w->n, sizeof *w->entry, by_codes, w->arena, w->err));
  for (int k = 0; k < n_keys; ++k) {
    int32_t *own = wsf__arena_new(w->arena, (size_t)w->n, sizeof *own);
    if (!own) return wsf__fail_memory(w->err);
    for (int64_t j = 0; j < w->n; ++j) own[j] = w->entry[j].code[k];
    key[k] = merge[k].key;
    key[k].code = own;
  }
  return WSF_OK;
}

static wsf_status find_places(widening *w, const int64_t *row) {
  for (int s = 0; s < 2; ++s) {
    w->place[s] = wsf__arena_new(w->arena, (size_t)w->from[s]->n, sizeof *w->place[s]);
    if (!w->place[s]) return wsf__fail_memory(w->err);
  }
  for (int64_t j = 0; j < w->n; ++j) {
    w->place[w->entry[j].source][w->entry[j].series] = (int32_t)j;
  }
  for (int64_t i = 0; i < w->from[1]->n; ++i) {
    if (row[i] >= 0) w->place[1][i] = w->place[0][row[i]];
  }
  return WSF_OK;
}

static int by_number(const void *a, const void *b) {
  const int32_t *x = a, *y = b;
  return (*x > *y) - (*x < *y);
}

/* A sum adds up what it adds up in either panel; one that has forgotten its members in a panel has
 * forgotten them. */
static wsf_status merge_members(const widening *w, wsf__members *out, const int64_t *const at[2]) {
  int64_t most = 0, n = 0;
  *out = (wsf__members){0};
  for (int s = 0; s < 2; ++s) {
    const int64_t *start = w->from[s]->members.start;
    most += start ? start[w->from[s]->n] : 0;
  }
  if (most == 0) return WSF_OK;
  int64_t *start = wsf__arena_new(w->arena, (size_t)w->n + 1, sizeof *start);
  int32_t *member = wsf__arena_new(w->arena, (size_t)most, sizeof *member);
  if (!start || !member) return wsf__fail_memory(w->err);
  for (int64_t j = 0; j < w->n; ++j) {
    bool whole = true;
    start[j] = n;
    for (int s = 0; s < 2; ++s) {
      const wsf__members *m = &w->from[s]->members;
      const int64_t i = at[s][j];
      if (i < 0) continue;
      const int64_t count = m->start ? m->start[i + 1] - m->start[i] : 0;
      whole = whole && count > 0;
      for (int64_t k = 0; k < count; ++k) {
        member[n++] = w->place[s][m->member[m->start[i] + k]];
      }
    }
    if (!whole) n = start[j];
    int64_t kept = start[j];
    if (n > kept) qsort(member + kept, (size_t)(n - kept), sizeof *member, by_number);
    for (int64_t k = start[j]; k < n; ++k) {
      if (kept == start[j] || member[kept - 1] != member[k]) member[kept++] = member[k];
    }
    n = kept;
  }
  start[w->n] = n;
  *out = (wsf__members){start, member};
  return WSF_OK;
}

static wsf_status widen(widening *w, wsf__panel *out, wsf__key *key, wsf__column *column,
                        const int64_t *row) {
  const wsf__panel *p = w->from[0];
  WSF__TRY(order_series(w, key, row));
  WSF__TRY(find_places(w, row));
  int64_t *at[2];
  for (int s = 0; s < 2; ++s) {
    at[s] = wsf__arena_new(w->arena, (size_t)w->n, sizeof *at[s]);
    if (!at[s]) return wsf__fail_memory(w->err);
    for (int64_t j = 0; j < w->n; ++j) at[s][j] = -1;
    for (int64_t i = 0; i < w->from[s]->n; ++i) at[s][w->place[s][i]] = i;
  }
  int64_t *first = wsf__arena_zero(w->arena, (size_t)w->n, sizeof *first);
  int64_t *length = wsf__arena_zero(w->arena, (size_t)w->n, sizeof *length);
  int64_t *offset = wsf__arena_zero(w->arena, (size_t)w->n, sizeof *offset);
  int64_t *off = wsf__arena_zero(w->arena, (size_t)w->n, sizeof *off);
  if (!first || !length || !offset || !off) return wsf__fail_memory(w->err);
  for (int64_t j = 0; j < w->n; ++j) {
    const int64_t i = at[0][j];
    if (i < 0) continue;
    first[j] = p->first[i];
    length[j] = p->length[i];
    offset[j] = p->offset[i];
    off[j] = p->off_calendar ? p->off_calendar[i] : 0;
  }
  for (int c = 0; c < p->n_columns; ++c) {
    int32_t *group = wsf__arena_new(w->arena, (size_t)w->n, sizeof *group);
    if (!group) return wsf__fail_memory(w->err);
    for (int64_t j = 0; j < w->n; ++j) group[j] = at[0][j] < 0 ? -1 : p->column[c].group[at[0][j]];
    column[c] = p->column[c];
    column[c].group = group;
  }
  wsf__panel_look(out, p);
  out->n = w->n;
  out->key = key;
  out->column = column;
  out->first = first;
  out->length = length;
  out->offset = offset;
  out->off_calendar = off;
  return merge_members(w, &out->members, (const int64_t *const *)at);
}

wsf_status wsf__panel_widen(wsf__panel *out, const wsf__env *env, wsf__arena *arena,
                            const wsf__panel *p, const wsf__panel *more, wsf_error *err) {
  int64_t *row;
  WSF__TRY(wsf__match_series(&row, env, arena, more, p, err));
  widening w = {.from = {p, more}, .arena = arena, .err = err, .n = p->n};
  for (int64_t i = 0; i < more->n; ++i) w.n += row[i] < 0;
  if (w.n > INT32_MAX) return wsf__fail_memory(err);
  wsf__key *key = wsf__arena_new(arena, (size_t)p->n_keys, sizeof *key);
  wsf__column *column = wsf__arena_new(arena, (size_t)p->n_columns, sizeof *column);
  if (!key || !column) return wsf__fail_memory(err);
  return widen(&w, out, key, column, row);
}
