/* The entries of a summing matrix, from what the panel knows of its sums.
 *
 * For what is handed down from a level, the sums below it form a tree if each lies wholly inside
 * the next larger one. Sums are gone through from the largest on; the last one that held a series
 * is the parent of the next that does. */
#include "reconcile/structure.h"

#include <stdlib.h>
#include <string.h>

static bool takes_part(const wsf__panel *p, const int64_t *when, int64_t sum) {
  const int64_t *start = p->members.start;
  if (!start || start[sum] == start[sum + 1] || when[sum] < 0) return false;
  for (int64_t m = start[sum]; m < start[sum + 1]; ++m) {
    if (when[p->members.member[m]] != when[sum]) return false;
  }
  return true;
}

/* The columns of what stands in rows. */
static bool transpose(wsf__structure *s, wsf__arena *arena) {
  const int64_t entries = s->row[s->n_sums];
  int64_t *column = wsf__arena_zero(arena, (size_t)s->n_bottom + 2, sizeof *column);
  int32_t *above = wsf__arena_new(arena, (size_t)entries, sizeof *above);
  if (!column || !above) return false;
  for (int64_t e = 0; e < entries; ++e) ++column[s->below[e] + 2];
  for (int64_t j = 0; j < s->n_bottom; ++j) column[j + 2] += column[j + 1];
  for (int64_t r = 0; r < s->n_sums; ++r) {
    for (int64_t e = s->row[r]; e < s->row[r + 1]; ++e) {
      above[column[s->below[e] + 1]++] = (int32_t)r;
    }
  }
  s->column = column;
  s->above = above;
  return true;
}

bool wsf__structure_make(wsf__structure *out, wsf__arena *arena, const wsf__panel *p,
                         const int64_t *when) {
  const size_t n = (size_t)p->n;
  *out = (wsf__structure){.n = p->n};
  int64_t *sum = wsf__arena_new(arena, n, sizeof *sum);
  int64_t *bottom = wsf__arena_new(arena, n, sizeof *bottom);
  int32_t *place = wsf__arena_new(arena, n, sizeof *place);
  int64_t *row = wsf__arena_zero(arena, n + 1, sizeof *row);
  if (!sum || !bottom || !place || !row) return false;
  for (int64_t i = 0; i < p->n; ++i) place[i] = -1;
  for (int64_t i = 0; i < p->n; ++i) {
    if (!takes_part(p, when, i)) continue;
    const int64_t from = p->members.start[i], end = p->members.start[i + 1];
    row[out->n_sums + 1] = row[out->n_sums] + end - from;
    sum[out->n_sums++] = i;
    for (int64_t m = from; m < end; ++m) place[p->members.member[m]] = 0;
  }
  for (int64_t i = 0; i < p->n; ++i) {
    if (place[i] < 0) continue;
    place[i] = (int32_t)out->n_bottom;
    bottom[out->n_bottom++] = i;
  }
  int32_t *below = wsf__arena_new(arena, (size_t)row[out->n_sums], sizeof *below);
  if (!below) return false;
  for (int64_t r = 0; r < out->n_sums; ++r) {
    const int32_t *member = p->members.member + p->members.start[sum[r]];
    for (int64_t e = row[r]; e < row[r + 1]; ++e) below[e] = place[member[e - row[r]]];
  }
  out->sum = sum;
  out->bottom = bottom;
  out->row = row;
  out->below = below;
  return transpose(out, arena);
}

/* ---- from a level down --------------------------------------------------------------------- */

bool wsf__at_level(const wsf__panel *p, int64_t series, const int *key, int n_keys) {
  for (int k = 0, next = 0; k < p->n_keys; ++k) {
    const bool kept = next < n_keys && key[next] == k;
    next += kept;
    if ((p->key[k].code[series] >= 0) != kept) return false;
  }
  return true;
}

typedef struct sized {
  int64_t size;
  int32_t sum;
} sized;

static int by_size(const void *a, const void *b) {
  const sized *x = a, *y = b;
  if (x->size != y->size) return x->size < y->size ? 1 : -1;
  return (x->sum > y->sum) - (x->sum < y->sum);
}

bool wsf__tree_down_make(wsf__tree_down *out, wsf__arena *arena, const wsf__structure *s,
                         const wsf__panel *p, const int *key, int n_keys) {
  const size_t sums = (size_t)s->n_sums;
  *out = (wsf__tree_down){.nested = true};
  sized *by = wsf__arena_new(arena, sums, sizeof *by);
  int32_t *order = wsf__arena_new(arena, sums, sizeof *order);
  int32_t *root = wsf__arena_new(arena, sums, sizeof *root);
  int32_t *parent = wsf__arena_new(arena, sums, sizeof *parent);
  int32_t *holder = wsf__arena_new(arena, (size_t)s->n_bottom, sizeof *holder);
  int32_t *top = wsf__arena_new(arena, (size_t)s->n_bottom, sizeof *top); /* the root around it */
  if (!by || !order || !root || !parent || !holder || !top) return false;
  for (int64_t r = 0; r < s->n_sums; ++r) by[r] = (sized){s->row[r + 1] - s->row[r], (int32_t)r};
  qsort(by, sums, sizeof *by, by_size);
  for (int64_t j = 0; j < s->n_bottom; ++j) holder[j] = top[j] = -1;
  for (int64_t k = 0; k < s->n_sums; ++k) {
    const int32_t r = order[k] = by[k].sum;
    const int32_t *below = s->below + s->row[r], around = holder[below[0]];
    const bool is_root = wsf__at_level(p, s->sum[r], key, n_keys);
    bool inside = around >= 0, below_root = top[below[0]] >= 0;
    for (int64_t e = 1; e < by[k].size; ++e) {
      inside = inside && holder[below[e]] == around;
      below_root = below_root && top[below[e]] == top[below[0]];
    }
    parent[r] = is_root ? -1 : inside ? around : -2;
    if (is_root) root[out->n_roots++] = r;
    if (!is_root && below_root && !inside) out->nested = false;
    for (int64_t e = 0; (is_root || inside) && e < by[k].size; ++e) holder[below[e]] = r;
    for (int64_t e = 0; is_root && e < by[k].size; ++e) top[below[e]] = r;
  }
  out->root = root;
  out->order = order;
  out->parent = parent;
  out->holder = holder;
  return true;
}
