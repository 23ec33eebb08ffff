/* Fit what stands inside on values that each group's series smooth together: what lowrank and pool
 * share. State: the root mean square of what the smoothing took away. */
#ifndef WSF_MODELS_SMOOTHED_H
#define WSF_MODELS_SMOOTHED_H

#include "models/model.h"

/* Smooth the n series of a group, series[position[0 .. n-1]], in place; noise[i] of series i gets
 * the root mean square of what that took away. */
typedef wsf_status wsf__smoother(wsf__fit *f, const wsf__node *node, wsf__series *series,
                                 const int64_t *position, int64_t n, double *noise);
wsf_status wsf__smoothed_fit(wsf__fit *f, const wsf__batch *b, wsf__fitted *out,
                             wsf__smoother *smooth);
wsf_status wsf__smoothed_predict(wsf__predict *p, const wsf__fitted *m, const wsf__batch *b,
                                 wsf__forecast out[]);
/* New observations are not smoothed, and what was taken away from the others is noise as before. */
wsf_status wsf__smoothed_update(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                                wsf__fitted *out);
bool wsf__smoothed_check(const wsf__node *node, const wsf__panel *frame, const wsf__state *state);

#endif
