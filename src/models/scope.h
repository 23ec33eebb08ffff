/* Which series a call must see together, and the series of a batch that share a key label: what
 * pooling models (lowrank, rebase) work on. */
#ifndef WSF_MODELS_SCOPE_H
#define WSF_MODELS_SCOPE_H

#include "models/model.h"

/* Row for the option table: the key whose series are pooled. */
#define WSF__OPTION_BY                                                                             \
  {                                                                                                \
    "by", WSF__TEXT, "auto", 0, 0, NULL,                                                           \
        "key column whose series are pooled; auto: the last key (all series with fewer than two "  \
        "keys), all: the whole panel"                                                              \
  }

/* `scope` of a class with that option. */
wsf_status wsf__scope_by(wsf__scope *out, const wsf__node *node, const wsf__panel *panel,
                         wsf_error *err);

/* The widest scope of a call and the calls inside it; two keys together need the whole panel. */
wsf_status wsf__scope_of(wsf__scope *out, const wsf__node *node, const wsf__panel *panel,
                         wsf_error *err);

/* The batch in groups. Group g holds the batch positions order[start[g]] .. order[start[g+1] - 1],
 * ordered by series id, so that sums do not depend on how the batch was put together. */
typedef struct wsf__groups {
  int64_t n;
  const int64_t *order, *start;
} wsf__groups;
wsf_status wsf__groups_find(wsf__groups *out, wsf__fit *f, const wsf__batch *b,
                            const wsf__node *node);
/* By a key; -1: all in one. */
wsf_status wsf__groups_by(wsf__groups *out, wsf__fit *f, const wsf__batch *b, int key);
/* The key that auto means, -1: none. */
int wsf__scope_last(const wsf__panel *panel);

#endif
