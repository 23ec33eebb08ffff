/* How a feature sees a column ahead that nobody knows: a model forecasts it. Features stand below
 * models, so whoever drives models lends this to the call (features/memo.h). */
#ifndef WSF_FEATURES_FORESIGHT_H
#define WSF_FEATURES_FORESIGHT_H

#include "expr/expr.h"
#include "panel/panel.h"
#include "sync/env.h"

/* A history of values, not the target's: y[n] from period t0 on, y[0] is no NaN. */
typedef struct wsf__foresight_history {
  const wsf__panel *panel; /* or frame, that the series is a row of */
  int64_t series, t0, n;
  const double *y;
} wsf__foresight_history;

typedef struct wsf__foresight {
  /* Fit the model, one that looks at each series alone, to the history and forecast the mean of h
   * periods after it; NaN where it cannot. */
  wsf_status (*forecast)(wsf__env *env, const wsf__node *model, const wsf__foresight_history *of,
                         int64_t h, double *mean, wsf__arena *scratch, wsf_error *err);
} wsf__foresight;

#endif
