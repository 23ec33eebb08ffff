/* How a call mixes those inside it, and why: for people to read, and for the views of a forecaster.
 */
#ifndef WSF_MODELS_CHOICE_H
#define WSF_MODELS_CHOICE_H

#include <stdint.h>

/* A call may be part of a mix where its error alone is at most this many times the best one's. */
#define WSF__NEARLY 1.2

/* One kind of series: what the calls have shown of it, and what came of that. */
struct wsf__choice {
  int64_t kind;
  const char *name;      /* of the kind */
  int64_t series, cells; /* series of it; windows of its series that were measured */
  int64_t horizon;       /* periods in a window; 0: as the season and the history have it */
  int calls;
  double *weight;     /* [calls] */
  double *error;      /* [calls] of each call alone, the least is 1; NaN: not measured */
  double lean;        /* weight that last season has beyond what the windows gave it; 0: none */
  int64_t scored;     /* windows that its intervals were learnt from, of all kinds; 0: they are the
                       * calls' own */
  double stretch[2];  /* how many times as wide as those they are, at 80 %, at first and at last */
  const char *closed; /* column that tells when a series is closed; NULL: none does */
  double closed_when; /* its value then */
};

#endif
