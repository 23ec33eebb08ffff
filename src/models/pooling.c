#include "models/pooling.h"

#include <stdlib.h>

int wsf__together_by(const wsf__node *node, const wsf__panel *panel, wsf_error *err) {
  const char *by = wsf__arg_text(node, "by");
  if (wsf__arg_is(node, "by", "all")) return WSF__TOGETHER;
  if (wsf__arg_is(node, "by", "auto")) return panel->n_keys < 2 ? WSF__TOGETHER : panel->n_keys - 1;
  const int key = wsf__panel_find_key(panel, by);
  if (key >= 0) return key;
  (void)wsf__fail(err, WSF_E_NAME, "the data has no key '%s' to pool by", by);
  wsf__error_at_field(err, "by");
  wsf__error_at_byte(err, node->byte);
  return WSF__BY_FAILED;
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
  const int by = wsf__together_by(node, f->panel, f->err);
  if (by == WSF__BY_FAILED) return WSF_E_NAME;
  const size_t n = (size_t)b->n;
  place *places = wsf__arena_new(f->scratch, n, sizeof *places);
  int64_t *order = wsf__arena_new(f->scratch, n, sizeof *order);
  int64_t *start = wsf__arena_new(f->scratch, n + 1, sizeof *start);
  if (!places || !order || !start) return wsf__fail_memory(f->err);
  for (size_t i = 0; i < n; ++i) {
    const int64_t id = b->series[i].id;
    places[i] = (place){by >= 0 ? f->panel->key[by].code[id] : 0, id, (int64_t)i};
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
