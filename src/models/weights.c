#include "models/weights.h"

#include <assert.h>

void wsf__weights_add(wsf__weights *out, wsf__weight_block block) {
  if (block.rows == 0 || block.columns == 0) return;
  assert(out->n < WSF__MOST_BLOCKS);
  if (out->n < WSF__MOST_BLOCKS) out->block[out->n++] = block;
}
