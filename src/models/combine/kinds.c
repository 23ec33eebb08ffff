/* Kinds of series: steady and intermittent demand (Syntetos, Boylan and Croston 2005), those with
 * two seasons or more and shorter ones, and those too short for any window. */
#include "models/combine/kinds.h"

#include "analysis/demand.h"

#include <string.h>

static const char *const names[WSF__KINDS] = {"steady", "steady, short", "intermittent",
                                              "intermittent, short", "new"};

wsf__kin wsf__kin_of(const wsf__series *s, const wsf__rolling *r) {
  wsf__fold fold;
  if (!wsf__rolling_fold(&fold, r, s->n, 0)) return WSF__NEWLY;
  const wsf__demand d = wsf__demand_of(s->y, s->n);
  const bool rare = d.pattern[0] == 'i' || d.pattern[0] == 'l', brief = s->n < 2 * r->season;
  if (rare) return brief ? WSF__INTERMITTENT_SHORT : WSF__INTERMITTENT;
  return brief ? WSF__STEADY_SHORT : WSF__STEADY;
}

const char *wsf__kin_name(wsf__kin k) {
  return names[k];
}

wsf__kin wsf__kin_find(const char *name) {
  wsf__kin k = 0;
  while (k < WSF__KINDS && strcmp(names[k], name) != 0) ++k;
  return k;
}
