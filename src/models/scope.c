#include "models/scope.h"

#include "ingest/hint.h"

#include <stdlib.h>

int wsf__scope_last(const wsf__panel *panel) {
  return panel->n_keys < 2 ? -1 : panel->n_keys - 1;
}

wsf_status wsf__scope_by(wsf__scope *out, const wsf__node *node, const wsf__panel *panel,
                         wsf_error *err) {
  const char *by = wsf__arg_text(node, "by");
  *out = (wsf__scope){.of = WSF__PANEL};
  if (wsf__arg_is(node, "by", "all")) return WSF_OK;
  const bool last = wsf__arg_is(node, "by", "auto");
  const int key = last ? wsf__scope_last(panel) : wsf__panel_find_key(panel, by);
  if (last && key < 0) return WSF_OK;
  if (key >= 0) {
    *out = (wsf__scope){WSF__BY_KEY, key};
    return WSF_OK;
  }
  char hint[WSF__HINT_BYTES];
  wsf__key_hint(hint, panel, by);
  (void)wsf__fail(err, WSF_E_NAME, "the data has no key '%.64s' to pool by%s", by, hint);
  wsf__error_at_field(err, "by");
  wsf__error_at_byte(err, node->byte);
  return WSF_E_NAME;
}

static wsf__scope wider(wsf__scope a, wsf__scope b) {
  if (a.of == WSF__ALONE) return b;
  if (b.of == WSF__ALONE) return a;
  return a.of == b.of && a.key == b.key ? a : (wsf__scope){.of = WSF__PANEL};
}

wsf_status wsf__scope_of(wsf__scope *out, const wsf__node *node, const wsf__panel *panel,
                         wsf_error *err) {
  const wsf__model_class *class = wsf__class_of(node);
  *out = (wsf__scope){.of = WSF__ALONE};
  if (class->scope) WSF__TRY(class->scope(out, node, panel, err));
  for (int i = 0; i < node->n_inner; ++i) {
    wsf__scope inner;
    WSF__TRY(wsf__scope_of(&inner, node->inner[i], panel, err));
    *out = wider(*out, inner);
  }
  return WSF_OK;
}

typedef struct place {
  int32_t code;
  int64_t id, at;
} place;

static int compare(const void *a, const void *b) {
  const place *x = a, *y = b;
  if (x->code != y->code) return x->code < y->code ? -1 : 1;
  return (x->id > y->id) - (x->id < y->id);
}

wsf_status wsf__groups_find(wsf__groups *out, wsf__fit *f, const wsf__batch *b,
                            const wsf__node *node) {
  wsf__scope scope;
  WSF__TRY(wsf__scope_by(&scope, node, f->panel, f->err));
  return wsf__groups_by(out, f, b, scope.of == WSF__BY_KEY ? scope.key : -1);
}

wsf_status wsf__groups_by(wsf__groups *out, wsf__fit *f, const wsf__batch *b, int key) {
  const int32_t *code = key >= 0 ? f->panel->key[key].code : NULL;
  const size_t n = (size_t)b->n;
  place *places = wsf__arena_new(f->scratch, n, sizeof *places);
  int64_t *order = wsf__arena_new(f->scratch, n, sizeof *order);
  int64_t *start = wsf__arena_new(f->scratch, n + 1, sizeof *start);
  if (!places || !order || !start) return wsf__fail_memory(f->err);
  for (size_t i = 0; i < n; ++i) {
    const int64_t id = b->series[i].id;
    places[i] = (place){code ? code[id] : 0, id, (int64_t)i};
  }
  qsort(places, n, sizeof *places, compare);
  int64_t groups = 0;
  for (size_t i = 0; i < n; ++i) {
    if (i == 0 || places[i].code != places[i - 1].code) start[groups++] = (int64_t)i;
    order[i] = places[i].at;
  }
  start[groups] = b->n;
  *out = (wsf__groups){groups, order, start};
  return WSF_OK;
}
