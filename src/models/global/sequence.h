/* What sequence networks share: how they are fitted to a panel, what they keep of a series, and how
 * they forecast it. Their options are those below and those of their own. */
#ifndef WSF_MODELS_GLOBAL_SEQUENCE_H
#define WSF_MODELS_GLOBAL_SEQUENCE_H

#include "models/global/learn.h"
#include "models/global/inputs.h"

/* The pool: all but `node`, which is that of the call, stands in the file. */
typedef struct wsf__sequence {
  wsf__network net;
  wsf__head head;
  int64_t horizon;
  int64_t columns, inputs; /* of x=; with those of past= behind them */
  wsf__gains gains;
  double *centre, *spread; /* [inputs] that a column is taken off by, and divided by */
  float *weight;           /* [net.n] */
  double *width;           /* [horizon] of a head that widens, over the scale */
} wsf__sequence;

/* gains: each series learns its own. */
wsf_status wsf__sequence_fit(wsf__fit *f, const wsf__batch *b, wsf__fitted *out, bool gains);
wsf_status wsf__sequence_predict(wsf__predict *p, const wsf__fitted *m, const wsf__batch *b,
                                 wsf__forecast out[]);
wsf_status wsf__sequence_response(wsf__predict *p, const wsf__fitted *m, const wsf__series *s,
                                  wsf__response *out);
wsf_status wsf__sequence_update(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                                wsf__fitted *out);
wsf_status wsf__sequence_start(wsf__fit *f, const void *pool, const wsf__series *s,
                               wsf__fitted *out);
void wsf__sequence_save(wsf__writer *w, const wsf__node *node, const void *pool);
const void *wsf__sequence_load(wsf__reader *r, wsf__arena *keep, const wsf__node *node,
                               const wsf__panel *frame);
bool wsf__sequence_check(const wsf__node *node, const wsf__panel *frame, const wsf__state *state);

/* Whether a file may hold it: no weight is past all bounds, or none at all. */
bool wsf__sequence_sound(const wsf__sequence *q);
void wsf__sequence_coefficients(const wsf__fitted *m, const wsf__series *s, wsf__coefficients *out);
void wsf__sequence_weights(const wsf__node *node, const wsf__panel *frame, const void *pool,
                           wsf__weights *out);

/* What is kept of a series: a view into the vector of its state. */
typedef struct wsf__standing {
  double *scale, *level, *seasonal, *phase; /* phase: season of the next period */
  double *gains;                            /* [2] of level and season */
  double *code;                             /* [keys] label in each, -1: none that was learnt */
  double *season;                           /* [m], or [1] if the series has none */
  double *cells; /* of each layer: outputs, then cells, [dilation][hidden] */
  int64_t keys, m;
} wsf__standing;
/* Keys whose labels a network knows. */
int64_t wsf__sequence_keys(const wsf__panel *panel);
int64_t wsf__standing_size(const wsf__node *node, const wsf__panel *panel, bool seasonal);
wsf__standing wsf__standing_of(double *v, const wsf__node *node, const wsf__panel *panel);

/* The cells after the last step of one sample, as they are kept. */
void wsf__cells_keep(double *cells, const wsf__network *net, const wsf__samples *s);
/* The network of a call, whose columns of x= and labels are known. false: too large. */
bool wsf__sequence_shape(wsf__network *net, const wsf__node *node, int64_t columns);
/* A column as the network sees it. */
static inline float wsf__sequence_column(const wsf__sequence *q, int64_t c, double x) {
  const double z = (x - q->centre[c]) / q->spread[c];
  return isfinite(z) ? (float)fmax(-8, fmin(8, z)) : 0;
}

#define WSF__SEQUENCE_OPTIONS(layers, dilations)                                                   \
  {"cell", WSF__WORD, "lstm", 0, 0, "lstm|gru", "gru: gated recurrent units"},                     \
      {"hidden", WSF__INT, "32", 1, 1024, NULL, "cells of a layer"},                               \
      {"layers", WSF__INT, layers, 1, WSF__MOST_LAYERS, NULL, "layers of cells"},                  \
      {"dilations",                                                                                \
       WSF__INTS,                                                                                  \
       dilations,                                                                                  \
       1,                                                                                          \
       64,                                                                                         \
       NULL,                                                                                       \
       "periods back that the cells of each layer remember; the last one holds for further "       \
       "layers"},                                                                                  \
      {"context",                                                                                  \
       WSF__INT,                                                                                   \
       "0",                                                                                        \
       0,                                                                                          \
       4096,                                                                                       \
       NULL,                                                                                       \
       "periods that are read before a forecast; 0: a season and a half, 16 to 64"},               \
      {"horizon",                                                                                  \
       WSF__INT,                                                                                   \
       "0",                                                                                        \
       0,                                                                                          \
       2048,                                                                                       \
       NULL,                                                                                       \
       "steps ahead that are learnt, further ones are as the last; 0: those that will be "         \
       "forecast, else a season (12 without one)"},                                                \
      {"epochs", WSF__INT, "40", 1, 100000, NULL, "times through the panel, at most"},             \
      {"patience",                                                                                 \
       WSF__INT,                                                                                   \
       "5",                                                                                        \
       0,                                                                                          \
       100000,                                                                                     \
       NULL,                                                                                       \
       "epochs without a gain at the end of the histories after which learning ends, and begins "  \
       "anew over all of them for as long; 0: all epochs, once"},                                  \
      {"batch", WSF__INT, "128", 1, 65536, NULL, "windows in a step of learning"},                 \
      {"rate", WSF__REAL, "0.003", 1e-9, 1, NULL, "size of a step (Adam)"},                        \
      {"decay", WSF__REAL, "0", 0, 10, NULL, "pull of weights towards zero (AdamW)"},              \
      WSF__HEAD_OPTIONS,                                                                           \
      {"dropout",                                                                                  \
       WSF__REAL,                                                                                  \
       "0",                                                                                        \
       0,                                                                                          \
       0.9,                                                                                        \
       NULL,                                                                                       \
       "share of what each layer says that is left out at random while it learns"},                \
      {"seed", WSF__INT, "0", 0, 1e15, NULL, "another one gives another network"},                 \
      WSF__REGRESSORS_OPTION("columns known ahead, and features of them, that are read"),          \
      WSF__INPUTS_PAST_OPTION,                                                                     \
      {"by",                                                                                       \
       WSF__TEXT,                                                                                  \
       "all",                                                                                      \
       0,                                                                                          \
       0,                                                                                          \
       NULL,                                                                                       \
       "key column whose series share a network; auto: the last key (all series with fewer than "  \
       "two keys), all: the whole panel"},                                                         \
  {                                                                                                \
    "season", WSF__INT, "0", 0, 100000, NULL, "periods in a season; 0 = the data's"                \
  }

#endif
