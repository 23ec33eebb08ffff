/* Kinds of series that lend each other evidence. For evidence.h and what stands on it. */
#ifndef WSF_MODELS_KINDS_H
#define WSF_MODELS_KINDS_H

#include "models/combine/rolling.h"

typedef enum wsf__kin {
  WSF__STEADY,
  WSF__STEADY_SHORT,
  WSF__INTERMITTENT,
  WSF__INTERMITTENT_SHORT,
  WSF__NEWLY, /* too short for any window */
  WSF__KINDS
} wsf__kin;

/* What windows of `r` make of a series. */
wsf__kin wsf__kin_of(const wsf__series *s, const wsf__rolling *r);
static inline bool wsf__kin_rare(wsf__kin k) {
  return k == WSF__INTERMITTENT || k == WSF__INTERMITTENT_SHORT;
}
const char *wsf__kin_name(wsf__kin k);
wsf__kin wsf__kin_find(const char *name); /* WSF__KINDS: none */

#endif
