/* Back-test errors of every inner call on every series of a batch. For best and weighted. */
#ifndef WSF_MODELS_SCORES_H
#define WSF_MODELS_SCORES_H

#include "models/combine/rolling.h"

typedef enum wsf__by { WSF__BY_MAE, WSF__BY_WMAE, WSF__BY_RMSE, WSF__BY_SMAPE } wsf__by;

/* Of call c on series i at [i * calls + c]. */
typedef struct wsf__scores {
  int calls;
  double *error;  /* NaN: nothing to measure; infinity: could not be fitted in some window */
  double *weight; /* observations measured */
} wsf__scores;
/* In scratch. */
wsf_status wsf__scores_measure(wsf__scores *out, wsf__fit *f, const wsf__batch *b,
                               const wsf__fitted *m, const wsf__rolling *r, wsf__by by);

#endif
