/* The columns of a frame that moves on: what it kept is joined with what is new. Of the PAST ones
 * as much of their end stays as forecasts still read, once per group. */
#include "panel/make.h"
#include "panel/match.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The earliest end of a series. */
static int64_t first_end(const wsf__panel *p) {
  int64_t end = p->T;
  for (int64_t i = 0; i < p->n; ++i) {
    if (p->first[i] + p->length[i] < end) end = p->first[i] + p->length[i];
  }
  return end;
}

int64_t wsf__frame_start(const wsf__panel *frame, const wsf__column *column, int64_t tail) {
  const int64_t start = first_end(frame) - tail;
  return start > column->start ? start : column->start;
}

void wsf__frame_trim(wsf__panel *frame, int64_t tail) {
  for (int c = 0; c < frame->n_columns; ++c) {
    wsf__column *column = (wsf__column *)(uintptr_t)&frame->column[c]; /* nobody has seen it yet */
    if (column->kind != WSF__PAST) continue;
    const int64_t skip = wsf__frame_start(frame, column, tail) - column->start;
    const int64_t kept = column->periods > skip ? column->periods - skip : 0;
    double *value = (double *)(uintptr_t)column->value;
    for (int64_t g = 0; skip > 0 && kept > 0 && g < column->n_groups; ++g) {
      memmove(value + g * kept, value + g * column->periods + skip, (size_t)kept * sizeof *value);
    }
    column->start += skip;
    column->periods = kept;
  }
}

/* Series that share their values in both columns. */
typedef struct pair {
  int32_t now, then; /* groups, or -1 */
  int64_t series;
} pair;

static int by_groups(const void *a, const void *b) {
  const pair *x = a, *y = b;
  if (x->now != y->now) return x->now < y->now ? -1 : 1;
  if (x->then != y->then) return x->then < y->then ? -1 : 1;
  return (x->series > y->series) - (x->series < y->series);
}

static double value_at(const wsf__column *c, int32_t group, int64_t t) {
  const bool there = group >= 0 && t >= c->start && t < c->start + c->periods;
  return there ? c->value[group * c->periods + t - c->start] : NAN;
}

/* The values of a group, for comparison. */
typedef struct told {
  const double *value;
  size_t bytes;
  int32_t group;
} told;

static int by_values(const void *a, const void *b) {
  const told *x = a, *y = b;
  const int order = x->bytes > 0 ? memcmp(x->value, y->value, x->bytes) : 0;
  return order != 0 ? order : (x->group > y->group) - (x->group < y->group);
}

/* Groups of the same values become one, in the order of their first series: a column tells what is
 * known, not in which pieces it came. group: of each of n series, changed. */
static wsf_status merge_groups(wsf__column *c, int32_t *group, int64_t n, wsf__arena *arena,
                               wsf__arena *scratch, wsf_error *err) {
  const int64_t all = c->n_groups, periods = c->periods;
  const double *value = c->value;
  told *rows = wsf__arena_new(scratch, (size_t)all, sizeof *rows);
  int32_t *like = wsf__arena_new(scratch, (size_t)all, sizeof *like);
  int32_t *place = wsf__arena_new(scratch, (size_t)all, sizeof *place);
  if (!rows || !like || !place) return wsf__fail_memory(err);
  for (int64_t g = 0; g < all; ++g) {
    place[g] = -1;
    rows[g] = (told){value + g * periods, (size_t)periods * sizeof *value, (int32_t)g};
  }
  if (all > 0) qsort(rows, (size_t)all, sizeof *rows, by_values);
  for (int64_t g = 0; g < all; ++g) {
    const bool new = g == 0 || (rows[g].bytes > 0 &&
                                memcmp(rows[g].value, rows[g - 1].value, rows[g].bytes) != 0);
    like[rows[g].group] = new ? rows[g].group : like[rows[g - 1].group];
  }
  int32_t kept = 0;
  for (int64_t i = 0; i < n; ++i) {
    const int32_t g = like[group[i]];
    if (place[g] < 0) place[g] = kept++;
    group[i] = place[g];
  }
  double *own = wsf__arena_new(arena, (size_t)kept * (size_t)periods, sizeof *own);
  if (!own) return wsf__fail_memory(err);
  wsf__watch watch = {.scratch = scratch};
  for (int64_t g = 0; g < all; ++g) {
    if (place[g] < 0) continue;
    if (wsf__watch_ends(&watch, periods)) return wsf__fail_stopped(scratch->work_of, err);
    for (int64_t t = 0; t < periods; ++t) own[place[g] * periods + t] = value[g * periods + t];
  }
  c->n_groups = kept;
  c->group = group;
  c->value = own;
  return WSF_OK;
}

wsf_status wsf__frame_join(wsf__column *out, wsf__arena *arena, wsf__arena *scratch,
                           const wsf__column *from, const wsf__column *then, const int64_t *row,
                           int64_t n, int64_t shift, int64_t *room, wsf_error *err) {
  int64_t *each = wsf__arena_new(scratch, (size_t)n, sizeof *each);
  wsf__column moved;
  const wsf__column *const now = &moved;
  if (!each) return wsf__fail_memory(err);
  for (int64_t i = 0; i < n; ++i) each[i] = i;
  WSF__TRY(wsf__match_column(&moved, scratch, then, from, each, n, shift, room, err));
  const int64_t moves = from->kind == WSF__STATIC ? 0 : shift;
  pair *pairs = wsf__arena_new(scratch, (size_t)n, sizeof *pairs);
  int32_t *group = wsf__arena_new(arena, (size_t)n, sizeof *group);
  if (!pairs || !group) return wsf__fail_memory(err);
  for (int64_t i = 0; i < n; ++i) {
    pairs[i] = (pair){now->group[i], row[i] < 0 ? -1 : then->group[row[i]], i};
  }
  if (n > 0) qsort(pairs, (size_t)n, sizeof *pairs, by_groups);
  const int64_t start = now->start < then->start ? now->start : then->start;
  const int64_t end = now->start + now->periods, before = then->start + then->periods;
  int64_t periods = (end > before ? end : before) - start, groups = 0;
  for (int64_t i = 0; i < n; ++i) {
    const bool same =
        i > 0 && pairs[i].now == pairs[i - 1].now && pairs[i].then == pairs[i - 1].then;
    groups += same ? 0 : 1;
    group[pairs[i].series] = (int32_t)(groups - 1);
  }
  wsf__watch watch = {.scratch = scratch};
  WSF__TRY(wsf__take_room(room, groups, periods, then->name, err));
  double *value = wsf__arena_new(scratch, (size_t)groups * (size_t)periods, sizeof *value);
  if (!value) return wsf__fail_memory(err);
  for (int64_t i = 0; i < n; ++i) {
    double *to = value + group[pairs[i].series] * periods;
    if (i > 0 && group[pairs[i].series] == group[pairs[i - 1].series]) continue;
    for (int64_t t = start; t < start + periods; ++t) {
      if (wsf__watch_ends(&watch, 1)) return wsf__fail_stopped(scratch->work_of, err);
      /* a category that the old frame has not is news, though none that a model can read */
      const bool is_told = !isnan(value_at(from, from->group[pairs[i].series], t - moves));
      to[t - start] = is_told ? value_at(now, pairs[i].now, t) : value_at(then, pairs[i].then, t);
    }
  }
  *out = *then; /* with its categories: what a model learnt keeps its meaning */
  out->n_groups = groups;
  out->start = start;
  out->periods = periods;
  out->value = value;
  WSF__TRY(merge_groups(out, group, n, arena, scratch, err));
  return wsf__column_texts(out, arena, err);
}
