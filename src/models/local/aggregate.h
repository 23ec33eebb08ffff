/* Forecasts of demand by sums over blocks of periods: what adida and imapa share. */
#ifndef WSF_MODELS_AGGREGATE_H
#define WSF_MODELS_AGGREGATE_H

#include "models/model.h"

/* Forecast with blocks of `longest` periods (0: the mean interval between sales, rounded), or with
 * `all` the mean over blocks of 1 .. longest. Writes the state that the other two read. */
wsf_status wsf__aggregate_fit(wsf__fit *f, const wsf__series *s, wsf__fitted *out, int64_t longest,
                              bool all);
wsf_status wsf__aggregate_predict(wsf__predict *p, const wsf__fitted *m, const wsf__series *s,
                                  wsf__forecast *out);
bool wsf__aggregate_check(const wsf__node *node, const wsf__panel *frame, const wsf__state *state);

#endif
