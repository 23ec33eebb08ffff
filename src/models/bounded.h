/* The bounded-output contract of docs/errors.md for one series: see bounded.c. */
#ifndef WSF_MODELS_BOUNDED_H
#define WSF_MODELS_BOUNDED_H

#include "models/model.h"

/* least, largest: of its history; floored: it ends at zero. */
void wsf__bound(wsf__forecast *out, double least, double largest, bool floored);

#endif
