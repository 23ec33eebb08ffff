/* A panel without the observations that a column masks. Nothing of a masked value stays: the target
 * is missing there, and series and panel begin and end with what is left. */
#include "panel/panel.h"

#include <math.h>
#include <string.h>

typedef struct masking {
  wsf__panel view; /* of the panel, with arrays of its own below */
  int64_t *first, *length, *offset;
  double *y;
  int64_t masked; /* periods of a series */
} masking;

static void mask_series(masking *m, const wsf__panel *p, int column, int64_t i) {
  double *y = m->y + p->offset[i];
  const int64_t n = p->length[i];
  int64_t begin = 0, end = n;
  for (int64_t t = 0; t < n; ++t) {
    const double mask = wsf__panel_value(p, column, i, p->first[i] + t);
    if (isnan(mask) || mask == 0) continue;
    y[t] = NAN;
    ++m->masked;
  }
  while (begin < n && isnan(y[begin])) ++begin;
  while (end > begin && isnan(y[end - 1])) --end;
  m->first[i] = begin < n ? p->first[i] + begin : p->T; /* from T on: nothing is left */
  m->offset[i] = p->offset[i] + begin;
  m->length[i] = (p->own_end ? end : n) - begin;
  if (begin < n && p->first[i] + end > m->view.T) m->view.T = p->first[i] + end;
}

static wsf_status mask_all(wsf__panel **out, const wsf__env *env, masking *m, const wsf__panel *p,
                           int column, wsf__arena *arena, wsf_error *err) {
  const size_t n = (size_t)p->n;
  int64_t cells = 0;
  for (int64_t i = 0; i < p->n; ++i) {
    if (p->offset[i] + p->length[i] > cells) cells = p->offset[i] + p->length[i];
  }
  m->first = wsf__arena_new(arena, n, sizeof *m->first);
  m->length = wsf__arena_new(arena, n, sizeof *m->length);
  m->offset = wsf__arena_new(arena, n, sizeof *m->offset);
  m->y = wsf__arena_new(arena, (size_t)cells, sizeof *m->y);
  if (!m->first || !m->length || !m->offset || !m->y) return wsf__fail_memory(err);
  if (cells) memcpy(m->y, p->y, (size_t)cells * sizeof *m->y);
  m->view.T = 0;
  wsf__watch watch = {.scratch = arena};
  for (int64_t i = 0; i < p->n; ++i) {
    if (wsf__watch_ends(&watch, 8 * (1 + p->length[i]))) return wsf__fail_stopped(env, err);
    mask_series(m, p, column, i);
  }
  if (m->view.T == 0) {
    (void)wsf__fail(err, WSF_E_DATA, "the mask leaves no observation of %lld masked periods",
                    (long long)m->masked);
    wsf__error_at_field(err, p->column[column].name);
    return WSF_E_DATA;
  }
  const int64_t last = m->view.T - 1;
  m->view.T = p->T;
  m->view.first = m->first;
  m->view.length = m->length;
  m->view.offset = m->offset;
  m->view.y = m->y;
  return wsf__panel_cut(out, env, &m->view, last, err);
}

wsf_status wsf__panel_mask(wsf__panel **out, const wsf__env *env, const wsf__panel *p, int column,
                           int64_t *masked, wsf_error *err) {
  wsf__arena arena;
  *out = NULL;
  wsf__arena_init(&arena, &p->arena.alloc);
  arena.work_of = env;
  masking m = {.view = *p};
  const wsf_status status = mask_all(out, env, &m, p, column, &arena, err);
  *masked = m.masked;
  wsf__arena_free(&arena);
  return status;
}
