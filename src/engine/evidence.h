/* Evidence of calls that choose by back-tests, as a table: out of one process, into another. */
#ifndef WSF_ENGINE_EVIDENCE_H
#define WSF_ENGINE_EVIDENCE_H

#include "engine/engine.h"
#include "models/combine/evidence.h"

/* Columns between the keys and the time, and the candidates, in the order of the table. */
#define WSF__EVIDENCE_KIND    "kind"
#define WSF__EVIDENCE_WINDOW  "window" /* from 1, the newest */
#define WSF__EVIDENCE_STEP    "step"   /* from 1 */
#define WSF__EVIDENCE_HORIZON "horizon"
#define WSF__EVIDENCE_PANEL   "panel" /* 16 hexadecimal digits */
#define WSF__EVIDENCE_ACTUAL  "actual"

/* The column of the spread that a candidate said, behind those of what it forecast; a table may
 * lack it. NULL = out of memory. */
const char *wsf__evidence_spread(wsf__arena *arena, const wsf__node *call);

/* WSF_E_UNSUPPORTED unless the outermost call of a model chooses by what it gathers. */
wsf_status wsf__evidence_wanted(const wsf__node *node, wsf_error *err);
/* Rows of files or sources, in any order, for a fit of the model on the panel; in arena. */
wsf_status wsf__evidence_read(wsf__evidence **out, wsf__env *env, wsf__arena *arena,
                              const wsf__panel *panel, const wsf__node *node,
                              const wsf__value *paths, wsf_error *err);

#endif
