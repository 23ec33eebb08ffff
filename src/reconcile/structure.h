/* Which series of a panel add up to which: the summing matrix as it is stored here, by its entries
 * in rows and in columns, and never as a matrix. Vectors over all series of the panel are indexed
 * by series; those over sums or over the series below them by place. */
#ifndef WSF_RECONCILE_STRUCTURE_H
#define WSF_RECONCILE_STRUCTURE_H

#include "panel/panel.h"

typedef struct wsf__structure {
  int64_t n;                    /* series of the panel */
  int64_t n_sums, n_bottom;     /* that take part */
  const int64_t *sum, *bottom;  /* series, rising */
  const int64_t *row, *column;  /* [n_sums + 1], [n_bottom + 1] */
  const int32_t *below, *above; /* places: sum r adds up bottom below[row[r]] .. below[row[r+1]-1],
                                 * bottom j stands in the sums above[column[j]] .. */
} wsf__structure;

/* A sum takes part if it and all that it adds up have the same `when`, at least 0, and a series
 * below if one of its sums does. false = out of memory. */
bool wsf__structure_make(wsf__structure *out, wsf__arena *arena, const wsf__panel *panel,
                         const int64_t *when);

/* Whether a series keeps just these keys, [n] rising. */
bool wsf__at_level(const wsf__panel *p, int64_t series, const int *key, int n_keys);

/* The tree below the sums that keep the given keys, for what is handed down from them. */
typedef struct wsf__tree_down {
  int64_t n_roots;
  const int32_t *root;  /* sums */
  const int32_t *order; /* [n_sums] larger sums first */
  const int32_t
      *parent; /* [n_sums] the next larger sum around a sum; -1: a root, -2: not below one */
  const int32_t *holder; /* [n_bottom] the smallest sum around it, a root or below; -1: no root */
  bool nested;           /* no two sums below one root overlap in part */
} wsf__tree_down;
/* keys: [n] rising; false = out of memory. */
bool wsf__tree_down_make(wsf__tree_down *out, wsf__arena *arena, const wsf__structure *s,
                         const wsf__panel *panel, const int *key, int n_keys);

#endif
