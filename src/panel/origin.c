/* The panel as it was known at a forecast origin of a back-test. With one end for all series the
 * origin is a period; where every series has its own end (a competition's data), it is that many
 * observations before the series' own last one. */
#include "panel/make.h"
#include "panel/vintages.h"

#include <math.h>
#include <string.h>

/* A PAST column must not show a series what came after its own cut: one group per series then. */
static wsf_status hide_future(wsf__column *column, wsf__panel *p, wsf_error *err) {
  int32_t *group = wsf__arena_new(&p->arena, (size_t)p->n, sizeof *group);
  size_t cells;
  if (!wsf__mul((size_t)p->n, (size_t)column->periods, &cells)) return wsf__fail_memory(err);
  double *value = wsf__arena_new(&p->arena, cells, sizeof *value);
  if (!group || !value) return wsf__fail_memory(err);
  wsf__watch watch = {.scratch = &p->arena};
  for (int64_t i = 0; i < p->n; ++i) {
    const int64_t end = p->first[i] + p->length[i];
    WSF__TRY(wsf__panel_goes_on(p, &watch, 1 + column->periods, err));
    const double *from =
        column->group[i] < 0 ? NULL : column->value + column->group[i] * column->periods;
    group[i] = (int32_t)i;
    for (int64_t t = 0; t < column->periods; ++t) {
      value[i * column->periods + t] = from && t < end ? from[t] : NAN;
    }
  }
  column->n_groups = p->n;
  column->group = group;
  column->value = value;
  return WSF_OK;
}

/* Each series sees vintages as of its own end; value[] tells what was known at the panel's. */
static wsf_status fill_again(wsf__column *column, wsf__panel *p, int64_t origin, wsf_error *err) {
  size_t cells;
  if (!wsf__mul((size_t)column->n_groups, (size_t)column->periods, &cells)) {
    return wsf__fail_memory(err);
  }
  double *value = wsf__arena_new(&p->arena, cells, sizeof *value);
  if (!value) return wsf__fail_memory(err);
  wsf__watch watch = {.scratch = &p->arena};
  for (int64_t g = 0; g < column->n_groups; ++g) {
    WSF__TRY(wsf__panel_goes_on(p, &watch, 16 * (1 + column->periods), err));
    wsf__vintages_fill(value + g * column->periods, column->vintages, g, 0, column->periods,
                       origin);
  }
  column->value = value;
  return WSF_OK;
}

/* p is ours alone: nobody else has seen it yet. */
static wsf_status shorten(wsf__panel *p, int64_t back, wsf_error *err) {
  int64_t *length = wsf__arena_new(&p->arena, (size_t)p->n, sizeof *length);
  wsf__column *column = wsf__arena_new(&p->arena, (size_t)p->n_columns, sizeof *column);
  if (!length || !column) return wsf__fail_memory(err);
  int64_t end = 0;
  for (int64_t i = 0; i < p->n; ++i) {
    length[i] = p->length[i] - back;
    if (p->first[i] + length[i] > end) end = p->first[i] + length[i];
  }
  p->length = length;
  if (p->n_columns > 0) memcpy(column, p->column, (size_t)p->n_columns * sizeof *column);
  for (int c = 0; c < p->n_columns; ++c) {
    if (column[c].vintages)
      WSF__TRY(fill_again(&column[c], p, end - 1, err));
    else if (column[c].kind == WSF__PAST)
      WSF__TRY(hide_future(&column[c], p, err));
  }
  p->column = column;
  p->ahead += p->T - end;
  p->T = end;
  return WSF_OK;
}

static wsf_status too_short(const wsf__panel *p, int64_t back, wsf_error *err) {
  return wsf__fail(err, WSF_E_DATA,
                   "the history has %lld periods, expected more than the %lld that horizon, "
                   "windows and step take",
                   (long long)p->T, (long long)back);
}

static wsf_status cut_own_ends(wsf__panel **out, const wsf__env *env, wsf__arena *arena,
                               const wsf__panel *p, int64_t back, wsf_error *err) {
  uint8_t *keep = wsf__arena_new(arena, (size_t)p->n, sizeof *keep);
  if (!keep) return wsf__fail_memory(err);
  for (int64_t i = 0; i < p->n; ++i) keep[i] = p->length[i] > back;
  WSF__TRY(wsf__panel_select(out, env, p, keep, err));
  (*out)->arena.work_of = env;
  const wsf_status status = shorten(*out, back, err);
  (*out)->arena.work_of = NULL;
  return status;
}

wsf_status wsf__panel_origin(wsf__panel **out, int64_t **kept, const wsf__env *env,
                             wsf__arena *arena, const wsf__panel *p, int64_t back, wsf_error *err) {
  *out = NULL;
  *kept = wsf__arena_new(arena, (size_t)p->n, sizeof **kept);
  if (!*kept) return wsf__fail_memory(err);
  const int64_t last = p->T - 1 - back;
  int64_t n = 0;
  for (int64_t i = 0; i < p->n; ++i) {
    const bool there = p->own_end ? p->length[i] > back : p->length[i] > 0 && p->first[i] <= last;
    if (there) (*kept)[n++] = i;
  }
  if (n == 0) return too_short(p, back, err);
  wsf_status status = p->own_end ? cut_own_ends(out, env, arena, p, back, err)
                                 : wsf__panel_cut(out, env, p, last, err);
  if (status == WSF_OK && (*out)->n != n) {
    status = wsf__fail(err, WSF_E_INTERNAL, "the cut panel has %lld series, expected %lld",
                       (long long)(*out)->n, (long long)n);
  }
  if (status != WSF_OK && *out) {
    wsf__panel_release(*out);
    *out = NULL;
  }
  return status;
}
