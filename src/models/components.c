/* Named rows that add up to a forecast's mean. */
#include "models/components.h"

#include <math.h>
#include <string.h>

static int rank_of(const char *name, bool regressor) {
  static const char *const order[] = {WSF__BASE,          WSF__TREND,         WSF__SEASON,
                                      WSF__SEASON_YEARLY, WSF__SEASON_WEEKLY, WSF__SEASON_DAILY,
                                      WSF__HOLIDAY};
  enum { NAMED = sizeof order / sizeof *order };
  if (regressor) return NAMED;
  for (int i = 0; i < NAMED; ++i) {
    if (strcmp(name, order[i]) == 0) return i;
  }
  return NAMED + 1;
}

wsf__components *wsf__components_new(wsf__arena *arena, int64_t h) {
  wsf__components *c = wsf__arena_new(arena, 1, sizeof *c);
  if (c) *c = (wsf__components){.h = h, .arena = arena};
  return c;
}

static bool make_room(wsf__components *c) {
  if (c->n < c->room) return true;
  const int room = c->room ? 2 * c->room : 8;
  wsf__component *row = wsf__arena_new(c->arena, (size_t)room, sizeof *row);
  if (!row) return false;
  if (c->n > 0) memcpy(row, c->row, (size_t)c->n * sizeof *row);
  c->row = row;
  c->room = room;
  return true;
}

/* The row of this name, of zeros if it is new; NULL = out of memory. */
static double *find_row(wsf__components *c, const char *name, bool regressor) {
  for (int i = 0; i < c->n; ++i) {
    const wsf__component *row = &c->row[i];
    if (row->regressor == regressor && strcmp(row->name, name) == 0) return row->value;
  }
  double *value = wsf__arena_zero(c->arena, (size_t)c->h, sizeof *value);
  /* a feature's column is named in the scratch of the one who tells */
  if (regressor) name = wsf__arena_text(c->arena, name, strlen(name));
  if (!value || !name || !make_room(c)) {
    c->failed = true;
    return NULL;
  }
  int at = c->n++;
  for (;
       at > 0 && rank_of(c->row[at - 1].name, c->row[at - 1].regressor) > rank_of(name, regressor);
       --at) {
    c->row[at] = c->row[at - 1];
  }
  c->row[at] = (wsf__component){name, regressor, value};
  return value;
}

static void add(wsf__components *c, int64_t step, const char *name, bool regressor, double x) {
  if (!c || x == 0) return;
  double *value = find_row(c, name, regressor);
  if (value) value[step] += x;
}

void wsf__explain(const wsf__forecast *out, int64_t step, const char *name, double value) {
  add(out->components, step, name, false, value);
}

void wsf__explain_regressor(const wsf__forecast *out, int64_t step, const char *column,
                            double value) {
  add(out->components, step, column, true, value);
}

void wsf__components_add(const wsf__forecast *out, int64_t step, const wsf__components *from,
                         double weight) {
  for (int i = 0; out->components && i < from->n; ++i) {
    const wsf__component *row = &from->row[i];
    add(out->components, step, row->name, row->regressor, weight * row->value[step]);
  }
}

void wsf__components_scale(const wsf__forecast *out, int64_t step, double factor) {
  const wsf__components *c = out->components;
  for (int i = 0; c && i < c->n; ++i) c->row[i].value[step] *= factor;
}

void wsf__components_through(const wsf__forecast *out, wsf__back_fn *back, const void *how) {
  wsf__components *c = out->components;
  const bool any = c && find_row(c, WSF__BASE, false);
  for (int64_t step = 0; any && step < c->h; ++step) {
    double sum = 0, before = 0;
    for (int i = 0; i < c->n; ++i) {
      double *value = &c->row[i].value[step];
      sum += *value;
      const double now = back(how, sum);
      *value = now - before;
      before = now;
    }
  }
}

void wsf__components_close(const wsf__forecast *out, bool leaf) {
  wsf__components *c = out->components;
  double *base = c ? find_row(c, WSF__BASE, false) : NULL;
  for (int64_t step = 0; base && step < c->h; ++step) {
    double sum = 0, size = 0;
    for (int i = 0; i < c->n; ++i) {
      sum += c->row[i].value[step];
      size += fabs(c->row[i].value[step]);
    }
    if (!isfinite(size)) { /* something left the range of doubles: nothing can be told apart */
      for (int i = 0; i < c->n; ++i) c->row[i].value[step] = 0;
      sum = size = 0;
    }
    const double mean = out->mean[step], rest = mean - sum;
    if (!isfinite(rest)) continue;
    const bool rounding = fabs(rest) <= 1e-12 * (size + fabs(mean));
    if (leaf || size == 0 || rounding)
      base[step] += rest;
    else
      add(c, step, WSF__REMAINDER, false, rest);
  }
}
