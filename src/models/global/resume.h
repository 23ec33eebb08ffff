/* A network that goes on from what an earlier one of the same shape has learnt (wsf__warm). */
#ifndef WSF_MODELS_GLOBAL_RESUME_H
#define WSF_MODELS_GLOBAL_RESUME_H

#include "models/global/sequence.h"

/* Series at[n] of a batch, which are to share a network. */
typedef struct wsf__fellows {
  const wsf__batch *b;
  const int64_t *at;
  int64_t n;
} wsf__fellows;

/* The earlier network of these series: of the first that has one; NULL: of none. */
const wsf__sequence *wsf__resume_from(const wsf__fitted *out, const wsf__fellows *who);
/* Whether its weights can be those of q; WSF_E_VALUE says why not. */
wsf_status wsf__resume_check(const wsf__sequence *q, const wsf__sequence *old,
                             const wsf__node *node, wsf_error *err);
/* Its weights, over those with which q has begun: labels that it has not seen stay as they are. */
void wsf__resume_weights(wsf__sequence *q, const wsf__sequence *old, const wsf__fitted *out,
                         const wsf__panel *panel, const wsf__fellows *who);
/* The gains with which an earlier fit has left series s, else those given. */
wsf__gains wsf__resume_gains(const wsf__fitted *out, const wsf__series *s, wsf__gains given);

#endif
