/* What windows say of each kind of series: how the calls are mixed that forecast it, and how far
 * the mix errs. For files of models/combine/ only. */
#ifndef WSF_MODELS_VERDICT_H
#define WSF_MODELS_VERDICT_H

#include "models/combine/evidence.h"
#include "models/combine/lines.h"
#include "models/combine/mix.h"
#include "models/combine/places.h"

/* Of one kind. */
typedef struct wsf__verdict {
  wsf__mix mix;
  bool measured;
  int64_t cells; /* of its own */
  int64_t series;
  int64_t once; /* series with one season and less than two */
  double grown; /* of these: how far they show growth over last season, from 0 to 1 each */
  double told;  /* of these: how many have values a season apart */
  double apart; /* and the sum of the logarithms of how far those are */
  double lean;  /* weight that last season has beside its part in the mix */
} wsf__verdict;

typedef struct wsf__verdicts {
  wsf__verdict of[WSF__KINDS];
  wsf__evidence *evidence;
  const wsf__batch *b;
  wsf__places places;
  int64_t windows;  /* with an error that lines are made of */
  wsf__lines lines; /* of all kinds */
} wsf__verdicts;

/* From evidence of the batch; kin[batch], and tried[calls]: what is mixed where nothing was
 * measured. In scratch. */
wsf_status wsf__verdicts_find(wsf__verdicts *out, wsf__fit *f, const wsf__batch *b,
                              wsf__evidence *e, const wsf__kin *kin, const bool *tried);
/* Lines of one kind in `keep`; none if there are none of all. */
wsf_status wsf__verdicts_lines(wsf__lines *out, wsf__fit *f, wsf__arena *keep,
                               const wsf__verdicts *v, wsf__kin kind);

#endif
