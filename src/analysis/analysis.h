/* Analysis of a panel's series as one table, for wsf_analyze. */
#ifndef WSF_ANALYSIS_ANALYSIS_H
#define WSF_ANALYSIS_ANALYSIS_H

#include "expr/expr.h"
#include "panel/panel.h"

extern const wsf__spec wsf__spec_analyze;
/* options: a node of wsf__spec_analyze */
wsf_status wsf__analyze(wsf_table **out, wsf__env *env, const wsf__panel *p,
                        const wsf__node *options, wsf_error *err);

#endif
