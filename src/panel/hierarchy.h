/* Sums of series as series of the panel. */
#ifndef WSF_PANEL_HIERARCHY_H
#define WSF_PANEL_HIERARCHY_H

#include "panel/panel.h"

/* The keys that a level keeps, rising; the others are summed over. */
typedef struct wsf__level {
  int n;
  const int *key;
} wsf__level;

typedef struct wsf__aggregate_rules {
  int n_levels;
  const wsf__level *level; /* distinct, none with all keys */
  bool base;               /* the series themselves stay */
  bool skip_missing;       /* a sum counts what is observed */
} wsf__aggregate_rules;

typedef struct wsf__aggregate_counts {
  int64_t sums;    /* series that are sums */
  int64_t missing; /* periods in which a sum is missing because one of its series is */
} wsf__aggregate_counts;

/* A sum is missing where one of its series is (skip_missing: where all are); before its first
 * observation a series counts as nothing. A column of a sum has what its series agree on; else a
 * flag is set if one is, a number is the mean, a text is missing. */
wsf_status wsf__panel_aggregate(wsf__panel **out, wsf__env *env, const wsf__panel *p,
                                const wsf__aggregate_rules *rules, wsf__aggregate_counts *counts,
                                wsf_error *err);

#endif
