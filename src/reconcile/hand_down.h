/* Forecasts of the sums of one level, handed down to the series below them: see hand_down.c. */
#ifndef WSF_RECONCILE_HAND_DOWN_H
#define WSF_RECONCILE_HAND_DOWN_H

#include "reconcile/structure.h"

/* y: [n] forecasts by series, of which those below a root and all sums are changed. work: [2 *
 * n_sums]. share: [n] of each series in its root, for a hand down by fixed shares; given: [n]
 * series whose forecasts stay. share NULL: by the forecasts themselves. */
void wsf__hand_down(const wsf__structure *s, const wsf__tree_down *tree, const double *share,
                    const bool *given, double *y, double *work);
/* Every sum becomes the sum of what is below it. */
void wsf__add_up(const wsf__structure *s, double *y);

#endif
