/* Series that have the same labels of keys and the same values of static columns. */
#ifndef WSF_FEATURES_GROUPS_H
#define WSF_FEATURES_GROUPS_H

#include "expr/expr.h"
#include "panel/panel.h"

typedef struct wsf__groups {
  int64_t n;
  const int32_t *of; /* [series]; -1: a sum of others, or without a value */
} wsf__groups;

/* Each name of an option must be a key or a static column. */
wsf_status wsf__groups_check(const wsf__node *node, const char *option, const wsf__panel *panel,
                             wsf_error *err);
/* By the names of an option; no name: all series together. In the arena. */
wsf_status wsf__groups_make(wsf__groups *out, wsf__arena *arena, const wsf__panel *panel,
                            const wsf__value *names, wsf_error *err);
/* "prefix_Store_Dept"; NULL: no memory. */
const char *wsf__groups_name(wsf__arena *arena, const char *prefix, const wsf__value *names);

#endif
