/* Rows that have no value of a key because they add up those that have one: a region's total beside
 * its parts. Some number of theirs is the sum of the others' at nearly all times. They are left out
 * for want of the key, and so cost the others none. */
#include "ingest/propose_rows.h"

#include <math.h>

typedef struct group {
  uint64_t key; /* 0: free */
  double filled, blank;
  bool has_filled, has_blank;
} group;

typedef struct table {
  group *slot; /* [mask + 1] */
  size_t mask;
} table;

static bool is_blank(const wsf__csv_column *c, int64_t row) {
  return c->code ? c->code[row] < 0 : isnan(c->number[row]);
}

/* The row's time and its words of which several rows have each, but for column k. */
static uint64_t hash_row(const wsf__proposal *p, int64_t row, int k) {
  enum { REPEATS = 2 };
  uint64_t hash = 1;
  for (int j = 0; j < p->csv.n_columns; ++j) {
    const wsf__csv_column *c = &p->csv.column[j];
    const bool word = c->code && REPEATS * p->column[j].distinct <= p->csv.rows;
    if (j == k || (p->column[j].part != WSF__PART_TIME && !word)) continue;
    hash = wsf__propose_mix(hash, wsf__propose_value(c, row) + (uint64_t)j);
  }
  return hash | 1;
}

static group *group_of(const table *t, uint64_t key) {
  size_t at = (size_t)(key >> 20) & t->mask;
  while (t->slot[at].key && t->slot[at].key != key) at = (at + 1) & t->mask;
  t->slot[at].key = key;
  return &t->slot[at];
}

/* Whether the numbers of x in rows without k are the sums of those with it. */
static bool adds_up(const wsf__propose_rows *n, const wsf__proposal *p, int k, const double *x,
                    const table *t) {
  enum { LEAST = 2, ENOUGH = 90 };
  const double rounding = 1e-3;
  int64_t groups = 0, equal = 0;
  memset(t->slot, 0, (t->mask + 1) * sizeof *t->slot);
  for (int64_t i = 0; i < n->rows && !wsf__propose_stopped(n->csv, i); ++i) {
    if (n->untimed[i] || isnan(x[i])) continue;
    group *g = group_of(t, hash_row(p, i, k));
    const bool blank = is_blank(&p->csv.column[k], i);
    *(blank ? &g->blank : &g->filled) += x[i];
    *(blank ? &g->has_blank : &g->has_filled) = true;
  }
  for (size_t i = 0; i <= t->mask; ++i) {
    const group *g = &t->slot[i];
    if (!g->has_filled || !g->has_blank || (g->filled == 0 && g->blank == 0)) continue;
    ++groups;
    equal += fabs(g->blank - g->filled) <= rounding * fabs(g->filled);
  }
  return groups >= LEAST && 100 * equal >= ENOUGH * groups;
}

bool wsf__propose_blank_sums(wsf__proposal *p, const wsf__propose_rows *n, int k) {
  enum { COLUMNS = 8 };
  wsf__proposed *to = &p->column[k];
  if (to->blank_sums || to->blank == 0) return to->blank_sums > 0;
  table t = {.mask = 15};
  int columns = 0;
  while (t.mask + 1 < 2 * (size_t)n->rows) t.mask = 2 * t.mask + 1;
  t.slot = wsf__new(&p->csv.env->alloc, t.mask + 1, sizeof *t.slot);
  to->blank_sums = -1;
  for (int j = 0; t.slot && j < p->csv.n_columns && columns < COLUMNS; ++j) {
    const wsf__csv_column *c = &p->csv.column[j];
    if (j == k || !c->number || c->flag || p->column[j].part != WSF__PART_PAST) continue;
    ++columns;
    if (!adds_up(n, p, k, c->number, &t)) continue;
    to->blank_sums = 1;
    break;
  }
  wsf__delete(&p->csv.env->alloc, t.slot);
  return to->blank_sums > 0;
}
