/* Gains of each series' tracking, learnt together with the network (Smyl 2020). */
#ifndef WSF_MODELS_GLOBAL_GAIN_SEARCH_H
#define WSF_MODELS_GLOBAL_GAIN_SEARCH_H

#include "models/global/learn.h"

/* Steps of Adam for the two gains of a series, as logits. */
typedef struct wsf__gain_search {
  wsf__gains first; /* with which a course begins */
  wsf__gains slope; /* of this step so far */
  double logit[2], mean[2], square[2], power1, power2;
  bool moved; /* there is a slope */
} wsf__gain_search;

/* What a sample's loss says of the gains of its series, from what became of the network's inputs
 * and targets. false: no memory. */
bool wsf__gain_slope(wsf__gains *out, const wsf__lesson *l, int64_t series, int64_t end,
                     const wsf__samples *s, int64_t i, wsf__arena *scratch);
void wsf__gain_begin(wsf__gain_search *g, wsf__pupil *pupil); /* and track with the first */
void wsf__gain_add(wsf__gain_search *g, const wsf__gains *slope);
/* A step, if there is a slope, and track with what it gives. */
void wsf__gain_step(wsf__gain_search *g, wsf__pupil *pupil);

#endif
