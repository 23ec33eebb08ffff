/* Errors that hang together as the residuals of a history do: see blocks.c. */
#ifndef WSF_MODELS_BLOCKS_H
#define WSF_MODELS_BLOCKS_H

#include "models/model.h"

typedef struct wsf__blocks {
  int64_t n, length;      /* residuals; periods in a block, 1: they do not hang together */
  int64_t *at;            /* [n] which residual has this rank */
  int64_t *low, *n_equal; /* [n] least rank among those equal to this one, and how many they are */
} wsf__blocks;

/* false = out of memory. */
bool wsf__blocks_make(wsf__blocks *out, const wsf__residuals *r, wsf__arena *arena);
/* Let h independent standard normal errors follow each other as the residuals did. */
void wsf__blocks_follow(const wsf__blocks *b, double *z, int64_t h);

#endif
