/* Observations that lie far ahead of all others: what a load tells and an update leaves out. */
#ifndef WSF_PANEL_FAR_H
#define WSF_PANEL_FAR_H

#include "panel/build.h"

typedef struct wsf__far_rule {
  int64_t ahead; /* periods that may pass without an observation */
  int64_t times; /* and a stretch counts only if it is longer than so many of the longest before */
  int64_t most;  /* observations that may lie behind it */
} wsf__far_rule;

/* Fourteen days of days and of what is shorter, three periods of what is longer. */
enum { WSF__FAR_DAYS = 14, WSF__FAR_PERIODS = 3 };
int64_t wsf__far_most(const wsf__calendar *cal);
/* What a load goes by: a stretch twice as long as any before it, behind it no more observations
 * than one for each series and one in a hundred. false: there are too few to say. */
bool wsf__far_rule_of(wsf__far_rule *out, int64_t ahead, int64_t observations, int64_t series);
/* The first of n times, in order, behind too long a stretch; n if there is none. count:
 * observations of each, those without any are no times; before them stands `last`. time NULL: they
 * are 0, 1, .. */
int64_t wsf__far_begin(const int64_t *time, const int64_t *count, int64_t n, int64_t last,
                       const wsf__far_rule *rule);
/* The last period with an observation before such a stretch, n - 1 if there is none. */
int64_t wsf__far_end(const int64_t *count, int64_t n, int64_t last, const wsf__far_rule *rule);

/* Whether a panel has such. */
wsf_status wsf__panel_far(bool *out, const wsf__panel *p, const wsf__env *env,
                          wsf__arena *temporary, wsf_error *err);
/* Counts those of a panel in the making. */
wsf_status wsf__build_far(const wsf__panel *p, const wsf__build *b, const wsf__env *env,
                          wsf__panel_counts *counts, wsf__arena *temporary, wsf_error *err);

#endif
