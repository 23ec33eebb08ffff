#include "ingest/hint.h"

#include "expr/expr.h"

#include <stdio.h>

/* Name i of a panel's columns or keys. */
typedef const char *name_fn(const wsf__panel *p, int i);

static const char *column_name(const wsf__panel *p, int i) {
  return p->column[i].name;
}

static const char *key_name(const wsf__panel *p, int i) {
  return p->key[i].name;
}

static void hint(char out[WSF__HINT_BYTES], const wsf__panel *p, name_fn *name_of, int n,
                 const char *wrong, const char *has, const char *none) {
  for (int i = 0; i < n; ++i) {
    const char *own = name_of(p, i), *near = wsf__nearest(wrong, &own, 1);
    if (!near) continue;
    (void)snprintf(out, WSF__HINT_BYTES, "; did you mean '%.100s'?", near);
    return;
  }
  size_t used = (size_t)snprintf(out, WSF__HINT_BYTES, "; %s", n > 0 ? has : none);
  for (int i = 0; i < n && used < WSF__HINT_BYTES; ++i) {
    const bool full = used > WSF__HINT_BYTES - 50;
    used += (size_t)snprintf(out + used, WSF__HINT_BYTES - used, "%s%.40s", i ? ", " : " ",
                             full ? ".." : name_of(p, i));
    if (full) return;
  }
}

void wsf__column_hint(char out[WSF__HINT_BYTES], const wsf__panel *p, const char *name) {
  hint(out, p, column_name, p->n_columns, name, "the data has", "the data has no column");
}

void wsf__key_hint(char out[WSF__HINT_BYTES], const wsf__panel *p, const char *name) {
  hint(out, p, key_name, p->n_keys, name, p->n_keys == 1 ? "the key is" : "the keys are",
       "the data has no keys");
}
