/* The PAST columns of a frame: as much of their end as forecasts still read, once per group. A
 * forecaster that moves on joins what it kept with what is new, and lets go of the rest. */
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

wsf_status wsf__frame_join(wsf__column *out, wsf__arena *arena, const wsf__column *now,
                           const wsf__column *then, const int64_t *row, int64_t n, int64_t *room,
                           wsf_error *err) {
  pair *pairs = wsf__arena_new(arena, (size_t)n, sizeof *pairs);
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
  WSF__TRY(wsf__take_room(room, groups, periods, then->name, err));
  double *value = wsf__arena_new(arena, (size_t)groups * (size_t)periods, sizeof *value);
  if (!value) return wsf__fail_memory(err);
  for (int64_t i = 0; i < n; ++i) {
    double *to = value + group[pairs[i].series] * periods;
    if (i > 0 && group[pairs[i].series] == group[pairs[i - 1].series]) continue;
    for (int64_t t = start; t < start + periods; ++t) {
      const double x = value_at(now, pairs[i].now, t);
      to[t - start] = isnan(x) ? value_at(then, pairs[i].then, t) : x;
    }
  }
  *out = *then; /* with its categories: what a model learnt keeps its meaning */
  out->n_groups = groups;
  out->start = start;
  out->periods = periods;
  out->group = group;
  out->value = value;
  return wsf__column_texts(out, arena, err);
}
