/* Fit a model to Box-Cox transformed values and bring its forecasts back: what log and boxcox
 * share. */
#ifndef WSF_MODELS_TRANSFORM_H
#define WSF_MODELS_TRANSFORM_H

#include "models/model.h"

/* Whether a history that climbs once more by what it has spanned still ends below the end of the
 * power, which has one for lambda < 0. */
bool wsf__transform_has_room(double lambda, double least, double largest);

/* The power for one series. */
typedef double wsf__lambda_fn(const wsf__fit *f, const wsf__node *node, const wsf__series *s);

/* fit with this choice of lambda; `offset` is added to every value first. */
wsf_status wsf__transform_fit(wsf__fit *f, const wsf__batch *b, wsf__fitted *out,
                              wsf__lambda_fn *lambda, double offset);
/* Needs an option `bias`. */
wsf_status wsf__transform_predict(wsf__predict *p, const wsf__fitted *m, const wsf__batch *b,
                                  wsf__forecast out[]);
wsf_status wsf__transform_update(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                                 wsf__fitted *out);
void wsf__transform_coefficients(const wsf__fitted *m, const wsf__series *s,
                                 wsf__coefficients *out);
wsf_status wsf__transform_history(wsf__fit *f, const wsf__fitted *out, const wsf__series *s);
bool wsf__transform_check(const wsf__node *node, const wsf__panel *frame, const wsf__state *state);

#endif
