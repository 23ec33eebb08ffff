#ifndef WSF_INGEST_MASK_H
#define WSF_INGEST_MASK_H

#include "panel/panel.h"

/* Put a panel without the periods that the column masks in the place of *p, and say how many there
 * were in its load report. On failure *p stays. */
wsf_status wsf__mask(wsf__panel **p, const wsf__env *env, const char *column, wsf_error *err);

#endif
