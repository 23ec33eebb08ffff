/* Which mix of several calls has the least error on what was gathered. For files of
 * models/combine/ only. */
#ifndef WSF_MODELS_MIX_H
#define WSF_MODELS_MIX_H

#include "models/combine/evidence.h"

typedef struct wsf__mix {
  double *weight; /* [calls], they add up to 1 */
  double *error;  /* [calls] of each call alone, the least is 1; NaN: not measured, or lost */
} wsf__mix;

/* share[cells] is how much a cell counts, 1 or less if it is lent; square: the root mean square of
 * a cell's errors decides, not their mean. measured: false if there was nothing to, and the mix is
 * all zeros then. */
wsf_status wsf__mix_find(wsf__mix *out, bool *measured, wsf__fit *f, const wsf__evidence *e,
                         const double *share, bool square);

#endif
