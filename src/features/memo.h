/* What the features of one call share, made once: a model that regresses on features asks for its
 * recipe series by series, and the means of all departments need not be added up for each of them.
 * What the call lends to features hangs there too.
 * A call that works on one panel or frame opens a memo in its own environment, and every scratch
 * region whose work that is finds it there. */
#ifndef WSF_FEATURES_MEMO_H
#define WSF_FEATURES_MEMO_H

#include "features/feature.h"
#include "features/foresight.h"

typedef struct wsf__memo {
  wsf__lock lock;
  wsf__arena arena;
  wsf__env *env;
  const wsf__panel *panel;
  const wsf__foresight *foresight; /* NULL: columns are not forecast */
  struct wsf__memory *first;
} wsf__memo;

/* Opened in an environment that nobody else has, for a panel that lives until it is closed. */
wsf_status wsf__memo_open(wsf__memo *memo, wsf__env *env, const wsf__panel *panel,
                          const wsf__foresight *foresight, wsf_error *err);
void wsf__memo_close(wsf__memo *memo, wsf__env *env);
/* What `share` of the call's class makes; in the memo if one is open for this panel, else in the
 * arena. */
wsf_status wsf__memo_share(const void **out, const wsf__node *node, const wsf__panel *panel,
                           wsf__arena *arena, wsf_error *err);
/* The columns of a call that depend on the period alone, for periods 0 .. periods - 1, one after
 * the other; NULL where no memo is open for this panel. Series, candidates and windows of a
 * back-test inside a fit then read one table. */
wsf_status wsf__memo_table(const float **out, const wsf__node *node, int width, int64_t periods,
                           const wsf__panel *panel, wsf__arena *arena, wsf_error *err);

#endif
