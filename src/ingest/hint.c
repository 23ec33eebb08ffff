#include "ingest/hint.h"

#include "expr/expr.h"

#include <stdio.h>

void wsf__column_hint(char out[WSF__HINT_BYTES], const wsf__panel *p, const char *name) {
  for (int c = 0; c < p->n_columns; ++c) {
    const char *near = wsf__nearest(name, &p->column[c].name, 1);
    if (!near) continue;
    (void)snprintf(out, WSF__HINT_BYTES, "; did you mean '%.100s'?", near);
    return;
  }
  size_t used = (size_t)snprintf(out, WSF__HINT_BYTES, "; the data has%s",
                                 p->n_columns > 0 ? "" : " no column");
  for (int c = 0; c < p->n_columns && used < WSF__HINT_BYTES; ++c) {
    const bool full = used > WSF__HINT_BYTES - 50;
    used += (size_t)snprintf(out + used, WSF__HINT_BYTES - used, "%s%.40s", c ? ", " : " ",
                             full ? ".." : p->column[c].name);
    if (full) return;
  }
}
