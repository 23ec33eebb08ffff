/* Values of a covariate that became known in the course of time: forecasts of the weather, figures
 * that are revised ("real-time data", Croushore and Stark 2001). What is known at an origin is the
 * latest value that was known by then, never a later one. A lookup takes the logarithm of a group's
 * pairs; a pair takes 16 bytes for each join and 8 for each column. */
#include "panel/vintages.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The first of a group's pairs that speaks of a later period. */
static int64_t behind(const wsf__vintages *v, int64_t group, int64_t period) {
  int64_t low = v->start[group], high = v->start[group + 1];
  while (low < high) {
    const int64_t middle = low + (high - low) / 2;
    if (v->period[middle] <= period)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

double wsf__vintages_value(const wsf__vintages *v, int64_t group, int64_t period, int64_t origin) {
  for (int64_t i = behind(v, group, period) - 1; i >= v->start[group]; --i) {
    if (v->period[i] != period && !v->forward) break;
    if (v->known[i] > origin) continue;
    if (!isnan(v->value[i]) || !v->forward) return v->value[i];
    /* known to be missing: what was known before does not count */
    while (i > v->start[group] && v->period[i - 1] == v->period[i]) --i;
  }
  return NAN;
}

void wsf__vintages_fill(double *value, const wsf__vintages *v, int64_t group, int64_t start,
                        int64_t periods, int64_t origin) {
  double last = NAN;
  int64_t i = v->start[group];
  for (int64_t t = 0; t < start + periods; ++t) {
    double x = NAN;
    for (; i < v->start[group + 1] && v->period[i] == t; ++i) {
      if (v->known[i] <= origin) x = v->value[i];
    }
    if (isnan(x) && v->forward) x = last;
    if (t >= start) value[t - start] = x;
    last = x;
  }
}

wsf_status wsf__vintages_copy(const wsf__vintages **out, wsf__arena *arena, const wsf__vintages *v,
                              int64_t n_groups, const int32_t *place, int64_t used, int64_t origin,
                              wsf_error *err) {
  wsf__vintages *copy = wsf__arena_new(arena, 1, sizeof *copy);
  int64_t *start = wsf__arena_zero(arena, (size_t)used + 1, sizeof *start);
  if (!copy || !start) return wsf__fail_memory(err);
  int64_t n = 0;
  for (int64_t g = 0; g < n_groups; ++g) {
    if (place[g] < 0) continue;
    for (int64_t i = v->start[g]; i < v->start[g + 1]; ++i) n += v->known[i] <= origin;
    start[place[g] + 1] = n; /* places rise with the groups */
  }
  int64_t *period = wsf__arena_new(arena, (size_t)n, sizeof *period);
  int64_t *known = wsf__arena_new(arena, (size_t)n, sizeof *known);
  double *value = wsf__arena_new(arena, (size_t)n, sizeof *value);
  if (!period || !known || !value) return wsf__fail_memory(err);
  n = 0;
  for (int64_t g = 0; g < n_groups; ++g) {
    if (place[g] < 0) continue;
    for (int64_t i = v->start[g]; i < v->start[g + 1]; ++i) {
      if (v->known[i] > origin) continue;
      period[n] = v->period[i];
      known[n] = v->known[i];
      value[n++] = v->value[i];
    }
  }
  *copy = (wsf__vintages){start, period, known, value, v->forward};
  *out = copy;
  return WSF_OK;
}

wsf_status wsf__vintages_refuse(const wsf__panel *p, const char *step, wsf_error *err) {
  for (int c = 0; c < p->n_columns; ++c) {
    if (!p->column[c].vintages) continue;
    (void)wsf__fail(
        err, WSF_E_UNSUPPORTED,
        "column '%s' has values that became known later, expected it to be joined after "
        "%s",
        p->column[c].name, step);
    wsf__error_at_field(err, p->column[c].name);
    return WSF_E_UNSUPPORTED;
  }
  return WSF_OK;
}

int64_t wsf__vintages_known(const wsf__panel *p, wsf__time moment) {
  int64_t value = moment.value, low = 0, high = p->T;
  if (p->calendar.form == WSF__FORM_DATE) {
    value = value / 86400 - (value % 86400 < 0);
  } else if (p->calendar.form == WSF__FORM_TIME && moment.form == WSF__FORM_DATE) {
    value += 86399;
  }
  while (low < high) {
    const int64_t middle = low + (high - low) / 2;
    if (wsf__calendar_value(&p->calendar, middle) < value)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* ---- from rows ---------------------------------------------------------------------------- */

typedef struct moment {
  int64_t time, row;
} moment;

static int by_time(const void *a, const void *b) {
  const moment *x = a, *y = b;
  if (x->time != y->time) return x->time < y->time ? -1 : 1;
  return (x->row > y->row) - (x->row < y->row);
}

/* A stable counting sort: from[i] goes behind all of lesser keys. start[keys + 1] is zeroed, and
 * comes out as where each key begins. */
static void sort_by(int64_t *to, const int64_t *from, const int64_t *key, int64_t n, int64_t *start,
                    int64_t keys) {
  for (int64_t i = 0; i < n; ++i) ++start[key[from[i]] + 1];
  for (int64_t k = 0; k < keys; ++k) start[k + 1] += start[k];
  for (int64_t i = 0; i < n; ++i) to[start[key[from[i]]]++] = from[i];
  memmove(start + 1, start, (size_t)keys * sizeof *start);
  start[0] = 0;
}

wsf_status wsf__vintages_order(wsf__vintage_rows *out, wsf__arena *keep, wsf__arena *arena,
                               int64_t rows, const int32_t *group, const int64_t *period,
                               const int64_t *known, const int64_t *time, int64_t n_groups,
                               int64_t n_periods, wsf_error *err) {
  moment *order = wsf__arena_new(arena, (size_t)rows, sizeof *order);
  int64_t *first = wsf__arena_new(arena, (size_t)rows, sizeof *first);
  int64_t *second = wsf__arena_new(arena, (size_t)rows, sizeof *second);
  int64_t *wide = wsf__arena_new(arena, (size_t)rows, sizeof *wide);
  int64_t *by_period = wsf__arena_zero(arena, (size_t)n_periods + 1, sizeof *by_period);
  out->start = wsf__arena_zero(keep, (size_t)n_groups + 1, sizeof *out->start);
  if (!order || !first || !second || !wide || !by_period || !out->start) {
    return wsf__fail_memory(err);
  }
  int64_t n = 0;
  bool sorted = true;
  for (int64_t i = 0; i < rows; ++i) {
    wide[i] = group[i];
    if (period[i] < 0) continue;
    sorted = sorted && (n == 0 || order[n - 1].time <= time[i]);
    order[n++] = (moment){time[i], i};
  }
  if (!sorted) qsort(order, (size_t)n, sizeof *order, by_time);
  for (int64_t i = 0; i < n; ++i) first[i] = order[i].row;
  sort_by(second, first, period, n, by_period, n_periods);
  sort_by(first, second, wide, n, out->start, n_groups);
  out->n = n;
  out->row = first;
  out->period = wsf__arena_new(keep, (size_t)n, sizeof *out->period);
  out->known = wsf__arena_new(keep, (size_t)n, sizeof *out->known);
  if (!out->period || !out->known) return wsf__fail_memory(err);
  for (int64_t i = 0; i < n; ++i) {
    out->period[i] = period[first[i]];
    out->known[i] = known[first[i]];
  }
  return WSF_OK;
}
