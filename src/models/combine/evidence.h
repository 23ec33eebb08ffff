/* What several calls forecast of the end of a history, kept step by step, so that mixes of them can
 * be measured without another fit. For files of models/combine/ only. */
#ifndef WSF_MODELS_EVIDENCE_H
#define WSF_MODELS_EVIDENCE_H

#include "models/combine/rolling.h"

/* A cell is one window of one series: what was observed there and what each call said of it. */
typedef struct wsf__cell {
  int64_t series; /* its place in the batch */
  int64_t h;      /* 0: the series has no such window */
  double *y;      /* [h], NaN: not compared */
  double *mean;   /* [calls][h]; where a call could not be fitted, the mean of those that could */
  bool *lost;     /* [calls] it could not be */
} wsf__cell;

typedef struct wsf__evidence {
  int calls;
  int64_t cells; /* of h > 0, with something to compare and a call that could be fitted */
  wsf__cell *cell;
} wsf__evidence;

/* Forecasts of the inner calls of m, of those with tried[call], for `n` series of the batch, at the
 * places at[n], ascending. A call that pools series sees the whole batch. In scratch. */
wsf_status wsf__evidence_gather(wsf__evidence *out, wsf__fit *f, const wsf__batch *b,
                                const wsf__fitted *m, const bool *tried, const int64_t *at,
                                int64_t n, const wsf__rolling *r);

#endif
