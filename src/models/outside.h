/* Columns of x= ahead that lie far outside of what a model was fitted on: see outside.c. */
#ifndef WSF_MODELS_OUTSIDE_H
#define WSF_MODELS_OUTSIDE_H

#include "ingest/hint.h"
#include "models/model.h"

/* The first value ahead that lies far out; step 0: none does. */
typedef struct wsf__outside {
  int64_t step;                 /* 1 .. h */
  double value, least, largest; /* and the ends of the column's history */
  char name[WSF__HINT_BYTES];
} wsf__outside;

/* Of a call with x= and a series, in h steps. */
wsf_status wsf__outside_find(wsf__outside *out, const wsf__node *node, const wsf__panel *panel,
                             const wsf__series *s, int64_t h, wsf__arena *scratch, wsf_error *err);

#endif
