/* Where a series changes its level, or its level and its spread. */
#ifndef WSF_ANALYSIS_CHANGES_H
#define WSF_ANALYSIS_CHANGES_H

#include "base/alloc.h"

typedef struct wsf__change_rule {
  bool variance;  /* the spread may change, too; else it is the same throughout */
  bool mbic;      /* penalty of Zhang and Siegmund (2007); else Schwarz's */
  double penalty; /* > 0: this much a change instead, in twice the log-likelihood */
  int64_t least;  /* observations between two changes; 0: 5. At least 1, with variance 2 */
} wsf__change_rule;

typedef struct wsf__change {
  int64_t at;       /* the first observation of the new segment */
  double before[2]; /* mean and standard deviation of the segment that ends here */
  double after[2];  /* and of the one that begins */
  double gain;      /* what this change adds to twice the log-likelihood */
} wsf__change;

/* Changes of y[n] (NaN = missing: passed over) in order, in the arena. false: out of memory. */
bool wsf__find_changes(wsf__change **out, int64_t *count, const double *y, int64_t n,
                       const wsf__change_rule *rule, wsf__arena *arena);

#endif
