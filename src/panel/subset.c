/* Panels made from a panel: cut in time, a selection of series, the frame a forecaster keeps. One
 * copy does all three; periods keep their numbers, so a series means the same in every subset. */
#include "panel/make.h"
#include "panel/vintages.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

typedef struct subset {
  const wsf__panel *from;
  wsf__panel *to;
  const int64_t *series; /* [to->n] series of `from` */
  bool frame;
  int64_t tail; /* of PAST columns that a frame keeps */
} subset;

static wsf_status copy_off_calendar(const subset *s, wsf_error *err) {
  if (!s->from->off_calendar || s->frame) return WSF_OK;
  int64_t *off = wsf__arena_new(&s->to->arena, (size_t)s->to->n, sizeof *off);
  if (!off) return wsf__fail_memory(err);
  for (int64_t i = 0; i < s->to->n; ++i) off[i] = s->from->off_calendar[s->series[i]];
  s->to->off_calendar = off;
  return WSF_OK;
}

static wsf_status copy_target(const subset *s, wsf_error *err) {
  const wsf__panel *from = s->from;
  wsf__panel *p = s->to;
  const size_t n = (size_t)p->n;
  int64_t *first = wsf__arena_new(&p->arena, n, sizeof *first);
  int64_t *length = wsf__arena_new(&p->arena, n, sizeof *length);
  int64_t *offset = wsf__arena_zero(&p->arena, n, sizeof *offset);
  if (!first || !length || !offset) return wsf__fail_memory(err);
  int64_t cells = 0;
  wsf__watch watch = {.scratch = &p->arena};
  for (size_t i = 0; i < n; ++i) {
    const int64_t j = s->series[i];
    WSF__TRY(wsf__panel_goes_on(p, &watch, 8, err));
    const double *y = from->y ? from->y + from->offset[j] : NULL;
    first[i] = from->first[j];
    length[i] = from->length[j];
    if (length[i] > 0 && first[i] + length[i] > p->T) {
      length[i] = p->T - first[i];
      /* A series with an end of its own ends with an observation. */
      while (p->own_end && y && length[i] > 1 && isnan(y[length[i] - 1])) --length[i];
    }
    if (s->frame || !y) continue;
    offset[i] = cells;
    cells += length[i];
  }
  p->first = first;
  p->length = length;
  p->offset = offset;
  if (s->frame || !from->y) return WSF_OK;
  double *y = wsf__arena_new(&p->arena, (size_t)cells, sizeof *y);
  if (!y) return wsf__fail_memory(err);
  for (size_t i = 0; i < n; ++i) {
    WSF__TRY(wsf__panel_goes_on(p, &watch, 1 + length[i], err));
    memcpy(y + offset[i], from->y + from->offset[s->series[i]], (size_t)length[i] * sizeof *y);
  }
  p->y = y;
  return WSF_OK;
}

/* The values of the groups that the subset's series use, out->periods of them from out->start. */
static wsf_status copy_values(wsf__column *out, const subset *s, const wsf__column *old,
                              int32_t *place, wsf_error *err) {
  wsf__panel *p = s->to;
  const int64_t periods = out->periods, origin = p->T - 1;
  int32_t *group = wsf__arena_new(&p->arena, (size_t)p->n, sizeof *group);
  if (!group) return wsf__fail_memory(err);
  for (int64_t g = 0; g < old->n_groups; ++g) place[g] = -1;
  for (int64_t i = 0; i < p->n; ++i) {
    if (old->group[s->series[i]] >= 0) place[old->group[s->series[i]]] = 0;
  }
  int32_t used = 0;
  for (int64_t g = 0; g < old->n_groups; ++g) {
    if (place[g] == 0) place[g] = used++;
  }
  size_t cells;
  if (!wsf__mul((size_t)used, (size_t)periods, &cells)) return wsf__fail_memory(err);
  double *value = wsf__arena_new(&p->arena, cells, sizeof *value);
  if (!value) return wsf__fail_memory(err);
  wsf__watch watch = {.scratch = &p->arena};
  for (int64_t g = 0; g < old->n_groups; ++g) {
    if (place[g] < 0) continue;
    WSF__TRY(wsf__panel_goes_on(p, &watch, 8 + periods * (old->vintages ? 16 : 1), err));
    if (old->vintages)
      wsf__vintages_fill(value + place[g] * periods, old->vintages, g, out->start, periods, origin);
    else
      memcpy(value + place[g] * periods, old->value + g * old->periods + out->start - old->start,
             (size_t)periods * sizeof *value);
  }
  for (int64_t i = 0; i < p->n; ++i) {
    const int32_t g = old->group[s->series[i]];
    group[i] = g < 0 ? -1 : place[g];
  }
  out->n_groups = used;
  out->group = group;
  out->value = value;
  if (!old->vintages || s->frame) return WSF_OK;
  return wsf__vintages_copy(&out->vintages, &p->arena, old->vintages, old->n_groups, place, used,
                            origin, err);
}

/* The values as each series knew them at its own end: what a frame keeps of vintages then. */
static wsf_status copy_known(wsf__column *out, const subset *s, const wsf__column *old,
                             wsf_error *err) {
  wsf__panel *p = s->to;
  int32_t *group = wsf__arena_new(&p->arena, (size_t)p->n, sizeof *group);
  size_t cells;
  if (!wsf__mul((size_t)p->n, (size_t)out->periods, &cells)) return wsf__fail_memory(err);
  double *value = wsf__arena_new(&p->arena, cells, sizeof *value);
  if (!group || !value) return wsf__fail_memory(err);
  out->n_groups = 0;
  wsf__watch watch = {.scratch = &p->arena};
  for (int64_t i = 0; i < p->n; ++i) {
    const int32_t from = old->group[s->series[i]];
    WSF__TRY(wsf__panel_goes_on(p, &watch, 16 * (1 + out->periods), err));
    group[i] = from < 0 ? -1 : (int32_t)out->n_groups++;
    if (from < 0) continue;
    wsf__vintages_fill(value + group[i] * out->periods, old->vintages, from, out->start,
                       out->periods, wsf__panel_end(s->from, s->series[i]));
  }
  out->group = group;
  out->value = value;
  return WSF_OK;
}

/* A column cut to `periods` from `start` on. */
static wsf_status copy_column(wsf__column *out, const subset *s, const wsf__column *old,
                              int64_t start, int64_t periods, wsf_error *err) {
  wsf__panel *p = s->to;
  *out = *old;
  out->start = start;
  out->periods = periods;
  out->vintages = NULL;
  int32_t *place = wsf__new(&p->arena.alloc, (size_t)old->n_groups, sizeof *place);
  if (!place) return wsf__fail_memory(err);
  const wsf_status status = old->vintages && s->frame && p->own_end
                                ? copy_known(out, s, old, err)
                                : copy_values(out, s, old, place, err);
  wsf__delete(&p->arena.alloc, place);
  return status == WSF_OK ? wsf__column_texts(out, &p->arena, err) : status;
}

/* Sums keep what they add up, but for series that were taken away. */
static wsf_status copy_members(const subset *s, const uint8_t *keep, wsf_error *err) {
  const wsf__panel *from = s->from;
  wsf__panel *p = s->to;
  if (!from->members.start) return WSF_OK;
  int32_t *place = wsf__new(&p->arena.alloc, (size_t)from->n, sizeof *place);
  if (!place) return wsf__fail_memory(err);
  for (int64_t i = 0; i < from->n; ++i) place[i] = keep && !keep[i] ? -1 : -2;
  for (int64_t i = 0; i < p->n; ++i) place[s->series[i]] = (int32_t)i;
  const wsf_status status = wsf__panel_members(p, from, place, err);
  wsf__delete(&p->arena.alloc, place);
  return status;
}

static wsf_status copy_columns(const subset *s, wsf_error *err) {
  const wsf__panel *from = s->from;
  wsf__panel *p = s->to;
  wsf__column *column = wsf__arena_new(&p->arena, (size_t)from->n_columns, sizeof *column);
  if (!column) return wsf__fail_memory(err);
  for (int c = 0; c < from->n_columns; ++c) {
    const wsf__column *old = &from->column[c];
    const bool past = old->kind == WSF__PAST;
    if (past && s->frame && s->tail == 0) continue;
    const int64_t start = past && s->frame ? wsf__frame_start(p, old, s->tail) : old->start;
    const int64_t whole = old->start + old->periods, end = past && whole > p->T ? p->T : whole;
    WSF__TRY(copy_column(&column[p->n_columns], s, old, start, end > start ? end - start : 0, err));
    if (c == from->holiday) p->holiday = p->n_columns;
    if (c == from->weight) p->weight = p->n_columns;
    ++p->n_columns;
  }
  p->column = column;
  return WSF_OK;
}

static wsf_status copy_panel(const subset *s, const uint8_t *keep, wsf_error *err) {
  const wsf__panel *from = s->from;
  wsf__panel *p = s->to;
  WSF__TRY(wsf__panel_head(p, from, err));
  WSF__TRY(wsf__panel_keys(p, from, s->series, err));
  WSF__TRY(copy_members(s, keep, err));
  WSF__TRY(copy_target(s, err));
  WSF__TRY(copy_off_calendar(s, err));
  WSF__TRY(copy_columns(s, err));
  if (!s->frame) {
    p->report = wsf_table_retain(from->report);
    p->request = wsf_table_retain(from->request);
  }
  return WSF_OK;
}

/* The series that stay, with history up to period T - 1. */
static wsf_status make(wsf__panel **out, const wsf__env *env, const wsf__panel *from,
                       const uint8_t *keep, int64_t T, bool frame, int64_t tail, wsf_error *err) {
  *out = NULL;
  int64_t *series = wsf__new(&from->arena.alloc, (size_t)from->n, sizeof *series);
  if (!series) return wsf__fail_memory(err);
  subset s = {from, NULL, series, frame, tail};
  int64_t n = 0;
  for (int64_t i = 0; i < from->n; ++i) {
    if ((!keep || keep[i]) && (from->first[i] < T || from->T == 0)) series[n++] = i;
  }
  wsf_status status = WSF_E_DATA;
  if (n == 0) {
    char text[32];
    wsf__calendar_text(&from->calendar, T - 1, text);
    (void)wsf__fail(err, status,
                    "no series is left with an observation up to %s, expected at least one", text);
  } else {
    status = wsf__panel_create(&s.to, &from->arena.alloc, err);
  }
  if (status == WSF_OK) {
    s.to->n = n;
    s.to->T = T;
    s.to->ahead = from->T + from->ahead - T;
    s.to->arena.work_of = env;
    status = copy_panel(&s, keep, err);
    s.to->arena.work_of = NULL;
  }
  wsf__delete(&from->arena.alloc, series);
  if (status != WSF_OK) {
    wsf__panel_release(s.to);
    return status;
  }
  *out = s.to;
  return WSF_OK;
}

wsf_status wsf__panel_frame(wsf__panel **out, const wsf__env *env, const wsf__panel *p,
                            int64_t tail, wsf_error *err) {
  return make(out, env, p, NULL, p->T, true, tail, err);
}

wsf_status wsf__panel_cut(wsf__panel **out, const wsf__env *env, const wsf__panel *p, int64_t last,
                          wsf_error *err) {
  return make(out, env, p, NULL, last + 1 < p->T ? last + 1 : p->T, false, 0, err);
}

wsf_status wsf__panel_select(wsf__panel **out, const wsf__env *env, const wsf__panel *p,
                             const uint8_t *keep, wsf_error *err) {
  return make(out, env, p, keep, p->T, false, 0, err);
}

wsf_status wsf__panel_view(wsf__panel *out, wsf__arena *arena, const wsf__panel *p,
                           const int64_t *series, int64_t n, wsf_error *err) {
  wsf__panel_look(out, p);
  wsf__key *key = wsf__arena_new(arena, (size_t)p->n_keys, sizeof *key);
  wsf__column *column = wsf__arena_new(arena, (size_t)p->n_columns, sizeof *column);
  int64_t *first = wsf__arena_new(arena, (size_t)n, sizeof *first);
  int64_t *length = wsf__arena_new(arena, (size_t)n, sizeof *length);
  int64_t *offset = wsf__arena_new(arena, (size_t)n, sizeof *offset);
  if (!key || !column || !first || !length || !offset) return wsf__fail_memory(err);
  for (int64_t j = 0; j < n; ++j) {
    first[j] = p->first[series[j]];
    length[j] = p->length[series[j]];
    offset[j] = p->offset[series[j]];
  }
  for (int k = 0; k < p->n_keys; ++k) {
    int32_t *code = wsf__arena_new(arena, (size_t)n, sizeof *code);
    if (!code) return wsf__fail_memory(err);
    for (int64_t j = 0; j < n; ++j) code[j] = p->key[k].code[series[j]];
    key[k] = p->key[k];
    key[k].code = code;
  }
  for (int c = 0; c < p->n_columns; ++c) {
    int32_t *group = wsf__arena_new(arena, (size_t)n, sizeof *group);
    if (!group) return wsf__fail_memory(err);
    for (int64_t j = 0; j < n; ++j) group[j] = p->column[c].group[series[j]];
    column[c] = p->column[c];
    column[c].group = group;
  }
  out->n = n;
  out->off_calendar = NULL;
  out->members = (wsf__members){0};
  out->key = key;
  out->column = column;
  out->first = first;
  out->length = length;
  out->offset = offset;
  return WSF_OK;
}
