/* What the options of ets ask for, between reading them (ets.c) and choosing among the forms of a
 * series (ets_choose.c). */
#ifndef WSF_MODELS_LOCAL_ETS_REQUEST_H
#define WSF_MODELS_LOCAL_ETS_REQUEST_H

#include "models/local/ets/ets.h"
#include "models/regressors.h"

enum { WSF__ETS_FORMS = 30 };

/* What the options say, once for a batch. */
typedef struct wsf__ets_request {
  wsf__ets_form form[WSF__ETS_FORMS];
  int n_forms;
  bool season_chosen; /* letter Z */
  bool ratios;        /* written: a letter M, or trends that multiply */
  bool long_season;   /* the data's is not tried */
  bool simplex;
  bool hours;    /* but not for a season of 24 that a series can carry */
  bool as_given; /* in the data's own units */
  wsf__ets_limits limits;
  int m;
  int64_t period; /* the data's, or as asked for, however long */
  char ic;        /* c: AICc, a: AIC, b: BIC */
  wsf__regressors x;
} wsf__ets_request;

/* Choose a form for a series, fit it and keep its state, or a reason. */
wsf_status wsf__ets_choose(wsf__fit *f, const wsf__series *s, wsf__ets_request *r,
                           wsf__fitted *out);

#endif
