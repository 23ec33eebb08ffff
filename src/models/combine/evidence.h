/* What several calls forecast of the end of a history, kept step by step, so that mixes of them can
 * be measured without another fit: in this process, or in another, as rows of a table
 * (engine/evidence_table.c). For files of models/combine/ and for that table. */
#ifndef WSF_MODELS_EVIDENCE_H
#define WSF_MODELS_EVIDENCE_H

#include "models/combine/kinds.h"

/* A cell is one window of one series: what was observed there and what each call said of it. */
typedef struct wsf__cell {
  uint64_t rank;  /* of the series, by its key: who is looked at, and in which order */
  uint64_t panel; /* the ranks of all series that calls that pool series saw, added up */
  int64_t id;     /* row of the series in the panel; -1: it was gathered elsewhere */
  int64_t at;     /* place of the series in the batch; -1: unknown (wsf__evidence_locate) */
  wsf__kin kin;
  int64_t window; /* 0: the newest */
  int64_t first;  /* period of y[0] */
  int64_t h;
  double *y;      /* [h], NaN: missing */
  double *mean;   /* [calls][h], NaN: no value for that step */
  double *spread; /* [calls][h] standard deviation that it said; 0: none */
  bool *lost;     /* [calls] no value at all */
} wsf__cell;

/* Cells in the order of ranks, those of a series from the newest: it depends on nobody's order of
 * series, so that sums over parts of a panel have the bits of sums over the whole. */
struct wsf__evidence {
  const wsf__node *node; /* the call that they stand in */
  int calls;
  int64_t horizon; /* of the windows, as in wsf__rolling */
  int64_t cells;
  wsf__cell *cell;
  bool own_units; /* of each series, inside a transform: sums over series mean nothing */
};

/* By its key alone, spread evenly, so that the least ranks are a fair sample. `seed` is
 * wsf__panel_seed of the series. */
uint64_t wsf__evidence_rank(uint64_t seed);

/* Whom to look at: of a share of the series, at most `most` of each kind. */
typedef struct wsf__look {
  const bool *tried;   /* [calls] */
  const wsf__kin *kin; /* [batch] */
  int64_t most;
  wsf__share share;
} wsf__look;
/* Forecasts of the inner calls of m for series of the batch. A call that pools series sees the
 * whole batch. In scratch. */
wsf_status wsf__evidence_gather(wsf__evidence *out, wsf__fit *f, const wsf__batch *b,
                                const wsf__fitted *m, const wsf__look *look, const wsf__rolling *r);
/* Evidence of another process on this panel: what calls that pool series saw elsewhere says nothing
 * of them here, and of each kind at most `most` series are looked at. */
void wsf__evidence_adopt(wsf__evidence *e, const wsf__fit *f, const wsf__batch *b, int64_t most);
/* Where the series of cells stand in the batch. */
wsf_status wsf__evidence_locate(wsf__evidence *e, wsf__fit *f, const wsf__batch *b);
/* For the mix: only cells with something to compare, and the mean of the others where a call is
 * lost. A step that one of the calls has no value for is left out for all. */
void wsf__evidence_close(wsf__evidence *e);

#endif
