/* A network that reads a window of a series step by step and forecasts many steps ahead of its last
 * ones: layers of LSTM cells, and one head that every step ahead shares.
 *
 * What the head sees of a step is the cells at the origin, what keys the series has (embeddings),
 * and numbers of that step (its season, columns known ahead): so horizons need no weights of their
 * own. Rows of arrays are samples, all with as many steps. */
#ifndef WSF_MODELS_GLOBAL_NETWORK_H
#define WSF_MODELS_GLOBAL_NETWORK_H

#include "base/alloc.h"
#include "math/rng.h"
#include "nn/nn.h"

#include <stdbool.h>

enum { WSF__MOST_LAYERS = 8, WSF__MOST_TABLES = 16 };

/* Labels of a key, each with `dims` numbers of its own; 0 dims: the key is not looked at. */
typedef struct wsf__embedding {
  int32_t labels, dims;
  int64_t at; /* of the weights */
} wsf__embedding;

typedef struct wsf__network {
  int layers;
  wsf__layer layer[WSF__MOST_LAYERS];
  int n_tables;
  wsf__embedding table[WSF__MOST_TABLES];
  wsf__dense context; /* top cells and embeddings to the head's width */
  int ahead, width;   /* numbers of a step ahead; of what the head makes of them */
  int says;           /* numbers that it says of a step */
  wsf__dense head;    /* width to those */
  int64_t layer_at[WSF__MOST_LAYERS], context_at, ahead_at, head_at;
  int64_t n; /* weights */
} wsf__network;

/* layers, in and hidden of each cell layer, tables (labels, dims), ahead, width and says are given;
 * the rest follows. false: too large. */
bool wsf__network_settle(wsf__network *net);
void wsf__network_begin(const wsf__network *net, wsf__rng *r, float *weight);

/* Samples on their way through the network. */
typedef struct wsf__samples {
  int64_t n, steps, origins; /* the last `origins` of the steps are forecast from */
  int64_t horizon;
  float *x;      /* [steps][n][in] */
  int32_t *code; /* [n][n_tables] label in each table; outside of it: none */
  float *ahead;  /* [origins][n][horizon][ahead] */
  float *raw;    /* [origins][n][horizon][says]; for backward, what became of them */
  /* Workspace */
  float *gate[WSF__MOST_LAYERS]; /* NULL: no backward */
  float *cell[WSF__MOST_LAYERS], *out[WSF__MOST_LAYERS];
  float *room[WSF__MOST_LAYERS];
  float *d_out[WSF__MOST_LAYERS], *d_cell[WSF__MOST_LAYERS]; /* NULL: no backward */
  float *context, *d_context;                                /* [origins][n][context.in] */
  float *mixed, *d_mixed;                                    /* [origins][n][width] */
  float *wide, *d_wide;                                      /* [origins][n][horizon][width] */
  /* What is left out of what cells say (0, else 1 / the share that stays), for the layer above:
   * [steps][n][hidden], of the top one [origins][n][hidden]; and what that layer reads. NULL:
   * nothing is. */
  float *stays[WSF__MOST_LAYERS], *read[WSF__MOST_LAYERS];
  float *d_x, *d_ahead; /* as x and ahead; NULL: nobody asks what became of them */
} wsf__samples;

/* Room for all of it; false: no memory. States before the first step are zero. */
bool wsf__samples_room(wsf__samples *s, const wsf__network *net, bool backward,
                       wsf__arena *scratch);
/* Leave out a share of what each layer says (Srivastava and others 2014), not of what it remembers
 * (Zaremba and others 2014). false: no memory. */
bool wsf__samples_drop(wsf__samples *s, const wsf__network *net, double share, wsf__rng *r,
                       wsf__arena *scratch);
/* From x to the cells. */
void wsf__network_read(const wsf__network *net, const float *weight, wsf__samples *s);
/* From the cells of the last step, or steps, to raw. */
void wsf__network_say(const wsf__network *net, const float *weight, wsf__samples *s);
/* Room for what becomes of the inputs; false: no memory. */
bool wsf__samples_ask(wsf__samples *s, const wsf__network *net, wsf__arena *scratch);
/* From raw, which holds derivatives, to those of the weights, which are added to. */
void wsf__network_learn(const wsf__network *net, const float *weight, wsf__samples *s,
                        float *gradient);

#endif
