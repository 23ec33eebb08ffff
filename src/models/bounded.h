/* The bounded-output contract of docs/errors.md for one series: see bounded.c. */
#ifndef WSF_MODELS_BOUNDED_H
#define WSF_MODELS_BOUNDED_H

#include "models/model.h"

/* least, largest: of its history; floored: it ends at zero. Whether a mean or a quantile was held
 * at a bound that is not that zero. */
bool wsf__bound(wsf__forecast *out, double least, double largest, bool floored);

#endif
