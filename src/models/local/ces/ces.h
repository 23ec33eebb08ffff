/* Complex exponential smoothing, shared by the ces*.c files: Svetunkov, Kourentzes and Ord (2022),
 * "Complex exponential smoothing", equations 10 and 15 to 17:
 *
 *   y = level + season + e
 *   level' = level - (1 - a1) other + (a0 - a1) e
 *   other' = level + (1 - a0) other + (a0 + a1) e
 *
 * simple: level and other are those of one season ago, and there is no season. partial: season' =
 * season + b0 e. full: season moves with a companion of its own as the level does, by b0 and b1.
 * Without a season the model is simple with a season of one period. */
#ifndef WSF_MODELS_LOCAL_CES_H
#define WSF_MODELS_LOCAL_CES_H

#include "base/alloc.h"

#include <stdbool.h>
#include <stdint.h>

enum { WSF__CES_NONE, WSF__CES_SIMPLE, WSF__CES_PARTIAL, WSF__CES_FULL, WSF__CES_AUTO };

/* The state of a fitted series; two rows of m values follow, of season (partial, full) or level
 * (simple, none) and of its companion, that of the first period first; of a plain season
 * (analysis/plain_season.h) a third, of its standard errors. All in units of `scale`. */
typedef struct wsf__ces {
  double kind; /* not AUTO */
  double m;    /* 1 for NONE */
  double scale;
  double p[4];         /* a0, a1, b0, b1 */
  double n;            /* periods so far */
  double level, other; /* partial and full */
  double count, sse;
  double k;       /* of the information criterion */
  double past[3]; /* slopes of the thirds of the history */
} wsf__ces;
enum { WSF__CES_HEAD = sizeof(wsf__ces) / sizeof(double) };
static inline double *wsf__ces_row(wsf__ces *e, int row) {
  return (double *)(e + 1) + row * (int64_t)e->m;
}

/* Move the state over n observations (NaN: missing). fitted: NULL, or [n] what was forecast. */
void wsf__ces_filter(wsf__ces *e, const double *y, int64_t n, double *fitted,
                     const wsf__arena *scratch);

/* ces_fit.c: parameters and first states of e->kind; y in units of scale, `full` the same without
 * gaps. e has room for m seasonal indices in two rows. *deviance: n log sse. false: no memory. */
bool wsf__ces_fit(wsf__ces *e, const double *y, const double *full, int64_t n, double *deviance,
                  wsf__arena *scratch);

#endif
