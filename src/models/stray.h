/* The one observation that lies far beyond all others: see stray.c. */
#ifndef WSF_MODELS_STRAY_H
#define WSF_MODELS_STRAY_H

#include "models/model.h"

/* Its index in y[n]; -1: there is none. false = out of memory. */
bool wsf__stray(int64_t *out, const double *y, int64_t n, wsf__arena *scratch);

#endif
