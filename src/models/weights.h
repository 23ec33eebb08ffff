/* What a pool of weights holds, for people and other programs: matrices by rows, told by a class
 * from the record that its series share. */
#ifndef WSF_MODELS_WEIGHTS_H
#define WSF_MODELS_WEIGHTS_H

#include "models/model.h"

typedef struct wsf__weight_block {
  const char *layer, *part;
  int64_t rows, columns;
  const float *f; /* [rows][columns], or */
  const double *d;
} wsf__weight_block;

enum { WSF__MOST_BLOCKS = 64 };
struct wsf__weights {
  int n;
  wsf__weight_block block[WSF__MOST_BLOCKS];
};

/* One more; it points to what the pool holds. Blocks without a number, and more than there is room
 * for, are left out. */
void wsf__weights_add(wsf__weights *out, wsf__weight_block block);

#endif
