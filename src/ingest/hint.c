#include "ingest/hint.h"

#include "expr/expr.h"

#include <stdio.h>

static const char *column_name(const void *panel, int i) {
  return ((const wsf__panel *)panel)->column[i].name;
}

static const char *key_name(const void *panel, int i) {
  return ((const wsf__panel *)panel)->key[i].name;
}

void wsf__list_names(char *out, size_t room, const char *lead, wsf__name_fn *name_of,
                     const void *of, int n) {
  size_t used = (size_t)snprintf(out, room, "%s", lead);
  for (int i = 0; i < n && used < room; ++i) {
    const bool full = used > room - 50;
    used += (size_t)snprintf(out + used, room - used, "%s%.40s", i ? ", " : " ",
                             full ? ".." : name_of(of, i));
    if (full) return;
  }
}

static void hint(char out[WSF__HINT_BYTES], const wsf__panel *p, wsf__name_fn *name_of, int n,
                 const char *wrong, const char *has, const char *none) {
  for (int i = 0; i < n; ++i) {
    const char *own = name_of(p, i), *near = wsf__nearest(wrong, &own, 1);
    if (!near) continue;
    (void)snprintf(out, WSF__HINT_BYTES, "; did you mean '%.100s'?", near);
    return;
  }
  wsf__list_names(out, WSF__HINT_BYTES, n > 0 ? has : none, name_of, p, n);
}

void wsf__column_hint(char out[WSF__HINT_BYTES], const wsf__panel *p, const char *name) {
  hint(out, p, column_name, p->n_columns, name, "; the data has", "; the data has no column");
}

void wsf__key_hint(char out[WSF__HINT_BYTES], const wsf__panel *p, const char *name) {
  hint(out, p, key_name, p->n_keys, name, p->n_keys == 1 ? "; the key is" : "; the keys are",
       "; the data has no keys");
}
