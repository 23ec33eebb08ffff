/* Columns appended to a panel that has just been made: the panel is immutable only once it has been
 * handed out, so its arena may still grow. */
#include "ingest/join.h"
#include "panel/vintages.h"

#include <math.h>

static wsf_status widen(wsf__panel *p, wsf__column *c, int64_t periods, wsf_error *err) {
  size_t cells;
  if (!wsf__mul((size_t)c->n_groups, (size_t)periods, &cells)) return wsf__fail_memory(err);
  double *value = wsf__arena_new(&p->arena, cells, sizeof *value);
  if (!value) return wsf__fail_memory(err);
  for (int64_t g = 0; g < c->n_groups && c->vintages; ++g) {
    wsf__vintages_fill(value + g * periods, c->vintages, g, 0, periods, INT64_MAX);
  }
  for (int64_t g = 0; g < c->n_groups && !c->vintages; ++g) {
    for (int64_t t = 0; t < periods; ++t) {
      value[g * periods + t] = t < c->periods ? c->value[g * c->periods + t] : NAN;
    }
  }
  c->value = value;
  c->periods = periods;
  return WSF_OK;
}

wsf_status wsf__attach(wsf__panel *p, const wsf__column *column, int n, int64_t ahead,
                       wsf_error *err) {
  wsf__column *all = wsf__arena_new(&p->arena, (size_t)p->n_columns + (size_t)n, sizeof *all);
  if (!all) return wsf__fail_memory(err);
  if (p->n_columns) memcpy(all, p->column, (size_t)p->n_columns * sizeof *all);
  if (n) memcpy(all + p->n_columns, column, (size_t)n * sizeof *all);
  const int64_t reach = ahead > p->ahead ? ahead : p->ahead;
  for (int k = 0; k < p->n_columns + n; ++k) {
    if (all[k].kind == WSF__KNOWN && all[k].periods < p->T + reach) {
      WSF__TRY(widen(p, &all[k], p->T + reach, err));
    }
  }
  p->column = all;
  p->n_columns += n;
  p->ahead = reach;
  return WSF_OK;
}
