/* warm.c: a fit that goes on from an earlier forecaster. */
#ifndef WSF_ENGINE_WARM_H
#define WSF_ENGINE_WARM_H

#include "engine/drive.h"

/* The forecaster that the options of a fit name by warm=, for the caller to release; NULL: none. */
wsf_status wsf__warm_read(wsf__fitted_panel **out, wsf__env *env, const wsf__node *options,
                          wsf_error *err);
/* Give the calls of a tree, about to be fitted to the panel, what those of `old` have learnt. */
wsf_status wsf__warm_lend(wsf__fitted *tree, const wsf__fitted_panel *old, const wsf__panel *panel,
                          const wsf__env *env, wsf__arena *arena, wsf_error *err);
/* Take it away again. */
void wsf__warm_end(wsf__fitted *tree);

#endif
