#include "panel/panel.h"
#include "base/text.h"
#include "panel/make.h"
#include "panel/vintages.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

wsf_status wsf__panel_create(wsf__panel **out, const wsf__alloc *a, wsf_error *err) {
  wsf__panel *p = wsf__new_zero(a, 1, sizeof *p);
  *out = NULL;
  if (!p) return wsf__fail_memory(err);
  atomic_init(&p->references, 1);
  wsf__arena_init(&p->arena, a);
  p->holiday = p->weight = -1;
  p->holiday_weight = 1;
  p->source = "";
  *out = p;
  return WSF_OK;
}

wsf__panel *wsf__panel_retain(wsf__panel *p) {
  if (p) atomic_fetch_add_explicit(&p->references, 1, memory_order_relaxed);
  return p;
}

void wsf__panel_release(wsf__panel *p) {
  if (!p) return;
  if (atomic_fetch_sub_explicit(&p->references, 1, memory_order_acq_rel) != 1) return;
  wsf_table_release(p->report);
  wsf_table_release(p->request);
  const wsf__alloc a = p->arena.alloc;
  wsf__arena_free(&p->arena);
  wsf__delete(&a, p);
}

void wsf__panel_look(wsf__panel *view, const wsf__panel *p) {
  const size_t counted = offsetof(wsf__panel, arena);
  atomic_init(&view->references, 1); /* of whoever looks */
  memcpy((char *)view + counted, (const char *)p + counted, sizeof *view - counted);
}

bool wsf__panel_period(const wsf__panel *p, wsf__time time, int64_t *out) {
  return wsf__calendar_period(&p->calendar, time, out) ||
         (p->moved && wsf__calendar_near(&p->calendar, time, out));
}

double wsf__panel_value_at(const wsf__panel *p, int column, int64_t series, int64_t period,
                           int64_t origin) {
  const wsf__column *c = &p->column[column];
  const int32_t group = c->group[series];
  if (c->kind == WSF__PAST && period > origin) return NAN;
  if (!c->vintages) return wsf__panel_value(p, column, series, period);
  if (c->kind == WSF__STATIC) period = 0;
  if (group < 0 || period < 0 || period >= c->periods) return NAN;
  return wsf__vintages_value(c->vintages, group, period, origin);
}

double wsf__panel_value(const wsf__panel *p, int column, int64_t series, int64_t period) {
  const wsf__column *c = &p->column[column];
  if (c->vintages) {
    return wsf__panel_value_at(p, column, series, period, wsf__panel_end(p, series));
  }
  const int32_t group = c->group[series];
  period = c->kind == WSF__STATIC ? 0 : period - c->start;
  if (group < 0 || period < 0 || period >= c->periods) return NAN;
  return c->value[group * c->periods + period];
}

double wsf__panel_weight(const wsf__panel *p, int64_t series, int64_t period) {
  if (p->weight >= 0) {
    const double w = wsf__panel_value(p, p->weight, series, period);
    return isnan(w) ? 1 : w;
  }
  if (p->holiday < 0) return 1;
  return wsf__panel_value(p, p->holiday, series, period) == 1 ? p->holiday_weight : 1;
}

int wsf__panel_find_column(const wsf__panel *p, const char *name) {
  for (int c = 0; c < p->n_columns; ++c) {
    if (strcmp(p->column[c].name, name) == 0) return c;
  }
  return -1;
}

int wsf__panel_find_key(const wsf__panel *p, const char *name) {
  for (int k = 0; k < p->n_keys; ++k) {
    if (strcmp(p->key[k].name, name) == 0) return k;
  }
  return -1;
}

wsf_status wsf__panel_need_target(const wsf__panel *p, wsf_error *err) {
  if (p->T > 0) return WSF_OK;
  (void)wsf__fail(
      err, WSF_E_DATA,
      "the dataset has no target, only columns known ahead; expected target= to name one");
  wsf__error_at_field(err, "target");
  return WSF_E_DATA;
}

const char *wsf__panel_key_label(const wsf__panel *p, int key, int64_t series) {
  const int32_t code = p->key[key].code[series];
  return code < 0 ? "" : p->key[key].label[code];
}

bool wsf__panel_is_sum(const wsf__panel *p, int64_t series) {
  for (int k = 0; k < p->n_keys; ++k) {
    if (p->key[k].code[series] < 0) return true;
  }
  return false;
}

uint64_t wsf__panel_seed(const wsf__panel *p, int64_t series) {
  uint64_t hash = WSF__HASH_SEED;
  for (int k = 0; k < p->n_keys; ++k) {
    const char *label = wsf__panel_key_label(p, k, series);
    hash = wsf__hash(hash, label, strlen(label) + 1); /* the NUL keeps a|bc from ab|c */
  }
  return hash;
}

void wsf__panel_label(const wsf__panel *p, int64_t series, char *out, size_t capacity) {
  if (capacity == 0) return;
  size_t used = 0;
  for (int k = 0; k < p->n_keys; ++k) {
    if (k > 0 && used + 1 < capacity) out[used++] = '/';
    const char *label = wsf__panel_key_label(p, k, series);
    const size_t length = strlen(label), room = capacity - 1 - used;
    memcpy(out + used, label, length < room ? length : room);
    used += length < room ? length : room;
  }
  out[used] = '\0';
}
